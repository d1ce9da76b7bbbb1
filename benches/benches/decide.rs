//! Pure `decide` and `evolve`: whole lives, command by command, with nothing stored.

use grievance_benches::life::{Ready, city, city_life, ready, west_bengal, west_bengal_life};
use grievance_benches::timing::{alternate, say_rate, say_target, timed, title};
use grievance_core::desk::SeededMint;
use grievance_core::grievance::decide::decide;
use grievance_core::grievance::event::Recorded;
use grievance_core::grievance::moment::Moment;
use grievance_core::grievance::state::Grievance;
use grievance_core::kernel::id::GrievanceId;
use grievance_core::kernel::number::RegistrationNumber;
use grievance_core::kernel::text::Mint as _;
use grievance_core::rulebook::Rulebook;
use grievance_core::vocabulary::Phase;
use std::time::Duration;

/// How many different cases there are, and how often all of them are lived in a round.
const CASES: u64 = 1_000;
const TIMES: usize = 10;

struct Stage {
    rulebook: Rulebook,
    lives: Vec<(GrievanceId, RegistrationNumber, Vec<Ready>)>,
    commands: usize,
    events: usize,
}

impl Stage {
    fn new(rulebook: Rulebook, life: impl Fn(u64) -> Vec<grievance_benches::life::Step>) -> Self {
        let mut mint = SeededMint::new(7);
        let lives: Vec<_> = (0..CASES)
            .map(|seed| {
                let number = RegistrationNumber::read(&format!("CITY-2026-{seed:06}")).expect("printable");
                let steps = ready(&life(seed), &rulebook, seed);
                (GrievanceId::from_uuid(mint.uuid()), number, steps)
            })
            .collect();
        let commands = TIMES * lives.iter().map(|(.., steps)| steps.len()).sum::<usize>();
        let mut stage = Self { rulebook, lives, commands, events: 0 };
        stage.events = stage.play();
        stage
    }

    /// Lives every life as often as a round has it, and counts the events.
    fn play(&self) -> usize {
        let mut events = 0;
        for _ in 0..TIMES {
            for (id, number, steps) in &self.lives {
                events += self.live(*id, number, steps);
            }
        }
        events
    }

    fn live(&self, id: GrievanceId, number: &RegistrationNumber, steps: &[Ready]) -> usize {
        let (mut case, mut version) = (None::<Grievance>, 0);
        for Ready { actor, now, command } in steps {
            let moment = Moment { number: Some(number), ..Moment::new(*now, actor, &self.rulebook) };
            let events = decide(case.as_ref(), command, &moment).expect("the script is allowed");
            for event in events {
                version += 1;
                let next = Recorded {
                    case: id,
                    version,
                    at: *now,
                    actor: actor.clone(),
                    rulebook: self.rulebook.version(),
                    event,
                };
                match &mut case {
                    Some(case) => case.evolve(&next),
                    None => case = Grievance::begin(&next),
                }
            }
        }
        let case = case.expect("a life begins with a lodging");
        assert_eq!(case.phase(), Phase::Disposed);
        assert_eq!(case.version, version);
        usize::try_from(version).expect("a short history")
    }

    fn round(&self) -> Duration {
        let (took, events) = timed(|| self.play());
        assert_eq!(events, self.events, "every round does the same");
        took
    }
}

fn main() {
    title("decide", "Pure decide + evolve, whole lives, commands read beforehand; one thread");
    let state = Stage::new(west_bengal(), west_bengal_life);
    let town = Stage::new(city(), city_life);
    // Both scripts are timed in turn; the rates are per command of their own.
    let (of_state, of_town) = alternate(1, |_| state.round(), |_| town.round());
    for (name, sample, stage) in [("west-bengal", of_state, &state), ("city-311", of_town, &town)] {
        let sample = sample.per(stage.commands);
        say_rate(name, &sample, "commands");
        let figure = format!("{name}: {:.0} ns a command", sample.median());
        say_target(&figure, "≥ 1 000 000 commands/s", sample.rate() >= 1e6);
    }
}
