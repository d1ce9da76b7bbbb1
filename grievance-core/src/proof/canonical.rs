//! RFC 8785 canonical JSON: one value, one text.

use serde_json::ser::{CharEscape, Formatter};
use std::io::{Result, Write};

/// Why a value has no canonical text.
#[derive(Debug, thiserror::Error)]
#[error("the value cannot be written as JSON")]
pub struct NotCanonical;

/// Writes a value as canonical JSON (RFC 8785): keys sorted, no spaces, shortest escapes.
///
/// Events hold no floats and no integer beyond 2^53, so the text is the same in every language.
/// Of two fields with the same name both are written: no struct of ours has such.
///
/// # Errors
///
/// [`NotCanonical`] when the value has keys that are no strings, or a number that JSON lacks.
///
/// # Examples
///
/// ```
/// use grievance_core::proof::canonical::to_canonical;
///
/// #[derive(serde::Serialize)]
/// struct Note { text: &'static str, at: i64 }
///
/// assert_eq!(to_canonical(&Note { text: "₹ 5", at: 7 }).unwrap(), r#"{"at":7,"text":"₹ 5"}"#);
/// ```
pub fn to_canonical(value: &impl serde::Serialize) -> std::result::Result<String, NotCanonical> {
    let mut page =
        Page { text: Vec::with_capacity(512), open: Vec::new(), entries: Vec::new(), spare: Vec::new() };
    let mut writer = serde_json::Serializer::with_formatter(std::io::sink(), &mut page);
    value.serialize(&mut writer).map_err(|_| NotCanonical)?;
    String::from_utf8(page.text).map_err(|_| NotCanonical)
}

/// The text as it grows. An object is written field by field as it comes, and put in order when
/// it ends, if it is not in order already: mostly it is.
struct Page {
    text: Vec<u8>,
    /// For each open object, where its first entry is in `entries`.
    open: Vec<usize>,
    /// The entries of all open objects.
    entries: Vec<Entry>,
    /// Where an object is put in order.
    spare: Vec<u8>,
}

/// Where an entry of an object lies in the text: from its key to the end of its value.
#[derive(Clone, Copy)]
struct Entry {
    key: usize,
    key_end: usize,
    end: usize,
}

impl Entry {
    /// The order of RFC 8785 is that of UTF-16 code units; plain keys have it byte by byte.
    fn precedes(self, other: Self, text: &[u8]) -> std::cmp::Ordering {
        let (one, two) = (&text[self.key + 1..self.key_end - 1], &text[other.key + 1..other.key_end - 1]);
        let plain = |key: &[u8]| key.iter().all(|byte| byte.is_ascii() && *byte != b'\\');
        if plain(one) && plain(two) {
            return one.cmp(two);
        }
        let units = |entry: Self| {
            let key: String = serde_json::from_slice(&text[entry.key..entry.key_end]).unwrap_or_default();
            key.encode_utf16().collect::<Vec<u16>>()
        };
        units(self).cmp(&units(other))
    }
}

impl Page {
    #[expect(clippy::unnecessary_wraps, reason = "it is what each method of a formatter answers")]
    fn put(&mut self, text: &[u8]) -> Result<()> {
        self.text.extend_from_slice(text);
        Ok(())
    }

    /// A number as the reference writes it: integers beyond 2^53 and floats have rules of their
    /// own there.
    fn number(&mut self, number: impl serde::Serialize) -> Result<()> {
        let text = serde_json_canonicalizer::to_vec(&number).map_err(std::io::Error::other)?;
        self.put(&text)
    }

    fn integer(&mut self, number: i64) -> Result<()> {
        const SAFE: u64 = 1 << 53;
        if number.unsigned_abs() < SAFE { write!(self.text, "{number}") } else { self.number(number) }
    }

