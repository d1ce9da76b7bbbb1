//! Short texts that people type or carry from one request to the next.

use crate::{line, text};
use grievance_core::chrono::{DateTime, NaiveDate};
use grievance_core::kernel::code::TenantCode;
use grievance_core::kernel::mobile::Mobile;
use grievance_core::kernel::number::{CheckRule, NumberPattern, NumberPrefix, RegistrationNumber};
use grievance_core::otp::{MacKey, MacKeys, VerifiedMobile};
use grievance_core::sms::Preview;
use grievance_core::sms::pull::{Keyword, Pull};
use grievance_core::store::search::Cursor;
use grievance_core::vocabulary::Purpose;

/// Registration numbers: a pattern, a prefix and a number, a line each.
///
/// What is read is read again as itself, and a number that is made is read as what it was made of.
pub fn number(data: &[u8]) -> bool {
    let Some(text) = text(data) else { return false };
    let (pattern, rest) = line(text);
    let (prefix, typed) = line(rest);
    if let Ok(number) = RegistrationNumber::read(typed) {
        assert_eq!(number.as_str(), typed);
    }
    let Ok(prefix) = NumberPrefix::new(prefix) else { return false };
    let check = if pattern.contains("{check}") { CheckRule::Mod37_36 } else { CheckRule::None };
    let Ok(pattern) = NumberPattern::compile(pattern, check) else { return false };
    let day = NaiveDate::from_ymd_opt(2026, 3, 31).expect("a day");
    for serial in [0, 1, 999_999, u64::MAX] {
        let made = pattern.format(&prefix, day, serial);
        let read = pattern.parse(&prefix, made.as_str()).expect("what was made is read");
        assert_eq!((&read.number, read.serial), (&made, serial));
    }
    let Ok(read) = pattern.parse(&prefix, typed) else { return false };
    assert_eq!(pattern.parse(&prefix, read.number.as_str()), Ok(read));
    true
}

/// Short messages: a keyword, and below it the message.
///
/// A number that is taken from it has only what a number may have; the parts of an answer are the
/// answer.
pub fn sms(data: &[u8]) -> bool {
    let Some(text) = text(data) else { return false };
    let (keyword, message) = line(text);
    let preview = Preview::of(message);
    assert_eq!(preview.texts(message).collect::<String>(), message);
    assert!(preview.parts.iter().all(|part| part.units <= preview.encoding.single()));
    let Ok(keyword) = Keyword::new(keyword) else { return false };
    match keyword.read(message) {
        Pull::Status { number, .. } => {
            RegistrationNumber::read(&number).expect("a number that could be one");
            true
        }
        Pull::Help { .. } => true,
        Pull::NotUnderstood { .. } => false,
    }
}

/// Cursors: one place, one text.
pub fn cursor(data: &[u8]) -> bool {
    let Some(text) = text(data) else { return false };
    let Ok(cursor) = text.parse::<Cursor>() else { return false };
    assert_eq!(cursor.to_string(), text);
    true
}

/// The keys that signed the seeds.
fn keys() -> MacKeys {
    let key = |id: &str, byte| MacKey::new(id, &[byte; 32]).expect("32 bytes are enough");
    MacKeys::new(key("2026-11", 7), vec![key("2026-10", 8)]).expect("two keys")
}

/// Tokens of verified mobiles: whatever is taken is what was given, byte for byte.
pub fn token(data: &[u8]) -> bool {
    let Some(text) = text(data) else { return false };
    let keys = keys();
    let tenant = TenantCode::new("haldia").expect("a code");
    let now = DateTime::from_timestamp_millis(1_767_225_600_000).expect("an instant");
    let Ok(verified) = VerifiedMobile::from_token(&keys, text, &tenant, Purpose::Track, now) else {
        return false;
    };
    assert_eq!((verified.tenant(), verified.purpose()), (&tenant, Purpose::Track));
    assert!(verified.expires_at() > now);
    if text.starts_with("gvm1.2026-11.") {
        assert_eq!(verified.to_token(&keys).as_str(), text, "a token has one spelling");
    }
    true
}

/// Mobile numbers: what is read is read again as itself, and never shown whole.
pub fn mobile(data: &[u8]) -> bool {
    let Some(text) = text(data) else { return false };
    let mobile = match Mobile::parse(text) {
        Ok(mobile) => mobile,
        Err(problem) => {
            // The sentence holds no digits but those of the rule and of a count.
            let told = problem.to_string();
            let run = |digits: &str| digits.len() > 4 && told.contains(digits);
            assert!(!text.split(|c: char| !c.is_ascii_digit()).any(run));
            return false;
        }
    };
    assert_eq!(Mobile::parse(mobile.e164()), Ok(mobile));
    assert!(!format!("{mobile} {mobile:?}").contains(&mobile.e164()[3..9]));
    true
}
