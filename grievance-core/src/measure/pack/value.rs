//! The pack as it is written: a plain value without a name of a person, a word of a case or a
//! count that says nothing of how it came about.

use crate::kernel::code::UnitCode;
use crate::kernel::id::GrievanceId;
use crate::kernel::text::Digest;
use crate::measure::index::{Board, Rounding};
use crate::measure::pack::line::Line;
use crate::measure::pendency::PendencyBands;
use crate::measure::sealed::SealedTotal;
use crate::measure::statement::LevelCount;
use crate::proof::canonical::to_canonical;
use crate::rulebook::mis::MisEntry;
use crate::vocabulary::{AgeRule, Flag, MisLine, TargetState};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// The version of the format that this library writes.
pub const FORMAT: u32 = 1;

/// The JSON Schema (draft 2020-12) of what [`Pack::text`] writes.
pub const SCHEMA: &str = include_str!("pack.schema.json");

/// The weekly pack of an office and everything below it.
///
/// Days are those of the office's zone; a week is named by its first day. Every count is of cases
/// and can be opened to them: see [`CaseLists`](crate::measure::pack::CaseLists).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// The version of the format.
    pub v: u32,
    /// The day at whose first instant everything is counted.
    pub as_of: NaiveDate,
    /// The first day of the latest week, which ends where `as_of` begins.
    pub since: NaiveDate,
    /// The office's zone, by its IANA name.
    pub zone: String,
    /// What counts as a day of age.
    pub age_rule: AgeRule,
    /// The cut points of the bands of age, in days. A case exactly as old as one is in the older band.
    pub band_cuts: Vec<u32>,
    /// The rulebook version by whose offices and thresholds the pack is laid out.
    pub rulebook: Digest,
    /// The thresholds of flags and colours.
    pub thresholds: MisEntry,
    /// The office whose pack it is.
    pub unit: UnitCode,
    /// Its name.
    pub name: String,
    /// The day on which the first of the cases came; before it there is no data. `None`: no case.
    pub data_since: Option<NaiveDate>,
    /// Sealed cases, which are in no other figure, as far as it may be said.
    pub sealed: SealedTotal,
    /// The office and everything below it.
    pub all: Figures,
    /// The office alone, then each office right below it with everything below that; together they
    /// are all.
    pub branches: Vec<Row>,
    /// Every office alone, in the order of the directory; together they are all.
    pub offices: Vec<Row>,
    /// The movements of the last weeks, the oldest first; weeks before the data began are left out.
    pub flow: Vec<WeekFlow>,
    /// The cases that have waited longest, the oldest first.
    pub oldest: Vec<OldestCase>,
    /// The pending that time has brought up the ladder, by the highest level.
    pub levels: Vec<LevelCount>,
    /// The disposal index of the branches; `None` when none was asked for.
    pub index: Option<IndexPart>,
}

/// An office's row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Its code.
    pub unit: UnitCode,
    /// Its name.
    pub name: String,
    /// The office above it; none for one that stands above all, or that the rulebook does not have.
    pub parent: Option<UnitCode>,
    /// How many offices below it are counted with it; 0 for an office alone.
    pub below: u32,
    /// What is counted.
    #[serde(flatten)]
    pub figures: Figures,
}

/// What is counted of some offices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// Each line: this week, the week before, and the mean of the four weeks before.
    pub lines: BTreeMap<Line, Compared>,
    /// Shares of this week.
    pub shares: Vec<ShareOf>,
    /// Days from receipt to disposal of the cases disposed in this week and the three before it.
    pub days: Mean,
    /// What is pointed out.
    pub flags: Vec<Flag>,
    /// The colour of age, from 0 for the youngest, by the share of the pending in the oldest band;
    /// `None` when too few are pending to say.
    pub age: Option<u8>,
    /// The colour of the target, by the share of the pending past their due date; `None` when too
    /// few are pending to say.
    pub target: Option<TargetState>,
}

/// A count of this week beside those of the weeks before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Compared {
    /// This week, or its end.
    pub week: u64,
    /// The week before, or its end; `None` when there was no data yet.
    pub before: Option<u64>,
    /// The four weeks before this one, or their ends, as far as there was data.
    pub four: Mean,
}

