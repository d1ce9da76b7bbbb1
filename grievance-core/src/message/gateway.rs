//! The way out: what a host's gateway promises, and two for tests and the demo.

use crate::kernel::code::{PostCode, UnitCode};
use crate::kernel::id::NoticeId;
use crate::kernel::mobile::Mobile;
use crate::message::render::Rendered;
use crate::vocabulary::{ErrorCode, MessageChannel};
use smol_str::SmolStr;
use std::collections::VecDeque;
use std::io::Write;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// Where a message goes. `Debug` and `Display` show no more of a mobile than its last four digits,
/// and nothing of other addresses of a person.
#[derive(Clone, PartialEq, Eq)]
pub enum Address {
    /// A mobile.
    Mobile(Mobile),
    /// An e-mail address.
    Email(String),
    /// A postal address.
    Postal(String),
    /// A person's list in the portal, by the portal's own reference.
    Inbox(String),
    /// An office's list.
    Unit(UnitCode),
    /// The list of whoever holds a post in an office.
    Post {
        /// The office.
        unit: UnitCode,
        /// The post.
        post: PostCode,
    },
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Mobile(mobile) => mobile.fmt(f),
            Self::Email(_) => f.write_str("an e-mail address"),
            Self::Postal(_) => f.write_str("a postal address"),
            Self::Inbox(_) => f.write_str("an inbox"),
            Self::Unit(unit) => unit.fmt(f),
            Self::Post { unit, post } => write!(f, "{post} of {unit}"),
        }
    }
}

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Address({self})")
    }
}

/// A message to be sent. Its `Debug` shows neither words nor address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its identity, the same however often it is handed over: a gateway that has sent it before
    /// does not send it again.
    pub id: NoticeId,
    /// By which channel.
    pub channel: MessageChannel,
    /// To whom.
    pub to: Address,
    /// What it says, and under what that is registered.
    pub rendered: Rendered,
}

/// A gateway has taken a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// The gateway's own reference, under which the carrier reports on the message later
    /// ([`Desk::delivery_report`](crate::desk::Desk::delivery_report)). It is kept in the clear: it
    /// holds no address and no words. Blanks around it do not count; one that is empty, longer than
    /// 200 characters or of control characters is not kept. A host with several gateways tells
    /// theirs apart, by a prefix say.
    pub reference: Option<String>,
}

impl Sent {
    /// Most characters of a reference.
    const LONGEST: usize = 200;

    /// The reference as it is kept.
    pub(crate) fn kept(&self) -> Option<SmolStr> {
        let reference = self.reference.as_deref()?.trim();
        let fits = !reference.is_empty()
            && reference.chars().count() <= Self::LONGEST
            && !reference.contains(char::is_control);
        fits.then(|| SmolStr::new(reference))
    }
}

/// Why a gateway has not taken a message. The text is the gateway's, without address or words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GatewayError {
    /// It may take it later.
    #[error("the gateway did not take the message, and may later: {0}")]
    Transient(String),
    /// It never will: the address is wrong, the template is not registered.
    #[error("the gateway will not take the message: {0}")]
    Permanent(String),
}

impl GatewayError {
    /// The code every binding reports for this failure.
    pub const fn code(&self) -> ErrorCode {
        match self {
            Self::Transient(_) | Self::Permanent(_) => ErrorCode::MessageNotSent,
        }
    }

    /// Whether trying again can help.
    pub const fn is_transient(&self) -> bool {
        matches!(self, Self::Transient(_))
    }
}

/// Hands messages over to whoever carries them.
///
/// The same message may be handed over more than once, when its answer was lost: implementors
/// recognise it by [`Message::id`]. `send` may take its time; whoever calls it holds no lock of a
/// case.
pub trait Gateway: Send + Sync {
    /// Hands one message over.
    ///
    /// # Errors
    ///
    /// [`GatewayError`] when it was not taken.
    fn send(&self, message: &Message) -> Result<Sent, GatewayError>;
}

/// Keeps what it is handed, in order, and answers as it was told to: for tests.
#[derive(Debug, Default)]
pub struct RecordingGateway {
    kept: Mutex<Recorded>,
}

#[derive(Debug, Default)]
struct Recorded {
    messages: Vec<Message>,
    answers: VecDeque<GatewayError>,
}

impl RecordingGateway {
    /// Fails the next message, after those failures that were asked for before.
    pub fn fail_next(&self, failure: GatewayError) {
        self.kept().answers.push_back(failure);
    }

    /// What it took, in order; a message that was handed over twice is there twice.
    pub fn messages(&self) -> Vec<Message> {
        self.kept().messages.clone()
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Recorded> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Gateway for RecordingGateway {
    fn send(&self, message: &Message) -> Result<Sent, GatewayError> {
        let mut kept = self.kept();
        if let Some(failure) = kept.answers.pop_front() {
            return Err(failure);
        }
        kept.messages.push(message.clone());
        Ok(Sent { reference: Some(kept.messages.len().to_string()) })
    }
}

/// Writes each message as a line of JSON, with addresses masked: for the demo and for a look at
/// what would be sent. It keeps no account of what it wrote before.
pub struct FileGateway {
    to: Mutex<Box<dyn Write + Send>>,
}

impl std::fmt::Debug for FileGateway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileGateway").finish_non_exhaustive()
    }
}

impl FileGateway {
    /// Appends to a file, which is made if it is not there.
    ///
    /// # Errors
    ///
    /// When the file cannot be opened.
    pub fn append(path: impl AsRef<Path>) -> std::io::Result<Self> {
        let file = std::fs::OpenOptions::new().create(true).append(true).open(path)?;
        Ok(Self::to(Box::new(file)))
    }

    /// Writes to the console.
    pub fn console() -> Self {
        Self::to(Box::new(std::io::stdout()))
    }

    /// Writes anywhere.
    pub fn to(to: Box<dyn Write + Send>) -> Self {
        Self { to: Mutex::new(to) }
    }
}

impl Gateway for FileGateway {
    fn send(&self, message: &Message) -> Result<Sent, GatewayError> {
        let Message { id, channel, to, rendered } = message;
        let registered = rendered.registered.as_ref();
        let line = serde_json::json!({
            "id": id,
            "channel": channel,
            "to": to.to_string(),
            "language": rendered.language,
            "template": rendered.template,
            "registered": registered.map(|registered| registered.id.as_str()),
            "encoding": rendered.preview.encoding.as_str(),
            "parts": rendered.preview.parts.len(),
            "text": rendered.text,
        });
        let mut file = self.to.lock().unwrap_or_else(PoisonError::into_inner);
        let written = writeln!(file, "{line}").and_then(|()| file.flush());
        written.map_err(|problem| GatewayError::Transient(problem.kind().to_string()))?;
        Ok(Sent::default())
    }
}
