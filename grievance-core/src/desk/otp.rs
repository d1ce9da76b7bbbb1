//! One-time codes: asked for, sent by the host, and brought back.

use crate::desk::{Desk, DeskError};
use crate::kernel::code::LanguageCode;
use crate::kernel::id::ChallengeId;
use crate::kernel::mobile::Mobile;
use crate::otp::{
    Ask, Code, GlobalLimiter, LimiterKey, LimiterState, MacKeys, NumberLimiter, OtpRefusal, Verdict,
    VerifiedMobile, issue, verify,
};
use crate::store::StoreError;
use crate::store::challenges::LimiterMove;
use crate::vocabulary::Purpose;
use chrono::{DateTime, Utc};

/// How often a write is tried anew because somebody else was faster. Each time somebody has got
/// further; who is beaten so often is told that the store is busy.
const TRIES: usize = 1_000;

/// A code that the host is to send. `Debug` shows neither the code nor more of the mobile than its
/// last four digits.
#[derive(Clone, Debug)]
pub struct CodeToSend {
    /// Names the code; whoever asked brings it back with the digits.
    pub challenge: ChallengeId,
    /// Where it is to be sent.
    pub mobile: Mobile,
    /// In which language: the one asked for, or the rulebook's default.
    pub language: LanguageCode,
    /// What it opens.
    pub purpose: Purpose,
    /// The digits.
    pub code: Code,
    /// The first instant at which it is no longer good.
    pub expires_at: DateTime<Utc>,
}

/// The desk as it sends and verifies codes.
#[derive(Clone, Copy, Debug)]
pub struct CodeDesk<'a> {
    desk: &'a Desk,
    keys: &'a MacKeys,
}

impl Desk {
    /// The desk as it sends and verifies one-time codes, under keys of the host's.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::kernel::mobile::Mobile;
    /// use grievance_core::otp::{MacKey, MacKeys};
    /// use grievance_core::vocabulary::Purpose;
    /// use grievance_core::{Desk, KeyRing, MemoryStore, Rulebook, TenantCode};
    ///
    /// # let tenant = TenantCode::new("haldia")?;
    /// # let desk = Desk::open(MemoryStore::default().tenant(&tenant), tenant, KeyRing::for_tests());
    /// # let now = chrono::DateTime::UNIX_EPOCH;
    /// # desk.activate(Rulebook::from_toml("extends = \"city-311\"\nname = \"Haldia\"\nzone = \"Asia/Kolkata\"")?, now)?;
    /// let keys = MacKeys::new(MacKey::new("2026-11", &[7; 32])?, Vec::new())?;
    /// let mobile = Mobile::parse("98300 01234")?;
    /// let sent = desk.otp(&keys).request_code(Purpose::Track, &mobile, "session-1", None, now)?;
    /// // … the host sends `sent.code.reveal()`, and the citizen types it …
    /// let verified =
    ///     desk.otp(&keys).verify_code(sent.challenge, Purpose::Track, &mobile, "session-1", sent.code.reveal(), now)?;
    /// assert_eq!(verified.mobile(), &mobile);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn otp<'a>(&'a self, keys: &'a MacKeys) -> CodeDesk<'a> {
        CodeDesk { desk: self, keys }
    }
}

