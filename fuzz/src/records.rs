//! Records that come in numbers: events out of a store, rows out of a file.

use crate::text;
use grievance_core::chrono::{DateTime, TimeDelta};
use grievance_core::grievance::event::Recorded;
use grievance_core::grievance::moment::Moment;
use grievance_core::grievance::options::options;
use grievance_core::grievance::outlook::{explain, progress};
use grievance_core::grievance::project::CaseFact;
use grievance_core::grievance::tell::notices;
use grievance_core::grievance::timer::next_due;
use grievance_core::grievance::wire::{decode, decode_actor, encode, encode_actor};
use grievance_core::import::map::ColumnMap;
use grievance_core::import::read::{Options, Reader, Row};
use grievance_core::rulebook::access::Actor;
use grievance_core::vocabulary::TargetKind;
use grievance_core::{Grievance, GrievanceId, PersonId, Rulebook};
use std::sync::LazyLock;

static TOWN: LazyLock<Rulebook> = LazyLock::new(|| {
    let town = "extends = \"west-bengal\"";
    Rulebook::from_toml(town).expect("a shipped rulebook is sound")
});

/// Stored events, a line each, and a last line that begins with `@` for the actor.
///
/// An event that is read is the same after being written, and whatever history stored events make
/// can be folded, shown and timed.
pub fn event(data: &[u8]) -> bool {
    let Some(text) = text(data) else { return false };
    let case = GrievanceId::from_uuid(uuid::Uuid::from_u128(7));
    let begun = DateTime::from_timestamp_millis(1_767_225_600_000).expect("an instant");
    let mut actor = Actor {
        person: PersonId::from_uuid(uuid::Uuid::from_u128(1)),
        role: "cell_officer".parse().expect("a code"),
        unit: None,
        post: None,
        on_behalf_of: None,
        tenure: None,
    };
    let mut history: Vec<Recorded> = Vec::new();
    for stored in text.split('\n') {
        if let Some(stored) = stored.strip_prefix('@') {
            let Ok(read) = decode_actor(stored) else { continue };
            assert_eq!(decode_actor(&encode_actor(&read)).as_ref(), Ok(&read));
            actor = read;
            continue;
        }
        let Ok(event) = decode(stored) else { continue };
        let again = decode(&encode(&event)).expect("what was read is written so that it is read");
        assert_eq!(again, event);
        let version = history.len() as u64 + 1;
        let at = begun + TimeDelta::minutes(version.cast_signed());
        history.push(Recorded { case, version, at, actor: actor.clone(), rulebook: TOWN.version(), event });
    }
    let Some(state) = Grievance::replay(&history) else { return false };
    let fact = CaseFact::of(&state);
    assert_eq!(fact.version, history.len() as u64);
    next_due(&state, &TOWN);
    notices(&state, &history, &TOWN, None);
    for target in TargetKind::ALL {
        explain(&state, *target, &TOWN);
    }
    let moment = Moment::new(begun + TimeDelta::days(30), &actor, &TOWN);
    progress(&state, &moment);
    options(Some(&state), &moment);
    true
}

const MAP: &str = r#"
source = "riverton"
zone = "Asia/Kolkata"
units = "from-file"
formats = ["%Y-%m-%d", "%m/%d/%Y %I:%M:%S %p"]
[columns]
number = "Id"
lodged = "Opened"
disposed = "Closed"
unit = "Office"
status = "State"
narrative = "Text"
[status]
trust = "status"
open = ["Open"]
disposed = ["Closed*"]
"#;

/// Files of case records. A column map may stand before the file, with a NUL between.
///
/// Rows are numbered without a gap, whatever is wrong with them; a file has an end.
pub fn csv(data: &[u8]) -> bool {
    let (map, file) = match data.iter().position(|byte| *byte == 0) {
        Some(at) if !data.starts_with(&[0x1f, 0x8b]) => (text(&data[..at]), &data[at + 1..]),
        _ => (Some(MAP), data),
    };
    let Some(map) = map else { return false };
    let map = match ColumnMap::from_toml(map) {
        Ok(map) => map,
        Err(invalid) => {
            assert!(!invalid.problems.is_empty(), "a refusal names what is wrong");
            return false;
        }
    };
    let options = Options { field_bytes: 4_096, ..Options::default() };
    let Ok(rows) = Reader::open(file, &map, options) else { return false };
    let mut any = false;
    for (row, expected) in rows.zip(1_u64..) {
        let record = match row {
            Row::Accepted(case) => {
                any = true;
                case.record
            }
            Row::Rejected(reject) => {
                assert!(!reject.sentence.is_empty());
                reject.record
            }
        };
        assert_eq!(record, expected);
    }
    any
}
