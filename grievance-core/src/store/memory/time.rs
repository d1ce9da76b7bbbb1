//! What waits in memory: due cases, messages, jobs. Each list is kept in the order it is asked in.

use crate::grievance::notice::Notice;
use crate::kernel::code::{ProblemCode, ScheduleCode};
use crate::kernel::id::{ClaimId, GrievanceId, NoticeId};
use crate::kernel::time::whole_millis;
use crate::store::agenda::{Agenda, Job};
use crate::store::commit::{read_notice, write_notice};
use crate::store::memory::MemoryTenant;
use crate::store::outbox::{Claimed, Outbox, Parked, Posted, Settlement};
use crate::store::{Due, StoreError, Stored};
use crate::vocabulary::NoticeState;
use chrono::{DateTime, TimeDelta, Utc};
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;

/// When each case has something due.
#[derive(Default)]
pub(super) struct Timers {
    of: HashMap<GrievanceId, DateTime<Utc>>,
    /// The same in the order of time.
    queue: BTreeSet<Due>,
}

impl Timers {
    pub(super) fn replace(&mut self, case: GrievanceId, due: Option<DateTime<Utc>>) {
        if let Some(at) = self.of.remove(&case) {
            self.queue.remove(&Due { at, case });
        }
        if let Some(at) = due.map(whole_millis) {
            self.of.insert(case, at);
            self.queue.insert(Due { at, case });
        }
    }

    pub(super) fn due(&self, now: DateTime<Utc>, after: Option<Due>, limit: usize) -> Vec<Due> {
        let after = after.map_or(Bound::Unbounded, Bound::Excluded);
        let queue = self.queue.range((after, Bound::Unbounded));
        queue.take_while(|due| due.at <= now).take(limit).copied().collect()
    }

    pub(super) fn next(&self) -> Option<DateTime<Utc>> {
        self.queue.first().map(|due| due.at)
    }
}

/// Where a message stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    case: GrievanceId,
    /// Whether it is in the line of the offices.
    office: bool,
    about: u64,
    nth: u32,
    id: NoticeId,
}

impl Place {
    fn of(notice: &Notice) -> Self {
        let Notice { case, about, place, id, .. } = *notice;
        Self { case, office: notice.to.is_office(), about, nth: place, id }
    }

    /// Before all places of a line.
    fn head(case: GrievanceId, office: bool) -> Self {
        Self { case, office, about: 0, nth: 0, id: NoticeId::from_uuid(uuid::Uuid::nil()) }
    }

    fn is_in_line_with(&self, other: &Self) -> bool {
        (self.case, self.office) == (other.case, other.office)
    }
}

/// A message as a row of a database.
struct Row {
    place: Place,
    not_before: DateTime<Utc>,
    body: String,
    state: NoticeState,
    attempts: u32,
    /// When it can be claimed; while it is claimed, the end of the lease.
    next_at: DateTime<Utc>,
    lease: Option<ClaimId>,
    settled_at: Option<DateTime<Utc>>,
    reference: Option<SmolStr>,
    received_at: Option<DateTime<Utc>>,
    problem: Option<ProblemCode>,
}

/// The messages of a tenant.
#[derive(Default)]
pub(super) struct PostRoom {
    rows: HashMap<NoticeId, Row>,
    /// All of them, case by case.
    all: BTreeSet<Place>,
    /// Those that wait, line by line.
    lines: BTreeSet<Place>,
    /// The first of each line, in the order of time.
    queue: BTreeSet<(DateTime<Utc>, Place)>,
    /// Those that are parked, in the order of time.
    parked: BTreeSet<(DateTime<Utc>, NoticeId)>,
}

