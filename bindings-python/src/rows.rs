//! Methods of the rows of a table: each asks what the core's question of its name says.

use chrono::NaiveDate;

/// A day, in the words of the tables.
pub(crate) type Day = NaiveDate;

/// A method of a class for each row: its documentation, its keywords, and `ask` of the class with the question.
macro_rules! rows {
    ($Class:ident $Question:ident $answer:ty, $returns:literal: $($doc:literal $method:ident $name:ident {
        $($must_doc:literal $must:ident: $must_type:ident $(<$must_of:ident>)?,)*
        ;
        $($may_doc:literal $may:ident: $may_type:ident $(<$may_of:ident>)?,)*
    })+) => {
        #[pymethods]
        #[expect(clippy::too_many_arguments, reason = "each is a keyword in Python")]
        impl $Class {
            $(
                #[doc = concat!(
                    $doc, "\n\nParameters\n----------\n",
                    $(stringify!($must), " : ", python_type!($must_type $($must_of)?), "\n    ", $must_doc, "\n",)*
                    $(stringify!($may), " : ", python_type!($may_type $($may_of)?), ", optional\n    ", $may_doc, "\n",)*
                    "\nReturns\n-------\n", $returns, "\n",
                    raises!(),
                )]
                #[pyo3(signature = (*, $($must,)* $($may = None,)*))]
                fn $method(
                    &self,
                    py: Python<'_>,
                    $($must: Arg<$must_type $(<$must_of>)?>,)*
                    $($may: Option<Arg<$may_type $(<$may_of>)?>>,)*
                ) -> PyResult<$answer> {
                    self.ask(py, &$Question::$name {
                        $($must: $must.named(stringify!($must))?,)*
                        $($may: Arg::if_given($may, stringify!($may))?,)*
                    })
                }
            )+
        }
    };
}
pub(crate) use rows;
