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
        // Numbers are numbers.
        assert!(row[5].parse::<u64>().is_ok() && row[7].parse::<i64>().is_ok(), "{row:?}");
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

#[cfg(feature = "xlsx")]
mod workbook {
    use super::{at, book, counted, day, histories, sample, weeks};
    use crate::render_pack_behind::Kept;
    use grievance_core::measure::index::{Definition, shipped};
    use grievance_core::measure::pack::{Agenda, Decision};
    use grievance_core::measure::quality::Closings;
    use grievance_core::render::language::Language;
    use grievance_core::render::pack::{Closed, PackPage, pack_xlsx, review_xlsx};
    use grievance_core::vocabulary::{AgeRule, MisLine};
    use std::collections::BTreeMap;
    use std::io::Read as _;

    fn number(bytes: &[u8], at: usize, length: usize) -> usize {
        bytes[at..at + length].iter().rev().fold(0, |all, byte| all << 8 | usize::from(*byte))
    }

    /// The files of an archive, by its central directory.
    fn files(archive: &[u8]) -> BTreeMap<String, String> {
        let end =
            archive.windows(4).rposition(|four| four == b"PK\x05\x06").expect("an end of the directory");
        let (count, mut at) = (number(archive, end + 10, 2), number(archive, end + 16, 4));
        let mut found = BTreeMap::new();
        for _ in 0..count {
            let (packed, size, name) =
                (number(archive, at + 10, 2), number(archive, at + 20, 4), number(archive, at + 28, 2));
            let (extra, comment) = (number(archive, at + 30, 2), number(archive, at + 32, 2));
            let file = number(archive, at + 42, 4);
            let start = file + 30 + number(archive, file + 26, 2) + number(archive, file + 28, 2);
            let raw = &archive[start..start + size];
            let mut text = String::new();
            if packed == 8 {
                flate2::read::DeflateDecoder::new(raw).read_to_string(&mut text).unwrap();
            } else {
                text = String::from_utf8(raw.to_vec()).unwrap();
            }
            found.insert(String::from_utf8(archive[at + 46..at + 46 + name].to_vec()).unwrap(), text);
            at += 46 + name + extra + comment;
        }
        found
    }

    #[test]
    fn a_workbook_has_numbers_and_no_formulas() {
        let pack = sample(&book());
        for language in Language::ALL {
            let made = pack_xlsx(&pack, language).unwrap();
            assert_eq!(made, pack_xlsx(&pack, language).unwrap(), "the same pack, the same bytes");
            let files = files(&made);
            let sheets: Vec<_> = files.iter().filter(|(name, _)| name.contains("worksheets/sheet")).collect();
            let more = [pack.index.is_some(), !pack.levels.is_empty()].into_iter().filter(|is| *is).count();
            assert_eq!(sheets.len(), 5 + more);
            assert!(sheets.iter().all(|(_, text)| !text.contains("<f>") && !text.contains("NaN")));
            let all = &files["xl/worksheets/sheet1.xml"];
            let pending = pack.all.week(MisLine::Pending);
            assert!(all.contains(&format!("<v>{pending}</v>")), "{pending}");
            assert!(files["xl/sharedStrings.xml"].contains("works"));
        }
    }

    /// Ranks, scores and what they are made of are in the workbook as they are in the pack; the agenda, where it is given.
    #[test]
    fn a_workbook_has_the_index_and_the_agenda() {
        let book = book();
        let index = shipped().into_iter().find(|index| index.code == "average_days").unwrap();
        let index = Definition { fewest: Some(1), ..index };
        let part = counted(&weeks(day(), AgeRule::Calendar), &histories());
        let pack = part.finish(&book, &"city".parse().unwrap(), Some(&index), ToString::to_string).unwrap();
        let mut agenda = Agenda::prepare(&pack, None, day()).unwrap();
        let text = "=HYPERLINK(1)".to_owned();
        let (unit, post) = ("works".parse().unwrap(), "head".parse().unwrap());
        let (code, decided_on) = ("one".to_owned(), day());
        agenda.decided.push(Decision { code, text, unit, post, decided_on, due: day(), settled_on: None });
        for language in Language::ALL {
            let page = PackPage { agenda: Some(&agenda), ..PackPage::in_language(language) };
            let files = files(&review_xlsx(&pack, &page).unwrap());
            let texts = &files["xl/sharedStrings.xml"];
            for key in ["h_index", "standing", "peers", "decision", "owner", "decided_on", "settled_on"] {
                assert!(
                    texts.contains(language.text(key))
                        || files["xl/workbook.xml"].contains(language.text(key)),
                    "{key}"
                );
            }
            assert!(texts.contains("=HYPERLINK(1)") && files.values().all(|text| !text.contains("<f>")));
            assert!(texts.contains(">head<"), "the post that answers for the decision");
            let board = &pack.index.as_ref().unwrap().board;
            let ranked = board.offices.iter().find(|office| office.rank.is_some()).unwrap();
            let sheet = &files["xl/worksheets/sheet6.xml"];
            assert!(sheet.contains(&format!("<v>{}</v>", ranked.rank.unwrap())));
            assert!(sheet.contains(&format!("<v>{}</v>", ranked.score.unwrap())), "{:?}", ranked.score);
            let term = &ranked.terms[0];
            assert!(sheet.contains(&format!("<v>{}</v>", term.of.unwrap())));
        }
    }

