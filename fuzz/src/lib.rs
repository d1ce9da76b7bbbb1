//! What hostile bytes may do to a parser: nothing but get an answer.
//!
//! One function for each parser. It takes any bytes, says whether they were accepted, and panics
//! where a promise is broken. `make fuzz` lets libFuzzer look for such bytes; the test below replays
//! the seeds, whole and damaged, on every machine. A target that is built without cargo-fuzz reads
//! the files that are named to it: so a finding is looked at again.

mod proofs;
mod records;
mod texts;
mod values;

pub use crate::proofs::{checkpoint, index, proof, receipt, tracking};
pub use crate::records::{csv, event};
pub use crate::texts::{cursor, mobile, number, sms, token};
pub use crate::values::{canonical, command, rulebook};

/// Whether a parser takes these bytes.
pub type Target = fn(&[u8]) -> bool;

/// Every target with its name.
pub const TARGETS: &[(&str, Target)] = &[
    ("rulebook", rulebook),
    ("command", command),
    ("event", event),
    ("csv", csv),
    ("number", number),
    ("sms", sms),
    ("cursor", cursor),
    ("token", token),
    ("canonical", canonical),
    ("mobile", mobile),
    ("proof", proof),
    ("checkpoint", checkpoint),
    ("receipt", receipt),
    ("tracking", tracking),
    ("index", index),
];

/// The text of some bytes, if it is one.
fn text(data: &[u8]) -> Option<&str> {
    std::str::from_utf8(data).ok()
}

/// The first line, and what follows it.
fn line(text: &str) -> (&str, &str) {
    text.split_once('\n').unwrap_or((text, ""))
}

/// Runs a target over the files that the command line names.
pub fn replay(target: Target) -> std::process::ExitCode {
    for file in std::env::args_os().skip(1) {
        let Ok(bytes) = std::fs::read(&file) else {
            eprintln!("{}: cannot be read", file.display());
            return std::process::ExitCode::FAILURE;
        };
        eprintln!("{}: {}", file.display(), if target(&bytes) { "accepted" } else { "refused" });
    }
    std::process::ExitCode::SUCCESS
}

#[cfg(test)]
mod tests {
    use super::{TARGETS, Target};

    fn seeds(name: &str) -> Vec<(String, Vec<u8>)> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds").join(name);
        let files = std::fs::read_dir(&folder).expect("every target has seeds");
        let mut seeds: Vec<_> = files
            .map(|file| file.expect("a file").path())
            .map(|path| (path.display().to_string(), std::fs::read(&path).expect("it can be read")))
            .collect();
        seeds.sort();
        seeds
    }

    /// The same numbers every time (Knuth's multiplier for 64 bits).
    fn next(state: &mut u64) -> usize {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(*state >> 33).expect("31 bits")
    }

    /// Cuts, flips, doubles and takes out bytes.
    fn damaged(seed: &[u8], state: &mut u64) -> Vec<u8> {
        let mut bytes = seed.to_vec();
        for _ in 0..=next(state) % 3 {
            let at = next(state) % (bytes.len() + 1);
            let to = (at + next(state) % 9).min(bytes.len());
            match next(state) % 5 {
                0 => bytes.truncate(at),
                1 => drop(bytes.drain(at..to)),
                2 => {
                    let again = bytes[at..to].to_vec();
                    bytes.splice(at..at, again);
                }
                3 => bytes.insert(at, b"\0\"{}[],.-0129\n\xff"[next(state) % 15]),
                _ => {
                    if let Some(byte) = bytes.get_mut(at) {
                        *byte ^= 1 << (next(state) % 8);
                    }
                }
            }
        }
        bytes
    }

    fn replays((name, target): (&str, Target)) {
        let seeds = seeds(name);
        let accepted = seeds.iter().filter(|(_, seed)| target(seed)).count();
        assert!(accepted > 0 && accepted < seeds.len(), "{name}: seeds of both sorts");
        let mut state = 2_026;
        for (_, seed) in &seeds {
            for _ in 0..30 {
                target(&damaged(seed, &mut state));
            }
        }
    }

    #[test]
    fn every_seed_has_an_answer_and_so_has_what_is_made_of_it() {
        TARGETS.iter().copied().for_each(replays);
    }

    /// The list of targets, the programs and the seeds are the same ones.
    #[test]
    fn every_target_is_listed() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        for (part, suffix) in [("fuzz_targets", ".rs"), ("seeds", "")] {
            let entries = std::fs::read_dir(folder.join(part)).expect("a folder");
            let mut found: Vec<_> = entries
                .map(|entry| entry.expect("an entry").file_name().into_string().expect("plain names"))
                .map(|name| name.strip_suffix(suffix).expect("of that kind").to_owned())
                .collect();
            let mut listed: Vec<_> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
            found.sort();
            listed.sort();
            assert_eq!(found, listed, "{part}");
        }
    }
}
