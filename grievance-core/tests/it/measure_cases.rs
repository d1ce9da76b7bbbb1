//! The table of cases: laws against a naive count of rows, and the boundary cases.

use crate::measure_histories::{at, imported};
use crate::measure_laws::history;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc, Weekday};
use grievance_core::grievance::judged::Judged;
use grievance_core::grievance::project::CaseFact;
use grievance_core::kernel::code::CategoryCode;
use grievance_core::measure::as_of::fact_as_of;
use grievance_core::measure::cases::period::{Movements, OtherPeriods, Period};
use grievance_core::measure::cases::row::{CaseRow, Ending, RejectedRow, RowFault, RowField, Said};
use grievance_core::measure::cases::survival::{Survival, Z_95};
use grievance_core::measure::cases::table::{Cases, Read};
use grievance_core::measure::cases::tally::{DoesNotFit, Part, Tally};
use grievance_core::measure::flows::Reckoning;
use grievance_core::measure::headline::Asked;
use grievance_core::measure::index::{Board, Definition, WhenEmpty, shipped};
use grievance_core::measure::ledger::keep::Ledger;
use grievance_core::measure::mis::{MisPart, Terms};
use grievance_core::measure::pendency::PendencyBands;
use grievance_core::measure::picked::Picked;
use grievance_core::measure::statement::Figures;
use grievance_core::vocabulary::{AgeRule, DisposalClass, ErrorCode, FeedbackOutcome, Quantity, TargetState};
use proptest::prelude::*;
use std::collections::BTreeMap;

pub(crate) const ZONE: chrono_tz::Tz = chrono_tz::Asia::Kolkata;

pub(crate) fn read<'a>(rows: impl IntoIterator<Item = CaseRow<'a>>) -> Read {
    Cases::read(ZONE, at("2030-01-01"), rows)
}

pub(crate) fn row() -> impl Strategy<Value = CaseRow<'static>> {
    let unit = prop::sample::select(vec!["works", "water", "roads", "parks"]);
    let word = || prop::option::of(prop::sample::select(vec!["a", "b", "c"]));
    let class = prop::option::of(prop::sample::select(DisposalClass::ALL));
    let ending = prop_oneof![
        4 => class.prop_map(Ending::Disposed),
        1 => Just(Ending::Otherwise),
    ];
    let said = prop_oneof![
        (0..=10_u8).prop_map(Said::Rating),
        prop::sample::select(FeedbackOutcome::ALL).prop_map(Said::Outcome),
    ];
    let minutes = || 0..200 * 24 * 60_i64;
    let times = || (minutes(), prop::option::of((prop_oneof![minutes(), 0..1_500_000_i64], ending)));
    let counts = prop::array::uniform6(0..3_u32);
    (unit, word(), word(), times(), prop::option::of(minutes()), prop::option::of(said), counts).prop_map(
        |(unit, category, reason, (received, ended), due, said, counts)| {
            let received_at = at("2026-01-01") + TimeDelta::minutes(received);
            let [reopened, appealed, escalated, transferred, breached, told] = counts;
            // Now and then a case ends on the very instant on which it was due.
            let due = if told == 2 { ended.map(|(later, _)| later).or(due) } else { due };
            CaseRow {
                last_told_at: (told > 0).then(|| received_at + TimeDelta::hours(i64::from(told) * 300)),
                ended: ended.map(|(later, how)| (received_at + TimeDelta::minutes(later), how)),
                category,
                reason,
                said,
                due_at: due.map(|due| received_at + TimeDelta::minutes(due)),
                reopened,
                appealed,
                escalated,
                transferred,
                breached,
                ..CaseRow::new(received_at, unit)
            }
        },
    )
}

pub(crate) fn rule() -> impl Strategy<Value = AgeRule> {
    prop::sample::select(AgeRule::ALL)
}

pub(crate) fn terms(rule: AgeRule) -> Terms {
    Terms::new("2026-04-11".parse().unwrap(), ZONE, rule)
}

