//! The lint of `sql_lint` looks at every text that a store can send: what the seam to the drivers was
//! given while every promise, desk and search is asked, and every text in the sources.

use crate::desk_support::{at, citizen, lodging, officer};
use crate::sql_lint::findings;
use grievance_core::desk::{Desk, SeededMint};
use grievance_core::grievance::request::Lodge;
use grievance_core::rulebook::Rulebook;
use grievance_core::sql::{Dialect, fixed, heard, listen, migrations};
use grievance_core::store::Store;
use grievance_core::store::conformance::PROMISES;
use grievance_core::store::keys::KeyRing;
use grievance_core::store::search::Search;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What begins, ends and parts transactions: no table is named.
const TRANSACTIONS: &[&str] = &[
    "BEGIN",
    "BEGIN IMMEDIATE",
    "BEGIN ISOLATION LEVEL READ COMMITTED",
    "COMMIT",
    "RELEASE SAVEPOINT one",
    "RELEASE one",
    "ROLLBACK",
    "ROLLBACK TO SAVEPOINT one",
    "ROLLBACK TO one",
    "SAVEPOINT one",
];

fn keeps_the_rules(sql: &str) -> bool {
    TRANSACTIONS.contains(&sql) || findings(sql).is_empty()
}

/// People who are sought by name and mobile, by everybody who may.
fn seek(store: Arc<dyn Store>, tenant: &str) {
    let tenant = tenant.parse().expect("a code");
    let desk = Desk::with_mint(store, tenant, KeyRing::for_tests(), Box::new(SeededMint::new(7)));
    let rulebook = Rulebook::from_toml(crate::desk_support::TOWN).expect("a sound rulebook");
    desk.activate(rulebook, at("2020-01-01T00:00:00Z")).expect("it comes into force");
    let now = at("2026-03-02T09:00:00Z");
    for name in ["Ratan Kumar Das", "Ratan Das", "Mina Das", "Ratan Kumar Das"] {
        let (name, mobile) = (Some(name.to_owned()), Some("98300-12345".to_owned()));
        desk.by(&citizen(), now).lodge(Lodge { name, mobile, ..lodging("pothole") }).expect("it is lodged");
    }
    for role in ["cell_officer", "hod", "nodal_officer", "call_agent", "auditor"] {
        for unit in ["desk", "works"] {
            for name in ["das", "ratan das", "kumar ratan das", "nobody"] {
                let by_name = Search { name: Some(name.into()), limit: 1, ..Search::default() };
                let by_both = Search { mobile: Some("9830012345".into()), limit: 2, ..by_name.clone() };
                let units = vec!["works".parse().expect("a code")];
                for search in [by_name.clone(), by_both, Search { units, ..by_name }] {
                    // Not every role may seek; what is refused says nothing.
                    let _ = desk.by(&officer(role, unit), now).search(&search);
                }
            }
        }
    }
}

/// Whatever a driver is given while every promise is asked: fixed, built, or a bare transaction; and
/// nothing that is fixed is left unasked, so the suite looks at all of it.
#[test]
fn every_text_that_a_driver_is_given_keeps_the_rules() {
    type Fresh = fn() -> Option<Box<dyn Fn(&grievance_core::TenantCode) -> Arc<dyn Store>>>;
    listen();
    let sqlite: Fresh = || {
        let folder = tempfile::tempdir().expect("a folder");
        let store = grievance_core::sql::sqlite::SqliteStore::open(folder.path().join("cases.sqlite"));
        let store = store.expect("it opens");
        Some(Box::new(move |tenant| {
            let _alive = &folder;
            store.tenant(tenant) as _
        }))
    };
    let postgres: Fresh = || {
        let store = crate::pg::store()?;
        Some(Box::new(move |tenant| store.tenant(tenant) as _))
    };
    for (dialect, fresh) in [(Dialect::Sqlite, sqlite), (Dialect::Postgres, postgres)] {
        let Some(open) = fresh() else { continue };
        seek(open(&"people".parse().expect("a code")), "people");
        for promise in PROMISES {
            let open = fresh().expect("it was there just now");
            (promise.examine)(&*open);
        }
        let said = heard(dialect);
        for sql in &said {
            assert!(keeps_the_rules(sql), "{}: {:?}: {sql}", dialect.as_str(), findings(sql));
        }
        let known: BTreeSet<&str> = fixed(dialect).list().into_iter().map(|(_, sql)| sql).collect();
        let heard: BTreeSet<&str> = said.iter().map(String::as_str).collect();
        let names = fixed(dialect).list();
        let unasked: Vec<_> =
            names.iter().filter(|(_, sql)| !heard.contains(sql)).map(|(name, _)| *name).collect();
        assert_eq!(unasked, [""; 0], "{}: fixed, and no promise asks for it", dialect.as_str());
        let migrations: BTreeSet<String> = migrations(dialect).into_iter().flatten().collect();
        let built = heard.iter().filter(|sql| !known.contains(**sql) && !migrations.contains(**sql));
        let built: Vec<_> = built.filter(|sql| sql.contains("\"blind\"")).collect();
        assert!(built.len() > 10, "{}: {} searches for people were built", dialect.as_str(), built.len());
        assert!(
            heard.iter().any(|sql| sql.contains("\"case_id\" IN (")),
            "{}: some among the cases of a person",
            dialect.as_str()
        );
    }
}

