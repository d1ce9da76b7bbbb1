//! The four charts as inline SVG, drawn for 320 pixels and legible when they are printed in grey.
//!
//! A chart says nothing by colour alone: bands have patterns, lines have dashes and marks, fields
//! have their count. Each has a table beside it that says the same.

use crate::render::colour::{PAPER, age_step};
use crate::render::language::Language;
use crate::render::pack::palette::{DEEP, HEAT, LINE, SOFT, TEXT, heat_text};
use std::fmt::Write as _;

/// The width that everything is drawn for.
const WIDTH: f64 = 320.0;

/// An office in a chart: its name, and its pending by age, youngest first.
pub(crate) struct Bar {
    pub(crate) name: String,
    pub(crate) ages: Vec<u64>,
}

impl Bar {
    fn total(&self) -> u64 {
        self.ages.iter().sum()
    }
}

/// A week of the flow.
pub(crate) struct FlowPoint {
    pub(crate) label: String,
    pub(crate) received: u64,
    pub(crate) disposed: u64,
    pub(crate) pending: u64,
}

/// A line of the trend; a week without data is a gap.
pub(crate) struct Course {
    pub(crate) mark: char,
    pub(crate) scores: Vec<Option<f64>>,
}

/// A drawing as it grows.
struct Drawing {
    body: String,
    height: f64,
}

impl Drawing {
    const fn new() -> Self {
        Self { body: String::new(), height: 0.0 }
    }

    fn put(&mut self, shape: std::fmt::Arguments<'_>) {
        self.body.write_fmt(shape).expect("writing into a text cannot fail");
        self.body.push('\n');
    }

    fn text(&mut self, x: f64, y: f64, anchor: &str, colour: impl std::fmt::Display, words: &str) {
        let words = escaped(words);
        self.put(format_args!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" fill=\"{colour}\">{words}</text>"
        ));
    }

    /// The whole, named by the elements of these identities.
    fn done(self, id: &str, defs: &str) -> String {
        format!(
            "<svg viewBox=\"0 0 {WIDTH:.0} {:.0}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\" font-size=\"12.5\">\n{defs}{}</svg>",
            self.height, self.body
        )
    }
}

/// A text that cannot end an element or an attribute.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

/// A name that fits: so many letters, with an ellipsis in the middle, since names that begin alike end
/// otherwise.
fn cut(name: &str, most: usize) -> String {
    let count = name.chars().count();
    if count <= most {
        return name.to_owned();
    }
    let end = most / 2;
    let first = name.chars().take(most - 1 - end);
    first.chain(['…']).chain(name.chars().skip(count - end)).collect()
}

/// A name on one line of so many letters, or on two that break between words; what does not fit there either
/// is cut ([`cut`]).
fn in_two(name: &str, most: usize) -> (String, Option<String>) {
    if name.chars().count() <= most {
        return (name.to_owned(), None);
    }
    let letters = name.char_indices().take(most + 1);
    let Some(space) = letters.filter(|(_, letter)| *letter == ' ').map(|(at, _)| at).last() else {
        return (cut(name, most), None);
    };
    (name[..space].to_owned(), Some(cut(&name[space + 1..], most)))
}

#[expect(clippy::cast_precision_loss, reason = "counts of cases and places on a page")]
const fn real(count: u64) -> f64 {
    count as f64
}

#[expect(clippy::cast_precision_loss, reason = "a few places on a page")]
const fn place(nth: usize) -> f64 {
    nth as f64
}

/// The patterns of the bands: plain, slanted lines, dots, full.
fn patterns(id: &str, bands: usize) -> String {
    let mut defs = String::from("<defs>\n");
    for band in 0..bands {
        let step = age_step(band, bands);
        let over = match (band * 3 + bands.saturating_sub(1).max(1) / 2) / bands.saturating_sub(1).max(1) {
            1 => format!("<path d=\"M0 6 L6 0\" stroke=\"{}\" stroke-width=\"1\"/>", step.text),
            2 => format!("<circle cx=\"3\" cy=\"3\" r=\"1.1\" fill=\"{}\"/>", step.text),
            _ => String::new(),
        };
        let _ = writeln!(
            defs,
            "<pattern id=\"{id}-b{band}\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\"><rect width=\"6\" height=\"6\" fill=\"{}\"/>{over}</pattern>",
            step.colour
        );
    }
    defs.push_str("</defs>\n");
    defs
}