/// The counts of some rows, one figure after the other: as slow and plain as can be.
pub(crate) fn naive(rows: &[&CaseRow<'_>], rule: AgeRule) -> Vec<(String, u64)> {
    let now = terms(rule).at();
    let rows: Vec<_> = rows.iter().filter(|row| row.received_at < now).collect();
    let done = |row: &&&&CaseRow<'_>| row.ended.is_some_and(|(at, _)| at < now);
    let pending: Vec<_> = rows.iter().filter(|row| !done(row)).collect();
    let disposed: Vec<_> =
        rows.iter().filter(|row| done(row) && matches!(row.ended, Some((_, Ending::Disposed(_))))).collect();
    let age = |row: &CaseRow<'_>| rule.whole_days(row.received_at, now, ZONE);
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    let mut put = |key: String, count: usize| *counts.entry(key).or_default() = count as u64;
    put("received".into(), rows.len());
    put("disposed".into(), disposed.len());
    put("otherwise".into(), rows.len() - disposed.len() - pending.len());
    for (band, (from, to)) in [(i64::MIN, 6), (7, 14), (15, 30), (31, i64::MAX)].into_iter().enumerate() {
        put(format!("band {band}"), pending.iter().filter(|row| (from..=to).contains(&age(row))).count());
    }
    put("overdue".into(), pending.iter().filter(|row| row.due_at.is_some_and(|due| due < now)).count());
    let is_soon = |row: &CaseRow<'_>, due: DateTime<Utc>| {
        due >= now && (now - row.received_at) * 4 >= (due - row.received_at) * 3
    };
    let soon = pending.iter().filter(|row| row.due_at.is_some_and(|due| is_soon(row, due)));
    put("due soon".into(), soon.count());
    put("no target".into(), pending.iter().filter(|row| row.due_at.is_none()).count());
    let due = |row: &&&&CaseRow<'_>| row.due_at.is_some();
    let on_time = |row: &&&&CaseRow<'_>| row.due_at.zip(row.ended).is_some_and(|(due, (at, _))| at <= due);
    put("with target".into(), disposed.iter().filter(|row| due(row)).count());
    put("on time".into(), disposed.iter().filter(|row| on_time(row)).count());
    put("reopened".into(), rows.iter().filter(|row| row.reopened > 0).count());
    put("appealed".into(), rows.iter().filter(|row| row.appealed > 0).count());
    put("escalated".into(), rows.iter().filter(|row| row.escalated > 0).count());
    put("transferred".into(), rows.iter().filter(|row| row.transferred > 0).count());
    put("breached".into(), rows.iter().filter(|row| row.breached > 0).count());
    let day = |at: DateTime<Utc>| at.with_timezone(&ZONE).date_naive();
    for told in pending.iter().filter_map(|row| row.last_told_at).filter(|told| *told < now) {
        *counts.entry(format!("silent {}", (day(now) - day(told)).num_days())).or_default() += 1;
    }
    for row in disposed {
        let (ended, how) = row.ended.unwrap();
        let length = match rule {
            AgeRule::Calendar | AgeRule::Working => rule.whole_days(row.received_at, ended, ZONE),
            AgeRule::Elapsed => (ended - row.received_at).num_milliseconds(),
        };
        let mut keys = vec![format!("length {length}")];
        keys.extend(row.reason.map(|reason| format!("reason {reason}")));
        keys.extend(row.said.map(|said| format!("said {said:?}")));
        if let Ending::Disposed(Some(class)) = how {
            keys.push(format!("class {class}"));
        }
        for key in keys {
            *counts.entry(key).or_default() += 1;
        }
    }
    if let Some(oldest) = pending.iter().map(|row| row.received_at).min() {
        counts.insert("oldest".into(), oldest.timestamp_millis().unsigned_abs());
    }
    counts.into_iter().collect()
}

/// The same figures of a tally.
pub(crate) fn figures(tally: &Tally) -> Vec<(String, u64)> {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for (key, count) in [
        ("received", tally.received),
        ("disposed", tally.disposed),
        ("otherwise", tally.closed_otherwise),
        ("overdue", tally.overdue),
        ("due soon", tally.due_soon),
        ("no target", tally.no_target),
        ("with target", tally.disposed_with_target),
        ("on time", tally.disposed_on_time),
        ("reopened", tally.reopened),
        ("appealed", tally.appealed),
        ("escalated", tally.escalated),
        ("transferred", tally.transferred),
        ("breached", tally.breached),
    ] {
        counts.insert(key.into(), count);
    }
    counts.extend(tally.bands.iter().enumerate().map(|(band, count)| (format!("band {band}"), *count)));
    counts.extend(tally.durations.lengths().map(|(length, count)| (format!("length {length}"), count)));
    counts.extend(tally.silence.lengths().map(|(days, count)| (format!("silent {days}"), count)));
    counts.extend(tally.reasons.iter().map(|(reason, count)| (format!("reason {reason}"), *count)));
    counts.extend(tally.classes.iter().map(|(class, count)| (format!("class {class}"), *count)));
    let rated = tally.ratings.iter().map(|(rating, count)| (Said::Rating(*rating), *count));
    let told = tally.outcomes.iter().map(|(outcome, count)| (Said::Outcome(*outcome), *count));
    counts.extend(rated.chain(told).map(|(said, count)| (format!("said {said:?}"), count)));
    counts.extend(tally.oldest.map(|oldest| ("oldest".into(), oldest.unsigned_abs())));
    counts.into_iter().collect()
}

