//! The second look: what is drawn, what points at closings, what the looks tell.

use crate::desk_support::{Unscoped as _, at, citizen, desks, lodge, officer, person, take};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use grievance_core::Rulebook;
use grievance_core::grievance::event::What;
use grievance_core::grievance::payload::{AppealDecided, Lodged};
use grievance_core::kernel::id::{GrievanceId, PersonId};
use grievance_core::kernel::text::Digest;
use grievance_core::kernel::time::day_of;
use grievance_core::measure::cases::tally::DoesNotFit;
use grievance_core::measure::quality::{Closings, Disposal, Drawn, Quality, Sample, Stratum, Suspected};
use grievance_core::rulebook::document::VerificationEntry;
use grievance_core::vocabulary::{Outcome, Suspicion, VerificationFinding};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const DAY: &str = "2026-04-05";

fn case(n: u128) -> GrievanceId {
    GrievanceId::from_uuid(uuid::Uuid::from_u128(n))
}

fn begun() -> DateTime<Utc> {
    at("2026-03-02T00:00:00Z")
}

fn day() -> NaiveDate {
    DAY.parse().unwrap()
}

/// A closing: of the office, reason and officer of these numbers, after so many hours.
fn closing(n: u128, (unit, reason, officer): (u8, u8, u8), hours: i64) -> Disposal {
    let officer = (officer > 0).then(|| person(officer.into()));
    Disposal {
        case: case(n),
        version: 3,
        at: begun() + TimeDelta::hours(hours),
        unit: format!("unit-{unit}").parse().unwrap(),
        reason: (reason > 0).then(|| format!("reason-{reason}").parse().unwrap()),
        class: None,
        officer,
        closed_by: officer,
        due: None,
        unreachable: false,
        attempts: 0,
        remarks: None,
        reopened: false,
        looks: Vec::new(),
    }
}

prop_compose! {
    fn any_closing()(
        of in (0_u8..3, 0_u8..3, 0_u8..3),
        hours in 0_i64..72,
        due in proptest::option::of(-6_i64..30),
        (unreachable, reopened) in any::<(bool, bool)>(),
        attempts in 0_u32..5,
    ) -> Disposal {
        let plain = closing(0, of, hours);
        let due = due.map(|later| (plain.at + TimeDelta::hours(later), plain.at));
        Disposal { due, unreachable, reopened, attempts, ..plain }
    }
}

fn closings(most: usize) -> impl Strategy<Value = Vec<Disposal>> {
    prop::collection::vec(any_closing(), 0..most).prop_map(|mut all| {
        (1..).zip(&mut all).for_each(|(n, disposal)| disposal.case = case(n));
        all
    })
}

fn asked() -> impl Strategy<Value = VerificationEntry> {
    (0_u32..=100, 0_u32..=100, 0_u32..4).prop_map(|(one, other, at_least)| VerificationEntry {
        percent: one.min(other),
        suspicious_percent: one.max(other),
        at_least,
    })
}

fn seed(n: u64) -> Digest {
    Digest::of(&[b"dice", &n.to_be_bytes()])
}

/// Something that points at the cases of these numbers.
fn pointing(cases: impl IntoIterator<Item = GrievanceId>) -> Vec<Suspected> {
    vec![Suspected {
        what: Suspicion::SameRemarks,
        unit: "unit-0".parse().unwrap(),
        officer: None,
        count: 1,
        out_of: 1,
        cases: cases.into_iter().collect(),
    }]
}

type Key = (String, Option<String>, Option<PersonId>);

fn key(disposal: &Disposal) -> Key {
    (disposal.unit.to_string(), disposal.reason.as_ref().map(ToString::to_string), disposal.officer)
}

