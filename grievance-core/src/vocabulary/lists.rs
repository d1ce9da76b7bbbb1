//! Every closed list and every table as data: for whoever makes types of another language from them.

/// A closed list: its name, what it is for, and its words in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClosedList {
    /// Its name.
    pub name: &'static str,
    /// One sentence.
    pub about: &'static str,
    /// Its words.
    pub words: &'static [ListWord],
}

/// A word of a closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListWord {
    /// The name of the value in code: `InProgress`.
    pub name: &'static str,
    /// The word that events, rows and other languages use: `in_progress`.
    pub word: &'static str,
    /// One sentence.
    pub about: &'static str,
}

/// A row of the table of verbs, of measures, of papers or of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableRow {
    /// The method of the verb, measure or paper, which ends in a line where the word is one of Rust's (`return_`), or
    /// the record's name.
    pub name: &'static str,
    /// One sentence.
    pub about: &'static str,
    /// What it takes or holds, in order.
    pub fields: &'static [TableField],
}

/// A field of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableField {
    /// Its name.
    pub name: &'static str,
    /// Its type in the words of the table, which the compiler may have put blanks into.
    pub kind: &'static str,
    /// Whether it must be given; of a record each is there.
    pub must: bool,
    /// One sentence.
    pub about: &'static str,
}

macro_rules! list {
    ($doc:literal $name:ident { $($variant:ident = $word:literal, $vdoc:literal;)+ }) => {
        ClosedList {
            name: stringify!($name),
            about: $doc,
            words: &[$(ListWord { name: stringify!($variant), word: $word, about: $vdoc },)+],
        }
    };
}

/// Every closed list, in the order of the files that define them.
pub const CLOSED_LISTS: &[ClosedList] = &[
    crate::for_discrepancy!(list),
    crate::for_file_audience!(list),
    crate::for_phase!(list),
    crate::for_action!(list),
    crate::for_outcome!(list),
    crate::for_event_kind!(list),
    crate::for_purpose!(list),
    crate::for_audience!(list),
    crate::for_tell_when!(list),
    crate::for_variable_kind!(list),
    crate::for_occasion!(list),
    crate::for_remedy!(list),
    crate::for_error_code!(list),
    crate::for_look_purpose!(list),
    crate::for_hold_for!(list),
    crate::for_erasure_because!(list),
    crate::for_gate!(list),
    crate::for_custody!(list),
    crate::for_reach!(list),
    crate::for_relation!(list),
    crate::for_disposal_class!(list),
    crate::for_evidence_kind!(list),
    crate::for_feedback_outcome!(list),
    crate::for_waiver!(list),
    crate::for_target_kind!(list),
    crate::for_reference_from!(list),
    crate::for_gap!(list),
    crate::for_holiday_class!(list),
    crate::for_age_rule!(list),
    crate::for_flag!(list),
    crate::for_target_state!(list),
    crate::for_quantity!(list),
    crate::for_mis_line!(list),
    crate::for_case_field!(list),
    crate::for_verification_finding!(list),
    crate::for_suspicion!(list),
    crate::for_trend_kind!(list),
    crate::for_change_state!(list),
    crate::for_practice_facet!(list),
    crate::for_field!(list),
    crate::for_sight!(list),
    crate::for_tenure!(list),
    crate::for_time_unit!(list),
    crate::for_counted_from!(list),
    crate::for_on_change!(list),
    crate::for_because!(list),
    crate::for_resumed!(list),
    crate::for_ladder_step!(list),
    crate::for_ladder_mode!(list),
    crate::for_job_kind!(list),
    crate::for_message_channel!(list),
    crate::for_notice_state!(list),
];

/// A table whose rows have fields that must and fields that may be given.
macro_rules! asked {
    ($(#[$about:meta])* $table:ident $($doc:literal $method:ident $name:ident {
        $($must_doc:literal $must:ident: $must_type:ty,)*
        ;
        $($may_doc:literal $may:ident: $may_type:ty,)*
    })+) => {
        $(#[$about])*
        pub const $table: &[TableRow] = &[$(TableRow {
            name: stringify!($method),
            about: $doc,
            fields: &[
                $(TableField { name: stringify!($must), kind: stringify!($must_type), must: true, about: $must_doc },)*
                $(TableField { name: stringify!($may), kind: stringify!($may_type), must: false, about: $may_doc },)*
            ],
        },)+];
    };
}

macro_rules! verbs {
    ($($row:tt)+) => { asked! { /** The verb table, in its order. */ VERBS $($row)+ } };
}
crate::for_verbs!(verbs);

macro_rules! measures {
    ($($row:tt)+) => { asked! { /** The measure table, in its order. */ MEASURES $($row)+ } };
}
crate::for_measures!(measures);

macro_rules! papers {
    ($($row:tt)+) => { asked! { /** The paper table, in its order. */ PAPERS $($row)+ } };
}
crate::for_papers!(papers);

macro_rules! records {
    ($($doc:literal $name:ident { $($about:literal $field:ident: $kind:ty,)+ })+) => {
        /// The record table, in its order.
        pub const RECORDS: &[TableRow] = &[$(TableRow {
            name: stringify!($name),
            about: $doc,
            fields: &[
                $(TableField { name: stringify!($field), kind: stringify!($kind), must: true, about: $about },)+
            ],
        },)+];
    };
}
crate::for_records!(records);
