//! Taking cases over from another system, many in one transaction.

use crate::desk::activate::command_named;
use crate::desk::mint::new_case;
use crate::desk::prepare::{Loaded, Pending, Told};
use crate::desk::{Desk, DeskError, Look};
use crate::grievance::adopt::adopt;
use crate::grievance::event::{Event, Recorded};
use crate::grievance::payload::Adopted;
use crate::grievance::project::CaseFact;
use crate::grievance::read::NotACommand;
use crate::grievance::refusal::Refusal;
use crate::grievance::state::Grievance;
use crate::grievance::timer::next_due;
use crate::kernel::code::SourceCode;
use crate::kernel::id::GrievanceId;
use crate::kernel::mask::without_identity_numbers;
use crate::kernel::text::{Compartment, Digest, Sealer, TextRef, VaultRow};
use crate::kernel::time::whole_millis;
use crate::kernel::unseen::in_text;
use crate::rulebook::Rulebook;
use crate::rulebook::access::{Actor, Scope};
use crate::store::commit::{Commit, Sealed, Stream};
use crate::store::search::Search;
use crate::vocabulary::LookPurpose;
use chrono::{DateTime, Utc};
use std::sync::Arc;

/// A case as another system records it, with its texts still open.
#[derive(Clone, PartialEq)]
pub struct Adopting {
    /// Its facts. References to texts are filled in when the texts are sealed.
    pub facts: Adopted,
    /// What is complained of.
    pub narrative: Option<String>,
    /// What was said on closing.
    pub closure_text: Option<String>,
}

impl std::fmt::Debug for Adopting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Adopting").field("facts", &self.facts).finish_non_exhaustive()
    }
}

/// What taking a case over came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It is new here.
    New(GrievanceId),
    /// It was here, and the other system says something else now.
    Changed(GrievanceId),
    /// It was here, and nothing has changed.
    Same(GrievanceId),
}

/// What is to be committed, or is settled already.
enum Step {
    Commit(Box<Commit>, Taken),
    Settled(Result<Taken, DeskError>),
}

impl Desk {
    /// Whether any case of a source is here: if not, none needs to be looked for.
    ///
    /// # Errors
    ///
    /// When the store fails.
    pub fn knows_source(&self, source: &SourceCode) -> Result<bool, DeskError> {
        let search = Search { source: Some(source.clone()), limit: 1, ..Search::default() };
        Ok(!self.store.search(&Scope::All, &search)?.cases.is_empty())
    }

    /// Takes cases over, in one transaction; each has its own answer. A case is known again by
    /// its source and its number there: the same facts again change nothing, other facts are
    /// added as an event.
    ///
    /// `all_new` tells that no case of the source was here before and none comes twice, so that
    /// none is looked for; see [`knows_source`](Self::knows_source).
    ///
    /// # Errors
    ///
    /// Only when no rulebook is in force or the store fails as a whole; then nothing is written.
    pub fn adopt_all(
        &self,
        actor: &Actor,
        now: DateTime<Utc>,
        cases: Vec<Adopting>,
        all_new: bool,
    ) -> Result<Vec<Result<Taken, DeskError>>, DeskError> {
        let now = whole_millis(now);
        let rulebook = self.rulebook(now)?;
        let mut steps = Vec::with_capacity(cases.len());
        for case in cases {
            let step = self.adopt_one(actor, now, &rulebook, case, all_new);
            steps.push(step.unwrap_or_else(|problem| Step::Settled(Err(problem))));
        }
        let mut commits = Vec::with_capacity(steps.len());
        let mut answers = Vec::with_capacity(steps.len());
        for step in steps {
            match step {
                Step::Settled(answer) => answers.push(answer),
                Step::Commit(commit, taken) => {
                    commits.push(*commit);
                    answers.push(Ok(taken));
                }
            }
        }
        let mut receipts = self.commit_all_firmly(&commits)?.into_iter();
        for answer in &mut answers {
            if matches!(answer, Ok(Taken::New(_) | Taken::Changed(_)))
                && let Some(Err(problem)) = receipts.next()
            {
                *answer = Err(problem.into());
            }
        }
        Ok(answers)
    }

