//! One tenant's cases, texts, rulebooks and roster in SQLite.

use crate::grievance::event::Recorded;
use crate::grievance::project::CaseFact;
use crate::kernel::code::{PostCode, SourceCode, TenantCode, UnitCode};
use crate::kernel::id::{CommandId, GrievanceId, PersonId, VaultId};
use crate::kernel::text::Digest;
use crate::rulebook::access::{Chart, Scope};
use crate::sql::read::Reading;
use crate::sql::row;
use crate::sql::sqlite::connection::{each, first, snapshot, transact};
use crate::sql::sqlite::{Pool, write};
use crate::sql::statements::{Statements, fixed};
use crate::sql::{Cell, Dialect, search};
use crate::store::commit::{Commit, Receipt, StoredText};
use crate::store::search::{Page, Search};
use crate::store::{Archive, Due, History, Holding, Journal, Store, StoreError, Stored, Vault};
use chrono::{DateTime, Utc};
use rusqlite::Connection;
use std::sync::Arc;

/// How many events a scan reads at a time.
const EVENTS_AT_A_TIME: u64 = 1_000;

/// One tenant's store in a SQLite database.
#[derive(Debug)]
pub struct SqliteTenant {
    pub(super) pool: Arc<Pool>,
    pub(super) tenant: TenantCode,
    pub(super) sql: &'static Statements,
}

impl SqliteTenant {
    pub(super) fn new(pool: Arc<Pool>, tenant: TenantCode) -> Self {
        Self { pool, tenant, sql: fixed(Dialect::Sqlite) }
    }

    pub(super) fn own(&self) -> Cell<'_> {
        Cell::Text(self.tenant.as_str())
    }

    fn find(&self, sql: &str, values: &[Cell<'_>]) -> Stored<Option<GrievanceId>> {
        let case = |row: &rusqlite::Row<'_>| Ok(GrievanceId::from_uuid(Reading(row).id(0)?));
        self.pool.look_up(|connection| first(connection, sql, values, case))
    }

    fn version_at(&self, connection: &Connection, at: DateTime<Utc>) -> Stored<Option<Digest>> {
        let values = [self.own(), row::instant(at)];
        first(connection, &self.sql.in_force, &values, |row| Ok(Reading(row).digest(0)?))
    }

    fn history_of(&self, connection: &Connection, case: GrievanceId) -> Stored<History> {
        let key = [self.own(), Cell::Id(case.uuid())];
        let mut history = History::default();
        each(connection, &self.sql.history, &key, |row| {
            let row = Reading(row);
            history.events.push(row.event()?);
            history.head = Some(row.digest(6)?);
            Ok(())
        })?;
        Ok(history)
    }

    fn document(&self, connection: &Connection, version: &Digest) -> Stored<Option<String>> {
        let key = [self.own(), row::digest(version)];
        first(connection, &self.sql.edition, &key, |row| Ok(Reading(row).text(0)?.to_owned()))
    }
}

impl Journal for SqliteTenant {
    fn commit(&self, commit: &Commit) -> Stored<Receipt> {
        self.pool.write(|connection| write::commit(connection, &self.tenant, commit))
    }

    fn commit_all(&self, commits: &[Commit]) -> Stored<Vec<Stored<Receipt>>> {
        self.pool.write(|connection| write::commit_all(connection, &self.tenant, commits))
    }

    fn receipt(&self, command: CommandId) -> Stored<Option<(Digest, Receipt)>> {
        self.pool.look_up(|connection| write::receipt(connection, &self.tenant, command))
    }

    fn history(&self, case: GrievanceId) -> Stored<History> {
        self.pool.look_up(|connection| self.history_of(connection, case))
    }

    fn scan(&self, scope: &Scope, give: &mut dyn FnMut(&[Recorded]) -> bool) -> Stored<()> {
        // Some events at a time, so that neither lock nor snapshot is held while `give` runs.
        let mut history: Vec<Recorded> = Vec::new();
        let mut after: Option<(GrievanceId, u64)> = None;
        loop {
            let (sql, values) =
                search::scan(Dialect::Sqlite, self.tenant.as_str(), scope, after, EVENTS_AT_A_TIME);
            let mut page = Vec::new();
            self.pool.read(|connection| {
                each(connection, &sql, &values, |row| {
                    page.push(Reading(row).event()?);
                    Ok(())
                })
            })?;
            let Some(end) = page.last() else { break };
            after = Some((end.case, end.version));
            for event in page {
                if history.first().is_some_and(|first| first.case != event.case) {
                    if !give(&history) {
                        return Ok(());
                    }
                    history.clear();
                }
                history.push(event);
            }
        }
        if !history.is_empty() {
            give(&history);
        }
        Ok(())
    }

