"""Calls as a person would hurt the package: wrong types, lies, closed handles, threads.

Whatever is asked, an answer or an exception of Python comes back; never a panic, never an abort. The
draws are the same in every run; ``GRIEVANCE_HOSTILE=100000`` makes more of them.
"""

from __future__ import annotations

import gc
import inspect
import os
import random
import re
import resource
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pyarrow
import pytest
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


def test_whatever_is_asked_python_gets_an_answer_or_an_exception() -> None:
    office = Office(seed=20230401)
    office.attack(CALLS)
    # The draws reach each kind of end; a test that refused everything alike would prove little.
    assert min(office.kinds.get(kind, 0) for kind in ("answered", "miscalled", "WrongTypeError", "AmendError")) > CALLS / 50, office.kinds
    # And the case is still there and whole.
    assert office.desk.by(office.citizen, NOW + timedelta(days=1)).case(office.case).row.id == office.case


def test_a_store_that_asks_its_desk_gets_an_answer_or_an_exception() -> None:
    office = Nosy(seed=11)
    office.attack(CALLS // 2)
    # Some of what it asks asks no desk.
    assert min(office.kinds.get(kind, 0) for kind in ("answered", "may_not_block", "WrongTypeError")) > CALLS / 50, office.kinds
    assert office.desk.by(office.citizen, NOW + timedelta(days=1)).case(office.case).row.id == office.case


def test_threads_hurt_one_desk_together_while_it_is_closed() -> None:
    office = Office(seed=7)
    problems: list[BaseException] = []

    def attack(seed: int) -> None:
        own = Office(seed)
        own.desk, own.case = office.desk, office.case
        own.pool = own.fair_values()
        try:
            own.attack(min(max(CALLS // 20, 25), 1_000), on_one_desk=True)
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


def test_whatever_is_of_another_type_is_named() -> None:
    """Each argument of each call, all others right."""
    office = Office(seed=5)
    examples = {"bool": True, "u32": 1, "Vec<String>": ["works"], "BTreeMap<String,String>": {}, "f64": 1.0, "Day": date(2026, 12, 1)}
    right = {name: values[0] for name, values in office.pool.items()} | {
        **dict.fromkeys(("at", "received_at"), NOW),
        **dict.fromkeys(("as_of", "since", "until"), date(2026, 12, 1)),
        "zone": "UTC",
        "old": [("k", bytes(32))],
        "request": '{"action": "remind"}',
        "role": "complainant",
        "lodged_from": NOW,
        "keys": gr.MacKeys("k", bytes(32)),
        "verified": office.verified(),
        "challenge": f"otp_{1:032x}",
        "post": "clerk",
        "document": {},
        "columns": ["unit"],
        "data": gr.Cases.read(table(), zone="UTC"),
    }
    own: dict[str, dict[str, Any]] = {
        row[0]: {name: examples.get(kind.replace(" ", ""), "average_days") for name, kind, _, _ in row[2]}
        for row in (*_native.verb_table(), *_native.measure_table(), *_native.paper_table())
    }
    own |= {
        "appoint": {"since": NOW},
        "words": {"purpose": "handling"},
        "read": {"data": table(), "columns": {}},
        "over": {"keys": gr.KeyRing.for_tests()},
        "open": {"keys": gr.KeyRing.for_tests()},
    }
    static = [gr.Rulebook.preset, gr.Rulebook.from_toml, gr.Rulebook.from_json, gr.Rulebook.from_dict, gr.Desk.over, gr.Cases.read]
    answer = right["data"].pendency(as_of=right["as_of"])
    others = [(it.__name__, it, parameters(it)) for it in (*static, right["verified"].to_token, answer.select)]
    calls = {id(call): (name, call, wanted) for name, call, wanted in (*office.callables(), *others)}
    asked = 0
    for name, call, wanted in calls.values():
        for wrong in wanted:
            given = {field: (right | own.get(name, {})).get(field, "works") for field, needed in wanted.items() if needed}
            if "data" in wanted and wrong in ("data", "columns", "zone", "naive", "until", "by"):
                given |= {"data": table(), "zone": "UTC"}
            with pytest.raises(gr.WrongTypeError) as refused:
                call(**given | {wrong: object()})
            assert (name, refused.value.where) == (name, wrong)
            asked += 1
    assert asked > 300


@pytest.mark.parametrize("made", [gr.Done, gr.Table, gr.Acting, gr.Desk, gr.Cases, gr.Rulebook])
def test_what_only_the_library_makes_cannot_be_made(made: Any) -> None:
    with pytest.raises(TypeError):
        made()


#: What the system tells of this process, where it does.
PROCESS = Path("/proc/self")


def left() -> dict[str, int]:
    """What is still there when nobody holds anything: handles and records by class, memory of Arrow, files, threads."""
    gc.collect()
    # Each object of a class of the extension holds a reference to the class.
    classes = [thing for thing in vars(_native).values() if isinstance(thing, type)]
    found = {own.__name__: sys.getrefcount(own) for own in classes}
    found["bytes of Arrow"] = pyarrow.total_allocated_bytes()
    if PROCESS.exists():
        found["files"] = len(os.listdir(PROCESS / "fd"))
        found["threads"] = len(os.listdir(PROCESS / "task"))
    return found


def more_than(before: dict[str, int]) -> dict[str, int]:
    return {name: now - before[name] for name, now in left().items() if now > before[name]}


def test_a_count_of_what_is_left_sees_what_is_held(tmp_path: Path) -> None:
    before = left()
    held = [gr.Actor(f"per_{1:032x}", "complainant"), gr.Cases.read(table(), zone="UTC").pendency(as_of=date(2026, 12, 1))]
    desk = gr.Desk.open(f"sqlite:///{tmp_path}/desk.sqlite", keys=gr.KeyRing.for_tests())
    more = more_than(before)
    assert more.pop("files") > 0 or not PROCESS.exists()
    assert more == {"Actor": 1, "Table": 1, "Desk": 1}, more
    del held, desk
    assert more_than(before) == {}


def test_nothing_is_left_of_hostile_calls() -> None:
    # Once for what is made at the first use and kept.
    Office(seed=1).attack(CALLS // 4)
    before = left()
    for seed in (2, 3):
        Office(seed).attack(CALLS // 4)
    assert more_than(before) == {}


def test_nothing_is_left_of_desks_that_nobody_closes(tmp_path: Path) -> None:
    citizen, rulebook = gr.Actor(f"per_{1:032x}", "complainant"), gr.Rulebook.from_toml(TOWN)

    def used(desk: gr.Desk) -> list[Any]:
        desk.activate(rulebook, NOW)
        acting = desk.by(citizen, NOW)
        done = acting.lodge(narrative="No water.", mobile="98300 01234")
        codes = desk.otp(gr.MacKeys("k", bytes(32)))
        sent = codes.request_code("track", "9830001234", request="form", at=NOW)
        return [acting, done, acting.case(done.case), acting.measures, codes, sent, desk.deliver(NOW, lambda message: message.id)]

    def opened(number: int) -> None:
        used(gr.Desk.open(f"sqlite:///{tmp_path}/{number}.sqlite", keys=gr.KeyRing.for_tests()))

    opened(0)
    before = left()
    for number in range(1, 6):
        opened(number)
    assert more_than(before) == {}


def test_nothing_of_the_hosts_is_kept() -> None:
    """What a host hands over lives no longer than what was made with it."""
    store = SqliteStore()

    def gateway(message: gr.Message) -> str:
        return message.id

    desk = gr.Desk.over(store, keys=gr.KeyRing.for_tests())
    desk.activate(gr.Rulebook.from_toml(TOWN), NOW)
    acting = desk.by(gr.Actor(f"per_{1:032x}", "complainant"), NOW)
    acting.lodge(narrative="No water.", mobile="98300 01234")
    desk.deliver(NOW, gateway)
    stream = Stream(table().__arrow_c_stream__)
    cases = gr.Cases.read(stream, zone="UTC")
    kept, seen, read = weakref.ref(store), weakref.ref(gateway), weakref.ref(stream)
    del store, gateway, stream, desk
    gc.collect()
    assert (seen(), read(), len(cases)) == (None, None, 2)
    assert kept() is not None, "a handle of the desk still asks it"
    del acting
    gc.collect()
    assert kept() is None


@pytest.mark.skipif("GRIEVANCE_SOAK" not in os.environ, reason="make soak looks at the memory")
def test_memory_does_not_grow_with_the_calls(capsys: pytest.CaptureFixture[str]) -> None:
    """After a tenth of the calls, which fill what is kept, the other nine add little."""

    def resident() -> float:
        gc.collect()
        pages = int((PROCESS / "statm").read_text(encoding="ascii").split()[1]) if PROCESS.exists() else 0
        return pages * resource.getpagesize() / 2**20

    Office(seed=4).attack(CALLS // 10)
    before = resident()
    Office(seed=5).attack(CALLS - CALLS // 10)
    after = resident()
    with capsys.disabled():
        print(f"hostile: {CALLS} calls from Python; {before:.0f} MiB after a tenth, {after:.0f} MiB after all")
    assert after - before < 64
