//! A ledger as text: every posting, in one order only.

use crate::measure::cases::table::WORDS;
use crate::measure::cutoff::Cutoff;
use crate::measure::flow::Movement;
use crate::measure::ledger::codes::Codes;
use crate::measure::ledger::entry::{
    Key, Kind, LATE, NO_CLASS, NO_WORD, ON_TIME, Posting, TIME_AT, WORD_BITS,
};
use crate::measure::ledger::error::StoredError;
use crate::measure::ledger::keep::{Ledger, MOST, NONE};
use crate::vocabulary::{DisposalClass, FeedbackOutcome};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use smol_str::SmolStr;
use std::collections::BTreeSet;

/// The form since postings say what is due soon; a part of the first form does not know it.
const FORM: u8 = 2;

#[derive(PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    form: u8,
    zone: SmolStr,
    #[serde(default, skip_serializing_if = "Cutoff::is_midnight")]
    cutoff: Cutoff,
    books: Vec<StoredBook>,
}

/// The postings of an office and a subject: day, kind, value, attribute, and how often.
#[derive(PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredBook {
    unit: SmolStr,
    subject: Option<SmolStr>,
    reasons: Vec<SmolStr>,
    postings: Vec<(i32, u8, i32, u16, i32)>,
}

impl StoredBook {
    fn new(unit: &SmolStr, subject: Option<SmolStr>, reasons: &Codes, postings: &[Posting]) -> Self {
        let place = |key: Key| u32::try_from(key.value()).expect("a place is not negative");
        let named = postings.iter().filter(|posting| posting.key.kind() == Kind::Reason);
        let own: BTreeSet<&SmolStr> = named.map(|posting| reasons.code(place(posting.key))).collect();
        let own: Vec<SmolStr> = own.into_iter().cloned().collect();
        let find = |code: &SmolStr| own.binary_search(code).expect("each reason was taken");
        let in_own = |place| {
            let place: u32 = u32::try_from(place).expect("it was one before");
            u32::try_from(find(reasons.code(place))).expect("no more than before")
        };
        let mut postings: Vec<Posting> =
            postings.iter().map(|posting| posting.with_reasons(in_own)).collect();
        postings.sort_unstable_by_key(|posting| posting.key);
        let flat =
            |Posting { key, net }: Posting| (key.day(), key.kind() as u8, key.value(), key.attr(), net);
        let postings = postings.into_iter().map(flat).collect();
        Self { unit: unit.clone(), subject, reasons: own, postings }
    }

    /// The postings, each checked.
    fn read(&self) -> Result<Vec<Posting>, StoredError> {
        let rises = self.reasons.windows(2).all(|pair| pair[0] < pair[1]);
        if !rises || self.postings.is_empty() {
            return Err(StoredError::Posting);
        }
        let mut read: Vec<Posting> = Vec::with_capacity(self.postings.len());
        for &(day, kind, value, attr, net) in &self.postings {
            let kind = Kind::from_byte(kind).ok_or(StoredError::Posting)?;
            if net == 0 || net == i32::MIN || !self.may_be(kind, value, attr) {
                return Err(StoredError::Posting);
            }
            let key = Key::new(day, kind, value, attr).map_err(|_| StoredError::Posting)?;
            if read.last().is_some_and(|last| last.key >= key) {
                return Err(StoredError::Posting);
            }
            read.push(Posting { key, net });
        }
        Ok(read)
    }

    /// Whether a posting of a kind can have these numbers.
    fn may_be(&self, kind: Kind, value: i32, attr: u16) -> bool {
        let below = |limit: usize| usize::try_from(value).is_ok_and(|value| value < limit);
        match kind {
            Kind::Disposed => {
                let (class, said) = (attr >> WORD_BITS & NO_CLASS, attr & NO_WORD);
                let words = usize::from(WORDS) + FeedbackOutcome::ALL.len();
                (usize::from(class) < DisposalClass::ALL.len() || class == NO_CLASS)
                    && (usize::from(said) < words || said == NO_WORD)
                    && [0, LATE, ON_TIME].contains(&(attr >> TIME_AT << TIME_AT))
            }
            Kind::Lodged | Kind::Targeted | Kind::Overdue | Kind::Soon => value == 0 && attr == 0,
            Kind::Closed | Kind::Open | Kind::Told => attr == 0,
            Kind::Reason => below(self.reasons.len()) && attr == 0,
            Kind::Flag => below(5) && attr == 0,
            Kind::Moved => below(Movement::ALL.len()) && attr == 0,
        }
    }
}

impl Stored {
    fn of(ledger: &Ledger) -> Self {
        let mut books: Vec<StoredBook> = ledger
            .settled()
            .map(|(unit, subject, postings)| {
                let subject = (subject != NONE).then(|| ledger.subjects.code(subject).clone());
                StoredBook::new(ledger.units.code(unit), subject, &ledger.reasons, &postings)
            })
            .collect();
        books.sort_unstable_by(|one, other| (&one.unit, &one.subject).cmp(&(&other.unit, &other.subject)));
        Self { form: FORM, zone: ledger.zone().name().into(), cutoff: ledger.cutoff(), books }
    }

    fn read(&self) -> Result<Ledger, StoredError> {
        if self.form != FORM {
            return Err(StoredError::Form);
        }
        let mut ledger = Ledger::cut_at(self.zone.parse().map_err(|_| StoredError::Zone)?, self.cutoff);
        let places = |book: &StoredBook| (book.unit.clone(), book.subject.clone());
        if self.books.windows(2).any(|pair| places(&pair[0]) >= places(&pair[1])) {
            return Err(StoredError::Books);
        }
        for book in &self.books {
            if book.unit.is_empty() {
                return Err(StoredError::Unit);
            }
            let postings = book.read()?;
            for posting in &postings {
                ledger.weight += u64::from(posting.net.unsigned_abs());
            }
            if ledger.weight > MOST {
                return Err(StoredError::Full);
            }
            let unit = ledger.unit(&book.unit);
            let subject = book.subject.as_ref().map_or(NONE, |code| ledger.subjects.place(code));
            let reasons: Vec<u32> = book.reasons.iter().map(|code| ledger.reasons.place(code)).collect();
            ledger.take(unit, subject, &postings, &reasons);
        }
        Ok(ledger)
    }
}

/// As one JSON object: the form, the zone, and the books by office and subject, in their order.
/// Equal ledgers have equal texts.
impl Serialize for Ledger {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Stored::of(self).serialize(to)
    }
}

/// Reads a part and checks it: one that is malformed, out of order or counts more than there can
/// be is refused ([`StoredError`] in the text of the error).
impl<'de> Deserialize<'de> for Ledger {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Stored::deserialize(from)?.read().map_err(D::Error::custom)
    }
}

impl Ledger {
    /// Reads a part from its text.
    ///
    /// # Errors
    ///
    /// [`StoredError`] when the text is no part, or one that cannot be.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::measure::ledger::{error::StoredError, keep::Ledger};
    ///
    /// let part = Ledger::new(chrono_tz::Asia::Kolkata);
    /// let text = serde_json::to_string(&part)?;
    /// assert_eq!(Ledger::from_json(&text)?, part);
    /// assert_eq!(Ledger::from_json("{}"), Err(StoredError::Form));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_json(text: &str) -> Result<Self, StoredError> {
        serde_json::from_str::<Stored>(text).map_err(|_| StoredError::Form)?.read()
    }
}

/// Equal when every posting is, whatever the order in which they came.
impl PartialEq for Ledger {
    fn eq(&self, other: &Self) -> bool {
        Stored::of(self) == Stored::of(other)
    }
}

impl Eq for Ledger {}
