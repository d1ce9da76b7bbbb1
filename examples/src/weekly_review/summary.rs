//! What is printed: the statement in one screen.

use crate::output::{AGENDA, CASES, CAUSES, HTML, JSON, NOTICES, PACK, PUBLISHED, REJECTS, RESTATEMENT};
use crate::review::{Review, TREND_WEEKS};
use crate::source::Office;
use grievance_core::kernel::code::UnitCode;
use grievance_core::measure::cases::trend::Trend;
use grievance_core::measure::gpr::Recurrence;
use grievance_core::measure::pack::{Pack, Restatement, Why};
use grievance_core::measure::picked::Picked;
use grievance_core::measure::statement::{BandCount, Escalations, Figures, Mis, UnitFigures};
use grievance_core::measure::stay::{Span, Stay};
use grievance_core::proof::checkpoint::{Checkpoint, Printed};
use grievance_core::render::pack::Closed;
use grievance_core::vocabulary::{AgeRule, MisLine, Suspicion, TargetState};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// How many offices are named.
const NAMED: usize = 5;
/// Length of the longest bar.
const BAR: u64 = 40;

/// The whole summary, ending with a line break.
pub(crate) fn text(review: &Review, office: &Office, out: &Path) -> String {
    let mut to = String::new();
    summarise(&mut to, review, office, out).expect("writing into a text cannot fail");
    to
}

fn summarise(to: &mut String, review: &Review, office: &Office, out: &Path) -> std::fmt::Result {
    let Review { mis, edition, trends: named, .. } = review;
    let age = match mis.age_rule {
        AgeRule::Calendar => "calendar days",
        AgeRule::Elapsed => "days of 24 hours",
        AgeRule::Working => "working days",
    };
    writeln!(to, "{}, as of {} ({}, {age})", office.title, mis.as_of, mis.zone)?;
    writeln!(to, "{}\n", office.done)?;
    totals(to, &mis.all)?;
    writeln!(to, "\nPending by age, in days")?;
    bands(to, &mis.all.bands, mis.all.pending)?;
    week(to, mis)?;
    weeks(to, &edition.pack)?;
    trends(to, named)?;
    targets(to, &mis.all)?;
    if let Some((year, _)) = &office.year {
        to.push_str(&year.told());
    }
    worst(to, &mis.units)?;
    meeting(to, review, office)?;
    editions(to, review)?;
    closed(to, review)?;
    waits(to, review)?;
    causes(to, review)?;
    checkpoint(to, mis)?;
    rejects(to, office)?;
    let restated = if review.restatement.is_some() { format!(", {RESTATEMENT}") } else { String::new() };
    let notices = if office.year.is_some() { format!(", {NOTICES}") } else { String::new() };
    let pack = PACK.join(", ");
    writeln!(
        to,
        "\nWritten: {pack}, {AGENDA}, {CAUSES}, {CASES}/, {JSON}, {HTML}, {PUBLISHED}{restated}{notices} and {REJECTS} in {}",
        out.display()
    )
}

/// What cases were closed with in four weeks, and what points at it.
fn closed(to: &mut String, review: &Review) -> std::fmt::Result {
    let Closed { rulebook, closings } = review.closed();
    let mix = closings.mix();
    writeln!(to, "\nClosed in four weeks: {}", mix.closings)?;
    let mut reasons: Vec<_> = mix.by_reason.iter().collect();
    reasons.sort_by_key(|(code, count)| (Reverse(**count), *code));
    for (code, count) in reasons.into_iter().take(NAMED) {
        let name = rulebook.reasons().get(code).map_or(code.as_str(), |reason| reason.officer_text.as_str());
        writeln!(to, "  {:<31}{count:>6}", short(name))?;
    }
    let mut points: BTreeMap<Suspicion, usize> = BTreeMap::new();
    for suspected in closings.suspected(rulebook) {
        *points.entry(suspected.what).or_default() += 1;
    }
    if points.is_empty() {
        return writeln!(to, "  nothing points at these closings");
    }
    let said: Vec<String> = points.iter().map(|(what, times)| format!("{} {times}", what.as_str())).collect();
    writeln!(to, "  points at some of them, which proves nothing: {}", said.join(", "))
}

