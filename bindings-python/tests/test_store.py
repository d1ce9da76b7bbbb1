"""A store of Python's own: held to every promise, and run end to end."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conftest import KEYS, NOW, in_memory, office
from scenario import DIGESTS, FILES, Run
from sqlite_store import SqliteStore

import grievance as gr
from grievance import _native, testing
from grievance import store as stores


@pytest.mark.parametrize("promise", testing.promises())
def test_the_store_of_the_tests_keeps_every_promise(promise: str) -> None:
    testing.examine(promise, in_memory())


def test_so_does_one_in_files(tmp_path: Path) -> None:
    places = iter(range(1_000))

    def make() -> Callable[[str], stores.Store]:
        folder = tmp_path / str(next(places))
        folder.mkdir()
        return cache(lambda tenant: SqliteStore(str(folder / f"{tenant}.sqlite")))

    some = ["one_of_many_writers_wins", "two_cases_or_none", "tenants_do_not_see_each_other", "texts_come_back"]
    for promise in some:
        testing.examine(promise, make)


# Stores that are broken on purpose: each a line that somebody forgot.


class Unchecked(SqliteStore):
    """Believes whoever writes last."""

    def commit(self, commit: stores.Commit) -> stores.Receipt:
        for stream in commit["streams"]:
            stream["expected"] = self.version(stream["case"]) or 0
        return super().commit(commit)


class HalfWritten(SqliteStore):
    """Writes case by case."""

    def commit(self, commit: stores.Commit) -> stores.Receipt:
        for stream in commit["streams"]:
            super().commit({**commit, "streams": [stream], "texts": [], "command": f"cmd_{stream['case'][4:]}"})
        return commit["receipt"]


class Wordless(SqliteStore):
    """Keeps no texts."""

    def commit(self, commit: stores.Commit) -> stores.Receipt:
        return super().commit({**commit, "texts": []})


class Remembering(SqliteStore):
    """Keeps the words of a case that were to go."""

    def commit(self, commit: stores.Commit) -> stores.Receipt:
        for stream in commit["streams"]:
            stream["erases"] = False
        return super().commit(commit)


class Open(SqliteStore):
    """Shows every case to everybody."""

    def search(self, scope: stores.Scope, search: stores.Search) -> stores.Page:
        return super().search({"all": True}, search)


class NamedByAll(SqliteStore):
    """Takes a name that nobody can be sought by for any name."""

    def search(self, scope: stores.Scope, search: stores.Search) -> stores.Page:
        return super().search(scope, {**search, "name": search["name"] or None})


class Doubling(SqliteStore):
    """Hands a message to two workers."""

    def claim(self, now: int, lease: int, limit: int, by: str) -> Sequence[stores.Claimed]:
        return super().claim(now, 0, limit, by)


class Settling(SqliteStore):
    """Lets anybody settle a message."""

    def settle(self, id: str, by: str, settlement: stores.Settlement) -> bool:
        return super().settle(id, self.one("SELECT lease FROM notices WHERE id = ?", id) or by, settlement)


class Repeating(SqliteStore):
    """Gives a number twice."""

    def reserve(self, series: str, floor: int, count: int) -> int:
        return super().reserve(series, floor, 1)


class Uncounted(SqliteStore):
    """Overwrites counts, whatever they were computed from."""

    def counted(self, db: Any, limiters: list[stores.LimiterMove]) -> bool:
        for one in limiters:
            kept = self.limiter(one["key"])
            one["expected"] = kept["revision"] if kept else 0
        return super().counted(db, limiters)


class Headless(SqliteStore):
    """Forgets the last hash."""

    def history(self, case: str) -> stores.History:
        return {**super().history(case), "head": None}


class Stuck(SqliteStore):
    """Begins its pages anew each time."""

    def scan(self, scope: stores.Scope, after: str | None, limit: int) -> Sequence[Sequence[stores.EventRow]]:
        return super().scan(scope, None, limit)


BROKEN = {
    Unchecked: ["a_stale_commit_is_refused", "a_new_case_is_new", "one_of_many_writers_wins"],
    HalfWritten: ["two_cases_or_none"],
    Wordless: ["texts_come_back", "everything_of_a_commit_is_written"],
    Remembering: ["an_erasure_takes_the_words_of_its_case"],
    Open: ["a_search_stays_in_its_scope"],
    NamedByAll: ["words_find_nobody"],
    Doubling: ["workers_never_share_a_claim"],
    Settling: ["a_lost_lease_settles_nothing"],
    Repeating: ["serials_never_repeat"],
    Uncounted: ["a_stale_count_is_refused"],
    Headless: ["history_is_kept_in_order"],
    Stuck: ["a_scan_gives_every_history"],
}


@pytest.mark.parametrize(("kind", "promise"), [(kind, one) for kind, names in BROKEN.items() for one in names])
def test_a_forgotten_line_is_found(kind: type[SqliteStore], promise: str) -> None:
    with pytest.raises(AssertionError, match=promise):
        testing.examine(promise, in_memory(kind))


def test_all_that_is_broken_is_told_together() -> None:
    broken = testing.conformance(in_memory(Headless), lacks=["outbox", "agenda", "codes", "roster"])
    names = {one.promise for one in broken}
    assert "history_is_kept_in_order" in names
    assert names < set(testing.promises()), "and the others are kept"
    assert all(one.problem for one in broken)


def test_a_store_may_lack_what_its_host_does_without() -> None:
    class Small(SqliteStore):
        def post(self, notices: list[stores.Notice]) -> int:
            return stores.Store.post(self, notices)

    asked = testing.promises(lacks=["outbox"])
    assert "messages_of_no_commit_are_put_in_once" in set(testing.promises()) - set(asked)
    with pytest.raises(AssertionError, match="is not answered by the store"):
        testing.examine("messages_of_no_commit_are_put_in_once", in_memory(Small))
    with pytest.raises(gr.AmendError, match="can lack") as lacking:
        testing.promises(lacks=["vault"])
    assert lacking.value.where == "lacks"
    with pytest.raises(gr.WrongTypeError):
        testing.promises(lacks="outbox")
    with pytest.raises(gr.AmendError, match="no promise"):
        testing.examine("it_never_fails", in_memory())
    with pytest.raises(AssertionError, match="could not be opened") as refused:
        testing.examine("texts_come_back", lambda: lambda _tenant: None)  # type: ignore[arg-type, return-value]
    assert isinstance(refused.value.__cause__, TypeError)


def test_the_base_class_has_every_method_that_is_asked() -> None:
    own = {name for name, it in vars(stores.Store).items() if not name.startswith("_") and callable(it)}
    assert own == set(_native.store_methods())
    abstract = stores.Store.__abstractmethods__
    left_out = {"history_after", "opening", "opening_after", "advances"}
    assert not abstract & left_out
    with pytest.raises(TypeError, match="abstract"):
        stores.Store()  # type: ignore[abstract]


def test_every_name_of_the_module_says_that_it_is_of_it() -> None:
    """Those of a record are names for a plain dict."""
    assert {getattr(stores, name).__module__ for name in stores.__all__} == {"grievance.store", "builtins"}


# End to end.


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_scenario_ends_as_in_rust_and_leaves_the_same_bytes(path: Path) -> None:
    desk = gr.Desk.over(SqliteStore(), keys=KEYS, tenant="scenario", seed=1)
    run = Run(json.loads(path.read_text(encoding="utf-8")), desk)
    run.play()
    assert run.digests() == DIGESTS[path.stem]


def test_a_desk_that_is_opened_again_finds_what_was_kept(
    tmp_path: Path, citizen: gr.Actor, officer: gr.Actor
) -> None:
    path = str(tmp_path / "haldia.sqlite")
    lodged = office(SqliteStore(path)).by(citizen, NOW).lodge(narrative="No water.", name="Asha Devi")
    again = gr.Desk.over(SqliteStore(path), keys=KEYS, tenant="haldia")
    case = again.by(officer, NOW).case(lodged.case)
    assert case.row.number == lodged.number
    assert [row.id for row in again.by(officer, NOW).search(name="devi").cases] == [lodged.case]
    measured = gr.pendency(again.by(officer, NOW), as_of=(NOW + timedelta(days=3)).date()).to_dict()
    assert sum(measured["pending"]) == 1


def test_many_threads_share_a_desk_over_it(citizen: gr.Actor) -> None:
    desk, numbers, problems = office(SqliteStore()), [], []

    def lodge() -> None:
        try:
            for _ in range(10):
                numbers.append(desk.by(citizen, NOW).lodge(narrative="No water.").number)
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=lodge) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems
    assert len(numbers) == len(set(numbers)) == 60
