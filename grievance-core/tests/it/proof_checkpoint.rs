//! Checkpoints: made while others write, chained, held to what is stored later.

use crate::desk_support::{at, citizen, desks, lodge, lodging, officer, open, request, stores, take, tenant};
use crate::proof_support::fill;
use grievance_core::desk::{Covered, DeskError};
use grievance_core::kernel::text::Digest;
use grievance_core::proof::case::{CaseProof, ProofError};
use grievance_core::proof::checkpoint::{CaseHead, Checkpoint, Heads, Roots};
use grievance_core::store::StoreError;
use grievance_core::vocabulary::{Discrepancy, ErrorCode};
use proptest::prelude::*;

const NOW: &str = "2026-03-02T09:00:00Z";
const NEXT: &str = "2026-03-09T09:00:00Z";

fn clean(covered: &Covered) -> bool {
    covered.found.is_empty() && covered.more == 0
}

#[test]
fn a_checkpoint_covers_what_is_there_and_holds_while_cases_grow() {
    for (name, desk) in desks() {
        let nothing = desk.checkpoint(at("2026-03-01T00:00:00Z")).unwrap();
        assert_eq!((nothing.cases, nothing.events, nothing.previous), (0, 0, None), "{name}");
        assert_eq!(nothing.root, Digest::of(&[]), "{name}");

        let cases = fill(&desk, 300, NOW);
        let events: u64 = cases.iter().map(|case| desk.store().version(*case).unwrap().unwrap()).sum();
        let first = desk.checkpoint(at(NEXT)).unwrap();
        assert_eq!((first.cases, first.events), (cases.len() as u64, events), "{name}");
        assert_eq!(first.previous, Some(nothing.hash()), "{name}");
        assert_eq!(desk.last_checkpoint().unwrap().as_ref(), Some(&first), "{name}");
        assert_eq!(desk.checkpoint_numbered(first.number).unwrap(), first, "{name}");

        let covered = desk.verify_checkpoint(&first).unwrap();
        assert!(clean(&covered) && covered.events == events, "{name}: {covered:?}");
        let works = officer("hod", "works");
        take(&desk, &works, NEXT, cases[0], r#"{"action":"comment","text":"Later."}"#);
        lodge(&desk, "pothole", NEXT);
        let second = desk.checkpoint(at("2026-03-16T09:00:00Z")).unwrap();
        assert_eq!(second.previous, Some(first.hash()), "{name}");
        assert!(second.number > first.number && second.root != first.root, "{name}");
        for checkpoint in [&nothing, &first, &second] {
            let covered = desk.verify_checkpoint(checkpoint).unwrap();
            assert!(clean(&covered), "{name}: {covered:?}");
            assert_eq!((covered.cases, covered.events), (checkpoint.cases, checkpoint.events), "{name}");
        }
        // Nothing new: the same root under the next number.
        let third = desk.checkpoint(at("2026-03-23T09:00:00Z")).unwrap();
        assert_eq!((third.root, third.previous), (second.root, Some(second.hash())), "{name}");
    }
}

/// A checkpoint that was never made, or is another office's, is told from ours.
#[test]
fn a_forged_checkpoint_is_refused() {
    for (name, desk) in desks() {
        fill(&desk, 50, NOW);
        let real = desk.checkpoint(at(NEXT)).unwrap();
        let forged = [
            Checkpoint { root: Digest::of(&[b"other"]), ..real.clone() },
            Checkpoint { events: real.events - 1, ..real.clone() },
            Checkpoint { previous: Some(real.root), ..real.clone() },
            Checkpoint { number: real.number + 7, ..real.clone() },
            Checkpoint { tenant: "other".parse().unwrap(), ..real.clone() },
            Checkpoint { at: at(NOW), ..real.clone() },
        ];
        for forged in forged {
            let covered = desk.verify_checkpoint(&forged).unwrap();
            assert!(covered.found.iter().any(|it| it.what == Discrepancy::CheckpointDiffers), "{name}");
        }
        let unknown = desk.checkpoint_numbered(real.number + 1).unwrap_err();
        assert_eq!(
            (unknown.clone(), unknown.code()),
            (DeskError::NotCovered, ErrorCode::NotCovered),
            "{name}"
        );
    }
}

/// Only one follows another, and what was taken down under a number stays.
#[test]
fn checkpoints_are_a_chain() {
    for (name, store) in stores() {
        let numbered =
            |number, previous| Checkpoint::over(&Heads::new(), &tenant(), number, at(NOW), previous);
        let first = numbered(store.take_heads().unwrap(), None);
        let other = numbered(store.take_heads().unwrap(), None);
        assert!(store.keep_checkpoint(&first).unwrap(), "{name}");
        assert!(!store.keep_checkpoint(&other).unwrap(), "{name}: there is a first one");
        let second = numbered(other.number, Some(first.hash()));
        assert!(store.keep_checkpoint(&second).unwrap(), "{name}");
        let fork = numbered(store.take_heads().unwrap(), Some(first.hash()));
        assert!(!store.keep_checkpoint(&fork).unwrap(), "{name}: the first has a successor");
        assert!(
            !store.keep_checkpoint(&Checkpoint { previous: Some(second.hash()), ..second.clone() }).unwrap()
        );
        let kept = store.checkpoints(0, 10).unwrap();
        let kept: Vec<_> = kept.iter().map(|kept| kept.read().unwrap()).collect();
        assert_eq!(kept, [first, second.clone()], "{name}");
        assert_eq!(store.checkpoints(second.number, 10).unwrap(), [], "{name}");
    }
}

/// While officers write and others make checkpoints, each checkpoint has a merge wholly or not at
/// all, and holds afterwards.
#[test]
fn a_checkpoint_is_of_one_moment() {
    for (name, store) in stores() {
        let desk = open(store);
        let rulebook = grievance_core::rulebook::Rulebook::from_toml(crate::desk_support::TOWN).unwrap();
        desk.activate(rulebook, at("2020-01-01T00:00:00Z")).unwrap();
        let pairs: Vec<_> =
            (0..40).map(|_| [lodge(&desk, "pothole", NOW).case, lodge(&desk, "pothole", NOW).case]).collect();
        let until = |act: &dyn Fn() -> Result<(), DeskError>| loop {
            match act() {
                Ok(()) => break,
                Err(DeskError::Store(StoreError::Busy)) => {}
                Err(problem) => panic!("{name}: {problem}"),
            }
        };
        let made = std::thread::scope(|threads| {
            let makers: Vec<_> = (0..2)
                .map(|_| {
                    threads.spawn(|| {
                        let mut made = Vec::new();
                        for _ in 0..6 {
                            until(&|| desk.checkpoint(at(NEXT)).map(drop));
                            made.extend(desk.last_checkpoint().unwrap());
                        }
                        made
                    })
                })
                .collect();
            threads.spawn(|| {
                let cell = officer("cell_officer", "desk");
                for [one, other] in &pairs {
                    let json = format!(r#"{{"action":"merge","into":"{other}","remarks":"The same hole."}}"#);
                    until(&|| desk.by(&cell, at(NOW)).submit(Some(*one), &request(&json)).map(drop));
                }
            });
            makers.into_iter().flat_map(|maker| maker.join().unwrap()).collect::<Vec<_>>()
        });
        for checkpoint in &made {
            let heads = desk.store().heads(checkpoint.number, None, 1_000).unwrap();
            let version = |case| heads.iter().find(|head| head.case == case).unwrap().version;
            for [one, other] in &pairs {
                // Lodged they are at version 2; the merge adds to both in one commit.
                assert_eq!(version(*one) > 2, version(*other) > 2, "{name}: half of a merge");
            }
            assert!(clean(&desk.verify_checkpoint(checkpoint).unwrap()), "{name}");
        }
    }
}

/// The rulebook's schedule makes one a week, in the sweep.
#[test]
fn the_sweep_makes_the_weekly_checkpoint() {
    for (name, desk) in desks() {
        fill(&desk, 30, NOW);
        // Made on Mondays at 08:45 in the offices' zone.
        let swept = desk.sweep(at("2026-03-09T03:00:00Z"), 100).unwrap();
        let first = swept.checkpoint.expect("weeks have passed since 2020").unwrap();
        assert!(desk.store().open_jobs(10_000).unwrap().iter().all(|job| job.kind.as_str() != "checkpoint"));
        let none = desk.sweep(at("2026-03-09T03:14:59Z"), 100).unwrap();
        assert_eq!(none.checkpoint, None, "{name}");
        let next = desk.sweep(at("2026-03-09T03:15:00Z"), 100).unwrap().checkpoint.unwrap().unwrap();
        assert_eq!(next.previous, Some(first.hash()), "{name}");
        assert_eq!(desk.sweep(at("2026-03-09T03:16:00Z"), 100).unwrap().checkpoint, None, "{name}");
        assert!(clean(&desk.verify_checkpoint(&next).unwrap()), "{name}");
    }
}

/// Page by page an audit comes to the same as at once, and finds nothing where nothing is wrong.
#[test]
fn an_audit_may_be_taken_up_again() {
    for (name, desk) in desks() {
        let cases = fill(&desk, 2_500, NOW);
        let once = desk.verify_all(None, usize::MAX).unwrap();
        assert_eq!((once.cases, once.next.clone()), (cases.len() as u64, None), "{name}");
        assert!(once.events >= 2_500 && once.found.is_empty(), "{name}: {once:?}");
        let (mut place, mut parts, mut counted) = (None, 0, (0, 0));
        loop {
            let part = desk.verify_all(place.as_ref(), 1).unwrap();
            assert_eq!(part.found, [], "{name}");
            counted = (counted.0 + part.cases, counted.1 + part.events);
            parts += 1;
            let Some(next) = part.next else { break };
            let kept = serde_json::to_string(&next).unwrap();
            place = Some(serde_json::from_str(&kept).unwrap());
        }
        assert_eq!((parts, counted), (3, (once.cases, once.events)), "{name}");
        // Each was verified twice; these once more by themselves.
        for case in cases.into_iter().step_by(53) {
            let verified = desk.verify(case).unwrap();
            assert_eq!((verified.found, Some(verified.events)), (None, desk.store().version(case).unwrap()));
        }
        let unknown = crate::wire_events::case(77);
        assert_eq!(desk.verify(unknown).unwrap_err().code(), ErrorCode::NotFound, "{name}");
    }
}

/// A citizen's proof holds against the printed hash and the receipt, and nothing in it can be
/// changed.
#[test]
fn a_proof_holds_as_it_is_and_no_other_way() {
    for (name, desk) in desks() {
        let done = lodge(&desk, "pothole", NOW);
        let (case, receipt) = (done.case, done.receipt.unwrap());
        fill(&desk, 60, NOW);
        let early = desk.by(&citizen(), at(NEXT)).prove(case, None).unwrap_err();
        assert_eq!(early.code(), ErrorCode::NotCovered, "{name}: no checkpoint was made");
        let checkpoint = desk.checkpoint(at(NEXT)).unwrap();
        let works = officer("hod", "works");
        take(&desk, &works, NEXT, case, r#"{"action":"acknowledge"}"#);
        let proof = desk.by(&citizen(), at(NEXT)).prove(case, Some(checkpoint.number)).unwrap();
        let printed = checkpoint.hash();
        let checked = proof.check(printed, Some(&receipt)).unwrap();
        assert_eq!((checked.case, checked.covered, checked.events, checked.open), (case, 2, 3, 0), "{name}");
        assert_eq!(checked.receipt, receipt, "{name}");

        let text = proof.text();
        assert_eq!(CaseProof::read(&text).as_ref(), Ok(&proof), "{name}");
        let covered = text.find("\"path\"").unwrap();
        for at in 0..text.len() {
            for by in [1, 0x10] {
                let mut bytes = text.clone().into_bytes();
                bytes[at] ^= by;
                let Ok(bent) = String::from_utf8(bytes) else { continue };
                let holds = CaseProof::read(&bent).and_then(|bent| bent.check(printed, Some(&receipt)));
                assert!(holds.is_err(), "{name}: byte {at} of {covered}: {bent}");
            }
        }
        let other = lodge(&desk, "pothole", NEXT);
        assert_eq!(proof.check(printed, other.receipt.as_ref()), Err(ProofError::OtherReceipt), "{name}");
        assert_eq!(proof.check(receipt_hash(), None), Err(ProofError::OtherCheckpoint), "{name}");
        assert_eq!(
            desk.by(&citizen(), at(NEXT)).prove(other.case, None).unwrap_err().code(),
            ErrorCode::NotCovered,
            "{name}: too late"
        );
        let unknown = crate::wire_events::case(77);
        assert_eq!(
            desk.by(&citizen(), at(NEXT)).prove(unknown, None).unwrap_err().code(),
            ErrorCode::NotFound,
            "{name}"
        );
    }
}

/// The checker in `testdata/proof`, written from `docs/reference/proofs.md` alone, comes to the same:
/// on proofs that hold, and on every one that was bent.
#[test]
fn a_checker_in_another_language_agrees() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/proof/check_proof.py");
    if !std::process::Command::new("python3").arg("--version").output().is_ok_and(|it| it.status.success()) {
        println!("there is no python3: the checker in Python was not run");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("proof.json");
    let run = |text: &str, printed: Digest, receipt: &str| {
        std::fs::write(&path, text).unwrap();
        let mut command = std::process::Command::new("python3");
        let ran = command.arg(script).arg(&path).arg(printed.to_string()).arg(receipt).output().unwrap();
        (ran.status.success(), String::from_utf8_lossy(&ran.stdout).into_owned())
    };
    let (_, desk) = desks().into_iter().next().unwrap();
    let done = lodge(&desk, "pothole", NOW);
    fill(&desk, 45, NOW);
    let checkpoint = desk.checkpoint(at(NEXT)).unwrap();
    take(&desk, &officer("hod", "works"), NEXT, done.case, r#"{"action":"acknowledge"}"#);
    let (proof, printed) = (desk.by(&citizen(), at(NEXT)).prove(done.case, None).unwrap(), checkpoint.hash());
    let receipt = done.receipt.unwrap();
    let typed = receipt.as_str().to_lowercase().replace('-', " ");
    assert_eq!(run(&proof.text(), printed, &typed), (true, "holds: 2 events are covered\n".to_owned()));
    for place in (0..checkpoint.cases).step_by(6) {
        let heads = desk.store().heads(checkpoint.number, None, 1_000).unwrap();
        let other =
            desk.by(&citizen(), at(NEXT)).prove(heads[usize::try_from(place).unwrap()].case, None).unwrap();
        let own = other.check(printed, None).unwrap().receipt;
        assert!(run(&other.text(), printed, own.as_str()).0, "{place}");
        if place % 12 == 0 {
            let mut bent = other.clone();
            bent.place = (place + 1) % checkpoint.cases;
            assert!(bent.check(printed, None).is_err() && !run(&bent.text(), printed, own.as_str()).0);
            bent = other.clone();
            bent.events[0].digest = Some(printed);
            assert!(bent.check(printed, None).is_err() && !run(&bent.text(), printed, own.as_str()).0);
            assert!(!run(&other.text(), checkpoint.root, own.as_str()).0);
        }
    }
    assert!(!run(&proof.text(), printed, "0000-0000-0000-0000").0, "another receipt");
}

fn receipt_hash() -> Digest {
    Digest::of(&[b"another office's checkpoint"])
}

/// What is sent in as a proof is refused with a reason, never more.
#[test]
fn hostile_proofs_are_refused() {
    let (_, desk) = desks().into_iter().next().unwrap();
    let done = lodge(&desk, "pothole", NOW);
    let checkpoint = desk.checkpoint(at(NEXT)).unwrap();
    let (proof, printed) = (desk.by(&citizen(), at(NEXT)).prove(done.case, None).unwrap(), checkpoint.hash());
    let check = |proof: &CaseProof| proof.check(printed, None).unwrap_err();
    let long = CaseProof { path: vec![printed; 65], ..proof.clone() };
    assert_eq!(check(&long), ProofError::Malformed);
    assert_eq!(DeskError::from(check(&long)).code(), ErrorCode::ProofInvalid);
    let lengths = CaseProof { path: vec![printed; 3], ..proof.clone() };
    assert!(matches!(check(&lengths), ProofError::NotCovered(_)));
    assert_eq!(check(&CaseProof { events: Vec::new(), ..proof.clone() }), ProofError::EventsMissing);
    assert_eq!(check(&CaseProof { version: 0, ..proof.clone() }), ProofError::EventsMissing);
    assert_eq!(check(&CaseProof { version: u64::MAX, ..proof.clone() }), ProofError::EventsMissing);
    assert_eq!(check(&CaseProof { v: 2, ..proof.clone() }), ProofError::Malformed);
    assert!(matches!(check(&CaseProof { place: u64::MAX, ..proof.clone() }), ProofError::NotCovered(_)));
    let mut bare = proof.clone();
    bare.events[0].digest = None;
    assert_eq!(check(&bare), ProofError::Malformed, "an event that shows nothing proves nothing");
    let mut two = proof.clone();
    two.events.swap(0, 1);
    assert!(matches!(check(&two), ProofError::NotCovered(_) | ProofError::EventAltered { version: 1 }));
    for text in ["", "{}", "null", "[1]", &"[".repeat(100_000), "{\"v\":1}", "\u{0}"] {
        assert_eq!(CaseProof::read(text), Err(ProofError::Malformed));
    }
    let huge = " ".repeat(grievance_core::proof::case::LONGEST_PROOF + 1);
    assert_eq!(CaseProof::read(&huge), Err(ProofError::TooLong));
    let said = serde_json::to_string(&proof).unwrap();
    assert!(!said.contains("words of a complainant"));
    let stranger = desk.by(&citizen(), at(NOW)).lodge(lodging("pothole")).unwrap();
    let misplaced = CaseProof { case: stranger.case, ..proof };
    assert!(matches!(check(&misplaced), ProofError::NotCovered(_)), "another case's proof");
}

proptest! {
    /// A checkpoint is read back from its text and from nothing else.
    #[test]
    fn a_checkpoint_reads_back(cases in 0_u64..1 << 53, number in 0_u64..1 << 53, millis in 0_i64..4_000_000_000_000, follows in any::<bool>(), at in any::<usize>(), by in 1_u8..) {
        let checkpoint = Checkpoint {
            at: chrono::DateTime::from_timestamp_millis(millis).unwrap(),
            cases,
            events: cases,
            looks: follows.then(|| Digest::of(&[b"a look"])),
            number,
            previous: follows.then(|| Digest::of(&[b"before"])),
            root: Digest::of(&[&cases.to_be_bytes()]),
            tenant: tenant(),
            v: 1,
        };
        let text = checkpoint.text();
        prop_assert_eq!(Checkpoint::read(&text), Ok(checkpoint.clone()));
        let mut bytes = text.clone().into_bytes();
        let place = at % bytes.len();
        bytes[place] ^= by;
        if let Ok(other) = String::from_utf8(bytes) {
            prop_assert_ne!(Checkpoint::read(&other).map(|other| other.hash()), Ok(checkpoint.hash()));
        }
    }
}

/// Numbers of 2^53 and more are written as others, so that two proofs would have one text: they are in
/// none of ours and are not read.
#[test]
fn a_proof_with_numbers_that_are_written_as_others_is_not_read() {
    let desk = desks().swap_remove(0).1;
    let case = lodge(&desk, "pothole", NOW).case;
    let made = desk.checkpoint(at(NEXT)).unwrap();
    let proof = desk.by(&citizen(), at(NEXT)).prove(case, None).unwrap();
    let with = |cases: u64| {
        let checkpoint = Checkpoint { cases, ..made.clone() };
        CaseProof::read(&serde_json::to_string(&CaseProof { checkpoint, ..proof.clone() }).unwrap())
    };
    assert_eq!(with(1), Ok(proof.clone()));
    assert!(with((1 << 53) - 1).is_ok());
    for cases in [1 << 53, (1 << 53) + 1, 18_446_744_073_708_026_296, u64::MAX] {
        assert_eq!(with(cases), Err(ProofError::Malformed), "{cases}");
    }
}

fn head(case: u128, version: u64) -> CaseHead {
    let case = grievance_core::kernel::id::GrievanceId::from_uuid(uuid::Uuid::from_u128(case));
    CaseHead { case, version, hash: Digest::of(&[case.as_bytes(), &version.to_be_bytes()]) }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Checkpoint after checkpoint, with what is remembered of the one before it comes to what it
    /// comes to head by head: whichever cases move, come or go, wherever a page ends, and where the
    /// order is broken.
    #[test]
    fn remembered_roots_are_the_roots(
        cases in 900_u128..4_200,
        page in prop_oneof![Just(Roots::RUN), 1_usize..5_000],
        followed in prop::option::of(0_u128..5_000),
        changes in prop::collection::vec((0..5_u8, 0_usize..5_000, 0..3_u8), 1..12),
    ) {
        let mut heads: Vec<CaseHead> = (0..cases).map(|n| head(10 * n, 1)).collect();
        let mut roots = Roots::default();
        for (kind, at, whose) in changes {
            let place = at % heads.len();
            let CaseHead { case, version, hash } = heads[place];
            match kind {
                0 => heads[place] = head(case.uuid().as_u128(), version + 1),
                1 => heads.insert(place + 1, head(case.uuid().as_u128() + 1 + u128::from(whose), 1)),
                2 => drop(heads.remove(place)),
                // A row that somebody changed: nothing of it goes unseen.
                3 => heads[place] = match whose {
                    0 => CaseHead { version: version + 1, case, hash },
                    1 => CaseHead { hash: Digest::of(&[hash.as_bytes()]), case, version },
                    _ => CaseHead { case: head(case.uuid().as_u128() + 5, 1).case, version, hash },
                },
                _ => heads.extend((0..at as u128).map(|n| head(1_000_000 * u128::from(whose + 1) + n, 1))),
            }
            let new = || followed.map_or_else(Heads::new, |case| Heads::following(head(10 * case, 1).case));
            let (mut one_by_one, mut remembered) = (new(), new());
            for head in &heads {
                one_by_one.add(head);
            }
            roots.turn();
            for page in heads.chunks(page) {
                remembered.add_all(page, &mut roots);
            }
            let said = |heads: &Heads| (heads.cases(), heads.events(), heads.root(), heads.path());
            prop_assert_eq!(said(&one_by_one), said(&remembered));
        }
    }
}
