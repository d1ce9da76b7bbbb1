//! How a complainant wants to be written to: given at lodging, changed later, kept to at the door.

use crate::desk_support::Unscoped as _;
use crate::desk_support::{at, citizen, desks, lodging, officer, take, words};
use chrono::{DateTime, TimeDelta, Utc};
use grievance_core::desk::{ContactView, Desk};
use grievance_core::grievance::request::{Correct, Lodge, Request};
use grievance_core::grievance::wire::encode;
use grievance_core::kernel::id::GrievanceId;
use grievance_core::message::{Address, GatewayError, RecordingGateway};
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::access::Actor;
use grievance_core::rulebook::safe::SafeHours;
use grievance_core::vocabulary::{ErrorCode, MessageChannel, NoticeState};
use proptest::prelude::*;

/// Monday, 14:30 in India.
const NOW: &str = "2026-03-02T09:00:00Z";
/// The same day, 15:00, 19:30 and 21:00.
const THREE: &str = "2026-03-02T09:30:00Z";
const EVENING: &str = "2026-03-02T14:00:00Z";
const NIGHT: &str = "2026-03-02T15:30:00Z";

fn reachable() -> Lodge {
    Lodge {
        mobile: Some("98300 12345".to_owned()),
        email: Some("petitioner@example.org".to_owned()),
        ..lodging("pothole")
    }
}

fn lodge(desk: &Desk, body: Lodge) -> GrievanceId {
    desk.by(&citizen(), at(NOW)).lodge(body).unwrap_or_else(|problem| panic!("{problem}")).case
}

fn wish() -> Correct {
    Correct { remarks: "My own wish.".to_owned(), ..Correct::default() }
}

fn change(desk: &Desk, who: &Actor, case: GrievanceId, wish: Correct) -> Result<(), (ErrorCode, String)> {
    let done = desk.by(who, at(NOW)).submit(Some(case), &Request::Correct(wish));
    done.map(drop).map_err(|problem| (problem.code(), problem.to_string()))
}

/// Delivers all that may go at an instant: each message's way, and to whom.
fn delivered(desk: &Desk, now: &str) -> Vec<String> {
    let gateway = RecordingGateway::default();
    desk.deliver(at(now), &gateway, 100).unwrap();
    let whom = |to: &Address| match to {
        Address::Mobile(mobile) => mobile.e164().to_owned(),
        Address::Email(text) | Address::Postal(text) | Address::Inbox(text) => text.clone(),
        Address::Unit(_) | Address::Post { .. } => "an office".to_owned(),
    };
    let all = gateway.messages();
    let all = all.iter().filter(|it| !matches!(it.to, Address::Unit(_) | Address::Post { .. }));
    all.map(|it| format!("{} {} to {}", it.channel, it.rendered.template, whom(&it.to))).collect()
}

/// What waits goes the way that the complainant wants by then, and to the contact that they have by
/// then; a way that they want again is open again.
#[test]
fn a_refusal_that_is_given_later_turns_what_waits() {
    for (name, desk) in desks() {
        let me = citizen();
        let case = lodge(&desk, reachable());
        change(&desk, &me, case, Correct { refuses: Some(vec!["sms".to_owned()]), ..wish() }).unwrap();
        assert_eq!(delivered(&desk, THREE), ["email registered to petitioner@example.org"], "{name}");
        change(&desk, &me, case, Correct { refuses: Some(Vec::new()), ..wish() }).unwrap();
        let extend = r#"{"action":"extend","until":"2026-04-20","remarks":"The roller is late."}"#;
        take(&desk, &officer("cell_officer", "desk"), NOW, case, extend);
        assert_eq!(delivered(&desk, THREE)[0], "sms extended to +919830012345", "{name}");

        let other = lodge(&desk, reachable());
        let phone = Correct { mobile: Some("98300 99999".to_owned()), ..wish() };
        change(&desk, &officer("cell_officer", "desk"), other, phone).unwrap();
        assert_eq!(delivered(&desk, THREE), ["sms registered to +919830099999"], "{name}: the right number");
    }
}

