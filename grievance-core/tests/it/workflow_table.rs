//! Every stage, action, role and outcome of the three presets against tables written by hand, and
//! the tables of `docs/reference/presets.md`, which are made from the presets.

use grievance_core::kernel::code::{RoleCode, StageCode};
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::document::StepEntry;
use grievance_core::rulebook::presets::text;
use grievance_core::rulebook::workflow::{Step, usual_custody};
use grievance_core::vocabulary::{Action, Custody, Outcome};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

const TABLES: [(&str, &str); 3] = [
    ("city-311", include_str!("../../testdata/workflow/city-311.txt")),
    ("west-bengal", include_str!("../../testdata/workflow/west-bengal.txt")),
    ("cpgrams", include_str!("../../testdata/workflow/cpgrams.txt")),
];

/// Stage (`-` before lodging), action with its outcome, role.
type Question = (String, String, String);

fn expand<'a>(words: &'a str, names: &BTreeMap<&'a str, Vec<&'a str>>) -> Vec<&'a str> {
    let known = |word| names.get(word).cloned().unwrap_or_else(|| vec![word]);
    words.split_whitespace().flat_map(known).collect()
}

fn by_hand(table: &str) -> BTreeMap<Question, String> {
    let (mut names, mut rows) = (BTreeMap::new(), BTreeMap::new());
    for line in table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if line.starts_with('@') && !line.contains('|') {
            let (name, words) = line.split_once('=').expect("a name and its words");
            names.insert(name.trim(), expand(words, &names));
            continue;
        }
        let cells: Vec<_> = line.split('|').map(str::trim).collect();
        let [stages, action, roles, to] = cells[..] else { panic!("four cells: {line}") };
        for stage in expand(stages, &names) {
            for role in expand(roles, &names) {
                let question = (stage.to_owned(), action.to_owned(), role.to_owned());
                assert!(!stage.starts_with('@') && !role.starts_with('@'), "{line}");
                assert!(rows.insert(question.clone(), to.to_owned()).is_none(), "twice: {question:?}");
            }
        }
    }
    rows
}

fn leads_to(action: Action, step: &Step) -> String {
    match (&step.to, action) {
        (Some(stage), _) => stage.code.to_string(),
        (None, Action::Return | Action::Recall) => "sender".to_owned(),
        (None, Action::ProvideInformation) => "sought".to_owned(),
        (None, Action::Rescind) => "undone".to_owned(),
        (None, _) => "stays".to_owned(),
    }
}

/// Every stage × action × role × outcome that the compiled workflow answers.
fn compiled(rulebook: &Rulebook) -> BTreeMap<Question, String> {
    let mut rows = BTreeMap::new();
    let stages = rulebook.workflow().stages().iter().map(|stage| Some(stage.code.clone()));
    let stages: Vec<Option<StageCode>> = stages.chain([None]).collect();
    for role in &rulebook.document().role {
        let role = RoleCode::new(&role.code).expect("a code");
        for stage in &stages {
            for action in Action::ALL.iter().copied() {
                for step in rulebook.workflow().steps(action, stage.as_ref(), &role) {
                    let outcome = step.when.map_or(String::new(), |when| format!("/{when}"));
                    let at = stage.as_ref().map_or("-".to_owned(), ToString::to_string);
                    let question = (at, format!("{action}{outcome}"), role.to_string());
                    // What is asked for by name is what is found.
                    let found = rulebook.workflow().find(action, stage.as_ref(), &role, step.when);
                    let (one, two) = (leads_to(action, step), leads_to(action, found.expect("the step")));
                    assert_eq!(one, two, "{question:?}");
                    assert!(rows.insert(question, one).is_none());
                }
                // An outcome without a step of its own takes the step for any, or none.
                let plain =
                    rulebook.workflow().steps(action, stage.as_ref(), &role).any(|it| it.when.is_none());
                for outcome in Outcome::ALL.iter().copied() {
                    let own = rulebook
                        .workflow()
                        .steps(action, stage.as_ref(), &role)
                        .any(|step| step.when == Some(outcome));
                    let found = rulebook.workflow().find(action, stage.as_ref(), &role, Some(outcome));
                    assert_eq!(found.is_some(), own || plain, "{action} {outcome}");
                }
            }
        }
    }
    rows
}

#[test]
fn every_stage_action_and_role_is_as_the_tables_written_by_hand_say() {
    for (name, table) in TABLES {
        let rulebook = Rulebook::from_toml(text(name).expect("a preset")).expect("a sound rulebook");
        let (wanted, found) = (by_hand(table), compiled(&rulebook));
        let mut wrong = Vec::new();
        for question in wanted.keys().chain(found.keys()).collect::<BTreeSet<_>>() {
            let (should, is) = (wanted.get(question), found.get(question));
            if should != is {
                wrong.push(format!("{question:?}: the table says {should:?}, the preset {is:?}"));
            }
        }
        assert!(wrong.is_empty(), "{name}:\n{}", wrong.join("\n"));
        assert!(found.len() > 300, "{name} has {} answers", found.len());
    }
}

