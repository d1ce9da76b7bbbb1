//! What is asked of a case, with every text sealed and every code and date read.

use crate::grievance::payload::{
    Allegation, Attached, Classified, Commented, Complainant, Consulted, Evidence, FeedbackRecorded,
    HoldPlaced, HoldReleased, InterimReplied, PartSketch, Recategorised, Reclassified, Reference,
    StepRecorded, Verified,
};
use crate::kernel::code::{
    CategoryCode, ChannelCode, KindCode, LanguageCode, PlaceCode, PostCode, PriorityCode, ReasonCode,
    RuleCode, UnitCode,
};
use crate::kernel::id::GrievanceId;
use crate::kernel::text::TextRef;
use crate::rulebook::safe::SafeHours;
use crate::vocabulary::{Action, ErasureBecause, FeedbackOutcome, MessageChannel, Outcome};
use chrono::{DateTime, NaiveDate, Utc};
use smol_str::SmolStr;

/// A command, ready to be decided. It holds no words that a person wrote, only references to
/// them, so neither a refusal nor a log can give any away.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Brings a grievance in.
    Lodge(Box<Lodging>),
    /// A step that says nothing but remarks: admit, decline, acknowledge, return, recall, remind,
    /// send back a report, refuse, withdraw, rescind.
    Plain(Action, Option<TextRef>),
    /// Assigns, forwards or transfers.
    Send(Action, Sending),
    /// Corrects subject or place.
    Recategorise(Recategorised),
    /// Corrects the kind of matter.
    Reclassify(Reclassified),
    /// Divides the case.
    Split(Vec<PartSketch>, Option<TextRef>),
    /// Asks another office.
    Consult(Consulted),
    /// Answers a consultation.
    Answer(TextRef),
    /// Asks the complainant for something.
    SeekInformation(TextRef),
    /// Gives what was asked for.
    ProvideInformation(TextRef),
    /// Tells the complainant where the case stands.
    InterimReply(InterimReplied),
    /// Notes something.
    Comment(Commented),
    /// Adds a document.
    Attach(Attached),
    /// Reports the action taken.
    ReportAction(Judgement),
    /// Approves a report or a special closure.
    Approve(Judgement),
    /// Records an attempt to reach the complainant.
    RecordCall {
        /// Whether they were reached.
        reached: bool,
        /// What was said.
        note: Option<TextRef>,
    },
    /// Records what the complainant said.
    RecordFeedback(FeedbackRecorded),
    /// Closes the case.
    Dispose {
        /// The reason and its evidence; the text is the remarks.
        judgement: Judgement,
        /// What the complainant is told, if other than the reason's text.
        reply: Option<TextRef>,
    },
    /// Opens a disposed case again.
    Reopen(Received),
    /// Appeals.
    Appeal(Received),
    /// Decides an appeal.
    DecideAppeal(Outcome, Option<TextRef>),
    /// Joins the case to another one.
    Merge(GrievanceId, Option<TextRef>),
    /// Moves the due date.
    Extend(NaiveDate, Option<TextRef>),
    /// Brings the case to a superior's notice, or takes a level of the ladder.
    Escalate {
        /// The office; the one above the holder if absent.
        to: Option<UnitCode>,
        /// The level, which says whom it turns to and whether they take the case over.
        level: Option<RuleCode>,
        /// Remarks.
        remarks: Option<TextRef>,
    },
    /// Corrects recorded facts.
    Correct(Box<Correction>),
    /// Records a step that the rulebook names.
    Record(StepRecorded),
    /// Records a second look at a disposed case.
    Verify(Verified),
    /// Says what a disposed case came from.
    Classify(Classified),
    /// Lifts the seal, by order.
    Unseal {
        /// The order.
        order: TextRef,
        /// Why.
        remarks: Option<TextRef>,
    },
    /// Keeps the words of the case.
    Hold(HoldPlaced),
    /// Lets a hold go.
    ReleaseHold(HoldReleased),
    /// Erases the words of the case.
    Erase(ErasureBecause),
    /// What became due is recorded: by the system, when a timer has come.
    TimerDue,
    /// An imported case goes on here: its deadlines begin. By the system.
    GoLive {
        /// The instant from which they are counted.
        from: DateTime<Utc>,
    },
    /// A message to the complainant about that event arrived, or could not be delivered. By the
    /// system.
    NoticeSettled {
        /// The version of the event that it told of.
        of: u64,
        /// Whether it arrived.
        arrived: bool,
    },
}