fn key_of(stratum: &Stratum) -> Key {
    (stratum.unit.to_string(), stratum.reason.as_ref().map(ToString::to_string), stratum.officer)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// Every stratum is there, and of each as many are drawn as the rulebook says, told naively.
    #[test]
    fn of_each_stratum_as_many_are_drawn_as_asked(
        disposals in closings(60), asked in asked(), points in 0_usize..4, n in any::<u64>(),
    ) {
        let pointed: BTreeSet<_> = disposals.iter().take(points).map(|disposal| disposal.case).collect();
        let sample = Sample::draw(&disposals, &pointing(pointed.clone()), &asked, day(), seed(n));
        let mut naive: BTreeMap<Key, Vec<GrievanceId>> = BTreeMap::new();
        for disposal in disposals.iter().filter(|disposal| !disposal.reopened) {
            naive.entry(key(disposal)).or_default().push(disposal.case);
        }
        prop_assert_eq!(
            sample.strata.iter().map(key_of).collect::<Vec<_>>(),
            naive.keys().cloned().collect::<Vec<_>>()
        );
        for (place, stratum) in sample.strata.iter().enumerate() {
            let there = &naive[&key_of(stratum)];
            let suspicious = there.iter().any(|case| pointed.contains(case));
            let percent = if suspicious { asked.suspicious_percent } else { asked.percent } as usize;
            let share = (0..=there.len()).find(|share| share * 100 >= there.len() * percent).unwrap();
            let count = share.max(asked.at_least as usize).min(there.len());
            let drawn: Vec<_> =
                sample.drawn.iter().filter(|drawn| drawn.stratum == place).map(|drawn| drawn.case).collect();
            prop_assert_eq!(stratum.suspicious, suspicious);
            prop_assert_eq!((stratum.disposals, stratum.drawn), (there.len() as u64, count as u64));
            prop_assert_eq!(drawn.len(), count);
            prop_assert!(drawn.iter().all(|case| there.contains(case)));
            prop_assert_eq!(drawn.iter().collect::<BTreeSet<_>>().len(), count, "each once");
        }
    }

    /// The order in which closings come decides nothing, and who asks for more gets more of the same.
    #[test]
    fn shards_of_closings_are_drawn_and_suspected_as_the_whole(
        disposals in closings(80),
        words in prop::collection::vec(0_u8..4, 80),
        shards in prop::collection::vec(0_usize..7, 80),
        looks in prop::collection::vec(0_u8..4, 80),
        seed_of in any::<u64>(),
    ) {
        let mut disposals = disposals;
        for (disposal, look) in disposals.iter_mut().zip(&looks) {
            disposal.looks = [None, Some(VerificationFinding::Confirmed), Some(VerificationFinding::Deficient)]
                .get(usize::from(*look))
                .copied()
                .flatten()
                .map(|finding| (finding, Some(day())))
                .into_iter()
                .collect();
        }
        let said = |disposal: &Disposal| {
            let place = disposals.iter().position(|own| own.case == disposal.case).unwrap();
            (words[place] > 0).then(|| Digest::of(&[&[words[place]]]))
        };
        let until = begun() + TimeDelta::hours(60);
        let within: Vec<Disposal> = disposals.iter().filter(|it| it.at <= until).cloned().collect();
        let mut merged = Closings::new(None, until);
        for shard in [3, 0, 6, 1, 5, 2, 4] {
            let mut part = Closings::new(None, until);
            for (disposal, _) in disposals.iter().zip(&shards).filter(|(_, of)| **of == shard) {
                part.add(disposal.clone(), said(disposal));
            }
            let stored: Closings = serde_json::from_str(&serde_json::to_string(&part).unwrap()).unwrap();
            prop_assert_eq!(&stored, &part);
            merged.merge(&stored).unwrap();
            // A case that was read twice is there once.
            merged.merge(&stored).unwrap();
        }
        let rulebook = rulebook();
        prop_assert_eq!(merged.len(), within.len());
        let suspected = Suspected::all(&within, &rulebook, &said);
        prop_assert_eq!(merged.suspected(&rulebook), suspected.clone());
        let sample = Sample::draw(&within, &suspected, rulebook.verification(), day(), seed(seed_of));
        prop_assert_eq!(merged.draw(&rulebook, day(), seed(seed_of)), sample.clone());
        let quality = Quality::of(&sample, &within);
        prop_assert_eq!(merged.quality(&sample), quality.clone());
        // What an index takes of it: of each office its own strata.
        let by_unit = quality.by_unit(&sample);
        let looked: u64 = by_unit.values().map(grievance_core::measure::index::Looks::looked).sum();
        let sound: u64 = by_unit.values().map(grievance_core::measure::index::Looks::sound).sum();
        prop_assert_eq!((looked, sound), (quality.looked.answered(), quality.looked.confirmed));
    }

    #[test]
    fn a_draw_is_repeated_by_whoever_has_the_seed(
        disposals in closings(60), asked in asked(), more in 0_u32..50, n in any::<u64>(),
    ) {
        let draw = |disposals: &[Disposal], asked: &VerificationEntry| {
            Sample::draw(disposals, &[], asked, day(), seed(n))
        };
        let sample = draw(&disposals, &asked);
        let turned: Vec<_> = disposals.iter().rev().cloned().collect();
        prop_assert_eq!(&draw(&turned, &asked), &sample);
        let percent = (asked.percent + more).min(100);
        let bigger = draw(&disposals, &VerificationEntry { percent, ..asked });
        let has: BTreeSet<Drawn> = bigger.drawn.into_iter().collect();
        prop_assert!(sample.drawn.iter().all(|drawn| has.contains(drawn)));
    }

    /// Where everything is looked at, the estimate is the truth, and nothing is left to luck.
    #[test]
    fn looking_at_everything_tells_the_truth(
        disposals in closings(60), found in prop::collection::vec(0_u8..3, 60), n in any::<u64>(),
    ) {
        let all = VerificationEntry { percent: 100, suspicious_percent: 100, at_least: 0 };
        let sample = Sample::draw(&disposals, &[], &all, day(), seed(n));
        let looked: Vec<Disposal> = disposals
            .iter()
            .zip(&found)
            .map(|(disposal, found)| {
                let finding = [VerificationFinding::Confirmed, VerificationFinding::Deficient][usize::from(*found % 2)];
                Disposal { looks: vec![(finding, Some(day()))], ..disposal.clone() }
            })
            .collect();
        let quality = Quality::of(&sample, &looked);
        let standing: Vec<_> = looked.iter().filter(|disposal| !disposal.reopened).collect();
        let bad = standing
            .iter()
            .filter(|it| it.looks.last().is_some_and(|(finding, _)| *finding == VerificationFinding::Deficient))
            .count();
        prop_assert_eq!(quality.covered, standing.len() as u64);
        prop_assert_eq!(quality.not_covered, 0);
        prop_assert_eq!(quality.looked.deficient, bad as u64);
        if standing.is_empty() {
            prop_assert_eq!((quality.deficient, quality.standard_error), (None, None));
        } else {
            let [bad, all] = [bad, standing.len()].map(|n| f64::from(u32::try_from(n).unwrap()));
            let truth = bad / all;
            prop_assert!((quality.deficient.unwrap() - truth).abs() < 1e-12);
            prop_assert_eq!(quality.standard_error, Some(0.0));
        }
    }

    /// Each suspicion against a count of every closing with every other.
    #[test]
    fn suspicions_are_what_a_naive_count_finds(disposals in closings(80), words in prop::collection::vec(0_u8..4, 80)) {
        let rulebook = rulebook();
        let said = |disposal: &Disposal| {
            let place = disposals.iter().position(|other| other.case == disposal.case).unwrap();
            (words[place] > 0).then(|| Digest::of(&[&[words[place]]]))
        };
        let found = Suspected::all(&disposals, &rulebook, &said);
        let naive = naive_suspicions(&disposals, &rulebook, &said);
        let told: BTreeSet<_> = found
            .iter()
            .map(|it| (it.what, it.unit.to_string(), it.officer, it.count, it.out_of, it.cases.clone()))
            .collect();
        prop_assert_eq!(told.len(), found.len(), "each once");
        prop_assert_eq!(told, naive);
        prop_assert!(found.is_sorted_by_key(|it| (it.what, it.unit.clone(), it.officer)));
    }
}

