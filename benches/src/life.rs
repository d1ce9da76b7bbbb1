//! The life of a case, from lodging to disposal, as the people of two presets act it out.

use chrono::{DateTime, TimeDelta, TimeZone as _, Utc};
use grievance_core::desk::SeededMint;
use grievance_core::grievance::command::Command;
use grievance_core::grievance::read::read;
use grievance_core::grievance::request::{
    Acknowledge, Approve, Assign, Comment, Dispose, Forward, Lodge, Record, RecordCall, RecordFeedback,
    ReportAction, Request,
};
use grievance_core::kernel::code::{RoleCode, UnitCode};
use grievance_core::kernel::id::PersonId;
use grievance_core::kernel::text::{Mint as _, Sealer};
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::access::Actor;
use grievance_core::rulebook::read::{Format, read as read_rulebook};
use std::collections::BTreeMap;

/// One step of a life: who asks for what, and when.
#[derive(Clone, Debug)]
pub struct Step {
    /// Who acts.
    pub actor: Actor,
    /// When.
    pub now: DateTime<Utc>,
    /// What is asked.
    pub request: Request,
}

/// A step whose request has been read: its texts sealed, its codes and dates read.
#[derive(Clone, Debug)]
pub struct Ready {
    /// Who acts.
    pub actor: Actor,
    /// When.
    pub now: DateTime<Utc>,
    /// What is decided.
    pub command: Command,
}

/// The first instant of every life.
pub fn morning() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 2, 4, 30, 0).single().expect("a plain UTC instant")
}

/// The preset `west-bengal` as it comes.
pub fn west_bengal() -> Rulebook {
    compiled("extends = \"west-bengal\"")
}

/// The preset `city-311`, where each department has one sub-office to forward to.
pub fn city() -> Rulebook {
    let yard = |(office, _): &(&str, _)| {
        format!(
            "{{ code = \"{office}-yard\", name = \"Yard\", kind = \"office\", parent = \"{office}\", head = \"officer\" }}"
        )
    };
    let yards: Vec<String> = OFFICES.iter().map(yard).collect();
    compiled(&format!(
        "extends = \"city-311\"\nzone = \"America/New_York\"\nunit = [\n{}\n]\n",
        yards.join(",\n")
    ))
}

fn compiled(text: &str) -> Rulebook {
    let document = read_rulebook(text, Format::Toml).expect("the preset reads");
    Rulebook::new(document).expect("the preset is sound")
}

/// Departments of the city with a subject of each.
const OFFICES: [(&str, &str); 4] =
    [("works", "pothole"), ("water", "drainage"), ("sanitation", "refuse"), ("lighting", "street-light")];

/// Districts of the state with a subject and the sub-office that works on it.
const DISTRICTS: [(&str, &str, &str); 4] = [
    ("bankura", "road-repair", "bankura-pwd"),
    ("nadia", "mutation", "nadia-land"),
    ("malda", "ration-card", "malda-food"),
    ("hooghly", "hospital", "hooghly-health"),
];

/// The people of one case.
struct Cast {
    mint: SeededMint,
    now: DateTime<Utc>,
    steps: Vec<Step>,
}

impl Cast {
    fn new(seed: u64) -> Self {
        // Cases come in over the day, a second apart.
        let now = morning() + TimeDelta::seconds(i64::try_from(seed % 30_000).expect("below 30,000"));
        Self { mint: SeededMint::new(seed), now, steps: Vec::new() }
    }

    fn officer(&mut self, role: &str, unit: Option<&str>) -> Actor {
        Actor {
            on_behalf_of: None,
            person: PersonId::from_uuid(self.mint.uuid()),
            post: None,
            role: RoleCode::new(role).expect("a code"),
            tenure: None,
            unit: unit.map(|unit| UnitCode::new(unit).expect("a code")),
        }
    }

    fn does(&mut self, actor: &Actor, request: impl Into<Request>) {
        self.steps.push(Step { actor: actor.clone(), now: self.now, request: request.into() });
        self.now += TimeDelta::minutes(95);
    }
}

