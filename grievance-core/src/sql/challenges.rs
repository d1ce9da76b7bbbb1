//! Codes that were sent and the limits on them.

use crate::kernel::id::ChallengeId;
use crate::otp::{ChallengeState, LimiterKey, LimiterState};
use crate::sql::Cell;
use crate::sql::read::{Columns, Reading};
use crate::sql::row;
use crate::sql::session::{Connections, Halt, Session};
use crate::sql::tenant::SqlTenant;
use crate::store::challenges::{Challenges, KeptLimiter, LimiterMove};
use crate::store::{StoreError, Stored};
use chrono::{DateTime, Utc};

fn damaged<T>(what: &str) -> Stored<T> {
    Err(StoreError::Backend(format!("a stored row is damaged: {what} cannot be read")))
}

fn challenge<C: Columns>(id: ChallengeId, row: &Reading<'_, C>) -> Stored<ChallengeState> {
    let Ok(purpose) = row.text(0)?.parse() else { return damaged("the purpose of a code") };
    let Ok(tries) = u32::try_from(row.count(7)?) else { return damaged("the tries of a code") };
    Ok(ChallengeState {
        id,
        purpose,
        subject: row.digest(1)?,
        request: row.digest(2)?,
        key: row.text(3)?.into(),
        mac: row.digest(4)?,
        issued_at: row.instant(5)?,
        expires_at: row.instant(6)?,
        tries,
        used: row.flag(8)?,
    })
}

impl<P: Connections> SqlTenant<P> {
    /// Writes in one transaction: all of it, or nothing when a row is not as expected.
    fn all_or_nothing(
        &self,
        write: impl Fn(&P::Session) -> Result<(), Halt>,
        limiters: &[LimiterMove],
    ) -> Stored<bool> {
        self.write(|session| {
            let written = session.transact(|session| {
                write(session)?;
                limiters.iter().try_for_each(|counts| self.count(session, counts))
            });
            match written {
                Ok(()) => Ok(true),
                Err(Halt::Refused) => Ok(false),
                Err(Halt::Failed(problem)) => Err(problem),
            }
        })
    }

    fn forget(&self, sql: &str, before: DateTime<Utc>, limit: usize) -> Stored<u64> {
        let at = || row::instant(before);
        let values = [self.own(), at(), self.own(), at(), row::limit(limit)];
        self.write(|session| Ok(session.change_alone(sql, &values)?))
    }

    fn count(
        &self,
        session: &P::Session,
        LimiterMove { key, expected, state }: &LimiterMove,
    ) -> Result<(), Halt> {
        let forget_at = state.forget_at().map_or(Cell::Null, row::instant);
        let (key, state) = (key.to_string(), serde_json::to_string(state).expect("counts are plain data"));
        if *expected == 0 {
            let values = [self.own(), Cell::Text(&key), Cell::Integer(1), Cell::Text(&state), forget_at];
            session.one(&self.sql.insert_limiter, &values)
        } else {
            let (expected, next) = (row::count(*expected), row::count(expected + 1));
            let values = [next, Cell::Text(&state), forget_at, self.own(), Cell::Text(&key), expected];
            session.one(&self.sql.update_limiter, &values)
        }
    }
}

impl<P: Connections> Challenges for SqlTenant<P> {
    fn challenge(&self, id: ChallengeId) -> Stored<Option<ChallengeState>> {
        let key = [self.own(), Cell::Id(id.uuid())];
        self.pool
            .look_up(|session| session.first(&self.sql.challenge, &key, |row| challenge(id, &Reading(row))))
    }

    fn limiter(&self, key: &LimiterKey) -> Stored<KeptLimiter> {
        let text = key.to_string();
        let values = [self.own(), Cell::Text(&text)];
        let kept = self.pool.look_up(|session| {
            session.first(&self.sql.limiter, &values, |row| {
                let row = Reading(row);
                match serde_json::from_str(row.text(1)?) {
                    Ok(state) => Ok(KeptLimiter { revision: row.count(0)?, state }),
                    Err(_) => damaged("the counts of a limiter"),
                }
            })
        })?;
        Ok(kept.unwrap_or_else(|| KeptLimiter { revision: 0, state: LimiterState::fresh(key) }))
    }

    fn put_challenge(&self, challenge: &ChallengeState, limiters: &[LimiterMove]) -> Stored<bool> {
        let ChallengeState { id, purpose, subject, request, key, mac, issued_at, expires_at, tries, used } =
            challenge;
        let values = [
            self.own(),
            Cell::Id(id.uuid()),
            Cell::Text(purpose.as_str()),
            row::digest(subject),
            row::digest(request),
            Cell::Text(key),
            row::digest(mac),
            row::instant(*issued_at),
            row::instant(*expires_at),
            Cell::Integer((*tries).into()),
            Cell::Integer((*used).into()),
        ];
        self.all_or_nothing(|session| session.one(&self.sql.insert_challenge, &values), limiters)
    }

    fn spend(
        &self,
        expected_tries: u32,
        challenge: &ChallengeState,
        limiters: &[LimiterMove],
    ) -> Stored<bool> {
        let values = [
            Cell::Integer(challenge.tries.into()),
            Cell::Integer(challenge.used.into()),
            self.own(),
            Cell::Id(challenge.id.uuid()),
            Cell::Integer(expected_tries.into()),
            Cell::Integer(0),
        ];
        self.all_or_nothing(|session| session.one(&self.sql.spend_challenge, &values), limiters)
    }

    fn put_limiter(&self, limiter: &LimiterMove) -> Stored<bool> {
        self.all_or_nothing(|_| Ok(()), std::slice::from_ref(limiter))
    }

    fn forget_challenges(&self, before: DateTime<Utc>, limit: usize) -> Stored<u64> {
        self.forget(&self.sql.forget_challenges, before, limit)
    }

    fn forget_limiters(&self, before: DateTime<Utc>, limit: usize) -> Stored<u64> {
        self.forget(&self.sql.forget_limiters, before, limit)
    }
}
