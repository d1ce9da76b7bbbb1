//! What nobody tells is no data, in every answer and in every output: never nought.

use crate::measure_cases::{ZONE, terms};
use crate::measure_histories::at;
use crate::measure_pack::{book, counted, weeks};
use crate::render_pack::{day, histories};
use chrono::{DateTime, Utc};
use grievance_core::desk::Measure;
use grievance_core::grievance::event::{Recorded, What};
use grievance_core::measure::cases::casebook::Casebook;
use grievance_core::measure::cases::told::Columns;
use grievance_core::measure::index::{Board, shipped};
use grievance_core::measure::mis::MisPart;
use grievance_core::measure::pack::{PackPart, ShareKind};
use grievance_core::render::language::Language;
use grievance_core::render::pack::{PackPage, pack_csv, pack_csv_in, pack_html};
use grievance_core::vocabulary::{AgeRule, CaseField, MisLine, Quantity};

/// Of cases that another system told of, without due dates.
const UNTOLD: [Quantity; 5] = [
    Quantity::Reopened,
    Quantity::Appealed,
    Quantity::Escalated,
    Quantity::Breached,
    Quantity::PendingOverdue,
];

/// The same cases, with closings of which nothing is said.
fn unclassed() -> Vec<Vec<Recorded>> {
    let mut all = histories();
    for next in all.iter_mut().flatten() {
        let What::Adopted(adopted) = &mut next.event.what else { panic!("it is imported") };
        adopted.facts.iter_mut().for_each(|fact| fact.class = None);
    }
    all
}

/// Two cases of one office, with these fields and no others.
struct Told(&'static [CaseField]);

impl Columns for Told {
    fn rows(&self) -> usize {
        2
    }
    fn instant(&self, field: CaseField, _: usize) -> Result<Option<DateTime<Utc>>, &'static str> {
        Ok((field == CaseField::ReceivedAt).then(|| at("2026-03-02T10:00:00")))
    }
    fn has(&self, field: CaseField) -> bool {
        matches!(field, CaseField::ReceivedAt | CaseField::Unit) || self.0.contains(&field)
    }
    fn text(&self, field: CaseField, _: usize) -> Option<&str> {
        (field == CaseField::Unit).then_some("works")
    }
    fn count(&self, field: CaseField, _: usize) -> Option<u32> {
        self.0.contains(&field).then_some(0)
    }
}

