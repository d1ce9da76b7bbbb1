//! Weekly statements on their way to those who answer for them.

use crate::desk::{Desk, DeskError};
use crate::grievance::notice::{Notice, Recipient, Variable};
use crate::grievance::refusal::Refusal;
use crate::grievance::tell::{named, officer_of};
use crate::kernel::id::NoticeId;
use crate::kernel::text::Digest;
use crate::kernel::time::whole_millis;
use crate::measure::pack::Edition;
use crate::rulebook::Rulebook;
use crate::rulebook::blank::Blank;
use crate::rulebook::message::{Inform, TemplateEntry, Trigger};
use crate::store::outbox::Posted;
use crate::vocabulary::{Audience, Occasion, TellWhen};
use chrono::{DateTime, Utc};
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// Letters of an edition's hash that a message about it says.
const MARK: usize = 12;

impl Desk {
    /// Tells those who answer for an office that an edition of its statement was given out: whom, in
    /// which words and by which way the rules of the occasion `statement` say, of the rulebook in force.
    /// In the presets that are the head of the office and its nodal officer, in office hours.
    ///
    /// The messages go through the outbox like any other (`deliver`, with the feature `messages`) and name the
    /// edition by its number, its day and the beginning of its hash; the statement itself is handed
    /// out by the host. Told again of the same edition, nobody gets a second message. Answers how many
    /// messages were put in.
    ///
    /// # Errors
    ///
    /// [`Refusal::Unknown`] when the rulebook in force has no such office; [`DeskError::NoRulebook`] and
    /// [`DeskError::Store`].
    pub fn tell_of_edition(&self, edition: &Edition, now: DateTime<Utc>) -> Result<u64, DeskError> {
        let now = whole_millis(now);
        let rulebook = self.rulebook(now)?;
        let unit = &edition.pack.unit;
        if rulebook.directory().get(unit).is_none() {
            return Err(Refusal::Unknown { field: "unit", code: unit.to_string() }.into());
        }
        let mut notices: Vec<Notice> = Vec::new();
        for rule in rulebook.messages().rules(Trigger::Occasion(Occasion::Statement)) {
            for audience in &rule.audience {
                let place = u32::try_from(notices.len()).unwrap_or(u32::MAX);
                let notice = notice(edition, &rulebook, (rule, *audience), (now, place));
                // A head who is the nodal officer too.
                notices.extend(notice.filter(|it| notices.iter().all(|before| before.id != it.id)));
            }
        }
        Ok(self.store.post(&notices)?)
    }

    /// Whom an edition was sent to, whether it has arrived, and since when it is known to have been
    /// opened ([`Posted::received_at`]), in the order in which the messages were put in.
    ///
    /// # Errors
    ///
    /// When the store fails.
    pub fn told_of_edition(&self, edition: &Edition) -> Result<Vec<Posted>, DeskError> {
        Ok(self.store.notices_of(edition.line())?)
    }

    /// Records that whoever got a message about an edition opened the statement; the first word counts.
    /// `false` for a message that is not about that edition.
    ///
    /// # Errors
    ///
    /// When the store fails.
    pub fn edition_opened(
        &self,
        edition: &Edition,
        notice: NoticeId,
        at: DateTime<Utc>,
    ) -> Result<bool, DeskError> {
        if self.told_of_edition(edition)?.iter().all(|posted| posted.notice.id != notice) {
            return Ok(false);
        }
        Ok(self.store.delivery_report(notice, whole_millis(at))?)
    }
}

/// The message about an edition to one of an office; none where the office has no such post, or no text
/// can be filled.
fn notice(
    edition: &Edition,
    rulebook: &Rulebook,
    (rule, audience): (&Inform, Audience),
    (now, place): (DateTime<Utc>, u32),
) -> Option<Notice> {
    let unit = &edition.pack.unit;
    let to = officer_of(audience, unit, rulebook)?;
    let channel = *rule.channels.first()?;
    let messages = rulebook.messages();
    let codes = [Some(&rule.template), rule.otherwise.as_ref()].into_iter().flatten();
    let (template, entry, variables) = codes.into_iter().find_map(|code| {
        let entry = messages.template(code).filter(|entry| entry.channel.contains(&channel))?;
        Some((code.clone(), entry, variables(edition, entry)?))
    })?;
    let default = rulebook.languages().first()?;
    let post = match &to {
        Recipient::Post { post, .. } => Some(post),
        _ => None,
    };
    let language = entry.language(rulebook.language_of(unit, post).unwrap_or(default), default)?.clone();
    let not_before = match rule.when {
        TellWhen::AtOnce => now,
        TellWhen::WorkingHours => rulebook.calendar(unit, None).roll_forward(now),
    };
    let whom = crate::proof::canonical::to_canonical(&to).expect("a recipient is a value with text keys");
    let name = Digest::of(&[
        b"notice of an edition\n",
        edition.hash().as_bytes(),
        rule.code.as_bytes(),
        b"\n",
        whom.as_bytes(),
    ]);
    Some(Notice {
        id: named(name),
        case: edition.line(),
        about: edition.number,
        place,
        rulebook: Some(rulebook.version()),
        template,
        language,
        channel,
        to,
        ways: Vec::new(),
        variables,
        not_before,
        informs: false,
    })
}

/// What the variables of a text about an edition stand for; none when one is not an edition's.
fn variables(edition: &Edition, template: &TemplateEntry) -> Option<BTreeMap<SmolStr, Variable>> {
    let mark = || edition.hash().to_string().chars().take(MARK).collect::<String>();
    let fill = |code: &str| {
        Some(match Blank::of(code)? {
            Blank::Office => Variable::Unit(edition.pack.unit.clone()),
            Blank::Edition => Variable::Count(edition.number),
            Blank::Day => Variable::Date(edition.pack.as_of),
            Blank::Mark => Variable::Mark(SmolStr::new(mark())),
            _ => return None,
        })
    };
    let codes = template.variable.iter().map(|variable| variable.code.as_str());
    codes.map(|code| Some((SmolStr::new(code), fill(code)?))).collect()
}
