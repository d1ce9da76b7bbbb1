//! Stock and flow: what came in and went out in each week, month or financial year.

use crate::measure::cases::table::{Cases, Chosen, NO_DAY, OTHERWISE};
use crate::measure::cases::tally::{DoesNotFit, MOST, NoPart};
use chrono::{Datelike as _, Days, Months, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// How time is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// Seven days from that day of the week.
    Week(Weekday),
    /// A calendar month.
    Month,
    /// From 1 April to 31 March.
    FinancialYear,
}

impl Period {
    /// The first day of the period that has the day.
    ///
    /// # Examples
    ///
    /// ```
    /// use chrono::{NaiveDate, Weekday};
    /// use grievance_core::measure::cases::period::Period;
    ///
    /// let day = |text: &str| text.parse::<NaiveDate>();
    /// assert_eq!(Period::FinancialYear.start(day("2026-03-31")?), day("2025-04-01")?);
    /// assert_eq!(Period::FinancialYear.start(day("2026-04-01")?), day("2026-04-01")?);
    /// assert_eq!(Period::Week(Weekday::Mon).start(day("2026-03-01")?), day("2026-02-23")?);
    /// # Ok::<(), chrono::ParseError>(())
    /// ```
    pub fn start(self, day: NaiveDate) -> NaiveDate {
        let first = |year, month| NaiveDate::from_ymd_opt(year, month, 1).unwrap_or(day);
        match self {
            Self::Week(from) => {
                let since = day.weekday().days_since(from);
                day.checked_sub_days(Days::new(since.into())).unwrap_or(day)
            }
            Self::Month => first(day.year(), day.month()),
            Self::FinancialYear if day.month() < 4 => first(day.year() - 1, 4),
            Self::FinancialYear => first(day.year(), 4),
        }
    }

    /// The first day of each period from the one that has `from` to the one that has `to`.
    pub(crate) fn starts(self, from: NaiveDate, to: NaiveDate) -> impl Iterator<Item = NaiveDate> {
        std::iter::successors(Some(self.start(from)), move |start| self.after(*start))
            .take_while(move |start| *start <= to)
    }

    /// The first day of the period after the one that starts on `start`; `None` at the end of
    /// the calendar.
    pub(crate) fn after(self, start: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Week(_) => start.checked_add_days(Days::new(7)),
            Self::Month => start.checked_add_months(Months::new(1)),
            Self::FinancialYear => start.checked_add_months(Months::new(12)),
        }
    }
}

/// What moved in one period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// Received.
    pub received: u64,
    /// Disposed.
    pub disposed: u64,
    /// Withdrawn, declined or joined to another.
    pub closed_otherwise: u64,
}

impl Moved {
    fn merge(&mut self, other: Self) {
        self.received += other.received;
        self.disposed += other.disposed;
        self.closed_otherwise += other.closed_otherwise;
    }
}

/// One line of the ledger: `brought_forward + received − disposed − closed_otherwise = pending`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The first day of the period.
    pub start: NaiveDate,
    /// Pending when it began.
    pub brought_forward: u64,
    /// What moved in it.
    #[serde(flatten)]
    pub moved: Moved,
    /// Pending when it ended.
    pub pending: u64,
}

/// The movements of some of the cases by period. Parts merge, in any order, into the same whole.
///
/// A stored part is checked when it is read: one that counts more than 2^56, or closes more than was
/// received, is refused ([`NoPart`] in the text of the error).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct Movements {
    period: Period,
    zone: String,
    starts: BTreeMap<NaiveDate, Moved>,
}

/// Movements as they are stored, not yet checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    period: Period,
    zone: String,
    starts: BTreeMap<NaiveDate, Moved>,
}

impl TryFrom<Stored> for Movements {
    type Error = NoPart;

