//! A desk behind handles that others let go of, and who asks it.

use crate::desk::{Acting, Desk, DeskError};
use crate::kernel::id::CommandId;
use crate::measure::answer::sheet::NotAsked;
use crate::otp::VerifiedMobile;
use crate::rulebook::access::Actor;
use crate::vocabulary::ErrorCode;
use chrono::{DateTime, Utc};
use std::sync::{Arc, PoisonError, RwLock};

/// A desk that several handles share, until one of them shuts it.
#[derive(Debug)]
pub struct Shared(RwLock<Option<Arc<Desk>>>);

impl Shared {
    /// Shares a desk.
    pub fn new(desk: Desk) -> Self {
        Self(RwLock::new(Some(Arc::new(desk))))
    }

    /// Asks the desk. A question that is being answered while it is shut is answered.
    ///
    /// # Errors
    ///
    /// What the question came to; [`DeskError::NotAsked`] with `desk_closed` once it was shut.
    pub fn ask<T, E: From<DeskError>>(&self, question: impl FnOnce(&Desk) -> Result<T, E>) -> Result<T, E> {
        let desk = self.0.read().unwrap_or_else(PoisonError::into_inner).clone();
        let closed = || NotAsked::of("desk", "the desk was closed").code(ErrorCode::DeskClosed);
        question(&*desk.ok_or_else(|| DeskError::from(closed()))?)
    }

    /// Shuts the desk for every handle of it.
    pub fn shut(&self) {
        let desk = self.0.write().unwrap_or_else(PoisonError::into_inner).take();
        // Let go of without the lock: a store may take its time to close.
        drop(desk);
    }
}

/// Who asks the desk, when and under which conditions.
#[derive(Clone, Debug)]
pub struct Terms {
    /// Who asks.
    pub actor: Actor,
    /// When.
    pub now: DateTime<Utc>,
    /// See [`Acting::command`].
    pub command: Option<CommandId>,
    /// See [`Acting::expecting`].
    pub expecting: Option<u64>,
    /// See [`Acting::verified`].
    pub verified: Option<VerifiedMobile>,
}

impl Terms {
    /// Terms without conditions.
    pub const fn of(actor: Actor, now: DateTime<Utc>) -> Self {
        Self { actor, now, command: None, expecting: None, verified: None }
    }

    /// The desk as used under them.
    pub fn acting<'a>(&'a self, desk: &'a Desk) -> Acting<'a> {
        let mut acting = desk.by(&self.actor, self.now);
        if let Some(command) = self.command {
            acting = acting.command(command);
        }
        if let Some(version) = self.expecting {
            acting = acting.expecting(version);
        }
        if let Some(mobile) = &self.verified {
            acting = acting.verified(mobile);
        }
        acting
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{Address, desk};
    use crate::store::keys::KeyRing;

    fn shared() -> Shared {
        let tenant: crate::TenantCode = "haldia".parse().expect("a code");
        let store = Address::Memory.open(&tenant).expect("memory opens");
        Shared::new(desk(store, tenant, KeyRing::for_tests(), Some(1)))
    }

    #[test]
    fn a_desk_is_shut_for_every_handle_and_what_runs_is_answered() {
        let one = Arc::new(shared());
        let other = Arc::clone(&one);
        let answered = one.ask::<_, DeskError>(|desk| {
            other.shut();
            Ok(desk.tenant().to_string())
        });
        assert_eq!(answered.as_deref(), Ok("haldia"));
        for handle in [one, other] {
            let problem = handle.ask::<(), DeskError>(|_| panic!("it is shut")).unwrap_err();
            assert_eq!((problem.code(), problem.place()), (ErrorCode::DeskClosed, Some("desk")));
            handle.shut();
        }
    }

    #[test]
    fn a_question_that_panics_takes_the_desk_from_nobody() {
        let desk = shared();
        let asked = std::panic::AssertUnwindSafe(|| desk.ask::<(), DeskError>(|_| panic!("a defect")));
        assert!(std::panic::catch_unwind(asked).is_err());
        assert!(desk.ask::<_, DeskError>(|desk| Ok(desk.tenant().to_string())).is_ok());
    }
}
