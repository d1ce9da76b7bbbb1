//! One law for every measure that is counted in parts: shards, sent as text and merged in any order, are the whole.

use crate::measure_cases::sent;
use crate::measure_laws::{history, rule};
use crate::measure_pack::office_year;
use chrono::{DateTime, Utc};
use grievance_core::grievance::event::Recorded;
use grievance_core::kernel::id::GrievanceId;
use grievance_core::kernel::text::Digest;
use grievance_core::measure::answer::Answer;
use grievance_core::measure::as_of::fact_as_of;
use grievance_core::measure::cases::period::{Movements, Period};
use grievance_core::measure::cases::survival::Survival;
use grievance_core::measure::cases::table::Cases;
use grievance_core::measure::cases::tally::{DoesNotFit, NoPart, Part};
use grievance_core::measure::cutoff::Cutoff;
use grievance_core::measure::flows::{Flows, Reckoning};
use grievance_core::measure::gpr::BoardPart;
use grievance_core::measure::mis::{MisPart, Terms};
use grievance_core::measure::pack::{PackPart, Weeks};
use grievance_core::measure::quality::{Closings, Disposal};
use grievance_core::measure::question::{Dimension, Question};
use grievance_core::measure::stay::Stays;
use grievance_core::rulebook::Rulebook;
use grievance_core::store::survey::Survey;
use grievance_core::vocabulary::AgeRule;
use proptest::prelude::*;
use serde::Serialize;

const ZONE: chrono_tz::Tz = chrono_tz::Asia::Kolkata;

fn terms(rule: AgeRule) -> Terms {
    Terms::new("2026-03-17".parse().unwrap(), ZONE, rule)
}

/// A rulebook in which changes of procedures are known.
fn rulebook() -> Rulebook {
    let changes = r#"
        extends = "west-bengal"
        [[process_change]]
        code = "a-form"
        name = "A form"
        state = "implemented"
        implemented_on = "2026-02-10"
        [[process_change]]
        code = "b-crew"
        name = "A crew"
        state = "accepted"
    "#;
    Rulebook::from_toml(changes).unwrap()
}

/// A measure whose parts add up.
trait Merges: Sized + PartialEq + std::fmt::Debug + Serialize {
    fn count(histories: &[&Vec<Recorded>], terms: &Terms) -> Self;
    /// As another process gets it.
    fn sent(&self, terms: &Terms) -> Self;
    fn take(&mut self, other: &Self);
}

fn table(histories: &[&Vec<Recorded>], terms: &Terms) -> Cases {
    let facts = histories.iter().filter_map(|history| fact_as_of(history, terms.at()));
    Cases::read_facts(ZONE, DateTime::<Utc>::MAX_UTC, facts).cases
}

macro_rules! merges {
    ($($part:ty: |$histories:ident, $terms:ident| $count:expr;)+) => { $(
        impl Merges for $part {
            fn count($histories: &[&Vec<Recorded>], $terms: &Terms) -> Self { $count }
            fn sent(&self, _: &Terms) -> Self { sent(self) }
            fn take(&mut self, other: &Self) { self.merge(other).unwrap(); }
        }
    )+ };
}

merges! {
    Part: |histories, terms| {
        let cases = table(histories, terms);
        cases.count(cases.unit(), None, terms).unwrap()
    };
    Movements: |histories, terms| table(histories, terms).movements(Period::Month, None).unwrap();
    Survival: |histories, terms| table(histories, terms).survival(None, terms).unwrap();
    Answer: |histories, terms| {
        let question = Question::new(terms.clone(), Dimension::Category);
        table(histories, terms).answer(&question).unwrap()
    };
    Survey: |histories, terms| {
        let facts = histories.iter().filter_map(|history| fact_as_of(history, terms.at()));
        Survey::of(facts, &Question::new(terms.clone(), Dimension::Unit), DateTime::<Utc>::MAX_UTC)
    };
    Flows: |histories, _terms| {
        let five = Cutoff::at(chrono::NaiveTime::from_hms_opt(17, 0, 0).unwrap());
        let mut flows = Flows::new(Reckoning::new(Period::Week(chrono::Weekday::Fri), ZONE).cut_at(five));
        for history in histories {
            flows.add_history(history);
        }
        flows
    };
    Closings: |histories, terms| {
        // Other remarks are told apart by their length alone: enough to be the same in every shard.
        let said = |disposal: &Disposal| Some(Digest::of(&[&[disposal.remarks?.digest.as_bytes()[0]]]));
        let mut closings = Closings::new(None, terms.at());
        for history in histories {
            closings.add_history(history, &said);
        }
        closings
    };
    BoardPart: |histories, terms| {
        let facts: Vec<_> = histories.iter().filter_map(|history| fact_as_of(history, terms.at())).collect();
        BoardPart::of(&facts, &rulebook(), "2026-03-17".parse().unwrap(), 30)
    };
    Stays: |histories, terms| {
        let mut stays = Stays::new(terms);
        for history in histories {
            stays.add_history(history, terms).unwrap();
        }
        stays
    };
}

