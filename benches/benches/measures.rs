//! A dashboard over ten million cases of two thousand offices: the table, and the ledger, beside
//! Polars and `DuckDB`.
//!
//! The question, for each office as of a day: received, disposed, four bands of pendency, mean, exact median and
//! ninetieth percentile of days to disposal, share within 21 days, mean rating, reopened, appealed. All sides
//! have the same columns in the same order in memory; loading is not timed. Answers are asserted equal.

#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "counts, ratios and made-up lengths"
)]

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use grievance_benches::peer::Peer;
use grievance_benches::timing::{Sample, alternate, rounds, say, say_target, say_time, timed, title};
use grievance_core::measure::cases::row::{CaseRow, Ending, Said};
use grievance_core::measure::cases::table::Cases;
use grievance_core::measure::headline::{Asked, Headlines};
use grievance_core::measure::ledger::Picked;
use grievance_core::measure::ledger::dashboard::Dashboard;
use grievance_core::measure::ledger::keep::{Ledger, Step};
use grievance_core::measure::mis::Terms;
use grievance_core::vocabulary::AgeRule;
use serde_json::json;
use std::path::Path;
use std::time::Duration;

const CASES: usize = 10_000_000;
const UNITS: usize = 2_000;
const SUBJECTS: [&str; 8] = ["roads", "water", "light", "waste", "tax", "health", "school", "police"];
const ZONE: chrono_tz::Tz = chrono_tz::Asia::Kolkata;
const DAY: i64 = 86_400_000;
const FIRST: i64 = 1_672_511_400_000; // 1 January 2023 in the office's zone
const SPAN: i64 = 1_096;
const AS_OF: &str = "2025-12-15";
const EVENTS: usize = 1_000_000;
/// Cases that come between two looks at a dashboard.
const BETWEEN: usize = 100;

fn dice(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state >> 11
}

fn below(state: &mut u64, limit: u64) -> u64 {
    u64::try_from((u128::from(dice(state)) * u128::from(limit)) >> 53).expect("below a u64")
}

/// A made-up case: by number, always the same. Lengths fall off exponentially, about twenty days in
/// the mean, three in a hundred eight times as long.
#[derive(Clone, Copy)]
struct Made {
    unit: usize,
    subject: usize,
    received_at: i64,
    ended_at: Option<i64>,
    rating: Option<u8>,
    reopened: u16,
    appealed: u16,
}

fn made(number: usize) -> Made {
    let mut state = (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x0135_2907;
    dice(&mut state);
    let unit = below(&mut state, UNITS as u64) as usize;
    let subject = below(&mut state, SUBJECTS.len() as u64) as usize;
    let received_at = FIRST + below(&mut state, (SPAN * DAY) as u64) as i64;
    let share = (dice(&mut state) + 1) as f64 / (1_u64 << 53) as f64;
    let scale = if below(&mut state, 100) < 3 { 160.0 } else { 20.0 };
    let ended_at = received_at + (-share.ln() * scale * DAY as f64) as i64;
    let ended_at = (ended_at < FIRST + SPAN * DAY).then_some(ended_at);
    let rated = below(&mut state, 10) < 4;
    let rating = 1 + below(&mut state, 5) as u8;
    Made {
        unit,
        subject,
        received_at,
        ended_at,
        rating: ended_at.filter(|_| rated).map(|_| rating),
        reopened: u16::from(below(&mut state, 100) < 6),
        appealed: u16::from(below(&mut state, 100) < 2),
    }
}

fn instant(millis: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(millis).expect("an instant of our century")
}

fn row<'a>(made: &Made, units: &'a [String]) -> CaseRow<'a> {
    CaseRow {
        ended: made.ended_at.map(|at| (instant(at), Ending::Disposed(None))),
        category: Some(SUBJECTS[made.subject]),
        said: made.rating.map(Said::Rating),
        reopened: made.reopened.into(),
        appealed: made.appealed.into(),
        ..CaseRow::new(instant(made.received_at), &units[made.unit])
    }
}

fn table(cases: usize, units: &[String]) -> Cases {
    let rows = (0..cases).map(|number| row(&made(number), units));
    let read = Cases::read(ZONE, instant(FIRST + SPAN * DAY), rows);
    assert!(read.rejected.is_empty(), "every made-up case can be used");
    read.cases
}

/// The date of an instant in the office's zone, which is half past five ahead all year.
fn date(millis: i64) -> i32 {
    ((millis + 19_800_000).div_euclid(DAY) + 719_163) as i32
}

