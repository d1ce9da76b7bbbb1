//! A store that is written elsewhere: in another language, or in another process.
//!
//! Everything a store is asked crosses one seam, [`Keeper::ask`]: the name of the method, and what it is
//! given as a JSON object with a field for each argument. The answer is `{"answer": …}` or
//! `{"error": {"code": …}}`. [`ForeignStore`] is a [`Store`] over a keeper; [`serve`] answers such a
//! question from a store of ours. Both come from one table of the methods.
//!
//! | what | how it is told |
//! |---|---|
//! | identities, codes, words, digests | as the texts that they are everywhere: `grv_…`, `roads`, 64 hexadecimal digits |
//! | instants, durations | whole milliseconds; days as `YYYY-MM-DD` |
//! | whole numbers | to the last digit; a limit is never above 2^53 - 1 |
//! | events | a row with the columns `case`, `version`, `at`, `actor`, `rulebook`, `command`, `kind`, `body`, `hash`; `actor` and `body` are texts to be kept byte for byte |
//! | bytes | lower-case hexadecimal digits |
//! | records | an object with a field for each of theirs; what is not there is `null`, and no field is left out |
//! | scopes | an object with one field: `{"held_by": "roads"}`, `{"any_of": […]}`, `{"all": true}` |
//! | messages, codes, counts | as they are stored: to be kept whole and given back whole |
//!
//! Beside what they have in Rust, a commit has its `receipt`, a stream says whether it `erases`, a row
//! whether the case is `pending`, a notice whether it is for an `office`, and counts when they may be
//! forgotten (`forget_at`): whoever keeps them works nothing out. Fields that are not asked for are
//! passed over, so that a row may be given back with more columns than it needs.
//!
//! Some methods are asked otherwise than they are called. `scan` is asked for pages, with `after` and
//! `limit`, and answers histories as lists of event rows. `folios` has the case of `after` as an
//! identity. To `limiter`, `null` says that nothing is kept. Words of a [`Search`] that nobody has blinded
//! stay here. `survey` is not asked at all: the rows are, page by page, and are counted here.
//!
//! A store may leave out `history_after`, `opening`, `opening_after` and `advances`: it answers the
//! error `unknown_method`, once, and is then asked what they are made of.

mod ask;
mod shapes;
mod table;
mod told;

use crate::grievance::event::Recorded;
use crate::grievance::notice::Notice;
use crate::grievance::project::CaseFact;
use crate::kernel::code::{PostCode, ScheduleCode, SourceCode, UnitCode};
use crate::kernel::id::{ChallengeId, ClaimId, CommandId, GrievanceId, NoticeId, VaultId};
use crate::kernel::text::Digest;
use crate::measure::question::Question;
use crate::otp::{ChallengeState, LimiterKey, LimiterState};
use crate::proof::checkpoint::{CaseHead, Checkpoint};
use crate::proof::folio::Folio;
use crate::rulebook::access::{Chart, Scope};
use crate::store::agenda::{Agenda, Job};
use crate::store::challenges::{Challenges, KeptLimiter, LimiterMove};
use crate::store::checkpoints::{Advance, Checkpoints, KeptCheckpoint, advances_by_heads};
use crate::store::commit::{Commit, Receipt};
use crate::store::foreign::ask::{Answer, LeftOut, Optional};
use crate::store::foreign::shapes::After;
use crate::store::foreign::table::for_store_methods;
use crate::store::foreign::told::{Fields, Heard, Lent, Tell as _, Wrong, object};
use crate::store::looks::{AccessLog, LookRow};
use crate::store::outbox::{Claimed, Outbox, Parked, Posted, Settlement};
use crate::store::search::{Page, Search};
use crate::store::survey::Survey;
use crate::store::vault::StoredText;
use crate::store::{
    Archive, Due, Further, History, Holding, Journal, Pages, Rekept, Store, StoreError, Stored, Vault,
};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

/// Histories that are asked for together.
const TOGETHER: usize = 256;

