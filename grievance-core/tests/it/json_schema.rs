//! Holds a JSON value to a JSON Schema, in the words that ours use. A word that it does not know stops
//! the test, so that nothing passes unread.

use serde_json::Value;

/// How strict a look is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    /// As the standard says.
    Plain,
    /// A field that the schema does not name is refused, wherever it does not say that others may come.
    Closed,
}

/// A schema.
pub(crate) struct Schema(Value);

impl Schema {
    pub(crate) fn read(text: &str) -> Self {
        let root: Value = serde_json::from_str(text).expect("a schema is JSON");
        assert_eq!(root["$schema"], "https://json-schema.org/draft/2020-12/schema");
        Self(root)
    }

    /// The committed schema of that name.
    #[cfg(feature = "schema")]
    pub(crate) fn named(name: &str) -> Self {
        let known = grievance_core::schema::documents();
        let one = known.iter().find(|one| one.name == name);
        Self::read(&one.unwrap_or_else(|| panic!("no schema {name}")).text)
    }

    pub(crate) const fn root(&self) -> &Value {
        &self.0
    }

    /// Whether a value obeys it.
    pub(crate) fn takes(&self, value: &Value) -> Result<(), String> {
        self.obeys(&self.0, value, "", Look::Plain)
    }

    /// Whether a value obeys it and says nothing that it does not name.
    pub(crate) fn names(&self, value: &Value) -> Result<(), String> {
        self.obeys(&self.0, value, "", Look::Closed)
    }

