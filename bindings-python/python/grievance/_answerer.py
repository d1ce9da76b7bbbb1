"""How the core asks a store that is written in Python: in texts of JSON, whatever the store raises."""

from __future__ import annotations

import inspect
import json
from typing import TYPE_CHECKING, Any

from grievance._errors import GrievanceError, WrongTypeError
from grievance.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["answerer"]

#: Of each method the names of what it is given, in the order of its signature.
_GIVEN = {
    name: list(inspect.signature(method).parameters)[1:]
    for name, method in vars(Store).items()
    if inspect.isfunction(method)
}


def _told(raised: GrievanceError) -> dict[str, Any]:
    """An exception of a store as the core is told of it."""
    told = getattr(raised, "told", None)
    if isinstance(told, dict):
        return {"code": raised.code, **told}
    return _failed(raised)


def _failed(raised: Exception) -> dict[str, Any]:
    # What it says may hold what is stored: the class says enough.
    return {"code": "storage", "problem": f"the store raised {type(raised).__name__}"}


def answerer(store: Store) -> Callable[[str, str], tuple[str, Exception | None]]:
    """What the core asks a store through: a method and its arguments as JSON, for an answer as JSON."""
    if not isinstance(store, Store):
        problem = f"store: must be a grievance.store.Store, not {type(store).__name__}"
        raise WrongTypeError(problem, where="store", hint="write a subclass of it")

    def answer(method: str, given: str) -> tuple[str, Exception | None]:
        try:
            arguments = json.loads(given)
            asked = getattr(store, method)
            found = asked(*(arguments[name] for name in _GIVEN[method]))
            if method == "commit_all" and isinstance(found, (list, tuple)):
                found = [{"error": _told(it)} if isinstance(it, GrievanceError) else {"answer": it} for it in found]
        except NotImplementedError:
            return json.dumps({"error": {"code": "unknown_method"}}), None
        except GrievanceError as refused:
            return _dumped({"error": _told(refused)}, method), refused
        except Exception as raised:
            return json.dumps({"error": _failed(raised)}), raised
        return _dumped({"answer": found}, method), None

    return answer


def _dumped(answer: dict[str, Any], method: str) -> str:
    try:
        return json.dumps(answer, allow_nan=False)
    except Exception:
        problem = {"code": "storage", "place": method, "problem": "must be what JSON can say"}
        return json.dumps({"error": problem})
