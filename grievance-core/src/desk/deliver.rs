//! Messages on their way out: claimed, written, handed to a gateway, settled.

use crate::desk::activate::command_named;
use crate::desk::prepare::Pending;
use crate::desk::{Desk, DeskError, Look};
use crate::grievance::command::Command;
use crate::grievance::decide::decide;
use crate::grievance::moment::Moment;
use crate::grievance::notice::{Notice, Recipient, Variable};
use crate::grievance::tell::{addressed, may_still_hear};
use crate::kernel::code::ProblemCode;
use crate::kernel::id::{ClaimId, GrievanceId, NoticeId, VaultId};
use crate::kernel::mobile::Mobile;
use crate::kernel::text::Digest;
use crate::kernel::time::whole_millis;
use crate::message::{Address, Gateway, GatewayError, Message, Render, RenderError, Value};
use crate::rulebook::Rulebook;
use crate::rulebook::safe::SafeHours;
use crate::store::StoreError;
use crate::store::commit::Commit;
use crate::store::outbox::{Claimed, Settlement};
use crate::vocabulary::{LookPurpose, MessageChannel, Remedy};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;
use std::sync::Arc;

/// Messages that one worker claims together.
const TOGETHER: usize = 50;
/// How long a claim holds; a gateway that takes longer may be handed the message again.
const LEASE: TimeDelta = TimeDelta::minutes(5);
/// Tries before a message is parked.
const TRIES: u32 = 14;
/// The wait after the first try that failed; it doubles with each.
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(30);
/// No wait is longer.
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(6);

/// What a round of deliveries came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Messages that the gateway took.
    pub sent: u64,
    /// Messages that will be tried again.
    pub retried: u64,
    /// Messages that were given up and wait for a person to look at them.
    pub parked: Vec<NoticeId>,
    /// Messages that nobody is to have any more: the vault's row of the contact was erased, the
    /// complainant wants none by any of its ways now, or the case was sealed meanwhile and the office
    /// may not know of it.
    pub dropped: u64,
    /// Messages that another worker settled meanwhile: the gateway may have had them twice.
    pub elsewhere: u64,
    /// Cases whose complainant has to be called, because the message about the closure could not
    /// be delivered; their time to reopen and to appeal does not run before they know.
    pub to_call: Vec<GrievanceId>,
}

/// What a round of deliveries works with.
struct Round<'a> {
    now: DateTime<Utc>,
    gateway: &'a dyn Gateway,
    /// The rulebook in force: its hours hold, whatever a message was written under.
    rulebook: Arc<Rulebook>,
    /// The texts of each version that a message was written under.
    renders: HashMap<Digest, Render>,
}

/// A message on its way: to where, by which way and at what hours its recipient now wants it.
struct Outgoing {
    claimed: Claimed,
    own: Option<SafeHours>,
    /// Whether anybody is to have it still.
    wanted: bool,
    /// Whether its words, or its address, do not open: its key is missing, or the text was altered.
    shut: bool,
}

/// Why a message was not sent.
enum Unsent {
    /// There is nobody to send it to any more.
    Gone,
    /// It cannot be written, or the address is of no use.
    Unusable(&'static str),
    /// It does not open: a key may come back.
    Shut,
}

impl Desk {
    /// Hands up to `limit` messages that may go out at `now` to a gateway, the longest waiting
    /// first, those of one case in their order.
    ///
    /// At least once: a message whose worker died, or whose answer was lost, is handed over again
    /// under the same identity. A failure that may pass is tried again after 30 seconds, then
    /// twice as long each time up to six hours, a little later for some than for others; after
    /// fourteen tries, a good day later, or at once where trying cannot help, the message is parked
    /// and stays visible. So is one whose worker died that often, and one that was sent but of which
    /// its case could not be told. Nobody outside the office is written to out of the rulebook's safe hours
    /// and their own, however late a worker comes or a try falls. What waits goes where the complainant
    /// wants it by then ([`addressed`]).
    ///
    /// A message whose words or address do not open, since a key is missing or a text was altered, holds no other back: it is
    /// tried again like one whose gateway failed, and then parked.
    ///
    /// Several workers and processes may deliver at the same time. All of a round is taken to happen at `now`; where it may take
    /// minutes, [`deliver_timed`](Self::deliver_timed) keeps two of them from handing over the same.
    ///
    /// # Errors
    ///
    /// When the store fails as a whole, or no rulebook is in force. What was settled before stays.
    pub fn deliver(
        &self,
        now: DateTime<Utc>,
        gateway: &dyn Gateway,
        limit: usize,
    ) -> Result<Delivered, DeskError> {
        self.deliver_timed(now, &TimeDelta::zero, gateway, limit)
    }

