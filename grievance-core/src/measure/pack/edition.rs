//! Editions: a pack as it was given out, kept for ever.

use crate::kernel::id::GrievanceId;
use crate::kernel::text::Digest;
use crate::kernel::time::Millis;
use crate::measure::pack::counted::{CountedError, CountedProof, CountedRoot};
use crate::measure::pack::value::Pack;
use crate::proof::canonical::to_canonical;
use crate::proof::checkpoint::Checkpoint;
use crate::vocabulary::ErrorCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A pack as it was given out: with its number, when it was made, what it can be held to, and the
/// hash of the edition before it.
///
/// The text is what is kept, sent and hashed; a figure belongs to an edition, and what is known
/// better later is told as a [`Restatement`](crate::measure::pack::Restatement), never by changing it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edition {
    /// The checkpoint over all histories that was printed with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checkpoint: Option<Checkpoint>,
    /// The root over the cases behind the counts of the latest week; none where no proofs are given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted: Option<CountedRoot>,
    /// When it was made, in whole milliseconds: what was recorded before counts, what was recorded at
    /// that instant or later does not.
    #[serde(with = "Millis")]
    pub made_at: DateTime<Utc>,
    /// Its number among the editions of the office, from 1.
    pub number: u64,
    /// The pack.
    pub pack: Pack,
    /// The hash of the edition before it; none for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Digest>,
    /// The version of the format.
    pub v: u32,
}

/// The version of the format that this library writes.
const FORMAT: u32 = 1;

impl Edition {
    /// The first edition of an office, or the next one after another.
    ///
    /// # Errors
    ///
    /// [`EditionError`] when the one before is of another office, or not of an earlier day and made
    /// earlier, or the pack is of a day that has not begun.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::Rulebook;
    /// use grievance_core::measure::mis::Terms;
    /// use grievance_core::measure::pack::{Edition, PackPart, Weeks};
    /// use grievance_core::vocabulary::AgeRule;
    ///
    /// let rulebook = Rulebook::from_toml("extends = \"city-311\"\nname = \"Haldia\"\nzone = \"Asia/Kolkata\"")?;
    /// let cell = rulebook.directory().cell().clone();
    /// let weeks = Weeks::to(Terms::new("2026-03-30".parse()?, rulebook.zone(), AgeRule::Calendar));
    /// let pack = PackPart::new(weeks).finish(&rulebook, &cell, None, |unit| unit.to_string())?;
    /// let edition = Edition::after(None, pack, "2026-03-30T04:30:00Z".parse()?)?;
    /// assert_eq!(Edition::read(&edition.text())?.hash(), edition.hash());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn after(previous: Option<&Self>, pack: Pack, made_at: DateTime<Utc>) -> Result<Self, EditionError> {
        let made_at = crate::kernel::time::whole_millis(made_at);
        if let Some(before) = previous {
            if before.pack.unit != pack.unit {
                return Err(EditionError::OtherOffice);
            }
            if before.pack.as_of >= pack.as_of || before.made_at >= made_at {
                return Err(EditionError::NotLater);
            }
        }
        let begun = pack.zone.parse::<chrono_tz::Tz>().map_err(|_| EditionError::Unreadable)?;
        if crate::kernel::time::start_of_day(pack.as_of, begun) > made_at {
            return Err(EditionError::TooEarly);
        }
        Ok(Self {
            checkpoint: None,
            counted: None,
            made_at,
            number: previous.map_or(1, |before| before.number + 1),
            pack,
            previous: previous.map(Self::hash),
            v: FORMAT,
        })
    }

    /// The same with the checkpoint that is printed with it.
    #[must_use]
    pub fn with_checkpoint(self, checkpoint: Option<Checkpoint>) -> Self {
        Self { checkpoint, ..self }
    }

    /// The same with the root over the cases that were counted.
    #[must_use]
    pub fn with_counted(self, counted: CountedRoot) -> Self {
        Self { counted: Some(counted), ..self }
    }

    /// Its text: canonical JSON.
    pub fn text(&self) -> String {
        to_canonical(self).expect("an edition has text keys and numbers that JSON knows")
    }

    /// Its hash: SHA-256 over the line `grievance edition v1` with its line break, and the text.
    pub fn hash(&self) -> Digest {
        Digest::of(&[b"grievance edition v1\n", self.text().as_bytes()])
    }

    /// Under which identity what is said about this edition is kept, where a message names a case: the
    /// beginning of its hash.
    pub fn line(&self) -> GrievanceId {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&self.hash().as_bytes()[..16]);
        GrievanceId::from_uuid(uuid::Builder::from_random_bytes(bytes).into_uuid())
    }

    /// Reads the text of an edition.
    ///
    /// # Errors
    ///
    /// [`EditionError::Unreadable`] unless it is, byte for byte, what [`text`](Self::text) writes.
    pub fn read(text: &str) -> Result<Self, EditionError> {
        let read: Self = serde_json::from_str(text).map_err(|_| EditionError::Unreadable)?;
        if read.v == FORMAT && read.text() == text { Ok(read) } else { Err(EditionError::Unreadable) }
    }

    /// Checks that a case stands behind a count that this edition prints: that the proof holds, and
    /// that the office's row has that count in that line. Nothing but the edition is needed.
    ///
    /// # Errors
    ///
    /// [`CountedError`] says what does not hold.
    pub fn check_counted(&self, proof: &CountedProof) -> Result<(), CountedError> {
        proof.check(self.counted.ok_or(CountedError::Malformed)?)?;
        let row = self.pack.offices.iter().find(|row| row.unit == proof.unit);
        let printed = row.map(|row| row.figures.week(proof.line));
        if printed == Some(proof.count) { Ok(()) } else { Err(CountedError::OtherCount) }
    }
}

/// Why there is no edition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EditionError {
    /// The text is no edition.
    #[error("the text is not an edition of format 1 in canonical form")]
    Unreadable,
    /// The edition before is of another office.
    #[error("the edition before is of another office")]
    OtherOffice,
    /// It does not come after the edition before.
    #[error("the edition before is of the same or a later day, or was made at the same time or later")]
    NotLater,
    /// The day of its pack has not begun.
    #[error("the day of the pack has not begun when the edition is made")]
    TooEarly,
}

impl EditionError {
    /// The code every binding reports for this failure.
    pub const fn code(&self) -> ErrorCode {
        match self {
            Self::Unreadable => ErrorCode::FileInvalid,
            Self::OtherOffice => ErrorCode::InvalidCommand,
            Self::NotLater | Self::TooEarly => ErrorCode::DatesContradict,
        }
    }
}
