"""Measures over any dataframe, over `Cases` that were read once, and over a desk.

Each function takes data in one of three forms:

- an object with ``__arrow_c_stream__``: a polars, pyarrow, pandas or DuckDB table. ``columns`` says
  which column is which field; a field that is not named is sought under its own name;
- `Cases`, read once by ``Cases.read`` and asked often;
- ``desk.by(actor, now)``: the cases that the actor sees.

Rows that cannot be counted are in ``rejected`` of the answer, never dropped in silence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grievance._native import Acting, Table
from grievance._reading import ArrowStream, cases_of, listed, of_a_frame

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from grievance._native import Cases, _AgeRule

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


def pendency(
    data: ArrowStream | Cases | Acting,
    *,
    as_of: date,
    by: str = "unit",
    rule: _AgeRule = "calendar",
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
    by : str, optional
        ``unit``, ``category``, ``priority``, ``reason``, or any column of texts of the data.
    rule : str, optional
        What counts as a day of age: ``calendar``, ``elapsed``, or ``working``, which cases of a desk and cases put
        `Cases.under` a rulebook know: working days are those of its offices.
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
        A group a line, in the order of codes; last the cases without one. Days are those of the zone: of a dataframe ``zone``,
        of a desk its rulebook's. The columns:

        - ``unit`` (string): the group, under the name of what ``by`` says;
        - ``received`` (int64), ``disposed`` (int64), ``closed_otherwise`` (int64): before the day;
        - ``pending`` (int64): received, and not ended;
        - ``under 7`` (int64), ``7 to 14`` (int64), ``15 to 30`` (int64), ``more than 30`` (int64): of the pending, by age in days;
          with other ``cuts`` other bands;
        - ``overdue`` (int64), ``due_soon`` (int64), ``no_target`` (int64): of the pending, by ``due_at``;
        - ``oldest_received_on`` (date32): the day on which the oldest of the pending was received, in the zone;
        - ``told`` (int64): of the pending, those whose complainant is known to have been told something;
        - ``silent_median_days`` (float64), ``silent_longest_days`` (float64): for how many calendar days nobody has told them
          anything.

    Raises
    ------
    AmendError
        ``map_invalid`` for a column that is not there or of another type, and for timestamps without a zone; ``row_invalid`` and
        its like are in ``rejected``. ``invalid_command`` at the argument that makes no sense, ``date_invalid`` for a day out of
        range.
    WrongTypeError
        An argument of another type; ``where`` is its name.
    GrievanceError
        Of ``desk.by(actor, now)``, what the desk refuses.
    """
    cases = cases_of(data, as_of, columns, zone, naive, until, by)
    return cases.pendency(as_of=as_of, by=by, rule=rule, cuts=listed(cuts, "cuts"))


