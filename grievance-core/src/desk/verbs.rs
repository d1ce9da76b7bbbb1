//! The typed verbs: one method for each row of the verb table.

use crate::desk::prepare::{Ask, Preparation};
use crate::desk::{Desk, DeskError, Done};
use crate::grievance::request;
use crate::grievance::request::Request;
use crate::kernel::id::{CommandId, GrievanceId};
use crate::otp::VerifiedMobile;
use crate::rulebook::access::Actor;
use chrono::{DateTime, Utc};

/// A desk as one actor uses it at one instant.
///
/// Each verb decides and commits one command. Without [`command`](Self::command) each gets a new
/// command identity; with one, sending it twice does it once. Without
/// [`expecting`](Self::expecting), a command is decided anew when others change the case
/// meanwhile; with it, it is refused instead.
#[derive(Clone, Copy, Debug)]
pub struct Acting<'a> {
    pub(super) desk: &'a Desk,
    pub(super) actor: &'a Actor,
    pub(super) now: DateTime<Utc>,
    command: Option<CommandId>,
    expected: Option<u64>,
    verified: Option<&'a VerifiedMobile>,
}

impl<'a> Acting<'a> {
    pub(super) const fn new(desk: &'a Desk, actor: &'a Actor, now: DateTime<Utc>) -> Self {
        Self { desk, actor, now, command: None, expected: None, verified: None }
    }

    /// Gives the next command an identity of the host's: sent again with the same body, it is
    /// answered as before and nothing is done twice. One that
    /// [is named](CommandId::is_named) is refused: the library gives those to what it does by itself.
    #[must_use]
    pub const fn command(self, command: CommandId) -> Self {
        Self { command: Some(command), ..self }
    }

    /// Takes the next command only if the case still has this version.
    #[must_use]
    pub const fn expecting(self, version: u64) -> Self {
        Self { expected: Some(version), ..self }
    }

