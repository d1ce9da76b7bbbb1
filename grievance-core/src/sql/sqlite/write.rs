//! Writing commits: the statements of [`say`], run on prepared statements without a copy between.

use crate::kernel::code::TenantCode;
use crate::sql::commit::{Take, say};
use crate::sql::read::Reading;
use crate::sql::row;
use crate::sql::sqlite::connection::{bind, failed, first, is_refusal, run, transact};
use crate::sql::statements::{Statements, fixed};
use crate::sql::{Cell, Dialect};
use crate::store::commit::{Commit, Receipt, external_key, owned_number};
use crate::store::{StoreError, Stored};
use rusqlite::{CachedStatement, Connection};

/// How often a commit is tried that was refused for a reason that is gone when we look: another
/// process wrote between the two. Each time somebody else has got further.
const TRIES: usize = 8;

/// Writes one commit in a transaction of its own.
pub(super) fn commit(connection: &Connection, tenant: &TenantCode, commit: &Commit) -> Stored<Receipt> {
    for _ in 0..TRIES {
        run(connection, "BEGIN IMMEDIATE")?;
        let written = Writing::new(connection).write(commit, tenant);
        let written = written.and_then(|()| run(connection, "COMMIT").map_err(Halt::Failed));
        let Err(halt) = written else { return Ok(commit.receipt()) };
        if !connection.is_autocommit() {
            run(connection, "ROLLBACK")?;
        }
        match halt {
            Halt::Failed(problem) => return Err(problem),
            Halt::Refused => {
                if let Some(answer) = answer(connection, tenant, commit)? {
                    return answer;
                }
            }
        }
    }
    Err(unexplained())
}

/// Writes many commits in one transaction, each or nothing of it.
pub(super) fn commit_all(
    connection: &Connection,
    tenant: &TenantCode,
    commits: &[Commit],
) -> Stored<Vec<Stored<Receipt>>> {
    // Mostly none is refused, and a savepoint for each would cost a copy of every page it touches.
    let at_once = transact(connection, |connection| {
        let mut writing = Writing::new(connection);
        for commit in commits {
            match writing.write(commit, tenant) {
                Ok(()) => {}
                Err(Halt::Refused) => return Err(unexplained()),
                Err(Halt::Failed(problem)) => return Err(problem),
            }
        }
        Ok(())
    });
    match at_once {
        Ok(()) => Ok(commits.iter().map(|commit| Ok(commit.receipt())).collect()),
        Err(problem) if problem == unexplained() => one_by_one(connection, tenant, commits),
        Err(problem) => Err(problem),
    }
}

/// The same behind a savepoint each, so that a refused one can be taken back alone.
fn one_by_one(
    connection: &Connection,
    tenant: &TenantCode,
    commits: &[Commit],
) -> Stored<Vec<Stored<Receipt>>> {
    transact(connection, |connection| {
        let mut writing = Writing::new(connection);
        let mut answers = Vec::with_capacity(commits.len());
        for commit in commits {
            run(connection, "SAVEPOINT one")?;
            answers.push(match writing.write(commit, tenant) {
                Ok(()) => Ok(commit.receipt()),
                Err(Halt::Failed(problem)) => return Err(problem),
                Err(Halt::Refused) => {
                    run(connection, "ROLLBACK TO one")?;
                    answer(connection, tenant, commit)?.unwrap_or_else(|| Err(unexplained()))
                }
            });
            run(connection, "RELEASE one")?;
        }
        Ok(answers)
    })
}

/// Why a commit was not written.
enum Halt {
    /// A key was there already, or a row was not as expected.
    Refused,
    /// The database failed.
    Failed(StoreError),
}

impl From<rusqlite::Error> for Halt {
    fn from(problem: rusqlite::Error) -> Self {
        if is_refusal(&problem) { Self::Refused } else { Self::Failed(failed(&problem)) }
    }
}

/// Runs statements; each is looked up once and stays at hand for the next commit.
struct Writing<'c> {
    connection: &'c Connection,
    sql: &'static Statements,
    at_hand: Vec<(&'static str, CachedStatement<'c>)>,
}

impl<'c> Writing<'c> {
    fn new(connection: &'c Connection) -> Self {
        Self { connection, sql: fixed(Dialect::Sqlite), at_hand: Vec::with_capacity(8) }
    }

    fn write(&mut self, commit: &Commit, tenant: &TenantCode) -> Result<(), Halt> {
        say(commit, tenant, self.sql, self)
    }
}

