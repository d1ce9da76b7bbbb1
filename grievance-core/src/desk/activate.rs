//! Bringing a rulebook version into force, and the open cases with it.

use crate::desk::prepare::Loaded;
use crate::desk::{Desk, DeskError, shelf};
use crate::grievance::decide::recompute;
use crate::grievance::event::{Event, Recorded, What};
use crate::grievance::moment::Moment;
use crate::grievance::project::CaseFact;
use crate::grievance::state::Grievance;
use crate::grievance::tell::notices;
use crate::grievance::timer::next_due;
use crate::kernel::id::{CommandId, GrievanceId};
use crate::kernel::text::Digest;
use crate::kernel::time::whole_millis;
use crate::measure::answer::sheet::NotAsked;
use crate::rulebook::Rulebook;
use crate::rulebook::access::{Actor, Chart, Scope};
use crate::rulebook::succession::Succession;
use crate::store::StoreError;
use crate::store::commit::{Commit, Sealed, Stream};
use chrono::{DateTime, Utc};
use std::sync::Arc;

/// Cases that are moved in one transaction.
const TOGETHER: usize = 100;

/// What bringing a rulebook version into force came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Activation {
    /// The version now in force.
    pub version: Digest,
    /// The version that was in force before, if any.
    pub before: Option<Digest>,
    /// What the succession left to think about: warnings and advice.
    pub findings: Vec<crate::rulebook::finding::Finding>,
}

/// What one batch of moving cases came to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Moved {
    /// Cases that now stand under the version in force.
    pub moved: u64,
    /// Of these, cases whose unit, stage or reason changed.
    pub changed: u64,
    /// Where the next batch begins; `None` when every open case has been seen.
    pub next: Option<GrievanceId>,
}

impl Desk {
    /// Keeps a rulebook version and brings it into force from `from` on.
    ///
    /// The version in force before may have units, stages and reasons that the new one lacks;
    /// each must be mapped, or the new one is refused. Open cases are moved by
    /// [`move_cases`](Self::move_cases), in batches that can be stopped and taken up again.
    /// Bringing the version that is in force into force again changes nothing.
    ///
    /// # Errors
    ///
    /// [`DeskError::Rulebook`] names each unit, stage and reason that disappears without a
    /// mapping.
    pub fn activate(&self, rulebook: Rulebook, from: DateTime<Utc>) -> Result<Activation, DeskError> {
        let from = whole_millis(from);
        let version = rulebook.version();
        let before = self.store.in_force(from)?;
        if before == Some(version) {
            return Ok(Activation { version, before, findings: Vec::new() });
        }
        let findings = match before {
            Some(before) => Succession::check(&*self.edition(before)?, &rulebook)?.findings().to_vec(),
            None => Vec::new(),
        };
        let stored = rulebook.to_stored();
        self.store.keep(version, &stored)?;
        self.store.chart(version, &Chart::of(&rulebook))?;
        self.store.activate(version, from)?;
        self.begin_schedules(&rulebook, from)?;
        let rulebook = shelf::shared(rulebook, &stored);
        self.shelf.write().expect("no holder of this lock panics").insert(version, rulebook);
        Ok(Activation { version, before, findings })
    }

    /// Moves up to `limit` open cases that were last decided under another version to the one in
    /// force: a recompute for each, by `actor` (the system). Safe to stop and to take up again at
    /// any place, or from the beginning: a case that has been moved is not seen twice.
    ///
    /// # Errors
    ///
    /// [`DeskError::NotAsked`] at `limit` for 0; and when the store fails: what was moved before stays moved.
    pub fn move_cases(
        &self,
        actor: &Actor,
        now: DateTime<Utc>,
        after: Option<GrievanceId>,
        limit: usize,
    ) -> Result<Moved, DeskError> {
        if limit == 0 {
            return Err(NotAsked::of("limit", "must be at least 1").into());
        }
        let now = whole_millis(now);
        let rulebook = self.rulebook(now)?;
        let cases = self.store.unmoved(rulebook.version(), after, limit)?;
        let mut moved =
            Moved { next: cases.last().copied().filter(|_| cases.len() == limit), ..Moved::default() };
        for together in cases.chunks(TOGETHER) {
            let (mut commits, mut refused) = (Vec::with_capacity(together.len()), None);
            for case in together {
                match self.moving(*case, actor, now, &rulebook) {
                    Ok(None) => {}
                    Ok(Some((commit, changed))) => commits.push((*case, commit, changed)),
                    Err(problem) => {
                        refused = Some(problem);
                        break;
                    }
                }
            }
            let (said, commits): (Vec<_>, Vec<Commit>) =
                commits.into_iter().map(|(case, commit, changed)| ((case, changed), commit)).unzip();
            for (answer, (case, changed)) in self.commit_all_firmly(&commits)?.into_iter().zip(said) {
                let changed = match answer {
                    Ok(_) => Some(changed),
                    Err(StoreError::Conflict { .. }) => self.move_case(case, actor, now, &rulebook)?,
                    Err(problem) => return Err(problem.into()),
                };
                moved.moved += u64::from(changed.is_some());
                moved.changed += u64::from(changed == Some(true));
            }
            if let Some(problem) = refused {
                return Err(problem);
            }
        }
        Ok(moved)
    }

