//! Any level of any tree: the table, the ledger and every store roll up and choose as a naive count does.

use crate::measure_cases::ZONE;
use crate::measure_histories::at;
use crate::measure_ledger::{day, until};
use crate::measure_question::{Open, fresh_tenant, put, stores};
use chrono::TimeDelta;
use grievance_core::grievance::project::CaseFact;
use grievance_core::measure::answer::Answer;
use grievance_core::measure::cases::table::Cases;
use grievance_core::measure::cases::tally::DoesNotFit;
use grievance_core::measure::headline::Asked;
use grievance_core::measure::ledger::error::LedgerError;
use grievance_core::measure::ledger::keep::Ledger;
use grievance_core::measure::mis::Terms;
use grievance_core::measure::picked::{Picked, Subject};
use grievance_core::measure::question::{Dimension, Question};
use grievance_core::measure::rollup::Rollup;
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::access::Scope;
use grievance_core::store::conformance::sample::Sample;
use grievance_core::store::survey::Survey;
use grievance_core::vocabulary::{AgeRule, Phase};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// A state with wards below districts and subjects three deep.
fn rulebook() -> Rulebook {
    let entry = |table: &str, code: &str, parent: &str, more: &str| {
        format!("[[{table}]]\ncode = \"{code}\"\nname = \"{code}\"\nparent = \"{parent}\"\n{more}\n")
    };
    let places = [("bally", "howrah"), ("ward-1", "bally"), ("ward-2", "bally"), ("behala", "kolkata")];
    let subjects = [("lamps", "light"), ("bulbs", "lamps"), ("poles", "light")];
    let mut text = "extends = \"west-bengal\"\n".to_owned();
    text += "[[category]]\ncode = \"light\"\nname = \"Light\"\nunit = \"power\"\n";
    for (code, parent) in places {
        text += &entry("place", code, parent, "");
    }
    for (code, parent) in subjects {
        text += &entry("category", code, parent, "unit = \"power\"");
    }
    Rulebook::from_toml(&text).unwrap()
}

/// The tree of a dimension as the document writes it: each code with its parent.
fn tree(rulebook: &Rulebook, by: Dimension) -> BTreeMap<&str, Option<&str>> {
    let document = rulebook.document();
    match by {
        Dimension::Unit => document.unit.iter().map(|it| (&*it.code, it.parent.as_deref())).collect(),
        Dimension::Category => document.category.iter().map(|it| (&*it.code, it.parent.as_deref())).collect(),
        _ => document.place.iter().map(|it| (&*it.code, it.parent.as_deref())).collect(),
    }
}

/// From the top of the tree down to a code.
fn line<'t>(tree: &BTreeMap<&'t str, Option<&'t str>>, code: &str) -> Vec<&'t str> {
    let Some((code, parent)) = tree.get_key_value(code) else { return Vec::new() };
    let mut line = parent.map_or_else(Vec::new, |parent| self::line(tree, parent));
    line.push(code);
    line
}

const UNITS: [&str; 6] = ["govt", "power", "howrah", "howrah-pwd", "howrah-mc", "elsewhere"];
const SUBJECTS: [&str; 5] = ["light", "lamps", "bulbs", "poles", "unheard"];
const PLACES: [&str; 7] = ["west-bengal", "howrah", "bally", "ward-1", "ward-2", "behala", "nowhere"];
const CHANNELS: [&str; 2] = ["letter", "phone"];

fn fact() -> impl Strategy<Value = CaseFact> {
    let code = |of: &'static [&'static str]| prop::option::of(prop::sample::select(of));
    let codes = (prop::sample::select(&UNITS[..]), code(&SUBJECTS), code(&PLACES), code(&CHANNELS));
    (codes, 0..60 * 24 * 60_i64, prop::option::of(0..60 * 24 * 60_i64)).prop_map(
        |((unit, category, place, channel), received, took)| {
            let mut fact = Sample::lodged(1).after(0).fact;
            fact.unit = unit.parse().unwrap();
            fact.category = category.map(|code| code.parse().unwrap());
            fact.place = place.map(|code| code.parse().unwrap());
            fact.channel = channel.map(|code| code.parse().unwrap());
            fact.received_at = at("2026-01-01") + TimeDelta::minutes(received);
            fact.disposed_at = took.map(|took| fact.received_at + TimeDelta::minutes(took));
            fact.phase = if took.is_some() { Phase::Disposed } else { Phase::InProgress };
            fact.updated_at = fact.received_at;
            (fact.source, fact.external_number, fact.last_told_at) = (None, None, None);
            fact
        },
    )
}

/// What a fact has in a dimension, told apart from how the library reads it.
fn code_of(fact: &CaseFact, by: Dimension) -> Option<String> {
    match by {
        Dimension::Unit => Some(fact.unit.to_string()),
        Dimension::Category => fact.category.as_ref().map(ToString::to_string),
        Dimension::Place => fact.place.as_ref().map(ToString::to_string),
        Dimension::Channel => fact.channel.as_ref().map(ToString::to_string),
        Dimension::Kind => Some(fact.kind.to_string()),
        Dimension::Priority => fact.priority.as_ref().map(ToString::to_string),
        Dimension::Reason => fact.reason.as_ref().map(ToString::to_string),
    }
}

