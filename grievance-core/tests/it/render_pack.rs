//! The pack as people read it: nothing that runs, nothing by colour alone, the same in every language.

use crate::measure_histories::{at, imported};
use crate::measure_pack::{book, counted, pack, weeks};
use crate::render_pack_behind::Kept;
use chrono::{Days, NaiveDate, TimeDelta};
use grievance_core::Rulebook;
use grievance_core::grievance::event::Recorded;
use grievance_core::measure::index::shipped;
use grievance_core::measure::pack::{Agenda, Cell, Decision, Edition, Line, Pack, ShareKind};
use grievance_core::render::colour::Colour;
use grievance_core::render::defuse::defuse;
use grievance_core::render::language::Language;
use grievance_core::render::pack::palette::{Use, pairs};
use grievance_core::render::pack::{PackPage, pack_csv, pack_csv_in, pack_html};
use grievance_core::vocabulary::{AgeRule, MisLine};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Sixty cases of four offices, some old, some disposed.
pub(crate) fn histories() -> Vec<Vec<Recorded>> {
    (0..60_u32)
        .map(|n| {
            let lodged = at("2026-01-08T09:00:00") + TimeDelta::hours(i64::from(n) * 31);
            let disposed = (n % 3 != 0).then(|| lodged + TimeDelta::days(i64::from(n % 23)));
            imported(n.into(), ["works", "water", "drains", "parks"][n as usize % 4], lodged, disposed)
        })
        .collect()
}

pub(crate) fn day() -> NaiveDate {
    "2026-03-30".parse().unwrap()
}

pub(crate) fn sample(book: &Rulebook) -> Pack {
    let index = shipped().into_iter().find(|one| one.code == "average_days").unwrap();
    pack(&counted(&weeks(day(), AgeRule::Calendar), &histories()), book, "city", Some(&index))
}

fn whole(language: Language) -> String {
    let pack = sample(&book());
    let edition = Edition::after(None, pack.clone(), at("2026-03-30T04:00:00")).unwrap();
    let mut agenda = Agenda::prepare(&pack, None, day() - Days::new(6)).unwrap();
    agenda
        .decide(Decision {
            code: "1".to_owned(),
            text: "Clear what is older than a month.".to_owned(),
            unit: "works".parse().unwrap(),
            post: "officer".parse().unwrap(),
            decided_on: day() - Days::new(6),
            due: day(),
            settled_on: None,
        })
        .unwrap();
    let agenda = Agenda::prepare(&pack, Some(&agenda), day() + Days::new(1)).unwrap();
    let open = |cell: &Cell| format!("cases?unit={}&of={}", cell.unit, cell.of);
    let kept = Kept::of(&histories(), &crate::render_pack_behind::book());
    let page = PackPage {
        language,
        title: Some("Haldia"),
        edition: Some(&edition),
        agenda: Some(&agenda),
        behind: Some(kept.behind()),
        open: Some(&open),
        closed: None,
    };
    pack_html(&pack, &page)
}

/// Every `#rrggbb` of a text.
fn colours(text: &str) -> BTreeSet<String> {
    text.match_indices('#')
        .filter_map(|(place, _)| text.get(place..place + 7))
        .filter(|found| found[1..].chars().all(|c| c.is_ascii_hexdigit()))
        .map(str::to_ascii_lowercase)
        .collect()
}

/// Every pair of colours that the page puts on each other differs enough, unrounded; and the page has
/// no colour that is in no pair.
#[test]
fn every_colour_of_the_page_can_be_told_from_what_it_is_on() {
    let mut known: BTreeSet<String> = BTreeSet::new();
    for (front, behind, used) in pairs() {
        let least = if used == Use::Text { 4.5 } else { 3.0 };
        let found = front.contrast(behind);
        assert!(found >= least, "{front} on {behind}: {found}");
        known.extend([front.to_string(), behind.to_string()]);
    }
    for language in Language::ALL {
        let unknown: Vec<_> = colours(&whole(language)).difference(&known).cloned().collect();
        assert!(unknown.is_empty(), "colours that nothing was said of: {unknown:?}");
    }
    // The test can fail: half a step lighter than the soft text would not do.
    assert!(Colour(0x78, 0x78, 0x78).contrast(Colour(255, 255, 255)) < 4.5);
}

