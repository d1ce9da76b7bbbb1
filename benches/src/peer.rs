//! A peer in a Python process of its own, which `scripts/bench-peers` prepares: it is sent the paths of its
//! inputs and then one question after the other, and says how long each took, so that neither
//! Python's start nor the exchange counts.

use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

/// A running peer.
pub struct Peer {
    child: Child,
    to: ChildStdin,
    from: Lines<BufReader<ChildStdout>>,
}

impl Peer {
    /// Starts a script of `benches/peers` with its job; `None` when it, or Python, is not there.
    pub fn start(script: &str, job: &serde_json::Value) -> Option<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
        let python = target.join("bench-venv/bin/python");
        // Isolated, or the scripts' names would hide those of Python's own modules.
        let mut child = Command::new(python)
            .arg("-I")
            .arg(root.join("benches/peers").join(script))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        let (mut to, from) = (child.stdin.take()?, BufReader::new(child.stdout.take()?).lines());
        writeln!(to, "{job}").ok()?;
        let mut peer = Self { child, to, from };
        (peer.line()? == "ready").then_some(peer)
    }

    fn line(&mut self) -> Option<String> {
        self.from.next()?.ok()
    }

    /// Puts a question; what it says it took.
    pub fn does(&mut self, what: &str) -> Duration {
        writeln!(self.to, "{what}").expect("the peer reads");
        let nanos = self.line().expect("the peer answers");
        Duration::from_nanos(nanos.parse().expect("nanoseconds"))
    }

    /// Ends it.
    pub fn end(mut self) {
        drop(self.to);
        let _ = self.child.wait();
    }
}
