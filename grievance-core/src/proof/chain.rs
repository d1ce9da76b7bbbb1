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

/// The hash of an event: SHA-256 over the hash of the same case's previous event (32 zero bytes
/// for the first) and the digest of the event's own [`content`].
///
/// The content goes in by its digest, so that a chain can be checked by somebody to whom some of
/// the events are not shown (ADR 87).
pub fn hash(previous: Option<Digest>, link: &Link<'_>) -> Digest {
    join(previous, content(link))
}

/// The digest of an event's content: SHA-256 over every part of the link, texts with their length
/// before them.
pub fn content(link: &Link<'_>) -> Digest {
    Digest::of(&[
        b"grievance content v2\n",
        &length(link.tenant),
        link.tenant.as_bytes(),
        &length(link.case),
        link.case.as_bytes(),
        &link.version.to_be_bytes(),
        &link.at.to_be_bytes(),
        &length(link.actor),
        link.actor.as_bytes(),
        link.rulebook.as_bytes(),
        &length(link.body),
        link.body.as_bytes(),
    ])
}

/// The hash of an event whose content has that digest.
pub fn join(previous: Option<Digest>, content: Digest) -> Digest {
    Digest::of(&[b"grievance event v2\n", previous.unwrap_or(NONE).as_bytes(), content.as_bytes()])
}

/// Whether an event with that hash follows the previous one: under today's hash, or under the
/// first one, with which older events were written.
pub fn follows(previous: Option<Digest>, link: &Link<'_>, found: Digest) -> bool {
    hash(previous, link) == found || hash_v1(previous, link) == found
}

/// The hash of the first format: SHA-256 over every part of the link and the previous hash at
/// once. Read for ever, written no more.
pub fn hash_v1(previous: Option<Digest>, link: &Link<'_>) -> Digest {
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
        previous.unwrap_or(NONE).as_bytes(),
        &length(link.body),
        link.body.as_bytes(),
    ])
}

/// What stands for the hash before the first.
const NONE: Digest = Digest::from_bytes([0; 32]);

const fn length(text: &str) -> [u8; 8] {
    (text.len() as u64).to_be_bytes()
}
