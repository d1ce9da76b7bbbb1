"""A store of Python's own: held to every promise, run end to end, and lied to."""

from __future__ import annotations

import gc
import json
import threading
import weakref
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conftest import NOW, TOWN
from scenario import DIGESTS, FILES, Run
from sqlite_store import SqliteStore

import grievance as gr
from grievance import _native, testing
from grievance import store as stores

KEYS = gr.KeyRing.for_tests()


def in_memory(kind: Callable[[], stores.Store] = SqliteStore) -> Callable[[], Callable[[str], stores.Store]]:
    """Places for stores, each of which opens a tenant by its code."""
    return lambda: cache(lambda _tenant: kind())


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


# End to end.


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_scenario_ends_as_in_rust_and_leaves_the_same_bytes(path: Path) -> None:
    desk = gr.Desk.over(SqliteStore(), keys=KEYS, tenant="scenario", seed=1)
    run = Run(json.loads(path.read_text(encoding="utf-8")), desk)
    run.play()
    assert run.digests() == DIGESTS[path.stem]


def office(store: stores.Store) -> gr.Desk:
    desk = gr.Desk.over(store, keys=KEYS, tenant="haldia", seed=7)
    desk.activate(gr.Rulebook.from_toml(TOWN), NOW)
    return desk


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


# Stores that lie.


def day(store: stores.Store) -> dict[str, int]:
    """A day at an office over a store; counts how its steps ended. Anything but a failure of ours is raised."""
    ended: dict[str, int] = {}
    citizen, officer = gr.Actor(f"per_{1:032x}", "complainant"), gr.Actor(f"per_{2:032x}", "cell_officer", unit="desk")
    desk = gr.Desk.over(store, keys=KEYS, tenant="haldia", seed=7)
    case = f"grv_{1:032x}"

    def step(act: Callable[[], Any]) -> Any:
        try:
            done = act()
        except gr.GrievanceError as problem:
            assert problem.code and problem.remedy
            ended[problem.code] = ended.get(problem.code, 0) + 1
            return None
        ended["done"] = ended.get("done", 0) + 1
        return done

    step(lambda: desk.activate(gr.Rulebook.from_toml(TOWN), NOW))
    lodged = step(lambda: desk.by(citizen, NOW).lodge(narrative="No water.", name="Asha", mobile="9830001234"))
    if lodged is not None:
        case = lodged.case
    seen = desk.by(officer, NOW)
    step(lambda: seen.case(case))
    step(lambda: seen.search(name="asha", limit=1))
    step(lambda: seen.words(case, purpose="handling", fields=["narrative", "name"]))
    step(lambda: seen.comment(case, text="Seen."))
    step(lambda: gr.pendency(seen, as_of=NOW.date()))
    step(lambda: desk.facts(case))
    step(lambda: desk.sweep(NOW + timedelta(days=40)))
    step(lambda: desk.deliver(NOW + timedelta(days=2), lambda message: message.id))
    step(lambda: desk.delivery_report("x", NOW))
    step(lambda: desk.notices(case))
    step(lambda: desk.parked())
    step(lambda: desk.next_due(NOW))
    codes = desk.otp(gr.MacKeys("k", bytes(32)))
    sent = step(lambda: codes.request_code("track", "9830001234", request="form", at=NOW))
    if sent is not None:
        step(lambda: codes.verify_code(sent.challenge, "track", "9830001234", request="form", code="000000", at=NOW))
    step(lambda: desk.appoint(unit="desk", post="head", person=f"per_{3:032x}", since=NOW))
    return ended


def test_a_day_over_a_sound_store_is_done() -> None:
    # A code that is wrong is meant to be.
    assert set(day(SqliteStore())) <= {"done", "code_wrong", "unknown_code"}


class Deep(list[Any]):
    """A list within itself."""

    def __init__(self) -> None:
        super().__init__()
        self.append(self)


NONSENSE: list[Any] = [None, 7, -1, True, "x", [], [None], {}, {"x": 1}, object(), float("nan"), b"x", Deep(), 2**70, "\ud800"]


@pytest.mark.parametrize("method", _native.store_methods())
def test_whatever_a_method_answers_nobody_is_hurt(method: str) -> None:
    for nonsense in NONSENSE:
        liar = type("Liar", (SqliteStore,), {method: lambda self, *given, it=nonsense: it})
        day(liar())


