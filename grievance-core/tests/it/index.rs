//! Disposal indexes: laws, and the same from Rust and from Python.

use grievance_core::kernel::code::UnitCode;
use grievance_core::measure::index::{
    Answered, Band, Better, Board, Correction, Counts, Definition, Graded, Group, Groups, Looks, Missing,
    Normaliser, Rounding, RoundingMode, Standing, Take, Term, Unverified, WhenEmpty, shipped,
};
use grievance_core::vocabulary::Quantity;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use std::collections::BTreeMap;
use std::io::Write as _;

pub(crate) fn day() -> chrono::NaiveDate {
    "2026-04-01".parse().unwrap()
}

pub(crate) fn unit(n: usize) -> UnitCode {
    UnitCode::new(&format!("u{n:02}")).unwrap()
}

pub(crate) fn counts(counts: &[(Quantity, u64)]) -> Counts {
    counts.iter().copied().collect()
}

pub(crate) fn named(code: &str) -> Definition {
    shipped().into_iter().find(|one| one.code == code).unwrap()
}

pub(crate) fn board(definition: &Definition, offices: &[Counts]) -> Board {
    let offices = offices.iter().enumerate().map(|(n, counts)| (unit(n), counts.clone()));
    Board::of(definition, offices, day(), None).unwrap()
}

fn quantity() -> impl Strategy<Value = Quantity> {
    prop::sample::select(Quantity::ALL)
}

fn normaliser(better: Better) -> impl Strategy<Value = Normaliser> {
    let target = (-50_i32..50, 1_i32..50).prop_map(move |(from, by)| {
        let (low, high) = (f64::from(from) / 10.0, f64::from(from + by) / 10.0);
        match better {
            Better::Higher => Normaliser::Target { worst: low, best: high },
            Better::Lower => Normaliser::Target { worst: high, best: low },
        }
    });
    let bands = prop::collection::vec((1_u32..20, 0_u32..=10), 0..4).prop_map(|steps| {
        let mut limit = 0.0;
        let mut bands: Vec<Band> = steps
            .into_iter()
            .map(|(by, score)| {
                limit += f64::from(by) / 4.0;
                Band { up_to: Some(limit), score: f64::from(score) / 10.0, label: "b".to_owned() }
            })
            .collect();
        bands.push(Band { up_to: None, score: 0.3, label: "rest".to_owned() });
        Normaliser::Bands(bands)
    });
    prop_oneof![Just(Normaliser::MinMax), target, bands]
}

fn term() -> impl Strategy<Value = (Term, u32)> {
    let better = prop_oneof![Just(Better::Higher), Just(Better::Lower)];
    let when_empty = prop_oneof![Just(WhenEmpty::NoData), Just(WhenEmpty::Worst), Just(WhenEmpty::Best)];
    let how = better.prop_flat_map(|better| (Just(better), normaliser(better)));
    let take = prop::sample::select(vec![Take::Estimate, Take::Low, Take::High]);
    let unverified = prop::sample::select(vec![Unverified::NoData, Unverified::AsCounted, Unverified::Worst]);
    let correction = (take, unverified, 1_u64..6).prop_map(|(take, unverified, at_least)| Correction {
        take,
        unverified,
        at_least,
    });
    let corrected = prop::option::weighted(0.4, correction);
    (quantity(), prop::option::weighted(0.8, quantity()), how, when_empty, (0_u32..10, corrected)).prop_map(
        |(count, of, (better, normalise), when_empty, (weight, corrected))| {
            let term = Term {
                code: String::new(),
                name: "A term".to_owned(),
                count,
                of,
                better,
                normalise,
                weight: 0.0,
                when_empty,
                corrected: corrected.filter(|_| better == Better::Higher),
            };
            (term, weight)
        },
    )
}

/// A term of which chance can be told.
fn one_share() -> impl Strategy<Value = Vec<(Term, u32)>> {
    let pair = prop::sample::select(vec![
        (Quantity::DisposedOnTime, Quantity::DisposedWithTarget),
        (Quantity::PendingOverdue, Quantity::Pending),
        (Quantity::VerifiedSound, Quantity::Verified),
    ]);
    (term(), pair).prop_map(|((term, _), (count, of))| vec![(Term { count, of: Some(of), ..term }, 1)])
}

/// What second looks found at some of the offices.
fn looks() -> impl Strategy<Value = BTreeMap<UnitCode, Looks>> {
    let stratum = (0_u64..9, 0_u64..9, 0_u64..9).prop_map(|(sound, more, others)| Answered {
        closings: sound + more + others,
        looked: sound + more,
        sound,
    });
    let office = prop::option::of(prop::collection::vec(stratum, 0..4));
    prop::collection::vec(office, 0..8).prop_map(|offices| {
        let some = offices
            .into_iter()
            .enumerate()
            .filter_map(|(n, strata)| Some((unit(n), Looks::new(strata?).ok()?)));
        some.collect()
    })
}

