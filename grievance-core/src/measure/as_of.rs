//! A case as it stood at a past instant.

use crate::grievance::event::{Event, Position, Recorded, What};
use crate::grievance::payload::{Adopted, AdoptedStep};
use crate::grievance::project::CaseFact;
use crate::grievance::state::Grievance;
use crate::measure::target::is_missed_unrecorded;
use crate::vocabulary::EventKind;
use chrono::{DateTime, Utc};
use std::borrow::Cow;

/// The facts of a case as they stood at an instant; `None` when there was no such case yet.
///
/// Events recorded before the instant count; one recorded at the very instant does not. An
/// imported history tells about the past, so its facts count by their own dates, whenever they
/// were imported: those dated before the instant are kept, later ones are cut. Where there are
/// several imports the latest tells the past. See ADR 10.
///
/// With an instant after everything, this is [`CaseFact::of`] the replayed case: it does not say when the
/// complainant was last told anything, as [`told_fact_as_of`] does.
pub fn fact_as_of(history: &[Recorded], at: DateTime<Utc>) -> Option<CaseFact> {
    grievance_as_of(history, at).map(|case| CaseFact::of(&case))
}

/// The same with when the complainant had last been told anything, of the instants at which they were
/// ([`told_at`](crate::grievance::tell::told_at)), and with the targets that had passed by then: when a sweep recorded them does
/// not matter, as it does not for the statement.
pub fn told_fact_as_of(history: &[Recorded], at: DateTime<Utc>, told: &[DateTime<Utc>]) -> Option<CaseFact> {
    let last_told_at = told.iter().copied().rfind(|told| *told < at);
    let case = grievance_as_of(history, at)?;
    let fact = CaseFact { last_told_at, ..CaseFact::of(&case) };
    // A part of a divided case misses nothing of its own.
    let own = case.course.clocks.iter().filter(|_| case.part_of.is_none());
    let unrecorded = own.filter(|clock| is_missed_unrecorded(clock, at));
    let Some(last) = unrecorded.clone().map(|clock| clock.due_at).max() else { return Some(fact) };
    Some(CaseFact {
        breaches: fact.breaches.saturating_add(u32::try_from(unrecorded.count()).unwrap_or(u32::MAX)),
        breached_at: fact.breached_at.max(Some(last)),
        // It is recorded before anything else happens to the case: the office has not changed.
        breached_by: Some(fact.unit.clone()),
        ..fact
    })
}

/// The whole case as it stood at an instant, by the rule of [`fact_as_of`].
pub fn grievance_as_of(history: &[Recorded], at: DateTime<Utc>) -> Option<Grievance> {
    let (first, rest) = known_at(history, at)?;
    let mut case = Grievance::begin(&first)?;
    rest.for_each(|next| case.evolve(&next));
    Some(case)
}

/// The events of a case that count at an instant, by the rule of [`fact_as_of`]: the first, and those after it; `None` when
/// there was no such case yet.
pub(crate) fn known_at(
    history: &[Recorded],
    at: DateTime<Utc>,
) -> Option<(Cow<'_, Recorded>, impl Iterator<Item = Cow<'_, Recorded>>)> {
    let first = history.first()?;
    let import = match last_import(history) {
        Some((place, adopted)) => Some((place, cut(adopted, at)?)),
        None => None,
    };
    let first = match (&first.event.what, &import) {
        // The first import is read with what the latest one says of the same past.
        (What::Adopted(_), Some((_, adopted))) => with_import(first, adopted),
        _ if first.at < at => Cow::Borrowed(first),
        _ => return None,
    };
    let rest = history.iter().enumerate().skip(1).filter(move |(_, next)| next.at < at);
    let rest = rest.filter_map(move |(place, next)| match (&next.event.what, &import) {
        (What::Adopted(_), Some((last, adopted))) if place == *last => Some(with_import(next, adopted)),
        // Replaced by a later import, which may be recorded after the instant.
        (What::Adopted(_), _) => None,
        _ => Some(Cow::Borrowed(next)),
    });
    Some((first, rest))
}

/// A dated step of a case: when, where it left the case, and what kind of step it was.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dated<'a> {
    /// When it happened: for an imported fact its own date.
    pub(crate) at: DateTime<Utc>,
    /// Where it left the case.
    pub(crate) led_to: &'a Position,
    /// What kind of step.
    pub(crate) kind: EventKind,
}

/// The steps of a case with the dates they count by: the facts of the latest import, then what
/// was recorded after it; or everything, for a case that was lodged here.
pub(crate) fn dated(history: &[Recorded]) -> impl Iterator<Item = Dated<'_>> {
    let import = last_import(history);
    let facts = import.into_iter().flat_map(|(_, adopted)| &adopted.facts).map(|fact| Dated {
        at: fact.at,
        led_to: &fact.led_to,
        kind: match fact.what {
            AdoptedStep::Lodged => EventKind::Lodged,
            AdoptedStep::Routed => EventKind::Transferred,
            AdoptedStep::Disposed => EventKind::Disposed,
            AdoptedStep::Reopened => EventKind::Reopened,
            AdoptedStep::Ended => EventKind::Withdrawn,
        },
    });
    let since = import.map_or(0, |(place, _)| place + 1);
    let recorded = history[since..].iter().map(|next| Dated {
        at: next.at,
        led_to: &next.event.led_to,
        kind: next.event.what.kind(),
    });
    facts.chain(recorded)
}

fn last_import(history: &[Recorded]) -> Option<(usize, &Adopted)> {
    history.iter().enumerate().rev().find_map(|(place, recorded)| match &recorded.event.what {
        What::Adopted(adopted) => Some((place, &**adopted)),
        _ => None,
    })
}

/// The import without what happened at or after the instant; `None` if that leaves no lodging.
fn cut(adopted: &Adopted, at: DateTime<Utc>) -> Option<Cow<'_, Adopted>> {
    adopted.facts.first().filter(|lodged| lodged.at < at)?;
    if adopted.facts.iter().all(|fact| fact.at < at) {
        return Some(Cow::Borrowed(adopted));
    }
    let mut kept = adopted.clone();
    kept.facts.retain(|fact| fact.at < at);
    Some(Cow::Owned(kept))
}

/// The event with what the latest import says of the time before the instant.
fn with_import<'a>(recorded: &'a Recorded, adopted: &Adopted) -> Cow<'a, Recorded> {
    if matches!(&recorded.event.what, What::Adopted(own) if std::ptr::eq(&raw const **own, adopted)) {
        return Cow::Borrowed(recorded);
    }
    let led_to = adopted.facts.last().map_or(&recorded.event.led_to, |last| &last.led_to);
    let what = What::Adopted(Box::new(adopted.clone()));
    Cow::Owned(Recorded {
        event: Event { led_to: led_to.clone(), what },
        case: recorded.case,
        version: recorded.version,
        at: recorded.at,
        actor: recorded.actor.clone(),
        rulebook: recorded.rulebook,
    })
}
