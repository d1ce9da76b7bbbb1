"""Other threads run while the library works: whatever may take long lets go of the interpreter's lock.

While a call is looked at, the interpreter takes its lock from nobody (the switch interval is a day), so another thread
gets on only where the call itself lets go of it. A call that holds it throughout is therefore seen to do so, however long
it is and however busy the machine: the other thread is where it was. One that lets go for a moment may be back before
the other thread wakes, so a call is tried until the process has worked for `WORK` seconds, waiting not counted. What is
seen is that a call lets go, not in which part of it; `Cases.read` does so twice, and is held to both.
"""

from __future__ import annotations

import gc
import hashlib
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from inspect import isroutine
from itertools import count, takewhile
from pathlib import Path
from typing import Any

import numpy
import pyarrow
import pytest
from conftest import NOW, TOWN

import grievance as gr
from grievance import _native

#: When to give up, in seconds of the processor.
WORK = 5.0
SINCE, DAY = date(2026, 11, 2), date(2026, 11, 30)
ZONE = "Asia/Kolkata"

Row = tuple[str, str, list[tuple[str, str, bool, str]]]


class Other:
    """A thread that counts its rounds. In each it does some work for which it needs no lock."""

    def __init__(self) -> None:
        self.rounds = 0
        # What is longer than 2047 bytes is hashed without the lock.
        self.work = bytes(1 << 13)
        self.begun = threading.Event()
        self.ends = False
        self.thread = threading.Thread(target=self.run)

    def run(self) -> None:
        while not self.ends:
            self.rounds += 1
            self.begun.set()
            hashlib.sha256(self.work)

    def rounds_during(self, call: Callable[[], object]) -> int:
        before = self.rounds
        try:
            call()
        except gr.GrievanceError:
            # A desk that refuses was asked all the same.
            pass
        return self.rounds - before


@contextmanager
def beside() -> Iterator[Other]:
    """Another thread, which gets on only where this one lets it."""
    usual = sys.getswitchinterval()
    gc.collect()
    # What others left behind may let go of the lock when it is collected.
    gc.disable()
    sys.setswitchinterval(86_400)
    other = Other()
    try:
        other.thread.start()
        assert other.begun.wait(60)
        yield other
    finally:
        other.ends = True
        other.thread.join(60)
        sys.setswitchinterval(usual)
        gc.enable()


def tries(most: float = WORK) -> Iterator[int]:
    """Numbers, until the process has worked for so many seconds."""
    ends = time.process_time() + most
    return takewhile(lambda _: time.process_time() < ends, count())


def is_let_go(call: Callable[[Any], object], prepare: Callable[[], Any], *, most: float = WORK) -> bool:
    """Whether another thread is once seen to begin a round during a call."""
    with beside() as other:
        return any(other.rounds_during(partial(call, prepare())) for _ in tries(most))


class Once:
    """Hands over a stream that was made before: what a library of tables does with the lock is not looked at."""

    def __init__(self, made: pyarrow.Table | pyarrow.RecordBatchReader) -> None:
        self.capsule = made.__arrow_c_stream__()

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self.capsule


class Noting(Once):
    """Notes how far the other thread is when its columns were taken over, and are not yet read."""

    def __init__(self, made: pyarrow.Table, other: Other) -> None:
        super().__init__(made)
        self.other = other
        self.taken = 0

    def __getitem__(self, name: str) -> object:
        # Of a column of timestamps without a zone the reader asks which type the data gave it.
        self.taken = self.other.rounds
        raise KeyError(name)


def table(rows: int) -> pyarrow.Table:
    """Cases of nine offices and three subjects, two of three disposed."""
    place = numpy.arange(rows)
    received = int(NOW.timestamp()) - 700 * 86_400 + place * 50_000_000 // rows
    ended = pyarrow.array(received + 86_400 * (place % 40), mask=place % 3 == 0)
    names = {"unit": ("office", 9), "category": ("subject", 3)}
    texts = {column: [f"{name} {at % many}" for at in range(rows)] for column, (name, many) in names.items()}
    instants = pyarrow.timestamp("s", "UTC")
    return pyarrow.table({"received_at": pyarrow.array(received).cast(instants), "ended_at": ended.cast(instants), **texts})


