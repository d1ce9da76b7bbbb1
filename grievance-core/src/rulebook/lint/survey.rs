//! What the lints look up: the codes of each list, and the workflow as a graph.

use crate::rulebook::document::{Document, StepEntry};
use crate::rulebook::hint::{did_you_mean, one_of, shown};
use crate::rulebook::lint::steps::{MOST_STAGES, MOST_STEPS};
use crate::vocabulary::{Action, Phase};
use std::cell::Cell;
use std::collections::HashMap;

/// How many pairs of words are compared for one report; guessing stops when they are used up.
const MOST_COMPARISONS: usize = 200_000;

/// The codes of one list.
pub(super) struct Codes<'a> {
    noun: &'static str,
    at: HashMap<&'a str, usize>,
}

impl<'a> Codes<'a> {
    fn new(noun: &'static str, codes: impl IntoIterator<Item = &'a str>) -> Self {
        let mut at = HashMap::new();
        for (n, code) in codes.into_iter().enumerate() {
            at.entry(code).or_insert(n);
        }
        Self { noun, at }
    }

    /// The index of the first entry of that code.
    pub(super) fn at(&self, code: &str) -> Option<usize> {
        self.at.get(code).copied()
    }
}

/// A step as far as it can be understood.
pub(super) struct Taken<'a> {
    pub(super) entry: &'a StepEntry,
    pub(super) action: Option<Action>,
    /// Stages that it is taken from, by index, each once; none for lodging.
    pub(super) from: Vec<usize>,
    pub(super) to: Option<usize>,
}

/// A document with its codes looked up.
pub(super) struct Survey<'a> {
    pub(super) document: &'a Document,
    pub(super) units: Codes<'a>,
    pub(super) unit_kinds: Codes<'a>,
    pub(super) posts: Codes<'a>,
    pub(super) roles: Codes<'a>,
    pub(super) priorities: Codes<'a>,
    pub(super) places: Codes<'a>,
    pub(super) categories: Codes<'a>,
    pub(super) stages: Codes<'a>,
    pub(super) reasons: Codes<'a>,
    pub(super) steps: Vec<Taken<'a>>,
    comparisons: Cell<usize>,
}

impl<'a> Survey<'a> {
    pub(super) fn new(document: &'a Document) -> Self {
        macro_rules! codes {
            ($noun:literal, $list:expr) => {
                Codes::new($noun, $list.iter().map(|entry| entry.code.as_str()))
            };
        }
        let mut survey = Self {
            document,
            units: codes!("unit", document.unit),
            unit_kinds: codes!("unit kind", document.unit_kind),
            posts: codes!("post", document.post),
            roles: codes!("role", document.role),
            priorities: codes!("priority class", document.priority),
            places: codes!("place", document.place),
            categories: codes!("category", document.category),
            stages: codes!("stage", document.workflow.stage),
            reasons: codes!("reason", document.reason),
            steps: Vec::new(),
            comparisons: Cell::new(MOST_COMPARISONS),
        };
        let flow = &document.workflow;
        if flow.stage.len() <= MOST_STAGES && flow.step.len() <= MOST_STEPS {
            survey.steps = flow.step.iter().map(|step| survey.taken(step)).collect();
        }
        survey
    }

    fn taken(&self, entry: &'a StepEntry) -> Taken<'a> {
        let mut from = Vec::new();
        for word in &entry.from {
            match word.as_str() {
                "*" => from.extend(0..self.document.workflow.stage.len()),
                "*open" => from.extend(self.in_phases(|phase| !phase.is_terminal())),
                "*closed" => from.extend(self.in_phases(Phase::is_terminal)),
                code => from.extend(self.stages.at(code)),
            }
        }
        from.sort_unstable();
        from.dedup();
        Taken {
            entry,
            action: entry.action.parse().ok(),
            from,
            to: entry.to.as_deref().and_then(|code| self.stages.at(code)),
        }
    }

    fn in_phases(&self, fits: impl Fn(Phase) -> bool) -> impl Iterator<Item = usize> {
        let stages = self.document.workflow.stage.iter().enumerate();
        stages.filter(move |(_, stage)| stage.phase.is_some_and(&fits)).map(|(at, _)| at)
    }

    /// The phase of a stage by its index, if it has one.
    pub(super) fn phase(&self, stage: usize) -> Option<Phase> {
        self.document.workflow.stage.get(stage).and_then(|stage| stage.phase)
    }

    /// The sentence for a code that is not in the list, and a guess what was meant.
    pub(super) fn dangling(&self, codes: &Codes<'_>, code: &str) -> (String, Option<String>) {
        let message = format!("no {} {}", codes.noun, shown(code));
        let left = self.comparisons.get();
        if codes.at.len() > left {
            return (message, None);
        }
        self.comparisons.set(left - codes.at.len());
        let mut known: Vec<&str> = codes.at.keys().copied().filter(|code| code.len() <= 40).collect();
        known.sort_unstable();
        let hint = if known.len() <= 8 { one_of(code, &known) } else { did_you_mean(code, known) };
        (message, hint)
    }
}
