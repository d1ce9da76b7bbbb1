//! Verified mobiles: who must bring one to lodge, and what one shows of a case.

use crate::desk_support::Unscoped as _;
use crate::desk_support::{at, citizen, command, officer, open, stores};
use chrono::{DateTime, TimeDelta, Utc};
use grievance_core::desk::{Desk, DeskError, Done};
use grievance_core::grievance::event::What;
use grievance_core::grievance::request::Lodge;
use grievance_core::kernel::code::TenantCode;
use grievance_core::kernel::id::GrievanceId;
use grievance_core::kernel::mobile::Mobile;
use grievance_core::otp::{MacKey, MacKeys, VerifiedMobile};
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::access::Actor;
use grievance_core::store::keys::KeyRing;
use grievance_core::store::memory::MemoryStore;
use grievance_core::vocabulary::{ErrorCode, LookPurpose, Purpose};

const NOW: &str = "2026-03-02T05:00:00Z";
const OWN: &str = "98300 12345";

fn now() -> DateTime<Utc> {
    at(NOW)
}

fn keys() -> MacKeys {
    MacKeys::new(MacKey::new("k", &[7; 32]).unwrap(), Vec::new()).unwrap()
}

fn with_codes(desk: Desk) -> Desk {
    let text =
        "extends = \"city-311\"\nname = \"Coded town\"\nzone = \"Asia/Kolkata\"\notp.required = [\"lodge\"]";
    desk.activate(Rulebook::from_toml(text).unwrap(), at("2020-01-01T00:00:00Z")).unwrap();
    desk
}

fn desks() -> Vec<(&'static str, Desk)> {
    stores().into_iter().map(|(name, store)| (name, with_codes(open(store)))).collect()
}

/// Verifies a mobile on a desk, as a citizen would.
pub(crate) fn verified(desk: &Desk, mobile: &str, purpose: Purpose, now: DateTime<Utc>) -> VerifiedMobile {
    let (keys, mobile) = (keys(), Mobile::parse(mobile).unwrap());
    let sent = desk.otp(&keys).request_code(purpose, &mobile, "form", None, now).unwrap();
    let code = sent.code.reveal();
    desk.otp(&keys).verify_code(sent.challenge, purpose, &mobile, "form", code, now).unwrap()
}

fn form(mobile: Option<&str>) -> Lodge {
    Lodge {
        narrative: "No water.".to_owned(),
        category: Some("pothole".to_owned()),
        mobile: mobile.map(str::to_owned),
        ..Lodge::default()
    }
}

fn code(answer: Result<Done, DeskError>) -> Option<ErrorCode> {
    answer.err().map(|problem| problem.code())
}

/// Whoever lodges for themselves brings the verified mobile that the form gives; a right one of
/// another mobile, purpose, time or government will not do.
#[test]
fn who_lodges_alone_brings_a_verified_mobile() {
    for (name, desk) in desks() {
        let lodge = |proof: Option<&VerifiedMobile>, mobile| {
            let who = citizen();
            let by = desk.by(&who, now());
            let by = if let Some(proof) = proof { by.verified(proof) } else { by };
            by.lodge(form(mobile))
        };
        assert_eq!(code(lodge(None, Some(OWN))), Some(ErrorCode::MobileNotVerified), "{name}");
        assert_eq!(code(lodge(None, None)), Some(ErrorCode::MobileNotVerified), "{name}: no mobile at all");
        let own = verified(&desk, OWN, Purpose::Lodge, now());
        assert_eq!(code(lodge(Some(&own), Some("98300 12346"))), Some(ErrorCode::MobileDiffers), "{name}");
        assert_eq!(code(lodge(Some(&own), None)), Some(ErrorCode::MobileDiffers), "{name}");
        let track = verified(&desk, "98300 12347", Purpose::Track, now());
        assert_eq!(code(lodge(Some(&track), Some("98300 12347"))), Some(ErrorCode::TokenInvalid), "{name}");
        let early = verified(&desk, "98300 12348", Purpose::Lodge, now() - TimeDelta::hours(1));
        assert_eq!(code(lodge(Some(&early), Some("98300 12348"))), Some(ErrorCode::TokenInvalid), "{name}");
        let tenant = TenantCode::new("elsewhere").unwrap();
        let elsewhere =
            with_codes(Desk::open(MemoryStore::default().tenant(&tenant), tenant, KeyRing::for_tests()));
        let other = verified(&elsewhere, OWN, Purpose::Lodge, now());
        assert_eq!(code(lodge(Some(&other), Some(OWN))), Some(ErrorCode::TokenInvalid), "{name}");

        // The same number, however it is written; and through a token of the same keys.
        let token = own.to_token(&keys());
        let read = desk.otp(&keys()).read_token(token.as_str(), Purpose::Lodge, now()).unwrap();
        let done = lodge(Some(&read), Some("+91-98300-12345")).unwrap();
        let first = desk.history(done.case).unwrap().remove(0);
        assert!(matches!(first.event.what, What::Lodged(it) if it.mobile_verified), "{name}");
        let forged = token.as_str().replace('1', "2");
        assert!(desk.otp(&keys()).read_token(&forged, Purpose::Lodge, now()).is_err(), "{name}");
    }
}

