//! How long cases stay in stages and episodes: against the intervals between steps one by one.

use crate::desk_memory::moves;
use crate::measure_histories::{Case, at, fact, stands};
use crate::measure_laws::{history, rule};
use crate::measure_waiting::played;
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use grievance_core::grievance::event::{Position, Recorded, What};
use grievance_core::grievance::payload::AdoptedStep;
use grievance_core::grievance::state::EpisodeKind;
use grievance_core::kernel::code::StageCode;
use grievance_core::measure::as_of::{fact_as_of, grievance_as_of};
use grievance_core::measure::cases::row::{CaseRow, Ending};
use grievance_core::measure::cases::table::Cases;
use grievance_core::measure::cases::tally::DoesNotFit;
use grievance_core::measure::mis::{MisPart, Terms};
use grievance_core::measure::picked::Picked;
use grievance_core::measure::stay::{Span, Stay, Stays};
use grievance_core::vocabulary::{AgeRule, Phase};
use proptest::prelude::*;
use std::collections::BTreeMap;

const ZONE: chrono_tz::Tz = chrono_tz::Asia::Kolkata;

fn count<'a>(terms: &Terms, histories: impl IntoIterator<Item = &'a Vec<Recorded>>) -> Stays {
    let mut stays = Stays::new(terms);
    for history in histories {
        stays.add_history(history, terms).expect("they are its own terms");
    }
    stays
}

fn all(stays: &Stays, span: &Span) -> Option<Stay> {
    stays.of(&Picked::all(), span)
}

fn is_counted(history: &[Recorded], at: DateTime<Utc>) -> bool {
    grievance_as_of(history, at).is_some_and(|case| case.part_of.is_none() && case.sealed.is_none())
}

/// The steps before an instant, with where each left the case: the facts of an import, then what was
/// recorded.
fn steps(history: &[Recorded], until: DateTime<Utc>) -> Vec<(DateTime<Utc>, Position)> {
    let adopted = match &history[0].event.what {
        What::Adopted(adopted) => Some(adopted),
        _ => None,
    };
    let facts = adopted.iter().flat_map(|adopted| &adopted.facts);
    let own = history.iter().skip(usize::from(adopted.is_some()));
    let facts = facts.map(|fact| (fact.at, fact.led_to.clone()));
    let steps = facts.chain(own.map(|recorded| (recorded.at, recorded.event.led_to.clone())));
    steps.filter(|(at, _)| *at < until).collect()
}

/// Milliseconds in each stage and office, over and going on: each interval between two steps goes to
/// where the first of them left the case. Of a case with one import and nothing after, or none.
type Naive = BTreeMap<(String, String), (i128, i128)>;

fn naive(history: &[Recorded], until: DateTime<Utc>) -> Naive {
    let steps = steps(history, until);
    let mut sums = Naive::new();
    for (nth, (from, led_to)) in steps.iter().enumerate().filter(|(_, step)| step.1.phase.is_pending()) {
        let place = |to: &Position| (to.unit.as_str().to_owned(), to.stage.as_str().to_owned());
        // Whether it has left that place by then.
        let left = steps[nth..].iter().any(|(_, later)| place(later) != place(led_to));
        let to = steps.get(nth + 1).map_or(until, |next| next.0);
        let length = i128::from((to - *from).num_milliseconds());
        let (over, still) = sums.entry(place(led_to)).or_default();
        *if left { over } else { still } += length;
    }
    sums
}

fn summed(stays: &Stays) -> Naive {
    let mut sums = Naive::new();
    for (group, stay) in stays.groups() {
        if let Span::Stage(stage) = &group.span {
            let sum = sums.entry((group.unit.as_str().to_owned(), stage.as_str().to_owned())).or_default();
            sum.0 += stay.over.sum();
            sum.1 += stay.still.sum();
        }
    }
    sums
}

