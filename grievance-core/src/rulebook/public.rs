//! What of a rulebook goes to a complainant's phone.

use crate::kernel::code::RoleCode;
use crate::rulebook::Rulebook;
use crate::rulebook::document::{CategoryEntry, Document, PostEntry, UnitEntry, WorkflowEntry};
use std::collections::BTreeMap;

impl Rulebook {
    /// The part that somebody in a role needs to write a lodging and to read where a case stands:
    /// subjects, places, offices and stages with their names, what may come in, and the first step.
    ///
    /// [`Rulebook::from_stored`] compiles its canonical JSON. A lodging is judged by it as by the
    /// whole; nothing else can be. Its hash is not the version that events name.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::Rulebook;
    /// use grievance_core::proof::canonical::to_canonical;
    ///
    /// let whole = Rulebook::from_toml("extends = \"west-bengal\"")?;
    /// let part = Rulebook::from_stored(&to_canonical(&whole.part_for(&"complainant".parse()?))?)?;
    /// assert!(part.categories().contains(&"health".parse()?));
    /// assert!(part.document().escalation.is_empty() && !whole.document().escalation.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn part_for(&self, role: &RoleCode) -> Document {
        let Document {
            notice,
            name,
            zone,
            language,
            cell,
            unit_kind,
            unit,
            post,
            kind,
            channel,
            role: roles,
            priority,
            place,
            category,
            workflow,
            numbering,
            intake,
            ..
        } = self.document.clone();
        let lodging = workflow.step.into_iter().filter(|step| step.action == "lodge");
        let lodging = lodging.filter_map(|mut step| {
            step.role.retain(|taker| *role == taker.as_str());
            (!step.role.is_empty()).then_some(step)
        });
        let unit = unit.into_iter().map(|unit| UnitEntry {
            second_superior: None,
            head: None,
            appellate: None,
            place: Vec::new(),
            ..unit
        });
        Document {
            notice,
            name,
            zone,
            language,
            cell,
            unit_kind,
            unit: unit.collect(),
            post: post.into_iter().map(|post| PostEntry { role: String::new(), ..post }).collect(),
            kind,
            channel,
            role: roles.into_iter().filter(|entry| *role == entry.code.as_str()).collect(),
            priority,
            place,
            category: category
                .into_iter()
                .map(|entry| CategoryEntry { unit: None, sealed: Vec::new(), ..entry })
                .collect(),
            workflow: WorkflowEntry { stage: workflow.stage, step: lodging.collect() },
            numbering,
            intake,
            ..Document::default()
        }
    }
}

/// A name in a language, of an entry's `code`, `name` and `names`: that in `names`, else the name in
/// the default language, else the code.
///
/// ```
/// use grievance_core::rulebook::public::name_in;
///
/// let names = [("bn".to_owned(), "পানীয় জল".to_owned())].into();
/// assert_eq!(name_in(Some("bn"), "water", "Drinking water", &names), "পানীয় জল");
/// assert_eq!(name_in(Some("hi"), "water", "Drinking water", &names), "Drinking water");
/// assert_eq!(name_in(None, "water", "", &names), "water");
/// ```
pub fn name_in<'a>(
    language: Option<&str>,
    code: &'a str,
    name: &'a str,
    names: &'a BTreeMap<String, String>,
) -> &'a str {
    let own = if name.is_empty() { code } else { name };
    language.and_then(|language| names.get(language)).map_or(own, String::as_str)
}
