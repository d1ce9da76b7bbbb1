//! What is kept beside a case's history: its flat row.

use crate::grievance::judged::{Judged, adopted_due};
use crate::grievance::state::{EpisodeKind, Grievance};
use crate::kernel::code::{
    CategoryCode, CauseCode, ChangeCode, ChannelCode, KindCode, PlaceCode, PriorityCode, ReasonCode,
    SourceCode, StageCode, UnitCode,
};
use crate::kernel::id::{GrievanceId, PersonId, VaultId};
use crate::kernel::number::RegistrationNumber;
use crate::kernel::text::Digest;
use crate::rulebook::access::Standing;
use crate::vocabulary::{DisposalClass, FeedbackOutcome, Phase, TargetKind, VerificationFinding};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use smol_str::SmolStr;

/// The facts of a case that lists, searches and measures ask for: one flat row.
///
/// The stored case row *is* this value: a store adds nothing to it and derives nothing from it.
/// Instants are UTC, in whole milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CaseFact {
    /// The case.
    pub id: GrievanceId,
    /// How many events its history has.
    pub version: u64,
    /// The registration number; a part has the number of the divided case.
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
    /// When it was received: ages are counted from here, and never from a reopening.
    pub received_at: DateTime<Utc>,
    /// First disposal.
    pub first_disposed_at: Option<DateTime<Utc>>,
    /// The disposal it stands at, while it is disposed or under appeal.
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
    /// The divided case, if it is a part.
    pub part_of: Option<GrievanceId>,
    /// The case it was joined to.
    pub merged_into: Option<GrievanceId>,
    /// SHA-256 of the tracking code that an anonymous complainant was given.
    pub tracking: Option<Digest>,
    /// The rulebook version of the last event.
    pub rulebook: Digest,
    /// When the last event was recorded.
    pub updated_at: DateTime<Utc>,
    /// The public due date: that of the resolution target, while it runs; of an imported case without one,
    /// the date that the other system gave.
    pub due_at: Option<DateTime<Utc>>,
    /// Targets that were missed. What happens later takes none of them away.
    pub breaches: u32,
    /// The instant at which the target was due that was missed last.
    pub breached_at: Option<DateTime<Utc>>,
    /// The office that had custody at that instant.
    pub breached_by: Option<UnitCode>,
    /// How often it was escalated.
    pub escalations: u32,
    /// The highest level of the ladder that time has brought in the running episode; 0 for none.
    pub level: u32,
    /// How often the complainant reminded the office.
    pub reminders: u32,
    /// How often the due date was moved.
    pub extensions: u32,
    /// The office that sent it to its holder.
    pub sender: Option<UnitCode>,
    /// The office that took the last step that can be undone.
    pub last_mover: Option<UnitCode>,
    /// Offices that were asked and have not answered.
    pub consulted: Vec<UnitCode>,
    /// The office that it is about.
    pub against: Option<UnitCode>,
    /// The complainant's identity, where the host or the desk gave one.
    pub complainant: Option<PersonId>,
    /// Who brought it in.
    pub lodged_by: PersonId,
    /// The subject under which it is sealed, while it is.
    pub sealed: Option<CategoryCode>,
    /// Steps that one person took though two should have.
    pub waivers: u32,
    /// What a second look at the disposal it stands at found.
    pub finding: Option<VerificationFinding>,
    /// The day for which the sample was drawn that the second look was for.
    pub sampled_for: Option<NaiveDate>,
    /// The root cause of the disposal it stands at; unclassified, if none.
    pub root_cause: Option<CauseCode>,
    /// The change of a procedure that would have made it needless.
    pub change: Option<ChangeCode>,
    /// The due date by which the case is judged, met or not: of the resolution; under appeal, of the
    /// decision; of an imported case without a clock, the one that the other system gave.
    pub judged_due_at: Option<DateTime<Utc>>,
    /// After this instant it is past that due date, as long as nothing more happens to it; `None` where it
    /// was met in time or its clock stands still.
    pub late_at: Option<DateTime<Utc>>,
    /// From this instant on it is due soon: three quarters of the time have gone.
    pub soon_at: Option<DateTime<Utc>>,
    /// When the complainant was last told anything: the last commit of which the rulebook of its time told
    /// them. The history alone does not say that: it is filled in where that rulebook is at hand.
    pub last_told_at: Option<DateTime<Utc>>,
    /// What the officer who classified it would change, in words that the vault keeps.
    pub suggestion: Option<VaultId>,
}

