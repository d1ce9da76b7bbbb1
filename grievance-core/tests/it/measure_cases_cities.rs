//! The table of cases against the figures that another program computed of three cities' records.

use crate::measure_histories::data;
use crate::measure_oracle::{BALTIMORE, BOSTON, City, Line, NEW_YORK, Row, nearest_rank};
use chrono::{DateTime, NaiveDateTime, Utc};
use grievance_core::measure::cases::period::Period;
use grievance_core::measure::cases::row::{CaseRow, Ending, RowFault};
use grievance_core::measure::cases::table::Cases;
use grievance_core::measure::cases::tally::{Part, Tally};
use grievance_core::measure::duration::{Durations, Share};
use grievance_core::measure::mis::Terms;
use grievance_core::measure::pendency::PendencyBands;
use grievance_core::vocabulary::{AgeRule, Phase};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

const DAY_MILLIS: i64 = 86_400_000;

const END: &str = "2100-01-01";

/// A figure of another program, or an object of such figures.
struct Told<'a> {
    value: &'a Value,
    place: String,
    /// The places of all that were held to ours.
    held: &'a RefCell<BTreeSet<String>>,
}

impl Told<'_> {
    fn of(&self, key: &str) -> Self {
        Self { value: &self.value[key], place: format!("{}/{key}", self.place), held: self.held }
    }

    /// It is what we say.
    fn is(&self, ours: impl Into<Value>) {
        assert_eq!(&ours.into(), self.value, "{}", self.place);
        self.held.borrow_mut().insert(self.place.clone());
    }

    fn keys(&self) -> impl Iterator<Item = &String> {
        self.value.as_object().unwrap_or_else(|| panic!("{}", self.place)).keys()
    }

    /// The places of all figures in it.
    fn leaves(&self) -> Vec<String> {
        match self.value.as_object() {
            None => vec![self.place.clone()],
            Some(own) => own.keys().flat_map(|key| self.of(key).leaves()).collect(),
        }
    }
}

/// A table of a city's rows, grouped by a column: as its subject, since a subject may be blank.
fn table(rows: &[Row], column: usize) -> Cases {
    let until: DateTime<Utc> = "2100-01-01T00:00:00Z".parse().unwrap();
    let rows = rows.iter().map(|row| CaseRow {
        category: Some(row.groups[column].as_str()).filter(|code| !code.is_empty()),
        ended: row.disposed.map(|at| (at, Ending::Disposed(None))),
        due_at: row.due,
        ..CaseRow::new(row.lodged, "city")
    });
    let read = Cases::read(chrono_tz::UTC, until, rows);
    assert_eq!(read.rejected, []);
    read.cases
}

fn by_column(cases: &Cases, day: &str, rule: AgeRule) -> Part {
    cases.count(cases.category(), None, &Terms::new(day.parse().unwrap(), chrono_tz::UTC, rule)).unwrap()
}

/// The tally of a group by its name, of which a blank one is none.
fn named(part: &Part, name: &str) -> Option<Tally> {
    if name.is_empty() { Some(part.without().clone()) } else { part.groups().get(name).cloned() }
}

/// A number as the oracle prints it: to six decimals.
fn printed(number: f64) -> Value {
    json!(format!("{number:.6}").parse::<f64>().unwrap())
}

fn lengths_equal(took: &Durations, truth: &Told<'_>) {
    truth.of("n").is(took.count());
    if took.count() == 0 {
        assert_eq!((took.quantile_days(0.5), took.mean_days()), (None, None), "{}", truth.place);
        return;
    }
    let unit = if took.rule() == AgeRule::Elapsed { DAY_MILLIS } else { 1 };
    #[expect(clippy::cast_precision_loss, reason = "lengths of some years")]
    let days = |length: i64| printed(length as f64 / unit as f64);
    truth.of("median").is(printed(took.quantile_days(0.5).unwrap()));
    truth.of("p90_linear").is(printed(took.quantile_days(0.9).unwrap()));
    truth.of("p90_nearest_rank").is(days(nearest_rank(took, 0.9).unwrap()));
    truth.of("mean").is(printed(took.mean_days().unwrap()));
    truth.of("min").is(days(took.lengths().next().unwrap().0));
    truth.of("max").is(days(took.lengths().last().unwrap().0));
}

