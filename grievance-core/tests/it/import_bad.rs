//! Bad files: a code, a sentence and a place; no panic, nothing lost.

use crate::import_support::{HEADER, accepted, map, read, rejected};
use flate2::Compression;
use flate2::write::GzEncoder;
use grievance_core::import::read::{CannotOpen, Options, Reader, Row};
use grievance_core::vocabulary::ErrorCode::{self, DateInvalid, RowInvalid};
use proptest::prelude::*;
use std::fmt::Write as _;
use std::io::Write as _;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut to = GzEncoder::new(Vec::new(), Compression::default());
    to.write_all(bytes).expect("memory takes it");
    to.finish().expect("memory takes it")
}

fn file(rows: &str) -> Vec<u8> {
    format!("{HEADER}{rows}").into_bytes()
}

/// The reasons why rows were rejected: record, column, code.
fn rejects(rows: &[Row]) -> Vec<(u64, Option<&str>, ErrorCode)> {
    rows.iter()
        .filter_map(|row| match row {
            Row::Rejected(reject) => Some((reject.record, reject.column.as_deref(), reject.code)),
            Row::Accepted(_) => None,
        })
        .collect()
}

fn refused(bytes: &[u8]) -> CannotOpen {
    let map = map("");
    Reader::open(bytes, &map, Options::default()).expect_err("it cannot be opened")
}

#[test]
fn an_empty_file_is_no_file() {
    for bytes in [&b""[..], b"\n\r\n", b"\xef\xbb\xbf", &gzip(b"")] {
        assert_eq!(refused(bytes).to_string(), "the file is empty");
        assert_eq!(refused(bytes).code(), ErrorCode::FileInvalid);
    }
}

#[test]
fn a_header_alone_is_a_file_without_cases() {
    assert!(read(HEADER.as_bytes(), &map("")).is_empty());
    assert!(read(HEADER.trim_end().as_bytes(), &map("")).is_empty());
}

#[test]
fn utf_16_is_refused_with_and_without_a_mark() {
    let wide: Vec<u8> = HEADER.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(refused(&wide).code(), ErrorCode::FileInvalid);
    let marked = [&[0xff, 0xfe], &wide[..]].concat();
    assert_eq!(refused(&marked).to_string(), "the file is UTF-16; save it as UTF-8");
}

#[test]
fn latin_1_is_rejected_row_by_row() {
    let mut bytes = file("1,2026-11-02,,Open,Works,Roads\n2,2026-11-02,,Open,Works,");
    bytes.extend(b"Caf\xe9\n3,2026-11-02,,Open,Works,Roads\n");
    let rows = read(&bytes, &map(""));
    assert_eq!(rejects(&rows), [(2, Some("Subject"), ErrorCode::RowInvalid)]);
    assert_eq!(rejected(&rows[1]).original[5], "Caf\u{fffd}");
    assert_eq!(accepted(&rows[2]).number, "3");
}

#[test]
fn a_character_cut_by_a_delimiter_is_no_utf_8() {
    let mut bytes = file("1,2026-11-02,,Open,");
    bytes.extend(b"\xc3,\xa9\n");
    assert_eq!(rejects(&read(&bytes, &map(""))), [(1, Some("Office"), ErrorCode::RowInvalid)]);
}

#[test]
fn ragged_nul_blank_number_and_impossible_dates() {
    let rows = read(
        &file(
            "1,2026-11-02\n\
             2,2026-11-02,,Open,Works,Roads,more\n\
             3,2026-11-02,,Open,Wo\0rks,Roads\n\
             ,2026-11-02,,Open,Works,Roads\n\
             5,2026-02-30,,Open,Works,Roads\n\
             6,02/11/2026,,Open,Works,Roads\n\
             7,,,Open,Works,Roads\n\
             8,2026-11-02,2026-11-31,Open,Works,Roads\n\
             9,26-11-02,,Open,Works,Roads\n\
             10,2026-11-02,,Open,Works,Roads",
        ),
        &map(""),
    );
    assert_eq!(
        rejects(&rows),
        [
            (1, None, RowInvalid),
            (2, None, RowInvalid),
            (3, Some("Office"), RowInvalid),
            (4, Some("Id"), RowInvalid),
            (5, Some("Opened"), DateInvalid),
            (6, Some("Opened"), DateInvalid),
            (7, Some("Opened"), DateInvalid),
            (8, Some("Closed"), DateInvalid),
            (9, Some("Opened"), DateInvalid),
        ]
    );
    assert_eq!(rejected(&rows[0]).sentence, "the row has 2 fields, the header has 6");
    assert_eq!(rejected(&rows[4]).sentence, "a date or time that does not exist");
    assert_eq!(rejected(&rows[1]).original.last().map(String::as_str), Some("more"));
}

