//! The scenario files, through a desk, on every store of ours.

use crate::scenario_runner::{Ran, all};
use grievance_core::Rulebook;
use grievance_core::desk::flat::Flat as _;
use grievance_core::grievance::event::What;
use grievance_core::kernel::code::TenantCode;
use grievance_core::kernel::id::GrievanceId;
use grievance_core::kernel::text::Digest;
use grievance_core::proof::canonical::to_canonical;
use grievance_core::store::memory::MemoryStore;
use grievance_core::vocabulary::{Action, CLOSED_LISTS, ErrorCode, EventKind, Waiver};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

fn tenant() -> TenantCode {
    TenantCode::new("scenario").expect("a code")
}

/// Every history of a run with its last hash: what two stores must agree on.
fn histories(ran: &Ran) -> Vec<String> {
    let histories = ran.cases.values().map(|case| ran.desk.store().history(*case).expect("it reads"));
    histories.map(|history| format!("{history:?}")).collect()
}

#[test]
fn every_scenario_ends_as_it_says() {
    for (name, scenario) in all() {
        scenario.run(&name, MemoryStore::default().tenant(&tenant()));
    }
}

/// The same steps with the same identities leave the same bytes and hashes, whatever keeps them.
#[cfg(feature = "sqlite")]
#[test]
fn sqlite_keeps_the_same_histories() {
    use grievance_core::sql::sqlite::SqliteStore;
    for (name, scenario) in all() {
        let memory = scenario.run(&name, MemoryStore::default().tenant(&tenant()));
        let sqlite = scenario.run(&name, SqliteStore::open_in_memory().expect("memory").tenant(&tenant()));
        assert_eq!(histories(&memory), histories(&sqlite), "{name}");
    }
}

/// SHA-256 over what a run has stored, answered and posted, as `docs/reference/scenarios.md` says.
fn digests(ran: &Ran) -> BTreeMap<String, String> {
    let (mut events, mut notices) = (String::new(), String::new());
    for (label, case) in &ran.cases {
        for it in ran.desk.stored_history(*case).expect("it reads").events {
            writeln!(events, "{label}\t{}\t{}\t{}\t{}", it.version, it.at, it.actor, it.event)
                .expect("a text grows");
        }
        let posted = ran.desk.store().notices_of(*case).expect("it reads").flat();
        let posted = to_canonical(&posted).expect("it is JSON");
        writeln!(notices, "{label}\t{posted}").expect("a text grows");
    }
    let texts = [("answers", &ran.answers), ("events", &events), ("notices", &notices)];
    texts.map(|(what, text)| (what.to_owned(), Digest::of(&[text.as_bytes()]).to_string())).into()
}

/// Every language leaves the same bytes: each compares its own run with this file.
/// `UPDATE_GOLDEN=1` rewrites it.
#[test]
fn the_runs_leave_the_bytes_that_the_digests_say() {
    let runs: BTreeMap<String, BTreeMap<String, String>> = all()
        .into_iter()
        .map(|(name, scenario)| {
            let ran = scenario.run(&name, MemoryStore::default().tenant(&tenant()));
            let digests = digests(&ran);
            (name, digests)
        })
        .collect();
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/scenario-digests.json");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let text = serde_json::to_string_pretty(&runs).expect("texts") + "\n";
        std::fs::write(&path, text).expect("it is written");
    }
    let kept = std::fs::read_to_string(&path).expect("the digests are there");
    let mut kept: BTreeMap<String, BTreeMap<String, String>> =
        serde_json::from_str(&kept).expect("names and digests");
    kept.retain(|name, _| std::env::var("SCENARIO").map_or(true, |only| *name == only));
    assert_eq!(runs, kept);
}

/// The flat facts of the desk say what the row and the history say.
#[test]
fn the_facts_of_a_desk_are_those_of_the_history() {
    for (name, scenario) in all() {
        let ran = scenario.run(&name, MemoryStore::default().tenant(&tenant()));
        for (label, id) in &ran.cases {
            let (facts, whole) = (ran.desk.facts(*id).expect("it is there"), ran.view(*id));
            assert_eq!(facts.fact, whole.fact, "{name}, {label}");
            let kinds: Vec<_> = whole.history.iter().map(|next| next.event.what.kind()).collect();
            assert_eq!(facts.events, kinds, "{name}, {label}");
            let stored = ran.desk.stored_history(*id).expect("it is there");
            assert_eq!(Some(stored.head), ran.desk.store().history(*id).unwrap().head, "{name}, {label}");
            let pages = ran.desk.store().file(*id).expect("it reads").folios;
            let texts: Vec<_> = pages.iter().map(|page| page.body.clone()).collect();
            let own: Vec<_> = stored.events.iter().map(|it| it.event.clone().into_bytes()).collect();
            assert_eq!(own, texts, "{name}, {label}: byte for byte");
        }
        let nobody = ran.desk.facts(GrievanceId::from_uuid(uuid::Uuid::nil()));
        assert_eq!(nobody.map_err(|problem| problem.code()), Err(ErrorCode::NotFound));
    }
}

