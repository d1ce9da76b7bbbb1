//! What is promised of commits: all or nothing, once, and first come first served.

use crate::kernel::text::{Compartment, Digest};
use crate::rulebook::access::Scope;
use crate::store::blind::Sought;
use crate::store::commit::Commit;
use crate::store::conformance::Open;
use crate::store::conformance::sample::{self, Sample, command, commit, kept, text, token};
use crate::store::search::Search;
use crate::store::{Store, StoreError};
use std::collections::HashSet;

const WORKS: &str = "the store works";

fn assert_untouched(store: &dyn Store, before: &Sample) {
    let history = store.history(before.id).expect(WORKS);
    assert_eq!(history.events, before.history(), "the history is as it was");
    assert_eq!(history.head, before.head(), "the last hash is as it was");
    assert_eq!(store.fact(before.id).expect(WORKS), Some(before.fact()), "the row is as it was");
}

fn assert_absent(store: &dyn Store, case: &Sample) {
    assert!(store.history(case.id).expect(WORKS).events.is_empty(), "there is no event");
    assert_eq!(store.fact(case.id).expect(WORKS), None, "there is no row");
}

/// Adds a text to a commit, for which to look afterwards.
fn with_text(mut commit: Commit, n: u64) -> Commit {
    let (_, row) = text(n, Compartment::Texts, "left behind?");
    commit.texts.push(kept(commit.streams[0].case, &row, &[n]));
    commit
}

/// The refused commit left neither command nor text.
fn assert_no_trace(store: &dyn Store, refused: &Commit) {
    assert_eq!(store.receipt(refused.command).expect(WORKS), None, "the command is not kept");
    let ids: Vec<_> = refused.texts.iter().map(|row| row.id).collect();
    assert!(store.texts(&ids).expect(WORKS).is_empty(), "no text is kept");
}

/// A stale writer is told the version that it should have known, and leaves no trace.
pub fn a_stale_commit_is_refused(store: &dyn Store) {
    let begun = Sample::lodged(1);
    store.commit(&begun.commit(1)).expect(WORKS);
    let first = begun.clone().commented();
    store.commit(&commit(2, vec![first.after(1)])).expect(WORKS);

    let late = with_text(commit(3, vec![begun.disposed().after(1)]), 900);
    let refused = StoreError::Conflict { case: first.id, expected: 1, found: 2 };
    assert_eq!(store.commit(&late), Err(refused));
    assert_no_trace(store, &late);
    assert_untouched(store, &first);
}

/// A case that is there cannot be begun again.
pub fn a_new_case_is_new(store: &dyn Store) {
    let first = Sample::lodged(1);
    store.commit(&first.commit(1)).expect(WORKS);
    let again = with_text(Sample::lodged(1).commented().commit(2), 900);
    assert_eq!(store.commit(&again), Err(StoreError::Conflict { case: first.id, expected: 0, found: 1 }));
    assert_no_trace(store, &again);
    assert_untouched(store, &first);
}

/// A commit for a version that the case has not reached is refused: no gap can arise.
pub fn a_version_ahead_is_refused(store: &dyn Store) {
    let begun = Sample::lodged(1);
    store.commit(&begun.commit(1)).expect(WORKS);
    let ahead = with_text(commit(2, vec![begun.clone().commented().disposed().after(2)]), 900);
    assert_eq!(store.commit(&ahead), Err(StoreError::Conflict { case: begun.id, expected: 2, found: 1 }));
    assert_no_trace(store, &ahead);
    assert_untouched(store, &begun);

    let unknown = commit(3, vec![Sample::lodged(2).commented().after(1)]);
    let refused = StoreError::Conflict { case: sample::case(2), expected: 1, found: 0 };
    assert_eq!(store.commit(&unknown), Err(refused));
}

