//! A table of cases as a host brought it, with the rows that could not be taken and columns of its own.

use crate::kernel::text::Digest;
use crate::measure::answer::sheet::NotAsked;
use crate::measure::cases::column::Column;
use crate::measure::cases::table::{Cases, Chosen, Read};
use crate::measure::cases::told::{Columns, FieldKind, Rejected};
use crate::measure::rollup::Rollup;
use crate::measure::workdays::Workdays;
use crate::rulebook::Rulebook;
use crate::rulebook::hint::one_of;
use crate::vocabulary::{CaseField, ErrorCode};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};
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
    // Whether a desk told the cases: it knows their movements, and these do not.
    of_desk: bool,
    // The working days of the offices, where there is a rulebook.
    workdays: Option<Workdays>,
    // The fields of which the host's data had no column.
    untold: Vec<CaseField>,
    // What else the host knows of the cases, by the name under which it is asked for.
    others: BTreeMap<String, Column>,
    levels: BTreeMap<String, Level>,
    // The day of the first receipt of the whole, where these are some of its cases.
    begun: Option<NaiveDate>,
    // The codes that the rulebook has, by the name of the column.
    known: BTreeMap<String, BTreeSet<SmolStr>>,
}

/// Which cases: of each column that is named, those that have one of some codes.
pub type Only = BTreeMap<String, Vec<String>>;

/// A column rolled up, made when it is first asked for.
#[derive(Clone, Debug)]
struct Level {
    of: fn(&Cases) -> &Column,
    rollup: Rollup,
    column: OnceLock<Column>,
}

/// Whether any row has something in a column.
fn says(part: &impl Columns, field: CaseField) -> bool {
    let mut rows = 0..part.rows();
    match FieldKind::of(field) {
        FieldKind::Counts => rows.any(|row| part.count(field, row).is_some()),
        // A date or a word that nobody has yet is known not to be there.
        FieldKind::Instants | FieldKind::Texts => true,
    }
}

