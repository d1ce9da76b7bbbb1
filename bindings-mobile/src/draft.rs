//! A lodging that is being written.

use crate::convert::Shown as _;
use crate::fault::{Failure, GrievanceError, Result};
use crate::phone::{Kept, Phone};
use crate::verb::Lodge;
use grievance_core::grievance::request;
use grievance_core::{CommandId, ErrorCode, Request};
use std::sync::Arc;
use zeroize::Zeroizing;

/// A lodging that is being written: kept sealed on the phone until it is lodged or discarded.
#[derive(uniffi::Object)]
pub struct Draft {
    pub(crate) phone: Arc<Phone>,
    pub(crate) id: CommandId,
}

#[uniffi::export]
impl Draft {
    /// Its identity, which is that of the command that will lodge it.
    pub fn id(&self) -> String {
        self.id.shown()
    }

    /// What was written.
    pub fn fields(&self) -> Result<Lodge> {
        Ok(self.lodge()?.into())
    }

    /// Keeps what was written in place of what was there. A draft that the desk may have got already is
    /// better lodged again first: the desk refuses another text under the same identity.
    pub fn change(&self, fields: Lodge) -> Result<()> {
        let text = Request::Lodge(fields.into()).to_json().to_string();
        self.phone.keep(Kept::Draft, self.id.uuid(), text)
    }

    /// Everything that stands in the way of lodging it, by the rules that the phone has: the desk's own
    /// functions judge, offline. Empty where nothing does.
    pub fn problems(&self) -> Result<Vec<Failure>> {
        Ok(self.phone.rules()?.problems(&self.lodge()?, self.phone.host.now()?))
    }

    /// Lets it go.
    pub fn discard(&self) -> Result<()> {
        self.phone.forget(Kept::Draft, self.id.uuid())
    }
}

impl Draft {
    pub(crate) fn request(&self) -> Result<Request> {
        let text: Option<Zeroizing<String>> = self.phone.kept(Kept::Draft, self.id.uuid())?;
        let gone = || GrievanceError::new(ErrorCode::NotFound, "draft", "it was lodged or discarded");
        let unread = |_| GrievanceError::new(ErrorCode::SealBroken, "draft", "what was kept is no draft");
        Request::from_json(&text.ok_or_else(gone)?).map_err(unread)
    }

    fn lodge(&self) -> Result<request::Lodge> {
        match self.request()? {
            Request::Lodge(lodge) => Ok(lodge),
            _ => Err(GrievanceError::new(ErrorCode::SealBroken, "draft", "what was kept is no draft")),
        }
    }
}
