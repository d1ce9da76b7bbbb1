//! Layer 2: one government's configuration, under one version.
//!
//! A [`Document`] is what a government writes. Reading it merges what it
//! extends, the linter lists everything that is wrong with it, and a clean one becomes a
//! [`Rulebook`]: immutable, compiled, named by the hash of its content.

pub mod access;
pub mod blank;
mod calendars;
pub mod closure;
pub mod directory;
pub mod document;
pub mod escalation;
pub mod finding;
#[cfg(feature = "messages")]
pub(crate) mod fluent;
mod forest;
pub(crate) mod hint;
pub mod language;
pub mod lint;
pub mod message;
pub mod mis;
pub mod presets;
pub mod public;
pub mod read;
pub mod retention;
pub mod routing;
pub mod safe;
pub mod schedule;
pub mod subject;
pub mod succession;
pub mod target;
pub mod workflow;

use crate::calendar::Calendar;
use crate::kernel::code::{
    CategoryCode, CauseCode, ChangeCode, ChannelCode, KindCode, PlaceCode, PriorityCode, RecordCode,
    RoleCode, UnitCode,
};
use crate::kernel::number::{NumberPattern, NumberPrefix};
use crate::kernel::text::Digest;
use crate::otp::OtpPolicy;
use crate::rulebook::access::Access;
use crate::rulebook::calendars::Calendars;
use crate::rulebook::closure::Reasons;
use crate::rulebook::directory::Directory;
use crate::rulebook::document::{
    AccessEntry, ChangeEntry, Document, Entry, FeedbackEntry, FourEyesEntry, IntakeEntry, NumberingEntry,
    RecordEntry, SuspicionEntry, TransferEntry, VerificationEntry, WindowEntry,
};
use crate::rulebook::escalation::Ladder;
use crate::rulebook::finding::RulebookInvalid;
use crate::rulebook::language::Languages;
use crate::rulebook::message::Messages;
use crate::rulebook::mis::MisEntry;
use crate::rulebook::retention::Retention;
use crate::rulebook::routing::{RouteRule, Routed, Routing};
use crate::rulebook::schedule::Schedule;
use crate::rulebook::subject::{Categories, Places};
use crate::rulebook::succession::Moved;
use crate::rulebook::target::Targets;
use crate::rulebook::workflow::Workflow;
use crate::vocabulary::Purpose;
use chrono::NaiveDate;

/// A checked, compiled rulebook. Cheap to share behind an `Arc`; never changed.
#[derive(Clone, Debug)]
pub struct Rulebook {
    version: Digest,
    document: Document,
    zone: chrono_tz::Tz,
    directory: Directory,
    categories: Categories,
    places: Places,
    calendars: Calendars,
    routing: Routing,
    workflow: Workflow,
    reasons: Reasons,
    retention: Retention,
    kinds: Vec<KindCode>,
    channels: Vec<ChannelCode>,
    languages: Languages,
    priorities: Vec<PriorityCode>,
    access: Access,
    targets: Targets,
    ladder: Ladder,
    schedules: Vec<Schedule>,
    numbers: NumberPattern,
    prefix: NumberPrefix,
    messages: Messages,
}

fn codes<T, E>(
    entries: impl IntoIterator<Item = String>,
    read: impl Fn(&str) -> Result<T, E>,
) -> Option<Vec<T>> {
    entries.into_iter().map(|code| read(&code).ok()).collect()
}

fn stored(document: &Document) -> Result<String, crate::proof::canonical::NotCanonical> {
    crate::proof::canonical::to_canonical(document)
}

fn version_of(stored: &str) -> Digest {
    Digest::of(&[b"grievance rulebook v1\n", stored.as_bytes()])
}

impl Rulebook {
    /// Checks a document as a whole and compiles it.
    ///
    /// # Errors
    ///
    /// [`RulebookInvalid`] with everything the linter found, when any of it is an error.
    pub fn new(document: Document) -> Result<Self, RulebookInvalid> {
        crate::rulebook::read::checked(document).map(|read| read.rulebook)
    }

    /// Compiles the text that a store keeps: canonical JSON of a document that was accepted once.
    ///
    /// Its version is the hash of that text, whatever fields or lints this library has gained
    /// since; so a case's past stays readable.
    ///
    /// # Errors
    ///
    /// [`RulebookInvalid`] when the text is damaged or can no longer be compiled.
    pub fn from_stored(text: &str) -> Result<Self, RulebookInvalid> {
        let version = version_of(text);
        let as_written = serde_json::from_str(text).ok();
        if let Some(rulebook) = as_written.and_then(|document| Self::compile(document, version)) {
            return Ok(rulebook);
        }
        // Field by field, with every fault told.
        let document = crate::rulebook::read::read(text, crate::rulebook::read::Format::Json)?;
        let mut rulebook = match Self::compile(document.clone(), version) {
            Some(rulebook) => rulebook,
            None => Self::new(document)?,
        };
        rulebook.version = version;
        Ok(rulebook)
    }

