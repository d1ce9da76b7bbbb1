//! A ledger that follows a store is the ledger of what the store holds, whenever it is brought
//! further and however often that is cut off.

use crate::desk_memory::{Office, moves};
use crate::desk_support::{at, tenant};
use chrono::{DateTime, TimeDelta, Utc};
use grievance_core::desk::{Desk, DeskError};
use grievance_core::grievance::tell::told_at;
use grievance_core::kernel::code::TenantCode;
use grievance_core::measure::cases::period::Period;
use grievance_core::measure::cutoff::Cutoff;
use grievance_core::measure::ledger::error::LedgerError;
use grievance_core::measure::ledger::keep::Ledger;
use grievance_core::measure::ledger::standing::Standing;
use grievance_core::measure::picked::{Picked, Subject};
use grievance_core::rulebook::access::Scope;
use grievance_core::sql::sqlite::SqliteStore;
use grievance_core::store::keys::KeyRing;
use grievance_core::store::memory::MemoryStore;
use grievance_core::store::{Store, StoreError};
use proptest::prelude::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

const ZONE: chrono_tz::Tz = chrono_tz::Asia::Kolkata;

fn stores() -> [Arc<dyn Store>; 2] {
    [
        MemoryStore::default().tenant(&tenant()),
        SqliteStore::open_in_memory().expect("a database").tenant(&tenant()),
    ]
}

/// Every history that the store holds, entered one after the other, with when complainants were told.
fn anew(store: &Arc<dyn Store>) -> Ledger {
    let desk = Desk::open(Arc::clone(store), tenant(), KeyRing::for_tests());
    let mut ledger = Ledger::new(ZONE);
    let mut each = |history: &[grievance_core::grievance::event::Recorded]| {
        let told = told_at(history, |version| desk.edition(version).map(Some)).expect("it is kept");
        ledger.follow_told(history, 0, &told).expect("it fits");
        true
    };
    store.scan(&Scope::All, &mut each).expect("the store works");
    ledger
}

fn begin() -> DateTime<Utc> {
    at("2026-03-02T05:00:00Z")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Brought current at any moments, stored and read in between, it is the ledger that is built anew.
    #[test]
    fn a_ledger_that_follows_is_the_ledger_built_anew(
        moves in moves(),
        looks in prop::collection::vec(any::<bool>(), 120),
    ) {
        for store in stores() {
            let mut office = Office::new(&store, &[0, 64, 8]);
            let desk = Desk::open(Arc::clone(&store), tenant(), KeyRing::for_tests());
            let mut standing = Standing::new(tenant(), ZONE);
            let mut now = begin();
            for ((one, minutes), look) in moves.iter().zip(&looks) {
                now += TimeDelta::minutes(*minutes);
                office.does(*one, now);
                if *look {
                    desk.bring_current(&mut standing).expect("the store works");
                    let text = serde_json::to_string(&standing).expect("it is JSON");
                    standing = serde_json::from_str(&text).expect("it reads");
                }
            }
            desk.bring_current(&mut standing).expect("the store works");
            prop_assert_eq!(standing.ledger(), &anew(&store));
            prop_assert_eq!(desk.bring_current(&mut standing).expect("the store works"), 0);
            let again = desk.standing(now).expect("the store works");
            prop_assert_eq!(again.ledger(), standing.ledger());
            flows_agree(&desk, now)?;
        }
    }
}

/// The flows that are read off histories are those of a ledger whose days begin at the same hour: of all, of each office,
/// of each subject, and each period goes on from the one before. Of an office nothing is left unexplained.
fn flows_agree(desk: &Desk, now: DateTime<Utc>) -> Result<(), TestCaseError> {
    let five = Cutoff::at(chrono::NaiveTime::from_hms_opt(17, 0, 0).expect("a time"));
    let (from, to) = ((begin() - TimeDelta::days(40)).date_naive(), (now + TimeDelta::days(40)).date_naive());
    for (period, cutoff) in [
        (Period::Week(chrono::Weekday::Fri), five),
        (Period::Week(chrono::Weekday::Mon), Cutoff::MIDNIGHT),
        (Period::Month, five),
        (Period::FinancialYear, Cutoff::MIDNIGHT),
    ] {
        let flows = desk.by(&Desk::system(), now).flows(period, cutoff).expect("the store works");
        let mut standing = Standing::cut_at(tenant(), ZONE, cutoff);
        desk.bring_current(&mut standing).expect("the store works");
        let units = flows.units().map(|unit| Picked::units([unit]));
        let subjects = ["pothole", "noise", "conduct"].map(|code| Picked::all().of(Subject::Of(code.into())));
        let picks = [Picked::all(), Picked::all().of(Subject::None)].into_iter().chain(units).chain(subjects);
        for picked in picks {
            let lines = flows.lines(&picked, from, to);
            let kept = standing.ledger().flows(&picked, period, from, to).expect("it is whole");
            prop_assert_eq!(&kept, &lines, "{:?} {:?}", picked, period);
            prop_assert!(lines.windows(2).all(|two| two[0].flow.closing == two[1].flow.brought_forward));
        }
        let all = flows.lines(&Picked::all(), from, to);
        prop_assert!(all.iter().all(|line| line.flow.difference == 0), "{:?}", all);
    }
    Ok(())
}

