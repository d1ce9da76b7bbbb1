//! The ladder: who is told of a late case, in which order, and that no level is ever skipped.

use crate::desk_support::Unscoped as _;
use crate::desk_support::{at, desks, lodge, officer, person, take};
use crate::office::{Story, actor};
use chrono::TimeDelta;
use grievance_core::desk::Desk;
use grievance_core::grievance::command::Command;
use grievance_core::grievance::event::What;
use grievance_core::grievance::payload::Escalated;
use grievance_core::grievance::project::CaseFact;
use grievance_core::grievance::timer::next_due;
use grievance_core::kernel::code::RuleCode;
use grievance_core::kernel::id::GrievanceId;
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::finding::{Finding, Lint};
use grievance_core::store::Holding;
use grievance_core::vocabulary::ErrorCode;
use proptest::prelude::*;
use serde_json::json;

const NOW: &str = "2026-03-02T09:00:00Z";

/// A gang below works, below the city; a ladder of three levels.
const LADDER: &str = r#"
extends = "city-311"
name = "Test town"
zone = "Asia/Kolkata"
unit = [{ code = "gang", name = "Road gang", kind = "office", parent = "works", head = "head" }]
route = [{ category = "pothole", unit = "gang" }]
escalation = [
  { code = "early", level = 1, percent = 75, up = 0 },
  { code = "when-late", level = 2, percent = 100, up = 1 },
  { code = "later", level = 3, after = 3, up = 2, post = "clerk" },
]
"#;

fn story(lines: &str) -> Story {
    Story::with("city-311", lines)
}

fn waits(story: &mut Story, case: GrievanceId, days: i64) {
    story.later(TimeDelta::days(days));
    let now = story.now;
    story.office.decided(Some(case), &Command::TimerDue, &Desk::system(), now).expect("time passes");
}

fn levels(story: &Story, case: GrievanceId) -> Vec<(Option<u32>, String, Option<String>)> {
    let history = story.office.cases[&case].history.iter();
    let escalated = history.filter_map(|next| match &next.event.what {
        What::Escalated(it) => Some((it.level, it.to.to_string(), it.post.as_ref().map(ToString::to_string))),
        _ => None,
    });
    escalated.collect()
}

fn pothole(story: &mut Story) -> GrievanceId {
    story.lodge(&actor("complainant", ""), json!({"narrative": "n", "category": "pothole"}))
}

/// Each level once, in order, from the office that has the case upward; asleep for months, the
/// sweep takes them all at once and still in order.
#[test]
fn a_late_case_climbs_level_by_level() {
    let lines = LADDER.lines().filter(|line| !line.starts_with("extends")).collect::<Vec<_>>().join("\n");
    let all = [
        (Some(1), "gang".to_owned(), Some("head".to_owned())),
        (Some(2), "works".to_owned(), Some("head".to_owned())),
        (Some(3), "city".to_owned(), Some("clerk".to_owned())),
    ];
    let (mut slow, mut asleep) = (story(&lines), story(&lines));
    let (one, two) = (pothole(&mut slow), pothole(&mut asleep));
    for (days, reached) in [(7, 0), (4, 1), (4, 2), (5, 3), (90, 3)] {
        waits(&mut slow, one, days);
        assert_eq!(levels(&slow, one), all[..reached], "after {days} more days");
        let fact = CaseFact::of(slow.office.live(one));
        assert_eq!((fact.level as usize, fact.escalations as usize), (reached, reached));
        assert_eq!(fact.unit.as_str(), "gang", "to be told of a case is not to get it");
    }
    assert_eq!(next_due(slow.office.live(one), &slow.office.rulebook), None);
    waits(&mut asleep, two, 110);
    assert_eq!(levels(&asleep, two), all);
    assert_eq!(CaseFact::of(asleep.office.live(two)).breaches, 1);
}