/// A commit that touches two cases writes both, or neither if one of them has moved on.
pub fn two_cases_or_none(store: &dyn Store) {
    let (one, other) = (Sample::lodged(1), Sample::lodged(2));
    store.commit(&one.commit(1)).expect(WORKS);
    store.commit(&other.commit(2)).expect(WORKS);
    let (one, moved) = (one.commented(), other.clone().commented());
    let both = commit(3, vec![one.after(1), moved.after(1)]);
    let receipt = store.commit(&both).expect(WORKS);
    assert_eq!((receipt.case, receipt.version), (one.id, 2), "the receipt is of the first case");
    assert_untouched(store, &one);
    assert_untouched(store, &moved);

    // The first could go on; the second has moved.
    let crossed = commit(4, vec![one.clone().disposed().after(2), other.disposed().after(1)]);
    let crossed = with_text(crossed, 900);
    assert_eq!(store.commit(&crossed), Err(StoreError::Conflict { case: moved.id, expected: 1, found: 2 }));
    assert_no_trace(store, &crossed);
    assert_untouched(store, &one);
    assert_untouched(store, &moved);
}

/// Sending a command twice does it once: the receipt of then, even if the case has gone on.
pub fn a_command_answers_the_same(store: &dyn Store) {
    let begun = Sample::lodged(1);
    let first = with_text(begun.commit(1), 900);
    let receipt = store.commit(&first).expect(WORKS);
    assert_eq!(receipt, first.receipt());
    let further = begun.commented();
    store.commit(&commit(2, vec![further.after(1)])).expect(WORKS);

    assert_eq!(store.commit(&first), Ok(receipt.clone()));
    let again = store.commit_all(std::slice::from_ref(&first)).expect(WORKS);
    assert_eq!(again, [Ok(receipt.clone())]);
    assert_eq!(store.receipt(command(1)).expect(WORKS), Some((first.fingerprint, receipt)));
    assert_untouched(store, &further);
}

/// A command identity serves one command only.
pub fn a_reused_command_is_refused(store: &dyn Store) {
    let first = Sample::lodged(1);
    store.commit(&first.commit(1)).expect(WORKS);
    let mut reused = with_text(Sample::lodged(2).commit(1), 900);
    reused.fingerprint = Digest::of(&[b"another request"]);
    assert_eq!(store.commit(&reused), Err(StoreError::CommandReused { command: command(1) }));
    assert_absent(store, &Sample::lodged(2));
    assert!(store.texts(&[reused.texts[0].id]).expect(WORKS).is_empty(), "no text is kept");
    let (fingerprint, receipt) = store.receipt(command(1)).expect(WORKS).expect("it was committed");
    assert_eq!((fingerprint, receipt.case), (first.commit(1).fingerprint, first.id));
}

/// Of a batch, what is refused leaves no trace and stops nobody; what follows sees what went
/// before.
pub fn commits_of_a_batch_stand_alone(store: &dyn Store) {
    let [one, two, three] = [1, 2, 3].map(Sample::lodged);
    let further = one.clone().commented();
    let stale = with_text(commit(4, vec![one.clone().disposed().after(1)]), 900);
    let mut reused = Sample::lodged(4).commit(1);
    reused.fingerprint = Digest::of(&[b"another request"]);
    let batch = [
        one.commit(1),
        two.commit(2),
        commit(3, vec![further.after(1)]),
        stale.clone(),
        reused,
        one.commit(1),
        three.commit(5),
    ];
    let answers = store.commit_all(&batch).expect(WORKS);
    let conflict = StoreError::Conflict { case: one.id, expected: 1, found: 2 };
    assert_eq!(
        answers,
        [
            Ok(batch[0].receipt()),
            Ok(batch[1].receipt()),
            Ok(batch[2].receipt()),
            Err(conflict),
            Err(StoreError::CommandReused { command: command(1) }),
            Ok(batch[0].receipt()),
            Ok(batch[6].receipt()),
        ]
    );
    assert_no_trace(store, &stale);
    for kept in [&further, &two, &three] {
        assert_untouched(store, kept);
    }
    assert_absent(store, &Sample::lodged(4));
    assert!(store.commit_all(&[]).expect(WORKS).is_empty(), "nothing is asked, nothing is done");
}

