//! The register of good practices, against a list that is looked through.

use chrono::{Days, NaiveDate};
use grievance_core::Rulebook;
use grievance_core::grievance::project::CaseFact;
use grievance_core::kernel::code::PracticeCode;
use grievance_core::kernel::id::GrievanceId;
use grievance_core::measure::practice::{Consent, Draft, PracticeError, Register, Repetition, Sought};
use grievance_core::store::conformance::sample::Sample;
use grievance_core::vocabulary::{ErrorCode, Phase, PracticeFacet};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const BOOK: &str = "extends = \"city-311\"\nname = \"Test town\"\nzone = \"Asia/Kolkata\"";
const WORDS: [&str; 6] = ["camp", "Register", "counter", "চাঁদ", "patch", "one"];

fn book() -> &'static Rulebook {
    static BOOK_READ: std::sync::OnceLock<Rulebook> = std::sync::OnceLock::new();
    BOOK_READ.get_or_init(|| Rulebook::from_toml(BOOK).unwrap())
}

fn day(n: u64) -> NaiveDate {
    "2026-04-01".parse::<NaiveDate>().unwrap() + Days::new(n)
}

fn code(n: usize) -> PracticeCode {
    format!("page-{n}").parse().unwrap()
}

fn case(n: u64, phase: Phase) -> CaseFact {
    let unit = "works".parse().unwrap();
    CaseFact { phase, unit, ..Sample::lodged(n).fact() }
}

fn disposed(n: u64) -> CaseFact {
    case(n, Phase::Disposed)
}

fn draft(n: usize, title: &str, written_on: NaiveDate) -> Draft {
    Draft {
        code: code(n),
        title: title.to_owned(),
        facet: PracticeFacet::ALL[n % PracticeFacet::ALL.len()],
        domain: n.is_multiple_of(2).then(|| "pothole".parse().unwrap()),
        unit: ["works", "inspections"][n % 2].parse().unwrap(),
        situation: "People came three times.".to_owned(),
        steps: vec!["List who waits.".to_owned()],
        written_on,
    }
}

fn consent(given_on: NaiveDate) -> Consent {
    Consent {
        channel: book().channels()[0].clone(),
        given_on,
        recorded_by: "nodal".parse().unwrap(),
        unit: "works".parse().unwrap(),
    }
}

