//! Everything that is named must be there.

use crate::rulebook::finding::{Findings, Lint, Severity};
use crate::rulebook::hint::{one_of, shown};
use crate::rulebook::lint::survey::{Codes, Survey};
use crate::vocabulary::Action;

pub(super) fn lint(survey: &Survey<'_>, findings: &mut Findings) {
    let document = survey.document;
    let mut named = |codes: &Codes<'_>, code: Option<&String>, path: &dyn Fn() -> String| {
        let Some(code) = code.filter(|code| codes.at(code).is_none()) else { return };
        let (message, hint) = survey.dangling(codes, code);
        findings.add(Severity::Error, Lint::Undefined, path(), message, hint);
    };
    let given = |text: &'_ String| !text.is_empty();

    named(&survey.units, Some(&document.cell).filter(|cell| given(cell)), &|| "cell".to_owned());
    for (n, unit) in document.unit.iter().enumerate() {
        let at = |field: &str| format!("unit[{n}].{field}");
        named(&survey.unit_kinds, Some(&unit.kind).filter(|kind| given(kind)), &|| at("kind"));
        named(&survey.units, unit.parent.as_ref(), &|| at("parent"));
        named(&survey.units, unit.second_superior.as_ref(), &|| at("second_superior"));
        named(&survey.posts, unit.head.as_ref(), &|| at("head"));
        named(&survey.units, unit.appellate.as_ref(), &|| at("appellate"));
    }
    for (n, post) in document.post.iter().enumerate() {
        named(&survey.roles, Some(&post.role).filter(|role| given(role)), &|| format!("post[{n}].role"));
    }
    for (n, place) in document.place.iter().enumerate() {
        named(&survey.places, place.parent.as_ref(), &|| format!("place[{n}].parent"));
    }
    for (n, category) in document.category.iter().enumerate() {
        let at = |field: &str| format!("category[{n}].{field}");
        named(&survey.categories, category.parent.as_ref(), &|| at("parent"));
        named(&survey.units, category.unit.as_ref(), &|| at("unit"));
        named(&survey.priorities, category.priority.as_ref(), &|| at("priority"));
    }
    for (n, route) in document.route.iter().enumerate() {
        let at = |field: &str| format!("route[{n}].{field}");
        named(&survey.categories, route.category.as_ref(), &|| at("category"));
        named(&survey.places, route.place.as_ref(), &|| at("place"));
        named(&survey.units, Some(&route.unit), &|| at("unit"));
    }
    for (n, step) in document.workflow.step.iter().enumerate() {
        let at = |field: &str| format!("workflow.step[{n}].{field}");
        for (i, from) in step.from.iter().enumerate() {
            let stage = Some(from).filter(|from| !matches!(from.as_str(), "*" | "*open" | "*closed"));
            named(&survey.stages, stage, &|| at(&format!("from[{i}]")));
        }
        named(&survey.stages, step.to.as_ref(), &|| at("to"));
        for (i, role) in step.role.iter().enumerate() {
            named(&survey.roles, Some(role), &|| at(&format!("role[{i}]")));
        }
    }
    for (n, unit) in document.mapping.unit.iter().enumerate() {
        named(&survey.categories, unit.category.as_ref(), &|| format!("mapping.unit[{n}].category"));
        named(&survey.units, unit.to.as_ref(), &|| format!("mapping.unit[{n}].to"));
    }
    for (n, stage) in document.mapping.stage.iter().enumerate() {
        named(&survey.stages, Some(&stage.to), &|| format!("mapping.stage[{n}].to"));
    }
    for (n, reason) in document.mapping.reason.iter().enumerate() {
        named(&survey.reasons, Some(&reason.to), &|| format!("mapping.reason[{n}].to"));
    }
    actions(survey, findings);
}

fn actions(survey: &Survey<'_>, findings: &mut Findings) {
    for (n, step) in survey.document.workflow.step.iter().enumerate() {
        if step.action.parse::<Action>().is_err() {
            let words: Vec<&str> = Action::ALL.iter().map(|action| action.as_str()).collect();
            let path = format!("workflow.step[{n}].action");
            let message = format!("no action {}", shown(&step.action));
            findings.add(Severity::Error, Lint::Undefined, path, message, one_of(&step.action, &words));
        }
    }
}