    /// What a page has behind its figures is in the workbook, too, each count and share as a number.
    #[test]
    fn a_workbook_has_what_the_page_has() {
        let book = crate::render_pack_behind::book();
        let kept = Kept::of(&histories(), &book);
        let mut closings = Closings::of_weeks(&weeks(day(), AgeRule::Calendar));
        for history in histories() {
            closings.add_history_as_of(&history, at("2026-03-30T00:00:00"), &|_| None);
        }
        let mix = closings.mix();
        assert!(mix.closings > 1 && mix.by_reason.values().eq([&mix.closings]), "all of one reason");
        let closed = Some(Closed { rulebook: &book, closings: &closings });
        for language in Language::ALL {
            let behind = Some(kept.behind());
            let page = PackPage { behind, closed, ..PackPage::in_language(language) };
            let files = files(&review_xlsx(&sample(&book), &page).unwrap());
            let sheets = &files["xl/workbook.xml"];
            for key in ["h_waiting", "h_stays", "h_causes", "h_changes", "h_classes", "h_reasons"] {
                let name: String = language.text(key).chars().take(31).collect();
                assert!(sheets.contains(&format!("name=\"{name}\"")), "{key}: {sheets}");
            }
            let nth =
                sheets.split("<sheet ").skip(1).position(|sheet| sheet.contains(language.text("h_reasons")));
            let sheet = &files[&format!("xl/worksheets/sheet{}.xml", nth.unwrap() + 1)];
            assert!(
                sheet.contains(&format!("<v>{}</v>", mix.closings)) && sheet.contains("<v>100</v>"),
                "{sheet}"
            );
        }
    }

    /// A day that no spreadsheet has is written as it is read, and the rest of the workbook stands.
    #[test]
    fn a_day_before_1900_is_a_text() {
        let mut pack = sample(&book());
        let made = pack_xlsx(&pack, Language::English).unwrap();
        let days = |made: &[u8]| files(made)["xl/worksheets/sheet5.xml"].clone();
        assert!(!files(&made)["xl/sharedStrings.xml"].contains("1895-05-01"));
        pack.oldest[0].received_on = "1895-05-01".parse().unwrap();
        pack.oldest[1].received_on = "1900-01-01".parse().unwrap();
        let made = pack_xlsx(&pack, Language::English).unwrap();
        assert!(files(&made)["xl/sharedStrings.xml"].contains("1895-05-01"));
        assert!(
            days(&made).contains("<c r=\"C2\" t=\"s\">") && days(&made).contains("<v>1</v>"),
            "{}",
            days(&made)
        );
        pack.as_of = "1895-05-01".parse().unwrap();
        pack.flow[0].since = "1894-05-01".parse().unwrap();
        let made = pack_xlsx(&pack, Language::English).unwrap();
        assert!(files(&made)["xl/sharedStrings.xml"].contains("1894-05-01"));
    }

    /// Lakhs and crores go on above a hundred crores.
    #[test]
    fn large_numbers_are_grouped_by_twos() {
        let mut pack = sample(&book());
        pack.flow[0].received = 1_000_000_000;
        pack.flow[0].disposed = 999_999_999;
        let files = files(&pack_xlsx(&pack, Language::English).unwrap());
        let sheet = &files["xl/worksheets/sheet4.xml"];
        let styles: Vec<_> = files["xl/styles.xml"].split("<xf ").skip(1).collect();
        let codes: BTreeMap<_, _> = files["xl/styles.xml"]
            .split("<numFmt ")
            .skip(1)
            .map(|one| {
                let field = |name: &str| one.split(name).nth(1).unwrap().split('"').nth(1).unwrap();
                (field("numFmtId="), field("formatCode="))
            })
            .collect();
        let format = |value: &str| {
            let cell = sheet.split("<c ").find(|cell| cell.contains(&format!("<v>{value}</v>"))).unwrap();
            let style: usize = cell.split("s=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap();
            // The first of the formats is that of the styles themselves.
            let id = styles[style + 1].split("numFmtId=\"").nth(1).unwrap().split('"').next().unwrap();
            codes[id]
        };
        let groups = |format: &str, section: usize| {
            format.replace("&gt;", ">").split(';').nth(section).unwrap().matches("\\,").count()
        };
        let (large, small) = (format("1000000000"), format("999999999"));
        // 1,00,00,00,000 has four commas, 99,99,99,999 has three.
        assert_eq!((groups(large, 1), groups(small, 0)), (4, 3), "{large} {small}");
        assert!(large.starts_with("[&gt;=100000000000]") && groups(large, 0) == 5, "{large}");
    }

    #[test]
    fn a_name_is_never_a_formula() {
        let part = counted(&weeks(day(), AgeRule::Calendar), &histories());
        let hostile = |_: &grievance_core::kernel::code::UnitCode| "=1+1".to_owned();
        let pack = part.finish(&book(), &"city".parse().unwrap(), None, hostile).unwrap();
        let files = files(&pack_xlsx(&pack, Language::English).unwrap());
        assert!(files.values().all(|text| !text.contains("<f>")));
        assert!(files["xl/sharedStrings.xml"].contains("=1+1"));
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
            assert_eq!(row[4], language.number(same[5].parse().unwrap()), "{row:?}");
            let before =
                same[6].parse().map_or_else(|_| language.text("no_data").to_owned(), |n| language.number(n));
            assert_eq!(row[5], before, "{row:?}");
            assert_eq!(same[8] == *"0", &row[6] == language.text("no_data"), "{row:?}");
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
