//! The desk as one actor uses it at one instant: a method for each row of the verb table. What that actor sees is in `looks`.

use crate::convert::{Arg, python_type, raises};
use crate::desk::Desk;
use crate::record::Done;
use grievance_core::GrievanceId;
use grievance_core::desk::flat::Flat;
use grievance_core::desk::{self, DeskError};
use grievance_core::grievance::request::{self, Request};
use grievance_core::host::{Taken, Terms};
use pyo3::prelude::*;
use std::collections::BTreeMap;

/// The desk as one actor uses it at one instant.
#[pyclass(frozen, module = "grievance")]
pub(crate) struct Acting {
    pub(crate) desk: Py<Desk>,
    pub(crate) terms: Terms,
}

impl Acting {
    /// Asks the desk as this actor.
    pub(crate) fn ask<T: Send>(
        &self,
        py: Python<'_>,
        question: impl FnOnce(&desk::Acting<'_>) -> Result<T, DeskError> + Send,
    ) -> PyResult<T> {
        self.desk.get().0.ask(py, |desk| question(&self.terms.acting(desk)))
    }

    /// The same, and shows the answer as a record.
    pub(crate) fn show<T: Flat<Record: Taken<R> + Send>, R>(
        &self,
        py: Python<'_>,
        question: impl FnOnce(&desk::Acting<'_>) -> Result<T, DeskError> + Send,
    ) -> PyResult<R> {
        self.desk.get().0.show(py, |desk| question(&self.terms.acting(desk)))
    }

    pub(crate) fn take(
        &self,
        py: Python<'_>,
        case: Option<GrievanceId>,
        request: &Request,
    ) -> PyResult<Done> {
        self.show(py, |acting| acting.submit(case, request))
    }
}

macro_rules! done {
    () => {
        "\nReturns\n-------\nDone\n    The case and its new version.\n"
    };
}

macro_rules! verbs {
    (
        $lodge_doc:literal lodge Lodge {
            $($first_doc:literal $first:ident: $first_type:ident $(<$first_of:ident $(, $first_to:ident)?>)?,)*
            ;
            $($other_doc:literal $other:ident: $other_type:ident $(<$other_of:ident $(, $other_to:ident)?>)?,)*
        }
        $($doc:literal $method:ident $name:ident {
            $($must_doc:literal $must:ident: $must_type:ident $(<$must_of:ident $(, $must_to:ident)?>)?,)*
            ;
            $($may_doc:literal $may:ident: $may_type:ident $(<$may_of:ident $(, $may_to:ident)?>)?,)*
        })+
    ) => {
        #[pymethods]
        #[expect(clippy::too_many_arguments, reason = "each is a keyword in Python")]
        impl Acting {
            #[doc = concat!(
                $lodge_doc, "\n\nParameters\n----------\n",
                $(
                    stringify!($first), " : ", python_type!($first_type $($first_of $($first_to)?)?), "\n    ", $first_doc, "\n",
                )*
                $(
                    stringify!($other), " : ", python_type!($other_type $($other_of $($other_to)?)?), ", optional\n    ", $other_doc, "\n",
                )*
                done!(), raises!(),
            )]
            #[pyo3(signature = (*, $($first,)* $($other = None,)*))]
            fn lodge(
                &self,
                py: Python<'_>,
                $($first: Arg<$first_type $(<$first_of $(, $first_to)?>)?>,)*
                $($other: Option<Arg<$other_type $(<$other_of $(, $other_to)?>)?>>,)*
            ) -> PyResult<Done> {
                self.take(py, None, &Request::Lodge(request::Lodge {
                    $($first: $first.named(stringify!($first))?,)*
                    $($other: Arg::if_given($other, stringify!($other))?,)*
                }))
            }

            $(
                #[doc = concat!(
                    $doc, "\n\nParameters\n----------\ncase : str\n    The case: ``grv_…``.\n",
                    $(
                    stringify!($must), " : ", python_type!($must_type $($must_of $($must_to)?)?), "\n    ", $must_doc, "\n",
                )*
                    $(
                    stringify!($may), " : ", python_type!($may_type $($may_of $($may_to)?)?), ", optional\n    ", $may_doc, "\n",
                )*
                    done!(), raises!(),
                )]
                #[pyo3(signature = (case, *, $($must,)* $($may = None,)*))]
                fn $method(
                    &self,
                    py: Python<'_>,
                    case: Arg<String>,
                    $($must: Arg<$must_type $(<$must_of $(, $must_to)?>)?>,)*
                    $($may: Option<Arg<$may_type $(<$may_of $(, $may_to)?>)?>>,)*
                ) -> PyResult<Done> {
                    let case = case.read("case")?;
                    self.take(py, Some(case), &Request::$name(request::$name {
                        $($must: $must.named(stringify!($must))?,)*
                        $($may: Arg::if_given($may, stringify!($may))?,)*
                    }))
                }
            )+
        }
    };
}
grievance_core::for_verbs!(verbs);