/// What somebody wrote who could also send it by letter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Received {
    /// The words; a reopening without them is refused.
    pub text: Option<TextRef>,
    /// When the letter was received, if earlier than now.
    pub at: Option<DateTime<Utc>>,
}

/// What is lodged.
#[derive(Clone, Debug, PartialEq)]
pub struct Lodging {
    /// Kind of matter; the rulebook's first if absent.
    pub kind: Option<KindCode>,
    /// Subject.
    pub category: Option<CategoryCode>,
    /// Jurisdiction.
    pub place: Option<PlaceCode>,
    /// How it came in; the rulebook's first if absent.
    pub channel: Option<ChannelCode>,
    /// The complainant's language; the rulebook's first if absent.
    pub language: Option<LanguageCode>,
    /// Priority class; the subject's, or the rulebook's first, if absent.
    pub priority: Option<PriorityCode>,
    /// Who complains.
    pub complainant: Complainant,
    /// What is complained of.
    pub narrative: TextRef,
    /// Whom it is about.
    pub against: Option<Allegation>,
    /// The letter that brought it in.
    pub reference: Option<Reference>,
    /// When it was received, if earlier than now.
    pub received_at: Option<DateTime<Utc>>,
    /// The number under which another system knows it.
    pub external_number: Option<SmolStr>,
}

/// Where a case is sent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sending {
    /// The office; for an assignment, the routed one if absent.
    pub unit: Option<UnitCode>,
    /// The post in it.
    pub post: Option<PostCode>,
    /// Remarks.
    pub remarks: Option<TextRef>,
}

/// A reason that is proposed or selected.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Judgement {
    /// The reason.
    pub reason: Option<ReasonCode>,
    /// The evidence.
    pub evidence: Evidence,
    /// The report, or the remarks.
    pub text: Option<TextRef>,
}

/// What is corrected.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Correction {
    /// Why.
    pub remarks: Option<TextRef>,
    /// What is complained of.
    pub narrative: Option<TextRef>,
    /// The complainant's name.
    pub name: Option<TextRef>,
    /// The complainant's mobile number.
    pub mobile: Option<TextRef>,
    /// The complainant's e-mail address.
    pub email: Option<TextRef>,
    /// The complainant's postal address.
    pub address: Option<TextRef>,
    /// The complainant's language.
    pub language: Option<LanguageCode>,
    /// Priority class.
    pub priority: Option<PriorityCode>,
    /// The mobile number of a representative; `Some(None)` for none any more.
    pub representative: Option<Option<TextRef>>,
    /// Ways by which the complainant wants no message from now on.
    pub refuses: Option<Vec<MessageChannel>>,
    /// When the complainant may be written to.
    pub safe_hours: Option<SafeHours>,
}

