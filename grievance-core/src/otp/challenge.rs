//! A code that was sent and waits for its answer.

use crate::kernel::code::TenantCode;
use crate::kernel::id::ChallengeId;
use crate::kernel::mobile::Mobile;
use crate::kernel::text::Digest;
use crate::kernel::time::{Millis, whole_millis};
use crate::otp::key::{MacKey, MacKeys};
use crate::otp::limiter::{GlobalLimiter, NumberLimiter};
use crate::otp::policy::OtpPolicy;
use crate::otp::token::VerifiedMobile;
use crate::vocabulary::{ErrorCode, Purpose};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

/// Why no code is sent, or none can be tried. Tells nothing about whom the number belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OtpRefusal {
    /// A code was sent a moment ago.
    #[error("a code was sent a moment ago; another can be sent in {} seconds", up(*retry_after))]
    TooSoon {
        /// How long to wait.
        retry_after: TimeDelta,
    },
    /// The number has had its codes of 24 hours.
    #[error("no more codes are sent to this number for {} seconds", up(*retry_after))]
    NumberCap {
        /// How long to wait.
        retry_after: TimeDelta,
    },
    /// All numbers together have had theirs.
    #[error("no codes are sent for {} seconds", up(*retry_after))]
    GlobalCap {
        /// How long to wait.
        retry_after: TimeDelta,
    },
    /// Too many codes were wrong.
    #[error("codes were wrong; the next can be tried in {} seconds", up(*retry_after))]
    Waiting {
        /// How long to wait.
        retry_after: TimeDelta,
    },
    /// So many codes were wrong in a row that the number is locked.
    #[error("too many codes were wrong; an office must unlock the number")]
    Locked,
    /// The code is not right.
    #[error("the code is not right; it can be tried {tries_left} more times")]
    Wrong {
        /// How often this code may still be tried.
        tries_left: u32,
    },
    /// The code is used, expired, tried too often or unknown; all the same to who asks.
    #[error("the code is no longer good; ask for a new one")]
    Spent,
}

/// Whole seconds, rounded up.
fn up(wait: TimeDelta) -> i64 {
    wait.num_milliseconds().max(0).saturating_add(999) / 1_000
}

impl OtpRefusal {
    /// The code every binding reports for this refusal.
    pub const fn code(&self) -> ErrorCode {
        match self {
            Self::TooSoon { .. } | Self::NumberCap { .. } | Self::GlobalCap { .. } | Self::Waiting { .. } => {
                ErrorCode::CodeTooOften
            }
            Self::Locked => ErrorCode::CodeLocked,
            Self::Wrong { .. } => ErrorCode::CodeWrong,
            Self::Spent => ErrorCode::CodeSpent,
        }
    }

    /// How long to wait before the same can be asked again, where waiting helps.
    pub const fn retry_after(&self) -> Option<TimeDelta> {
        match self {
            Self::TooSoon { retry_after }
            | Self::NumberCap { retry_after }
            | Self::GlobalCap { retry_after }
            | Self::Waiting { retry_after } => Some(*retry_after),
            Self::Locked | Self::Wrong { .. } | Self::Spent => None,
        }
    }
}

/// What a code is asked for: the things that it is bound to.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// The government.
    pub tenant: &'a TenantCode,
    /// What it is to open.
    pub purpose: Purpose,
    /// The mobile it is sent to.
    pub mobile: &'a Mobile,
    /// The request that it belongs to: a session, a form, a device; whatever the host can tell
    /// again when the code comes back.
    pub request: &'a str,
}

impl Ask<'_> {
    /// The name under which the number's limits are kept: a keyed MAC, the same for every purpose
    /// and request.
    pub fn subject(&self, keys: &MacKeys) -> Digest {
        self.subject_under(keys.current())
    }

    fn subject_under(&self, key: &MacKey) -> Digest {
        key.mac("otp subject", &[self.tenant.as_str().as_bytes(), self.mobile.e164().as_bytes()])
    }

    fn request_under(&self, key: &MacKey) -> Digest {
        key.mac("otp request", &[self.tenant.as_str().as_bytes(), self.request.as_bytes()])
    }
}

