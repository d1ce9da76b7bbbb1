//! The document that a government writes: plain data, before anything is checked.
//!
//! Lists whose entries have a `code` are merged entry by entry when a document extends another;
//! an entry with `remove = true` drops the inherited one. Every other list is replaced as a whole,
//! and so is any list by an empty one. Codes are plain text here, so that a bad one is a finding
//! with a path instead of a parse error.

mod access;
mod language;
mod mapping;
mod office;
mod quality;
mod timing;
mod workflow;

pub use crate::rulebook::document::access::{AccessEntry, FourEyesEntry, NamedEntry, Reaches};
pub use crate::rulebook::document::language::LanguageEntry;
pub use crate::rulebook::document::mapping::{CodeMapping, MappingEntry, UnitMapping};
pub use crate::rulebook::document::office::{PostEntry, UnitEntry};
pub use crate::rulebook::document::quality::{ChangeEntry, SuspicionEntry, VerificationEntry};
pub use crate::rulebook::document::timing::{LevelEntry, OnClosed, ScheduleEntry, TargetEntry, Trigger};
pub use crate::rulebook::document::workflow::{StageEntry, StepEntry, WorkflowEntry};

use crate::calendar::entry::CalendarEntry;
use crate::kernel::number::{CheckRule, SerialReset, YearStart};
use crate::otp::OtpPolicy;
use crate::rulebook::message::{InformEntry, MessagesEntry, TemplateEntry};
use crate::rulebook::mis::MisEntry;
use crate::rulebook::retention::RetentionEntry;
use crate::vocabulary::{DisposalClass, EvidenceKind, Sight};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A rulebook as written, with everything that it extends merged in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Document {
    /// What a reader must know first, such as that a preset is unofficial.
    pub notice: String,
    /// The government or office.
    pub name: String,
    /// IANA time zone of the offices.
    pub zone: String,
    /// Languages, the default one first.
    pub language: Vec<LanguageEntry>,
    /// The unit where cases come in and where a case goes that no office will take.
    pub cell: String,
    /// Kinds of office.
    pub unit_kind: Vec<Entry>,
    /// Offices.
    pub unit: Vec<UnitEntry>,
    /// Posts.
    pub post: Vec<PostEntry>,
    /// Kinds of matter, the default one first.
    pub kind: Vec<KindEntry>,
    /// Ways in, the default one first.
    pub channel: Vec<Entry>,
    /// Roles.
    pub role: Vec<RoleEntry>,
    /// How actors are taken at their word.
    #[serde(skip_serializing_if = "AccessEntry::is_default")]
    pub access: AccessEntry,
    /// When one person may do the work of two.
    #[serde(skip_serializing_if = "FourEyesEntry::is_default")]
    pub four_eyes: FourEyesEntry,
    /// Priority classes, the default one first.
    pub priority: Vec<Entry>,
    /// Jurisdictions.
    pub place: Vec<PlaceEntry>,
    /// Subjects.
    pub category: Vec<CategoryEntry>,
    /// Which office gets what from where; a category's own `unit` is a rule too.
    pub route: Vec<RouteEntry>,
    /// Stages and steps.
    pub workflow: WorkflowEntry,
    /// Closure reasons.
    pub reason: Vec<ReasonEntry>,
    /// Root causes.
    pub root_cause: Vec<Entry>,
    /// Changes of procedures that keep grievances from arising.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub process_change: Vec<ChangeEntry>,
    /// How many disposed cases are looked at a second time.
    #[serde(skip_serializing_if = "VerificationEntry::is_default")]
    pub verification: VerificationEntry,
    /// From when on closings are pointed at.
    #[serde(skip_serializing_if = "SuspicionEntry::is_default")]
    pub suspicion: SuspicionEntry,
    /// Steps with typed fields that the action `record` may record.
    pub record: Vec<RecordEntry>,
    /// When the complainant must be heard.
    pub feedback: FeedbackEntry,
    /// How far a case may wander.
    pub transfer: TransferEntry,
    /// When the offices are open; always, if nothing is written.
    #[serde(skip_serializing_if = "CalendarEntry::is_empty")]
    pub calendar: CalendarEntry,
    /// Times allowed to reopen, appeal and rescind.
    pub window: WindowEntry,
    /// Targets.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub target: Vec<TargetEntry>,
    /// The escalation ladder.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub escalation: Vec<LevelEntry>,
    /// Jobs that come round.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub schedule: Vec<ScheduleEntry>,
    /// How long the words of ended cases are kept; for ever, if nothing is written.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub retention: Vec<RetentionEntry>,
    /// The registration number.
    pub numbering: NumberingEntry,
    /// What may come in.
    pub intake: IntakeEntry,
    /// What holds for every message.
    pub messages: MessagesEntry,
    /// Texts of messages.
    pub template: Vec<TemplateEntry>,
    /// Which event tells whom.
    pub inform: Vec<InformEntry>,
    /// Codes that are sent to mobiles.
    pub otp: OtpPolicy,
    /// From when on a weekly statement points something out.
    #[serde(skip_serializing_if = "MisEntry::is_default")]
    pub mis: MisEntry,
    /// What becomes of units, stages and reasons that the version before this one had.
    pub mapping: MappingEntry,
}