/// The golden files. `UPDATE_GOLDEN=1` rewrites them; then look at the difference, and at the page.
#[test]
fn the_pages_are_what_the_golden_files_say() {
    let pack = sample(&book());
    let mut csv = Vec::new();
    pack_csv(&pack, &mut csv).unwrap();
    let mut files = vec![
        ("pack.csv".to_owned(), String::from_utf8(csv).unwrap()),
        ("pack.json".to_owned(), pack.text() + "\n"),
    ];
    files.extend(Language::ALL.map(|language| (format!("pack-{}.html", language.tag()), whole(language))));
    for (name, made) in files {
        // The rulebook's version is in them: it follows from the presets, which may grow.
        let version = pack.rulebook.to_string();
        let made = made.replace(&version, "RULEBOOK").replace(&version[..16], "RULEBOOK");
        let made = without_hash(&made);
        let path = format!("{}/testdata/render/{name}", env!("CARGO_MANIFEST_DIR"));
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::create_dir_all(std::path::Path::new(&path).parent().unwrap()).unwrap();
            std::fs::write(&path, &made).unwrap();
        }
        let golden = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(made == golden, "{name} differs: UPDATE_GOLDEN=1 rewrites it, then look at the difference");
    }
}

/// The edition's hash covers the rulebook's version, and stands once in a page.
fn without_hash(page: &str) -> String {
    let pack = sample(&book());
    let edition = Edition::after(None, pack, at("2026-03-30T04:00:00")).unwrap();
    page.replace(&edition.hash().to_string(), "EDITION")
}

/// Every key that the sources ask for is there, and every key is asked for.
#[test]
fn no_word_is_missing_and_none_is_idle() {
    fn sources(folder: &std::path::Path, found: &mut String) {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if entry.path().is_dir() {
                sources(&entry.path(), found);
            } else if entry.path().extension().is_some_and(|kind| kind == "rs" || kind == "html") {
                found.push_str(&std::fs::read_to_string(entry.path()).unwrap());
            }
        }
    }
    let mut source = String::new();
    sources(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/render"), &mut source);
    let keys = Language::English.keys();
    let mut asked = 0;
    for call in [".words(", ".fill("] {
        for rest in source.split(call).skip(1) {
            if let Some(literal) = rest.trim_start().strip_prefix('"') {
                let key = literal.split('"').next().unwrap();
                assert!(keys.contains(&key), "{key} is asked for");
                asked += 1;
            }
        }
    }
    assert!(asked > 20, "{asked} calls with a key were found");
    let lines = MisLine::ALL.iter().map(|line| line.as_str().to_owned());
    let shares = ShareKind::ALL.iter().map(|share| format!("share_{}", share.as_str()));
    let by_list: BTreeSet<String> = lines.chain(shares).collect();
    assert!(by_list.iter().all(|key| keys.contains(&key.as_str())), "each line and share has its word");
    for key in &keys {
        let quoted = source.contains(&format!("\"{key}\""));
        assert!(quoted || by_list.contains(*key), "{key} is asked for nowhere");
    }
}

#[test]
fn all_languages_have_the_same_words() {
    let [english, bengali, hindi] = Language::ALL.map(Language::keys);
    assert_eq!(english, bengali);
    assert_eq!(english, hindi);
    for line in MisLine::ALL {
        assert!(english.contains(&line.as_str()), "{line}");
    }
    // The places to be filled in are the same, whatever their order.
    for key in &english {
        let places = Language::ALL.map(|language| {
            let text = language.text(key);
            let mut found: Vec<String> = text
                .split('{')
                .skip(1)
                .filter_map(|rest| rest.split('}').next())
                .map(str::to_owned)
                .collect();
            found.sort();
            found
        });
        assert!(places.iter().all(|one| *one == places[0]), "{key}: {places:?}");
    }
}