/// The columns as the peers read them, and for the streaming read.
struct Columns {
    unit: Vec<u32>,
    received_on: Vec<i32>,
    ended_on: Vec<i32>,
    rating: Vec<u8>,
    reopened: Vec<u16>,
    appealed: Vec<u16>,
}

fn write(folder: &Path) -> Columns {
    let mut columns = Columns {
        unit: Vec::with_capacity(CASES),
        received_on: Vec::with_capacity(CASES),
        ended_on: Vec::with_capacity(CASES),
        rating: Vec::with_capacity(CASES),
        reopened: Vec::with_capacity(CASES),
        appealed: Vec::with_capacity(CASES),
    };
    let (mut received_at, mut ended_at) = (Vec::with_capacity(CASES * 8), Vec::with_capacity(CASES * 8));
    for made in (0..CASES).map(made) {
        columns.unit.push(made.unit as u32);
        columns.received_on.push(date(made.received_at));
        columns.ended_on.push(made.ended_at.map_or(i32::MAX, date));
        columns.rating.push(made.rating.unwrap_or(u8::MAX));
        columns.reopened.push(made.reopened);
        columns.appealed.push(made.appealed);
        received_at.extend(made.received_at.to_le_bytes());
        ended_at.extend(made.ended_at.unwrap_or(i64::MAX).to_le_bytes());
    }
    let put = |name: &str, bytes: Vec<u8>| std::fs::write(folder.join(name), bytes).expect("written");
    put("unit", columns.unit.iter().flat_map(|it| it.to_le_bytes()).collect());
    put("received_on", columns.received_on.iter().flat_map(|it| it.to_le_bytes()).collect());
    put("ended_on", columns.ended_on.iter().flat_map(|it| it.to_le_bytes()).collect());
    put("rating", columns.rating.clone());
    put("reopened", columns.reopened.iter().flat_map(|it| it.to_le_bytes()).collect());
    put("appealed", columns.appealed.iter().flat_map(|it| it.to_le_bytes()).collect());
    put("received_at", received_at);
    put("ended_at", ended_at);
    columns
}

/// Reads every byte of the columns once, as fast as the memory gives them.
fn streamed(columns: &Columns, threads: usize) -> u64 {
    fn sum<T: Copy + Into<i64>>(list: &[T]) -> u64 {
        list.iter().fold(0_u64, |sum, it| sum.wrapping_add((*it).into() as u64))
    }
    let piece = CASES / threads;
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads)
            .map(|at| {
                let own = at * piece..(at + 1) * piece;
                scope.spawn(move || {
                    sum(&columns.unit[own.clone()])
                        ^ sum(&columns.received_on[own.clone()])
                        ^ sum(&columns.ended_on[own.clone()])
                        ^ sum(&columns.rating[own.clone()])
                        // How each ended: a byte more, as ours has it.
                        ^ sum(&columns.rating[own.clone()])
                        ^ sum(&columns.reopened[own.clone()])
                        ^ sum(&columns.appealed[own])
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("a sum")).fold(0, |all, one| all ^ one)
    })
}

/// An answer as flat columns, by office: whole numbers, and the two quantiles in days.
#[derive(PartialEq, Debug)]
struct Flat {
    whole: Vec<Vec<i64>>,
    quantiles: Vec<Vec<f64>>,
}

fn flat(headlines: &Headlines) -> Flat {
    let mut lines: Vec<_> = headlines.iter().collect();
    lines.sort_by_key(|line| line.code);
    let column = |of: &dyn Fn(&grievance_core::measure::headline::Headline<'_>) -> i64| {
        lines.iter().map(of).collect::<Vec<i64>>()
    };
    let signed = |count: u64| i64::try_from(count).expect("a count");
    let mut whole = vec![
        column(&|line| line.code[1..].parse().expect("a number")),
        column(&|line| signed(line.counts.received)),
        column(&|line| signed(line.counts.disposed)),
    ];
    whole.extend((0..4).map(|band| column(&|line| signed(line.bands[band]))));
    whole.extend([
        column(&|line| i64::try_from(line.counts.length_sum).expect("a sum")),
        column(&|line| signed(line.counts.within)),
        column(&|line| signed(line.counts.rated)),
        column(&|line| signed(line.counts.rating_sum)),
        column(&|line| signed(line.counts.reopened)),
        column(&|line| signed(line.counts.appealed)),
    ]);
    let quantile = |place| lines.iter().map(|line| line.quantile_days(place).unwrap_or(f64::NAN)).collect();
    Flat { whole, quantiles: vec![quantile(0), quantile(1)] }
}

