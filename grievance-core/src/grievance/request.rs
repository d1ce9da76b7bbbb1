//! What a host sends: one plain struct per verb, the same in every language.
//!
//! Made from the verb table. A request may hold words that a person wrote, so its `Debug` shows
//! none of them; [`read`](crate::grievance::read) seals them and makes the command.

#[cfg(feature = "schema")]
use crate::kernel::schema::{beside, told_by};
use crate::vocabulary::Action;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

macro_rules! requests {
    ($($doc:literal $method:ident $name:ident {
        $($must_doc:literal $must:ident: $must_type:ty,)*
        ;
        $($may_doc:literal $may:ident: $may_type:ty,)*
    })+) => {
        $(
            #[doc = $doc]
            #[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
            #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
            #[serde(deny_unknown_fields)]
            pub struct $name {
                $(#[doc = $must_doc] pub $must: $must_type,)*
                $(
                    #[doc = $may_doc]
                    #[serde(default, skip_serializing_if = "Option::is_none")]
                    pub $may: Option<$may_type>,
                )*
            }

            impl std::fmt::Debug for $name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str(concat!(stringify!($name), " { .. }"))
                }
            }

            impl From<$name> for Request {
                fn from(request: $name) -> Self {
                    Self::$name(request)
                }
            }
        )+

        /// A request of any verb. As JSON: the verb's fields and its `action`.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[expect(clippy::large_enum_variant, reason = "a request lives for one command; boxing would burden every host")]
        pub enum Request {
            $(#[doc = $doc] $name($name),)+
        }

        impl Request {
            /// The action it asks for.
            pub const fn action(&self) -> Action {
                match self { $(Self::$name(_) => Action::$name,)+ }
            }

            fn fields(&self) -> serde_json::Result<serde_json::Value> {
                match self { $(Self::$name(request) => serde_json::to_value(request),)+ }
            }

            fn of(action: Action, fields: serde_json::Value) -> Result<Self, serde_path_to_error::Error<serde_json::Error>> {
                Ok(match action {
                    $(Action::$name => Self::$name(serde_path_to_error::deserialize(fields)?),)+
                })
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for Request {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                "Request".into()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let verbs = vec![$({
                    let marks = [("action", Action::$name.as_str().into())];
                    beside::<$name>(told_by(stringify!($name), $doc, &marks), generator)
                },)+];
                schemars::json_schema!({ "description": "A request of any verb.", "oneOf": verbs })
            }
        }
    };
}
crate::for_verbs!(requests);

/// Why a JSON text is no request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotARequest {
    /// It is no JSON object.
    #[error("the command is no JSON object (character {column} of line {line})")]
    NotJson {
        /// Line, from 1.
        line: usize,
        /// Character, from 1.
        column: usize,
    },
    /// It names no action, or one that is not in the closed list.
    #[error("the field `action` must name one of the actions")]
    NoAction,
    /// A field is missing, unknown or of the wrong type.
    #[error("{path}: {problem}")]
    Field {
        /// Where.
        path: String,
        /// What is wrong, without the value.
        problem: &'static str,
    },
}

impl NotARequest {
    /// The code every binding reports for this failure.
    pub const fn code(&self) -> crate::vocabulary::ErrorCode {
        crate::vocabulary::ErrorCode::InvalidCommand
    }
}

impl Request {
    /// Reads a request from JSON: `{"action": "comment", "text": "…"}`.
    ///
    /// # Errors
    ///
    /// [`NotARequest`] names the field; it never repeats a value.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::grievance::request::Request;
    ///
    /// assert!(Request::from_json(r#"{"action":"remind"}"#).is_ok());
    /// let problem = Request::from_json(r#"{"action":"comment","txt":"late"}"#).unwrap_err();
    /// assert_eq!(problem.to_string(), "txt: the action has no such field");
    /// ```
    pub fn from_json(text: &str) -> Result<Self, NotARequest> {
        let mut value: serde_json::Value = serde_json::from_str(text)
            .map_err(|problem| NotARequest::NotJson { line: problem.line(), column: problem.column() })?;
        let fields = value.as_object_mut().ok_or(NotARequest::NotJson { line: 1, column: 1 })?;
        let action = fields.remove("action").and_then(|word| word.as_str()?.parse::<Action>().ok());
        Self::of(action.ok_or(NotARequest::NoAction)?, value).map_err(|problem| field_problem(&problem))
    }

    /// The request as JSON, with its `action`.
    pub fn to_json(&self) -> serde_json::Value {
        let mut value = self.fields().expect("a request is a struct with text keys");
        if let Some(fields) = value.as_object_mut() {
            fields.insert("action".to_owned(), self.action().as_str().into());
        }
        value
    }
}

/// What is wrong with which field: serde's sentence may quote the value, ours never does.
pub(crate) fn field_problem(problem: &serde_path_to_error::Error<serde_json::Error>) -> NotARequest {
    let (text, path) = (problem.inner().to_string(), problem.path().to_string());
    let named = text.split('`').nth(1).unwrap_or_default();
    if text.starts_with("unknown field") {
        let path: String =
            named.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(40).collect();
        NotARequest::Field { path, problem: "the action has no such field" }
    } else if text.starts_with("missing field") {
        NotARequest::Field { path: named.to_owned(), problem: "is missing" }
    } else {
        NotARequest::Field { path, problem: "is of the wrong type" }
    }
}
