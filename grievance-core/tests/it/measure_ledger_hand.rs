//! The ledger by hand: what it keeps, what it refuses, and parts that cannot be.

use crate::measure_cases::ZONE;
use crate::measure_histories::at;
use crate::measure_ledger::{day, flat, headlines_of, ledger, read, terms, until};
use chrono::TimeDelta;
use grievance_core::measure::cases::row::{CaseRow, Ending, RowFault, RowField};
use grievance_core::measure::headline::Asked;
use grievance_core::measure::ledger::Picked;
use grievance_core::measure::ledger::error::{LedgerError, StoredError};
use grievance_core::measure::ledger::keep::{Ledger, Step};
use grievance_core::measure::mis::Terms;
use grievance_core::rulebook::Rulebook;
use grievance_core::vocabulary::{AgeRule, ErrorCode};
use std::collections::BTreeMap;

#[test]
fn an_office_and_all_below_it() {
    let rulebook = Rulebook::from_toml("extends = \"cpgrams\"").unwrap();
    let received = at("2026-03-01");
    let rows =
        ["posts", "telecom", "agriculture", "union", "elsewhere"].map(|unit| CaseRow::new(received, unit));
    let ledger = Ledger::of(&read(ZONE, rows)).unwrap();
    let received = |top: &str| {
        let top = grievance_core::kernel::code::UnitCode::new(top).unwrap();
        let picked = Picked::below(rulebook.directory(), &top);
        ledger.balance(&picked, &terms(day(100), ZONE)).unwrap().received
    };
    assert_eq!((received("communications"), received("union"), received("posts")), (2, 4, 1));
    assert_eq!(received("nowhere"), 0);
}

#[test]
fn what_a_ledger_does_not_keep_is_refused() {
    let row = CaseRow::new(at("2026-03-01"), "works");
    let mut ledger = Ledger::new(ZONE);
    let calendar = terms(day(90), ZONE);
    let refused = |ledger: &Ledger, terms: &Terms| {
        let balance = ledger.balance(&Picked::all(), terms).map(|_| ()).unwrap_err();
        assert_eq!(ledger.headlines(&Picked::all(), terms, &Asked::default(), 2).map(|_| ()), Err(balance));
        balance
    };
    let elapsed = Terms::new(day(90), ZONE, AgeRule::Elapsed);
    assert_eq!(refused(&ledger, &elapsed), LedgerError::Rule);
    assert_eq!(LedgerError::Rule.code(), ErrorCode::FigureNotKept);
    assert_eq!(refused(&ledger, &terms(day(90), chrono_tz::UTC)), LedgerError::Zone);
    assert_eq!(ledger.merge(&Ledger::new(chrono_tz::UTC)), Err(LedgerError::Zone));
    // Taken out without having been entered.
    ledger.take_out(&row, until()).unwrap();
    assert_eq!(refused(&ledger, &calendar), LedgerError::Overdrawn);
    assert_eq!(ledger.flow(&Picked::all(), day(0), day(90)), Err(LedgerError::Overdrawn));
    assert_eq!(ledger.open_by_receipt(&Picked::all(), day(90)), Err(LedgerError::Overdrawn));
    // One is missing where another is too many: the sums are right and the rest is not.
    let ended = |days: i64| {
        let at = row.received_at + TimeDelta::days(days);
        CaseRow { ended: Some((at, Ending::Disposed(None))), ..row }
    };
    let later = CaseRow::new(at("2026-03-02"), "works");
    let end = "2027-06-01".parse().unwrap();
    for (missing, extra, day) in [
        (row, later, day(90)),
        (ended(3), ended(5), day(90)),
        (ended(300), ended(5), end),
        (ended(300), ended(310), end),
    ] {
        let mut mixed = Ledger::new(ZONE);
        mixed.take_out(&missing, until()).unwrap();
        mixed.enter(&extra, until()).unwrap();
        assert_eq!(refused(&mixed, &terms(day, ZONE)), LedgerError::Overdrawn);
    }
    ledger.enter(&row, until()).unwrap();
    assert_eq!(ledger, Ledger::new(ZONE));
    // Rows that a table does not take.
    let early = CaseRow { ended: Some((at("2026-02-01"), Ending::Disposed(None))), ..row };
    let fault = LedgerError::Row { field: RowField::EndedAt, fault: RowFault::BeforeReceived };
    assert_eq!(ledger.enter(&early, until()), Err(fault));
    assert_eq!(fault.code(), ErrorCode::DatesContradict);
    let before = at("2026-02-01");
    let step = Step { at: before, before: None, after: row, undone: false };
    assert!(matches!(ledger.post(&step), Err(LedgerError::Row { fault: RowFault::Future, .. })));
    assert_eq!(ledger, Ledger::new(ZONE));
}