/// What makes a literal of the sources SQL: it begins as a statement does.
const BEGINS: &[&str] = &[
    "ALTER",
    "ANALYZE",
    "ATTACH",
    "BEGIN",
    "CALL",
    "COMMIT",
    "COPY",
    "CREATE",
    "DECLARE",
    "DELETE",
    "DO",
    "DROP",
    "EXECUTE",
    "EXPLAIN",
    "GRANT",
    "INSERT",
    "LISTEN",
    "LOCK",
    "MERGE",
    "NOTIFY",
    "PRAGMA",
    "PREPARE",
    "REINDEX",
    "RELEASE",
    "REPLACE",
    "ROLLBACK",
    "SAVEPOINT",
    "SELECT",
    "SET",
    "SHOW",
    "START",
    "TRUNCATE",
    "UPDATE",
    "VACUUM",
    "VALUES",
    "WITH",
];

fn is_sql(literal: &str) -> bool {
    let mut words = literal.split_whitespace();
    words.next().is_some_and(|first| BEGINS.contains(&first))
}

/// The string literals of a source, without those in comments; what comes after its tests is left out.
fn literals(source: &str) -> Vec<String> {
    let source = source.split("#[cfg(test)]\nmod tests").next().expect("there is a beginning");
    let (mut found, mut rest) = (Vec::new(), source);
    while let Some(c) = rest.chars().next() {
        if let Some(comment) = rest.strip_prefix("//") {
            rest = comment.split_once('\n').map_or("", |(_, rest)| rest);
        } else if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/").map_or("", |(_, rest)| rest);
        } else if let Some((hashes, text)) = raw(rest) {
            let end = format!("\"{}", "#".repeat(hashes));
            let (literal, after) = text.split_once(&end).expect("a raw literal ends");
            found.push(literal.to_owned());
            rest = after;
        } else if let Some(text) = rest.strip_prefix('"') {
            let (literal, after) = quoted(text);
            found.push(literal);
            rest = after;
        } else if rest.starts_with("'\"'") || rest.starts_with("'\\\"'") {
            rest = &rest[rest[1..].find('\'').expect("a character ends") + 2..];
        } else if c.is_alphanumeric() || c == '_' {
            let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            rest = &rest[word..];
        } else {
            rest = &rest[c.len_utf8()..];
        }
    }
    found
}

/// How many hashes begin a raw literal, and its text with all that follows.
fn raw(rest: &str) -> Option<(usize, &str)> {
    let rest = rest.strip_prefix("br").or_else(|| rest.strip_prefix('r'))?;
    let text = rest.trim_start_matches('#');
    Some((rest.len() - text.len(), text.strip_prefix('"')?))
}

/// A literal up to its end, as it reads, and what follows.
fn quoted(text: &str) -> (String, &str) {
    let (mut literal, mut chars) = (String::new(), text.char_indices());
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (literal, &text[at + 1..]),
            '\\' => match chars.next().map(|(_, c)| c) {
                // A line that goes on: what stands before its first letter does not count.
                Some('\n') => chars = rest_of_line(text, &chars),
                Some('n') => literal.push('\n'),
                Some(c) => literal.push(c),
                None => {}
            },
            c => literal.push(c),
        }
    }
    (literal, "")
}

