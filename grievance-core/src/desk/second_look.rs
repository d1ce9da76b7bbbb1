//! The round of second looks that a schedule calls for: what points at closings, and which are drawn.

use crate::desk::{Acting, Desk, DeskError};
use crate::kernel::id::VaultId;
use crate::kernel::text::Digest;
use crate::kernel::time::day_of;
use crate::measure::quality::{Disposal, Sample, Suspected};
use crate::store::agenda::Job;
use chrono::{DateTime, Utc};
use std::collections::HashMap;

/// Texts that are read together.
const TOGETHER: usize = 1_000;

/// What a round of second looks begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecondLook {
    /// The closings after this instant; all, if there is none.
    pub since: Option<DateTime<Utc>>,
    /// And up to this one: when the job came round.
    pub until: DateTime<Utc>,
    /// How many closings of that time stand or stood.
    pub disposals: u64,
    /// How many remarks could not be opened: they were compared with none.
    pub unread: u64,
    /// What points at closings that may be bad, of all offices that the actor sees.
    pub suspected: Vec<Suspected>,
    /// The cases to look at, more of those strata that something points at. `verify` names its day.
    pub sample: Sample,
}

impl Acting<'_> {
    /// Draws the sample that a job calls for, from the closings since the same job came round before,
    /// of the cases that the actor sees: first what points at closings (`suspicion`), then as many of
    /// each stratum as the rulebook in force says (`verification`). Sealed cases are never among them.
    ///
    /// The same job and seed draw the same cases, as long as none is closed, reopened or sealed in
    /// between; draw once, and keep the sample. Whoever can foresee the seed knows who will be looked
    /// at: the hash of a [checkpoint](Desk::checkpoint) made after the job came round is printed, and
    /// could not be known before.
    ///
    /// Remarks are opened to be compared, blanks and the case of letters apart; they are shown to nobody,
    /// and no entry of the access log is made. One that does not open stops nothing: it is counted.
    ///
    /// # Errors
    ///
    /// When the store fails; [`DeskError::NoRulebook`].
    ///
    /// # Examples
    ///
    /// ```
    /// # use grievance_core::kernel::text::Digest;
    /// # use grievance_core::store::agenda::Job;
    /// # use grievance_core::vocabulary::JobKind;
    /// # use grievance_core::{Desk, KeyRing, MemoryStore, Rulebook, TenantCode};
    /// # let tenant = TenantCode::new("haldia")?;
    /// # let desk = Desk::open(MemoryStore::default().tenant(&tenant), tenant, KeyRing::for_tests());
    /// # let now = "2026-04-06T05:00:00Z".parse()?;
    /// # desk.activate(Rulebook::from_toml("extends = \"west-bengal\"")?, "2026-01-01T00:00:00Z".parse()?)?;
    /// let swept = desk.sweep(now, 1_000)?;
    /// for job in swept.jobs.iter().filter(|job| job.kind == JobKind::VerificationSample) {
    ///     let seed = desk.checkpoint(now)?.hash();
    ///     let round = desk.by(&Desk::system(), now).second_look(job, seed)?;
    ///     for drawn in &round.sample.drawn {
    ///         println!("{}", drawn.case); // for whoever looks a second time
    ///     }
    ///     desk.store().finish_job(&job.schedule, job.due_at)?;
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn second_look(&self, job: &Job, seed: Digest) -> Result<SecondLook, DeskError> {
        let desk = self.desk;
        let rulebook = desk.rulebook(self.now)?;
        let calendar = rulebook.calendar(rulebook.directory().cell(), None);
        let schedule = rulebook.schedules().iter().find(|schedule| schedule.code == job.schedule);
        let (since, until) = (schedule.and_then(|it| it.last_before(calendar, job.due_at)), job.due_at);
        let mut disposals: Vec<Disposal> = Vec::new();
        self.scan(&mut |history| {
            // Most histories end before the time in question.
            if since.is_none_or(|since| history.last().is_some_and(|last| last.at > since)) {
                let within = |it: &Disposal| since.is_none_or(|since| it.at > since) && it.at <= until;
                disposals.extend(Disposal::all_of(history).into_iter().filter(within));
            }
            true
        })?;
        let (remarks, unread) = desk.remarks_of(&disposals)?;
        let same = |disposal: &Disposal| remarks.get(&disposal.remarks?.id).copied();
        let suspected = Suspected::all(&disposals, &rulebook, &same);
        let day = day_of(until, rulebook.zone());
        let sample = Sample::draw(&disposals, &suspected, rulebook.verification(), day, seed);
        Ok(SecondLook { since, until, disposals: disposals.len() as u64, unread, suspected, sample })
    }
}

impl Desk {
    /// A digest of the words of each remark that is still there, and how many do not open.
    pub(super) fn remarks_of(
        &self,
        disposals: &[Disposal],
    ) -> Result<(HashMap<VaultId, Digest>, u64), DeskError> {
        let ids: Vec<VaultId> = disposals.iter().filter_map(|it| Some(it.remarks?.id)).collect();
        let (mut found, mut unread) = (HashMap::with_capacity(ids.len()), 0);
        for ids in ids.chunks(TOGETHER) {
            for text in self.store.texts(ids)? {
                let Ok(opened) = self.keys.open(&self.tenant, &text) else {
                    unread += 1;
                    continue;
                };
                let words: Vec<String> = opened.content.split_whitespace().map(str::to_lowercase).collect();
                let words = words.join(" ");
                // Made with a secret of the installation: of a plain digest words can be guessed.
                let parts: [&[u8]; 3] = [b"remarks", self.tenant.as_str().as_bytes(), words.as_bytes()];
                let said = self.keys.fingerprints(&parts).next();
                found.extend(said.map(|said| (text.id, said)));
            }
        }
        Ok((found, unread))
    }
}
