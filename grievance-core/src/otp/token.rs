//! A mobile whose holder was shown to have it, and its passage between requests.

use crate::kernel::code::TenantCode;
use crate::kernel::mobile::Mobile;
use crate::kernel::text::Digest;
use crate::kernel::time::{from_millis, whole_millis};
use crate::otp::challenge::Ask;
use crate::otp::key::MacKeys;
use crate::vocabulary::{ErrorCode, Purpose};
use chrono::{DateTime, TimeDelta, Utc};
use std::fmt::Write as _;

/// Why a token proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// It is no token of ours, of a version that is not known, or was made or changed by somebody
    /// else. Which of these is not said.
    #[error("the token is not one that this office has given")]
    NotOurs,
    /// Its time has run out.
    #[error("the token has expired; verify the mobile again")]
    Expired,
    /// It was given by another government or for another purpose.
    #[error("the token was given for something else")]
    OtherUse,
}

impl TokenError {
    /// The code every binding reports for this failure.
    pub const fn code(&self) -> ErrorCode {
        ErrorCode::TokenInvalid
    }
}

/// A mobile whose holder has just answered with the code that was sent to it.
///
/// There are two ways to one: a right code whose use the store has confirmed
/// ([`Accepted::confirmed`](crate::otp::Accepted::confirmed)), and a token made of another one. It
/// is good for one tenant and one purpose, and until [`expires_at`](Self::expires_at). `Debug` shows
/// the last four digits.
///
/// ```compile_fail
/// use grievance_core::otp::VerifiedMobile;
///
/// fn forge(theirs: VerifiedMobile, mobile: grievance_core::kernel::mobile::Mobile) -> VerifiedMobile {
///     VerifiedMobile { mobile, ..theirs }
/// }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct VerifiedMobile {
    tenant: TenantCode,
    mobile: Mobile,
    purpose: Purpose,
    expires_at: DateTime<Utc>,
}

impl std::fmt::Debug for VerifiedMobile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "VerifiedMobile({}, {}, {})", self.mobile, self.purpose, self.expires_at)
    }
}

/// A verified mobile as text: URL-safe ASCII, at most 512 bytes. It holds the number, protected
/// from change but not from reading, so keep it as you keep a session; `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct MobileToken(String);

impl MobileToken {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for MobileToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MobileToken(…)")
    }
}

const VERSION: &str = "gvm1";
const ABOUT: &str = "verified mobile v1";
const LONGEST: usize = 512;

impl VerifiedMobile {
    pub(super) fn proved(ask: &Ask<'_>, now: DateTime<Utc>, life: TimeDelta) -> Self {
        Self {
            tenant: ask.tenant.clone(),
            mobile: *ask.mobile,
            purpose: ask.purpose,
            expires_at: whole_millis(now.checked_add_signed(life).unwrap_or(now)),
        }
    }

    /// The mobile.
    pub const fn mobile(&self) -> &Mobile {
        &self.mobile
    }

    /// The government that it was verified for.
    pub const fn tenant(&self) -> &TenantCode {
        &self.tenant
    }

    /// What it was verified for.
    pub const fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// The first instant at which it is no longer good.
    pub const fn expires_at(&self) -> DateTime<Utc> {
        self.expires_at
    }

    /// Whether it may serve that purpose for that government now.
    ///
    /// # Errors
    ///
    /// [`TokenError::OtherUse`] or [`TokenError::Expired`].
    pub fn check(&self, tenant: &TenantCode, purpose: Purpose, now: DateTime<Utc>) -> Result<(), TokenError> {
        if self.tenant != *tenant || self.purpose != purpose {
            Err(TokenError::OtherUse)
        } else if now >= self.expires_at {
            Err(TokenError::Expired)
        } else {
            Ok(())
        }
    }

    /// The token that carries it to another request or language:
    /// `gvm1.<key>.<payload>.<mac>`, the last two in hexadecimal.
    pub fn to_token(&self, keys: &MacKeys) -> MobileToken {
        let payload = format!(
            "{}\n{}\n{}\n{}",
            self.tenant,
            self.purpose,
            self.mobile.e164(),
            self.expires_at.timestamp_millis()
        );
        let key = keys.current();
        let mac = key.mac(ABOUT, &[payload.as_bytes()]);
        let mut token = format!("{VERSION}.{}.", key.id());
        for byte in payload.bytes() {
            write!(token, "{byte:02x}").expect("a String takes any text");
        }
        write!(token, ".{mac}").expect("a String takes any text");
        MobileToken(token)
    }

    /// Reads a token that a current or old key of the ring has signed.
    ///
    /// # Errors
    ///
    /// [`TokenError`] when it is not ours, for another tenant or purpose, or expired at `now`.
    pub fn from_token(
        keys: &MacKeys,
        token: &str,
        tenant: &TenantCode,
        purpose: Purpose,
        now: DateTime<Utc>,
    ) -> Result<Self, TokenError> {
        let verified = Self::read(keys, token).ok_or(TokenError::NotOurs)?;
        verified.check(tenant, purpose, now)?;
        Ok(verified)
    }

    fn read(keys: &MacKeys, token: &str) -> Option<Self> {
        let mut parts = Some(token).filter(|token| token.len() <= LONGEST)?.split('.');
        let [version, key, payload, mac] = [parts.next()?, parts.next()?, parts.next()?, parts.next()?];
        if version != VERSION || parts.next().is_some() {
            return None;
        }
        let payload = unhex(payload)?;
        let mac: Digest = mac.parse().ok()?;
        if !keys.get(key)?.verifies(ABOUT, &[&payload], &mac) {
            return None;
        }
        let payload = String::from_utf8(payload).ok()?;
        let mut fields = payload.split('\n');
        let verified = Self {
            tenant: fields.next()?.parse().ok()?,
            purpose: fields.next()?.parse().ok()?,
            mobile: fields.next()?.parse().ok()?,
            expires_at: from_millis(fields.next()?.parse().ok()?)?,
        };
        fields.next().is_none().then_some(verified)
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let value = |b: u8| match b {
        b'0'..=b'9' => Some(b - b'0'),
        b'a'..=b'f' => Some(b - b'a' + 10),
        _ => None,
    };
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| Some(value(*pair.first()?)? << 4 | value(*pair.get(1)?)?)).collect()
}