class SecretError(Exception):
    """What it says is nobody's business."""


def raising(method: str, raised: BaseException) -> SqliteStore:
    def fail(self: SqliteStore, *given: object) -> Any:
        raise raised

    found: SqliteStore = type("Raising", (SqliteStore,), {method: fail})()
    return found


@pytest.mark.parametrize("method", _native.store_methods())
def test_whatever_a_method_raises_is_a_failure_without_its_words(method: str) -> None:
    store, seen = raising(method, SecretError("Asha Devi, 9830001234")), []
    desk = gr.Desk.over(store, keys=KEYS, tenant="haldia", seed=7)
    try:
        desk.activate(gr.Rulebook.from_toml(TOWN), NOW)
        desk.by(gr.Actor(f"per_{1:032x}", "complainant"), NOW).lodge(narrative="No water.")
    except gr.GrievanceError as problem:
        seen.append(problem)
        assert problem.code == "storage"
        assert "SecretError" in str(problem)
        assert "Asha" not in str(problem)
        assert isinstance(problem.__cause__, SecretError)
    assert seen or method not in {"keep", "activate", "chart", "in_force", "commit", "reserve"}
    day(store)


def test_what_a_store_raises_of_ours_arrives_as_it_is(citizen: gr.Actor) -> None:
    case = f"grv_{9:032x}"
    raised = [
        stores.ConflictError(case, expected=1, found=2),
        stores.CommandReusedError(f"cmd_{9:032x}"),
        stores.NumberTakenError(case),
        stores.EditionUnknownError("0" * 64),
        stores.BusyError(),
        stores.AnswerLostError(),
        stores.StorageError("the disk is full"),
    ]
    for problem in raised:
        desk = office(raising("reserve", problem))
        with pytest.raises(gr.GrievanceError) as found:
            desk.by(citizen, NOW).lodge(narrative="No water.")
        assert (found.value.code, found.value.remedy) == (problem.code, problem.remedy)
        assert found.value.__cause__ is problem
    with pytest.raises(gr.RetryError, match="the disk is full"):
        office(raising("reserve", raised[-1])).by(citizen, NOW).lodge(narrative="No water.")


def test_an_answer_of_a_wrong_shape_is_named_by_its_place(citizen: gr.Actor) -> None:
    class Misspelt(SqliteStore):
        def history(self, case: str) -> stores.History:
            rows = [{**row, "verison": row["version"]} for row in super().history(case)["events"]]
            for row in rows:
                del row["version"]
            return {"events": rows, "head": None}  # type: ignore[typeddict-item]

    desk = office(Misspelt())
    lodged = desk.by(citizen, NOW).lodge(narrative="No water.")
    with pytest.raises(gr.GrievanceError) as found:
        desk.facts(lodged.case)
    assert (found.value.code, found.value.where) == ("storage", "history.events[0].version")
    assert "is missing" in str(found.value)


def test_a_store_that_asks_its_desk_is_refused_and_waits_for_nobody(citizen: gr.Actor) -> None:
    class Asking(SqliteStore):
        desk: gr.Desk | None = None

        def last_look(self) -> stores.LookPlace | None:
            # The desk that asks holds a lock here.
            if self.desk is not None:
                self.desk.by(officer, NOW).search(name="asha")
            return super().last_look()

    store, officer = Asking(), gr.Actor(f"per_{2:032x}", "cell_officer", unit="desk")
    desk = office(store)
    desk.by(citizen, NOW).lodge(narrative="No water.", name="Asha")
    store.desk = desk
    with pytest.raises(gr.GrievanceError) as found:
        desk.by(officer, NOW).search(name="asha")
    assert isinstance(found.value.__cause__, gr.GrievanceError)
    assert found.value.__cause__.code == "may_not_block"
    store.desk = None
    assert len(desk.by(officer, NOW).search(name="asha").cases) == 1


