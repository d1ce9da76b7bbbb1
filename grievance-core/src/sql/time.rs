//! One tenant's messages and jobs.

use crate::grievance::notice::Notice;
use crate::kernel::code::ScheduleCode;
use crate::kernel::id::{ClaimId, GrievanceId, NoticeId};
use crate::sql::read::Reading;
use crate::sql::session::{Connections, Session};
use crate::sql::tenant::SqlTenant;
use crate::sql::{Cell, row};
use crate::store::agenda::{Agenda, Job};
use crate::store::commit::write_notice;
use crate::store::outbox::{Claimed, Outbox, Parked, Posted, Settlement};
use crate::store::{StoreError, Stored};
use crate::vocabulary::NoticeState;
use chrono::{DateTime, TimeDelta, Utc};

impl<P: Connections> SqlTenant<P> {
    /// Changes a row, if the statement still finds it.
    fn change_one(&self, sql: &str, values: &[Cell<'_>]) -> Stored<bool> {
        self.write(|session| Ok(session.change_alone(sql, values)? == 1))
    }

    fn first_instant(&self, sql: &str, values: &[Cell<'_>]) -> Stored<Option<DateTime<Utc>>> {
        self.pool.look_up(|session| session.first(sql, values, |row| Ok(Reading(row).instant(0)?)))
    }

    fn posted(&self, sql: &str, values: &[Cell<'_>]) -> Stored<Vec<Posted>> {
        self.pool.read(|session| session.all(sql, values, |row| Reading(row).posted()))
    }

    /// Lets a message be tried again, and what waits behind it wait as long.
    fn retry(
        &self,
        session: &P::Session,
        id: NoticeId,
        by: ClaimId,
        (at, problem): (DateTime<Utc>, &str),
    ) -> Stored<bool> {
        let (own, at) = (self.own(), row::instant(at));
        let values = [at, at, Cell::Text(problem), own, Cell::Id(id.uuid()), Cell::Id(by.uuid())];
        if session.change(&self.sql.retry, &values)? != 1 {
            return Ok(false);
        }
        let place = session.first(&self.sql.notice_place, &[own, Cell::Id(id.uuid())], |row| {
            let row = Reading(row);
            Ok((row.id(0)?, row.count(1)?, row.count(2)?, row.count(3)?))
        })?;
        if let Some((case, line, about, place)) = place {
            let line = row::count(line);
            let values = [at, own, Cell::Id(case), line, at, row::count(about), row::count(place)];
            session.change(&self.sql.hold_back, &values)?;
        }
        Ok(true)
    }
}

impl<P: Connections> Outbox for SqlTenant<P> {
    fn post(&self, notices: &[Notice]) -> Stored<u64> {
        let rows: Vec<_> = notices.iter().map(|notice| (notice, write_notice(notice))).collect();
        self.write(|session| {
            session.transact(|session| {
                let mut new = 0;
                for (notice, body) in &rows {
                    new += session.change(&self.sql.post_notice, &row::notice(&self.tenant, notice, body))?;
                }
                Ok(new)
            })
        })
    }

    fn claim(&self, now: DateTime<Utc>, lease: TimeDelta, limit: usize, by: ClaimId) -> Stored<Vec<Claimed>> {
        let until = row::instant(now.checked_add_signed(lease).unwrap_or(DateTime::<Utc>::MAX_UTC));
        let (own, now) = (self.own(), row::instant(now));
        self.write(|session| {
            session.transact(|session| {
                let found = session.all(&self.sql.claimable, &[own, now, row::limit(limit)], |row| {
                    let row = Reading(row);
                    Ok((NoticeId::from_uuid(row.id(0)?), row.small(1)?, row.notice(2)?))
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
                    if session.change(&self.sql.claim, &values)? == 1 {
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
                return self.write(|session| {
                    session.transact(|session| self.retry(session, id, by, (*at, problem.as_str())))
                });
            }
            Settlement::Delivered { at, .. } => (NoticeState::Delivered, at, None),
            Settlement::Parked { at, problem } => (NoticeState::Parked, at, Some(problem)),
            Settlement::Dropped { at } => (NoticeState::Dropped, at, None),
        };
        let reference = match settlement {
            Settlement::Delivered { reference, .. } => reference.as_ref(),
            _ => None,
        };
        let values = [
            Cell::Text(state.as_str()),
            row::instant(*at),
            problem.map_or(Cell::Null, |problem| Cell::Text(problem.as_str())),
            reference.map_or(Cell::Null, |reference| Cell::Text(reference)),
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

    fn referred(&self, reference: &str) -> Stored<Vec<NoticeId>> {
        let values = [self.own(), Cell::Text(reference)];
        let mut ids = self.pool.read(|session| {
            session.all(&self.sql.referred, &values, |row| Ok(NoticeId::from_uuid(Reading(row).id(0)?)))
        })?;
        ids.sort();
        Ok(ids)
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

impl<P: Connections> Agenda for SqlTenant<P> {
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
        let values = [self.own(), row::limit(limit)];
        self.pool.read(|session| session.all(&self.sql.open_jobs, &values, |row| Ok(Reading(row).job()?)))
    }

    fn finish_job(&self, schedule: &ScheduleCode, due_at: DateTime<Utc>) -> Stored<bool> {
        let values = [self.own(), Cell::Text(schedule.as_str()), row::instant(due_at)];
        self.change_one(&self.sql.finish_job, &values)
    }
}
