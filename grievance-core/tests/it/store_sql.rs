//! The SQL text, the portable statements, and the schema's way from version to version.

use grievance_core::sql::{Dialect, migrations, text};

/// The text of each dialect is what the golden file says. `UPDATE_GOLDEN=1` rewrites the files.
#[test]
fn text_is_what_the_golden_files_say() {
    for dialect in Dialect::ALL {
        let path = format!("{}/testdata/sql/{}.sql", env!("CARGO_MANIFEST_DIR"), dialect.as_str());
        let said = text(dialect);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&path, &said).unwrap();
        }
        let golden = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(said == golden, "{path} differs: UPDATE_GOLDEN=1 rewrites it, then look at the difference");
    }
}

/// Nothing that would bind us to one database or leave an answer to chance.
#[test]
fn text_stays_portable() {
    for dialect in Dialect::ALL {
        let said = text(dialect).to_lowercase();
        for word in [
            "trigger",
            "sequence",
            "serial primary",
            "advisory",
            "now()",
            "current_timestamp",
            "offset",
            "jsonb",
        ] {
            assert!(!said.contains(word), "{} says {word}", dialect.as_str());
        }
        for statement in said.split(";\n") {
            assert!(!statement.contains(" limit ") || statement.contains(" order by "), "{statement}");
        }
        for key in said.match_indices("primary key (").map(|(at, found)| &said[at + found.len()..]) {
            assert!(key.trim_start().starts_with("\"tenant\""), "the tenant comes first in every key");
        }
    }
    assert_eq!(migrations(Dialect::Sqlite).len(), migrations(Dialect::Postgres).len());
}

#[cfg(all(feature = "sqlite", feature = "conformance"))]
mod sqlite {
    use grievance_core::kernel::text::Compartment;
    use grievance_core::sql::sqlite::rusqlite::{self, Connection, params_from_iter, types::Value};
    use grievance_core::sql::sqlite::{SqliteOptions, SqliteStore, Synchronous};
    use grievance_core::sql::{Dialect, SCHEMA_VERSION, SqlValue};
    use grievance_core::store::conformance::sample::{Sample, commit, tenant, text};
    use grievance_core::store::search::Search;
    use grievance_core::store::{Journal as _, StoreError, Vault as _};
    use std::time::Duration;

    /// A host's own transaction, beside a row of its own.
    fn run_as_a_host(
        host: &mut Connection,
        commit: &grievance_core::store::commit::Commit,
    ) -> rusqlite::Result<()> {
        let transaction = host.transaction()?;
        transaction.execute("INSERT INTO portal_row VALUES (?)", [commit.command.to_string()])?;
        for statement in commit.statements(&tenant("first"), Dialect::Sqlite) {
            let values = statement.values.into_iter().map(|value| match value {
                SqlValue::Integer(number) => Value::Integer(number),
                SqlValue::Text(text) => Value::Text(text),
                SqlValue::Blob(bytes) => Value::Blob(bytes),
                SqlValue::Null => Value::Null,
            });
            let rows = transaction.execute(statement.sql, params_from_iter(values))?;
            if statement.expect_rows.is_some_and(|expected| expected != rows as u64) {
                return Err(rusqlite::Error::StatementChangedRows(rows));
            }
        }
        transaction.commit()
    }

    /// What a host writes with the statements, our store reads; a stale commit fails there too.
    #[test]
    fn statements_write_what_the_store_reads() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cases.sqlite");
        let store = SqliteStore::open(&path).unwrap().tenant(&tenant("first"));
        let mut host = Connection::open(&path).unwrap();
        host.execute_batch("CREATE TABLE portal_row (command TEXT)").unwrap();

