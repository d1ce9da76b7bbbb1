//! A connection as the store uses it, and the way between our values and the driver's.
//!
//! Each statement goes out with its parameters, in one message and under no name: nothing stays
//! prepared on the server, so a pooler may give the next transaction to another connection of its
//! own. See ADR 71.

use crate::sql::commit::Take;
use crate::sql::heard::hear;
use crate::sql::read::{Columns, Damaged};
use crate::sql::session::{Halt, Session};
use crate::sql::{Cell, Dialect, SqlValue, row};
use crate::store::{StoreError, Stored};
use postgres::types::private::BytesMut;
use postgres::types::{IsNull, ToSql, Type};
use postgres::{Client, Row};
use std::cell::{Cell as Flag, RefCell};
use std::error::Error;

/// Where the connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Transaction {
    None,
    Open,
    /// A statement failed. PostgreSQL takes no further one, and answers a COMMIT by rolling back.
    Failed,
}

/// One connection.
pub struct PostgresSession {
    client: RefCell<Client>,
    transaction: Flag<Transaction>,
    lost: Flag<bool>,
    /// Whether the server has answered since the connection was lent.
    answered: Flag<bool>,
}

impl PostgresSession {
    pub(super) fn new(client: Client) -> Self {
        Self {
            client: RefCell::new(client),
            transaction: Flag::new(Transaction::None),
            lost: Flag::new(false),
            answered: Flag::new(false),
        }
    }

    /// Begins a new turn.
    pub(super) fn lend(&self) {
        self.answered.set(false);
    }

    /// Whether the connection was gone before anything was said in this turn.
    pub(super) fn was_gone(&self) -> bool {
        self.lost.get() && !self.answered.get()
    }

    /// Whether the next one may use it: it is there, and nothing is open on it.
    pub(super) fn is_clean(&self) -> bool {
        !self.lost.get() && self.transaction.get() == Transaction::None && !self.client.borrow().is_closed()
    }

    pub(super) fn is_lost(&self) -> bool {
        self.lost.get()
    }

    fn say<T>(&self, say: impl FnOnce(&mut Client) -> Result<T, postgres::Error>) -> Result<T, Halt> {
        let said = say(&mut self.client.borrow_mut());
        self.answered.set(self.answered.get() || said.is_ok());
        said.map_err(|problem| {
            let open = self.transaction.get() != Transaction::None;
            if open {
                self.transaction.set(Transaction::Failed);
            }
            match failed(&problem) {
                Halt::Failed(StoreError::Lost) => {
                    self.lost.set(true);
                    // What was not committed is gone with the connection: that is certain.
                    Halt::Failed(if open { StoreError::Undone } else { StoreError::Lost })
                }
                halt => halt,
            }
        })
    }
}

impl PostgresSession {
    /// The rows of a query.
    fn ask(&self, sql: &str, values: &[Cell<'_>]) -> Result<Vec<Row>, Halt> {
        hear(Dialect::Postgres, sql);
        self.say(|client| client.query_typed(sql, &typed(values)))
    }

    /// Begins or ends something.
    fn order(&self, sql: &str) -> Result<(), Halt> {
        hear(Dialect::Postgres, sql);
        self.say(|client| client.batch_execute(sql))
    }
}

impl Session for PostgresSession {
    type Row<'r> = Row;
    type Writer<'s> = Writer<'s>;

    fn change(&self, sql: &str, values: &[Cell<'_>]) -> Result<u64, Halt> {
        hear(Dialect::Postgres, sql);
        self.say(|client| client.execute_typed(sql, &typed(values)))
    }

    fn each(&self, sql: &str, values: &[Cell<'_>], mut row: impl FnMut(&Row) -> Stored<()>) -> Stored<()> {
        self.ask(sql, values)?.iter().try_for_each(&mut row)
    }

    fn first<T>(
        &self,
        sql: &str,
        values: &[Cell<'_>],
        row: impl FnOnce(&Row) -> Stored<T>,
    ) -> Stored<Option<T>> {
        self.ask(sql, values)?.first().map(row).transpose()
    }

    fn begin(&self) -> Stored<()> {
        let begun = self.order("BEGIN ISOLATION LEVEL READ COMMITTED");
        begun.map_err(|halt| match halt {
            Halt::Failed(StoreError::Lost) => StoreError::Undone,
            halt => halt.into(),
        })?;
        self.transaction.set(Transaction::Open);
        Ok(())
    }

    fn commit(&self) -> Stored<()> {
        if self.transaction.get() != Transaction::Open {
            return Err(StoreError::Undone);
        }
        // From here on a lost connection tells nothing.
        self.transaction.set(Transaction::None);
        Ok(self.order("COMMIT")?)
    }

    fn give_up(&self) -> Stored<()> {
        if self.transaction.get() == Transaction::None || self.lost.get() {
            return Ok(());
        }
        self.order("ROLLBACK")?;
        self.transaction.set(Transaction::None);
        Ok(())
    }

    fn savepoint(&self) -> Stored<()> {
        Ok(self.order("SAVEPOINT one")?)
    }

    fn back_to_savepoint(&self) -> Stored<()> {
        self.order("ROLLBACK TO SAVEPOINT one")?;
        self.transaction.set(Transaction::Open);
        Ok(())
    }

    fn release_savepoint(&self) -> Stored<()> {
        Ok(self.order("RELEASE SAVEPOINT one")?)
    }

    /// A statement alone is a transaction: it needs no BEGIN and no COMMIT.
    fn alone<T>(&self, act: impl FnOnce(&Self) -> Stored<T>) -> Stored<T> {
        act(self)
    }

    /// One after the other: at READ COMMITTED a transaction would not hold them together, and a
    /// snapshot would cost two messages more. The version of the case decides at the commit.
    fn together<T>(&self, read: impl FnOnce(&Self) -> Stored<T>) -> Stored<T> {
        read(self)
    }

    fn writer(&self) -> Writer<'_> {
        Writer(self)
    }
}

/// Runs the statements of a commit.
pub struct Writer<'s>(&'s PostgresSession);

impl Take for Writer<'_> {
    type Refusal = Halt;

