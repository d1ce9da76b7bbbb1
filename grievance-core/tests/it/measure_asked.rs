//! What a desk is asked, against what its cases are asked and a loop over the cases: for the desks that the scenarios leave.

use crate::scenario_runner::all;
use chrono::{DateTime, Days, NaiveDate, Utc};
use grievance_core::desk::{Acting, Desk, DeskError, Measure};
use grievance_core::kernel::code::TenantCode;
use grievance_core::measure::as_of::fact_as_of;
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::access::Scope;
use grievance_core::store::memory::MemoryStore;
use grievance_core::vocabulary::ErrorCode;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Every scenario's desk, and a day after its last event.
pub(crate) fn desks() -> Vec<(String, Desk, NaiveDate)> {
    let run = |(name, scenario): (String, crate::scenario_runner::Scenario)| {
        let tenant = TenantCode::new("scenario").expect("a code");
        let desk = scenario.run(&name, MemoryStore::default().tenant(&tenant)).desk;
        let mut last = None;
        desk.store()
            .scan(&Scope::All, &mut |history| {
                last = last.max(history.iter().map(|next| next.at).max());
                true
            })
            .unwrap();
        last.map(|last| (name, desk, last.date_naive() + Days::new(9)))
    };
    all().into_iter().filter_map(run).collect()
}

fn now(day: NaiveDate) -> DateTime<Utc> {
    day.and_hms_opt(12, 0, 0).unwrap().and_utc()
}

fn ask(acting: &Acting<'_>, question: &Value) -> Result<Vec<Map<String, Value>>, DeskError> {
    Ok(acting.measure(&Measure::from_json(&question.to_string()).unwrap())?.objects())
}

/// Pending by office and band, counted in the working days of each office, case by case.
fn pending(desk: &Desk, book: &Rulebook, day: NaiveDate) -> BTreeMap<String, [u64; 4]> {
    let at = day.and_hms_opt(0, 0, 0).unwrap().and_local_timezone(book.zone()).unwrap().to_utc();
    let mut bands = BTreeMap::<String, [u64; 4]>::new();
    let mut count = |history: &[_]| {
        let Some(fact) = fact_as_of(history, at) else { return true };
        if fact.part_of.is_none() && fact.sealed.is_none() && fact.phase.is_pending() {
            let received = fact.received_at.with_timezone(&book.zone()).date_naive();
            let calendar = book.calendar(&fact.unit, None);
            let days = received.iter_days().take_while(|next| *next < day);
            let age = days
                .filter(|next| calendar.working_days_between(*next, next.succ_opt().unwrap()) == 1)
                .count();
            let band = [7, 15, 31].iter().filter(|cut| age >= **cut).count();
            bands.entry(fact.unit.to_string()).or_default()[band] += 1;
        }
        true
    };
    desk.store().scan(&Scope::All, &mut count).unwrap();
    bands
}

/// Asked for working days, a desk counts those of its rulebook: in the bands, and in the statement.
#[test]
fn working_days_are_those_of_the_rulebook() {
    let (mut cases, mut otherwise) = (0, 0);
    for (name, desk, day) in desks() {
        let system = Desk::system();
        let acting = desk.by(&system, now(day));
        let book = acting.rulebook().unwrap();
        let wanted = pending(&desk, &book, day);
        for what in ["pendency", "mis"] {
            let of = |rule: &str| {
                let rows = ask(&acting, &json!({ "what": what, "as_of": day, "rule": rule })).unwrap();
                let bands = |row: &Map<String, Value>| {
                    let band = |name: &str| row[name].as_u64().unwrap();
                    let bands = ["under 7", "7 to 14", "15 to 30", "more than 30"].map(band);
                    // The statement has names, and codes beside them; a line without an office is all together.
                    let code = row.get("code").unwrap_or(&row["unit"]).as_str()?;
                    Some((code.to_owned(), bands))
                };
                let rows = rows.iter().filter_map(bands);
                rows.filter(|(_, bands)| bands.iter().sum::<u64>() > 0).collect::<BTreeMap<_, _>>()
            };
            assert_eq!(of("working"), wanted, "{name}: {what}");
            otherwise += usize::from(of("calendar") != wanted);
        }
        cases += wanted.values().flatten().sum::<u64>();
    }
    assert!(cases > 20 && otherwise > 5, "{cases} cases, {otherwise} differ from the calendar");
}

/// Cases without a rulebook have no working days, and that is said.
#[test]
fn working_days_are_not_made_up() {
    use grievance_core::measure::cases::casebook::Casebook;
    use grievance_core::measure::cases::table::Cases;
    let book = Casebook::from(Cases::new(chrono_tz::Asia::Kolkata));
    for what in ["pendency", "durations", "board"] {
        let mut question = json!({ "what": what, "as_of": "2026-04-01", "rule": "working" });
        if what == "board" {
            question["index"] = "average_days".into();
        }
        let refused = Measure::from_json(&question.to_string()).unwrap().of_cases(&book).unwrap_err();
        assert_eq!((&*refused.place, refused.code), ("rule", ErrorCode::InvalidCommand), "{what}");
        assert!(refused.hint.is_some());
    }
}

