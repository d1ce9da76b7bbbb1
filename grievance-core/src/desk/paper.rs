//! Papers: what an office gives out of its reviews, and keeps.
//!
//! Editions, agendas and the register are the host's to keep ([`Edition`], [`Agenda`],
//! [`Register`](crate::measure::practice::Register)); here they are made and read for whoever acts, in Rust by type and in every
//! other language as texts.

mod practices;

use crate::desk::asked::{self, Day, questions};
use crate::desk::{Acting, DeskError};
use crate::grievance::event::Recorded;
use crate::kernel::code::{PostCode, UnitCode};
use crate::kernel::id::GrievanceId;
use crate::kernel::text::Digest;
use crate::kernel::time::whole_millis;
use crate::measure::answer::sheet::NotAsked;
use crate::measure::cases::sheets::{index_of, rule as age_rule, within, within_calendar};
use crate::measure::index::Definition;
use crate::measure::pack::{
    Agenda, AgendaError, CountedError, CountedProof, Decision, Edition, EditionError, EditionKey,
    Restatement, Restating, Roll, weeks_of,
};
use crate::measure::practice::{Consent, Draft, Repetition};
use crate::measure::workdays::Workdays;
use crate::proof::canonical::to_canonical;
use crate::rulebook::Rulebook;
use crate::rulebook::access::Scope;
use crate::store::outbox::Posted;
use crate::vocabulary::{AgeRule, ErrorCode, Reach, Remedy};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::json;
use std::fmt::Display;
use std::str::FromStr;
use std::sync::Arc;

macro_rules! papers {
    ($($row:tt)+) => {
        questions! {
            /// A question about papers, as JSON in every language: `{"what": "edition", "as_of": "2026-04-06"}`. A row of the paper
            /// table (`for_papers!`) each.
            Paper "paper": $($row)+
        }
    };
}
crate::for_papers!(papers);

impl Paper {
    /// Reads a question.
    ///
    /// # Errors
    ///
    /// [`NotAsked`] as of [`Measure::from_json`](crate::desk::Measure::from_json).
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::desk::Paper;
    ///
    /// let asked = Paper::from_json(r#"{"what": "edition", "as_of": "2026-04-06"}"#)?;
    /// assert!(matches!(asked, Paper::Edition { after: None, .. }));
    /// # Ok::<(), grievance_core::measure::answer::sheet::NotAsked>(())
    /// ```
    pub fn from_json(text: &str) -> Result<Self, NotAsked> {
        asked::read(text)
    }
}

/// What somebody wrote that is wrong, by the argument that it stood in.
fn wrong(place: &str, code: ErrorCode, problem: impl Display) -> DeskError {
    NotAsked::of(place, problem).code(code).into()
}

fn may_read<T: FromStr<Err: Display>>(place: &str, text: Option<&str>) -> Result<Option<T>, NotAsked> {
    text.map(|text| NotAsked::read(place, text)).transpose()
}

fn written(paper: &impl Serialize) -> String {
    to_canonical(paper).expect("a paper has text keys and numbers that JSON knows")
}

fn edition_of(place: &str, text: &str) -> Result<Edition, DeskError> {
    Edition::read(text).map_err(|problem| wrong(place, problem.code(), problem))
}

fn key_of(text: &str) -> Result<EditionKey, DeskError> {
    let secret: Result<Digest, _> = text.parse();
    // What was given is a secret: no word of it is repeated.
    let secret = secret.map_err(|_| NotAsked::of("key", "must be 64 hexadecimal digits"))?;
    Ok(EditionKey::new(*secret.as_bytes()))
}

fn agenda_of(place: &str, text: &str) -> Result<Agenda, DeskError> {
    Agenda::read(text).map_err(|problem| wrong(place, problem.code(), problem))
}

/// The part of a history that was recorded before an instant.
fn known(history: &[Recorded], before: DateTime<Utc>) -> &[Recorded] {
    &history[..history.iter().take_while(|next| next.at < before).count()]
}

