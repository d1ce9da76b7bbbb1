//! Looking at cases: what a desk shows to one actor at one instant.
//!
//! Every look begins with the question whether the case is there for the actor; for a case that
//! is not, the answer is the one for a case that does not exist. What comes out is redacted
//! already: a view has no field that its reader may not see.

mod case;
mod event;
mod file;
mod row;
mod words;

pub use crate::desk::view::case::{CaseView, ContactView, PartView, ReferenceView, TextView};
pub use crate::desk::view::event::{EventView, TakenBy};
pub use crate::desk::view::file::{CaseFile, FileEntry, FileWord};
pub use crate::desk::view::row::{CaseRow, RowPage};
pub use crate::desk::view::words::ShownWord;

use crate::desk::prepare::Loaded;
use crate::desk::{Acting, Desk, DeskError};
use crate::grievance::decide::moved;
use crate::grievance::event::Recorded;
use crate::grievance::moment::Moment;
use crate::grievance::options::{Offer, options};
use crate::grievance::outlook::{Explanation, Progress, explain};
use crate::grievance::read::TrackingCode;
use crate::grievance::refusal::Refusal;
use crate::grievance::state::Grievance;
use crate::kernel::id::{GrievanceId, PersonId};
use crate::kernel::time::whole_millis;
use crate::measure::sealed::SealedTotal;
use crate::rulebook::Rulebook;
use crate::rulebook::access::{Actor, Scope, Sights, sees};
use crate::store::search::Search;
use crate::vocabulary::{Field, Reach, TargetKind};
use chrono::{DateTime, Utc};
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

/// An actor who looks: as the roster has them, under the rulebook in force.
struct Onlooker<'a> {
    desk: &'a Desk,
    actor: Actor,
    now: DateTime<Utc>,
    rulebook: Arc<Rulebook>,
    sights: Sights,
    /// Whether other cases that a case names are there for the actor.
    others: RefCell<HashMap<GrievanceId, bool>>,
}

/// A case that is there for whoever looks.
struct Seen {
    case: Grievance,
    history: Vec<Recorded>,
}

impl Onlooker<'_> {
    fn moment(&self) -> Moment<'_> {
        Moment::new(self.now, &self.actor, &self.rulebook)
    }

    /// Whether the actor sees a case: as it will stand under the version in force, once it has
    /// been moved to it.
    fn is_there(&self, case: &Grievance) -> bool {
        let moved = moved(case, &self.moment()).ok().flatten().map(|(_, moved)| moved);
        sees(&self.rulebook, &self.actor, &moved.as_ref().unwrap_or(case).standing())
    }

    fn open(&self, case: GrievanceId) -> Result<Seen, DeskError> {
        let history = self.desk.store.history(case)?.events;
        let case = Grievance::replay(&history).filter(|case| self.is_there(case)).ok_or(Refusal::NotFound)?;
        Ok(Seen { case, history })
    }

    /// The case without its history.
    fn stands(&self, case: GrievanceId) -> Result<Arc<Loaded>, DeskError> {
        let loaded = self.desk.read(case)?.filter(|loaded| self.is_there(&loaded.case));
        Ok(loaded.ok_or(Refusal::NotFound)?)
    }

    /// Whether another case that is named by one may be named to the actor.
    fn may_name(&self, other: GrievanceId) -> Result<bool, DeskError> {
        if let Some(known) = self.others.borrow().get(&other) {
            return Ok(*known);
        }
        let fact = self.desk.store.fact(other)?;
        let there = fact.is_some_and(|fact| sees(&self.rulebook, &self.actor, &fact.standing()));
        self.others.borrow_mut().insert(other, there);
        Ok(there)
    }
}

impl<'a> Acting<'a> {
    /// Whether the actor sees who did something in the office; the library itself ([`Desk::system`]) does.
    pub(super) fn sees_officers(&self) -> Result<bool, DeskError> {
        Ok(*self.actor == Desk::system() || self.onlooker()?.sights.full(Field::Officers))
    }

