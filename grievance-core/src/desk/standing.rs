//! A ledger that follows what is committed.

use crate::desk::{Desk, DeskError};
use crate::measure::ledger::error::LedgerError;
use crate::measure::ledger::standing::Standing;
use crate::store::StoreError;
use crate::store::checkpoints::Advance;
use chrono::{DateTime, Utc};

/// Cases that are asked for together.
const TOGETHER: usize = 1_000;

impl Desk {
    /// The ledger of every case that there is, built from their histories; days are counted in the
    /// zone of the rulebook in force at `now`. From then on [`bring_current`](Self::bring_current)
    /// keeps it.
    ///
    /// It knows no actor: what it answers is for whoever may see everything. Sealed cases and the
    /// parts of divided ones are not in it.
    ///
    /// # Errors
    ///
    /// As [`bring_current`](Self::bring_current), and [`DeskError::NoRulebook`].
    pub fn standing(&self, now: DateTime<Utc>) -> Result<Standing, DeskError> {
        let mut standing = Standing::new(self.tenant.clone(), self.rulebook(now)?.zone());
        self.bring_current(&mut standing)?;
        Ok(standing)
    }

    /// Takes into a ledger what was committed since it was last current, by whomever: every commit
    /// that was acknowledged before this call is in it, one that comes meanwhile is in it wholly or
    /// not at all. Answers how many cases went on.
    ///
    /// Only cases that went on are read. It takes down, as a checkpoint does, how far each case has
    /// come, so it writes to the store.
    ///
    /// # Errors
    ///
    /// When the store fails: the next call goes on with the case that this one could not read.
    /// [`LedgerError::Elsewhere`] for the ledger of another tenant, [`LedgerError::Behind`] when the
    /// store was put back to a time before the ledger, and [`LedgerError::Full`]. A store that was put
    /// back and has had more heads taken since than the ledger knows is not found out: whoever puts a
    /// store back builds its ledgers anew.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::grievance::request::Lodge;
    /// use grievance_core::measure::{ledger::Picked, mis::Terms};
    /// use grievance_core::vocabulary::AgeRule;
    /// use grievance_core::{Actor, Desk, KeyRing, MemoryStore, PersonId, Rulebook, TenantCode};
    ///
    /// let tenant = TenantCode::new("haldia")?;
    /// let desk = Desk::open(MemoryStore::default().tenant(&tenant), tenant, KeyRing::for_tests());
    /// let now = "2026-04-01T04:30:00Z".parse()?;
    /// desk.activate(Rulebook::from_toml("extends = \"city-311\"\nname = \"Haldia\"\nzone = \"Asia/Kolkata\"")?, now)?;
    ///
    /// let mut standing = desk.standing(now)?; // once; or read from where the host keeps it
    /// let citizen = Actor::new(PersonId::from_uuid(uuid::Uuid::from_u128(1)), "complainant".parse()?);
    /// let lodge = Lodge { narrative: "No light at the ferry.".to_owned(), ..Lodge::default() };
    /// desk.by(&citizen, now).lodge(lodge)?;
    ///
    /// assert_eq!(desk.bring_current(&mut standing)?, 1); // one case went on
    /// let ledger = standing.ledger();
    /// let terms = Terms::new("2026-04-02".parse()?, ledger.zone(), AgeRule::Calendar);
    /// assert_eq!(ledger.balance(&Picked::all(), &terms)?.pending(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn bring_current(&self, standing: &mut Standing) -> Result<u64, DeskError> {
        if *standing.tenant() != self.tenant {
            return Err(LedgerError::Elsewhere.into());
        }
        let mut followed = 0;
        if standing.under_way().is_some() {
            followed += self.go_on(standing)?;
        }
        standing.set_out(self.store.take_heads()?)?;
        Ok(followed + self.go_on(standing)?)
    }

    fn go_on(&self, standing: &mut Standing) -> Result<u64, DeskError> {
        let mut followed = 0;
        while let Some((number, after)) = standing.under_way() {
            let page = self.store.advances(standing.upto(), number, after, TOGETHER)?;
            for advance in &page {
                self.follow(standing, advance)?;
                followed += 1;
            }
            if page.is_empty() {
                standing.arrive();
            }
        }
        Ok(followed)
    }

    fn follow(&self, standing: &mut Standing, advance: &Advance) -> Result<(), DeskError> {
        let history = self.store.history(advance.case)?.events;
        let upto = history.partition_point(|recorded| recorded.version <= advance.to);
        if history[..upto].last().is_none_or(|last| last.version != advance.to) {
            let version = upto as u64 + 1;
            return Err(StoreError::Altered { case: advance.case, version }.into());
        }
        let told = self.told_at(&history[..upto])?;
        Ok(standing.follow(&history[..upto], advance.from, &told)?)
    }
}
