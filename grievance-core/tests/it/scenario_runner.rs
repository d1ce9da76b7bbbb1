//! Runs a scenario file: see `docs/reference/scenarios.md`.
//!
//! Nothing here knows a rule. A file says what is asked and what must come of it; the runner puts
//! identities where the file has labels, asks the desk, and compares.

use crate::desk_support::{Unscoped as _, Whole};
use crate::scenario_file::{Answer, Appointment, Step, Who, person, uuid_of};
use chrono::{DateTime, SecondsFormat, Utc};
use grievance_core::desk::flat::Flat;
use grievance_core::desk::{Desk, DeskError, Done, Failed, Measure, SeededMint};
use grievance_core::grievance::request::Request;
use grievance_core::grievance::state::Grievance;
use grievance_core::kernel::code::TenantCode;
use grievance_core::kernel::id::{CommandId, GrievanceId};
use grievance_core::kernel::mobile::Mobile;
use grievance_core::otp::{MacKey, MacKeys, VerifiedMobile};
use grievance_core::proof::canonical::to_canonical;
use grievance_core::rulebook::access::Actor;
use grievance_core::store::keys::KeyRing;
use grievance_core::store::search::Search;
use grievance_core::store::{Holding, Store};
use grievance_core::vocabulary::{Action, Purpose};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

pub(crate) use crate::scenario_file::{Scenario, all};

/// What a run left behind.
pub(crate) struct Ran {
    pub(crate) desk: Desk,
    pub(crate) cases: BTreeMap<String, GrievanceId>,
    pub(crate) refusals: Vec<DeskError>,
    /// Every answer in order, as `docs/reference/scenarios.md` writes it.
    pub(crate) answers: String,
    /// The step that is taken, from 1.
    step: usize,
}

impl Scenario {
    /// Takes every step on a store that is empty, and compares.
    pub(crate) fn run(&self, name: &str, store: Arc<dyn Store>) -> Ran {
        let tenant = TenantCode::new("scenario").expect("a code");
        let desk = Desk::with_mint(store, tenant, KeyRing::for_tests(), Box::new(SeededMint::new(1)));
        let first: DateTime<Utc> = "2020-01-01T00:00:00Z".parse().expect("an instant");
        desk.activate(self.rulebook.rulebook(), first).expect("the rulebook comes into force");
        let (cases, refusals, answers) = (BTreeMap::new(), Vec::new(), String::new());
        let mut ran = Ran { desk, cases, refusals, answers, step: 0 };
        for (at, step) in self.steps.iter().enumerate() {
            let place = format!("{name}, step {} ({})", at + 1, step.request["action"]);
            ran.step = at + 1;
            if let Some(appointment) = &step.appoint {
                ran.appoint(appointment, step.at);
                continue;
            }
            if let Some(sees) = step.sees {
                ran.looks(step, sees, &self.actors, &place);
                continue;
            }
            if let Some(question) = &step.measure {
                ran.measures(step, question, &self.actors, &place);
                continue;
            }
            match (&step.sweep, &step.activate) {
                (None, None) => ran.take(step, &self.actors, &place),
                (Some(wanted), None) => ran.sweep(step.at, wanted, &place),
                (None, Some(rules)) => {
                    ran.desk.activate(rules.rulebook(), step.at).expect("it comes into force");
                }
                (Some(_), Some(_)) => panic!("{place}: one or the other"),
            }
        }
        for (label, wanted) in &self.then {
            let found = ran.facts(ran.case(label));
            compare(wanted, &found, &format!("{name}, at the end, case {label}"));
        }
        ran
    }
}

impl Ran {
    pub(crate) fn case(&self, label: &str) -> GrievanceId {
        *self.cases.get(label).unwrap_or_else(|| panic!("no case {label} was lodged"))
    }

    fn appoint(&self, it: &Appointment, from: DateTime<Utc>) {
        let holding = Holding {
            unit: it.unit.parse().expect("a code"),
            post: it.post.parse().expect("a code"),
            person: person(&it.person),
            tenure: it.tenure,
            from,
            until: it.until,
        };
        self.desk.appoint(&holding).expect("it is appointed");
    }

