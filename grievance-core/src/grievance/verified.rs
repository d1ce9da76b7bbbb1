//! What a decision is told of a mobile that was verified.

use crate::kernel::code::TenantCode;
use crate::kernel::text::{Digest, TextRef, VaultRow};
use crate::otp::{TokenError, VerifiedMobile};
use crate::vocabulary::Purpose;
use chrono::{DateTime, Utc};

/// That texts of a request are the mobile whose holder has just shown to have it. It does not say
/// which mobile that is.
///
/// There is one way to it: a [`VerifiedMobile`] that may serve the purpose for the tenant now. So
/// a rule that asks for it cannot be answered by a host's word.
///
/// ```compile_fail
/// use grievance_core::grievance::verified::MobileProof;
///
/// let forged = MobileProof { sealed: Vec::new() };
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MobileProof {
    // INVARIANT: each seals the mobile that was verified.
    sealed: Vec<TextRef>,
}

impl MobileProof {
    /// Finds a verified mobile among the sealed texts of a request. A request that gives another
    /// mobile, or none, makes a proof of nothing.
    ///
    /// # Errors
    ///
    /// [`TokenError`] when the mobile was verified for another tenant or purpose, or too long ago.
    pub fn of(
        verified: &VerifiedMobile,
        (tenant, purpose): (&TenantCode, Purpose),
        now: DateTime<Utc>,
        texts: &[VaultRow],
    ) -> Result<Self, TokenError> {
        verified.check(tenant, purpose, now)?;
        let same = texts.iter().filter(|row| row.content == verified.mobile().e164());
        let seal =
            |row: &VaultRow| TextRef { digest: Digest::of(&[&row.salt, row.content.as_bytes()]), id: row.id };
        Ok(Self { sealed: same.map(seal).collect() })
    }

    /// Whether a sealed text is the verified mobile.
    pub fn is_of(&self, mobile: &TextRef) -> bool {
        self.sealed.contains(mobile)
    }
}
