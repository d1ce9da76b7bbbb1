//! Why a date is what it is, and what comes next if nobody acts.

use crate::desk_support::Unscoped as _;
use crate::desk_support::{TOWN, at, citizen, desks, lodge, lodging, officer, open, person, stores, take};
use crate::office::{Story, actor};
use crate::verified::verified;
use chrono::{DateTime, TimeDelta, Utc};
use grievance_core::calendar::Why;
use grievance_core::desk::Desk;
use grievance_core::grievance::command::Command;
use grievance_core::grievance::event::{Recorded, What};
use grievance_core::grievance::moment::Moment;
use grievance_core::grievance::outlook::{Ahead, Happens, Progress, explain, outlook};
use grievance_core::grievance::timer::next_due;
use grievance_core::kernel::id::GrievanceId;
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::escalation::Superior;
use grievance_core::store::Holding;
use grievance_core::vocabulary::{Because, HolidayClass, Purpose, TargetKind, Tenure, TimeUnit};
use proptest::prelude::*;
use serde_json::json;

/// The first rulebook of the guide.
const GUIDE: &str = r#"
extends = "west-bengal"
[[calendar.holiday]]
code = "doljatra-2026"
date = "2026-03-03"
name = "Doljatra"
source = "Finance Department, No. 4188-F(P2) of 27 November 2025"
"#;

fn guide_desks() -> Vec<(&'static str, Desk)> {
    let opened = stores().into_iter().map(|(name, store)| {
        let desk = open(store);
        desk.activate(Rulebook::from_toml(GUIDE).unwrap(), at("2020-01-01T00:00:00Z")).unwrap();
        (name, desk)
    });
    opened.collect()
}

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

/// The last picture of the guide: the rule, its start, the days that do not count and why.
#[test]
fn a_due_date_says_what_it_was_counted_from_and_what_it_skipped() {
    for (name, desk) in guide_desks() {
        let now = at("2026-03-02T05:30:00Z");
        let case = desk.by(&citizen(), now).lodge(lodging("road-repair")).unwrap().case;
        let why = desk.explain(case, TargetKind::Resolution, now).unwrap().expect("it has a deadline");
        assert_eq!(
            (why.rule.0.as_str(), why.rule.1.as_str()),
            ("resolution", "Action taken report"),
            "{name}"
        );
        assert_eq!((why.from_at, why.amount.within, why.amount.counted), (now, 7, TimeUnit::WorkingDays));
        let holiday = Why::Holiday { name: "Doljatra".into(), class: HolidayClass::Public };
        let skipped: Vec<_> = why.skipped.iter().map(|it| (it.day, it.why.clone())).collect();
        let expected = [(day("2026-03-03"), holiday), (day("2026-03-08"), Why::WeeklyRest)];
        assert_eq!(skipped, expected, "{name}");
        assert_eq!((why.due_on, why.due_at), (day("2026-03-11"), at("2026-03-11T12:30:00Z")), "{name}");
        assert_eq!((why.pauses.len(), why.moves.len(), why.standing, why.met_at), (0, 0, None, None));
        assert_eq!(desk.explain(case, TargetKind::AppealDecision, now).unwrap(), None, "{name}");
    }
}

