//! A store over the seam is the store on the other side: nothing is lost on the way, and whatever is
//! answered, the asker gets a value or an error with its place.

use grievance_core::grievance::wire::WireError;
use grievance_core::kernel::id::{CommandId, GrievanceId};
use grievance_core::kernel::text::Digest;
use grievance_core::store::conformance::{PROMISES, sample};
use grievance_core::store::foreign::{ForeignStore, Keeper, METHODS, serve};
use grievance_core::store::memory::MemoryStore;
use grievance_core::store::{Journal as _, Store, StoreError};
use grievance_core::vocabulary::{AgeRule, ErrorCode, EventKind};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// Of each method questions, each with its true answer.
type Noted = BTreeMap<String, Vec<(String, String)>>;

/// Questions that were asked: of each method the longest of all.
#[derive(Clone, Default)]
struct Minutes(Arc<Mutex<Noted>>);

impl Minutes {
    /// As many of each method.
    const KEPT: usize = 40;

    fn note(&self, method: &str, given: &str, answer: &str) {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_method = noted.entry(method.to_owned()).or_default();
        of_method.push((given.to_owned(), answer.to_owned()));
        // A commit of all sorts is longer than most, and a long page says no more than a short one.
        let worth = |text: &str| if text.len() > 20_000 { 0 } else { text.len() };
        of_method
            .sort_by_key(|(given, answer)| std::cmp::Reverse((worth(given) + worth(answer), given.clone())));
        of_method.truncate(Self::KEPT);
    }

    fn taken(&self) -> Noted {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A store of ours on the other side.
struct OverThere {
    store: Arc<dyn Store>,
    /// Methods of which it says that it does not know them.
    left_out: &'static [&'static str],
    minutes: Minutes,
}

impl Keeper for OverThere {
    fn ask(&self, method: &str, given: &str) -> Result<String, StoreError> {
        let asked = if self.left_out.contains(&method) { "no such method" } else { method };
        let answer = serve(&*self.store, asked, given);
        self.minutes.note(method, given, &answer);
        Ok(answer)
    }
}

fn over(store: Arc<dyn Store>, left_out: &'static [&'static str], minutes: &Minutes) -> Arc<dyn Store> {
    Arc::new(ForeignStore::over(OverThere { store, left_out, minutes: minutes.clone() }))
}

const OPTIONAL: &[&str] = &["history_after", "opening", "opening_after", "advances"];

mod every_method {
    use crate::store_foreign::{Minutes, over};
    use grievance_core::store::memory::MemoryStore;

    grievance_core::store_conformance!({
        let (store, minutes) = (MemoryStore::default(), Minutes::default());
        move |tenant: &_| over(store.tenant(tenant), &[], &minutes)
    });
}

mod only_those_that_must_be {
    use crate::store_foreign::{Minutes, OPTIONAL, over};
    use grievance_core::store::memory::MemoryStore;

    grievance_core::store_conformance!({
        let (store, minutes) = (MemoryStore::default(), Minutes::default());
        move |tenant: &_| over(store.tenant(tenant), OPTIONAL, &minutes)
    });
}

/// Over two seams, one behind the other, what is told the second time is what was told the first.
mod twice {
    use crate::store_foreign::{Minutes, over};
    use grievance_core::store::memory::MemoryStore;

    grievance_core::store_conformance!({
        let (store, minutes) = (MemoryStore::default(), Minutes::default());
        move |tenant: &_| over(over(store.tenant(tenant), &[], &minutes), &[], &minutes)
    });
}

/// Every question that the promises make, with its answer, and those that only a desk asks.
fn minutes() -> Minutes {
    let minutes = Minutes::default();
    for promise in PROMISES {
        let store = MemoryStore::default();
        (promise.examine)(&|tenant| over(store.tenant(tenant), &[], &minutes));
    }
    let store = over(MemoryStore::default().tenant(&sample::tenant("first")), &[], &minutes);
    let case = sample::Sample::lodged(1).commented();
    store.commit(&case.commit(1)).unwrap();
    store.keep(sample::rulebook(1), "{}").unwrap();
    store.activate(sample::rulebook(1), sample::at(0)).unwrap();
    let head =
        grievance_core::proof::checkpoint::CaseHead { case: case.id, version: 2, hash: case.head().unwrap() };
    store.opening_after(&head, sample::at(1)).unwrap();
    minutes
}

