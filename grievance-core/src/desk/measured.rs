//! What only histories tell, measured: stays, waiting, the week, second looks.

use crate::desk::{Acting, DeskError, Measure};
use crate::grievance::event::Recorded;
use crate::kernel::code::{CategoryCode, UnitCode};
use crate::kernel::text::Digest;
use crate::kernel::time::start_of_day;
use crate::measure::answer::sheet::{NotAsked, Sheet};
use crate::measure::cases::period::Period;
use crate::measure::cases::sheets::{index_of, rule as age_rule, within_calendar};
use crate::measure::cutoff::Cutoff;
use crate::measure::index::Definition;
use crate::measure::mis::{Terms, is_part};
use crate::measure::pack::{CaseLists, Cell, CountOf, Listed, NoPack, Pack, PackPart, Span, Weeks};
use crate::measure::picked::{Picked, Subject};
use crate::measure::quality::{Closings, Disposal, Quality, Sample, Suspected};
use crate::measure::stay::Stays;
use crate::measure::waiting::Waiting;
use crate::measure::workdays::Workdays;
use crate::rulebook::Rulebook;
use crate::vocabulary::{AgeRule, ErrorCode, Suspicion};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::json;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Reads the seed of a sample.
pub(super) fn read_seed(text: &str) -> Result<Digest, NotAsked> {
    text.parse().map_err(|_| NotAsked::of("seed", "must be a SHA-256 in 64 hexadecimal digits"))
}