/// A field of a legend: the pattern of a band.
pub(crate) fn swatch(id: &str, band: usize) -> String {
    format!(
        "<svg class=\"swatch\" viewBox=\"0 0 18 12\" aria-hidden=\"true\"><rect width=\"18\" height=\"12\" fill=\"url(#{id}-b{band})\" stroke=\"{LINE}\"/></svg>"
    )
}

/// What offices have pending, by age.
pub(crate) fn pendency(id: &str, bars: &[Bar], language: Language) -> String {
    let mut drawing = Drawing::new();
    let most = bars.iter().map(Bar::total).max().unwrap_or(0).max(1);
    let bands = bars.first().map_or(0, |bar| bar.ages.len());
    for (nth, bar) in bars.iter().enumerate() {
        let top = place(nth) * 34.0;
        drawing.text(0.0, top + 12.0, "start", TEXT, &cut(&bar.name, 34));
        drawing.text(WIDTH, top + 12.0, "end", TEXT, &language.number(bar.total()));
        let mut from = 0.0;
        for (band, count) in bar.ages.iter().enumerate().filter(|(_, count)| **count > 0) {
            let width = real(*count) / real(most) * WIDTH;
            drawing.put(format_args!(
                "<rect x=\"{from:.2}\" y=\"{:.1}\" width=\"{width:.2}\" height=\"12\" fill=\"url(#{id}-b{band})\" stroke=\"{PAPER}\" stroke-width=\"0.8\"/>",
                top + 17.0
            ));
            from += width;
        }
        if bar.total() == 0 {
            drawing.put(format_args!(
                "<path d=\"M0 {y:.1} h6\" stroke=\"{LINE}\" stroke-width=\"2\"/>",
                y = top + 23.0
            ));
        }
    }
    drawing.height = place(bars.len()) * 34.0;
    drawing.done(id, &patterns(id, bands))
}

/// Counts, each with its name; a name that is too long for one line has two.
pub(crate) fn counts(id: &str, bars: &[(&str, u64)], language: Language) -> String {
    let mut drawing = Drawing::new();
    let most = bars.iter().map(|bar| bar.1).max().unwrap_or(0).max(1);
    for (name, count) in bars {
        let (first, second) = in_two(name, 36);
        drawing.text(0.0, drawing.height + 12.0, "start", TEXT, &first);
        drawing.text(WIDTH, drawing.height + 12.0, "end", TEXT, &language.number(*count));
        if let Some(second) = second {
            drawing.height += 15.0;
            drawing.text(0.0, drawing.height + 12.0, "start", TEXT, &second);
        }
        let width = real(*count) / real(most) * WIDTH;
        drawing.put(format_args!(
            "<rect x=\"0\" y=\"{:.1}\" width=\"{width:.2}\" height=\"12\" fill=\"{DEEP}\"/>",
            drawing.height + 17.0
        ));
        drawing.height += 34.0;
    }
    drawing.done(id, "")
}

/// The step of the heat map for a count: 0 for none, then by quarters of the most.
pub(crate) fn heat_step(count: u64, most: u64) -> usize {
    if count == 0 || most == 0 {
        return 0;
    }
    let step = (u128::from(count) * 4).div_ceil(u128::from(most));
    usize::try_from(step).unwrap_or(4).clamp(1, 4)
}

