//! Asking over the seam, and what an answer says.

use crate::store::foreign::told::{Fields, Hear, Heard, Tell, Wrong, object};
use crate::store::foreign::{ForeignStore, bad_answer};
use crate::store::{StoreError, Stored};
use serde_json::Value;
use std::sync::atomic::{AtomicBool, Ordering};

/// The settings that a store of ours may find switched off: the error names no other.
const SETTINGS: &[&str] = &[
    "foreign_keys",
    "fsync",
    "full_page_writes",
    "journal_mode",
    "secure_delete",
    "synchronous",
    "synchronous_commit",
];

/// A method that a store may leave out.
#[derive(Clone, Copy)]
pub(super) enum Optional {
    HistoryAfter,
    Advances,
    Opening,
    OpeningAfter,
}

impl Optional {
    const fn name(self) -> &'static str {
        match self {
            Self::HistoryAfter => "history_after",
            Self::Advances => "advances",
            Self::Opening => "opening",
            Self::OpeningAfter => "opening_after",
        }
    }
}

/// Which of them a store has left out, as far as it was asked.
#[derive(Debug, Default)]
pub(super) struct LeftOut([AtomicBool; 4]);

impl ForeignStore {
    /// Asks, and hears the answer.
    pub(super) fn ask<T: Hear>(&self, method: &str, given: &Value) -> Stored<T> {
        let unanswered = || bad_answer(method, "", "is not answered by the store");
        self.put(method, given)?.ok_or_else(unanswered)
    }

    /// The same of a method that may be left out; `None` where it is.
    pub(super) fn ask_if_known<T: Hear>(&self, method: Optional, given: &Value) -> Stored<Option<T>> {
        let left_out = &self.left_out.0[method as usize];
        if left_out.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let answer = self.put(method.name(), given)?;
        if answer.is_none() {
            left_out.store(true, Ordering::Relaxed);
        }
        Ok(answer)
    }

    fn put<T: Hear>(&self, method: &str, given: &Value) -> Stored<Option<T>> {
        let answer = self.keeper.ask(method, &text(given))?;
        let wrong = |wrong| match wrong {
            Wrong::Shape { path, problem } => bad_answer(method, &path, problem),
            Wrong::Stored(problem) => problem,
        };
        let told: Value = serde_json::from_str(&answer).map_err(|_| wrong(Wrong::here("must be JSON")))?;
        if told["error"]["code"] == UNKNOWN {
            return Ok(None);
        }
        let Answer(answer) = Answer::hear(told).map_err(wrong)?;
        answer.map(Some)
    }
}

const UNKNOWN: &str = "unknown_method";

/// What is answered to a method that is not known.
pub(super) fn unknown_method() -> Value {
    object! { "error" => object! { "code" => UNKNOWN } }
}

/// The text that crosses the seam. Not canonical JSON: that writes whole numbers as doubles, and `folios` is
/// asked for what comes after the least version there could be.
pub(super) fn text(told: &Value) -> String {
    told.to_string()
}

impl Tell for Value {
    fn tell(&self) -> Value {
        self.clone()
    }
}

/// What a method answers, or why it could not.
pub(super) struct Answer<T>(pub(super) Stored<T>);

impl<T: Tell> Tell for Answer<T> {
    fn tell(&self) -> Value {
        self.0.tell()
    }
}

impl<T: Hear> Hear for Answer<T> {
    fn hear(told: Value) -> Heard<Self> {
        Hear::hear(told).map(Self)
    }
}

impl<T: Tell> Tell for Stored<T> {
    fn tell(&self) -> Value {
        match self {
            Ok(answer) => object! { "answer" => answer },
            Err(problem) => object! { "error" => problem },
        }
    }
}

impl<T: Hear> Hear for Stored<T> {
    fn hear(told: Value) -> Heard<Self> {
        match Fields::of(told)?.only()? {
            // The path begins at the answer itself: `history.events[0]`.
            (name, told) if name == "answer" => T::hear(told).map(Ok),
            (name, told) if name == "error" => {
                StoreError::hear(told).map(Err).map_err(|wrong| wrong.within(".error"))
            }
            _ => Err(Wrong::here("must be an `answer` or an `error`")),
        }
    }
}

impl Tell for StoreError {
    fn tell(&self) -> Value {
        let code = self.code().as_str();
        match self {
            Self::Conflict { case, expected, found } => {
                object! { "code" => code, "case" => case, "expected" => *expected, "found" => *found }
            }
            Self::CommandReused { command } => object! { "code" => code, "command" => command },
            Self::NumberTaken { case } => object! { "code" => code, "case" => case },
            Self::Unreadable { case, version, problem } => {
                object! { "code" => code, "case" => case, "version" => *version, "problem" => problem }
            }
            Self::Altered { case, version } => {
                object! { "code" => code, "case" => case, "version" => *version }
            }
            Self::EditionUnknown { version } => object! { "code" => code, "version" => version },
            Self::NewerSchema { found, known } => {
                object! { "code" => code, "found" => *found, "known" => *known }
            }
            Self::Busy | Self::Undone | Self::Lost | Self::MayNotBlock => object! { "code" => code },
            Self::NotDurable { setting } => object! { "code" => code, "setting" => *setting },
            Self::BadAnswer { place, problem } => {
                object! { "code" => code, "place" => place, "problem" => problem }
            }
            Self::Backend(problem) => object! { "code" => code, "problem" => problem },
        }
    }
}

impl Hear for StoreError {
    fn hear(told: Value) -> Heard<Self> {
        let mut fields = Fields::of(told)?;
        let code: String = fields.take("code")?;
        Ok(match code.as_str() {
            "conflict" => Self::Conflict {
                case: fields.take("case")?,
                expected: fields.take("expected")?,
                found: fields.take("found")?,
            },
            "command_reused" => Self::CommandReused { command: fields.take("command")? },
            "duplicate_number" => Self::NumberTaken { case: fields.take("case")? },
            "event_unreadable" => Self::Unreadable {
                case: fields.take("case")?,
                version: fields.take("version")?,
                problem: fields.take("problem")?,
            },
            "history_altered" => {
                Self::Altered { case: fields.take("case")?, version: fields.take("version")? }
            }
            "rulebook_unknown" => Self::EditionUnknown { version: fields.take("version")? },
            "schema_unknown" => {
                Self::NewerSchema { found: fields.take("found")?, known: fields.take("known")? }
            }
            "busy" => Self::Busy,
            "undone" => Self::Undone,
            "answer_lost" => Self::Lost,
            "may_not_block" => Self::MayNotBlock,
            "not_durable" => {
                let named: String = fields.take("setting")?;
                let setting = SETTINGS.iter().find(|setting| **setting == named);
                let unknown = || Wrong::here("must be a setting that is known").within(".setting");
                Self::NotDurable { setting: setting.ok_or_else(unknown)? }
            }
            "storage" => match fields.take("place") {
                Ok(place) => Self::BadAnswer { place, problem: fields.take("problem")? },
                Err(_) => Self::Backend(fields.take("problem")?),
            },
            _ => return Err(Wrong::here("must be a code that a store may give").within(".code")),
        })
    }
}
