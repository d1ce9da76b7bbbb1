"""What is read and written as JSON, held to the schemas of `docs/schema` by a validator that others wrote."""

import copy
import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from conftest import NOW
from scenario import FILES, TESTDATA, Run

import grievance as gr

FOLDER = TESTDATA.parents[1] / "docs" / "schema"
SCHEMAS = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))}
CHECKS = {name: Draft202012Validator(schema) for name, schema in SCHEMAS.items()}
WIRE = sorted((TESTDATA / "wire" / "v1").glob("*.json"))
PRESETS = sorted((TESTDATA.parent / "src" / "rulebook" / "presets").glob("*.toml"))


def problems(name: str, value: Any) -> list[str]:
    return [f"{problem.json_path}: {problem.message}" for problem in CHECKS[name].iter_errors(value)]


def fits(name: str, value: Any) -> bool:
    return CHECKS[name].is_valid(value)


def plain(value: Any) -> Any:
    """A record as JSON has it."""
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "to_dict"):
        return {name: plain(field) for name, field in value.to_dict().items()}
    return value


@pytest.mark.parametrize("name", SCHEMAS)
def test_it_is_a_schema_itself(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])
    assert SCHEMAS[name]["$schema"] == Draft202012Validator.META_SCHEMA["$id"]
    assert "$id" not in SCHEMAS[name]


@pytest.mark.parametrize("path", WIRE, ids=lambda path: path.stem)
def test_every_golden_event_fits(path: Path) -> None:
    event = json.loads(path.read_text(encoding="utf-8"))
    assert not problems("event", event)
    for field in ("type", "v", "phase", "stage", "unit"):
        assert not fits("event", {name: value for name, value in event.items() if name != field})
    assert not fits("event", event | {"v": 2})
    assert not fits("event", event | {"type": "no_such_type"})


class Checked(Run):
    """A run in which every request, event, fact and error is held to its schema."""

    def __init__(self, scenario: dict[str, Any]) -> None:
        self.seen = dict.fromkeys(("request", "unfit", "failure", "event", "record"), 0)
        super().__init__(scenario)

    def ask(self, step: dict[str, Any], actor: gr.Actor, at: datetime, case: str | None) -> gr.Done:
        request = self.fill(step["do"])
        unfit = problems("request", request)
        self.seen["unfit" if unfit else "request"] += 1
        try:
            done = super().ask(step, actor, at, case)
        except gr.GrievanceError as refused:
            failure = {"code": refused.code, "remedy": refused.remedy, "where": refused.where, "hint": refused.hint}
            assert not problems("failure", failure | {"problem": str(refused)})
            self.seen["failure"] += 1
            # The field of the one is a field of the other.
            assert not unfit or refused.code == "invalid_command", unfit
            raise
        assert not unfit, "was done, and does not fit"
        looks = self.desk.by(actor, at)
        for name, said in [("done", done), ("search", looks.search()), ("notices", self.desk.notices(done.case))]:
            assert not problems(name, plain(said))
        if self.sees(looks, done.case):
            assert not problems("options", plain(looks.options(done.case)))
            assert not problems("progress", plain(looks.progress(done.case)))
            self.seen["record"] += 1
        return done

    def sees(self, looks: gr.Acting, case: str) -> bool:
        try:
            return looks.case(case).row.id == case
        except gr.GrievanceError:
            return False

    def check_histories(self) -> None:
        for case in self.cases.values():
            assert not problems("facts", self.desk.facts(case))
            history = self.desk.stored_history(case)
            for event in history.events:
                assert not problems("event", json.loads(event.event))
                assert not problems("actor", json.loads(event.actor))
                self.seen["event"] += 1


def test_whatever_is_said_in_the_scenarios_fits() -> None:
    seen: dict[str, int] = {}
    for path in FILES:
        scenario = json.loads(path.read_text(encoding="utf-8"))
        for rules in [scenario["rulebook"], *(step.get("activate", {}) for step in scenario["steps"])]:
            assert not problems("rulebook", rules.get("document", {}))
        for step in scenario["steps"]:
            assert "measure" not in step or not problems("measure", step["measure"])
        run = Checked(scenario)
        run.play()
        run.check_histories()
        for name, count in run.seen.items():
            seen[name] = seen.get(name, 0) + count
    assert min(seen.values()) >= 5, seen


def test_a_statement_fits(desk: gr.Desk, citizen: gr.Actor) -> None:
    desk.by(citizen, NOW).lodge(narrative="The lamp at the ferry is dark.")
    office = gr.Actor(f"per_{9:032x}", "auditor", unit="desk")
    statement = json.loads(desk.by(office, NOW).mis_json(as_of=date(2026, 12, 1)))
    assert statement["pending"] == 1
    assert not problems("mis", statement)
    for field in statement:
        assert not fits("mis", {name: value for name, value in statement.items() if name != field}), field


@pytest.mark.parametrize("path", PRESETS, ids=lambda path: path.stem)
def test_rulebooks_fit_as_they_are_written_and_as_they_are_kept(path: Path) -> None:
    tomllib = pytest.importorskip("tomllib")
    written = json.loads(json.dumps(tomllib.loads(path.read_text(encoding="utf-8")), default=date.isoformat))
    assert not problems("rulebook", written)
    kept = gr.Rulebook.preset(path.stem).to_dict() if "numbering" in written or "extends" in written else None
    assert kept is None or not problems("rulebook", kept)


def broken(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The document with a field too many, and with a field of another type, in each of its tables."""

    def tables(value: Any) -> Iterator[dict[str, Any]]:
        if isinstance(value, dict):
            yield value
        for inside in value.values() if isinstance(value, dict) else value[:1] if isinstance(value, list) else []:
            yield from tables(inside)

    for nth in range(len(list(tables(document)))):
        own = copy.deepcopy(document)
        table = list(tables(own))[nth]
        if all(isinstance(value, str) for value in table.values()):
            continue  # Names by language: any may come.
        table["surplus"] = 1
        yield f"a field too many beside {sorted(table)}", own
        del table["surplus"]
        for field in list(table):
            was, table[field] = table[field], {"surplus": 1}
            yield f"{field} of another type", copy.deepcopy(own)
            table[field] = was


def test_what_a_schema_refuses_of_a_rulebook_is_refused() -> None:
    document = {
        "extends": "city-311",
        "name": "Haldia",
        "zone": "Asia/Kolkata",
        "numbering": {"prefix": "HLD", "year_starts": 4},
        "unit": [{"code": "works", "name": "Works", "valid_from": "2026-01-01"}],
        "category": [{"code": "roads", "unit": "works"}],
        "reason": [{"code": "done", "name": "Done", "class": "benefit", "evidence": ["date"]}],
        "target": [{"code": "soon", "kind": "resolution", "within": 5, "counted": "working_days"}],
        "calendar": {"hours": {"mon": ["10:00-17:00"]}, "holiday": [{"yearly": "01-26", "name": "Republic Day"}]},
    }
    assert not problems("rulebook", document)
    gr.Rulebook.from_dict(document)
    count = 0
    for what, wrong in broken(document):
        assert not fits("rulebook", wrong), what
        with pytest.raises(gr.AmendError):
            gr.Rulebook.from_dict(wrong)
        count += 1
    assert count > 20


def test_a_schema_that_says_too_little_would_be_noticed() -> None:
    event = json.loads(WIRE[0].read_text(encoding="utf-8"))
    without = {name: value for name, value in SCHEMAS["event"].items() if name != "oneOf"}
    assert Draft202012Validator(without).is_valid(event | {"v": 2})
    assert not fits("event", event | {"v": 2})
