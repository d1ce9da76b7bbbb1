//! Receipts: given with the number, typed by people, held to the history.

use crate::desk_support::{at, citizen, command, desks, lodge, lodging, officer, request, take};
use grievance_core::desk::Submission;
use grievance_core::kernel::text::Digest;
use grievance_core::proof::receipt::{NotAReceipt, ReceiptCode};
use grievance_core::vocabulary::ErrorCode;
use proptest::prelude::*;

const NOW: &str = "2026-03-02T09:00:00Z";

/// Computed apart from this library, by what `receipt` documents.
#[test]
fn receipts_give_known_answers() {
    let known = [
        (Digest::of(&[b"the first event"]), "YR7B-CC8T-WXD8-20K1"),
        (Digest::from_bytes([0; 32]), "0000-0000-0000-0000"),
        (Digest::from_bytes([255; 32]), "ZZZZ-ZZZZ-ZZZZ-ZZZF"),
    ];
    for (hash, text) in known {
        assert_eq!(ReceiptCode::of(hash).as_str(), text);
    }
}

proptest! {
    /// However it is typed it is the same receipt; one wrong character is found.
    #[test]
    fn slips_are_found(bytes in any::<[u8; 32]>(), at in 0_usize..16, other in 0_usize..32) {
        let receipt = ReceiptCode::of(Digest::from_bytes(bytes));
        let typed = receipt.as_str().to_lowercase().replace('-', " ").replace('0', "o").replace('1', "L");
        prop_assert_eq!(ReceiptCode::parse(&typed), Ok(receipt.clone()));
        let mut letters: Vec<char> = receipt.as_str().chars().filter(|c| *c != '-').collect();
        let letter = char::from(b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"[other]);
        prop_assume!(letters[at] != letter);
        letters[at] = letter;
        prop_assert_eq!(ReceiptCode::parse(&letters.iter().collect::<String>()), Err(NotAReceipt::Miscopied));
    }

    /// Only the first 75 bits count.
    #[test]
    fn every_bit_of_the_beginning_counts(bytes in any::<[u8; 32]>(), bit in 0_usize..256) {
        let mut other = bytes;
        other[bit / 8] ^= 128 >> (bit % 8);
        let same = ReceiptCode::of(Digest::from_bytes(bytes)) == ReceiptCode::of(Digest::from_bytes(other));
        prop_assert_eq!(same, bit >= 75);
    }

    #[test]
    fn any_text_is_read_or_refused(text in ".{0,40}") {
        if let Ok(receipt) = ReceiptCode::parse(&text) {
            prop_assert_eq!(ReceiptCode::parse(receipt.as_str()), Ok(receipt));
        }
    }
}

#[test]
fn what_is_no_receipt_is_refused() {
    for text in ["", "YR7B", "YR7B-CC8T-WXD8-20K11", "YR7B-CC8T-WXD8-20KU", "রসিদ", "YR7B_CC8T_WXD8_20K1"]
    {
        assert_eq!(ReceiptCode::parse(text), Err(NotAReceipt::Malformed), "{text}");
    }
}

/// Who lodges is given a receipt, the same again when the command is sent again; the message has
/// it; later it shows that the grievance was lodged, and of no other number.
#[test]
fn a_lodging_cannot_be_denied() {
    for (name, desk) in desks() {
        let who = citizen();
        let by = desk.by(&who, at(NOW)).command(command(1));
        let lodging = || grievance_core::grievance::request::Lodge {
            mobile: Some("98300 01234".to_owned()),
            ..lodging("pothole")
        };
        let done = by.lodge(lodging()).unwrap();
        let receipt = done.receipt.clone().expect("a lodging has a receipt");
        assert_eq!(by.lodge(lodging()).unwrap(), done, "{name}: sent again");
        let told = desk.store().notices_of(done.case).unwrap();
        let said = format!("{:?}", told[0].notice.variables);
        assert!(said.contains(receipt.as_str()), "{name}: {said}");

        let other = lodge(&desk, "pothole", NOW);
        assert_ne!(other.receipt, done.receipt, "{name}: the same words, another receipt");
        let number = done.number.unwrap().to_string();
        for _ in 0..2 {
            let held = desk.check_receipt(&number.to_lowercase(), receipt.as_str(), at(NOW)).unwrap();
            let held = held.unwrap_or_else(|| panic!("{name}: it was lodged"));
            assert_eq!((held.number.as_str(), held.recorded_at), (number.as_str(), at(NOW)), "{name}");
            // A case that goes on keeps its receipt, and its steps have none.
            let works = officer("hod", "works");
            let json = r#"{"action":"comment","text":"Seen."}"#;
            assert_eq!(take(&desk, &works, NOW, done.case, json).receipt, None, "{name}");
        }
        let denied = [
            desk.check_receipt(other.number.unwrap().as_str(), receipt.as_str(), at(NOW)),
            desk.check_receipt("CITY-2026-999999", receipt.as_str(), at(NOW)),
            desk.check_receipt("", receipt.as_str(), at(NOW)),
        ];
        assert_eq!(denied, [Ok(None), Ok(None), Ok(None)], "{name}: which of these it is, is not told");
        let mut slip = receipt.as_str().to_owned();
        slip.pop();
        let slip = desk.check_receipt(&number, &slip, at(NOW)).unwrap_err();
        assert_eq!(slip.code(), ErrorCode::ReceiptInvalid, "{name}");
    }
}

/// A lodging in a batch is no other lodging.
#[test]
fn a_batch_gives_receipts_too() {
    for (name, desk) in desks() {
        let submission = Submission {
            command: Some(command(9)),
            actor: citizen(),
            now: at(NOW),
            case: None,
            expected: None,
            request: request(r#"{"action":"lodge","narrative":"A hole.","category":"pothole"}"#),
            verified: None,
        };
        let first = desk.submit_all(std::slice::from_ref(&submission));
        let again = desk.submit_all(&[submission]);
        let [Ok(first), Ok(again)] = [&first[0], &again[0]] else { panic!("{name}: {first:?} {again:?}") };
        assert!(first.receipt.is_some() && first == again, "{name}");
    }
}
