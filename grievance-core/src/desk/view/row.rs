//! A case as a list shows it.

use crate::desk::DeskError;
use crate::desk::view::Onlooker;
use crate::grievance::project::CaseFact;
use crate::kernel::code::{
    CategoryCode, CauseCode, ChangeCode, ChannelCode, KindCode, PlaceCode, PriorityCode, ReasonCode,
    SourceCode, StageCode, UnitCode,
};
use crate::kernel::id::{GrievanceId, PersonId};
use crate::kernel::number::RegistrationNumber;
use crate::kernel::text::Digest;
use crate::store::search::Cursor;
use crate::vocabulary::{DisposalClass, FeedbackOutcome, Field, Phase, VerificationFinding};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use smol_str::SmolStr;

/// The facts of a case, as far as whoever looks may see them: no words, and persons only for
/// those who see who complains.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CaseRow {
    /// The case.
    pub id: GrievanceId,
    /// How many events its history has.
    pub version: u64,
    /// The registration number.
    pub number: Option<RegistrationNumber>,
    /// The system it was imported from.
    pub source: Option<SourceCode>,
    /// The number under which another system knows it.
    pub external_number: Option<SmolStr>,
    /// Kind of matter.
    pub kind: KindCode,
    /// Subject.
    pub category: Option<CategoryCode>,
    /// Jurisdiction.
    pub place: Option<PlaceCode>,
    /// How it came in.
    pub channel: Option<ChannelCode>,
    /// Priority class.
    pub priority: Option<PriorityCode>,
    /// The stage.
    pub stage: StageCode,
    /// What the stage means.
    pub phase: Phase,
    /// The office that has custody.
    pub unit: UnitCode,
    /// Since when that office has it.
    pub held_since: DateTime<Utc>,
    /// When it was lodged.
    pub lodged_at: DateTime<Utc>,
    /// When it was received.
    pub received_at: DateTime<Utc>,
    /// First disposal.
    pub first_disposed_at: Option<DateTime<Utc>>,
    /// The disposal it stands at.
    pub disposed_at: Option<DateTime<Utc>>,
    /// The office that disposed of it.
    pub disposed_by: Option<UnitCode>,
    /// The reason.
    pub reason: Option<ReasonCode>,
    /// What it did for the complainant.
    pub class: Option<DisposalClass>,
    /// What the complainant said last.
    pub feedback: Option<FeedbackOutcome>,
    /// How often it was opened again.
    pub reopenings: u32,
    /// How often it was appealed.
    pub appeals: u32,
    /// Lateral transfers.
    pub transfers: u32,
    /// The divided case, if it is a part and whoever looks sees that case.
    pub part_of: Option<GrievanceId>,
    /// The case it was joined to, if whoever looks sees that case.
    pub merged_into: Option<GrievanceId>,
    /// The rulebook version of the last event.
    pub rulebook: Digest,
    /// When the last event was recorded.
    pub updated_at: DateTime<Utc>,
    /// The public due date.
    pub due_at: Option<DateTime<Utc>>,
    /// Targets that were missed.
    pub breaches: u32,
    /// The instant at which the target was due that was missed last.
    pub breached_at: Option<DateTime<Utc>>,
    /// The office that had custody at that instant.
    pub breached_by: Option<UnitCode>,
    /// How often it was escalated.
    pub escalations: u32,
    /// The highest level of the ladder that time has brought.
    pub level: u32,
    /// How often the complainant reminded the office.
    pub reminders: u32,
    /// How often the due date was moved.
    pub extensions: u32,
    /// The office that sent it to its holder.
    pub sender: Option<UnitCode>,
    /// Offices that were asked and have not answered.
    pub consulted: Vec<UnitCode>,
    /// The office that it is about.
    pub against: Option<UnitCode>,
    /// The complainant's identity, for those who see it.
    pub complainant: Option<PersonId>,
    /// Who brought it in, for those who see who complains.
    pub lodged_by: Option<PersonId>,
    /// The subject under which it is sealed, while it is.
    pub sealed: Option<CategoryCode>,
    /// Steps that one person took though two should have.
    pub waivers: u32,
    /// What a second look at the disposal it stands at found; this and the rest for those who see
    /// what officers write.
    pub finding: Option<VerificationFinding>,
    /// The day for which the sample was drawn that the second look was for.
    pub sampled_for: Option<NaiveDate>,
    /// The root cause of the disposal it stands at; unclassified, if none.
    pub root_cause: Option<CauseCode>,
    /// The change of a procedure that would have made it needless.
    pub change: Option<ChangeCode>,
}

impl CaseRow {
    /// Taken apart field by field, so that a new one is not shown before somebody has thought of it.
    pub(super) fn of(looks: &Onlooker<'_>, fact: CaseFact) -> Result<Self, DeskError> {
        let CaseFact {
            id,
            version,
            number,
            source,
            external_number,
            kind,
            category,
            place,
            channel,
            priority,
            stage,
            phase,
            unit,
            held_since,
            lodged_at,
            received_at,
            first_disposed_at,
            disposed_at,
            disposed_by,
            reason,
            class,
            feedback,
            reopenings,
            appeals,
            transfers,
            part_of,
            merged_into,
            tracking: _,
            rulebook,
            updated_at,
            due_at,
            breaches,
            breached_at,
            breached_by,
            escalations,
            level,
            reminders,
            extensions,
            sender,
            last_mover: _,
            consulted,
            against,
            complainant,
            lodged_by,
            sealed,
            waivers,
            finding,
            sampled_for,
            root_cause,
            change,
            // For counts: whoever looks at one case sees its clocks and its messages.
            judged_due_at: _,
            late_at: _,
            soon_at: _,
            last_told_at: _,
            suggestion: _,
        } = fact;
        let named = |other: Option<GrievanceId>| match other {
            Some(other) => Ok::<_, DeskError>(looks.may_name(other)?.then_some(other)),
            None => Ok(None),
        };
        // What the office makes of its own work is for those who see what officers write.
        let within = looks.sights.full(Field::Remarks);
        let shown = |person: PersonId| looks.sights.full(Field::Person) || person == looks.actor.person;
        Ok(Self {
            id,
            version,
            number,
            source,
            external_number,
            kind,
            category,
            place,
            channel,
            priority,
            stage,
            phase,
            unit,
            held_since,
            lodged_at,
            received_at,
            first_disposed_at,
            disposed_at,
            disposed_by,
            reason,
            class,
            feedback,
            reopenings,
            appeals,
            transfers,
            part_of: named(part_of)?,
            merged_into: named(merged_into)?,
            rulebook,
            updated_at,
            due_at,
            breaches,
            breached_at,
            breached_by,
            escalations,
            level,
            reminders,
            extensions,
            sender,
            consulted,
            against,
            complainant: complainant.filter(|person| shown(*person)),
            lodged_by: Some(lodged_by).filter(|person| shown(*person)),
            sealed,
            waivers,
            finding: finding.filter(|_| within),
            sampled_for: sampled_for.filter(|_| within),
            root_cause: root_cause.filter(|_| within),
            change: change.filter(|_| within),
        })
    }
}

/// A page of cases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowPage {
    /// The cases, newest lodging first, then by descending identity.
    pub cases: Vec<CaseRow>,
    /// Where the next page begins; `None` when this is the last.
    pub next: Option<Cursor>,
}
