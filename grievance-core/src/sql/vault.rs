//! Texts as they are kept, who is found by them, and the access log, in whatever database.

use crate::grievance::project::CaseFact;
use crate::kernel::id::{GrievanceId, VaultId};
use crate::kernel::text::Digest;
use crate::rulebook::access::Scope;
use crate::sql::people::{self, Counted};
use crate::sql::read::Reading;
use crate::sql::session::{Connections, Halt, Session};
use crate::sql::tenant::SqlTenant;
use crate::sql::{Cell, row};
use crate::store::blind::Token;
use crate::store::looks::{AccessLog, LookRow};
use crate::store::search::{Cursor, Search};
use crate::store::vault::StoredText;
use crate::store::{Rekept, Stored, Vault};

/// No more cases are looked at together. At first it is one page, because where everybody found may
/// be seen that is all; each further time twice as many.
const AT_MOST: usize = 1_024;

/// Counted no further: how often a word comes is then told by how far back so many go.
const COUNTED: u64 = 500;

impl<P: Connections> SqlTenant<P> {
    fn keep_one_anew(&self, session: &P::Session, Rekept { before, after }: &Rekept) -> Stored<bool> {
        let (own, id, case) = (self.own(), Cell::Id(after.id.uuid()), Cell::Id(after.case.uuid()));
        let (seal, index) = before.keys();
        let [salt, key, words, sealed, index_key] = row::content(after);
        let was = [Cell::Text(seal.unwrap_or_default()), Cell::Text(index.unwrap_or_default())];
        let values = [salt, key, words, sealed, index_key, own, id, was[0], was[1]];
        if session.change(&self.sql.reseal, &values)? == 0 {
            return Ok(false);
        }
        session.change(&self.sql.drop_tokens, &[own, case, id])?;
        let lodged_at =
            session.first(&self.sql.lodged_at, &[own, case], |row| Ok(Reading(row).instant(0)?))?;
        let Some(lodged_at) = lodged_at else { return Ok(true) };
        for token in after.indexed.iter().flat_map(|indexed| &indexed.tokens) {
            session.one(&self.sql.insert_token, &row::blind(&self.tenant, after, token, lodged_at))?;
        }
        Ok(true)
    }

    fn look_page(&self, sql: &str, values: &[Cell<'_>]) -> Stored<Vec<LookRow>> {
        self.pool.read(|session| session.all(sql, values, |row| Ok(Reading(row).look()?)))
    }
}

impl<P: Connections> SqlTenant<P> {
    /// The cases of a page and one more, where somebody is sought: cases of that person first, then
    /// those of them that fit.
    pub(super) fn page_of_people(
        &self,
        session: &P::Session,
        scope: &Scope,
        search: &Search,
    ) -> Stored<Vec<CaseFact>> {
        let count = |token: &Token| {
            let values = [self.own(), Cell::Blob(token.as_bytes()), row::count(COUNTED)];
            let counted = session.first(&self.sql.count_token, &values, |row| {
                let row = Reading(row);
                let between = row.maybe_instant(1)?.zip(row.maybe_instant(2)?);
                let between =
                    between.map(|(newest, oldest)| (newest.timestamp_millis(), oldest.timestamp_millis()));
                Ok(Counted { often: row.count(0)?, between })
            });
            counted.map(Option::unwrap_or_default)
        };
        let Some(sought) = people::ranked(search, COUNTED, count)? else { return Ok(Vec::new()) };
        let (mut found, mut after, mut together) =
            (Vec::new(), search.after, search.page_size() as usize + 1);
        loop {
            let (sql, values) =
                people::candidates(P::DIALECT, self.tenant.as_str(), &sought, after, together);
            let values: Vec<Cell<'_>> = values.iter().map(Cell::from).collect();
            let mut places = session.all(&sql, &values, |row| {
                let row = Reading(row);
                Ok(Cursor { lodged_at: row.instant(0)?, case: GrievanceId::from_uuid(row.id(1)?) })
            })?;
            let whole = places.len() < together;
            places.dedup();
            after = places.last().copied().or(after);
            let among: Vec<GrievanceId> = places.into_iter().map(|place| place.case).collect();
            if !among.is_empty() {
                found.extend(self.page_of(session, scope, search, Some(&among))?);
            }
            if whole || found.len() > search.page_size() as usize {
                return Ok(found);
            }
            together = (together * 2).min(AT_MOST);
        }
    }
}

impl<P: Connections> Vault for SqlTenant<P> {
    fn texts(&self, ids: &[VaultId]) -> Stored<Vec<StoredText>> {
        self.pool.look_up(|session| {
            let mut texts = Vec::with_capacity(ids.len());
            for id in ids {
                let key = [self.own(), Cell::Id(id.uuid())];
                texts.extend(session.first(&self.sql.text, &key, |row| Ok(Reading(row).stored_text()?))?);
            }
            Ok(texts)
        })
    }

    fn has_texts(&self, case: GrievanceId) -> Stored<bool> {
        let key = [self.own(), Cell::Id(case.uuid())];
        let found = self.pool.look_up(|session| session.first(&self.sql.any_text, &key, |_| Ok(())));
        Ok(found?.is_some())
    }

    fn stale_texts(
        &self,
        seal: Option<&str>,
        index: &str,
        after: Option<VaultId>,
        limit: usize,
    ) -> Stored<Vec<StoredText>> {
        let after = after.map_or(Cell::Blob(&[]), |after| Cell::Id(after.uuid()));
        let keys = [Cell::Text(seal.unwrap_or_default()), Cell::Text(index)];
        let values = [self.own(), after, keys[0], keys[1], row::limit(limit)];
        self.pool.read(|session| {
            session.all(&self.sql.stale_texts, &values, |row| Ok(Reading(row).stored_text()?))
        })
    }

    fn keep_anew(&self, texts: &[Rekept]) -> Stored<u64> {
        self.pool.write(|session| {
            session.transact(|session| {
                let mut kept = 0;
                for text in texts {
                    kept += u64::from(self.keep_one_anew(session, text)?);
                }
                Ok(kept)
            })
        })
    }
}

impl<P: Connections> AccessLog for SqlTenant<P> {
    fn last_look(&self) -> Stored<Option<(u64, Digest)>> {
        self.pool.look_up(|session| {
            session.first(&self.sql.last_look, &[self.own()], |row| {
                let row = Reading(row);
                Ok((row.count(0)?, row.digest(1)?))
            })
        })
    }

    fn add_looks(&self, entries: &[LookRow]) -> Stored<bool> {
        self.pool.write(|session| {
            let written = session.transact(|session| {
                let mut rows = entries.iter();
                rows.try_for_each(|entry| session.one(&self.sql.insert_look, &row::look(&self.tenant, entry)))
            });
            match written {
                Ok(()) => Ok(true),
                Err(Halt::Refused) => Ok(false),
                Err(Halt::Failed(problem)) => Err(problem),
            }
        })
    }

    fn looks(&self, after: u64, limit: usize) -> Stored<Vec<LookRow>> {
        self.look_page(&self.sql.looks, &[self.own(), row::count(after), row::limit(limit)])
    }

    fn looks_at(&self, case: GrievanceId, after: u64, limit: usize) -> Stored<Vec<LookRow>> {
        let values = [self.own(), Cell::Id(case.uuid()), row::count(after), row::limit(limit)];
        self.look_page(&self.sql.looks_at, &values)
    }
}
