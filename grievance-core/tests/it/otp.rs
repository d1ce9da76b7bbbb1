//! One-time codes, the pure part: what a code opens, how often it may be tried, what a token proves.

use chrono::{DateTime, TimeDelta, Utc};
use grievance_core::kernel::code::TenantCode;
use grievance_core::kernel::id::ChallengeId;
use grievance_core::kernel::mobile::Mobile;
use grievance_core::otp::{
    Ask, ChallengeState, GlobalLimiter, Issued, KeyError, MacKey, MacKeys, NumberLimiter, OtpPolicy,
    OtpRefusal, TokenError, Verdict, VerifiedMobile, issue, verify,
};
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::finding::{Lint, Severity};
use grievance_core::rulebook::read::Format;
use grievance_core::vocabulary::{ErrorCode, Purpose, Remedy};
use proptest::prelude::*;

fn tenant(code: &str) -> TenantCode {
    TenantCode::new(code).expect("a code")
}

fn mobile(last: u32) -> Mobile {
    Mobile::parse(&format!("98300{last:05}")).expect("a mobile")
}

fn key(n: u8) -> MacKey {
    MacKey::new(&format!("key-{n}"), &[n; 32]).expect("a key")
}

fn keys(n: u8) -> MacKeys {
    MacKeys::new(key(n), Vec::new()).expect("one key")
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_000_000 + seconds, 0).expect("in range")
}

/// Somebody who asks for a code and tries it.
struct Scene {
    policy: OtpPolicy,
    keys: MacKeys,
    tenant: TenantCode,
    mobile: Mobile,
}

impl Scene {
    fn new() -> Self {
        Self { policy: OtpPolicy::default(), keys: keys(1), tenant: tenant("west-bengal"), mobile: mobile(1) }
    }

    fn ask(&self) -> Ask<'_> {
        Ask { tenant: &self.tenant, purpose: Purpose::Track, mobile: &self.mobile, request: "session" }
    }

    fn issue_after(
        &self,
        number: &NumberLimiter,
        now: DateTime<Utc>,
        random: u128,
    ) -> Result<Issued, OtpRefusal> {
        let id = ChallengeId::from_uuid(uuid::Uuid::from_u128(random));
        let global = GlobalLimiter::default();
        issue(&self.policy, &self.keys, &self.ask(), (id, random.to_be_bytes()), now, (number, &global))
    }

    fn issue(&self, random: u128) -> Issued {
        self.issue_after(&NumberLimiter::default(), at(0), random).expect("the first is sent")
    }

    fn try_at(
        &self,
        challenge: &ChallengeState,
        number: &NumberLimiter,
        code: &str,
        now: DateTime<Utc>,
    ) -> Verdict {
        verify(&self.policy, &self.keys, &self.ask(), challenge, code, now, number)
    }
}

fn accepted(verdict: Verdict) -> Option<VerifiedMobile> {
    match verdict {
        Verdict::Accepted(accepted) => accepted.confirmed(1),
        _ => None,
    }
}

fn is_wrong(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Wrong(_))
}

/// A verified mobile, by the only way there is to one.
fn verified(purpose: Purpose, last: u32) -> VerifiedMobile {
    let scene = Scene { mobile: mobile(last), ..Scene::new() };
    let ask = Ask { purpose, ..scene.ask() };
    let id = ChallengeId::from_uuid(uuid::Uuid::from_u128(9));
    let none = (&NumberLimiter::default(), &GlobalLimiter::default());
    let issued = issue(&scene.policy, &scene.keys, &ask, (id, [9; 16]), at(0), none).expect("sent");
    let code = issued.code.reveal();
    accepted(verify(&scene.policy, &scene.keys, &ask, &issued.challenge, code, at(1), &issued.number))
        .expect("the right code")
}

