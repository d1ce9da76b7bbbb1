//! Editions of the pack: what is kept, what is restated and why, who can prove to have been counted.

use crate::measure_histories::{Case, at, fact, imported};
use crate::measure_laws::history;
use crate::measure_pack::{book, counted, lives, numbered, office_year, pack, weeks};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use grievance_core::Rulebook;
use grievance_core::grievance::event::{Recorded, What};
use grievance_core::grievance::payload::AdoptedStep;
use grievance_core::kernel::code::UnitCode;
use grievance_core::kernel::id::GrievanceId;
use grievance_core::kernel::text::Digest;
use grievance_core::measure::cases::sheets::index_of;
use grievance_core::measure::index::Definition;
use grievance_core::measure::pack::{
    Agenda, AgendaError, Compared, CountedError, CountedProof, Decision, Edition, EditionError, EditionKey,
    Line, Moved, Pack, Place, Restated, Restatement, Restating, Roll, Why,
};
use grievance_core::vocabulary::{AgeRule, ErrorCode, MisLine, Phase};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// What was recorded before an instant.
fn known(histories: &[Vec<Recorded>], at: DateTime<Utc>) -> Vec<Vec<Recorded>> {
    let before =
        |history: &Vec<Recorded>| history.iter().filter(|next| next.at < at).cloned().collect::<Vec<_>>();
    histories.iter().map(before).filter(|history: &Vec<_>| !history.is_empty()).collect()
}

fn edition(
    histories: &[Vec<Recorded>],
    book: &Rulebook,
    top: &str,
    as_of: NaiveDate,
    made: DateTime<Utc>,
) -> Edition {
    let weeks = weeks(as_of, AgeRule::Calendar);
    let histories = known(histories, made);
    let part = counted(&weeks, &histories);
    let mut roll = Roll::new(weeks, EditionKey::new([9; 32]));
    for history in &histories {
        roll.add_history(history);
    }
    Edition::after(None, pack(&part, book, top, None), made).unwrap().with_counted(roll.root())
}

fn restated(edition: &Edition, histories: &[Vec<Recorded>]) -> Restatement {
    let mut restating = Restating::new(edition).unwrap();
    for history in histories {
        restating.add_history(history);
    }
    restating.finish()
}

/// What an edition says, moved case by case as the restatement tells, is what it tells of today.
fn moves_explain_everything(restated: &Restatement) {
    let mut change: BTreeMap<&Place, i64> = BTreeMap::new();
    for moved in &restated.moved {
        assert!(!(moved.from.is_empty() && moved.to.is_empty()));
        moved.from.iter().for_each(|place| *change.entry(place).or_default() -= 1);
        moved.to.iter().for_each(|place| *change.entry(place).or_default() += 1);
    }
    change.retain(|_, by| *by != 0);
    let told: BTreeMap<&Place, i64> = restated
        .restated
        .iter()
        .map(|one| (&one.place, i64::try_from(one.now).unwrap() - i64::try_from(one.printed).unwrap()))
        .collect();
    assert_eq!(change, told);
}

/// What the weeks before say of an office, alone and in the mean of four, differs by what the restatement tells of them.
fn weeks_before_are_explained(edition: &Edition, now: &Pack, restated: &Restatement) {
    let change = |unit: &UnitCode, line: Line, weeks: std::ops::RangeInclusive<u8>| -> i64 {
        let among = |one: &&Restated| {
            let Place { unit: own, line: of, before } = &one.place;
            (own, *of) == (unit, line) && weeks.contains(before)
        };
        let by = |one: &Restated| i64::try_from(one.now).unwrap() - i64::try_from(one.printed).unwrap();
        restated.restated.iter().filter(among).map(by).sum()
    };
    for row in &edition.pack.offices {
        let today = now.offices.iter().find(|own| own.unit == row.unit).expect("no office goes");
        for (line, then) in &row.figures.lines {
            let Some(now) = today.figures.line(*line) else { continue };
            let before = |of: Compared| i64::try_from(of.before.unwrap_or(0)).unwrap();
            assert_eq!(before(now) - before(*then), change(&row.unit, *line, 1..=1), "{}: {line}", row.unit);
            let four = now.four.sum - then.four.sum;
            assert_eq!(four, change(&row.unit, *line, 1..=4), "{}: {line}", row.unit);
        }
    }
}

