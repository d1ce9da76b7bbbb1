//! A history that is changed is found out: every byte of a thousand events, and whole rows.

use crate::desk_support::{TOWN, at, open, tenant};
use crate::proof_support::fill;
use grievance_core::desk::Desk;
use grievance_core::kernel::code::TenantCode;
use grievance_core::kernel::id::{CommandId, GrievanceId};
use grievance_core::kernel::text::Digest;
use grievance_core::proof::chain::{Link, hash};
use grievance_core::proof::checkpoint::{CaseHead, Checkpoint};
use grievance_core::proof::folio::Folio;
use grievance_core::rulebook::Rulebook;
use grievance_core::store::audit::{CaseAudit, Found};
use grievance_core::store::memory::MemoryStore;
use grievance_core::vocabulary::Discrepancy;
use std::collections::{BTreeMap, HashSet};

/// What an office of a thousand events has stored, taken out to be tampered with.
struct Log {
    tenant: TenantCode,
    /// Each case's pages, in order.
    files: BTreeMap<GrievanceId, Vec<Folio>>,
    /// What the case's row names.
    rows: BTreeMap<GrievanceId, u64>,
    commands: HashSet<CommandId>,
    heads: BTreeMap<GrievanceId, CaseHead>,
}

fn office() -> (Desk, Vec<GrievanceId>, Checkpoint) {
    let desk = open(MemoryStore::default().tenant(&tenant()));
    let rulebook = Rulebook::from_toml(TOWN).expect("a sound rulebook");
    desk.activate(rulebook, at("2020-01-01T00:00:00Z")).expect("it comes into force");
    let cases = fill(&desk, 1_000, "2026-03-02T04:00:00Z");
    let checkpoint = desk.checkpoint(at("2026-04-01T00:00:00Z")).expect("it is made");
    (desk, cases, checkpoint)
}

impl Log {
    fn of(desk: &Desk, cases: &[GrievanceId], checkpoint: &Checkpoint) -> Self {
        let store = desk.store();
        let mut files: BTreeMap<_, Vec<Folio>> = BTreeMap::new();
        for page in store.folios(None, 10_000).unwrap() {
            files.entry(page.case_id().unwrap()).or_default().push(page);
        }
        let commands = files.values().flatten().map(|page| id(&page.command)).collect();
        let rows = cases.iter().map(|case| (*case, store.version(*case).unwrap().unwrap())).collect();
        let heads = store.heads(checkpoint.number, None, 10_000).unwrap();
        let heads = heads.into_iter().map(|head| (head.case, head)).collect();
        Self { tenant: desk.tenant().clone(), files, rows, commands, heads }
    }

    /// The audit of a case that has seen its first pages.
    fn begun(&self, case: GrievanceId, pages: &[Folio]) -> CaseAudit<'_> {
        let mut audit = CaseAudit::begin(self.tenant.as_str(), case);
        self.go_on(&mut audit, pages);
        audit
    }

    fn go_on(&self, audit: &mut CaseAudit<'_>, pages: &[Folio]) {
        for page in pages {
            audit.add(page, &mut |command| Ok(self.commands.contains(&command))).unwrap();
            if audit.found().is_some() {
                break;
            }
        }
    }

    /// What is found when a case's file is `pages` from the `from`th on: by its own chain and its
    /// row, and by the checkpoint.
    fn found(&self, begun: &CaseAudit<'_>, rest: &[Folio], row: u64) -> (Option<Found>, Option<Found>) {
        let case = begun.chain().case();
        let mut whole = begun.clone();
        self.go_on(&mut whole, rest);
        let head = self.heads[&case];
        let own = whole.clone().close(Some(row)).found;
        // The checkpoint looks at no page beyond its version.
        let against = if whole.chain().version() > head.version {
            let mut covered = begun.clone();
            let left = head.version.saturating_sub(begun.chain().version());
            let left = usize::try_from(left).unwrap().min(rest.len());
            self.go_on(&mut covered, &rest[..left]);
            covered
        } else {
            whole
        };
        (own, against.close_at(&head).found)
    }
}

fn id(bytes: &[u8]) -> CommandId {
    CommandId::from_uuid(uuid::Uuid::from_slice(bytes).unwrap())
}

/// Every column of a page with its bytes: the tenant's name first, which a query asks for.
const COLUMNS: [&str; 10] =
    ["tenant", "case", "version", "at", "actor", "rulebook", "command", "kind", "body", "hash"];

fn length(page: &Folio, column: &str, tenant: &TenantCode) -> usize {
    match column {
        "tenant" => tenant.as_str().len(),
        "case" => page.case.len(),
        "version" | "at" => 8,
        "actor" => page.actor.len(),
        "rulebook" => page.rulebook.len(),
        "command" => page.command.len(),
        "kind" => page.kind.len(),
        "body" => page.body.len(),
        _ => page.hash.len(),
    }
}

