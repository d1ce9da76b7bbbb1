//! The counter at which complainants' apps are served: one small protocol, the same in the process and
//! over HTTP.
//!
//! Whoever runs the server knows who asks, hands the text that came to
//! [`Acting::serve`](crate::desk::Acting::serve), and sends the answer back as it is. Questions and
//! answers are canonical JSON; `docs/guide/mobile.md` describes them. An app may be older than the
//! desk: it overlooks fields that it does not know, and the desk refuses questions of a version that
//! it does not speak.

use crate::desk::flat::{self, Flat as _};
use crate::desk::{Acting, CaseRow, DeskError, Done, EventView, ShownWord};
use crate::grievance::event::Position;
use crate::grievance::outlook::Ahead;
use crate::grievance::refusal::Refusal;
use crate::grievance::request::{NotARequest, Request, field_problem};
use crate::kernel::id::{CommandId, GrievanceId};
use crate::proof::canonical::to_canonical;
use crate::rulebook::access::Actor;
use crate::vocabulary::{Field, LookPurpose};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The version of the protocol, `v` in every question and answer.
pub const PROTOCOL: u64 = 1;

/// The fields whose words a complainant reads beside their case; who they are they know.
const READ: &[Field] = &[
    Field::Narrative,
    Field::CommentPublic,
    Field::FilePublic,
    Field::Information,
    Field::Feedback,
    Field::Report,
    Field::Reply,
    Field::Appeal,
    Field::Decision,
];

/// Asks for the rules: what a lodging is written and judged by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AskRules {
    /// The version that the app has; where it is still the one in force, it is not sent again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub have: Option<String>,
}

/// Asks where a case stands. One of the two names it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AskTrack {
    /// The case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<GrievanceId>,
    /// The tracking code of a complainant who stays unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// Asks for a step: a lodging, or something that is done with a case.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AskStep {
    /// Names the step: sent again, it is answered as before and done once.
    pub command: CommandId,
    /// The case; none for a lodging.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<GrievanceId>,
    /// In its place, the tracking code of a complainant who stays unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The verb's fields and its `action`, as for [`Request::from_json`].
    #[cfg_attr(feature = "schema", schemars(with = "Request"))]
    pub request: Value,
}

/// What a desk answers. Its `Debug` shows no words.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Answered {
    /// The rules.
    Rules(Box<PublicRules>),
    /// Where a case stands.
    Tracked(Box<TrackedCase>),
    /// What a step came to.
    Done(StepDone),
    /// Why it was not answered.
    Failed(Failed),
}

/// The part of a rulebook that an app needs: see [`Rulebook::part_for`](crate::Rulebook::part_for).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PublicRules {
    /// The version in force.
    pub version: String,
    /// The role in which whoever asks acts.
    pub role: String,
    /// Whether whoever lodges must have verified a mobile.
    pub verify_mobile: bool,
    /// The rulebook's part, as [`Rulebook::from_stored`](crate::Rulebook::from_stored) reads it; none where
    /// the app has it.
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::rulebook::document::Document>"))]
    pub rulebook: Option<Value>,
}

/// A case as its complainant is shown it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TrackedCase {
    /// The case.
    pub case: GrievanceId,
    /// Its version.
    pub version: u64,
    /// Its registration number.
    pub number: Option<String>,
    /// When it was lodged.
    pub lodged_at: DateTime<Utc>,
    /// Its subject.
    pub category: Option<String>,
    /// Its jurisdiction.
    pub place: Option<String>,
    /// The stage.
    pub stage: String,
    /// What the stage means: a word of `Phase`.
    #[cfg_attr(feature = "schema", schemars(with = "crate::vocabulary::Phase"))]
    pub phase: String,
    /// The office that has it.
    pub unit: String,
    /// The public due date.
    pub due_at: Option<DateTime<Utc>>,
    /// The day of it, in the offices' zone.
    pub due_on: Option<NaiveDate>,
    /// What happens if nobody acts, in order.
    pub ahead: Vec<Coming>,
    /// What happened, oldest first.
    pub timeline: Vec<CaseStep>,
    /// What the complainant may do now: words of `Action`.
    #[cfg_attr(feature = "schema", schemars(with = "Vec<crate::vocabulary::Action>"))]
    pub may: Vec<String>,
}