/// Where scores and places under an index differ, the restatement says so, branch by branch, and nowhere else.
fn branches_are_graded_anew(
    book: &Rulebook,
    as_of: NaiveDate,
    made: DateTime<Utc>,
    all: &[Vec<Recorded>],
) -> usize {
    // Every office is ranked, however few its cases.
    let index = Definition { fewest: Some(1), ..index_of("average_days").unwrap() };
    let weeks = weeks(as_of, AgeRule::Calendar);
    let [then, now] = [&known(all, made)[..], all]
        .map(|histories| pack(&counted(&weeks, histories), book, "city", Some(&index)));
    let edition = Edition::after(None, then.clone(), made).unwrap();
    let mut restating = Restating::new(&edition).unwrap();
    for history in all {
        restating.add_history(history);
    }
    let told = restating.finish_under(book);
    let graded = |pack: &Pack| -> BTreeMap<UnitCode, (Option<f64>, Option<u32>)> {
        let offices = &pack.index.as_ref().unwrap().board.offices;
        offices.iter().map(|office| (office.unit.clone(), (office.score, office.rank))).collect()
    };
    let (then, now) = (graded(&then), graded(&now));
    let told: BTreeMap<UnitCode, _> = told
        .regraded
        .into_iter()
        .map(|one| (one.unit, ((one.printed, one.printed_rank), (one.now, one.now_rank))))
        .collect();
    // An office without a case then had no row, and no score.
    let of =
        |board: &BTreeMap<UnitCode, _>, unit: &UnitCode| board.get(unit).copied().unwrap_or((None, None));
    let units = then.keys().chain(now.keys()).cloned();
    let both = units.map(|unit| (unit.clone(), (of(&then, &unit), of(&now, &unit))));
    let wanted: BTreeMap<UnitCode, _> = both.filter(|(_, (then, now))| then != now).collect();
    assert_eq!(told, wanted, "{as_of}");
    wanted.len()
}

