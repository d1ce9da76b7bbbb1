//! The pack as a workbook: numbers, and no formulas.

use crate::measure_histories::at;
use crate::measure_pack::{book, counted, weeks};
use crate::render_pack::{day, histories, sample};
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
    let end = archive.windows(4).rposition(|four| four == b"PK\x05\x06").expect("an end of the directory");
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
                texts.contains(language.text(key)) || files["xl/workbook.xml"].contains(language.text(key)),
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
