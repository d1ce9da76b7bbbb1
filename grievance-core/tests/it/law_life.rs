//! The laws of a case's life, over random sequences of commands on cases that hang together.
//!
//! One run draws every sequence and checks every law after every command; each law is a test of
//! its own that reads the run. `GRIEVANCE_LAWS` sets how many sequences (10,000), and
//! `PROPTEST_RNG_SEED` where the drawing begins. A violation names its sequence's seed.

#![expect(
    clippy::redundant_closure_for_method_calls,
    reason = "a dozen kinds of code have the same `as_str`"
)]

mod checks;

use crate::law_draw::{CANARY, Chance, compose, lodging, somebody, spoil, stage_of_play};
use crate::law_life::checks::changes_outcome;
use crate::law_model::{Book, Ledger, Told, carry, is_clockwork};
use crate::law_plan::Planner;
use crate::office::{Done, Office, Refused, at};
use chrono::{DateTime, TimeDelta, Utc};
use grievance_core::desk::Desk;
use grievance_core::grievance::command::Command;
use grievance_core::grievance::event::{Recorded, What};
use grievance_core::grievance::moment::Moment;
use grievance_core::grievance::options::{Offer, options};
use grievance_core::grievance::request::Request;
use grievance_core::grievance::state::Grievance;
use grievance_core::grievance::timer::timers;
use grievance_core::grievance::wire::{decode, decode_actor, encode, encode_actor};
use grievance_core::kernel::id::GrievanceId;
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::access::Actor;
use grievance_core::vocabulary::{Action, ErrorCode, EventKind, Outcome};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

const HOSTILE: &str = include_str!("../../testdata/rulebooks/hostile.toml");

/// What the run found: how often each thing happened, and what broke which law.
#[derive(Default)]
struct Found {
    broken: BTreeMap<&'static str, Vec<String>>,
    events: BTreeMap<EventKind, usize>,
    refusals: BTreeMap<ErrorCode, usize>,
    sequences: usize,
    taken: usize,
    probes: usize,
    ends: usize,
}

impl Found {
    fn breaks(&mut self, law: &'static str, at: &str, what: impl std::fmt::Display) {
        let list = self.broken.entry(law).or_default();
        if list.len() < 5 {
            list.push(format!("{at}: {what}"));
        }
    }
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(default)
}

fn run() -> &'static Found {
    static RUN: OnceLock<Found> = OnceLock::new();
    RUN.get_or_init(|| {
        let (count, seed) = (number("GRIEVANCE_LAWS", 10_000), number("PROPTEST_RNG_SEED", 20_230_401));
        let presets = grievance_core::rulebook::presets::PRESETS.iter().copied();
        let books: Vec<_> = presets.chain([("hostile", HOSTILE)]).collect();
        let mut found = Found::default();
        let each = count.div_ceil(books.len() as u64);
        for (name, text) in books {
            let rulebook = Arc::new(Rulebook::from_toml(text).expect("a sound rulebook"));
            let book = Book::new(rulebook.document());
            let play = stage_of_play(&book);
            let mut planner = Planner::default();
            for n in 0..each {
                let seed = seed.wrapping_mul(1_000_003).wrapping_add(n);
                let mut sequence = Sequence {
                    name: format!("{name} {seed}"),
                    book: &book,
                    play: &play,
                    office: Office::new(Arc::clone(&rulebook), seed),
                    ledger: Ledger::new(),
                    chance: Chance::new(seed ^ 0x5EED),
                    now: at(1, 5, 3, 0),
                    found: &mut found,
                };
                sequence.play_out();
                sequence.ends(&mut planner);
            }
        }
        found
    })
}

struct Sequence<'a> {
    name: String,
    book: &'a Book,
    play: &'a [String],
    office: Office,
    ledger: Ledger,
    chance: Chance,
    now: DateTime<Utc>,
    found: &'a mut Found,
}