fn check(histories: &[Vec<Recorded>], day: NaiveDate) -> Result<(), TestCaseError> {
    let terms = Terms::new(day, ZONE, AgeRule::Elapsed);
    let stays = count(&terms, histories);
    let mut expected = Naive::new();
    let (mut open, mut received, mut later) = (0, 0, 0);
    let mut episodes: BTreeMap<EpisodeKind, i128> = BTreeMap::new();
    for history in histories.iter().filter(|history| is_counted(history, terms.at())) {
        for (place, (over, still)) in naive(history, terms.at()) {
            let sum = expected.entry(place).or_default();
            sum.0 += over;
            sum.1 += still;
        }
        let fact = fact_as_of(history, terms.at()).expect("it is counted");
        let case = grievance_as_of(history, terms.at()).expect("it is counted");
        let steps = steps(history, terms.at());
        for (nth, episode) in case.episodes.iter().enumerate() {
            let from = if nth == 0 { fact.received_at } else { episode.opened_at };
            let until = episode.closed_at.unwrap_or(terms.at());
            let closing = steps
                .iter()
                .rev()
                .find(|(at, led_to)| Some(*at) == episode.closed_at && !led_to.phase.is_pending());
            let counts = closing.is_none_or(|(_, led_to)| led_to.phase == Phase::Disposed);
            let length = i128::from((until - from).num_milliseconds());
            *episodes.entry(episode.began_as).or_default() += if counts { length } else { 0 };
        }
        received += 1;
        open += u64::from(fact.phase.is_pending());
        later += u64::from(fact.reopenings + fact.appeals);
    }
    prop_assert_eq!(summed(&stays), expected);
    for (kind, length) in episodes {
        let stay = all(&stays, &Span::Episode(kind));
        prop_assert_eq!(stay.map_or(0, |stay| stay.over.sum() + stay.still.sum()), length, "{:?}", kind);
    }
    let counted = |span: Span| all(&stays, &span).map_or(0, |stay| stay.count());
    prop_assert_eq!(counted(Span::Whole), received);
    prop_assert_eq!(counted(Span::Episode(EpisodeKind::Original)), received);
    let again = [EpisodeKind::Reopening, EpisodeKind::Appeal].map(|kind| counted(Span::Episode(kind)));
    prop_assert_eq!(again.iter().sum::<u64>(), later);
    prop_assert_eq!(all(&stays, &Span::Whole).map_or(0, |stay| stay.still.count()), open);

    // The whole is what the statement counts.
    let mut part = MisPart::new(terms);
    for history in histories {
        part.add_history(history);
    }
    let statement = part.finish(ToString::to_string).all;
    let whole = all(&stays, &Span::Whole);
    prop_assert_eq!(whole.as_ref().and_then(|stay| stay.over.days()), statement.disposal_days);
    prop_assert_eq!(whole.map_or(0, |stay| stay.otherwise.count()), statement.closed_otherwise);
    Ok(())
}

