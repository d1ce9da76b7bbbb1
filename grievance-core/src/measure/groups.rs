//! Counts by group as of a day: what every part that histories are counted into has in common.

use crate::measure::cases::tally::{Basis, DoesNotFit, MOST, NoPart};
use crate::measure::mis::Terms;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is counted of one group.
pub(crate) trait Counted: Clone {
    /// Nothing yet, by the rule and in the bands of the terms.
    fn none(terms: &Terms) -> Self;

    /// Adds what another part counted of the same group.
    fn add(&mut self, other: &Self);

    /// All that it counts, added up: never less than any of its figures.
    fn weight(&self) -> u128;

    /// Whether it was counted by that rule and in those bands.
    fn fits(&self, basis: &Basis) -> bool;
}

/// Counts by group, with the terms that they were counted by. Parts merge, in any order, into the same
/// whole; a stored one is checked when it is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    into = "Stored<G, V>",
    try_from = "Stored<G, V>",
    bound(
        serialize = "G: Clone + Serialize, V: Clone + Serialize",
        deserialize = "G: Ord + Deserialize<'de>, V: Counted + Deserialize<'de>"
    )
)]
pub(crate) struct Groups<G, V> {
    basis: Basis,
    groups: BTreeMap<G, V>,
}

impl<G: Ord + Clone, V: Counted> Groups<G, V> {
    pub(crate) fn new(terms: &Terms) -> Self {
        Self { basis: Basis::of(terms), groups: BTreeMap::new() }
    }

    /// Whether cases are counted here by these terms.
    pub(crate) fn is_by(&self, terms: &Terms) -> Result<(), DoesNotFit> {
        if self.basis == Basis::of(terms) { Ok(()) } else { Err(DoesNotFit::Terms) }
    }

    pub(crate) const fn basis(&self) -> &Basis {
        &self.basis
    }

    /// What is counted of a group.
    pub(crate) fn at(&mut self, group: G, terms: &Terms) -> &mut V {
        self.groups.entry(group).or_insert_with(|| V::none(terms))
    }

    pub(crate) const fn all(&self) -> &BTreeMap<G, V> {
        &self.groups
    }

    /// The groups that are meant, added up; `None` when there is none.
    pub(crate) fn sum(&self, is_meant: impl Fn(&G) -> bool) -> Option<V> {
        let mut meant = self.groups.iter().filter(|(group, _)| is_meant(group)).map(|(_, own)| own);
        let mut sum = meant.next()?.clone();
        meant.for_each(|own| sum.add(own));
        Some(sum)
    }

    pub(crate) fn merge(&mut self, other: &Self) -> Result<(), DoesNotFit> {
        if self.basis != other.basis {
            return Err(DoesNotFit::Terms);
        }
        if weight(&self.groups) + weight(&other.groups) > MOST {
            return Err(DoesNotFit::TooMany);
        }
        for (group, theirs) in &other.groups {
            match self.groups.get_mut(group) {
                Some(mine) => mine.add(theirs),
                None => drop(self.groups.insert(group.clone(), theirs.clone())),
            }
        }
        Ok(())
    }
}

/// A map whose keys are no texts, as JSON has them: pairs, in the order of the keys.
pub(crate) mod pairs {
    use crate::measure::cases::tally::NoPart;
    use serde::de::{Deserialize, Deserializer, Error};
    use serde::{Serialize, Serializer};
    use std::collections::BTreeMap;

    pub(crate) fn serialize<K: Serialize, V: Serialize, S: Serializer>(
        map: &BTreeMap<K, V>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(map)
    }

    pub(crate) fn deserialize<'de, K, V, D>(from: D) -> Result<BTreeMap<K, V>, D::Error>
    where
        K: Deserialize<'de> + Ord,
        V: Deserialize<'de>,
        D: Deserializer<'de>,
    {
        let pairs: Vec<(K, V)> = Vec::deserialize(from)?;
        let rises = pairs.windows(2).all(|two| two[0].0 < two[1].0);
        if rises { Ok(pairs.into_iter().collect()) } else { Err(D::Error::custom(NoPart::Malformed)) }
    }
}

fn weight<G, V: Counted>(groups: &BTreeMap<G, V>) -> u128 {
    groups.values().map(V::weight).sum()
}

/// Counts as they are stored, not yet checked: groups as pairs, for a key of JSON is a text.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored<G, V> {
    basis: Basis,
    groups: Vec<(G, V)>,
}

impl<G, V> From<Groups<G, V>> for Stored<G, V> {
    fn from(of: Groups<G, V>) -> Self {
        Self { basis: of.basis, groups: of.groups.into_iter().collect() }
    }
}

impl<G: Ord, V: Counted> TryFrom<Stored<G, V>> for Groups<G, V> {
    type Error = NoPart;

    fn try_from(Stored { basis, groups }: Stored<G, V>) -> Result<Self, NoPart> {
        let rises = groups.windows(2).all(|two| two[0].0 < two[1].0);
        if !rises || !groups.iter().all(|(_, own)| own.fits(&basis)) {
            return Err(NoPart::Malformed);
        }
        let groups: BTreeMap<G, V> = groups.into_iter().collect();
        if weight(&groups) > MOST { Err(NoPart::TooMany) } else { Ok(Self { basis, groups }) }
    }
}
