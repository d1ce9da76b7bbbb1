//! What is not yours is not there: every public call of a desk, tried on cases of another tenant and
//! on cases out of reach, with identities, numbers, cursors and codes that the attacker has got hold
//! of. Each answer must be the one for a case that does not exist, and nothing may be written.
//!
//! `GRIEVANCE_ATTACKS` says how many attempts per store; `make soak` asks for a hundred thousand.

mod loot;

use crate::attack::loot::{Loot, fill};
use crate::bad_input::{verbs, whole};
use crate::store_whole::everything;
use chrono::{DateTime, TimeDelta, Utc};
use grievance_core::desk::{Desk, DeskError, SeededMint, Submission};
use grievance_core::grievance::request::Request;
use grievance_core::kernel::code::TenantCode;
use grievance_core::kernel::id::{CommandId, GrievanceId, PersonId};
use grievance_core::kernel::mobile::Mobile;
use grievance_core::kernel::number::RegistrationNumber;
use grievance_core::otp::{MacKey, MacKeys, VerifiedMobile};
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::access::Actor;
use grievance_core::store::Store;
use grievance_core::store::keys::{Key, KeyRing};
use grievance_core::store::memory::MemoryStore;
use grievance_core::store::search::{Cursor, Search};
use grievance_core::vocabulary::{
    ErasureBecause, ErrorCode, Field, FileAudience, LookPurpose, Phase, Purpose, TargetKind,
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const RULES: &str = r#"
extends = "west-bengal"
category = [
  { code = "vigilance", unit = "cmo-cell", sealed = [{ unit = "cmo-cell", post = "cell_officer" }, { unit = "govt", post = "chief_secretary" }] },
]
"#;

fn at() -> DateTime<Utc> {
    "2026-04-10T06:00:00Z".parse().expect("an instant")
}

fn person(n: u128) -> PersonId {
    PersonId::from_uuid(uuid::Uuid::from_u128(n))
}

fn actor(n: u128, role: &str, unit: Option<&str>, post: Option<&str>) -> Actor {
    let mut actor = Actor::new(person(n), role.parse().expect("a code"));
    actor.unit = unit.map(|code| code.parse().expect("a code"));
    actor.post = post.map(|code| code.parse().expect("a code"));
    actor
}

fn command(n: u128) -> CommandId {
    CommandId::from_uuid(uuid::Uuid::from_u128(0xC0_0000 + n))
}

/// A desk on one tenant of a store, with the rules in force.
fn desk(store: Arc<dyn Store>, tenant: &TenantCode, seed: u64) -> Desk {
    let desk = crate::desk_support::open_as(store, tenant.clone(), Box::new(SeededMint::new(seed)));
    let rulebook = Rulebook::from_toml(RULES).unwrap_or_else(|refused| panic!("{refused:?}"));
    desk.activate(rulebook, at() - TimeDelta::days(30)).expect("it comes into force");
    desk
}

/// Somebody who tries, with a case of their own where they have one.
struct Attacker<'a> {
    what: &'static str,
    desk: &'a Desk,
    who: Actor,
    targets: Vec<GrievanceId>,
    own: Option<GrievanceId>,
}

/// A sequence of numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % sides
    }

    fn of<'t, T>(&mut self, from: &'t [T]) -> &'t T {
        &from[self.below(from.len())]
    }
}

/// An answer as text, with the identity that was asked about taken out.
fn told<T: std::fmt::Debug>(answer: &Result<T, DeskError>, about: &[&str]) -> String {
    let mut text = match answer {
        Ok(value) => format!("{value:?}"),
        Err(problem) => format!("{:?} {problem} {problem:?}", problem.code()),
    };
    for about in about {
        text = text.replace(about, "IT");
    }
    text
}

const READS: usize = 8;

