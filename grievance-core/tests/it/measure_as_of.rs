//! A case as it stood at a past instant.

use crate::measure_histories::{Case, at, fact, imported, stands};
use grievance_core::grievance::event::What;
use grievance_core::grievance::payload::{AdoptedStep, Noted, Reopened, Rescinded};
use grievance_core::grievance::project::CaseFact;
use grievance_core::grievance::state::Grievance;
use grievance_core::kernel::text::{Digest, TextRef};
use grievance_core::measure::as_of::fact_as_of;
use grievance_core::vocabulary::Phase;
use proptest::prelude::*;

const NOTED: fn() -> Noted = || Noted { remarks: None };

#[test]
fn a_case_does_not_exist_before_it_was_lodged_nor_at_that_instant() {
    let lodged = at("2026-03-01T10:00:00");
    let history = imported(1, "works", lodged, None);
    assert_eq!(fact_as_of(&history, at("2026-03-01")), None);
    assert_eq!(fact_as_of(&history, lodged), None);
    assert!(fact_as_of(&history, at("2026-03-01T10:00:01")).is_some());
    assert_eq!(fact_as_of(&[], lodged), None);
}

#[test]
fn an_imported_disposal_counts_by_its_own_date() {
    let disposed = at("2026-03-10");
    let history = imported(1, "works", at("2026-03-01"), Some(disposed));
    let before = fact_as_of(&history, disposed).unwrap();
    assert_eq!((before.phase, before.disposed_at), (Phase::InProgress, None));
    let after = fact_as_of(&history, at("2026-03-10T00:00:01")).unwrap();
    assert_eq!((after.phase, after.disposed_at), (Phase::Disposed, Some(disposed)));
}

#[test]
fn a_later_import_tells_the_past() {
    let lodged = || fact(at("2026-03-01"), AdoptedStep::Lodged, "works");
    let history = Case::new(1)
        .adopted(at("2026-03-20"), vec![lodged()])
        .adopted(at("2026-03-27"), vec![lodged(), fact(at("2026-03-05"), AdoptedStep::Disposed, "water")])
        .history;
    // Between the two imports in time of recording, and yet disposed: the second one says so.
    let fact = fact_as_of(&history, at("2026-03-22")).unwrap();
    assert_eq!((fact.phase, fact.unit.as_str(), fact.version), (Phase::Disposed, "water", 1));
    assert_eq!(fact_as_of(&history, at("2026-03-04")).unwrap().phase, Phase::InProgress);
}

#[test]
fn a_reopening_is_forgotten_before_it_happened() {
    let facts = [
        ("2026-03-01", AdoptedStep::Lodged),
        ("2026-03-05", AdoptedStep::Disposed),
        ("2026-03-09", AdoptedStep::Reopened),
        ("2026-03-12", AdoptedStep::Disposed),
    ];
    let facts = facts.map(|(day, what)| fact(at(day), what, "works")).to_vec();
    let history = Case::new(1).adopted(at("2026-04-01"), facts).history;
    let phase = |day| fact_as_of(&history, at(day)).map(|fact| (fact.phase, fact.reopenings));
    assert_eq!(phase("2026-03-06"), Some((Phase::Disposed, 0)));
    assert_eq!(phase("2026-03-10"), Some((Phase::InProgress, 1)));
    let last = fact_as_of(&history, at("2026-03-13")).unwrap();
    assert_eq!(last.first_disposed_at, Some(at("2026-03-05")));
    assert_eq!(last.disposed_at, Some(at("2026-03-12")));
}

#[test]
fn what_was_recorded_here_after_the_import_counts_by_its_recording() {
    let withdrawn = at("2026-05-02T09:00:00");
    let history = Case::new(1)
        .adopted(at("2026-05-01"), vec![fact(at("2026-03-01"), AdoptedStep::Lodged, "works")])
        .then(withdrawn, stands(Phase::Withdrawn, "works"), What::Withdrawn(NOTED()))
        .history;
    assert_eq!(fact_as_of(&history, withdrawn).unwrap().phase, Phase::InProgress);
    assert_eq!(fact_as_of(&history, at("2026-05-03")).unwrap().phase, Phase::Withdrawn);
}

proptest! {
    /// As of an instant after everything, a case is as its history left it.
    #[test]
    fn as_of_the_end_is_now(steps in prop::collection::vec((0..6_u8, 0..3_u8), 0..12)) {
        let unit = |of: u8| ["works", "water", "roads"][usize::from(of)];
        let mut case = Case::new(7).adopted(
            at("2026-03-01"),
            vec![fact(at("2026-01-01"), AdoptedStep::Lodged, "works")],
        );
        let mut recorded = at("2026-03-02");
        for (step, of) in steps {
            recorded += chrono::TimeDelta::hours(5);
            let open = stands(Phase::InProgress, unit(of));
            case = match step {
                0 => case.then(recorded, open, What::Returned(NOTED())),
                1 => case.then(recorded, stands(Phase::Withdrawn, unit(of)), What::Withdrawn(NOTED())),
                2 => case.then(recorded, open, What::Reopened(Reopened { received_at: None, remarks: None })),
                3 => case.then(recorded, open, What::Rescinded(Rescinded { remarks: sealed(), undone: 1 })),
                4 => case.then(recorded, open, What::Refused(NOTED())),
                _ => case.adopted(recorded, vec![
                    fact(at("2026-01-01"), AdoptedStep::Lodged, "works"),
                    fact(at("2026-02-01"), AdoptedStep::Disposed, unit(of)),
                ]),
            };
        }
        let now = Grievance::replay(&case.history).map(|case| CaseFact::of(&case));
        prop_assert_eq!(fact_as_of(&case.history, at("2030-01-01")), now);
    }
}

fn sealed() -> TextRef {
    TextRef {
        id: grievance_core::kernel::id::VaultId::from_uuid(uuid::Uuid::nil()),
        digest: Digest::from_bytes([0; 32]),
    }
}
