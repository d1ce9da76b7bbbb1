//! A casebook: columns of a host read like rows, the host's own columns, and sheets.

use crate::measure_cases::{ZONE, figures, naive, read, row, rule, terms};
use crate::measure_histories::{at, data};
use crate::measure_oracle::{BALTIMORE, BOSTON, City, NEW_YORK};
use chrono::{DateTime, Utc};
use grievance_core::kernel::text::Digest;
use grievance_core::measure::answer::sheet::Cells;
use grievance_core::measure::cases::casebook::Casebook;
use grievance_core::measure::cases::row::{CaseRow, Ending, Said};
use grievance_core::measure::cases::sheets::{Asked, Lengths, index_of};
use grievance_core::measure::cases::table::{Cases, OtherLength};
use grievance_core::measure::cases::told::{Columns, FieldMap, Rejected};
use grievance_core::measure::index::shipped;
use grievance_core::vocabulary::{AgeRule, CaseField, DisposalClass, ErrorCode};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// An instant of a column, or why it is none.
type Instant = Result<Option<DateTime<Utc>>, &'static str>;

/// Rows as a host may have them: a column for each field.
#[derive(Clone, Debug, Default)]
struct Told {
    instants: BTreeMap<CaseField, Vec<Instant>>,
    texts: BTreeMap<CaseField, Vec<Option<String>>>,
    counts: BTreeMap<CaseField, Vec<Option<u32>>>,
    rows: usize,
}

impl Told {
    fn of(rows: &[CaseRow<'_>]) -> Self {
        let mut told = Self { rows: rows.len(), ..Self::default() };
        for row in rows {
            told.put(row);
        }
        told
    }

    fn put(&mut self, row: &CaseRow<'_>) {
        let text = |text: Option<&str>| text.map(str::to_owned);
        let (phase, class) = match row.ended {
            None => (Some("in_progress"), None),
            Some((_, Ending::Otherwise)) => (Some("withdrawn"), None),
            Some((_, Ending::Disposed(class))) => (Some("disposed"), class.map(DisposalClass::as_str)),
        };
        let (rating, feedback) = match row.said {
            None => (None, None),
            Some(Said::Rating(rating)) => (Some(u32::from(rating)), None),
            Some(Said::Outcome(outcome)) => (None, Some(outcome.as_str())),
        };
        for (field, told) in [
            (CaseField::ReceivedAt, Some(row.received_at)),
            (CaseField::EndedAt, row.ended.map(|(at, _)| at)),
            (CaseField::DueAt, row.due_at),
            (CaseField::LastToldAt, row.last_told_at),
        ] {
            self.instants.entry(field).or_default().push(Ok(told));
        }
        for (field, told) in [
            (CaseField::Unit, Some(row.unit)),
            (CaseField::Phase, phase),
            (CaseField::Class, class),
            (CaseField::Category, row.category),
            (CaseField::Priority, row.priority),
            (CaseField::Reason, row.reason),
            (CaseField::Feedback, feedback),
        ] {
            self.texts.entry(field).or_default().push(text(told));
        }
        for (field, told) in [
            (CaseField::Rating, rating),
            (CaseField::Reopened, Some(row.reopened)),
            (CaseField::Appealed, Some(row.appealed)),
            (CaseField::Escalated, Some(row.escalated)),
            (CaseField::Transferred, Some(row.transferred)),
            (CaseField::Breached, Some(row.breached)),
        ] {
            self.counts.entry(field).or_default().push(told);
        }
    }
}

impl Columns for Told {
    fn rows(&self) -> usize {
        self.rows
    }

    fn instant(&self, field: CaseField, row: usize) -> Result<Option<DateTime<Utc>>, &'static str> {
        self.instants.get(&field).map_or(Ok(None), |column| column[row])
    }

    fn text(&self, field: CaseField, row: usize) -> Option<&str> {
        self.texts.get(&field)?[row].as_deref()
    }

    fn count(&self, field: CaseField, row: usize) -> Option<u32> {
        self.counts.get(&field)?[row]
    }
}

/// The same rows of a host that has fewer columns, says which, and keeps each text once under a number.
#[derive(Debug)]
struct Lean<'a> {
    told: &'a Told,
    texts: BTreeMap<CaseField, Vec<&'a str>>,
}

impl<'a> Lean<'a> {
    const HAS: [CaseField; 6] = [
        CaseField::ReceivedAt,
        CaseField::EndedAt,
        CaseField::DueAt,
        CaseField::Unit,
        CaseField::Category,
        CaseField::Reason,
    ];

