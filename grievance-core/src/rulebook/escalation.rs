//! The escalation ladder: who hears of a case when its office does not move.

use crate::calendar::Calendar;
use crate::kernel::code::{CategoryCode, PostCode, PriorityCode, RuleCode, UnitCode, UnitKindCode};
use crate::rulebook::Rulebook;
use crate::rulebook::document::{LevelEntry, Trigger};
use crate::rulebook::target::Amount;
use crate::vocabulary::{LadderMode, LadderStep, TargetKind, TimeUnit};
use chrono::{DateTime, Utc};

/// A level of the ladder.
#[derive(Clone, Debug, PartialEq)]
pub struct Level {
    /// Its code.
    pub code: RuleCode,
    /// Its place on the ladder, from 1.
    pub level: u32,
    /// The target whose time it follows.
    pub target: TargetKind,
    /// When it comes.
    pub when: When,
    /// What it does.
    pub does: LadderStep,
    /// How it is taken.
    pub taken: LadderMode,
    unit_kind: Option<UnitKindCode>,
    priority: Option<PriorityCode>,
    up: usize,
    unit: Option<UnitCode>,
    post: Option<PostCode>,
}

/// When a level comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// When this share of the target's time, in per cent, is used up.
    Share(u32),
    /// So much time after the due date.
    After(Amount),
    /// When this has happened for the n-th time.
    On(Trigger, u32),
}

/// Whom a level turns to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Superior {
    /// The office.
    pub unit: UnitCode,
    /// The post in it; `None` where the office has no head.
    pub post: Option<PostCode>,
}

/// The ladder of a rulebook.
#[derive(Clone, Debug, Default)]
pub struct Ladder {
    /// By level.
    levels: Vec<Level>,
}

impl Ladder {
    pub(crate) fn new(entries: &[LevelEntry]) -> Option<Self> {
        let mut levels = entries.iter().map(Level::new).collect::<Option<Vec<_>>>()?;
        levels.sort_by_key(|level| level.level);
        Some(Self { levels })
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.levels.is_empty()
    }

    /// The level of that code.
    pub fn get(&self, code: &RuleCode) -> Option<&Level> {
        self.levels.iter().find(|level| level.code == *code)
    }

    /// Every level, the lowest first.
    pub fn iter(&self) -> impl Iterator<Item = &Level> {
        self.levels.iter()
    }

    /// The levels above `reached` whose time follows a target, for a case that `holder` has.
    pub fn above<'a>(
        &'a self,
        reached: u32,
        target: TargetKind,
        holder: &'a UnitCode,
        priority: Option<&'a PriorityCode>,
        rulebook: &'a Rulebook,
    ) -> impl Iterator<Item = &'a Level> {
        self.levels.iter().filter(move |level| {
            level.level > reached
                && level.target == target
                && !matches!(level.when, When::On(..))
                && level.fits(holder, priority, rulebook)
        })
    }

    /// The levels that an event brings, which has now happened for the n-th time.
    pub fn brought_by<'a>(
        &'a self,
        trigger: Trigger,
        times: u32,
        holder: &'a UnitCode,
        priority: Option<&'a PriorityCode>,
        rulebook: &'a Rulebook,
    ) -> impl Iterator<Item = &'a Level> {
        self.levels.iter().filter(move |level| {
            level.when == When::On(trigger, times) && level.fits(holder, priority, rulebook)
        })
    }
}