/// The completed days of lengths, as lengths of their own.
fn whole_days(took: &Durations) -> Durations {
    let mut lengths: BTreeMap<i64, u64> = BTreeMap::new();
    for (length, times) in took.lengths() {
        *lengths.entry(length.div_euclid(DAY_MILLIS)).or_default() += times;
    }
    serde_json::from_value(json!({ "rule": "calendar", "lengths": lengths })).unwrap()
}

/// The figures of one group as of a day: `edges` are the same cases in bands of single days.
fn tally_equals(tally: &Tally, edges: &Tally, truth: &Told<'_>) {
    let rule = tally.durations.rule();
    let by_calendar = truth.of("calendar");
    let (bands, days, within) = match rule {
        AgeRule::Calendar | AgeRule::Working => (&by_calendar, "calendar_days", "within_30_calendar"),
        AgeRule::Elapsed => (truth, "elapsed_days", "within_30_elapsed_floor"),
    };
    truth.of("opened_before").is(tally.received);
    truth.of("disposed_before").is(tally.disposed);
    bands.of("pending").is(tally.pending());
    for (band, key) in ["<7", "7-14", "15-30", ">30"].into_iter().enumerate() {
        bands.of("B").of(key).is(tally.bands[band]);
    }
    // Bands of single days from 6 to 31, then sums of them: the other cut points of the oracle.
    for day in [6_usize, 7, 8, 14, 15, 16, 29, 30, 31] {
        bands.of("edges").of(&day.to_string()).is(edges.bands[day - 5]);
    }
    for (key, days) in [("<7", 0..=1), ("7-15", 2..=10), ("16-30", 11..=25), (">30", 26..=27)] {
        bands.of("A").of(key).is(edges.bands[days].iter().sum::<u64>());
    }
    let disposal = truth.of("disposal");
    lengths_equal(&tally.durations, &disposal.of(days));
    disposal.of(within).is(json!(tally.durations.within(30).value()));
}

/// The figures of one group when all is over.
fn end_equals(tally: &Tally, truth: &Told<'_>) {
    truth.of("rows").is(tally.received);
    truth.of("disposed").is(tally.disposed);
    truth.of("disposal_rate").is(json!(tally.disposal_ratio().value()));
    let took = &tally.durations;
    if took.rule() == AgeRule::Calendar {
        return lengths_equal(took, &truth.of("calendar_days"));
    }
    lengths_equal(took, &truth.of("elapsed_days"));
    lengths_equal(&whole_days(took), &truth.of("whole_days"));
    truth.of("within_30_whole_days").is(json!(took.within(30).value()));
    // The library's limits are whole days; to the instant it is read off the lengths that it keeps.
    let count = took.lengths().filter(|(length, _)| *length <= 30 * DAY_MILLIS).map(|(_, times)| times).sum();
    truth.of("within_30_elapsed").is(json!(Share { count, out_of: took.count() }.value()));
}

/// Counts by group, at the end and as of days.
fn groups_equal(cases: &Cases, truth: &Told<'_>, group: &str) {
    let days = PendencyBands::new((6..=32).collect::<Vec<u32>>()).unwrap();
    let (all, by) = (truth.of("all"), truth.of("by").of(group));
    for rule in [AgeRule::Calendar, AgeRule::Elapsed] {
        for as_of in all.of("as_of").keys() {
            let terms = Terms::new(as_of.parse().unwrap(), chrono_tz::UTC, rule);
            let count = |terms: &Terms| cases.count(cases.category(), None, terms).unwrap();
            let part = count(&terms);
            let edges = count(&terms.clone().with_bands(days.clone()));
            tally_equals(&part.total(), &edges.total(), &all.of("as_of").of(as_of));
            let nothing = |terms: Terms| Part::new(&terms).without().clone();
            let (none, no_edges) = (nothing(terms.clone()), nothing(terms.with_bands(days.clone())));
            let mut seen = 0;
            for name in by.keys() {
                let tally = named(&part, name).unwrap_or_else(|| none.clone());
                let edges = named(&edges, name).unwrap_or_else(|| no_edges.clone());
                seen += tally.received;
                tally_equals(&tally, &edges, &by.of(name).of("as_of").of(as_of));
            }
            assert_eq!(seen, part.total().received, "{group} {as_of}");
        }
        let part = by_column(cases, END, rule);
        end_equals(&part.total(), &all);
        for name in by.keys() {
            end_equals(&named(&part, name).unwrap(), &by.of(name));
        }
    }
}

