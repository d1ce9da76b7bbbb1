//! Numbers and addresses crossed out of texts: on the way in, and before something is published.
//!
//! Digits of the Latin, Bengali, Devanagari and full-width sets count alike, and are crossed out as
//! `X`, so that the length and the punctuation of the text stay. Blanks, dashes, dots and slashes
//! between groups of digits part no number.
//!
//! What is not found: a number written in words, a name, a number of another country without its
//! `+`, and an identity number with a digit too many or too few.

use crate::kernel::name::digit;

/// Digits of an Aadhaar number.
const IDENTITY: usize = 12;

/// Crosses out every number that looks like Aadhaar: twelve digits that pass the check of Verhoeff,
/// in one group or several. One that begins with `+` is a telephone number and stays.
///
/// One in ten numbers of twelve digits passes the check by chance; it is crossed out, too.
///
/// # Examples
///
/// ```
/// use grievance_core::kernel::mask::without_identity_numbers;
///
/// assert_eq!(without_identity_numbers("card 2341-2341-2346."), "card XXXX-XXXX-XXXX.");
/// assert_eq!(without_identity_numbers("card 2341 2341 2347"), "card 2341 2341 2347"); // fails the check
/// ```
pub fn without_identity_numbers(text: &str) -> std::borrow::Cow<'_, str> {
    let groups = groups(text);
    let mut crossed = Vec::new();
    mark(&groups, &mut crossed, |run| run.digits.len() == IDENTITY && !run.plus && verhoeff(&run.digits));
    cross_out(text, &crossed)
}

/// A text as it may be published: numbers that look like Aadhaar, telephone numbers and e-mail
/// addresses are crossed out.
///
/// A telephone number is an Indian mobile (ten digits from 6 on, with or without `0`, `91` or `+91`),
/// a number of eleven digits that begins with `0`, or `+` and eight to fifteen digits. An e-mail
/// address is what stands around an `@` without a blank; each of its letters and digits becomes `x`.
///
/// # Examples
///
/// ```
/// use grievance_core::kernel::mask::for_publication;
///
/// assert_eq!(for_publication("Call 98300-12345 or write to mina.das@example.org!"),
///     "Call XXXXX-XXXXX or write to xxxx.xxx@xxxxxxx.xxx!");
/// assert_eq!(for_publication("ফোন ৯৮৩০০১২৩৪৫"), "ফোন XXXXXXXXXX");
/// ```
pub fn for_publication(text: &str) -> String {
    let text = without_addresses(text);
    let groups = groups(&text);
    let mut crossed = Vec::new();
    mark(&groups, &mut crossed, |run| {
        (run.digits.len() == IDENTITY && verhoeff(&run.digits)) || run.is_telephone()
    });
    cross_out(&text, &crossed).into_owned()
}

/// Digits that stand together, in the text as bytes from and to.
struct Group {
    from: usize,
    to: usize,
    digits: Vec<u8>,
    /// Whether a `+` stands before it.
    plus: bool,
    /// Whether only a separator stands between it and the group before.
    joined: bool,
}

/// Groups one after the other, taken as one number.
struct Run {
    digits: Vec<u8>,
    plus: bool,
}

impl Run {
    fn is_telephone(&self) -> bool {
        let digits = self.digits.as_slice();
        let mobile = |digits: &[u8]| digits.len() == 10 && digits[0] >= 6;
        (self.plus && (8..=15).contains(&digits.len()))
            || mobile(digits)
            || digits.strip_prefix(&[0]).is_some_and(|rest| rest.len() == 10)
            || digits.strip_prefix(&[9, 1]).is_some_and(mobile)
            || digits.strip_prefix(&[0, 0, 9, 1]).is_some_and(mobile)
    }
}

/// Most characters between two groups of one number.
const SEPARATORS: usize = 3;

