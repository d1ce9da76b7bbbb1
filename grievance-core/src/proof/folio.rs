//! The pages of a case's file as they lie in the storage, and whether each follows the one before.
//!
//! Offices number the pages of a file so that a missing one shows. Here each page also carries a
//! hash over its content and the hash of the page before it.

use crate::kernel::id::GrievanceId;
use crate::kernel::text::Digest;
use crate::proof::chain::{Link, content, follows};

/// An event as the storage holds it: every column as bytes, before anything of it is believed.
#[derive(Clone, PartialEq, Eq)]
pub struct Folio {
    /// The case: 16 bytes.
    pub case: Vec<u8>,
    /// Its place in the case's history, from 1.
    pub version: i64,
    /// When it was recorded, in milliseconds since 1970.
    pub at: i64,
    /// The actor's text.
    pub actor: Vec<u8>,
    /// The rulebook version: 32 bytes.
    pub rulebook: Vec<u8>,
    /// The command that it came from: 16 bytes.
    pub command: Vec<u8>,
    /// The kind of event, for lists; the text says it too.
    pub kind: Vec<u8>,
    /// The event's text.
    pub body: Vec<u8>,
    /// The hash: 32 bytes.
    pub hash: Vec<u8>,
}

impl std::fmt::Debug for Folio {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { case, version, body, .. } = self;
        write!(f, "Folio({} bytes of identity, version {version}, {} bytes)", case.len(), body.len())
    }
}

impl Folio {
    /// The case whose page it is; `None` when what is stored is no identity.
    pub fn case_id(&self) -> Option<GrievanceId> {
        uuid::Uuid::from_slice(&self.case).ok().map(GrievanceId::from_uuid)
    }

    /// The hash that is stored; `None` when it is none.
    pub fn stored_hash(&self) -> Option<Digest> {
        digest(&self.hash)
    }
}

fn digest(bytes: &[u8]) -> Option<Digest> {
    bytes.try_into().ok().map(Digest::from_bytes)
}

/// What is wrong with a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Break {
    /// It belongs to another case.
    #[error("the event is of another case")]
    OtherCase,
    /// A page before it is missing.
    #[error("an event before it is missing: {expected} was to come")]
    Missing {
        /// The version that should have come.
        expected: u64,
    },
    /// Its place is taken already, or there is none such.
    #[error("its place is taken by another event, or lies before the first")]
    Doubled,
    /// What is stored in a column is not what this library writes there.
    #[error("its {column} is damaged")]
    Damaged {
        /// The column.
        column: &'static str,
    },
    /// Its content, or that of the page before, was changed after it was hashed.
    #[error("its hash is not that of what is stored and of the event before it")]
    Altered,
    /// The kind beside the text is not the kind in the text.
    #[error("the kind that stands beside the event is not its own")]
    KindDiffers,
}

/// The chain of one case, checked page by page.
///
/// The first page that does not fit is the one to name: what follows it is not looked at, since
/// it hangs on what can no longer be believed. Somebody who changes an event *and* computes its
/// hash anew moves the break to the event after it; whoever computes all of them anew is found
/// only against a checkpoint.
#[derive(Clone, Debug)]
pub struct Chain<'t> {
    tenant: &'t str,
    case: GrievanceId,
    name: String,
    version: u64,
    head: Option<Digest>,
}

impl<'t> Chain<'t> {
    /// Before the first page of a case.
    pub fn begin(tenant: &'t str, case: GrievanceId) -> Self {
        Self::resume(tenant, case, 0, None)
    }

    /// After a page that was checked before.
    pub fn resume(tenant: &'t str, case: GrievanceId, version: u64, head: Option<Digest>) -> Self {
        Self { tenant, case, name: case.to_string(), version, head }
    }

    /// The case.
    pub const fn case(&self) -> GrievanceId {
        self.case
    }

    /// How many pages were found sound.
    pub const fn version(&self) -> u64 {
        self.version
    }

    /// The hash of the last sound page.
    pub const fn head(&self) -> Option<Digest> {
        self.head
    }

    /// Checks the next page, in the order of versions, and takes it in.
    ///
    /// # Errors
    ///
    /// [`Break`]; the chain then stands where it stood.
    pub fn add(&mut self, page: &Folio) -> Result<(), Break> {
        let head = self.fits(page)?;
        self.advance(head);
        Ok(())
    }

    /// Takes in a page that fits, by its hash.
    pub const fn advance(&mut self, head: Digest) {
        (self.version, self.head) = (self.version + 1, Some(head));
    }

    /// The digest of a page's content; `None` when a column of it is damaged.
    pub fn content(&self, page: &Folio) -> Option<Digest> {
        self.link(page).ok().map(|link| content(&link))
    }

    /// Checks the next page, in the order of versions, and gives its hash.
    ///
    /// # Errors
    ///
    /// [`Break`].
    pub fn fits(&self, page: &Folio) -> Result<Digest, Break> {
        if page.case != self.case.as_bytes() {
            return Err(Break::OtherCase);
        }
        let expected = self.version + 1;
        match u64::try_from(page.version) {
            Ok(version) if version == expected => {}
            Ok(version) if version > expected => return Err(Break::Missing { expected }),
            _ => return Err(Break::Doubled),
        }
        let found = page.stored_hash().ok_or(Break::Damaged { column: "hash" })?;
        let link = self.link(page)?;
        if !follows(self.head, &link, found) {
            return Err(Break::Altered);
        }
        // What lies beside the hashed text: a copy for lists, and the name of the command.
        if kind_of(link.body).is_none_or(|kind| kind.as_bytes() != page.kind) {
            return Err(Break::KindDiffers);
        }
        if page.command.len() != 16 {
            return Err(Break::Damaged { column: "command" });
        }
        Ok(found)
    }

    /// What the next page binds together.
    fn link<'p>(&'p self, page: &'p Folio) -> Result<Link<'p>, Break> {
        let text = |bytes, column| std::str::from_utf8(bytes).map_err(|_| Break::Damaged { column });
        Ok(Link {
            tenant: self.tenant,
            case: &self.name,
            version: self.version + 1,
            at: page.at,
            actor: text(&page.actor, "actor")?,
            rulebook: digest(&page.rulebook).ok_or(Break::Damaged { column: "rulebook version" })?,
            body: text(&page.body, "text")?,
        })
    }
}

/// The kind that an event's text names.
fn kind_of(body: &str) -> Option<std::borrow::Cow<'_, str>> {
    #[derive(serde::Deserialize)]
    struct Named<'a> {
        #[serde(rename = "type", borrow)]
        kind: std::borrow::Cow<'a, str>,
    }
    serde_json::from_str::<Named<'_>>(body).ok().map(|named| named.kind)
}
