//! The manifests of Gradle and Swift's package manager, which nothing here runs: what they name is there, and they agree
//! with the workspace, with one another and with what the guide tells.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    std::fs::read_to_string(folder().join(path)).unwrap_or_else(|problem| panic!("{path}: {problem}"))
}

/// A piece of a source of Kotlin or Swift.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    Text(String),
    Mark(char),
}

/// The pieces of a source, without its comments. Both languages write what a manifest needs alike.
fn tokens(source: &str) -> Vec<Token> {
    let mut found = Vec::new();
    for line in source.lines() {
        let mut rest = line.trim_start();
        while let Some(first) = rest.chars().next().filter(|_| !rest.starts_with("//")) {
            let taken = if first == '"' {
                let length =
                    rest[1..].find('"').unwrap_or_else(|| panic!("a text that does not end: {line}"));
                found.push(Token::Text(rest[1..=length].to_owned()));
                length + 2
            } else if first.is_alphanumeric() {
                let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
                found.push(Token::Word(rest[..length].to_owned()));
                length
            } else {
                found.push(Token::Mark(first));
                first.len_utf8()
            };
            rest = rest[taken..].trim_start();
        }
    }
    let mut open = Vec::new();
    for token in &found {
        let Token::Mark(mark) = token else { continue };
        match mark {
            '(' => open.push(')'),
            '[' => open.push(']'),
            '{' => open.push('}'),
            ')' | ']' | '}' => assert_eq!(open.pop(), Some(*mark), "brackets close in their order"),
            _ => {}
        }
    }
    assert!(open.is_empty(), "brackets that stay open");
    found
}

/// The first token after each place where these stand one after the other.
fn after<'a>(tokens: &'a [Token], wanted: &str) -> Vec<&'a Token> {
    let wanted = self::tokens_of(wanted);
    tokens
        .windows(wanted.len() + 1)
        .filter(|own| own.starts_with(&wanted))
        .map(|own| &own[wanted.len()])
        .collect()
}

/// The same of pieces that need not be balanced.
fn tokens_of(source: &str) -> Vec<Token> {
    let token = |word: &str| match word.chars().next() {
        Some('"') => Token::Text(word.trim_matches('"').to_owned()),
        Some(mark) if !mark.is_alphanumeric() => Token::Mark(mark),
        _ => Token::Word(word.to_owned()),
    };
    source.split(' ').map(token).collect()
}

/// The one text or word that stands there.
fn one(tokens: &[Token], wanted: &str) -> String {
    match after(tokens, wanted).as_slice() {
        [Token::Text(text) | Token::Word(text)] => text.clone(),
        other => panic!("after `{wanted}` stands {other:?}"),
    }
}

/// The value of a key in a file of TOML, of which a section has each once.
fn setting(path: &str, key: &str) -> String {
    let text = read(path);
    let values = text.lines().filter_map(|line| line.split_once(" = ")).filter(|(own, _)| *own == key);
    let values: Vec<&str> = values.map(|(_, value)| value.trim_matches('"')).collect();
    assert_eq!(values.len(), 1, "{key} in {path}");
    values[0].to_owned()
}

/// A call of Swift: what is called, and its arguments by their labels.
#[derive(Debug)]
enum Value {
    Text(String),
    List(Vec<Value>),
    Call(String, Vec<(String, Value)>),
}

impl Value {
    fn of(tokens: &mut &[Token]) -> Self {
        match take(tokens) {
            Token::Text(text) => Self::Text(text),
            Token::Mark('[') => {
                let mut items = Vec::new();
                while !skips(tokens, ']') {
                    items.push(Self::of(tokens));
                    skips(tokens, ',');
                }
                Self::List(items)
            }
            Token::Mark('.') => Self::of(tokens),
            Token::Word(name) => {
                let mut arguments = Vec::new();
                if skips(tokens, '(') {
                    while !skips(tokens, ')') {
                        arguments.push(Self::argument(tokens));
                        skips(tokens, ',');
                    }
                }
                // `.iOS(.v13)`: of such a thing nothing is asked.
                Self::Call(name, arguments)
            }
            other @ Token::Mark(_) => panic!("a value begins with {other:?}"),
        }
    }

