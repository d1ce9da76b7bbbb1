//! The receipt of a lodging: given with the number, held to the stored history later.

use crate::desk::{Desk, DeskError};
use crate::grievance::event::{Recorded, What};
use crate::kernel::id::GrievanceId;
use crate::kernel::number::RegistrationNumber;
use crate::kernel::time::whole_millis;
use crate::proof::folio::Chain;
use crate::proof::receipt::ReceiptCode;
use crate::rulebook::access::Scope;
use crate::store::Stored;
use crate::store::audit::read;
use crate::store::search::Search;
use chrono::{DateTime, Utc};

/// That a grievance was lodged as the receipt says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledged {
    /// Its number.
    pub number: RegistrationNumber,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// When the office received it, which may be earlier.
    pub received_at: DateTime<Utc>,
}

impl Desk {
    /// Holds a receipt to the stored history: whether the grievance of that number was lodged as
    /// it now stands. Number and receipt are read as people type them.
    ///
    /// `None` when it was not: the number is nobody's, or the lodging was changed, removed or
    /// replaced since the receipt was given. Which of these is not told, as nobody is to learn
    /// from it which numbers there are.
    ///
    /// # Errors
    ///
    /// [`DeskError::Receipt`] when the receipt was copied wrongly, so that a slip is not taken for
    /// a denial; [`DeskError::Store`] and [`DeskError::NoRulebook`].
    pub fn check_receipt(
        &self,
        number: &str,
        receipt: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<Acknowledged>, DeskError> {
        let receipt = ReceiptCode::parse(receipt)?;
        let rulebook = self.rulebook(whole_millis(now))?;
        let read = rulebook.numbers().parse(rulebook.number_prefix(), number);
        let number = read.map_or_else(|_| number.trim().to_owned(), |read| read.number.to_string());
        let search = Search { number: Some(number), limit: Search::MOST, ..Search::default() };
        for fact in
            self.store.search(&Scope::All, &search)?.cases.into_iter().filter(|fact| fact.part_of.is_none())
        {
            let Some((first, found)) = self.first_event(fact.id)? else { continue };
            if let What::Lodged(lodged) = first.event.what
                && found == receipt
            {
                return Ok(Some(Acknowledged {
                    number: lodged.number,
                    recorded_at: first.at,
                    received_at: lodged.received_at,
                }));
            }
        }
        Ok(None)
    }

    /// A case's first event as it is stored now, with its receipt; `None` when it is gone or does
    /// not fit its hash.
    pub(super) fn first_event(&self, case: GrievanceId) -> Stored<Option<(Recorded, ReceiptCode)>> {
        let Some(page) = self.store.folios(Some((case.as_bytes(), i64::MIN)), 1)?.into_iter().next() else {
            return Ok(None);
        };
        let mut chain = Chain::begin(self.tenant.as_str(), case);
        let sound = chain.add(&page).is_ok();
        let head = chain.head().filter(|_| sound);
        Ok(head.and_then(|head| Some((read(&page, 1)?, ReceiptCode::of(head)))))
    }
}
