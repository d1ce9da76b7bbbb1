//! The cases that somebody sees, counted.

use crate::desk::asked::{self, Day, questions};
use crate::desk::measured::read_seed;
use crate::desk::{Acting, DeskError};
use crate::kernel::time::start_of_day;
use crate::measure::answer::sheet::{NotAsked, Sheet};
use crate::measure::as_of::{fact_as_of, told_fact_as_of};
use crate::measure::cases::casebook::Casebook;
use crate::measure::cases::period::Period;
use crate::measure::cases::sheets::{Asked, Lengths, index_of, period_of, rule, within, within_calendar};
use crate::measure::cases::table::Reading;
use crate::measure::cutoff::Cutoff;
use crate::measure::flows::{Flows, Reckoning};
use crate::measure::gpr;
use crate::measure::mis::MisPart;
use crate::measure::statement::Mis;
use crate::vocabulary::AgeRule;
use chrono::{DateTime, NaiveDate, Utc};

macro_rules! measures {
    ($($row:tt)+) => {
        questions! {
            /// A question over the cases that somebody sees, as JSON in every language: `{"what": "pendency", "as_of":
            /// "2026-04-01"}`. A row of the measure table (`for_measures!`) each; the columns of its answer are said at the
            /// method of [`Casebook`] or [`Acting`] that has its name.
            Measure "measure": $($row)+
        }
    };
}
crate::for_measures!(measures);

impl Measure {
    /// Reads a question.
    ///
    /// # Errors
    ///
    /// [`NotAsked`] at `question` when the text is no JSON object, at `what` for a measure that there is not, and at a field
    /// that the measure does not have, that is missing, or that says something else than it may.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::desk::Measure;
    ///
    /// let asked = Measure::from_json(r#"{"what": "pendency", "as_of": "2026-04-01"}"#)?;
    /// assert!(matches!(asked, Measure::Pendency { by: None, .. }));
    /// assert_eq!(Measure::from_json(r#"{"what": "pendency"}"#).unwrap_err().place, "as_of");
    /// # Ok::<(), grievance_core::measure::answer::sheet::NotAsked>(())
    /// ```
    pub fn from_json(text: &str) -> Result<Self, NotAsked> {
        asked::read(text)
    }

    /// Answers a question over cases.
    ///
    /// # Errors
    ///
    /// [`NotAsked`] at `what` for a measure that needs a desk's histories, and what the method of [`Casebook`] says that has
    /// the measure's name.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::desk::Measure;
    /// use grievance_core::measure::cases::casebook::Casebook;
    /// use grievance_core::measure::cases::table::Cases;
    ///
    /// let none = Casebook::from(Cases::new(chrono_tz::Asia::Kolkata));
    /// let asked = Measure::from_json(r#"{"what": "rates", "as_of": "2026-04-01", "by": "category"}"#)?;
    /// assert_eq!(asked.of_cases(&none)?.rows(), 0);
    /// # Ok::<(), grievance_core::measure::answer::sheet::NotAsked>(())
    /// ```
    pub fn of_cases(&self, book: &Casebook) -> Result<Sheet, NotAsked> {
        let by = |given: &Option<String>| word(given.as_ref(), "unit").to_owned();
        let calendar = |given: &Option<String>| word(given.as_ref(), AgeRule::Calendar.as_str()).to_owned();
        match self {
            Self::Pendency { as_of, by: group, rule, cuts } => {
                let (by, rule) = (by(group), calendar(rule));
                book.pendency(&Asked { as_of: *as_of, by: &by, rule: &rule, cuts: cuts.clone() })
            }
            Self::Durations { as_of, by: group, rule, percentiles, within } => {
                let (by, rule) = (by(group), calendar(rule));
                let lengths = Lengths::of(percentiles.as_deref(), within.as_deref())?;
                book.durations(&Asked { by: &by, rule: &rule, ..Asked::of(*as_of) }, &lengths)
            }
            Self::KaplanMeier { as_of, unit, percentiles } => {
                book.kaplan_meier(*as_of, unit.as_deref(), percentiles.as_deref())
            }
            Self::Flow { since, until, period } => book.flow(*since, *until, word(period.as_ref(), "month")),
            Self::Board { as_of, index, rule } => {
                let rule = calendar(rule);
                book.board(&Asked { rule: &rule, ..Asked::of(*as_of) }, &index_of(index)?)
            }
            Self::Rates { as_of, by: group } => book.rates(&Asked { by: &by(group), ..Asked::of(*as_of) }),
            Self::Closures { as_of, by: group } => {
                book.closures(&Asked { by: &by(group), ..Asked::of(*as_of) })
            }
            Self::Trends { until, by, weeks, at_most } => {
                let by = word(by.as_ref(), "category");
                book.trends(*until, by, weeks.unwrap_or(13), at_most.unwrap_or(0.01))
            }
            _ => Err(NotAsked::of("what", "needs the histories of a desk")),
        }
    }
}

