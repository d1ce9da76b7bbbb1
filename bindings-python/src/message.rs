//! Messages: handed to a gateway of Python's, and what became of them.

use crate::convert::Wrong;
use crate::record::Message;
use grievance_core::desk::flat::{Flat as _, Raised};
use grievance_core::host::Taken as _;
use grievance_core::message::{self, Gateway, GatewayError, Sent};
use pyo3::prelude::*;
use std::sync::Mutex;

/// A callable of the host's that takes a message and answers the carrier's reference, or none.
///
/// What it raises is kept by the name of its class: its words may hold an address.
pub(crate) struct Callable {
    send: Py<PyAny>,
    problems: Mutex<Vec<Raised>>,
    /// What ends the program, such as a key that was pressed.
    ending: Mutex<Option<PyErr>>,
}

impl Callable {
    pub(crate) fn of(gateway: &Bound<'_, PyAny>) -> PyResult<Self> {
        if !gateway.is_callable() {
            return Err(Wrong::kind("a callable that takes a message", gateway).at("gateway").into());
        }
        let send = gateway.clone().unbind();
        Ok(Self { send, problems: Mutex::default(), ending: Mutex::default() })
    }

    /// What it raised, message by message; what ends the program is raised again.
    pub(crate) fn problems(self) -> PyResult<Vec<Raised>> {
        let ending = self.ending.into_inner().ok().flatten();
        ending.map_or_else(|| Ok(self.problems.into_inner().unwrap_or_default()), Err)
    }

    fn call(&self, message: &message::Message) -> Result<Sent, GatewayError> {
        let name_of = |kind: &Bound<'_, pyo3::types::PyType>| {
            kind.name().map_or_else(|_| String::new(), |name| name.to_string())
        };
        let note = |name: &str| {
            if let Ok(mut problems) = self.problems.lock() {
                problems.push(Raised { message: message.id.to_string(), name: name.to_owned() });
            }
        };
        let given: Message = message.clone().flat().taken();
        Python::attach(|py| match self.send.bind(py).call1((given,)) {
            Ok(answer) => answer.extract().map(|reference| Sent { reference }).map_err(|_| {
                // Some say `False` for what they did not send.
                note(&format!("returned {}", name_of(&answer.get_type())));
                GatewayError::Transient("the gateway answered neither a reference nor None".to_owned())
            }),
            Err(raised) => {
                let kind = name_of(&raised.get_type(py));
                if !raised.is_instance_of::<pyo3::exceptions::PyException>(py) {
                    if let Ok(mut ending) = self.ending.lock() {
                        *ending = Some(raised);
                    }
                    return Err(GatewayError::Transient("the gateway was interrupted".to_owned()));
                }
                note(&kind);
                let said = format!("the gateway raised {kind}");
                let refused =
                    py.import("grievance._errors").and_then(|errors| errors.getattr("MessageRefusedError"));
                let is_refused = refused.is_ok_and(|refused| raised.matches(py, &refused).unwrap_or(false));
                Err(if is_refused { GatewayError::Permanent(said) } else { GatewayError::Transient(said) })
            }
        })
    }
}

impl Gateway for Callable {
    fn send(&self, message: &message::Message) -> Result<Sent, GatewayError> {
        // Interrupted, it is asked no more: the rest is tried again another time.
        if self.ending.lock().is_ok_and(|ending| ending.is_some()) {
            return Err(GatewayError::Transient("the gateway was interrupted".to_owned()));
        }
        self.call(message)
    }
}
