//! Complainants, evidence, allegations and references, with everything and with the least.

use crate::wire_events::{code, day, person, text};
use grievance_core::grievance::payload::{Allegation, Complainant, Evidence, Reference, Shown};
use grievance_core::kernel::text::Digest;
use grievance_core::vocabulary::{EvidenceKind, ReferenceFrom};
use smol_str::SmolStr;

/// Every kind of evidence that a shape has a word for.
pub(super) fn evidence() -> Evidence {
    [
        (EvidenceKind::Date, Shown::Date(day("2024-02-29"))),
        (EvidenceKind::Reference, Shown::Text(text(20))),
        (EvidenceKind::OtherNumber, Shown::Number(SmolStr::new("OLD \"1\" \\ 2/a"))),
        (EvidenceKind::AcceptingOffice, Shown::Unit(code("health"))),
        (EvidenceKind::ContactAttempts, Shown::Attempts(3)),
    ]
    .into()
}

pub(super) fn known() -> Complainant {
    Complainant {
        anonymous: false,
        person: Some(person(1)),
        name: Some(text(1)),
        mobile: Some(text(2)),
        email: Some(text(3)),
        address: Some(text(4)),
        tracking: Some(Digest::of(&[b"code"])),
        signatories: Some(vec![text(5), text(6)]),
        signatory_mobiles: None,
        representative: None,
        refuses: None,
        safe_hours: None,
    }
}

pub(super) fn unknown() -> Complainant {
    Complainant {
        anonymous: true,
        person: None,
        name: None,
        mobile: None,
        email: None,
        address: None,
        tracking: None,
        signatories: None,
        signatory_mobiles: None,
        representative: None,
        refuses: None,
        safe_hours: None,
    }
}

pub(super) fn against(full: bool) -> Allegation {
    Allegation { unit: full.then(|| code("nadia")), post: full.then(|| code("secretary")) }
}

pub(super) fn reference(full: bool) -> Reference {
    Reference {
        from: ReferenceFrom::Minister,
        letter: full.then(|| text(7)),
        date: full.then(|| day("2026-03-01")),
        reply_due: full.then(|| day("2026-12-31")),
    }
}
