//! Who acts.

use crate::convert::Arg;
use crate::fault::Fault;
use grievance_core::host::given::ActorTexts;
use grievance_core::rulebook::access;
use pyo3::prelude::*;

/// Who acts, in which role, for which office or post.
///
/// Parameters
/// ----------
/// person : str
///     Who: ``per_`` and 32 hexadecimal digits. The host says it; the library knows nobody.
/// role : str
///     In which role, a code of the rulebook: ``complainant``, ``cell_officer``.
/// unit : str, optional
///     For which office.
/// post : str, optional
///     In which post.
/// on_behalf_of : str, optional
///     For which person.
/// tenure : str, optional
///     How the post is held, a word of `grievance.words.Tenure`: ``holder`` if absent.
///
/// Raises
/// ------
/// AmendError
///     ``invalid_command`` for a text that is no identity or code.
/// WrongTypeError
///     An argument of another type; ``where`` is its name.
///
/// Examples
/// --------
/// >>> gr.Actor("per_00000000000000000000000000000002", "cell_officer", unit="desk")
/// Actor(role='cell_officer', …)
#[pyclass(frozen, module = "grievance")]
pub(crate) struct Actor(pub(crate) access::Actor);

#[pymethods]
impl Actor {
    #[new]
    #[pyo3(signature = (person, role, *, unit = None, post = None, on_behalf_of = None, tenure = None))]
    fn new(
        person: Arg<String>,
        role: Arg<String>,
        unit: Option<Arg<String>>,
        post: Option<Arg<String>>,
        on_behalf_of: Option<Arg<String>>,
        tenure: Option<Arg<String>>,
    ) -> PyResult<Self> {
        let texts = ActorTexts {
            person: person.named("person")?,
            role: role.named("role")?,
            unit: Arg::if_given(unit, "unit")?,
            post: Arg::if_given(post, "post")?,
            on_behalf_of: Arg::if_given(on_behalf_of, "on_behalf_of")?,
            tenure: Arg::if_given(tenure, "tenure")?,
        };
        Ok(Self(texts.read().map_err(Fault::from)?))
    }

    /// The person who acts.
    #[getter]
    fn person(&self) -> String {
        self.0.person.to_string()
    }

    /// The role they act in.
    #[getter]
    fn role(&self) -> String {
        self.0.role.to_string()
    }

    /// The office they act for.
    #[getter]
    fn unit(&self) -> Option<String> {
        self.0.unit.as_ref().map(ToString::to_string)
    }

    /// The post they hold.
    #[getter]
    fn post(&self) -> Option<String> {
        self.0.post.as_ref().map(ToString::to_string)
    }

    /// The person for whom they act.
    #[getter]
    fn on_behalf_of(&self) -> Option<String> {
        self.0.on_behalf_of.map(|person| person.to_string())
    }

    fn __repr__(&self) -> String {
        format!("Actor(role='{}', …)", self.0.role)
    }
}
