//! The statement's figures as words, percentages and lengths of bars.

use crate::kernel::code::ReasonCode;
use crate::measure::index::Rounding;
use crate::measure::statement::{BandCount, Escalations, Figures, Mis, TargetCount, UnitFigures};
use crate::measure::target::Breaches;
use crate::proof::checkpoint::Printed;
use crate::render::colour::{Step, age_step, target_step};
use crate::vocabulary::{AgeRule, DisposalClass, Flag, TargetKind, TargetState};
use serde::Serialize;

/// What the template prints. Every number is already written out.
#[derive(Serialize)]
pub(crate) struct Page {
    title: String,
    as_of: String,
    flow_since: String,
    flow_until: String,
    zone: String,
    age_rule: AgeRule,
    rejected: String,
    /// Of sealed cases what may be said; none when nothing is told.
    sealed: Option<String>,
    /// How often one person did the work of two; none when never.
    waivers: Option<String>,
    all: Row,
    units: Vec<Row>,
    /// The offices with targets, most that is late first; none when no case has a target.
    late: Vec<Late>,
    all_late: Option<Late>,
    missed: Vec<MissedTarget>,
    levels: Vec<Entry>,
    classes: Vec<Entry>,
    reasons: Vec<Entry>,
    any_flag: bool,
    checkpoint: Option<Check>,
    empty: bool,
}

/// What the histories can be held to.
#[derive(Serialize)]
struct Check {
    number: String,
    at: String,
    cases: String,
    events: String,
    root: String,
    previous: Option<String>,
    hash: String,
}

impl Check {
    fn new(printed: &Printed) -> Self {
        let Printed { checkpoint, hash } = printed;
        Self {
            number: grouped(checkpoint.number),
            at: checkpoint.at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
            cases: grouped(checkpoint.cases),
            events: grouped(checkpoint.events),
            root: checkpoint.root.to_string(),
            previous: checkpoint.previous.map(|previous| previous.to_string()),
            hash: hash.to_string(),
        }
    }
}

/// An office's figures, or all of them.
#[derive(Serialize)]
struct Row {
    name: String,
    received: String,
    disposed: String,
    closed_otherwise: String,
    pending: String,
    bands: Vec<Band>,
    /// Of the pending, how many are in the oldest band.
    oldest: String,
    median: String,
    mean: String,
    p90: String,
    within: String,
    reopenings: String,
    appeals: String,
    parts_pending: Option<String>,
    flow: Vec<Entry>,
    difference: Option<String>,
    week_in: String,
    week_out: String,
    flags: Vec<&'static str>,
}

/// A step of a scale: its count, and where it lies on the bar.
#[derive(Serialize)]
struct Band {
    /// As it is read out.
    words: String,
    /// As it heads a column.
    label: String,
    count: String,
    none: bool,
    share: String,
    colour: String,
    text: String,
    shape: char,
    from: String,
    width: String,
}

/// An office's figures of time.
#[derive(Serialize)]
struct Late {
    name: String,
    pending: String,
    states: Vec<Band>,
    breached: String,
    week: String,
    standing: String,
    count: String,
    climbed_week: String,
    climbed: String,
    highest: String,
}

/// A target, and how often it was missed.
#[derive(Serialize)]
struct MissedTarget {
    name: &'static str,
    week: String,
    standing: String,
    count: String,
}

/// A line of a small table.
#[derive(Serialize)]
struct Entry {
    name: String,
    count: String,
    share: String,
}

