//! Ages in working days: against a loop over the days, and the boundary cases of the guide.

use crate::measure_cases::{ZONE, row, sent};
use crate::measure_histories::{at, data, imported};
use crate::measure_ledger::{day, flat, headlines_of, read};
use crate::measure_oracle::{NEW_YORK, nearest_rank};
use crate::measure_pack::{counted, pack};
use chrono::{DateTime, Datelike as _, NaiveDate, Utc, Weekday};
use grievance_core::measure::cases::row::{CaseRow, Ending};
use grievance_core::measure::cases::table::Cases;
use grievance_core::measure::cases::tally::{DoesNotFit, Tally};
use grievance_core::measure::duration::Durations;
use grievance_core::measure::headline::Asked;
use grievance_core::measure::ledger::error::LedgerError;
use grievance_core::measure::ledger::{Picked, keep::Ledger};
use grievance_core::measure::mis::{MisPart, Terms};
use grievance_core::measure::pack::{Edition, NotRestatable, Restating, Weeks};
use grievance_core::measure::pendency::PendencyBands;
use grievance_core::measure::workdays::Workdays;
use grievance_core::rulebook::Rulebook;
use grievance_core::vocabulary::{AgeRule, ErrorCode};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Offices that close on Saturdays and Sundays and on 26 January; the water works also on three
/// days of their own, and the roads work on one Saturday.
const CALENDAR: &str = r#"
    hours = { mon = ["10:00-17:00"], tue = ["10:00-17:00"], wed = ["10:00-17:00"], thu = ["10:00-17:00"], fri = ["10:00-17:00"] }
    [[calendar.holiday]]
    date = "2026-01-26"
    name = "Republic Day"
    [[calendar.holiday]]
    date = "2026-03-03"
    until = "2026-03-05"
    name = "Stocktaking"
    unit = ["water"]
    [[calendar.override]]
    date = "2026-03-07"
    name = "Open day"
    hours = ["10:00-13:00"]
    unit = ["roads"]
"#;

pub(crate) fn book(calendar: &str) -> Rulebook {
    let text = format!(
        r#"
        name = "Riverton"
        zone = "Asia/Kolkata"
        cell = "desk"
        language = [{{ code = "en", name = "English" }}]
        kind = [{{ code = "grievance", name = "Grievance" }}]
        channel = [{{ code = "phone", name = "Phone" }}]
        priority = [{{ code = "normal", name = "Normal" }}]
        role = [
            {{ code = "complainant", name = "Complainant", reach = "own_cases" }},
            {{ code = "officer", name = "Officer", reach = "everywhere" }},
        ]
        post = [{{ code = "head", name = "Head", role = "officer" }}]
        unit = [
            {{ code = "desk", name = "Grievance desk", head = "head" }},
            {{ code = "works", name = "Public works", head = "head", parent = "desk" }},
            {{ code = "water", name = "Water works", head = "head", parent = "desk" }},
            {{ code = "roads", name = "Roads", head = "head", parent = "desk" }},
        ]
        category = [{{ code = "a", name = "A", unit = "works" }}]
        numbering = {{ prefix = "RIV" }}

        [[reason]]
        code = "benefit_provided"
        name = "Benefit provided"
        class = "benefit"

        [workflow]
        stage = [
            {{ code = "received", name = "Received", phase = "registered" }},
            {{ code = "closed", name = "Closed", phase = "disposed" }},
        ]
        step = [
            {{ action = "lodge", to = "received", role = ["complainant", "officer"] }},
            {{ action = "dispose", from = ["received"], to = "closed", role = ["officer"] }},
        ]

        [calendar]
        {calendar}
        "#
    );
    Rulebook::from_toml(&text).unwrap_or_else(|invalid| panic!("{invalid:?}"))
}

/// Whether an office works on a day, as the calendar above reads.
fn works(unit: &str, day: NaiveDate) -> bool {
    let date = day.to_string();
    if unit == "roads" && date == "2026-03-07" {
        return true;
    }
    let own = unit == "water" && ["2026-03-03", "2026-03-04", "2026-03-05"].contains(&date.as_str());
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && date != "2026-01-26" && !own
}

/// The working days of `[from, to)`, one after the other.
fn looped(unit: &str, from: NaiveDate, to: NaiveDate) -> i64 {
    let days = from.iter_days().take_while(|day| *day < to).filter(|day| works(unit, *day));
    i64::try_from(days.count()).unwrap()
}