/// Nobody who is helped needs a mobile, nor whoever stays unknown; and where the rulebook asks for
/// none, what is given is kept as not verified.
#[test]
fn who_is_helped_needs_none() {
    for (name, desk) in desks() {
        let kiosk = Actor { unit: None, ..officer("kiosk_operator", "desk") };
        let helped = desk.by(&kiosk, now()).lodge(form(Some(OWN))).unwrap();
        let first = desk.history(helped.case).unwrap().remove(0);
        assert!(matches!(first.event.what, What::Lodged(it) if !it.mobile_verified), "{name}");
        let unknown = Lodge { anonymous: Some(true), ..form(None) };
        assert!(desk.by(&citizen(), now()).lodge(unknown).is_ok(), "{name}");
    }
    for (name, desk) in crate::desk_support::desks() {
        assert!(desk.by(&citizen(), now()).lodge(form(Some(OWN))).is_ok(), "{name}");
        let own = verified(&desk, OWN, Purpose::Lodge, now());
        let differs = desk.by(&citizen(), now()).verified(&own).lodge(form(Some("98300 12346")));
        assert_eq!(code(differs), Some(ErrorCode::MobileDiffers), "{name}: a proof that is given counts");
    }
}

/// A lodging that is sent again is answered as before, though its proof has expired.
#[test]
fn a_lodging_sent_again_needs_no_fresh_proof() {
    for (name, desk) in desks() {
        let own = verified(&desk, OWN, Purpose::Lodge, now());
        let first =
            desk.by(&citizen(), now()).command(command(1)).verified(&own).lodge(form(Some(OWN))).unwrap();
        let later = now() + TimeDelta::days(1);
        let again = desk.by(&citizen(), later).command(command(1)).lodge(form(Some(OWN))).unwrap();
        assert_eq!(again.case, first.case, "{name}");
    }
}

fn numbered(desk: &Desk, mobile: &str) -> (GrievanceId, String) {
    let own = verified(desk, mobile, Purpose::Lodge, now());
    let done = desk.by(&citizen(), now()).verified(&own).lodge(form(Some(mobile))).unwrap();
    let number = desk.case(done.case).unwrap().fact.number.unwrap().to_string();
    (done.case, number)
}

/// A verified mobile shows where its own case stands, however the number is typed; of another's
/// case it shows as much as of a number that nobody has.
#[test]
fn tracking_shows_a_mobile_its_own_cases_only() {
    for (name, desk) in desks() {
        let (_, number) = numbered(&desk, OWN);
        let own = verified(&desk, OWN, Purpose::Track, now() + TimeDelta::minutes(2));
        let typed = format!(" {} ", number.to_lowercase());
        let stands = desk.track_by_mobile(&own, &typed, now()).unwrap().expect("it is theirs");
        assert_eq!(stands.number.unwrap().to_string(), number, "{name}");
        assert!(stands.due.is_some() && !stands.ahead.is_empty(), "{name}: and what comes next");
        let seen = desk.store().looks(0, 10).unwrap();
        let said = seen[0].said().unwrap();
        assert_eq!((seen.len(), said.purpose), (1, LookPurpose::Tracking), "{name}: it is written down");
        let other = verified(&desk, "98300 99999", Purpose::Track, now());
        for asked in [number.as_str(), "CITY-2026-999999", "nonsense", ""] {
            assert_eq!(desk.track_by_mobile(&other, asked, now()).unwrap(), None, "{name}: {asked}");
        }
        let lodging = verified(&desk, "98300 88888", Purpose::Lodge, now());
        let refused = desk.track_by_mobile(&lodging, &number, now()).unwrap_err();
        assert_eq!(refused.code(), ErrorCode::TokenInvalid, "{name}: verified for something else");
    }
}

/// The parts of a divided case share its number, and another system's number is a number too: a
/// citizen is shown the whole.
#[test]
fn tracking_shows_the_whole_by_either_number() {
    for (name, desk) in desks() {
        let proof = verified(&desk, OWN, Purpose::Lodge, now());
        let lodging = Lodge { external_number: Some("CALL 77".to_owned()), ..form(Some(OWN)) };
        let done = desk.by(&citizen(), now()).verified(&proof).lodge(lodging).unwrap();
        let number = desk.case(done.case).unwrap().fact.number.unwrap().to_string();
        let split = r#"{"action":"split","units":["works","water"]}"#;
        crate::desk_support::take(&desk, &officer("cell_officer", "desk"), NOW, done.case, split);
        let parts = desk.case(done.case).unwrap().case.parts;
        assert_eq!(parts.len(), 2, "{name}");
        let close = r#"{"action":"dispose","remarks":"r","reason":"benefit_provided","evidence":{"date":"2026-03-02","reference":"1"}}"#;
        for (part, unit) in parts.iter().zip(["works", "water"]) {
            crate::desk_support::take(&desk, &officer("hod", unit), NOW, part.case, close);
        }
        let own = verified(&desk, OWN, Purpose::Track, now() + TimeDelta::minutes(2));
        let whole = desk.progress(done.case, now()).unwrap();
        let part = desk.progress(parts[1].case, now()).unwrap();
        assert_ne!(whole, part, "{name}: the test can tell them apart");
        for asked in [number.as_str(), "CALL 77"] {
            let shown = desk.track_by_mobile(&own, asked, now()).unwrap();
            assert_eq!(shown.as_ref(), Some(&whole), "{name}: {asked}");
        }
        let seen = desk.store().looks(0, 10).unwrap();
        let said = seen[0].said().unwrap();
        assert_eq!((seen.len(), said.purpose), (2, LookPurpose::Tracking), "{name}: each is written down");
        let other = verified(&desk, "98300 99999", Purpose::Track, now());
        assert_eq!(desk.track_by_mobile(&other, "CALL 77", now()).unwrap(), None, "{name}");
    }
}