    /// The same by a host that says how long the round has taken so far. A claim holds for five minutes: a message that a slow
    /// gateway has not been handed by then is left to whoever claims it next, and not handed over by both.
    ///
    /// # Errors
    ///
    /// As of [`deliver`](Self::deliver).
    pub fn deliver_timed(
        &self,
        now: DateTime<Utc>,
        taken: &dyn Fn() -> TimeDelta,
        gateway: &dyn Gateway,
        limit: usize,
    ) -> Result<Delivered, DeskError> {
        let now = whole_millis(now);
        let rulebook = self.rulebook(now)?;
        let mut round = Round { now, gateway, renders: HashMap::new(), rulebook };
        let mut done = Delivered::default();
        let mut seen = 0;
        while seen < limit {
            let by = ClaimId::from_uuid(self.minting(|mint| mint.uuid()));
            let since = taken();
            let at = now.checked_add_signed(since).map_or(now, whole_millis);
            let claimed = self.store.claim(at, LEASE, TOGETHER.min(limit - seen), by)?;
            if claimed.is_empty() {
                break;
            }
            seen += claimed.len();
            let outgoing = claimed.into_iter().map(|one| self.outgoing(one, &round.rulebook));
            let mut outgoing = outgoing.collect::<Result<Vec<_>, _>>()?;
            let texts = self.texts_for(&mut outgoing, now)?;
            for one in outgoing {
                // Somebody else may have the rest by now.
                if taken() - since >= LEASE {
                    break;
                }
                self.deliver_one(&one, &texts, &mut round, &mut done)?;
            }
        }
        Ok(done)
    }

    /// The texts that the vault keeps for these messages: addresses and what people wrote. Marks those that do not open.
    fn texts_for(
        &self,
        outgoing: &mut [Outgoing],
        now: DateTime<Utc>,
    ) -> Result<HashMap<VaultId, String>, DeskError> {
        let system = Self::system();
        let mut looks = Vec::with_capacity(outgoing.len());
        for Outgoing { claimed: Claimed { notice, .. }, .. } in &*outgoing {
            let mut ids = Vec::new();
            ids.extend(match &notice.to {
                Recipient::Contact(id) => Some(*id),
                _ => None,
            });
            ids.extend(notice.variables.values().filter_map(|variable| match variable {
                Variable::Text(id) => Some(*id),
                _ => None,
            }));
            let look = Look { actor: &system, case: notice.case, purpose: LookPurpose::Delivery, now };
            looks.push((look, ids));
        }
        let mut texts = HashMap::new();
        for (one, words) in outgoing.iter_mut().zip(self.words_of(&looks)?) {
            match words {
                Ok(words) => texts.extend(words.into_iter().map(|text| (text.id, text.content))),
                Err(_) => one.shut = true,
            }
        }
        Ok(texts)
    }

