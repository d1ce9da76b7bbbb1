//! A table of cases as a host brought it, with the rows that could not be taken and columns of its own.

use crate::kernel::text::Digest;
use crate::measure::answer::sheet::NotAsked;
use crate::measure::cases::column::Column;
use crate::measure::cases::table::{Cases, Read};
use crate::measure::cases::told::{Columns, Rejected};
use crate::measure::rollup::Rollup;
use crate::measure::workdays::Workdays;
use crate::rulebook::Rulebook;
use crate::rulebook::hint::one_of;
use crate::vocabulary::CaseField;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// The columns that cases have anyway.
const OWN: [&str; 4] = ["unit", "category", "priority", "reason"];
/// Those that a desk's cases have beside them.
const TOLD: [&str; 3] = ["place", "channel", "kind"];

/// Many cases, read once and asked often: what every language's `Cases` is.
#[derive(Clone, Debug)]
pub struct Casebook {
    /// The cases that were taken.
    pub cases: Cases,
    /// The rows that were not, by their places in the data.
    pub rejected: Vec<Rejected>,
    /// The version of the rulebook under which they were worked, where there is one: a desk's cases have it.
    pub rulebook: Option<Digest>,
    // The working days of the offices, where there is a rulebook.
    workdays: Option<Workdays>,
    // The fields of which the host's data had no column.
    untold: Vec<CaseField>,
    // What else the host knows of the cases, by the name under which it is asked for.
    others: BTreeMap<String, Column>,
    levels: BTreeMap<String, Level>,
}

/// A column rolled up, made when it is first asked for.
#[derive(Clone, Debug)]
struct Level {
    of: fn(&Cases) -> &Column,
    rollup: Rollup,
    column: OnceLock<Column>,
}

impl From<Cases> for Casebook {
    fn from(cases: Cases) -> Self {
        Self {
            cases,
            rejected: Vec::new(),
            rulebook: None,
            workdays: None,
            untold: Vec::new(),
            others: BTreeMap::new(),
            levels: BTreeMap::new(),
        }
    }
}

impl From<Read> for Casebook {
    fn from(read: Read) -> Self {
        let rejected = read.rejected.iter().map(|row| Rejected::of(row.row, (row.field, row.fault)));
        Self { rejected: rejected.collect(), ..read.cases.into() }
    }
}

impl Casebook {
    /// Reads every row of some columns; of several, one after the other, as a dataframe comes in batches. A row
    /// that cannot be read is told with those that cannot be taken. What lies after `until` is rejected.
    /// Days are those of `zone`.
    ///
    /// # Examples
    ///
    /// ```
    /// use chrono::{DateTime, Utc};
    /// use grievance_core::measure::cases::casebook::Casebook;
    /// use grievance_core::measure::cases::told::Columns;
    /// use grievance_core::vocabulary::CaseField;
    ///
    /// struct Two([Option<DateTime<Utc>>; 2]);
    /// impl Columns for Two {
    ///     fn rows(&self) -> usize { 2 }
    ///     fn instant(&self, field: CaseField, row: usize) -> Result<Option<DateTime<Utc>>, &'static str> {
    ///         Ok(self.0[row].filter(|_| field == CaseField::ReceivedAt))
    ///     }
    ///     fn text(&self, field: CaseField, _: usize) -> Option<&str> {
    ///         (field == CaseField::Unit).then_some("works")
    ///     }
    ///     fn count(&self, _: CaseField, _: usize) -> Option<u32> { None }
    /// }
    ///
    /// let received = ["2026-03-02T10:00:00Z".parse().ok(), None];
    /// let book = Casebook::read(&[Two(received)], chrono_tz::Asia::Kolkata, DateTime::<Utc>::MAX_UTC);
    /// assert_eq!(book.cases.len(), 1);
    /// assert_eq!((book.rejected[0].row, book.rejected[0].field), (1, CaseField::ReceivedAt));
    /// ```
    pub fn read(parts: &[impl Columns], zone: Tz, until: DateTime<Utc>) -> Self {
        Self::read_on(parts, zone, until, 1)
    }

    /// The same on several threads at once; what comes of it does not depend on how many.
    pub fn read_on(parts: &[impl Columns], zone: Tz, until: DateTime<Utc>, threads: usize) -> Self {
        let (cases, rejected) = Cases::filled(parts, zone, until.timestamp_millis(), threads);
        let told = |field: &CaseField| parts.iter().any(|part| part.has(*field));
        let untold = CaseField::ALL.iter().copied().filter(|field| !told(field)).collect();
        Self { rejected, untold, ..cases.into() }
    }

    /// Whether the data had a column for a field: what it had none for is unknown, and not nought.
    pub(crate) fn tells(&self, field: CaseField) -> bool {
        !self.untold.contains(&field)
    }

