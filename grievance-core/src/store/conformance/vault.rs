//! What is promised of words: erased with a commit, kept anew under another key, looked at in order.

use crate::grievance::event::{Position, What};
use crate::grievance::payload::Erased;
use crate::kernel::code::StageCode;
use crate::kernel::text::{Compartment, Digest};
use crate::rulebook::access::Scope;
use crate::store::blind::{Indexed, Sought};
use crate::store::commit::Commit;
use crate::store::conformance::sample::{Sample, at, commit, kept, person, tenant, text, token, unit};
use crate::store::looks::{LookRow, Looked};
use crate::store::search::Search;
use crate::store::vault::{Content, StoredText};
use crate::store::{Rekept, Store};
use crate::vocabulary::{ErasureBecause, LookPurpose, Phase};
use std::collections::BTreeSet;

const WORKS: &str = "the store works";

/// A case with so many texts; the first three are of somebody with the tokens 1 and 2.
fn with_texts(n: u64, texts: u64) -> (Sample, Commit) {
    let sample = Sample::lodged(n);
    let mut commit = sample.commit(n);
    for place in 0..texts {
        let compartment = if place < 3 { Compartment::Identity } else { Compartment::Texts };
        let (_, row) = text(n * 100 + place, compartment, "somebody's words");
        commit.texts.push(kept(sample.id, &row, &[1, 2]));
    }
    (sample, commit)
}

fn erased(sample: &Sample) -> Sample {
    let stage = StageCode::new("closed").expect("a code");
    let to = Position { phase: Phase::Disposed, stage, unit: unit("water") };
    sample.clone().then(What::Erased(Erased { because: ErasureBecause::Request }), to)
}

fn found(store: &dyn Store, n: u64) -> usize {
    let name = Some(Sought::Tokens(vec![vec![token(n)]]));
    store.search(&Scope::All, &Search { name, ..Search::default() }).expect(WORKS).cases.len()
}

/// A commit that says `erased` takes every text and token of the case, and what is left to try words
/// out on, with it; nothing of another case. One that is refused takes nothing.
pub fn an_erasure_takes_the_words_of_its_case(store: &dyn Store) {
    let ((one, first), (other, second)) = (with_texts(1, 5), with_texts(2, 5));
    store.commit(&first).expect(WORKS);
    store.commit(&second).expect(WORKS);
    assert_eq!(found(store, 1), 2);
    let gone = erased(&one);

    let mut stale = commit(8, vec![gone.after(1)]);
    stale.streams[0].expected = 7;
    assert!(store.commit(&stale).is_err());
    assert!(store.has_texts(one.id).expect(WORKS), "a refused commit erases nothing");

    let erasing = commit(9, vec![gone.after(1)]);
    assert!(erasing.streams[0].erases());
    store.commit(&erasing).expect(WORKS);
    let ids: Vec<_> = first.texts.iter().map(|text| text.id).collect();
    assert!(store.texts(&ids).expect(WORKS).is_empty() && !store.has_texts(one.id).expect(WORKS));
    assert_eq!((found(store, 1), found(store, 2)), (1, 1), "the other one is still found");
    let theirs: Vec<_> = second.texts.iter().map(|text| text.id).collect();
    assert_eq!(store.texts(&theirs).expect(WORKS).len(), theirs.len());
    assert!(store.has_texts(other.id).expect(WORKS));
    let fingerprint = |commit: &Commit| store.receipt(commit.command).expect(WORKS).map(|(print, _)| print);
    assert_eq!(fingerprint(&first), Some(Commit::NO_FINGERPRINT));
    assert_eq!(fingerprint(&second), Some(second.fingerprint));
    assert_eq!(fingerprint(&erasing), Some(erasing.fingerprint), "it is known again when it is sent again");
    assert_eq!(store.history(one.id).expect(WORKS).events, gone.history(), "the history goes on");
    assert_eq!(store.commit(&erasing).expect(WORKS), erasing.receipt());
}

/// A text as it is under another key, with other tokens.
fn anew(text: &StoredText, key: &str, tokens: &[u64]) -> StoredText {
    let tokens = tokens.iter().map(|n| token(*n)).collect();
    let content = Content::Sealed { key: key.into(), bytes: vec![1, 2, 3] };
    let indexed = text.indexed.is_some().then(|| Indexed { key: key.into(), tokens });
    StoredText { content, indexed, ..text.clone() }
}

