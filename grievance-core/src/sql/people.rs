//! Finding cases by who is in them: the tokens of names, mobiles and addresses, newest case first.
//!
//! The word that comes least often leads; the others are looked up beside each text it gives. Words
//! that come about as often as each other are read side by side instead.

use crate::sql::{Dialect, SqlValue, search};
use crate::store::blind::Token;
use crate::store::search::{Cursor, Search};
use sea_query::{
    Expr, ExprTrait as _, Order, PostgresQueryBuilder, Query, SelectStatement, SqliteQueryBuilder, UnionType,
};

/// A look beside one text costs as much as reading this many texts of a word, which stand in a row.
const BESIDE: u64 = 10;

/// So many that it makes no difference, and so few that those of a name add up.
const MANY: u64 = u64::MAX / 1_024;

/// Who is sought, and how they are best found.
pub(crate) struct Ranked<'a> {
    /// For each person the words, the rarest first; each word under every key.
    people: Vec<Vec<&'a [Token]>>,
    /// Whether the words of the one person are read side by side.
    side_by_side: bool,
}

/// How often a token comes: counted from the newest text on, up to a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counted {
    /// How many were counted.
    pub often: u64,
    /// When the case of the newest of them was lodged, and of the oldest, in milliseconds.
    pub between: Option<(i64, i64)>,
}

/// Who is sought, the rarest word first. `None` when somebody is sought who cannot be found: words
/// that nobody has blinded. `count` counts no further than `most`.
pub(crate) fn ranked<E>(
    search: &Search,
    most: u64,
    mut count: impl FnMut(&Token) -> Result<Counted, E>,
) -> Result<Option<Ranked<'_>>, E> {
    let (mut people, mut side_by_side) = (Vec::new(), false);
    for sought in search.people() {
        let Some(words) = sought.tokens() else { return Ok(None) };
        let mut counted = Vec::with_capacity(words.len());
        for any in words {
            let tokens = any.iter().map(&mut count).collect::<Result<Vec<_>, _>>()?;
            counted.push((tokens, any.as_slice()));
        }
        let spread = Spread::of(counted.iter().flat_map(|(tokens, _)| tokens));
        let often = |tokens: &[Counted]| tokens.iter().map(|it| spread.estimate(*it, most)).sum::<u64>();
        let mut words: Vec<_> = counted.iter().map(|(tokens, any)| (often(tokens), *any)).collect();
        words.sort_by_key(|(often, _)| *often);
        let (rarest, all) = (words[0].0, words.iter().map(|(often, _)| often));
        side_by_side = words.len() > 1 && all.sum::<u64>() < rarest.saturating_mul(BESIDE);
        people.push((rarest, words.into_iter().map(|(_, any)| any).collect::<Vec<_>>()));
    }
    people.sort_by_key(|(rarest, _)| *rarest);
    let people: Vec<_> = people.into_iter().map(|(_, words)| words).collect();
    Ok(Some(Ranked { side_by_side: side_by_side && people.len() == 1, people }))
}

/// Over which time the words of a name were counted, the longest: a word that was not counted to its
/// end is taken to come as often before as it came since, so that what is compared is of one time.
struct Spread {
    newest: i64,
    length: u64,
}

impl Spread {
    fn of<'a>(counted: impl Iterator<Item = &'a Counted>) -> Self {
        let between = counted.filter_map(|it| it.between);
        let whole = between.reduce(|one, other| (Ord::max(one.0, other.0), Ord::min(one.1, other.1)));
        let (newest, oldest) = whole.unwrap_or_default();
        Self { newest, length: newest.abs_diff(oldest) + 1 }
    }

    fn estimate(&self, counted: Counted, most: u64) -> u64 {
        match counted.between {
            Some((_, oldest)) if counted.often >= most => {
                let own = self.newest.abs_diff(oldest) + 1;
                let often = u128::from(counted.often) * u128::from(self.length) / u128::from(own);
                u64::try_from(often).map_or(MANY, |often| Ord::min(often, MANY))
            }
            _ => counted.often,
        }
    }
}

/// Places of cases that have everybody who is sought, newest lodging first; one case may come
/// several times, one after the other.
pub(crate) fn candidates(
    dialect: Dialect,
    tenant: &str,
    Ranked { people, side_by_side }: &Ranked<'_>,
    after: Option<Cursor>,
    limit: usize,
) -> (String, Vec<SqlValue>) {
    let mut query = if *side_by_side {
        together(tenant, &people[0], after)
    } else {
        one_after_another(tenant, people, after)
    };
    query.limit(limit as u64);
    let (sql, values) = match dialect {
        Dialect::Sqlite => query.build(SqliteQueryBuilder),
        Dialect::Postgres => query.build(PostgresQueryBuilder),
    };
    (sql, values.into_iter().map(search::own).collect())
}

/// The texts that have all these words: each word's in the order of its index, of which those are
/// taken that every one has.
fn together(tenant: &str, words: &[&[Token]], after: Option<Cursor>) -> SelectStatement {
    const PLACE: [&str; 3] = ["lodged_at", "case_id", "text_id"];
    let mut of_words = words.iter().map(|any| {
        let mut query = Query::select();
        query
            .columns(PLACE.map(|column| ("blind", column)))
            .from("blind")
            .and_where(Expr::col(("blind", "tenant")).eq(tenant))
            .and_where(is_one_of("blind".to_owned(), any));
        if let Some(after) = after {
            query.and_where(is_before("blind", after));
        }
        query
    });
    let mut query = of_words.next().expect("a person is sought by a word");
    for next in of_words {
        query.union(UnionType::Intersect, next);
    }
    for column in PLACE {
        query.order_by(column, Order::Desc);
    }
    query
}

/// The texts of the rarest word beside which the other words are found, and the other people in the
/// same case.
fn one_after_another(tenant: &str, people: &[Vec<&[Token]>], after: Option<Cursor>) -> SelectStatement {
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
    if let Some(after) = after {
        query.and_where(is_before("lead", after));
    }
    query.order_by(("lead", "lodged_at"), Order::Desc).order_by(("lead", "case_id"), Order::Desc);
    query
}

/// Whether a row comes after a place in the order, which goes from the newest case on.
fn is_before(row: &'static str, Cursor { lodged_at, case }: Cursor) -> Expr {
    let place = [Expr::col((row, "lodged_at")), Expr::col((row, "case_id"))];
    let last = [Expr::val(lodged_at.timestamp_millis()), Expr::val(case.uuid().as_bytes().to_vec())];
    Expr::tuple(place).lt(Expr::tuple(last))
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
