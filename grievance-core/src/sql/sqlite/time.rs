//! One tenant's messages and jobs in SQLite.

use crate::kernel::code::ScheduleCode;
use crate::kernel::id::{ClaimId, GrievanceId, NoticeId};
use crate::sql::read::Reading;
use crate::sql::sqlite::connection::{change, each, first, transact};
use crate::sql::sqlite::tenant::SqliteTenant;
use crate::sql::{Cell, row};
use crate::store::agenda::{Agenda, Job};
use crate::store::outbox::{Claimed, Outbox, Parked, Posted, Settlement};
use crate::store::{StoreError, Stored};
use crate::vocabulary::NoticeState;
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::Connection;

impl SqliteTenant {
    /// Changes a row, if the statement still finds it.
    fn change_one(&self, sql: &str, values: &[Cell<'_>]) -> Stored<bool> {
        self.pool.write(|connection| Ok(change(connection, sql, values)? == 1))
    }

    fn first_instant(&self, sql: &str, values: &[Cell<'_>]) -> Stored<Option<DateTime<Utc>>> {
        self.pool.look_up(|connection| first(connection, sql, values, |row| Ok(Reading(row).instant(0)?)))
    }

    fn posted(&self, sql: &str, values: &[Cell<'_>]) -> Stored<Vec<Posted>> {
        let mut posted = Vec::new();
        self.pool.read(|connection| {
            each(connection, sql, values, |row| {
                posted.push(Reading(row).posted()?);
                Ok(())
            })
        })?;
        Ok(posted)
    }

    /// Lets a message be tried again, and what waits behind it wait as long.
    fn retry(
        &self,
        connection: &Connection,
        id: NoticeId,
        by: ClaimId,
        (at, problem): (DateTime<Utc>, &str),
    ) -> Stored<bool> {
        let (own, at) = (self.own(), row::instant(at));
        let values = [at, at, Cell::Text(problem), own, Cell::Id(id.uuid()), Cell::Id(by.uuid())];
        if change(connection, &self.sql.retry, &values)? != 1 {
            return Ok(false);
        }
        let place = first(connection, &self.sql.notice_place, &[own, Cell::Id(id.uuid())], |row| {
            let row = Reading(row);
            Ok((row.id(0)?, row.count(1)?, row.count(2)?, row.count(3)?))
        })?;
        if let Some((case, line, about, place)) = place {
            let line = row::count(line);
            let values = [at, own, Cell::Id(case), line, at, row::count(about), row::count(place)];
            change(connection, &self.sql.hold_back, &values)?;
        }
        Ok(true)
    }
}

impl Outbox for SqliteTenant {
    fn claim(&self, now: DateTime<Utc>, lease: TimeDelta, limit: usize, by: ClaimId) -> Stored<Vec<Claimed>> {
        let until = row::instant(now.checked_add_signed(lease).unwrap_or(DateTime::<Utc>::MAX_UTC));
        let (own, now) = (self.own(), row::instant(now));
        self.pool.write(|connection| {
            transact(connection, |connection| {
                let mut found = Vec::new();
                each(connection, &self.sql.claimable, &[own, now, row::limit(limit)], |row| {
                    let row = Reading(row);
                    found.push((NoticeId::from_uuid(row.id(0)?), row.small(1)?, row.notice(2)?));
                    Ok(())
                })?;
                let mut claimed = Vec::with_capacity(found.len());
                for (id, tried, notice) in found {
                    let values = [
                        Cell::Id(by.uuid()),
                        until,
                        own,
                        Cell::Id(id.uuid()),
                        now,
                        Cell::Integer(tried.into()),
                    ];
                    if change(connection, &self.sql.claim, &values)? == 1 {
                        claimed.push(Claimed { notice, attempts: tried + 1, by });
                    }
                }
                Ok(claimed)
            })
        })
    }

    fn settle(&self, id: NoticeId, by: ClaimId, settlement: &Settlement) -> Stored<bool> {
        let (state, at, problem) = match settlement {
            Settlement::Retry { at, problem } => {
                return self.pool.write(|connection| {
                    transact(connection, |connection| self.retry(connection, id, by, (*at, problem.as_str())))
                });
            }
            Settlement::Delivered { at } => (NoticeState::Delivered, at, None),
            Settlement::Parked { at, problem } => (NoticeState::Parked, at, Some(problem)),
            Settlement::Dropped { at } => (NoticeState::Dropped, at, None),
        };
        let values = [
            Cell::Text(state.as_str()),
            row::instant(*at),
            problem.map_or(Cell::Null, |problem| Cell::Text(problem.as_str())),
            self.own(),
            Cell::Id(id.uuid()),
            Cell::Id(by.uuid()),
        ];
        self.change_one(&self.sql.settle, &values)
    }

    fn parked(&self, limit: usize) -> Stored<Vec<Parked>> {
        let damaged = || StoreError::Backend("a parked notice says neither when nor why".to_owned());
        let posted = self.posted(&self.sql.parked, &[self.own(), row::limit(limit)])?;
        posted
            .into_iter()
            .map(|Posted { notice, attempts, settled_at, problem, .. }| {
                let (at, problem) = settled_at.zip(problem).ok_or_else(damaged)?;
                Ok(Parked { notice, attempts, at, problem })
            })
            .collect()
    }

    fn revive(&self, id: NoticeId, now: DateTime<Utc>) -> Stored<bool> {
        let now = row::instant(now);
        self.change_one(&self.sql.revive, &[now, now, self.own(), Cell::Id(id.uuid())])
    }

    fn delivery_report(&self, id: NoticeId, received_at: DateTime<Utc>) -> Stored<bool> {
        let values = [row::instant(received_at), self.own(), Cell::Id(id.uuid())];
        self.change_one(&self.sql.delivery_report, &values)
    }

    fn outbox_next(&self) -> Stored<Option<DateTime<Utc>>> {
        self.first_instant(&self.sql.outbox_next, &[self.own()])
    }

    fn notices_of(&self, case: GrievanceId) -> Stored<Vec<Posted>> {
        let mut posted = self.posted(&self.sql.notices_of, &[self.own(), Cell::Id(case.uuid())])?;
        posted.sort_by_key(|posted| (posted.notice.about, posted.notice.place, posted.notice.id));
        Ok(posted)
    }
}

impl Agenda for SqliteTenant {
    fn last_job(&self, schedule: &ScheduleCode) -> Stored<Option<DateTime<Utc>>> {
        self.first_instant(&self.sql.last_job, &[self.own(), Cell::Text(schedule.as_str())])
    }

    fn add_job(&self, job: &Job) -> Stored<bool> {
        let values = [
            self.own(),
            Cell::Text(job.schedule.as_str()),
            row::instant(job.due_at),
            Cell::Text(job.kind.as_str()),
            Cell::Integer(0),
        ];
        self.change_one(&self.sql.add_job, &values)
    }

    fn open_jobs(&self, limit: usize) -> Stored<Vec<Job>> {
        let mut jobs = Vec::new();
        self.pool.read(|connection| {
            each(connection, &self.sql.open_jobs, &[self.own(), row::limit(limit)], |row| {
                jobs.push(Reading(row).job()?);
                Ok(())
            })
        })?;
        Ok(jobs)
    }

    fn finish_job(&self, schedule: &ScheduleCode, due_at: DateTime<Utc>) -> Stored<bool> {
        let values = [self.own(), Cell::Text(schedule.as_str()), row::instant(due_at)];
        self.change_one(&self.sql.finish_job, &values)
    }
}