impl Command {
    /// The action it asks for; `None` for what the system records on its own account.
    pub const fn action(&self) -> Option<Action> {
        Some(match self {
            Self::Lodge(_) => Action::Lodge,
            Self::Plain(action, _) | Self::Send(action, _) => *action,
            Self::Recategorise(_) => Action::Recategorise,
            Self::Reclassify(_) => Action::Reclassify,
            Self::Split(..) => Action::Split,
            Self::Consult(_) => Action::Consult,
            Self::Answer(_) => Action::Answer,
            Self::SeekInformation(_) => Action::SeekInformation,
            Self::ProvideInformation(_) => Action::ProvideInformation,
            Self::InterimReply(_) => Action::InterimReply,
            Self::Comment(_) => Action::Comment,
            Self::Attach(_) => Action::Attach,
            Self::ReportAction(_) => Action::ReportAction,
            Self::Approve(_) => Action::Approve,
            Self::RecordCall { .. } => Action::RecordCall,
            Self::RecordFeedback(_) => Action::RecordFeedback,
            Self::Dispose { .. } => Action::Dispose,
            Self::Reopen(_) => Action::Reopen,
            Self::Appeal(_) => Action::Appeal,
            Self::DecideAppeal(..) => Action::DecideAppeal,
            Self::Merge(..) => Action::Merge,
            Self::Extend(..) => Action::Extend,
            Self::Escalate { .. } => Action::Escalate,
            Self::Correct(_) => Action::Correct,
            Self::Record(_) => Action::Record,
            Self::Verify(_) => Action::Verify,
            Self::Classify(_) => Action::Classify,
            Self::Unseal { .. } => Action::Unseal,
            Self::Hold(_) => Action::Hold,
            Self::ReleaseHold(_) => Action::ReleaseHold,
            Self::Erase(_) => Action::Erase,
            Self::TimerDue | Self::GoLive { .. } | Self::NoticeSettled { .. } => return None,
        })
    }

    /// What the command itself says that its action came to, where one action can lead to
    /// several stages.
    pub const fn outcome(&self) -> Option<Outcome> {
        match self {
            Self::RecordFeedback(feedback) => Some(match feedback.outcome {
                FeedbackOutcome::Satisfied => Outcome::Satisfied,
                FeedbackOutcome::NotSatisfied => Outcome::NotSatisfied,
                FeedbackOutcome::Unreachable => Outcome::Unreachable,
            }),
            Self::DecideAppeal(outcome, _) => Some(*outcome),
            _ => None,
        }
    }

    /// When what it records was received, where that is said: of a reopening or an appeal.
    pub const fn received_at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Reopen(received) | Self::Appeal(received) => received.at,
            _ => None,
        }
    }

    /// The remarks it brings.
    pub const fn remarks(&self) -> Option<TextRef> {
        match self {
            Self::Plain(_, remarks)
            | Self::Split(_, remarks)
            | Self::DecideAppeal(_, remarks)
            | Self::Merge(_, remarks)
            | Self::Extend(_, remarks)
            | Self::Escalate { remarks, .. }
            | Self::Unseal { remarks, .. } => *remarks,
            Self::Send(_, sending) => sending.remarks,
            Self::Recategorise(change) => change.remarks,
            Self::Reclassify(change) => change.remarks,
            Self::ReportAction(judgement) | Self::Approve(judgement) | Self::Dispose { judgement, .. } => {
                judgement.text
            }
            Self::Correct(correction) => correction.remarks,
            Self::Record(step) => step.remarks,
            Self::Verify(verified) => Some(verified.remarks),
            Self::Classify(classified) => classified.suggestion,
            Self::Hold(hold) => Some(hold.remarks),
            Self::ReleaseHold(release) => Some(release.remarks),
            Self::RecordCall { note, .. } => *note,
            Self::RecordFeedback(feedback) => feedback.said,
            Self::Consult(asked) => Some(asked.text),
            Self::InterimReply(reply) => Some(reply.text),
            Self::Comment(note) => Some(note.text),
            Self::Lodge(lodging) => Some(lodging.narrative),
            Self::Answer(text) | Self::SeekInformation(text) | Self::ProvideInformation(text) => Some(*text),
            Self::Reopen(received) | Self::Appeal(received) => received.text,
            Self::Attach(_)
            | Self::Erase(_)
            | Self::TimerDue
            | Self::GoLive { .. }
            | Self::NoticeSettled { .. } => None,
        }
    }
}
