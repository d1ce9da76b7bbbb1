//! A search and a scan as SQL: the only statements that are built when they are asked.

use crate::kernel::code::{CategoryCode, SourceCode, StageCode, UnitCode};
use crate::kernel::id::{GrievanceId, PersonId};
use crate::kernel::text::Digest;
use crate::rulebook::access::Scope;
use crate::sql::row::{GRIEVANCE, KEPT};
use crate::sql::{Dialect, SqlValue};
use crate::store::search::Search;
use sea_query::{
    Expr, ExprTrait as _, LikeExpr, Order, PostgresQueryBuilder, Query, SelectStatement, SqliteQueryBuilder,
    Value,
};

/// The text of a search and its parameters. It asks for one case more than the page holds, so
/// that the page knows whether it is the last.
///
/// `among` are the cases that have everybody who is sought, if anybody is.
pub(crate) fn build(
    dialect: Dialect,
    tenant: &str,
    scope: &Scope,
    search: &Search,
    among: Option<&[GrievanceId]>,
) -> (String, Vec<SqlValue>) {
    let mut query = select(tenant, search);
    if let Some(cases) = among {
        query.and_where(Expr::col("case_id").is_in(cases.iter().map(|case| case.as_bytes().to_vec())));
    }
    if *scope != Scope::All {
        query.and_where(within(tenant, scope));
    }
    said(dialect, &query)
}

/// How many cases are in a scope.
pub(crate) fn count(dialect: Dialect, tenant: &str, scope: &Scope) -> (String, Vec<SqlValue>) {
    let mut query = Query::select();
    query.expr(Expr::cust("COUNT(*)")).from("grievance").and_where(Expr::col("tenant").eq(tenant));
    if *scope != Scope::All {
        query.and_where(within(tenant, scope));
    }
    said(dialect, &query)
}

/// So many events after a case and version, in that order, of the cases in a scope.
pub(crate) fn scan(
    dialect: Dialect,
    tenant: &str,
    scope: &Scope,
    after: Option<(GrievanceId, u64)>,
    limit: u64,
) -> (String, Vec<SqlValue>) {
    // Before every identity there is the empty one.
    let (case, version) = after
        .map_or((Vec::new(), 0), |(case, version)| (case.uuid().as_bytes().to_vec(), version.cast_signed()));
    let place = Expr::tuple([Expr::col("case_id"), Expr::col("version")]);
    let mut query = Query::select();
    query
        .columns(KEPT)
        .from("event")
        .and_where(Expr::col("tenant").eq(tenant))
        .and_where(place.gt(Expr::tuple([Expr::val(case), Expr::val(version)])));
    if *scope != Scope::All {
        let mut covered = Query::select();
        covered
            .expr(Expr::cust("1"))
            .from("grievance")
            .and_where(Expr::col(("grievance", "tenant")).eq(tenant))
            .and_where(Expr::col(("grievance", "case_id")).equals(("event", "case_id")))
            .and_where(within(tenant, scope));
        query.and_where(Expr::exists(covered));
    }
    query.order_by("case_id", Order::Asc).order_by("version", Order::Asc).limit(limit);
    said(dialect, &query)
}

pub(crate) fn said(dialect: Dialect, query: &SelectStatement) -> (String, Vec<SqlValue>) {
    let (sql, values) = match dialect {
        Dialect::Sqlite => query.build(SqliteQueryBuilder),
        Dialect::Postgres => query.build(PostgresQueryBuilder),
    };
    (sql, values.into_iter().map(own).collect())
}

fn select(tenant: &str, search: &Search) -> SelectStatement {
    let Search {
        number,
        name: _,
        mobile: _,
        email: _,
        external_number,
        source,
        lodged_from,
        lodged_before,
        units,
        categories,
        stages,
        phases,
        after,
        limit: _,
    } = search;
    let mut query = Query::select();
    query.columns(GRIEVANCE).from("grievance").and_where(Expr::col("tenant").eq(tenant));
    let equal = [
        ("number", number.as_deref()),
        ("external_number", external_number.as_deref()),
        ("source", source.as_ref().map(SourceCode::as_str)),
    ];
    for (column, wanted) in equal {
        if let Some(wanted) = wanted {
            query.and_where(Expr::col(column).eq(wanted));
        }
    }
    if let Some(from) = lodged_from {
        query.and_where(Expr::col("lodged_at").gte(whole_millis_from(*from)));
    }
    if let Some(before) = lodged_before {
        query.and_where(Expr::col("lodged_at").lt(whole_millis_from(*before)));
    }
    among(&mut query, "unit", units.iter().map(UnitCode::as_str));
    among(&mut query, "category", categories.iter().map(CategoryCode::as_str));
    among(&mut query, "stage", stages.iter().map(StageCode::as_str));
    among(&mut query, "phase", phases.iter().map(|phase| phase.as_str()));
    if let Some(after) = after {
        let place = [Expr::col("lodged_at"), Expr::col("case_id")];
        let last =
            [Expr::val(after.lodged_at.timestamp_millis()), Expr::val(after.case.uuid().as_bytes().to_vec())];
        query.and_where(Expr::tuple(place).lt(Expr::tuple(last)));
    }
    query
        .order_by("lodged_at", Order::Desc)
        .order_by("case_id", Order::Desc)
        .limit(u64::from(search.page_size()) + 1);
    query
}