impl PostRoom {
    pub(super) fn check<'n>(&self, notices: impl Iterator<Item = &'n Notice>) -> Stored<()> {
        let mut seen = BTreeSet::new();
        for notice in notices {
            if self.rows.contains_key(&notice.id) || !seen.insert(notice.id) {
                return Err(StoreError::Backend("a notice of that identity is there already".to_owned()));
            }
        }
        Ok(())
    }

    pub(super) fn put(&mut self, notice: &Notice) {
        let place = Place::of(notice);
        let not_before = whole_millis(notice.not_before);
        let row = Row {
            place,
            not_before,
            body: write_notice(notice),
            state: NoticeState::Waiting,
            attempts: 0,
            next_at: not_before,
            lease: None,
            settled_at: None,
            reference: None,
            received_at: None,
            problem: None,
        };
        self.all.insert(place);
        self.enter(row);
    }

    /// Takes a row out of the lists that follow from its state, to be changed.
    fn leave(&mut self, id: NoticeId) -> Option<Row> {
        let place = self.rows.get(&id)?.place;
        self.step_back(place);
        let row = self.rows.remove(&id)?;
        self.lines.remove(&place);
        self.step_forward(place);
        if let Some(at) = row.settled_at {
            self.parked.remove(&(at, id));
        }
        Some(row)
    }

    /// Puts a row into the lists that follow from its state.
    fn enter(&mut self, row: Row) {
        let place = row.place;
        self.step_back(place);
        match (row.state, row.settled_at) {
            (NoticeState::Waiting, _) => {
                self.lines.insert(place);
            }
            (NoticeState::Parked, Some(at)) => {
                self.parked.insert((at, place.id));
            }
            _ => {}
        }
        self.rows.insert(place.id, row);
        self.step_forward(place);
    }

    /// The first of the line in which a place is.
    fn first_of(&self, place: Place) -> Option<(DateTime<Utc>, Place)> {
        let first = self.lines.range(Place::head(place.case, place.office)..).next()?;
        let row = self.rows.get(&first.id).filter(|_| first.is_in_line_with(&place))?;
        Some((row.next_at, *first))
    }

    /// Before a line changes: whoever is its first leaves the queue.
    fn step_back(&mut self, line: Place) {
        if let Some(first) = self.first_of(line) {
            self.queue.remove(&first);
        }
    }

    /// After a line has changed: whoever is its first now stands in the queue.
    fn step_forward(&mut self, line: Place) {
        if let Some(first) = self.first_of(line) {
            self.queue.insert(first);
        }
    }

    fn claim(
        &mut self,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
        limit: usize,
        by: ClaimId,
    ) -> Stored<Vec<Claimed>> {
        let heads: Vec<_> = self.queue.iter().take_while(|(at, _)| *at <= now).take(limit).copied().collect();
        let mut claimed = Vec::with_capacity(heads.len());
        for (_, Place { id, .. }) in heads {
            let Some(row) = self.rows.get(&id) else { continue };
            let notice = read_notice(&row.body)?;
            if let Some(mut row) = self.leave(id) {
                row.attempts += 1;
                row.next_at = until;
                row.lease = Some(by);
                claimed.push(Claimed { notice, attempts: row.attempts, by });
                self.enter(row);
            }
        }
        Ok(claimed)
    }

    fn settle(&mut self, id: NoticeId, by: ClaimId, settlement: &Settlement) -> bool {
        if self.rows.get(&id).is_none_or(|row| row.lease != Some(by)) {
            return false;
        }
        let Some(mut row) = self.leave(id) else { return false };
        row.lease = None;
        if let Settlement::Delivered { reference, .. } = settlement {
            row.reference.clone_from(reference);
        }
        let (state, settled_at, problem) = match settlement {
            Settlement::Retry { at, problem } => {
                let at = whole_millis(*at);
                row.next_at = at.max(row.not_before);
                self.hold_back(row.place, at);
                (NoticeState::Waiting, None, Some(problem))
            }
            Settlement::Delivered { at, .. } => (NoticeState::Delivered, Some(at), None),
            Settlement::Parked { at, problem } => (NoticeState::Parked, Some(at), Some(problem)),
            Settlement::Dropped { at } => (NoticeState::Dropped, Some(at), None),
        };
        row.state = state;
        row.settled_at = settled_at.copied().map(whole_millis);
        row.problem = problem.cloned();
        self.enter(row);
        true
    }

    /// What waits behind a message need not be looked at before it is tried again.
    fn hold_back(&mut self, head: Place, until: DateTime<Utc>) {
        let behind = self.lines.range((Bound::Excluded(head), Bound::Unbounded));
        let behind: Vec<Place> = behind
            .take_while(|place| place.is_in_line_with(&head))
            .filter(|place| (place.about, place.nth) > (head.about, head.nth))
            .copied()
            .collect();
        for Place { id, .. } in behind {
            if let Some(mut row) = self.leave(id) {
                row.next_at = row.next_at.max(until);
                self.enter(row);
            }
        }
    }

    fn revive(&mut self, id: NoticeId, now: DateTime<Utc>) -> bool {
        if self.rows.get(&id).is_none_or(|row| row.state != NoticeState::Parked) {
            return false;
        }
        let Some(row) = self.leave(id) else { return false };
        let next_at = whole_millis(now).max(row.not_before);
        self.enter(Row {
            state: NoticeState::Waiting,
            attempts: 0,
            next_at,
            settled_at: None,
            problem: None,
            ..row
        });
        true
    }
}

