//! Flat records: the table, and how they come of what the desk answers.

use crate::scenario_runner::all;
use grievance_core::desk::flat::{self, Day, Flat, Instant, Json};
use grievance_core::desk::{DeskError, Swept};
use grievance_core::grievance::outlook::{Ahead, Happens};
use grievance_core::kernel::code::TenantCode;
use grievance_core::kernel::id::GrievanceId;
use grievance_core::store::agenda::Job;
use grievance_core::store::memory::MemoryStore;
use grievance_core::store::outbox::Parked;
use grievance_core::store::search::Search;
use grievance_core::vocabulary::{ErrorCode, Field, JobKind, LookPurpose, RECORDS, TargetKind};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeSet;

fn json(of: impl Serialize) -> Value {
    serde_json::to_value(of).expect("it is JSON")
}

/// What is said fits the committed schema of that name.
#[cfg(feature = "schema")]
fn fits(name: &str, said: impl Serialize) {
    crate::schema_truth::schemas()[name]
        .names(&json(said))
        .unwrap_or_else(|problem| panic!("{name}: {problem}"));
}
#[cfg(not(feature = "schema"))]
fn fits(_: &str, _: impl Serialize) {}

/// Every language can say what the table says.
#[test]
fn fields_are_of_the_closed_set_of_types() {
    let mut known: BTreeSet<String> =
        ["String", "bool", "u32", "u64", "i64", "Instant", "Day", "Json"].map(str::to_owned).into();
    for record in RECORDS {
        let mut names = BTreeSet::new();
        for field in record.fields {
            let kind = field.kind.replace(' ', "");
            let mut one = kind.as_str();
            while let Some(inner) = one.strip_prefix("Option<").or_else(|| one.strip_prefix("Vec<")) {
                one = inner.strip_suffix('>').expect("it is closed");
            }
            assert!(known.contains(one), "{}.{}: {kind}", record.name, field.name);
            assert!(names.insert(field.name) && field.must && field.about.ends_with('.'), "{}", field.name);
        }
        assert!(known.insert(record.name.to_owned()), "{} is there twice", record.name);
    }
}

/// A record of which every text says the same.
trait Filled {
    fn filled() -> Self;
}

macro_rules! filled_with {
    ($($kind:ty = $value:expr,)+) => { $(impl Filled for $kind { fn filled() -> Self { $value } })+ };
}
filled_with! {
    String = "secret".to_owned(),
    bool = true,
    u32 = 1,
    u64 = 1,
    i64 = 1,
    Instant = Instant::UNIX_EPOCH,
    Day = Day::default(),
    Json = "secret".into(),
}

impl<T: Filled> Filled for Option<T> {
    fn filled() -> Self {
        Some(T::filled())
    }
}

impl<T: Filled> Filled for Vec<T> {
    fn filled() -> Self {
        vec![T::filled()]
    }
}

macro_rules! filled_records {
    ($($doc:literal $name:ident { $($about:literal $field:ident: $kind:ty,)+ })+) => {
        $(
            impl Filled for flat::$name {
                fn filled() -> Self {
                    Self { $($field: Filled::filled(),)+ }
                }
            }
        )+

        /// Each record as it is shown, and as JSON.
        fn filled_records() -> Vec<(String, Value)> {
            vec![$({
                let one = flat::$name::filled();
                (format!("{one:?}"), json(one))
            },)+]
        }
    };
}
grievance_core::for_records!(filled_records);

/// `Debug` shows the first field alone, JSON all of them.
#[test]
fn debug_shows_one_field() {
    let all = filled_records();
    assert_eq!(all.len(), RECORDS.len());
    for ((shown, told), row) in all.iter().zip(RECORDS) {
        assert!(shown.starts_with(row.name) && shown.contains(row.fields[0].name), "{shown}");
        assert!(shown.matches("secret").count() <= 1, "{shown}");
        assert_eq!(told.as_object().map(serde_json::Map::len), Some(row.fields.len()));
    }
}

