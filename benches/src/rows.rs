//! The bare side: a loop over rusqlite that writes rows which the library wrote before.
//!
//! Its database has the library's tables and indexes, its connection the library's settings, and
//! it runs the library's own statements, prepared once. It decides nothing, encodes nothing and
//! hashes nothing: its values are ready.

use grievance_core::sql::sqlite::{SqliteOptions, SqliteStore, Synchronous};
use grievance_core::sql::{Dialect, fixed};
use rusqlite::config::DbConfig;
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Statement};
use std::collections::HashMap;
use std::path::Path;

/// The values of a row.
pub type Row = Vec<Value>;

/// The rows of one command.
#[derive(Clone, Debug)]
pub struct CommandRows {
    command: Row,
    /// Parameters of the insert, or, from the second event on, of the update.
    grievance: Row,
    is_first: bool,
    events: Vec<Row>,
    /// Tenant and case; the instant too, where the case has something due.
    timer: Row,
    texts: Vec<Row>,
}

impl CommandRows {
    /// How many rows are written; the timer, which may as well stay as it is, is not among them.
    pub fn count(&self) -> usize {
        2 + self.events.len() + self.texts.len()
    }
}

/// The options of both sides.
pub fn options(synchronous: Synchronous) -> SqliteOptions {
    SqliteOptions { synchronous, ..SqliteOptions::default() }
}

/// Makes the library's tables in a new file.
pub fn make_tables(path: &Path) {
    SqliteStore::open_with(path, &options(Synchronous::Off)).expect("a new database opens");
}

/// Opens a connection with the settings that the library's own has.
pub fn connect(path: &Path, synchronous: Synchronous) -> Connection {
    let connection = Connection::open(path).expect("the database opens");
    let SqliteOptions { busy_timeout, cache_kib, .. } = options(synchronous);
    let word = match synchronous {
        Synchronous::Full => "FULL",
        Synchronous::Normal => "NORMAL",
        Synchronous::Off => "OFF",
    };
    connection.busy_timeout(busy_timeout).expect("a timeout is taken");
    let settings = format!(
        "PRAGMA synchronous = {word}; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; \
         PRAGMA temp_store = MEMORY; PRAGMA cache_size = -{cache_kib}; PRAGMA journal_mode = WAL;"
    );
    connection.execute_batch(&settings).expect("the settings are taken");
    let stable = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true);
    stable.expect("the setting is taken");
    connection
}

/// How far a database has been read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mark {
    event: i64,
    vault: i64,
}

impl Mark {
    /// Moves the mark over everything that is there.
    pub fn pass_over(&mut self, connection: &Connection) {
        let last = |table| {
            let sql = format!("SELECT coalesce(max(rowid), 0) FROM {table}");
            connection.query_row(&sql, [], |row| row.get(0)).expect("it reads")
        };
        (self.event, self.vault) = (last("event"), last("vault"));
    }
}

/// Everything that commands for one case each have written since the mark, which is moved.
pub fn written_since(connection: &Connection, mark: &mut Mark) -> Vec<CommandRows> {
    let mut texts: HashMap<Vec<u8>, Vec<Row>> = HashMap::new();
    for (rowid, row) in
        read(connection, "SELECT rowid, * FROM vault WHERE rowid > ? ORDER BY rowid", mark.vault)
    {
        mark.vault = rowid;
        texts.entry(blob(&row[2])).or_default().push(row);
    }
    let mut commands: Vec<CommandRows> = Vec::new();
    for (rowid, event) in
        read(connection, "SELECT rowid, * FROM event WHERE rowid > ? ORDER BY rowid", mark.event)
    {
        mark.event = rowid;
        let case = blob(&event[1]);
        let same = |last: &&mut CommandRows| last.events[0][6] == event[6];
        if let Some(last) = commands.last_mut().filter(same) {
            assert_eq!(blob(&last.events[0][1]), case, "the command is for one case");
            last.events.push(event);
            continue;
        }
        let command =
            one(connection, "SELECT * FROM command WHERE tenant = ? AND command = ?", &event[0], &event[6]);
        let mut grievance =
            one(connection, "SELECT * FROM grievance WHERE tenant = ? AND case_id = ?", &event[0], &event[1]);
        let timers =
            all(connection, "SELECT * FROM timer WHERE tenant = ? AND case_id = ?", &event[0], &event[1]);
        let timer = timers.into_iter().next().unwrap_or_else(|| event[..2].to_vec());
        let Value::Integer(version) = event[2] else { unreachable!("the column is an integer") };
        if version > 1 {
            grievance.rotate_left(2);
            grievance.push(Value::Integer(version - 1));
        }
        let texts = texts.remove(&case).unwrap_or_default();
        commands.push(CommandRows {
            command,
            grievance,
            is_first: version == 1,
            events: vec![event],
            timer,
            texts,
        });
    }
    assert!(texts.is_empty(), "every text belongs to an event");
    commands
}

fn blob(value: &Value) -> Vec<u8> {
    let Value::Blob(bytes) = value else { unreachable!("the column is a blob") };
    bytes.clone()
}

