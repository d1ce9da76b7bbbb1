//! A canary in every personal and free-text field, another one in each: it may sing in the vault and in
//! the message that its template puts it into, and nowhere else. What sings says which field leaked.
//!
//! `GRIEVANCE_FLOWS` says how many random lives of cases are played per store.

use crate::bad_input::verbs;
use crate::dice::Dice;
use chrono::{DateTime, TimeDelta, Utc};
use grievance_core::desk::{Desk, SeededMint};
use grievance_core::grievance::notice::Variable;
use grievance_core::grievance::request::Request;
use grievance_core::grievance::wire;
use grievance_core::kernel::code::TenantCode;
use grievance_core::kernel::id::{GrievanceId, PersonId};
use grievance_core::measure::mis::{MisPart, Terms};
use grievance_core::message::RecordingGateway;
use grievance_core::render::mis::mis_html;
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::access::Actor;
use grievance_core::store::Store;
use grievance_core::store::memory::MemoryStore;
use grievance_core::store::search::Search;
use grievance_core::vocabulary::{Action, AgeRule, Field, LookPurpose};
use serde_json::{Map, Value, json};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// The canary of a field: one word, so that it is found again whatever stands around it.
fn canary(action: Action, field: &str) -> String {
    format!("Qzuxoz{action}{field}Zoxuzq").replace('_', "")
}

/// The mobiles, each in one place: the last two digits tell which.
const MOBILES: &[(&str, &str)] = &[
    ("9876501234", "the complainant's mobile"),
    ("9876501235", "the representative's mobile"),
    ("9876501236", "a signatory's mobile"),
    ("9876501237", "the corrected mobile"),
    ("9876501238", "a mobile in a text"),
];

fn mobile(action: Action, field: &str) -> &'static str {
    let which = match field {
        "mobile" if action == Action::Lodge => 0,
        "representative" => 1,
        "signatory_mobiles" => 2,
        "mobile" => 3,
        _ => 4,
    };
    MOBILES[which].0
}

/// Whose canaries a text holds: what only the vault may hold.
fn singing(text: &str) -> BTreeSet<String> {
    let plain = text.to_ascii_lowercase();
    // Long enough that no code and no sealed text spells it by chance.
    let words = plain.match_indices("qzuxoz").map(|(at, mark)| {
        let word = &plain[at + mark.len()..];
        // A canary that was cut still sings.
        word.split_once("zoxuzq")
            .map_or_else(|| word.chars().take(20).collect(), |(field, _)| field.to_owned())
    });
    let numbers = MOBILES.iter().filter(|(digits, _)| {
        let spaced = format!("{} {}", &digits[..5], &digits[5..]);
        plain.contains(digits) || plain.contains(&spaced)
    });
    words.chain(numbers.map(|(_, whose)| (*whose).to_owned())).collect()
}

#[track_caller]
fn silent(what: &str, text: &str) {
    let singing = singing(text);
    assert!(singing.is_empty(), "{what} gives away {singing:?}");
}

fn begun() -> DateTime<Utc> {
    "2026-04-01T04:00:00Z".parse().expect("an instant")
}

fn tenant() -> TenantCode {
    TenantCode::new("bengal").expect("a code")
}

fn actor(n: u128, role: &str, unit: Option<&str>, post: Option<&str>) -> Actor {
    let mut actor = Actor::new(PersonId::from_uuid(uuid::Uuid::from_u128(n)), role.parse().expect("a code"));
    actor.unit = unit.map(|code| code.parse().expect("a code"));
    actor.post = post.map(|code| code.parse().expect("a code"));
    actor
}

/// Fields that hold codes, dates and choices; every other text is somebody's.
const CODES: &[&str] = &[
    "against_post",
    "against_unit",
    "categories",
    "category",
    "channel",
    "complainant",
    "expected_by",
    "external_number",
    "into",
    "kind",
    "language",
    "level",
    "media_type",
    "outcome",
    "place",
    "post",
    "priority",
    "reason",
    "received_at",
    "reference_date",
    "reference_from",
    "refuses",
    "safe_from",
    "safe_until",
    "reply_due",
    "sha256",
    "step",
    "unit",
    "units",
    "until",
];

