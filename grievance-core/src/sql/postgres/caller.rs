//! Whether the calling thread may block.

use crate::store::{StoreError, Stored};
use std::pin::pin;
use std::task::{Context, Waker};

/// More steps than tokio gives a task between two rests; it gives 128.
const STEPS: usize = 1_024;

/// Refuses a thread that drives an async runtime: waiting there holds up every other task of it,
/// and the driver, which has a small runtime of its own, would panic. A thread of `spawn_blocking`
/// may block, and so may any other thread.
///
/// A future under `tokio::task::unconstrained` cannot be told from a thread that may block.
pub(super) fn may_block() -> Stored<()> {
    if is_polled() { Err(StoreError::MayNotBlock) } else { Ok(()) }
}

/// Whether a task of tokio is polled on this thread. Tokio does not say so, but a task that is
/// polled has so many steps before it must rest, and blocking code has no such number. Taking them
/// all costs that task one rest.
pub(super) fn is_polled() -> bool {
    if tokio::runtime::Handle::try_current().is_err() {
        return false;
    }
    let mut context = Context::from_waker(Waker::noop());
    (0..STEPS).any(|_| pin!(tokio::task::coop::consume_budget()).poll(&mut context).is_pending())
}
