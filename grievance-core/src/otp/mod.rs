//! Layer 2: one-time codes sent to a mobile, and what a right answer proves.
//!
//! A code is drawn by [`issue`] and checked by [`verify`]. Both are pure: they take the row that a
//! store keeps and give the row that it should keep next, which the store writes only if nobody was
//! faster. So a code counts once however many ask at the same time, and a wrong try counts although
//! the command that brought it fails. The service that does this is
//! [`Desk::otp`](crate::desk::Desk::otp).
//!
//! Nothing here knows whether a number belongs to a case: known and unknown numbers are answered
//! alike. Kept are a keyed MAC of the code, bound to tenant, purpose, number and request, and a keyed
//! MAC of the number; never either of them.
//!
//! # What a code is worth
//!
//! Six digits are 19.93 bits, just under the 20 bits that NIST SP 800-63B asks of such a secret
//! (seven are 23.25). No conformance with that guideline is claimed. A message to a mobile can be
//! read by others; where it is the only factor with which officers log in, the linter warns.

mod challenge;
mod key;
mod limiter;
mod policy;
mod token;

pub use crate::otp::challenge::{
    Accepted, Ask, ChallengeState, Code, Issued, OtpRefusal, Verdict, Wrong, issue, verify,
};
pub use crate::otp::key::{KeyError, MacKey, MacKeys};
pub use crate::otp::limiter::{GlobalLimiter, LimiterKey, LimiterState, NumberLimiter};
pub use crate::otp::policy::OtpPolicy;
pub use crate::otp::token::{MobileToken, TokenError, VerifiedMobile};
