//! What time brings: timers that are due, jobs that come round, imported cases that go live.

use crate::desk::activate::command_named;
use crate::desk::prepare::Pending;
use crate::desk::vacancy::Roster;
use crate::desk::{Desk, DeskError};
use crate::grievance::command::Command;
use crate::grievance::decide::decide;
use crate::grievance::event::What;
use crate::grievance::moment::Moment;
use crate::grievance::timer::next_due;
use crate::kernel::code::RoleCode;
use crate::kernel::id::{GrievanceId, PersonId};
use crate::kernel::text::Digest;
use crate::kernel::time::whole_millis;
use crate::proof::checkpoint::Checkpoint;
use crate::rulebook::Rulebook;
use crate::rulebook::access::{Actor, Scope};
use crate::store::agenda::Job;
use crate::store::commit::Commit;
use crate::store::search::{Cursor, Search};
use crate::store::{Due, StoreError};
use crate::vocabulary::{JobKind, Phase};
use chrono::{DateTime, Utc};

/// Cases that are committed together.
const TOGETHER: usize = 100;
/// Codes, and counts of codes, that one sweep forgets at most.
const FORGOTTEN: usize = 1_000;
/// How many rounds of schedules a sweep writes down at the most: more than twenty years' of ten weekly ones.
const ROUNDS: usize = 10_000;
/// How often a case is looked at again when somebody else was faster.
const TRIES: usize = 5;

/// What a sweep came to.
#[derive(Debug, Default)]
pub struct Swept {
    /// Cases in which something was due and is now recorded, by this sweep.
    pub cases: u64,
    /// Targets that were breached.
    pub breaches: u64,
    /// Levels of the ladder that were taken.
    pub escalations: u64,
    /// Levels that wait for approval.
    pub proposals: u64,
    /// Clocks that go on because their pause was as long as it may be.
    pub resumed: u64,
    /// Cases that stood under an earlier rulebook version and were moved first.
    pub moved: u64,
    /// Cases that another worker handled meanwhile.
    pub elsewhere: u64,
    /// Jobs that have come round, added by this sweep. What is not finished stays on
    /// [`open_jobs`](crate::store::agenda::Agenda::open_jobs).
    pub jobs: Vec<Job>,
    /// The checkpoint that a schedule called for, or why it could not be made: then the next sweep
    /// tries again.
    pub checkpoint: Option<Result<Checkpoint, DeskError>>,
    /// Cases that could not be handled, and why; they stay due. The sweep went on without them.
    pub failed: Vec<(GrievanceId, DeskError)>,
    /// Rows of codes that expired, and of counts of codes that say nothing any more, forgotten by
    /// this sweep: up to 1,000 of each.
    pub forgotten: u64,
    /// Whether the limit was reached before everything due was handled.
    pub more: bool,
}

/// What one batch of going live came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Live {
    /// Imported open cases whose deadlines began.
    pub begun: u64,
    /// Where the next batch begins; `None` when every open case has been seen.
    pub next: Option<Cursor>,
}

/// A sweep at work.
struct Sweep<'a> {
    now: DateTime<Utc>,
    system: &'a Actor,
    rulebook: &'a Rulebook,
    /// Whether posts that were asked for stand vacant.
    roster: Roster,
}

/// What came of one case that was due.
enum Handled {
    Ready(Box<Commit>),
    Elsewhere,
}

impl Desk {
    /// The actor in whose name the library itself records what time brings: the role `system`.
    pub fn system() -> Actor {
        Actor {
            on_behalf_of: None,
            person: PersonId::from_uuid(uuid::Uuid::nil()),
            post: None,
            role: RoleCode::new("system").expect("a plain word is a code"),
            tenure: None,
            unit: None,
        }
    }

    /// Records everything that is due at `now` in up to `limit` cases, oldest first, adds the jobs
    /// that have come round (up to 10,000 of them), and forgets one-time codes that have expired.
    ///
    /// Each timer is handled exactly once, however many workers and processes sweep: its command
    /// identity is its own, and the version of the case decides. A sweep that is killed is taken
    /// up by the next one. A case that cannot be handled is reported, does not stop the others and
    /// is not counted among the `limit`, so that no number of them keeps later ones waiting.
    ///
    /// Nothing is handled early: a deadline is passed in the millisecond after it.
    ///
    /// # Errors
    ///
    /// When the store fails as a whole, or no rulebook is in force. What was committed before
    /// stays.
    pub fn sweep(&self, now: DateTime<Utc>, limit: usize) -> Result<Swept, DeskError> {
        let now = whole_millis(now);
        let rulebook = self.rulebook(now)?;
        let system = Self::system();
        let mut swept = Swept::default();
        self.due_jobs(&rulebook, now, &mut swept)?;
        swept.forgotten = self.store.forget_challenges(now, FORGOTTEN)?;
        swept.forgotten += self.store.forget_limiters(now, FORGOTTEN)?;
        let mut sweep = Sweep { now, system: &system, rulebook: &rulebook, roster: Roster::new() };
        let (mut seen, mut after) = (0, None);
        while seen < limit {
            let page: Vec<Due> = self.store.due(now, after, TOGETHER.min(limit - seen))?;
            let Some(last) = page.last() else { return Ok(swept) };
            after = Some(*last);
            let failed = swept.failed.len();
            self.sweep_page(&page, &mut sweep, &mut swept)?;
            seen += page.len() - (swept.failed.len() - failed);
        }
        swept.more |= !self.store.due(now, after, 1)?.is_empty();
        Ok(swept)
    }

