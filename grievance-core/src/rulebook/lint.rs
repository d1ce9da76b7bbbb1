//! Everything that is wrong with a document, at once.

use crate::rulebook::document::Document;
use crate::rulebook::finding::Finding;

/// Lists what is wrong.
pub fn lint(_document: &Document) -> Vec<Finding> {
    Vec::new()
}
