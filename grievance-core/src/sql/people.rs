//! Finding cases by who is in them: the tokens of names, mobiles and addresses, newest case first.
//!
//! The word that comes least often leads; the others are looked up beside each text it gives.

use crate::sql::{Dialect, SqlValue, search};
use crate::store::blind::Token;
use crate::store::search::{Cursor, Search};
use sea_query::{
    Expr, ExprTrait as _, Order, PostgresQueryBuilder, Query, SelectStatement, SqliteQueryBuilder,
};

/// Who is sought, the rarest word first. `None` when somebody is sought who cannot be found: words
/// that nobody has blinded.
pub(crate) fn ranked<'s, E>(
    search: &'s Search,
    mut count: impl FnMut(&Token) -> Result<u64, E>,
) -> Result<Option<Vec<Vec<&'s [Token]>>>, E> {
    let mut people = Vec::new();
    for sought in search.people() {
        let Some(words) = sought.tokens() else { return Ok(None) };
        let mut counted = Vec::with_capacity(words.len());
        for any in words {
            let mut often = 0;
            for token in any {
                often += count(token)?;
            }
            counted.push((often, any.as_slice()));
        }
        counted.sort_by_key(|(often, _)| *often);
        let rarest = counted[0].0;
        people.push((rarest, counted.into_iter().map(|(_, any)| any).collect::<Vec<_>>()));
    }
    people.sort_by_key(|(rarest, _)| *rarest);
    Ok(Some(people.into_iter().map(|(_, words)| words).collect()))
}

/// Places of cases that have everybody who is sought, newest lodging first; one case may come
/// several times, one after the other.
pub(crate) fn candidates(
    dialect: Dialect,
    tenant: &str,
    people: &[Vec<&[Token]>],
    after: Option<Cursor>,
    limit: usize,
) -> (String, Vec<SqlValue>) {
    let mut query = Query::select();
    query
        .column(("lead", "lodged_at"))
        .column(("lead", "case_id"))
        .from_as("blind", "lead")
        .and_where(Expr::col(("lead", "tenant")).eq(tenant));
    let (first, others) = people.split_first().expect("somebody is sought");
    let (rarest, more) = first.split_first().expect("a person is sought by a word");
    query.and_where(is_one_of("lead".to_owned(), rarest));
    let mut depth = 0;
    if !more.is_empty() {
        query.and_where(Expr::exists(beside("lead", more, true, &mut depth)));
    }
    for words in others {
        query.and_where(Expr::exists(beside("lead", words, false, &mut depth)));
    }
    if let Some(Cursor { lodged_at, case }) = after {
        let place = [Expr::col(("lead", "lodged_at")), Expr::col(("lead", "case_id"))];
        let last = [Expr::val(lodged_at.timestamp_millis()), Expr::val(case.uuid().as_bytes().to_vec())];
        query.and_where(Expr::tuple(place).lt(Expr::tuple(last)));
    }
    query
        .order_by(("lead", "lodged_at"), Order::Desc)
        .order_by(("lead", "case_id"), Order::Desc)
        .limit(limit as u64);
    let (sql, values) = match dialect {
        Dialect::Sqlite => query.build(SqliteQueryBuilder),
        Dialect::Postgres => query.build(PostgresQueryBuilder),
    };
    (sql, values.into_iter().map(search::own).collect())
}

/// Whether the case of a row has all these words in one text: in the row's own, or in any.
fn beside(row: &str, words: &[&[Token]], same_text: bool, depth: &mut u32) -> SelectStatement {
    *depth += 1;
    let own = format!("also{depth}");
    let (word, more) = words.split_first().expect("a person is sought by a word");
    let mut query = Query::select();
    query.expr(Expr::cust("1")).from_as("blind", own.clone());
    for column in ["tenant", "lodged_at", "case_id", "text_id"] {
        if column != "text_id" || same_text {
            query.and_where(Expr::col((own.clone(), column)).equals((row.to_owned(), column)));
        }
    }
    query.and_where(is_one_of(own.clone(), word));
    if !more.is_empty() {
        query.and_where(Expr::exists(beside(&own, more, true, depth)));
    }
    query
}

fn is_one_of(row: String, any: &[Token]) -> Expr {
    let token = Expr::col((row, "token"));
    match any {
        [one] => token.eq(one.as_bytes().to_vec()),
        any => token.is_in(any.iter().map(|token| token.as_bytes().to_vec())),
    }
}