    fn try_from(stored: Stored) -> Result<Self, NoPart> {
        let Stored { period, zone, starts } = stored;
        let movements = Self { period, zone, starts };
        let [received, disposed, closed_otherwise] = movements.sums();
        if received + disposed + closed_otherwise > MOST {
            return Err(NoPart::TooMany);
        }
        if disposed + closed_otherwise > received {
            return Err(NoPart::Overdrawn);
        }
        if movements.starts.keys().any(|start| period.start(*start) != *start) {
            return Err(NoPart::Malformed);
        }
        Ok(movements)
    }
}

/// Why two parts do not merge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OtherPeriods {
    /// They have other periods or zones.
    #[error("the parts divide time differently")]
    Period,
    /// Together they count more than there can be: a part was forged.
    #[error("the parts count more than there can be")]
    TooMany,
}

impl Movements {
    /// All received, disposed and closed otherwise.
    fn sums(&self) -> [u128; 3] {
        self.starts.values().fold([0; 3], |[received, disposed, closed], moved| {
            [
                received + u128::from(moved.received),
                disposed + u128::from(moved.disposed),
                closed + u128::from(moved.closed_otherwise),
            ]
        })
    }

    /// Takes another part in.
    ///
    /// # Errors
    ///
    /// [`OtherPeriods`] when the two have other periods or zones, or count more than there can be;
    /// nothing is changed.
    pub fn merge(&mut self, other: &Self) -> Result<(), OtherPeriods> {
        if (self.period, &self.zone) != (other.period, &other.zone) {
            return Err(OtherPeriods::Period);
        }
        if self.sums().iter().chain(&other.sums()).sum::<u128>() > MOST {
            return Err(OtherPeriods::TooMany);
        }
        for (start, moved) in &other.starts {
            self.starts.entry(*start).or_default().merge(*moved);
        }
        Ok(())
    }

    /// The ledger of every period from the one that has `from` to the one that has `to`; what
    /// moved earlier is brought forward. None when `to` lies before.
    ///
    /// A table knows where a case ended, not that it had ended before and was opened again: such
    /// a case is pending all along. [`Flow`](crate::measure::flow::Flow) counts histories, with
    /// reopenings and transfers.
    pub fn ledger(&self, from: NaiveDate, to: NaiveDate) -> Vec<Line> {
        let mut start = self.period.start(from);
        let mut before = Moved::default();
        self.starts.range(..start).for_each(|(_, moved)| before.merge(*moved));
        // Where clocks go back over midnight a case may bear an end one date before its receipt.
        let stock = |moved: Moved| moved.received.saturating_sub(moved.disposed + moved.closed_otherwise);
        let mut brought_forward = stock(before);
        let mut lines = Vec::new();
        while start <= to {
            let moved = self.starts.get(&start).copied().unwrap_or_default();
            before.merge(moved);
            let pending = stock(before);
            lines.push(Line { start, brought_forward, moved, pending });
            brought_forward = pending;
            match self.period.after(start) {
                Some(next) => start = next,
                None => break,
            }
        }
        lines
    }
}

impl Cases {
    /// The movements of the cases by period, by the calendar days of the table's zone; with
    /// `chosen`, only those.
    ///
    /// # Errors
    ///
    /// [`DoesNotFit::Column`] when the choice is of another table.
    pub fn movements(&self, period: Period, chosen: Option<&Chosen>) -> Result<Movements, DoesNotFit> {
        Chosen::fits(chosen, self)?;
        let mut days: HashMap<i32, Moved> = HashMap::new();
        for case in (0..self.len()).filter(|case| chosen.is_none_or(|chosen| chosen.has(*case))) {
            days.entry(self.received_on[case]).or_default().received += 1;
            if self.ended_on[case] != NO_DAY {
                let moved = days.entry(self.ended_on[case]).or_default();
                if self.ending[case] == OTHERWISE { moved.closed_otherwise += 1 } else { moved.disposed += 1 }
            }
        }
        let mut starts: BTreeMap<NaiveDate, Moved> = BTreeMap::new();
        for (day, moved) in days {
            let day = NaiveDate::from_num_days_from_ce_opt(day).expect("the number of a day that was read");
            starts.entry(period.start(day)).or_default().merge(moved);
        }
        Ok(Movements { period, zone: self.zone.name().into(), starts })
    }
}
