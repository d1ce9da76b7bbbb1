//! Laws of the statement, against naive computations.

#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "places in short lists of days"
)]

use crate::measure_histories::{Case, at, fact};
use chrono::TimeDelta;
use grievance_core::grievance::event::Recorded;
use grievance_core::grievance::payload::AdoptedStep;
use grievance_core::measure::duration::Durations;
use grievance_core::measure::mis::{MisPart, Terms};
use grievance_core::measure::statement::Figures;
use grievance_core::vocabulary::AgeRule;
use proptest::prelude::*;

/// A case lodged some minutes into the year, with steps some minutes apart.
pub(crate) fn history() -> impl Strategy<Value = Vec<Recorded>> {
    let minutes = || 0..60 * 24 * 60_i64;
    let step = prop::sample::select(vec![
        AdoptedStep::Routed,
        AdoptedStep::Disposed,
        AdoptedStep::Reopened,
        AdoptedStep::Ended,
    ]);
    let unit = prop::sample::select(vec!["works", "water", "roads"]);
    let due = prop::option::of(minutes());
    (minutes(), unit.clone(), prop::collection::vec((minutes(), step, unit), 0..4), due).prop_map(
        |(lodged, unit, steps, due)| {
            let mut when = at("2026-01-01") + TimeDelta::minutes(lodged);
            let mut facts = vec![fact(when, AdoptedStep::Lodged, unit)];
            for (later, what, unit) in steps {
                when += TimeDelta::minutes(later);
                facts.push(fact(when, what, unit));
            }
            let due = due.map(|due| facts[0].at + TimeDelta::minutes(due));
            Case::new(1).adopted(at("2027-01-01"), facts).due(due).history
        },
    )
}

pub(crate) fn rule() -> impl Strategy<Value = AgeRule> {
    prop::sample::select(AgeRule::ALL)
}

fn count<'a>(rule: AgeRule, histories: impl IntoIterator<Item = &'a Vec<Recorded>>) -> MisPart {
    let mut part = MisPart::new(Terms::new("2026-02-20".parse().unwrap(), chrono_tz::Asia::Kolkata, rule));
    for history in histories {
        part.add_history(history);
    }
    part
}

fn holds_together(figures: &Figures) -> bool {
    let banded: u64 = figures.bands.iter().map(|band| band.count).sum();
    let by_target: u64 = figures.targets.iter().map(|row| row.count).sum();
    let classed: u64 = figures.classes.iter().map(|class| class.count).sum();
    banded == figures.pending
        && by_target == figures.pending
        && classed == figures.disposed
        && figures.received == figures.disposed + figures.closed_otherwise + figures.pending
        && figures.within_30_count <= figures.disposed
        && figures.disposal_days.is_some() == (figures.disposed > 0)
        && figures.flow.closing == figures.pending
        && figures.flow.difference == 0
}

proptest! {
    /// Merging parts in any grouping and order equals one pass over everything.
    #[test]
    fn parts_add_up(
        rule in rule(),
        histories in prop::collection::vec((history(), 0..4_usize), 0..30),
        turned in any::<bool>(),
    ) {
        let whole = count(rule, histories.iter().map(|(history, _)| history));
        let mut parts: Vec<_> = (0..4)
            .map(|of| count(rule, histories.iter().filter(|(_, part)| *part == of).map(|(history, _)| history)))
            .collect();
        if turned {
            parts.reverse();
        }
        let [first, second, third, fourth] = &parts[..] else { unreachable!("four parts") };
        let (mut left, mut right) = (first.clone(), third.clone());
        left.merge(second).unwrap();
        right.merge(fourth).unwrap();
        left.merge(&right).unwrap();
        prop_assert_eq!(&left, &whole);
        let backwards = count(rule, histories.iter().rev().map(|(history, _)| history));
        prop_assert_eq!(&backwards, &whole);
    }

    /// In every office and in all: what was received is disposed, closed otherwise or pending,
    /// the bands hold the pending, and the movements explain them. Offices add up to the whole.
    #[test]
    fn figures_hold_together(rule in rule(), histories in prop::collection::vec(history(), 0..30)) {
        let mis = count(rule, &histories).finish(|code| code.as_str().to_owned());
        prop_assert!(holds_together(&mis.all), "{:?}", mis.all);
        for unit in &mis.units {
            prop_assert!(holds_together(&unit.figures), "{:?}", unit);
        }
        let received: u64 = mis.units.iter().map(|unit| unit.figures.received).sum();
        prop_assert_eq!(received, mis.all.received);
        prop_assert_eq!(mis.all.flow.transferred_in, mis.all.flow.transferred_out);
    }

    /// Quantiles of the histogram equal those of a sorted list.
    #[test]
    fn quantiles_equal_a_sorted_list(
        rule in rule(),
        seconds in prop::collection::vec(0..90 * 86_400_i64, 1..60),
        share in 0.0..=1.0_f64,
    ) {
        let zone = chrono_tz::UTC;
        let from = at("2026-01-01T13:17:00");
        let rule = if rule == AgeRule::Working { AgeRule::Calendar } else { rule };
        let mut durations = Durations::new(rule);
        let mut sorted = Vec::new();
        for seconds in &seconds {
            let to = from + TimeDelta::seconds(*seconds);
            durations.add(from, to, zone).unwrap();
            sorted.push(match rule {
                AgeRule::Calendar | AgeRule::Working => (to.date_naive() - from.date_naive()).num_days() as f64,
                AgeRule::Elapsed => *seconds as f64 / 86_400.0,
            });
        }
        sorted.sort_by(f64::total_cmp);
        let naive = |share: f64| {
            let place = (sorted.len() - 1) as f64 * share;
            let (low, high) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
            low + (high - low) * place.fract()
        };
        prop_assert!((durations.quantile_days(share).unwrap() - naive(share)).abs() < 1e-9);
        let days = durations.days().unwrap();
        prop_assert!((days.median - naive(0.5)).abs() < 1e-6);
        prop_assert!((days.mean - sorted.iter().sum::<f64>() / sorted.len() as f64).abs() < 1e-6);
        let within = sorted.iter().filter(|days| days.floor() <= 30.0).count() as u64;
        prop_assert_eq!(durations.within(30).count, within);
    }
}