/// A sum and what it is of: a mean that is exact, and none of nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mean {
    /// The sum.
    pub sum: i64,
    /// Of how many weeks, or cases.
    pub of: u64,
}

impl Mean {
    /// The mean to one decimal, halves up ([`Rounding::PRINTED`]); `None` of nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::measure::pack::Mean;
    ///
    /// assert_eq!(Mean { sum: 41, of: 4 }.value(), Some(10.3));
    /// assert_eq!(Mean { sum: 0, of: 0 }.value(), None);
    /// ```
    pub fn value(self) -> Option<f64> {
        let size = Rounding::PRINTED.share(self.sum.unsigned_abs(), self.of, 1)?;
        Some(if self.sum < 0 { -size } else { size } + 0.0)
    }
}

/// A share of this week's cases.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShareOf {
    /// Which.
    pub share: ShareKind,
    /// How many are.
    pub count: u64,
    /// Out of how many.
    pub of: u64,
    /// In per cent, to one decimal, halves up ([`Rounding::PRINTED`]); `None` out of nothing, which is not 0 %.
    pub percent: Option<f64>,
}

/// Which share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShareKind {
    /// Disposed without having missed the due date, of the disposed that had one.
    OnTime,
    /// Disposed within 30 days, of the disposed.
    Within30,
    /// The benefit or service provided, of the disposed.
    Benefit,
    /// Satisfied, of those who said either.
    Satisfied,
    /// Past the due date, of the pending.
    PastDue,
    /// In the oldest band, of the pending.
    Oldest,
    /// Found sound, of the closures that were looked at a second time.
    Sound,
}

impl ShareKind {
    /// Every share, in the order of a row.
    pub const ALL: [Self; 7] = [
        Self::OnTime,
        Self::Within30,
        Self::Benefit,
        Self::Satisfied,
        Self::PastDue,
        Self::Oldest,
        Self::Sound,
    ];

    /// The lines: what is counted, and what it is out of together.
    pub fn lines(self, bands: usize) -> (Line, Vec<Line>) {
        use MisLine as L;
        let oldest = Line::Age(u8::try_from(bands.saturating_sub(1)).unwrap_or(u8::MAX));
        let (count, of): (Line, &[MisLine]) = match self {
            Self::OnTime => (L::DisposedOnTime.into(), &[L::DisposedWithTarget]),
            Self::Within30 => (L::DisposedWithin30.into(), &[L::Disposed]),
            Self::Benefit => (L::BenefitProvided.into(), &[L::Disposed]),
            Self::Satisfied => (L::Satisfied.into(), &[L::Satisfied, L::NotSatisfied]),
            Self::PastDue => (L::PastDue.into(), &[L::Pending]),
            Self::Oldest => (oldest, &[L::Pending]),
            Self::Sound => (L::VerifiedSound.into(), &[L::Verified]),
        };
        (count, of.iter().copied().map(Line::Of).collect())
    }

    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OnTime => "on_time",
            Self::Within30 => "within30",
            Self::Benefit => "benefit",
            Self::Satisfied => "satisfied",
            Self::PastDue => "past_due",
            Self::Oldest => "oldest",
            Self::Sound => "sound",
        }
    }
}

/// The movements of a week: brought forward, and in, less out, is what is pending, and the
/// difference says by how much it is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeekFlow {
    /// The first day of the week.
    pub since: NaiveDate,
    /// Pending when it began.
    pub brought_forward: u64,
    /// Received.
    pub received: u64,
    /// Opened again, closures taken back, and come from other offices. Between the offices of the
    /// pack these are in `other_out`, too.
    pub other_in: u64,
    /// Disposed.
    pub disposed: u64,
    /// Withdrawn, declined, merged, and gone to other offices.
    pub other_out: u64,
    /// Pending when it ended.
    pub pending: u64,
    /// The movements' result less what is pending; 0 when they explain it.
    pub difference: i64,
}