fn rest_of_line<'t>(text: &'t str, chars: &std::str::CharIndices<'t>) -> std::str::CharIndices<'t> {
    let mut skipped = chars.clone();
    while text[skipped.offset()..].starts_with(char::is_whitespace) {
        skipped.next();
    }
    skipped
}

fn sources() -> Vec<(String, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|end| end == "rs") {
                found.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    walk(&root, &mut found);
    found.sort();
    let named = |path: PathBuf| {
        let name = path.strip_prefix(&root).expect("below it").display().to_string();
        (name, std::fs::read_to_string(&path).expect("it can be read"))
    };
    found.into_iter().map(named).collect()
}

/// Texts that are written out in the sources, wherever they stand.
#[test]
fn every_text_in_the_sources_keeps_the_rules() {
    let mut seen = 0;
    for (name, source) in sources() {
        for literal in literals(&source).iter().filter(|literal| is_sql(literal)) {
            seen += 1;
            assert!(keeps_the_rules(literal), "{name}: {:?}: {literal}", findings(literal));
        }
    }
    assert!(seen > 15, "{seen} texts: the scan reads");
}

/// What a driver of SQL is asked through. Each stands where `hear` is called beside it, or with a
/// literal; a new one is looked at before it is counted here.
const CALLS: &[&str] = &[
    ".prepare(",
    ".prepare_cached(",
    ".execute(",
    ".execute_batch(",
    ".execute_typed(",
    ".batch_execute(",
    ".query(",
    ".query_row(",
    ".query_one(",
    ".query_opt(",
    ".query_raw(",
    ".query_typed(",
    ".simple_query(",
    ".copy_in(",
    ".copy_out(",
];

#[test]
fn drivers_are_asked_at_the_seam_alone() {
    let mut found = BTreeSet::new();
    for (name, source) in sources().iter().filter(|(name, _)| name.starts_with("sql/")) {
        let code = source.split("#[cfg(test)]\nmod tests").next().expect("there is a beginning");
        for call in CALLS {
            let times = code.matches(call).count();
            if times > 0 {
                found.insert(format!("{name} {call} {times}"));
            }
        }
    }
    let expected = [
        // The schema: its statements are heard, the rest are literals. So is the wait for a lock.
        "sql/sqlite/connection.rs .execute( 1",
        "sql/sqlite/connection.rs .execute_batch( 3",
        "sql/sqlite/connection.rs .prepare( 1",
        "sql/sqlite/connection.rs .query_row( 1",
        // `prepared`, and a statement that it has made.
        "sql/sqlite/session.rs .execute( 1",
        "sql/sqlite/session.rs .prepare_cached( 1",
        // `change`, `ask` and `order`.
        "sql/postgres/session.rs .batch_execute( 1",
        "sql/postgres/session.rs .execute_typed( 1",
        "sql/postgres/session.rs .query_typed( 1",
    ];
    assert_eq!(found, expected.iter().map(|text| (*text).to_owned()).collect());
}

/// A scan that sees nothing proves nothing.
#[test]
fn the_scan_bites() {
    let source = r##"
        // "SELECT 1 FROM "nothing""
        let a = "DELETE FROM \"event\" \
                 WHERE \"case_id\" = ?";
        let b = r#"SELECT "a" FROM "vault" WHERE "tenant" = ?"#; let c = '"'; let d = "Select nothing";
        /* "DROP TABLE x" */ let for_r = r"COMMIT";
    "##;
    let found = literals(source);
    let sql: Vec<_> = found.iter().filter(|literal| is_sql(literal)).map(String::as_str).collect();
    assert_eq!(
        sql,
        [
            "DELETE FROM \"event\" WHERE \"case_id\" = ?",
            "SELECT \"a\" FROM \"vault\" WHERE \"tenant\" = ?",
            "COMMIT"
        ]
    );
    assert_eq!(sql.into_iter().map(keeps_the_rules).collect::<Vec<_>>(), [false, true, true]);
}