    fn obeys(&self, schema: &Value, value: &Value, path: &str, look: Look) -> Result<(), String> {
        let wrong = |what: &str| Err(format!("{path}: {what}: {value}"));
        let words = match schema {
            Value::Bool(true) => return Ok(()),
            Value::Bool(false) => return wrong("nothing may stand here"),
            other => other.as_object().expect("a schema is an object"),
        };
        // What stands beside one schema names no fields: they are the other's.
        let lends = ["$ref", "oneOf", "anyOf"].iter().any(|word| words.contains_key(*word));
        for (word, asked) in words {
            let all = || asked.as_array().expect("a list").iter();
            let fits = |one: &&Value| self.obeys(one, value, path, look).is_ok();
            match word.as_str() {
                "$schema"
                | "title"
                | "description"
                | "$defs"
                | "default"
                | "format"
                | "required"
                | "patternProperties"
                | "properties"
                | "additionalProperties"
                | "contentMediaType" => {}
                "$ref" => {
                    let name = asked.as_str().and_then(|it| it.strip_prefix("#/$defs/")).expect("a name");
                    let named = self.0["$defs"].get(name).unwrap_or_else(|| panic!("no {name} in $defs"));
                    self.obeys(named, value, path, look)?;
                }
                "anyOf" if !all().any(|one| fits(&one)) => return wrong("fits none"),
                "oneOf" if all().filter(fits).count() != 1 => {
                    // Of the kind that it says it is, if it says one.
                    let mut told = all().filter_map(|one| {
                        let marks = one["properties"]
                            .as_object()?
                            .iter()
                            .filter(|(_, field)| field["const"].is_string());
                        let same = |(name, field): (&String, &Value)| value.get(name) == field.get("const");
                        marks.clone().next()?;
                        marks.into_iter().all(same).then(|| self.obeys(one, value, path, look).err())?
                    });
                    let why = told.next().unwrap_or_default();
                    return wrong(&format!("fits none, or several; {why}"));
                }
                "const" if asked != value => return wrong("is another"),
                "enum" if !all().any(|one| one == value) => return wrong("is not in the list"),
                "type" => {
                    let kinds = asked.as_array().map_or(std::slice::from_ref(asked), Vec::as_slice);
                    if !kinds.iter().any(|kind| is_a(kind.as_str().expect("a type"), value)) {
                        return wrong("is of another type");
                    }
                }
                "minimum" if less(value, asked) => return wrong("is too small"),
                "maximum" if less(asked, value) => return wrong("is too great"),
                "minItems" if value.as_array().is_some_and(|it| it.len() < size(asked)) => {
                    return wrong("is too short");
                }
                "maxItems" if value.as_array().is_some_and(|it| it.len() > size(asked)) => {
                    return wrong("is too long");
                }
                "maxLength" if value.as_str().is_some_and(|it| it.chars().count() > size(asked)) => {
                    return wrong("is too long");
                }
                "anyOf" | "oneOf" | "const" | "enum" | "minimum" | "maximum" | "minItems" | "maxItems"
                | "maxLength" => {}
                "items" => {
                    let before = schema["prefixItems"].as_array().map_or(0, Vec::len);
                    for (nth, item) in value.as_array().into_iter().flatten().enumerate().skip(before) {
                        self.obeys(asked, item, &format!("{path}[{nth}]"), look)?;
                    }
                }
                "prefixItems" => {
                    for (nth, (item, asked)) in value.as_array().into_iter().flatten().zip(all()).enumerate()
                    {
                        self.obeys(asked, item, &format!("{path}[{nth}]"), look)?;
                    }
                }
                "pattern" if value.as_str().is_some_and(|text| !pattern(asked, text)) => {
                    return wrong("does not fit the pattern");
                }
                "pattern" => {}
                "propertyNames" => {
                    for name in value.as_object().into_iter().flatten().map(|(name, _)| name) {
                        self.obeys(asked, &Value::from(name.as_str()), path, look)?;
                    }
                }
                other => panic!("{path}: the word {other}"),
            }
        }
        // Of what may be anything (`Json` of a flat record) nothing is named.
        let says = ["type", "properties", "$ref", "anyOf", "oneOf", "const", "enum", "additionalProperties"];
        if says.iter().all(|word| schema.get(word).is_none()) {
            return Ok(());
        }
        let Some(map) = value.as_object() else { return Ok(()) };
        for name in schema["required"].as_array().into_iter().flatten() {
            if !map.contains_key(name.as_str().expect("a name")) {
                return wrong(&format!("lacks {name}"));
            }
        }
        for (name, inner) in map {
            let path = format!("{path}.{name}");
            let mut by_pattern = schema["patternProperties"].as_object().into_iter().flatten();
            let named = schema["properties"].get(name).or_else(|| {
                by_pattern
                    .find(|(own, _)| pattern(&Value::from(own.as_str()), name))
                    .map(|(_, schema)| schema)
            });
            match (named, &schema["additionalProperties"]) {
                (Some(own), _) => self.obeys(own, inner, &path, look)?,
                (None, Value::Bool(false)) => return Err(format!("{path}: is not in the schema")),
                (None, Value::Null) if look == Look::Closed && !lends => {
                    return Err(format!("{path}: is not named by the schema"));
                }
                (None, Value::Null) => {}
                (None, other) => self.obeys(other, inner, &path, look)?,
            }
        }
        Ok(())
    }
}

fn is_a(kind: &str, value: &Value) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "null" => value.is_null(),
        other => panic!("the type {other}"),
    }
}

/// Whether both are numbers, and the first is the smaller one.
fn less(a: &Value, b: &Value) -> bool {
    let whole = |it: &Value| it.as_i64().map(i128::from).or_else(|| it.as_u64().map(i128::from));
    match (whole(a), whole(b)) {
        (Some(a), Some(b)) => a < b,
        _ => a.as_f64().zip(b.as_f64()).is_some_and(|(a, b)| a < b),
    }
}

fn size(value: &Value) -> usize {
    usize::try_from(value.as_u64().expect("a count")).expect("a small one")
}

/// A piece of a pattern: what fits, how often at least, how often at most.
type Piece = (Fits, usize, usize);

enum Fits {
    /// A character out of these ranges.
    Of(Vec<(char, char)>),
    /// One of several runs of pieces.
    Either(Vec<Vec<Piece>>),
}

/// Whether a text fits a pattern of classes, groups, alternatives and counts, as a whole.
fn pattern(pattern: &Value, text: &str) -> bool {
    let pattern = pattern.as_str().expect("a pattern is a text");
    let inner =
        pattern.strip_prefix('^').and_then(|it| it.strip_suffix('$')).expect("it is of the whole text");
    let mut rest: Vec<char> = inner.chars().rev().collect();
    let either = either(&mut rest);
    assert!(rest.is_empty(), "{pattern} is read to its end");
    let text: Vec<char> = text.chars().collect();
    either.iter().any(|run| ends(run, &text).contains(&text.len()))
}

