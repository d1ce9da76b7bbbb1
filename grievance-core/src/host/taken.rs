//! Fields of flat records, as records of another language have them.

use crate::desk::flat::{Day, Instant};
use std::time::SystemTime;

/// A value of a [flat record](crate::desk::flat), as another language's record has it.
///
/// Each binding makes its records from the table and says this of each; what fields are made of is said
/// here.
pub trait Taken<T> {
    /// As the other record has it.
    fn taken(self) -> T;
}

impl<S: Taken<T>, T> Taken<Vec<T>> for Vec<S> {
    fn taken(self) -> Vec<T> {
        self.into_iter().map(Taken::taken).collect()
    }
}

impl<S: Taken<T>, T> Taken<Option<T>> for Option<S> {
    fn taken(self) -> Option<T> {
        self.map(Taken::taken)
    }
}

macro_rules! taken_as_it_is {
    ($($kind:ty)+) => { $(impl Taken<$kind> for $kind { fn taken(self) -> Self { self } })+ };
}
taken_as_it_is!(String bool u32 u64 i64 Instant Day);

/// For languages whose instants are the machine's.
impl Taken<SystemTime> for Instant {
    fn taken(self) -> SystemTime {
        self.into()
    }
}

/// For languages that have no days.
impl Taken<String> for Day {
    fn taken(self) -> String {
        self.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn instants_before_1970_are_taken_to_the_millisecond() {
        for millis in [-1_500, -1, 0, 1, 1_795_000_000_123] {
            let at: SystemTime = Instant::from_timestamp_millis(millis).expect("an instant").taken();
            let since = Duration::from_millis(millis.unsigned_abs());
            let epoch = SystemTime::UNIX_EPOCH;
            assert_eq!(at, if millis < 0 { epoch - since } else { epoch + since });
        }
    }

    #[test]
    fn lists_and_what_may_be_absent_are_taken_one_by_one() {
        let day = Day::from_ymd_opt(2026, 3, 2).expect("a day");
        let days: Vec<Option<String>> = vec![Some(day), None].taken();
        assert_eq!(days, [Some("2026-03-02".to_owned()), None]);
    }
}
