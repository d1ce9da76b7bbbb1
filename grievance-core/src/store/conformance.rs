//! The promises of a store, each as a plain function; one line makes them tests.
//!
//! A host that keeps cases in a database of its own writes
//! [`Journal`](crate::store::Journal), [`Vault`](crate::store::Vault),
//! [`AccessLog`](crate::store::looks::AccessLog),
//! [`Archive`](crate::store::Archive), [`Outbox`](crate::store::outbox::Outbox),
//! [`Agenda`](crate::store::agenda::Agenda), [`Challenges`](crate::store::challenges::Challenges)
//! and [`Checkpoints`](crate::store::checkpoints::Checkpoints) for it and lists every promise with
//! [`store_conformance!`](crate::store_conformance).

mod archive;
mod challenges;
mod checkpoints;
mod commits;
mod finding;
mod outbox;
mod reading;
pub mod sample;
mod scope;
mod survey;
mod timers;
mod vault;

pub use crate::store::conformance::archive::{
    a_known_post_without_holder_is_vacant, a_rulebook_is_kept_once, cases_of_other_versions_are_named,
    only_kept_rulebooks_come_into_force, posts_are_held_from_and_until, the_latest_activation_is_in_force,
};
pub use crate::store::conformance::challenges::{
    a_code_comes_back, a_code_is_used_once_by_many, a_new_code_is_written_whole_or_not,
    a_stale_count_is_refused, a_stale_try_is_refused, counts_are_never_lost, expired_codes_are_forgotten,
    stale_counts_are_forgotten,
};
pub use crate::store::conformance::checkpoints::{
    a_checkpoint_has_one_successor, advances_are_what_went_on, heads_stay_as_they_were_taken,
    one_of_many_checkpoints_follows, pages_are_what_was_committed, pages_of_all_files_come_in_order,
};
pub use crate::store::conformance::commits::{
    a_command_answers_the_same, a_new_case_is_new, a_reused_command_is_refused, a_stale_commit_is_refused,
    a_text_is_written_once, a_version_ahead_is_refused, commits_of_a_batch_stand_alone,
    everything_of_a_commit_is_written, external_numbers_are_unique_per_source,
    numbers_are_unique_and_shared_by_parts, one_of_many_writers_wins, serials_never_repeat,
    serials_respect_the_floor, tenants_do_not_see_each_other, two_cases_or_none,
};
pub use crate::store::conformance::finding::{
    every_filter_equals_filtering, pages_are_complete_and_in_order, tracking_finds_the_whole,
    words_find_nobody,
};
pub use crate::store::conformance::outbox::{
    a_dead_workers_notice_comes_back, a_lost_lease_settles_nothing,
    a_message_is_found_by_the_carriers_reference, a_notice_settles_once, a_retry_holds_back_its_case,
    delivery_reports_are_kept, messages_of_no_commit_are_put_in_once,
    notices_go_out_in_the_order_of_their_case, notices_wait_for_their_time, offices_hold_nobody_back,
    parked_notices_block_nobody_and_revive, workers_never_share_a_claim,
};
pub use crate::store::conformance::reading::{
    a_history_goes_on_after_an_event, a_row_is_kept_as_it_is, a_scan_gives_every_history,
    a_scan_may_use_the_store, a_scan_stops_early, an_opening_has_rulebook_and_history,
    an_unknown_case_is_empty, history_is_kept_in_order, texts_come_back,
};
pub use crate::store::conformance::scope::{
    a_count_stays_in_its_scope, a_row_is_renewed_at_its_version_alone, a_scan_stays_in_its_scope,
    a_search_stays_in_its_scope, the_lines_of_a_version_stay,
};
pub use crate::store::conformance::survey::a_survey_counts_the_rows;
pub use crate::store::conformance::timers::{
    a_job_is_added_and_finished_once, a_refused_commit_leaves_neither_timer_nor_notice,
    jobs_are_kept_in_order, timers_are_due_oldest_first, timers_are_replaced_with_the_events,
};

pub use crate::store::conformance::vault::{
    an_erasure_takes_the_words_of_its_case, looks_are_kept_in_order, texts_are_kept_anew_under_another_key,
};

use crate::kernel::code::TenantCode;
use crate::store::Store;
use std::sync::Arc;