proptest! {
    /// The code that was sent opens; every other one does not, and its try counts.
    #[test]
    fn only_the_code_that_was_sent_opens(random in any::<u128>(), other in 0_u32..1_000_000, seven in any::<bool>()) {
        let mut scene = Scene::new();
        scene.policy.digits = if seven { 7 } else { 6 };
        let issued = scene.issue(random);
        let code = issued.code.reveal();
        prop_assert_eq!(code.len(), if seven { 7 } else { 6 });
        prop_assert!(code.bytes().all(|b| b.is_ascii_digit()));
        prop_assert_eq!(code.parse::<u128>().unwrap(), random % if seven { 10_000_000 } else { 1_000_000 });
        prop_assert!(accepted(scene.try_at(&issued.challenge, &issued.number, code, at(1))).is_some());
        let other = format!("{other:06}");
        if other != code {
            let Verdict::Wrong(wrong) = scene.try_at(&issued.challenge, &issued.number, &other, at(1)) else {
                return Err(TestCaseError::fail("a wrong code is wrong"));
            };
            prop_assert_eq!((wrong.challenge.tries, wrong.tries_left, wrong.number.failures), (1, 4, 1));
            prop_assert!(!wrong.challenge.used);
        }
    }

    /// A code opens nothing but what it was asked for: another tenant, purpose, mobile, request or
    /// key is as good as a wrong code.
    #[test]
    fn a_code_is_bound_to_what_it_was_asked_for(random in any::<u128>(), change in 0..5) {
        let scene = Scene::new();
        let issued = scene.issue(random);
        let (other_tenant, other_mobile) = (tenant("odisha"), mobile(2));
        let mut ask = scene.ask();
        let mut ring = keys(1);
        match change {
            0 => ask.tenant = &other_tenant,
            1 => ask.purpose = Purpose::Lodge,
            2 => ask.mobile = &other_mobile,
            3 => ask.request = "session2",
            _ => ring = MacKeys::new(MacKey::new("key-1", &[2; 32]).unwrap(), Vec::new()).unwrap(),
        }
        let verdict =
            verify(&scene.policy, &ring, &ask, &issued.challenge, issued.code.reveal(), at(1), &issued.number);
        prop_assert!(is_wrong(&verdict), "{:?}", verdict);
    }

    /// Nothing that is kept holds the mobile or the code, and nothing prints them.
    #[test]
    fn nothing_kept_or_printed_tells_code_or_mobile(random in any::<u128>()) {
        let scene = Scene::new();
        let issued = scene.issue(random);
        let kept = format!(
            "{} {}",
            serde_json::to_string(&issued.challenge).unwrap(),
            serde_json::to_string(&issued.number).unwrap()
        );
        prop_assert!(!kept.contains("9830000001"));
        let printed = format!("{issued:?} {:?} {:?}", scene.keys, scene.ask());
        prop_assert!(!printed.contains("983000"), "{}", printed);
        prop_assert!(!printed.contains(issued.code.reveal()), "{}", printed);
        prop_assert!(!printed.contains("[1, 1"), "{}", printed);
        let back: ChallengeState = serde_json::from_str(&serde_json::to_string(&issued.challenge).unwrap()).unwrap();
        prop_assert_eq!(back, issued.challenge);
    }

    /// However the tries fall, no code is tried more than five times, and none after it was used.
    #[test]
    fn a_code_is_tried_five_times_at_most(guesses in prop::collection::vec((any::<bool>(), 0_i64..200), 0..30)) {
        let scene = Scene::new();
        let issued = scene.issue(123_456);
        let (mut challenge, mut number, mut now) = (issued.challenge, issued.number, 0);
        let (mut looked_at, mut opened) = (0, 0);
        for (right, wait) in guesses {
            now += wait;
            let code = if right { "123456" } else { "654321" };
            match scene.try_at(&challenge, &number, code, at(now)) {
                Verdict::Wrong(wrong) => {
                    looked_at += 1;
                    (challenge, number) = (wrong.challenge, wrong.number);
                }
                Verdict::Accepted(accepted) => {
                    opened += 1;
                    (challenge, number) = (accepted.challenge, accepted.number);
                }
                Verdict::Refused(refusal) => {
                    let waits = matches!(refusal, OtpRefusal::Waiting { .. });
                    prop_assert!(waits || refusal == OtpRefusal::Spent);
                }
            }
            prop_assert!(looked_at <= 5 && opened <= 1);
        }
    }

    /// In any 24 hours a number gets at most its cap, and never two codes within the resend wait.
    #[test]
    fn caps_hold_in_every_window(gaps in prop::collection::vec(0_i64..20_000, 1..60)) {
        let scene = Scene::new();
        let (mut number, mut now, mut sent) = (NumberLimiter::default(), 0, Vec::new());
        for gap in gaps {
            now += gap;
            match scene.issue_after(&number, at(now), 1) {
                Ok(issued) => {
                    number = issued.number;
                    sent.push(now);
                }
                Err(refusal) => {
                    let wait = refusal.retry_after().expect("waiting helps").num_seconds();
                    prop_assert!(wait > 0);
                    prop_assert!(scene.issue_after(&number, at(now + wait), 1).is_ok(), "after the wait it is sent");
                    prop_assert!(scene.issue_after(&number, at(now + wait - 1), 1).is_err(), "and not before");
                }
            }
        }
        for (n, at) in sent.iter().enumerate() {
            prop_assert!(sent[n..].iter().filter(|later| **later < at + 86_400).count() <= 10);
            prop_assert!(n == 0 || at - sent[n - 1] >= 30);
        }
    }

    /// A token changed in any character, cut or lengthened proves nothing.
    #[test]
    fn a_changed_token_proves_nothing(place in any::<prop::sample::Index>(), with in any::<char>(), cut in any::<bool>()) {
        let token = verified(Purpose::Track, 1).to_token(&keys(1));
        let (track, wb) = (Purpose::Track, tenant("west-bengal"));
        prop_assert!(VerifiedMobile::from_token(&keys(1), token.as_str(), &wb, track, at(1)).is_ok());
        let mut changed: Vec<char> = token.as_str().chars().collect();
        let place = place.index(changed.len());
        if cut { changed.truncate(place); } else { changed[place] = with; }
        let changed: String = changed.into_iter().collect();
        if changed != token.as_str() {
            let answer = VerifiedMobile::from_token(&keys(1), &changed, &wb, track, at(1));
            prop_assert_eq!(answer, Err(TokenError::NotOurs));
        }
    }

    /// Whatever is brought as a code or a token is answered.
    #[test]
    fn any_text_is_answered(text in any::<String>()) {
        let scene = Scene::new();
        let issued = scene.issue(7);
        let verdict = scene.try_at(&issued.challenge, &issued.number, &text, at(1));
        prop_assert!(is_wrong(&verdict) || text.contains("000007"));
        prop_assert!(VerifiedMobile::from_token(&keys(1), &text, &tenant("x"), Purpose::Track, at(1)).is_err());
    }
}

