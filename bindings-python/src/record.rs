//! Flat records: what a desk answers, field by field.
//!
//! Each is made by taking the core's own struct apart, so that a field which the core gains breaks
//! this build instead of being forgotten.

use crate::convert::{Json, Shown};
use chrono::{DateTime, NaiveDate, Utc};
use grievance_core::desk;
use grievance_core::grievance::{event, options, outlook};
use grievance_core::message;
use grievance_core::rulebook::finding;
use grievance_core::rulebook::workflow::Gates;
use grievance_core::store::outbox;
use pyo3::prelude::*;

/// Makes records of the rows; `from` says of which struct of the core, whose fields have the same
/// names; `class_ of class` is a field whose name Python cannot say. Also makes `RECORDS`, from which the type stubs are written.
macro_rules! records {
    ($($doc:literal $name:ident $fields:tt $(from ($core:path))?)+) => {
        $(
            record!($doc $name $fields);
            $(taken_apart!($core, $name $fields);)?
        )+

        /// Every record: its name, its sentence, and its fields.
        pub(crate) const RECORDS: &[(&str, &str, Fields)] = &[
            $((stringify!($name), $doc, fields!($fields)),)+
        ];
    };
}

/// Of each field its name, type and sentence.
type Fields = &'static [(&'static str, &'static str, &'static str)];

