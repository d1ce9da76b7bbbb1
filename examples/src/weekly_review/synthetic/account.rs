//! What a generated year came to, in counts.

use crate::Problem;
use crate::synthetic::carrier::Carrier;
use chrono::NaiveDate;
use grievance_core::desk::{Delivered, SecondLook};
use grievance_core::store::Store;
use grievance_core::vocabulary::{FeedbackOutcome, JobKind, MessageChannel, Suspicion};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Counts of a year. None of them names anybody.
#[derive(Debug)]
pub(crate) struct Account {
    seed: u64,
    pub(crate) commands: u64,
    pub(crate) refused: u64,
    /// The days of the weekly statements.
    pub(crate) statements: Vec<NaiveDate>,
    /// Jobs that came round, by kind.
    pub(crate) jobs: BTreeMap<JobKind, u64>,
    calls: u64,
    reached: u64,
    heard: BTreeMap<FeedbackOutcome, u64>,
    looks: Looks,
    /// What pointed at closings, by kind, as often as it did in a round.
    suspected: BTreeMap<Suspicion, u64>,
    statement: Told,
    retried: u64,
    to_call: u64,
    /// Messages by channel and template: sent, parked.
    messages: BTreeMap<(MessageChannel, String), (u64, u64)>,
    /// What was wrong with the parked.
    problems: BTreeMap<String, u64>,
}

/// Second looks: closings among which samples were drawn, cases drawn, looked at, found deficient.
#[derive(Clone, Copy, Debug, Default)]
struct Looks {
    closings: u64,
    drawn: u64,
    looked: u64,
    deficient: u64,
}

/// Offices told of their statement, messages about it, and those that arrived.
#[derive(Clone, Copy, Debug, Default)]
struct Told {
    offices: u64,
    messages: u64,
    arrived: u64,
}

impl Account {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            seed,
            commands: 0,
            refused: 0,
            statements: Vec::new(),
            jobs: BTreeMap::new(),
            calls: 0,
            reached: 0,
            heard: BTreeMap::new(),
            looks: Looks::default(),
            suspected: BTreeMap::new(),
            statement: Told::default(),
            retried: 0,
            to_call: 0,
            messages: BTreeMap::new(),
            problems: BTreeMap::new(),
        }
    }

    pub(crate) fn delivered(&mut self, done: &Delivered) {
        self.retried += done.retried;
        self.to_call += done.to_call.len() as u64;
    }

    pub(crate) fn called(&mut self, reached: bool) {
        self.calls += 1;
        self.reached += u64::from(reached);
    }

    pub(crate) fn drawn(&mut self, round: &SecondLook) {
        self.looks.closings += round.disposals;
        self.looks.drawn += round.sample.drawn.len() as u64;
        for suspected in &round.suspected {
            *self.suspected.entry(suspected.what).or_default() += 1;
        }
    }

    pub(crate) fn looked(&mut self, deficient: bool) {
        self.looks.looked += 1;
        self.looks.deficient += u64::from(deficient);
    }

    /// An office was told of its statement: so many messages, so many of which arrived.
    pub(crate) fn office_told(&mut self, messages: u64, arrived: u64) {
        self.statement.offices += 1;
        self.statement.messages += messages;
        self.statement.arrived += arrived;
    }

    pub(crate) fn heard(&mut self, outcome: FeedbackOutcome) {
        *self.heard.entry(outcome).or_default() += 1;
    }

    /// At the end of the year, when the last message is out: what was sent, and what is parked.
    pub(crate) fn close(&mut self, carrier: &Carrier, store: &dyn Store) -> Result<(), Problem> {
        for (kind, sent) in carrier.taken() {
            self.messages.entry(kind).or_default().0 += sent;
        }
        for parked in store.parked(usize::MAX)? {
            let kind = (parked.notice.channel, parked.notice.template.to_string());
            self.messages.entry(kind).or_default().1 += 1;
            *self.problems.entry(parked.problem.to_string()).or_default() += 1;
        }
        Ok(())
    }

    /// One line: how the year was made.
    pub(crate) fn made(&self) -> String {
        format!(
            "{} commands decided, {} of them refused by a rule; seed {}",
            self.commands, self.refused, self.seed
        )
    }

    /// Calls, messages and jobs, each line ended.
    pub(crate) fn told(&self) -> String {
        let mut to = String::new();
        self.tell(&mut to).expect("writing into a text cannot fail");
        to
    }

    fn tell(&self, to: &mut String) -> std::fmt::Result {
        let heard = |outcome| self.heard.get(&outcome).copied().unwrap_or(0);
        writeln!(to, "\nFeedback calls")?;
        writeln!(
            to,
            "  {} made, {} reached: {} satisfied, {} not satisfied; {} closed as unreachable",
            self.calls,
            self.reached,
            heard(FeedbackOutcome::Satisfied),
            heard(FeedbackOutcome::NotSatisfied),
            heard(FeedbackOutcome::Unreachable)
        )?;
        let jobs: Vec<_> = self.jobs.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
        if !jobs.is_empty() {
            writeln!(to, "  Jobs that came round: {}", jobs.join(", "))?;
        }
        let Looks { closings, drawn, looked, deficient } = self.looks;
        writeln!(to, "\nSecond looks")?;
        writeln!(to, "  {drawn} drawn of {closings} closings, {looked} looked at, {deficient} deficient")?;
        let pointed: Vec<_> = self.suspected.iter().map(|(what, count)| format!("{what} {count}")).collect();
        if !pointed.is_empty() {
            writeln!(
                to,
                "  Closings were pointed at, offices or officers in a month: {}",
                pointed.join(", ")
            )?;
        }
        let Told { offices, messages, arrived } = self.statement;
        writeln!(to, "\nStatements")?;
        writeln!(to, "  {offices} offices told of theirs in {messages} messages, {arrived} arrived")?;
        writeln!(to, "\nNotices\n  {:<10}{:<28}{:>10}{:>10}", "channel", "template", "sent", "parked")?;
        let (mut all_sent, mut all_parked) = (0, 0);
        for ((channel, template), (sent, parked)) in &self.messages {
            writeln!(to, "  {:<10}{template:<28}{sent:>10}{parked:>10}", channel.as_str())?;
            all_sent += sent;
            all_parked += parked;
        }
        writeln!(to, "  {:<38}{all_sent:>10}{all_parked:>10}", "all")?;
        let problems: Vec<_> = self.problems.iter().map(|(code, count)| format!("{code} {count}")).collect();
        if !problems.is_empty() {
            writeln!(to, "  Parked because: {}", problems.join(", "))?;
        }
        writeln!(
            to,
            "  {} tries failed and were made again; {} complainants to be told of the closure by telephone",
            self.retried, self.to_call
        )
    }
}
