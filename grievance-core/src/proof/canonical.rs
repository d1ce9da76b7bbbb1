//! RFC 8785 canonical JSON: one value, one text.

/// Why a value has no canonical text.
#[derive(Debug, thiserror::Error)]
#[error("the value cannot be written as JSON")]
pub struct NotCanonical;

/// Writes a value as canonical JSON (RFC 8785): keys sorted, no spaces, shortest escapes.
///
/// Events hold no floats and no integer beyond 2^53, so the text is the same in every language.
///
/// # Errors
///
/// [`NotCanonical`] when the value has keys that are no strings.
///
/// # Examples
///
/// ```
/// use grievance_core::proof::canonical::to_canonical;
///
/// #[derive(serde::Serialize)]
/// struct Note { text: &'static str, at: i64 }
///
/// assert_eq!(to_canonical(&Note { text: "₹ 5", at: 7 }).unwrap(), r#"{"at":7,"text":"₹ 5"}"#);
/// ```
pub fn to_canonical(value: &impl serde::Serialize) -> Result<String, NotCanonical> {
    serde_json_canonicalizer::to_string(value).map_err(|_| NotCanonical)
}