/// A request of that verb with the canary in every field that people fill.
fn request(action: Action, dice: &mut Dice, nth: usize) -> Option<Request> {
    let (_, must, may) = verbs().into_iter().find(|(own, ..)| *own == action)?;
    let mut fields = Map::new();
    fields.insert("action".to_owned(), action.as_str().into());
    let given = must.iter().map(|field| (field, true)).chain(may.iter().map(|field| (field, false)));
    for ((name, sound), must) in given {
        if !must && (dice.below(3) == 0 || *name == "anonymous") {
            continue;
        }
        let canary = canary(action, name);
        let value = match *name {
            "unit" => json!(["nadia", "nadia-land", "howrah", "cmo-cell"][dice.below(4)]),
            "units" => json!(["nadia", "howrah"]),
            "category" => json!("mutation"),
            "place" => json!("nadia"),
            "reason" => json!("benefit_provided"),
            "post" | "priority" | "kind" | "language" | "channel" | "against_unit" | "against_post"
            | "complainant" | "refuses" | "safe_from" | "safe_until" | "categories" | "level"
            | "received_at" => continue,
            "step" => json!("hearing"),
            "mobile" | "representative" => json!(format!("+91 {}", mobile(action, name))),
            "signatory_mobiles" => json!([mobile(action, name)]),
            "signatories" => json!([format!("{canary} the second"), canary]),
            "email" => json!(format!("{canary}@example.org")),
            "evidence" => json!({"date": "2026-04-01", "reference": format!("Memo {canary}")}),
            "fields" => json!({"held_on": "2026-04-01", "persons_heard": "2", "minutes": canary}),
            _ if CODES.contains(name) => sound.clone(),
            _ if sound.is_string() => json!(format!("{canary} {nth}, ring {}.", mobile(action, name))),
            _ => sound.clone(),
        };
        fields.insert((*name).to_owned(), value);
    }
    Request::from_json(&Value::Object(fields).to_string()).ok()
}

/// The canaries of a request: its JSON is the one form that shows its words.
fn planted(request: &Request) -> BTreeSet<String> {
    singing(&request.to_json().to_string())
}

/// What carries a case through its life; between them anything may be tried.
const WAY: &[(usize, Action)] = &[
    (1, Action::Assign),
    (2, Action::Acknowledge),
    (2, Action::Forward),
    (3, Action::RecordCall),
    (3, Action::ReportAction),
    (2, Action::Approve),
    (4, Action::RecordCall),
    (4, Action::RecordFeedback),
    (2, Action::Dispose),
    (0, Action::Reopen),
    (0, Action::Appeal),
];

struct Played {
    desk: Desk,
    cases: Vec<GrievanceId>,
    taken: usize,
    refused: usize,
    /// The canaries of the requests that were taken.
    planted: BTreeSet<String>,
}

fn play(desk: Desk, flows: usize) -> Played {
    let people = [
        actor(1, "complainant", None, None),
        actor(2, "cell_officer", Some("cmo-cell"), Some("cell_officer")),
        actor(3, "hod", Some("nadia"), Some("district_magistrate")),
        actor(4, "sub_office_officer", Some("nadia-land"), Some("office_head")),
        actor(5, "call_agent", Some("cmo-cell"), Some("agent")),
        actor(6, "auditor", Some("cmo-cell"), None),
        actor(7, "kiosk_operator", None, None),
    ];
    let mut played = Played { desk, cases: Vec::new(), taken: 0, refused: 0, planted: BTreeSet::new() };
    let mut dice = Dice(2_026);
    for flow in 0..flows {
        let mut now = begun() + TimeDelta::minutes(i64::try_from(flow).expect("few"));
        let Some(lodge) = request(Action::Lodge, &mut dice, flow) else { continue };
        silent("Debug of a request", &format!("{lodge:?}"));
        let lodger = &people[if flow % 5 == 0 { 6 } else { 0 }];
        let case = match played.desk.by(lodger, now).submit(None, &lodge) {
            Ok(done) => {
                silent("an answer", &format!("{done:?}"));
                played.planted.extend(planted(&lodge));
                done.case
            }
            Err(problem) => {
                silent("an error", &format!("{problem} {problem:?}"));
                continue;
            }
        };
        played.cases.push(case);
        let depth = dice.below(WAY.len() + 1);
        for (who, action) in &WAY[..depth] {
            let strays = dice.below(2);
            for stray in 0..=strays {
                now += TimeDelta::minutes(7);
                let (who, action) = if stray < strays {
                    (&people[dice.below(people.len())], Action::ALL[dice.below(Action::ALL.len())])
                } else {
                    (&people[*who], *action)
                };
                if action == Action::Lodge {
                    continue;
                }
                let Some(request) = request(action, &mut dice, flow) else { continue };
                silent("Debug of a request", &format!("{request:?}"));
                match played.desk.by(who, now).submit(Some(case), &request) {
                    Ok(done) => {
                        played.taken += 1;
                        played.planted.extend(planted(&request));
                        silent("an answer", &format!("{done:?}"));
                    }
                    Err(problem) => {
                        played.refused += 1;
                        silent("an error", &format!("{problem} {problem:?}"));
                    }
                }
            }
        }
        if flow % 64 == 0 {
            look(&played.desk, &people, case, now);
        }
    }
    played
}

