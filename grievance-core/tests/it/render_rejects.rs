//! Rejected rows, written so that nothing of them is lost.

use grievance_core::render::rejects::{RejectedRow, rejects_csv};

fn written(rows: &[(u64, Option<&str>, Vec<String>)]) -> Vec<u8> {
    let mut file = Vec::new();
    let columns = ["id".to_owned(), "opened".to_owned()];
    let rows = rows.iter().map(|(record, column, original)| RejectedRow {
        record: *record,
        column: *column,
        code: "bad_date",
        sentence: "30 February is no date",
        original,
    });
    rejects_csv(&mut file, &columns, rows).unwrap();
    file
}

#[test]
fn no_reject_leaves_the_header() {
    assert_eq!(written(&[]), b"record,column,code,sentence,id,opened\n");
}

#[test]
fn every_field_reads_back_as_it_was() {
    let hostile = ["=1+1", "+91 98", "-1", "@x", "a,b", "say \"no\"", "two\nlines", "", "नमस्ते"];
    let original: Vec<String> = hostile.map(str::to_owned).to_vec();
    let file = written(&[(7, Some("opened"), original.clone()), (9, None, vec!["short".into()])]);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(&file[..]);
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    let head: Vec<_> = rows[0].iter().take(4).collect();
    assert_eq!(head, ["7", "opened", "bad_date", "30 February is no date"]);
    assert_eq!(rows[0].iter().skip(4).collect::<Vec<_>>(), original);
    assert_eq!(rows[1].iter().collect::<Vec<_>>(), ["9", "", "bad_date", "30 February is no date", "short"]);
}
