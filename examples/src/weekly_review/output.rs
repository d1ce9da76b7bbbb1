//! The files: all of them whole, or the old ones.

use crate::Problem;
use crate::review::Review;
use crate::source::Office;
use grievance_core::Desk;
use grievance_core::measure::as_of::fact_as_of;
use grievance_core::measure::pack::{CaseLists, Cell, Span};
use grievance_core::measure::published::LEAST;
use grievance_core::message::FileGateway;
use grievance_core::render::language::Language;
use grievance_core::render::mis::mis_html;
use grievance_core::render::pack::{PackPage, list_csv, pack_csv, pack_csv_in, pack_html, review_xlsx};
use grievance_core::render::rejects::{RejectedRow, rejects_csv};
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// The statement, for programs.
pub(crate) const JSON: &str = "mis.json";
/// The weekly pack, for people, spreadsheets and notebooks, and as it is kept.
pub(crate) const PACK: [&str; 4] = ["mis.html", "mis.xlsx", "mis.csv", "edition.json"];
/// The pack as a table for people, in the language that was asked for.
pub(crate) const TABLE: &str = "mis-words.csv";
/// The agenda of the review meeting, for the next one.
pub(crate) const AGENDA: &str = "agenda.json";
/// What cases come from, for programs.
pub(crate) const CAUSES: &str = "causes.json";
/// The statement, for people.
pub(crate) const HTML: &str = "statement.html";
/// The statement as the public may have it.
pub(crate) const PUBLISHED: &str = "published.json";
/// What has changed of the edition before, case by case.
pub(crate) const RESTATEMENT: &str = "restatement.json";
/// The folder of editions, where no other is named.
pub(crate) const EDITIONS: &str = "editions";
/// The folder of the cases behind the counts of the page.
pub(crate) const CASES: &str = "mis-cases";
/// The rows that were not taken.
pub(crate) const REJECTS: &str = "rejects.csv";

/// The messages of a generated year, one a line.
pub(crate) const NOTICES: &str = "notices.jsonl";

/// Makes the directory, if it is not there.
pub(crate) fn prepare(out: &Path) -> Result<(), Problem> {
    fs::create_dir_all(out)
        .map_err(|problem| format!("cannot write into {}: {problem}", out.display()).into())
}

/// A gateway that writes into a file beside the one of an earlier year.
pub(crate) fn notices(out: &Path) -> Result<FileGateway, Problem> {
    let begun = out.join(format!(".{NOTICES}.part"));
    let file =
        File::create(&begun).map_err(|problem| format!("cannot write {}: {problem}", begun.display()))?;
    Ok(FileGateway::to(Box::new(BufWriter::new(file))))
}

/// Puts the messages in the place of those of an earlier year.
pub(crate) fn keep_notices(out: &Path) -> Result<(), Problem> {
    Ok(fs::rename(out.join(format!(".{NOTICES}.part")), out.join(NOTICES))?)
}

/// Writes the files.
pub(crate) fn write(out: &Path, review: &Review, office: &Office, language: Language) -> Result<(), Problem> {
    let Review { mis, edition, .. } = review;
    let opened: RefCell<BTreeSet<Cell>> = RefCell::default();
    let open = |cell: &Cell| {
        opened.borrow_mut().insert(cell.clone());
        format!("{CASES}/{}", place(cell))
    };
    let page = PackPage {
        open: Some(&open),
        edition: Some(edition),
        title: Some(&office.title),
        agenda: Some(&review.agenda),
        behind: Some(review.behind()),
        closed: Some(review.closed()),
        ..PackPage::in_language(language)
    };
    let [html, xlsx, csv, json] = PACK;
    let written = pack_html(&edition.pack, &page);
    lists(out, review, office, opened.borrow().clone())?;
    put(out, html, |file| file.write_all(written.as_bytes()))?;
    let workbook = review_xlsx(&edition.pack, &page)?;
    put(out, xlsx, |file| file.write_all(&workbook))?;
    put(out, csv, |file| pack_csv(&edition.pack, file))?;
    put(out, TABLE, |file| pack_csv_in(&edition.pack, language, file))?;
    put(out, json, |file| file.write_all(edition.text().as_bytes()))?;
    put_json(out, AGENDA, &review.agenda)?;
    put_json(out, CAUSES, &review.board)?;
    if let Some(restatement) = &review.restatement {
        put_json(out, RESTATEMENT, restatement)?;
    }
    keep(review, office, language)?;
    put(out, JSON, |file| file.write_all(mis.to_json().as_bytes()))?;
    put_json(out, PUBLISHED, &mis.published(LEAST))?;
    let reason = |code: &_| office.reasons.get(code).map_or_else(|| format!("{code}"), Clone::clone);
    put(out, HTML, |file| file.write_all(mis_html(mis, &office.title, reason).as_bytes()))?;
    let rows = office.rejects.iter().map(|reject| RejectedRow {
        record: reject.record,
        column: reject.column.as_deref(),
        code: reject.code.as_str(),
        sentence: &reject.sentence,
        original: &reject.original,
    });
    put(out, REJECTS, |file| rejects_csv(file, &office.columns, rows))
}

