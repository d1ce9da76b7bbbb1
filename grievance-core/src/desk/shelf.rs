//! Compiled rulebook versions. A version never changes, so the desks of a process share them.

use crate::kernel::text::Digest;
use crate::rulebook::Rulebook;
use crate::rulebook::finding::RulebookInvalid;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError, Weak};

/// What is compiled and in use, by the hash of the stored text that it was compiled from. Nothing is
/// kept that no desk has.
static COMPILED: LazyLock<Mutex<HashMap<Digest, Weak<Rulebook>>>> = LazyLock::new(Mutex::default);

/// The rulebook that a stored text says, compiled unless some desk has it.
pub(super) fn compiled(stored: &str) -> Result<Arc<Rulebook>, RulebookInvalid> {
    let text = Rulebook::version_of_stored(stored);
    let known = COMPILED.lock().unwrap_or_else(PoisonError::into_inner).get(&text).and_then(Weak::upgrade);
    match known {
        Some(rulebook) => Ok(rulebook),
        None => Ok(share(text, Rulebook::from_stored(stored)?.into())),
    }
}

/// The rulebook, as other desks may have it already; `stored` is its text.
pub(super) fn shared(rulebook: Rulebook, stored: &str) -> Arc<Rulebook> {
    let text = Rulebook::version_of_stored(stored);
    // One whose text this library would write otherwise today.
    if text == rulebook.version() { share(text, rulebook.into()) } else { rulebook.into() }
}

fn share(text: Digest, rulebook: Arc<Rulebook>) -> Arc<Rulebook> {
    let mut compiled = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = compiled.get(&text).and_then(Weak::upgrade) {
        return known;
    }
    compiled.retain(|_, rulebook| rulebook.strong_count() > 0);
    compiled.insert(text, Arc::downgrade(&rulebook));
    rulebook
}
