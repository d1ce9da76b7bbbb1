//! One question and four answers: the table, the ledger, SQLite and PostgreSQL say the same.

use crate::measure_cases::ZONE;
use crate::measure_histories::at;
use crate::measure_ledger::{day, until};
use chrono::{DateTime, TimeDelta, Utc};
use grievance_core::grievance::project::CaseFact;
use grievance_core::kernel::code::{CategoryCode, ReasonCode, TenantCode, UnitCode};
use grievance_core::measure::answer::Answer;
use grievance_core::measure::cases::table::Cases;
use grievance_core::measure::cases::tally::DoesNotFit;
use grievance_core::measure::ledger::keep::Ledger;
use grievance_core::measure::ledger::{Picked, Subject, error::LedgerError};
use grievance_core::measure::mis::Terms;
use grievance_core::measure::pendency::PendencyBands;
use grievance_core::measure::question::{Dimension, Question};
use grievance_core::rulebook::access::Scope;
use grievance_core::sql::sqlite::SqliteStore;
use grievance_core::store::Journal as _;
use grievance_core::store::Store;
use grievance_core::store::conformance::sample::{Sample, case, commit};
use grievance_core::store::memory::MemoryStore;
use grievance_core::store::survey::Survey;
use grievance_core::vocabulary::{AgeRule, DisposalClass, FeedbackOutcome, Phase};
use proptest::prelude::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

pub(crate) type Open = Box<dyn Fn(&TenantCode) -> Arc<dyn Store>>;

/// Every kind of store there is here, empty.
pub(crate) fn stores() -> Vec<(&'static str, Open)> {
    let memory = MemoryStore::default();
    let sqlite = SqliteStore::open_in_memory().unwrap();
    let mut stores: Vec<(&'static str, Open)> = vec![
        ("memory", Box::new(move |tenant| memory.tenant(tenant))),
        ("sqlite", Box::new(move |tenant| sqlite.tenant(tenant))),
    ];
    #[cfg(feature = "postgres")]
    if let Some(postgres) = crate::pg::store() {
        stores.push(("postgres", Box::new(move |tenant| postgres.tenant(tenant))));
    }
    stores
}

pub(crate) fn fresh_tenant() -> TenantCode {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    TenantCode::new(&format!("tenant-{}", COUNT.fetch_add(1, Ordering::Relaxed))).unwrap()
}

/// What a case's row may say, whether or not a life leads to it.
pub(crate) fn fact() -> impl Strategy<Value = CaseFact> {
    let unit = prop::sample::select(vec!["works", "water", "roads", "parks"]);
    let subject = prop::option::of(prop::sample::select(vec!["a", "b"]));
    let reason = prop::option::of(prop::sample::select(vec!["done", "refused"]));
    let minutes =
        || prop_oneof![0..200 * 24 * 60_i64, (0..200_i64).prop_map(|days| days * 24 * 60 + 18 * 60 + 30)];
    let what = (
        prop::sample::select(Phase::ALL),
        prop::option::of(prop::sample::select(DisposalClass::ALL)),
        prop::option::of(prop::sample::select(FeedbackOutcome::ALL)),
    );
    let judged = (minutes(), prop::option::of(minutes()), prop::option::of(minutes()));
    let told = prop::option::weighted(0.3, minutes());
    let times = (minutes(), prop::option::of(-600..200_000_i64), prop::option::of(judged), told, minutes());
    let counts = prop::array::uniform5(prop_oneof![6 => 0..3_u32, 1 => Just(65_535_u32), 1 => Just(65_536)]);
    let rare = prop::array::uniform3(prop::bool::weighted(0.15));
    ((unit, subject, reason), what, times, counts, rare).prop_map(
        |(
            (unit, subject, reason),
            (phase, class, feedback),
            (received, took, judged, told, updated),
            counts,
            rare,
        )| {
            let mut fact = Sample::lodged(1).after(0).fact;
            let start = at("2026-01-01");
            let [reopenings, appeals, escalations, transfers, breaches] = counts;
            let [sealed, part, imported] = rare;
            fact.unit = UnitCode::new(unit).unwrap();
            fact.category = subject.map(|code| CategoryCode::new(code).unwrap());
            fact.reason = reason.map(|code| ReasonCode::new(code).unwrap());
            fact.phase = phase;
            fact.class = class;
            fact.feedback = feedback;
            fact.received_at = start + TimeDelta::minutes(received);
            fact.disposed_at = took.map(|took| fact.received_at + TimeDelta::minutes(took));
            (fact.judged_due_at, fact.late_at, fact.soon_at) =
                judged.map_or((None, None, None), |(due, late, soon)| {
                    let after = |minutes: i64| start + TimeDelta::minutes(minutes);
                    (Some(after(due)), late.map(after), soon.map(after))
                });
            fact.last_told_at = told.map(|told| start + TimeDelta::minutes(told));
            fact.updated_at = start + TimeDelta::minutes(updated);
            fact.external_number = None;
            fact.source = imported.then(|| "elsewhere".parse().unwrap());
            fact.sealed = sealed.then(|| "a".parse().unwrap());
            fact.part_of = part.then(|| case(1));
            (fact.reopenings, fact.appeals, fact.escalations) = (reopenings, appeals, escalations);
            (fact.transfers, fact.breaches) = (transfers, breaches);
            fact
        },
    )
}

