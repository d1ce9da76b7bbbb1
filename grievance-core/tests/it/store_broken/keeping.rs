//! Words, looks, checkpoints, rulebooks and posts of a broken store.

use crate::store_broken::Broken;
use crate::store_broken::Fault::{
    AdvancesFromNothing, ChartForgotten, ChartOfOneVersion, CheckpointForAll, EditionReplaced, InForceLate,
    LooksReversed, PostForgotten, PostHeldTooLong, UnknownActivated, UnmovedUnfiltered,
};
use chrono::{DateTime, TimeDelta, Utc};
use grievance_core::kernel::code::{PostCode, UnitCode};
use grievance_core::kernel::id::{GrievanceId, VaultId};
use grievance_core::kernel::text::Digest;
use grievance_core::proof::checkpoint::{CaseHead, Checkpoint};
use grievance_core::rulebook::access::Chart;
use grievance_core::store::checkpoints::{Advance, Checkpoints, KeptCheckpoint};
use grievance_core::store::conformance::sample;
use grievance_core::store::looks::{AccessLog, LookRow};
use grievance_core::store::vault::StoredText;
use grievance_core::store::{Archive, Holding, Rekept, StoreError, Stored, Vault};

impl Vault for Broken {
    fn texts(&self, ids: &[VaultId]) -> Stored<Vec<StoredText>> {
        let texts = self.within.texts(ids)?;
        Ok(self.notes(|notes| {
            texts.into_iter().map(|text| notes.texts.get(&text.id).cloned().unwrap_or(text)).collect()
        }))
    }

    fn has_texts(&self, case: GrievanceId) -> Stored<bool> {
        self.within.has_texts(case)
    }

    fn stale_texts(
        &self,
        seal: Option<&str>,
        index: &str,
        after: Option<VaultId>,
        limit: usize,
    ) -> Stored<Vec<StoredText>> {
        self.within.stale_texts(seal, index, after, limit)
    }

    fn keep_anew(&self, texts: &[Rekept]) -> Stored<u64> {
        self.within.keep_anew(texts)
    }
}

impl AccessLog for Broken {
    fn last_look(&self) -> Stored<Option<(u64, Digest)>> {
        self.within.last_look()
    }

    fn add_looks(&self, entries: &[LookRow]) -> Stored<bool> {
        self.within.add_looks(entries)
    }

    fn looks(&self, after: u64, limit: usize) -> Stored<Vec<LookRow>> {
        let mut looks = self.within.looks(after, limit)?;
        if self.has(LooksReversed) {
            looks.reverse();
        }
        Ok(looks)
    }

    fn looks_at(&self, case: GrievanceId, after: u64, limit: usize) -> Stored<Vec<LookRow>> {
        self.within.looks_at(case, after, limit)
    }
}

impl Checkpoints for Broken {
    fn take_heads(&self) -> Stored<u64> {
        self.within.take_heads()
    }

    fn heads(&self, number: u64, after: Option<GrievanceId>, limit: usize) -> Stored<Vec<CaseHead>> {
        self.within.heads(number, after, limit)
    }

    fn advances(
        &self,
        since: u64,
        number: u64,
        after: Option<GrievanceId>,
        limit: usize,
    ) -> Stored<Vec<Advance>> {
        let mut advances = self.within.advances(since, number, after, limit)?;
        if self.has(AdvancesFromNothing) {
            for advance in &mut advances {
                advance.from = 0;
            }
        }
        Ok(advances)
    }

    fn keep_checkpoint(&self, checkpoint: &Checkpoint) -> Stored<bool> {
        Ok(self.within.keep_checkpoint(checkpoint)? || self.has(CheckpointForAll))
    }

    fn checkpoints(&self, after: u64, limit: usize) -> Stored<Vec<KeptCheckpoint>> {
        self.within.checkpoints(after, limit)
    }

    fn last_checkpoint(&self) -> Stored<Option<KeptCheckpoint>> {
        self.within.last_checkpoint()
    }
}

impl Archive for Broken {
    fn keep(&self, version: Digest, document: &str) -> Stored<()> {
        self.notes(|notes| notes.editions.insert(version, document.to_owned()));
        self.within.keep(version, document)
    }

    fn chart(&self, version: Digest, chart: &Chart) -> Stored<()> {
        match self.fault {
            ChartForgotten => Ok(()),
            ChartOfOneVersion => {
                self.within.keep(sample::rulebook(1), "{}")?;
                self.within.chart(sample::rulebook(1), chart)
            }
            _ => self.within.chart(version, chart),
        }
    }

    fn activate(&self, version: Digest, from: DateTime<Utc>) -> Stored<()> {
        match self.within.activate(version, from) {
            Err(StoreError::EditionUnknown { .. }) if self.has(UnknownActivated) => {
                self.notes(|notes| notes.activated = Some(version));
                Ok(())
            }
            answer => answer,
        }
    }

    fn edition(&self, version: Digest) -> Stored<Option<String>> {
        let last = self.notes(|notes| notes.editions.get(&version).cloned());
        if self.has(EditionReplaced) { Ok(last) } else { self.within.edition(version) }
    }

    fn in_force(&self, at: DateTime<Utc>) -> Stored<Option<Digest>> {
        if let Some(version) = self.notes(|notes| notes.activated) {
            return Ok(Some(version));
        }
        self.within.in_force(if self.has(InForceLate) { at - TimeDelta::milliseconds(1) } else { at })
    }

    fn in_force_since(&self, at: DateTime<Utc>) -> Stored<Option<DateTime<Utc>>> {
        self.within.in_force_since(at)
    }

    fn unmoved(&self, version: Digest, after: Option<GrievanceId>, limit: usize) -> Stored<Vec<GrievanceId>> {
        let version = if self.has(UnmovedUnfiltered) { Digest::of(&[b"none"]) } else { version };
        self.within.unmoved(version, after, limit)
    }

    fn appoint(&self, holding: &Holding) -> Stored<()> {
        self.notes(|notes| notes.holders.push(holding.clone()));
        self.within.appoint(holding)
    }

    fn holders(&self, unit: &UnitCode, post: &PostCode, at: DateTime<Utc>) -> Stored<Vec<Holding>> {
        let mut holders = self.within.holders(unit, post, at)?;
        if self.has(PostHeldTooLong) {
            let ends = self.notes(|notes| notes.holders.clone());
            holders.extend(ends.into_iter().filter(|holding| holding.until == Some(at)));
        }
        Ok(holders)
    }

    fn vacant(&self, unit: &UnitCode, post: &PostCode, at: DateTime<Utc>) -> Stored<bool> {
        Ok(self.within.vacant(unit, post, at)? && !self.has(PostForgotten))
    }
}
