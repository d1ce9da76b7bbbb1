//! `weekly-review`: the weekly statement of a grievance office, from its case records.
//!
//! Imports the records of another system (or generates a synthetic office-year), reads every
//! history back from the store, prints a summary and writes the weekly pack (`mis.html`, `mis.xlsx`,
//! `mis.csv`, `mis-words.csv`, `edition.json`), the agenda of the review meeting (`agenda.json`), what cases come from
//! (`causes.json`), the statement of the day (`mis.json`, `statement.html`, `published.json`) and
//! `rejects.csv`. The editions of the office and of every one below it are kept, and the one before is held against what
//! is known today (`restatement.json`).

mod args;
mod editions;
mod keys;
mod output;
mod review;
mod source;
mod summary;
mod synthetic;

use crate::args::Args;
use clap::Parser as _;
use std::io::Write as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args = Args::parse();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            // Nobody is left to be told when standard error is closed, too.
            let _ = writeln!(std::io::stderr(), "weekly-review: {problem}");
            ExitCode::FAILURE
        }
    }
}

/// What went wrong, as a sentence for the person at the terminal.
type Problem = Box<dyn std::error::Error>;

fn run(args: &Args) -> Result<(), Problem> {
    // Before the long work, so that a wrong directory costs no wait.
    output::prepare(&args.out)?;
    let mut office = source::open(args)?;
    let review = review::review(&mut office, args)?;
    output::write(&args.out, &review, &office, args.language)?;
    let text = summary::text(&review, &office, &args.out);
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        // `weekly-review … | head` has read enough; the files are written.
        Err(closed) if closed.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}
