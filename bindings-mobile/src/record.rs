//! Flat records: what a desk answers, field by field.
//!
//! Each is made by taking the core's own struct apart, so that a field which the core gains breaks
//! this build instead of being forgotten.

use crate::convert::Shown;
use grievance_core::desk;
use grievance_core::grievance::{options, outlook};
use grievance_core::rulebook::finding;
use std::time::SystemTime;

/// Makes records of the rows; `from` says of which struct of the core, whose fields have the same names.
macro_rules! records {
    ($($doc:literal $name:ident $fields:tt $(from ($core:path))?)+) => {
        $(
            record!($doc $name $fields);
            $(taken_apart!($core, $name $fields);)?
        )+
    };
}

macro_rules! record {
    ($doc:literal $name:ident { $($about:literal $field:ident: $kind:ty,)+ }) => {
        #[doc = $doc]
        #[derive(Clone, uniffi::Record)]
        pub struct $name { $(#[doc = $about] pub $field: $kind,)+ }
    };
}

macro_rules! taken_apart {
    ($core:path, $name:ident { $($about:literal $field:ident: $kind:ty,)+ }) => {
        impl From<$core> for $name {
            fn from(it: $core) -> Self {
                let $core { $($field,)+ } = it;
                Self { $($field: Shown::shown($field),)+ }
            }
        }
    };
}

records! {
    "What a step came to."
    Done {
        "The case." case: String,
        "Its version after the step." version: u64,
        "Its registration number; none for an imported case." number: Option<String>,
        "The code that a complainant who stays unknown is given: shown once, kept nowhere." tracking_code: Option<String>,
        "Of a lodging, what the complainant holds the office to it with." receipt: Option<String>,
    } from (desk::StepDone)
    "A subject, a jurisdiction, an office or a stage."
    Branch {
        "Its code." code: String,
        "Its name in the language asked for, else in the default one." name: String,
        "The code of the wider one." parent: Option<String>,
    }
    "Something that happens to a case if nobody acts."
    Coming {
        "When." at: SystemTime,
        "On which day, in the offices' zone: `2026-11-23`." on: String,
        "What: `missed`, `goes_on`, `told_to`, `goes_to`, `proposed` or `window_ends`." what: String,
        "The target, where it is one: a word of `TargetKind`." target: Option<String>,
        "The office, where it is one." unit: Option<String>,
    } from (desk::Coming)
    "Words beside a step."
    Said {
        "What they are: a word of `Field`." field: String,
        "The words; none where they have been erased." words: Option<String>,
    } from (desk::Said)
    "Something that happened to a case."
    CaseStep {
        "Its place in the history; a place that is left out is not for complainants." version: u64,
        "When it was recorded." at: SystemTime,
        "What: a word of `EventKind`." kind: String,
        "The role of whoever did it." role: String,
        "The stage it led to." stage: String,
        "What that stage means: a word of `Phase`." phase: String,
        "The office it led to." unit: String,
        "What was said." words: Vec<Said>,
    } from (desk::CaseStep)
    "A case as its complainant is shown it."
    Tracking {
        "The case." case: String,
        "Its version." version: u64,
        "Its registration number." number: Option<String>,
        "When it was lodged." lodged_at: SystemTime,
        "Its subject." category: Option<String>,
        "Its jurisdiction." place: Option<String>,
        "The stage." stage: String,
        "What the stage means: a word of `Phase`." phase: String,
        "The office that has it." unit: String,
        "The public due date." due_at: Option<SystemTime>,
        "The day of it, in the offices' zone: `2026-11-23`." due_on: Option<String>,
        "What happens if nobody acts, in order." ahead: Vec<Coming>,
        "What happened, oldest first." timeline: Vec<CaseStep>,
        "What the complainant may do now: words of `Action`." may: Vec<String>,
    }
    "A step of which nobody knows whether it was done."
    Unsent {
        "Its command identity." command: String,
        "The case, or the tracking code." case: String,
        "What was asked: a word of `Action`." action: String,
    }
    "One action as it stands for a case and an actor."
    Offer {
        "The action: a word of `Action`." action: String,
        "What it would have to come to, where that decides the stage." outcome: Option<String>,
        "The stage that it leads to; none where it stays or goes back." to: Option<String>,
        "Whether it may be taken." allowed: bool,
        "Everything that stands in the way: words of `ErrorCode`." because: Vec<String>,
    }
    "What a complainant is shown of a case."
    Progress {
        "The registration number." number: Option<String>,
        "The stage." stage: String,
        "What the stage means: a word of `Phase`." phase: String,
        "The office that has it." unit: String,
        "The public due date." due_at: Option<SystemTime>,
        "The day of it, in the offices' zone." due_on: Option<String>,
        "What happens if nobody acts." ahead: Vec<Coming>,
    }
    "What a sweep came to."
    Swept {
        "Cases in which something was due and is now recorded." cases: u64,
        "Targets that were breached." breaches: u64,
        "Levels of the ladder that were taken." escalations: u64,
        "Levels that wait for approval." proposals: u64,
        "Clocks that go on because their pause was as long as it may be." resumed: u64,
        "Cases that stood under an earlier rulebook version and were moved first." moved: u64,
        "Cases that another worker handled meanwhile." elsewhere: u64,
        "How many jobs have come round." jobs: u64,
        "Whether the checkpoint that a schedule called for could not be made." checkpoint_failed: bool,
        "How many cases could not be handled." failed: u64,
        "Rows of one-time codes that were forgotten." forgotten: u64,
        "Whether the limit was reached before everything due was handled." more: bool,
    }
    "One problem of a rulebook."
    Finding {
        "`error`, `warning` or `advice`." severity: String,
        "Which lint found it." lint: String,
        "Where." path: String,
        "What is wrong." message: String,
        "What may help." hint: Option<String>,
    }
    "What bringing a rulebook version into force came to."
    Activation {
        "The version." version: String,
        "The version that was in force before, if any." before: Option<String>,
        "What the succession left to think about." findings: Vec<Finding>,
    } from (desk::Activation)
    "An event as it is kept."
    StoredEvent {
        "Its place in the case's history, from 1." version: u64,
        "When it was recorded, in milliseconds since 1970 UTC." at: i64,
        "Who acted, as canonical JSON." actor: String,
        "The rulebook version it was decided under." rulebook: String,
        "The event, as canonical JSON." event: String,
    } from (desk::StoredEvent)
    "A case's events as they are kept, and the hash that binds them all."
    StoredHistory {
        "The events, oldest first." events: Vec<StoredEvent>,
        "The hash of the last one." head: String,
    } from (desk::StoredHistory)
    "A one-time code that the host is to send."
    CodeToSend {
        "Names the code; whoever asked brings it back with the digits." challenge: String,
        "The digits." code: String,
        "The first instant at which it is no longer good." expires_at: SystemTime,
    }
}

impl From<desk::TrackedCase> for Tracking {
    fn from(it: desk::TrackedCase) -> Self {
        let desk::TrackedCase {
            case,
            version,
            number,
            lodged_at,
            category,
            place,
            stage,
            phase,
            unit,
            due_at,
            due_on,
            ahead,
            timeline,
            may,
        } = it;
        Self {
            case: case.shown(),
            version,
            number,
            lodged_at: lodged_at.shown(),
            category,
            place,
            stage,
            phase,
            unit,
            due_at: due_at.shown(),
            due_on: due_on.shown(),
            ahead: ahead.shown(),
            timeline: timeline.shown(),
            may,
        }
    }
}

impl From<options::Offer> for Offer {
    fn from(it: options::Offer) -> Self {
        let options::Offer { action, outcome, to, verdict } = it;
        let allowed = verdict.is_allowed();
        let because = match verdict {
            options::Verdict::Allowed { asks: _ } => Vec::new(),
            options::Verdict::Missing { gates: _, because } => because,
        };
        let because = because.iter().map(|refusal| refusal.code().to_string()).collect();
        Self { action: action.shown(), outcome: outcome.shown(), to: to.shown(), allowed, because }
    }
}

impl From<outlook::Progress> for Progress {
    fn from(it: outlook::Progress) -> Self {
        let outlook::Progress { number, stage, phase, unit, due, ahead } = it;
        let ahead: Vec<desk::Coming> = ahead.shown();
        Self {
            number: number.shown(),
            stage: stage.shown(),
            phase: phase.shown(),
            unit: unit.shown(),
            due_at: due.as_ref().map(|due| due.due_at).shown(),
            due_on: due.as_ref().map(|due| due.due_on).shown(),
            ahead: ahead.shown(),
        }
    }
}

impl From<desk::Swept> for Swept {
    fn from(it: desk::Swept) -> Self {
        let desk::Swept {
            cases,
            breaches,
            escalations,
            proposals,
            resumed,
            moved,
            elsewhere,
            jobs,
            checkpoint,
            failed,
            forgotten,
            more,
        } = it;
        Self {
            cases,
            breaches,
            escalations,
            proposals,
            resumed,
            moved,
            elsewhere,
            jobs: jobs.len() as u64,
            checkpoint_failed: checkpoint.is_some_and(|made| made.is_err()),
            failed: failed.len() as u64,
            forgotten,
            more,
        }
    }
}

impl From<finding::Finding> for Finding {
    fn from(it: finding::Finding) -> Self {
        let finding::Finding { severity, lint, path, message, hint } = it;
        Self { severity: word(severity), lint: word(lint), path, message, hint }
    }
}

/// The word of a closed list that only serde knows.
fn word(of: impl serde::Serialize) -> String {
    let told = serde_json::to_value(of).ok();
    told.and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}
