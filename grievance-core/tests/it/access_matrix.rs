//! Access against a matrix written a second time, from the words of `docs/reference/access.md` and
//! of the module's documentation, with none of its code: a million draws, no difference.
//!
//! The offices, roles and seals below are plain tables. The rulebook is written from them, and the
//! naive rules read them and nothing else.

use crate::dice::Dice;
use grievance_core::PersonId;
use grievance_core::kernel::code::{CategoryCode, PlaceCode, RoleCode, StageCode, UnitCode};
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::access::{Actor, Barred, Standing, check, sees};
use grievance_core::vocabulary::{Action, Field, Phase, Sight};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Office, the one above it, the second superior, its jurisdictions.
type Office = (&'static str, Option<&'static str>, Option<&'static str>, &'static [&'static str]);

const OFFICES: &[Office] = &[
    ("cell", None, None, &[]),
    ("works", Some("cell"), Some("district"), &[]),
    ("works-north", Some("works"), None, &[]),
    ("works-south", Some("works"), Some("water"), &[]),
    ("water", Some("cell"), None, &["village", "ward-b"]),
    ("water-1", Some("water"), Some("works-north"), &[]),
    ("district", Some("cell"), None, &["town"]),
    ("district-1", Some("district"), Some("water"), &["lane"]),
];

/// A second government, whose cell is not its root: whoever complains about the root leaves
/// somebody to handle it.
const CELL_BELOW: &[Office] = &[
    ("state", None, None, &[]),
    ("cell", Some("state"), None, &[]),
    ("works", Some("state"), None, &["town"]),
    ("works-north", Some("works"), Some("cell"), &[]),
    ("water", Some("cell"), Some("works"), &["ward-a"]),
    ("district", Some("state"), None, &[]),
];

const PLACES: &[(&str, Option<&str>)] = &[
    ("town", None),
    ("ward-a", Some("town")),
    ("ward-b", Some("town")),
    ("lane", Some("ward-b")),
    ("village", None),
];

/// Role, its reaches (none written: its own cases), what it sees.
type Role = (&'static str, &'static [&'static str], &'static [(&'static str, &'static str)]);

const ROLES: &[Role] = &[
    ("complainant", &[], &[("identity", "full"), ("narrative", "full"), ("comment_public", "full")]),
    ("kiosk", &["own_cases"], &[("name", "full"), ("mobile", "masked")]),
    ("agent", &["everywhere"], &[("mobile", "full"), ("texts", "masked"), ("narrative", "full")]),
    ("officer-of-cell", &["everywhere"], &[("identity", "full"), ("texts", "full")]),
    ("hod", &["units_below"], &[("identity", "masked"), ("texts", "full")]),
    ("officer", &["own_unit"], &[("texts", "full"), ("call_note", "masked")]),
    ("surveyor", &["own_unit", "places"], &[("record", "full")]),
    ("planner", &["places"], &[]),
    ("clerk", &["own_cases", "own_unit"], &[("officers", "full"), ("address", "masked")]),
    ("auditor", &["everywhere"], &[("texts", "masked")]),
];

const POSTS: &[(&str, &str)] = &[
    ("head-of-cell", "officer-of-cell"),
    ("head", "hod"),
    ("vigilance", "officer"),
    ("vigilance-chief", "hod"),
];

/// An office, a post, a role: who may know of a sealed subject.
type Named = (Option<&'static str>, Option<&'static str>, Option<&'static str>);

const SUBJECTS: &[(&str, Option<&str>, &[Named])] = &[
    ("roads", None, &[]),
    ("conduct", None, &[(None, Some("vigilance"), None), (Some("cell"), Some("head-of-cell"), None)]),
    ("bribes", Some("conduct"), &[]),
    (
        "harassment",
        Some("conduct"),
        &[
            (Some("district"), Some("head"), None),
            (Some("cell"), None, Some("officer-of-cell")),
            (None, Some("vigilance-chief"), None),
        ],
    ),
];

/// Action, stages, roles.
const STEPS: &[(&str, &[&str], &[&str])] = &[
    ("assign", &["new", "work"], &["officer-of-cell"]),
    ("forward", &["work"], &["hod", "surveyor"]),
    ("recall", &["work"], &["hod", "officer-of-cell", "complainant", "clerk"]),
    ("rescind", &["new", "work", "reported", "closed"], &["hod", "officer-of-cell", "officer", "clerk"]),
    ("consult", &["work"], &["hod", "officer"]),
    ("answer", &["work", "reported"], &["hod", "officer", "officer-of-cell", "agent"]),
    (
        "comment",
        &["new", "work", "asked", "reported", "closed", "appealed", "dropped", "turned-away", "joined"],
        &["officer", "hod", "agent", "planner", "surveyor", "kiosk", "auditor"],
    ),
    ("report_action", &["work"], &["officer", "surveyor", "clerk"]),
    ("approve", &["reported"], &["hod"]),
    ("dispose", &["work", "reported"], &["hod", "officer-of-cell"]),
    ("reopen", &["closed"], &["complainant", "kiosk", "agent"]),
    ("seek_information", &["work"], &["hod", "officer"]),
    ("provide_information", &["asked"], &["complainant", "kiosk", "agent", "officer"]),
    ("appeal", &["closed"], &["complainant", "kiosk"]),
    ("decide_appeal", &["appealed"], &["officer-of-cell", "hod"]),
    ("withdraw", &["new", "work", "asked"], &["complainant", "agent"]),
    ("decline", &["new"], &["officer-of-cell"]),
    ("merge", &["new", "work"], &["officer-of-cell", "clerk"]),
];

/// A stage for each phase that there is.
const STAGES: &[(&str, &str)] = &[
    ("new", "registered"),
    ("work", "in_progress"),
    ("asked", "awaiting_complainant"),
    ("reported", "action_reported"),
    ("closed", "disposed"),
    ("appealed", "under_appeal"),
    ("dropped", "withdrawn"),
    ("turned-away", "declined"),
    ("joined", "merged"),
];

fn list(items: impl IntoIterator<Item = String>) -> String {
    items.into_iter().collect::<Vec<_>>().join(", ")
}

fn quoted(codes: &[&str]) -> String {
    list(codes.iter().map(|code| format!("{code:?}")))
}

/// The tables as a rulebook.
fn written(offices: &[Office]) -> Rulebook {
    let mut text = String::from(
        "name = \"Matrix\"\nzone = \"Asia/Kolkata\"\ncell = \"cell\"\nlanguage = [{ code = \"en\", name = \"English\" }]\n\
         unit_kind = [{ code = \"office\" }]\nkind = [{ code = \"grievance\" }]\nchannel = [{ code = \"online\" }]\npriority = [{ code = \"normal\" }]\n\
         numbering = { pattern = \"{prefix}/{year}/{serial:6}\", prefix = \"M\" }\n\
         reason = [{ code = \"done\", name = \"Done\", class = \"benefit\" }]\n",
    );
    let optional =
        |key: &str, code: Option<&str>| code.map_or_else(String::new, |code| format!(", {key} = {code:?}"));
    let units = offices.iter().map(|(code, parent, second, places)| {
        let (parent, second) = (optional("parent", *parent), optional("second_superior", *second));
        let place = if places.is_empty() { String::new() } else { format!(", place = [{}]", quoted(places)) };
        format!("{{ code = {code:?}, kind = \"office\"{parent}{second}{place} }}")
    });
    writeln!(text, "unit = [{}]", list(units)).unwrap();
    let places =
        PLACES.iter().map(|(code, parent)| format!("{{ code = {code:?}{} }}", optional("parent", *parent)));
    writeln!(text, "place = [{}]", list(places)).unwrap();
    let roles = ROLES.iter().map(|(code, reach, sees)| {
        let reach = if reach.is_empty() { String::new() } else { format!(", reach = [{}]", quoted(reach)) };
        let sees = list(sees.iter().map(|(field, sight)| format!("{field} = {sight:?}")));
        let assists = if *code == "kiosk" { ", assists = true" } else { "" };
        format!("{{ code = {code:?}{reach}{assists}, sees = {{ {sees} }} }}")
    });
    writeln!(text, "role = [{}]", list(roles)).unwrap();
    let posts = POSTS.iter().map(|(code, role)| format!("{{ code = {code:?}, role = {role:?} }}"));
    writeln!(text, "post = [{}]", list(posts)).unwrap();
    let subjects = SUBJECTS.iter().map(|(code, parent, named)| {
        let named = named.iter().map(|(unit, post, role)| {
            let parts = [("unit", unit), ("post", post), ("role", role)];
            let parts = parts.iter().filter_map(|(key, code)| code.map(|code| format!("{key} = {code:?}")));
            format!("{{ {} }}", list(parts))
        });
        let sealed = if named.len() == 0 { String::new() } else { format!(", sealed = [{}]", list(named)) };
        format!("{{ code = {code:?}{}{sealed} }}", optional("parent", *parent))
    });
    writeln!(text, "category = [{}]", list(subjects)).unwrap();
    let stages = STAGES.iter().map(|(code, phase)| format!("{{ code = {code:?}, phase = {phase:?} }}"));
    writeln!(text, "[workflow]\nstage = [{}]", list(stages)).unwrap();
    let lodge = "{ action = \"lodge\", to = \"new\", role = [\"complainant\", \"kiosk\"] }".to_owned();
    let steps = STEPS.iter().map(|(action, from, role)| {
        let to = match *action {
            "assign" | "reopen" => ", to = \"work\"",
            "seek_information" => ", to = \"asked\"",
            "appeal" => ", to = \"appealed\"",
            "decide_appeal" => ", to = \"closed\", when = \"dismissed\"",
            "withdraw" => ", to = \"dropped\"",
            "decline" => ", to = \"turned-away\"",
            "merge" => ", to = \"joined\"",
            "report_action" => ", to = \"reported\"",
            "dispose" => ", to = \"closed\", gate = [\"remarks\", \"reason\"]",
            _ => "",
        };
        format!("{{ action = {action:?}, from = [{}], role = [{}]{to} }}", quoted(from), quoted(role))
    });
    let allowed = "{ action = \"decide_appeal\", from = [\"appealed\"], to = \"work\", when = \"allowed\", \
                   role = [\"officer-of-cell\", \"hod\"] }";
    let steps = [lodge, allowed.to_owned()].into_iter().chain(steps);
    writeln!(text, "step = [{}]", list(steps)).unwrap();
    Rulebook::from_toml(&text)
        .unwrap_or_else(|refused| panic!("{:#?}\n{text}", refused.errors().collect::<Vec<_>>()))
}

/// A case, in words.
#[derive(Clone, Debug)]
struct Case {
    holder: &'static str,
    sender: Option<&'static str>,
    last_mover: Option<&'static str>,
    complainant: Option<u128>,
    lodged_by: u128,
    consulted: Vec<&'static str>,
    against: Option<&'static str>,
    place: Option<&'static str>,
    sealed: Option<&'static str>,
}

/// Somebody, in words.
#[derive(Clone, Debug)]
struct Somebody {
    person: u128,
    role: &'static str,
    unit: Option<&'static str>,
    post: Option<&'static str>,
}

/// The rules, read a second time.
struct Naive {
    offices: &'static [Office],
}

impl Naive {
    fn office(&self, code: &str) -> Option<&Office> {
        self.offices.iter().find(|(own, ..)| *own == code)
    }

    /// Those above an office by the line of custody, itself among them.
    fn custody_line(&self, unit: &str) -> Vec<&'static str> {
        let (mut line, mut next) = (Vec::new(), self.office(unit));
        while let Some((code, parent, ..)) = next {
            line.push(*code);
            next = parent.and_then(|parent| self.office(parent));
        }
        line
    }

    /// Those that oversee an office: itself, those above it, and those above (or that are) a second
    /// superior of any of these.
    fn either_line(&self, unit: &str) -> BTreeSet<&'static str> {
        let own = self.custody_line(unit);
        let seconds = own.iter().filter_map(|unit| self.office(unit).and_then(|(_, _, second, _)| *second));
        let seconds: Vec<_> = seconds.flat_map(|second| self.custody_line(second)).collect();
        own.into_iter().chain(seconds).collect()
    }

    fn lies_in(place: &str, around: &str) -> bool {
        place == around
            || PLACES.iter().any(|(code, parent)| {
                *code == place && parent.is_some_and(|parent| Self::lies_in(parent, around))
            })
    }

    fn reaches_of(role: &str) -> Option<Vec<&'static str>> {
        let (_, reaches, _) = ROLES.iter().find(|(code, ..)| *code == role)?;
        Some(if reaches.is_empty() { vec!["own_cases"] } else { reaches.to_vec() })
    }

    /// Whether the complaint is about that office or one above it in the line of custody. Where the
    /// office complained about stands above the cell, only that office itself.
    fn accused(&self, unit: &str, against: Option<&str>) -> bool {
        let Some(against) = against else { return false };
        unit == against || (self.custody_line(unit).contains(&against) && !self.above_cell(against))
    }

    fn accused_by_either(&self, unit: &str, against: Option<&str>) -> bool {
        let Some(against) = against else { return false };
        unit == against || (self.either_line(unit).contains(against) && !self.above_cell(against))
    }

    fn above_cell(&self, unit: &str) -> bool {
        unit != "cell" && self.custody_line("cell").contains(&unit)
    }

    fn named(who: &Somebody, seal: &str) -> bool {
        let Some((_, _, named)) = SUBJECTS.iter().find(|(code, ..)| *code == seal) else { return false };
        named.iter().any(|(unit, post, role)| {
            unit.is_none_or(|unit| who.unit == Some(unit))
                && post.is_none_or(|post| who.post == Some(post))
                && role.is_none_or(|role| who.role == role)
        })
    }

    fn is_own(who: &Somebody, case: &Case) -> bool {
        case.complainant == Some(who.person) || case.lodged_by == who.person
    }

    /// Whether the office's own reach covers the case.
    fn covered(&self, who: &Somebody, reaches: &[&str], case: &Case) -> bool {
        let Some(unit) = who.unit else { return reaches.contains(&"everywhere") };
        let below = || case.holder == unit || self.either_line(case.holder).contains(unit);
        let here = || {
            let jurisdictions = self.office(unit).map_or(&[][..], |(.., places)| *places);
            case.place.is_some_and(|place| jurisdictions.iter().any(|around| Self::lies_in(place, around)))
        };
        reaches.contains(&"everywhere")
            || (reaches.contains(&"own_unit") && case.holder == unit)
            || (reaches.contains(&"units_below") && below())
            || (reaches.contains(&"places") && here())
    }

    fn sees(&self, who: &Somebody, case: &Case) -> bool {
        let Some(reaches) = Self::reaches_of(who.role) else { return false };
        let own_cases = reaches.contains(&"own_cases");
        if let Some(seal) = case.sealed {
            let own = own_cases && case.complainant == Some(who.person);
            let kept_from = who.unit.is_some_and(|unit| self.accused_by_either(unit, case.against));
            return own || (Self::named(who, seal) && !kept_from);
        }
        if own_cases && Self::is_own(who, case) {
            return true;
        }
        if who.unit.is_some_and(|unit| self.accused(unit, case.against)) {
            return false;
        }
        let by_office = ["own_unit", "units_below", "places"].iter().any(|reach| reaches.contains(reach));
        let involved = who.unit.is_some()
            && (case.sender == who.unit
                || case.last_mover == who.unit
                || who.unit.is_some_and(|unit| case.consulted.contains(&unit)));
        self.covered(who, &reaches, case) || (by_office && involved)
    }

    /// The second table, line by line.
    fn reaches(&self, who: &Somebody, action: Action, case: &Case) -> bool {
        let Some(reaches) = Self::reaches_of(who.role) else { return false };
        if reaches.contains(&"own_cases") && Self::is_own(who, case) {
            return true;
        }
        if reaches.iter().all(|reach| *reach == "own_cases")
            || who.unit.is_some_and(|unit| self.accused(unit, case.against))
        {
            return false;
        }
        match action {
            Action::Recall => case.sender.is_none() || case.sender == who.unit,
            _ if reaches.contains(&"everywhere") => true,
            Action::Rescind => who.unit.is_some() && case.last_mover == who.unit,
            Action::Answer => who.unit.is_some_and(|unit| case.consulted.contains(&unit)),
            _ => self.covered(who, &reaches, case),
        }
    }

    fn sight(role: &str, field: Field) -> Option<&'static str> {
        let (.., sees) = ROLES.iter().find(|(code, ..)| *code == role)?;
        let find = |key: &str| sees.iter().find(|(own, _)| *own == key).map(|(_, sight)| *sight);
        let identity = [
            "person",
            "name",
            "mobile",
            "email",
            "address",
            "representative",
            "signatories",
            "signatory_mobiles",
        ];
        let group = if identity.contains(&field.as_str()) { "identity" } else { "texts" };
        find(field.as_str()).or_else(|| find(group))
    }

    fn may_take(role: &str, action: Action, stage: &str) -> bool {
        STEPS.iter().any(|(own, from, roles)| {
            *own == action.as_str() && from.contains(&stage) && roles.contains(&role)
        })
    }
}