impl Page {
    pub(crate) fn new(mis: &Mis, title: &str, reason: impl Fn(&ReasonCode) -> String) -> Self {
        let mut order: Vec<_> = mis.units.iter().collect();
        order.sort_by_key(|unit| std::cmp::Reverse(unit.figures.pending));
        let entry = |name: String, count: u64| Entry {
            name,
            count: grouped(count),
            share: percent(count, mis.all.disposed),
        };
        let unrecorded = || "not recorded".to_owned();
        let mut reasons: Vec<_> = mis.all.reasons.iter().collect();
        reasons.sort_by_key(|row| std::cmp::Reverse(row.count));
        let all_late = has_time(&mis.all).then(|| Late::new("All offices", &mis.all));
        let mut late: Vec<&UnitFigures> = mis.units.iter().filter(|unit| has_time(&unit.figures)).collect();
        late.sort_by_key(|unit| std::cmp::Reverse((breached(&unit.figures), unit.figures.pending)));
        let units: Vec<_> = order.into_iter().map(|unit| Row::new(&unit.unit, &unit.figures)).collect();
        Self {
            title: title.into(),
            as_of: long_date(mis.as_of),
            flow_since: long_date(mis.flow_since),
            flow_until: mis.as_of.pred_opt().map_or_else(String::new, long_date),
            zone: mis.zone.clone(),
            age_rule: mis.age_rule,
            rejected: grouped(mis.rejected),
            sealed: mis.sealed.words(),
            waivers: (mis.all.waivers > 0).then(|| grouped(mis.all.waivers)),
            all: Row::new("All offices", &mis.all),
            any_flag: units.iter().any(|unit| !unit.flags.is_empty()),
            units,
            late: late.into_iter().map(|unit| Late::new(&unit.unit, &unit.figures)).collect(),
            all_late,
            missed: mis
                .all
                .breaches_by_target
                .iter()
                .map(|row| MissedTarget {
                    name: target_name(row.target),
                    week: grouped(row.breaches.week),
                    standing: grouped(row.breaches.standing),
                    count: grouped(row.breaches.count),
                })
                .collect(),
            levels: mis
                .all
                .escalations
                .pending_levels
                .iter()
                .map(|row| Entry {
                    name: format!("Level {}", row.level),
                    count: grouped(row.count),
                    share: percent(row.count, mis.all.pending),
                })
                .collect(),
            classes: mis
                .all
                .classes
                .iter()
                .map(|row| entry(row.class.map_or_else(unrecorded, class_name), row.count))
                .collect(),
            reasons: reasons
                .into_iter()
                .map(|row| entry(row.reason.as_ref().map_or_else(unrecorded, &reason), row.count))
                .collect(),
            checkpoint: mis.checkpoint.as_ref().map(Check::new),
            empty: mis.all.received == 0,
        }
    }
}

impl Row {
    fn new(name: &str, figures: &Figures) -> Self {
        let Figures {
            received,
            disposed,
            closed_otherwise,
            pending,
            bands,
            disposal_days,
            within_30_days: _,
            within_30_count,
            reopenings,
            appeals,
            parts_pending,
            classes: _,
            reasons: _,
            flow,
            flags,
            targets: _,
            breaches: _,
            breaches_by_target: _,
            escalations: _,
            waivers: _,
        } = figures;
        let days = |of: fn(&crate::measure::duration::DaysTaken) -> f64| {
            disposal_days.as_ref().map_or_else(|| "–".into(), |taken| one_decimal(of(taken)))
        };
        let line =
            |name: &str, count: u64| Entry { name: name.into(), count: grouped(count), share: String::new() };
        Self {
            name: name.into(),
            received: grouped(*received),
            disposed: grouped(*disposed),
            closed_otherwise: grouped(*closed_otherwise),
            pending: grouped(*pending),
            bands: draw(bands, *pending),
            oldest: percent(bands.last().map_or(0, |oldest| oldest.count), *pending),
            median: days(|taken| taken.median),
            mean: days(|taken| taken.mean),
            p90: days(|taken| taken.p90),
            within: percent(*within_30_count, *disposed),
            reopenings: grouped(*reopenings),
            appeals: grouped(*appeals),
            parts_pending: (*parts_pending > 0).then(|| grouped(*parts_pending)),
            flow: vec![
                line("Brought forward", flow.brought_forward),
                line("+ Received", flow.received),
                line("+ Reopened or appealed", flow.reopened),
                line("+ Closed by mistake, undone", flow.undone),
                line("− Disposed", flow.disposed),
                line("− Withdrawn, declined or merged", flow.closed_otherwise),
                line("= Pending", flow.closing),
            ],
            difference: (flow.difference != 0).then(|| flow.difference.to_string()),
            week_in: grouped(flow.received + flow.reopened + flow.undone + flow.transferred_in),
            week_out: grouped(flow.disposed + flow.closed_otherwise + flow.transferred_out),
            flags: flags.iter().map(|flag| flag_name(*flag)).collect(),
        }
    }
}

