//! The cases that somebody sees, counted.

use crate::desk::{Acting, DeskError};
use crate::kernel::time::start_of_day;
use crate::measure::as_of::fact_as_of;
use crate::measure::cases::casebook::Casebook;
use crate::measure::cases::table::Cases;
use crate::measure::mis::{MisPart, Terms};
use crate::measure::statement::Mis;
use crate::vocabulary::AgeRule;
use chrono::{DateTime, NaiveDate, Utc};

impl Acting<'_> {
    /// The cases that the actor sees, as they stood at the first instant of a day in the zone of the rulebook in
    /// force. Sealed cases are not among them ([`scan`](Self::scan)).
    ///
    /// # Errors
    ///
    /// As of [`scan`](Self::scan).
    pub fn cases(&self, as_of: NaiveDate) -> Result<Casebook, DeskError> {
        let zone = self.desk.rulebook(self.now)?.zone();
        let at = start_of_day(as_of, zone);
        let mut facts = Vec::new();
        self.scan(&mut |history| {
            facts.extend(fact_as_of(history, at));
            true
        })?;
        Ok(Cases::read_facts(zone, DateTime::<Utc>::MAX_UTC, facts).cases.into())
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
