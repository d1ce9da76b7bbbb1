//! What hosts give as texts: read once, and named in the failure. No failure repeats what was given
//! further than the type that could not read it does.

use crate::kernel::mobile::Mobile;
use crate::measure::answer::sheet::NotAsked;
use crate::measure::cases::casebook::Only;
use crate::rulebook::access::Actor;
use crate::rulebook::presets;
use crate::store::Holding;
use crate::store::blind::Sought;
use crate::store::search::Search;
use crate::vocabulary::{ErrorCode, Tenure};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;
use std::time::Duration;

/// Reads an identity, a code or a word of a closed list; `place` is the argument's name.
///
/// # Errors
///
/// [`NotAsked`] at the place.
pub fn read<T: FromStr<Err: Display>>(place: &str, text: &str) -> Result<T, NotAsked> {
    NotAsked::read(place, text)
}

/// The same, of what may be absent.
///
/// # Errors
///
/// As [`read`].
pub fn may_read<T: FromStr<Err: Display>>(place: &str, text: Option<&str>) -> Result<Option<T>, NotAsked> {
    text.map(|text| read(place, text)).transpose()
}

/// The same, of several.
///
/// # Errors
///
/// As [`read`].
pub fn read_all<T: FromStr<Err: Display>>(place: &str, texts: &[String]) -> Result<Vec<T>, NotAsked> {
    texts.iter().map(|text| read(place, text)).collect()
}

/// How long something has taken, for [`Desk::deliver_timed`](crate::Desk::deliver_timed): a host measures it.
pub fn taken(so_far: Duration) -> TimeDelta {
    TimeDelta::from_std(so_far).unwrap_or(TimeDelta::MAX)
}

/// Reads which cases: a JSON object that names columns, each with a code or a list of codes.
///
/// # Errors
///
/// [`NotAsked`] at `only`, or at `only.<column>` for what is no text and no list of texts.
///
/// # Examples
///
/// ```
/// use grievance_core::host::given::only;
///
/// let cases = only(r#"{"unit_1": "works", "channel": ["web", "phone"]}"#)?;
/// assert_eq!(cases["channel"], ["web", "phone"]);
/// assert_eq!(only(r#"{"unit": 7}"#).unwrap_err().place, "only.unit");
/// # Ok::<(), grievance_core::measure::answer::sheet::NotAsked>(())
/// ```
pub fn only(text: &str) -> Result<Only, NotAsked> {
    let named: BTreeMap<String, Value> = serde_json::from_str(text)
        .map_err(|_| NotAsked::of("only", "must name columns, each with a code or a list of codes"))?;
    let codes = |(name, value): (String, Value)| {
        let codes = match value {
            Value::String(code) => Ok(vec![code]),
            list => serde_json::from_value(list),
        };
        let codes =
            codes.map_err(|_| NotAsked::of(&format!("only.{name}"), "must be a text or a list of texts"))?;
        Ok((name, codes))
    };
    named.into_iter().map(codes).collect()
}

/// Reads an instant: RFC 3339 with an offset. Without one nobody can say which instant it is.
///
/// # Errors
///
/// [`NotAsked`] at the place, with `date_invalid`.
pub fn instant(place: &str, text: &str) -> Result<DateTime<Utc>, NotAsked> {
    let read = DateTime::parse_from_rfc3339(text).map(|at| at.to_utc());
    read.map_err(|_| {
        let example = "an instant with its offset, such as 2026-03-02T10:00:00+05:30";
        NotAsked::of(place, "is no instant with a time zone")
            .code(ErrorCode::DateInvalid)
            .hint(Some(example.to_owned()))
    })
}

/// The same, of what may be absent.
///
/// # Errors
///
/// As [`instant`].
pub fn may_be_instant(place: &str, text: Option<&str>) -> Result<Option<DateTime<Utc>>, NotAsked> {
    text.map(|text| instant(place, text)).transpose()
}

/// Reads a day, of the calendar and in one form alone, so that no two texts mean one day.
///
/// # Errors
///
/// [`NotAsked`] at the place, with `date_invalid`.
pub fn day(place: &str, text: &str) -> Result<NaiveDate, NotAsked> {
    let read = text.parse::<NaiveDate>().ok().filter(|day| day.to_string() == text);
    let none = || NotAsked::of(place, "is no day").code(ErrorCode::DateInvalid);
    read.ok_or_else(|| none().hint(Some("YYYY-MM-DD".to_owned())))
}

/// Reads a mobile number.
///
/// # Errors
///
/// [`NotAsked`] at `mobile`.
pub fn mobile(text: &str) -> Result<Mobile, NotAsked> {
    Mobile::parse(text).map_err(|problem| NotAsked::of("mobile", problem))
}