/// How many offices have an edition of the day, and what has changed of the one before.
fn editions(to: &mut String, review: &Review) -> std::fmt::Result {
    let Review { edition, editions, .. } = review;
    writeln!(to, "\nEditions")?;
    writeln!(
        to,
        "  {} offices; this one is number {} of {}",
        editions.len(),
        edition.number,
        edition.pack.name
    )?;
    let Some(Restatement { as_of, moved, unexplained, restated, regraded, .. }) = &review.restatement else {
        return writeln!(to, "  the first: nothing is kept that it could be held against");
    };
    writeln!(to, "  that of {as_of} today: {} counts otherwise, by {} cases", restated.len(), moved.len())?;
    let mut why: BTreeMap<Why, usize> = BTreeMap::new();
    for moved in moved {
        *why.entry(moved.because).or_default() += 1;
    }
    for (why, cases) in why {
        let why = match why {
            Why::LateEntry => "written down later",
            Why::Reopening => "opened again",
            Why::Correction => "corrected",
            Why::Sealing => "sealed",
            Why::Unsealing => "no longer sealed",
        };
        writeln!(to, "    {why:<28}{cases:>6}")?;
    }
    if !regraded.is_empty() {
        writeln!(to, "    {:<28}{:>6}", "branches with another score", regraded.len())?;
    }
    if unexplained.is_empty() {
        return Ok(());
    }
    writeln!(to, "    counts that no history explains  {}", unexplained.len())
}

fn trends(to: &mut String, named: &[Trend]) -> std::fmt::Result {
    writeln!(to, "\nRising and falling subjects, {TREND_WEEKS} weeks")?;
    if named.is_empty() {
        return writeln!(to, "  none beyond chance");
    }
    for trend in named.iter().take(NAMED) {
        let Trend { code, kind, count, expected, .. } = trend;
        writeln!(
            to,
            "  {:<30}{:<14}{count:>6} where even weeks bring {expected:.1}",
            short(code),
            kind.as_str()
        )?;
    }
    Ok(())
}

fn totals(to: &mut String, all: &Figures) -> std::fmt::Result {
    for (name, count) in [
        ("Received", all.received),
        ("Disposed", all.disposed),
        ("Closed otherwise", all.closed_otherwise),
        ("Pending", all.pending),
    ] {
        writeln!(to, "  {name:<18}{count:>10}")?;
    }
    match &all.disposal_days {
        Some(taken) => writeln!(
            to,
            "  {:<18}{:>10.1}  median; mean {:.1}, nine in ten by {:.1}",
            "Days to disposal", taken.median, taken.mean, taken.p90
        )?,
        None => writeln!(to, "  {:<18}{:>10}", "Days to disposal", "no data")?,
    }
    match all.within_30_days {
        Some(share) => writeln!(to, "  {:<18}{:>9.1}%", "Within 30 days", share * 100.0),
        None => writeln!(to, "  {:<18}{:>10}", "Within 30 days", "no data"),
    }
}

fn bands(to: &mut String, bands: &[BandCount], pending: u64) -> std::fmt::Result {
    let most = bands.iter().map(|band| band.count).max().unwrap_or(0).max(1);
    for BandCount { label, count } in bands {
        // A band that is not empty is never drawn as if it were.
        let length = (count * BAR / most).max(u64::from(*count > 0));
        let bar = "█".repeat(usize::try_from(length).unwrap_or(0));
        writeln!(to, "  {label:<14}{count:>9} {:>6}  {bar}", percent(*count, pending))?;
    }
    Ok(())
}

fn week(to: &mut String, mis: &Mis) -> std::fmt::Result {
    let flow = &mis.all.flow;
    writeln!(to, "\nSince {}", mis.flow_since)?;
    writeln!(
        to,
        "  {} pending + {} received + {} reopened + {} undone - {} disposed - {} closed otherwise = {}",
        flow.brought_forward,
        flow.received,
        flow.reopened,
        flow.undone,
        flow.disposed,
        flow.closed_otherwise,
        flow.closing
    )?;
    if flow.difference != 0 {
        writeln!(to, "  The movements do not explain the stock: difference {}", flow.difference)?;
    }
    Ok(())
}

/// This week beside the weeks before it.
fn weeks(to: &mut String, pack: &Pack) -> std::fmt::Result {
    let none = || "no data".to_owned();
    writeln!(to, "\n  {:<18}{:>10}{:>12}{:>14}", "Week by week", "this week", "last week", "mean of four")?;
    let lines = [
        ("Received", MisLine::Received),
        ("Disposed", MisLine::Disposed),
        ("Pending", MisLine::Pending),
        ("Deadlines missed", MisLine::Breached),
        ("Escalated", MisLine::Escalated),
        ("Reopened", MisLine::Reopened),
        ("Not satisfied", MisLine::NotSatisfied),
    ];
    for (name, line) in lines {
        let Some(compared) = pack.all.line(line) else { continue };
        let before = compared.before.map_or_else(none, |before| before.to_string());
        let mean = compared.four.value().map_or_else(none, |mean| format!("{mean:.1}"));
        writeln!(to, "  {name:<18}{:>10}{before:>12}{mean:>14}", compared.week)?;
    }
    Ok(())
}

