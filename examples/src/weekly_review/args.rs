//! What the program is asked.

use chrono::{NaiveDate, TimeDelta};
use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::{ArgGroup, Parser};
use grievance_core::render::language::Language;
use grievance_core::vocabulary::AgeRule;
use std::path::PathBuf;

/// The weekly statement of a grievance office, from its case records.
///
/// Writes the weekly pack (mis.html, mis.xlsx, mis.csv, mis-words.csv, edition.json), the agenda of the review meeting
/// (agenda.json), what cases come from (causes.json), the statement of the day (mis.json, statement.html,
/// published.json) and rejects.csv into a directory and prints a summary. The editions of the office and of every one
/// below it are kept (editions/OFFICE/DAY.json and .html), and what has changed of the one before is told
/// (restatement.json).
#[derive(Debug, Parser)]
#[command(version, group(ArgGroup::new("source").required(true).args(["cases", "synthetic"])))]
pub(crate) struct Args {
    /// Case records of another system: CSV, or CSV packed with gzip
    #[arg(long, value_name = "FILE", requires = "columns")]
    pub(crate) cases: Option<PathBuf>,
    /// Column map: which column says what (TOML)
    #[arg(long, value_name = "MAP", requires = "cases")]
    pub(crate) columns: Option<PathBuf>,
    /// Rulebook: a file (TOML or JSON) or a preset's name; a database that has one keeps it
    #[arg(long, value_name = "FILE|PRESET")]
    pub(crate) rulebook: Option<String>,
    /// Day of the statement: what happened before its first instant counts
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub(crate) as_of: NaiveDate,
    /// Database to keep the cases in; without it they are kept in memory and forgotten
    #[arg(long, value_name = "FILE")]
    pub(crate) db: Option<PathBuf>,
    /// What a day of age is
    #[arg(long, value_name = "RULE", default_value = "calendar", value_parser = age_rule())]
    pub(crate) age_rule: AgeRule,
    /// By how much a disposal may lie before its lodging and still count, as at lodging
    #[arg(long, value_name = "TIME", default_value = "2m", value_parser = tolerance)]
    pub(crate) skew_tolerance: TimeDelta,
    /// Language of the pack: en, bn or hi
    #[arg(long, value_name = "LANG", default_value = "en", value_parser = language)]
    pub(crate) language: Language,
    /// Agenda of the last review meeting (an agenda.json), with what it decided
    #[arg(long, value_name = "FILE", conflicts_with = "synthetic")]
    pub(crate) last_agenda: Option<PathBuf>,
    /// Where editions are kept, from week to week; `editions` in the directory of --out if absent
    #[arg(long, value_name = "DIR")]
    pub(crate) editions: Option<PathBuf>,
    /// Register of good practices (JSON)
    #[arg(long, value_name = "FILE", conflicts_with = "synthetic")]
    pub(crate) practices: Option<PathBuf>,
    /// Directory to write into; made if it is not there
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Instead of records: a generated office-year of so many cases
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) synthetic: Option<u32>,
    /// Seed of the generated year: the same seed makes the same cases
    #[arg(long, value_name = "S", default_value_t = 1, conflicts_with = "cases")]
    pub(crate) seed: u64,
}

fn age_rule() -> impl clap::builder::TypedValueParser<Value = AgeRule> {
    PossibleValuesParser::new(AgeRule::ALL.iter().map(|rule| rule.as_str()))
        .map(|word| word.parse().expect("only words of the list get here"))
}

fn language(text: &str) -> Result<Language, String> {
    Language::of(text).ok_or_else(|| "expected en, bn or hi".into())
}

fn day(text: &str) -> Result<NaiveDate, String> {
    grievance_core::kernel::time::read_date(text).ok_or_else(|| "expected a day such as 2026-04-01".into())
}

/// Reads `0s`, `90s`, `2m` or `1h`.
fn tolerance(text: &str) -> Result<TimeDelta, String> {
    let expected = || "expected seconds, minutes or hours: 0s, 90s, 2m or 1h".to_owned();
    let unit = text.chars().next_back().ok_or_else(expected)?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        _ => return Err(expected()),
    };
    let digits = &text[..text.len() - 1];
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(expected());
    }
    // A day at most: beyond it two dates are not askew but contradict each other.
    digits
        .parse::<i64>()
        .ok()
        .and_then(|count| count.checked_mul(seconds))
        .filter(|seconds| *seconds <= 86_400)
        .map(TimeDelta::seconds)
        .ok_or_else(|| "a tolerance of more than a day would hide errors".to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Args, tolerance};
    use chrono::TimeDelta;
    use clap::{CommandFactory as _, Parser as _};
    use grievance_core::vocabulary::AgeRule;

    fn parse(line: &str) -> Result<Args, clap::Error> {
        Args::try_parse_from(std::iter::once("weekly-review").chain(line.split_whitespace()))
    }

    #[test]
    fn the_definition_is_sound() {
        Args::command().debug_assert();
    }

    #[test]
    fn tolerances_are_read() {
        for (text, seconds) in [("0s", 0), ("90s", 90), ("2m", 120), ("1h", 3_600), ("24h", 86_400)] {
            assert_eq!(tolerance(text), Ok(TimeDelta::seconds(seconds)), "{text}");
        }
        for text in
            ["", "2", "m", "-2m", "+2m", "2 m", "1.5h", "2d", "25h", "99999999999999999999h", "२m", "2म"]
        {
            assert!(tolerance(text).is_err(), "{text}");
        }
    }

    #[test]
    fn records_need_a_map() {
        assert!(parse("--cases a.csv --as-of 2026-04-01 --out o").is_err());
        assert!(parse("--columns a.toml --as-of 2026-04-01 --out o").is_err());
        let args = parse("--cases a.csv --columns a.toml --as-of 2026-04-01 --out o").unwrap();
        assert_eq!((args.age_rule, args.skew_tolerance), (AgeRule::Calendar, TimeDelta::minutes(2)));
    }

    #[test]
    fn records_or_a_synthetic_year_and_not_both() {
        assert!(parse("--as-of 2026-04-01 --out o").is_err());
        assert!(parse("--synthetic 9 --cases a.csv --columns a.toml --as-of 2026-04-01 --out o").is_err());
        assert!(parse("--synthetic 0 --as-of 2026-04-01 --out o").is_err());
        let args = parse("--synthetic 9 --seed 4 --age-rule elapsed --as-of 2026-04-01 --out o").unwrap();
        assert_eq!((args.synthetic, args.seed, args.age_rule), (Some(9), 4, AgeRule::Elapsed));
        assert!(parse("--seed 4 --cases a.csv --columns a.toml --as-of 2026-04-01 --out o").is_err());
    }

    #[test]
    fn a_day_must_exist() {
        for day in ["2026-02-30", "2026-4-1", "today"] {
            assert!(parse(&format!("--synthetic 9 --as-of {day} --out o")).is_err(), "{day}");
        }
    }
}
