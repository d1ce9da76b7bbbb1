//! A database that somebody changes behind the desk's back, and what the audits say of it.

use crate::desk_support::{TOWN, at, citizen, lodge, officer, open, take, tenant};
use crate::proof_support::fill;
use grievance_core::desk::{Covered, Desk};
use grievance_core::kernel::id::GrievanceId;
use grievance_core::proof::checkpoint::Checkpoint;
use grievance_core::rulebook::Rulebook;
use grievance_core::sql::sqlite::rusqlite::types::Value;
use grievance_core::sql::sqlite::rusqlite::{Connection, Params, params};
use grievance_core::sql::sqlite::{SqliteOptions, SqliteStore, Synchronous};
use grievance_core::store::audit::Found;
use grievance_core::vocabulary::{Discrepancy, ErrorCode};

/// An office in a file, with somebody at the file.
struct Office {
    desk: Desk,
    cases: Vec<GrievanceId>,
    checkpoint: Checkpoint,
    intruder: Connection,
    _folder: tempfile::TempDir,
}

fn office(events: u64) -> Office {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cases.sqlite");
    let options = SqliteOptions { synchronous: Synchronous::Off, ..SqliteOptions::default() };
    let desk = open(SqliteStore::open_with(&path, &options).unwrap().tenant(&tenant()));
    desk.activate(Rulebook::from_toml(TOWN).unwrap(), at("2020-01-01T00:00:00Z")).unwrap();
    let cases = fill(&desk, events, "2026-03-02T04:00:00Z");
    let checkpoint = desk.checkpoint(at("2026-04-01T00:00:00Z")).unwrap();
    let intruder = Connection::open(&path).unwrap();
    intruder.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
    Office { desk, cases, checkpoint, intruder, _folder: folder }
}

impl Office {
    fn change(&self, sql: &str, values: impl Params) {
        let changed = self.intruder.execute(sql, values).unwrap();
        assert!(changed > 0, "{sql}");
    }

    fn version(&self, case: GrievanceId) -> u64 {
        self.desk.store().version(case).unwrap().unwrap()
    }

    fn all(&self) -> Vec<Found> {
        self.desk.verify_all(None, usize::MAX).unwrap().found
    }

    fn covered(&self) -> Covered {
        self.desk.verify_checkpoint(&self.checkpoint).unwrap()
    }

    /// What the checkpoint finds, which must be one thing.
    fn only(&self) -> Found {
        let found = self.covered().found;
        assert_eq!(found.len(), 1, "{found:?}");
        found[0]
    }

    /// Cuts a case's file after a version, and sets the row back.
    fn cut(&self, case: GrievanceId, version: u64) {
        let version = version.cast_signed();
        self.change("DELETE FROM event WHERE case_id = ? AND version > ?", params![case.as_bytes(), version]);
        let sql = "UPDATE grievance SET version = ? WHERE case_id = ?";
        self.change(sql, params![version, case.as_bytes()]);
    }
}

fn found(case: GrievanceId, version: u64, what: Discrepancy) -> Found {
    Found { case: Some(case), version: Some(version), what }
}