/// Every text that is under another key is named once, in order; kept anew, it has the new content
/// and the new tokens alone; one that is no longer as it was read is left as it is.
pub fn texts_are_kept_anew_under_another_key(store: &dyn Store) {
    let mut all = BTreeSet::new();
    for n in 1..=4 {
        let (_, commit) = with_texts(n, 5);
        store.commit(&commit).expect(WORKS);
        all.extend(commit.texts.iter().map(|text| text.id));
    }
    let (mut after, mut stale) = (None, Vec::new());
    loop {
        let page = store.stale_texts(Some("2027"), "2027", after, 3).expect(WORKS);
        after = page.last().map(|text| text.id);
        if page.is_empty() {
            break;
        }
        stale.extend(page);
    }
    assert_eq!(stale.iter().map(|text| text.id).collect::<Vec<_>>(), all.iter().copied().collect::<Vec<_>>());
    let texts: Vec<Rekept> = stale
        .iter()
        .map(|before| Rekept { before: before.clone(), after: anew(before, "2027", &[3]) })
        .collect();
    assert_eq!(store.keep_anew(&texts).expect(WORKS), all.len() as u64);
    assert_eq!((found(store, 1), found(store, 3)), (0, 4));
    assert!(store.stale_texts(Some("2027"), "2027", None, 100).expect(WORKS).is_empty());
    let now = store.texts(&[texts[0].before.id]).expect(WORKS);
    assert_eq!(now[0].content, texts[0].after.content);
    // Somebody else was first: what was read is no longer what is kept.
    let late: Vec<Rekept> = stale
        .iter()
        .map(|before| Rekept { before: before.clone(), after: anew(before, "2028", &[4]) })
        .collect();
    assert_eq!(store.keep_anew(&late).expect(WORKS), 0);
    assert_eq!((found(store, 3), found(store, 4)), (4, 0));
    // What was erased meanwhile does not come back.
    let gone = erased(&Sample::lodged(1));
    store.commit(&commit(9, vec![gone.after(1)])).expect(WORKS);
    let again: Vec<Rekept> = texts
        .iter()
        .map(|text| Rekept { before: text.after.clone(), after: anew(&text.after, "2028", &[4]) })
        .collect();
    assert_eq!(store.keep_anew(&again).expect(WORKS), 15);
    assert!(!store.has_texts(gone.id).expect(WORKS));
    assert_eq!(found(store, 4), 3);
    // Texts that are left unsealed name no key: then every seal is another one.
    assert_eq!(store.stale_texts(None, "2028", None, 100).expect(WORKS).len(), 15);
}

fn looks(last: Option<(u64, Digest)>, cases: &[u64]) -> Vec<LookRow> {
    let actor = crate::rulebook::access::Actor {
        on_behalf_of: None,
        person: person(1),
        post: None,
        role: crate::kernel::code::RoleCode::new("auditor").expect("a code"),
        tenure: None,
        unit: Some(unit("cell")),
    };
    let looked: Vec<Looked> = cases
        .iter()
        .map(|n| Looked {
            case: (*n > 0).then(|| crate::store::conformance::sample::case(*n)),
            fields: vec!["mobile".into(), "name".into()],
            purpose: LookPurpose::Audit,
            texts: Vec::new(),
        })
        .collect();
    LookRow::chain(&tenant("first"), last, looked.iter().map(|looked| (&actor, at(7), looked)))
}

/// Entries of the access log come back as they were written, in order, and by case; of two who add
/// the same place one is refused, and nothing of what they add is kept.
pub fn looks_are_kept_in_order(store: &dyn Store) {
    assert_eq!(store.last_look().expect(WORKS), None);
    assert!(store.looks(0, 10).expect(WORKS).is_empty());
    let first = looks(None, &[1, 2, 0, 1]);
    assert!(store.add_looks(&first).expect(WORKS));
    let last = first.last().map(|row| (row.place, row.hash));
    assert_eq!(store.last_look().expect(WORKS), last);
    assert!(!store.add_looks(&looks(None, &[3])).expect(WORKS), "the place is taken");
    let late = looks(first.get(2).map(|row| (row.place, row.hash)), &[3, 3]);
    assert!(!store.add_looks(&late).expect(WORKS), "the first of them is, so none is added");
    assert!(store.add_looks(&looks(last, &[2])).expect(WORKS));
    assert!(store.add_looks(&[]).expect(WORKS), "nothing is easily added");

    let all = store.looks(0, 10).expect(WORKS);
    assert_eq!(all[..4], first);
    assert_eq!(all.iter().map(|row| row.place).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    assert_eq!(store.looks(1, 2).expect(WORKS), all[1..3]);
    let of_case = store.looks_at(crate::store::conformance::sample::case(1), 0, 10).expect(WORKS);
    assert_eq!(of_case, [all[0].clone(), all[3].clone()]);
    let later = store.looks_at(crate::store::conformance::sample::case(1), 1, 1).expect(WORKS);
    assert_eq!(later, [all[3].clone()]);
}
