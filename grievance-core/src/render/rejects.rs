//! `rejects.csv`: the rows that an import did not take, with what is wrong with each.
//!
//! The columns are `record` (from 1, the header not counted), `column`, `code`, `sentence`, then
//! the file's own columns as they were. Taking the first four away leaves a file to correct and
//! import again.
//!
//! A cell that begins with `=`, `+`, `-` or `@` is a formula to some spreadsheets. The usual
//! guard, an apostrophe before it, is not applied: the row is evidence of what the other system
//! sent, `-1` and `+91 …` are ordinary values there, and an apostrophe would be imported with the
//! corrected row. Whoever opens the file in a spreadsheet imports it as text. Our own four
//! columns never begin with such a character, unless a column of the file is named so.

use std::io;

/// A row that was not taken.
#[derive(Clone, Copy, Debug)]
pub struct RejectedRow<'a> {
    /// Which record: from 1, the header not counted.
    pub record: u64,
    /// The column at fault, where there is one.
    pub column: Option<&'a str>,
    /// The code that every language reports.
    pub code: &'a str,
    /// What is wrong, in one sentence.
    pub sentence: &'a str,
    /// The row's fields; there may be fewer or more than columns.
    pub original: &'a [String],
}

/// Writes the rejected rows as CSV (RFC 4180, UTF-8), `columns` being the file's own header.
///
/// A header is written even when no row was rejected.
///
/// # Errors
///
/// What the writer reports.
pub fn rejects_csv<'a>(
    to: impl io::Write,
    columns: &[String],
    rows: impl IntoIterator<Item = RejectedRow<'a>>,
) -> io::Result<()> {
    // Ragged rows stay ragged.
    let mut csv = csv::WriterBuilder::new().flexible(true).from_writer(to);
    let ours = ["record", "column", "code", "sentence"];
    csv.write_record(ours.into_iter().chain(columns.iter().map(String::as_str)))?;
    for row in rows {
        let RejectedRow { record, column, code, sentence, original } = row;
        let record = record.to_string();
        let ours = [record.as_str(), column.unwrap_or_default(), code, sentence];
        csv.write_record(ours.into_iter().chain(original.iter().map(String::as_str)))?;
    }
    csv.flush()
}
