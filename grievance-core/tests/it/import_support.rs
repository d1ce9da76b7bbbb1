//! What the import's tests share: a small rulebook, short ways to read, the data beside the project.

use grievance_core::import::case::ImportedCase;
use grievance_core::import::map::ColumnMap;
use grievance_core::import::read::{Options, Reader, Row};
use grievance_core::import::reject::{Reject, WarningKind};
use grievance_core::rulebook::document::{Document, ReasonEntry};
use grievance_core::vocabulary::{DisposalClass, EvidenceKind};
use std::path::PathBuf;

/// A municipal desk with two offices and the closure reasons that the city maps name.
pub(crate) fn riverton() -> Document {
    let mut document: Document = toml::from_str(
        r#"
        name = "Riverton"
        zone = "UTC"
        cell = "desk"
        language = [{ code = "en", name = "English" }]
        kind = [{ code = "grievance", name = "Grievance" }, { code = "suggestion", name = "Suggestion" }]
        channel = [{ code = "phone", name = "Phone" }, { code = "online", name = "Online" }]
        priority = [{ code = "normal", name = "Normal" }]
        role = [
            { code = "complainant", name = "Complainant", reach = "own_cases" },
            { code = "officer", name = "Officer", reach = "everywhere" },
        ]
        post = [{ code = "head", name = "Head", role = "officer" }]
        unit = [
            { code = "desk", name = "Grievance desk", head = "head" },
            { code = "works", name = "Public Works", head = "head", parent = "desk" },
        ]
        category = [{ code = "roads", name = "Roads", unit = "works" }]
        numbering = { prefix = "RIV" }

        [workflow]
        stage = [
            { code = "received", name = "Received", phase = "registered" },
            { code = "closed", name = "Closed", phase = "disposed" },
            { code = "withdrawn", name = "Withdrawn", phase = "withdrawn" },
        ]
        step = [
            { action = "lodge", to = "received", role = ["complainant", "officer"] },
            { action = "dispose", from = ["received"], to = "closed", role = ["officer"] },
            { action = "withdraw", from = ["received"], to = "withdrawn", role = ["complainant"] },
            { action = "reopen", from = ["closed"], to = "received", role = ["officer"] },
        ]
        "#,
    )
    .expect("the rulebook reads");
    for code in [
        "benefit_provided",
        "not_sustained",
        "duplicate_or_already_redressed",
        "outside_office_jurisdiction",
        "outside_government_purview",
        "complainant_unreachable",
    ] {
        let class = match code {
            "benefit_provided" => DisposalClass::Benefit,
            _ => DisposalClass::NotActionable,
        };
        let (code, name) = (code.to_owned(), code.replace('_', " "));
        document.reason.push(ReasonEntry { code, name, class: Some(class), ..ReasonEntry::default() });
    }
    document.reason.push(ReasonEntry {
        code: "action_within_90_days".to_owned(),
        name: "taken up".to_owned(),
        class: Some(DisposalClass::TakenUp),
        evidence: vec![EvidenceKind::FollowUpDate],
        within_days: Some(90),
        ..ReasonEntry::default()
    });
    document
}

/// A map for `Id,Opened,Closed,Status,Office,Subject`, with more lines of TOML at its beginning.
pub(crate) fn map(more: &str) -> ColumnMap {
    let text = format!(
        r#"
        source = "riverton"
        zone = "UTC"
        units = "from-file"
        {more}
        [columns]
        number = "Id"
        lodged = "Opened"
        disposed = "Closed"
        status = "Status"
        unit = "Office"
        category = "Subject"
        [status]
        open = ["Open", "New"]
        reopened = ["Reopened"]
        disposed = ["Closed*"]
        withdrawn = ["Withdrawn"]
        "#
    );
    ColumnMap::from_toml(&text).expect("the map reads")
}

pub(crate) const HEADER: &str = "Id,Opened,Closed,Status,Office,Subject\n";

pub(crate) fn read(bytes: &[u8], map: &ColumnMap) -> Vec<Row> {
    Reader::open(bytes, map, Options::default()).expect("the file opens").collect()
}

/// Reads one row under [`HEADER`].
pub(crate) fn one(row: &str, map: &ColumnMap) -> Row {
    let mut rows = read(format!("{HEADER}{row}\n").as_bytes(), map);
    assert_eq!(rows.len(), 1);
    rows.remove(0)
}

pub(crate) fn accepted(row: &Row) -> &ImportedCase {
    match row {
        Row::Accepted(case) => case,
        Row::Rejected(reject) => panic!("rejected: {reject:?}"),
    }
}

pub(crate) fn rejected(row: &Row) -> &Reject {
    match row {
        Row::Rejected(reject) => reject,
        Row::Accepted(case) => panic!("accepted: {case:?}"),
    }
}

pub(crate) fn kinds(case: &ImportedCase) -> Vec<WarningKind> {
    case.warnings.iter().map(|warning| warning.kind).collect()
}

/// A file of the data that lies beside the project; `None`, said aloud, where it does not.
pub(crate) fn data(name: &str) -> Option<PathBuf> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let path = std::env::var_os("GRIEVANCE_DATA").map_or_else(beside, PathBuf::from).join(name);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: no {name} in GRIEVANCE_DATA or ../shared/data");
    None
}
