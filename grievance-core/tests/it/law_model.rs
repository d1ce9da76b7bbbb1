//! What a case should be, told naively: from the document as it is written and from the commands
//! that were carried out. Nothing here asks the compiled rulebook or the live case, nor an event, save
//! for what time brought: of those events `hears` tells naively what they leave behind. Which
//! deadlines there should be, and when, the `target_*` and `ladder_*` tests have models for.

#![expect(
    clippy::redundant_closure_for_method_calls,
    reason = "a dozen kinds of code have the same `as_str`"
)]

use chrono::{DateTime, Datelike as _, NaiveDate, TimeDelta, Timelike as _, Utc};
use grievance_core::grievance::event::{Recorded, What};
use grievance_core::grievance::request::Request;
use grievance_core::kernel::id::{GrievanceId, PersonId};
use grievance_core::rulebook::access::Actor;
use grievance_core::rulebook::document::{Document, StepEntry, UnitEntry};
use grievance_core::vocabulary::{Custody, EventKind, Gate, Phase, Reach, TargetKind};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The document, read by scanning it.
pub(crate) struct Book {
    pub(crate) document: Document,
    units: HashMap<String, UnitEntry>,
    phases: HashMap<String, Phase>,
    root: String,
    zone: chrono_tz::Tz,
}

impl Book {
    pub(crate) fn new(document: &Document) -> Self {
        let units: HashMap<_, _> =
            document.unit.iter().map(|unit| (unit.code.clone(), unit.clone())).collect();
        let mut root = document.cell.clone();
        while let Some(up) = &units[&root].parent {
            root.clone_from(up);
        }
        let phases =
            document.workflow.stage.iter().map(|stage| (stage.code.clone(), stage.phase.unwrap())).collect();
        let zone = document.zone.parse().expect("a zone");
        Self { document: document.clone(), units, phases, root, zone }
    }

    pub(crate) fn phase(&self, stage: &str) -> Phase {
        self.phases[stage]
    }

    pub(crate) fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }

    pub(crate) fn step(
        &self,
        action: &str,
        stage: Option<&str>,
        role: &str,
        outcome: Option<&str>,
    ) -> Option<&StepEntry> {
        let fits = |step: &&StepEntry| {
            step.action == action
                && step.role.iter().any(|own| own == role)
                && match stage {
                    None => action == "lodge",
                    Some(stage) => {
                        action != "lodge"
                            && step.from.iter().any(|from| match from.as_str() {
                                "*" => true,
                                "*open" => !self.phase(stage).is_terminal(),
                                "*closed" => self.phase(stage).is_terminal(),
                                code => code == stage,
                            })
                    }
                }
        };
        let steps = || self.document.workflow.step.iter().filter(fits);
        let just =
            outcome.and_then(|word| steps().find(|step| step.when.is_some_and(|when| when.as_str() == word)));
        just.or_else(|| steps().find(|step| step.when.is_none()))
    }

    pub(crate) fn above(&self, unit: &str) -> Option<&str> {
        match &self.units[unit].parent {
            Some(up) => Some(up),
            None if unit == self.root => None,
            None => Some(&self.root),
        }
    }

    /// The office and those above it.
    pub(crate) fn line<'a>(&'a self, unit: &'a str) -> Vec<&'a str> {
        std::iter::successors(Some(unit), |at| self.above(at)).collect()
    }

    pub(crate) fn below(&self, unit: &str, top: &str) -> bool {
        unit != top && self.line(unit).contains(&top)
    }

    pub(crate) fn oversees(&self, top: &str, unit: &str) -> bool {
        let line = self.line(unit);
        line.contains(&top)
            || line
                .iter()
                .filter_map(|up| self.units[*up].second_superior.as_deref())
                .any(|second| self.line(second).contains(&top))
    }

    pub(crate) fn accused(&self, unit: &str, against: Option<&str>) -> bool {
        against.is_some_and(|against| {
            unit == against || (self.below(unit, against) && !self.below(&self.document.cell, against))
        })
    }

    pub(crate) fn clear(&self, unit: &str, against: Option<&str>) -> String {
        let free = self.line(unit).into_iter().find(|up| !self.accused(up, against));
        free.unwrap_or(&self.document.cell).to_owned()
    }

    pub(crate) fn appellate(&self, unit: &str) -> String {
        let own = self.line(unit).into_iter().find_map(|up| self.units[up].appellate.clone());
        own.or_else(|| self.above(unit).map(str::to_owned)).unwrap_or_else(|| unit.to_owned())
    }

    /// Every rule that fits; the one with the nearest subject, then the nearest place.
    pub(crate) fn route(&self, category: Option<&str>, place: Option<&str>, against: Option<&str>) -> String {
        fn line<'a>(
            start: Option<&'a str>,
            up: &impl Fn(&'a str) -> Option<&'a str>,
        ) -> Vec<Option<&'a str>> {
            std::iter::successors(start, |at| up(at)).map(Some).chain([None]).collect()
        }
        let document = &self.document;
        let wider = |code: &str| document.category.iter().find(|it| it.code == code)?.parent.as_deref();
        let around = |code: &str| document.place.iter().find(|it| it.code == code)?.parent.as_deref();
        let (subjects, places) = (line(category, &wider), line(place, &around));
        let rules = document
            .route
            .iter()
            .map(|rule| (rule.category.as_deref(), rule.place.as_deref(), rule.unit.as_str()))
            .chain(
                document
                    .category
                    .iter()
                    .filter_map(|it| Some((Some(it.code.as_str()), None, it.unit.as_deref()?))),
            );
        let best = rules
            .filter_map(|(category, place, unit)| {
                let subject = subjects.iter().position(|it| *it == category)?;
                Some((subject, places.iter().position(|it| *it == place)?, unit))
            })
            .min_by_key(|(subject, place, _)| (*subject, *place));
        self.clear(best.map_or(document.cell.as_str(), |(_, _, unit)| unit), against)
    }

    /// Whether the office opens on a day, by the week and the yearly holidays: no rulebook of the
    /// laws has more than these.
    fn opens(&self, day: NaiveDate) -> bool {
        let calendar = &self.document.calendar;
        let week = calendar.hours.as_ref().expect("hours").days();
        let (_, hours) = week[day.weekday().num_days_from_monday() as usize];
        let date = day.format("%m-%d").to_string();
        assert!(calendar.rest.is_empty() && calendar.overrides.is_empty(), "the model knows neither");
        !hours.is_empty() && !calendar.holiday.iter().any(|it| it.yearly.as_ref() == Some(&date))
    }

    fn priority(&self, category: Option<&str>) -> Option<String> {
        let mut at = category;
        while let Some(code) = at {
            let entry = self.document.category.iter().find(|it| it.code == code)?;
            if entry.priority.is_some() {
                return entry.priority.clone();
            }
            at = entry.parent.as_deref();
        }
        self.document.priority.first().map(|entry| entry.code.clone())
    }
}