/// How many have each value of a column.
fn values_equal(part: &Part, truth: &Told<'_>) {
    for name in truth.keys() {
        truth.of(name).is(named(part, name).map_or(0, |tally| tally.received));
    }
    let ours = part.groups().len() + usize::from(part.without().received > 0);
    assert_eq!(ours, truth.keys().count(), "{}", truth.place);
}

/// How the cases stand to their due dates.
fn targets_equal(tally: Option<&Tally>, truth: &Told<'_>) {
    let figures = |tally: &Tally| {
        let open = tally.pending() - tally.no_target;
        let late = tally.disposed_with_target - tally.disposed_on_time;
        [open + tally.disposed_with_target, tally.disposed_on_time, late, tally.overdue, open - tally.overdue]
    };
    let figures = tally.map_or([0; 5], figures);
    for (key, ours) in
        ["with_target", "met", "closed_late", "open_overdue", "open_within"].iter().zip(figures)
    {
        truth.of(key).is(ours);
    }
}

/// What is wrong with rows of the file: they are all read, as they stand in it.
fn rejects_equal(city: &City, lines: &[Line], rejected: u64, truth: &Told<'_>) {
    let until: DateTime<Utc> = "2100-01-01T00:00:00Z".parse().unwrap();
    let open = || {
        lines.iter().filter_map(|line| {
            let row = CaseRow::new(line.lodged?.and_utc(), "city");
            Some((line, CaseRow { due_at: line.due.map(|at| at.and_utc()), ..row }))
        })
    };
    let closed = open().map(|(line, row)| {
        let ended = line.disposed.map(|at| (at.and_utc(), Ending::Disposed(None)));
        CaseRow { ended, ..row }
    });
    let read = Cases::read(chrono_tz::UTC, until, closed);
    assert!(read.rejected.iter().all(|row| row.fault == RowFault::BeforeReceived), "{}", truth.place);
    let (reversed, bad) = (read.rejected.len(), lines.len() - open().count());
    truth.of("rows").is(lines.len());
    truth.of("bad_open").is(bad);
    truth.of("closed_before_opened").is(reversed);
    let again = rejected - u64::try_from(reversed + bad).unwrap();
    let received = |column: &str| {
        let place = city.grouped().position(|name| name == column).unwrap();
        let rows = open().map(|(line, row)| CaseRow {
            category: Some(line.groups[place].as_str()).filter(|code| !code.is_empty()),
            ..row
        });
        by_column(&Cases::read(chrono_tz::UTC, until, rows).cases, END, AgeRule::Calendar)
    };
    let told = |column: &str, wrong: fn(Option<NaiveDateTime>, Result<bool, RowFault>) -> bool| {
        let place = city.grouped().position(|name| name == column).unwrap();
        let wrong = lines.iter().filter(|line| {
            let closed = line.groups[place].starts_with("Closed");
            let phase = if closed { Phase::Disposed } else { Phase::InProgress };
            let at = line.disposed;
            wrong(at, Ending::told(Some(phase), at, None).map(|ended| ended.is_some()))
        });
        wrong.count()
    };
    let without_date = |column| told(column, |_, ended| ended == Err(RowFault::Missing));
    match city.folder {
        "boston311" => {
            truth.of("duplicate_id").is(again);
            truth.of("no_target").is(received("Source").total().no_target);
            truth.of("no_source").is(received("Source").without().received);
            truth.of("closed_status_without_date").is(without_date("CASE_STATUS"));
        }
        "baltimore311" => {
            truth.of("duplicate_id").is(again);
            truth.of("no_due").is(received("Agency").total().no_target);
            truth.of("closed_status_without_date").is(without_date("SRStatus"));
            let with_date = told("SRStatus", |at, ended| at.is_some() && ended == Ok(false));
            truth.of("open_status_with_date").is(with_date);
        }
        _ => {
            truth.of("duplicate_id_later_rows").is(again);
            truth.of("blank_borough").is(received("borough").without().received);
            let types = received("complaint_type");
            truth.of("blank_complaint_type").is(types.without().received);
            let junk = ["@getxlate.Udf_Code_Genera", "Please choose an issue..."];
            let junk = junk.iter().filter_map(|name| named(&types, name)).map(|tally| tally.received);
            truth.of("junk_complaint_type").is(junk.sum::<u64>());
        }
    }
}