/// What a store is asked is what its traits have: a method that they gain must be taken into the table.
#[test]
fn every_method_of_a_store_crosses_the_seam() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
    let mut found = BTreeSet::new();
    for file in ["mod", "agenda", "archive", "challenges", "checkpoints", "looks", "outbox"] {
        let text = std::fs::read_to_string(folder.join(file).with_extension("rs")).unwrap();
        for part in text.split("\npub trait ").skip(1) {
            let within = part.split("\n}").next().unwrap();
            let methods = within.lines().filter_map(|line| line.strip_prefix("    fn ")?.split('(').next());
            found.extend(methods.map(str::to_owned));
        }
    }
    // Its rows are asked for, and counted here.
    assert!(found.remove("survey"));
    let asked: BTreeSet<String> = METHODS.iter().map(|method| (*method).to_owned()).collect();
    assert_eq!(found, asked);
    assert_eq!(METHODS.len(), asked.len(), "each is there once");
    let minutes = minutes().taken();
    assert_eq!(minutes.keys().cloned().collect::<BTreeSet<_>>(), asked, "and each was asked by the tests");
}

/// A keeper that always says the same.
struct Says(String);

impl Keeper for Says {
    fn ask(&self, _: &str, _: &str) -> Result<String, StoreError> {
        Ok(self.0.clone())
    }
}

/// The same question, put to a keeper that gives this answer.
fn answered(method: &str, given: &str, answer: &Value) -> Value {
    let store = ForeignStore::over(Says(answer.to_string()));
    serde_json::from_str(&serve(&store, method, given)).expect("an answer is JSON")
}

/// Every way to spoil a value in one place: something else instead, or a field taken away.
fn spoilt(value: &Value) -> Vec<Value> {
    let others =
        [json!(null), json!(true), json!(-1), json!(1.5), json!("x"), json!([]), json!({}), json!([null])];
    let mut all: Vec<Value> = others.into_iter().filter(|other| other != value).collect();
    match value {
        Value::Array(items) => {
            for (n, item) in items.iter().enumerate().take(3) {
                all.extend(spoilt(item).into_iter().map(|other| {
                    let mut items = items.clone();
                    items[n] = other;
                    Value::Array(items)
                }));
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                let mut fewer = fields.clone();
                fewer.remove(name);
                all.push(Value::Object(fewer));
                all.extend(spoilt(field).into_iter().map(|other| {
                    let mut fields = fields.clone();
                    fields.insert(name.clone(), other);
                    Value::Object(fields)
                }));
            }
        }
        _ => {}
    }
    all
}

/// Whatever a store answers, it is a value or an error of the closed list, and one for a wrong shape
/// says of which method and where, without repeating what was there.
#[test]
fn a_spoilt_answer_is_an_error_with_its_place() {
    let (mut refused, mut taken) = (0_u32, 0_u32);
    for (method, asked) in minutes().taken() {
        for (given, answer) in asked.iter().filter(|(_, answer)| answer.len() < 6_000).take(6) {
            let answer: Value = serde_json::from_str(answer).unwrap();
            for wrong in spoilt(&answer) {
                let told = answered(&method, given, &wrong);
                let Some(error) = told.get("error") else {
                    assert!(told.get("answer").is_some(), "{method}: {told}");
                    taken += 1;
                    continue;
                };
                let code = error["code"].as_str().expect("an error has a code");
                assert!(code.parse::<ErrorCode>().is_ok(), "{method}: {told}");
                if let Some(place) = error["place"].as_str() {
                    // Of a method that is made of others, it is theirs.
                    let named = place.split(['.', '[']).next().unwrap();
                    assert!(METHODS.contains(&named), "{method}: {place}");
                    refused += 1;
                }
            }
        }
    }
    // The one that would take everything, or nothing, is noticed.
    assert!(refused > 1_000 && taken > 100, "{refused} refused, {taken} taken");
}

