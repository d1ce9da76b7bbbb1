//! What a case should be, told naively: from the document as it is written and from the commands
//! that were carried out. Nothing here asks the compiled rulebook or the live case, nor an event, save
//! for what time brought: of those events `hears` tells naively what they leave behind. Which
//! deadlines there should be, and when, the `target_*` and `ladder_*` tests have models for.

#![expect(
    clippy::redundant_closure_for_method_calls,
    reason = "a dozen kinds of code have the same `as_str`"
)]

mod allows;
mod book;
mod takes;

pub(crate) use crate::law_model::book::Book;

use chrono::{DateTime, NaiveDate, Utc};
use grievance_core::grievance::event::What;
use grievance_core::grievance::request::Request;
use grievance_core::kernel::id::{GrievanceId, PersonId};
use grievance_core::rulebook::access::Actor;
use grievance_core::vocabulary::{Custody, EventKind, Phase, TargetKind};
use std::collections::BTreeMap;

/// What a closure left on record.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Closed {
    pub(crate) at: DateTime<Utc>,
    pub(crate) by: PersonId,
    pub(crate) unit: String,
    pub(crate) reason: String,
    /// What a second look found, and for which sample.
    pub(crate) looked: Option<(String, Option<String>)>,
    pub(crate) cause: Option<String>,
}

/// What became of the word to the complainant about a disposal.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Word {
    /// None is owed: they are taken to know at once.
    #[default]
    NotAwaited,
    /// It is on its way.
    Awaited,
    /// They know since then.
    Arrived(DateTime<Utc>),
}

/// One case, told naively.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) version: u64,
    pub(crate) updated_at: DateTime<Utc>,
    pub(crate) stage: String,
    pub(crate) unit: String,
    pub(crate) held_since: DateTime<Utc>,
    /// Offices it came through and the stage each held it in, without the present one.
    pub(crate) path: Vec<(String, String)>,
    pub(crate) opened: bool,
    pub(crate) binding: bool,
    pub(crate) asked_from: Option<String>,
    pub(crate) report: Option<(PersonId, String, Option<String>)>,
    /// Whether there is an approval, and the reason it selected.
    #[expect(clippy::option_option, reason = "an approval may select no reason")]
    pub(crate) approval: Option<Option<String>>,
    /// Who approved last.
    pub(crate) approver: Option<PersonId>,
    pub(crate) heard: Option<String>,
    pub(crate) rounds: u32,
    /// Failed attempts since the last report: day and slot.
    pub(crate) attempts: Vec<(NaiveDate, u8)>,
    pub(crate) closed: Option<Closed>,
    /// What became of the word about the disposal: the complainant's windows count from it.
    pub(crate) word: Word,
    /// The version of the latest disposal.
    pub(crate) disposal: u64,
    pub(crate) first_disposed_at: Option<DateTime<Utc>>,
    pub(crate) transfers: u32,
    pub(crate) reopenings: u32,
    pub(crate) appeals: u32,
    pub(crate) extensions: u32,
    pub(crate) attachments: u32,
    pub(crate) consulted: Vec<String>,
    pub(crate) kind: String,
    pub(crate) category: Option<String>,
    pub(crate) place: Option<String>,
    pub(crate) channel: String,
    pub(crate) priority: Option<String>,
    pub(crate) lodged_at: DateTime<Utc>,
    pub(crate) received_at: DateTime<Utc>,
    pub(crate) lodged_by: PersonId,
    pub(crate) complainant: Option<PersonId>,
    pub(crate) anonymous: bool,
    pub(crate) contact: bool,
    pub(crate) against: Option<String>,
    pub(crate) parent: Option<GrievanceId>,
    pub(crate) parts: Vec<(GrievanceId, bool)>,
    pub(crate) members: Vec<GrievanceId>,
    pub(crate) merged_into: Option<GrievanceId>,
    /// Whether an outcome is owed: a date was promised with the closure.
    pub(crate) owed: bool,
    /// When the resolution target was last said to be due.
    pub(crate) due: Option<DateTime<Utc>>,
    /// Per target: since when it counts, by which rule, and the level reached on its account.
    pub(crate) levels: BTreeMap<TargetKind, (DateTime<Utc>, String, u32)>,
    /// Deadlines that were missed, and who had the case.
    pub(crate) breaches: Vec<(DateTime<Utc>, String)>,
    pub(crate) escalations: u32,
    pub(crate) reminders: u32,
    /// What keeps the words: by the version of its event, with its last day.
    pub(crate) holds: Vec<(u64, Option<NaiveDate>)>,
    /// The state before the last step, when it was taken, and by which office.
    pub(crate) before: Option<(Box<Told>, DateTime<Utc>, Option<String>)>,
}

