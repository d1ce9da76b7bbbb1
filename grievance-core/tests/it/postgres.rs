//! What PostgreSQL brings that SQLite does not: many openers, settings, poolers, transactions that
//! the server takes back, connections that break.

use crate::desk_support::{TOWN, at, citizen, command, lodging, officer, tenant};
use crate::pg::{Database, options};
use crate::pg_pooler::{Break, Pooler};
use grievance_core::desk::Desk;
use grievance_core::grievance::request::{Comment, Merge};
use grievance_core::kernel::id::GrievanceId;
use grievance_core::kernel::text::Compartment;
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::access::Scope;
use grievance_core::sql::postgres::postgres::types::{ToSql, Type};
use grievance_core::sql::postgres::postgres::{Client, NoTls};
use grievance_core::sql::postgres::{Durability, PostgresOptions, PostgresStore};
use grievance_core::sql::{Dialect, SCHEMA_VERSION};
use grievance_core::store::commit::Commit;
use grievance_core::store::conformance::sample::{Sample, at as millis, commit, kept, notice, text};
use grievance_core::store::keys::KeyRing;
use grievance_core::store::outbox::Outbox as _;
use grievance_core::store::search::Search;
use grievance_core::store::{Journal as _, Store, StoreError, Vault as _};
use grievance_core::vocabulary::{ErrorCode, Remedy};
use std::sync::Arc;

const NOW: &str = "2026-11-23T05:00:00Z";

fn desk(store: Arc<dyn Store>) -> Desk {
    let desk = Desk::open(store, tenant(), KeyRing::for_tests());
    let rulebook = Rulebook::from_toml(TOWN).expect("a sound rulebook");
    desk.activate(rulebook, at("2020-01-01T00:00:00Z")).expect("it comes into force");
    desk
}

fn count(client: &mut Client, of: &str) -> i64 {
    client.query_one(&format!("SELECT count(*) FROM {of}"), &[]).unwrap().get(0)
}

fn comment(words: &str) -> Comment {
    Comment { text: words.to_owned(), public: None }
}

/// A host's own transaction, beside a row of its own.
fn run_as_a_host(host: &mut Client, commit: &Commit) -> Result<(), String> {
    let mut transaction = host.transaction().unwrap();
    transaction.execute("INSERT INTO portal_row VALUES ($1)", &[&commit.command.to_string()]).unwrap();
    for statement in commit.statements(&tenant(), Dialect::Postgres) {
        let values: Vec<(&(dyn ToSql + Sync), Type)> =
            statement.values.iter().map(|value| (value as _, value.kind())).collect();
        let rows =
            transaction.execute_typed(statement.sql, &values).map_err(|problem| problem.to_string())?;
        if statement.expect_rows.is_some_and(|expected| expected != rows) {
            return Err(format!("{rows} rows"));
        }
    }
    transaction.commit().map_err(|problem| problem.to_string())
}

/// What a host writes with the statements, our store reads; a stale commit fails there too.
#[test]
fn statements_write_what_the_store_reads() {
    let Some(database) = Database::fresh() else { return };
    let store = database.store().tenant(&tenant());
    let mut host = database.client();
    host.batch_execute("CREATE TABLE portal_row (command TEXT)").unwrap();

    let begun = Sample::lodged(1);
    let mut first = begun.commit(1);
    let (_, row) = text(1, Compartment::Texts, "the road is broken");
    let row = kept(begun.id, &row, &[]);
    first.texts.push(row.clone());
    first.streams[0].due = Some(millis(5_000));
    first.streams[0].notices.push(notice(1, begun.id, (1, 0), millis(0)));
    run_as_a_host(&mut host, &first).unwrap();
    assert_eq!(store.next_due().unwrap(), Some(millis(5_000)));
    let further = begun.clone().commented().disposed();
    let (second, stale) = (commit(2, vec![further.after(1)]), commit(3, vec![begun.commented().after(1)]));
    run_as_a_host(&mut host, &second).unwrap();
    assert_eq!(store.next_due().unwrap(), None);
    assert_eq!(store.notices_of(further.id).unwrap()[0].notice, notice(1, further.id, (1, 0), millis(0)));
    run_as_a_host(&mut host, &stale).unwrap_err();
    run_as_a_host(&mut host, &second).unwrap_err();

    assert_eq!(store.history(further.id).unwrap().events, further.history());
    assert_eq!(store.fact(further.id).unwrap(), Some(further.fact()));
    assert_eq!(store.texts(&[row.id]).unwrap(), [row]);
    assert_eq!(store.receipt(second.command).unwrap(), Some((second.fingerprint, second.receipt())));
    assert_eq!(store.commit(&second), Ok(second.receipt()));
    assert_eq!(count(&mut host, "portal_row"), 2, "the portal's rows go with the commit");
}