/// A text is written once: another commit that brings one of its identity is refused, and the first
/// stays as it is.
pub fn a_text_is_written_once(store: &dyn Store) {
    let (_, first) = text(900, Compartment::Texts, "the first");
    let begun = Sample::lodged(1);
    let mut lodging = begun.commit(1);
    let first = kept(begun.id, &first, &[]);
    lodging.texts.push(first.clone());
    store.commit(&lodging).expect(WORKS);

    let other = Sample::lodged(2);
    let mut again = other.commit(2);
    again.texts.push(kept(other.id, &text(900, Compartment::Texts, "the second").1, &[]));
    assert!(matches!(store.commit(&again), Err(StoreError::Backend(_))));
    assert!(matches!(store.commit_all(&[again]).expect(WORKS)[..], [Err(StoreError::Backend(_))]));
    assert_absent(store, &other);
    assert_eq!(store.receipt(command(2)).expect(WORKS), None);
    assert_eq!(store.texts(&[first.id]).expect(WORKS), [first]);
}

/// Of a commit that touches two cases, and of one in a batch, everything is there afterwards: the
/// events, the rows, the texts of both compartments, the timers and the messages of each case.
pub fn everything_of_a_commit_is_written(store: &dyn Store) {
    let whole = |n: u64| {
        let (one, other) = (Sample::lodged(n), Sample::lodged(n + 1));
        let mut both = commit(n, vec![one.after(0), other.after(0)]);
        for (nth, stream) in (n..).zip(&mut both.streams) {
            let at = sample::at(i64::try_from(nth).expect("small"));
            stream.due = Some(at);
            stream.notices = vec![
                sample::notice(nth, stream.case, (1, 0), at),
                sample::notice(nth + 500, stream.case, (1, 1), at),
            ];
            let rows = [(nth, Compartment::Texts), (nth + 500, Compartment::Identity)];
            both.texts.extend(rows.map(|(id, which)| kept(stream.case, &text(id, which, "words").1, &[])));
        }
        both
    };
    let (single, batch) = (whole(1), [whole(11), whole(21)]);
    store.commit(&single).expect(WORKS);
    for answer in store.commit_all(&batch).expect(WORKS) {
        answer.expect(WORKS);
    }
    let mut due = Vec::new();
    for written in std::iter::once(&single).chain(&batch) {
        for stream in &written.streams {
            let history = store.history(stream.case).expect(WORKS);
            assert_eq!(history.events.len(), stream.events.len());
            assert_eq!(history.head, stream.events.last().map(|last| last.hash));
            assert_eq!(store.fact(stream.case).expect(WORKS).as_ref(), Some(&stream.fact));
            let posted = store.notices_of(stream.case).expect(WORKS);
            assert!(posted.iter().map(|posted| &posted.notice).eq(&stream.notices), "the messages");
            due.extend(stream.due.map(|at| crate::store::Due { at, case: stream.case }));
        }
        let ids: Vec<_> = written.texts.iter().map(|row| row.id).collect();
        assert_eq!(store.texts(&ids).expect(WORKS).len(), ids.len(), "the texts");
    }
    assert_eq!(store.due(sample::at(1_000), None, 100).expect(WORKS), due, "the timers");
}

