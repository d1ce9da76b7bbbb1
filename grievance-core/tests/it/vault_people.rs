//! Names and numbers: found without being read, and crossed out before they are kept or shown.

use crate::desk_support::{TOWN, at, citizen, desks, lodging, officer, seek, take, words};
use grievance_core::desk::{Desk, SeededMint};
use grievance_core::grievance::event::What;
use grievance_core::grievance::request::Lodge;
use grievance_core::kernel::mask::{for_publication, verhoeff, without_identity_numbers};
use grievance_core::kernel::name::{HONORIFICS, words_of_name};
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::access::Scope;
use grievance_core::store::blind::Sought;
use grievance_core::store::keys::{Key, KeyRing};
use grievance_core::store::memory::MemoryStore;
use grievance_core::store::search::Search;
use grievance_core::vocabulary::{ErrorCode, LookPurpose, Phase};
use proptest::prelude::*;

const NOW: &str = "2026-03-02T09:00:00Z";

#[test]
fn names_are_the_same_however_they_are_written() {
    let same = [
        ("Ratan Kumar Das", "DAS, ratan  kumar"),
        ("Smt. Mīnā Dās", "mina das"),
        ("MUKHOPĀDHYĀẎA", "Mukhopadhyaya"),
        ("Ｒａｔａｎ Ｄａｓ", "Ratan Das"),
        ("Groß", "GROSS"),
        ("O'Brien", "O\u{2019}BRIEN"),
        ("R. K. Das", "Das"),
        ("শ্রীমতী মীনা দাস", "মিনা দাস"),
        ("চাঁদ", "চাদ"),
        ("পূর্ণিমা", "পুর্ণিমা"),
        ("উৎপল", "উত্পল"),
        ("ঊষা", "উষা"),
        ("हिन्दी", "हिंदी"),
        ("श्री पाँडे", "पांडे"),
        ("ज़ाकिर", "जाकिर"),
        ("सञ्जय", "संजय"),
        ("রহিম\u{200D}া", "রহিমা"),
    ];
    for (one, other) in same {
        assert_eq!(words_of_name(one), words_of_name(other), "{one} / {other}");
        assert!(!words_of_name(one).is_empty(), "{one}");
    }
    let different =
        [("Das", "দাস"), ("Roy", "Ray"), ("Das", "Dasgupta"), ("মীনা", "মানা"), ("R. Das", "Ratan Das")];
    for (one, other) in different {
        assert_ne!(words_of_name(one), words_of_name(other), "{one} / {other}");
    }
    // A name that is nothing but what people are addressed by is a name all the same.
    assert_eq!(words_of_name("Kumari"), ["kumari"]);
    assert_eq!(words_of_name("Dr"), ["dr"]);
}

/// The words that are left out are written as names are folded: otherwise none would ever be met.
#[test]
fn honorifics_are_folded_themselves() {
    for word in HONORIFICS {
        assert_eq!(words_of_name(word), [*word], "{word}");
        if word.chars().count() > 1 {
            assert_eq!(words_of_name(&format!("{word} Zanzibar")), ["zanzibar"], "{word}");
        }
    }
}

proptest! {
    /// A name is folded once and for all, and neither order nor repetition matters.
    #[test]
    fn folding_a_folded_name_changes_nothing(name in "[\\PC]{0,40}") {
        let words = words_of_name(&name);
        prop_assert!(words.len() <= 12);
        let again = words_of_name(&words.join(" "));
        // A lone word that is left out beside others comes back only when it stands alone.
        for word in &again {
            prop_assert!(words.contains(word), "{:?} {:?}", words, again);
        }
        let mut turned = words.clone();
        turned.reverse();
        prop_assert_eq!(words_of_name(&turned.join("  ")), again);
    }
}

fn named(name: &str, mobile: Option<&str>) -> Lodge {
    Lodge { name: Some(name.to_owned()), mobile: mobile.map(str::to_owned), ..lodging("pothole") }
}

fn by_name(name: &str) -> Search {
    Search { name: Some(name.into()), ..Search::default() }
}

