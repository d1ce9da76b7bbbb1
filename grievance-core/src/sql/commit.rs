//! A commit as statements: the portable seam for hosts that run their own transaction.

use crate::kernel::code::TenantCode;
use crate::sql::statements::{Statements, fixed};
use crate::sql::{Cell, Dialect, SqlValue, Statement, row};
use crate::store::commit::{Commit, Stream};

/// Takes the statements of a commit one after the other; each must write exactly one row.
pub(crate) trait Take {
    type Refusal;

    fn take(&mut self, sql: &'static str, values: &[Cell<'_>]) -> Result<(), Self::Refusal>;
}

/// Says every statement of a commit, in the order in which they are to be run.
///
/// The command comes first: one that was committed before is met before anything is written.
pub(crate) fn say<T: Take>(
    commit: &Commit,
    tenant: &TenantCode,
    sql: &'static Statements,
    to: &mut T,
) -> Result<(), T::Refusal> {
    to.take(&sql.insert_command, &row::command(tenant, commit))?;
    for Stream { case: _, expected, events, fact } in &commit.streams {
        let cells = row::grievance(tenant, fact);
        if *expected == 0 {
            to.take(&sql.insert_grievance, &cells)?;
        } else {
            // The row without its key, then the key and the version it must still have.
            let [tenant, case, rest @ ..] = cells;
            let mut cells = [Cell::Null; 33];
            cells[..30].copy_from_slice(&rest);
            cells[30..].copy_from_slice(&[tenant, case, row::count(*expected)]);
            to.take(&sql.update_grievance, &cells)?;
        }
        for sealed in events {
            to.take(&sql.insert_event, &row::event(tenant, commit.command, sealed))?;
        }
    }
    for (case, text) in &commit.texts {
        to.take(&sql.insert_text, &row::vault(tenant, *case, text))?;
    }
    Ok(())
}

impl Commit {
    /// The statements that write the commit, to be run in this order in one transaction: a
    /// portal can put them beside rows of its own, with whatever driver it has.
    ///
    /// The transaction is rolled back when a statement fails or writes another number of rows
    /// than it says. What that means: a failed insert into `command` that the command was used
    /// before (its row has the fingerprint and the receipt); a failed insert into `event` or
    /// `grievance`, or an update of no row, that somebody else was first or that a number is
    /// taken. READ COMMITTED is enough; where the database asks for it (SQLSTATE 40001, 40P01),
    /// decide again and try again.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::kernel::code::TenantCode;
    /// use grievance_core::sql::Dialect;
    /// use grievance_core::store::commit::Commit;
    ///
    /// fn first_words(commit: &Commit, tenant: &TenantCode) -> Vec<&'static str> {
    ///     let statements = commit.statements(tenant, Dialect::Postgres);
    ///     statements.iter().map(|statement| statement.sql).collect()
    /// }
    /// ```
    pub fn statements(&self, tenant: &TenantCode, dialect: Dialect) -> Vec<Statement> {
        struct Listed(Vec<Statement>);

        impl Take for Listed {
            type Refusal = std::convert::Infallible;

            fn take(&mut self, sql: &'static str, values: &[Cell<'_>]) -> Result<(), Self::Refusal> {
                let values = values.iter().copied().map(SqlValue::from).collect();
                self.0.push(Statement { sql, values, expect_rows: Some(1) });
                Ok(())
            }
        }

        let mut listed = Listed(Vec::new());
        let Ok(()) = say(self, tenant, fixed(dialect), &mut listed);
        listed.0
    }
}