/// Puts a row for each of the facts into a store.
pub(crate) fn put(store: &dyn Store, facts: &[CaseFact]) {
    let numbered: Vec<_> = (1..).zip(facts).collect();
    for some in numbered.chunks(1_000) {
        let commits = some.iter().map(|(n, fact)| {
            let mut stream = Sample::lodged(*n).after(0);
            let CaseFact { id, number, lodged_by, .. } = stream.fact;
            stream.fact = CaseFact { id, number, lodged_by, ..(*fact).clone() };
            commit(*n, vec![stream])
        });
        for answer in store.commit_all(&commits.collect::<Vec<_>>()).unwrap() {
            answer.unwrap();
        }
    }
}

fn picked() -> impl Strategy<Value = Picked> {
    let units = prop::option::of(prop::sample::subsequence(
        vec!["works", "water", "roads", "parks", "nowhere"],
        0..4,
    ));
    let subject = prop_oneof![
        3 => Just(Subject::Any),
        1 => Just(Subject::None),
        2 => prop::sample::select(vec!["a", "b", "never"]).prop_map(|code| Subject::Of(code.into())),
    ];
    (units, subject).prop_map(|(units, subject)| units.map_or_else(Picked::all, Picked::units).of(subject))
}

fn bands() -> impl Strategy<Value = PendencyBands> {
    prop_oneof![
        Just(PendencyBands::default()),
        prop::collection::btree_set(1..400_u32, 0..5)
            .prop_map(|cuts| PendencyBands::new(cuts.into_iter().collect::<Vec<_>>()).unwrap()),
    ]
}