    fn of(told: &'a Told) -> Self {
        let texts = told.texts.iter().map(|(field, column)| {
            let texts: BTreeSet<&str> = column.iter().flatten().map(String::as_str).collect();
            // Two numbers for one text are no lie.
            (*field, texts.iter().chain(&texts).copied().collect())
        });
        Self { told, texts: texts.collect() }
    }
}

impl Columns for Lean<'_> {
    fn rows(&self) -> usize {
        self.told.rows
    }

    fn instant(&self, field: CaseField, row: usize) -> Result<Option<DateTime<Utc>>, &'static str> {
        self.told.instant(field, row)
    }

    fn has(&self, field: CaseField) -> bool {
        Self::HAS.contains(&field)
    }

    fn text(&self, field: CaseField, row: usize) -> Option<&str> {
        self.told.text(field, row)
    }

    fn fill_numbers(&self, field: CaseField, from: usize, to: &mut [u32]) -> bool {
        // Reasons are not numbered.
        let Some(texts) = self.texts.get(&field).filter(|_| field != CaseField::Reason) else { return false };
        for (row, to) in (from..).zip(to) {
            let found =
                self.text(field, row).map(|text| texts.iter().position(|known| *known == text).unwrap());
            let second = if row.is_multiple_of(2) { 0 } else { texts.len() / 2 };
            *to = found.map_or(u32::MAX, |found| u32::try_from(found + second).unwrap());
        }
        true
    }

    fn count(&self, field: CaseField, row: usize) -> Option<u32> {
        self.told.count(field, row)
    }
}

fn late() -> DateTime<Utc> {
    at("2030-01-01")
}

/// What may be wrong with a row, and what is then said of it.
const WRONGS: [(CaseField, ErrorCode); 6] = [
    (CaseField::ReceivedAt, ErrorCode::RowInvalid),
    (CaseField::DueAt, ErrorCode::DateInvalid),
    (CaseField::Unit, ErrorCode::RowInvalid),
    (CaseField::Phase, ErrorCode::RowInvalid),
    (CaseField::Rating, ErrorCode::RowInvalid),
    (CaseField::EndedAt, ErrorCode::DatesContradict),
];

fn spoil(told: &mut Told, row: usize, wrong: CaseField) {
    match wrong {
        CaseField::ReceivedAt => told.instants.get_mut(&wrong).unwrap()[row] = Ok(None),
        CaseField::DueAt => told.instants.get_mut(&wrong).unwrap()[row] = Err("not a day"),
        CaseField::Unit => told.texts.get_mut(&wrong).unwrap()[row] = None,
        CaseField::Phase => told.texts.get_mut(&wrong).unwrap()[row] = Some("lost".into()),
        CaseField::Rating => told.counts.get_mut(&wrong).unwrap()[row] = Some(11),
        _ => {
            told.texts.get_mut(&CaseField::Phase).unwrap()[row] = Some("disposed".into());
            told.instants.get_mut(&CaseField::EndedAt).unwrap()[row] = Ok(Some(at("2001-01-01")));
        }
    }
}

