//! Where the cases come from: another system's records, or a generated year.

use crate::args::Args;
use crate::synthetic::account::Account;
use crate::synthetic::carrier::Carrier;
use crate::synthetic::meeting;
use crate::{Problem, keys, output, synthetic};
use chrono::Utc;
use grievance_core::desk::Desk;
use grievance_core::import::map::ColumnMap;
use grievance_core::import::read::Options;
use grievance_core::import::reject::Reject;
use grievance_core::import::run::{Import, ImportReport};
use grievance_core::kernel::code::{ReasonCode, TenantCode, UnitCode};
use grievance_core::proof::checkpoint::Checkpoint;
use grievance_core::rulebook::document::Document;
use grievance_core::rulebook::read::Format;
use grievance_core::rulebook::{Rulebook, presets};
use grievance_core::sql::sqlite::SqliteStore;
use grievance_core::store::Store;
use grievance_core::store::memory::MemoryStore;
use indicatif::{ProgressBar, ProgressStyle};
use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

/// An office whose cases are in a store, and what was found on the way there.
pub(crate) struct Office {
    /// Where the cases are.
    pub(crate) desk: Desk,
    /// What the statement is headed with.
    pub(crate) title: String,
    /// The zone whose days are counted.
    pub(crate) zone: chrono_tz::Tz,
    /// Printed names of offices: of imported cases the file's own value, which may be blank.
    pub(crate) units: HashMap<UnitCode, String>,
    /// Printed names of closure reasons.
    pub(crate) reasons: HashMap<ReasonCode, String>,
    /// The file's own columns.
    pub(crate) columns: Vec<String>,
    /// Rows that were not taken.
    pub(crate) rejects: Vec<Reject>,
    /// What is odd about rows that were taken, in words, and about how many.
    pub(crate) warnings: Vec<(String, u64)>,
    /// What was done, in words, for the summary.
    pub(crate) done: String,
    /// What the histories can be held to later: where they are kept, or of a generated year.
    pub(crate) checkpoint: Option<Checkpoint>,
    /// Of a generated year: what it came to, and who carries its messages.
    pub(crate) year: Option<(Account, Carrier)>,
}

/// Brings the cases into a store.
pub(crate) fn open(args: &Args) -> Result<Office, Problem> {
    let tenant = TenantCode::new("office").expect("a code");
    let store: Arc<dyn Store> = match (&args.db, args.synthetic) {
        (Some(file), _) => SqliteStore::open(file)?.tenant(&tenant),
        // Nothing is kept, so nothing need be written: it takes half the time.
        (None, Some(_)) => MemoryStore::default().tenant(&tenant),
        (None, None) => SqliteStore::open_in_memory()?.tenant(&tenant),
    };
    let keys = keys::ring(args.db.as_deref())?;
    match (&args.cases, &args.columns, args.synthetic) {
        (Some(cases), Some(columns), _) => {
            let desk = Desk::open(store, tenant, keys);
            let report = import(args, &desk, cases, columns)?;
            let checkpoint = args.db.is_some().then(|| desk.checkpoint(Utc::now())).transpose()?;
            Ok(Office { checkpoint, ..office(desk, report)? })
        }
        (_, _, Some(cases)) => {
            let mut document = document(args, "west-bengal")?;
            meeting::suggest(&mut document, args.as_of);
            let rulebook = Rulebook::new(document)?;
            let notices = output::notices(&args.out)?;
            let year = synthetic::run(store, (tenant, keys), rulebook, args, (cases, notices))?;
            let checkpoint = year.desk.last_checkpoint()?;
            let mut office = Office { checkpoint, ..office(year.desk, ImportReport::default())? };
            office.done = year.account.made();
            office.year = Some((year.account, year.carrier));
            Ok(office)
        }
        _ => Err("give --cases with --columns, or --synthetic".into()),
    }
}

/// The rulebook that was named, or the usual one.
fn document(args: &Args, usual: &str) -> Result<Document, Problem> {
    let name = args.rulebook.as_deref().unwrap_or(usual);
    let (text, format) = if let Some(text) = presets::text(name) {
        (text.to_owned(), Format::Toml)
    } else {
        let text = fs::read_to_string(name).map_err(|problem| {
            let known = presets::names().collect::<Vec<_>>().join(", ");
            format!("{name} is no preset ({known}) and cannot be read: {problem}")
        })?;
        let json = Path::new(name).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
        (text, if json { Format::Json } else { Format::Toml })
    };
    grievance_core::rulebook::read::read(&text, format).map_err(|refused| {
        let told: Vec<String> = refused.findings.iter().map(|finding| format!("  {finding}")).collect();
        format!("the rulebook {name} has errors:\n{}", told.join("\n")).into()
    })
}

fn import(args: &Args, desk: &Desk, cases: &Path, columns: &Path) -> Result<ImportReport, Problem> {
    let text = fs::read_to_string(columns)
        .map_err(|problem| format!("cannot read {}: {problem}", columns.display()))?;
    let map = ColumnMap::from_toml(&text)?;
    let mut base = document(args, "city-311")?;
    if args.rulebook.is_none() {
        // The usual rulebook is nobody's: the map says in which zone the file's office counts days.
        map.zone().name().clone_into(&mut base.zone);
        map.source().as_str().clone_into(&mut base.name);
    }
    let now = Utc::now();
    let system = Desk::system();
    let options = Options { skew: args.skew_tolerance, ..Options::default() };
    let import = Import { desk, map: &map, options, actor: &system, now, base: &base };
    let bar = ProgressBar::new_spinner();
    bar.set_style(ProgressStyle::with_template("{spinner} {human_pos} records taken over ({per_sec})")?);
    let report = import.run(|| File::open(cases), |records| bar.set_position(records));
    bar.finish_and_clear();
    report.map_err(|problem| format!("cannot import {}: {problem}", cases.display()).into())
}

/// What the statement needs to know of an office whose cases are in the store.
fn office(desk: Desk, report: ImportReport) -> Result<Office, Problem> {
    let rulebook = desk.rulebook(Utc::now())?;
    let document = rulebook.document();
    let mut units = HashMap::new();
    for unit in &document.unit {
        units.insert(
            UnitCode::new(&unit.code)?,
            if unit.name.is_empty() { unit.code.clone() } else { unit.name.clone() },
        );
    }
    for derived in &report.derived.units {
        units.insert(UnitCode::new(&derived.code)?, derived.value.clone());
    }
    let mut reasons = HashMap::new();
    for reason in rulebook.reasons().iter() {
        reasons.insert(reason.code.clone(), reason.officer_text.clone());
    }
    let mut warnings: BTreeMap<&str, u64> = BTreeMap::new();
    for warning in &report.warnings {
        *warnings.entry(warning.kind.as_str()).or_default() += 1;
    }
    Ok(Office {
        desk,
        title: document.name.clone(),
        zone: rulebook.zone(),
        units,
        reasons,
        columns: report.columns,
        rejects: report.rejects,
        warnings: warnings.into_iter().map(|(kind, count)| (kind.to_owned(), count)).collect(),
        done: format!(
            "{} records: {} new, {} changed, {} unchanged",
            report.records, report.new, report.changed, report.unchanged
        ),
        checkpoint: None,
        year: None,
    })
}
