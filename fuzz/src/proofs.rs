//! What people bring from outside to be checked: proofs, checkpoints, receipts, tracking codes; and the
//! definitions that an index is computed by.

use crate::{line, text};
use grievance_core::chrono::NaiveDate;
use grievance_core::grievance::read::TrackingCode;
use grievance_core::kernel::code::UnitCode;
use grievance_core::kernel::text::Digest;
use grievance_core::measure::index::{Board, Counts, Definition};
use grievance_core::proof::case::{CaseProof, ProofError};
use grievance_core::proof::checkpoint::Checkpoint;
use grievance_core::proof::receipt::ReceiptCode;
use grievance_core::vocabulary::Quantity;

/// Proofs of a case: a line with the hash that was printed and, after a blank, the receipt; below it the
/// proof.
///
/// A proof that holds does so for no other checkpoint, without none of its events and with none of them
/// changed.
pub fn proof(data: &[u8]) -> bool {
    let Some(text) = text(data) else { return false };
    let (given, text) = line(text);
    let Ok(proof) = CaseProof::read(text) else { return false };
    assert_eq!(CaseProof::read(&proof.text()).as_ref(), Ok(&proof), "one proof, one text");
    // Whatever it is held to, there is an answer.
    let own = proof.check(proof.checkpoint.hash(), None);
    let (printed, receipt) = given.split_once(' ').unwrap_or((given, ""));
    let Ok(printed) = printed.parse::<Digest>() else { return false };
    let receipt = ReceiptCode::parse(receipt).ok();
    let Ok(checked) = proof.check(printed, receipt.as_ref()) else { return false };
    assert_eq!(own.as_ref(), Ok(&checked));
    assert_eq!((checked.case, checked.covered), (proof.case, proof.version));
    assert_eq!(proof.check(Digest::of(&[data]), None), Err(ProofError::OtherCheckpoint));
    for at in 0..proof.events.len() {
        let mut cut = proof.clone();
        cut.events.remove(at);
        // What came after the checkpoint may be left out from its end.
        let is_last = at + 1 == proof.events.len() && proof.events.len() as u64 > proof.version;
        assert_eq!(cut.check(printed, None).is_ok(), is_last, "without event {}", at + 1);
        let mut changed = proof.clone();
        changed.events[at].hash = Digest::of(&[b"another"]);
        assert!(changed.check(printed, None).is_err(), "with event {} changed", at + 1);
    }
    true
}

/// Checkpoints: one checkpoint, one text, one hash.
pub fn checkpoint(data: &[u8]) -> bool {
    let Some(text) = text(data) else { return false };
    let Ok(checkpoint) = Checkpoint::read(text) else { return false };
    assert_eq!(checkpoint.text(), text);
    let other = Checkpoint { number: checkpoint.number ^ 1, ..checkpoint.clone() };
    assert_ne!(other.hash(), checkpoint.hash());
    true
}

/// Receipts: however it is typed it is one receipt, and any slip of one character is found.
pub fn receipt(data: &[u8]) -> bool {
    let Some(typed) = text(data) else { return false };
    let Ok(receipt) = ReceiptCode::parse(typed) else { return false };
    assert_eq!(ReceiptCode::parse(receipt.as_str()).as_ref(), Ok(&receipt));
    assert_eq!(receipt.as_str().len(), 19);
    for (at, letter) in receipt.as_str().char_indices().filter(|(_, letter)| *letter != '-') {
        let mut slip = receipt.as_str().to_owned();
        slip.replace_range(at..=at, if letter == '7' { "8" } else { "7" });
        assert!(ReceiptCode::parse(&slip).is_err(), "a slip at {at}");
    }
    true
}

/// Tracking codes: blanks, dashes, what has no shape and the size of letters make no difference; a
/// letter more does. Accepted is what could be one.
pub fn tracking(data: &[u8]) -> bool {
    let Some(typed) = text(data) else { return false };
    let digest = TrackingCode::digest(typed);
    let pasted: String = typed.chars().flat_map(|c| ['\u{202a}', '-', c.to_ascii_lowercase(), ' ']).collect();
    assert_eq!(TrackingCode::digest(&pasted), digest);
    assert_ne!(TrackingCode::digest(&format!("{typed}7")), digest);
    typed.chars().filter(char::is_ascii_alphanumeric).count() == 16
}

/// Definitions of indexes: what is taken is taken again when it is written, and whatever is counted has
/// an answer: scores are numbers from nought to the scale, but for what rounding adds.
pub fn index(data: &[u8]) -> bool {
    let Some(text) = text(data) else { return false };
    let definition = match Definition::from_json(text) {
        Ok(definition) => definition,
        Err(problem) => {
            assert!(!problem.to_string().is_empty());
            return false;
        }
    };
    let written = serde_json::to_string(&definition).expect("a definition is plain");
    let again = Definition::from_json(&written).expect("what was taken is taken again");
    assert_eq!(again.terms.len(), definition.terms.len());
    let offices = [0, 1, 7, u64::MAX].map(|count| {
        let mut counts = Counts::new();
        // One office of which nothing was counted.
        let quantities = Quantity::ALL.iter().filter(|_| count != 1);
        quantities.for_each(|quantity| counts.add(*quantity, count));
        (UnitCode::new(&format!("office-{count}")).expect("a code"), counts)
    });
    let day = NaiveDate::from_ymd_opt(2026, 3, 31).expect("a day");
    let board = Board::of(&definition, offices, day, None).expect("a checked definition is computed");
    for office in &board.offices {
        let score = office.score.unwrap_or(0.0);
        assert!(
            (0.0..=definition.scale.mul_add(1.000_001, 1.0)).contains(&score),
            "{score} of {}",
            definition.scale
        );
    }
    true
}
