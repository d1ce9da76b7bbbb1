//! The numbered steps from an empty database to the schema of this library.

use crate::sql::{Dialect, schema, search, statements};
use crate::store::search::{Cursor, Search};
use sea_query::{PostgresQueryBuilder, SqliteQueryBuilder};
use std::fmt::Write as _;

/// The schema version that this library writes: how many migrations there are.
pub const SCHEMA_VERSION: i64 = 5;

/// Every migration of a dialect, first to last, each as its statements: migration *n* of the list
/// (from 1) takes a database from version *n* − 1 to version *n*, in one transaction with the row
/// of `schema_version`.
pub fn migrations(dialect: Dialect) -> Vec<Vec<String>> {
    vec![
        schema::first(dialect),
        schema::time(dialect),
        schema::challenges(dialect),
        schema::lines(dialect),
        schema::forgetting(dialect),
    ]
}

/// The statement that makes the table of the schema version, if it is not there.
pub(crate) fn version_table(dialect: Dialect) -> String {
    match dialect {
        Dialect::Sqlite => schema::schema_version().extra("STRICT").to_string(SqliteQueryBuilder),
        Dialect::Postgres => schema::schema_version().to_string(PostgresQueryBuilder),
    }
}

/// Everything that is said in a dialect, to be read by people: the migrations, the fixed
/// statements by name, and one search. This is what the golden files hold.
pub fn text(dialect: Dialect) -> String {
    let mut text = String::from(
        "-- What grievance-core says to this database. Generated: UPDATE_GOLDEN=1 rewrites it.\n",
    );
    let mut say = |title: &str, sql: &str| {
        write!(text, "\n-- {title}\n{sql};\n").expect("a String takes any text");
    };
    say("schema version", &version_table(dialect));
    for (n, migration) in (1..).zip(migrations(dialect)) {
        for statement in migration {
            say(&format!("migration {n}"), &statement);
        }
    }
    for (name, sql) in statements::fixed(dialect).list() {
        say(name, sql);
    }
    let (sql, _) = search::build(dialect, "west-bengal", &example());
    say("a search with everything that can be asked (built when asked)", &sql);
    text
}

/// The text of a search, as it is built when it is asked.
pub fn search_text(dialect: Dialect, tenant: &str, search: &Search) -> String {
    search::build(dialect, tenant, search).0
}

/// A search with one of everything.
fn example() -> Search {
    let code = "fits every list";
    Search {
        number: Some(String::new()),
        external_number: Some(String::new()),
        source: crate::kernel::code::SourceCode::new("s").ok(),
        lodged_from: Some(chrono::DateTime::UNIX_EPOCH),
        lodged_before: Some(chrono::DateTime::UNIX_EPOCH),
        units: vec![crate::kernel::code::UnitCode::new("u").expect(code)],
        categories: vec![crate::kernel::code::CategoryCode::new("c").expect(code)],
        stages: vec![crate::kernel::code::StageCode::new("s").expect(code)],
        phases: vec![crate::vocabulary::Phase::Registered, crate::vocabulary::Phase::InProgress],
        after: Some(Cursor {
            lodged_at: chrono::DateTime::UNIX_EPOCH,
            case: crate::kernel::id::GrievanceId::from_uuid(uuid::Uuid::nil()),
        }),
        limit: 50,
    }
}