/// A post that stands vacant is passed over for the head of the office, and then for the office
/// above; where nobody is there at all, the topmost is told all the same.
#[test]
fn a_vacant_post_falls_back_to_the_head_and_then_upward() {
    let told = |vacant: &[(&str, &str)]| -> Vec<(String, Option<String>)> {
        let mut answers = Vec::new();
        for (name, desk) in desks() {
            let text = LADDER.replace("Test town", "Ladder town").replace("up = 2, ", "unit = \"gang\", ");
            desk.activate(Rulebook::from_toml(&text).unwrap(), at("2020-01-02T00:00:00Z")).unwrap();
            for (unit, post) in vacant {
                let until = Some(at("2026-01-01T00:00:00Z"));
                let holding = Holding {
                    unit: unit.parse().unwrap(),
                    post: post.parse().unwrap(),
                    person: person(5),
                    tenure: grievance_core::vocabulary::Tenure::Holder,
                    from: at("2025-01-01T00:00:00Z"),
                    until,
                };
                desk.appoint(&holding).unwrap();
            }
            let case = lodge(&desk, "pothole", NOW).case;
            let swept = desk.sweep(at("2026-06-01T00:00:00Z"), 10).unwrap();
            assert_eq!((swept.escalations, swept.breaches, swept.cases), (3, 1, 1), "{name}");
            let history = desk.history(case).unwrap();
            let last = history.iter().rev().find_map(|next| match &next.event.what {
                What::Escalated(it) => Some(it.clone()),
                _ => None,
            });
            let Escalated { to, post, level, .. } = *last.expect("it was escalated");
            assert_eq!(level, Some(3), "{name}");
            answers.push((to.to_string(), post.map(|post| post.to_string())));
        }
        answers.dedup();
        answers
    };
    let one = |unit: &str, post: &str| vec![(unit.to_owned(), Some(post.to_owned()))];
    let (clerk, gang, works, city) =
        (("gang", "clerk"), ("gang", "head"), ("works", "head"), ("city", "head"));
    assert_eq!(told(&[]), one("gang", "clerk"), "of whom nothing is known is not known to be away");
    assert_eq!(told(&[gang, works]), one("gang", "clerk"));
    assert_eq!(told(&[clerk]), one("gang", "head"));
    assert_eq!(told(&[clerk, gang]), one("works", "head"));
    assert_eq!(told(&[clerk, gang, works]), one("city", "head"));
    assert_eq!(told(&[clerk, gang, works, city]), one("city", "head"), "never skipped");
}

/// A superior who takes the case over gets it with its breach; the deadline stays as it was, and
/// it is no transfer.
#[test]
fn taking_a_case_over_resets_nothing() {
    let mut story = story(
        "unit = [{ code = \"gang\", name = \"Gang\", kind = \"office\", parent = \"works\", head = \"head\" }]\n\
         route = [{ category = \"pothole\", unit = \"gang\" }]\n\
         escalation = [{ code = \"when-late\", does = \"reassign\" }]",
    );
    let case = pothole(&mut story);
    let due = CaseFact::of(story.office.live(case)).due_at;
    waits(&mut story, case, 60);
    let fact = CaseFact::of(story.office.live(case));
    assert_eq!((fact.unit.as_str(), fact.transfers, fact.due_at), ("works", 0, due));
    assert_eq!((fact.breaches, fact.breached_by.as_ref().map(ToString::to_string)), (1, Some("gang".into())));
    waits(&mut story, case, 60);
    assert_eq!(levels(&story, case).len(), 1, "once");
}

/// What waits for approval is proposed once; what an officer takes by hand never comes by itself.
#[test]
fn proposals_come_once_and_manual_levels_never() {
    let mut story = story(
        "escalation = [{ code = \"when-late\", taken = \"approval\" }, \
         { code = \"by-hand\", level = 2, after = 1, taken = \"manual\" }]",
    );
    let case = pothole(&mut story);
    waits(&mut story, case, 60);
    waits(&mut story, case, 60);
    let proposed = story.office.cases[&case]
        .history
        .iter()
        .filter(|next| matches!(next.event.what, What::EscalationProposed(_)));
    assert_eq!(proposed.count(), 1);
    assert_eq!(levels(&story, case), []);
    assert_eq!(CaseFact::of(story.office.live(case)).level, 1);
    // What waits is taken by an officer, who names it; the other is theirs to take at any time.
    let desk = actor("cell_officer", "desk");
    for (level, to) in [("when-late", "city"), ("by-hand", "city")] {
        story.does(&desk, case, "escalate", json!({"level": level}));
        let last = story.office.cases[&case].history.last().expect("a history").event.clone();
        let What::Escalated(taken) = last.what else { panic!("it was escalated: {last:?}") };
        assert_eq!((taken.rule.as_ref().map(RuleCode::as_str), taken.to.as_str()), (Some(level), to));
    }
    story.cannot(&desk, case, "escalate", json!({"level": "nope"}), ErrorCode::UnknownCode);
    story.cannot(
        &desk,
        case,
        "escalate",
        json!({"level": "by-hand", "unit": "desk"}),
        ErrorCode::InvalidCommand,
    );
}