impl Merges for MisPart {
    fn count(histories: &[&Vec<Recorded>], terms: &Terms) -> Self {
        let mut part = Self::new(terms.clone());
        for history in histories {
            part.add_history(history);
        }
        part
    }

    fn sent(&self, terms: &Terms) -> Self {
        Self::read(&serde_json::to_string(self).unwrap(), terms.clone()).unwrap()
    }

    fn take(&mut self, other: &Self) {
        self.merge(other).unwrap();
    }
}

impl Merges for PackPart {
    fn count(histories: &[&Vec<Recorded>], terms: &Terms) -> Self {
        let mut part = Self::new(Weeks::to(terms.clone()));
        for history in histories {
            part.add_history(history);
        }
        part
    }

    fn sent(&self, terms: &Terms) -> Self {
        Self::read(&serde_json::to_string(self).unwrap(), Weeks::to(terms.clone())).unwrap()
    }

    fn take(&mut self, other: &Self) {
        self.merge(other).unwrap();
    }
}

/// The parts of shards, sent and merged in an order, are the whole bit for bit.
fn adds_up<P: Merges>(shards: &[Vec<&Vec<Recorded>>], terms: &Terms) {
    let all: Vec<&Vec<Recorded>> = shards.iter().flatten().copied().collect();
    let whole = P::count(&all, terms);
    let mut merged = P::count(&[], terms).sent(terms);
    for shard in shards {
        merged.take(&P::count(shard, terms).sent(terms));
        merged = merged.sent(terms);
    }
    assert_eq!(merged, whole);
    assert_eq!(serde_json::to_string(&merged).unwrap(), serde_json::to_string(&whole).unwrap());
}

