//! An office over simulated years: people who act or forget to, a host's bad clock, workers that
//! die, a late holiday every year.

#[path = "sim_words.rs"]
mod sim_words;

use self::sim_words::weight;
use chrono::{DateTime, Datelike as _, NaiveDate, TimeDelta, TimeZone as _, Utc};
use grievance_core::desk::{Desk, DeskError, SeededMint};
use grievance_core::grievance::refusal::Refusal;
use grievance_core::grievance::request;
use grievance_core::kernel::code::TenantCode;
use grievance_core::kernel::id::{GrievanceId, PersonId};
use grievance_core::kernel::text::{Digest, Mint};
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::access::Actor;
use grievance_core::store::Store;
use grievance_core::store::keys::KeyRing;
use grievance_core::vocabulary::Phase;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::sync::Arc;

/// The preset, with two levels more: one that takes the case over, one that is only proposed.
const RULES: &str = r#"
extends = "west-bengal"

[[escalation]]
code = "taken-over"
name = "The office above takes the case over"
level = 5
after = 10
up = 1
does = "reassign"

[[escalation]]
code = "asked-for"
name = "The government is asked to take it over"
level = 6
after = 15
up = 2
does = "reassign"
taken = "approval"

[[escalation]]
code = "appeal-late"
name = "An appeal that is not decided"
level = 1
target = "appeal_decision"
percent = 100
up = 1
"#;

/// How big the office is, and how long it is watched.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    pub(crate) years: i32,
    pub(crate) cases_a_year: usize,
    pub(crate) seed: u64,
}

/// A holiday that was declared, everywhere or in a place.
pub(crate) type Holiday = (NaiveDate, Option<&'static str>);

/// What the host knows of what it did.
#[derive(Debug, Default)]
pub(crate) struct Diary {
    /// Instants at which a sweep came to its end, by a clock that was right; rising.
    pub(crate) sweeps: Vec<DateTime<Utc>>,
    /// What a clock that had gone back said, and what it should have said.
    pub(crate) wrong: HashMap<DateTime<Utc>, DateTime<Utc>>,
    /// Holidays of each rulebook version.
    pub(crate) editions: HashMap<Digest, Vec<Holiday>>,
    /// From when each version was in force; rising.
    pub(crate) in_force: Vec<(DateTime<Utc>, Digest)>,
    pub(crate) lodged: usize,
    pub(crate) commands: usize,
    pub(crate) refused: usize,
    pub(crate) behind: usize,
    pub(crate) deaths: usize,
    pub(crate) restarts: usize,
    pub(crate) moved: u64,
    pub(crate) cases_swept: u64,
    pub(crate) breaches: u64,
    pub(crate) escalations: u64,
    pub(crate) proposals: u64,
    pub(crate) jobs: usize,
}

/// A worker whose process ends when it wants the n-th identity: after a case was read and
/// decided, before anything is committed.
struct Mortal {
    mint: SeededMint,
    left: u32,
}

impl Mint for Mortal {
    fn uuid(&mut self) -> uuid::Uuid {
        if self.left == 0 {
            // Not `panic!`: nobody wants to read about it.
            std::panic::resume_unwind(Box::new("killed"));
        }
        self.left -= 1;
        self.mint.uuid()
    }

    fn salt(&mut self) -> [u8; 16] {
        self.mint.salt()
    }
}

/// One case as the host remembers it.
struct Known {
    id: GrievanceId,
    /// How often somebody will still look at it.
    visits: usize,
    /// Whether it only waits to be given up.
    lies: bool,
}

struct Host {
    store: Arc<dyn Store>,
    desk: Desk,
    dice: SeededMint,
    mints: u64,
    now: DateTime<Utc>,
    holidays: Vec<Holiday>,
    cases: Vec<Known>,
    agenda: BinaryHeap<Reverse<(DateTime<Utc>, usize)>>,
    diary: Diary,
}

const OFFICES: [(&str, &str, &str); 4] = [
    ("bankura", "road-repair", "bankura-pwd"),
    ("nadia", "mutation", "nadia-land"),
    ("malda", "ration-card", "malda-food"),
    ("hooghly", "hospital", "hooghly-health"),
];

fn tenant() -> TenantCode {
    TenantCode::new("test").expect("a code")
}

fn edition(holidays: &[Holiday]) -> Rulebook {
    let mut text = RULES.to_owned();
    for (n, (day, place)) in holidays.iter().enumerate() {
        let place = place.map(|place| format!("\nplace = [\"{place}\"]")).unwrap_or_default();
        let holiday = format!(
            "\n[[calendar.holiday]]\ncode = \"late-{n}\"\nname = \"Declared late\"\ndate = \"{day}\"{place}\n"
        );
        text += &holiday;
    }
    Rulebook::from_toml(&text).expect("a sound rulebook")
}

fn somebody(role: &str, unit: Option<&str>) -> Actor {
    let name = format!("{role}@{}", unit.unwrap_or_default());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&Digest::of(&[name.as_bytes()]).as_bytes()[..16]);
    Actor {
        on_behalf_of: None,
        person: PersonId::from_uuid(uuid::Uuid::from_bytes(bytes)),
        post: None,
        role: role.parse().expect("a code"),
        tenure: None,
        unit: unit.map(|unit| unit.parse().expect("a code")),
    }
}