proptest! {
    /// Columns in any number of batches are the rows; each spoilt row is told with its place and field, and
    /// the others are taken.
    #[test]
    fn columns_are_rows(
        rule in rule(),
        rows in prop::collection::vec((row(), prop::option::weighted(0.3, 0..WRONGS.len())), 0..60),
        cut in 0..60_usize,
    ) {
        let (first, second) = rows.split_at(cut.min(rows.len()));
        let parts: Vec<Told> = [first, second].into_iter().map(|part| {
            let mut told = Told::of(&part.iter().map(|(row, _)| *row).collect::<Vec<_>>());
            for (place, (_, wrong)) in part.iter().enumerate() {
                if let Some(wrong) = wrong {
                    spoil(&mut told, place, WRONGS[*wrong].0);
                }
            }
            told
        }).collect();
        let book = Casebook::read(&parts, ZONE, late());
        let sound: Vec<&CaseRow<'static>> =
            rows.iter().filter(|(_, wrong)| wrong.is_none()).map(|(row, _)| row).collect();
        let part = book.cases.count(book.cases.unit(), None, &terms(rule)).unwrap();
        prop_assert_eq!(figures(&part.total()), naive(&sound, rule));
        let told: Vec<_> = book.rejected.iter().map(|it: &Rejected| (it.row, it.field, it.code)).collect();
        let wrong = rows.iter().enumerate().filter_map(|(place, (_, wrong))| {
            let (field, code) = WRONGS[(*wrong)?];
            Some((place as u64, field, code))
        });
        prop_assert_eq!(told, wrong.collect::<Vec<_>>());
    }

    /// What is taken a block at a time is the table that is made row by row, with the same rows rejected.
    #[test]
    fn blocks_are_rows(
        rows in prop::collection::vec(row(), 1..8),
        faults in prop::collection::vec((0..900_usize, 0..5_usize), 0..6),
        length in 0..900_usize,
        cut in 0..900_usize,
        threads in 1..4_usize,
    ) {
        let rows: Vec<CaseRow<'static>> = rows.iter().cycle().take(length).copied().collect();
        let (first, second) = rows.split_at(cut.min(rows.len()));
        let mut parts = [Told::of(first), Told::of(second)];
        for (row, kind) in faults.into_iter().filter(|(row, _)| *row < length) {
            let (part, row) = if row < first.len() { (0, row) } else { (1, row - first.len()) };
            let instants = &mut parts[part].instants;
            match kind {
                0 => spoil(&mut parts[part], row, CaseField::ReceivedAt),
                1 => spoil(&mut parts[part], row, CaseField::DueAt),
                2 => spoil(&mut parts[part], row, CaseField::Unit),
                3 => instants.get_mut(&CaseField::EndedAt).unwrap()[row] = Ok(Some(at("2001-01-01"))),
                _ => instants.get_mut(&CaseField::ReceivedAt).unwrap()[row] = Ok(Some(at("2031-01-01"))),
            }
        }
        // A host that has a column without saying so is read row by row.
        let bare: Vec<Told> = parts.iter().cloned().map(|mut told| {
            told.texts.retain(|field, _| Lean::HAS.contains(field));
            told.instants.retain(|field, _| Lean::HAS.contains(field));
            told.counts.clear();
            told
        }).collect();
        let by_row = Casebook::read(&bare, ZONE, late());
        let lean: Vec<Lean<'_>> = bare.iter().map(Lean::of).collect();
        let by_block = Casebook::read_on(&lean, ZONE, late(), threads);
        prop_assert_eq!(&by_block.rejected, &by_row.rejected);
        let (one, other) = (&by_block.cases, &by_row.cases);
        prop_assert_eq!(one.received_at(), other.received_at());
        prop_assert!(one.ended_at().eq(other.ended_at()) && one.due_at().eq(other.due_at()));
        prop_assert!(one.is_disposed().eq(other.is_disposed()));
        for name in ["unit", "category", "priority", "reason"] {
            let (one, other) = (by_block.by(name).unwrap(), by_row.by(name).unwrap());
            prop_assert_eq!(one.codes(), other.codes(), "{}", name);
            prop_assert_eq!(one.keys(), other.keys(), "{}", name);
            prop_assert_eq!(one.len(), other.len());
        }
        for rule in [AgeRule::Calendar, AgeRule::Elapsed] {
            let count = |cases: &Cases| cases.count(cases.unit(), None, &terms(rule)).unwrap();
            prop_assert_eq!(count(one), count(other));
        }
    }

    /// A casebook groups by a column of the host's as its table does, wherever rows were rejected.
    #[test]
    fn a_casebook_groups_by_the_hosts_columns(
        rows in prop::collection::vec(
            (row(), prop::sample::select(vec![None, Some("letter"), Some("portal")]), any::<bool>()),
            0..60,
        ),
    ) {
        let mut told = Told::of(&rows.iter().map(|(row, ..)| *row).collect::<Vec<_>>());
        for (place, (_, _, sound)) in rows.iter().enumerate() {
            if !sound {
                spoil(&mut told, place, CaseField::Phase);
            }
        }
        let mut book = Casebook::read(&[told], ZONE, late());
        book.column("channel", rows.iter().map(|(_, code, _)| *code)).unwrap();
        let asked = Asked { by: "channel", ..Asked::of("2026-04-11".parse().unwrap()) };
        let sheet = book.pendency(&asked).unwrap();
        let mut expected: BTreeMap<Option<&str>, i64> = BTreeMap::new();
        let day = terms(AgeRule::Calendar).at();
        for (_, code, _) in rows.iter().filter(|(row, _, sound)| *sound && row.received_at < day) {
            *expected.entry(*code).or_default() += 1;
        }
        let (Some(Cells::Text(names)), Some(Cells::Count(counts))) = (sheet.column("channel"), sheet.column("received")) else {
            panic!("a name and a count");
        };
        let counted = names.iter().map(Option::as_deref).zip(counts.iter().map(|count| count.unwrap()));
        let counted: BTreeMap<Option<&str>, i64> = counted.filter(|(_, count)| *count > 0).collect();
        prop_assert_eq!(counted, expected);
        prop_assert!(book.column("ward", rows.iter().map(|_| None).chain([None])).is_err());
    }

    /// A column of the host's groups and chooses the cases, wherever among them rows were rejected.
    #[test]
    fn a_hosts_column_groups_the_rows_that_were_taken(
        rule in rule(),
        rows in prop::collection::vec(
            (row(), prop::sample::select(vec![None, Some("letter"), Some("portal"), Some("call")]), any::<bool>()),
            0..60,
        ),
    ) {
        let given = rows.iter().map(|(row, _, sound)| CaseRow { unit: if *sound { row.unit } else { "" }, ..*row });
        let read = read(given);
        let column = read.column(rows.iter().map(|(_, code, _)| *code)).unwrap();
        prop_assert_eq!(column.len(), read.cases.len());
        let part = read.cases.count(&column, None, &terms(rule)).unwrap();
        let own = |wanted: Option<&str>| -> Vec<&CaseRow<'static>> {
            rows.iter().filter(|(_, code, sound)| *sound && *code == wanted).map(|(row, ..)| row).collect()
        };
        for (code, tally) in part.groups() {
            prop_assert_eq!(figures(tally), naive(&own(Some(code)), rule));
        }
        prop_assert_eq!(figures(part.without()), naive(&own(None), rule));
        let letters = read.cases.chosen(&column, &["letter"]);
        let by_unit = read.cases.count(read.cases.unit(), Some(&letters), &terms(rule)).unwrap();
        prop_assert_eq!(figures(&by_unit.total()), naive(&own(Some("letter")), rule));
        // One code too many or too few is no column of this table.
        let more = rows.iter().map(|(_, code, _)| *code).chain([None]);
        let wrong = OtherLength { rows: rows.len() as u64, codes: rows.len() as u64 + 1 };
        prop_assert_eq!(read.column(more).unwrap_err(), wrong);
        if let Some((_, fewer)) = rows.split_last() {
            prop_assert!(read.column(fewer.iter().map(|(_, code, _)| *code)).is_err());
        }
    }

}

