//! Histories made by hand, for the tests of measures.

use chrono::{DateTime, NaiveDateTime, Utc};
use grievance_core::grievance::event::{Event, Position, Recorded, What};
use grievance_core::grievance::payload::{Adopted, AdoptedFact, AdoptedStep};
use grievance_core::kernel::code::{KindCode, ReasonCode, RoleCode, SourceCode, StageCode, UnitCode};
use grievance_core::kernel::id::{GrievanceId, PersonId};
use grievance_core::kernel::text::Digest;
use grievance_core::rulebook::access::{Actor, Scope};
use grievance_core::store::Store;
use grievance_core::vocabulary::{DisposalClass, Phase};

/// Every history of a store.
pub(crate) fn histories(store: &dyn Store) -> Vec<Vec<Recorded>> {
    let mut histories = Vec::new();
    let mut each = |history: &[Recorded]| {
        histories.push(history.to_vec());
        true
    };
    store.scan(&Scope::All, &mut each).expect("the store works");
    histories
}

/// An instant from `2026-03-01T10:00:00`, read as UTC; a bare date is its midnight.
pub(crate) fn at(text: &str) -> DateTime<Utc> {
    let long = if text.len() == 10 { format!("{text}T00:00:00") } else { text.to_owned() };
    NaiveDateTime::parse_from_str(&long, "%Y-%m-%dT%H:%M:%S").unwrap().and_utc()
}

/// Where a case stands: its phase, at an office.
pub(crate) fn stands(phase: Phase, unit: &str) -> Position {
    let stage = StageCode::new(phase.as_str()).unwrap();
    Position { phase, stage, unit: UnitCode::new(unit).unwrap() }
}

/// A case's history, built event by event.
pub(crate) struct Case {
    id: GrievanceId,
    pub(crate) history: Vec<Recorded>,
}

impl Case {
    pub(crate) fn new(number: u128) -> Self {
        Self { id: GrievanceId::from_uuid(uuid::Uuid::from_u128(number)), history: Vec::new() }
    }

    pub(crate) fn then(mut self, when: DateTime<Utc>, led_to: Position, what: What) -> Self {
        let version = self.history.len() as u64 + 1;
        self.history.push(Recorded {
            case: self.id,
            version,
            at: when,
            actor: Actor {
                on_behalf_of: None,
                person: PersonId::from_uuid(uuid::Uuid::nil()),
                post: None,
                role: RoleCode::new("cell_officer").unwrap(),
                tenure: None,
                unit: None,
            },
            rulebook: Digest::from_bytes([0; 32]),
            event: Event { led_to, what },
        });
        self
    }

    /// Imported at `when`.
    pub(crate) fn adopted(self, when: DateTime<Utc>, facts: Vec<AdoptedFact>) -> Self {
        let led_to = facts.last().unwrap().led_to.clone();
        let adopted = Adopted {
            sealed: None,
            facts,
            gaps: Vec::new(),
            kind: KindCode::new("grievance").unwrap(),
            number: format!("{}", self.id.uuid().as_u128()).into(),
            source: SourceCode::new("elsewhere").unwrap(),
            category: None,
            channel: None,
            due_at: None,
            closure_text: None,
            place: None,
            narrative: None,
            received_at: None,
        };
        self.then(when, led_to, What::Adopted(Box::new(adopted)))
    }

    /// The other system said that it was due then.
    pub(crate) fn due(mut self, due_at: Option<DateTime<Utc>>) -> Self {
        let last = self.history.last_mut().unwrap();
        let What::Adopted(adopted) = &mut last.event.what else { panic!("it is imported") };
        adopted.due_at = due_at;
        self
    }
}

/// A fact of an imported history.
pub(crate) fn fact(when: DateTime<Utc>, what: AdoptedStep, unit: &str) -> AdoptedFact {
    let (phase, reason) = match what {
        AdoptedStep::Lodged | AdoptedStep::Routed | AdoptedStep::Reopened => (Phase::InProgress, None),
        AdoptedStep::Disposed => (Phase::Disposed, ReasonCode::new("benefit_provided").ok()),
        AdoptedStep::Ended => (Phase::Withdrawn, None),
    };
    let class = reason.is_some().then_some(DisposalClass::Benefit);
    AdoptedFact { at: when, led_to: stands(phase, unit), what, reason, class }
}

/// An imported case: lodged, and disposed if it was.
pub(crate) fn imported(
    number: u128,
    unit: &str,
    lodged: DateTime<Utc>,
    disposed: Option<DateTime<Utc>>,
) -> Vec<Recorded> {
    let mut facts = vec![fact(lodged, AdoptedStep::Lodged, unit)];
    facts.extend(disposed.map(|when| fact(when, AdoptedStep::Disposed, unit)));
    Case::new(number).adopted(at("2026-11-01"), facts).history
}

/// Where the public data sets are; says so and gives `None` when they are not.
#[expect(clippy::explicit_write, reason = "the harness swallows what `eprintln!` says")]
pub(crate) fn data() -> Option<std::path::PathBuf> {
    use std::io::Write as _;
    let place = std::env::var_os("GRIEVANCE_DATA").map_or_else(
        || std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"),
        std::path::PathBuf::from,
    );
    if place.is_dir() {
        return Some(place);
    }
    writeln!(std::io::stderr(), "skipped: no public data sets at {}", place.display()).unwrap();
    None
}