/// A registration number belongs to one case; its parts share it.
pub fn numbers_are_unique_and_shared_by_parts(store: &dyn Store) {
    let whole = Sample::lodged(1);
    store.commit(&whole.commit(1)).expect(WORKS);
    let parts = [whole.part(2, 1), whole.part(3, 2)];
    store.commit(&commit(2, parts.iter().map(|part| part.after(0)).collect())).expect(WORKS);

    let mut thief = with_text(Sample::lodged(4).commit(3), 900);
    thief.streams[0].fact.number = whole.fact().number;
    assert_eq!(store.commit(&thief), Err(StoreError::NumberTaken { case: whole.id }));
    assert_no_trace(store, &thief);
    assert_absent(store, &Sample::lodged(4));

    // Two cases of one commit cannot both have a number either.
    let mut twins = commit(4, vec![Sample::lodged(5).after(0), Sample::lodged(6).after(0)]);
    let number = Sample::lodged(5).fact().number;
    twins.streams[1].fact.number = number;
    let refused = StoreError::NumberTaken { case: twins.streams[0].case };
    assert_eq!(store.commit(&twins), Err(refused));

    let wanted =
        Search { number: whole.fact().number.map(|number| number.as_str().to_owned()), ..Search::default() };
    let found = store.search(&Scope::All, &wanted).expect(WORKS).cases;
    assert_eq!(found.len(), 3, "the number finds the whole and its parts");
}

/// An external number belongs to one case of its source; without a source it binds nothing.
pub fn external_numbers_are_unique_per_source(store: &dyn Store) {
    let first = Sample::adopted(1, "boston311", "101");
    store.commit(&first.commit(1)).expect(WORKS);
    let thief = with_text(Sample::adopted(2, "boston311", "101").commit(2), 900);
    assert_eq!(store.commit(&thief), Err(StoreError::NumberTaken { case: first.id }));
    assert_no_trace(store, &thief);
    let elsewhere = Sample::adopted(3, "baltimore311", "101");
    store.commit(&elsewhere.commit(3)).expect(WORKS);
    // `letter-1`, lodged here, three times.
    for n in [4, 7, 10] {
        store.commit(&Sample::lodged(n).commit(n)).expect(WORKS);
    }

    let find = |source: &str, number| {
        let source = crate::kernel::code::SourceCode::new(source).expect("a code");
        store.find_external(&source, number).expect(WORKS)
    };
    assert_eq!(find("boston311", "101"), Some(first.id));
    assert_eq!(find("baltimore311", "101"), Some(elsewhere.id));
    assert_eq!(find("boston311", "102"), None);
    assert_eq!(find("nyc", "101"), None);
    // Its own number does not stand in a case's way.
    let further = first.commented();
    store.commit(&commit(20, vec![further.after(1)])).expect(WORKS);
    assert_eq!(find("boston311", "101"), Some(further.id));
}

/// Many writers hold the same version; one gets through, the others are told.
pub fn one_of_many_writers_wins(store: &dyn Store) {
    let begun = Sample::lodged(1);
    store.commit(&begun.commit(1)).expect(WORKS);
    let further = begun.commented();
    let won: usize = std::thread::scope(|threads| {
        let race = |n| {
            let mine = commit(n, vec![further.after(1)]);
            threads.spawn(move || {
                loop {
                    match store.commit(&mine) {
                        Ok(_) => break 1,
                        Err(StoreError::Conflict { expected: 1, found: 2, .. }) => break 0,
                        Err(StoreError::Busy) => {}
                        Err(other) => panic!("a writer who loses is told of a conflict, not: {other}"),
                    }
                }
            })
        };
        let writers: Vec<_> = (100..164).map(race).collect();
        writers.into_iter().map(|writer| writer.join().expect("no writer panics")).sum()
    });
    assert_eq!(won, 1);
    assert_untouched(store, &further);
}

/// Serials are given once, whoever asks at the same time; each series counts for itself.
pub fn serials_never_repeat(store: &dyn Store) {
    let given: Vec<u64> = std::thread::scope(|threads| {
        let ask = |thread: u64| {
            threads.spawn(move || {
                let mut mine = Vec::new();
                while mine.len() < 50 {
                    let count = 1 + (thread + mine.len() as u64) % 3;
                    match store.reserve("2026", 1, count) {
                        Ok(first) => mine.extend(first..first + count),
                        Err(StoreError::Busy) => {}
                        Err(other) => panic!("a serial is reserved, not: {other}"),
                    }
                }
                mine
            })
        };
        let askers: Vec<_> = (0..8).map(ask).collect();
        askers.into_iter().flat_map(|asker| asker.join().expect("no asker panics")).collect()
    });
    let different: HashSet<u64> = given.iter().copied().collect();
    assert_eq!(different.len(), given.len(), "no serial is given twice");
    assert!(given.iter().all(|serial| *serial >= 1), "none is below the floor");
    assert_eq!(store.reserve("2027", 1, 1).expect(WORKS), 1);
}

