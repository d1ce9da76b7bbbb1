//! The workflow walked through: where it starts, what it reaches, where it gets stuck.

use crate::rulebook::finding::{Findings, Lint};
use crate::rulebook::hint::shown;
use crate::rulebook::lint::survey::Survey;
use crate::vocabulary::{Action, Phase};

pub(super) fn lint(survey: &Survey<'_>, findings: &mut Findings) {
    let start = starts(survey, findings);
    let all = edges(survey, |_| true);
    let reached = start.map(|start| walked(&all, [start]));
    if let Some(reached) = &reached {
        for (n, _) in reached.iter().enumerate().filter(|(_, reached)| !**reached) {
            let message = format!("no way leads to the stage {}", code(survey, n));
            findings.warning(Lint::UnreachableStage, format!("workflow.stage[{n}]"), message);
        }
    }
    // Ending a case must not depend on the complainant, or on another case.
    let own = edges(survey, |action| !matches!(action, Action::Withdraw | Action::Merge));
    stuck(survey, &own, reached.as_deref(), findings);
}

fn code(survey: &Survey<'_>, stage: usize) -> String {
    shown(&survey.document.workflow.stage[stage].code)
}

/// The stage that lodging leads to, when there is exactly one.
fn starts(survey: &Survey<'_>, findings: &mut Findings) -> Option<usize> {
    let mut start: Option<(usize, usize)> = None;
    let mut lodges = false;
    for (n, step) in survey.steps.iter().enumerate().filter(|(_, it)| it.action == Some(Action::Lodge)) {
        lodges = true;
        let path = format!("workflow.step[{n}].to");
        let Some(to) = step.to else {
            if step.entry.to.is_none() {
                findings.error(Lint::Starts, path, "lodge must lead to a stage");
            }
            continue;
        };
        match start {
            None => {
                start = Some((n, to));
                let phase = survey.phase(to);
                if phase.is_some_and(|it| !matches!(it, Phase::Registered | Phase::InProgress)) {
                    let message = "a case starts in a stage of phase registered or in_progress";
                    findings.error(Lint::Starts, path, message);
                }
            }
            Some((first, other)) if other != to => {
                let other = code(survey, other);
                let message = format!("a case starts at one stage: workflow.step[{first}] leads to {other}");
                findings.error(Lint::Starts, path, message);
            }
            Some(_) => {}
        }
    }
    if !lodges {
        findings.error(Lint::Starts, "workflow.step", "no step lodges a case");
    }
    start.map(|(_, to)| to)
}

/// The stages that each stage leads to by actions that count. Undoing a step never does: it only
/// goes back; one whose action is misspelt does, or every slip would seem to cut the way.
fn edges(survey: &Survey<'_>, counts: impl Fn(Action) -> bool) -> Vec<Vec<usize>> {
    let mut edges = vec![Vec::new(); survey.document.workflow.stage.len()];
    let counts = |action: Action| action != Action::Rescind && counts(action);
    for step in survey.steps.iter().filter(|step| step.action.is_none_or(counts)) {
        let mut lead = |to: usize| {
            for from in step.from.iter().filter(|from| **from != to) {
                edges[*from].push(to);
            }
        };
        match (step.to, step.action, &step.entry.to) {
            (_, Some(Action::Lodge), _) => {}
            (Some(to), ..) => lead(to),
            // Back to where it was sent from, or where the information was sought.
            (None, Some(Action::Return | Action::Recall), None) => {
                let sends = [Action::Assign, Action::Forward, Action::Transfer];
                sources_of(survey, &sends, &step.from).into_iter().for_each(lead);
            }
            (None, Some(Action::ProvideInformation), None) => {
                sources_of(survey, &[Action::SeekInformation], &step.from).into_iter().for_each(lead);
            }
            _ => {}
        }
    }
    for list in &mut edges {
        list.sort_unstable();
        list.dedup();
    }
    edges
}

/// The stages from which steps of these actions lead to any of `stages`.
fn sources_of(survey: &Survey<'_>, actions: &[Action], stages: &[usize]) -> Vec<usize> {
    let leads = survey.steps.iter().filter(|step| {
        step.action.is_some_and(|action| actions.contains(&action))
            && step.to.is_some_and(|to| stages.contains(&to))
    });
    let mut sources: Vec<usize> = leads.flat_map(|step| step.from.iter().copied()).collect();
    sources.sort_unstable();
    sources.dedup();
    sources
}

fn walked(edges: &[Vec<usize>], from: impl IntoIterator<Item = usize>) -> Vec<bool> {
    let mut reached = vec![false; edges.len()];
    let mut next: Vec<usize> = from.into_iter().collect();
    while let Some(stage) = next.pop() {
        if !std::mem::replace(&mut reached[stage], true) {
            next.extend(&edges[stage]);
        }
    }
    reached
}

/// Open stages that cannot be left, or from which no end can be reached unless the complainant
/// withdraws or another case takes this one in: a case would stay open for ever. An error where a case can come; elsewhere a warning.
fn stuck(survey: &Survey<'_>, edges: &[Vec<usize>], reached: Option<&[bool]>, findings: &mut Findings) {
    let mut backwards = vec![Vec::new(); edges.len()];
    for (from, list) in edges.iter().enumerate() {
        for to in list {
            backwards[*to].push(from);
        }
    }
    let is_end = |stage: &usize| survey.phase(*stage).is_some_and(Phase::is_terminal);
    let ends_somewhere = walked(&backwards, (0..edges.len()).filter(is_end));
    for stage in (0..edges.len()).filter(|stage| !ends_somewhere[*stage]) {
        if survey.phase(stage).is_none() {
            continue;
        }
        let message = if edges[stage].is_empty() {
            format!("no step of an office leads out of the stage {}", code(survey, stage))
        } else {
            format!(
                "no way leads from the stage {} to an end that an office can bring about",
                code(survey, stage)
            )
        };
        let path = format!("workflow.stage[{stage}]");
        if reached.is_none_or(|reached| reached[stage]) {
            findings.error(Lint::NoWayOut, path, message);
        } else {
            findings.warning(Lint::NoWayOut, path, message);
        }
    }
}
