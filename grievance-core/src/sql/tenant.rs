//! One tenant's cases, texts, rulebooks and roster, in whatever database.

use crate::grievance::event::Recorded;
use crate::grievance::project::CaseFact;
use crate::kernel::code::{PostCode, SourceCode, TenantCode, UnitCode};
use crate::kernel::id::{CommandId, GrievanceId, PersonId};
use crate::kernel::text::Digest;
use crate::measure::question::Question;
use crate::proof::checkpoint::CaseHead;
use crate::proof::folio::Folio;
use crate::rulebook::access::{Chart, Scope};
use crate::sql::read::Reading;
use crate::sql::session::{Connections, Session};
use crate::sql::statements::Statements;
use crate::sql::survey::{self, Counting};
use crate::sql::write::Writing;
use crate::sql::{Cell, row, search};
use crate::store::commit::{Commit, Receipt};
use crate::store::search::{Page, Search};
use crate::store::survey::Survey;
use crate::store::{Archive, Due, Further, History, Holding, Journal, Pages, Store, StoreError, Stored};
use chrono::{DateTime, Utc};
use std::sync::Arc;

/// How often something is tried that the database takes back. A commit is not among it: whoever
/// decided it decides again.
const TRIES: usize = 8;

/// How many events a scan reads at a time.
const EVENTS_AT_A_TIME: u64 = 1_000;

/// One tenant's store in a database. A driver's module names it for its own connections.
#[derive(Debug)]
pub struct SqlTenant<P> {
    pub(super) pool: Arc<P>,
    pub(super) tenant: TenantCode,
    pub(super) sql: &'static Statements,
}

impl<P: Connections> SqlTenant<P> {
    pub(super) fn new(pool: Arc<P>, tenant: TenantCode) -> Self {
        Self { pool, tenant, sql: P::statements() }
    }

    pub(super) fn own(&self) -> Cell<'_> {
        Cell::Text(self.tenant.as_str())
    }

    /// Does something that writes; again, so many times, when the database took it back for the
    /// sake of another.
    pub(super) fn write<T>(&self, mut act: impl FnMut(&P::Session) -> Stored<T>) -> Stored<T> {
        for _ in 1..TRIES {
            match self.pool.write(&mut act) {
                Err(StoreError::Undone) => {}
                answer => return answer,
            }
        }
        self.pool.write(act)
    }

    fn find(&self, sql: &str, values: &[Cell<'_>]) -> Stored<Option<GrievanceId>> {
        self.pool.look_up(|session| {
            session.first(sql, values, |row| Ok(GrievanceId::from_uuid(Reading(row).id(0)?)))
        })
    }

    fn writing<'a>(&'a self, session: &'a P::Session) -> Writing<'a, P::Session> {
        Writing { session, sql: self.sql, tenant: &self.tenant }
    }

    fn version_at(&self, session: &P::Session, at: DateTime<Utc>) -> Stored<Option<Digest>> {
        let values = [self.own(), row::instant(at)];
        session.first(&self.sql.in_force, &values, |row| Ok(Reading(row).digest(0)?))
    }

    fn history_of(&self, session: &P::Session, case: GrievanceId) -> Stored<History> {
        let key = [self.own(), Cell::Id(case.uuid())];
        let mut history = History::default();
        session.each(&self.sql.history, &key, |row| {
            let row = Reading(row);
            history.events.push(row.event()?);
            history.head = Some(row.digest(6)?);
            Ok(())
        })?;
        Ok(history)
    }

    /// How a history goes on. The event that was read is among the rows and is not decoded.
    fn history_after_of(&self, session: &P::Session, read: &CaseHead) -> Stored<Further> {
        let from = [self.own(), Cell::Id(read.case.uuid()), row::count(read.version)];
        let (mut after, mut is_there) = (History::default(), None);
        session.each(&self.sql.history_from, &from, |row| {
            let row = Reading(row);
            let hash = row.digest(6)?;
            match is_there {
                None => is_there = Some((row.count(1)?, hash) == (read.version, read.hash)),
                Some(true) => after.events.push(row.event()?),
                Some(false) => {}
            }
            after.head = Some(hash);
            Ok(())
        })?;
        if is_there == Some(true) {
            return Ok(Further::After(after));
        }
        Ok(Further::Whole(self.history_of(session, read.case)?))
    }

    /// The cases of a page and one more, among these if any are named.
    pub(super) fn page_of(
        &self,
        session: &P::Session,
        scope: &Scope,
        search: &Search,
        among: Option<&[GrievanceId]>,
    ) -> Stored<Vec<CaseFact>> {
        let (sql, values) = search::build(P::DIALECT, self.tenant.as_str(), scope, search, among);
        let values: Vec<Cell<'_>> = values.iter().map(Cell::from).collect();
        session.all(&sql, &values, |row| Ok(Reading(row).fact()?))
    }

    fn document(&self, session: &P::Session, version: &Digest) -> Stored<Option<String>> {
        let key = [self.own(), row::digest(version)];
        session.first(&self.sql.edition, &key, |row| Ok(Reading(row).text(0)?.to_owned()))
    }
}