/// What a closure left on record.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Closed {
    pub(crate) at: DateTime<Utc>,
    pub(crate) by: PersonId,
    pub(crate) unit: String,
    pub(crate) reason: String,
    /// What a second look found, and for which sample.
    pub(crate) looked: Option<(String, Option<String>)>,
    pub(crate) cause: Option<String>,
}

/// What became of the word to the complainant about a disposal.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Word {
    /// None is owed: they are taken to know at once.
    #[default]
    NotAwaited,
    /// It is on its way.
    Awaited,
    /// They know since then.
    Arrived(DateTime<Utc>),
}

/// One case, told naively.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) version: u64,
    pub(crate) updated_at: DateTime<Utc>,
    pub(crate) stage: String,
    pub(crate) unit: String,
    pub(crate) held_since: DateTime<Utc>,
    /// Offices it came through and the stage each held it in, without the present one.
    pub(crate) path: Vec<(String, String)>,
    pub(crate) opened: bool,
    pub(crate) binding: bool,
    pub(crate) asked_from: Option<String>,
    pub(crate) report: Option<(PersonId, String, Option<String>)>,
    /// Whether there is an approval, and the reason it selected.
    #[expect(clippy::option_option, reason = "an approval may select no reason")]
    pub(crate) approval: Option<Option<String>>,
    /// Who approved last.
    pub(crate) approver: Option<PersonId>,
    pub(crate) heard: Option<String>,
    pub(crate) rounds: u32,
    /// Failed attempts since the last report: day and slot.
    pub(crate) attempts: Vec<(NaiveDate, u8)>,
    pub(crate) closed: Option<Closed>,
    /// What became of the word about the disposal: the complainant's windows count from it.
    pub(crate) word: Word,
    /// The version of the latest disposal.
    pub(crate) disposal: u64,
    pub(crate) first_disposed_at: Option<DateTime<Utc>>,
    pub(crate) transfers: u32,
    pub(crate) reopenings: u32,
    pub(crate) appeals: u32,
    pub(crate) extensions: u32,
    pub(crate) attachments: u32,
    pub(crate) consulted: Vec<String>,
    pub(crate) kind: String,
    pub(crate) category: Option<String>,
    pub(crate) place: Option<String>,
    pub(crate) channel: String,
    pub(crate) priority: Option<String>,
    pub(crate) lodged_at: DateTime<Utc>,
    pub(crate) received_at: DateTime<Utc>,
    pub(crate) lodged_by: PersonId,
    pub(crate) complainant: Option<PersonId>,
    pub(crate) anonymous: bool,
    pub(crate) contact: bool,
    pub(crate) against: Option<String>,
    pub(crate) parent: Option<GrievanceId>,
    pub(crate) parts: Vec<(GrievanceId, bool)>,
    pub(crate) members: Vec<GrievanceId>,
    pub(crate) merged_into: Option<GrievanceId>,
    /// Whether an outcome is owed: a date was promised with the closure.
    pub(crate) owed: bool,
    /// When the resolution target was last said to be due.
    pub(crate) due: Option<DateTime<Utc>>,
    /// Per target: since when it counts, by which rule, and the level reached on its account.
    pub(crate) levels: BTreeMap<TargetKind, (DateTime<Utc>, String, u32)>,
    /// Deadlines that were missed, and who had the case.
    pub(crate) breaches: Vec<(DateTime<Utc>, String)>,
    pub(crate) escalations: u32,
    pub(crate) reminders: u32,
    /// What keeps the words: by the version of its event, with its last day.
    pub(crate) holds: Vec<(u64, Option<NaiveDate>)>,
    /// The state before the last step, when it was taken, and by which office.
    pub(crate) before: Option<(Box<Told>, DateTime<Utc>, Option<String>)>,
}

