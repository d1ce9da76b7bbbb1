//! When the complainant's time to reopen and to appeal begins; and how messages reach a gateway.

use crate::desk_support::Unscoped as _;
use crate::desk_support::{at, citizen, lodging, officer, open, request, stores, take};
use chrono::{DateTime, TimeDelta, Utc};
use grievance_core::desk::{Delivered, Desk};
use grievance_core::grievance::command::Command;
use grievance_core::grievance::outlook::Happens;
use grievance_core::kernel::id::GrievanceId;
use grievance_core::message::{GatewayError, RecordingGateway};
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::access::Actor;
use grievance_core::vocabulary::{ErrorCode, EventKind, MessageChannel, NoticeState, TargetKind};

/// City days: a window of 30 calendar days; messages are written from 8 to 21 only.
const TOWN: &str = "extends = \"city-311\"\nname = \"Test town\"\nzone = \"Asia/Kolkata\"";

fn desks() -> Vec<(&'static str, Desk)> {
    let opened = stores().into_iter().map(|(name, store)| {
        let desk = open(store);
        let rulebook = Rulebook::from_toml(TOWN).unwrap();
        desk.activate(rulebook, at("2020-01-01T00:00:00Z")).unwrap();
        (name, desk)
    });
    opened.collect()
}

/// A case that was lodged with a mobile and is closed on 2 March at 10:00 in India.
fn closed(desk: &Desk) -> GrievanceId {
    let mut body = lodging("pothole");
    body.mobile = Some("98300 12345".to_owned());
    let case = desk.by(&citizen(), at("2026-03-02T03:30:00Z")).lodge(body).unwrap().case;
    dispose(desk, case, "2026-03-02T04:30:00Z");
    case
}

fn dispose(desk: &Desk, case: GrievanceId, now: &str) {
    let done = r#"{"action":"dispose","remarks":"r","reason":"benefit_provided","evidence":{"date":"2026-03-02","reference":"1"}}"#;
    take(desk, &officer("hod", "works"), now, case, done);
}

