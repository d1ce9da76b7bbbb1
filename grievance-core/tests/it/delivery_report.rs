//! The carrier's word, some time after the gateway took a message, finds the message again.

use crate::desk_support::{at, citizen, desks, lodging};
use grievance_core::desk::Desk;
use grievance_core::grievance::request::Lodge;
use grievance_core::kernel::id::GrievanceId;
use grievance_core::message::{Gateway, GatewayError, Message, Sent};
use grievance_core::store::outbox::Posted;

const NOW: &str = "2026-03-02T09:00:00Z";

/// Takes everything under one reference.
struct Carrier(Option<&'static str>);

impl Gateway for Carrier {
    fn send(&self, _: &Message) -> Result<Sent, GatewayError> {
        Ok(Sent { reference: self.0.map(str::to_owned) })
    }
}

fn sent(desk: &Desk, reference: Option<&'static str>) -> GrievanceId {
    let body = Lodge { mobile: Some("98300 12345".to_owned()), ..lodging("pothole") };
    let case = desk.by(&citizen(), at(NOW)).lodge(body).unwrap().case;
    assert_eq!(desk.deliver(at(NOW), &Carrier(reference), 100).unwrap().sent, 1);
    case
}

fn posted(desk: &Desk, case: GrievanceId) -> Posted {
    desk.store().notices_of(case).unwrap().remove(0)
}

/// The gateway's reference is kept with the delivery; a report under it says when the message
/// arrived, the first one, and to no other message.
#[test]
fn a_report_finds_its_message_by_the_gateways_reference() {
    for (name, desk) in desks() {
        let [first, second] = [Some(" SMSC-7 "), Some("SMSC-8")].map(|reference| sent(&desk, reference));
        assert_eq!(posted(&desk, first).reference.as_deref(), Some("SMSC-7"), "{name}");
        let arrived = at("2026-03-02T09:00:07.123456Z");
        let told = desk.delivery_report("SMSC-7", arrived).unwrap();
        assert_eq!(told, [posted(&desk, first).notice.id], "{name}");
        desk.delivery_report("SMSC-7\n", at("2026-03-02T10:00:00Z")).unwrap();
        assert_eq!(
            posted(&desk, first).received_at,
            Some(at("2026-03-02T09:00:07.123Z")),
            "{name}: the first"
        );
        assert_eq!(posted(&desk, second).received_at, None, "{name}");
        assert_eq!(desk.delivery_report("SMSC-9", arrived).unwrap(), [], "{name}: unknown");
    }
}

/// What cannot be a reference is not kept, and the message is delivered all the same.
#[test]
fn what_is_no_reference_is_not_kept() {
    let long: &'static str = Box::leak("9".repeat(201).into_boxed_str());
    for (name, desk) in desks() {
        for reference in [None, Some(""), Some("  "), Some("a\u{0}b"), Some(long)] {
            let case = sent(&desk, reference);
            assert_eq!(posted(&desk, case).reference, None, "{name}: {reference:?}");
        }
        assert_eq!(desk.delivery_report("", at(NOW)).unwrap(), [], "{name}: of nothing");
    }
}
