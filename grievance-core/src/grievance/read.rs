//! From a request to a command: texts sealed, codes, dates and numbers read, once.

mod who;

use crate::grievance::command::{Command, Judgement, Lodging, Received, Sending};
pub use crate::grievance::field::NotACommand;
use crate::grievance::field::{Read, code, date, id, may_code, may_instant, number, word, wrong};
use crate::grievance::payload::{
    Allegation, Attached, Classified, Commented, Consulted, Evidence, FeedbackRecorded, FieldValue,
    HoldPlaced, HoldReleased, InterimReplied, PartSketch, Recategorised, Reclassified, Reference, Shown,
    StepRecorded, Verified,
};
use crate::grievance::request::{self, Request};
pub use crate::grievance::tracking::TrackingCode;
use crate::kernel::code::RecordCode;
use crate::kernel::id::GrievanceId;
use crate::kernel::mask::without_identity_numbers;
use crate::kernel::mobile::Mobile;
use crate::kernel::text::{Compartment, Digest, Sealer, TextRef};
use crate::kernel::unseen;
use crate::rulebook::Rulebook;
use crate::rulebook::access::Actor;
use crate::rulebook::document::FieldKind;
use crate::vocabulary::{Action, ErrorCode, EvidenceKind, FeedbackOutcome, Outcome};
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// A command, and what only the host may know of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The command.
    pub command: Command,
    /// The code that an anonymous complainant is given, once: only its digest is kept.
    pub tracking_code: Option<TrackingCode>,
}

