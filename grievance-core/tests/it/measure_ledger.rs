//! The ledger: laws against the scan of the table, on every day, and parts that cannot be.

#![allow(clippy::cast_precision_loss, reason = "small counts")]

use crate::measure_cases::{ZONE, row, sent};
use crate::measure_histories::at;
use crate::measure_laws::history;
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use grievance_core::measure::as_of::fact_as_of;
use grievance_core::measure::cases::row::{CaseRow, Ending, Said};
use grievance_core::measure::cases::table::Cases;
use grievance_core::measure::headline::{Asked, Counts, Headlines};
use grievance_core::measure::ledger::answer::Balance;
use grievance_core::measure::ledger::keep::{Ledger, Step};
use grievance_core::measure::ledger::{Picked, Subject};
use grievance_core::measure::mis::{MisPart, Terms};
use grievance_core::measure::pendency::PendencyBands;
use grievance_core::vocabulary::{AgeRule, DisposalClass};
use proptest::prelude::*;
use std::collections::BTreeMap;

pub(crate) fn until() -> DateTime<Utc> {
    at("2030-01-01")
}

pub(crate) fn read<'a>(zone: chrono_tz::Tz, rows: impl IntoIterator<Item = CaseRow<'a>>) -> Cases {
    let read = Cases::read(zone, until(), rows);
    assert_eq!(read.rejected, []);
    read.cases
}

pub(crate) fn terms(day: NaiveDate, zone: chrono_tz::Tz) -> Terms {
    Terms::new(day, zone, AgeRule::Calendar)
}

pub(crate) fn day(number: u64) -> NaiveDate {
    "2025-12-30".parse::<NaiveDate>().unwrap() + Days::new(number)
}

/// What the scan counts of picked cases.
fn scanned(cases: &Cases, picks: &[(&[&str], Option<&str>)], terms: &Terms) -> Vec<Balance> {
    let count = |(units, subject): &(&[&str], Option<&str>)| {
        let mut some = cases.chosen(cases.unit(), units);
        if let Some(subject) = subject {
            some = some.and(&cases.chosen(cases.category(), &[subject])).unwrap();
        }
        let part = cases.count(cases.unit(), Some(&some), terms).unwrap();
        Balance::of(&part.total(), terms_zone(cases))
    };
    picks.iter().map(count).collect()
}

fn terms_zone(cases: &Cases) -> chrono_tz::Tz {
    cases.zone()
}

const PICKS: &[(&[&str], Option<&str>)] = &[
    (&["works", "water", "roads", "parks"], None),
    (&["works"], None),
    (&["water", "parks", "nowhere"], Some("b")),
    (&["works", "water", "roads", "parks"], Some("a")),
    (&["roads"], Some("never")),
];

fn kept(ledger: &Ledger, terms: &Terms) -> Vec<Balance> {
    let ask = |(units, subject): &(&[&str], Option<&str>)| {
        let subject = subject.map_or(Subject::Any, |code| Subject::Of(code.into()));
        ledger.balance(&Picked::units(units.iter().copied()).of(subject), terms).unwrap()
    };
    PICKS.iter().map(ask).collect()
}

/// The headlines by code, as the counts of a scan give them.
pub(crate) fn headlines_of(
    cases: &Cases,
    terms: &Terms,
    asked: &[f64],
    within: i64,
) -> BTreeMap<String, Flat> {
    let part = cases.count(cases.unit(), None, terms).unwrap();
    let flat = part.groups().iter().map(|(code, tally)| {
        let (rating_sum, rated) = tally.rating();
        let counts = Counts {
            received: tally.received,
            disposed: tally.disposed,
            closed_otherwise: tally.closed_otherwise,
            reopened: tally.reopened,
            appealed: tally.appealed,
            rated,
            rating_sum,
            within: tally.durations.within(within).count,
            length_sum: tally.durations.sum(),
        };
        let quantiles = asked.iter().map(|share| tally.durations.quantile_days(*share)).collect();
        let means = (tally.durations.mean_days(), (rated > 0).then(|| rating_sum as f64 / rated as f64));
        (code.to_string(), (counts, tally.bands.clone(), quantiles, means))
    });
    flat.collect()
}

