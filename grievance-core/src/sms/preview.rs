//! What a text becomes when it is sent: encoding, units, parts.

use crate::sms::encoding::{Encoding, septets};
use std::collections::BTreeSet;
use std::ops::Range;

/// A character that made the whole message UCS-2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forced {
    /// The character.
    pub character: char,
    /// The byte at which it stands for the first time.
    pub at: usize,
}

/// One part of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Which bytes of the text it carries; a range that begins and ends between characters.
    pub range: Range<usize>,
    /// How many units it uses.
    pub units: usize,
}

/// A text as it will be sent.
///
/// No escape is separated from its character and no surrogate pair is divided: such a pair goes to
/// the next part whole. So 153 euro signs take three parts although their 306 septets are two
/// times 153. Cutting later than necessary gives the fewest parts there can be.
///
/// An empty text is one empty part. Graphemes of several code points (a Bengali conjunct, a flag)
/// may be divided between parts; the handset joins the parts before it shows them.
///
/// # Examples
///
/// ```
/// use grievance_core::sms::{Encoding, Preview};
///
/// let rupees = Preview::of("Rs 500");
/// assert_eq!((rupees.encoding, rupees.units, rupees.parts.len()), (Encoding::Gsm7, 6, 1));
/// let sign = Preview::of("₹500");
/// assert_eq!((sign.encoding, sign.forced[0].character), (Encoding::Ucs2, '₹'));
/// assert_eq!(Preview::of(&"€".repeat(153)).parts.len(), 3);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// The encoding of every part.
    pub encoding: Encoding,
    /// Units of the text, without the headers of the parts.
    pub units: usize,
    /// The parts, in order; never empty.
    pub parts: Vec<Part>,
    /// The characters outside GSM-7, each once, in order of appearance; at most
    /// [`MOST_FORCED`](Self::MOST_FORCED) of them.
    pub forced: Vec<Forced>,
}

impl Preview {
    /// Most characters that are named as outside GSM-7.
    pub const MOST_FORCED: usize = 64;
    /// Most parts that one message may have: the header counts them in one byte.
    pub const MOST_PARTS: usize = 255;

    /// Encodes and cuts a text. Any text is answered; see [`fits`](Self::fits).
    pub fn of(text: &str) -> Self {
        let forced = forced(text);
        let encoding = if forced.is_empty() { Encoding::Gsm7 } else { Encoding::Ucs2 };
        let cost = |c| encoding.units(c).expect("the encoding was chosen because it has every character");
        let units = text.chars().map(cost).sum();
        if units <= encoding.single() {
            return Self { encoding, units, parts: vec![Part { range: 0..text.len(), units }], forced };
        }
        let mut parts = Vec::with_capacity(units / encoding.joined() + 1);
        let mut part = Part { range: 0..0, units: 0 };
        for (at, c) in text.char_indices() {
            let cost = cost(c);
            if part.units + cost > encoding.joined() {
                let next = Part { range: at..at, units: 0 };
                parts.push(std::mem::replace(&mut part, next));
            }
            part.units += cost;
            part.range.end = at + c.len_utf8();
        }
        parts.push(part);
        Self { encoding, units, parts, forced }
    }

    /// Whether it has no more than 255 parts, which is all that can be joined again.
    pub fn fits(&self) -> bool {
        self.parts.len() <= Self::MOST_PARTS
    }

    /// The text of each part, of the text that the preview was made of; nothing for a part that
    /// another text does not have.
    pub fn texts<'t>(&self, text: &'t str) -> impl Iterator<Item = &'t str> {
        self.parts.iter().filter_map(move |part| text.get(part.range.clone()))
    }
}

fn forced(text: &str) -> Vec<Forced> {
    let (mut seen, mut list) = (BTreeSet::new(), Vec::new());
    for (at, character) in text.char_indices().filter(|(_, c)| septets(*c).is_none()) {
        if seen.insert(character) {
            list.push(Forced { character, at });
            if list.len() == Preview::MOST_FORCED {
                break;
            }
        }
    }
    list
}
