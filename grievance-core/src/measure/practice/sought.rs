//! Finding a good practice.

use crate::kernel::code::{CategoryCode, UnitCode};
use crate::kernel::name::words_of_text;
use crate::measure::practice::Register;
use crate::measure::practice::page::Practice;
use crate::rulebook::Rulebook;
use crate::vocabulary::PracticeFacet;
use std::cmp::Reverse;

/// What is sought; what is left out does not matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sought<'a> {
    /// Words, of which each begins a word of the page: its title, situation, steps or testimonials.
    /// Case, marks of Latin letters and the two ways of writing Bengali and Hindi make no difference.
    pub words: &'a str,
    /// What was changed.
    pub facet: Option<PracticeFacet>,
    /// The subject, with those below it; a practice that suits any is found, too.
    pub domain: Option<&'a CategoryCode>,
    /// The office that did it first, with those below it.
    pub unit: Option<&'a UnitCode>,
}

impl Register {
    /// The published pages that fit: those with most of the words in the title first, then those
    /// that most offices repeated, then by code.
    pub fn search(&self, sought: &Sought<'_>, rulebook: &Rulebook) -> Vec<&Practice> {
        let words = words_of_text(sought.words);
        let fits = |one: &&Practice| {
            one.published_on.is_some()
                && sought.facet.is_none_or(|facet| facet == one.facet)
                && sought.unit.is_none_or(|unit| rulebook.directory().is_within(&one.unit, unit))
                && sought.domain.is_none_or(|wanted| {
                    let domain = one.domain.as_ref();
                    domain.is_none_or(|domain| rulebook.categories().is_within(domain, wanted))
                })
        };
        let found = self.practices().iter().filter(fits).filter_map(|one| {
            let title = words_of_text(&one.title);
            let said = one.linked.iter().filter_map(|linked| linked.testimonial.as_ref());
            let texts = [&one.situation].into_iter().chain(&one.steps).chain(said);
            let rest: Vec<_> = texts.flat_map(|text| words_of_text(text)).collect();
            let begins = |among: &[String], word: &str| among.iter().any(|one| one.starts_with(word));
            if !words.iter().all(|word| begins(&title, word) || begins(&rest, word)) {
                return None;
            }
            let in_title = words.iter().filter(|word| begins(&title, word)).count();
            Some((Reverse((in_title, one.repeated.len())), one))
        });
        let mut found: Vec<_> = found.collect();
        // A stable sort: of equals the order of the codes stays.
        found.sort_by_key(|(rank, _)| *rank);
        found.into_iter().map(|(_, one)| one).collect()
    }
}