/// Nothing is said of targets where no case has one.
fn targets(to: &mut String, all: &Figures) -> std::fmt::Result {
    let with_target = all.targets.iter().any(|row| row.state != TargetState::NoTarget && row.count > 0);
    if !with_target && all.breaches.count == 0 && all.escalations.count == 0 {
        return Ok(());
    }
    writeln!(to, "\nPending by target")?;
    let states: Vec<_> = all
        .targets
        .iter()
        .map(|row| BandCount { label: row.state.as_str().replace('_', " "), count: row.count })
        .collect();
    bands(to, &states, all.pending)?;
    writeln!(to, "\nDeadlines missed{:>16}{:>10}{:>10}", "in all", "in week", "unmet")?;
    let by_target = all.breaches_by_target.iter().map(|row| (row.target.as_str(), row.breaches));
    for (name, breaches) in by_target.chain([("all", all.breaches)]) {
        writeln!(
            to,
            "  {:<20}{:>10}{:>10}{:>10}",
            name.replace('_', " "),
            breaches.count,
            breaches.week,
            breaches.standing
        )?;
    }
    let Escalations { count, week, highest_pending, by_level, .. } = &all.escalations;
    writeln!(to, "\nEscalations: {count}, of them {week} in the week")?;
    for row in by_level {
        let level = row.level.map_or_else(|| "by an officer".to_owned(), |level| format!("level {level}"));
        writeln!(to, "  {level:<20}{:>10}", row.count)?;
    }
    writeln!(to, "  Highest level at which a case is pending: {highest_pending}")?;
    writeln!(to, "\nReopenings: {}; appeals: {}", all.reopenings, all.appeals)
}

fn worst(to: &mut String, units: &[UnitFigures]) -> std::fmt::Result {
    let oldest = |unit: &UnitFigures| unit.figures.bands.last().map_or(0, |band| band.count);
    let mut late: Vec<_> = units.iter().filter(|unit| unit.figures.pending > 0).collect();
    late.sort_by_key(|unit| std::cmp::Reverse((oldest(unit), unit.figures.pending)));
    let Some(label) = late.first().and_then(|unit| unit.figures.bands.last()).map(|band| band.label.clone())
    else {
        return Ok(());
    };
    writeln!(to, "\nOffices with most that is old, of {}", units.len())?;
    writeln!(to, "  {:<32}{:>10}{:>16}{:>8}  flags", "office", "pending", label, "share")?;
    for unit in late.into_iter().take(NAMED) {
        let flags: Vec<_> = unit.figures.flags.iter().map(|flag| flag.as_str()).collect();
        writeln!(
            to,
            "  {:<32}{:>10}{:>16}{:>8}  {}",
            short(&unit.unit),
            unit.figures.pending,
            oldest(unit),
            percent(oldest(unit), unit.figures.pending),
            flags.join(", ")
        )?;
    }
    Ok(())
}

/// What the meeting is to look at, and what was decided and is not done.
fn meeting(to: &mut String, review: &Review, office: &Office) -> std::fmt::Result {
    let Review { agenda, practices, .. } = review;
    let name = |unit: &UnitCode| short(office.units.get(unit).map_or(unit.as_str(), String::as_str));
    writeln!(to, "\nReview meeting of {}: {} offices to be discussed", agenda.meeting, agenda.points.len())?;
    for decision in &agenda.carried {
        let state = if decision.is_overdue(agenda.meeting) { "overdue" } else { "open" };
        writeln!(to, "  {:<32}due {}, {state}: {}", name(&decision.unit), decision.due, decision.text)?;
    }
    if !agenda.settled.is_empty() {
        writeln!(to, "  Decisions settled since the last meeting: {}", agenda.settled.len())?;
    }
    match practices.published().len() {
        0 => Ok(()),
        count => writeln!(to, "  Good practices published: {count}"),
    }
}

/// What waits, and where the time goes.
fn waits(to: &mut String, review: &Review) -> std::fmt::Result {
    let Review { waiting, stays, rulebook, .. } = review;
    if let Some(wait) = waiting.of(&Picked::all()) {
        let silence = wait
            .silence
            .quantile_days(0.5)
            .map_or_else(|| "no data".to_owned(), |days| format!("{days:.1} days"));
        writeln!(
            to,
            "\nWaiting: silence towards the complainant {silence} in the median, {} never told",
            wait.never_told
        )?;
        writeln!(
            to,
            "  Outcomes owed {}, of them overdue {}; sent away again {} of {} times that an office got a case",
            wait.owed,
            wait.owed_overdue,
            wait.bounced().count,
            wait.custodies
        )?;
    }
    let mut stages: Vec<(&str, Stay)> = rulebook
        .document()
        .workflow
        .stage
        .iter()
        .filter_map(|stage| {
            let stay = stays.of(&Picked::all(), &Span::Stage(stage.code.parse().ok()?))?;
            Some((if stage.name.is_empty() { &*stage.code } else { &*stage.name }, stay))
        })
        .collect();
    stages.sort_by_key(|(_, stay)| std::cmp::Reverse(stay.over.sum() + stay.still.sum()));
    if !stages.is_empty() {
        writeln!(
            to,
            "\nWhere most time goes, in days {:>17}{:>12}{:>10}",
            "median", "nine in ten", "going on"
        )?;
    }
    for (name, stay) in stages.into_iter().take(NAMED) {
        let days = |part| {
            stay.over.quantile_days(part).map_or_else(|| "no data".to_owned(), |days| format!("{days:.1}"))
        };
        writeln!(to, "  {:<34}{:>10}{:>12}{:>10}", short(name), days(0.5), days(0.9), stay.still.count())?;
    }
    Ok(())
}

