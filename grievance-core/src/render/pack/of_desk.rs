//! The review of a desk as a page: everything that the actor sees of it.

use crate::desk::{Acting, DeskError, Measure};
use crate::measure::answer::sheet::NotAsked;
use crate::measure::as_of::fact_as_of;
use crate::measure::gpr::Tally;
use crate::measure::pack::list::is_counted_at;
use crate::measure::pack::{Cell, Span};
use crate::measure::practice::Register;
use crate::measure::stay::Stays;
use crate::measure::waiting::Waiting;
use crate::render::language::Language;
use crate::render::pack::{Behind, Closed, PackPage, pack_html};

/// What stands in an address for the words of a count.
const WORDS: [&str; 3] = ["{unit}", "{span}", "{of}"];

/// The most days that are compared on either side of a change of procedure.
const SPAN: u32 = 90;

/// The page of a weekly review ([`pack_html`]) that a desk answers as [`Measure::Review`], with what stands behind its
/// figures and what was closed with what. Good practices, an agenda and an edition are the host's: who has them
/// calls [`pack_html`] itself. Causes are those of the review's office and everything below it, as all of it is.
///
/// With `lists`, an address such as `/cases?unit={unit}&span={span}&of={of}`, each number opens there to its cases:
/// [`Measure::Behind`] answers these by the same three words, all of which the address must have.
///
/// # Errors
///
/// [`DeskError::NotAsked`] at `what` for another question, at `lists` for an address that would lead two numbers to one list,
/// and as of [`Acting::measure`].
///
/// # Examples
///
/// ```
/// # use grievance_core::{Desk, KeyRing, MemoryStore, Rulebook, TenantCode};
/// # let tenant = TenantCode::new("haldia")?;
/// # let desk = Desk::open(MemoryStore::default().tenant(&tenant), tenant, KeyRing::for_tests());
/// # desk.activate(Rulebook::from_toml("extends = \"west-bengal\"")?, "2026-01-01T00:00:00Z".parse()?)?;
/// use grievance_core::desk::Measure;
/// use grievance_core::render::language::Language;
/// use grievance_core::render::pack::review_html;
///
/// let asked = Measure::from_json(r#"{"what": "review", "as_of": "2026-04-06"}"#)?;
/// let system = Desk::system();
/// let page = review_html(&desk.by(&system, "2026-04-06T05:00:00Z".parse()?), &asked, None, Language::Hindi, None)?;
/// assert!(page.starts_with("<!DOCTYPE html>"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn review_html(
    acting: &Acting<'_>,
    question: &Measure,
    title: Option<&str>,
    language: Language,
    lists: Option<&str>,
) -> Result<String, DeskError> {
    let Measure::Review { as_of, .. } = question else {
        return Err(NotAsked::of("what", "is no weekly review").into());
    };
    if let Some(missing) = lists.and_then(|lists| WORDS.into_iter().find(|word| !lists.contains(word))) {
        let example = "/cases?unit={unit}&span={span}&of={of}".to_owned();
        let wrong =
            NotAsked::of("lists", format!("has no {missing} in it, so that two numbers would have one list"));
        return Err(wrong.hint(Some(example)).into());
    }
    let (pack, weeks) = acting.review_asked(question)?;
    let rulebook = acting.rulebook()?;
    let (terms, directory) = (weeks.terms(), rulebook.directory());
    let (mut waiting, mut stays) = (Waiting::new(terms), Stays::new(terms));
    let mut board = Tally::new(&rulebook, *as_of, SPAN);
    acting.scan(&mut |history| {
        if let Some(fact) = fact_as_of(history, terms.at())
            && is_counted_at(directory, &pack.unit, fact.disposed_by.as_ref().unwrap_or(&fact.unit))
        {
            board.add(&fact);
        }
        waiting.add_history(history, terms, &rulebook).expect("the terms are the same");
        stays.add_history(history, terms).expect("the terms are the same");
        true
    })?;
    let board = board.into_board();
    let closings = acting.closings(&weeks)?;
    let practices = Register::default();
    let open = |cell: &Cell| address(lists.unwrap_or_default(), cell);
    let page = PackPage {
        open: lists.map(|_| &open as &dyn Fn(&Cell) -> String),
        title,
        behind: Some(Behind {
            rulebook: &rulebook,
            waiting: &waiting,
            stays: &stays,
            board: &board,
            practices: &practices,
        }),
        closed: Some(Closed { rulebook: &rulebook, closings: &closings }),
        ..PackPage::in_language(language)
    };
    Ok(pack_html(&pack, &page))
}

/// An address with the words of a count in their places; none has a letter that an address would have to escape but the
/// colon, which may stand in one.
fn address(lists: &str, cell: &Cell) -> String {
    let span = match cell.span {
        Span::Alone => "alone",
        Span::Below => "below",
    };
    lists.replace("{unit}", cell.unit.as_str()).replace("{span}", span).replace("{of}", &cell.of.to_string())
}