/// The row of a code that was sent. It holds neither code nor mobile.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChallengeState {
    /// Names it; given to whoever asked, and brought back with the code.
    pub id: ChallengeId,
    /// What it is to open.
    pub purpose: Purpose,
    /// A keyed MAC of the mobile.
    pub subject: Digest,
    /// A keyed MAC of the request that it belongs to.
    pub request: Digest,
    /// The identity of the key of all three MACs.
    pub key: SmolStr,
    /// A keyed MAC of the code and everything that it is bound to.
    pub mac: Digest,
    /// When it was sent.
    #[serde(with = "Millis")]
    pub issued_at: DateTime<Utc>,
    /// The first instant at which it is no longer good.
    #[serde(with = "Millis")]
    pub expires_at: DateTime<Utc>,
    /// How often it was tried wrongly.
    pub tries: u32,
    /// Whether it was used.
    pub used: bool,
}

impl std::fmt::Debug for ChallengeState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChallengeState")
            .field("id", &self.id)
            .field("purpose", &self.purpose)
            .field("tries", &self.tries)
            .field("used", &self.used)
            .finish_non_exhaustive()
    }
}

impl ChallengeState {
    fn mac_of(&self, key: &MacKey, tenant: &TenantCode, code: &str) -> Digest {
        key.mac("otp code", &self.parts(tenant, code))
    }

    fn parts<'a>(&'a self, tenant: &'a TenantCode, code: &'a str) -> [&'a [u8]; 6] {
        [
            tenant.as_str().as_bytes(),
            self.id.as_bytes(),
            self.purpose.as_str().as_bytes(),
            self.subject.as_bytes(),
            self.request.as_bytes(),
            code.as_bytes(),
        ]
    }
}

/// A code in the clear, on its way to the mobile. `Debug` shows no digit, and it has no serde.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(String);

impl Code {
    /// The digits: for the message that carries them, and for nothing else.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Code({} digits)", self.0.len())
    }
}

/// A code to be sent, and what to keep.
#[derive(Clone, Debug)]
pub struct Issued {
    /// The new row.
    pub challenge: ChallengeState,
    /// The code to be sent.
    pub code: Code,
    /// The number's counts afterwards.
    pub number: NumberLimiter,
    /// All numbers' counts afterwards.
    pub global: GlobalLimiter,
}

/// Draws a code.
///
/// It is `random`, read as one number of 128 bits, modulo 10⁶ or 10⁷: no code is likelier than
/// another by more than one part in 2¹⁰⁴, far below what could be told.
///
/// # Errors
///
/// [`OtpRefusal`] when the number or all numbers together have had enough; there is nothing to
/// keep then.
pub fn issue(
    policy: &OtpPolicy,
    keys: &MacKeys,
    ask: &Ask<'_>,
    (id, random): (ChallengeId, [u8; 16]),
    now: DateTime<Utc>,
    (number, global): (&NumberLimiter, &GlobalLimiter),
) -> Result<Issued, OtpRefusal> {
    let now = whole_millis(now);
    let number = number.sent(policy, now)?;
    let global = global.sent(policy, now)?;
    let digits = policy.digits.clamp(6, 7);
    let drawn = u128::from_be_bytes(random) % 10_u128.pow(digits);
    let code = format!("{drawn:0width$}", width = digits as usize);
    let key = keys.current();
    let life = TimeDelta::minutes(policy.life_minutes.clamp(1, 10).into());
    let mut challenge = ChallengeState {
        id,
        purpose: ask.purpose,
        subject: ask.subject_under(key),
        request: ask.request_under(key),
        key: SmolStr::new(key.id()),
        mac: Digest::from_bytes([0; 32]),
        issued_at: now,
        expires_at: now.checked_add_signed(life).unwrap_or(DateTime::<Utc>::MAX_UTC),
        tries: 0,
        used: false,
    };
    challenge.mac = challenge.mac_of(key, ask.tenant, &code);
    Ok(Issued { challenge, code: Code(code), number, global })
}

