//! How a case comes in, and how what is known of it is put right.

use crate::grievance::command::Lodging;
use crate::grievance::decide::correcting::check_safe_hours;
use crate::grievance::decide::{Decision, Turn};
use crate::grievance::event::{Event, Position, What};
use crate::grievance::moment::Moment;
use crate::grievance::payload::{Allegation, Attached, Complainant, Lodged, Recategorised, Reclassified};
use crate::grievance::refusal::Refusal;
use crate::kernel::code::{CategoryCode, KindCode, PlaceCode};
use crate::kernel::time::day_of;
use crate::rulebook::Rulebook;
use crate::vocabulary::{Action, Custody};

/// Lodging: everything that is named must exist, and the case gets an office at once.
pub(super) fn lodge(lodging: &Lodging, at: &Moment<'_>) -> Decision {
    let Moment { rulebook, actor, .. } = *at;
    let step = rulebook
        .workflow()
        .find(Action::Lodge, None, &actor.role, None)
        .ok_or(Refusal::ActionNotOffered { action: Action::Lodge, stage: None })?;
    let start = step.to.as_ref().ok_or(Refusal::ActionNotOffered { action: Action::Lodge, stage: None })?;
    let number = at.number.ok_or(Refusal::Invalid { field: "number", problem: "no number was reserved" })?;
    let kind = chosen(lodging.kind.as_ref(), rulebook.kinds(), "kind")?;
    let channel = chosen(lodging.channel.as_ref(), rulebook.channels(), "channel")?;
    let language = chosen(lodging.language.as_ref(), rulebook.languages(), "language")?;
    known_category(rulebook, lodging.category.as_ref())?;
    known_place(rulebook, lodging.place.as_ref())?;
    let priority = match &lodging.priority {
        Some(_) => Some(chosen(lodging.priority.as_ref(), rulebook.priorities(), "priority")?),
        None => {
            lodging.category.as_ref().and_then(|subject| rulebook.categories().priority(subject).cloned())
        }
    }
    .or_else(|| rulebook.priorities().first().cloned());
    check_complainant(lodging, at)?;
    let mobile_verified = check_mobile(lodging, at)?;
    let received_at = lodging.received_at.unwrap_or(at.now);
    let back = at.today() - day_of(received_at, rulebook.zone());
    let allowed = rulebook.backdate_days(&actor.role);
    if received_at > at.now || back.num_days() > i64::from(allowed) {
        return Err(Refusal::Backdated { allowed });
    }
    if let Some(reference) = &lodging.reference
        && reference.date.is_some_and(|date| date > at.today())
    {
        return Err(Refusal::Invalid { field: "reference_date", problem: "lies in the future" });
    }
    let against = allegation(lodging, at)?;
    let accused = against.as_ref().and_then(|against| against.unit.as_ref());
    let routed = rulebook.route(lodging.category.as_ref(), lodging.place.as_ref(), accused);
    let sealed = rulebook.seal_of(lodging.category.as_ref()).cloned();
    let unit = match step.custody {
        Custody::Cell => rulebook.led_around(rulebook.directory().cell().clone(), sealed.as_ref(), accused),
        _ => routed.unit.clone(),
    };
    Ok(vec![Event {
        led_to: Position { phase: start.phase, stage: start.code.clone(), unit },
        what: What::Lodged(Box::new(Lodged {
            channel,
            complainant: lodging.complainant.clone(),
            kind,
            language,
            mobile_verified,
            narrative: lodging.narrative,
            number: number.clone(),
            received_at,
            routed,
            against,
            category: lodging.category.clone(),
            external_number: lodging.external_number.clone(),
            place: lodging.place.clone(),
            priority,
            reference: lodging.reference.clone(),
            sealed,
        })),
    }])
}

/// Whoever stays unknown leaves no name behind, and only where the rulebook takes such cases.
fn check_complainant(lodging: &Lodging, at: &Moment<'_>) -> Result<(), Refusal> {
    let complainant = &lodging.complainant;
    if complainant.anonymous {
        if !at.rulebook.intake().anonymous {
            return Err(Refusal::Invalid {
                field: "anonymous",
                problem: "the rulebook takes no anonymous cases",
            });
        }
        let named = complainant.name.or(complainant.mobile).or(complainant.email).or(complainant.address);
        if named.is_some() {
            return Err(Refusal::Invalid { field: "anonymous", problem: "goes with no name and no address" });
        }
    }
    let most = at.rulebook.intake().signatories;
    let count = |list: &Option<Vec<_>>| list.as_ref().map_or(0, Vec::len);
    let signatories = count(&complainant.signatories).max(count(&complainant.signatory_mobiles));
    if signatories > most as usize {
        return Err(Refusal::TooMany { of: "signatories", most });
    }
    check_safe_hours(complainant.safe_hours, at.rulebook)
}

