//! The measure table: one row per measure, from which every language makes its methods.

/// The table of measures that a desk is asked.
///
/// A row is: doc, method name, the variant of [`Measure`](crate::desk::Measure), then the required fields, `;`, and the
/// optional ones. Field types are only `Day`, `String`, `u32`, `f64` and `Vec<u32>`, `Vec<f64>`: what every language has.
/// Whoever makes something of the table says what `Day` stands for. Every answer is a
/// [`Sheet`](crate::measure::answer::sheet::Sheet): columns of one length, and what is said of the whole.
#[doc(hidden)]
#[macro_export]
macro_rules! for_measures {
    ($then:ident) => {
        $then! {
            "What is pending, by age, in each group."
            pendency Pendency {
                "As of the first instant of this day." as_of: Day,
                ;
                "By what: `unit`, `category`, `priority`, `reason`, `place`, `channel`, `kind`, a level of a tree (`unit_1`); `unit` if absent." by: String,
                "What counts as a day of age: a word of `AgeRule`; `calendar` if absent. Working days are those of the rulebook's offices." rule: String,
                "Where a band of ages ends, in days; 7, 15, 31 if absent." cuts: Vec<u32>,
            }
            "How long the disposed took, in days, in each group."
            durations Durations {
                "As of the first instant of this day." as_of: Day,
                ;
                "By what: `unit`, `category`, `priority`, `reason`, `place`, `channel`, `kind`, a level of a tree (`unit_1`); `unit` if absent." by: String,
                "What counts as a day of age: a word of `AgeRule`; `calendar` if absent. Working days are those of the rulebook's offices." rule: String,
                "Of which percentiles, from 0 to 100; 50 and 90 if absent." percentiles: Vec<f64>,
                "Within how many days; 30 if absent." within: Vec<u32>,
            }
            "How long cases take, those that are open counted as far as they go."
            kaplan_meier KaplanMeier {
                "As of the first instant of this day." as_of: Day,
                ;
                "Of one office alone." unit: String,
                "By when so many of a hundred are disposed, with limits; 50 if absent." percentiles: Vec<f64>,
            }
            "What came in and went out in each period."
            flow Flow {
                "From the period that has this day." since: Day,
                "To the one that has this, which is whole as far as it has come." until: Day,
                ;
                "`week`, `month` or `financial_year`; `month` if absent." period: String,
            }
            "Offices under an index that comes with the library: scores and places."
            board Board {
                "As of the first instant of this day." as_of: Day,
                "The code of the index." index: String,
                ;
                "What counts as a day of age: a word of `AgeRule`; `calendar` if absent. Working days are those of the rulebook's offices." rule: String,
            }
            "The statement of the day, an office a row."
            mis Mis {
                "As of the first instant of this day." as_of: Day,
                ;
                "What counts as a day of age: a word of `AgeRule`; `calendar` if absent. Working days are those of the rulebook's offices." rule: String,
            }
            "How often cases came back, moved, were late and satisfied, in each group."
            rates Rates {
                "As of the first instant of this day." as_of: Day,
                ;
                "By what: `unit`, `category`, `priority`, `reason`, `place`, `channel`, `kind`, a level of a tree (`unit_1`); `unit` if absent." by: String,
            }
            "With which reasons cases were disposed of, and what that did for the complainants, in each group."
            closures Closures {
                "As of the first instant of this day." as_of: Day,
                ;
                "By what, as of `pendency`; `unit` if absent." by: String,
            }
            "Groups of which more or fewer cases came lately than chance brings."
            trends Trends {
                "Of the weeks that end before this day." until: Day,
                ;
                "By what, as of `pendency`; `category` if absent." by: String,
                "Over how many weeks, from 4 to 260; 13 if absent." weeks: u32,
                "How often chance alone may name a group: 0.01, if absent, is one look of a hundred." at_most: f64,
            }
            "The weekly review of an office and everything below it: this week, the last, and the mean of four."
            review Review {
                "Of the week that ends before this day." as_of: Day,
                ;
                "The office; the one that stands above all, if absent." unit: String,
                "What counts as a day of age: `calendar`, `elapsed` or `working`; `calendar` if absent." rule: String,
                "The code of the index by which the branches are ranked; none if absent." index: String,
            }
            "The cases behind one count of the weekly review, by identity, and how often each counts there."
            behind Behind {
                "Of the week that ends before this day." as_of: Day,
                "What is counted: a line of the review (`disposed`, `age_2`; the week before: `disposed:1`), `level:3`, `old_in_total`, `old_with_unit`, `never_told`, `owed`, `owed_overdue`; `over:` or `still:` with a stage; of the closings of four weeks `reason:`, `class:` or `suspected:` with a code; `cause:documents:pension`." of: String,
                ;
                "The office; the one that stands above all, if absent." unit: String,
                "`below`, with everything below the office, or `alone`; `below` if absent." span: String,
                "What counts as a day of age: `calendar`, `elapsed` or `working`; `calendar` if absent." rule: String,
            }
            "What came in and went out in each period by the histories: with reopenings, transfers, and the difference."
            movements Movements {
                "From the period that has this day." since: Day,
                "To the one that has this." until: Day,
                ;
                "`week`, `month` or `financial_year`; `month` if absent." period: String,
                "On which day a week begins: `mon`, `tue`, `wed`, `thu`, `fri`, `sat` or `sun`; `mon` if absent." begins: String,
                "The time of the day at which figures are cut off, `17:00`; midnight if absent." cut_off: String,
                "Of this office and everything below it; what moves between these is in both sides." unit: String,
            }
            "What waits at each office, for how long in all and there, and how long complainants were told nothing."
            waiting Waiting {
                "As of the first instant of this day." as_of: Day,
                ;
                "Of this office and everything below it." unit: String,
                "What counts as a day of age: `calendar`, `elapsed` or `working`; `calendar` if absent." rule: String,
            }
            "How long cases stayed in each stage, in each episode and on the whole."
            stays Stays {
                "As of the first instant of this day." as_of: Day,
                ;
                "Of this office and everything below it." unit: String,
                "Of this subject and those below it." category: String,
                "What counts as a day of age: `calendar`, `elapsed` or `working`; `calendar` if absent." rule: String,
            }
            "What disposed cases came from: root cause, subject and office, most often first."
            causes Causes {
                "As of the first instant of this day." as_of: Day,
                ;
            }
            "Changes of procedures: what each would remove, how far it has come, and what recurred since."
            changes Changes {
                "As of the first instant of this day." as_of: Day,
                ;
                "The most days that are compared on either side of a change; 90 if absent." span: u32,
            }
            "What officers would change, written when they classified a case; its words are in the case."
            suggestions Suggestions {
                "As of the first instant of this day." as_of: Day,
                ;
            }
            "What points at closings that may be bad. It proves nothing: it says where to look."
            suspicions Suspicions {
                "Closed from the first instant of this day on." since: Day,
                "Before the first instant of this day." until: Day,
                ;
            }
            "Draws closings for a second look: the same days and seed draw the same cases."
            sample Sample {
                "Closed from the first instant of this day on." since: Day,
                "Before the first instant of this day, which names the sample." until: Day,
                "A SHA-256 in hexadecimal digits that nobody could foresee, such as the hash of a later checkpoint." seed: String,
                ;
            }
            "What the second looks at a sample found, by stratum, and how many closings are deficient by that."
            quality Quality {
                "Closed from the first instant of this day on." since: Day,
                "Before the first instant of this day, which names the sample." until: Day,
                "The seed of the sample." seed: String,
                "Looks before the first instant of this day." as_of: Day,
                ;
            }
        }
    };
}
