//! Who carries the messages: the file gateway, with the failures that carriers have.

use grievance_core::message::{Address, FileGateway, Gateway, GatewayError, Message, Sent};
use grievance_core::vocabulary::MessageChannel;
use std::collections::{BTreeMap, HashSet};
use std::sync::{Mutex, PoisonError};

/// Writes what it takes into a file and counts it. It fails as carriers do: one mobile in so many
/// is out of service for good, and now and then the line is busy.
#[derive(Debug)]
pub(crate) struct Carrier {
    file: FileGateway,
    book: Mutex<Book>,
}

#[derive(Debug, Default)]
struct Book {
    taken: BTreeMap<(MessageChannel, String), u64>,
    busy: HashSet<uuid::Uuid>,
}

/// One mobile in so many is out of service.
const OUT_OF_SERVICE: u64 = 40;
/// The line is busy for the first try of one message in so many.
const BUSY: u128 = 60;

impl Carrier {
    pub(crate) fn new(file: FileGateway) -> Self {
        Self { file, book: Mutex::default() }
    }

    /// Messages taken, by channel and template.
    pub(crate) fn taken(&self) -> BTreeMap<(MessageChannel, String), u64> {
        self.book().taken.clone()
    }

    fn book(&self) -> std::sync::MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Gateway for Carrier {
    fn send(&self, message: &Message) -> Result<Sent, GatewayError> {
        if let Address::Mobile(mobile) = &message.to {
            let digits = mobile.e164().bytes().filter(u8::is_ascii_digit);
            let number = digits.fold(0_u64, |number, digit| number * 10 + u64::from(digit - b'0'));
            if number.is_multiple_of(OUT_OF_SERVICE) {
                return Err(GatewayError::Permanent("out of service".to_owned()));
            }
            let id = message.id.uuid();
            if id.as_u128().is_multiple_of(BUSY) && self.book().busy.insert(id) {
                return Err(GatewayError::Transient("busy".to_owned()));
            }
        }
        let sent = self.file.send(message)?;
        let kind = (message.channel, message.rendered.template.to_string());
        *self.book().taken.entry(kind).or_default() += 1;
        Ok(sent)
    }
}