/// What a case's views say under a name, the flat records say under it, too.
#[test]
fn what_has_the_same_name_says_the_same() {
    let tenant = TenantCode::new("scenario").expect("a code");
    let (mut offers, mut views) = (0, 0);
    for (name, scenario) in all() {
        let ran = scenario.run(&name, MemoryStore::default().tenant(&tenant));
        let end = scenario.steps.last().expect("a step").at;
        for case in ran.cases.values() {
            let history = ran.desk.stored_history(*case).expect("it reads");
            assert_eq!(json(&history), json(history.flat()), "{name}");
        }
        for actor in scenario.people() {
            let acting = ran.desk.by(&actor, end);
            if let Ok(page) = acting.search(&Search::default()) {
                assert_eq!(page.cases.iter().map(json).collect::<Value>(), json(page.cases.clone().flat()));
                let next = page.next.as_ref().map(ToString::to_string);
                assert_eq!(page.flat().next, next);
            }
            for case in ran.cases.values() {
                let Ok(view) = acting.case(*case) else { continue };
                views += 1;
                let (mut typed, flat) = (json(&view), json(view.flat()));
                for event in typed["history"].as_array_mut().expect("a list") {
                    let event = event.as_object_mut().expect("an object");
                    let led_to = event.remove("led_to").expect("it led somewhere");
                    event.extend(led_to.as_object().expect("an object").clone());
                }
                assert_eq!(typed, flat, "{name}");
                let words = acting.words(*case, LookPurpose::Handling, Field::ALL).expect("they are there");
                assert_eq!(json(&words), json(words.flat()), "{name}");
                for offer in acting.options(*case).expect("it is there") {
                    offers += 1;
                    let (typed, flat) = (offer.clone(), offer.flat());
                    assert_eq!(flat.allowed, typed.verdict.is_allowed(), "{name}: {flat:?}");
                    assert_eq!(flat.allowed, flat.because.is_empty());
                    assert!(if flat.allowed { flat.missing.is_empty() } else { flat.asks.is_empty() });
                    assert!(flat.because.iter().all(|why| why.code.parse::<ErrorCode>().is_ok()));
                    assert_eq!(flat.action, typed.action.as_str());
                }
                if let Ok(progress) = acting.progress(*case) {
                    let (due, ahead) = (progress.due.clone(), progress.ahead.len());
                    let flat = progress.flat();
                    assert_eq!(flat.due_at, due.as_ref().map(|due| due.due_at), "{name}");
                    assert_eq!(flat.due_on.is_some(), flat.due_at.is_some());
                    assert_eq!(flat.ahead.len(), ahead);
                }
            }
        }
    }
    assert!(views > 100 && offers > 1_000, "{views} views, {offers} offers");
}

#[test]
fn what_comes_next_is_a_target_or_an_office() {
    let on = |what| Ahead { at: Instant::UNIX_EPOCH, on: Day::default(), what }.flat();
    let (unit, post, level) = ("works".parse().unwrap(), Some("head".parse().unwrap()), 2);
    let (target, by) = (TargetKind::ALL[0], |what: Happens| on(what));
    let said = |it: flat::Ahead| (it.what, it.target, it.unit, it.level);
    let of = |what: &str, target: Option<&str>, unit: Option<&str>, level| {
        (what.to_owned(), target.map(str::to_owned), unit.map(str::to_owned), level)
    };
    let word = Some(target.as_str());
    assert_eq!(said(by(Happens::Missed(target))), of("missed", word, None, None));
    assert_eq!(said(by(Happens::GoesOn(target))), of("goes_on", word, None, None));
    assert_eq!(said(by(Happens::WindowEnds(target))), of("window_ends", word, None, None));
    let (told, goes) = (
        Happens::ToldTo { unit: "works".parse().unwrap(), post: post.clone(), level },
        Happens::GoesTo { unit: "works".parse().unwrap(), post, level },
    );
    assert_eq!(said(by(told)), of("told_to", None, Some("works"), Some(2)));
    assert_eq!(said(by(goes)), of("goes_to", None, Some("works"), Some(2)));
    assert_eq!(said(by(Happens::Proposed { unit, level })), of("proposed", None, Some("works"), Some(2)));
}

