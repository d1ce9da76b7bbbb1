//! What one case adds to the pack: at which office, to which line, in which week.

use crate::grievance::event::{Recorded, What};
use crate::grievance::judged::Judged;
use crate::grievance::project::CaseFact;
use crate::grievance::state::Grievance;
use crate::kernel::code::UnitCode;
use crate::measure::as_of::{dated, grievance_as_of};
use crate::measure::beside::{acknowledged, classified, closes_specially, owed, sent_away};
use crate::measure::escalation::escalations;
use crate::measure::flow::{Flow, movements};
use crate::measure::mis::{is_part, is_sealed};
use crate::measure::pack::line::Line;
use crate::measure::pack::weeks::{WEEKS, Weeks};
use crate::measure::target::missed_when;
use crate::vocabulary::{
    DisposalClass, FeedbackOutcome, MisLine, Phase, Quantity, TargetKind, TargetState, VerificationFinding,
};
use chrono::{DateTime, Utc};

/// The limit of `disposed_within_30`.
const WITHIN_DAYS: i64 = 30;

/// What a case adds, told one by one.
pub(crate) trait Book {
    /// The case counts at the office, in the line, in the week of that place.
    fn mark(&mut self, unit: &UnitCode, line: Line, week: usize);
    /// The case was disposed by the office in that week, so many days after its receipt.
    fn took(&mut self, _unit: &UnitCode, _week: usize, _days: i64) {}
    /// Something that only an index asks happened at the office in the week of that place, and was known in the
    /// week of the second, which is that or a later one.
    fn beside(&mut self, _unit: &UnitCode, _quantity: Quantity, _week: usize, _known: usize) {}
    /// The case is pending at the end of the latest week.
    fn waits(&mut self, _case: &Grievance, _state: TargetState) {}
}

/// Tells a book everything that a case adds to the weeks.
///
/// A sealed case and a part of a divided case add nothing. Every rule is the statement's own: the
/// movements, the deadlines, the escalations and the state of a case at an instant are asked of the
/// same functions.
pub(crate) fn trace(history: &[Recorded], weeks: &Weeks, book: &mut impl Book) {
    if history.is_empty() || is_part(history) || is_sealed(history) {
        return;
    }
    let (since, until) = (weeks.cuts[0].1, weeks.cuts[WEEKS].1);
    // A case that had ended before the weeks began, and in which nothing happened since or fell due. One with an
    // outcome to be looked at again may owe it still.
    let ended = dated(history).last().is_none_or(|last| last.at < since && !last.led_to.phase.is_pending());
    if ended && !history.iter().any(|next| falls_due(&next.event.what, since)) {
        return;
    }
    for nth in 0..WEEKS {
        movements(history, weeks.week(nth), |unit, count| {
            let mut flow = Flow::default();
            *count(&mut flow) = 1;
            book.mark(unit, moved(&flow).into(), nth);
        });
    }
    escalations(history, until, |unit, when, _| {
        if let Some(nth) = weeks.place(when) {
            book.mark(unit, MisLine::Escalated.into(), nth);
        }
    });
    classified(history, until, |unit, at, known| {
        if let Some((nth, known)) = weeks.place(at).zip(weeks.place(known)) {
            book.beside(unit, Quantity::Classified, nth, known);
        }
    });
    sent_away(history, until, |unit, when| {
        if let Some(nth) = weeks.place(when) {
            book.beside(unit, Quantity::Returned, nth, nth);
        }
    });
    if matches!(history[0].event.what, What::Adopted(_)) {
        imported(history, weeks, book);
    } else {
        lodged(history, weeks, book);
    }
}

/// Whether an event gives a deadline that lies at an instant or after it. An outcome that is owed is
/// looked at again long after the closure, and a deadline is missed whether anybody writes it down.
fn falls_due(what: &What, since: DateTime<Utc>) -> bool {
    match what {
        What::TargetSet(set) => set.due_at >= since || set.target == TargetKind::Review,
        What::TargetMoved(moved) => moved.due_at >= since,
        What::ClockResumed(resumed) => resumed.due_at >= since,
        _ => false,
    }
}

