//! The dashboard's question, kept answered.

use crate::measure::headline::{Asked, Headlines};
use crate::measure::ledger::book::Book;
use crate::measure::ledger::error::LedgerError;
use crate::measure::ledger::headline::{Desk, headlines_of};
use crate::measure::ledger::keep::Ledger;
use crate::measure::mis::Terms;
use crate::measure::picked::Picked;
use chrono::NaiveDate;
use smol_str::SmolStr;

/// The headlines of some offices, as they were last asked for. Asked again, it counts only those offices
/// anew in which something was posted meanwhile; on another day, all of them.
///
/// It belongs to no ledger: what it holds of an office is used while the office has the same postings,
/// which a sum over them tells, and so it may be asked of a clone, of a ledger that was read from its
/// text, or of one that was built anew.
///
/// # Examples
///
/// ```
/// use grievance_core::measure::cases::row::CaseRow;
/// use grievance_core::measure::headline::Asked;
/// use grievance_core::measure::ledger::{Picked, dashboard::Dashboard, keep::{Ledger, Step}};
/// use grievance_core::measure::mis::Terms;
/// use grievance_core::vocabulary::AgeRule;
///
/// let zone = chrono_tz::Asia::Kolkata;
/// let day = "2026-03-17".parse()?;
/// let mut ledger = Ledger::new(zone);
/// let terms = Terms::new(day, zone, AgeRule::Calendar);
/// let mut dashboard = Dashboard::new(Picked::all(), terms, Asked::default());
/// assert!(dashboard.refresh(&ledger, day, 1)?.is_empty());
///
/// let after = CaseRow::new("2026-03-02T10:00:00Z".parse()?, "works");
/// ledger.post(&Step { at: after.received_at, before: None, after, undone: false })?;
/// let lines = dashboard.refresh(&ledger, day, 1)?;
/// assert_eq!(lines.iter().next().ok_or("one office")?.counts.received, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Dashboard {
    picked: Picked,
    terms: Terms,
    asked: Asked,
    // INVARIANT: in the order in which the ledger has its offices, each with its place in the headlines.
    known: Vec<Known>,
    headlines: Headlines,
}

/// What is known of an office.
#[derive(Clone, Debug)]
struct Known {
    code: SmolStr,
    /// The sum over its postings.
    print: u64,
    /// None while it has received no case.
    place: Option<usize>,
}

impl Dashboard {
    /// A dashboard of some offices; nothing is counted before the first [`refresh`](Self::refresh), which
    /// says the day. Of the terms it takes the zone, the rule and the bands.
    pub fn new(picked: Picked, terms: Terms, asked: Asked) -> Self {
        let headlines = Headlines::new(0, terms.bands.count(), asked.quantiles().len(), 1);
        Self { picked, terms, asked, known: Vec::new(), headlines }
    }

    /// The headlines as of a day: the same, in no particular order, as
    /// [`Ledger::headlines`] answers. Where all of it has to be counted, `threads` share it.
    ///
    /// # Errors
    ///
    /// As [`Ledger::headlines`]; the next call then counts everything anew.
    pub fn refresh(
        &mut self,
        ledger: &Ledger,
        day: NaiveDate,
        threads: usize,
    ) -> Result<&Headlines, LedgerError> {
        if self.terms.day != day {
            self.known.clear();
            let Terms { zone, rule, bands, .. } = self.terms.clone();
            self.terms = Terms::new(day, zone, rule).with_bands(bands);
        }
        ledger.keeps(&self.terms)?;
        let books = ledger.lone_books(&self.picked)?;
        let kept = !self.known.is_empty()
            && self.bring_further(ledger, &books).inspect_err(|_| self.known.clear())?;
        if !kept {
            self.known.clear();
            self.count_anew(ledger, &books, threads)?;
        }
        Ok(&self.headlines)
    }

    /// Counts the offices anew that changed. `false` when the offices are others, or one has no case any
    /// more: what is kept is then of no use.
    fn bring_further(&mut self, ledger: &Ledger, books: &[(u32, &Book)]) -> Result<bool, LedgerError> {
        if books.len() < self.known.len() {
            return Ok(false);
        }
        let Self { terms, asked, known, headlines, .. } = self;
        let mut desk = Desk::new(terms, asked);
        let mut line = Headlines::new(1, terms.bands.count(), asked.quantiles().len(), 1);
        for (nth, (unit, book)) in books.iter().enumerate() {
            let code = ledger.units.code(*unit);
            let known = match known.get_mut(nth) {
                Some(known) if known.code != *code => return Ok(false),
                Some(known) if known.print == book.print() => continue,
                Some(known) => known,
                None => {
                    known.push(Known { code: code.clone(), print: 0, place: None });
                    &mut known[nth]
                }
            };
            line.clear();
            let counted = desk.line(code, &book.before(desk.day), &mut line)?;
            match known.place {
                Some(_) if !counted => return Ok(false),
                Some(place) => headlines.replace(place, &line),
                None if counted => {
                    known.place = Some(headlines.len());
                    headlines.extend_from(&line);
                }
                None => {}
            }
            known.print = book.print();
        }
        Ok(true)
    }

    fn count_anew(
        &mut self,
        ledger: &Ledger,
        books: &[(u32, &Book)],
        threads: usize,
    ) -> Result<(), LedgerError> {
        self.headlines = headlines_of(ledger, books, &self.terms, &self.asked, threads)?;
        // Those that have a case stand in the order of the books.
        let mut place = 0;
        for (unit, book) in books {
            let code = ledger.units.code(*unit);
            let has = self.headlines.codes.get(place) == Some(code);
            self.known.push(Known { code: code.clone(), print: book.print(), place: has.then_some(place) });
            place += usize::from(has);
        }
        Ok(())
    }
}