/// Whether an event is what time brought and not a step.
pub(crate) fn is_clockwork(what: &What) -> bool {
    match what {
        What::Escalated(escalated) => escalated.level.is_some(),
        other => [
            EventKind::TargetSet,
            EventKind::TargetMoved,
            EventKind::ClockPaused,
            EventKind::ClockResumed,
            EventKind::TargetBreached,
            EventKind::EscalationProposed,
            EventKind::ComplainantInformed,
            EventKind::NoticeParked,
        ]
        .contains(&other.kind()),
    }
}

/// Whether a text says anything: a blank one is no text at all.
pub(crate) fn is_given(text: Option<&String>) -> bool {
    text.is_some_and(|text| !text.trim().is_empty())
}

/// The outcome that a request itself says.
pub(crate) fn said(request: &Request) -> Option<&str> {
    match request {
        Request::RecordFeedback(it) => Some(&it.outcome),
        Request::DecideAppeal(it) => Some(&it.outcome),
        _ => None,
    }
}

impl Told {
    /// A case that was lodged.
    pub(crate) fn lodged(
        book: &Book,
        request: &Request,
        actor: &Actor,
        complainant: Option<PersonId>,
        now: DateTime<Utc>,
    ) -> Self {
        let Request::Lodge(it) = request else { panic!("only a lodging begins a case") };
        let document = &book.document;
        let against = match (&it.against_unit, &it.against_post) {
            (Some(unit), _) => Some(unit.clone()),
            (None, Some(_)) => Some(book.route(it.category.as_deref(), it.place.as_deref(), None)),
            (None, None) => None,
        };
        let step = book.step("lodge", None, actor.role.as_str(), None).expect("a start");
        let unit = match step.custody {
            Some(Custody::Cell) => book.clear(&document.cell, against.as_deref()),
            _ => book.route(it.category.as_deref(), it.place.as_deref(), against.as_deref()),
        };
        let received =
            it.received_at.as_ref().map(|text| DateTime::parse_from_rfc3339(text).unwrap().to_utc());
        Self {
            version: 1,
            updated_at: now,
            stage: step.to.clone().expect("a stage"),
            unit,
            held_since: now,
            path: Vec::new(),
            opened: false,
            binding: false,
            asked_from: None,
            report: None,
            approval: None,
            approver: None,
            heard: None,
            rounds: 0,
            attempts: Vec::new(),
            closed: None,
            word: Word::NotAwaited,
            disposal: 0,
            first_disposed_at: None,
            transfers: 0,
            reopenings: 0,
            appeals: 0,
            extensions: 0,
            attachments: 0,
            consulted: Vec::new(),
            kind: it.kind.clone().unwrap_or_else(|| document.kind[0].code.clone()),
            category: it.category.clone(),
            place: it.place.clone(),
            channel: it.channel.clone().unwrap_or_else(|| document.channel[0].code.clone()),
            priority: it.priority.clone().or_else(|| book.priority(it.category.as_deref())),
            lodged_at: now,
            received_at: received.unwrap_or(now),
            lodged_by: actor.person,
            complainant,
            anonymous: it.anonymous == Some(true),
            contact: [it.mobile.as_ref(), it.email.as_ref(), it.address.as_ref()].into_iter().any(is_given),
            against,
            parent: None,
            parts: Vec::new(),
            members: Vec::new(),
            merged_into: None,
            owed: false,
            due: None,
            levels: BTreeMap::new(),
            breaches: Vec::new(),
            escalations: 0,
            reminders: 0,
            holds: Vec::new(),
            before: None,
        }
    }