fn somebody(dice: &mut Dice, units: &[&'static str]) -> Somebody {
    let roles: Vec<_> = ROLES.iter().map(|(code, ..)| *code).chain(["nobody"]).collect();
    let posts: Vec<_> = POSTS.iter().map(|(code, _)| *code).collect();
    let mut who = Somebody {
        person: dice.below(4) as u128,
        role: dice.of(&roles),
        unit: (dice.below(5) > 0).then(|| dice.of(units)),
        post: dice.maybe(&posts),
    };
    // As often as not, the post is one of the role.
    if let Some((_, role)) = POSTS.iter().find(|(code, _)| Some(*code) == who.post)
        && dice.below(2) == 0
    {
        who.role = role;
    }
    who
}

fn case(dice: &mut Dice, units: &[&'static str]) -> Case {
    let places: Vec<_> = PLACES.iter().map(|(code, _)| *code).collect();
    Case {
        holder: dice.of(units),
        sender: dice.maybe(units),
        last_mover: dice.maybe(units),
        complainant: dice.maybe(&[0, 1, 2, 3]),
        lodged_by: dice.below(4) as u128,
        consulted: (0..dice.below(3)).map(|_| dice.of(units)).collect(),
        against: if dice.below(3) == 0 { Some(dice.of(units)) } else { None },
        place: dice.maybe(&places),
        sealed: if dice.below(3) == 0 {
            Some(dice.of(&["conduct", "harassment", "unsealed-since"]))
        } else {
            None
        },
    }
}

#[test]
fn a_million_draws_agree_with_the_matrix() {
    let draws: usize = std::env::var("GRIEVANCE_MATRIX").map_or(1_000_000, |n| n.parse().expect("a number"));
    let person = |n: u128| PersonId::from_uuid(uuid::Uuid::from_u128(n));
    let mut told = BTreeSet::new();
    let mut counts = [0_usize; 4];
    let mut phases: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (nth, offices) in [OFFICES, CELL_BELOW].into_iter().enumerate() {
        let (rulebook, naive) = (written(offices), Naive { offices });
        let units: Vec<&'static str> = offices.iter().map(|(code, ..)| *code).collect();
        let unit = |code: &&'static str| code.parse::<UnitCode>().expect("a code");
        let mut dice = Dice(2_026 + nth as u64);
        for _ in 0..draws / 2 {
            let (who, case) = (somebody(&mut dice, &units), case(&mut dice, &units));
            let (action, field) = (dice.of(Action::ALL), dice.of(Field::ALL));
            let action = if dice.below(3) == 0 {
                dice.of(&[Action::Recall, Action::Rescind, Action::Answer])
            } else {
                action
            };
            let (stage, phase) = dice.of(STAGES);

            let role: RoleCode = who.role.parse().expect("a code");
            let mut actor = Actor::new(person(who.person), role.clone());
            (actor.unit, actor.post) =
                (who.unit.as_ref().map(unit), who.post.map(|code| code.parse().expect("a code")));
            let holder = unit(&case.holder);
            let [sender, last_mover, against] =
                [&case.sender, &case.last_mover, &case.against].map(|code| code.as_ref().map(unit));
            let consulted: Vec<UnitCode> = case.consulted.iter().map(unit).collect();
            let place: Option<PlaceCode> = case.place.map(|code| code.parse().expect("a code"));
            let seal: Option<CategoryCode> = case.sealed.map(|code| code.parse().expect("a code"));
            let standing = Standing {
                holder: &holder,
                sender: sender.as_ref(),
                last_mover: last_mover.as_ref(),
                complainant: case.complainant.map(person),
                lodged_by: person(case.lodged_by),
                consulted: &consulted,
                against: against.as_ref(),
                place: place.as_ref(),
                sealed: seal.as_ref(),
            };
            let stage_code: StageCode = stage.parse().expect("a code");

            let seen = naive.sees(&who, &case);
            let expected = match (seen, seen && naive.reaches(&who, action, &case)) {
                (false, _) => Err(Barred::NotSeen),
                (true, false) => Err(Barred::NotReached),
                (true, true) => Ok(()),
            };
            let found = check(&rulebook, &actor, action, &standing);
            let shown = |sight: Option<Sight>| sight.map(Sight::as_str).filter(|_| seen);
            let expected_sight = Naive::sight(who.role, field).filter(|_| seen);
            let may = rulebook.workflow().steps(action, Some(&stage_code), &role).next().is_some();
            let same = found == expected
                && sees(&rulebook, &actor, &standing) == seen
                && shown(rulebook.sights(&role).of(field)) == expected_sight
                && may == Naive::may_take(who.role, action, stage);
            counts[match expected {
                Err(Barred::NotSeen) => 0,
                Err(Barred::NotReached) => 1,
                Ok(()) => 2,
            }] += 1;
            counts[3] += usize::from(may);
            let (all, allowed) = phases.entry(phase).or_insert((0_usize, 0_usize));
            (*all, *allowed) = (*all + 1, *allowed + usize::from(may && expected.is_ok()));
            if !same && told.len() < 8 {
                told.insert(format!(
                    "{action} {field} {stage}: {found:?} for {expected:?}\n    {who:?}\n    {case:?}"
                ));
            }
        }
    }
    assert!(told.is_empty(), "{}", told.into_iter().collect::<Vec<_>>().join("\n"));
    assert!(counts.iter().all(|count| *count > draws / 100), "each answer is drawn often enough: {counts:?}");
    let all: BTreeSet<&str> = Phase::ALL.iter().map(|phase| phase.as_str()).collect();
    assert_eq!(phases.keys().copied().collect::<BTreeSet<_>>(), all, "every phase is drawn");
    let often = |(all, allowed): &(usize, usize)| *all > draws / 20 && *allowed > draws / 10_000;
    assert!(phases.values().all(often), "each phase is drawn, and steps are taken in it: {phases:?}");
}