/// The line of a movement.
fn moved(flow: &Flow) -> MisLine {
    let Flow {
        brought_forward,
        received,
        reopened,
        undone,
        transferred_in,
        disposed,
        closed_otherwise,
        transferred_out,
        closing: _,
        difference: _,
    } = *flow;
    let lines = [
        (brought_forward, MisLine::BroughtForward),
        (received, MisLine::Received),
        (reopened, MisLine::Reopened),
        (undone, MisLine::Undone),
        (transferred_in, MisLine::TransferredIn),
        (disposed, MisLine::Disposed),
        (closed_otherwise, MisLine::ClosedOtherwise),
        (transferred_out, MisLine::TransferredOut),
    ];
    lines.into_iter().find(|(count, _)| *count > 0).expect("a movement is one of the eight").1
}

/// A case that was lodged here: one replay, which halts where a week ends.
fn lodged(history: &[Recorded], weeks: &Weeks, book: &mut impl Book) {
    let Some(mut case) = Grievance::begin(&history[0]) else { return };
    let mut rest = history.iter().skip(1).peekable();
    if history[0].at < weeks.cuts[0].1 {
        while let Some(next) = rest.next_if(|next| next.at < weeks.cuts[0].1) {
            case.evolve(next);
        }
    }
    for nth in 0..WEEKS {
        let (from, until) = weeks.week(nth);
        if history[0].at >= until {
            continue;
        }
        if history[0].at >= from && case.version == history[0].version && case.phase() == Phase::Disposed {
            closed(&case, history[0].at, weeks, nth, book);
        }
        while let Some(next) = rest.next_if(|next| next.at < until) {
            let before = (case.unit().clone(), case.phase());
            case.evolve(next);
            happened(next, &before, &case, weeks, nth, book);
        }
        stands(&case, until, weeks, nth, book);
    }
    late(history, &case, weeks, book);
}

/// A case that was taken over from another system: it is asked how it stood at the end of each
/// week, since a later import may tell its past anew.
fn imported(history: &[Recorded], weeks: &Weeks, book: &mut impl Book) {
    let Some(begun) = dated(history).next().map(|first| first.at) else { return };
    for nth in 0..WEEKS {
        let (_, until) = weeks.week(nth);
        if begun < until
            && let Some(case) = grievance_as_of(history, until)
        {
            stands(&case, until, weeks, nth, book);
        }
    }
    let mut before: Option<(&UnitCode, Phase)> = None;
    for step in dated(history).filter(|step| step.at < weeks.terms.at) {
        let ended = step.led_to.phase == Phase::Disposed;
        if ended
            && before.is_none_or(|(_, phase)| phase.is_pending())
            && let Some(nth) = weeks.place(step.at)
            // The instant after: what happened at it counts.
            && let Some(case) = grievance_as_of(history, step.at + chrono::TimeDelta::milliseconds(1))
            && case.phase() == Phase::Disposed
        {
            closed(&case, step.at, weeks, nth, book);
        }
        before = Some((&step.led_to.unit, step.led_to.phase));
    }
    let mut held = &history[0].event.led_to.unit;
    for next in history.iter().skip(1).filter(|next| next.at < weeks.terms.at) {
        if let Some(nth) = weeks.place(next.at) {
            heard(&next.event.what, held, nth, book);
        }
        held = &next.event.led_to.unit;
    }
    if let Some(case) = grievance_as_of(history, weeks.terms.at) {
        late(history, &case, weeks, book);
    }
}

/// What an event adds beside its movement.
fn happened(
    next: &Recorded,
    (held_by, phase): &(UnitCode, Phase),
    case: &Grievance,
    weeks: &Weeks,
    nth: usize,
    book: &mut impl Book,
) {
    if phase.is_pending() && case.phase() == Phase::Disposed {
        closed(case, next.at, weeks, nth, book);
    }
    heard(&next.event.what, held_by, nth, book);
}