/// Who wants nothing by any way gets nothing; and of a closure an officer is told to call.
#[test]
fn who_refuses_every_way_is_not_written_to_and_is_called_about_the_end() {
    for (name, desk) in desks() {
        let case = lodge(&desk, reachable());
        let done = r#"{"action":"dispose","remarks":"r","reason":"benefit_provided","evidence":{"date":"2026-03-02","reference":"1"}}"#;
        take(&desk, &officer("hod", "works"), NOW, case, done);
        let all = ["sms", "email", "inbox", "letter"].map(str::to_owned).to_vec();
        change(&desk, &citizen(), case, Correct { refuses: Some(all), ..wish() }).unwrap();
        let gateway = RecordingGateway::default();
        let mut came_to = Vec::new();
        for _ in 0..3 {
            came_to.extend(desk.deliver(at(THREE), &gateway, 100).unwrap().to_call);
        }
        assert_eq!(came_to, [case], "{name}");
        assert!(gateway.messages().iter().all(|it| matches!(it.to, Address::Unit(_) | Address::Post { .. })));
        let public =
            desk.store().notices_of(case).unwrap().into_iter().filter(|it| !it.notice.to.is_office());
        assert!(public.into_iter().all(|it| it.state == NoticeState::Dropped), "{name}");
    }
}

/// Nobody is written to out of their own hours: not at first, not when they say so while a message
/// waits, and not when it is tried again. Who signed with them is.
#[test]
fn a_complainants_own_hours_are_kept_at_the_door() {
    let evening = || (Some("19:00".to_owned()), Some("20:30".to_owned()));
    for (name, desk) in desks() {
        let (safe_from, safe_until) = evening();
        let signatory_mobiles = Some(vec!["98300 00001".to_owned()]);
        let case = lodge(&desk, Lodge { safe_from, safe_until, signatory_mobiles, ..reachable() });
        let waits: Vec<DateTime<Utc>> =
            desk.store().notices_of(case).unwrap().iter().map(|it| it.notice.not_before).collect();
        assert_eq!(waits, [at("2026-03-02T13:30:00Z"), at(NOW)], "{name}: 19:00 in India; the signatory");
        // The lines of a case are in order: the signatory waits behind the complainant.
        assert_eq!(delivered(&desk, THREE), Vec::<String>::new(), "{name}");
        let both = ["sms registered to +919830012345", "sms registered to +919830000001"];
        assert_eq!(delivered(&desk, EVENING), both, "{name}");

        let later = lodge(&desk, reachable());
        let (safe_from, safe_until) = evening();
        change(&desk, &citizen(), later, Correct { safe_from, safe_until, ..wish() }).unwrap();
        assert_eq!(delivered(&desk, THREE), Vec::<String>::new(), "{name}: said while it waited");
        let gateway = RecordingGateway::default();
        gateway.fail_next(GatewayError::Transient("busy".to_owned()));
        desk.deliver(at("2026-03-02T14:59:50Z"), &gateway, 100).unwrap();
        assert_eq!(desk.store().outbox_next().unwrap(), Some(at("2026-03-03T13:30:00Z")), "{name}");
        assert_eq!(delivered(&desk, NIGHT), Vec::<String>::new(), "{name}: tomorrow evening");
        let any = (Some("00:00".to_owned()), Some("24:00".to_owned()));
        change(&desk, &citizen(), later, Correct { safe_from: any.0, safe_until: any.1, ..wish() }).unwrap();
        let written = delivered(&desk, "2026-03-03T13:30:00Z");
        assert_eq!(written, ["sms registered to +919830012345"], "{name}: as the rulebook lets");
    }
}

/// A representative takes the complainant's place from when they are named, and gives it back.
#[test]
fn a_representative_may_come_and_go() {
    for (name, desk) in desks() {
        let (me, case) = (citizen(), lodge(&desk, reachable()));
        let theirs = Correct { representative: Some("98300 54321".to_owned()), ..wish() };
        change(&desk, &me, case, theirs).unwrap();
        assert_eq!(delivered(&desk, THREE), ["sms registered to +919830054321"], "{name}");
        let stored = desk.history(case).unwrap().pop().unwrap();
        let stored = encode(&stored.event);
        assert!(!stored.contains("54321"), "{name}: the number is in the vault: {stored}");
        let extend = r#"{"action":"extend","until":"2026-04-20","remarks":"The roller is late."}"#;
        take(&desk, &officer("cell_officer", "desk"), NOW, case, extend);
        change(&desk, &me, case, Correct { representative: Some(String::new()), ..wish() }).unwrap();
        assert_eq!(delivered(&desk, THREE)[0], "sms extended to +919830012345", "{name}: alone again");
    }
}

