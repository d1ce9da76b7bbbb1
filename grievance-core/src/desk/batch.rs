//! Many commands at once: each decided on its own, committed together.

use crate::desk::prepare::{Ask, Pending};
use crate::desk::{Desk, DeskError, Done};
use crate::grievance::request::Request;
use crate::kernel::id::{CommandId, GrievanceId};
use crate::kernel::time::whole_millis;
use crate::otp::VerifiedMobile;
use crate::rulebook::access::Actor;
use crate::store::StoreError;
use chrono::{DateTime, Utc};

/// One command of a batch.
#[derive(Clone, Debug, PartialEq)]
pub struct Submission {
    /// Its identity; a new one if absent. See [`Acting::command`](crate::desk::Acting::command).
    pub command: Option<CommandId>,
    /// Who acts.
    pub actor: Actor,
    /// When.
    pub now: DateTime<Utc>,
    /// The case; absent for a lodging.
    pub case: Option<GrievanceId>,
    /// The version that the case must still have.
    pub expected: Option<u64>,
    /// What is asked.
    pub request: Request,
    /// For a lodging: the mobile that was verified.
    pub verified: Option<VerifiedMobile>,
}

/// Commands that are committed in one transaction.
const CHUNK: usize = 500;

impl Desk {
    /// Submits many commands, in order. Each has its own answer: one that is refused stops no
    /// other, and none is half-written.
    ///
    /// Later commands see what earlier ones of the batch did. A bulk disposal with one reply is
    /// such a batch: every case is decided by itself.
    pub fn submit_all(&self, batch: &[Submission]) -> Vec<Result<Done, DeskError>> {
        batch.chunks(CHUNK).flat_map(|chunk| self.submit_chunk(chunk)).collect()
    }

    fn submit_chunk(&self, chunk: &[Submission]) -> Vec<Result<Done, DeskError>> {
        let mut pending = Pending::new();
        let mut answers: Vec<Option<Result<Done, DeskError>>> = Vec::with_capacity(chunk.len());
        let (mut commits, mut places) = (Vec::new(), Vec::new());
        for (place, submission) in chunk.iter().enumerate() {
            let ask = self.ask(submission);
            let fingerprint = self.fingerprint(&ask);
            let known = submission.command.map_or(Ok(None), |_| self.answered(&ask));
            let answer = match known {
                Ok(None) => match self.prepare(&ask, fingerprint, &pending) {
                    Ok(prepared) => {
                        pending
                            .extend(prepared.after.into_iter().map(|loaded| (loaded.case.id, loaded.into())));
                        commits.push(prepared.commit);
                        places.push((place, ask, prepared.handed));
                        None
                    }
                    Err(problem) => Some(Err(problem)),
                },
                Ok(Some(done)) => Some(Ok(done)),
                Err(problem) => Some(Err(problem)),
            };
            answers.push(answer);
        }
        match self.commit_all_firmly(&commits) {
            Err(problem) => {
                for (place, ..) in places {
                    answers[place] = Some(Err(problem.clone().into()));
                }
            }
            Ok(receipts) => {
                for ((place, ask, handed), receipt) in places.into_iter().zip(receipts) {
                    answers[place] = Some(match receipt {
                        Ok(receipt) => self.done(&ask, receipt, Some(handed)),
                        // Somebody outside the batch was first, or a command of the batch that this
                        // one built on was: decided again, alone.
                        Err(StoreError::Conflict { .. }) if ask.expected.is_none() => {
                            self.submit_one(ask, true)
                        }
                        Err(reused @ StoreError::CommandReused { .. }) => {
                            self.answered(&ask).and_then(|done| done.ok_or_else(|| reused.into()))
                        }
                        Err(problem) => Err(problem.into()),
                    });
                }
            }
        }
        answers.into_iter().flatten().collect()
    }

    fn ask<'a>(&self, submission: &'a Submission) -> Ask<'a> {
        let Submission { command, actor, now, case, expected, request, verified } = submission;
        Ask {
            command: command.unwrap_or_else(|| self.new_command()),
            actor,
            now: whole_millis(*now),
            case: *case,
            expected: *expected,
            request,
            verified: verified.as_ref(),
        }
    }
}
