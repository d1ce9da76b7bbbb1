//! A government's workflow, compiled: which step answers an action, from a stage, by a role.

use crate::kernel::code::{RoleCode, StageCode};
use crate::rulebook::document::{StepEntry, WorkflowEntry};
use crate::vocabulary::{Action, Custody, Gate, Outcome, Phase};
use std::collections::HashMap;

/// A set of gates.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Gates(u16);

impl Gates {
    /// The set with the gate in it.
    #[must_use]
    pub const fn with(self, gate: Gate) -> Self {
        Self(self.0 | 1 << gate as u16)
    }

    /// Whether the gate is in the set.
    pub const fn contains(self, gate: Gate) -> bool {
        self.0 & (1 << gate as u16) != 0
    }

    /// The gates, in the order of the closed list.
    pub fn iter(self) -> impl Iterator<Item = Gate> {
        Gate::ALL.iter().copied().filter(move |gate| self.contains(*gate))
    }
}

impl FromIterator<Gate> for Gates {
    fn from_iter<I: IntoIterator<Item = Gate>>(gates: I) -> Self {
        gates.into_iter().fold(Self::default(), Self::with)
    }
}

impl std::fmt::Debug for Gates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

/// A stage and what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// Its code.
    pub code: StageCode,
    /// What it means to measures.
    pub phase: Phase,
}

/// A compiled step.
#[derive(Clone, Debug)]
pub struct Step {
    /// The stage it leads to; `None` where the step has none of its own.
    pub to: Option<Stage>,
    /// What must be there besides what the action itself demands.
    pub gates: Gates,
    /// Where it leaves the case.
    pub custody: Custody,
    /// Only when the action came to this.
    pub when: Option<Outcome>,
    roles: u64,
}

/// The compiled workflow.
#[derive(Clone, Debug, Default)]
pub struct Workflow {
    stages: Vec<Stage>,
    stage_at: HashMap<StageCode, usize>,
    role_at: HashMap<RoleCode, u32>,
    /// Steps by `action * (stages + 1) + stage`, the last stage slot being "not lodged yet".
    table: Vec<Vec<Step>>,
    start: Option<Stage>,
}

/// Most roles a rulebook may have.
pub(crate) const MOST_ROLES: usize = 64;

impl Workflow {
    /// Compiles a linted workflow; `None` when it is not what the linter promised.
    pub(crate) fn new(entry: &WorkflowEntry, roles: &[RoleCode]) -> Option<Self> {
        let role_at: HashMap<RoleCode, u32> = roles.iter().cloned().zip(0..).collect();
        let stages = entry
            .stage
            .iter()
            .map(|stage| Some(Stage { code: StageCode::new(&stage.code).ok()?, phase: stage.phase? }))
            .collect::<Option<Vec<_>>>()?;
        let stage_at = stages.iter().map(|stage| stage.code.clone()).zip(0..).collect();
        let mut workflow = Self {
            table: vec![Vec::new(); Action::ALL.len() * (stages.len() + 1)],
            stages,
            stage_at,
            role_at,
            start: None,
        };
        for step in &entry.step {
            workflow.add(step)?;
        }
        Some(workflow)
    }

    fn add(&mut self, entry: &StepEntry) -> Option<()> {
        let action: Action = entry.action.parse().ok()?;
        let to = match &entry.to {
            Some(code) => Some(self.stage(&StageCode::new(code).ok()?)?.clone()),
            None => None,
        };
        if action == Action::Lodge {
            self.start.clone_from(&to);
        }
        let roles = entry
            .role
            .iter()
            .map(|role| self.role_at.get(role.as_str()).map(|at| 1_u64 << at))
            .try_fold(0, |all, role| role.map(|role| all | role))?;
        let step = Step {
            to,
            gates: entry.gate.iter().copied().collect(),
            custody: entry.custody.unwrap_or(usual_custody(action)),
            when: entry.when,
            roles,
        };
        for from in self.sources(action, &entry.from)? {
            let slot = self.slot(action, from);
            self.table[slot].push(step.clone());
        }
        Some(())
    }

