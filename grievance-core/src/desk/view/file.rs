//! The case file for somebody outside: everything that is for them, in order, with the proof that
//! nothing was left out.

use crate::desk::view::event::{self, EventView};
use crate::desk::view::{CaseRow, Onlooker, TextView};
use crate::desk::words::Look;
use crate::desk::{Acting, DeskError};
use crate::grievance::project::CaseFact;
use crate::kernel::id::{GrievanceId, VaultId};
use crate::kernel::text::Digest;
use crate::proof::case::{CaseProof, Content};
use crate::proof::folio::Folio;
use crate::rulebook::access::{Sights, masked};
use crate::store::vault::OpenText;
use crate::vocabulary::{Field, FileAudience, Sight};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::{HashMap, HashSet};

/// A case's file as it is given away: what its audience may see, event by event.
///
/// No event is missing: one that is not shown has its place and its hash, and the proof ties all of
/// them to a printed checkpoint. What the office says in `entries` of an event that is open in the
/// proof can be held to the recorded text there; of a closed one only that it is there.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CaseFile {
    /// For whom it was made.
    pub audience: FileAudience,
    /// When.
    pub made_at: DateTime<Utc>,
    /// The case's facts as they stand.
    pub row: CaseRow,
    /// Every event, from the first.
    pub entries: Vec<FileEntry>,
    /// The checkpoint's hash, which is to be compared with a printed statement.
    pub checkpoint: Option<Digest>,
    /// The proof; `None` while no checkpoint covers the case.
    pub proof: Option<CaseProof>,
}

/// An event in a case file.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FileEntry {
    /// Its place in the history.
    pub version: u64,
    /// The event as the audience sees it; `None` when it is not for them.
    pub event: Option<EventView>,
    /// Whether that is all of it: then it stands open in the proof.
    pub is_whole: bool,
    /// The words that are shown.
    pub words: Vec<FileWord>,
    /// How many texts of the event are not shown.
    pub withheld: u64,
}

/// Words in a case file. Their `Debug` shows none.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FileWord {
    /// What they are.
    pub field: Field,
    /// In full, or masked.
    pub sight: Sight,
    /// The text's reference in the event.
    pub id: VaultId,
    /// The digest in the event: SHA-256 over salt and words.
    pub digest: Digest,
    /// The salt, as hexadecimal digits, of words that are shown in full: so they can be held to the
    /// digest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub salt: Option<String>,
    /// The words; `None` where they have been erased.
    pub words: Option<String>,
}

impl std::fmt::Debug for FileWord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FileWord({}, {}, {})", self.field, self.sight, self.id)
    }
}

impl Acting<'_> {
    /// The proof that a case's history is what a checkpoint covers, with every event closed: digests
    /// and hashes alone. `number` is the checkpoint's; the last one if absent.
    ///
    /// Goes once through the heads of all cases.
    ///
    /// # Errors
    ///
    /// As [`case`](Self::case); [`DeskError::NotCovered`] when there is no such checkpoint, or the
    /// case came later than it; [`StoreError::Altered`](crate::store::StoreError::Altered) when the
    /// history is no longer what the checkpoint covers.
    pub fn prove(&self, case: GrievanceId, number: Option<u64>) -> Result<CaseProof, DeskError> {
        self.onlooker()?.open(case)?;
        self.desk.prove_with(case, number, &mut |_, _| None)
    }

    /// A case's file for an audience: what [`Sights::of_file`] allows them, and of that only what
    /// the actor sees, who makes it; nobody gives away what they do not see. Who complains, and
    /// every text, is read for the audience's purpose and written down in the access log.
    ///
    /// It is held to the last checkpoint: make one first where the latest steps are to be covered.
    ///
    /// # Errors
    ///
    /// As [`case`](Self::case); [`StoreError::Altered`](crate::store::StoreError::Altered) when the
    /// history is not what was recorded: such a file is for whoever audits.
    pub fn case_file(&self, case: GrievanceId, audience: FileAudience) -> Result<CaseFile, DeskError> {
        let looks = self.onlooker()?;
        let seen = looks.open(case)?;
        let sights = looks.sights.within(&Sights::of_file(audience));
        let looks = Onlooker { sights, ..looks };
        let mut entries = Vec::with_capacity(seen.history.len());
        for recorded in &seen.history {
            let (event, is_whole) = event::in_file(&looks, recorded)?;
            let texts = recorded.event.what.words();
            let sight = |field| looks.sights.of(field).filter(|_| event.is_some());
            let shown = texts.iter().filter_map(|word| {
                let text =
                    TextView { field: word.field, sight: sight(word.field)?, version: 0, id: word.text.id };
                Some((text, word.text.digest))
            });
            let words: Vec<FileWord> = shown.map(|(text, digest)| FileWord::of(&text, digest)).collect();
            let withheld = (texts.len() - words.len()) as u64;
            entries.push(FileEntry { version: recorded.version, event, is_whole, words, withheld });
        }
        let ids: Vec<VaultId> = entries.iter().flat_map(|entry| &entry.words).map(|word| word.id).collect();
        let look = Look { actor: &looks.actor, case, purpose: audience.purpose(), now: looks.now };
        let opened: HashMap<VaultId, OpenText> =
            self.desk.words(&look, &ids)?.into_iter().map(|text| (text.id, text)).collect();
        for word in entries.iter_mut().flat_map(|entry| &mut entry.words) {
            word.fill(opened.get(&word.id));
        }
        let whole: HashSet<u64> =
            entries.iter().filter(|entry| entry.is_whole).map(|entry| entry.version).collect();
        let proved = self.desk.prove_with(case, None, &mut |version, page| {
            whole.contains(&version).then(|| content(page)).flatten()
        });
        let proof = match proved {
            Ok(proof) => Some(proof),
            Err(DeskError::NotCovered) => None,
            Err(problem) => return Err(problem),
        };
        Ok(CaseFile {
            audience,
            made_at: looks.now,
            row: CaseRow::of(&looks, CaseFact::of(&seen.case))?,
            entries,
            checkpoint: proof.as_ref().map(|proof| proof.checkpoint.hash()),
            proof,
        })
    }
}

impl FileWord {
    const fn of(text: &TextView, digest: Digest) -> Self {
        let TextView { field, sight, version: _, id } = *text;
        Self { field, sight, id, digest, salt: None, words: None }
    }

    fn fill(&mut self, opened: Option<&OpenText>) {
        let Some(opened) = opened else { return };
        match self.sight {
            Sight::Full => {
                self.words = Some(opened.content.clone());
                self.salt = Some(hex(&opened.salt));
            }
            Sight::Masked => self.words = Some(masked(self.field, &opened.content)),
        }
    }
}

/// The salt as 32 hexadecimal digits.
fn hex(salt: &[u8; 16]) -> String {
    format!("{:032x}", u128::from_be_bytes(*salt))
}

/// What a page that is shown whole holds; `None` for one that is no text.
fn content(page: &Folio) -> Option<Content> {
    Some(Content {
        actor: String::from_utf8(page.actor.clone()).ok()?,
        at: page.at,
        body: String::from_utf8(page.body.clone()).ok()?,
        rulebook: page.rulebook.as_slice().try_into().map(Digest::from_bytes).ok()?,
    })
}