/// Whether an event is what time brought and not a step.
pub(crate) fn is_clockwork(what: &What) -> bool {
    match what {
        What::Escalated(escalated) => escalated.level.is_some(),
        other => [
            EventKind::TargetSet,
            EventKind::TargetMoved,
            EventKind::ClockPaused,
            EventKind::ClockResumed,
            EventKind::TargetBreached,
            EventKind::EscalationProposed,
            EventKind::ComplainantInformed,
            EventKind::NoticeParked,
        ]
        .contains(&other.kind()),
    }
}

/// Whether a text says anything: a blank one is no text at all.
pub(crate) fn is_given(text: Option<&String>) -> bool {
    text.is_some_and(|text| !text.trim().is_empty())
}

/// The outcome that a request itself says.
pub(crate) fn said(request: &Request) -> Option<&str> {
    match request {
        Request::RecordFeedback(it) => Some(&it.outcome),
        Request::DecideAppeal(it) => Some(&it.outcome),
        _ => None,
    }
}

impl Told {
    /// A case that was lodged.
    pub(crate) fn lodged(
        book: &Book,
        request: &Request,
        actor: &Actor,
        complainant: Option<PersonId>,
        now: DateTime<Utc>,
    ) -> Self {
        let Request::Lodge(it) = request else { panic!("only a lodging begins a case") };
        let document = &book.document;
        let against = match (&it.against_unit, &it.against_post) {
            (Some(unit), _) => Some(unit.clone()),
            (None, Some(_)) => Some(book.route(it.category.as_deref(), it.place.as_deref(), None)),
            (None, None) => None,
        };
        let step = book.step("lodge", None, actor.role.as_str(), None).expect("a start");
        let unit = match step.custody {
            Some(Custody::Cell) => book.clear(&document.cell, against.as_deref()),
            _ => book.route(it.category.as_deref(), it.place.as_deref(), against.as_deref()),
        };
        let received =
            it.received_at.as_ref().map(|text| DateTime::parse_from_rfc3339(text).unwrap().to_utc());
        Self {
            version: 1,
            updated_at: now,
            stage: step.to.clone().expect("a stage"),
            unit,
            held_since: now,
            path: Vec::new(),
            opened: false,
            binding: false,
            asked_from: None,
            report: None,
            approval: None,
            approver: None,
            heard: None,
            rounds: 0,
            attempts: Vec::new(),
            closed: None,
            word: Word::NotAwaited,
            disposal: 0,
            first_disposed_at: None,
            transfers: 0,
            reopenings: 0,
            appeals: 0,
            extensions: 0,
            attachments: 0,
            consulted: Vec::new(),
            kind: it.kind.clone().unwrap_or_else(|| document.kind[0].code.clone()),
            category: it.category.clone(),
            place: it.place.clone(),
            channel: it.channel.clone().unwrap_or_else(|| document.channel[0].code.clone()),
            priority: it.priority.clone().or_else(|| book.priority(it.category.as_deref())),
            lodged_at: now,
            received_at: received.unwrap_or(now),
            lodged_by: actor.person,
            complainant,
            anonymous: it.anonymous == Some(true),
            contact: [it.mobile.as_ref(), it.email.as_ref(), it.address.as_ref()].into_iter().any(is_given),
            against,
            parent: None,
            parts: Vec::new(),
            members: Vec::new(),
            merged_into: None,
            owed: false,
            due: None,
            levels: BTreeMap::new(),
            breaches: Vec::new(),
            escalations: 0,
            reminders: 0,
            holds: Vec::new(),
            before: None,
        }
    }

