//! A commit as statements: the portable seam for hosts that run their own transaction.

use crate::kernel::code::TenantCode;
use crate::sql::statements::{Statements, fixed};
use crate::sql::{Cell, Dialect, SqlValue, Statement, row};
use crate::store::commit::{Commit, Stream, write_notice};

/// Takes the statements of a commit one after the other. Each but a change of a timer must write
/// exactly one row.
#[cfg_attr(
    not(any(feature = "sqlite", feature = "postgres")),
    expect(unreachable_pub, reason = "only the stores of ours name it in what they promise")
)]
pub trait Take {
    type Refusal;

    /// A statement that may as well write nothing.
    fn take_any(&mut self, sql: &'static str, values: &[Cell<'_>]) -> Result<(), Self::Refusal>;

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
    // In the order of the cases: two commits that cross take their rows the same way round, so the
    // second waits for the first and neither for the other.
    let mut streams: Vec<&Stream> = commit.streams.iter().collect();
    streams.sort_by_key(|stream| stream.case);
    for stream in streams {
        let Stream { case, expected, events, fact, due, notices } = stream;
        let cells = row::grievance(tenant, fact);
        if *expected == 0 {
            to.take(&sql.insert_grievance, &cells)?;
        } else {
            to.take(&sql.update_grievance, &row::replacing(&cells, *expected))?;
        }
        for sealed in events {
            to.take(&sql.insert_event, &row::event(tenant, commit.command, sealed))?;
        }
        let key = [Cell::Text(tenant.as_str()), Cell::Id(case.uuid())];
        match due {
            Some(due) => to.take_any(&sql.set_timer, &[key[0], key[1], row::instant(*due)])?,
            // A new case has no timer that could be in the way.
            None if *expected == 0 => {}
            None => to.take_any(&sql.drop_timer, &key)?,
        }
        if stream.erases() {
            // The texts first: whoever keeps one anew just now is waited for, and the tokens that
            // they wrote beside it are seen by the next statement.
            to.take_any(&sql.erase_texts, &key)?;
            to.take_any(&sql.erase_tokens, &key)?;
            let none = row::digest(&Commit::NO_FINGERPRINT);
            let values = [none, key[0], key[1], key[0], key[1], Cell::Id(commit.command.uuid())];
            to.take_any(&sql.erase_fingerprints, &values)?;
        }
        for notice in notices {
            let body = write_notice(notice);
            to.take(&sql.insert_notice, &row::notice(tenant, notice, &body))?;
        }
    }
    for text in &commit.texts {
        to.take(&sql.insert_text, &row::vault(tenant, text))?;
        let of_case = commit.streams.iter().find(|stream| stream.case == text.case);
        let lodged_at = of_case.unwrap_or(commit.first()).fact.lodged_at;
        for token in text.indexed.iter().flat_map(|indexed| &indexed.tokens) {
            to.take(&sql.insert_token, &row::blind(tenant, text, token, lodged_at))?;
        }
    }
    Ok(())
}

impl Commit {
    /// The statements that write the commit, to be run in this order in one transaction: a
    /// portal can put them beside rows of its own, with whatever driver it has.
    ///
    /// The transaction is rolled back when a statement fails or writes another number of rows
    /// than it says; a statement that says none may write any. What that means: a failed insert into `command` that the command was used
    /// before (its row has the fingerprint and the receipt); a failed insert into `event` or
    /// `grievance`, or an update of no row, that somebody else was first or that a number is
    /// taken. A timer that is not moved is not written. READ COMMITTED is enough; where the database asks for it (SQLSTATE 40001, 40P01),
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
                self.list(sql, values, Some(1));
                Ok(())
            }

            fn take_any(&mut self, sql: &'static str, values: &[Cell<'_>]) -> Result<(), Self::Refusal> {
                self.list(sql, values, None);
                Ok(())
            }
        }

        impl Listed {
            fn list(&mut self, sql: &'static str, values: &[Cell<'_>], expect_rows: Option<u64>) {
                let values = values.iter().copied().map(SqlValue::from).collect();
                self.0.push(Statement { sql, values, expect_rows });
            }
        }

        let mut listed = Listed(Vec::new());
        let Ok(()) = say(self, tenant, fixed(dialect), &mut listed);
        listed.0
    }
}
