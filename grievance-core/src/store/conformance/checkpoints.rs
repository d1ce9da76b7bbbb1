//! What is promised of the pages as they are stored, and of checkpoints over them.

use crate::kernel::id::GrievanceId;
use crate::kernel::text::Digest;
use crate::proof::checkpoint::{CaseHead, Checkpoint, Heads};
use crate::proof::folio::{Chain, Folio};
use crate::store::Store;
use crate::store::checkpoints::{Advance, KeptCheckpoint};
use crate::store::conformance::sample::{self, Sample, commit};
use crate::store::{Pages, StoreError};
use std::collections::HashSet;

const WORKS: &str = "the store works";

fn head(sample: &Sample) -> CaseHead {
    let hash = sample.head().expect("it has events");
    CaseHead { case: sample.id, version: sample.fact().version, hash }
}

fn in_order(mut heads: Vec<CaseHead>) -> Vec<CaseHead> {
    heads.sort_by_key(|head| head.case);
    heads
}

/// Pages come back as they were written, byte for byte: their chain is sound, each has its kind
/// and its command, and the row names the last of them.
pub fn pages_are_what_was_committed(store: &dyn Store) {
    let begun = Sample::lodged(1);
    store.commit(&begun.commit(1)).expect(WORKS);
    let further = begun.commented().disposed();
    store.commit(&commit(2, vec![further.after(1)])).expect(WORKS);

    let Pages { version, folios } = store.file(further.id).expect(WORKS);
    assert_eq!((version, folios.len()), (Some(3), 3));
    assert_eq!(store.version(further.id).expect(WORKS), Some(3));
    let mut chain = Chain::begin("sample", further.id);
    for (page, event) in folios.iter().zip(further.history()) {
        assert_eq!(chain.add(page), Ok(()), "the chain is sound");
        assert_eq!(page.at, event.at.timestamp_millis());
        assert_eq!(page.kind, event.event.what.kind().as_str().as_bytes());
        let command = sample::command(if event.version == 1 { 1 } else { 2 });
        assert_eq!(page.command, command.as_bytes(), "the command that the event came from");
    }
    assert_eq!(chain.head(), further.head());

    let unknown = sample::case(9);
    assert_eq!(store.file(unknown).expect(WORKS), Pages::default());
    assert_eq!(store.version(unknown).expect(WORKS), None);
    assert!(store.empty_files(None, 10).expect(WORKS).is_empty(), "no case has a row and no page");
}

/// Pages of all files come by case and version, each once, however many are asked for.
pub fn pages_of_all_files_come_in_order(store: &dyn Store) {
    for n in 1..=12 {
        let sample = if n % 3 == 0 { Sample::lodged(n) } else { Sample::lodged(n).commented().disposed() };
        store.commit(&sample.commit(n)).expect(WORKS);
    }
    let all: Vec<Folio> = store.folios(None, 1_000).expect(WORKS);
    assert_eq!(all.len(), 4 + 8 * 3);
    let place = |page: &Folio| (page.case.clone(), page.version);
    assert!(all.windows(2).all(|two| place(&two[0]) < place(&two[1])), "by case, then by version");
    for limit in [1, 2, 5, 27, 28] {
        let mut seen: Vec<Folio> = Vec::new();
        loop {
            let after = seen.last().map(|last| (last.case.as_slice(), last.version));
            let page = store.folios(after, limit).expect(WORKS);
            if page.is_empty() {
                break;
            }
            seen.extend(page);
        }
        assert_eq!(seen, all, "{limit} at a time");
    }
}

/// Heads are those of one moment, under a number that rises; what was taken down under a number
/// does not change when cases go on.
pub fn heads_stay_as_they_were_taken(store: &dyn Store) {
    let nothing = store.take_heads().expect(WORKS);
    let samples: Vec<_> = (1..=9).map(Sample::lodged).collect();
    for (n, sample) in (1..).zip(&samples) {
        store.commit(&sample.commit(n)).expect(WORKS);
    }
    let first = store.take_heads().expect(WORKS);
    let mut later = samples.clone();
    for n in [2, 5] {
        later[n] = later[n].clone().commented();
        store.commit(&commit(20 + n as u64, vec![later[n].after(1)])).expect(WORKS);
    }
    let new = Sample::lodged(30);
    store.commit(&new.commit(30)).expect(WORKS);
    later.push(new);
    let second = store.take_heads().expect(WORKS);
    assert!(nothing < first && first < second, "numbers rise");

    let heads = |number, after, limit| store.heads(number, after, limit).expect(WORKS);
    assert!(heads(nothing, None, 100).is_empty());
    assert_eq!(heads(first, None, 100), in_order(samples.iter().map(head).collect()));
    let all = in_order(later.iter().map(head).collect());
    assert_eq!(heads(second, None, 100), all);
    assert_eq!(heads(second + 7, None, 100), all, "nothing was taken down since");
    for limit in 1..=11 {
        let (mut seen, mut after): (Vec<CaseHead>, Option<GrievanceId>) = (Vec::new(), None);
        loop {
            let page = heads(second, after, limit);
            let Some(last) = page.last() else { break };
            after = Some(last.case);
            seen.extend(page);
        }
        assert_eq!(seen, all, "{limit} at a time");
    }
}

