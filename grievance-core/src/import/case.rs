//! A case of another system as its row tells it, before any rulebook is asked.

use crate::import::reject::Warning;
use crate::kernel::code::ReasonCode;
use crate::vocabulary::Phase;
use chrono::{DateTime, Utc};
use smol_str::SmolStr;

/// How a case ended there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// When: not before the lodging.
    pub at: DateTime<Utc>,
    /// Disposed, withdrawn, declined or merged.
    pub phase: Phase,
    /// The reason that the map's rules found, for a disposal.
    pub reason: Option<ReasonCode>,
}

/// A row that was accepted. Values are the file's own; codes come from a
/// [`Resolution`](crate::import::resolve::Resolution).
///
/// `Debug` shows neither the number nor the texts.
#[derive(Clone, PartialEq, Eq)]
pub struct ImportedCase {
    /// Which record: from 1, the header not counted.
    pub record: u64,
    /// The other system's number, without blanks around it; of any format.
    pub number: SmolStr,
    /// When it was lodged.
    pub lodged_at: DateTime<Utc>,
    /// When it was received, if that was before it was lodged (keyed in later).
    pub received_at: Option<DateTime<Utc>>,
    /// When an office got it, if the file says so: not before the lodging.
    pub routed_at: Option<DateTime<Utc>>,
    /// When it was due by the other system's word. `None` is a state of its own: no target.
    pub due_at: Option<DateTime<Utc>>,
    /// How it ended, if an instant is on record.
    pub ending: Option<Ending>,
    /// When it was opened again after that: the case is open.
    pub reopened_at: Option<DateTime<Utc>>,
    /// Whether the status says that it ended and no instant is on record: the case counts as
    /// open, because no instant may be invented.
    pub ending_undated: bool,
    /// The file's name of the office, exactly as printed; empty for a blank.
    pub unit_value: SmolStr,
    /// The file's name of the subject, exactly as printed; empty for a blank and for a placeholder.
    pub category_value: SmolStr,
    /// The file's name of the way in; empty for a blank.
    pub channel_value: SmolStr,
    /// The file's name of the jurisdiction; empty for a blank.
    pub place_value: SmolStr,
    /// The file's name of the kind of matter; empty for a blank.
    pub kind_value: SmolStr,
    /// What is complained of. Personal: sealed before it is stored.
    pub narrative: Option<String>,
    /// What was said on closing. Personal: sealed before it is stored.
    pub closure_text: Option<String>,
    /// What was noticed.
    pub warnings: Vec<Warning>,
}

impl ImportedCase {
    /// The phase it is in by its last fact; open cases are `registered`.
    pub fn phase(&self) -> Phase {
        match (&self.ending, self.reopened_at) {
            (Some(ending), None) => ending.phase,
            _ => Phase::Registered,
        }
    }

    /// The texts to seal, with the name of their field in the vault.
    pub fn texts(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let narrative = self.narrative.as_deref().map(|text| ("narrative", text));
        narrative.into_iter().chain(self.closure_text.as_deref().map(|text| ("closure_text", text)))
    }
}

impl std::fmt::Debug for ImportedCase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ImportedCase")
            .field("record", &self.record)
            .field("lodged_at", &self.lodged_at)
            .field("ending", &self.ending)
            .field("reopened_at", &self.reopened_at)
            .field("unit_value", &self.unit_value)
            .field("warnings", &self.warnings.len())
            .finish_non_exhaustive()
    }
}