/// Of many who open an empty database at once each succeeds, and each migration is made once.
#[test]
fn racing_openers_migrate_once() {
    let Some(database) = Database::fresh() else { return };
    let versions: Vec<_> = std::thread::scope(|threads| {
        let open = |_| threads.spawn(|| PostgresStore::open_with(database.connect(), &options()).map(drop));
        let openers: Vec<_> = (0..12).map(open).collect();
        openers.into_iter().map(|opener| opener.join().unwrap()).collect()
    });
    assert_eq!(versions, vec![Ok(()); 12]);
    let mut host = database.client();
    let version: i64 = host.query_one("SELECT version FROM schema_version", &[]).unwrap().get(0);
    assert_eq!((version, count(&mut host, "schema_version")), (SCHEMA_VERSION, 1));

    host.execute("UPDATE schema_version SET version = 1000", &[]).unwrap();
    let refused = PostgresStore::open_with(database.connect(), &options()).map(drop);
    assert_eq!(refused, Err(StoreError::NewerSchema { found: 1000, known: SCHEMA_VERSION }));
}

/// A database that stopped at any version is brought up to date; what is in it stays.
#[test]
fn an_older_schema_is_brought_up_to_date() {
    for version in 0..SCHEMA_VERSION {
        let Some(database) = Database::fresh() else { return };
        let mut host = database.client();
        host.batch_execute("CREATE TABLE schema_version (id BIGINT PRIMARY KEY, version BIGINT NOT NULL)")
            .unwrap();
        host.execute("INSERT INTO schema_version VALUES (1, $1)", &[&version]).unwrap();
        let done = usize::try_from(version).unwrap();
        for statement in grievance_core::sql::migrations(Dialect::Postgres).iter().take(done).flatten() {
            host.batch_execute(statement).unwrap();
        }
        let store = database.store().tenant(&tenant());
        store.commit(&Sample::lodged(1).commit(1)).unwrap();
        assert_eq!(store.history(Sample::lodged(1).id).unwrap().events.len(), 1);
    }
}

/// A connection whose server or role may forget what it answered is refused, unless the host says
/// that it knows.
#[test]
fn a_forgetful_server_is_refused() {
    let Some(database) = Database::fresh() else { return };
    let mut config = database.config();
    config.options("-c synchronous_commit=off");
    let connect = move || config.connect(NoTls);
    let asserted = PostgresOptions { durability: Durability::Asserted, ..options() };
    let refused = PostgresStore::open_with(connect.clone(), &asserted).map(drop);
    assert_eq!(refused, Err(StoreError::NotDurable { setting: "synchronous_commit" }));
    assert_eq!(refused.unwrap_err().code().remedy(), Remedy::Amend);
    assert_eq!(PostgresStore::open_with(connect, &options()).map(drop), Ok(()));
}

/// Each setting of durability is asked for. Two of them are the whole server's and no connection can
/// turn them, so the answer is turned: a function of the test's stands before the server's own.
#[test]
fn each_setting_that_makes_a_server_forget_is_refused() {
    let Some(database) = Database::fresh() else { return };
    let asserted = PostgresOptions { durability: Durability::Asserted, ..options() };
    let opened = |off: &str| {
        let mut config = database.config();
        config.options(&format!("-c search_path=says_{off},pg_catalog,public"));
        PostgresStore::open_with(move || config.connect(NoTls), &asserted).map(drop)
    };
    for off in ["synchronous_commit", "fsync", "full_page_writes", "nothing"] {
        let says = format!(
            "CREATE SCHEMA says_{off};
             CREATE FUNCTION says_{off}.current_setting(name text, missing_ok boolean) RETURNS text
             LANGUAGE sql AS $$ SELECT CASE name WHEN '{off}' THEN 'off' WHEN 'server_encoding' THEN 'UTF8'
             ELSE 'on' END $$"
        );
        database.client().batch_execute(&says).unwrap();
    }
    for setting in ["synchronous_commit", "fsync", "full_page_writes"] {
        assert_eq!(opened(setting), Err(StoreError::NotDurable { setting }));
    }
    assert_eq!(opened("nothing"), Ok(()), "a server that forgets nothing is taken");
}

