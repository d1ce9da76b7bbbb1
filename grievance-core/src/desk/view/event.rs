//! An event as somebody sees it.

use crate::desk::DeskError;
use crate::desk::view::{Onlooker, Seen};
use crate::grievance::event::{Position, Recorded, What};
use crate::grievance::words::Word;
use crate::kernel::code::{PostCode, RoleCode, UnitCode};
use crate::kernel::id::{GrievanceId, PersonId};
use crate::kernel::text::Digest;
use crate::rulebook::access::Actor;
use crate::vocabulary::{EventKind, Field, Tenure};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value};
use std::cell::Cell;

/// An event of a case, as far as whoever looks may see it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EventView {
    /// Its place in the case's history. A place that is left out holds a note or document that is
    /// not for this reader.
    pub version: u64,
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// What happened.
    pub kind: EventKind,
    /// Who took the step.
    pub by: TakenBy,
    /// The rulebook version it was decided under.
    pub rulebook: Digest,
    /// Where it left the case.
    pub led_to: Position,
    /// What it says, by the names of the wire format. Words stand as `{"field": …, "text": …}`: what
    /// they are and where; those that are not seen are left out, and so are persons and other cases
    /// that are not.
    pub says: Map<String, Value>,
}

/// Who took a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TakenBy {
    /// Their role.
    pub role: RoleCode,
    /// The office they acted for.
    pub unit: Option<UnitCode>,
    /// The post they held.
    pub post: Option<PostCode>,
    /// In which capacity, where it was not simply theirs.
    pub tenure: Option<Tenure>,
    /// Whether they acted for somebody else.
    pub on_behalf: bool,
    /// The person: for those who see officers' persons, or who complains where it is they; and one's
    /// own.
    pub person: Option<PersonId>,
}

impl TakenBy {
    fn of(looks: &Onlooker<'_>, actor: &Actor) -> Self {
        let Actor { on_behalf_of, person, post, role, tenure, unit } = actor;
        // Whoever lodges for themselves is the complainant, not an officer.
        let field = if looks.rulebook.lodges_for_itself(role) { Field::Person } else { Field::Officers };
        let shown = looks.sights.full(field) || *person == looks.actor.person;
        Self {
            role: role.clone(),
            unit: unit.clone(),
            post: post.clone(),
            tenure: *tenure,
            on_behalf: on_behalf_of.is_some(),
            person: Some(*person).filter(|_| shown),
        }
    }
}

/// An event in a case file: as it is seen, if it is seen at all, and whether that is all of it.
pub(super) fn in_file(
    looks: &Onlooker<'_>,
    recorded: &Recorded,
) -> Result<(Option<EventView>, bool), DeskError> {
    if !is_shown(looks, &recorded.event.what) {
        return Ok((None, false));
    }
    let withheld = Cell::new(recorded.actor.on_behalf_of.is_some() && !looks.sights.full(Field::Person));
    let view = view_noting(looks, recorded, &withheld)?;
    let is_whole = view.by.person.is_some() && !withheld.get();
    Ok((Some(view), is_whole))
}

/// The events that are shown, oldest first.
pub(super) fn views(looks: &Onlooker<'_>, seen: &Seen) -> Result<Vec<EventView>, DeskError> {
    seen.history
        .iter()
        .filter(|next| is_shown(looks, &next.event.what))
        .map(|next| view(looks, next))
        .collect()
}

/// Whether an event is shown at all: a note or a document that is not for the complainant is not
/// there for whoever does not see such words.
pub(super) fn is_shown(looks: &Onlooker<'_>, what: &What) -> bool {
    match what {
        What::Commented(note) => note.public || looks.sights.of(Field::CommentInternal).is_some(),
        What::Attached(document) => document.public || looks.sights.of(Field::FileInternal).is_some(),
        _ => true,
    }
}

fn view(looks: &Onlooker<'_>, recorded: &Recorded) -> Result<EventView, DeskError> {
    view_noting(looks, recorded, &Cell::new(false))
}

