"""What can go wrong, by what the caller can do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grievance._native import Finding

__all__ = [
    "AmendError",
    "GrievanceError",
    "MessageRefusedError",
    "ReloadError",
    "RetryError",
    "WaitError",
    "WrongTypeError",
]


class GrievanceError(Exception):
    """Something was refused or failed.

    The sentence holds no personal data. Each remedy has a class of its own, so that a caller can
    tell by ``except`` what to do; the code tells which rule stood in the way.

    Attributes
    ----------
    code : str
        A word of `grievance.words.ErrorCode`, the same in every language.
    remedy : str
        A word of `grievance.words.Remedy`: ``amend``, ``reload``, ``retry`` or ``wait``.
    where : str or None
        The field, the argument, the column or the path in the rulebook that is to blame.
    hint : str or None
        What may help.
    findings : list of Finding
        Of a rulebook that was refused, everything that was found.
    """

    code: str
    remedy: str
    where: str | None
    hint: str | None
    findings: list[Finding]

    def __init__(
        self,
        sentence: str,
        *,
        code: str = "invalid_command",
        remedy: str = "amend",
        where: str | None = None,
        hint: str | None = None,
        findings: Sequence[Finding] = (),
    ) -> None:
        super().__init__(sentence)
        self.code = code
        self.remedy = remedy
        self.where = where
        self.hint = hint
        self.findings = list(findings)

    def __str__(self) -> str:
        sentence = super().__str__()
        return f"{sentence} ({self.hint})" if self.hint else sentence


class AmendError(GrievanceError, ValueError):
    """Change the request; the same one will fail again."""


class WrongTypeError(AmendError, TypeError):
    """An argument is not of the type that it must be; `where` is its name."""


class ReloadError(GrievanceError):
    """Read the case again and decide anew: somebody else was first."""


class RetryError(GrievanceError):
    """Send the same request again."""


class WaitError(GrievanceError):
    """Send the same request again later."""


class MessageRefusedError(AmendError):
    """Raised by a host's gateway: it will never take this message, so that trying again is of no use.

    The address is wrong, say, or the template is not registered. Whatever else a gateway raises is taken for a
    failure that may pass.

    Parameters
    ----------
    sentence : str, optional
        What is wrong, without address or words.
    """

    def __init__(self, sentence: str = "the gateway will not take the message") -> None:
        super().__init__(sentence, code="message_not_sent")