/// A question, an answer and an extension: the explanation has the span in which the clock stood and
/// each move with its reason; met, it says when.
#[test]
fn a_due_date_says_when_its_clock_stood_and_why_it_moved() {
    for (name, desk) in desks() {
        let case = lodge(&desk, "pothole", "2026-03-02T09:00:00Z").case;
        let (works, clerk) = (officer("hod", "works"), officer("cell_officer", "desk"));
        let explained = |now: &str| {
            desk.explain(case, TargetKind::Resolution, at(now)).unwrap().expect("it has a deadline")
        };
        take(&desk, &works, "2026-03-02T10:00:00Z", case, r#"{"action":"acknowledge"}"#);
        let asked = "2026-03-05T09:30:00Z";
        take(&desk, &works, asked, case, r#"{"action":"seek_information","question":"Where?"}"#);
        let stands = explained(asked).standing.expect("it stands");
        assert_eq!((stands.since, stands.until), (at(asked), Some(at("2026-03-19T18:30:00Z"))), "{name}");
        let answered = "2026-03-09T05:30:00Z";
        let tells = r#"{"action":"provide_information","information":"Here."}"#;
        take(&desk, &citizen(), answered, case, tells);
        let why = explained(answered);
        let stood: Vec<_> = why.pauses.iter().map(|pause| (pause.from, pause.until)).collect();
        assert_eq!(stood, [(at(asked), at(answered))], "{name}");
        // Ten working days and two, Friday and Monday.
        assert_eq!(why.due_on, day("2026-03-18"), "{name}");
        let extend = r#"{"action":"extend","until":"2026-03-22","remarks":"The roller is late."}"#;
        take(&desk, &clerk, "2026-03-10T05:30:00Z", case, extend);
        let why = explained("2026-03-10T05:30:00Z");
        let moved: Vec<_> = why.moves.iter().map(|it| (it.because, it.before, it.after)).collect();
        let (before, after) = (at("2026-03-18T11:30:00Z"), at("2026-03-23T11:30:00Z"));
        assert_eq!(moved, [(Because::Extended, before, after)], "{name}: a Sunday runs on to Monday");
        assert_eq!((why.due_on, why.due_at, why.breached), (day("2026-03-23"), after, false), "{name}");
        let report = r#"{"action":"report_action","report":"Filled."}"#;
        take(&desk, &works, "2026-03-11T05:30:00Z", case, report);
        assert_eq!(explained("2026-03-12T05:30:00Z").met_at, Some(at("2026-03-11T05:30:00Z")), "{name}");
    }
}

/// A deadline in calendar days skips none, and one that ends at midnight is due on the day before.
#[test]
fn a_day_that_ends_at_midnight_is_the_day_before() {
    let mut story = Story::with(
        "city-311",
        "zone = \"Asia/Kolkata\"\ntarget = [{ code = \"resolution\", within = 6, counted = \"calendar_days\" }]",
    );
    let case = story.lodge(&actor("complainant", ""), json!({"narrative": "n", "category": "pothole"}));
    let live = story.office.live(case);
    let why = explain(live, TargetKind::Resolution, &story.office.rulebook);
    let why = why.expect("it has a deadline");
    assert_eq!((why.due_on, why.due_at), (day("2026-03-08"), at("2026-03-08T18:30:00Z")));
    assert_eq!(why.skipped, [], "a Saturday and a Sunday count");
}

/// A complainant's window that would end on a closed day says over which days it rolled, and why.
#[test]
fn a_window_says_over_which_days_it_rolled() {
    let holiday = || Why::Holiday { name: "April".into(), class: HolidayClass::Public };
    for (closed, expected, due) in [
        ("2 March", vec![("2026-04-01", holiday()), ("2026-04-02", holiday())], "2026-04-03"),
        ("5 March", vec![("2026-04-04", Why::WeeklyRest), ("2026-04-05", Why::WeeklyRest)], "2026-04-06"),
        ("6 March", vec![("2026-04-05", Why::WeeklyRest)], "2026-04-06"),
        ("8 March", vec![], "2026-04-07"),
    ] {
        let mut story = Story::with(
            "city-311",
            "zone = \"UTC\"\n[calendar]\nholiday = [{ code = \"h\", date = 2026-04-01, until = 2026-04-02, name = \"April\", source = \"t\" }]",
        );
        let case = story.lodge(&actor("complainant", ""), json!({"narrative": "n", "category": "pothole"}));
        let days = closed[..1].parse::<i64>().unwrap() - 2;
        story.later(TimeDelta::days(days));
        let done = json!({"remarks": "r", "reason": "benefit_provided",
            "evidence": {"date": "2026-03-02", "reference": "1"}});
        story.does(&actor("hod", "works"), case, "dispose", done);
        let why = explain(story.office.live(case), TargetKind::Reopening, &story.office.rulebook);
        let why = why.expect("a disposal opens it");
        let skipped: Vec<_> = why.skipped.into_iter().map(|it| (it.day, it.why)).collect();
        let expected: Vec<_> = expected.into_iter().map(|(on, why)| (day(on), why)).collect();
        assert_eq!((skipped, why.due_on), (expected, day(due)), "closed on {closed}");
    }
}

/// "If nobody acts, on 14 March it goes to …": the days of the guide's last picture.
#[test]
fn the_complainant_sees_what_comes_if_nobody_acts() {
    for (name, desk) in guide_desks() {
        let now = at("2026-03-02T05:30:00Z");
        let case = desk.by(&citizen(), now).lodge(lodging("road-repair")).unwrap().case;
        let to_office = r#"{"action":"assign","unit":"public-works"}"#;
        take(&desk, &officer("cell_officer", "cmo-cell"), "2026-03-02T06:00:00Z", case, to_office);
        let works = officer("hod", "public-works");
        take(&desk, &works, "2026-03-02T07:00:00Z", case, r#"{"action":"acknowledge"}"#);
        let seen = desk.progress(case, at("2026-03-02T08:00:00Z")).unwrap();
        assert_eq!(seen.due.as_ref().map(|due| due.due_on), Some(day("2026-03-11")), "{name}");
        let ahead: Vec<String> = seen.ahead.iter().map(in_words).collect();
        assert_eq!(
            ahead,
            [
                "2026-03-10 public-works is told, level 1",
                "2026-03-11 resolution is missed",
                "2026-03-11 govt is told, level 2",
                "2026-03-14 govt is told, level 3",
            ],
            "{name}"
        );
        let ended = r#"{"action":"withdraw","remarks":"It was filled."}"#;
        take(&desk, &citizen(), "2026-03-04T05:30:00Z", case, ended);
        let seen = desk.progress(case, at("2026-03-04T06:00:00Z")).unwrap();
        assert_eq!((seen.due, seen.ahead), (None, Vec::new()), "{name}: nothing comes of a case that ended");
    }
}

fn in_words(ahead: &Ahead) -> String {
    let what = match &ahead.what {
        Happens::Missed(target) => format!("{target} is missed"),
        Happens::GoesOn(target) => format!("{target} goes on"),
        Happens::ToldTo { unit, level, .. } => format!("{unit} is told, level {level}"),
        Happens::GoesTo { unit, level, .. } => format!("{unit} has it, level {level}"),
        Happens::Proposed { unit, level } => format!("{unit} is proposed, level {level}"),
        Happens::WindowEnds(target) => format!("{target} ends"),
    };
    format!("{} {what}", ahead.on)
}

/// The level that hands a case over is foretold as one, and what was proposed as that.
#[test]
fn who_takes_a_case_over_is_foretold() {
    let mut story = Story::with(
        "city-311",
        "zone = \"UTC\"\nescalation = [{ code = \"when-late\", does = \"reassign\" }, \
         { code = \"asks\", level = 2, after = 2, taken = \"approval\", unit = \"desk\", post = \"clerk\" }]",
    );
    let case = story.lodge(&actor("complainant", ""), json!({"narrative": "n", "category": "pothole"}));
    let ahead = foretold(&story, case);
    let words: Vec<_> = ahead.iter().map(in_words).collect();
    let expected = [
        "2026-03-16 resolution is missed",
        "2026-03-16 city has it, level 1",
        "2026-03-18 desk is proposed, level 2",
    ];
    assert_eq!(words, expected);
}

/// A roster that knows a post and has nobody in it since the year began.
fn left(desk: &Desk, unit: &str, post: &str) {
    let holding = Holding {
        unit: unit.parse().unwrap(),
        post: post.parse().unwrap(),
        person: person(5),
        tenure: Tenure::Holder,
        from: at("2025-01-01T00:00:00Z"),
        until: Some(at("2026-01-01T00:00:00Z")),
    };
    desk.appoint(&holding).unwrap();
}

/// With vacant posts the complainant is told where the levels fall back to: in the portal, by
/// tracking code and by mobile. The sweep then does what was told.
#[test]
fn a_vacant_post_is_foretold_as_what_it_falls_back_to() {
    let ladder = "unit = [{ code = \"gang\", name = \"Gang\", kind = \"office\", parent = \"works\", \
         head = \"head\" }]\nroute = [{ category = \"pothole\", unit = \"gang\" }]\n\
         escalation = [{ code = \"when-late\", remove = true }, \
         { code = \"named\", level = 1, percent = 100, unit = \"gang\", post = \"clerk\" }, \
         { code = \"later\", level = 2, after = 3, up = 1, does = \"reassign\" }]";
    for (name, store) in stores() {
        let desk = open(store);
        let rulebook = Rulebook::from_toml(&format!("{TOWN}\n{ladder}")).unwrap();
        desk.activate(rulebook, at("2020-01-01T00:00:00Z")).unwrap();
        for (unit, post) in [("gang", "clerk"), ("gang", "head"), ("works", "head")] {
            left(&desk, unit, post);
        }
        let now = at("2026-03-02T09:00:00Z");
        let mut body = lodging("pothole");
        body.mobile = Some("98300 01234".to_owned());
        let done = desk.by(&citizen(), now).lodge(body).unwrap();
        let told = |seen: &Progress| {
            let levels = seen.ahead.iter().filter_map(|next| match &next.what {
                Happens::ToldTo { unit, post, level } => Some((false, unit, post, *level)),
                Happens::GoesTo { unit, post, level } => Some((true, unit, post, *level)),
                _ => None,
            });
            let told = levels.map(|(moves, unit, post, level)| {
                (moves, unit.to_string(), post.as_ref().map(ToString::to_string), level)
            });
            told.collect::<Vec<_>>()
        };
        let head = |unit: &str| (unit.to_owned(), Some("head".to_owned()));
        let (city, post) = head("city");
        // The gang's clerk, its head and the head of works are away: the city is told, and has it.
        let expected = [(false, city.clone(), post.clone(), 1), (true, city, post, 2)];
        let seen = desk.by(&citizen(), now).progress(done.case).unwrap();
        assert_eq!(told(&seen), expected, "{name}");
        let own = verified(&desk, "98300 01234", Purpose::Track, now);
        let number = done.number.expect("it has one").to_string();
        let tracked = desk.track_by_mobile(&own, &number, now).unwrap().expect("it is theirs");
        assert_eq!(told(&tracked), expected, "{name}: by mobile");
        desk.sweep(at("2026-06-01T00:00:00Z"), 10).unwrap();
        let took = desk.history(done.case).unwrap().into_iter().filter_map(|next| match next.event.what {
            What::Escalated(it) => Some((it.to.to_string(), it.post.map(|post| post.to_string()))),
            _ => None,
        });
        assert_eq!(took.collect::<Vec<_>>(), [head("city"), head("city")], "{name}: and so it comes");
    }
}

/// A tracking code shows the same as the portal, vacant posts and all.
#[test]
fn a_tracking_code_shows_who_stands_in_for_a_vacant_post() {
    for (name, desk) in desks() {
        left(&desk, "city", "head");
        let now = at("2026-03-02T09:00:00Z");
        let mut body = lodging("pothole");
        body.anonymous = Some(true);
        let done = desk.by(&officer("cell_officer", "desk"), now).lodge(body).unwrap();
        let code = done.tracking_code.expect("an anonymous lodging has one");
        let tracked = desk.track(code.as_str(), now).unwrap().expect("it opens the case");
        let clerk = desk.by(&officer("cell_officer", "desk"), now).progress(done.case).unwrap();
        assert_eq!(tracked.progress, clerk, "{name}");
    }
}

/// The forecast with the posts that stand vacant in the office.
fn foretold(story: &Story, case: GrievanceId) -> Vec<Ahead> {
    let (office, system) = (&story.office, Desk::system());
    let moment = Moment::new(story.now, &system, &office.rulebook);
    outlook(office.live(case), &Moment { vacant: &office.vacant, ..moment })
}

/// What a history says happened by itself after a version, in the words of a forecast.
fn happened(history: &[Recorded], since: u64) -> Vec<(DateTime<Utc>, Happens)> {
    let tick = TimeDelta::milliseconds(1);
    let goes_on: Vec<DateTime<Utc>> = history
        .iter()
        .filter_map(|next| match &next.event.what {
            What::ClockResumed(it) => Some(it.resumed_at),
            _ => None,
        })
        .collect();
    // A level comes in the millisecond after its instant; one whose instant passed while the clock
    // stood, with the clock.
    let instant = |at| if goes_on.contains(&at) { at } else { at - tick };
    let mut unit = None;
    let mut found = Vec::new();
    for next in history {
        let moved = unit.as_ref().is_some_and(|before| *before != next.event.led_to.unit);
        unit = Some(next.event.led_to.unit.clone());
        if next.version <= since {
            continue;
        }
        let (at, what) = match &next.event.what {
            What::TargetBreached(it) => (it.due_at, Happens::Missed(it.target)),
            What::ClockResumed(it) => (it.resumed_at, Happens::GoesOn(it.target)),
            What::Escalated(it) => {
                let (unit, post, level) = (it.to.clone(), it.post.clone(), it.level.unwrap_or(0));
                let what = if moved {
                    Happens::GoesTo { unit, post, level }
                } else {
                    Happens::ToldTo { unit, post, level }
                };
                (instant(next.at), what)
            }
            What::EscalationProposed(it) => {
                (instant(next.at), Happens::Proposed { unit: it.to.clone(), level: it.level })
            }
            other => panic!("nobody acted, and yet: {other:?}"),
        };
        found.push((at, what));
    }
    found
}

/// Every step that somebody could take on a case; what is refused is not taken.
fn attempts(story: &mut Story, case: GrievanceId, what: usize, days: u64) {
    let works = actor("hod", story.unit(case));
    let clerk = actor("cell_officer", "desk");
    let citizen = actor("complainant", "");
    let until = (story.now + TimeDelta::days(i64::try_from(days).unwrap() + 10)).date_naive();
    let step = [
        (&works, "acknowledge", json!({})),
        (&works, "seek_information", json!({"question": "Where?"})),
        (&citizen, "provide_information", json!({"information": "Here."})),
        (&works, "report_action", json!({"report": "Filled."})),
        (&clerk, "send_back_report", json!({"remarks": "No."})),
        (&clerk, "extend", json!({"until": until.to_string(), "remarks": "The roller is late."})),
        (&works, "transfer", json!({"unit": "water", "remarks": "A pipe."})),
        (&citizen, "remind", json!({})),
    ];
    let (who, action, body) = step[what % step.len()].clone();
    let _ = story.attempt(who, Some(case), action, body);
}

/// The posts that the ladder of the law below may turn to.
const POSTS: [(&str, &str); 4] = [("works", "head"), ("water", "head"), ("city", "head"), ("desk", "clerk")];

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    /// What a complainant is told will come does come, at that instant and in that order, if nobody
    /// acts; and nothing else does.
    #[test]
    fn what_is_foretold_comes_true(
        counted in prop::sample::select(vec!["working_days", "working_hours", "calendar_days"]),
        within in 2_u32..10,
        pause_days in 1_u32..9,
        percent in 1_u32..=100,
        after in 1_u32..6,
        does in prop::sample::select(vec!["notify", "reassign"]),
        taken in prop::sample::select(vec!["automatic", "approval", "manual"]),
        acts in prop::collection::vec((0_usize..8, 0_u64..4), 0..10),
        vacant in prop::sample::subsequence(POSTS.to_vec(), 0..=POSTS.len()),
    ) {
        let mut story = Story::with("city-311", &format!(
            "zone = \"Asia/Kolkata\"\n\
             target = [{{ code = \"resolution\", within = {within}, counted = \"{counted}\", pause_days = {pause_days} }},\n\
             {{ code = \"first\", kind = \"first_action\", within = 1 }},\n\
             {{ code = \"water\", kind = \"resolution\", unit = \"water\", within = 3, on_transfer = \"restart\" }}]\n\
             escalation = [{{ code = \"when-late\", level = 1, percent = {percent}, up = 0 }},\n\
             {{ code = \"b\", level = 2, percent = 100, up = 1, does = \"{does}\", taken = \"{taken}\" }},\n\
             {{ code = \"c\", level = 3, after = {after}, unit = \"desk\", post = \"clerk\" }}]"
        ));
        let case = story.lodge(&actor("complainant", ""), json!({"narrative": "n", "category": "pothole"}));
        for (what, days) in acts {
            story.later(TimeDelta::hours(i64::try_from(days).unwrap() * 17));
            attempts(&mut story, case, what, days);
        }
        let away = |(unit, post): (&str, &str)| {
            Superior { unit: unit.parse().unwrap(), post: Some(post.parse().unwrap()) }
        };
        story.office.vacant = vacant.into_iter().map(away).collect();
        // What is overdue already is recorded first: a forecast begins now.
        let now = story.now;
        story.office.decided(Some(case), &Command::TimerDue, &Desk::system(), now).expect("time passes");
        let version = story.office.live(case).version;
        let foretold = foretold(&story, case);
        while let Some(next) = next_due(story.office.live(case), &story.office.rulebook) {
            let came = story.office.decided(Some(case), &Command::TimerDue, &Desk::system(), next);
            prop_assert!(!came.expect("time passes").events.is_empty(), "a timer is for something");
        }
        let foretold: Vec<_> = foretold.into_iter().map(|it| (it.at, it.what)).collect();
        prop_assert_eq!(foretold, happened(&story.office.cases[&case].history, version));
    }
}