fn rulebook() -> Rulebook {
    let text = "extends = \"city-311\"\nname = \"Test town\"\nzone = \"Asia/Kolkata\"\n[suspicion]\nbulk_in_a_day = 4\nsame_remarks = 3\nat_least = 5\nbefore_due_percent = 30\nreopened_percent = 50\n";
    Rulebook::from_toml(text).unwrap()
}

type Naive = BTreeSet<(Suspicion, String, Option<PersonId>, u64, u64, Vec<GrievanceId>)>;

fn naive_suspicions(
    disposals: &[Disposal],
    rulebook: &Rulebook,
    said: &dyn Fn(&Disposal) -> Option<Digest>,
) -> Naive {
    let mut found = Naive::new();
    let mut tell = |what, one: &Disposal, officer: Option<PersonId>, of: Vec<&Disposal>, out_of: usize| {
        let mut cases: Vec<_> = of.iter().map(|it| it.case).collect();
        cases.sort();
        found.insert((what, one.unit.to_string(), officer, of.len() as u64, out_of as u64, cases));
    };
    for one in disposals {
        let office = || disposals.iter().filter(|it| it.unit == one.unit);
        if let Some(by) = one.closed_by {
            let day = |it: &Disposal| day_of(it.at, rulebook.zone());
            let same: Vec<_> =
                office().filter(|it| it.closed_by == Some(by) && day(it) == day(one)).collect();
            if same.len() >= 4 {
                tell(
                    Suspicion::BulkClosing,
                    one,
                    Some(by),
                    same,
                    office().filter(|it| it.closed_by == Some(by)).count(),
                );
            }
        }
        if let (Some(by), Some(words)) = (one.officer, said(one)) {
            let same: Vec<_> =
                office().filter(|it| it.officer == Some(by) && said(it) == Some(words)).collect();
            if same.len() >= 3 {
                tell(
                    Suspicion::SameRemarks,
                    one,
                    Some(by),
                    same,
                    office().filter(|it| it.officer == Some(by)).count(),
                );
            }
        }
        let due = office().filter(|it| it.due.is_some()).count();
        let late: Vec<_> = office()
            .filter(|it| {
                it.due.is_some_and(|(due, met)| (0..=4 * 3_600).contains(&(due - met).num_seconds()))
            })
            .collect();
        if due >= 5 && !late.is_empty() && late.len() * 10 >= due * 3 {
            tell(Suspicion::JustBeforeDue, one, None, late, due);
        }
        let without: Vec<_> = office().filter(|it| it.unreachable && it.attempts < 3).collect();
        if !without.is_empty() {
            let said = office().filter(|it| it.unreachable).count();
            tell(Suspicion::UnreachableWithoutAttempts, one, None, without, said);
        }
        let again: Vec<_> = office().filter(|it| it.reopened).collect();
        if office().count() >= 5 && !again.is_empty() && again.len() * 2 >= office().count() {
            tell(Suspicion::OftenReopened, one, None, again, office().count());
        }
    }
    found
}