#[test]
fn a_column_that_is_not_there_is_no_rate_of_nought() {
    let asked = Measure::from_json(r#"{"what": "rates", "as_of": "2026-04-01"}"#).unwrap();
    let of = |fields| {
        let book = Casebook::read(&[Told(fields)], ZONE, DateTime::<Utc>::MAX_UTC);
        asked.of_cases(&book).unwrap().objects().remove(0)
    };
    let bare = of(&[]);
    for name in ["reopened", "appealed", "escalated", "transferred", "breached"] {
        assert!(bare[name].is_null() && bare[&format!("{name}_share")].is_null(), "{name}");
    }
    assert!(bare["said_satisfied"].is_null());
    let told = of(&[CaseField::Reopened, CaseField::Feedback]);
    assert_eq!((&told["reopened"], &told["reopened_share"]), (&0.into(), &0.0.into()));
    assert_eq!((&told["said_satisfied"], &told["appealed"]), (&0.into(), &serde_json::Value::Null));
}

/// A column in which no row has anything tells as little as none; where one row has something, the others have nothing of it.
#[test]
fn a_column_without_a_value_tells_nothing() {
    struct Gaps(Option<u32>);
    impl Columns for Gaps {
        fn rows(&self) -> usize {
            2
        }
        fn instant(&self, field: CaseField, _: usize) -> Result<Option<DateTime<Utc>>, &'static str> {
            Ok((field == CaseField::ReceivedAt).then(|| at("2026-03-02T10:00:00")))
        }
        fn text(&self, field: CaseField, _: usize) -> Option<&str> {
            (field == CaseField::Unit).then_some("works")
        }
        fn count(&self, field: CaseField, row: usize) -> Option<u32> {
            self.0.filter(|_| field == CaseField::Reopened && row == 0)
        }
    }
    let asked = Measure::from_json(r#"{"what": "rates", "as_of": "2026-04-01"}"#).unwrap();
    let of = |given| {
        let book = Casebook::read(&[Gaps(given)], ZONE, DateTime::<Utc>::MAX_UTC);
        asked.of_cases(&book).unwrap().objects().remove(0)
    };
    assert!(of(None)["reopened"].is_null() && of(None)["said_satisfied"].is_null());
    assert_eq!((&of(Some(1))["reopened"], &of(Some(1))["reopened_share"]), (&1.into(), &0.5.into()));
}

/// Without due dates nothing is overdue or due soon, and that is not nought.
#[test]
fn without_due_dates_nobody_knows_what_is_late() {
    let asked = Measure::from_json(r#"{"what": "pendency", "as_of": "2026-04-01"}"#).unwrap();
    let of = |fields| {
        let book = Casebook::read(&[Told(fields)], ZONE, DateTime::<Utc>::MAX_UTC);
        asked.of_cases(&book).unwrap().objects().remove(0)
    };
    assert!(of(&[])["overdue"].is_null() && of(&[])["due_soon"].is_null());
    let told = of(&[CaseField::DueAt]);
    assert_eq!((&told["overdue"], &told["due_soon"], &told["no_target"]), (&0.into(), &0.into(), &2.into()));
}

/// A host that writes ends as days: on the day of receipt it ended after it, and not at the midnight before.
#[test]
fn an_end_that_is_a_day_is_on_that_day() {
    struct Days(&'static str);
    impl Columns for Days {
        fn rows(&self) -> usize {
            1
        }
        fn instant(&self, field: CaseField, _: usize) -> Result<Option<DateTime<Utc>>, &'static str> {
            Ok(match field {
                CaseField::ReceivedAt => Some("2026-03-02T10:00:00+05:30".parse().unwrap()),
                CaseField::EndedAt => Some(self.0.parse().unwrap()),
                _ => None,
            })
        }
        fn text(&self, field: CaseField, _: usize) -> Option<&str> {
            (field == CaseField::Unit).then_some("works")
        }
        fn count(&self, _: CaseField, _: usize) -> Option<u32> {
            None
        }
    }
    let read = |end| Casebook::read(&[Days(end)], ZONE, DateTime::<Utc>::MAX_UTC);
    let same_day = read("2026-03-02T00:00:00+05:30");
    assert_eq!((same_day.cases.len(), &same_day.rejected[..]), (1, &[][..]));
    assert_eq!(same_day.cases.ended_at().next().unwrap(), Some(same_day.cases.received_at()[0]));
    // The day before is before, and so is an hour of the day that is no midnight.
    for wrong in ["2026-03-01T00:00:00+05:30", "2026-03-02T00:00:01+05:30", "2026-03-02T00:00:00Z"] {
        assert_eq!(read(wrong).rejected.len(), 1, "{wrong}");
    }
    let next = read("2026-03-03T00:00:00+05:30");
    assert_eq!(
        next.cases.ended_at().next().unwrap(),
        Some("2026-03-02T18:30:00Z".parse::<DateTime<Utc>>().unwrap().timestamp_millis())
    );
}

#[test]
fn an_index_is_not_made_of_what_an_import_does_not_tell() {
    let mut part = MisPart::new(terms(AgeRule::Calendar));
    for history in &unclassed() {
        part.add_history(history);
    }
    let of_classes = [Quantity::DisposedWithClass, Quantity::BenefitProvided];
    for (unit, counts) in part.counts() {
        for quantity in UNTOLD.into_iter().chain(of_classes) {
            assert_eq!(counts.get(quantity), None, "{unit}: {quantity}");
        }
    }
    let benefit = shipped().into_iter().find(|one| one.code == "benefit_ratio").unwrap();
    let board = Board::of(&benefit, part.counts(), day(), None).unwrap();
    assert!(board.offices.iter().all(|office| office.score.is_none()), "{board:?}");
    // The pack's own counts, too.
    let index = shipped().into_iter().find(|one| one.code == "iso_10002").unwrap();
    let counted = counted(&weeks(day(), AgeRule::Calendar), &unclassed());
    let graded = crate::measure_pack::pack(&counted, &book(), "city", Some(&index)).index.unwrap();
    let review = index.terms.iter().position(|term| term.code == "review").unwrap();
    assert!(graded.board.offices.iter().all(|office| office.terms[review].score.is_none()), "{graded:?}");
    // A part that was stored and read says the same.
    let text = serde_json::to_string(&counted).unwrap();
    assert_eq!(PackPart::read(&text, weeks(day(), AgeRule::Calendar)).unwrap(), counted);
}

/// A case that was lodged here tells: none of its like was opened again, and that is nought.
#[test]
fn a_case_of_ones_own_tells() {
    let (book, own) = crate::measure_pack::office_year();
    let until = own.iter().flatten().map(|next| next.at).max().unwrap().date_naive();
    let mut part =
        MisPart::new(grievance_core::measure::mis::Terms::new(until, book.zone(), AgeRule::Calendar));
    for history in own {
        part.add_history(history);
    }
    for (unit, counts) in part.counts() {
        for quantity in UNTOLD {
            assert!(counts.get(quantity).is_some(), "{unit}: {quantity}: {counts:?}");
        }
    }
}

/// The page, both kinds of CSV and the shares say "no data" together.
#[test]
fn every_output_says_that_nothing_is_known_of_deadlines() {
    let pack = crate::measure_pack::pack(
        &counted(&weeks(day(), AgeRule::Calendar), &unclassed()),
        &book(),
        "city",
        None,
    );
    let share = |kind| pack.all.shares.iter().find(|share| share.share == kind).unwrap().percent;
    assert_eq!([ShareKind::PastDue, ShareKind::Benefit].map(share), [None, None]);
    assert!(pack.all.week(MisLine::Pending) > 0 && share(ShareKind::Oldest).is_some());
    let silent: Vec<MisLine> = MisLine::ALL.iter().copied().filter(|line| !pack.all.tells(*line)).collect();
    assert_eq!(silent, [MisLine::InTime, MisLine::DueSoon, MisLine::PastDue, MisLine::Breached]);

    let mut csv = Vec::new();
    pack_csv(&pack, &mut csv).unwrap();
    let csv = String::from_utf8(csv).unwrap();
    let all = |line: MisLine| {
        let start = format!(",below,{line},");
        csv.lines().find(|row| row.contains(&start)).unwrap().split(&start).nth(1).unwrap().to_owned()
    };
    assert!(silent.iter().all(|line| all(*line) == ",,,"), "{csv}");
    assert_ne!(all(MisLine::NoTarget), ",,,");

    let mut words = Vec::new();
    pack_csv_in(&pack, Language::English, &mut words).unwrap();
    let words = String::from_utf8(words).unwrap();
    let page = pack_html(&pack, &PackPage::in_language(Language::English));
    for line in silent {
        // All offices together come first, line by line.
        let at = pack.all.lines.keys().position(|own| *own == line.into()).unwrap();
        let row = words.lines().nth(1 + at).unwrap();
        assert!(row.ends_with(",no data,no data,no data"), "{row}");
        let name = row.split(',').rev().nth(3).unwrap();
        let of_line = |row: &&str| row.contains(&format!(">{name}<")) && row.matches("no data").count() == 3;
        assert!(page.split("<tr").any(|row| of_line(&row)), "{name}");
    }
}