impl Sequence<'_> {
    fn play_out(&mut self) {
        self.found.sequences += 1;
        let length = 1 + self.chance.below(60);
        for _ in 0..length {
            self.time_passes();
            let cases = self.office.order.len();
            if cases == 0 || (cases < 4 && self.chance.one_in(12)) {
                self.lodges();
            } else if self.chance.one_in(9) {
                let case = *self.chance.pick(&self.office.order).expect("a case");
                self.waits(case);
            } else {
                let open: Vec<_> = self
                    .ledger
                    .iter()
                    .filter(|(_, told)| told.is_open(self.book))
                    .map(|(id, _)| *id)
                    .collect();
                let case = match self.chance.pick(&open) {
                    Some(case) if !self.chance.one_in(8) => *case,
                    _ => *self.chance.pick(&self.office.order).expect("a case"),
                };
                self.steps(case);
            }
        }
    }

    fn time_passes(&mut self) {
        let minutes = match self.chance.below(40) {
            0 => -30,
            1..=3 => 60 * 24 * 2,
            4 => 60 * 24 * 29,
            5 => 60 * 24 * 3 - 1,
            6..=14 => 60 * 7,
            _ => 4,
        };
        self.now += TimeDelta::minutes(minutes);
    }

    /// Nobody acts: a sweep comes by, or a message arrives or does not.
    fn waits(&mut self, case: GrievanceId) {
        let of = if self.chance.one_in(3) { 1 } else { self.ledger[&case].disposal };
        let settled = |arrived| Command::NoticeSettled { of, arrived };
        let command = match self.chance.below(12) {
            0 => settled(true),
            1 => settled(false),
            _ => Command::TimerDue,
        };
        let (system, before) = (Desk::system(), self.office.live(case).clone());
        let Ok(done) = self.office.decided(Some(case), &command, &system, self.now) else {
            if self.now >= before.updated_at {
                self.found.breaks("sweep", &self.name, "time was refused");
            }
            return;
        };
        if self.now < before.updated_at || done.events.iter().any(|next| !is_clockwork(&next.event.what)) {
            self.found.breaks("sweep", &self.name, "it came before its time, or brought a step");
        }
        let told = self.ledger.get_mut(&case).expect("a case");
        done.events.iter().for_each(|next| told.hears(next));
        self.see(&done.events);
        if command == Command::TimerDue {
            let left = timers(self.office.live(case), &self.office.rulebook);
            let again = self.office.decided(Some(case), &command, &system, self.now);
            if left.iter().any(|timer| timer.at <= self.now) || again.is_ok_and(|it| !it.events.is_empty()) {
                self.found.breaks("sweep", &self.name, format!("not done at once: {left:?}"));
            }
        }
        self.check_all(&done.events);
    }

    /// What time brought to the cases that a command touched: before the step, or after it.
    fn hears(&mut self, events: &[Recorded], before: bool) {
        for (id, told) in &mut self.ledger {
            let own = || events.iter().filter(|next| next.case == *id);
            let step = own().position(|next| !is_clockwork(&next.event.what)).unwrap_or(0);
            for (at, next) in own().enumerate() {
                let noted = matches!(next.event.what, What::Disposed(_) | What::HoldPlaced(_));
                let of_time = is_clockwork(&next.event.what) || noted;
                if of_time && (at < step) == before {
                    told.hears(next);
                }
            }
        }
    }

    fn lodges(&mut self) {
        let actor = somebody(&mut self.chance, self.book, self.play, None);
        let good = lodging(&mut self.chance, self.book, self.play, &actor, self.now);
        let request = if self.chance.one_in(10) {
            spoil(&mut self.chance, &good).unwrap_or(good.clone())
        } else {
            good.clone()
        };
        let may = self.book.step("lodge", None, actor.role.as_str(), None).is_some();
        let offer = options(None, &Moment::new(self.now, &actor, &self.office.rulebook));
        let offered = offer.iter().any(|offer| offer.action == Action::Lodge && offer.verdict.is_allowed());
        if offered != may {
            self.found.breaks("offers", &self.name, "lodging is offered or not against the table");
        }
        match self.submit(None, &request, &actor) {
            Ok(done) if may => {
                let person = self.office.live(done.case).subject.complainant.person;
                self.check_person(&request, &actor, person.is_some());
                let told = Told::lodged(self.book, &request, &actor, person, self.now);
                self.ledger.insert(done.case, told);
                self.hears(&done.events, false);
                self.check_all(&done.events);
            }
            Ok(_) => self.found.breaks("off_table", &self.name, "a lodging outside the table"),
            Err(refused) if may && request == good => {
                self.found.breaks("offers", &self.name, format!("good lodging refused: {}", refused.said));
            }
            Err(_) => {}
        }
    }

    fn steps(&mut self, case: GrievanceId) {
        let told = self.ledger[&case].clone();
        // An actor who can move the case, and does so most of the time: notes lead nowhere, and
        // early ends and divisions keep sequences from going deep.
        let notes = [
            Action::Comment,
            Action::Attach,
            Action::Remind,
            Action::Correct,
            Action::Escalate,
            Action::InterimReply,
            Action::Recategorise,
            Action::Reclassify,
            Action::Extend,
            Action::Record,
            Action::Verify,
            Action::Classify,
            Action::Hold,
            Action::ReleaseHold,
            Action::Erase,
        ];
        let rare = [Action::Withdraw, Action::Decline, Action::Split, Action::Merge];
        let leads = |offer: &Offer| !notes.contains(&offer.action) && !rare.contains(&offer.action);
        let mut chosen: Option<(Actor, Vec<Offer>)> = None;
        for _ in 0..4 {
            let actor = somebody(&mut self.chance, self.book, self.play, Some(&told));
            let offers = self.offers(case, &told, &actor);
            let moves = offers.iter().any(|offer| offer.verdict.is_allowed() && leads(offer));
            chosen = Some((actor, offers));
            if moves || self.chance.one_in(6) {
                break;
            }
        }
        let (actor, offers) = chosen.expect("somebody");
        // Something that is not open to the actor, with the best of content.
        let shut: Vec<_> = offers.iter().filter(|offer| !offer.verdict.is_allowed()).cloned().collect();
        if let Some(offer) = self.chance.pick(&shut).cloned() {
            self.tries(case, &offer, &actor);
        }
        let open: Vec<_> = offers.iter().filter(|offer| offer.verdict.is_allowed()).cloned().collect();
        let of =
            |fits: &dyn Fn(&Offer) -> bool| open.iter().filter(|it| fits(it)).cloned().collect::<Vec<_>>();
        // A chain of joined cases is rarer still.
        let chain = of(&|it| it.action == Action::Merge && !told.members.is_empty());
        let from = match self.chance.below(30) {
            0 | 1 => of(&|it| rare.contains(&it.action)),
            2..=8 if !chain.is_empty() => chain,
            2..=6 => of(&|it| notes.contains(&it.action)),
            _ => of(&leads),
        };
        if let Some(offer) = self.chance.pick(&from).cloned() {
            self.tries(case, &offer, &actor);
        }
    }

    fn tries(&mut self, case: GrievanceId, offer: &Offer, actor: &Actor) {
        let said = match offer.outcome {
            Some(Outcome::Exhausted) => Some("not_satisfied"),
            Some(Outcome::AtCap) => None,
            outcome => outcome.map(Outcome::as_str),
        };
        let asked = (case, offer.action, said);
        let drawn = compose(&mut self.chance, self.book, self.play, &self.ledger, asked, (actor, self.now));
        let Some((good, sure)) = drawn else { return };
        let spoilt = if self.chance.one_in(9) { spoil(&mut self.chance, &good) } else { None };
        let (request, sure) = match spoilt {
            Some(spoilt) => (spoilt, false),
            None => (good, sure),
        };
        let before = self.office.order.len();
        let told = self.ledger[&case].clone();
        match self.submit(Some(case), &request, actor) {
            Ok(done) => {
                if !offer.verdict.is_allowed() && !changes_outcome(&request, said) {
                    let what = format!("{} was carried out, though {:?}", offer.action, offer.verdict);
                    self.found.breaks("agree", &self.name, what);
                }
                let stage = Some(told.stage.as_str());
                let outcome = told.outcome(
                    self.book,
                    request.action().as_str(),
                    crate::law_model::said(&request),
                    actor,
                );
                let role = actor.role.as_str();
                if self.book.step(request.action().as_str(), stage, role, outcome).is_none() {
                    self.found.breaks("off_table", &self.name, request.action());
                    return;
                }
                self.check_disposal(&told, &request, &done.events);
                let began: Vec<_> = self.office.order[before..].to_vec();
                self.hears(&done.events, true);
                carry(&mut self.ledger, self.book, case, &request, actor, self.now, &began);
                self.hears(&done.events, false);
                self.check_all(&done.events);
            }
            Err(refused) if offer.verdict.is_allowed() && sure => {
                let what = format!(
                    "{} at {} with {} was offered to {} of {:?} and refused: {} {}",
                    offer.action,
                    told.stage,
                    told.unit,
                    actor.role,
                    actor.unit,
                    refused.said,
                    request.to_json()
                );
                self.found.breaks("agree", &self.name, what);
            }
            Err(_) => {}
        }
    }

    /// Submits, and checks that a refusal has a code, gives nothing away and changes nothing.
    fn submit(
        &mut self,
        case: Option<GrievanceId>,
        request: &Request,
        actor: &Actor,
    ) -> Result<Done, Refused> {
        let versions = |office: &Office| {
            office.cases.values().map(|held| (held.live.version, held.history.len())).collect::<Vec<_>>()
        };
        let before = (versions(&self.office), case.map(|case| self.office.cases[&case].clone()));
        let answer = self.office.submit(case, request, actor, self.now);
        match &answer {
            Err(refused) => {
                *self.found.refusals.entry(refused.code).or_default() += 1;
                if refused.said.contains("Zanzibar") || refused.said.contains("9830012345") {
                    self.found.breaks("leak", &self.name, &refused.said);
                }
                if refused.code.as_str().is_empty() {
                    self.found.breaks("codes", &self.name, &refused.said);
                }
                let after = (versions(&self.office), case.map(|case| self.office.cases[&case].clone()));
                if before != after {
                    self.found.breaks("unchanged", &self.name, &refused.said);
                }
            }
            Ok(done) => {
                self.found.taken += 1;
                self.see(&done.events);
                for recorded in &done.events {
                    let text = encode(&recorded.event);
                    let debug = format!("{recorded:?} {request:?}");
                    if [&text, &debug]
                        .into_iter()
                        .any(|it| it.contains("Zanzibar") || it.contains("9830012345"))
                    {
                        self.found.breaks("leak", &self.name, &text);
                    }
                    if decode(&text).as_ref() != Ok(&recorded.event) {
                        self.found.breaks("wire", &self.name, &text);
                    }
                }
            }
        }
        answer
    }

    /// At the end of a sequence: histories replay, also from their stored texts, and every open
    /// case can still come to its end.
    fn ends(&mut self, planner: &mut Planner) {
        for (id, held) in &self.office.cases {
            if Grievance::replay(&held.history).as_ref() != Some(&held.live) {
                self.found.breaks("replay", &self.name, id);
            }
            let read: Vec<Recorded> = held
                .history
                .iter()
                .map(|recorded| Recorded {
                    event: decode(&encode(&recorded.event)).expect("it was written here"),
                    actor: decode_actor(&encode_actor(&recorded.actor)).expect("it was written here"),
                    ..recorded.clone()
                })
                .collect();
            if Grievance::replay(&read).as_ref() != Some(&held.live) {
                self.found.breaks("wire", &self.name, id);
            }
        }
        let later = self.office.cases.values().map(|held| held.live.updated_at).max().unwrap_or(self.now);
        let later = later.max(self.now) + TimeDelta::minutes(5);
        for (id, told) in &self.ledger {
            if told.is_open(self.book) {
                self.found.ends += 1;
                if !planner.leads_on(self.book, &self.office, &self.ledger, *id, later) {
                    let what = format!("no way on from {} with {}: {told:?}", told.stage, told.unit);
                    self.found.breaks("leads_on", &self.name, what);
                }
            }
        }
    }
}

