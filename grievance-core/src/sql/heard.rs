//! What the drivers are given to say, kept for a test that looks at all of it.
//!
//! Every statement passes through [`hear`] on its way to a driver. Nothing is kept until a test
//! [`listen`]s, and only with the feature `conformance`: a text, never a value.

use crate::sql::Dialect;
#[cfg(feature = "conformance")]
use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicBool, Ordering},
    sync::{Mutex, PoisonError},
};

#[cfg(feature = "conformance")]
static LISTENING: AtomicBool = AtomicBool::new(false);

/// By the name of the dialect, then by the text.
#[cfg(feature = "conformance")]
static HEARD: Mutex<BTreeSet<(&'static str, String)>> = Mutex::new(BTreeSet::new());

/// Begins to keep, for the whole process, each different text that a driver is given.
#[cfg(feature = "conformance")]
pub fn listen() {
    LISTENING.store(true, Ordering::Relaxed);
}

/// Every text that a driver of that dialect was given since somebody listens.
#[cfg(feature = "conformance")]
pub fn heard(dialect: Dialect) -> Vec<String> {
    let heard = HEARD.lock().unwrap_or_else(PoisonError::into_inner);
    heard.iter().filter(|(own, _)| *own == dialect.as_str()).map(|(_, sql)| sql.clone()).collect()
}

/// Takes note of a text that a driver is about to be given.
#[cfg(feature = "conformance")]
pub(super) fn hear(dialect: Dialect, sql: &str) {
    if LISTENING.load(Ordering::Relaxed) {
        let mut heard = HEARD.lock().unwrap_or_else(PoisonError::into_inner);
        heard.insert((dialect.as_str(), sql.to_owned()));
    }
}

/// Nobody listens.
#[cfg(not(feature = "conformance"))]
pub(super) const fn hear(_: Dialect, _: &str) {}