/// A level that was proposed and hands the case over does so when an officer takes it; a vacant
/// post is passed over for them, too.
#[test]
fn an_approved_level_hands_the_case_over() {
    let mut story =
        story("escalation = [{ code = \"when-late\", taken = \"approval\", does = \"reassign\" }]");
    let case = pothole(&mut story);
    waits(&mut story, case, 60);
    assert_eq!(story.unit(case), "works", "only proposed");
    let due = CaseFact::of(story.office.live(case)).due_at;
    story.does(&actor("cell_officer", "desk"), case, "escalate", json!({"level": "when-late"}));
    assert_eq!(story.unit(case), "city");
    assert_eq!(CaseFact::of(story.office.live(case)).due_at, due, "the deadline stays as it was");
}

/// Opening a case again, reminding and being dissatisfied bring a case up as often as the
/// rulebook says, each time once.
#[test]
fn what_the_complainant_says_brings_a_case_up() {
    let mut story = story(
        "escalation = [{ code = \"again\", level = 2, on = \"reopened\", count = 2, up = 1 }, \
         { code = \"asked\", level = 3, on = \"reminded\", count = 3, up = 1 }]",
    );
    let (citizen, works) = (actor("complainant", ""), actor("hod", "works"));
    let case = pothole(&mut story);
    let done = json!({"remarks": "r", "reason": "benefit_provided",
        "evidence": {"date": "2026-03-02", "reference": "1"}});
    for times in 1..=3 {
        story.does(&works, case, "dispose", done.clone());
        story.does(&citizen, case, "reopen", json!({"remarks": "It is back."}));
        assert_eq!(levels(&story, case).len(), usize::from(times >= 2), "{times}");
    }
    for times in 1..=4 {
        story.does(&citizen, case, "remind", json!({}));
        assert_eq!(levels(&story, case).len(), 1 + usize::from(times >= 3), "{times}");
        assert_eq!(CaseFact::of(story.office.live(case)).reminders, times);
    }
}

/// Bad feedback brings a case up when it was said for the n-th time, once, with a superior who may
/// take it over; satisfaction and other times bring nothing.
#[test]
fn bad_feedback_brings_a_case_up() {
    for (does, unit) in [("notify", "works"), ("reassign", "city")] {
        let mut story = story(&format!(
            "escalation = [{{ code = \"bad\", level = 2, on = \"not_satisfied\", count = 2, up = 1, does = \"{does}\" }}]"
        ));
        let agent = actor("call_agent", "desk");
        let case = pothole(&mut story);
        for (outcome, reached) in
            [("not_satisfied", 0), ("satisfied", 0), ("not_satisfied", 1), ("not_satisfied", 1)]
        {
            story.does(&agent, case, "record_feedback", json!({"outcome": outcome}));
            assert_eq!(levels(&story, case).len(), reached, "{does}: {outcome}");
        }
        let told = [(Some(2), "city".to_owned(), Some("head".to_owned()))];
        assert_eq!(levels(&story, case), told, "{does}");
        assert_eq!(story.unit(case), unit, "{does}");
        // It is on no target's account: the level that time brings still comes, from where it is.
        waits(&mut story, case, 60);
        assert_eq!(levels(&story, case).len(), 2, "{does}");
    }
}