/// A scope as a condition on a row of `grievance`. It is true or false and never neither: what is
/// NULL fits nothing, and its contrary holds.
pub(crate) fn within(tenant: &str, scope: &Scope) -> Expr {
    let joined = |parts: &[Scope], join: fn(Expr, Expr) -> Expr, none: &'static str| {
        let parts = parts.iter().map(|part| within(tenant, part));
        parts.reduce(join).unwrap_or_else(|| Expr::cust(none))
    };
    match scope {
        Scope::All => Expr::cust("1 = 1"),
        Scope::Nothing => Expr::cust("1 = 0"),
        Scope::AnyOf(parts) => joined(parts, Expr::or, "1 = 0"),
        Scope::AllOf(parts) => joined(parts, Expr::and, "1 = 1"),
        Scope::Not(part) => within(tenant, part).not(),
        Scope::HeldBy(unit) => Expr::col("unit").eq(unit.as_str()),
        Scope::HeldBelow(version, top) => {
            Expr::col("unit").in_subquery(line(tenant, ("unit_reach", "top", "unit"), version, top.as_str()))
        }
        Scope::Within(version, around) => known("place").and(Expr::col("place").in_subquery(line(
            tenant,
            ("place_reach", "around", "place"),
            version,
            around.as_str(),
        ))),
        Scope::ComplainantIs(person) => is_person("complainant", *person),
        Scope::LodgedBy(person) => is_person("lodged_by", *person),
        Scope::SentBy(unit) => known("sender").and(Expr::col("sender").eq(unit.as_str())),
        Scope::MovedBy(unit) => known("last_mover").and(Expr::col("last_mover").eq(unit.as_str())),
        Scope::Consulted(unit) => {
            // An underscore of a code is no wildcard.
            let barred = format!("%|{}|%", unit.as_str().replace('_', "\\_"));
            Expr::col("consulted").like(LikeExpr::new(barred).escape('\\'))
        }
        // A row from before it was kept whom a case is about may be about anybody.
        Scope::About(units) => Expr::col("lodged_by").is_null().or(known("against").and(one_of(
            tenant,
            "against",
            units.iter().map(UnitCode::as_str),
        ))),
        Scope::Sealed => known("sealed"),
        Scope::SealedAs(subjects) => {
            known("sealed").and(one_of(tenant, "sealed", subjects.iter().map(CategoryCode::as_str)))
        }
    }
}

/// One of these; of none, nothing is.
pub(crate) fn one_of<'a>(tenant: &str, column: &'static str, codes: impl Iterator<Item = &'a str>) -> Expr {
    let codes: Vec<&str> = codes.collect();
    if codes.is_empty() { within(tenant, &Scope::Nothing) } else { Expr::col(column).is_in(codes) }
}

fn known(column: &'static str) -> Expr {
    Expr::col(column).is_not_null()
}

fn is_person(column: &'static str, person: PersonId) -> Expr {
    known(column).and(Expr::col(column).eq(person.uuid().as_bytes().to_vec()))
}

/// What lies below an office or in a place, by the lines of a rulebook version.
fn line(
    tenant: &str,
    (table, top, column): (&'static str, &'static str, &'static str),
    version: &Digest,
    of: &str,
) -> SelectStatement {
    Query::select()
        .column((table, column))
        .from(table)
        .and_where(Expr::col((table, "tenant")).eq(tenant))
        .and_where(Expr::col((table, "rulebook")).eq(version.as_bytes().to_vec()))
        .and_where(Expr::col((table, top)).eq(of))
        .take()
}

/// The first whole millisecond that is not before the instant: rows hold whole milliseconds.
fn whole_millis_from(at: chrono::DateTime<chrono::Utc>) -> i64 {
    at.timestamp_millis() + i64::from(!at.timestamp_subsec_nanos().is_multiple_of(1_000_000))
}

fn among<'a>(query: &mut SelectStatement, column: &'static str, wanted: impl Iterator<Item = &'a str>) {
    let wanted: Vec<&str> = wanted.collect();
    if !wanted.is_empty() {
        query.and_where(Expr::col(column).is_in(wanted));
    }
}

pub(crate) fn own(value: Value) -> SqlValue {
    match value {
        Value::BigInt(Some(number)) => SqlValue::Integer(number),
        Value::BigUnsigned(Some(number)) => SqlValue::Integer(number.cast_signed()),
        Value::String(Some(text)) => SqlValue::Text(text),
        Value::Bytes(Some(bytes)) => SqlValue::Blob(bytes),
        other => unreachable!("a search binds integers, texts and bytes, not {:?}", other.as_null()),
    }
}
