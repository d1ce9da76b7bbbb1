//! Whom the events of a case tell, in which words, by which way and when.

use crate::grievance::event::{Event, Recorded, What};
use crate::grievance::moment::Moment;
use crate::grievance::notice::{Notice, Recipient, Variable};
use crate::grievance::project::CaseFact;
use crate::grievance::state::{Grievance, Subject};
use crate::kernel::code::{PostCode, RoleCode, UnitCode};
use crate::kernel::id::NoticeId;
use crate::kernel::text::{Digest, TextRef};
use crate::proof::receipt::ReceiptCode;
use crate::rulebook::Rulebook;
use crate::rulebook::blank::Blank;
use crate::rulebook::message::{Inform, TemplateEntry, Trigger};
use crate::rulebook::safe::SafeHours;
use crate::vocabulary::{Action, Audience, EventKind, MessageChannel, Occasion, TargetKind, TellWhen};
use chrono::{DateTime, TimeDelta, Utc};
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;

/// Whether a message of a case that waits to go out may still go to its recipient, as the case now
/// stands. The public may be told what it was told of; of a case that was sealed meanwhile an office
/// hears only through a post that may know of it.
pub fn may_still_hear(to: &Recipient, case: &CaseFact, rulebook: &Rulebook) -> bool {
    let Some(seal) = &case.sealed else { return true };
    match to {
        Recipient::Contact(_) | Recipient::Person(_) => true,
        Recipient::Unit(_) => false,
        Recipient::Post { unit, post } => rulebook.may_know(unit, post, seal, case.against.as_ref()),
    }
}

/// Where a message to the public that waited goes, as the case now stands, and when it may: the way it
/// was meant to go if the complainant still wants it, to the contact that they now have for it, else
/// the first of the message's other ways that they want. `None` when they want none of them.
///
/// Who signed with them is told as before: the complainant's wishes are not theirs.
pub fn addressed(
    notice: &Notice,
    case: &Grievance,
) -> Option<(Recipient, MessageChannel, Option<SafeHours>)> {
    let subject = &case.subject;
    let signed = subject.complainant.signatory_mobiles.iter().flatten();
    if signed.into_iter().any(|text| notice.to == Recipient::Contact(text.id)) {
        return Some((notice.to.clone(), notice.channel, None));
    }
    let found = contact(subject, &[notice.channel]).or_else(|| contact(subject, &notice.ways));
    found.map(|(to, channel)| {
        let own = own_hours(subject, &to);
        (to, channel, own)
    })
}

/// The messages that the events of one commit owe, in the order in which they are to arrive.
///
/// `case` is the case after all of `recorded`: what a message says of the due date is the due date
/// that the step set. A case that was taken over from another system owes nothing for what
/// happened there. Nobody is told of a case that is about their own office, of a sealed one only
/// posts that may know of it, and nobody twice of one event by one rule, though two of its
/// audiences be one person. The public is told of a divided case as a whole, not of its parts.
///
/// `receipt` is that of the case's lodging, where one of the events is that.
pub fn notices<'a>(
    case: &Grievance,
    recorded: impl IntoIterator<Item = &'a Recorded>,
    rulebook: &Rulebook,
    receipt: Option<&ReceiptCode>,
) -> Vec<Notice> {
    let mut notices = Vec::new();
    for event in recorded {
        let telling = Telling { case, event, rulebook, receipt };
        let (mut place, mut told_already) = (0, BTreeSet::new());
        let mut informs = event.event.what.kind() == EventKind::Disposed;
        let rules = triggers(case, event, rulebook).flat_map(|trigger| rulebook.messages().rules(trigger));
        for rule in rules {
            let told = rule.audience.iter().filter(|audience| !(case.is_part() && audience.is_public()));
            for audience in told {
                for (to, channel) in telling.recipients(*audience, rule) {
                    let Some(mut notice) = telling.notice(rule, *audience, to, channel, place) else {
                        continue;
                    };
                    // A head who is the nodal officer too; a rule for an event and for its occasion.
                    if !told_already.insert(notice.id) {
                        continue;
                    }
                    // What stands in the complainant's own list is there at once.
                    if *audience == Audience::Complainant && channel != MessageChannel::Inbox {
                        notice.informs = std::mem::take(&mut informs);
                    }
                    notices.push(notice);
                    place += 1;
                }
            }
        }
    }
    notices
}