type Flat = (Counts, Vec<u64>, Vec<Option<f64>>, (Option<f64>, Option<f64>));

pub(crate) fn flat(headlines: &Headlines, quantiles: usize) -> BTreeMap<String, Flat> {
    let flat = headlines.iter().map(|headline| {
        let own = (0..quantiles).map(|place| headline.quantile_days(place)).collect();
        let means = (headline.mean_days(), headline.mean_rating());
        (headline.code.to_owned(), (*headline.counts, headline.bands.to_vec(), own, means))
    });
    flat.collect()
}

/// A case's rows from step to step: each with the instant from which it stands.
fn steps() -> impl Strategy<Value = Vec<(DateTime<Utc>, CaseRow<'static>)>> {
    let minutes = || prop_oneof![0..3_i64, 0..60 * 24 * 60_i64];
    (row(), prop::collection::vec((row(), minutes(), any::<bool>()), 0..5)).prop_map(|(first, later)| {
        let came = first.received_at;
        let mut now = came;
        let mut rows = vec![(now, CaseRow { ended: None, last_told_at: None, ..first })];
        for (next, minutes, ends) in later {
            now += TimeDelta::minutes(minutes);
            let how = next.ended.map_or(Ending::Disposed(None), |(_, how)| how);
            let told = next.last_told_at.map(|told| told.min(now).max(came));
            let ended = ends.then_some((now, how));
            rows.push((now, CaseRow { received_at: came, ended, last_told_at: told, ..next }));
        }
        rows
    })
}

