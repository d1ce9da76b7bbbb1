//! A pooler in transaction mode, as it stands before many a PostgreSQL: each transaction goes to
//! another connection of the server's. It can also break a connection at a COMMIT.

use crate::pg::Database;
use grievance_core::sql::postgres::postgres::config::Host;
use grievance_core::sql::postgres::postgres::{Client, Config, Error, NoTls};
use std::io::{Read as _, Result, Write as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// Where the connection to the host breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Break {
    /// The server never hears of the COMMIT.
    BeforeCommit,
    /// The server has committed; its answer is lost.
    AfterCommit,
}

/// What the pooler was told and has done.
#[derive(Default)]
struct State {
    /// The breaks to come, one for each COMMIT.
    breaks: Mutex<Vec<Break>>,
    /// Connections made to the server.
    opened: AtomicUsize,
}

/// A running pooler; its threads end with their connections, the listener with the process.
pub(crate) struct Pooler {
    folder: tempfile::TempDir,
    config: Config,
    state: Arc<State>,
}

impl Pooler {
    /// `None` where the server has no unix socket.
    pub(crate) fn before(database: &Database) -> Option<Self> {
        let config = database.config();
        let [Host::Unix(server)] = config.get_hosts() else { return None };
        let port = config.get_ports().first().copied().unwrap_or(5432);
        let server = server.join(format!(".s.PGSQL.{port}"));
        let folder = tempfile::Builder::new().prefix("grv").tempdir_in("/tmp").unwrap();
        let listener = UnixListener::bind(folder.path().join(".s.PGSQL.5432")).unwrap();
        let state = Arc::<State>::default();
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for host in listener.incoming() {
                let (server, state) = (server.clone(), Arc::clone(&shared));
                // A connection that breaks ends its thread; that is what it is for.
                std::thread::spawn(move || host.and_then(|host| serve(host, &server, &state)));
            }
        });
        Some(Self { folder, config, state })
    }

    /// How a store connects through it.
    pub(crate) fn connect(&self) -> impl Fn() -> std::result::Result<Client, Error> + Send + Sync + use<> {
        let mut config = Config::new();
        config.host_path(self.folder.path()).user(self.config.get_user().expect("a user is named"));
        config.dbname(self.config.get_dbname().expect("it is named"));
        move || config.connect(NoTls)
    }

    /// Breaks the next connections that commit, in this order.
    pub(crate) fn breaks(&self, breaks: &[Break]) {
        *self.state.breaks.lock().unwrap() = breaks.iter().rev().copied().collect();
    }

    /// Whether every break has happened.
    pub(crate) fn is_done(&self) -> bool {
        self.state.breaks.lock().unwrap().is_empty()
    }

    pub(crate) fn opened(&self) -> usize {
        self.state.opened.load(Ordering::Relaxed)
    }
}

/// A message: its kind and the whole of it.
fn message(from: &mut UnixStream) -> Result<(u8, Vec<u8>)> {
    let mut head = [0; 5];
    from.read_exact(&mut head)?;
    let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]) as usize;
    let mut whole = head.to_vec();
    whole.resize(1 + length, 0);
    from.read_exact(&mut whole[5..])?;
    Ok((head[0], whole))
}

/// What the server says until it is ready, and whether a transaction is open then.
fn answer(server: &mut UnixStream) -> Result<(Vec<u8>, bool)> {
    let mut said = Vec::new();
    loop {
        let (kind, whole) = message(server)?;
        said.extend(&whole);
        if kind == b'Z' {
            return Ok((said, whole[5] != b'I'));
        }
    }
}

/// Serves one connection of the host's.
fn serve(mut host: UnixStream, path: &Path, state: &State) -> Result<()> {
    let mut length = [0; 4];
    host.read_exact(&mut length)?;
    let mut hello = length.to_vec();
    hello.resize(u32::from_be_bytes(length) as usize, 0);
    host.read_exact(&mut hello[4..])?;
    let open = || {
        state.opened.fetch_add(1, Ordering::Relaxed);
        let mut server = UnixStream::connect(path)?;
        server.write_all(&hello)?;
        let (welcome, _) = answer(&mut server)?;
        Ok::<_, std::io::Error>((server, welcome))
    };
    let (server, welcome) = open()?;
    host.write_all(&welcome)?;
    let mut current = Some(server);
    loop {
        // All that the host says before it waits.
        let mut said = Vec::new();
        let commits = loop {
            let (kind, whole) = message(&mut host)?;
            said.extend(&whole);
            match kind {
                b'X' => return Ok(()),
                b'Q' => break whole[5..].starts_with(b"COMMIT"),
                b'S' => break false,
                _ => {}
            }
        };
        let mut server = match current.take() {
            Some(server) => server,
            None => open()?.0,
        };
        let breaks = if commits { state.breaks.lock().unwrap().pop() } else { None };
        if breaks == Some(Break::BeforeCommit) {
            return Ok(());
        }
        server.write_all(&said)?;
        let (answer, open) = answer(&mut server)?;
        if breaks == Some(Break::AfterCommit) {
            return Ok(());
        }
        host.write_all(&answer)?;
        // The transaction is over: the next one gets another connection.
        current = open.then_some(server);
    }
}