    /// Writes an answer down.
    fn told<T: Serialize>(&mut self, what: &str, answer: Result<T, DeskError>) {
        let said = match answer {
            Ok(answer) => serde_json::to_value(answer),
            Err(problem) => serde_json::to_value(Failed::from(problem)),
        };
        let line = to_canonical(&told(said.expect("it is JSON"))).expect("it is JSON");
        writeln!(self.answers, "{}\t{what}\t{line}", self.step).expect("a text grows");
    }

    /// Writes down what the actor is shown of a case.
    fn shown(&mut self, actor: &Actor, at: DateTime<Utc>, case: GrievanceId) {
        let acting = self.desk.by(actor, at);
        let (view, progress, options) = (acting.case(case), acting.progress(case), acting.options(case));
        self.told("case", view.map(Flat::flat));
        self.told("progress", progress.map(Flat::flat));
        self.told("options", options.map(Flat::flat));
    }

    /// The same answer by every way to look.
    fn looks(&mut self, step: &Step, sees: bool, actors: &BTreeMap<String, Who>, place: &str) {
        let actor = actors.get(&step.by).unwrap_or_else(|| panic!("{place}: no actor {}", step.by));
        let (actor, case) = (actor.actor(&step.by), self.case(step.case.as_ref().expect("a case")));
        let acting = self.desk.by(&actor, step.at);
        let nobody = GrievanceId::from_uuid(uuid::Uuid::nil());
        let opened = acting.case(case);
        assert_eq!(opened.is_ok(), sees, "{place}: {} sees {:?}", step.by, step.case);
        if let Err(problem) = opened {
            assert_eq!(Err(problem), acting.case(nobody), "{place}: not theirs is not there");
        }
        assert_eq!(acting.history(case).is_ok(), sees, "{place}");
        assert_eq!(acting.progress(case).is_ok(), sees, "{place}");
        assert_eq!(acting.options(case).is_ok(), sees, "{place}");
        let listed = acting.search(&Search::default()).expect("it searches").cases;
        assert_eq!(listed.iter().any(|row| row.id == case), sees, "{place}: listed");
        self.shown(&actor, step.at, case);
    }

    /// As many rows as the file has, each with what it says.
    fn measures(&mut self, step: &Step, question: &Measure, actors: &BTreeMap<String, Who>, place: &str) {
        let actor = actors.get(&step.by).unwrap_or_else(|| panic!("{place}: no actor {}", step.by));
        let answer = self.desk.by(&actor.actor(&step.by), step.at).measure(question);
        let rows = answer.unwrap_or_else(|problem| panic!("{place}: {problem}")).objects();
        assert_eq!(rows.len(), step.rows.len(), "{place}: {rows:?}");
        for (wanted, found) in step.rows.iter().zip(&rows) {
            compare(wanted, found, &format!("{place}, {question:?}"));
        }
        self.told("measure", Ok(rows));
    }

    /// Records what is due, once: the same sweep again finds nothing.
    fn sweep(&mut self, at: DateTime<Utc>, wanted: &Map<String, Value>, place: &str) {
        let mut sweep = || {
            let swept = self.desk.sweep(at, 1_000).expect("it sweeps");
            assert!(swept.failed.is_empty() && !swept.more, "{place}: {swept:?}");
            let Value::Object(counts) = json!({
                "cases": swept.cases, "breaches": swept.breaches, "escalations": swept.escalations,
                "proposals": swept.proposals, "resumed": swept.resumed, "moved": swept.moved,
                "jobs": swept.jobs.len(),
            }) else {
                unreachable!("an object was written")
            };
            self.told("swept", Ok(swept.flat()));
            counts
        };
        compare(wanted, &sweep(), place);
        assert!(sweep().values().all(|count| *count == 0), "{place}: once");
    }

