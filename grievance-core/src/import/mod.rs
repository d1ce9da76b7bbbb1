//! Layer 7: case records of another system, read from a file and turned into values.
//!
//! An [`Import`](run::Import) does the whole. It is made of parts that write to no store: a [`ColumnMap`](map::ColumnMap) says what the columns mean, a
//! [`Reader`](read::Reader) turns each record into a [`Row`](read::Row), and a
//! [`Resolution`](resolve::Resolution) puts an accepted case into the codes of a rulebook, as the
//! `Adopted` payload that a history begins with. Where the rulebook lacks the file's offices and
//! subjects, a [`Survey`](derive::Survey) of the file extends it.
//!
//! A bad row never stops a file: it comes back with its record number, column, code, a sentence
//! and its original fields.

mod bytes;
pub mod case;
pub mod derive;
pub mod instant;
pub mod map;
pub mod read;
pub mod reject;
pub mod resolve;
mod row;
pub mod run;
mod split;