    fn deliver_one(
        &self,
        Outgoing { claimed, own, wanted, shut }: &Outgoing,
        texts: &HashMap<VaultId, String>,
        round: &mut Round<'_>,
        done: &mut Delivered,
    ) -> Result<(), DeskError> {
        let notice = &claimed.notice;
        let version = self.written_under(notice, &round.rulebook)?;
        let Round { now, gateway, rulebook, renders } = round;
        let (now, rulebook) = (*now, &*rulebook);
        let render = renders.entry(version.version()).or_insert_with(|| Render::new(&version));
        let safe = |at| {
            if notice.to.is_office() { at } else { rulebook.messages().safe_at(at, rulebook.zone(), *own) }
        };
        let written = match (*wanted, *shut) {
            (false, _) => Err(Unsent::Gone),
            (true, true) => Err(Unsent::Shut),
            (true, false) => written(notice, texts, render),
        };
        let again = |code| Settlement::Retry {
            at: safe(now + wait(notice.id, claimed.attempts)),
            problem: problem(code),
        };
        let mut settlement = match written {
            Ok(_) if safe(now) > now => {
                Settlement::Retry { at: safe(now), problem: problem("waits_for_safe_hours") }
            }
            Err(Unsent::Gone) => Settlement::Dropped { at: now },
            Err(Unsent::Unusable(problem)) => parked(now, problem),
            Err(Unsent::Shut) if claimed.attempts >= TRIES => parked(now, "does_not_open"),
            Err(Unsent::Shut) => again("does_not_open"),
            // Whoever tried it so often did not live to say what was wrong with it.
            Ok(_) if claimed.attempts > TRIES => parked(now, "too_many_tries"),
            Ok(message) => match gateway.send(&message) {
                Ok(sent) => Settlement::Delivered { at: now, reference: sent.kept() },
                Err(GatewayError::Permanent(_)) => parked(now, "refused"),
                Err(GatewayError::Transient(_)) if claimed.attempts >= TRIES => parked(now, "too_many_tries"),
                Err(GatewayError::Transient(_)) => again("gateway_failed"),
            },
        };
        // The case hears of it first: a worker that dies between the two hands the message over
        // again and tells the case the same, which is then known.
        if notice.informs && !matches!(settlement, Settlement::Retry { .. }) {
            let arrived = matches!(settlement, Settlement::Delivered { .. });
            match self.tell_case(notice, arrived, now, rulebook) {
                Ok(()) if arrived => {}
                Ok(()) => done.to_call.push(notice.case),
                // A case that cannot be read holds no other message back. Where it may pass, the
                // same is tried again; the gateway knows the message.
                Err(failed) if failed.remedy() == Remedy::Amend || claimed.attempts >= TRIES => {
                    settlement = parked(now, "case_not_told");
                }
                Err(_) => settlement = again("case_not_told"),
            }
        }
        if !self.store.settle(notice.id, claimed.by, &settlement)? {
            done.elsewhere += 1;
            return Ok(());
        }
        match settlement {
            Settlement::Delivered { .. } => done.sent += 1,
            Settlement::Retry { .. } => done.retried += 1,
            Settlement::Parked { .. } => done.parked.push(notice.id),
            Settlement::Dropped { .. } => done.dropped += 1,
        }
        Ok(())
    }

    /// A message that waited, as its case now wants it sent. Of a case that cannot be read it goes as
    /// it was queued.
    fn outgoing(&self, claimed: Claimed, rulebook: &Rulebook) -> Result<Outgoing, DeskError> {
        let mut outgoing = Outgoing { claimed, own: None, wanted: true, shut: false };
        let notice = &mut outgoing.claimed.notice;
        if notice.to.is_office() {
            let case = self.store.fact(notice.case)?;
            outgoing.wanted = case.is_none_or(|case| may_still_hear(&notice.to, &case, rulebook));
            return Ok(outgoing);
        }
        match self.load(notice.case, &Pending::new()) {
            Ok(Some(loaded)) => match addressed(notice, &loaded.case) {
                Some((to, channel, own)) => {
                    (notice.to, notice.channel) = (to, channel);
                    outgoing.own = own;
                }
                None => outgoing.wanted = false,
            },
            Ok(None) => {}
            Err(failed) if failed.remedy() == Remedy::Amend => {}
            Err(failed) => return Err(failed),
        }
        Ok(outgoing)
    }

    /// The rulebook version that a message is put into words by: the one it was written under, though
    /// another is in force by now. A message from before that was kept has the version of its event.
    /// Where it cannot be told, or the version is not there any more, it is the one in force.
    fn written_under(&self, notice: &Notice, in_force: &Arc<Rulebook>) -> Result<Arc<Rulebook>, DeskError> {
        let version = match notice.rulebook {
            Some(version) => Ok(Some(version)),
            None => self.store.history(notice.case).map(|history| {
                let event = history.events.iter().find(|event| event.version == notice.about);
                event.map(|event| event.rulebook)
            }),
        };
        let edition = version.map_err(DeskError::from).and_then(|version| match version {
            Some(version) if version != in_force.version() => self.edition(version),
            _ => Ok(Arc::clone(in_force)),
        });
        match edition {
            Err(failed) if failed.remedy() == Remedy::Amend => Ok(Arc::clone(in_force)),
            edition => edition,
        }
    }

