//! The cases that somebody sees, counted.

use crate::desk::{Acting, DeskError};
use crate::kernel::time::start_of_day;
use crate::measure::answer::sheet::{NotAsked, Sheet};
use crate::measure::as_of::{fact_as_of, told_fact_as_of};
use crate::measure::cases::casebook::Casebook;
use crate::measure::cases::period::Period;
use crate::measure::cases::sheets::{Asked, index_of, rule, within_calendar};
use crate::measure::cases::table::Reading;
use crate::measure::cutoff::Cutoff;
use crate::measure::flows::{Flows, Reckoning};
use crate::measure::gpr;
use crate::measure::mis::{MisPart, Terms};
use crate::measure::statement::Mis;
use crate::vocabulary::AgeRule;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// A question over the cases that somebody sees, as JSON in every language: `{"what": "pendency", "as_of":
/// "2026-04-01"}`. What each counts, and its columns, is said at the method of
/// [`Casebook`] that has its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "what", rename_all = "snake_case", deny_unknown_fields)]
pub enum Measure {
    /// [`Casebook::pendency`].
    Pendency {
        /// As of the first instant of this day.
        as_of: NaiveDate,
        /// `unit` if absent.
        #[serde(default = "unit")]
        by: String,
        /// `calendar` if absent.
        #[serde(default = "calendar")]
        rule: String,
        /// The usual bands if absent.
        cuts: Option<Vec<u32>>,
    },
    /// [`Casebook::durations`].
    Durations {
        /// As of the first instant of this day.
        as_of: NaiveDate,
        /// `unit` if absent.
        #[serde(default = "unit")]
        by: String,
        /// `calendar` if absent.
        #[serde(default = "calendar")]
        rule: String,
    },
    /// [`Casebook::kaplan_meier`].
    KaplanMeier {
        /// As of the first instant of this day.
        as_of: NaiveDate,
        /// Of one office alone.
        unit: Option<String>,
    },
    /// [`Casebook::flow`].
    Flow {
        /// From the period that has this day.
        since: NaiveDate,
        /// To the one that has this; the cases are those of this day's first instant.
        until: NaiveDate,
        /// `week`, `month` or `financial_year`.
        period: String,
    },
    /// [`Casebook::board`], of an index that comes with the library.
    Board {
        /// As of the first instant of this day.
        as_of: NaiveDate,
        /// Its code.
        index: String,
        /// `calendar` if absent.
        #[serde(default = "calendar")]
        rule: String,
    },
    /// [`Acting::mis`], as a [`Sheet`](Mis::sheet).
    Mis {
        /// As of the first instant of this day.
        as_of: NaiveDate,
        /// `calendar` if absent.
        #[serde(default = "calendar")]
        rule: String,
    },
}

impl Measure {
    /// Reads a question.
    ///
    /// # Errors
    ///
    /// [`NotAsked`] when the text is no JSON, or names a measure, a field or a day that there is not.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::desk::Measure;
    ///
    /// let asked = Measure::from_json(r#"{"what": "pendency", "as_of": "2026-04-01"}"#)?;
    /// assert!(matches!(asked, Measure::Pendency { ref by, .. } if by == "unit"));
    /// assert_eq!(Measure::from_json("{}").unwrap_err().place, "question");
    /// # Ok::<(), grievance_core::measure::answer::sheet::NotAsked>(())
    /// ```
    pub fn from_json(text: &str) -> Result<Self, NotAsked> {
        serde_json::from_str(text).map_err(|problem| {
            let told =
                if problem.is_data() { "a field or a word of it is not one of a measure" } else { "no JSON" };
            NotAsked::of("question", told)
        })
    }
}

fn unit() -> String {
    "unit".into()
}

fn calendar() -> String {
    AgeRule::Calendar.as_str().into()
}