fn read(connection: &Connection, sql: &str, after: i64) -> Vec<(i64, Row)> {
    let mut statement = connection.prepare_cached(sql).expect("the statement is sound");
    let width = statement.column_count();
    let rows = statement.query_map([after], |row| {
        Ok((row.get(0)?, (1..width).map(|at| row.get(at)).collect::<rusqlite::Result<Row>>()?))
    });
    rows.and_then(Iterator::collect).expect("the rows read")
}

fn all(connection: &Connection, sql: &str, tenant: &Value, key: &Value) -> Vec<Row> {
    let mut statement = connection.prepare_cached(sql).expect("the statement is sound");
    let width = statement.column_count();
    let rows = statement.query_map([tenant, key], |row| (0..width).map(|at| row.get(at)).collect());
    rows.and_then(Iterator::collect).expect("the rows read")
}

fn one(connection: &Connection, sql: &str, tenant: &Value, key: &Value) -> Row {
    all(connection, sql, tenant, key).pop().expect("the row is there")
}

/// The bare loop's statements, prepared.
pub struct Bare<'c> {
    begin: Statement<'c>,
    commit: Statement<'c>,
    history: Statement<'c>,
    command: Statement<'c>,
    first: Statement<'c>,
    later: Statement<'c>,
    event: Statement<'c>,
    set_timer: Statement<'c>,
    drop_timer: Statement<'c>,
    text: Statement<'c>,
}

impl<'c> Bare<'c> {
    /// Prepares the library's own statements.
    pub fn new(connection: &'c Connection) -> Self {
        let sql = fixed(Dialect::Sqlite);
        let prepare = |text: &str| connection.prepare(text).expect("the statement is sound");
        Self {
            begin: prepare("BEGIN IMMEDIATE"),
            commit: prepare("COMMIT"),
            history: prepare(&sql.history),
            command: prepare(&sql.insert_command),
            first: prepare(&sql.insert_grievance),
            later: prepare(&sql.update_grievance),
            event: prepare(&sql.insert_event),
            set_timer: prepare(&sql.set_timer),
            drop_timer: prepare(&sql.drop_timer),
            text: prepare(&sql.insert_text),
        }
    }

    /// Writes the rows of some commands in one transaction; says how many rows.
    pub fn write(&mut self, commands: &[CommandRows]) -> usize {
        let mut rows = 0;
        self.begin.raw_execute().expect("it begins");
        for CommandRows { command, grievance, is_first, events, timer, texts } in commands {
            rows += execute(&mut self.command, command);
            rows += execute(if *is_first { &mut self.first } else { &mut self.later }, grievance);
            for event in events {
                rows += execute(&mut self.event, event);
            }
            match timer.len() {
                3 => drop(execute(&mut self.set_timer, timer)),
                _ if *is_first => {}
                _ => drop(execute(&mut self.drop_timer, timer)),
            }
            for text in texts {
                rows += execute(&mut self.text, text);
            }
        }
        self.commit.raw_execute().expect("it commits");
        rows
    }

    /// Reads the history of the case that a command is for, every column, without making anything
    /// of it; says how many bytes there were.
    pub fn read_history(&mut self, command: &CommandRows) -> usize {
        bind(&mut self.history, &command.events[0][..2]);
        let mut bytes = 0;
        let mut rows = self.history.raw_query();
        while let Some(row) = rows.next().expect("it reads") {
            for column in 0..7 {
                bytes += match row.get_ref(column).expect("there are seven columns") {
                    ValueRef::Text(content) | ValueRef::Blob(content) => content.len(),
                    _ => 8,
                };
            }
        }
        bytes
    }
}

fn bind(statement: &mut Statement<'_>, row: &[Value]) {
    for (place, value) in (1..).zip(row) {
        statement.raw_bind_parameter::<usize, _>(place, value).expect("as many parameters as values");
    }
}

fn execute(statement: &mut Statement<'_>, row: &[Value]) -> usize {
    bind(statement, row);
    statement.raw_execute().expect("the row is written")
}

/// Holds two databases to have the same rows in the tables that commands write; says how many
/// there are, without the timers.
pub fn assert_same(ours: &Path, bare: &Path) -> i64 {
    let connection = Connection::open(ours).expect("the database opens");
    let attached = connection.execute("ATTACH ? AS bare", [bare.to_str().expect("a plain path")]);
    attached.expect("the other one opens");
    let count = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).expect("it counts");
    let mut rows = 0;
    for table in ["event", "grievance", "command", "vault", "timer"] {
        let here = count(&format!("SELECT count(*) FROM main.{table}"));
        assert_eq!(here, count(&format!("SELECT count(*) FROM bare.{table}")), "{table}");
        let differing =
            format!("SELECT count(*) FROM (SELECT * FROM main.{table} EXCEPT SELECT * FROM bare.{table})");
        assert_eq!(count(&differing), 0, "{table}");
        rows += if table == "timer" { 0 } else { here };
    }
    rows
}
