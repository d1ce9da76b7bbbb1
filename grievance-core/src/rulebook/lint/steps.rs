//! Steps that cannot be taken, that answer twice, or that leave an ended case without right.

use crate::rulebook::document::Document;
use crate::rulebook::finding::{Findings, Lint, Severity};
use crate::rulebook::lint::survey::{Survey, Taken};
use crate::rulebook::workflow::{MOST_ROLES, usual_custody};
use crate::vocabulary::{Action, Custody, Gate, Outcome, Phase};
use std::collections::{HashMap, HashSet};

/// Most stages of a workflow.
pub(super) const MOST_STAGES: usize = 200;
/// Most steps of a workflow.
pub(super) const MOST_STEPS: usize = 2_000;

/// Whether the workflow is small enough to be walked through and compiled into a table.
pub(super) fn within_limits(document: &Document, findings: &mut Findings) -> bool {
    let flow = &document.workflow;
    let lists = [
        ("workflow.stage", "stages", flow.stage.len(), MOST_STAGES),
        ("workflow.step", "steps", flow.step.len(), MOST_STEPS),
    ];
    let mut within = true;
    for (path, noun, found, most) in lists {
        if found > most {
            findings.error(Lint::OutOfRange, path, format!("{found} {noun}; a workflow has at most {most}"));
            within = false;
        }
    }
    within
}

pub(super) fn lint(survey: &Survey<'_>, findings: &mut Findings) {
    for (n, step) in survey.steps.iter().enumerate() {
        let Some(action) = step.action else { continue };
        let mut judged = Judged { survey, step, action, path: format!("workflow.step[{n}]"), findings };
        judged.ends();
        judged.outcome();
        judged.target();
        judged.sources();
        judged.custody();
        judged.gates();
        judged.exit_from_terminal();
    }
    ambiguous(survey, findings);
}

/// One step under judgement.
struct Judged<'a, 'f> {
    survey: &'a Survey<'a>,
    step: &'a Taken<'a>,
    action: Action,
    path: String,
    findings: &'f mut Findings,
}

impl Judged<'_, '_> {
    fn impossible(&mut self, field: &str, message: String) {
        self.findings.error(Lint::ImpossibleStep, format!("{}.{field}", self.path), message);
    }

    /// The phases of the stages it is taken from.
    fn phases(&self) -> impl Iterator<Item = Phase> {
        self.step.from.iter().filter_map(|at| self.survey.phase(*at))
    }

    fn target_phase(&self) -> Option<Phase> {
        self.step.to.and_then(|at| self.survey.phase(at))
    }

    fn ends(&mut self) {
        if self.step.entry.role.is_empty() {
            self.impossible("role", "no role may take the step".to_owned());
        }
        match (self.action, self.step.entry.from.is_empty()) {
            (Action::Lodge, false) => {
                self.impossible("from", "a case that is not lodged yet is at no stage".to_owned());
            }
            (Action::Lodge, true) | (_, false) => {}
            (action, true) => self.impossible("from", format!("{action} is taken from no stage")),
        }
    }

    fn outcome(&mut self) {
        let Some(when) = self.step.entry.when else { return };
        let possible: &[Outcome] = match self.action {
            Action::RecordFeedback => {
                &[Outcome::Satisfied, Outcome::NotSatisfied, Outcome::Unreachable, Outcome::Exhausted]
            }
            Action::DecideAppeal => &[Outcome::Allowed, Outcome::Dismissed],
            Action::Transfer => &[Outcome::AtCap],
            _ => &[],
        };
        if possible.contains(&when) {
            return;
        }
        let words: Vec<&str> = possible.iter().map(|outcome| outcome.as_str()).collect();
        let message = format!("{} never comes to {when}", self.action);
        let hint = (!words.is_empty()).then(|| format!("it comes to {}", words.join(", ")));
        let path = format!("{}.when", self.path);
        self.findings.add(Severity::Error, Lint::ImpossibleStep, path, message, hint);
    }

