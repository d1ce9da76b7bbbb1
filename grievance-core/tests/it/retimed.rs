//! Open cases under a new calendar: no deadline that was told comes earlier.

use crate::desk_support::Unscoped as _;
use crate::desk_support::{TOWN, at, desks, lodge};
use crate::office::{Office, actor, at as on};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use grievance_core::desk::Desk;
use grievance_core::grievance::command::Command;
use grievance_core::grievance::event::{Recorded, What};
use grievance_core::grievance::request::Request;
use grievance_core::kernel::id::GrievanceId;
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::target::Pause;
use grievance_core::vocabulary::{Because, TargetKind, TimeUnit};
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

/// A half-day on the day on which a case is due: whoever was promised closing time keeps it, and a
/// case that is lodged now is due at noon. A day that is opened again takes nobody's time either.
#[test]
fn a_half_day_takes_no_hour_from_an_open_case() {
    const NOW: &str = "2026-03-02T09:00:00Z";
    let due = at("2026-03-16T11:30:00Z");
    let calendar =
        |holidays: &str| Rulebook::from_toml(&format!("{TOWN}\n[calendar]\nholiday = [{holidays}]")).unwrap();
    let half = "{ code = \"half\", date = 2026-03-16, name = \"Half\", source = \"order\", hours = [\"09:00-12:00\"] }";
    let cyclone = "{ code = \"cyclone\", date = 2026-03-10, name = \"Cyclone\", source = \"order\" }";
    for (name, desk) in desks() {
        let case = lodge(&desk, "pothole", NOW).case;
        let stands = |now: &str| {
            let moved = desk.history(case).unwrap();
            let moved = moved.iter().filter(|next| matches!(next.event.what, What::TargetMoved(_))).count();
            let why = desk.explain(case, TargetKind::Resolution, at(now)).unwrap().unwrap();
            (why.due_at, moved, why.breached)
        };
        assert_eq!(stands(NOW), (due, 0, false), "{name}");
        let activate = |holidays: &str, now: &str| {
            desk.activate(calendar(holidays), at(now)).unwrap();
            desk.move_cases(&Desk::system(), at(now), None, 10).unwrap();
        };
        activate(half, "2026-03-02T10:00:00Z");
        assert_eq!(stands("2026-03-02T10:00:00Z"), (due, 0, false), "{name}: no event, no hour lost");
        let fresh = lodge(&desk, "pothole", "2026-03-02T11:00:00Z").case;
        let fresh = desk.explain(fresh, TargetKind::Resolution, at(NOW)).unwrap().unwrap();
        assert_eq!(fresh.due_at, at("2026-03-16T06:30:00Z"), "{name}: a new promise is for closing time");
        // Another holiday makes it later, and that one withdrawn does not make it earlier again.
        activate(&format!("{half}, {cyclone}"), "2026-03-04T09:00:00Z");
        let later = at("2026-03-17T11:30:00Z");
        assert_eq!(stands("2026-03-04T09:00:00Z"), (later, 1, false), "{name}");
        activate(half, "2026-03-05T09:00:00Z");
        assert_eq!(stands("2026-03-05T09:00:00Z"), (later, 1, false), "{name}");
        desk.sweep(at("2026-03-17T11:30:00Z"), 10).unwrap();
        assert!(!stands(NOW).2, "{name}: the hour that was promised is in time");
        desk.sweep(at("2026-03-17T11:30:00.001Z"), 10).unwrap();
        assert!(stands(NOW).2, "{name}");
    }
}

/// What an order makes of a day.
#[derive(Clone, Copy, Debug)]
enum Day {
    Holiday,
    Half,
    Open,
}

/// Monday to Friday, 9 to 17, in India, but for what was ordered: the last word about a day stands.
fn rules(counted: &str, within: u32, keep_clock: bool, orders: &BTreeMap<NaiveDate, Day>) -> Arc<Rulebook> {
    let (mut holidays, mut overrides) = (String::new(), String::new());
    for (day, order) in orders {
        let (list, hours) = match order {
            Day::Holiday => (&mut holidays, ""),
            Day::Half => (&mut holidays, ", hours = [\"09:00-12:00\"]"),
            Day::Open => (&mut overrides, ", hours = [\"09:00-17:00\"]"),
        };
        write!(list, "{{ code = \"d{day}\", name = \"O\", source = \"test\", date = {day}{hours} }}, ")
            .expect("a string takes it");
    }
    let text = format!(
        "{TOWN}\ntarget = [{{ code = \"resolution\", within = {within}, counted = \"{counted}\", \
         keep_clock = {keep_clock}, pause_days = 9 }}]\n\
         [calendar]\nholiday = [{holidays}]\noverride = [{overrides}]"
    );
    Arc::new(Rulebook::from_toml(&text).unwrap_or_else(|refused| panic!("{refused:?}\n{text}")))
}

#[derive(Clone, Copy, Debug)]
enum Act {
    Wait(i64),
    Ask,
    Tell,
    Report,
    SendBack,
    Extend(u64),
    /// About a day near the one on which the case is due.
    Order(Day, i64),
    Sweep,
}

fn act() -> impl Strategy<Value = Act> {
    let day = prop::sample::select(vec![Day::Holiday, Day::Half, Day::Half, Day::Open]);
    prop_oneof![
        4 => (1_i64..3_000).prop_map(Act::Wait),
        3 => Just(Act::Ask),
        3 => Just(Act::Tell),
        1 => Just(Act::Report),
        2 => Just(Act::SendBack),
        1 => (1_u64..9).prop_map(Act::Extend),
        4 => (day, -4_i64..2).prop_map(|(day, from_due)| Act::Order(day, from_due)),
        1 => Just(Act::Sweep),
    ]
}