fn definition() -> impl Strategy<Value = Definition> {
    let mode =
        prop_oneof![Just(RoundingMode::HalfEven), Just(RoundingMode::HalfUp), Just(RoundingMode::Down)];
    let missing = prop_oneof![Just(Missing::NoScore), Just(Missing::LeaveOut)];
    let groups = prop::option::of((quantity(), prop::collection::btree_set(1_u64..40, 0..3)));
    let fewest = prop::option::of(0_u64..60);
    let terms = prop_oneof![4 => prop::collection::vec(term(), 1..6), 1 => one_share()];
    (terms, 0_u32..6, mode, missing, (groups, fewest)).prop_map(
        |(terms, decimals, mode, missing, (groups, fewest))| {
            let all: u32 = terms.iter().map(|(_, weight)| weight).sum();
            let mut terms: Vec<Term> = terms
                .into_iter()
                .enumerate()
                .map(|(n, (term, weight))| Term {
                    code: format!("t{n}"),
                    weight: if all == 0 { 0.0 } else { f64::from(weight) / f64::from(all) },
                    ..term
                })
                .collect();
            if all == 0 {
                terms[0].weight = 1.0;
            }
            let groups = groups.map(|(by, cuts)| Groups {
                by,
                groups: std::iter::once(0)
                    .chain(cuts)
                    .map(|from| Group { code: format!("from {from}"), from })
                    .collect(),
            });
            Definition {
                code: "drawn".to_owned(),
                name: "Drawn".to_owned(),
                source: "a test".to_owned(),
                scale: 100.0,
                rounding: Rounding { decimals, mode },
                missing,
                fewest,
                groups,
                terms,
            }
        },
    )
}

/// Small counts, so that offices tie and nothing is out of nothing often.
fn offices() -> impl Strategy<Value = Vec<Counts>> {
    let one = prop::collection::vec((quantity(), 0_u64..50), 0..30)
        .prop_map(|all| all.into_iter().collect::<std::collections::BTreeMap<_, _>>().into_iter().collect());
    prop::collection::vec(one, 0..12)
}

proptest! {
    /// Scores lie between nothing and full, never NaN; ranks are places among equals; what was left
    /// out weighs nothing and the rest weighs all.
    #[test]
    fn scores_and_ranks_make_sense(definition in definition(), offices in offices()) {
        let board = board(&definition, &offices);
        prop_assert_eq!(board.offices.len(), offices.len());
        for office in &board.offices {
            for term in &office.terms {
                prop_assert!(term.score.is_none_or(|score| (0.0..=1.0).contains(&score)), "{office:?}");
                prop_assert!(term.value.is_none_or(f64::is_finite), "{office:?}");
            }
            let is_placed = |it: &Graded| it.score.is_some() && it.standing != Some(Standing::TooFew);
            prop_assert_eq!(office.rank.is_some(), is_placed(office));
            prop_assert!(office.score.is_some() || office.standing.is_none());
            if let Some(score) = office.score {
                prop_assert!((0.0..=100.0).contains(&score), "{office:?}");
                let used: f64 = office.terms.iter().filter(|it| it.score.is_some()).map(|it| it.weight).sum();
                prop_assert!((used - 1.0).abs() < 1e-9, "{office:?}");
                let peers = board.offices.iter().filter(|it| it.group == office.group && is_placed(it));
                let better = u32::try_from(peers.filter(|it| it.score > Some(score)).count()).unwrap();
                prop_assert!(office.rank.is_none_or(|rank| rank == 1 + better), "{office:?}");
            }
        }
        // The order of the offices is nothing to it.
        let turned = offices.iter().enumerate().rev().map(|(n, counts)| (unit(n), counts.clone()));
        prop_assert_eq!(Board::of(&definition, turned, day(), None).unwrap(), board);
    }

    /// A definition goes through JSON and back, and stays what it is.
    #[test]
    fn a_definition_is_data(definition in definition()) {
        let json = serde_json::to_string(&definition).unwrap();
        prop_assert_eq!(Definition::from_json(&json), Ok(definition));
    }

    /// Better counts never make a score worse: one more disposed in time, all else equal.
    #[test]
    fn one_more_in_time_is_never_worse(on_time in 0_u64..40, more in 1_u64..40, late in 0_u64..40) {
        let of = on_time + more + late;
        let office = |on_time| counts(&[
            (Quantity::DisposedOnTime, on_time), (Quantity::DisposedWithTarget, of),
        ]);
        let index = named("timely_disposal");
        let score = |on_time| board(&index, &[office(on_time)]).offices[0].score.unwrap();
        prop_assert!(score(on_time) <= score(on_time + more));
    }

    /// A share that is rounded is one of the two decimals around it, and the nearer one unless it is cut.
    #[test]
    fn a_share_is_rounded_exactly(count in 0_u64..100_000, of in 1_u64..100_000, decimals in 0_u32..6) {
        let tens = 10_u128.pow(decimals);
        let exact = u128::from(count) * 100 * tens;
        let of_exact = u128::from(of);
        for mode in [RoundingMode::HalfEven, RoundingMode::HalfUp, RoundingMode::Down] {
            let shown = Rounding { decimals, mode }.share(count, of, 100).unwrap();
            #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let whole = (shown * tens as f64).round() as u128;
            // |whole − exact/of| times of, without leaving whole numbers.
            let off = (whole * of_exact).abs_diff(exact);
            match mode {
                RoundingMode::Down => prop_assert!(whole * of_exact <= exact && off < of_exact),
                _ => prop_assert!(off * 2 <= of_exact, "{whole} {exact} {of}"),
            }
        }
    }

    /// The score of a share is the share rounded as the page rounds it, whatever the counts.
    #[test]
    fn one_share_is_one_figure(count in 0_u64..3_000, late in 0_u64..3_000) {
        let of = count + late;
        let office = counts(&[(Quantity::DisposedOnTime, count), (Quantity::DisposedWithTarget, of)]);
        let score = board(&named("timely_disposal"), &[office]).offices[0].score;
        prop_assert_eq!(score, Rounding::PRINTED.share(count, of, 100));
    }
}