#[test]
fn a_code_lives_five_minutes_and_once() {
    let scene = Scene::new();
    let issued = scene.issue(7);
    let open = |challenge: &ChallengeState, now| {
        accepted(scene.try_at(challenge, &issued.number, "000007", now)).is_some()
    };
    assert!(open(&issued.challenge, at(0)));
    assert!(open(&issued.challenge, at(299)));
    assert!(!open(&issued.challenge, at(300)));
    assert!(!open(&issued.challenge, at(-1)), "a clock that went back opens nothing");
    let Verdict::Accepted(first) = scene.try_at(&issued.challenge, &issued.number, "000007", at(1)) else {
        panic!("the right code")
    };
    assert!(!open(&first.challenge, at(2)));
    assert_eq!(first.clone().confirmed(0), None, "somebody else was first");
    assert_eq!(first.confirmed(2), None);
}

#[test]
fn digits_of_other_scripts_and_spaces_are_taken() {
    let scene = Scene::new();
    let issued = scene.issue(120_789);
    for typed in ["120789", " 120 789 ", "120-789", "১২০৭৮৯", "१२०७८९", "１２０７８９", "\u{feff}120789\n"]
    {
        assert!(accepted(scene.try_at(&issued.challenge, &issued.number, typed, at(1))).is_some(), "{typed}");
    }
    for typed in ["", "12078", "1207890", "0120789", "+120789", "120789x", "12o789"] {
        assert!(is_wrong(&scene.try_at(&issued.challenge, &issued.number, typed, at(1))), "{typed}");
    }
    assert!(is_wrong(&scene.try_at(&issued.challenge, &issued.number, &"1".repeat(1_000_000), at(1))));
}