    /// Writes anew the rows of cases that an older version of the library wrote without facts that
    /// this one keeps: run once after such a database was opened. Until then no scope that asks
    /// whom a case is about covers them. Answers how many; safe to repeat and to stop.
    ///
    /// # Errors
    ///
    /// When the store fails.
    pub fn renew_rows(&self) -> Result<u64, DeskError> {
        let (mut renewed, mut failed) = (0, None);
        self.store.scan(&Scope::All, &mut |history| {
            let Some(case) = Grievance::replay(history) else { return true };
            let renew = || {
                let Some(row) = self.store.fact(case.id)? else { return Ok(false) };
                // What the row knows it keeps where the rulebook of the time is not there any more.
                let last_told_at = self.told_at(history)?.last().copied().or(row.last_told_at);
                let fact = CaseFact { last_told_at, ..CaseFact::of(&case) };
                Ok(row != fact && self.store.renew(&fact)?)
            };
            match renew() {
                Ok(done) => renewed += u64::from(done),
                Err(problem) => failed = Some(problem),
            }
            failed.is_none()
        })?;
        failed.map_or(Ok(renewed), |problem: DeskError| Err(problem))
    }

    /// Moves one case; `None` when somebody else moved or closed it meanwhile.
    pub(super) fn move_case(
        &self,
        id: GrievanceId,
        actor: &Actor,
        now: DateTime<Utc>,
        rulebook: &Rulebook,
    ) -> Result<Option<bool>, DeskError> {
        loop {
            let Some((commit, changed)) = self.moving(id, actor, now, rulebook)? else { return Ok(None) };
            match self.commit_firmly(&commit) {
                Ok(_) => return Ok(Some(changed)),
                Err(StoreError::Conflict { .. }) => {}
                Err(problem) => return Err(problem.into()),
            }
        }
    }

    /// The commit that moves a case, and whether its unit, stage or reason changes with it.
    fn moving(
        &self,
        id: GrievanceId,
        actor: &Actor,
        now: DateTime<Utc>,
        rulebook: &Rulebook,
    ) -> Result<Option<(Commit, bool)>, DeskError> {
        let Some(loaded) = self.load(id, &super::prepare::Pending::new())? else { return Ok(None) };
        if loaded.case.rulebook == rulebook.version() || loaded.case.phase().is_terminal() {
            return Ok(None);
        }
        let (expected, before) = (loaded.case.version, loaded.case.course.position.clone());
        let since = self.store.in_force_since(now)?;
        let events = recompute(&loaded.case, &Moment { since, ..Moment::new(now, actor, rulebook) })?;
        let renamed =
            events.iter().any(|next| matches!(&next.what, What::Remapped(moved) if moved.reason.is_some()));
        let (stream, case) = self.append(loaded, events, (actor, now, rulebook))?;
        let changed = renamed || case.course.position != before;
        // The same case is moved to the same version once, whoever tries.
        let name = Digest::of(&[
            b"recompute",
            id.uuid().as_bytes(),
            rulebook.version().as_bytes(),
            &expected.to_be_bytes(),
        ]);
        let command = command_named(name);
        Ok(Some((Commit { command, fingerprint: name, streams: vec![stream], texts: Vec::new() }, changed)))
    }

    /// Since when the rulebook is in force, for a case that was last decided under another.
    pub(super) fn since(
        &self,
        case: &Grievance,
        now: DateTime<Utc>,
        rulebook: &Rulebook,
    ) -> Result<Option<DateTime<Utc>>, DeskError> {
        if case.rulebook == rulebook.version() { Ok(None) } else { Ok(self.store.in_force_since(now)?) }
    }

    /// The stream that adds events to a case, and the case after them.
    pub(super) fn append(
        &self,
        loaded: Arc<Loaded>,
        events: Vec<Event>,
        (actor, now, rulebook): (&Actor, DateTime<Utc>, &Rulebook),
    ) -> Result<(Stream, Grievance), DeskError> {
        let Loaded { mut case, head, told } = Arc::unwrap_or_clone(loaded);
        let expected = case.version;
        let recorded: Vec<_> = (expected + 1..)
            .zip(events)
            .map(|(version, event)| Recorded {
                case: case.id,
                version,
                at: now,
                actor: actor.clone(),
                rulebook: rulebook.version(),
                event,
            })
            .collect();
        for next in &recorded {
            case.evolve(next);
        }
        let due = next_due(&case, rulebook);
        let events = Sealed::chain(&self.tenant, head, recorded);
        let notices = notices(&case, events.iter().map(|event| &event.recorded), rulebook, None);
        let last_told_at = self.last_told(case.id, told, (now, &notices))?;
        let fact = CaseFact { last_told_at, ..CaseFact::of(&case) };
        let stream = Stream { case: case.id, expected, events, fact, due, notices };
        Ok((stream, case))
    }
}

/// The command identity that a name gives: the same for everybody who does the same thing, and one
/// that no host may give to a command.
pub(super) fn command_named(name: Digest) -> CommandId {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&name.as_bytes()[..16]);
    CommandId::from_uuid(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}
