//! The column map: what the columns of another system's file mean.
//!
//! A map is TOML:
//!
//! ```toml
//! source = "riverton"                        # a code: the key of a case is source and number
//! zone = "Asia/Kolkata"                      # of dates without an offset; UTC keeps them as printed
//! units = "from-file"                        # or "rulebook"
//! formats = ["%m/%d/%Y %I:%M:%S %p"]         # strftime, tried in order
//! delimiter = ";"                            # a comma if absent
//! placeholder = ["Please choose..."]         # category values that say nothing
//! target_max_days = 366                      # a due date further ahead is a warning
//!
//! [columns]
//! number = "ID"
//! lodged = { column = "Opened", formats = ["%Y-%m-%d"] }   # formats of its own
//! disposed = "Closed"
//! # also: reopened, received, routed, due (dates), events (a list of dates), unit, category,
//! # place, channel, kind, status, narrative, closure_text
//!
//! [status]
//! trust = "status"                           # or "dates": what counts when they contradict
//! open = ["Open", "New"]                     # also: disposed, reopened, withdrawn, declined, merged
//! disposed = ["Closed*"]                     # a star at the end: words that begin so
//!
//! [unit.values]                              # also: category, channel, place, kind
//! "PWD" = "works"                            # the file's value = the rulebook's code
//!
//! [[reason]]                                 # the first rule that fits gives the closure reason
//! on = "closure_text"                        # or "status"
//! starts_with = "Duplicate"                  # or contains, or equals; upper and lower case differ
//! reason = "duplicate_or_already_redressed"
//! ```

mod walk;

use crate::import::instant::Formats;
use crate::kernel::code::{ReasonCode, SourceCode};
use crate::vocabulary::{ErrorCode, Phase};
use chrono::TimeDelta;
use chrono_tz::Tz;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Where the codes of offices, subjects and channels come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Units {
    /// The file's own values, by a derived rulebook: see [`derive_document`](crate::import::derive::derive_document).
    FromFile,
    /// The rulebook: by the map's values, by name, or by code.
    Rulebook,
}

/// A dimension of a case that the file names by a value and a rulebook by a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dimension {
    /// The office.
    Unit,
    /// The subject.
    Category,
    /// The way in.
    Channel,
    /// The jurisdiction.
    Place,
    /// The kind of matter.
    Kind,
}

impl Dimension {
    /// Every dimension.
    pub const ALL: &'static [Self] = &[Self::Unit, Self::Category, Self::Channel, Self::Place, Self::Kind];

    /// The word that the map uses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unit => "unit",
            Self::Category => "category",
            Self::Channel => "channel",
            Self::Place => "place",
            Self::Kind => "kind",
        }
    }
}

/// What counts when the status word contradicts the dates. Either way it is a warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    Status,
    Dates,
}

/// What a status word means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StatusMeans {
    Open,
    Reopened,
    /// Ended, in this terminal phase.
    Ended(Phase),
}

#[derive(Clone, Debug)]
pub(crate) struct Status {
    pub(crate) trust: Trust,
    words: HashMap<String, StatusMeans>,
    /// Words that end in a star, longest first.
    beginnings: Vec<(String, StatusMeans)>,
}

impl Status {
    pub(crate) fn means(&self, word: &str) -> Option<StatusMeans> {
        self.words.get(word).copied().or_else(|| {
            self.beginnings.iter().find(|(begin, _)| word.starts_with(begin)).map(|(_, means)| *means)
        })
    }

    pub(crate) fn endings(&self) -> impl Iterator<Item = Phase> {
        self.words.values().chain(self.beginnings.iter().map(|(_, means)| means)).filter_map(|means| {
            match means {
                StatusMeans::Ended(phase) => Some(*phase),
                StatusMeans::Open | StatusMeans::Reopened => None,
            }
        })
    }
}

/// A column of dates.
#[derive(Clone, Debug)]
pub(crate) struct DateColumn {
    pub(crate) name: String,
    pub(crate) formats: Formats,
}

