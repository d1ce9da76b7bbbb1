//! Rows on their way out: whatever the driver, the same columns in the same places.

use crate::grievance::event::Recorded;
use crate::grievance::notice::Notice;
use crate::grievance::project::CaseFact;
use crate::kernel::code::UnitCode;
use crate::kernel::id::{GrievanceId, PersonId, VaultId};
use crate::kernel::number::RegistrationNumber;
use crate::kernel::text::{Compartment, Digest};
use crate::kernel::time::from_millis;
use crate::proof::folio::Folio;
use crate::store::agenda::Job;
use crate::store::blind::Indexed;
use crate::store::checkpoints::KeptCheckpoint;
use crate::store::commit::{Kept, Receipt, read_notice};
use crate::store::looks::LookRow;
use crate::store::outbox::Posted;
use crate::store::vault::{Content, StoredText};
use crate::store::{StoreError, Stored};
use crate::vocabulary::Tenure;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

/// The columns of a row that a driver gives.
pub trait Columns {
    /// The integer in that column; `None` for NULL. `Err` for anything else.
    fn integer(&self, column: usize) -> Result<Option<i64>, Damaged>;
    /// The text in that column; `None` for NULL. `Err` for anything else.
    fn text(&self, column: usize) -> Result<Option<&str>, Damaged>;
    /// The bytes in that column; `None` for NULL. `Err` for anything else.
    fn bytes(&self, column: usize) -> Result<Option<&[u8]>, Damaged>;
}

/// A stored row does not hold what this library writes. Says where, never what.
#[derive(Clone, Copy, Debug)]
pub struct Damaged {
    pub(crate) column: usize,
}

impl From<Damaged> for StoreError {
    fn from(Damaged { column }: Damaged) -> Self {
        Self::Backend(format!("a stored row is damaged: its column {column} cannot be read"))
    }
}

/// Reads a row column by column, by the kind of value that is expected.
pub(crate) struct Reading<'r, C>(pub(crate) &'r C);