/// A case that has waited long.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OldestCase {
    /// The case.
    pub case: GrievanceId,
    /// Its registration number; an imported case has none here.
    pub number: Option<SmolStr>,
    /// The office that has it.
    pub unit: UnitCode,
    /// The day on which it was received.
    pub received_on: NaiveDate,
    /// Its age in whole days, by the pack's rule.
    pub days: i64,
    /// How it stands to its due date.
    pub target: TargetState,
    /// The highest level of the ladder that time has brought; 0 for none.
    pub level: u32,
}

/// The disposal index of the branches, over the last four weeks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexPart {
    /// The branches under the index, with ranks and everything that the scores were made of.
    pub board: Board,
    /// The scores at the end of each of the last weeks, the oldest first.
    pub trend: Vec<TrendWeek>,
}

/// The scores at the end of a week, over it and the three weeks before it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrendWeek {
    /// The day after the week.
    pub until: NaiveDate,
    /// The score of all offices together; `None` without data, and under an index that compares
    /// offices with each other, which says nothing of one alone.
    pub all: Option<f64>,
    /// The scores of the branches that have one.
    pub branches: BTreeMap<UnitCode, f64>,
}

impl Pack {
    /// Its text: canonical JSON (RFC 8785), as it is kept, sent and hashed.
    pub fn text(&self) -> String {
        to_canonical(self).expect("a pack has text keys and numbers that JSON knows")
    }

    /// Reads the text of a pack.
    ///
    /// # Errors
    ///
    /// [`NotAPack`] unless it is, byte for byte, what [`text`](Self::text) writes, with bands that rise.
    pub fn read(text: &str) -> Result<Self, NotAPack> {
        let read: Self = serde_json::from_str(text).map_err(|_| NotAPack)?;
        let is_ours = read.v == FORMAT && PendencyBands::new(read.band_cuts.clone()).is_ok();
        if is_ours && read.text() == text { Ok(read) } else { Err(NotAPack) }
    }

    /// How many bands of age it has.
    pub fn bands(&self) -> usize {
        self.band_cuts.len() + 1
    }

    /// Whether there is no case at all to count.
    pub const fn is_empty(&self) -> bool {
        self.data_since.is_none()
    }
}

/// [`Figures::tells`], of the lines alone.
pub(crate) fn tells(lines: &BTreeMap<Line, Compared>, line: Line) -> bool {
    use MisLine as L;
    if !matches!(line, Line::Of(L::InTime | L::DueSoon | L::PastDue | L::Breached)) {
        return true;
    }
    let week = |line: MisLine| lines.get(&line.into()).map_or(0, |compared| compared.week);
    let missed = lines.get(&L::Breached.into());
    let missed = missed.map_or(0, |missed| missed.week + missed.four.sum.unsigned_abs());
    week(L::Pending) == 0 || week(L::NoTarget) < week(L::Pending) || missed > 0
}

impl Figures {
    /// A line's counts; `None` where the pack knows nothing of it.
    pub fn line(&self, line: impl Into<Line>) -> Option<Compared> {
        self.lines.get(&line.into()).copied()
    }

    /// A line's count of this week; 0 where the pack knows nothing of it.
    pub fn week(&self, line: impl Into<Line>) -> u64 {
        self.line(line).map_or(0, |compared| compared.week)
    }

    /// Whether a line says anything. Nothing is known of deadlines where cases are pending, none of them has one, and none
    /// was missed in these weeks: that none is past its due date is then not good news, and every output says "no data".
    pub fn tells(&self, line: impl Into<Line>) -> bool {
        tells(&self.lines, line.into())
    }

    /// The pending by age, youngest first.
    pub fn ages(&self, bands: usize) -> Vec<u64> {
        Line::all(bands).filter(|line| matches!(line, Line::Age(_))).map(|line| self.week(line)).collect()
    }
}

/// Why a text is not a pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the text is not a pack of format 1 in canonical form")]
pub struct NotAPack;

impl NotAPack {
    /// The code every binding reports for this failure.
    pub const fn code(&self) -> crate::vocabulary::ErrorCode {
        crate::vocabulary::ErrorCode::FileInvalid
    }
}
