//! What the host provides: a way to the desk, the time, randomness, a secret, a place to keep things.
//!
//! Each may call the library back, and each may throw. One of our own exceptions is passed on as it is;
//! anything else becomes one, with the name of the class and nothing else of it.

use crate::convert::instant;
use crate::fault::{GrievanceError, Result};
use chrono::{DateTime, Utc};
use grievance_core::{CommandId, ErrorCode};
use std::sync::Arc;
use std::time::SystemTime;

/// The way to the desk: sends a question and brings the answer, texts of the protocol both.
///
/// Over HTTP: the question is the body of a POST, the answer that of the response. Whatever is thrown
/// means that nobody knows whether the question arrived.
#[uniffi::export(with_foreign)]
#[async_trait::async_trait]
pub trait Transport: Send + Sync {
    /// Sends a question and brings the answer.
    async fn send(&self, question: String) -> Result<String>;
}

/// The phone's clock. It decides nothing at the desk, which has its own.
#[uniffi::export(with_foreign)]
pub trait Clock: Send + Sync {
    /// The instant.
    fn now(&self) -> Result<SystemTime>;
}

/// The platform's secure source of randomness.
#[uniffi::export(with_foreign)]
pub trait Randomness: Send + Sync {
    /// So many fresh random bytes.
    fn bytes(&self, count: u32) -> Result<Vec<u8>>;
}

/// The platform's key store.
#[uniffi::export(with_foreign)]
pub trait KeyVault: Send + Sync {
    /// The secret, 32 random bytes or more, under which drafts are sealed: always the same one.
    fn secret(&self) -> Result<Vec<u8>>;
}

/// A place for small values that outlives the app.
#[uniffi::export(with_foreign)]
pub trait Storage: Send + Sync {
    /// The value of a name; none if there is none.
    fn get(&self, name: String) -> Result<Option<Vec<u8>>>;
    /// Keeps a value under a name, in place of one that was there.
    fn put(&self, name: String, value: Vec<u8>) -> Result<()>;
    /// Lets a name go; nothing happens where there is none.
    fn remove(&self, name: String) -> Result<()>;
    /// The names that begin so, in any order.
    fn list(&self, prefix: String) -> Result<Vec<String>>;
}

/// All of it together.
pub(crate) struct Host {
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) randomness: Arc<dyn Randomness>,
    pub(crate) keys: Arc<dyn KeyVault>,
    pub(crate) storage: Arc<dyn Storage>,
}

impl Host {
    pub(crate) async fn send(&self, question: String) -> Result<String> {
        let answer = self.transport.send(question).await;
        // Nobody knows whether the question arrived, whatever remedy the host names: what is thrown here
        // must not pass for a refusal of the desk's, after which a step is let go of.
        answer.map_err(|thrown| match thrown.of_host(ErrorCode::AnswerLost, "transport") {
            again if again.may_send_again() => again,
            other => GrievanceError::new(ErrorCode::AnswerLost, "transport", other.failure().problem),
        })
    }

    pub(crate) fn now(&self) -> Result<DateTime<Utc>> {
        let now = self.clock.now().map_err(|thrown| thrown.of_host(ErrorCode::DateInvalid, "clock"))?;
        instant("clock", now)
    }

    pub(crate) fn random(&self) -> Result<[u8; 16]> {
        let drawn = self.randomness.bytes(16);
        let drawn = drawn.map_err(|thrown| thrown.of_host(ErrorCode::InvalidCommand, "randomness"))?;
        drawn.try_into().map_err(|_| {
            GrievanceError::new(ErrorCode::InvalidCommand, "randomness", "gave another number of bytes")
        })
    }

    pub(crate) fn new_command(&self) -> Result<CommandId> {
        Ok(CommandId::from_uuid(uuid::Builder::from_random_bytes(self.random()?).into_uuid()))
    }

    pub(crate) fn get(&self, name: &str) -> Result<Option<Vec<u8>>> {
        self.storage.get(name.to_owned()).map_err(of_storage)
    }

    pub(crate) fn put(&self, name: &str, value: Vec<u8>) -> Result<()> {
        self.storage.put(name.to_owned(), value).map_err(of_storage)
    }

    pub(crate) fn remove(&self, name: &str) -> Result<()> {
        self.storage.remove(name.to_owned()).map_err(of_storage)
    }

    pub(crate) fn list(&self, prefix: &str) -> Result<Vec<String>> {
        self.storage.list(prefix.to_owned()).map_err(of_storage)
    }
}

fn of_storage(thrown: GrievanceError) -> GrievanceError {
    thrown.of_host(ErrorCode::Storage, "storage")
}