/// What cases come from, and what one change of procedure would remove.
fn causes(to: &mut String, review: &Review) -> std::fmt::Result {
    let Review { board, rulebook, .. } = review;
    if board.disposed == 0 {
        return Ok(());
    }
    writeln!(
        to,
        "\nRoot causes: {} of {} disposed cases are classified, {} are not",
        board.classified, board.disposed, board.unclassified
    )?;
    for change in &board.changes {
        let known = rulebook.process_change(&change.code).map_or(change.code.as_str(), |entry| &entry.name);
        let share = percent(change.answers, board.classified);
        writeln!(to, "  {share:>6} would go by: {known} ({})", change.state)?;
        if let Some(Recurrence { days, before, unknown_before, after, unknown_after }) = change.recurrence {
            writeln!(
                to,
                "         {days} days before it {before} ({unknown_before} not known yet), after it {after} ({unknown_after} not known yet)"
            )?;
        }
    }
    Ok(())
}

fn checkpoint(to: &mut String, mis: &Mis) -> std::fmt::Result {
    let Some(Printed { checkpoint, hash }) = &mis.checkpoint else { return Ok(()) };
    let Checkpoint { number, at, cases, events, root, .. } = checkpoint;
    writeln!(to, "\nCheckpoint {number} of {}, over {cases} cases with {events} events", at.to_rfc3339())?;
    writeln!(to, "  {:<6}{root}\n  {:<6}{hash}", "root", "hash")
}

fn rejects(to: &mut String, office: &Office) -> std::fmt::Result {
    let mut by_code: BTreeMap<&str, u64> = BTreeMap::new();
    for reject in &office.rejects {
        *by_code.entry(reject.code.as_str()).or_default() += 1;
    }
    if !by_code.is_empty() {
        writeln!(to, "\nRows rejected: {}", office.rejects.len())?;
    }
    for (code, count) in by_code {
        writeln!(to, "  {code:<32}{count:>10}")?;
    }
    if !office.warnings.is_empty() {
        writeln!(to, "\nWarnings")?;
    }
    for (words, count) in &office.warnings {
        writeln!(to, "  {words:<32}{count:>10}")?;
    }
    Ok(())
}

fn percent(count: u64, of: u64) -> String {
    if of == 0 {
        return "–".into();
    }
    // Halves up, in whole numbers.
    let tenths = (u128::from(count) * 2_000 + u128::from(of)) / (u128::from(of) * 2);
    format!("{}.{}%", tenths / 10, tenths % 10)
}

/// A name that fits its column; a terminal's control characters are not passed on.
fn short(name: &str) -> String {
    let name: String = name.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    match name.chars().count() {
        0 => "(no office named)".into(),
        1..=31 => name,
        _ => name.chars().take(30).chain(['…']).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::{bands, percent, short};
    use grievance_core::measure::statement::BandCount;

    #[test]
    fn names_fit_and_cannot_steer_the_terminal() {
        assert_eq!(short(""), "(no office named)");
        assert_eq!(short("\u{1b}[2JWorks"), "\u{fffd}[2JWorks");
        assert_eq!(short(&"x".repeat(40)).chars().count(), 31);
    }

    #[test]
    fn a_share_of_nothing_is_a_dash() {
        assert_eq!(
            (percent(0, 0), percent(1, 3), percent(3, 3)),
            ("–".into(), "33.3%".into(), "100.0%".into())
        );
    }

    #[test]
    fn one_case_among_thousands_is_still_drawn() {
        let band = |label: &str, count| BandCount { label: label.into(), count };
        let mut text = String::new();
        bands(&mut text, &[band("under 7", 1), band("7 to 14", 0), band("more than 30", 9_000)], 9_001)
            .unwrap();
        let drawn: Vec<_> = text.lines().map(|line| line.matches('█').count()).collect();
        assert_eq!(drawn, [1, 0, 40]);
    }
}
