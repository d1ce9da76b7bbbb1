//! Texts, rulebook versions and posts in memory.

use crate::kernel::code::{PostCode, UnitCode};
use crate::kernel::id::{GrievanceId, VaultId};
use crate::kernel::text::{Compartment, Digest};
use crate::rulebook::access::Chart;
use crate::store::blind::Indexed;
use crate::store::memory::MemoryTenant;
use crate::store::vault::StoredText;
use crate::store::{Archive, Holding, Rekept, StoreError, Stored, Vault};
use chrono::{DateTime, Utc};
use std::ops::Bound;

impl Vault for MemoryTenant {
    fn texts(&self, ids: &[VaultId]) -> Stored<Vec<StoredText>> {
        let shelves = self.shelves();
        Ok(ids.iter().filter_map(|id| shelves.texts.get(id)).cloned().map(without_tokens).collect())
    }

    fn has_texts(&self, case: GrievanceId) -> Stored<bool> {
        Ok(self.shelves().texts.values().any(|text| text.case == case))
    }

    fn stale_texts(
        &self,
        seal: Option<&str>,
        index: &str,
        after: Option<VaultId>,
        limit: usize,
    ) -> Stored<Vec<StoredText>> {
        let shelves = self.shelves();
        let is_stale = |text: &&StoredText| {
            let (own_seal, own_index) = text.keys();
            let unindexed = text.compartment == Compartment::Identity && own_index != Some(index);
            after.is_none_or(|after| text.id > after) && (own_seal != seal || unindexed)
        };
        let mut stale: Vec<_> =
            shelves.texts.values().filter(is_stale).cloned().map(without_tokens).collect();
        stale.sort_unstable_by_key(|text| text.id);
        stale.truncate(limit);
        Ok(stale)
    }

    fn keep_anew(&self, texts: &[Rekept]) -> Stored<u64> {
        let mut shelves = self.shelves();
        let mut kept = 0;
        for Rekept { before, after } in texts {
            if let Some(text) = shelves.texts.get_mut(&before.id).filter(|text| text.keys() == before.keys())
            {
                *text = after.clone();
                kept += 1;
            }
        }
        Ok(kept)
    }
}

impl Archive for MemoryTenant {
    fn keep(&self, version: Digest, document: &str) -> Stored<()> {
        self.shelves().editions.entry(version).or_insert_with(|| document.to_owned());
        Ok(())
    }

    fn chart(&self, version: Digest, chart: &Chart) -> Stored<()> {
        self.shelves().charts.entry(version).or_insert_with(|| chart.clone());
        Ok(())
    }

    fn activate(&self, version: Digest, from: DateTime<Utc>) -> Stored<()> {
        let mut shelves = self.shelves();
        if !shelves.editions.contains_key(&version) {
            return Err(StoreError::EditionUnknown { version });
        }
        shelves.activations.insert(from, version);
        Ok(())
    }

    fn edition(&self, version: Digest) -> Stored<Option<String>> {
        Ok(self.shelves().editions.get(&version).cloned())
    }

    fn in_force(&self, at: DateTime<Utc>) -> Stored<Option<Digest>> {
        Ok(self.shelves().activations.range(..=at).next_back().map(|(_, version)| *version))
    }

    fn in_force_since(&self, at: DateTime<Utc>) -> Stored<Option<DateTime<Utc>>> {
        Ok(self.shelves().activations.range(..=at).next_back().map(|(from, _)| *from))
    }

    fn unmoved(&self, version: Digest, after: Option<GrievanceId>, limit: usize) -> Stored<Vec<GrievanceId>> {
        let after = after.map_or(Bound::Unbounded, Bound::Excluded);
        let shelves = self.shelves();
        let cases = shelves.cases.range((after, Bound::Unbounded)).map(|(_, file)| &file.fact);
        let unmoved = cases.filter(|fact| fact.phase.is_pending() && fact.rulebook != version);
        Ok(unmoved.map(|fact| fact.id).take(limit).collect())
    }

    fn appoint(&self, holding: &Holding) -> Stored<()> {
        let Holding { unit, post, person, tenure, from, until } = holding.clone();
        self.shelves().roster.insert((unit, post, from, person), (tenure, until));
        Ok(())
    }

    fn holders(&self, unit: &UnitCode, post: &PostCode, at: DateTime<Utc>) -> Stored<Vec<Holding>> {
        let shelves = self.shelves();
        Ok(shelves.holdings(unit, post).filter(|holding| holding.holds(at)).collect())
    }

    fn vacant(&self, unit: &UnitCode, post: &PostCode, at: DateTime<Utc>) -> Stored<bool> {
        let shelves = self.shelves();
        let mut known = shelves.holdings(unit, post).peekable();
        Ok(known.peek().is_some() && !known.any(|holding| holding.holds(at)))
    }
}

/// A text as it is read back: tokens are compared where they are.
fn without_tokens(text: StoredText) -> StoredText {
    let indexed = text.indexed.map(|indexed| Indexed { tokens: Vec::new(), ..indexed });
    StoredText { indexed, ..text }
}