#[test]
fn a_sweep_says_what_failed_and_why() {
    let case = GrievanceId::from_uuid(uuid::Uuid::from_u128(7));
    let job = Job {
        due_at: Instant::UNIX_EPOCH,
        schedule: "weekly".parse().expect("a code"),
        kind: JobKind::ALL[0],
    };
    let swept = Swept {
        cases: 3,
        jobs: vec![job],
        checkpoint: Some(Err(DeskError::NotCovered)),
        failed: vec![(case, DeskError::NoRulebook)],
        ..Swept::default()
    };
    let flat = swept.flat();
    let code = |code: ErrorCode| code.as_str();
    assert_eq!((flat.cases, flat.jobs[0].schedule.as_str()), (3, "weekly"));
    assert_eq!(flat.jobs[0].kind, JobKind::ALL[0].as_str());
    assert_eq!(flat.checkpoint, None);
    assert_eq!(flat.checkpoint_failed.as_ref().map(|why| &*why.code), Some(code(ErrorCode::NotCovered)));
    assert_eq!(flat.failed[0].case, case.to_string());
    assert_eq!(flat.failed[0].code, code(ErrorCode::RulebookUnknown));
    assert_eq!(flat.failed[0].sentence, DeskError::NoRulebook.to_string());
    fits("swept", flat);

    let tenant = TenantCode::new("scenario").expect("a code");
    let (name, scenario) = all().swap_remove(0);
    let ran = scenario.run(&name, MemoryStore::default().tenant(&tenant));
    let end = scenario.steps.last().expect("a step").at;
    let made = ran.desk.checkpoint(end).expect("it is made");
    let told = json(&made).to_string();
    let flat = Swept { checkpoint: Some(Ok(made)), ..Swept::default() }.flat();
    assert_eq!((flat.checkpoint.as_ref(), &flat.checkpoint_failed), (Some(&told), &None));
    fits("swept", flat);
}

/// Messages that wait for a person, and what a step came to, of every scenario.
#[test]
fn notices_and_steps_fit() {
    let tenant = TenantCode::new("scenario").expect("a code");
    let mut posted = 0;
    for (name, scenario) in all() {
        let ran = scenario.run(&name, MemoryStore::default().tenant(&tenant));
        for case in ran.cases.values() {
            for one in ran.desk.store().notices_of(*case).expect("it reads") {
                posted += 1;
                let parked = Parked {
                    notice: one.notice.clone(),
                    attempts: 3,
                    at: one.notice.not_before,
                    problem: "refused".parse().expect("a code"),
                };
                let (flat, parked) = (one.clone().flat(), parked.flat());
                assert_eq!((&flat.id, &flat.channel), (&parked.id, &parked.channel));
                assert_eq!((parked.case, flat.about), (case.to_string(), one.notice.about));
                assert_eq!((flat.to, flat.not_before), (json(&one.notice.to), one.notice.not_before));
                fits("parked", ran.desk.store().parked(5).expect("it reads").flat());
            }
        }
    }
    assert!(posted > 100, "{posted}");
}

#[cfg(feature = "messages")]
#[test]
fn a_message_goes_to_an_address_or_an_office() {
    use grievance_core::desk::Delivered;
    use grievance_core::kernel::mobile::Mobile;
    use grievance_core::message::{Address, Message, Render, Value as Variable};
    use grievance_core::rulebook::Rulebook;
    use grievance_core::vocabulary::MessageChannel;

    let rulebook = Rulebook::from_toml("extends = \"west-bengal\"").expect("a sound rulebook");
    let number = [("number", Variable::Mark("CMO/2026/0000123/X".into()))];
    let (template, language) = ("reopened".parse().unwrap(), "en".parse().unwrap());
    let rendered = Render::new(&rulebook).render(&template, &language, MessageChannel::Sms, &number).unwrap();
    let (unit, post) = ("works".parse().unwrap(), "head".parse().unwrap());
    let all = [
        (Address::Mobile(Mobile::parse("9830012345").unwrap()), "mobile", Some("+919830012345"), None),
        (Address::Email("mina@example.org".into()), "email", Some("mina@example.org"), None),
        (Address::Postal("12 Lake Road".into()), "postal", Some("12 Lake Road"), None),
        (Address::Inbox("mina-1".into()), "inbox", Some("mina-1"), None),
        (Address::Unit("works".parse().unwrap()), "unit", None, Some(("works", None))),
        (Address::Post { unit, post }, "post", None, Some(("works", Some("head")))),
    ];
    for (to, kind, address, office) in all {
        let id = grievance_core::kernel::id::NoticeId::from_uuid(uuid::Uuid::from_u128(1));
        let rendered = rendered.clone();
        let flat = Message { id, channel: MessageChannel::Sms, to, rendered: rendered.clone() }.flat();
        assert_eq!((&*flat.to, flat.address.as_deref()), (kind, address));
        assert_eq!(flat.unit.as_deref(), office.map(|(unit, _)| unit));
        assert_eq!(flat.post.as_deref(), office.and_then(|(_, post)| post));
        let written = rendered.flat();
        assert_eq!((&*written.text, written.parts), ("Your grievance CMO/2026/0000123/X is open again.", 1));
        assert_eq!(flat.written, written);
        fits("message", flat);
    }
    fits("delivered", Delivered { sent: 1, ..Delivered::default() }.flat());
}