/// The page with one byte of a column changed.
fn flipped(page: &Folio, column: &str, byte: usize, by: u8) -> Folio {
    let mut page = page.clone();
    let number = |number: i64| {
        let mut bytes = number.to_be_bytes();
        bytes[byte] ^= by;
        i64::from_be_bytes(bytes)
    };
    match column {
        "version" => page.version = number(page.version),
        "at" => page.at = number(page.at),
        "case" => page.case[byte] ^= by,
        "actor" => page.actor[byte] ^= by,
        "rulebook" => page.rulebook[byte] ^= by,
        "command" => page.command[byte] ^= by,
        "kind" => page.kind[byte] ^= by,
        "body" => page.body[byte] ^= by,
        _ => page.hash[byte] ^= by,
    }
    page
}

/// Every byte of every column of a thousand events, changed one at a time: the real audit finds
/// each, and names the event. What a change cannot reach, the pages before it, is not computed
/// again for each byte; what it can reach is.
#[test]
fn every_byte_of_a_thousand_events_counts() {
    let (desk, cases, checkpoint) = office();
    let log = Log::of(&desk, &cases, &checkpoint);
    let events: usize = log.files.values().map(Vec::len).sum();
    assert!(events >= 1_000 && log.files.len() > 50);
    let by = [1_u8, 0x20, 0x80, 0xff];
    let (mut tried, mut found_out) = (0_u64, 0_u64);
    for (case, pages) in &log.files {
        let row = log.rows[case];
        let mut begun = CaseAudit::begin(log.tenant.as_str(), *case);
        for (place, page) in pages.iter().enumerate() {
            let version = place as u64 + 1;
            for column in COLUMNS {
                for byte in 0..length(page, column, &log.tenant) {
                    let by = by[byte % by.len()];
                    tried += 1;
                    let rest = &pages[place + 1..];
                    let (own, against) = match column {
                        // It is another tenant's or another case's page now, and gone from here.
                        "tenant" | "case" => log.found(&begun, rest, row),
                        "version" => {
                            let moved = flipped(page, column, byte, by);
                            let mut all = pages.clone();
                            all[place] = moved;
                            all.sort_by_key(|page| page.version);
                            log.found(&log.begun(*case, &[]), &all, row)
                        }
                        _ => {
                            let mut changed = vec![flipped(page, column, byte, by)];
                            changed.extend_from_slice(&rest[..rest.len().min(1)]);
                            log.found(&begun, &changed, row)
                        }
                    };
                    for found in [own, against] {
                        let found = found.unwrap_or_else(|| panic!("{case} {version} {column} {byte}"));
                        assert_eq!(found.case, Some(*case));
                        let named = found.version.unwrap();
                        // A page that takes the place of an earlier one is found there.
                        let first = named == version || (column == "version" && named < version);
                        assert!(first, "{case}: {column} of {version}, found at {named}");
                    }
                    found_out += 1;
                }
            }
            log.go_on(&mut begun, std::slice::from_ref(page));
            assert_eq!(begun.found(), None, "untouched, it is sound");
        }
        assert_eq!(log.found(&begun, &[], row), (None, None), "untouched, it is sound");
    }
    println!("{events} events, {tried} bytes changed, {found_out} found out");
    assert_eq!(tried, found_out);
}

/// A page that was put into another case's file does not fit there either.
#[test]
fn a_page_of_another_case_is_found_in_both() {
    let (desk, cases, checkpoint) = office();
    let log = Log::of(&desk, &cases, &checkpoint);
    let (one, other) = (cases[3], cases[4]);
    let mut moved = log.files[&one][0].clone();
    moved.case = other.as_bytes().to_vec();
    let (own, _) = log.found(&log.begun(other, &[]), std::slice::from_ref(&moved), 1);
    assert_eq!(own.unwrap().what, Discrepancy::Altered);
}

