//! How a field looks where it is seen masked.

use crate::kernel::mobile::Mobile;
use crate::vocabulary::Field;

/// What stands for something that is there and not shown.
const HIDDEN: char = '…';

/// A field as somebody sees it whose role sees it masked.
///
/// A mobile shows its last four digits, a name its initials, an e-mail its first letter and its
/// domain, an address nothing but that there is one. Words keep everything but runs of six or
/// more digits, whatever their script and whatever stands between them of blanks, dots and dashes,
/// and what looks like an e-mail.
///
/// # Examples
///
/// ```
/// use grievance_core::rulebook::access::masked;
/// use grievance_core::vocabulary::Field;
///
/// assert_eq!(masked(Field::Mobile, "+919830001234"), "…1234");
/// assert_eq!(masked(Field::Name, "Asha Devi"), "A. D.");
/// assert_eq!(masked(Field::Email, "asha@example.org"), "a…@example.org");
/// assert_eq!(masked(Field::Narrative, "Ring 98300-01234 after 6."), "Ring … after 6.");
/// ```
pub fn masked(field: Field, text: &str) -> String {
    match field {
        Field::Mobile | Field::Representative | Field::SignatoryMobiles => mobile(text),
        Field::Name | Field::Signatories => initials(text),
        Field::Email => email(text),
        Field::Address | Field::Person => HIDDEN.to_string(),
        _ => words(text),
    }
}

fn mobile(text: &str) -> String {
    Mobile::parse(text).map_or_else(|_| HIDDEN.to_string(), |mobile| mobile.to_string())
}

fn initials(text: &str) -> String {
    let first = text.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphabetic()));
    let letters: Vec<String> = first.map(|letter| format!("{letter}.")).collect();
    if letters.is_empty() { HIDDEN.to_string() } else { letters.join(" ") }
}

fn email(text: &str) -> String {
    let Some((name, domain)) = text.split_once('@') else { return HIDDEN.to_string() };
    let first: String = name.chars().take(1).collect();
    format!("{first}{HIDDEN}@{domain}")
}

/// Fewest digits of a run that may be somebody's number.
const LONG: usize = 6;

fn words(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    // A run of digits with what may stand between them, and how many digits it has.
    let (mut run, mut digits) = (String::new(), 0);
    for c in text.chars() {
        if c.is_numeric() {
            run.push(c);
            digits += 1;
        } else if digits > 0 && matches!(c, ' ' | '-' | '.' | '(' | ')' | '/' | '\u{a0}') {
            run.push(c);
        } else {
            settle(&mut shown, &mut run, &mut digits);
            shown.push(c);
        }
    }
    settle(&mut shown, &mut run, &mut digits);
    let looks_like_email = |word: &str| word.trim_matches('@').contains('@');
    if !shown.contains('@') {
        return shown;
    }
    shown
        .split_inclusive(char::is_whitespace)
        .map(|word| {
            let bare = word.trim_end();
            if looks_like_email(bare) { format!("{HIDDEN}{}", &word[bare.len()..]) } else { word.to_owned() }
        })
        .collect()
}

/// Writes a run down, or what stands for it; what follows its last digit is no part of it.
fn settle(shown: &mut String, run: &mut String, digits: &mut usize) {
    if *digits >= LONG {
        let end = run
            .rfind(char::is_numeric)
            .map_or(0, |at| at + run[at..].chars().next().map_or(0, char::len_utf8));
        shown.push(HIDDEN);
        shown.push_str(&run[end..]);
    } else {
        shown.push_str(run);
    }
    run.clear();
    *digits = 0;
}
