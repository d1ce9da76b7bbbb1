//! Replaying histories: from decoded events in memory, and beside it from their stored text.

use chrono::{DateTime, Utc};
use grievance_benches::life::{Step, city, city_life, ready, west_bengal, west_bengal_life};
use grievance_benches::timing::{alternate, say_rate, say_target, timed, title};
use grievance_core::desk::SeededMint;
use grievance_core::grievance::decide::decide;
use grievance_core::grievance::event::Recorded;
use grievance_core::grievance::moment::Moment;
use grievance_core::grievance::state::Grievance;
use grievance_core::grievance::wire;
use grievance_core::kernel::id::GrievanceId;
use grievance_core::kernel::number::RegistrationNumber;
use grievance_core::kernel::text::{Digest, Mint as _};
use grievance_core::rulebook::Rulebook;
use grievance_core::vocabulary::Phase;

/// How many histories of each preset, and how often all of them are replayed in a round.
const CASES: u64 = 1_000;
const TIMES: usize = 10;

fn histories(rulebook: &Rulebook, life: impl Fn(u64) -> Vec<Step>) -> Vec<Vec<Recorded>> {
    let mut mint = SeededMint::new(11);
    (0..CASES)
        .map(|seed| {
            let number = RegistrationNumber::read(&format!("CITY-2026-{seed:06}")).expect("printable");
            let id = GrievanceId::from_uuid(mint.uuid());
            let mut history: Vec<Recorded> = Vec::new();
            for step in ready(&life(seed), rulebook, seed) {
                let moment = Moment { number: Some(&number), ..Moment::new(step.now, &step.actor, rulebook) };
                let case = Grievance::replay(&history);
                for event in decide(case.as_ref(), &step.command, &moment).expect("the script is allowed") {
                    history.push(Recorded {
                        case: id,
                        version: history.len() as u64 + 1,
                        at: step.now,
                        actor: step.actor.clone(),
                        rulebook: rulebook.version(),
                        event,
                    });
                }
            }
            history
        })
        .collect()
}

/// An event as it lies in a store, with what is not text beside it.
struct Kept {
    case: GrievanceId,
    version: u64,
    at: DateTime<Utc>,
    rulebook: Digest,
    actor: String,
    body: String,
}

fn main() {
    title("replay", "Replay of histories; one thread");
    let mut all = histories(&west_bengal(), west_bengal_life);
    all.extend(histories(&city(), city_life));
    let events = TIMES * all.iter().map(Vec::len).sum::<usize>();
    let kept: Vec<Vec<Kept>> = all
        .iter()
        .map(|history| {
            let keep = |recorded: &Recorded| Kept {
                actor: wire::encode_actor(&recorded.actor),
                body: wire::encode(&recorded.event),
                case: recorded.case,
                version: recorded.version,
                at: recorded.at,
                rulebook: recorded.rulebook,
            };
            history.iter().map(keep).collect()
        })
        .collect();

    let from_memory = || {
        let mut versions = 0;
        for _ in 0..TIMES {
            for history in &all {
                let case = Grievance::replay(history).expect("a history begins a case");
                assert_eq!(case.phase(), Phase::Disposed);
                versions += usize::try_from(case.version).expect("a short history");
            }
        }
        versions
    };
    let from_text = || {
        let mut versions = 0;
        for _ in 0..TIMES {
            for history in &kept {
                let decoded: Vec<Recorded> = history
                    .iter()
                    .map(|kept| Recorded {
                        actor: wire::decode_actor(&kept.actor).expect("our own text"),
                        event: wire::decode(&kept.body).expect("our own text"),
                        case: kept.case,
                        version: kept.version,
                        at: kept.at,
                        rulebook: kept.rulebook,
                    })
                    .collect();
                let case = Grievance::replay(&decoded).expect("a history begins a case");
                assert_eq!(case.phase(), Phase::Disposed);
                versions += usize::try_from(case.version).expect("a short history");
            }
        }
        versions
    };
    let (memory, text) = alternate(
        events,
        |_| {
            let (took, versions) = timed(from_memory);
            assert_eq!(versions, events);
            took
        },
        |_| {
            let (took, versions) = timed(from_text);
            assert_eq!(versions, events);
            took
        },
    );
    say_rate("decoded, in memory", &memory, "events");
    let figure = format!("{:.0} ns an event", memory.median());
    say_target(&figure, "≥ 2 000 000 events/s from memory", memory.rate() >= 2e6);
    say_rate("decoded from stored text", &text, "events");
}