/// Inside an async runtime the store answers with a code instead of a panic; a thread of
/// `spawn_blocking` may use it, and dropping it anywhere is fine.
#[test]
fn a_thread_that_drives_a_runtime_is_refused() {
    let Some(database) = Database::fresh() else { return };
    let store = database.store().tenant(&tenant());
    let case = Sample::lodged(1);
    for mut runtime in
        [tokio::runtime::Builder::new_current_thread(), tokio::runtime::Builder::new_multi_thread()]
    {
        let runtime = runtime.build().unwrap();
        let (inside, other) = (Arc::clone(&store), Arc::clone(&store));
        let connect = database.connect();
        runtime.block_on(async move {
            assert_eq!(inside.fact(case_id()), Err(StoreError::MayNotBlock));
            let opened = PostgresStore::open_with(connect, &options()).map(drop);
            assert_eq!(opened, Err(StoreError::MayNotBlock));
            assert_eq!(StoreError::MayNotBlock.code(), ErrorCode::MayNotBlock);
            let task = tokio::spawn(async move { other.fact(case_id()) });
            assert_eq!(task.await.unwrap(), Err(StoreError::MayNotBlock));
            let blocking = tokio::task::spawn_blocking(move || (inside.fact(case_id()), inside));
            let (answer, inside) = blocking.await.unwrap();
            assert_eq!(answer, Ok(None));
            drop(inside);
        });
        let last = database.store();
        runtime.block_on(async move { drop(last) });
    }
    store.commit(&case.commit(1)).unwrap();
    assert_eq!(store.history(case.id).unwrap().events.len(), 1);
}

fn case_id() -> GrievanceId {
    Sample::lodged(1).id
}

/// Through a pooler that gives each transaction to another connection of the server's, everything
/// works: nothing is left on a connection that a later one would need.
#[test]
fn a_pooler_in_transaction_mode_may_stand_between() {
    let Some(database) = Database::fresh() else { return };
    let Some(pooler) = Pooler::before(&database) else { return };
    let store = PostgresStore::open_with(pooler.connect(), &options()).unwrap().tenant(&tenant());
    let opened = pooler.opened();
    let desk = desk(Arc::clone(&store) as _);
    let done = desk.by(&citizen(), at(NOW)).lodge(lodging("street-light")).unwrap();
    for n in 0..10 {
        let words = format!("comment {n}");
        desk.by(&citizen(), at(NOW)).comment(done.case, comment(&words)).unwrap();
    }
    assert_eq!(store.history(done.case).unwrap().events.len(), usize::try_from(done.version).unwrap() + 10);
    assert!(pooler.opened() > opened + 10, "each transaction had a connection of its own");
}

/// A connection that breaks at the COMMIT, before the server hears it or after it has done it: the
/// desk finds out by the command's identity. Each command is done once, its number is used once, and
/// the tracking code is the one that was stored.
#[test]
fn a_connection_lost_at_the_commit_does_nothing_twice() {
    let Some(database) = Database::fresh() else { return };
    let Some(pooler) = Pooler::before(&database) else { return };
    let store = PostgresStore::open_with(pooler.connect(), &options()).unwrap();
    let desk = desk(store.tenant(&tenant()));
    let mut host = database.client();
    let breaks = [
        vec![Break::AfterCommit],
        vec![Break::BeforeCommit],
        vec![Break::BeforeCommit, Break::AfterCommit],
        vec![Break::AfterCommit, Break::BeforeCommit, Break::AfterCommit],
    ];
    for (n, breaks) in (1..).zip(&breaks) {
        pooler.breaks(breaks);
        let mut lodging = lodging("street-light");
        lodging.anonymous = Some(true);
        let done = desk.by(&citizen(), at(NOW)).command(command(n)).lodge(lodging.clone()).unwrap();
        // A commit that is written needs no second COMMIT: what is left was not needed.
        let needed = breaks.iter().position(|b| *b == Break::AfterCommit).map_or(breaks.len(), |at| at + 1);
        assert!(pooler.is_done() || needed < breaks.len(), "{breaks:?}");
        pooler.breaks(&[]);
        let cases = i64::try_from(n).unwrap();
        assert_eq!((count(&mut host, "grievance"), count(&mut host, "command")), (cases, cases));
        let tracked = done.tracking_code.as_ref().expect("it is shown once");
        assert_eq!(
            desk.track(tracked.as_str(), at(NOW)).unwrap().map(|found| found.case),
            Some(done.case),
            "{breaks:?}"
        );
        let again = desk.by(&citizen(), at(NOW)).command(command(n)).lodge(lodging).unwrap();
        assert_eq!((again.case, again.number, again.tracking_code), (done.case, done.number, None));
    }
    // A connection that always breaks is given up, with a code that says what to do.
    pooler.breaks(&[Break::BeforeCommit; 100]);
    let refused = desk.by(&citizen(), at(NOW)).command(command(9)).lodge(lodging("street-light"));
    let refused = refused.unwrap_err();
    assert_eq!((refused.code(), refused.remedy()), (ErrorCode::AnswerLost, Remedy::Retry));
}