/// What somebody does to the register.
#[derive(Clone, Debug)]
enum Step {
    Write(usize, usize, bool),
    Link(usize, u64, bool),
    Consent(usize, u64),
    Publish(usize),
    Withdraw(usize),
    TakeOut(u64),
    Repeat(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let (page, of) = (0_usize..4, 0_u64..3);
    prop_oneof![
        3 => (page.clone(), 0..WORDS.len(), any::<bool>()).prop_map(|(page, word, anew)| Step::Write(page, word, anew)),
        2 => (page.clone(), of.clone(), prop::bool::weighted(0.8)).prop_map(|(p, c, done)| Step::Link(p, c, done)),
        3 => (page.clone(), of.clone()).prop_map(|(page, case)| Step::Consent(page, case)),
        4 => page.clone().prop_map(Step::Publish),
        1 => page.clone().prop_map(Step::Withdraw),
        1 => of.prop_map(Step::TakeOut),
        1 => page.prop_map(Step::Repeat),
    ]
}

/// A page as the plain account has it: its word and the day it is dated, whether each case consents to it as it now
/// is, whether it is published, whether another office repeats it.
#[derive(Default)]
struct Plain {
    word: usize,
    dated: u64,
    cases: BTreeMap<u64, bool>,
    published: bool,
    repeated: bool,
}

fn id(n: u64) -> GrievanceId {
    Sample::lodged(n).id
}

proptest! {
    /// Whatever is done in whatever order: what is published has consent for each of its cases and is
    /// found by its words; nothing else is; a register that was kept is read back the same.
    #[test]
    fn what_is_published_was_consented_to(steps in prop::collection::vec(step(), 1..60)) {
        let rulebook = book();
        let mut register = Register::default();
        let mut plain: BTreeMap<usize, Plain> = BTreeMap::new();
        for (nth, step) in steps.into_iter().enumerate() {
            let today = day(nth as u64);
            let page = |plain: &BTreeMap<usize, Plain>, page: usize| plain.get(&page).map(|it| it.published);
            match step {
                Step::Write(n, word, anew) => {
                    let free = page(&plain, n) != Some(true);
                    // Dated today, or as of old: the words of a consent are others either way.
                    let dated = if anew { nth as u64 } else { 0 };
                    let title = format!("A {} for all", WORDS[word]);
                    let written = register.write(draft(n, &title, day(dated)), rulebook);
                    prop_assert_eq!(written.is_ok(), free);
                    if free {
                        let page = plain.entry(n).or_default();
                        if (page.word, page.dated) != (word, dated) {
                            page.cases.values_mut().for_each(|given| *given = false);
                        }
                        (page.word, page.dated) = (word, dated);
                    }
                }
                Step::Link(n, of, done) => {
                    let fact = case(of, if done { Phase::Disposed } else { Phase::UnderAppeal });
                    let free = page(&plain, n) == Some(false) && done;
                    prop_assert_eq!(register.link(&code(n), &fact, None).is_ok(), free);
                    if free {
                        plain.get_mut(&n).unwrap().cases.insert(of, false);
                    }
                }
                Step::Consent(n, of) => {
                    let free = plain.get(&n).is_some_and(|it| !it.published && it.cases.contains_key(&of));
                    let given = register.consent(&code(n), id(of), consent(today), rulebook);
                    prop_assert_eq!(given.is_ok(), free);
                    if free {
                        plain.get_mut(&n).unwrap().cases.insert(of, true);
                    }
                }
                Step::Publish(n) => {
                    let free = plain.get(&n).is_some_and(|it| !it.published && it.cases.values().all(|given| *given));
                    let facts: Vec<_> = (0..3).map(disposed).collect();
                    let published = register.publish(&code(n), today, |case| facts.iter().find(|it| it.id == case));
                    prop_assert_eq!(published.is_ok(), free);
                    if free {
                        plain.get_mut(&n).unwrap().published = true;
                    }
                }
                Step::Withdraw(n) => {
                    let free = page(&plain, n) == Some(true);
                    prop_assert_eq!(register.withdraw(&code(n), today, "It did not last.").is_ok(), free);
                    if free {
                        plain.get_mut(&n).unwrap().published = false;
                    }
                }
                Step::TakeOut(of) => {
                    let had: Vec<_> = plain.iter_mut().filter_map(|(n, it)| {
                        it.cases.remove(&of)?;
                        it.published = false;
                        Some(code(*n))
                    }).collect();
                    prop_assert_eq!(register.take_out(id(of), today), had);
                }
                Step::Repeat(n) => {
                    let free = page(&plain, n) == Some(true);
                    let repetition = Repetition { on: today, unit: rulebook.directory().cell().clone() };
                    prop_assert_eq!(register.repeat(&code(n), repetition, rulebook).is_ok(), free);
                    if free {
                        plain.get_mut(&n).unwrap().repeated = true;
                    }
                }
            }
            let shown: BTreeSet<_> = register.published().iter().map(|it| it.code.clone()).collect();
            let expected: BTreeSet<_> =
                plain.iter().filter(|(_, it)| it.published).map(|(n, _)| code(*n)).collect();
            prop_assert_eq!(shown, expected);
            prop_assert_eq!(&Register::read(&register.text()).unwrap(), &register);
        }
        for (nth, word) in WORDS.iter().enumerate() {
            let sought = Sought { words: &word.to_uppercase(), ..Sought::default() };
            let found: Vec<_> = register.search(&sought, rulebook).iter().map(|it| it.code.clone()).collect();
            let mut expected: Vec<_> =
                plain.iter().filter(|(_, it)| it.published && it.word == nth).map(|(n, it)| (!it.repeated, code(*n))).collect();
            expected.sort();
            prop_assert_eq!(found, expected.into_iter().map(|(_, code)| code).collect::<Vec<_>>());
        }
    }
}

#[test]
fn nothing_personal_that_a_machine_can_find_is_kept() {
    let mut register = Register::default();
    let mut written = draft(0, "Call 98300-12345", day(0));
    written.steps = vec!["Note card 2341 2341 2346 and write to mina.das@example.org.".to_owned()];
    register.write(written, book()).unwrap();
    register.link(&code(0), &disposed(1), Some("Ring +91 98300 12345, I was helped.")).unwrap();
    let kept = register.text();
    for canary in ["12345", "2341", "mina", "example"] {
        assert!(!kept.contains(canary), "{canary}");
    }
    assert!(kept.contains("I was helped."));
}

#[test]
fn a_publication_names_no_case_and_no_post() {
    let mut register = Register::default();
    register.write(draft(0, "A camp", day(0)), book()).unwrap();
    let facts: Vec<_> = (0..5).map(disposed).collect();
    for (n, fact) in facts.iter().enumerate() {
        register.link(&code(0), fact, Some(["Zealous.", "Quick.", "Good.", "Kind.", "Able."][n])).unwrap();
        register.consent(&code(0), fact.id, consent(day(1)), book()).unwrap();
    }
    let known = |case| facts.iter().find(|it| it.id == case);
    register.publish(&code(0), day(2), known).unwrap();
    let shown = serde_json::to_string(&register.published()).unwrap();
    assert!(!shown.contains("grv_") && !shown.contains("recorded_by"), "{shown}");
    let page = &register.published()[0];
    assert_eq!((page.cases, page.published_on), (Some(5), day(2)));
    assert_eq!(page.testimonials, ["Able.", "Good.", "Kind.", "Quick.", "Zealous."]);

    // Of four cases nobody is told how many they are.
    assert_eq!(register.take_out(facts[0].id, day(3)), [code(0)]);
    assert!(register.published().is_empty());
    assert_eq!(register.get(&code(0)).unwrap().withdrawn.as_ref().unwrap().why, "consent_ended");
    register.publish(&code(0), day(3), known).unwrap();
    assert_eq!(register.published()[0].cases, None);
}

#[test]
fn a_page_is_found_by_subject_office_and_facet() {
    let rulebook = book();
    let mut register = Register::default();
    for n in 0..4 {
        register.write(draft(n, "A camp for all", day(0)), rulebook).unwrap();
        register.publish(&code(n), day(0), |_| None).unwrap();
    }
    let codes = |sought: Sought<'_>| -> Vec<_> {
        register.search(&sought, rulebook).iter().map(|it| it.code.clone()).collect()
    };
    let (works, pothole, noise) =
        ("works".parse().unwrap(), "pothole".parse().unwrap(), "noise".parse().unwrap());
    let all = Sought::default();
    assert_eq!(codes(all).len(), 4);
    assert_eq!(codes(Sought { unit: Some(&works), ..all }), [code(0), code(2)]);
    // What suits any subject suits this one.
    assert_eq!(codes(Sought { domain: Some(&pothole), ..all }).len(), 4);
    assert_eq!(codes(Sought { domain: Some(&noise), ..all }), [code(1), code(3)]);
    assert_eq!(codes(Sought { facet: Some(PracticeFacet::Procedure), ..all }), [code(0)]);
    assert_eq!(codes(Sought { words: "wait camp", ..all }).len(), 4);
    assert!(codes(Sought { words: "camp nowhere", ..all }).is_empty());
}

