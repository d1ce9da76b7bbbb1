//! The review of a desk as a page: everything that the actor sees of it, counted in two passes.

use crate::desk::{Acting, DeskError, Measure};
use crate::measure::answer::sheet::NotAsked;
use crate::measure::as_of::fact_as_of;
use crate::measure::gpr::Board;
use crate::measure::practice::Register;
use crate::measure::stay::Stays;
use crate::measure::waiting::Waiting;
use crate::render::language::Language;
use crate::render::pack::{Behind, Closed, PackPage, pack_html};

/// The most days that are compared on either side of a change of procedure.
const SPAN: u32 = 90;

/// The page of a weekly review ([`pack_html`]) that a desk answers as [`Measure::Review`], with what stands behind its
/// figures and what was closed with what. Good practices, an agenda and an edition are the host's: who has them
/// calls [`pack_html`] itself.
///
/// # Errors
///
/// [`DeskError::NotAsked`] at `what` for another question, and as of [`Acting::measure`].
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
/// let page = review_html(&desk.by(&system, "2026-04-06T05:00:00Z".parse()?), &asked, None, Language::Hindi)?;
/// assert!(page.starts_with("<!DOCTYPE html>"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn review_html(
    acting: &Acting<'_>,
    question: &Measure,
    title: Option<&str>,
    language: Language,
) -> Result<String, DeskError> {
    let Measure::Review { as_of, .. } = question else {
        return Err(NotAsked::of("what", "is no weekly review").into());
    };
    let (pack, weeks) = acting.review_asked(question)?;
    let rulebook = acting.rulebook()?;
    let terms = weeks.terms();
    let (mut waiting, mut stays, mut facts) = (Waiting::new(terms), Stays::new(terms), Vec::new());
    acting.scan(&mut |history| {
        facts.extend(fact_as_of(history, terms.at()));
        let counted = waiting.add_history(history, terms, &rulebook);
        counted.and_then(|()| stays.add_history(history, terms)).is_ok()
    })?;
    let board = Board::of(&facts, &rulebook, *as_of, SPAN);
    let closings = acting.closings(&weeks)?;
    let practices = Register::default();
    let page = PackPage {
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
