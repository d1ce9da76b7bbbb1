//! The seam between the store and a driver: what is said is the same, how it is carried differs.
//!
//! Whoever adds a statement writes it once, in `statements`, and uses it through [`Session`]. A
//! driver brings a session, its rows and a pool.

use crate::sql::commit::Take;
use crate::sql::read::Columns;
use crate::sql::statements::{Statements, fixed};
use crate::sql::{Cell, Dialect};
use crate::store::{StoreError, Stored};

/// Why a statement has not done its work.
#[derive(Debug)]
pub enum Halt {
    /// A key was there already, or a row was not as expected.
    Refused,
    /// The database failed.
    Failed(StoreError),
}

impl From<Halt> for StoreError {
    fn from(halt: Halt) -> Self {
        match halt {
            Halt::Refused => Self::Backend("a row was refused: its key is there already".to_owned()),
            Halt::Failed(problem) => problem,
        }
    }
}

/// A conversation with a database, on one connection.
pub trait Session {
    /// A row of an answer.
    type Row<'r>: Columns;

    /// Writes commits; what it needs again and again stays at hand.
    type Writer<'s>: Take<Refusal = Halt>
    where
        Self: 's;

    /// Changes rows; answers how many.
    fn change(&self, sql: &str, values: &[Cell<'_>]) -> Result<u64, Halt>;

    /// Reads the rows of a query one by one. `row` does not use the session.
    fn each(
        &self,
        sql: &str,
        values: &[Cell<'_>],
        row: impl FnMut(&Self::Row<'_>) -> Stored<()>,
    ) -> Stored<()>;

    /// Reads the first row of a query, if there is one. `row` does not use the session.
    fn first<T>(
        &self,
        sql: &str,
        values: &[Cell<'_>],
        row: impl FnOnce(&Self::Row<'_>) -> Stored<T>,
    ) -> Stored<Option<T>>;

    /// Begins a transaction that writes.
    fn begin(&self) -> Stored<()>;

    /// Ends a transaction: what was written stays.
    fn commit(&self) -> Stored<()>;

    /// Takes back what the open transaction has written, if one is open.
    fn give_up(&self) -> Stored<()>;

    /// Sets the one savepoint of the open transaction.
    fn savepoint(&self) -> Stored<()>;

    /// Takes back what was written since the savepoint.
    fn back_to_savepoint(&self) -> Stored<()>;

    /// Gives up the savepoint; what was written since stays.
    fn release_savepoint(&self) -> Stored<()>;

    /// Does one thing that writes and answers, as a transaction of its own, and that may be done
    /// twice.
    fn alone<T>(&self, act: impl FnOnce(&Self) -> Stored<T>) -> Stored<T>;

    /// Reads several things as they stand at one moment, where that costs nothing.
    fn together<T>(&self, read: impl FnOnce(&Self) -> Stored<T>) -> Stored<T>;

    /// Runs statements of a commit.
    fn writer(&self) -> Self::Writer<'_>;

    /// Changes rows, as a transaction of its own; answers how many. On a connection that turns out
    /// to be gone, nothing was changed.
    fn change_alone(&self, sql: &str, values: &[Cell<'_>]) -> Result<u64, Halt> {
        self.transact(|session| session.change(sql, values))
    }

    /// Reads every row of a query.
    fn all<T>(
        &self,
        sql: &str,
        values: &[Cell<'_>],
        mut row: impl FnMut(&Self::Row<'_>) -> Stored<T>,
    ) -> Stored<Vec<T>> {
        let mut found = Vec::new();
        self.each(sql, values, |next| {
            found.push(row(next)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// Runs a statement that must write exactly one row.
    fn one(&self, sql: &str, values: &[Cell<'_>]) -> Result<(), Halt> {
        if self.change(sql, values)? == 1 { Ok(()) } else { Err(Halt::Refused) }
    }

    /// Does something in a transaction that writes: all of it or, on an error, nothing.
    fn transact<T, E: From<StoreError>>(&self, act: impl FnOnce(&Self) -> Result<T, E>) -> Result<T, E> {
        self.begin()?;
        let answer = act(self).and_then(|answer| Ok(self.commit().map(|()| answer)?));
        if answer.is_err() {
            self.give_up()?;
        }
        answer
    }
}

impl From<StoreError> for Halt {
    fn from(problem: StoreError) -> Self {
        Self::Failed(problem)
    }
}

/// The connections to one database.
///
/// What is done on a connection may be done again from the start on another one, if the database
/// took it back or nothing was written: it collects what it finds anew each time.
pub trait Connections: Send + Sync + 'static {
    /// A conversation on one of them.
    type Session: Session;

    /// Which SQL is spoken.
    const DIALECT: Dialect;

    /// Does something on a connection that writes, outside a transaction.
    fn write<T>(&self, act: impl FnMut(&Self::Session) -> Stored<T>) -> Stored<T>;

    /// Reads a few rows by their key.
    fn look_up<T>(&self, act: impl FnMut(&Self::Session) -> Stored<T>) -> Stored<T>;

    /// Reads many rows.
    fn read<T>(&self, act: impl FnMut(&Self::Session) -> Stored<T>) -> Stored<T>;

    /// The fixed statements.
    fn statements() -> &'static Statements {
        fixed(Self::DIALECT)
    }
}
