//! Who acts.

use crate::convert::{may_read, read};
use crate::fault::Result;
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
        Ok(access::Actor {
            on_behalf_of: may_read("on_behalf_of", on_behalf_of.as_deref())?,
            person: read("person", &person)?,
            post: may_read("post", post.as_deref())?,
            role: read("role", &role)?,
            tenure: may_read("tenure", tenure.as_deref())?,
            unit: may_read("unit", unit.as_deref())?,
        })
    }
}