    /// A part of this case.
    pub(crate) fn part(
        &self,
        book: &Book,
        id: GrievanceId,
        unit: &str,
        subject: Option<&str>,
        now: DateTime<Utc>,
    ) -> Self {
        let start = book.document.workflow.step.iter().find(|step| step.action == "lodge").unwrap();
        let start = start.to.clone().unwrap();
        let assigned = book
            .document
            .workflow
            .step
            .iter()
            .find(|step| step.action == "assign" && step.to.is_some() && step.from.contains(&start));
        Self {
            version: 1,
            updated_at: now,
            stage: assigned.and_then(|step| step.to.clone()).unwrap_or(start),
            unit: unit.to_owned(),
            held_since: now,
            path: Vec::new(),
            opened: false,
            binding: false,
            asked_from: None,
            report: None,
            approval: None,
            approver: None,
            heard: None,
            rounds: 0,
            attempts: Vec::new(),
            closed: None,
            word: Word::NotAwaited,
            disposal: 0,
            first_disposed_at: None,
            transfers: 0,
            reopenings: 0,
            appeals: 0,
            extensions: 0,
            attachments: 0,
            consulted: Vec::new(),
            category: subject.map(str::to_owned).or_else(|| self.category.clone()),
            lodged_at: now,
            parent: Some(id),
            parts: Vec::new(),
            members: Vec::new(),
            merged_into: None,
            owed: false,
            due: None,
            levels: BTreeMap::new(),
            breaches: Vec::new(),
            escalations: 0,
            reminders: 0,
            holds: Vec::new(),
            before: None,
            ..self.clone()
        }
    }

    pub(crate) fn is_open(&self, book: &Book) -> bool {
        !book.phase(&self.stage).is_terminal()
    }

