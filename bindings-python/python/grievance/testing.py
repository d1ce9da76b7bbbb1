"""The promises of a store, for whoever writes one.

With pytest, each promise is a test::

    from grievance import testing

    @pytest.mark.parametrize("promise", testing.promises())
    def test_my_store(promise):
        testing.examine(promise, MyStores)

What a broken promise says is also printed where Rust prints it, to the standard error.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from grievance import _native
from grievance._errors import AmendError, WrongTypeError

if TYPE_CHECKING:
    from collections.abc import Callable

    from grievance.store import Store

__all__ = ["Broken", "conformance", "examine", "promises"]


class Broken(NamedTuple):
    """A promise that a store does not keep, and what was found."""

    promise: str
    problem: str


def promises(*, lacks: Iterable[str] = ()) -> list[str]:
    """The names of the promises that are asked of a store.

    Parameters
    ----------
    lacks : iterable of str
        What the store does without, and its host too: ``outbox``, ``agenda``, ``codes``, ``roster``.

    Returns
    -------
    list of str
        In the order in which they are best kept.

    Raises
    ------
    AmendError
        ``unknown_code`` for what no store can lack.
    WrongTypeError
        An argument of another type; ``where`` is its name.
    """
    if isinstance(lacks, str) or not isinstance(lacks, Iterable):
        raise WrongTypeError(f"lacks: must be several str, not {type(lacks).__name__}", where="lacks")
    without: list[object] = list(lacks)
    known = {need for _, needs in _native.promises() for need in needs}
    if not all(isinstance(need, str) and need in known for need in without):
        hint = f"one of {', '.join(sorted(known))}"
        raise AmendError("lacks: says something that no store can lack", code="unknown_code", where="lacks", hint=hint)
    return [name for name, needs in _native.promises() if not set(without) & set(needs)]


def examine(promise: str, make: Callable[[], Callable[[str], Store]]) -> None:
    """Looks whether a store keeps a promise.

    Parameters
    ----------
    promise : str
        One of `promises`.
    make : callable
        Makes an empty place for stores and answers a callable that opens a tenant of it by its code: the same
        tenant again for the same code.

    Raises
    ------
    AssertionError
        Where the promise is broken, with what was found. What the store raised last on the thread of the
        promise is its cause.
    AmendError
        ``unknown_code`` for a promise that there is not.

    Examples
    --------
    >>> from functools import cache
    >>> testing.examine("serials_never_repeat", lambda: cache(lambda tenant: MyStore()))  # doctest: +SKIP
    """
    broken = _native.examine(promise, make())
    if broken is not None:
        problem, raised = broken
        raise AssertionError(f"{promise}: {problem}") from raised


def conformance(make: Callable[[], Callable[[str], Store]], *, lacks: Iterable[str] = ()) -> list[Broken]:
    """Runs every promise, and answers those that are broken: none, if all is well.

    Parameters
    ----------
    make : callable
        As for `examine`; it is called for each promise.
    lacks : iterable of str
        As for `promises`.

    Returns
    -------
    list of Broken
        The promises that are broken, each with what was found.

    Raises
    ------
    AmendError
        As of `promises`.
    """
    found = []
    for promise in promises(lacks=lacks):
        try:
            examine(promise, make)
        except AssertionError as broken:
            found.append(Broken(promise, str(broken)))
    return found