#[test]
fn scores_and_places_are_restated() {
    let regraded = Cell::new(0);
    let lives = (prop::collection::vec((history(), 0..60_i64), 4..20), 0..60_u64, 0..40_i64);
    let mut runner = TestRunner::new(ProptestConfig::with_cases(128));
    let law = runner.run(&lives, |(histories, later, made)| {
        let as_of = day("2026-01-12") + Days::new(later);
        let mut all = numbered(histories.iter().map(|(history, _)| history.clone()).collect());
        for (history, (_, on)) in all.iter_mut().zip(&histories) {
            history[0].at = at("2026-01-20") + TimeDelta::days(*on);
        }
        let begun = as_of.and_time(chrono::NaiveTime::MIN).and_utc();
        let made = (at("2026-01-20") + TimeDelta::days(made)).max(begun);
        regraded.set(regraded.get() + branches_are_graded_anew(&book(), as_of, made, &all));
        Ok(())
    });
    law.unwrap();
    assert!(regraded.get() > 20, "a law that saw few would hold easily: {}", regraded.get());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Against what was known when it was made an edition has nothing to restate; against more, every
    /// difference is told by case, and the moves add up.
    #[test]
    fn every_difference_is_told_by_case(
        histories in prop::collection::vec((history(), 0..60_i64), 0..20),
        later in 0..60_u64,
        made in 0..80_i64,
    ) {
        let book = book();
        let as_of = day("2026-01-12") + Days::new(later);
        // Cases come by import, on different days.
        let mut all = numbered(histories.iter().map(|(history, _)| history.clone()).collect());
        for (history, (_, on)) in all.iter_mut().zip(&histories) {
            history[0].at = at("2026-01-20") + TimeDelta::days(*on);
        }
        let made = (at("2026-01-20") + TimeDelta::days(made)).max(as_of.and_time(chrono::NaiveTime::MIN).and_utc());
        let edition = edition(&all, &book, "city", as_of, made);
        let same = restated(&edition, &known(&all, made));
        prop_assert_eq!((&same.moved, &same.unexplained, &same.restated), (&vec![], &vec![], &vec![]));
        let today = restated(&edition, &all);
        prop_assert_eq!(&today.unexplained, &vec![]);
        moves_explain_everything(&today);
        weeks_before_are_explained(&edition, &pack(&counted(&weeks(as_of, AgeRule::Calendar), &all), &book, "city", None), &today);
        prop_assert!(today.moved.iter().all(|moved| moved.because == Why::LateEntry));
        // The edition itself is what it was.
        prop_assert_eq!(Edition::read(&edition.text()).unwrap().hash(), edition.hash());
    }

    /// Whoever stands behind a count of the week can prove it, of every count; nobody else can.
    #[test]
    fn who_was_counted_can_prove_it(histories in prop::collection::vec(history(), 1..15), later in 0..70_u64) {
        let book = book();
        let as_of = day("2026-01-12") + Days::new(later);
        let histories = numbered(histories);
        let made = at("2027-06-01");
        let edition = edition(&histories, &book, "city", as_of, made);
        let mut roll = Roll::new(weeks(as_of, AgeRule::Calendar), EditionKey::new([9; 32]));
        for history in &histories { roll.add_history(history); }
        let mut proved: BTreeMap<Place, u64> = BTreeMap::new();
        for history in &histories {
            for proof in roll.prove(history[0].case) {
                prop_assert_eq!(edition.check_counted(&proof), Ok(()));
                prop_assert_eq!(CountedProof::read(&proof.text()), Ok(proof.clone()));
                *proved.entry(Place { unit: proof.unit.clone(), line: proof.line, before: 0 }).or_default() += 1;
                // Another case with the same proof, another count, another row.
                let other = GrievanceId::from_uuid(uuid::Uuid::from_u128(77_777));
                let lies = [
                    CountedProof { case: other, ..proof.clone() },
                    CountedProof { count: proof.count + 1, ..proof.clone() },
                    CountedProof { nth: proof.nth + 1, ..proof.clone() },
                    CountedProof { unit: UnitCode::new("parks").unwrap(), ..proof.clone() },
                    CountedProof { salt: Digest::of(&[b"another"]), ..proof.clone() },
                    CountedProof { line: Line::Age(7), ..proof.clone() },
                ];
                for lie in lies.iter().filter(|lie| **lie != proof) {
                    let refused = edition.check_counted(lie);
                    prop_assert!(refused.is_err(), "{:?}", lie);
                    prop_assert_eq!(refused.unwrap_err().code(), ErrorCode::ProofInvalid);
                }
            }
        }
        // As many proofs as the count says: nobody stands behind a count who could not prove it.
        for row in &edition.pack.offices {
            for (line, compared) in &row.figures.lines {
                let place = Place { unit: row.unit.clone(), line: *line, before: 0 };
                prop_assert_eq!(proved.get(&place).copied().unwrap_or(0), compared.week);
            }
        }
        prop_assert!(roll.prove(GrievanceId::from_uuid(uuid::Uuid::from_u128(77_777))).is_empty());
    }

    /// A decision is carried until it is settled, told once more, and never lost.
    #[test]
    fn a_decision_is_carried_until_it_is_done(settled in prop::collection::vec(prop::option::of(1..6_usize), 1..8)) {
        let pack = pack(&counted(&weeks(day("2026-03-30"), AgeRule::Calendar), &[]), &book(), "city", None);
        let meeting = |nth: usize| day("2026-04-07") + Days::new(7 * nth as u64);
        let mut agenda = Agenda::prepare(&pack, None, meeting(0)).unwrap();
        for nth in 0..settled.len() {
            agenda.decide(decision(&nth.to_string(), meeting(0))).unwrap();
        }
        for nth in 1..8 {
            for (code, at) in settled.iter().enumerate() {
                if *at == Some(nth) {
                    agenda.settle(&code.to_string(), meeting(nth) - Days::new(1)).unwrap();
                }
            }
            agenda = Agenda::prepare(&pack, Some(&agenda), meeting(nth)).unwrap();
            let codes = |list: &[Decision]| list.iter().map(|one| one.code.clone()).collect::<BTreeSet<_>>();
            let wanted = |fits: &dyn Fn(&Option<usize>) -> bool| {
                settled.iter().enumerate().filter(|(_, at)| fits(at)).map(|(code, _)| code.to_string()).collect::<BTreeSet<_>>()
            };
            prop_assert_eq!(codes(&agenda.carried), wanted(&|at| at.is_none_or(|at| at > nth)));
            prop_assert_eq!(codes(&agenda.settled), wanted(&|at| *at == Some(nth)));
            prop_assert!(agenda.carried.iter().all(|one| one.is_overdue(agenda.meeting) == (one.due < agenda.meeting)));
        }
    }
}

fn decision(code: &str, on: NaiveDate) -> Decision {
    Decision {
        code: code.to_owned(),
        text: "Clear what is older than a month.".to_owned(),
        unit: UnitCode::new("works").unwrap(),
        post: "officer".parse().unwrap(),
        decided_on: on,
        due: on + Days::new(10),
        settled_on: None,
    }
}