    /// What the action comes to here.
    pub(crate) fn outcome<'a>(
        &self,
        book: &Book,
        action: &str,
        said: Option<&'a str>,
        actor: &Actor,
    ) -> Option<&'a str> {
        match (action, said) {
            ("transfer", _) => (self.transfers >= book.document.transfer.cap).then_some("at_cap"),
            ("record_feedback", Some("not_satisfied")) => {
                let last = self.rounds + 1 >= book.document.feedback.rounds;
                let special = book
                    .step(action, Some(&self.stage), actor.role.as_str(), Some("exhausted"))
                    .is_some_and(|step| step.when.is_some());
                Some(if last && special { "exhausted" } else { "not_satisfied" })
            }
            _ => said,
        }
    }

    fn reached_by(&self, book: &Book, action: &str, actor: &Actor) -> bool {
        let unit = actor.unit.as_ref().map(|unit| unit.as_str());
        let role = book.document.role.iter().find(|role| role.code == actor.role.as_str());
        let Some(role) = role else { return false };
        // The laws' rulebooks give each role one reach.
        let reach = role.reach.as_ref().map_or(Reach::OwnCases, |reach| reach.0[0]);
        let complains = self.complainant == Some(actor.person);
        if reach == Reach::OwnCases {
            return complains || self.lodged_by == actor.person;
        }
        if unit.is_some_and(|unit| book.accused(unit, self.against.as_deref())) {
            return false;
        }
        let sender = self.path.last().map(|(unit, _)| unit.as_str());
        // By the office that sent it, whatever the reach.
        if action == "recall" {
            return sender.is_some() && sender == unit;
        }
        if reach == Reach::Everywhere {
            return true;
        }
        let Some(unit) = unit else { return false };
        match action {
            "rescind" => self.before.as_ref().is_some_and(|(_, _, mover)| mover.as_deref() == Some(unit)),
            "answer" => self.consulted.iter().any(|asked| asked == unit),
            _ if reach == Reach::OwnUnit => unit == self.unit,
            _ => book.oversees(unit, &self.unit),
        }
    }

    /// Whether the case is there for the actor at all.
    pub(crate) fn seen_by(&self, book: &Book, actor: &Actor) -> bool {
        let Some(role) = book.document.role.iter().find(|role| role.code == actor.role.as_str()) else {
            return false;
        };
        let reach = role.reach.as_ref().map_or(Reach::OwnCases, |reach| reach.0[0]);
        if reach == Reach::OwnCases {
            return self.complainant == Some(actor.person) || self.lodged_by == actor.person;
        }
        let Some(unit) = actor.unit.as_ref().map(|unit| unit.as_str()) else {
            return reach == Reach::Everywhere;
        };
        if book.accused(unit, self.against.as_deref()) {
            return false;
        }
        let mover = self.before.as_ref().and_then(|(_, _, mover)| mover.as_deref());
        reach == Reach::Everywhere
            || unit == self.unit
            || (reach == Reach::UnitsBelow && book.oversees(unit, &self.unit))
            || self.path.last().is_some_and(|(sender, _)| sender == unit)
            || mover == Some(unit)
            || self.consulted.iter().any(|asked| asked == unit)
    }

    fn open_parts(&self) -> bool {
        self.parts.iter().any(|(_, closed)| !closed)
    }

    pub(crate) fn enough_attempts(&self, book: &Book) -> bool {
        let policy = &book.document.feedback;
        let days: BTreeSet<_> = self.attempts.iter().map(|(day, _)| *day).collect();
        let slots: BTreeSet<_> = self.attempts.iter().map(|(_, slot)| *slot).collect();
        self.attempts.len() >= policy.attempts as usize
            && days.len() >= policy.days as usize
            && slots.len() >= policy.slots as usize
    }

    /// Whether the complainant was heard (`None`), or why not (`Some`); `Err` while it is owed.
    pub(crate) fn hearing(&self, book: &Book) -> Result<Option<&'static str>, ()> {
        let policy = &book.document.feedback;
        if !policy.before_disposal {
            return Ok(None);
        }
        if self.parent.is_some() {
            return Ok(Some("part"));
        }
        match self.heard.as_deref() {
            Some("not_satisfied") if self.rounds >= policy.rounds && self.approval.is_some() => {
                Ok(Some("exhausted"))
            }
            Some("not_satisfied") => Err(()),
            Some(_) => Ok(None),
            None if self.complainant.is_none() && !self.contact => Ok(Some("suo_motu")),
            None if self.anonymous => Ok(Some("anonymous")),
            None if !self.contact => Ok(Some("no_contact")),
            None => Err(()),
        }
    }

    fn in_window(&self, book: &Book, action: &str, now: DateTime<Utc>) -> bool {
        let window = &book.document.window;
        // The last day is in; one on which the office is closed runs on to the next open one.
        let days = |days: u32| {
            self.closed.as_ref().is_none_or(|closed| {
                let known_at = match self.word {
                    Word::NotAwaited => closed.at,
                    Word::Awaited => return true,
                    Word::Arrived(at) => at,
                };
                let mut last = book.day(known_at) + chrono::Days::new(u64::from(days));
                while !book.opens(last) {
                    last = last.succ_opt().unwrap();
                }
                book.day(now) <= last
            })
        };
        match action {
            "rescind" => self
                .before
                .as_ref()
                .is_none_or(|(_, at, _)| now - *at <= TimeDelta::hours(i64::from(window.rescind_hours))),
            "appeal" | "decide_appeal" => days(window.appeal_days),
            // An outcome that is owed can be asked for at any time.
            _ if self.owed => true,
            _ => days(window.reopen_days),
        }
    }

    /// Whether the action is open to the actor now, whatever the command brings.
    pub(crate) fn allows(
        &self,
        book: &Book,
        action: &str,
        said: Option<&str>,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> bool {
        let outcome = self.outcome(book, action, said, actor);
        let Some(step) = book.step(action, Some(&self.stage), actor.role.as_str(), outcome) else {
            return false;
        };
        let gate = |gate| step.gate.contains(&gate);
        let whole =
            ["reopen", "appeal", "decide_appeal", "withdraw", "merge", "split", "record_feedback", "erase"];
        if !self.seen_by(book, actor)
            || !self.reached_by(book, action, actor)
            || now < self.updated_at
            || (self.parent.is_some() && whole.contains(&action))
            || ((action == "dispose" || gate(Gate::Parts)) && self.open_parts())
            || ((action == "dispose" || gate(Gate::Feedback)) && self.hearing(book).is_err())
            || ((["reopen", "appeal", "rescind"].contains(&action) || gate(Gate::Window))
                && !self.in_window(book, action, now))
            || (gate(Gate::Approval) && self.approval.is_none())
        {
            return false;
        }
        let mut judged = vec![self.report.as_ref().map(|(by, ..)| *by)];
        if ["decide_appeal", "verify"].contains(&action) {
            judged.push(self.closed.as_ref().map(|closed| closed.by));
            judged.push(self.approver.filter(|_| self.approval.is_some()));
        }
        if (action == "verify" || gate(Gate::DifferentOfficer)) && judged.contains(&Some(actor.person)) {
            return false;
        }
        let unit = actor.unit.as_ref().map(|unit| unit.as_str());
        let cell = &book.document.cell;
        let intake = &book.document.intake;
        match action {
            "return" => !self.binding && (!self.path.is_empty() || self.unit != *cell),
            "recall" => !self.path.is_empty() && !self.opened,
            "transfer" => !self.binding && (outcome != Some("at_cap") || self.unit != *cell),
            "answer" => unit.is_some_and(|unit| self.consulted.iter().any(|asked| asked == unit)),
            "attach" => self.attachments < intake.attachments,
            "extend" => self.extensions < book.document.window.extensions,
            "split" => self.parts.len() < intake.parts as usize,
            "unseal" => false,
            "merge" => !self.open_parts(),
            "release_hold" => !self.holds.is_empty(),
            "erase" => !self.is_open(book) && !self.is_held(book, now),
            "withdraw" | "decline" => self.members.is_empty() && !self.open_parts(),
            "escalate" => book.above(&self.unit).is_some(),
            "record_feedback" => {
                let inside = self.report.as_ref().is_some_and(|(_, of, _)| unit == Some(of.as_str()));
                !(book.document.feedback.outside_office && inside)
                    && (outcome != Some("unreachable") || self.enough_attempts(book))
            }
            "rescind" => self.before.as_ref().is_some_and(|(before, ..)| {
                let ended = !self.is_open(book) && book.phase(&before.stage) != book.phase(&self.stage);
                let disposed = book.phase(&self.stage) == Phase::Disposed;
                !(ended && (self.parent.is_some() || (disposed && !self.members.is_empty())))
            }),
            _ => true,
        }
    }

    /// The office that the step leaves the case with.
    fn goes_to(&self, book: &Book, step: &StepEntry, action: &str, named: Option<&str>) -> String {
        let usual = match action {
            "assign" | "forward" | "transfer" => Custody::Named,
            "return" | "recall" | "report_action" => Custody::Sender,
            "send_back_report" => Custody::Reporter,
            "appeal" => Custody::Appellate,
            "reopen" => Custody::Disposer,
            _ => Custody::Stay,
        };
        let cell = book.document.cell.as_str();
        let against = self.against.as_deref();
        let routed = || book.route(self.category.as_deref(), self.place.as_deref(), against);
        let sender = self.path.last().map(|(unit, _)| unit.as_str());
        let closed = self.closed.as_ref().map_or(self.unit.as_str(), |closed| closed.unit.as_str());
        let unit = match step.custody.unwrap_or(usual) {
            Custody::Stay => return self.unit.clone(),
            Custody::Routed => return routed(),
            Custody::Named => named.map_or_else(routed, str::to_owned),
            Custody::Sender => sender.unwrap_or(cell).to_owned(),
            Custody::Reporter => self
                .report
                .as_ref()
                .map_or_else(|| sender.unwrap_or(&self.unit).to_owned(), |(_, unit, _)| unit.clone()),
            Custody::Cell => cell.to_owned(),
            Custody::Appellate => book.appellate(closed),
            Custody::Disposer => closed.to_owned(),
        };
        book.clear(&unit, against)
    }

    /// A command on this case was carried out.
    pub(crate) fn take(&mut self, book: &Book, request: &Request, actor: &Actor, now: DateTime<Utc>) {
        let action = request.action().as_str();
        let outcome = self.outcome(book, action, said(request), actor);
        let step =
            book.step(action, Some(&self.stage), actor.role.as_str(), outcome).expect("a step").clone();
        let unit = actor.unit.as_ref().map(|unit| unit.as_str().to_owned());
        let was = self.clone();
        let waived = action == "dispose" && self.hearing(book).is_ok_and(|waiver| waiver.is_some());
        self.version += 1 + u64::from(waived);
        self.updated_at = now;
        if action == "rescind" {
            let (before, ..) = self.before.take().expect("a step to undo");
            let since = std::mem::replace(self, Self { before: None, ..*before });
            (self.version, self.updated_at) = (since.version, since.updated_at);
            (self.attachments, self.rounds) = (since.attachments, since.rounds);
            // What was missed, escalated or asked for since stays a fact.
            (self.breaches, self.escalations) = (since.breaches, since.escalations);
            (self.reminders, self.holds) = (since.reminders, since.holds);
            for (target, (from, rule, level)) in &mut self.levels {
                if let Some((same, by, now)) = since.levels.get(target)
                    && (same, by) == (&*from, &*rule)
                {
                    *level = (*level).max(*now);
                }
            }
            return;
        }
        if unit.as_deref() == Some(self.unit.as_str()) {
            self.opened = true;
        }
        let undoable = [
            "assign",
            "forward",
            "return",
            "transfer",
            "decline",
            "report_action",
            "send_back_report",
            "approve",
            "refuse",
            "dispose",
        ];
        if undoable.contains(&action) {
            let before = Self { opened: self.opened, before: None, ..was.clone() };
            self.before = Some((Box::new(before), now, unit.clone()));
        } else if !["comment", "attach", "remind", "classify", "hold", "release_hold"].contains(&action) {
            self.before = None;
        }

        // Where it goes.
        let named = match request {
            Request::Assign(it) => it.unit.clone(),
            Request::Forward(it) => Some(it.unit.clone()),
            Request::Transfer(it) => Some(it.unit.clone()),
            _ => None,
        };
        let mut to = self.goes_to(book, &step, action, named.as_deref());
        if outcome == Some("at_cap") {
            to = book.clear(&book.document.cell, self.against.as_deref());
        }
        let start = || {
            let lodging = book.document.workflow.step.iter().find(|step| step.action == "lodge").unwrap();
            lodging.to.clone().unwrap()
        };
        self.stage = match (&step.to, action) {
            (Some(stage), _) => stage.clone(),
            (None, "return" | "recall") => self.path.last().map_or_else(start, |(_, stage)| stage.clone()),
            (None, "provide_information") => self.asked_from.clone().unwrap_or_else(|| was.stage.clone()),
            (None, _) => was.stage.clone(),
        };
        if to != was.unit {
            self.held_since = now;
            (self.opened, self.binding) = (false, false);
            let left = (was.unit.clone(), was.stage.clone());
            let appeal = |stage: &str| book.phase(stage) == Phase::UnderAppeal;
            match self.path.iter().rposition(|(unit, _)| *unit == to) {
                Some(at) if action != "approve" => self.path.truncate(at),
                // Nobody is sent back to an appeal or a closure.
                _ if appeal(&was.stage) || (!was.is_open(book) && appeal(&self.stage)) => {}
                _ if !was.is_open(book) => self.path.clear(),
                _ => self.path.push(left),
            }
            self.unit = to;
        }
        self.says(book, request, actor, now, &was, outcome);
    }

    /// What the step says besides where it goes.
    fn says(
        &mut self,
        book: &Book,
        request: &Request,
        actor: &Actor,
        now: DateTime<Utc>,
        was: &Self,
        outcome: Option<&str>,
    ) {
        match request {
            Request::Admit(_) | Request::Acknowledge(_) => self.opened = true,
            Request::Assign(_) => self.binding = was.transfers >= book.document.transfer.cap,
            Request::Forward(_) => self.binding = false,
            Request::Transfer(_) => {
                self.binding = false;
                self.transfers += u32::from(outcome != Some("at_cap"));
            }
            Request::Recategorise(it) => {
                self.category = it.category.clone().or_else(|| self.category.take());
                self.place = it.place.clone().or_else(|| self.place.take());
            }
            Request::Reclassify(it) => self.kind.clone_from(&it.kind),
            Request::Consult(it) => self.consulted.push(it.unit.clone()),
            Request::Answer(_) => {
                let unit = actor.unit.as_ref().expect("an office answers").as_str();
                self.consulted.retain(|asked| asked != unit);
            }
            Request::SeekInformation(_) => {
                self.asked_from.get_or_insert_with(|| was.stage.clone());
            }
            Request::ProvideInformation(_) => self.asked_from = None,
            Request::Attach(_) => self.attachments += 1,
            Request::ReportAction(it) => {
                let unit = actor.unit.as_ref().map_or(was.unit.clone(), |unit| unit.as_str().to_owned());
                self.report = Some((actor.person, unit, it.reason.clone()));
                (self.approval, self.heard) = (None, None);
                self.attempts.clear();
            }
            Request::SendBackReport(_) | Request::Refuse(_) => self.approval = None,
            Request::Approve(it) => {
                let proposed = self.report.as_ref().and_then(|(_, _, reason)| reason.clone());
                self.approval = Some(it.reason.clone().or(proposed));
                self.approver = Some(actor.person);
            }
            Request::RecordCall(it) => {
                if it.reached {
                    self.knows(now);
                }
                let local = now.with_timezone(&book.zone);
                let slot = match local.hour() {
                    ..=11 => 0,
                    12..=16 => 1,
                    _ => 2,
                };
                if !it.reached {
                    let day = local.date_naive();
                    assert_eq!(day.day(), local.day());
                    self.attempts.push((day, slot));
                }
            }
            Request::RecordFeedback(it) => {
                self.knows(now);
                self.heard = Some(it.outcome.clone());
                if it.outcome == "not_satisfied" {
                    self.rounds += 1;
                    self.approval = None;
                }
            }
            Request::Dispose(it) => {
                let reason = it.reason.clone().or_else(|| self.approval.clone().flatten());
                self.closed = Some(Closed {
                    at: now,
                    by: actor.person,
                    unit: self.unit.clone(),
                    reason: reason.expect("a reason"),
                    looked: None,
                    cause: None,
                });
                self.word = Word::NotAwaited;
                self.first_disposed_at.get_or_insert(now);
                let dates = ["review_date", "follow_up_date"];
                let shown = it.evidence.as_ref();
                self.owed = shown.is_some_and(|shown| dates.iter().any(|date| shown.get(*date).is_some()));
            }
            Request::Verify(it) => {
                let closed = self.closed.as_mut().expect("what is verified was disposed");
                closed.looked = Some((it.finding.clone(), it.sample.clone()));
            }
            Request::Classify(it) => {
                let closed = self.closed.as_mut().expect("what is classified was disposed");
                closed.cause = Some(it.root_cause.clone());
            }
            Request::Remind(_) => self.reminders += 1,
            Request::ReleaseHold(it) => self.holds.retain(|(version, _)| *version != u64::from(it.hold)),
            Request::Escalate(_) => self.escalations += 1,
            Request::Reopen(_) => {
                self.reopenings += 1;
                self.begin_anew();
            }
            Request::Appeal(_) => {
                // Who appeals knows; what is left of the windows counts from the disposal.
                self.word = Word::NotAwaited;
                self.appeals += 1;
            }
            Request::DecideAppeal(it) if it.outcome == "allowed" => self.begin_anew(),
            Request::Extend(_) => self.extensions += 1,
            Request::Correct(it) => {
                self.priority = it.priority.clone().or_else(|| self.priority.take());
                self.contact |=
                    [it.mobile.as_ref(), it.email.as_ref(), it.address.as_ref()].into_iter().any(is_given);
            }
            _ => {}
        }
    }

    /// Whether anything keeps the words today.
    pub(crate) fn is_held(&self, book: &Book, now: DateTime<Utc>) -> bool {
        self.holds.iter().any(|(_, until)| until.is_none_or(|until| book.day(now) <= until))
    }

    fn begin_anew(&mut self) {
        (self.report, self.approval, self.heard, self.closed) = (None, None, None, None);
        self.asked_from = None;
        self.owed = false;
    }

    /// What time brought.
    pub(crate) fn hears(&mut self, next: &Recorded) {
        self.updated_at = next.at;
        match &next.event.what {
            What::TargetSet(set) => {
                let since = (set.from_at, set.rule.to_string(), 0);
                self.levels.insert(set.target, since);
                if set.target == TargetKind::Resolution {
                    self.due = Some(set.due_at);
                }
            }
            What::TargetMoved(moved) => {
                if let (Some(rule), Some(level)) = (&moved.rule, self.levels.get_mut(&moved.target)) {
                    level.1 = rule.to_string();
                }
                if moved.target == TargetKind::Resolution {
                    self.due = Some(moved.due_at);
                }
            }
            What::Disposed(_) => self.disposal = next.version,
            What::HoldPlaced(placed) => self.holds.push((next.version, placed.until)),
            What::ClockPaused(paused) if paused.target.is_window() => self.word = Word::Awaited,
            What::ComplainantInformed(told) if told.of == self.disposal => self.knows(next.at),
            What::ClockResumed(resumed) if resumed.target == TargetKind::Resolution => {
                self.due = Some(resumed.due_at);
            }
            What::TargetBreached(breached) => {
                self.breaches.push((breached.due_at, next.event.led_to.unit.to_string()));
            }
            What::Escalated(escalated) => {
                self.escalations += 1;
                self.reached(escalated.target, escalated.level);
            }
            What::EscalationProposed(it) => self.reached(it.target, Some(it.level)),
            _ => {}
        }
    }

    /// The complainant knows of the disposal, if they did not before.
    fn knows(&mut self, at: DateTime<Utc>) {
        if self.word == Word::Awaited {
            self.word = Word::Arrived(at);
        }
    }

    fn reached(&mut self, target: Option<TargetKind>, level: Option<u32>) {
        let (Some(target), Some(level)) = (target, level) else { return };
        if let Some((_, _, most)) = self.levels.get_mut(&target) {
            *most = (*most).max(level);
        }
    }

    /// The public due date: while the case is worked on, and was not reported on.
    pub(crate) fn public_due(&self, book: &Book) -> Option<DateTime<Utc>> {
        let worked_on = [Phase::Registered, Phase::InProgress, Phase::AwaitingComplainant];
        self.due.filter(|_| worked_on.contains(&book.phase(&self.stage)) && self.closed.is_none())
    }

    /// Another case's command told this one something.
    fn is_told(&mut self, actor: &Actor, now: DateTime<Utc>) {
        self.version += 1;
        self.updated_at = now;
        self.before = None;
        if actor.unit.as_ref().is_some_and(|unit| unit.as_str() == self.unit) {
            self.opened = true;
        }
    }
}

