//! Characters that nobody sees and that change what is read, or hide in what looks the same.
//!
//! Unicode has characters without a shape of their own. Some are a part of writing: Bengali and
//! Hindi need the joiners U+200D and U+200C, and the marks U+200E, U+200F and U+061C stand between
//! Latin and Arabic letters. Others turn the order of what follows, so that a reader sees another
//! text than the one that is kept. ADR 106 says which field refuses what.

/// What a text may not have. Its sentence names the character by number and repeats no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unseen {
    /// The character U+0000, at which some systems end a text.
    #[error("contains a NUL character")]
    Nul,
    /// An embedding, override or isolate, or the end of one: U+202A to U+202E, U+2066 to U+2069.
    #[error("contains a character that turns the order of what is read (U+{0:04X})")]
    Turns(u32),
    /// A character without width that the field has no use for.
    #[error("contains a character that cannot be seen (U+{0:04X})")]
    Hides(u32),
}

/// Whether a character turns the order in which what follows is shown.
///
/// # Examples
///
/// ```
/// use grievance_core::kernel::unseen::turns;
///
/// assert!(turns('\u{202e}') && turns('\u{2066}'));
/// assert!(!turns('\u{200d}') && !turns('\u{200f}')); // joiners and marks are a part of writing
/// ```
pub const fn turns(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Whether a character has no width and no use in a name: soft hyphen, zero-width space, word
/// joiner, byte order mark, invisible operators, deprecated format characters, annotations, tags.
const fn hides(c: char) -> bool {
    matches!(
        c,
        '\u{AD}' | '\u{180E}' | '\u{200B}' | '\u{2060}'..='\u{2065}' | '\u{206A}'..='\u{206F}'
            | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}'
    )
}

/// Whether a character without width is a part of writing: the joiners and the direction marks.
const fn joins_or_marks(c: char) -> bool {
    matches!(c, '\u{200C}'..='\u{200F}' | '\u{61C}')
}

fn first(text: &str, hidden: impl Fn(char) -> bool) -> Result<(), Unseen> {
    // Only these bytes begin such a character in UTF-8.
    if !text.bytes().any(|byte| matches!(byte, 0 | 0xC2 | 0xD8 | 0xE1 | 0xE2 | 0xEF | 0xF3)) {
        return Ok(());
    }
    for c in text.chars() {
        match c {
            '\0' => return Err(Unseen::Nul),
            c if turns(c) => return Err(Unseen::Turns(u32::from(c))),
            c if hidden(c) => return Err(Unseen::Hides(u32::from(c))),
            _ => {}
        }
    }
    Ok(())
}

/// A text that a person wrote: whatever stands in it is kept, but for NUL and what turns its order.
///
/// # Errors
///
/// The first such character.
pub fn in_text(text: &str) -> Result<(), Unseen> {
    first(text, |_| false)
}

/// Who somebody is and where they live: as a text, and without what hides in it. Joiners and marks
/// stay.
///
/// # Errors
///
/// The first such character.
///
/// # Examples
///
/// ```
/// use grievance_core::kernel::unseen::{Unseen, in_name, in_text};
///
/// assert_eq!(in_name("ক্‌ষ"), Ok(()));
/// assert_eq!(in_name("Mina\u{200b} Das"), Err(Unseen::Hides(0x200b)));
/// assert_eq!(in_text("a\u{200b}b"), Ok(()));
/// assert_eq!(in_text("invoice\u{202e}fdp.exe"), Err(Unseen::Turns(0x202e)));
/// ```
pub fn in_name(text: &str) -> Result<(), Unseen> {
    first(text, hides)
}

/// An address that a machine compares, of e-mail say: nothing without a shape at all.
///
/// # Errors
///
/// The first such character.
pub fn in_address(text: &str) -> Result<(), Unseen> {
    first(text, |c| hides(c) || joins_or_marks(c))
}