/// The first day after the period that has a day, as far as the calendar goes.
fn end_of(day: NaiveDate, period: &str) -> Result<NaiveDate, NotAsked> {
    let period = period_of(period, "mon")?;
    let end = period.after(period.start(within("until", day)?));
    Ok(end.filter(|end| within_calendar(*end).is_ok()).unwrap_or(day))
}

/// A word that was given, or the one that stands for none.
fn word<'a>(given: Option<&'a String>, usual: &'a str) -> &'a str {
    given.map_or(usual, String::as_str)
}

impl Acting<'_> {
    /// Answers a question over the cases that the actor sees.
    ///
    /// # Errors
    ///
    /// [`DeskError::NotAsked`] for what cannot be asked, and as of [`scan`](Self::scan).
    pub fn measure(&self, question: &Measure) -> Result<Sheet, DeskError> {
        let of_cases =
            |day: NaiveDate| Ok::<_, DeskError>(question.of_cases(&self.cases(within_calendar(day)?)?)?);
        let age = |given: &Option<String>| rule(word(given.as_ref(), AgeRule::Calendar.as_str()));
        let office = |given: &Option<String>| given.as_deref().map(|unit| self.office(unit)).transpose();
        let sheet = match question {
            Measure::Mis { as_of, rule } => self.mis(within_calendar(*as_of)?, age(rule)?)?.sheet(),
            Measure::Review { .. } => self.review_asked(question)?.0.sheet(),
            Measure::Behind { as_of, of, unit, span, rule } => {
                let rule = age(rule)?;
                let cell = self.cell(unit.as_deref(), word(span.as_ref(), "below"), of)?;
                self.behind_one(cell, within_calendar(*as_of)?, rule)?
            }
            Measure::Movements { since, until, period, begins, cut_off, unit } => {
                let below = office(unit)?;
                let period = period_of(word(period.as_ref(), "month"), word(begins.as_ref(), "mon"))?;
                let cutoff = match cut_off {
                    Some(text) => {
                        Cutoff::try_from(text.clone()).map_err(|problem| NotAsked::of("cut_off", problem))?
                    }
                    None => Cutoff::MIDNIGHT,
                };
                self.movements((*since, *until), period, cutoff, below.as_ref())?
            }
            Measure::Waiting { as_of, unit, rule } => {
                self.waiting(within_calendar(*as_of)?, age(rule)?, office(unit)?.as_ref())?
            }
            Measure::Stays { as_of, unit, category, rule } => {
                let (below, rule) = (office(unit)?, age(rule)?);
                self.stays(within_calendar(*as_of)?, rule, below.as_ref(), category.as_deref())?
            }
            Measure::Causes { as_of } => self.gpr(within_calendar(*as_of)?, 0)?.causes(),
            Measure::Changes { as_of, span } => {
                self.gpr(within_calendar(*as_of)?, span.unwrap_or(90))?.of_changes()
            }
            Measure::Suggestions { as_of } => self.gpr(within_calendar(*as_of)?, 0)?.of_suggestions(),
            Measure::Suspicions { since, until } => self.suspicions(*since, *until)?,
            Measure::Sample { since, until, seed } => self.sample(*since, *until, read_seed(seed)?)?,
            Measure::Quality { since, until, seed, as_of } => {
                self.quality(*since, *until, read_seed(seed)?, *as_of)?
            }
            Measure::Pendency { as_of, .. }
            | Measure::Durations { as_of, .. }
            | Measure::KaplanMeier { as_of, .. }
            | Measure::Board { as_of, .. }
            | Measure::Rates { as_of, .. }
            | Measure::Closures { as_of, .. } => of_cases(*as_of)?,
            // As of the end of the last period, so that it is whole.
            Measure::Flow { until, period, .. } => of_cases(end_of(*until, word(period.as_ref(), "month"))?)?,
            Measure::Trends { until, .. } => of_cases(*until)?,
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
        Ok(Casebook::from(reading.finish()).told_by_desk().under(&rulebook)?)
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
        let mut part = MisPart::new(Self::terms(&rulebook, as_of, rule));
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
