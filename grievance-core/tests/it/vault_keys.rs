//! Keys are changed, and words go with their case, whatever else is done meanwhile.

use crate::desk_support::{TOWN, at, citizen, lodge, officer, seek, stores, tenant, words_under};
use crate::vault_keep::{
    NOW, administrator, clerk, close, court, desk_with, desks, erase, references, ring, somebody,
};
use chrono::{DateTime, TimeDelta, Utc};
use grievance_core::desk::{Desk, SeededMint};
use grievance_core::grievance::event::What;
use grievance_core::kernel::id::VaultId;
use grievance_core::kernel::text::Digest;
use grievance_core::rulebook::access::Actor;
use grievance_core::store::Store;
use grievance_core::store::search::Search;
use grievance_core::store::vault::Content;
use proptest::prelude::*;
use std::sync::Arc;

/// A store's texts of a case, and how they are kept: how many under which key.
fn kept_under(store: &dyn Store, texts: &[VaultId], key: &str) -> usize {
    let texts = store.texts(texts).unwrap();
    texts
        .iter()
        .filter(|text| {
            matches!(&text.content, Content::Sealed { key: own, .. } if own == key)
                && text.indexed.as_ref().is_none_or(|indexed| indexed.key == key)
        })
        .count()
}

/// A new key takes over while others write and erase: in rounds that may stop anywhere, nothing is
/// lost, nothing that was erased comes back, and everybody is still found.
#[test]
fn keys_are_changed_while_others_write() {
    for (name, store) in stores() {
        let plain = desk_with(Arc::clone(&store), ring("old", 1, &[]).leaving_texts_unsealed(), TOWN);
        let old = desk_with(Arc::clone(&store), ring("old", 1, &[]), TOWN);
        let desk = Desk::with_mint(
            Arc::clone(&store),
            tenant(),
            ring("new", 2, &[("old", 1)]).reading_unsealed_texts(),
            Box::new(SeededMint::new(90)),
        );
        let old = &old;
        let mut cases = Vec::new();
        let mut seed = 100;
        for from in [&plain, old] {
            for _ in 0..20 {
                seed += 1;
                let mint = Box::new(SeededMint::new(seed));
                let own = if std::ptr::eq(from, &raw const plain) {
                    ring("old", 1, &[]).leaving_texts_unsealed()
                } else {
                    ring("old", 1, &[])
                };
                let own = Desk::with_mint(Arc::clone(&store), tenant(), own, mint);
                cases.push(own.by(&citizen(), at(NOW)).lodge(somebody()).unwrap().case);
            }
        }
        for case in &cases[..10] {
            close(&desk, *case, NOW);
        }
        let by_name = Search { name: Some("Ratan DAS".into()), limit: 1_000, ..Search::default() };
        assert_eq!(seek(&desk, &by_name).unwrap().cases.len(), 40, "{name}: both keys' tokens are sought");
        let others = std::thread::scope(|scope| {
            let writer = scope.spawn(|| {
                let mint = Box::new(SeededMint::new(7_000));
                let late = Desk::with_mint(Arc::clone(&store), tenant(), ring("old", 1, &[]), mint);
                (0..20)
                    .map(|_| late.by(&citizen(), at(NOW)).lodge(somebody()).unwrap().case)
                    .collect::<Vec<_>>()
            });
            let eraser = scope.spawn(|| {
                for case in &cases[..10] {
                    erase(old, *case, NOW).unwrap();
                }
            });
            for _ in 0..3 {
                let mut after = None;
                loop {
                    let round = desk.reindex(after, 7).unwrap();
                    after = round.next;
                    if after.is_none() {
                        break;
                    }
                }
            }
            eraser.join().unwrap();
            writer.join().unwrap()
        });
        let last = desk.reindex(None, 10_000).unwrap();
        assert!(last.next.is_none(), "{name}");
        assert_eq!(desk.reindex(None, 10_000).unwrap().kept, 0, "{name}: nothing of the old key is left");
        for case in &cases[..10] {
            assert!(!store.has_texts(*case).unwrap(), "{name}: what was erased stays so");
        }
        // The old key is needed no more.
        let only_new =
            Desk::with_mint(Arc::clone(&store), tenant(), ring("new", 2, &[]), Box::new(SeededMint::new(91)));
        for case in cases[10..].iter().chain(&others) {
            let texts = references(&only_new, *case);
            assert_eq!(kept_under(&*store, &texts, "new"), texts.len(), "{name}");
            let opened = words_under(&ring("new", 2, &[]), &only_new, &texts);
            assert!(opened.iter().any(|text| text.content == "Ratan Kumar Das"), "{name}");
            let history = store.history(*case).unwrap().events;
            let What::Lodged(lodged) = &history[0].event.what else { panic!("{name}") };
            let text = opened.iter().find(|text| text.id == lodged.narrative.id).unwrap();
            assert_eq!(Digest::of(&[&text.salt, text.content.as_bytes()]), lodged.narrative.digest, "{name}");
        }
        assert_eq!(seek(&only_new, &by_name).unwrap().cases.len(), 50, "{name}");
    }
}

