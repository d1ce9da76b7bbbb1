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

/// SQLite takes some paths for a database that is gone with its last connection; it cannot keep the
/// log that a commit is written to, so it is not opened in place of a file.
#[cfg(feature = "sqlite")]
#[test]
fn a_path_that_keeps_nothing_is_refused() {
    use grievance_core::sql::sqlite::SqliteStore;
    use grievance_core::store::StoreError;
    for path in [":memory:", ""] {
        let refused = SqliteStore::open(path).map(drop);
        assert_eq!(refused, Err(StoreError::NotDurable { setting: "journal_mode" }), "{path:?}");
    }
    assert_eq!(SqliteStore::open_in_memory().map(drop), Ok(()));
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
    use chrono::TimeDelta;
    use grievance_core::desk::Desk;
    use grievance_core::kernel::text::Compartment;
    use grievance_core::rulebook::access::Scope;
    use grievance_core::sql::sqlite::rusqlite::{self, Connection, params_from_iter, types::Value};
    use grievance_core::sql::sqlite::{SqliteOptions, SqliteStore, Synchronous};
    use grievance_core::sql::{Dialect, SCHEMA_VERSION, SqlValue};
    use grievance_core::store::conformance::sample::{Sample, at, claim, commit, kept, notice, tenant, text};
    use grievance_core::store::keys::KeyRing;
    use grievance_core::store::outbox::{Outbox as _, Settlement};
    use grievance_core::store::search::Search;
    use grievance_core::store::{Due, Journal as _, StoreError, Vault as _};
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
        let kept_row = kept(begun.id, &row, &[]);
        first.texts.push(kept_row.clone());
        first.streams[0].due = Some(at(5_000));
        first.streams[0].notices.push(notice(1, begun.id, (1, 0), at(0)));
        run_as_a_host(&mut host, &first).unwrap();
        assert_eq!(store.next_due().unwrap(), Some(at(5_000)));
        let further = begun.clone().commented().disposed();
        let (second, stale) =
            (commit(2, vec![further.after(1)]), commit(3, vec![begun.commented().after(1)]));
        run_as_a_host(&mut host, &second).unwrap();
        assert_eq!(store.next_due().unwrap(), None);
        assert_eq!(store.notices_of(further.id).unwrap()[0].notice, notice(1, further.id, (1, 0), at(0)));
        run_as_a_host(&mut host, &stale).unwrap_err();
        run_as_a_host(&mut host, &second).unwrap_err();

        assert_eq!(store.history(further.id).unwrap().events, further.history());
        assert_eq!(store.fact(further.id).unwrap(), Some(further.fact()));
        assert_eq!(store.texts(&[row.id]).unwrap(), [kept_row]);
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

    /// A database that the first version of the schema wrote, with cases in it, is brought up to
    /// date: nothing is lost, what is new has its default, and work goes on.
    #[test]
    fn a_database_of_the_first_schema_keeps_its_cases() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("first.sqlite");
        let samples: Vec<Sample> = (1..20).map(|n| Sample::lodged(n).commented()).collect();
        {
            let host = Connection::open(&path).unwrap();
            let golden = include_str!("../../testdata/sql/sqlite.sql");
            for part in golden.split("\n-- ") {
                if let Some(statement) =
                    part.strip_prefix("schema version\n").or_else(|| part.strip_prefix("migration 1\n"))
                {
                    host.execute_batch(statement).unwrap();
                }
            }
            host.execute("INSERT INTO schema_version VALUES (1, 1)", []).unwrap();
            // The rows as a database of this version has them, without the columns that are new.
            let other = folder.path().join("second.sqlite");
            let store = SqliteStore::open(&other).unwrap().tenant(&tenant("first"));
            for (n, sample) in (1..).zip(&samples) {
                store.commit(&sample.commit(n)).unwrap();
            }
            host.execute("ATTACH ? AS other", [other.to_str().unwrap()]).unwrap();
            for table in ["event", "grievance", "command"] {
                let mut columns =
                    host.prepare(&format!("SELECT name FROM pragma_table_info('{table}')")).unwrap();
                let names = columns.query_map([], |row| row.get::<_, String>(0)).unwrap();
                let names = names.map(Result::unwrap).collect::<Vec<_>>().join(", ");
                host.execute_batch(&format!("INSERT INTO {table} SELECT {names} FROM other.{table}"))
                    .unwrap();
            }
        }

        let store = SqliteStore::open(&path).unwrap().tenant(&tenant("first"));
        // Whom a case is about was not kept: until its row is written anew, it may be about anybody.
        let clear = Scope::except(Scope::About(vec!["works".parse().unwrap()]));
        assert!(store.search(&clear, &Search::default()).unwrap().cases.is_empty());
        let desk = Desk::open(store.clone(), tenant("first"), KeyRing::for_tests());
        assert_eq!(desk.renew_rows(), Ok(samples.len() as u64));
        assert_eq!(desk.renew_rows(), Ok(0), "once");
        for sample in &samples {
            assert_eq!(store.history(sample.id).unwrap().events, sample.history());
            assert_eq!(store.fact(sample.id).unwrap(), Some(sample.fact()));
        }
        assert_eq!(store.search(&Scope::All, &Search::default()).unwrap().cases.len(), samples.len());
        assert_eq!(store.search(&clear, &Search::default()).unwrap().cases.len(), samples.len());
        assert_eq!((store.next_due(), store.outbox_next()), (Ok(None), Ok(None)));
        let further = samples[0].clone().disposed();
        let mut next = commit(100, vec![further.after(2)]);
        next.streams[0].fact.breaches = 2;
        next.streams[0].due = Some(at(7));
        next.streams[0].notices.push(notice(1, further.id, (3, 0), at(8)));
        store.commit(&next).unwrap();
        assert_eq!(store.fact(further.id).unwrap().unwrap().breaches, 2);
        assert_eq!((store.next_due(), store.outbox_next()), (Ok(Some(at(7))), Ok(Some(at(8)))));
        let host = Connection::open(&path).unwrap();
        let version: i64 =
            host.query_row("SELECT version FROM schema_version", [], |row| row.get(0)).unwrap();
        assert_eq!(version, SCHEMA_VERSION);
    }

    /// What waits is found by reading as much as is answered, however much there is: the plan
    /// names the index that has everything, and the work is the same among many.
    #[test]
    fn what_is_due_costs_what_it_answers() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cases.sqlite");
        let store = SqliteStore::open(&path).unwrap().tenant(&tenant("first"));
        let host = Connection::open(&path).unwrap();
        let fixed = grievance_core::sql::fixed(Dialect::Sqlite);
        let expected = [
            (&fixed.due, "timer USING COVERING INDEX timer_due (tenant=? AND (due_at,case_id)>(?,?)"),
            (&fixed.next_due, "timer USING COVERING INDEX timer_due (tenant=?)"),
            (&fixed.claimable, "outbox USING INDEX outbox_waiting (tenant=? AND next_at<?)"),
            (
                &fixed.claimable,
                "before USING COVERING INDEX outbox_case (tenant=? AND case_id=? AND line=? AND state=?",
            ),
            (&fixed.outbox_next, "outbox USING COVERING INDEX outbox_waiting (tenant=?)"),
            (&fixed.parked, "outbox USING INDEX outbox_parked (tenant=?)"),
            (&fixed.notices_of, "outbox USING INDEX outbox_case (tenant=? AND case_id=?)"),
            (
                &fixed.hold_back,
                "outbox USING INDEX outbox_case (tenant=? AND case_id=? AND line=? AND state=?",
            ),
            (&fixed.last_job, "job USING PRIMARY KEY (tenant=? AND schedule=?)"),
            (&fixed.open_jobs, "job USING INDEX job_open (tenant=?)"),
        ];
        for (sql, index) in expected {
            let plan = plan(&host, sql);
            assert!(plan.contains(index), "{sql}: {plan}");
            assert!(!plan.contains("TEMP B-TREE"), "{sql}: {plan}");
        }

        // Steps of SQLite's machine for the ten that are due, among few and among many.
        let steps = || {
            let mut due = host.prepare(&fixed.due).unwrap();
            let values =
                rusqlite::params!["first", at(9).timestamp_millis(), i64::MIN, Vec::<u8>::new(), 100_i64];
            let found = due.query_map(values, |row| row.get::<_, i64>(0)).unwrap().count();
            assert_eq!(found, 10);
            due.get_status(rusqlite::StatementStatus::VmStep)
        };
        let mut counted = Vec::new();
        for cases in [0..20, 20..2_000] {
            let commits: Vec<_> = cases
                .map(|n| {
                    let mut commit = Sample::lodged(n + 1).commit(n + 1);
                    let later = if n < 10 { 0 } else { 1_000_000 };
                    commit.streams[0].due = Some(at(n.cast_signed() + later));
                    commit
                })
                .collect();
            assert!(store.commit_all(&commits).unwrap().iter().all(Result::is_ok));
            counted.push(steps());
        }
        assert_eq!(counted[0], counted[1]);
        assert_eq!(store.due(at(0), None, 5).unwrap(), [Due { at: at(0), case: Sample::lodged(1).id }]);
    }

    /// Processes that share a file share its messages: none is claimed twice, none is lost.
    #[test]
    fn connections_of_their_own_share_the_outbox() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cases.sqlite");
        let open = || SqliteStore::open(&path).unwrap().tenant(&tenant("first"));
        let first = open();
        for n in 1..=40 {
            let mut commit = Sample::lodged(n).commit(n);
            let case = commit.streams[0].case;
            commit.streams[0].notices = (0..3)
                .map(|place| notice(3 * n + place, case, (1, u32::try_from(place).unwrap()), at(0)))
                .collect();
            first.commit(&commit).unwrap();
        }
        let sent: Vec<_> = std::thread::scope(|threads| {
            let worker = |n: u64| {
                let open = &open;
                threads.spawn(move || {
                    let (mine, by) = (open(), claim(n));
                    let mut sent = Vec::new();
                    while mine.outbox_next().unwrap().is_some() {
                        for claimed in mine.claim(at(1), TimeDelta::seconds(60), 3, by).unwrap() {
                            sent.push(claimed.notice.id);
                            let delivered = Settlement::Delivered { at: at(2), reference: None };
                            assert!(mine.settle(claimed.notice.id, by, &delivered).unwrap());
                        }
                    }
                    sent
                })
            };
            let workers: Vec<_> = (0..8).map(worker).collect();
            workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
        });
        let different: std::collections::BTreeSet<_> = sent.iter().collect();
        assert_eq!((sent.len(), different.len()), (120, 120));
    }

    /// How SQLite goes about a statement.
    fn plan(host: &Connection, sql: &str) -> String {
        let mut statement = host.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let nothing = vec![Value::Null; statement.parameter_count()];
        let lines = statement.query_map(params_from_iter(nothing), |row| row.get::<_, String>(3)).unwrap();
        lines.map(Result::unwrap).collect::<Vec<_>>().join("; ")
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
            store.scan(&Scope::All, &mut |_| true).unwrap_err(),
            store.fact(sample.id).map(drop).unwrap_err(),
            store.search(&Scope::All, &Search::default()).map(drop).unwrap_err(),
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
        let plan = |sql: &str| plan(&host, sql);
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
                // Rows of a search that are counted are scanned, up to their limit.
                let plan = plan(sql).replace("SCAN first", "");
                assert!(!plan.contains("SCAN "), "{name}: {plan}");
                assert!(!plan.contains("TEMP B-TREE"), "{name}: {plan}");
            }
        }
    }
}