    fn fact(&self, case: GrievanceId) -> Stored<Option<CaseFact>> {
        let key = [self.own(), Cell::Id(case.uuid())];
        self.pool
            .look_up(|connection| first(connection, &self.sql.fact, &key, |row| Ok(Reading(row).fact()?)))
    }

    fn find_external(&self, source: &SourceCode, number: &str) -> Stored<Option<GrievanceId>> {
        self.find(&self.sql.external, &[self.own(), Cell::Text(number), Cell::Text(source.as_str())])
    }

    fn find_tracking(&self, tracking: Digest) -> Stored<Option<GrievanceId>> {
        self.find(&self.sql.tracking, &[self.own(), row::digest(&tracking)])
    }

    fn search(&self, scope: &Scope, search: &Search) -> Stored<Page> {
        let (sql, values) = search::build(Dialect::Sqlite, self.tenant.as_str(), scope, search);
        let mut cases = Vec::new();
        self.pool.read(|connection| {
            each(connection, &sql, &values, |row| {
                cases.push(Reading(row).fact()?);
                Ok(())
            })
        })?;
        Ok(Page::cut(cases, search.page_size()))
    }

    fn reserve(&self, series: &str, floor: u64, count: u64) -> Stored<u64> {
        let used_up = || StoreError::Backend("the serials of the series are used up".to_owned());
        let whole = |serial: u64| i64::try_from(serial).map(Cell::Integer).map_err(|_| used_up());
        let next = whole(floor.checked_add(count).ok_or_else(used_up)?)?;
        let more = whole(count)?;
        let values = [self.own(), Cell::Text(series), next, more, more];
        let after = self.pool.write(|connection| {
            transact(connection, |connection| {
                first(connection, &self.sql.reserve, &values, |row| Ok(Reading(row).count(0)?))
            })
        })?;
        after.and_then(|after| after.checked_sub(count)).ok_or_else(used_up)
    }

    fn due(&self, now: DateTime<Utc>, after: Option<Due>, limit: usize) -> Stored<Vec<Due>> {
        let [at, case] = match after {
            Some(Due { at, case }) => [row::instant(at), Cell::Id(case.uuid())],
            None => [Cell::Integer(i64::MIN), Cell::Blob(&[])],
        };
        let values = [self.own(), row::instant(now), at, case, row::limit(limit)];
        let mut found = Vec::new();
        self.pool.read(|connection| {
            each(connection, &self.sql.due, &values, |row| {
                let row = Reading(row);
                found.push(Due { at: row.instant(0)?, case: GrievanceId::from_uuid(row.id(1)?) });
                Ok(())
            })
        })?;
        Ok(found)
    }

    fn next_due(&self) -> Stored<Option<DateTime<Utc>>> {
        self.pool.look_up(|connection| {
            first(connection, &self.sql.next_due, &[self.own()], |row| Ok(Reading(row).instant(0)?))
        })
    }
}

impl Vault for SqliteTenant {
    fn texts(&self, ids: &[VaultId]) -> Stored<Vec<StoredText>> {
        self.pool.look_up(|connection| {
            let mut texts = Vec::with_capacity(ids.len());
            for id in ids {
                let key = [self.own(), Cell::Id(id.uuid())];
                texts.extend(first(connection, &self.sql.text, &key, |row| Ok(Reading(row).stored_text()?))?);
            }
            Ok(texts)
        })
    }
}

impl Archive for SqliteTenant {
    fn keep(&self, version: Digest, document: &str) -> Stored<()> {
        let values = [self.own(), row::digest(&version), Cell::Text(document)];
        self.pool.write(|connection| each(connection, &self.sql.keep, &values, |_| Ok(())))
    }