/// Whether the complainant, or somebody who signed with them, is told something by messages.
pub fn tells_public(notices: &[Notice]) -> bool {
    notices.iter().any(|notice| !notice.to.is_office())
}

/// When the complainant of a case was told anything, in the order of time: the commits of which the rulebook
/// of their time tells them, by a way that they could then be reached. Whether the message arrived is the
/// outbox's to say. `rulebook` gives a version; of one that it does not have it is not known whether it told
/// anybody.
///
/// # Errors
///
/// What `rulebook` says.
pub fn told_at<B: Deref<Target = Rulebook>, E>(
    history: &[Recorded],
    mut rulebook: impl FnMut(Digest) -> Result<Option<B>, E>,
) -> Result<Vec<DateTime<Utc>>, E> {
    // The words of a message do not matter here, so any receipt will do.
    let receipt = ReceiptCode::of(Digest::of(&[b"any"]));
    let (mut case, mut told): (Option<Grievance>, Vec<DateTime<Utc>>) = (None, Vec::new());
    // The events of one commit bear one instant, and were decided by one rulebook.
    for commit in history.chunk_by(|one, next| (one.at, one.rulebook) == (next.at, next.rulebook)) {
        for next in commit {
            match &mut case {
                Some(case) => case.evolve(next),
                None => case = Grievance::begin(next),
            }
        }
        // What another system did is told of by nobody here, and its rulebook is none.
        let tells = commit.iter().any(|next| !matches!(next.event.what, What::Adopted(_)));
        let Some(case) = case.as_ref().filter(|_| tells) else { continue };
        let Some(rulebook) = rulebook(commit[0].rulebook)? else { continue };
        if tells_public(&notices(case, commit, &rulebook, Some(&receipt))) {
            told.push(commit[0].at);
        }
    }
    Ok(told)
}

/// Whether the complainant will know of a disposal only when a message about it has arrived.
pub(crate) fn is_awaited(case: &Grievance, disposal: &Event, at: &Moment<'_>) -> bool {
    let recorded = Recorded {
        case: case.id,
        version: case.version + 1,
        at: at.now,
        actor: at.actor.clone(),
        rulebook: at.rulebook.version(),
        event: disposal.clone(),
    };
    let mut after = case.clone();
    after.evolve(&recorded);
    notices(&after, [&recorded], at.rulebook, None).iter().any(|notice| notice.informs)
}

/// What an event is to those who are told. An approval that leaves the case to be confirmed with
/// the complainant announces the call, too.
fn triggers(case: &Grievance, recorded: &Recorded, rulebook: &Rulebook) -> impl Iterator<Item = Trigger> {
    let Recorded { event: Event { what, led_to }, .. } = recorded;
    let call = matches!(what, What::Approved(_))
        && rulebook.workflow().offers(Action::RecordFeedback, &led_to.stage);
    let call = call.then_some(Trigger::Occasion(Occasion::FeedbackCall));
    trigger(case, recorded).into_iter().chain(call)
}

/// What an event itself is to those who are told.
fn trigger(case: &Grievance, recorded: &Recorded) -> Option<Trigger> {
    Some(match &recorded.event.what {
        What::TargetBreached(_) => Trigger::Occasion(Occasion::Overdue),
        // The office's own head, before it is late, is reminded; a superior has it escalated.
        What::Escalated(escalated)
            if escalated.level.is_some() && escalated.to == recorded.event.led_to.unit =>
        {
            let clock = escalated.target.and_then(|target| case.clock(target));
            if clock.is_some_and(|clock| clock.due_at > recorded.at) {
                Trigger::Occasion(Occasion::DueSoon)
            } else {
                Trigger::Event(EventKind::Escalated)
            }
        }
        What::Adopted(_) => return None,
        what => Trigger::Event(what.kind()),
    })
}