impl Acting<'_> {
    /// Answers a question about papers as a text of canonical JSON: what a method of the same name answers in Rust.
    ///
    /// # Errors
    ///
    /// [`DeskError::NotAsked`] at the argument that cannot be so, and as of the methods.
    ///
    /// # Examples
    ///
    /// ```
    /// # use grievance_core::{Desk, KeyRing, MemoryStore, Rulebook, TenantCode};
    /// # let tenant = TenantCode::new("haldia")?;
    /// # let desk = Desk::open(MemoryStore::default().tenant(&tenant), tenant, KeyRing::for_tests());
    /// # desk.activate(Rulebook::from_toml("extends = \"west-bengal\"")?, "2026-01-01T00:00:00Z".parse()?)?;
    /// use grievance_core::desk::Paper;
    /// use grievance_core::measure::pack::Edition;
    ///
    /// let asked = Paper::from_json(r#"{"what": "edition", "as_of": "2026-04-06"}"#)?;
    /// let system = Desk::system();
    /// let given_out = desk.by(&system, "2026-04-06T05:00:00Z".parse()?).paper(&asked)?;
    /// assert_eq!(Edition::read(&given_out)?.number, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn paper(&self, question: &Paper) -> Result<String, DeskError> {
        Ok(match question {
            Paper::Edition { as_of, unit, rule, index, after, key } => {
                let unit = unit.as_deref().map(|unit| self.office(unit)).transpose()?;
                let rule = age_rule(rule.as_deref().unwrap_or(AgeRule::Calendar.as_str()))?;
                let index = index.as_deref().map(index_of).transpose()?;
                let after = after.as_deref().map(|text| edition_of("after", text)).transpose()?;
                let key = key.as_deref().map(key_of).transpose()?;
                self.edition(unit.as_ref(), *as_of, rule, index.as_ref(), after.as_ref(), key)?.text()
            }
            Paper::TellOfEdition { edition } => {
                let edition = edition_of("edition", edition)?;
                written(&json!({ "told": self.tell_of_edition(&edition)? }))
            }
            Paper::ToldOfEdition { edition } => {
                let told = self.told_of_edition(&edition_of("edition", edition)?)?;
                let told: Vec<_> = told.into_iter().map(crate::desk::flat::Flat::flat).collect();
                written(&told)
            }
            Paper::EditionOpened { edition, notice } => {
                let (edition, notice) = (edition_of("edition", edition)?, NotAsked::read("notice", notice)?);
                self.gives_out()?;
                written(&json!({ "opened": self.desk.edition_opened(&edition, notice, self.now)? }))
            }
            Paper::Restate { edition } => written(&self.restate(&edition_of("edition", edition)?)?),
            Paper::ProveCounted { edition, key, case } => {
                let (edition, key, case) =
                    (edition_of("edition", edition)?, key_of(key)?, NotAsked::read("case", case)?);
                written(&self.prove_counted(&edition, key, case)?)
            }
            Paper::CheckCounted { edition, proof } => {
                let edition = edition_of("edition", edition)?;
                let refuse = |problem: CountedError| wrong("proof", problem.code(), problem);
                let proof = CountedProof::read(proof).map_err(refuse)?;
                edition.check_counted(&proof).map_err(refuse)?;
                let CountedProof { case, count, line, unit, .. } = &proof;
                written(&json!({ "case": case, "count": count, "line": line, "unit": unit }))
            }
            Paper::Agenda { edition, meeting, last } => {
                let edition = edition_of("edition", edition)?;
                let last = last.as_deref().map(|text| agenda_of("last", text)).transpose()?;
                let agenda = Agenda::prepare(&edition.pack, last.as_ref(), within("meeting", *meeting)?);
                agenda
                    .map_err(|problem| {
                        let place = if problem == AgendaError::OtherOffice { "last" } else { "meeting" };
                        wrong(place, problem.code(), problem)
                    })?
                    .text()
            }
            Paper::Decide { agenda, code, text, unit, post, decided_on, due } => {
                let mut agenda = agenda_of("agenda", agenda)?;
                let decision = Decision {
                    code: code.clone(),
                    text: text.clone(),
                    unit: self.office(unit)?,
                    post: self.post_of_rulebook(post)?,
                    decided_on: within("decided_on", *decided_on)?,
                    due: within("due", *due)?,
                    settled_on: None,
                };
                agenda.decide(decision).map_err(|problem| {
                    let place = if problem == AgendaError::TooEarly { "due" } else { "code" };
                    wrong(place, problem.code(), problem)
                })?;
                agenda.text()
            }
            Paper::Settle { agenda, code, on } => {
                let mut agenda = agenda_of("agenda", agenda)?;
                agenda.settle(code, within("on", *on)?).map_err(|problem| {
                    let place = if problem == AgendaError::TooEarly { "on" } else { "code" };
                    wrong(place, problem.code(), problem)
                })?;
                agenda.text()
            }
            Paper::WritePractice {
                code,
                title,
                facet,
                unit,
                situation,
                steps,
                written_on,
                register,
                domain,
            } => {
                let draft = Draft {
                    code: NotAsked::read("code", code)?,
                    title: title.clone(),
                    facet: NotAsked::read("facet", facet)?,
                    domain: may_read("domain", domain.as_deref())?,
                    unit: NotAsked::read("unit", unit)?,
                    situation: situation.clone(),
                    steps: steps.clone(),
                    written_on: within("written_on", *written_on)?,
                };
                self.write_practice(register.as_deref(), draft)?
            }
            Paper::LinkPractice { register, practice, case, testimonial } => {
                self.link_practice(register, practice, case, testimonial.as_deref())?
            }
            Paper::ConsentToPractice { register, practice, case, channel, given_on, recorded_by, unit } => {
                let consent = Consent {
                    channel: NotAsked::read("channel", channel)?,
                    given_on: within("given_on", *given_on)?,
                    recorded_by: NotAsked::read("recorded_by", recorded_by)?,
                    unit: NotAsked::read("unit", unit)?,
                };
                self.consent_to_practice(register, practice, case, consent)?
            }
            Paper::TakeOutOfPractices { register, case, on } => {
                practices::take_out_of_practices(register, case, *on)?
            }
            Paper::PublishPractice { register, practice, on } => {
                self.publish_practice(register, practice, *on)?
            }
            Paper::WithdrawPractice { register, practice, on, why } => {
                practices::withdraw_practice(register, practice, *on, why)?
            }
            Paper::RepeatPractice { register, practice, unit, on } => {
                let repetition = Repetition { on: within("on", *on)?, unit: NotAsked::read("unit", unit)? };
                self.repeat_practice(register, practice, repetition)?
            }
            Paper::Practices { register, words, facet, domain, unit } => {
                let [words, facet, domain, unit] = [words, facet, domain, unit].map(Option::as_deref);
                self.practices(register, words, facet, domain, unit)?
            }
        })
    }

    /// The edition of an office's weekly review: the [`review`](Self::review) of what was recorded before now, numbered after
    /// the edition before it, with the last checkpoint of the desk, if there is one. With a key it prints the root that
    /// [`prove_counted`](Self::prove_counted) leads to.
    ///
    /// # Errors
    ///
    /// [`DeskError::NotAsked`] at `after` when the edition before is of another office or not earlier, and at `as_of` for a day
    /// that has not begun; and as of [`review`](Self::review).
    pub fn edition(
        &self,
        unit: Option<&UnitCode>,
        as_of: NaiveDate,
        rule: AgeRule,
        index: Option<&Definition>,
        after: Option<&Edition>,
        key: Option<EditionKey>,
    ) -> Result<Edition, DeskError> {
        let as_of = within_calendar(as_of)?;
        let made_at = whole_millis(self.now);
        let weeks = self.weeks(as_of, rule)?;
        let mut roll = key.map(|key| Roll::new(weeks, key));
        let (pack, _) = self.review_of(unit, as_of, rule, index, &mut |history| {
            let known = known(history, made_at);
            if let Some(roll) = &mut roll {
                roll.add_history(known);
            }
            known
        })?;
        let edition = Edition::after(after, pack, made_at).map_err(|problem| {
            let place = if problem == EditionError::TooEarly { "as_of" } else { "after" };
            wrong(place, problem.code(), problem)
        })?;
        let edition = edition.with_checkpoint(self.desk.last_checkpoint()?);
        Ok(match roll {
            Some(roll) => edition.with_counted(roll.root()),
            None => edition,
        })
    }

    /// Statements are given out by whoever reaches every case.
    fn gives_out(&self) -> Result<(), DeskError> {
        let rulebook = self.rulebook()?;
        if rulebook.reach(&self.actor.role) == Some(Reach::Everywhere) {
            return Ok(());
        }
        Err(wrong("edition", ErrorCode::OutOfReach, "statements are given out by whoever reaches every case"))
    }

    /// Tells those who answer for an office of an edition: [`Desk::tell_of_edition`](crate::Desk::tell_of_edition).
    ///
    /// # Errors
    ///
    /// [`DeskError::NotAsked`] for an actor who does not reach every case, and as of that method.
    pub fn tell_of_edition(&self, edition: &Edition) -> Result<u64, DeskError> {
        self.gives_out()?;
        self.desk.tell_of_edition(edition, self.now)
    }

    /// Whom an edition was sent to: [`Desk::told_of_edition`](crate::Desk::told_of_edition).
    ///
    /// # Errors
    ///
    /// [`DeskError::NotAsked`] for an actor who does not reach every case, and as of that method.
    pub fn told_of_edition(&self, edition: &Edition) -> Result<Vec<Posted>, DeskError> {
        self.gives_out()?;
        self.desk.told_of_edition(edition)
    }

    /// An edition against what is known today of the cases that the actor sees, by the working days and the offices of the rulebook
    /// that it was laid out by, with what it does to scores and places under the edition's index. Cases
    /// that were sealed since are not named, nor what they were counted as: for whoever reaches every case they explain what is
    /// missing.
    ///
    /// # Errors
    ///
    /// [`DeskError::NotAsked`] at `edition` for one that names a zone or bands that there are not; and as of
    /// [`scan`](Self::scan).
    pub fn restate(&self, edition: &Edition) -> Result<Restatement, DeskError> {
        let refuse = |problem: crate::measure::pack::NotRestatable| wrong("edition", problem.code(), problem);
        let mut restating = match edition.pack.age_rule {
            AgeRule::Working => Restating::by_workdays(edition, self.workdays_of(edition)?),
            AgeRule::Calendar | AgeRule::Elapsed => Restating::new(edition),
        }
        .map_err(refuse)?;
        self.scan(&mut |history| {
            restating.add_history(history);
            true
        })?;
        if self.gives_out().is_ok() {
            self.desk.store.scan(&Scope::Sealed, &mut |history| {
                restating.add_sealed(history);
                true
            })?;
        }
        Ok(restating.finish_under(&*self.rulebook_of(edition)?))
    }

    /// That a case stands behind counts of the edition's latest week: a proof for each, which anybody can check who has the
    /// edition ([`Edition::check_counted`]); none for a case that is in no count of that week.
    ///
    /// # Errors
    ///
    /// [`DeskError::NotAsked`] at `edition` for one without a root or with another: it was made with another key, or of other
    /// cases than the actor sees; and as of [`case`](Self::case).
    pub fn prove_counted(
        &self,
        edition: &Edition,
        key: EditionKey,
        case: GrievanceId,
    ) -> Result<Vec<CountedProof>, DeskError> {
        self.case(case)?;
        let workdays = match edition.pack.age_rule {
            AgeRule::Working => Some(self.workdays_of(edition)?),
            AgeRule::Calendar | AgeRule::Elapsed => None,
        };
        let weeks =
            weeks_of(&edition.pack, workdays).map_err(|problem| wrong("edition", problem.code(), problem))?;
        let mut roll = Roll::new(weeks, key);
        self.scan(&mut |history| {
            roll.add_history(known(history, edition.made_at));
            true
        })?;
        match edition.counted {
            Some(printed) if printed == roll.root() => Ok(roll.prove(case)),
            Some(_) => {
                let problem =
                    "prints another root: it was made with another key, or of other cases than you see";
                Err(wrong("edition", ErrorCode::ProofInvalid, problem))
            }
            None => {
                Err(wrong("edition", ErrorCode::ProofInvalid, "was made without a key, and proves nothing"))
            }
        }
    }

    /// The rulebook by which an edition was laid out; the one in force where this desk never had that.
    fn rulebook_of(&self, edition: &Edition) -> Result<Arc<Rulebook>, DeskError> {
        match self.desk.edition(edition.pack.rulebook) {
            Err(problem) if problem.remedy() == Remedy::Amend => self.rulebook(),
            known => known,
        }
    }

    /// The working days by which an edition was counted.
    fn workdays_of(&self, edition: &Edition) -> Result<Workdays, DeskError> {
        Ok(Workdays::of(&*self.rulebook_of(edition)?))
    }

    /// A post that the rulebook in force has.
    fn post_of_rulebook(&self, text: &str) -> Result<PostCode, DeskError> {
        let post: PostCode = NotAsked::read("post", text)?;
        match self.rulebook()?.role_of_post(&post) {
            Some(_) => Ok(post),
            None => Err(wrong("post", ErrorCode::UnknownCode, "the rulebook has no such post")),
        }
    }
}