impl Acting<'_> {
    /// Answers a question over the cases that the actor sees.
    ///
    /// # Errors
    ///
    /// [`DeskError::NotAsked`] for what cannot be asked, and as of [`scan`](Self::scan).
    pub fn measure(&self, question: &Measure) -> Result<Sheet, DeskError> {
        let book = |as_of: &NaiveDate| self.cases(within_calendar(*as_of)?);
        let sheet = match question {
            Measure::Pendency { as_of, by, rule, cuts } => {
                book(as_of)?.pendency(&Asked { as_of: *as_of, by, rule, cuts: cuts.clone() })?
            }
            Measure::Durations { as_of, by, rule } => {
                book(as_of)?.durations(&Asked { as_of: *as_of, by, rule, cuts: None })?
            }
            Measure::KaplanMeier { as_of, unit } => book(as_of)?.kaplan_meier(*as_of, unit.as_deref())?,
            Measure::Flow { since, until, period } => book(until)?.flow(*since, *until, period)?,
            Measure::Board { as_of, index, rule } => {
                book(as_of)?.board(&Asked { rule, ..Asked::of(*as_of) }, &index_of(index)?)?
            }
            Measure::Mis { as_of, rule: word } => self.mis(within_calendar(*as_of)?, rule(word)?)?.sheet(),
        };
        Ok(sheet)
    }

    /// The cases that the actor sees, as they stood at the first instant of a day in the zone of the rulebook in
    /// force. Sealed cases are not among them ([`scan`](Self::scan)).
    ///
    /// # Errors
    ///
    /// As of [`scan`](Self::scan).
    pub fn cases(&self, as_of: NaiveDate) -> Result<Casebook, DeskError> {
        let rulebook = self.desk.rulebook(self.now)?;
        let zone = rulebook.zone();
        let at = start_of_day(as_of, zone);
        let mut reading = Reading::new(zone, DateTime::<Utc>::MAX_UTC);
        let mut failed = None;
        self.scan(&mut |history| {
            match self.desk.told_at(history) {
                Ok(told) => told_fact_as_of(history, at, &told).iter().for_each(|fact| reading.take(fact)),
                Err(problem) => failed = Some(problem),
            }
            failed.is_none()
        })?;
        if let Some(problem) = failed {
            return Err(problem);
        }
        let mut book = Casebook::from(reading.finish());
        book.rulebook = Some(rulebook.version());
        Ok(book)
    }

    /// What the cases that the actor sees came from and what changes would remove, as they stood at the first
    /// instant of a day in the zone of the rulebook in force; `span` as of [`Board::of`](gpr::Board::of).
    ///
    /// # Errors
    ///
    /// As of [`scan`](Self::scan).
    pub fn gpr(&self, as_of: NaiveDate, span: u32) -> Result<gpr::Board, DeskError> {
        let rulebook = self.desk.rulebook(self.now)?;
        let at = start_of_day(as_of, rulebook.zone());
        let mut tally = gpr::Tally::new(&rulebook, as_of, span);
        self.scan(&mut |history| {
            if let Some(fact) = fact_as_of(history, at) {
                tally.add(&fact);
            }
            true
        })?;
        Ok(tally.into_board())
    }

    /// The flows of the cases that the actor sees, by their histories: in weeks, months or financial years from a
    /// cut-off, in the zone of the rulebook in force. A [`Standing`](crate::measure::ledger::standing::Standing) has those
    /// of every case without reading one.
    ///
    /// # Errors
    ///
    /// As of [`scan`](Self::scan).
    pub fn flows(&self, period: Period, cutoff: Cutoff) -> Result<Flows, DeskError> {
        let zone = self.desk.rulebook(self.now)?.zone();
        let mut flows = Flows::new(Reckoning::new(period, zone).cut_at(cutoff));
        self.scan(&mut |history| {
            flows.add_history(history);
            true
        })?;
        Ok(flows)
    }

    /// The weekly statement of the cases that the actor sees, each office by its name in the rulebook in force.
    ///
    /// # Errors
    ///
    /// As of [`scan`](Self::scan).
    pub fn mis(&self, as_of: NaiveDate, rule: AgeRule) -> Result<Mis, DeskError> {
        let rulebook = self.desk.rulebook(self.now)?;
        let mut part = MisPart::new(Terms::new(as_of, rulebook.zone(), rule));
        let sealed = self.scan(&mut |history| {
            part.add_history(history);
            true
        })?;
        part.seal(sealed);
        let name = |unit: &_| {
            rulebook.directory().get(unit).map_or_else(|| unit.to_string(), |known| known.name.clone())
        };
        Ok(part.finish(name))
    }
}
