//! The round of second looks: drawn from the closings since the last round, more where something points.

use crate::desk_support::{at, desks, lodge, officer, person, take, tenant};
use grievance_core::Rulebook;
use grievance_core::desk::{Desk, SecondLook};
use grievance_core::kernel::id::GrievanceId;
use grievance_core::kernel::text::Digest;
use grievance_core::rulebook::access::Actor;
use grievance_core::store::agenda::Job;
use grievance_core::store::keys::{Key, KeyRing};
use grievance_core::store::memory::MemoryStore;
use grievance_core::vocabulary::{JobKind, Suspicion};
use std::collections::BTreeSet;

const TOWN: &str = r#"
extends = "city-311"
name = "Test town"
zone = "Asia/Kolkata"
[[schedule]]
code = "second-looks"
name = "Second looks"
kind = "verification_sample"
day = 5
at = "10:00"
[verification]
percent = 10
suspicious_percent = 100
[suspicion]
same_remarks = 3
"#;

fn closed(desk: &Desk, by: &Actor, now: &str, remarks: &str) -> GrievanceId {
    let case = lodge(desk, "pothole", "2026-02-02T05:00:00Z").case;
    let dispose = format!(
        r#"{{"action":"dispose","remarks":"{remarks}","reason":"benefit_provided","evidence":{{"date":"2026-02-10","reference":"1"}}}}"#
    );
    take(desk, by, now, case, &dispose);
    case
}

/// Two officers close ten cases each in a month: one in words of their own, one in the same three times.
fn month(desk: &Desk) -> (Vec<GrievanceId>, Vec<GrievanceId>) {
    let [plain, pasting] = [901, 902].map(|n| Actor { person: person(n), ..officer("hod", "works") });
    let own =
        (0..10).map(|n| closed(desk, &plain, "2026-03-10T06:00:00Z", &format!("Street {n} is patched.")));
    let own = own.collect();
    let pasted = ["Done.", " done. ", "DONE.", "Patched."];
    let words = (0..10).map(|n| pasted.get(n).map_or_else(|| format!("Patch {n}."), ToString::to_string));
    (own, words.map(|words| closed(desk, &pasting, "2026-03-11T06:00:00Z", &words)).collect())
}

/// Sweeps until the job of April has come round.
fn job(desk: &Desk) -> Job {
    let mut came = Vec::new();
    for now in ["2026-02-28T00:00:00Z", "2026-04-06T12:00:00Z"] {
        came.extend(desk.sweep(at(now), 1_000).expect("the store works").jobs);
    }
    came.retain(|job| job.kind == JobKind::VerificationSample);
    came.pop().expect("it comes every month")
}

fn drawn(round: &SecondLook) -> BTreeSet<GrievanceId> {
    round.sample.drawn.iter().map(|drawn| drawn.case).collect()
}

#[test]
fn a_round_draws_from_its_own_closings_and_more_where_something_points() {
    for (name, desk) in desks() {
        desk.activate(Rulebook::from_toml(TOWN).unwrap(), at("2026-01-01T00:00:00Z")).unwrap();
        let before = closed(&desk, &officer("hod", "works"), "2026-02-20T06:00:00Z", "Done.");
        let (own, pasted) = month(&desk);
        let after = closed(&desk, &officer("hod", "works"), "2026-04-06T11:00:00Z", "Done.");
        let job = job(&desk);
        let now = at("2026-04-06T12:00:00Z");
        let seed = |n: u8| Digest::of(&[b"seed", &[n]]);
        let look = |who: &Actor, n| desk.by(who, now).second_look(&job, seed(n)).expect("the store works");

        let auditor = officer("auditor", "desk");
        let round = look(&auditor, 1);
        assert_eq!((round.disposals, round.until), (20, job.due_at), "{name}");
        assert_eq!(round.since, Some(at("2026-03-05T04:30:00Z")), "{name}: the round before");
        assert_eq!(round.suspected.len(), 1, "{name}: {:?}", round.suspected);
        let [suspected] = &round.suspected[..] else { unreachable!("it was counted") };
        assert_eq!((suspected.what, suspected.count, suspected.out_of), (Suspicion::SameRemarks, 3, 10));
        assert_eq!(suspected.officer, Some(person(902)), "{name}: blanks and case are set aside");
        assert_eq!(suspected.cases.iter().collect::<BTreeSet<_>>(), pasted[..3].iter().collect());

        let cases = drawn(&round);
        assert!(pasted.iter().all(|case| cases.contains(case)), "{name}: all of the suspicious stratum");
        assert_eq!(
            own.iter().filter(|case| cases.contains(case)).count(),
            1,
            "{name}: one in ten of the other"
        );
        assert!(!cases.contains(&before) && !cases.contains(&after), "{name}: not of another round");

        assert_eq!(look(&auditor, 1), round, "{name}: the same seed draws the same");
        let others: BTreeSet<_> = (0..20).flat_map(|n| drawn(&look(&auditor, n))).collect();
        assert!(others.len() > cases.len(), "{name}: another seed draws others");
        let nobody = look(&officer("hod", "water"), 1);
        assert_eq!((nobody.disposals, nobody.sample.drawn.len()), (0, 0), "{name}: only what the actor sees");

        for case in &cases {
            let verify = r#"{"action":"verify","finding":"confirmed","remarks":"Looked at."}"#;
            take(&desk, &auditor, "2026-04-07T06:00:00Z", *case, verify);
        }
    }
}

