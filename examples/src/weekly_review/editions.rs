//! The editions of each office: kept for ever, numbered, and held against what is known today.

use crate::Problem;
use chrono::{DateTime, NaiveDate, Utc};
use grievance_core::kernel::code::UnitCode;
use grievance_core::measure::pack::{Edition, Pack};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The editions that are kept, an office a folder, a day a file.
pub(crate) struct Kept {
    folder: PathBuf,
    of: BTreeMap<UnitCode, Edition>,
}

impl Kept {
    /// Reads of each office the latest edition up to a day.
    pub(crate) fn open(folder: &Path, until: NaiveDate) -> Result<Self, Problem> {
        let mut of = BTreeMap::new();
        for entry in entries(folder)? {
            let Ok(unit) = UnitCode::new(&name(&entry)) else { continue };
            let days = entries(&entry)?.into_iter().filter_map(|file| {
                let day = name(&file).strip_suffix(".json")?.parse::<NaiveDate>().ok()?;
                (day <= until).then_some((day, file))
            });
            let Some((_, file)) = days.max() else { continue };
            let problem = |what: &dyn std::fmt::Display| format!("{}: {what}", file.display());
            let text = fs::read_to_string(&file).map_err(|why| problem(&why))?;
            let edition = Edition::read(&text).map_err(|why| problem(&why))?;
            if edition.pack.unit != unit {
                return Err(problem(&"is an edition of another office").into());
            }
            of.insert(unit, edition);
        }
        Ok(Self { folder: folder.to_owned(), of })
    }

    /// None yet: of a generated year, which is made anew each time, with all its editions.
    pub(crate) fn none(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), of: BTreeMap::new() }
    }

    /// The latest edition of each office before today's.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Edition> {
        self.of.values()
    }

    /// Where the files of an office's edition are, without their endings.
    pub(crate) fn place(&self, edition: &Edition) -> PathBuf {
        self.folder.join(edition.pack.unit.as_str()).join(edition.pack.as_of.to_string())
    }

    /// The latest edition of an office that is kept.
    pub(crate) fn latest(&self, unit: &UnitCode) -> Option<&Edition> {
        self.of.get(unit)
    }

    /// Takes an edition for the one that came before, where none is kept.
    pub(crate) fn before(&mut self, edition: Edition) {
        self.of.entry(edition.pack.unit.clone()).or_insert(edition);
    }

    /// The edition of a pack: the one that is kept of its day, which is never changed, or the next one.
    pub(crate) fn edition(&self, pack: Pack, made_at: DateTime<Utc>) -> Result<Edition, Problem> {
        match self.latest(&pack.unit) {
            Some(kept) if kept.pack.as_of == pack.as_of => Ok(kept.clone()),
            before => Ok(Edition::after(before, pack, made_at)?),
        }
    }
}

/// What is in a folder, in the order of the names; nothing if there is none.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Problem> {
    let read = match fs::read_dir(folder) {
        Ok(read) => read,
        Err(problem) if problem.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(problem) => return Err(format!("cannot read {}: {problem}", folder.display()).into()),
    };
    let mut all = read.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()?;
    all.sort();
    Ok(all)
}

fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::Kept;
    use grievance_core::Rulebook;
    use grievance_core::kernel::code::UnitCode;
    use grievance_core::measure::mis::Terms;
    use grievance_core::measure::pack::{Edition, Pack, PackPart, Weeks};
    use grievance_core::vocabulary::AgeRule;
    use std::fs;
    use std::path::Path;

    fn pack(day: &str) -> Pack {
        let rulebook = Rulebook::from_toml("extends = \"west-bengal\"").unwrap();
        let weeks = Weeks::to(Terms::new(day.parse().unwrap(), rulebook.zone(), AgeRule::Calendar));
        let cell = rulebook.directory().cell().clone();
        PackPart::new(weeks).finish(&rulebook, &cell, None, UnitCode::to_string).unwrap()
    }

    fn keep(folder: &Path, edition: &Edition) {
        let place = folder.join(edition.pack.unit.as_str());
        fs::create_dir_all(&place).unwrap();
        fs::write(place.join(format!("{}.json", edition.pack.as_of)), edition.text()).unwrap();
    }

    #[test]
    fn the_next_one_follows_the_latest_and_one_of_the_day_stands() {
        let folder = tempfile::tempdir().unwrap();
        let at = |text: &str| format!("{text}T06:00:00Z").parse().unwrap();
        let day = |text: &str| text.parse().unwrap();
        assert!(Kept::open(&folder.path().join("nothing"), day("2026-04-01")).unwrap().of.is_empty());

        let first = Edition::after(None, pack("2026-03-18"), at("2026-03-18")).unwrap();
        let second = Edition::after(Some(&first), pack("2026-03-25"), at("2026-03-25")).unwrap();
        let third = Edition::after(Some(&second), pack("2026-04-08"), at("2026-04-08")).unwrap();
        for edition in [&first, &second, &third] {
            keep(folder.path(), edition);
        }
        fs::write(folder.path().join("notes.txt"), "no office").unwrap();

        let kept = Kept::open(folder.path(), day("2026-04-01")).unwrap();
        let next = kept.edition(pack("2026-04-01"), at("2026-04-01")).unwrap();
        assert_eq!((next.number, next.previous), (3, Some(second.hash())), "the later one is not looked at");
        let again = kept.edition(pack("2026-03-25"), at("2026-03-27")).unwrap();
        assert_eq!(again, second, "an edition that was given out is not made anew");

        fs::write(folder.path().join(second.pack.unit.as_str()).join("2026-03-25.json"), "{}").unwrap();
        assert!(Kept::open(folder.path(), day("2026-04-01")).is_err(), "nothing follows what cannot be read");
    }
}
