"""What a store is given and answers, as dicts: `grievance.store` has these names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from collections.abc import Sequence

#: A row of a case: what lists and searches ask for, as `Store` says. It is kept whole.
Fact = dict[str, Any]
#: Which cases are meant: one key, such as ``{"held_by": "roads"}``; see `Store`.
Scope = dict[str, Any]
#: A message. It is kept whole; ``id``, ``case``, ``about``, ``place``, ``not_before`` and ``office`` are asked for.
Notice = dict[str, Any]
#: The row of a one-time code. It is kept whole; ``id``, ``expires_at``, ``tries`` and ``used`` are asked for.
Challenge = dict[str, Any]


class EventRow(TypedDict):
    """An event as it is kept. ``actor`` and ``body`` are texts, to be kept byte for byte."""

    case: str
    version: int
    at: int
    actor: str
    rulebook: str
    command: str
    kind: str
    body: str
    hash: str


class Receipt(TypedDict):
    """What a commit is answered with."""

    case: str
    version: int
    number: str | None


class StoredText(TypedDict):
    """A text of the vault. A ``content`` whose ``key`` is ``None`` stands open."""

    id: str
    case: str
    compartment: str
    field: str
    content: dict[str, Any]
    indexed: dict[str, Any] | None


class Stream(TypedDict):
    """What a commit adds to one case; ``expected`` is the version that the case must still have."""

    case: str
    expected: int
    events: list[EventRow]
    fact: Fact
    due: int | None
    notices: list[Notice]
    erases: bool


class Commit(TypedDict):
    """Everything that one command produced: all of it is kept, or nothing."""

    command: str
    fingerprint: str
    streams: list[Stream]
    texts: list[StoredText]
    receipt: Receipt


class KeptCommand(TypedDict):
    """A command that was committed."""

    fingerprint: str
    receipt: Receipt


class History(TypedDict):
    """A case's events, oldest first, and the hash of the last one."""

    events: Sequence[EventRow]
    head: str | None


class Further(TypedDict):
    """How a history goes on; ``whole`` where it is all of it."""

    whole: bool
    events: Sequence[EventRow]
    head: str | None


class File(TypedDict):
    """The pages of a case, and the version that its row names."""

    version: int | None
    folios: Sequence[EventRow]


class PagePlace(TypedDict):
    """After which page of all files."""

    case: str
    version: int


class CaseHead(TypedDict):
    """A case's last event."""

    case: str
    version: int
    hash: str


class Due(TypedDict):
    """A case that has something due."""

    at: int
    case: str


class Cursor(TypedDict):
    """A place in the order of a search."""

    lodged_at: int
    case: str


class Search(TypedDict):
    """What a page is asked for. Of a person that is sought, the tokens for each word; none is nobody."""

    number: str | None
    name: list[list[str]] | None
    mobile: list[list[str]] | None
    email: list[list[str]] | None
    external_number: str | None
    source: str | None
    lodged_from: int | None
    lodged_before: int | None
    units: list[str]
    categories: list[str]
    stages: list[str]
    phases: list[str]
    after: Cursor | None
    limit: int


class Page(TypedDict):
    """Rows, newest lodging first, then by falling identity; ``next`` is the last of them, if there are more."""

    cases: Sequence[Fact]
    next: Cursor | None


class Rekept(TypedDict):
    """A text before and after it is kept under another key."""

    before: StoredText
    after: StoredText


class LookRow(TypedDict):
    """An entry of the access log."""

    place: int
    at: int
    case: str | None
    actor: str
    body: str
    hash: str


class LookPlace(TypedDict):
    """The last entry of the access log."""

    place: int
    hash: str


class Chart(TypedDict):
    """The lines of a rulebook version: pairs of offices (``top``, ``unit``) and places (``around``, ``place``)."""

    units: list[dict[str, str]]
    places: list[dict[str, str]]


class Holding(TypedDict):
    """Who holds a post, where, from when to when."""

    unit: str
    post: str
    person: str
    tenure: str
    since: int
    until: int | None


class Claimed(TypedDict):
    """A message that was claimed; ``attempts`` counts this one."""

    notice: Notice
    attempts: int
    by: str


class Settlement(TypedDict):
    """What became of a message: ``delivered``, ``retry``, ``parked`` or ``dropped``."""

    became: str
    at: int
    reference: str | None
    problem: str | None


class Parked(TypedDict):
    """A message that somebody must look at."""

    notice: Notice
    attempts: int
    at: int
    problem: str


class Posted(TypedDict):
    """A message and how far it has come: ``waiting``, ``delivered``, ``parked`` or ``dropped``."""

    notice: Notice
    state: str
    attempts: int
    settled_at: int | None
    reference: str | None
    received_at: int | None
    problem: str | None


class Job(TypedDict):
    """Something that a schedule calls for."""

    due_at: int
    schedule: str
    kind: str


class KeptLimiter(TypedDict):
    """Counts as they are kept; ``revision`` says how often they were written."""

    revision: int
    state: dict[str, Any]


class LimiterMove(TypedDict):
    """Counts to be kept, if those there are have the revision ``expected`` (0 for none)."""

    key: str
    expected: int
    state: dict[str, Any]
    forget_at: int | None


class Checkpoint(TypedDict):
    """A checkpoint to be kept."""

    number: int
    previous: str | None
    text: str


class KeptCheckpoint(TypedDict):
    """A checkpoint as it is kept."""

    number: int
    text: str
