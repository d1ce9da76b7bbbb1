//! Cases of a host or of a desk, counted by the core.

use crate::columns::{self, Columns, Fields};
use crate::fault::Fault;
use crate::later::{self, Answer, Later, later};
use crate::rulebook::Rulebook;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use grievance_core::ErrorCode;
use grievance_core::desk::Measure;
use grievance_core::host::given::{day, may_be_instant, only};
use grievance_core::measure::answer::sheet::{Cells, Sheet};
use grievance_core::measure::cases::casebook::Casebook;
use grievance_core::measure::cases::sheets::{Asked, index_of};
use grievance_core::measure::cases::told::{self, FieldMap};
use grievance_core::measure::cases::{column, table};
use grievance_core::measure::index::{Definition, shipped};
use napi::bindgen_prelude::{AsyncTask, Float64Array, Uint8Array, Uint32Array};
use napi_derive::napi;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A row of the data that was not counted, and why. It says where, never what was in it.
#[derive(Clone, Serialize)]
struct Rejected {
    row: u64,
    column: String,
    code: &'static str,
    problem: &'static str,
}

impl Rejected {
    fn of(row: &told::Rejected, map: &FieldMap) -> Self {
        let told::Rejected { row, field, code, problem } = *row;
        Self { row, column: map.name(field).to_owned(), code: code.as_str(), problem }
    }
}

/// A measure's answer: columns by name in their order, the rows that were not counted, what was asked.
#[derive(Serialize)]
pub(crate) struct Table {
    columns: Vec<(String, Value)>,
    rejected: Vec<Rejected>,
    about: Value,
}

impl Table {
    pub(crate) fn of(sheet: Sheet) -> Self {
        Self::with(sheet, Vec::new())
    }

    fn with(sheet: Sheet, rejected: Vec<Rejected>) -> Self {
        let Sheet { columns, about } = sheet;
        let cells = |cells| match cells {
            Cells::Text(cells) => json!(cells),
            Cells::Count(cells) => json!(cells),
            Cells::Number(cells) => json!(cells),
            Cells::Day(cells) => json!(cells),
        };
        let columns = columns.into_iter().map(|column| (column.name.into_owned(), cells(column.cells)));
        Self { columns: columns.collect(), rejected, about }
    }
}

struct Book {
    book: Casebook,
    rejected: Vec<Rejected>,
}

/// Many cases in columns, read once and asked often.
#[napi]
pub struct Cases(Arc<Book>);

impl Cases {
    pub(crate) fn of(book: Casebook) -> Self {
        let rejected = book.rejected.iter().map(|row| Rejected::of(row, &FieldMap::default())).collect();
        Self(Arc::new(Book { book, rejected }))
    }

    fn read(
        columns: impl FnOnce(BTreeSet<String>) -> Result<Columns, Fault>,
        map: &str,
        zone: &str,
        until: Option<&str>,
        groups: &[String],
    ) -> Result<Self, Fault> {
        let no_zone = |_| Fault::new(ErrorCode::InvalidCommand, "zone", "is no IANA time zone");
        let zone: Tz = zone.parse().map_err(no_zone)?;
        let until = may_be_instant("until", until)?.unwrap_or(DateTime::<Utc>::MAX_UTC);
        let map = crate::desk::texts("columns", map)?;
        let columns = columns(columns::wanted(&map, groups))?;
        let map = FieldMap::of(&map, &columns.names())?;
        let fields = Fields::of(&columns.of, columns::rows(&columns.of)?, &map, zone)?;
        let mut book = Casebook::read(&[fields], zone, until);
        for name in groups {
            book.column(name, columns::texts(name, &columns)?)?;
        }
        let rejected = book.rejected.iter().map(|row| Rejected::of(row, &map)).collect();
        Ok(Self(Arc::new(Book { book, rejected })))
    }

    /// A promise of a table.
    fn answer(&self, question: impl FnOnce(&Casebook) -> Result<Sheet, Fault> + Send + 'static) -> Answer {
        let own = Arc::clone(&self.0);
        later(move || Ok(later::json(&Table::with(question(&own.book)?, own.rejected.clone()))))
    }
}

/// Cases as columns, for whoever draws or keeps them. NaN and the highest key stand for what is not there.
#[napi(object)]
pub struct CaseArrays {
    #[napi(js_name = "received_at")]
    pub received_at: Float64Array,
    #[napi(js_name = "ended_at")]
    pub ended_at: Float64Array,
    #[napi(js_name = "due_at")]
    pub due_at: Float64Array,
    pub disposed: Uint8Array,
    pub unit: Coded,
    pub category: Coded,
    pub priority: Coded,
    pub reason: Coded,
}

/// A column of texts: each different one, and for each case its place.
#[napi(object)]
pub struct Coded {
    pub codes: Vec<String>,
    pub indexes: Uint32Array,
}

