"""A person who would hurt the package: everything that can be called, with whatever comes to hand.

The draws are the same in every run; ``GRIEVANCE_HOSTILE=100000`` makes more of them.
"""

from __future__ import annotations

import inspect
import os
import random
import re
import threading
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pyarrow
from conftest import NOW, TOWN
from sqlite_store import SqliteStore

import grievance as gr
from grievance import _native

CALLS = int(os.environ.get("GRIEVANCE_HOSTILE", "1000"))
# What Python itself says of a call that has too few, too many or unknown arguments. Whatever is wrong with one that is
# there, the package says, with code and place.
MISCALLED = re.compile(
    r"missing \d+ required|unexpected keyword argument|positional arguments? but|multiple values for argument|takes no (keyword )?arguments"
)


class AngryError(Exception):
    """Raised by objects that refuse to be looked at."""


class Angry:
    """Throws whatever is asked of it."""

    def __getattr__(self, name: str) -> Any:
        raise AngryError

    def __len__(self) -> int:
        raise AngryError

    def __iter__(self) -> Iterator[str]:
        raise AngryError

    def __index__(self) -> int:
        raise AngryError

    def __str__(self) -> str:
        raise AngryError


class Endless:
    """Says that it is a sequence, and is not what it says."""

    def __len__(self) -> int:
        return 2**40

    def __getitem__(self, at: int) -> str:
        raise IndexError(at)


class Stream:
    """Hands over what is no stream."""

    def __init__(self, answer: Callable[[], Any]) -> None:
        self.answer = answer

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> Any:
        return self.answer()


class LyingInstant(datetime):
    """An instant that answers wrongly."""

    def astimezone(self, tz: Any = None) -> Any:
        return random.choice([None, "later", date(2026, 1, 1)])


def throws() -> Any:
    raise AngryError


def broken_batches() -> Iterator[pyarrow.RecordBatch]:
    yield pyarrow.record_batch({"received_at": pyarrow.array([NOW]), "unit": ["works"]})
    raise AngryError


def streams() -> list[Any]:
    good = table()
    used = good.__arrow_c_stream__()
    gr.Cases.read(Stream(lambda: used), zone="UTC")
    return [
        good,
        good.slice(0, 0),
        pyarrow.table({"received_at": [1.5], "unit": [[1]]}),
        pyarrow.table({"received_at": [None], "unit": [None]}),
        pyarrow.table({"unit": pyarrow.array(["a", None]).dictionary_encode(), "received_at": [None, None]}),
        Stream(lambda: used),
        Stream(lambda: None),
        Stream(throws),
        Stream(lambda: good.schema.__arrow_c_schema__()),
        pyarrow.RecordBatchReader.from_batches(
            pyarrow.schema([("received_at", pyarrow.timestamp("us", "UTC")), ("unit", pyarrow.string())]),
            broken_batches(),
        ),
        pyarrow.RecordBatchReader.from_batches(pyarrow.schema([("unit", pyarrow.string())]), broken_batches()),
    ]


def things() -> list[Any]:
    loop: list[Any] = []
    loop.append(loop)
    return [
        None, True, False, 0, -1, 7, 2**31, 2**32, 2**63, 2**64, 2**200, 1.5, float("nan"), float("inf"),
        "", " ", "x", "a" * 10_000, "\ud800", "\0", "works", "desk", "complainant", f"grv_{0:032x}", "grv_x",
        f"per_{1:032x}", "cmd_", "2026-11-23", "2026-02-30", "unit", "calendar", "working", "month", "UTC",
        "Asia/Kolkata", "Nowhere/Land", ":memory:", "sqlite:///", '{"action": "remind"}', "{", "[" * 1_000,
        b"", b"\xff" * 32, bytearray(3), [], [None], [[]], ["x", 1], ("a", "b"), loop, {}, {"a": 1}, {1: "a"},
        {"date": "2026-11-23"}, {"received_at": "unit"}, {"recieved": "unit"}, set(), object(), type, len,
        NOW, NOW.replace(tzinfo=None), LyingInstant(2026, 1, 1, tzinfo=timezone.utc),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-14))), datetime.min.replace(tzinfo=timezone.utc),
        date.min, date.max, date(2026, 11, 23), timedelta(1), Angry(), Endless(), *streams(),
        gr.Actor(f"per_{1:032x}", "complainant"), gr.Rulebook.preset("city-311"), gr.KeyRing.for_tests(),
        gr.MacKeys("k", bytes(32)),
    ]  # fmt: skip