impl Attacker<'_> {
    /// Looks at a case in one of the ways there are.
    fn look(&self, how: usize, case: GrievanceId) -> String {
        let by = self.desk.by(&self.who, at());
        let id = case.to_string();
        match how {
            0 => told(&by.case(case), &[&id]),
            1 => told(&by.history(case), &[&id]),
            2 => told(&by.progress(case), &[&id]),
            3 => told(&by.explain(case, TargetKind::Resolution), &[&id]),
            4 => told(&by.options(case), &[&id]),
            5 => told(&by.prove(case, None), &[&id]),
            6 => told(&by.case_file(case, FileAudience::Court), &[&id]),
            _ => told(&by.words(case, LookPurpose::Handling, Field::ALL), &[&id]),
        }
    }

    /// Takes a step on a case, in one of the ways there are.
    fn act(&self, request: &Request, how: usize, case: GrievanceId, used: CommandId) -> String {
        let by = self.desk.by(&self.who, at());
        let (id, used_id) = (case.to_string(), used.to_string());
        match how {
            0 => told(&by.submit(Some(case), request), &[&id]),
            1 => told(&by.expecting(1).submit(Some(case), request), &[&id]),
            2 => told(&by.expecting(3).submit(Some(case), request), &[&id]),
            3 => told(&by.command(used).submit(Some(case), request), &[&id, &used_id]),
            4 => told(&by.prepare(Some(case), request), &[&id]),
            _ => {
                let submission = Submission {
                    command: None,
                    actor: self.who.clone(),
                    now: at(),
                    case: Some(case),
                    expected: None,
                    request: request.clone(),
                    verified: None,
                };
                told(&self.desk.submit_all(&[submission])[0], &[&id])
            }
        }
    }

    /// What a whole scan gives of the targets: cases, and identities that events name.
    fn scanned(&self) -> String {
        let mut seen = Vec::new();
        let scanned = self.desk.by(&self.who, at()).scan(&mut |history| {
            let told = format!("{history:?}");
            let named = |case: &&GrievanceId| told.contains(&case.to_string());
            seen.extend(self.targets.iter().filter(named).copied());
            true
        });
        match scanned {
            Ok(_) => format!("{seen:?}"),
            // Who is of no role, office or post that there is sees nothing, wherever anything is.
            Err(problem) if problem.code() == ErrorCode::UnknownCode => format!("{seen:?}"),
            Err(problem) => format!("{:?}", problem.code()),
        }
    }

    fn found(&self, search: &Search) -> BTreeSet<GrievanceId> {
        match self.desk.by(&self.who, at()).search(search) {
            Ok(page) => page.cases.iter().map(|row| row.id).collect(),
            // Who does not see who people are finds nobody by it, and who is of no role, office or post that there is nothing.
            Err(problem) => {
                let known = [ErrorCode::FieldNotSeen, ErrorCode::UnknownCode];
                assert!(known.contains(&problem.code()), "a search is answered: {problem}");
                BTreeSet::new()
            }
        }
    }
}

/// Every verb with sound values.
fn requests() -> Vec<Request> {
    let all = verbs().into_iter().filter(|(action, ..)| action.as_str() != "lodge");
    all.map(|(action, must, _)| {
        let fields = whole(action, &must, &Vec::new());
        Request::from_json(&Value::Object(fields).to_string()).expect("well formed")
    })
    .collect()
}

fn verified(desk: &Desk, keys: &MacKeys, mobile: &Mobile, purpose: Purpose) -> VerifiedMobile {
    let codes = desk.otp(keys);
    let sent = codes.request_code(purpose, mobile, "form", None, at()).expect("a code is sent");
    codes.verify_code(sent.challenge, purpose, mobile, "form", sent.code.reveal(), at()).expect("it is right")
}

