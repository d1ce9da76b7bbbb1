//! The weekly pack: laws against the statement, against itself a week later, and count against list.

use crate::desk_support::stores;
use crate::measure_histories::{Case, at, fact, imported, stands};
use crate::measure_laws::{history, rule};
use crate::sim_office::{Plan, run};
use chrono::{Days, NaiveDate, TimeDelta};
use grievance_core::Rulebook;
use grievance_core::grievance::event::Recorded;
use grievance_core::grievance::payload::AdoptedStep;
use grievance_core::kernel::code::UnitCode;
use grievance_core::kernel::id::GrievanceId;
use grievance_core::measure::flow::Flow;
use grievance_core::measure::index::{Definition, shipped};
use grievance_core::measure::mis::{MisPart, Terms};
use grievance_core::measure::pack::{
    CaseList, Cell, Figures, Line, NoPack, Pack, PackPart, SCHEMA, ShareKind, Span, WEEKS, Weeks,
};
use grievance_core::measure::statement::Figures as Statement;
use grievance_core::rulebook::access::Scope;
use grievance_core::vocabulary::{AgeRule, ErrorCode, Flag, MisLine, TargetState};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::OnceLock;

const ZONE: chrono_tz::Tz = chrono_tz::Asia::Kolkata;
const BANDS: usize = 4;

/// A department with two offices, another with one, and an office that the histories know and the
/// rulebook does not (`roads`).
pub(crate) fn book() -> Rulebook {
    let unit = |code: &str, parent: &str| {
        format!(
            "{{ code = \"{code}\", name = \"{code}\", kind = \"office\", parent = \"{parent}\", head = \"officer\" }}"
        )
    };
    let units = [unit("works", "city"), unit("water", "works"), unit("drains", "works")];
    Rulebook::from_toml(&format!(
        "extends = \"city-311\"\nname = \"Haldia\"\nzone = \"Asia/Kolkata\"\nunit = [\n{}\n]",
        units.join(",\n")
    ))
    .expect("the offices are sound")
}

pub(crate) fn weeks(day: NaiveDate, rule: AgeRule) -> Weeks {
    Weeks::to(Terms::new(day, ZONE, rule))
}

pub(crate) fn counted<'a>(weeks: &Weeks, histories: impl IntoIterator<Item = &'a Vec<Recorded>>) -> PackPart {
    let mut part = PackPart::new(weeks.clone());
    histories.into_iter().for_each(|history| part.add_history(history));
    part
}

pub(crate) fn pack(part: &PackPart, book: &Rulebook, top: &str, index: Option<&Definition>) -> Pack {
    let top = UnitCode::new(top).unwrap();
    part.finish(book, &top, index, |unit| unit.as_str().to_owned()).expect("the office is there")
}

/// A year of an office as people really leave it: sweeps, breaches, escalations, reopenings, wrong
/// clocks. Its rulebook is the preset `west-bengal` with two levels more.
pub(crate) fn office_year() -> &'static (Rulebook, Vec<Vec<Recorded>>) {
    static YEAR: OnceLock<(Rulebook, Vec<Vec<Recorded>>)> = OnceLock::new();
    YEAR.get_or_init(|| {
        let store = stores().remove(0).1;
        run(store.clone(), Plan { years: 1, cases_a_year: 160, seed: 11 });
        let mut histories = Vec::new();
        store
            .scan(&Scope::All, &mut |history| {
                histories.push(history.to_vec());
                true
            })
            .unwrap();
        (Rulebook::from_toml("extends = \"west-bengal\"").unwrap(), histories)
    })
}

fn statement(day: NaiveDate, rule: AgeRule, histories: &[Vec<Recorded>]) -> MisPart {
    let mut part = MisPart::new(Terms::new(day, ZONE, rule));
    for history in histories {
        part.add_history(history);
    }
    part
}