#[test]
fn waits_grow_and_end_with_a_right_code() {
    let scene = Scene { policy: OtpPolicy { tries: 10, ..OtpPolicy::default() }, ..Scene::new() };
    let issued = scene.issue(7);
    let (mut challenge, mut number, mut now) = (issued.challenge, issued.number, 1);
    let mut waits = Vec::new();
    for _ in 0..7 {
        let Verdict::Wrong(wrong) = scene.try_at(&challenge, &number, "1", at(now)) else { panic!("wrong") };
        (challenge, number) = (wrong.challenge, wrong.number);
        let wait = number.wait_until.map_or(0, |until| (until - at(now)).num_seconds());
        if wait > 0 {
            let early = scene.try_at(&challenge, &number, "000007", at(now + wait - 1));
            let one = OtpRefusal::Waiting { retry_after: TimeDelta::seconds(1) };
            assert!(
                matches!(early, Verdict::Refused(refusal) if refusal == one),
                "even the right code waits"
            );
            let asked = scene.issue_after(&number, at(now + wait - 1), 8).map(drop).unwrap_err();
            assert!(asked.retry_after() >= one.retry_after(), "a new code does not shorten the wait");
        }
        waits.push(wait);
        now += wait;
    }
    assert_eq!(waits, [0, 0, 0, 5, 10, 20, 40]);
    let Verdict::Accepted(right) = scene.try_at(&challenge, &number, "000007", at(now)) else {
        panic!("right")
    };
    assert_eq!((right.number.failures, right.number.wait_until), (0, None));
    assert_eq!(right.number.sent.len(), 1, "what was sent stays counted");
}

#[test]
fn a_hundred_wrong_codes_lock_the_number() {
    let scene = Scene::new();
    let number = NumberLimiter { failures: 99, ..NumberLimiter::default() };
    let issued = scene.issue_after(&number, at(0), 7).expect("the hundredth is still free");
    let Verdict::Wrong(wrong) = scene.try_at(&issued.challenge, &issued.number, "1", at(1)) else {
        panic!("wrong")
    };
    let later = at(1_000_000);
    assert_eq!(scene.issue_after(&wrong.number, later, 8).map(drop), Err(OtpRefusal::Locked));
    assert_eq!(OtpRefusal::Locked.retry_after(), None);
    assert!(scene.issue_after(&wrong.number.unlocked(), later, 8).is_ok());
}

#[test]
fn all_numbers_together_have_caps() {
    let policy = OtpPolicy { global_hourly_cap: 2, global_daily_cap: 3, ..OtpPolicy::default() };
    let scene = Scene::new();
    let mut global = GlobalLimiter::default();
    let mut send = |now: i64| {
        let now = DateTime::from_timestamp(1_780_012_800 + now, 0).expect("in range");
        let id = ChallengeId::from_uuid(uuid::Uuid::nil());
        let none = NumberLimiter::default();
        let issued = issue(&policy, &scene.keys, &scene.ask(), (id, [0; 16]), now, (&none, &global))?;
        global = issued.global;
        Ok(())
    };
    let cap = |seconds| Err(OtpRefusal::GlobalCap { retry_after: TimeDelta::seconds(seconds) });
    assert_eq!(1_780_012_800 % 86_400, 0, "midnight");
    assert_eq!(send(0), Ok(()));
    assert_eq!(send(10), Ok(()));
    assert_eq!(send(20), cap(3_580));
    assert_eq!(send(3_600), Ok(()));
    assert_eq!(send(3_601), cap(82_799));
    assert_eq!(send(-3_600), cap(90_000), "a clock that went back opens no window anew");
    assert_eq!(send(86_400), Ok(()));
}

#[test]
fn old_keys_verify_and_new_ones_sign() {
    let scene = Scene::new();
    let issued = scene.issue(7);
    let token = verified(Purpose::Track, 1).to_token(&keys(1));
    let (wb, track) = (tenant("west-bengal"), Purpose::Track);
    let rotated = MacKeys::new(key(2), vec![key(1)]).expect("two keys");
    let verdict =
        verify(&scene.policy, &rotated, &scene.ask(), &issued.challenge, "000007", at(1), &issued.number);
    assert!(accepted(verdict).is_some());
    let read =
        VerifiedMobile::from_token(&rotated, token.as_str(), &wb, track, at(1)).expect("an old key's token");
    assert!(read.to_token(&rotated).as_str().starts_with("gvm1.key-2."));
    // Without the old key nothing of its time is good any more.
    let verdict =
        verify(&scene.policy, &keys(2), &scene.ask(), &issued.challenge, "000007", at(1), &issued.number);
    assert!(matches!(verdict, Verdict::Refused(OtpRefusal::Spent)));
    let gone = VerifiedMobile::from_token(&keys(2), token.as_str(), &wb, track, at(1));
    assert_eq!(gone, Err(TokenError::NotOurs));
}

