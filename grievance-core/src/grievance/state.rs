//! A case as its history left it.

use crate::grievance::clock::{Breach, Clock};
use crate::grievance::event::{Position, Recorded};
use crate::grievance::payload::{Adopted, Allegation, Complainant, Evidence, Reference};
use crate::kernel::code::{
    CategoryCode, CauseCode, ChangeCode, ChannelCode, KindCode, LanguageCode, PlaceCode, PostCode,
    PriorityCode, ReasonCode, StageCode, UnitCode,
};
use crate::kernel::id::{GrievanceId, PersonId, VaultId};
use crate::kernel::number::RegistrationNumber;
use crate::kernel::text::{Digest, TextRef};
use crate::rulebook::access::Standing;
use crate::vocabulary::{DisposalClass, EventKind, FeedbackOutcome, HoldFor, Phase, VerificationFinding};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

/// One grievance: what its history says, and nothing else.
///
/// Made by [`replay`](Self::replay) or, event by event, by [`begin`](Self::begin) and
/// [`evolve`](Self::evolve). Both are total: a recorded event is a fact, so neither asks a
/// rulebook and neither can fail.
#[derive(Clone, Debug, PartialEq)]
pub struct Grievance {
    /// Its identity.
    pub id: GrievanceId,
    /// How many events its history has.
    pub version: u64,
    /// When the last one was recorded.
    pub updated_at: DateTime<Utc>,
    /// The rulebook version of the last one.
    pub rulebook: Digest,
    /// What it was lodged as, with later corrections.
    pub subject: Subject,
    /// Where it stands, and what a rescinded step gives back.
    pub course: Course,
    /// What the last step replaced, while it can still be undone.
    pub undo: Option<Box<Undo>>,
    /// The complainant was heard so often without being satisfied.
    pub rounds: u32,
    /// Attempts to reach the complainant since the last report.
    pub attempts: Vec<Attempt>,
    /// Lateral transfers.
    pub transfers: u32,
    /// Times the due date was moved.
    pub extensions: u32,
    /// Reminders.
    pub reminders: u32,
    /// Escalations.
    pub escalations: u32,
    /// Deadlines that passed and were not met.
    pub breaches: Vec<Breach>,
    /// Documents.
    pub attachments: u32,
    /// Offices that were asked and have not answered.
    pub consulted: Vec<UnitCode>,
    /// Original, reopenings, appeals.
    pub episodes: Vec<Episode>,
    /// Parts, if it was divided.
    pub parts: Vec<Part>,
    /// The divided case, and this part's place, if it is a part.
    pub part_of: Option<(GrievanceId, u32)>,
    /// Cases joined to this one.
    pub members: Vec<GrievanceId>,
    /// The case this one was joined to.
    pub merged_into: Option<GrievanceId>,
    /// The subject under which it is sealed; `None` for a case that is not, or no longer.
    pub sealed: Option<CategoryCode>,
    /// Steps that one person took though two should have.
    pub waivers: u32,
    /// Where it was imported from.
    pub adopted: Option<Box<Adoption>>,
    /// First disposal.
    pub first_disposed_at: Option<DateTime<Utc>>,
    /// What keeps its words, until it is released or its last day is over.
    pub holds: Vec<Hold>,
    /// The version of the event by which its words were erased, for the last time.
    pub erased: Option<u64>,
}

/// Something that keeps the words of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hold {
    /// The version of the event that placed it; its release names that.
    pub version: u64,
    /// For what.
    pub because: HoldFor,
    /// The last day, in the office's zone.
    pub until: Option<NaiveDate>,
}

/// What a case is about, whose it is and how it came in.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    /// The registration number; a part has the number of the divided case. `None` for an
    /// imported case, which keeps its external number.
    pub number: Option<RegistrationNumber>,
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
    /// The complainant's language.
    pub language: Option<LanguageCode>,
    /// Priority class.
    pub priority: Option<PriorityCode>,
    /// Who complains.
    pub complainant: Complainant,
    /// Who lodged it.
    pub lodged_by: PersonId,
    /// When it was lodged.
    pub lodged_at: DateTime<Utc>,
    /// When it was received: ages are counted from here.
    pub received_at: DateTime<Utc>,
    /// What is complained of.
    pub narrative: Option<TextRef>,
    /// Whom it is about.
    pub against: Option<Allegation>,
    /// The letter that brought it in.
    pub reference: Option<Reference>,
}

