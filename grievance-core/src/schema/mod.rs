//! JSON Schema (draft 2020-12) of what this library reads and writes as JSON, made from its types.
//!
//! The same texts are committed as files in `docs/schema`; `docs/reference/json-schema.md` says which
//! is for what.
//!
//! ```
//! let all = grievance_core::schema::documents();
//! let request = all.iter().find(|one| one.name == "request").expect("what a host sends");
//! assert!(request.text.contains(r#""const": "lodge""#));
//! ```

mod text;
mod whole;

use crate::desk::flat;
use crate::desk::{
    CaseFile, CaseRow, CaseView, EventView, Facts, Failed, Measure, Paper, ShownWord, StoredHistory,
};
use crate::grievance::event::Event;
use crate::grievance::notice::Notice;
use crate::grievance::request::Request;
use crate::measure::index::{Board, Definition};
use crate::measure::practice::{self, Register};
use crate::measure::published::Published;
use crate::measure::quality::{Quality, Sample, Suspected};
use crate::measure::statement::Mis;
use crate::measure::{gpr, pack};
use crate::proof::case::CaseProof;
use crate::proof::checkpoint::Checkpoint;
use crate::rulebook::access::Actor;
use crate::rulebook::finding::Finding;
use crate::schema::whole::{Answer, AsWritten, Question};

/// The schema of one kind of document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaDocument {
    /// Its name: that of its file, without `.json`.
    pub name: &'static str,
    /// What it describes.
    pub title: &'static str,
    /// The schema: indented JSON with a line feed at the end, the same on every machine.
    pub text: String,
}

/// Who is held to a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    /// Whoever sends something to the library: what may be left out is not asked for.
    Read,
    /// The library: what it always writes is always there.
    Written,
}

macro_rules! documents {
    ($($name:literal $side:ident $title:literal $type:ty,)+) => {
        /// Every schema, in the order of the reference.
        pub fn documents() -> Vec<SchemaDocument> {
            // The pack's is written by hand: which lines it has follows from numbers, not from types.
            let pack = SchemaDocument { name: "pack", title: "Weekly pack", text: pack::SCHEMA.to_owned() };
            let made = [$(SchemaDocument {
                name: $name,
                title: $title,
                text: text::of::<$type>($title, Side::$side),
            },)+];
            made.into_iter().chain([pack]).collect()
        }
    };
}

documents! {
    "request" Read "A step that a host asks for" Request,
    "question" Read "A question of a complainant's app" Question,
    "answer" Written "The answer to a complainant's app" Answer,
    "failure" Written "Why something was not done" Failed,
    "event" Read "An event as it is stored" Event,
    "actor" Read "Who acts, as it is stored" Actor,
    "history" Written "A case's events as they are stored" StoredHistory,
    "facts" Written "All that is recorded of a case" Facts,
    "case" Written "A case as somebody sees it" CaseView,
    "case-row" Written "A case as a list shows it" CaseRow,
    "case-history" Written "A case's history as somebody sees it" Vec<EventView>,
    "words" Written "Words of a case as somebody sees them" Vec<ShownWord>,
    "done" Written "What a step came to" flat::Done,
    "options" Written "What somebody can do with a case" Vec<flat::Offer>,
    "progress" Written "What a complainant is shown of a case" flat::Progress,
    "search" Written "A page of cases" flat::RowPage,
    "activation" Written "What bringing a rulebook version into force came to" flat::Activation,
    "swept" Written "What a sweep came to" flat::Swept,
    "message" Written "A message to be sent" flat::Message,
    "delivered" Written "What a round of deliveries came to" flat::Delivered,
    "notices" Written "The messages of a case, and how far they have come" Vec<flat::Posted>,
    "parked" Written "Messages that wait for somebody" Vec<flat::Parked>,
    "code" Written "A one-time code to be sent" flat::CodeToSend,
    "case-file" Written "A case's file as it is given away" CaseFile,
    "case-proof" Read "The proof for one case" CaseProof,
    "checkpoint" Read "What was recorded at a moment" Checkpoint,
    "measure" Read "A question over the cases that somebody sees" Measure,
    "paper" Read "A question about what an office gives out and keeps" Paper,
    "notice" Read "A message owed to somebody" Notice,
    "rulebook" Read "A government's rulebook as it is written" AsWritten,
    "findings" Written "What is wrong with a rulebook" Vec<Finding>,
    "mis" Written "The weekly statement" Mis,
    "published" Written "The weekly statement as the public may have it" Published,
    "index" Read "The definition of a disposal index" Definition,
    "board" Written "Offices under a disposal index" Board,
    "sample" Written "A draw of disposed cases for a second look" Sample,
    "quality" Written "What the second looks tell" Quality,
    "suspected" Written "What points at closings" Vec<Suspected>,
    "gpr" Written "What cases come from, and what changes remove" gpr::Board,
    "practices" Read "A register of good practices" Register,
    "practice" Written "A good practice as it is published" practice::Published<'static>,
}