    /// Each end of a case, and being under appeal, is reached by its own action alone.
    fn target(&mut self) {
        let action = self.action;
        let Some(to) = self.target_phase() else {
            let there = |own: Phase| self.phases().all(|phase| phase == own);
            match own_phase(action).filter(|own| !there(*own)) {
                // A dangling `to` has its own finding.
                Some(_) if self.step.entry.to.is_some() => {}
                Some(own @ (Phase::AwaitingComplainant | Phase::ActionReported)) => {
                    let message =
                        format!("{action} leaves the case where it is, not in a stage of phase {own}");
                    let path = format!("{}.to", self.path);
                    self.findings.warning(Lint::ImpossibleStep, path, message);
                }
                Some(own) => {
                    self.impossible("to", format!("{action} must lead to a stage of phase {own}"));
                }
                None if action == Action::Reopen && self.step.entry.to.is_none() => {
                    self.impossible("to", "reopen must lead to a stage that is not an end".to_owned());
                }
                None => {}
            }
            return;
        };
        if let Some(own) = own_phase(action).filter(|own| *own != to) {
            self.impossible("to", format!("{action} must lead to a stage of phase {own}, not {to}"));
            return;
        }
        if action == Action::Reopen && to.is_terminal() {
            self.impossible("to", format!("reopen cannot lead to a stage of phase {to}"));
            return;
        }
        if action == Action::Rescind {
            let message = "rescind brings the case back to where it was and has no stage of its own";
            self.impossible("to", message.to_owned());
            return;
        }
        let stays = self.phases().all(|phase| phase == to) && action != Action::Lodge;
        let entered = match to {
            Phase::Disposed => matches!(action, Action::Dispose | Action::DecideAppeal),
            Phase::Withdrawn => action == Action::Withdraw,
            Phase::Declined => action == Action::Decline,
            Phase::Merged => action == Action::Merge,
            Phase::UnderAppeal => action == Action::Appeal,
            _ => true,
        };
        if !stays && !entered && action != Action::Lodge {
            self.impossible("to", format!("{action} cannot bring a case into phase {to}"));
        }
    }

    fn sources(&mut self) {
        if self.step.from.is_empty() {
            return;
        }
        if matches!(self.action, Action::Verify | Action::Classify)
            && self.phases().any(|phase| phase != Phase::Disposed)
        {
            self.impossible("from", format!("{} is taken on what was disposed alone", self.action));
            return;
        }
        let fits = match self.action {
            Action::Reopen | Action::Appeal => self.phases().any(Phase::is_terminal),
            Action::DecideAppeal => self.phases().any(|phase| phase == Phase::UnderAppeal),
            _ => true,
        };
        if !fits {
            let wanted = if self.action == Action::DecideAppeal { "under appeal" } else { "an end" };
            self.impossible("from", format!("{} is taken from no stage that is {wanted}", self.action));
        }
    }

    fn custody(&mut self) {
        let custody = self.step.entry.custody.unwrap_or(usual_custody(self.action));
        if self.step.entry.when == Some(Outcome::AtCap) && custody != Custody::Cell {
            let message = "when the transfers are used up the case goes to the cell".to_owned();
            let hint = Some("write custody = \"cell\"".to_owned());
            let path = format!("{}.custody", self.path);
            self.findings.add(Severity::Error, Lint::ImpossibleStep, path, message, hint);
        } else if self.step.entry.custody.is_some() && !may_leave(self.action, custody) {
            self.impossible("custody", format!("{} cannot leave a case with {custody}", self.action));
        }
    }

    /// Gates that nothing could open.
    fn gates(&mut self) {
        let steps = &self.survey.steps;
        let approved = steps.iter().any(|step| step.action == Some(Action::Approve));
        for (i, gate) in self.step.entry.gate.iter().enumerate() {
            if *gate == Gate::Approval && !approved {
                self.impossible(&format!("gate[{i}]"), "no step approves anything".to_owned());
            }
            let has_window = matches!(self.action, Action::Reopen | Action::Appeal | Action::Rescind);
            if *gate == Gate::Window && !has_window {
                let path = format!("{}.gate[{i}]", self.path);
                let message = format!("no time is set in which {} is allowed", self.action);
                self.findings.warning(Lint::ImpossibleStep, path, message);
            }
        }
    }