impl<P: Connections> Journal for SqlTenant<P> {
    fn commit(&self, commit: &Commit) -> Stored<Receipt> {
        self.pool.write(|session| self.writing(session).commit(commit))
    }

    fn commit_all(&self, commits: &[Commit]) -> Stored<Vec<Stored<Receipt>>> {
        self.pool.write(|session| self.writing(session).commit_all(commits))
    }

    fn receipt(&self, command: CommandId) -> Stored<Option<(Digest, Receipt)>> {
        self.pool.look_up(|session| self.writing(session).receipt(command))
    }

    fn history(&self, case: GrievanceId) -> Stored<History> {
        self.pool.look_up(|session| self.history_of(session, case))
    }

    fn history_after(&self, read: &CaseHead) -> Stored<Further> {
        self.pool.look_up(|session| self.history_after_of(session, read))
    }

    fn file(&self, case: GrievanceId) -> Stored<Pages> {
        self.case_file(case)
    }

    fn folios(&self, after: Option<(&[u8], i64)>, limit: usize) -> Stored<Vec<Folio>> {
        self.pages_after(after, limit)
    }

    fn version(&self, case: GrievanceId) -> Stored<Option<u64>> {
        self.case_version(case)
    }

    fn empty_files(&self, after: Option<GrievanceId>, limit: usize) -> Stored<Vec<GrievanceId>> {
        self.files_without_pages(after, limit)
    }

