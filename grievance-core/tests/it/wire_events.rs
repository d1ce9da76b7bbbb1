//! One event of each kind, with everything it may say; and one with the least.

mod people;

use crate::wire_events::people::{against, evidence, known, reference, unknown};
use chrono::{DateTime, NaiveDate, Utc};
use grievance_core::grievance::event::{Event, Position, What};
use grievance_core::grievance::payload::{
    Absorbed, Adopted, AdoptedFact, AdoptedStep, Answered, AppealDecided, Appealed, Attached, CallRecorded,
    Classified, ClockPaused, ClockResumed, Commented, Complainant, Consulted, Corrected, Disposed, Erased,
    Escalated, EscalationProposed, Evidence, Extended, FeedbackRecorded, FeedbackWaived, FieldValue,
    FourEyesWaived, HoldPlaced, HoldReleased, InterimReplied, Judged, Lodged, Merged, Noted, OutcomeShared,
    PartClosed, PartNamed, PartOpened, PartSketch, Recategorised, Reclassified, Remapped, Reopened,
    Rescinded, Sent, SplitIntoParts, StepRecorded, TargetBreached, TargetMoved, TargetSet, Told, Unsealed,
    Verified, Worded,
};
use grievance_core::kernel::id::{GrievanceId, PersonId, VaultId};
use grievance_core::kernel::number::RegistrationNumber;
use grievance_core::kernel::text::{Digest, TextRef};
use grievance_core::rulebook::routing::{RouteRule, Routed};
use grievance_core::rulebook::safe::SafeHours;
use grievance_core::vocabulary::{
    Action, Because, DisposalClass, ErasureBecause, EventKind, FeedbackOutcome, Gap, HoldFor, MessageChannel,
    Outcome, Phase, Resumed, TargetKind, TimeUnit, VerificationFinding, Waiver,
};
use smol_str::SmolStr;

fn code<T: std::str::FromStr>(text: &str) -> T
where
    T::Err: std::fmt::Debug,
{
    text.parse().expect("a code")
}

pub(crate) fn case(n: u128) -> GrievanceId {
    GrievanceId::from_uuid(uuid::Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + n))
}

pub(crate) fn person(n: u128) -> PersonId {
    PersonId::from_uuid(uuid::Uuid::from_u128(0xa000_0000_0000_4000_8000_0000_0000_0000 + n))
}