impl Level {
    fn new(entry: &LevelEntry) -> Option<Self> {
        let when = match (entry.percent, entry.after, entry.on) {
            (Some(percent), None, None) => When::Share(percent),
            (None, Some(within), None) => When::After(Amount {
                within,
                counted: entry.counted.unwrap_or(TimeUnit::WorkingDays),
                keep_clock: false,
            }),
            (None, None, Some(trigger)) => When::On(trigger, entry.count.max(1)),
            _ => return None,
        };
        Some(Self {
            code: RuleCode::new(&entry.code).ok()?,
            level: entry.level,
            target: entry.target.unwrap_or(TargetKind::Resolution),
            when,
            does: entry.does.unwrap_or(LadderStep::Notify),
            taken: entry.taken.unwrap_or(LadderMode::Automatic),
            unit_kind: entry.unit_kind.as_deref().map(UnitKindCode::new).transpose().ok()?,
            priority: entry.priority.as_deref().map(PriorityCode::new).transpose().ok()?,
            up: usize::try_from(entry.up.unwrap_or(1)).ok()?,
            unit: entry.unit.as_deref().map(UnitCode::new).transpose().ok()?,
            post: entry.post.as_deref().map(PostCode::new).transpose().ok()?,
        })
    }

    /// Whether it counts for a case that `holder` has.
    pub fn fits(&self, holder: &UnitCode, priority: Option<&PriorityCode>, rulebook: &Rulebook) -> bool {
        self.priority.as_ref().is_none_or(|only| priority == Some(only))
            && self.unit_kind.as_ref().is_none_or(|kind| {
                rulebook.directory().get(holder).is_some_and(|unit| unit.kind.as_ref() == Some(kind))
            })
    }

    /// The instant of its time for a target that is due at `due`; `None` for a level that an
    /// event brings.
    pub fn instant(&self, calendar: &Calendar, of: Amount, due: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match self.when {
            When::Share(percent) => Some(of.share(calendar, due, percent)),
            When::After(amount) => Some(amount.after(calendar, due)),
            When::On(..) => None,
        }
    }

    /// Everybody the level may turn to, in this order: the post it names, the head of that
    /// office, and so on upward. Never empty: at the top, the top itself.
    ///
    /// Of a sealed case only those hear who may know: of the line those who are named, then the
    /// others who are; where nobody is left, the office that has it.
    pub fn line(
        &self,
        holder: &UnitCode,
        accused: Option<&UnitCode>,
        sealed: Option<&CategoryCode>,
        rulebook: &Rulebook,
    ) -> Vec<Superior> {
        let directory = rulebook.directory();
        let first = self.unit.as_ref().unwrap_or_else(|| {
            let top = directory.upward(holder).last().unwrap_or(holder);
            directory.upward(holder).nth(self.up).unwrap_or(top)
        });
        let mut line = Vec::new();
        for unit in directory.upward(first).filter(|unit| !rulebook.is_accused(unit, accused)) {
            let head = directory.get(unit).and_then(|unit| unit.head.clone());
            let named = self.post.clone().filter(|_| unit == first);
            for post in [named, head].into_iter().flatten() {
                let superior = Superior { unit: unit.clone(), post: Some(post) };
                if !line.contains(&superior) {
                    line.push(superior);
                }
            }
        }
        if let Some(seal) = sealed {
            let may_know = |it: &Superior| {
                it.post.as_ref().is_some_and(|post| rulebook.may_know(&it.unit, post, seal, accused))
            };
            line.retain(may_know);
            for named in rulebook.named_posts(seal, accused) {
                if !line.contains(&named) {
                    line.push(named);
                }
            }
            if line.is_empty() {
                line.push(Superior { unit: holder.clone(), post: None });
            }
        }
        if line.is_empty() {
            let unit = rulebook.clear_of(first.clone(), accused);
            line.push(Superior { unit, post: None });
        }
        line
    }

    /// Whom the level turns to: the first of the [`line`](Self::line) whose post is not vacant;
    /// where all are, the last one, so that no level is ever skipped.
    pub fn superior(
        &self,
        holder: &UnitCode,
        accused: Option<&UnitCode>,
        sealed: Option<&CategoryCode>,
        rulebook: &Rulebook,
        vacant: &[Superior],
    ) -> Superior {
        let mut line = self.line(holder, accused, sealed, rulebook);
        let filled = line.iter().position(|superior| !vacant.contains(superior));
        line.swap_remove(filled.unwrap_or(line.len() - 1))
    }
}