/// Something with a code and a name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Entry {
    /// Its code.
    pub code: String,
    /// Its name in the default language; the code if empty.
    pub name: String,
    /// Its names in other languages.
    pub names: BTreeMap<String, String>,
}

/// A kind of matter.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct KindEntry {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its names in other languages.
    pub names: BTreeMap<String, String>,
    /// Whether it is sent elsewhere instead of being dealt with (an RTI request, say).
    pub redirected: bool,
}

/// A role.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct RoleEntry {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its names in other languages.
    pub names: BTreeMap<String, String>,
    /// Which cases it may touch: one reach or a list of them; own cases if absent.
    pub reach: Option<Reaches>,
    /// What it sees of them: fields, or the groups `identity` and `texts`, each `full` or `masked`.
    /// What is not listed is not seen.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub sees: BTreeMap<String, Sight>,
    /// How many days back it may date the receipt of a case; none if absent.
    pub backdate_days: u32,
    /// It lodges for others: whoever lodges in this role is not the complainant.
    pub assists: bool,
}

/// A jurisdiction.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct PlaceEntry {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its names in other languages.
    pub names: BTreeMap<String, String>,
    /// The jurisdiction around it.
    pub parent: Option<String>,
    /// How a public list names it.
    pub reference: Option<String>,
}

/// A subject.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct CategoryEntry {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its names in other languages.
    pub names: BTreeMap<String, String>,
    /// The wider subject.
    pub parent: Option<String>,
    /// The office that answers for it, wherever it happened.
    pub unit: Option<String>,
    /// Its priority class.
    pub priority: Option<String>,
    /// Who alone may know of its cases. Subjects below it are sealed with it, unless they name
    /// others.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sealed: Vec<NamedEntry>,
}

/// A routing rule.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct RouteEntry {
    /// This subject and those below it; every subject if absent.
    pub category: Option<String>,
    /// This jurisdiction and those inside it; everywhere if absent.
    pub place: Option<String>,
    /// The office.
    pub unit: String,
}

/// A closure reason.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct ReasonEntry {
    /// Its code.
    pub code: String,
    /// The officer's text.
    pub name: String,
    /// The officer's text in other languages.
    pub names: BTreeMap<String, String>,
    /// The complainant's text.
    pub citizen: String,
    /// The complainant's text in other languages.
    pub citizens: BTreeMap<String, String>,
    /// What it did for the complainant.
    pub class: Option<DisposalClass>,
    /// What it must be shown with.
    pub evidence: Vec<EvidenceKind>,
    /// An outcome is still owed: a review date is asked for, and the case is looked at again.
    pub owed: bool,
    /// The matter belongs to another office of the same government.
    pub not_ours: bool,
    /// The follow-up date lies at most so many days ahead.
    pub within_days: Option<u32>,
    /// The follow-up date lies more than so many days ahead.
    pub beyond_days: Option<u32>,
    /// First day on which it may be used.
    pub valid_from: Option<NaiveDate>,
    /// Last day on which it may be used.
    pub valid_to: Option<NaiveDate>,
}

/// A kind of recorded step.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct RecordEntry {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its names in other languages.
    pub names: BTreeMap<String, String>,
    /// Its fields.
    pub field: Vec<FieldEntry>,
}

