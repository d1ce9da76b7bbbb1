//! Reach, fields and seals: whether they name what is there, and whether somebody is left to act.

use crate::kernel::code::UnitCode;
use crate::rulebook::access::is_group;
use crate::rulebook::directory::Directory;
use crate::rulebook::document::{NamedEntry, Reaches};
use crate::rulebook::finding::{Findings, Lint, Severity};
use crate::rulebook::hint::{did_you_mean, shown};
use crate::rulebook::lint::survey::Survey;
use crate::vocabulary::{Field, Reach};

pub(super) fn lint(survey: &Survey<'_>, findings: &mut Findings) {
    roles(survey, findings);
    jurisdictions(survey, findings);
    seals(survey, findings);
}

fn roles(survey: &Survey<'_>, findings: &mut Findings) {
    let with_places = survey.document.unit.iter().any(|unit| !unit.place.is_empty());
    for (n, role) in survey.document.role.iter().enumerate() {
        if let Some(Reaches(reach)) = &role.reach {
            let path = format!("role[{n}].reach");
            if reach.is_empty() {
                findings.error(Lint::RoleWithoutReach, &*path, "the list is empty: the role reaches nothing");
            }
            for (at, one) in reach.iter().enumerate().filter(|(at, one)| reach[..*at].contains(one)) {
                findings.warning(
                    Lint::RoleWithoutReach,
                    format!("{path}[{at}]"),
                    format!("{one} is named twice"),
                );
            }
            if reach.contains(&Reach::Places) && !with_places {
                let message = "no unit has a `place`: nothing is reached by it";
                findings.warning(Lint::RoleWithoutReach, &*path, message);
            }
        }
        for key in role.sees.keys() {
            if !is_group(key) && key.parse::<Field>().is_err() {
                let fields = Field::ALL.iter().map(|field| field.as_str()).chain(["identity", "texts"]);
                let (path, message) = (format!("role[{n}].sees"), format!("no field {}", shown(key)));
                findings.add(Severity::Error, Lint::Undefined, path, message, did_you_mean(key, fields));
            }
        }
    }
}

fn jurisdictions(survey: &Survey<'_>, findings: &mut Findings) {
    for (n, unit) in survey.document.unit.iter().enumerate() {
        for (at, place) in unit.place.iter().enumerate() {
            if survey.places.at(place).is_none() {
                let (message, hint) = survey.dangling(&survey.places, place);
                let path = format!("unit[{n}].place[{at}]");
                findings.add(Severity::Error, Lint::Undefined, path, message, hint);
            }
        }
    }
}

fn seals(survey: &Survey<'_>, findings: &mut Findings) {
    let document = survey.document;
    if document.category.iter().all(|category| category.sealed.is_empty()) {
        return;
    }
    let directory = Directory::new(&document.unit, &document.cell);
    for (n, category) in document.category.iter().enumerate().filter(|(_, it)| !it.sealed.is_empty()) {
        let path = format!("category[{n}].sealed");
        let mut sound = true;
        for (at, named) in category.sealed.iter().enumerate() {
            sound &= one_named(survey, named, &format!("{path}[{at}]"), findings);
        }
        if !sound {
            continue;
        }
        if !category.sealed.iter().any(|named| can_work(survey, named)) {
            let message = "nobody who may know of its cases takes a step of an office";
            findings.error(Lint::SealedWithoutKeeper, &*path, message);
        }
        if let Some(directory) = &directory
            && let Some(unit) = accused_alone(directory, &category.sealed)
        {
            let message = format!(
                "a complaint about {} could be handled by nobody: name a post that is not below it, too",
                shown(&unit)
            );
            findings.error(Lint::SealedWithoutKeeper, &*path, message);
        } else if let Some(directory) = &directory
            && let Some(unit) = kept_in_line(directory, &category.sealed)
        {
            let message = format!(
                "a complaint about {} would be kept in its own line: name a post outside of it, too",
                shown(&unit)
            );
            findings.warning(Lint::SealedInLine, &*path, message);
        }
    }
}

/// Whether an entry names what is there, and enough to know somebody by.
fn one_named(survey: &Survey<'_>, named: &NamedEntry, path: &str, findings: &mut Findings) -> bool {
    let NamedEntry { unit, post, role } = named;
    let mut sound = true;
    let lists = [(unit, &survey.units, "unit"), (post, &survey.posts, "post"), (role, &survey.roles, "role")];
    for (code, list, key) in lists {
        if let Some(code) = code.as_deref().filter(|code| list.at(code).is_none()) {
            let (message, hint) = survey.dangling(list, code);
            findings.add(Severity::Error, Lint::Undefined, format!("{path}.{key}"), message, hint);
            sound = false;
        }
    }
    let message = match (unit, post, role) {
        (_, Some(_), Some(_)) => "names a post and a role: one or the other",
        (_, None, None) => "names neither a post nor a role",
        (None, None, Some(_)) => "names a role without a unit: too many would know",
        _ => return sound,
    };
    findings.error(Lint::SealedWithoutKeeper, path, message);
    false
}

/// Whether whoever is named takes a step, in a role that reaches more than its own cases.
fn can_work(survey: &Survey<'_>, named: &NamedEntry) -> bool {
    let document = survey.document;
    let granted = || {
        let at = survey.posts.at(named.post.as_deref()?)?;
        Some(document.post[at].role.as_str())
    };
    let Some(role) = named.role.as_deref().or_else(granted) else { return false };
    let Some(entry) = survey.roles.at(role).map(|at| &document.role[at]) else { return false };
    let reaches = entry.reach.as_ref().is_some_and(|it| it.0.iter().any(|reach| *reach != Reach::OwnCases));
    reaches && document.workflow.step.iter().any(|step| step.role.iter().any(|own| own == role))
}

/// A named office below which every other named office stands: nobody could keep a complaint about
/// it.
fn accused_alone(directory: &Directory, named: &[NamedEntry]) -> Option<String> {
    let units: Option<Vec<UnitCode>> =
        named.iter().map(|it| UnitCode::new(it.unit.as_deref()?).ok()).collect();
    // A post that is named without an office is held outside any line, too.
    let units = units?;
    let apart = |unit: &UnitCode, other: &UnitCode| {
        unit != other && (!directory.oversees(unit, other) || directory.is_below(directory.cell(), unit))
    };
    let alone = units.iter().find(|unit| !units.iter().any(|other| apart(unit, other)));
    alone.map(ToString::to_string)
}

/// An office not above the cell that every named office stands above or below, by either line; a post
/// that is named without an office sits in the cell. The cell's own complaints are somebody's above it.
fn kept_in_line(directory: &Directory, named: &[NamedEntry]) -> Option<String> {
    let offices: Vec<UnitCode> = named
        .iter()
        .filter_map(|it| match it.unit.as_deref() {
            Some(unit) => UnitCode::new(unit).ok(),
            None => Some(directory.cell().clone()),
        })
        .collect();
    let cell = directory.cell();
    let accused =
        directory.iter().map(|unit| &unit.code).filter(|it| *it != cell && !directory.is_below(cell, it));
    let in_line = |unit: &UnitCode, other: &UnitCode| {
        directory.oversees(unit, other) || directory.oversees(other, unit)
    };
    let mut kept = accused.filter(|unit| offices.iter().all(|other| in_line(unit, other)));
    kept.next().map(ToString::to_string)
}