/// A remark that is gone is compared with none; without a schedule of the job's, all closings count.
#[test]
fn words_that_are_gone_point_at_nothing() {
    for (name, desk) in desks() {
        desk.activate(Rulebook::from_toml(TOWN).unwrap(), at("2026-01-01T00:00:00Z")).unwrap();
        let (_, pasted) = month(&desk);
        let erase = r#"{"action":"erase","because":"request"}"#;
        take(&desk, &officer("administrator", "desk"), "2026-03-12T06:00:00Z", pasted[0], erase);
        let job = Job { schedule: "no-such-schedule".parse().unwrap(), ..job(&desk) };
        let now = at("2026-04-06T12:00:00Z");
        let round = desk.by(&Desk::system(), now).second_look(&job, Digest::of(&[b"x"])).unwrap();
        assert_eq!((round.since, round.disposals, round.suspected.len()), (None, 20, 0), "{name}");
    }
}

/// Remarks under a key that the desk does not have are counted, compared with none, and stop nothing.
#[test]
fn words_that_do_not_open_stop_nothing() {
    let store = MemoryStore::default().tenant(&tenant());
    let desk = Desk::open(store.clone(), tenant(), KeyRing::for_tests());
    desk.activate(Rulebook::from_toml(TOWN).unwrap(), at("2026-01-01T00:00:00Z")).unwrap();
    month(&desk);
    let job = job(&desk);
    let key = Key::new("another", b"another secret of at least 32 bytes").unwrap();
    let other = Desk::open(store, tenant(), KeyRing::new(key, Vec::new()).unwrap());
    let now = at("2026-04-06T12:00:00Z");
    let look = |desk: &Desk| desk.by(&Desk::system(), now).second_look(&job, Digest::of(&[b"x"])).unwrap();
    let (reads, cannot) = (look(&desk), look(&other));
    assert_eq!((reads.unread, reads.suspected.len()), (0, 1));
    assert_eq!((cannot.unread, cannot.suspected.len(), cannot.disposals), (20, 0, 20));
    assert!(!cannot.sample.drawn.is_empty());
}

/// The time before is the one from which the next is this one, on every day of two years.
#[test]
fn the_round_before_is_the_one_that_leads_here() {
    let rulebook = Rulebook::from_toml("extends = \"west-bengal\"").unwrap();
    let calendar = rulebook.calendar(rulebook.directory().cell(), None);
    assert!(rulebook.schedules().len() > 3);
    for schedule in rulebook.schedules() {
        for day in 0..730 {
            let before = at("2026-01-01T04:00:00Z") + chrono::TimeDelta::hours(24 * day + day % 24);
            let last = schedule.last_before(calendar, before).expect("it comes");
            assert!(last < before);
            let next = schedule.next_after(calendar, last).expect("it comes again");
            assert!(next >= before, "{}: {last}, {next} before {before}", schedule.code);
        }
    }
}
