//! From the histories in the store to the statement and the weekly pack.

use crate::Problem;
use crate::args::Args;
use crate::editions::Kept;
use crate::output;
use crate::source::Office;
use crate::synthetic::account::Account;
use crate::synthetic::carrier::Carrier;
use crate::synthetic::meeting;
use chrono::{DateTime, Days, TimeDelta, Utc};
use grievance_core::desk::Desk;
use grievance_core::grievance::project::CaseFact;
use grievance_core::kernel::code::UnitCode;
use grievance_core::kernel::time::start_of_day;
use grievance_core::measure::as_of::fact_as_of;
use grievance_core::measure::cases::row::CaseRow;
use grievance_core::measure::cases::table::Cases;
use grievance_core::measure::cases::trend::Trend;
use grievance_core::measure::gpr::Board;
use grievance_core::measure::index::shipped;
use grievance_core::measure::mis::{MisPart, Terms};
use grievance_core::measure::pack::{Agenda, Edition, Pack, PackPart, Restatement, Weeks};
use grievance_core::measure::practice::Register;
use grievance_core::measure::quality::Closings;
use grievance_core::measure::statement::Mis;
use grievance_core::measure::stay::Stays;
use grievance_core::measure::waiting::Waiting;
use grievance_core::measure::workdays::Workdays;
use grievance_core::render::pack::{Behind, Closed};
use grievance_core::rulebook::Rulebook;
use grievance_core::vocabulary::{AgeRule, NoticeState};
use std::fs;
use std::path::Path;
use std::sync::Arc;

/// The index by which offices are ranked: of those that are shipped, for a generated year the one that
/// asks for due dates, and for records of another system the one that every record has the facts for.
const INDEXES: [&str; 2] = ["timely_disposal", "average_days"];

/// Over so many weeks it is looked whether a subject rises or falls.
pub(crate) const TREND_WEEKS: usize = 13;
/// So many days on either side of a change of procedure are compared.
const SPAN: u32 = 90;
/// A trend is named that chance alone brings in one look of a hundred.
pub(crate) const UNLIKELY: f64 = 0.01;

/// What one pass over the histories came to.
pub(crate) struct Review {
    /// The statement of the day.
    pub(crate) mis: Mis,
    /// The pack of the whole office, as the edition of today.
    pub(crate) edition: Edition,
    /// The editions of today: of the whole office, and of every one below it.
    pub(crate) editions: Vec<Edition>,
    /// Those that are kept from earlier.
    pub(crate) kept: Kept,
    /// What has changed of the edition before; none where there is none.
    pub(crate) restatement: Option<Restatement>,
    /// Subjects of which more or fewer cases came lately than chance brings.
    pub(crate) trends: Vec<Trend>,
    /// The agenda of today's meeting.
    pub(crate) agenda: Agenda,
    /// What cases come from, and what a change of procedure would remove.
    pub(crate) board: Board,
    /// Good practices.
    pub(crate) practices: Register,
    /// The closings of the last four weeks.
    pub(crate) closings: Closings,
    /// What waits, and on whom.
    pub(crate) waiting: Waiting,
    /// How long cases stay in each stage.
    pub(crate) stays: Stays,
    /// The weeks that the pack counts.
    pub(crate) weeks: Weeks,
    /// When the histories were read.
    pub(crate) now: DateTime<Utc>,
    /// The rules that name all of it.
    pub(crate) rulebook: Arc<Rulebook>,
}

impl Review {
    /// What cases were closed with, and what points at it.
    pub(crate) fn closed(&self) -> Closed<'_> {
        Closed { rulebook: &self.rulebook, closings: &self.closings }
    }

    /// What stands behind the figures of the week.
    pub(crate) fn behind(&self) -> Behind<'_> {
        let Self { rulebook, waiting, stays, board, practices, .. } = self;
        Behind { rulebook, waiting, stays, board, practices }
    }
}

