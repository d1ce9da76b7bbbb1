//! The disposal index of the branches, and how it went over the last weeks.

use crate::kernel::code::UnitCode;
use crate::kernel::text::Digest;
use crate::measure::index::{Board, Counts, Definition, IndexProblem, Normaliser};
use crate::measure::mis::OVER_30;
use crate::measure::pack::finish::{Basis, LAST, counted, recent_weeks};
use crate::measure::pack::line::Line;
use crate::measure::pack::part::{PackPart, Tally};
use crate::measure::pack::value::{IndexPart, TrendWeek};
use crate::measure::pack::weeks::{MEAN_WEEKS, WEEKS};
use crate::vocabulary::{MisLine, Quantity};

/// What an index may be made of: movements over four weeks, what is pending at their end. What the
/// pack does not count is absent, which is not zero.
pub(crate) fn counts(tally: &Tally, last: usize, part: &PackPart) -> Counts {
    use MisLine as L;
    let over = |line| counted(tally, line, last);
    let beside = |quantity| tally.beside(quantity, recent_weeks(last));
    let at = |line: MisLine| tally.at(line.into(), last);
    let mut all: Counts = [
        (Quantity::Received, over(L::Received)),
        (Quantity::Disposed, over(L::Disposed)),
        (Quantity::ClosedOtherwise, over(L::ClosedOtherwise)),
        (Quantity::Pending, at(L::Pending)),
        (Quantity::DisposedWithin30, over(L::DisposedWithin30)),
        (Quantity::DisposedWithTarget, over(L::DisposedWithTarget)),
        (Quantity::DisposedOnTime, over(L::DisposedOnTime)),
        (Quantity::DisposedWithClass, beside(Quantity::DisposedWithClass)),
        (Quantity::BenefitProvided, over(L::BenefitProvided)),
        (Quantity::FeedbackGiven, over(L::Satisfied) + over(L::NotSatisfied)),
        (Quantity::FeedbackSatisfied, over(L::Satisfied)),
        (Quantity::AcknowledgedWithTarget, beside(Quantity::AcknowledgedWithTarget)),
        (Quantity::AcknowledgedOnTime, beside(Quantity::AcknowledgedOnTime)),
        (Quantity::SpecialClosed, beside(Quantity::SpecialClosed)),
        (Quantity::Returned, beside(Quantity::Returned)),
        (Quantity::OutcomesOwed, tally.beside(Quantity::OutcomesOwed, last..=last)),
        (Quantity::OutcomesOverdue, tally.beside(Quantity::OutcomesOverdue, last..=last)),
    ]
    .into_iter()
    .collect();
    // Another system tells no more than dates.
    if part.own {
        all.add(Quantity::Appealed, over(L::Appealed));
        all.add(Quantity::Escalated, over(L::Escalated));
        all.add(Quantity::Breached, over(L::Breached));
    }
    if part.own || part.reopens {
        all.add(Quantity::Reopened, over(L::Reopened));
    }
    if part.own || part.due {
        all.add(Quantity::PendingOverdue, at(L::PastDue));
    }
    if part.verifies {
        all.add(Quantity::Verified, over(L::Verified));
        all.add(Quantity::VerifiedSound, over(L::VerifiedSound));
    }
    if part.classifies {
        all.add(Quantity::Classified, beside(Quantity::Classified));
    }
    // Only where a band begins at 31 days is it known how many are older than 30.
    let bands = &part.weeks.terms.bands;
    if let Some(first) = bands.beyond(OVER_30) {
        let older = (first..bands.count()).filter_map(|band| u8::try_from(band).ok());
        all.add(Quantity::PendingOver30, older.map(|band| tally.at(Line::Age(band), last)).sum());
    }
    // A disposal before the receipt, which an import may bring, leaves no sum to speak of.
    let days: i64 = recent_weeks(last).map(|week| tally.days[week]).sum();
    if let Ok(days) = u64::try_from(days) {
        all.add(Quantity::DisposalDays, days);
    }
    all
}

/// The branches under an index, and its course.
pub(crate) fn graded(
    definition: &Definition,
    basis: &Basis<'_>,
    all: &Tally,
    branches: &[(&UnitCode, &Tally, u32)],
    rulebook: Digest,
) -> Result<IndexPart, IndexProblem> {
    let day = |last: usize| basis.part.weeks.cuts[last + 1].0;
    let board = |last: usize| {
        let counts = branches.iter().map(|(unit, tally, _)| ((*unit).clone(), basis.counts(tally, last)));
        Board::of(definition, counts, day(last), Some(rulebook))
    };
    let compares = definition.terms.iter().any(|term| matches!(term.normalise, Normaliser::MinMax));
    let mut trend = Vec::new();
    // A week of which four weeks are known, or as many as there are.
    for last in (MEAN_WEEKS - 1).max(basis.known)..WEEKS {
        let alone = [(branches[0].0.clone(), basis.counts(all, last))];
        let score = Board::of(definition, alone, day(last), None)?.offices.first().and_then(|one| one.score);
        trend.push(TrendWeek {
            until: day(last),
            all: score.filter(|_| !compares),
            branches: board(last)?
                .offices
                .into_iter()
                .filter_map(|office| Some((office.unit, office.score?)))
                .collect(),
        });
    }
    Ok(IndexPart { board: board(LAST)?, trend })
}