/// What is pending stands to its due dates as a statement says.
pub(crate) fn targets_agree(tally: &Tally, figures: &Figures) {
    let told: BTreeMap<_, _> = figures.targets.iter().map(|row| (row.state, row.count)).collect();
    let in_time = tally.pending() - tally.overdue - tally.due_soon - tally.no_target;
    let ours = [
        (TargetState::InTime, in_time),
        (TargetState::DueSoon, tally.due_soon),
        (TargetState::Breached, tally.overdue),
        (TargetState::NoTarget, tally.no_target),
    ];
    assert_eq!(BTreeMap::from(ours), told);
}

/// A part, or anything else, as another process gets it.
pub(crate) fn sent<T: serde::Serialize + serde::de::DeserializeOwned>(part: &T) -> T {
    serde_json::from_str(&serde_json::to_string(part).unwrap()).unwrap()
}

proptest! {
    /// Every count of every group equals the naive one; the groups add up to all.
    #[test]
    fn counts_equal_the_rows(rule in rule(), rows in prop::collection::vec(row(), 0..60)) {
        let cases = read(rows.iter().copied()).cases;
        prop_assert_eq!(cases.len(), rows.len());
        let by_unit = cases.count(cases.unit(), None, &terms(rule)).unwrap();
        prop_assert_eq!(figures(&by_unit.total()), naive(&rows.iter().collect::<Vec<_>>(), rule));
        for (unit, tally) in by_unit.groups() {
            let own: Vec<_> = rows.iter().filter(|row| row.unit == unit).collect();
            prop_assert_eq!(figures(tally), naive(&own, rule));
        }
        let by_category = cases.count(cases.category(), None, &terms(rule)).unwrap();
        let blank: Vec<_> = rows.iter().filter(|row| row.category.is_none()).collect();
        prop_assert_eq!(figures(by_category.without()), naive(&blank, rule));
        prop_assert_eq!(by_category.total(), by_unit.total());
        let mut survival = Survival::new(&terms(AgeRule::Calendar));
        let now = terms(rule).at();
        let day = |at: DateTime<Utc>| at.with_timezone(&ZONE).date_naive();
        for row in rows.iter().filter(|row| row.received_at < now) {
            let days = |at| (day(at) - day(row.received_at)).num_days();
            match row.ended.filter(|(at, _)| *at < now) {
                Some((at, Ending::Disposed(_))) => survival.dispose(days(at), 1),
                Some((at, Ending::Otherwise)) => survival.censor(days(at), 1),
                None => survival.censor(days(now), 1),
            }
        }
        prop_assert_eq!(cases.survival(None, &terms(rule)).unwrap(), survival);
        let some = cases.chosen(cases.unit(), &["works", "parks"]);
        let some = some.and(&cases.chosen(cases.category(), &["b"])).unwrap();
        let chosen: Vec<_> =
            rows.iter().filter(|row| ["works", "parks"].contains(&row.unit) && row.category == Some("b")).collect();
        let part = cases.count(cases.unit(), Some(&some), &terms(rule)).unwrap();
        prop_assert_eq!(figures(&part.total()), naive(&chosen, rule));
    }

    /// Parts of 1, 2, 7 and 64 shards, sent as text and merged in any order, are the whole.
    #[test]
    fn parts_of_shards_are_the_whole(
        rule in rule(),
        rows in prop::collection::vec((row(), any::<prop::sample::Index>()), 0..80),
        shards in prop::sample::select(vec![1_usize, 2, 7, 64]),
        order in Just((0..64_usize).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let ask = |cases: &Cases| {
            let part = cases.count(cases.unit(), None, &terms(rule)).unwrap();
            let weeks = cases.movements(Period::Week(Weekday::Mon), None).unwrap();
            (part, weeks, cases.survival(None, &terms(rule)).unwrap())
        };
        let whole = ask(&read(rows.iter().map(|(row, _)| *row)).cases);
        let mut merged: (Part, Movements, Survival) = ask(&Cases::new(ZONE));
        for shard in order.into_iter().filter(|shard| *shard < shards) {
            let own = rows.iter().filter(|(_, of)| of.index(shards) == shard).map(|(row, _)| *row);
            let (part, weeks, survival) = ask(&read(own).cases);
            merged.0.merge(&sent(&part)).unwrap();
            merged.1.merge(&sent(&weeks)).unwrap();
            merged.2.merge(&sent(&survival)).unwrap();
        }
        prop_assert_eq!(serde_json::to_string(&merged.0).unwrap(), serde_json::to_string(&whole.0).unwrap());
        prop_assert_eq!(merged, whole);
    }

    /// The statement of a table says what its tallies count, its flow is that of the last week, and it is
    /// explained to the last case.
    #[test]
    fn the_statement_of_a_table_equals_its_tallies(
        rule in rule(),
        rows in prop::collection::vec(row(), 0..40),
    ) {
        let (terms, cases) = (terms(rule), read(rows.iter().copied()).cases);
        let part = cases.statement(terms.clone(), |name| name.parse().ok()).unwrap();
        let statement = part.finish(|code| code.as_str().to_owned());
        let counted = cases.count(cases.unit(), None, &terms).unwrap();
        let week = (terms.at() - TimeDelta::days(7))..terms.at();
        for unit in &statement.units {
            let none = Part::new(&terms).total();
            let tally = counted.groups().get(unit.code.as_str()).unwrap_or(&none);
            let figures = &unit.figures;
            prop_assert_eq!(tally.received, figures.received);
            prop_assert_eq!(tally.disposed, figures.disposed);
            prop_assert_eq!(tally.closed_otherwise, figures.closed_otherwise);
            let bands: Vec<u64> = figures.bands.iter().map(|band| band.count).collect();
            prop_assert_eq!(&tally.bands, &bands);
            prop_assert_eq!(tally.durations.days(), figures.disposal_days);
            let reasons: u64 = figures.reasons.iter().filter(|it| it.reason.is_some()).map(|it| it.count).sum();
            prop_assert_eq!(tally.reasons.values().sum::<u64>(), reasons);
            let own = || rows.iter().filter(|row| row.unit == unit.code.as_str());
            let came = own().filter(|row| week.contains(&row.received_at)).count() as u64;
            prop_assert_eq!((figures.flow.received, figures.flow.difference), (came, 0));
            targets_agree(tally, figures);
        }
        prop_assert_eq!(statement.rejected, 0);
        let none = cases.statement(terms, |_| None).unwrap().finish(|code| code.as_str().to_owned());
        prop_assert_eq!((none.rejected, none.units.len()), (cases.len() as u64, 0));
    }

    /// The table of facts as of a day says what the statement counts from histories.
    #[test]
    fn facts_equal_the_statement(rule in rule(), histories in prop::collection::vec(history(), 0..30)) {
        let terms = terms(rule);
        let mut part = MisPart::new(terms.clone());
        for history in &histories {
            part.add_history(history);
        }
        let statement = part.finish(|code| code.as_str().to_owned());
        let quantities: BTreeMap<_, _> = part.counts().collect();
        let facts = histories.iter().filter_map(|history| fact_as_of(history, terms.at()));
        let table = Cases::read_facts(ZONE, at("2030-01-01"), facts);
        prop_assert_eq!(&table.rejected, &[]);
        let counted = table.cases.count(table.cases.unit(), None, &terms).unwrap();
        for unit in &statement.units {
            let none = Part::new(&terms).total();
            let tally = counted.groups().get(unit.code.as_str()).unwrap_or(&none);
            prop_assert_eq!(tally.received, unit.figures.received);
            prop_assert_eq!(tally.disposed, unit.figures.disposed);
            let bands: Vec<u64> = unit.figures.bands.iter().map(|band| band.count).collect();
            prop_assert_eq!(&tally.bands, &bands);
            prop_assert_eq!(tally.durations.days(), unit.figures.disposal_days);
            let benefit = unit.figures.classes.iter().find(|it| it.class == Some(DisposalClass::Benefit));
            let ours = tally.classes.get(&DisposalClass::Benefit).copied();
            prop_assert_eq!(ours.unwrap_or(0), benefit.map_or(0, |it| it.count));
            targets_agree(tally, &unit.figures);
            // What an index is made of, where both count it.
            let (own, told) = (tally.quantities(), &quantities[&unit.code]);
            for quantity in Quantity::ALL {
                if let (Some(own), Some(told)) = (own.get(*quantity), told.get(*quantity))
                {
                    prop_assert_eq!(own, told, "{}", quantity);
                }
            }
        }
    }

    /// Each line of a ledger follows from the one before, and its stock is what the rows say.
    #[test]
    fn a_ledger_explains_its_stock(
        rows in prop::collection::vec(row(), 0..60),
        period in prop::sample::select(vec![Period::Week(Weekday::Thu), Period::Month, Period::FinancialYear]),
    ) {
        let day = |at: DateTime<Utc>| at.with_timezone(&ZONE).date_naive();
        let ledger = read(rows.iter().copied()).cases.movements(period, None).unwrap().ledger(
            "2026-02-10".parse().unwrap(),
            "2027-05-01".parse().unwrap(),
        );
        for pair in ledger.windows(2) {
            prop_assert_eq!(pair[0].pending, pair[1].brought_forward);
            let before = |date: NaiveDate| rows.iter().filter(|row| {
                day(row.received_at) < date && row.ended.is_none_or(|(at, _)| day(at) >= date)
            }).count() as u64;
            prop_assert_eq!(pair[1].brought_forward, before(pair[1].start));
            prop_assert_eq!(period.start(pair[1].start), pair[1].start);
            let within = |at: DateTime<Utc>| (pair[0].start..pair[1].start).contains(&day(at));
            let ended = |disposed: bool| rows.iter().filter(|row| row.ended.is_some_and(|(at, how)| {
                within(at) && matches!(how, Ending::Disposed(_)) == disposed
            })).count() as u64;
            prop_assert_eq!((pair[0].moved.disposed, pair[0].moved.closed_otherwise), (ended(true), ended(false)));
        }
    }
}

#[test]
fn rows_that_cannot_be_used_are_all_told() {
    let day = |text: &str| at(text);
    let good = CaseRow::new(day("2026-03-02"), "works");
    let ended = |text: &str| Some((day(text), Ending::Disposed(None)));
    let rows = [
        CaseRow { unit: "", ..good },
        CaseRow { ended: ended("2026-03-01"), ..good },
        good,
        CaseRow { received_at: day("2030-01-02"), ..good },
        CaseRow { ended: ended("2030-01-02"), ..good },
        CaseRow { said: Some(Said::Rating(11)), ..good },
        CaseRow { reopened: 65_536, ..good },
        CaseRow { breached: 65_535, ended: ended("2026-03-02"), ..good },
        CaseRow { last_told_at: Some(day("2026-03-01")), ..good },
    ];
    let read = read(rows);
    assert_eq!(read.cases.len(), 2);
    let told: Vec<_> = read.rejected.iter().map(|it| (it.row, it.field, it.fault)).collect();
    assert_eq!(
        told,
        [
            (0, RowField::Unit, RowFault::Missing),
            (1, RowField::EndedAt, RowFault::BeforeReceived),
            (3, RowField::ReceivedAt, RowFault::Future),
            (4, RowField::EndedAt, RowFault::Future),
            (5, RowField::Said, RowFault::OutOfRange),
            (6, RowField::Reopened, RowFault::OutOfRange),
            (8, RowField::LastToldAt, RowFault::BeforeReceived),
        ]
    );
    assert_eq!(read.rejected[1].code(), ErrorCode::DatesContradict);
    assert_eq!(RejectedRow { row: 4, ..read.rejected[0] }.to_string(), "row 4: the field is missing (Unit)");
}

#[test]
fn nothing_is_not_zero_per_cent() {
    let empty = read([]).cases;
    let total = empty.count(empty.unit(), None, &terms(AgeRule::Calendar)).unwrap().total();
    assert_eq!((total.received, total.pending(), total.oldest_at()), (0, 0, None));
    assert_eq!(total.disposal_ratio().value(), None);
    assert_eq!(total.benefit_ratio().value(), None);
    assert_eq!((total.durations.quantile_days(0.5), total.durations.mean_days()), (None, None));
    // As of a day before everything, a table with a case says the same.
    let one = read([CaseRow::new(at("2026-08-01"), "works")]).cases;
    let before = one.count(one.unit(), None, &terms(AgeRule::Calendar)).unwrap();
    assert_eq!(before.total(), total);
    assert!(before.groups().is_empty());
    assert_eq!(Survival::new(&terms(AgeRule::Calendar)).curve(Z_95), Ok(Vec::new()));
}

/// What no row tells is absent from what an index is made of, and so makes no score of zero.
#[test]
fn what_a_table_does_not_count_is_no_quantity() {
    let mut row = CaseRow::new(at("2026-03-01"), "works");
    row.ended = Some((at("2026-03-03"), Ending::Disposed(None)));
    let of = |row| {
        let cases = read([row]).cases;
        cases.count(cases.unit(), None, &terms(AgeRule::Calendar)).unwrap().total().quantities()
    };
    let bare = of(row);
    assert_eq!((bare.get(Quantity::Disposed), bare.get(Quantity::DisposalDays)), (Some(1), Some(2)));
    for absent in [
        Quantity::DisposedWithClass,
        Quantity::BenefitProvided,
        Quantity::FeedbackGiven,
        Quantity::Rated,
        Quantity::Reopened,
        Quantity::Classified,
        Quantity::DisposedWithTarget,
        Quantity::DisposedOnTime,
    ] {
        assert_eq!(bare.get(absent), None, "{absent}");
    }
    row.ended = Some((at("2026-03-03"), Ending::Disposed(Some(DisposalClass::TakenUp))));
    row.said = Some(Said::Outcome(FeedbackOutcome::Unreachable));
    let told = of(row);
    assert_eq!(
        (told.get(Quantity::DisposedWithClass), told.get(Quantity::BenefitProvided)),
        (Some(1), Some(0))
    );
    assert_eq!(
        (told.get(Quantity::FeedbackGiven), told.get(Quantity::FeedbackSatisfied)),
        (Some(0), Some(0))
    );
    assert_eq!(told.get(Quantity::Rated), None);
    row.said = Some(Said::Rating(4));
    assert_eq!((of(row).get(Quantity::Rated), of(row).get(Quantity::RatingSum)), (Some(1), Some(4)));
}

#[test]
fn what_does_not_fit_is_refused() {
    let one = read([CaseRow::new(at("2026-03-01"), "works")]).cases;
    let none = read([]).cases;
    let calendar = terms(AgeRule::Calendar);
    assert_eq!(one.count(none.unit(), None, &calendar), Err(DoesNotFit::Column));
    let elsewhere = Terms::new("2026-04-11".parse().unwrap(), chrono_tz::UTC, AgeRule::Calendar);
    assert_eq!(one.count(one.unit(), None, &elsewhere), Err(DoesNotFit::Zone));
    let mut part = one.count(one.unit(), None, &calendar).unwrap();
    let other = one.count(one.unit(), None, &terms(AgeRule::Elapsed)).unwrap();
    assert_eq!(part.merge(&other), Err(DoesNotFit::Terms));
    for elsewhere in [
        Terms::new("2026-04-12".parse().unwrap(), ZONE, AgeRule::Calendar),
        calendar.with_bands(PendencyBands::new([7, 15, 30]).unwrap()),
    ] {
        let other = one.count(one.unit(), None, &elsewhere).unwrap();
        assert_eq!(part.merge(&other), Err(DoesNotFit::Terms));
    }
}

/// A part of a divided case, and a sealed case, count nowhere; only the parts are told.
#[test]
fn parts_of_divided_cases_are_counted_apart() {
    let fact =
        |number| fact_as_of(&imported(number, "works", at("2026-03-01"), None), at("2026-04-01")).unwrap();
    let part = CaseFact { part_of: Some(fact(1).id), ..fact(2) };
    let sealed = CaseFact { sealed: Some(CategoryCode::new("vigilance").unwrap()), ..fact(3) };
    let read = Cases::read_facts(ZONE, at("2030-01-01"), [fact(1), part, sealed]);
    assert_eq!((read.cases.len(), read.parts, read.rejected.len()), (1, 1, 0));
}

/// Parts with counts near 2^64, or that contradict themselves, are refused before they overflow
/// anything; what was merged before is as it was.
#[test]
fn forged_parts_are_refused() {
    let ended = Some((at("2026-03-04"), Ending::Disposed(Some(DisposalClass::Benefit))));
    let said = Some(Said::Rating(7));
    let row = CaseRow { ended, said, reason: Some("done"), ..CaseRow::new(at("2026-03-01"), "works") };
    let cases = read([row, CaseRow::new(at("2026-03-01"), "works")]).cases;
    let part = cases.count(cases.unit(), None, &terms(AgeRule::Calendar)).unwrap();
    let text = serde_json::to_string(&part).unwrap();
    let forged = |from: &str, to: &str| {
        assert!(text.contains(from), "{from} in {text}");
        serde_json::from_str::<Part>(&text.replacen(from, to, 1)).map_err(|error| error.to_string())
    };
    for near in [u64::MAX, u64::MAX - 1, i64::MAX as u64, (1 << 56) + 1] {
        for (from, to) in [
            ("\"received\":2", format!("\"received\":{near}")),
            ("\"disposed\":1", format!("\"disposed\":{near}")),
            ("\"bands\":[0,0,0,1]", format!("\"bands\":[0,{near},0,1]")),
            ("\"ratings\":{\"7\":1}", format!("\"ratings\":{{\"7\":{near}}}")),
            ("\"done\":1", format!("\"done\":{near}")),
            ("\"benefit\":1", format!("\"benefit\":{near}")),
            ("\"lengths\":{\"3\":1}", format!("\"lengths\":{{\"3\":{near}}}")),
            ("\"reopened\":0", format!("\"reopened\":{near}")),
        ] {
            let error = forged(from, &to).unwrap_err();
            assert!(error.contains("more than there can be"), "{to}: {error}");
        }
    }
    for (from, to) in [
        ("\"ratings\":{\"7\":1}", "\"ratings\":{\"11\":1}"),
        ("\"bands\":[0,0,0,1]", "\"bands\":[0,0,1]"),
        ("\"rule\":\"calendar\",\"cuts\"", "\"rule\":\"elapsed\",\"cuts\""),
    ] {
        assert!(forged(from, to).unwrap_err().contains("is not what it says"), "{to}");
    }
    // Two that are as large as can be.
    let half = format!("\"received\":{}", 1_u64 << 55);
    let mut large = forged("\"received\":2", &half).unwrap();
    let before = large.clone();
    assert_eq!(large.merge(&before), Err(DoesNotFit::TooMany));
    assert_eq!(large, before);

    let weeks = cases.movements(Period::Week(Weekday::Mon), None).unwrap();
    let text = serde_json::to_string(&weeks).unwrap();
    let forged = |from: &str, to: &str| {
        assert!(text.contains(from), "{from} in {text}");
        serde_json::from_str::<Movements>(&text.replace(from, to)).map_err(|error| error.to_string())
    };
    let most = format!("\"received\":{}", u64::MAX);
    assert!(forged("\"received\":2", &most).unwrap_err().contains("more than there can be"));
    assert!(forged("\"disposed\":1", "\"disposed\":3").unwrap_err().contains("closes more"));
    assert!(forged("2026-03-02", "2026-03-03").unwrap_err().contains("is not what it says"));
    let mut large = forged("\"received\":2", &half).unwrap();
    assert_eq!(large.merge(&large.clone()), Err(OtherPeriods::TooMany));
    assert_eq!(large.merge(&cases.movements(Period::Month, None).unwrap()), Err(OtherPeriods::Period));

    let mut one = Survival::new(&terms(AgeRule::Calendar));
    one.dispose(3, 7);
    one.censor(3, 1);
    let many = serde_json::to_string(&one)
        .unwrap()
        .replace("\"disposed\":7", &format!("\"disposed\":{}", 1_u64 << 55));
    let mut large: Survival = serde_json::from_str(&many).unwrap();
    assert_eq!(large.merge(&large.clone()), Err(DoesNotFit::TooMany));
    let more = many.replace("\"censored\":1", &format!("\"censored\":{}", u64::MAX));
    assert!(serde_json::from_str::<Survival>(&more).is_err());
    let banded = many.replace("\"cuts\":[]", "\"cuts\":[7]");
    assert!(serde_json::from_str::<Survival>(&banded).unwrap_err().to_string().contains("not what it says"));
    // Lengths as of another day, in another zone or by another rule are not added to these.
    let day: NaiveDate = "2026-03-17".parse().unwrap();
    for other in [
        Terms::new(day.succ_opt().unwrap(), ZONE, AgeRule::Calendar),
        Terms::new(day, chrono_tz::UTC, AgeRule::Calendar),
        Terms::new(day, ZONE, AgeRule::Elapsed),
    ] {
        let mut own = Survival::new(&Terms::new(day, ZONE, AgeRule::Calendar));
        let before = own.clone();
        let other = Survival::new(&other);
        assert_eq!(own.merge(&other), Err(DoesNotFit::Terms));
        assert_eq!(own, before);
    }
    let own = Survival::new(&Terms::new(day, ZONE, AgeRule::Calendar));
    assert_eq!((own.as_of(), own.zone(), own.rule()), (day, ZONE.name(), AgeRule::Calendar));
}

/// A row of which more than dates is known is judged by that, whether its due date stands beside it or not, in a
/// table and in a ledger.
#[test]
fn a_judgement_brings_its_due_date() {
    let terms = terms(AgeRule::Calendar);
    let (due_at, late_at, soon_at) = (at("2026-03-05"), Some(at("2026-03-05")), Some(at("2026-03-04")));
    let bare = CaseRow {
        judged: Some(Judged { due_at, late_at, soon_at }),
        ..CaseRow::new(at("2026-03-01"), "works")
    };
    let told = CaseRow { due_at: Some(due_at), ..bare };
    for row in [bare, told] {
        let cases = read([row]).cases;
        let tally = cases.count(cases.unit(), None, &terms).unwrap().total();
        assert_eq!((tally.overdue, tally.no_target), (1, 0));
        let mut ledger = Ledger::new(ZONE);
        ledger.enter(&row, at("2030-01-01")).unwrap();
        let balance = ledger.balance(&Picked::all(), &terms).unwrap();
        assert_eq!((balance.overdue, balance.no_target), (1, 0));
    }
}

/// Due dates that nobody told make no score, good or bad; where one office's are told, another's are none.
#[test]
fn due_dates_that_are_not_known_are_not_zero() {
    let mut row = CaseRow::new(at("2026-03-01"), "works");
    row.ended = Some((at("2026-03-03"), Ending::Disposed(None)));
    let parks = CaseRow { unit: "parks", ..row };
    let open = CaseRow { ended: None, unit: "water", ..row };
    let index: Vec<Definition> = [WhenEmpty::Best, WhenEmpty::Worst]
        .into_iter()
        .map(|when_empty| {
            let mut index = shipped().into_iter().find(|one| one.code == "timely_disposal").unwrap();
            index.terms[0].when_empty = when_empty;
            index
        })
        .collect();
    let counted = |rows: &[CaseRow<'static>]| {
        let cases = read(rows.iter().copied()).cases;
        let part = cases.count(cases.unit(), None, &terms(AgeRule::Calendar)).unwrap();
        let of =
            |unit: &str, quantity| part.quantities().find(|(code, _)| *code == unit).unwrap().1.get(quantity);
        let scores: Vec<Vec<Option<f64>>> = index
            .iter()
            .map(|index| {
                let counts = part.quantities().map(|(code, counts)| (code.parse().unwrap(), counts));
                let board = Board::of(index, counts, "2026-03-17".parse().unwrap(), None).unwrap();
                let mut offices = board.offices;
                offices.sort_by(|a, b| a.unit.cmp(&b.unit));
                offices.iter().map(|it| it.score).collect()
            })
            .collect();
        (of("works", Quantity::DisposedWithTarget), of("water", Quantity::PendingOverdue), scores)
    };
    let nobody = counted(&[row, parks, open]);
    assert_eq!(nobody, (None, None, vec![vec![None; 3]; 2]), "nobody told a due date");
    let due = CaseRow { due_at: Some(at("2026-03-02")), ..parks };
    let one = counted(&[row, due, open]);
    // Parks was late; of works and water the table tells that no due date was set.
    let scores = vec![vec![Some(0.0), Some(100.0), Some(100.0)], vec![Some(0.0); 3]];
    assert_eq!(one, (Some(0), Some(0), scores));
    let pending = CaseRow { due_at: Some(at("2026-03-02")), ..open };
    let late = counted(&[row, parks, pending]);
    assert_eq!(
        (late.0, late.1),
        (None, Some(1)),
        "of the disposed nothing is known by those that are pending"
    );
}

/// A choice of another table's cases is refused by every measure alike, and nothing is counted by it.
#[test]
fn a_choice_of_another_table_is_refused() {
    let row = |day: &str| CaseRow::new(at(day), "works");
    let table = |days: &[&str]| read(days.iter().map(|day| row(day))).cases;
    let cases = table(&["2026-01-05", "2026-01-06"]);
    let day: NaiveDate = "2026-03-01".parse().unwrap();
    let terms = Terms::new(day, ZONE, AgeRule::Calendar);
    for other in [table(&["2026-01-05"]), table(&["2026-01-05", "2026-01-06", "2026-01-07"])] {
        let others = other.chosen(other.unit(), &["works"]);
        let refused = Some(DoesNotFit::Column);
        assert_eq!(cases.count(cases.unit(), Some(&others), &terms).err(), refused);
        assert_eq!(cases.count_on(cases.unit(), Some(&others), &terms, 2).err(), refused);
        assert_eq!(cases.headlines(cases.unit(), Some(&others), &terms, &Asked::default(), 1).err(), refused);
        assert_eq!(cases.survival(Some(&others), &terms).err(), refused);
        let weeks = Reckoning::new(Period::Week(Weekday::Mon), ZONE);
        assert_eq!(cases.flows(&weeks, Some(&others)).err(), refused);
        assert_eq!(cases.weekly(cases.unit(), Some(&others), day, 8).err(), refused);
        assert_eq!(cases.movements(Period::Month, Some(&others)).err(), refused);
        let own = cases.chosen(cases.unit(), &["works"]);
        assert_eq!(own.clone().and(&others).err(), refused);
        // A choice by another table's column is one of that table.
        let by_other = cases.chosen(other.unit(), &["works"]);
        assert_eq!(cases.survival(Some(&by_other), &terms).err(), refused);
        assert!(cases.survival(Some(&own), &terms).is_ok());
    }
}

/// The first and the last instant of the calendar are read in every zone, and every measure has them on some day.
#[test]
fn the_ends_of_the_calendar_are_counted() {
    for zone in [chrono_tz::America::New_York, chrono_tz::UTC, chrono_tz::Asia::Kolkata] {
        let (first, last) = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
        let mut ended = CaseRow::new(first, "works");
        ended.ended = Some((last, Ending::Disposed(None)));
        ended.due_at = Some(first);
        ended.last_told_at = Some(first);
        let rows = [CaseRow::new(first, "works"), ended, CaseRow::new(last, "works")];
        let read = Cases::read(zone, last, rows);
        assert_eq!(read.rejected, []);
        let cases = read.cases;
        for rule in [AgeRule::Calendar, AgeRule::Elapsed] {
            let terms = Terms::new("2026-03-01".parse().unwrap(), zone, rule);
            let total = cases.count(cases.unit(), None, &terms).unwrap().total();
            assert_eq!((total.received, total.disposed, total.bands[3]), (2, 0, 2), "{zone} {rule}");
            let headlines = cases.headlines(cases.unit(), None, &terms, &Asked::default(), 2).unwrap();
            assert_eq!(headlines.iter().next().unwrap().counts.received, 2);
            assert_eq!(cases.survival(None, &terms).unwrap().curve(1.0).unwrap().len(), 1);
        }
        for period in [Period::Week(Weekday::Mon), Period::Month, Period::FinancialYear] {
            let day = "2026-03-01".parse().unwrap();
            let ledger = cases.movements(period, None).unwrap().ledger(day, day);
            assert_eq!((ledger[0].brought_forward, ledger[0].pending), (2, 2), "{zone}");
            assert!(cases.flows(&Reckoning::new(period, zone), None).is_ok());
        }
    }
}
