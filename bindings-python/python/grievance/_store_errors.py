"""What a store raises: `grievance.store` has these names."""

from __future__ import annotations

from typing import Any

from grievance._errors import AmendError, ReloadError, RetryError, WaitError


class ConflictError(ReloadError):
    """Raised by a store: the case is not at the version that the commit was made for."""

    def __init__(self, case: str, *, expected: int, found: int) -> None:
        super().__init__("the case has moved on", code="conflict", remedy="reload")
        self.told = {"case": case, "expected": expected, "found": found}


class CommandReusedError(AmendError):
    """Raised by a store: the command's identity was used with another fingerprint."""

    def __init__(self, command: str) -> None:
        super().__init__("the command was used for another request", code="command_reused")
        self.told = {"command": command}


class NumberTakenError(AmendError):
    """Raised by a store: the number, or the external number of the source, belongs to that case."""

    def __init__(self, case: str) -> None:
        super().__init__("the number is taken", code="duplicate_number")
        self.told = {"case": case}


class EditionUnknownError(AmendError):
    """Raised by a store: no rulebook of that version is kept."""

    def __init__(self, version: str) -> None:
        super().__init__("the store keeps no rulebook of that version", code="rulebook_unknown")
        self.told = {"version": version}


class BusyError(WaitError):
    """Raised by a store: others are writing, and nothing was written."""

    def __init__(self) -> None:
        super().__init__("the store is busy", code="busy", remedy="wait")
        self.told: dict[str, Any] = {}


class UndoneError(RetryError):
    """Raised by a store: the work was taken back, and nothing was written."""

    def __init__(self) -> None:
        super().__init__("the work was taken back", code="undone", remedy="retry")
        self.told: dict[str, Any] = {}


class AnswerLostError(RetryError):
    """Raised by a store: the connection broke, and what was asked may have been written."""

    def __init__(self) -> None:
        super().__init__("the answer was lost", code="answer_lost", remedy="retry")
        self.told: dict[str, Any] = {}


class StorageError(RetryError):
    """Raised by a store: it failed. The sentence holds nothing that is stored."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem, code="storage", remedy="retry")
        self.told = {"problem": problem}
