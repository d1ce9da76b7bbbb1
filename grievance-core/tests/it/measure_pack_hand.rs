//! The weekly pack by hand: what it counts, what it leaves out, who stands first.

use crate::measure_histories::{Case, at, fact, imported, stands};
use crate::measure_pack::{book, counted, lives, office_year, pack, weeks};
use chrono::TimeDelta;
use grievance_core::Rulebook;
use grievance_core::grievance::event::{Recorded, What};
use grievance_core::grievance::payload::{AdoptedStep, Classified, Verified};
use grievance_core::kernel::code::{CauseCode, UnitCode};
use grievance_core::kernel::id::VaultId;
use grievance_core::kernel::text::{Digest, TextRef};
use grievance_core::measure::as_of::grievance_as_of;
use grievance_core::measure::index::{Board, Definition, Missing, Normaliser, Term, shipped};
use grievance_core::measure::mis::{MisPart, Terms};
use grievance_core::measure::pack::{CaseLists, Cell, Line, NoPack, PackPart, ShareKind, Span, WEEKS};
use grievance_core::vocabulary::{
    AgeRule, ErrorCode, Flag, MisLine, Phase, Quantity, TargetKind, TargetState, VerificationFinding, Waiver,
};
use std::collections::BTreeSet;

fn index() -> Definition {
    shipped().into_iter().find(|one| one.code == "timely_disposal").unwrap()
}

#[test]
fn nothing_is_no_data_and_not_nought() {
    let book = book();
    let weeks = weeks("2026-03-30".parse().unwrap(), AgeRule::Calendar);
    let empty = pack(&PackPart::new(weeks.clone()), &book, "city", Some(&index()));
    assert!(empty.is_empty() && empty.flow.is_empty() && empty.oldest.is_empty());
    assert!(empty.all.shares.iter().all(|share| share.percent.is_none()));
    assert_eq!((empty.all.age, empty.all.target, empty.all.days.value()), (None, None, None));
    let line = empty.all.line(MisLine::Received).unwrap();
    assert_eq!((line.week, line.before, line.four.value()), (0, None, None));
    assert_eq!(empty.all.line(MisLine::Verified), None);
    let board = &empty.index.as_ref().unwrap().board;
    assert!(board.offices.iter().all(|office| office.score.is_none() && office.rank.is_none()));
    assert!(!empty.text().contains("NaN"));
    // One case that came eight days ago: the week before is known, no other.
    let one = imported(1, "works", at("2026-03-22T09:00:00"), None);
    let one = pack(&counted(&weeks, [&one]), &book, "city", None);
    let line = one.all.line(MisLine::Received).unwrap();
    assert_eq!((line.week, line.before, line.four.of), (0, Some(1), 1));
    assert_eq!(one.all.week(Line::Age(1)), 1);
    assert_eq!(one.all.flags, [], "one case is no trend");
}

/// The first instant of a week is in it; the first instant after it is in the next.
#[test]
fn a_week_begins_where_the_last_one_ends() {
    let book = book();
    let week = |lodged: &str| {
        let lodged: chrono::DateTime<chrono::Utc> = lodged.parse().unwrap();
        let weeks = weeks("2026-03-30".parse().unwrap(), AgeRule::Calendar);
        let pack = pack(&counted(&weeks, [&imported(1, "works", lodged, None)]), &book, "city", None);
        let line = pack.all.line(MisLine::Received).unwrap();
        (line.week, line.before)
    };
    // Midnight in Kolkata is 18:30 UTC of the day before.
    assert_eq!(week("2026-03-22T18:29:59.999Z"), (0, Some(1)));
    assert_eq!(week("2026-03-22T18:30:00Z"), (1, None));
    assert_eq!(week("2026-03-29T18:29:59.999Z"), (1, None));
    assert_eq!(week("2026-03-29T18:30:00Z"), (0, None));
}

