//! What waits and on whom: against the events one by one, and against what the outbox holds.

use crate::desk_memory::{Move, Office, edition, moves};
use crate::desk_support;
use crate::measure_histories::{Case, at, fact, histories};
use crate::measure_laws::{history, rule};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use grievance_core::grievance::event::{Recorded, What};
use grievance_core::grievance::notice::Recipient;
use grievance_core::grievance::payload::AdoptedStep;
use grievance_core::measure::as_of::{fact_as_of, grievance_as_of};
use grievance_core::measure::cases::tally::DoesNotFit;
use grievance_core::measure::duration::Durations;
use grievance_core::measure::mis::{MisPart, Terms};
use grievance_core::measure::picked::Picked;
use grievance_core::measure::waiting::{Wait, Waiting};
use grievance_core::store::Store;
use grievance_core::store::memory::MemoryStore;
use grievance_core::vocabulary::{AgeRule, TargetKind};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use std::sync::Arc;

const ZONE: chrono_tz::Tz = chrono_tz::Asia::Kolkata;

fn terms(day: NaiveDate, rule: AgeRule) -> Terms {
    Terms::new(day, ZONE, rule)
}

fn count<'a>(terms: &Terms, histories: impl IntoIterator<Item = &'a Vec<Recorded>>) -> Waiting {
    let mut waiting = Waiting::new(terms);
    for history in histories {
        waiting.add_history(history, terms, &edition(0)).expect("they are its own terms");
    }
    waiting
}

fn all(waiting: &Waiting) -> Option<Wait> {
    waiting.of(&Picked::all())
}

/// A store with cases that a desk recorded, and their histories.
pub(crate) fn played(moves: &[(Move, i64)]) -> (Arc<dyn Store>, Vec<Vec<Recorded>>) {
    let store: Arc<dyn Store> = MemoryStore::default().tenant(&desk_support::tenant());
    let mut office = Office::new(&store, &[64, 64, 64]);
    let mut now = at("2026-03-02T05:00:00");
    for (one, minutes) in moves {
        now += TimeDelta::minutes(*minutes);
        office.does(*one, now);
    }
    let histories = histories(&*store);
    (store, histories)
}

/// When the outbox was last given a message to the complainant by a step before an instant.
fn told(store: &dyn Store, history: &[Recorded], before: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let posted = store.notices_of(history[0].case).expect("the store works");
    let public =
        posted.iter().filter(|it| matches!(it.notice.to, Recipient::Contact(_) | Recipient::Person(_)));
    let steps = public.map(|it| history[usize::try_from(it.notice.about).unwrap() - 1].at);
    steps.filter(|at| *at < before).max()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_waits_is_what_the_events_and_the_outbox_say(moves in moves(), day in 0..60_u64) {
        let (store, histories) = played(&moves);
        let terms = terms("2026-03-02".parse::<NaiveDate>().unwrap() + Days::new(day), AgeRule::Calendar);
        let waiting = count(&terms, &histories);
        let age = |since: DateTime<Utc>| terms.whole_days("works", since, terms.at());
        let band = |days: i64| match days { ..7 => 0, 7..15 => 1, 15..=30 => 2, _ => 3 };

        let mut part = MisPart::new(terms.clone());
        let mut expected = (vec![0; 4], Durations::new(AgeRule::Calendar), 0, 0, 0);
        let (mut custodies, mut returned, mut transferred) = (0, 0, 0);
        for history in &histories {
            part.add_history(history);
            let Some(case) = grievance_as_of(history, terms.at()) else { continue };
            if case.part_of.is_some() {
                continue;
            }
            let steps: Vec<&Recorded> = history.iter().filter(|next| next.at < terms.at()).collect();
            custodies += 1;
            for two in steps.windows(2).filter(|two| two[0].event.led_to.unit != two[1].event.led_to.unit) {
                custodies += 1;
                returned += u64::from(matches!(two[1].event.what, What::Returned(_)));
                transferred += u64::from(matches!(two[1].event.what, What::Transferred(_)));
            }
            let review = case.clock(TargetKind::Review).filter(|clock| clock.met_at.is_none());
            if fact_as_of(history, terms.at()).unwrap().phase.is_pending() {
                let came = steps.iter().rposition(|next| next.event.led_to.unit != *case.unit()).map_or(0, |at| at + 1);
                expected.0[band(age(steps[came].at))] += 1;
                match told(&*store, history, terms.at()) {
                    Some(told) => {
                        let until = terms.at() - TimeDelta::milliseconds(1) + TimeDelta::days(1);
                        expected.1.add(told, until, ZONE).expect("by the calendar");
                    }
                    None => expected.2 += 1,
                }
            } else if let Some(clock) = review {
                expected.3 += 1;
                expected.4 += u64::from(clock.due_at < terms.at());
            }
        }
        let statement = part.finish(ToString::to_string).all;
        let Some(wait) = all(&waiting) else {
            prop_assert_eq!(statement.received, 0);
            return Ok(());
        };
        prop_assert_eq!(wait.pending, statement.pending);
        let bands: Vec<u64> = statement.bands.iter().map(|band| band.count).collect();
        prop_assert_eq!(&wait.in_total, &bands, "since the receipt, as the statement counts");
        prop_assert_eq!(&wait.with_unit, &expected.0);
        prop_assert_eq!(wait.silence.count() + wait.never_told, wait.pending);
        prop_assert_eq!((&wait.silence, wait.never_told), (&expected.1, expected.2));
        prop_assert_eq!((wait.owed, wait.owed_overdue), (expected.3, expected.4));
        prop_assert_eq!((wait.custodies, wait.returned, wait.transferred), (custodies, returned, transferred));
    }
}

