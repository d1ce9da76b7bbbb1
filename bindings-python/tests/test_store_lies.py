"""A store of Python's own that lies, raises, asks back, or ends: nobody is hurt."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from conftest import KEYS, NOW, TOWN, in_memory, office
from sqlite_store import SqliteStore

import grievance as gr
from grievance import _native, testing
from grievance import store as stores


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