/// What a lodging, a rulebook and a code come to.
#[test]
fn what_a_desk_hands_out_fits() {
    use grievance_core::grievance::request::Lodge;
    use grievance_core::kernel::mobile::Mobile;
    use grievance_core::otp::{MacKey, MacKeys};
    use grievance_core::rulebook::Rulebook;
    use grievance_core::vocabulary::Purpose;
    use grievance_core::{Actor, Desk, KeyRing, PersonId};

    let tenant = TenantCode::new("haldia").expect("a code");
    let desk = Desk::open(MemoryStore::default().tenant(&tenant), tenant, KeyRing::for_tests());
    let now = Instant::UNIX_EPOCH;
    let rulebook = "extends = \"city-311\"\nname = \"Haldia\"\nzone = \"Asia/Kolkata\"";
    let rulebook = Rulebook::from_toml(rulebook).expect("a sound rulebook");
    let version = rulebook.version().to_string();
    let activation = desk.activate(rulebook, now).expect("it is activated").flat();
    assert_eq!((activation.version.as_str(), &activation.before), (&*version, &None));
    fits("activation", activation);

    let somebody = PersonId::from_uuid(uuid::Uuid::from_u128(1));
    let citizen = Actor::new(somebody, "complainant".parse().expect("a code"));
    let narrative = "The lamp at the ferry is dark.".to_owned();
    let lodge = Lodge { narrative, anonymous: Some(true), ..Lodge::default() };
    let done = desk.by(&citizen, now).lodge(lodge).expect("it is lodged");
    let code = done.tracking_code.as_ref().map(|code| code.as_str().to_owned());
    let (case, flat) = (done.case, done.flat());
    assert!(code.is_some() && flat.tracking_code == code && flat.case == case.to_string());
    fits("done", &flat);

    let (number, receipt) = (flat.number.expect("a number"), flat.receipt.expect("a receipt"));
    let held = desk.check_receipt(&number, &receipt, now).expect("it reads").expect("it is so").flat();
    assert_eq!((held.number, held.recorded_at, held.received_at), (number, now, now));

    let made = desk.checkpoint(now).expect("it is made");
    let flat = made.clone().flat();
    assert_eq!((&flat.hash, flat.number, flat.at), (&made.hash().to_string(), made.number, made.at));
    assert_eq!((flat.cases, flat.events), (1, made.events));
    let told: Value = serde_json::from_str(&flat.text).expect("it is JSON");
    assert_eq!(told, json(&made));
    fits("checkpoint", told);

    let keys = MacKeys::new(MacKey::new("2026-11", &[7; 32]).expect("a key"), Vec::new()).expect("a ring");
    let mobile = Mobile::parse("98300 01234").expect("a mobile");
    let sent = desk.otp(&keys).request_code(Purpose::Track, &mobile, "session-1", None, now).expect("sent");
    let (digits, flat) = (sent.code.reveal().to_owned(), sent.flat());
    assert_eq!((&*flat.code, &*flat.mobile, &*flat.purpose), (&*digits, "+919830001234", "track"));
    assert!(!format!("{flat:?}").contains(&digits));
    fits("code", flat);
}