/// One event on its way to those who are told.
struct Telling<'a> {
    case: &'a Grievance,
    event: &'a Recorded,
    rulebook: &'a Rulebook,
    receipt: Option<&'a ReceiptCode>,
}

impl Telling<'_> {
    fn recipients(&self, audience: Audience, rule: &Inform) -> Vec<(Recipient, MessageChannel)> {
        let subject = &self.case.subject;
        let complainant = &subject.complainant;
        let unit = &self.event.event.led_to.unit;
        match audience {
            Audience::Complainant => contact(subject, &rule.channels).into_iter().collect(),
            Audience::Signatories => {
                if !rule.channels.contains(&MessageChannel::Sms) {
                    return Vec::new();
                }
                let signed = complainant.signatory_mobiles.iter().flatten();
                signed.map(|text| (Recipient::Contact(text.id), MessageChannel::Sms)).collect()
            }
            Audience::Unit | Audience::HeadOfUnit | Audience::NodalOfficer => {
                self.officer(rule, officer_of(audience, unit, self.rulebook), unit)
            }
            Audience::EscalatedPost | Audience::EscalatedUnit => {
                let (to, post) = match &self.event.event.what {
                    What::Escalated(it) => (&it.to, &it.post),
                    What::EscalationProposed(it) => (&it.to, &it.post),
                    _ => return Vec::new(),
                };
                let whom = match (audience, post) {
                    (Audience::EscalatedPost, Some(post)) => Some(at_post(to, post)),
                    // Where the post is known, the office need not be told beside it.
                    (Audience::EscalatedUnit, None) => Some(Recipient::Unit(to.clone())),
                    _ => None,
                };
                self.officer(rule, whom, to)
            }
        }
    }

    /// An officer is reached by the first channel of the rule; the host knows how.
    fn officer(
        &self,
        rule: &Inform,
        to: Option<Recipient>,
        unit: &UnitCode,
    ) -> Vec<(Recipient, MessageChannel)> {
        let accused = self.case.against();
        let Some(channel) =
            rule.channels.first().copied().filter(|_| !self.rulebook.is_accused(unit, accused))
        else {
            return Vec::new();
        };
        let Some(seal) = &self.case.sealed else { return to.map(|to| (to, channel)).into_iter().collect() };
        // The office as a whole is not told: the posts in it are that may know.
        let posts: Vec<PostCode> = match to {
            Some(Recipient::Post { post, .. }) => vec![post],
            Some(Recipient::Unit(_)) => {
                let named = self.rulebook.named_posts(seal, accused);
                named.into_iter().filter(|it| it.unit == *unit).filter_map(|it| it.post).collect()
            }
            _ => Vec::new(),
        };
        let knowing = posts.iter().filter(|post| self.rulebook.may_know(unit, post, seal, accused));
        knowing.map(|post| (at_post(unit, post), channel)).collect()
    }

    fn notice(
        &self,
        rule: &Inform,
        audience: Audience,
        to: Recipient,
        channel: MessageChannel,
        place: u32,
    ) -> Option<Notice> {
        let messages = self.rulebook.messages();
        let choices = [Some(&rule.template), rule.otherwise.as_ref()];
        let (template, variables) = choices.into_iter().flatten().find_map(|code| {
            let entry = messages.template(code).filter(|entry| entry.channel.contains(&channel))?;
            Some((code.clone(), self.variables(entry)?))
        })?;
        let default = self.rulebook.languages().first()?;
        let wanted = match &to {
            Recipient::Contact(_) | Recipient::Person(_) => self.case.subject.language.as_ref(),
            Recipient::Unit(unit) => self.rulebook.language_of(unit, None),
            Recipient::Post { unit, post } => self.rulebook.language_of(unit, Some(post)),
        };
        let wanted = wanted.unwrap_or(default);
        let language = messages.template(&template)?.language(wanted, default)?.clone();
        let at = self.event.at;
        let calendar =
            self.rulebook.calendar(&self.event.event.led_to.unit, self.case.subject.place.as_ref());
        let open = match rule.when {
            TellWhen::AtOnce => at,
            TellWhen::WorkingHours => calendar.roll_forward(at),
        };
        let not_before = if audience.is_public() {
            messages.safe_at(open, self.rulebook.zone(), own_hours(&self.case.subject, &to))
        } else {
            open
        };
        let ways = match audience {
            Audience::Complainant => {
                let made_for = &messages.template(&template)?.channel;
                rule.channels.iter().copied().filter(|way| made_for.contains(way)).collect()
            }
            _ => Vec::new(),
        };
        let ways = if ways.len() > 1 { ways } else { Vec::new() };
        let id = self.identity(rule, &to);
        Some(Notice {
            id,
            case: self.case.id,
            about: self.event.version,
            place,
            rulebook: Some(self.rulebook.version()),
            template,
            language,
            channel,
            to,
            ways,
            variables,
            not_before,
            informs: false,
        })
    }

    /// The same message has the same identity, whoever computes it.
    fn identity(&self, rule: &Inform, to: &Recipient) -> NoticeId {
        let to = crate::proof::canonical::to_canonical(to).expect("a recipient is a value with text keys");
        let name = Digest::of(&[
            b"notice\n",
            self.case.id.uuid().as_bytes(),
            &self.event.version.to_be_bytes(),
            rule.code.as_bytes(),
            b"\n",
            to.as_bytes(),
        ]);
        named(name)
    }

    /// What a template's variables stand for; `None` when one is not known here.
    fn variables(&self, template: &TemplateEntry) -> Option<BTreeMap<SmolStr, Variable>> {
        let codes = template.variable.iter().map(|variable| variable.code.as_str());
        codes.map(|code| Some((SmolStr::new(code), self.variable(Blank::of(code)?)?))).collect()
    }

    fn variable(&self, blank: Blank) -> Option<Variable> {
        let text = |text: &TextRef| Variable::Text(text.id);
        let what = &self.event.event.what;
        if !blank.is_filled_by(what.kind()) {
            return None;
        }
        Some(match (blank, what) {
            (Blank::Number, _) => {
                let subject = &self.case.subject;
                let number = subject.number.as_ref().map(crate::kernel::number::RegistrationNumber::as_str);
                Variable::Mark(SmolStr::new(number.or(subject.external_number.as_deref())?))
            }
            (Blank::Receipt, _) => Variable::Mark(SmolStr::new(self.receipt?.as_str())),
            (Blank::Office, _) => Variable::Unit(self.event.event.led_to.unit.clone()),
            (Blank::Due, What::Extended(extended)) => Variable::Date(extended.until),
            (Blank::Due, _) => Variable::Date(self.day_of(self.due()? - TimeDelta::milliseconds(1))),
            (Blank::Days, _) => {
                let (due, today) =
                    (self.day_of(self.due()? - TimeDelta::milliseconds(1)), self.day_of(self.event.at));
                Variable::Count(u64::try_from((due - today).num_days()).unwrap_or(0))
            }
            (Blank::Reason, What::Disposed(disposed)) => Variable::Reason(disposed.reason.clone()),
            (Blank::Reason, What::OutcomeShared(shared)) => Variable::Reason(shared.reason.clone()),
            (Blank::Question, What::InformationSought(asked)) => text(&asked.text),
            (Blank::Reply, What::InterimReplied(reply)) => text(&reply.text),
            (Blank::Reply, What::Disposed(disposed)) => text(disposed.reply.as_ref()?),
            (Blank::Because, What::Extended(extended)) => text(&extended.remarks),
            (
                Blank::Reason
                | Blank::Question
                | Blank::Reply
                | Blank::Because
                | Blank::Edition
                | Blank::Day
                | Blank::Mark,
                _,
            ) => return None,
        })
    }

    /// The due instant that the message is about: the target's own, else the public one.
    fn due(&self) -> Option<DateTime<Utc>> {
        let named = match &self.event.event.what {
            What::TargetBreached(breached) => return Some(breached.due_at),
            What::Escalated(escalated) => escalated.target,
            _ => None,
        };
        let open = |target| self.case.clock(target).filter(|clock| clock.met_at.is_none());
        named
            .and_then(open)
            .or_else(|| open(TargetKind::AppealDecision))
            .or_else(|| open(TargetKind::Resolution))
            .map(|clock| clock.due_at)
    }

    fn day_of(&self, at: DateTime<Utc>) -> chrono::NaiveDate {
        crate::kernel::time::day_of(at, self.rulebook.zone())
    }
}