/// Runs an office and says what it did.
pub(crate) fn run(store: Arc<dyn Store>, plan: Plan) -> Diary {
    let began = Utc.with_ymd_and_hms(2004, 1, 1, 3, 0, 0).single().expect("an instant");
    let desk = Desk::with_mint(
        Arc::clone(&store),
        tenant(),
        KeyRing::for_tests(),
        Box::new(SeededMint::new(plan.seed)),
    );
    let mut host = Host {
        store,
        desk,
        dice: SeededMint::new(plan.seed ^ 0x5eed),
        mints: plan.seed,
        now: began,
        holidays: Vec::new(),
        cases: Vec::new(),
        agenda: BinaryHeap::new(),
        diary: Diary::default(),
    };
    host.declare();
    for year in 0..plan.years {
        host.year(2004 + year, plan.cases_a_year);
    }
    // The doors are closed and nobody comes back: everything that waits comes due.
    for _ in 0..8 {
        host.now += TimeDelta::days(60);
        host.sweep();
    }
    host.diary
}

impl Host {
    fn below(&mut self, n: u64) -> u64 {
        self.dice.next() % n
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    fn hours(&mut self, n: u64) -> TimeDelta {
        TimeDelta::minutes(i64::try_from(self.below(n * 60)).expect("some hours"))
    }

    fn year(&mut self, year: i32, cases: usize) {
        let end = Utc.with_ymd_and_hms(year + 1, 1, 1, 3, 0, 0).single().expect("an instant");
        let begun = self.now;
        let (mut lodged, mut declared) = (0, false);
        let day_of_news = self.below(300);
        while self.now < end {
            // Some hours pass; now and then the machine was off for days.
            let passed = TimeDelta::hours(4) + self.hours(6);
            self.now += passed;
            if self.one_in(150) {
                let off = TimeDelta::days(1 + i64::try_from(self.below(14)).expect("days"));
                self.now += off;
            }
            if self.one_in(180) {
                self.restart();
            }
            if !declared && u64::from(self.now.ordinal()) > day_of_news {
                declared = true;
                self.declare();
            }
            // As many as should have come by now.
            let share = (self.now - begun).num_minutes().min((end - begun).num_minutes());
            let whole = (end - begun).num_minutes().max(1);
            let by_now = usize::try_from(i64::try_from(cases).expect("few cases") * share / whole)
                .expect("not negative");
            for _ in lodged..by_now {
                self.lodge();
            }
            lodged = lodged.max(by_now);
            while let Some(Reverse((at, n))) = self.agenda.peek().copied() {
                if at > self.now {
                    break;
                }
                self.agenda.pop();
                // The clock stands still for some, and goes on for others.
                if self.one_in(3) {
                    self.now += TimeDelta::milliseconds(2);
                }
                self.visit(n, self.now);
            }
            if self.one_in(40) {
                self.clock_goes_back();
            }
            if !self.one_in(3) {
                self.sweep();
            }
        }
    }

    fn open(&mut self) -> Desk {
        self.mints += 0x1_0001;
        Desk::with_mint(
            Arc::clone(&self.store),
            tenant(),
            KeyRing::for_tests(),
            Box::new(SeededMint::new(self.mints << 20)),
        )
    }

    fn restart(&mut self) {
        self.desk = self.open();
        self.diary.restarts += 1;
    }

    /// Brings a rulebook version with one more holiday into force, and the open cases under it.
    fn declare(&mut self) {
        if !self.diary.in_force.is_empty() {
            let day = self.now.date_naive() + TimeDelta::days(i64::try_from(self.below(9)).expect("days"));
            let place = if self.one_in(3) { Some(OFFICES[0].0) } else { None };
            self.holidays.push((day, place));
        }
        let rulebook = edition(&self.holidays);
        let version = rulebook.version();
        self.desk.activate(rulebook, self.now).expect("it comes into force");
        self.diary.editions.insert(version, self.holidays.clone());
        self.diary.in_force.push((self.now, version));
        if self.one_in(2) {
            // The machine is stopped in the middle of it.
            let first = self.desk.move_cases(&Desk::system(), self.now, None, 7).expect("they are moved");
            self.diary.moved += first.moved;
            self.restart();
        }
        let mut after = None;
        loop {
            let moved = self.desk.move_cases(&Desk::system(), self.now, after, 500).expect("they are moved");
            self.diary.moved += moved.moved;
            after = moved.next;
            if after.is_none() {
                return;
            }
        }
    }

    fn lodge(&mut self) {
        let (district, category, _) = OFFICES[usize::try_from(self.below(4)).expect("a few")];
        let mut words = request::Lodge {
            narrative: "The words of a complainant.".to_owned(),
            category: Some(category.to_owned()),
            place: Some(district.to_owned()),
            name: Some("A complainant".to_owned()),
            mobile: Some("+919830012345".to_owned()),
            ..request::Lodge::default()
        };
        if self.one_in(12) {
            words.priority = Some("immediate_danger".to_owned());
        }
        let mut actor = somebody("call_agent", None);
        if self.one_in(10) {
            actor = somebody("cell_officer", Some("cmo-cell"));
            let days = i64::try_from(self.below(12)).expect("days");
            words.received_at = Some((self.now - TimeDelta::days(days)).to_rfc3339());
        }
        if self.one_in(15) {
            words.reference_from = Some("minister".to_owned());
            words.reference_letter = Some("A letter".to_owned());
        }
        let done = self.desk.by(&actor, self.now).lodge(words).expect("it is lodged");
        let visits = if self.one_in(5) { self.below(2) } else { 2 + self.below(9) };
        self.cases.push(Known {
            id: done.case,
            visits: usize::try_from(visits).expect("a few"),
            lies: false,
        });
        self.diary.lodged += 1;
        let first = self.now + self.hours(60);
        self.agenda.push(Reverse((first, self.cases.len() - 1)));
    }

    /// Somebody looks at a case and does something about it, or not.
    fn visit(&mut self, n: usize, now: DateTime<Utc>) {
        let Known { id, visits, .. } = self.cases[n];
        if visits == 0 {
            return self.lies(n, now);
        }
        self.cases[n].visits -= 1;
        let fact = self.desk.store().fact(id).expect("the store works").expect("it was lodged");
        let unit = fact.unit.to_string();
        let longest = 24 * if self.one_in(6) { 25 } else { 5 };
        let again = self.now + self.hours(longest);
        if fact.phase != Phase::Withdrawn && (fact.phase != Phase::Disposed || self.one_in(3)) {
            self.agenda.push(Reverse((again, n)));
        }
        let citizen = || somebody("call_agent", None);
        let actor = match fact.stage.as_str() {
            _ if self.one_in(12) => citizen(),
            "received" | "confirmation" | "heard" | "special_closure" => {
                somebody("cell_officer", Some("cmo-cell"))
            }
            "with_department" | "report_received" | "report_drafted" => somebody("hod", Some(&unit)),
            "with_office" => somebody("sub_office_officer", Some(&unit)),
            "special_review" | "appealed" => somebody("appellate_authority", Some(&unit)),
            _ => citizen(),
        };
        let offers = match self.desk.by(&actor, now).options(id) {
            Ok(offers) => offers,
            // Before the first version: a clock that went back too far.
            Err(DeskError::NoRulebook) => return,
            Err(problem) => panic!("{problem}"),
        };
        let mut hat = Vec::new();
        for (at, offer) in offers.iter().enumerate().filter(|(_, offer)| offer.verdict.is_allowed()) {
            hat.extend(std::iter::repeat_n(at, weight(offer)));
        }
        if hat.is_empty() {
            return;
        }
        let drawn = hat[usize::try_from(self.below(hat.len() as u64)).expect("a few")];
        let Some(request) = self.compose(&offers[drawn], &unit, now) else { return };
        self.diary.commands += 1;
        match self.desk.by(&actor, now).submit(Some(id), &request) {
            Ok(_) => {}
            Err(DeskError::Refused(Refusal::ClockBehind)) => {
                assert!(fact.updated_at > now, "{id} is not ahead of its clock");
                self.diary.behind += 1;
            }
            Err(DeskError::Refused(_)) => self.diary.refused += 1,
            Err(problem) => panic!("{id}: {problem}"),
        }
    }

    /// Nobody comes back to a case: months later whoever lodged it gives it up, so that an office
    /// has about as many open cases as it gets in a year.
    fn lies(&mut self, n: usize, now: DateTime<Utc>) {
        if !std::mem::replace(&mut self.cases[n].lies, true) {
            let given_up = self.now + TimeDelta::days(90) + self.hours(24 * 500);
            return self.agenda.push(Reverse((given_up, n)));
        }
        let gives_up = request::Withdraw { remarks: Some("It has become pointless.".to_owned()) };
        let answer = self.desk.by(&somebody("call_agent", None), now).withdraw(self.cases[n].id, gives_up);
        match answer {
            Ok(_) => self.diary.commands += 1,
            // It is closed, or its clock is ahead.
            Err(DeskError::Refused(_) | DeskError::NoRulebook) => {}
            Err(problem) => panic!("{problem}"),
        }
    }

    /// For a while the host's clock says something earlier.
    fn clock_goes_back(&mut self) {
        let right = self.now;
        let minutes = i64::try_from(1 + self.below(20 * 24 * 60)).expect("some days");
        // Odd milliseconds: no clock that is right ever says them.
        let mut wrong = right - TimeDelta::minutes(minutes) + TimeDelta::milliseconds(1);
        for _ in 0..self.below(4) {
            wrong += TimeDelta::milliseconds(2);
            if self.cases.is_empty() || self.diary.wrong.insert(wrong, right).is_some() {
                return;
            }
            // Mostly one of the last that came in.
            let last = self.below(40.min(self.cases.len() as u64));
            let n = self.cases.len() - 1 - usize::try_from(last).expect("a few");
            self.cases[n].visits += 1;
            self.visit(n, wrong);
        }
        wrong += TimeDelta::milliseconds(2);
        if self.diary.wrong.insert(wrong, right).is_some() {
            return;
        }
        let swept = match self.desk.sweep(wrong, 10_000) {
            Ok(swept) => swept,
            Err(DeskError::NoRulebook) => return,
            Err(problem) => panic!("{problem}"),
        };
        for (case, problem) in &swept.failed {
            assert_eq!(*problem, DeskError::Refused(Refusal::ClockBehind), "{case}");
            self.diary.behind += 1;
        }
        self.count(&swept);
    }

    fn count(&mut self, swept: &grievance_core::desk::Swept) {
        self.diary.cases_swept += swept.cases;
        self.diary.breaches += swept.breaches;
        self.diary.escalations += swept.escalations;
        self.diary.proposals += swept.proposals;
        self.diary.moved += swept.moved;
        self.diary.jobs += swept.jobs.len();
    }

    /// Sweeps everything that is due, a few at a time; now and then the worker dies at it.
    fn sweep(&mut self) {
        if self.one_in(12) {
            self.mints += 0x1_0001;
            let mint = Mortal {
                mint: SeededMint::new(self.mints << 20),
                left: u32::try_from(self.below(4)).expect("a few"),
            };
            let worker =
                Desk::with_mint(Arc::clone(&self.store), tenant(), KeyRing::for_tests(), Box::new(mint));
            let now = self.now;
            let died = std::panic::AssertUnwindSafe(|| worker.sweep(now, 1_000));
            match std::panic::catch_unwind(died) {
                Ok(swept) => self.count(&swept.expect("the store works")),
                Err(_) => self.diary.deaths += 1,
            }
        }
        loop {
            let swept = self.desk.sweep(self.now, 200).expect("the store works");
            assert!(swept.failed.is_empty(), "{:?}", swept.failed);
            self.count(&swept);
            if !swept.more {
                break;
            }
        }
        if self.diary.sweeps.last() != Some(&self.now) {
            self.diary.sweeps.push(self.now);
        }
        if self.one_in(20) {
            // The clock stands still.
            let again = self.desk.sweep(self.now, 200).expect("the store works");
            assert_eq!((again.cases, again.jobs.len()), (0, 0), "nothing is done twice");
        }
    }
}