#[test]
fn people_are_found_by_name_mobile_and_address() {
    for (name, desk) in desks() {
        let lodge = |request: Lodge, day: u32| {
            desk.by(&citizen(), at(&format!("2026-03-{day:02}T09:00:00Z"))).lodge(request).unwrap().case
        };
        let das = lodge(named("Shri Ratan Kumar Das", Some("98300 12345")), 1);
        let ghosh = lodge(named("Ratan Ghosh", None), 2);
        let petition = Lodge {
            signatories: Some(vec!["মীনা দাস".to_owned(), "Kumar Ghosh".to_owned(), "Mina Ghosh".to_owned()]),
            signatory_mobiles: Some(vec!["9830099999".to_owned()]),
            email: Some("Office@Example.ORG".to_owned()),
            ..named("Club of the road", None)
        };
        let petition = lodge(petition, 3);
        let find = |search: &Search| -> Vec<_> {
            seek(&desk, search).unwrap().cases.into_iter().map(|fact| fact.id).collect()
        };
        assert_eq!(find(&by_name("RATAN")), [ghosh, das], "{name}: newest first");
        assert_eq!(find(&by_name("das ratan")), [das], "{name}");
        assert_eq!(find(&by_name("Ghosh")), [petition, ghosh], "{name}: once, though two have the name");
        assert!(find(&by_name("Kumar Das Ghosh")).is_empty(), "{name}: all words of one person");
        assert_eq!(find(&by_name("মিনা")), [petition], "{name}");
        assert!(find(&by_name("Rat")).is_empty(), "{name}: whole words only");
        let mobile = |typed: &str| Search { mobile: Some(typed.into()), ..Search::default() };
        assert_eq!(find(&mobile("+91 98300-12345")), [das], "{name}");
        assert_eq!(find(&mobile("09830099999")), [petition], "{name}");
        let email = Search { email: Some(" office@example.org".into()), ..Search::default() };
        assert_eq!(find(&email), [petition], "{name}");
        // Everything that is asked must fit.
        assert_eq!(find(&Search { phases: vec![Phase::Registered], ..by_name("ratan") }), [ghosh, das]);
        assert!(find(&Search { phases: vec![Phase::Disposed], ..by_name("ratan") }).is_empty(), "{name}");
        assert_eq!(find(&Search { mobile: Some("9830012345".into()), ..by_name("ratan") }), [das], "{name}");
        assert!(find(&Search { mobile: Some("9830099999".into()), ..by_name("das ratan") }).is_empty());
        // Page by page.
        let first = seek(&desk, &Search { limit: 1, ..by_name("ratan") }).unwrap();
        assert_eq!((first.cases[0].id, first.next.is_some()), (ghosh, true), "{name}");
        let second = seek(&desk, &Search { limit: 1, after: first.next, ..by_name("ratan") }).unwrap();
        assert_eq!((second.cases[0].id, second.next), (das, None), "{name}");

        // A corrected name is found, and so is the one that was written first.
        take(
            &desk,
            &officer("cell_officer", "desk"),
            "2026-03-04T09:00:00Z",
            ghosh,
            r#"{"action":"correct","remarks":"Misspelt.","name":"Ratan Ghoshal"}"#,
        );
        assert_eq!(find(&by_name("ghoshal")), [ghosh], "{name}");
        assert_eq!(find(&by_name("Ghosh")), [petition, ghosh], "{name}");

        for (search, field) in [(by_name(" . "), "name"), (mobile("12345"), "mobile")] {
            let refused = seek(&desk, &search).unwrap_err();
            assert_eq!(refused.code(), ErrorCode::InvalidCommand, "{name}");
            assert!(refused.to_string().starts_with(field), "{name}: {refused}");
        }
        // Whoever does not see a name in full does not find by it.
        for (role, field) in [("administrator", by_name("ratan")), ("auditor", mobile("9830012345"))] {
            let blind = desk.by(&officer(role, "desk"), at(NOW)).search(&field).unwrap_err();
            assert_eq!(blind.code(), ErrorCode::FieldNotSeen, "{name}: {role}");
        }
        // Asking for somebody is written down, without the name; listing cases is not.
        let clerk = officer("cell_officer", "desk");
        let before = desk.store().last_look().unwrap();
        desk.by(&clerk, at(NOW)).search(&Search::default()).unwrap();
        assert_eq!(desk.store().last_look().unwrap(), before, "{name}");
        let both = Search { mobile: Some("9830012345".into()), ..by_name("ratan") };
        assert_eq!(desk.by(&clerk, at(NOW)).search(&both).unwrap().cases.len(), 1, "{name}");
        let seen = desk.store().looks(before.map_or(0, |(place, _)| place), 10).unwrap();
        let said = seen.last().unwrap().said().unwrap();
        assert_eq!((said.case, said.purpose), (None, LookPurpose::Search), "{name}");
        assert_eq!(said.fields, ["mobile", "name"], "{name}");
        assert!(!format!("{seen:?}").contains("atan"), "{name}");
        // Whoever bypasses the desk finds nobody.
        assert!(desk.store().search(&Scope::All, &by_name("ratan")).unwrap().cases.is_empty(), "{name}");
        assert!(!format!("{:?}", by_name("Kanari")).contains("Kanari"));
    }
}