/// Every figure that a pack and a statement both have.
fn same_as_statement(ours: &Figures, theirs: &Statement, place: &str) {
    let flow = &theirs.flow;
    for (line, count) in [
        (MisLine::BroughtForward, flow.brought_forward),
        (MisLine::Received, flow.received),
        (MisLine::Reopened, flow.reopened),
        (MisLine::Undone, flow.undone),
        (MisLine::TransferredIn, flow.transferred_in),
        (MisLine::Disposed, flow.disposed),
        (MisLine::ClosedOtherwise, flow.closed_otherwise),
        (MisLine::TransferredOut, flow.transferred_out),
        (MisLine::Pending, theirs.pending),
        (MisLine::Breached, theirs.breaches.week),
        (MisLine::Escalated, theirs.escalations.week),
        (MisLine::Climbed, theirs.escalations.pending_levels.iter().map(|row| row.count).sum()),
    ] {
        assert_eq!(ours.week(line), count, "{place} {line}");
    }
    let bands: Vec<u64> = theirs.bands.iter().map(|band| band.count).collect();
    assert_eq!(ours.ages(BANDS), bands, "{place} bands");
    for row in &theirs.targets {
        let line = match row.state {
            TargetState::InTime => MisLine::InTime,
            TargetState::DueSoon => MisLine::DueSoon,
            TargetState::Breached => MisLine::PastDue,
            TargetState::NoTarget => MisLine::NoTarget,
        };
        assert_eq!(ours.week(line), row.count, "{place} {line}");
    }
}

fn agrees_with_the_statement(day: NaiveDate, rule: AgeRule, histories: &[Vec<Recorded>], book: &Rulebook) {
    let root = book.directory().upward(book.directory().cell()).last().unwrap();
    let ours = pack(&counted(&weeks(day, rule), histories), book, root.as_str(), None);
    let theirs = statement(day, rule, histories).finish(|unit| unit.as_str().to_owned());
    same_as_statement(&ours.all, &theirs.all, "all");
    for unit in &theirs.units {
        let row = ours.offices.iter().find(|row| row.unit == unit.code);
        let Some(row) = row else {
            // The rulebook does not have it, and nothing has happened there for twelve weeks.
            let Statement { pending, flow, breaches, escalations, .. } = &unit.figures;
            assert_eq!((*pending, *flow), (0, Flow::default()), "{}", unit.code);
            assert_eq!((breaches.week, escalations.week), (0, 0), "{}", unit.code);
            continue;
        };
        same_as_statement(&row.figures, &unit.figures, unit.code.as_str());
    }
}

/// What a pack says of the week before is what the pack of the week before said of its week.
fn agrees_with_last_weeks(
    day: NaiveDate,
    rule: AgeRule,
    histories: &[Vec<Recorded>],
    book: &Rulebook,
    top: &str,
) {
    let today = pack(&counted(&weeks(day, rule), histories), book, top, None);
    let then = pack(&counted(&weeks(day - Days::new(7), rule), histories), book, top, None);
    for row in &today.offices {
        let Some(old) = then.offices.iter().find(|old| old.unit == row.unit) else { continue };
        for (line, compared) in &row.figures.lines {
            if let Some(before) = compared.before {
                assert_eq!(before, old.figures.week(*line), "{} {line} on {day}", row.unit);
            }
        }
    }
    // The flow, week by week.
    for week in &then.flow {
        if let Some(same) = today.flow.iter().find(|same| same.since == week.since) {
            assert_eq!(same, week);
        }
    }
}

/// The number is the list: for every line of an office, alone and with what is below it.
fn opens(day: NaiveDate, rule: AgeRule, histories: &[Vec<Recorded>], book: &Rulebook, top: &str) -> u64 {
    let weeks = weeks(day, rule);
    let pack = pack(&counted(&weeks, histories), book, top, None);
    let mut opened = 0;
    let rows = pack.branches.iter().map(|row| (row, Span::Below)).chain(
        // The top's own branch is the office alone.
        pack.offices.iter().map(|row| (row, Span::Alone)),
    );
    for (row, span) in rows {
        let span = if row.below == 0 && row.unit == pack.unit { Span::Alone } else { span };
        for (line, compared) in &row.figures.lines {
            for (ago, count) in [(0, Some(compared.week)), (1, compared.before)] {
                let cell = Cell { unit: row.unit.clone(), span, line: *line, ago };
                let mut list = CaseList::of(&cell, &weeks, book.directory());
                for history in histories {
                    list.add_history(history);
                }
                assert_eq!(list.count(), count.unwrap_or(0), "{cell:?}");
                assert!(list.cases().count() as u64 <= list.count());
                opened += list.count();
            }
        }
    }
    opened
}

