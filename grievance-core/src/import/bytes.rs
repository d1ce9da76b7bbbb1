//! The bytes of a file: unpacked when they are gzip, without the byte order mark.

use flate2::read::MultiGzDecoder;
use std::io::{Cursor, Read};

/// Why a file's bytes cannot be text that we read.
#[derive(Debug)]
pub(crate) enum NotText {
    /// They begin with the byte order mark of UTF-16.
    Utf16,
    /// Reading failed at the very beginning.
    Unreadable(std::io::Error),
}

const GZIP: [u8; 2] = [0x1f, 0x8b];
const BOM: [u8; 3] = [0xef, 0xbb, 0xbf];

/// Unpacks gzip, told by its magic bytes and not by a name, and drops a UTF-8 byte order mark.
pub(crate) fn open<'r>(from: impl Read + 'r) -> Result<Box<dyn Read + 'r>, NotText> {
    let (head, raw) = peek(from, 2)?;
    let raw: Box<dyn Read + 'r> =
        if head == GZIP { Box::new(MultiGzDecoder::new(raw)) } else { Box::new(raw) };
    let (head, mut text) = peek(raw, 3)?;
    if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
        return Err(NotText::Utf16);
    }
    if head == BOM {
        text.read_exact(&mut [0; 3]).map_err(NotText::Unreadable)?;
    }
    Ok(Box::new(text))
}

/// The first bytes, and a reader that still gives them.
fn peek<R: Read>(mut from: R, count: u64) -> Result<(Vec<u8>, impl Read), NotText> {
    let mut head = Vec::new();
    (&mut from).take(count).read_to_end(&mut head).map_err(NotText::Unreadable)?;
    Ok((head.clone(), Cursor::new(head).chain(from)))
}
