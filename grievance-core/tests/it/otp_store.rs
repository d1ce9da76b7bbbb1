//! One-time codes at the desk: the same on every store, and whoever is first is the only one.

use crate::desk_support::{citizen, lodging};
use chrono::{DateTime, TimeDelta, Utc};
use grievance_core::desk::{CodeToSend, Desk, DeskError};
use grievance_core::grievance::request::Lodge;
use grievance_core::kernel::code::{LanguageCode, TenantCode};
use grievance_core::kernel::id::ChallengeId;
use grievance_core::kernel::mobile::Mobile;
use grievance_core::otp::{MacKey, MacKeys, OtpRefusal};
use grievance_core::rulebook::Rulebook;
use grievance_core::store::Store;
use grievance_core::store::keys::KeyRing;
use grievance_core::store::memory::MemoryStore;
use grievance_core::vocabulary::Purpose;
use std::sync::Arc;

fn keys() -> MacKeys {
    MacKeys::new(MacKey::new("key-1", &[7; 32]).unwrap(), Vec::new()).unwrap()
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_000_000 + seconds, 0).unwrap()
}

fn mobile(last: u32) -> Mobile {
    Mobile::parse(&format!("98300{last:05}")).unwrap()
}

/// Runs on memory and, where it is built, on SQLite.
fn on_every_store(test: impl Fn(&Desk)) {
    let tenant = TenantCode::new("haldia").unwrap();
    let lines = "extends = \"west-bengal\"\nname = \"Haldia\"\nzone = \"Asia/Kolkata\"";
    let run = |store: Arc<dyn Store>| {
        let desk = Desk::open(store, tenant.clone(), KeyRing::for_tests());
        desk.activate(Rulebook::from_toml(lines).unwrap(), at(-1_000)).unwrap();
        test(&desk);
    };
    run(MemoryStore::default().tenant(&tenant));
    #[cfg(feature = "sqlite")]
    {
        use grievance_core::sql::sqlite::{SqliteOptions, SqliteStore, Synchronous};
        let folder = tempfile::tempdir().unwrap();
        let options = SqliteOptions { synchronous: Synchronous::Off, ..SqliteOptions::default() };
        run(SqliteStore::open_with(folder.path().join("cases.sqlite"), &options).unwrap().tenant(&tenant));
    }
}

fn request(desk: &Desk, last: u32, now: i64) -> Result<CodeToSend, DeskError> {
    desk.otp(&keys()).request_code(Purpose::Track, &mobile(last), "session", None, at(now))
}

fn try_code(desk: &Desk, sent: &CodeToSend, code: &str, now: i64) -> Result<Mobile, DeskError> {
    let verified = desk.otp(&keys()).verify_code(
        sent.challenge,
        Purpose::Track,
        &sent.mobile,
        "session",
        code,
        at(now),
    )?;
    Ok(*verified.mobile())
}

fn wrong_for(sent: &CodeToSend) -> String {
    let right: u32 = sent.code.reveal().parse().unwrap();
    format!("{:06}", (right + 1) % 1_000_000)
}

const SPENT: Result<Mobile, DeskError> = Err(DeskError::Code(OtpRefusal::Spent));

