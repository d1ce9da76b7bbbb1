//! Failures as Kotlin and Swift see them: a case for each remedy, with code, place and hint.

use grievance_core::desk::{DeskError, Failed};
use grievance_core::measure::answer::sheet::NotAsked;
use grievance_core::rulebook::finding::RulebookInvalid;
use grievance_core::{ErrorCode, Remedy};

/// A failure as a plain record, whatever the remedy.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Failure {
    /// A word of `ErrorCode`, the same in every language.
    pub code: String,
    /// A word of `Remedy`.
    pub remedy: String,
    /// The field, or which part of the host: `transport`, `clock`, `randomness`, `keys`, `storage`.
    pub place: Option<String>,
    /// What may help.
    pub hint: Option<String>,
    /// A sentence without personal data.
    pub problem: String,
}

macro_rules! error_by_remedy {
    ($doc:literal Remedy { $($remedy:ident = $word:literal, $about:literal;)+ }) => {
        /// What went wrong, by what can be done about it.
        #[derive(Clone, Debug, PartialEq, Eq, uniffi::Error)]
        pub enum GrievanceError {
            $(
                #[doc = $about]
                $remedy {
                    /// A word of `ErrorCode`, the same in every language.
                    code: String,
                    /// The field, or which part of the host: `transport`, `clock`, `randomness`, `keys`, `storage`.
                    place: Option<String>,
                    /// What may help.
                    hint: Option<String>,
                    /// A sentence without personal data.
                    problem: String,
                },
            )+
        }

        #[uniffi::export]
        impl GrievanceError {
            /// Code, remedy, place, hint and sentence, whichever it is.
            pub fn failure(&self) -> Failure {
                match self {
                    $(Self::$remedy { code, place, hint, problem } => Failure {
                        code: code.clone(),
                        remedy: $word.to_owned(),
                        place: place.clone(),
                        hint: hint.clone(),
                        problem: problem.clone(),
                    },)+
                }
            }
        }

        impl From<Failure> for GrievanceError {
            fn from(it: Failure) -> Self {
                let Failure { code, remedy, place, hint, problem } = it;
                // With a remedy that this version does not know, the request is all that one can change.
                match remedy.parse().unwrap_or(Remedy::Amend) {
                    $(Remedy::$remedy => Self::$remedy { code, place, hint, problem },)+
                }
            }
        }
    };
}
grievance_core::for_remedy!(error_by_remedy);

impl std::fmt::Display for GrievanceError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.failure().problem)
    }
}

impl std::error::Error for GrievanceError {}

pub(crate) type Result<T> = std::result::Result<T, GrievanceError>;

/// Says of a failure of the host's own code that it was not foreseen: its code until somebody knows
/// which part of the host it was.
const UNFORESEEN: &str = "";

impl GrievanceError {
    pub(crate) fn new(code: ErrorCode, place: &str, problem: impl std::fmt::Display) -> Self {
        Self::from(Failure {
            code: code.to_string(),
            remedy: code.remedy().to_string(),
            place: Some(place.to_owned()),
            hint: None,
            problem: format!("{place}: {problem}"),
        })
    }

    #[must_use]
    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self::from(Failure { hint: Some(hint.into()), ..self.failure() })
    }

    /// Whether the same may be sent again: nothing says that it was not done.
    pub(crate) const fn may_send_again(&self) -> bool {
        matches!(self, Self::Retry { .. } | Self::Wait { .. })
    }

    /// A failure of a part of the host. What the host throws as one of ours is passed on as it is.
    #[must_use]
    pub(crate) fn of_host(self, code: ErrorCode, place: &str) -> Self {
        match self {
            Self::Retry { code: unforeseen, problem, .. } if unforeseen == UNFORESEEN => {
                Self::new(code, place, problem)
            }
            foreseen => foreseen,
        }
    }
}

impl From<uniffi::UnexpectedUniFFICallbackError> for GrievanceError {
    fn from(thrown: uniffi::UnexpectedUniFFICallbackError) -> Self {
        // What was thrown may quote anything. The name of its class does not.
        let plain = |c: &char| c.is_ascii_alphanumeric() || "._$".contains(*c);
        let class: String = thrown.reason.chars().take_while(plain).take(80).collect();
        let problem = format!("the host's own code failed: {class}");
        Self::Retry { code: UNFORESEEN.to_owned(), place: None, hint: None, problem }
    }
}

impl From<Failed> for Failure {
    fn from(it: Failed) -> Self {
        let Failed { code, remedy, place, hint, problem } = it;
        Self { code, remedy, place, hint, problem }
    }
}

impl From<DeskError> for Failure {
    fn from(problem: DeskError) -> Self {
        Failed::from(problem).into()
    }
}

impl From<DeskError> for GrievanceError {
    fn from(problem: DeskError) -> Self {
        Failure::from(problem).into()
    }
}

impl From<NotAsked> for GrievanceError {
    fn from(problem: NotAsked) -> Self {
        DeskError::from(problem).into()
    }
}

impl From<RulebookInvalid> for GrievanceError {
    fn from(refused: RulebookInvalid) -> Self {
        DeskError::from(refused).into()
    }
}
