//! What carriers say later of messages that they took.

use crate::desk::{Desk, DeskError};
use crate::kernel::id::NoticeId;
use crate::kernel::time::whole_millis;
use chrono::{DateTime, Utc};

impl Desk {
    /// Records that a carrier says when the recipient got the message that a gateway took under this
    /// reference ([`Posted::received_at`](crate::store::outbox::Posted::received_at)). Answers which
    /// messages that are: none for an unknown reference, and more than one where gateways gave it
    /// twice; then each of them is taken to have arrived.
    ///
    /// The first word counts, so that a report may come twice. A host whose carrier reports under the
    /// message's own identity records it with
    /// [`Outbox::delivery_report`](crate::store::outbox::Outbox::delivery_report).
    ///
    /// A report may come before the delivery that it is of is settled; it is unknown then, and the
    /// host brings it again later.
    ///
    /// # Errors
    ///
    /// When the store fails; what was recorded before stays.
    pub fn delivery_report(
        &self,
        reference: &str,
        received_at: DateTime<Utc>,
    ) -> Result<Vec<NoticeId>, DeskError> {
        let found = self.store.referred(reference.trim())?;
        for id in &found {
            self.store.delivery_report(*id, whole_millis(received_at))?;
        }
        Ok(found)
    }
}
