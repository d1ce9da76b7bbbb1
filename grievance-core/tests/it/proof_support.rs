//! An office with a thousand events, to be tampered with.

use crate::desk_support::{at, citizen, lodging, officer, request};
use chrono::{DateTime, TimeDelta, Utc};
use grievance_core::desk::{Desk, SeededMint};
use grievance_core::kernel::id::GrievanceId;

/// Lodges cases and takes steps on them until there are so many events, each case a different
/// length; the same every time.
pub(crate) fn fill(desk: &Desk, events: u64, from: &str) -> Vec<GrievanceId> {
    let (citizen, works) = (citizen(), officer("hod", "works"));
    let mut dice = SeededMint::new(events);
    let mut now: DateTime<Utc> = at(from);
    let mut cases: Vec<(GrievanceId, bool)> = Vec::new();
    let mut total = 0;
    while total < events {
        now += TimeDelta::seconds(61);
        let roll = dice.next();
        let case = cases.get(usize::try_from(roll % 90).unwrap()).copied();
        let done = match case {
            // The first case grows longest.
            Some((case, acknowledged)) => {
                let place = usize::try_from(roll % 90).unwrap();
                let json = if acknowledged {
                    format!(r#"{{"action":"comment","text":"Looked at on {now}."}}"#)
                } else {
                    cases[place].1 = true;
                    r#"{"action":"acknowledge"}"#.to_owned()
                };
                let case = if roll.is_multiple_of(7) && cases[0].1 { cases[0].0 } else { case };
                desk.by(&works, now).submit(Some(case), &request(&json))
            }
            None => desk.by(&citizen, now).lodge(lodging("pothole")),
        };
        let done = done.unwrap_or_else(|problem| panic!("{problem}"));
        if !cases.iter().any(|(case, _)| *case == done.case) {
            cases.push((done.case, false));
        }
        total = cases.iter().map(|(case, _)| desk.store().version(*case).unwrap().unwrap_or(0)).sum();
    }
    cases.into_iter().map(|(case, _)| case).collect()
}