fn one() -> Casebook {
    Casebook::read(&[Told::of(&[CaseRow::new(at("2026-01-01"), "works")])], ZONE, late())
}

#[test]
fn what_cannot_be_asked_says_where_and_what_there_is() {
    let book = one();
    let asked = Asked::of("2026-06-01".parse().unwrap());
    let refused = |by, rule, cuts| {
        let told = book.pendency(&Asked { by, rule, cuts, ..asked.clone() }).unwrap_err();
        (told.place, told.code, told.hint)
    };
    let hint = |text: &str| Some(text.to_owned());
    let invalid = ErrorCode::InvalidCommand;
    assert_eq!(refused("unti", "calendar", None), ("by".into(), invalid, hint("did you mean \"unit\"?")));
    assert_eq!(
        refused("unit", "calender", None),
        ("rule".into(), invalid, hint("did you mean \"calendar\"?"))
    );
    assert_eq!(refused("unit", "calendar", Some(vec![9, 3])), ("cuts".into(), invalid, None));
    let never = Asked::of("9999-12-31".parse().unwrap());
    assert_eq!(book.durations(&never, &Lengths::default()).unwrap_err().code, ErrorCode::DateInvalid);
    let day = asked.as_of;
    assert_eq!(book.flow(day, day, "decade").unwrap_err().place, "period");
    let unknown = index_of("average_day").unwrap_err();
    assert_eq!(unknown.hint, hint("did you mean \"average_days\"?"));
    let map = |pairs: &[(&str, &str)], columns: &[&str]| {
        let pairs = pairs.iter().map(|(field, column)| ((*field).to_owned(), (*column).to_owned()));
        FieldMap::of(&pairs.collect(), columns).map_err(|told| (told.place, told.code))
    };
    let invalid = ErrorCode::MapInvalid;
    assert_eq!(map(&[("recieved_at", "unit")], &["unit"]), Err(("recieved_at".into(), invalid)));
    assert_eq!(map(&[], &["unit"]), Err(("received_at".into(), invalid)));
    assert_eq!(map(&[("unit", "office")], &["received_at"]), Err(("office".into(), invalid)));
}

