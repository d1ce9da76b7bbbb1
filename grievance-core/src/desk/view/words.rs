//! Reading words: the one way from a case to what people wrote.

use crate::desk::view::case::texts;
use crate::desk::view::{Onlooker, TextView};
use crate::desk::words::Look;
use crate::desk::{Acting, DeskError};
use crate::kernel::id::{GrievanceId, VaultId};
use crate::rulebook::access::masked;
use crate::vocabulary::{Field, LookPurpose, Sight};
use serde::Serialize;
use std::collections::HashMap;

/// A text as somebody sees it. Its `Debug` shows no words.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ShownWord {
    /// What it is.
    pub field: Field,
    /// In full, or masked.
    pub sight: Sight,
    /// The event that brought it.
    pub version: u64,
    /// The words; `None` where they have been erased.
    pub words: Option<String>,
}

impl std::fmt::Debug for ShownWord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { field, sight, version, .. } = self;
        write!(f, "ShownWord({field}, {sight}, {version})")
    }
}

impl Acting<'_> {
    /// The words of these fields of a case, in the order of its history, masked where the actor's
    /// role sees them masked; a field that the role does not see brings nothing.
    ///
    /// A part of a divided case repeats what the whole was lodged with. A corrected name or
    /// narrative follows the one before it; the last counts.
    ///
    /// # Errors
    ///
    /// As [`case`](Self::case).
    pub fn words(
        &self,
        case: GrievanceId,
        purpose: LookPurpose,
        fields: &[Field],
    ) -> Result<Vec<ShownWord>, DeskError> {
        let looks = self.onlooker()?;
        let seen = looks.open(case)?;
        let wanted: Vec<TextView> =
            texts(&looks, &seen).into_iter().filter(|text| fields.contains(&text.field)).collect();
        let ids: Vec<VaultId> = wanted.iter().map(|text| text.id).collect();
        let opened = looks.opened(case, purpose, &ids)?;
        let shown = wanted.into_iter().map(|TextView { field, sight, version, id }| ShownWord {
            field,
            sight,
            version,
            words: opened.get(&id).map(|text| match sight {
                Sight::Full => text.clone(),
                Sight::Masked => masked(field, text),
            }),
        });
        Ok(shown.collect())
    }
}

impl Onlooker<'_> {
    /// The only place where a look of a person's opens texts.
    fn opened(
        &self,
        case: GrievanceId,
        purpose: LookPurpose,
        ids: &[VaultId],
    ) -> Result<HashMap<VaultId, String>, DeskError> {
        let look = Look { actor: &self.actor, case, purpose, now: self.now };
        let texts = self.desk.words(&look, ids)?;
        Ok(texts.into_iter().map(|text| (text.id, text.content)).collect())
    }
}
