//! The tables. What each is for is in `docs/reference/schema.md`.
//!
//! INVARIANT: a migration that was released is never changed; a new one is added. The golden
//! files show when this is forgotten.

use crate::sql::Dialect;
use crate::sql::row::{
    BLIND, CHALLENGE, CHECKPOINT, COMMAND, EVENT, GRIEVANCE, HEAD, JOB, LOOK, OUTBOX, PLACE_REACH, TIMER,
    UNIT_REACH, VAULT,
};
use crate::vocabulary::NoticeState;
use sea_query::{
    ColumnDef, ConditionalStatement as _, Expr, ExprTrait as _, ForeignKey, Index, IndexCreateStatement,
    PostgresQueryBuilder, SqliteQueryBuilder, Table, TableCreateStatement,
};

/// Which schema version the database has: one row.
pub(crate) fn schema_version() -> TableCreateStatement {
    let mut table = Table::create();
    table.table("schema_version").if_not_exists();
    table.col(ColumnDef::new("id").big_integer().not_null().primary_key());
    table.col(ColumnDef::new("version").big_integer().not_null());
    table
}

/// A table whose key columns are the first `key` of `columns`, each `name type`: `i` for an
/// integer, `t` for text, `b` for bytes, with `?` where it may be null.
fn table(name: &'static str, columns: &[(&'static str, &str)], key: &[&'static str]) -> TableCreateStatement {
    let mut table = Table::create();
    table.table(name);
    for (column, kind) in columns {
        let mut def = ColumnDef::new(*column);
        match kind.as_bytes()[0] {
            b'i' => def.big_integer(),
            b't' => def.text(),
            _ => def.blob(),
        };
        if !kind.ends_with('?') {
            def.not_null();
        }
        table.col(def);
    }
    let mut primary = Index::create();
    for column in key {
        primary.col(*column);
    }
    table.primary_key(&mut primary);
    table
}