#[test]
fn colours_and_flags_follow_the_rulebook() {
    let strict = "extends = \"city-311\"\nname = \"Haldia\"\nzone = \"Asia/Kolkata\"\n[mis]\nfewest = 1\nold_backlog_percent = 20\noldest_percent = [5, 10, 15]";
    let strict = Rulebook::from_toml(strict).unwrap();
    let histories: Vec<_> = (0..10)
        .map(|n| imported(n, "works", at(if n < 2 { "2026-01-02" } else { "2026-03-26" }), None))
        .collect();
    let part = counted(&weeks("2026-03-30".parse().unwrap(), AgeRule::Calendar), &histories);
    let (usual, strict) = (pack(&part, &book(), "city", None), pack(&part, &strict, "city", None));
    // Two of ten are old: the second colour of four by our thresholds, the last by the strict ones.
    assert_eq!((usual.all.age, strict.all.age), (Some(1), Some(3)));
    assert_eq!(
        (usual.all.target, strict.all.target),
        (Some(TargetState::NoTarget), Some(TargetState::NoTarget))
    );
    assert_eq!(usual.all.flags, [Flag::Growing, Flag::NothingDisposed]);
    assert_eq!(strict.all.flags, [Flag::OldBacklog, Flag::Growing, Flag::NothingDisposed]);
    for broken in [
        "fewest = 0",
        "oldest_percent = [10, 25]",
        "oldest_percent = [10, 10, 50]",
        "past_due_percent = [5, 101]",
        "growing_percent = 0",
        "old_backlog_percent = 101",
    ] {
        let text =
            format!("extends = \"city-311\"\nname = \"Haldia\"\nzone = \"Asia/Kolkata\"\n[mis]\n{broken}");
        let refused = Rulebook::from_toml(&text).expect_err(broken);
        assert!(refused.findings.iter().any(|finding| finding.path.starts_with("mis.")), "{broken}");
    }
}

/// A case that another system had disposed of the day before somebody looked a second time.
pub(crate) fn verified(number: u128, unit: &str, on: &str, finding: VerificationFinding) -> Vec<Recorded> {
    let disposed = at(on) - TimeDelta::days(1);
    let facts = [
        fact(disposed - TimeDelta::days(9), AdoptedStep::Lodged, unit),
        fact(disposed, AdoptedStep::Disposed, unit),
    ];
    let remarks = TextRef { digest: Digest::of(&[b"seen"]), id: VaultId::from_uuid(uuid::Uuid::nil()) };
    let look = What::Verified(Verified { finding, remarks, sample: None });
    Case::new(number)
        .adopted(disposed, facts.into())
        .then(at(on), stands(Phase::Disposed, unit), look)
        .history
}

#[test]
fn a_second_look_is_known_only_where_somebody_looked() {
    use VerificationFinding::{Confirmed, Deficient, NotVerifiable};
    let book = book();
    let weeks = weeks("2026-03-30".parse().unwrap(), AgeRule::Calendar);
    let unlooked = imported(1, "works", at("2026-03-20"), Some(at("2026-03-25")));
    let silent = pack(&counted(&weeks, [&unlooked]), &book, "city", None);
    assert_eq!(silent.all.line(MisLine::Verified), None, "no data, and not none");

    let later = ("2026-03-31", Confirmed);
    let looks = [("2026-03-25", Confirmed), ("2026-03-26", Deficient), ("2026-03-27", NotVerifiable), later];
    let histories: Vec<_> =
        (2..).zip(looks).map(|(n, (on, finding))| verified(n, "works", on, finding)).collect();
    let pack = pack(&counted(&weeks, histories.iter().chain([&unlooked])), &book, "city", None);
    let sound = pack.all.shares.iter().find(|share| share.share == ShareKind::Sound).unwrap();
    assert_eq!((sound.count, sound.of, sound.percent), (1, 2, Some(50.0)));
    let water = pack.offices.iter().find(|row| row.unit.as_str() == "water").unwrap();
    assert_eq!(water.figures.line(MisLine::Verified).unwrap().week, 0);
    let cell =
        Cell { unit: UnitCode::new("works").unwrap(), span: Span::Below, of: MisLine::Verified.into() };
    let mut lists = CaseLists::of([cell.clone()], &weeks, &book);
    for history in &histories {
        lists.add_history(history);
    }
    assert_eq!(lists.count(&cell), 2, "the count opens to its cases");
}

#[test]
fn an_office_has_what_is_below_it_and_nothing_beside_it() {
    let book = book();
    let histories: Vec<_> = (0..)
        .zip(["works", "water", "drains", "parks", "unheard-of"])
        .map(|(n, unit)| imported(n, unit, at("2026-03-26"), None))
        .collect();
    let part = counted(&weeks("2026-03-30".parse().unwrap(), AgeRule::Calendar), &histories);
    let pending = |top: &str| pack(&part, &book, top, None).all.week(MisLine::Pending);
    assert_eq!((pending("city"), pending("works"), pending("water"), pending("parks")), (5, 3, 1, 1));
    let city = pack(&part, &book, "city", None);
    let works = city.branches.iter().find(|row| row.unit.as_str() == "works").unwrap();
    assert_eq!((works.below, works.figures.week(MisLine::Pending)), (2, 3));
    let nowhere = part.finish(&book, &UnitCode::new("unheard-of").unwrap(), None, ToString::to_string);
    let refused = nowhere.unwrap_err();
    assert!(matches!(refused, NoPack::NoSuchUnit { .. }));
    assert_eq!(refused.code(), ErrorCode::UnknownCode);
}