proptest! {
    /// Parts of the cases, stored and read, merge in any order to the whole, by any rule.
    #[test]
    fn parts_merge_to_the_whole(
        histories in prop::collection::vec(history(), 0..10),
        shards in prop::collection::vec(0..4_usize, 10),
        rule in rule(),
    ) {
        let terms = terms("2026-02-20".parse().unwrap(), rule);
        let mut merged = Waiting::new(&terms);
        for shard in [2, 0, 3, 1] {
            let own = histories.iter().zip(&shards).filter(|(_, own)| **own == shard).map(|(it, _)| it);
            let part = serde_json::to_string(&count(&terms, own)).unwrap();
            prop_assert_eq!(merged.merge(&serde_json::from_str(&part).unwrap()), Ok(()));
        }
        prop_assert_eq!(merged, count(&terms, &histories));
    }
}

/// Received by works on 1 March, sent to water on the 20th, counted on the 31st: 30 days old, 11 of them
/// with water, which got one case and sent none away.
#[test]
fn an_old_case_that_has_just_come_is_not_the_offices_own_delay() {
    let step = |day: &str, what, unit| fact(at(day), what, unit);
    let sent =
        [step("2026-03-01", AdoptedStep::Lodged, "works"), step("2026-03-20", AdoptedStep::Routed, "water")];
    let case = Case::new(1).adopted(at("2026-11-01"), sent.to_vec());
    let terms = Terms::new("2026-03-31".parse().unwrap(), chrono_tz::UTC, AgeRule::Calendar);
    let waiting = count(&terms, [&case.history]);
    let of = |unit: &str| waiting.of(&Picked::units([unit])).unwrap();
    let (works, water) = (of("works"), of("water"));
    assert_eq!((works.pending, works.bounced().count, works.bounced().out_of), (0, 1, 1));
    assert_eq!((&water.in_total[..], &water.with_unit[..]), (&[0, 0, 1, 0][..], &[0, 1, 0, 0][..]));
    assert_eq!(water.longest_held_since(), Some(at("2026-03-20")));
    assert_eq!((water.bounced().count, water.bounced().out_of), (0, 1));
    assert_eq!((water.never_told, water.silence.count()), (1, 0), "what another system said is not known");
    assert!(waiting.of(&Picked::units(["roads"])).is_none());
}

/// Other terms and forged parts are refused.
#[test]
fn parts_that_cannot_be_are_refused() {
    let on = |day: &str| terms(day.parse().unwrap(), AgeRule::Calendar);
    let (one, other) = (on("2026-03-01"), on("2026-03-02"));
    let case = crate::measure_histories::imported(1, "works", at("2026-02-01"), None);
    let mut waiting = count(&one, [&case]);
    assert_eq!(waiting.add_history(&case, &other, &edition(0)), Err(DoesNotFit::Terms));
    assert_eq!(waiting.merge(&Waiting::new(&other)), Err(DoesNotFit::Terms));
    let text = serde_json::to_string(&waiting).unwrap();
    let forged = |from: &str, to: &str| {
        assert!(text.contains(from), "{text}");
        serde_json::from_str::<Waiting>(&text.replace(from, to))
    };
    assert!(forged("\"with_unit\":[", "\"with_unit\":[0,").is_err(), "another number of bands");
    assert!(forged("\"owed\":0", &format!("\"owed\":{}", u64::MAX)).is_err());
    let mut large = forged("\"owed\":0", &format!("\"owed\":{}", 1_u64 << 55)).unwrap();
    assert_eq!(large.merge(&large.clone()), Err(DoesNotFit::TooMany));
}

/// The lives that the law draws have some of each count, so that it compares more than nothing.
#[test]
fn the_drawn_lives_have_some_of_everything() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let terms = terms("2026-05-01".parse().unwrap(), AgeRule::Calendar);
    let mut sum = Waiting::new(&terms);
    for _ in 0..40 {
        let drawn = moves().new_tree(&mut runner).expect("a life").current();
        sum.merge(&count(&terms, &played(&drawn).1)).expect("the same terms");
    }
    let wait = all(&sum).expect("there are cases");
    let Wait { pending, silence, returned, transferred, custodies, .. } = &wait;
    assert!(*pending > 0 && silence.count() > 0 && custodies > pending, "{wait:?}");
    assert!(*returned > 0 && *transferred > 0 && silence.lengths().count() > 3, "{wait:?}");
    assert!(wait.in_total != wait.with_unit && wait.owed > 0 && wait.owed_overdue > 0, "{wait:?}");
}