/// All cases, told naively.
pub(crate) type Ledger = BTreeMap<GrievanceId, Told>;

/// A command on `case` was carried out; `began` are the cases that it began, in their order.
pub(crate) fn carry(
    ledger: &mut Ledger,
    book: &Book,
    case: GrievanceId,
    request: &Request,
    actor: &Actor,
    now: DateTime<Utc>,
    began: &[GrievanceId],
) {
    let was = ledger[&case].clone();
    ledger.get_mut(&case).unwrap().take(book, request, actor, now);
    let is = ledger[&case].clone();
    match request {
        Request::Split(it) => {
            for (at, (unit, id)) in it.units.iter().zip(began).enumerate() {
                let subject = it.categories.as_ref().map(|all| all[at].as_str());
                ledger.insert(*id, was.part(book, case, unit, subject, now));
                ledger.get_mut(&case).unwrap().parts.push((*id, false));
            }
        }
        Request::Merge(it) => {
            let named: GrievanceId = it.into.parse().expect("an identity");
            let into = ledger[&named].merged_into.unwrap_or(named);
            let master = ledger.get_mut(&into).unwrap();
            master.is_told(actor, now);
            master.members.push(case);
            master.members.extend(&was.members);
            for member in &was.members {
                let member = ledger.get_mut(member).unwrap();
                member.is_told(actor, now);
                member.merged_into = Some(into);
            }
            let case = ledger.get_mut(&case).unwrap();
            case.merged_into = Some(into);
            case.members.clear();
        }
        Request::Erase(_) => {
            for (part, _) in &was.parts {
                ledger.get_mut(part).unwrap().is_told(actor, now);
            }
        }
        Request::Dispose(_) => {
            for member in &was.members {
                ledger.get_mut(member).unwrap().is_told(actor, now);
            }
        }
        _ => {}
    }
    if let Some(parent) = was.parent
        && was.is_open(book) != is.is_open(book)
    {
        let parent = ledger.get_mut(&parent).unwrap();
        parent.is_told(actor, now);
        for (part, closed) in &mut parent.parts {
            if *part == case {
                *closed = !is.is_open(book);
            }
        }
    }
}