/// Tokens of one key and one government say nothing to another.
/// However often the words of a name come, each beside the other: whoever has both is found, newest
/// first and page by page. The store reads words side by side, or looks beside the rarer one.
#[test]
fn a_full_name_is_found_however_common_its_words_are() {
    const FIRST: [&str; 3] = ["Ratan", "Mina", "Asha"];
    const LAST: [&str; 3] = ["Das", "Ghosh", "Roy"];
    for (name, desk) in desks() {
        // Das comes eighty times, Roy once; Ratan sixty times, Asha ten times.
        let mut lodged = Vec::new();
        for n in 0_u32..100 {
            let (first, last) = (usize::from(n >= 60) + usize::from(n >= 90), usize::from(n % 5 == 4));
            let person = format!("{} {}", FIRST[first], LAST[if n == 99 { 2 } else { last }]);
            let when = at(NOW) + chrono::TimeDelta::minutes(i64::from(n * 7 % 100));
            let case = desk.by(&citizen(), when).lodge(named(&person, None)).unwrap().case;
            lodged.push((when, case, person));
        }
        lodged.sort_by_key(|it| std::cmp::Reverse((it.0, it.1)));
        for (first, last) in FIRST.iter().flat_map(|first| LAST.map(|last| (first, last))) {
            let wanted: Vec<_> =
                lodged.iter().filter(|it| it.2 == format!("{first} {last}")).map(|it| it.1).collect();
            let (mut found, mut after) = (Vec::new(), None);
            loop {
                let page = Search { limit: 9, after, ..by_name(&format!("{last} {first}")) };
                let page = seek(&desk, &page).unwrap();
                found.extend(page.cases.iter().map(|fact| fact.id));
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            assert_eq!(found, wanted, "{name}: {first} {last}");
        }
    }
}

#[test]
fn tokens_are_bound_to_key_and_tenant() {
    let ring = |byte| KeyRing::new(Key::new("k", &[byte; 32]).unwrap(), Vec::new()).unwrap();
    let tenant = |code: &str| code.parse().unwrap();
    let of = |ring: &KeyRing, code| ring.seek_name(&tenant(code), "Das").unwrap();
    let one = of(&ring(1), "one");
    assert_eq!(one, of(&ring(1), "one"));
    assert_ne!(one, of(&ring(1), "two"));
    assert_ne!(one, of(&ring(2), "one"));
    let Sought::Tokens(email) = ring(1).seek_email(&tenant("one"), "das").unwrap() else { panic!("tokens") };
    assert_ne!(Sought::Tokens(email), one, "a word of a name is no address");
}

#[test]
fn aadhaar_is_never_kept_unless_the_rulebook_wants_it() {
    let number = "2341 2341 2346";
    let lodging = || Lodge {
        narrative: format!("My card {number}, my mobile 98300 12345."),
        address: Some(format!("Care of {number}")),
        mobile: Some("9830012345".to_owned()),
        ..lodging("pothole")
    };
    let kept = |town: &str| -> Vec<String> {
        let store = MemoryStore::default().tenant(&crate::desk_support::tenant());
        let mint = Box::new(SeededMint::new(7));
        let desk = Desk::with_mint(store, crate::desk_support::tenant(), KeyRing::for_tests(), mint);
        desk.activate(Rulebook::from_toml(town).unwrap(), at("2020-01-01T00:00:00Z")).unwrap();
        let case = desk.by(&citizen(), at(NOW)).lodge(lodging()).unwrap().case;
        let history = desk.store().history(case).unwrap().events;
        let What::Lodged(lodged) = &history[0].event.what else { panic!("a lodging") };
        let who = &lodged.complainant;
        let ids = [lodged.narrative.id, who.address.unwrap().id, who.mobile.unwrap().id];
        words(&desk, &ids).into_iter().map(|text| text.content).collect()
    };
    let crossed =
        ["My card XXXX XXXX XXXX, my mobile 98300 12345.", "Care of XXXX XXXX XXXX", "+919830012345"];
    assert_eq!(kept(TOWN), crossed);
    let wants = format!("{TOWN}\n[intake]\nredact_identity_numbers = false\n");
    assert_eq!(kept(&wants)[1], "Care of 2341 2341 2346");
}

#[test]
fn numbers_are_crossed_out_however_they_are_set() {
    for text in [
        "234123412346",
        "2341 2341 2346",
        "2341-2341-2346",
        "2341 - 2341 - 2346",
        "২৩৪১ ২৩৪১ ২৩৪৬",
        "२३४१२३४१२३४६",
        "２３４１ ２３４１ ２３４６",
        "2341\u{200B}2341\u{2011}2346",
        "no.2341.2341.2346/2026",
        "98 2341 2341 2346",
        "2341 2341 2346 2026",
    ] {
        let crossed = without_identity_numbers(text);
        assert_eq!(crossed.matches('X').count(), 12, "{text}: {crossed}");
    }
    for text in
        ["2341 2341 2347", "+2341 2341 2346", "23412341234", "12341234123461", "2341 2341\n2346 x", ""]
    {
        assert_eq!(without_identity_numbers(text), text);
    }
    let published = [
        ("9830012345", "XXXXXXXXXX"),
        ("+91-98300-12345", "+XX-XXXXX-XXXXX"),
        ("0 98300 12345", "X XXXXX XXXXX"),
        ("033-2214-5555", "XXX-XXXX-XXXX"),
        ("+44 20 7946 0958", "+XX XX XXXX XXXX"),
        ("CMO/2026/0000001", "CMO/2026/0000001"),
        ("on 02-03-2026 at 12.30", "on 02-03-2026 at 12.30"),
        ("a@b, x.y+z@mail.example.org.", "x@x, x.x+x@xxxx.xxxxxxx.xxx."),
        ("@everybody and 5 @ 10 rupees", "@everybody and 5 @ 10 rupees"),
    ];
    for (text, shown) in published {
        assert_eq!(for_publication(text), shown, "{text}");
    }
}

/// The check of Verhoeff as its table has it, for the law below.
fn by_table(digits: &[u8]) -> bool {
    const D: [[u8; 10]; 10] = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
        [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
        [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
        [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
        [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
        [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
        [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
        [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
        [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
    ];
    const P: [[u8; 10]; 8] = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
        [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
        [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
        [9, 4, 5, 3, 1, 2, 6, 8, 7, 0],
        [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
        [2, 7, 9, 3, 8, 0, 6, 4, 1, 5],
        [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
    ];
    let check = digits.iter().rev().enumerate().fold(0_u8, |check, (place, digit)| {
        D[usize::from(check)][usize::from(P[place % 8][usize::from(*digit)])]
    });
    check == 0
}

proptest! {
    /// The check agrees with the published tables, and finds every single wrong digit and every swap
    /// of two neighbours.
    #[test]
    fn the_check_is_verhoeffs(mut digits in prop::collection::vec(0_u8..10, 11), place in 0_usize..12, other in 1_u8..10) {
        prop_assert_eq!(verhoeff(&digits), by_table(&digits));
        let last = (0..10).find(|last| by_table(&[&digits[..], &[*last]].concat())).unwrap();
        digits.push(last);
        prop_assert!(verhoeff(&digits));
        let mut wrong = digits.clone();
        wrong[place] = (wrong[place] + other) % 10;
        prop_assert!(!verhoeff(&wrong));
        let mut swapped = digits.clone();
        swapped.swap(place, (place + 1).min(11));
        prop_assert!(swapped == digits || !verhoeff(&swapped));
    }

    /// Whatever the text holds: nothing but digits and addresses changes, the length in characters
    /// stays, and what was crossed out has nothing left to find.
    #[test]
    fn crossing_out_changes_nothing_else(text in "([0-9০-৯]{1,5}[ \\-.@a-z+]{0,2}|\\PC){0,12}") {
        let shown = for_publication(&text);
        prop_assert_eq!(shown.chars().count(), text.chars().count());
        for (was, is) in text.chars().zip(shown.chars()) {
            prop_assert!(was == is || is == 'X' || is == 'x', "{} {}", text, shown);
        }
        prop_assert_eq!(&for_publication(&shown), &shown);
        prop_assert!(without_identity_numbers(&shown) == shown);
    }
}