/// Whoever keeps what a store keeps, elsewhere.
///
/// # Examples
///
/// One that hands every question to a store of ours, as another process would:
///
/// ```
/// use grievance_core::store::foreign::{ForeignStore, Keeper, serve};
/// use grievance_core::store::memory::{MemoryStore, MemoryTenant};
/// use grievance_core::store::{Journal as _, StoreError};
/// use std::sync::Arc;
///
/// struct OverThere(Arc<MemoryTenant>);
///
/// impl Keeper for OverThere {
///     fn ask(&self, method: &str, given: &str) -> Result<String, StoreError> {
///         Ok(serve(&*self.0, method, given))
///     }
/// }
///
/// let tenant = MemoryStore::default().tenant(&"haldia".parse()?);
/// let store = ForeignStore::over(OverThere(tenant));
/// assert_eq!(store.reserve("2026", 1, 5)?, 1);
/// assert_eq!(store.reserve("2026", 1, 5)?, 6);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Keeper: Send + Sync {
    /// Answers a question. It may be asked from several threads at once, and by a thread that holds a
    /// desk's locks: it asks no desk over the same store.
    ///
    /// # Errors
    ///
    /// When there is no answer; one that says what went wrong is an answer too.
    fn ask(&self, method: &str, given: &str) -> Stored<String>;
}

/// A store over a keeper.
pub struct ForeignStore {
    keeper: Box<dyn Keeper>,
    left_out: LeftOut,
}

impl std::fmt::Debug for ForeignStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ForeignStore").field("left_out", &self.left_out).finish_non_exhaustive()
    }
}

impl ForeignStore {
    /// The store that a keeper keeps.
    pub fn over(keeper: impl Keeper + 'static) -> Self {
        Self { keeper: Box::new(keeper), left_out: LeftOut::default() }
    }
}

