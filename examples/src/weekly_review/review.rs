//! From the histories in the store to the statement.

use crate::Problem;
use crate::args::Args;
use crate::source::Office;
use chrono::Utc;
use grievance_core::desk::Desk;
use grievance_core::measure::mis::{MisPart, Terms};
use grievance_core::measure::statement::Mis;

/// Reads every history that the system reaches and counts it as of the day that was asked for.
pub(crate) fn statement(office: &Office, args: &Args) -> Result<Mis, Problem> {
    let mut part = MisPart::new(Terms::new(args.as_of, office.zone, args.age_rule));
    part.reject(u64::try_from(office.rejects.len())?);
    let sealed = office.desk.by(&Desk::system(), Utc::now()).scan(&mut |history| {
        part.add_history(history);
        true
    })?;
    part.seal(sealed);
    let mut mis = part.finish(|code| office.units.get(code).map_or_else(|| code.to_string(), Clone::clone));
    mis.checkpoint = office.checkpoint.clone().map(Into::into);
    Ok(mis)
}
