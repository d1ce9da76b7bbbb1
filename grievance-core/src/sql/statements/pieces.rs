//! What the fixed statements are put together from, and how they become text.

use crate::sql::Dialect;
use crate::sql::row::HEAD;
use crate::vocabulary::NoticeState;
use sea_query::{
    CaseStatement, Expr, ExprTrait as _, Func, OnConflict, Order, PostgresQueryBuilder, Query,
    QueryStatementWriter, SelectStatement, SqliteQueryBuilder,
};

/// Something with a text in each dialect.
pub(super) trait Text {
    fn text(&self, dialect: Dialect) -> String;
}

impl<Q: QueryStatementWriter> Text for Q {
    fn text(&self, dialect: Dialect) -> String {
        match dialect {
            Dialect::Sqlite => self.build(SqliteQueryBuilder).0,
            Dialect::Postgres => self.build(PostgresQueryBuilder).0,
        }
    }
}

/// A query for its first row. The limit is said, not bound: it is not a host's to choose, and a
/// plan may hang on it.
pub(super) struct One(pub(super) SelectStatement);

impl Text for One {
    fn text(&self, dialect: Dialect) -> String {
        self.0.text(dialect) + " LIMIT 1"
    }
}

/// A query that is ordered, last, by a text as its bytes go. SQLite knows no other order; to
/// PostgreSQL it is said, whatever language the database was made for.
pub(super) struct ByBytes(pub(super) SelectStatement, pub(super) &'static str);

impl Text for ByBytes {
    fn text(&self, dialect: Dialect) -> String {
        let Self(query, column) = self;
        let by = match dialect {
            Dialect::Sqlite => Expr::col(*column),
            Dialect::Postgres => Expr::cust(format!("\"{column}\" COLLATE \"C\"")),
        };
        query.clone().order_by_expr(by, Order::Asc).take().text(dialect)
    }
}

/// A word of a closed list, which needs no parameter; a partial index asks for it in the text.
pub(super) fn word(state: NoticeState) -> Expr {
    Expr::cust(format!("'{state}'"))
}

pub(super) fn state(table: &'static str, state: NoticeState) -> Expr {
    Expr::col((table, "state")).eq(word(state))
}

/// An instant, given twice, but not before the message may go out.
pub(super) fn not_before_or(at: Expr, again: Expr) -> Expr {
    let own = || Expr::col("not_before");
    CaseStatement::new().case(own().lt(at), again).finally(own()).into()
}

/// Messages that wait and have none of their line waiting before them, in the order of time.
pub(super) fn heads(columns: &[&'static str]) -> SelectStatement {
    let col = |column: &'static str| Expr::col(("outbox", column));
    let before = |column: &'static str| Expr::col(("before", column));
    let earlier = Query::select()
        .expr(Expr::cust("1"))
        .from_as("outbox", "before")
        .and_where(before("tenant").equals(("outbox", "tenant")))
        .and_where(before("case_id").equals(("outbox", "case_id")))
        .and_where(before("line").equals(("outbox", "line")))
        .and_where(state("before", NoticeState::Waiting))
        .and_where(
            Expr::tuple([before("about"), before("place")]).lt(Expr::tuple([col("about"), col("place")])),
        )
        .take();
    let mut heads = Query::select();
    heads.from("outbox");
    for column in columns {
        heads.expr(col(column));
    }
    heads.and_where(col("tenant").eq(any())).and_where(state("outbox", NoticeState::Waiting));
    heads.and_where(Expr::exists(earlier).not());
    for column in ["next_at", "case_id", "about", "place"] {
        heads.order_by(("outbox", column), Order::Asc);
    }
    heads
}

/// A parameter: the value only makes sea-query write a placeholder.
pub(super) fn any() -> Expr {
    Expr::val(0_i64)
}

pub(super) fn insert(table: &'static str, columns: &[&'static str]) -> sea_query::InsertStatement {
    Query::insert()
        .into_table(table)
        .columns(columns.iter().copied())
        .values_panic(columns.iter().map(|_| any()))
        .take()
}

/// Writes a row that is all key, unless it is there.
pub(super) fn once(table: &'static str, columns: &'static [&'static str; 4]) -> sea_query::InsertStatement {
    insert(table, columns).on_conflict(OnConflict::columns(*columns).do_nothing().clone()).take()
}

/// Whether a text is kept under another key than this; no key is the empty one.
pub(super) fn not_under(column: &'static str) -> Expr {
    let key: Expr = Func::coalesce([Expr::col(column), Expr::cust("''")]).into();
    key.ne(any())
}

pub(super) fn delete(table: &'static str, key: &[&'static str]) -> sea_query::DeleteStatement {
    let mut delete = Query::delete();
    delete.from_table(table);
    for column in key {
        delete.and_where(Expr::col(*column).eq(any()));
    }
    delete
}

/// Deletes rows whose instant lies before another one, the earliest first, so many.
pub(super) fn forget(table: &'static str, key: &'static str, at: &'static str) -> sea_query::DeleteStatement {
    let first = select(table, &[key], &["tenant"])
        .and_where(Expr::col(at).lt(any()))
        .order_by(at, Order::Asc)
        .limit(1)
        .take();
    Query::delete()
        .from_table(table)
        .and_where(Expr::col("tenant").eq(any()))
        // Said twice: meanwhile somebody may have written the row anew.
        .and_where(Expr::col(at).lt(any()))
        .and_where(Expr::col(key).in_subquery(first))
        .take()
}

pub(super) fn select(table: &'static str, columns: &[&'static str], key: &[&'static str]) -> SelectStatement {
    let mut select = Query::select();
    select.columns(columns.iter().copied()).from(table);
    for column in key {
        select.and_where(Expr::col(*column).eq(any()));
    }
    select
}

/// The last events of cases that have come further than was taken down before, as rows to take down.
pub(super) fn news_of_heads() -> sea_query::InsertStatement {
    let of = |table: &'static str, column: &'static str| Expr::col((table, column));
    let known = Query::select()
        .expr(Expr::cust("1"))
        .from_as("head", "known")
        .and_where(of("known", "tenant").equals(("grievance", "tenant")))
        .and_where(of("known", "case_id").equals(("grievance", "case_id")))
        .and_where(of("known", "version").gte(of("grievance", "version")))
        .take();
    let last = of("event", "tenant")
        .equals(("grievance", "tenant"))
        .and(of("event", "case_id").equals(("grievance", "case_id")))
        .and(of("event", "version").equals(("grievance", "version")));
    let news = Query::select()
        .expr(of("grievance", "tenant"))
        .expr(of("grievance", "case_id"))
        .expr(of("grievance", "version"))
        .expr(of("event", "hash"))
        .expr(any().cast_as("BIGINT"))
        .from("grievance")
        .inner_join("event", last)
        .and_where(of("grievance", "tenant").eq(any()))
        .and_where(Expr::exists(known).not())
        .take();
    Query::insert()
        .into_table("head")
        .columns(HEAD)
        .select_from(news)
        .expect("it has as many columns as the table")
        .take()
}

/// How far each case had come under a number.
pub(super) fn heads_under() -> SelectStatement {
    last_heads(&["case_id", "version", "hash"], None)
}

/// The cases that went on from one number to a later one, with both versions.
pub(super) fn advances() -> SelectStatement {
    let of = |table: &'static str, column: &'static str| Expr::col((table, column));
    let before = Query::select()
        .expr(Func::max(of("earlier", "version")))
        .from_as("head", "earlier")
        .and_where(of("earlier", "tenant").equals(("head", "tenant")))
        .and_where(of("earlier", "case_id").equals(("head", "case_id")))
        .and_where(of("earlier", "number").lte(any()))
        .take();
    last_heads(&["case_id", "version"], Some(before))
}

/// The last head of each case up to a number, after an identity; with `before`, which is read beside
/// it, of those alone that were taken down after another number.
fn last_heads(columns: &[&'static str], before: Option<SelectStatement>) -> SelectStatement {
    let of = |table: &'static str, column: &'static str| Expr::col((table, column));
    let further = Query::select()
        .expr(Expr::cust("1"))
        .from_as("head", "further")
        .and_where(of("further", "tenant").equals(("head", "tenant")))
        .and_where(of("further", "case_id").equals(("head", "case_id")))
        .and_where(of("further", "version").gt(of("head", "version")))
        .and_where(of("further", "number").lte(any()))
        .take();
    let mut heads = Query::select();
    heads.columns(columns.iter().copied());
    let since = before.map(|before| heads.expr(before)).map(|_| of("head", "number").gt(any()));
    heads
        .from("head")
        .and_where(of("head", "tenant").eq(any()))
        .and_where_option(since)
        .and_where(of("head", "number").lte(any()))
        .and_where(of("head", "case_id").gt(any()))
        .and_where(Expr::exists(further).not())
        .order_by(("head", "case_id"), Order::Asc)
        .limit(1)
        .take()
}