fn posted(histories: &[Vec<(DateTime<Utc>, CaseRow<'static>)>]) -> Vec<Step<'static>> {
    let own = histories.iter().flat_map(|rows| {
        let before = std::iter::once(None).chain(rows.iter().map(|(_, row)| Some(*row)));
        rows.iter().zip(before).map(|((at, after), before)| Step {
            at: *at,
            before,
            after: *after,
            undone: false,
        })
    });
    own.collect()
}

pub(crate) fn ledger(steps: impl IntoIterator<Item = Step<'static>>) -> Ledger {
    let mut ledger = Ledger::new(ZONE);
    for step in steps {
        ledger.post(&step).unwrap();
    }
    ledger
}

fn bands() -> impl Strategy<Value = PendencyBands> {
    prop::collection::btree_set(1..400_u32, 0..5)
        .prop_map(|cuts| PendencyBands::new(cuts.into_iter().collect::<Vec<_>>()).unwrap())
}

proptest! {
    /// The table's headlines are what its parts say, by either rule, on any number of threads.
    #[test]
    fn headlines_of_a_table_are_its_counts(
        rows in prop::collection::vec(row(), 0..80),
        rule in prop::sample::select(AgeRule::ALL),
        bands in bands(),
        threads in 0..5_usize,
        number in 0..260_u64,
        within in 0..40_u32,
    ) {
        let cases = read(ZONE, rows.iter().copied());
        let terms = Terms::new(day(number), ZONE, rule).with_bands(bands);
        let asked = Asked::new([0.0, 0.5, 0.9, 0.33, 1.0], within).unwrap();
        let ours = cases.headlines(cases.unit(), None, &terms, &asked, threads).unwrap();
        let theirs = headlines_of(&cases, &terms, &[0.0, 0.5, 0.9, 0.33, 1.0], within.into());
        prop_assert_eq!(flat(&ours, 5), theirs);
        let some = cases.chosen(cases.category(), &["a"]);
        let ours = cases.headlines(cases.category(), Some(&some), &terms, &asked, threads).unwrap();
        let part = cases.count(cases.category(), Some(&some), &terms).unwrap();
        prop_assert_eq!(ours.len(), part.groups().len());
        for (headline, tally) in ours.iter().zip(part.groups().values()) {
            prop_assert_eq!(headline.counts.received, tally.received);
            prop_assert_eq!(headline.bands, &tally.bands[..]);
        }
    }

    /// Kept by table, the ledger is the scan: on every day, for any offices and subject, in any bands.
    #[test]
    fn a_ledger_of_a_table_is_its_scan(rows in prop::collection::vec(row(), 0..60), bands in bands()) {
        let cases = read(ZONE, rows.iter().copied());
        let whole = Ledger::of(&cases).unwrap();
        let mut entered = Ledger::new(ZONE);
        for row in &rows {
            entered.enter(row, until()).unwrap();
        }
        prop_assert_eq!(&entered, &whole);
        for number in (0..240).step_by(3).chain([500, 1400]) {
            let terms = terms(day(number), ZONE).with_bands(bands.clone());
            prop_assert_eq!(kept(&whole, &terms), scanned(&cases, PICKS, &terms), "as of {}", day(number));
            let asked = Asked::new([0.0, 0.5, 0.9, 1.0], 21).unwrap();
            let theirs = headlines_of(&cases, &terms, &[0.0, 0.5, 0.9, 1.0], 21);
            let ours = whole.headlines(&Picked::all(), &terms, &asked, 2).unwrap();
            prop_assert_eq!(flat(&ours, 4), theirs, "as of {}", day(number));
        }
        // Without a subject.
        let terms = terms(day(100), ZONE);
        let without = whole.balance(&Picked::all().of(Subject::None), &terms).unwrap();
        let part = cases.count(cases.category(), None, &terms).unwrap();
        prop_assert_eq!(without, Balance::of(part.without(), ZONE));
    }

    /// Taking a row out leaves what there would be had it never been entered.
    #[test]
    fn what_is_taken_out_was_never_there(rows in prop::collection::vec((row(), any::<bool>()), 0..40)) {
        let mut ledger = Ledger::new(ZONE);
        for (row, _) in &rows {
            ledger.enter(row, until()).unwrap();
        }
        for (row, _) in rows.iter().filter(|(_, stays)| !stays) {
            ledger.take_out(row, until()).unwrap();
        }
        let stays = rows.iter().filter(|(_, stays)| *stays).map(|(row, _)| *row);
        prop_assert_eq!(ledger, Ledger::of(&read(ZONE, stays)).unwrap());
    }

    /// Kept by step, the ledger is on every day the scan of the rows as they then stood; and the
    /// steps may come in any order.
    #[test]
    fn a_ledger_of_steps_is_the_scan_of_that_day(
        histories in prop::collection::vec(steps(), 0..25),
        seed in any::<u64>(),
    ) {
        let in_order = posted(&histories);
        let kept_by_step = ledger(in_order.iter().copied());
        prop_assert_eq!(&ledger(shuffled(&in_order, seed)), &kept_by_step);
        for number in (0..260).step_by(3) {
            let terms = terms(day(number), ZONE);
            let stand = histories.iter().filter_map(|rows| {
                rows.iter().rev().find(|(at, _)| *at < terms.at()).map(|(_, row)| *row)
            });
            let cases = read(ZONE, stand);
            prop_assert_eq!(kept(&kept_by_step, &terms), scanned(&cases, PICKS, &terms), "as of {}", day(number));
            // The flow explains the stock of each office, and what leaves one comes to another.
            let from = day(number) - Days::new(20);
            let mut moved = 0;
            for unit in ["works", "water", "roads", "parks"] {
                let flow = kept_by_step.flow(&Picked::units([unit]), from, day(number)).unwrap();
                prop_assert_eq!(flow.difference, 0, "{} as of {}", unit, day(number));
                moved += i64::try_from(flow.transferred_in).unwrap() - i64::try_from(flow.transferred_out).unwrap();
            }
            prop_assert_eq!(moved, 0);
            let came = histories.iter().filter(|rows| {
                let at = rows[0].0.with_timezone(&ZONE).date_naive();
                from <= at && at < day(number)
            });
            prop_assert_eq!(kept_by_step.flow(&Picked::all(), from, day(number)).unwrap().received, came.count() as u64);
        }
    }

    /// Parts of 1, 2, 7 and 64 shards of steps, of whichever cases, sent as text and merged in any
    /// order, are the whole to the last byte.
    #[test]
    fn parts_of_shards_are_the_whole(
        histories in prop::collection::vec(steps(), 0..25),
        shards in prop::sample::select(vec![1_usize, 2, 7, 64]),
        order in Just((0..64_usize).collect::<Vec<_>>()).prop_shuffle(),
        seed in any::<u64>(),
    ) {
        let steps = posted(&histories);
        let whole = ledger(steps.iter().copied());
        let mut dice = seed;
        let of: Vec<usize> = steps.iter().map(|_| usize::try_from(roll(&mut dice, shards as u64)).unwrap()).collect();
        let mut merged = Ledger::new(ZONE);
        for shard in order.into_iter().filter(|shard| *shard < shards) {
            let own = steps.iter().zip(&of).filter(|(_, of)| **of == shard).map(|(step, _)| *step);
            merged.merge(&sent(&ledger(own))).unwrap();
        }
        prop_assert_eq!(serde_json::to_string(&merged).unwrap(), serde_json::to_string(&whole).unwrap());
        prop_assert_eq!(kept(&merged, &terms(day(80), ZONE)), kept(&whole, &terms(day(80), ZONE)));
    }

    /// Kept by history, the ledger is on every day what the statement counts, its flow is the
    /// statement's, and a history that is taken out was never there.
    #[test]
    fn a_ledger_of_histories_is_the_statement(
        histories in prop::collection::vec((history(), any::<bool>()), 0..25),
    ) {
        let mut ledger = Ledger::new(ZONE);
        for (history, _) in &histories {
            ledger.enter_history(history).unwrap();
        }
        for number in (0..120).step_by(5).chain([500]) {
            let terms = terms(day(number), ZONE);
            let facts = histories.iter().filter_map(|(history, _)| fact_as_of(history, terms.at()));
            let table = Cases::read_facts(ZONE, until(), facts).cases;
            prop_assert_eq!(kept(&ledger, &terms), scanned(&table, PICKS, &terms), "as of {}", day(number));
            let mut part = MisPart::new(terms.clone());
            for (history, _) in &histories {
                part.add_history(history);
            }
            for unit in &part.finish(|code| code.as_str().to_owned()).units {
                let picked = Picked::units([unit.code.as_str()]);
                let flow = ledger.flow(&picked, day(number) - Days::new(7), day(number)).unwrap();
                prop_assert_eq!(flow, unit.figures.flow, "as of {}", day(number));
            }
        }
        for (history, _) in histories.iter().filter(|(_, stays)| !stays) {
            ledger.take_out_history(history).unwrap();
        }
        let mut never = Ledger::new(ZONE);
        for (history, _) in histories.iter().filter(|(_, stays)| *stays) {
            never.enter_history(history).unwrap();
        }
        prop_assert_eq!(ledger, never);
    }
}

fn roll(state: &mut u64, limit: u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) % limit
}

fn shuffled<T: Copy>(list: &[T], seed: u64) -> Vec<T> {
    let mut list = list.to_vec();
    let mut state = seed;
    for place in (1..list.len()).rev() {
        let other = usize::try_from(roll(&mut state, place as u64 + 1)).unwrap();
        list.swap(place, other);
    }
    list
}

/// Thousands of cases of two offices, so that books have marks and postings wait: in the order of
/// time, in any order, and read from a table, the ledger is the scan.
#[test]
fn large_books_are_the_scan() {
    let mut state = 7;
    let mut die = |limit: u64| i64::try_from(roll(&mut state, limit)).unwrap();
    let rows: Vec<CaseRow<'static>> = (0..9_000)
        .map(|number| {
            let received_at = at("2020-01-01") + TimeDelta::minutes(die(900 * 24 * 60));
            let long = if die(40) == 0 { 4_000 } else { 60 };
            let ended = received_at + TimeDelta::minutes(die(long * 24 * 60));
            CaseRow {
                ended: (ended < at("2022-08-01"))
                    .then_some((ended, Ending::Disposed(Some(DisposalClass::Benefit)))),
                category: [Some("a"), Some("b"), None][usize::try_from(die(3)).unwrap()],
                said: (die(3) == 0).then(|| Said::Rating(u8::try_from(number % 11).unwrap())),
                reopened: u32::from(die(9) == 0),
                due_at: (die(2) == 0).then(|| received_at + TimeDelta::days(21)),
                ..CaseRow::new(received_at, if die(3) == 0 { "water" } else { "works" })
            }
        })
        .collect();
    let cases = read(ZONE, rows.iter().copied());
    let whole = Ledger::of(&cases).unwrap();
    let mut steps: Vec<Step<'static>> = Vec::new();
    for row in &rows {
        let open = CaseRow { ended: None, ..*row };
        steps.push(Step { at: row.received_at, before: None, after: open, undone: false });
        if let Some((at, _)) = row.ended {
            steps.push(Step { at, before: Some(open), after: *row, undone: false });
        }
    }
    let any_order = ledger(shuffled(&steps, 11));
    steps.sort_by_key(|step| step.at);
    let in_time = ledger(steps);
    assert_eq!(in_time, whole);
    assert_eq!(any_order, whole);
    for number in (0..960).step_by(37) {
        let day = "2019-12-30".parse::<NaiveDate>().unwrap() + Days::new(number);
        let terms = terms(day, ZONE);
        let expected = scanned(&cases, PICKS, &terms);
        let heads = headlines_of(&cases, &terms, &[0.5, 0.9], 21);
        for ledger in [&whole, &any_order, &in_time] {
            assert_eq!(kept(ledger, &terms), expected, "as of {day}");
            let ours = ledger.headlines(&Picked::all(), &terms, &Asked::default(), 2).unwrap();
            assert_eq!(flat(&ours, 2), heads, "as of {day}");
        }
    }
}

/// In St. John's clocks went back over midnight, from 00:01 to 23:01; in São Paulo midnight did not
/// exist. Every minute of such a night counts as in the scan.
#[test]
fn nights_in_which_clocks_change_are_the_scan() {
    for (zone, night) in [
        (chrono_tz::America::St_Johns, "2006-10-29T00:00:00"),
        (chrono_tz::America::Sao_Paulo, "2018-11-04T00:00:00"),
        (chrono_tz::America::Juneau, "1867-10-18T12:00:00"),
        // From 00:00 to 00:44:30: the day begins at no quarter of an hour.
        (chrono_tz::Africa::Monrovia, "1972-01-07T00:00:35"),
    ] {
        let first = at(night);
        let rows: Vec<CaseRow<'_>> = (0..300)
            .map(|number| {
                let received_at = first + TimeDelta::minutes(number);
                let ended = received_at + TimeDelta::minutes(17 * (number % 90));
                let ended = (number % 4 > 0).then_some((ended, Ending::Disposed(None)));
                CaseRow {
                    reopened: u32::from(number % 3 == 0),
                    ended,
                    due_at: Some(received_at + TimeDelta::minutes(number)),
                    ..CaseRow::new(received_at, "works")
                }
            })
            .collect();
        let cases = read(zone, rows.iter().copied());
        let ledger = Ledger::of(&cases).unwrap();
        for number in 0..6 {
            let day = first.date_naive() - Days::new(2) + Days::new(number);
            let terms = terms(day, zone);
            assert_eq!(kept(&ledger, &terms), scanned(&cases, PICKS, &terms), "{zone} as of {day}");
            let heads = headlines_of(&cases, &terms, &[0.5, 0.9], 21);
            let ours = ledger.headlines(&Picked::all(), &terms, &Asked::default(), 2).unwrap();
            assert_eq!(flat(&ours, 2), heads, "{zone} as of {day}");
            let ours = cases.headlines(cases.unit(), None, &terms, &Asked::default(), 2).unwrap();
            assert_eq!(flat(&ours, 2), heads, "{zone} as of {day}");
        }
    }
}