/// What views, lists and their exports hold of a case.
fn look(desk: &Desk, people: &[Actor], case: GrievanceId, now: DateTime<Utc>) {
    for who in people {
        let by = desk.by(who, now);
        if let Ok(view) = by.case(case) {
            silent("Debug of a view", &format!("{view:?}"));
            silent("a view as JSON", &serde_json::to_string(&view).expect("it is plain"));
        }
        if let Ok(page) = by.search(&Search::default()) {
            silent("Debug of a list", &format!("{page:?}"));
            silent("a list as JSON", &serde_json::to_string(&page.cases).expect("it is plain"));
        }
        if let Ok(words) = by.words(case, LookPurpose::Audit, Field::ALL) {
            silent("Debug of words", &format!("{words:?}"));
        }
        silent("options", &format!("{:?}", by.options(case)));
        silent("progress", &format!("{:?}", by.progress(case)));
    }
}

fn heard(store: &Arc<dyn Store>, flows: usize) {
    let desk = crate::desk_support::open_as(Arc::clone(store), tenant(), Box::new(SeededMint::new(5)));
    desk.activate(Rulebook::from_toml("extends = \"west-bengal\"").expect("it is sound"), begun())
        .expect("it is");
    let Played { desk, cases, taken, refused, planted } = play(desk, flows);
    assert!(cases.len() * 2 > flows, "most are lodged: {} of {flows}", cases.len());
    assert!(taken > flows && refused > flows / 2, "{taken} steps were taken, {refused} refused");

    // The words are there: whoever may read them reads the canary.
    let cell = actor(2, "cell_officer", Some("cmo-cell"), Some("cell_officer"));
    let words =
        desk.by(&cell, begun() + TimeDelta::days(30)).words(cases[0], LookPurpose::Handling, Field::ALL);
    assert!(
        words.expect("they open").iter().any(|word| !singing(word.words.as_deref().unwrap_or("")).is_empty())
    );
    assert!(planted.len() > 20, "{} fields: {planted:?}", planted.len());

    // Sweeps and messages.
    let late = begun() + TimeDelta::days(60);
    desk.sweep(late, usize::MAX).expect("it is swept");
    let gateway = RecordingGateway::default();
    desk.deliver(late, &gateway, usize::MAX).expect("they are sent");
    let (mut with_words, mut notices) = (HashMap::new(), 0);
    for case in &cases {
        for posted in store.notices_of(*case).expect("they can be read") {
            notices += 1;
            silent(
                "a notice",
                &format!("{posted:?} {}", serde_json::to_string(&posted.notice).expect("plain")),
            );
            let words = posted.notice.variables.values().any(|value| matches!(value, Variable::Text(_)));
            with_words.insert(posted.notice.id, words);
        }
    }
    let messages = gateway.messages();
    assert!(
        notices > cases.len() && messages.len() > cases.len() / 2,
        "{notices} notices, {} sent",
        messages.len()
    );
    for message in messages {
        silent("Debug of a message", &format!("{message:?}"));
        if !with_words.get(&message.id).copied().unwrap_or(false) {
            silent("a message whose template asks for no words", &message.rendered.text);
        }
    }

    // The journal, the rows, the statement.
    let day = late.date_naive();
    let mut part = MisPart::new(Terms::new(day, chrono_tz::Asia::Kolkata, AgeRule::Calendar));
    let auditor = actor(6, "auditor", Some("cmo-cell"), None);
    desk.by(&auditor, late)
        .scan(&mut |history| {
            part.add_history(history);
            for event in history {
                silent(
                    "the journal",
                    &format!("{} {}", wire::encode(&event.event), wire::encode_actor(&event.actor)),
                );
                silent("Debug of an event", &format!("{event:?}"));
            }
            true
        })
        .expect("it can be read");
    let mis = part.finish(ToString::to_string);
    silent("mis.json", &serde_json::to_string(&mis).expect("it is plain"));
    silent("mis.html", &mis_html(&mis, "Weekly statement", ToString::to_string));
    for case in &cases {
        silent("a row", &format!("{:?}", store.fact(*case).expect("it can be read")));
    }
}

