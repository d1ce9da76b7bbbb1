//! Short messages: encoding, parts, and what never happens to a text.

use grievance_core::sms::{Encoding, Preview, septets};
use proptest::prelude::*;
use std::path::PathBuf;

/// The table of 3GPP TS 23.038, written down a second time: in its own order, without the escape.
const DEFAULT: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?\
                       ¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const EXTENSION: &str = "\u{c}^{}\\[~]|€";

/// The units of each character, one element that must not be divided for each.
fn costs(text: &str) -> (Encoding, Vec<usize>) {
    if text.chars().all(|c| DEFAULT.contains(c) || EXTENSION.contains(c)) {
        (Encoding::Gsm7, text.chars().map(|c| if EXTENSION.contains(c) { 2 } else { 1 }).collect())
    } else {
        (Encoding::Ucs2, text.chars().map(char::len_utf16).collect())
    }
}

/// The fewest parts, by trying every place to cut.
fn fewest_parts(costs: &[usize], single: usize, joined: usize) -> usize {
    if costs.iter().sum::<usize>() <= single {
        return 1;
    }
    let mut fewest = vec![0_usize; costs.len() + 1];
    for end in 1..=costs.len() {
        let (mut units, mut best) = (0, usize::MAX);
        for begin in (0..end).rev() {
            units += costs[begin];
            if units > joined {
                break;
            }
            best = best.min(fewest[begin] + 1);
        }
        fewest[end] = best;
    }
    fewest[costs.len()]
}

/// Texts around the limits, of characters of every cost.
fn text() -> impl Strategy<Value = String> {
    let piece =
        prop::sample::select(vec!["a", "€", "{", "\n", "é", "ê", "ক", "্", "😀", "₹", "\u{200d}", "\u{c}"]);
    let gsm = prop::sample::select(vec!["a", "€", "{", "\n", "é", "~"]);
    prop_oneof![
        prop::collection::vec(piece, 0..330).prop_map(|all| all.concat()),
        prop::collection::vec(gsm, 100..480).prop_map(|all| all.concat()),
        any::<String>(),
    ]
}

proptest! {
    /// The parts, one after the other, are the text.
    #[test]
    fn parts_rejoin_to_the_text(text in text()) {
        let preview = Preview::of(&text);
        prop_assert_eq!(preview.texts(&text).collect::<String>(), text.clone());
        prop_assert_eq!(preview.texts(&text).count(), preview.parts.len());
        let units: usize = preview.parts.iter().map(|part| part.units).sum();
        prop_assert_eq!(units, preview.units);
    }

    /// No part is longer than its encoding allows, whichever way its units are counted.
    #[test]
    fn no_part_is_too_long(text in text()) {
        let preview = Preview::of(&text);
        let most = if preview.parts.len() == 1 { preview.encoding.single() } else { preview.encoding.joined() };
        for (part, text) in preview.parts.iter().zip(preview.texts(&text)) {
            prop_assert!(part.units <= most);
            let counted: usize = match preview.encoding {
                Encoding::Ucs2 => text.encode_utf16().count(),
                Encoding::Gsm7 => text.chars().map(|c| if EXTENSION.contains(c) { 2 } else { 1 }).sum(),
            };
            prop_assert_eq!(part.units, counted);
        }
    }

    /// Encoding and number of parts are what the table and an exhaustive search give.
    #[test]
    fn encoding_and_parts_are_the_naive_model_s(text in text()) {
        let preview = Preview::of(&text);
        let (encoding, costs) = costs(&text);
        prop_assert_eq!(preview.encoding, encoding);
        prop_assert_eq!(preview.units, costs.iter().sum::<usize>());
        prop_assert_eq!(preview.parts.len(), fewest_parts(&costs, encoding.single(), encoding.joined()));
    }

    /// Exactly the characters outside the table are named, each at its first place.
    #[test]
    fn the_characters_that_force_ucs_2_are_named(text in text()) {
        let preview = Preview::of(&text);
        prop_assert_eq!(preview.forced.is_empty(), preview.encoding == Encoding::Gsm7);
        for forced in &preview.forced {
            prop_assert_eq!(text.find(forced.character), Some(forced.at));
            prop_assert_eq!(septets(forced.character), None);
        }
        let outside = text.chars().filter(|c| septets(*c).is_none());
        let outside: std::collections::BTreeSet<char> = outside.collect();
        prop_assert_eq!(preview.forced.len(), outside.len().min(Preview::MOST_FORCED));
    }
}

#[test]
fn the_alphabet_is_that_of_the_standard() {
    for c in '\0'..=char::MAX {
        let expected = if DEFAULT.contains(c) { Some(1) } else { EXTENSION.contains(c).then_some(2) };
        assert_eq!(septets(c), expected, "{c:?}");
    }
    assert_eq!((DEFAULT.chars().count(), EXTENSION.chars().count()), (127, 10));
}

#[test]
fn pairs_are_never_divided() {
    let parts = |text: &str| Preview::of(text).parts.iter().map(|part| part.units).collect::<Vec<_>>();
    assert_eq!(parts(&"€".repeat(153)), [152, 152, 2]);
    assert_eq!(parts(&"😀".repeat(67)), [66, 66, 2]);
    assert_eq!(parts(&format!("{}€{}", "a".repeat(152), "a".repeat(10))), [152, 12]);
}

#[test]
fn the_rupee_sign_costs_more_than_rs() {
    assert_eq!(Preview::of(&format!("Rs {}", "a".repeat(157))).parts.len(), 1);
    assert_eq!(Preview::of(&format!("₹ {}", "a".repeat(157))).parts.len(), 3);
}

#[test]
fn an_empty_text_is_one_empty_part() {
    let preview = Preview::of("");
    assert_eq!((preview.encoding, preview.units, preview.parts.len()), (Encoding::Gsm7, 0, 1));
    assert!(preview.fits());
}

/// Every row of the published vectors, where they are at hand.
#[test]
fn the_vectors_agree() {
    let name = "sms_segment_vectors.csv";
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let path = std::env::var_os("GRIEVANCE_DATA").map_or_else(beside, PathBuf::from).join(name);
    let Ok(mut rows) = csv::Reader::from_path(path) else {
        eprintln!("skipped: no {name} in GRIEVANCE_DATA or ../shared/data");
        return;
    };
    let mut count = 0;
    for row in rows.records() {
        let row = row.unwrap();
        let text: String = serde_json::from_str(&row[1]).unwrap();
        let preview = Preview::of(&text);
        let found = (preview.encoding.as_str(), preview.units, preview.parts.len());
        assert_eq!(found, (&row[2], row[3].parse().unwrap(), row[4].parse().unwrap()), "{}", &row[0]);
        count += 1;
    }
    assert!(count >= 24, "{count} rows");
}

#[test]
fn a_hostile_text_is_answered() {
    for text in ["\u{202e}".repeat(1_000_000), "a".repeat(1_000_000), "\0".repeat(100), "👨‍👩‍👧‍👦".repeat(10_000)]
    {
        let preview = Preview::of(&text);
        assert_eq!(preview.texts(&text).map(str::len).sum::<usize>(), text.len());
    }
    assert!(!Preview::of(&"a".repeat(153 * 255 + 1)).fits());
    assert!(Preview::of(&"a".repeat(153 * 255)).fits());
    let every: String = ('\u{4e00}'..'\u{9fff}').collect();
    assert_eq!(Preview::of(&every).forced.len(), Preview::MOST_FORCED);
    // A preview is of one text; another is cut nowhere it cannot be.
    assert_eq!(Preview::of(&"a".repeat(200)).texts("ক").count(), 0);
}
