//! When a zone changes its clock.

use crate::calendar::span::{CHANGING_YEARS, new_year};
use chrono::{DateTime, NaiveDateTime, Offset as _, TimeZone as _};
use chrono_tz::{TZ_VARIANTS, Tz};
use std::ops::Range;
use std::sync::OnceLock;

/// Seconds since 1970 in UTC in which the wall clock stays as many seconds ahead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) seconds: Range<i64>,
    pub(crate) offset: i64,
}

/// The runs of each zone that was asked for: the zone database does not change in a process.
static RUNS: [OnceLock<Box<[Run]>>; TZ_VARIANTS.len()] = [const { OnceLock::new() }; TZ_VARIANTS.len()];

/// All runs of a zone, in the order of time; the first and the last have no end.
fn all(zone: Tz) -> &'static [Run] {
    RUNS[zone as usize].get_or_init(|| find(zone))
}

/// The runs within some seconds, in the order of time.
pub(crate) fn runs(zone: Tz, within: Range<i64>) -> impl Iterator<Item = Run> {
    let all = all(zone);
    let first = all.partition_point(|run| run.seconds.end <= within.start);
    all[first..].iter().take_while(move |run| run.seconds.start < within.end).map(move |run| Run {
        seconds: run.seconds.start.max(within.start)..run.seconds.end.min(within.end),
        offset: run.offset,
    })
}

/// The milliseconds since 1970 in UTC whose date in a zone is a day or an earlier one.
///
/// One span, but where the zone set its clocks back over midnight: then there is a second one, in
/// which the day came back.
#[cfg(feature = "sql")]
pub(crate) fn days_up_to(zone: Tz, day: chrono::NaiveDate) -> Vec<Range<i64>> {
    const DAY: i64 = 86_400;
    let over = (i64::from(day.to_epoch_days()) + 1) * DAY;
    // No zone is two days off.
    let mut spans: Vec<_> = std::iter::once(i64::MIN..(over - 2 * DAY) * 1_000).collect();
    for Run { seconds, offset } in runs(zone, over - 2 * DAY..over + 2 * DAY) {
        let (from, until) = (seconds.start * 1_000, seconds.end.min(over - offset) * 1_000);
        match spans.last_mut() {
            Some(last) if last.end == from && from < until => last.end = until,
            _ if from < until => spans.push(from..until),
            _ => {}
        }
    }
    spans
}

/// The seconds at which a zone changes its clock.
pub(crate) fn changes(zone: Tz) -> impl Iterator<Item = i64> {
    all(zone).iter().skip(1).map(|run| run.seconds.start)
}

fn offset(zone: Tz, second: i64) -> i64 {
    let naive = DateTime::from_timestamp(second, 0).map_or(NaiveDateTime::MIN, |at| at.naive_utc());
    i64::from(zone.offset_from_utc_datetime(&naive).fix().local_minus_utc())
}

/// No zone has changed its clock twice within three days.
fn find(zone: Tz) -> Box<[Run]> {
    const STEP: i64 = 3 * 86_400;
    let second = |year| i64::from(new_year(year)) * 86_400;
    let (mut at, end) = (second(CHANGING_YEARS.start), second(CHANGING_YEARS.end));
    let mut from = i64::MIN;
    let mut now = offset(zone, at);
    let mut runs = Vec::new();
    while at < end {
        let next = (at + STEP).min(end);
        if offset(zone, next) == now {
            at = next;
            continue;
        }
        let (mut before, mut after) = (at, next);
        while after - before > 1 {
            let middle = i64::midpoint(before, after);
            if offset(zone, middle) == now { before = middle } else { after = middle }
        }
        runs.push(Run { seconds: from..after, offset: now });
        // What the offset is right after the change: there may be another one in the step.
        now = offset(zone, after);
        (from, at) = (after, after);
    }
    runs.push(Run { seconds: from..i64::MAX, offset: now });
    runs.into()
}

#[cfg(test)]
mod tests {
    use super::{all, offset};
    use crate::calendar::span::{CHANGING_YEARS, new_year};

    /// What the sums rely on, for every zone there is: no change is missed by looking at every third
    /// day, and none is before or after the years of changes.
    #[test]
    #[ignore = "looks at every zone in steps of six hours: half a minute"]
    fn no_zone_changes_its_clock_twice_in_three_days() {
        let day = |year| i64::from(new_year(year)) * 86_400;
        let years = day(CHANGING_YEARS.start)..day(CHANGING_YEARS.end);
        for zone in chrono_tz::TZ_VARIANTS {
            for run in all(zone) {
                let seconds = run.seconds.start.max(years.start)..run.seconds.end.min(years.end);
                let last = seconds.end - 1;
                for second in seconds.step_by(6 * 3_600).chain([last]) {
                    assert_eq!(offset(zone, second), run.offset, "{zone} {second}");
                }
            }
            for (year, like) in
                [(1_000, years.start), (1_700, years.start), (2_300, years.end), (9_999, years.end)]
            {
                assert_eq!(offset(zone, day(year)), offset(zone, like), "{zone} {year}");
            }
        }
    }
}
