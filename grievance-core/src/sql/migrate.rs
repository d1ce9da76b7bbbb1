//! The numbered steps from an empty database to the schema of this library.

use crate::kernel::text::Digest;
use crate::measure::mis::Terms;
use crate::measure::picked::{Picked, Subject};
use crate::measure::question::{Dimension, Question};
use crate::rulebook::access::Scope;
use crate::sql::{Dialect, people, schema, search, statements, survey};
use crate::store::blind::{Sought, Token};
use crate::store::search::{Cursor, Search};
use crate::vocabulary::AgeRule;
use chrono::{DateTime, NaiveDate};
use sea_query::{PostgresQueryBuilder, SqliteQueryBuilder};
use std::fmt::Write as _;

/// The schema version that this library writes: how many migrations there are.
pub const SCHEMA_VERSION: i64 = 11;

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
        schema::reach(dialect),
        schema::vault(dialect),
        schema::checkpoints(dialect),
        schema::quality(dialect),
        schema::references(dialect),
        schema::judged(dialect),
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
    let (sql, _) = search::build(dialect, "west-bengal", &everything(), &example(), None);
    say("a search with everything that can be asked (built when asked)", &sql);
    let (sql, _) = search::scan(dialect, "west-bengal", &everything(), None, 1_000);
    say("a scan of the cases in a scope (built when asked)", &sql);
    let (sql, _) = search::count(dialect, "west-bengal", &everything());
    say("how many cases are in a scope (built when asked)", &sql);
    let terms = Terms::new(NaiveDate::default(), chrono_tz::UTC, AgeRule::Calendar);
    let question = Question::new(terms, Dimension::Category)
        .about(Picked::units(["u"]).of(Subject::Of("c".into())))
        .only(Dimension::Place, ["p"]);
    let (sql, _) = survey::build(dialect, "west-bengal", &everything(), &question, DateTime::UNIX_EPOCH);
    say("counts and bands by subject (built when asked)", &sql);
    let example = example();
    let by_name = Search { mobile: None, email: None, ..example.clone() };
    let people = [
        (&example, "cases of a name of two words and a mobile (built when asked)"),
        (&by_name, "cases of a name of two words that come about as often as each other (built when asked)"),
    ];
    for (example, title) in people {
        let Ok(ranked) = people::ranked(example, 2, |_| {
            Ok::<_, std::convert::Infallible>(people::Counted { often: 1, between: None })
        });
        let sought = ranked.expect("tokens are sought");
        let (sql, _) = people::candidates(dialect, "west-bengal", &sought, example.after, 128);
        say(title, &sql);
    }
    text
}

/// A scope with one of everything.
fn everything() -> Scope {
    let code = "fits every list";
    let unit = crate::kernel::code::UnitCode::new("u").expect(code);
    let place = crate::kernel::code::PlaceCode::new("p").expect(code);
    let category = crate::kernel::code::CategoryCode::new("c").expect(code);
    let person = crate::kernel::id::PersonId::from_uuid(uuid::Uuid::nil());
    let version = Digest::from_bytes([0; 32]);
    Scope::AnyOf(vec![
        Scope::AllOf(vec![
            Scope::except(Scope::Sealed),
            Scope::except(Scope::About(vec![unit.clone()])),
            Scope::AnyOf(vec![
                Scope::ComplainantIs(person),
                Scope::LodgedBy(person),
                Scope::SentBy(unit.clone()),
                Scope::MovedBy(unit.clone()),
                Scope::Consulted(unit.clone()),
                Scope::HeldBy(unit.clone()),
                Scope::HeldBelow(version, unit),
                Scope::Within(version, place),
                Scope::Nothing,
            ]),
        ]),
        Scope::AllOf(vec![Scope::SealedAs(vec![category]), Scope::All]),
    ])
}

/// The text of a search, as it is built when it is asked.
pub fn search_text(dialect: Dialect, tenant: &str, scope: &Scope, search: &Search) -> String {
    search::build(dialect, tenant, scope, search, None).0
}

/// A search with one of everything.
fn example() -> Search {
    let code = "fits every list";
    Search {
        number: Some(String::new()),
        name: Some(Sought::Tokens(vec![vec![Token::from_bytes([0; 16])]; 2])),
        mobile: Some(Sought::Tokens(vec![vec![Token::from_bytes([0; 16])]])),
        email: None,
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