    /// Records in the case that its complainant was informed, or could not be.
    fn tell_case(
        &self,
        notice: &Notice,
        arrived: bool,
        now: DateTime<Utc>,
        rulebook: &Arc<Rulebook>,
    ) -> Result<(), DeskError> {
        let name = Digest::of(&[b"told", notice.id.uuid().as_bytes(), &[u8::from(arrived)]]);
        let command = command_named(name);
        if self.store.receipt(command)?.is_some() {
            return Ok(());
        }
        let system = Self::system();
        loop {
            let Some(loaded) = self.load(notice.case, &Pending::new())? else { return Ok(()) };
            let told = Command::NoticeSettled { of: notice.about, arrived };
            // A host whose clock went back is behind its own records; they stand.
            let at = now.max(loaded.case.updated_at);
            let since = self.since(&loaded.case, at, rulebook)?;
            let moment = Moment { since, ..Moment::new(at, &system, rulebook) };
            let events = decide(Some(&loaded.case), &told, &moment)?;
            if events.is_empty() {
                return Ok(());
            }
            let (stream, _) = self.append(loaded, events, (&system, at, rulebook))?;
            let commit = Commit { command, fingerprint: name, streams: vec![stream], texts: Vec::new() };
            match self.commit_firmly(&commit) {
                Ok(_) => return Ok(()),
                Err(StoreError::Conflict { .. }) => {}
                Err(problem) => return Err(problem.into()),
            }
        }
    }
}

fn problem(code: &'static str) -> ProblemCode {
    ProblemCode::new(code).expect("a plain word is a code")
}

fn parked(at: DateTime<Utc>, code: &'static str) -> Settlement {
    Settlement::Parked { at, problem: problem(code) }
}

/// How long to wait after a try that failed: doubling, and up to a quarter longer by the message's
/// own identity, so that what failed together is not tried together.
fn wait(id: NoticeId, attempts: u32) -> TimeDelta {
    let doubled = FIRST_WAIT * 2_i32.pow(attempts.saturating_sub(1).min(16));
    let wait = doubled.min(LONGEST_WAIT);
    let spread = i32::from(id.uuid().as_bytes()[15]);
    wait + wait * spread / 1024
}

/// The message in words, with its address.
fn written(notice: &Notice, texts: &HashMap<VaultId, String>, render: &Render) -> Result<Message, Unsent> {
    let to = address(notice, texts)?;
    let mut values = Vec::with_capacity(notice.variables.len());
    for (name, variable) in &notice.variables {
        let value = match (Value::of(variable), variable) {
            (Some(value), _) => value,
            (None, Variable::Text(id)) => Value::Text(texts.get(id).cloned().ok_or(Unsent::Gone)?),
            (None, _) => return Err(Unsent::Unusable("unknown_value")),
        };
        values.push((name.as_str(), value));
    }
    let rendered = render
        .render(&notice.template, &notice.language, notice.channel, &values)
        .map_err(|problem| Unsent::Unusable(code_of(&problem)))?;
    Ok(Message { id: notice.id, channel: notice.channel, to, rendered })
}

fn address(notice: &Notice, texts: &HashMap<VaultId, String>) -> Result<Address, Unsent> {
    Ok(match &notice.to {
        Recipient::Contact(id) => {
            let text = texts.get(id).ok_or(Unsent::Gone)?;
            match notice.channel {
                MessageChannel::Sms => {
                    Address::Mobile(Mobile::parse(text).map_err(|_| Unsent::Unusable("no_mobile"))?)
                }
                MessageChannel::Email => Address::Email(text.clone()),
                MessageChannel::Letter => Address::Postal(text.clone()),
                MessageChannel::Inbox => Address::Inbox(text.clone()),
            }
        }
        Recipient::Person(person) => Address::Inbox(person.to_string()),
        Recipient::Unit(unit) => Address::Unit(unit.clone()),
        Recipient::Post { unit, post } => Address::Post { unit: unit.clone(), post: post.clone() },
    })
}

/// What is wrong with a message that cannot be written, in one word without a value.
const fn code_of(problem: &RenderError) -> &'static str {
    match problem {
        RenderError::UnknownTemplate { .. } => "unknown_template",
        RenderError::NoText { .. } => "no_text",
        RenderError::TooLong { .. } | RenderError::TooManyParts { .. } => "too_long",
        _ => "not_written",
    }
}