/// The text of a preset.
///
/// # Errors
///
/// [`NotAsked`] at `name`, with the names that there are.
pub fn preset(name: &str) -> Result<&'static str, NotAsked> {
    presets::text(name).ok_or_else(|| {
        let known: Vec<_> = presets::names().collect();
        NotAsked::of("name", "there is no preset of that name")
            .code(ErrorCode::UnknownCode)
            .hint(Some(format!("the presets are {}", known.join(", "))))
    })
}

/// Who acts, as texts.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActorTexts {
    /// The person who acts: `per_…`.
    pub person: String,
    /// The role they act in.
    pub role: String,
    /// The office they act for.
    pub unit: Option<String>,
    /// The post they hold.
    pub post: Option<String>,
    /// The person for whom they act.
    pub on_behalf_of: Option<String>,
    /// In which capacity they hold the post, where it is not simply theirs: a word of `Tenure`.
    pub tenure: Option<String>,
}

impl ActorTexts {
    /// Reads them.
    ///
    /// # Errors
    ///
    /// [`NotAsked`] at the field.
    pub fn read(&self) -> Result<Actor, NotAsked> {
        let Self { person, role, unit, post, on_behalf_of, tenure } = self;
        Ok(Actor {
            on_behalf_of: may_read("on_behalf_of", on_behalf_of.as_deref())?,
            person: read("person", person)?,
            post: may_read("post", post.as_deref())?,
            role: read("role", role)?,
            tenure: may_read("tenure", tenure.as_deref())?,
            unit: may_read("unit", unit.as_deref())?,
        })
    }
}

/// Who holds which post in which office, as texts.
#[derive(Clone, Default, Deserialize)]
pub struct HoldingTexts {
    /// The office.
    pub unit: String,
    /// The post.
    pub post: String,
    /// The person: `per_…`.
    pub person: String,
    /// In which capacity: a word of `Tenure`; `holder` if absent.
    pub tenure: Option<String>,
}

impl HoldingTexts {
    /// Reads them, for a time.
    ///
    /// # Errors
    ///
    /// [`NotAsked`] at the field.
    pub fn read(&self, from: DateTime<Utc>, until: Option<DateTime<Utc>>) -> Result<Holding, NotAsked> {
        let Self { unit, post, person, tenure } = self;
        let tenure = may_read("tenure", tenure.as_deref())?.unwrap_or(Tenure::Holder);
        Ok(Holding {
            unit: read("unit", unit)?,
            post: read("post", post)?,
            person: read("person", person)?,
            tenure,
            from,
            until,
        })
    }
}

/// What a search asks for, as texts; when a case was lodged is the host's to add.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct SearchTexts {
    /// This registration number.
    pub number: Option<String>,
    /// Words of a name.
    pub name: Option<String>,
    /// A mobile.
    pub mobile: Option<String>,
    /// An e-mail address.
    pub email: Option<String>,
    /// This external number.
    pub external_number: Option<String>,
    /// Imported from this system.
    pub source: Option<String>,
    /// Held by one of these offices.
    pub units: Vec<String>,
    /// Of one of these subjects.
    pub categories: Vec<String>,
    /// In one of these stages.
    pub stages: Vec<String>,
    /// In one of these phases.
    pub phases: Vec<String>,
    /// After this place in the order: `next` of the page before.
    pub after: Option<String>,
    /// How many at most, from 1 to [`Search::MOST`]; as many as a page has where nobody says.
    pub limit: Option<u32>,
}