#[test]
fn numbers_are_written_as_each_language_writes_them() {
    let bengali = whole(Language::Bengali);
    assert!(bengali.contains("lang=\"bn\"") && bengali.contains("২৩ মার্চ ২০২৬"));
    let hindi = whole(Language::Hindi);
    assert!(hindi.contains("lang=\"hi\"") && hindi.contains("२३ मार्च २०२६"));
    for (number, written) in [
        (0, "0"),
        (999, "999"),
        (1_000, "1,000"),
        (99_999, "99,999"),
        (100_000, "1,00,000"),
        (u64::MAX, "1,84,46,74,40,73,70,95,51,615"),
    ] {
        assert_eq!(Language::English.number(number), written);
    }
}

#[test]
fn the_page_stands_alone() {
    for language in Language::ALL {
        let page = whole(language);
        for word in ["<script", "src=", "http://", "https://", "@import", "NaN", "inf", "url(http"] {
            assert!(!page.contains(word), "{word}");
        }
        assert!(page.contains("default-src 'none'"));
        // Each chart is named, described, and followed by a table.
        for id in ["pendency", "heat", "flow", "trend"] {
            for part in [
                format!("id=\"{id}-t\""),
                format!("id=\"{id}-d\""),
                format!("aria-labelledby=\"{id}-t {id}-d\""),
            ] {
                assert!(page.contains(&part), "{part}");
            }
            let chart = page.split(&format!("aria-labelledby=\"{id}-t {id}-d\"")).nth(1).unwrap();
            let figure = chart.split("</figure>").next().unwrap();
            assert!(figure.contains("<table"), "{id} has no table");
        }
        // Every identity once.
        let ids: Vec<_> = page.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len());
    }
}

/// A count of the page leads to the list that it was counted from.
#[test]
fn counts_lead_to_their_cases() {
    let page = whole(Language::English);
    let pack = sample(&book());
    let works = pack.branches.iter().find(|row| row.unit.as_str() == "works").unwrap();
    let pending = works.figures.week(MisLine::Pending);
    assert!(pending > 0 && works.below == 2);
    assert!(page.contains(&format!("<a href=\"cases?unit=works&amp;of=pending\">{pending}</a>")));
    assert!(page.contains("of=age_4") && page.contains("of=pending:1\">"));
    // Nought opens to nothing.
    assert!(!page.contains("\">0</a>"));
}

#[test]
fn an_empty_pack_says_so() {
    let empty = pack(&counted(&weeks(day(), AgeRule::Calendar), &[]), &book(), "city", None);
    let page = pack_html(&empty, &PackPage::in_language(Language::English));
    assert!(page.contains("there is nothing to measure") && page.contains("no data"));
    assert!(!page.contains("0.0 %") && !page.contains("NaN") && !page.contains("<figure"));
}

/// What people name their offices cannot leave its place.
#[test]
fn names_are_escaped_and_defused() {
    let part = counted(&weeks(day(), AgeRule::Calendar), &histories());
    let hostile = |unit: &grievance_core::kernel::code::UnitCode| match unit.as_str() {
        "works" => "=HYPERLINK(\"x\")".to_owned(),
        "water" => "</text><script>alert(1)</script>".to_owned(),
        "drains" => "-1+1".to_owned(),
        other => other.to_owned(),
    };
    let top = "city".parse().unwrap();
    let pack = part.finish(&book(), &top, None, hostile).unwrap();
    let page = pack_html(&pack, &PackPage::in_language(Language::English));
    assert!(!page.contains("<script") && page.contains("&lt;script&gt;"));
    let mut csv = Vec::new();
    pack_csv(&pack, &mut csv).unwrap();
    let mut rows = csv::Reader::from_reader(&csv[..]);
    let mut seen = 0;
    for row in rows.records().map(Result::unwrap) {
        let name = &row[2];
        assert!(!name.starts_with(['=', '+', '-', '@']), "{name}");
        seen += usize::from(name == "'=HYPERLINK(\"x\")");
        // Numbers are numbers, or there is no data.
        let silent = row[5].is_empty() && row[7].is_empty();
        assert!(silent || (row[5].parse::<u64>().is_ok() && row[7].parse::<i64>().is_ok()), "{row:?}");
    }
    assert!(seen > 0);
}