/// What a store may do without, if its host does without it too.
///
/// Everything else is asked of every store. Such a store answers the calls it has no use for with
/// an error, and its host calls none of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Capability {
    /// It keeps messages on their way out.
    Outbox,
    /// It keeps the jobs that schedules call for.
    Agenda,
    /// It keeps one-time codes and the limits on them.
    Codes,
    /// It keeps who holds which post.
    Roster,
}

/// One promise: its name and the test of it, which panics where the promise is broken.
#[derive(Clone, Copy)]
pub struct Promise {
    /// What is promised.
    pub name: &'static str,
    /// Looks whether an empty store keeps it.
    pub examine: fn(Open<'_>),
}

impl std::fmt::Debug for Promise {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Promise({})", self.name)
    }
}

/// What a store must be able to do before a promise can be asked of it.
///
/// A promise that is not named here is asked of every store.
pub fn needs(promise: &str) -> &'static [Capability] {
    match promise {
        "a_dead_workers_notice_comes_back"
        | "a_lost_lease_settles_nothing"
        | "a_message_is_found_by_the_carriers_reference"
        | "a_notice_settles_once"
        | "a_refused_commit_leaves_neither_timer_nor_notice"
        | "a_retry_holds_back_its_case"
        | "delivery_reports_are_kept"
        | "everything_of_a_commit_is_written"
        | "messages_of_no_commit_are_put_in_once"
        | "notices_go_out_in_the_order_of_their_case"
        | "notices_wait_for_their_time"
        | "offices_hold_nobody_back"
        | "parked_notices_block_nobody_and_revive"
        | "tenants_do_not_see_each_other"
        | "workers_never_share_a_claim" => &[Capability::Outbox],
        "a_job_is_added_and_finished_once" | "jobs_are_kept_in_order" => &[Capability::Agenda],
        "a_code_comes_back"
        | "a_code_is_used_once_by_many"
        | "a_new_code_is_written_whole_or_not"
        | "a_stale_count_is_refused"
        | "a_stale_try_is_refused"
        | "counts_are_never_lost"
        | "expired_codes_are_forgotten"
        | "stale_counts_are_forgotten" => &[Capability::Codes],
        "a_known_post_without_holder_is_vacant" | "posts_are_held_from_and_until" => &[Capability::Roster],
        _ => &[],
    }
}

/// Whether a promise is asked of a store that lacks some capabilities.
pub fn is_asked(promise: &str, lacks: &[Capability]) -> bool {
    needs(promise).iter().all(|need| !lacks.contains(need))
}

/// Opens a tenant of the store under test: the same tenant again for the same code.
pub type Open<'a> = &'a dyn Fn(&TenantCode) -> Arc<dyn Store>;

/// Runs a promise on one tenant.
pub fn on_one(open: Open<'_>, promise: fn(Arc<dyn Store>)) {
    promise(open(&sample::tenant("first")));
}

/// Every promise, for whoever runs them in a way of their own: in another language, against a store
/// that is broken on purpose.
pub const PROMISES: &[Promise] = crate::store_conformance!(@list table);