/// Reads a request into a command.
///
/// # Errors
///
/// [`NotACommand`] names the first field that cannot be read. Nothing is kept of a request that
/// is refused.
pub fn read(request: &Request, actor: &Actor, rulebook: &Rulebook, sealer: &mut Sealer<'_>) -> Read<Reading> {
    let mut from = From { rulebook, sealer };
    let mut tracking_code = None;
    let command = match request {
        Request::Lodge(it) => {
            let (lodging, code) = from.lodging(it, actor)?;
            tracking_code = code;
            Command::Lodge(Box::new(lodging))
        }
        Request::Admit(it) => from.plain(Action::Admit, it.remarks.as_deref())?,
        Request::Decline(it) => from.plain(Action::Decline, Some(&it.remarks))?,
        Request::Acknowledge(it) => from.plain(Action::Acknowledge, it.remarks.as_deref())?,
        Request::Assign(it) => {
            from.send(Action::Assign, it.unit.as_deref(), it.post.as_deref(), it.remarks.as_deref())?
        }
        Request::Forward(it) => {
            from.send(Action::Forward, Some(&it.unit), it.post.as_deref(), it.remarks.as_deref())?
        }
        Request::Return(it) => from.plain(Action::Return, Some(&it.remarks))?,
        Request::Recall(it) => from.plain(Action::Recall, it.remarks.as_deref())?,
        Request::Transfer(it) => from.send(Action::Transfer, Some(&it.unit), None, Some(&it.remarks))?,
        Request::Recategorise(it) => Command::Recategorise(Recategorised {
            category: may_code("category", it.category.as_deref())?,
            place: may_code("place", it.place.as_deref())?,
            remarks: from.remarks(it.remarks.as_deref())?,
            // The rulebook says so when it is decided.
            sealed: None,
        }),
        Request::Reclassify(it) => Command::Reclassify(Reclassified {
            kind: code("kind", &it.kind)?,
            remarks: from.remarks(it.remarks.as_deref())?,
        }),
        Request::Split(it) => from.split(it)?,
        Request::Consult(it) => Command::Consult(Consulted {
            text: from.must("question", &it.question)?,
            to: code("unit", &it.unit)?,
        }),
        Request::Answer(it) => Command::Answer(from.must("answer", &it.answer)?),
        Request::SeekInformation(it) => Command::SeekInformation(from.must("question", &it.question)?),
        Request::ProvideInformation(it) => {
            Command::ProvideInformation(from.must("information", &it.information)?)
        }
        Request::InterimReply(it) => Command::InterimReply(InterimReplied {
            expected_by: date("expected_by", &it.expected_by)?,
            text: from.must("reply", &it.reply)?,
        }),
        Request::Comment(it) => Command::Comment(Commented {
            public: it.public.unwrap_or(false),
            text: from.must("text", &it.text)?,
        }),
        Request::Attach(it) => from.attachment(it)?,
        Request::Remind(it) => from.plain(Action::Remind, it.remarks.as_deref())?,
        Request::ReportAction(it) => Command::ReportAction(Judgement {
            reason: may_code("reason", it.reason.as_deref())?,
            evidence: from.evidence(it.evidence.as_ref())?,
            text: Some(from.must("report", &it.report)?),
        }),
        Request::SendBackReport(it) => from.plain(Action::SendBackReport, Some(&it.remarks))?,
        Request::Approve(it) => Command::Approve(Judgement {
            reason: may_code("reason", it.reason.as_deref())?,
            evidence: from.evidence(it.evidence.as_ref())?,
            text: from.remarks(it.remarks.as_deref())?,
        }),
        Request::Refuse(it) => from.plain(Action::Refuse, Some(&it.remarks))?,
        Request::RecordCall(it) => {
            Command::RecordCall { reached: it.reached, note: from.text("note", it.note.as_deref())? }
        }
        Request::RecordFeedback(it) => Command::RecordFeedback(FeedbackRecorded {
            outcome: word::<FeedbackOutcome>("outcome", &it.outcome)?,
            rating: it.rating.map(|rating| u8::try_from(rating).unwrap_or(u8::MAX)),
            said: from.text("said", it.said.as_deref())?,
        }),
        Request::Dispose(it) => Command::Dispose {
            judgement: Judgement {
                reason: may_code("reason", it.reason.as_deref())?,
                evidence: from.evidence(it.evidence.as_ref())?,
                text: from.remarks(Some(&it.remarks))?,
            },
            reply: from.text("reply", it.reply.as_deref())?,
        },
        Request::Reopen(it) => Command::Reopen(Received {
            text: from.remarks(Some(&it.remarks))?,
            at: may_instant("received_at", it.received_at.as_deref())?,
        }),
        Request::Appeal(it) => Command::Appeal(Received {
            text: Some(from.must("grounds", &it.grounds)?),
            at: may_instant("received_at", it.received_at.as_deref())?,
        }),
        Request::DecideAppeal(it) => {
            Command::DecideAppeal(word::<Outcome>("outcome", &it.outcome)?, from.remarks(Some(&it.remarks))?)
        }
        Request::Withdraw(it) => from.plain(Action::Withdraw, it.remarks.as_deref())?,
        Request::Merge(it) => {
            Command::Merge(id::<GrievanceId>("into", &it.into)?, from.remarks(it.remarks.as_deref())?)
        }
        Request::Extend(it) => Command::Extend(date("until", &it.until)?, from.remarks(Some(&it.remarks))?),
        Request::Escalate(it) => Command::Escalate {
            to: may_code("unit", it.unit.as_deref())?,
            level: may_code("level", it.level.as_deref())?,
            remarks: from.remarks(it.remarks.as_deref())?,
        },
        Request::Correct(it) => Command::Correct(Box::new(from.correction(it)?)),
        Request::Rescind(it) => from.plain(Action::Rescind, Some(&it.remarks))?,
        Request::Record(it) => from.record(it)?,
        Request::Verify(it) => Command::Verify(Verified {
            finding: word("finding", &it.finding)?,
            remarks: from.must("remarks", &it.remarks)?,
            sample: it.sample.as_deref().map(|text| date("sample", text)).transpose()?,
        }),
        Request::Classify(it) => Command::Classify(Classified {
            root_cause: code("root_cause", &it.root_cause)?,
            change: may_code("change", it.change.as_deref())?,
            suggestion: from.text("suggestion", it.suggestion.as_deref())?,
        }),
        Request::Unseal(it) => Command::Unseal {
            order: from.must("order", &it.order)?,
            remarks: from.remarks(Some(&it.remarks))?,
        },
        Request::Hold(it) => Command::Hold(HoldPlaced {
            because: word("because", &it.because)?,
            remarks: from.must("remarks", &it.remarks)?,
            reference: from.text("reference", it.reference.as_deref())?,
            until: it.until.as_deref().map(|text| date("until", text)).transpose()?,
        }),
        Request::ReleaseHold(it) => Command::ReleaseHold(HoldReleased {
            hold: it.hold.into(),
            remarks: from.must("remarks", &it.remarks)?,
        }),
        Request::Erase(it) => Command::Erase(word("because", &it.because)?),
    };
    Ok(Reading { command, tracking_code })
}

/// Reads one request's fields.
struct From<'a, 'm, 's> {
    rulebook: &'a Rulebook,
    sealer: &'s mut Sealer<'m>,
}

