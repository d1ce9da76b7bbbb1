//! Codes by the code that they are counted under: a level of a tree, or the other line.

use crate::kernel::code::{CategoryCode, PlaceCode, UnitCode};
use crate::rulebook::directory::Directory;
use crate::rulebook::subject::{Categories, Places};
use serde::Serialize;
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// Under which code each code is counted. A code that is not in it leaves its cases without one, so that a
/// total shows them.
///
/// It is plain data, of no particular table, ledger or database, and each of them rolls up by it alike.
///
/// # Examples
///
/// ```
/// use grievance_core::Rulebook;
/// use grievance_core::measure::rollup::Rollup;
///
/// let rulebook = Rulebook::from_toml("extends = \"cpgrams\"")?;
/// let ministries = Rollup::units(rulebook.directory(), 1);
/// assert_eq!(ministries.code("posts"), Some("communications"));
/// assert_eq!(ministries.code("union"), Some("union")); // it stands above the level
/// assert_eq!(ministries.code("elsewhere"), None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Rollup(BTreeMap<SmolStr, SmolStr>);

impl Rollup {
    /// Of a host's own: each code with the one that it is counted under.
    pub fn new<'a>(codes: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self(codes.into_iter().map(|(code, under)| (code.into(), under.into())).collect())
    }

    /// Offices at a level of the directory: 0 the root, 1 the offices right below it, and so on. An office
    /// that stands above that level stays itself.
    pub fn units(directory: &Directory, level: usize) -> Self {
        let all = directory.iter().map(|unit| &unit.code);
        Self::levelled(all, |code| directory.upward(code), UnitCode::as_str, level)
    }

    /// Offices by their second superior ([`Directory::second_superior`]): the other line, by district where the
    /// directory goes by department, or the reverse. [`then`](Self::then) rolls that line up to a level.
    pub fn second_superiors(directory: &Directory) -> Self {
        let all = directory.iter().filter_map(|unit| {
            let second = directory.second_superior(&unit.code)?;
            Some((unit.code.as_str().into(), second.as_str().into()))
        });
        Self(all.collect())
    }

    /// Jurisdictions at a level of their tree: 0 those that lie in no other, and so on. One that stands above
    /// that level stays itself.
    pub fn places(places: &Places, level: usize) -> Self {
        Self::levelled(places.iter(), |code| places.around(code), PlaceCode::as_str, level)
    }

    /// Subjects at a level of their tree: 0 the widest, and so on. One that stands above that level stays
    /// itself.
    pub fn categories(categories: &Categories, level: usize) -> Self {
        Self::levelled(categories.iter(), |code| categories.upward(code), CategoryCode::as_str, level)
    }

    fn levelled<'t, C: 't, L: Iterator<Item = &'t C>>(
        all: impl Iterator<Item = &'t C>,
        line: impl Fn(&'t C) -> L,
        text: impl Fn(&'t C) -> &'t str,
        level: usize,
    ) -> Self {
        let rolled = all.filter_map(|code| {
            let line: Vec<&C> = line(code).collect();
            let from_top = line.iter().rev().nth(level).or(line.first())?;
            Some((text(code).into(), text(from_top).into()))
        });
        Self(rolled.collect())
    }

    /// Under which code another is counted.
    pub fn code(&self, code: &str) -> Option<&str> {
        self.0.get(code).map(SmolStr::as_str)
    }

    /// The codes that others are counted under.
    pub(crate) fn codes(&self) -> impl Iterator<Item = SmolStr> {
        self.0.values().cloned()
    }

    /// This and then another: what this leads to, under the code that it is counted under there. What is not
    /// in the other is left without a code.
    #[must_use]
    pub fn then(&self, next: &Self) -> Self {
        let further = |(code, under): (&SmolStr, &SmolStr)| Some((code.clone(), next.0.get(under)?.clone()));
        Self(self.0.iter().filter_map(further).collect())
    }
}
