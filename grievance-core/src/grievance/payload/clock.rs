//! What deadlines do.

use crate::kernel::code::{PostCode, RuleCode, UnitCode};
use crate::kernel::time::{MaybeMillis, Millis};
use crate::vocabulary::{Because, Resumed, TargetKind, TimeUnit};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

payload! {
    /// See [`EventKind::TargetSet`](crate::vocabulary::EventKind::TargetSet).
    TargetSet {
        /// How much time is allowed.
        amount: u32,
        /// In what it is counted.
        counted: TimeUnit,
        /// The instant by which the target must be met.
        #[serde(with = "Millis")]
        due_at: DateTime<Utc>,
        /// The instant it is counted from.
        #[serde(with = "Millis")]
        from_at: DateTime<Utc>,
        /// Whether it is due at the start's time of day instead of closing time.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        keep_clock: bool,
        /// The rule.
        rule: RuleCode,
        /// What must have happened by then.
        target: TargetKind,
        ;
        /// Why it began anew, if it had begun before.
        because: Because,
    }

    /// See [`EventKind::TargetMoved`](crate::vocabulary::EventKind::TargetMoved).
    TargetMoved {
        /// Why.
        because: Because,
        /// The instant by which the target must now be met.
        #[serde(with = "Millis")]
        due_at: DateTime<Utc>,
        /// With `amount`: whether it is due at the start's time of day.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        keep_clock: bool,
        /// Which target.
        target: TargetKind,
        ;
        /// How much time is now allowed, where another rule counts.
        amount: u32,
        /// In what that is counted.
        counted: TimeUnit,
        /// The rule that now counts, where it is another one.
        rule: RuleCode,
        /// The day to which it was extended.
        until: NaiveDate,
    }

    /// See [`EventKind::ClockPaused`](crate::vocabulary::EventKind::ClockPaused).
    ClockPaused {
        /// Which target.
        target: TargetKind,
        ;
        /// When the clock goes on at the latest.
        #[serde(with = "MaybeMillis")]
        until: DateTime<Utc>,
    }

    /// See [`EventKind::ClockResumed`](crate::vocabulary::EventKind::ClockResumed).
    ClockResumed {
        /// Why.
        because: Resumed,
        /// The instant by which the target must now be met.
        #[serde(with = "Millis")]
        due_at: DateTime<Utc>,
        /// The instant at which the clock went on.
        #[serde(with = "Millis")]
        resumed_at: DateTime<Utc>,
        /// Which target.
        target: TargetKind,
        ;
    }

    /// See [`EventKind::TargetBreached`](crate::vocabulary::EventKind::TargetBreached). It is recorded
    /// before anything else happens to the case, so the office where the event leaves the case is
    /// the one that had custody at the due instant.
    TargetBreached {
        /// The instant that passed.
        #[serde(with = "Millis")]
        due_at: DateTime<Utc>,
        /// The rule.
        rule: RuleCode,
        /// Which target.
        target: TargetKind,
        ;
    }

    /// See [`EventKind::EscalationProposed`](crate::vocabulary::EventKind::EscalationProposed).
    EscalationProposed {
        /// The level of the ladder.
        level: u32,
        /// The rule of the ladder.
        rule: RuleCode,
        /// The superior office.
        to: UnitCode,
        ;
        /// The post in that office.
        post: PostCode,
        /// The target whose time had come; none for a level that an event brought.
        target: TargetKind,
    }
}