#[test]
fn one_of_64_who_bring_the_right_code_is_let_in() {
    on_every_store(|desk| {
        let sent = request(desk, 1, 0).unwrap();
        let answers: Vec<_> = std::thread::scope(|threads| {
            let all: Vec<_> =
                (0..64).map(|_| threads.spawn(|| try_code(desk, &sent, sent.code.reveal(), 1))).collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
        assert!(answers.iter().all(|answer| answer.is_ok() || *answer == SPENT), "{answers:?}");
    });
}

#[test]
fn of_64_wrong_tries_at_once_each_that_is_looked_at_counts() {
    on_every_store(|desk| {
        let sent = request(desk, 1, 0).unwrap();
        let answers: Vec<_> = std::thread::scope(|threads| {
            let all: Vec<_> =
                (0..64).map(|_| threads.spawn(|| try_code(desk, &sent, &wrong_for(&sent), 1))).collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        });
        let mut left: Vec<u32> = answers
            .iter()
            .filter_map(|answer| match answer {
                Err(DeskError::Code(OtpRefusal::Wrong { tries_left })) => Some(*tries_left),
                _ => None,
            })
            .collect();
        left.sort_unstable();
        // The fourth brings a wait of five seconds, during which nothing is looked at.
        assert_eq!(left, [1, 2, 3, 4], "{answers:?}");
        assert_eq!(
            try_code(desk, &sent, &wrong_for(&sent), 6),
            Err(OtpRefusal::Wrong { tries_left: 0 }.into())
        );
        assert_eq!(try_code(desk, &sent, sent.code.reveal(), 60), SPENT, "the right code comes too late");
    });
}

#[test]
fn a_failed_try_is_kept_although_the_command_fails() {
    on_every_store(|desk| {
        let sent = request(desk, 1, 0).unwrap();
        for left in [4, 3, 2] {
            let wrong = Err(OtpRefusal::Wrong { tries_left: left }.into());
            assert_eq!(try_code(desk, &sent, &wrong_for(&sent), 1), wrong);
        }
        assert_eq!(desk.store().challenge(sent.challenge).unwrap().unwrap().tries, 3);
        assert_eq!(try_code(desk, &sent, sent.code.reveal(), 2), Ok(mobile(1)));
        assert_eq!(try_code(desk, &sent, sent.code.reveal(), 3), SPENT);
    });
}

#[test]
fn failures_follow_the_number_from_code_to_code() {
    on_every_store(|desk| {
        let first = request(desk, 1, 0).unwrap();
        for _ in 0..4 {
            try_code(desk, &first, &wrong_for(&first), 1).unwrap_err();
        }
        // Two reasons to wait: the longer one is told.
        let soon = OtpRefusal::TooSoon { retry_after: TimeDelta::seconds(27) };
        assert_eq!(request(desk, 1, 3).map(drop), Err(soon.into()));
        let second = request(desk, 1, 31).unwrap();
        assert_eq!(
            try_code(desk, &second, &wrong_for(&second), 32),
            Err(OtpRefusal::Wrong { tries_left: 4 }.into())
        );
        let waiting = OtpRefusal::Waiting { retry_after: TimeDelta::seconds(10) };
        assert_eq!(try_code(desk, &second, second.code.reveal(), 32), Err(waiting.into()));
        desk.otp(&keys()).unlock(&mobile(1)).unwrap();
        assert_eq!(try_code(desk, &second, second.code.reveal(), 32), Ok(mobile(1)));
        // Another number is not touched by any of it.
        assert!(request(desk, 2, 3).is_ok());
    });
}

#[test]
fn of_64_requests_at_once_one_code_is_sent() {
    on_every_store(|desk| {
        let sent: usize = std::thread::scope(|threads| {
            let all: Vec<_> = (0..64).map(|_| threads.spawn(|| request(desk, 1, 0).is_ok())).collect();
            all.into_iter().map(|one| usize::from(one.join().unwrap())).sum()
        });
        assert_eq!(sent, 1);
        let soon = OtpRefusal::TooSoon { retry_after: TimeDelta::seconds(1) };
        assert_eq!(request(desk, 1, 29).map(drop), Err(soon.into()));
        assert!(request(desk, 1, 30).is_ok());
    });
}

#[test]
fn an_unknown_code_is_answered_like_a_spent_one() {
    on_every_store(|desk| {
        let sent = request(desk, 1, 0).unwrap();
        let unknown = CodeToSend { challenge: ChallengeId::from_uuid(uuid::Uuid::nil()), ..sent.clone() };
        assert_eq!(try_code(desk, &unknown, "123456", 1), SPENT);
        let other = CodeToSend { mobile: mobile(2), ..sent.clone() };
        let wrong = Err(OtpRefusal::Wrong { tries_left: 4 }.into());
        assert_eq!(try_code(desk, &other, sent.code.reveal(), 1), wrong);
        assert_eq!(desk.sweep(at(300), 10).unwrap().forgotten, 0, "it is good until now");
        assert_eq!(desk.sweep(at(301), 10).unwrap().forgotten, 1);
        assert_eq!(try_code(desk, &sent, sent.code.reveal(), 1), SPENT);
    });
}

/// What whoever asks can see of an answer: never the digits, and not which challenge it is.
fn seen<T>(answer: &Result<T, DeskError>) -> String {
    answer.as_ref().map_or_else(|refused| format!("{refused:?}"), |_| "taken".to_owned())
}

/// Asking and trying tells nobody whether a number has a case: the same answers, the same waits, and no
/// look at anybody.
#[test]
fn a_number_with_cases_is_answered_like_one_without() {
    let answers = [1, 2].map(|last| {
        let tenant = TenantCode::new("haldia").unwrap();
        let lines = "extends = \"city-311\"\nname = \"Haldia\"\nzone = \"Asia/Kolkata\"";
        let desk = Desk::open(MemoryStore::default().tenant(&tenant), tenant, KeyRing::for_tests());
        desk.activate(Rulebook::from_toml(lines).unwrap(), at(-1_000)).unwrap();
        let body = Lodge { mobile: Some(mobile(1).e164().to_owned()), ..lodging("pothole") };
        desk.by(&citizen(), at(-500)).lodge(body).unwrap();
        let looks = || desk.store().last_look().unwrap();
        let before = looks();
        // A right one, then wrong ones and requests in between, until the number must wait.
        let mut sent = request(&desk, last, 0).unwrap();
        let mut heard = vec![format!("{:?} {:?}", sent.language, sent.expires_at)];
        heard.push(seen(&try_code(&desk, &sent, sent.code.reveal(), 1)));
        for now in (31..4_000).step_by(31) {
            for _ in 0..3 {
                heard.push(seen(&try_code(&desk, &sent, &wrong_for(&sent), now)));
            }
            let again = request(&desk, last, now);
            heard.push(seen(&again));
            sent = again.unwrap_or(sent);
        }
        assert!(heard.iter().any(|it| it.contains("Locked") || it.contains("Waiting")), "{heard:?}");
        assert_eq!(looks(), before, "nobody was looked at");
        heard
    });
    assert_eq!(answers[0], answers[1]);
}

#[test]
fn the_language_is_the_one_asked_for_or_the_rulebooks() {
    on_every_store(|desk| {
        let ask = |last, code: &str| {
            let language = LanguageCode::new(code).unwrap();
            let sent =
                desk.otp(&keys()).request_code(Purpose::Lodge, &mobile(last), "", Some(&language), at(0));
            sent.unwrap().language.as_str().to_owned()
        };
        assert_eq!([ask(1, "bn"), ask(2, "hi"), ask(3, "ta")], ["bn", "hi", "en"]);
    });
}

/// Neither what is printed nor what is in the database file tells code or mobile.
#[cfg(feature = "sqlite")]
#[test]
fn the_database_knows_neither_code_nor_mobile() {
    use grievance_core::sql::sqlite::SqliteStore;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cases.sqlite");
    let tenant = TenantCode::new("haldia").unwrap();
    let text = "extends = \"city-311\"\nname = \"Haldia\"\nzone = \"Asia/Kolkata\"";
    {
        let desk = Desk::open(
            SqliteStore::open(&path).unwrap().tenant(&tenant),
            tenant.clone(),
            KeyRing::for_tests(),
        );
        desk.activate(Rulebook::from_toml(text).unwrap(), at(-1_000)).unwrap();
        let sent = request(&desk, 43_210, 0).unwrap();
        let printed = format!("{sent:?}");
        assert!(!printed.contains(sent.code.reveal()) && !printed.contains("983004"), "{printed}");
        try_code(&desk, &sent, &wrong_for(&sent), 1).unwrap_err();
    }
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(10).any(|window| window == b"9830043210"));
    }
}
