//! Draws actors and commands. Content is mostly good, so that cases go deep; every free text
//! holds the canary, which must never be seen again outside the vault.

use crate::law_model::{Book, Ledger, Told};
use crate::office::actor;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use grievance_core::desk::SeededMint;
use grievance_core::grievance::request::{self, Request};
use grievance_core::kernel::id::GrievanceId;
use grievance_core::rulebook::access::Actor;
use grievance_core::rulebook::document::FieldKind;
use grievance_core::vocabulary::{Action, EvidenceKind};
use std::collections::BTreeMap;

/// Is in every text that a person might have written, and looks like nothing else.
pub(crate) const CANARY: &str = "Zanzibar Quokka";

fn words() -> String {
    format!("{CANARY} said so")
}

/// Chance, the same for the same seed.
pub(crate) struct Chance(SeededMint);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(SeededMint::new(seed))
    }

    /// A number below `n`.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.0.next() % (n.max(1) as u64)).expect("it is below n")
    }

    pub(crate) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        if from.is_empty() { None } else { Some(&from[self.below(from.len())]) }
    }

    fn some_of(&mut self, n: usize, text: impl FnOnce() -> String) -> Option<String> {
        self.one_in(n).then(text)
    }
}

/// The offices of a rulebook that the sequences play in: few enough to meet again.
pub(crate) fn stage_of_play(book: &Book) -> Vec<String> {
    let some: &[&str] = match book.document.name.as_str() {
        name if name.contains("West Bengal") => &[
            "govt",
            "cmo-cell",
            "land",
            "health",
            "urban",
            "kmc",
            "bankura",
            "bankura-land",
            "bankura-pwd",
            "health-services",
        ],
        "Central grievance portal" => {
            &["union", "grievance-cell", "finance", "finance-appeals", "revenue", "expenditure", "railways"]
        }
        _ => &["city", "desk", "works", "water", "parks", "lighting", "road-gang", "lamp-gang"],
    };
    let known = |code: &&&str| book.document.unit.iter().any(|unit| unit.code == ***code);
    some.iter().filter(known).map(|code| (*code).to_owned()).collect()
}

const CITIZENS: [&str; 2] = ["first-citizen", "second-citizen"];

/// Somebody: mostly somebody who has to do with the case.
pub(crate) fn somebody(chance: &mut Chance, book: &Book, play: &[String], case: Option<&Told>) -> Actor {
    let roles: Vec<&str> = book.document.role.iter().map(|role| role.code.as_str()).collect();
    let role = *chance.pick(&roles).expect("a role");
    let cell = book.document.cell.as_str();
    if role == "complainant" || role == "kiosk_operator" {
        let mut who = actor(role, "");
        let other = CITIZENS[chance.below(CITIZENS.len())];
        let citizen = if role == "complainant" { actor(role, other) } else { who.clone() };
        who.person = citizen.person;
        if let Some(case) = case.filter(|_| !chance.one_in(4)) {
            match case.complainant {
                Some(person) if role == "complainant" => who.person = person,
                person => who.on_behalf_of = person,
            }
        }
        if role == "kiosk_operator" && case.is_none() && chance.one_in(2) {
            who.on_behalf_of = Some(actor("complainant", CITIZENS[0]).person);
        }
        return who;
    }
    let mut near: Vec<&str> = Vec::new();
    if let Some(case) = case {
        near.extend([case.unit.as_str(); 4]);
        near.extend(book.line(&case.unit));
        near.extend(case.path.last().map(|(unit, _)| unit.as_str()));
        near.extend(case.consulted.iter().map(String::as_str));
        near.extend(case.report.iter().map(|(_, unit, _)| unit.as_str()));
    }
    let unit = match role {
        "cell_officer" | "call_agent" | "administrator" | "auditor" if !chance.one_in(5) => cell,
        "system" if !chance.one_in(3) => "",
        _ if near.is_empty() || chance.one_in(6) => chance.pick(play).expect("an office"),
        _ => chance.pick(&near).expect("an office"),
    };
    actor(role, unit)
}

fn ahead(book: &Book, now: DateTime<Utc>, days: i64) -> NaiveDate {
    book.day(now) + TimeDelta::days(days)
}