/// The peer's last answer; its quantiles are in its own unit of length.
fn theirs(folder: &Path, per_day: f64) -> Flat {
    let bytes = std::fs::read(folder.join("answer")).expect("the peer's answer");
    let words: Vec<[u8; 8]> =
        bytes.chunks_exact(8).map(|eight| eight.try_into().expect("eight bytes")).collect();
    let columns: Vec<&[[u8; 8]]> = words.chunks_exact(words.len() / 15).collect();
    let whole = columns[..13].iter().map(|own| own.iter().map(|it| i64::from_le_bytes(*it)).collect());
    let days =
        columns[13..].iter().map(|own| own.iter().map(|it| f64::from_le_bytes(*it) / per_day).collect());
    Flat { whole: whole.collect(), quantiles: days.collect() }
}

fn assert_same(ours: &Flat, theirs: &Flat, peer: &str) {
    assert_eq!(ours.whole, theirs.whole, "{peer}: the same whole numbers");
    for (ours, theirs) in ours.quantiles.iter().zip(&theirs.quantiles) {
        for (ours, theirs) in ours.iter().zip(theirs) {
            assert!((ours - theirs).abs() <= 1e-9 * ours.abs().max(1.0), "{peer}: {ours} and {theirs}");
        }
    }
}

fn millis(sample: &Sample) -> f64 {
    sample.median() / 1e6
}

/// Our side beside each formulation of each peer; the median of the fastest.
fn beside(
    peer: &mut Peer,
    folder: &Path,
    questions: &[&str],
    per_day: f64,
    ours: &mut dyn FnMut() -> Headlines,
) -> (Sample, f64) {
    let mut fastest = f64::INFINITY;
    let mut own = None;
    let answer = flat(&ours());
    for question in questions {
        let (mine, other) = alternate(1, |_| timed(&mut *ours).0, |_| peer.does(question));
        assert_same(&answer, &theirs(folder, per_day), question);
        say_time(question, &other);
        fastest = fastest.min(other.median());
        own = Some(mine);
    }
    (own.expect("a question"), fastest)
}

fn main() {
    title("measures", "A dashboard of 2,000 offices over 10,000,000 cases");
    let units: Vec<String> = (0..UNITS).map(|unit| format!("u{unit:04}")).collect();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let columns = write(folder.path());
    let (took, cases) = timed(|| table(CASES, &units));
    let bytes = cases.bytes() as f64 / CASES as f64;
    say(&format!("  a table of {CASES} rows read in {:.1} s", took.as_secs_f64()));
    say_target(&format!("{bytes:.1} bytes a case"), "≤ 64", bytes <= 64.0);
    let day: NaiveDate = AS_OF.parse().expect("a date");
    let asked = Asked::default();
    let whole = Terms::new(day, ZONE, AgeRule::Calendar);
    let exact = Terms::new(day, ZONE, AgeRule::Elapsed);
    let ask = |cases: &Cases, terms: &Terms, threads: usize| {
        cases.headlines(cases.unit(), None, terms, &asked, threads).expect("terms of the table")
    };

    // Alone: threads, size, the floor.
    let (one, two) =
        alternate(1, |_| timed(|| ask(&cases, &whole, 1)).0, |_| timed(|| ask(&cases, &whole, 2)).0);
    say_time("table, days, one thread", &one);
    say_time("table, days, two threads", &two);
    let gain = one.median() / two.median();
    say_target(&format!("two threads {gain:.2} times one"), "≥ 1.8", gain >= 1.8);
    let (one, two) =
        alternate(1, |_| timed(|| ask(&cases, &exact, 1)).0, |_| timed(|| ask(&cases, &exact, 2)).0);
    say_time("table, millis, one thread", &one);
    say_time("table, millis, two threads", &two);
    let gain = one.median() / two.median();
    say_target(&format!("two threads {gain:.2} times one"), "≥ 1.8", gain >= 1.8);
    let (floor, full) = alternate(
        1,
        |_| timed(|| streamed(&columns, 2)).0,
        |_| timed(|| cases.count(cases.unit(), None, &whole).expect("terms of the table")).0,
    );
    say_time("streaming read, two threads", &floor);
    say_time("count with every length, one", &full);

    let job = json!({
        "folder": folder.path(), "day": date(whole.at().timestamp_millis()), "at": whole.at().timestamp_millis(),
        "cuts": [7, 15, 31], "within": 21,
    });
    let mut fastest = None;
    match Peer::start("measures.py", &job) {
        None => say("  no peers: run scripts/bench-peers (python3 with venv, and PyPI). Our side alone."),
        Some(mut peer) => {
            say("  (a) whole days");
            let days =
                ["duckdb plain days", "duckdb histogram days", "polars plain days", "polars histogram days"];
            let (ours, other) = beside(&mut peer, folder.path(), &days, 1.0, &mut || ask(&cases, &whole, 2));
            say_time("ours", &ours);
            let ratio = other / ours.median();
            say_target(&format!("{ratio:.1} times the faster peer"), "≥ 10", ratio >= 10.0);
            let above = ours.median() / floor.median();
            say(&format!("  it takes {above:.1} times what reading the same bytes does"));
            fastest = Some(other);
            say("  (b) milliseconds, fractional quantiles");
            let both = ["duckdb plain millis", "polars plain millis"];
            let (ours, other) =
                beside(&mut peer, folder.path(), &both, DAY as f64, &mut || ask(&cases, &exact, 2));
            say_time("ours", &ours);
            let ratio = other / ours.median();
            say_target(&format!("{ratio:.1} times the faster peer"), "≥ 5", ratio >= 5.0);
            peer.end();
        }
    }
    say("  (c) the ledger");
    ledger(&cases, &units, &whole, fastest);
    drop(cases);
    twice(&units, &|cases| ask(cases, &whole, 2));
}