/// Something that happens if nobody acts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Coming {
    /// When.
    pub at: DateTime<Utc>,
    /// On which day, in the offices' zone.
    pub on: NaiveDate,
    /// What: `missed`, `goes_on`, `told_to`, `goes_to`, `proposed` or `window_ends`.
    pub what: String,
    /// The target, where it is one.
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::vocabulary::TargetKind>"))]
    pub target: Option<String>,
    /// The office, where it is one.
    pub unit: Option<String>,
    /// The level of the ladder, where it is one; an older desk does not say it.
    #[serde(default)]
    pub level: Option<u32>,
}

/// Something that happened to a case.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CaseStep {
    /// Its place in the history; a place that is left out is not for complainants.
    pub version: u64,
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// What: a word of `EventKind`.
    #[cfg_attr(feature = "schema", schemars(with = "crate::vocabulary::EventKind"))]
    pub kind: String,
    /// The role of whoever did it.
    pub role: String,
    /// The stage it led to.
    pub stage: String,
    /// What that stage means.
    #[cfg_attr(feature = "schema", schemars(with = "crate::vocabulary::Phase"))]
    pub phase: String,
    /// The office it led to.
    pub unit: String,
    /// What was said.
    pub words: Vec<Said>,
}

/// Words beside a step.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Said {
    /// What they are: a word of `Field`.
    #[cfg_attr(feature = "schema", schemars(with = "Field"))]
    pub field: String,
    /// The words; none where they have been erased.
    pub words: Option<String>,
}

/// What a step came to.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StepDone {
    /// The case.
    pub case: GrievanceId,
    /// Its version after the step.
    pub version: u64,
    /// Its registration number.
    pub number: Option<String>,
    /// The code that a complainant who stays unknown is given: shown once, kept nowhere.
    pub tracking_code: Option<String>,
    /// Of a lodging, what the complainant holds the office to it with.
    pub receipt: Option<String>,
}

/// Why a question was not answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Failed {
    /// A word of `ErrorCode`.
    #[cfg_attr(feature = "schema", schemars(with = "crate::vocabulary::ErrorCode"))]
    pub code: String,
    /// What the app can do about it: a word of `Remedy`.
    #[cfg_attr(feature = "schema", schemars(with = "crate::vocabulary::Remedy"))]
    pub remedy: String,
    /// Where in what was asked the fault lies.
    #[serde(rename = "where")]
    pub place: Option<String>,
    /// What may help.
    pub hint: Option<String>,
    /// What is wrong, in a sentence without personal data.
    pub problem: String,
}

impl std::fmt::Debug for Answered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Rules(rules) => write!(f, "Rules({})", rules.version),
            Self::Tracked(tracked) => write!(f, "Tracked({})", tracked.case),
            Self::Done(done) => write!(f, "Done({}, {})", done.case, done.version),
            Self::Failed(failed) => failed.fmt(f),
        }
    }
}

