//! The weekly pack of 100,000 cases and 500 offices: counted from histories, laid out, and written as a
//! page, a workbook and JSON.

use chrono::{DateTime, TimeDelta, Utc};
use grievance_benches::life::{morning, west_bengal, west_bengal_life};
use grievance_benches::timing::{say, say_target, timed, title};
use grievance_core::desk::Desk;
use grievance_core::grievance::event::Recorded;
use grievance_core::grievance::wire::{decode, encode};
use grievance_core::kernel::code::{TenantCode, UnitCode};
use grievance_core::kernel::id::GrievanceId;
use grievance_core::measure::index::shipped;
use grievance_core::measure::mis::Terms;
use grievance_core::measure::pack::{Pack, PackPart, Weeks};
use grievance_core::render::language::Language;
use grievance_core::render::pack::{PackPage, pack_html, pack_xlsx};
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::access::Scope;
use grievance_core::store::Journal as _;
use grievance_core::store::keys::KeyRing;
use grievance_core::store::memory::MemoryStore;
use grievance_core::vocabulary::{AgeRule, MisLine};
use std::fmt::Write as _;
use std::time::Duration;

/// Departments, and offices below each.
const DEPARTMENTS: usize = 20;
const BELOW: usize = 24;
/// Days over which the cases come.
const DAYS: usize = 365;
/// Rounds; the middle one counts.
const ROUNDS: usize = 5;

/// Cases, unless `PACK_CASES` says otherwise.
fn cases() -> usize {
    std::env::var("PACK_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(100_000)
}

/// The preset with 500 offices more: twenty departments with twenty-four offices each.
fn offices() -> (Rulebook, Vec<UnitCode>) {
    let (mut text, mut codes) = ("extends = \"west-bengal\"\nunit = [\n".to_owned(), Vec::new());
    for department in 0..DEPARTMENTS {
        let above = format!("dept-{department}");
        let _ = writeln!(
            text,
            "{{ code = \"{above}\", name = \"Department {department}\", kind = \"department\", parent = \"govt\", head = \"secretary\" }},"
        );
        codes.push(above.clone());
        for office in 0..BELOW {
            let code = format!("{above}-{office}");
            let _ = writeln!(
                text,
                "{{ code = \"{code}\", name = \"Office {office} of department {department}\", kind = \"sub_office\", parent = \"{above}\", head = \"officer\" }},"
            );
            codes.push(code);
        }
    }
    text.push_str("]\n");
    let rulebook = Rulebook::from_toml(&text).expect("the offices are sound");
    (rulebook, codes.iter().map(|code| UnitCode::new(code).expect("a code")).collect())
}

/// Lives under the preset, as a desk records them.
fn lives() -> Vec<Vec<Recorded>> {
    let tenant = TenantCode::new("west-bengal").expect("a code");
    let store = MemoryStore::default().tenant(&tenant);
    let desk = Desk::open(store.clone(), tenant, KeyRing::for_tests());
    desk.activate(west_bengal(), morning()).expect("the rulebook is sound");
    for seed in 0..8 {
        let mut case = None;
        for step in west_bengal_life(seed) {
            let done = desk.by(&step.actor, step.now).submit(case, &step.request);
            case = Some(done.expect("the script is allowed").case);
        }
    }
    let mut lives = Vec::new();
    store
        .scan(&Scope::All, &mut |history| {
            lives.push(history.to_vec());
            true
        })
        .expect("the store works");
    lives
}

/// An event's text with every instant moved; instants are the numbers of thirteen digits.
fn moved(text: &str, by: TimeDelta) -> String {
    let (mut out, mut digits) = (String::with_capacity(text.len()), String::new());
    for c in text.chars().chain(['\n']) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        match digits.parse::<i64>() {
            Ok(millis) if digits.len() == 13 => {
                let _ = write!(out, "{}", millis + by.num_milliseconds());
            }
            _ => out.push_str(&digits),
        }
        digits.clear();
        if c != '\n' {
            out.push(c);
        }
    }
    out
}

/// Cases of all offices over a year: one in eight stops half-way, and is pending.
fn year(units: &[UnitCode], cases: usize) -> Vec<Vec<Recorded>> {
    let lives = lives();
    (0..cases)
        .map(|n| {
            let life = &lives[n % lives.len()];
            let length = if n % 8 == 3 { life.len() / 2 } else { life.len() };
            let by = TimeDelta::days(i64::try_from(n * 7919 % DAYS).expect("below a year") - 365)
                + TimeDelta::minutes(i64::try_from(n % 600).expect("below a day"));
            let unit = &units[n * 31 % units.len()];
            life[..length]
                .iter()
                .map(|next| {
                    let mut event = decode(&moved(&encode(&next.event), by)).expect("it was encoded");
                    event.led_to.unit = unit.clone();
                    Recorded {
                        case: GrievanceId::from_uuid(uuid::Uuid::from_u128(n as u128)),
                        at: next.at + by,
                        event,
                        ..next.clone()
                    }
                })
                .collect()
        })
        .collect()
}

fn millis(took: Duration) -> String {
    format!("{:>9.1} ms", took.as_secs_f64() * 1e3)
}

fn main() {
    let cases = cases();
    let (rulebook, units) = offices();
    title("pack", &format!("the weekly pack of {cases} cases and {} offices", units.len()));
    let histories = year(&units, cases);
    let events: usize = histories.iter().map(Vec::len).sum();
    let as_of: DateTime<Utc> = morning();
    let day = as_of.date_naive();
    let index = shipped().into_iter().find(|one| one.code == "timely_disposal").expect("it is shipped");
    let top = UnitCode::new("govt").expect("a code");
    let weeks = Weeks::to(Terms::new(day, rulebook.zone(), AgeRule::Calendar));
    let mut rounds: Vec<[Duration; 5]> = Vec::new();
    let mut last: Option<Pack> = None;
    for _ in 0..ROUNDS {
        let (counting, part) = timed(|| {
            let mut part = PackPart::new(weeks.clone());
            for history in &histories {
                part.add_history(history);
            }
            part
        });
        let (laying, pack) = timed(|| {
            part.finish(&rulebook, &top, Some(&index), ToString::to_string).expect("it is laid out")
        });
        let (page, html) = timed(|| pack_html(&pack, &PackPage::in_language(Language::Bengali)));
        let (workbook, xlsx) = timed(|| pack_xlsx(&pack, Language::English).expect("it is written"));
        let (json, text) = timed(|| pack.text());
        assert!(html.len() > 10_000 && xlsx.len() > 10_000 && text.len() > 10_000);
        rounds.push([counting, laying, page, workbook, json]);
        last = Some(pack);
    }
    let pack = last.expect("there was a round");
    let until = weeks.terms().at();
    let stood = histories.iter().filter_map(|history| history.iter().rfind(|next| next.at < until));
    let pending = stood.filter(|last| last.event.led_to.phase.is_pending()).count();
    assert_eq!(pack.all.week(MisLine::Pending), pending as u64, "every open case is counted");
    rounds.sort_by_key(|round| round.iter().sum::<Duration>());
    let middle = rounds[ROUNDS / 2];
    say(&format!(
        "  {events} events, {} offices in the pack, {} pending",
        pack.offices.len(),
        pack.all.week(MisLine::Pending)
    ));
    let names = ["counted, from histories in memory", "laid out", "page", "workbook", "JSON"];
    for (name, took) in names.iter().zip(middle) {
        say(&format!("  {name:<40}{}", millis(took)));
    }
    let all: Duration = middle.iter().sum();
    say_target(&format!("all together {:.2} s", all.as_secs_f64()), "3 s", all < Duration::from_secs(3));
}