/// Ten thousand drawn indexes over drawn offices, beside a version in Python that was written from
/// the guide.
#[test]
fn python_says_the_same() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/measure/index.py");
    if !std::process::Command::new("python3").arg("--version").output().is_ok_and(|it| it.status.success()) {
        println!("there is no python3: the indexes in Python were not computed");
        return;
    }
    let mut runner = TestRunner::deterministic();
    let drawn: Vec<(Definition, Vec<Counts>, BTreeMap<UnitCode, Looks>)> = (0..10_000)
        .map(|_| (definition(), offices(), looks()).new_tree(&mut runner).unwrap().current())
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("drawn.jsonl");
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
    for (definition, offices, looks) in &drawn {
        let offices: Vec<_> = offices
            .iter()
            .enumerate()
            .map(|(n, counts)| {
                serde_json::json!({ "unit": unit(n), "counts": counts, "looks": looks.get(&unit(n)) })
            })
            .collect();
        writeln!(file, "{}", serde_json::json!({ "definition": definition, "offices": offices })).unwrap();
    }
    drop(file);
    let ran = std::process::Command::new("python3")
        .arg(script)
        .stdin(std::fs::File::open(&path).unwrap())
        .output()
        .unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let answers = String::from_utf8(ran.stdout).unwrap();
    assert_eq!(answers.lines().count(), drawn.len());
    let close = |ours: Option<f64>, theirs: &serde_json::Value| match ours {
        None => theirs.is_null(),
        Some(ours) => theirs.as_f64().is_some_and(|theirs| (ours - theirs).abs() <= 1e-12),
    };
    let mut corrected = 0;
    for ((definition, offices, looks), answer) in drawn.iter().zip(answers.lines()) {
        let theirs: Vec<serde_json::Value> = serde_json::from_str(answer).unwrap();
        let named = offices.iter().enumerate().map(|(n, counts)| (unit(n), counts.clone()));
        let mut ours: Vec<Graded> =
            Board::of_verified(definition, named, looks, day(), None).unwrap().offices;
        ours.sort_by(|a, b| a.unit.cmp(&b.unit));
        assert_eq!(ours.len(), theirs.len());
        for (ours, theirs) in ours.iter().zip(&theirs) {
            let scores = theirs["scores"].as_array().unwrap();
            let same = theirs["unit"] == ours.unit.as_str()
                && theirs["group"].as_str() == ours.group.as_deref()
                && theirs["rank"].as_u64() == ours.rank.map(u64::from)
                && ours.score == theirs["score"].as_f64()
                && theirs["standing"].as_str() == ours.standing.map(Standing::as_str)
                && ours.terms.iter().zip(scores).all(|(term, score)| close(term.score, score));
            assert!(same, "{ours:?}\n{theirs}\n{}", serde_json::to_string(definition).unwrap());
            let shares = theirs["shares"].as_array().unwrap();
            for (term, share) in ours.terms.iter().zip(shares) {
                let own = term.verified.as_ref();
                assert!(close(own.and_then(|it| it.share), &share[0]), "{ours:?}\n{theirs}");
                assert!(close(own.and_then(|it| it.low), &share[1]), "{ours:?}\n{theirs}");
                assert!(close(own.and_then(|it| it.high), &share[2]), "{ours:?}\n{theirs}");
                corrected += u32::from(own.is_some_and(|it| it.share.is_some() && it.taken != Some(1.0)));
            }
        }
    }
    assert!(corrected > 1_000, "terms were corrected: {corrected}");
}
