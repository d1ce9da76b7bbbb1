//! Desks to test on: one for each store of ours.

use chrono::{DateTime, Utc};
use grievance_core::desk::{Desk, DeskError, Done, RowPage, SeededMint};
use grievance_core::grievance::event::Recorded;
use grievance_core::grievance::moment::Moment;
use grievance_core::grievance::options::{Offer, options};
use grievance_core::grievance::outlook::{Explanation, Progress, explain, progress};
use grievance_core::grievance::project::CaseFact;
use grievance_core::grievance::refusal::Refusal;
use grievance_core::grievance::request::{Lodge, Request};
use grievance_core::grievance::state::Grievance;
use grievance_core::grievance::tell::told_at;
use grievance_core::kernel::code::TenantCode;
use grievance_core::kernel::id::{CommandId, GrievanceId, PersonId, VaultId};
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::access::{Actor, Scope};
use grievance_core::store::Store;
use grievance_core::store::keys::KeyRing;
use grievance_core::store::memory::MemoryStore;
use grievance_core::store::search::{Page, Search};
use grievance_core::store::vault::OpenText;
use grievance_core::vocabulary::TargetKind;
use std::sync::Arc;

pub(crate) const TOWN: &str = "extends = \"city-311\"\nname = \"Test town\"\nzone = \"Asia/Kolkata\"";

pub(crate) fn tenant() -> TenantCode {
    TenantCode::new("test").expect("a code")
}

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

/// Every store of ours, by name.
pub(crate) fn stores() -> Vec<(&'static str, Arc<dyn Store>)> {
    let mut stores: Vec<(&'static str, Arc<dyn Store>)> =
        vec![("memory", MemoryStore::default().tenant(&tenant()))];
    #[cfg(feature = "sqlite")]
    {
        let sqlite = grievance_core::sql::sqlite::SqliteStore::open_in_memory().expect("memory");
        stores.push(("sqlite", sqlite.tenant(&tenant())));
    }
    #[cfg(feature = "postgres")]
    stores.extend(crate::pg::store().map(|store| ("postgres", store.tenant(&tenant()) as _)));
    stores
}

pub(crate) fn open(store: Arc<dyn Store>) -> Desk {
    Desk::with_mint(store, tenant(), KeyRing::for_tests(), Box::new(SeededMint::new(7)))
}

/// A desk on a tenant's store, with a mint of the test's.
pub(crate) fn open_as(store: Arc<dyn Store>, tenant: TenantCode, mint: Box<SeededMint>) -> Desk {
    Desk::with_mint(store, tenant, KeyRing::for_tests(), mint)
}

/// A desk on every store, with the town's rulebook in force since 2020.
pub(crate) fn desks() -> Vec<(&'static str, Desk)> {
    let opened = stores().into_iter().map(|(name, store)| {
        let desk = open(store);
        let rulebook = Rulebook::from_toml(TOWN).expect("a sound rulebook");
        desk.activate(rulebook, at("2020-01-01T00:00:00Z")).expect("it comes into force");
        (name, desk)
    });
    opened.collect()
}

/// A desk on each store, under a rulebook of two pieces that is in force since long ago.
pub(crate) fn desks_under(town: &str, more: &str) -> Vec<(&'static str, Desk)> {
    let opened = stores().into_iter().map(|(name, store)| {
        let desk = open(store);
        let rulebook = Rulebook::from_toml(&format!("{town}{more}"));
        let rulebook = rulebook.unwrap_or_else(|refused| panic!("{more}: {refused:?}"));
        desk.activate(rulebook, at("2020-01-01T00:00:00Z")).expect("it comes into force");
        (name, desk)
    });
    opened.collect()
}

pub(crate) fn person(n: u128) -> PersonId {
    PersonId::from_uuid(uuid::Uuid::from_u128(n))
}

pub(crate) fn command(n: u128) -> CommandId {
    CommandId::from_uuid(uuid::Uuid::from_u128(n))
}

pub(crate) fn officer(role: &str, unit: &str) -> Actor {
    Actor {
        on_behalf_of: None,
        person: person(100 + role.len() as u128),
        post: None,
        role: role.parse().expect("a code"),
        tenure: None,
        unit: Some(unit.parse().expect("a code")),
    }
}

pub(crate) fn citizen() -> Actor {
    let role = "complainant".parse().expect("a code");
    Actor::new(person(1), role)
}

pub(crate) fn lodging(category: &str) -> Lodge {
    Lodge {
        narrative: "The words of a complainant.".to_owned(),
        category: Some(category.to_owned()),
        ..Lodge::default()
    }
}

pub(crate) fn lodge(desk: &Desk, category: &str, now: &str) -> Done {
    desk.by(&citizen(), at(now)).lodge(lodging(category)).expect("it is lodged")
}

pub(crate) fn request(json: &str) -> Request {
    Request::from_json(json).unwrap_or_else(|problem| panic!("{json}: {problem}"))
}

/// The words of these references, as whoever has the store and the tests' key reads them.
pub(crate) fn words(desk: &Desk, ids: &[VaultId]) -> Vec<OpenText> {
    words_under(&KeyRing::for_tests(), desk, ids)
}

/// The words of these references, as whoever has the store and this ring reads them.
pub(crate) fn words_under(ring: &KeyRing, desk: &Desk, ids: &[VaultId]) -> Vec<OpenText> {
    let kept = desk.store().texts(ids).expect("the store works");
    kept.iter().map(|text| ring.open(&tenant(), text).expect("the text opens")).collect()
}

/// A search by an officer who sees who people are.
pub(crate) fn seek(desk: &Desk, search: &Search) -> Result<RowPage, DeskError> {
    desk.by(&officer("cell_officer", "desk"), at("2027-06-01T00:00:00Z")).search(search)
}

/// Submits one request and expects it to be taken.
pub(crate) fn take(desk: &Desk, actor: &Actor, now: &str, case: GrievanceId, json: &str) -> Done {
    let answer = desk.by(actor, at(now)).submit(Some(case), &request(json));
    answer.unwrap_or_else(|problem| panic!("{json}: {problem}"))
}

/// A case as its store has it: what no view shows as a whole.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Whole {
    pub(crate) case: Grievance,
    pub(crate) fact: CaseFact,
    pub(crate) history: Vec<Recorded>,
}

