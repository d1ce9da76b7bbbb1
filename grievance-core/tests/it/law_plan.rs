//! Whether a case can still come to its end: a search over what is offered, by the office's own
//! steps alone (no withdrawal, no joining to another case, nothing not taken up).

use crate::law_draw::{Chance, compose};
use crate::law_model::{Book, Ledger, carry, said};
use crate::office::{Office, actor};
use chrono::{DateTime, TimeDelta, Utc};
use grievance_core::kernel::id::GrievanceId;
use grievance_core::rulebook::access::Actor;
use grievance_core::vocabulary::Action;
use std::collections::{HashMap, HashSet, VecDeque};

/// Remembers which states lead on.
#[derive(Default)]
pub(crate) struct Planner {
    known: HashMap<String, bool>,
}

const DEPTH: usize = 12;
const MOST: usize = 400;

const STEPS: [Action; 12] = [
    Action::Dispose,
    Action::Approve,
    Action::DecideAppeal,
    Action::RecordFeedback,
    Action::ReportAction,
    Action::ProvideInformation,
    Action::Admit,
    Action::Acknowledge,
    Action::Assign,
    Action::Forward,
    Action::SendBackReport,
    Action::Return,
];

impl Planner {
    pub(crate) fn leads_on(
        &mut self,
        book: &Book,
        office: &Office,
        ledger: &Ledger,
        case: GrievanceId,
        now: DateTime<Utc>,
    ) -> bool {
        // The parts first; each must lead on by itself, and then the whole with its parts ended.
        let parts: Vec<_> = ledger[&case].parts.iter().filter(|(_, closed)| !closed).collect();
        let (mut office, mut ledger, mut now) = (office.clone(), ledger.clone(), now);
        let whole = parts.is_empty();
        for (part, _) in parts {
            match search(book, &office, &ledger, *part, now) {
                Some((after, told, later)) => (office, ledger, now) = (after, told, later),
                None => return false,
            }
        }
        let key = key(&ledger, case);
        if whole && let Some(known) = self.known.get(&key) {
            return *known;
        }
        let leads = search(book, &office, &ledger, case, now).is_some();
        self.known.insert(key, leads);
        leads
    }
}

/// All of a case that the way on may depend on.
fn key(ledger: &Ledger, case: GrievanceId) -> String {
    let it = &ledger[&case];
    format!(
        "{} {} {:?} {} {:?} {:?} {:?} {:?} {} {:?} {} {} {} {:?} {:?} {:?}",
        it.stage,
        it.unit,
        it.path,
        it.binding,
        it.asked_from,
        it.report,
        it.approval,
        it.heard,
        it.rounds,
        it.closed.as_ref().map(|closed| (&closed.unit, closed.by)),
        it.transfers,
        it.anonymous,
        it.contact,
        it.against,
        it.parent.is_some(),
        it.complainant.is_some(),
    )
}

/// Whoever might act on it: every role of an office, in the offices around the case.
fn actors(book: &Book, ledger: &Ledger, case: GrievanceId) -> Vec<Actor> {
    let it = &ledger[&case];
    let mut units = book.line(&it.unit);
    units.push(&book.document.cell);
    units.extend(book.line(&it.unit).iter().filter_map(|unit| {
        let entry = book.document.unit.iter().find(|entry| entry.code == **unit);
        entry.and_then(|entry| entry.second_superior.as_deref())
    }));
    units.sort_unstable();
    units.dedup();
    let own = ["complainant", "kiosk_operator", "auditor", "field_verifier", "system"];
    let roles = book.document.role.iter().filter(|role| !own.contains(&role.code.as_str()));
    roles.flat_map(|role| units.iter().map(|unit| actor(&role.code, unit))).collect()
}

fn search(
    book: &Book,
    office: &Office,
    ledger: &Ledger,
    case: GrievanceId,
    now: DateTime<Utc>,
) -> Option<(Office, Ledger, DateTime<Utc>)> {
    let mut seen = HashSet::new();
    let mut next = VecDeque::from([(office.clone(), ledger.clone(), now, 0)]);
    while let Some((office, ledger, now, depth)) = next.pop_front() {
        if !ledger[&case].is_open(book) {
            return Some((office, ledger, now));
        }
        if depth == DEPTH || seen.len() > MOST {
            continue;
        }
        for who in actors(book, &ledger, case) {
            for action in STEPS {
                let word = match action {
                    Action::RecordFeedback => Some("satisfied"),
                    Action::DecideAppeal => Some("dismissed"),
                    _ => None,
                };
                if !ledger[&case].allows(book, action.as_str(), word, &who, now) {
                    continue;
                }
                let routed: Vec<String> = {
                    let it = &ledger[&case];
                    let routed =
                        book.route(it.category.as_deref(), it.place.as_deref(), it.against.as_deref());
                    let all = book.document.unit.iter().map(|unit| unit.code.clone());
                    if action == Action::Assign { vec![routed] } else { all.collect() }
                };
                let play = if action == Action::Assign && routed[0] == ledger[&case].unit {
                    book.document.unit.iter().map(|unit| unit.code.clone()).collect()
                } else {
                    routed
                };
                let mut chance = Chance::new(11);
                let drawn = compose(&mut chance, book, &play, &ledger, (case, action, word), (&who, now));
                let Some((request, _)) = drawn else { continue };
                debug_assert!(said(&request).is_none() || said(&request) == word);
                let (mut office, mut ledger) = (office.clone(), ledger.clone());
                if office.submit(Some(case), &request, &who, now).is_err() {
                    continue;
                }
                carry(&mut ledger, book, case, &request, &who, now, &[]);
                if seen.insert(key(&ledger, case)) {
                    let later = now + TimeDelta::minutes(1);
                    if !ledger[&case].is_open(book) {
                        return Some((office, ledger, later));
                    }
                    next.push_back((office, ledger, later, depth + 1));
                }
            }
        }
    }
    None
}
