//! Desks to test on: one for each store of ours.

use chrono::{DateTime, Utc};
use grievance_core::desk::{Desk, Done, SeededMint};
use grievance_core::grievance::request::{Lodge, Request};
use grievance_core::kernel::code::TenantCode;
use grievance_core::kernel::id::{CommandId, GrievanceId, PersonId};
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::access::Actor;
use grievance_core::store::Store;
use grievance_core::store::memory::MemoryStore;
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
    Desk::with_mint(store, tenant(), Box::new(SeededMint::new(7)))
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
        unit: Some(unit.parse().expect("a code")),
    }
}

pub(crate) fn citizen() -> Actor {
    let role = "complainant".parse().expect("a code");
    Actor { on_behalf_of: None, person: person(1), post: None, role, unit: None }
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

/// Submits one request and expects it to be taken.
pub(crate) fn take(desk: &Desk, actor: &Actor, now: &str, case: GrievanceId, json: &str) -> Done {
    let answer = desk.by(actor, at(now)).submit(Some(case), &request(json));
    answer.unwrap_or_else(|problem| panic!("{json}: {problem}"))
}
