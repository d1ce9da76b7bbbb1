//! Hostile values on every way in: kept as they are, or refused with a code; never a statement, a
//! trace of somebody else, or half a step.

use crate::desk_support::{at, citizen, desks, lodge, lodging, officer};
use crate::store_whole::everything;
use grievance_core::grievance::request::{Comment, Lodge, Request};
use grievance_core::grievance::wire;
use grievance_core::rulebook::Rulebook;
use grievance_core::store::search::Search;
use grievance_core::vocabulary::{ErrorCode, Field, LookPurpose, Remedy};

const NOW: &str = "2026-03-02T09:00:00Z";

/// What has broken other systems and is only text: quotes, comments, patterns, joiners and marks,
/// templates, formulas, long graphemes. What turns the order of reading is in [`TURNED`].
const HOSTILE: &[&str] = &[
    "'; DROP TABLE grievance; --",
    "\" OR \"1\"=\"1",
    "%_\\%; SELECT * FROM vault /* ' */",
    "$1 ? :tenant @p {0} ${x} {{x}} %s",
    "ক্\u{200d}ষ র\u{200d}্যাব क्\u{200c}ष \u{200e}AB\u{200f} \u{61c}",
    "=HYPERLINK(\"http://example.org\")",
    "<script>alert(1)</script>&amp;",
    "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
    "\u{1F468}\u{200d}\u{1F469}\u{200d}\u{1F467}",
    "../../etc/passwd\r\nSet-Cookie: a=b",
];

/// What shows a reader another text than the one that is kept.
const TURNED: &[&str] = &[
    "\u{202e}txet desrever\u{202c}",
    "invoice\u{202e}fdp.exe",
    "\u{2066}x\u{2069}",
    "paid 100\u{2067} to\u{2069} works",
];

#[test]
fn hostile_words_are_kept_as_they_are_and_are_only_words() {
    for (name, desk) in desks() {
        let clerk = officer("cell_officer", "desk");
        for text in HOSTILE {
            let request =
                Lodge { narrative: (*text).to_owned(), name: Some((*text).to_owned()), ..lodging("pothole") };
            let case = desk.by(&citizen(), at(NOW)).lodge(request);
            let case = case.unwrap_or_else(|problem| panic!("{name}: {text:?}: {problem}")).case;
            let comment = Comment { text: (*text).to_owned(), public: None };
            desk.by(&clerk, at(NOW)).comment(case, comment).unwrap();
            let fields = [Field::Narrative, Field::Name, Field::CommentInternal];
            let read = desk.by(&clerk, at(NOW)).words(case, LookPurpose::Handling, &fields).unwrap();
            let read: Vec<_> = read.into_iter().map(|word| word.words.unwrap()).collect();
            assert_eq!(read, [*text; 3], "{name}");
        }
        let all = desk.by(&clerk, at(NOW)).search(&Search::default()).unwrap();
        assert_eq!(all.cases.len(), HOSTILE.len(), "{name}: every case is there");
    }
}

/// What turns the order of reading is refused on every way in, with the field and without the words;
/// what only has no width is kept in texts, and refused in names. `bad_input` asks each field.
#[test]
fn what_turns_the_order_of_reading_is_refused_and_leaves_nothing() {
    for (name, desk) in desks() {
        let case = lodge(&desk, "pothole", NOW).case;
        let before = everything(desk.store(), desk.tenant());
        let clerk = officer("cell_officer", "desk");
        for text in TURNED {
            let turned = || (*text).to_owned();
            let lodge = |request| desk.by(&citizen(), at(NOW)).lodge(request).unwrap_err();
            let comment = Comment { text: turned(), public: None };
            for (field, refused) in [
                ("narrative", lodge(Lodge { narrative: turned(), ..lodging("pothole") })),
                ("name", lodge(Lodge { name: Some(turned()), ..lodging("pothole") })),
                ("mobile", lodge(Lodge { mobile: Some(turned()), ..lodging("pothole") })),
                ("category", lodge(Lodge { category: Some(turned()), ..lodging("pothole") })),
                ("external_number", lodge(Lodge { external_number: Some(turned()), ..lodging("pothole") })),
                ("text", desk.by(&clerk, at(NOW)).comment(case, comment).unwrap_err()),
            ] {
                assert_eq!(refused.remedy(), Remedy::Amend, "{name}: {text:?}");
                let told = refused.to_string();
                assert!(told.starts_with(&format!("{field}: ")), "{name}: {told:?}");
                assert!(told.is_ascii(), "{name}: {told:?}");
            }
        }
        let hidden = Lodge { name: Some("Mina\u{200b} Das".to_owned()), ..lodging("pothole") };
        let refused = desk.by(&citizen(), at(NOW)).lodge(hidden).unwrap_err();
        assert_eq!(refused.to_string(), "name: contains a character that cannot be seen (U+200B)", "{name}");
        assert_eq!(everything(desk.store(), desk.tenant()), before, "{name}: nothing is written");
        let kept = "zero\u{200b}width\u{feff}\u{2060} ক্\u{200d}ষ";
        let comment = Comment { text: kept.to_owned(), public: None };
        desk.by(&clerk, at(NOW)).comment(case, comment).unwrap();
        let read = desk.by(&clerk, at(NOW)).words(case, LookPurpose::Handling, &[Field::CommentInternal]);
        assert_eq!(read.unwrap()[0].words.as_deref(), Some(kept), "{name}");
    }
}