    /// A part of this case.
    pub(crate) fn part(
        &self,
        book: &Book,
        id: GrievanceId,
        unit: &str,
        subject: Option<&str>,
        now: DateTime<Utc>,
    ) -> Self {
        let start = book.document.workflow.step.iter().find(|step| step.action == "lodge").unwrap();
        let start = start.to.clone().unwrap();
        let assigned = book
            .document
            .workflow
            .step
            .iter()
            .find(|step| step.action == "assign" && step.to.is_some() && step.from.contains(&start));
        Self {
            version: 1,
            updated_at: now,
            stage: assigned.and_then(|step| step.to.clone()).unwrap_or(start),
            unit: unit.to_owned(),
            held_since: now,
            path: Vec::new(),
            opened: false,
            binding: false,
            asked_from: None,
            report: None,
            approval: None,
            approver: None,
            heard: None,
            rounds: 0,
            attempts: Vec::new(),
            closed: None,
            word: Word::NotAwaited,
            disposal: 0,
            first_disposed_at: None,
            transfers: 0,
            reopenings: 0,
            appeals: 0,
            extensions: 0,
            attachments: 0,
            consulted: Vec::new(),
            category: subject.map(str::to_owned).or_else(|| self.category.clone()),
            lodged_at: now,
            parent: Some(id),
            parts: Vec::new(),
            members: Vec::new(),
            merged_into: None,
            owed: false,
            due: None,
            levels: BTreeMap::new(),
            breaches: Vec::new(),
            escalations: 0,
            reminders: 0,
            holds: Vec::new(),
            before: None,
            ..self.clone()
        }
    }

    pub(crate) fn is_open(&self, book: &Book) -> bool {
        !book.phase(&self.stage).is_terminal()
    }

    /// What the action comes to here.
    pub(crate) fn outcome<'a>(
        &self,
        book: &Book,
        action: &str,
        said: Option<&'a str>,
        actor: &Actor,
    ) -> Option<&'a str> {
        match (action, said) {
            ("transfer", _) => (self.transfers >= book.document.transfer.cap).then_some("at_cap"),
            ("record_feedback", Some("not_satisfied")) => {
                let last = self.rounds + 1 >= book.document.feedback.rounds;
                let special = book
                    .step(action, Some(&self.stage), actor.role.as_str(), Some("exhausted"))
                    .is_some_and(|step| step.when.is_some());
                Some(if last && special { "exhausted" } else { "not_satisfied" })
            }
            _ => said,
        }
    }

    /// The public due date: while the case is worked on, and was not reported on.
    pub(crate) fn public_due(&self, book: &Book) -> Option<DateTime<Utc>> {
        let worked_on = [Phase::Registered, Phase::InProgress, Phase::AwaitingComplainant];
        self.due.filter(|_| worked_on.contains(&book.phase(&self.stage)) && self.closed.is_none())
    }
}

/// All cases, told naively.
pub(crate) type Ledger = BTreeMap<GrievanceId, Told>;

/// A command on `case` was carried out; `began` are the cases that it began, in their order.
pub(crate) fn carry(
    ledger: &mut Ledger,
    book: &Book,
    case: GrievanceId,
    request: &Request,
    actor: &Actor,
    now: DateTime<Utc>,
    began: &[GrievanceId],
) {
    let was = ledger[&case].clone();
    ledger.get_mut(&case).unwrap().take(book, request, actor, now);
    let is = ledger[&case].clone();
    match request {
        Request::Split(it) => {
            for (at, (unit, id)) in it.units.iter().zip(began).enumerate() {
                let subject = it.categories.as_ref().map(|all| all[at].as_str());
                ledger.insert(*id, was.part(book, case, unit, subject, now));
                ledger.get_mut(&case).unwrap().parts.push((*id, false));
            }
        }
        Request::Merge(it) => {
            let named: GrievanceId = it.into.parse().expect("an identity");
            let into = ledger[&named].merged_into.unwrap_or(named);
            let master = ledger.get_mut(&into).unwrap();
            master.is_told(actor, now);
            master.members.push(case);
            master.members.extend(&was.members);
            for member in &was.members {
                let member = ledger.get_mut(member).unwrap();
                member.is_told(actor, now);
                member.merged_into = Some(into);
            }
            let case = ledger.get_mut(&case).unwrap();
            case.merged_into = Some(into);
            case.members.clear();
        }
        Request::Erase(_) => {
            for (part, _) in &was.parts {
                ledger.get_mut(part).unwrap().is_told(actor, now);
            }
        }
        Request::Dispose(_) => {
            for member in &was.members {
                ledger.get_mut(member).unwrap().is_told(actor, now);
            }
        }
        _ => {}
    }
    if let Some(parent) = was.parent
        && was.is_open(book) != is.is_open(book)
    {
        let parent = ledger.get_mut(&parent).unwrap();
        parent.is_told(actor, now);
        for (part, closed) in &mut parent.parts {
            if *part == case {
                *closed = !is.is_open(book);
            }
        }
    }
}