/// Each kind of office has a ladder of its own: a case that was taken over from an office of one
/// kind climbs on by the ladder of the other, and takes no level that is not its own.
#[test]
fn each_kind_of_office_has_its_own_ladder() {
    let lines = "unit = [{ code = \"gang\", name = \"Gang\", kind = \"desk\", parent = \"works\", head = \"head\" }]\n\
         escalation = [{ code = \"when-late\", unit_kind = \"desk\", does = \"reassign\" }, \
         { code = \"desks\", level = 2, after = 1, up = 0, unit_kind = \"desk\" }, \
         { code = \"offices\", level = 3, after = 2, up = 1, unit_kind = \"office\" }]";
    let rules = |story: &Story, case| {
        let history = story.office.cases[&case].history.iter();
        let taken = history.filter_map(|next| match &next.event.what {
            What::Escalated(it) => Some((it.rule.as_ref()?.to_string(), it.to.to_string())),
            _ => None,
        });
        taken.collect::<Vec<_>>()
    };
    let step = |rule: &str, to: &str| (rule.to_owned(), to.to_owned());
    let mut from_gang = story(&format!("route = [{{ category = \"pothole\", unit = \"gang\" }}]\n{lines}"));
    let case = pothole(&mut from_gang);
    // Ten working days to Monday 16 March, then one and two more.
    for (days, reached) in [(14, 0), (1, 1), (1, 1), (1, 2), (30, 2)] {
        waits(&mut from_gang, case, days);
        assert_eq!(rules(&from_gang, case).len(), reached, "after {days} more days");
    }
    assert_eq!(rules(&from_gang, case), [step("when-late", "works"), step("offices", "city")]);
    assert_eq!(from_gang.unit(case), "works", "the level of desks is not for the office that has it now");
    let mut from_works = story(lines);
    let case = pothole(&mut from_works);
    waits(&mut from_works, case, 60);
    assert_eq!(rules(&from_works, case), [step("offices", "city")]);
}

/// An office complained of is not told of the case: its superior is.
#[test]
fn the_accused_is_never_told() {
    let mut story = story("escalation = [{ code = \"own\", level = 2, after = 1, up = 0 }]");
    let citizen = actor("complainant", "");
    let body = json!({"narrative": "n", "category": "pothole", "against_unit": "works"});
    let case = story.lodge(&citizen, body);
    waits(&mut story, case, 60);
    assert!(levels(&story, case).len() == 2);
    assert!(levels(&story, case).iter().all(|(_, to, _)| to != "works"), "{:?}", levels(&story, case));
}

/// More time after a missed deadline does not make it a met one.
#[test]
fn an_extension_after_a_breach_keeps_the_breach_and_the_level() {
    for (name, desk) in desks() {
        let case = lodge(&desk, "pothole", NOW).case;
        desk.sweep(at("2026-04-01T00:00:00Z"), 10).unwrap();
        let clerk = officer("cell_officer", "desk");
        let body = r#"{"action":"extend","until":"2026-04-20","remarks":"The roller is late."}"#;
        take(&desk, &clerk, "2026-04-01T06:00:00Z", case, body);
        let fact = desk.case(case).unwrap().fact;
        assert_eq!((fact.breaches, fact.level, fact.escalations), (1, 1, 1), "{name}");
        assert_eq!(fact.due_at, Some(at("2026-04-20T11:30:00Z")), "{name}");
        let swept = desk.sweep(at("2026-06-01T00:00:00Z"), 10).unwrap();
        assert_eq!((swept.breaches, swept.escalations), (0, 0), "{name}: missed once, told once");
    }
}

/// What the linter says of a ladder.
fn findings(escalation: &str) -> Vec<String> {
    let text =
        format!("extends = \"city-311\"\nname = \"Town\"\nzone = \"UTC\"\nescalation = [{escalation}]");
    let refused = Rulebook::from_toml(&text).err().into_iter().flat_map(|refused| refused.findings);
    refused.filter(Finding::is_error).map(|it| it.to_string()).collect()
}