/// Evidence for a reason, all of it good on this day; `None` when it cannot be had.
fn evidence(
    chance: &mut Chance,
    book: &Book,
    play: &[String],
    case: &Told,
    reason: &str,
    now: DateTime<Utc>,
    proposed: bool,
) -> Option<BTreeMap<String, String>> {
    let entry = book.document.reason.iter().find(|entry| entry.code == reason)?;
    let mut shown = BTreeMap::new();
    for kind in &entry.evidence {
        let text = match kind {
            EvidenceKind::Date => ahead(book, now, -1).to_string(),
            EvidenceKind::FollowUpDate => {
                ahead(book, now, entry.beyond_days.map_or(10, |days| i64::from(days) + 5)).to_string()
            }
            EvidenceKind::ReviewDate => ahead(book, now, 20).to_string(),
            EvidenceKind::OtherNumber => "OTHER-000017".to_owned(),
            EvidenceKind::AcceptingOffice => {
                let others: Vec<_> = play.iter().filter(|unit| **unit != case.unit).collect();
                (*chance.pick(&others)?).clone()
            }
            EvidenceKind::ContactAttempts if proposed || case.enough_attempts(book) => continue,
            EvidenceKind::ContactAttempts => return None,
            _ => words(),
        };
        shown.insert(kind.as_str().to_owned(), text);
    }
    Some(shown)
}

fn reason(chance: &mut Chance, book: &Book, case: &Told) -> String {
    if case.enough_attempts(book) && chance.one_in(2) {
        return "complainant_unreachable".to_owned();
    }
    let must = book.document.transfer.must_transfer;
    let usable: Vec<_> = book
        .document
        .reason
        .iter()
        .filter(|it| !it.evidence.contains(&EvidenceKind::ContactAttempts))
        .filter(|it| !it.not_ours || !must)
        .collect();
    chance.pick(&usable).expect("a reason").code.clone()
}

/// A lodging: with a name or without, about an office or not, alone or with others.
pub(crate) fn lodging(
    chance: &mut Chance,
    book: &Book,
    play: &[String],
    actor: &Actor,
    now: DateTime<Utc>,
) -> Request {
    let document = &book.document;
    let mut it = request::Lodge { narrative: words(), ..Default::default() };
    let near: Vec<_> = document
        .category
        .iter()
        .filter(|entry| play.contains(&book.route(Some(&entry.code), None, None)))
        .collect();
    it.category = chance.pick(&near).filter(|_| !chance.one_in(8)).map(|entry| entry.code.clone());
    let bankura = document.place.iter().find(|place| place.code == "bankura");
    it.place = bankura.filter(|_| chance.one_in(3)).map(|place| place.code.clone());
    it.kind = chance.one_in(4).then(|| chance.pick(&document.kind).expect("a kind").code.clone());
    it.channel = chance.one_in(4).then(|| chance.pick(&document.channel).expect("a channel").code.clone());
    it.priority = chance.one_in(6).then(|| chance.pick(&document.priority).expect("one").code.clone());
    if chance.one_in(5) {
        it.anonymous = Some(true);
    } else if chance.one_in(6) {
        it.name = chance.some_of(2, words);
    } else {
        it.name = Some(words());
        it.mobile = chance.some_of(2, || "+91 98300 12345".to_owned());
        it.email = if it.mobile.is_none() { Some(format!("{CANARY}@example.org")) } else { None };
        it.signatories = chance.one_in(8).then(|| vec![words(), words()]);
    }
    if chance.one_in(5) {
        it.against_unit = chance.pick(play).filter(|_| !chance.one_in(4)).cloned();
        it.against_post = chance.one_in(2).then(|| document.post[0].code.clone());
    }
    if chance.one_in(8) {
        it.reference_from = Some("minister".to_owned());
        it.reference_letter = Some(words());
        it.reply_due = Some(ahead(book, now, 14).to_string());
    }
    let role = document.role.iter().find(|role| role.code == actor.role.as_str());
    let back = role.map_or(0, |role| role.backdate_days);
    if back > 0 && chance.one_in(4) {
        let days = i64::try_from(chance.below(back as usize)).expect("a few days");
        it.received_at = Some((now - TimeDelta::days(days)).to_rfc3339());
    }
    it.into()
}