fn all_add_up(shards: &[Vec<&Vec<Recorded>>], terms: &Terms) {
    adds_up::<Part>(shards, terms);
    adds_up::<Movements>(shards, terms);
    adds_up::<Survival>(shards, terms);
    adds_up::<Answer>(shards, terms);
    adds_up::<Survey>(shards, terms);
    adds_up::<Flows>(shards, terms);
    adds_up::<Closings>(shards, terms);
    adds_up::<BoardPart>(shards, terms);
    adds_up::<Stays>(shards, terms);
    adds_up::<MisPart>(shards, terms);
    adds_up::<PackPart>(shards, terms);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// 1, 2, 7 and 64 shards of imported cases, in any order.
    #[test]
    fn parts_of_shards_are_the_whole(
        rule in rule(),
        mut histories in prop::collection::vec((history(), any::<prop::sample::Index>()), 0..40),
        count in prop::sample::select(vec![1_usize, 2, 7, 64]),
        order in Just((0..64_usize).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        for (n, (history, _)) in (1..).zip(&mut histories) {
            let case = GrievanceId::from_uuid(uuid::Uuid::from_u128(n));
            for recorded in history {
                recorded.case = case;
            }
        }
        let shards: Vec<Vec<&Vec<Recorded>>> = order
            .into_iter()
            .filter(|shard| *shard < count)
            .map(|shard| {
                let own = histories.iter().filter(|(_, of)| of.index(count) == shard);
                own.map(|(history, _)| history).collect()
            })
            .collect();
        all_add_up(&shards, &terms(rule));
    }
}

/// So do those of a year that was decided, with clocks, levels and second thoughts.
#[test]
fn parts_of_a_decided_year_are_the_whole() {
    let (_, year) = office_year();
    for (count, rule) in
        [(1, AgeRule::Calendar), (2, AgeRule::Elapsed), (7, AgeRule::Calendar), (64, AgeRule::Calendar)]
    {
        let terms = Terms::new("2004-12-27".parse().unwrap(), ZONE, rule);
        // Not in the order of time, and not of equal size.
        let mut shards: Vec<Vec<&Vec<Recorded>>> = vec![Vec::new(); count];
        for (n, history) in year.iter().enumerate() {
            shards[(n * n + n / 3) % count].push(history);
        }
        shards.rotate_left(count / 3);
        all_add_up(&shards, &terms);
    }
}

/// A stored part of a statement or a pack that cannot be is refused, and so is what is too much together.
#[test]
fn forged_parts_are_refused() {
    let (_, year) = office_year();
    let terms = |day: &str| Terms::new(day.parse().unwrap(), ZONE, AgeRule::Calendar);
    let year: Vec<&Vec<Recorded>> = year.iter().take(40).collect();
    let day = "2004-06-28";
    let mis = serde_json::to_string(&MisPart::count(&year, &terms(day))).unwrap();
    let pack = serde_json::to_string(&PackPart::count(&year, &terms(day))).unwrap();
    let read_mis = |text: &str| MisPart::read(text, terms(day)).map(|_| ());
    let read_pack = |text: &str| PackPart::read(text, Weeks::to(terms(day))).map(|_| ());
    assert_eq!((read_mis(&mis), read_pack(&pack)), (Ok(()), Ok(())));
    let other = terms("2004-06-29");
    assert_eq!(MisPart::read(&mis, other.clone()).map(|_| ()), Err(NoPart::Terms));
    assert_eq!(PackPart::read(&pack, Weeks::to(other)).map(|_| ()), Err(NoPart::Terms));
    for (text, read) in [(&mis, &read_mis as &dyn Fn(&str) -> Result<(), NoPart>), (&pack, &read_pack)] {
        assert_eq!(read(&text[1..]), Err(NoPart::Unreadable));
        assert_eq!(read(&text.replacen('{', "{\"more\":1,", 1)), Err(NoPart::Unreadable));
        assert_eq!(read(&text.replace("Asia/Kolkata", "Asia/Dhaka")), Err(NoPart::Terms));
    }
    let swapped = |text: &str, from: &str, to: &str| {
        assert!(text.contains(from), "{from} in {text}");
        text.replacen(from, to, 1)
    };
    assert_eq!(read_mis(&swapped(&mis, "\"bands\":[", "\"bands\":[0,")), Err(NoPart::Malformed));
    assert_eq!(read_mis(&swapped(&mis, "\"difference\":0", "\"difference\":1")), Err(NoPart::Malformed));
    let most = format!("\"rejected\":{}", u64::MAX);
    assert_eq!(read_mis(&swapped(&mis, "\"rejected\":0", &most)), Err(NoPart::TooMany));
    assert_eq!(read_pack(&swapped(&pack, "\"counts\":[", "\"counts\":[0,")), Err(NoPart::Malformed));
    let more = format!("\"counts\":[{},", u64::MAX);
    let forged = swapped(&pack, "\"counts\":[0,", &more);
    assert_eq!(read_pack(&forged), Err(NoPart::TooMany));

    let half = format!("\"rejected\":{}", 1_u64 << 55);
    let mut large = MisPart::read(&swapped(&mis, "\"rejected\":0", &half), terms(day)).unwrap();
    let before = large.clone();
    assert_eq!(large.merge(&before), Err(DoesNotFit::TooMany));
    assert_eq!(large, before);
    let half = format!("\"counts\":[{},", 1_u64 << 55);
    let mut large = PackPart::read(&swapped(&pack, "\"counts\":[0,", &half), Weeks::to(terms(day))).unwrap();
    assert_eq!(large.merge(&large.clone()), Err(DoesNotFit::TooMany));
    let answer = serde_json::to_string(&Answer::count(&year, &terms(day))).unwrap();
    let read = |text: &str| serde_json::from_str::<Answer>(text).map_err(|problem| problem.to_string());
    let forged = swapped(&answer, "\"bands\":[", "\"bands\":[0,");
    assert!(read(&forged).unwrap_err().contains("not what it says"));
    let half = format!("\"breached\":{}", 1_u64 << 55);
    let place = answer.rfind("\"breached\":").unwrap();
    let end = place + answer[place..].find([',', '}']).unwrap();
    let mut large = read(&format!("{}{half}{}", &answer[..place], &answer[end..])).unwrap();
    assert_eq!(large.merge(&large.clone()), Err(DoesNotFit::TooMany));
}
