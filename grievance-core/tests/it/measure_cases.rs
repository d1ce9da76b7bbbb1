//! The table of cases: laws against a naive count of rows.

use crate::measure_histories::at;
use crate::measure_laws::history;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc, Weekday};
use grievance_core::measure::as_of::fact_as_of;
use grievance_core::measure::cases::period::{Movements, Period};
use grievance_core::measure::cases::row::{CaseRow, Ending, Said};
use grievance_core::measure::cases::survival::Survival;
use grievance_core::measure::cases::table::{Cases, Read};
use grievance_core::measure::cases::tally::{Part, Tally};
use grievance_core::measure::mis::{MisPart, Terms};
use grievance_core::measure::statement::Figures;
use grievance_core::vocabulary::{AgeRule, DisposalClass, FeedbackOutcome, Quantity, TargetState};
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