class Office:
    """A desk with a case, and everything that can be called of the package."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.things = things()
        self.citizen = gr.Actor(f"per_{1:032x}", "complainant")
        self.officer = gr.Actor(f"per_{2:032x}", "cell_officer", unit="desk")
        self.rulebook = gr.Rulebook.from_toml(TOWN)
        self.kinds: dict[str, int] = {}
        self.found: list[tuple[str, Callable[..., Any], dict[str, bool]]] = []
        self.back = 0
        self.unfair: list[BaseException] = []
        self.open()

    def open(self) -> None:
        self.desk = self.opened()
        self.desk.activate(self.rulebook, NOW)
        self.case = self.desk.by(self.citizen, NOW).lodge(narrative="No water.").case
        self.pool = self.fair_values()

    def opened(self) -> gr.Desk:
        return gr.Desk.open(":memory:", seed=self.dice.randrange(2**64))

    def call_back(self) -> None:
        """A call of the package out of what it calls itself; out of that none."""
        if self.found and not self.back and self.dice.random() < 0.2:
            self.back += 1
            try:
                self.call(*self.dice.choice(self.found))
            except AssertionError as problem:
                # The package makes a failure of its own of it.
                self.unfair.append(problem)
            finally:
                self.back -= 1

    def gateway(self, message: gr.Message) -> str:
        self.call_back()
        return message.id

    def fair_values(self) -> dict[str, list[Any]]:
        """Of some parameters, values that are right, or nearly."""
        return {
            "case": [self.case],
            "into": [self.case, f"grv_{7:032x}"],
            "person": [f"per_{3:032x}"],
            "actor": [self.citizen, self.officer],
            "rulebook": [self.rulebook],
            "data": [table(), table().to_batches()[0], gr.Cases.read(table(), zone="UTC"), self.desk.by(self.officer, NOW)],
            "acting": [self.desk.by(self.officer, NOW)],
            "columns": [{}, {"received_at": "received_at"}, ["unit"]],
            "index": ["average_days", "timely_disposal", {"code": "x"}],
            "keys": [gr.KeyRing.for_tests(), gr.MacKeys("k", bytes(32))],
            "request": ["form", '{"action": "remind"}', '{"action": "lodge", "narrative": "x"}'],
            "secret": [bytes(32), bytes(1_024)],
            "evidence": [{}, {"date": "2026-11-23", "reference": "EL/17"}],
            "fields": [{"report": "x"}, ["narrative"]],
            "unit": ["works", "desk"],
            "mobile": ["9830001234", "+91 98300 01234"],
            "purpose": ["track", "lodge", "handling"],
            "sha256": ["0" * 64],
            "media_type": ["image/jpeg"],
            "url": [":memory:"],
            "gateway": [lambda message: message.id, lambda message: message, Angry(), print, self.gateway],
            "store": [SqliteStore()],
            "notice": [f"ntc_{1:032x}"],
            "name": ["city-311", "Asha Devi"],
            "text": [TOWN, "A note."],
            "limit": [0, 1, 1_000, 2**32 - 1],
            "cuts": [[7, 15, 31], [], [3, 3], (1, 2)],
            "by": ["unit", "category", "priority", "reason"],
            "rule": ["calendar", "elapsed", "working"],
            "zone": ["UTC", "Asia/Kolkata"],
            "naive": ["UTC"],
            "period": ["week", "month", "financial_year"],
        }

    def verified(self) -> gr.VerifiedMobile:
        """A mobile whose code was brought back."""
        codes = self.desk.otp(gr.MacKeys("k", bytes(32)))
        sent = codes.request_code("track", "9830001234", request="form", at=NOW)
        return codes.verify_code(sent.challenge, "track", "9830001234", request="form", code=sent.code, at=NOW)

    def callables(self) -> list[tuple[str, Callable[..., Any], dict[str, bool]]]:
        """What can be called, by name, with its parameters and whether each must be there."""
        acting = self.desk.by(self.dice.choice([self.citizen, self.officer]), NOW)
        cases = gr.Cases.read(table(), zone="UTC")
        codes = self.desk.otp(gr.MacKeys("k", bytes(32)))
        found: list[Callable[..., Any]] = []
        for handle in (acting, acting, acting, acting.measures, self.desk, cases, codes, self.rulebook):
            names = [name for name in dir(type(handle)) if not name.startswith("__") and name not in ("close", "open")]
            found += [getattr(handle, name) for name in names if callable(getattr(handle, name))]
        found += [gr.Actor, gr.KeyRing, gr.MacKeys, gr.Desk.open, gr.pendency, gr.durations, gr.kaplan_meier]
        found += [gr.flow, gr.disposal_index, gr.rank, gr.mis, gr.rates, gr.closures, gr.trends]
        return [(asked.__name__, asked, parameters(asked)) for asked in found]

    def draw(self) -> Any:
        return self.dice.choice(self.things)

    def fair(self, name: str) -> Any:
        """A value of the right type for a parameter of that name, though not always a wise one."""
        instants = {"at", "since", "until", "lodged_from", "lodged_before"}
        if name in instants and self.dice.random() < 0.5:
            # Not further: a sweep records every round of a schedule up to its instant.
            return self.dice.choice([NOW, NOW + timedelta(days=40), NOW - timedelta(days=9_000)])
        if name in {"as_of", "since", "until"}:
            return self.dice.choice([date(2026, 12, 1), date.min, date.max, date(1, 1, 2), date(9_999, 1, 1)])
        numbers = [0, 1, 7, 2**32 - 1]
        return self.dice.choice(self.pool.get(name, ["works", "2026-11-23", "satisfied", "No water.", "", "x" * 5_000, *numbers]))

    def call(self, name: str, asked: Callable[..., Any], wanted: dict[str, bool]) -> None:
        given = {}
        for field, needed in wanted.items():
            if self.dice.random() < (0.97 if needed else 0.3):
                given[field] = self.fair(field) if self.dice.random() < 0.85 else self.draw()
        if self.dice.random() < 0.02:
            given["no_such_thing"] = self.draw()
        places = [given.pop(field) for field in list(given)[:1] if self.dice.random() < 0.5]
        try:
            asked(*places, **given)
        except gr.GrievanceError as problem:
            kind = type(problem).__name__
            assert problem.code and problem.remedy, f"{name}: {problem!r}"
            if self.back:
                self.kinds[problem.code] = self.kinds.get(problem.code, 0) + 1
            if isinstance(problem, gr.WrongTypeError):
                assert problem.where, f"{name}: {problem!r}"
        except (AngryError, RecursionError) as problem:
            # What an object of the caller's throws, the caller gets.
            kind = type(problem).__name__
        except BaseException as problem:
            if type(problem) is TypeError and MISCALLED.search(str(problem)):
                self.kinds["miscalled"] = self.kinds.get("miscalled", 0) + 1
                return
            raise AssertionError(f"{name} with {places!r:.200}, {given!r:.500}: {type(problem).__name__}") from problem
        else:
            kind = "answered"
        self.kinds[kind] = self.kinds.get(kind, 0) + 1

    def attack(self, calls: int, *, on_one_desk: bool = False) -> None:
        self.found = self.callables()
        for number in range(1, calls + 1):
            if number % 200 == 0:
                # A case grows with every step, and each look at it with it.
                if not on_one_desk:
                    self.open()
                self.found = self.callables()
            self.call(*self.dice.choice(self.found))
        # They are handles of the desk.
        self.found = []
        assert not self.unfair, self.unfair


class Nosy(Office):
    """The same over a store whose methods ask the desk that asks them, and others, before they answer."""

    def opened(self) -> gr.Desk:
        return gr.Desk.over(nosy(self.call_back), keys=gr.KeyRing.for_tests(), seed=self.dice.randrange(2**64))


def nosy(before: Callable[[], None]) -> SqliteStore:
    def wrapped(own: Callable[..., Any]) -> Callable[..., Any]:
        def asked(*given: Any) -> Any:
            before()
            return own(*given)

        return asked

    methods = {name: wrapped(getattr(SqliteStore, name)) for name in _native.store_methods() if hasattr(SqliteStore, name)}
    made: SqliteStore = type("NosyStore", (SqliteStore,), methods)()
    return made


# A signature is parsed out of a docstring, and CPython 3.11 has one counter of depth for all threads that parse.
PARSING = threading.Lock()


def parameters(asked: Callable[..., Any]) -> dict[str, bool]:
    """The names that it takes, and whether each must be there."""
    with PARSING:
        named = inspect.signature(asked).parameters.values()
    return {it.name: it.default is it.empty for it in named if it.kind is not it.VAR_POSITIONAL}


def table() -> pyarrow.Table:
    return pyarrow.table({"received_at": pyarrow.array([NOW, NOW]), "unit": ["works", "desk"]})