fn text(n: u8) -> TextRef {
    let id = uuid::Uuid::from_u128(0xf000_0000_0000_4000_8000_0000_0000_0000 + u128::from(n));
    TextRef { digest: Digest::of(&[&[n]]), id: VaultId::from_uuid(id) }
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// A correction that changes nothing yet.
fn nothing_corrected() -> Corrected {
    Corrected {
        remarks: text(30),
        narrative: None,
        name: None,
        mobile: None,
        email: None,
        address: None,
        language: None,
        priority: None,
        representative: None,
        unrepresented: None,
        refuses: None,
        safe_hours: None,
    }
}

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

fn number() -> RegistrationNumber {
    code("CMO/2026/0000001/M")
}

fn lodged(full: bool) -> Lodged {
    Lodged {
        sealed: None,
        mobile_verified: false,
        channel: code("kiosk"),
        complainant: if full { known() } else { unknown() },
        kind: code("grievance"),
        language: code("bn"),
        narrative: text(8),
        number: number(),
        received_at: at("2026-03-02T09:00:00.123Z"),
        routed: Routed {
            rule: if full { RouteRule::Route(17) } else { RouteRule::Cell },
            unit: code("cmo-cell"),
        },
        against: full.then(|| against(true)),
        category: full.then(|| code("mutation")),
        external_number: full.then(|| SmolStr::new("EXT 1")),
        place: full.then(|| code("nadia")),
        priority: full.then(|| code("high")),
        reference: full.then(|| reference(true)),
    }
}

fn part_opened(full: bool) -> PartOpened {
    PartOpened {
        sealed: None,
        complainant: if full { known() } else { unknown() },
        kind: code("grievance"),
        lodged_by: person(2),
        parent: case(1),
        part: 2,
        received_at: at("1969-12-31T23:59:59.999Z"),
        against: full.then(|| against(true)),
        category: full.then(|| code("roads")),
        channel: full.then(|| code("letter")),
        language: full.then(|| code("en")),
        narrative: full.then(|| text(8)),
        number: full.then(number),
        place: full.then(|| code("nadia")),
        priority: full.then(|| code("normal")),
    }
}

fn adopted(full: bool) -> Adopted {
    let position = |phase, stage: &str| Position { phase, stage: code(stage), unit: code("works") };
    let fact = |at_text: &str, what, phase, stage: &str, full: bool| AdoptedFact {
        at: at(at_text),
        led_to: position(phase, stage),
        what,
        reason: full.then(|| code("benefit_provided")),
        class: full.then_some(DisposalClass::Benefit),
    };
    let lodged = fact("2015-01-02T03:04:05Z", AdoptedStep::Lodged, Phase::Registered, "received", false);
    let end = |what, phase| fact("2015-02-03T04:05:06Z", what, phase, "closed", full);
    Adopted {
        sealed: None,
        facts: if full {
            vec![
                end(AdoptedStep::Disposed, Phase::Disposed),
                lodged,
                end(AdoptedStep::Routed, Phase::InProgress),
                end(AdoptedStep::Reopened, Phase::InProgress),
                end(AdoptedStep::Ended, Phase::Withdrawn),
            ]
        } else {
            vec![lodged]
        },
        gaps: if full { Gap::ALL.to_vec() } else { Vec::new() },
        kind: code("grievance"),
        number: SmolStr::new("101001234567"),
        source: code("boston-311"),
        category: full.then(|| code("pothole")),
        channel: full.then(|| code("phone")),
        due_at: full.then(|| at("2015-01-09T00:00:00Z")),
        closure_text: full.then(|| text(9)),
        place: full.then(|| code("ward-3")),
        narrative: full.then(|| text(8)),
        received_at: full.then(|| at("2015-01-01T00:00:00Z")),
    }
}

/// The payload of a kind: with everything, or with the least.
fn what(kind: EventKind, full: bool) -> What {
    let may = |n: u8| full.then(|| text(n));
    let noted = || Noted { remarks: may(30) };
    let sent =
        || Sent { binding: full, at_cap: full, post: full.then(|| code("secretary")), remarks: may(30) };
    let worded = || Worded { text: text(31) };
    let merged = || Merged { into: case(2), remarks: may(30) };
    let judged = || {
        Box::new(Judged {
            evidence: if full { evidence() } else { Evidence::new() },
            reason: full.then(|| code("not_eligible")),
            text: may(32),
        })
    };
    match kind {
        EventKind::Lodged => What::Lodged(Box::new(lodged(full))),
        EventKind::Admitted => What::Admitted(noted()),
        EventKind::Declined => What::Declined(noted()),
        EventKind::Acknowledged => What::Acknowledged(noted()),
        EventKind::Assigned => What::Assigned(sent()),
        EventKind::Forwarded => What::Forwarded(sent()),
        EventKind::Returned => What::Returned(noted()),
        EventKind::Recalled => What::Recalled(noted()),
        EventKind::Transferred => What::Transferred(sent()),
        EventKind::Recategorised => What::Recategorised(Recategorised {
            sealed: None,
            category: full.then(|| code("roads")),
            place: full.then(|| code("nadia")),
            remarks: may(30),
        }),
        EventKind::Reclassified => {
            What::Reclassified(Reclassified { kind: code("enquiry"), remarks: may(30) })
        }
        EventKind::SplitIntoParts => What::SplitIntoParts(SplitIntoParts {
            parts: vec![
                PartSketch { case: case(3), unit: code("works"), category: full.then(|| code("roads")) },
                PartSketch { case: case(4), unit: code("water"), category: None },
            ],
            remarks: may(30),
        }),
        EventKind::PartOpened => What::PartOpened(Box::new(part_opened(full))),
        EventKind::PartClosed => {
            What::PartClosed(PartClosed { part: case(3), reason: full.then(|| code("benefit_provided")) })
        }
        EventKind::PartReopened => What::PartReopened(PartNamed { part: case(3) }),
        EventKind::Consulted => What::Consulted(Consulted { text: text(31), to: code("phe") }),
        EventKind::Answered => What::Answered(Answered { by: code("phe"), text: text(31) }),
        EventKind::InformationSought => What::InformationSought(worded()),
        EventKind::InformationProvided => What::InformationProvided(worded()),
        EventKind::InterimReplied => {
            What::InterimReplied(InterimReplied { expected_by: day("2026-04-30"), text: text(31) })
        }
        EventKind::Commented => What::Commented(Commented { public: full, text: text(31) }),
        EventKind::Attached => What::Attached(Attached {
            bytes: u32::MAX,
            media_type: SmolStr::new("application/vnd.ms-excel"),
            name: text(33),
            public: full,
            sha256: Digest::of(&[b"file"]),
        }),
        EventKind::Reminded => What::Reminded(noted()),
        EventKind::ActionReported => What::ActionReported(judged()),
        EventKind::ReportSentBack => What::ReportSentBack(noted()),
        EventKind::Approved => What::Approved(judged()),
        EventKind::Refused => What::Refused(noted()),
        EventKind::CallRecorded => {
            What::CallRecorded(CallRecorded { day: day("2026-03-05"), reached: full, slot: 2, note: may(34) })
        }
        EventKind::FeedbackRecorded => What::FeedbackRecorded(FeedbackRecorded {
            outcome: if full { FeedbackOutcome::Satisfied } else { FeedbackOutcome::Unreachable },
            rating: full.then_some(5),
            said: may(35),
        }),
        EventKind::FeedbackWaived => What::FeedbackWaived(FeedbackWaived { because: Waiver::Anonymous }),
        EventKind::Disposed => What::Disposed(Box::new(Disposed {
            class: DisposalClass::NotActionable,
            evidence: if full { evidence() } else { Evidence::new() },
            reason: code("not_eligible"),
            remarks: text(30),
            reply: may(36),
        })),
        EventKind::OutcomeShared => What::OutcomeShared(OutcomeShared {
            class: DisposalClass::TakenUp,
            master: case(2),
            reason: code("action_within_90_days"),
        }),
        EventKind::Reopened => What::Reopened(Reopened { received_at: None, remarks: noted().remarks }),
        EventKind::Appealed => What::Appealed(Appealed { text: text(31), received_at: None }),
        EventKind::AppealDecided => {
            What::AppealDecided(AppealDecided { outcome: Outcome::Allowed, remarks: text(30) })
        }
        EventKind::Withdrawn => What::Withdrawn(noted()),
        EventKind::Merged => What::Merged(merged()),
        EventKind::Absorbed => What::Absorbed(Absorbed { members: vec![case(5), case(6)] }),
        EventKind::Remastered => What::Remastered(merged()),
        EventKind::Extended => What::Extended(Extended { remarks: text(30), until: day("2026-05-01") }),
        EventKind::Escalated => What::Escalated(Box::new(Escalated { remarks: may(30), ..escalated() })),
        EventKind::Corrected => What::Corrected(Box::new(Corrected {
            narrative: may(8),
            name: may(1),
            mobile: may(2),
            email: may(3),
            address: may(4),
            language: full.then(|| code("hi")),
            priority: full.then(|| code("high")),
            ..nothing_corrected()
        })),
        EventKind::Rescinded => What::Rescinded(Rescinded { remarks: text(30), undone: 7 }),
        EventKind::StepRecorded => What::StepRecorded(StepRecorded {
            fields: if full {
                [
                    ("text", FieldValue::Text(text(37))),
                    ("date", FieldValue::Date(day("2026-03-03"))),
                    ("number", FieldValue::Number(2)),
                    ("unit", FieldValue::Unit(code("works"))),
                    ("flag", FieldValue::Flag(false)),
                ]
                .map(|(name, value)| (SmolStr::new(name), value))
                .into()
            } else {
                std::collections::BTreeMap::new()
            },
            step: code("hearing"),
            remarks: may(30),
        }),
        EventKind::Remapped => What::Remapped(Remapped {
            to: Digest::of(&[b"rulebook"]),
            reason: full.then(|| code("not_sustained")),
        }),
        EventKind::Adopted => What::Adopted(Box::new(adopted(full))),
        EventKind::TargetSet => What::TargetSet(Box::new(TargetSet {
            amount: 7,
            counted: TimeUnit::WorkingDays,
            due_at: at("2026-03-11T12:30:00Z"),
            from_at: at("2026-03-02T04:30:00.001Z"),
            keep_clock: full,
            rule: code("resolution"),
            target: TargetKind::Resolution,
            because: full.then_some(Because::Transferred),
        })),
        EventKind::TargetMoved => What::TargetMoved(Box::new(TargetMoved {
            because: Because::Extended,
            due_at: at("2026-03-20T12:30:00Z"),
            keep_clock: full,
            target: TargetKind::Resolution,
            amount: full.then_some(4),
            counted: full.then_some(TimeUnit::WorkingHours),
            rule: full.then(|| code("urgent")),
            until: full.then(|| day("2026-03-20")),
        })),
        EventKind::ClockPaused => What::ClockPaused(ClockPaused {
            target: TargetKind::Reopening,
            until: full.then(|| at("2026-04-01T18:30:00Z")),
        }),
        EventKind::ClockResumed => What::ClockResumed(ClockResumed {
            because: Resumed::Maximum,
            due_at: at("2026-03-20T12:30:00Z"),
            resumed_at: at("2026-03-12T18:30:00Z"),
            target: TargetKind::FirstAction,
        }),
        EventKind::TargetBreached => What::TargetBreached(Box::new(TargetBreached {
            due_at: at("2026-03-11T12:30:00Z"),
            rule: code("resolution"),
            target: TargetKind::Resolution,
        })),
        EventKind::EscalationProposed => What::EscalationProposed(Box::new(EscalationProposed {
            level: 2,
            rule: code("to-head"),
            target: Some(TargetKind::Resolution),
            to: code("nadia"),
            post: full.then(|| code("district_magistrate")),
        })),
        EventKind::ComplainantInformed => What::ComplainantInformed(Told { of: 9 }),
        EventKind::NoticeParked => What::NoticeParked(Told { of: 9 }),
        EventKind::FourEyesWaived => What::FourEyesWaived(FourEyesWaived { action: Action::Approve }),
        EventKind::Verified => What::Verified(Verified {
            finding: VerificationFinding::Deficient,
            remarks: text(30),
            sample: full.then(|| day("2026-04-05")),
        }),
        EventKind::Classified => What::Classified(Classified {
            root_cause: code("delay_in_office"),
            change: full.then(|| code("post-the-list")),
            suggestion: may(43),
        }),
        EventKind::Unsealed => What::Unsealed(Unsealed { order: text(41), remarks: text(42) }),
        EventKind::HoldPlaced => What::HoldPlaced(HoldPlaced {
            because: HoldFor::Court,
            remarks: text(30),
            reference: may(41),
            until: full.then(|| day("2027-03-31")),
        }),
        EventKind::HoldReleased => What::HoldReleased(HoldReleased { hold: 12, remarks: text(30) }),
        EventKind::Erased => What::Erased(Erased { because: ErasureBecause::Request }),
    }
}

/// An escalation by an officer, of their own accord.
fn escalated() -> Escalated {
    Escalated { to: code("govt"), level: None, post: None, remarks: None, rule: None, target: None }
}

/// Every golden event with its name: `kind` says everything, `kind.least` as little as it may.
/// Shapes that nest are told apart further: an allegation of nobody, a letter without a date, each
/// rule of routing.
pub(crate) fn all() -> Vec<(String, Event)> {
    let led_to = Position { phase: Phase::InProgress, stage: code("with_office"), unit: code("nadia-land") };
    let mut events: Vec<(String, What)> = Vec::new();
    for kind in EventKind::ALL.iter().copied() {
        let (full, least) = (what(kind, true), what(kind, false));
        if full != least {
            events.push((format!("{kind}.least"), least));
        }
        events.push((kind.to_string(), full));
    }
    for (name, rule) in
        [("category", RouteRule::Category(code("land"))), ("around", RouteRule::Around(code("nadia")))]
    {
        let routed = Routed { rule, unit: code("land") };
        let lodged = Lodged {
            routed,
            against: Some(against(false)),
            reference: Some(reference(false)),
            ..lodged(false)
        };
        events.push((format!("lodged.routed-{name}"), What::Lodged(Box::new(lodged))));
    }
    let preferring = Complainant {
        signatory_mobiles: Some(vec![text(38), text(39)]),
        representative: Some(text(40)),
        refuses: Some(vec![MessageChannel::Sms, MessageChannel::Letter]),
        ..known()
    };
    let lodged = Lodged { complainant: preferring, ..lodged(false) };
    events.push(("lodged.preferences".to_owned(), What::Lodged(Box::new(lodged))));
    let careful = Complainant { safe_hours: SafeHours::read("18:00", "21:30"), ..known() };
    let lodged = Lodged { complainant: careful, ..self::lodged(false) };
    events.push(("lodged.safe_hours".to_owned(), What::Lodged(Box::new(lodged))));
    let corrected = |change: Corrected| What::Corrected(Box::new(change));
    let preferring = Corrected {
        representative: Some(text(40)),
        refuses: Some(vec![MessageChannel::Sms, MessageChannel::Inbox]),
        safe_hours: SafeHours::read("22:00", "06:00"),
        ..nothing_corrected()
    };
    let alone = Corrected { unrepresented: Some(true), refuses: Some(Vec::new()), ..nothing_corrected() };
    events.push(("corrected.preferences".to_owned(), corrected(preferring)));
    events.push(("corrected.unrepresented".to_owned(), corrected(alone)));
    let verified = Lodged { mobile_verified: true, complainant: known(), ..self::lodged(false) };
    events.push(("lodged.verified".to_owned(), What::Lodged(Box::new(verified))));
    let received_at = Some(at("2026-03-02T09:00:00.123Z"));
    let letters = [
        What::Reopened(Reopened { received_at, remarks: Some(text(30)) }),
        What::Appealed(Appealed { received_at, text: text(31) }),
    ];
    events.extend(letters.map(|what| (format!("{}.letter", what.kind()), what)));
    let by_the_ladder = Escalated {
        level: Some(1),
        post: Some(code("hod")),
        rule: Some(code("to-head")),
        target: Some(TargetKind::Resolution),
        ..escalated()
    };
    events.push(("escalated.ladder".to_owned(), What::Escalated(Box::new(by_the_ladder))));
    let by_an_event =
        EscalationProposed { level: 1, rule: code("reopened"), to: code("nadia"), post: None, target: None };
    events.push(("escalation_proposed.event".to_owned(), What::EscalationProposed(Box::new(by_an_event))));
    let seal = || Some(code("vigilance"));
    let sealed = Lodged {
        routed: Routed { rule: RouteRule::Sealed(code("vigilance")), unit: code("vigilance") },
        sealed: seal(),
        ..self::lodged(false)
    };
    let part = PartOpened { sealed: seal(), ..part_opened(false) };
    let moved = Recategorised { category: seal(), place: None, remarks: None, sealed: seal() };
    let taken = Adopted { sealed: seal(), ..adopted(false) };
    events.extend([
        ("lodged.sealed".to_owned(), What::Lodged(Box::new(sealed))),
        ("part_opened.sealed".to_owned(), What::PartOpened(Box::new(part))),
        ("recategorised.sealed".to_owned(), What::Recategorised(moved)),
        ("adopted.sealed".to_owned(), What::Adopted(Box::new(taken))),
    ]);
    for waiver in Waiver::ALL.iter().copied() {
        let waived = FeedbackWaived { because: waiver };
        events.push((format!("feedback_waived.{waiver}"), What::FeedbackWaived(waived)));
    }
    events.into_iter().map(|(name, what)| (name, Event { led_to: led_to.clone(), what })).collect()
}
