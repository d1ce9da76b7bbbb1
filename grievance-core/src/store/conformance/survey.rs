//! What is promised of counts: they are those of the table, of the rows as they are.

use crate::grievance::project::CaseFact;
use crate::kernel::code::{CategoryCode, ChannelCode, PlaceCode, ReasonCode};
use crate::measure::mis::Terms;
use crate::measure::picked::{Picked, Subject};
use crate::measure::question::{Dimension, Question};
use crate::measure::rollup::Rollup;
use crate::rulebook::access::Scope;
use crate::store::Store;
use crate::store::conformance::sample::{Sample, at, case, commit, unit};
use crate::store::survey::Survey;
use crate::vocabulary::{AgeRule, DisposalClass, FeedbackOutcome, Phase};

const WORKS: &str = "the store works";
const FITS: &str = "the codes are well formed";
const DAY: i64 = 86_400_000;

/// Cases of which each fact that a count looks at has several values, or none.
fn fill(store: &dyn Store) -> Vec<CaseFact> {
    let offices = ["state", "district", "block", "city"].map(unit);
    let subjects = ["roads", "water"].map(|code| CategoryCode::new(code).expect(FITS));
    let places = ["bally", "howrah"].map(|code| PlaceCode::new(code).expect(FITS));
    let channels = ["letter", "phone"].map(|code| ChannelCode::new(code).expect(FITS));
    let reasons = ["benefit_provided", "no_fault"].map(|code| ReasonCode::new(code).expect(FITS));
    let commits: Vec<_> = (1..=160_u64)
        .map(|n| {
            let mut stream = Sample::lodged(n).after(0);
            let turn = |step: u64, of: usize| usize::try_from(n / step).expect("small") % of;
            let days = |step: u64, of: usize| i64::try_from(turn(step, of)).expect("small") * DAY;
            let every = |times: u64| n.is_multiple_of(times);
            let fact = &mut stream.fact;
            fact.unit = offices[turn(1, 4)].clone();
            fact.category = subjects.get(turn(2, 3)).cloned();
            fact.place = places.get(turn(5, 3)).cloned();
            fact.channel = channels.get(turn(7, 3)).cloned();
            fact.phase = Phase::ALL[turn(3, Phase::ALL.len())];
            fact.reason = reasons.get(turn(4, 3)).cloned();
            fact.class = DisposalClass::ALL.get(turn(5, 4)).copied();
            fact.feedback = FeedbackOutcome::ALL.get(turn(7, 4)).copied();
            // Some at a midnight of Kolkata, some a moment before it.
            fact.received_at = at(days(1, 45) + DAY / 48 * 37 - i64::from(every(3)));
            // Some end before they came, which no table takes.
            let took = chrono::TimeDelta::milliseconds(days(1, 29) - DAY);
            fact.disposed_at = (!every(11)).then(|| fact.received_at + took);
            fact.updated_at = at(days(1, 60));
            fact.source = None;
            fact.judged_due_at = (!every(4)).then(|| at(days(3, 60)));
            fact.late_at = fact.judged_due_at.filter(|_| !every(3));
            fact.soon_at =
                fact.judged_due_at.map(|due| due - chrono::TimeDelta::days(6)).filter(|_| !every(5));
            // Before the receipt it is left out; after what is read it makes the row unfit.
            fact.last_told_at = every(2).then(|| at(days(1, 64)));
            fact.reopenings = u32::from(every(5)) + if every(37) { 65_536 } else { 0 };
            fact.appeals = u32::from(every(6));
            fact.escalations = u32::from(every(7));
            fact.transfers = u32::from(every(8));
            fact.breaches = u32::from(every(9));
            fact.part_of = every(10).then(|| case(n - 1));
            fact.sealed = every(13).then(|| subjects[0].clone());
            commit(n, vec![stream])
        })
        .collect();
    for answer in store.commit_all(&commits).expect(WORKS) {
        answer.expect(WORKS);
    }
    commits.into_iter().map(|mut commit| commit.streams.remove(0).fact).collect()
}

/// Whatever is asked about whatever is in a scope, a survey says what a table of the same rows says;
/// sealed cases count nowhere, and parts and rows that no table takes are told apart.
pub fn a_survey_counts_the_rows(store: &dyn Store) {
    let facts = fill(store);
    let terms = |rule| Terms::new(at(40 * DAY).date_naive(), chrono_tz::Asia::Kolkata, rule);
    let scopes =
        [Scope::All, Scope::HeldBy(unit("block")), Scope::Sealed, Scope::except(Scope::HeldBy(unit("city")))];
    let in_scope = |scope: &Scope, fact: &CaseFact| match scope {
        Scope::All => true,
        Scope::HeldBy(unit) => fact.unit == *unit,
        Scope::Sealed => fact.sealed.is_some(),
        _ => fact.unit != unit("city"),
    };
    let levels = Rollup::new([("block", "district"), ("district", "district"), ("bally", "howrah")]);
    let picks: [&dyn Fn(Question) -> Question; 8] = [
        &|all| all,
        &|all| all.about(Picked::units(["state", "block", "nowhere"])),
        &|all| all.about(Picked::all().of(Subject::None)),
        &|all| all.about(Picked::units(["state", "city"]).of(Subject::Of("roads".into()))),
        &|all| all.only(Dimension::Category, ["roads", "water"]),
        &|all| all.only(Dimension::Place, ["bally", "howrah", "nowhere"]).rolled_up(levels.clone()),
        &|all| all.only(Dimension::Channel, ["phone"]).only(Dimension::Reason, ["no_fault"]),
        &|all| all.only(Dimension::Kind, []),
    ];
    for scope in &scopes {
        let own: Vec<_> = facts.iter().filter(|fact| in_scope(scope, fact)).collect();
        for (by, rule) in
            Dimension::ALL.into_iter().flat_map(|by| AgeRule::ALL.iter().map(move |rule| (by, *rule)))
        {
            for pick in picks {
                let question = pick(Question::new(terms(rule), by));
                for until in [at(70 * DAY), at(20 * DAY)] {
                    let counted = store.survey(scope, &question, until).expect(WORKS);
                    let expected = Survey::of(own.iter().copied(), &question, until);
                    assert_eq!(counted, expected, "{scope:?}, {question:?}, until {until}");
                }
            }
        }
    }
    let everything = Question::new(terms(AgeRule::Calendar), Dimension::Unit);
    let all = store.survey(&Scope::All, &everything, at(70 * DAY)).expect(WORKS);
    let total = all.answer.total();
    assert!(total.pending() > 0 && total.disposed > 0 && total.closed_otherwise > 0, "{total:?}");
    assert!(all.rejected > 0 && all.parts > 0, "{all:?}");
}
