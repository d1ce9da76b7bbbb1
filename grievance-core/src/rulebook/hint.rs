//! How findings quote what was written, and guess what was meant.

/// Most characters of the writer's text that a message repeats.
const SHOWN: usize = 60;

/// The text in quotation marks, cut after 60 characters, with nothing that breaks a line.
pub(crate) fn shown(text: &str) -> String {
    let cut: String = text.chars().take(SHOWN).collect();
    let more = if cut.len() < text.len() { "…" } else { "" };
    format!("\"{}{more}\"", cut.escape_debug())
}

/// A sentence that another parser made, cut so that it cannot repeat a whole document.
pub(crate) fn cut(sentence: &str) -> String {
    let line: String = sentence.chars().take(160).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if line.len() < sentence.len() { line + "…" } else { line }
}

/// `did you mean "closed"?`, when one of the known words is near enough to be a slip of the pen:
/// at most one character in three differs.
pub(crate) fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    if word.len() > SHOWN {
        return None;
    }
    let most = (word.chars().count() / 3).max(1);
    known
        .into_iter()
        .filter(|known| known.len().abs_diff(word.len()) <= 4 * most)
        .map(|known| (strsim::osa_distance(word, known), known))
        .filter(|(distance, known)| *distance <= most && *distance < known.chars().count())
        .min()
        .map(|(_, known)| format!("did you mean \"{known}\"?"))
}

/// The same for a list, of which the beginning is printed when nothing is near.
pub(crate) fn one_of(word: &str, known: &[&str]) -> Option<String> {
    const MOST: usize = 20;
    did_you_mean(word, known.iter().copied()).or_else(|| match known {
        [] => None,
        few if few.len() <= MOST => Some(format!("there are {}", few.join(", "))),
        many => Some(format!("there are {}, and {} more", many[..MOST].join(", "), many.len() - MOST)),
    })
}
