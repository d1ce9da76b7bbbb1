//! Every colour of the page, and what each is seen upon.

use crate::render::colour::{AGE, Colour, INK, PAPER, target_step};
use crate::vocabulary::TargetState;

/// Text.
pub const TEXT: Colour = Colour(0x1a, 0x1a, 0x1a);
/// Text of less weight.
pub const SOFT: Colour = Colour(0x54, 0x54, 0x54);
/// Lines of charts and fields.
pub const LINE: Colour = Colour(0x76, 0x76, 0x76);
/// Behind totals.
pub const WASH: Colour = Colour(0xf3, 0xf3, 0xf1);
/// Lines, bars and links of charts that show no scale.
pub const DEEP: Colour = Colour(0x12, 0x36, 0x5f);
/// The fields of the heat map, from nothing to the most.
pub const HEAT: [Colour; 5] = [
    PAPER,
    Colour(0xcf, 0xdd, 0xec),
    Colour(0x8f, 0xb0, 0xd4),
    Colour(0x2f, 0x64, 0x9e),
    Colour(0x0f, 0x2c, 0x50),
];

/// What a colour is used for: text must differ from what it stands on by 4.5 to 1, a mark by 3 to 1
/// (WCAG 2.2, success criteria 1.4.3 and 1.4.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Letters and digits.
    Text,
    /// What must be seen to understand a chart.
    Mark,
}

/// The text on a field of the heat map.
pub fn heat_text(step: usize) -> Colour {
    if step < 3 { INK } else { PAPER }
}

/// Every pair of colours that the page puts on each other: in front, behind, for what.
///
/// The fields of the heat map have an outline, which is the mark; two fields side by side may differ
/// less, since each has its count in words.
pub fn pairs() -> Vec<(Colour, Colour, Use)> {
    let mut pairs = vec![
        (TEXT, PAPER, Use::Text),
        (TEXT, WASH, Use::Text),
        (SOFT, PAPER, Use::Text),
        (SOFT, WASH, Use::Text),
        (DEEP, PAPER, Use::Text),
        (DEEP, WASH, Use::Text),
        (DEEP, PAPER, Use::Mark),
        (LINE, PAPER, Use::Mark),
    ];
    let steps = AGE.into_iter().chain(TargetState::ALL.iter().copied().map(target_step));
    for step in steps {
        pairs.push((step.colour, PAPER, Use::Mark));
        pairs.push((step.text, step.colour, Use::Text));
    }
    pairs.extend(HEAT.iter().enumerate().map(|(step, field)| (heat_text(step), *field, Use::Text)));
    pairs
}