    fn chart(&self, version: Digest, chart: &Chart) -> Stored<()> {
        let key = [self.own(), row::digest(&version)];
        let kept = self.pool.look_up(|connection| first(connection, &self.sql.charted, &key, |_| Ok(())))?;
        if kept.is_some() {
            return Ok(());
        }
        let units = chart.units.iter().map(|(top, unit)| (&self.sql.chart_unit, top.as_str(), unit.as_str()));
        let places =
            chart.places.iter().map(|(top, place)| (&self.sql.chart_place, top.as_str(), place.as_str()));
        let rows: Vec<_> = units.chain(places).collect();
        self.pool.write(|connection| {
            transact(connection, |connection| {
                rows.iter().try_for_each(|(sql, top, below)| {
                    let values = [key[0], key[1], Cell::Text(top), Cell::Text(below)];
                    each(connection, sql, &values, |_| Ok(()))
                })
            })
        })
    }

    fn activate(&self, version: Digest, from: DateTime<Utc>) -> Stored<()> {
        let values = [self.own(), row::instant(from), row::digest(&version)];
        self.pool.write(|connection| {
            transact(connection, |connection| {
                if self.document(connection, &version)?.is_none() {
                    return Err(StoreError::EditionUnknown { version });
                }
                each(connection, &self.sql.activate, &values, |_| Ok(()))
            })
        })
    }

    fn edition(&self, version: Digest) -> Stored<Option<String>> {
        self.pool.look_up(|connection| self.document(connection, &version))
    }

    fn in_force(&self, at: DateTime<Utc>) -> Stored<Option<Digest>> {
        self.pool.look_up(|connection| self.version_at(connection, at))
    }

    fn in_force_since(&self, at: DateTime<Utc>) -> Stored<Option<DateTime<Utc>>> {
        let values = [self.own(), row::instant(at)];
        self.pool.look_up(|connection| {
            first(connection, &self.sql.in_force_since, &values, |row| Ok(Reading(row).instant(0)?))
        })
    }

    fn unmoved(&self, version: Digest, after: Option<GrievanceId>, limit: usize) -> Stored<Vec<GrievanceId>> {
        let after = after.map_or(Cell::Blob(&[]), |case| Cell::Id(case.uuid()));
        let values = [self.own(), after, row::digest(&version), row::limit(limit)];
        let mut cases = Vec::new();
        self.pool.read(|connection| {
            each(connection, &self.sql.unmoved, &values, |row| {
                cases.push(GrievanceId::from_uuid(Reading(row).id(0)?));
                Ok(())
            })
        })?;
        Ok(cases)
    }

    fn appoint(&self, holding: &Holding) -> Stored<()> {
        let Holding { unit, post, person, tenure, from, until } = holding;
        let values = [
            self.own(),
            Cell::Text(unit.as_str()),
            Cell::Text(post.as_str()),
            row::instant(*from),
            Cell::Id(person.uuid()),
            Cell::Integer(*tenure as i64),
            until.map_or(Cell::Null, row::instant),
        ];
        self.pool.write(|connection| each(connection, &self.sql.appoint, &values, |_| Ok(())))
    }

    fn holders(&self, unit: &UnitCode, post: &PostCode, at: DateTime<Utc>) -> Stored<Vec<Holding>> {
        let at = row::instant(at);
        let values = [self.own(), Cell::Text(unit.as_str()), Cell::Text(post.as_str()), at, at];
        let mut holders = Vec::new();
        self.pool.read(|connection| {
            each(connection, &self.sql.holders, &values, |found| {
                let row = Reading(found);
                holders.push(Holding {
                    unit: unit.clone(),
                    post: post.clone(),
                    person: PersonId::from_uuid(row.id(0)?),
                    tenure: row.tenure(1)?,
                    from: row.instant(2)?,
                    until: row.maybe_instant(3)?,
                });
                Ok(())
            })
        })?;
        Ok(holders)
    }

    fn vacant(&self, unit: &UnitCode, post: &PostCode, at: DateTime<Utc>) -> Stored<bool> {
        let key = [self.own(), Cell::Text(unit.as_str()), Cell::Text(post.as_str())];
        let (mut known, mut held) = (false, false);
        self.pool.look_up(|connection| {
            each(connection, &self.sql.terms, &key, |row| {
                let row = Reading(row);
                known = true;
                held |= row.instant(0)? <= at && row.maybe_instant(1)?.is_none_or(|until| at < until);
                Ok(())
            })
        })?;
        Ok(known && !held)
    }
}

impl Store for SqliteTenant {
    fn opening(&self, case: GrievanceId, at: DateTime<Utc>) -> Stored<(Option<Digest>, History)> {
        self.pool.look_up(|connection| {
            snapshot(connection, |connection| {
                Ok((self.version_at(connection, at)?, self.history_of(connection, case)?))
            })
        })
    }
}