/// A code that is only compared is found however it was pasted: the marks are neither kept nor shown.
#[test]
fn a_tracking_code_is_found_through_the_marks_it_was_pasted_with() {
    for (name, desk) in desks() {
        let anonymous = Lodge {
            anonymous: Some(true),
            name: None,
            mobile: None,
            email: None,
            address: None,
            ..lodging("pothole")
        };
        let lodged = desk.by(&officer("cell_officer", "desk"), at(NOW)).lodge(anonymous).unwrap();
        let code = lodged.tracking_code.expect("an anonymous complainant has a code");
        let pasted = format!("\u{202a}{}\u{202c}\u{200b}", code.as_str().replace('-', "\u{200d}-\u{feff}"));
        assert!(desk.track(&pasted, at(NOW)).unwrap().is_some(), "{name}");
    }
}

#[test]
fn hostile_searches_find_nothing_and_change_nothing() {
    for (name, desk) in desks() {
        lodge(&desk, "pothole", NOW);
        let before = everything(desk.store(), desk.tenant());
        let clerk = officer("cell_officer", "desk");
        for text in HOSTILE.iter().chain(TURNED).chain(&["", "\0", "%", "_"]) {
            let by_number = Search { number: Some((*text).to_owned()), ..Search::default() };
            let by_other = Search { external_number: Some((*text).to_owned()), ..Search::default() };
            for search in [by_number, by_other] {
                let found = desk.by(&clerk, at(NOW)).search(&search).unwrap();
                assert!(found.cases.is_empty() && found.next.is_none(), "{name}: {text:?}");
            }
            assert!(desk.track(text, at(NOW)).unwrap().is_none(), "{name}: {text:?}");
        }
        assert_eq!(everything(desk.store(), desk.tenant()), before, "{name}");
    }
}

/// Ten million bytes are refused by their length, in a sentence that does not repeat them.
#[test]
fn ten_million_bytes_of_remarks_are_too_long() {
    let long = "\u{995}".repeat(10_000_000 / 3);
    for (name, desk) in desks() {
        let case = lodge(&desk, "pothole", NOW).case;
        let before = everything(desk.store(), desk.tenant());
        let clerk = officer("cell_officer", "desk");
        let comment = Comment { text: long.clone(), public: None };
        let refused = desk.by(&clerk, at(NOW)).comment(case, comment).unwrap_err();
        assert_eq!(refused.code(), ErrorCode::TooLong, "{name}");
        assert!(format!("{refused} {refused:?}").len() < 300, "{name}");
        let lodging = Lodge { narrative: long.clone(), ..lodging("pothole") };
        assert_eq!(
            desk.by(&citizen(), at(NOW)).lodge(lodging).unwrap_err().code(),
            ErrorCode::TooLong,
            "{name}"
        );
        assert_eq!(everything(desk.store(), desk.tenant()), before, "{name}: nothing is written");
    }
}

/// Half a character of UTF-16 is no text in any of the languages: JSON that has one is no JSON.
#[test]
fn lone_surrogates_are_refused_wherever_json_comes_in() {
    for half in [r"\ud800", r"\udfff", r"\ud800\u0041", r"\udc00\ud800"] {
        let command = format!(r#"{{"action":"comment","text":"CANARY {half}"}}"#);
        let refused = Request::from_json(&command).unwrap_err();
        assert_eq!(refused.code(), ErrorCode::InvalidCommand, "{half}");
        assert!(!format!("{refused} {refused:?}").contains("CANARY"));
        let event =
            format!(r#"{{"phase":"in_progress","stage":"a","type":"CANARY {half}","unit":"b","v":1}}"#);
        let refused = wire::decode(&event).unwrap_err();
        assert!(!format!("{refused} {refused:?}").contains("CANARY"), "{half}");
        assert!(
            Rulebook::from_json(&format!(r#"{{"extends":"city-311","name":"{half}"}}"#)).is_err(),
            "{half}"
        );
    }
}

#[test]
fn a_clock_that_goes_back_moves_nothing() {
    for (name, desk) in desks() {
        let case = lodge(&desk, "pothole", NOW).case;
        let before = everything(desk.store(), desk.tenant());
        let works = officer("hod", "works");
        for early in ["2026-03-02T08:59:59.999Z", "2021-01-01T00:00:00Z"] {
            let comment = Comment { text: "Seen.".to_owned(), public: None };
            let refused = desk.by(&works, at(early)).comment(case, comment).unwrap_err();
            assert_eq!(
                (refused.code(), refused.remedy()),
                (ErrorCode::ClockBehind, Remedy::Retry),
                "{name}: {early}"
            );
            desk.by(&works, at(early)).options(case).unwrap();
            desk.sweep(at(early), 100).unwrap();
        }
        assert_eq!(everything(desk.store(), desk.tenant()), before, "{name}: nothing is written");
    }
}