        let begun = Sample::lodged(1);
        let mut first = begun.commit(1);
        let (_, row) = text(1, Compartment::Texts, "the road is broken");
        first.texts.push((begun.id, row.clone()));
        run_as_a_host(&mut host, &first).unwrap();
        let further = begun.clone().commented().disposed();
        let (second, stale) =
            (commit(2, vec![further.after(1)]), commit(3, vec![begun.commented().after(1)]));
        run_as_a_host(&mut host, &second).unwrap();
        run_as_a_host(&mut host, &stale).unwrap_err();
        run_as_a_host(&mut host, &second).unwrap_err();

        assert_eq!(store.history(further.id).unwrap().events, further.history());
        assert_eq!(store.fact(further.id).unwrap(), Some(further.fact()));
        assert_eq!(store.texts(&[row.id]).unwrap()[0].content, "the road is broken");
        assert_eq!(store.receipt(second.command).unwrap(), Some((second.fingerprint, second.receipt())));
        assert_eq!(store.commit(&second), Ok(second.receipt()));
        let rows: i64 = host.query_row("SELECT count(*) FROM portal_row", [], |row| row.get(0)).unwrap();
        assert_eq!(rows, 2, "the portal's rows go with the commit");
    }

    /// A file keeps what was written; opening it again, twice at once, changes nothing.
    #[test]
    fn opening_again_finds_everything() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cases.sqlite");
        let sample = Sample::lodged(1).commented();
        let fill = || {
            let store = SqliteStore::open(&path).unwrap();
            store.tenant(&tenant("first")).commit(&sample.commit(1)).unwrap();
        };
        fill();
        let options = SqliteOptions { synchronous: Synchronous::Normal, ..SqliteOptions::default() };
        let (one, other) =
            (SqliteStore::open(&path).unwrap(), SqliteStore::open_with(&path, &options).unwrap());
        for store in [one, other] {
            assert_eq!(store.tenant(&tenant("first")).history(sample.id).unwrap().events, sample.history());
        }
        let host = Connection::open(&path).unwrap();
        let mode: String = host.query_row("PRAGMA journal_mode", [], |row| row.get(0)).unwrap();
        assert_eq!(mode, "wal");
    }

    /// An empty or half-migrated database is brought up to date; a newer one is refused untouched.
    #[test]
    fn the_schema_version_decides() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.sqlite");
        let host = Connection::open(&path).unwrap();
        let version = |host: &Connection| -> i64 {
            host.query_row("SELECT version FROM schema_version", [], |row| row.get(0)).unwrap()
        };
        host.execute_batch(
            "CREATE TABLE schema_version (id INTEGER PRIMARY KEY NOT NULL, version INTEGER NOT NULL);
             INSERT INTO schema_version VALUES (1, 0);",
        )
        .unwrap();
        SqliteStore::open(&path)
            .unwrap()
            .tenant(&tenant("first"))
            .commit(&Sample::lodged(1).commit(1))
            .unwrap();
        assert_eq!(version(&host), SCHEMA_VERSION);

        host.execute("UPDATE schema_version SET version = 1000", []).unwrap();
        let refused = SqliteStore::open(&path).map(drop);
        assert_eq!(refused, Err(StoreError::NewerSchema { found: 1000, known: SCHEMA_VERSION }));
        assert_eq!(version(&host), 1000);
    }

    /// Many processes may open a new database at once.
    #[test]
    fn a_new_database_is_made_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new.sqlite");
        std::thread::scope(|threads| {
            let opened: Vec<_> =
                (0..8).map(|_| threads.spawn(|| SqliteStore::open(&path).map(drop))).collect();
            for opened in opened {
                opened.join().unwrap().unwrap();
            }
        });
    }

    /// While somebody else writes, a commit waits and then says so; reading goes on.
    #[test]
    fn a_busy_database_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cases.sqlite");
        let options = SqliteOptions { busy_timeout: Duration::from_millis(20), ..SqliteOptions::default() };
        let store = SqliteStore::open_with(&path, &options).unwrap().tenant(&tenant("first"));
        let sample = Sample::lodged(1);
        store.commit(&sample.commit(1)).unwrap();
        let host = Connection::open(&path).unwrap();
        host.execute_batch("BEGIN IMMEDIATE").unwrap();
        let further = sample.clone().commented();
        let next = commit(2, vec![further.after(1)]);
        assert_eq!(store.commit(&next), Err(StoreError::Busy));
        assert_eq!(store.commit_all(std::slice::from_ref(&next)), Err(StoreError::Busy));
        assert_eq!(store.reserve("2026", 1, 1), Err(StoreError::Busy));
        assert_eq!(store.history(sample.id).unwrap().events, sample.history());
        host.execute_batch("COMMIT").unwrap();
        store.commit(&next).unwrap();
    }

    /// What cannot be read is an error that says where, and repeats nothing of what is stored.
    #[test]
    fn damage_is_reported_without_what_is_stored() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cases.sqlite");
        let store = SqliteStore::open(&path).unwrap().tenant(&tenant("first"));
        let sample = Sample::lodged(1);
        store.commit(&sample.commit(1)).unwrap();
        let host = Connection::open(&path).unwrap();
        host.execute("UPDATE event SET body = '{\"type\":\"lodged\",\"secret\":\"Asha Roy\"}'", []).unwrap();
        host.execute("UPDATE grievance SET unit = 'Asha Roy'", []).unwrap();
        let problems = [
            store.history(sample.id).map(drop).unwrap_err(),
            store.scan(&mut |_| true).unwrap_err(),
            store.fact(sample.id).map(drop).unwrap_err(),
            store.search(&Search::default()).map(drop).unwrap_err(),
        ];
        assert!(matches!(problems[0], StoreError::Unreadable { version: 1, .. }));
        for problem in problems {
            assert!(!format!("{problem} {problem:?}").contains("Asha"), "{problem}");
        }
    }

    /// The questions that are asked all day are answered from an index, without sorting.
    #[test]
    fn frequent_questions_use_an_index() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cases.sqlite");
        let store = SqliteStore::open(&path).unwrap().tenant(&tenant("first"));
        for n in 1..200 {
            store.commit(&Sample::lodged(n).commit(n)).unwrap();
        }
        let host = Connection::open(&path).unwrap();
        let plan = |sql: &str| -> String {
            let mut statement = host.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let nothing = vec![Value::Null; statement.parameter_count()];
            let lines =
                statement.query_map(params_from_iter(nothing), |row| row.get::<_, String>(3)).unwrap();
            lines.map(Result::unwrap).collect::<Vec<_>>().join("; ")
        };
        let base = "SELECT * FROM grievance WHERE tenant = 'first'";
        let order = "ORDER BY lodged_at DESC, case_id DESC LIMIT 51";
        let cases = [
            (format!("{base} {order}"), "grievance_lodged", false),
            (format!("{base} AND (lodged_at, case_id) < (5, x'00') {order}"), "grievance_lodged", false),
            (
                format!("{base} AND unit IN ('water') AND phase IN ('in_progress', 'registered') {order}"),
                "grievance_unit",
                false,
            ),
            (format!("{base} AND unit IN ('water', 'roads') {order}"), "grievance_unit", true),
            (format!("{base} AND number = 'WB' {order}"), "grievance_number", true),
            (format!("{base} AND external_number = '7' {order}"), "grievance_external", true),
            (
                "SELECT case_id FROM grievance WHERE tenant = ?1 AND tracking = ?2".to_owned(),
                "grievance_tracking",
                false,
            ),
        ];
        for (sql, index, may_sort) in cases {
            let plan = plan(&sql);
            assert!(plan.contains(index), "{sql}: {plan}");
            assert!(may_sort || !plan.contains("TEMP B-TREE"), "{sql}: {plan}");
        }
        let fixed = grievance_core::sql::fixed(Dialect::Sqlite);
        for (name, sql) in fixed.list() {
            if sql.starts_with("SELECT") {
                let plan = plan(sql);
                assert!(!plan.contains("SCAN "), "{name}: {plan}");
                assert!(!plan.contains("TEMP B-TREE"), "{name}: {plan}");
            }
        }
    }
}