/// The identity that a name gives a message: the same, whoever computes it.
pub(crate) fn named(name: Digest) -> NoticeId {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&name.as_bytes()[..16]);
    NoticeId::from_uuid(uuid::Builder::from_random_bytes(bytes).into_uuid())
}

/// Whom of an office an audience is; none for the public and for superiors, and where it has no such
/// post.
pub(crate) fn officer_of(audience: Audience, unit: &UnitCode, rulebook: &Rulebook) -> Option<Recipient> {
    match audience {
        Audience::Unit => Some(Recipient::Unit(unit.clone())),
        Audience::HeadOfUnit => {
            let head = rulebook.directory().get(unit)?.head.as_ref()?;
            Some(at_post(unit, head))
        }
        Audience::NodalOfficer => {
            let nodal = RoleCode::new("nodal_officer").ok()?;
            let post = rulebook.document().post.iter().find(|post| nodal == post.role.as_str())?;
            Some(at_post(unit, &PostCode::new(&post.code).ok()?))
        }
        Audience::Complainant | Audience::Signatories | Audience::EscalatedPost | Audience::EscalatedUnit => {
            None
        }
    }
}

fn at_post(unit: &UnitCode, post: &PostCode) -> Recipient {
    Recipient::Post { unit: unit.clone(), post: post.clone() }
}