/// Expands to one `#[test]` per promise.
///
/// `$fresh` is evaluated for each: it makes an empty store and gives a
/// `Fn(&TenantCode) -> Arc<dyn Store>` that opens tenants of it and keeps it alive. A store that
/// does without something says so: `store_conformance!({ … }, lacks: [Codes, Roster])` leaves out
/// the promises that [need](needs) those capabilities.
///
/// # Examples
///
/// ```
/// mod memory {
///     use grievance_core::store::memory::MemoryStore;
///
///     grievance_core::store_conformance!({
///         let store = MemoryStore::default();
///         move |tenant: &_| store.tenant(tenant) as _
///     });
/// }
/// ```
#[macro_export]
macro_rules! store_conformance {
    ($fresh:expr) => {
        $crate::store_conformance!($fresh, lacks: []);
    };
    ($fresh:expr, lacks: [$($lacks:ident),* $(,)?]) => {
        /// What the store does without.
        const LACKS: &[$crate::store::conformance::Capability] =
            &[$($crate::store::conformance::Capability::$lacks),*];

        $crate::store_conformance!(@list tests $fresh);
    };
    (@list $how:ident $($fresh:expr)?) => {
        $crate::store_conformance! { @$how $($fresh)?;
            a_checkpoint_has_one_successor,
            a_code_comes_back,
            a_code_is_used_once_by_many,
            a_command_answers_the_same,
            a_count_stays_in_its_scope,
            a_dead_workers_notice_comes_back,
            a_job_is_added_and_finished_once,
            a_known_post_without_holder_is_vacant,
            a_lost_lease_settles_nothing,
            a_new_case_is_new,
            a_notice_settles_once,
            a_refused_commit_leaves_neither_timer_nor_notice,
            a_retry_holds_back_its_case,
            a_new_code_is_written_whole_or_not,
            a_reused_command_is_refused,
            a_row_is_kept_as_it_is,
            a_row_is_renewed_at_its_version_alone,
            a_rulebook_is_kept_once,
            a_scan_gives_every_history,
            a_scan_may_use_the_store,
            a_scan_stays_in_its_scope,
            a_scan_stops_early,
            a_search_stays_in_its_scope,
            a_stale_commit_is_refused,
            a_stale_count_is_refused,
            a_stale_try_is_refused,
            a_survey_counts_the_rows,
            a_version_ahead_is_refused,
            an_erasure_takes_the_words_of_its_case,
            a_history_goes_on_after_an_event,
            an_opening_has_rulebook_and_history,
            advances_are_what_went_on,
            an_unknown_case_is_empty,
            cases_of_other_versions_are_named,
            commits_of_a_batch_stand_alone,
            a_text_is_written_once,
            everything_of_a_commit_is_written,
            delivery_reports_are_kept,
            a_message_is_found_by_the_carriers_reference,
            counts_are_never_lost,
            every_filter_equals_filtering,
            expired_codes_are_forgotten,
            external_numbers_are_unique_per_source,
            heads_stay_as_they_were_taken,
            history_is_kept_in_order,
            jobs_are_kept_in_order,
            looks_are_kept_in_order,
            messages_of_no_commit_are_put_in_once,
            notices_go_out_in_the_order_of_their_case,
            offices_hold_nobody_back,
            notices_wait_for_their_time,
            numbers_are_unique_and_shared_by_parts,
            one_of_many_checkpoints_follows,
            one_of_many_writers_wins,
            only_kept_rulebooks_come_into_force,
            pages_are_complete_and_in_order,
            pages_are_what_was_committed,
            pages_of_all_files_come_in_order,
            parked_notices_block_nobody_and_revive,
            posts_are_held_from_and_until,
            serials_never_repeat,
            serials_respect_the_floor,
            stale_counts_are_forgotten,
            texts_are_kept_anew_under_another_key,
            texts_come_back,
            the_latest_activation_is_in_force,
            the_lines_of_a_version_stay,
            timers_are_due_oldest_first,
            timers_are_replaced_with_the_events,
            tracking_finds_the_whole,
            two_cases_or_none,
            words_find_nobody,
            workers_never_share_a_claim,
        }
    };
    (@tests $fresh:expr; $($promise:ident,)+) => {
        $(
            #[test]
            fn $promise() {
                if !$crate::store::conformance::is_asked(stringify!($promise), LACKS) {
                    eprintln!("{} is not asked of a store that lacks {LACKS:?}", stringify!($promise));
                    return;
                }
                $crate::store::conformance::on_one(&$fresh, |store| {
                    $crate::store::conformance::$promise(&*store);
                });
            }
        )+

        #[test]
        fn tenants_do_not_see_each_other() {
            if $crate::store::conformance::is_asked("tenants_do_not_see_each_other", LACKS) {
                $crate::store::conformance::tenants_do_not_see_each_other(&$fresh);
            }
        }
    };
    (@table; $($promise:ident,)+) => {
        &[
            $($crate::store::conformance::Promise {
                name: stringify!($promise),
                examine: |open| $crate::store::conformance::on_one(open, |store| {
                    $crate::store::conformance::$promise(&*store);
                }),
            },)+
            $crate::store::conformance::Promise {
                name: "tenants_do_not_see_each_other",
                examine: $crate::store::conformance::tenants_do_not_see_each_other,
            },
        ]
    };
}