/// By which level of its tree a question is, what is chosen in each tree, and by which channels.
#[derive(Clone, Debug)]
struct Ask {
    by: Dimension,
    level: Option<usize>,
    unit: Option<&'static str>,
    subject: Option<&'static str>,
    place: Option<&'static str>,
    channel: Option<&'static str>,
}

fn ask() -> impl Strategy<Value = Ask> {
    let code = |of: &'static [&'static str]| prop::option::weighted(0.3, prop::sample::select(of));
    let by = prop::sample::select(&Dimension::ALL[..]);
    let chosen = (code(&UNITS), code(&SUBJECTS), code(&PLACES), code(&CHANNELS));
    (by, prop::option::of(0..4_usize), chosen).prop_map(|(by, level, (unit, subject, place, channel))| Ask {
        by,
        level,
        unit,
        subject,
        place,
        channel,
    })
}

impl Ask {
    fn question(&self, rulebook: &Rulebook, terms: Terms) -> Question {
        let mut picked = match self.unit {
            Some(top) => Picked::below(rulebook.directory(), &top.parse().unwrap()),
            None => Picked::all(),
        };
        if let Some(wider) = self.subject {
            picked = picked.of(Subject::within(rulebook.categories(), &wider.parse().unwrap()));
        }
        let mut question = Question::new(terms, self.by).about(picked);
        if let Some(around) = self.place {
            let inside: Vec<_> = rulebook.places().inside(&around.parse().unwrap()).collect();
            question = question.only(Dimension::Place, inside.iter().map(|place| place.as_str()));
        }
        if let Some(channel) = self.channel {
            question = question.only(Dimension::Channel, [channel]);
        }
        match (self.level, self.by) {
            (Some(level), Dimension::Unit) => question.rolled_up(Rollup::units(rulebook.directory(), level)),
            (Some(level), Dimension::Category) => {
                question.rolled_up(Rollup::categories(rulebook.categories(), level))
            }
            (Some(level), Dimension::Place) => question.rolled_up(Rollup::places(rulebook.places(), level)),
            _ => question,
        }
    }

    fn has_tree(&self) -> bool {
        matches!(self.by, Dimension::Unit | Dimension::Category | Dimension::Place)
    }

    /// Received, disposed and pending by group, counted one by one; `None` for cases without a group.
    fn naive(
        &self,
        rulebook: &Rulebook,
        facts: &[CaseFact],
        terms: &Terms,
    ) -> BTreeMap<Option<String>, [u64; 3]> {
        let lies_in = |by: Dimension, top: Option<&str>, fact: &CaseFact| {
            top.is_none_or(|top| {
                code_of(fact, by).is_some_and(|code| line(&tree(rulebook, by), &code).contains(&top))
            })
        };
        let mut counts: BTreeMap<Option<String>, [u64; 3]> = BTreeMap::new();
        for fact in facts.iter().filter(|fact| fact.received_at < terms.at()) {
            let chosen = lies_in(Dimension::Unit, self.unit, fact)
                && lies_in(Dimension::Category, self.subject, fact)
                && lies_in(Dimension::Place, self.place, fact)
                && self.channel.is_none_or(|one| code_of(fact, Dimension::Channel).as_deref() == Some(one));
            if !chosen {
                continue;
            }
            let own = code_of(fact, self.by);
            let group = match (own, self.level) {
                (Some(own), Some(level)) if self.has_tree() => {
                    let line = line(&tree(rulebook, self.by), &own);
                    line.get(level).or(line.last()).map(|code| (*code).to_owned())
                }
                (own, _) => own,
            };
            let counted = counts.entry(group).or_default();
            counted[0] += 1;
            counted[if fact.disposed_at.is_some_and(|at| at < terms.at()) { 1 } else { 2 }] += 1;
        }
        counts
    }
}

