//! A few connections, lent one at a time.

use crate::sql::Dialect;
use crate::sql::postgres::PostgresOptions;
use crate::sql::postgres::caller::{is_polled, may_block};
use crate::sql::postgres::connection::{self, Connect};
use crate::sql::postgres::session::PostgresSession;
use crate::sql::session::{Connections, Session as _};
use crate::store::{StoreError, Stored};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// The connections to one database.
pub struct Pool {
    stock: Mutex<Stock>,
    /// Told when a connection comes back or is given up.
    returned: Condvar,
    connect: Connect,
    options: PostgresOptions,
}

#[derive(Default)]
struct Stock {
    idle: Vec<PostgresSession>,
    /// How many are lent.
    lent: usize,
}

impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pool").field("options", &self.options).finish_non_exhaustive()
    }
}

impl Pool {
    /// Makes the first connection and brings the schema up to date.
    pub(super) fn open(connect: Connect, options: &PostgresOptions) -> Stored<Self> {
        may_block()?;
        let options = PostgresOptions { connections: options.connections.max(1), ..options.clone() };
        let first = connection::open(&connect, options.durability)?;
        connection::migrate(&first)?;
        let stock = Mutex::new(Stock { idle: vec![first], lent: 0 });
        Ok(Self { stock, returned: Condvar::new(), connect, options })
    }

    fn stock(&self) -> MutexGuard<'_, Stock> {
        self.stock.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lend(&self) -> Stored<Lent<'_>> {
        may_block()?;
        let full = |stock: &mut Stock| stock.idle.is_empty() && stock.lent >= self.options.connections;
        let (mut stock, waited) = self
            .returned
            .wait_timeout_while(self.stock(), self.options.wait, full)
            .unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() && full(&mut stock) {
            return Err(StoreError::Busy);
        }
        stock.lent += 1;
        let idle = stock.idle.pop();
        drop(stock);
        let mut lent = Lent { pool: self, session: idle };
        match &lent.session {
            Some(session) => session.lend(),
            None => lent.session = Some(connection::open(&self.connect, self.options.durability)?),
        }
        Ok(lent)
    }

    fn on_one<T>(&self, act: &mut impl FnMut(&PostgresSession) -> Stored<T>) -> Stored<T> {
        let lent = self.lend()?;
        let session = lent.session.as_ref().expect("it is taken out when it is given back");
        let answer = act(session);
        if !session.is_lost() {
            return answer;
        }
        // The server went away: what is idle was connected to the same.
        let idle = std::mem::take(&mut self.stock().idle);
        drop(idle);
        let nothing_was_said = session.was_gone() && answer.as_ref().is_err_and(|e| *e == StoreError::Undone);
        drop(lent);
        if nothing_was_said { self.on_another(act) } else { answer }
    }

    /// The same on another connection.
    fn on_another<T>(&self, act: &mut impl FnMut(&PostgresSession) -> Stored<T>) -> Stored<T> {
        let lent = self.lend()?;
        act(lent.session.as_ref().expect("it is taken out when it is given back"))
    }
}

/// A connection in use.
struct Lent<'p> {
    pool: &'p Pool,
    session: Option<PostgresSession>,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let session = self.session.take().filter(|session| {
            // Somebody may have panicked in the middle of a transaction.
            session.give_up().is_ok() && session.is_clean()
        });
        let mut stock = self.pool.stock();
        stock.lent -= 1;
        stock.idle.extend(session);
        drop(stock);
        self.pool.returned.notify_one();
    }
}

impl Drop for Pool {
    /// A driver's connection says good-bye when it is dropped, which an async runtime forbids on
    /// its threads.
    fn drop(&mut self) {
        let idle = std::mem::take(&mut self.stock().idle);
        if is_polled() {
            std::thread::spawn(move || drop(idle));
        }
    }
}

impl Connections for Pool {
    type Session = PostgresSession;

    const DIALECT: Dialect = Dialect::Postgres;

    fn write<T>(&self, mut act: impl FnMut(&PostgresSession) -> Stored<T>) -> Stored<T> {
        self.on_one(&mut act)
    }

    fn look_up<T>(&self, act: impl FnMut(&PostgresSession) -> Stored<T>) -> Stored<T> {
        self.read(act)
    }

    /// What only reads may be said again on another connection.
    fn read<T>(&self, mut act: impl FnMut(&PostgresSession) -> Stored<T>) -> Stored<T> {
        match self.on_one(&mut act) {
            Err(StoreError::Lost | StoreError::Undone) => self.on_one(&mut act),
            answer => answer,
        }
    }
}