impl CaseFact {
    /// The facts of a case as it stands, but for [`last_told_at`](Self::last_told_at).
    pub fn of(case: &Grievance) -> Self {
        // A case that was withdrawn or joined to another while under appeal stands at no disposal.
        let stands = matches!(case.phase(), Phase::Disposed | Phase::UnderAppeal);
        let closure = case.course.closure.as_ref().filter(|_| stands);
        let classified = closure.and_then(|closure| closure.classified.as_ref());
        let subject = &case.subject;
        let judged = Judged::of(case);
        Self {
            id: case.id,
            version: case.version,
            number: subject.number.clone(),
            source: case.adopted.as_ref().map(|adoption| adoption.said.source.clone()),
            external_number: subject.external_number.clone(),
            kind: subject.kind.clone(),
            category: subject.category.clone(),
            place: subject.place.clone(),
            channel: subject.channel.clone(),
            priority: subject.priority.clone(),
            stage: case.stage().clone(),
            phase: case.phase(),
            unit: case.unit().clone(),
            held_since: case.course.held_since,
            lodged_at: subject.lodged_at,
            received_at: subject.received_at,
            first_disposed_at: case.first_disposed_at,
            disposed_at: closure.map(|closure| closure.at),
            disposed_by: closure.map(|closure| closure.unit.clone()),
            reason: closure.and_then(|closure| closure.reason.clone()),
            class: closure.and_then(|closure| closure.class),
            feedback: case.course.heard,
            reopenings: case.count_episodes(EpisodeKind::Reopening),
            appeals: case.count_episodes(EpisodeKind::Appeal),
            transfers: case.transfers,
            part_of: case.part_of.map(|(parent, _)| parent),
            merged_into: case.merged_into,
            tracking: subject.complainant.tracking,
            rulebook: case.rulebook,
            updated_at: case.updated_at,
            due_at: match case.clock(TargetKind::Resolution) {
                Some(clock) => Some(clock.due_at).filter(|_| clock.met_at.is_none()),
                None => adopted_due(case).filter(|_| case.phase().is_pending()),
            },
            breaches: u32::try_from(case.breaches.len()).unwrap_or(u32::MAX),
            breached_at: case.breaches.last().map(|breach| breach.due_at),
            breached_by: case.breaches.last().map(|breach| breach.unit.clone()),
            escalations: case.escalations,
            level: Self::level_of(case),
            reminders: case.reminders,
            extensions: case.extensions,
            sender: case.course.trail.last().map(|sender| sender.unit.clone()),
            last_mover: case.undo.as_ref().and_then(|undo| undo.unit.clone()),
            consulted: case.consulted.clone(),
            against: case.against().cloned(),
            complainant: subject.complainant.person,
            lodged_by: subject.lodged_by,
            sealed: case.sealed.clone(),
            waivers: case.waivers,
            finding: closure.and_then(|closure| closure.verified).map(|(finding, _)| finding),
            sampled_for: closure.and_then(|closure| closure.verified).and_then(|(_, sample)| sample),
            root_cause: classified.map(|classified| classified.root_cause.clone()),
            change: classified.and_then(|classified| classified.change.clone()),
            judged_due_at: judged.map(|judged| judged.due_at),
            late_at: judged.and_then(|judged| judged.late_at),
            soon_at: judged.and_then(|judged| judged.soon_at),
            last_told_at: None,
            suggestion: classified.and_then(|classified| classified.suggestion),
        }
    }

    /// The highest level of the ladder that time has brought in the running episode; 0 for none.
    pub(crate) fn level_of(case: &Grievance) -> u32 {
        case.course.clocks.iter().map(|clock| clock.level).max().unwrap_or(0)
    }

    /// How it stands to the due date by which it is judged; `None` when nothing says by when.
    pub fn judged(&self) -> Option<Judged> {
        let (late_at, soon_at) = (self.late_at, self.soon_at);
        self.judged_due_at.map(|due_at| Judged { due_at, late_at, soon_at })
    }

    /// The few facts that access may ask for: those of the case whose row it is.
    pub fn standing(&self) -> Standing<'_> {
        Standing {
            holder: &self.unit,
            sender: self.sender.as_ref(),
            last_mover: self.last_mover.as_ref(),
            complainant: self.complainant,
            lodged_by: self.lodged_by,
            consulted: &self.consulted,
            against: self.against.as_ref(),
            place: self.place.as_ref(),
            sealed: self.sealed.as_ref(),
        }
    }
}
