//! From the histories in the store to the statement.

use crate::Problem;
use crate::args::Args;
use crate::source::Office;
use grievance_core::measure::mis::{MisPart, Terms};
use grievance_core::measure::statement::Mis;
use grievance_core::store::Journal;

/// Reads every history and counts it as of the day that was asked for.
pub(crate) fn statement(
    journal: &(impl Journal + ?Sized),
    office: &Office,
    args: &Args,
) -> Result<Mis, Problem> {
    let mut part = MisPart::new(Terms::new(args.as_of, office.zone, args.age_rule));
    part.reject(u64::try_from(office.rejects.len())?);
    journal.scan(&mut |history| {
        part.add_history(history);
        true
    })?;
    let mut mis = part.finish(|code| office.units.get(code).map_or_else(|| code.to_string(), Clone::clone));
    mis.checkpoint = office.checkpoint.clone().map(Into::into);
    Ok(mis)
}
