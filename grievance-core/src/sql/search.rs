//! A search as SQL: the only statement that is built when it is asked.

use crate::kernel::code::{CategoryCode, SourceCode, StageCode, UnitCode};
use crate::kernel::id::GrievanceId;
use crate::sql::row::GRIEVANCE;
use crate::sql::{Dialect, SqlValue};
use crate::store::search::Search;
use sea_query::{
    Expr, ExprTrait as _, Order, PostgresQueryBuilder, Query, SelectStatement, SqliteQueryBuilder, Value,
};

/// The text of a search and its parameters. It asks for one case more than the page holds, so
/// that the page knows whether it is the last.
///
/// `among` are the cases that have everybody who is sought, if anybody is.
pub(crate) fn build(
    dialect: Dialect,
    tenant: &str,
    search: &Search,
    among: Option<&[GrievanceId]>,
) -> (String, Vec<SqlValue>) {
    let mut query = select(tenant, search);
    if let Some(cases) = among {
        query.and_where(Expr::col("case_id").is_in(cases.iter().map(|case| case.as_bytes().to_vec())));
    }
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