    /// The stage slots that a step's `from` stands for.
    fn sources(&self, action: Action, from: &[String]) -> Option<Vec<usize>> {
        if action == Action::Lodge {
            return Some(vec![self.stages.len()]);
        }
        let mut slots = Vec::new();
        for word in from {
            match word.as_str() {
                "*" => slots.extend(0..self.stages.len()),
                "*open" => {
                    slots.extend((0..self.stages.len()).filter(|at| !self.stages[*at].phase.is_terminal()));
                }
                "*closed" => {
                    slots.extend((0..self.stages.len()).filter(|at| self.stages[*at].phase.is_terminal()));
                }
                code => slots.push(*self.stage_at.get(code)?),
            }
        }
        slots.sort_unstable();
        slots.dedup();
        Some(slots)
    }

    fn slot(&self, action: Action, stage: usize) -> usize {
        action as usize * (self.stages.len() + 1) + stage
    }

    /// The stages, in the order of the rulebook.
    pub fn stages(&self) -> &[Stage] {
        &self.stages
    }

    /// The stage of that code.
    pub fn stage(&self, code: &StageCode) -> Option<&Stage> {
        self.stage_at.get(code).map(|at| &self.stages[*at])
    }

    /// The stage that lodging leads to.
    pub fn start(&self) -> Option<&Stage> {
        self.start.as_ref()
    }

    /// The steps that a role may take with an action from a stage (`None`: not lodged yet), in
    /// the order of the rulebook: one for each outcome that leads elsewhere.
    pub fn steps<'a>(
        &'a self,
        action: Action,
        from: Option<&StageCode>,
        role: &RoleCode,
    ) -> impl Iterator<Item = &'a Step> + use<'a> {
        let stage = match from {
            None => Some(self.stages.len()),
            Some(code) => self.stage_at.get(code).copied(),
        };
        let role = self.role_at.get(role).map_or(0, |at| 1_u64 << at);
        stage
            .map_or(&[][..], |stage| &self.table[self.slot(action, stage)])
            .iter()
            .filter(move |step| step.roles & role != 0)
    }

    /// The stage that an action leads to from another, whoever takes it; the first step that has
    /// one.
    pub fn leads_to(&self, action: Action, from: &StageCode) -> Option<&Stage> {
        let stage = *self.stage_at.get(from)?;
        self.table[self.slot(action, stage)].iter().find_map(|step| step.to.as_ref())
    }

    /// Whether any role may take an action from a stage.
    pub fn offers(&self, action: Action, from: &StageCode) -> bool {
        self.stage_at.get(from).is_some_and(|stage| !self.table[self.slot(action, *stage)].is_empty())
    }

    /// The step that answers an action which came to `outcome`: one for just that outcome, or
    /// else one for any.
    pub fn find(
        &self,
        action: Action,
        from: Option<&StageCode>,
        role: &RoleCode,
        outcome: Option<Outcome>,
    ) -> Option<&Step> {
        let mut any = None;
        for step in self.steps(action, from, role) {
            if step.when.is_some() && step.when == outcome {
                return Some(step);
            }
            if step.when.is_none() && any.is_none() {
                any = Some(step);
            }
        }
        any
    }
}

/// Where an action leaves a case unless the step says otherwise.
pub const fn usual_custody(action: Action) -> Custody {
    match action {
        Action::Lodge => Custody::Routed,
        Action::Assign | Action::Forward | Action::Transfer => Custody::Named,
        Action::Return | Action::Recall | Action::ReportAction => Custody::Sender,
        Action::SendBackReport => Custody::Reporter,
        Action::Appeal => Custody::Appellate,
        Action::Reopen => Custody::Disposer,
        _ => Custody::Stay,
    }
}
