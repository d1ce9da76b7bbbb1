//! The papers of a desk: a method for each row of the paper table.

use crate::acting::Acting;
use crate::convert::{Arg, python_type, raises};
use chrono::NaiveDate;
use grievance_core::desk::Paper;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;

/// What an office gives out of its reviews, and keeps: editions of the weekly statement, agendas of review meetings, the
/// register of good practices. Each paper is a text of canonical JSON, which the host keeps and hands in again as it was:
/// ``json.loads`` shows what it says.
#[pyclass(frozen, module = "grievance")]
pub(crate) struct Papers(pub(crate) Py<Acting>);

// What the table's names of types stand for in Python.
type Day = NaiveDate;

macro_rules! papers {
    ($($doc:literal $method:ident $name:ident {
        $($must_doc:literal $must:ident: $must_type:ident $(<$must_of:ident>)?,)*
        ;
        $($may_doc:literal $may:ident: $may_type:ident $(<$may_of:ident>)?,)*
    })+) => {
        #[pymethods]
        #[expect(clippy::too_many_arguments, reason = "each is a keyword in Python")]
        impl Papers {
            fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
                visit.call(&self.0)
            }

            $(
                #[doc = concat!(
                    $doc, "\n\nParameters\n----------\n",
                    $(stringify!($must), " : ", python_type!($must_type $($must_of)?), "\n    ", $must_doc, "\n",)*
                    $(stringify!($may), " : ", python_type!($may_type $($may_of)?), ", optional\n    ", $may_doc, "\n",)*
                    "\nReturns\n-------\nstr\n    Canonical JSON.\n",
                    raises!(),
                )]
                #[pyo3(signature = (*, $($must,)* $($may = None,)*))]
                fn $method(
                    &self,
                    py: Python<'_>,
                    $($must: Arg<$must_type $(<$must_of>)?>,)*
                    $($may: Option<Arg<$may_type $(<$may_of>)?>>,)*
                ) -> PyResult<String> {
                    let question = Paper::$name {
                        $($must: $must.named(stringify!($must))?,)*
                        $($may: Arg::if_given($may, stringify!($may))?,)*
                    };
                    self.0.get().ask(py, |acting| acting.paper(&question))
                }
            )+
        }
    };
}
grievance_core::for_papers!(papers);