/// A command of the action with good content; `None` when there is none, as for forwarding from
/// an office that has nobody below it. The flag says whether the content is sure to be good.
pub(crate) fn compose(
    chance: &mut Chance,
    book: &Book,
    play: &[String],
    ledger: &Ledger,
    (id, action, said): (GrievanceId, Action, Option<&str>),
    (actor, now): (&Actor, DateTime<Utc>),
) -> Option<(Request, bool)> {
    let case = &ledger[&id];
    let (remarks, against) = (words(), case.against.as_deref());
    let some_remarks = Some(remarks.clone());
    let free = |unit: &&String| !book.accused(unit, against);
    let cap = case.transfers >= book.document.transfer.cap;
    let request: Request = match action {
        // No subject of the laws is sealed.
        Action::Unseal => request::Unseal { remarks, order: words() }.into(),
        Action::Lodge => request::Lodge { narrative: words(), ..Default::default() }.into(),
        Action::Admit => request::Admit { remarks: chance.some_of(2, words) }.into(),
        Action::Decline => request::Decline { remarks }.into(),
        Action::Acknowledge => request::Acknowledge::default().into(),
        Action::Assign => {
            let routed = book.route(case.category.as_deref(), case.place.as_deref(), against);
            let others: Vec<_> = play.iter().filter(free).filter(|unit| **unit != case.unit).collect();
            let unit = if routed != case.unit && chance.one_in(3) {
                None
            } else {
                Some((*chance.pick(&others)?).clone())
            };
            let post = chance.one_in(5).then(|| book.document.post[0].code.clone());
            request::Assign { unit, post, remarks: some_remarks }.into()
        }
        Action::Forward => {
            let all: Vec<_> = book.document.unit.iter().map(|unit| &unit.code).collect();
            let below: Vec<_> =
                all.into_iter().filter(|unit| book.below(unit, &case.unit)).filter(free).collect();
            let near: Vec<_> = below.iter().copied().filter(|unit| play.contains(unit)).collect();
            let from = if near.is_empty() { &below } else { &near };
            let unit = (*chance.pick(from)?).clone();
            request::Forward { unit, post: None, remarks: some_remarks }.into()
        }
        Action::Return => request::Return { remarks }.into(),
        Action::Recall => request::Recall::default().into(),
        Action::Transfer => {
            let beside: Vec<_> = play
                .iter()
                .filter(free)
                .filter(|unit| **unit != case.unit && !book.below(unit, &case.unit))
                .collect();
            request::Transfer { unit: (*chance.pick(&beside)?).clone(), remarks }.into()
        }
        Action::Recategorise => {
            let category = Some(chance.pick(&book.document.category)?.code.clone());
            let place = chance.pick(&book.document.place).map(|place| place.code.clone());
            request::Recategorise { category, place, remarks: some_remarks }.into()
        }
        Action::Reclassify => {
            let kind = chance.pick(&book.document.kind)?.code.clone();
            request::Reclassify { kind, remarks: some_remarks }.into()
        }
        Action::Split => {
            let room = book.document.intake.parts as usize - case.parts.len();
            let most = room.min(3);
            let least = if case.parts.is_empty() { 2 } else { 1 };
            if most < least {
                return None;
            }
            let offices: Vec<_> = play.iter().filter(free).collect();
            let count = least + chance.below(most - least + 1);
            let units: Option<Vec<_>> =
                (0..count).map(|_| chance.pick(&offices).map(|unit| (*unit).clone())).collect();
            request::Split { units: units?, categories: None, remarks: some_remarks }.into()
        }
        Action::Consult => {
            let fresh: Vec<_> = play
                .iter()
                .filter(|unit| **unit != case.unit && !case.consulted.contains(*unit))
                .filter(free)
                .collect();
            let unit = (*chance.pick(&fresh)?).clone();
            request::Consult { unit, question: words() }.into()
        }
        Action::Answer => request::Answer { answer: words() }.into(),
        Action::SeekInformation => request::SeekInformation { question: words() }.into(),
        Action::ProvideInformation => request::ProvideInformation { information: words() }.into(),
        Action::InterimReply => {
            let expected_by = ahead(book, now, 9).to_string();
            request::InterimReply { reply: words(), expected_by }.into()
        }
        Action::Comment => {
            request::Comment { text: words(), public: chance.one_in(2).then_some(true) }.into()
        }
        Action::Attach => request::Attach {
            name: words(),
            sha256: "ab".repeat(32),
            media_type: "image/png".to_owned(),
            bytes: 1_024,
            public: None,
        }
        .into(),
        Action::Remind => request::Remind { remarks: some_remarks }.into(),
        Action::ReportAction => {
            let reason = (!chance.one_in(4)).then(|| reason(chance, book, case));
            let evidence = reason
                .as_ref()
                .and_then(|code| evidence(chance, book, play, case, code, now, true))
                .filter(|_| !chance.one_in(5));
            request::ReportAction { report: words(), reason, evidence }.into()
        }
        Action::SendBackReport => request::SendBackReport { remarks }.into(),
        Action::Approve => {
            let reason = reason(chance, book, case);
            let evidence = evidence(chance, book, play, case, &reason, now, false)?;
            request::Approve { reason: Some(reason), evidence: Some(evidence), remarks: some_remarks }.into()
        }
        Action::Refuse => request::Refuse { remarks }.into(),
        Action::RecordCall => {
            request::RecordCall { reached: chance.one_in(6), note: chance.some_of(2, words) }.into()
        }
        Action::RecordFeedback => {
            let outcome = said.map_or("satisfied", |word| word).to_owned();
            let rating = (outcome != "unreachable" && chance.one_in(2)).then_some(3);
            request::RecordFeedback { outcome, rating, said: chance.some_of(2, words) }.into()
        }
        Action::Dispose => {
            let selected = case.approval.clone().flatten();
            let code = selected.clone().unwrap_or_else(|| reason(chance, book, case));
            // The attempts for a reason that an approval selected are on record with it.
            let evidence = evidence(chance, book, play, case, &code, now, selected.is_some())?;
            let named = selected.is_none() || chance.one_in(2);
            request::Dispose {
                remarks,
                reason: named.then_some(code),
                evidence: Some(evidence),
                reply: chance.some_of(3, words),
            }
            .into()
        }
        Action::Reopen => request::Reopen { remarks, received_at: None }.into(),
        Action::Appeal => request::Appeal { grounds: words(), received_at: None }.into(),
        Action::DecideAppeal => {
            request::DecideAppeal { outcome: said.unwrap_or("dismissed").to_owned(), remarks }.into()
        }
        Action::Withdraw => request::Withdraw { remarks: some_remarks }.into(),
        Action::Merge => {
            let good = |other: &GrievanceId| {
                let named = &ledger[other];
                let into = named.merged_into.unwrap_or(*other);
                // One that the actor does not see is not there.
                let seen = named.seen_by(book, actor) && ledger[&into].seen_by(book, actor);
                into != id && seen && ledger[&into].parent.is_none() && ledger[&into].is_open(book)
            };
            let others: Vec<_> = ledger.keys().copied().filter(good).collect();
            let into = *chance.pick(&others)?;
            let master = ledger[&into].merged_into.unwrap_or(into);
            let touched = case.members.iter().chain([&master]);
            let sure = touched.into_iter().all(|other| ledger[other].updated_at <= now);
            return Some((request::Merge { into: into.to_string(), remarks: some_remarks }.into(), sure));
        }
        Action::Extend => {
            // Later than whatever it was moved to before.
            let until = ahead(book, now, 400 * (1 + i64::from(case.extensions))).to_string();
            request::Extend { until, remarks }.into()
        }
        Action::Escalate => request::Escalate { level: None, unit: None, remarks: some_remarks }.into(),
        Action::Correct if ["complainant", "kiosk_operator"].contains(&actor.role.as_str()) => {
            preferences(chance, remarks).into()
        }
        Action::Correct => {
            let mut it = request::Correct { remarks, narrative: Some(words()), ..Default::default() };
            if !case.anonymous && chance.one_in(3) {
                it.email = Some(words());
            }
            it.priority = chance.one_in(3).then(|| book.document.priority[0].code.clone());
            it.into()
        }
        Action::Rescind => request::Rescind { remarks }.into(),
        Action::Record => {
            let entry = chance.pick(&book.document.record)?;
            let mut fields = BTreeMap::new();
            for field in &entry.field {
                let text = match field.holds {
                    FieldKind::Text => words(),
                    FieldKind::Date => ahead(book, now, -1).to_string(),
                    FieldKind::Number => "4".to_owned(),
                    FieldKind::Unit => case.unit.clone(),
                    FieldKind::Flag => "true".to_owned(),
                };
                if field.required || !chance.one_in(2) {
                    fields.insert(field.code.clone(), text);
                }
            }
            request::Record { step: entry.code.clone(), fields: Some(fields), remarks: None }.into()
        }
        Action::Verify => request::Verify {
            finding: (*chance.pick(&["confirmed", "deficient", "not_verifiable"])?).to_owned(),
            remarks,
            sample: chance.some_of(2, || ahead(book, now, 0).to_string()),
        }
        .into(),
        Action::Classify => {
            let root_cause = chance.pick(&book.document.root_cause)?.code.clone();
            request::Classify { root_cause, suggestion: chance.some_of(2, words), change: None }.into()
        }
        Action::Hold => request::Hold {
            because: (*chance.pick(&["court", "rti", "vigilance", "appeal"])?).to_owned(),
            remarks,
            until: chance.one_in(2).then(|| ahead(book, now, 3).to_string()),
            reference: chance.some_of(2, words),
        }
        .into(),
        Action::ReleaseHold => {
            let hold = chance.pick(&case.holds).map_or(1, |(version, _)| *version);
            request::ReleaseHold { hold: u32::try_from(hold).expect("a short history"), remarks }.into()
        }
        Action::Erase => request::Erase { because: (*chance.pick(&["request", "order"])?).to_owned() }.into(),
    };
    // A disposal or a split tells other cases, which must not lie in the future.
    let told = case.members.iter().chain(case.parent.iter());
    let mut sure = told.into_iter().all(|other| ledger[other].updated_at <= now);
    if action == Action::Erase {
        // The words go with those of the parts, and not before the case that carries this one on.
        let mut parts = case.parts.iter().map(|(part, _)| &ledger[part]);
        sure &= parts.all(|part| part.updated_at <= now && !part.is_held(book, now) && !part.is_open(book));
        sure &= case.merged_into.is_none_or(|master| !ledger[&master].is_open(book));
    }
    // At the cap the office that is named does not get it; that the cell gets it may change nothing.
    // A date may have been moved as far as dates go.
    sure &= !(action == Action::Extend && case.extensions > 0);
    sure &= !(cap && action == Action::Transfer && case.against.is_some());
    Some((request, sure))
}

