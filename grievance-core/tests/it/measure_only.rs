//! Some of the cases are cases: whatever is asked of a part is what is asked of its rows alone.

use crate::measure_asked::desks;
use crate::measure_cases::{read, row};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use grievance_core::Rulebook;
use grievance_core::desk::Desk;
use grievance_core::measure::answer::sheet::Sheet;
use grievance_core::measure::cases::casebook::{Casebook, Only};
use grievance_core::measure::cases::row::CaseRow;
use grievance_core::measure::cases::sheets::{Asked, Lengths, index_of};
use grievance_core::measure::index::shipped;
use grievance_core::vocabulary::ErrorCode;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn day() -> NaiveDate {
    "2026-04-11".parse().unwrap()
}

fn only<const N: usize>(named: [(&str, &[&str]); N]) -> Only {
    let own = |codes: &[&str]| codes.iter().map(ToString::to_string).collect();
    named.into_iter().map(|(name, codes)| (name.to_owned(), own(codes))).collect()
}

/// What is told of some cases, by every measure that cases answer.
fn everything(book: &Casebook) -> Vec<Sheet> {
    let asked = Asked::of(day());
    let (by_category, by_ward) =
        (Asked { by: "category", ..asked.clone() }, Asked { by: "ward", ..asked.clone() });
    let elapsed = Asked { rule: "elapsed", ..asked.clone() };
    let mut told = vec![
        book.pendency(&asked),
        book.pendency(&elapsed),
        book.pendency(&by_ward),
        book.durations(&by_category, &Lengths::default()),
        book.kaplan_meier(day(), None, Some(&[25.0, 90.0])),
        book.flow("2026-01-01".parse().unwrap(), day(), "week"),
        book.rates(&by_category),
        book.closures(&by_ward),
        book.mis(&asked).map(|mis| mis.sheet()),
    ];
    told.extend(shipped().iter().map(|index| book.board(&asked, &index_of(&index.code).unwrap())));
    told.into_iter().map(Result::unwrap).collect()
}

const WARDS: [Option<&str>; 3] = [Some("north"), None, Some("south")];

fn book<'a>(rows: impl IntoIterator<Item = (usize, CaseRow<'a>)>) -> Casebook {
    let (wards, rows): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
    let mut book = Casebook::from(read(rows));
    book.column("ward", wards.into_iter().map(|ward| WARDS[ward])).unwrap();
    book
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// A part of cases, against a table that was read from the rows of that part.
    #[test]
    fn a_part_is_the_table_of_its_rows(
        rows in prop::collection::vec((0..WARDS.len(), row()), 1..60),
        units in prop::sample::subsequence(vec!["works", "water", "roads"], 0..=3),
        category in prop::option::of(prop::sample::select(vec!["a", "b"])),
        ward in prop::option::of(prop::sample::select(vec!["north", "south"])),
    ) {
        let has = |codes: &[&str], code: Option<&str>| code.is_some_and(|code| codes.contains(&code));
        let all = book(rows.iter().copied());
        let mut named = BTreeMap::from([("unit", units.clone())]);
        named.extend(category.map(|code| ("category", vec![code])));
        named.extend(ward.map(|code| ("ward", vec![code])));
        let wanted = |(ward, row): &&(usize, CaseRow<'_>)| {
            named.iter().all(|(name, codes)| match *name {
                "unit" => has(codes, Some(row.unit)),
                "category" => has(codes, row.category),
                _ => has(codes, WARDS[*ward]),
            })
        };
        // A code that no case has is refused, so the named ones are those that are there.
        let there = |name: &str, code: &str| rows.iter().any(|(ward, row)| match name {
            "unit" => row.unit == code,
            "category" => row.category == Some(code),
            _ => WARDS[*ward] == Some(code),
        });
        let asked: Only = named
            .iter()
            .map(|(name, codes)| {
                ((*name).to_owned(), codes.iter().filter(|code| there(name, code)).map(ToString::to_string).collect())
            })
            .collect();
        let part = all.only(&asked).unwrap();
        let alone = book(rows.iter().filter(wanted).copied());
        prop_assert_eq!(part.cases.received_at(), alone.cases.received_at());
        for (part, alone) in everything(&part).iter().zip(everything(&alone)) {
            prop_assert_eq!(part, &alone);
        }
        // And a part of a part is the part by both.
        let (first, rest): (Only, Only) = asked.clone().into_iter().partition(|(name, _)| name == "unit");
        let both = all.only(&first).unwrap();
        if rest.iter().all(|(name, codes)| {
            let column = both.by(name).unwrap();
            codes.iter().all(|code| column.codes().iter().any(|known| known == code))
        }) {
            prop_assert_eq!(everything(&both.only(&rest).unwrap()), everything(&part));
        }
    }
}

#[test]
fn of_no_column_all_and_of_no_code_none() {
    let at: DateTime<Utc> = "2026-03-02T10:00:00Z".parse().unwrap();
    let all = book([(0, CaseRow::new(at, "works")), (1, CaseRow::new(at, "water"))]);
    assert_eq!(everything(&all.only(&Only::new()).unwrap()), everything(&all));
    let none = all.only(&only([("unit", &[])])).unwrap();
    assert_eq!((none.cases.len(), none.pendency(&Asked::of(day())).unwrap().rows()), (0, 0));
}

