//! Pendency bands: how old is what is open.

/// Why cut points make no bands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cut points must rise: {after} does not exceed {before}")]
pub struct CutsMustRise {
    /// The cut point before, or 0 before the first.
    pub before: u32,
    /// The one that does not exceed it.
    pub after: u32,
}

/// Bands of age, in whole days.
///
/// The default is the origin's: under 7, 7 to 14, 15 to 30, more than 30 (ADR 14).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendencyBands {
    // INVARIANT: rising, the first above 0.
    cuts: Vec<u32>,
}

impl Default for PendencyBands {
    fn default() -> Self {
        Self { cuts: vec![7, 15, 31] }
    }
}

impl PendencyBands {
    /// Builds bands from rising cut points, in days.
    ///
    /// A grievance exactly as old as a cut point falls in the band *above* it, so `[7, 15, 31]`
    /// reads: under 7, 7 to 14, 15 to 30, and more than 30. No cut point at all makes one band.
    ///
    /// # Errors
    ///
    /// [`CutsMustRise`] when a cut point does not exceed the one before it, or the first is 0.
    ///
    /// # Examples
    ///
    /// ```
    /// use grievance_core::measure::pendency::PendencyBands;
    ///
    /// let bands = PendencyBands::new([7, 15, 31])?;
    /// assert_eq!(bands.index(6), 0);
    /// assert_eq!(bands.index(15), 2); // on the cut: the older band
    /// assert_eq!(bands.labels(), ["under 7", "7 to 14", "15 to 30", "more than 30"]);
    /// assert!(PendencyBands::new([7, 7]).is_err());
    /// # Ok::<(), grievance_core::measure::pendency::CutsMustRise>(())
    /// ```
    pub fn new(cuts: impl Into<Vec<u32>>) -> Result<Self, CutsMustRise> {
        let cuts = cuts.into();
        let mut before = 0;
        for &after in &cuts {
            if after <= before {
                return Err(CutsMustRise { before, after });
            }
            before = after;
        }
        Ok(Self { cuts })
    }

    /// The cut points, in days.
    pub fn cuts(&self) -> &[u32] {
        &self.cuts
    }

    /// How many bands there are: one more than cut points.
    pub fn count(&self) -> usize {
        self.cuts.len() + 1
    }

    /// The band of an age in whole days, from 0, youngest first. A negative age is youngest.
    pub fn index(&self, days: i64) -> usize {
        self.cuts.iter().take_while(|cut| i64::from(**cut) <= days).count()
    }

    /// The first band of those that begin at so many days; `None` where no band begins there.
    pub(crate) fn beyond(&self, days: u32) -> Option<usize> {
        self.cuts.iter().position(|cut| *cut == days).map(|place| place + 1)
    }

    /// The bands in words, youngest first.
    pub fn labels(&self) -> Vec<String> {
        let (Some(first), Some(last)) = (self.cuts.first(), self.cuts.last()) else {
            return vec!["any age".into()];
        };
        let between = self.cuts.windows(2).map(|pair| match (pair[0], pair[1] - 1) {
            (from, to) if from == to => from.to_string(),
            (from, to) => format!("{from} to {to}"),
        });
        std::iter::once(format!("under {first}"))
            .chain(between)
            .chain(std::iter::once(format!("more than {}", last - 1)))
            .collect()
    }
}
