//! Cases by a level of the directory, and by the other line.

use crate::measure_cases::{read, terms};
use crate::measure_histories::at;
use grievance_core::kernel::code::UnitCode;
use grievance_core::measure::cases::row::CaseRow;
use grievance_core::measure::picked::Picked;
use grievance_core::rulebook::Rulebook;
use grievance_core::vocabulary::AgeRule;

/// Offices roll up to each level of the directory; an office of no rulebook is shown apart.
#[test]
fn offices_roll_up() {
    let rulebook = Rulebook::from_toml("extends = \"cpgrams\"").unwrap();
    let received = at("2026-03-01");
    let rows =
        ["posts", "telecom", "agriculture", "union", "elsewhere"].map(|unit| CaseRow::new(received, unit));
    let cases = read(rows).cases;
    let codes = |level| {
        let column = cases.rolled_up(rulebook.directory(), level);
        (0..cases.len()).map(|case| column.code(case).map(str::to_owned)).collect::<Vec<_>>()
    };
    let some = |codes: [&str; 4]| {
        codes.map(|code| Some(code.to_owned())).into_iter().chain([None]).collect::<Vec<_>>()
    };
    assert_eq!(codes(0), some(["union", "union", "union", "union"]));
    assert_eq!(codes(1), some(["communications", "communications", "agriculture", "union"]));
    assert_eq!(codes(2), some(["posts", "telecom", "agriculture", "union"]));
    let by_ministry = cases.rolled_up(rulebook.directory(), 1);
    let part = cases.count(&by_ministry, None, &terms(AgeRule::Calendar)).unwrap();
    assert_eq!(part.groups()["communications"].received, 2);
    assert_eq!((part.without().received, part.total().received), (1, 5));
}

/// The other line: an office's second superior, or that of the nearest office above it that has one;
/// picked by it are just those that the directory says are overseen.
#[test]
fn offices_answer_to_a_second_superior() {
    let below = "[[unit]]\ncode = \"lalbazar\"\nname = \"A station\"\nkind = \"sub_office\"\nparent = \"kolkata-police\"";
    let rulebook = Rulebook::from_toml(&format!("extends = \"west-bengal\"\n{below}")).unwrap();
    let directory = rulebook.directory();
    let received = at("2026-03-01");
    let codes: Vec<&str> = directory.iter().map(|unit| unit.code.as_str()).chain(["elsewhere"]).collect();
    let cases = read(codes.iter().map(|unit| CaseRow::new(received, unit))).cases;
    let column = cases.by_second_superior(directory);
    let of = |unit: &str| column.code(codes.iter().position(|code| *code == unit).unwrap());
    assert_eq!(of("kolkata-police"), Some("kolkata"));
    assert_eq!(of("howrah-mc"), Some("howrah"));
    assert_eq!(of("lalbazar"), Some("kolkata"), "the line of the office above");
    assert_eq!((of("kolkata"), of("elsewhere")), (None, None));

    let part = cases.count(&column, None, &terms(AgeRule::Calendar)).unwrap();
    for top in directory.iter() {
        let top = &top.code;
        let by_line = |unit: &&&str| {
            unit.parse::<UnitCode>().is_ok_and(|unit| directory.overseers(&unit).contains(&top))
        };
        let overseen: Vec<&str> = codes.iter().filter(by_line).copied().collect();
        let picked = Picked::overseen(directory, top);
        assert_eq!(picked, Picked::units(overseen), "{top}");
    }
    let named = directory.iter().filter(|unit| directory.second_superior(&unit.code).is_some()).count();
    assert!(named > 10, "the preset has second superiors: {named}");
    assert_eq!(part.without().received, (codes.len() - named) as u64);
}
