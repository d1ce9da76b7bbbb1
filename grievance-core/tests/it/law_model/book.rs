//! The document, read by scanning it.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use grievance_core::rulebook::document::{Document, StepEntry, UnitEntry};
use grievance_core::vocabulary::Phase;
use std::collections::HashMap;

/// The document, read by scanning it.
pub(crate) struct Book {
    pub(crate) document: Document,
    units: HashMap<String, UnitEntry>,
    phases: HashMap<String, Phase>,
    root: String,
    pub(super) zone: chrono_tz::Tz,
}

impl Book {
    pub(crate) fn new(document: &Document) -> Self {
        let units: HashMap<_, _> =
            document.unit.iter().map(|unit| (unit.code.clone(), unit.clone())).collect();
        let mut root = document.cell.clone();
        while let Some(up) = &units[&root].parent {
            root.clone_from(up);
        }
        let phases =
            document.workflow.stage.iter().map(|stage| (stage.code.clone(), stage.phase.unwrap())).collect();
        let zone = document.zone.parse().expect("a zone");
        Self { document: document.clone(), units, phases, root, zone }
    }

    pub(crate) fn phase(&self, stage: &str) -> Phase {
        self.phases[stage]
    }

    pub(crate) fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }

    pub(crate) fn step(
        &self,
        action: &str,
        stage: Option<&str>,
        role: &str,
        outcome: Option<&str>,
    ) -> Option<&StepEntry> {
        let fits = |step: &&StepEntry| {
            step.action == action
                && step.role.iter().any(|own| own == role)
                && match stage {
                    None => action == "lodge",
                    Some(stage) => {
                        action != "lodge"
                            && step.from.iter().any(|from| match from.as_str() {
                                "*" => true,
                                "*open" => !self.phase(stage).is_terminal(),
                                "*closed" => self.phase(stage).is_terminal(),
                                code => code == stage,
                            })
                    }
                }
        };
        let steps = || self.document.workflow.step.iter().filter(fits);
        let just =
            outcome.and_then(|word| steps().find(|step| step.when.is_some_and(|when| when.as_str() == word)));
        just.or_else(|| steps().find(|step| step.when.is_none()))
    }

    pub(crate) fn above(&self, unit: &str) -> Option<&str> {
        match &self.units[unit].parent {
            Some(up) => Some(up),
            None if unit == self.root => None,
            None => Some(&self.root),
        }
    }

    /// The office and those above it.
    pub(crate) fn line<'a>(&'a self, unit: &'a str) -> Vec<&'a str> {
        std::iter::successors(Some(unit), |at| self.above(at)).collect()
    }

    pub(crate) fn below(&self, unit: &str, top: &str) -> bool {
        unit != top && self.line(unit).contains(&top)
    }

    pub(crate) fn oversees(&self, top: &str, unit: &str) -> bool {
        let line = self.line(unit);
        line.contains(&top)
            || line
                .iter()
                .filter_map(|up| self.units[*up].second_superior.as_deref())
                .any(|second| self.line(second).contains(&top))
    }

    pub(crate) fn accused(&self, unit: &str, against: Option<&str>) -> bool {
        against.is_some_and(|against| {
            unit == against || (self.below(unit, against) && !self.below(&self.document.cell, against))
        })
    }

    pub(crate) fn clear(&self, unit: &str, against: Option<&str>) -> String {
        let free = self.line(unit).into_iter().find(|up| !self.accused(up, against));
        free.unwrap_or(&self.document.cell).to_owned()
    }

    pub(crate) fn appellate(&self, unit: &str) -> String {
        let own = self.line(unit).into_iter().find_map(|up| self.units[up].appellate.clone());
        own.or_else(|| self.above(unit).map(str::to_owned)).unwrap_or_else(|| unit.to_owned())
    }

    /// Every rule that fits; the one with the nearest subject, then the nearest place.
    pub(crate) fn route(&self, category: Option<&str>, place: Option<&str>, against: Option<&str>) -> String {
        fn line<'a>(
            start: Option<&'a str>,
            up: &impl Fn(&'a str) -> Option<&'a str>,
        ) -> Vec<Option<&'a str>> {
            std::iter::successors(start, |at| up(at)).map(Some).chain([None]).collect()
        }
        let document = &self.document;
        let wider = |code: &str| document.category.iter().find(|it| it.code == code)?.parent.as_deref();
        let around = |code: &str| document.place.iter().find(|it| it.code == code)?.parent.as_deref();
        let (subjects, places) = (line(category, &wider), line(place, &around));
        let rules = document
            .route
            .iter()
            .map(|rule| (rule.category.as_deref(), rule.place.as_deref(), rule.unit.as_str()))
            .chain(
                document
                    .category
                    .iter()
                    .filter_map(|it| Some((Some(it.code.as_str()), None, it.unit.as_deref()?))),
            );
        let best = rules
            .filter_map(|(category, place, unit)| {
                let subject = subjects.iter().position(|it| *it == category)?;
                Some((subject, places.iter().position(|it| *it == place)?, unit))
            })
            .min_by_key(|(subject, place, _)| (*subject, *place));
        self.clear(best.map_or(document.cell.as_str(), |(_, _, unit)| unit), against)
    }

    /// Whether the office opens on a day, by the week and the yearly holidays: no rulebook of the
    /// laws has more than these.
    pub(super) fn opens(&self, day: NaiveDate) -> bool {
        let calendar = &self.document.calendar;
        let week = calendar.hours.as_ref().expect("hours").days();
        let (_, hours) = week[day.weekday().num_days_from_monday() as usize];
        let date = day.format("%m-%d").to_string();
        assert!(calendar.rest.is_empty() && calendar.overrides.is_empty(), "the model knows neither");
        !hours.is_empty() && !calendar.holiday.iter().any(|it| it.yearly.as_ref() == Some(&date))
    }

    pub(super) fn priority(&self, category: Option<&str>) -> Option<String> {
        let mut at = category;
        while let Some(code) = at {
            let entry = self.document.category.iter().find(|it| it.code == code)?;
            if entry.priority.is_some() {
                return entry.priority.clone();
            }
            at = entry.parent.as_deref();
        }
        self.document.priority.first().map(|entry| entry.code.clone())
    }
}