/// Offices by age, darker where more cases lie.
pub(crate) fn heat(id: &str, bars: &[Bar], heads: &[String], language: Language) -> String {
    // Where the fields are few they leave room for the names: for eight units a letter, as wide as common fonts are.
    let (names, letters) = if heads.len() > 4 { (116.0, 14) } else { (156.0, 19) };
    let mut drawing = Drawing::new();
    let most = bars.iter().flat_map(|bar| &bar.ages).copied().max().unwrap_or(0);
    let width = (WIDTH - names - 1.0) / place(heads.len().max(1));
    for (band, head) in heads.iter().enumerate() {
        let middle = place(band).mul_add(width, names) + width / 2.0;
        drawing.text(middle, 13.0, "middle", TEXT, head);
    }
    for (nth, bar) in bars.iter().enumerate() {
        let top = place(nth).mul_add(23.0, 20.0);
        drawing.text(0.0, top + 15.0, "start", TEXT, &cut(&bar.name, letters));
        for (band, count) in bar.ages.iter().enumerate() {
            let (x, step) = (place(band).mul_add(width, names), heat_step(*count, most));
            drawing.put(format_args!(
                "<rect x=\"{x:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"23\" fill=\"{}\" stroke=\"{LINE}\"/>",
                HEAT[step]
            ));
            drawing.text(x + width / 2.0, top + 15.0, "middle", heat_text(step), &language.number(*count));
        }
    }
    drawing.height = place(bars.len()).mul_add(23.0, 22.0);
    drawing.done(id, "")
}

/// A round number at or above the greatest, for the top of an axis.
fn ceiling(most: u64) -> u64 {
    let mut unit = 1_u64;
    loop {
        for times in [1, 2, 5] {
            if let Some(top) = unit.checked_mul(times).filter(|top| *top >= most.max(1)) {
                return top;
            }
        }
        match unit.checked_mul(10) {
            Some(next) => unit = next,
            None => return most,
        }
    }
}

const LEFT: f64 = 40.0;
const PANEL: f64 = 96.0;

/// A panel's lines at nothing, half and its top.
fn grid(drawing: &mut Drawing, top: f64, most: &str, nought: &str, right: f64) {
    for (share, width) in [(0.0, 0.6), (0.5, 0.3), (1.0, 1.0)] {
        let y = PANEL.mul_add(share, top);
        drawing.put(format_args!(
            "<path d=\"M{LEFT} {y:.1} H{right}\" stroke=\"{LINE}\" stroke-width=\"{width}\"/>"
        ));
    }
    drawing.text(LEFT - 4.0, top + 4.0, "end", SOFT, most);
    drawing.text(LEFT - 4.0, top + PANEL + 4.0, "end", SOFT, nought);
}

/// What came and went week by week, and what was pending at the end of each.
pub(crate) fn flow(id: &str, weeks: &[FlowPoint], words: [&str; 3], language: Language) -> String {
    let mut drawing = Drawing::new();
    let pitch = (WIDTH - LEFT) / place(weeks.len().max(1));
    let moved = ceiling(weeks.iter().map(|week| week.received.max(week.disposed)).max().unwrap_or(0));
    let (upper, lower) = (18.0, 18.0 + PANEL + 40.0);
    drawing.text(LEFT, upper - 6.0, "start", TEXT, &format!("▨ {}   ■ {}", words[0], words[1]));
    grid(&mut drawing, upper, &language.number(moved), &language.number(0), WIDTH);
    let bar = (pitch / 2.0 - 2.0).max(1.0);
    for (nth, week) in weeks.iter().enumerate() {
        let x = place(nth).mul_add(pitch, LEFT) + 1.5;
        for (at, count, fill) in
            [(x, week.received, format!("url(#{id}-h)")), (x + bar, week.disposed, DEEP.to_string())]
        {
            let height = real(count) / real(moved) * PANEL;
            drawing.put(format_args!(
                "<rect x=\"{at:.1}\" y=\"{:.1}\" width=\"{bar:.1}\" height=\"{height:.1}\" fill=\"{fill}\" stroke=\"{DEEP}\" stroke-width=\"0.6\"/>",
                upper + PANEL - height
            ));
        }
    }
    let stock = ceiling(weeks.iter().map(|week| week.pending).max().unwrap_or(0));
    drawing.text(LEFT, lower - 6.0, "start", TEXT, &format!("● {}", words[2]));
    grid(&mut drawing, lower, &language.number(stock), &language.number(0), WIDTH);
    let at = |nth: usize, week: &FlowPoint| {
        let y = PANEL.mul_add(-(real(week.pending) / real(stock)), lower + PANEL);
        (place(nth).mul_add(pitch, LEFT) + pitch / 2.0, y)
    };
    let points: Vec<(f64, f64)> = weeks.iter().enumerate().map(|(nth, week)| at(nth, week)).collect();
    line(&mut drawing, &points, "", 'a');
    // Every third week, counted from the latest.
    for (nth, week) in weeks.iter().enumerate().filter(|(nth, _)| (weeks.len() - 1 - nth).is_multiple_of(3)) {
        let x = place(nth).mul_add(pitch, LEFT) + pitch / 2.0;
        for y in [upper, lower] {
            drawing.text(x, y + PANEL + 15.0, "middle", SOFT, &week.label);
        }
    }
    drawing.height = lower + PANEL + 20.0;
    let hatch = format!(
        "<defs><pattern id=\"{id}-h\" width=\"4\" height=\"4\" patternUnits=\"userSpaceOnUse\"><rect width=\"4\" height=\"4\" fill=\"{PAPER}\"/><path d=\"M0 4 L4 0\" stroke=\"{DEEP}\" stroke-width=\"1\"/></pattern></defs>\n"
    );
    drawing.done(id, &hatch)
}

