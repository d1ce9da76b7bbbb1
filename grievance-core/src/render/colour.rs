//! The colours of age and of target, with the shapes that say the same without colour.
//!
//! Age and target have separate scales that never mix (ADR 30): no colour and no shape is in
//! both. A step is never shown by its colour alone: a text label and a shape stand beside it.

use crate::vocabulary::TargetState;

/// A colour of the sRGB space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour(pub u8, pub u8, pub u8);

/// White: what statements are printed on.
pub const PAPER: Colour = Colour(255, 255, 255);
/// Black.
pub const INK: Colour = Colour(0, 0, 0);

/// A step of a scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The colour of its mark.
    pub colour: Colour,
    /// The colour of text upon it.
    pub text: Colour,
    /// Its shape.
    pub shape: char,
}

/// The steps of age, youngest first: darker is later, and the shapes gain corners.
pub const AGE: [Step; 4] = [
    Step { colour: Colour(0x66, 0x99, 0xcc), text: INK, shape: '●' },
    Step { colour: Colour(0x99, 0x80, 0x1a), text: INK, shape: '▲' },
    Step { colour: Colour(0x80, 0x4d, 0x1a), text: PAPER, shape: '◆' },
    Step { colour: Colour(0x80, 0x1a, 0x33), text: PAPER, shape: '■' },
];

/// The step of each state of a target: darker is later, and what has no target is grey.
pub const fn target_step(state: TargetState) -> Step {
    match state {
        TargetState::InTime => Step { colour: Colour(0x2a, 0x9d, 0x8f), text: INK, shape: '○' },
        TargetState::DueSoon => Step { colour: Colour(0x8a, 0x4f, 0xbf), text: PAPER, shape: '◐' },
        TargetState::Breached => Step { colour: Colour(0x3d, 0x0f, 0x5c), text: PAPER, shape: '✖' },
        TargetState::NoTarget => Step { colour: Colour(0x8c, 0x8c, 0x8c), text: INK, shape: '–' },
    }
}

/// The step for a band among `count` bands, youngest first. With other than four bands the
/// youngest and the oldest keep their steps and those between are spread.
pub fn age_step(band: usize, count: usize) -> Step {
    let last = AGE.len() - 1;
    let widest = count.saturating_sub(1).max(1);
    AGE[((band * last + widest / 2) / widest).min(last)]
}

impl std::fmt::Display for Colour {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

impl Colour {
    /// The contrast of two colours, from 1 to 21, as the Web Content Accessibility Guidelines
    /// define it: 3 is asked of marks, 4.5 of text.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::render::colour::{INK, PAPER};
    ///
    /// assert!((INK.contrast(PAPER) - 21.0).abs() < 1e-9);
    /// ```
    pub fn contrast(self, with: Self) -> f64 {
        let (one, other) = (self.luminance() + 0.05, with.luminance() + 0.05);
        if one > other { one / other } else { other / one }
    }

    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        0.0722f64.mul_add(linear(self.2), 0.2126f64.mul_add(linear(self.0), 0.7152 * linear(self.1)))
    }
}
