//! What a desk remembers of cases makes no difference to what it answers.

use crate::desk_support::{TOWN, at, citizen, lodging, officer, request, tenant};
use chrono::{DateTime, TimeDelta, Utc};
use grievance_core::desk::{Desk, SeededMint};
use grievance_core::kernel::id::GrievanceId;
use grievance_core::rulebook::Rulebook;
use grievance_core::rulebook::access::Actor;
use grievance_core::store::Store;
use grievance_core::store::keys::KeyRing;
use grievance_core::store::memory::MemoryStore;
use proptest::prelude::*;
use std::sync::Arc;

/// The town, with so many days off more.
pub(crate) fn edition(holidays: u32) -> Rulebook {
    let mut text = TOWN.to_owned();
    for n in 1..=holidays {
        let day = n + 5;
        let holiday =
            format!("\n[[calendar.holiday]]\ncode = \"h{n}\"\nname = \"Off\"\ndate = \"2026-03-{day:02}\"\n");
        text += &holiday;
    }
    Rulebook::from_toml(&text).expect("a sound rulebook")
}

/// Desks of one office on one store, each with room for so many cases.
pub(crate) struct Office {
    desks: Vec<Desk>,
    cases: Vec<GrievanceId>,
    editions: u32,
}

impl Office {
    pub(crate) fn new(store: &Arc<dyn Store>, rooms: &[usize]) -> Self {
        let desks = (1..).zip(rooms).map(|(n, room)| {
            let mint = Box::new(SeededMint::new(n << 40));
            Desk::with_mint(Arc::clone(store), tenant(), KeyRing::for_tests(), mint).remembering(*room)
        });
        let office = Self { desks: desks.collect(), cases: Vec::new(), editions: 0 };
        office.desks[0].activate(edition(0), at("2020-01-01T00:00:00Z")).expect("it comes into force");
        office
    }

