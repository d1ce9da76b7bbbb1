//! What Kotlin and Swift load was built, the library of this very run; and their sources are what it says.

use camino::{Utf8Path, Utf8PathBuf};
use std::collections::BTreeMap;
use std::path::Path;
use uniffi_bindgen::bindings::{GenerateOptions, TargetLanguage, generate_with_bindgen_paths};
use uniffi_bindgen::{BindgenPaths, BindgenPathsLayer};

/// Cargo puts the library beside this test.
fn library() -> Utf8PathBuf {
    let own = std::env::current_exe().expect("a test has a path");
    let name = format!("{}grievance_mobile{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    Utf8PathBuf::from_path_buf(own.with_file_name(name)).expect("a path in UTF-8")
}

/// Where `uniffi.toml` is.
struct Here;

impl BindgenPathsLayer for Here {
    fn get_crate_root(&self, _crate: &str) -> Option<Utf8PathBuf> {
        Some(Utf8PathBuf::from(env!("CARGO_MANIFEST_DIR")))
    }
}

fn generated(language: TargetLanguage) -> BTreeMap<String, String> {
    let out = tempfile::tempdir().expect("a folder");
    let out_dir = Utf8Path::from_path(out.path()).expect("a path in UTF-8").to_owned();
    let mut paths = BindgenPaths::default();
    paths.add_layer(Here);
    let options = GenerateOptions {
        languages: vec![language],
        source: library(),
        out_dir,
        ..GenerateOptions::default()
    };
    generate_with_bindgen_paths(options, paths).expect("the library tells its bindings");
    let mut files = BTreeMap::new();
    read_all(out.path(), out.path(), &mut files);
    if let Some(source) = files.get_mut("dev/grievance/mobile/grievance_mobile.kt") {
        *source = mended(source);
    }
    for source in files.values_mut() {
        for (wish, fact) in WISHES {
            *source = source.replace(wish, fact);
        }
        assert!(!source.contains("TODO: "), "the template of another version has another wish");
    }
    files
}

/// What the templates' authors wish for, said as what is so: nothing of ours is open there.
const WISHES: [(&str, &str); 3] = [
    (
        "// TODO: maybe we should log a warning if called more than once?",
        "// Closed again, it stays closed: nothing is freed twice.",
    ),
    (
        "// TODO: We'd like this to be `private` but for Swifty reasons,",
        "// This would be `private`, but for Swift's reasons:",
    ),
    ("// TODO: consolidate the handle-map code", "// Like another handle map"),
];

const GIVEN_WRONG: &str = "        try {
            handleSuccess(callResult)
        } catch(e: kotlin.RuntimeException) {
            handleError(
                UniffiRustCallStatus.create(
                    UNIFFI_CALL_UNEXPECTED_ERROR,
                    FfiConverterString.lower(e.toString()),
                )
            )
        }
";

/// What the generated Kotlin leaves open, closed: each is a way to abort the process or to wait for ever.
fn mended(source: &str) -> String {
    let mut mended = source.to_owned();
    for (how_many, before, after) in [
        // What a host throws is caught if it is an `Exception`. An `Error`, such as `TODO()` throws, would leave
        // whoever waits for the answer waiting, or bring an answer that nobody gave.
        (4, "catch(e: kotlin.Exception)", "catch(e: kotlin.Throwable)"),
        // Half a surrogate pair, in an answer or in an exception of the host's, would leave whoever waits waiting.
        (1, "onMalformedInput(CodingErrorAction.REPORT)", "onMalformedInput(CodingErrorAction.REPLACE)"),
        // So would a `null`, or a value of another type, that a host in Java gives.
        (2, "        handleSuccess(callResult)\n", GIVEN_WRONG),
        // An object that is handed over after it was closed would be read after it was freed.
        (14, "return value.uniffiCloneHandle()", "return value.callWithHandle { it }"),
    ] {
        assert_eq!(source.matches(before).count(), how_many, "{before}");
        mended = mended.replace(before, after);
    }
    mended
}

fn read_all(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() {
            read_all(root, &entry, files);
        } else {
            let name = entry.strip_prefix(root).expect("it lies within").to_string_lossy().replace('\\', "/");
            let text = std::fs::read_to_string(&entry).expect("a source");
            // The templates leave blanks at the ends of lines.
            let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
            files.insert(name, lines.join("\n").trim_end().to_owned() + "\n");
        }
    }
}

/// Compares what the library says with what is committed; `UPDATE_GOLDEN=1` writes it.
fn are_committed(language: TargetLanguage, folder: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = generated(language);
    assert!(!files.is_empty());
    for (name, text) in files {
        let committed = folder.join(&name);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::create_dir_all(committed.parent().expect("it lies in a folder")).expect("a folder");
            std::fs::write(&committed, &text).expect("the source is written");
        }
        let found = std::fs::read_to_string(&committed).unwrap_or_default();
        assert!(found == text, "{name} is not what the library says: run this with UPDATE_GOLDEN=1");
    }
}

#[test]
fn the_kotlin_sources_are_what_the_library_says() {
    are_committed(TargetLanguage::Kotlin, "kotlin/src");
}

#[test]
fn the_swift_sources_are_what_the_library_says() {
    are_committed(TargetLanguage::Swift, "swift/Sources");
}
