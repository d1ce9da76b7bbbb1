//! Messages: handed one after the other to a gateway of JavaScript's, which may take its time.
//!
//! A round runs on a thread of its own for as long as the gateway takes. `index.cjs` asks for the next message
//! on the pool, which waits for the store alone, gives it to the gateway, and tells what became of it.

use crate::desk::Opened;
use crate::fault::Fault;
use crate::later::{Answer, json, later};
use grievance_core::desk::flat::Flat;
use grievance_core::message::{Gateway, GatewayError, Message, Sent};
use grievance_core::{Desk, ErrorCode};
use napi_derive::napi;
use serde::Serialize;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::{Builder, JoinHandle};

type Taken = Result<Sent, GatewayError>;

/// The gateway as the desk sees it: it hands a message on and waits for the word.
struct HandedOn {
    messages: Sender<Message>,
    words: Mutex<Receiver<Taken>>,
}

impl Gateway for HandedOn {
    fn send(&self, message: &Message) -> Taken {
        // Who took messages is gone, with the promise of the round: what is left is tried another time.
        let gone = || GatewayError::Transient("the gateway answers no more".to_owned());
        self.messages.send(message.clone()).map_err(|_| gone())?;
        self.words.lock().map_err(|_| gone())?.recv().map_err(|_| gone())?
    }
}

/// A round on its thread.
struct Round {
    messages: Mutex<Receiver<Message>>,
    words: Mutex<Sender<Taken>>,
    thread: Mutex<Option<JoinHandle<Result<String, Fault>>>>,
}

/// Messages on their way, one at a time.
#[napi]
pub struct Sending(Arc<Round>);

impl Sending {
    /// Begins a round: what is done with the gateway on a thread of its own, and answers a record.
    pub(crate) fn begin<T: Serialize>(
        desk: &Arc<Opened>,
        work: impl FnOnce(&Desk, &dyn Gateway) -> Result<T, Fault> + Send + 'static,
    ) -> napi::Result<Self> {
        let (messages, asked) = channel();
        let (told, words) = channel();
        let (desk, gateway) = (Arc::clone(desk), HandedOn { messages, words: Mutex::new(words) });
        let run = move || desk.ask(|desk| Ok(json(&work(desk, &gateway)?)));
        let thread = Builder::new().name("grievance messages".to_owned()).spawn(run);
        let no_thread = |_| Fault::of(ErrorCode::Busy, "there is no thread for the messages".to_owned());
        let thread = Mutex::new(Some(thread.map_err(no_thread)?));
        Ok(Self(Arc::new(Round { messages: Mutex::new(asked), words: Mutex::new(told), thread })))
    }

    fn tell(&self, taken: Taken) {
        // A round that is over hears nothing.
        if let Ok(words) = self.0.words.lock() {
            let _ = words.send(taken);
        }
    }
}

#[napi]
impl Sending {
    /// The next message; none when there is no other.
    #[napi]
    pub fn next(&self) -> Answer {
        let round = Arc::clone(&self.0);
        later(move || {
            let next = round.messages.lock().ok().and_then(|messages| messages.recv().ok());
            Ok(json(&next.map(Flat::flat)))
        })
    }

    #[napi]
    pub fn taken(&self, reference: Option<String>) {
        self.tell(Ok(Sent { reference }));
    }

    #[napi]
    pub fn failed(&self, problem: String, refused: bool) {
        self.tell(Err(if refused {
            GatewayError::Permanent(problem)
        } else {
            GatewayError::Transient(problem)
        }));
    }

    /// What the round came to.
    #[napi]
    pub fn done(&self) -> Answer {
        let round = Arc::clone(&self.0);
        later(move || {
            let thread = round.thread.lock().ok().and_then(|mut thread| thread.take());
            let over = || Fault::of(ErrorCode::Storage, "the round was asked for before".to_owned());
            thread.ok_or_else(over)?.join().map_err(|_| Fault::panicked())?
        })
    }
}