impl From<&table::Cases> for CaseArrays {
    fn from(cases: &table::Cases) -> Self {
        // Milliseconds of the calendar are whole in 53 bits.
        #[expect(clippy::cast_precision_loss, reason = "as it says")]
        let number = |at: i64| at as f64;
        let numbers = |of: &mut dyn Iterator<Item = Option<i64>>| {
            Float64Array::from(of.map(|at| at.map_or(f64::NAN, number)).collect::<Vec<_>>())
        };
        let coded = |column: &column::Column| Coded {
            codes: column.codes().iter().map(ToString::to_string).collect(),
            indexes: column.keys().to_vec().into(),
        };
        Self {
            received_at: numbers(&mut cases.received_at().iter().copied().map(Some)),
            ended_at: numbers(&mut cases.ended_at()),
            due_at: numbers(&mut cases.due_at()),
            disposed: cases.is_disposed().map(u8::from).collect::<Vec<_>>().into(),
            unit: coded(cases.unit()),
            category: coded(cases.category()),
            priority: coded(cases.priority()),
            reason: coded(cases.reason()),
        }
    }
}

#[napi]
impl Cases {
    #[napi]
    pub fn to_arrays(&self) -> AsyncTask<Later<CaseArrays>> {
        let own = Arc::clone(&self.0);
        later(move || Ok(CaseArrays::from(&own.book.cases)))
    }

    #[napi]
    pub fn of_columns(
        columns: &mut Columns,
        map: String,
        zone: String,
        until: Option<String>,
        groups: Vec<String>,
    ) -> AsyncTask<Later<Cases>> {
        let columns = std::mem::take(columns);
        later(move || Self::read(|_| Ok(columns), &map, &zone, until.as_deref(), &groups))
    }

    #[napi]
    pub fn of_json(
        text: String,
        map: String,
        zone: String,
        until: Option<String>,
        groups: Vec<String>,
    ) -> AsyncTask<Later<Cases>> {
        later(move || {
            Self::read(|wanted| columns::of_json(&text, wanted), &map, &zone, until.as_deref(), &groups)
        })
    }

    #[napi]
    pub fn under(&self, rulebook: &Rulebook) -> AsyncTask<Later<Cases>> {
        let (own, rulebook) = (Arc::clone(&self.0), rulebook.rulebook.clone());
        later(move || {
            let book = own.book.clone().under(&rulebook)?;
            Ok(Self(Arc::new(Book { book, rejected: own.rejected.clone() })))
        })
    }

    /// Some of the cases: `columns` is JSON that names columns, each with its codes.
    #[napi]
    pub fn only(&self, columns: String) -> AsyncTask<Later<Cases>> {
        let own = Arc::clone(&self.0);
        later(move || {
            let book = own.book.only(&only(&columns)?)?;
            // The rows that could not be taken are told by the whole alone.
            Ok(Self(Arc::new(Book { book, rejected: Vec::new() })))
        })
    }

    #[napi]
    pub fn length(&self) -> u32 {
        // More would not fit into memory at 64 bytes each, on most machines.
        u32::try_from(self.0.book.cases.len()).unwrap_or(u32::MAX)
    }

    #[napi]
    pub fn rejected(&self) -> String {
        later::json(&self.0.rejected)
    }

    #[napi]
    pub fn zone(&self) -> String {
        self.0.book.cases.zone().name().to_owned()
    }

    /// A question of the measure table that cases alone can answer, as JSON with its `what`.
    #[napi]
    pub fn measure(&self, question: String) -> Answer {
        self.answer(move |book| Ok(Measure::from_json(&question)?.of_cases(book)?))
    }

    /// `definition` is JSON; without it the index is one that comes with the library.
    #[napi]
    pub fn board(&self, as_of: String, index: String, definition: Option<String>, rule: String) -> Answer {
        self.answer(move |book| {
            let unread = |problem| Fault::new(ErrorCode::InvalidCommand, "index", problem);
            let definition = match definition {
                Some(text) => Definition::from_json(&text).map_err(unread)?,
                None => index_of(&index)?,
            };
            let asked = Asked { rule: &rule, ..Asked::of(day("as_of", &as_of)?) };
            Ok(book.board(&asked, &definition)?)
        })
    }

    #[napi]
    pub fn mis(&self, as_of: String, rule: String) -> Answer {
        self.answer(move |book| {
            let asked = Asked { rule: &rule, ..Asked::of(day("as_of", &as_of)?) };
            Ok(book.mis(&asked)?.sheet())
        })
    }

    #[napi]
    pub fn mis_json(&self, as_of: String, rule: String) -> Answer {
        let own = Arc::clone(&self.0);
        later(move || {
            let asked = Asked { rule: &rule, ..Asked::of(day("as_of", &as_of)?) };
            Ok(own.book.mis(&asked)?.to_json())
        })
    }

    #[napi]
    pub fn indexes() -> String {
        later::json(&shipped().into_iter().map(|index| (index.code, index.name)).collect::<Vec<_>>())
    }
}