/// A host's column may have any name but those that would leave two columns of one name, or one of two.
#[test]
fn a_hosts_column_takes_no_name_from_another() {
    let day = "2026-06-01".parse().unwrap();
    let mut book = one();
    for own in ["unit", "category", "priority", "reason"] {
        assert_eq!(book.column(own, [Some("a")]).unwrap_err().place, own);
    }
    for (name, pendency, durations) in
        [("ward", true, true), ("pending", false, true), ("under 7", false, true), ("mean_days", true, false)]
    {
        book.column(name, [Some("a")]).unwrap();
        let asked = Asked { by: name, ..Asked::of(day) };
        assert_eq!(book.pendency(&asked).is_ok(), pendency, "{name}");
        assert_eq!(book.durations(&asked, &Lengths::default()).is_ok(), durations, "{name}");
    }
}

#[test]
fn an_empty_text_is_no_group_and_a_far_day_no_question() {
    let row = CaseRow { category: Some(""), reason: Some(""), ..CaseRow::new(at("2026-01-01"), "works") };
    let book = Casebook::read(&[Told::of(&[row])], ZONE, late());
    let asked = Asked { by: "category", ..Asked::of("2026-06-01".parse().unwrap()) };
    assert_eq!(book.pendency(&asked).unwrap().column("category"), Some(&Cells::Text(vec![None])));
    let (near, far) = (asked.as_of, "-262143-01-01".parse().unwrap());
    assert_eq!(book.flow(far, near, "week").unwrap_err().place, "since");
    assert_eq!(book.flow(near, "9999-01-01".parse().unwrap(), "week").unwrap_err().place, "until");
}

/// Of nothing and of one case every sheet has its columns, of one length, and never a number that is not known.
#[test]
fn every_sheet_of_nothing_and_of_one_case() {
    let books = [Casebook::from(Cases::new(ZONE)), one()];
    for (count, book) in books.iter().enumerate() {
        let day = "2026-06-01".parse().unwrap();
        let asked = Asked::of(day);
        let mut sheets = vec![
            book.pendency(&asked).unwrap(),
            book.durations(&asked, &Lengths::default()).unwrap(),
            book.mis(&asked).unwrap().sheet(),
        ];
        for index in shipped() {
            sheets.push(book.board(&asked, &index).unwrap());
        }
        for sheet in &sheets {
            assert_eq!(sheet.rows(), count);
            assert!(sheet.columns.iter().all(|column| column.cells.len() == count));
        }
        let mean = sheets[1].column("mean_days").unwrap();
        assert_eq!(*mean, Cells::Number(vec![None; count]), "no disposal, no mean");
        let nobodys = book.kaplan_meier(day, Some("water"), None).unwrap_err();
        assert_eq!((&*nobodys.place, nobodys.code), ("unit", ErrorCode::UnknownCode));
        assert_eq!(book.flow(day, day, "month").unwrap().rows(), 1);
    }
    let row = books[1].pendency(&Asked::of("2026-06-01".parse().unwrap())).unwrap().objects().remove(0);
    assert_eq!(row["unit"], "works");
    assert_eq!(
        (row["more than 30"].as_u64(), row["oldest_received_on"].as_str()),
        (Some(1), Some("2026-01-01"))
    );
}

/// `mis.json` of the cities' files, read as plain tables: every language leaves the same bytes.
/// `UPDATE_GOLDEN=1` rewrites the digests.
#[test]
fn the_statements_of_the_cities_have_the_bytes_that_the_digests_say() {
    let Some(data) = data() else { return };
    let days = [(BOSTON, "2016-01-01"), (BALTIMORE, "2019-01-01"), (NEW_YORK, "2020-01-01")];
    let digest = |(city, day): (City, &str)| {
        let columns = city.columns(&data);
        let rows = columns.len();
        let mut told = Told { rows, ..Told::default() };
        for [unit, lodged, disposed] in columns {
            told.texts.entry(CaseField::Unit).or_default().push(Some(unit));
            for (field, text) in [(CaseField::ReceivedAt, lodged), (CaseField::EndedAt, disposed)] {
                let at = city.wall_clock(&text).map(|wall| wall.and_utc());
                told.instants.entry(field).or_default().push(Ok(at));
            }
        }
        let book = Casebook::read(&[told], chrono_tz::UTC, DateTime::<Utc>::MAX_UTC);
        let mis = book.mis(&Asked::of(day.parse().unwrap())).unwrap();
        let digest = Digest::of(&[mis.to_json().as_bytes()]).to_string();
        (city.folder.to_owned(), (day.to_owned(), digest))
    };
    let ran: BTreeMap<String, (String, String)> = days.into_iter().map(digest).collect();
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/city-digests.json");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, serde_json::to_string_pretty(&ran).unwrap() + "\n").unwrap();
    }
    let kept: BTreeMap<String, (String, String)> =
        serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    assert_eq!(ran, kept);
}