/// The part of a case that a step changes and an undone step gives back.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// Stage, phase and the office that has custody.
    pub position: Position,
    /// Since when that office has it.
    pub held_since: DateTime<Utc>,
    /// The post it was given to.
    pub post: Option<PostCode>,
    /// Offices it came through, each with the stage it held the case in; the last one sent it.
    pub trail: Vec<Position>,
    /// Whether the holder has opened it.
    pub opened: bool,
    /// Whether the holder may not pass it on.
    pub binding: bool,
    /// Where it goes on when the complainant has answered.
    pub asked_from: Option<(StageCode, Phase)>,
    /// The report under review.
    pub report: Option<Report>,
    /// The approval, and the reason it selected.
    pub approval: Option<Approval>,
    /// What the complainant said to the report.
    pub heard: Option<FeedbackOutcome>,
    /// How it was closed.
    pub closure: Option<Closure>,
    /// The date to which the due date was moved.
    pub extended_until: Option<NaiveDate>,
    /// The deadlines.
    pub clocks: Vec<Clock>,
    /// When each kind of event was last recorded, without what time brings; an appeal's decision only
    /// where the appeal was allowed.
    pub last: Vec<(EventKind, DateTime<Utc>)>,
    /// When the letter of the last reopening and the last appeal was received, where it was recorded
    /// later.
    pub received: Vec<(EventKind, DateTime<Utc>)>,
}

impl Course {
    /// When an event of that kind was last recorded; `None` for one that never was.
    pub fn last(&self, kind: EventKind) -> Option<DateTime<Utc>> {
        self.last.iter().find(|(of, _)| *of == kind).map(|(_, at)| *at)
    }

    /// When what the last event of that kind records was received, where it was recorded later.
    pub fn received(&self, kind: EventKind) -> Option<DateTime<Utc>> {
        self.received.iter().find(|(of, _)| *of == kind).map(|(_, at)| *at)
    }
}

/// What an office reported.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Who reported.
    pub by: PersonId,
    /// Their office.
    pub unit: UnitCode,
    /// The reason they propose.
    pub reason: Option<ReasonCode>,
    /// The evidence.
    pub evidence: Evidence,
    /// When.
    pub at: DateTime<Utc>,
}

/// An approval.
#[derive(Clone, Debug, PartialEq)]
pub struct Approval {
    /// Who approved.
    pub by: PersonId,
    /// Their office.
    pub unit: Option<UnitCode>,
    /// The reason it selected.
    pub reason: Option<ReasonCode>,
    /// The evidence.
    pub evidence: Evidence,
}

/// How a case was closed.
#[derive(Clone, Debug, PartialEq)]
pub struct Closure {
    /// The version of the disposal; what tells the complainant of it names it.
    pub version: u64,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: PersonId,
    /// The office that had custody.
    pub unit: UnitCode,
    /// The reason; an imported closure may have none on record.
    pub reason: Option<ReasonCode>,
    /// What it did for the complainant.
    pub class: Option<DisposalClass>,
    /// What a second look found, the latest one, and the day of the sample that it was for.
    pub verified: Option<(VerificationFinding, Option<NaiveDate>)>,
    /// What it came from, as it was classified last.
    pub classified: Option<Classification>,
}

/// An attempt to reach the complainant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The day, in the office's zone.
    pub day: NaiveDate,
    /// The slot of the day.
    pub slot: u8,
    /// Whether they were reached.
    pub reached: bool,
}

/// A run of a case from its opening to its closing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Episode {
    /// What began it.
    pub began_as: EpisodeKind,
    /// When.
    pub opened_at: DateTime<Utc>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
}

/// What an episode began as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EpisodeKind {
    /// The first one.
    Original,
    /// A reopening.
    Reopening,
    /// An appeal.
    Appeal,
}

