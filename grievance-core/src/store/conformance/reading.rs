//! What is promised of reading back.

use crate::grievance::project::CaseFact;
use crate::kernel::code::{ChannelCode, PlaceCode, PriorityCode, ReasonCode, SourceCode};
use crate::kernel::text::{Compartment, Digest};
use crate::proof::checkpoint::CaseHead;
use crate::rulebook::access::Scope;
use crate::store::blind::Indexed;
use crate::store::conformance::sample::{Sample, at, case, command, commit, kept, rulebook, text, unit};
use crate::store::vault::StoredText;
use crate::store::{Further, History, Store};
use crate::vocabulary::{DisposalClass, FeedbackOutcome};

const WORKS: &str = "the store works";

/// An unknown case has no history, no row and no number.
pub fn an_unknown_case_is_empty(store: &dyn Store) {
    store.commit(&Sample::lodged(1).commit(1)).expect(WORKS);
    assert_eq!(store.history(case(2)).expect(WORKS), History::default());
    assert_eq!(store.fact(case(2)).expect(WORKS), None);
    assert_eq!(store.receipt(command(2)).expect(WORKS), None);
    assert_eq!(store.find_tracking(Digest::of(&[])).expect(WORKS), None);
}

/// Events come back as they were committed, oldest first.
pub fn history_is_kept_in_order(store: &dyn Store) {
    let begun = Sample::lodged(1);
    store.commit(&begun.commit(1)).expect(WORKS);
    let further = begun.commented().commented();
    store.commit(&commit(2, vec![further.after(1)])).expect(WORKS);
    let whole = further.disposed();
    store.commit(&commit(3, vec![whole.after(3)])).expect(WORKS);
    let kept = store.history(whole.id).expect(WORKS);
    assert_eq!(kept.events, whole.history());
    assert_eq!(kept.head, whole.head());
    assert_eq!(store.fact(whole.id).expect(WORKS), Some(whole.fact()));
}

/// The row of a case comes back field by field, with everything or with nothing in it, and is
/// replaced as a whole.
pub fn a_row_is_kept_as_it_is(store: &dyn Store) {
    const CODE: &str = "a code";
    let sample = Sample::lodged(1);
    let mut whole = sample.commit(1);
    whole.streams[0].fact = CaseFact {
        source: Some(SourceCode::new("other-system").expect(CODE)),
        external_number: Some("№ 7 / “ক”".into()),
        place: Some(PlaceCode::new("kolkata").expect(CODE)),
        channel: Some(ChannelCode::new("kiosk").expect(CODE)),
        priority: Some(PriorityCode::new("urgent").expect(CODE)),
        held_since: at(-1),
        received_at: at(-2),
        first_disposed_at: Some(at(3)),
        disposed_at: Some(at(4)),
        disposed_by: Some(unit("water")),
        reason: Some(ReasonCode::new("provided").expect(CODE)),
        class: Some(DisposalClass::TakenUp),
        feedback: Some(FeedbackOutcome::NotSatisfied),
        reopenings: 5,
        appeals: 6,
        due_at: Some(at(5)),
        breaches: 8,
        breached_at: Some(at(6)),
        breached_by: Some(unit("roads")),
        escalations: 9,
        level: 3,
        reminders: 10,
        extensions: 2,
        transfers: u32::MAX,
        judged_due_at: Some(at(-7)),
        late_at: Some(at(-8)),
        soon_at: Some(at(-9)),
        last_told_at: Some(at(7)),
        suggestion: Some(crate::kernel::id::VaultId::from_uuid(uuid::Uuid::from_u128(92))),
        part_of: Some(case(90)),
        merged_into: Some(case(91)),
        tracking: Some(Digest::of(&[b"code"])),
        rulebook: rulebook(9),
        ..sample.fact()
    };
    store.commit(&whole).expect(WORKS);
    assert_eq!(store.fact(sample.id).expect(WORKS).as_ref(), Some(&whole.streams[0].fact));

    let further = sample.commented();
    let mut bare = commit(2, vec![further.after(1)]);
    bare.streams[0].fact = CaseFact {
        number: None,
        external_number: None,
        category: None,
        place: None,
        channel: None,
        priority: None,
        ..further.fact()
    };
    store.commit(&bare).expect(WORKS);
    assert_eq!(store.fact(further.id).expect(WORKS).as_ref(), Some(&bare.streams[0].fact));
}

/// Texts come back as they were written, in the order they are asked for; one that is not there
/// is left out. (No NUL character is among them: PostgreSQL's `text` holds none.)
pub fn texts_come_back(store: &dyn Store) {
    let sample = Sample::lodged(1);
    let contents = ["রাস্তা ভাঙা — the “road” is broken\n\u{1F6A7}", "Ro'b\"; DROP TABLE vault;--", " "];
    let rows: Vec<_> = (1..)
        .zip(contents)
        .map(|(n, content)| {
            let compartment = if n == 2 { Compartment::Identity } else { Compartment::Texts };
            text(n, compartment, content).1
        })
        .collect();
    let mut first = sample.commit(1);
    let rows: Vec<_> = rows.iter().map(|row| kept(sample.id, row, &[1, 2])).collect();
    first.texts.clone_from(&rows);
    store.commit(&first).expect(WORKS);

    let missing = text(99, Compartment::Texts, "").1.id;
    let wanted = [rows[2].id, missing, rows[0].id, rows[1].id];
    let found = store.texts(&wanted).expect(WORKS);
    let expected = [&rows[2], &rows[0], &rows[1]];
    assert_eq!(found.len(), expected.len());
    for (found, row) in found.iter().zip(expected) {
        // Tokens are compared where they are, not read back.
        let indexed = row.indexed.clone().map(|indexed| Indexed { tokens: Vec::new(), ..indexed });
        assert_eq!(*found, StoredText { indexed, ..row.clone() });
    }
    assert!(store.texts(&[]).expect(WORKS).is_empty());
}