fn holds(law: &str) {
    let found = run();
    if let Some(broken) = found.broken.get(law) {
        panic!("broken, for instance (rulebook, seed):\n{}", broken.join("\n"));
    }
}

macro_rules! laws {
    ($($(#[$doc:meta])* $name:ident = $law:literal;)+) => {
        $($(#[$doc])* #[test] fn $name() { holds($law); })+
    };
}

laws! {
    /// Exactly one valid reason, its evidence, remarks, and feedback or a waiver on record.
    nothing_is_disposed_unheard_or_without_a_reason = "disposal";
    a_divided_case_is_disposed_only_after_its_parts = "parts";
    replay_equals_the_live_fold = "replay";
    stored_texts_read_back_to_the_same_case = "wire";
    versions_have_no_gap = "versions";
    a_refused_command_changes_nothing = "unchanged";
    every_case_and_part_is_at_exactly_one_office = "one_office";
    lateral_transfers_never_exceed_the_cap = "cap";
    what_is_not_in_the_table_is_refused = "off_table";
    merging_makes_no_cycle_and_members_get_the_outcome = "merges";
    what_is_offered_is_what_the_rules_allow = "offers";
    options_and_decide_never_disagree = "agree";
    the_row_of_a_case_says_what_the_model_says = "facts";
    every_refusal_carries_a_code = "codes";
    no_refusal_and_no_event_gives_a_text_away = "leak";
    every_open_case_can_still_come_to_its_end = "leads_on";
    what_is_due_is_recorded_at_once_and_only_once = "sweep";
}

/// A law that looked at little would hold easily: every kind of event that a command can decide
/// was decided, and the sequences were as many as asked for.
#[test]
fn the_sequences_reach_every_kind_of_event() {
    let found = run();
    // A part is never opened again by a command; the next two come from elsewhere. No rulebook of the
    // laws lets one person do the work of two or seals a subject: scenarios and `access_*` do.
    let beyond = [
        EventKind::PartReopened,
        EventKind::Remapped,
        EventKind::Adopted,
        EventKind::FourEyesWaived,
        EventKind::Unsealed,
    ];
    let table: Vec<String> = EventKind::ALL
        .iter()
        .map(|kind| format!("{kind:24} {}", found.events.get(kind).copied().unwrap_or(0)))
        .collect();
    let missing: Vec<_> = EventKind::ALL
        .iter()
        .filter(|kind| !beyond.contains(kind) && !found.events.contains_key(kind))
        .collect();
    let told = format!(
        "{} sequences, {} commands carried out, {} offers compared, {} ends searched\n{}\n{:?}",
        found.sequences,
        found.taken,
        found.probes,
        found.ends,
        table.join("\n"),
        found.refusals
    );
    if std::env::var_os("GRIEVANCE_LAWS_TABLE").is_some() {
        eprintln!("{told}");
    }
    let enough = found.sequences >= 10_000;
    assert!(missing.is_empty() || !enough, "never seen: {missing:?}\n{told}");
    assert!(!CANARY.is_empty());
}