/// A server that takes transactions back (SQLSTATE 40001, 40P01): the desk decides again, so many
/// times, and the command is done once; beyond that the caller is told to send it again, and nothing
/// is written.
#[test]
fn what_the_server_takes_back_is_decided_again() {
    for state in ["40001", "40P01"] {
        let Some(database) = Database::fresh() else { return };
        let desk = desk(database.store().tenant(&tenant()));
        let done = desk.by(&citizen(), at(NOW)).lodge(lodging("street-light")).unwrap();
        let mut host = database.client();
        // A sequence is not rolled back, so it counts the tries.
        host.batch_execute(&format!(
            "CREATE SEQUENCE tries;
             CREATE TABLE refusals (n BIGINT);
             INSERT INTO refusals VALUES (3);
             CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                 IF nextval('tries') <= (SELECT max(n) FROM refusals)
                 THEN RAISE EXCEPTION 'as others did' USING ERRCODE = '{state}'; END IF;
                 RETURN NEW; END $$;
             CREATE TRIGGER refuse BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION refuse();"
        ))
        .unwrap();
        let by = citizen();
        let answer = desk.by(&by, at(NOW)).command(command(1)).comment(done.case, comment("once")).unwrap();
        assert_eq!(answer.version, done.version + 1);
        let tries: i64 = host.query_one("SELECT last_value FROM tries", &[]).unwrap().get(0);
        assert_eq!(tries, 4);

        host.batch_execute("INSERT INTO refusals VALUES (1000)").unwrap();
        let refused = desk.by(&by, at(NOW)).command(command(2)).comment(done.case, comment("never"));
        let refused = refused.unwrap_err();
        assert_eq!((refused.code(), refused.remedy()), (ErrorCode::Undone, Remedy::Retry));
        let tries: i64 = host.query_one("SELECT last_value FROM tries", &[]).unwrap().get(0);
        assert_eq!(tries, 4 + 8, "it is given up");
        assert_eq!(desk.store().history(done.case).unwrap().events.len() as u64, answer.version);
        assert_eq!(desk.store().receipt(command(2)).unwrap(), None);
        host.batch_execute("DELETE FROM refusals").unwrap();
        let last = desk.by(&by, at(NOW)).command(command(2)).comment(done.case, comment("never"));
        assert_eq!(last.unwrap().version, answer.version + 1);
    }
}

/// Waits until so many connections to the database wait for a lock.
fn until_waiting(host: &mut Client, connections: i64) {
    let waiting = "pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while count(host, waiting) != connections {
        std::thread::yield_now();
    }
}

