//! Taking over a case from another system: its history as facts, not as steps that somebody took
//! here. No notice is owed for it and no clock starts.

use crate::grievance::event::{Event, What};
use crate::grievance::payload::Adopted;
use crate::grievance::refusal::Refusal;
use crate::grievance::state::Grievance;

/// Decides what an import does to a case, which is `None` the first time.
///
/// The same facts again are nothing new; other facts replace what the last import said, and the
/// history keeps both. Importing says what the other system records and may contradict the rules
/// here, so no rule is asked.
///
/// # Errors
///
/// [`Refusal::ContinuedHere`] when the facts differ and somebody has worked on the case here
/// since: their steps stand.
pub fn adopt(of: Option<&Grievance>, adopted: Adopted) -> Result<Option<Event>, Refusal> {
    let Some(last) = adopted.facts.last() else {
        return Err(Refusal::Invalid { field: "facts", problem: "there is not even a lodging" });
    };
    let led_to = last.led_to.clone();
    if let Some(case) = of {
        let Some(before) = &case.adopted else { return Err(Refusal::ContinuedHere) };
        if before.said == adopted {
            return Ok(None);
        }
        if before.version != case.version {
            return Err(Refusal::ContinuedHere);
        }
    }
    Ok(Some(Event { led_to, what: What::Adopted(Box::new(adopted)) }))
}
