"""Public grievance redressal: a desk that decides, and measures over any dataframe.

A `Rulebook` is one government's rules as data. A `Desk` joins it with a store; `Desk.by` is the desk
as one actor uses it at one instant, with a method for each step of a case's life. The words that
answers use are in `grievance.words`. A host that keeps the cases itself writes a `grievance.store.Store`, and holds it
to its promises with `grievance.testing`.
"""

import typing as _typing

from grievance import _answerer  # The extension asks for it by name.
from grievance._errors import (
    AmendError,
    GrievanceError,
    MessageRefusedError,
    ReloadError,
    RetryError,
    WaitError,
    WrongTypeError,
)
from grievance._measures import (
    ArrowStream,
    closures,
    disposal_index,
    durations,
    flow,
    kaplan_meier,
    mis,
    pendency,
    rank,
    rates,
    trends,
)
from grievance._native import (
    Acknowledged,
    Acting,
    Activation,
    Actor,
    Ahead,
    CaseRow,
    Cases,
    CaseView,
    Checkpoint,
    CodeDesk,
    CodeSent,
    CodeToSend,
    Delivered,
    Desk,
    Done,
    DueJob,
    EventView,
    Finding,
    KeyRing,
    MacKeys,
    Measures,
    Message,
    Moved,
    Offer,
    Papers,
    Parked,
    Posted,
    Problem,
    Progress,
    Raised,
    Rejected,
    RowPage,
    Rulebook,
    ShownWord,
    StoredEvent,
    StoredHistory,
    Swept,
    Table,
    TakenBy,
    TextView,
    Tracked,
    Unhandled,
    VerifiedMobile,
    Written,
)
from grievance.store import Store

__all__ = [
    "Acknowledged",
    "Acting",
    "Activation",
    "Actor",
    "Ahead",
    "AmendError",
    "ArrowStream",
    "CaseRow",
    "CaseView",
    "Cases",
    "Checkpoint",
    "CodeDesk",
    "CodeSent",
    "CodeToSend",
    "Delivered",
    "Desk",
    "Done",
    "DueJob",
    "EventView",
    "Finding",
    "GrievanceError",
    "KeyRing",
    "MacKeys",
    "Measures",
    "Message",
    "MessageRefusedError",
    "Moved",
    "Offer",
    "Papers",
    "Parked",
    "Posted",
    "Problem",
    "Progress",
    "Raised",
    "Rejected",
    "ReloadError",
    "RetryError",
    "RowPage",
    "Rulebook",
    "ShownWord",
    "Store",
    "StoredEvent",
    "StoredHistory",
    "Swept",
    "Table",
    "TakenBy",
    "TextView",
    "Tracked",
    "Unhandled",
    "VerifiedMobile",
    "WaitError",
    "Written",
    "WrongTypeError",
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

if _typing.TYPE_CHECKING:
    from grievance import store, testing, words
else:

    def __getattr__(name):
        """`words`, `store` and `testing` are imported when they are first asked for: most programs need none."""
        if name in {"store", "testing", "words"}:
            from importlib import import_module

            return import_module(f"grievance.{name}")
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