/// Reads every history that the system reaches and counts it as of the day that was asked for.
pub(crate) fn review(office: &mut Office, args: &Args) -> Result<Review, Problem> {
    let now = Utc::now();
    let rulebook = office.desk.rulebook(now)?;
    let terms_of = |day| {
        let terms = Terms::new(day, office.zone, args.age_rule);
        if args.age_rule == AgeRule::Working { terms.with_workdays(Workdays::of(&rulebook)) } else { terms }
    };
    let terms = terms_of(args.as_of);
    let begins = terms.at();
    let mut part = MisPart::new(terms.clone());
    let weeks = Weeks::to(terms.clone());
    let mut weekly = PackPart::new(weeks.clone());
    // Of a generated year the meeting of a week ago is known, and so is what it decided.
    let a_week_ago = args.as_of - Days::new(7);
    let mut last_week = office.year.as_ref().map(|_| PackPart::new(Weeks::to(terms_of(a_week_ago))));
    let then = start_of_day(a_week_ago, office.zone);
    let folder = args.editions.clone().unwrap_or_else(|| args.out.join(output::EDITIONS));
    let mut kept = if office.year.is_some() { Kept::none(&folder) } else { Kept::open(&folder, args.as_of)? };
    let (mut waiting, mut stays) = (Waiting::new(&terms), Stays::new(&terms));
    let mut misfit = Ok(());
    let mut facts: Vec<CaseFact> = Vec::new();
    part.reject(u64::try_from(office.rejects.len())?);
    let sealed = office.desk.by(&Desk::system(), now).scan(&mut |history| {
        part.add_history(history);
        weekly.add_history(history);
        if let Some(last_week) = &mut last_week {
            // What was known then: an edition is made of nothing else.
            last_week.add_history(&history[..history.partition_point(|event| event.at < then)]);
        }
        facts.extend(fact_as_of(history, begins));
        misfit =
            waiting.add_history(history, &terms, &rulebook).and_then(|()| stays.add_history(history, &terms));
        misfit.is_ok()
    })?;
    misfit?;
    part.seal(sealed);
    weekly.seal(sealed);
    let closings = office.desk.by(&Desk::system(), now).closings(&weeks)?;
    let read = Cases::read(office.zone, begins, facts.iter().map(CaseRow::of));
    if let Some(rejected) = read.rejected.first() {
        return Err(rejected.to_string().into());
    }
    let table = read.cases;
    let trends = table.weekly(table.category(), None, args.as_of, TREND_WEEKS)?.trends(UNLIKELY);
    let name = |code: &UnitCode| office.units.get(code).map_or_else(|| code.to_string(), Clone::clone);
    let mut mis = part.finish(name);
    mis.checkpoint = office.checkpoint.clone().map(Into::into);
    let directory = rulebook.directory();
    let top = directory.top();
    let wanted = INDEXES[usize::from(office.year.is_none())];
    let index = shipped().into_iter().find(|index| index.code == wanted);
    let pack = weekly.finish(&rulebook, top, index.as_ref(), name)?;
    let board = Board::of(&facts, &rulebook, args.as_of, SPAN);
    let (agenda, practices) = match &last_week {
        Some(last_week) => {
            let before = last_week.finish(&rulebook, top, index.as_ref(), name)?;
            (meeting::agenda(&before, &pack, &rulebook)?, meeting::practices(&facts, &rulebook, args.as_of)?)
        }
        None => brought(args, &pack)?,
    };
    // A day that is yet to come is counted as far as it is known today; a generated year ends on its day.
    let made_at = if office.year.is_some() { begins } else { now.max(begins) };
    let mut editions = Vec::new();
    let offices = directory.iter().map(|unit| &unit.code).filter(|unit| *unit != top);
    for unit in std::iter::once(top).chain(offices) {
        if let Some(last_week) = &last_week {
            let pack = last_week.finish(&rulebook, unit, index.as_ref(), name)?;
            kept.before(Edition::after(None, pack, then)?);
        }
        let edition = kept.edition(weekly.finish(&rulebook, unit, index.as_ref(), name)?, made_at)?;
        let is_new = kept.latest(unit) != Some(&edition);
        editions.push(if is_new { edition.with_checkpoint(office.checkpoint.clone()) } else { edition });
    }
    let edition = editions.first().cloned().expect("the office itself comes first");
    let restatement = match kept.latest(top) {
        Some(before) => Some(office.desk.by(&Desk::system(), now).restate(before)?),
        None => None,
    };
    if let Some((account, carrier)) = &mut office.year {
        // Whoever answers for an office right below has the statement of it.
        let told: Vec<Edition> = editions
            .iter()
            .filter(|it| it.pack.unit == *top || directory.parent(&it.pack.unit) == Some(top))
            .cloned()
            .collect();
        tell(&office.desk, &told, begins, (account, carrier))?;
        account.close(carrier, office.desk.store())?;
        output::keep_notices(&args.out)?;
    }
    Ok(Review {
        mis,
        edition,
        editions,
        kept,
        restatement,
        trends,
        agenda,
        board,
        practices,
        closings,
        waiting,
        stays,
        weeks,
        now,
        rulebook,
    })
}

/// The agenda and the register of an office that brings its own: after the last meeting's, if it is given.
fn brought(args: &Args, pack: &Pack) -> Result<(Agenda, Register), Problem> {
    let read = |file: &Path| {
        fs::read_to_string(file).map_err(|problem| format!("cannot read {}: {problem}", file.display()))
    };
    let last: Option<Agenda> = match &args.last_agenda {
        Some(file) => Some(
            serde_json::from_str(&read(file)?)
                .map_err(|problem| format!("{} is no agenda: {problem}", file.display()))?,
        ),
        None => None,
    };
    let register = match &args.practices {
        Some(file) => Register::read(&read(file)?)?,
        None => Register::default(),
    };
    Ok((Agenda::prepare(pack, last.as_ref(), pack.as_of)?, register))
}

/// Tells those who answer for each office of its statement, on the day that it is of.
fn tell(
    desk: &Desk,
    editions: &[Edition],
    begins: DateTime<Utc>,
    (account, carrier): (&mut Account, &Carrier),
) -> Result<(), Problem> {
    for edition in editions {
        desk.tell_of_edition(edition, begins)?;
    }
    // Within four days every office was open.
    account.delivered(&desk.deliver(begins + TimeDelta::days(4), carrier, usize::MAX)?);
    for edition in editions {
        let told = desk.told_of_edition(edition)?;
        let arrived = told.iter().filter(|posted| posted.state == NoticeState::Delivered).count();
        account.office_told(told.len() as u64, arrived as u64);
    }
    Ok(())
}
