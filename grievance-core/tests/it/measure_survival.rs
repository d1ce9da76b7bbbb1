//! How long open cases take: estimates by hand, by fractions and by another program.

use crate::measure_cases::terms;
use grievance_core::measure::cases::survival::{NoSuchPoint, Still, Survival, Z_95};
use grievance_core::vocabulary::AgeRule;
use proptest::prelude::*;

/// Six cases worked out by hand: disposed after 2, 4, 4 and 7 days, open at 4 and 9.
#[test]
fn survival_by_hand() {
    let mut survival = Survival::new(&terms(AgeRule::Calendar));
    survival.dispose(2, 1);
    survival.dispose(4, 2);
    survival.censor(4, 1);
    survival.dispose(7, 1);
    survival.censor(9, 1);
    let shares: Vec<_> =
        survival.curve(Z_95).unwrap().iter().map(|still| (still.days, still.share)).collect();
    // 5/6; 5/6 × 3/5; that × 1/2; no one else disposed.
    let expected = [(2, 5.0 / 6.0), (4, 0.5), (7, 0.25), (9, 0.25)];
    for ((days, share), (at, worked_out)) in shares.iter().zip(expected) {
        assert_eq!(*days, at);
        assert!((share - worked_out).abs() < 1e-12, "{days}: {share}");
    }
    let median = survival.quantile(0.5, Z_95).unwrap();
    assert_eq!((median.days, survival.quantile(0.8, Z_95).unwrap().days), (Some(4), None));
}

/// A fraction: over and under.
type Fraction = (u128, u128);

proptest! {
    /// The quantile is the first length at which the exact share is at most the exact rest, with cases that are
    /// open in between and without; and the curve is the share's nearest, to 10⁻⁹.
    #[test]
    fn quantiles_are_those_of_fractions(
        days in prop::collection::vec((0_u64..4, 0_u64..3), 1..12),
        hundredths in 0_u32..=100,
    ) {
        let mut survival = Survival::new(&terms(AgeRule::Calendar));
        let mut at_risk: u64 = days.iter().map(|(disposed, censored)| disposed + censored).sum();
        let (mut share, mut reached): (Fraction, Option<i64>) = ((1, 1), None);
        let mut shares = Vec::new();
        for (day, (disposed, censored)) in (1_i64..).zip(days) {
            survival.dispose(day, disposed);
            survival.censor(day, censored);
            if disposed + censored == 0 {
                continue;
            }
            share = (share.0 * u128::from(at_risk - disposed), share.1 * u128::from(at_risk));
            at_risk -= disposed + censored;
            #[expect(clippy::cast_precision_loss, reason = "rounded once")]
            shares.push(share.0 as f64 / share.1 as f64);
            if reached.is_none() && share.0 * 100 <= share.1 * u128::from(100 - hundredths) {
                reached = Some(day);
            }
        }
        let part = f64::from(hundredths) / 100.0;
        for z in [0.0, Z_95] {
            let quantile = survival.quantile(part, z).unwrap();
            prop_assert_eq!(quantile.days, reached, "{} of {:?}", part, survival);
            // The lower limit is reached no later, the upper one no earlier; without a doubt all are one.
            prop_assert!(quantile.lower.unwrap_or(i64::MAX) <= reached.unwrap_or(i64::MAX));
            prop_assert!(quantile.upper.unwrap_or(i64::MAX) >= reached.unwrap_or(i64::MAX));
            if z == 0.0 {
                prop_assert_eq!((quantile.lower, quantile.upper), (reached, reached));
            }
        }
        let curve = survival.curve(Z_95).unwrap();
        prop_assert_eq!(curve.len(), shares.len());
        for (still, exact) in curve.iter().zip(shares) {
            prop_assert!((still.share - exact).abs() < 1e-12);
            prop_assert!(still.lower <= still.share && still.share <= still.upper, "{still:?}");
        }
    }
}

/// Of 1 to n days the k-th has k of n behind it, whatever n is: a quantile that comes a day late is seen here.
#[test]
fn quantiles_of_one_to_n_are_on_the_day() {
    for n in 1..=400_i64 {
        let mut survival = Survival::new(&terms(AgeRule::Calendar));
        (1..=n).for_each(|days| survival.dispose(days, 1));
        for (part, hundredths) in [(0.1, 10), (0.25, 25), (0.5, 50), (0.75, 75), (0.9, 90), (0.99, 99)] {
            let expected = (n * hundredths + 99) / 100;
            assert_eq!(survival.quantile(part, Z_95).unwrap().days, Some(expected), "{part} of 1 to {n}");
        }
        assert_eq!(survival.quantile(1.0, Z_95).unwrap().days, Some(n));
        assert_eq!(survival.quantile(0.0, Z_95).unwrap().days, Some(1));
    }
    // Of each of which floats say a day more.
    let median = |n: i64, part| {
        let mut survival = Survival::new(&terms(AgeRule::Calendar));
        (1..=n).for_each(|days| survival.dispose(days, 1));
        survival.quantile(part, Z_95).unwrap().days.unwrap()
    };
    assert_eq!([median(24, 0.5), median(28, 0.5), median(30, 0.5), median(10, 0.9)], [12, 14, 15, 9]);
}