#[test]
fn a_row_that_turns_the_order_of_reading_is_rejected_with_its_column() {
    let rows = read(
        &file(
            "1,2026-11-02,,Open,Works,Ro\u{202e}sda\n\
             \u{2067}2,2026-11-02,,Open,Works,Roads\n\
             3,2026-11-02,,Open,W\u{200d}orks\u{feff},Roads",
        ),
        &map(""),
    );
    assert_eq!(rejects(&rows), [(1, Some("Subject"), RowInvalid), (2, Some("Id"), RowInvalid)]);
    assert!(rejected(&rows[0]).sentence.is_ascii(), "the character is named by its number");
    accepted(&rows[2]);
}

#[test]
fn a_field_of_ten_megabytes_is_rejected_and_the_next_row_read() {
    for (open, close) in [("", ""), ("\"", "\"")] {
        let long = "x".repeat(10_000_000);
        let rows = format!("1,2026-11-02,,Open,{open}{long}{close},Roads\n2,2026-11-02,,Open,Works,Roads\n");
        let rows = read(&file(&rows), &map(""));
        assert_eq!(rejects(&rows), [(1, Some("Office"), ErrorCode::RowInvalid)]);
        assert!(rejected(&rows[0]).original[4].len() < 1_000);
        assert_eq!(accepted(&rows[1]).record, 2);
    }
}

#[test]
fn a_line_of_a_million_delimiters_is_one_ragged_row() {
    let rows = format!("{}\n2,2026-11-02,,Open,Works,Roads\n", ",".repeat(1_000_000));
    let rows = read(&file(&rows), &map(""));
    assert_eq!(rejected(&rows[0]).sentence, "the row has 1000001 fields, the header has 6");
    assert!(rejected(&rows[0]).original.len() <= 4_096);
    assert_eq!(accepted(&rows[1]).number, "2");
}

#[test]
fn a_quote_that_is_never_closed_ends_the_file_there() {
    let rows = read(
        &file(
            "1,2026-11-02,,Open,Works,Roads\n2,2026-11-02,,Open,\"Works,Roads\n3,2026-11-02,,Open,Works,Roads\n",
        ),
        &map(""),
    );
    assert_eq!(accepted(&rows[0]).number, "1");
    assert_eq!(rejects(&rows), [(2, None, ErrorCode::FileInvalid)]);
    assert!(rejected(&rows[1]).original[4].contains("3,2026-11-02"), "the rest is there");
    assert_eq!(refused(b"Id,\"Opened\nClosed").code(), ErrorCode::FileInvalid);
}

#[test]
fn a_file_cut_in_a_row_loses_only_that_row() {
    let rows = read(&file("1,2026-11-02,,Open,Works,Roads\n2,2026-11-0"), &map(""));
    assert_eq!(rows.len(), 2);
    assert_eq!(rejects(&rows), [(2, None, ErrorCode::RowInvalid)]);
}

#[test]
fn a_gzip_cut_short_gives_the_rows_before_and_one_reject() {
    let mut many = String::new();
    for nth in 0..20_000 {
        let office = nth * 7_919 % 10_007;
        writeln!(many, "{nth},2026-11-02,,Open,Works {office},Roads").expect("memory takes it");
    }
    let packed = gzip(&file(&many));
    assert_eq!(read(&packed, &map("")).len(), 20_000);
    let rows = read(&packed[..packed.len() / 2], &map(""));
    assert!(rows.len() > 1_000, "{}", rows.len());
    let last = u64::try_from(rows.len()).expect("a count");
    assert_eq!(rejects(&rows), [(last, None, ErrorCode::FileInvalid)]);
    assert_eq!(refused(&packed[..12]).code(), ErrorCode::FileInvalid);
}