/// Whoever may reach the complainant sees how they want to be reached; nobody else.
#[test]
fn who_may_call_sees_when_and_how() {
    for (name, desk) in desks() {
        let case = lodge(&desk, reachable());
        let contact = |who: &Actor| desk.by(who, at(NOW)).case(case).unwrap().contact;
        let plain = ContactView { refuses: Vec::new(), safe_hours: None, represented: false };
        assert_eq!(contact(&citizen()), Some(plain), "{name}");
        let hours = SafeHours::read("10:00", "16:00");
        let wishes = Correct {
            refuses: Some(vec!["email".to_owned()]),
            representative: Some("98300 54321".to_owned()),
            safe_from: Some("10:00".to_owned()),
            safe_until: Some("16:00".to_owned()),
            ..wish()
        };
        change(&desk, &citizen(), case, wishes).unwrap();
        let told = ContactView { refuses: vec![MessageChannel::Email], safe_hours: hours, represented: true };
        for who in [citizen(), officer("call_agent", "desk")] {
            assert_eq!(contact(&who), Some(told.clone()), "{name}: {}", who.role);
        }
        let auditor = officer("auditor", "city");
        assert_eq!(contact(&auditor), None, "{name}: who sees no mobile");
    }
}

/// Who complains says how they are written to. What was complained of, by whom, and how urgent it is,
/// is put right by an officer; a kiosk may do what the complainant may.
#[test]
fn a_complainant_changes_their_own_wishes_and_no_fact() {
    let text = || Some("98300 99999".to_owned());
    for (name, desk) in desks() {
        let case = lodge(&desk, reachable());
        let facts = [
            ("narrative", Correct { narrative: text(), ..wish() }),
            ("name", Correct { name: text(), ..wish() }),
            ("mobile", Correct { mobile: text(), ..wish() }),
            ("priority", Correct { priority: Some("immediate_danger".to_owned()), ..wish() }),
        ];
        for (field, fact) in facts {
            let (code, problem) = change(&desk, &citizen(), case, fact.clone()).unwrap_err();
            assert_eq!(code, ErrorCode::InvalidCommand, "{name}: {problem}");
            assert!(problem.starts_with(field) && !problem.contains("99999"), "{name}: {problem}");
            change(&desk, &officer("cell_officer", "desk"), case, fact).unwrap();
        }
        let wishes = Correct {
            language: Some("en".to_owned()),
            email: Some("other@example.org".to_owned()),
            address: Some("2 B Street".to_owned()),
            ..wish()
        };
        change(&desk, &citizen(), case, wishes).unwrap();
        let (code, _) = change(&desk, &citizen(), case, wish()).unwrap_err();
        assert_eq!(code, ErrorCode::InvalidCommand, "{name}: nothing is changed");
        let stranger = Actor { person: crate::desk_support::person(77), ..citizen() };
        let sms = Correct { refuses: Some(vec!["sms".to_owned()]), ..wish() };
        assert_eq!(change(&desk, &stranger, case, sms).unwrap_err().0, ErrorCode::NotFound, "{name}");
    }
}

