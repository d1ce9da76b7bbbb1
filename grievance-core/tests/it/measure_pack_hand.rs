//! The weekly pack by hand: what it counts, what it leaves out, who stands first.

use crate::measure_histories::{Case, at, fact, imported, stands};
use crate::measure_pack::{book, counted, office_year, pack, weeks};
use chrono::TimeDelta;
use grievance_core::Rulebook;
use grievance_core::grievance::event::{Recorded, What};
use grievance_core::grievance::payload::{AdoptedStep, Verified};
use grievance_core::kernel::code::UnitCode;
use grievance_core::kernel::id::VaultId;
use grievance_core::kernel::text::{Digest, TextRef};
use grievance_core::measure::index::{Definition, shipped};
use grievance_core::measure::pack::{CaseList, Cell, Line, NoPack, PackPart, ShareKind, Span, WEEKS};
use grievance_core::vocabulary::{
    AgeRule, ErrorCode, Flag, MisLine, Phase, TargetState, VerificationFinding,
};

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
    let cell = Cell {
        unit: UnitCode::new("works").unwrap(),
        span: Span::Below,
        line: MisLine::Verified.into(),
        ago: 0,
    };
    let mut list = CaseList::of(&cell, &weeks, book.directory());
    for history in &histories {
        list.add_history(history);
    }
    assert_eq!(list.count(), 2, "the count opens to its cases");
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