    /// The version that the text of a store is.
    pub(crate) fn version_of_stored(text: &str) -> Digest {
        version_of(text)
    }

    /// The text that a store keeps: canonical JSON with everything it extends merged in.
    pub fn to_stored(&self) -> String {
        stored(&self.document).expect("a document is a struct with text keys")
    }

    /// `None` would mean that the linter let something pass that cannot be compiled.
    fn compile(document: Document, version: Digest) -> Option<Self> {
        let roles = codes(document.role.iter().map(|role| role.code.clone()), RoleCode::new)?;
        let categories = Categories::new(&document.category)?;
        let places = Places::new(&document.place)?;
        let directory = Directory::new(&document.unit, &document.cell)?;
        let zone = document.zone.parse().ok()?;
        Some(Self {
            version,
            zone,
            calendars: Calendars::new(&document.calendar, zone, &directory, &places)?,
            directory,
            routing: Routing::new(&document, &categories, &places)?,
            workflow: Workflow::new(&document.workflow, &roles)?,
            reasons: Reasons::new(&document.reason)?,
            retention: Retention::new(&document.retention)?,
            kinds: codes(document.kind.iter().map(|kind| kind.code.clone()), KindCode::new)?,
            channels: codes(document.channel.iter().map(|way| way.code.clone()), ChannelCode::new)?,
            languages: Languages::new(&document)?,
            priorities: codes(document.priority.iter().map(|class| class.code.clone()), PriorityCode::new)?,
            access: Access::new(&document)?,
            numbers: NumberPattern::compile(&document.numbering.pattern, document.numbering.check)
                .ok()?
                .with_year_start(document.numbering.year_starts),
            prefix: NumberPrefix::new(&document.numbering.prefix).ok()?,
            targets: Targets::new(&document.target, &categories)?,
            ladder: Ladder::new(&document.escalation)?,
            schedules: document.schedule.iter().map(Schedule::new).collect::<Option<_>>()?,
            messages: Messages::new(&document)?,
            categories,
            places,
            document,
        })
    }

    /// The hash of the content: the version that every event names.
    pub const fn version(&self) -> Digest {
        self.version
    }

    /// The document it was made from, with everything it extends merged in.
    pub const fn document(&self) -> &Document {
        &self.document
    }

    /// The time zone of the offices: days, windows and ages are counted in it.
    pub const fn zone(&self) -> chrono_tz::Tz {
        self.zone
    }

    /// The office hours of a unit, for a case of a place.
    ///
    /// Holidays and exceptions of the whole government count, of the unit and the offices above
    /// it, and of the place and those it lies in. A code that the rulebook does not have brings
    /// none of its own. Units and places with the same days share one compiled calendar.
    pub fn calendar(&self, unit: &UnitCode, place: Option<&PlaceCode>) -> &Calendar {
        let unit = self.directory.at(unit);
        let place = place.and_then(|place| self.places.at(place));
        self.calendars.of(&self.document.calendar, unit, place)
    }

    /// The office hours that are everybody's: without the days of single offices and places.
    pub(crate) fn common_calendar(&self) -> &Calendar {
        self.calendars.of(&self.document.calendar, None, None)
    }

    /// The offices.
    pub const fn directory(&self) -> &Directory {
        &self.directory
    }

    /// The subjects.
    pub const fn categories(&self) -> &Categories {
        &self.categories
    }

    /// The jurisdictions.
    pub const fn places(&self) -> &Places {
        &self.places
    }

    /// The workflow.
    pub const fn workflow(&self) -> &Workflow {
        &self.workflow
    }

    /// The closure reasons.
    pub const fn reasons(&self) -> &Reasons {
        &self.reasons
    }

    /// How long the words of ended cases are kept.
    pub const fn retention(&self) -> &Retention {
        &self.retention
    }

    /// The kinds of matter, the default one first.
    pub fn kinds(&self) -> &[KindCode] {
        &self.kinds
    }

    /// The ways in, the default one first.
    pub fn channels(&self) -> &[ChannelCode] {
        &self.channels
    }

    /// The priority classes, the default one first.
    pub fn priorities(&self) -> &[PriorityCode] {
        &self.priorities
    }

    /// How registration numbers are written.
    pub const fn numbers(&self) -> &NumberPattern {
        &self.numbers
    }

    /// What `{prefix}` stands for in them.
    pub const fn number_prefix(&self) -> &NumberPrefix {
        &self.prefix
    }

    /// From which serial, and when serials begin anew.
    pub const fn numbering(&self) -> &NumberingEntry {
        &self.document.numbering
    }

    /// When the complainant must be heard.
    pub const fn feedback(&self) -> &FeedbackEntry {
        &self.document.feedback
    }

    /// The targets.
    pub const fn targets(&self) -> &Targets {
        &self.targets
    }

