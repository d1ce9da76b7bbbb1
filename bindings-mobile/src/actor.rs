//! Who acts.

use crate::fault::Result;
use grievance_core::host::given::ActorTexts;
use grievance_core::rulebook::access;

/// Who acts, in which role, for which office or post.
#[derive(Clone, uniffi::Record)]
pub struct Actor {
    /// The person who acts: `per_…`.
    pub person: String,
    /// The role they act in.
    pub role: String,
    /// The office they act for.
    #[uniffi(default = None)]
    pub unit: Option<String>,
    /// The post they hold.
    #[uniffi(default = None)]
    pub post: Option<String>,
    /// The person for whom they act.
    #[uniffi(default = None)]
    pub on_behalf_of: Option<String>,
    /// In which capacity they hold the post, where it is not simply theirs: a word of `Tenure`.
    #[uniffi(default = None)]
    pub tenure: Option<String>,
}

impl Actor {
    pub(crate) fn read(self) -> Result<access::Actor> {
        let Self { person, role, unit, post, on_behalf_of, tenure } = self;
        Ok(ActorTexts { person, role, unit, post, on_behalf_of, tenure }.read()?)
    }
}