impl Acting<'_> {
    /// Answers a question of a complainant's app; what cannot be answered, too, is an answer.
    ///
    /// The actor is whoever the host's log-in says. A tracking code opens its case to roles that lodge for
    /// themselves, and to others nothing. A mobile that
    /// was [verified](Acting::verified) counts for a lodging.
    ///
    /// # Examples
    ///
    /// ```
    /// # use grievance_core::{Actor, Desk, KeyRing, MemoryStore, PersonId, Rulebook, TenantCode};
    /// # let tenant = TenantCode::new("haldia")?;
    /// # let desk = Desk::open(MemoryStore::default().tenant(&tenant), tenant, KeyRing::for_tests());
    /// # let now = chrono::DateTime::UNIX_EPOCH;
    /// # desk.activate(Rulebook::from_toml("extends = \"city-311\"\nname = \"Haldia\"\nzone = \"Asia/Kolkata\"")?, now)?;
    /// let citizen = Actor::new(PersonId::from_uuid(uuid::Uuid::from_u128(1)), "complainant".parse()?);
    /// let question = r#"{"ask":"step","command":"cmd_0193a1c2f5de4a10b1c2d3e4f5a6b7c8",
    ///     "request":{"action":"lodge","narrative":"The lamp at the ferry is dark."},"v":1}"#;
    /// let answer = desk.by(&citizen, now).serve(question);
    /// assert!(answer.contains(r#""number":"CITY-1970-000001""#));
    /// assert_eq!(desk.by(&citizen, now).serve(question), answer); // done once
    ///
    /// let answer = desk.by(&citizen, now).serve(r#"{"ask":"track","v":1}"#);
    /// assert!(answer.starts_with(r#"{"failed":{"code":"not_found""#));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn serve(&self, question: &str) -> String {
        let answered = self.answer_to(question).unwrap_or_else(|problem| Answered::Failed(problem.into()));
        answered.to_json()
    }

    fn answer_to(&self, question: &str) -> Result<Answered, DeskError> {
        let mut value: Value = serde_json::from_str(question)
            .map_err(|problem| NotARequest::NotJson { line: problem.line(), column: problem.column() })?;
        let fields = value.as_object_mut().ok_or(NotARequest::NotJson { line: 1, column: 1 })?;
        let field = |path: &str, problem| NotARequest::Field { path: path.to_owned(), problem };
        if fields.remove("v").and_then(|version| version.as_u64()) != Some(PROTOCOL) {
            return Err(field("v", "must name version 1 of the protocol").into());
        }
        let ask = fields.remove("ask");
        Ok(match ask.as_ref().and_then(Value::as_str) {
            Some("rules") => Answered::Rules(Box::new(self.rules(&read(value)?)?)),
            Some("track") => {
                let AskTrack { case, code } = read(value)?;
                self.with(case, code.as_deref(), |acting, case| {
                    acting.tracked(case.ok_or(Refusal::NotFound)?)
                })
                .map(|tracked| Answered::Tracked(Box::new(tracked)))?
            }
            Some("step") => {
                let AskStep { command, case, code, request } = read(value)?;
                let request = Request::from_json(&request.to_string())?;
                self.with(case, code.as_deref(), |acting, case| {
                    acting.command(command).submit(case, &request)
                })
                .map(|done| Answered::Done(done.into()))?
            }
            _ => return Err(field("ask", "must be one of `rules`, `track`, `step`").into()),
        })
    }

    /// Asks as whoever may: the actor of a case, or whoever has its tracking code.
    fn with<T>(
        &self,
        case: Option<GrievanceId>,
        code: Option<&str>,
        question: impl FnOnce(&Acting<'_>, Option<GrievanceId>) -> Result<T, DeskError>,
    ) -> Result<T, DeskError> {
        let Some(code) = code.filter(|_| case.is_none()) else { return question(self, case) };
        // An officer to whom a code was read out is still an officer: nothing is done in another's name.
        if !self.desk.rulebook(self.now)?.lodges_for_itself(&self.actor.role) {
            return Err(Refusal::NotFound.into());
        }
        let tracked = self.desk.track(code, self.now)?.ok_or(Refusal::NotFound)?;
        let actor = Actor::new(tracked.person.ok_or(Refusal::NotFound)?, self.actor.role.clone());
        question(&self.desk.by(&actor, self.now), Some(tracked.case))
    }

    fn rules(&self, ask: &AskRules) -> Result<PublicRules, DeskError> {
        let rulebook = self.desk.rulebook(self.now)?;
        let version = rulebook.version().to_string();
        let known = ask.have.as_ref() == Some(&version);
        let part = || serde_json::to_value(rulebook.part_for(&self.actor.role)).ok();
        Ok(PublicRules {
            role: self.actor.role.to_string(),
            verify_mobile: rulebook.wants_verified_mobile(&self.actor.role),
            rulebook: if known { None } else { part() },
            version,
        })
    }

    fn tracked(&self, case: GrievanceId) -> Result<TrackedCase, DeskError> {
        let (view, progress) = (self.case(case)?, self.progress(case)?);
        let mut words = self.words(case, LookPurpose::OwnCase, READ)?;
        let timeline = view.history.into_iter().map(|event| CaseStep::of(event, &mut words)).collect();
        let mut may: Vec<String> = Vec::new();
        for offer in self.options(case)? {
            let action = offer.action.to_string();
            if offer.verdict.is_allowed() && !may.contains(&action) {
                may.push(action);
            }
        }
        let CaseRow { id, version, number, lodged_at, category, place, .. } = view.row;
        Ok(TrackedCase {
            case: id,
            version,
            number: number.map(|number| number.to_string()),
            lodged_at,
            category: category.map(|code| code.to_string()),
            place: place.map(|code| code.to_string()),
            stage: progress.stage.to_string(),
            phase: progress.phase.to_string(),
            unit: progress.unit.to_string(),
            due_at: progress.due.as_ref().map(|due| due.due_at),
            due_on: progress.due.as_ref().map(|due| due.due_on),
            ahead: progress.ahead.into_iter().map(Coming::from).collect(),
            timeline,
            may,
        })
    }
}

