//! A place in a list that crosses from one request to the next.

use grievance_core::kernel::id::GrievanceId;
use grievance_core::store::search::Cursor;
use grievance_core::vocabulary::ErrorCode;
use proptest::prelude::*;

const CASE: &str = "grv_00000000000000000000000000000001";

proptest! {
    /// Every place comes back as it was, and has one text.
    #[test]
    fn a_cursor_comes_back(millis in -62_135_596_800_000_i64..253_402_300_800_000, case in any::<u128>()) {
        let lodged_at = chrono::DateTime::from_timestamp_millis(millis).expect("within four digits of a year");
        let cursor = Cursor { lodged_at, case: GrievanceId::from_uuid(uuid::Uuid::from_u128(case)) };
        prop_assert_eq!(cursor.to_string().parse::<Cursor>(), Ok(cursor));
    }

    /// Whatever the text: a cursor of that text, or a refusal.
    #[test]
    fn any_text_is_a_cursor_or_refused(text in "[-+0-9 .grv_a-f]{0,60}") {
        if let Ok(cursor) = text.parse::<Cursor>() {
            prop_assert_eq!(cursor.to_string(), text);
        }
    }
}

#[test]
fn other_spellings_and_forgeries_are_refused_without_being_repeated() {
    assert!(format!("5.{CASE}").parse::<Cursor>().is_ok());
    for millis in ["", "+5", "05", "-0", " 5", "5 ", "5.0", "9223372036854775807", "1e3", "৫", "5\0"] {
        assert!(format!("{millis}.{CASE}").parse::<Cursor>().is_err(), "{millis}");
    }
    for text in ["", ".", "5", "5.", "5.grv_0", "5.per_00000000000000000000000000000001", "5.CANARY"] {
        let refused = text.parse::<Cursor>().expect_err(text);
        assert_eq!(refused.code(), ErrorCode::InvalidCommand);
        assert!(!format!("{refused} {refused:?}").contains("CANARY"));
    }
}
