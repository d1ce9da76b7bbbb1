//! Flat records of Node's own; all others are the core's, and cross as JSON. `lib/records.cjs` makes frozen
//! objects of both, by the table.

use grievance_core::desk::flat::{Done, Flat as _};
use grievance_core::desk::{self, Ready};
use grievance_core::kernel::code::TenantCode;
use grievance_core::sql::{self, Dialect};
use grievance_core::vocabulary::{TableField, TableRow};
use serde::Serialize;
use std::fmt::Write as _;

macro_rules! records {
    ($($doc:literal $name:ident { $($about:literal $field:ident: $kind:ty,)+ })+) => {
        $(
            #[doc = $doc]
            #[derive(Serialize)]
            pub(crate) struct $name { $(#[doc = $about] $field: $kind,)+ }
        )+

        /// The rows that Node adds to the core's table.
        pub(crate) const OWN_RECORDS: &[TableRow] = &[$(TableRow {
            name: stringify!($name),
            about: $doc,
            fields: &[
                $(TableField { name: stringify!($field), kind: stringify!($kind), must: true, about: $about },)+
            ],
        },)+];
    };
}

records! {
    "A statement that the host runs in a transaction of its own."
    StatementToRun {
        "Its text: the same for every commit." sql: String,
        "Its parameters, in order." values: Vec<SqlValue>,
        "How many rows it must write, else the transaction is rolled back; null for any number." expect_rows: Option<u64>,
    }
    "A command that was decided and is not stored, or that was stored before."
    Preparation {
        "Whether there is something to store." ready: bool,
        "What the command has come to, once that is stored." done: Done,
        "What stores it, to be run in this order in one transaction." statements: Vec<StatementToRun>,
    }
}

/// A parameter of a statement: a text, or, as an object, what JSON has no kind for.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SqlValue {
    /// Of 64 bits, in decimal digits.
    Integer(String),
    /// In hexadecimal digits.
    Blob(String),
    #[serde(untagged)]
    Text(String),
    #[serde(untagged)]
    Null(()),
}

impl From<sql::SqlValue> for SqlValue {
    fn from(it: sql::SqlValue) -> Self {
        match it {
            sql::SqlValue::Integer(whole) => Self::Integer(whole.to_string()),
            sql::SqlValue::Text(text) => Self::Text(text),
            sql::SqlValue::Blob(bytes) => {
                Self::Blob(bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut hex, byte| {
                    let _ = write!(hex, "{byte:02x}");
                    hex
                }))
            }
            sql::SqlValue::Null => Self::Null(()),
        }
    }
}

impl From<sql::Statement> for StatementToRun {
    fn from(it: sql::Statement) -> Self {
        let sql::Statement { sql, values, expect_rows } = it;
        let values = values.into_iter().map(SqlValue::from).collect();
        Self { sql: sql.to_owned(), values, expect_rows }
    }
}

impl Preparation {
    pub(crate) fn of(it: desk::Preparation, tenant: &TenantCode, dialect: Dialect) -> Self {
        let (ready, done, statements) = match it {
            desk::Preparation::Done(done) => (false, done, Vec::new()),
            desk::Preparation::Ready(ready) => {
                let Ready { commit, done } = *ready;
                (true, done, commit.statements(tenant, dialect))
            }
        };
        let statements = statements.into_iter().map(StatementToRun::from).collect();
        Self { ready, done: done.flat(), statements }
    }
}