/// The same over lives with every kind of event, week by week or day by day: an edition that is made when its day
/// begins differs later only by what people did afterwards.
#[test]
fn real_lives_are_restated_with_their_reasons() {
    let (book, year) = office_year();
    let lives = lives();
    let mut reasons: BTreeMap<Why, u64> = BTreeMap::new();
    for (histories, first, step, times) in [(year, "2004-03-01", 7, 45), (&lives, "2026-01-12", 1, 240)] {
        for nth in 0..times {
            let as_of = day(first) + Days::new(step * nth);
            // Six hours into the day: what happened in between belongs to the next week.
            let made = as_of.and_hms_opt(0, 30, 0).unwrap().and_utc();
            let edition = edition(histories, book, "govt", as_of, made);
            let today = restated(&edition, histories);
            assert_eq!(today.unexplained, [], "{as_of}");
            moves_explain_everything(&today);
            for Moved { because, .. } in &today.moved {
                *reasons.entry(*because).or_default() += 1;
            }
        }
    }
    for why in [Why::LateEntry, Why::Reopening, Why::Correction] {
        assert!(reasons.get(&why).is_some_and(|times| *times > 0), "{why:?} never happened: {reasons:?}");
    }
}

/// The story of three cases, told by hand.
#[test]
fn each_reason_by_an_example() {
    let place = |unit: &str, line: MisLine| Place {
        unit: UnitCode::new(unit).unwrap(),
        line: line.into(),
        before: 0,
    };
    let as_of = day("2026-03-30");
    let made = at("2026-03-30T04:00:00");
    // Imported on the day after the edition, received in its week.
    let late = Case::new(1)
        .adopted(at("2026-03-31"), vec![fact(at("2026-03-25"), AdoptedStep::Lodged, "works")])
        .history;
    // Imported before, and again after with a disposal that the first import did not have.
    let first = vec![fact(at("2026-03-24"), AdoptedStep::Lodged, "water")];
    let better = vec![
        fact(at("2026-03-24"), AdoptedStep::Lodged, "water"),
        fact(at("2026-03-27"), AdoptedStep::Disposed, "water"),
    ];
    let corrected = Case::new(2).adopted(at("2026-03-28"), first).adopted(at("2026-04-02"), better).history;
    let untouched = imported(3, "parks", at("2026-03-26"), None);
    let mut untouched = untouched;
    untouched[0].at = at("2026-03-27");
    let histories = [late, corrected, untouched];
    let edition = edition(&histories, &book(), "city", as_of, made);
    assert_eq!(edition.pack.all.week(MisLine::Received), 2);
    let today = restated(&edition, &histories);
    let told: Vec<_> = today.moved.iter().map(|moved| (moved.case.uuid().as_u128(), moved.because)).collect();
    assert_eq!(told, [(1, Why::LateEntry), (2, Why::Correction)]);
    assert!(today.moved[0].to.contains(&place("works", MisLine::Received)) && today.moved[0].from.is_empty());
    assert!(today.moved[1].from.contains(&place("water", MisLine::Pending)));
    assert!(today.moved[1].to.contains(&place("water", MisLine::Disposed)));
    let disposed = today.restated.iter().find(|one| one.place == place("water", MisLine::Disposed)).unwrap();
    assert_eq!((disposed.printed, disposed.now), (0, 1));
}

/// An edition that somebody changed does not agree with the histories of its day, and says where.
#[test]
fn an_edition_that_was_changed_is_found_out() {
    let (book, year) = office_year();
    let as_of = day("2004-09-06");
    let made = at("2004-09-06T04:00:00");
    let mut edition = edition(year, book, "govt", as_of, made);
    let row = edition.pack.offices.iter_mut().find(|row| row.figures.week(MisLine::Pending) > 3).unwrap();
    let unit = row.unit.clone();
    let line = row.figures.lines.get_mut(&MisLine::Pending.into()).unwrap();
    let (found, printed) = (line.week, line.week - 3);
    line.week = printed;
    let today = restated(&edition, year);
    assert_eq!(today.unexplained.len(), 1);
    assert_eq!(
        (&today.unexplained[0].place.unit, today.unexplained[0].printed, today.unexplained[0].found),
        (&unit, printed, found)
    );
}

