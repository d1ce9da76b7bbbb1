//! Flow: what came in, what went out, and whether that explains what is pending.

use crate::grievance::event::Recorded;
use crate::kernel::code::UnitCode;
use crate::measure::as_of::{Dated, dated};
use crate::measure::mis::is_part;
use crate::vocabulary::{EventKind, Phase};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Movements of an office in a period.
///
/// `brought_forward + received + reopened + undone + transferred_in − disposed −
/// closed_otherwise − transferred_out` should be what is pending at the end; what it misses is
/// the `difference`, which is reported and never hidden.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Flow {
    /// Pending when the period began.
    pub brought_forward: u64,
    /// Lodged.
    pub received: u64,
    /// Opened again: by a reopening or an appeal.
    pub reopened: u64,
    /// Closed by mistake and taken back.
    pub undone: u64,
    /// Came from another office.
    pub transferred_in: u64,
    /// Disposed; a dismissed appeal counts.
    pub disposed: u64,
    /// Withdrawn, declined or merged.
    pub closed_otherwise: u64,
    /// Went to another office.
    pub transferred_out: u64,
    /// Pending when the period ended, counted from the cases as they then stood.
    pub closing: u64,
    /// The movements' result less `closing`; 0 when they explain it.
    pub difference: i64,
}

impl Flow {
    /// Adds another office's, or another part's, movements. A count that would be beyond all numbers, which only a
    /// forged one can be, stays at the last of them.
    pub fn merge(&mut self, other: &Self) {
        let Self {
            brought_forward,
            received,
            reopened,
            undone,
            transferred_in,
            disposed,
            closed_otherwise,
            transferred_out,
            closing,
            difference,
        } = other;
        self.brought_forward = self.brought_forward.saturating_add(*brought_forward);
        self.received = self.received.saturating_add(*received);
        self.reopened = self.reopened.saturating_add(*reopened);
        self.undone = self.undone.saturating_add(*undone);
        self.transferred_in = self.transferred_in.saturating_add(*transferred_in);
        self.disposed = self.disposed.saturating_add(*disposed);
        self.closed_otherwise = self.closed_otherwise.saturating_add(*closed_otherwise);
        self.transferred_out = self.transferred_out.saturating_add(*transferred_out);
        self.closing = self.closing.saturating_add(*closing);
        self.difference = self.difference.saturating_add(*difference);
    }

    /// All movements together, as they are before they are reconciled.
    pub(crate) fn weight(&self) -> u128 {
        let Self {
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
        } = *self;
        let ins = [brought_forward, received, reopened, undone, transferred_in];
        let outs = [disposed, closed_otherwise, transferred_out];
        ins.into_iter().chain(outs).map(u128::from).sum()
    }

    /// The same movements with what was found pending at the end, and the difference: exact, unless it is more than its
    /// number can say, and then the last of these.
    #[must_use]
    pub fn reconciled(mut self, closing: u64) -> Self {
        let ins = [self.brought_forward, self.received, self.reopened, self.undone, self.transferred_in];
        let outs = [self.disposed, self.closed_otherwise, self.transferred_out, closing];
        let sum = |counts: &[u64]| counts.iter().copied().map(i128::from).sum::<i128>();
        let difference = sum(&ins) - sum(&outs);
        self.closing = closing;
        self.difference =
            i64::try_from(difference).unwrap_or(if difference < 0 { i64::MIN } else { i64::MAX });
        self
    }
}

/// A movement of a case at an office: which count of its flow goes up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Movement {
    Received,
    Reopened,
    Undone,
    TransferredIn,
    Disposed,
    ClosedOtherwise,
    TransferredOut,
}

impl Movement {
    pub(crate) const ALL: [Self; 7] = [
        Self::Received,
        Self::Reopened,
        Self::Undone,
        Self::TransferredIn,
        Self::Disposed,
        Self::ClosedOtherwise,
        Self::TransferredOut,
    ];

    /// The count that it is in.
    pub(crate) fn counter(self) -> fn(&mut Flow) -> &mut u64 {
        match self {
            Self::Received => |flow| &mut flow.received,
            Self::Reopened => |flow| &mut flow.reopened,
            Self::Undone => |flow| &mut flow.undone,
            Self::TransferredIn => |flow| &mut flow.transferred_in,
            Self::Disposed => |flow| &mut flow.disposed,
            Self::ClosedOtherwise => |flow| &mut flow.closed_otherwise,
            Self::TransferredOut => |flow| &mut flow.transferred_out,
        }
    }
}

/// Tells `book` every movement of a case: when, at which office, and which it is.
pub(crate) fn every_movement<'a>(
    history: &'a [Recorded],
    mut book: impl FnMut(DateTime<Utc>, &'a UnitCode, Movement),
) {
    if history.is_empty() || is_part(history) {
        return;
    }
    let mut known = false;
    // The office that the case waits at, while it is pending.
    let mut waits: Option<&UnitCode> = None;
    for step in dated(history) {
        movement(&step, known, waits, &mut |unit, movement| book(step.at, unit, movement));
        known = true;
        waits = step.led_to.phase.is_pending().then_some(&step.led_to.unit);
    }
}

/// Tells `book` each movement of a case in a period, `from` included and `until` not: which
/// office, and which of its counts goes up.
///
/// A part of a divided case moves nothing: the divided case is the one that counts.
pub(crate) fn movements<'a>(
    history: &'a [Recorded],
    (from, until): (DateTime<Utc>, DateTime<Utc>),
    mut book: impl FnMut(&'a UnitCode, fn(&mut Flow) -> &mut u64),
) {
    if history.is_empty() || is_part(history) {
        return;
    }
    let mut begun = false;
    let mut known = false;
    // The office that the case waits at, while it is pending.
    let mut waits: Option<&UnitCode> = None;
    for step in dated(history).filter(|step| step.at < until) {
        if !begun && step.at >= from {
            begun = true;
            if let Some(unit) = waits {
                book(unit, |flow| &mut flow.brought_forward);
            }
        }
        if begun {
            movement(&step, known, waits, &mut |unit, movement| book(unit, movement.counter()));
        }
        known = true;
        waits = step.led_to.phase.is_pending().then_some(&step.led_to.unit);
    }
    if let (false, Some(unit)) = (begun, waits) {
        book(unit, |flow| &mut flow.brought_forward);
    }
}

fn movement<'a>(
    step: &Dated<'a>,
    known: bool,
    waits: Option<&'a UnitCode>,
    book: &mut impl FnMut(&'a UnitCode, Movement),
) {
    let unit = &step.led_to.unit;
    let pending = step.led_to.phase.is_pending();
    match waits {
        Some(left) if left != unit => {
            book(left, Movement::TransferredOut);
            book(unit, Movement::TransferredIn);
        }
        Some(_) => {}
        None if !known => book(unit, Movement::Received),
        None if !pending => return,
        None if step.kind == EventKind::Rescinded => book(unit, Movement::Undone),
        None => book(unit, Movement::Reopened),
    }
    match step.led_to.phase {
        Phase::Disposed => book(unit, Movement::Disposed),
        Phase::Withdrawn | Phase::Declined | Phase::Merged => book(unit, Movement::ClosedOtherwise),
        Phase::Registered
        | Phase::InProgress
        | Phase::AwaitingComplainant
        | Phase::ActionReported
        | Phase::UnderAppeal => {}
    }
}
