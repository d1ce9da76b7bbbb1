//! The methods of a store, once: from this table the store over a keeper and the way back are made.

/// The table of a store's methods, trait by trait, as the traits have them.
///
/// A method that is asked over the seam otherwise than it is called, or that a store may leave out, is
/// not in it: `scan`, `folios`, `limiter`, `history_after`, `survey`, `advances`, `opening`, `opening_after`.
macro_rules! for_store_methods {
    ($then:ident) => {
        $then! {
            Journal {
                commit(commit: &Commit) -> Receipt;
                commit_all(commits: &[Commit]) -> Vec<Stored<Receipt>>;
                receipt(command: CommandId) -> Option<(Digest, Receipt)>;
                history(case: GrievanceId) -> History;
                file(case: GrievanceId) -> Pages;
                version(case: GrievanceId) -> Option<u64>;
                empty_files(after: Option<GrievanceId>, limit: usize) -> Vec<GrievanceId>;
                count(scope: &Scope) -> u64;
                fact(case: GrievanceId) -> Option<CaseFact>;
                renew(fact: &CaseFact) -> bool;
                find_external(source: &SourceCode, number: &str) -> Option<GrievanceId>;
                find_tracking(tracking: Digest) -> Option<GrievanceId>;
                search(scope: &Scope, search: &Search) -> Page;
                reserve(series: &str, floor: u64, count: u64) -> u64;
                due(now: DateTime<Utc>, after: Option<Due>, limit: usize) -> Vec<Due>;
                next_due() -> Option<DateTime<Utc>>;
            }
            Vault {
                texts(ids: &[VaultId]) -> Vec<StoredText>;
                has_texts(case: GrievanceId) -> bool;
                stale_texts(seal: Option<&str>, index: &str, after: Option<VaultId>, limit: usize) -> Vec<StoredText>;
                keep_anew(texts: &[Rekept]) -> u64;
            }
            AccessLog {
                last_look() -> Option<(u64, Digest)>;
                add_looks(entries: &[LookRow]) -> bool;
                looks(after: u64, limit: usize) -> Vec<LookRow>;
                looks_at(case: GrievanceId, after: u64, limit: usize) -> Vec<LookRow>;
            }
            Archive {
                keep(version: Digest, document: &str) -> ();
                chart(version: Digest, chart: &Chart) -> ();
                activate(version: Digest, since: DateTime<Utc>) -> ();
                edition(version: Digest) -> Option<String>;
                in_force(at: DateTime<Utc>) -> Option<Digest>;
                in_force_since(at: DateTime<Utc>) -> Option<DateTime<Utc>>;
                unmoved(version: Digest, after: Option<GrievanceId>, limit: usize) -> Vec<GrievanceId>;
                appoint(holding: &Holding) -> ();
                holders(unit: &UnitCode, post: &PostCode, at: DateTime<Utc>) -> Vec<Holding>;
                vacant(unit: &UnitCode, post: &PostCode, at: DateTime<Utc>) -> bool;
            }
            Outbox {
                post(notices: &[Notice]) -> u64;
                claim(now: DateTime<Utc>, lease: TimeDelta, limit: usize, by: ClaimId) -> Vec<Claimed>;
                settle(id: NoticeId, by: ClaimId, settlement: &Settlement) -> bool;
                parked(limit: usize) -> Vec<Parked>;
                revive(id: NoticeId, now: DateTime<Utc>) -> bool;
                delivery_report(id: NoticeId, received_at: DateTime<Utc>) -> bool;
                referred(reference: &str) -> Vec<NoticeId>;
                outbox_next() -> Option<DateTime<Utc>>;
                notices_of(case: GrievanceId) -> Vec<Posted>;
            }
            Agenda {
                last_job(schedule: &ScheduleCode) -> Option<DateTime<Utc>>;
                add_job(job: &Job) -> bool;
                open_jobs(limit: usize) -> Vec<Job>;
                finish_job(schedule: &ScheduleCode, due_at: DateTime<Utc>) -> bool;
            }
            Challenges {
                challenge(id: ChallengeId) -> Option<ChallengeState>;
                put_challenge(challenge: &ChallengeState, limiters: &[LimiterMove]) -> bool;
                spend(expected_tries: u32, challenge: &ChallengeState, limiters: &[LimiterMove]) -> bool;
                put_limiter(limiter: &LimiterMove) -> bool;
                forget_challenges(before: DateTime<Utc>, limit: usize) -> u64;
                forget_limiters(before: DateTime<Utc>, limit: usize) -> u64;
            }
            Checkpoints {
                take_heads() -> u64;
                heads(number: u64, after: Option<GrievanceId>, limit: usize) -> Vec<CaseHead>;
                keep_checkpoint(checkpoint: &Checkpoint) -> bool;
                checkpoints(after: u64, limit: usize) -> Vec<KeptCheckpoint>;
                last_checkpoint() -> Option<KeptCheckpoint>;
            }
            Store {}
        }
    };
}
pub(super) use for_store_methods;