#[expect(clippy::unnecessary_wraps, reason = "the optional field of a request")]
fn words(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn lodging(category: &str, place: Option<&str>) -> Lodge {
    Lodge {
        narrative: "The work was promised for last month and nobody has come since; two letters went \
                    unanswered."
            .to_owned(),
        category: words(category),
        place: place.map(str::to_owned),
        channel: words("phone"),
        name: words("A complainant"),
        mobile: words("+919830012345"),
        ..Lodge::default()
    }
}

fn comment(text: &str) -> Comment {
    Comment { text: text.to_owned(), public: Some(false) }
}

#[expect(clippy::unnecessary_wraps, reason = "the optional field of a request")]
fn done() -> Option<BTreeMap<String, String>> {
    Some(BTreeMap::from([
        ("date".to_owned(), "2026-03-02".to_owned()),
        ("reference".to_owned(), "Work order 1182, measured and passed".to_owned()),
    ]))
}

fn site_visit() -> Record {
    Record {
        step: "site_visit".to_owned(),
        fields: Some(BTreeMap::from([
            ("visited_on".to_owned(), "2026-03-02".to_owned()),
            ("found".to_owned(), "As described; about four metres.".to_owned()),
        ])),
        remarks: None,
    }
}

fn satisfied() -> RecordFeedback {
    RecordFeedback { outcome: "satisfied".to_owned(), rating: Some(4), said: words("It is done now.") }
}

fn to_unit(unit: &str) -> (Option<String>, Option<String>) {
    (words(unit), words("For action and report."))
}

/// A life under `west-bengal`: assigned to a district, forwarded to its sub-office, reported,
/// approved, asked, disposed.
pub fn west_bengal_life(seed: u64) -> Vec<Step> {
    let (district, subject, office) = DISTRICTS[usize::try_from(seed % 4).expect("below 4")];
    let mut cast = Cast::new(seed);
    let agent = cast.officer("call_agent", None);
    let cell = cast.officer("cell_officer", Some("cmo-cell"));
    let magistrate = cast.officer("hod", Some(district));
    let officer = cast.officer("sub_office_officer", Some(office));
    cast.does(&agent, lodging(subject, Some(district)));
    let (unit, remarks) = to_unit(district);
    cast.does(&cell, Assign { unit, remarks, post: None });
    cast.does(&magistrate, Acknowledge::default());
    cast.does(
        &magistrate,
        Forward { unit: office.to_owned(), post: None, remarks: words("Please see to it.") },
    );
    cast.does(&officer, Acknowledge::default());
    cast.does(&officer, comment("The applicant was called; the plot is the one on the sheet."));
    cast.does(&officer, site_visit());
    cast.does(
        &officer,
        ReportAction {
            report: "Done on site and shown to the applicant.".to_owned(),
            reason: words("benefit_provided"),
            evidence: done(),
        },
    );
    cast.does(&magistrate, Approve { remarks: words("Seen and approved."), ..Approve::default() });
    cast.does(&cell, RecordCall { reached: true, note: words("Spoke to the applicant.") });
    cast.does(&cell, satisfied());
    cast.does(&cell, comment("Nothing further is asked for."));
    cast.does(&cell, Dispose { remarks: "The applicant confirms.".to_owned(), ..Dispose::default() });
    cast.steps
}

/// A life under `city-311`: assigned to a department, forwarded to its yard, reported, asked,
/// disposed by the department.
pub fn city_life(seed: u64) -> Vec<Step> {
    let (office, subject) = OFFICES[usize::try_from(seed % 4).expect("below 4")];
    let yard = format!("{office}-yard");
    let mut cast = Cast::new(seed);
    let agent = cast.officer("call_agent", None);
    let clerk = cast.officer("cell_officer", Some("desk"));
    let head = cast.officer("hod", Some(office));
    let officer = cast.officer("sub_office_officer", Some(&yard));
    cast.does(&agent, lodging(subject, None));
    let (unit, remarks) = to_unit(office);
    cast.does(&clerk, Assign { unit, remarks, post: words("head") });
    cast.does(&head, Acknowledge::default());
    cast.does(&head, Forward { unit: yard, post: None, remarks: words("Please see to it.") });
    cast.does(&officer, Acknowledge::default());
    cast.does(&officer, comment("Crew booked for the afternoon."));
    cast.does(&officer, site_visit());
    cast.does(
        &officer,
        ReportAction {
            report: "Filled and swept.".to_owned(),
            reason: words("benefit_provided"),
            evidence: done(),
        },
    );
    cast.does(&agent, RecordCall { reached: true, note: words("Spoke to the caller.") });
    cast.does(&agent, satisfied());
    cast.does(&head, comment("Nothing further is asked for."));
    cast.does(
        &head,
        Dispose { remarks: "Done.".to_owned(), reason: words("benefit_provided"), ..Dispose::default() },
    );
    cast.steps
}

/// Reads every request of a life once, as a desk would.
pub fn ready(steps: &[Step], rulebook: &Rulebook, seed: u64) -> Vec<Ready> {
    let mut mint = SeededMint::new(seed);
    let mut sealer = Sealer::new(&mut mint);
    steps
        .iter()
        .map(|Step { actor, now, request }| {
            let reading = read(request, actor, rulebook, &mut sealer).expect("a well-formed request");
            Ready { actor: actor.clone(), now: *now, command: reading.command }
        })
        .collect()
}