fn ledger(cases: &Cases, units: &[String], whole: &Terms, fastest: Option<f64>) {
    let asked = Asked::default();
    let (took, mut ledger) = timed(|| Ledger::of(cases).expect("dates of our century"));
    let bytes = ledger.bytes() as f64 / CASES as f64;
    say(&format!("  built from the table in {:.1} s; {bytes:.1} bytes a case", took.as_secs_f64()));
    let ask = |ledger: &Ledger, terms: &Terms| {
        ledger.headlines(&Picked::all(), terms, &asked, 2).expect("a ledger of whole cases")
    };
    let scan =
        |terms: &Terms| cases.headlines(cases.unit(), None, terms, &asked, 2).expect("terms of the table");
    assert_eq!(flat(&ask(&ledger, whole)), flat(&scan(whole)), "ledger and scan say the same");
    // Each time another day, or the same one would be found in the cache.
    let mut state = 5;
    let days: Vec<Terms> = (0..=rounds().max(15) * 8)
        .map(|_| {
            let day =
                NaiveDate::from_ymd_opt(2023, 2, 1).expect("a date") + Days::new(below(&mut state, 1_060));
            Terms::new(day, ZONE, AgeRule::Calendar)
        })
        .collect();
    let mut each: Vec<f64> =
        days.iter().map(|terms| timed(|| ask(&ledger, terms)).0.as_secs_f64() * 1e3).collect();
    each.sort_by(f64::total_cmp);
    let (median, worst) = (each[each.len() / 2], each[each.len() - 1]);
    say(&format!(
        "  {} days at random, all {UNITS} offices: median {median:.3} ms ({:.3} – {worst:.3})",
        each.len(),
        each[0]
    ));
    for terms in days.iter().step_by(40) {
        assert_eq!(flat(&ask(&ledger, terms)), flat(&scan(terms)), "ledger and scan say the same");
    }
    let (same, _) = alternate(1, |_| timed(|| ask(&ledger, whole)).0, |_| Duration::ZERO);
    say_time("the same day again", &same);
    if let Some(fastest) = fastest {
        say(&format!("  a day at random: {:.0} times the faster peer of (a)", fastest / 1e6 / median));
    }
    let median = dashboard(&mut ledger, units, whole);
    say_target(&format!("{median:.3} ms"), "< 1 ms", median < 1.0);
    if let Some(fastest) = fastest {
        let ratio = fastest / 1e6 / median;
        say_target(&format!("{ratio:.0} times the faster peer of (a)"), "≥ 300", ratio >= 300.0);
    }
    upkeep(&mut ledger, units);
}