/// Over many draws the estimate lies around the truth as wide as its standard error says, though one
/// of the offices is drawn from five times as densely.
#[test]
fn the_estimate_lies_around_the_truth_as_its_error_says() {
    // A big office with one bad closing in ten, a small and suspicious one with every second bad.
    let mut disposals: Vec<Disposal> = (0..400).map(|n| closing(n, (1, 1, 1), 1)).collect();
    disposals.extend((400..480).map(|n| closing(n, (2, 1, 2), 1)));
    for (n, disposal) in disposals.iter_mut().enumerate() {
        let bad = if n < 400 { n % 10 == 0 } else { n % 2 == 0 };
        let finding = if bad { VerificationFinding::Deficient } else { VerificationFinding::Confirmed };
        disposal.looks = vec![(finding, Some(day()))];
    }
    let truth = 80.0 / 480.0;
    let asked = VerificationEntry { percent: 10, suspicious_percent: 50, at_least: 1 };
    let suspected = pointing([case(400)]);
    let draws = 2_000_u32;
    let (mut sum, mut squares, mut variances) = (0.0, 0.0, 0.0);
    for n in 0..draws {
        let sample = Sample::draw(&disposals, &suspected, &asked, day(), seed(n.into()));
        assert_eq!(sample.drawn.len(), 80);
        let quality = Quality::of(&sample, &disposals);
        let (share, error) = (quality.deficient.unwrap(), quality.standard_error.unwrap());
        sum += share;
        squares += (share - truth).powi(2);
        variances += error.powi(2);
    }
    let (mean, variance, said) =
        (sum / f64::from(draws), squares / f64::from(draws), variances / f64::from(draws));
    assert!((mean - truth).abs() < 0.003, "{mean} of {truth}");
    assert!((variance / said - 1.0).abs() < 0.1, "{variance} against {said}");
}

