"""A store of the host's own: what a desk asks of it, and what it answers.

A subclass of `Store` keeps the cases of one tenant wherever the host likes. It decides nothing: what a
desk gives it, it keeps, and gives back. Everything is plain: a dict for a record, with a key for each
field; a text for an identity (``grv_…``), a code or a digest; an instant in whole milliseconds since
1970 UTC; bytes in hexadecimal digits. What is not there is ``None``, and no key is left out.

`grievance.testing` runs the promises of a store against it: whoever writes one begins there.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from grievance._store_errors import (
    AnswerLostError,
    BusyError,
    CommandReusedError,
    ConflictError,
    EditionUnknownError,
    NumberTakenError,
    StorageError,
    UndoneError,
)
from grievance._store_shapes import (
    CaseHead,
    Challenge,
    Chart,
    Checkpoint,
    Claimed,
    Commit,
    Cursor as Cursor,
    Due,
    EventRow,
    Fact,
    File,
    Further,
    History,
    Holding,
    Job,
    KeptCheckpoint,
    KeptCommand,
    KeptLimiter,
    LimiterMove,
    LookPlace,
    LookRow,
    Notice,
    Page,
    PagePlace,
    Parked,
    Posted,
    Receipt,
    Rekept,
    Scope,
    Search,
    Settlement,
    StoredText,
    Stream,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grievance._errors import GrievanceError

__all__ = [
    "AnswerLostError",
    "BusyError",
    "CaseHead",
    "Challenge",
    "Chart",
    "Checkpoint",
    "Claimed",
    "CommandReusedError",
    "Commit",
    "ConflictError",
    "Due",
    "EditionUnknownError",
    "EventRow",
    "Fact",
    "File",
    "Further",
    "History",
    "Holding",
    "Job",
    "KeptCheckpoint",
    "KeptCommand",
    "KeptLimiter",
    "LimiterMove",
    "LookPlace",
    "LookRow",
    "Notice",
    "NumberTakenError",
    "Page",
    "PagePlace",
    "Parked",
    "Posted",
    "Receipt",
    "Rekept",
    "Scope",
    "Search",
    "Settlement",
    "StorageError",
    "Store",
    "StoredText",
    "Stream",
    "UndoneError",
]

# Tracebacks, pickles and `help` know them as names of this module, wherever they are written.
for _own in list(vars().values()):
    if str(getattr(_own, "__module__", None)).startswith("grievance._store_"):
        _own.__module__ = __name__


class Store(ABC):
    """What a desk asks of a store: the cases of one tenant, and all that belongs to them.

    A desk calls it from several threads. It raises the exceptions of this module, and no others for what
    they stand for; whatever else it raises is told to the desk as ``storage`` with the name of its class
    alone, and is the cause of what the desk raises. A store asks no desk.

    Methods that are not abstract may be left out: the last four because the library does without, those of
    messages, jobs, codes and posts if the host has no use for what they keep.

    Notes
    -----
    A row (`Fact`) has a key for each field of `grievance.CaseRow` (``class`` is spelt so), and ``last_mover``,
    ``tracking`` and ``pending``. A case owns its ``number`` unless it is ``part_of`` another, and its
    ``external_number`` together with its ``source``.

    A scope has one key. ``all`` and ``nothing``; ``any_of`` and ``all_of`` with scopes, ``not`` with one;
    ``held_by``, ``sent_by``, ``moved_by`` and ``consulted`` with an office, which is the row's ``unit``,
    ``sender``, ``last_mover`` or among its ``consulted``; ``about`` with offices, of which the row's
    ``against`` is one; ``complainant_is`` and ``lodged_by`` with a person; ``sealed``, and ``sealed_as``
    with subjects; ``held_below`` with ``rulebook`` and ``unit``, and ``within`` with ``rulebook`` and
    ``place``, by the lines of that version (`chart`), of which an office or a place is among its own.

    Examples
    --------
    A store on the standard library's ``sqlite3`` that keeps every promise is among the tests of this package,
    ``tests/sqlite_store.py`` and what it imports: a host may begin with it.
    """

    # Cases and their events.

    @abstractmethod
    def commit(self, commit: Commit) -> Receipt:
        """Keeps everything of a commit, or nothing, and answers its ``receipt``.

        A command that was committed before with the same fingerprint answers the receipt of then, and
        nothing is written. Otherwise every case must have the version ``expected`` (0 for a new one), no
        number may belong to another case, and no text and no notice may be there. A stream that ``erases``
        takes with it, first, every text of the case, and the fingerprint of every earlier command of it:
        64 zeros take its place. The row and ``due`` of a case take the place of those before.

        Raises
        ------
        ConflictError, CommandReusedError, NumberTakenError
            When it is refused; nothing is written.
        """

    @abstractmethod
    def commit_all(self, commits: list[Commit]) -> Sequence[Receipt | GrievanceError]:
        """Keeps many commits in one transaction, each on its own terms.

        Returns
        -------
        sequence of Receipt or GrievanceError
            Of each its receipt, or the exception that `commit` would have raised. One that is refused
            leaves no trace and stops no other.
        """

    @abstractmethod
    def receipt(self, command: str) -> KeptCommand | None:
        """The fingerprint and the receipt of a command that was committed."""

    @abstractmethod
    def history(self, case: str) -> History:
        """A case's events, oldest first; none for an unknown case."""

    @abstractmethod
    def file(self, case: str) -> File:
        """A case's pages as they lie in the storage, with the version of its row, both of one moment."""

    @abstractmethod
    def folios(self, after: PagePlace | None, limit: int) -> Sequence[EventRow]:
        """Pages of all files, by case and version, after a place."""

    @abstractmethod
    def version(self, case: str) -> int | None:
        """The version that a case's row names."""

    @abstractmethod
    def empty_files(self, after: str | None, limit: int) -> Sequence[str]:
        """Cases that have a row and no event, by identity, after one: somebody removed their events."""

    @abstractmethod
    def scan(self, scope: Scope, after: str | None, limit: int) -> Sequence[Sequence[EventRow]]:
        """The histories of the cases in a scope, by rising identity, after one, so many at most."""

    @abstractmethod
    def count(self, scope: Scope) -> int:
        """How many cases are in a scope."""

    @abstractmethod
    def fact(self, case: str) -> Fact | None:
        """A case's row."""

    @abstractmethod
    def renew(self, fact: Fact) -> bool:
        """Puts a row in the place of a case's row, if that has the same version. Says whether it did."""

    @abstractmethod
    def find_external(self, source: str, number: str) -> str | None:
        """The case that has this ``external_number`` of this ``source``."""

    @abstractmethod
    def find_tracking(self, tracking: str) -> str | None:
        """The case that has this ``tracking``, and is no part."""

    @abstractmethod
    def search(self, scope: Scope, search: Search) -> Page:
        """A page of the cases in a scope that fit: everything that is given must, and one of each list.

        A person is found where one text of the case has, for each word, one of its tokens. An empty list of
        words is nobody.
        """

    @abstractmethod
    def reserve(self, series: str, floor: int, count: int) -> int:
        """Reserves so many numbers of a series, the first of which it answers: never one twice, none below ``floor``."""

    @abstractmethod
    def due(self, now: int, after: Due | None, limit: int) -> Sequence[Due]:
        """Cases that have something due, by instant, then by identity, after a place."""

    @abstractmethod
    def next_due(self) -> int | None:
        """The earliest instant at which a case has something due."""

    # The vault.

    @abstractmethod
    def texts(self, ids: list[str]) -> Sequence[StoredText]:
        """Those texts that are there, in the order asked for; their tokens are left out (an empty list)."""

    @abstractmethod
    def has_texts(self, case: str) -> bool:
        """Whether any text of a case is there."""

    @abstractmethod
    def stale_texts(self, seal: str | None, index: str, after: str | None, limit: int) -> Sequence[StoredText]:
        """Texts kept under other keys, by identity, after one.

        Those whose ``content`` has another ``key`` than ``seal``, and those of the compartment ``identity``
        that are not ``indexed``, or under another ``key`` than ``index``.
        """

    @abstractmethod
    def keep_anew(self, texts: list[Rekept]) -> int:
        """Keeps texts anew, with their tokens, where they still have the keys of before. Says how many."""

    # The access log.

    @abstractmethod
    def last_look(self) -> LookPlace | None:
        """The last entry of the log."""

    @abstractmethod
    def add_looks(self, entries: list[LookRow]) -> bool:
        """Adds entries at the end, all or none; false where their places do not follow the last one."""

    @abstractmethod
    def looks(self, after: int, limit: int) -> Sequence[LookRow]:
        """Entries after a place, in order."""

    @abstractmethod
    def looks_at(self, case: str, after: int, limit: int) -> Sequence[LookRow]:
        """Entries of a case after a place, in order."""

    # Rulebooks.

    @abstractmethod
    def keep(self, version: str, document: str) -> None:
        """Keeps a rulebook version; again, it changes nothing."""

    @abstractmethod
    def chart(self, version: str, chart: Chart) -> None:
        """Keeps the lines of a version; again, it changes nothing."""

    @abstractmethod
    def activate(self, version: str, since: int) -> None:
        """Puts a version in force from an instant on; of two for one instant the latter counts.

        Raises
        ------
        EditionUnknownError
            For a version that is not kept.
        """

    @abstractmethod
    def edition(self, version: str) -> str | None:
        """The document of a version."""

    @abstractmethod
    def in_force(self, at: int) -> str | None:
        """The version of the latest activation that is not after an instant."""

    @abstractmethod
    def in_force_since(self, at: int) -> int | None:
        """The instant of that activation."""

    @abstractmethod
    def unmoved(self, version: str, after: str | None, limit: int) -> Sequence[str]:
        """Cases that are ``pending`` and whose ``rulebook`` is another, by identity, after one."""

    # Checkpoints.

    @abstractmethod
    def take_heads(self) -> int:
        """Takes down the last event of each case that has come further, under a new, higher number."""

    @abstractmethod
    def heads(self, number: int, after: str | None, limit: int) -> Sequence[CaseHead]:
        """What was last taken down of each case up to a number, by identity, after one."""

    @abstractmethod
    def keep_checkpoint(self, checkpoint: Checkpoint) -> bool:
        """Keeps a checkpoint; false where one has the same number or the same ``previous``."""

    @abstractmethod
    def checkpoints(self, after: int, limit: int) -> Sequence[KeptCheckpoint]:
        """Checkpoints after a number."""

    @abstractmethod
    def last_checkpoint(self) -> KeptCheckpoint | None:
        """The checkpoint of the highest number."""

    # Posts.

    def appoint(self, holding: Holding) -> None:
        """Keeps a holding; again for the same office, post, person and ``since`` it replaces the rest."""
        raise NotImplementedError

    def holders(self, unit: str, post: str, at: int) -> Sequence[Holding]:
        """Who holds a post at an instant, from ``since`` to before ``until``: by ``since``, then by person."""
        raise NotImplementedError

    def vacant(self, unit: str, post: str, at: int) -> bool:
        """Whether holdings of a post are known, and none is at that instant."""
        raise NotImplementedError

    # Messages.

    def post(self, notices: list[Notice]) -> int:
        """Puts in messages; one that is there stays as it is. Says how many were new."""
        raise NotImplementedError

    def claim(self, now: int, lease: int, limit: int, by: str) -> Sequence[Claimed]:
        """Claims messages until ``now + lease``.

        A message waits from ``not_before`` on. Of one case and one ``office`` it is the first that waits,
        by ``about`` and ``place``, that alone can be claimed. The longest waiting come first.
        """
        raise NotImplementedError

    def settle(self, id: str, by: str, settlement: Settlement) -> bool:
        """Keeps what became of a message; false where the claim is not the message's last, or it is settled.

        A ``retry`` waits until ``at``, not before its ``not_before``, and so do the later ones of its line.
        """
        raise NotImplementedError

    def parked(self, limit: int) -> Sequence[Parked]:
        """Messages that are parked, by instant, then by identity."""
        raise NotImplementedError

    def revive(self, id: str, now: int) -> bool:
        """Lets a parked message wait again from ``now`` on, as if it had never been tried."""
        raise NotImplementedError

    def delivery_report(self, id: str, received_at: int) -> bool:
        """Keeps when a message was received: the first word counts. False for an unknown one."""
        raise NotImplementedError

    def referred(self, reference: str) -> Sequence[str]:
        """The messages that were delivered under a reference, by identity."""
        raise NotImplementedError

    def outbox_next(self) -> int | None:
        """The earliest instant at which a message can be claimed."""
        raise NotImplementedError

    def notices_of(self, case: str) -> Sequence[Posted]:
        """Every message of a case, by ``about`` and ``place``."""
        raise NotImplementedError

    # Jobs.

    def last_job(self, schedule: str) -> int | None:
        """The latest ``due_at`` of a schedule's jobs, finished or not."""
        raise NotImplementedError

    def add_job(self, job: Job) -> bool:
        """Adds a job; false where the schedule has one of that instant."""
        raise NotImplementedError

    def open_jobs(self, limit: int) -> Sequence[Job]:
        """Jobs that are not finished, by instant, then by schedule."""
        raise NotImplementedError

    def finish_job(self, schedule: str, due_at: int) -> bool:
        """Marks a job as done; false where it was, or is not there."""
        raise NotImplementedError

    # One-time codes.

    def challenge(self, id: str) -> Challenge | None:
        """The row of a code."""
        raise NotImplementedError

    def limiter(self, key: str) -> KeptLimiter | None:
        """Counts; none where nothing is kept."""
        raise NotImplementedError

    def put_challenge(self, challenge: Challenge, limiters: list[LimiterMove]) -> bool:
        """Keeps a new code with its counts; false, and nothing, where it is there or a revision is another."""
        raise NotImplementedError

    def spend(self, expected_tries: int, challenge: Challenge, limiters: list[LimiterMove]) -> bool:
        """Replaces ``tries`` and ``used`` of an unused code of so many tries; false, and nothing, otherwise."""
        raise NotImplementedError

    def put_limiter(self, limiter: LimiterMove) -> bool:
        """Replaces counts; false where their revision is another."""
        raise NotImplementedError

    def forget_challenges(self, before: int, limit: int) -> int:
        """Forgets codes whose ``expires_at`` lies before an instant, the earliest first. Says how many."""
        raise NotImplementedError

    def forget_limiters(self, before: int, limit: int) -> int:
        """Forgets counts whose ``forget_at`` lies before an instant, the earliest first. Says how many."""
        raise NotImplementedError

    # What the library does without.

    def history_after(self, read: CaseHead) -> Further:
        """What came after an event, if the case has it, of that version and hash; else its whole history."""
        raise NotImplementedError

    def opening(self, case: str, at: int) -> dict[str, Any]:
        """``rulebook`` and ``history``: what `in_force` and `history` answer, in one."""
        raise NotImplementedError

    def opening_after(self, read: CaseHead, at: int) -> dict[str, Any]:
        """``rulebook`` and ``history``: what `in_force` and `history_after` answer, in one."""
        raise NotImplementedError

    def advances(self, since: int, number: int, after: str | None, limit: int) -> Sequence[dict[str, Any]]:
        """The cases (``case``) that went on between two numbers, from version ``since`` to ``to``."""
        raise NotImplementedError
