//! The chain of hashes over the stored text of a case's events.

use crate::kernel::text::Digest;

/// What a link of the chain binds together.
#[derive(Clone, Copy, Debug)]
pub struct Link<'a> {
    /// The tenant whose case it is.
    pub tenant: &'a str,
    /// The case's identity, as text.
    pub case: &'a str,
    /// Position in the case's history, from 1.
    pub version: u64,
    /// When it was recorded, in milliseconds since 1970.
    pub at: i64,
    /// The actor, as canonical JSON.
    pub actor: &'a str,
    /// The rulebook version it was decided under.
    pub rulebook: Digest,
    /// The stored text of the event, byte for byte.
    pub body: &'a str,
}

/// The hash of an event: SHA-256 over every part of the link, each with its length before it,
/// and the hash of the same case's previous event (absent for the first).
pub fn hash(previous: Option<Digest>, link: &Link<'_>) -> Digest {
    let length = |text: &str| (text.len() as u64).to_be_bytes();
    let none = Digest::from_bytes([0; 32]);
    Digest::of(&[
        b"grievance event v1\n",
        &length(link.tenant),
        link.tenant.as_bytes(),
        &length(link.case),
        link.case.as_bytes(),
        &link.version.to_be_bytes(),
        &link.at.to_be_bytes(),
        &length(link.actor),
        link.actor.as_bytes(),
        link.rulebook.as_bytes(),
        previous.unwrap_or(none).as_bytes(),
        &length(link.body),
        link.body.as_bytes(),
    ])
}
