//! The typed verbs: one method for each row of the verb table.

use crate::desk::prepare::Ask;
use crate::desk::{Desk, DeskError, Done};
use crate::grievance::options::Offer;
use crate::grievance::request;
use crate::grievance::request::Request;
use crate::kernel::id::{CommandId, GrievanceId};
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
    desk: &'a Desk,
    actor: &'a Actor,
    now: DateTime<Utc>,
    command: Option<CommandId>,
    expected: Option<u64>,
}

impl<'a> Acting<'a> {
    pub(super) const fn new(desk: &'a Desk, actor: &'a Actor, now: DateTime<Utc>) -> Self {
        Self { desk, actor, now, command: None, expected: None }
    }

    /// Gives the next command an identity of the host's: sent again with the same body, it is
    /// answered as before and nothing is done twice.
    #[must_use]
    pub const fn command(self, command: CommandId) -> Self {
        Self { command: Some(command), ..self }
    }

    /// Takes the next command only if the case still has this version.
    #[must_use]
    pub const fn expecting(self, version: u64) -> Self {
        Self { expected: Some(version), ..self }
    }

    /// Submits a request of any verb; `case` is `None` for a lodging only.
    ///
    /// # Errors
    ///
    /// [`DeskError`]: refused by a rule, unreadable, or not stored. Nothing is half-written.
    pub fn submit(&self, case: Option<GrievanceId>, request: &Request) -> Result<Done, DeskError> {
        let ask = Ask {
            command: self.command.unwrap_or_else(|| self.desk.new_command()),
            actor: self.actor,
            now: self.now,
            case,
            expected: self.expected,
            request,
        };
        self.desk.submit_one(ask, self.command.is_some())
    }

    /// What the actor can do with a case: every action, allowed or with what is missing.
    ///
    /// # Errors
    ///
    /// [`DeskError`] when the case is unknown or the store fails.
    pub fn options(&self, case: GrievanceId) -> Result<Vec<Offer>, DeskError> {
        self.desk.options(case, self.actor, self.now)
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