#[test]
fn what_is_not_there_is_refused_with_the_nearest() {
    let at: DateTime<Utc> = "2026-03-02T10:00:00Z".parse().unwrap();
    let all = book([(0, CaseRow::new(at, "works"))]);
    let refused = |named| {
        let wrong = all.only(&named).unwrap_err();
        (wrong.code, wrong.place, wrong.hint.unwrap())
    };
    let did = |hint: &str| format!("did you mean \"{hint}\"?");
    assert_eq!(
        refused(only([("wrad", &["north"])])),
        (ErrorCode::InvalidCommand, "only".to_owned(), did("ward"))
    );
    let unknown = (ErrorCode::UnknownCode, "only.unit".to_owned(), did("works"));
    assert_eq!(refused(only([("unit", &["works", "wroks"])])), unknown);
    let south = refused(only([("ward", &["south"])]));
    assert_eq!(south, (ErrorCode::UnknownCode, "only.ward".to_owned(), "there are north".to_owned()));
}

/// At every scenario's desk: an office with everything below it, by the level that it stands on, and a subject; and codes of
/// the rulebook that no case has are no mistake.
#[test]
fn a_desks_cases_are_kept_to_a_branch_by_a_level() {
    let (mut branches, mut quiet) = (0, 0);
    for (name, desk, day) in desks() {
        let system = Desk::system();
        let acting = desk.by(&system, day.and_hms_opt(12, 0, 0).unwrap().and_utc());
        let (book, all) = (acting.rulebook().unwrap(), acting.cases(day).unwrap());
        for unit in book.directory().iter().map(|unit| &unit.code) {
            let level = format!("unit_{}", book.directory().upward(unit).count() - 1);
            let part = all.only(&only([(level.as_str(), &[unit.as_str()])])).unwrap();
            let units = all.cases.unit();
            let codes = (0..units.len()).filter_map(|case| units.code(case)?.parse().ok());
            let within = codes.filter(|code| book.directory().is_within(code, unit)).count();
            assert_eq!(part.cases.len(), within, "{name}: {unit}");
            let asked = Asked { rule: "working", ..Asked::of(day) };
            let pending = |sheet: &Sheet| {
                sheet.objects().iter().map(|row| row["pending"].as_u64().unwrap()).sum::<u64>()
            };
            let below = Asked { by: &level, ..asked.clone() };
            let of_all = all.pendency(&below).unwrap().objects();
            let of_all = of_all.iter().find(|row| row[&level] == unit.as_str());
            let wanted = of_all.map_or(0, |row| row["pending"].as_u64().unwrap());
            assert_eq!(pending(&part.pendency(&asked).unwrap()), wanted, "{name}: {unit}");
            if part.cases.is_empty() { quiet += 1 } else { branches += 1 }
        }
    }
    assert!(branches > 40 && quiet > 40, "{branches} branches with cases, {quiet} without");
}

/// A subject that is new rises, also where it alone is looked at: the data are older than it.
#[test]
fn what_is_new_among_older_cases_rises() {
    let day: NaiveDate = "2026-04-27".parse().unwrap();
    let at = |week: i64, n: i64| {
        let first = day.and_hms_opt(6, 0, 0).unwrap().and_utc() - TimeDelta::days(7 * (10 - week));
        first + TimeDelta::hours(n)
    };
    let old = (0..10).flat_map(|week| (0..5).map(move |n| CaseRow::new(at(week, n), "works")));
    let new = (0..12).map(|n| CaseRow { category: Some("lamps"), ..CaseRow::new(at(9, n), "works") });
    let all = Casebook::from(read(old.chain(new)).cases);
    let lamps = all.only(&only([("category", &["lamps"])])).unwrap();
    let told = lamps.trends(day, "category", 8, 0.01).unwrap();
    assert_eq!((&told.objects()[0]["category"], &told.about["known_weeks"]), (&"lamps".into(), &8.into()));
    // And a part of a part.
    let again = lamps.only(&only([("unit", &["works"])])).unwrap();
    assert_eq!(again.trends(day, "category", 8, 0.01).unwrap(), told);
    let alone = Casebook::from(read((0..12).map(|n| CaseRow::new(at(9, n), "works"))).cases);
    let known = alone.trends(day, "unit", 8, 1.0).unwrap();
    assert_eq!((known.rows(), &known.about["known_weeks"]), (0, &1.into()), "of one week nothing is said");
}

#[test]
fn a_rulebook_of_another_zone_says_nothing_of_these_days() {
    let book =
        Rulebook::from_toml("extends = \"city-311\"\nname = \"Elsewhere\"\nzone = \"America/New_York\"")
            .unwrap();
    let at: DateTime<Utc> = "2026-03-02T10:00:00Z".parse().unwrap();
    let refused = Casebook::from(read([CaseRow::new(at, "works")])).under(&book).unwrap_err();
    assert_eq!((refused.code, refused.place.as_str()), (ErrorCode::InvalidCommand, "rulebook"));
}