    fn sweep_page(&self, page: &[Due], sweep: &mut Sweep<'_>, swept: &mut Swept) -> Result<(), DeskError> {
        let mut todo: Vec<Due> = page.to_vec();
        for _ in 0..TRIES {
            let (mut commits, mut due) = (Vec::new(), Vec::new());
            for one in std::mem::take(&mut todo) {
                match self.due_in(one, sweep, swept) {
                    Ok(Handled::Ready(commit)) => {
                        commits.push(*commit);
                        due.push(one);
                    }
                    Ok(Handled::Elsewhere) => swept.elsewhere += 1,
                    Err(problem) => swept.failed.push((one.case, problem)),
                }
            }
            for ((answer, commit), one) in
                self.commit_all_firmly(&commits)?.into_iter().zip(&commits).zip(due)
            {
                match answer {
                    Ok(_) => swept.count(commit),
                    Err(StoreError::CommandReused { .. }) => swept.elsewhere += 1,
                    Err(StoreError::Conflict { .. }) => todo.push(one),
                    Err(problem) => swept.failed.push((one.case, problem.into())),
                }
            }
            if todo.is_empty() {
                return Ok(());
            }
        }
        for one in todo {
            swept.failed.push((one.case, StoreError::Busy.into()));
        }
        Ok(())
    }

    /// Decides what is due in one case.
    fn due_in(&self, due: Due, sweep: &mut Sweep<'_>, swept: &mut Swept) -> Result<Handled, DeskError> {
        let Sweep { now, system, rulebook, .. } = *sweep;
        let Some(mut loaded) = self.load(due.case, &Pending::new())? else { return Ok(Handled::Elsewhere) };
        if loaded.case.rulebook != rulebook.version() && !loaded.case.phase().is_terminal() {
            swept.moved += u64::from(self.move_case(due.case, system, now, rulebook)?.is_some());
            let Some(again) = self.load(due.case, &Pending::new())? else { return Ok(Handled::Elsewhere) };
            loaded = again;
            if next_due(&loaded.case, rulebook).is_none_or(|at| at > now) {
                return Ok(Handled::Elsewhere);
            }
        }
        let vacant = self.vacancies(&loaded.case, rulebook, now, &mut sweep.roster)?;
        let moment = Moment { vacant: &vacant, ..Moment::new(now, system, rulebook) };
        let events = decide(Some(&loaded.case), &Command::TimerDue, &moment)?;
        let version = loaded.case.version;
        // Without an event the row of the timer was stale, and the commit replaces it.
        let idle = events.is_empty();
        let (stream, _) = self.append(loaded, events, (system, now, rulebook))?;
        if idle && stream.due == Some(due.at) {
            return Ok(Handled::Elsewhere);
        }
        let timer = Digest::of(&[
            b"timer",
            due.case.uuid().as_bytes(),
            &version.to_be_bytes(),
            &due.at.timestamp_millis().to_be_bytes(),
        ]);
        // The fingerprint is this worker's own: of two who commit the same timer, the second is
        // told that it was done.
        let claim = self.minting(|mint| mint.uuid());
        let fingerprint = Digest::of(&[timer.as_bytes(), claim.as_bytes()]);
        let commit =
            Commit { command: command_named(timer), fingerprint, streams: vec![stream], texts: Vec::new() };
        Ok(Handled::Ready(Box::new(commit)))
    }

    /// Adds the jobs that have come round since the last one of each schedule. A checkpoint is
    /// made at once, before its job is written down, so that a worker who dies between leaves it
    /// to the next.
    fn due_jobs(&self, rulebook: &Rulebook, now: DateTime<Utc>, swept: &mut Swept) -> Result<(), DeskError> {
        let mut left = ROUNDS;
        let calendar = rulebook.calendar(rulebook.directory().cell(), None);
        for schedule in rulebook.schedules() {
            let Some(mut last) = self.store.last_job(&schedule.code)? else {
                self.begin_schedule(&schedule.code, schedule.kind, now)?;
                continue;
            };
            while let Some(due_at) = schedule.next_after(calendar, last).filter(|at| *at <= now) {
                // An instant of another millennium has no end of rounds before it.
                if left == 0 {
                    swept.more = true;
                    break;
                }
                left -= 1;
                let job = Job { due_at, schedule: schedule.code.clone(), kind: schedule.kind };
                last = due_at;
                if schedule.kind == JobKind::Checkpoint {
                    // One serves all that came round since the last sweep.
                    if swept.checkpoint.get_or_insert_with(|| self.checkpoint(now)).is_err() {
                        break;
                    }
                    self.store.add_job(&job)?;
                    self.store.finish_job(&job.schedule, due_at)?;
                } else if self.store.add_job(&job)? {
                    swept.jobs.push(job);
                }
            }
        }
        swept.jobs.sort();
        Ok(())
    }