    fn scan(&self, scope: &Scope, give: &mut dyn FnMut(&[Recorded]) -> bool) -> Stored<()> {
        // Some events at a time, so that neither lock nor snapshot is held while `give` runs.
        let mut history: Vec<Recorded> = Vec::new();
        let mut after: Option<(GrievanceId, u64)> = None;
        loop {
            let (sql, values) =
                search::scan(P::DIALECT, self.tenant.as_str(), scope, after, EVENTS_AT_A_TIME);
            let values: Vec<Cell<'_>> = values.iter().map(Cell::from).collect();
            let page = self.pool.read(|session| session.all(&sql, &values, |row| Reading(row).event()))?;
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

    fn count(&self, scope: &Scope) -> Stored<u64> {
        let (sql, values) = search::count(P::DIALECT, self.tenant.as_str(), scope);
        let values: Vec<Cell<'_>> = values.iter().map(Cell::from).collect();
        let counted =
            self.pool.read(|session| session.first(&sql, &values, |row| Ok(Reading(row).count(0)?)))?;
        Ok(counted.unwrap_or_default())
    }

    fn survey(&self, scope: &Scope, question: &Question, until: DateTime<Utc>) -> Stored<Survey> {
        let (sql, values) = survey::build(P::DIALECT, self.tenant.as_str(), scope, question, until);
        let values: Vec<Cell<'_>> = values.iter().map(Cell::from).collect();
        self.pool.read(|session| {
            let mut counting = Counting::new(question);
            session.each(&sql, &values, |row| Ok(counting.take(&Reading(row))?))?;
            Ok(counting.survey())
        })
    }

    fn fact(&self, case: GrievanceId) -> Stored<Option<CaseFact>> {
        let key = [self.own(), Cell::Id(case.uuid())];
        self.pool.look_up(|session| session.first(&self.sql.fact, &key, |row| Ok(Reading(row).fact()?)))
    }

    fn renew(&self, fact: &CaseFact) -> Stored<bool> {
        let values = row::replacing(&row::grievance(&self.tenant, fact), fact.version);
        self.pool.write(|session| {
            session.alone(|session| Ok(session.change(&self.sql.update_grievance, &values)? == 1))
        })
    }

    fn find_external(&self, source: &SourceCode, number: &str) -> Stored<Option<GrievanceId>> {
        self.find(&self.sql.external, &[self.own(), Cell::Text(number), Cell::Text(source.as_str())])
    }

    fn find_tracking(&self, tracking: Digest) -> Stored<Option<GrievanceId>> {
        self.find(&self.sql.tracking, &[self.own(), row::digest(&tracking)])
    }

    fn search(&self, scope: &Scope, search: &Search) -> Stored<Page> {
        // PostgreSQL has no text with a NUL: nothing that is kept can be meant.
        let numbers = [&search.number, &search.external_number];
        if numbers.into_iter().flatten().any(|text| text.contains('\0')) {
            return Ok(Page::cut(Vec::new(), search.page_size()));
        }
        let cases = self.pool.read(|session| match search.people().next() {
            None => self.page_of(session, scope, search, None),
            Some(_) => session.together(|session| self.page_of_people(session, scope, search)),
        })?;
        Ok(Page::cut(cases, search.page_size()))
    }

    fn reserve(&self, series: &str, floor: u64, count: u64) -> Stored<u64> {
        let used_up = || StoreError::Backend("the serials of the series are used up".to_owned());
        let whole = |serial: u64| i64::try_from(serial).map(Cell::Integer).map_err(|_| used_up());
        let next = whole(floor.checked_add(count).ok_or_else(used_up)?)?;
        let more = whole(count)?;
        let values = [self.own(), Cell::Text(series), next, more, more];
        let reserve = || {
            self.write(|session| {
                session.alone(|session| {
                    session.first(&self.sql.reserve, &values, |row| Ok(Reading(row).count(0)?))
                })
            })
        };
        // Serials that were reserved just before the connection broke leave a gap.
        let after = match reserve() {
            Err(StoreError::Lost) => reserve()?,
            answer => answer?,
        };
        after.and_then(|after| after.checked_sub(count)).ok_or_else(used_up)
    }

    fn due(&self, now: DateTime<Utc>, after: Option<Due>, limit: usize) -> Stored<Vec<Due>> {
        let [at, case] = match after {
            Some(Due { at, case }) => [row::instant(at), Cell::Id(case.uuid())],
            None => [Cell::Integer(i64::MIN), Cell::Blob(&[])],
        };
        let values = [self.own(), row::instant(now), at, case, row::limit(limit)];
        self.pool.read(|session| {
            session.all(&self.sql.due, &values, |row| {
                let row = Reading(row);
                Ok(Due { at: row.instant(0)?, case: GrievanceId::from_uuid(row.id(1)?) })
            })
        })
    }

    fn next_due(&self) -> Stored<Option<DateTime<Utc>>> {
        self.pool.look_up(|session| {
            session.first(&self.sql.next_due, &[self.own()], |row| Ok(Reading(row).instant(0)?))
        })
    }
}

impl<P: Connections> Archive for SqlTenant<P> {
    fn keep(&self, version: Digest, document: &str) -> Stored<()> {
        let values = [self.own(), row::digest(&version), Cell::Text(document)];
        self.write(|session| Ok(session.change_alone(&self.sql.keep, &values).map(drop)?))
    }

    fn chart(&self, version: Digest, chart: &Chart) -> Stored<()> {
        let key = [self.own(), row::digest(&version)];
        let kept = self.pool.look_up(|session| session.first(&self.sql.charted, &key, |_| Ok(())))?;
        if kept.is_some() {
            return Ok(());
        }
        let units = chart.units.iter().map(|(top, unit)| (&self.sql.chart_unit, top.as_str(), unit.as_str()));
        let places =
            chart.places.iter().map(|(top, place)| (&self.sql.chart_place, top.as_str(), place.as_str()));
        let rows: Vec<_> = units.chain(places).collect();
        self.pool.write(|session| {
            session.transact(|session| {
                rows.iter().try_for_each(|(sql, top, below)| {
                    let values = [key[0], key[1], Cell::Text(top), Cell::Text(below)];
                    Ok::<_, StoreError>(session.change(sql, &values).map(drop)?)
                })
            })
        })
    }

    fn activate(&self, version: Digest, from: DateTime<Utc>) -> Stored<()> {
        let values = [self.own(), row::instant(from), row::digest(&version)];
        self.write(|session| {
            session.transact(|session| {
                if self.document(session, &version)?.is_none() {
                    return Err(StoreError::EditionUnknown { version });
                }
                Ok(session.change(&self.sql.activate, &values).map(drop)?)
            })
        })
    }

    fn edition(&self, version: Digest) -> Stored<Option<String>> {
        self.pool.look_up(|session| self.document(session, &version))
    }

    fn in_force(&self, at: DateTime<Utc>) -> Stored<Option<Digest>> {
        self.pool.look_up(|session| self.version_at(session, at))
    }

    fn in_force_since(&self, at: DateTime<Utc>) -> Stored<Option<DateTime<Utc>>> {
        let values = [self.own(), row::instant(at)];
        self.pool.look_up(|session| {
            session.first(&self.sql.in_force_since, &values, |row| Ok(Reading(row).instant(0)?))
        })
    }

    fn unmoved(&self, version: Digest, after: Option<GrievanceId>, limit: usize) -> Stored<Vec<GrievanceId>> {
        let after = after.map_or(Cell::Blob(&[]), |case| Cell::Id(case.uuid()));
        let values = [self.own(), after, row::digest(&version), row::limit(limit)];
        self.pool.read(|session| {
            session.all(&self.sql.unmoved, &values, |row| Ok(GrievanceId::from_uuid(Reading(row).id(0)?)))
        })
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
        self.write(|session| Ok(session.change_alone(&self.sql.appoint, &values).map(drop)?))
    }

    fn holders(&self, unit: &UnitCode, post: &PostCode, at: DateTime<Utc>) -> Stored<Vec<Holding>> {
        let at = row::instant(at);
        let values = [self.own(), Cell::Text(unit.as_str()), Cell::Text(post.as_str()), at, at];
        self.pool.read(|session| {
            session.all(&self.sql.holders, &values, |found| {
                let row = Reading(found);
                Ok(Holding {
                    unit: unit.clone(),
                    post: post.clone(),
                    person: PersonId::from_uuid(row.id(0)?),
                    tenure: row.tenure(1)?,
                    from: row.instant(2)?,
                    until: row.maybe_instant(3)?,
                })
            })
        })
    }

    fn vacant(&self, unit: &UnitCode, post: &PostCode, at: DateTime<Utc>) -> Stored<bool> {
        let key = [self.own(), Cell::Text(unit.as_str()), Cell::Text(post.as_str())];
        let terms = self.pool.look_up(|session| {
            session.all(&self.sql.terms, &key, |row| {
                let row = Reading(row);
                Ok((row.instant(0)?, row.maybe_instant(1)?))
            })
        })?;
        let holds = |&(from, until): &(DateTime<Utc>, Option<DateTime<Utc>>)| {
            from <= at && until.is_none_or(|until| at < until)
        };
        Ok(!terms.is_empty() && !terms.iter().any(holds))
    }
}

impl<P: Connections> Store for SqlTenant<P> {
    fn opening(&self, case: GrievanceId, at: DateTime<Utc>) -> Stored<(Option<Digest>, History)> {
        self.pool.look_up(|session| {
            session.together(|session| Ok((self.version_at(session, at)?, self.history_of(session, case)?)))
        })
    }

    fn opening_after(&self, read: &CaseHead, at: DateTime<Utc>) -> Stored<(Option<Digest>, Further)> {
        self.pool.look_up(|session| {
            session.together(|session| {
                Ok((self.version_at(session, at)?, self.history_after_of(session, read)?))
            })
        })
    }
}
