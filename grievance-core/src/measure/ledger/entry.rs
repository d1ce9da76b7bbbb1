//! One posting, packed into a number: its day, what it is, and by how much.
//!
//! A posting is about a day on which something changed. Its kinds are chosen so that what happens
//! most, a case that comes and a case that is disposed, is one posting each; they are a basis, so
//! that the same changes give the same postings in whatever order and grouping they come.

use crate::measure::ledger::error::LedgerError;

/// What a posting is.
///
/// The figures of a day are the sums of the postings before it. In brackets what one adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    /// Came on the day of its receipt (open by that day, received in the flow).
    Lodged = 0,
    /// Disposed after `value` days (disposed, its class and word; one less open of that receipt;
    /// disposed in the flow).
    Disposed = 1,
    /// Closed otherwise, received `value` days before (one less open of that receipt).
    Closed = 2,
    /// Open, received `value` days before.
    Open = 3,
    /// Disposed for the reason in that place.
    Reason = 4,
    /// Received with a flag: reopened, appealed, escalated, transferred, breached.
    Flag = 5,
    /// Open with a due date.
    Targeted = 6,
    /// Open past its due date.
    Overdue = 7,
    /// Open, its complainant last told anything `value` days before.
    Told = 8,
    /// A movement of the flow.
    Moved = 9,
    /// Open and in time, with three quarters of its time gone.
    Soon = 10,
}

impl Kind {
    const ALL: [Self; 11] = [
        Self::Lodged,
        Self::Disposed,
        Self::Closed,
        Self::Open,
        Self::Reason,
        Self::Flag,
        Self::Targeted,
        Self::Overdue,
        Self::Told,
        Self::Moved,
        Self::Soon,
    ];

    pub(crate) fn from_byte(byte: u8) -> Option<Self> {
        Self::ALL.get(usize::from(byte)).copied()
    }
}

const DAY_BITS: u32 = 22;
const VALUE_BITS: u32 = 22;
const KIND_BITS: u32 = 4;
const ATTR_BITS: u32 = 64 - DAY_BITS - VALUE_BITS - KIND_BITS;
const KIND_AT: u32 = ATTR_BITS + VALUE_BITS;
const DAY_AT: u32 = KIND_AT + KIND_BITS;
const MIDDLE: i32 = 1 << (VALUE_BITS - 1);
/// 31 December 9999.
const LAST_DAY: i32 = 3_652_059;

/// Day, kind, value and attribute as one number that rises with the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key(u64);

impl Key {
    /// Packs a posting.
    pub(crate) fn new(day: i32, kind: Kind, value: i32, attr: u16) -> Result<Self, LedgerError> {
        if !(1..=LAST_DAY).contains(&day) {
            return Err(LedgerError::Date);
        }
        let value =
            value.checked_add(MIDDLE).filter(|it| (0..MIDDLE * 2).contains(it)).ok_or(LedgerError::Date)?;
        let wide = |part: i32| u64::try_from(part).expect("checked not to be negative");
        Ok(Self(wide(day) << DAY_AT | (kind as u64) << KIND_AT | wide(value) << ATTR_BITS | u64::from(attr)))
    }

    /// What stands before every posting of a day. A day out of range is one before all, or after.
    pub(crate) fn first_of(day: i32) -> Self {
        Self(u64::try_from(day.clamp(0, LAST_DAY + 1)).expect("clamped") << DAY_AT)
    }

    #[inline]
    pub(crate) const fn day(self) -> i32 {
        (self.0 >> DAY_AT) as i32
    }

    #[inline]
    pub(crate) const fn kind(self) -> Kind {
        Kind::ALL[(self.0 >> KIND_AT & 15) as usize]
    }

    #[inline]
    pub(crate) const fn value(self) -> i32 {
        (self.0 >> ATTR_BITS & ((1 << VALUE_BITS) - 1)) as i32 - MIDDLE
    }

    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "16 bits")]
    pub(crate) const fn attr(self) -> u16 {
        self.0 as u16
    }
}

/// What the attribute of a disposal says: whether it was in time in its upper part, below that the class, and
/// the complainant's word lowest.
pub(crate) const WORD_BITS: u32 = 5;
/// The word of a complainant who has said nothing.
pub(crate) const NO_WORD: u16 = (1 << WORD_BITS) - 1;
/// The class of a disposal without one.
pub(crate) const NO_CLASS: u16 = 7;

/// Where the attribute of a disposal says whether it was in time: nothing, where that is not known.
pub(crate) const TIME_AT: u32 = WORD_BITS + 3;
/// Disposed after its due date.
pub(crate) const LATE: u16 = 1 << TIME_AT;
/// Disposed by its due date.
pub(crate) const ON_TIME: u16 = 2 << TIME_AT;

/// A posting and how often: negative where one is taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Posting {
    pub(crate) key: Key,
    pub(crate) net: i32,
}

impl Posting {
    /// A number of which those of some postings add up to the same one in whatever order they come, and
    /// to nothing where they cancel.
    #[inline]
    pub(crate) fn mixed(self) -> u64 {
        // The finisher of SplitMix64: a change of one bit changes half of all.
        let mut mixed = self.key.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ mixed >> 31).wrapping_mul(i64::from(self.net).cast_unsigned())
    }

    /// The same posting, its reason in the place where another list has it.
    pub(crate) fn with_reasons(self, place: impl Fn(usize) -> u32) -> Self {
        let key = self.key;
        if key.kind() != Kind::Reason {
            return self;
        }
        let value = place(usize::try_from(key.value()).expect("a place is not negative"));
        let value = i32::try_from(value).expect("fewer reasons than 2^31 in memory");
        let key = Key::new(key.day(), key.kind(), value, key.attr()).expect("the day was checked before");
        Self { key, net: self.net }
    }
}