/// Hours that leave less than an hour of the rulebook's are refused, at lodging and later; and so is
/// one end alone.
#[test]
fn hours_that_leave_nothing_are_refused() {
    let hours = |from: &str, until: &str| (Some(from.to_owned()), Some(until.to_owned()));
    for (name, desk) in desks() {
        let case = lodge(&desk, reachable());
        // The preset lets people be written to from eight to nine in the evening.
        for (from, until, good) in [
            ("21:00", "08:00", false),
            ("20:01", "23:00", false),
            ("20:00", "23:00", true),
            ("22:00", "09:00", true),
            ("00:00", "24:00", true),
        ] {
            let (safe_from, safe_until) = hours(from, until);
            let later = Correct { safe_from: safe_from.clone(), safe_until: safe_until.clone(), ..wish() };
            let body = Lodge { safe_from, safe_until, ..lodging("pothole") };
            let first = desk.by(&citizen(), at(NOW)).lodge(body).map(drop).map_err(|problem| problem.code());
            assert_eq!(first.is_ok(), good, "{name}: {from} {until}: {first:?}");
            let later = change(&desk, &citizen(), case, later);
            assert_eq!(later.is_ok(), good, "{name}: {from} {until}: {later:?}");
        }
        let half = Correct { safe_from: Some("10:00".to_owned()), ..wish() };
        let (_, problem) = change(&desk, &citizen(), case, half).unwrap_err();
        assert!(problem.starts_with("safe_until"), "{name}: {problem}");
    }
}

/// A later version of the rulebook whose hours leave nothing of somebody's own lets their own count:
/// they were promised them.
#[test]
fn own_hours_outlast_a_rulebook_that_leaves_none_of_them() {
    let narrow = "extends = \"city-311\"\nname = \"Narrow\"\nzone = \"Asia/Kolkata\"\n\
                  messages = { safe_from = \"09:00\", safe_until = \"12:00\" }";
    let rulebook = Rulebook::from_toml(narrow).unwrap();
    let own = SafeHours::read("19:00", "20:30");
    let at_last = rulebook.messages().safe_at(at(NOW), rulebook.zone(), own);
    assert_eq!(at_last, at("2026-03-02T13:30:00Z"));
}

/// What the vault holds of a correction is found by the words of the case, and goes with them.
#[test]
fn a_representative_is_a_word_of_the_case() {
    for (name, desk) in desks() {
        let case = lodge(&desk, reachable());
        let theirs = Correct { representative: Some("98300 54321".to_owned()), ..wish() };
        change(&desk, &citizen(), case, theirs).unwrap();
        let event = desk.history(case).unwrap().pop().unwrap().event;
        let ids: Vec<_> = event.what.words().into_iter().map(|word| word.text.id).collect();
        let kept: Vec<_> = words(&desk, &ids).into_iter().map(|text| text.content).collect();
        assert!(kept.contains(&"+919830054321".to_owned()), "{name}: {kept:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever somebody's own hours are, the instant found is in them, and in the rulebook's where
    /// they have a minute in common, and no earlier one is: in a zone that skips hours, too.
    #[test]
    fn the_first_safe_minute_is_found(
        own in (0_u16..1440, 0_u16..=1440),
        law in (0_u16..1439, 1_u16..=1440),
        minute in 0_i64..2 * 366 * 1440,
        skips in any::<bool>(),
    ) {
        prop_assume!(own.0 != own.1 && law.0 < law.1);
        let zone = if skips { chrono_tz::Europe::London } else { chrono_tz::Asia::Kolkata };
        let hours = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
        let text = format!(
            "extends = \"city-311\"\nname = \"Law\"\nzone = \"{zone}\"\n\
             messages = {{ safe_from = \"{}\", safe_until = \"{}\" }}",
            hours(law.0), hours(law.1),
        );
        let rulebook = Rulebook::from_toml(&text).unwrap();
        let (own, law) = (
            SafeHours { from: own.0, until: own.1 },
            SafeHours { from: law.0, until: law.1 },
        );
        let now = at("2026-01-01T00:00:00Z") + TimeDelta::minutes(minute);
        let found = rulebook.messages().safe_at(now, zone, Some(own));
        let safe = |at: DateTime<Utc>| {
            let wall = at.with_timezone(&zone).time();
            let wall = u16::try_from(chrono::Timelike::num_seconds_from_midnight(&wall) / 60).unwrap();
            own.contains(wall) && (own.common(law) == 0 || law.contains(wall))
        };
        prop_assert!(safe(found), "{now} {found}");
        let mut earlier = now;
        while earlier < found {
            prop_assert!(!safe(earlier), "{now} {found}: {earlier} would do");
            earlier += TimeDelta::minutes(1);
        }
    }
}