    fn onlooker(&self) -> Result<Onlooker<'a>, DeskError> {
        let now = whole_millis(self.now);
        let rulebook = self.desk.rulebook(now)?;
        let actor = self.desk.seated(self.actor, now, &rulebook)?;
        let sights = rulebook.sights(&actor.role);
        Ok(Onlooker { desk: self.desk, actor, now, rulebook, sights, others: RefCell::default() })
    }

    /// A case as it stands, with what may be read of it and its history.
    ///
    /// # Errors
    ///
    /// [`Refusal::NotFound`] for a case that is unknown or that the actor does not see;
    /// [`Refusal::PostNotHeld`] where posts are checked against the roster and the actor does not
    /// hold theirs; [`DeskError::Store`] when the store fails.
    pub fn case(&self, case: GrievanceId) -> Result<CaseView, DeskError> {
        let looks = self.onlooker()?;
        let seen = looks.open(case)?;
        CaseView::of(&looks, &seen)
    }

    /// A case's history, oldest event first, without internal notes and documents for those who do
    /// not see their words.
    ///
    /// # Errors
    ///
    /// As [`case`](Self::case).
    pub fn history(&self, case: GrievanceId) -> Result<Vec<EventView>, DeskError> {
        let looks = self.onlooker()?;
        let seen = looks.open(case)?;
        event::views(&looks, &seen)
    }

    /// What a complainant is shown of a case: where it is, the public due date with its reasons,
    /// and what comes next if nobody acts.
    ///
    /// # Errors
    ///
    /// As [`case`](Self::case).
    pub fn progress(&self, case: GrievanceId) -> Result<Progress, DeskError> {
        let looks = self.onlooker()?;
        self.desk.progress_of(&looks.stands(case)?.case, &looks.rulebook, looks.now)
    }

    /// Why a deadline of a case is due when it is; `None` when it has none of that kind.
    ///
    /// # Errors
    ///
    /// As [`case`](Self::case).
    pub fn explain(&self, case: GrievanceId, target: TargetKind) -> Result<Option<Explanation>, DeskError> {
        let looks = self.onlooker()?;
        Ok(explain(&looks.stands(case)?.case, target, &looks.rulebook))
    }

    /// What the actor can do with a case: every action, allowed or with what is missing.
    ///
    /// # Errors
    ///
    /// As [`case`](Self::case).
    pub fn options(&self, case: GrievanceId) -> Result<Vec<Offer>, DeskError> {
        let looks = self.onlooker()?;
        let loaded = looks.stands(case)?;
        let case = &loaded.case;
        let since = self.desk.since(case, looks.now, &looks.rulebook)?;
        let alone = self.desk.is_alone(&looks.actor, looks.now, &looks.rulebook)?;
        Ok(options(Some(case), &Moment { since, alone, ..looks.moment() }))
    }

    /// A page of the cases that fit and that the actor sees; nothing else is loaded.
    ///
    /// A case that a new rulebook version has yet to move is listed where it was.
    ///
    /// # Errors
    ///
    /// [`Refusal::FieldNotSeen`] when somebody is sought by a field that the actor's role does not
    /// see in full, [`Refusal::Invalid`] for a name without a word to seek, or a mobile that is none;
    /// [`Refusal::PostNotHeld`] as [`case`](Self::case); [`DeskError::Store`] when the store fails.
    pub fn search(&self, search: &Search) -> Result<RowPage, DeskError> {
        let looks = self.onlooker()?;
        let scope = Scope::of(&looks.rulebook, &looks.actor);
        if scope == Scope::Nothing {
            return Ok(RowPage::default());
        }
        for (field, sought) in
            [(Field::Name, &search.name), (Field::Mobile, &search.mobile), (Field::Email, &search.email)]
        {
            if sought.is_some() && !looks.sights.full(field) {
                return Err(Refusal::FieldNotSeen { field }.into());
            }
        }
        let page = self.desk.store.search(&scope, &self.desk.seeking(search, (&looks.actor, looks.now))?)?;
        let rows = page.cases.into_iter().map(|fact| CaseRow::of(&looks, fact)).collect::<Result<_, _>>()?;
        Ok(RowPage { cases: rows, next: page.next })
    }

    /// The histories of the cases that the actor sees, for measures and exports, case by case;
    /// stops early when `each` returns `false`. Who complains is left out for those who do not see
    /// it, and words are references as ever.
    ///
    /// Sealed cases are never among them, whoever asks. What a statement may say of them is
    /// answered at the end.
    ///
    /// # Errors
    ///
    /// As [`search`](Self::search).
    pub fn scan(&self, each: &mut dyn FnMut(&[Recorded]) -> bool) -> Result<SealedTotal, DeskError> {
        let looks = self.onlooker()?;
        let scope = Scope::of(&looks.rulebook, &looks.actor);
        let open = Scope::all_of([Scope::except(Scope::Sealed), scope]);
        let hides = !looks.sights.full(Field::Person);
        if open != Scope::Nothing {
            self.desk.store.scan(&open, &mut |history| {
                if !hides {
                    return each(history);
                }
                each(&event::without_complainant(history))
            })?;
        }
        if looks.rulebook.reach(&looks.actor.role) != Some(Reach::Everywhere) {
            return Ok(SealedTotal::NotTold);
        }
        Ok(SealedTotal::of(self.desk.store.count(&Scope::Sealed)?))
    }
}

/// A case that a tracking code opens.
#[derive(Clone, Debug, PartialEq)]
pub struct Tracked {
    /// The case; of a divided one the whole.
    pub case: GrievanceId,
    /// Under which identity whoever has the code acts as the complainant.
    pub person: Option<PersonId>,
    /// Where it stands.
    pub progress: Progress,
}

impl Desk {
    /// The cases that an actor sees at an instant.
    pub(super) fn scope(&self, actor: &Actor, now: DateTime<Utc>) -> Result<Scope, DeskError> {
        let now = whole_millis(now);
        let rulebook = self.rulebook(now)?;
        let actor = self.seated(actor, now, &rulebook)?;
        Ok(Scope::of(&rulebook, &actor))
    }

    /// The case that a tracking code opens, and where it stands; blanks, dashes and small letters
    /// make no difference. `None` for a code that opens nothing.
    ///
    /// # Errors
    ///
    /// When the store fails, or no rulebook is in force.
    pub fn track(&self, typed: &str, now: DateTime<Utc>) -> Result<Option<Tracked>, DeskError> {
        let now = whole_millis(now);
        let rulebook = self.rulebook(now)?;
        let Some(case) = self.store.find_tracking(TrackingCode::digest(typed))? else { return Ok(None) };
        let Some(found) = Grievance::replay(&self.store.history(case)?.events) else { return Ok(None) };
        let progress = self.progress_of(&found, &rulebook, now)?;
        Ok(Some(Tracked { case, person: found.subject.complainant.person, progress }))
    }
}