impl CodeDesk<'_> {
    /// The desk it belongs to.
    #[cfg(feature = "messages")]
    pub(super) const fn desk(&self) -> &Desk {
        self.desk
    }

    /// Draws a code for a mobile and keeps what is needed to verify it. Whether any case belongs
    /// to the mobile is not looked at, so known and unknown ones are answered alike.
    ///
    /// `request` is whatever the host can tell again when the code comes back: a session, a form.
    ///
    /// # Errors
    ///
    /// [`DeskError::Code`] when codes are asked for too often or the number is locked;
    /// [`DeskError::NoRulebook`] and [`DeskError::Store`].
    pub fn request_code(
        &self,
        purpose: Purpose,
        mobile: &Mobile,
        request: &str,
        language: Option<&LanguageCode>,
        now: DateTime<Utc>,
    ) -> Result<CodeToSend, DeskError> {
        let rulebook = self.desk.rulebook(now)?;
        let language = language.filter(|code| rulebook.languages().contains(code));
        let language =
            language.or_else(|| rulebook.languages().first()).ok_or(DeskError::NoRulebook)?.clone();
        let ask = Ask { tenant: self.desk.tenant(), purpose, mobile, request };
        let of_number = LimiterKey::Number(ask.subject(self.keys));
        let (id, random) = self.desk.minting(|mint| (ChallengeId::from_uuid(mint.uuid()), mint.salt()));
        for _ in 0..TRIES {
            let (number, global) = (self.number(&of_number)?, self.global()?);
            let issued = issue(rulebook.otp(), self.keys, &ask, (id, random), now, (&number.1, &global.1))?;
            let limiters = [
                LimiterMove {
                    key: of_number,
                    expected: number.0,
                    state: LimiterState::Number(issued.number),
                },
                LimiterMove {
                    key: LimiterKey::Global,
                    expected: global.0,
                    state: LimiterState::Global(issued.global),
                },
            ];
            if self.desk.store().put_challenge(&issued.challenge, &limiters)? {
                let (code, expires_at) = (issued.code, issued.challenge.expires_at);
                return Ok(CodeToSend {
                    challenge: id,
                    mobile: *mobile,
                    language,
                    purpose,
                    code,
                    expires_at,
                });
            }
        }
        Err(StoreError::Busy.into())
    }

    /// Tries a code. A right one counts once, however many bring it at the same time; the count of
    /// a wrong one is kept although this fails.
    ///
    /// # Errors
    ///
    /// [`DeskError::Code`] when the code is wrong, spent or unknown, or must wait;
    /// [`DeskError::NoRulebook`] and [`DeskError::Store`].
    pub fn verify_code(
        &self,
        challenge: ChallengeId,
        purpose: Purpose,
        mobile: &Mobile,
        request: &str,
        code: &str,
        now: DateTime<Utc>,
    ) -> Result<VerifiedMobile, DeskError> {
        let rulebook = self.desk.rulebook(now)?;
        let ask = Ask { tenant: self.desk.tenant(), purpose, mobile, request };
        for _ in 0..TRIES {
            let kept = self.desk.store().challenge(challenge)?.ok_or(OtpRefusal::Spent)?;
            let key = LimiterKey::Number(kept.subject);
            let (expected, number) = self.number(&key)?;
            let moved = |number| LimiterMove { key, expected, state: LimiterState::Number(number) };
            match verify(rulebook.otp(), self.keys, &ask, &kept, code, now, &number) {
                Verdict::Refused(refusal) => return Err(refusal.into()),
                Verdict::Accepted(accepted) => {
                    let limiters = [moved(accepted.number.clone())];
                    let first = self.desk.store().spend(kept.tries, &accepted.challenge, &limiters)?;
                    if let Some(verified) = accepted.confirmed(first.into()) {
                        return Ok(verified);
                    }
                }
                Verdict::Wrong(wrong) => {
                    if self.desk.store().spend(kept.tries, &wrong.challenge, &[moved(wrong.number)])? {
                        return Err(OtpRefusal::Wrong { tries_left: wrong.tries_left }.into());
                    }
                }
            }
        }
        Err(StoreError::Busy.into())
    }

    /// Reads the token of a mobile that was verified for this desk's tenant in another request.
    ///
    /// # Errors
    ///
    /// [`DeskError::Token`] when it is not ours, expired or for another use.
    pub fn read_token(
        &self,
        token: &str,
        purpose: Purpose,
        now: DateTime<Utc>,
    ) -> Result<VerifiedMobile, DeskError> {
        Ok(VerifiedMobile::from_token(self.keys, token, self.desk.tenant(), purpose, now)?)
    }

    /// Unlocks a mobile, once somebody has made sure of its holder in another way: no wrong tries,
    /// no wait. How many codes were sent stays counted.
    ///
    /// # Errors
    ///
    /// [`DeskError::Store`].
    pub fn unlock(&self, mobile: &Mobile) -> Result<(), DeskError> {
        let ask = Ask { tenant: self.desk.tenant(), purpose: Purpose::Track, mobile, request: "" };
        let key = LimiterKey::Number(ask.subject(self.keys));
        for _ in 0..TRIES {
            let (expected, number) = self.number(&key)?;
            let state = LimiterState::Number(number.unlocked());
            if self.desk.store().put_limiter(&LimiterMove { key, expected, state })? {
                return Ok(());
            }
        }
        Err(StoreError::Busy.into())
    }

    fn number(&self, key: &LimiterKey) -> Result<(u64, NumberLimiter), DeskError> {
        let kept = self.desk.store().limiter(key)?;
        match kept.state {
            LimiterState::Number(counts) => Ok((kept.revision, counts)),
            LimiterState::Global(_) => Err(wrong_counts()),
        }
    }

    fn global(&self) -> Result<(u64, GlobalLimiter), DeskError> {
        let kept = self.desk.store().limiter(&LimiterKey::Global)?;
        match kept.state {
            LimiterState::Global(counts) => Ok((kept.revision, counts)),
            LimiterState::Number(_) => Err(wrong_counts()),
        }
    }
}

fn wrong_counts() -> DeskError {
    StoreError::Backend("a stored row is damaged: the counts of a limiter are of another sort".to_owned())
        .into()
}