impl SearchTexts {
    /// Reads them.
    ///
    /// # Errors
    ///
    /// [`NotAsked`] at the field.
    pub fn read(self) -> Result<Search, NotAsked> {
        let Self {
            number,
            name,
            mobile,
            email,
            external_number,
            source,
            units,
            categories,
            stages,
            phases,
            after,
            limit,
        } = self;
        Ok(Search {
            number,
            name: name.map(Sought::Words),
            mobile: mobile.map(Sought::Words),
            email: email.map(Sought::Words),
            external_number,
            source: may_read("source", source.as_deref())?,
            lodged_from: None,
            lodged_before: None,
            units: read_all("units", &units)?,
            categories: read_all("categories", &categories)?,
            stages: read_all("stages", &stages)?,
            phases: read_all("phases", &phases)?,
            after: may_read("after", after.as_deref())?,
            limit: match limit {
                Some(limit) if !(1..=Search::MOST).contains(&limit) => {
                    return Err(NotAsked::of("limit", format!("must be from 1 to {}", Search::MOST)));
                }
                limit => limit.unwrap_or_default(),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERSON: &str = "per_00000000000000000000000000000001";

    fn actor() -> ActorTexts {
        let text = |text: &str| Some(text.to_owned());
        ActorTexts {
            person: PERSON.to_owned(),
            role: "officer".to_owned(),
            unit: text("works"),
            post: text("head"),
            on_behalf_of: text(PERSON),
            tenure: text("acting"),
        }
    }

    #[test]
    fn an_actor_is_what_its_texts_say() {
        let read = actor().read().expect("each is one");
        let told = serde_json::to_value(&read).expect("it is JSON");
        let wanted = serde_json::json!({
            "person": PERSON, "role": "officer", "unit": "works", "post": "head",
            "on_behalf_of": PERSON, "tenure": "acting",
        });
        assert_eq!(told, wanted);
        // The same JSON is read again.
        let again: ActorTexts = serde_json::from_value(wanted).expect("its own fields");
        assert_eq!(again.read().as_ref(), Ok(&read));
    }

    #[test]
    fn the_field_that_cannot_be_read_is_named() {
        let bad = || Some("no such thing!".to_owned());
        let actors = [
            ("person", ActorTexts { person: "nobody".to_owned(), ..actor() }),
            ("role", ActorTexts { role: "No Role".to_owned(), ..actor() }),
            ("unit", ActorTexts { unit: bad(), ..actor() }),
            ("post", ActorTexts { post: bad(), ..actor() }),
            ("on_behalf_of", ActorTexts { on_behalf_of: bad(), ..actor() }),
            ("tenure", ActorTexts { tenure: bad(), ..actor() }),
        ];
        for (place, texts) in actors {
            assert_eq!(texts.read().expect_err(place).place, place);
        }
        let all = || vec!["no such thing!".to_owned()];
        let searches = [
            ("source", SearchTexts { source: bad(), ..SearchTexts::default() }),
            ("units", SearchTexts { units: all(), ..SearchTexts::default() }),
            ("categories", SearchTexts { categories: all(), ..SearchTexts::default() }),
            ("stages", SearchTexts { stages: all(), ..SearchTexts::default() }),
            ("phases", SearchTexts { phases: all(), ..SearchTexts::default() }),
            ("after", SearchTexts { after: bad(), ..SearchTexts::default() }),
        ];
        for (place, texts) in searches {
            assert_eq!(texts.read().expect_err(place).place, place);
        }
    }

    #[test]
    fn a_post_is_held_as_holder_unless_another_capacity_is_said() {
        let held = |tenure: Option<&str>| {
            let texts = HoldingTexts {
                unit: "works".to_owned(),
                post: "head".to_owned(),
                person: PERSON.to_owned(),
                tenure: tenure.map(str::to_owned),
            };
            texts.read(DateTime::UNIX_EPOCH, None).map(|holding| holding.tenure)
        };
        assert_eq!(held(None), Ok(Tenure::Holder));
        for tenure in Tenure::ALL {
            assert_eq!(held(Some(tenure.as_str())), Ok(*tenure));
        }
        assert_eq!(held(Some("chief")).map_err(|problem| problem.place), Err("tenure".to_owned()));
    }

    #[test]
    fn a_search_says_what_its_texts_say() {
        let texts = r#"{"name": "Rina Das", "units": ["works"], "phases": ["disposed"], "limit": 3}"#;
        let search = serde_json::from_str::<SearchTexts>(texts).expect("its own fields").read();
        let wanted = Search {
            name: Some(Sought::Words("Rina Das".to_owned())),
            units: vec!["works".parse().expect("a code")],
            phases: vec![crate::vocabulary::Phase::Disposed],
            limit: 3,
            ..Search::default()
        };
        assert_eq!(search, Ok(wanted));
    }

    #[test]
    fn instants_have_an_offset_and_days_one_form() {
        let at = instant("at", "2026-03-02T10:00:00+05:30").expect("an instant");
        assert_eq!(at.to_rfc3339(), "2026-03-02T04:30:00+00:00");
        for none in ["2026-03-02T10:00:00", "2026-03-02", "", "now"] {
            let problem = instant("at", none).expect_err(none);
            assert_eq!((problem.code, &*problem.place), (ErrorCode::DateInvalid, "at"));
        }
        assert_eq!(day("as_of", "2026-03-02").map(|day| day.to_string()).as_deref(), Ok("2026-03-02"));
        for none in ["2026-3-2", "2026-02-30", " 2026-03-02", "2026-03-02T00:00:00Z", ""] {
            let problem = day("as_of", none).expect_err(none);
            assert_eq!((problem.code, &*problem.place), (ErrorCode::DateInvalid, "as_of"));
        }
    }

    #[test]
    fn a_preset_that_there_is_not_is_told_with_those_that_there_are() {
        for name in presets::names() {
            assert_eq!(preset(name).ok(), presets::text(name));
        }
        let problem = preset("atlantis").expect_err("no such preset");
        assert_eq!(problem.code, ErrorCode::UnknownCode);
        assert!(problem.hint.is_some_and(|hint| hint.contains("city-311")));
    }
}