/// The index is computed over the four weeks up to each week's end, and small offices are not
/// called worst.
#[test]
fn the_index_ranks_the_branches() {
    let (book, year) = office_year();
    let part = counted(&weeks("2004-12-27".parse().unwrap(), AgeRule::Calendar), year);
    let ours = pack(&part, book, "govt", Some(&index()));
    let part_of = ours.index.unwrap();
    assert_eq!(part_of.trend.len(), WEEKS - 3);
    let last = part_of.trend.last().unwrap();
    for office in &part_of.board.offices {
        assert_eq!(last.branches.get(&office.unit).copied(), office.score, "{}", office.unit);
    }
    let earlier = counted(&weeks("2004-12-20".parse().unwrap(), AgeRule::Calendar), year);
    let earlier = pack(&earlier, book, "govt", Some(&index())).index.unwrap();
    assert_eq!(earlier.trend.last(), part_of.trend.get(part_of.trend.len() - 2));
    let four = shipped().into_iter().find(|one| one.code == "four_dimensions").unwrap();
    let compared = pack(&part, book, "govt", Some(&four)).index.unwrap();
    assert!(compared.trend.iter().all(|week| week.all.is_none()));
}

/// The year, in which every third disposal was looked at a second time, and given a root cause at once.
fn looked_at(year: &[Vec<Recorded>]) -> Vec<Vec<Recorded>> {
    let mut disposals = 0_u32;
    let looked = |history: &Vec<Recorded>| {
        let mut looked = Vec::new();
        for next in history {
            looked.push(next.clone());
            if !matches!(next.event.what, What::Disposed(_)) {
                continue;
            }
            disposals += 1;
            let finding = match disposals % 6 {
                0 => VerificationFinding::Deficient,
                3 => VerificationFinding::Confirmed,
                _ => continue,
            };
            let said = TextRef { id: VaultId::from_uuid(uuid::Uuid::nil()), digest: Digest::of(&[b"Seen."]) };
            let verified = Verified { finding, sample: None, remarks: said };
            let cause =
                Classified { root_cause: CauseCode::new("rules").unwrap(), change: None, suggestion: None };
            for what in [What::Verified(verified), What::Classified(cause)] {
                let mut also = next.clone();
                also.event.what = what;
                looked.push(also);
            }
        }
        looked
    };
    year.iter().map(looked).collect()
}

/// The office's year, in which little is closed, and the lives of the scenarios, in which most is.
fn decided() -> Vec<Vec<Recorded>> {
    let mut all = office_year().1.clone();
    all.extend(lives());
    looked_at(&all)
}

/// Every eighth Monday of the year, and every other one of the time in which the scenarios play.
fn mondays() -> impl Iterator<Item = chrono::NaiveDate> {
    let every = |first: &str, weeks: i64, times: i64| {
        let first: chrono::NaiveDate = first.parse().unwrap();
        (0..times).map(move |nth| first + TimeDelta::weeks(weeks * nth))
    };
    every("2004-02-02", 8, 8).chain(every("2026-01-05", 2, 30))
}

/// An index of counts alone, so that a board says what was counted.
fn bare(quantities: &[Quantity]) -> Definition {
    let mut index = index();
    let weight = 1.0 / f64::from(u8::try_from(quantities.len()).unwrap());
    let term = |quantity: &Quantity| Term {
        code: quantity.as_str().to_owned(),
        count: *quantity,
        of: None,
        weight,
        normalise: Normaliser::MinMax,
        ..index.terms[0].clone()
    };
    index.terms = quantities.iter().map(term).collect();
    index.missing = Missing::LeaveOut;
    index
}

