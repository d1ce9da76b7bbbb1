//! What is said about a row: why it was rejected, or what was noticed about one that was not.

use crate::vocabulary::ErrorCode;

/// A row that cannot be used.
///
/// The sentence names columns and dates, and never the content of a text column. The original
/// fields may hold personal data, so `Debug` shows only how many there are.
#[derive(Clone, PartialEq, Eq)]
pub struct Reject {
    /// Which record: from 1, the header not counted, blank lines not counted.
    pub record: u64,
    /// The column at fault, where there is one.
    pub column: Option<String>,
    /// The code that every language reports.
    pub code: ErrorCode,
    /// What is wrong, in one sentence.
    pub sentence: String,
    /// The row's fields as they were; bytes that are not UTF-8 shown as `U+FFFD`, fields over
    /// the limit cut at it.
    pub original: Vec<String>,
}

impl std::fmt::Debug for Reject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Reject(record {}, {}: {}; ", self.record, self.code, self.sentence)?;
        write!(f, "{} fields)", self.original.len())
    }
}

/// Declares the kinds of warning with their words.
macro_rules! kinds {
    ($($variant:ident = $word:literal, $doc:literal;)+) => {
        /// What was noticed about a row that was accepted.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum WarningKind { $(#[doc = $doc] $variant,)+ }

        impl WarningKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word that reports use.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }
    };
}

kinds! {
    StatusContradictsDates = "status_contradicts_dates", "The status says open and there is a closing date, or the reverse.";
    StatusUnknown = "status_unknown", "The map does not say what the status word means; the dates decide.";
    CategoryUnmapped = "category_unmapped", "The subject is a form's prompt or a code that was never filled in, or the rulebook has none of that name.";
    CategoryBlank = "category_blank", "There is no subject.";
    UnitUnmapped = "unit_unmapped", "The rulebook has no office of that name; the case is with the cell.";
    ChannelUnmapped = "channel_unmapped", "The rulebook has no channel of that name.";
    PlaceUnmapped = "place_unmapped", "The rulebook has no place of that name.";
    KindUnmapped = "kind_unmapped", "The rulebook has no kind of matter of that name; its first one is taken.";
    TargetFar = "target_far", "The due date lies further ahead than the map expects.";
    TargetBeforeLodging = "target_before_lodging", "The due date lies before the lodging.";
    KeyedInLater = "keyed_in_later", "Something happened before the lodging: the case was received then, and keyed in later.";
    LocalTimeAmbiguous = "local_time_ambiguous", "Clocks showed the time twice; the first is taken.";
    LocalTimeSkipped = "local_time_skipped", "Clocks skipped the time; it is moved forward.";
    Skew = "skew", "Closed a moment before lodging: counted as closed at lodging.";
    DateUnreadable = "date_unreadable", "A date that is neither lodging nor closing cannot be read, and is left out.";
    ReopenedBeforeClosing = "reopened_before_closing", "Opened again before it was closed: the closing that came before is not recorded.";
}

impl std::fmt::Display for WarningKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// Something noticed about a row that was accepted. The sentence holds no personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Which record: from 1, the header not counted.
    pub record: u64,
    /// The column it is about.
    pub column: String,
    /// What kind.
    pub kind: WarningKind,
    /// In one sentence.
    pub sentence: String,
}