    /// One more column of the host's, under a name by which cases are then grouped: the code of each row of the
    /// data, the rejected ones too, or none.
    ///
    /// # Errors
    ///
    /// [`NotAsked`] when there are more or fewer codes than rows, and for the name of a column that cases have
    /// anyway.
    pub fn column<'a>(
        &mut self,
        name: &str,
        codes: impl IntoIterator<Item = Option<&'a str>>,
    ) -> Result<(), NotAsked> {
        if OWN.contains(&name) {
            return Err(NotAsked::of(name, "cases have a column of that name: give the host's another"));
        }
        let mut column = Column::default();
        let mut left_out = self.rejected.iter().map(|rejected| rejected.row).peekable();
        let mut given = 0;
        for code in codes {
            if left_out.next_if_eq(&given).is_none() {
                column.push(code);
            }
            given += 1;
        }
        let rows = (self.cases.len() + self.rejected.len()) as u64;
        if given != rows {
            let problem = format!("the column has {given} rows, the data {rows}");
            return Err(NotAsked::of(name, problem));
        }
        column.shrink();
        self.others.insert(name.to_owned(), column);
        Ok(())
    }

    /// The cases of a desk: they are grouped by each level of the rulebook's trees, too. `unit_0` is the office that stands
    /// above all, `unit_1` those right below it, and so on, `place_0` and `category_0` the widest jurisdictions and subjects;
    /// what stands above a level stays itself. `second_superior` is the other line above an office. Ages can be asked for in the
    /// working days of its offices; an office that it does not have keeps those that are everybody's.
    #[must_use]
    pub fn under(mut self, rulebook: &Rulebook) -> Self {
        let (directory, categories, places) =
            (rulebook.directory(), rulebook.categories(), rulebook.places());
        let mut level = |name: String, of: fn(&Cases) -> &Column, rollup| {
            self.levels.insert(name, Level { of, rollup, column: OnceLock::new() });
        };
        let deep = |depths: &mut dyn Iterator<Item = usize>| 0..depths.max().unwrap_or(0);
        for at in deep(&mut directory.iter().map(|unit| directory.upward(&unit.code).count())) {
            level(format!("unit_{at}"), Cases::unit, Rollup::units(directory, at));
        }
        for at in deep(&mut categories.iter().map(|code| categories.upward(code).count())) {
            level(format!("category_{at}"), Cases::category, Rollup::categories(categories, at));
        }
        for at in deep(&mut places.iter().map(|code| places.around(code).count())) {
            level(format!("place_{at}"), Cases::place, Rollup::places(places, at));
        }
        level("second_superior".to_owned(), Cases::unit, Rollup::second_superiors(directory));
        self.rulebook = Some(rulebook.version());
        self.workdays = Some(Workdays::of(rulebook));
        self
    }

    /// The working days of the offices.
    pub(crate) const fn workdays(&self) -> Option<&Workdays> {
        self.workdays.as_ref()
    }

    /// A column of a level.
    fn rolled_up(&self, name: &str) -> Option<&Column> {
        let Level { of, rollup, column } = self.levels.get(name)?;
        let rolled = |code: &str| rollup.code(code).map(Into::into);
        Some(column.get_or_init(|| of(&self.cases).mapped(rolled)))
    }

    /// A column that a desk's cases have, and a host's only where it brings it.
    fn told(&self, name: &str) -> Option<&Column> {
        let column = match name {
            "place" => self.cases.place(),
            "channel" => self.cases.channel(),
            "kind" => self.cases.kind(),
            _ => return None,
        };
        (self.rulebook.is_some() || !column.codes().is_empty()).then_some(column)
    }

    /// The column that has a name: `unit`, `category`, `priority`, `reason`, one of the host's or, of a desk's cases,
    /// `place`, `channel`, `kind` and each level of a tree ([`under`](Self::under)).
    ///
    /// # Errors
    ///
    /// [`NotAsked`] at `by`, with the nearest name that there is.
    pub fn by(&self, name: &str) -> Result<&Column, NotAsked> {
        match name {
            "unit" => Ok(self.cases.unit()),
            "category" => Ok(self.cases.category()),
            "priority" => Ok(self.cases.priority()),
            "reason" => Ok(self.cases.reason()),
            other => self
                .others
                .get(other)
                .or_else(|| self.told(other))
                .or_else(|| self.rolled_up(other))
                .ok_or_else(|| {
                    let more = self.others.keys().chain(self.levels.keys()).map(String::as_str);
                    let told = TOLD.into_iter().filter(|name| self.told(name).is_some());
                    let known: Vec<&str> = OWN.into_iter().chain(told).chain(more).collect();
                    NotAsked::of("by", "cases are not grouped by that").hint(one_of(name, &known))
                }),
        }
    }
}
