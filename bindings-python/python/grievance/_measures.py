"""Measures over any dataframe, over `Cases` that were read once, and over a desk.

Each function takes data in one of three forms:

- an object with ``__arrow_c_stream__``: a polars, pyarrow, pandas or DuckDB table. ``columns`` says
  which column is which field; a field that is not named is sought under its own name;
- `Cases`, read once by ``Cases.read`` and asked often;
- ``desk.by(actor, now)``: the cases that the actor sees.

Rows that cannot be counted are in ``rejected`` of the answer, never dropped in silence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from grievance._errors import AmendError
from grievance._native import Acting, Cases, Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

__all__ = [
    "ArrowStream",
    "disposal_index",
    "durations",
    "flow",
    "kaplan_meier",
    "mis",
    "pendency",
    "rank",
]


# The columns by which cases are grouped whatever else the data has.
_OWN = frozenset({"unit", "category", "priority", "reason"})


@runtime_checkable
class ArrowStream(Protocol):
    """Anything that hands its columns over by the Arrow capsule protocol."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """A capsule of the name ``arrow_array_stream``."""


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
    groups = [] if by in _OWN else [by]
    return Cases.read(data, None if columns is None else dict(columns), zone=zone, naive=naive, until=until, groups=groups)


def pendency(
    data: ArrowStream | Cases | Acting,
    *,
    as_of: date,
    by: str = "unit",
    rule: str = "calendar",
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
        What counts as a day of age: ``calendar``, ``elapsed`` or ``working``.
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
    return cases.pendency(as_of=as_of, by=by, rule=rule, cuts=list(cuts) if cuts is not None else None)


def durations(
    data: ArrowStream | Cases | Acting,
    *,
    as_of: date,
    by: str = "unit",
    rule: str = "calendar",
    columns: Mapping[str, str] | None = None,
    zone: str | None = None,
    naive: str | None = None,
    until: datetime | None = None,
) -> Table:
    """How long the disposed took: mean, median and p90, in days.

    Open cases have no duration yet, so these means flatter a backlog: `kaplan_meier` counts them as
    far as they go.

    Parameters
    ----------
    data, as_of, by, rule, columns, zone, naive, until
        As of `pendency`.

    Returns
    -------
    Table
        A group a line.
    """
    return _cases(data, as_of, columns, zone, naive, until, by).durations(as_of=as_of, by=by, rule=rule)


def kaplan_meier(
    data: ArrowStream | Cases | Acting,
    *,
    as_of: date,
    unit: str | None = None,
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

    Returns
    -------
    Table
        A length that occurs a line; ``about["median"]`` has the median with its limits, None where
        too many cases are still open.
    """
    return _cases(data, as_of, columns, zone, naive, until).kaplan_meier(as_of=as_of, unit=unit)


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


def disposal_index(
    data: ArrowStream | Cases | Acting,
    *,
    as_of: date,
    index: str | dict[str, Any] = "average_days",
    rule: str = "calendar",
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
    rule: str = "calendar",
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
    rule: str = "calendar",
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