/// How somebody wants to be written to from now on.
fn preferences(chance: &mut Chance, remarks: String) -> request::Correct {
    let mut it = request::Correct { remarks, ..Default::default() };
    match chance.below(4) {
        0 => it.representative = Some(chance.some_of(2, || "98300 54321".to_owned()).unwrap_or_default()),
        1 => it.refuses = Some(chance.some_of(2, || "sms".to_owned()).into_iter().collect()),
        2 => (it.safe_from, it.safe_until) = (Some("10:00".to_owned()), Some("16:30".to_owned())),
        _ => it.language = Some("en".to_owned()),
    }
    it
}

/// Spoils a command in one of the ways that people find.
pub(crate) fn spoil(chance: &mut Chance, request: &Request) -> Option<Request> {
    let mut value = request.to_json();
    let fields = value.as_object_mut().expect("a request is an object");
    let names: Vec<String> = fields.keys().filter(|name| *name != "action").cloned().collect();
    let name = chance.pick(&names)?.clone();
    let spoilt = match (fields[&name].clone(), chance.below(5)) {
        (serde_json::Value::String(_), 0) => "".into(),
        (serde_json::Value::String(_), 1) => "nowhere-at-all".into(),
        (serde_json::Value::String(_), 2) => "2001-01-01".into(),
        (serde_json::Value::String(_), 3) => "9999-12-30".into(),
        (serde_json::Value::String(_), _) => format!("{CANARY}\u{0}").into(),
        (serde_json::Value::Number(_), _) => 4_000_000_000_u32.into(),
        (serde_json::Value::Object(map), 0..3) => {
            let key = map.keys().next()?.clone();
            serde_json::json!({ key: "spoilt by hand" })
        }
        (serde_json::Value::Object(_), _) => serde_json::json!({}),
        (serde_json::Value::Array(_), 0) => serde_json::json!([]),
        (serde_json::Value::Array(_), _) => serde_json::json!([CANARY]),
        (other, _) => other,
    };
    fields.insert(name, spoilt);
    Request::from_json(&value.to_string()).ok()
}
