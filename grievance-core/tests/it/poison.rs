//! A case or a message that nobody can handle keeps no other one waiting, and stays visible.

use crate::desk_support::Unscoped as _;
use crate::desk_support::{at, citizen, lodging, officer, open, stores, take, tenant};
use chrono::TimeDelta;
use grievance_core::desk::{Delivered, Desk};
use grievance_core::grievance::request::Lodge;
use grievance_core::kernel::id::{GrievanceId, NoticeId};
use grievance_core::kernel::mobile::Mobile;
use grievance_core::message::{Address, Gateway, GatewayError, Message, RecordingGateway, Sent};
use grievance_core::rulebook::Rulebook;
use grievance_core::sql::sqlite::SqliteStore;
use grievance_core::store::outbox::Posted;
use grievance_core::vocabulary::{ErrorCode, EventKind, NoticeState};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

const NOW: &str = "2026-03-02T05:00:00Z";
const LATE: &str = "2026-06-01T05:00:00Z";

fn activated(desk: Desk) -> Desk {
    let town = Rulebook::from_toml(crate::desk_support::TOWN).unwrap();
    desk.activate(town, at("2020-01-01T00:00:00Z")).unwrap();
    desk
}

fn lodged(desk: &Desk, mobile: &str) -> GrievanceId {
    let body = Lodge { mobile: Some(mobile.to_owned()), ..lodging("pothole") };
    desk.by(&citizen(), at(NOW)).lodge(body).unwrap().case
}

fn dispose(desk: &Desk, case: GrievanceId) {
    let done = r#"{"action":"dispose","remarks":"r","reason":"benefit_provided","evidence":{"date":"2026-03-02","reference":"1"}}"#;
    take(desk, &officer("hod", "works"), "2026-03-02T06:00:00Z", case, done);
}

/// A desk on a file, and a way to damage what is stored of a case.
fn on_a_file(test: impl Fn(&Desk, &dyn Fn(GrievanceId))) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cases.sqlite");
    let desk = activated(open(SqliteStore::open(&path).unwrap().tenant(&tenant())));
    let damage = |case: GrievanceId| {
        let host = rusqlite::Connection::open(&path).unwrap();
        let sql = "UPDATE event SET body = '{\"type\":\"of_another_library\",\"v\":1}' WHERE case_id = ?1";
        assert!(host.execute(sql, [case.uuid().as_bytes().as_slice()]).unwrap() > 0);
    };
    test(&desk, &damage);
}

/// The oldest that are due cannot be read: they are reported at every sweep, and those behind them are
/// handled, however few cases a sweep takes on.
#[test]
fn cases_that_cannot_be_read_keep_no_later_one_waiting() {
    on_a_file(|desk, damage| {
        for _ in 0..5 {
            lodged(desk, "98300 12345");
        }
        let due = desk.store().due(at(LATE), None, 10).unwrap();
        assert_eq!(due.len(), 5);
        for due in &due[..3] {
            damage(due.case);
        }
        for (more, rest) in [(true, 1), (false, 1), (false, 0)] {
            let swept = desk.sweep(at(LATE), 1).unwrap();
            assert_eq!((swept.cases, swept.more), (rest, more), "{swept:?}");
            let failed: Vec<_> = swept.failed.iter().map(|(case, problem)| (*case, problem.code())).collect();
            assert_eq!(
                failed,
                due[..3].iter().map(|it| (it.case, ErrorCode::EventUnreadable)).collect::<Vec<_>>()
            );
        }
    });
}

/// The message about the end of a case that cannot be told of it is parked; the next case's window
/// begins all the same, in the same round.
#[test]
fn a_case_that_cannot_be_told_holds_no_message_back() {
    on_a_file(|desk, damage| {
        let [damaged, sound] = ["98300 00001", "98300 00002"].map(|mobile| lodged(desk, mobile));
        for case in [damaged, sound] {
            dispose(desk, case);
        }
        damage(damaged);
        let gateway = RecordingGateway::default();
        let done = desk.deliver(at("2026-03-02T07:00:00Z"), &gateway, 100).unwrap();
        assert_eq!((done.sent, done.parked.len(), done.retried), (3, 1, 0), "{done:?}");
        let parked = desk.store().parked(10).unwrap();
        assert_eq!((parked[0].notice.case, parked[0].problem.as_str()), (damaged, "case_not_told"));
        let told = desk.history(sound).unwrap();
        assert!(told.iter().any(|next| next.event.what.kind() == EventKind::ComplainantInformed));
        let again = desk.deliver(at("2026-03-02T08:00:00Z"), &gateway, 100).unwrap();
        assert_eq!(again, Delivered::default(), "it is not sent again and again");
    });
}

/// Kills whoever hands it a message to one mobile.
struct Deadly {
    to: Mobile,
    met: Mutex<u32>,
    taken: Mutex<Vec<NoticeId>>,
}

impl Gateway for Deadly {
    fn send(&self, message: &Message) -> Result<Sent, GatewayError> {
        if matches!(message.to, Address::Mobile(mobile) if mobile == self.to) {
            *self.met.lock().unwrap() += 1;
            // A panic that no hook reports.
            std::panic::resume_unwind(Box::new("killed"));
        }
        self.taken.lock().unwrap().push(message.id);
        Ok(Sent { reference: None })
    }
}

/// A message that kills every worker who sends it is tried as often as one that fails, and then it
/// is parked; what was claimed beside it goes out.
#[test]
fn a_message_that_kills_its_workers_is_parked() {
    for (name, store) in stores() {
        let desk = activated(open(store));
        let [deadly, other] = ["98300 00001", "98300 00002"].map(|mobile| lodged(&desk, mobile));
        let gateway = Deadly {
            to: Mobile::parse("98300 00001").unwrap(),
            met: Mutex::default(),
            taken: Mutex::default(),
        };
        let mut now = at("2026-03-02T05:10:00Z");
        let mut parked = Vec::new();
        for _ in 0..200 {
            let Some(next) = desk.store().outbox_next().unwrap() else { break };
            now = now.max(next);
            // One at a time, and by day.
            let work = || desk.deliver(now, &gateway, 1).unwrap();
            if let Ok(done) = catch_unwind(AssertUnwindSafe(work)) {
                parked.extend(done.parked);
            }
            now += TimeDelta::seconds(1);
        }
        let posted = |case| -> Posted { desk.store().notices_of(case).unwrap().remove(0) };
        assert_eq!(*gateway.met.lock().unwrap(), 14, "{name}: as often as one that fails");
        assert_eq!(
            (parked, posted(deadly).state),
            (vec![posted(deadly).notice.id], NoticeState::Parked),
            "{name}"
        );
        assert_eq!(posted(deadly).problem.unwrap().as_str(), "too_many_tries", "{name}");
        assert_eq!(posted(other).state, NoticeState::Delivered, "{name}");
        assert_eq!(*gateway.taken.lock().unwrap(), [posted(other).notice.id], "{name}: once");
        assert_eq!(desk.store().outbox_next().unwrap(), None, "{name}");
    }
}
