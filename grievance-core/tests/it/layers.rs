//! The layers of ARCHITECTURE.md, held by reading the sources.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Each module with its layer, and the modules beside it that it may use too.
const LAYERS: &[(&str, u8, &[&str])] = &[
    ("kernel", 0, &[]),
    ("vocabulary", 1, &[]),
    // A base like the vocabulary: it knows digests and JSON, no grievance and no government.
    ("proof", 1, &[]),
    ("rulebook", 2, &["calendar"]),
    ("rulebook", 2, &["otp"]),
    ("rulebook", 2, &["otp", "sms"]),
    ("calendar", 2, &[]),
    ("otp", 2, &[]),
    ("sms", 2, &[]),
    ("message", 5, &[]),
    ("grievance", 3, &[]),
    ("measure", 4, &[]),
    ("store", 5, &[]),
    ("desk", 6, &[]),
    ("sql", 7, &[]),
    ("render", 7, &[]),
    ("import", 7, &[]),
    ("schema", 7, &[]),
    ("host", 8, &[]),
];

/// What the pure layers do not know: clocks, chance, files, the network, locks.
const IMPURE: &[&str] = &[
    "Utc::now",
    "Local::now",
    "SystemTime",
    "Instant::now",
    "new_v4",
    "now_v7",
    "rand::",
    "getrandom",
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::thread",
    "std::io",
    "Mutex",
    "RwLock",
    "thread_local!",
];

fn layer(module: &str) -> u8 {
    let known = LAYERS.iter().find(|(name, ..)| *name == module);
    known.unwrap_or_else(|| panic!("the module {module} has no layer: say in ARCHITECTURE.md and here")).1
}

fn sources() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|end| end == "rs") {
                found.push(path);
            }
        }
    }
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    walk(&root, &mut found);
    found.sort();
    found
        .into_iter()
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("the source reads");
            (path.strip_prefix(&root).unwrap().to_owned(), text)
        })
        .collect()
}

/// The code of a line: without its comment. Paths in documentation may point upward.
fn code(line: &str) -> &str {
    if line.trim_start().starts_with("//") { "" } else { line.split(" // ").next().unwrap_or(line) }
}

/// The source without what only its own tests use.
fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod ").next().unwrap_or(text)
}

/// The modules that a text names after `crate::` (and `$crate::`), with `crate::{a, b}` spread.
fn named(code: &str) -> Vec<String> {
    let word = |text: &str| -> String {
        text.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
    };
    let mut modules = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        if code[..at].ends_with("pub(in ") {
            continue;
        }
        // A macro that is exported lies at the root and nowhere else.
        if rest[word(rest).len()..].starts_with('!') {
            continue;
        }
        if rest == "{" {
            // A list that goes on in the next line would not be seen: there must be none.
            modules.push("{".to_owned());
        } else if let Some(list) = rest.strip_prefix('{') {
            modules.extend(list.split([',', '}']).map(|part| word(part.trim())).filter(|it| !it.is_empty()));
        } else {
            modules.push(word(rest));
        }
    }
    modules
}

/// Every path that begins at the crate: where, from which module, to which.
fn uses() -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    for (path, text) in sources() {
        let first = path.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
        let module = first.trim_end_matches(".rs").to_owned();
        if module == "lib" {
            continue;
        }
        for (line, text) in (1..).zip(without_tests(&text).lines()) {
            let place = format!("{}:{line}", path.display());
            found.extend(named(code(text)).into_iter().map(|to| (place.clone(), module.clone(), to)));
        }
    }
    found
}

#[test]
fn no_module_uses_a_layer_above_it() {
    let mut upward = Vec::new();
    for (place, from, to) in uses() {
        if from == to || to.starts_with("for_") {
            continue;
        }
        let beside = LAYERS.iter().any(|(name, _, beside)| *name == from && beside.contains(&to.as_str()));
        if layer(&to) >= layer(&from) && !beside {
            upward.push(format!("{place}: {from} uses {to}"));
        }
    }
    assert!(upward.is_empty(), "{upward:#?}");
}

/// Inside the crate a thing has one name: its full path, never a re-export at the root.
#[test]
fn nothing_is_named_through_the_root() {
    let modules: BTreeSet<&str> = LAYERS.iter().map(|(name, ..)| *name).collect();
    let wrong: Vec<_> = uses()
        .into_iter()
        .filter(|(_, _, to)| !modules.contains(to.as_str()) && !to.starts_with("for_"))
        .map(|(place, _, to)| format!("{place}: crate::{to}"))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_pure_layers_have_no_clock_no_chance_and_no_lock() {
    let mut found = Vec::new();
    for (path, text) in sources() {
        let first = path.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
        let module = first.trim_end_matches(".rs");
        if module == "lib" || layer(module) > 4 {
            continue;
        }
        for (line, text) in (1..).zip(without_tests(&text).lines()) {
            // serde_json's formatters speak of `std::io`, where a text in memory is all there is.
            let formatter = path.ends_with("proof/canonical.rs");
            let banned = IMPURE.iter().filter(|word| !(formatter && **word == "std::io"));
            // Threads that are joined before the answer: the same answer on every machine (ADR 102).
            let text = code(text).replace("std::thread::scope", "");
            for word in banned.filter(|word| text.contains(*word)) {
                found.push(format!("{}:{line}: {word}", path.display()));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

/// A folder that nobody has put into a layer would pass unseen.
#[test]
fn every_module_of_the_crate_has_a_layer() {
    for (path, _) in sources() {
        let first = path.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
        let module = first.trim_end_matches(".rs");
        if module != "lib" {
            layer(module);
        }
    }
}

/// The reader of sources must see what it is there to find.
#[test]
fn the_reader_sees_paths_and_not_comments() {
    assert_eq!(named("use crate::desk::{Desk, Done};"), ["desk"]);
    assert_eq!(named("use crate::{sql, store::Stored};"), ["sql", "store"]);
    assert_eq!(named("    fn x(at: crate::kernel::Id) -> crate::desk::Done {"), ["kernel", "desk"]);
    assert_eq!(named(code("/// See [`x`](crate::desk::Desk).")), Vec::<String>::new());
    assert_eq!(named(code("let x = 1; // as crate::desk does")), Vec::<String>::new());
    assert_eq!(named("$crate::vocabulary::NotInList"), ["vocabulary"]);
}