    fn argument(tokens: &mut &[Token]) -> (String, Self) {
        if let [Token::Word(label), Token::Mark(':'), ..] = tokens {
            let label = label.clone();
            *tokens = &tokens[2..];
            return (label, Self::of(tokens));
        }
        (String::new(), Self::of(tokens))
    }

    fn get(&self, label: &str) -> &Self {
        let Self::Call(name, arguments) = self else { panic!("{self:?} is no call") };
        let found = arguments.iter().find(|(own, _)| own == label);
        &found.unwrap_or_else(|| panic!("{name} has no {label}")).1
    }

    fn text(&self) -> &str {
        let Self::Text(text) = self else { panic!("{self:?} is no text") };
        text
    }

    fn list(&self) -> &[Self] {
        let Self::List(items) = self else { panic!("{self:?} is no list") };
        items
    }

    fn texts(&self) -> BTreeSet<&str> {
        self.list().iter().map(Self::text).collect()
    }

    fn is(&self, wanted: &str) -> bool {
        matches!(self, Self::Call(name, _) if name == wanted)
    }
}

fn take(tokens: &mut &[Token]) -> Token {
    let (first, rest) = tokens.split_first().expect("a manifest does not end in the middle");
    *tokens = rest;
    first.clone()
}

fn skips(tokens: &mut &[Token], mark: char) -> bool {
    let there = tokens.first() == Some(&Token::Mark(mark));
    if there {
        *tokens = &tokens[1..];
    }
    there
}

fn package() -> Value {
    let source = read("swift/Package.swift");
    assert!(source.starts_with("// swift-tools-version:"), "the first line says the version of the tools");
    let tokens = tokens(&source);
    assert_eq!(after(&tokens, "import"), [&Token::Word("PackageDescription".to_owned())]);
    let begins =
        tokens.iter().position(|token| *token == Token::Word("Package".to_owned())).expect("a package");
    let mut rest = &tokens[begins..];
    let package = Value::of(&mut rest);
    assert!(rest.is_empty(), "nothing stands after the package: {rest:?}");
    package
}

#[test]
fn gradle_builds_the_version_of_the_workspace_with_the_compiler_of_the_tests() {
    let gradle = tokens(&read("kotlin/build.gradle.kts"));
    assert_eq!(one(&gradle, "version ="), env!("CARGO_PKG_VERSION"));
    let compiler = one(&gradle, "kotlin ( \"jvm\" ) version");
    let tested: serde_json::Value = serde_json::from_str(&read("kotlin/package.json")).expect("JSON");
    assert_eq!(tested["devDependencies"]["kotlin-compiler"], compiler.as_str());
    let numbers =
        |text: &str| text.split('.').map(|part| part.parse::<u32>().expect("a number")).collect::<Vec<_>>();
    assert!(numbers(&compiler) >= numbers(&setting("uniffi.toml", "kotlin_target_version")));
    let java = one(&gradle, "jvmToolchain (");
    assert!(read("../scripts/mobile").contains(&format!("-jvm-target {java} ")), "tested for Java {java}");
    let name = one(&tokens(&read("kotlin/settings.gradle.kts")), "rootProject . name =");
    assert_eq!(name, env!("CARGO_PKG_NAME").replace("bindings", "grievance"));
}