/// The event as it is seen; sets `withheld` when there is more to it.
fn view_noting(
    looks: &Onlooker<'_>,
    recorded: &Recorded,
    withheld: &Cell<bool>,
) -> Result<EventView, DeskError> {
    let Recorded { case: _, version, at, actor, rulebook, event } = recorded;
    let payload = event.what.payload(serde_json::value::Serializer);
    let mut says = payload.expect("a payload is a struct with text keys");
    Redaction { looks, words: &event.what.words(), withheld }.redact(&mut says)?;
    let says = match says {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    Ok(EventView {
        version: *version,
        at: *at,
        kind: event.what.kind(),
        by: TakenBy::of(looks, actor),
        rulebook: *rulebook,
        led_to: event.led_to.clone(),
        says,
    })
}

/// Takes out of a payload what is not for whoever looks.
struct Redaction<'a> {
    looks: &'a Onlooker<'a>,
    words: &'a [Word],
    /// Set when something is taken out.
    withheld: &'a Cell<bool>,
}

impl Redaction<'_> {
    fn redact(&self, value: &mut Value) -> Result<(), DeskError> {
        match value {
            Value::Object(fields) => {
                if let Some(shown) = self.reference(fields) {
                    *value = shown;
                    return Ok(());
                }
                let hidden = |key: &str| {
                    key == "tracking"
                        || (matches!(key, "person" | "lodged_by") && !self.looks.sights.full(Field::Person))
                };
                if fields.keys().any(|key| hidden(key)) {
                    self.withheld.set(true);
                }
                fields.retain(|key, _| !hidden(key));
                for field in fields.values_mut() {
                    self.redact(field)?;
                }
                fields.retain(|_, field| !field.is_null());
            }
            Value::Array(items) => {
                for item in items.iter_mut() {
                    self.redact(item)?;
                }
                items.retain(|item| !item.is_null());
            }
            Value::String(text) => {
                if let Ok(other) = text.parse::<GrievanceId>()
                    && !self.looks.may_name(other)?
                {
                    self.withheld.set(true);
                    *value = Value::Null;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// What stands for a text: nothing, if it is not seen; `None` if this is no reference to one.
    fn reference(&self, fields: &Map<String, Value>) -> Option<Value> {
        let id = fields.get("id").filter(|_| fields.len() == 2 && fields.contains_key("digest"))?.as_str()?;
        let word = self.words.iter().find(|word| word.text.id.to_string() == id);
        let seen = word.filter(|word| self.looks.sights.of(word.field).is_some());
        if seen.is_none() {
            self.withheld.set(true);
        }
        Some(seen.map_or(Value::Null, |word| serde_json::json!({ "field": word.field.as_str(), "text": id })))
    }
}

/// A history without who complains and who brought the case in, wherever they act in it.
pub(super) fn without_complainant(history: &[Recorded]) -> Vec<Recorded> {
    let nobody = PersonId::from_uuid(uuid::Uuid::nil());
    let Some(first) = history.first() else { return Vec::new() };
    let (complainant, lodged_by) = match &first.event.what {
        What::Lodged(lodged) => (lodged.complainant.person, Some(first.actor.person)),
        What::PartOpened(part) => (part.complainant.person, Some(part.lodged_by)),
        _ => (None, None),
    };
    let hidden = |person: PersonId| complainant == Some(person) || lodged_by == Some(person);
    let mut history = history.to_vec();
    for recorded in &mut history {
        recorded.actor.on_behalf_of = None;
        if hidden(recorded.actor.person) {
            recorded.actor.person = nobody;
        }
        match &mut recorded.event.what {
            What::Lodged(lodged) => {
                (lodged.complainant.person, lodged.complainant.tracking) = (None, None);
            }
            What::PartOpened(part) => {
                (part.complainant.person, part.complainant.tracking) = (None, None);
                part.lodged_by = nobody;
            }
            _ => {}
        }
    }
    history
}
