//! Working days of many dates beside numpy, and working minutes beside businesstimedelta.
//!
//! Both peers run in one Python process that `scripts/bench-peers` prepares; they are sent the same
//! inputs as files and time themselves, so that neither Python's start nor the exchange counts.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use grievance_benches::peer::Peer;
use grievance_benches::timing::{alternate, say, say_rate, say_target, timed, title};
use grievance_core::calendar::entry::{HolidayEntry, HoursEntry};
use grievance_core::calendar::{Calendar, CalendarEntry};
use serde_json::json;
use std::path::PathBuf;
use std::time::Duration;

const DATES: usize = 10_000_000;
const PAIRS: usize = 1_000_000;
/// The peer is that much slower.
const PEER_PAIRS: usize = 2_000;
const N: i32 = 7;

/// Nine years of public holidays: the public list, if it is there, else as many made-up dates.
fn holidays() -> Vec<NaiveDate> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let data = std::env::var_os("GRIEVANCE_DATA").map_or_else(beside, PathBuf::from);
    let text = std::fs::read_to_string(data.join("wb-holidays/holidays-wb-2019-2027.csv"));
    let mut days: Vec<NaiveDate> = if let Ok(text) = text {
        let public = text.lines().skip(1).filter(|line| line.split(',').nth(1) == Some("public"));
        public.map(|line| line[..10].parse().expect("a date")).collect()
    } else {
        say("  no wb-holidays in GRIEVANCE_DATA: made-up dates instead");
        (0..259).map(|n| date(17_897 + n * 12 + n % 5)).collect()
    };
    days.sort_unstable();
    days.dedup();
    days
}

fn date(number: i32) -> NaiveDate {
    NaiveDate::from_epoch_days(number).expect("a day of our century")
}

fn dice(state: &mut u64, limit: u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    u64::try_from((u128::from(*state >> 11) * u128::from(limit)) >> 53).expect("below a u64")
}

fn main() {
    title("calendar", "Working days and working minutes; one thread");
    let off = holidays();
    let hours = || vec!["10:00-17:30".to_owned()];
    let entry = CalendarEntry {
        hours: Some(HoursEntry {
            mon: hours(),
            tue: hours(),
            wed: hours(),
            thu: hours(),
            fri: hours(),
            ..HoursEntry::default()
        }),
        holiday: off.iter().map(|day| HolidayEntry { date: Some(*day), ..HolidayEntry::default() }).collect(),
        ..CalendarEntry::default()
    };
    let zone = chrono_tz::Asia::Kolkata;
    let (took, calendar) = timed(|| {
        let calendar = Calendar::new(&entry, zone).expect("a sound calendar");
        // The first question compiles it.
        std::hint::black_box(calendar.is_working_day(date(20_000)));
        calendar
    });
    say(&format!(
        "  {} holidays; compiled for 2000 to 2060 in {:.1} ms",
        off.len(),
        took.as_secs_f64() * 1e3
    ));

    let mut state = 20_261_123;
    // The nine years of the holidays.
    let days: Vec<i32> =
        (0..DATES).map(|_| 17_897 + i32::try_from(dice(&mut state, 3_270)).expect("small")).collect();
    let pairs: Vec<(DateTime<Utc>, TimeDelta)> = (0..PAIRS)
        .map(|_| {
            let second = i64::try_from(dice(&mut state, 7 * 365 * 86_400)).expect("small");
            let minutes = i64::try_from(1 + dice(&mut state, 2_400)).expect("small");
            let start =
                DateTime::from_timestamp(1_546_300_800 + second, 0).expect("an instant of our century");
            (start, TimeDelta::minutes(minutes))
        })
        .collect();

    let folder = tempfile::tempdir().expect("a temporary folder");
    let (day_file, pair_file) = (folder.path().join("days"), folder.path().join("pairs"));
    std::fs::write(&day_file, days.iter().flat_map(|day| day.to_le_bytes()).collect::<Vec<_>>())
        .expect("written");
    let bytes = pairs.iter().flat_map(|(start, amount)| {
        [start.timestamp_millis().to_le_bytes(), amount.num_milliseconds().to_le_bytes()].concat()
    });
    std::fs::write(&pair_file, bytes.collect::<Vec<_>>()).expect("written");
    let job = json!({
        "days": day_file, "pairs": pair_file, "peer_pairs": PEER_PAIRS, "n": N, "zone": zone.name(),
        "holidays": off.iter().map(ToString::to_string).collect::<Vec<_>>(),
    });

    let mut moved = vec![0; DATES];
    let mut ours_days = |_| timed(|| calendar.add_working_days_into(&days, N, &mut moved)).0;
    let mut due: Vec<DateTime<Utc>> = vec![DateTime::UNIX_EPOCH; PAIRS];
    let mut ours_minutes = |_| {
        timed(|| {
            for ((start, amount), due) in pairs.iter().zip(&mut due) {
                *due = calendar.add(*start, *amount);
            }
        })
        .0
    };
    let Some(mut peer) = Peer::start("calendar.py", &job) else {
        say("  no peers: run scripts/bench-peers (python3 with venv, and PyPI). Our side alone:");
        let (slice, _) = alternate(DATES, ours_days, |_| Duration::ZERO);
        say_rate("add_working_days_into", &slice, "days");
        let (minutes, _) = alternate(PAIRS, ours_minutes, |_| Duration::ZERO);
        say_rate("add", &minutes, "additions");
        return;
    };

    let (slice, numpy) = alternate(DATES, &mut ours_days, |_| peer.does("days"));
    let theirs = std::fs::read(day_file.with_extension("peer")).expect("the peer's days");
    let theirs = theirs.chunks_exact(4).map(|four| i32::from_le_bytes(four.try_into().expect("four bytes")));
    assert!(moved.iter().copied().eq(theirs), "both sides give the same days");
    say_rate("add_working_days_into", &slice, "days");
    say_rate("numpy busday_offset", &numpy, "days");
    let ratio = numpy.median() / slice.median();
    say_target(&format!("{ratio:.1} times numpy"), "≥ 20", ratio >= 20.0);

    // Each side's own count of additions, so each figure is per addition.
    let (minutes, _) = alternate(PAIRS, &mut ours_minutes, |_| Duration::ZERO);
    let (peers, _) = alternate(PEER_PAIRS, |_| peer.does("minutes"), |_| Duration::ZERO);
    let theirs = std::fs::read(pair_file.with_extension("peer")).expect("the peer's instants");
    let theirs: Vec<i64> = theirs
        .chunks_exact(8)
        .map(|eight| i64::from_le_bytes(eight.try_into().expect("eight bytes")))
        .collect();
    let ours: Vec<i64> = due[..PEER_PAIRS].iter().map(DateTime::timestamp_millis).collect();
    assert_eq!(ours, theirs, "both sides give the same instants");
    say_rate("add", &minutes, "additions");
    say_rate("businesstimedelta", &peers, "additions");
    let ratio = peers.median() / minutes.median();
    say_target(&format!("{ratio:.0} times businesstimedelta"), "≥ 100", ratio >= 100.0);
    say_target(&format!("{:.1} ns an addition", minutes.median()), "≥ 5 000 000/s", minutes.rate() >= 5e6);
    peer.end();
}
