"""Measures over any dataframe, over `Cases` that were read once, and over a desk.

Each function takes data in one of three forms:

- an object with ``__arrow_c_stream__``: a polars, pyarrow, pandas or DuckDB table. ``columns`` says
  which column is which field; a field that is not named is sought under its own name;
- `Cases`, read once by ``Cases.read`` and asked often;
- ``desk.by(actor, now)``: the cases that the actor sees.

Rows that cannot be counted are in ``rejected`` of the answer, never dropped in silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, runtime_checkable

from grievance._errors import AmendError, WrongTypeError
from grievance._native import Acting, Cases, Table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from grievance._native import _Rule

__all__ = [
    "ArrowStream",
    "closures",
    "disposal_index",
    "durations",
    "flow",
    "kaplan_meier",
    "mis",
    "pendency",
    "rank",
    "rates",
    "trends",
]


# The columns by which cases are grouped whatever else the data has.
_OWN = frozenset({"unit", "category", "priority", "reason"})


@runtime_checkable
class ArrowStream(Protocol):
    """Anything that hands its columns over by the Arrow capsule protocol."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """A capsule of the name ``arrow_array_stream``."""


_One = TypeVar("_One")


def _wrong(name: str, wanted: str, given: object) -> WrongTypeError:
    return WrongTypeError(f"{name}: must be {wanted}, not {type(given).__name__}", where=name)


def _list(given: Sequence[_One] | None, name: str) -> list[_One] | tuple[_One, ...] | None:
    """A list of what may be an array or a range; what it holds is looked at by the core."""
    if given is None or isinstance(given, (list, tuple)):
        return given
    if isinstance(given, (str, bytes, Mapping)) or not isinstance(given, Iterable):
        raise _wrong(name, "a list or a tuple", given)
    return [one for one in given]  # noqa: C416  list() would believe what it says of its length


def _dict(given: Mapping[str, str] | None, name: str) -> dict[str, str] | None:
    if given is None or isinstance(given, dict):
        return given
    if not isinstance(given, Mapping):
        raise _wrong(name, "a dict", given)
    return {key: given[key] for key in given}


def _cases(
    data: ArrowStream | Cases | Acting,
    as_of: date,
    columns: Mapping[str, str] | None,
    zone: str | None,
    naive: str | None,
    until: datetime | None,
    by: str = "unit",
) -> Cases:
    if isinstance(data, (Cases, Acting)):
        given = {"columns": columns, "zone": zone, "naive": naive, "until": until}
        for name, value in given.items():
            if value is not None:
                problem = f"{name}: says how a dataframe is read, and the data is none"
                raise AmendError(problem, where=name, hint="leave it out")
        return data if isinstance(data, Cases) else data.cases(as_of=as_of)
    if zone is None:
        hint = "the IANA zone of the offices: zone='Asia/Kolkata'"
        raise AmendError("zone: is missing; a dataframe does not say it", where="zone", hint=hint)
    if not isinstance(by, str):
        raise _wrong("by", "a str", by)
    groups = [] if by in _OWN else [by]
    return Cases.read(data, _dict(columns, "columns"), zone=zone, naive=naive, until=until, groups=groups)


def pendency(
    data: ArrowStream | Cases | Acting,
    *,
    as_of: date,
    by: str = "unit",
    rule: _Rule = "calendar",
    cuts: Sequence[int] | None = None,
    columns: Mapping[str, str] | None = None,
    zone: str | None = None,
    naive: str | None = None,
    until: datetime | None = None,
) -> Table:
    """What is pending at the beginning of a day, by age.

    Parameters
    ----------
    data : ArrowStream or Cases or Acting
        The cases.
    as_of : date
        What happened before the first instant of this day, in the zone, is counted.
    by : str
        ``unit``, ``category``, ``priority``, ``reason``, or any column of texts of the data.
    rule : str
        What counts as a day of age: ``calendar`` or ``elapsed``.
    cuts : sequence of int, optional
        Where a band of ages ends; 7, 15, 31 if absent. An age on a cut is in the older band.
    columns : mapping of str to str, optional
        Field to column: ``received_at`` and ``unit`` must be there.
    zone : str, optional
        The IANA zone of the offices; needed for a dataframe. This, ``columns``, ``naive`` and ``until`` say how a
        dataframe is read, and are refused beside other data.
    naive : str, optional
        The zone in which timestamps without one were written.
    until : datetime, optional
        Rows that lie after it are rejected.

    Returns
    -------
    Table
        A group a line, in the order of codes; last the cases without one.
    """
    cases = _cases(data, as_of, columns, zone, naive, until, by)
    return cases.pendency(as_of=as_of, by=by, rule=rule, cuts=_list(cuts, "cuts"))


def durations(
    data: ArrowStream | Cases | Acting,
    *,
    as_of: date,
    by: str = "unit",
    rule: _Rule = "calendar",
    percentiles: Sequence[float] | None = None,
    within: Sequence[int] | None = None,
    columns: Mapping[str, str] | None = None,
    zone: str | None = None,
    naive: str | None = None,
    until: datetime | None = None,
) -> Table:
    """How long the disposed took: their mean and percentiles, in days.

    Open cases have no duration yet, so these means flatter a backlog: `kaplan_meier` counts them as
    far as they go.

    Parameters
    ----------
    data, as_of, by, rule, columns, zone, naive, until
        As of `pendency`.
    percentiles : sequence of float, optional
        From 0 to 100, each a column ``p<percentile>_days``, of the fiftieth ``median_days``; 50 and 90 if absent.
        Between two cases they are interpolated as numpy's default does.
    within : sequence of int, optional
        Each a column ``within_<days>``: how many took at most so many whole days; 30 if absent.

    Returns
    -------
    Table
        A group a line.
    """
    cases = _cases(data, as_of, columns, zone, naive, until, by)
    return cases.durations(
        as_of=as_of,
        by=by,
        rule=rule,
        percentiles=_list(percentiles, "percentiles"),
        within=_list(within, "within"),
    )


def kaplan_meier(
    data: ArrowStream | Cases | Acting,
    *,
    as_of: date,
    unit: str | None = None,
    percentiles: Sequence[float] | None = None,
    columns: Mapping[str, str] | None = None,
    zone: str | None = None,
    naive: str | None = None,
    until: datetime | None = None,
) -> Table:
    """The part of the cases that takes longer than so many days, with limits of 95 %.

    Parameters
    ----------
    data, as_of, columns, zone, naive, until
        As of `pendency`.
    unit : str, optional
        Of one office alone.
    percentiles : sequence of float, optional
        From 0 to 100: by which day so many of a hundred are disposed, with limits, in ``about["percentiles"]``.

    Returns
    -------
    Table
        A length that occurs a line; ``about["median"]`` has the median with its limits, None where
        too many cases are still open.
    """
    cases = _cases(data, as_of, columns, zone, naive, until)
    return cases.kaplan_meier(as_of=as_of, unit=unit, percentiles=_list(percentiles, "percentiles"))


def flow(
    data: ArrowStream | Cases | Acting,
    *,
    since: date,
    until: date,
    period: str = "month",
    columns: Mapping[str, str] | None = None,
    zone: str | None = None,
    naive: str | None = None,
) -> Table:
    """What came in and went out in each period: brought forward + received − closed = pending.

    A table knows where a case ended, not that it had ended before and was opened again.

    Parameters
    ----------
    data, columns, zone, naive
        As of `pendency`.
    since, until : date
        From the period that has the one to the period that has the other.
    period : str
        ``week`` (from Monday), ``month`` or ``financial_year`` (from April).

    Returns
    -------
    Table
        A period a line.
    """
    cases = _cases(data, until, columns, zone, naive, None)
    return cases.flow(since=since, until=until, period=period)


def rates(
    data: ArrowStream | Cases | Acting,
    *,
    as_of: date,
    by: str = "unit",
    columns: Mapping[str, str] | None = None,
    zone: str | None = None,
    naive: str | None = None,
    until: datetime | None = None,
) -> Table:
    """How often cases came back, moved, were late and satisfied.

    Parameters
    ----------
    data, as_of, by, columns, zone, naive, until
        As of `pendency`.

    Returns
    -------
    Table
        A group a line: of the received those ``reopened``, ``appealed``, ``escalated``, ``transferred`` and
        ``breached`` at least once, of the disposed those ``on_time`` and with ``benefit``, each with its share; what
        complainants said (``said_<word>``), and the mean of their ratings. A share of nothing is None.
    """
    return _cases(data, as_of, columns, zone, naive, until, by).rates(as_of=as_of, by=by)


def closures(
    data: ArrowStream | Cases | Acting,
    *,
    as_of: date,
    by: str = "unit",
    columns: Mapping[str, str] | None = None,
    zone: str | None = None,
    naive: str | None = None,
    until: datetime | None = None,
) -> Table:
    """With which reasons cases were disposed of, and what that did for the complainants.

    Parameters
    ----------
    data, as_of, by, columns, zone, naive, until
        As of `pendency`.

    Returns
    -------
    Table
        Of each group a line for each class and each reason that it has: ``of``, ``word``, ``count``, ``disposed``,
        ``share``. Disposed cases without one are a line of their own, whose ``word`` is None.
    """
    return _cases(data, as_of, columns, zone, naive, until, by).closures(as_of=as_of, by=by)


def trends(
    data: ArrowStream | Cases | Acting,
    *,
    until: date,
    by: str = "category",
    weeks: int = 13,
    at_most: float = 0.01,
    columns: Mapping[str, str] | None = None,
    zone: str | None = None,
    naive: str | None = None,
) -> Table:
    """Groups of which more or fewer cases came lately than chance brings, the least likely first.

    Cases that come in bundles, a campaign or one burst pipe, are no chance either: it says that something changed, not
    what.

    Parameters
    ----------
    data, by, columns, zone, naive
        As of `pendency`.
    until : date
        Of the weeks of seven days that end before this day.
    weeks : int
        So many of them, from 4 to 260.
    at_most : float
        How often chance alone may name a group: 0.01 is one look of a hundred.

    Returns
    -------
    Table
        A group a line: ``kind``, ``count``, ``out_of``, ``expected``, ``chance``.
    """
    cases = _cases(data, until, columns, zone, naive, None, by)
    return cases.trends(until=until, by=by, weeks=weeks, at_most=at_most)


def disposal_index(
    data: ArrowStream | Cases | Acting,
    *,
    as_of: date,
    index: str | dict[str, Any] = "average_days",
    rule: _Rule = "calendar",
    columns: Mapping[str, str] | None = None,
    zone: str | None = None,
    naive: str | None = None,
    until: datetime | None = None,
) -> Table:
    """Each office under an index, term by term: how its score comes about.

    An office of which a term has no data has no score; that is not zero.

    Parameters
    ----------
    data, as_of, rule, columns, zone, naive, until
        As of `pendency`.
    index : str or dict
        The code of an index that comes with the library (`Cases.indexes`), or a definition as a dict.

    Returns
    -------
    Table
        An office a line, by rank; ``about["definition"]`` is the index.
    """
    return _cases(data, as_of, columns, zone, naive, until).board(as_of=as_of, index=index, rule=rule)


def rank(
    data: ArrowStream | Cases | Acting,
    *,
    as_of: date,
    index: str | dict[str, Any] = "average_days",
    rule: _Rule = "calendar",
    columns: Mapping[str, str] | None = None,
    zone: str | None = None,
    naive: str | None = None,
    until: datetime | None = None,
) -> Table:
    """The offices by their score: equal ones share a place, and the places after them are left free.

    Parameters
    ----------
    data, as_of, index, rule, columns, zone, naive, until
        As of `disposal_index`.

    Returns
    -------
    Table
        The columns ``unit``, ``group``, ``score`` and ``rank``.
    """
    cases = _cases(data, as_of, columns, zone, naive, until)
    return cases.board(as_of=as_of, index=index, rule=rule).select(["unit", "group", "score", "rank"])


def mis(
    data: ArrowStream | Cases | Acting,
    *,
    as_of: date,
    rule: _Rule = "calendar",
    columns: Mapping[str, str] | None = None,
    zone: str | None = None,
    naive: str | None = None,
    until: datetime | None = None,
) -> Table:
    """The weekly statement.

    Of a desk it counts histories: movements, reopenings, escalations and targets as they happened. Of a
    dataframe it counts what an import would tell of each case: that it came in, and that it ended.

    Parameters
    ----------
    data, as_of, rule, columns, zone, naive, until
        As of `pendency`.

    Returns
    -------
    Table
        An office a line; ``about`` is the whole of ``mis.json``.
    """
    if isinstance(data, Acting) and all(given is None for given in (columns, zone, naive, until)):
        return data.mis(as_of=as_of, rule=rule)
    return _cases(data, as_of, columns, zone, naive, until).mis(as_of=as_of, rule=rule)