    fn take(&mut self, sql: &'static str, values: &[Cell<'_>]) -> Result<(), Halt> {
        self.0.one(sql, values)
    }

    fn take_any(&mut self, sql: &'static str, values: &[Cell<'_>]) -> Result<(), Halt> {
        self.0.change(sql, values).map(drop)
    }
}

/// The parameters with their types, so that the server need not be asked for them.
fn typed<'v>(values: &'v [Cell<'_>]) -> Vec<(&'v (dyn ToSql + Sync), Type)> {
    values
        .iter()
        .map(|value| {
            let kind = match value {
                Cell::Integer(_) => Type::INT8,
                Cell::Text(_) | Cell::Units(_) => Type::TEXT,
                Cell::Blob(_) | Cell::Id(_) => Type::BYTEA,
                // The column that takes it says what kind of NULL it is.
                Cell::Null => Type::UNKNOWN,
            };
            (value as &(dyn ToSql + Sync), kind)
        })
        .collect()
}

impl ToSql for Cell<'_> {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Integer(number) => out.extend_from_slice(&number.to_be_bytes()),
            Self::Text(text) => out.extend_from_slice(text.as_bytes()),
            Self::Blob(bytes) => out.extend_from_slice(bytes),
            Self::Id(id) => out.extend_from_slice(id.as_bytes()),
            Self::Units(units) => out.extend_from_slice(row::barred(units).as_bytes()),
            Self::Null => return Ok(IsNull::Yes),
        }
        Ok(IsNull::No)
    }

    /// `typed` says the type of each.
    fn accepts(_: &Type) -> bool {
        true
    }

    postgres::types::to_sql_checked!();
}

/// So that a host can bind what [`Commit::statements`](crate::store::commit::Commit::statements)
/// gives, with this driver or with tokio-postgres.
impl ToSql for SqlValue {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        Cell::from(self).to_sql(kind, out)
    }

    fn accepts(kind: &Type) -> bool {
        [Type::INT8, Type::TEXT, Type::BYTEA, Type::UNKNOWN].contains(kind)
    }

    postgres::types::to_sql_checked!();
}

impl SqlValue {
    /// The type to bind it as; of a NULL, the column says it.
    pub const fn kind(&self) -> Type {
        match self {
            Self::Integer(_) => Type::INT8,
            Self::Text(_) => Type::TEXT,
            Self::Blob(_) => Type::BYTEA,
            Self::Null => Type::UNKNOWN,
        }
    }
}

impl Columns for Row {
    fn integer(&self, column: usize) -> Result<Option<i64>, Damaged> {
        self.try_get(column).map_err(|_| Damaged { column })
    }

    fn text(&self, column: usize) -> Result<Option<&str>, Damaged> {
        self.try_get(column).map_err(|_| Damaged { column })
    }

    fn bytes(&self, column: usize) -> Result<Option<&[u8]>, Damaged> {
        self.try_get(column).map_err(|_| Damaged { column })
    }
}

/// What a failure means, by its SQLSTATE alone: the server's sentence may quote what was said.
fn failed(problem: &postgres::Error) -> Halt {
    let Some(code) = problem.code().map(postgres::error::SqlState::code) else {
        let broken = problem.source().is_some_and(<dyn Error>::is::<std::io::Error>);
        return Halt::Failed(if broken || problem.is_closed() {
            StoreError::Lost
        } else {
            StoreError::Backend("PostgreSQL: the driver was used wrongly".to_owned())
        });
    };
    match code {
        _ if code.starts_with("23") => Halt::Refused,
        // A table or its type of that name: two make it at once.
        "42710" | "42P07" => Halt::Refused,
        "40001" | "40P01" => Halt::Failed(StoreError::Undone),
        // The server goes down, or, among its relatives, does not know whether it committed.
        "40003" | "57P01" | "57P02" => Halt::Failed(StoreError::Lost),
        _ if code.starts_with("08") => Halt::Failed(StoreError::Lost),
        // A lock or a statement timed out by the server's settings; too many connections.
        "55P03" | "57014" | "57P03" | "53300" => Halt::Failed(StoreError::Busy),
        _ => Halt::Failed(StoreError::Backend(format!("PostgreSQL: SQLSTATE {code}"))),
    }
}