impl Late {
    fn new(name: &str, figures: &Figures) -> Self {
        let Breaches { count, week, standing } = figures.breaches;
        let Escalations { count: climbed, week: climbed_week, highest_pending, .. } = figures.escalations;
        Self {
            name: name.into(),
            pending: grouped(figures.pending),
            states: draw_targets(&figures.targets, figures.pending),
            breached: percent(breached(figures), figures.pending),
            week: grouped(week),
            standing: grouped(standing),
            count: grouped(count),
            climbed_week: grouped(climbed_week),
            climbed: grouped(climbed),
            highest: if highest_pending > 0 { highest_pending.to_string() } else { "–".into() },
        }
    }
}

/// Whether the figures tell of targets at all: records of another system have none.
fn has_time(figures: &Figures) -> bool {
    let with_target = figures.targets.iter().any(|row| row.state != TargetState::NoTarget && row.count > 0);
    with_target || figures.breaches.count > 0 || figures.escalations.count > 0
}

fn breached(figures: &Figures) -> u64 {
    figures.targets.iter().filter(|row| row.state == TargetState::Breached).map(|row| row.count).sum()
}

fn draw(bands: &[BandCount], pending: u64) -> Vec<Band> {
    let step = |(at, band): (usize, &BandCount)| {
        (age_step(at, bands.len()), format!("{} days", band.label), band.label.clone(), band.count)
    };
    lay(bands.iter().enumerate().map(step), pending)
}

fn draw_targets(states: &[TargetCount], pending: u64) -> Vec<Band> {
    let step = |row: &TargetCount| {
        let name = state_name(row.state).to_owned();
        (target_step(row.state), name.clone(), name, row.count)
    };
    lay(states.iter().map(step), pending)
}

/// Lays the steps of a scale side by side on a bar.
fn lay(steps: impl Iterator<Item = (Step, String, String, u64)>, pending: u64) -> Vec<Band> {
    let mut before = 0;
    steps
        .map(|(step, words, label, count)| {
            let from = before;
            before += count;
            Band {
                words,
                label,
                count: grouped(count),
                none: count == 0,
                share: percent(count, pending),
                colour: step.colour.to_string(),
                text: step.text.to_string(),
                shape: step.shape,
                from: along(from, pending),
                width: along(count, pending),
            }
        })
        .collect()
}

/// A length of a bar of 1,000, to a tenth.
fn along(count: u64, of: u64) -> String {
    let tenths = u128::from(count) * 10_000 / u128::from(of.max(1));
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// A share in per cent, to one decimal, halves up; a dash when it is of nothing.
fn percent(count: u64, of: u64) -> String {
    let percent = Rounding::PRINTED.share(count, of, 100);
    percent.map_or_else(|| "–".to_owned(), |percent| format!("{percent:.1}\u{202f}%"))
}

fn one_decimal(days: f64) -> String {
    format!("{:.1}", Rounding::PRINTED.value(days))
}

/// A count with its thousands set apart by a narrow space, which no country reads as a decimal.
pub(crate) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 * 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

fn long_date(day: chrono::NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

fn class_name(class: DisposalClass) -> String {
    match class {
        DisposalClass::Benefit => "Benefit or service provided",
        DisposalClass::TakenUp => "Taken up, to be completed",
        DisposalClass::NotActionable => "Not actionable",
    }
    .into()
}

const fn flag_name(flag: Flag) -> &'static str {
    match flag {
        Flag::OldBacklog => "old backlog",
        Flag::Growing => "growing",
        Flag::NothingDisposed => "nothing disposed",
        Flag::OftenReopened => "often reopened",
        Flag::Dissatisfied => "dissatisfied",
    }
}

const fn state_name(state: TargetState) -> &'static str {
    match state {
        TargetState::InTime => "in time",
        TargetState::DueSoon => "due soon",
        TargetState::Breached => "breached",
        TargetState::NoTarget => "no target",
    }
}

const fn target_name(target: TargetKind) -> &'static str {
    match target {
        TargetKind::Acknowledgement => "Acknowledgement",
        TargetKind::FirstAction => "First action",
        TargetKind::Resolution => "Report of the action taken",
        TargetKind::InterimReply => "Interim reply",
        TargetKind::ReferenceReply => "Reply to a reference",
        TargetKind::AppealFiling => "Filing of an appeal",
        TargetKind::AppealDecision => "Decision of an appeal",
        TargetKind::Reopening => "Opening again",
        TargetKind::Review => "Review of an outcome owed",
    }
}