fn flows() -> usize {
    std::env::var("GRIEVANCE_FLOWS").map_or(1_500, |n| n.parse().expect("a number"))
}

#[test]
fn no_canary_sings_in_memory() {
    let store: Arc<dyn Store> = MemoryStore::default().tenant(&tenant());
    heard(&store, flows());
}

/// The same, and afterwards no table but the vault holds the words; where the vault is sealed, no byte
/// of the file or its log does.
#[cfg(feature = "sqlite")]
#[test]
fn no_canary_sings_in_sqlite_and_none_lies_in_its_file() {
    use grievance_core::sql::sqlite::rusqlite::Connection;
    use grievance_core::sql::sqlite::rusqlite::types::ValueRef;

    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().join("cases.sqlite");
    let sqlite = grievance_core::sql::sqlite::SqliteStore::open(&place).expect("it opens");
    let store: Arc<dyn Store> = sqlite.tenant(&tenant());
    heard(&store, flows());

    let connection = Connection::open(&place).expect("it opens");
    let list = |sql: &str| -> Vec<String> {
        let mut statement = connection.prepare(sql).expect("a query");
        let names = statement.query_map([], |row| row.get(0)).expect("names");
        names.collect::<Result<_, _>>().expect("names")
    };
    let sealed = list("SELECT name FROM pragma_table_info('vault')").iter().any(|column| column == "sealed");
    let tables = list("SELECT name FROM sqlite_schema WHERE type = 'table'");
    assert!(tables.len() > 12 && tables.iter().any(|table| table == "vault"));
    for table in tables.iter().filter(|table| sealed || *table != "vault") {
        let mut statement = connection.prepare(&format!("SELECT * FROM \"{table}\"")).expect("a table");
        let columns = statement.column_count();
        let mut rows = statement.query([]).expect("rows");
        while let Some(row) = rows.next().expect("a row") {
            for column in 0..columns {
                if let ValueRef::Text(bytes) | ValueRef::Blob(bytes) = row.get_ref(column).expect("a value") {
                    silent(table, &String::from_utf8_lossy(bytes));
                }
            }
        }
    }
    if sealed {
        for file in std::fs::read_dir(folder.path()).expect("a folder") {
            let content = std::fs::read(file.expect("a file").path()).expect("it can be read");
            silent("the database file", &String::from_utf8_lossy(&content));
        }
    }
}

/// The same over PostgreSQL, with fewer flows: no table holds a canary.
#[cfg(feature = "postgres")]
#[test]
fn no_canary_sings_in_postgres_and_none_lies_in_its_tables() {
    let Some(database) = crate::pg::Database::fresh() else { return };
    let store: Arc<dyn Store> = database.store().tenant(&tenant());
    heard(&store, flows() / 8);

    let mut client = database.client();
    let columns = "SELECT table_name::text, column_name::text, data_type::text FROM information_schema.columns \
                   WHERE table_schema = 'public' AND data_type IN ('text', 'bytea')";
    let columns = client.query(columns, &[]).expect("they are listed");
    let mut read = 0;
    for column in &columns {
        let (table, name): (&str, &str) = (column.get(0), column.get(1));
        let quoted = format!("\"{name}\"");
        let text = column.get::<_, &str>(2) == "text";
        let bytes = if text { format!("convert_to({quoted}, 'UTF8')") } else { quoted };
        let values = format!("SELECT {bytes} FROM \"{table}\" WHERE \"{name}\" IS NOT NULL");
        for row in client.query(&values, &[]).expect("they can be read") {
            read += 1;
            silent(&format!("{table}.{name}"), &String::from_utf8_lossy(row.get(0)));
        }
    }
    assert!(columns.len() > 60 && read > 10_000, "{} columns, {read} values", columns.len());
}