/// Whoever follows while others commit has each commit wholly or not at all, and in the end all.
#[test]
fn others_may_commit_meanwhile() {
    for store in stores() {
        let mut office = Office::new(&store, &[8]);
        let desk = Desk::open(Arc::clone(&store), tenant(), KeyRing::for_tests());
        let mut standing = desk.standing(begin()).expect("the store works");
        let over = AtomicBool::new(false);
        std::thread::scope(|threads| {
            threads.spawn(|| {
                for n in 0..200 {
                    office.does(crate::desk_memory::Move::lodging(), begin() + TimeDelta::minutes(n));
                }
                over.store(true, Ordering::Release);
            });
            while !over.load(Ordering::Acquire) {
                match desk.bring_current(&mut standing) {
                    Ok(_) | Err(DeskError::Store(StoreError::Busy)) => {}
                    Err(other) => panic!("{other}"),
                }
            }
        });
        desk.bring_current(&mut standing).expect("the store works");
        assert_eq!(standing.ledger(), &anew(&store));
    }
}

/// A store that is put back to an earlier day is behind the ledger, and another tenant's is not its own.
#[test]
fn a_store_that_went_back_and_another_tenants_are_refused() {
    let store: Arc<dyn Store> = MemoryStore::default().tenant(&tenant());
    Office::new(&store, &[0]).does(crate::desk_memory::Move::lodging(), begin());
    let desk = Desk::open(Arc::clone(&store), tenant(), KeyRing::for_tests());
    let mut standing = desk.standing(begin()).expect("the store works");
    let before = standing.clone();

    let earlier = Desk::open(MemoryStore::default().tenant(&tenant()), tenant(), KeyRing::for_tests());
    assert_eq!(earlier.bring_current(&mut standing), Err(DeskError::Ledger(LedgerError::Behind)));
    let other: TenantCode = "elsewhere".parse().expect("a code");
    let elsewhere = Desk::open(MemoryStore::default().tenant(&other), other, KeyRing::for_tests());
    assert_eq!(elsewhere.bring_current(&mut standing), Err(DeskError::Ledger(LedgerError::Elsewhere)));
    assert_eq!(standing, before, "nothing was taken in");
}

/// A case that cannot be read stops it there; when it can, the next call goes on from there and no
/// case is taken in twice.
#[test]
fn what_was_cut_off_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("cases.sqlite");
    let store: Arc<dyn Store> = SqliteStore::open(&path).expect("the database opens").tenant(&tenant());
    let mut office = Office::new(&store, &[0]);
    for n in 0..12 {
        office.does(crate::desk_memory::Move::lodging(), begin() + TimeDelta::minutes(n));
    }
    let desk = Desk::open(Arc::clone(&store), tenant(), KeyRing::for_tests());
    let raw = rusqlite::Connection::open(&path).expect("the file opens");
    let mut standing = Standing::new(tenant(), ZONE);
    // The body of one event after the other is unreadable for a while.
    let rows = "SELECT rowid, body FROM event WHERE version = 1 ORDER BY case_id";
    let bodies: Vec<(i64, String)> = {
        let mut query = raw.prepare(rows).expect("a query");
        let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("rows");
        rows.map(|row| row.expect("a row")).collect()
    };
    assert_eq!(bodies.len(), 12);
    for (place, (row, body)) in bodies.iter().enumerate().step_by(3) {
        let write = |body: &str| {
            raw.execute("UPDATE event SET body = ?1 WHERE rowid = ?2", (body, row)).expect("it writes");
        };
        write("{");
        let answer = desk.bring_current(&mut standing);
        assert!(matches!(answer, Err(DeskError::Store(_))), "at {place}: {answer:?}");
        assert!(!standing.is_whole());
        write(body);
    }
    desk.bring_current(&mut standing).expect("everything reads again");
    assert!(standing.is_whole());
    assert_eq!(standing.ledger(), &anew(&store));
}
