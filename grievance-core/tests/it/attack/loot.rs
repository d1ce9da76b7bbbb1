//! What there is to be found out, and how it came there.

use crate::attack::{actor, at, command};
use chrono::TimeDelta;
use grievance_core::desk::Desk;
use grievance_core::grievance::request::Request;
use grievance_core::kernel::id::{CommandId, GrievanceId, PersonId};
use grievance_core::kernel::mobile::Mobile;
use grievance_core::rulebook::access::Actor;

/// What there is to be found out.
#[derive(Default)]
pub(super) struct Loot {
    pub(super) cases: Vec<GrievanceId>,
    pub(super) sealed: Vec<GrievanceId>,
    pub(super) numbers: Vec<String>,
    /// One of each number, in the same order.
    pub(super) receipts: Vec<String>,
    pub(super) persons: Vec<PersonId>,
    pub(super) codes: Vec<String>,
    pub(super) mobiles: Vec<Mobile>,
    pub(super) commands: Vec<CommandId>,
}

fn submit(
    desk: &Desk,
    who: &Actor,
    case: Option<GrievanceId>,
    json: &str,
    n: u128,
) -> grievance_core::desk::Done {
    let request = Request::from_json(json).expect("well formed");
    let answer = desk.by(who, at() - TimeDelta::days(5)).command(command(n)).submit(case, &request);
    answer.unwrap_or_else(|problem| panic!("{json}: {problem}"))
}

/// Cases of a line that the attackers are no part of: held by Nadia and its land office.
pub(super) fn fill(desk: &Desk) -> Loot {
    let mut loot = Loot::default();
    let cell = actor(2, "cell_officer", Some("cmo-cell"), Some("cell_officer"));
    let magistrate = actor(3, "hod", Some("nadia"), Some("district_magistrate"));
    let mut commands = 0;
    for nth in 0..16_u128 {
        let citizen = actor(10 + nth, "complainant", None, None);
        let mobile = format!("98300{nth:05}");
        let who = if nth % 4 == 3 {
            r#""anonymous":true"#.to_owned()
        } else {
            format!(r#""name":"Nobody","mobile":"{mobile}""#)
        };
        let category = if nth % 5 == 4 { "vigilance" } else { "mutation" };
        let lodge = format!(
            r#"{{"action":"lodge","narrative":"CANARY {nth}","category":"{category}","place":"nadia",{who}}}"#
        );
        loot.commands.push(command(commands + 1));
        let mut next = || {
            commands += 1;
            commands
        };
        let done = submit(desk, &citizen, None, &lodge, next());
        loot.numbers.extend(done.number.as_ref().map(ToString::to_string));
        loot.receipts.extend(done.receipt.as_ref().map(ToString::to_string));
        loot.persons.push(citizen.person);
        loot.codes.extend(done.tracking_code.iter().map(|code| code.as_str().to_owned()));
        if nth % 4 != 3 {
            loot.mobiles.push(Mobile::parse(&mobile).expect("a mobile"));
        }
        if category == "vigilance" {
            loot.sealed.push(done.case);
        } else {
            submit(
                desk,
                &cell,
                Some(done.case),
                r#"{"action":"assign","unit":"nadia","post":"district_magistrate"}"#,
                next(),
            );
            if nth % 2 == 0 {
                let forward = r#"{"action":"forward","unit":"nadia-land","remarks":"CANARY"}"#;
                submit(desk, &magistrate, Some(done.case), forward, next());
            }
            loot.cases.push(done.case);
        }
    }
    loot
}
