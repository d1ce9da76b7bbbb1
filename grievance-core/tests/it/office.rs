//! A small office for tests: several cases, decided and applied together as a desk does.

use chrono::{DateTime, TimeDelta, TimeZone as _, Utc};
use grievance_core::desk::{Desk, SeededMint};
use grievance_core::grievance::command::Command;
use grievance_core::grievance::decide::{companions, decide, decide_companion, recompute};
use grievance_core::grievance::event::{Event, Recorded};
use grievance_core::grievance::moment::Moment;
use grievance_core::grievance::read::{Reading, TrackingCode, read};
use grievance_core::grievance::refusal::Refusal;
use grievance_core::grievance::request::Request;
use grievance_core::grievance::state::Grievance;
use grievance_core::kernel::code::{RoleCode, UnitCode};
use grievance_core::kernel::id::{GrievanceId, PersonId};
use grievance_core::kernel::text::{Mint as _, Sealer};
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::access::Actor;
use grievance_core::rulebook::escalation::Superior;
use grievance_core::vocabulary::ErrorCode;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A case and its history.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Held {
    pub(crate) live: Grievance,
    pub(crate) history: Vec<Recorded>,
}

/// Several cases under one rulebook.
#[derive(Clone)]
pub(crate) struct Office {
    pub(crate) rulebook: Arc<Rulebook>,
    pub(crate) cases: BTreeMap<GrievanceId, Held>,
    /// The cases in the order in which they began.
    pub(crate) order: Vec<GrievanceId>,
    /// Posts that stand vacant.
    pub(crate) vacant: Vec<Superior>,
    mint: SeededMint,
    serial: u64,
}

/// A command that was carried out.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) case: GrievanceId,
    pub(crate) tracking_code: Option<TrackingCode>,
    /// Every event, of every case that the command touched.
    pub(crate) events: Vec<Recorded>,
}

/// A command that was refused.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) code: ErrorCode,
    /// Display and `Debug` of the refusal.
    pub(crate) said: String,
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self { code: refusal.code(), said: format!("{refusal} {refusal:?}") }
    }
}

impl Office {
    pub(crate) fn new(rulebook: Arc<Rulebook>, seed: u64) -> Self {
        let mint = SeededMint::new(seed);
        Self { rulebook, cases: BTreeMap::new(), order: Vec::new(), vacant: Vec::new(), mint, serial: 0 }
    }

    pub(crate) fn preset(name: &str) -> Self {
        let text = grievance_core::rulebook::presets::text(name).expect("a preset");
        Self::new(Arc::new(Rulebook::from_toml(text).expect("a sound rulebook")), 7)
    }

    pub(crate) fn live(&self, case: GrievanceId) -> &Grievance {
        &self.cases[&case].live
    }