class Office:
    """What the calls are made of."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.numbers = count()
        self.rulebook = gr.Rulebook.from_toml(TOWN)
        self.citizen = gr.Actor(f"per_{1:032x}", "complainant")
        self.officer = gr.Actor(f"per_{2:032x}", "cell_officer", unit="desk")
        self.desk = self.open()
        self.desk.activate(self.rulebook, NOW)
        self.asks = self.desk.by(self.officer, NOW + timedelta(hours=1))
        lodged = [self.desk.by(self.citizen, NOW).lodge(narrative="No water.") for _ in range(20)]
        self.case, self.number = lodged[0].case, str(lodged[0].number)
        self.receipt = str(lodged[0].receipt)
        keys = gr.MacKeys("k", bytes(32))
        self.codes = self.desk.otp(keys)
        self.sent = self.codes.request_code("track", "9830001234", request="form", at=NOW)
        self.verified = self.codes.verify_code(
            self.sent.challenge, "track", "9830001234", request="form", code=self.sent.code, at=NOW
        )
        self.token = self.verified.to_token(keys)
        self.table = table(200_000)
        self.cases = gr.Cases.read(self.table, zone=ZONE)
        self.answer = self.cases.pendency(as_of=DAY)

    def open(self) -> gr.Desk:
        """A desk of its own."""
        address = f"sqlite:///{self.place}/{next(self.numbers)}.sqlite"
        return gr.Desk.open(address, keys=gr.KeyRing.for_tests(), seed=7)

    def batches(self) -> pyarrow.RecordBatchReader:
        """Many of them, each made when it is asked for."""
        batch = self.table.slice(0, 1).to_batches()[0]
        return pyarrow.RecordBatchReader.from_batches(batch.schema, (batch for _ in range(500)))

    def day(self) -> date:
        """Another one each time: what was counted of a day is not counted again."""
        return DAY - timedelta(days=next(self.numbers) % 600)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(tmp_path_factory.mktemp("lock"))


def needed(row: Row, of: Callable[[str, str], object]) -> dict[str, object]:
    """The fields of a row of a table that must be given."""
    return {name: of(name, kind.replace(" ", "")) for name, kind, must, _ in row[2] if must}


def verbs() -> dict[str, Callable[[Office], object]]:
    """Every verb, with values that can be read. Most are refused: not before the desk was asked."""
    values = {
        "String": "2026-12-01",
        "bool": True,
        "u32": 1,
        "Vec<String>": ["narrative"],
        "BTreeMap<String,String>": {"report": "A report."},
    }

    def step(method: str, given: dict[str, object], of: Office) -> object:
        return getattr(of.asks, method)(*([] if method == "lodge" else [of.case]), **given)

    rows: list[Row] = _native.verb_table()
    return {f"Acting.{row[0]}": partial(step, row[0], needed(row, lambda _, kind: values[kind])) for row in rows}


def measures() -> dict[str, Callable[[Office], object]]:
    """Every measure of a desk."""
    values = {"String": "average_days", "Day": DAY, "u32": 1, "Vec<u32>": [1], "f64": 1.0}

    def ask(method: str, given: dict[str, object], of: Office) -> object:
        return getattr(of.asks.measures, method)(**given)

    def value(name: str, kind: str) -> object:
        return SINCE if name == "since" else values[kind]

    rows: list[Row] = _native.measure_table()
    return {f"Measures.{row[0]}": partial(ask, row[0], needed(row, value)) for row in rows}


def papers() -> dict[str, Callable[[Office], object]]:
    """Every paper. Most are refused: not before the desk was asked."""
    values = {"String": "a text", "Day": DAY, "Vec<String>": ["a step"]}

    def ask(method: str, given: dict[str, object], of: Office) -> object:
        return getattr(of.asks.papers, method)(**given)

    rows: list[Row] = _native.paper_table()
    return {f"Papers.{row[0]}": partial(ask, row[0], needed(row, lambda _, kind: values[kind])) for row in rows}


def store_that_fails(tenant: str) -> Any:
    raise gr.GrievanceError(tenant)


FAILING = _native.promises()[0][0]
OFFICE = {"extends": "city-311", "name": "Haldia", "zone": "UTC"}
FIRST_OF_MAY = NOW - timedelta(days=206)

#: Whatever may take long, or waits for a store.
CALLS: dict[str, Callable[[Office], object]] = {
    "Rulebook.preset": lambda of: gr.Rulebook.preset("city-311"),
    "Rulebook.from_toml": lambda of: gr.Rulebook.from_toml(TOWN),
    "Rulebook.from_json": lambda of: gr.Rulebook.from_json('{"extends": "city-311", "name": "Haldia", "zone": "UTC"}'),
    "Rulebook.from_dict": lambda of: gr.Rulebook.from_dict(OFFICE),
    "Desk.open": lambda of: of.open(),
    "Desk.move_cases": lambda of: of.desk.move_cases(gr.Actor(f"per_{1:032x}", "cell_officer"), NOW),
    "Desk.activate": lambda of: of.desk.activate(of.rulebook, NOW),
    "Desk.sweep": lambda of: of.desk.sweep(NOW),
    "Desk.checkpoint": lambda of: of.desk.checkpoint(NOW),
    "Desk.last_checkpoint": lambda of: of.desk.last_checkpoint(),
    "Desk.check_receipt": lambda of: of.desk.check_receipt(of.number, of.receipt, NOW),
    "Desk.appoint": lambda of: of.desk.appoint(unit="desk", post="clerk", person=f"per_{3:032x}", since=NOW),
    "Desk.deliver": lambda of: of.desk.deliver(FIRST_OF_MAY, str),
    "Desk.delivery_report": lambda of: of.desk.delivery_report("carrier-17", NOW),
    "Desk.notices": lambda of: of.desk.notices(of.case),
    "Desk.parked": lambda of: of.desk.parked(),
    "Desk.revive": lambda of: of.desk.revive(f"ntc_{1:032x}", NOW),
    "Desk.next_due": lambda of: of.desk.next_due(NOW),
    "Desk.answer_sms": lambda of: of.desk.answer_sms("9830001234", f"GRV STATUS {of.number}", NOW),
    "Desk.track": lambda of: of.desk.track("k7qm-2xwe-93hd", NOW),
    "Desk.track_by_mobile": lambda of: of.desk.track_by_mobile(of.verified, of.number, NOW),
    "Desk.facts": lambda of: of.desk.facts(of.case),
    "Desk.stored_history": lambda of: of.desk.stored_history(of.case),
    "Acting.submit": lambda of: of.asks.submit('{"action": "remind"}', of.case),
    "Acting.case": lambda of: of.asks.case(of.case),
    "Acting.history": lambda of: of.asks.history(of.case),
    "Acting.progress": lambda of: of.asks.progress(of.case),
    "Acting.options": lambda of: of.asks.options(of.case),
    "Acting.words": lambda of: of.asks.words(of.case, purpose="handling", fields=["narrative"]),
    "Acting.search": lambda of: of.asks.search(),
    "Acting.serve": lambda of: of.asks.serve("{}"),
    "Acting.cases": lambda of: of.asks.cases(as_of=DAY),
    "Acting.mis": lambda of: of.asks.mis(as_of=DAY),
    "Acting.mis_json": lambda of: of.asks.mis_json(as_of=DAY),
    "Acting.mis_html": lambda of: of.asks.mis_html(as_of=DAY, title="A week"),
    "CodeDesk.request_code": lambda of: of.codes.request_code("track", "9830001234", request="form", at=NOW),
    "CodeDesk.send_code": lambda of: of.codes.send_code("track", "9830001234", request="form", at=NOW, gateway=str),
    "CodeDesk.verify_code": lambda of: of.codes.verify_code(
        of.sent.challenge, "track", "9830001234", request="form", code="123456", at=NOW
    ),
    "CodeDesk.read_token": lambda of: of.codes.read_token(of.token, "track", at=NOW),
    "CodeDesk.unlock": lambda of: of.codes.unlock("9830001234"),
    "Cases.only": lambda of: of.cases.only({"unit": "office 3"}),
    "Cases.under": lambda of: of.cases.under(gr.Rulebook.preset("city-311")),
    "Cases.pendency": lambda of: of.cases.pendency(as_of=of.day()),
    "Cases.durations": lambda of: of.cases.durations(as_of=of.day()),
    "Cases.kaplan_meier": lambda of: of.cases.kaplan_meier(as_of=DAY),
    "Cases.flow": lambda of: of.cases.flow(since=SINCE, until=DAY),
    "Cases.board": lambda of: of.cases.board(as_of=of.day(), index="average_days"),
    "Cases.rates": lambda of: of.cases.rates(as_of=DAY),
    "Cases.closures": lambda of: of.cases.closures(as_of=DAY),
    "Cases.trends": lambda of: of.cases.trends(until=DAY),
    "Cases.mis": lambda of: of.cases.mis(as_of=DAY),
    "Cases.mis_json": lambda of: of.cases.mis_json(as_of=DAY),
    "Table.__arrow_c_stream__": lambda of: of.answer.__arrow_c_stream__(),
    "pendency": lambda of: gr.pendency(of.cases, as_of=of.day()),
    "durations": lambda of: gr.durations(of.cases, as_of=of.day()),
    "kaplan_meier": lambda of: gr.kaplan_meier(of.cases, as_of=DAY),
    "flow": lambda of: gr.flow(of.cases, since=SINCE, until=DAY),
    "rates": lambda of: gr.rates(of.cases, as_of=DAY),
    "closures": lambda of: gr.closures(of.cases, as_of=DAY),
    "trends": lambda of: gr.trends(of.cases, until=DAY),
    "disposal_index": lambda of: gr.disposal_index(of.cases, as_of=of.day()),
    "rank": lambda of: gr.rank(of.cases, as_of=of.day()),
    "mis": lambda of: gr.mis(of.cases, as_of=DAY),
    "examine": lambda of: _native.examine(FAILING, store_that_fails),
    **verbs(),
    **measures(),
    **papers(),
    "Measures.review_html": lambda of: of.asks.measures.review_html(as_of=DAY, index="average_days"),
}

#: The same of what must be made anew for each call: of its name, how that is made and what is asked with it.
FRESH: dict[str, tuple[Callable[[Office], Any], Callable[[Any], object]]] = {
    "Desk.close": (lambda of: of.open(), lambda desk: desk.close()),
    "Desk.__exit__": (lambda of: of.open(), lambda desk: desk.__exit__(None, None, None)),
    "addresses": (lambda of: Once(of.batches()), lambda data: _native.addresses(data, "received_at")),
}

#: What hands over what is there already, or makes a thing of its arguments alone.
LIGHT = {
    "Desk.__enter__", "Desk.over", "Desk.by", "Desk.otp", "Acting.measures", "Acting.papers", "VerifiedMobile.to_token", "KeyRing.for_tests",
    "Rulebook.presets", "Rulebook.lint", "Rulebook.version", "Rulebook.zone", "Rulebook.to_dict", "Cases.rejected", "Cases.zone",
    "Cases.indexes", "Actor.person", "Actor.role", "Actor.unit", "Actor.post", "Actor.on_behalf_of", "Table.columns",
    "Table.rejected", "Table.about", "Table.to_dict", "Table.rows_as_dicts", "Table.select", "Table._repr_html_", "closed_lists",
    "verb_table", "measure_table", "paper_table", "record_table", "store_methods", "promises",
}  # fmt: skip


@pytest.mark.parametrize("name", CALLS)
def test_a_call_lets_other_threads_run(name: str, office: Office) -> None:
    assert is_let_go(CALLS[name], lambda: office), f"{name} holds the interpreter's lock"


@pytest.mark.parametrize("name", FRESH)
def test_a_call_of_something_new_lets_other_threads_run(name: str, office: Office) -> None:
    prepare, call = FRESH[name]
    assert is_let_go(call, partial(prepare, office)), f"{name} holds the interpreter's lock"


def test_a_desk_that_nobody_closed_lets_other_threads_run(office: Office) -> None:
    assert is_let_go(lambda held: held.clear(), lambda: [office.open()]), "a store is shut with the interpreter's lock"


def test_a_dataframe_is_read_while_other_threads_run(office: Office) -> None:
    naive = office.table.set_column(0, "received_at", office.table["received_at"].cast(pyarrow.timestamp("s")))

    def moves(other: Other) -> bool:
        data = Noting(naive, other)
        gr.Cases.read(data, zone=ZONE, naive="UTC")
        assert data.taken
        return other.rounds > data.taken

    with beside() as other:
        assert any(moves(other) for _ in tries()), "Cases.read holds the interpreter's lock while it reads"


def test_what_holds_the_lock_is_seen_to_hold_it() -> None:
    assert not is_let_go(lambda most: sum(range(most)), lambda: 1_000_000, most=0.5)


def test_every_call_is_looked_at_or_is_light() -> None:
    records = {name for name, _, _ in _native.record_table()} | {"Rejected"}
    named = {"__arrow_c_stream__", "__enter__", "__exit__"}
    found = set(gr._measures.__all__) - {"ArrowStream"}
    for name, thing in vars(_native).items():
        if isroutine(thing):
            found.add(name)
        elif isinstance(thing, type) and name not in records:
            own = (part for part in vars(thing) if part in named or not part.startswith("__"))
            found |= {f"{name}.{part}" for part in own}
    assert found == set(CALLS) | set(FRESH) | LIGHT | {"Cases.read"}
