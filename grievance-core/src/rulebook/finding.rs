//! What is wrong with a rulebook, and where.

use crate::vocabulary::ErrorCode;
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::HashMap;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth a thought; the rulebook works.
    Advice,
    /// Probably not meant; the rulebook works.
    Warning,
    /// The rulebook is refused.
    Error,
}

impl std::fmt::Display for Severity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The word that JSON has for it.
        self.serialize(f)
    }
}

/// The closed list of what the linter looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Lint {
    /// The text is not TOML or JSON.
    NotADocument,
    /// A field is unknown, missing or of the wrong type.
    Malformed,
    /// `extends` names no preset.
    UnknownPreset,
    /// A code is not `[a-z0-9_-]{1,40}`.
    BadCode,
    /// Two entries have the same code.
    DuplicateCode,
    /// Something is named that is not there.
    Undefined,
    /// No step leads to the stage.
    UnreachableStage,
    /// No step leads out of the stage, and it is not terminal.
    NoWayOut,
    /// Lodging leads to several stages, or to none.
    Starts,
    /// A terminal stage is left otherwise than by reopening, appeal, rescinding or follow-up.
    ExitFromTerminal,
    /// Two steps answer the same action, stage, role and outcome.
    AmbiguousStep,
    /// A step cannot be taken: its stages, roles, gates, custody or outcome do not go together.
    ImpossibleStep,
    /// A role takes no step.
    RoleWithoutStep,
    /// No post grants the role to an officer.
    RoleNeverGranted,
    /// A role has a reach that reaches nothing.
    RoleWithoutReach,
    /// Nobody could handle the cases of a sealed subject.
    SealedWithoutKeeper,
    /// A complaint about some office would be kept in its own line.
    SealedInLine,
    /// No rule sends the category to an office of its own.
    CategoryWithoutOffice,
    /// A routing rule can never win.
    ShadowedRoute,
    /// The unit has no head; what concerns its head falls upward.
    UnitWithoutHead,
    /// A chain of parents comes back to itself.
    Cycle,
    /// The same thing is valid twice on the same day, or ends before it begins.
    OverlappingValidity,
    /// The time zone is unknown.
    UnknownZone,
    /// The numbering pattern is malformed.
    Numbering,
    /// Office hours or holidays are malformed, contradict each other or leave no open time.
    Calendar,
    /// A number lies outside what makes sense.
    OutOfRange,
    /// There is nothing where something is needed: no cell, no reason, no channel.
    Missing,
    /// A closure reason does not go with what it asks for.
    ReasonContradiction,
    /// A change of a procedure does not go with how far it has come.
    ChangeContradiction,
    /// A target does not go with what it asks for.
    TargetContradiction,
    /// A level of the ladder does not go with what it asks for, or comes before a lower one.
    LadderContradiction,
    /// A schedule does not say when it comes.
    ScheduleContradiction,
    /// A message to a mobile is the only factor of an officer's log-in.
    WeakFactor,
    /// A template cannot be read, or does not fit its variables, languages or rules.
    Template,
    /// A unit, stage or reason of the version before disappears without a mapping.
    MappingMissing,
    /// A stage goes on under a mapping or its old code, but would end or reopen its cases.
    MappingChangesPhase,
}

impl std::fmt::Display for Lint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The word that JSON has for it.
        self.serialize(f)
    }
}

/// One problem of a rulebook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// Which lint found it.
    pub lint: Lint,
    /// Where: `workflow.step[4].to`.
    pub path: String,
    /// What is wrong: `no stage "closd"`.
    pub message: String,
    /// What may help: `did you mean "closed"?`.
    pub hint: Option<String>,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)?;
        self.hint.as_ref().map_or(Ok(()), |hint| write!(f, "; {hint}"))
    }
}

/// A rulebook was refused: everything that was found, errors first.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the rulebook has {} error(s); the first: {}", self.errors().count(), self.first())]
pub struct RulebookInvalid {
    /// All findings, of every severity.
    pub findings: Vec<Finding>,
}

impl RulebookInvalid {
    /// The findings that are errors.
    pub fn errors(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.severity == Severity::Error)
    }

    /// The code every language reports for it: that of its first error.
    pub fn code(&self) -> ErrorCode {
        self.errors().next().map_or(ErrorCode::RulebookInvalid, Finding::code)
    }

    fn first(&self) -> String {
        self.errors().next().map_or_else(String::new, ToString::to_string)
    }
}

impl Finding {
    /// Whether the rulebook is refused for it.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The code every language reports for a finding that is an error.
    pub const fn code(&self) -> ErrorCode {
        match self.lint {
            Lint::MappingMissing | Lint::MappingChangesPhase => ErrorCode::MappingMissing,
            _ => ErrorCode::RulebookInvalid,
        }
    }
}

/// Most findings of one lint that are listed one by one; the rest is counted.
const MOST_OF_A_LINT: usize = 1_000;

/// Findings while they are gathered.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    list: Vec<Finding>,
    seen: HashMap<(Severity, Lint), usize>,
}

impl Findings {
    pub(crate) fn add(
        &mut self,
        severity: Severity,
        lint: Lint,
        path: impl Into<String>,
        message: impl Into<String>,
        hint: Option<String>,
    ) {
        let seen = self.seen.entry((severity, lint)).or_default();
        *seen += 1;
        if *seen <= MOST_OF_A_LINT {
            self.list.push(Finding { severity, lint, path: path.into(), message: message.into(), hint });
        }
    }

    pub(crate) fn error(&mut self, lint: Lint, path: impl Into<String>, message: impl Into<String>) {
        self.add(Severity::Error, lint, path, message, None);
    }

    pub(crate) fn warning(&mut self, lint: Lint, path: impl Into<String>, message: impl Into<String>) {
        self.add(Severity::Warning, lint, path, message, None);
    }

    pub(crate) fn advice(&mut self, lint: Lint, path: impl Into<String>, message: impl Into<String>) {
        self.add(Severity::Advice, lint, path, message, None);
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.list.iter().any(|finding| finding.severity == Severity::Error)
    }

    pub(crate) fn list(&self) -> &[Finding] {
        &self.list
    }

    pub(crate) fn extend(&mut self, more: impl IntoIterator<Item = Finding>) {
        self.list.extend(more);
    }

    /// Errors first, then by path, entries of a list in the order of the list.
    pub(crate) fn into_sorted(mut self) -> Vec<Finding> {
        for ((severity, lint), seen) in &self.seen {
            if let Some(beyond) = seen.checked_sub(MOST_OF_A_LINT).filter(|beyond| *beyond > 0) {
                let message = format!("{beyond} more findings of this sort are not listed");
                self.list.push(Finding {
                    severity: *severity,
                    lint: *lint,
                    path: String::new(),
                    message,
                    hint: None,
                });
            }
        }
        self.list.sort_by_cached_key(|finding| {
            (Reverse(finding.severity), natural(&finding.path), finding.lint, finding.message.clone())
        });
        self.list
    }
}

/// The path with its numbers written in equal width.
fn natural(path: &str) -> String {
    let mut key = String::with_capacity(path.len() + 16);
    for run in path.split_inclusive(|c: char| !c.is_ascii_digit()) {
        let digits = run.trim_end_matches(|c: char| !c.is_ascii_digit());
        if !digits.is_empty() {
            key.extend(std::iter::repeat_n('0', 10_usize.saturating_sub(digits.len())));
        }
        key.push_str(run);
    }
    key
}