def test_what_ends_the_program_ends_it(citizen: gr.Actor) -> None:
    desk = office(raising("reserve", KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        desk.by(citizen, NOW).lodge(narrative="No water.")
    with pytest.raises(SystemExit):
        office(raising("keep", SystemExit(3)))
    with pytest.raises(KeyboardInterrupt):
        testing.examine("texts_come_back", in_memory(lambda: raising("commit", KeyboardInterrupt())))


def test_what_ends_the_program_ends_a_sweep_over_many_cases_too(citizen: gr.Actor) -> None:
    class Pressed(SqliteStore):
        left = 10_000
        asked = 0

        def put(self, db: Any, commit: stores.Commit) -> stores.Receipt:
            self.left -= 1
            if self.left < 0:
                self.asked += 1
                raise KeyboardInterrupt
            return super().put(db, commit)

    store = Pressed()
    desk, later = office(store), NOW + timedelta(days=60)
    for _ in range(5):
        desk.by(citizen, NOW).lodge(narrative="No water.")
    store.left = 1
    with pytest.raises(KeyboardInterrupt):
        desk.sweep(later)
    assert store.asked == 1, "it was asked no more"
    store.left = 10_000
    assert desk.sweep(later).cases == 5, "what was not swept is swept the next time"


def test_what_is_no_store_is_refused() -> None:
    for nothing in (None, "x", object(), SqliteStore):
        with pytest.raises(TypeError):
            gr.Desk.over(nothing, keys=KEYS)  # type: ignore[arg-type]
    with pytest.raises(gr.AmendError, match="tenant"):
        gr.Desk.over(SqliteStore(), keys=KEYS, tenant="No Such Code")


def test_a_store_that_was_closed_says_so(citizen: gr.Actor) -> None:
    store = SqliteStore()
    desk = office(store)
    store.close()
    with pytest.raises(gr.RetryError, match="ProgrammingError"):
        desk.by(citizen, NOW).lodge(narrative="No water.")


def test_a_panic_of_the_library_is_an_exception_that_says_so(citizen: gr.Actor) -> None:
    """What PyO3 makes of a panic is resumed as one where Rust sees it: the core unwinds, as it would by a defect of its own."""
    panic = next(kind for kind in BaseException.__subclasses__() if kind.__name__ == "PanicException")

    class Panicking(SqliteStore):
        panics = False

        def __getattribute__(self, name: str) -> Any:
            if name in _native.store_methods() and self.panics:
                raise panic("a defect")
            return super().__getattribute__(name)

    store = Panicking()
    desk = gr.Desk.over(store, keys=gr.KeyRing.for_tests())
    desk.activate(gr.Rulebook.from_toml(TOWN), NOW)
    case = desk.by(citizen, NOW).lodge(narrative="No water.").case
    store.panics = True
    for asked in (lambda: desk.facts(case), lambda: desk.by(citizen, NOW).comment(case, text="Still none.")):
        with pytest.raises(gr.GrievanceError) as failed:
            asked()
        assert (failed.value.code, failed.value.__cause__) == ("storage", None)
        assert "report it" in str(failed.value)
    store.panics = False
    assert desk.by(citizen, NOW).comment(case, text="Still none.").case == case


def test_a_store_that_holds_its_desk_goes_with_it() -> None:
    class Holding(SqliteStore):
        held: Any = None

    def made() -> Holding:
        store = Holding()
        desk = gr.Desk.over(store, keys=gr.KeyRing.for_tests())
        desk.activate(gr.Rulebook.from_toml(TOWN), NOW)
        first, other = (desk.by(gr.Actor(f"per_{1:032x}", "complainant"), NOW) for _ in range(2))
        store.held = [desk, first, first.measures, desk.otp(gr.MacKeys("k", bytes(32))), other]
        return store

    gone = weakref.ref(made())
    gc.collect()
    assert gone() is None
    # Whoever holds a handle holds the store. Counted more often than it is held, it would be taken from them.
    for place in range(5):
        handle = made().held[place]
        for _ in range(2):
            gc.collect()
        kept = [one for one in gc.get_objects() if isinstance(one, Holding)]
        assert len(kept) == 1
        kept.pop().held[1].lodge(narrative="No water.")
        del handle
        gc.collect()
        assert not [one for one in gc.get_objects() if isinstance(one, Holding)]
    closed = made()
    closed.held[0].close()
    gc.collect()
    gone = weakref.ref(closed)
    with pytest.raises(gr.AmendError, match="closed"):
        closed.held[1].search()
    del closed
    gc.collect()
    assert gone() is None