/// Rows that are deleted, swapped, put in or cut off are found in every place, and where.
#[test]
fn every_row_deleted_swapped_inserted_or_cut_is_found() {
    let (desk, cases, checkpoint) = office();
    let log = Log::of(&desk, &cases, &checkpoint);
    for (case, pages) in &log.files {
        let (row, nothing) = (log.rows[case], log.begun(*case, &[]));
        let expect = |pages: &[Folio], row: u64, at: u64, what: Discrepancy, against: Discrepancy| {
            let (own, covered) = log.found(&nothing, pages, row);
            let version = Some(at);
            assert_eq!(own, Some(Found { case: Some(*case), version, what }), "{case}");
            assert_eq!(covered, Some(Found { case: Some(*case), version, what: against }), "{case}");
        };
        for place in 0..pages.len() {
            let at = place as u64 + 1;
            let (is_last, is_only) = (place + 1 == pages.len(), pages.len() == 1);
            let mut deleted = pages.clone();
            deleted.remove(place);
            match (is_only, is_last) {
                (true, _) => expect(&deleted, row, at, Discrepancy::RowDiffers, Discrepancy::Vanished),
                (_, true) => expect(&deleted, row, at, Discrepancy::RowDiffers, Discrepancy::Cut),
                _ => expect(&deleted, row, at, Discrepancy::Missing, Discrepancy::Missing),
            }
            // Deleted, and the later ones renumbered so that no gap shows.
            let mut closed = deleted.clone();
            closed[place..].iter_mut().for_each(|page| page.version -= 1);
            if !is_last {
                expect(&closed, row - 1, at, Discrepancy::Altered, Discrepancy::Altered);
            }
            if !is_last {
                let mut swapped = pages.clone();
                swapped.swap(place, place + 1);
                let (one, two) = (swapped[place].version, swapped[place + 1].version);
                (swapped[place].version, swapped[place + 1].version) = (two, one);
                expect(&swapped, row, at, Discrepancy::Altered, Discrepancy::Altered);
            }
            let mut inserted = pages.clone();
            inserted.insert(place, pages[place].clone());
            expect_first(&log, *case, &inserted, row, at);
            inserted[place + 1..].iter_mut().for_each(|page| page.version += 1);
            if !is_last {
                let (own, _) = log.found(&nothing, &inserted, row + 1);
                assert_eq!(own.unwrap().version, Some(at + 1), "a copy does not follow itself");
            }
            if place > 0 {
                // Cut off, and the row put back too: only the checkpoint knows.
                let (own, covered) = log.found(&nothing, &pages[..place], place as u64);
                assert_eq!(own, None, "nothing in the file itself shows it");
                let cut = Found { case: Some(*case), version: Some(at), what: Discrepancy::Cut };
                assert_eq!(covered, Some(cut));
                let (own, _) = log.found(&nothing, &pages[..place], row);
                assert_eq!(own.unwrap().what, Discrepancy::RowDiffers);
            }
        }
    }
}

fn expect_first(log: &Log, case: GrievanceId, pages: &[Folio], row: u64, at: u64) {
    let (own, _) = log.found(&log.begun(case, &[]), pages, row);
    assert_eq!(own, Some(Found { case: Some(case), version: Some(at), what: Discrepancy::Doubled }));
}

/// Computes the hashes of pages anew, as somebody would who can write to the storage.
fn forged(log: &Log, case: GrievanceId, pages: &mut [Folio]) {
    let (tenant, name) = (log.tenant.as_str(), case.to_string());
    let mut before: Option<Digest> = None;
    for (version, page) in (1..).zip(pages) {
        page.case = case.as_bytes().to_vec();
        page.version = version;
        let link = Link {
            tenant,
            case: &name,
            version: version.cast_unsigned(),
            at: page.at,
            actor: std::str::from_utf8(&page.actor).unwrap(),
            rulebook: Digest::from_bytes(page.rulebook.as_slice().try_into().unwrap()),
            body: std::str::from_utf8(&page.body).unwrap(),
        };
        let hash = hash(before, &link);
        page.hash = hash.as_bytes().to_vec();
        before = Some(hash);
    }
}

/// A tail of another case's file, or a changed text, with every hash computed anew: the file is
/// sound in itself, and the checkpoint finds it.
#[test]
fn a_history_that_was_rewritten_is_found_by_the_checkpoint() {
    let (desk, cases, checkpoint) = office();
    let log = Log::of(&desk, &cases, &checkpoint);
    for window in cases.windows(2) {
        let (one, other) = (&log.files[&window[0]], &log.files[&window[1]]);
        let (case, row) = (window[0], log.rows[&window[0]]);
        let nothing = log.begun(case, &[]);
        for place in 0..one.len() {
            let mut changed = one.clone();
            changed[place].at += 1;
            forged(&log, case, &mut changed);
            let rewritten = Found { case: Some(case), version: Some(row), what: Discrepancy::Rewritten };
            assert_eq!(log.found(&nothing, &changed, row), (None, Some(rewritten)));

            let mut spliced = one[..place].to_vec();
            spliced.extend(other.iter().skip(place).cloned());
            forged(&log, case, &mut spliced);
            let length = spliced.len() as u64;
            let (own, covered) = log.found(&nothing, &spliced, length);
            assert_eq!(own, None);
            if spliced.len() > place {
                assert!(covered.is_some(), "{case}: spliced after {place}");
            }
        }
    }
}

/// A command that nobody sent leaves an event that nobody asked for.
#[test]
fn an_event_without_its_command_is_found() {
    let (desk, cases, checkpoint) = office();
    let mut log = Log::of(&desk, &cases, &checkpoint);
    let pages = log.files[&cases[0]].clone();
    let lost = id(&pages[4].command);
    let first = pages.iter().find(|page| id(&page.command) == lost).unwrap().version.cast_unsigned();
    log.commands.remove(&lost);
    let (own, _) = log.found(&log.begun(cases[0], &[]), &pages, log.rows[&cases[0]]);
    let found = Found { case: Some(cases[0]), version: Some(first), what: Discrepancy::CommandUnknown };
    assert_eq!(own, Some(found));
}