/// Boston's targets: of days, and beside the city's own word for each case.
fn boston_has(truth: &Told<'_>, table: impl Fn(&str) -> Cases) {
    let (department, flag) = (table("Department"), table("OnTime_Status"));
    let sla = truth.of("sla");
    for day in sla.keys() {
        let part = by_column(&department, day, AgeRule::Calendar);
        targets_equal(Some(&part.total()), &sla.of(day).of("all"));
        let by = sla.of(day).of("by_department");
        by.keys().for_each(|name| targets_equal(named(&part, name).as_ref(), &by.of(name)));
    }
    let part = by_column(&flag, END, AgeRule::Calendar);
    let flags = truth.of("source_OnTime_flag_vs_dates");
    for name in flags.keys() {
        let tally = named(&part, if name == "(blank)" { "" } else { name }).unwrap();
        let open = tally.pending() - tally.no_target;
        flags.of(name).of("closed_by_target").is(tally.disposed_on_time);
        flags.of(name).of("closed_after_target").is(tally.disposed_with_target - tally.disposed_on_time);
        flags.of(name).of("open").is(open);
        flags.of(name).of("no_target").is(tally.received - tally.disposed_with_target - open);
    }
}

/// Baltimore's targets, and the city's own count of days, by which the cases are grouped.
fn baltimore_has(truth: &Told<'_>, table: impl Fn(&str) -> Cases) {
    let days = table("DaysOpen");
    let [calendar, elapsed] = [AgeRule::Calendar, AgeRule::Elapsed].map(|rule| by_column(&days, END, rule));
    let (closed, total) = (truth.of("sla_closed"), calendar.total());
    closed.of("with_due").is(total.disposed_with_target);
    closed.of("met").is(total.disposed_on_time);
    closed.of("late").is(total.disposed_with_target - total.disposed_on_time);
    let equal = |part: &Part| -> u64 {
        let groups = part.groups().iter().map(|(days, tally)| {
            let said: i64 = days.strip_suffix(".0").unwrap_or(days).parse().unwrap();
            let unit = if tally.durations.rule() == AgeRule::Elapsed { DAY_MILLIS } else { 1 };
            let same = tally.durations.lengths().filter(|(length, _)| length.div_euclid(unit) == said);
            same.map(|(_, times)| times).sum::<u64>()
        });
        groups.sum()
    };
    let compared = truth.of("DaysOpen_column_vs_floor_elapsed");
    compared.of("n").is(calendar.groups().values().map(|tally| tally.received).sum::<u64>());
    compared.of("equal_calendar").is(equal(&calendar));
    compared.of("equal_floor").is(equal(&elapsed));
}