#[test]
fn a_second_row_with_the_same_number_names_the_first() {
    let rows = read(&file("1,2026-11-02,,Open,Works,Roads\n1 ,2026-11-03,,Open,Works,Roads\n"), &map(""));
    assert_eq!(rejects(&rows), [(2, Some("Id"), ErrorCode::DuplicateNumber)]);
    assert_eq!(rejected(&rows[1]).sentence, "record 1 has the same number");
}

#[test]
fn quotes_marks_line_ends_and_delimiters() {
    let bytes = "\u{feff}Id;Opened;Closed;Status;Office;Subject\r\n\r\n\
        1;2026-11-02;;Open;\"Parks; \"\"North\"\"\r\nand South\";Roads\r\n"
        .as_bytes();
    let rows = read(bytes, &map("delimiter = ';'"));
    assert_eq!(rows.len(), 1);
    assert_eq!(accepted(&rows[0]).unit_value, "Parks; \"North\"\r\nand South");
    assert_eq!(accepted(&rows[0]).number, "1");
}

#[test]
fn debug_and_sentences_carry_nothing_personal() {
    let rows = read(
        &file("SECRET1,2026-11-02,SECRET2,Open,Works,SECRET3\nSECRET4,2026-11-02,,Open,Works,SECRET5\n"),
        &map(""),
    );
    assert_eq!(rejects(&rows).len(), 1);
    assert!(!format!("{rows:?}").contains("SECRET"));
}

proptest! {
    /// Whatever the bytes, nothing panics and every record comes out once, numbered without a gap.
    #[test]
    fn any_bytes_give_rows_numbered_without_a_gap(
        bytes in prop::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(&b",\"\n\r0129-"[..])], 0..600),
        pack in any::<bool>(),
        cut in 0_usize..600,
    ) {
        let bytes = [HEADER.as_bytes(), &bytes].concat();
        let bytes = if pack { gzip(&bytes) } else { bytes };
        let map = map("");
        if let Ok(rows) = Reader::open(&bytes[..bytes.len() - cut.min(bytes.len())], &map, Options::default()) {
            for (row, expected) in rows.zip(1_u64..) {
                let record = match &row { Row::Accepted(case) => case.record, Row::Rejected(reject) => reject.record };
                prop_assert_eq!(record, expected);
            }
        }
    }

    /// Without quotes, a record is a line that is not blank: accepted and rejected add up to them.
    #[test]
    fn accepted_and_rejected_add_up_to_the_lines(
        lines in prop::collection::vec("[0-9]{0,2}(,2026-1[0-3]-0[0-9]){0,2}(,[a-z\u{0}]{0,3}){0,4}", 0..40),
    ) {
        let text = lines.join("\n");
        let rows = read(&file(&text), &map(""));
        prop_assert_eq!(rows.len(), lines.iter().filter(|line| !line.is_empty()).count());
    }

    /// The splitter agrees with the csv crate on every well-formed file.
    #[test]
    fn fields_are_those_that_another_parser_reads(
        office in prop::collection::vec("[a-z,\"\n\r ;é]{0,12}", 1..20),
    ) {
        let mut to = csv::Writer::from_writer(Vec::new());
        to.write_record(["Id", "Opened", "Closed", "Status", "Office", "Subject"]).expect("memory");
        for (nth, office) in office.iter().enumerate() {
            to.write_record([&nth.to_string(), "2026-11-02", "", "Open", office, "Roads"]).expect("memory");
        }
        let bytes = to.into_inner().expect("memory");
        let rows = read(&bytes, &map(""));
        prop_assert_eq!(rows.len(), office.len());
        for (row, office) in rows.iter().zip(&office) {
            let expected = if office.trim().is_empty() { "" } else { office };
            prop_assert_eq!(accepted(row).unit_value.as_str(), expected);
        }
    }
}