fn read<T: serde::de::DeserializeOwned>(fields: Value) -> Result<T, NotARequest> {
    serde_path_to_error::deserialize(fields).map_err(|problem| field_problem(&problem))
}

impl Answered {
    /// As canonical JSON, with the version of the protocol.
    pub fn to_json(&self) -> String {
        self.written().expect("an answer is a struct with text keys, and its numbers are whole")
    }

    fn written(&self) -> Option<String> {
        let Value::Object(mut fields) = serde_json::to_value(self).ok()? else { return None };
        fields.insert("v".to_owned(), PROTOCOL.into());
        to_canonical(&fields).ok()
    }

    /// Reads an answer; `None` for what is none of this version of the protocol. What a newer desk says
    /// besides is overlooked.
    pub fn from_json(text: &str) -> Option<Self> {
        let mut fields: Map<String, Value> = serde_json::from_str(text).ok()?;
        let version = fields.remove("v")?.as_u64()?;
        let mut alone = fields.into_iter().map(|field| Value::Object(Map::from_iter([field])));
        alone.find_map(|answer| serde_json::from_value(answer).ok()).filter(|_| version == PROTOCOL)
    }
}

impl CaseStep {
    /// Takes of `words` those that the event brought.
    fn of(event: EventView, words: &mut Vec<ShownWord>) -> Self {
        let EventView { version, at, kind, by, rulebook: _, led_to, says: _ } = event;
        let Position { stage, phase, unit } = led_to;
        let said = words.extract_if(.., |word| word.version == version);
        let words = said.map(|word| Said { field: word.field.to_string(), words: word.words }).collect();
        Self {
            version,
            at,
            kind: kind.to_string(),
            role: by.role.to_string(),
            stage: stage.to_string(),
            phase: phase.to_string(),
            unit: unit.to_string(),
            words,
        }
    }
}

impl From<Ahead> for Coming {
    fn from(it: Ahead) -> Self {
        let flat::Ahead { at, on, what, target, unit, level } = it.flat();
        Self { at, on, what, target, unit, level }
    }
}

impl From<Done> for StepDone {
    fn from(it: Done) -> Self {
        let Done { case, version, number, tracking_code, receipt } = it;
        Self {
            case,
            version,
            number: number.map(|number| number.to_string()),
            tracking_code: tracking_code.map(|code| code.as_str().to_owned()),
            receipt: receipt.map(|receipt| receipt.to_string()),
        }
    }
}

impl From<DeskError> for Failed {
    fn from(problem: DeskError) -> Self {
        Self {
            code: problem.code().to_string(),
            remedy: problem.remedy().to_string(),
            place: problem.place().map(str::to_owned),
            hint: problem.hint().map(str::to_owned),
            problem: problem.to_string(),
        }
    }
}