def durations(
    data: ArrowStream | Cases | Acting,
    *,
    as_of: date,
    by: str = "unit",
    rule: _AgeRule = "calendar",
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
        A group a line, as of `pendency`. Lengths are in days: whole ones of the calendar in the zone, or of 24 hours with fractions
        by ``elapsed``. The columns:

        - ``unit`` (string): the group, under the name of what ``by`` says;
        - ``disposed`` (int64): of how many;
        - ``mean_days`` (float64), ``median_days`` (float64), ``p90_days`` (float64): None of nothing; with other ``percentiles``
          others than the last two;
        - ``within_30`` (int64): those that took at most so many whole days; with other ``within`` others.

    Raises
    ------
    AmendError, WrongTypeError, GrievanceError
        As of `pendency`.
    """
    cases = cases_of(data, as_of, columns, zone, naive, until, by)
    return cases.durations(
        as_of=as_of,
        by=by,
        rule=rule,
        percentiles=listed(percentiles, "percentiles"),
        within=listed(within, "within"),
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
        A length that occurs a line; ``about["median"]`` has the median in days with its limits, None where
        too many cases are still open. The columns:

        - ``days`` (int64): whole days of the calendar in the zone;
        - ``share`` (float64): the part of the cases, from 0 to 1, that takes longer;
        - ``lower`` (float64), ``upper`` (float64): its limits of 95 %.

    Raises
    ------
    AmendError, WrongTypeError, GrievanceError
        As of `pendency`.
    """
    cases = cases_of(data, as_of, columns, zone, naive, until)
    return cases.kaplan_meier(as_of=as_of, unit=unit, percentiles=listed(percentiles, "percentiles"))


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
    period : str, optional
        ``week`` (from Monday), ``month`` or ``financial_year`` (from April).

    Returns
    -------
    Table
        A period a line. The columns:

        - ``start`` (date32): the first day of the period, in the zone;
        - ``brought_forward`` (int64): pending when it began;
        - ``received`` (int64), ``disposed`` (int64), ``closed_otherwise`` (int64): within it;
        - ``pending`` (int64): when it ended.

    Raises
    ------
    AmendError, WrongTypeError, GrievanceError
        As of `pendency`.
    """
    of_a_frame(data, columns, zone, naive, None)
    if isinstance(data, Acting):
        # The desk knows up to when its cases must be read, so that the last period is whole.
        return data.measures.flow(since=since, until=until, period=period)
    cases = cases_of(data, until, columns, zone, naive, None)
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
        A group a line, as of `pendency`. Shares are from 0 to 1; a share of nothing is None. The columns:

        - ``unit`` (string): the group, under the name of what ``by`` says;
        - ``received`` (int64), ``disposed`` (int64): before the day;
        - ``reopened`` (int64), ``reopened_share`` (float64), ``appealed`` (int64), ``appealed_share`` (float64), ``escalated``
          (int64), ``escalated_share`` (float64), ``transferred`` (int64), ``transferred_share`` (float64), ``breached`` (int64),
          ``breached_share`` (float64): of the received, those that were so at least once;
        - ``on_time`` (int64), ``on_time_of`` (int64), ``on_time_share`` (float64): of the disposed that had a due date;
        - ``benefit`` (int64), ``benefit_of`` (int64), ``benefit_share`` (float64): of the disposed that have a class;
        - ``said_satisfied`` (int64), ``said_not_satisfied`` (int64), ``said_unreachable`` (int64): what complainants said;
        - ``ratings`` (int64), ``rating_mean`` (float64): how many they gave, and their mean.

    Raises
    ------
    AmendError, WrongTypeError, GrievanceError
        As of `pendency`.
    """
    return cases_of(data, as_of, columns, zone, naive, until, by).rates(as_of=as_of, by=by)


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
        Of each group a line for each class and each reason that it has. Disposed cases without one are a line of their own, whose
        ``word`` is None. The columns:

        - ``unit`` (string): the group, under the name of what ``by`` says;
        - ``of`` (string): ``class`` or ``reason``;
        - ``word`` (string): which;
        - ``count`` (int64): how many were disposed of with it;
        - ``disposed`` (int64): of how many;
        - ``share`` (float64): the one of the other, from 0 to 1.

    Raises
    ------
    AmendError, WrongTypeError, GrievanceError
        As of `pendency`.
    """
    return cases_of(data, as_of, columns, zone, naive, until, by).closures(as_of=as_of, by=by)


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
    weeks : int, optional
        So many of them, from 4 to 260.
    at_most : float, optional
        How often chance alone may name a group: 0.01 is one look of a hundred.

    Returns
    -------
    Table
        A group a line, the least likely first. The columns:

        - ``category`` (string): the group, under the name of what ``by`` says;
        - ``kind`` (string): a word of `grievance.words.TrendKind`;
        - ``count`` (int64): its cases in the last week, or in the later half of the weeks;
        - ``out_of`` (int64): its cases in all of the weeks;
        - ``expected`` (float64): how many of these chance brings;
        - ``chance`` (float64): how likely, from 0 to 1, chance alone would name any group so strongly.

    Raises
    ------
    AmendError, WrongTypeError, GrievanceError
        As of `pendency`.
    """
    cases = cases_of(data, until, columns, zone, naive, None, by)
    return cases.trends(until=until, by=by, weeks=weeks, at_most=at_most)


def disposal_index(
    data: ArrowStream | Cases | Acting,
    *,
    as_of: date,
    index: str | dict[str, Any] = "average_days",
    rule: _AgeRule = "calendar",
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
    index : str or dict, optional
        The code of an index that comes with the library (`Cases.indexes`), or a definition as a dict.

    Returns
    -------
    Table
        An office a line, by rank; ``about["definition"]`` is the index, with what each term counts. The columns:

        - ``unit`` (string): the office;
        - ``group`` (string): its peers, where the index has groups;
        - ``score`` (float64): up to the ``scale`` of the index, which is 100 unless it says so; None where a term has no data;
        - ``rank`` (int64): equal scores share one;
        - ``standing`` (string): whether it differs from its group by more than chance;
        - ``days_count`` (int64), ``days_of`` (int64), ``days_value`` (float64), ``days_score`` (float64): of each term of the index,
          under its code, the sum, of how many, the one by the other, and what it scores, from 0 to 1.

    Raises
    ------
    AmendError, WrongTypeError, GrievanceError
        As of `pendency`.
    """
    return cases_of(data, as_of, columns, zone, naive, until).board(as_of=as_of, index=index, rule=rule)


def rank(
    data: ArrowStream | Cases | Acting,
    *,
    as_of: date,
    index: str | dict[str, Any] = "average_days",
    rule: _AgeRule = "calendar",
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
        An office a line, by rank. The columns:

        - ``unit`` (string), ``group`` (string), ``score`` (float64), ``rank`` (int64): as of `disposal_index`.

    Raises
    ------
    AmendError, WrongTypeError, GrievanceError
        As of `pendency`.
    """
    cases = cases_of(data, as_of, columns, zone, naive, until)
    return cases.board(as_of=as_of, index=index, rule=rule).select(["unit", "group", "score", "rank"])


def mis(
    data: ArrowStream | Cases | Acting,
    *,
    as_of: date,
    rule: _AgeRule = "calendar",
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
        An office a line; ``about`` is the whole of ``mis.json``. The columns:

        - ``unit`` (string), ``code`` (string): the office by name and code;
        - ``received`` (int64), ``disposed`` (int64), ``closed_otherwise`` (int64), ``pending`` (int64): before the day;
        - ``under 7`` (int64), ``7 to 14`` (int64), ``15 to 30`` (int64), ``more than 30`` (int64): of the pending, by age in days;
        - ``median_days`` (float64): of the disposed, in days;
        - ``within_30_days`` (float64): the part of the disposed that took at most so long, from 0 to 1.

    Raises
    ------
    AmendError, WrongTypeError, GrievanceError
        As of `pendency`.
    """
    if isinstance(data, Acting) and all(given is None for given in (columns, zone, naive, until)):
        return data.mis(as_of=as_of, rule=rule)
    return cases_of(data, as_of, columns, zone, naive, until).mis(as_of=as_of, rule=rule)
