//! A case as somebody sees it: its facts, what may be read of it, its history.

use crate::desk::DeskError;
use crate::desk::view::event::{self, EventView};
use crate::desk::view::{CaseRow, Onlooker, Seen};
use crate::grievance::project::CaseFact;
use crate::grievance::state::Grievance;
use crate::kernel::code::{LanguageCode, PostCode};
use crate::kernel::id::{GrievanceId, VaultId};
use crate::rulebook::safe::SafeHours;
use crate::vocabulary::{Field, MessageChannel, ReferenceFrom, Relation, Sight};
use chrono::NaiveDate;
use serde::Serialize;

/// A case as far as whoever looks may see it. It holds no words: `texts` says which there are and
/// may be read, and [`Acting::words`](crate::desk::Acting::words) reads them.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CaseView {
    /// Its facts.
    pub row: CaseRow,
    /// How whoever looks stands to it.
    pub relation: Relation,
    /// The complainant's language.
    pub language: Option<LanguageCode>,
    /// Whether the complainant stays unknown.
    pub anonymous: bool,
    /// How the complainant wants to be written to; none for those who see nothing of their mobile.
    pub contact: Option<ContactView>,
    /// The post in the office that it was given to.
    pub post: Option<PostCode>,
    /// The post that it is about.
    pub against_post: Option<PostCode>,
    /// Who referred it.
    pub reference: Option<ReferenceView>,
    /// Its parts that whoever looks sees.
    pub parts: Vec<PartView>,
    /// The cases joined to it that whoever looks sees.
    pub members: Vec<GrievanceId>,
    /// What may be read, in the order of the history.
    pub texts: Vec<TextView>,
    /// How it came there.
    pub history: Vec<EventView>,
}

/// How a complainant wants to be written to: whoever calls them keeps to it, too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ContactView {
    /// Ways by which they want no message.
    pub refuses: Vec<MessageChannel>,
    /// When they may be written to, within the rulebook's safe hours; whenever those allow it, if
    /// absent.
    pub safe_hours: Option<SafeHours>,
    /// Whether somebody has text messages in their place.
    pub represented: bool,
}

/// Who referred a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReferenceView {
    /// Who wrote the letter.
    pub from: ReferenceFrom,
    /// Its date.
    pub date: Option<NaiveDate>,
    /// The date by which a reply is owed.
    pub reply_due: Option<NaiveDate>,
}

/// A part of a divided case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PartView {
    /// Its own case.
    pub case: GrievanceId,
    /// Whether it has come to its end.
    pub closed: bool,
}

/// A text that may be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TextView {
    /// What it is.
    pub field: Field,
    /// In full, or masked.
    pub sight: Sight,
    /// The event that brought it.
    pub version: u64,
    /// Where it is.
    pub id: VaultId,
}

impl CaseView {
    pub(super) fn of(looks: &Onlooker<'_>, seen: &Seen) -> Result<Self, DeskError> {
        let case: &Grievance = &seen.case;
        let mut parts = Vec::new();
        for part in &case.parts {
            if looks.may_name(part.case)? {
                parts.push(PartView { case: part.case, closed: part.closed });
            }
        }
        let mut members = Vec::new();
        for member in &case.members {
            if looks.may_name(*member)? {
                members.push(*member);
            }
        }
        let reference = case.subject.reference.as_ref().map(|it| ReferenceView {
            from: it.from,
            date: it.date,
            reply_due: it.reply_due,
        });
        let complainant = &case.subject.complainant;
        let contact = looks.sights.of(Field::Mobile).map(|_| ContactView {
            refuses: complainant.refuses.clone().unwrap_or_default(),
            safe_hours: complainant.safe_hours,
            represented: complainant.representative.is_some(),
        });
        Ok(Self {
            row: CaseRow::of(looks, CaseFact::of(case))?,
            relation: case.standing().relation(&looks.rulebook, &looks.actor),
            language: case.subject.language.clone(),
            anonymous: complainant.anonymous,
            contact,
            post: case.course.post.clone(),
            against_post: case.subject.against.as_ref().and_then(|against| against.post.clone()),
            reference,
            parts,
            members,
            texts: texts(looks, seen),
            history: event::views(looks, seen)?,
        })
    }
}

/// The texts of a case that may be read, in the order of its history.
pub(super) fn texts(looks: &Onlooker<'_>, seen: &Seen) -> Vec<TextView> {
    let mut texts = Vec::new();
    for next in seen.history.iter().filter(|next| event::is_shown(looks, &next.event.what)) {
        for word in next.event.what.words() {
            let sight = looks.sights.of(word.field);
            texts.extend(sight.map(|sight| TextView {
                field: word.field,
                sight,
                version: next.version,
                id: word.text.id,
            }));
        }
    }
    texts
}