/// No term of a shipped index waits for a count that nobody makes: from a year that was decided each has a value
/// at some office, in the statement and in the pack.
#[test]
fn every_shipped_term_is_filled_from_an_office_year() {
    let book = &office_year().0;
    let year = decided();
    let mut filled: BTreeSet<(String, String, &str)> = BTreeSet::new();
    for day in mondays() {
        let part = counted(&weeks(day, AgeRule::Calendar), &year);
        let mut statement = MisPart::new(Terms::new(day, chrono_tz::Asia::Kolkata, AgeRule::Calendar));
        for history in &year {
            statement.add_history(history);
        }
        for index in shipped() {
            let of_pack = pack(&part, book, "govt", Some(&index)).index.unwrap().board;
            let of_statement = Board::of(&index, statement.counts(), day, None).unwrap();
            for (board, whose) in [(of_pack, "pack"), (of_statement, "statement")] {
                for office in &board.offices {
                    let told = office.terms.iter().filter(|term| term.value.is_some());
                    filled.extend(told.map(|term| (index.code.clone(), term.code.clone(), whose)));
                    if office.score.is_some() {
                        let weight: f64 = office.terms.iter().map(|term| term.weight).sum();
                        assert!((weight - 1.0).abs() < 1e-9, "{office:?}");
                        let out = office.left_out().collect::<BTreeSet<_>>();
                        let is_out = |code: &str| out.contains(code);
                        assert!(office.terms.iter().all(|it| is_out(&it.code) == (it.weight <= 0.0)));
                    }
                }
            }
        }
    }
    for index in shipped() {
        for term in &index.terms {
            for whose in ["pack", "statement"] {
                let told = (index.code.clone(), term.code.clone(), whose);
                assert!(filled.contains(&told), "{told:?} is never filled");
            }
        }
    }
}

/// What only an index asks is what the events say, counted one by one.
#[test]
fn what_an_index_asks_is_in_the_events() {
    use Quantity as Q;
    let book = &office_year().0;
    let year = decided();
    let asked = [
        Q::AcknowledgedWithTarget,
        Q::AcknowledgedOnTime,
        Q::Returned,
        Q::SpecialClosed,
        Q::Classified,
        Q::OutcomesOwed,
        Q::OutcomesOverdue,
    ];
    let mut seen = [0_u64; 7];
    for day in mondays() {
        let weeks = weeks(day, AgeRule::Calendar);
        let terms = Terms::new(day, chrono_tz::Asia::Kolkata, AgeRule::Calendar);
        let (until, from) = (terms.at(), terms.at() - TimeDelta::weeks(4));
        // Until the day, as a statement says it; and in the four weeks before it, as the pack does.
        let (mut stands, mut weekly) = ([0_u64; 7], [0_u64; 7]);
        for history in &year {
            let today = grievance_as_of(history, chrono::DateTime::<chrono::Utc>::MAX_UTC);
            if today.is_none_or(|case| case.sealed.is_some()) {
                continue;
            }
            let Some(case) = grievance_as_of(history, until).filter(|case| case.part_of.is_none()) else {
                continue;
            };
            let add = |counts: &mut [u64; 7], quantity, is: bool| {
                counts[asked.iter().position(|one| *one == quantity).unwrap()] += u64::from(is);
            };
            let recent = |at: chrono::DateTime<chrono::Utc>| at >= from && at < until;
            if let Some(clock) = case.clock(TargetKind::Acknowledgement) {
                let on_time = clock.met_at.is_some_and(|met| met <= clock.due_at);
                let missed = !on_time && clock.due_at < until;
                let set = |next: &&Recorded| match &next.event.what {
                    What::TargetSet(set) => set.target == TargetKind::Acknowledgement,
                    _ => false,
                };
                let known = history.iter().rfind(set).unwrap().at;
                let when = if on_time { clock.met_at.unwrap() } else { clock.due_at.max(known) };
                for (counts, is) in [(&mut stands, true), (&mut weekly, recent(when))] {
                    add(counts, Q::AcknowledgedOnTime, is && on_time);
                    add(counts, Q::AcknowledgedWithTarget, is && (on_time || missed));
                }
            }
            let (mut holder, mut disposed, mut given) = (None, None, false);
            for next in history.iter().take_while(|next| next.at < until) {
                let unit = &next.event.led_to.unit;
                let left = holder.is_some_and(|holder| holder != unit);
                if left && matches!(next.event.what, What::Returned(_) | What::Transferred(_)) {
                    add(&mut stands, Q::Returned, true);
                    add(&mut weekly, Q::Returned, recent(next.at));
                }
                holder = Some(unit);
                if let What::FeedbackWaived(waived) = &next.event.what {
                    let special = waived.because == Waiver::Exhausted;
                    add(&mut weekly, Q::SpecialClosed, special && recent(next.at));
                    let closed = case.course.closure.as_ref().is_some_and(|closure| closure.at == next.at);
                    add(&mut stands, Q::SpecialClosed, special && closed && case.phase() == Phase::Disposed);
                }
                match &next.event.what {
                    What::Disposed(_) => (disposed, given) = (Some(next.at), false),
                    What::Classified(_) => {
                        add(&mut weekly, Q::Classified, !given && disposed.is_some_and(recent));
                        given = true;
                    }
                    _ => {}
                }
            }
            if case.phase() == Phase::Disposed {
                let closure = case.course.closure.as_ref();
                let given = closure.is_some_and(|closure| closure.classified.is_some());
                add(&mut stands, Q::Classified, given);
                if let Some(clock) = case.clock(TargetKind::Review).filter(|clock| clock.met_at.is_none()) {
                    for counts in [&mut stands, &mut weekly] {
                        add(counts, Q::OutcomesOwed, true);
                        add(counts, Q::OutcomesOverdue, clock.due_at < until);
                    }
                }
            }
        }
        let mut statement = MisPart::new(terms.clone());
        for history in &year {
            statement.add_history(history);
        }
        let board = pack(&counted(&weeks, &year), book, "govt", Some(&bare(&asked))).index.unwrap().board;
        for (place, quantity) in asked.into_iter().enumerate() {
            let of_statement: u64 = statement.counts().filter_map(|(_, counts)| counts.get(quantity)).sum();
            assert_eq!(of_statement, stands[place], "{quantity} until {day}");
            let of_pack: u64 = board.offices.iter().filter_map(|office| office.terms[place].count).sum();
            assert_eq!(of_pack, weekly[place], "{quantity} in the weeks before {day}");
            seen[place] += weekly[place] + stands[place];
        }
    }
    assert!(seen[..3].iter().chain(&seen[4..5]).all(|count| *count > 0), "{seen:?}");
}