/// A right code, before the store has said that it was the first.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// The row to keep in the place of the one that was read.
    pub challenge: ChallengeState,
    /// The number's counts afterwards.
    pub number: NumberLimiter,
    verified: VerifiedMobile,
}

impl Accepted {
    /// Gives the verified mobile once the store has replaced exactly one row: the unused one that
    /// was read. With any other count somebody else used the code.
    pub fn confirmed(self, rows: u64) -> Option<VerifiedMobile> {
        (rows == 1).then_some(self.verified)
    }
}

/// A wrong code: its try is to be kept although the command fails.
#[derive(Clone, Debug)]
pub struct Wrong {
    /// The row to keep in the place of the one that was read.
    pub challenge: ChallengeState,
    /// The number's counts afterwards.
    pub number: NumberLimiter,
    /// How often this code may still be tried.
    pub tries_left: u32,
}

/// What a try came to.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// The code is right.
    Accepted(Box<Accepted>),
    /// It is not.
    Wrong(Box<Wrong>),
    /// It was not looked at; there is nothing to keep.
    Refused(OtpRefusal),
}

/// Tries a code. Digits of other scripts, spaces and dashes make no difference.
///
/// A code for another tenant, purpose, mobile or request is a wrong one. `number` are the counts
/// kept under the challenge's own subject. Codes are compared in a time that does not depend on
/// where they differ.
pub fn verify(
    policy: &OtpPolicy,
    keys: &MacKeys,
    ask: &Ask<'_>,
    challenge: &ChallengeState,
    code: &str,
    now: DateTime<Utc>,
    number: &NumberLimiter,
) -> Verdict {
    let now = whole_millis(now);
    let good = !challenge.used
        && challenge.tries < policy.tries
        && (challenge.issued_at..challenge.expires_at).contains(&now);
    let Some(key) = keys.get(&challenge.key).filter(|_| good) else {
        return Verdict::Refused(OtpRefusal::Spent);
    };
    if let Err(refusal) = number.may_try(policy, now) {
        return Verdict::Refused(refusal);
    }
    let asked = ChallengeState {
        purpose: ask.purpose,
        subject: ask.subject_under(key),
        request: ask.request_under(key),
        ..challenge.clone()
    };
    let right = key.verifies("otp code", &asked.parts(ask.tenant, &typed(code)), &challenge.mac);
    if right {
        let life = TimeDelta::minutes(policy.token_minutes.into());
        let verified = VerifiedMobile::proved(ask, now, life);
        let challenge = ChallengeState { used: true, ..challenge.clone() };
        Verdict::Accepted(Box::new(Accepted { challenge, number: number.succeeded(), verified }))
    } else {
        let tries = challenge.tries + 1;
        let challenge = ChallengeState { tries, ..challenge.clone() };
        let tries_left = policy.tries - tries;
        Verdict::Wrong(Box::new(Wrong { challenge, number: number.failed(policy, now), tries_left }))
    }
}

/// The digits of what a person typed, at most as many as could matter; whatever is neither digit
/// nor separator stays and makes the code wrong.
fn typed(code: &str) -> String {
    let digit = |c: char, zero: char| char::from_digit(u32::from(c) - u32::from(zero), 10).unwrap_or(c);
    code.chars()
        .take(64)
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '.' | '\u{200b}'..='\u{200f}' | '\u{feff}'))
        .map(|c| match c {
            '০'..='৯' => digit(c, '০'),
            '०'..='९' => digit(c, '०'),
            '０'..='９' => digit(c, '０'),
            _ => c,
        })
        .collect()
}