/// A field of a recorded step.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct FieldEntry {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its names in other languages.
    pub names: BTreeMap<String, String>,
    /// What it holds.
    pub holds: FieldKind,
    /// Whether it must be given.
    pub required: bool,
}

/// What a field of a recorded step holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// Words, which go to the vault.
    #[default]
    Text,
    /// A calendar date.
    Date,
    /// A whole number.
    Number,
    /// An office.
    Unit,
    /// Yes or no.
    Flag,
}

/// When the complainant must be heard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct FeedbackEntry {
    /// Whether feedback is owed before a disposal.
    pub before_disposal: bool,
    /// Whether somebody outside the reporting office must take it.
    pub outside_office: bool,
    /// How often the complainant is heard: who is not satisfied sends the case back, but for the
    /// last time, when it may be closed specially, with a superior's approval.
    pub rounds: u32,
    /// Attempts to reach a complainant before they count as unreachable.
    pub attempts: u32,
    /// On at least so many days.
    pub days: u32,
    /// In at least so many time slots of a day (forenoon, afternoon, evening: before 12, before 17, after).
    pub slots: u32,
}

impl Default for FeedbackEntry {
    fn default() -> Self {
        Self { before_disposal: false, outside_office: true, rounds: 2, attempts: 3, days: 2, slots: 2 }
    }
}

/// How far a case may wander.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct TransferEntry {
    /// Lateral transfers before the cell decides.
    pub cap: u32,
    /// Whether a matter of another office must be transferred and may not be closed as such.
    pub must_transfer: bool,
}

impl Default for TransferEntry {
    fn default() -> Self {
        Self { cap: 3, must_transfer: false }
    }
}

/// Times allowed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct WindowEntry {
    /// Calendar days after a disposal in which it may be reopened.
    pub reopen_days: u32,
    /// Calendar days after a disposal in which it may be appealed.
    pub appeal_days: u32,
    /// Hours after a step in which it may be undone.
    pub rescind_hours: u32,
    /// How often a due date may be moved.
    pub extensions: u32,
}

impl Default for WindowEntry {
    fn default() -> Self {
        Self { reopen_days: 30, appeal_days: 30, rescind_hours: 24, extensions: 2 }
    }
}

/// The registration number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct NumberingEntry {
    /// Such as `{prefix}/{year}/{serial:6}`.
    pub pattern: String,
    /// What `{prefix}` stands for.
    pub prefix: String,
    /// The first serial.
    pub floor: u64,
    /// When serials begin anew.
    pub reset: SerialReset,
    /// The check character.
    pub check: CheckRule,
    /// The month in which the year of `{year}` begins, 1 to 12.
    pub year_starts: YearStart,
}

impl Default for NumberingEntry {
    fn default() -> Self {
        Self {
            pattern: "{prefix}/{year}/{serial:6}".to_owned(),
            prefix: String::new(),
            floor: 1,
            reset: SerialReset::Yearly,
            check: CheckRule::None,
            year_starts: YearStart::JANUARY,
        }
    }
}

/// What may come in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct IntakeEntry {
    /// Whether a complainant may stay unknown.
    pub anonymous: bool,
    /// Characters of a narrative, at most.
    pub narrative_chars: u32,
    /// Characters of any other text, at most.
    pub text_chars: u32,
    /// Signatories of a joint petition, at most.
    pub signatories: u32,
    /// Documents of a case, at most.
    pub attachments: u32,
    /// Bytes of one document, at most.
    pub attachment_bytes: u32,
    /// Media types that are taken; any if empty.
    pub attachment_types: Vec<String>,
    /// Parts that a case may be divided into, at most.
    pub parts: u32,
    /// Whether numbers that look like Aadhaar (twelve digits that pass the check of Verhoeff) are
    /// crossed out of texts before anything is kept.
    #[serde(skip_serializing_if = "is_true")]
    pub redact_identity_numbers: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde asks for")]
const fn is_true(flag: &bool) -> bool {
    *flag
}

impl Default for IntakeEntry {
    fn default() -> Self {
        Self {
            anonymous: true,
            narrative_chars: 4_000,
            text_chars: 4_000,
            signatories: 500,
            attachments: 20,
            attachment_bytes: 20_000_000,
            attachment_types: Vec::new(),
            parts: 20,
            redact_identity_numbers: true,
        }
    }
}