fn then_with(action: Action, step: &StepEntry) -> &'static str {
    match (action, step.custody.unwrap_or(usual_custody(action))) {
        (Action::Rescind, _) => "where it was",
        (_, Custody::Stay) => "stays",
        (_, Custody::Routed) => "the office that the routing rules name",
        (_, Custody::Named) => "the office named",
        (_, Custody::Sender) => "the office that sent it; the cell, if none did",
        (_, Custody::Reporter) => "the office that made the report",
        (_, Custody::Cell) => "the cell",
        (_, Custody::Appellate) => "the appellate authority of the office that disposed of it",
        (_, Custody::Disposer) => "the office that disposed of it",
    }
}

fn row(action: Action, step: &StepEntry) -> String {
    let list = |words: Vec<&str>| {
        let words: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
        if words.is_empty() { "–".to_owned() } else { words.join(", ") }
    };
    let when = step.when.map_or(String::new(), |when| format!(", `{when}`"));
    let to = match (&step.to, action) {
        (Some(to), _) => format!("`{to}`"),
        (None, Action::Return | Action::Recall) => "as the sender held it".to_owned(),
        (None, Action::ProvideInformation) => "where it was sought".to_owned(),
        (None, Action::Rescind) => "where it was".to_owned(),
        (None, _) => "stays".to_owned(),
    };
    let roles = list(step.role.iter().map(String::as_str).collect());
    let gates = list(step.gate.iter().map(|gate| gate.as_str()).collect());
    format!("| `{action}`{when} | {roles} | {to} | {} | {gates} |\n", then_with(action, step))
}

/// When the offices of a preset are open.
fn office_hours(name: &str, rulebook: &Rulebook) -> String {
    let calendar = &rulebook.document().calendar;
    let mut out = format!("\n### {name}: office hours\n\n");
    let _ = writeln!(out, "Source: {}.\n\n| day | open |\n|---|---|", calendar.source);
    for (day, periods) in calendar.hours.as_ref().expect("a preset has hours").days() {
        let open = if periods.is_empty() { "closed".to_owned() } else { periods.join(", ") };
        let _ = writeln!(out, "| {day} | {open} |");
    }
    for holiday in &calendar.holiday {
        let _ = writeln!(
            out,
            "| {} (`{}`), {} | closed |",
            holiday.name,
            holiday.code,
            holiday.yearly.as_deref().unwrap_or("dated")
        );
    }
    out
}

/// The tables of one preset, in the order of its stages and of the closed list of actions.
fn tables(name: &str) -> String {
    let rulebook = Rulebook::from_toml(text(name).expect("a preset")).expect("a sound rulebook");
    let workflow = &rulebook.document().workflow;
    let mut out = format!("### {name}: stages\n\n| stage | phase | open or terminal |\n|---|---|---|\n");
    for stage in &workflow.stage {
        let phase = stage.phase.expect("a phase");
        let end = if phase.is_terminal() { "terminal" } else { "open" };
        let _ = writeln!(out, "| `{}` | `{phase}` | {end} |", stage.code);
    }
    out.push_str(&office_hours(name, &rulebook));
    let head = "| action | roles | leads to | then with | gates |\n|---|---|---|---|---|\n";
    let mut section = |title: &str, steps: &dyn Fn(&StepEntry) -> bool| {
        let _ = write!(out, "\n### {name}: {title}\n\n{head}");
        for action in Action::ALL.iter().copied() {
            for step in workflow.step.iter().filter(|step| step.action == action.as_str() && steps(step)) {
                out.push_str(&row(action, step));
            }
        }
    };
    section("not lodged yet", &|step| step.action == "lodge");
    for stage in &workflow.stage {
        let end = stage.phase.expect("a phase").is_terminal();
        section(&format!("from `{}`", stage.code), &|step| {
            step.from.iter().any(|from| match from.as_str() {
                "*" => true,
                "*open" => !end,
                "*closed" => end,
                code => code == stage.code,
            })
        });
    }
    let _ = write!(
        out,
        "\n### {name}: who is told\n\n| event | audience | template | channels | when |\n|---|---|---|---|---|\n"
    );
    let words =
        |words: Vec<&str>| words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    for rule in &rulebook.document().inform {
        let events = words(rule.event.iter().map(String::as_str).collect());
        let audience = words(rule.audience.iter().map(|audience| audience.as_str()).collect());
        let otherwise = rule.otherwise.as_ref().map_or(String::new(), |code| format!(", else `{code}`"));
        let channels = words(rule.channel.iter().map(|channel| channel.as_str()).collect());
        let _ = writeln!(
            out,
            "| {events} | {audience} | `{}`{otherwise} | {channels} | `{}` |",
            rule.template, rule.when
        );
    }
    out
}

/// `UPDATE_GOLDEN=1` writes the tables anew.
#[test]
fn the_tables_of_the_reference_are_those_of_the_presets() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/reference/presets.md");
    let written = std::fs::read_to_string(path).expect("the reference reads");
    let mut made = written.clone();
    for (name, _) in TABLES {
        let (begin, end) =
            (format!("<!-- tables of {name}: generated -->\n"), format!("<!-- end of {name} -->\n"));
        let (before, rest) = made.split_once(&begin).expect("the marker");
        let (_, after) = rest.split_once(&end).expect("the end marker");
        made = format!("{before}{begin}\n{}\n{end}{after}", tables(name));
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(path, &made).expect("the reference is written");
    }
    assert!(
        made == written || std::env::var_os("UPDATE_GOLDEN").is_some(),
        "docs/reference/presets.md is not what the presets say: run the tests with UPDATE_GOLDEN=1"
    );
}