/// When a recipient may be written to, where they have said so. The complainant's wish is not that of
/// those who sign with them, or who represent them.
fn own_hours(subject: &Subject, to: &Recipient) -> Option<SafeHours> {
    let who = &subject.complainant;
    let theirs = match to {
        Recipient::Contact(id) => {
            [who.mobile, who.email, who.address].iter().flatten().any(|text| text.id == *id)
        }
        Recipient::Person(person) => who.person == Some(*person),
        Recipient::Unit(_) | Recipient::Post { .. } => false,
    };
    who.safe_hours.filter(|_| theirs)
}

/// The first of the channels by which a complainant can be reached and that they have not refused.
///
/// A list in the portal is looked at only by those who lodge there themselves: an officer's entry
/// for somebody who came by, or a letter without a name, has no reader.
fn contact(subject: &Subject, channels: &[MessageChannel]) -> Option<(Recipient, MessageChannel)> {
    let who = &subject.complainant;
    let reads = |person| !who.anonymous && person == subject.lodged_by;
    let refused = |channel: &MessageChannel| who.refuses.as_ref().is_some_and(|all| all.contains(channel));
    channels.iter().copied().filter(|channel| !refused(channel)).find_map(|channel| {
        let to = match channel {
            // A representative who left a mobile is written to in the complainant's place.
            MessageChannel::Sms => Recipient::Contact(who.representative.or(who.mobile)?.id),
            MessageChannel::Email => Recipient::Contact(who.email?.id),
            MessageChannel::Letter => Recipient::Contact(who.address?.id),
            MessageChannel::Inbox => Recipient::Person(who.person.filter(|person| reads(*person))?),
        };
        Some((to, channel))
    })
}
