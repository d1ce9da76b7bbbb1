"""Calls as a person would hurt the package: wrong types, lies, closed handles, threads.

Whatever is asked, an answer or an exception of Python comes back; never a panic, never an abort.
"""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from conftest import NOW
from hostile import CALLS, Nosy, Office, parameters, table

import grievance as gr
from grievance import _native


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
    assert min(office.kinds.get(kind, 0) for kind in ("answered", "may_not_block", "WrongTypeError")) > CALLS / 100, office.kinds
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