fn reopens(desk: &Desk, case: GrievanceId, now: &str) -> Result<(), ErrorCode> {
    let asks = request(r#"{"action":"reopen","remarks":"It is back."}"#);
    let answer = desk.by(&citizen(), at(now)).submit(Some(case), &asks);
    answer.map(|_| ()).map_err(|problem| problem.code())
}

fn ends(desk: &Desk, case: GrievanceId, now: &str) -> Option<DateTime<Utc>> {
    let ahead = desk.progress(case, at(now)).unwrap().ahead;
    ahead.iter().find(|next| next.what == Happens::WindowEnds(TargetKind::Reopening)).map(|next| next.at)
}

fn count(desk: &Desk, case: GrievanceId, kind: EventKind) -> usize {
    desk.history(case).unwrap().iter().filter(|next| next.event.what.kind() == kind).count()
}

/// The message goes out three weeks late, and the thirty days are counted from then.
#[test]
fn a_window_begins_when_the_message_arrived() {
    for (name, desk) in desks() {
        let (case, gateway) = (closed(&desk), RecordingGateway::default());
        assert_eq!(ends(&desk, case, "2026-03-02T05:00:00Z"), None, "{name}: nothing runs yet");
        let late = at("2026-03-23T06:30:00Z");
        let done = desk.deliver(late, &gateway, 100).unwrap();
        assert!(done.sent >= 2 && done.to_call.is_empty(), "{name}: {done:?}");
        // Thirty days after Monday 23 March is Wednesday 22 April; it ends with that day.
        let end = at("2026-04-22T18:30:00Z");
        assert_eq!(ends(&desk, case, "2026-03-23T07:00:00Z"), Some(end), "{name}");
        assert_eq!(reopens(&desk, case, "2026-04-22T18:30:00Z"), Err(ErrorCode::WindowClosed), "{name}");
        assert_eq!(reopens(&desk, case, "2026-04-22T18:29:59Z"), Ok(()), "{name}");
    }
}

/// A message that cannot be delivered leaves the window open, names the case as one to call, and
/// the call begins it.
#[test]
fn a_parked_message_leaves_the_window_open_until_a_call() {
    for (name, desk) in desks() {
        let (case, gateway) = (closed(&desk), RecordingGateway::default());
        let now = at("2026-03-02T06:30:00Z");
        // The first message, of the lodging, is refused, and so is the one of the closure.
        for _ in 0..2 {
            gateway.fail_next(GatewayError::Permanent("no such number".to_owned()));
        }
        let mut done = Delivered::default();
        while done.to_call.is_empty() {
            done = desk.deliver(now, &gateway, 1).unwrap();
        }
        assert_eq!(done.to_call, [case], "{name}");
        assert_eq!(count(&desk, case, EventKind::NoticeParked), 1, "{name}");
        let months_later = "2026-09-01T05:00:00Z";
        assert_eq!(ends(&desk, case, months_later), None, "{name}: it does not run");
        let call = r#"{"action":"record_call","reached":true}"#;
        let called =
            desk.by(&officer("call_agent", "desk"), at(months_later)).submit(Some(case), &request(call));
        called.unwrap_or_else(|problem| panic!("{name}: {problem}"));
        assert_eq!(ends(&desk, case, months_later), Some(at("2026-10-01T18:30:00Z")), "{name}");
    }
}

/// The word about a disposal that was reopened says nothing about the next one.
#[test]
fn a_late_word_about_an_earlier_disposal_opens_nothing() {
    for (name, desk) in desks() {
        let case = closed(&desk);
        let disposed = |desk: &Desk| {
            let history = desk.history(case).unwrap();
            let last = history.iter().rev().find(|next| next.event.what.kind() == EventKind::Disposed);
            last.expect("it is disposed").version
        };
        let first = disposed(&desk);
        reopens(&desk, case, "2026-03-03T05:00:00Z").unwrap();
        dispose(&desk, case, "2026-03-04T05:00:00Z");
        let (rulebook, system) = (desk.rulebook(at("2026-03-05T05:00:00Z")).unwrap(), Desk::system());
        let live = desk.case(case).unwrap().case;
        let moment =
            grievance_core::grievance::moment::Moment::new(at("2026-03-05T05:00:00Z"), &system, &rulebook);
        let resumed = |of| {
            let told = Command::NoticeSettled { of, arrived: true };
            let events = grievance_core::grievance::decide::decide(Some(&live), &told, &moment).unwrap();
            events.iter().filter(|next| next.what.kind() == EventKind::ClockResumed).count()
        };
        assert_eq!((resumed(first), resumed(disposed(&desk)) > 0), (0, true), "{name}");
    }
}

/// Who reads the list in the portal has the message at once; who left nothing is not waited for;
/// who came to the counter reads no list.
#[test]
fn where_no_message_is_on_its_way_the_window_begins_with_the_disposal() {
    for (name, desk) in desks() {
        let own = desk.by(&citizen(), at("2026-03-02T03:30:00Z")).lodge(lodging("pothole")).unwrap().case;
        let kiosk = Actor { unit: None, ..officer("kiosk_operator", "desk") };
        let counter = desk.by(&kiosk, at("2026-03-02T03:30:00Z")).lodge(lodging("pothole")).unwrap().case;
        for (case, inbox) in [(own, true), (counter, false)] {
            dispose(&desk, case, "2026-03-02T04:30:00Z");
            let end = ends(&desk, case, "2026-03-02T05:00:00Z");
            assert_eq!(end, Some(at("2026-04-01T18:30:00Z")), "{name}");
            let posted = desk.store().notices_of(case).unwrap();
            let inboxes = posted
                .iter()
                .filter(|it| !it.notice.to.is_office())
                .all(|it| it.notice.channel == MessageChannel::Inbox && !it.notice.informs);
            let told = posted.iter().any(|it| !it.notice.to.is_office());
            assert_eq!((inboxes, told), (true, inbox), "{name}");
        }
    }
}

/// What a worker finds at night waits for the morning; a try that falls into the night does too.
#[test]
fn nobody_is_written_to_at_night() {
    for (name, desk) in desks() {
        let (case, gateway) = (closed(&desk), RecordingGateway::default());
        let night = desk.deliver(at("2026-03-02T20:00:00Z"), &gateway, 10).unwrap();
        assert_eq!((night.sent, night.retried), (0, 1), "{name}: one line of the case");
        assert_eq!(desk.store().outbox_next().unwrap(), Some(at("2026-03-03T02:30:00Z")), "{name}: 8:00");
        // A minute before nine in the evening a failure; the next try is in the morning.
        gateway.fail_next(GatewayError::Transient("away".to_owned()));
        let evening = desk.deliver(at("2026-03-03T15:29:50Z"), &gateway, 1).unwrap();
        assert_eq!(evening.retried, 1, "{name}");
        assert_eq!(desk.store().outbox_next().unwrap(), Some(at("2026-03-04T02:30:00Z")), "{name}");
        let morning = desk.deliver(at("2026-03-04T02:30:00Z"), &gateway, 10).unwrap();
        assert_eq!(morning.sent, 2, "{name}");
        let posted = desk.store().notices_of(case).unwrap();
        assert!(posted.iter().all(|it| it.state == NoticeState::Delivered), "{name}");
    }
}

/// An outage of half a day parks nothing; one of weeks does, visibly, and it can be revived.
#[test]
fn an_outage_of_half_a_day_parks_nothing() {
    for (name, desk) in desks() {
        closed(&desk);
        let gateway = RecordingGateway::default();
        let mut now = at("2026-03-02T05:00:00Z");
        let back = now + TimeDelta::hours(12);
        while now < back {
            gateway.fail_next(GatewayError::Transient("away".to_owned()));
            let done = desk.deliver(now, &gateway, 1).unwrap();
            assert!(done.parked.is_empty() && done.sent == 0, "{name}: {now} {done:?}");
            now = desk.store().outbox_next().unwrap().unwrap();
        }
        let done = desk.deliver(now.max(at("2026-03-04T05:00:00Z")), &gateway, 10).unwrap();
        assert_eq!((done.sent, done.parked.len()), (2, 0), "{name}");
    }
}
