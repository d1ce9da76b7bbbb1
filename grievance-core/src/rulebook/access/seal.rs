//! Sealed subjects: cases whose existence is known to named posts alone.
//!
//! A case is sealed by its event, and the seal stays until it is lifted by order: a rulebook that
//! no longer seals the subject does not open the case.

use crate::kernel::code::{CategoryCode, PostCode, RoleCode, UnitCode};
use crate::rulebook::Rulebook;
use crate::rulebook::access::Actor;
use crate::rulebook::document::{Document, NamedEntry};
use crate::rulebook::escalation::Superior;
use std::collections::HashMap;

/// Who may know: a post, in one office or in any; or a role in one office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The office; `None` for the post wherever it is held.
    pub unit: Option<UnitCode>,
    /// The post.
    pub post: Option<PostCode>,
    /// The role, where no post is named.
    pub role: Option<RoleCode>,
}

impl Named {
    fn new(entry: &NamedEntry) -> Option<Self> {
        Some(Self {
            unit: entry.unit.as_deref().map(UnitCode::new).transpose().ok()?,
            post: entry.post.as_deref().map(PostCode::new).transpose().ok()?,
            role: entry.role.as_deref().map(RoleCode::new).transpose().ok()?,
        })
    }

    /// Whether an actor is one of those who are named. A post that is named must be the one in
    /// which they act; so must the office.
    pub fn is(&self, actor: &Actor) -> bool {
        let same = |named: bool, fits: bool| !named || fits;
        (self.post.is_some() || (self.role.is_some() && self.unit.is_some()))
            && same(self.unit.is_some(), self.unit == actor.unit)
            && same(self.post.is_some(), self.post == actor.post)
            && same(self.role.is_some(), self.role.as_ref() == Some(&actor.role))
    }

    fn sits_in(&self, unit: &UnitCode) -> bool {
        self.unit.as_ref().is_none_or(|own| own == unit)
    }
}

/// The sealed subjects of a rulebook.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seals {
    /// By the subject that names them, in the order of the rulebook.
    named: HashMap<CategoryCode, Vec<Named>>,
}

impl Seals {
    pub(crate) fn new(document: &Document) -> Option<Self> {
        let sealed = document.category.iter().filter(|entry| !entry.sealed.is_empty());
        let named = sealed.map(|entry| {
            let code = CategoryCode::new(&entry.code).ok()?;
            Some((code, entry.sealed.iter().map(Named::new).collect::<Option<Vec<_>>>()?))
        });
        Some(Self { named: named.collect::<Option<_>>()? })
    }
}

impl Rulebook {
    /// The subject that seals a case of this one: itself, or the nearest wider one that names who
    /// may know; `None` for a subject that is not sealed.
    pub fn seal_of(&self, category: Option<&CategoryCode>) -> Option<&CategoryCode> {
        let named = &self.access.seals.named;
        if named.is_empty() {
            return None;
        }
        self.categories.upward(category?).find_map(|code| named.get_key_value(code)).map(|(code, _)| code)
    }

    /// Who may know of cases that this subject seals; nobody, where the rulebook does not know it.
    pub fn named(&self, seal: &CategoryCode) -> &[Named] {
        self.access.seals.named.get(seal).map_or(&[], Vec::as_slice)
    }

    /// The subjects of whose sealed cases an actor may know, in the order of their codes.
    pub(crate) fn known_seals(&self, actor: &Actor) -> Vec<CategoryCode> {
        let known = self.access.seals.named.iter().filter(|(_, named)| named.iter().any(|it| it.is(actor)));
        let mut known: Vec<_> = known.map(|(code, _)| code.clone()).collect();
        known.sort_unstable();
        known
    }

    /// Whether an office is the one complained about or below it by either line: its posts know
    /// nothing of a sealed case, though they are named.
    ///
    /// Where that office stands above the cell, only the office itself counts.
    pub fn is_accused_by_either_line(&self, unit: &UnitCode, accused: Option<&UnitCode>) -> bool {
        accused.is_some_and(|accused| {
            unit == accused
                || (self.directory.oversees(accused, unit)
                    && !self.directory.is_below(self.directory.cell(), accused))
        })
    }

    /// Whether an office is in the line of the one complained about: itself, below it or above it,
    /// by either line. A sealed case goes to none of them.
    pub fn is_in_line_of(&self, unit: &UnitCode, accused: Option<&UnitCode>) -> bool {
        accused.is_some_and(|accused| {
            self.directory.oversees(accused, unit)
                || self.directory.oversees(unit, accused)
                || unit == accused
        })
    }

    /// Whether an office may hold a sealed case: somebody of it may know, and it is not in the line
    /// of the office complained about.
    pub fn may_keep(&self, unit: &UnitCode, seal: &CategoryCode, accused: Option<&UnitCode>) -> bool {
        self.named(seal).iter().any(|named| named.sits_in(unit)) && !self.is_in_line_of(unit, accused)
    }

    /// The office that gets a sealed case which would go to `wanted`: that one, if it may keep it;
    /// else the first named office that may; else the first one that is at least not below the
    /// accused one; at last, where nobody is named any more, the nearest above that is not accused.
    pub fn keeper(&self, wanted: UnitCode, seal: &CategoryCode, accused: Option<&UnitCode>) -> UnitCode {
        if self.may_keep(&wanted, seal, accused) {
            return wanted;
        }
        let offices = || self.named(seal).iter().filter_map(|named| named.unit.as_ref());
        let strict = offices().find(|unit| self.may_keep(unit, seal, accused));
        let anywhere = || {
            let everywhere = self.named(seal).iter().any(|named| named.unit.is_none());
            Some(self.directory.cell()).filter(|cell| everywhere && !self.is_in_line_of(cell, accused))
        };
        let lenient = || offices().find(|unit| !self.is_accused_by_either_line(unit, accused));
        match strict.or_else(anywhere).or_else(lenient) {
            Some(unit) => unit.clone(),
            None => self.clear_of(wanted, accused),
        }
    }

    /// The unit, led around an office complained about: for a sealed case to one that may keep it.
    pub fn led_around(
        &self,
        unit: UnitCode,
        seal: Option<&CategoryCode>,
        accused: Option<&UnitCode>,
    ) -> UnitCode {
        match seal {
            Some(seal) => self.keeper(unit, seal, accused),
            None => self.clear_of(unit, accused),
        }
    }

    /// Whether a post in an office may know of sealed cases of that subject about that office.
    pub fn may_know(
        &self,
        unit: &UnitCode,
        post: &PostCode,
        seal: &CategoryCode,
        accused: Option<&UnitCode>,
    ) -> bool {
        let role = self.access.role_of(post);
        !self.is_accused_by_either_line(unit, accused)
            && self.named(seal).iter().any(|named| {
                named.sits_in(unit)
                    && match &named.post {
                        Some(own) => own == post,
                        None => named.role.is_some() && named.role.as_ref() == role,
                    }
            })
    }

    /// The named posts that have an office, in the order of the rulebook, without those below the
    /// office complained about.
    pub fn named_posts(&self, seal: &CategoryCode, accused: Option<&UnitCode>) -> Vec<Superior> {
        let posts = self.named(seal).iter().filter_map(|named| {
            let unit = named.unit.clone()?;
            let of_role = || self.access.post_of(named.role.as_ref()?).cloned();
            let post = named.post.clone().or_else(of_role)?;
            Some(Superior { unit, post: Some(post) })
        });
        posts.filter(|it| !self.is_accused_by_either_line(&it.unit, accused)).collect()
    }
}