#[test]
fn each_refusal_by_an_example() {
    let rulebook = book();
    let mut register = Register::default();
    let wrong = |draft: Draft| Register::default().write(draft, rulebook).unwrap_err();
    let plain = || draft(0, "A camp", day(5));
    let unit = wrong(Draft { unit: "nowhere".parse().unwrap(), ..plain() });
    assert_eq!(unit, PracticeError::NotInTheRulebook { field: "unit" });
    let domain = wrong(Draft { domain: Some("nothing".parse().unwrap()), ..plain() });
    assert_eq!(domain, PracticeError::NotInTheRulebook { field: "domain" });
    for (field, bad) in [
        ("title", Draft { title: " ".to_owned(), ..plain() }),
        ("title", Draft { title: "a".repeat(401), ..plain() }),
        ("situation", Draft { situation: "a".repeat(4_001), ..plain() }),
        ("situation", Draft { situation: "one\u{202e}two".to_owned(), ..plain() }),
        ("steps", Draft { steps: Vec::new(), ..plain() }),
        ("steps", Draft { steps: vec!["x".to_owned(); 41], ..plain() }),
        ("steps", Draft { steps: vec!["x\0".to_owned()], ..plain() }),
    ] {
        assert!(
            matches!(wrong(bad), PracticeError::Text { field: where_, .. } if where_ == field),
            "{field}"
        );
    }

    register.write(plain(), rulebook).unwrap();
    let one = code(0);
    let sealed = CaseFact { sealed: Some("pothole".parse().unwrap()), ..disposed(1) };
    assert_eq!(register.link(&one, &sealed, None), Err(PracticeError::NotDisposed { case: sealed.id }));
    register.link(&one, &disposed(1), None).unwrap();
    let early = register.consent(&one, id(1), consent(day(4)), rulebook);
    assert_eq!(early, Err(PracticeError::TooEarly { field: "given_on" }));
    let stranger = register.consent(&one, id(2), consent(day(5)), rulebook);
    assert_eq!(stranger, Err(PracticeError::NotLinked { code: one.clone(), case: id(2) }));
    let nobody = Consent { recorded_by: "nobody".parse().unwrap(), ..consent(day(5)) };
    let nobody = register.consent(&one, id(1), nobody, rulebook).unwrap_err();
    assert_eq!(
        (nobody.code(), nobody),
        (ErrorCode::UnknownCode, PracticeError::NotInTheRulebook { field: "recorded_by" })
    );

    let fact = disposed(1);
    let known = |case| Some(&fact).filter(|it| it.id == case);
    assert_eq!(register.publish(&one, day(6), known), Err(PracticeError::NoConsent { case: id(1) }));
    register.consent(&one, id(1), consent(day(7)), rulebook).unwrap();
    assert_eq!(register.publish(&one, day(6), known), Err(PracticeError::NoConsent { case: id(1) }));
    assert_eq!(register.publish(&one, day(4), known), Err(PracticeError::TooEarly { field: "published_on" }));
    // The case was opened again, or erased, since it was linked.
    assert_eq!(register.publish(&one, day(7), |_| None), Err(PracticeError::NotDisposed { case: id(1) }));
    assert_eq!(
        register.withdraw(&one, day(7), "Why"),
        Err(PracticeError::NotPublished { code: one.clone() })
    );
    register.publish(&one, day(7), known).unwrap();
    assert_eq!(register.write(plain(), rulebook), Err(PracticeError::IsPublished { code: one.clone() }));
    assert_eq!(
        register.withdraw(&one, day(6), "Why"),
        Err(PracticeError::TooEarly { field: "withdrawn_on" })
    );
    let own = Repetition { on: day(8), unit: "works".parse().unwrap() };
    assert!(matches!(register.repeat(&one, own, rulebook), Err(PracticeError::Text { field: "unit", .. })));
    let early = Repetition { on: day(6), unit: "inspections".parse().unwrap() };
    assert_eq!(register.repeat(&one, early, rulebook), Err(PracticeError::TooEarly { field: "repeated_on" }));
    assert_eq!(register.publish(&code(9), day(9), known), Err(PracticeError::Unknown { code: code(9) }));
}

