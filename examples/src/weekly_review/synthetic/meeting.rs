//! What a generated office brings to its review meeting: what the last one decided, changes of procedure
//! that somebody suggested, and practices that others may repeat.

use crate::Problem;
use chrono::{Days, NaiveDate};
use grievance_core::grievance::project::CaseFact;
use grievance_core::kernel::code::{PracticeCode, UnitCode};
use grievance_core::measure::pack::{Agenda, Decision, Line, Pack};
use grievance_core::measure::practice::{Consent, Draft, Register, Repetition};
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::document::{ChangeEntry, Document};
use grievance_core::vocabulary::{ChangeState, Phase, PracticeFacet};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Offices about which a meeting decides something.
const DECIDED: usize = 3;
/// Cases behind a practice.
const BEHIND: usize = 6;

/// Suggests changes of procedure where the rulebook knows none, each for a root cause that it has.
pub(crate) fn suggest(document: &mut Document, as_of: NaiveDate) {
    if !document.process_change.is_empty() {
        return;
    }
    let all = [
        (
            "one-list-of-papers",
            "One list of papers for each certificate, at the counter and on the portal",
            "document_missing",
        ),
        (
            "records-put-right-nearby",
            "The sub-office puts an error in a record right by itself",
            "record_error",
        ),
        ("told-when-it-moves", "Whoever moves a file says so to the applicant on that day", "not_informed"),
    ];
    let states = [ChangeState::Implemented, ChangeState::Accepted, ChangeState::Proposed];
    for ((code, name, cause), state) in all.into_iter().zip(states) {
        if document.root_cause.iter().any(|known| known.code == cause) {
            let since = as_of.checked_sub_days(Days::new(120));
            document.process_change.push(ChangeEntry {
                code: code.to_owned(),
                name: name.to_owned(),
                root_cause: vec![cause.to_owned()],
                state,
                implemented_on: since.filter(|_| state == ChangeState::Implemented),
                ..ChangeEntry::default()
            });
        }
    }
}

/// The agenda of today, after a meeting of a week ago that decided something about the offices that it was
/// pointed to; what an office has done since is settled.
pub(crate) fn agenda(before: &Pack, today: &Pack, rulebook: &Rulebook) -> Result<Agenda, Problem> {
    let mut last = Agenda::prepare(before, None, before.as_of)?;
    let points: Vec<UnitCode> = last.points.iter().take(DECIDED).map(|point| point.unit.clone()).collect();
    for (nth, unit) in (1..).zip(points) {
        let Some(post) = rulebook.directory().get(&unit).and_then(|unit| unit.head.clone()) else { continue };
        last.decide(Decision {
            code: format!("{}-{nth}", last.meeting),
            text: "Fewer cases in the oldest band by the next meeting.".to_owned(),
            unit,
            post,
            decided_on: last.meeting,
            due: last.meeting + Days::new(6),
            settled_on: None,
        })?;
    }
    let oldest = |pack: &Pack, unit: &UnitCode| {
        let band = Line::Age(u8::try_from(pack.bands() - 1).unwrap_or(u8::MAX));
        pack.branches.iter().find(|row| row.unit == *unit).map_or(0, |row| row.figures.week(band))
    };
    let done: Vec<String> = last
        .decided
        .iter()
        .filter(|decision| oldest(today, &decision.unit) < oldest(before, &decision.unit))
        .map(|decision| decision.code.clone())
        .collect();
    for code in done {
        last.settle(&code, today.as_of)?;
    }
    Ok(Agenda::prepare(today, Some(&last), today.as_of)?)
}

/// A register of two practices of the offices that disposed of most, with complainants who consent.
pub(crate) fn practices(
    facts: &[CaseFact],
    rulebook: &Rulebook,
    as_of: NaiveDate,
) -> Result<Register, Problem> {
    let mut register = Register::default();
    let mut of: BTreeMap<&UnitCode, Vec<&CaseFact>> = BTreeMap::new();
    for fact in facts.iter().filter(|fact| fact.phase == Phase::Disposed && fact.sealed.is_none()) {
        of.entry(fact.disposed_by.as_ref().unwrap_or(&fact.unit)).or_default().push(fact);
    }
    let mut busiest: Vec<(&UnitCode, Vec<&CaseFact>)> = of.into_iter().collect();
    busiest.sort_by_key(|(unit, cases)| (Reverse(cases.len()), *unit));
    let written_on = as_of - Days::new(30);
    let drafts = [
        (
            "papers-looked-at-on-the-spot",
            "Papers are looked at while the applicant is there",
            PracticeFacet::Procedure,
            "Applicants came back three times because a paper was missing.",
            [
                "Put the list of papers on the wall.",
                "Look at them at the counter.",
                "Write down what is missing.",
            ],
        ),
        (
            "a-day-in-the-village",
            "Files are heard in the village, once a month",
            PracticeFacet::Outreach,
            "Those who live far away gave up before they were heard.",
            ["Say the day a month before.", "Bring the files along.", "Answer what can be answered there."],
        ),
    ];
    for ((code, title, facet, situation, steps), (unit, cases)) in drafts.into_iter().zip(&busiest) {
        let code: PracticeCode = code.parse()?;
        let steps = steps.map(str::to_owned).to_vec();
        let (title, situation) = (title.to_owned(), situation.to_owned());
        let unit = (*unit).clone();
        register.write(
            Draft {
                code: code.clone(),
                title,
                facet,
                domain: None,
                unit: unit.clone(),
                situation,
                steps,
                written_on,
            },
            rulebook,
        )?;
        let Some(recorded_by) = rulebook.directory().get(&unit).and_then(|unit| unit.head.clone()) else {
            continue;
        };
        let known = cases.iter().filter_map(|case| Some((case, case.channel.clone()?)));
        for (case, channel) in known.take(BEHIND) {
            register.link(&code, case, None)?;
            let consent = Consent {
                channel,
                given_on: written_on,
                recorded_by: recorded_by.clone(),
                unit: unit.clone(),
            };
            register.consent(&code, case.id, consent, rulebook)?;
        }
        register.publish(&code, as_of - Days::new(14), |id| facts.iter().find(|fact| fact.id == id))?;
        for (other, _) in busiest.iter().filter(|(other, _)| **other != unit).take(2) {
            register.repeat(
                &code,
                Repetition { on: as_of - Days::new(7), unit: (*other).clone() },
                rulebook,
            )?;
        }
    }
    Ok(register)
}
