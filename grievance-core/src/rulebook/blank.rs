//! The blanks of a message: what stands in a text for a value, which event fills it, and what it
//! then holds. One table, read by the linter and by whoever fills them.

use crate::rulebook::message::Trigger;
use crate::vocabulary::{EventKind, Occasion, VariableKind};

/// A blank in the text of a notice; a template's variables have these names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Blank {
    /// The registration number, or that of another system.
    Number,
    /// The receipt of the lodging.
    Receipt,
    /// The office that has the case after the event.
    Office,
    /// The due date: of the target that the event is about, else the public one.
    Due,
    /// Days from the event to the due date.
    Days,
    /// The reason of a closure.
    Reason,
    /// What the complainant was asked.
    Question,
    /// What was answered.
    Reply,
    /// Why the due date was moved.
    Because,
    /// The number of a statement's edition.
    Edition,
    /// The day up to which a statement counts.
    Day,
    /// The first letters of an edition's hash, by which a copy is told from another.
    Mark,
}

impl Blank {
    /// Every blank.
    pub const ALL: [Self; 12] = [
        Self::Number,
        Self::Receipt,
        Self::Office,
        Self::Due,
        Self::Days,
        Self::Reason,
        Self::Question,
        Self::Reply,
        Self::Because,
        Self::Edition,
        Self::Day,
        Self::Mark,
    ];

    /// Its name in a template.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Receipt => "receipt",
            Self::Office => "office",
            Self::Due => "due",
            Self::Days => "days",
            Self::Reason => "reason",
            Self::Question => "question",
            Self::Reply => "reply",
            Self::Because => "because",
            Self::Edition => "edition",
            Self::Day => "day",
            Self::Mark => "mark",
        }
    }

    /// The blank of that name.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|blank| blank.as_str() == code)
    }

    /// What it holds; a reason may also be told by the officer's text.
    pub const fn holds(self) -> VariableKind {
        match self {
            Self::Number | Self::Receipt | Self::Mark => VariableKind::Mark,
            Self::Office => VariableKind::Unit,
            Self::Due | Self::Day => VariableKind::Date,
            Self::Days | Self::Edition => VariableKind::Number,
            Self::Reason => VariableKind::Reason,
            Self::Question | Self::Reply | Self::Because => VariableKind::Text,
        }
    }

    /// Whether a variable of that kind takes what it holds.
    pub fn fits(self, kind: VariableKind) -> bool {
        kind == self.holds() || (self == Self::Reason && kind == VariableKind::OfficerReason)
    }

    /// Whether an event can fill it. An event may still leave it open: a case without a target has
    /// no due date.
    pub const fn is_filled_by(self, event: EventKind) -> bool {
        use EventKind as E;
        match self {
            Self::Number | Self::Office => true,
            Self::Receipt => matches!(event, E::Lodged),
            // What has come to its end is due on no day.
            Self::Due | Self::Days => {
                !matches!(event, E::Disposed | E::OutcomeShared | E::Withdrawn | E::Declined | E::Merged)
            }
            Self::Reason => matches!(event, E::Disposed | E::OutcomeShared),
            Self::Question => matches!(event, E::InformationSought),
            Self::Reply => matches!(event, E::InterimReplied | E::Disposed),
            Self::Because => matches!(event, E::Extended),
            // Of no case.
            Self::Edition | Self::Day | Self::Mark => false,
        }
    }

    /// Whether what a notice tells of can fill it. An occasion of a case has what every event has; a
    /// statement has its own.
    pub const fn is_filled_at(self, trigger: Trigger) -> bool {
        match trigger {
            Trigger::Event(event) => self.is_filled_by(event),
            Trigger::Occasion(Occasion::Statement) => {
                matches!(self, Self::Office | Self::Edition | Self::Day | Self::Mark)
            }
            Trigger::Occasion(_) => matches!(self, Self::Number | Self::Office | Self::Due | Self::Days),
        }
    }
}

/// Characters of a receipt, with its dashes.
pub const RECEIPT_CHARS: usize = 19;

/// The texts that are sent past the outbox, and all that stands in each: codes and answers to short
/// messages.
pub const FIXED: [(&str, &[(&str, VariableKind)]); 5] = [
    ("otp", &[("code", VariableKind::Mark), ("minutes", VariableKind::Number)]),
    (
        "pull_status",
        &[("number", VariableKind::Mark), ("phase", VariableKind::Mark), ("due", VariableKind::Date)],
    ),
    ("pull_undated", &[("number", VariableKind::Mark), ("phase", VariableKind::Mark)]),
    ("pull_unknown", &[("keyword", VariableKind::Mark)]),
    ("pull_help", &[("keyword", VariableKind::Mark)]),
];