    /// Lodges with a verified mobile, which must be the one that the lodging gives. Whoever lodges
    /// for themselves needs one where the rulebook says so; other verbs do not look at it.
    ///
    /// A lodging that is sent again under its command identity is answered as before, with
    /// whatever verified mobile or none.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::grievance::request::Lodge;
    /// use grievance_core::kernel::mobile::Mobile;
    /// use grievance_core::otp::{MacKey, MacKeys};
    /// use grievance_core::rulebook::access::Actor;
    /// use grievance_core::vocabulary::{ErrorCode, Purpose};
    /// use grievance_core::{Desk, KeyRing, MemoryStore, Rulebook, TenantCode};
    ///
    /// # let tenant = TenantCode::new("bengal")?;
    /// # let desk = Desk::open(MemoryStore::default().tenant(&tenant), tenant, KeyRing::for_tests());
    /// # let now = chrono::DateTime::UNIX_EPOCH;
    /// # let rulebook = "extends = \"west-bengal\"\notp.required = [\"lodge\"]";
    /// # desk.activate(Rulebook::from_toml(rulebook)?, now)?;
    /// # let keys = MacKeys::new(MacKey::new("2026-11", &[7; 32])?, Vec::new())?;
    /// # let citizen: Actor = serde_json::from_str(
    /// #     r#"{"person": "per_00000000000000000000000000000001", "role": "complainant"}"#)?;
    /// let mobile = Mobile::parse("98300 01234")?;
    /// let request = Lodge {
    ///     narrative: "No water since Monday.".to_owned(),
    ///     mobile: Some("9830001234".to_owned()),
    ///     ..Lodge::default()
    /// };
    /// let refused = desk.by(&citizen, now).lodge(request.clone()).unwrap_err();
    /// assert_eq!(refused.code(), ErrorCode::MobileNotVerified);
    ///
    /// let codes = desk.otp(&keys);
    /// let sent = codes.request_code(Purpose::Lodge, &mobile, "form-1", None, now)?;
    /// // … the host sends the code, and the citizen types it …
    /// let code = sent.code.reveal();
    /// let verified = codes.verify_code(sent.challenge, Purpose::Lodge, &mobile, "form-1", code, now)?;
    /// // … and carries the proof to the request that lodges …
    /// let token = verified.to_token(&keys);
    /// let verified = codes.read_token(token.as_str(), Purpose::Lodge, now)?;
    /// assert!(desk.by(&citizen, now).verified(&verified).lodge(request).is_ok());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn verified(self, mobile: &'a VerifiedMobile) -> Self {
        Self { verified: Some(mobile), ..self }
    }

    /// Submits a request of any verb; `case` is `None` for a lodging only.
    ///
    /// # Errors
    ///
    /// [`DeskError`]: refused by a rule, unreadable, or not stored. Nothing is half-written.
    pub fn submit(&self, case: Option<GrievanceId>, request: &Request) -> Result<Done, DeskError> {
        self.desk.submit_one(self.ask(case, request), self.command.is_some())
    }

    fn ask<'r>(&'r self, case: Option<GrievanceId>, request: &'r Request) -> Ask<'r> {
        Ask {
            command: self.command.unwrap_or_else(|| self.desk.new_command()),
            actor: self.actor,
            now: self.now,
            case,
            expected: self.expected,
            request,
            verified: self.verified,
        }
    }

    /// Decides a request and stores nothing: for a host that stores the commit beside rows of its
    /// own, in one transaction on a connection of its own. A lodging's number is reserved; if the
    /// host drops the commit, it leaves a gap.
    ///
    /// The commit is for the versions that the cases have now. When the host's transaction finds
    /// that somebody was first, or the database takes it back, prepare again; give the command an
    /// identity ([`command`](Self::command)), so that a lost answer does nothing twice.
    ///
    /// # Errors
    ///
    /// [`DeskError`]: refused by a rule, unreadable, or the store fails.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::desk::Preparation;
    /// use grievance_core::grievance::request::{Lodge, Request};
    /// use grievance_core::rulebook::access::Actor;
    /// use grievance_core::{Desk, MemoryStore, Rulebook, TenantCode};
    ///
    /// # let tenant = TenantCode::new("haldia")?;
    /// # let desk = Desk::open(MemoryStore::default().tenant(&tenant), tenant, grievance_core::store::keys::KeyRing::for_tests());
    /// # let now = chrono::DateTime::UNIX_EPOCH;
    /// # desk.activate(Rulebook::from_toml("extends = \"city-311\"\nname = \"Haldia\"\nzone = \"Asia/Kolkata\"")?, now)?;
    /// # let citizen: Actor = serde_json::from_str(
    /// #     r#"{"person": "per_00000000000000000000000000000001", "role": "complainant"}"#)?;
    /// let lodge = Lodge { narrative: "No water since Monday.".to_owned(), ..Lodge::default() };
    /// let Preparation::Ready(ready) = desk.by(&citizen, now).prepare(None, &Request::Lodge(lodge))? else {
    ///     unreachable!("a new command was not stored before");
    /// };
    /// assert!(desk.store().history(ready.done.case)?.events.is_empty());
    /// // A host runs the statements of `ready.commit` in its own transaction; here it commits alone.
    /// desk.store().commit(&ready.commit)?;
    /// assert!(!desk.store().history(ready.done.case)?.events.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn prepare(&self, case: Option<GrievanceId>, request: &Request) -> Result<Preparation, DeskError> {
        self.desk.prepare_one(self.ask(case, request), self.command.is_some())
    }
}

macro_rules! verbs {
    ($($doc:literal $method:ident $name:ident {
        $($must_doc:literal $must:ident: $must_type:ty,)*
        ;
        $($may_doc:literal $may:ident: $may_type:ty,)*
    })+) => {
        impl Acting<'_> {
            $(verbs!(@one $doc $method $name);)+
        }
    };
    (@one $doc:literal lodge $name:ident) => {
        #[doc = $doc]
        ///
        /// # Errors
        ///
        /// [`DeskError`]: refused by a rule, unreadable, or not stored. Nothing is half-written.
        pub fn lodge(&self, request: request::$name) -> Result<Done, DeskError> {
            self.submit(None, &Request::$name(request))
        }
    };
    (@one $doc:literal $method:ident $name:ident) => {
        #[doc = $doc]
        ///
        /// # Errors
        ///
        /// [`DeskError`]: refused by a rule, unreadable, or not stored. Nothing is half-written.
        pub fn $method(&self, case: GrievanceId, request: request::$name) -> Result<Done, DeskError> {
            self.submit(Some(case), &Request::$name(request))
        }
    };
}
crate::for_verbs!(verbs);