/// What was said of the office that had the case: by the complainant, or by a second look at what it
/// had disposed. A look that found nothing out says nothing of the office.
fn heard(what: &What, held_by: &UnitCode, nth: usize, book: &mut impl Book) {
    let line = match what {
        What::Verified(verified) => match verified.finding {
            VerificationFinding::Confirmed => {
                book.mark(held_by, MisLine::Verified.into(), nth);
                MisLine::VerifiedSound
            }
            VerificationFinding::Deficient => MisLine::Verified,
            VerificationFinding::NotVerifiable => return,
        },
        What::FeedbackRecorded(feedback) => match feedback.outcome {
            FeedbackOutcome::Satisfied => MisLine::Satisfied,
            FeedbackOutcome::NotSatisfied => MisLine::NotSatisfied,
            FeedbackOutcome::Unreachable => MisLine::Unreachable,
        },
        What::Appealed(_) => MisLine::Appealed,
        what if closes_specially(what) => {
            return book.beside(held_by, Quantity::SpecialClosed, nth, nth);
        }
        _ => return,
    };
    book.mark(held_by, line.into(), nth);
}

/// A case that has just been disposed.
fn closed(case: &Grievance, at: DateTime<Utc>, weeks: &Weeks, nth: usize, book: &mut impl Book) {
    let unit = case.unit();
    let terms = &weeks.terms;
    let days = terms.whole_days(unit.as_str(), case.subject.received_at, at);
    book.took(unit, nth, days);
    if days <= WITHIN_DAYS {
        book.mark(unit, MisLine::DisposedWithin30.into(), nth);
    }
    if let Some(class) = case.course.closure.as_ref().and_then(|closure| closure.class) {
        book.beside(unit, Quantity::DisposedWithClass, nth, nth);
        if class == DisposalClass::Benefit {
            book.mark(unit, MisLine::BenefitProvided.into(), nth);
        }
    }
    if let Some(judged) = Judged::of(case) {
        book.mark(unit, MisLine::DisposedWithTarget.into(), nth);
        if judged.late_at.is_none() {
            book.mark(unit, MisLine::DisposedOnTime.into(), nth);
        }
    }
}

/// How a case stands at the end of a week.
fn stands(case: &Grievance, until: DateTime<Utc>, weeks: &Weeks, nth: usize, book: &mut impl Book) {
    if let Some(clock) = owed(case) {
        book.beside(case.unit(), Quantity::OutcomesOwed, nth, nth);
        if clock.due_at < until {
            book.beside(case.unit(), Quantity::OutcomesOverdue, nth, nth);
        }
    }
    if !case.phase().is_pending() {
        return;
    }
    let (unit, terms) = (case.unit(), &weeks.terms);
    book.mark(unit, MisLine::Pending.into(), nth);
    let age = terms.whole_days(unit.as_str(), case.subject.received_at, until);
    let band = u8::try_from(terms.bands.index(age)).unwrap_or(u8::MAX);
    book.mark(unit, Line::Age(band), nth);
    let state = TargetState::of(case, until);
    let line = match state {
        TargetState::InTime => MisLine::InTime,
        TargetState::DueSoon => MisLine::DueSoon,
        TargetState::Breached => MisLine::PastDue,
        TargetState::NoTarget => MisLine::NoTarget,
    };
    book.mark(unit, line.into(), nth);
    if CaseFact::level_of(case) > 0 {
        book.mark(unit, MisLine::Climbed.into(), nth);
    }
    if nth + 1 == WEEKS {
        book.waits(case, state);
    }
}

/// The deadlines that the case has missed, in the weeks in which it did.
fn late(history: &[Recorded], case: &Grievance, weeks: &Weeks, book: &mut impl Book) {
    missed_when(history, case, weeks.terms.at, |unit, _, when, _| {
        if let Some(nth) = weeks.place(when) {
            book.mark(unit, MisLine::Breached.into(), nth);
        }
    });
    acknowledged(history, case, weeks.terms.at, |unit, when, on_time| {
        if let Some(nth) = weeks.place(when) {
            book.beside(unit, Quantity::AcknowledgedWithTarget, nth, nth);
            if on_time {
                book.beside(unit, Quantity::AcknowledgedOnTime, nth, nth);
            }
        }
    });
}