    fn adopt_one(
        &self,
        actor: &Actor,
        now: DateTime<Utc>,
        rulebook: &Rulebook,
        case: Adopting,
        all_new: bool,
    ) -> Result<Step, DeskError> {
        let Adopting { mut facts, narrative, closure_text } = case;
        let known = if all_new { None } else { self.store.find_external(&facts.source, &facts.number)? };
        let before = known.map_or(Ok(None), |id| self.load(id, &Pending::new()))?;
        let said =
            before.as_ref().and_then(|before| before.case.adopted.as_ref()).map(|adoption| &adoption.said);
        let (narrative_before, closure_before) =
            said.map_or((None, None), |said| (said.narrative, said.closure_text));
        facts.sealed = rulebook.seal_of(facts.category.as_ref()).cloned();
        let mut texts = Vec::new();
        let id = match &before {
            Some(before) => before.case.id,
            None => self.minting(|mint| new_case(mint, now)),
        };
        // Words that were erased stay so, however often they come again.
        let erased = before.as_ref().is_some_and(|before| before.case.erased.is_some());
        let clean = |text: Option<String>| match text {
            Some(_) if erased => None,
            Some(text) if rulebook.intake().redact_identity_numbers => {
                Some(without_identity_numbers(&text).into_owned())
            }
            text => text,
        };
        let (narrative, closure_text) = (clean(narrative), clean(closure_text));
        let look = Look { actor, case: id, purpose: LookPurpose::Handling, now };
        facts.narrative =
            self.keep_text("narrative", narrative, (&look, narrative_before, erased), &mut texts)?;
        facts.closure_text =
            self.keep_text("closure_text", closure_text, (&look, closure_before, erased), &mut texts)?;
        let Some(event) = adopt(before.as_ref().map(|before| &before.case), facts)? else {
            return Ok(Step::Settled(Ok(Taken::Same(
                before.expect("only a known case is the same").case.id,
            ))));
        };
        if before.as_ref().is_some_and(|before| now < before.case.updated_at) {
            return Err(Refusal::ClockBehind.into());
        }
        let taken = if before.is_some() { Taken::Changed(id) } else { Taken::New(id) };
        let stream = self.adopted_stream(id, before, (actor, now, rulebook), event)?;
        let name = command_of(&stream);
        let command = command_named(name);
        let texts = self.sealed(id, texts);
        let commit = Commit { command, fingerprint: name, streams: vec![stream], texts };
        Ok(Step::Commit(Box::new(commit), taken))
    }

    fn adopted_stream(
        &self,
        id: GrievanceId,
        before: Option<Arc<Loaded>>,
        (actor, now, rulebook): (&Actor, DateTime<Utc>, &Rulebook),
        event: Event,
    ) -> Result<Stream, DeskError> {
        let (expected, head) = before.as_ref().map_or((0, None), |before| (before.case.version, before.head));
        let told = before.as_ref().map_or(Told::At(None), |before| before.told);
        let version = expected + 1;
        let recorded = Recorded {
            case: id,
            version,
            at: now,
            actor: actor.clone(),
            rulebook: rulebook.version(),
            event,
        };
        let case = match before {
            Some(before) => {
                let mut case = Arc::unwrap_or_clone(before).case;
                case.evolve(&recorded);
                case
            }
            None => Grievance::begin(&recorded).expect("an adoption begins a case"),
        };
        let last_told_at = self.last_told(id, told, (now, &[]))?;
        let fact = CaseFact { last_told_at, ..CaseFact::of(&case) };
        let events = Sealed::chain(&self.tenant, head, vec![recorded]);
        let due = next_due(&case, rulebook);
        Ok(Stream { case: id, expected, events, fact, due, notices: Vec::new() })
    }

    /// Seals a text, unless the vault holds the same one from the last import.
    fn keep_text(
        &self,
        field: &'static str,
        text: Option<String>,
        (look, before, erased): (&Look<'_>, Option<TextRef>, bool),
        rows: &mut Vec<VaultRow>,
    ) -> Result<Option<TextRef>, DeskError> {
        let Some(text) = text else { return Ok(before.filter(|_| erased)) };
        in_text(&text).map_err(|unseen| NotACommand::of(field, &unseen.to_string()))?;
        if let Some(before) = before {
            let same = self.words(look, &[before.id])?.into_iter().any(|kept| kept.content == text);
            if same {
                return Ok(Some(before));
            }
        }
        Ok(self.minting(|mint| {
            let mut sealer = Sealer::new(mint);
            let reference = sealer.seal(Compartment::Texts, field, &text);
            rows.extend(sealer.into_rows());
            reference
        }))
    }
}

/// Names an import by what it says and what it is said of, so that the same word is taken once.
fn command_of(stream: &Stream) -> Digest {
    let said = stream.events.iter().map(|event| event.body.as_bytes());
    let expected = stream.expected.to_be_bytes();
    let parts: Vec<&[u8]> = [&b"adopt v1\n"[..], &expected].into_iter().chain(said).collect();
    Digest::of(&parts)
}