/// The rows of the table are the pack's own.
#[test]
fn the_table_holds_every_count() {
    let pack = sample(&book());
    let mut csv = Vec::new();
    pack_csv(&pack, &mut csv).unwrap();
    let mut rows = csv::Reader::from_reader(&csv[..]);
    let mut pending = 0;
    let mut all = 0;
    for row in rows.records().map(Result::unwrap) {
        let line: Line = row[4].parse().unwrap();
        if line == MisLine::Pending.into() {
            let count: u64 = row[5].parse().unwrap();
            if &row[3] == "alone" {
                pending += count;
            } else if &row[1] == "city" {
                all = count;
            }
        }
    }
    assert_eq!((pending, all), (pack.all.week(MisLine::Pending), pack.all.week(MisLine::Pending)));
}

proptest! {
    /// Nothing that is defused begins like a formula, and nothing else is touched.
    #[test]
    fn nothing_begins_like_a_formula(text in "[=+@ \t\r\n\u{a0}＝a-z0-9\"-]{0,6}") {
        let safe = defuse(&text);
        let first = safe.trim_start_matches([' ', '\u{a0}', '\u{feff}']).chars().next();
        prop_assert!(!first.is_some_and(|c| "=+-@\t\r\n＝".contains(c)), "{:?}", safe);
        prop_assert!(*safe == text || safe.strip_prefix('\'') == Some(&text));
    }
}

/// Cut points that make no bands, as a pack that somebody wrote may have them, are words like others.
#[test]
fn any_cut_points_have_words() {
    for cuts in [vec![], vec![0], vec![0, 0], vec![7, 0], vec![9, 3, u32::MAX], vec![u32::MAX, 0, 1]] {
        let pack = Pack { band_cuts: cuts, ..sample(&book()) };
        for language in Language::ALL {
            assert!(pack_html(&pack, &PackPage::in_language(language)).contains("</html>"));
            #[cfg(feature = "xlsx")]
            assert!(grievance_core::render::pack::pack_xlsx(&pack, language).is_ok());
            assert!(pack_csv_in(&pack, language, &mut Vec::new()).is_ok());
        }
    }
}

/// The table for people says what the one for programs says, row by row, in every language.
#[test]
fn the_table_is_the_same_in_every_language() {
    let pack = sample(&book());
    let mut plain = Vec::new();
    pack_csv(&pack, &mut plain).unwrap();
    let plain: Vec<_> = csv::Reader::from_reader(&plain[..]).records().map(Result::unwrap).collect();
    assert!(!plain.is_empty());
    for language in Language::ALL {
        let mut csv = Vec::new();
        pack_csv_in(&pack, language, &mut csv).unwrap();
        let text = String::from_utf8(csv).unwrap();
        let text = text.strip_prefix('\u{feff}').unwrap();
        let mut rows = csv::Reader::from_reader(text.as_bytes());
        assert_eq!(&rows.headers().unwrap()[1], language.text("office"));
        let rows: Vec<_> = rows.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), plain.len());
        let mut names = BTreeSet::new();
        for (row, same) in rows.iter().zip(&plain) {
            assert_eq!(&row[1], &same[2]);
            assert_eq!(&row[2] == language.text("span_below"), &same[3] == "below", "{row:?}");
            let number = |text: &str| {
                text.parse().map_or_else(|_| language.text("no_data").to_owned(), |n| language.number(n))
            };
            assert_eq!([&row[4], &row[5]], [number(&same[5]), number(&same[6])], "{row:?}");
            assert_eq!(matches!(&same[8], "0" | ""), &row[6] == language.text("no_data"), "{row:?}");
            names.insert(row[3].to_owned());
        }
        // Two lines never have one name.
        assert_eq!(names.len(), pack.all.lines.len(), "{names:?}");
    }
}

/// No name of an office is a formula in the table for people.
#[test]
fn names_in_the_table_for_people_are_defused() {
    let part = counted(&weeks(day(), AgeRule::Calendar), &histories());
    let top = "city".parse().unwrap();
    let pack = part.finish(&book(), &top, None, |_| "=1+1".to_owned()).unwrap();
    for language in Language::ALL {
        let mut csv = Vec::new();
        pack_csv_in(&pack, language, &mut csv).unwrap();
        let mut rows = csv::Reader::from_reader(&csv[..]);
        let names: BTreeSet<_> = rows.records().map(|row| row.unwrap()[1].to_owned()).collect();
        assert_eq!(names.into_iter().collect::<Vec<_>>(), ["'=1+1"]);
    }
}
