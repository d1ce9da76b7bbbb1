"""What several tests share."""

from collections.abc import Callable
from datetime import datetime, timezone
from functools import cache

import pytest
from sqlite_store import SqliteStore

import grievance as gr
from grievance import store as stores

NOW = datetime(2026, 11, 23, 4, 30, tzinfo=timezone.utc)
TOWN = 'extends = "city-311"\nname = "Haldia"\nzone = "Asia/Kolkata"'
KEYS = gr.KeyRing.for_tests()


@pytest.fixture
def desk() -> gr.Desk:
    desk = gr.Desk.open(":memory:", seed=7)
    desk.activate(gr.Rulebook.from_toml(TOWN), NOW)
    return desk


@pytest.fixture
def citizen() -> gr.Actor:
    return gr.Actor(f"per_{1:032x}", "complainant")


@pytest.fixture
def officer() -> gr.Actor:
    return gr.Actor(f"per_{2:032x}", "cell_officer", unit="desk")


def in_memory(kind: Callable[[], stores.Store] = SqliteStore) -> Callable[[], Callable[[str], stores.Store]]:
    """Places for stores, each of which opens a tenant by its code."""
    return lambda: cache(lambda _tenant: kind())


def office(store: stores.Store) -> gr.Desk:
    """A desk over a store, with the rulebook of the town."""
    desk = gr.Desk.over(store, keys=KEYS, tenant="haldia", seed=7)
    desk.activate(gr.Rulebook.from_toml(TOWN), NOW)
    return desk


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line in the form of cargo's, which `scripts/test` adds up."""
    stats = {name: len(terminalreporter.stats.get(name, [])) for name in ("passed", "failed", "error", "skipped")}
    failed = stats["failed"] + stats["error"]
    word = "FAILED" if failed else "ok"
    line = f"test result: {word}. {stats['passed']} passed; {failed} failed; {stats['skipped']} ignored; python"
    terminalreporter.write_line(line)
