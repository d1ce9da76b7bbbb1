//! The derived rulebook: codes for the file's own values, and the same ones next time.

use crate::import_support::{HEADER, accepted, map, read, riverton};
use grievance_core::import::derive::{Derived, NOT_RECORDED, Survey, derive_document};
use grievance_core::import::map::Dimension;
use grievance_core::import::read::{Options, Reader};
use grievance_core::import::resolve::Resolution;
use grievance_core::kernel::code::is_code;
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::document::Document;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn survey(offices: &[&str]) -> Survey {
    let mut to = csv::Writer::from_writer(Vec::new());
    to.write_record(HEADER.trim_end().split(',')).expect("memory");
    for (nth, office) in offices.iter().enumerate() {
        to.write_record([&nth.to_string(), "2026-11-02", "", "Open", office, "Roads"]).expect("memory");
    }
    let bytes = to.into_inner().expect("memory");
    let map = map("");
    Survey::of(Reader::open(&bytes[..], &map, Options::default()).expect("it opens"))
}

fn codes(units: &[Derived]) -> BTreeMap<&str, &str> {
    units.iter().map(|unit| (unit.value.as_str(), unit.code.as_str())).collect()
}

#[test]
fn the_files_own_names_become_offices_and_known_names_keep_their_codes() {
    let offices = ["Solid Waste", "solid-waste", "Public Works", "works", "", "रास्ता", "Solid Waste"];
    let (document, report) = derive_document(riverton(), &survey(&offices));
    let codes = codes(&report.units);
    assert_eq!(codes["Solid Waste"], "solid-waste");
    assert_eq!(codes["solid-waste"], "solid-waste-2");
    assert_eq!(codes["Public Works"], "works", "a name of the base keeps its code");
    assert_eq!(codes["works"], "works-2", "a code of the base is not a name");
    assert_eq!(codes[""], NOT_RECORDED);
    assert!(codes["रास्ता"].starts_with("unit-") && is_code(codes["रास्ता"]));
    assert_eq!(report.units.iter().filter(|unit| unit.added).count(), 5);
    assert!(report.added_any());
    assert_eq!(document.unit.len(), riverton().unit.len() + 5);
    let added = document.unit.iter().find(|unit| unit.code == "solid-waste-2").expect("it was added");
    assert_eq!((added.name.as_str(), &added.parent), ("solid-waste", &None));
    // The subject was there by name.
    assert_eq!(report.categories, [Derived { value: "Roads".into(), code: "roads".into(), added: false }]);
}

#[test]
fn cases_resolve_to_the_derived_codes_and_stand_under_the_root() {
    let (document, _) = derive_document(riverton(), &survey(&["Solid Waste", ""]));
    let rulebook = Rulebook::new(document).expect("the derived rulebook is whole");
    let map = map("");
    let resolution = Resolution::new(&map, &rulebook).expect("it fits");
    let bytes = format!("{HEADER}1,2026-11-02,,Open,Solid Waste,Roads\n2,2026-11-02,,Open,,Roads\n");
    let rows = read(bytes.as_bytes(), &map);
    let resolved: Vec<_> = rows.iter().map(|row| resolution.adopted(accepted(row))).collect();
    let unit = &resolved[0].adopted.facts[0].led_to.unit;
    assert_eq!(*unit, "solid-waste");
    assert_eq!(resolved[1].adopted.facts[0].led_to.unit, NOT_RECORDED);
    assert!(resolved.iter().all(|resolved| resolved.warnings.is_empty()));
    let directory = rulebook.directory();
    assert_eq!(directory.parent(unit), Some(directory.cell()));
}

#[test]
fn values_that_the_map_gives_a_code_are_not_derived() {
    let map = map("unit = { values = { \"PWDx\" = \"works\" } }");
    let bytes = format!("{HEADER}1,2026-11-02,,Open,PWDx,Roads\n");
    let survey = Survey::of(Reader::open(bytes.as_bytes(), &map, Options::default()).expect("it opens"));
    assert_eq!(survey.values(Dimension::Unit).count(), 0);
}

#[test]
fn rejected_rows_make_no_office() {
    let map = map("");
    let bytes = format!("{HEADER}1,2026-02-30,,Open,Ghosts,Roads\n");
    let survey = Survey::of(Reader::open(bytes.as_bytes(), &map, Options::default()).expect("it opens"));
    assert_eq!(survey, Survey::default());
}

proptest! {
    /// Codes are codes, no two are the same, and a later file changes none of them.
    #[test]
    fn codes_are_distinct_and_stay(
        first in prop::collection::vec("[a-cA-C .é-]{0,4}|[a-z ]{38,44}", 1..20),
        later in prop::collection::vec("[a-cA-C .é-]{0,4}|[a-z ]{38,44}", 1..20),
    ) {
        let derive = |base: Document, names: &[String]| {
            derive_document(base, &survey(&names.iter().map(String::as_str).collect::<Vec<_>>()))
        };
        let (document, report) = derive(riverton(), &first);
        let (again, second) = derive(document.clone(), &[&first[..], &later].concat());
        let (before, after) = (codes(&report.units), codes(&second.units));
        for (value, code) in &before {
            prop_assert_eq!(after[value], *code);
        }
        prop_assert_eq!(&again.unit[..document.unit.len()], &document.unit[..]);
        let mut all: Vec<&str> = again.unit.iter().map(|unit| unit.code.as_str()).collect();
        prop_assert!(all.iter().all(|code| is_code(code)));
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        prop_assert_eq!(all.len(), count);
        let (same, _) = derive(again.clone(), &later);
        prop_assert_eq!(same, again);
    }
}