/// Only looks for this sample count; what is not answered is said, and nothing is made of nothing.
#[test]
fn looks_of_another_day_and_open_questions_count_for_nothing() {
    let disposals: Vec<Disposal> =
        (0..6).map(|n| closing(n, (u8::try_from(n / 3).unwrap(), 1, 1), 1)).collect();
    let all = VerificationEntry { percent: 100, suspicious_percent: 100, at_least: 0 };
    let sample = Sample::draw(&disposals, &[], &all, day(), seed(1));
    let nothing = Quality::of(&sample, &disposals);
    assert_eq!((nothing.deficient, nothing.standard_error, nothing.adjusted(6)), (None, None, None));
    assert_eq!((nothing.covered, nothing.not_covered, nothing.looked.waiting), (0, 6, 6));

    let other_day = "2026-03-05".parse().unwrap();
    let looks = [
        // A look for another reason does not undo the sample's, another one for the sample does.
        vec![
            (VerificationFinding::Confirmed, Some(day())),
            (VerificationFinding::Deficient, Some(day())),
            (VerificationFinding::Confirmed, None),
        ],
        vec![(VerificationFinding::NotVerifiable, Some(day()))],
        vec![(VerificationFinding::Confirmed, Some(other_day))],
        vec![(VerificationFinding::Confirmed, None)],
        vec![(VerificationFinding::NotVerifiable, Some(day()))],
        Vec::new(),
    ];
    let looked: Vec<Disposal> =
        disposals.into_iter().zip(looks).map(|(disposal, looks)| Disposal { looks, ..disposal }).collect();
    let quality = Quality::of(&sample, &looked);
    assert_eq!((quality.looked.confirmed, quality.looked.deficient), (0, 1));
    assert_eq!((quality.looked.not_verifiable, quality.looked.waiting), (2, 3));
    assert_eq!((quality.covered, quality.not_covered), (3, 3), "the second office has no answer at all");
    assert_eq!(
        (quality.deficient, quality.standard_error),
        (Some(1.0), None),
        "of one answer nobody can tell"
    );
    assert_eq!(quality.adjusted(6), Some(0.0));
}

const DISPOSE: &str = r#"{"action":"dispose","remarks":"Filled.","reason":"benefit_provided","evidence":{"date":"2026-03-03","reference":"1"}}"#;