/// What schedules called for.
#[derive(Default)]
pub(super) struct Jobs {
    /// Each schedule's instants, with the kind, and whether it is done.
    all: BTreeMap<ScheduleCode, BTreeMap<DateTime<Utc>, Job>>,
    open: BTreeSet<Job>,
}

impl Outbox for MemoryTenant {
    fn post(&self, notices: &[Notice]) -> Stored<u64> {
        let post = &mut self.shelves().post;
        let mut new = 0;
        for notice in notices {
            if !post.rows.contains_key(&notice.id) {
                post.put(notice);
                new += 1;
            }
        }
        Ok(new)
    }

    fn claim(&self, now: DateTime<Utc>, lease: TimeDelta, limit: usize, by: ClaimId) -> Stored<Vec<Claimed>> {
        let until = now.checked_add_signed(lease).unwrap_or(DateTime::<Utc>::MAX_UTC);
        self.shelves().post.claim(now, whole_millis(until), limit, by)
    }

    fn settle(&self, id: NoticeId, by: ClaimId, settlement: &Settlement) -> Stored<bool> {
        Ok(self.shelves().post.settle(id, by, settlement))
    }

    fn parked(&self, limit: usize) -> Stored<Vec<Parked>> {
        let post = &self.shelves().post;
        let rows = post.parked.iter().filter_map(|(at, id)| Some((*at, post.rows.get(id)?)));
        let parked = rows.filter_map(|(at, row)| Some((at, row, row.problem.clone()?))).take(limit);
        parked
            .map(|(at, row, problem)| {
                Ok(Parked { notice: read_notice(&row.body)?, attempts: row.attempts, at, problem })
            })
            .collect()
    }

    fn revive(&self, id: NoticeId, now: DateTime<Utc>) -> Stored<bool> {
        Ok(self.shelves().post.revive(id, now))
    }

    fn delivery_report(&self, id: NoticeId, received_at: DateTime<Utc>) -> Stored<bool> {
        let mut shelves = self.shelves();
        let Some(row) = shelves.post.rows.get_mut(&id) else { return Ok(false) };
        row.received_at.get_or_insert(whole_millis(received_at));
        Ok(true)
    }

    fn referred(&self, reference: &str) -> Stored<Vec<NoticeId>> {
        let rows = &self.shelves().post.rows;
        let under = rows.iter().filter(|(_, row)| row.reference.as_deref() == Some(reference));
        let mut ids: Vec<NoticeId> = under.map(|(id, _)| *id).collect();
        ids.sort();
        Ok(ids)
    }

    fn outbox_next(&self) -> Stored<Option<DateTime<Utc>>> {
        Ok(self.shelves().post.queue.first().map(|(at, _)| *at))
    }

    fn notices_of(&self, case: GrievanceId) -> Stored<Vec<Posted>> {
        let post = &self.shelves().post;
        let places = post.all.range(Place::head(case, false)..).take_while(|place| place.case == case);
        let mut places: Vec<&Place> = places.collect();
        places.sort_by_key(|place| (place.about, place.nth, place.id));
        let rows = places.into_iter().filter_map(|place| post.rows.get(&place.id));
        rows.map(|row| {
            Ok(Posted {
                notice: read_notice(&row.body)?,
                state: row.state,
                attempts: row.attempts,
                settled_at: row.settled_at,
                reference: row.reference.clone(),
                received_at: row.received_at,
                problem: row.problem.clone(),
            })
        })
        .collect()
    }
}

impl Agenda for MemoryTenant {
    fn last_job(&self, schedule: &ScheduleCode) -> Stored<Option<DateTime<Utc>>> {
        let jobs = &self.shelves().jobs;
        Ok(jobs.all.get(schedule).and_then(|jobs| jobs.keys().next_back().copied()))
    }

    fn add_job(&self, job: &Job) -> Stored<bool> {
        let jobs = &mut self.shelves().jobs;
        let job = Job { due_at: whole_millis(job.due_at), ..job.clone() };
        let of_schedule = jobs.all.entry(job.schedule.clone()).or_default();
        if of_schedule.contains_key(&job.due_at) {
            return Ok(false);
        }
        of_schedule.insert(job.due_at, job.clone());
        jobs.open.insert(job);
        Ok(true)
    }

    fn open_jobs(&self, limit: usize) -> Stored<Vec<Job>> {
        Ok(self.shelves().jobs.open.iter().take(limit).cloned().collect())
    }

    fn finish_job(&self, schedule: &ScheduleCode, due_at: DateTime<Utc>) -> Stored<bool> {
        let Jobs { all, open } = &mut self.shelves().jobs;
        let job = all.get(schedule).and_then(|jobs| jobs.get(&whole_millis(due_at)));
        Ok(job.is_some_and(|job| open.remove(job)))
    }
}
