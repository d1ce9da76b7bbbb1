//! Counts and bands as SQL: one statement for a question, whatever it is by.
//!
//! What decides is computed here, from the definitions that a scan of the table goes by: the edges of
//! the bands as instants, which phase ends a case, which rows a table refuses. The database compares
//! numbers and counts rows.

use crate::measure::cases::row::End;
use crate::measure::edge::{Edges, Spans};
use crate::measure::picked::Subject;
use crate::measure::question::{Dimension, Question};
use crate::rulebook::access::Scope;
use crate::sql::search::{one_of, said, within};
use crate::sql::{Dialect, SqlValue};
use crate::vocabulary::Phase;
use chrono::{DateTime, Utc};
use sea_query::{CaseStatement, Expr, ExprTrait as _, Query, SelectStatement};

/// The counts that make a row unfit for a table above 65,535; a case is of the received to which it
/// happened if it is above 0.
const TIMES: [&str; 5] = ["reopenings", "appeals", "escalations", "transfers", "breaches"];

/// By which due date a case is judged, from when it is late and due soon.
const JUDGED: [&str; 3] = ["judged_due_at", "late_at", "soon_at"];

/// How a row stands to the question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stand {
    Part,
    Rejected,
    NotYet,
    Pending,
    Disposed,
    ClosedOtherwise,
}

#[cfg(any(feature = "sqlite", feature = "postgres"))]
impl Stand {
    pub(crate) const ALL: [Self; 6] =
        [Self::Part, Self::Rejected, Self::NotYet, Self::Pending, Self::Disposed, Self::ClosedOtherwise];
}

/// The text of a question and its parameters. Each row of the answer is a group, how its cases
/// stand, their band, class, word and reason; how many they are, how many of them are past their due
/// date, how many are due soon, of how many nothing says by when; the first receipt, and to how many
/// each of [`TIMES`] happened.
pub(crate) fn build(
    dialect: Dialect,
    tenant: &str,
    scope: &Scope,
    question: &Question,
    until: DateTime<Utc>,
) -> (String, Vec<SqlValue>) {
    let at = question.terms.at.timestamp_millis();
    let mut counted = Query::select();
    let groups = ["code", "stand", "band", "class", "feedback", "reason"];
    counted.columns(groups).expr(Expr::cust("COUNT(*)"));
    let late = || Expr::col("late_at").lt(at);
    let in_time = || Expr::col("late_at").is_null().or(Expr::col("late_at").gte(at));
    counted.expr(count_of(late()));
    counted.expr(count_of(Expr::col("soon_at").lte(at).and(in_time())));
    counted.expr(count_of(Expr::col("judged_due_at").is_null()));
    counted.expr(Expr::col("received_at").min());
    for times in TIMES {
        counted.expr(count_of(Expr::col(times).gt(0_i64)));
    }
    counted.from_subquery(stood(rows(tenant, scope, question), question, until), "stood");
    counted.group_by_columns(groups);
    said(dialect, &counted)
}

/// Of how many rows it is true.
fn count_of(what: Expr) -> Expr {
    let one: Expr = CaseStatement::new().case(what, Expr::cust("1")).into();
    one.count()
}

/// The column that has the codes of a dimension.
const fn column(by: Dimension) -> &'static str {
    match by {
        Dimension::Unit => "unit",
        Dimension::Category => "category",
        Dimension::Place => "place",
        Dimension::Channel => "channel",
        Dimension::Kind => "kind",
        Dimension::Priority => "priority",
        Dimension::Reason => "reason",
    }
}

/// The rows that may count, each with the instant at which it ended.
fn rows(tenant: &str, scope: &Scope, question: &Question) -> SelectStatement {
    let phases = |end: End| Phase::ALL.iter().filter(move |phase| End::of(**phase) == Some(end));
    let disposed =
        || Expr::col("phase").is_in(phases(End::Disposal).map(|phase| phase.as_str()).collect::<Vec<_>>());
    let otherwise = Expr::col("phase").is_in(phases(End::Otherwise).map(|phase| phase.as_str()));
    // As `CaseRow::of` takes it.
    let last = CaseStatement::new()
        .case(
            Expr::col("source").is_null().and(Expr::col("updated_at").gt(Expr::col("received_at"))),
            Expr::col("updated_at"),
        )
        .finally(Expr::col("received_at"));
    let ended = CaseStatement::new().case(disposed(), Expr::col("disposed_at")).case(otherwise, last);
    let done = CaseStatement::new().case(disposed(), 1_i64).finally(0_i64);
    let mut rows = Query::select();
    rows.expr_as(Expr::col(column(question.by)), "code")
        .columns(["unit", "part_of", "received_at", "class", "feedback", "reason"])
        .columns(JUDGED)
        .column("last_told_at")
        .columns(TIMES)
        .expr_as(ended, "ended_at")
        .expr_as(done, "done")
        .from("grievance")
        .and_where(Expr::col("tenant").eq(tenant))
        // Not even that there are some is told.
        .and_where(Expr::col("sealed").is_null());
    if *scope != Scope::All {
        rows.and_where(within(tenant, scope));
    }
    if let Some(units) = &question.picked.units {
        rows.and_where(one_of(tenant, "unit", units.iter().map(AsRef::as_ref)));
    }
    match &question.picked.subject {
        Subject::Any => {}
        Subject::Of(code) => drop(rows.and_where(Expr::col("category").eq(code.as_str()))),
        Subject::Among(codes) => {
            rows.and_where(one_of(tenant, "category", codes.iter().map(AsRef::as_ref)));
        }
        Subject::None => drop(rows.and_where(Expr::col("category").is_null())),
    }
    for (by, codes) in &question.only {
        rows.and_where(one_of(tenant, column(*by), codes.iter().map(AsRef::as_ref)));
    }
    rows
}