/// Reads alternatives; what is to be read stands in reverse.
fn either(rest: &mut Vec<char>) -> Vec<Vec<Piece>> {
    let mut all = vec![Vec::new()];
    while let Some(next) = rest.pop() {
        let fits = match next {
            ')' => {
                rest.push(')');
                break;
            }
            '|' => {
                all.push(Vec::new());
                continue;
            }
            '(' => {
                let inner = either(rest);
                assert_eq!(rest.pop(), Some(')'));
                Fits::Either(inner)
            }
            '[' => {
                let mut ranges = Vec::new();
                while let Some(from) = rest.pop().filter(|next| *next != ']') {
                    let is_range =
                        rest.last() == Some(&'-') && rest.get(rest.len().wrapping_sub(2)) != Some(&']');
                    let to =
                        if is_range { rest.pop().and_then(|_| rest.pop()).expect("an end") } else { from };
                    ranges.push((from, to));
                }
                Fits::Of(ranges)
            }
            plain => {
                assert!(plain.is_ascii_alphanumeric() || "_-:".contains(plain), "the pattern's {plain}");
                Fits::Of(vec![(plain, plain)])
            }
        };
        let (least, most) = match rest.last() {
            Some('?') => (0, 1),
            Some('*') => (0, usize::MAX),
            Some('+') => (1, usize::MAX),
            Some('{') => {
                rest.pop();
                let counts: String = std::iter::from_fn(|| rest.pop_if(|next| *next != '}')).collect();
                let (least, most) = counts.split_once(',').unwrap_or((&counts, &counts));
                (least.parse().expect("a count"), most.parse().expect("a count"))
            }
            _ => {
                rest.push(' ');
                (1, 1)
            }
        };
        rest.pop();
        all.last_mut().expect("one").push((fits, least, most));
    }
    all
}

/// Where a run of pieces can end that begins at the beginning of a text.
fn ends(run: &[Piece], text: &[char]) -> Vec<usize> {
    let mut now = vec![0];
    for (fits, least, most) in run {
        let step = |from: usize| -> Vec<usize> {
            match fits {
                Fits::Of(ranges) => {
                    let next = text.get(from).filter(|c| ranges.iter().any(|(a, b)| (a..=b).contains(c)));
                    next.map(|_| from + 1).into_iter().collect()
                }
                Fits::Either(runs) => {
                    runs.iter().flat_map(|run| ends(run, &text[from..])).map(|end| from + end).collect()
                }
            }
        };
        let mut reached = if *least == 0 { now.clone() } else { Vec::new() };
        let mut times = 0;
        while times < *most && !now.is_empty() {
            now = now.iter().flat_map(|from| step(*from)).collect();
            now.sort_unstable();
            now.dedup();
            times += 1;
            if times >= *least {
                reached.extend(&now);
            }
        }
        reached.sort_unstable();
        reached.dedup();
        now = reached;
    }
    now
}

/// The reader of patterns reads them.
#[test]
fn patterns_are_of_the_whole_text() {
    for (own, fits, misses) in [
        ("^[a-z0-9_-]{1,3}$", &["a", "a-_", "09"][..], &["", "abcd", "A", "a b"][..]),
        ("^grv_[0-9a-f]{2}$", &["grv_0f"], &["grv_0", "grv_0F", "grv-00", "xgrv_00"]),
        ("^(up|down|age_[1-9][0-9]*)$", &["up", "age_1", "age_20"], &["", "u", "upage_1", "age_", "age_0"]),
        ("^[0-9]{2}([.][0-9]{3,9})?Z$", &["10Z", "10.123Z"], &["10.12Z", "10", "10.Z", "1Z"]),
        ("^[!-~]{1,4}$", &["a/1", "~"], &["", "a b", "\u{e9}"]),
    ] {
        let own = Value::from(own);
        assert!(fits.iter().all(|text| pattern(&own, text)), "{own}");
        assert!(misses.iter().all(|text| !pattern(&own, text)), "{own}");
    }
}