/// Whether the complainant's mobile was verified. Whoever lodges for themselves must have done so
/// where the rulebook says; whoever stays unknown gives no mobile and so needs none (ADR 52). One
/// that was verified must be the one that is given, whoever lodges.
fn check_mobile(lodging: &Lodging, at: &Moment<'_>) -> Result<bool, Refusal> {
    let Complainant { anonymous, mobile, .. } = lodging.complainant;
    match at.proof {
        Some(proof) if mobile.is_some_and(|mobile| proof.is_of(&mobile)) => Ok(true),
        Some(_) => Err(Refusal::MobileDiffers),
        None if !anonymous && at.rulebook.wants_verified_mobile(&at.actor.role) => {
            Err(Refusal::MobileNotVerified)
        }
        None => Ok(false),
    }
}

/// Whom the case is about. A post alone is taken to be the one in the office that the routing
/// rules name.
fn allegation(lodging: &Lodging, at: &Moment<'_>) -> Result<Option<Allegation>, Refusal> {
    let Some(against) = &lodging.against else { return Ok(None) };
    let rulebook = at.rulebook;
    let unit = match &against.unit {
        Some(unit) if rulebook.directory().get(unit).is_none() => {
            return Err(Refusal::Unknown { field: "against_unit", code: unit.to_string() });
        }
        Some(unit) => unit.clone(),
        None => rulebook.route(lodging.category.as_ref(), lodging.place.as_ref(), None).unit,
    };
    if let Some(post) = &against.post
        && !rulebook.document().post.iter().any(|entry| *post == entry.code.as_str())
    {
        return Err(Refusal::Unknown { field: "against_post", code: post.to_string() });
    }
    Ok(Some(Allegation { unit: Some(unit), post: against.post.clone() }))
}

/// The code that is given, if the rulebook has it; the rulebook's first if none is.
pub(super) fn chosen<T: Clone + PartialEq + ToString>(
    given: Option<&T>,
    all: &[T],
    field: &'static str,
) -> Result<T, Refusal> {
    match given {
        Some(code) if all.contains(code) => Ok(code.clone()),
        Some(code) => Err(Refusal::Unknown { field, code: code.to_string() }),
        None => all.first().cloned().ok_or(Refusal::Invalid { field, problem: "is missing" }),
    }
}

fn known_category(rulebook: &Rulebook, category: Option<&CategoryCode>) -> Result<(), Refusal> {
    match category.filter(|code| !rulebook.categories().contains(code)) {
        Some(code) => Err(Refusal::Unknown { field: "category", code: code.to_string() }),
        None => Ok(()),
    }
}

fn known_place(rulebook: &Rulebook, place: Option<&PlaceCode>) -> Result<(), Refusal> {
    match place.filter(|code| !rulebook.places().contains(code)) {
        Some(code) => Err(Refusal::Unknown { field: "place", code: code.to_string() }),
        None => Ok(()),
    }
}

/// Subject or place are corrected; the case stays where it is, unless a sealed subject takes it
/// out of the hands of an office that may not know of it. A subject that is not sealed lifts no
/// seal.
pub(super) fn recategorise(turn: &Turn<'_, '_>, change: &Recategorised) -> Decision {
    if change.category.is_none() && change.place.is_none() {
        return Err(Refusal::Invalid { field: "category", problem: "neither subject nor place is given" });
    }
    known_category(turn.at.rulebook, change.category.as_ref())?;
    known_place(turn.at.rulebook, change.place.as_ref())?;
    let sealed = turn.at.rulebook.seal_of(change.category.as_ref()).cloned();
    let mut led_to = turn.position(None)?;
    if let Some(seal) = &sealed {
        led_to.unit = turn.at.rulebook.keeper(led_to.unit, seal, turn.accused());
    }
    let what = What::Recategorised(Recategorised { sealed, ..change.clone() });
    Ok(vec![Event { led_to, what }])
}

/// The kind of matter is corrected.
pub(super) fn reclassify(turn: &Turn<'_, '_>, change: &Reclassified) -> Decision {
    let _: KindCode = chosen(Some(&change.kind), turn.at.rulebook.kinds(), "kind")?;
    turn.one(What::Reclassified(change.clone()))
}

/// A document is added; its bytes stay with the host.
pub(super) fn attach(turn: &Turn<'_, '_>, document: &Attached) -> Decision {
    let intake = turn.at.rulebook.intake();
    if document.bytes > intake.attachment_bytes {
        return Err(Refusal::TooMany { of: "bytes of a document", most: intake.attachment_bytes });
    }
    let types = &intake.attachment_types;
    if !types.is_empty() && !types.iter().any(|allowed| document.media_type == *allowed) {
        return Err(Refusal::Invalid { field: "media_type", problem: "is not taken" });
    }
    turn.one(What::Attached(document.clone()))
}