#[test]
fn keys_are_checked() {
    assert_eq!(MacKey::new("key 1", &[0; 32]).map(drop), Err(KeyError::BadId));
    assert_eq!(MacKey::new("key-1", &[0; 31]).map(drop), Err(KeyError::BadSecret));
    assert_eq!(MacKey::new("key-1", &[0; 1_025]).map(drop), Err(KeyError::BadSecret));
    assert_eq!(MacKeys::new(key(1), vec![key(2), key(1)]).map(drop), Err(KeyError::DuplicateId));
}

#[test]
fn a_token_is_for_one_government_purpose_and_time() {
    let proof = verified(Purpose::Track, 4_321);
    let token = proof.to_token(&keys(1));
    let read = |tenant_code: &str, purpose, now| {
        VerifiedMobile::from_token(&keys(1), token.as_str(), &tenant(tenant_code), purpose, now)
    };
    assert_eq!(read("west-bengal", Purpose::Track, at(2)), Ok(proof.clone()));
    assert_eq!(read("west-bengal", Purpose::Track, at(1_800)), Ok(proof.clone()));
    assert_eq!(read("west-bengal", Purpose::Track, at(1_801)), Err(TokenError::Expired));
    assert_eq!(read("odisha", Purpose::Track, at(2)), Err(TokenError::OtherUse));
    assert_eq!(read("west-bengal", Purpose::Lodge, at(2)), Err(TokenError::OtherUse));
    assert!(token.as_str().bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-' || b == b'_'));
    assert!(token.as_str().len() <= 512);
    let printed = format!("{proof:?} {token:?}");
    assert!(printed.contains("…4321") && !printed.contains("98300"), "{printed}");
}

#[test]
fn refusals_say_what_to_do() {
    let wait = OtpRefusal::TooSoon { retry_after: TimeDelta::milliseconds(1_001) };
    assert_eq!((wait.code(), wait.code().remedy()), (ErrorCode::CodeTooOften, Remedy::Wait));
    assert_eq!(wait.to_string(), "a code was sent a moment ago; another can be sent in 2 seconds");
    assert_eq!(OtpRefusal::Spent.code().remedy(), Remedy::Amend);
}

#[test]
fn the_policy_has_bounds() {
    let book = |lines: &str| {
        let text = format!("extends = \"city-311\"\nname = \"Haldia\"\nzone = \"Asia/Kolkata\"\n{lines}");
        Rulebook::read(&text, Format::Toml)
    };
    assert_eq!(book("").expect("sound").rulebook.otp(), &OtpPolicy::default());
    let sound = "otp = { digits = 7, tries = 3, life_minutes = 10, required = [\"lodge\", \"track\"] }";
    assert_eq!(book(sound).expect("sound").rulebook.otp().digits, 7);
    for (field, bad) in [
        ("digits", 5),
        ("digits", 8),
        ("tries", 0),
        ("life_minutes", 11),
        ("resend_seconds", 9),
        ("number_daily_cap", 0),
        ("number_daily_cap", 101),
        ("global_daily_cap", 0),
        ("free_failures", 0),
        ("wait_seconds", 0),
        ("longest_wait_seconds", 4),
        ("lock_after", 101),
        ("token_minutes", 1_441),
    ] {
        let refused = book(&format!("otp.{field} = {bad}")).expect_err("out of range");
        let first = refused.errors().next().expect("an error");
        assert_eq!((first.lint, first.path.as_str()), (Lint::OutOfRange, &*format!("otp.{field}")));
    }
    let refused = book("otp.required = [\"everything\"]").expect_err("no purpose");
    assert!(refused.findings[0].path.starts_with("otp.required"), "{refused}");
}

#[test]
fn a_code_as_an_officers_only_factor_is_warned_of() {
    let text = "extends = \"city-311\"\nname = \"Haldia\"\nzone = \"Asia/Kolkata\"\notp.officers_have_second_factor = false";
    let read = Rulebook::read(text, Format::Toml).expect("a warning is no error");
    let found = read.findings.iter().find(|finding| finding.lint == Lint::WeakFactor).expect("it is told");
    assert_eq!(found.severity, Severity::Warning);
}