/// A part of a divided case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its own case.
    pub case: GrievanceId,
    /// Whether it has come to its end.
    pub closed: bool,
}

/// What the last step replaced.
#[derive(Clone, Debug, PartialEq)]
pub struct Undo {
    /// The version of the event that can be undone.
    pub version: u64,
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// The office that took it.
    pub unit: Option<UnitCode>,
    /// What was before.
    pub course: Course,
    /// How many episodes there were, and when the last of them had closed.
    pub episodes: (usize, Option<DateTime<Utc>>),
    /// Lateral transfers before.
    pub transfers: u32,
    /// Attempts to reach the complainant before: a report clears those that failed.
    pub attempts: Vec<Attempt>,
    /// First disposal before.
    pub first_disposed_at: Option<DateTime<Utc>>,
}

/// What a case came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Classification {
    /// The root cause.
    pub root_cause: CauseCode,
    /// The change of a procedure that would have made it needless.
    pub change: Option<ChangeCode>,
    /// What the officer would change, in words that the vault keeps.
    pub suggestion: Option<VaultId>,
}

/// Where an imported case comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Adoption {
    /// What the last import said.
    pub said: Adopted,
    /// The case's version after it, or after it was moved to a newer rulebook; a later version
    /// means that it was carried on here.
    pub version: u64,
}

impl Grievance {
    /// The stage it is in.
    pub const fn stage(&self) -> &StageCode {
        &self.course.position.stage
    }

    /// What the stage means.
    pub const fn phase(&self) -> Phase {
        self.course.position.phase
    }

    /// The office that has custody.
    pub const fn unit(&self) -> &UnitCode {
        &self.course.position.unit
    }

    /// The office that it is about.
    pub fn against(&self) -> Option<&UnitCode> {
        self.subject.against.as_ref().and_then(|against| against.unit.as_ref())
    }

    /// Whether it is a part of a divided case.
    pub const fn is_part(&self) -> bool {
        self.part_of.is_some()
    }

    /// The deadline of that kind, if one was set in this run of the case.
    pub fn clock(&self, target: crate::vocabulary::TargetKind) -> Option<&Clock> {
        self.course.clocks.iter().find(|clock| clock.target == target)
    }

    /// How often it was opened again, by reopening or by an appeal that was allowed or is open.
    pub fn count_episodes(&self, kind: EpisodeKind) -> u32 {
        let count = self.episodes.iter().filter(|episode| episode.began_as == kind).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// A hold that keeps its words on that day; the last day of a hold belongs to it.
    pub fn held_on(&self, day: NaiveDate) -> Option<&Hold> {
        self.holds.iter().find(|hold| hold.until.is_none_or(|until| day <= until))
    }

    /// The few facts that access may ask for.
    pub fn standing(&self) -> Standing<'_> {
        Standing {
            holder: self.unit(),
            sender: self.course.trail.last().map(|sender| &sender.unit),
            last_mover: self.undo.as_ref().and_then(|undo| undo.unit.as_ref()),
            complainant: self.subject.complainant.person,
            lodged_by: self.subject.lodged_by,
            consulted: &self.consulted,
            against: self.against(),
            place: self.subject.place.as_ref(),
            sealed: self.sealed.as_ref(),
        }
    }

    /// Whether a person took a step that another must judge: reported, approved or disposed.
    pub fn was_taken_by(&self, person: PersonId) -> bool {
        let course = &self.course;
        let by = [
            course.report.as_ref().map(|it| it.by),
            course.approval.as_ref().map(|it| it.by),
            course.closure.as_ref().map(|it| it.by),
        ];
        by.contains(&Some(person))
    }

    /// Folds a history, oldest event first; `None` for an empty one, or one that does not begin
    /// with a lodging, a part or an adoption.
    pub fn replay<'a>(history: impl IntoIterator<Item = &'a Recorded>) -> Option<Self> {
        let mut history = history.into_iter();
        let mut case = Self::begin(history.next()?)?;
        for recorded in history {
            case.evolve(recorded);
        }
        Some(case)
    }
}