/// Lengths far apart, one that occurs more than 65,536 times, and no length at all.
#[test]
fn headlines_of_many_cases_of_one_length() {
    let came = at("2026-01-01T10:00:00");
    let row = |days: i64, unit| CaseRow {
        ended: Some((came + TimeDelta::days(days), Ending::Disposed(None))),
        ..CaseRow::new(came, unit)
    };
    let rows = (0..140_000).map(|number| row(3 + number % 2, "works"));
    let far = (0..50).map(|number| row(number * 20, "water"));
    let open = CaseRow::new(came, "roads");
    let cases = read(ZONE, rows.chain(far).chain([open]));
    for rule in AgeRule::ALL {
        let terms = Terms::new("2029-01-01".parse().unwrap(), ZONE, *rule);
        let asked = Asked::default();
        let one = cases.headlines(cases.unit(), None, &terms, &asked, 1).unwrap();
        let three = cases.headlines(cases.unit(), None, &terms, &asked, 3).unwrap();
        let expected = headlines_of(&cases, &terms, &[0.5, 0.9], 21);
        assert_eq!(flat(&one, 2), expected);
        assert_eq!(flat(&three, 2), expected);
        assert_eq!(expected["roads"].2, [None, None]);
    }
    assert!(Asked::new([0.5, f64::NAN], 21).is_err() && Asked::new([1.1], 21).is_err());
}

/// The worked example of the guide.
#[test]
fn a_reopened_case_by_hand() {
    let row = CaseRow::new(at("2026-03-02T10:00:00"), "works");
    let ended = CaseRow { ended: Some((at("2026-03-09T10:00:00"), Ending::Disposed(None))), ..row };
    let again = CaseRow { reopened: 1, ..row };
    let step = |day: &str, before, after| Step { at: at(day), before, after, undone: false };
    let ledger = ledger([
        step("2026-03-02T10:00:00", None, row),
        step("2026-03-09T10:00:00", Some(row), ended),
        step("2026-03-12T10:00:00", Some(ended), again),
    ]);
    let as_of = |day: &str| ledger.balance(&Picked::all(), &terms(day.parse().unwrap(), ZONE)).unwrap();
    let balance = as_of("2026-03-10");
    assert_eq!((balance.disposed, balance.durations.quantile_days(0.5), balance.reopened), (1, Some(7.0), 0));
    let balance = as_of("2026-03-13");
    assert_eq!((balance.disposed, balance.bands, balance.reopened), (0, vec![0, 1, 0, 0], 1));
    let flow =
        ledger.flow(&Picked::all(), "2026-03-09".parse().unwrap(), "2026-03-16".parse().unwrap()).unwrap();
    assert_eq!((flow.brought_forward, flow.disposed, flow.reopened), (1, 1, 1));
    assert_eq!((flow.received, flow.closing, flow.difference), (0, 1, 0));
}

#[test]
fn open_by_receipt_lists_the_days() {
    let rows = ["2026-03-01", "2026-03-01", "2026-03-05"].map(|day| CaseRow::new(at(day), "works"));
    let ledger = Ledger::of(&read(ZONE, rows)).unwrap();
    let open = ledger.open_by_receipt(&Picked::all(), "2026-03-05".parse().unwrap()).unwrap();
    assert_eq!(open, BTreeMap::from([("2026-03-01".parse().unwrap(), 2)]));
}