/// The traits of a store, method by method, as questions to the keeper.
macro_rules! asked {
    ($($keeping:ident {
        $($method:ident($($given:ident: $kind:ty),*) -> $answer:ty;)*
    })+) => {
        $(impl $keeping for ForeignStore {
            $(fn $method(&self, $($given: $kind),*) -> Stored<$answer> {
                self.ask(stringify!($method), &object! { $(stringify!($given) => $given),* })
            })*
            by_hand!($keeping);
        })+

        /// What a keeper is asked, in the order of the table.
        pub const METHODS: &[&str] = &[
            $($(stringify!($method),)*)+
            "scan", "folios", "limiter", "history_after", "opening", "opening_after", "advances",
        ];

        /// Answers a question of the table from a store of ours; `None` for a method that is not in it.
        fn served(store: &dyn Store, method: &str, fields: &mut Fields) -> Heard<Option<Value>> {
            Ok(Some(match method {
                $($(stringify!($method) => {
                    $(let $given: <$kind as Lent<'_>>::Owned = fields.take(stringify!($given))?;)*
                    let answer = store.$method($(<$kind as Lent<'_>>::lend(&$given)),*);
                    Answer(answer).tell()
                })*)+
                _ => return Ok(None),
            }))
        }
    };
}

/// The methods that are asked otherwise than they are called.
macro_rules! by_hand {
    (Journal) => {
        fn scan(&self, scope: &Scope, each: &mut dyn FnMut(&[Recorded]) -> bool) -> Stored<()> {
            let mut after = None;
            loop {
                let given = object! { "scope" => scope, "after" => after, "limit" => TOGETHER };
                let page: Vec<Vec<Recorded>> = self.ask("scan", &given)?;
                if page.is_empty() {
                    return Ok(());
                }
                for history in page {
                    let case = history.first().map(|first| first.case);
                    // A store that begins anew each time would keep us for ever.
                    if case <= after {
                        return Err(bad_answer("scan", "", "must have cases in rising order after `after`"));
                    }
                    after = case;
                    if !each(&history) {
                        return Ok(());
                    }
                }
            }
        }

        fn folios(&self, after: Option<(&[u8], i64)>, limit: usize) -> Stored<Vec<Folio>> {
            let after = after.map(|(case, version)| After(case.to_vec(), version));
            self.ask("folios", &object! { "after" => after, "limit" => limit })
        }

        fn history_after(&self, read: &CaseHead) -> Stored<Further> {
            match self.ask_if_known(Optional::HistoryAfter, &object! { "read" => read })? {
                Some(further) => Ok(further),
                None => Ok(Further::Whole(self.history(read.case)?)),
            }
        }

        fn survey(&self, scope: &Scope, question: &Question, until: DateTime<Utc>) -> Stored<Survey> {
            let (mut facts, mut search) = (Vec::new(), Search { limit: Search::MOST, ..Search::default() });
            loop {
                let page = self.search(scope, &search)?;
                facts.extend(page.cases);
                let Some(next) = page.next else { return Ok(Survey::of(&facts, question, until)) };
                if search.after.is_some_and(|after| next >= after) {
                    return Err(bad_answer("search", ".next", "must lie behind `after`"));
                }
                search.after = Some(next);
            }
        }
    };
    (Challenges) => {
        fn limiter(&self, key: &LimiterKey) -> Stored<KeptLimiter> {
            let kept: Option<KeptLimiter> = self.ask("limiter", &object! { "key" => key })?;
            Ok(kept.unwrap_or_else(|| KeptLimiter { revision: 0, state: LimiterState::fresh(key) }))
        }
    };
    (Checkpoints) => {
        fn advances(
            &self,
            since: u64,
            number: u64,
            after: Option<GrievanceId>,
            limit: usize,
        ) -> Stored<Vec<Advance>> {
            let given = object! { "since" => since, "number" => number, "after" => after, "limit" => limit };
            match self.ask_if_known(Optional::Advances, &given)? {
                Some(advances) => Ok(advances),
                None => advances_by_heads(self, since, number, after, limit),
            }
        }
    };
    (Store) => {
        fn opening(&self, case: GrievanceId, at: DateTime<Utc>) -> Stored<(Option<Digest>, History)> {
            match self.ask_if_known(Optional::Opening, &object! { "case" => case, "at" => at })? {
                Some(opening) => Ok(opening),
                None => Ok((self.in_force(at)?, self.history(case)?)),
            }
        }

        fn opening_after(&self, read: &CaseHead, at: DateTime<Utc>) -> Stored<(Option<Digest>, Further)> {
            match self.ask_if_known(Optional::OpeningAfter, &object! { "read" => read, "at" => at })? {
                Some(opening) => Ok(opening),
                None => Ok((self.in_force(at)?, self.history_after(read)?)),
            }
        }
    };
    ($other:ident) => {};
}
for_store_methods!(asked);

fn bad_answer(method: &str, path: &str, problem: impl std::fmt::Display) -> StoreError {
    StoreError::BadAnswer { place: format!("{method}{path}"), problem: problem.to_string() }
}

/// Answers a keeper's question from a store of ours: the same text that [`ForeignStore`] reads.
///
/// A question that cannot be read is answered too, with its place.
pub fn serve(store: &dyn Store, method: &str, given: &str) -> String {
    let answer = asked_of(store, method, given).unwrap_or_else(|wrong| {
        let problem = match wrong {
            Wrong::Shape { path, problem } => bad_answer(method, &path, problem),
            Wrong::Stored(problem) => problem,
        };
        Answer::<()>(Err(problem)).tell()
    });
    ask::text(&answer)
}

fn asked_of(store: &dyn Store, method: &str, given: &str) -> Heard<Value> {
    let told = serde_json::from_str(given).map_err(|_| Wrong::here("must be JSON"))?;
    let mut fields = Fields::of(told)?;
    if let Some(answer) = served(store, method, &mut fields)? {
        return Ok(answer);
    }
    Ok(match method {
        "scan" => {
            let (scope, after, limit): (Scope, Option<GrievanceId>, usize) =
                (fields.take("scope")?, fields.take("after")?, fields.take("limit")?);
            let mut page: Vec<Vec<Recorded>> = Vec::new();
            let scanned = store.scan(&scope, &mut |history| {
                if page.len() < limit && history.first().map(|first| first.case) > after {
                    page.push(history.to_vec());
                }
                page.len() < limit
            });
            Answer(scanned.map(|()| page)).tell()
        }
        "folios" => {
            let after: Option<After> = fields.take("after")?;
            let after = after.as_ref().map(|After(case, version)| (case.as_slice(), *version));
            Answer(store.folios(after, fields.take("limit")?)).tell()
        }
        "limiter" => Answer(store.limiter(&fields.take("key")?)).tell(),
        "history_after" => Answer(store.history_after(&fields.take("read")?)).tell(),
        "opening" => Answer(store.opening(fields.take("case")?, fields.take("at")?)).tell(),
        "opening_after" => Answer(store.opening_after(&fields.take("read")?, fields.take("at")?)).tell(),
        "advances" => Answer(store.advances(
            fields.take("since")?,
            fields.take("number")?,
            fields.take("after")?,
            fields.take("limit")?,
        ))
        .tell(),
        _ => ask::unknown_method(),
    })
}