#[test]
fn a_register_that_could_not_be_is_not_read() {
    let rulebook = book();
    let mut register = Register::default();
    register.write(draft(0, "A camp", day(0)), rulebook).unwrap();
    register.write(draft(1, "A counter", day(0)), rulebook).unwrap();
    register.link(&code(0), &disposed(1), Some("Good.")).unwrap();
    register.publish(&code(1), day(1), |_| None).unwrap();
    let kept: serde_json::Value = serde_json::from_str(&register.text()).unwrap();
    let read = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut changed = kept.clone();
        change(&mut changed);
        Register::read(&changed.to_string())
    };
    assert_eq!(read(&|_| {}), Ok(register));
    let consented = serde_json::to_value(consent(day(0))).unwrap();
    let wrong: [&dyn Fn(&mut serde_json::Value); 8] = [
        &|it| it["v"] = 2.into(),
        &|it| it["practices"].as_array_mut().unwrap().reverse(),
        &|it| it["practices"][0]["published_on"] = "2026-04-02".into(),
        &|it| it["practices"][1]["published_on"] = "2026-03-31".into(),
        &|it| it["practices"][1]["steps"] = serde_json::json!([]),
        &|it| it["practices"][0]["linked"][0]["testimonial"] = "Call 9830012345".into(),
        &|it| it["practices"][0]["more"] = 1.into(),
        &|it| {
            it["practices"][0]["linked"][0]["consent"] = consented.clone();
            it["practices"][0]["written_on"] = "2026-04-02".into();
            it["practices"][0]["published_on"] = "2026-04-02".into();
        },
    ];
    for (nth, change) in wrong.iter().enumerate() {
        assert!(matches!(read(change), Err(PracticeError::Unreadable(_))), "{nth}");
    }
    // With the consent to the page as it is written it could be.
    let published = read(&|it| {
        it["practices"][0]["linked"][0]["consent"] = consented.clone();
        it["practices"][0]["published_on"] = "2026-04-02".into();
    });
    assert_eq!(published.map(|it| it.published().len()), Ok(2));
    assert!(matches!(Register::read("{"), Err(PracticeError::Unreadable(_))));
}