impl From<Cases> for Casebook {
    fn from(cases: Cases) -> Self {
        Self {
            cases,
            rejected: Vec::new(),
            rulebook: None,
            of_desk: false,
            begun: None,
            workdays: None,
            untold: Vec::new(),
            others: BTreeMap::new(),
            levels: BTreeMap::new(),
            known: BTreeMap::new(),
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
        // A column of counts without a value tells as little as none.
        let told = |field: &CaseField| parts.iter().any(|part| part.has(*field) && says(part, *field));
        let untold = CaseField::ALL.iter().copied().filter(|field| !told(field)).collect();
        Self { rejected, untold, ..cases.into() }
    }

    /// The same cases, told by a desk.
    pub(crate) fn told_by_desk(self) -> Self {
        Self { of_desk: true, ..self }
    }

    /// The day of the first receipt: of the whole, where these are some of its cases.
    pub(crate) fn begun(&self) -> Option<NaiveDate> {
        self.begun.or_else(|| self.cases.begun())
    }

    /// Whether a desk told the cases.
    pub(crate) const fn is_of_desk(&self) -> bool {
        self.of_desk
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
    ///
    /// # Errors
    ///
    /// [`NotAsked`] at `rulebook` for one of another time zone: days would begin at different instants.
    pub fn under(mut self, rulebook: &Rulebook) -> Result<Self, NotAsked> {
        fn text(code: &impl AsRef<str>) -> SmolStr {
            code.as_ref().into()
        }
        if rulebook.zone() != self.cases.zone() {
            let problem = format!("its offices keep {}, the cases {}", rulebook.zone(), self.cases.zone());
            return Err(NotAsked::of("rulebook", problem));
        }
        let (directory, categories, places) =
            (rulebook.directory(), rulebook.categories(), rulebook.places());
        let mut level = |name: String, of: fn(&Cases) -> &Column, rollup: Rollup| {
            self.known.insert(name.clone(), rollup.codes().collect());
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
        let mut has = |name: &str, codes: BTreeSet<SmolStr>| self.known.insert(name.to_owned(), codes);
        has("unit", directory.iter().map(|unit| text(&unit.code)).collect());
        has("category", categories.iter().map(text).collect());
        has("place", places.iter().map(text).collect());
        has("channel", rulebook.channels().iter().map(text).collect());
        has("kind", rulebook.kinds().iter().map(text).collect());
        has("priority", rulebook.priorities().iter().map(text).collect());
        has("reason", rulebook.reasons().iter().map(|reason| text(&reason.code)).collect());
        self.rulebook = Some(rulebook.version());
        self.workdays = Some(Workdays::of(rulebook));
        Ok(self)
    }

    /// The working days of the offices.
    pub(crate) const fn workdays(&self) -> Option<&Workdays> {
        self.workdays.as_ref()
    }

    /// Some of the cases, to be measured like all of them: of each column that is named those that have one of some codes. A
    /// column is named as in [`by`](Self::by), a level of a tree among them, so that `unit_1` keeps to an office and everything
    /// below it. Of no code there are no cases; of no column there are all.
    ///
    /// The rows that could not be taken are told by the whole alone, and columns of the host's are put into the whole. The data are
    /// as old as the whole: of a subject that is new, [`trends`](Self::trends) says so.
    ///
    /// # Errors
    ///
    /// [`NotAsked`] at `only` for a column that there is not, and at `only.<column>` for a code that neither a case nor the
    /// rulebook has, with the nearest that there is.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::measure::cases::casebook::{Casebook, Only};
    /// use grievance_core::measure::cases::row::CaseRow;
    /// use grievance_core::measure::cases::table::Cases;
    ///
    /// let at = "2026-03-02T10:00:00Z".parse()?;
    /// let rows = [("works", "roads"), ("works", "drains"), ("water", "mains")]
    ///     .map(|(unit, subject)| CaseRow { category: Some(subject), ..CaseRow::new(at, unit) });
    /// let all = Casebook::from(Cases::read(chrono_tz::Asia::Kolkata, at, rows).cases);
    /// let roads = all.only(&Only::from([("category".to_owned(), vec!["roads".to_owned(), "mains".to_owned()])]))?;
    /// assert_eq!(roads.cases.len(), 2);
    /// let mistyped = all.only(&Only::from([("category".to_owned(), vec!["raods".to_owned()])])).unwrap_err();
    /// assert_eq!((mistyped.place.as_str(), mistyped.hint.as_deref()), ("only.category", Some("did you mean \"roads\"?")));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn only(&self, only: &Only) -> Result<Self, NotAsked> {
        let mut chosen: Option<Chosen> = None;
        for (name, codes) in only {
            let column = self.by(name).map_err(|wrong| NotAsked { place: "only".to_owned(), ..wrong })?;
            self.known(name, column, codes)?;
            let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
            let own = self.cases.chosen(column, &codes);
            chosen = Some(match chosen {
                Some(chosen) => chosen.and(&own).expect("both are of this table"),
                None => own,
            });
        }
        let Some(chosen) = chosen else { return Ok(self.clone()) };
        let own: Vec<usize> = (0..self.cases.len()).filter(|case| chosen.has(*case)).collect();
        let level = |level: &Level| Level { rollup: level.rollup.clone(), column: OnceLock::new(), ..*level };
        Ok(Self {
            cases: self.cases.part(&chosen).expect("the choice is of this table"),
            rejected: Vec::new(),
            rulebook: self.rulebook,
            of_desk: self.of_desk,
            begun: self.begun(),
            workdays: self.workdays.clone(),
            untold: self.untold.clone(),
            others: self.others.iter().map(|(name, column)| (name.clone(), column.part(&own))).collect(),
            levels: self.levels.iter().map(|(name, of)| (name.clone(), level(of))).collect(),
            known: self.known.clone(),
        })
    }

    /// Asks whether a case or the rulebook has each of some codes.
    fn known(&self, name: &str, column: &Column, codes: &[String]) -> Result<(), NotAsked> {
        let has = |code: &&String| {
            column.find(code).is_some()
                || self.known.get(name).is_some_and(|known| known.contains(code.as_str()))
        };
        let Some(unknown) = codes.iter().find(|code| !has(code)) else { return Ok(()) };
        let known = column.codes().iter().chain(self.known.get(name).into_iter().flatten());
        let known: BTreeSet<&str> = known.map(SmolStr::as_str).collect();
        let known: Vec<&str> = known.into_iter().collect();
        let none = NotAsked::of(&format!("only.{name}"), "no case has that code");
        Err(none.code(ErrorCode::UnknownCode).hint(one_of(unknown, &known)))
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
