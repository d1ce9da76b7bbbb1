//! The statement as a page: colours that can be told apart, nothing that runs, nothing lost.

use crate::measure_histories::{at, imported};
use grievance_core::kernel::code::{ReasonCode, UnitCode};
use grievance_core::measure::mis::{MisPart, Terms};
use grievance_core::measure::statement::{BreachCount, Escalations, LevelCount, Mis};
use grievance_core::measure::target::Breaches;
use grievance_core::render::colour::{AGE, PAPER, age_step, target_step};
use grievance_core::render::mis::mis_html;
use grievance_core::vocabulary::{AgeRule, TargetKind, TargetState};

fn mis(rule: AgeRule, name: impl Fn(&UnitCode) -> String) -> Mis {
    let mut part = MisPart::new(Terms::new("2026-03-08".parse().unwrap(), chrono_tz::UTC, rule));
    for case in 0..40_u32 {
        let lodged = at("2026-01-10") + chrono::TimeDelta::days(i64::from(case));
        let disposed = (case % 3 == 0).then(|| lodged + chrono::TimeDelta::days(4));
        part.add_history(&imported(case.into(), ["works", "water"][case as usize % 2], lodged, disposed));
    }
    part.reject(1_234_567);
    part.finish(name)
}

fn plain(rule: AgeRule) -> String {
    mis_html(&mis(rule, |unit| unit.as_str().into()), "Weekly statement", |reason| reason.as_str().into())
}

#[test]
fn marks_stand_out_and_text_upon_them_can_be_read() {
    for step in AGE {
        assert!(step.colour.contrast(PAPER) >= 3.0, "{} on white", step.colour);
        assert!(step.colour.contrast(step.text) >= 4.5, "text on {}", step.colour);
    }
    let shapes: std::collections::HashSet<_> = AGE.iter().map(|step| step.shape).collect();
    assert_eq!(shapes.len(), AGE.len());
    let darkening =
        AGE.windows(2).all(|pair| pair[0].colour.contrast(PAPER) < pair[1].colour.contrast(PAPER));
    assert!(darkening, "darker is later");
}

/// The scale of targets is as plain as that of age, and shares neither colour nor shape with it.
#[test]
fn the_scale_of_targets_is_its_own() {
    let steps: Vec<_> = TargetState::ALL.iter().map(|state| target_step(*state)).collect();
    for step in &steps {
        assert!(step.colour.contrast(PAPER) >= 3.0, "{} on white", step.colour);
        assert!(step.colour.contrast(step.text) >= 4.5, "text on {}", step.colour);
        assert!(AGE.iter().all(|age| age.colour != step.colour && age.shape != step.shape));
    }
    let shapes: std::collections::HashSet<_> = steps.iter().map(|step| step.shape).collect();
    assert_eq!(shapes.len(), steps.len());
    let late = [TargetState::InTime, TargetState::DueSoon, TargetState::Breached].map(target_step);
    assert!(
        late.windows(2).all(|pair| pair[0].colour.contrast(PAPER) * 1.5 < pair[1].colour.contrast(PAPER))
    );
}

#[test]
fn records_without_targets_have_no_page_of_targets() {
    let page = plain(AgeRule::Calendar);
    assert!(!page.contains("Pending by target") && !page.contains("breached"));
}

