//! The weekly statement reaches those who answer for an office: told once, arrival and opening kept.

use crate::desk_support::Unscoped as _;
use crate::desk_support::{TOWN, at, desks, desks_under};
use grievance_core::Rulebook;
use grievance_core::desk::Desk;
use grievance_core::kernel::code::UnitCode;
use grievance_core::measure::mis::Terms;
use grievance_core::measure::pack::{Edition, PackPart, Weeks};
use grievance_core::message::{Address, RecordingGateway};
use grievance_core::rulebook::finding::Lint;
use grievance_core::rulebook::read::Format;
use grievance_core::vocabulary::{AgeRule, ErrorCode, NoticeState};

/// Monday, 07:30 in India: before the offices open.
const EARLY: &str = "2026-03-30T02:00:00Z";
/// The same day, 11:00.
const OPEN: &str = "2026-03-30T05:30:00Z";

fn edition(unit: &str, number: u64) -> Edition {
    let rulebook = Rulebook::from_toml(TOWN).unwrap();
    let unit: UnitCode = unit.parse().unwrap();
    let mut last = None;
    for nth in 0..number {
        let day =
            "2026-03-30".parse::<chrono::NaiveDate>().unwrap() - chrono::Days::new(7 * (number - 1 - nth));
        let weeks = Weeks::to(Terms::new(day, rulebook.zone(), AgeRule::Calendar));
        let pack = PackPart::new(weeks).finish(&rulebook, &unit, None, ToString::to_string).unwrap();
        let made =
            grievance_core::kernel::time::start_of_day(day, rulebook.zone()) + chrono::TimeDelta::hours(9);
        last = Some(Edition::after(last.as_ref(), pack, made).unwrap());
    }
    last.unwrap()
}

fn delivered(desk: &Desk, now: &str) -> Vec<(String, String)> {
    let gateway = RecordingGateway::default();
    desk.deliver(at(now), &gateway, 100).unwrap();
    let whom = |to: &Address| to.to_string();
    gateway.messages().iter().map(|it| (whom(&it.to), it.rendered.text.clone())).collect()
}

#[test]
fn head_and_nodal_officer_are_told_once_in_office_hours() {
    for (name, desk) in desks() {
        let edition = edition("works", 3);
        assert_eq!(desk.tell_of_edition(&edition, at(EARLY)), Ok(2), "{name}");
        assert_eq!(desk.tell_of_edition(&edition, at(OPEN)), Ok(0), "{name}: once");
        assert_eq!(delivered(&desk, EARLY), [], "{name}: the offices are closed");
        let mark = &edition.hash().to_string()[..12];
        let text =
            format!("Statement no. 3 of Public works, up to 30 March 2026, is given out. Mark: {mark}.");
        let told = ["head of works", "nodal of works"].map(|to| (to.to_owned(), text.clone()));
        let mut messages = delivered(&desk, OPEN);
        messages.extend(delivered(&desk, OPEN));
        assert_eq!(messages, told, "{name}");

        let posted = desk.told_of_edition(&edition).unwrap();
        assert!(
            posted.iter().all(|it| it.state == NoticeState::Delivered && it.settled_at == Some(at(OPEN)))
        );
        assert!(posted.iter().all(|it| it.received_at.is_none()), "{name}: nobody has opened it");
        let head = posted[0].notice.id;
        let opened = |of: &Edition, when: &str| desk.edition_opened(of, head, at(when)).unwrap();
        assert!(opened(&edition, "2026-03-30T07:00:00Z") && opened(&edition, "2026-03-31T07:00:00Z"));
        let posted = desk.told_of_edition(&edition).unwrap();
        let since: Vec<_> = posted.iter().map(|it| it.received_at).collect();
        assert_eq!(since, [Some(at("2026-03-30T07:00:00Z")), None], "{name}: the first word counts");
    }
}

#[test]
fn each_edition_has_messages_of_its_own() {
    for (name, desk) in desks() {
        let (works, second, city) = (edition("works", 1), edition("works", 2), edition("city", 1));
        for it in [&works, &second, &city] {
            assert_eq!(desk.tell_of_edition(it, at(OPEN)), Ok(2), "{name}");
        }
        let head = desk.told_of_edition(&works).unwrap()[0].notice.id;
        assert_eq!(desk.edition_opened(&second, head, at(OPEN)), Ok(false), "{name}: of another edition");
        assert_eq!(desk.told_of_edition(&second).unwrap().len(), 2);
        let nowhere = edition("works", 1);
        let mut other = nowhere.clone();
        other.pack.unit = "nowhere".parse().unwrap();
        assert_eq!(desk.tell_of_edition(&other, at(OPEN)).unwrap_err().code(), ErrorCode::UnknownCode);
        // The journal knows nothing of it: a statement is no case.
        assert!(desk.history(works.line()).unwrap().is_empty(), "{name}");
    }
}

#[test]
fn a_rulebook_says_who_is_told() {
    let more = "\ninform = [{ code = \"statement\", audience = [\"unit\"], when = \"at_once\" }]";
    for (name, desk) in desks_under(TOWN, more) {
        assert_eq!(desk.tell_of_edition(&edition("works", 1), at(EARLY)), Ok(1), "{name}");
        assert_eq!(delivered(&desk, EARLY)[0].0, "works", "{name}: at once, to the office");
    }
    let none = "\ninform = [{ code = \"statement\", remove = true }]";
    for (name, desk) in desks_under(TOWN, none) {
        assert_eq!(desk.tell_of_edition(&edition("works", 1), at(OPEN)), Ok(0), "{name}");
    }
    for public in ["complainant", "signatories", "escalated_post", "escalated_unit"] {
        let lines =
            format!("{TOWN}\ninform = [{{ code = \"statement\", audience = [\"unit\", \"{public}\"] }}]");
        let refused = Rulebook::read(&lines, Format::Toml).unwrap_err();
        let told: Vec<_> = refused.findings.iter().map(|it| (it.lint, it.path.as_str())).collect();
        assert!(matches!(told[..], [(Lint::Template, path)] if path.ends_with(".audience[1]")), "{told:?}");
    }
}