    /// Schedules come round for the first time after the rulebook came into force.
    pub(super) fn begin_schedules(&self, rulebook: &Rulebook, from: DateTime<Utc>) -> Result<(), DeskError> {
        for schedule in rulebook.schedules() {
            if self.store.last_job(&schedule.code)?.is_none() {
                self.begin_schedule(&schedule.code, schedule.kind, from)?;
            }
        }
        Ok(())
    }

    fn begin_schedule(
        &self,
        schedule: &crate::kernel::code::ScheduleCode,
        kind: JobKind,
        from: DateTime<Utc>,
    ) -> Result<(), DeskError> {
        let job = Job { due_at: from, schedule: schedule.clone(), kind };
        if self.store.add_job(&job)? {
            self.store.finish_job(schedule, from)?;
        }
        Ok(())
    }

    /// When there is something to do next: a timer, a job or a message. `None` when nothing waits.
    /// It may have passed.
    ///
    /// # Errors
    ///
    /// When the store fails, or no rulebook is in force at `now`.
    pub fn next_due(&self, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, DeskError> {
        let rulebook = self.rulebook(whole_millis(now))?;
        let calendar = rulebook.calendar(rulebook.directory().cell(), None);
        let mut next = [self.store.next_due()?, self.store.outbox_next()?].into_iter().flatten().min();
        for schedule in rulebook.schedules() {
            let last = self.store.last_job(&schedule.code)?.unwrap_or(now);
            next = next.into_iter().chain(schedule.next_after(calendar, last)).min();
        }
        Ok(next)
    }

    /// Lets imported open cases go on here: their deadlines begin, counted from `from`. Cases
    /// that were lodged here or have deadlines already are left alone, so it is safe to repeat.
    ///
    /// # Errors
    ///
    /// When the store fails; what was begun before stays begun.
    pub fn go_live(
        &self,
        from: DateTime<Utc>,
        now: DateTime<Utc>,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<Live, DeskError> {
        let (from, now) = (whole_millis(from), whole_millis(now));
        let rulebook = self.rulebook(now)?;
        let system = Self::system();
        let phases = Phase::ALL.iter().copied().filter(|phase| phase.is_pending()).collect();
        let page = self.store.search(&Scope::All, &Search { phases, after, limit, ..Search::default() })?;
        let mut live = Live { begun: 0, next: page.next };
        for fact in page.cases.into_iter().filter(|fact| fact.source.is_some()) {
            live.begun += u64::from(self.begin_case(fact.id, from, &system, now, &rulebook)?);
        }
        Ok(live)
    }

    fn begin_case(
        &self,
        case: GrievanceId,
        from: DateTime<Utc>,
        system: &Actor,
        now: DateTime<Utc>,
        rulebook: &Rulebook,
    ) -> Result<bool, DeskError> {
        for _ in 0..TRIES {
            let Some(loaded) = self.load(case, &Pending::new())? else { return Ok(false) };
            let version = loaded.case.version;
            let events =
                decide(Some(&loaded.case), &Command::GoLive { from }, &Moment::new(now, system, rulebook))?;
            if events.is_empty() {
                return Ok(false);
            }
            let (stream, _) = self.append(loaded, events, (system, now, rulebook))?;
            let name = Digest::of(&[b"go live", case.uuid().as_bytes(), &version.to_be_bytes()]);
            let commit = Commit {
                command: command_named(name),
                fingerprint: name,
                streams: vec![stream],
                texts: Vec::new(),
            };
            match self.commit_firmly(&commit) {
                Ok(_) => return Ok(true),
                Err(StoreError::Conflict { .. }) => {}
                Err(problem) => return Err(problem.into()),
            }
        }
        Err(StoreError::Busy.into())
    }
}

impl Swept {
    fn count(&mut self, commit: &Commit) {
        let events = &commit.first().events;
        self.cases += u64::from(!events.is_empty());
        for event in events {
            match &event.recorded.event.what {
                What::TargetBreached(_) => self.breaches += 1,
                What::Escalated(_) => self.escalations += 1,
                What::EscalationProposed(_) => self.proposals += 1,
                What::ClockResumed(_) => self.resumed += 1,
                _ => {}
            }
        }
    }
}