/// A root cause that is given a week late belongs to the disposal, and an edition of before does not know it.
#[test]
fn a_root_cause_counts_from_when_it_is_given() {
    let facts = vec![
        fact(at("2026-03-02T09:00:00"), AdoptedStep::Lodged, "works"),
        fact(at("2026-03-10T09:00:00"), AdoptedStep::Disposed, "works"),
    ];
    let cause = Classified { root_cause: CauseCode::new("rules").unwrap(), change: None, suggestion: None };
    let late = Case::new(1).adopted(at("2026-03-11"), facts.clone()).then(
        at("2026-03-20"),
        stands(Phase::Disposed, "works"),
        What::Classified(cause),
    );
    let mut index = index();
    index.terms[0].count = Quantity::Classified;
    index.terms[0].of = Some(Quantity::Disposed);
    let weeks = weeks("2026-03-30".parse().unwrap(), AgeRule::Calendar);
    let scores = |part: &PackPart| -> Vec<Option<f64>> {
        let trend = pack(part, &book(), "city", Some(&index)).index.unwrap().trend;
        trend.iter().map(|week| week.all).collect()
    };
    let given = scores(&counted(&weeks, [&late.history]));
    assert_eq!(
        given,
        [None, Some(0.0), Some(100.0), Some(100.0)],
        "disposed on the 10th, classified on the 20th"
    );
    let never = Case::new(1).adopted(at("2026-03-11"), facts);
    assert_eq!(scores(&counted(&weeks, [&never.history])), [None; 4], "where nobody does, nothing is known");
}

/// A case that waits longest stands first; one that is sealed stands nowhere.
#[test]
fn the_oldest_stand_first() {
    let histories: Vec<_> = (0..14)
        .map(|n| imported(n, "works", at("2026-03-01") + TimeDelta::days(i64::try_from(n).unwrap()), None))
        .collect();
    let part = counted(&weeks("2026-03-30".parse().unwrap(), AgeRule::Calendar), &histories);
    let pack = pack(&part, &book(), "city", None);
    let days: Vec<i64> = pack.oldest.iter().map(|case| case.days).collect();
    assert_eq!(days, (20..30).rev().collect::<Vec<i64>>());
    let moved = Case::new(99).adopted(
        at("2026-11-01"),
        vec![
            fact(at("2026-03-02"), AdoptedStep::Lodged, "works"),
            fact(at("2026-03-27"), AdoptedStep::Routed, "water"),
        ],
    );
    assert_eq!(moved.history.last().unwrap().event.led_to, stands(Phase::InProgress, "water"));
    let part = counted(&weeks("2026-03-30".parse().unwrap(), AgeRule::Calendar), [&moved.history]);
    let works = self::pack(&part, &book(), "works", None);
    let row = |unit: &str| works.offices.iter().find(|row| row.unit.as_str() == unit).unwrap();
    assert_eq!(row("works").figures.week(MisLine::TransferredOut), 1);
    assert_eq!(row("water").figures.week(MisLine::Pending), 1);
}