/// Pairs the columns of a row with their types.
fn typed<const N: usize>(
    columns: [&'static str; N],
    types: [&'static str; N],
) -> Vec<(&'static str, &'static str)> {
    columns.into_iter().zip(types).collect()
}

fn index(name: &'static str, table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(name).table(table);
    for column in columns {
        index.col(*column);
    }
    index
}

/// Migration 1: everything a desk needs of a store.
pub(crate) fn first(dialect: Dialect) -> Vec<String> {
    let event = table(
        "event",
        &typed(EVENT, ["t", "b", "i", "i", "t", "b", "b", "t", "t", "b"]),
        &["tenant", "case_id", "version"],
    );
    let (first_columns, _) = GRIEVANCE.split_first_chunk::<32>().expect("it has more columns by now");
    let grievance = table(
        "grievance",
        &typed(
            *first_columns,
            [
                "t", "b", "i", "t?", "t?", "t?", "t", "t?", "t?", "t?", "t?", "t", "t", "t", "i", "i", "i",
                "i?", "i?", "t?", "t?", "t?", "t?", "i", "i", "i", "b?", "b?", "b?", "b", "i", "b",
            ],
        ),
        &["tenant", "case_id"],
    );
    let command = table("command", &typed(COMMAND, ["t", "b", "b", "b", "i", "t?"]), &["tenant", "command"]);
    let (vault, _) = VAULT.split_first_chunk::<8>().expect("the columns of migration 1 come first");
    let vault = table("vault", &typed(*vault, ["t", "b", "b", "t", "t", "b", "t?", "t"]), &["tenant", "id"]);
    let serial = table("serial", &[("tenant", "t"), ("series", "t"), ("next", "i")], &["tenant", "series"]);
    let edition =
        table("edition", &[("tenant", "t"), ("version", "b"), ("document", "t")], &["tenant", "version"]);
    let mut activation =
        table("activation", &[("tenant", "t"), ("from_at", "i"), ("version", "b")], &["tenant", "from_at"]);
    activation.foreign_key(
        ForeignKey::create()
            .from_tbl("activation")
            .from_col("tenant")
            .from_col("version")
            .to_tbl("edition")
            .to_col("tenant")
            .to_col("version"),
    );
    let holding = table(
        "holding",
        &[
            ("tenant", "t"),
            ("unit", "t"),
            ("post", "t"),
            ("from_at", "i"),
            ("person", "b"),
            ("acting", "i"),
            ("until_at", "i?"),
        ],
        &["tenant", "unit", "post", "from_at", "person"],
    );

    // SQLite: rows that are hardly more than their key live in the key's tree. The others keep a
    // row number, so that a case lodged under a random identity is appended and its indexes stay
    // narrow.
    let tables = [
        (event, "STRICT"),
        (grievance, "STRICT"),
        (command, "STRICT, WITHOUT ROWID"),
        (vault, "STRICT"),
        (serial, "STRICT, WITHOUT ROWID"),
        (edition, "STRICT"),
        (activation, "STRICT, WITHOUT ROWID"),
        (holding, "STRICT, WITHOUT ROWID"),
    ];
    let indexes = [
        index("grievance_lodged", "grievance", &["tenant", "lodged_at", "case_id"]),
        // The phase comes last: it does not order anything, and what does not fit is passed over
        // without a look at the row.
        index("grievance_unit", "grievance", &["tenant", "unit", "lodged_at", "case_id", "phase"]),
        // A part shares the number of the whole: `sharer` is empty for the owner of a number and
        // the part's own identity for a part.
        index("grievance_number", "grievance", &["tenant", "number", "sharer"])
            .unique()
            .and_where(Expr::col("number").is_not_null())
            .take(),
        // NULLs are distinct: without a source, an external number says nothing and binds nothing.
        index("grievance_external", "grievance", &["tenant", "external_number", "source"])
            .unique()
            .and_where(Expr::col("external_number").is_not_null())
            .take(),
        index("grievance_tracking", "grievance", &["tenant", "tracking"])
            .and_where(Expr::col("tracking").is_not_null())
            .take(),
    ];
    let mut texts = said(dialect, tables, indexes);
    if dialect == Dialect::Sqlite {
        texts.extend(assumed_statistics(&[
            ("grievance", "sqlite_autoindex_grievance_1", "1000000 1000000 1"),
            ("grievance", "grievance_lodged", "1000000 1000000 2 1"),
            ("grievance", "grievance_unit", "1000000 1000000 5000 1 1 1"),
            ("grievance", "grievance_number", "1000000 1000000 2 1"),
            ("grievance", "grievance_external", "1000000 1000000 2 1"),
            ("grievance", "grievance_tracking", "10000 10000 2"),
        ]));
    }
    texts
}

/// Migration 2: what waits for its time.
pub(crate) fn time(dialect: Dialect) -> Vec<String> {
    let mut texts: Vec<String> = GRIEVANCE[32..40]
        .iter()
        .zip(["i?", "i", "i?", "t?", "i", "i", "i", "i"])
        .map(|(column, kind)| {
            let mut def = ColumnDef::new(*column);
            match kind {
                "t?" => def.text(),
                "i?" => def.big_integer(),
                _ => def.big_integer().not_null().default(0),
            };
            let alter = Table::alter().table("grievance").add_column(&mut def).take();
            match dialect {
                Dialect::Sqlite => alter.to_string(SqliteQueryBuilder),
                Dialect::Postgres => alter.to_string(PostgresQueryBuilder),
            }
        })
        .collect();
    let (outbox, _) = OUTBOX.split_first_chunk::<14>().expect("the columns of migration 2 come first");
    let timer = table("timer", &typed(TIMER, ["t", "b", "i"]), &["tenant", "case_id"]);
    let outbox = table(
        "outbox",
        &typed(*outbox, ["t", "b", "b", "i", "i", "i", "i", "t", "i", "b?", "i?", "i?", "t?", "t"]),
        &["tenant", "id"],
    );
    let job = table("job", &typed(JOB, ["t", "t", "i", "t", "i"]), &["tenant", "schedule", "due_at"]);
    let tables = [(timer, "STRICT, WITHOUT ROWID"), (outbox, "STRICT"), (job, "STRICT, WITHOUT ROWID")];
    let state = |state: NoticeState| Expr::col("state").eq(Expr::cust(format!("'{state}'")));
    let indexes = [
        index("timer_due", "timer", &["tenant", "due_at", "case_id"]),
        // What is settled leaves this one, so that it stays as small as the work that is left.
        index("outbox_waiting", "outbox", &["tenant", "next_at", "case_id", "about", "place"])
            .and_where(state(NoticeState::Waiting))
            .take(),
        index("outbox_case", "outbox", &["tenant", "case_id", "state", "about", "place"]),
        index("outbox_parked", "outbox", &["tenant", "settled_at", "id"])
            .and_where(state(NoticeState::Parked))
            .take(),
        index("job_open", "job", &["tenant", "due_at", "schedule"])
            .and_where(Expr::cust("\"done\" = 0"))
            .take(),
    ];
    texts.extend(said(dialect, tables, indexes));
    if dialect == Dialect::Sqlite {
        texts.extend(assumed_statistics(&[
            ("timer", "timer", "1000000 1000000 1"),
            ("timer", "timer_due", "1000000 1000000 2 1"),
            ("outbox", "sqlite_autoindex_outbox_1", "10000000 10000000 1"),
            ("outbox", "outbox_waiting", "10000 10000 2 2 1 1"),
            ("outbox", "outbox_case", "10000000 10000000 10 5 2 1"),
            ("outbox", "outbox_parked", "1000 1000 2 1"),
            ("job", "job", "10000 10000 1000 1"),
            ("job", "job_open", "10 10 2 1"),
        ]));
    }
    texts
}

/// Migration 4: what is said to the public and what is said to offices are lines of their own.
/// Messages from before stand in the public's.
pub(crate) fn lines(dialect: Dialect) -> Vec<String> {
    let mut line = ColumnDef::new(OUTBOX[14]);
    let alter = Table::alter().table("outbox").add_column(line.big_integer().not_null().default(0)).take();
    let mut texts = vec![match dialect {
        Dialect::Sqlite => alter.to_string(SqliteQueryBuilder),
        Dialect::Postgres => alter.to_string(PostgresQueryBuilder),
    }];
    for name in ["outbox_case", "outbox_waiting"] {
        let mut drop = Index::drop();
        drop.name(name);
        texts.push(match dialect {
            Dialect::Sqlite => drop.to_string(SqliteQueryBuilder),
            Dialect::Postgres => drop.to_string(PostgresQueryBuilder),
        });
    }
    let waits = Expr::col("state").eq(Expr::cust(format!("'{}'", NoticeState::Waiting)));
    let indexes = [
        index("outbox_waiting", "outbox", &["tenant", "next_at", "case_id", "about", "place", "line"])
            .and_where(waits)
            .take(),
        index("outbox_case", "outbox", &["tenant", "case_id", "line", "state", "about", "place"]),
    ];
    texts.extend(said(dialect, [], indexes));
    if dialect == Dialect::Sqlite {
        texts.extend(assumed_statistics(&[
            ("outbox", "outbox_waiting", "10000 10000 2 2 1 1 1"),
            ("outbox", "outbox_case", "10000000 10000000 10 6 3 2 1"),
        ]));
    }
    texts
}

/// Migration 5: counts of codes know when they may be forgotten. Those from before learn it when
/// they are next written.
pub(crate) fn forgetting(dialect: Dialect) -> Vec<String> {
    let mut at = ColumnDef::new("forget_at");
    let alter = Table::alter().table("limiter").add_column(at.big_integer()).take();
    let stale = index("limiter_stale", "limiter", &["tenant", "forget_at"])
        .and_where(Expr::col("forget_at").is_not_null())
        .take();
    let mut texts = vec![match dialect {
        Dialect::Sqlite => alter.to_string(SqliteQueryBuilder),
        Dialect::Postgres => alter.to_string(PostgresQueryBuilder),
    }];
    texts.extend(said(dialect, [], [stale]));
    texts
}

/// Migration 6: what scopes ask of a case, and the lines of each rulebook version.
///
/// A row from before has no `lodged_by`: no scope that asks whom a case is about covers it until it
/// is written anew.
pub(crate) fn reach(dialect: Dialect) -> Vec<String> {
    let mut texts: Vec<String> = GRIEVANCE[40..48]
        .iter()
        .zip(["t?", "t?", "t", "t?", "b?", "b?", "t?", "i"])
        .map(|(column, kind)| {
            let mut def = ColumnDef::new(*column);
            match kind {
                "t?" => def.text(),
                "t" => def.text().not_null().default(""),
                "b?" => def.blob(),
                _ => def.big_integer().not_null().default(0),
            };
            let alter = Table::alter().table("grievance").add_column(&mut def).take();
            match dialect {
                Dialect::Sqlite => alter.to_string(SqliteQueryBuilder),
                Dialect::Postgres => alter.to_string(PostgresQueryBuilder),
            }
        })
        .collect();
    let units = table("unit_reach", &typed(UNIT_REACH, ["t", "b", "t", "t"]), &UNIT_REACH);
    let places = table("place_reach", &typed(PLACE_REACH, ["t", "b", "t", "t"]), &PLACE_REACH);
    let tables = [(units, "STRICT, WITHOUT ROWID"), (places, "STRICT, WITHOUT ROWID")];
    texts.extend(said(dialect, tables, []));
    if dialect == Dialect::Sqlite {
        texts.extend(assumed_statistics(&[
            ("unit_reach", "unit_reach", "100000 100000 20000 20 1"),
            ("place_reach", "place_reach", "10000 10000 2000 20 1"),
        ]));
    }
    texts
}

/// Migration 7: sealed texts, tokens by which people are found, and the access log.
pub(crate) fn vault(dialect: Dialect) -> Vec<String> {
    let mut texts: Vec<String> =
        [ColumnDef::new(VAULT[8]).blob().take(), ColumnDef::new(VAULT[9]).text().take()]
            .iter_mut()
            .map(|column| {
                let alter = Table::alter().table("vault").add_column(column).take();
                match dialect {
                    Dialect::Sqlite => alter.to_string(SqliteQueryBuilder),
                    Dialect::Postgres => alter.to_string(PostgresQueryBuilder),
                }
            })
            .collect();
    let blind = table(
        "blind",
        &typed(BLIND, ["t", "b", "i", "b", "b"]),
        &["tenant", "token", "lodged_at", "case_id", "text_id"],
    );
    let look = table("look", &typed(LOOK, ["t", "i", "i", "b?", "t", "t", "b"]), &["tenant", "place"]);
    let tables = [(blind, "STRICT, WITHOUT ROWID"), (look, "STRICT, WITHOUT ROWID")];
    let indexes = [
        index("vault_case", "vault", &["tenant", "case_id"]),
        // What is erased with a case, and what is made anew with a text.
        index("blind_case", "blind", &["tenant", "case_id", "text_id"]),
        index("look_case", "look", &["tenant", "case_id", "place"])
            .and_where(Expr::col("case_id").is_not_null())
            .take(),
    ];
    texts.extend(said(dialect, tables, indexes));
    if dialect == Dialect::Sqlite {
        texts.extend(assumed_statistics(&[
            ("vault", "vault_case", "10000000 10000000 10"),
            // A word that comes often comes in many cases: a plan that begins with it must be able
            // to stop early.
            ("blind", "blind", "3000000 3000000 30 1 1 1"),
            ("blind", "blind_case", "3000000 3000000 3 1"),
            ("look", "look", "10000000 10000000 1"),
            ("look", "look_case", "10000000 10000000 10 1"),
        ]));
    }
    texts
}

/// Migration 8: how far cases had come at checkpoints, and the checkpoints.
pub(crate) fn checkpoints(dialect: Dialect) -> Vec<String> {
    let head = table("head", &typed(HEAD, ["t", "b", "i", "b", "i"]), &["tenant", "case_id", "version"]);
    let checkpoint = table("checkpoint", &typed(CHECKPOINT, ["t", "i", "b", "t"]), &["tenant", "number"]);
    let tables = [(head, "STRICT, WITHOUT ROWID"), (checkpoint, "STRICT, WITHOUT ROWID")];
    // Each has one successor: of two who make one after the same, one succeeds.
    let succession = index("checkpoint_previous", "checkpoint", &["tenant", "previous"]).unique().take();
    let mut texts = said(dialect, tables, [succession]);
    if dialect == Dialect::Sqlite {
        texts.extend(assumed_statistics(&[
            ("head", "head", "5000000 5000000 5 1"),
            ("checkpoint", "checkpoint", "500 500 1"),
            ("checkpoint", "checkpoint_previous", "500 500 1"),
        ]));
    }
    texts
}

/// Migration 9: what a second look found, and what the case came from.
pub(crate) fn quality(dialect: Dialect) -> Vec<String> {
    let columns = GRIEVANCE[48..52].iter().map(|column| {
        let mut def = ColumnDef::new(*column);
        let def = if *column == "sampled_for" { def.big_integer() } else { def.text() };
        let alter = Table::alter().table("grievance").add_column(def).take();
        match dialect {
            Dialect::Sqlite => alter.to_string(SqliteQueryBuilder),
            Dialect::Postgres => alter.to_string(PostgresQueryBuilder),
        }
    });
    columns.collect()
}

/// Migration 10: under which reference a gateway took a message, to find it when the carrier reports.
pub(crate) fn references(dialect: Dialect) -> Vec<String> {
    let mut reference = ColumnDef::new("reference");
    let alter = Table::alter().table("outbox").add_column(reference.text()).take();
    let referred = index("outbox_reference", "outbox", &["tenant", "reference"])
        .and_where(Expr::col("reference").is_not_null())
        .take();
    let mut texts = vec![match dialect {
        Dialect::Sqlite => alter.to_string(SqliteQueryBuilder),
        Dialect::Postgres => alter.to_string(PostgresQueryBuilder),
    }];
    texts.extend(said(dialect, [], [referred]));
    if dialect == Dialect::Sqlite {
        texts.extend(assumed_statistics(&[("outbox", "outbox_reference", "10000000 10000000 1")]));
    }
    texts
}

/// Migration 11: by which due date a case is judged and from when it is late, when the complainant was last told
/// anything, and what an officer would change. A row from before says nothing of it until it is written anew.
pub(crate) fn judged(dialect: Dialect) -> Vec<String> {
    let columns = GRIEVANCE[52..].iter().map(|column| {
        let mut def = ColumnDef::new(*column);
        let def = if *column == "suggestion" { def.blob() } else { def.big_integer() };
        let alter = Table::alter().table("grievance").add_column(def).take();
        match dialect {
            Dialect::Sqlite => alter.to_string(SqliteQueryBuilder),
            Dialect::Postgres => alter.to_string(PostgresQueryBuilder),
        }
    });
    columns.collect()
}

/// Tables, with what SQLite is told beside, and indexes, as text.
fn said(
    dialect: Dialect,
    tables: impl IntoIterator<Item = (TableCreateStatement, &'static str)>,
    indexes: impl IntoIterator<Item = IndexCreateStatement>,
) -> Vec<String> {
    let mut texts = Vec::new();
    for (mut table, sqlite) in tables {
        texts.push(match dialect {
            Dialect::Sqlite => table.extra(sqlite).to_string(SqliteQueryBuilder),
            Dialect::Postgres => table.to_string(PostgresQueryBuilder),
        });
    }
    for index in indexes {
        texts.push(match dialect {
            Dialect::Sqlite => index.to_string(SqliteQueryBuilder),
            Dialect::Postgres => index.to_string(PostgresQueryBuilder),
        });
    }
    texts
}

/// Codes that were sent to mobiles, and the limits on them.
pub(crate) fn challenges(dialect: Dialect) -> Vec<String> {
    let challenge = table(
        "challenge",
        &typed(CHALLENGE, ["t", "b", "t", "b", "b", "t", "b", "i", "i", "i", "i"]),
        &["tenant", "id"],
    );
    let limiter = table(
        "limiter",
        &[("tenant", "t"), ("subject", "t"), ("revision", "i"), ("state", "t")],
        &["tenant", "subject"],
    );
    let expiry = index("challenge_expiry", "challenge", &["tenant", "expires_at"]);
    let tables = [challenge, limiter].into_iter().map(|mut table| match dialect {
        Dialect::Sqlite => table.extra("STRICT, WITHOUT ROWID").to_string(SqliteQueryBuilder),
        Dialect::Postgres => table.to_string(PostgresQueryBuilder),
    });
    tables
        .chain([match dialect {
            Dialect::Sqlite => expiry.to_string(SqliteQueryBuilder),
            Dialect::Postgres => expiry.to_string(PostgresQueryBuilder),
        }])
        .collect()
}

/// Tells SQLite's planner what a big tenant looks like, so that its plans are the same in an
/// empty database and in a full one: without statistics it takes the tenant alone to be as good
/// as a key. Each line is a table, an index, and its rows in all, then per value of the first
/// column, of the first two, and so on. A host that runs ANALYZE replaces them by its own.
fn assumed_statistics(rows: &[(&str, &str, &str)]) -> Vec<String> {
    let mut texts = vec!["ANALYZE \"sqlite_schema\"".to_owned()];
    texts.extend(rows.iter().map(|(table, index, counts)| {
        format!("INSERT INTO \"sqlite_stat1\" VALUES ('{table}', '{index}', '{counts}')")
    }));
    texts.push("ANALYZE \"sqlite_schema\"".to_owned());
    texts
}