/// What is no part of the cases and no point of a confidence is refused, and never NaN.
#[test]
fn points_that_cannot_be_are_refused() {
    let mut survival = Survival::new(&terms(AgeRule::Calendar));
    survival.dispose(3, 1);
    survival.dispose(4, 0);
    for z in [f64::NAN, -1.0, f64::INFINITY] {
        assert_eq!(survival.curve(z), Err(NoSuchPoint::Confidence));
        assert_eq!(survival.quantile(0.5, z), Err(NoSuchPoint::Confidence));
    }
    for part in [f64::NAN, -0.1, 1.1, f64::INFINITY] {
        assert_eq!(survival.quantile(part, Z_95), Err(NoSuchPoint::Part));
    }
    let curve = survival.curve(Z_95).unwrap();
    assert_eq!(curve, [Still { days: 3, share: 0.0, lower: 0.0, upper: 0.0 }], "of nobody nothing is said");
}

/// Estimates, limits and quantiles of synthetic cases equal those of lifelines.
#[test]
fn survival_equals_lifelines() {
    let golden: serde_json::Value =
        serde_json::from_str(include_str!("../../testdata/measure/kaplan_meier.json")).unwrap();
    let list = |of: &serde_json::Value| of.as_array().unwrap().clone();
    for set in list(&golden["sets"]) {
        let mut survival = Survival::new(&terms(AgeRule::Calendar));
        for pair in list(&set["disposed"]) {
            survival.dispose(pair[0].as_i64().unwrap(), pair[1].as_u64().unwrap());
        }
        for pair in list(&set["censored"]) {
            survival.censor(pair[0].as_i64().unwrap(), pair[1].as_u64().unwrap());
        }
        let (curve, theirs) = (survival.curve(Z_95).unwrap(), list(&set["curve"]));
        assert_eq!(curve.len(), theirs.len());
        for (still, row) in curve.iter().zip(theirs) {
            assert_eq!(row[0].as_i64(), Some(still.days));
            for (ours, theirs) in [(still.share, &row[1]), (still.lower, &row[2]), (still.upper, &row[3])] {
                assert!((ours - theirs.as_f64().unwrap()).abs() < 1e-9, "{still:?} {row}");
            }
        }
        for (part, row) in set["quantiles"].as_object().unwrap() {
            let reached = survival.quantile(part.parse().unwrap(), Z_95).unwrap();
            #[expect(clippy::cast_possible_truncation, reason = "whole days")]
            let days = |at: usize| row[at].as_f64().map(|days| days as i64);
            assert_eq!((reached.days, reached.lower, reached.upper), (days(0), days(1), days(2)), "{part}");
        }
    }
}

/// More cases than one length can have are still cases: no figure is NaN, and none is below nothing.
#[test]
fn no_number_of_cases_is_too_many_for_a_curve() {
    let mut survival = Survival::new(&terms(AgeRule::Calendar));
    survival.dispose(1, u64::MAX);
    survival.dispose(2, 5);
    survival.censor(3, u64::MAX);
    survival.dispose(3, u64::MAX);
    let curve = survival.curve(Z_95).unwrap();
    assert_eq!(curve.len(), 3);
    for Still { days, share, lower, upper } in curve {
        assert!(
            (0.0..=1.0).contains(&share) && lower <= share && share <= upper,
            "{days}: {share} {lower} {upper}"
        );
    }
    // A third took a day, a third three days; of the rest nobody knows.
    let reached = |part| survival.quantile(part, Z_95).unwrap().days;
    assert_eq!((reached(0.3), reached(0.6), reached(0.7)), (Some(1), Some(3), None));
    let mut alone = Survival::new(&terms(AgeRule::Calendar));
    alone.dispose(1, u64::MAX);
    alone.dispose(2, 5);
    let curve = alone.curve(Z_95).unwrap();
    assert!(curve[0].share > 0.0 && curve[0].share < 1e-18, "{}", curve[0].share);
    assert_eq!(curve[1].share.to_bits(), 0.0_f64.to_bits());
    assert_eq!(alone.quantile(1.0, Z_95).unwrap().days, Some(2));
}