    /// Puts the object that ends here in order.
    fn settle(&mut self, first: usize) {
        let Page { text, entries, spare, .. } = self;
        let own = &mut entries[first..];
        if !own.is_sorted_by(|one, two| one.precedes(*two, text).is_le()) {
            let begin = own[0].key;
            own.sort_by(|one, two| one.precedes(*two, text));
            spare.clear();
            for (nth, entry) in own.iter().enumerate() {
                if nth > 0 {
                    spare.push(b',');
                }
                spare.extend_from_slice(&text[entry.key..entry.end]);
            }
            text.truncate(begin);
            text.extend_from_slice(spare);
        }
        entries.truncate(first);
    }
}

macro_rules! integers {
    ($($method:ident($number:ty))+) => {$(
        fn $method<W: ?Sized + Write>(&mut self, _: &mut W, number: $number) -> Result<()> {
            self.integer(i64::from(number))
        }
    )+};
}

macro_rules! numbers {
    ($($method:ident($number:ty))+) => {$(
        fn $method<W: ?Sized + Write>(&mut self, _: &mut W, number: $number) -> Result<()> {
            self.number(number)
        }
    )+};
}

macro_rules! marks {
    ($($method:ident = $mark:literal)+) => {$(
        fn $method<W: ?Sized + Write>(&mut self, _: &mut W) -> Result<()> {
            self.put($mark)
        }
    )+};
}

/// Keeps the text itself, where objects can be put in order; what `serde_json` would write to
/// is not used.
impl Formatter for &mut Page {
    integers! { write_i8(i8) write_i16(i16) write_i32(i32) write_i64(i64) write_u8(u8) write_u16(u16) write_u32(u32) }
    numbers! { write_i128(i128) write_u128(u128) write_f32(f32) write_f64(f64) }
    marks! { write_null = b"null" begin_string = b"\"" end_string = b"\"" begin_array = b"[" end_array = b"]" }

    fn write_u64<W: ?Sized + Write>(&mut self, _: &mut W, number: u64) -> Result<()> {
        match i64::try_from(number) {
            Ok(number) => self.integer(number),
            Err(_) => self.number(number),
        }
    }

    fn write_bool<W: ?Sized + Write>(&mut self, _: &mut W, value: bool) -> Result<()> {
        self.put(if value { b"true" } else { b"false" })
    }

    fn write_number_str<W: ?Sized + Write>(&mut self, _: &mut W, value: &str) -> Result<()> {
        self.put(value.as_bytes())
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, _: &mut W, fragment: &str) -> Result<()> {
        self.put(fragment.as_bytes())
    }

    fn write_char_escape<W: ?Sized + Write>(&mut self, _: &mut W, escape: CharEscape) -> Result<()> {
        // serde_json escapes what RFC 8785 wants escaped, in the same way.
        serde_json::ser::CompactFormatter.write_char_escape(&mut self.text, escape)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, _: &mut W, first: bool) -> Result<()> {
        self.put(if first { b"" } else { b"," })
    }

    fn begin_object<W: ?Sized + Write>(&mut self, _: &mut W) -> Result<()> {
        let first = self.entries.len();
        self.open.push(first);
        self.put(b"{")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, _: &mut W, first: bool) -> Result<()> {
        self.put(if first { b"" } else { b"," })?;
        let key = self.text.len();
        self.entries.push(Entry { key, key_end: key, end: key });
        Ok(())
    }

    fn end_object_key<W: ?Sized + Write>(&mut self, _: &mut W) -> Result<()> {
        let end = self.text.len();
        self.entries.last_mut().expect("a key was begun").key_end = end;
        Ok(())
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> Result<()> {
        self.put(b":")
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> Result<()> {
        let end = self.text.len();
        self.entries.last_mut().expect("a key was begun").end = end;
        Ok(())
    }

    fn end_object<W: ?Sized + Write>(&mut self, _: &mut W) -> Result<()> {
        let first = self.open.pop().expect("an object was begun");
        self.settle(first);
        self.put(b"}")
    }

    fn write_raw_fragment<W: ?Sized + Write>(&mut self, _: &mut W, _: &str) -> Result<()> {
        Err(std::io::Error::other("raw JSON has no canonical form"))
    }
}