    fn take(&mut self, step: &Step, actors: &BTreeMap<String, Who>, place: &str) {
        let who = actors.get(&step.by).unwrap_or_else(|| panic!("{place}: no actor {}", step.by));
        let actor = who.actor(&step.by);
        // A lodging is for no case, unless its label is taken already.
        let fresh = step.request["action"] == "lodge"
            && (step.command.is_some()
                || step.case.as_ref().is_none_or(|label| !self.cases.contains_key(label)));
        let case = step.case.as_ref().filter(|_| !fresh).map(|label| self.case(label));
        let before = case.map(|case| self.view(case));
        let known = |ran: &Self, case| ran.desk.by(&actor, step.at).options(case);
        let offered = case.and_then(|case| known(self, case).ok());
        match (self.ask(step, &actor, case), &step.then) {
            (Ok(done), Answer { ok: Some(wanted), .. }) => {
                if let (Some(offers), None) = (offered, &step.command) {
                    let action: Action = step.request["action"].as_str().unwrap().parse().unwrap();
                    let open =
                        offers.iter().any(|offer| offer.action == action && offer.verdict.is_allowed());
                    assert!(open, "{place}: was done, and was not offered");
                }
                self.name(step, &done, place);
                let mut found = self.facts(done.case);
                found.insert("tracking_code".to_owned(), done.tracking_code.is_some().into());
                found.insert("version".to_owned(), done.version.into());
                compare(wanted, &found, place);
                let case = done.case;
                self.told("done", Ok(done.flat()));
                self.shown(&actor, step.at, case);
            }
            (Err(problem), Answer { refused: Some(code), field, .. }) => {
                assert_eq!(problem.code().as_str(), code, "{place}: {problem}");
                if let Some(field) = field {
                    assert_eq!(problem.to_string().split(':').next(), Some(&**field), "{place}: {problem}");
                }
                if let (Some(case), Some(before)) = (case, before) {
                    assert_eq!(self.view(case), before, "{place}: a refusal changes nothing");
                }
                self.told::<()>("refused", Err(problem.clone()));
                self.refusals.push(problem);
                if let Some(case) = case {
                    self.shown(&actor, step.at, case);
                }
            }
            (answer, wanted) => panic!("{place}: {answer:?}, but expected {wanted:?}"),
        }
    }

    fn ask(&self, step: &Step, actor: &Actor, case: Option<GrievanceId>) -> Result<Done, DeskError> {
        let mut request = step.request.clone();
        self.fill(&mut request);
        let request = Request::from_json(&request.to_string())?;
        let verified = step.verified.as_ref().map(|mobile| self.verify(mobile, step.at));
        let mut acting = self.desk.by(actor, step.at);
        if let Some(verified) = &verified {
            acting = acting.verified(verified);
        }
        if let Some(label) = &step.command {
            acting = acting.command(CommandId::from_uuid(uuid_of("command", label)));
        }
        if let Some(version) = step.expecting {
            acting = acting.expecting(version);
        }
        acting.submit(case, &request)
    }

    /// Asks for a code for a mobile and brings it back at once.
    fn verify(&self, mobile: &str, at: DateTime<Utc>) -> VerifiedMobile {
        let key = MacKey::new("scenario", &[1; 32]).expect("a key");
        let keys = MacKeys::new(key, Vec::new()).expect("keys");
        let (desk, mobile) = (self.desk.otp(&keys), Mobile::parse(mobile).expect("a mobile"));
        let sent = desk.request_code(Purpose::Lodge, &mobile, "form", None, at).expect("a code");
        let code = sent.code.reveal();
        desk.verify_code(sent.challenge, Purpose::Lodge, &mobile, "form", code, at).expect("it is right")
    }