/// Bytes of every column, changed in the file itself: each is found by the audit of the case, by
/// that of all cases and by the checkpoint.
#[test]
fn a_byte_changed_in_the_file_is_found() {
    let office = office(220);
    let (mut tried, mut pages) = (0, 0);
    for (case, version) in
        office.cases.iter().flat_map(|case| (1..=office.version(*case)).map(|v| (*case, v)))
    {
        pages += 1;
        if pages % 11 != 1 {
            continue;
        }
        let is_last = version == office.version(case);
        for column in
            ["tenant", "case_id", "version", "at", "actor", "rulebook", "command", "kind", "body", "hash"]
        {
            let key = params![case.as_bytes(), version.cast_signed()];
            let sql = format!("SELECT {column} FROM event WHERE case_id = ? AND version = ?");
            let value: Value = office.intruder.query_row(&sql, key, |row| row.get(0)).unwrap();
            let row: i64 = office
                .intruder
                .query_row("SELECT rowid FROM event WHERE case_id = ? AND version = ?", key, |row| row.get(0))
                .unwrap();
            let (is_text, length) = match &value {
                Value::Text(text) => (true, text.len()),
                Value::Blob(bytes) => (false, bytes.len()),
                _ => (false, 8),
            };
            let flip = |byte: usize| match &value {
                Value::Text(text) => {
                    let mut bytes = text.clone().into_bytes();
                    bytes[byte] ^= 0x80 >> (tried % 8);
                    Value::Blob(bytes)
                }
                Value::Blob(bytes) => {
                    let mut bytes = bytes.clone();
                    bytes[byte] ^= 0x80 >> (tried % 8);
                    Value::Blob(bytes)
                }
                Value::Integer(number) => {
                    let mut bytes = number.to_be_bytes();
                    bytes[byte] ^= 0x80 >> (tried % 8);
                    Value::Integer(i64::from_be_bytes(bytes))
                }
                other => other.clone(),
            };
            let put = |value: &Value| {
                let given = if is_text { "CAST(? AS TEXT)" } else { "?" };
                let sql = format!("UPDATE event SET {column} = {given} WHERE rowid = ?");
                office.intruder.execute(&sql, params![value, row])
            };
            let byte = (pages * 7 + tried) % length;
            let changed = flip(byte);
            tried += 1;
            if let Err(refused) = put(&changed) {
                // The place of another event: the key itself stands in the way.
                assert!(column == "version" && refused.to_string().contains("UNIQUE"), "{refused}");
                continue;
            }
            let own = office.desk.verify(case);
            if matches!(column, "tenant" | "case_id") && version == 1 && is_last {
                // Nothing is left but the row.
                assert_eq!(own.unwrap().found.unwrap().what, Discrepancy::RowDiffers);
            } else {
                let own = own.unwrap().found.unwrap_or_else(|| panic!("{column} of {version}, byte {byte}"));
                assert!(own.case == Some(case) && own.version <= Some(version), "{column}: {own:?}");
            }
            assert!(office.all().iter().any(|it| it.case == Some(case)), "{column} of {version}");
            assert_eq!(office.only().case, Some(case), "{column} of {version}");
            put(&value).unwrap();
        }
    }
    println!("{tried} bytes changed in the file");
    assert!(office.all().is_empty() && office.covered().found.is_empty(), "put back, all is well");
}

/// What was cut off, removed or written anew since the checkpoint is named; later checkpoints do
/// not make it good.
#[test]
fn what_the_checkpoint_covers_cannot_go() {
    let office = office(300);
    let [cut, gone, emptied, rewritten] = [0, 1, 2, 3].map(|n| office.cases[n]);
    let (length, all) = (office.version(cut), office.cases.len() as u64);
    office.cut(cut, length - 2);
    assert_eq!(office.desk.verify(cut).unwrap().found, None, "the file itself does not show it");
    assert_eq!(office.only(), found(cut, length - 1, Discrepancy::Cut));
    let next = office.desk.checkpoint(at("2026-04-08T00:00:00Z")).unwrap();
    assert_eq!((next.cases, next.root), (all, office.checkpoint.root), "nothing is taken back");
    let still = office.desk.verify_checkpoint(&next).unwrap().found;
    assert_eq!(still, [found(cut, length - 1, Discrepancy::Cut)]);

    office.change("DELETE FROM event WHERE case_id = ?", [gone.as_bytes()]);
    office.change("DELETE FROM grievance WHERE case_id = ?", [gone.as_bytes()]);
    assert_eq!(office.desk.verify(gone).unwrap_err().code(), ErrorCode::NotFound);
    assert!(office.covered().found.contains(&found(gone, 1, Discrepancy::Vanished)));

    office.change("DELETE FROM event WHERE case_id = ?", [emptied.as_bytes()]);
    assert_eq!(office.all(), [found(emptied, 1, Discrepancy::Vanished)]);
    let empty = office.desk.verify(emptied).unwrap().found;
    assert_eq!(empty, Some(found(emptied, 1, Discrepancy::RowDiffers)));

    // Another case's history under this one's name, every hash computed anew by a desk.
    let other = open(grievance_core::store::memory::MemoryStore::default().tenant(&tenant()));
    other.activate(Rulebook::from_toml(TOWN).unwrap(), at("2020-01-01T00:00:00Z")).unwrap();
    let version = office.version(rewritten);
    let mut pages = office.desk.store().file(rewritten).unwrap().folios;
    pages[0].at += 1;
    let mut before = None;
    for page in &mut pages {
        let chain = grievance_core::proof::folio::Chain::resume(
            "test",
            rewritten,
            page.version.cast_unsigned() - 1,
            before,
        );
        let hash = grievance_core::proof::chain::join(before, chain.content(page).unwrap());
        before = Some(hash);
        let sql = "UPDATE event SET at = ?, hash = ? WHERE case_id = ? AND version = ?";
        office.change(sql, params![page.at, hash.as_bytes(), rewritten.as_bytes(), page.version]);
    }
    assert_eq!(office.desk.verify(rewritten).unwrap().found, None, "it is sound in itself");
    let listed = office.covered().found;
    assert!(listed.contains(&found(rewritten, version, Discrepancy::Rewritten)), "{listed:?}");
    assert_eq!(listed.len(), 4, "{listed:?}");
    let refused = office.desk.by(&citizen(), at("2026-04-09T00:00:00Z")).prove(rewritten, None).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::HistoryAltered);
}

