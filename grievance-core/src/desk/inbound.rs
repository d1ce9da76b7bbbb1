//! Answers to citizens who write by short message, and codes on their way to a mobile.

use crate::desk::otp::CodeDesk;
use crate::desk::{Desk, DeskError};
use crate::grievance::outlook::Progress;
use crate::kernel::code::{LanguageCode, TemplateCode};
use crate::kernel::id::{ChallengeId, NoticeId};
use crate::kernel::mobile::Mobile;
use crate::kernel::time::whole_millis;
use crate::message::{Address, Gateway, Message, Render, Rendered, Value};
use crate::rulebook::Rulebook;
use crate::sms::pull::{Keyword, Pull};
use crate::vocabulary::{MessageChannel, Purpose};
use chrono::{DateTime, Utc};

/// A code that is on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeSent {
    /// Names the code; whoever asked brings it back with the digits.
    pub challenge: ChallengeId,
    /// The first instant at which it is no longer good.
    pub expires_at: DateTime<Utc>,
}

impl Desk {
    /// The answer to a short message: where a case stands (`GRV STATUS` and its number), or how to
    /// ask. In the language of the word, else the rulebook's first.
    ///
    /// The sender of a message is weaker proof than a code, so the answer holds the stage and the
    /// due date and nothing else. It says the same of a number that nobody has as of a case of other
    /// mobiles. Whatever the text holds, there is an answer. How many answers one sender may have is
    /// the host's to limit, where the messages come in.
    ///
    /// # Errors
    ///
    /// [`DeskError::Message`] when the rulebook has no text for it (the templates `pull_status`,
    /// `pull_undated`, `pull_unknown` and `pull_help`); [`DeskError::Store`] and
    /// [`DeskError::NoRulebook`].
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::kernel::mobile::Mobile;
    /// # use grievance_core::{Desk, KeyRing, MemoryStore, Rulebook, TenantCode};
    /// # let tenant = TenantCode::new("haldia")?;
    /// # let desk = Desk::open(MemoryStore::default().tenant(&tenant), tenant, KeyRing::for_tests());
    /// # let now = chrono::DateTime::UNIX_EPOCH;
    /// # desk.activate(Rulebook::from_toml("extends = \"city-311\"\nname = \"Haldia\"\nzone = \"Asia/Kolkata\"")?, now)?;
    /// let from = Mobile::parse("98300 01234")?;
    /// let answer = desk.answer_sms(&from, "GRV STATUS HLD-2026-000001", now)?;
    /// assert!(answer.text.starts_with("No case of that number"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn answer_sms(&self, from: &Mobile, text: &str, now: DateTime<Utc>) -> Result<Rendered, DeskError> {
        let now = whole_millis(now);
        let rulebook = self.rulebook(now)?;
        let word = rulebook.document().messages.keyword.as_str();
        let keyword = Keyword::new(word).expect("the linter has read it");
        let pull = keyword.read(text);
        let (template, values) = match &pull {
            Pull::Status { number, .. } => match self.how_it_stands(from, number, (&rulebook, now))? {
                Some(stands) => status(&stands, number),
                None => ("pull_unknown", vec![("keyword", Value::Mark(word.to_owned()))]),
            },
            Pull::Help { .. } | Pull::NotUnderstood { .. } => {
                ("pull_help", vec![("keyword", Value::Mark(word.to_owned()))])
            }
        };
        short(&rulebook, template, pull.language(), &values)
    }
}

/// A message of one template, in a language that the rulebook has.
fn short(
    rulebook: &Rulebook,
    template: &'static str,
    language: Option<&LanguageCode>,
    values: &[(&str, Value)],
) -> Result<Rendered, DeskError> {
    let first = rulebook.languages().first().ok_or(DeskError::NoRulebook)?;
    let template = TemplateCode::new(template).expect("a plain word is a code");
    let language = language.filter(|code| rulebook.languages().contains(code)).unwrap_or(first);
    Ok(Render::new(rulebook).render(&template, language, MessageChannel::Sms, values)?)
}

fn status(stands: &Progress, typed: &str) -> (&'static str, Vec<(&'static str, Value)>) {
    let number = stands.number.as_ref().map_or_else(|| typed.to_owned(), ToString::to_string);
    let mut values =
        vec![("number", Value::Mark(number)), ("phase", Value::Mark(stands.phase.as_str().to_owned()))];
    match &stands.due {
        Some(due) => {
            values.push(("due", Value::Date(due.due_on)));
            ("pull_status", values)
        }
        None => ("pull_undated", values),
    }
}

impl CodeDesk<'_> {
    /// Draws a code and hands it to a gateway at once, in the words of the template `otp`. A code is
    /// a secret: it is never kept, so it does not go through the outbox, and a code that did not
    /// arrive is asked for anew.
    ///
    /// The message has the identity of the challenge.
    ///
    /// # Errors
    ///
    /// As [`request_code`](Self::request_code); [`DeskError::Message`] when the rulebook has no such
    /// text, [`DeskError::Gateway`] when the gateway did not take it. The code then counts as sent.
    pub fn send_code(
        &self,
        purpose: Purpose,
        mobile: &Mobile,
        request: &str,
        language: Option<&LanguageCode>,
        (now, gateway): (DateTime<Utc>, &dyn Gateway),
    ) -> Result<CodeSent, DeskError> {
        let sent = self.request_code(purpose, mobile, request, language, now)?;
        let rulebook = self.desk().rulebook(now)?;
        let values = [
            ("code", Value::Mark(sent.code.reveal().to_owned())),
            ("minutes", Value::Number(rulebook.otp().life_minutes.into())),
        ];
        let rendered = short(&rulebook, "otp", Some(&sent.language), &values)?;
        gateway.send(&Message {
            id: NoticeId::from_uuid(sent.challenge.uuid()),
            channel: MessageChannel::Sms,
            to: Address::Mobile(sent.mobile),
            rendered,
        })?;
        Ok(CodeSent { challenge: sent.challenge, expires_at: sent.expires_at })
    }
}
