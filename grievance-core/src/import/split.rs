//! Cutting a stream of bytes into records and fields (RFC 4180), within a fixed amount of memory.
//!
//! The parsers at hand grow their buffer to the longest field, and read a quote that is never
//! closed to the end of the file; neither may happen to an office's export.

use std::io::Read;

/// Most fields of a record that are kept.
pub(crate) const MOST_FIELDS: usize = 4_096;
/// A record is cut when it is so many times longer than a field may be.
const RECORD_FIELDS: usize = 16;
const BUFFER: usize = 64 * 1024;

/// One record: its fields one after the other.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    /// How many fields there were, kept or not.
    pub(crate) count: usize,
    /// The first field that was longer than allowed, and was cut.
    pub(crate) overlong: Option<usize>,
}

impl Fields {
    fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
        (self.count, self.overlong) = (0, None);
    }

    /// All fields' bytes, without the delimiters.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Where each field ends in [`bytes`](Self::bytes).
    pub(crate) fn ends(&self) -> &[usize] {
        &self.ends
    }

    /// The fields' bytes, one by one.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| &self.bytes[start..*end])
    }
}

/// What the stream gave.
#[derive(Debug)]
pub(crate) enum Cut {
    /// A whole record.
    Record,
    /// The file ended between two records.
    End,
    /// The file ended inside a quoted field.
    Unclosed,
    /// Reading failed; what was read of the record is there.
    Broken,
}

#[derive(Clone, Copy, PartialEq)]
enum At {
    /// Before the first byte of a record: line ends are skipped here, so a blank line is nothing.
    RecordStart,
    FieldStart,
    Plain,
    Quoted,
    /// After a quote inside a quoted field: the end of it, or half of an escaped quote.
    Quote,
}

/// Cuts a stream.
pub(crate) struct Splitter<'r> {
    from: Box<dyn Read + 'r>,
    buffer: Vec<u8>,
    at: usize,
    filled: usize,
    delimiter: u8,
    longest: usize,
}

impl<'r> Splitter<'r> {
    pub(crate) fn new(from: Box<dyn Read + 'r>, delimiter: u8, longest: usize) -> Self {
        Self { from, buffer: vec![0; BUFFER], at: 0, filled: 0, delimiter, longest }
    }

    fn fill(&mut self) -> std::io::Result<bool> {
        loop {
            match self.from.read(&mut self.buffer) {
                Ok(filled) => {
                    (self.at, self.filled) = (0, filled);
                    return Ok(filled > 0);
                }
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Reads the next record into `fields`.
    pub(crate) fn next(&mut self, fields: &mut Fields) -> Cut {
        fields.clear();
        let mut state = At::RecordStart;
        let delimiter = self.delimiter;
        let mut keep = Keep { start: 0, longest: self.longest };
        loop {
            if self.at == self.filled {
                match self.fill() {
                    Ok(true) => {}
                    Ok(false) => {
                        return match state {
                            At::RecordStart => Cut::End,
                            At::Quoted => {
                                keep.end_field(fields);
                                Cut::Unclosed
                            }
                            At::FieldStart | At::Plain | At::Quote => {
                                keep.end_field(fields);
                                Cut::Record
                            }
                        };
                    }
                    Err(_) => {
                        if state != At::RecordStart {
                            keep.end_field(fields);
                        }
                        return Cut::Broken;
                    }
                }
            }
            let rest = &self.buffer[self.at..self.filled];
            // Bytes up to the next one that means something are taken in one piece.
            let run = match state {
                At::Plain => rest.iter().position(|b| *b == delimiter || *b == b'\n' || *b == b'\r'),
                At::Quoted => rest.iter().position(|b| *b == b'"'),
                At::RecordStart | At::FieldStart | At::Quote => Some(0),
            };
            let taken = run.unwrap_or(rest.len());
            if taken > 0 {
                keep.take(fields, &rest[..taken]);
                self.at += taken;
            }
            if run.is_none() {
                continue;
            }
            let byte = self.buffer[self.at];
            self.at += 1;
            state = match (state, byte) {
                (At::RecordStart, b'\n' | b'\r') => At::RecordStart,
                (At::RecordStart | At::FieldStart, b'"') => At::Quoted,
                (At::Quoted, _) => At::Quote,
                (At::Quote, b'"') => {
                    keep.take(fields, b"\"");
                    At::Quoted
                }
                (_, b'\n' | b'\r') => {
                    // The second half of CRLF is skipped as a blank line.
                    keep.end_field(fields);
                    return Cut::Record;
                }
                (_, byte) if byte == delimiter => {
                    keep.end_field(fields);
                    At::FieldStart
                }
                (_, byte) => {
                    keep.take(fields, &[byte]);
                    At::Plain
                }
            };
        }
    }
}

/// Keeps what may be kept of the field at hand.
struct Keep {
    start: usize,
    longest: usize,
}

impl Keep {
    fn take(&mut self, fields: &mut Fields, bytes: &[u8]) {
        if fields.count >= MOST_FIELDS {
            return;
        }
        let of_field = self.longest - (fields.bytes.len() - self.start).min(self.longest);
        let of_record = (self.longest.saturating_mul(RECORD_FIELDS)).saturating_sub(fields.bytes.len());
        let room = of_field.min(of_record).min(bytes.len());
        fields.bytes.extend_from_slice(&bytes[..room]);
        if room < bytes.len() {
            fields.overlong.get_or_insert(fields.count);
        }
    }

    fn end_field(&mut self, fields: &mut Fields) {
        if fields.count < MOST_FIELDS {
            fields.ends.push(fields.bytes.len());
        }
        fields.count += 1;
        self.start = fields.bytes.len();
    }
}