#[derive(Clone, Debug)]
pub(crate) struct Columns {
    pub(crate) number: String,
    pub(crate) lodged: DateColumn,
    pub(crate) disposed: Option<DateColumn>,
    pub(crate) reopened: Option<DateColumn>,
    pub(crate) received: Option<DateColumn>,
    pub(crate) routed: Option<DateColumn>,
    pub(crate) due: Option<DateColumn>,
    pub(crate) events: Vec<DateColumn>,
    pub(crate) named: BTreeMap<Dimension, String>,
    pub(crate) status: Option<String>,
    pub(crate) narrative: Option<String>,
    pub(crate) closure_text: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReasonOn {
    ClosureText,
    Status,
}

#[derive(Clone, Debug)]
pub(crate) enum Fits {
    StartsWith(String),
    Contains(String),
    Equals(String),
}

#[derive(Clone, Debug)]
pub(crate) struct ReasonRule {
    pub(crate) on: ReasonOn,
    pub(crate) fits: Fits,
    pub(crate) reason: ReasonCode,
}

impl ReasonRule {
    pub(crate) fn fits(&self, text: &str) -> bool {
        match &self.fits {
            Fits::StartsWith(start) => text.starts_with(start),
            Fits::Contains(part) => text.contains(part),
            Fits::Equals(whole) => text == whole,
        }
    }
}

/// What the columns of a file mean. Immutable once read.
#[derive(Clone, Debug)]
pub struct ColumnMap {
    pub(crate) source: SourceCode,
    pub(crate) zone: Tz,
    pub(crate) units: Units,
    pub(crate) delimiter: u8,
    pub(crate) columns: Columns,
    pub(crate) status: Status,
    pub(crate) reasons: Vec<ReasonRule>,
    pub(crate) placeholders: HashSet<String>,
    pub(crate) target_max: TimeDelta,
    pub(crate) values: BTreeMap<Dimension, BTreeMap<String, String>>,
}

impl ColumnMap {
    /// Reads a map from TOML.
    ///
    /// # Errors
    ///
    /// [`MapInvalid`] with every problem at once, each with its path.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::import::map::ColumnMap;
    ///
    /// let wrong = ColumnMap::from_toml("source = 'x'\nzone = 'UTC'\nunits = 'from_file'\n[columns]\nlodgd = 'D'")
    ///     .expect_err("four mistakes");
    /// let all: Vec<String> = wrong.problems.iter().map(ToString::to_string).collect();
    /// assert_eq!(all[0], r#"units: no choice "from_file"; did you mean "from-file"?"#);
    /// assert_eq!(all[1], r#"columns.lodgd: unknown field; did you mean "lodged"?"#);
    /// assert_eq!(all.len(), 4); // and neither number nor lodged is there
    /// ```
    pub fn from_toml(text: &str) -> Result<Self, MapInvalid> {
        walk::read(text)
    }

    /// The other system. With the number it is the key of a case.
    pub const fn source(&self) -> &SourceCode {
        &self.source
    }

    /// The zone of dates that are printed without an offset.
    pub const fn zone(&self) -> Tz {
        self.zone
    }

    /// Where codes come from.
    pub const fn units(&self) -> Units {
        self.units
    }

    /// The code that the map itself gives to a value of the file.
    pub(crate) fn value(&self, of: Dimension, value: &str) -> Option<&str> {
        self.values.get(&of)?.get(value).map(String::as_str)
    }

    /// The column that names a dimension, if any does.
    pub(crate) fn column(&self, of: Dimension) -> Option<&str> {
        self.columns.named.get(&of).map(String::as_str)
    }
}

/// One thing that is wrong with a map, or that does not fit the file or the rulebook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapProblem {
    /// Where in the map: `columns.unit`.
    pub path: String,
    /// What is wrong: `the file has no column "Dept"`.
    pub message: String,
    /// What may help: `did you mean "Department"?`.
    pub hint: Option<String>,
}

impl std::fmt::Display for MapProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)?;
        self.hint.as_ref().map_or(Ok(()), |hint| write!(f, "; {hint}"))
    }
}

/// A column map cannot be used: everything that is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the column map has {} problem(s); the first: {}", self.problems.len(), self.first())]
pub struct MapInvalid {
    /// All problems, in the order of the map.
    pub problems: Vec<MapProblem>,
}

impl MapInvalid {
    /// The code that every language reports.
    pub const fn code(&self) -> ErrorCode {
        ErrorCode::MapInvalid
    }

    fn first(&self) -> String {
        self.problems.first().map_or_else(String::new, ToString::to_string)
    }
}

/// Collects problems as they are found.
#[derive(Debug, Default)]
pub(crate) struct Problems(Vec<MapProblem>);

impl Problems {
    pub(crate) fn add(&mut self, path: impl Into<String>, message: impl Into<String>) {
        self.0.push(MapProblem { path: path.into(), message: message.into(), hint: None });
    }

    /// Adds a problem with a word that is not in a list, and the word that was perhaps meant.
    pub(crate) fn unknown<'w>(
        &mut self,
        path: impl Into<String>,
        message: impl Into<String>,
        word: &str,
        list: impl IntoIterator<Item = &'w str>,
    ) {
        let near = list
            .into_iter()
            .map(|known| (strsim::damerau_levenshtein(&word.to_lowercase(), &known.to_lowercase()), known))
            .min()
            .filter(|(distance, known)| *distance <= 1 + known.chars().count() / 4);
        let hint = near.map(|(_, known)| format!("did you mean {known:?}?"));
        self.0.push(MapProblem { path: path.into(), message: message.into(), hint });
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Nothing, or everything that was found.
    pub(crate) fn done(self) -> Result<(), MapInvalid> {
        if self.0.is_empty() { Ok(()) } else { Err(MapInvalid { problems: self.0 }) }
    }
}
