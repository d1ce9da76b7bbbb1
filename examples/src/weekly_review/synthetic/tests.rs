//! One small year, looked at from outside.

use crate::args::Args;
use crate::{output, review, source, summary};
use clap::Parser as _;
use grievance_core::measure::pack::{Agenda, Edition, Restatement};
use grievance_core::measure::statement::Mis;
use std::collections::BTreeSet;
use std::path::Path;

/// Plays a year into a directory: its statement, and what is printed.
fn year(out: &Path, seed: u32) -> (Mis, String) {
    let line = format!("weekly-review --synthetic 150 --as-of 2026-04-01 --seed {seed} --out x");
    let mut args = Args::try_parse_from(line.split_whitespace()).unwrap();
    args.out = out.to_owned();
    // So few cases, of so many offices: what is pointed out must be pointed out of few.
    let rulebook = out.join("few.toml");
    std::fs::write(&rulebook, "extends = \"west-bengal\"\nmis.fewest = 1").unwrap();
    args.rulebook = Some(rulebook.to_str().unwrap().to_owned());
    let mut office = source::open(&args).unwrap();
    let review = review::review(&mut office, &args).unwrap();
    output::write(&args.out, &review, &office, args.language).unwrap();
    let said = summary::text(&review, &office, Path::new("out"));
    (review.mis, said)
}

/// Every number of the page that is a link leads to a file whose cases add up to it, and no file is without a link.
fn opens(out: &Path) {
    let page = std::fs::read_to_string(out.join(output::PACK[0])).unwrap();
    let mut opened = BTreeSet::new();
    for link in page.split("<a href=\"").skip(1) {
        let (file, rest) = link.split_once("\">").unwrap();
        let file = file.replace("&#x2f;", "/");
        let number: u64 = rest.split_once("</a>").unwrap().0.replace(',', "").parse().unwrap();
        let list =
            std::fs::read_to_string(out.join(&file)).unwrap_or_else(|problem| panic!("{file}: {problem}"));
        let times = list.lines().skip(1).map(|line| line.rsplit(',').next().unwrap().parse::<u64>().unwrap());
        assert_eq!(times.sum::<u64>(), number, "{file}");
        opened.insert(out.join(&file));
    }
    let folders = std::fs::read_dir(out.join(output::CASES)).unwrap();
    let files: BTreeSet<_> = folders
        .flat_map(|folder| std::fs::read_dir(folder.unwrap().path()).unwrap())
        .map(|file| file.unwrap().path())
        .collect();
    assert!(files.len() > 100 && files == opened, "{} files, {} links", files.len(), opened.len());
}

#[test]
fn a_year_has_late_cases_a_ladder_messages_calls_and_reopenings_and_comes_out_the_same() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (mis, said) = year(one.path(), 5);
    assert_eq!((&mis, &said), (&year(other.path(), 5).0, &year(other.path(), 5).1));
    let notices = |out: &Path| std::fs::read_to_string(out.join(output::NOTICES)).unwrap();
    let sent = notices(one.path());
    assert_eq!(sent, notices(other.path()));

    let all = &mis.all;
    assert!(all.breaches.count > 20 && all.escalations.count > 20 && all.reopenings > 5, "{all:?}");
    assert!(all.escalations.by_level.iter().filter(|row| row.level.is_some()).count() >= 3, "{all:?}");
    assert!(all.breaches_by_target.len() >= 3, "{all:?}");
    let by_target: u64 = all.targets.iter().map(|row| row.count).sum();
    assert_eq!(by_target, all.pending);
    assert!(said.contains(" made, ") && said.contains("52 statement") && said.contains("sms "), "{said}");
    assert!(
        said.contains(" drawn of ") && said.contains(" looked at") && !said.contains(" 0 looked at"),
        "{said}"
    );
    assert!(
        said.contains(" offices told of theirs in ") && sent.contains("\"template\":\"statement\""),
        "{said}"
    );
    assert!(said.contains("refused"), "some messages are parked: {said}");
    // The review meeting: something to discuss, something decided, causes that were written down.
    let board: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(one.path().join(output::CAUSES)).unwrap()).unwrap();
    let agenda: Agenda =
        serde_json::from_str(&std::fs::read_to_string(one.path().join(output::AGENDA)).unwrap()).unwrap();
    assert!(
        board["classified"].as_u64().unwrap() > 10 && board["unclassified"].as_u64().unwrap() > 0,
        "{board}"
    );
    assert!(board["changes"][0]["answers"].as_u64().unwrap() > 0, "{board}");
    assert!(
        !agenda.points.is_empty() && !agenda.carried.is_empty() || !agenda.settled.is_empty(),
        "{agenda:?}"
    );
    assert!(said.contains("Good practices published: 2") && said.contains("Where most time goes"), "{said}");
    // Each office has the edition of the day and the one before it, which is held against today.
    let kept: Vec<_> = std::fs::read_dir(one.path().join(output::EDITIONS)).unwrap().collect();
    assert!(kept.len() > 20, "{} offices", kept.len());
    for office in kept {
        let read = |day: &str| {
            let file = office.as_ref().unwrap().path().join(day);
            assert!(file.with_extension("html").exists());
            Edition::read(&std::fs::read_to_string(file.with_extension("json")).unwrap()).unwrap()
        };
        let (before, today) = (read("2026-03-25"), read("2026-04-01"));
        assert_eq!((before.number, today.number, today.previous), (1, 2, Some(before.hash())));
    }
    let restated: Restatement =
        serde_json::from_str(&std::fs::read_to_string(one.path().join(output::RESTATEMENT)).unwrap())
            .unwrap();
    assert_eq!(restated.unexplained, [], "the histories of then say what was printed");
    assert!(said.contains("that of 2026-03-25 today: "), "{said}");
    opens(one.path());
    // Every line is a message, and every message that was taken is a line.
    let count = sent.lines().count();
    assert!(sent.lines().all(|line| line.starts_with('{') && line.ends_with('}')));
    assert!(
        said.lines().any(|line| line.trim().starts_with("all ") && line.contains(&format!(" {count} "))),
        "{said}"
    );
    // Nobody's number is shown, here or there.
    assert!(!said.contains("+91") && !sent.contains("+91"));
}