#[test]
fn every_state_has_label_shape_and_colour() {
    let mut statement = mis(AgeRule::Calendar, |unit| unit.as_str().into());
    let pending = statement.all.pending;
    for figures in
        std::iter::once(&mut statement.all).chain(statement.units.iter_mut().map(|unit| &mut unit.figures))
    {
        for row in &mut figures.targets {
            row.count = figures.pending / 4;
        }
        figures.targets[0].count += figures.pending - figures.pending / 4 * 4;
        figures.breaches = Breaches { count: 7_001, week: 6_002, standing: 5_003 };
        figures.breaches_by_target =
            vec![BreachCount { target: TargetKind::Resolution, breaches: figures.breaches }];
        figures.escalations = Escalations {
            count: 4_004,
            week: 3_005,
            by_level: Vec::new(),
            highest_pending: 3,
            pending_levels: vec![LevelCount { level: 3, count: 2 }],
        };
    }
    assert!(pending > 8);
    let page = mis_html(&statement, "Weekly statement", |_| String::new());
    for (state, label) in TargetState::ALL.iter().zip(["in time", "due soon", "breached", "no target"]) {
        let step = target_step(*state);
        let mark = format!(r#"color: {}" aria-hidden="true">{}</span> {label}"#, step.text, step.shape);
        assert!(page.contains(&mark), "{mark}");
        assert!(page.contains(&format!(r#"fill="{}""#, step.colour)));
    }
    for figure in ["7\u{202f}001", "6\u{202f}002", "5\u{202f}003", "4\u{202f}004", "3\u{202f}005", "Level 3"]
    {
        assert!(page.contains(figure), "{figure}");
    }
    assert!(page.contains("Report of the action taken"));
}

#[test]
fn other_numbers_of_bands_keep_youngest_and_oldest() {
    for count in 2..9 {
        assert_eq!((age_step(0, count), age_step(count - 1, count)), (AGE[0], AGE[3]));
    }
    assert_eq!((0..4).map(|band| age_step(band, 4)).collect::<Vec<_>>(), AGE);
    assert_eq!(age_step(0, 1), AGE[0]);
}

#[test]
fn the_page_stands_alone() {
    for rule in AgeRule::ALL {
        let page = plain(*rule);
        for foreign in ["<script", "http://", "https://", "src=", "href=", "url(", "@import", "<link"] {
            assert!(!page.contains(foreign), "{foreign} in the page");
        }
        assert!(page.contains(r#"<html lang="en">"#));
        assert!(
            page.contains("<caption>") && page.contains(r#"scope="row""#) && page.contains(r#"scope="col""#)
        );
        assert!(page.contains("@media print"));
    }
}

#[test]
fn every_band_has_label_shape_and_colour() {
    let page = plain(AgeRule::Calendar);
    for (step, label) in AGE.iter().zip(["under 7", "7 to 14", "15 to 30", "more than 30"]) {
        let mark = format!(r#"color: {}" aria-hidden="true">{}</span> {label}"#, step.text, step.shape);
        assert!(page.contains(&mark), "{mark}");
        assert!(page.contains(&step.colour.to_string()));
    }
}

#[test]
fn the_office_with_most_pending_comes_first() {
    let names =
        |unit: &UnitCode| if *unit == "works" { "Aa works".to_owned() } else { "Zz water".to_owned() };
    let mut statement = mis(AgeRule::Calendar, names);
    statement.units[1].figures.pending = 100;
    let page = mis_html(&statement, "Weekly statement", |_| String::new());
    assert!(page.find("Zz water").unwrap() < page.find("Aa works").unwrap());
}

#[test]
fn hostile_names_are_only_text() {
    let name = r#"<script>alert('1')</script>"><img onerror=x> {{ 7 * 7 }} &amp; مكتب"#;
    let page = mis_html(&mis(AgeRule::Calendar, |_| name.into()), name, |_: &ReasonCode| name.into());
    assert!(
        !page.contains("<script") && !page.contains("<img") && !page.contains(r#"">"#.repeat(2).as_str())
    );
    assert!(page.contains("&lt;script&gt;") && page.contains("{{ 7 * 7 }}") && page.contains("&amp;amp;"));
    assert!(page.contains("مكتب"));
}

#[test]
fn a_blank_office_and_no_case_at_all_are_said() {
    let page = mis_html(&mis(AgeRule::Calendar, |_| String::new()), "Weekly statement", |_| String::new());
    assert!(page.contains("no office named"));
    let terms = Terms::new("2026-03-08".parse().unwrap(), chrono_tz::UTC, AgeRule::Calendar);
    let none = MisPart::new(terms).finish(|_| String::new());
    let page = mis_html(&none, "Weekly statement", |_| String::new());
    assert!(page.contains("there is nothing to measure") && page.contains("<dd>–</dd>"));
    assert!(!page.contains("NaN") && !page.contains("0.0\u{202f}%"));
}

#[test]
fn large_counts_are_grouped() {
    assert!(plain(AgeRule::Calendar).contains("1\u{202f}234\u{202f}567"));
}