/// Looks past every view into the store: for tests of what is kept, not of who sees it.
pub(crate) trait Unscoped {
    fn history(&self, case: GrievanceId) -> Result<Vec<Recorded>, DeskError>;
    fn case(&self, case: GrievanceId) -> Result<Whole, DeskError>;
    fn search(&self, search: &Search) -> Result<Page, DeskError>;
    fn progress(&self, case: GrievanceId, now: DateTime<Utc>) -> Result<Progress, DeskError>;
    fn explain(
        &self,
        case: GrievanceId,
        target: TargetKind,
        now: DateTime<Utc>,
    ) -> Result<Option<Explanation>, DeskError>;
    fn options(&self, case: GrievanceId, actor: &Actor, now: DateTime<Utc>) -> Result<Vec<Offer>, DeskError>;
}

impl Unscoped for Desk {
    fn history(&self, case: GrievanceId) -> Result<Vec<Recorded>, DeskError> {
        Ok(self.store().history(case)?.events)
    }

    fn case(&self, case: GrievanceId) -> Result<Whole, DeskError> {
        let history = self.store().history(case)?.events;
        let case = Grievance::replay(&history).ok_or(Refusal::NotFound)?;
        let last_told_at = told_at(&history, |version| self.edition(version).map(Some))?.last().copied();
        Ok(Whole { fact: CaseFact { last_told_at, ..CaseFact::of(&case) }, case, history })
    }

    fn search(&self, search: &Search) -> Result<Page, DeskError> {
        Ok(self.store().search(&Scope::All, search)?)
    }

    fn progress(&self, case: GrievanceId, now: DateTime<Utc>) -> Result<Progress, DeskError> {
        let (rulebook, system) = (self.rulebook(now)?, Self::system());
        Ok(progress(&self.case(case)?.case, &Moment::new(now, &system, &rulebook)))
    }

    fn explain(
        &self,
        case: GrievanceId,
        target: TargetKind,
        now: DateTime<Utc>,
    ) -> Result<Option<Explanation>, DeskError> {
        Ok(explain(&self.case(case)?.case, target, &*self.rulebook(now)?))
    }

    fn options(&self, case: GrievanceId, actor: &Actor, now: DateTime<Utc>) -> Result<Vec<Offer>, DeskError> {
        let rulebook = self.rulebook(now)?;
        Ok(options(Some(&self.case(case)?.case), &Moment::new(now, actor, &rulebook)))
    }
}