#[cfg(feature = "messages")]
mod by_message {
    use super::*;
    use grievance_core::message::{Address, GatewayError, RecordingGateway};

    /// The stage and the due date, in the language of the word; to another mobile the same bytes
    /// as of a number that nobody has.
    #[test]
    fn an_answer_tells_the_stage_and_the_due_date_and_only_to_its_mobile() {
        for (name, desk) in desks() {
            let (case, number) = numbered(&desk, OWN);
            let own = Mobile::parse(OWN).unwrap();
            let asks = |from: &Mobile, text: &str| desk.answer_sms(from, text, now()).unwrap().text;
            let told = asks(&own, &format!("grv status {number}"));
            assert_eq!(
                told,
                format!("{number}: registered. You will have an answer by 16 March 2026."),
                "{name}"
            );
            assert!(
                asks(&own, &format!("GRV অবস্থা {number}")).contains("registered"),
                "{name}: city speaks English"
            );
            let other = Mobile::parse("98300 99999").unwrap();
            let nobody = asks(&other, "GRV STATUS CITY-2026-999999");
            assert_eq!(asks(&other, &format!("GRV STATUS {number}")), nobody, "{name}");
            assert_eq!(asks(&own, "GRV STATUS CITY-2026-999999"), nobody, "{name}");
            let works = officer("hod", "works");
            let done = r#"{"action":"dispose","remarks":"r","reason":"benefit_provided","evidence":{"date":"2026-03-02","reference":"1"}}"#;
            crate::desk_support::take(&desk, &works, NOW, case, done);
            assert_eq!(asks(&own, &format!("GRV STATUS {number}")), format!("{number}: closed."), "{name}");
        }
    }

    /// Three languages, and whatever else comes is answered with how to ask.
    #[test]
    fn whatever_comes_is_answered_in_the_language_of_its_word() {
        let desk = open(stores().remove(0).1);
        let text = "extends = \"west-bengal\"";
        desk.activate(Rulebook::from_toml(text).unwrap(), at("2020-01-01T00:00:00Z")).unwrap();
        let from = Mobile::parse(OWN).unwrap();
        let asks = |text: &str| desk.answer_sms(&from, text, now()).unwrap();
        assert!(asks("GRV HELP").text.starts_with("To ask where"));
        assert!(asks("GRV সাহায্য").text.contains("নম্বর পাঠান"));
        assert!(asks("GRV मदद").text.contains("संख्या भेजें"));
        assert!(asks("GRV स्थिति CMO/2026/000001").text.contains("इस मोबाइल से"));
        let long = "GRV STATUS ".to_owned() + &"9".repeat(100_000);
        for hostile in
            ["", " ", "\u{0}", "' OR 1=1 --", "GRV STATUS ' OR 1=1", "{ $number }", "\u{202e}GRV", &long]
        {
            let answer = asks(hostile);
            assert!(!answer.text.is_empty() && !answer.text.contains("1=1"), "{hostile:?}");
        }
    }

    /// A code goes straight to the gateway, in words, and is nowhere kept.
    #[test]
    fn a_code_goes_out_in_words_and_opens() {
        for (name, desk) in desks() {
            let (keys, mobile) = (keys(), Mobile::parse(OWN).unwrap());
            let gateway = RecordingGateway::default();
            let codes = desk.otp(&keys);
            let sent = codes.send_code(Purpose::Lodge, &mobile, "form", None, (now(), &gateway)).unwrap();
            let message = gateway.messages().remove(0);
            assert!(matches!(message.to, Address::Mobile(to) if to == mobile), "{name}");
            let digits = &message.rendered.text[..6];
            assert!(message.rendered.text.contains("5 minutes"), "{name}");
            let opened = codes.verify_code(sent.challenge, Purpose::Lodge, &mobile, "form", digits, now());
            assert!(opened.is_ok(), "{name}");
            assert_eq!(desk.store().outbox_next().unwrap(), None, "{name}: it is no message that waits");
            gateway.fail_next(GatewayError::Transient("away".to_owned()));
            let later = now() + TimeDelta::minutes(1);
            let failed =
                codes.send_code(Purpose::Lodge, &mobile, "form", None, (later, &gateway)).unwrap_err();
            assert_eq!(failed.code(), ErrorCode::MessageNotSent, "{name}");
        }
    }
}
