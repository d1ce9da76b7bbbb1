//! The linter's promise: what has no error compiles.

use crate::rulebook_lint::base;
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::document::Document;
use grievance_core::rulebook::finding::Finding;
use grievance_core::rulebook::lint::lint;
use proptest::prelude::*;

/// A change that a slip of the pen could make: one leaf of the document becomes another's value,
/// a word, a number or nothing.
fn mutated(document: &Document, picks: &[(usize, usize)]) -> Option<Document> {
    let mut tree = serde_json::to_value(document).expect("a document is JSON");
    let mut leaves = Vec::new();
    collect(&tree, &mut String::new(), &mut leaves);
    for (leaf, with) in picks {
        let (path, _) = leaves[leaf % leaves.len()].clone();
        let value = match with % 12 {
            0 => serde_json::Value::Null,
            1 => "".into(),
            2 => "*".into(),
            3 => 0.into(),
            4 => u32::MAX.into(),
            5 => true.into(),
            6 => serde_json::json!([]),
            _ => leaves[with % leaves.len()].1.clone(),
        };
        if let Some(slot) = tree.pointer_mut(&path) {
            *slot = value;
        }
    }
    serde_json::from_value(tree).ok()
}

fn collect(tree: &serde_json::Value, path: &mut String, leaves: &mut Vec<(String, serde_json::Value)>) {
    let length = path.len();
    let mut inner = |key: &str, value: &serde_json::Value, leaves: &mut Vec<_>| {
        path.push('/');
        path.push_str(key);
        collect(value, path, leaves);
        path.truncate(length);
    };
    match tree {
        serde_json::Value::Object(map) => map.iter().for_each(|(key, value)| inner(key, value, leaves)),
        serde_json::Value::Array(list) if !list.is_empty() => {
            list.iter().enumerate().for_each(|(n, value)| inner(&n.to_string(), value, leaves));
        }
        _ => {}
    }
    leaves.push((path.clone(), tree.clone()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Whatever is written, the linter finds an error or the compiler takes it.
    #[test]
    fn what_has_no_error_compiles(picks in prop::collection::vec((any::<usize>(), any::<usize>()), 1..4)) {
        let Some(document) = mutated(&base(), &picks) else { return Ok(()) };
        let clean = !lint(&document).iter().any(Finding::is_error);
        match Rulebook::new(document) {
            Ok(_) => prop_assert!(clean),
            Err(refused) => {
                prop_assert!(!clean, "{:#?}", refused.findings);
                prop_assert!(refused.errors().all(|it| !it.path.is_empty()), "{:#?}", refused.findings);
            }
        }
    }
}
