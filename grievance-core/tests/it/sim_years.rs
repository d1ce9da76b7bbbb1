//! Years of an office, on a host that has bad days. The hundred years are in `benches/years.rs`.

use crate::desk_support::{at, citizen, lodging, open, stores};
use crate::sim_model::check;
use crate::sim_office::{Plan, run};
use grievance_core::desk::{Desk, Submission};
use grievance_core::grievance::event::What;
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::access::Scope;
use grievance_core::vocabulary::{Because, Phase};

/// Every level once, none early, none skipped; every breach once and to the office that had the
/// case; nothing left due.
#[test]
fn years_of_an_office_leave_nothing_out() {
    for (n, (name, store)) in stores().into_iter().enumerate() {
        let plan = Plan { years: if n == 0 { 4 } else { 1 }, cases_a_year: 120, seed: 7 };
        let diary = run(store.clone(), plan);
        let tally = check(&*store, &diary);
        assert!(tally.breaches > 50 && tally.levels > 100 && tally.pauses > 0, "{name}: {tally:?}");
        // In one year not everything need happen that happens in four.
        assert!(
            n > 0 || (tally.remapped > 10 && diary.deaths > 0 && diary.restarts > 0),
            "{name}: {tally:?}"
        );
        assert!(n > 0 || diary.jobs > 50, "{name}: {} jobs", diary.jobs);
    }
}

/// A holiday that is declared late re-times each open case once, however often and by whomever
/// the cases are moved.
#[test]
fn a_late_holiday_retimes_each_open_case_once() {
    const CASES: usize = 2_000;
    let hours = "extends = \"west-bengal\"";
    let holiday = format!(
        "{hours}\n[[calendar.holiday]]\ncode = \"late\"\nname = \"Declared late\"\ndate = \"2026-03-05\"\n"
    );
    for (name, store) in stores() {
        let desk = open(store.clone());
        desk.activate(Rulebook::from_toml(hours).expect("sound"), at("2026-01-01T00:00:00Z"))
            .expect("it comes");
        let batch: Vec<Submission> = (0..CASES)
            .map(|_| Submission {
                command: None,
                actor: citizen(),
                now: at("2026-03-02T05:00:00Z"),
                case: None,
                expected: None,
                request: lodging("road-repair").into(),
                verified: None,
            })
            .collect();
        assert!(desk.submit_all(&batch).iter().all(Result::is_ok), "{name}");
        let now = at("2026-03-03T05:00:00Z");
        desk.activate(Rulebook::from_toml(&holiday).expect("sound"), now).expect("it comes");
        // One worker is stopped in the middle; another begins anew.
        let first = desk.move_cases(&Desk::system(), now, None, 777).expect("they are moved");
        let again =
            open(store.clone()).move_cases(&Desk::system(), now, None, 10_000).expect("they are moved");
        assert_eq!((first.moved + again.moved, again.next), (CASES as u64, None), "{name}");
        let none = desk.move_cases(&Desk::system(), now, None, 10_000).expect("the store works");
        assert_eq!(none.moved, 0, "{name}");
        let mut seen = 0;
        let each = |history: &[grievance_core::grievance::event::Recorded]| {
            seen += 1;
            let remapped = history.iter().filter(|it| matches!(it.event.what, What::Remapped(_))).count();
            let moved: Vec<_> = history
                .iter()
                .filter_map(|it| match &it.event.what {
                    What::TargetMoved(moved) => Some((moved.target, moved.because, moved.due_at)),
                    _ => None,
                })
                .collect();
            assert_eq!((remapped, moved.len()), (1, 1), "{name}: {moved:?}");
            // Seven working days after Monday the 2nd, without Thursday the 5th and Sunday the 8th.
            assert_eq!((moved[0].1, moved[0].2), (Because::Rulebook, at("2026-03-11T12:30:00Z")));
            assert_eq!(history[0].event.led_to.phase, Phase::Registered);
            true
        };
        let mut each = each;
        store.scan(&Scope::All, &mut each).expect("the store works");
        assert_eq!(seen, CASES, "{name}");
    }
}
