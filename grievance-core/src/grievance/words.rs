//! Which texts an event refers to, each with the field that access rules it by.

use crate::grievance::event::What;
use crate::grievance::payload::{Complainant, Corrected, Evidence, FieldValue, Lodged, PartOpened, Shown};
use crate::kernel::text::TextRef;
use crate::vocabulary::Field;

/// A text of a case: what it is, and where the vault keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// What it is.
    pub field: Field,
    /// Where it is.
    pub text: TextRef,
}

/// Gathers what is there.
#[derive(Default)]
struct Words(Vec<Word>);

impl Words {
    fn add(&mut self, field: Field, texts: impl IntoIterator<Item = TextRef>) {
        self.0.extend(texts.into_iter().map(|text| Word { field, text }));
    }

    fn complainant(&mut self, who: &Complainant) {
        let Complainant {
            name,
            mobile,
            email,
            address,
            signatories,
            signatory_mobiles,
            representative,
            anonymous: _,
            person: _,
            tracking: _,
            refuses: _,
            safe_hours: _,
        } = who;
        self.add(Field::Name, *name);
        self.add(Field::Mobile, *mobile);
        self.add(Field::Email, *email);
        self.add(Field::Address, *address);
        self.add(Field::Representative, *representative);
        self.add(Field::Signatories, signatories.iter().flatten().copied());
        self.add(Field::SignatoryMobiles, signatory_mobiles.iter().flatten().copied());
    }

    fn evidence(&mut self, evidence: &Evidence) {
        let texts = evidence.values().filter_map(|shown| match shown {
            Shown::Text(text) => Some(*text),
            Shown::Date(_) | Shown::Number(_) | Shown::Unit(_) | Shown::Attempts(_) => None,
        });
        self.add(Field::Evidence, texts);
    }
}

impl What {
    /// Every text that the event refers to, in the order of its fields: nothing that a person wrote
    /// is in an event otherwise.
    pub fn words(&self) -> Vec<Word> {
        let mut words = Words::default();
        match self {
            Self::Lodged(it) => {
                let Lodged { complainant, narrative, reference, .. } = &**it;
                words.complainant(complainant);
                words.add(Field::Narrative, [*narrative]);
                words.add(Field::Reference, reference.as_ref().and_then(|reference| reference.letter));
            }
            Self::PartOpened(it) => {
                let PartOpened { complainant, narrative, .. } = &**it;
                words.complainant(complainant);
                words.add(Field::Narrative, *narrative);
            }
            Self::Admitted(it)
            | Self::Declined(it)
            | Self::Acknowledged(it)
            | Self::Returned(it)
            | Self::Recalled(it)
            | Self::Reminded(it)
            | Self::ReportSentBack(it)
            | Self::Refused(it)
            | Self::Withdrawn(it) => words.add(Field::Remarks, it.remarks),
            Self::Reopened(it) => words.add(Field::Remarks, it.remarks),
            Self::Assigned(it) | Self::Forwarded(it) | Self::Transferred(it) => {
                words.add(Field::Remarks, it.remarks);
            }
            Self::Recategorised(it) => words.add(Field::Remarks, it.remarks),
            Self::Reclassified(it) => words.add(Field::Remarks, it.remarks),
            Self::SplitIntoParts(it) => words.add(Field::Remarks, it.remarks),
            Self::Consulted(it) => words.add(Field::Consultation, [it.text]),
            Self::Answered(it) => words.add(Field::Consultation, [it.text]),
            Self::InformationSought(it) | Self::InformationProvided(it) => {
                words.add(Field::Information, [it.text]);
            }
            Self::InterimReplied(it) => words.add(Field::Reply, [it.text]),
            Self::Commented(it) => {
                let field = if it.public { Field::CommentPublic } else { Field::CommentInternal };
                words.add(field, [it.text]);
            }
            Self::Attached(it) => {
                let field = if it.public { Field::FilePublic } else { Field::FileInternal };
                words.add(field, [it.name]);
            }
            Self::ActionReported(it) => {
                words.evidence(&it.evidence);
                words.add(Field::Report, it.text);
            }
            Self::Approved(it) => {
                words.evidence(&it.evidence);
                words.add(Field::Remarks, it.text);
            }
            Self::CallRecorded(it) => words.add(Field::CallNote, it.note),
            Self::FeedbackRecorded(it) => words.add(Field::Feedback, it.said),
            Self::Disposed(it) => {
                words.evidence(&it.evidence);
                words.add(Field::Remarks, [it.remarks]);
                words.add(Field::Reply, it.reply);
            }
            Self::Appealed(it) => words.add(Field::Appeal, [it.text]),
            Self::AppealDecided(it) => words.add(Field::Decision, [it.remarks]),
            Self::Merged(it) | Self::Remastered(it) => words.add(Field::Remarks, it.remarks),
            // The complainant is told the reason.
            Self::Extended(it) => words.add(Field::Reply, [it.remarks]),
            Self::Escalated(it) => words.add(Field::Remarks, it.remarks),
            Self::Corrected(it) => {
                let Corrected {
                    remarks,
                    narrative,
                    name,
                    mobile,
                    email,
                    address,
                    representative,
                    language: _,
                    priority: _,
                    unrepresented: _,
                    refuses: _,
                    safe_hours: _,
                } = &**it;
                words.add(Field::Remarks, [*remarks]);
                words.add(Field::Narrative, *narrative);
                words.add(Field::Name, *name);
                words.add(Field::Mobile, *mobile);
                words.add(Field::Email, *email);
                words.add(Field::Address, *address);
                words.add(Field::Representative, *representative);
            }
            Self::Rescinded(it) => words.add(Field::Remarks, [it.remarks]),
            Self::StepRecorded(it) => {
                let texts = it.fields.values().filter_map(|value| match value {
                    FieldValue::Text(text) => Some(*text),
                    FieldValue::Date(_)
                    | FieldValue::Number(_)
                    | FieldValue::Unit(_)
                    | FieldValue::Flag(_) => None,
                });
                words.add(Field::Record, texts);
                words.add(Field::Remarks, it.remarks);
            }
            Self::Verified(it) => words.add(Field::Remarks, [it.remarks]),
            Self::Classified(it) => words.add(Field::Remarks, it.suggestion),
            Self::Unsealed(it) => {
                words.add(Field::Order, [it.order]);
                words.add(Field::Remarks, [it.remarks]);
            }
            Self::HoldPlaced(it) => {
                words.add(Field::Order, it.reference);
                words.add(Field::Remarks, [it.remarks]);
            }
            Self::HoldReleased(it) => words.add(Field::Remarks, [it.remarks]),
            Self::Adopted(it) => {
                words.add(Field::Narrative, it.narrative);
                words.add(Field::Remarks, it.closure_text);
            }
            Self::PartClosed(_)
            | Self::PartReopened(_)
            | Self::FeedbackWaived(_)
            | Self::OutcomeShared(_)
            | Self::Absorbed(_)
            | Self::Remapped(_)
            | Self::TargetSet(_)
            | Self::TargetMoved(_)
            | Self::ClockPaused(_)
            | Self::ClockResumed(_)
            | Self::TargetBreached(_)
            | Self::EscalationProposed(_)
            | Self::ComplainantInformed(_)
            | Self::NoticeParked(_)
            | Self::FourEyesWaived(_)
            | Self::Erased(_) => {}
        }
        words.0
    }
}