fn due(office: &Office, case: GrievanceId) -> DateTime<Utc> {
    office.live(case).clock(TargetKind::Resolution).expect("it has a deadline").due_at
}

/// What a pause took, in the unit that is counted, and by how much the deadline moved.
fn given_back(office: &Office, case: GrievanceId, pause: Pause, from: DateTime<Utc>) -> (i64, i64) {
    let calendar = office.rulebook.calendar(office.live(case).unit(), None);
    let clock = office.live(case).clock(TargetKind::Resolution).expect("it has a deadline");
    let last = |at: DateTime<Utc>| calendar.day_of(at - TimeDelta::milliseconds(1));
    let [stopped, went_on] = [pause.from, pause.until].map(|at| calendar.day_of(at));
    match clock.amount.counted {
        TimeUnit::WorkingHours => {
            let took = calendar.between(pause.from, pause.until).num_milliseconds();
            (took, calendar.between(from, clock.due_at).num_milliseconds())
        }
        TimeUnit::WorkingDays => {
            let took = calendar.count_working_days(stopped, went_on);
            (took.into(), calendar.count_working_days(last(from), last(clock.due_at)).into())
        }
        TimeUnit::CalendarDays => {
            ((went_on - stopped).num_days(), (last(clock.due_at) - last(from)).num_days())
        }
    }
}

/// What was recorded moved nothing earlier, and no move says nothing.
fn moved_later(recorded: &[Recorded], before: DateTime<Utc>) -> Result<(), TestCaseError> {
    for next in recorded {
        if let What::TargetMoved(moved) = &next.event.what {
            prop_assert_eq!(moved.because, Because::Rulebook);
            prop_assert!(moved.due_at > before, "{} became {}", before, moved.due_at);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// Whatever days are closed, halved or opened again while a case is open, the instant that was
    /// told never comes earlier, by the new version or by what happens after it; and a pause gives
    /// back at least what it took.
    #[test]
    fn an_open_case_never_gets_earlier(
        counted in prop::sample::select(vec!["working_days", "working_hours", "calendar_days"]),
        within in 1_u32..12,
        keep_clock: bool,
        start in 0_i64..20_000,
        acts in prop::collection::vec(act(), 1..25),
    ) {
        let keep_clock = keep_clock && counted != "working_hours";
        let first = NaiveDate::from_ymd_opt(2026, 3, 11).unwrap();
        let mut orders = BTreeMap::from([(first, Day::Holiday)]);
        let mut office = Office::new(rules(counted, within, keep_clock, &orders), 7);
        let mut now = on(3, 1, 0, 0) + TimeDelta::minutes(start);
        let (citizen, works, desk) = (actor("complainant", ""), actor("hod", "works"), actor("cell_officer", "desk"));
        let request = |body: &serde_json::Value| Request::from_json(&body.to_string()).unwrap();
        let lodging = json!({"action": "lodge", "narrative": "n", "category": "pothole"});
        let case = office.submit(None, &request(&lodging), &citizen, now).expect("it is lodged").case;
        office.submit(Some(case), &request(&json!({"action": "acknowledge"})), &works, now).expect("a step");
        for act in acts {
            let before = due(&office, case);
            let clock = office.live(case).clock(TargetKind::Resolution).unwrap().clone();
            let steps = match &act {
                Act::Wait(minutes) => {
                    now += TimeDelta::minutes(*minutes);
                    continue;
                }
                Act::Order(order, from_due) => {
                    let near = (before - TimeDelta::milliseconds(1)).date_naive() + TimeDelta::days(*from_due);
                    orders.insert(near, *order);
                    let next = rules(counted, within, keep_clock, &orders);
                    if next.version() == office.rulebook.version() {
                        continue;
                    }
                    moved_later(&office.moves(case, next, now), before)?;
                    prop_assert!(due(&office, case) >= before, "{act:?}");
                    continue;
                }
                Act::Sweep => {
                    office.decided(Some(case), &Command::TimerDue, &Desk::system(), now).expect("time passes");
                    prop_assert!(due(&office, case) >= before, "{act:?}");
                    continue;
                }
                Act::Ask => (&works, json!({"action": "seek_information", "question": "Where?"})),
                Act::Tell => (&citizen, json!({"action": "provide_information", "information": "Here."})),
                Act::Report => (&works, json!({"action": "report_action", "report": "Filled."})),
                Act::SendBack => (&desk, json!({"action": "send_back_report", "remarks": "No."})),
                Act::Extend(by) => {
                    let until = before.max(now).date_naive() + Days::new(*by + 1);
                    (&desk, json!({"action": "extend", "until": until.to_string(), "remarks": "The roller is late."}))
                }
            };
            if office.submit(Some(case), &request(&steps.1), steps.0, now).is_err() {
                continue;
            }
            prop_assert!(due(&office, case) >= before, "{act:?}: {before} became {}", due(&office, case));
            let stood = match (&act, clock.standing, clock.met_at) {
                (Act::Tell, Some(stood), _) if stood.until.is_none_or(|until| until > now) => Some(stood.since),
                (Act::SendBack, _, Some(met)) => Some(met),
                _ => None,
            };
            // An extension is for the named day, whatever passed before it was said.
            if let Some(from) = stood.filter(|from| clock.extended().is_none_or(|(_, said)| said < *from)) {
                let (took, gave) = given_back(&office, case, Pause { from, until: now }, before);
                prop_assert!(gave >= took, "{act:?} took {took} and gave {gave}");
            }
        }
    }
}