fn zone() -> impl Strategy<Value = chrono_tz::Tz> {
    prop::sample::select(vec![ZONE, chrono_tz::America::Sao_Paulo, chrono_tz::UTC, chrono_tz::Europe::Berlin])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever is asked, as of whatever day, every store says what a table of the same rows says, and
    /// the ledger of that table says it too, or that it does not keep it.
    #[test]
    fn table_ledger_and_stores_say_the_same(
        facts in prop::collection::vec(fact(), 0..60),
        asked in prop::collection::vec(
            (0..260_u64, prop::sample::select(AgeRule::ALL), prop::sample::select(&Dimension::ALL[..]), picked(), bands()),
            1..8,
        ),
        zone in zone(),
        read_until in prop_oneof![Just(until()), (0..200_i64).prop_map(|days| at("2026-01-01") + TimeDelta::days(days))],
    ) {
        thread_local! {
            static STORES: Vec<(&'static str, Open)> = stores();
        }
        let tenant = fresh_tenant();
        STORES.with(|stores| -> Result<(), TestCaseError> {
            let opened: Vec<_> = stores.iter().map(|(name, open)| (*name, open(&tenant))).collect();
            for (_, store) in &opened {
                put(&**store, &facts);
            }
            let table = Cases::read_facts(zone, read_until, &facts);
            let ledger = Ledger::of(&table.cases).unwrap();
            for (number, rule, by, picked, bands) in asked {
                let terms = Terms::new(day(number), zone, rule).with_bands(bands);
                let question = Question::new(terms, by).about(picked);
                let scanned = table.cases.answer(&question).unwrap();
                for (name, store) in &opened {
                    let survey = store.survey(&Scope::All, &question, read_until).unwrap();
                    prop_assert_eq!(&survey, &Survey::of(&facts, &question, read_until), "{}", name);
                    prop_assert_eq!(&survey.answer, &scanned, "{}", name);
                }
                let kept = ledger.answer(&question);
                match (rule, by) {
                    (AgeRule::Elapsed | AgeRule::Working, _) => prop_assert_eq!(kept, Err(LedgerError::Rule)),
                    (_, Dimension::Unit | Dimension::Category) => {
                        prop_assert_eq!(kept, Ok(scanned));
                    }
                    _ => prop_assert_eq!(kept, Err(LedgerError::Dimension)),
                }
            }
            Ok(())
        })?;
    }

    /// Answers of shards, each from a store of its own, add up to the answer of the whole.
    #[test]
    fn answers_of_shards_are_the_whole(
        facts in prop::collection::vec((fact(), 0..3_usize), 0..60),
        by in prop::sample::select(&Dimension::ALL[..]),
    ) {
        let question = Question::new(Terms::new(day(100), ZONE, AgeRule::Calendar), by);
        let all = facts.iter().map(|(fact, _)| fact);
        let mut merged: Answer = Survey::of(std::iter::empty::<CaseFact>(), &question, until()).answer;
        for shard in 0..3 {
            let own: Vec<_> = facts.iter().filter(|(_, of)| *of == shard).map(|(fact, _)| fact.clone()).collect();
            let store = SqliteStore::open_in_memory().unwrap().tenant(&fresh_tenant());
            put(&*store, &own);
            merged.merge(&store.survey(&Scope::All, &question, until()).unwrap().answer).unwrap();
        }
        prop_assert_eq!(&merged, &Survey::of(all, &question, until()).answer);
        let other = Question::new(Terms::new(day(101), ZONE, AgeRule::Calendar), by);
        let other = Survey::of(std::iter::empty::<CaseFact>(), &other, until()).answer;
        let before = merged.clone();
        prop_assert_eq!(merged.merge(&other), Err(DoesNotFit::Terms));
        prop_assert_eq!(merged, before);
    }
}

/// The worked example of the guide: received on 2 March, asked as of 17 March.
#[test]
fn fifteen_days_are_the_third_band() {
    for (name, open) in stores() {
        let store = open(&fresh_tenant());
        let received: DateTime<Utc> = "2026-03-02T10:00:00Z".parse().unwrap();
        let mut fact = Sample::lodged(1).after(0).fact;
        (fact.unit, fact.phase, fact.received_at) = ("works".parse().unwrap(), Phase::InProgress, received);
        put(&*store, &[fact]);
        let terms = Terms::new("2026-03-17".parse().unwrap(), ZONE, AgeRule::Calendar);
        let survey = store.survey(&Scope::All, &Question::new(terms, Dimension::Unit), until()).unwrap();
        assert_eq!(survey.answer.groups()["works"].bands, [0, 0, 1, 0], "{name}");
        // As of before everything there is nothing, and no group.
        let terms = Terms::new("1800-01-01".parse().unwrap(), ZONE, AgeRule::Calendar);
        let survey = store.survey(&Scope::All, &Question::new(terms, Dimension::Unit), until()).unwrap();
        assert!(survey.answer.groups().is_empty(), "{name}");
    }
}
