//! The scenario files, through a desk, on every store of ours.

use crate::scenario_runner::{Ran, all};
use grievance_core::kernel::code::TenantCode;
use grievance_core::store::memory::MemoryStore;
use grievance_core::vocabulary::{Action, ErrorCode};
use std::collections::BTreeSet;

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

/// The files are the tests of every binding, so they take every verb and meet every refusal that
/// a host can bring about with commands alone.
#[test]
fn the_scenarios_take_every_action_and_meet_every_refusal() {
    let (mut taken, mut met) = (BTreeSet::<Action>::new(), BTreeSet::<ErrorCode>::new());
    for (name, scenario) in all() {
        assert!(scenario.about.ends_with('.'), "{name}: `about` is a sentence");
        taken.extend(
            scenario.steps.iter().filter_map(|step| step.request["action"].as_str()?.parse::<Action>().ok()),
        );
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
    ];
    let unmet: Vec<_> =
        ErrorCode::ALL.iter().filter(|code| !met.contains(*code) && !elsewhere.contains(code)).collect();
    assert!(unmet.is_empty(), "no scenario meets {unmet:?}");
}
