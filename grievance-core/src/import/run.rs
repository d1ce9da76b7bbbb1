//! The whole of an import: the file is surveyed, the rulebook extended where the map says so, and
//! every row taken over, in batches.

use crate::desk::{Adopting, Desk, DeskError, Taken};
use crate::import::case::ImportedCase;
use crate::import::derive::{DerivedReport, Survey, derive_document};
use crate::import::map::{ColumnMap, MapInvalid, Units};
use crate::import::read::{CannotOpen, Options, Reader, Row};
use crate::import::reject::{Reject, Warning};
use crate::import::resolve::{Resolution, Resolved};
use crate::kernel::text::Digest;
use crate::rulebook::Rulebook;
use crate::rulebook::access::Actor;
use crate::rulebook::document::Document;
use crate::vocabulary::ErrorCode;
use chrono::{DateTime, Utc};
use std::io::Read;

/// Rows that are taken over in one transaction.
const BATCH: usize = 1_000;

/// What an import came to. Every row is counted once: taken over, changed, unchanged or rejected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// Records of the file, the header not counted.
    pub records: u64,
    /// Cases that are new here.
    pub new: u64,
    /// Cases that were here, of which the file says something else now.
    pub changed: u64,
    /// Cases that were here, unchanged.
    pub unchanged: u64,
    /// Rows that were not taken, in the order of the file.
    pub rejects: Vec<Reject>,
    /// What was noticed about rows that were taken.
    pub warnings: Vec<Warning>,
    /// Offices, subjects, channels and places that the file names, with their codes.
    pub derived: DerivedReport,
    /// The file's columns.
    pub columns: Vec<String>,
    /// The rulebook version that the cases were taken over under.
    pub rulebook: Option<Digest>,
}

/// Why an import could not be begun or carried on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CannotImport {
    /// The file cannot be read, or does not fit the map.
    #[error(transparent)]
    Open(#[from] CannotOpen),
    /// The map does not fit the rulebook.
    #[error(transparent)]
    Map(#[from] MapInvalid),
    /// The desk cannot take the cases.
    #[error(transparent)]
    Desk(#[from] DeskError),
}

impl CannotImport {
    /// The code every binding reports for this failure.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Open(problem) => problem.code(),
            Self::Map(problem) => problem.code(),
            Self::Desk(problem) => problem.code(),
        }
    }
}

/// An import under way: who does it, by which map, when.
pub struct Import<'a> {
    /// The desk that takes the cases.
    pub desk: &'a Desk,
    /// What the columns mean.
    pub map: &'a ColumnMap,
    /// Skew tolerance and limits.
    pub options: Options,
    /// On whose word: usually the system.
    pub actor: &'a Actor,
    /// When.
    pub now: DateTime<Utc>,
    /// The rulebook that comes into force when none is yet, extended by the file's own offices
    /// where the map says so.
    pub base: &'a Document,
}

impl Import<'_> {
    /// Imports a file. `open` opens it anew each time it is called: it is read twice where the
    /// rulebook is extended from it. `progress` is told how many records have been taken.
    ///
    /// Importing the same file again changes nothing; importing a later one adds what differs.
    ///
    /// # Errors
    ///
    /// [`CannotImport`] when the file cannot be read at all, the map does not fit, or the store
    /// fails; batches before that are kept, and importing again goes on from there. A bad row is
    /// no error: it is in the report.
    pub fn run<R: Read>(
        &self,
        mut open: impl FnMut() -> std::io::Result<R>,
        mut progress: impl FnMut(u64),
    ) -> Result<ImportReport, CannotImport> {
        let mut open = || {
            open()
                .map_err(|problem| CannotOpen::File(format!("the file cannot be opened: {}", problem.kind())))
        };
        let mut report = ImportReport::default();
        if self.map.units() == Units::FromFile {
            let survey = Survey::of(Reader::open(open()?, self.map, self.options)?);
            report.derived = self.extend_rulebook(&survey)?;
        } else if matches!(self.desk.rulebook(self.now), Err(DeskError::NoRulebook)) {
            let rulebook = Rulebook::new(self.base.clone()).map_err(DeskError::from)?;
            self.desk.activate(rulebook, self.now)?;
        }
        let rulebook = self.desk.rulebook(self.now)?;
        report.rulebook = Some(rulebook.version());
        let resolution = Resolution::new(self.map, &rulebook)?;
        let all_new = !self.desk.knows_source(self.map.source())?;
        let mut reader = Reader::open(open()?, self.map, self.options)?;
        report.columns = reader.header().to_vec();
        let mut batch = Vec::with_capacity(BATCH);
        while let Some(row) = reader.next() {
            report.records += 1;
            match row {
                Row::Rejected(reject) => report.rejects.push(*reject),
                Row::Accepted(case) => batch.push((*case, reader.original())),
            }
            if batch.len() == BATCH {
                self.take(&resolution, &mut batch, all_new, &mut report)?;
                progress(report.records);
            }
        }
        self.take(&resolution, &mut batch, all_new, &mut report)?;
        progress(report.records);
        report.rejects.sort_by_key(|reject| reject.record);
        Ok(report)
    }

    /// Brings a rulebook version into force that knows the file's own offices and subjects.
    fn extend_rulebook(&self, survey: &Survey) -> Result<DerivedReport, CannotImport> {
        let base = match self.desk.rulebook(self.now) {
            Ok(in_force) => in_force.document().clone(),
            Err(DeskError::NoRulebook) => self.base.clone(),
            Err(problem) => return Err(problem.into()),
        };
        let (document, derived) = derive_document(base, survey);
        let rulebook = Rulebook::new(document).map_err(DeskError::from)?;
        self.desk.activate(rulebook, self.now)?;
        Ok(derived)
    }

    /// Takes a batch over.
    fn take(
        &self,
        resolution: &Resolution<'_>,
        batch: &mut Vec<(ImportedCase, Vec<u8>)>,
        all_new: bool,
        report: &mut ImportReport,
    ) -> Result<(), CannotImport> {
        let mut rows = Vec::with_capacity(batch.len());
        let mut cases = Vec::with_capacity(batch.len());
        for (mut case, original) in batch.drain(..) {
            let Resolved { adopted, mut warnings } = resolution.adopted(&case);
            report.warnings.append(&mut case.warnings);
            report.warnings.append(&mut warnings);
            rows.push((case.record, original));
            let (narrative, closure_text) = (case.narrative.take(), case.closure_text.take());
            cases.push(Adopting { facts: adopted, narrative, closure_text });
        }
        let answers = self.desk.adopt_all(self.actor, self.now, cases, all_new)?;
        for ((record, original), answer) in rows.into_iter().zip(answers) {
            match answer {
                Ok(Taken::New(_)) => report.new += 1,
                Ok(Taken::Changed(_)) => report.changed += 1,
                Ok(Taken::Same(_)) => report.unchanged += 1,
                Err(problem) => report.rejects.push(reject(record, &original, &problem)),
            }
        }
        Ok(())
    }
}

/// A row that was sound, but could not be taken here.
fn reject(record: u64, original: &[u8], problem: &DeskError) -> Reject {
    let field = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Reject {
        record,
        column: None,
        code: problem.code(),
        sentence: problem.to_string(),
        original: original.split(|byte| *byte == 0).map(field).collect(),
    }
}
