//! How cases went, as sheets: rates, closures, trends.

use crate::measure::answer::sheet::{Cells, NotAsked, Sheet};
use crate::measure::cases::casebook::Casebook;
use crate::measure::cases::sheets::{Asked, Group, groups, within};
use crate::measure::cases::tally::Tally;
use crate::measure::cases::trend::{FEWEST_WEEKS, MOST_WEEKS, Trend};
use crate::measure::duration::Share;
use crate::vocabulary::{CaseField, DisposalClass, FeedbackOutcome};
use chrono::NaiveDate;
use serde_json::json;

/// A row of the closures: group, of what, word, how many.
type Closed<'a> = (&'a Group<'a>, &'static str, Option<String>, u64);

impl Casebook {
    /// How often cases came back, moved, were late and satisfied: a group a row, as in [`pendency`](Self::pendency).
    ///
    /// Columns: the name of the grouping, `received`, `disposed`; of the received, how many were at least once `reopened`,
    /// `appealed`, `escalated`, `transferred` and `breached` (missed a target), and each as a share with `_share` behind it;
    /// of the disposed of which it is known by when they were due, `on_time`, `on_time_of` and `on_time_share`; of the
    /// disposed with a class, `benefit`, `benefit_of` and `benefit_share`; of the disposed, the complainant's word
    /// (`said_<word>`, each word of [`FeedbackOutcome`]), and the mean of their ratings (`ratings`, `rating_mean`). Shares
    /// have six decimals; a share of nothing is absent, and so is what the data has no column for.
    ///
    /// # Errors
    ///
    /// As of [`pendency`](Self::pendency).
    pub fn rates(&self, asked: &Asked<'_>) -> Result<Sheet, NotAsked> {
        let part = self.part(asked, 1)?;
        let groups = groups(&part);
        let counts = |each: fn(&Tally) -> u64| Cells::counts(&groups, move |(_, tally)| Some(each(tally)));
        let shares =
            |each: fn(&Tally) -> Share| Cells::numbers(&groups, move |(_, tally)| each(tally).value());
        let on_time =
            |tally: &Tally| Share { count: tally.disposed_on_time, out_of: tally.disposed_with_target };
        // A field that the data does not have is unknown: none of its cases was said not to be reopened.
        let often = |field: CaseField, each: fn(&Tally) -> u64| {
            let tells = self.tells(field);
            let count = move |(_, tally): &Group<'_>| tells.then(|| each(tally));
            let share =
                move |(_, tally): &Group<'_>| tally.of_received(each(tally)).value().filter(|_| tells);
            (Cells::counts(&groups, count), Cells::numbers(&groups, share))
        };
        let mut sheet = Sheet::new(json!({ "as_of": asked.as_of, "by": asked.by }))
            .with(asked.by.to_owned(), Cells::texts(&groups, |(name, _)| name.clone()))
            .with("received", counts(|tally| tally.received))
            .with("disposed", counts(|tally| tally.disposed))
            .pair("reopened", often(CaseField::Reopened, |tally| tally.reopened))
            .pair("appealed", often(CaseField::Appealed, |tally| tally.appealed))
            .pair("escalated", often(CaseField::Escalated, |tally| tally.escalated))
            .pair("transferred", often(CaseField::Transferred, |tally| tally.transferred))
            .pair("breached", often(CaseField::Breached, |tally| tally.breached))
            .with("on_time", counts(|tally| tally.disposed_on_time))
            .with("on_time_of", counts(|tally| tally.disposed_with_target))
            .with("on_time_share", shares(on_time))
            .with("benefit", counts(|tally| tally.benefit_ratio().count))
            .with("benefit_of", counts(|tally| tally.benefit_ratio().out_of))
            .with("benefit_share", shares(Tally::benefit_ratio));
        for outcome in FeedbackOutcome::ALL {
            let tells = self.tells(CaseField::Feedback);
            let said =
                |(_, tally): &Group<'_>| tells.then(|| tally.outcomes.get(outcome).copied().unwrap_or(0));
            sheet = sheet.with(format!("said_{}", outcome.as_str()), Cells::counts(&groups, said));
        }
        let mean = |(_, tally): &Group<'_>| {
            let (sum, out_of) = tally.rating();
            Share { count: sum, out_of }.value()
        };
        sheet
            .with("ratings", counts(|tally| tally.rating().1))
            .with("rating_mean", Cells::numbers(&groups, mean))
            .distinct()
    }

    /// With which reasons cases were disposed of, and what that did for the complainants: of each group first the classes in
    /// the order of their list, then the reasons in the order of their codes. What no case has has no row.
    ///
    /// Columns: the name of the grouping, `of` (`class` or `reason`), `word` (none for the disposed without one), `count`,
    /// `disposed`, `share`.
    ///
    /// # Errors
    ///
    /// As of [`pendency`](Self::pendency).
    pub fn closures(&self, asked: &Asked<'_>) -> Result<Sheet, NotAsked> {
        let part = self.part(asked, 1)?;
        let groups = groups(&part);
        let rows: Vec<Closed<'_>> = groups.iter().flat_map(closures_of).collect();
        let share =
            |(group, .., count): &Closed<'_>| Share { count: *count, out_of: group.1.disposed }.value();
        Sheet::new(json!({ "as_of": asked.as_of, "by": asked.by }))
            .with(asked.by.to_owned(), Cells::texts(&rows, |(group, ..)| group.0.clone()))
            .with("of", Cells::texts(&rows, |(_, of, ..)| Some((*of).to_owned())))
            .with("word", Cells::texts(&rows, |(_, _, word, _)| word.clone()))
            .with("count", Cells::counts(&rows, |(.., count)| Some(*count)))
            .with("disposed", Cells::counts(&rows, |(group, ..)| Some(group.1.disposed)))
            .with("share", Cells::numbers(&rows, share))
            .distinct()
    }

    /// Groups of which more or fewer cases came lately than chance brings, the least likely first
    /// ([`Weekly::trends`](crate::measure::cases::trend::Weekly::trends)): of so many weeks of seven days, of which the last
    /// ends with the day before `until`. Of these, weeks before the first receipt have no data and are not asked; how many were is
    /// in `about` (`known_weeks`).
    ///
    /// Columns: the name of the grouping, `kind` (a word of [`TrendKind`](crate::vocabulary::TrendKind)), `count`, `out_of`,
    /// `expected`, `chance`.
    ///
    /// # Errors
    ///
    /// [`NotAsked`] for a grouping that does not exist, at `weeks` for fewer than 4 or more than 260, at `at_most` unless it
    /// is from 0 to 1, and for a day at the end of the calendar.
    pub fn trends(&self, until: NaiveDate, by: &str, weeks: u32, at_most: f64) -> Result<Sheet, NotAsked> {
        let (until, column) = (within("until", until)?, self.by(by)?);
        if !(0.0..=1.0).contains(&at_most) {
            return Err(NotAsked::of("at_most", "a chance is from 0 to 1"));
        }
        let bounds = || NotAsked::of("weeks", format!("must be from {FEWEST_WEEKS} to {MOST_WEEKS}"));
        let many = usize::try_from(weeks).map_err(|_| bounds())?;
        let weekly = self.cases.weekly(column, None, until, many).map_err(|_| bounds())?.begun(self.begun());
        let trends = weekly.trends(at_most);
        let counts = |each: fn(&Trend) -> u64| Cells::counts(&trends, move |trend| Some(each(trend)));
        let known = weekly.known();
        Sheet::new(
            json!({ "until": until, "by": by, "weeks": weeks, "known_weeks": known, "at_most": at_most }),
        )
        .with(by.to_owned(), Cells::texts(&trends, |trend| Some(trend.code.to_string())))
        .with("kind", Cells::texts(&trends, |trend| Some(trend.kind.as_str().to_owned())))
        .with("count", counts(|trend| trend.count))
        .with("out_of", counts(|trend| trend.out_of))
        .with("expected", Cells::numbers(&trends, |trend| Some(trend.expected)))
        .with("chance", Cells::numbers(&trends, |trend| Some(trend.chance)))
        .distinct()
    }
}

fn closures_of<'a>(group: &'a Group<'a>) -> Vec<Closed<'a>> {
    let tally = group.1;
    let classes = DisposalClass::ALL.iter().filter_map(|class| {
        let count = *tally.classes.get(class)?;
        Some((group, "class", Some(class.as_str().to_owned()), count))
    });
    let reasons =
        tally.reasons.iter().map(|(reason, count)| (group, "reason", Some(reason.to_string()), *count));
    let without = |of: &'static str, with: u64| {
        let rest = tally.disposed.saturating_sub(with);
        (rest > 0).then_some((group, of, None, rest))
    };
    let no_class = without("class", tally.classes.values().sum());
    let no_reason = without("reason", tally.reasons.values().sum());
    classes.chain(no_class).chain(reasons).chain(no_reason).collect()
}