/// A history tells each closing: who reported, who closed, whether it stood, what was found.
#[test]
fn closings_are_read_off_the_history() {
    for (name, desk) in desks() {
        let case = lodge(&desk, "pothole", "2026-03-02T09:00:00Z").case;
        let works = officer("hod", "works");
        let clerk = officer("cell_officer", "desk");
        take(&desk, &works, "2026-03-03T07:00:00Z", case, r#"{"action":"acknowledge"}"#);
        take(&desk, &works, "2026-03-03T08:00:00Z", case, r#"{"action":"report_action","report":"Filled."}"#);
        take(&desk, &clerk, "2026-03-03T09:00:00Z", case, DISPOSE);
        take(&desk, &clerk, "2026-03-03T09:30:00Z", case, r#"{"action":"rescind","remarks":"Too early."}"#);
        assert_eq!(Disposal::all_of(&desk.history(case).unwrap()), [], "{name}: what is undone was none");
        take(&desk, &clerk, "2026-03-04T09:00:00Z", case, DISPOSE);
        let verify =
            format!(r#"{{"action":"verify","finding":"deficient","remarks":"No.","sample":"{DAY}"}}"#);
        take(&desk, &officer("auditor", "desk"), "2026-04-05T10:00:00Z", case, &verify);
        let disposals = Disposal::all_of(&desk.history(case).unwrap());
        let [only] = &disposals[..] else { panic!("{name}: {disposals:?}") };
        assert_eq!((only.officer, only.closed_by), (Some(works.person), Some(clerk.person)), "{name}");
        assert_eq!(only.looks, [(VerificationFinding::Deficient, Some(day()))], "{name}");
        assert_eq!(
            only.due.map(|(_, met)| met),
            Some(at("2026-03-03T08:00:00Z")),
            "{name}: the report met it"
        );
        assert!(only.stands() && !only.unreachable, "{name}");

        let again = lodge(&desk, "pothole", "2026-03-02T09:00:00Z").case;
        take(&desk, &works, "2026-03-03T09:00:00Z", again, DISPOSE);
        take(
            &desk,
            &citizen(),
            "2026-03-04T09:00:00Z",
            again,
            r#"{"action":"reopen","remarks":"It is back."}"#,
        );
        take(&desk, &works, "2026-03-05T09:00:00Z", again, DISPOSE);
        let stood: Vec<bool> =
            Disposal::all_of(&desk.history(again).unwrap()).iter().map(Disposal::stands).collect();
        assert_eq!(stood, [false, true], "{name}");

        // An appeal that is allowed overturns it too; one that is dismissed does not.
        let history = desk.history(case).unwrap();
        let What::Lodged(lodged) = history[0].event.what.clone() else { panic!("{name}: lodged first") };
        for (outcome, stands) in [(Outcome::Allowed, false), (Outcome::Dismissed, true)] {
            let mut decided = history.last().unwrap().clone();
            decided.version += 1;
            decided.event.what = What::AppealDecided(AppealDecided { outcome, remarks: lodged.narrative });
            let stood: Vec<bool> = Disposal::all_of(&[history.clone(), vec![decided]].concat())
                .iter()
                .map(Disposal::stands)
                .collect();
            assert_eq!(stood, [stands], "{name}: {outcome:?}");
        }
        // A sealed case tells nobody of its closing.
        let mut sealed = history.clone();
        sealed[0].event.what =
            What::Lodged(Box::new(Lodged { sealed: Some("pothole".parse().unwrap()), ..*lodged }));
        assert_eq!(Disposal::all_of(&sealed), [], "{name}");
    }
}

/// Closings of another time, or of a case that was read earlier, do not merge; what cannot be is no part.
#[test]
fn other_closings_are_refused() {
    let part = |until: DateTime<Utc>, of: &[Disposal]| {
        let mut part = Closings::new(None, until);
        for disposal in of {
            part.add(disposal.clone(), None);
        }
        part
    };
    let until = begun() + TimeDelta::days(7);
    let plain = Disposal { due: Some((until, begun())), ..closing(1, (1, 1, 1), 5) };
    let mut own = part(until, std::slice::from_ref(&plain));
    let before = own.clone();
    let later = Disposal { reopened: true, ..plain.clone() };
    assert_eq!(own.merge(&part(until, &[later])), Err(DoesNotFit::Terms));
    assert_eq!(own.merge(&part(until + TimeDelta::hours(1), &[])), Err(DoesNotFit::Terms));
    assert_eq!(own, before);
    assert!(part(begun(), &[plain]).is_empty(), "it was closed after the time");
    let text = serde_json::to_string(&own).unwrap();
    assert!(serde_json::from_str::<Closings>(&text).is_ok());
    let met = format!("\"met_at\":{}", begun().timestamp_millis());
    let closed = format!("\"at\":{}", (begun() + TimeDelta::hours(5)).timestamp_millis());
    let late = format!("\"at\":{}", until.timestamp_millis() + 1);
    for (from, to) in [
        (met.as_str(), "\"met_at\":null"),
        (closed.as_str(), late.as_str()),
        ("\"attempts\":0", "\"more\":0"),
    ] {
        assert!(text.contains(from), "{from} in {text}");
        assert!(serde_json::from_str::<Closings>(&text.replacen(from, to, 1)).is_err(), "{from}");
    }
}
