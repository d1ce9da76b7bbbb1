"""What measures take for cases: a dataframe, `Cases`, or a desk as somebody uses it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Protocol, TypeVar, runtime_checkable

from grievance._errors import AmendError, WrongTypeError
from grievance._native import Acting, Cases, Desk

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

# The columns by which cases are grouped whatever else the data has.
_OWN = frozenset({"unit", "category", "priority", "reason"})


@runtime_checkable
class ArrowStream(Protocol):
    """Anything that hands its columns over by the Arrow capsule protocol."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """A capsule of the name ``arrow_array_stream``."""


_One = TypeVar("_One")


def wrong(name: str, wanted: str, given: object) -> WrongTypeError:
    return WrongTypeError(f"{name}: must be {wanted}, not {type(given).__name__}", where=name)


def listed(given: Sequence[_One] | None, name: str) -> list[_One] | tuple[_One, ...] | None:
    """A list of what may be an array or a range; what it holds is looked at by the core."""
    if given is None or isinstance(given, (list, tuple)):
        return given
    if isinstance(given, (str, bytes, Mapping)) or not isinstance(given, Iterable):
        raise wrong(name, "a list or a tuple", given)
    return [one for one in given]  # noqa: C416  list() would believe what it says of its length


def _dict(given: Mapping[str, str] | None, name: str) -> dict[str, str] | None:
    if given is None or isinstance(given, dict):
        return given
    if not isinstance(given, Mapping):
        raise wrong(name, "a dict", given)
    return {key: given[key] for key in given}


def of_a_frame(
    data: ArrowStream | Cases | Acting,
    columns: Mapping[str, str] | None,
    zone: str | None,
    naive: str | None,
    until: datetime | None,
) -> None:
    """Refuses what says how a dataframe is read where there is none."""
    given = {"columns": columns, "zone": zone, "naive": naive, "until": until}
    for name, value in given.items():
        if value is not None and isinstance(data, (Cases, Acting)):
            problem = f"{name}: says how a dataframe is read, and the data is none"
            raise AmendError(problem, where=name, hint="leave it out")


def cases_of(
    data: ArrowStream | Cases | Acting,
    as_of: date,
    columns: Mapping[str, str] | None,
    zone: str | None,
    naive: str | None,
    until: datetime | None,
    by: str = "unit",
) -> Cases:
    of_a_frame(data, columns, zone, naive, until)
    if isinstance(data, Desk):
        raise WrongTypeError("data: a desk shows its cases to somebody: give desk.by(actor, now)", where="data")
    if isinstance(data, (Cases, Acting)):
        return data if isinstance(data, Cases) else data.cases(as_of=as_of)
    if zone is None:
        hint = "the IANA zone of the offices: zone='Asia/Kolkata'"
        raise AmendError("zone: is missing; a dataframe does not say it", where="zone", hint=hint)
    if not isinstance(by, str):
        raise wrong("by", "a str", by)
    groups = [] if by in _OWN else [by]
    return Cases.read(data, _dict(columns, "columns"), zone=zone, naive=naive, until=until, groups=groups)