/// The heads and the checkpoints are stored, too, and are not believed.
#[test]
fn the_record_of_checkpoints_is_not_believed() {
    let office = office(120);
    let (number, case) = (office.checkpoint.number.cast_signed(), office.cases[2]);
    let second = office.desk.checkpoint(at("2026-04-08T00:00:00Z")).unwrap();
    let whole = |what| Found { case: None, version: Some(office.checkpoint.number), what };
    assert!(office.covered().found.is_empty());

    let text: String = office
        .intruder
        .query_row("SELECT body FROM checkpoint WHERE number = ?", [number], |row| row.get(0))
        .unwrap();
    let sql = "UPDATE checkpoint SET body = ? WHERE number = ?";
    office.change(sql, params![text.replace("\"events\":1", "\"events\":2"), number]);
    let listed = office.covered().found;
    let next = Found { version: Some(second.number), ..whole(Discrepancy::CheckpointDiffers) };
    let expected = [next, whole(Discrepancy::CheckpointDiffers)];
    assert_eq!(listed, expected, "the next one does not follow it, and the printed one is not there");
    office.change(sql, params!["{}", number]);
    assert!(!office.covered().found.is_empty());
    office.change(sql, params![text, number]);
    assert!(
        office.covered().found.is_empty() && office.desk.verify_checkpoint(&second).unwrap().found.is_empty()
    );

    // A case, and what was taken down of it: it shows, and cannot be named.
    for table in ["event", "grievance", "head"] {
        office.change(&format!("DELETE FROM {table} WHERE case_id = ?"), [case.as_bytes()]);
    }
    assert_eq!(office.all(), []);
    assert_eq!(office.only(), whole(Discrepancy::HeadsDiffer));
    let sql = "UPDATE head SET hash = zeroblob(32) WHERE case_id = ?";
    office.change(sql, [office.cases[4].as_bytes()]);
    let listed = office.covered().found;
    assert!(listed.iter().any(|it| it.case == Some(office.cases[4]) && it.what == Discrepancy::Rewritten));
}

/// A decision on a history that was changed hides nothing: the place is named as before.
#[test]
fn a_later_step_does_not_hide_what_was_changed() {
    let office = office(60);
    let case = office.cases[0];
    office.change("UPDATE event SET at = at + 1 WHERE case_id = ? AND version = 2", [case.as_bytes()]);
    let works = officer("hod", "works");
    take(&office.desk, &works, "2026-04-02T09:00:00Z", case, r#"{"action":"comment","text":"Later."}"#);
    assert_eq!(office.all(), [found(case, 2, Discrepancy::Altered)]);
    assert_eq!(office.only(), found(case, 2, Discrepancy::Altered));
}

/// A command that was removed leaves an event that nobody asked for; a lodging that was changed
/// no longer has its receipt.
#[test]
fn what_stands_beside_the_history_counts() {
    let office = office(60);
    let done = lodge(&office.desk, "pothole", "2026-04-02T09:00:00Z");
    let (number, receipt) = (done.number.unwrap().to_string(), done.receipt.unwrap());
    let check = || office.desk.check_receipt(&number, receipt.as_str(), at("2026-04-03T09:00:00Z")).unwrap();
    assert!(check().is_some());
    let sql = "UPDATE event SET at = at - 1 WHERE case_id = ? AND version = 1";
    office.change(sql, [done.case.as_bytes()]);
    assert_eq!(check(), None, "a changed lodging does not have the receipt");
    office.change("UPDATE event SET at = at + 1 WHERE case_id = ? AND version = 1", [done.case.as_bytes()]);
    assert!(check().is_some());
    office.change("DELETE FROM event WHERE case_id = ?", [done.case.as_bytes()]);
    assert_eq!(check(), None, "a lodging that is gone does not have it either");

    let case = *office.cases.iter().find(|case| office.version(**case) > 3).unwrap();
    let sql =
        "DELETE FROM command WHERE command IN (SELECT command FROM event WHERE case_id = ? AND version = 3)";
    office.change(sql, [case.as_bytes()]);
    assert_eq!(office.desk.verify(case).unwrap().found, Some(found(case, 3, Discrepancy::CommandUnknown)));
}
