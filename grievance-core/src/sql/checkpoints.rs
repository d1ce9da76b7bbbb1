//! The stored pages as they are, and checkpoints over them, in whatever database.

use crate::kernel::id::GrievanceId;
use crate::proof::checkpoint::{CaseHead, Checkpoint};
use crate::proof::folio::Folio;
use crate::sql::read::Reading;
use crate::sql::session::{Connections, Session as _};
use crate::sql::tenant::SqlTenant;
use crate::sql::{Cell, row};
use crate::store::checkpoints::{Advance, Checkpoints, KeptCheckpoint};
use crate::store::{Pages, StoreError, Stored};

/// The series that checkpoints are numbered in. A rulebook's series have a colon.
const SERIES: &str = "checkpoint";

impl<P: Connections> SqlTenant<P> {
    pub(super) fn case_file(&self, case: GrievanceId) -> Stored<Pages> {
        let key = [self.own(), Cell::Id(case.uuid())];
        let read = || {
            self.pool.look_up(|session| {
                session.all(&self.sql.file, &key, |row| {
                    let row = Reading(row);
                    Ok((row.folio(), row.maybe_count(9).unwrap_or(None)))
                })
            })
        };
        let mut pages = read()?;
        let mut version = pages.first().and_then(|(_, version)| *version);
        if pages.is_empty() {
            // A row without pages, unless both were written since.
            version = self.case_version(case)?;
            if version.is_some() {
                pages = read()?;
                version = pages.first().map_or(version, |(_, version)| *version);
            }
        }
        Ok(Pages { version, folios: pages.into_iter().map(|(page, _)| page).collect() })
    }

    pub(super) fn pages_after(&self, after: Option<(&[u8], i64)>, limit: usize) -> Stored<Vec<Folio>> {
        // No identity is empty, so nothing comes before this.
        let (case, version) = after.unwrap_or((&[], i64::MIN));
        let values = [self.own(), Cell::Blob(case), Cell::Integer(version), row::limit(limit)];
        self.pool.read(|session| session.all(&self.sql.folios, &values, |row| Ok(Reading(row).folio())))
    }

    pub(super) fn case_version(&self, case: GrievanceId) -> Stored<Option<u64>> {
        let key = [self.own(), Cell::Id(case.uuid())];
        let found = self.pool.look_up(|session| {
            session.first(&self.sql.version, &key, |row| Ok(Reading(row).maybe_count(0).unwrap_or(None)))
        });
        Ok(found?.flatten())
    }

    pub(super) fn files_without_pages(
        &self,
        after: Option<GrievanceId>,
        limit: usize,
    ) -> Stored<Vec<GrievanceId>> {
        let after = after.map_or(Cell::Blob(&[]), |case| Cell::Id(case.uuid()));
        let values = [self.own(), after, row::limit(limit)];
        self.pool.read(|session| {
            session.all(&self.sql.empty_files, &values, |row| Ok(GrievanceId::from_uuid(Reading(row).id(0)?)))
        })
    }
}

impl<P: Connections> Checkpoints for SqlTenant<P> {
    fn take_heads(&self) -> Stored<u64> {
        let reserve = [self.own(), Cell::Text(SERIES), Cell::Integer(2), Cell::Integer(1), Cell::Integer(1)];
        self.pool.write(|session| {
            session.transact(|session| {
                // The row of the series is held until the heads are taken down: whoever takes
                // them next sees these and has a higher number.
                let next = session.first(&self.sql.reserve, &reserve, |row| Ok(Reading(row).count(0)?))?;
                let used_up = || StoreError::Backend("the numbers of checkpoints are used up".to_owned());
                let number = next.and_then(|next| next.checked_sub(1)).ok_or_else(used_up)?;
                let taken = Cell::Integer(i64::try_from(number).map_err(|_| used_up())?);
                session.change(&self.sql.take_heads, &[taken, self.own()])?;
                Ok::<_, StoreError>(number)
            })
        })
    }

    fn heads(&self, number: u64, after: Option<GrievanceId>, limit: usize) -> Stored<Vec<CaseHead>> {
        let number = row::count(number);
        let after = after.map_or(Cell::Blob(&[]), |case| Cell::Id(case.uuid()));
        let values = [self.own(), number, after, number, row::limit(limit)];
        self.pool.read(|session| {
            session.all(&self.sql.heads, &values, |row| {
                let row = Reading(row);
                let case = GrievanceId::from_uuid(row.id(0)?);
                Ok(CaseHead { case, version: row.count(1)?, hash: row.digest(2)? })
            })
        })
    }

    fn advances(
        &self,
        since: u64,
        number: u64,
        after: Option<GrievanceId>,
        limit: usize,
    ) -> Stored<Vec<Advance>> {
        let (since, number) = (row::count(since), row::count(number));
        let after = after.map_or(Cell::Blob(&[]), |case| Cell::Id(case.uuid()));
        let values = [since, self.own(), since, number, after, number, row::limit(limit)];
        self.pool.read(|session| {
            session.all(&self.sql.advances, &values, |row| {
                let row = Reading(row);
                let case = GrievanceId::from_uuid(row.id(0)?);
                Ok(Advance { case, to: row.count(1)?, from: row.maybe_count(2)?.unwrap_or(0) })
            })
        })
    }

    fn keep_checkpoint(&self, checkpoint: &Checkpoint) -> Stored<bool> {
        let (previous, text) = (checkpoint.previous, checkpoint.text());
        let values = [
            self.own(),
            row::count(checkpoint.number),
            // Empty for the first: NULLs would be distinct, and there is one first only.
            previous.as_ref().map_or(Cell::Blob(&[]), row::digest),
            Cell::Text(&text),
        ];
        self.pool.write(|session| Ok(session.change(&self.sql.keep_checkpoint, &values)? == 1))
    }

    fn checkpoints(&self, after: u64, limit: usize) -> Stored<Vec<KeptCheckpoint>> {
        let values = [self.own(), row::count(after), row::limit(limit)];
        self.pool
            .read(|session| session.all(&self.sql.checkpoints, &values, |row| Ok(Reading(row).checkpoint()?)))
    }

    fn last_checkpoint(&self) -> Stored<Option<KeptCheckpoint>> {
        let own = [self.own()];
        self.pool.look_up(|session| {
            session.first(&self.sql.last_checkpoint, &own, |row| Ok(Reading(row).checkpoint()?))
        })
    }
}