proptest! {
    /// Of imported cases: the stays of a stage are the intervals in it, on any day.
    #[test]
    fn stays_are_the_intervals_between_steps(
        histories in prop::collection::vec(history(), 0..6),
        day in 0..140_u64,
    ) {
        check(&histories, "2025-12-31".parse::<NaiveDate>().unwrap() + Days::new(day))?;
    }

    /// Parts of the cases, stored and read, merge in any order to the whole, by any rule.
    #[test]
    fn parts_merge_to_the_whole(
        histories in prop::collection::vec(history(), 0..10),
        shards in prop::collection::vec(0..4_usize, 10),
        rule in rule(),
        turned in any::<bool>(),
    ) {
        let terms = Terms::new("2026-02-20".parse().unwrap(), ZONE, rule);
        let mut parts: Vec<Stays> = (0..4)
            .map(|shard| count(&terms, histories.iter().zip(&shards).filter(|(_, own)| **own == shard).map(|(it, _)| it)))
            .map(|part| serde_json::from_str(&serde_json::to_string(&part).unwrap()).unwrap())
            .collect();
        if turned {
            parts.reverse();
        }
        let mut merged = Stays::new(&terms);
        for part in &parts {
            prop_assert_eq!(merged.merge(part), Ok(()));
        }
        prop_assert_eq!(merged, count(&terms, &histories));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Of cases that a desk recorded, with reopenings, appeals, mistakes taken back and parts.
    #[test]
    fn stays_of_recorded_cases_are_the_intervals(moves in moves(), day in 0..90_u64) {
        check(&played(&moves).1, "2026-03-01".parse::<NaiveDate>().unwrap() + Days::new(day))?;
    }
}

/// Lodged on the 2nd, sent on after two days, disposed two days later, opened again for three: by hand.
#[test]
fn a_case_by_hand() {
    let step = |day: &str, what, unit| fact(at(day), what, unit);
    let case = Case::new(1).adopted(
        at("2026-11-01"),
        vec![
            step("2026-03-02", AdoptedStep::Lodged, "works"),
            step("2026-03-04", AdoptedStep::Routed, "water"),
            step("2026-03-06", AdoptedStep::Disposed, "water"),
            step("2026-03-10", AdoptedStep::Reopened, "water"),
            step("2026-03-13", AdoptedStep::Disposed, "water"),
        ],
    );
    let terms = |day: &str| Terms::new(day.parse().unwrap(), chrono_tz::UTC, AgeRule::Calendar);
    let stays = count(&terms("2026-04-01"), [&case.history]);
    let lengths = |unit: &str, span: Span| -> Vec<(i64, u64)> {
        let found = stays.of(&Picked::units([unit]), &span);
        found.map(|stay| stay.over.lengths().collect()).unwrap_or_default()
    };
    let working = || Span::Stage(StageCode::new(stands(Phase::InProgress, "x").stage.as_str()).unwrap());
    assert_eq!(lengths("works", working()), [(2, 1)]);
    assert_eq!(lengths("water", working()), [(2, 1), (3, 1)]);
    assert_eq!(lengths("water", Span::Episode(EpisodeKind::Original)), [(4, 1)]);
    assert_eq!(lengths("water", Span::Episode(EpisodeKind::Reopening)), [(3, 1)]);
    assert_eq!(lengths("water", Span::Whole), [(11, 1)], "from the receipt to the disposal that stands");
    assert_eq!(stays.stages_seen().count(), 1, "a closed case stays nowhere");

    let stays = count(&terms("2026-03-12"), [&case.history]);
    let second = all(&stays, &Span::Episode(EpisodeKind::Reopening)).unwrap();
    assert_eq!((second.over.count(), second.still.lengths().collect::<Vec<_>>()), (0, vec![(2, 1)]));
    let survival = stays.survival(&Picked::all(), &working()).unwrap();
    assert_eq!(
        survival.quantile(0.5, 1.96).unwrap().days,
        Some(2),
        "two of two days are over, one is still at it"
    );
}

/// The whole case has one median, whoever is asked: the stays of histories or the table of rows. What was
/// closed otherwise was open until then.
#[test]
fn the_whole_case_survives_as_the_table_says() {
    let terms = Terms::new("2026-04-01".parse().unwrap(), ZONE, AgeRule::Calendar);
    let received = at("2026-03-01");
    let mut rows = Vec::new();
    let mut histories = Vec::new();
    for (n, (days, step)) in [
        (2, Some(AdoptedStep::Disposed)),
        (5, Some(AdoptedStep::Ended)),
        (6, Some(AdoptedStep::Ended)),
        (7, Some(AdoptedStep::Disposed)),
        (9, Some(AdoptedStep::Disposed)),
        (0, None),
    ]
    .into_iter()
    .enumerate()
    {
        let ended = received + TimeDelta::days(days);
        let mut facts = vec![fact(received, AdoptedStep::Lodged, "works")];
        facts.extend(step.map(|step| fact(ended, step, "works")));
        histories.push(Case::new(u128::try_from(n).unwrap() + 1).adopted(at("2026-11-01"), facts).history);
        let mut row = CaseRow::new(received, "works");
        row.ended = step.map(|step| match step {
            AdoptedStep::Disposed => (ended, Ending::Disposed(None)),
            _ => (ended, Ending::Otherwise),
        });
        rows.push(row);
    }
    let stays = count(&terms, &histories);
    let table = Cases::read(ZONE, at("2030-01-01"), rows).cases;
    let (ours, theirs) =
        (stays.survival(&Picked::all(), &Span::Whole).unwrap(), table.survival(None, &terms).unwrap());
    assert_eq!(ours, theirs);
    // 5/6, then 2/3 of it at 7 days, then 1/2 at 9: without the withdrawn the median would be 7.
    assert_eq!(ours.quantile(0.5, 1.96).unwrap().days, Some(9));
    assert_eq!(all(&stays, &Span::Whole).unwrap().otherwise.count(), 2);
}

/// Other terms, a forged part, and more than there can be are refused.
#[test]
fn parts_that_cannot_be_are_refused() {
    let terms = |day: &str| Terms::new(day.parse().unwrap(), ZONE, AgeRule::Calendar);
    let (one, other) = (terms("2026-03-01"), terms("2026-03-02"));
    let case = crate::measure_histories::imported(1, "works", at("2026-02-01"), Some(at("2026-02-03")));
    let mut stays = count(&one, [&case]);
    assert_eq!(stays.add_history(&case, &other), Err(DoesNotFit::Terms));
    assert_eq!(stays.merge(&Stays::new(&other)), Err(DoesNotFit::Terms));

    let text = serde_json::to_string(&stays).unwrap();
    let forged = |from: &str, to: &str| {
        assert!(text.contains(from), "{text}");
        serde_json::from_str::<Stays>(&text.replace(from, to)).map_err(|problem| problem.to_string())
    };
    assert!(forged("\"rule\":\"calendar\",\"lengths\"", "\"rule\":\"elapsed\",\"lengths\"").is_err());
    let none = "\"otherwise\":{\"rule\":\"calendar\",\"lengths\":{}}";
    assert!(forged(none, &format!("{none},\"more\":1")).is_err());
    assert!(forged(none, &none.replace("calendar", "elapsed")).is_err());
    let so_many = |times: u64| none.replace("{}", &format!("{{\"1\":{times}}}"));
    let mut large = forged(none, &so_many(1 << 53)).unwrap();
    for _ in 0..3 {
        let _ = large.merge(&large.clone());
    }
    assert_eq!(large.merge(&large.clone()), Err(DoesNotFit::TooMany));
    let all_the_more = forged(none, &so_many(u64::MAX));
    assert!(all_the_more.unwrap_err().contains("more than there can be"));
}