/// No closed list is left out of what other languages are written from.
#[test]
fn every_closed_list_is_told() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/vocabulary");
    let sources = std::fs::read_dir(folder).expect("the folder is there");
    let tables: usize = sources
        .map(|file| std::fs::read_to_string(file.unwrap().path()).expect("it reads"))
        .map(|text| text.matches("macro_rules! for_").count())
        .sum();
    // The tables of verbs, measures, papers and records are no lists.
    assert_eq!(CLOSED_LISTS.len(), tables - 4);
    let codes = CLOSED_LISTS.iter().find(|list| list.name == "ErrorCode").expect("it is one");
    let words: Vec<_> = codes.words.iter().map(|word| word.word).collect();
    assert_eq!(words, ErrorCode::ALL.iter().map(|code| code.as_str()).collect::<Vec<_>>());
}

/// What has happened in all scenarios together: kinds of events, reasons of disposals, and why nobody was heard.
#[test]
fn the_scenarios_end_for_every_reason_and_tell_every_kind_of_event() {
    let (mut kinds, mut reasons, mut waivers) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for (name, scenario) in all() {
        let ran = scenario.run(&name, MemoryStore::default().tenant(&tenant()));
        for next in ran.cases.values().flat_map(|case| ran.view(*case).history) {
            kinds.insert(next.event.what.kind());
            match next.event.what {
                What::Disposed(disposed) => drop(reasons.insert(disposed.reason.to_string())),
                What::FeedbackWaived(waived) => drop(waivers.insert(waived.because)),
                _ => {}
            }
        }
    }
    let origin = Rulebook::from_toml("extends = \"west-bengal\"").expect("it is ours");
    let undone: Vec<_> =
        origin.reasons().iter().filter(|reason| !reasons.contains(reason.code.as_str())).collect();
    assert!(undone.is_empty(), "no scenario ends for {undone:?}");
    let unwaived: Vec<_> = Waiver::ALL.iter().filter(|waiver| !waivers.contains(*waiver)).collect();
    assert!(unwaived.is_empty(), "no scenario waives for {unwaived:?}");
    // Imports, the outbox, ladders that propose, parts that live again: `import_main_job`, `windows`, `ladder`, `law_life`.
    let elsewhere = [
        EventKind::Adopted,
        EventKind::ComplainantInformed,
        EventKind::NoticeParked,
        EventKind::EscalationProposed,
        EventKind::PartReopened,
    ];
    let untold: Vec<_> =
        EventKind::ALL.iter().filter(|kind| !kinds.contains(*kind) && !elsewhere.contains(kind)).collect();
    assert!(untold.is_empty(), "no scenario has {untold:?}");
}

/// The files are the tests of every binding, so they take every verb and meet every refusal that
/// a host can bring about with commands alone.
#[test]
fn the_scenarios_take_every_action_and_meet_every_refusal() {
    let (mut taken, mut met) = (BTreeSet::<Action>::new(), BTreeSet::<ErrorCode>::new());
    for (name, scenario) in all() {
        assert!(scenario.about.ends_with('.'), "{name}: `about` is a sentence");
        let steps = scenario.steps.iter().filter(|step| step.is_taken());
        taken.extend(steps.filter_map(|step| step.request["action"].as_str()?.parse::<Action>().ok()));
        let ran = scenario.run(&name, MemoryStore::default().tenant(&tenant()));
        met.extend(ran.refusals.iter().map(grievance_core::desk::DeskError::code));
    }
    let untaken: Vec<&Action> = Action::ALL.iter().filter(|action| !taken.contains(*action)).collect();
    assert!(untaken.is_empty(), "no scenario takes {untaken:?}");
    let elsewhere = [
        // Codes to mobiles and messages: `otp`, `otp_store`, `message_render`.
        ErrorCode::CodeTooOften,
        ErrorCode::CodeWrong,
        ErrorCode::CodeSpent,
        ErrorCode::CodeLocked,
        ErrorCode::TokenInvalid,
        ErrorCode::MessageInvalid,
        ErrorCode::MessageNotSent,
        // Keys: `vault_seal`.
        ErrorCode::KeyMissing,
        ErrorCode::SealBroken,
        // Stores, rulebooks and imports.
        ErrorCode::RulebookInvalid,
        ErrorCode::RulebookUnknown,
        ErrorCode::MappingMissing,
        ErrorCode::EventUnreadable,
        // Proofs: `proof_checkpoint`, `proof_receipt`, `proof_tamper`.
        ErrorCode::HistoryAltered,
        ErrorCode::NotCovered,
        ErrorCode::ProofInvalid,
        ErrorCode::ReceiptInvalid,
        // Measures: `measure_ledger`, `measure_cases`.
        ErrorCode::PartInvalid,
        ErrorCode::FigureNotKept,
        ErrorCode::RowInvalid,
        ErrorCode::DatesContradict,
        ErrorCode::DuplicateNumber,
        ErrorCode::ContinuedHere,
        ErrorCode::FileInvalid,
        ErrorCode::MapInvalid,
        ErrorCode::SchemaUnknown,
        ErrorCode::Busy,
        ErrorCode::FieldNotSeen,
        ErrorCode::Undone,
        ErrorCode::AnswerLost,
        ErrorCode::NotDurable,
        ErrorCode::MayNotBlock,
        ErrorCode::Storage,
        // Handles of other languages, which can be closed.
        ErrorCode::DeskClosed,
    ];
    let unmet: Vec<_> =
        ErrorCode::ALL.iter().filter(|code| !met.contains(*code) && !elsewhere.contains(code)).collect();
    assert!(unmet.is_empty(), "no scenario meets {unmet:?}");
}