/// The same rows with how each stands, and with the band of its age.
fn stood(rows: SelectStatement, question: &Question, until: DateTime<Utc>) -> SelectStatement {
    let (at, until) = (question.terms.at.timestamp_millis(), until.timestamp_millis());
    let col = |column: &'static str| Expr::col(column);
    // As `checked` refuses them.
    let ends = || col("ended_at").lt(col("received_at")).or(col("ended_at").gt(until));
    let unfit = TIMES
        .into_iter()
        .map(|times| col(times).gt(i64::from(u16::MAX)))
        .fold(col("received_at").gt(until).or(ends()).or(col("last_told_at").gt(until)), Expr::or);
    let stand = CaseStatement::new()
        .case(col("part_of").is_not_null(), Stand::Part as i64)
        .case(unfit, Stand::Rejected as i64)
        .case(col("received_at").gte(at), Stand::NotYet as i64)
        .case(col("ended_at").is_null().or(col("ended_at").gte(at)), Stand::Pending as i64)
        .case(col("done").eq(1_i64), Stand::Disposed as i64)
        .finally(Stand::ClosedOtherwise as i64);
    let mut band = CaseStatement::new().case(col("ended_at").lt(at), 0_i64);
    for Edges { units, cuts } in question.terms.edges() {
        band = match units {
            Some(units) => band.case(col("unit").is_in(units), reached(&cuts)),
            None => band.finally(reached(&cuts)),
        };
    }
    Query::select()
        .columns(["code", "received_at", "class", "feedback", "reason"])
        .columns(JUDGED)
        .columns(TIMES)
        .expr_as(stand, "stand")
        .expr_as(band, "band")
        .from_subquery(rows, "found")
        .take()
}

/// How many of the rising edges an age has reached: its band.
fn reached(cuts: &[Spans]) -> Expr {
    let by_age = (1_i64..).zip(cuts).filter_map(|(band, spans)| Some((lies_in(spans)?, band)));
    let oldest_first = by_age.collect::<Vec<_>>().into_iter().rev();
    let band = oldest_first.fold(None, |case: Option<CaseStatement>, (received, band)| {
        Some(case.unwrap_or_default().case(received, band))
    });
    band.map_or_else(|| Expr::val(0_i64), |case| case.finally(0_i64).into())
}

/// Whether a case was received in one of the spans; `None` when there is none.
fn lies_in(spans: &Spans) -> Option<Expr> {
    let received = || Expr::col("received_at");
    let within = spans.iter().map(|span| match span.start {
        i64::MIN => received().lt(span.end),
        start => received().gte(start).and(received().lt(span.end)),
    });
    within.reduce(Expr::or)
}

#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub(crate) use answered::Counting;

#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod answered {
    //! The rows of the answer on their way out.

    use super::Stand;
    use crate::kernel::time::day_of;
    use crate::measure::answer::{Answer, Pendency};
    use crate::measure::question::Question;
    use crate::sql::read::{Columns, Damaged, Reading};
    use crate::store::survey::Survey;

    /// A survey of which the rows come one by one.
    pub(crate) struct Counting<'q> {
        question: &'q Question,
        survey: Survey,
    }

    impl<'q> Counting<'q> {
        pub(crate) fn new(question: &'q Question) -> Self {
            let answer = Answer::none(question);
            Self { question, survey: Survey { answer, rejected: 0, parts: 0 } }
        }

        /// Takes a row, in the order of [`build`](super::build).
        pub(crate) fn take<C: Columns>(&mut self, row: &Reading<'_, C>) -> Result<(), Damaged> {
            let terms = &self.question.terms;
            let stand = usize::try_from(row.count(1)?).ok().and_then(|place| Stand::ALL.get(place));
            let count = row.count(6)?;
            let mut counts = Pendency::none(terms.bands.count());
            match stand.ok_or(Damaged { column: 1 })? {
                Stand::Part => {
                    self.survey.parts += count;
                    return Ok(());
                }
                Stand::Rejected => {
                    self.survey.rejected += count;
                    return Ok(());
                }
                Stand::NotYet => return Ok(()),
                Stand::Pending => {
                    let band = usize::try_from(row.count(2)?).ok();
                    let band = band.and_then(|band| counts.bands.get_mut(band));
                    *band.ok_or(Damaged { column: 2 })? = count;
                    counts.overdue = row.count(7)?;
                    counts.due_soon = row.count(8)?;
                    counts.no_target = row.count(9)?;
                    counts.oldest_on = Some(day_of(row.instant(10)?, terms.zone));
                }
                Stand::Disposed => {
                    let untimed = row.count(9)?;
                    let late = row.count(7)?;
                    counts.disposed = count;
                    counts.disposed_with_target = count.saturating_sub(untimed);
                    counts.disposed_on_time = counts.disposed_with_target.saturating_sub(late);
                    counts.classes.extend(row.maybe_word(3)?.map(|class| (class, count)));
                    counts.outcomes.extend(row.maybe_word(4)?.map(|outcome| (outcome, count)));
                    counts.reasons.extend(row.maybe_text(5)?.map(|reason| (reason.into(), count)));
                }
                Stand::ClosedOtherwise => counts.closed_otherwise = count,
            }
            counts.received = count;
            counts.reopened = row.count(11)?;
            counts.appealed = row.count(12)?;
            counts.escalated = row.count(13)?;
            counts.transferred = row.count(14)?;
            counts.breached = row.count(15)?;
            // Which code a code rolls up to is not the database's to know: there are few groups to add up.
            self.survey.answer.put(self.question.group(row.maybe_text(0)?), &counts);
            Ok(())
        }

        pub(crate) fn survey(self) -> Survey {
            self.survey
        }
    }
}