fn attack(name: &str, open: &dyn Fn(&TenantCode) -> Arc<dyn Store>, attempts: usize) {
    let [bengal, odisha] = ["bengal", "odisha"].map(|code| TenantCode::new(code).expect("a code"));
    let (victims, others) = (desk(open(&bengal), &bengal, 1), desk(open(&odisha), &odisha, 2));
    let loot = fill(&victims);
    // The other tenant's own cases: as many, of other identities.
    let their = fill(&others);
    let both: Vec<GrievanceId> = loot.cases.iter().chain(&loot.sealed).copied().collect();
    let outsider = |what, who: Actor, targets: &Vec<GrievanceId>| Attacker {
        what,
        desk: &victims,
        who,
        targets: targets.clone(),
        own: None,
    };
    let foreign = |what, who: Actor| Attacker {
        what,
        desk: &others,
        who,
        targets: both.clone(),
        own: Some(their.cases[0]),
    };
    let attackers = [
        foreign("cell of another tenant", actor(2, "cell_officer", Some("cmo-cell"), Some("cell_officer"))),
        foreign("auditor of another tenant", actor(90, "auditor", Some("cmo-cell"), None)),
        foreign("call agent of another tenant", actor(91, "call_agent", Some("cmo-cell"), Some("agent"))),
        foreign(
            "holder's namesake of another tenant",
            actor(3, "hod", Some("nadia"), Some("district_magistrate")),
        ),
        foreign("complainant's namesake of another tenant", actor(10, "complainant", None, None)),
        outsider("another citizen", actor(900, "complainant", None, None), &both),
        outsider("a kiosk that lodged nothing", actor(901, "kiosk_operator", None, None), &both),
        outsider(
            "another district's office",
            actor(902, "sub_office_officer", Some("howrah-land"), Some("office_head")),
            &both,
        ),
        outsider("another district", actor(903, "hod", Some("howrah"), Some("district_magistrate")), &both),
        outsider("a role that is none", actor(904, "minister", Some("cmo-cell"), None), &both),
        outsider("an office that is none", actor(905, "hod", Some("atlantis"), None), &both),
        outsider(
            "the auditor, of what is sealed",
            actor(906, "auditor", Some("cmo-cell"), None),
            &loot.sealed,
        ),
        outsider(
            "the holder's superior, of what is sealed",
            actor(3, "hod", Some("nadia"), None),
            &loot.sealed,
        ),
        outsider(
            "the cell in another post, of what is sealed",
            actor(907, "cell_officer", Some("cmo-cell"), None),
            &loot.sealed,
        ),
    ];
    let before = [everything(victims.store(), &bengal), everything(others.store(), &odisha)];
    let keys = MacKeys::new(MacKey::new("2026-04", &[7; 32]).expect("a key"), Vec::new()).expect("keys");
    let stranger = Mobile::parse("7000000000").expect("a mobile");
    let [tracks, tracks_there] =
        [&victims, &others].map(|desk| verified(desk, &keys, &stranger, Purpose::Track));
    let there_token = tracks_there.to_token(&keys);
    let requests = requests();
    let mut dice = Dice(2_026);
    let mut leaks: BTreeMap<String, String> = BTreeMap::new();
    let mut tried = BTreeMap::new();
    for n in 0..attempts {
        let attacker = dice.of(&attackers);
        let target = *dice.of(&attacker.targets);
        let nobody = GrievanceId::from_uuid(uuid::Uuid::from_u128(0xDEAD_0000 + n as u128));
        let way = dice.below(10);
        *tried.entry(way).or_insert(0_usize) += 1;
        let (what, real, fake) = match way {
            0..3 => {
                let how = dice.below(READS);
                (format!("look {how}"), attacker.look(how, target), attacker.look(how, nobody))
            }
            3..6 => {
                let (request, how) = (dice.of(&requests), dice.below(6));
                // A command identity that the victims used: on both sides, so that it alone tells nothing.
                let used = *dice.of(&loot.commands);
                let act = |case| attacker.act(request, how, case, used);
                (format!("act {how} {}", request.action()), act(target), act(nobody))
            }
            6 if attacker.own.is_some() => {
                let by = attacker.desk.by(&attacker.who, at());
                let join = |into: GrievanceId| {
                    let json = format!(r#"{{"action":"merge","into":"{into}","remarks":"The same."}}"#);
                    told(
                        &by.submit(attacker.own, &Request::from_json(&json).expect("well formed")),
                        &[&into.to_string()],
                    )
                };
                ("merge into".to_owned(), join(target), join(nobody))
            }
            6 | 7 => {
                let last = Some(Cursor { lodged_at: at(), case: target });
                let of_number = Search { number: Some(dice.of(&loot.numbers).clone()), ..Search::default() };
                let whose = Some(dice.of(&loot.mobiles).e164().into());
                let way = dice.below(12);
                if way == 10 {
                    ("scan".to_owned(), attacker.scanned(), "[]".to_owned())
                } else if way == 11 {
                    // Nobody of theirs is erased, and none of their cases is named.
                    let (person, who) = (*dice.of(&loot.persons), (&attacker.who, at()));
                    let answer = attacker.desk.erase_person(person, ErasureBecause::Request, who);
                    let answer = told(&answer, &[]);
                    let named = |case: &&GrievanceId| answer.contains(&case.to_string());
                    let theirs: Vec<_> = attacker.targets.iter().filter(named).collect();
                    ("erase".to_owned(), format!("{theirs:?}"), "[]".to_owned())
                } else {
                    let search = match way % 5 {
                        0 => of_number,
                        4 => Search { mobile: whose, limit: Search::MOST, ..Search::default() },
                        1 => Search { after: last, limit: Search::MOST, ..Search::default() },
                        2 => Search { phases: Phase::ALL.to_vec(), limit: Search::MOST, ..Search::default() },
                        _ => {
                            let held =
                                ["nadia", "nadia-land", "cmo-cell"].map(|code| code.parse().expect("a code"));
                            Search { units: held.to_vec(), limit: Search::MOST, ..Search::default() }
                        }
                    };
                    let found = attacker.found(&search);
                    let theirs: Vec<_> =
                        attacker.targets.iter().filter(|case| found.contains(case)).collect();
                    ("search".to_owned(), format!("{theirs:?}"), "[]".to_owned())
                }
            }
            8 => {
                let (number, mobile) = (dice.of(&loot.numbers), dice.of(&loot.mobiles));
                let (proof, desk) =
                    if dice.below(2) == 0 { (&tracks, &victims) } else { (&tracks_there, &others) };
                match dice.below(5) {
                    4 => {
                        // A receipt of another case says no more of a number than of none.
                        let receipt = dice.of(&loot.receipts);
                        let ask = |number: &str| told(&desk.check_receipt(number, receipt, at()), &[]);
                        let of_receipt = loot.numbers.iter().position(|own| own == number);
                        let own = of_receipt.map(|place| &loot.receipts[place]);
                        let real = if own == Some(receipt) && std::ptr::eq(desk, &raw const victims) {
                            // Whoever holds the acknowledgement itself may hold the office to it.
                            ask("WB/2026/999999")
                        } else {
                            ask(number)
                        };
                        ("another receipt".to_owned(), real, ask("WB/2026/999999"))
                    }
                    0 => {
                        let ask = |number: &str| told(&desk.track_by_mobile(proof, number, at()), &[]);
                        ("track by mobile".to_owned(), ask(number), ask("WB/2026/999999"))
                    }
                    1 => {
                        let ask = |number: &str| {
                            let answer = desk.answer_sms(&stranger, &format!("GRV STATUS {number}"), at());
                            told(&answer.map(|rendered| rendered.text), &[number])
                        };
                        ("short message".to_owned(), ask(number), ask("WB/2026/999999"))
                    }
                    2 => {
                        // The other tenant's own mobiles and numbers are the same; the proof is not.
                        let here = victims.track_by_mobile(&tracks_there, number, at());
                        let there = victims.otp(&keys).read_token(there_token.as_str(), Purpose::Track, at());
                        let refused = (here.is_err(), there.is_err());
                        ("a proof of elsewhere".to_owned(), format!("{refused:?}"), "(true, true)".to_owned())
                    }
                    _ => {
                        let forged = format!("gvm1.2026-04.{}.{}", "0".repeat(40), "0".repeat(64));
                        let codes = victims.otp(&keys);
                        let read =
                            |token: &str| told(&codes.read_token(token, Purpose::Track, at()).map(drop), &[]);
                        let guessed = read(&forged.replacen("000", &mobile.last_four()[..3], 1));
                        ("a forged token".to_owned(), guessed, read("gvm1"))
                    }
                }
            }
            _ => {
                let code = dice.of(&loot.codes);
                let mut guess = code.clone().into_bytes();
                let at_byte = [0, 1, 2, 3, 5, 6, 7, 8][dice.below(8)];
                guess[at_byte] = if guess[at_byte] == b'7' { b'8' } else { b'7' };
                let guess = String::from_utf8(guess).expect("ASCII");
                let track = |desk: &Desk, code: &str| told(&desk.track(code, at()), &[]);
                match dice.below(2) {
                    0 => ("a guessed code".to_owned(), track(&victims, &guess), track(&victims, "0000")),
                    _ => ("a code of elsewhere".to_owned(), track(&others, code), track(&others, "0000")),
                }
            }
        };
        if real != fake || real.contains("CANARY") {
            leaks
                .entry(format!("{} / {what}", attacker.what))
                .or_insert_with(|| format!("{real}\n    where nothing is: {fake}"));
        }
    }
    let leaks: Vec<String> = leaks.into_iter().map(|(what, how)| format!("{what}: {how}")).collect();
    assert!(leaks.is_empty(), "{name}: {}", leaks.join("\n"));
    assert!(tried.values().all(|times| *times > attempts / 50), "every way was tried: {tried:?}");
    let after = [everything(victims.store(), &bengal), everything(others.store(), &odisha)];
    assert!(before == after, "{name}: nothing was written");
    // The attack is worth something: whoever may, sees what they were after.
    let cell = actor(2, "cell_officer", Some("cmo-cell"), Some("cell_officer"));
    for case in &both {
        victims.by(&cell, at()).case(*case).expect("the cell's named officer sees every case");
    }
    assert!(victims.track(&loot.codes[0], at()).expect("it is answered").is_some());
    let own = verified(&victims, &keys, &loot.mobiles[0], Purpose::Track);
    let number: RegistrationNumber = loot.numbers[0].parse().expect("a number");
    assert!(victims.track_by_mobile(&own, number.as_str(), at()).expect("it is answered").is_some());
    without_the_key(name, &open(&bengal), &bengal, &loot);
}

/// A host whose ring has another key, or another secret under the same name, is told so, sees nobody's
/// words, finds nobody, and changes no text; and a desk is not opened without any.
fn without_the_key(name: &str, store: &Arc<dyn Store>, tenant: &TenantCode, loot: &Loot) {
    let before = everything(&**store, tenant);
    let cell = actor(2, "cell_officer", Some("cmo-cell"), Some("cell_officer"));
    for (id, code) in [("other", ErrorCode::KeyMissing), ("test", ErrorCode::SealBroken)] {
        let ring = KeyRing::new(Key::new(id, &[9; 32]).expect("a key"), Vec::new()).expect("a ring");
        let mint = Box::new(SeededMint::new(77));
        let desk = Desk::with_mint(Arc::clone(store), tenant.clone(), ring, mint);
        for case in loot.cases.iter().chain(&loot.sealed) {
            let by = desk.by(&cell, at());
            by.case(*case).expect("what is no word is read without a key");
            for read in [
                told(&by.words(*case, LookPurpose::Handling, Field::ALL), &[]),
                told(&by.case_file(*case, FileAudience::Court), &[]),
            ] {
                assert!(read.contains(&format!("{code:?}")), "{name} {id}: {read}");
                assert!(!read.contains("CANARY") && !read.contains("98300"), "{name} {id}: {read}");
            }
        }
        for mobile in &loot.mobiles {
            let search = Search { mobile: Some(mobile.e164().into()), ..Search::default() };
            let found = desk.by(&cell, at()).search(&search).expect("it is answered");
            assert!(found.cases.is_empty(), "{name} {id}: nobody is found by another key's tokens");
        }
        // A ring of the right name and the wrong secret takes all for its own, and finds nothing to do.
        match desk.reindex(None, 1_000) {
            Ok(done) => assert_eq!((id, done.kept), ("test", 0), "{name}"),
            Err(problem) => assert_eq!((id, problem.code()), ("other", code), "{name}"),
        }
    }
    assert!(before == everything(&**store, tenant), "{name}: nothing was written");
}

fn attempts() -> usize {
    std::env::var("GRIEVANCE_ATTACKS").map_or(25_000, |n| n.parse().expect("a number"))
}

#[test]
fn what_is_not_yours_is_not_there_in_memory() {
    let store = MemoryStore::default();
    attack("memory", &move |tenant| store.tenant(tenant) as _, attempts());
}

#[cfg(feature = "sqlite")]
#[test]
fn what_is_not_yours_is_not_there_in_sqlite() {
    let store = grievance_core::sql::sqlite::SqliteStore::open_in_memory().expect("memory");
    attack("sqlite", &move |tenant| store.tenant(tenant) as _, attempts());
}

#[cfg(feature = "postgres")]
#[test]
fn what_is_not_yours_is_not_there_in_postgres() {
    // Each attempt asks the server a dozen times.
    let fewer = std::env::var("GRIEVANCE_ATTACKS").map_or(2_500, |n| n.parse().expect("a number"));
    if let Some(store) = crate::pg::store() {
        attack("postgres", &move |tenant| store.tenant(tenant) as _, fewer);
    }
}