impl From<'_, '_, '_> {
    fn seal(&mut self, compartment: Compartment, field: &'static str, text: &str) -> Read<Option<TextRef>> {
        let intake = self.rulebook.intake();
        let most = if field == "narrative" { intake.narrative_chars } else { intake.text_chars };
        // A text of at most that many bytes has at most that many characters.
        if text.len() > most as usize && text.chars().count() > most as usize {
            return wrong(field, &format!("is longer than {most} characters"), ErrorCode::TooLong);
        }
        let unseen = match compartment {
            Compartment::Identity if field == "email" => unseen::in_address(text),
            Compartment::Identity => unseen::in_name(text),
            Compartment::Texts => unseen::in_text(text),
        };
        if let Err(unseen) = unseen {
            return wrong(field, &unseen.to_string(), ErrorCode::InvalidCommand);
        }
        let number = matches!(field, "mobile" | "representative" | "signatory_mobiles" | "email");
        if intake.redact_identity_numbers && !number {
            return Ok(self.sealer.seal(compartment, field, &without_identity_numbers(text)));
        }
        Ok(self.sealer.seal(compartment, field, text))
    }

    fn text(&mut self, field: &'static str, text: Option<&str>) -> Read<Option<TextRef>> {
        text.map_or(Ok(None), |text| self.seal(Compartment::Texts, field, text))
    }

    fn must(&mut self, field: &'static str, text: &str) -> Read<TextRef> {
        match self.seal(Compartment::Texts, field, text)? {
            Some(sealed) => Ok(sealed),
            None => wrong(field, "is blank", ErrorCode::InvalidCommand),
        }
    }

    fn identity(&mut self, field: &'static str, text: Option<&str>) -> Read<Option<TextRef>> {
        text.map_or(Ok(None), |text| self.seal(Compartment::Identity, field, text.trim()))
    }

    fn mobile(&mut self, field: &'static str, text: Option<&str>) -> Read<Option<TextRef>> {
        let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return Ok(None) };
        match Mobile::parse(text) {
            Ok(mobile) => self.seal(Compartment::Identity, field, mobile.e164()),
            Err(problem) => wrong(field, &problem.to_string(), ErrorCode::InvalidCommand),
        }
    }

    fn remarks(&mut self, text: Option<&str>) -> Read<Option<TextRef>> {
        self.text("remarks", text)
    }

    fn plain(&mut self, action: Action, remarks: Option<&str>) -> Read<Command> {
        Ok(Command::Plain(action, self.remarks(remarks)?))
    }

    fn send(
        &mut self,
        action: Action,
        unit: Option<&str>,
        post: Option<&str>,
        remarks: Option<&str>,
    ) -> Read<Command> {
        let remarks = self.remarks(remarks)?;
        Ok(Command::Send(
            action,
            Sending { unit: may_code("unit", unit)?, post: may_code("post", post)?, remarks },
        ))
    }

    fn lodging(&mut self, it: &request::Lodge, actor: &Actor) -> Read<(Lodging, Option<TrackingCode>)> {
        let anonymous = it.anonymous.unwrap_or(false);
        let (complainant, code_given) = self.complainant(it, actor, anonymous)?;
        let against = (it.against_unit.is_some() || it.against_post.is_some()).then(|| {
            Ok(Allegation {
                unit: may_code("against_unit", it.against_unit.as_deref())?,
                post: may_code("against_post", it.against_post.as_deref())?,
            })
        });
        let lodging = Lodging {
            kind: may_code("kind", it.kind.as_deref())?,
            category: may_code("category", it.category.as_deref())?,
            place: may_code("place", it.place.as_deref())?,
            channel: may_code("channel", it.channel.as_deref())?,
            language: may_code("language", it.language.as_deref())?,
            priority: may_code("priority", it.priority.as_deref())?,
            complainant,
            narrative: self.must("narrative", &it.narrative)?,
            against: against.transpose()?,
            reference: self.reference(it)?,
            received_at: may_instant("received_at", it.received_at.as_deref())?,
            external_number: it
                .external_number
                .as_deref()
                .map(|text| number("external_number", text))
                .transpose()?,
        };
        Ok((lodging, code_given))
    }

    fn reference(&mut self, it: &request::Lodge) -> Read<Option<Reference>> {
        let Some(from) = &it.reference_from else {
            let stray =
                it.reference_letter.is_some() || it.reference_date.is_some() || it.reply_due.is_some();
            return if stray {
                wrong(
                    "reference_from",
                    "is missing beside the other fields of the reference",
                    ErrorCode::InvalidCommand,
                )
            } else {
                Ok(None)
            };
        };
        Ok(Some(Reference {
            from: word("reference_from", from)?,
            letter: self.text("reference_letter", it.reference_letter.as_deref())?,
            date: it.reference_date.as_deref().map(|text| date("reference_date", text)).transpose()?,
            reply_due: it.reply_due.as_deref().map(|text| date("reply_due", text)).transpose()?,
        }))
    }

    fn split(&mut self, it: &request::Split) -> Read<Command> {
        let subjects = it.categories.as_deref().unwrap_or_default();
        if !subjects.is_empty() && subjects.len() != it.units.len() {
            return wrong("categories", "are not as many as the units", ErrorCode::InvalidCommand);
        }
        let mut parts = Vec::with_capacity(it.units.len());
        for (at, unit) in it.units.iter().enumerate() {
            parts.push(PartSketch {
                case: GrievanceId::from_uuid(self.sealer.mint().uuid()),
                unit: code(&format!("units[{at}]"), unit)?,
                category: may_code(&format!("categories[{at}]"), subjects.get(at).map(String::as_str))?,
            });
        }
        Ok(Command::Split(parts, self.remarks(it.remarks.as_deref())?))
    }

    fn attachment(&mut self, it: &request::Attach) -> Read<Command> {
        let Ok(sha256) = it.sha256.parse::<Digest>() else {
            return wrong("sha256", "is not 64 lower-case hexadecimal digits", ErrorCode::InvalidCommand);
        };
        let plain = |c: char| c.is_ascii_alphanumeric() || "/+.-_".contains(c);
        if it.media_type.is_empty() || it.media_type.len() > 100 || !it.media_type.chars().all(plain) {
            return wrong("media_type", "is not a media type", ErrorCode::InvalidCommand);
        }
        Ok(Command::Attach(Attached {
            bytes: it.bytes,
            media_type: SmolStr::new(&it.media_type),
            name: self.must("name", &it.name)?,
            public: it.public.unwrap_or(false),
            sha256,
        }))
    }

    /// Evidence, each piece in its kind's shape.
    fn evidence(&mut self, given: Option<&BTreeMap<String, String>>) -> Read<Evidence> {
        let mut evidence = Evidence::new();
        for (name, text) in given.into_iter().flatten() {
            let kind: EvidenceKind = word("evidence", name)?;
            let field = format!("evidence.{kind}");
            let shown = match kind {
                EvidenceKind::Date | EvidenceKind::FollowUpDate | EvidenceKind::ReviewDate => {
                    Shown::Date(date(&field, text)?)
                }
                EvidenceKind::AcceptingOffice => Shown::Unit(code(&field, text)?),
                EvidenceKind::OtherNumber => Shown::Number(number(&field, text)?),
                EvidenceKind::ContactAttempts => {
                    return wrong(&field, "is counted from the recorded calls", ErrorCode::EvidenceNotValid);
                }
                _ => match self.seal(Compartment::Texts, "evidence", text)? {
                    Some(sealed) => Shown::Text(sealed),
                    None => continue,
                },
            };
            evidence.insert(kind, shown);
        }
        Ok(evidence)
    }

    fn record(&mut self, it: &request::Record) -> Read<Command> {
        let step: RecordCode = code("step", &it.step)?;
        let mut fields = BTreeMap::new();
        for (name, text) in it.fields.iter().flatten() {
            let entry = self
                .rulebook
                .record(&step)
                .and_then(|entry| entry.field.iter().find(|own| own.code == *name));
            let Some(entry) = entry else {
                return wrong("fields", "the step has no such field", ErrorCode::InvalidCommand);
            };
            let field = format!("fields.{}", entry.code);
            let invalid = |problem| wrong(&field, problem, ErrorCode::InvalidCommand);
            let value = match entry.holds {
                FieldKind::Date => FieldValue::Date(date(&field, text)?),
                FieldKind::Unit => FieldValue::Unit(code(&field, text)?),
                FieldKind::Number => match text.trim().parse() {
                    Ok(count) => FieldValue::Number(count),
                    Err(_) => return invalid("is not a whole number"),
                },
                FieldKind::Flag => match text.as_str() {
                    "true" => FieldValue::Flag(true),
                    "false" => FieldValue::Flag(false),
                    _ => return invalid("is neither `true` nor `false`"),
                },
                FieldKind::Text => match self.seal(Compartment::Texts, "field", text)? {
                    Some(sealed) => FieldValue::Text(sealed),
                    None => continue,
                },
            };
            fields.insert(SmolStr::new(name), value);
        }
        Ok(Command::Record(StepRecorded { fields, step, remarks: self.remarks(it.remarks.as_deref())? }))
    }
}
