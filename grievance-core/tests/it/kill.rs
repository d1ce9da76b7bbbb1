//! A writer that is killed in the middle of its work, again and again, on the same database.
//!
//! What the writer does is a function of the round and the step, so a desk in memory can do the same
//! steps. After each kill the database must be what that desk is after the steps that were
//! acknowledged, or after one more: never half of one. The serials that a killed lodging used up are
//! taken from the database.
//!
//! `GRIEVANCE_KILLS` says how many rounds; `make soak` asks for a thousand, and on PostgreSQL for a
//! fifth of them. There the client is killed, on a server that forgets nothing, and not the server:
//! what that keeps when it dies itself is its own promise, whose settings each connection asserts.

use crate::store_whole::everything;
use chrono::{DateTime, TimeDelta, Utc};
use grievance_core::desk::{Desk, SeededMint, Submission};
use grievance_core::grievance::request::Request;
use grievance_core::kernel::code::TenantCode;
use grievance_core::kernel::id::{CommandId, GrievanceId, PersonId};
use grievance_core::kernel::time::day_of;
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::access::Actor;
use grievance_core::sql::sqlite::SqliteStore;
use grievance_core::store::Store;
use grievance_core::store::keys::KeyRing;
use grievance_core::store::memory::MemoryStore;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

const WRITER: &str = "GRIEVANCE_KILL_WRITER";
/// Before the name of a database on the server of `GRIEVANCE_PG`.
#[cfg(feature = "postgres")]
const POSTGRES: &str = "postgres ";
const ROUNDS_PER_DATABASE: u64 = 25;

fn tenant() -> TenantCode {
    TenantCode::new("bengal").expect("a code")
}

fn begun() -> DateTime<Utc> {
    "2026-04-01T04:00:00Z".parse().expect("an instant")
}

/// A round's steps are an hour of their own, one second each.
fn now(round: u64, step: u64) -> DateTime<Utc> {
    begun() + TimeDelta::hours(round.cast_signed()) + TimeDelta::seconds(step.cast_signed() % 3_600)
}

fn actor(n: u128, role: &str, unit: Option<&str>, post: Option<&str>) -> Actor {
    Actor {
        person: PersonId::from_uuid(uuid::Uuid::from_u128(n)),
        role: role.parse().expect("a code"),
        unit: unit.map(|code| code.parse().expect("a code")),
        post: post.map(|code| code.parse().expect("a code")),
        on_behalf_of: None,
        tenure: None,
    }
}

fn command(round: u64, step: u64, nth: u64) -> CommandId {
    CommandId::from_uuid(uuid::Uuid::from_u64_pair(round + 1, step << 8 | nth))
}

const STEPS_OF_A_CASE: u64 = 9;

/// A desk at one round's work.
struct Work {
    desk: Desk,
    round: u64,
    /// The cases that it has lodged.
    lodged: Vec<GrievanceId>,
}

impl Work {
    fn begin(store: Arc<dyn Store>, round: u64) -> Self {
        let mint = SeededMint::new(0xBAD0_0000 + round);
        Self {
            desk: Desk::with_mint(store, tenant(), KeyRing::for_tests(), Box::new(mint)),
            round,
            lodged: Vec::new(),
        }
    }

    /// How many commands a step has.
    const fn commands(step: u64) -> u64 {
        if step % 40 == 39 { 4 } else { 1 }
    }

