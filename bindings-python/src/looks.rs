//! What an actor sees of a desk, and requests as JSON.

use crate::acting::Acting;
use crate::cases::{self, Cases};
use crate::convert::Arg;
use crate::counted::{self, rule_of};
use crate::fault::Fault;
use crate::frame::Table;
use crate::measures::Measures;
use crate::papers::Papers;
use crate::record::{CaseView, Done, EventView, Offer, Progress, RowPage, ShownWord};
use chrono::{DateTime, NaiveDate, Utc};
use grievance_core::grievance::request::Request;
use grievance_core::host::given::{self, SearchTexts};
use grievance_core::measure::statement::Mis;
use grievance_core::store::search::Search;
use grievance_core::vocabulary::LookPurpose;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use std::sync::Arc;

#[pymethods]
impl Acting {
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.desk)
    }

    /// Submits a request of any verb.
    ///
    /// Parameters
    /// ----------
    /// request : str
    ///     JSON with its ``action`` and the fields of the verb.
    /// case : str, optional
    ///     The case; none for a lodging only.
    ///
    /// Returns
    /// -------
    /// Done
    ///     The case and its new version.
    ///
    /// Raises
    /// ------
    /// GrievanceError
    ///     What the desk refuses or its store fails in: by class what to do, by ``code`` why. ``desk_closed`` once it was closed.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    ///
    /// Examples
    /// --------
    /// >>> acting.submit('{"action": "remind"}', lodged.case).version
    /// 3
    #[pyo3(signature = (request, case = None))]
    fn submit(&self, py: Python<'_>, request: Arg<String>, case: Option<Arg<String>>) -> PyResult<Done> {
        let (request, case) = (request.named("request")?, Arg::may_read(case, "case")?);
        self.show(py, |acting| acting.submit(case, &Request::from_json(&request)?))
    }

    /// A case as it stands, with what may be read of it and its history.
    ///
    /// Parameters
    /// ----------
    /// case : str
    ///     The case: ``grv_…``.
    ///
    /// Returns
    /// -------
    /// CaseView
    ///     Without words: `words` shows those.
    ///
    /// Raises
    /// ------
    /// GrievanceError
    ///     What the desk refuses or its store fails in: by class what to do, by ``code`` why. ``desk_closed`` once it was closed. ``not_found`` for a case that the actor does not see.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    fn case(&self, py: Python<'_>, case: Arg<String>) -> PyResult<CaseView> {
        let case = case.read("case")?;
        self.show(py, |acting| acting.case(case))
    }

    /// A case's history.
    ///
    /// Parameters
    /// ----------
    /// case : str
    ///     The case: ``grv_…``.
    ///
    /// Returns
    /// -------
    /// list of EventView
    ///     The oldest event first.
    ///
    /// Raises
    /// ------
    /// GrievanceError
    ///     What the desk refuses or its store fails in: by class what to do, by ``code`` why. ``desk_closed`` once it was closed. ``not_found`` for a case that the actor does not see.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    fn history(&self, py: Python<'_>, case: Arg<String>) -> PyResult<Vec<EventView>> {
        let case = case.read("case")?;
        self.show(py, |acting| acting.history(case))
    }

    /// What a complainant is shown of a case: where it is, by when, and what comes next.
    ///
    /// Parameters
    /// ----------
    /// case : str
    ///     The case: ``grv_…``.
    ///
    /// Returns
    /// -------
    /// Progress
    ///     The same for everybody who sees the case.
    ///
    /// Raises
    /// ------
    /// GrievanceError
    ///     What the desk refuses or its store fails in: by class what to do, by ``code`` why. ``desk_closed`` once it was closed. ``not_found`` for a case that the actor does not see.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    fn progress(&self, py: Python<'_>, case: Arg<String>) -> PyResult<Progress> {
        let case = case.read("case")?;
        self.show(py, |acting| acting.progress(case))
    }

    /// What the actor can do with a case.
    ///
    /// Parameters
    /// ----------
    /// case : str
    ///     The case: ``grv_…``.
    ///
    /// Returns
    /// -------
    /// list of Offer
    ///     Every action, allowed or with what is missing and why.
    ///
    /// Raises
    /// ------
    /// GrievanceError
    ///     What the desk refuses or its store fails in: by class what to do, by ``code`` why. ``desk_closed`` once it was closed. ``not_found`` for a case that the actor does not see.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    fn options(&self, py: Python<'_>, case: Arg<String>) -> PyResult<Vec<Offer>> {
        let case = case.read("case")?;
        self.show(py, |acting| acting.options(case))
    }

    /// The words of some fields of a case. That they were looked at is recorded.
    ///
    /// Parameters
    /// ----------
    /// case : str
    ///     The case: ``grv_…``.
    /// purpose : str
    ///     What for, a word of `grievance.words.LookPurpose`.
    /// fields : list of str
    ///     Which, words of `grievance.words.Field`.
    ///
    /// Returns
    /// -------
    /// list of ShownWord
    ///     Masked where the role sees them masked.
    ///
    /// Raises
    /// ------
    /// GrievanceError
    ///     What the desk refuses or its store fails in: by class what to do, by ``code`` why. ``desk_closed`` once it was closed. ``not_found`` for a case that the actor does not see.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    #[pyo3(signature = (case, *, purpose, fields))]
    fn words(
        &self,
        py: Python<'_>,
        case: Arg<String>,
        purpose: Arg<String>,
        fields: Arg<Vec<String>>,
    ) -> PyResult<Vec<ShownWord>> {
        let (case, purpose) = (case.read("case")?, purpose.read::<LookPurpose>("purpose")?);
        let fields = given::read_all("fields", &fields.named("fields")?).map_err(Fault::from)?;
        self.show(py, |acting| acting.words(case, purpose, &fields))
    }

    /// The measures of the cases that the actor sees.
    #[getter]
    fn measures(slf: Py<Self>) -> Measures {
        Measures(slf)
    }

    /// What the office gives out of its reviews, and keeps: editions, agendas, the register of good practices.
    #[getter]
    fn papers(slf: Py<Self>) -> Papers {
        Papers(slf)
    }

    /// The cases that the actor sees, as they stood on a day, to be measured. Sealed ones are never among them.
    ///
    /// Parameters
    /// ----------
    /// as_of : date
    ///     What happened before the first instant of this day, in the zone of the rulebook, is counted.
    ///
    /// Returns
    /// -------
    /// Cases
    ///     Days are those of the zone of the rulebook in force.
    ///
    /// Raises
    /// ------
    /// GrievanceError
    ///     What the desk refuses or its store fails in: by class what to do, by ``code`` why. ``desk_closed`` once it was closed. ``not_found`` for a case that the actor does not see.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    #[pyo3(signature = (*, as_of))]
    fn cases(&self, py: Python<'_>, as_of: Arg<NaiveDate>) -> PyResult<Cases> {
        cases::of_desk(self, py, as_of.named("as_of")?)
    }

    /// The weekly statement of the cases that the actor sees.
    ///
    /// Parameters
    /// ----------
    /// as_of : date
    ///     What happened before the first instant of this day, in the zone of the rulebook, is counted.
    /// rule : str, optional
    ///     What counts as a day of age: ``calendar``, ``elapsed`` or ``working``; ``calendar`` if absent.
    ///
    /// Returns
    /// -------
    /// Table
    ///     An office a line; all of ``mis.json`` is in ``about``.
    ///
    /// Raises
    /// ------
    /// GrievanceError
    ///     What the desk refuses or its store fails in: by class what to do, by ``code`` why. ``desk_closed`` once it was closed. ``not_found`` for a case that the actor does not see.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    #[pyo3(signature = (*, as_of, rule = None))]
    fn mis(&self, py: Python<'_>, as_of: Arg<NaiveDate>, rule: Option<Arg<String>>) -> PyResult<Table> {
        let sheet = counted::mis(self, py, as_of.named("as_of")?, rule_of(rule)?, Mis::sheet)?;
        Ok(Table::of(sheet, Arc::default()))
    }

    /// The same as ``mis.json``.
    ///
    /// Parameters
    /// ----------
    /// as_of : date
    ///     What happened before the first instant of this day, in the zone of the rulebook, is counted.
    /// rule : str, optional
    ///     What counts as a day of age: ``calendar``, ``elapsed`` or ``working``; ``calendar`` if absent.
    ///
    /// Returns
    /// -------
    /// str
    ///     Byte for byte as every language writes it.
    ///
    /// Raises
    /// ------
    /// GrievanceError
    ///     What the desk refuses or its store fails in: by class what to do, by ``code`` why. ``desk_closed`` once it was closed. ``not_found`` for a case that the actor does not see.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    #[pyo3(signature = (*, as_of, rule = None))]
    fn mis_json(&self, py: Python<'_>, as_of: Arg<NaiveDate>, rule: Option<Arg<String>>) -> PyResult<String> {
        counted::mis(self, py, as_of.named("as_of")?, rule_of(rule)?, Mis::to_json)
    }

    /// The same as one self-contained page of HTML: no script, nothing loaded from elsewhere.
    ///
    /// Parameters
    /// ----------
    /// as_of : date
    ///     What happened before the first instant of this day, in the zone of the rulebook, is counted.
    /// title : str
    ///     Its heading.
    /// rule : str, optional
    ///     What counts as a day of age: ``calendar``, ``elapsed`` or ``working``; ``calendar`` if absent.
    ///
    /// Returns
    /// -------
    /// str
    ///     The page.
    ///
    /// Raises
    /// ------
    /// GrievanceError
    ///     What the desk refuses or its store fails in: by class what to do, by ``code`` why. ``desk_closed`` once it was closed. ``not_found`` for a case that the actor does not see.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    #[pyo3(signature = (*, as_of, title, rule = None))]
    fn mis_html(
        &self,
        py: Python<'_>,
        as_of: Arg<NaiveDate>,
        title: Arg<String>,
        rule: Option<Arg<String>>,
    ) -> PyResult<String> {
        counted::mis_page(self, py, as_of.named("as_of")?, rule_of(rule)?, &title.named("title")?)
    }

    /// Answers a question of a complainant's app. The actor is whoever the host's log-in says.
    ///
    /// Parameters
    /// ----------
    /// question : str
    ///     JSON, as the app sent it.
    ///
    /// Returns
    /// -------
    /// str
    ///     JSON; what cannot be answered, too, is an answer.
    ///
    /// Raises
    /// ------
    /// GrievanceError
    ///     What the desk refuses or its store fails in: by class what to do, by ``code`` why. ``desk_closed`` once it was closed. ``not_found`` for a case that the actor does not see.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    fn serve(&self, py: Python<'_>, question: Arg<String>) -> PyResult<String> {
        let question = question.named("question")?;
        self.ask(py, |acting| Ok(acting.serve(&question)))
    }

    /// A page of the cases that fit and that the actor sees, newest lodging first.
    ///
    /// Parameters
    /// ----------
    /// number : str, optional
    ///     The registration number.
    /// name : str, optional
    ///     A complainant's whole name.
    /// mobile : str, optional
    ///     A complainant's mobile.
    /// email : str, optional
    ///     A complainant's e-mail address.
    /// external_number : str, optional
    ///     The number under which another system knows the case.
    /// source : str, optional
    ///     The system that it was imported from.
    /// lodged_from : datetime, optional
    ///     Lodged then or later.
    /// lodged_before : datetime, optional
    ///     Lodged earlier.
    /// units : list of str, optional
    ///     At one of these offices.
    /// categories : list of str, optional
    ///     Of one of these subjects.
    /// stages : list of str, optional
    ///     In one of these stages.
    /// phases : list of str, optional
    ///     In one of these phases, words of `grievance.words.Phase`.
    /// after : str, optional
    ///     Where an earlier page ended.
    /// limit : int, optional
    ///     How many at most; as many as a page may have if absent.
    ///
    /// Returns
    /// -------
    /// RowPage
    ///     With where the next page begins, if there is one.
    ///
    /// Raises
    /// ------
    /// GrievanceError
    ///     What the desk refuses or its store fails in: by class what to do, by ``code`` why. ``desk_closed`` once it was closed. ``not_found`` for a case that the actor does not see.
    /// WrongTypeError
    ///     An argument of another type; ``where`` is its name.
    #[expect(clippy::too_many_arguments, reason = "each is a keyword in Python")]
    #[pyo3(signature = (
        *, number = None, name = None, mobile = None, email = None, external_number = None,
        source = None, lodged_from = None, lodged_before = None, units = None,
        categories = None, stages = None, phases = None, after = None, limit = None,
    ))]
    fn search(
        &self,
        py: Python<'_>,
        number: Option<Arg<String>>,
        name: Option<Arg<String>>,
        mobile: Option<Arg<String>>,
        email: Option<Arg<String>>,
        external_number: Option<Arg<String>>,
        source: Option<Arg<String>>,
        lodged_from: Option<Arg<DateTime<Utc>>>,
        lodged_before: Option<Arg<DateTime<Utc>>>,
        units: Option<Arg<Vec<String>>>,
        categories: Option<Arg<Vec<String>>>,
        stages: Option<Arg<Vec<String>>>,
        phases: Option<Arg<Vec<String>>>,
        after: Option<Arg<String>>,
        limit: Option<Arg<u32>>,
    ) -> PyResult<RowPage> {
        let codes = |given, name| Arg::if_given(given, name).map(Option::unwrap_or_default);
        let (units, categories) = (codes(units, "units")?, codes(categories, "categories")?);
        let (stages, phases) = (codes(stages, "stages")?, codes(phases, "phases")?);
        let texts = SearchTexts {
            number: Arg::if_given(number, "number")?,
            name: Arg::if_given(name, "name")?,
            mobile: Arg::if_given(mobile, "mobile")?,
            email: Arg::if_given(email, "email")?,
            external_number: Arg::if_given(external_number, "external_number")?,
            source: Arg::if_given(source, "source")?,
            units,
            categories,
            stages,
            phases,
            after: Arg::if_given(after, "after")?,
            limit: Arg::if_given(limit, "limit")?,
        };
        let search = Search {
            lodged_from: Arg::if_given(lodged_from, "lodged_from")?,
            lodged_before: Arg::if_given(lodged_before, "lodged_before")?,
            ..texts.read().map_err(Fault::from)?
        };
        self.show(py, |acting| acting.search(&search))
    }
}