/// The periods of a desk are those of its cases: the last one is whole, as far as it has come.
#[test]
fn a_desks_flow_is_that_of_its_cases() {
    for (name, desk, day) in desks() {
        let system = Desk::system();
        let acting = desk.by(&system, now(day));
        let cases = acting.cases(day + Days::new(500)).unwrap();
        for (period, back) in [("week", 12), ("month", 40), ("financial_year", 400)] {
            let (since, until) = (day - Days::new(back), day - Days::new(9));
            let question = json!({ "what": "flow", "since": since, "until": until, "period": period });
            let own = cases.flow(since, until, period).unwrap().objects();
            assert_eq!(ask(&acting, &question).unwrap(), own, "{name}: {period}");
            let turned = json!({ "what": "flow", "since": until, "until": since, "period": period });
            let refused = ask(&acting, &turned).unwrap_err();
            assert_eq!(refused.code(), ErrorCode::DateInvalid, "{name}: {period}");
        }
    }
}

/// An office that nobody knows has no curve; one of the rulebook that has no case has an empty one.
#[test]
fn an_unknown_office_has_no_curve() {
    let (_, desk, day) = desks().swap_remove(0);
    let system = Desk::system();
    let acting = desk.by(&system, now(day));
    let of = |unit: &str| ask(&acting, &json!({ "what": "kaplan_meier", "as_of": day, "unit": unit }));
    assert_eq!(of("no-such-office").unwrap_err().code(), ErrorCode::UnknownCode);
    for unit in acting.rulebook().unwrap().directory().iter() {
        assert!(of(unit.code.as_str()).is_ok(), "{}", unit.code);
    }
}

/// An instant of another millennium has no end of rounds before it: a sweep stops, and says that there is more.
#[test]
fn a_sweep_of_another_millennium_ends() {
    let (_, desk) = crate::desk_support::desks().swap_remove(0);
    let far = "9998-12-31T00:00:00Z".parse().unwrap();
    let first = desk.sweep(far, 10).unwrap();
    assert!(first.more && first.jobs.len() <= 10_000, "{} jobs", first.jobs.len());
    let next = desk.sweep(far, 10).unwrap();
    assert!(next.jobs.iter().all(|job| !first.jobs.contains(job)));
}

/// An office that there is not is refused by every measure that takes one; of one that the rulebook has and no case has, there
/// is nothing.
#[test]
fn an_office_that_there_is_not_is_refused_by_all() {
    let (_, desk, day) = desks().swap_remove(0);
    let system = Desk::system();
    let acting = desk.by(&system, now(day));
    let questions = [
        json!({ "what": "behind", "as_of": day, "of": "received" }),
        json!({ "what": "waiting", "as_of": day }),
        json!({ "what": "stays", "as_of": day }),
        json!({ "what": "review", "as_of": day }),
        json!({ "what": "kaplan_meier", "as_of": day }),
        json!({ "what": "movements", "since": day, "until": day }),
    ];
    for mut question in questions {
        question["unit"] = json!("no-such-office");
        match ask(&acting, &question) {
            Err(DeskError::NotAsked(refused)) => {
                assert_eq!(
                    (refused.code, refused.place.as_str()),
                    (ErrorCode::UnknownCode, "unit"),
                    "{question}"
                );
            }
            other => panic!("{question}: {other:?}"),
        }
    }
    let quiet = acting.rulebook().unwrap();
    for unit in quiet.directory().iter() {
        assert!(
            ask(&acting, &json!({ "what": "behind", "as_of": day, "of": "received", "unit": unit.code }))
                .is_ok()
        );
    }
}

/// What the targets of cases were by a day does not depend on when a sweep came by: rates count what the statement counts.
#[test]
fn a_late_sweep_does_not_change_what_was_missed() {
    let mut late = 0;
    for (name, desk, last) in desks() {
        let system = Desk::system();
        for day in last.iter_days().take(60).step_by(6) {
            let acting = desk.by(&system, now(day));
            let rates = ask(&acting, &json!({ "what": "rates", "as_of": day })).unwrap();
            let missed: u64 = rates.iter().map(|row| row["breached"].as_u64().unwrap()).sum();
            let mis = acting.mis(day, grievance_core::vocabulary::AgeRule::Calendar).unwrap();
            // A case counts once here, and each of its targets there.
            assert_eq!(missed > 0, mis.all.breaches.count > 0, "{name}: {day}");
            let cases = acting.cases(day).unwrap();
            assert!(missed <= mis.all.breaches.count, "{name}: {day}");
            late += u64::from(missed > 0);
            let refused = cases.mis(&grievance_core::measure::cases::sheets::Asked::of(day)).unwrap_err();
            assert_eq!(refused.place, "data", "{name}: a desk knows its movements");
        }
    }
    assert!(late > 20, "{late}");
}
