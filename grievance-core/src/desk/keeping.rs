//! How long words are kept: under which key, and when they go.

use crate::desk::prepare::Ask;
use crate::desk::{Desk, DeskError};
use crate::grievance::decide::keeping::kept_until;
use crate::grievance::moment::Moment;
use crate::grievance::refusal::Refusal;
use crate::grievance::request::{Erase, Request};
use crate::grievance::state::Grievance;
use crate::kernel::id::{GrievanceId, PersonId, VaultId};
use crate::kernel::time::whole_millis;
use crate::rulebook::access::{Actor, Scope};
use crate::store::Rekept;
use crate::store::search::{Cursor, Search};
use crate::store::vault::{Content, SealError};
use crate::vocabulary::{ErasureBecause, Phase};
use chrono::{DateTime, Months, Utc};
use std::collections::BTreeSet;

/// What one round of keeping texts under the current key came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reindexed {
    /// Texts that are now kept under the current key, with their tokens.
    pub kept: u64,
    /// Texts that somebody else kept or erased meanwhile.
    pub elsewhere: u64,
    /// Where the next round goes on; `None` when it came to the end.
    pub next: Option<VaultId>,
}

/// What an erasure came to, case by case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Erasure {
    /// Cases whose words are gone.
    pub erased: Vec<GrievanceId>,
    /// Cases that a hold keeps.
    pub held: Vec<GrievanceId>,
    /// Cases that have not ended, or that another one carries on.
    pub open: Vec<GrievanceId>,
    /// Of a round of retention: where the next one goes on; `None` when it came to the end.
    pub next: Option<Cursor>,
}

impl Desk {
    /// Asks whether the ring's secrets are those under which the store's texts were sealed, as far as the newest case tells: of
    /// each key that sealed some of its words, one must open. A key that the ring does not have is no fault here.
    ///
    /// A store takes texts under two secrets of one identity without a word, and no ring opens both: a host asks this when it
    /// opens a desk.
    ///
    /// # Errors
    ///
    /// [`DeskError::Seal`] for a key whose secret is another one; [`DeskError::Store`] when the store fails.
    pub fn check_keys(&self) -> Result<(), DeskError> {
        let newest = self.store.search(&Scope::All, &Search { limit: 1, ..Search::default() })?;
        let Some(newest) = newest.cases.first() else { return Ok(()) };
        let history = self.store.history(newest.id)?;
        let words = history.events.iter().flat_map(|next| next.event.what.words());
        let ids: Vec<VaultId> = words.map(|word| word.text.id).collect();
        let (mut opened, mut broken) = (BTreeSet::new(), Vec::new());
        for text in self.store.texts(&ids)? {
            let Content::Sealed { key, .. } = &text.content else { continue };
            match self.keys.open(&self.tenant, &text) {
                Ok(_) => drop(opened.insert(key.clone())),
                Err(SealError::Broken { key }) => broken.push(key),
                Err(_) => {}
            }
        }
        match broken.into_iter().find(|key| !opened.contains(key)) {
            Some(key) => Err(SealError::Broken { key }.into()),
            None => Ok(()),
        }
    }

    /// Keeps up to `limit` texts anew that are not kept as the ring says: those sealed under an old
    /// key, those from before texts were sealed, and those whose tokens an old key made. `after` is
    /// where the round before stopped.
    ///
    /// Safe beside everything else, and to be stopped and taken up again at any time: a round is one
    /// transaction, and a text that was erased meanwhile does not come back. When every desk has the
    /// new ring and a run from the beginning finds nothing, the old key is needed no more but for
    /// commands that are sent again.
    ///
    /// It is no look: nobody sees what it opens, and the access log says nothing of it.
    ///
    /// # Errors
    ///
    /// [`DeskError::Seal`] when a text does not open: its key is missing, say. The texts of that
    /// round stay as they were.
    pub fn reindex(&self, after: Option<VaultId>, limit: usize) -> Result<Reindexed, DeskError> {
        let index = self.keys.current().id();
        let seal = self.keys.seals().then_some(index);
        let stale = self.store.stale_texts(seal, index, after, limit)?;
        let next = stale.last().map(|text| text.id).filter(|_| stale.len() == limit);
        let mut texts = Vec::with_capacity(stale.len());
        for before in stale {
            let opened = self.keys.open(&self.tenant, &before)?;
            let random = self.minting(|mint| mint.salt());
            let after = self.keys.keep_again(&self.tenant, opened, random);
            texts.push(Rekept { before, after });
        }
        let kept = if texts.is_empty() { 0 } else { self.store.keep_anew(&texts)? };
        Ok(Reindexed { kept, elsewhere: texts.len() as u64 - kept, next })
    }