/// What a dashboard does: the same question on the same day, after some cases have come. The median of
/// the answers, in milliseconds; each is compared with the ledger's own.
fn dashboard(ledger: &mut Ledger, units: &[String], whole: &Terms) -> f64 {
    let mut own = Dashboard::new(Picked::all(), whole.clone(), Asked::default());
    let day: NaiveDate = AS_OF.parse().expect("a date");
    let (first, _) = timed(|| own.refresh(ledger, day, 2).expect("a ledger of whole cases").len());
    let mut state = 3;
    let at = whole.at() - TimeDelta::hours(9);
    let mut each: Vec<f64> = (0..rounds().max(15) * 8)
        .map(|_| {
            for _ in 0..BETWEEN {
                let unit = &units[below(&mut state, UNITS as u64) as usize];
                let after = CaseRow::new(at, unit);
                ledger
                    .post(&Step { at, before: None, after, undone: false })
                    .expect("a lodging of yesterday");
            }
            let (took, lines) = timed(|| own.refresh(ledger, day, 2).expect("a ledger of whole cases").len());
            assert_eq!(lines, UNITS);
            took.as_secs_f64() * 1e3
        })
        .collect();
    let asked =
        ledger.headlines(&Picked::all(), whole, &Asked::default(), 2).expect("a ledger of whole cases");
    let shown = own.refresh(ledger, day, 2).expect("a ledger of whole cases");
    assert_eq!(flat(shown), flat(&asked), "dashboard and ledger say the same");
    each.sort_by(f64::total_cmp);
    let median = each[each.len() / 2];
    say(&format!(
        "  a dashboard, {BETWEEN} cases later each time: median {median:.3} ms ({:.3} – {:.3}); opened in {:.2} ms",
        each[0],
        each[each.len() - 1],
        first.as_secs_f64() * 1e3
    ));
    median
}

/// New events after the last: half of them lodgings, half disposals of cases that are open.
fn upkeep(ledger: &mut Ledger, units: &[String]) {
    let mut state = 9;
    let mut now = FIRST + SPAN * DAY;
    let mut open: Vec<CaseRow<'_>> = (0..CASES)
        .map(made)
        .filter(|made| made.ended_at.is_none())
        .take(EVENTS)
        .map(|made| row(&made, units))
        .collect();
    let steps: Vec<Step<'_>> = (0..EVENTS)
        .map(|number| {
            now += 1_000 + below(&mut state, 9_000) as i64;
            let at = instant(now);
            if number % 2 == 0 {
                let unit = &units[below(&mut state, UNITS as u64) as usize];
                let subject = SUBJECTS[below(&mut state, 8) as usize];
                let after = CaseRow { category: Some(subject), ..CaseRow::new(at, unit) };
                open.push(after);
                return Step { at, before: None, after, undone: false };
            }
            let place = below(&mut state, open.len() as u64) as usize;
            let before = open.swap_remove(place);
            let after =
                CaseRow { ended: Some((at, Ending::Disposed(None))), said: Some(Said::Rating(4)), ..before };
            Step { at, before: Some(before), after, undone: false }
        })
        .collect();
    let day = (instant(now) + TimeDelta::days(2)).date_naive();
    let terms = Terms::new(day, ZONE, AgeRule::Calendar);
    let balance = |ledger: &Ledger| ledger.balance(&Picked::all(), &terms).expect("a ledger of whole cases");
    let before = balance(ledger);
    let (took, ()) = timed(|| {
        for step in &steps {
            ledger.post(step).expect("a step after the last");
        }
    });
    let (asked, after) = timed(|| balance(ledger));
    let half = EVENTS as u64 / 2;
    assert_eq!((after.received - before.received, after.disposed - before.disposed), (half, half));
    let each = took.as_secs_f64() * 1e6 / EVENTS as f64;
    say_target(&format!("upkeep {each:.2} µs an event"), "≤ 1 µs", each <= 1.0);
    say(&format!(
        "  the balance of all offices together, with every length, in {:.2} ms",
        asked.as_secs_f64() * 1e3
    ));
}

/// Twice the cases in twice the time.
fn twice(units: &[String], ask: &dyn Fn(&Cases) -> Headlines) {
    let (once, double) = (table(CASES, units), table(2 * CASES, units));
    let (single, twofold) = alternate(1, |_| timed(|| ask(&once)).0, |_| timed(|| ask(&double)).0);
    let ratio = twofold.median() / single.median();
    say(&format!("  10 M cases {:.1} ms, 20 M cases {:.1} ms", millis(&single), millis(&twofold)));
    say_target(&format!("20 M over 10 M: {ratio:.2}"), "≤ 2.1", ratio <= 2.1);
}