/// Parts that were tampered with are refused, those with counts near 2^31, 2^63 and 2^64 too.
#[test]
fn forged_parts_are_refused() {
    let row = CaseRow { reason: Some("done"), ..CaseRow::new(at("2026-03-01T10:00:00"), "works") };
    let ended = CaseRow { ended: Some((at("2026-03-04"), Ending::Disposed(None))), ..row };
    let ledger = Ledger::of(&read(ZONE, [ended])).unwrap();
    let text = serde_json::to_string(&ledger).unwrap();
    let lodged = "[739676,0,0,0,1]";
    let expected = format!(
        "{{\"form\":2,\"zone\":\"Asia/Kolkata\",\"books\":[{{\"unit\":\"works\",\"subject\":null,\
         \"reasons\":[\"done\"],\"postings\":[{lodged},[739679,1,3,255,1],[739679,4,0,0,1]]}}]}}"
    );
    assert_eq!(text, expected, "the stored form is a promise");
    assert_eq!(Ledger::from_json(&text).unwrap(), ledger);
    let forged = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        Ledger::from_json(&text.replace(from, to)).unwrap_err()
    };
    for (from, to, error) in [
        ("\"form\":2", "\"form\":1", StoredError::Form),
        ("\"form\":2", "\"form\":2,\"more\":1", StoredError::Form),
        ("Asia/Kolkata", "Asia/Atlantis", StoredError::Zone),
        ("\"works\"", "\"\"", StoredError::Unit),
        (lodged, "[739676,0,0,0,0]", StoredError::Posting),
        (lodged, "[739676,0,1,0,1]", StoredError::Posting),
        (lodged, "[739676,10,1,0,1]", StoredError::Posting),
        (lodged, "[739676,11,0,0,1]", StoredError::Posting),
        (lodged, "[739676,5,5,0,1]", StoredError::Posting),
        (lodged, "[739676,9,7,0,1]", StoredError::Posting),
        (lodged, "[739676,0,0,1,1]", StoredError::Posting),
        (lodged, "[0,0,0,0,1]", StoredError::Posting),
        (lodged, "[3652060,0,0,0,1]", StoredError::Posting),
        (lodged, "[739676,3,2097152,0,1]", StoredError::Posting),
        (lodged, "[739676,0,0,0,1],[739676,0,0,0,1]", StoredError::Posting),
        (lodged, "[739680,0,0,0,1]", StoredError::Posting),
        (lodged, "[739676,0,0,0,2147483647]", StoredError::Full),
        (lodged, "[739676,0,0,0,-2147483648]", StoredError::Posting),
        (lodged, "[739676,0,0,0,2147483648]", StoredError::Form),
        (lodged, "[739676,0,0,0,9223372036854775807]", StoredError::Form),
        (lodged, "[739676,0,0,0,18446744073709551615]", StoredError::Form),
        (lodged, "[739676,0,0,0,1.5]", StoredError::Form),
        ("[739679,4,0,0,1]", "[739679,4,1,0,1]", StoredError::Posting),
        ("[739679,4,0,0,1]", "[739679,4,-1,0,1]", StoredError::Posting),
        ("[739679,1,3,255,1]", "[739679,1,3,30,1]", StoredError::Posting),
        ("[739679,1,3,255,1]", "[739679,1,3,127,1]", StoredError::Posting),
        ("[739679,1,3,255,1]", "[739679,1,3,1023,1]", StoredError::Posting),
        ("[\"done\"]", "[\"done\",\"done\"]", StoredError::Posting),
        ("[\"done\"]", "[\"z\",\"a\"]", StoredError::Posting),
    ] {
        assert_eq!(forged(from, to), error, "{to}");
    }
    let book = &text[text.find("{\"unit\"").unwrap()..text.len() - 2];
    assert_eq!(forged(book, &format!("{book},{book}")), StoredError::Books);
    assert_eq!(StoredError::Full.code(), ErrorCode::PartInvalid);
    // Two that are as large as can be do not merge, and the first is what it was.
    let half = "[739676,0,0,0,1500000000]";
    let mut large = Ledger::from_json(&text.replace(lodged, half)).unwrap();
    let other = large.clone();
    assert_eq!(large.merge(&other), Err(LedgerError::Full));
    assert_eq!(large, other);
    assert_eq!(LedgerError::Full.code(), ErrorCode::TooMany);
    // What cancels makes room again.
    let less = Ledger::from_json(&text.replace(lodged, "[739676,0,0,0,-600000000]")).unwrap();
    large.merge(&less).unwrap();
    let balance = large.balance(&Picked::all(), &terms(day(100), ZONE)).unwrap();
    assert_eq!(balance.received, 900_000_000);
    assert_eq!(balance.disposed, 2);
}