    /// The escalation ladder.
    pub const fn ladder(&self) -> &Ladder {
        &self.ladder
    }

    /// The jobs that come round.
    pub fn schedules(&self) -> &[Schedule] {
        &self.schedules
    }

    /// How actors are taken at their word.
    pub const fn access_policy(&self) -> AccessEntry {
        self.document.access
    }

    /// When one person may do the work of two.
    pub const fn four_eyes(&self) -> FourEyesEntry {
        self.document.four_eyes
    }

    /// How far a case may wander.
    pub const fn transfer(&self) -> &TransferEntry {
        &self.document.transfer
    }

    /// Times allowed to reopen, appeal and rescind.
    pub const fn window(&self) -> &WindowEntry {
        &self.document.window
    }

    /// What may come in.
    pub const fn intake(&self) -> &IntakeEntry {
        &self.document.intake
    }

    /// The texts of messages, and which event tells whom.
    pub const fn messages(&self) -> &Messages {
        &self.messages
    }

    /// From when on a weekly statement points something out.
    pub const fn mis(&self) -> &MisEntry {
        &self.document.mis
    }

    /// How codes are drawn, sent and tried.
    pub const fn otp(&self) -> &OtpPolicy {
        &self.document.otp
    }

    /// The root cause of that code.
    pub fn root_cause(&self, code: &CauseCode) -> Option<&Entry> {
        self.document.root_cause.iter().find(|entry| entry.code == code.as_str())
    }

    /// The change of a procedure of that code.
    pub fn process_change(&self, code: &ChangeCode) -> Option<&ChangeEntry> {
        self.document.process_change.iter().find(|entry| entry.code == code.as_str())
    }

    /// How many disposed cases are looked at a second time.
    pub const fn verification(&self) -> &VerificationEntry {
        &self.document.verification
    }

    /// From when on closings are pointed at.
    pub const fn suspicion(&self) -> &SuspicionEntry {
        &self.document.suspicion
    }

    /// The recorded step of that code.
    pub fn record(&self, code: &RecordCode) -> Option<&RecordEntry> {
        self.document.record.iter().find(|entry| entry.code == code.as_str())
    }

    /// The unit itself, or what the version's mapping makes of one that is no longer there on a
    /// day; at last the cell.
    pub fn living(&self, unit: &UnitCode, category: Option<&CategoryCode>, day: NaiveDate) -> UnitCode {
        match self.successor_of_unit(unit, category, day) {
            Moved::Same => unit.clone(),
            Moved::To(unit) => unit,
            Moved::Reroute => self.directory.cell().clone(),
        }
    }

    /// Whether an office is the one complained about, or in its line: below it.
    ///
    /// Where that office stands above the cell, everybody is below it; then only the office
    /// itself counts.
    pub fn is_accused(&self, unit: &UnitCode, accused: Option<&UnitCode>) -> bool {
        accused.is_some_and(|accused| {
            unit == accused
                || (self.directory.is_within(unit, accused)
                    && !self.directory.is_below(self.directory.cell(), accused))
        })
    }

    /// The unit, or the nearest one above that is not complained about; at last the cell.
    pub fn clear_of(&self, unit: UnitCode, accused: Option<&UnitCode>) -> UnitCode {
        if !self.is_accused(&unit, accused) {
            return unit;
        }
        let above = self.directory.upward(&unit).find(|above| !self.is_accused(above, accused));
        above.unwrap_or_else(|| self.directory.cell()).clone()
    }

    /// Whether whoever lodges in this role must verify a mobile first: `otp.required` has `lodge`,
    /// and the role lodges for itself. What a lodging says of its channel makes no difference, for
    /// whoever lodges says it.
    pub fn wants_verified_mobile(&self, role: &RoleCode) -> bool {
        self.otp().required.contains(&Purpose::Lodge) && self.lodges_for_itself(role)
    }

    /// The office for a subject and a place, led around an office complained about; and the rule
    /// that named it. A case of a sealed subject goes to an office that may keep it: see
    /// [`keeper`](Self::keeper).
    pub fn route(
        &self,
        category: Option<&CategoryCode>,
        place: Option<&PlaceCode>,
        accused: Option<&UnitCode>,
    ) -> Routed {
        let routed = self.routing.route(&self.directory, (&self.categories, category), (&self.places, place));
        if let Some(seal) = self.seal_of(category) {
            let unit = self.keeper(routed.unit.clone(), seal, accused);
            let same = unit == routed.unit;
            return if same { routed } else { Routed { rule: RouteRule::Sealed(seal.clone()), unit } };
        }
        if !self.is_accused(&routed.unit, accused) {
            return routed;
        }
        let around = accused.map_or(RouteRule::Cell, |accused| RouteRule::Around(accused.clone()));
        Routed { rule: around, unit: self.clear_of(routed.unit, accused) }
    }
}