impl Acting<'_> {
    /// An office of the rulebook in force.
    pub(super) fn office(&self, unit: &str) -> Result<UnitCode, DeskError> {
        let rulebook = self.desk.rulebook(self.now)?;
        let none = || NotAsked::of("unit", "the rulebook has no such office").code(ErrorCode::UnknownCode);
        let code = UnitCode::new(unit).map_err(|problem| NotAsked::of("unit", problem))?;
        rulebook.directory().get(&code).map(|unit| unit.code.clone()).ok_or_else(|| none().into())
    }

    /// The rulebook that is in force when the actor acts.
    ///
    /// # Errors
    ///
    /// As of [`Desk::rulebook`](crate::Desk::rulebook).
    pub fn rulebook(&self) -> Result<Arc<Rulebook>, DeskError> {
        self.desk.rulebook(self.now)
    }

    pub(super) fn terms(rulebook: &Rulebook, as_of: NaiveDate, rule: AgeRule) -> Terms {
        let terms = Terms::new(as_of, rulebook.zone(), rule);
        if rule == AgeRule::Working { terms.with_workdays(Workdays::of(rulebook)) } else { terms }
    }

    /// The weekly review of an office and everything below it, of the cases that the actor sees, for the week that ends
    /// before a day in the zone of the rulebook in force; of the office that stands above all where none is named.
    /// Working days are those of the rulebook in force.
    ///
    /// # Errors
    ///
    /// [`DeskError::NotAsked`] at `unit` for an office that the rulebook does not have, and at `index` for an index that
    /// cannot be computed; and as of [`scan`](Self::scan).
    pub fn review(
        &self,
        unit: Option<&UnitCode>,
        as_of: NaiveDate,
        rule: AgeRule,
        index: Option<&Definition>,
    ) -> Result<Pack, DeskError> {
        Ok(self.review_of(unit, as_of, rule, index, &mut |history| history)?.0)
    }

    /// The review that a question asks for, and the weeks that it counts.
    pub(crate) fn review_asked(&self, question: &Measure) -> Result<(Pack, Weeks), DeskError> {
        let Measure::Review { as_of, unit, rule, index } = question else {
            return Err(NotAsked::of("what", "is no weekly review").into());
        };
        let index = index.as_deref().map(index_of).transpose()?;
        let top = unit.as_deref().map(|unit| self.office(unit)).transpose()?;
        let rule = age_rule(rule.as_deref().unwrap_or(AgeRule::Calendar.as_str()))?;
        self.review_of(top.as_ref(), within_calendar(*as_of)?, rule, index.as_ref(), &mut |history| history)
    }

    /// The weeks of a review, by the working days of the rulebook in force.
    pub(super) fn weeks(&self, as_of: NaiveDate, rule: AgeRule) -> Result<Weeks, DeskError> {
        Ok(Weeks::to(Self::terms(&*self.desk.rulebook(self.now)?, as_of, rule)))
    }

    /// A review of what `known` leaves of each history.
    pub(super) fn review_of(
        &self,
        unit: Option<&UnitCode>,
        as_of: NaiveDate,
        rule: AgeRule,
        index: Option<&Definition>,
        known: &mut dyn for<'h> FnMut(&'h [Recorded]) -> &'h [Recorded],
    ) -> Result<(Pack, Weeks), DeskError> {
        let rulebook = self.desk.rulebook(self.now)?;
        let directory = rulebook.directory();
        let weeks = Weeks::to(Self::terms(&rulebook, as_of, rule));
        let mut part = PackPart::new(weeks.clone());
        let sealed = self.scan(&mut |history| {
            part.add_history(known(history));
            true
        })?;
        part.seal(sealed);
        let name = |unit: &UnitCode| {
            directory.get(unit).map_or_else(|| unit.to_string(), |known| known.name.clone())
        };
        let pack = part.finish(&rulebook, unit.unwrap_or_else(|| directory.top()), index, name);
        let pack = pack.map_err(|problem| match problem {
            NoPack::NoSuchUnit { .. } => NotAsked::of("unit", problem).code(ErrorCode::UnknownCode),
            _ => NotAsked::of("index", problem),
        })?;
        Ok((pack, weeks))
    }

    /// The cases behind counts of the weekly review ([`review`](Self::review), and what stands behind it on its page), of
    /// those that the actor sees: each list adds up to the number that the actor was shown. A code that no case has makes an
    /// empty list; of what points at one officer there is none, since the suspicion itself names its cases.
    ///
    /// # Errors
    ///
    /// [`DeskError::NotAsked`] for a day at the end of the calendar, and as of [`scan`](Self::scan).
    pub fn behind(
        &self,
        cells: impl IntoIterator<Item = Cell>,
        as_of: NaiveDate,
        rule: AgeRule,
    ) -> Result<BTreeMap<Cell, Vec<Listed>>, DeskError> {
        let rulebook = self.desk.rulebook(self.now)?;
        let weeks = Weeks::to(Self::terms(&rulebook, within_calendar(as_of)?, rule));
        let cells: Vec<Cell> = cells.into_iter().collect();
        let mut closings =
            cells.iter().any(|cell| cell.of.is_of_closings()).then(|| Closings::of_weeks(&weeks));
        let mut lists = CaseLists::of(cells, &weeks, &rulebook);
        self.scan(&mut |history| {
            lists.add_history(history);
            if let Some(closings) = closings.as_mut().filter(|_| !is_part(history)) {
                // Equal remarks point at one officer, of whom there is no list.
                closings.add_history_as_of(history, weeks.terms().at(), &|_| None);
            }
            true
        })?;
        if let Some(closings) = &closings {
            lists.add_closings(closings);
        }
        Ok(lists.into_lists())
    }

    /// One count of a review, by the words of the measure table.
    pub(super) fn cell(&self, unit: Option<&str>, span: &str, of: &str) -> Result<Cell, DeskError> {
        let span = match span {
            "below" => Span::Below,
            "alone" => Span::Alone,
            _ => return Err(NotAsked::of("span", "is `below` or `alone`").into()),
        };
        let of = of.parse().map_err(|_| NotAsked::of("of", "is no count of the review"))?;
        if let CountOf::Suspected(Suspicion::BulkClosing | Suspicion::SameRemarks) = of {
            let problem = "points at one officer, and names its cases itself";
            return Err(NotAsked::of("of", problem).hint(Some("ask for the suspicions".to_owned())).into());
        }
        let unit = match unit {
            Some(unit) => UnitCode::new(unit).map_err(|problem| NotAsked::of("unit", problem))?,
            None => self.rulebook()?.directory().top().clone(),
        };
        Ok(Cell { unit, span, of })
    }

    /// The cases behind one count: `case`, and how often it counts there (`times`).
    pub(super) fn behind_one(&self, cell: Cell, as_of: NaiveDate, rule: AgeRule) -> Result<Sheet, DeskError> {
        let lists = self.behind([cell], as_of, rule)?;
        let (cell, cases) = lists.into_iter().next().expect("one was asked about");
        // A review has rows of offices that the rulebook does not have, where they have cases.
        if cases.is_empty() {
            self.office(cell.unit.as_str())?;
        }
        Ok(Listed::sheet(&cell, &cases, as_of, rule))
    }

    /// What came in and went out in each period from the one that has the first day to the one that has the second, by the
    /// histories of the cases that the actor sees: see [`Flows::sheet`](crate::measure::flows::Flows::sheet). `below` keeps to
    /// an office and everything below it.
    ///
    /// # Errors
    ///
    /// [`DeskError::NotAsked`] for days at the end of the calendar and in the wrong order, and as of
    /// [`scan`](Self::scan).
    pub fn movements(
        &self,
        (since, until): (NaiveDate, NaiveDate),
        period: Period,
        cutoff: Cutoff,
        below: Option<&UnitCode>,
    ) -> Result<Sheet, DeskError> {
        within_calendar(since)?;
        within_calendar(until)?;
        if since > until {
            return Err(NotAsked::of("since", "lies after `until`").code(ErrorCode::DateInvalid).into());
        }
        let picked = picked(&*self.desk.rulebook(self.now)?, below, None)?;
        Ok(self.flows(period, cutoff)?.sheet(&picked, since, until))
    }

    /// What waits, by office: see [`Waiting::sheet`]. `below` keeps to an office and everything below it.
    ///
    /// # Errors
    ///
    /// As of [`scan`](Self::scan).
    pub fn waiting(
        &self,
        as_of: NaiveDate,
        rule: AgeRule,
        below: Option<&UnitCode>,
    ) -> Result<Sheet, DeskError> {
        let rulebook = self.desk.rulebook(self.now)?;
        let terms = Self::terms(&rulebook, as_of, rule);
        let mut waiting = Waiting::new(&terms);
        self.scan(&mut |history| waiting.add_history(history, &terms, &rulebook).is_ok())?;
        Ok(waiting.sheet(&picked(&rulebook, below, None)?, &terms))
    }

    /// How long cases stayed in each stage, in each episode and on the whole: see [`Stays::sheet`]. `below` keeps to an
    /// office and everything below it, `category` to a subject and those below it.
    ///
    /// # Errors
    ///
    /// As of [`scan`](Self::scan).
    pub fn stays(
        &self,
        as_of: NaiveDate,
        rule: AgeRule,
        below: Option<&UnitCode>,
        category: Option<&str>,
    ) -> Result<Sheet, DeskError> {
        let rulebook = self.desk.rulebook(self.now)?;
        let terms = Self::terms(&rulebook, as_of, rule);
        let mut stays = Stays::new(&terms);
        self.scan(&mut |history| stays.add_history(history, &terms).is_ok())?;
        Ok(stays.sheet(&picked(&rulebook, below, category)?, &terms))
    }

    /// What points at closings of some days that may be bad, as [`Suspected::all`] finds it, of all offices that the
    /// actor sees: from the first instant of `since` to that of `until`, by the zone of the rulebook in force.
    ///
    /// What points at one officer is told to those alone who see officers.
    ///
    /// Columns: `what` (a word of [`Suspicion`](crate::vocabulary::Suspicion)), `unit`, `officer`, `count`, `out_of`, `cases`
    /// (identities, a blank between them).
    ///
    /// # Errors
    ///
    /// [`DeskError::NotAsked`] for days at the end of the calendar or in the wrong order, and as of
    /// [`second_look`](Self::second_look).
    pub fn suspicions(&self, since: NaiveDate, until: NaiveDate) -> Result<Sheet, DeskError> {
        let (closings, unread) = self.closed_between((since, until), &mut |_| ())?;
        let about = json!({ "since": since, "until": until, "disposals": closings.len(), "unread": unread });
        let mut found = closings.suspected(&*self.rulebook()?);
        if !self.sees_officers()? {
            found.retain(|one| one.officer.is_none());
        }
        Ok(Suspected::sheet(&found, about))
    }

    /// Draws closings of some days for a second look, as [`Sample::draw`](crate::measure::quality::Sample::draw) does: of what had happened before the first
    /// instant of `until`, so that the same days and seed draw the same cases whenever it is asked, as long as none of
    /// them is sealed. `verify` names the sample by its day, which is `until`.
    ///
    /// Columns: `case`, `unit`, `reason`, `officer`, `suspicious`, and of the stratum `disposals` and `drawn`.
    ///
    /// # Errors
    ///
    /// As of [`suspicions`](Self::suspicions).
    pub fn sample(&self, since: NaiveDate, until: NaiveDate, seed: Digest) -> Result<Sheet, DeskError> {
        let (closings, unread) = self.closed_between((since, until), &mut |_| ())?;
        let about = json!({
            "since": since, "until": until, "seed": seed, "disposals": closings.len(), "unread": unread,
        });
        Ok(self.seen(closings.draw(&*self.rulebook()?, until, seed))?.sheet(about))
    }

    /// What the second looks found that were taken before a day for the sample of some days and a seed
    /// ([`Quality::of`]).
    ///
    /// Columns, a stratum a row: `unit`, `reason`, `officer`, `suspicious`, `disposals`, `drawn`, `confirmed`, `deficient`,
    /// `not_verifiable`, `waiting`. The estimate for all closings is in `about`.
    ///
    /// # Errors
    ///
    /// As of [`suspicions`](Self::suspicions).
    pub fn quality(
        &self,
        since: NaiveDate,
        until: NaiveDate,
        seed: Digest,
        as_of: NaiveDate,
    ) -> Result<Sheet, DeskError> {
        let rulebook = self.desk.rulebook(self.now)?;
        let looks = start_of_day(within_calendar(as_of)?, rulebook.zone());
        let mut looked: Vec<Disposal> = Vec::new();
        let (closings, _) = self.closed_between((since, until), &mut |history| {
            looked.extend(Disposal::all_as_of(history, looks));
        })?;
        let sample = closings.draw(&rulebook, until, seed);
        let quality = Quality::of(&sample, &looked);
        let about = json!({
            "since": since, "until": until, "seed": seed, "as_of": as_of,
            "looked": quality.looked, "covered": quality.covered, "not_covered": quality.not_covered,
            "deficient": quality.deficient, "standard_error": quality.standard_error,
        });
        Ok(quality.sheet(&self.seen(sample)?, about))
    }

    /// The closings of the last four weeks of a review, of the cases that the actor sees, as they stood when it ends: what
    /// its page shows of reasons, classes and suspicions. Parts of divided cases are in no count of a review, and in none of
    /// these. Remarks are opened to be compared, as of [`second_look`](Self::second_look), and are told apart by a digest made
    /// with a secret of the installation. Who may not see officers gets neither these nor them.
    ///
    /// # Errors
    ///
    /// As of [`second_look`](Self::second_look).
    pub fn closings(&self, weeks: &Weeks) -> Result<Closings, DeskError> {
        let mut disposals: Vec<Disposal> = Vec::new();
        let mut closings = Closings::of_weeks(weeks);
        self.scan(&mut |history| {
            if !is_part(history) {
                let own = Disposal::all_as_of(history, weeks.terms().at());
                disposals.extend(own.into_iter().filter(|disposal| closings.covers(disposal.at)));
            }
            true
        })?;
        let officers = self.sees_officers()?;
        let remarks = if officers { self.desk.remarks_of(&disposals)?.0 } else { HashMap::new() };
        for mut disposal in disposals {
            if !officers {
                (disposal.officer, disposal.closed_by) = (None, None);
            }
            let said = disposal.remarks.and_then(|remarks_of| remarks.get(&remarks_of.id).copied());
            closings.add(disposal, said);
        }
        Ok(closings)
    }

    /// A sample as the actor may see it: without officers, for those who do not see them.
    fn seen(&self, mut sample: Sample) -> Result<Sample, DeskError> {
        if !self.sees_officers()? {
            sample.strata.iter_mut().for_each(|stratum| stratum.officer = None);
        }
        Ok(sample)
    }

    /// The closings from the first instant of a day to that of another, as they stood then, and how many of their remarks
    /// did not open; `also` is shown the whole history of each case that has one.
    fn closed_between(
        &self,
        (since, until): (NaiveDate, NaiveDate),
        also: &mut dyn FnMut(&[Recorded]),
    ) -> Result<(Closings, u64), DeskError> {
        let zone = self.desk.rulebook(self.now)?.zone();
        let instant = |day| Ok::<_, NotAsked>(start_of_day(within_calendar(day)?, zone));
        let (from, end) = (instant(since)?, instant(until)?);
        if since > until {
            return Err(NotAsked::of("since", "lies after `until`").code(ErrorCode::DateInvalid).into());
        }
        let just_before = |at: DateTime<Utc>| at - TimeDelta::milliseconds(1);
        self.gather(Closings::new(Some(just_before(from)), just_before(end)), end, also)
    }

    fn gather(
        &self,
        mut closings: Closings,
        end: DateTime<Utc>,
        also: &mut dyn FnMut(&[Recorded]),
    ) -> Result<(Closings, u64), DeskError> {
        let mut disposals: Vec<Disposal> = Vec::new();
        self.scan(&mut |history| {
            let known = disposals.len();
            let own = Disposal::all_as_of(history, end);
            disposals.extend(own.into_iter().filter(|disposal| closings.covers(disposal.at)));
            if disposals.len() > known {
                also(history);
            }
            true
        })?;
        let (remarks, unread) = self.desk.remarks_of(&disposals)?;
        for disposal in disposals {
            let said = disposal.remarks.and_then(|remarks_of| remarks.get(&remarks_of.id).copied());
            closings.add(disposal, said);
        }
        Ok((closings, unread))
    }
}

/// An office and everything below it, a subject and those below it, or all.
fn picked(rulebook: &Rulebook, below: Option<&UnitCode>, category: Option<&str>) -> Result<Picked, NotAsked> {
    let units = below.map_or_else(Picked::all, |top| Picked::below(rulebook.directory(), top));
    let Some(text) = category else { return Ok(units) };
    let code = CategoryCode::new(text).map_err(|problem| NotAsked::of("category", problem))?;
    if !rulebook.categories().iter().any(|known| *known == code) {
        let none = NotAsked::of("category", "the rulebook has no such subject");
        return Err(none.code(ErrorCode::UnknownCode));
    }
    Ok(units.of(Subject::within(rulebook.categories(), &code)))
}
