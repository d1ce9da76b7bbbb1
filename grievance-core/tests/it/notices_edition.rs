//! A message says what the rulebook said when it was owed, though another is in force when it goes.

use crate::desk_support::{at, citizen, lodging, open, stores};
use grievance_core::desk::Desk;
use grievance_core::grievance::request::Lodge;
use grievance_core::kernel::id::GrievanceId;
use grievance_core::message::RecordingGateway;
use grievance_core::rulebook::Rulebook;

const NOW: &str = "2026-03-02T09:00:00Z";
const LATER: &str = "2026-03-02T09:30:00Z";
const AFTER: &str = "2026-03-02T10:00:00Z";

/// A town whose message about a lodging has these words, and names the office.
fn edition(words: &str, office: &str, code: &str) -> Rulebook {
    let text = format!(
        "extends = \"city-311\"\nname = \"Editions\"\nzone = \"Asia/Kolkata\"\n\
         unit = [{{ code = \"works\", name = \"{office}\" }}]\n\
         inform = [{{ code = \"registered\", template = \"{code}\", otherwise = \"{code}\", channel = [\"sms\"] }}]\n\
         [[template]]\ncode = \"{code}\"\nchannel = [\"sms\"]\n\
         variable = [{{ code = \"office\", holds = \"unit\", spans = 3 }}]\nbody.en = \"{words} {{ $office }}\"\n"
    );
    Rulebook::from_toml(&text).unwrap_or_else(|refused| panic!("{refused:?}"))
}

fn lodge(desk: &Desk, now: &str) -> GrievanceId {
    let body = Lodge { mobile: Some("98300 12345".to_owned()), ..lodging("pothole") };
    desk.by(&citizen(), at(now)).lodge(body).unwrap_or_else(|problem| panic!("{problem}")).case
}

fn delivered(desk: &Desk, now: &str) -> Vec<String> {
    let gateway = RecordingGateway::default();
    desk.deliver(at(now), &gateway, 100).unwrap();
    let mut texts: Vec<_> = gateway.messages().into_iter().map(|it| it.rendered.text).collect();
    texts.sort();
    texts
}

/// The words and the names of offices are those of the version that it was queued under, even where
/// the new version no longer has the text; what is owed afterwards has the new ones.
#[test]
fn what_waits_is_written_by_the_version_it_was_queued_under() {
    for (name, store) in stores() {
        let desk = open(store);
        desk.activate(edition("Before", "Old Works", "first"), at("2020-01-01T00:00:00Z")).unwrap();
        let case = lodge(&desk, NOW);
        let queued = desk.store().notices_of(case).unwrap().remove(0).notice;
        assert_eq!(queued.rulebook, Some(edition("Before", "Old Works", "first").version()), "{name}");
        let second = edition("After", "New Works", "second");
        desk.activate(second, at("2026-03-02T09:10:00Z")).unwrap();
        lodge(&desk, LATER);
        assert_eq!(delivered(&desk, LATER), ["After New Works", "Before Old Works"], "{name}");
    }
}

/// Hours are those in force: they are about when, and not about what.
#[test]
fn the_hours_are_those_in_force() {
    let hours = |words: &str, until: &str| {
        let mut document = edition(words, "Works", "first").document().clone();
        document.messages.safe_until = until.to_owned();
        Rulebook::new(document).unwrap()
    };
    for (name, store) in stores() {
        let desk = open(store);
        desk.activate(hours("Before", "21:00"), at("2020-01-01T00:00:00Z")).unwrap();
        lodge(&desk, NOW);
        desk.activate(hours("After", "14:45"), at("2026-03-02T09:10:00Z")).unwrap();
        assert_eq!(delivered(&desk, LATER), Vec::<String>::new(), "{name}: 15:00 in India");
        assert_eq!(delivered(&desk, "2026-03-03T02:30:00Z"), ["Before Works"], "{name}");
    }
}

/// A message from before its version was kept has that of its event; one of a version that is not
/// there any more has the one in force.
#[cfg(feature = "sqlite")]
#[test]
fn a_message_from_before_has_the_version_of_its_event() {
    let changes = [
        ("json_remove(body, '$.rulebook')", "Before Works"),
        ("json_set(body, '$.rulebook', printf('%064d', 7))", "After Works"),
    ];
    for (change, expected) in changes {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cases.sqlite");
        let store = grievance_core::sql::sqlite::SqliteStore::open(&path).unwrap();
        let desk = open(store.tenant(&crate::desk_support::tenant()));
        desk.activate(edition("Before", "Works", "first"), at("2020-01-01T00:00:00Z")).unwrap();
        let case = lodge(&desk, NOW);
        desk.activate(edition("After", "Works", "first"), at("2026-03-02T09:10:00Z")).unwrap();
        let host = rusqlite::Connection::open(&path).unwrap();
        assert_eq!(host.execute(&format!("UPDATE outbox SET body = {change}"), []).unwrap(), 1);
        let stored = desk.store().notices_of(case).unwrap().remove(0).notice;
        assert_ne!(stored.rulebook, Some(edition("Before", "Works", "first").version()));
        assert_eq!(delivered(&desk, AFTER), [expected], "{change}");
    }
}