/// Whoever consents does so to the words that are there: others need another consent, however they are dated.
#[test]
fn a_consent_is_to_the_words_that_it_was_given_to() {
    let (rulebook, one, fact) = (book(), code(0), disposed(1));
    let known = |case| Some(&fact).filter(|it| it.id == case);
    let consented = || {
        let mut register = Register::default();
        register.write(draft(0, "A camp", day(0)), rulebook).unwrap();
        register.link(&one, &fact, Some("Good.")).unwrap();
        register.consent(&one, id(1), consent(day(1)), rulebook).unwrap();
        register
    };
    let plain = || draft(0, "A camp", day(0));
    let others = [
        Draft { title: "A larger camp".to_owned(), ..plain() },
        Draft { title: "A larger camp".to_owned(), written_on: day(9), ..plain() },
        Draft { situation: "People came once.".to_owned(), ..plain() },
        Draft { steps: vec!["Send them away.".to_owned()], ..plain() },
        Draft { facet: PracticeFacet::ALL[1], ..plain() },
        Draft { domain: None, ..plain() },
        Draft { unit: "inspections".parse().unwrap(), ..plain() },
        Draft { written_on: day(9), ..plain() },
    ];
    for (nth, other) in others.into_iter().enumerate() {
        let mut register = consented();
        register.write(other, rulebook).unwrap();
        let linked = &register.get(&one).unwrap().linked[0];
        assert_eq!((linked.case, linked.testimonial.as_deref()), (id(1), Some("Good.")), "{nth}");
        let refused = register.publish(&one, day(9), known);
        assert_eq!(refused, Err(PracticeError::NoConsent { case: id(1) }), "{nth}");
        register.consent(&one, id(1), consent(day(9)), rulebook).unwrap();
        assert_eq!(register.publish(&one, day(9), known), Ok(()), "{nth}");
    }
    // Written again as it was, nothing is other.
    let mut register = consented();
    register.write(plain(), rulebook).unwrap();
    assert_eq!(register.publish(&one, day(9), known), Ok(()));

    // A draft that was kept with a consent from before it was written is read, and not published so.
    let mut kept: serde_json::Value = serde_json::from_str(&consented().text()).unwrap();
    kept["practices"][0]["written_on"] = serde_json::json!(day(9));
    let mut register = Register::read(&kept.to_string()).unwrap();
    assert_eq!(register.publish(&one, day(9), known), Err(PracticeError::NoConsent { case: id(1) }));
}