/// The file of a count's cases, as an address: what is counted, then the office.
fn place(cell: &Cell) -> String {
    let Cell { unit, span, of } = cell;
    // No code has a dot in it.
    let span = if *span == Span::Below { ".below" } else { "" };
    let of = of.to_string().replace(':', ".");
    let of = if of.ends_with('.') { format!("{of}.none") } else { of };
    format!("{of}/{unit}{span}.csv")
}

/// Writes the cases behind each count that the page opens; when all are written they take the place of those of an earlier
/// review.
fn lists(out: &Path, review: &Review, office: &Office, opened: BTreeSet<Cell>) -> Result<(), Problem> {
    let (whole, begun, old) =
        (out.join(CASES), out.join(format!(".{CASES}.part")), out.join(format!(".{CASES}.old")));
    let mut lists = CaseLists::of(opened, &review.weeks, &review.rulebook);
    let mut numbers = HashMap::new();
    office.desk.by(&Desk::system(), review.now).scan(&mut |history| {
        lists.add_history(history);
        if let Some(fact) = fact_as_of(history, review.weeks.terms().at())
            && let Some(number) = fact.number
        {
            numbers.insert(fact.id, number);
        }
        true
    })?;
    lists.add_closings(&review.closings);
    let there = |moved: io::Result<()>| match moved {
        Err(problem) if problem.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    };
    there(fs::remove_dir_all(&begun))?;
    there(fs::remove_dir_all(&old))?;
    for (cell, list) in lists.into_lists() {
        let file = begun.join(place(&cell));
        prepare(file.parent().unwrap_or(&begun))?;
        let rows = list.into_iter().map(|listed| (numbers.get(&listed.case), listed));
        list_csv(rows, BufWriter::new(File::create(file)?))?;
    }
    there(fs::rename(&whole, &old))?;
    there(fs::rename(&begun, &whole))?;
    Ok(there(fs::remove_dir_all(&old))?)
}

/// Keeps the editions of each office, text and page. What is kept already stays as it is; only a generated year is made
/// anew with all of them.
fn keep(review: &Review, office: &Office, language: Language) -> Result<(), Problem> {
    for edition in review.kept.all().chain(&review.editions) {
        let place = review.kept.place(edition);
        let (folder, day) = (place.parent().unwrap_or(&place), edition.pack.as_of);
        let (page, text) = (format!("{day}.html"), format!("{day}.json"));
        if office.year.is_none() && folder.join(&text).exists() {
            continue;
        }
        prepare(folder)?;
        let asked = PackPage {
            edition: Some(edition),
            title: Some(&office.title),
            closed: Some(review.closed()).filter(|_| edition.pack.as_of == review.mis.as_of),
            ..PackPage::in_language(language)
        };
        put(folder, &page, |file| file.write_all(pack_html(&edition.pack, &asked).as_bytes()))?;
        put(folder, &text, |file| file.write_all(edition.text().as_bytes()))?;
    }
    Ok(())
}

/// Writes a document that people may read, too.
fn put_json(out: &Path, name: &str, document: &impl serde::Serialize) -> Result<(), Problem> {
    put(out, name, |file| {
        serde_json::to_writer_pretty(&mut *file, document)?;
        file.write_all(b"\n")
    })
}

/// Writes beside the old file and puts it in its place when it is whole.
fn put(
    out: &Path,
    name: &str,
    content: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> Result<(), Problem> {
    let (whole, begun) = (out.join(name), out.join(format!(".{name}.part")));
    let written = || {
        let mut file = BufWriter::new(File::create(&begun)?);
        content(&mut file)?;
        file.into_inner()?.sync_all()?;
        fs::rename(&begun, &whole)
    };
    written().map_err(|problem| {
        // What was begun is worth nothing; that it cannot be removed either would say no more.
        let _ = fs::remove_file(&begun);
        format!("cannot write {}: {problem}", whole.display()).into()
    })
}

#[cfg(test)]
mod tests {
    use super::put;
    use std::io::Write as _;

    #[test]
    fn a_file_that_was_begun_and_not_ended_leaves_the_old_one() {
        let out = tempfile::tempdir().unwrap();
        put(out.path(), "a.json", |file| file.write_all(b"old")).unwrap();
        let failed = put(out.path(), "a.json", |file| {
            file.write_all(b"ne")?;
            Err(std::io::Error::other("the disk is full"))
        });
        assert!(failed.unwrap_err().to_string().contains("the disk is full"));
        let names: Vec<_> =
            std::fs::read_dir(out.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["a.json"]);
        assert_eq!(std::fs::read(out.path().join("a.json")).unwrap(), b"old");
    }
}
