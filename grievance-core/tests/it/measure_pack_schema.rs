//! The weekly pack as text, held to the schema that is committed.

use crate::json_schema::Schema;
use crate::measure_pack::{counted, office_year, pack, weeks};
use crate::measure_pack_hand::verified;
use grievance_core::measure::index::shipped;
use grievance_core::measure::pack::SCHEMA;
use grievance_core::vocabulary::{AgeRule, MisLine, VerificationFinding};
use serde_json::{Value, json};

/// What is written obeys the schema that is committed, and every line of the closed list is in it.
#[test]
fn the_text_obeys_the_schema() {
    let (book, year) = office_year();
    let schema = Schema::read(SCHEMA);
    let mut part = counted(&weeks("2004-09-06".parse().unwrap(), AgeRule::Calendar), year);
    for verifies in [false, true] {
        if verifies {
            part.add_history(&verified(9_999, "bankura", "2004-09-03", VerificationFinding::Confirmed));
        }
        for definition in shipped().iter().map(Some).chain([None]) {
            let written: Value = serde_json::from_str(&pack(&part, book, "govt", definition).text()).unwrap();
            assert_eq!(schema.takes(&written), Ok(()));
            // The test can fail: what is not in the schema, and what is of another type.
            for (place, with) in
                [("/surplus", json!(1)), ("/as_of", json!(7)), ("/all/lines/sold", json!({}))]
            {
                let mut broken = written.clone();
                let (parent, name) = place.rsplit_once('/').unwrap();
                broken.pointer_mut(parent).unwrap()[name] = with;
                assert!(schema.takes(&broken).is_err(), "{place}");
            }
        }
    }
    let words =
        schema.root()["$defs"]["lines"]["patternProperties"].as_object().unwrap().keys().next().unwrap();
    assert!(MisLine::ALL.iter().all(|line| words.contains(line.as_str())));
}
