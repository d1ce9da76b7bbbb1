//! A connection as the store uses it, and the way between our values and the driver's.

use crate::sql::commit::Take;
use crate::sql::heard::hear;
use crate::sql::read::{Columns, Damaged};
use crate::sql::session::{Halt, Session};
use crate::sql::sqlite::connection::{failed, is_refusal};
use crate::sql::{Cell, Dialect, SqlValue, row};
use crate::store::Stored;
use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, Row, Statement};

impl From<rusqlite::Error> for Halt {
    fn from(problem: rusqlite::Error) -> Self {
        if is_refusal(&problem) { Self::Refused } else { Self::Failed(failed(&problem)) }
    }
}

impl Session for Connection {
    type Row<'r> = Row<'r>;
    type Writer<'s> = Writer<'s>;

    fn change(&self, sql: &str, values: &[Cell<'_>]) -> Result<u64, Halt> {
        let mut statement = prepared(self, sql)?;
        bind(&mut statement, values)?;
        Ok(statement.raw_execute()? as u64)
    }

    fn change_alone(&self, sql: &str, values: &[Cell<'_>]) -> Result<u64, Halt> {
        self.change(sql, values)
    }

    fn each(
        &self,
        sql: &str,
        values: &[Cell<'_>],
        mut row: impl FnMut(&Row<'_>) -> Stored<()>,
    ) -> Stored<()> {
        let mut statement = prepared(self, sql).map_err(|problem| failed(&problem))?;
        bind(&mut statement, values).map_err(|problem| failed(&problem))?;
        let mut rows = statement.raw_query();
        while let Some(found) = rows.next().map_err(|problem| failed(&problem))? {
            row(found)?;
        }
        Ok(())
    }

    fn first<T>(
        &self,
        sql: &str,
        values: &[Cell<'_>],
        row: impl FnOnce(&Row<'_>) -> Stored<T>,
    ) -> Stored<Option<T>> {
        let mut statement = prepared(self, sql).map_err(|problem| failed(&problem))?;
        bind(&mut statement, values).map_err(|problem| failed(&problem))?;
        let mut rows = statement.raw_query();
        rows.next().map_err(|problem| failed(&problem))?.map(row).transpose()
    }

    fn begin(&self) -> Stored<()> {
        run(self, "BEGIN IMMEDIATE")
    }

    fn commit(&self) -> Stored<()> {
        run(self, "COMMIT")
    }

    fn give_up(&self) -> Stored<()> {
        if self.is_autocommit() { Ok(()) } else { run(self, "ROLLBACK") }
    }

    fn savepoint(&self) -> Stored<()> {
        run(self, "SAVEPOINT one")
    }

    fn back_to_savepoint(&self) -> Stored<()> {
        run(self, "ROLLBACK TO one")
    }

    fn release_savepoint(&self) -> Stored<()> {
        run(self, "RELEASE one")
    }

    fn alone<T>(&self, act: impl FnOnce(&Self) -> Stored<T>) -> Stored<T> {
        self.transact(act)
    }

    fn together<T>(&self, read: impl FnOnce(&Self) -> Stored<T>) -> Stored<T> {
        run(self, "BEGIN")?;
        let answer = read(self);
        run(self, "COMMIT")?;
        answer
    }

    fn writer(&self) -> Writer<'_> {
        Writer { connection: self, at_hand: Vec::with_capacity(8) }
    }
}

/// The one way from a text to the database.
fn prepared<'c>(connection: &'c Connection, sql: &str) -> rusqlite::Result<CachedStatement<'c>> {
    hear(Dialect::Sqlite, sql);
    connection.prepare_cached(sql)
}

/// Runs a statement without parameters.
fn run(connection: &Connection, sql: &str) -> Stored<()> {
    let done = prepared(connection, sql).and_then(|mut statement| statement.execute([]));
    done.map(drop).map_err(|problem| failed(&problem))
}

/// Runs statements; each is looked up once and stays at hand for the next commit.
pub struct Writer<'c> {
    connection: &'c Connection,
    at_hand: Vec<(&'static str, CachedStatement<'c>)>,
}

impl Take for Writer<'_> {
    type Refusal = Halt;

    fn take(&mut self, sql: &'static str, values: &[Cell<'_>]) -> Result<(), Halt> {
        if self.run(sql, values)? == 1 { Ok(()) } else { Err(Halt::Refused) }
    }

    fn take_any(&mut self, sql: &'static str, values: &[Cell<'_>]) -> Result<(), Halt> {
        Ok(self.run(sql, values).map(drop)?)
    }
}

impl Writer<'_> {
    /// Runs a statement; answers how many rows it wrote.
    fn run(&mut self, sql: &'static str, values: &[Cell<'_>]) -> rusqlite::Result<usize> {
        // The texts are fixed: the same place is the same text.
        let known = self.at_hand.iter().position(|(text, _)| std::ptr::eq(*text, sql));
        let at = known.unwrap_or(self.at_hand.len());
        if known.is_none() {
            self.at_hand.push((sql, prepared(self.connection, sql)?));
        }
        let statement = &mut self.at_hand[at].1;
        bind(statement, values)?;
        statement.raw_execute()
    }
}

/// Binds the parameters of a statement, in order.
fn bind(statement: &mut Statement<'_>, values: &[Cell<'_>]) -> rusqlite::Result<()> {
    (1..).zip(values).try_for_each(|(place, value)| statement.raw_bind_parameter::<usize, _>(place, value))
}

impl ToSql for Cell<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Units(units) => return Ok(row::barred(units).into()),
            Self::Integer(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
            Self::Id(id) => ValueRef::Blob(id.as_bytes()),
            Self::Null => ValueRef::Null,
        }))
    }
}

impl ToSql for SqlValue {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Integer(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
            Self::Null => ValueRef::Null,
        }))
    }
}

impl Columns for Row<'_> {
    fn integer(&self, column: usize) -> Result<Option<i64>, Damaged> {
        match self.get_ref(column) {
            Ok(ValueRef::Integer(number)) => Ok(Some(number)),
            Ok(ValueRef::Null) => Ok(None),
            _ => Err(Damaged { column }),
        }
    }

    fn text(&self, column: usize) -> Result<Option<&str>, Damaged> {
        match self.get_ref(column) {
            Ok(ValueRef::Text(text)) => std::str::from_utf8(text).map(Some).map_err(|_| Damaged { column }),
            Ok(ValueRef::Null) => Ok(None),
            _ => Err(Damaged { column }),
        }
    }

    fn bytes(&self, column: usize) -> Result<Option<&[u8]>, Damaged> {
        match self.get_ref(column) {
            Ok(ValueRef::Blob(bytes)) => Ok(Some(bytes)),
            Ok(ValueRef::Null) => Ok(None),
            _ => Err(Damaged { column }),
        }
    }
}
