//! The records of a store as objects.

mod asked;
mod histories;
mod kept;

use crate::grievance::project::CaseFact;
use crate::proof::checkpoint::CaseHead;
use crate::store::agenda::Job;
use crate::store::blind::Indexed;
use crate::store::challenges::{KeptLimiter, LimiterMove};
use crate::store::checkpoints::KeptCheckpoint;
use crate::store::commit::Receipt;
use crate::store::foreign::told::{Fields, Hear, Heard, Lent, Tell, field_by_field, hex, unhex};
use crate::store::looks::LookRow;
use crate::store::outbox::{Claimed, Parked, Posted};
use crate::store::search::{Cursor, Page};
use crate::store::vault::StoredText;
use crate::store::{Due, Pages, Rekept};
use serde_json::Value;

field_by_field! {
    CaseFact {
        id, version, number, source, external_number, kind, category, place, channel, priority, stage,
        phase, unit, held_since, lodged_at, received_at, first_disposed_at, disposed_at, disposed_by,
        reason, class, feedback, reopenings, appeals, transfers, part_of, merged_into, tracking, rulebook,
        updated_at, due_at, breaches, breached_at, breached_by, escalations, level, reminders, extensions,
        sender, last_mover, consulted, against, complainant, lodged_by, sealed, waivers, finding,
        sampled_for, root_cause, change, judged_due_at, late_at, soon_at, last_told_at, suggestion,
    } => fact "pending": fact.phase.is_pending();
    Receipt { case, version, number }
    Pages { version, folios }
    Due { at, case }
    Cursor { lodged_at, case }
    Page { cases, next }
    CaseHead { case, version, hash }
    KeptCheckpoint { number, text }
    Job { due_at, schedule, kind }
    Indexed { key, tokens }
    StoredText { id, case, compartment, field, content, indexed }
    Rekept { before, after }
    LookRow { place, at, case, actor, body, hash }
    KeptLimiter { revision, state }
    LimiterMove { key, expected, state } => counts "forget_at": counts.state.forget_at();
    Claimed { notice, attempts, by }
    Parked { notice, attempts, at, problem }
    Posted { notice, state, attempts, settled_at, reference, received_at, problem }
}

impl<'a> Lent<'a> for Option<Due> {
    type Owned = Self;
    fn lend(owned: &'a Self) -> Self {
        *owned
    }
}

struct Hex<'a>(&'a [u8]);

impl Tell for Hex<'_> {
    fn tell(&self) -> Value {
        hex(self.0)
    }
}

struct Bytes(Vec<u8>);

impl Hear for Bytes {
    fn hear(told: Value) -> Heard<Self> {
        unhex(told).map(Self)
    }
}

/// A value that is told already.
struct Told(Value);

impl Tell for Told {
    fn tell(&self) -> Value {
        self.0.clone()
    }
}

impl Hear for Told {
    fn hear(told: Value) -> Heard<Self> {
        Ok(Self(told))
    }
}

/// After which page others are asked for: the bytes of its case, and its version.
pub(super) struct After(pub(super) Vec<u8>, pub(super) i64);