/// The cases that went on from one time when heads were taken to a later one are told with both
/// versions, each once, whatever happened in between or since.
pub fn advances_are_what_went_on(store: &dyn Store) {
    let nothing = store.take_heads().expect(WORKS);
    let samples: Vec<_> = (1..=6).map(Sample::lodged).collect();
    for (n, sample) in (1..).zip(&samples) {
        store.commit(&sample.commit(n)).expect(WORKS);
    }
    let first = store.take_heads().expect(WORKS);
    let on = |nth: usize, n: u64| {
        let on = samples[nth].clone().commented();
        store.commit(&commit(n, vec![on.after(1)])).expect(WORKS);
        on
    };
    let once = on(2, 20);
    let between = store.take_heads().expect(WORKS);
    let twice = once.disposed();
    store.commit(&commit(21, vec![twice.after(2)])).expect(WORKS);
    let other = on(4, 22);
    let new = Sample::lodged(30);
    store.commit(&new.commit(30)).expect(WORKS);
    let last = store.take_heads().expect(WORKS);

    let all = |since, number| store.advances(since, number, None, 100).expect(WORKS);
    let sorted = |mut advances: Vec<Advance>| {
        advances.sort_by_key(|advance| advance.case);
        advances
    };
    let went = |sample: &Sample, from, to| Advance { case: sample.id, from, to };
    let came: Vec<Advance> = samples.iter().map(|sample| went(sample, 0, 1)).collect();
    assert_eq!(all(nothing, first), sorted(came), "what has come begins at 0");
    assert_eq!(all(first, between), [went(&twice, 1, 2)], "what came later is not told");
    let to = twice.fact().version;
    let since_first = sorted(vec![went(&twice, 1, to), went(&other, 1, 2), went(&new, 0, 1)]);
    assert_eq!(all(first, last), since_first, "a case is told once, over all its steps");
    let since_then = sorted(vec![went(&twice, 2, to), went(&other, 1, 2), went(&new, 0, 1)]);
    assert_eq!(all(between, last), since_then);
    assert_eq!(all(last, last), [], "nothing went on since");
    for limit in 1..=4 {
        let (mut seen, mut after): (Vec<Advance>, Option<GrievanceId>) = (Vec::new(), None);
        loop {
            let page = store.advances(first, last, after, limit).expect(WORKS);
            let Some(end) = page.last() else { break };
            assert!(page.len() <= limit, "no more than were asked for");
            after = Some(end.case);
            seen.extend(page);
        }
        assert_eq!(seen, since_first, "{limit} at a time");
    }
}

/// A checkpoint has one successor, a number one checkpoint; they come back as they were kept.
pub fn a_checkpoint_has_one_successor(store: &dyn Store) {
    let tenant = sample::tenant("sample");
    let after = |number, previous| Checkpoint::over(&Heads::new(), &tenant, number, sample::at(0), previous);
    let keep = |checkpoint: &Checkpoint| store.keep_checkpoint(checkpoint).expect(WORKS);
    assert_eq!(store.last_checkpoint().expect(WORKS), None);
    let first = after(store.take_heads().expect(WORKS), None);
    let other = after(store.take_heads().expect(WORKS), None);
    assert!(keep(&first) && !keep(&other), "there is one first");
    let second = after(other.number, Some(first.hash()));
    assert!(keep(&second) && !keep(&second), "a number has one checkpoint");
    let fork = after(store.take_heads().expect(WORKS), Some(first.hash()));
    assert!(!keep(&fork), "the first has its successor");
    let kept = |after, limit| store.checkpoints(after, limit).expect(WORKS);
    let read: Vec<_> = kept(0, 10).iter().map(KeptCheckpoint::read).collect();
    assert_eq!(read, [Some(first.clone()), Some(second.clone())]);
    assert_eq!(kept(first.number, 10).len(), 1);
    assert_eq!(kept(0, 1).len(), 1);
    let last = store.last_checkpoint().expect(WORKS).expect("there are two");
    assert_eq!((last.number, last.text), (second.number, second.text()));
}

/// Of many who take heads and make a checkpoint after the same one, one succeeds, and no number
/// is given twice.
pub fn one_of_many_checkpoints_follows(store: &dyn Store) {
    fn until_done<T>(act: impl Fn() -> Result<T, StoreError>) -> T {
        loop {
            match act() {
                Ok(done) => return done,
                Err(StoreError::Busy) => {}
                Err(other) => panic!("{other}"),
            }
        }
    }
    store.commit(&Sample::lodged(1).commit(1)).expect(WORKS);
    let tenant = sample::tenant("sample");
    let made: Vec<(u64, bool)> = std::thread::scope(|threads| {
        let make = || {
            let number = until_done(|| store.take_heads());
            let previous = Some(Digest::of(&[b"the same"]));
            let checkpoint = Checkpoint::over(&Heads::new(), &tenant, number, sample::at(0), previous);
            (number, until_done(|| store.keep_checkpoint(&checkpoint)))
        };
        let makers: Vec<_> = (0..8).map(|_| threads.spawn(make)).collect();
        makers.into_iter().map(|maker| maker.join().expect("no maker panics")).collect()
    });
    assert_eq!(made.iter().map(|(number, _)| number).collect::<HashSet<_>>().len(), 8);
    assert_eq!(made.iter().filter(|(_, kept)| *kept).count(), 1);
    let (last, _) = made.iter().max().expect("there are eight");
    assert_eq!(store.heads(*last, None, 10).expect(WORKS), [head(&Sample::lodged(1))]);
}