    fn request(step: u64, nth: u64, lodged: &[GrievanceId]) -> (Actor, Option<GrievanceId>, String) {
        let petitioner = actor(1, "complainant", None, None);
        let cell = actor(2, "cell_officer", Some("cmo-cell"), Some("cell_officer"));
        let magistrate = actor(3, "hod", Some("nadia"), Some("district_magistrate"));
        let office = actor(4, "sub_office_officer", Some("nadia-land"), Some("office_head"));
        let last = lodged.last().copied();
        let lodge = format!(
            r#"{{"action":"lodge","narrative":"Step {step}, {nth}.","category":"mutation","place":"nadia","language":"bn","name":"Nobody {step}","mobile":"+91 98300 1{step:04}"}}"#
        );
        if Self::commands(step) > 1 {
            return (petitioner, None, lodge);
        }
        if step % 20 == 17
            && let [.., one, other] = lodged
        {
            let merge = format!(r#"{{"action":"merge","into":"{one}","remarks":"The same plot."}}"#);
            return (cell, Some(*other), merge);
        }
        let plain = |text: &str| text.to_owned();
        match step % STEPS_OF_A_CASE {
            0 => (petitioner, None, lodge),
            1 => (cell, last, plain(r#"{"action":"assign","unit":"nadia","post":"district_magistrate"}"#)),
            2 => (magistrate, last, plain(r#"{"action":"acknowledge"}"#)),
            3 => (
                magistrate,
                last,
                plain(r#"{"action":"forward","unit":"nadia-land","remarks":"Contact the applicant."}"#),
            ),
            4 => (
                office,
                last,
                plain(r#"{"action":"record_call","reached":true,"note":"Asked for the deed."}"#),
            ),
            5 => (office, last, plain(r#"{"action":"comment","text":"The deed is there."}"#)),
            6 => (
                office,
                last,
                plain(
                    r#"{"action":"report_action","report":"Corrected.","reason":"benefit_provided","evidence":{"date":"2026-04-01","reference":"Memo 7"}}"#,
                ),
            ),
            7 => (magistrate, last, plain(r#"{"action":"send_back_report","remarks":"Which memo?"}"#)),
            // Refused, and so it must stay.
            _ => (magistrate, last, plain(r#"{"action":"forward","unit":"howrah-land"}"#)),
        }
    }

    /// Does one step; whether it was taken.
    fn step(&mut self, step: u64) -> bool {
        let at = now(self.round, step);
        let submissions = (0..Self::commands(step)).map(|nth| {
            let (actor, case, request) = Self::request(step, nth, &self.lodged);
            let request = Request::from_json(&request).expect("the steps are well formed");
            let command = Some(command(self.round, step, nth));
            Submission { command, actor, now: at, case, expected: None, request, verified: None }
        });
        let submissions: Vec<_> = submissions.collect();
        let answers = match &submissions[..] {
            [one] => {
                let by = self.desk.by(&one.actor, at).command(command(self.round, step, 0));
                vec![by.submit(one.case, &one.request)]
            }
            many => self.desk.submit_all(many),
        };
        for (submission, answer) in submissions.iter().zip(&answers) {
            match answer {
                Ok(done) if submission.case.is_none() => self.lodged.push(done.case),
                Ok(_) => {}
                Err(problem) => {
                    let code = problem.code().as_str();
                    assert!(!matches!(code, "storage" | "busy" | "conflict"), "step {step}: {problem}");
                }
            }
        }
        answers.iter().all(Result::is_ok)
    }
}

/// Not a test by itself: what the test below starts, and kills.
#[test]
fn writer() {
    let Ok(told) = std::env::var(WRITER) else { return };
    let (round, place) = told.split_once(' ').expect("a round and a place");
    let mut out = std::io::stdout();
    let mut say = |line: String| {
        out.write_all(line.as_bytes()).and_then(|()| out.flush()).expect("somebody listens");
    };
    say("\nbegun\n".to_owned());
    let mut work = Work::begin(open(place), round.parse().expect("a number"));
    for step in 0..20_000 {
        let taken = work.step(step);
        say(format!("done {step} {}\n", if taken { "taken" } else { "refused" }));
    }
}

fn open(place: &str) -> Arc<dyn Store> {
    #[cfg(feature = "postgres")]
    if let Some(name) = place.strip_prefix(POSTGRES) {
        return crate::pg::durable_store_of(name).tenant(&tenant());
    }
    SqliteStore::open(Path::new(place)).expect("the database opens").tenant(&tenant())
}

/// The same numbers every time.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

/// Starts the writer, and kills it somewhere after its `after`th step. Answers the steps that it
/// acknowledged, each with whether it was taken.
fn killed(place: &str, round: u64, after: u64, spin: u64) -> Vec<bool> {
    let mut writer = Command::new(std::env::current_exe().expect("this program"))
        .args(["kill::writer", "--exact", "--nocapture", "--test-threads=1"])
        .env(WRITER, format!("{round} {place}"))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the writer starts");
    let mut lines = BufReader::new(writer.stdout.take().expect("it is piped"));
    let (mut steps, mut line, mut begun, mut over) = (Vec::new(), String::new(), false, false);
    loop {
        line.clear();
        if lines.read_line(&mut line).expect("the pipe works") == 0 {
            break;
        }
        // A line that the kill cut short was not heard.
        if !line.ends_with('\n') {
            break;
        }
        begun |= line.trim() == "begun";
        if let Some((step, taken)) = line.trim().strip_prefix("done ").and_then(|done| done.split_once(' ')) {
            assert_eq!(step.parse(), Ok(steps.len() as u64));
            steps.push(taken == "taken");
        }
        if begun && !over && steps.len() as u64 >= after {
            (0..spin).for_each(|_| std::hint::spin_loop());
            writer.kill().expect("it can be killed");
            over = true;
        }
    }
    let status = writer.wait().expect("it has ended");
    assert!(over && !status.success(), "it was killed and did not end by itself: {status}");
    steps
}

/// A new database for some rounds; gone with the value.
trait Ground {
    /// How the writer finds it.
    fn place(&self) -> String;

    /// Returns when nothing of the killed writer is under way any more.
    fn settle(&self) {}
}

impl Ground for tempfile::TempDir {
    fn place(&self) -> String {
        self.path().join("cases.sqlite").display().to_string()
    }
}

#[cfg(feature = "postgres")]
impl Ground for crate::pg::Database {
    fn place(&self) -> String {
        format!("{POSTGRES}{}", self.name())
    }

    fn settle(&self) {
        self.wait_until_left();
    }
}

fn rounds() -> Option<u64> {
    std::env::var("GRIEVANCE_KILLS").ok().map(|rounds| rounds.parse().expect("a number"))
}

/// Whatever the moment: acknowledged is written, and what is written is whole.
#[test]
fn a_killed_writer_leaves_nothing_half_done() {
    kill_again_and_again(rounds().unwrap_or(15), || Box::new(tempfile::tempdir().expect("a folder")));
}

#[cfg(feature = "postgres")]
#[test]
fn a_killed_client_of_postgres_leaves_nothing_half_done() {
    if crate::pg::Database::durable().is_some() {
        let fresh =
            || Box::new(crate::pg::Database::durable().expect("the server is there")) as Box<dyn Ground>;
        kill_again_and_again(rounds().map_or(8, |rounds| rounds / 5), fresh);
    }
}

fn kill_again_and_again(rounds: u64, fresh: impl Fn() -> Box<dyn Ground>) {
    let mut state = 2_026;
    let (mut in_between, mut taken, mut refused, mut merged) = (0, 0, 0, 0);
    let mut ground = fresh();
    let mut reference: Arc<dyn Store> = MemoryStore::default().tenant(&tenant());
    let rulebook = || Rulebook::from_toml("extends = \"west-bengal\"").expect("it is sound");
    let series = {
        let rulebook = rulebook();
        let (numbers, today) = (rulebook.numbers(), day_of(begun(), rulebook.zone()));
        format!("{}:{}", rulebook.number_prefix(), numbers.series(rulebook.numbering().reset, today))
    };
    for round in 0..rounds {
        let nth = round % ROUNDS_PER_DATABASE;
        if nth == 0 {
            ground = fresh();
            reference = MemoryStore::default().tenant(&tenant());
        }
        let place = ground.place();
        if nth == 0 {
            for store in [open(&place), Arc::clone(&reference)] {
                let desk =
                    Desk::with_mint(store, tenant(), KeyRing::for_tests(), Box::new(SeededMint::new(1)));
                desk.activate(rulebook(), begun()).expect("it comes into force");
            }
        }
        // Now and then before the first step, while the database is opened.
        let after = if round % 8 == 7 { 0 } else { 1 + next(&mut state) % 60 };
        let steps = killed(&place, nth, after, next(&mut state) % 300_000);
        ground.settle();

        let store = open(&place);
        let mut work = Work::begin(Arc::clone(&reference), nth);
        for (step, was_taken) in (0..).zip(&steps) {
            assert_eq!(work.step(step), *was_taken, "round {round}, step {step}");
            taken += u64::from(*was_taken);
            refused += u64::from(!was_taken);
            merged += u64::from(*was_taken && step % 20 == 17);
        }
        // The step that was under way is there with all its commands, or with none.
        let under_way = steps.len() as u64;
        let committed = |step: u64| {
            let receipts = (0..Work::commands(step)).map(|nth_command| {
                store.receipt(command(nth, step, nth_command)).expect("it can be read").is_some()
            });
            let receipts: Vec<bool> = receipts.collect();
            assert!(receipts.iter().all(|there| *there == receipts[0]), "round {round}: a batch is whole");
            receipts[0]
        };
        if committed(under_way) {
            in_between += 1;
            assert!(work.step(under_way), "round {round}: what was committed can be done");
        }
        // The pipe may have held one acknowledgement more than was read, and no step after it.
        assert!(!committed(under_way + 1), "round {round}: nothing was done before it was acknowledged");
        assert_eq!(everything(&*store, &tenant()), everything(&*reference, &tenant()), "round {round}");

        let serial = store.reserve(&series, 1, 1).expect("it is reserved");
        assert_eq!(
            reference.reserve(&series, serial, 1).expect("it is reserved"),
            serial,
            "no serial goes back"
        );
    }
    assert!(taken > 0 && refused > 0 && merged > 0, "{taken} taken, {refused} refused, {merged} merged");
    eprintln!(
        "{rounds} kills: {taken} steps taken, {refused} refused, {in_between} done and not yet acknowledged"
    );
}
