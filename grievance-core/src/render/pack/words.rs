//! Words for lines, bands, flags and states.

use crate::measure::index::Standing;
use crate::measure::pack::{Line, Pack};
use crate::render::language::Language;
use crate::vocabulary::{Flag, MisLine, TargetState};

/// A line's name.
pub(crate) fn line_words(language: Language, line: MisLine) -> &'static str {
    language.words(line.as_str())
}

/// The name of a line or of the pending of a band.
pub(crate) fn line_name(language: Language, line: Line, cuts: &[u32]) -> String {
    match line {
        Line::Of(line) => line_words(language, line).to_owned(),
        Line::Age(band) => {
            let labels = band_labels(language, cuts);
            let label = labels.get(usize::from(band)).map_or("", String::as_str);
            format!("{}, {label}", language.words("pending"))
        }
    }
}

/// The first and the last day of the pack's week.
pub(crate) fn week_words(pack: &Pack, language: Language) -> String {
    let until = pack.as_of.pred_opt().map_or_else(String::new, |last| language.date(last));
    language.fill("week_of", &[("from", &language.date(pack.since)), ("to", &until)])
}

/// What a flag says.
pub(crate) fn flag_words(language: Language, flag: Flag) -> &'static str {
    language.words(match flag {
        Flag::OldBacklog => "flag_old_backlog",
        Flag::Growing => "flag_growing",
        Flag::NothingDisposed => "flag_nothing_disposed",
        Flag::OftenReopened => "flag_often_reopened",
        Flag::Dissatisfied => "flag_dissatisfied",
    })
}

/// A state of a target.
pub(crate) fn target_words(language: Language, state: TargetState) -> &'static str {
    language.words(match state {
        TargetState::InTime => "in_time",
        TargetState::DueSoon => "due_soon",
        TargetState::Breached => "breached_state",
        TargetState::NoTarget => "no_target",
    })
}

/// The bands of age in words, youngest first. Cut points of a pack may be any numbers: its fields are open.
pub(crate) fn band_labels(language: Language, cuts: &[u32]) -> Vec<String> {
    let number = |days: u32| language.number(u64::from(days));
    let (Some(first), Some(last)) = (cuts.first(), cuts.last()) else {
        return vec![language.words("band_any").to_owned()];
    };
    let between = cuts.windows(2).map(|pair| {
        let (from, to) = (number(pair[0]), number(pair[1].saturating_sub(1)));
        language.fill("band_between", &[("from", &from), ("to", &to)])
    });
    std::iter::once(language.fill("band_under", &[("to", &number(*first))]))
        .chain(between)
        .chain([language.fill("band_more", &[("from", &number(last.saturating_sub(1)))])])
        .collect()
}

/// The same in few signs, to head a field: `<7`, `7–14`, `>30`.
pub(crate) fn short_bands(language: Language, cuts: &[u32]) -> Vec<String> {
    let number = |days: u32| language.number(u64::from(days));
    let (Some(first), Some(last)) = (cuts.first(), cuts.last()) else {
        return vec!["≥0".to_owned()];
    };
    let between =
        cuts.windows(2).map(|pair| format!("{}–{}", number(pair[0]), number(pair[1].saturating_sub(1))));
    std::iter::once(format!("<{}", number(*first)))
        .chain(between)
        .chain([format!(">{}", number(last.saturating_sub(1)))])
        .collect()
}

pub(super) fn standing_words(language: Language, standing: Standing) -> &'static str {
    language.words(match standing {
        Standing::TooFew => "standing_too_few",
        Standing::Within => "standing_within",
        Standing::Low => "standing_low",
        Standing::VeryLow => "standing_very_low",
        Standing::High => "standing_high",
        Standing::VeryHigh => "standing_very_high",
    })
}
