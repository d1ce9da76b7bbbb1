"""Papers: what an office gives out and keeps, as texts; and some of the cases, measured."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, timedelta
from typing import Any

import pyarrow
import pytest
from conftest import NOW, TOWN

import grievance as gr

MONDAY = date(2026, 11, 30)
LATER = NOW + timedelta(days=8)
KEY = "ab" * 32


@pytest.fixture
def cell() -> gr.Actor:
    return gr.Actor(f"per_{9:032x}", "auditor")


def refusal(call: Any, **given: Any) -> tuple[str, str | None]:
    with pytest.raises(gr.GrievanceError) as refused:
        call(**given)
    return refused.value.code, refused.value.where


def test_an_edition_is_given_out_opened_restated_and_proved(desk: gr.Desk, citizen: gr.Actor, cell: gr.Actor) -> None:
    case = desk.by(citizen, NOW + timedelta(days=1)).lodge(narrative="No water.").case
    papers = desk.by(cell, LATER).papers
    first = papers.edition(as_of=MONDAY, key=KEY, index="timely_disposal")
    told = json.loads(first)
    assert (told["number"], told["pack"]["as_of"], told["pack"]["all"]["lines"]["received"]["week"]) == (1, "2026-11-30", 1)

    assert json.loads(papers.tell_of_edition(edition=first)) == {"told": 2}
    assert json.loads(papers.tell_of_edition(edition=first)) == {"told": 0}, "nobody twice"
    sent = json.loads(papers.told_of_edition(edition=first))
    assert json.loads(papers.edition_opened(edition=first, notice=sent[0]["id"])) == {"opened": True}
    assert json.loads(papers.told_of_edition(edition=first))[0]["received_at"] is not None
    assert refusal(desk.by(citizen, LATER).papers.tell_of_edition, edition=first) == ("out_of_reach", "edition")

    proofs = json.loads(papers.prove_counted(edition=first, key=KEY, case=case))
    assert "received" in {proof["line"] for proof in proofs}
    for proof in proofs:
        said = json.loads(papers.check_counted(edition=first, proof=json.dumps(proof)))
        assert said == {"case": case, "count": proof["count"], "line": proof["line"], "unit": proof["unit"]}
        forged = json.dumps(proof | {"count": proof["count"] + 1})
        assert refusal(papers.check_counted, edition=first, proof=forged) == ("proof_invalid", "proof")
    assert refusal(papers.prove_counted, edition=first, key="cd" * 32, case=case) == ("proof_invalid", "edition")

    restated = json.loads(papers.restate(edition=first))
    assert restated["moved"] == restated["unexplained"] == restated["restated"] == []
    second = desk.by(cell, LATER + timedelta(days=7)).papers.edition(as_of=MONDAY + timedelta(days=7), after=first)
    assert json.loads(second)["number"] == 2
    # A paper is the text that was handed out: whoever writes it anew has another.
    assert refusal(papers.restate, edition=json.dumps(told)) == ("file_invalid", "edition")


def test_decisions_are_carried_and_a_page_of_the_register_is_published(desk: gr.Desk, cell: gr.Actor) -> None:
    papers = desk.by(cell, LATER).papers
    edition = papers.edition(as_of=MONDAY)
    agenda = papers.agenda(edition=edition, meeting=MONDAY)
    decision: dict[str, Any] = {
        "code": "1", "text": "Clear it.", "unit": "works", "post": "head", "decided_on": MONDAY, "due": MONDAY + timedelta(days=3),
    }  # fmt: skip
    agenda = papers.decide(agenda=agenda, **decision)
    assert refusal(papers.decide, agenda=agenda, **decision) == ("invalid_command", "code")
    following = papers.agenda(edition=edition, meeting=MONDAY + timedelta(days=7), last=agenda)
    assert [one["code"] for one in json.loads(following)["carried"]] == ["1"]
    settled = papers.settle(agenda=following, code="1", on=MONDAY + timedelta(days=8))
    assert json.loads(settled)["carried"][0]["settled_on"] == "2026-12-08"

    page: dict[str, Any] = {
        "code": "one-camp", "title": "One camp", "facet": "outreach", "unit": "works", "situation": "They came thrice.",
        "steps": ["List them.", "Bring the desks."], "written_on": MONDAY,
    }  # fmt: skip
    register = papers.write_practice(**page)
    assert json.loads(papers.practices(register=register)) == [], "it is not published"
    register = papers.publish_practice(register=register, practice="one-camp", on=MONDAY)
    found = json.loads(papers.practices(register=register, words="camp", facet="outreach"))
    assert [one["title"] for one in found] == ["One camp"]
    assert refusal(papers.write_practice, **page | {"facet": "magic"})[1] == "facet"
    assert refusal(papers.write_practice, **page | {"steps": []}) == ("invalid_command", "steps")


def test_some_of_the_cases_are_measured_like_all_of_them() -> None:
    rows = {
        "received_at": pyarrow.array([NOW] * 4, pyarrow.timestamp("us", "UTC")),
        "unit": ["works", "works", "water", "water"],
        "ward": ["north", "south", "north", None],
    }
    cases = gr.Cases.read(pyarrow.table(rows), zone="Asia/Kolkata", groups=["ward"])
    north = cases.only({"ward": "north"})
    assert north.pendency(as_of=MONDAY).to_dict()["pending"] == [1, 1]
    assert len(cases.only({"ward": ["north", "south"], "unit": ("works",)})) == 2
    assert len(cases.only({})) == 4
    assert gr.mis(north, as_of=MONDAY).about["units"][0]["unit"] == "water"
    with pytest.raises(gr.AmendError) as refused:
        cases.only({"ward": "nroth"})
    assert (refused.value.code, refused.value.where) == ("unknown_code", "only.ward")
    assert refused.value.hint == 'did you mean "north"?'
    for wrong, where in [({"wrad": "north"}, "only"), ({"ward": 7}, "only.ward"), ({"ward": [None]}, "only.ward")]:
        assert refusal(cases.only, only=wrong)[1] == where
    with pytest.raises(gr.WrongTypeError):
        cases.only("ward")  # type: ignore[arg-type]


def test_what_a_dissolved_office_has_goes_to_its_successor(desk: gr.Desk, citizen: gr.Actor, officer: gr.Actor) -> None:
    case = desk.by(citizen, NOW).lodge(narrative="The lamp is dark.", category="street-light").case
    later = NOW + timedelta(days=1)
    rules = gr.Rulebook.from_toml(TOWN).to_dict()
    rules["unit"] = [one for one in rules["unit"] if one["code"] != "lighting"]
    for category in rules["category"]:
        if category.get("unit") == "lighting":
            category["unit"] = "works"
    rules["mapping"] = {"unit": [{"from": "lighting", "to": "works"}]}
    desk.activate(gr.Rulebook.from_dict(rules), later)
    hod = desk.by(gr.Actor(f"per_{8:032x}", "hod", unit="works"), later)
    assert hod.search().cases == []
    moved = desk.move_cases(officer, later)
    assert (moved.moved, moved.changed, moved.next) == (1, 1, None)
    assert [row.id for row in hod.search().cases] == [case]
    assert desk.move_cases(officer, later).moved == 0, "once"


def test_another_secret_of_a_known_name_does_not_open_a_desk(tmp_path: Any, citizen: gr.Actor) -> None:
    url = f"sqlite:///{tmp_path}/desk.sqlite"
    with gr.Desk.open(url, keys=gr.KeyRing("k", bytes([1]) * 32)) as desk:
        desk.activate(gr.Rulebook.from_toml(TOWN), NOW)
        desk.by(citizen, NOW).lodge(narrative="No water.")
    assert refusal(gr.Desk.open, url=url, keys=gr.KeyRing("k", bytes([2]) * 32)) == ("seal_broken", "keys")
    gr.Desk.open(url, keys=gr.KeyRing("k", bytes([1]) * 32)).close()


def test_who_acts_in_a_role_that_there_is_not_is_told_so(desk: gr.Desk) -> None:
    for actor, where in [
        (gr.Actor(f"per_{3:032x}", "auditr"), "role"),
        (gr.Actor(f"per_{3:032x}", "hod", unit="wroks"), "unit"),
    ]:
        assert refusal(desk.by(actor, NOW).search) == ("unknown_code", where)
        assert refusal(gr.pendency, data=desk.by(actor, NOW), as_of=MONDAY) == ("unknown_code", where)
    for limit in (0, 1_001):
        assert refusal(desk.by(gr.Actor(f"per_{3:032x}", "auditor"), NOW).search, limit=limit) == ("invalid_command", "limit")


def test_a_column_without_a_type_is_named(desk: gr.Desk) -> None:
    import polars

    frame = polars.DataFrame({"received_at": [NOW], "unit": ["works"]}).with_columns(note=polars.lit(None))
    assert refusal(gr.pendency, data=frame, as_of=MONDAY, zone="UTC") == ("file_invalid", "note")
    assert refusal(gr.pendency, data=desk, as_of=MONDAY)[1] == "data"
    bad = gr.pendency(pyarrow.table({"received_at": [NOW], "unit": ["works"], "phase": ["Open"]}), as_of=MONDAY, zone="UTC")
    assert "problem=" in repr(bad.rejected[0])


def test_modules_are_there_without_an_import_of_their_own() -> None:
    code = "import grievance as gr; assert gr.words.Phase.REGISTERED == 'registered' and gr.store.Store and gr.testing.promises"
    subprocess.run([sys.executable, "-c", code], check=True)
    with pytest.raises(AttributeError):
        _ = gr.wrds  # type: ignore[attr-defined]