fn terms(number: u64, bands: PendencyBands) -> Terms {
    Terms::new(day(number), ZONE, AgeRule::Working)
        .with_bands(bands)
        .with_workdays(Workdays::of(&book(CALENDAR)))
}

fn date(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&ZONE).date_naive()
}

fn bands() -> impl Strategy<Value = PendencyBands> {
    prop_oneof![
        Just(PendencyBands::default()),
        prop::collection::btree_set(1..90_u32, 0..5)
            .prop_map(|cuts| PendencyBands::new(cuts.into_iter().collect::<Vec<_>>()).unwrap()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Bands and lengths of a scan, and of the headlines on any number of threads, are those of a loop
    /// over the days of each case's office; a part that is sent and merged is the same.
    #[test]
    fn a_scan_counts_working_days(
        rows in prop::collection::vec(row(), 0..50),
        number in 0..260_u64,
        bands in bands(),
        threads in 0..3_usize,
    ) {
        let cases = read(ZONE, rows.iter().copied());
        let terms = terms(number, bands.clone());
        let part = cases.count(cases.unit(), None, &terms).unwrap();
        for (unit, tally) in part.groups() {
            let (mut ages, mut lengths) = (vec![0_u64; bands.count()], Vec::new());
            for row in rows.iter().filter(|row| row.unit == unit && row.received_at < terms.at()) {
                match row.ended.filter(|(at, _)| *at < terms.at()) {
                    None => ages[bands.index(looped(unit, date(row.received_at), day(number)))] += 1,
                    Some((at, Ending::Disposed(_))) => lengths.push(looped(unit, date(row.received_at), date(at))),
                    Some(_) => {}
                }
            }
            lengths.sort_unstable();
            prop_assert_eq!(&tally.bands, &ages, "{}", unit);
            let ours: Vec<i64> = tally.durations.lengths().flat_map(|(days, times)| (0..times).map(move |_| days)).collect();
            prop_assert_eq!(ours, lengths, "{}", unit);
            prop_assert_eq!(tally.durations.rule(), AgeRule::Working);
        }
        let asked = Asked::new([0.0, 0.5, 0.9], 10).unwrap();
        let ours = cases.headlines(cases.unit(), None, &terms, &asked, threads).unwrap();
        prop_assert_eq!(flat(&ours, 3), headlines_of(&cases, &terms, &[0.0, 0.5, 0.9], 10));
        let mut merged = sent(&part);
        merged.merge(&part).unwrap();
        prop_assert_eq!(merged.total().received, 2 * part.total().received);
        // Parts of other working days count something else.
        let other = Terms::new(day(number), ZONE, AgeRule::Working).with_bands(bands.clone());
        let plain = cases.count(cases.unit(), None, &other).unwrap();
        prop_assert_eq!(merged.merge(&plain), Err(DoesNotFit::Terms));
        // Until they are said, every day is a working day.
        let calendar = Terms::new(day(number), ZONE, AgeRule::Calendar).with_bands(bands);
        let by_calendar = cases.count(cases.unit(), None, &calendar).unwrap();
        prop_assert_eq!(plain.total().bands, by_calendar.total().bands);
    }

    /// The statement counts the same from histories, at the office that holds the case.
    #[test]
    fn a_statement_counts_working_days(
        cases in prop::collection::vec(
            (prop::sample::select(vec!["works", "water", "roads"]), 0..200 * 24_i64, prop::option::of(0..100 * 24_i64)),
            0..30,
        ),
        number in 0..220_u64,
    ) {
        let bands = PendencyBands::default();
        let terms = terms(number, bands.clone());
        let (mut part, mut ages, mut sum) = (MisPart::new(terms.clone()), vec![0_u64; 4], 0);
        for (id, (unit, hours, took)) in (1..).zip(&cases) {
            let lodged = at("2025-12-30") + chrono::TimeDelta::hours(*hours);
            let disposed = took.map(|took| lodged + chrono::TimeDelta::hours(took));
            part.add_history(&imported(id, unit, lodged, disposed));
            if lodged >= terms.at() {
                continue;
            }
            match disposed.filter(|at| *at < terms.at()) {
                None => ages[bands.index(looped(unit, date(lodged), day(number)))] += 1,
                Some(at) => sum += looped(unit, date(lodged), date(at)),
            }
        }
        let mis = part.finish(|code| code.as_str().to_owned());
        let ours: Vec<u64> = mis.all.bands.iter().map(|band| band.count).collect();
        prop_assert_eq!(ours, ages);
        prop_assert_eq!(mis.age_rule, AgeRule::Working);
        #[expect(clippy::cast_precision_loss, reason = "small sums")]
        let mean = (mis.all.disposed > 0).then(|| sum as f64 / mis.all.disposed as f64);
        let printed = |mean: Option<f64>| mean.map(|mean| format!("{mean:.6}"));
        prop_assert_eq!(printed(mis.all.disposal_days.map(|days| days.mean)), printed(mean));
    }

    /// Every store bands by working days as the table does, and the ledger says that it cannot.
    #[test]
    #[cfg(all(feature = "conformance", feature = "sqlite"))]
    fn stores_band_by_working_days(
        facts in prop::collection::vec(crate::measure_question::fact(), 0..40),
        number in 0..260_u64,
        bands in bands(),
    ) {
        use crate::measure_ledger::until;
        use crate::measure_question::{fresh_tenant, put, stores};
        use grievance_core::measure::question::{Dimension, Question};
        use grievance_core::rulebook::access::Scope;
        thread_local! {
            static STORES: Vec<(&'static str, crate::measure_question::Open)> = stores();
        }
        let table = Cases::read_facts(ZONE, until(), &facts).cases;
        let question = Question::new(terms(number, bands), Dimension::Category);
        let scanned = table.answer(&question).unwrap();
        STORES.with(|stores| -> Result<(), TestCaseError> {
            for (name, open) in stores {
                let store = open(&fresh_tenant());
                put(&*store, &facts);
                let survey = store.survey(&Scope::All, &question, until()).unwrap();
                prop_assert_eq!(&survey.answer, &scanned, "{}", name);
            }
            Ok(())
        })?;
        prop_assert_eq!(Ledger::of(&table).unwrap().answer(&question), Err(LedgerError::Rule));
    }
}

/// The boundary cases of the guide.
#[test]
fn holidays_at_either_end() {
    let days = Workdays::of(&book(CALENDAR));
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    // Received on a Friday: one day old on Saturday, Sunday and Monday, two on Tuesday.
    for (as_of, age) in
        [("2026-03-06", 0), ("2026-03-07", 1), ("2026-03-08", 1), ("2026-03-09", 1), ("2026-03-10", 2)]
    {
        assert_eq!(days.between("works", day("2026-03-06"), day(as_of)), age, "as of {as_of}");
    }
    // Received on a Saturday: no day old until Tuesday.
    for (as_of, age) in [("2026-03-07", 0), ("2026-03-08", 0), ("2026-03-09", 0), ("2026-03-10", 1)] {
        assert_eq!(days.between("works", day("2026-03-07"), day(as_of)), age, "as of {as_of}");
    }
    // The water works kept three days of their own, and the roads opened on the Saturday.
    let week = |unit| days.between(unit, day("2026-03-02"), day("2026-03-09"));
    assert_eq!((week("works"), week("water"), week("roads"), week("nowhere")), (5, 2, 6, 5));
    // Reversed, and outside the years that a calendar has a table for.
    assert_eq!(days.between("works", day("2026-03-09"), day("2026-03-02")), -5);
    assert_eq!(days.between("works", day("1995-01-02"), day("1995-01-09")), 5);
    // A ledger does not keep them.
    let ledger = Ledger::new(ZONE);
    assert_eq!(ledger.balance(&Picked::all(), &terms(1, PendencyBands::default())), Err(LedgerError::Rule));
}

/// A pack in working days is restated by the calendars that it was made with, and without them refused.
#[test]
fn a_pack_in_working_days_is_restated_by_its_calendars() {
    let rulebook = book(CALENDAR);
    let workdays = Workdays::of(&rulebook);
    let histories: Vec<_> = (1..=40_i64)
        .map(|n| {
            let lodged = at("2026-02-02") + chrono::TimeDelta::hours(n * 31);
            let disposed = (n % 3 == 0).then(|| lodged + chrono::TimeDelta::hours(n * 29));
            imported(
                n.unsigned_abs().into(),
                ["works", "water", "roads"][usize::try_from(n % 3).unwrap()],
                lodged,
                disposed,
            )
        })
        .collect();
    let terms =
        Terms::new("2026-03-30".parse().unwrap(), ZONE, AgeRule::Working).with_workdays(workdays.clone());
    let part = counted(&Weeks::to(terms), &histories);
    let edition = Edition::after(None, pack(&part, &rulebook, "desk", None), at("2026-12-01")).unwrap();
    let refused = Restating::new(&edition).map(|_| ()).unwrap_err();
    assert_eq!((refused, refused.code()), (NotRestatable::Workdays, ErrorCode::FigureNotKept));
    let mut restating = Restating::by_workdays(&edition, workdays).unwrap();
    for history in &histories {
        restating.add_history(history);
    }
    let restated = restating.finish();
    assert!(restated.moved.is_empty() && restated.unexplained.is_empty(), "{restated:?}");
    assert!(edition.pack.offices.iter().any(|office| !office.figures.lines.is_empty()));
}

/// The lengths of New York's cases in working days, as numpy counts `[open, close)`.
#[test]
fn new_yorks_business_days_equal_numpys() {
    let Some(data) = data() else { return };
    let truth = &NEW_YORK.truth(&data)["business_days"];
    let listed = std::fs::read_to_string(data.join("wb-holidays/holidays-wb-2019-2027.csv")).unwrap();
    let mut public: Vec<&str> = listed
        .lines()
        .filter(|line| line.split(',').nth(1) == Some("public"))
        .map(|line| &line[..10])
        .collect();
    public.sort_unstable();
    public.dedup();
    let holiday = |day: &&str| format!("[[calendar.holiday]]\ndate = \"{day}\"\nname = \"Holiday\"\n");
    let holidays: Vec<String> = public.iter().map(holiday).collect();
    let holidays = holidays.concat();
    let week = |days: &[&str]| {
        let hours: Vec<String> = days.iter().map(|day| format!("{day} = [\"10:00-17:00\"]")).collect();
        format!("hours = {{ {} }}\n", hours.join(", "))
    };
    let (five, six) = (["mon", "tue", "wed", "thu", "fri"], ["mon", "tue", "wed", "thu", "fri", "sat"]);
    let (rows, _) = NEW_YORK.rows(&data, chrono_tz::UTC);
    let count = |calendar: String, from: &str| {
        let from = at(from);
        let rows = rows.iter().filter(|row| row.lodged >= from).map(|row| CaseRow {
            ended: row.disposed.map(|at| (at, Ending::Disposed(None))),
            ..CaseRow::new(row.lodged, "works")
        });
        let cases = Cases::read(chrono_tz::UTC, at("2100-01-01"), rows).cases;
        let terms = Terms::new("2100-01-01".parse().unwrap(), chrono_tz::UTC, AgeRule::Working)
            .with_workdays(Workdays::of(&book(&calendar)));
        let total: Tally = cases.count(cases.unit(), None, &terms).unwrap().total();
        total.durations
    };
    let whole = count(week(&five), "1900-01-01");
    lengths_equal(&whole, &truth["mon_fri_all"]);
    lengths_equal(&count(week(&five), "2019-01-01"), &truth["mon_fri_opened_2019_on"]);
    let with_holidays = count(week(&five) + &holidays, "2019-01-01");
    lengths_equal(&with_holidays, &truth["with_wb_holidays_opened_2019_on"]);
    assert_eq!(json!(u64::try_from(with_holidays.sum()).unwrap()), truth["sum_with_wb_holidays"]);
    lengths_equal(
        &count(week(&six) + &holidays, "2019-01-01"),
        &truth["with_wb_holidays_six_day_opened_2019_on"],
    );
}

fn lengths_equal(took: &Durations, truth: &Value) {
    let printed = |number: f64| json!(format!("{number:.6}").parse::<f64>().unwrap());
    #[expect(clippy::cast_precision_loss, reason = "lengths of some years")]
    let days = |length: Option<(i64, u64)>| printed(length.unwrap().0 as f64);
    assert_eq!(json!(took.count()), truth["n"]);
    assert_eq!(printed(took.mean_days().unwrap()), truth["mean"]);
    assert_eq!(printed(took.quantile_days(0.5).unwrap()), truth["median"]);
    assert_eq!(printed(took.quantile_days(0.9).unwrap()), truth["p90_linear"]);
    let nearest = nearest_rank(took, 0.9).map(|length| (length, 1));
    assert_eq!(days(nearest), truth["p90_nearest_rank"]);
    assert_eq!(days(took.lengths().next()), truth["min"]);
    assert_eq!(days(took.lengths().last()), truth["max"]);
}