    fn exit_from_terminal(&mut self) {
        // Without a stage of its own, a step of these goes back to an earlier one.
        let goes_back = matches!(self.action, Action::Return | Action::Recall | Action::ProvideInformation);
        if matches!(self.action, Action::Lodge | Action::Reopen | Action::Appeal | Action::Rescind) {
            return;
        }
        let to = self.target_phase();
        let left = self.step.from.iter().find(|at| {
            let phase = self.survey.phase(**at);
            phase.is_some_and(Phase::is_terminal)
                && match to {
                    Some(to) => phase != Some(to),
                    None => self.step.entry.to.is_none() && goes_back,
                }
        });
        if let Some(left) = left {
            let stage = &self.survey.document.workflow.stage[*left].code;
            let shown = crate::rulebook::hint::shown(stage);
            let message = format!("{} leaves the stage {shown}, which is an end", self.action);
            let everywhere = self.step.entry.from.iter().any(|from| from == "*");
            let hint = everywhere.then(|| "write \"*open\" for the stages that are not an end".to_owned());
            let path = format!("{}.from", self.path);
            self.findings.add(Severity::Error, Lint::ExitFromTerminal, path, message, hint);
        }
    }
}

/// The phase that an action is the way into.
const fn own_phase(action: Action) -> Option<Phase> {
    Some(match action {
        Action::Dispose => Phase::Disposed,
        Action::Withdraw => Phase::Withdrawn,
        Action::Decline => Phase::Declined,
        Action::Merge => Phase::Merged,
        Action::Appeal => Phase::UnderAppeal,
        Action::SeekInformation => Phase::AwaitingComplainant,
        Action::ReportAction => Phase::ActionReported,
        _ => return None,
    })
}

/// Whether an action can leave a case there.
fn may_leave(action: Action, custody: Custody) -> bool {
    use Custody::{Cell, Named, Reporter, Routed, Sender, Stay};
    match action {
        Action::Lodge => matches!(custody, Routed | Cell),
        Action::Assign => matches!(custody, Named | Routed),
        Action::Forward => custody == Named,
        Action::Transfer => matches!(custody, Named | Cell),
        Action::Return => matches!(custody, Sender | Cell),
        Action::Recall => custody == Sender,
        Action::Reopen | Action::Appeal | Action::DecideAppeal => custody != Named,
        // They say or note something, or end the case where it is.
        Action::Acknowledge
        | Action::Reclassify
        | Action::Split
        | Action::Consult
        | Action::Answer
        | Action::InterimReply
        | Action::Comment
        | Action::Attach
        | Action::Remind
        | Action::RecordCall
        | Action::Dispose
        | Action::Decline
        | Action::Withdraw
        | Action::Merge
        | Action::Extend
        | Action::Escalate
        | Action::Correct
        | Action::Rescind
        | Action::Verify
        | Action::Classify
        | Action::Unseal
        | Action::Hold
        | Action::ReleaseHold
        | Action::Erase => custody == Stay,
        Action::Admit
        | Action::Recategorise
        | Action::SeekInformation
        | Action::ProvideInformation
        | Action::ReportAction
        | Action::SendBackReport
        | Action::Approve
        | Action::Refuse
        | Action::RecordFeedback
        | Action::Record => matches!(custody, Stay | Routed | Sender | Reporter | Cell),
    }
}

/// An action, the stage it is taken from, and what it came to.
type Question = (Action, usize, Option<Outcome>);

/// Two steps for the same action, stage, role and outcome: the second would never be taken.
fn ambiguous(survey: &Survey<'_>, findings: &mut Findings) {
    // The steps of an action, stage and outcome so far, each with its roles; no two share a role.
    let mut answers: HashMap<Question, Vec<(usize, u64)>> = HashMap::new();
    let mut told = HashSet::new();
    let not_lodged = [survey.document.workflow.stage.len()];
    for (n, step) in survey.steps.iter().enumerate() {
        let Some(action) = step.action else { continue };
        let roles = step.entry.role.iter().filter_map(|role| survey.roles.at(role));
        let roles = roles.filter(|at| *at < MOST_ROLES).fold(0_u64, |all, at| all | 1 << at);
        let from = if action == Action::Lodge { &not_lodged[..] } else { &step.from };
        for stage in from {
            let others = answers.entry((action, *stage, step.entry.when)).or_default();
            match others.iter().find(|(_, theirs)| theirs & roles != 0) {
                Some((first, theirs)) => {
                    if told.insert((*first, n)) {
                        let role = (theirs & roles).trailing_zeros() as usize;
                        let role = &survey.document.role[role].code;
                        let message = format!(
                            "workflow.step[{first}] answers {action} by {role} from the same stage already"
                        );
                        findings.error(Lint::AmbiguousStep, format!("workflow.step[{n}]"), message);
                    }
                }
                None => others.push((n, roles)),
            }
        }
    }
}
