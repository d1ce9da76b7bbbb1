//! What is wrong with a rulebook, and where.

use serde::Serialize;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth a thought; the rulebook works.
    Advice,
    /// Probably not meant; the rulebook works.
    Warning,
    /// The rulebook is refused.
    Error,
}

/// The closed list of what the linter looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
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
    /// A number lies outside what makes sense.
    OutOfRange,
    /// There is nothing where something is needed: no cell, no reason, no channel.
    Missing,
    /// A closure reason does not go with what it asks for.
    ReasonContradiction,
    /// A unit, stage or reason of the version before disappears without a mapping.
    MappingMissing,
}

/// One problem of a rulebook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
        write!(f, "{}: {}", self.path, self.message)?;
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

    fn first(&self) -> String {
        self.errors().next().map_or_else(String::new, ToString::to_string)
    }
}