/// A real deadlock, with a host that takes the rows of two cases the other way round: the store's
/// transaction gives way, and the command is done after all.
#[test]
fn a_deadlock_ends_and_the_command_is_done() {
    let Some(database) = Database::fresh() else { return };
    let mut config = database.config();
    // Whoever waits this long for a lock looks for a deadlock, and gives way if there is one.
    config.options("-c deadlock_timeout=20ms");
    let store = PostgresStore::open_with(move || config.connect(NoTls), &options()).unwrap();
    let desk = desk(store.tenant(&tenant()));
    let clerk = officer("cell_officer", "desk");
    let lodge = || desk.by(&citizen(), at(NOW)).lodge(lodging("street-light")).unwrap().case;
    let (one, two) = (lodge(), lodge());
    // A commit takes its rows in the order of the identities.
    let (lower, higher) = (one.min(two), one.max(two));
    let bytes = |case: GrievanceId| case.uuid().as_bytes().to_vec();
    let take = "UPDATE grievance SET unit = unit WHERE case_id = $1";

    let (mut host, mut brake, mut watch) = (database.client(), database.client(), database.client());
    host.batch_execute("SET deadlock_timeout = '10min'").unwrap();
    let mut transaction = host.transaction().unwrap();
    transaction.execute(take, &[&bytes(higher)]).unwrap();
    // Holds the store's transaction between the two rows: its event would be the same.
    let mut held = brake.transaction().unwrap();
    let event = "INSERT INTO event SELECT tenant, case_id, version + 1, at, actor, rulebook, command, kind, body, hash
                 FROM event WHERE case_id = $1 ORDER BY version DESC LIMIT 1";
    held.execute(event, &[&bytes(lower)]).unwrap();
    std::thread::scope(|threads| {
        let merge = Merge { into: lower.to_string(), remarks: Some("the same lamp".to_owned()) };
        let merging = threads.spawn(|| desk.by(&clerk, at(NOW)).merge(higher, merge));
        until_waiting(&mut watch, 1);
        let crossing = threads.spawn(move || {
            transaction.execute(take, &[&bytes(lower)]).unwrap();
            transaction.commit().unwrap();
        });
        until_waiting(&mut watch, 2);
        held.rollback().unwrap();
        crossing.join().unwrap();
        merging.join().unwrap().unwrap();
    });
    assert_eq!(desk.store().fact(higher).unwrap().unwrap().merged_into, Some(lower));
}

/// What the server says of a failure may quote what was said; our error does not.
#[test]
fn an_error_quotes_nothing() {
    let Some(database) = Database::fresh() else { return };
    let store = database.store().tenant(&tenant());
    let mut commit = Sample::lodged(1).commit(1);
    let (_, mut row) = text(1, Compartment::Texts, "");
    row.content = "Canary\0Canary".to_owned();
    commit.texts.push(kept(commit.streams[0].case, &row, &[]));
    let problem = store.commit(&commit).unwrap_err();
    assert_eq!(problem, StoreError::Backend("PostgreSQL: SQLSTATE 22021".to_owned()));
    assert!(!format!("{problem:?} {problem}").contains("Canary"));
    assert!(store.history(commit.streams[0].case).unwrap().events.is_empty());
    let opened = PostgresStore::open("host=/nowhere password=Canary dbname=Canary").map(drop).unwrap_err();
    assert!(!format!("{opened:?} {opened}").contains("Canary"));
}

/// More threads than connections wait for their turn; one that waits too long is told.
#[test]
fn threads_share_a_few_connections() {
    let Some(database) = Database::fresh() else { return };
    let options = PostgresOptions { connections: 2, ..options() };
    let store = PostgresStore::open_with(database.connect(), &options).unwrap().tenant(&tenant());
    std::thread::scope(|threads| {
        for n in 1..=16 {
            let store = &store;
            threads.spawn(move || store.commit(&Sample::lodged(n).commit(n)).unwrap());
        }
    });
    let mut host = database.client();
    let ours = "pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    assert_eq!(count(&mut host, "grievance"), 16);
    assert!(count(&mut host, ours) <= 2);

    let hasty = PostgresOptions { connections: 1, wait: std::time::Duration::ZERO, ..options };
    let store = PostgresStore::open_with(database.connect(), &hasty).unwrap().tenant(&tenant());
    let nested = store.scan(&Scope::All, &mut |_| {
        // A scan holds no connection while it gives.
        assert!(store.fact(case_id()).is_ok());
        false
    });
    assert_eq!(nested, Ok(()));
}

/// Connections that the server closed while nobody used them are replaced unseen.
#[test]
fn a_server_that_closed_its_connections_is_reached_again() {
    let Some(database) = Database::fresh() else { return };
    let store = database.store().tenant(&tenant());
    let mut host = database.client();
    for round in 0..3 {
        // All at once, so that several connections lie idle.
        std::thread::scope(|threads| {
            for n in 1..=6 {
                let (store, n) = (&store, 10 * round + n);
                threads.spawn(move || store.commit(&Sample::lodged(n).commit(n)).unwrap());
            }
        });
        let cases = store.search(&Scope::All, &Search::default()).unwrap().cases.len();
        assert_eq!(cases as u64, 6 * (round + 1));
        let close = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
                     WHERE datname = current_database() AND pid <> pg_backend_pid()";
        assert!(!host.query(close, &[]).unwrap().is_empty());
    }
}
