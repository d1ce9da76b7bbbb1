//! The access log in memory.

use crate::kernel::id::GrievanceId;
use crate::kernel::text::Digest;
use crate::store::Stored;
use crate::store::looks::{AccessLog, LookRow};
use crate::store::memory::MemoryTenant;

impl AccessLog for MemoryTenant {
    fn last_look(&self) -> Stored<Option<(u64, Digest)>> {
        Ok(self.shelves().looks.last().map(|row| (row.place, row.hash)))
    }

    fn add_looks(&self, entries: &[LookRow]) -> Stored<bool> {
        let looks = &mut self.shelves().looks;
        let next = looks.len() as u64 + 1;
        if (next..).zip(entries).any(|(place, row)| row.place != place) {
            return Ok(false);
        }
        looks.extend_from_slice(entries);
        Ok(true)
    }

    fn looks(&self, after: u64, limit: usize) -> Stored<Vec<LookRow>> {
        let shelves = self.shelves();
        Ok(shelves.looks.iter().filter(|row| row.place > after).take(limit).cloned().collect())
    }

    fn looks_at(&self, case: GrievanceId, after: u64, limit: usize) -> Stored<Vec<LookRow>> {
        let shelves = self.shelves();
        let of_case = shelves.looks.iter().filter(|row| row.place > after && row.case == Some(case));
        Ok(of_case.take(limit).cloned().collect())
    }
}