fn many(store: &dyn Store) -> Vec<Sample> {
    let mut samples: Vec<Sample> = (1..=300)
        .map(|n| match n % 3 {
            0 => Sample::lodged(n),
            1 => Sample::adopted(n, "boston311", &n.to_string()).commented(),
            _ => Sample::lodged(n).commented().commented().commented().commented().commented().disposed(),
        })
        .collect();
    let commits: Vec<_> = (1..).zip(&samples).map(|(n, sample)| sample.commit(n)).collect();
    for answer in store.commit_all(&commits).expect(WORKS) {
        answer.expect(WORKS);
    }
    samples.sort_by_key(|sample| sample.id);
    samples
}

/// A scan gives every history whole, in the order of the identities.
pub fn a_scan_gives_every_history(store: &dyn Store) {
    store.scan(&Scope::All, &mut |_| panic!("an empty store has no history")).expect(WORKS);
    let samples = many(store);
    let mut expected = samples.iter();
    let compare = &mut |history: &[_]| {
        assert_eq!(history, expected.next().expect("there is such a case").history());
        true
    };
    store.scan(&Scope::All, compare).expect(WORKS);
    assert!(expected.next().is_none(), "no case is left out");
}

/// A scan stops when it is told to.
pub fn a_scan_stops_early(store: &dyn Store) {
    let samples = many(store);
    for stop in [1, 7, 300] {
        let mut seen = Vec::new();
        let look = &mut |history: &[crate::grievance::event::Recorded]| {
            seen.push(history[0].case);
            seen.len() < stop
        };
        store.scan(&Scope::All, look).expect(WORKS);
        assert_eq!(seen, samples[..stop].iter().map(|sample| sample.id).collect::<Vec<_>>());
    }
}

/// Whoever scans may read and write meanwhile.
pub fn a_scan_may_use_the_store(store: &dyn Store) {
    let samples = many(store);
    let mut seen = 0;
    let touch = &mut |history: &[crate::grievance::event::Recorded]| {
        let sample = &samples[seen];
        seen += 1;
        assert_eq!(store.history(sample.id).expect(WORKS).events, history);
        let further = sample.clone().commented();
        let added = further.after(sample.history().len());
        store.commit(&commit(1_000 + seen as u64, vec![added])).expect(WORKS);
        seen < 20
    };
    store.scan(&Scope::All, touch).expect(WORKS);
    assert_eq!(seen, 20);
}

/// What a command begins with is what is in force and what the case is, as if asked one by one.
pub fn an_opening_has_rulebook_and_history(store: &dyn Store) {
    let sample = Sample::lodged(1).commented();
    assert_eq!(store.opening(sample.id, at(0)).expect(WORKS), (None, History::default()));
    store.keep(rulebook(1), "{}").expect(WORKS);
    store.activate(rulebook(1), at(1_000)).expect(WORKS);
    store.commit(&sample.commit(1)).expect(WORKS);
    for millis in [999, 1_000] {
        let asked = (store.in_force(at(millis)).expect(WORKS), store.history(sample.id).expect(WORKS));
        assert_eq!(store.opening(sample.id, at(millis)).expect(WORKS), asked);
    }
}

/// Whoever has read a history up to an event is given what came after that event, or everything:
/// everything, where the case has no event of that version and that hash.
pub fn a_history_goes_on_after_an_event(store: &dyn Store) {
    let sample = Sample::lodged(1).commented().commented().disposed();
    let other = Sample::lodged(2).commented();
    store.keep(rulebook(1), "{}").expect(WORKS);
    store.activate(rulebook(1), at(0)).expect(WORKS);
    store.commit(&sample.commit(1)).expect(WORKS);
    store.commit(&other.commit(2)).expect(WORKS);
    let pages = store.file(sample.id).expect(WORKS).folios;
    for (version, page) in (1..).zip(&pages) {
        let hash = page.stored_hash().expect("a page has a hash");
        let read = CaseHead { case: sample.id, version, hash };
        goes_on(store, &read, true);
        goes_on(store, &CaseHead { hash: Digest::of(&[b"another"]), ..read }, false);
        goes_on(store, &CaseHead { version: version + 1, ..read }, false);
        goes_on(store, &CaseHead { case: other.id, ..read }, false);
        goes_on(store, &CaseHead { case: case(9), ..read }, false);
    }
    assert_eq!(pages.len(), sample.history().len());
}

fn goes_on(store: &dyn Store, read: &CaseHead, is_there: bool) {
    let whole = store.history(read.case).expect(WORKS);
    let (version, opened) = store.opening_after(read, at(0)).expect(WORKS);
    assert_eq!(version, store.in_force(at(0)).expect(WORKS));
    for further in [store.history_after(read).expect(WORKS), opened] {
        match further {
            Further::Whole(history) => assert_eq!(history, whole),
            Further::After(rest) => {
                assert!(is_there, "the case has no such event");
                let came = whole.events.iter().skip_while(|event| event.version <= read.version);
                assert!(rest.events.iter().eq(came), "what came after the event, and nothing else");
                assert_eq!(rest.head, whole.head);
            }
        }
    }
}