fn counted(answer: &Answer) -> BTreeMap<Option<String>, [u64; 3]> {
    let groups = answer.groups().iter().map(|(code, own)| (Some(code.to_string()), own));
    groups
        .chain([(None, answer.without())])
        .filter(|(_, own)| own.received > 0)
        .map(|(code, own)| (code, [own.received, own.disposed, own.pending()]))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Whatever level a question is by, and whatever part of each tree it is about, the table, every store and
    /// the ledger, where it keeps that, answer what a naive count finds.
    #[test]
    fn every_level_is_a_naive_count(
        facts in prop::collection::vec(fact(), 0..50),
        asked in prop::collection::vec((ask(), 0..130_u64), 1..8),
    ) {
        thread_local! {
            static STORES: Vec<(&'static str, Open)> = stores();
        }
        let (rulebook, tenant) = (rulebook(), fresh_tenant());
        STORES.with(|stores| -> Result<(), TestCaseError> {
            let opened: Vec<_> = stores.iter().map(|(name, open)| (*name, open(&tenant))).collect();
            for (_, store) in &opened {
                put(&**store, &facts);
            }
            let table = Cases::read_facts(ZONE, until(), &facts).cases;
            let ledger = Ledger::of(&table).unwrap();
            for (ask, number) in &asked {
                let terms = Terms::new(day(*number), ZONE, AgeRule::Calendar);
                let question = ask.question(&rulebook, terms.clone());
                let expected = ask.naive(&rulebook, &facts, &terms);
                let scanned = table.answer(&question).unwrap();
                prop_assert_eq!(counted(&scanned), expected, "{:?}", ask);
                for (name, store) in &opened {
                    let survey = store.survey(&Scope::All, &question, until()).unwrap();
                    prop_assert_eq!(&survey.answer, &scanned, "{} {:?}", name, ask);
                }
                let keeps = matches!(ask.by, Dimension::Unit | Dimension::Category)
                    && ask.place.is_none()
                    && ask.channel.is_none();
                let kept = ledger.answer(&question);
                if keeps {
                    prop_assert_eq!(kept, Ok(scanned), "{:?}", ask);
                } else {
                    prop_assert_eq!(kept, Err(LedgerError::Dimension));
                }
            }
            Ok(())
        })?;
    }
}

/// The other line to a level: by second superior, and by what stands above those.
#[test]
fn the_other_line_rolls_up_to_a_level() {
    let rulebook = rulebook();
    let directory = rulebook.directory();
    let seconds = Rollup::second_superiors(directory);
    assert_eq!(seconds.code("howrah-pwd"), Some("public-works"));
    assert_eq!(seconds.code("howrah-mc"), Some("howrah"));
    assert_eq!(seconds.code("power"), None);
    let top = seconds.then(&Rollup::units(directory, 0));
    assert_eq!((top.code("howrah-pwd"), top.code("power")), (Some("govt"), None));
    assert_eq!(Rollup::new([("a", "b")]).then(&Rollup::new([("c", "d")])).code("a"), None);
}

/// Answers about other offices, subjects, places or levels are answers to other questions, and do not merge.
#[test]
fn answers_about_other_cases_do_not_merge() {
    let rulebook = rulebook();
    let terms = || Terms::new(day(40), ZONE, AgeRule::Calendar);
    let ask = || Question::new(terms(), Dimension::Unit);
    let questions = [
        ask(),
        ask().about(Picked::units(["power"])),
        ask().about(Picked::units(["govt"])),
        ask().about(Picked::units(["power"]).of(Subject::None)),
        ask().about(Picked::all().of(Subject::Of("light".into()))),
        ask().about(Picked::all().of(Subject::within(rulebook.categories(), &"light".parse().unwrap()))),
        ask().about(Picked::all().of(Subject::Among(std::collections::BTreeSet::new()))),
        ask().only(Dimension::Place, ["howrah"]),
        ask().only(Dimension::Channel, ["howrah"]),
        ask().rolled_up(Rollup::units(rulebook.directory(), 0)),
        ask().rolled_up(Rollup::units(rulebook.directory(), 1)),
    ];
    let survey = |question: &Question| Survey::of(std::iter::empty::<CaseFact>(), question, until());
    for (n, one) in questions.iter().enumerate() {
        for (m, other) in questions.iter().enumerate() {
            let (mut mine, theirs) = (survey(one), survey(other));
            let stored: Survey = serde_json::from_str(&serde_json::to_string(&theirs).unwrap()).unwrap();
            let merged = mine.merge(&stored);
            assert_eq!(merged, if n == m { Ok(()) } else { Err(DoesNotFit::Terms) }, "{n} {m}");
        }
    }
    // The same choice said in another way is the same question.
    let narrowed = ask().about(Picked::units(["power", "govt"])).only(Dimension::Unit, ["power", "fire"]);
    assert_eq!(survey(&narrowed).answer, survey(&questions[1]).answer);
    let one = ask().only(Dimension::Category, ["light"]);
    assert_eq!(survey(&one).answer, survey(&questions[4]).answer);
    let never = ask().only(Dimension::Category, ["light"]).only(Dimension::Category, ["poles"]);
    assert_eq!(survey(&never).answer, survey(&questions[6]).answer);
    // An answer that was stored before questions were told apart is one about everything.
    let text = serde_json::to_string(&survey(&questions[0])).unwrap();
    assert!(!text.contains("about"), "{text}");
}

/// Several subjects have their books apart: the ledger adds counts up, and says that it has no headlines of them.
#[test]
fn headlines_of_several_subjects_are_refused() {
    let terms = Terms::new(day(40), ZONE, AgeRule::Calendar);
    let several = Picked::all().of(Subject::Among(["light".into(), "poles".into()].into()));
    let ledger = Ledger::new(ZONE);
    let refused = ledger.headlines(&several, &terms, &Asked::default(), 1);
    assert_eq!(refused.map(|_| ()).unwrap_err(), LedgerError::Subjects);
    assert_eq!(ledger.balance(&several, &terms).unwrap().received, 0);
}
