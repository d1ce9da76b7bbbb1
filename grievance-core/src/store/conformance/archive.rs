//! What is promised of rulebook versions and the roster.

use crate::kernel::code::PostCode;
use crate::kernel::id::GrievanceId;
use crate::store::conformance::sample::{Sample, at, commit, person, rulebook, unit};
use crate::store::{Holding, Store, StoreError};
use crate::vocabulary::Tenure;

const WORKS: &str = "the store works";

/// A rulebook version is kept as it was said first, and is not in force for being kept.
pub fn a_rulebook_is_kept_once(store: &dyn Store) {
    let version = rulebook(1);
    assert_eq!(store.edition(version).expect(WORKS), None);
    store.keep(version, r#"{"name":"পশ্চিমবঙ্গ"}"#).expect(WORKS);
    store.keep(version, "{}").expect(WORKS);
    assert_eq!(store.edition(version).expect(WORKS).as_deref(), Some(r#"{"name":"পশ্চিমবঙ্গ"}"#));
    assert_eq!(store.in_force(at(0)).expect(WORKS), None);
}

/// Only what is kept can be put in force.
pub fn only_kept_rulebooks_come_into_force(store: &dyn Store) {
    let version = rulebook(1);
    assert_eq!(store.activate(version, at(0)), Err(StoreError::EditionUnknown { version }));
    assert_eq!(store.in_force(at(1)).expect(WORKS), None);
}

/// In force is the latest activation that is not after the instant, to the millisecond.
pub fn the_latest_activation_is_in_force(store: &dyn Store) {
    for n in 1..=3 {
        store.keep(rulebook(n), "{}").expect(WORKS);
    }
    store.activate(rulebook(2), at(2_000)).expect(WORKS);
    store.activate(rulebook(1), at(1_000)).expect(WORKS);
    let in_force = |millis| store.in_force(at(millis)).expect(WORKS);
    assert_eq!(in_force(999), None);
    assert_eq!(in_force(1_000), Some(rulebook(1)));
    assert_eq!(in_force(1_999), Some(rulebook(1)));
    assert_eq!(in_force(2_000), Some(rulebook(2)));
    // Said again for the same instant: the last word counts.
    store.activate(rulebook(3), at(2_000)).expect(WORKS);
    assert_eq!(in_force(9_000), Some(rulebook(3)));
    // Back to an earlier version.
    store.activate(rulebook(1), at(3_000)).expect(WORKS);
    assert_eq!(in_force(3_000), Some(rulebook(1)));
    let since = |millis| store.in_force_since(at(millis)).expect(WORKS);
    assert_eq!(since(999), None);
    assert_eq!([1_999, 2_000, 2_999, 9_000].map(since), [1_000, 2_000, 2_000, 3_000].map(|n| Some(at(n))));
}

/// What an activation has to move: open cases of another version, by identity, in batches.
pub fn cases_of_other_versions_are_named(store: &dyn Store) {
    let mut open: Vec<GrievanceId> = Vec::new();
    for n in 1..=40 {
        let sample = match n % 4 {
            0 => Sample::lodged(n).disposed(),
            1 => Sample::adopted(n, "nyc", &n.to_string()),
            _ => Sample::lodged(n),
        };
        let mut stream = sample.after(0);
        if n % 8 == 3 {
            stream.fact.rulebook = rulebook(2);
        } else if n % 4 > 1 {
            open.push(sample.id);
        }
        store.commit(&commit(n, vec![stream])).expect(WORKS);
    }
    open.sort();
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let batch = store.unmoved(rulebook(2), after, 4).expect(WORKS);
        assert!(batch.len() <= 4);
        let Some(last) = batch.last() else { break };
        after = Some(*last);
        found.extend(batch);
        assert!(found.len() <= 40, "the batches come to an end");
    }
    assert_eq!(found, open);
    assert!(store.unmoved(rulebook(2), None, 0).expect(WORKS).is_empty());
}

/// A post is held from its first instant up to, not at, the last one.
pub fn posts_are_held_from_and_until(store: &dyn Store) {
    let [head, nodal] = ["hod", "nodal-officer"].map(|code| PostCode::new(code).expect("a code"));
    let holding = |n, from, until: Option<i64>| Holding {
        unit: unit("water"),
        post: head.clone(),
        person: person(n),
        tenure: if n == 2 { Tenure::Acting } else { Tenure::Holder },
        from: at(from),
        until: until.map(at),
    };
    let holders = |millis| store.holders(&unit("water"), &head, at(millis)).expect(WORKS);
    let mut first = holding(1, 1_000, None);
    store.appoint(&first).expect(WORKS);
    assert_eq!(holders(999), []);
    assert_eq!(holders(1_000), [first.clone()]);
    assert_eq!(holders(1_000_000), [first.clone()]);

    // The holding ends, somebody acts for a while, a successor comes.
    first.until = Some(at(2_000));
    let (acting, successor) = (holding(2, 1_500, Some(3_000)), holding(3, 3_000, None));
    for said in [&first, &successor, &acting] {
        store.appoint(said).expect(WORKS);
    }
    assert_eq!(holders(1_999), [first, acting.clone()]);
    assert_eq!(holders(2_000), std::slice::from_ref(&acting));
    assert_eq!(holders(2_999), [acting]);
    assert_eq!(holders(3_000), [successor]);

    assert_eq!(store.holders(&unit("roads"), &head, at(2_000)).expect(WORKS), []);
    assert_eq!(store.holders(&unit("water"), &nodal, at(2_000)).expect(WORKS), []);
}

/// A post stands vacant when the roster knows it and nobody holds it: before the first holder,
/// between two, after the last.
pub fn a_known_post_without_holder_is_vacant(store: &dyn Store) {
    let [head, nodal] = ["hod", "nodal-officer"].map(|code| PostCode::new(code).expect("a code"));
    let vacant = |millis| store.vacant(&unit("water"), &head, at(millis)).expect(WORKS);
    assert!(!vacant(0), "nothing is known of it");
    for (n, from, until, tenure) in [
        (1, 1_000, 2_000, Tenure::Holder),
        (2, 3_000, 4_000, Tenure::Delegated),
        (3, 3_500, 5_000, Tenure::Holder),
    ] {
        let (from, until) = (at(from), Some(at(until)));
        let (unit, post, person) = (unit("water"), head.clone(), person(n));
        store.appoint(&Holding { unit, post, person, tenure, from, until }).expect(WORKS);
    }
    let expected = [
        (999, true),
        (1_000, false),
        (1_999, false),
        (2_000, true),
        (2_999, true),
        (3_000, false),
        (4_000, false),
        (4_999, false),
        (5_000, true),
    ];
    for (millis, is_vacant) in expected {
        assert_eq!(vacant(millis), is_vacant, "at {millis}");
    }
    assert!(!store.vacant(&unit("roads"), &head, at(0)).expect(WORKS), "another office's post");
    assert!(!store.vacant(&unit("water"), &nodal, at(0)).expect(WORKS), "another post of the office");
}