    /// Puts identities and numbers where the file has `$case:label`, `$number:label` and
    /// `$person:name`.
    fn fill(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                if let Some(label) = text.strip_prefix("$case:") {
                    *text = self.case(label).to_string();
                } else if let Some(label) = text.strip_prefix("$number:") {
                    let number = self.view(self.case(label)).fact.number;
                    *text = number.expect("a lodged case has a number").to_string();
                } else if let Some(name) = text.strip_prefix("$person:") {
                    *text = person(name).to_string();
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.fill(item)),
            Value::Object(fields) => fields.values_mut().for_each(|field| self.fill(field)),
            _ => {}
        }
    }

    fn name(&mut self, step: &Step, done: &Done, place: &str) {
        if let Some(label) = &step.case {
            let before = self.cases.insert(label.clone(), done.case);
            assert!(before.is_none_or(|before| before == done.case), "{place}: the label {label} is taken");
        }
        let parts = self.view(done.case).case.parts;
        let new = parts.len().saturating_sub(step.parts.len());
        for (label, part) in step.parts.iter().zip(&parts[new..]) {
            self.cases.insert(label.clone(), part.case);
        }
    }

    pub(crate) fn view(&self, case: GrievanceId) -> Whole {
        let view = self.desk.case(case).expect("the case is there");
        assert_eq!(Grievance::replay(&view.history).as_ref(), Some(&view.case));
        assert_eq!(self.desk.store().fact(case).unwrap().as_ref(), Some(&view.fact), "the row is the fact");
        view
    }

    /// Everything that a file may ask of a case, with labels for identities.
    fn facts(&self, case: GrievanceId) -> Map<String, Value> {
        let Whole { case, fact, history } = self.view(case);
        let label = |id: GrievanceId| self.cases.iter().find(|(_, own)| **own == id).map(|(label, _)| label);
        let instant = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::AutoSi, true);
        let events: Vec<_> = history.iter().map(|next| next.event.what.kind()).collect();
        let posted = self.desk.store().notices_of(case.id).expect("the store works");
        let told: Vec<_> =
            posted.iter().map(|it| format!("{} {}", it.notice.channel, it.notice.template)).collect();
        let signatories = case.subject.complainant.signatories.as_ref().map_or(0, Vec::len);
        let Value::Object(mut facts) = json!({
            "stage": fact.stage, "phase": fact.phase, "unit": fact.unit, "version": fact.version,
            "number": fact.number, "external_number": fact.external_number,
            "kind": fact.kind, "category": fact.category, "place": fact.place,
            "channel": fact.channel, "priority": fact.priority, "language": case.subject.language,
            "lodged_at": instant(fact.lodged_at), "received_at": instant(fact.received_at),
            "first_disposed_at": fact.first_disposed_at.map(instant),
            "disposed_at": fact.disposed_at.map(instant), "disposed_by": fact.disposed_by,
            "reason": fact.reason, "class": fact.class, "feedback": fact.feedback,
            "reopenings": fact.reopenings, "appeals": fact.appeals, "transfers": fact.transfers,
            "part_of": fact.part_of.and_then(label), "merged_into": fact.merged_into.and_then(label),
            "anonymous": case.subject.complainant.anonymous, "signatories": signatories,
            "against": case.subject.against.as_ref().and_then(|against| against.unit.as_ref()),
            "binding": case.course.binding, "attempts": case.attempts.len(),
            "parts": case.parts.iter().map(|part| label(part.case)).collect::<Vec<_>>(),
            "members": case.members.iter().map(|member| label(*member)).collect::<Vec<_>>(),
            "events": events,
        }) else {
            unreachable!("an object was written")
        };
        let Value::Object(mut of_time) = json!({
            "due_at": fact.due_at.map(instant), "breaches": fact.breaches,
            "breached_at": fact.breached_at.map(instant), "breached_by": fact.breached_by,
            "escalations": fact.escalations, "level": fact.level, "reminders": fact.reminders,
            "extensions": fact.extensions, "told": told,
        }) else {
            unreachable!("an object was written")
        };
        facts.append(&mut of_time);
        let tenures: Vec<_> = history.iter().map(|next| next.actor.tenure).collect();
        let Value::Object(mut of_access) = json!({ "sealed": fact.sealed, "waivers": fact.waivers, "tenures": tenures,
                "finding": fact.finding, "sampled_for": fact.sampled_for,
                "root_cause": fact.root_cause, "change": fact.change })
        else {
            unreachable!("an object was written")
        };
        facts.append(&mut of_access);
        facts
    }
}

/// Without the versions of rulebooks, which change with every sentence of a preset; 7.0 is the number 7.
fn told(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let others = fields.into_iter().filter(|(field, _)| field != "rulebook");
            Value::Object(others.map(|(field, value)| (field, told(value))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(told).collect()),
        #[allow(clippy::cast_possible_truncation)] // A count: far below 2^53.
        Value::Number(number) => match number.as_f64() {
            Some(whole) if number.is_f64() && whole.fract() == 0.0 => (whole as i64).into(),
            _ => Value::Number(number),
        },
        other => other,
    }
}

/// Everything that is wanted is there and equal.
fn compare(wanted: &Map<String, Value>, found: &Map<String, Value>, place: &str) {
    for (fact, value) in wanted {
        let own = found.get(fact).unwrap_or_else(|| panic!("{place}: there is no fact {fact}"));
        assert_eq!(own, value, "{place}: {fact}");
    }
}
