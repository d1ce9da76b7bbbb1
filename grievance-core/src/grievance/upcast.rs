//! Older wire versions, brought up to today's payloads.

use crate::grievance::event::What;
use crate::grievance::wire::{WireError, damaged};
use crate::vocabulary::EventKind;

/// Reads the payload of an event of that kind and wire version.
///
/// Every kind is still at its first version, so there is nothing to bring up yet; a kind that
/// changes gets an arm here that turns the old text into the new payload.
///
/// # Errors
///
/// [`WireError::NewerVersion`] for a version that a newer library wrote, [`WireError::Damaged`]
/// for a payload that is not what the version says.
pub fn read(kind: EventKind, version: u32, text: &str) -> Result<What, WireError> {
    let known = What::wire_version(kind);
    if version == 0 || version > known {
        return Err(WireError::NewerVersion { kind, found: version, known });
    }
    What::read(kind, text).map_err(|problem| damaged(&problem))
}