    /// Reads, decides and applies a command with all that it does to other cases, or nothing.
    pub(crate) fn submit(
        &mut self,
        case: Option<GrievanceId>,
        request: &Request,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<Done, Refused> {
        let mut sealer = Sealer::new(&mut self.mint);
        let Reading { command, tracking_code } = read(request, actor, &self.rulebook, &mut sealer)
            .map_err(|problem| Refused { code: problem.code(), said: format!("{problem} {problem:?}") })?;
        let done = self.decided(case, &command, actor, now)?;
        Ok(Done { tracking_code, ..done })
    }

    pub(crate) fn decided(
        &mut self,
        case: Option<GrievanceId>,
        command: &Command,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<Done, Refused> {
        let rulebook = Arc::clone(&self.rulebook);
        let vacant = self.vacant.clone();
        let moment = Moment { vacant: &vacant, ..Moment::new(now, actor, &rulebook) };
        let mut staged: Vec<(GrievanceId, Option<Grievance>, Vec<Recorded>)> = Vec::new();
        let id = if let Some(id) = case {
            let live = self.cases.get(&id).map(|held| &held.live).ok_or(Refusal::NotFound)?;
            let (command, other) = self.master_of(live, command)?;
            let moment = Moment { other: other.as_ref(), ..moment };
            let events = decide(Some(live), &command, &moment)?;
            let told = companions(live, &events);
            self.stage(&mut staged, id, events, &moment);
            for (other, companion) in told {
                let before = staged
                    .iter()
                    .find(|(id, ..)| *id == other)
                    .and_then(|(_, live, _)| live.as_ref())
                    .or_else(|| self.cases.get(&other).map(|held| &held.live));
                let events = decide_companion(before, &companion, &moment)?;
                self.stage(&mut staged, other, events, &moment);
            }
            id
        } else {
            let today = moment.today();
            let number = rulebook.numbers().format(rulebook.number_prefix(), today, self.serial + 1);
            let events = decide(None, command, &Moment { number: Some(&number), ..moment })?;
            self.serial += 1;
            let id = GrievanceId::from_uuid(self.mint.uuid());
            self.stage(&mut staged, id, events, &moment);
            id
        };
        let mut events = Vec::new();
        for (id, live, recorded) in staged {
            let live = live.expect("a first event begins a case");
            events.extend(recorded.iter().cloned());
            if let Some(held) = self.cases.get_mut(&id) {
                held.live = live;
                held.history.extend(recorded);
            } else {
                self.order.push(id);
                self.cases.insert(id, Held { live, history: recorded });
            }
        }
        Ok(Done { case: id, tracking_code: None, events })
    }

    /// Brings another version of the rulebook into force and moves a case to it.
    pub(crate) fn moves(
        &mut self,
        case: GrievanceId,
        rulebook: Arc<Rulebook>,
        now: DateTime<Utc>,
    ) -> Vec<Recorded> {
        let system = Desk::system();
        let moment = Moment { since: Some(now), ..Moment::new(now, &system, &rulebook) };
        let events = recompute(self.live(case), &moment).expect("the clock is not behind");
        let mut staged = Vec::new();
        self.stage(&mut staged, case, events, &moment);
        let (_, live, recorded) = staged.pop().expect("one case");
        let held = self.cases.get_mut(&case).expect("it is there");
        held.live = live.expect("it goes on");
        held.history.extend(recorded.iter().cloned());
        self.rulebook = rulebook;
        recorded
    }

    fn master_of(&self, of: &Grievance, command: &Command) -> Result<(Command, Option<Grievance>), Refusal> {
        if let (Command::Erase(_), Some(master)) = (command, of.merged_into) {
            return Ok((command.clone(), self.cases.get(&master).map(|held| held.live.clone())));
        }
        let Command::Merge(into, remarks) = command else { return Ok((command.clone(), None)) };
        let mut other = &self.cases.get(into).ok_or(Refusal::NotFound)?.live;
        if let Some(master) = other.merged_into {
            other = &self.cases.get(&master).ok_or(Refusal::NotFound)?.live;
        }
        Ok((Command::Merge(other.id, *remarks), Some(other.clone())))
    }

    fn stage(
        &self,
        staged: &mut Vec<(GrievanceId, Option<Grievance>, Vec<Recorded>)>,
        case: GrievanceId,
        events: Vec<Event>,
        at: &Moment<'_>,
    ) {
        let slot = staged.iter().position(|(id, ..)| *id == case).unwrap_or_else(|| {
            staged.push((case, self.cases.get(&case).map(|held| held.live.clone()), Vec::new()));
            staged.len() - 1
        });
        let (_, live, recorded) = &mut staged[slot];
        for event in events {
            let next = Recorded {
                case,
                version: live.as_ref().map_or(0, |live| live.version) + 1,
                at: at.now,
                actor: at.actor.clone(),
                rulebook: at.rulebook.version(),
                event,
            };
            match live {
                Some(live) => live.evolve(&next),
                None => *live = Grievance::begin(&next),
            }
            recorded.push(next);
        }
    }
}

/// A person, the same for the same number.
pub(crate) fn person(n: u128) -> PersonId {
    PersonId::from_uuid(uuid(n))
}

fn uuid(n: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(n)
}

/// Somebody who acts in a role for an office; each has a person of their own.
pub(crate) fn actor(role: &str, unit: &str) -> Actor {
    let text = format!("{role}@{unit}");
    let n = text.bytes().fold(14_695_981_039_346_656_037_u128, |n, byte| {
        (n ^ u128::from(byte)).wrapping_mul(1_099_511_628_211)
    });
    Actor {
        on_behalf_of: None,
        person: person(n),
        post: None,
        role: RoleCode::new(role).expect("a role"),
        tenure: None,
        unit: (!unit.is_empty()).then(|| UnitCode::new(unit).expect("a unit")),
    }
}

/// An instant of 2026 in UTC.
pub(crate) fn at(month: u32, day: u32, hour: u32, minute: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, month, day, hour, minute, 0).single().expect("an instant")
}

/// For examples: one case after another, a minute between two commands.
pub(crate) struct Story {
    pub(crate) office: Office,
    pub(crate) now: DateTime<Utc>,
}

impl Story {
    /// Begins on 2 March 2026, 10:00 in India.
    pub(crate) fn under(preset: &str) -> Self {
        Self { office: Office::preset(preset), now: at(3, 2, 4, 30) }
    }

    /// A preset with a few lines of TOML on top.
    pub(crate) fn with(preset: &str, lines: &str) -> Self {
        let text = format!("extends = \"{preset}\"\n{lines}");
        let rulebook = Rulebook::from_toml(&text).expect("a sound rulebook");
        Self { office: Office::new(Arc::new(rulebook), 7), now: at(3, 2, 4, 30) }
    }

    pub(crate) fn later(&mut self, by: TimeDelta) {
        self.now += by;
    }

    pub(crate) fn attempt(
        &mut self,
        who: &Actor,
        case: Option<GrievanceId>,
        action: &str,
        mut body: serde_json::Value,
    ) -> Result<Done, Refused> {
        self.now += TimeDelta::minutes(1);
        body["action"] = action.into();
        let request = Request::from_json(&body.to_string()).expect("a well-formed request");
        self.office.submit(case, &request, who, self.now)
    }

    /// Takes a step that must be possible.
    #[track_caller]
    pub(crate) fn does(&mut self, who: &Actor, case: GrievanceId, action: &str, body: serde_json::Value) {
        if let Err(refused) = self.attempt(who, Some(case), action, body) {
            panic!("{action} was refused: {}", refused.said);
        }
    }

    /// Takes a step that must be refused, and nothing changes by it.
    #[track_caller]
    pub(crate) fn cannot(
        &mut self,
        who: &Actor,
        case: GrievanceId,
        action: &str,
        body: serde_json::Value,
        code: ErrorCode,
    ) -> Refused {
        let before = self.office.cases.clone();
        let refused = self.attempt(who, Some(case), action, body).expect_err("it is refused");
        assert_eq!(refused.code, code, "{}", refused.said);
        assert_eq!(self.office.cases, before);
        refused
    }

    #[track_caller]
    pub(crate) fn lodge(&mut self, who: &Actor, body: serde_json::Value) -> GrievanceId {
        match self.attempt(who, None, "lodge", body) {
            Ok(done) => done.case,
            Err(refused) => panic!("lodging was refused: {}", refused.said),
        }
    }

    pub(crate) fn stage(&self, case: GrievanceId) -> &str {
        self.office.live(case).stage().as_str()
    }

    pub(crate) fn unit(&self, case: GrievanceId) -> &str {
        self.office.live(case).unit().as_str()
    }
}