macro_rules! record {
    ($doc:literal $name:ident { $($about:literal $field:ident $(of $own:ident)?: $kind:ty,)+ }) => {
        #[doc = $doc]
        #[pyclass(frozen, get_all, module = "grievance")]
        #[derive(Clone)]
        pub(crate) struct $name { $(#[doc = $about] pub(crate) $field: $kind,)+ }

        #[pymethods]
        impl $name {
            /// The fields by name, in a new dict: as in JSON, so `class` and not `class_`.
            fn to_dict<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, pyo3::types::PyDict>> {
                let dict = pyo3::types::PyDict::new(slf.py());
                $(dict.set_item(stringify!($field).trim_end_matches('_'), slf.getattr(stringify!($field))?)?;)+
                Ok(dict)
            }

            /// Its name and its first field: no record shows words or secrets here.
            fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
                let first = [$(stringify!($field)),+][0];
                Ok(format!("{}({first}={}, …)", stringify!($name), slf.getattr(first)?.repr()?))
            }
        }
    };
}

macro_rules! taken_apart {
    ($core:path, $name:ident { $($about:literal $field:ident $(of $own:ident)?: $kind:ty,)+ }) => {
        impl From<$core> for $name {
            fn from(it: $core) -> Self {
                let $core { $($($own:)? $field,)+ } = it;
                Self { $($field: Shown::shown($field),)+ }
            }
        }
    };
}

macro_rules! fields {
    ({ $($about:literal $field:ident $(of $own:ident)?: $kind:ty,)+ }) => {
        &[$((stringify!($field), stringify!($kind), $about),)+]
    };
}

records! {
    "What a command came to."
    Done {
        "The case." case: String,
        "Its version after the command." version: u64,
        "Its registration number; none for an imported case." number: Option<String>,
        "The code that an anonymous complainant is given: shown once, kept nowhere." tracking_code: Option<String>,
        "Of a lodging, what the complainant holds the office to it with." receipt: Option<String>,
    }
    "The facts of a case, as far as whoever looks may see them."
    CaseRow {
        "The case." id: String,
        "How many events its history has." version: u64,
        "The registration number." number: Option<String>,
        "The system it was imported from." source: Option<String>,
        "The number under which another system knows it." external_number: Option<String>,
        "Kind of matter." kind: String,
        "Subject." category: Option<String>,
        "Jurisdiction." place: Option<String>,
        "How it came in." channel: Option<String>,
        "Priority class." priority: Option<String>,
        "The stage." stage: String,
        "What the stage means: a word of `Phase`." phase: String,
        "The office that has custody." unit: String,
        "Since when that office has it." held_since: DateTime<Utc>,
        "When it was lodged." lodged_at: DateTime<Utc>,
        "When it was received." received_at: DateTime<Utc>,
        "First disposal." first_disposed_at: Option<DateTime<Utc>>,
        "The disposal it stands at." disposed_at: Option<DateTime<Utc>>,
        "The office that disposed of it." disposed_by: Option<String>,
        "The reason." reason: Option<String>,
        "What it did for the complainant: a word of `DisposalClass`." class_ of class: Option<String>,
        "What the complainant said last: a word of `FeedbackOutcome`." feedback: Option<String>,
        "How often it was opened again." reopenings: u32,
        "How often it was appealed." appeals: u32,
        "Lateral transfers." transfers: u32,
        "The divided case, if it is a part and whoever looks sees that case." part_of: Option<String>,
        "The case it was joined to, if whoever looks sees that case." merged_into: Option<String>,
        "The rulebook version of the last event." rulebook: String,
        "When the last event was recorded." updated_at: DateTime<Utc>,
        "The public due date." due_at: Option<DateTime<Utc>>,
        "Targets that were missed." breaches: u32,
        "The instant at which the target was due that was missed last." breached_at: Option<DateTime<Utc>>,
        "The office that had custody at that instant." breached_by: Option<String>,
        "How often it was escalated." escalations: u32,
        "The highest level of the ladder that time has brought." level: u32,
        "How often the complainant reminded the office." reminders: u32,
        "How often the due date was moved." extensions: u32,
        "The office that sent it to its holder." sender: Option<String>,
        "Offices that were asked and have not answered." consulted: Vec<String>,
        "The office that it is about." against: Option<String>,
        "The complainant's identity, for those who see it." complainant: Option<String>,
        "Who brought it in, for those who see who complains." lodged_by: Option<String>,
        "The subject under which it is sealed, while it is." sealed: Option<String>,
        "Steps that one person took though two should have." waivers: u32,
        "What a second look at the disposal found." finding: Option<String>,
        "The day for which the sample was drawn that the second look was for." sampled_for: Option<NaiveDate>,
        "The root cause of the disposal it stands at." root_cause: Option<String>,
        "The change of a procedure that would have made it needless." change: Option<String>,
    } from (desk::CaseRow)
    "A page of cases."
    RowPage {
        "The cases, newest lodging first." cases: Vec<CaseRow>,
        "Where the next page begins; none when this is the last." next: Option<String>,
    }
    "Who took a step."
    TakenBy {
        "Their role." role: String,
        "The office they acted for." unit: Option<String>,
        "The post they held." post: Option<String>,
        "In which capacity, where it was not simply theirs." tenure: Option<String>,
        "Whether they acted for somebody else." on_behalf: bool,
        "The person, for those who see them." person: Option<String>,
    } from (desk::TakenBy)
    "An event of a case, as far as whoever looks may see it."
    EventView {
        "Its place in the case's history." version: u64,
        "When it was recorded." at: DateTime<Utc>,
        "What happened: a word of `EventKind`." kind: String,
        "Who took the step." by: TakenBy,
        "The rulebook version it was decided under." rulebook: String,
        "The stage it led to." stage: String,
        "What that stage means." phase: String,
        "The office it led to." unit: String,
        "What it says, by the names of the wire format." says: Json,
    }
    "A text that may be read."
    TextView {
        "What it is: a word of `Field`." field: String,
        "In full, or masked." sight: String,
        "The event that brought it." version: u64,
        "Where it is." id: String,
    } from (desk::TextView)
    "A case as far as whoever looks may see it."
    CaseView {
        "Its facts." row: CaseRow,
        "How whoever looks stands to it: a word of `Relation`." relation: String,
        "The complainant's language." language: Option<String>,
        "Whether the complainant stays unknown." anonymous: bool,
        "How the complainant wants to be written to." contact: Json,
        "The post in the office that it was given to." post: Option<String>,
        "The post that it is about." against_post: Option<String>,
        "Who referred it." reference: Json,
        "Its parts that whoever looks sees." parts: Json,
        "The cases joined to it that whoever looks sees." members: Vec<String>,
        "What may be read, in the order of the history." texts: Vec<TextView>,
        "How it came there." history: Vec<EventView>,
    }
    "A text as somebody sees it."
    ShownWord {
        "What it is: a word of `Field`." field: String,
        "In full, or masked." sight: String,
        "The event that brought it." version: u64,
        "The words; none where they have been erased." words: Option<String>,
    } from (desk::ShownWord)
    "One action as it stands for a case and an actor."
    Offer {
        "The action: a word of `Action`." action: String,
        "What it would have to come to, where that decides the stage." outcome: Option<String>,
        "The stage that it leads to; none where it stays or goes back." to: Option<String>,
        "Whether it may be taken." allowed: bool,
        "What the command must bring: words of `Gate`." asks: Vec<String>,
        "The gates that are not passed." missing: Vec<String>,
        "Everything that stands in the way: code and sentence." because: Vec<(String, String)>,
    }
    "Something that happens if nobody acts."
    Ahead {
        "When." at: DateTime<Utc>,
        "On which day, in the office's zone." on: NaiveDate,
        "What: `missed`, `goes_on`, `told_to`, `goes_to`, `proposed` or `window_ends`." what: String,
        "The target, where it is one." target: Option<String>,
        "The office, where it is one." unit: Option<String>,
        "The level of the ladder, where it is one." level: Option<u32>,
    }
    "What a complainant is shown of a case."
    Progress {
        "The registration number." number: Option<String>,
        "The stage." stage: String,
        "What the stage means." phase: String,
        "The office that has it." unit: String,
        "The public due date." due_at: Option<DateTime<Utc>>,
        "The day of it, in the office's zone." due_on: Option<NaiveDate>,
        "What comes next." ahead: Vec<Ahead>,
    }
    "The case that a tracking code opens."
    Tracked {
        "The case; of a divided one the whole." case: String,
        "Under which identity whoever has the code acts as the complainant." person: Option<String>,
        "Where it stands." progress: Progress,
    }
    "What a sweep came to."
    Swept {
        "Cases in which something was due and is now recorded." cases: u64,
        "Targets that were breached." breaches: u64,
        "Levels of the ladder that were taken." escalations: u64,
        "Levels that wait for approval." proposals: u64,
        "Clocks that go on because their pause was as long as it may be." resumed: u64,
        "Cases that stood under an earlier rulebook version and were moved first." moved: u64,
        "Cases that another worker handled meanwhile." elsewhere: u64,
        "Jobs that have come round." jobs: Json,
        "The checkpoint that a schedule called for, or why it could not be made." checkpoint: Option<String>,
        "Cases that could not be handled: case, code, sentence." failed: Vec<(String, String, String)>,
        "Rows of one-time codes that were forgotten." forgotten: u64,
        "Whether the limit was reached before everything due was handled." more: bool,
    }
    "One problem of a rulebook."
    Finding {
        "`error`, `warning` or `advice`." severity: String,
        "Which lint found it." lint: String,
        "Where." path: String,
        "What is wrong." message: String,
        "What may help." hint: Option<String>,
    }
    "What bringing a rulebook version into force came to."
    Activation {
        "The version." version: String,
        "The version that was in force before, if any." before: Option<String>,
        "What the succession left to think about." findings: Vec<Finding>,
    }
    "An event as it is kept."
    StoredEvent {
        "Its place in the case's history, from 1." version: u64,
        "When it was recorded, in milliseconds since 1970 UTC." at: i64,
        "Who acted, as canonical JSON." actor: String,
        "The rulebook version it was decided under." rulebook: String,
        "The event, as canonical JSON." event: String,
    } from (desk::StoredEvent)
    "A case's events as they are kept, and the hash that binds them all."
    StoredHistory {
        "The events, oldest first." events: Vec<StoredEvent>,
        "The hash of the last one." head: String,
    }
    "A one-time code that the host is to send."
    CodeToSend {
        "Names the code; whoever asked brings it back with the digits." challenge: String,
        "Where it is to be sent." mobile: String,
        "In which language." language: String,
        "What it opens: a word of `Purpose`." purpose: String,
        "The digits." code: String,
        "The first instant at which it is no longer good." expires_at: DateTime<Utc>,
    }
    "A code that is on its way."
    CodeSent {
        "Names the code; whoever asked brings it back with the digits." challenge: String,
        "The first instant at which it is no longer good." expires_at: DateTime<Utc>,
    } from (desk::CodeSent)
    "A message in words."
    Written {
        "The template that the words come from." template: String,
        "The language that they are in." language: String,
        "The words." text: String,
        "How many short messages they would be." parts: u32,
        "The encoding of them: `GSM-7` or `UCS-2`." encoding: String,
        "The identity under which the template is registered with the carriers, if it is." registered_as: Option<String>,
        "The sender's name that is registered with it." sender_name: Option<String>,
        "The office's identity that is registered with it." sender_entity: Option<String>,
    }
    "A message to be sent."
    Message {
        "Its identity, the same however often it is handed over: what was sent before is not sent again." id: String,
        "By which channel: a word of `MessageChannel`." channel: String,
        "To what it goes: `mobile`, `email`, `postal`, `inbox`, `unit` or `post`." to: String,
        "The mobile, the e-mail or postal address, or the portal's reference of a person's list; none for an office." address: Option<String>,
        "The office, where it goes to one." unit: Option<String>,
        "The post in it, where it goes to one." post: Option<String>,
        "What it says, and in which language." written: Written,
    }
    "What a round of deliveries came to."
    Delivered {
        "Messages that the gateway took." sent: u64,
        "Messages that will be tried again." retried: u64,
        "Messages that were given up and wait for a person to look at them." parked: Vec<String>,
        "Messages that nobody is to have any more." dropped: u64,
        "Messages that another worker settled meanwhile: the gateway may have had them twice." elsewhere: u64,
        "Cases whose complainant has to be called: the message about the closure did not get through." to_call: Vec<String>,
        "What the gateway raised: message, and the name of the exception's class." raised: Vec<(String, String)>,
    }
    "A message of a case, without words, and how far it has come."
    Posted {
        "Its identity." id: String,
        "The event that it tells of, by its version." about: u64,
        "The template." template: String,
        "The recipient's language." language: String,
        "By which channel: a word of `MessageChannel`." channel: String,
        "To whom, by reference." to: Json,
        "Not to be sent earlier than this." not_before: DateTime<Utc>,
        "How far it has come: a word of `NoticeState`." state: String,
        "How often it was tried." attempts: u32,
        "When it was delivered, parked or dropped." settled_at: Option<DateTime<Utc>>,
        "The gateway's own reference, under which it was delivered." reference: Option<String>,
        "When the carrier says that the recipient got it." received_at: Option<DateTime<Utc>>,
        "What was wrong the last time." problem: Option<String>,
    }
    "A message that somebody must look at."
    Parked {
        "Its identity." id: String,
        "The case." case: String,
        "The template." template: String,
        "By which channel: a word of `MessageChannel`." channel: String,
        "How often it was tried." attempts: u32,
        "Since when it is parked." at: DateTime<Utc>,
        "What was wrong." problem: String,
    }
}

/// The word of a closed list that only serde knows.
fn word(of: impl serde::Serialize) -> String {
    Json::of(of).0.as_str().unwrap_or_default().to_owned()
}

fn all<T: From<S>, S>(of: Vec<S>) -> Vec<T> {
    of.into_iter().map(T::from).collect()
}

impl From<desk::Done> for Done {
    fn from(it: desk::Done) -> Self {
        let desk::Done { case, version, number, tracking_code, receipt } = it;
        let tracking_code = tracking_code.map(|code| code.as_str().to_owned());
        Self { case: case.shown(), version, number: number.shown(), tracking_code, receipt: receipt.shown() }
    }
}

impl From<desk::RowPage> for RowPage {
    fn from(it: desk::RowPage) -> Self {
        let desk::RowPage { cases, next } = it;
        Self { cases: all(cases), next: next.shown() }
    }
}

impl From<desk::EventView> for EventView {
    fn from(it: desk::EventView) -> Self {
        let desk::EventView { version, at, kind, by, rulebook, led_to, says } = it;
        let event::Position { stage, phase, unit } = led_to;
        Self {
            version,
            at,
            kind: kind.shown(),
            by: by.into(),
            rulebook: rulebook.shown(),
            stage: stage.shown(),
            phase: phase.shown(),
            unit: unit.shown(),
            says: Json(says.into()),
        }
    }
}

impl From<desk::CaseView> for CaseView {
    fn from(it: desk::CaseView) -> Self {
        let desk::CaseView {
            row,
            relation,
            language,
            anonymous,
            contact,
            post,
            against_post,
            reference,
            parts,
            members,
            texts,
            history,
        } = it;
        Self {
            row: row.into(),
            relation: relation.shown(),
            language: language.shown(),
            anonymous,
            contact: Json::of(contact),
            post: post.shown(),
            against_post: against_post.shown(),
            reference: Json::of(reference),
            parts: Json::of(parts),
            members: members.shown(),
            texts: all(texts),
            history: all(history),
        }
    }
}

impl From<options::Offer> for Offer {
    fn from(it: options::Offer) -> Self {
        let options::Offer { action, outcome, to, verdict } = it;
        let allowed = verdict.is_allowed();
        let (asks, missing, because) = match verdict {
            options::Verdict::Allowed { asks } => (asks, Gates::default(), Vec::new()),
            options::Verdict::Missing { gates, because } => (Gates::default(), gates, because),
        };
        Self {
            action: action.shown(),
            outcome: outcome.shown(),
            to: to.shown(),
            allowed,
            asks: asks.iter().collect::<Vec<_>>().shown(),
            missing: missing.iter().collect::<Vec<_>>().shown(),
            because: because.iter().map(|it| (it.code().to_string(), it.to_string())).collect(),
        }
    }
}

impl From<outlook::Ahead> for Ahead {
    fn from(it: outlook::Ahead) -> Self {
        use outlook::Happens;
        let outlook::Ahead { at, on, what } = it;
        let (what, target, unit, level) = match what {
            Happens::Missed(target) => ("missed", Some(target), None, None),
            Happens::GoesOn(target) => ("goes_on", Some(target), None, None),
            Happens::WindowEnds(target) => ("window_ends", Some(target), None, None),
            Happens::ToldTo { unit, post: _, level } => ("told_to", None, Some(unit), Some(level)),
            Happens::GoesTo { unit, post: _, level } => ("goes_to", None, Some(unit), Some(level)),
            Happens::Proposed { unit, level } => ("proposed", None, Some(unit), Some(level)),
        };
        Self { at, on, what: what.to_owned(), target: target.shown(), unit: unit.shown(), level }
    }
}

impl From<outlook::Progress> for Progress {
    fn from(it: outlook::Progress) -> Self {
        let outlook::Progress { number, stage, phase, unit, due, ahead } = it;
        Self {
            number: number.shown(),
            stage: stage.shown(),
            phase: phase.shown(),
            unit: unit.shown(),
            due_at: due.as_ref().map(|due| due.due_at),
            due_on: due.as_ref().map(|due| due.due_on),
            ahead: all(ahead),
        }
    }
}

impl From<desk::Tracked> for Tracked {
    fn from(it: desk::Tracked) -> Self {
        let desk::Tracked { case, person, progress } = it;
        Self { case: case.shown(), person: person.shown(), progress: progress.into() }
    }
}

impl From<desk::Swept> for Swept {
    fn from(it: desk::Swept) -> Self {
        let desk::Swept {
            cases,
            breaches,
            escalations,
            proposals,
            resumed,
            moved,
            elsewhere,
            jobs,
            checkpoint,
            failed,
            forgotten,
            more,
        } = it;
        let jobs: Vec<_> = jobs
            .iter()
            .map(
                |job| serde_json::json!({ "due_at": job.due_at, "schedule": job.schedule, "kind": job.kind }),
            )
            .collect();
        let told = |made: Result<_, desk::DeskError>| match made {
            Ok(checkpoint) => Json::of(checkpoint).0.to_string(),
            Err(problem) => problem.to_string(),
        };
        let failed = failed
            .into_iter()
            .map(|(case, problem)| (case.to_string(), problem.code().to_string(), problem.to_string()));
        Self {
            cases,
            breaches,
            escalations,
            proposals,
            resumed,
            moved,
            elsewhere,
            jobs: Json::of(jobs),
            checkpoint: checkpoint.map(told),
            failed: failed.collect(),
            forgotten,
            more,
        }
    }
}

impl From<finding::Finding> for Finding {
    fn from(it: finding::Finding) -> Self {
        let finding::Finding { severity, lint, path, message, hint } = it;
        Self { severity: word(severity), lint: word(lint), path, message, hint }
    }
}

impl From<desk::Activation> for Activation {
    fn from(it: desk::Activation) -> Self {
        let desk::Activation { version, before, findings } = it;
        Self { version: version.shown(), before: before.shown(), findings: all(findings) }
    }
}

impl From<desk::StoredHistory> for StoredHistory {
    fn from(it: desk::StoredHistory) -> Self {
        let desk::StoredHistory { events, head } = it;
        Self { events: all(events), head: head.shown() }
    }
}

impl From<desk::CodeToSend> for CodeToSend {
    fn from(it: desk::CodeToSend) -> Self {
        let desk::CodeToSend { challenge, mobile, language, purpose, code, expires_at } = it;
        Self {
            challenge: challenge.shown(),
            mobile: mobile.e164().to_owned(),
            language: language.shown(),
            purpose: purpose.shown(),
            code: code.reveal().to_owned(),
            expires_at,
        }
    }
}

impl From<message::Rendered> for Written {
    fn from(it: message::Rendered) -> Self {
        let message::Rendered { text, template, language, registered, preview } = it;
        let said = |message::Registered { id, header, entity }| (Some(id), Some(header), Some(entity));
        let (registered_as, sender_name, sender_entity) = registered.map(said).unwrap_or_default();
        Self {
            template: template.shown(),
            language: language.shown(),
            text,
            parts: u32::try_from(preview.parts.len()).unwrap_or(u32::MAX),
            encoding: preview.encoding.as_str().to_owned(),
            registered_as,
            sender_name,
            sender_entity,
        }
    }
}

impl From<message::Message> for Message {
    fn from(it: message::Message) -> Self {
        use message::Address;
        let message::Message { id, channel, to, rendered } = it;
        let (to, address, unit, post) = match to {
            Address::Mobile(mobile) => ("mobile", Some(mobile.e164().to_owned()), None, None),
            Address::Email(address) => ("email", Some(address), None, None),
            Address::Postal(address) => ("postal", Some(address), None, None),
            Address::Inbox(reference) => ("inbox", Some(reference), None, None),
            Address::Unit(unit) => ("unit", None, Some(unit), None),
            Address::Post { unit, post } => ("post", None, Some(unit), Some(post)),
        };
        Self {
            id: id.shown(),
            channel: channel.shown(),
            to: to.to_owned(),
            address,
            unit: unit.shown(),
            post: post.shown(),
            written: rendered.into(),
        }
    }
}

impl Delivered {
    /// A round, and what the gateway raised in it.
    pub(crate) fn of(it: desk::Delivered, raised: Vec<(String, String)>) -> Self {
        let desk::Delivered { sent, retried, parked, dropped, elsewhere, to_call } = it;
        Self { sent, retried, parked: parked.shown(), dropped, elsewhere, to_call: to_call.shown(), raised }
    }
}

impl From<outbox::Posted> for Posted {
    fn from(it: outbox::Posted) -> Self {
        let outbox::Posted { notice, state, attempts, settled_at, reference, received_at, problem } = it;
        Self {
            id: notice.id.shown(),
            about: notice.about,
            template: notice.template.shown(),
            language: notice.language.shown(),
            channel: notice.channel.shown(),
            to: Json::of(notice.to),
            not_before: notice.not_before,
            state: state.shown(),
            attempts,
            settled_at,
            reference: reference.shown(),
            received_at,
            problem: problem.shown(),
        }
    }
}

impl From<outbox::Parked> for Parked {
    fn from(it: outbox::Parked) -> Self {
        let outbox::Parked { notice, attempts, at, problem } = it;
        Self {
            id: notice.id.shown(),
            case: notice.case.shown(),
            template: notice.template.shown(),
            channel: notice.channel.shown(),
            attempts,
            at,
            problem: problem.shown(),
        }
    }
}
