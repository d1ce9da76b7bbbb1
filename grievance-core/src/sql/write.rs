//! Writing commits: the statements of [`say`], run without a copy between, and why one was refused.

use crate::kernel::code::TenantCode;
use crate::kernel::id::{CommandId, GrievanceId};
use crate::kernel::text::Digest;
use crate::sql::commit::say;
use crate::sql::read::Reading;
use crate::sql::session::{Halt, Session};
use crate::sql::statements::Statements;
use crate::sql::{Cell, row};
use crate::store::commit::{Commit, Receipt, external_key, owned_number};
use crate::store::{StoreError, Stored};

/// How often a commit is tried that was refused for a reason that is gone when we look: another
/// process wrote between the two. Each time somebody else has got further.
const TRIES: usize = 8;

/// One tenant's commits on one connection.
pub(super) struct Writing<'a, S> {
    pub(super) session: &'a S,
    pub(super) sql: &'static Statements,
    pub(super) tenant: &'a TenantCode,
}

impl<S: Session> Writing<'_, S> {
    /// Writes one commit in a transaction of its own.
    pub(super) fn commit(&self, commit: &Commit) -> Stored<Receipt> {
        for _ in 0..TRIES {
            let written = self.session.transact(|session| self.say(commit, &mut session.writer()));
            match written {
                Ok(()) => return Ok(commit.receipt()),
                Err(Halt::Failed(problem)) => return Err(problem),
                Err(Halt::Refused) => {
                    if let Some(answer) = self.answer(commit)? {
                        return answer;
                    }
                }
            }
        }
        Err(unexplained())
    }

    /// Writes many commits in one transaction, each or nothing of it.
    pub(super) fn commit_all(&self, commits: &[Commit]) -> Stored<Vec<Stored<Receipt>>> {
        // Mostly none is refused, and a savepoint for each would cost a copy of every page it touches.
        let at_once = self.session.transact(|session| {
            let mut writer = session.writer();
            commits.iter().try_for_each(|commit| self.say(commit, &mut writer))
        });
        match at_once {
            Ok(()) => Ok(commits.iter().map(|commit| Ok(commit.receipt())).collect()),
            Err(Halt::Refused) => self.one_by_one(commits),
            Err(Halt::Failed(problem)) => Err(problem),
        }
    }

    /// The same behind a savepoint each, so that a refused one can be taken back alone.
    fn one_by_one(&self, commits: &[Commit]) -> Stored<Vec<Stored<Receipt>>> {
        self.session.transact(|session| {
            let mut writer = session.writer();
            let mut answers = Vec::with_capacity(commits.len());
            for commit in commits {
                session.savepoint()?;
                answers.push(match self.say(commit, &mut writer) {
                    Ok(()) => Ok(commit.receipt()),
                    Err(Halt::Failed(problem)) => return Err(problem),
                    Err(Halt::Refused) => {
                        session.back_to_savepoint()?;
                        self.answer(commit)?.unwrap_or_else(|| Err(unexplained()))
                    }
                });
                session.release_savepoint()?;
            }
            Ok(answers)
        })
    }

    fn say(&self, commit: &Commit, to: &mut S::Writer<'_>) -> Result<(), Halt> {
        say(commit, self.tenant, self.sql, to)
    }

    /// What a refused commit is answered with: the receipt of a command that was committed before, or
    /// the reason of the refusal. `None` when there is no reason any more.
    fn answer(&self, commit: &Commit) -> Stored<Option<Stored<Receipt>>> {
        let (session, sql) = (self.session, self.sql);
        if let Some((fingerprint, receipt)) = self.receipt(commit.command)? {
            return Ok(Some(if fingerprint == commit.fingerprint {
                Ok(receipt)
            } else {
                Err(StoreError::CommandReused { command: commit.command })
            }));
        }
        let own = Cell::Text(self.tenant.as_str());
        for stream in &commit.streams {
            let (case, expected) = (stream.case, stream.expected);
            let key = [own, Cell::Id(case.uuid())];
            let found = session.first(&sql.version, &key, |row| Ok(Reading(row).count(0)?))?.unwrap_or(0);
            if found != expected {
                return Ok(Some(Err(StoreError::Conflict { case, expected, found })));
            }
        }
        if let Some(case) = commit.claimed_twice() {
            return Ok(Some(Err(StoreError::NumberTaken { case })));
        }
        for stream in &commit.streams {
            let number =
                owned_number(&stream.fact).map(|number| [own, Cell::Text(number.as_str()), row::OWNER]);
            let external = external_key(&stream.fact)
                .map(|(source, number)| [own, Cell::Text(number), Cell::Text(source.as_str())]);
            for (text, key) in [(&sql.owner, number), (&sql.external, external)] {
                let Some(key) = key else { continue };
                let owner = session.first(text, &key, |row| Ok(Reading(row).id(0)?))?;
                if let Some(owner) = owner.filter(|owner| *owner != stream.case.uuid()) {
                    let case = GrievanceId::from_uuid(owner);
                    return Ok(Some(Err(StoreError::NumberTaken { case })));
                }
            }
        }
        for notice in commit.streams.iter().flat_map(|stream| &stream.notices) {
            let key = [own, Cell::Id(notice.id.uuid())];
            if session.first(&sql.notice_place, &key, |_| Ok(()))?.is_some() {
                let problem = "a notice of that identity is there already".to_owned();
                return Ok(Some(Err(StoreError::Backend(problem))));
            }
        }
        for text in &commit.texts {
            let key = [own, Cell::Id(text.id.uuid())];
            if session.first(&sql.text, &key, |_| Ok(()))?.is_some() {
                let problem = "a text of that identity is there already".to_owned();
                return Ok(Some(Err(StoreError::Backend(problem))));
            }
        }
        Ok(None)
    }

    /// The receipt of a command that was committed before.
    pub(super) fn receipt(&self, command: CommandId) -> Stored<Option<(Digest, Receipt)>> {
        let key = [Cell::Text(self.tenant.as_str()), Cell::Id(command.uuid())];
        self.session.first(&self.sql.receipt, &key, |row| Ok(Reading(row).receipt()?))
    }
}

fn unexplained() -> StoreError {
    StoreError::Backend("a row was refused, and no reason can be found".to_owned())
}