fn holds_together(pack: &Pack) {
    let rows = || pack.branches.iter().chain(&pack.offices);
    for (line, all) in &pack.all.lines {
        let branches: u64 = pack.branches.iter().map(|row| row.figures.week(*line)).sum();
        let offices: u64 = pack.offices.iter().map(|row| row.figures.week(*line)).sum();
        assert_eq!((branches, offices), (all.week, all.week), "{line}");
    }
    for figures in rows().map(|row| &row.figures).chain([&pack.all]) {
        let week = |line: MisLine| figures.week(line);
        let ins = week(MisLine::BroughtForward)
            + week(MisLine::Received)
            + week(MisLine::Reopened)
            + week(MisLine::Undone)
            + week(MisLine::TransferredIn);
        let outs = week(MisLine::Disposed) + week(MisLine::ClosedOtherwise) + week(MisLine::TransferredOut);
        assert_eq!(ins, outs + week(MisLine::Pending));
        assert_eq!(figures.ages(BANDS).iter().sum::<u64>(), week(MisLine::Pending));
        assert!(week(MisLine::DisposedOnTime) <= week(MisLine::DisposedWithTarget));
        for part in [MisLine::BenefitProvided, MisLine::DisposedWithin30, MisLine::DisposedWithTarget] {
            assert!(week(part) <= week(MisLine::Disposed), "{part}");
        }
        for share in &figures.shares {
            assert_eq!(share.percent.is_none(), share.of == 0, "{:?}", share.share);
            assert!(share.percent.is_none_or(|percent| (0.0..=100.0).contains(&percent)));
        }
        assert!(figures.days.value().is_none_or(f64::is_finite));
    }
    for week in &pack.flow {
        assert_eq!(week.difference, 0, "{}", week.since);
    }
    assert!(pack.oldest.is_sorted_by_key(|case| std::cmp::Reverse(case.days)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// A pack and a statement of one day agree, in all and at every office; what the last pack said
    /// of its week is what this one says of the week before; the rows add up; the text reads back.
    #[test]
    fn a_pack_agrees_with_the_statement(
        rule in rule(),
        histories in prop::collection::vec(history(), 0..25),
        later in 0..80_u64,
    ) {
        let day = "2026-01-05".parse::<NaiveDate>().unwrap() + Days::new(later);
        let book = book();
        agrees_with_the_statement(day, rule, &histories, &book);
        agrees_with_last_weeks(day, rule, &histories, &book, "city");
        let pack = pack(&counted(&weeks(day, rule), &histories), &book, "city", None);
        holds_together(&pack);
        prop_assert_eq!(Pack::read(&pack.text()), Ok(pack));
    }

    /// The number that is seen is the list that is got, in every row and line.
    #[test]
    fn every_number_opens_to_its_list(
        rule in rule(),
        histories in prop::collection::vec(history(), 1..8),
        later in 0..80_u64,
    ) {
        let histories = numbered(histories);
        let day = "2026-01-05".parse::<NaiveDate>().unwrap() + Days::new(later);
        opens(day, rule, &histories, &book(), "city");
    }

    /// Parts that are merged in any order are the whole.
    #[test]
    fn parts_add_up(
        rule in rule(),
        histories in prop::collection::vec((history(), 0..3_usize), 0..25),
        turned in any::<bool>(),
    ) {
        let weeks = weeks("2026-02-20".parse().unwrap(), rule);
        let whole = counted(&weeks, histories.iter().map(|(history, _)| history));
        let mut parts: Vec<_> = (0..3)
            .map(|of| counted(&weeks, histories.iter().filter(|(_, part)| *part == of).map(|(history, _)| history)))
            .collect();
        if turned {
            parts.reverse();
        }
        let mut sum = PackPart::new(weeks);
        for part in &parts {
            sum.merge(part).unwrap();
        }
        prop_assert_eq!(sum, whole);
    }
}

/// Histories of different cases.
pub(crate) fn numbered(mut histories: Vec<Vec<Recorded>>) -> Vec<Vec<Recorded>> {
    for (number, history) in (1..).zip(&mut histories) {
        for recorded in history {
            recorded.case = GrievanceId::from_uuid(uuid::Uuid::from_u128(number));
        }
    }
    histories
}

/// Every life that the scenario files tell, under the preset that most of them use.
pub(crate) fn lives() -> Vec<Vec<Recorded>> {
    let mut histories = Vec::new();
    for (name, scenario) in crate::scenario_runner::all() {
        let store = stores().remove(0).1;
        scenario.run(&name, store.clone());
        store
            .scan(&Scope::All, &mut |history| {
                histories.push(history.to_vec());
                true
            })
            .unwrap();
    }
    numbered(histories)
}

/// The same laws on histories of the library's own: targets, breaches, escalations, feedback,
/// reopenings, appeals, steps taken back.
#[test]
fn the_laws_hold_over_real_lives() {
    let (book, year) = office_year();
    let lives = lives();
    let mut seen = std::collections::BTreeMap::<Line, u64>::new();
    let mut hold = |first: &str, last: &str, step: u64, histories: &[Vec<Recorded>]| {
        let (mut day, last): (NaiveDate, NaiveDate) = (first.parse().unwrap(), last.parse().unwrap());
        while day <= last {
            agrees_with_the_statement(day, AgeRule::Calendar, histories, book);
            agrees_with_last_weeks(day, AgeRule::Elapsed, histories, book, "govt");
            let pack = pack(&counted(&weeks(day, AgeRule::Calendar), histories), book, "govt", None);
            holds_together(&pack);
            assert_eq!(Pack::read(&pack.text()), Ok(pack.clone()));
            for (line, compared) in &pack.all.lines {
                *seen.entry(*line).or_default() += compared.week;
            }
            day = day + Days::new(step);
        }
    };
    hold("2004-02-01", "2005-01-20", 23, year);
    hold("2026-01-05", "2026-12-28", 7, &lives);
    // What was never seen was never tested. Only imported cases have no target: those are above.
    let missing: Vec<_> = seen.iter().filter(|(_, count)| **count == 0).map(|(line, _)| *line).collect();
    assert!(missing.iter().all(|line| *line == MisLine::NoTarget.into()), "never counted: {missing:?}");
    let opened =
        opens("2004-06-14".parse().unwrap(), AgeRule::Calendar, &numbered(year[..60].to_vec()), book, "govt");
    assert!(opened > 100, "{opened} opened");
    assert!(opens("2026-04-06".parse().unwrap(), AgeRule::Calendar, &lives, book, "govt") > 100);
}

/// A schema of the few words that ours uses.
fn obeys(root: &Value, schema: &Value, value: &Value, path: &str) -> Result<(), String> {
    let wrong = |what: &str| Err(format!("{path}: {what}: {value}"));
    if schema == &json!(true) {
        return Ok(());
    }
    for (word, asked) in schema.as_object().expect("a schema is an object") {
        match word.as_str() {
            "$schema" | "title" | "description" | "$defs" | "required" | "patternProperties" => {}
            "$ref" => {
                let name = asked.as_str().unwrap().trim_start_matches("#/$defs/");
                obeys(root, &root["$defs"][name], value, path)?;
            }
            "anyOf" => {
                let all = asked.as_array().unwrap();
                if !all.iter().any(|one| obeys(root, one, value, path).is_ok()) {
                    return wrong("fits none");
                }
            }
            "const" if asked != value => return wrong("is another"),
            "const" => {}
            "enum" if !asked.as_array().unwrap().contains(value) => return wrong("is not in the list"),
            "enum" => {}
            "type" => {
                let fits = match asked.as_str().unwrap() {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    "integer" => value.is_i64() || value.is_u64(),
                    "number" => value.is_number(),
                    "null" => value.is_null(),
                    other => panic!("the type {other}"),
                };
                if !fits {
                    return wrong("is of another type");
                }
            }
            "minimum" if value.as_f64() < asked.as_f64() => return wrong("is too small"),
            "maximum" if value.as_f64() > asked.as_f64() => return wrong("is too great"),
            "minItems" if value.as_array().unwrap().len() < as_size(asked) => return wrong("is too short"),
            "maxItems" if value.as_array().unwrap().len() > as_size(asked) => return wrong("is too long"),
            "minimum" | "maximum" | "minItems" | "maxItems" => {}
            "items" => {
                for (nth, item) in value.as_array().into_iter().flatten().enumerate() {
                    obeys(root, asked, item, &format!("{path}[{nth}]"))?;
                }
            }
            "pattern" => {
                if !fits_pattern(asked.as_str().unwrap(), value.as_str().unwrap_or_default()) {
                    return wrong("does not fit the pattern");
                }
            }
            "properties" | "additionalProperties" => {}
            other => panic!("the word {other}"),
        }
    }
    let Some(map) = value.as_object() else { return Ok(()) };
    for name in schema["required"].as_array().into_iter().flatten() {
        if !map.contains_key(name.as_str().unwrap()) {
            return wrong(&format!("lacks {name}"));
        }
    }
    for (name, inner) in map {
        let path = format!("{path}.{name}");
        let by_pattern = schema["patternProperties"].as_object().into_iter().flatten();
        let named = schema["properties"].get(name).or_else(|| {
            by_pattern.filter(|(pattern, _)| fits_pattern(pattern, name)).map(|(_, schema)| schema).next()
        });
        match (named, &schema["additionalProperties"]) {
            (Some(own), _) => obeys(root, own, inner, &path)?,
            (None, Value::Bool(false)) => return Err(format!("{path}: is not in the schema")),
            (None, Value::Null) => {}
            (None, other) => obeys(root, other, inner, &path)?,
        }
    }
    Ok(())
}

fn as_size(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

/// The five patterns of the schema, read by hand.
fn fits_pattern(pattern: &str, text: &str) -> bool {
    let all = |text: &str, fits: fn(char) -> bool| text.chars().all(fits);
    let hex = |text: &str| text.chars().all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c));
    match pattern {
        "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" => text.len() == 10 && text.parse::<NaiveDate>().is_ok(),
        "^[0-9a-f]{64}$" => text.len() == 64 && hex(text),
        "^[a-z0-9_-]{1,40}$" => {
            (1..=40).contains(&text.len())
                && all(text, |c| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-".contains(c))
        }
        "^grv_[0-9a-f]{32}$" => text.len() == 36 && text.starts_with("grv_") && hex(&text[4..]),
        words => {
            let listed = words.trim_start_matches("^(").trim_end_matches(")$").split('|');
            listed.filter(|word| !word.starts_with("age_")).any(|word| word == text)
                || text.strip_prefix("age_").is_some_and(|nth| nth.parse::<u8>().is_ok_and(|nth| nth > 0))
        }
    }
}

fn index() -> Definition {
    shipped().into_iter().find(|one| one.code == "timely_disposal").unwrap()
}

/// What is written obeys the schema that is committed, and every line of the closed list is in it.
#[test]
fn the_text_obeys_the_schema() {
    let (book, year) = office_year();
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let mut part = counted(&weeks("2004-09-06".parse().unwrap(), AgeRule::Calendar), year);
    for verifies in [false, true] {
        if verifies {
            part.add_verification(&UnitCode::new("bankura").unwrap(), at("2004-09-03"), true);
        }
        for definition in shipped().iter().map(Some).chain([None]) {
            let written: Value = serde_json::from_str(&pack(&part, book, "govt", definition).text()).unwrap();
            assert_eq!(obeys(&schema, &schema, &written, "pack"), Ok(()));
            // The test can fail: what is not in the schema, and what is of another type.
            for (place, with) in
                [("/surplus", json!(1)), ("/as_of", json!(7)), ("/all/lines/sold", json!({}))]
            {
                let mut broken = written.clone();
                let (parent, name) = place.rsplit_once('/').unwrap();
                broken.pointer_mut(parent).unwrap()[name] = with;
                assert!(obeys(&schema, &schema, &broken, "pack").is_err(), "{place}");
            }
        }
    }
    let words = schema["$defs"]["lines"]["patternProperties"].as_object().unwrap().keys().next().unwrap();
    assert!(MisLine::ALL.iter().all(|line| words.contains(line.as_str())));
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

#[test]
fn a_second_look_is_known_only_where_somebody_told_of_it() {
    let (book, works) = (book(), UnitCode::new("works").unwrap());
    let mut part = PackPart::new(weeks("2026-03-30".parse().unwrap(), AgeRule::Calendar));
    part.add_verification(&works, at("2026-03-25"), true);
    part.add_verification(&works, at("2026-03-26"), false);
    part.add_verification(&works, at("2026-03-31"), true); // later than the week
    let pack = pack(&part, &book, "city", None);
    let sound = pack.all.shares.iter().find(|share| share.share == ShareKind::Sound).unwrap();
    assert_eq!((sound.count, sound.of, sound.percent), (1, 2, Some(50.0)));
    let water = pack.offices.iter().find(|row| row.unit.as_str() == "water").unwrap();
    assert_eq!(water.figures.line(MisLine::Verified).unwrap().week, 0);
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
    assert_eq!(
        moved.history.last().unwrap().event.led_to,
        stands(grievance_core::vocabulary::Phase::InProgress, "water")
    );
    let part = counted(&weeks("2026-03-30".parse().unwrap(), AgeRule::Calendar), [&moved.history]);
    let works = self::pack(&part, &book(), "works", None);
    let row = |unit: &str| works.offices.iter().find(|row| row.unit.as_str() == unit).unwrap();
    assert_eq!(row("works").figures.week(MisLine::TransferredOut), 1);
    assert_eq!(row("water").figures.week(MisLine::Pending), 1);
}
