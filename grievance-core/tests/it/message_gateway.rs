//! The two gateways that come with the library.

use grievance_core::kernel::id::NoticeId;
use grievance_core::kernel::mobile::Mobile;
use grievance_core::message::{
    Address, FileGateway, Gateway, GatewayError, Message, RecordingGateway, Render, Value,
};
use grievance_core::rulebook::Rulebook;
use grievance_core::vocabulary::MessageChannel;

fn message(n: u128) -> Message {
    let rulebook = Rulebook::from_toml("extends = \"west-bengal\"").unwrap();
    let values = [("number", Value::Mark("CMO/2026/0000123/X".into()))];
    let rendered = Render::new(&rulebook)
        .render(&"reopened".parse().unwrap(), &"en".parse().unwrap(), MessageChannel::Sms, &values)
        .unwrap();
    Message {
        id: NoticeId::from_uuid(uuid::Uuid::from_u128(n)),
        channel: MessageChannel::Sms,
        to: Address::Mobile(Mobile::parse("9830012345").unwrap()),
        rendered,
    }
}

#[test]
fn the_recording_gateway_keeps_the_order_and_fails_as_told() {
    let gateway = RecordingGateway::default();
    let busy = GatewayError::Transient("busy".into());
    let wrong = GatewayError::Permanent("no such number".into());
    gateway.fail_next(busy.clone());
    gateway.fail_next(wrong.clone());
    assert_eq!(gateway.send(&message(1)), Err(busy.clone()));
    assert_eq!(gateway.send(&message(1)), Err(wrong.clone()));
    assert!(busy.is_transient() && !wrong.is_transient());
    for n in [1, 2, 1] {
        gateway.send(&message(n)).unwrap();
    }
    assert_eq!(gateway.messages(), [message(1), message(2), message(1)]);
}

#[test]
fn the_file_gateway_writes_a_line_each_and_masks_the_mobile() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sent.jsonl");
    for n in [1, 2] {
        let gateway: Box<dyn Gateway> = Box::new(FileGateway::append(&path).unwrap());
        gateway.send(&message(n)).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<serde_json::Value> =
        written.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["to"], "…2345");
    assert_eq!(lines[0]["text"], "Your grievance CMO/2026/0000123/X is open again.");
    assert_eq!((&lines[1]["parts"], &lines[1]["template"]), (&1.into(), &"reopened".into()));
    assert!(!written.contains("98300"));
    assert!(FileGateway::append(folder.path()).is_err(), "a folder is no file");
}

#[test]
fn addresses_are_not_printed() {
    let addresses = [
        Address::Mobile(Mobile::parse("9830012345").unwrap()),
        Address::Email("mina@example.org".into()),
        Address::Postal("12 Lake Road".into()),
        Address::Inbox("mina-1".into()),
    ];
    let printed = format!("{addresses:?}");
    for secret in ["983001", "mina", "Lake"] {
        assert!(!printed.contains(secret), "{printed}");
    }
    assert!(!format!("{:?}", message(1)).contains("open again"));
}