impl<C: Columns> Reading<'_, C> {
    fn must<T>(column: usize, value: Option<T>) -> Result<T, Damaged> {
        value.ok_or(Damaged { column })
    }

    pub(crate) fn count(&self, column: usize) -> Result<u64, Damaged> {
        let count = Self::must(column, self.0.integer(column)?)?;
        u64::try_from(count).map_err(|_| Damaged { column })
    }

    pub(crate) fn maybe_count(&self, column: usize) -> Result<Option<u64>, Damaged> {
        let count = self.0.integer(column)?;
        count.map(|count| u64::try_from(count).map_err(|_| Damaged { column })).transpose()
    }

    pub(crate) fn small(&self, column: usize) -> Result<u32, Damaged> {
        u32::try_from(self.count(column)?).map_err(|_| Damaged { column })
    }

    pub(crate) fn flag(&self, column: usize) -> Result<bool, Damaged> {
        Ok(self.count(column)? != 0)
    }

    pub(crate) fn instant(&self, column: usize) -> Result<DateTime<Utc>, Damaged> {
        Self::must(column, self.maybe_instant(column)?)
    }

    pub(crate) fn maybe_instant(&self, column: usize) -> Result<Option<DateTime<Utc>>, Damaged> {
        let instant = self.0.integer(column)?.map(|at| from_millis(at).ok_or(Damaged { column }));
        instant.transpose()
    }

    fn maybe_day(&self, column: usize) -> Result<Option<NaiveDate>, Damaged> {
        let Some(days) = self.0.integer(column)? else { return Ok(None) };
        let day = TimeDelta::try_days(days).and_then(|days| NaiveDate::default().checked_add_signed(days));
        day.map(Some).ok_or(Damaged { column })
    }

    pub(crate) fn id(&self, column: usize) -> Result<Uuid, Damaged> {
        Self::must(column, self.maybe_id(column)?)
    }

    fn maybe_id(&self, column: usize) -> Result<Option<Uuid>, Damaged> {
        let bytes = self.0.bytes(column)?;
        bytes.map(|bytes| Uuid::from_slice(bytes).map_err(|_| Damaged { column })).transpose()
    }

    pub(crate) fn digest(&self, column: usize) -> Result<Digest, Damaged> {
        Self::must(column, self.maybe_digest(column)?)
    }

    fn maybe_digest(&self, column: usize) -> Result<Option<Digest>, Damaged> {
        let bytes = self.0.bytes(column)?;
        let digest = |bytes: &[u8]| bytes.try_into().map(Digest::from_bytes).map_err(|_| Damaged { column });
        bytes.map(digest).transpose()
    }

    pub(crate) fn text(&self, column: usize) -> Result<&str, Damaged> {
        Self::must(column, self.0.text(column)?)
    }

    fn word<T: std::str::FromStr>(&self, column: usize) -> Result<T, Damaged> {
        self.text(column)?.parse().map_err(|_| Damaged { column })
    }

    pub(crate) fn maybe_text(&self, column: usize) -> Result<Option<&str>, Damaged> {
        self.0.text(column)
    }

    pub(crate) fn maybe_word<T: std::str::FromStr>(&self, column: usize) -> Result<Option<T>, Damaged> {
        let text = self.0.text(column)?;
        text.map(|text| text.parse().map_err(|_| Damaged { column })).transpose()
    }

    /// In which capacity a post is held: its place in the closed list.
    pub(crate) fn tenure(&self, column: usize) -> Result<Tenure, Damaged> {
        let at = usize::try_from(self.count(column)?).map_err(|_| Damaged { column })?;
        Tenure::ALL.get(at).copied().ok_or(Damaged { column })
    }

    /// A list of offices, each between two bars.
    fn units(&self, column: usize) -> Result<Vec<UnitCode>, Damaged> {
        let words = self.text(column)?.split('|').filter(|word| !word.is_empty());
        words.map(|word| word.parse().map_err(|_| Damaged { column })).collect()
    }

    fn number(&self, column: usize) -> Result<Option<RegistrationNumber>, Damaged> {
        self.maybe_word(column)
    }

    /// A row of `grievance`, in the order of `row::GRIEVANCE`.
    pub(crate) fn fact(&self) -> Result<CaseFact, Damaged> {
        Ok(CaseFact {
            id: GrievanceId::from_uuid(self.id(1)?),
            version: self.count(2)?,
            number: self.number(3)?,
            source: self.maybe_word(4)?,
            external_number: self.0.text(5)?.map(smol_str::SmolStr::new),
            kind: self.word(6)?,
            category: self.maybe_word(7)?,
            place: self.maybe_word(8)?,
            channel: self.maybe_word(9)?,
            priority: self.maybe_word(10)?,
            stage: self.word(11)?,
            phase: self.word(12)?,
            unit: self.word(13)?,
            held_since: self.instant(14)?,
            lodged_at: self.instant(15)?,
            received_at: self.instant(16)?,
            first_disposed_at: self.maybe_instant(17)?,
            disposed_at: self.maybe_instant(18)?,
            disposed_by: self.maybe_word(19)?,
            reason: self.maybe_word(20)?,
            class: self.maybe_word(21)?,
            feedback: self.maybe_word(22)?,
            reopenings: self.small(23)?,
            appeals: self.small(24)?,
            transfers: self.small(25)?,
            part_of: self.maybe_id(26)?.map(GrievanceId::from_uuid),
            merged_into: self.maybe_id(27)?.map(GrievanceId::from_uuid),
            tracking: self.maybe_digest(28)?,
            rulebook: self.digest(29)?,
            updated_at: self.instant(30)?,
            due_at: self.maybe_instant(32)?,
            breaches: self.small(33)?,
            breached_at: self.maybe_instant(34)?,
            breached_by: self.maybe_word(35)?,
            escalations: self.small(36)?,
            level: self.small(37)?,
            reminders: self.small(38)?,
            extensions: self.small(39)?,
            sender: self.maybe_word(40)?,
            last_mover: self.maybe_word(41)?,
            consulted: self.units(42)?,
            against: self.maybe_word(43)?,
            complainant: self.maybe_id(44)?.map(PersonId::from_uuid),
            // A row from before this was kept; no scope covers it.
            lodged_by: PersonId::from_uuid(self.maybe_id(45)?.unwrap_or_default()),
            sealed: self.maybe_word(46)?,
            waivers: self.small(47)?,
            finding: self.maybe_word(48)?,
            sampled_for: self.maybe_day(49)?,
            root_cause: self.maybe_word(50)?,
            change: self.maybe_word(51)?,
            judged_due_at: self.maybe_instant(52)?,
            late_at: self.maybe_instant(53)?,
            soon_at: self.maybe_instant(54)?,
            last_told_at: self.maybe_instant(55)?,
            suggestion: self.maybe_id(56)?.map(VaultId::from_uuid),
        })
    }

    /// The stored text of a message.
    pub(crate) fn notice(&self, column: usize) -> Stored<Notice> {
        read_notice(self.text(column)?)
    }

    /// A row of `outbox`, in the order of `row::POSTED`.
    pub(crate) fn posted(&self) -> Stored<Posted> {
        Ok(Posted {
            notice: self.notice(0)?,
            state: self.word(1)?,
            attempts: self.small(2)?,
            settled_at: self.maybe_instant(3)?,
            received_at: self.maybe_instant(4)?,
            problem: self.maybe_word(5)?,
            reference: self.0.text(6)?.map(smol_str::SmolStr::new),
        })
    }

    /// A row of `job`, from its schedule on.
    pub(crate) fn job(&self) -> Result<Job, Damaged> {
        Ok(Job { schedule: self.word(0)?, due_at: self.instant(1)?, kind: self.word(2)? })
    }

    /// A row of `event`, in the order of `row::KEPT`.
    pub(crate) fn event(&self) -> Stored<Recorded> {
        let kept = Kept {
            case: GrievanceId::from_uuid(self.id(0)?),
            version: self.count(1)?,
            at: self.instant(2)?,
            actor: self.text(3)?,
            rulebook: self.digest(4)?,
            body: self.text(5)?,
        };
        kept.read()
    }

    /// A row of `event` as it is, in the order of `row::FOLIO`. What cannot be read at all stands as
    /// a byte that is neither text nor identity nor hash, so that an audit names the place.
    pub(crate) fn folio(&self) -> Folio {
        const DAMAGED: &[u8] = &[0xff];
        let number = |column| self.0.integer(column).ok().flatten().unwrap_or(i64::MIN);
        let text = |column| self.0.text(column).ok().flatten().map_or(DAMAGED, str::as_bytes).to_vec();
        let bytes = |column| self.0.bytes(column).ok().flatten().unwrap_or(DAMAGED).to_vec();
        Folio {
            case: bytes(0),
            version: number(1),
            at: number(2),
            actor: text(3),
            rulebook: bytes(4),
            command: bytes(5),
            kind: text(6),
            body: text(7),
            hash: bytes(8),
        }
    }

    /// A row of `checkpoint`, from its number on.
    pub(crate) fn checkpoint(&self) -> Result<KeptCheckpoint, Damaged> {
        Ok(KeptCheckpoint { number: self.count(0)?, text: self.text(1)?.to_owned() })
    }

    /// A row of `command`, from its fingerprint on.
    pub(crate) fn receipt(&self) -> Result<(Digest, Receipt), Damaged> {
        let case = GrievanceId::from_uuid(self.id(1)?);
        Ok((self.digest(0)?, Receipt { case, version: self.count(2)?, number: self.number(3)? }))
    }

    /// A row of `vault`, in the order of `row::TEXT`.
    pub(crate) fn stored_text(&self) -> Result<StoredText, Damaged> {
        let compartment = match self.text(2)? {
            "identity" => Compartment::Identity,
            "texts" => Compartment::Texts,
            _ => return Err(Damaged { column: 2 }),
        };
        let content = match self.0.text(5)? {
            None => {
                let salt = Self::must(4, self.0.bytes(4)?)?.try_into().map_err(|_| Damaged { column: 4 })?;
                Content::Open { salt, text: self.text(6)?.to_owned() }
            }
            Some(key) => {
                Content::Sealed { key: key.into(), bytes: Self::must(7, self.0.bytes(7)?)?.to_vec() }
            }
        };
        let indexed = self.0.text(8)?.map(|key| Indexed { key: key.into(), tokens: Vec::new() });
        Ok(StoredText {
            id: VaultId::from_uuid(self.id(0)?),
            case: GrievanceId::from_uuid(self.id(1)?),
            compartment,
            field: self.text(3)?.into(),
            content,
            indexed,
        })
    }

    /// A row of `look`, from its place on.
    pub(crate) fn look(&self) -> Result<LookRow, Damaged> {
        Ok(LookRow {
            place: self.count(0)?,
            at: self.instant(1)?,
            case: self.maybe_id(2)?.map(GrievanceId::from_uuid),
            actor: self.text(3)?.to_owned(),
            body: self.text(4)?.to_owned(),
            hash: self.digest(5)?,
        })
    }
}