/// A question that was spoilt on the way is answered with an error, too, and changes nothing.
#[test]
fn a_spoilt_question_is_answered() {
    for (method, asked) in minutes().taken() {
        // A commit of many cases has no place that one of a few has not.
        let short = asked.iter().filter(|(given, _)| given.len() < 6_000);
        for (given, _) in short.take(2) {
            let given: Value = serde_json::from_str(given).unwrap();
            for wrong in spoilt(&given) {
                let store = MemoryStore::default().tenant(&sample::tenant("first"));
                let told: Value = serde_json::from_str(&serve(&*store, &method, &wrong.to_string())).unwrap();
                let is_error = told["error"]["code"].is_string();
                assert!(is_error || told.get("answer").is_some(), "{method}: {told}");
            }
        }
        let store = MemoryStore::default().tenant(&sample::tenant("first"));
        let told: Value = serde_json::from_str(&serve(&*store, &method, "{")).unwrap();
        assert_eq!(told["error"]["place"], json!(method), "what is no JSON at all");
    }
}

#[test]
fn what_is_wrong_is_named_by_method_and_place() {
    let case = sample::case(1);
    let store = |answer: &str| ForeignStore::over(Says(answer.to_owned()));
    let place = |problem: StoreError| match problem {
        StoreError::BadAnswer { place, problem } => (place, problem),
        other => panic!("{other}"),
    };
    let told = [
        ("nonsense", "history", "must be JSON"),
        ("null", "history", "must be an object"),
        ("{}", "history", "must have one field"),
        (r#"{"answer": 1, "error": 2}"#, "history", "must have one field"),
        (r#"{"answer": null}"#, "history", "must be an object"),
        (r#"{"answer": {"head": null}}"#, "history.events", "is missing"),
        (r#"{"answer": {"events": [{"body": 1}], "head": null}}"#, "history.events[0].actor", "is missing"),
        (
            r#"{"error": {"code": "no_such_code"}}"#,
            "history.error.code",
            "must be a code that a store may give",
        ),
        (r#"{"error": {"code": "conflict"}}"#, "history.error.case", "is missing"),
        (r#"{"error": {"code": "unknown_method"}}"#, "history", "is not answered by the store"),
    ];
    for (answer, wanted, problem) in told {
        let found = place(store(answer).history(case).unwrap_err());
        assert_eq!(found, (wanted.to_owned(), problem.to_owned()), "{answer}");
    }
    let deep = "[".repeat(10_000);
    assert_eq!(place(store(&deep).version(case).unwrap_err()).0, "version", "no stack is run out of");
    let desk = grievance_core::desk::DeskError::from(store("{}").history(case).unwrap_err());
    assert_eq!((desk.code(), desk.place()), (ErrorCode::Storage, Some("history")));
}

/// A store that begins its pages anew each time keeps nobody for ever.
#[test]
fn pages_that_do_not_go_on_are_refused() {
    struct Stuck(Arc<dyn Store>);
    impl Keeper for Stuck {
        fn ask(&self, method: &str, given: &str) -> Result<String, StoreError> {
            let mut given: Value = serde_json::from_str(given).unwrap();
            if method == "scan" {
                given["after"] = Value::Null;
            } else if method == "search" {
                given["search"]["after"] = Value::Null;
                given["search"]["limit"] = json!(1);
            }
            Ok(serve(&*self.0, method, &given.to_string()))
        }
    }
    let within = MemoryStore::default().tenant(&sample::tenant("first"));
    for n in 1..=3 {
        within.commit(&sample::Sample::lodged(n).commit(n)).unwrap();
    }
    let store = ForeignStore::over(Stuck(within));
    let all = grievance_core::rulebook::access::Scope::All;
    let scanned = store.scan(&all, &mut |_| true).unwrap_err();
    assert!(matches!(&scanned, StoreError::BadAnswer { place, .. } if place == "scan"), "{scanned}");
    let question = grievance_core::measure::question::Question::new(
        grievance_core::measure::mis::Terms::new(
            sample::at(0).date_naive(),
            chrono_tz::UTC,
            AgeRule::Calendar,
        ),
        grievance_core::measure::question::Dimension::Unit,
    );
    let surveyed = store.survey(&all, &question, sample::at(0)).unwrap_err();
    assert!(matches!(&surveyed, StoreError::BadAnswer { place, .. } if place == "search.next"), "{surveyed}");
}

/// A keeper that always fails.
struct Fails(StoreError);

impl Keeper for Fails {
    fn ask(&self, _: &str, _: &str) -> Result<String, StoreError> {
        Err(self.0.clone())
    }
}

/// Every failure that a store may report arrives as it was, with what it carries.
#[test]
fn failures_cross_whole() {
    let (case, version) = (sample::case(1), Digest::of(&[b"version"]));
    let unreadable = |problem| StoreError::Unreadable { case, version: 3, problem };
    let all = [
        StoreError::Conflict { case, expected: 1, found: 2 },
        StoreError::CommandReused { command: sample::command(1) },
        StoreError::NumberTaken { case },
        unreadable(WireError::Damaged("Syntax at character 1".to_owned())),
        unreadable(WireError::UnknownType { kind: "from_tomorrow".to_owned() }),
        unreadable(WireError::NewerVersion { kind: EventKind::Lodged, found: 9, known: 1 }),
        StoreError::Altered { case, version: 3 },
        StoreError::EditionUnknown { version },
        StoreError::NewerSchema { found: 9, known: 3 },
        StoreError::Busy,
        StoreError::Undone,
        StoreError::Lost,
        StoreError::NotDurable { setting: "secure_delete" },
        StoreError::MayNotBlock,
        StoreError::BadAnswer { place: "history.head".to_owned(), problem: "is missing".to_owned() },
        StoreError::Backend("the disk is full".to_owned()),
    ];
    for problem in all {
        let behind: Arc<dyn Store> = Arc::new(ForeignStore::over(Fails(problem.clone())));
        let store = over(behind, &[], &Minutes::default());
        assert_eq!(store.version(case), Err(problem.clone()));
        assert_eq!(store.receipt(CommandId::from_uuid(case.uuid())), Err(problem));
    }
}

/// What the storage holds is told as it is, whatever it is: pages are there to be found wrong.
#[test]
fn damaged_pages_cross_as_they_are() {
    let page = json!({
        "case": "no identity", "version": -5, "at": 0, "actor": {"bytes": "ff00"}, "rulebook": "x",
        "command": {"bytes": ""}, "kind": "", "body": "{", "hash": {"bytes": "00"},
    });
    let answer = json!({"answer": {"version": null, "folios": [page]}});
    let pages =
        ForeignStore::over(Says(answer.to_string())).file(GrievanceId::from_uuid(uuid::Uuid::nil())).unwrap();
    let folio = &pages.folios[0];
    assert_eq!((folio.case_id(), folio.stored_hash(), folio.version), (None, None, -5));
    assert_eq!((folio.actor.as_slice(), folio.command.as_slice()), (&[0xff, 0][..], &[][..]));
    let again = over(Arc::new(ForeignStore::over(Says(answer.to_string()))), &[], &Minutes::default());
    assert_eq!(again.file(sample::case(1)), Ok(pages));
}

/// Whole numbers cross to the last digit, though canonical JSON would round them.
#[test]
fn large_numbers_are_not_rounded() {
    struct Hears(Arc<Mutex<Vec<Value>>>);
    impl Keeper for Hears {
        fn ask(&self, _: &str, given: &str) -> Result<String, StoreError> {
            self.0.lock().unwrap().push(serde_json::from_str(given).unwrap());
            Ok(r#"{"answer": []}"#.to_owned())
        }
    }
    let heard = Arc::default();
    let store = ForeignStore::over(Hears(Arc::clone(&heard)));
    store.folios(Some((sample::case(1).as_bytes(), i64::MIN)), usize::MAX).unwrap();
    let given = heard.lock().unwrap().pop().unwrap();
    assert_eq!((&given["after"]["version"], &given["limit"]), (&json!(i64::MIN), &json!((1_u64 << 53) - 1)));

    let store = over(MemoryStore::default().tenant(&sample::tenant("first")), &[], &Minutes::default());
    for floor in [(1 << 53) + 1, i64::MAX.unsigned_abs() - 1] {
        assert_eq!(store.reserve(&floor.to_string(), floor, 1), Ok(floor));
    }
}
