//! The numbers of a government's policy on codes.

use crate::vocabulary::Purpose;
use serde::{Deserialize, Serialize};

/// How codes are drawn, sent and tried: the table `[otp]` of a rulebook.
///
/// The linter holds each number to the bounds in its description.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct OtpPolicy {
    /// What the public may not do by itself without a verified mobile; nothing if empty. Lodging
    /// with an operator's help never needs one.
    pub required: Vec<Purpose>,
    /// Digits of a code: 6 or 7.
    pub digits: u32,
    /// Times that one code may be tried: 1 to 10.
    pub tries: u32,
    /// Minutes for which a code is good: 1 to 10.
    pub life_minutes: u32,
    /// Seconds before another code is sent to the same number: 10 to 600.
    pub resend_seconds: u32,
    /// Codes sent to one number within 24 hours: 1 to 100.
    pub number_daily_cap: u32,
    /// Codes sent to all numbers within an hour of the clock (UTC): at least 1.
    pub global_hourly_cap: u32,
    /// Codes sent to all numbers within a day (UTC): at least 1.
    pub global_daily_cap: u32,
    /// Wrong tries in a row, over all codes of a number, that are free of waiting: 1 to 10.
    pub free_failures: u32,
    /// Seconds to wait after the next wrong try; each further one doubles them: 1 to 600.
    pub wait_seconds: u32,
    /// The longest such wait, in seconds: at least `wait_seconds`, at most 86,400.
    pub longest_wait_seconds: u32,
    /// Wrong tries in a row after which the number is locked until somebody unlocks it: 5 to 100.
    pub lock_after: u32,
    /// Minutes for which a verified mobile is good: 1 to 1,440.
    pub token_minutes: u32,
    /// Officers who log in with a code have another factor besides.
    pub officers_have_second_factor: bool,
}

impl Default for OtpPolicy {
    fn default() -> Self {
        Self {
            required: Vec::new(),
            digits: 6,
            tries: 5,
            life_minutes: 5,
            resend_seconds: 30,
            number_daily_cap: 10,
            global_hourly_cap: 20_000,
            global_daily_cap: 200_000,
            free_failures: 3,
            wait_seconds: 5,
            longest_wait_seconds: 3_600,
            lock_after: 100,
            token_minutes: 30,
            officers_have_second_factor: true,
        }
    }
}

impl OtpPolicy {
    /// Bits of a code, to hundredths: 19.93 of six digits, 23.25 of seven.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::otp::OtpPolicy;
    ///
    /// let policy = OtpPolicy::default();
    /// assert_eq!(format!("{:.2}", policy.bits()), "19.93");
    /// ```
    pub fn bits(&self) -> f64 {
        f64::from(self.digits) * std::f64::consts::LOG2_10
    }

    /// Seconds to wait after so many wrong tries in a row.
    pub(crate) fn wait_after(&self, failures: u32) -> Option<u32> {
        let beyond = failures.checked_sub(self.free_failures)?.checked_sub(1)?;
        let doubled = u64::from(self.wait_seconds) << beyond.min(32);
        Some(u32::try_from(doubled).unwrap_or(u32::MAX).min(self.longest_wait_seconds))
    }
}