    /// One thing that somebody does at one of the desks, and all that came of it.
    pub(crate) fn does(&mut self, Move { desk, case, act, whose }: Move, now: DateTime<Utc>) -> String {
        let desk = &self.desks[desk % self.desks.len()];
        let staff = |(role, unit)| officer(role, unit);
        let staff = [("hod", "works"), ("cell_officer", "desk"), ("administrator", "desk")].map(staff);
        let who: Vec<_> = [citizen()].into_iter().chain(staff).collect();
        let who: &Actor = &who[whose % who.len()];
        let acting = desk.by(who, now);
        let known = (!self.cases.is_empty()).then(|| self.cases[case % self.cases.len()]);
        let (Some(case), true) = (known, act > 2) else {
            if act == 2 && known.is_some() {
                return format!("{:?}", desk.sweep(now, 100));
            }
            if act == 1 && known.is_some() {
                self.editions += 1;
                let activated = desk.activate(edition(self.editions.min(20)), now);
                return format!("{activated:?}, {:?}", desk.move_cases(&Desk::system(), now, None, 3));
            }
            let done = desk.by(&citizen(), now).lodge(lodging("pothole"));
            self.cases.extend(done.as_ref().map(|done| done.case));
            return format!("{done:?}");
        };
        let other = self.cases[(act + whose) % self.cases.len()];
        let asked = format!(r#"{{"action":"merge","into":"{other}","remarks":"The same."}}"#);
        let acts = [
            r#"{"action":"acknowledge"}"#,
            r#"{"action":"comment","text":"Looked at."}"#,
            r#"{"action":"assign","unit":"water"}"#,
            r#"{"action":"transfer","unit":"water","remarks":"It is a pipe."}"#,
            r#"{"action":"return","remarks":"Not ours."}"#,
            r#"{"action":"dispose","remarks":"r","reason":"policy_decision_awaited","evidence":{"reference":"1","review_date":"2026-03-20"}}"#,
            r#"{"action":"transfer","unit":"works","remarks":"No pipe."}"#,
            r#"{"action":"report_action","report":"Filled."}"#,
            r#"{"action":"dispose","remarks":"r","reason":"benefit_provided","evidence":{"date":"2026-03-02","reference":"1"}}"#,
            r#"{"action":"rescind","remarks":"Wrong file."}"#,
            r#"{"action":"reopen","remarks":"It is back."}"#,
            r#"{"action":"seek_information","question":"Where?"}"#,
            r#"{"action":"provide_information","information":"Here."}"#,
            r#"{"action":"split","units":["works","water"],"remarks":"Two offices."}"#,
            r#"{"action":"remind","remarks":"Please."}"#,
            r#"{"action":"withdraw","remarks":"It is gone."}"#,
            r#"{"action":"erase","because":"request"}"#,
            &asked,
        ];
        let act = acts[act % acts.len()];
        let offers =
            acting.options(case).map(|offers| offers.into_iter().map(|it| it.verdict).collect::<Vec<_>>());
        let done = acting.submit(Some(case), &request(act));
        format!("{act} on {case}: {offers:?}, {done:?}, {:?}", acting.progress(case))
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Move {
    desk: usize,
    case: usize,
    act: usize,
    whose: usize,
}

impl Move {
    /// Somebody lodges.
    pub(crate) const fn lodging() -> Self {
        Self { desk: 0, case: 0, act: 0, whose: 0 }
    }
}

pub(crate) fn moves() -> impl Strategy<Value = Vec<(Move, i64)>> {
    let one = (0..3_usize, 0..8_usize, 0..40_usize, 0..4_usize).prop_map(|(desk, case, act, whose)| Move {
        desk,
        case,
        act,
        whose,
    });
    prop::collection::vec((one, -1_i64..3_000), 1..120)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Three desks on one store, whose memories differ, are told the same, write the same and hash
    /// the same as three that remember nothing.
    #[test]
    fn desks_answer_the_same_however_much_they_remember(moves in moves()) {
        let stores: [Arc<dyn Store>; 2] = [
            MemoryStore::default().tenant(&tenant()),
            MemoryStore::default().tenant(&tenant()),
        ];
        let mut remembering = Office::new(&stores[0], &[2_048, 4, 0]);
        let mut forgetful = Office::new(&stores[1], &[0, 0, 0]);
        let mut now = at("2026-03-02T04:00:00Z");
        for (one, minutes) in moves {
            now += TimeDelta::minutes(minutes);
            let (told, expected) = (remembering.does(one, now), forgetful.does(one, now));
            prop_assert_eq!(told, expected);
        }
        let pages = |store: &Arc<dyn Store>| store.folios(None, usize::MAX).expect("the store works");
        prop_assert_eq!(pages(&stores[0]), pages(&stores[1]));
    }
}

/// A history that was put back to an earlier state and went on in another way is read anew.
#[cfg(feature = "sqlite")]
#[test]
fn a_history_that_was_put_back_is_read_anew() {
    use grievance_core::SqliteStore;
    use grievance_core::sql::sqlite::rusqlite::{Connection, params};

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cases.sqlite");
    let store: Arc<dyn Store> = SqliteStore::open(&path).unwrap().tenant(&tenant());
    let office = Office::new(&store, &[100, 0]);
    let (desk, colleague) = (&office.desks[0], &office.desks[1]);
    let (works, now) = (officer("hod", "works"), at("2026-03-02T04:00:00Z"));
    let said = |text: &str| request(&format!(r#"{{"action":"comment","text":"{text}"}}"#));
    let case = desk.by(&citizen(), now).lodge(lodging("pothole")).unwrap().case;
    let kept =
        desk.by(&works, now).submit(Some(case), &request(r#"{"action":"acknowledge"}"#)).unwrap().version;
    for text in ["One.", "Two."] {
        desk.by(&works, now).submit(Some(case), &said(text)).unwrap();
    }
    desk.by(&works, now).options(case).unwrap();

    let host = Connection::open(&path).unwrap();
    let kept_row = kept.cast_signed();
    host.execute("DELETE FROM event WHERE case_id = ? AND version > ?", params![case.as_bytes(), kept_row])
        .unwrap();
    host.execute("UPDATE grievance SET version = ? WHERE case_id = ?", params![kept_row, case.as_bytes()])
        .unwrap();
    let later = now + TimeDelta::hours(1);
    for text in ["Another one.", "Another two.", "Another three."] {
        colleague.by(&works, later).submit(Some(case), &said(text)).unwrap();
    }
    let gone = request(r#"{"action":"withdraw","remarks":"It is gone."}"#);
    colleague.by(&citizen(), later).submit(Some(case), &gone).unwrap();

    assert_eq!(desk.by(&works, later).options(case), colleague.by(&works, later).options(case));
    let refused = desk.by(&citizen(), later).submit(Some(case), &gone);
    assert!(refused.is_err(), "it is withdrawn: {refused:?}");
    let version = desk.store().version(case).unwrap().unwrap();
    let noted = desk.by(&works, later).submit(Some(case), &said("Read."));
    assert!(noted.is_err() || noted.unwrap().version > version);
    let verified = desk.verify(case).unwrap();
    assert_eq!(verified.found, None);
}
