//! Finding people among a million, by names and numbers that the database cannot read.

use chrono::{DateTime, Utc};
use grievance_benches::rows::options;
use grievance_benches::timing::{say, say_target, timed, title};
use grievance_core::desk::{Desk, SeededMint};
use grievance_core::kernel::code::TenantCode;
use grievance_core::kernel::id::VaultId;
use grievance_core::kernel::text::{Compartment, Mint as _, VaultRow};
use grievance_core::rulebook::access::Actor;
use grievance_core::sql::sqlite::{SqliteStore, Synchronous};
use grievance_core::store::Journal as _;
use grievance_core::store::conformance::sample::Sample;
use grievance_core::store::search::Search;
use grievance_core::{KeyRing, Rulebook};

/// How many cases there are, each with one complainant, unless `BENCH_PEOPLE` says otherwise.
const PEOPLE: u64 = 1_000_000;

/// How many searches of each sort.
const SEARCHES: usize = 400;

/// Commits of one transaction.
const TOGETHER: u64 = 2_000;

/// Names that nobody has: a word for each number, out of syllables.
fn word(n: u64) -> String {
    const SYLLABLES: [&str; 16] =
        ["ba", "do", "ki", "la", "mo", "nu", "pa", "re", "si", "to", "va", "yo", "cha", "dhi", "gho", "sha"];
    let mut word = String::new();
    let mut rest = n + 16;
    while rest > 0 {
        word.push_str(SYLLABLES[usize::try_from(rest % 16).expect("below 16")]);
        rest /= 16;
    }
    word
}

/// One of `of` words, the first ones far more often: the `n`th comes as often as 1 in `n`.
fn often(mint: &mut SeededMint, of: u64) -> u64 {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a rank"
    )]
    let rank = ((of as f64).powf((mint.next() >> 11) as f64 / (1_u64 << 53) as f64)) as u64 - 1;
    rank.min(of - 1)
}

/// First names and surnames: the commonest surname has about one in seven people.
const FIRST: u64 = 3_000;
const LAST: u64 = 1_200;

struct Person {
    first: u64,
    last: u64,
    mobile: String,
    number: String,
}

fn people(count: u64) -> Vec<Person> {
    let mut mint = SeededMint::new(2026);
    (0..count)
        .map(|n| Person {
            first: often(&mut mint, FIRST),
            last: often(&mut mint, LAST),
            mobile: format!("+91{}", 7_000_000_000 + n * 2_003),
            number: format!("WB/2026/{:06}", n + 1),
        })
        .collect()
}

fn name(person: &Person) -> String {
    // First names and surnames do not share words.
    format!("{} {}", word(person.first), word(10_000 + person.last))
}

fn fill(store: &SqliteStore, tenant: &TenantCode, keys: &KeyRing, people: &[Person]) {
    let store = store.tenant(tenant);
    let mut mint = SeededMint::new(7);
    let mut commits = Vec::new();
    for (n, person) in (1_u64..).zip(people) {
        let sample = Sample::lodged(n);
        let mut commit = sample.commit(n);
        for (field, content) in [("name", name(person)), ("mobile", person.mobile.clone())] {
            let (id, salt) = (VaultId::from_uuid(mint.uuid()), mint.salt());
            let row = VaultRow { id, compartment: Compartment::Identity, field, salt, content };
            commit.texts.push(keys.keep(tenant, sample.id, row, mint.salt()));
        }
        commits.push(commit);
        if n % TOGETHER == 0 || n == people.len() as u64 {
            for answer in store.commit_all(&commits).expect("the store works") {
                answer.expect("each case is new");
            }
            commits.clear();
        }
    }
}

/// The 95th of a hundred, in milliseconds.
fn p95(mut nanos: Vec<u128>) -> f64 {
    nanos.sort_unstable();
    #[expect(clippy::cast_precision_loss, reason = "a search takes less than 2^53 nanoseconds")]
    let at = nanos[nanos.len() * 95 / 100] as f64 / 1e6;
    at
}

/// An officer of the cell, who sees every case that is not sealed, and who people are.
fn seeker() -> (Actor, DateTime<Utc>) {
    let actor: Actor = serde_json::from_str(
        r#"{"person": "per_00000000000000000000000000000009", "role": "cell_officer", "unit": "desk"}"#,
    )
    .expect("an actor");
    (actor, "2027-01-01T00:00:00Z".parse().expect("an instant"))
}

fn measure(desk: &Desk, what: &str, most: f64, searches: impl Iterator<Item = Search>) {
    let (officer, now) = seeker();
    let (mut nanos, mut found, mut pages) = (Vec::new(), 0, 0);
    for search in searches {
        let (took, page) = timed(|| desk.by(&officer, now).search(&search).expect("it is searched"));
        assert!(!page.cases.is_empty(), "whoever is sought is there");
        found += page.cases.len();
        pages += 1;
        nanos.push(took.as_nanos());
    }
    let at = p95(nanos);
    let each = found / pages;
    let figure = format!("{what}: p95 {at:.2} ms ({pages} searches, {each} cases each)");
    say_target(&figure, &format!("< {most} ms"), at < most);
}

fn main() {
    let count = std::env::var("BENCH_PEOPLE").ok().and_then(|text| text.parse().ok()).unwrap_or(PEOPLE);
    title(
        "people",
        &format!("Searching {count} complainants by name, mobile and number, SQLite file, one thread"),
    );
    let folder = tempfile::tempdir().expect("a folder for the database");
    let path = folder.path().join("people.sqlite");
    let tenant = TenantCode::new("west-bengal").expect("a code");
    let keys = KeyRing::for_tests();
    let people = people(count);
    let store = SqliteStore::open_with(&path, &options(Synchronous::Off)).expect("the database opens");
    let (took, ()) = timed(|| fill(&store, &tenant, &keys, &people));
    let size = std::fs::metadata(&path).map_or(0, |file| file.len()) / 1_000_000;
    say(&format!("  filled in {} s, {size} MB", took.as_secs()));
    let desk = Desk::open(store.tenant(&tenant), tenant, keys);
    let rulebook = "extends = \"city-311\"\nname = \"A city\"\nzone = \"Asia/Kolkata\"";
    let rulebook = Rulebook::from_toml(rulebook).expect("a sound rulebook");
    desk.activate(rulebook, "2020-01-01T00:00:00Z".parse().expect("an instant"))
        .expect("it comes into force");

    let mut mint = SeededMint::new(11);
    let mut somebody = || &people[usize::try_from(mint.next() % count).expect("an index")];
    let chosen: Vec<&Person> = (0..SEARCHES).map(|_| somebody()).collect();
    let by_name = |name: String| Search { name: Some(name.as_str().into()), ..Search::default() };
    measure(&desk, "full name", 20.0, chosen.iter().map(|person| by_name(name(person))));
    let common = (0..SEARCHES as u64).map(|n| by_name(word(10_000 + n % 5)));
    measure(&desk, "one of the five commonest surnames", 100.0, common);
    let mobile =
        |person: &&Person| Search { mobile: Some(person.mobile.as_str().into()), ..Search::default() };
    measure(&desk, "mobile", 2.0, chosen.iter().map(mobile));
    let number = |person: &&Person| Search { number: Some(person.number.clone()), ..Search::default() };
    measure(&desk, "registration number", 2.0, chosen.iter().map(number));
}