/// A serial is never below the floor, and raising the floor leaves a gap, not a repetition.
pub fn serials_respect_the_floor(store: &dyn Store) {
    let reserve = |floor, count| store.reserve("all", floor, count).expect(WORKS);
    assert_eq!(reserve(1_000, 5), 1_000);
    assert_eq!(reserve(1, 1), 1_005);
    assert_eq!(reserve(2_000, 10), 2_000);
    assert_eq!(reserve(2_000, 1), 2_010);
    assert!(store.reserve("all", 1, u64::MAX).is_err(), "more than there are");
    assert_eq!(reserve(1, 1), 2_011);
}

/// What one tenant has, another neither sees nor meets.
pub fn tenants_do_not_see_each_other(open: Open<'_>) {
    let (mine, other) = (open(&sample::tenant("first")), open(&sample::tenant("second")));
    let case = Sample::lodged(1);
    let (_, row) = text(7, Compartment::Identity, "mine");
    let mut first = case.commit(1);
    first.texts.push(kept(case.id, &row, &[7]));
    first.streams[0].due = Some(sample::at(0));
    first.streams[0].notices.push(sample::notice(1, case.id, (1, 0), sample::at(0)));
    mine.commit(&first).expect(WORKS);
    let version = sample::rulebook(1);
    mine.keep(version, "{}").expect(WORKS);
    mine.activate(version, sample::at(0)).expect(WORKS);
    mine.reserve("2026", 1, 10).expect(WORKS);

    assert_absent(&*other, &case);
    assert_eq!(other.receipt(command(1)).expect(WORKS), None);
    assert!(other.texts(&[row.id]).expect(WORKS).is_empty());
    assert!(other.search(&Scope::All, &Search::default()).expect(WORKS).cases.is_empty());
    let name = Some(Sought::Tokens(vec![vec![token(7)]]));
    let by_name = Search { name, ..Search::default() };
    assert_eq!(mine.search(&Scope::All, &by_name).expect(WORKS).cases.len(), 1);
    assert!(other.search(&Scope::All, &by_name).expect(WORKS).cases.is_empty());
    assert_eq!(other.edition(version).expect(WORKS), None);
    assert_eq!(other.in_force(sample::at(1)).expect(WORKS), None);
    assert_eq!(other.reserve("2026", 1, 1).expect(WORKS), 1);
    assert_eq!((other.next_due(), other.outbox_next()), (Ok(None), Ok(None)));
    assert!(other.due(sample::at(1), None, 1).expect(WORKS).is_empty());
    assert!(other.notices_of(case.id).expect(WORKS).is_empty());
    let number = mine.take_heads().expect(WORKS).max(other.take_heads().expect(WORKS));
    assert_eq!(mine.heads(number, None, 10).expect(WORKS).len(), 1);
    assert!(other.heads(number, None, 10).expect(WORKS).is_empty());
    assert!(other.folios(None, 10).expect(WORKS).is_empty());
    assert_eq!((other.version(case.id), other.empty_files(None, 10)), (Ok(None), Ok(Vec::new())));
    let mut seen = 0;
    other
        .scan(&Scope::All, &mut |_| {
            seen += 1;
            true
        })
        .expect(WORKS);
    assert_eq!(seen, 0);
    // The same identities, numbers and commands are free there.
    other.commit(&first).expect(WORKS);
    assert_untouched(&*other, &case);
    // The handle is only a handle.
    assert_untouched(&*open(&sample::tenant("first")), &case);
}
