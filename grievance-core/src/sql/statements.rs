//! The fixed statements: built once per dialect, the same text for ever after.

use crate::sql::Dialect;
use crate::sql::row::{CHALLENGE, COMMAND, EVENT, GRIEVANCE, KEPT, TEXT, VAULT};
use crate::vocabulary::Phase;
use sea_query::{
    CaseStatement, Expr, ExprTrait as _, OnConflict, Order, PostgresQueryBuilder, Query,
    QueryStatementWriter, SelectStatement, SqliteQueryBuilder,
};
use std::sync::OnceLock;

macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $build:expr;)+) => {
        /// The text of every fixed statement, in one dialect.
        #[derive(Debug)]
        pub struct Statements { $($(#[$doc])* pub $name: String,)+ }

        impl Statements {
            fn build(dialect: Dialect) -> Self {
                Self { $($name: text(dialect, &$build),)+ }
            }

            /// Every statement with its name.
            pub fn list(&self) -> Vec<(&'static str, &str)> {
                vec![$((stringify!($name), self.$name.as_str()),)+]
            }
        }
    };
}

statements! {
    /// Writes an event; a stale writer meets the primary key.
    insert_event = insert("event", &EVENT);
    /// Writes the row of a new case.
    insert_grievance = insert("grievance", &GRIEVANCE);
    /// Replaces the row of a case that still has the expected version: the new row without its
    /// key, then tenant, case and version.
    update_grievance = {
        let mut update = Query::update();
        update.table("grievance");
        for column in &GRIEVANCE[2..] {
            update.value(*column, any());
        }
        update
            .and_where(Expr::col("tenant").eq(any()))
            .and_where(Expr::col("case_id").eq(any()))
            .and_where(Expr::col("version").eq(any()))
            .take()
    };
    /// Keeps the receipt of a command; one that was used before meets the primary key.
    insert_command = insert("command", &COMMAND);
    /// Puts a text into the vault.
    insert_text = insert("vault", &VAULT);
    /// The receipt of a command.
    receipt = select("command", &COMMAND[2..], &["tenant", "command"]);
    /// The version of a case.
    version = select("grievance", &["version"], &["tenant", "case_id"]);
    /// The row of a case.
    fact = select("grievance", &GRIEVANCE, &["tenant", "case_id"]);
    /// The case that owns a registration number: tenant, number and the empty `sharer`.
    owner = select("grievance", &["case_id"], &["tenant", "number", "sharer"]);
    /// The case of another system's number.
    external = select("grievance", &["case_id"], &["tenant", "external_number", "source"]);
    /// The case of a tracking code; parts share it.
    tracking = select("grievance", &["case_id"], &["tenant", "tracking"])
        .and_where(Expr::col("part_of").is_null())
        .take();
    /// The history of a case, oldest event first.
    history = select("event", &KEPT, &["tenant", "case_id"]).order_by("version", Order::Asc).take();
    /// So many events after a case and version, in that order.
    scan = select("event", &KEPT, &["tenant"])
        .and_where(Expr::tuple([Expr::col("case_id"), Expr::col("version")]).gt(Expr::tuple([any(), any()])))
        .order_by("case_id", Order::Asc)
        .order_by("version", Order::Asc)
        .limit(1)
        .take();
    /// A text of the vault.
    text = select("vault", &TEXT, &["tenant", "id"]);
    /// Reserves serials: tenant, series, floor + count, count, count. Answers the one after them.
    reserve = {
        let after = || Expr::col(("serial", "next")).add(any());
        let given = || Expr::col(("excluded", "next"));
        let next = CaseStatement::new().case(after().lt(given()), given()).finally(after());
        Query::insert()
            .into_table("serial")
            .columns(["tenant", "series", "next"])
            .values_panic([any(), any(), any()])
            .on_conflict(OnConflict::columns(["tenant", "series"]).value("next", next).clone())
            .returning_col("next")
            .take()
    };
    /// Keeps a rulebook version.
    keep = Query::insert()
        .into_table("edition")
        .columns(["tenant", "version", "document"])
        .values_panic([any(), any(), any()])
        .on_conflict(OnConflict::columns(["tenant", "version"]).do_nothing().clone())
        .take();
    /// Puts a rulebook version in force.
    activate = Query::insert()
        .into_table("activation")
        .columns(["tenant", "from_at", "version"])
        .values_panic([any(), any(), any()])
        .on_conflict(OnConflict::columns(["tenant", "from_at"]).update_column("version").clone())
        .take();
    /// A kept rulebook version.
    edition = select("edition", &["document"], &["tenant", "version"]);
    /// The latest activation that is not after an instant; the limit is 1.
    in_force = select("activation", &["version"], &["tenant"])
        .and_where(Expr::col("from_at").lte(any()))
        .order_by("from_at", Order::Desc)
        .limit(1)
        .take();
    /// Open cases after an identity whose last event was decided under another rulebook version.
    unmoved = {
        // Words of a closed list: they need no parameter.
        let open = Phase::ALL.iter().filter(|phase| phase.is_pending());
        let open: Vec<Expr> = open.map(|phase| Expr::cust(format!("'{phase}'"))).collect();
        select("grievance", &["case_id"], &["tenant"])
            .and_where(Expr::col("case_id").gt(any()))
            .and_where(Expr::col("rulebook").ne(any()))
            .and_where(Expr::col("phase").is_in(open))
            .order_by("case_id", Order::Asc)
            .limit(1)
            .take()
    };
    /// Writes a row of the roster, or replaces its end.
    appoint = Query::insert()
        .into_table("holding")
        .columns(["tenant", "unit", "post", "from_at", "person", "acting", "until_at"])
        .values_panic([any(), any(), any(), any(), any(), any(), any()])
        .on_conflict(
            OnConflict::columns(["tenant", "unit", "post", "from_at", "person"])
                .update_columns(["acting", "until_at"])
                .clone(),
        )
        .take();
    /// Who holds a post at an instant, which is given twice.
    holders = select("holding", &["person", "acting", "from_at", "until_at"], &["tenant", "unit", "post"])
        .and_where(Expr::col("from_at").lte(any()))
        .and_where(Expr::col("until_at").is_null().or(Expr::col("until_at").gt(any())))
        .order_by("from_at", Order::Asc)
        .order_by("person", Order::Asc)
        .take();
    /// Keeps a code that was sent.
    insert_challenge = insert("challenge", &CHALLENGE);
    /// A code that was sent.
    challenge = select("challenge", &CHALLENGE[2..], &["tenant", "id"]);
    /// Counts a try of a code, or its use: tries, used, then tenant, identity, and tries and used
    /// as they were read.
    spend_challenge = Query::update()
        .table("challenge")
        .value("tries", any())
        .value("used", any())
        .and_where(Expr::col("tenant").eq(any()))
        .and_where(Expr::col("id").eq(any()))
        .and_where(Expr::col("tries").eq(any()))
        .and_where(Expr::col("used").eq(any()))
        .take();
    /// Forgets the codes that expired before an instant.
    forget_challenges = Query::delete()
        .from_table("challenge")
        .and_where(Expr::col("tenant").eq(any()))
        .and_where(Expr::col("expires_at").lt(any()))
        .take();
    /// The counts of a number, or of all.
    limiter = select("limiter", &["revision", "state"], &["tenant", "subject"]);
    /// Keeps counts for the first time; who comes second meets the primary key.
    insert_limiter = insert("limiter", &["tenant", "subject", "revision", "state"]);
    /// Replaces counts that still have the expected revision, which comes last.
    update_limiter = Query::update()
        .table("limiter")
        .value("revision", any())
        .value("state", any())
        .and_where(Expr::col("tenant").eq(any()))
        .and_where(Expr::col("subject").eq(any()))
        .and_where(Expr::col("revision").eq(any()))
        .take();
}

/// The fixed statements of a dialect.
pub fn fixed(dialect: Dialect) -> &'static Statements {
    static SQLITE: OnceLock<Statements> = OnceLock::new();
    static POSTGRES: OnceLock<Statements> = OnceLock::new();
    match dialect {
        Dialect::Sqlite => SQLITE.get_or_init(|| Statements::build(dialect)),
        Dialect::Postgres => POSTGRES.get_or_init(|| Statements::build(dialect)),
    }
}

fn text(dialect: Dialect, query: &impl QueryStatementWriter) -> String {
    match dialect {
        Dialect::Sqlite => query.build(SqliteQueryBuilder).0,
        Dialect::Postgres => query.build(PostgresQueryBuilder).0,
    }
}

/// A parameter: the value only makes sea-query write a placeholder.
fn any() -> Expr {
    Expr::val(0_i64)
}

fn insert(table: &'static str, columns: &[&'static str]) -> sea_query::InsertStatement {
    Query::insert()
        .into_table(table)
        .columns(columns.iter().copied())
        .values_panic(columns.iter().map(|_| any()))
        .take()
}

fn select(table: &'static str, columns: &[&'static str], key: &[&'static str]) -> SelectStatement {
    let mut select = Query::select();
    select.columns(columns.iter().copied()).from(table);
    for column in key {
        select.and_where(Expr::col(*column).eq(any()));
    }
    select
}
