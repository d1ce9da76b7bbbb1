use crate::kernel::code::{CategoryCode, ReasonCode, StageCode, UnitCode};
use crate::rulebook::Rulebook;
use crate::rulebook::workflow::Stage;

impl Rulebook {
    pub(crate) fn successor_of_unit(
        &self,
        unit: &UnitCode,
        _category: Option<&CategoryCode>,
    ) -> Option<UnitCode> {
        Some(if self.directory().get(unit).is_some() {
            unit.clone()
        } else {
            self.directory().cell().clone()
        })
    }

    pub(crate) fn successor_of_stage(&self, stage: &StageCode) -> Stage {
        let workflow = self.workflow();
        workflow.stage(stage).or(workflow.start()).cloned().expect("linted")
    }

    pub(crate) fn successor_of_reason(&self, reason: &ReasonCode) -> ReasonCode {
        reason.clone()
    }
}