/// One thing that somebody does in the model's office.
#[derive(Clone, Copy, Debug)]
enum Act {
    Close(usize),
    Reopen(usize),
    Hold(usize, Option<i64>),
    Release(usize),
    Erase(usize),
    Wait(i64),
}

/// What the model knows of a case.
#[derive(Clone, Debug, Default)]
struct Told {
    closed: bool,
    /// Versions of holds with their last day, counted from the first.
    holds: Vec<(u64, Option<i64>)>,
    words: bool,
}

fn act() -> impl Strategy<Value = Act> {
    let case = 0_usize..3;
    prop_oneof![
        3 => case.clone().prop_map(Act::Close),
        1 => case.clone().prop_map(Act::Reopen),
        2 => (case.clone(), prop::option::of(0_i64..4)).prop_map(|(case, days)| Act::Hold(case, days)),
        2 => case.clone().prop_map(Act::Release),
        4 => case.prop_map(Act::Erase),
        2 => (1_i64..3).prop_map(Act::Wait),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Words are there until they are erased; they are erased when the case has ended and no hold
    /// stands on that day, and never otherwise.
    #[test]
    fn words_go_only_when_they_may(acts in prop::collection::vec(act(), 1..30)) {
        for (name, desk) in desks(TOWN) {
            let start: DateTime<Utc> = at("2026-03-02T06:30:00Z"); // noon in the office
            let cases: Vec<_> = (0..3).map(|_| lodge(&desk, "pothole", "2026-03-02T06:30:00Z").case).collect();
            let mut told = vec![Told { words: true, ..Told::default() }; 3];
            let mut days = 0;
            for act in &acts {
                let now = start + TimeDelta::days(days);
                let by = |actor: &Actor, case: usize, json: &str| {
                    let request = crate::desk_support::request(json);
                    desk.by(actor, now).submit(Some(cases[case]), &request).map(|done| done.version)
                };
                match *act {
                    Act::Wait(more) => days += more,
                    Act::Close(n) => {
                        let json = r#"{"action":"dispose","remarks":"Done.","reason":"benefit_provided","evidence":{"date":"2026-03-02","reference":"1"}}"#;
                        let done = by(&officer("hod", "works"), n, json);
                        prop_assert_eq!(done.is_ok(), !told[n].closed, "{}: {:?}", name, act);
                        if done.is_ok() {
                            told[n].closed = true;
                            told[n].words = true;
                        }
                    }
                    Act::Reopen(n) => {
                        let done = by(&clerk(), n, r#"{"action":"reopen","remarks":"Not done."}"#);
                        if done.is_ok() {
                            prop_assert!(told[n].closed);
                            told[n].closed = false;
                            told[n].words = true;
                        }
                    }
                    Act::Hold(n, left) => {
                        let until = left.map(|left| (now + TimeDelta::days(left)).date_naive().to_string());
                        let done = desk.by(&clerk(), now).hold(cases[n], court(until.as_deref())).unwrap();
                        told[n].holds.push((done.version, left.map(|left| days + left)));
                        told[n].words = true;
                    }
                    Act::Release(n) => {
                        let hold = told[n].holds.first().map_or(1, |(version, _)| *version);
                        let json = format!(r#"{{"action":"release_hold","hold":{hold},"remarks":"Over."}}"#);
                        let done = by(&clerk(), n, &json);
                        prop_assert_eq!(done.is_ok(), !told[n].holds.is_empty());
                        if done.is_ok() {
                            told[n].holds.remove(0);
                            told[n].words = true;
                        }
                    }
                    Act::Erase(n) => {
                        let done = by(&administrator(), n, r#"{"action":"erase","because":"order"}"#);
                        let held = told[n].holds.iter().any(|(_, last)| last.is_none_or(|last| days <= last));
                        prop_assert_eq!(done.is_ok(), told[n].closed && !held, "{}: {:?} {:?}", name, act, told[n]);
                        if done.is_ok() {
                            told[n].words = false;
                        }
                    }
                }
                for (case, told) in cases.iter().zip(&told) {
                    prop_assert_eq!(desk.store().has_texts(*case).unwrap(), told.words, "{}: {:?}", name, act);
                }
            }
        }
    }
}
