//! Registration numbers and tracking codes: unique, found again, and given out once.

use crate::desk_support::Unscoped as _;
use crate::desk_support::{at, citizen, command, desks, lodge, lodging};
use grievance_core::grievance::request::Lodge;
use grievance_core::store::search::Search;
use std::collections::BTreeSet;

const NOW: &str = "2026-03-02T09:00:00Z";

/// 64 counters open at once; a refused lodging uses up no number, so there is not even a gap.
#[test]
fn sixty_four_writers_get_sixty_four_numbers() {
    for (name, desk) in desks() {
        let numbers: BTreeSet<String> = std::thread::scope(|scope| {
            let writers: Vec<_> = (0..64)
                .map(|n| {
                    let desk = &desk;
                    scope.spawn(move || {
                        let citizen = citizen();
                        if n % 4 == 0 {
                            desk.by(&citizen, at(NOW)).lodge(lodging("volcano")).unwrap_err();
                        }
                        let done = desk.by(&citizen, at(NOW)).lodge(lodging("pothole")).unwrap();
                        done.number.expect("a lodged case has a number").to_string()
                    })
                })
                .collect();
            writers.into_iter().map(|writer| writer.join().unwrap()).collect()
        });
        assert_eq!(numbers.len(), 64, "{name}");
        assert_eq!(numbers.first().unwrap(), "CITY-2026-000001", "{name}");
        assert_eq!(numbers.last().unwrap(), "CITY-2026-000064", "{name}");
        for number in &numbers {
            let found = desk.search(&Search { number: Some(number.clone()), ..Search::default() }).unwrap();
            assert_eq!(found.cases.len(), 1, "{name}: {number}");
        }
    }
}

/// One case, 16 officers: every comment is kept, none twice.
#[test]
fn writers_of_one_case_all_get_in() {
    for (name, desk) in desks() {
        let case = lodge(&desk, "pothole", NOW).case;
        std::thread::scope(|scope| {
            for _ in 0..4 {
                let desk = &desk;
                scope.spawn(move || {
                    let works = crate::desk_support::officer("hod", "works");
                    for _ in 0..2 {
                        let json = r#"{"action":"comment","text":"Seen."}"#;
                        crate::desk_support::take(desk, &works, NOW, case, json);
                    }
                });
            }
        });
        assert_eq!(desk.case(case).unwrap().case.version, 2 + 8, "{name}");
    }
}

/// Serials begin anew with the year of the office's zone, not of UTC.
#[test]
fn the_year_of_a_number_is_the_offices() {
    for (name, desk) in desks() {
        let number = |now| lodge(&desk, "pothole", now).number.unwrap().to_string();
        assert_eq!(number("2026-12-31T18:29:59Z"), "CITY-2026-000001", "{name}");
        assert_eq!(number("2026-12-31T18:30:00Z"), "CITY-2027-000001", "{name}");
        assert_eq!(number("2027-01-01T09:00:00Z"), "CITY-2027-000002", "{name}");
    }
}

#[test]
fn a_tracking_code_is_shown_once_and_found_however_it_is_typed() {
    for (name, desk) in desks() {
        let anonymous = Lodge { anonymous: Some(true), ..lodging("pothole") };
        let citizen = citizen();
        let by = desk.by(&citizen, at(NOW)).command(command(3));
        let done = by.lodge(anonymous.clone()).unwrap();
        let code = done.tracking_code.expect("it is given out");
        assert_eq!(format!("{code:?}"), "TrackingCode(..)");
        let text = code.as_str();
        assert_eq!(text.len(), 19, "{text}");
        assert!(by.lodge(anonymous).unwrap().tracking_code.is_none(), "{name}: and never again");
        assert!(lodge(&desk, "pothole", NOW).tracking_code.is_none(), "{name}: nor to one who is known");

        let typed = [
            text.to_owned(),
            text.to_lowercase(),
            text.replace('-', ""),
            text.replace('-', " "),
            format!("  {text}\n"),
            text.replace('0', "o").replace('1', "L"),
        ];
        for typed in typed {
            assert_eq!(
                desk.track(&typed, at(NOW)).unwrap().map(|found| found.case),
                Some(done.case),
                "{name}: {typed}"
            );
        }
        let view = desk.case(done.case).unwrap();
        assert!(!format!("{view:?}").contains(&text[..9]), "{name}: kept nowhere");
        let person = view.case.subject.complainant.person;
        assert!(person.is_some() && person != Some(citizen.person), "{name}: nor who lodged it");
    }
}

#[test]
fn hostile_tracking_codes_find_nothing() {
    let long = "A".repeat(1_000_000);
    for (name, desk) in desks() {
        let anonymous = Lodge { anonymous: Some(true), ..lodging("pothole") };
        desk.by(&citizen(), at(NOW)).lodge(anonymous).unwrap();
        lodge(&desk, "pothole", NOW);
        for typed in ["", "-", "----", "' OR 1=1 --", "%", "_", "\0", "\u{1F4A9}", "০০০০", "null", &long]
        {
            assert_eq!(desk.track(typed, at(NOW)).unwrap(), None, "{name}: {typed:.20}");
        }
    }
}
