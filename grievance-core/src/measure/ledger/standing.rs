//! A ledger that follows a store.

use crate::grievance::event::Recorded;
use crate::kernel::code::TenantCode;
use crate::kernel::id::GrievanceId;
use crate::measure::cutoff::Cutoff;
use crate::measure::ledger::error::LedgerError;
use crate::measure::ledger::keep::Ledger;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The ledger of all cases of a tenant, kept step by step, with how far it has come in their store.
///
/// [`Desk::bring_current`](crate::desk::Desk::bring_current) takes in what was committed since, by
/// this process or another. It may be stored as JSON and read again, by whichever process goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    tenant: TenantCode,
    ledger: Ledger,
    /// The number under which heads were taken when it was last current; 0 before that.
    upto: u64,
    /// On the way to a later number: that, and the last case that was followed to it.
    under_way: Option<(u64, Option<GrievanceId>)>,
}

impl Standing {
    /// A ledger of nothing yet, of a tenant, that counts days in an office's zone.
    pub fn new(tenant: TenantCode, zone: chrono_tz::Tz) -> Self {
        Self::cut_at(tenant, zone, Cutoff::MIDNIGHT)
    }

    /// The same by days that begin at another hour ([`Ledger::cut_at`]).
    pub fn cut_at(tenant: TenantCode, zone: chrono_tz::Tz, cutoff: Cutoff) -> Self {
        Self { tenant, ledger: Ledger::cut_at(zone, cutoff), upto: 0, under_way: None }
    }

    /// The ledger: that of every case as it was when it was last brought further, unless that call
    /// [failed halfway](Self::is_whole).
    pub const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Whose cases they are.
    pub const fn tenant(&self) -> &TenantCode {
        &self.tenant
    }

    /// Whether it stands at one moment: `false` after a call that failed between two cases, until the
    /// next has gone on from there.
    pub const fn is_whole(&self) -> bool {
        self.under_way.is_none()
    }

    /// The number up to which it has come.
    pub(crate) const fn upto(&self) -> u64 {
        self.upto
    }

    pub(crate) const fn under_way(&self) -> Option<(u64, Option<GrievanceId>)> {
        self.under_way
    }

    /// Goes on to a number.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Behind`] when it has come further than that.
    pub(crate) fn set_out(&mut self, number: u64) -> Result<(), LedgerError> {
        if number <= self.upto {
            return Err(LedgerError::Behind);
        }
        self.under_way = Some((number, None));
        Ok(())
    }

    /// Follows a case, by its events up to where it has come, of which the first `from` are in.
    pub(crate) fn follow(
        &mut self,
        history: &[Recorded],
        from: u64,
        told: &[DateTime<Utc>],
    ) -> Result<(), LedgerError> {
        self.ledger.follow_told(history, from, told)?;
        if let Some((_, last)) = &mut self.under_way {
            *last = history.first().map(|first| first.case).or(*last);
        }
        Ok(())
    }

    /// It is where it set out for.
    pub(crate) fn arrive(&mut self) {
        if let Some((number, _)) = self.under_way.take() {
            self.upto = number;
            self.ledger.settle();
        }
    }
}