/// A ladder that would give a case back to an office from which it was taken is refused, by named
/// offices or by way of those above; and so is one whose levels do not rise with their time.
#[test]
fn a_ladder_that_leads_back_or_down_is_refused() {
    let up = "{ code = \"when-late\", does = \"reassign\" }";
    let to = |code: &str, level: u32, unit: &str| {
        format!(
            "{{ code = \"{code}\", level = {level}, after = {level}, unit = \"{unit}\", does = \"reassign\" }}"
        )
    };
    let round = "a case that was taken from";
    for (ladder, said) in [
        (format!("{}, {}", to("a", 2, "works"), to("b", 3, "water")), "escalation[2].unit"),
        // Up to the city, and down again to an office that may have had it.
        (format!("{up}, {}", to("a", 2, "works")), "escalation[1].unit"),
    ] {
        let found = findings(&ladder);
        assert!(found.len() == 1 && found[0].starts_with(said) && found[0].contains(round), "{found:?}");
    }
    // Upward and to the top; nobody has it twice.
    assert_eq!(findings(&format!("{up}, {}", to("a", 2, "city"))), Vec::<String>::new());
    // By hand it is an officer's own doing.
    assert_eq!(
        findings(&format!("{up}, {}", to("a", 2, "works").replace("does", "taken = \"manual\", does"))),
        Vec::<String>::new()
    );
    // The default said in words is the default.
    let twice = "{ code = \"a\", level = 2, after = 2 }, { code = \"b\", level = 2, after = 4, target = \"resolution\" }";
    assert!(findings(twice)[0].starts_with("escalation[2].level"), "{:?}", findings(twice));
    let early = "{ code = \"a\", level = 2, after = 5 }, { code = \"b\", level = 3, after = 3, counted = \"working_days\" }";
    assert!(findings(early)[0].starts_with("escalation[1].level"), "{:?}", findings(early));
}

/// Offices of two kinds: each one's place among them, and whom it stands below.
const TREE: [(&str, &str, Option<usize>); 6] = [
    ("city", "office", None),
    ("desk", "desk", Some(0)),
    ("works", "office", Some(0)),
    ("gang", "desk", Some(2)),
    ("crew", "desk", Some(2)),
    ("water", "office", Some(0)),
];

/// A level that hands a case over: for which kind, and up by how many or to which office.
type Rung = (Option<bool>, Result<usize, usize>);

/// Who has a case of an office, one level after another, as a clerk would work it out.
fn wanders(mut unit: usize, rungs: &[Rung]) -> Vec<usize> {
    let mut had = vec![unit];
    for (desks, to) in rungs {
        if desks.is_some_and(|desks| desks != (TREE[unit].1 == "desk")) {
            continue;
        }
        let next = match to {
            Err(named) => *named,
            Ok(up) => (0..*up).fold(unit, |at, _| TREE[at].2.unwrap_or(at)),
        };
        if next != unit {
            had.push(next);
        }
        unit = next;
    }
    had
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// A ladder is refused if and only if some office would get back a case that was taken from it.
    #[test]
    fn no_ladder_goes_round(
        rungs in prop::collection::vec(
            (prop::option::of(any::<bool>()), prop_oneof![(0_usize..3).prop_map(Ok), (0_usize..6).prop_map(Err)]),
            1..5,
        ),
    ) {
        let sound = |rung: &Rung| rung.1 != Ok(0);
        let rungs: Vec<Rung> = rungs.into_iter().filter(sound).collect();
        let levels = rungs.iter().enumerate().map(|(n, (desks, to))| {
            let kind = match desks {
                Some(true) => ", unit_kind = \"desk\"",
                Some(false) => ", unit_kind = \"office\"",
                None => "",
            };
            let to = match to {
                Ok(up) => format!("up = {up}"),
                Err(named) => format!("unit = \"{}\"", TREE[*named].0),
            };
            let level = n + 2;
            format!("{{ code = \"l{level}\", level = {level}, after = {level}, {to}, does = \"reassign\"{kind} }}")
        });
        let text = format!(
            "extends = \"city-311\"\nname = \"Town\"\nzone = \"UTC\"\n\
             unit = [{{ code = \"gang\", name = \"Gang\", kind = \"desk\", parent = \"works\", head = \"head\" }}, \
             {{ code = \"crew\", name = \"Crew\", kind = \"desk\", parent = \"works\", head = \"head\" }}]\n\
             escalation = [{}]",
            levels.collect::<Vec<_>>().join(", ")
        );
        let read = Rulebook::from_toml(&text);
        let round = (0..TREE.len()).any(|unit| {
            let mut had = wanders(unit, &rungs);
            let all = had.len();
            had.sort_unstable();
            had.dedup();
            had.len() < all
        });
        match read {
            Ok(_) => prop_assert!(!round, "{text}"),
            Err(refused) => {
                let found: Vec<_> = refused.findings.iter().filter(|it| it.is_error()).collect();
                prop_assert!(round && found.iter().all(|it| it.lint == Lint::Cycle), "{found:?} {text}");
            }
        }
    }
}
