//! What came in and went out in the week before, and that it explains what is pending.

use crate::measure_histories::{Case, at, fact, imported, stands};
use grievance_core::grievance::event::{Recorded, What};
use grievance_core::grievance::payload::{AdoptedStep, Appealed, Noted, Reopened, Rescinded, Sent};
use grievance_core::kernel::text::{Digest, TextRef};
use grievance_core::measure::flow::Flow;
use grievance_core::measure::mis::{MisPart, Terms};
use grievance_core::measure::statement::Mis;
use grievance_core::vocabulary::{AgeRule, Flag, Phase};

const NOTED: fn() -> Noted = || Noted { remarks: None };

fn text() -> TextRef {
    TextRef {
        id: grievance_core::kernel::id::VaultId::from_uuid(uuid::Uuid::nil()),
        digest: Digest::from_bytes([0; 32]),
    }
}

/// As of 8 March: the week is 1 to 7 March.
fn week<'a>(histories: impl IntoIterator<Item = &'a Vec<Recorded>>) -> Mis {
    let mut part = MisPart::new(Terms::new("2026-03-08".parse().unwrap(), chrono_tz::UTC, AgeRule::Calendar));
    for history in histories {
        part.add_history(history);
    }
    part.finish(|code| code.as_str().to_owned())
}

#[test]
fn a_week_has_its_first_midnight_and_not_its_last() {
    let mis = week(&[
        imported(1, "works", at("2026-02-28T23:59:59"), None),
        imported(2, "works", at("2026-03-01"), None),
        imported(3, "works", at("2026-03-02"), Some(at("2026-03-07T23:59:59"))),
        imported(4, "works", at("2026-03-02"), Some(at("2026-03-08"))),
        imported(5, "works", at("2026-03-08"), None),
    ]);
    let expected = Flow { brought_forward: 1, received: 3, disposed: 1, closing: 3, ..Flow::default() };
    assert_eq!(mis.all.flow, expected);
    assert_eq!((mis.all.received, mis.all.pending), (4, 3));
}

#[test]
fn each_movement_is_booked_at_its_office() {
    let sent = || Sent { binding: false, at_cap: false, post: None, remarks: None };
    let lodged = |number| {
        Case::new(number)
            .adopted(at("2026-02-02"), vec![fact(at("2026-02-01"), AdoptedStep::Lodged, "works")])
    };
    let pending = |unit| stands(Phase::InProgress, unit);
    let disposed = vec![
        fact(at("2026-02-01"), AdoptedStep::Lodged, "works"),
        fact(at("2026-02-03"), AdoptedStep::Disposed, "works"),
    ];
    let mis = week(&[
        lodged(1).then(at("2026-03-03"), pending("water"), What::Transferred(sent())).history,
        lodged(2).then(at("2026-03-03"), stands(Phase::Declined, "works"), What::Declined(NOTED())).history,
        lodged(3)
            .then(at("2026-03-03"), stands(Phase::Declined, "works"), What::Declined(NOTED()))
            .then(
                at("2026-03-04"),
                pending("works"),
                What::Rescinded(Rescinded { remarks: text(), undone: 2 }),
            )
            .history,
        Case::new(4)
            .adopted(at("2026-02-04"), disposed.clone())
            .then(
                at("2026-03-05"),
                pending("works"),
                What::Reopened(Reopened { received_at: None, remarks: None }),
            )
            .history,
        Case::new(5)
            .adopted(at("2026-02-04"), disposed)
            .then(
                at("2026-03-05"),
                stands(Phase::UnderAppeal, "cell"),
                What::Appealed(Appealed { text: text(), received_at: None }),
            )
            .history,
    ]);
    let flow = |unit: &str| mis.units.iter().find(|row| row.unit == unit).unwrap().figures.flow;
    let works = Flow {
        brought_forward: 3,
        reopened: 1,
        undone: 1,
        closed_otherwise: 2,
        transferred_out: 1,
        closing: 2,
        ..Flow::default()
    };
    assert_eq!(flow("works"), works);
    assert_eq!(flow("water"), Flow { transferred_in: 1, closing: 1, ..Flow::default() });
    assert_eq!(flow("cell"), Flow { reopened: 1, closing: 1, ..Flow::default() });
    assert_eq!((mis.all.flow.closing, mis.all.flow.difference), (4, 0));
    assert_eq!((mis.all.appeals, mis.all.reopenings), (1, 1));
}

/// A case that was carried on here, and that a later import tells otherwise of: the statement
/// says that the movements do not explain the stock.
#[test]
fn a_difference_is_reported() {
    let open = vec![fact(at("2026-02-01"), AdoptedStep::Lodged, "works")];
    let history = Case::new(1)
        .adopted(at("2026-02-02"), open.clone())
        .then(at("2026-03-03"), stands(Phase::Withdrawn, "works"), What::Withdrawn(NOTED()))
        .adopted(at("2026-03-20"), open)
        .history;
    let mis = week([&history]);
    assert_eq!((mis.all.closed_otherwise, mis.all.pending), (1, 0));
    assert_eq!((mis.all.flow.brought_forward, mis.all.flow.closing, mis.all.flow.difference), (1, 0, 1));
}

#[test]
fn flags_need_a_handful_of_cases() {
    let old = |number| imported(number, "works", at("2025-12-01"), None);
    let new = |number| imported(number, "water", at("2026-03-02"), None);
    let few: Vec<_> = (1..5).map(old).collect();
    assert_eq!(week(&few).all.flags, []);
    let many: Vec<_> = (1..6).map(old).chain((6..11).map(new)).collect();
    let mis = week(&many);
    let flags = |unit: &str| mis.units.iter().find(|row| row.unit == unit).unwrap().figures.flags.clone();
    assert_eq!(flags("works"), [Flag::OldBacklog, Flag::NothingDisposed]);
    assert_eq!(flags("water"), [Flag::Growing, Flag::NothingDisposed]);
}

/// Figures that only a forged part could have neither wrap nor stop anybody.
#[test]
fn sums_beyond_all_numbers_stay_at_the_last() {
    let large = Flow {
        received: u64::MAX,
        disposed: u64::MAX - 2,
        closing: 1,
        difference: i64::MIN,
        ..Flow::default()
    };
    let mut twice = large;
    twice.merge(&large);
    assert_eq!((twice.received, twice.disposed, twice.closing), (u64::MAX, u64::MAX, 2));
    assert_eq!(twice.difference, i64::MIN);
    // What is beyond the numbers on either side cancels out.
    assert_eq!(large.reconciled(3).difference, -1);
    let ins = Flow { received: u64::MAX, reopened: u64::MAX, ..Flow::default() };
    assert_eq!(ins.reconciled(0).difference, i64::MAX);
    let outs = Flow { disposed: u64::MAX, transferred_out: u64::MAX, ..Flow::default() };
    assert_eq!(outs.reconciled(u64::MAX).difference, i64::MIN);
}