/// Every figure of the city's file is what the library says, but those that are named here, with the reason: a key that
/// is new in the file is neither, and fails.
fn equals_the_oracle(city: &City, not_here: &[(&str, &str)]) {
    let Some(data) = data() else { return };
    let (value, held) = (city.truth(&data), RefCell::default());
    let truth = Told { value: &value, place: city.folder.to_owned(), held: &held };
    let lines = city.lines(&data);
    let (rows, rejected) = City::valid(&lines, chrono_tz::UTC);
    let place = |name: &str| city.grouped().position(|column| column == name).unwrap();
    for group in truth.of("by").keys() {
        groups_equal(&table(&rows, place(group)), &truth, group);
    }
    for column in truth.of("counts").keys() {
        let part = by_column(&table(&rows, place(column)), END, AgeRule::Calendar);
        values_equal(&part, &truth.of("counts").of(column));
    }
    rejects_equal(city, &lines, rejected, &truth.of("rejects"));
    match city.folder {
        "boston311" => boston_has(&truth, |column| table(&rows, place(column))),
        "baltimore311" => baltimore_has(&truth, |column| table(&rows, place(column))),
        _ => {}
    }
    let held = held.borrow();
    let left: Vec<String> = truth.leaves().into_iter().filter(|place| !held.contains(place)).collect();
    let is_named = |place: &String, name: &str| {
        place
            .strip_prefix(&format!("{}/{name}", city.folder))
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    for place in &left {
        assert!(not_here.iter().any(|(name, _)| is_named(place, name)), "{place} is held to nothing");
    }
    for (name, _) in not_here {
        assert!(left.iter().any(|place| is_named(place, name)), "{name} is named for nothing");
    }
}

const WORDS: (&str, &str) = ("conventions", "says how the others were computed");

#[test]
fn boston_in_columns_equals_the_oracle() {
    let seconds = "a rejected row is told with its fault, and nothing of what was in it: not by how much";
    equals_the_oracle(&BOSTON, &[WORDS, ("rejects/closed_before_opened_max_seconds", seconds)]);
}

#[test]
fn baltimore_in_columns_equals_the_oracle() {
    let formats = "which form a city's numbers have is nothing that the library judges";
    equals_the_oracle(&BALTIMORE, &[WORDS, ("rejects/id_in_two_formats", formats)]);
}

#[test]
fn new_york_in_columns_equals_the_oracle() {
    let days = "held to ours by measure_workdays::new_yorks_business_days_equal_numpys";
    let days = [
        "mon_fri_all",
        "mon_fri_opened_2019_on",
        "sum_with_wb_holidays",
        "with_wb_holidays_opened_2019_on",
        "with_wb_holidays_six_day_opened_2019_on",
    ]
    .map(|key| (format!("business_days/{key}"), days));
    let mut not_here: Vec<(&str, &str)> = days.iter().map(|(key, why)| (key.as_str(), *why)).collect();
    not_here.extend([
        WORDS,
        ("business_days/definition", "says how the others were computed"),
        (LEDGER, "held to ours by new_yorks_ledger_equals_the_oracle"),
        (
            "rejects/duplicate_rows_fully_identical",
            "a number that was seen is refused, whatever else is in its row",
        ),
    ]);
    equals_the_oracle(&NEW_YORK, &not_here);
}

const LEDGER: &str = "monthly_ledger[month,brought_forward,receipts,disposals,pending]";

/// Nine years of New York, month by month: what was brought forward, came in, went out, was left.
#[test]
fn new_yorks_ledger_equals_the_oracle() {
    let Some(data) = data() else { return };
    let truth = NEW_YORK.truth(&data);
    let (rows, _) = NEW_YORK.rows(&data, chrono_tz::UTC);
    let movements = table(&rows, 0).movements(Period::Month, None).unwrap();
    let ledger = movements.ledger("2015-01-01".parse().unwrap(), "2023-12-31".parse().unwrap());
    let ours: Vec<Value> = ledger
        .iter()
        .map(|line| {
            let month = line.start.format("%Y-%m").to_string();
            json!([month, line.brought_forward, line.moved.received, line.moved.disposed, line.pending])
        })
        .collect();
    assert_eq!(ours.len(), 108);
    // What was disposed after the last month is in no line.
    assert_eq!(json!(ours), truth[LEDGER]);
}