/// A proof names its own case and no other, and hashes that cannot be guessed without the key.
#[test]
fn a_proof_tells_nothing_of_other_cases() {
    let as_of = day("2026-03-30");
    let weeks = weeks(as_of, AgeRule::Calendar);
    let case = |n: u128| imported(n, "works", at("2026-03-26"), None);
    let of = |key: u8, cases: &[u128]| {
        let mut roll = Roll::new(weeks.clone(), EditionKey::new([key; 32]));
        for n in cases {
            roll.add_history(&case(*n));
        }
        roll
    };
    let own = GrievanceId::from_uuid(uuid::Uuid::from_u128(1));
    let roll = of(1, &[1, 2, 3, 4, 5]);
    for proof in roll.prove(own) {
        let text = proof.text();
        for other in 2..=5_u128 {
            assert!(!text.contains(&uuid::Uuid::from_u128(other).simple().to_string()));
            // Whoever guesses the case beside it cannot tell without its salt: the hash of the case
            // with the salt that the proof shows is nowhere on the path.
            let other = GrievanceId::from_uuid(uuid::Uuid::from_u128(other));
            let lie = CountedProof { case: other, ..proof.clone() };
            assert!(matches!(lie.check(roll.root()), Err(CountedError::NotAmong(_))));
        }
    }
    // Another key, another tree: an edition's proofs cannot be held to another's.
    assert_ne!(of(1, &[1, 2]).root(), of(2, &[1, 2]).root());
    assert_eq!(format!("{:?}", EditionKey::new([7; 32])), "EditionKey(redacted)");
    assert_eq!(CountedProof::read("{}"), Err(CountedError::Malformed));
    assert_eq!(CountedProof::read(&" ".repeat(70_000)), Err(CountedError::TooLong));
}

#[test]
fn a_sealed_case_is_in_no_roll() {
    let as_of = day("2026-03-30");
    let mut sealed = imported(1, "works", at("2026-03-26"), None);
    let What::Adopted(adopted) = &mut sealed[0].event.what else { unreachable!("it is imported") };
    adopted.sealed = Some("vigilance".parse().unwrap());
    let mut roll = Roll::new(weeks(as_of, AgeRule::Calendar), EditionKey::new([1; 32]));
    roll.add_history(&sealed);
    assert_eq!(roll.root().counts, 0);
    assert!(roll.prove(sealed[0].case).is_empty());
    assert_eq!(sealed[0].event.led_to.phase, Phase::InProgress);
}

#[test]
fn editions_follow_one_another() {
    let of = |as_of: &str, top: &str| {
        pack(&counted(&weeks(day(as_of), AgeRule::Calendar), &[]), &book(), top, None)
    };
    let first = Edition::after(None, of("2026-03-23", "city"), at("2026-03-23T04:00:00")).unwrap();
    let next = Edition::after(Some(&first), of("2026-03-30", "city"), at("2026-03-30T04:00:00")).unwrap();
    assert_eq!((next.number, next.previous), (2, Some(first.hash())));
    let refused = |before: &Edition, as_of: &str, top: &str, made: &str| {
        Edition::after(Some(before), of(as_of, top), at(made)).unwrap_err()
    };
    assert_eq!(refused(&next, "2026-03-30", "city", "2026-03-30T05:00:00"), EditionError::NotLater);
    assert_eq!(refused(&next, "2026-04-06", "city", "2026-03-30T03:00:00"), EditionError::NotLater);
    assert_eq!(refused(&next, "2026-04-06", "works", "2026-04-06T04:00:00"), EditionError::OtherOffice);
    assert_eq!(refused(&next, "2026-04-06", "city", "2026-04-05T04:00:00"), EditionError::TooEarly);
    assert_eq!(Edition::read("{}"), Err(EditionError::Unreadable));
    let changed = next.text().replace("\"number\":2", "\"number\":3");
    assert_ne!(Edition::read(&changed).unwrap().hash(), next.hash());
}

#[test]
fn an_agenda_has_no_gaps() {
    let histories: Vec<_> = (0..8).map(|n| imported(n, "works", at("2026-01-02"), None)).collect();
    let of = |top: &str| {
        pack(&counted(&weeks(day("2026-03-30"), AgeRule::Calendar), &histories), &book(), top, None)
    };
    let mut agenda = Agenda::prepare(&of("city"), None, day("2026-03-31")).unwrap();
    assert_eq!(agenda.points.len(), 1);
    assert_eq!((agenda.points[0].unit.as_str(), agenda.points[0].oldest), ("works", 8));
    agenda.decide(decision("1", day("2026-03-31"))).unwrap();
    assert_eq!(agenda.decide(decision("1", day("2026-03-31"))), Err(AgendaError::CodeTaken));
    let early = Decision { due: day("2026-03-30"), ..decision("2", day("2026-03-31")) };
    assert_eq!(agenda.decide(early), Err(AgendaError::TooEarly));
    assert_eq!(agenda.settle("2", day("2026-04-01")), Err(AgendaError::NotOpen));
    assert_eq!(agenda.settle("1", day("2026-03-30")), Err(AgendaError::TooEarly));
    let again = |top: &str, on: &str| Agenda::prepare(&of(top), Some(&agenda), day(on)).unwrap_err();
    assert_eq!(again("works", "2026-04-07"), AgendaError::OtherOffice);
    assert_eq!(again("city", "2026-03-31"), AgendaError::NotLater { last: day("2026-03-31") });
}