#[test]
fn gradle_finds_the_sources_and_what_they_import() {
    let gradle = tokens(&read("kotlin/build.gradle.kts"));
    let package = setting("uniffi.toml", "package_name");
    assert!(package.starts_with(&format!("{}.", one(&gradle, "group ="))));
    let sources = format!("kotlin/{}/{}", one(&gradle, "srcDir ("), package.replace('.', "/"));
    let source = read(&format!("{sources}/{}.kt", setting("uniffi.toml", "cdylib_name")));
    let library = format!("[lib]\nname = \"{}\"\n", setting("uniffi.toml", "cdylib_name"));
    assert!(read("Cargo.toml").contains(&library), "the library that is built is the one that is loaded");
    // By the first names of what is imported, the library that has it.
    let libraries = [
        ("com.sun.jna.", "net.java.dev.jna:jna:"),
        ("kotlinx.coroutines.", "org.jetbrains.kotlinx:kotlinx-coroutines-core:"),
    ];
    let wanted: Vec<String> = ["api (", "implementation ("].map(|how| one(&gradle, how)).into();
    for import in source.lines().filter_map(|line| line.strip_prefix("import ")) {
        if import.starts_with("java.") || import.starts_with("kotlin.") {
            continue;
        }
        let (_, library) = libraries
            .iter()
            .find(|(begins, _)| import.starts_with(begins))
            .unwrap_or_else(|| panic!("of which library is {import}?"));
        assert!(wanted.iter().any(|own| own.starts_with(library)), "{import} is of {library}");
    }
    for own in &wanted {
        let used = libraries.iter().any(|(begins, library)| {
            own.starts_with(library) && source.contains(&format!("import {begins}"))
        });
        assert!(used, "nothing imports {own}");
    }
}

#[test]
fn swift_products_and_targets_are_of_one_another() {
    let package = package();
    let targets = package.get("targets").list();
    let names: BTreeSet<&str> = targets.iter().map(|target| target.get("name").text()).collect();
    assert_eq!(names.len(), targets.len(), "each has a name of its own");
    let mut used = BTreeSet::new();
    for product in package.get("products").list() {
        assert!(product.is("library"));
        used.extend(product.get("targets").texts());
    }
    for target in targets.iter().filter(|target| target.is("target")) {
        used.extend(target.get("dependencies").texts());
    }
    assert_eq!(used, names, "what is named is there, and what is there is named");
    let module = setting("uniffi.toml", "module_name");
    assert_eq!(package.get("name").text(), module);
    assert!(package.get("products").list().iter().any(|product| product.get("name").text() == module));
}

#[test]
fn swift_targets_are_what_lies_in_their_folders() {
    let package = package();
    let guide = read("../docs/guide/mobile.md");
    for target in package.get("targets").list() {
        let (name, path) = (target.get("name").text(), target.get("path").text());
        if target.is("binaryTarget") {
            // It is built on a Mac, as the guide tells, of these two.
            assert!(
                guide.contains(&format!("-output bindings-mobile/swift/{path}\n")),
                "the guide builds {path}"
            );
            let map = tokens(&read(&format!("swift/Sources/{name}.modulemap")));
            assert_eq!(one(&map, "module"), name);
            assert!(folder().join("swift/Sources").join(one(&map, "header")).is_file());
            let source = read(&format!("swift/Sources/{}.swift", package.get("name").text()));
            assert!(source.lines().any(|line| line == format!("import {name}")), "the sources import it");
            continue;
        }
        let excluded = target.get("exclude").texts();
        let folder = folder().join("swift").join(path);
        let entries =
            std::fs::read_dir(&folder).unwrap_or_else(|problem| panic!("{}: {problem}", folder.display()));
        let files: BTreeSet<String> =
            entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8")).collect();
        let is_swift = |file: &str| Path::new(file).extension().is_some_and(|ends| ends == "swift");
        let others: BTreeSet<&str> =
            files.iter().map(String::as_str).filter(|file| !is_swift(file)).collect();
        assert_eq!(others, excluded, "what is no Swift is left out, and no more");
        assert!(files.contains(&format!("{name}.swift")));
    }
}

#[test]
fn the_guide_names_paths_that_are_there() {
    let guide = read("../docs/guide/mobile.md");
    let library = format!("lib{}.a", setting("uniffi.toml", "cdylib_name"));
    assert!(guide.contains(&format!("/addon/{library}")), "the profile of the guide builds {library}");
    let words: Vec<&str> = guide.split(|c: char| c.is_whitespace() || c == '`').collect();
    let mut seen = 0;
    for pair in words.windows(2) {
        let (before, path) = (pair[0], pair[1]);
        // What a command makes is not there yet.
        if path.starts_with("bindings-mobile/") && !["-o", "-output"].contains(&before) {
            assert!(folder().join("..").join(path).exists(), "{path}");
            seen += 1;
        }
    }
    assert!(seen >= 4, "{seen} paths");
}