impl Take for Writing<'_> {
    type Refusal = Halt;

    fn take(&mut self, sql: &'static str, values: &[Cell<'_>]) -> Result<(), Halt> {
        if self.run(sql, values)? == 1 { Ok(()) } else { Err(Halt::Refused) }
    }

    fn take_any(&mut self, sql: &'static str, values: &[Cell<'_>]) -> Result<(), Halt> {
        Ok(self.run(sql, values).map(drop)?)
    }
}

impl Writing<'_> {
    /// Runs a statement; answers how many rows it wrote.
    fn run(&mut self, sql: &'static str, values: &[Cell<'_>]) -> rusqlite::Result<usize> {
        // The texts are fixed: the same place is the same text.
        let known = self.at_hand.iter().position(|(text, _)| std::ptr::eq(*text, sql));
        let at = known.unwrap_or(self.at_hand.len());
        if known.is_none() {
            self.at_hand.push((sql, self.connection.prepare_cached(sql)?));
        }
        let statement = &mut self.at_hand[at].1;
        bind(statement, values)?;
        statement.raw_execute()
    }
}

/// What a refused commit is answered with: the receipt of a command that was committed before, or
/// the reason of the refusal. `None` when there is no reason any more.
fn answer(connection: &Connection, tenant: &TenantCode, commit: &Commit) -> Stored<Option<Stored<Receipt>>> {
    if let Some((fingerprint, receipt)) = receipt(connection, tenant, commit.command)? {
        return Ok(Some(if fingerprint == commit.fingerprint {
            Ok(receipt)
        } else {
            Err(StoreError::CommandReused { command: commit.command })
        }));
    }
    let sql = fixed(Dialect::Sqlite);
    let own = Cell::Text(tenant.as_str());
    for stream in &commit.streams {
        let (case, expected) = (stream.case, stream.expected);
        let key = [own, Cell::Id(case.uuid())];
        let found = first(connection, &sql.version, &key, |row| Ok(Reading(row).count(0)?))?.unwrap_or(0);
        if found != expected {
            return Ok(Some(Err(StoreError::Conflict { case, expected, found })));
        }
    }
    if let Some(case) = commit.claimed_twice() {
        return Ok(Some(Err(StoreError::NumberTaken { case })));
    }
    for stream in &commit.streams {
        let number = owned_number(&stream.fact).map(|number| [own, Cell::Text(number.as_str()), row::OWNER]);
        let external = external_key(&stream.fact)
            .map(|(source, number)| [own, Cell::Text(number), Cell::Text(source.as_str())]);
        for (text, key) in [(&sql.owner, number), (&sql.external, external)] {
            let Some(key) = key else { continue };
            let owner = first(connection, text, &key, |row| Ok(Reading(row).id(0)?))?;
            if let Some(owner) = owner.filter(|owner| *owner != stream.case.uuid()) {
                let case = crate::kernel::id::GrievanceId::from_uuid(owner);
                return Ok(Some(Err(StoreError::NumberTaken { case })));
            }
        }
    }
    for notice in commit.streams.iter().flat_map(|stream| &stream.notices) {
        let key = [own, Cell::Id(notice.id.uuid())];
        if first(connection, &sql.notice_place, &key, |_| Ok(()))?.is_some() {
            let problem = "a notice of that identity is there already".to_owned();
            return Ok(Some(Err(StoreError::Backend(problem))));
        }
    }
    for (_, text) in &commit.texts {
        let key = [own, Cell::Id(text.id.uuid())];
        if first(connection, &sql.text, &key, |_| Ok(()))?.is_some() {
            let problem = "a text of that identity is there already".to_owned();
            return Ok(Some(Err(StoreError::Backend(problem))));
        }
    }
    Ok(None)
}

/// The receipt of a command that was committed before.
pub(super) fn receipt(
    connection: &Connection,
    tenant: &TenantCode,
    command: crate::kernel::id::CommandId,
) -> Stored<Option<(crate::kernel::text::Digest, Receipt)>> {
    let key = [Cell::Text(tenant.as_str()), Cell::Id(command.uuid())];
    first(connection, &fixed(Dialect::Sqlite).receipt, &key, |row| Ok(Reading(row).receipt()?))
}

fn unexplained() -> StoreError {
    StoreError::Backend("a row was refused, and no reason can be found".to_owned())
}
