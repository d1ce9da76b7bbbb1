//! The rulebooks that come with the crate, unofficial and to be extended.

/// Each preset's name and its text, in TOML.
pub const PRESETS: &[(&str, &str)] = &[
    ("city-311", include_str!("presets/city-311.toml")),
    ("cpgrams", include_str!("presets/cpgrams.toml")),
    ("west-bengal", include_str!("presets/west-bengal.toml")),
];

/// What the presets build on: texts that several share, no rulebook by itself.
pub const FOUNDATIONS: &[(&str, &str)] = &[("messages", include_str!("presets/messages.toml"))];

/// The text of a preset, or of what presets build on.
pub fn text(name: &str) -> Option<&'static str> {
    PRESETS.iter().chain(FOUNDATIONS).find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// The names of the presets.
pub fn names() -> impl Iterator<Item = &'static str> {
    PRESETS.iter().map(|(name, _)| *name)
}
