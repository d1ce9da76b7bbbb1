//! A history as it would have been written if everybody had known then what is known today.

use crate::grievance::event::{Recorded, What};
use crate::measure::pack::restate::Why;
use crate::vocabulary::{Outcome, Phase};
use chrono::{DateTime, Utc};
use std::borrow::Cow;

/// The history as a week that ends at `until` would have counted it, and why it differs from what was
/// known: its first `known` events.
///
/// - A case that was received before `until` and written down later counts from its receipt, at the
///   office that it was first given to.
/// - A closure before `until` that was afterwards followed by a reopening or an appeal that was allowed
///   is no closure: the case counts as it stood before it.
/// - A step before `until` that was afterwards taken back was never taken, nor what followed from it
///   before `until`.
///
/// An import tells its dates itself, and the latest one is taken at its word; a reopening here of a case
/// that another system had closed changes nothing of that closure.
pub(crate) fn hindsight(
    history: &[Recorded],
    known: usize,
    until: DateTime<Utc>,
) -> (Cow<'_, [Recorded]>, Option<Why>) {
    let Some(first) = history.first() else { return (Cow::Borrowed(history), None) };
    if history.iter().any(|next| matches!(next.event.what, What::Adopted(_))) {
        return (Cow::Borrowed(history), None);
    }
    if first.at >= until {
        return match &first.event.what {
            What::Lodged(lodged) if lodged.received_at < until => {
                let mut early = first.clone();
                early.at = lodged.received_at;
                (Cow::Owned(vec![early]), Some(Why::LateEntry))
            }
            _ => (Cow::Borrowed(history), None),
        };
    }
    let cut = history.iter().take_while(|next| next.at < until).count();
    let (before, after) = history.split_at(cut);
    let taken_back = after
        .iter()
        .filter_map(|next| match &next.event.what {
            What::Rescinded(back) => usize::try_from(back.undone).ok()?.checked_sub(1),
            _ => None,
        })
        .filter(|step| *step < cut)
        .min();
    let closed = last_closure(before).filter(|_| {
        after.iter().any(|next| match &next.event.what {
            What::Reopened(_) => true,
            What::AppealDecided(decided) => decided.outcome != Outcome::Dismissed,
            _ => false,
        })
    });
    // What was not recorded yet when the edition was made and yet before the week's end.
    let late = (known < cut).then_some(Why::LateEntry);
    match (taken_back, closed) {
        (Some(step), closed) if closed.is_none_or(|closed| step <= closed) && step > 0 => {
            (Cow::Borrowed(&history[..step]), Some(Why::Correction))
        }
        (_, Some(closed)) if closed > 0 => (Cow::Borrowed(&history[..closed]), Some(Why::Reopening)),
        _ => (Cow::Borrowed(history), late),
    }
}

/// The place of the step by which a case came to stand disposed, if it does.
fn last_closure(history: &[Recorded]) -> Option<usize> {
    let stands = |next: &Recorded| next.event.led_to.phase;
    if history.last().map(stands) != Some(Phase::Disposed) {
        return None;
    }
    let since = history.iter().rposition(|next| stands(next) != Phase::Disposed);
    Some(since.map_or(0, |pending| pending + 1))
}