    /// Erases the words of every ended case of which a person is the complainant, as the person asked
    /// or as was ordered. Cases that a hold keeps, and open ones, are named and left.
    ///
    /// The journal is read from one end to the other to find them. A case that the actor does not see
    /// is not there for this: a sealed one is erased by somebody who may know of it.
    ///
    /// # Errors
    ///
    /// [`DeskError::Refused`] when the actor may not erase, [`DeskError::Store`] when the store fails.
    /// What was erased before stays so.
    pub fn erase_person(
        &self,
        person: PersonId,
        because: ErasureBecause,
        (actor, now): (&Actor, DateTime<Utc>),
    ) -> Result<Erasure, DeskError> {
        let scope = self.scope(actor, now)?;
        let mut theirs = Vec::new();
        self.store.scan(&scope, &mut |history| {
            let case = Grievance::replay(history);
            theirs.extend(
                case.filter(|case| case.subject.complainant.person == Some(person) && !case.is_part()),
            );
            true
        })?;
        let mut done = Erasure::default();
        for case in theirs {
            if !case.phase().is_terminal() {
                done.open.push(case.id);
            } else if self.store.has_texts(case.id)? {
                self.erase_one(case.id, because, (actor, now), &mut done)?;
            }
        }
        Ok(done)
    }

    /// Erases the words of cases that the rulebook in force keeps no longer: looks at up to `limit`
    /// ended cases, newest lodging first, after where the round before stopped. Cases that a hold
    /// keeps are named and left.
    ///
    /// Nothing is done twice, and a sweep that was stopped may begin anew at any time: a case without
    /// words is passed over.
    ///
    /// # Errors
    ///
    /// As [`erase_person`](Self::erase_person), and [`DeskError::NoRulebook`].
    pub fn erase_expired(
        &self,
        after: Option<Cursor>,
        limit: u32,
        (actor, now): (&Actor, DateTime<Utc>),
    ) -> Result<Erasure, DeskError> {
        let now = whole_millis(now);
        let rulebook = self.rulebook(now)?;
        let mut done = Erasure::default();
        let Some(least) = rulebook.retention().least_years() else { return Ok(done) };
        // A case is lodged before it ends; a few days more, since a year from 29 February is a day
        // short. What is looked at in vain is not past, and stays.
        let Some(before) = now.checked_sub_months(Months::new(12 * least)) else { return Ok(done) };
        let before = before + chrono::TimeDelta::days(3);
        let ended = Search {
            phases: Phase::ALL.iter().copied().filter(|phase| phase.is_terminal()).collect(),
            lodged_before: Some(before),
            after,
            limit,
            ..Search::default()
        };
        let page = self.store.search(&self.scope(actor, now)?, &ended)?;
        done.next = page.next;
        for fact in page.cases {
            // The words of a part are the whole's, and go with them.
            if fact.part_of.is_none() && self.store.has_texts(fact.id)? {
                self.erase_one(fact.id, ErasureBecause::Retention, (actor, now), &mut done)?;
            }
        }
        Ok(done)
    }

    /// Whether the rulebook keeps the words of a case no longer.
    fn is_past(&self, case: GrievanceId, actor: &Actor, now: DateTime<Utc>) -> Result<bool, DeskError> {
        let rulebook = self.rulebook(now)?;
        let moment = Moment::new(now, actor, &rulebook);
        let case = Grievance::replay(&self.store.history(case)?.events);
        let last = case.and_then(|case| kept_until(&case, &moment));
        Ok(last.is_some_and(|last| last < moment.today()))
    }

    fn erase_one(
        &self,
        case: GrievanceId,
        because: ErasureBecause,
        (actor, now): (&Actor, DateTime<Utc>),
        done: &mut Erasure,
    ) -> Result<(), DeskError> {
        let request = Request::from(Erase { because: because.as_str().to_owned() });
        let ask = Ask {
            command: self.new_command(),
            actor,
            now,
            case: Some(case),
            expected: None,
            request: &request,
            verified: None,
        };
        match self.submit_one(ask, false) {
            Ok(_) => done.erased.push(case),
            Err(DeskError::Refused(Refusal::OnHold { .. })) => {
                // A hold is news only where the words would go otherwise.
                if because != ErasureBecause::Retention || self.is_past(case, actor, now)? {
                    done.held.push(case);
                }
            }
            Err(DeskError::Refused(Refusal::CaseOpen)) => done.open.push(case),
            Err(DeskError::Refused(Refusal::RetentionNotOver { .. })) => {}
            Err(problem) => return Err(problem),
        }
        Ok(())
    }
}
