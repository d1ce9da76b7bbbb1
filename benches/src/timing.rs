//! Two sides timed in turn in one process, and what is printed of it.

use std::time::{Duration, Instant};

/// How many timed rounds a bench has, unless `BENCH_ROUNDS` says otherwise.
const ROUNDS: usize = 15;

/// How many timed rounds a bench has.
pub fn rounds() -> usize {
    std::env::var("BENCH_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(ROUNDS).max(1)
}

/// What one side took in each round, per unit of work.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Nanoseconds per unit, rising.
    nanos: Vec<f64>,
}

impl Sample {
    /// The middle round, in nanoseconds per unit.
    pub fn median(&self) -> f64 {
        let (low, high) = ((self.nanos.len() - 1) / 2, self.nanos.len() / 2);
        f64::midpoint(self.nanos[low], self.nanos[high])
    }

    fn best(&self) -> f64 {
        self.nanos[0]
    }

    fn worst(&self) -> f64 {
        self.nanos[self.nanos.len() - 1]
    }

    /// The same sample where each of its units is `units` smaller ones.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a round has less than 2^53 units")]
    pub fn per(&self, units: usize) -> Self {
        Self { nanos: self.nanos.iter().map(|nanos| nanos / units as f64).collect() }
    }

    /// Units per second in the middle round.
    pub fn rate(&self) -> f64 {
        1e9 / self.median()
    }
}

/// Runs both sides once untimed, then in turn, each beginning every other round. A side is given
/// the round's number (0 is the untimed one) and says what its part of the round took, so that
/// preparing and checking stay out of it.
///
/// `units` is how many units of work a side does in a round.
pub fn alternate(
    units: usize,
    mut ours: impl FnMut(usize) -> Duration,
    mut theirs: impl FnMut(usize) -> Duration,
) -> (Sample, Sample) {
    ours(0);
    theirs(0);
    let (mut one, mut other) = (Vec::new(), Vec::new());
    for round in 1..=rounds() {
        if round % 2 == 1 {
            one.push(ours(round));
            other.push(theirs(round));
        } else {
            other.push(theirs(round));
            one.push(ours(round));
        }
    }
    (sample(&one, units), sample(&other, units))
}

#[expect(clippy::cast_precision_loss, reason = "a round takes less than 2^53 nanoseconds")]
fn sample(rounds: &[Duration], units: usize) -> Sample {
    let mut nanos: Vec<f64> = rounds.iter().map(|took| took.as_nanos() as f64 / units as f64).collect();
    nanos.sort_by(f64::total_cmp);
    Sample { nanos }
}

/// How long something takes, and what it gives.
pub fn timed<T>(act: impl FnOnce() -> T) -> (Duration, T) {
    let began = Instant::now();
    let given = std::hint::black_box(act());
    (began.elapsed(), given)
}

/// Prints what a bench is, on which machine, and how to run it again.
pub fn title(bench: &str, what: &str) {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let machine = std::fs::read_to_string("/proc/cpuinfo")
        .ok()
        .and_then(|text| {
            let line = text.lines().find(|line| line.starts_with("model name"))?;
            Some(line.split_once(':')?.1.trim().to_owned())
        })
        .unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    say(&format!(
        "\n{what}\n  cargo bench -p grievance-benches --bench {bench}   ({machine}, {cores} cores)"
    ));
}

/// Prints a line.
#[expect(clippy::print_stdout, reason = "the figures are what a bench is for")]
pub fn say(line: &str) {
    println!("{line}");
}

/// Prints a side as a rate: the middle round, and the slowest and fastest one.
pub fn say_rate(side: &str, sample: &Sample, unit: &str) {
    let (slow, fast) = (1e9 / sample.worst(), 1e9 / sample.best());
    say(&format!(
        "  {side:<28}{:>12} {unit}/s   ({} – {})",
        grouped(sample.rate()),
        grouped(slow),
        grouped(fast)
    ));
}

/// Prints a side as a time: the middle round, and the fastest and slowest one.
pub fn say_time(side: &str, sample: &Sample) {
    let (median, best, worst) = (sample.median() / 1e3, sample.best() / 1e3, sample.worst() / 1e3);
    say(&format!("  {side:<28}{median:>12.1} µs   ({best:.1} – {worst:.1})"));
}

/// Prints a target, and whether the figure reaches it.
pub fn say_target(figure: &str, target: &str, reached: bool) {
    say(&format!("  {figure}; target {target}: {}", if reached { "reached" } else { "NOT reached" }));
}

/// A whole number with its thousands set apart.
fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}
