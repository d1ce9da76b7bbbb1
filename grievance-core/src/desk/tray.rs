//! Cases that were read and lie at hand, so that of a case that is asked for again only what came
//! since is read.
//!
//! What lies here is not believed: before it is used, the store says whether the case still has the
//! event that was read last, by its version and its hash, and what came after it. A case holds no
//! words, only references to them.

use crate::desk::prepare::{Loaded, Told};
use crate::desk::{Desk, DeskError};
use crate::kernel::id::GrievanceId;
use crate::kernel::text::Digest;
use crate::store::{Further, History};
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// How many cases lie at hand at most, unless the host says how many.
pub(super) const ROOM: usize = 2_048;

/// A case of more events is read anew each time: some of what a case remembers grows with them.
const LONGEST: u64 = 1_000;

/// The cases at hand.
pub(super) struct Tray {
    room: usize,
    cases: Mutex<Cases>,
}

/// When `lately` has its half of the room, it takes the place of `before`: what was not asked for
/// since is gone.
#[derive(Default)]
struct Cases {
    lately: HashMap<GrievanceId, Arc<Loaded>>,
    before: HashMap<GrievanceId, Arc<Loaded>>,
}

impl Tray {
    pub(super) fn with_room(room: usize) -> Self {
        Self { room, cases: Mutex::default() }
    }

    fn find(&self, case: GrievanceId) -> Option<Arc<Loaded>> {
        let mut cases = self.cases.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = cases.lately.get(&case) {
            return Some(Arc::clone(found));
        }
        let found = cases.before.remove(&case)?;
        cases.put(Arc::clone(&found), self.room);
        Some(found)
    }

    /// Takes a case away, so that it can be carried on without a copy.
    fn lift(&self, case: GrievanceId) {
        let mut cases = self.cases.lock().unwrap_or_else(PoisonError::into_inner);
        cases.lately.remove(&case);
        cases.before.remove(&case);
    }

    fn keep(&self, loaded: &Arc<Loaded>) {
        if self.room > 1 && loaded.last().is_some() && loaded.case.version <= LONGEST {
            let mut cases = self.cases.lock().unwrap_or_else(PoisonError::into_inner);
            cases.put(Arc::clone(loaded), self.room);
        }
    }
}

impl Cases {
    fn put(&mut self, loaded: Arc<Loaded>, room: usize) {
        let case = loaded.case.id;
        self.before.remove(&case);
        if self.lately.len() >= room / 2 && !self.lately.contains_key(&case) {
            self.before = std::mem::take(&mut self.lately);
        }
        self.lately.insert(case, loaded);
    }
}

impl Desk {
    /// A case as the store has it; `None` for one that is unknown.
    pub(super) fn read(&self, case: GrievanceId) -> Result<Option<Arc<Loaded>>, DeskError> {
        let known = self.tray.find(case).and_then(|known| Some((known.last()?, known)));
        Ok(match known {
            Some((last, known)) => self.went_on(known, self.store.history_after(&last)?),
            None => self.whole(&self.store.history(case)?),
        })
    }

    /// The same with the rulebook version in force at an instant, read at once.
    pub(super) fn opening(
        &self,
        case: GrievanceId,
        at: DateTime<Utc>,
    ) -> Result<(Option<Digest>, Option<Arc<Loaded>>), DeskError> {
        let known = self.tray.find(case).and_then(|known| Some((known.last()?, known)));
        if let Some((last, known)) = known {
            let (version, further) = self.store.opening_after(&last, at)?;
            return Ok((version, self.went_on(known, further)));
        }
        let (version, history) = self.store.opening(case, at)?;
        Ok((version, self.whole(&history)))
    }

    fn went_on(&self, known: Arc<Loaded>, further: Further) -> Option<Arc<Loaded>> {
        let History { events, head } = match further {
            Further::Whole(history) => return self.whole(&history),
            Further::After(rest) => rest,
        };
        if events.is_empty() {
            return Some(known);
        }
        self.tray.lift(known.case.id);
        let mut loaded = Arc::unwrap_or_clone(known);
        for next in &events {
            loaded.case.evolve(next);
        }
        (loaded.head, loaded.told) = (head, Told::Stored);
        let loaded = Arc::new(loaded);
        self.tray.keep(&loaded);
        Some(loaded)
    }

    fn whole(&self, history: &History) -> Option<Arc<Loaded>> {
        let loaded = Arc::new(Loaded::of(history)?);
        self.tray.keep(&loaded);
        Some(loaded)
    }
}
