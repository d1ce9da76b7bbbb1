"""Calls as a person would hurt the package: wrong types, lies, closed handles, threads.

Whatever is asked, an answer or an exception of Python comes back; never a panic, never an abort. The
draws are the same in every run; ``GRIEVANCE_HOSTILE=100000`` makes more of them.
"""

from __future__ import annotations

import os
import random
import threading
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pyarrow
import pytest
from conftest import NOW, TOWN

import grievance as gr
from grievance import _native

CALLS = int(os.environ.get("GRIEVANCE_HOSTILE", "1000"))
# What Python itself raises for a value that is not of the type, or not within it.
FAIR = (gr.GrievanceError, TypeError, ValueError, OverflowError)


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
    table = pyarrow.table({"received_at": pyarrow.array([NOW]), "unit": ["works"]})
    used = table.__arrow_c_stream__()
    gr.Cases.read(Stream(lambda: used), zone="UTC")
    return [
        table,
        table.slice(0, 0),
        pyarrow.table({"received_at": [1.5], "unit": [[1]]}),
        pyarrow.table({"received_at": [None], "unit": [None]}),
        pyarrow.table({"unit": pyarrow.array(["a", None]).dictionary_encode(), "received_at": [None, None]}),
        Stream(lambda: used),
        Stream(lambda: None),
        Stream(throws),
        Stream(lambda: table.schema.__arrow_c_schema__()),
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
        self.desk = gr.Desk.open(":memory:", seed=seed)
        self.desk.activate(gr.Rulebook.from_toml(TOWN), NOW)
        self.citizen = gr.Actor(f"per_{1:032x}", "complainant")
        self.officer = gr.Actor(f"per_{2:032x}", "cell_officer", unit="desk")
        self.case = self.desk.by(self.citizen, NOW).lodge(narrative="No water.").case
        self.kinds: dict[str, int] = {}

    def callables(self) -> list[tuple[str, Callable[..., Any], list[str]]]:
        acting = self.desk.by(self.dice.choice([self.citizen, self.officer]), NOW)
        cases = gr.Cases.read(streams_table(), zone="UTC")
        found: list[tuple[str, Callable[..., Any], list[str]]] = [
            (method, getattr(acting, method), [field for field, _, _, _ in fields])
            for method, _, fields in _native.verb_table()
        ]
        handles = [acting, self.desk, cases, self.desk.otp(gr.MacKeys("k", bytes(32))), gr.Rulebook.preset("city-311")]
        for handle in handles:
            for name in dir(type(handle)):
                if not name.startswith("__") and name not in ("close", "open") and callable(getattr(handle, name)):
                    found.append((name, getattr(handle, name), ["as_of", "at", "case", "columns", "zone", "limit"]))
        for maker in (gr.Actor, gr.KeyRing, gr.MacKeys, gr.Desk.open, gr.Cases.read, self.desk.by):
            found.append((maker.__name__, maker, ["zone", "keys", "unit", "seed", "tenant", "old"]))
        measures = (gr.pendency, gr.durations, gr.kaplan_meier, gr.flow, gr.disposal_index, gr.rank, gr.mis)
        for measure in measures:
            found.append((measure.__name__, measure, ["as_of", "columns", "zone", "by", "rule", "cuts", "index"]))
        return found

    def draw(self) -> Any:
        return self.dice.choice(self.things)

    def call(self, name: str, asked: Callable[..., Any], fields: list[str]) -> None:
        places = [self.dice.choice([self.case, self.draw()]) for _ in range(self.dice.randrange(4))]
        given = {field: self.draw() for field in self.dice.sample(fields, self.dice.randrange(min(5, len(fields)) + 1))}
        try:
            asked(*places, **given)
        except FAIR as problem:
            kind = type(problem).__name__
            if isinstance(problem, gr.GrievanceError):
                assert problem.code and problem.remedy, f"{name}: {problem!r}"
        except (AngryError, RecursionError) as problem:
            # What an object of the caller's throws, the caller gets.
            kind = type(problem).__name__
        except BaseException as problem:
            raise AssertionError(f"{name} with {places!r:.200} and {list(given)}: {type(problem).__name__}") from problem
        else:
            kind = "answered"
        self.kinds[kind] = self.kinds.get(kind, 0) + 1

    def attack(self, calls: int) -> None:
        found = self.callables()
        for number in range(calls):
            if number % 500 == 499:
                found = self.callables()
            self.call(*self.dice.choice(found))


def streams_table() -> pyarrow.Table:
    return pyarrow.table({"received_at": pyarrow.array([NOW, NOW]), "unit": ["works", "desk"]})


def test_whatever_is_asked_python_gets_an_answer_or_an_exception() -> None:
    office = Office(seed=20230401)
    office.attack(CALLS)
    # The draws reach each kind of end; a test that refused everything alike would prove little.
    assert {"answered", "TypeError", "AmendError"} <= office.kinds.keys(), office.kinds
    # And the case is still there and whole.
    assert office.desk.by(office.citizen, NOW + timedelta(days=1)).case(office.case).row.id == office.case


def test_threads_hurt_one_desk_together_while_it_is_closed() -> None:
    office = Office(seed=7)
    problems: list[BaseException] = []

    def attack(seed: int) -> None:
        own = Office(seed)
        own.desk, own.case = office.desk, office.case
        try:
            own.attack(max(CALLS // 20, 25))
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=attack, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    threads[0].join()
    office.desk.close()
    for thread in threads[1:]:
        thread.join()
    # A handle that is made anew after the close says so, and that is fair.
    unfair = [problem for problem in problems if not isinstance(problem, gr.GrievanceError)]
    assert not unfair, unfair


@pytest.mark.parametrize("made", [gr.Done, gr.Table, gr.Acting, gr.Desk, gr.Cases, gr.Rulebook])
def test_what_only_the_library_makes_cannot_be_made(made: Any) -> None:
    with pytest.raises(TypeError):
        made()
