//! How often codes are sent and tried: the counts that a store keeps.

use crate::kernel::text::Digest;
use crate::kernel::time::{MaybeMillis, from_millis};
use crate::otp::challenge::OtpRefusal;
use crate::otp::policy::OtpPolicy;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// Whose counts they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LimiterKey {
    /// Those of all numbers together.
    Global,
    /// Those of one number, named by its keyed MAC.
    Number(Digest),
}

impl std::fmt::Display for LimiterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Global => f.write_str("global"),
            Self::Number(subject) => subject.fmt(f),
        }
    }
}

/// The counts under a [`LimiterKey`]: what a store keeps, as JSON or as it likes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimiterState {
    /// Of all numbers.
    Global(GlobalLimiter),
    /// Of one number.
    Number(NumberLimiter),
}

impl LimiterState {
    /// The counts of which nothing is kept yet.
    pub fn fresh(key: &LimiterKey) -> Self {
        match key {
            LimiterKey::Global => Self::Global(GlobalLimiter::default()),
            LimiterKey::Number(_) => Self::Number(NumberLimiter::default()),
        }
    }

    /// The first instant at which these counts may be forgotten; `None` for those of all numbers,
    /// which are one row.
    ///
    /// Those of a number say nothing any more 24 hours after the last code; with wrong tries since
    /// the last right one they are kept for 365 days after the last code or the end of the last
    /// wait, so that who guesses gains nothing by patience. Counts under a key that is no longer
    /// current go the same way.
    pub fn forget_at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Global(_) => None,
            Self::Number(counts) => Some(counts.forget_at()),
        }
    }
}

/// Codes sent to all numbers, in hours and days of the clock (UTC).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GlobalLimiter {
    /// Whole hours since 1970 of the latest code.
    pub hour: i64,
    /// Codes sent in that hour.
    pub in_hour: u32,
    /// Codes sent on the day of that hour.
    pub in_day: u32,
}

const HOUR: i64 = 3_600_000;

impl GlobalLimiter {
    /// The counts after one more code, or why there may be none.
    pub(super) fn sent(&self, policy: &OtpPolicy, now: DateTime<Utc>) -> Result<Self, OtpRefusal> {
        // A clock that went back counts into the latest window: it never opens one anew.
        let hour = now.timestamp_millis().div_euclid(HOUR).max(self.hour);
        let day = hour.div_euclid(24);
        let in_hour = if hour == self.hour { self.in_hour } else { 0 };
        let in_day = if day == self.hour.div_euclid(24) { self.in_day } else { 0 };
        let until = |end: i64| OtpRefusal::GlobalCap {
            retry_after: TimeDelta::milliseconds(
                end.saturating_mul(HOUR).saturating_sub(now.timestamp_millis()),
            ),
        };
        if in_day >= policy.global_daily_cap {
            return Err(until((day + 1) * 24));
        }
        if in_hour >= policy.global_hourly_cap {
            return Err(until(hour + 1));
        }
        Ok(Self { hour, in_hour: in_hour + 1, in_day: in_day + 1 })
    }
}

/// Codes sent to one number, and wrong tries in a row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumberLimiter {
    /// Instants, in milliseconds since 1970, of the codes of the last 24 hours, oldest first.
    pub sent: Vec<i64>,
    /// Wrong tries since the last right one, over all codes.
    pub failures: u32,
    /// The instant before which nothing is tried or sent.
    #[serde(with = "MaybeMillis")]
    pub wait_until: Option<DateTime<Utc>>,
}

const DAY: i64 = 24 * HOUR;

const YEAR: i64 = 365 * DAY;

impl NumberLimiter {
    fn forget_at(&self) -> DateTime<Utc> {
        let waited = self.wait_until.map(|until| until.timestamp_millis());
        let last = self.sent.iter().copied().chain(waited).max();
        let keep = if self.failures == 0 { DAY } else { YEAR };
        let at = last.map_or(0, |last| last.saturating_add(keep));
        from_millis(at).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// Whether something may be tried or sent now.
    pub(super) fn may_try(&self, policy: &OtpPolicy, now: DateTime<Utc>) -> Result<(), OtpRefusal> {
        if self.failures >= policy.lock_after {
            return Err(OtpRefusal::Locked);
        }
        match self.wait_until {
            Some(until) if now < until => Err(OtpRefusal::Waiting { retry_after: until - now }),
            _ => Ok(()),
        }
    }

    /// The counts after one more code, or why there may be none: of several reasons the one that
    /// lasts longest, so that whoever waits for it need not wait again.
    pub(super) fn sent(&self, policy: &OtpPolicy, now: DateTime<Utc>) -> Result<Self, OtpRefusal> {
        let mut longest = match self.may_try(policy, now) {
            Err(OtpRefusal::Locked) => return Err(OtpRefusal::Locked),
            Err(waiting) => Some(waiting),
            Ok(()) => None,
        };
        let mut because = |refusal: OtpRefusal| {
            if longest.is_none_or(|other| other.retry_after() <= refusal.retry_after()) {
                longest = Some(refusal);
            }
        };
        let at = now.timestamp_millis();
        let mut sent = self.sent.clone();
        sent.retain(|earlier| *earlier > at - DAY);
        if let Some(last) = sent.last() {
            let wait = last + i64::from(policy.resend_seconds) * 1_000 - at;
            if wait > 0 {
                because(OtpRefusal::TooSoon { retry_after: TimeDelta::milliseconds(wait) });
            }
        }
        let cap = usize::try_from(policy.number_daily_cap).unwrap_or(usize::MAX);
        if let Some(oldest) = sent.len().checked_sub(cap).and_then(|at| sent.get(at)) {
            because(OtpRefusal::NumberCap { retry_after: TimeDelta::milliseconds(oldest + DAY - at) });
        }
        if let Some(refusal) = longest {
            return Err(refusal);
        }
        sent.push(at);
        Ok(Self { sent, ..self.clone() })
    }

    pub(super) fn failed(&self, policy: &OtpPolicy, now: DateTime<Utc>) -> Self {
        let failures = self.failures.saturating_add(1);
        let wait = policy.wait_after(failures).map(|seconds| TimeDelta::seconds(seconds.into()));
        let wait_until = wait.and_then(|wait| now.checked_add_signed(wait));
        Self { sent: self.sent.clone(), failures, wait_until }
    }

    pub(super) fn succeeded(&self) -> Self {
        Self { sent: self.sent.clone(), failures: 0, wait_until: None }
    }

    /// The counts of a number that was unlocked by somebody who made sure of its holder: no wrong
    /// tries, no wait. How many codes were sent stays.
    #[must_use]
    pub fn unlocked(&self) -> Self {
        self.succeeded()
    }
}
