//! Every SQL string of both dialects, fixed and built, keeps the rules that let one database serve
//! many governments, and the same text run on one machine or on many.

use grievance_core::kernel::id::GrievanceId;
use grievance_core::rulebook::access::Scope;
use grievance_core::sql::{Dialect, fixed, migrations, search_text, text};
use grievance_core::store::search::{Cursor, Search};
use grievance_core::vocabulary::Phase;
use proptest::prelude::*;

/// A piece of SQL; what stands in parentheses is one piece.
#[derive(Clone, Debug, PartialEq)]
enum Piece {
    /// A word of the language, in small letters.
    Word(String),
    /// A quoted name.
    Name(String),
    Parameter,
    Literal,
    Mark(char),
    Group(Vec<Piece>),
}

use Piece::{Group, Literal, Mark, Name, Parameter, Word};

/// Takes SQL apart, up to the end or the parenthesis that closes the group.
fn pieces(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Vec<Piece> {
    let mut found = Vec::new();
    while let Some(c) = rest.next() {
        found.push(match c {
            ')' => return found,
            '(' => Group(pieces(rest)),
            '"' => Name(rest.by_ref().take_while(|c| *c != '"').collect()),
            '\'' => {
                rest.by_ref().take_while(|c| *c != '\'').for_each(drop);
                Literal
            }
            '?' => Parameter,
            '$' => {
                while rest.next_if(char::is_ascii_digit).is_some() {}
                Parameter
            }
            c if c.is_ascii_digit() => {
                while rest.next_if(char::is_ascii_digit).is_some() {}
                Literal
            }
            c if c.is_ascii_alphabetic() => {
                let mut word = c.to_ascii_lowercase().to_string();
                while let Some(c) = rest.next_if(|c| c.is_ascii_alphanumeric() || *c == '_') {
                    word.push(c.to_ascii_lowercase());
                }
                Word(word)
            }
            c if c.is_whitespace() => continue,
            c => Mark(c),
        });
    }
    found
}

/// What would bind us to one database, or leave an answer to chance.
const BANNED: &[&str] = &[
    "trigger",
    "sequence",
    "nextval",
    "serial",
    "bigserial",
    "autoincrement",
    "generated",
    "now",
    "current_timestamp",
    "current_time",
    "current_date",
    "localtimestamp",
    "clock_timestamp",
    "transaction_timestamp",
    "datetime",
    "strftime",
    "unixepoch",
    "random",
    "gen_random_uuid",
    "offset",
    "jsonb",
    "listen",
    "notify",
    "lock",
    "share",
    "returns",
    "function",
];

/// Tables of the database's own and the one row of the schema version: they have no tenant.
const WITHOUT_TENANT: &[&str] = &["schema_version", "sqlite_schema", "sqlite_stat1"];

/// What is wrong with a statement.
pub(crate) fn findings(sql: &str) -> Vec<String> {
    let mut found = Vec::new();
    check(&pieces(&mut sql.chars().peekable()), "", &mut found);
    found
}

fn word(piece: Option<&Piece>) -> &str {
    if let Some(Word(word)) = piece { word } else { "" }
}

fn name(piece: Option<&Piece>) -> &str {
    if let Some(Name(name)) = piece { name } else { "" }
}

/// Whether a list of columns begins with the tenant.
fn begins_with_tenant(piece: Option<&Piece>) -> bool {
    matches!(piece, Some(Group(columns)) if name(columns.first()) == "tenant")
}

/// `of` is the name before the group: the table that is made.
fn check(level: &[Piece], of: &str, found: &mut Vec<String>) {
    let at = |place: usize| level.get(place);
    let (mut tables, mut bound, mut conditions, mut ordered) = (Vec::new(), 0, false, false);
    let (mut is_query, mut has_tenant) = (false, true);
    for (place, piece) in level.iter().enumerate() {
        if let Group(inner) = piece {
            check(inner, name(place.checked_sub(1).and_then(at)), found);
            continue;
        }
        if *piece == Name("tenant".to_owned()) && conditions && at(place + 1) == Some(&Mark('=')) {
            // "=" a parameter, or the tenant of another table.
            let own = matches!(at(place + 2), Some(Parameter));
            let other = at(place + 3) == Some(&Mark('.')) && name(at(place + 4)) == "tenant";
            bound += usize::from(own || other);
        }
        let Word(this) = piece else { continue };
        if BANNED.contains(&this.as_str()) || this.contains("advisory") {
            found.push(format!("says {this}"));
        }
        let next = at(place + 1);
        match this.as_str() {
            "select" | "delete" => is_query = true,
            "update" if !name(next).is_empty() => {
                is_query = true;
                tables.push(name(next));
            }
            "from" | "join" => match next {
                Some(Name(table)) => tables.push(table),
                Some(Group(_)) => {}
                // The schema version is read before there is a dialect to quote for.
                Some(Word(table)) if WITHOUT_TENANT.contains(&table.as_str()) => {}
                _ => found.push(format!("{this} what is not a table")),
            },
            "into" if WITHOUT_TENANT.contains(&name(next)) || WITHOUT_TENANT.contains(&word(next)) => {
                has_tenant = false;
            }
            "into" if !begins_with_tenant(at(place + 2)) => {
                found.push("an INSERT whose first column is not the tenant".to_owned());
            }
            // Without a key it is a conflict on any: the schema's keys all begin with the tenant.
            "conflict" if has_tenant && word(next) != "do" && !begins_with_tenant(next) => {
                found.push("a conflict on a key without the tenant".to_owned());
            }
            "key" | "unique" if matches!(next, Some(Group(_))) && !begins_with_tenant(next) => {
                found.push("a key whose first column is not the tenant".to_owned());
            }
            "references" if !begins_with_tenant(at(place + 2)) => {
                found.push("a reference without the tenant".to_owned());
            }
            "on" if word(level.first()) == "create" && !begins_with_tenant(at(place + 2)) => {
                found.push("an index whose first column is not the tenant".to_owned());
            }
            "primary"
                if word(next) == "key"
                    && !matches!(at(place + 2), Some(Group(_)))
                    && !WITHOUT_TENANT.contains(&of) =>
            {
                found.push("a key of one column".to_owned());
            }
            "where" | "on" => conditions = true,
            "or" if conditions && is_query => found.push("an OR beside the tenant".to_owned()),
            "order" => (conditions, ordered) = (false, true),
            "limit" if !ordered => found.push("a LIMIT without ORDER BY".to_owned()),
            _ => {}
        }
    }
    let needed = tables.iter().filter(|table| !WITHOUT_TENANT.contains(table)).count();
    if is_query && bound < needed {
        found.push(format!("{needed} tables and {bound} times the tenant"));
    }
}

/// Every fixed statement, every migration and the text of the golden file.
#[test]
fn every_fixed_statement_keeps_the_rules() {
    for dialect in Dialect::ALL {
        let mut said = 0;
        for (name, sql) in fixed(dialect).list() {
            assert_eq!(findings(sql), [""; 0], "{} {name}: {sql}", dialect.as_str());
            said += 1;
        }
        for (n, migration) in (1..).zip(migrations(dialect)) {
            for sql in migration {
                assert_eq!(findings(&sql), [""; 0], "{} migration {n}: {sql}", dialect.as_str());
                said += 1;
            }
        }
        for part in text(dialect).split("\n-- ").skip(1) {
            let (title, sql) = part.split_once('\n').unwrap();
            assert_eq!(findings(sql), [""; 0], "{} {title}: {sql}", dialect.as_str());
        }
        assert!(said > 70, "{said}: the lists are not empty");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// Every search that can be asked, whatever is filtered by.
    #[test]
    fn every_search_keeps_the_rules(
        texts in prop::array::uniform2(prop::option::of(".{0,8}")),
        source in prop::option::of("[a-z]{1,5}"),
        times in prop::array::uniform2(prop::option::of(0_i64..1_000_000)),
        lists in prop::array::uniform3(prop::collection::vec("[a-z]{1,5}", 0..4)),
        phases in prop::collection::vec(prop::sample::select(Phase::ALL.to_vec()), 0..4),
        after in prop::option::of((0_i64..1_000_000, any::<u128>())),
        limit in 0_u32..1_000,
    ) {
        let instant = |millis| chrono::DateTime::from_timestamp_millis(millis).unwrap();
        let [number, external_number] = texts;
        let [units, categories, stages] = lists;
        let search = Search {
            number,
            external_number,
            source: source.map(|code| code.parse().unwrap()),
            lodged_from: times[0].map(instant),
            lodged_before: times[1].map(instant),
            units: units.iter().map(|code| code.parse().unwrap()).collect(),
            categories: categories.iter().map(|code| code.parse().unwrap()).collect(),
            stages: stages.iter().map(|code| code.parse().unwrap()).collect(),
            phases,
            after: after.map(|(at, case)| Cursor {
                lodged_at: instant(at),
                case: GrievanceId::from_uuid(uuid::Uuid::from_u128(case)),
            }),
            limit,
            ..Search::default()
        };
        let unit = || "water".parse().unwrap();
        let version = grievance_core::kernel::text::Digest::of(&[b"version"]);
        let below = Scope::AnyOf(vec![
            Scope::HeldBelow(version, unit()),
            Scope::Within(version, "north".parse().unwrap()),
            Scope::Consulted(unit()),
        ]);
        let scopes = [
            Scope::All,
            Scope::Nothing,
            Scope::except(Scope::Sealed),
            below.clone(),
            Scope::AllOf(vec![Scope::except(Scope::About(vec![unit()])), below]),
        ];
        for (dialect, scope) in Dialect::ALL.into_iter().flat_map(|it| scopes.iter().map(move |scope| (it, scope))) {
            let sql = search_text(dialect, "west-bengal", scope, &search);
            prop_assert_eq!(findings(&sql), [""; 0], "{}", sql);
        }
    }
}

/// A lint that finds nothing proves nothing: each rule, broken once, is found.
#[test]
fn the_lint_bites() {
    let planted = [
        (r#"SELECT "a" FROM "event" WHERE "case_id" = ?"#, "1 tables and 0 times"),
        (r#"SELECT "a" FROM "event""#, "1 tables and 0 times"),
        (r#"SELECT "a" FROM "event" WHERE "tenant" = "case_id""#, "1 tables and 0 times"),
        (r#"SELECT "a" FROM "event" WHERE ("tenant" = ? OR "case_id" = ?)"#, "1 tables and 0 times"),
        (r#"SELECT "a" FROM "event" WHERE "tenant" = ? OR "case_id" = ?"#, "an OR"),
        (
            r#"SELECT "a" FROM "event" JOIN "vault" ON "vault"."case_id" = "event"."case_id" WHERE "event"."tenant" = $1"#,
            "2 tables and 1 times",
        ),
        (
            r#"SELECT "a" FROM "outbox" WHERE "tenant" = $1 AND NOT EXISTS(SELECT 1 FROM "outbox" AS "b" WHERE "b"."case_id" = "outbox"."case_id")"#,
            "1 tables and 0 times",
        ),
        (r#"UPDATE "grievance" SET "tenant" = $1 WHERE "case_id" = $2"#, "1 tables and 0 times"),
        (r#"DELETE FROM "timer" WHERE "case_id" = $1"#, "1 tables and 0 times"),
        (r#"INSERT INTO "event" ("case_id", "tenant") VALUES ($1, $2)"#, "first column"),
        (
            r#"INSERT INTO "timer" ("tenant", "case_id") VALUES ($1, $2) ON CONFLICT ("case_id") DO NOTHING"#,
            "a conflict",
        ),
        (r#"CREATE TABLE "t" ( "tenant" text, "id" text, PRIMARY KEY ("id", "tenant") )"#, "a key whose"),
        (r#"CREATE TABLE "t" ( "id" text PRIMARY KEY )"#, "a key of one column"),
        (r#"CREATE TABLE "t" ( "tenant" text, UNIQUE ("id") )"#, "a key whose"),
        (r#"CREATE TABLE "t" ( FOREIGN KEY ("tenant", "id") REFERENCES "e" ("id") )"#, "a reference"),
        (r#"CREATE UNIQUE INDEX "i" ON "t" ("number")"#, "an index"),
        (r#"CREATE INDEX "i" ON "t" ("number", "tenant")"#, "an index"),
        (r#"SELECT "a" FROM "event" WHERE "tenant" = $1 LIMIT $2"#, "a LIMIT"),
        (
            r#"SELECT "a" FROM "event" WHERE "tenant" = $1 AND "b" IN (SELECT "b" FROM "event" WHERE "tenant" = $2 LIMIT 1) ORDER BY "a""#,
            "a LIMIT",
        ),
        (r#"SELECT "a" FROM "event" WHERE "tenant" = $1 ORDER BY "a" LIMIT 5 OFFSET 5"#, "says offset"),
        (r#"UPDATE "event" SET "at" = now() WHERE "tenant" = $1"#, "says now"),
        (r#"UPDATE "event" SET "at" = CURRENT_TIMESTAMP WHERE "tenant" = $1"#, "says current_timestamp"),
        ("SELECT pg_advisory_xact_lock(1)", "says pg_advisory_xact_lock"),
        (r#"CREATE TRIGGER "t" BEFORE INSERT ON "event""#, "says trigger"),
        (r#"CREATE SEQUENCE "s""#, "says sequence"),
        (r#"CREATE TABLE "t" ( "tenant" text, "n" BIGSERIAL, PRIMARY KEY ("tenant") )"#, "says bigserial"),
        ("SELECT nextval('s')", "says nextval"),
        (r#"CREATE TABLE "t" ( "tenant" text, "body" JSONB, PRIMARY KEY ("tenant") )"#, "says jsonb"),
    ];
    for (sql, finding) in planted {
        let found = findings(sql);
        assert!(!found.is_empty(), "nothing is found in {sql}");
        assert!(found.iter().any(|found| found.contains(finding)), "{sql}: {found:?}");
    }
    // Words in quotes are names and texts.
    let sound = r#"SELECT "offset", 'now' FROM "serial" WHERE "tenant" = $1 ORDER BY "a" LIMIT $2"#;
    assert_eq!(findings(sound), [""; 0]);
}
