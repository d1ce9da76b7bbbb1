//! Everything that a store keeps of a tenant's cases, for tests that compare before and after.

use chrono::{DateTime, Utc};
use grievance_core::grievance::wire;
use grievance_core::kernel::code::TenantCode;
use grievance_core::kernel::id::VaultId;
use grievance_core::rulebook::access::Scope;
use grievance_core::store::Store;
use grievance_core::store::commit::Sealed;
use grievance_core::store::keys::KeyRing;
use std::collections::{BTreeSet, HashSet};

/// The vault rows that an event refers to.
fn references(text: &str) -> impl Iterator<Item = VaultId> {
    text.match_indices("\"vlt_").map(|(at, _)| text[at + 1..at + 37].parse().expect("an identity"))
}

/// Everything of a store, so that two can be compared; the chain is verified on the way.
pub(crate) fn everything(store: &dyn Store, tenant: &TenantCode) -> Vec<String> {
    let mut all = Vec::new();
    let mut cases = Vec::new();
    store
        .scan(&Scope::All, &mut |history| {
            cases.push(history.to_vec());
            true
        })
        .expect("it can be read");
    let mut numbers = HashSet::new();
    for events in cases {
        let case = events[0].case;
        let history = store.history(case).expect("it can be read");
        assert_eq!(history.events, events);
        let sealed = Sealed::chain(tenant, None, events);
        assert_eq!(history.head, sealed.last().map(|last| last.hash), "the chain verifies");
        let fact = store.fact(case).expect("it can be read").expect("a history has a row");
        assert_eq!(fact.version, sealed.len() as u64, "row and history agree");
        if fact.part_of.is_none() {
            assert!(numbers.insert(fact.number.clone().expect("each has a number")), "no number twice");
        }
        let ids: BTreeSet<_> =
            sealed.iter().flat_map(|event| references(&event.body).collect::<Vec<_>>()).collect();
        let ids: Vec<_> = ids.into_iter().collect();
        let texts = store.texts(&ids).expect("they can be read");
        assert_eq!(texts.len(), ids.len(), "every text that an event refers to is there");
        let keys = KeyRing::for_tests();
        let words = |text| keys.open(tenant, text).expect("it opens").content;
        let texts: Vec<_> = texts.iter().map(|text| format!("{text:?} {}", words(text))).collect();
        let told = sealed.iter().map(|event| (event.hash, wire::encode(&event.recorded.event)));
        all.push(format!("{:?} {fact:?} {texts:?}", told.collect::<Vec<_>>()));
        all.push(format!("{:?}", store.notices_of(case).expect("they can be read")));
    }
    let far = DateTime::<Utc>::MAX_UTC;
    all.push(format!("{:?}", store.due(far, None, 100_000).expect("they can be read")));
    all.push(format!("{:?}", store.outbox_next().expect("it can be read")));
    all
}
