//! Codes: the short names that a rulebook gives to its own things.

use smol_str::SmolStr;

/// Why a text is not a code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a code is 1 to 40 characters of a-z, 0-9, `_` and `-`")]
pub struct NotACode;

/// Whether `text` may serve as a code: `[a-z0-9_-]{1,40}`.
///
/// # Examples
///
/// ```
/// use grievance_core::kernel::code::is_code;
///
/// assert!(is_code("public-works"));
/// assert!(!is_code("Public Works"));
/// assert!(!is_code(""));
/// ```
pub fn is_code(text: &str) -> bool {
    (1..=40).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-')
}

/// Derives a code from any printed name: lower case, runs of other characters become one `-`.
///
/// Returns `None` when nothing usable is left (a blank, or a name without Latin letters or
/// digits). Two names may derive the same code; who needs them apart adds a suffix.
///
/// # Examples
///
/// ```
/// use grievance_core::kernel::code::derive;
///
/// assert_eq!(derive("Recreation & Parks").as_deref(), Some("recreation-parks"));
/// assert_eq!(derive("  "), None);
/// ```
pub fn derive(name: &str) -> Option<String> {
    let mut code = String::new();
    for c in name.chars() {
        if c.is_ascii_alphanumeric() || c == '_' {
            code.push(c.to_ascii_lowercase());
        } else if !code.is_empty() && !code.ends_with('-') {
            code.push('-');
        }
        if code.len() == 40 {
            break;
        }
    }
    code.truncate(code.trim_end_matches('-').len());
    (!code.is_empty()).then_some(code)
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[cfg_attr(feature = "schema", schemars(extend("pattern" = "^[a-z0-9_-]{1,40}$", "maxLength" = 40)))]
        #[serde(transparent)]
        pub struct $name(SmolStr);

        impl $name {
            /// Reads a code.
            ///
            /// # Errors
            ///
            /// [`NotACode`] when the text is not `[a-z0-9_-]{1,40}`.
            pub fn new(text: &str) -> Result<Self, NotACode> {
                if is_code(text) { Ok(Self(SmolStr::new(text))) } else { Err(NotACode) }
            }

            /// The code as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = NotACode;
            fn from_str(text: &str) -> Result<Self, NotACode> {
                Self::new(text)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.0 == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.0 == *other
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = SmolStr::deserialize(from)?;
                if is_code(&text) { Ok(Self(text)) } else { Err(serde::de::Error::custom(NotACode)) }
            }
        }
    )+};
}

codes! {
    /// Names an office of any kind in the directory.
    UnitCode;
    /// Names a kind of office: department, district office, sub-office.
    UnitKindCode;
    /// Names a post that a rulebook knows: head of department, nodal officer.
    PostCode;
    /// Names a jurisdiction: state, district, block, town.
    PlaceCode;
    /// Names a subject of grievances.
    CategoryCode;
    /// Names what kind of matter a case is: grievance, suggestion, enquiry.
    KindCode;
    /// Names the way a case came in.
    ChannelCode;
    /// Names a role that an actor takes.
    RoleCode;
    /// Names a priority class.
    PriorityCode;
    /// Names a step of a government's workflow.
    StageCode;
    /// Names a closure reason.
    ReasonCode;
    /// Names a root cause for process re-engineering.
    CauseCode;
    /// Names a change of a procedure that keeps grievances from arising.
    ChangeCode;
    /// Names a good practice in an office's register.
    PracticeCode;
    /// Names a kind of recorded step with typed fields: site visit, hearing, order.
    RecordCode;
    /// Names a language, by its lower-case BCP 47 tag.
    LanguageCode;
    /// Names another system that cases are imported from.
    SourceCode;
    /// Names one government or department in a shared store.
    TenantCode;
    /// Names a rule of a target or a level of a ladder.
    RuleCode;
    /// Names a text of messages.
    TemplateCode;
    /// Names a schedule: the weekly statement, a review meeting.
    ScheduleCode;
    /// Names what kept a message from arriving, never to whom: a gateway's own word for it.
    ProblemCode;
}