/// A line with a mark at each of its points.
fn line(drawing: &mut Drawing, points: &[(f64, f64)], dash: &str, mark: char) {
    if points.len() > 1 {
        let way: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        drawing.put(format_args!(
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{DEEP}\" stroke-width=\"{}\" stroke-dasharray=\"{dash}\"/>",
            way.join(" "),
            if mark == 'a' { 2.2 } else { 1.4 }
        ));
    }
    for (x, y) in points {
        let (radius, fill) = if mark == 'a' { (2.8, DEEP) } else { (2.4, PAPER) };
        drawing.put(format_args!(
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius}\" fill=\"{fill}\" stroke=\"{DEEP}\"/>"
        ));
    }
}

/// The course of the index: all together, and the lowest in rank by letters.
pub(crate) fn trend(
    id: &str,
    labels: &[String],
    courses: &[Course],
    scale: f64,
    language: Language,
) -> String {
    const RIGHT: f64 = WIDTH - 18.0;
    const DASHES: [&str; 4] = ["", "6 3", "2 3", "8 3 2 3"];
    let mut drawing = Drawing::new();
    let top = 8.0;
    grid(&mut drawing, top, &language.decimal(scale), &language.number(0), RIGHT);
    let pitch = (RIGHT - LEFT) / place(labels.len().max(1));
    let x = |nth: usize| place(nth).mul_add(pitch, LEFT) + pitch / 2.0;
    let mut ends: Vec<(f64, char)> = Vec::new();
    for (nth, course) in courses.iter().enumerate() {
        let at =
            |nth: usize, score: f64| (x(nth), PANEL.mul_add(-(score / scale).clamp(0.0, 1.0), top + PANEL));
        let mut run: Vec<(f64, f64)> = Vec::new();
        for (week, score) in course.scores.iter().enumerate() {
            match score {
                Some(score) => run.push(at(week, *score)),
                None => line(&mut drawing, &std::mem::take(&mut run), DASHES[nth % 4], course.mark),
            }
        }
        if let Some((_, y)) = run.last() {
            ends.push((*y, course.mark));
        }
        line(&mut drawing, &run, DASHES[nth % 4], course.mark);
    }
    // Letters at the ends, moved apart where lines end together.
    ends.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut last = f64::MIN;
    for (y, mark) in ends {
        let y = (y + 4.0).max(last + 11.0);
        last = y;
        drawing.text(RIGHT + 4.0, y, "start", TEXT, &mark.to_uppercase().collect::<String>());
    }
    for (nth, label) in
        labels.iter().enumerate().filter(|(nth, _)| (labels.len() - 1 - nth).is_multiple_of(3))
    {
        drawing.text(x(nth), top + PANEL + 15.0, "middle", SOFT, label);
    }
    drawing.height = (top + PANEL + 20.0).max(last + 4.0);
    drawing.done(id, "")
}