fn groups(text: &str) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut between = String::new();
    let mut inside = false;
    for (at, c) in text.char_indices() {
        if let Some(value) = digit(c).and_then(|digit| digit.to_digit(10)) {
            if !inside {
                let separates = |c: char| {
                    c.is_whitespace() && c != '\n'
                        || "-./\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}\u{2212}\u{200B}\u{200C}\u{200D}\u{2060}"
                            .contains(c)
                };
                let joined = !groups.is_empty()
                    && between.chars().count() <= SEPARATORS
                    && between.chars().all(separates);
                let plus = between.ends_with('+') || between.ends_with("+ ");
                groups.push(Group { from: at, to: at, digits: Vec::new(), plus, joined });
                between.clear();
            }
            inside = true;
            let group = groups.last_mut().expect("it was just begun");
            group.digits.push(u8::try_from(value).expect("a digit is below ten"));
            group.to = at + c.len_utf8();
        } else {
            inside = false;
            between.push(c);
        }
    }
    groups
}

/// Marks each run of whole groups that `is` says is a number: from the left, the longest first.
fn mark(groups: &[Group], crossed: &mut Vec<(usize, usize)>, is: impl Fn(&Run) -> bool) {
    const MOST: usize = 15;
    let mut first = 0;
    while first < groups.len() {
        let mut run = Run { digits: Vec::new(), plus: groups[first].plus };
        let mut found = None;
        for (last, group) in groups.iter().enumerate().skip(first) {
            if last > first && !group.joined {
                break;
            }
            run.digits.extend_from_slice(&group.digits);
            if run.digits.len() > MOST {
                break;
            }
            if is(&run) {
                found = Some(last);
            }
        }
        match found {
            Some(last) => {
                crossed.push((groups[first].from, groups[last].to));
                first = last + 1;
            }
            None => first += 1,
        }
    }
}

fn cross_out<'t>(text: &'t str, crossed: &[(usize, usize)]) -> std::borrow::Cow<'t, str> {
    if crossed.is_empty() {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = 0;
    for (from, to) in crossed {
        out.push_str(&text[rest..*from]);
        out.extend(text[*from..*to].chars().map(|c| if digit(c).is_some() { 'X' } else { c }));
        rest = *to;
    }
    out.push_str(&text[rest..]);
    out.into()
}

/// Crosses out what stands around each `@`, from blank to blank.
fn without_addresses(text: &str) -> String {
    let of_address = |c: char| c.is_alphanumeric() || ".-_+%@'".contains(c);
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(begin) = rest.find(of_address) {
        let length = rest[begin..].find(|c| !of_address(c)).unwrap_or(rest.len() - begin);
        let (before, from) = rest.split_at(begin);
        let (word, after) = from.split_at(length);
        out.push_str(before);
        let is_address = word.split_once('@').is_some_and(|(local, host)| {
            local.contains(char::is_alphanumeric) && host.contains(char::is_alphanumeric)
        });
        if is_address {
            out.extend(word.chars().map(|c| if c.is_alphanumeric() { 'x' } else { c }));
        } else {
            out.push_str(word);
        }
        rest = after;
    }
    out + rest
}

/// Whether digits pass the check of Verhoeff: the last one is the check digit.
///
/// Source: J. Verhoeff, *Error Detecting Decimal Codes*, Mathematical Centre Tract 29, Amsterdam
/// 1969: multiplication in the dihedral group of order ten, after a permutation for each place.
pub fn verhoeff(digits: &[u8]) -> bool {
    const PERMUTE: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    let times = |a: u8, b: u8| match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => (a + b - 5) % 5 + 5,
        (false, true) => (a - 5 + 5 - b) % 5 + 5,
        (false, false) => (a + 5 - b) % 5,
    };
    let mut check = 0;
    for (place, digit) in digits.iter().rev().enumerate() {
        let mut value = *digit % 10;
        for _ in 0..place % 8 {
            value = PERMUTE[usize::from(value)];
        }
        check = times(check, value);
    }
    check == 0
}
