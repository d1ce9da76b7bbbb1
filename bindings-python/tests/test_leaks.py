"""Nothing is left of calls, hostile ones and others: no handle, no record, no file, no thread, no memory."""

from __future__ import annotations

import gc
import os
import resource
import sys
import weakref
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from conftest import NOW, TOWN
from hostile import CALLS, Office, Stream, table
from sqlite_store import SqliteStore

import grievance as gr
from grievance import _native

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
