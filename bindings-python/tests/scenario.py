"""Runs a scenario file through the package: see `docs/reference/scenarios.md`.

Nothing here knows a rule. A file says what is asked and what must come of it; the runner puts
identities where the file has labels, asks the desk, and compares.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import grievance as gr
from grievance import _native

TESTDATA = Path(__file__).parents[2] / "grievance-core" / "testdata"
FILES = sorted((TESTDATA / "scenarios").glob("*.json"))
DIGESTS = json.loads((TESTDATA / "scenario-digests.json").read_text(encoding="utf-8"))

# The verbs by their action: what the typed methods take, and what they cannot do without.
VERBS = {
    method.rstrip("_"): (
        method,
        {field: kind.replace(" ", "") for field, kind, _, _ in fields},
        {field for field, _, must, _ in fields if must},
    )
    for method, _, fields in _native.verb_table()
}
TYPES = {"String": str, "bool": bool, "u32": int, "Vec<String>": list, "BTreeMap<String,String>": dict}
MEASURES: dict[str, Callable[..., gr.Table]] = {
    "pendency": gr.pendency,
    "durations": gr.durations,
    "kaplan_meier": gr.kaplan_meier,
    "flow": gr.flow,
    "board": gr.disposal_index,
    "mis": gr.mis,
    "rates": gr.rates,
    "closures": gr.closures,
    "trends": gr.trends,
}
COUNTS = ["cases", "breaches", "escalations", "proposals", "resumed", "moved"]


def uuid_of(kind: str, name: str) -> str:
    return hashlib.sha256(f"{kind}:{name}".encode()).digest()[:16].hex()


def person(name: str) -> str:
    return f"per_{uuid_of('person', name)}"


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def rulebook(rules: dict[str, Any]) -> gr.Rulebook:
    if "preset" in rules:
        return gr.Rulebook.preset(rules["preset"])
    return gr.Rulebook.from_dict(rules["document"])


def fits(kind: str, value: Any) -> bool:
    """Whether a typed argument of Python can say what the file says."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return isinstance(value, TYPES[kind]) and all(isinstance(one, str) for one in inside)


def action_of(step: dict[str, Any]) -> Any:
    request = step.get("do")
    return request.get("action") if isinstance(request, dict) else None


class Run:
    """A scenario's desk, and the cases by their labels."""

    def __init__(self, scenario: dict[str, Any], desk: gr.Desk | None = None) -> None:
        self.scenario = scenario
        self.desk = desk or gr.Desk.open(":memory:", tenant="scenario", seed=1)
        self.cases: dict[str, str] = {}
        self.typed = 0
        self.answers: list[str] = []
        self.step = 0
        self.desk.activate(rulebook(scenario["rulebook"]), instant("2020-01-01T00:00:00Z"))

    def play(self) -> None:
        for number, step in enumerate(self.scenario["steps"], 1):
            place = f"step {number} ({action_of(step)})"
            self.step = number
            at = instant(step["at"])
            if "appoint" in step:
                self.appoint(step["appoint"], at)
            elif "sees" in step:
                self.looks(step, at, place)
            elif "measure" in step:
                self.measures(step, at, place)
            elif "sweep" in step:
                self.sweep(step["sweep"], at, place)
            elif "activate" in step:
                self.desk.activate(rulebook(step["activate"]), at)
            else:
                self.take(step, at, place)
        for label, wanted in self.scenario["then"].items():
            compare(wanted, self.facts(self.cases[label]), f"at the end, case {label}")

    def actor(self, name: str) -> gr.Actor:
        who = self.scenario["actors"][name]
        behalf = who.get("on_behalf_of")
        return gr.Actor(
            person(who.get("person", name)),
            who["role"],
            unit=who.get("unit"),
            post=who.get("post"),
            on_behalf_of=person(behalf) if behalf else None,
        )

    def appoint(self, it: dict[str, Any], since: datetime) -> None:
        until = it.get("until")
        self.desk.appoint(
            unit=it["unit"],
            post=it["post"],
            person=person(it["person"]),
            since=since,
            until=instant(until) if until else None,
            tenure=it.get("tenure", "holder"),
        )

    def told(self, what: str, answer: Any) -> None:
        """Writes an answer down."""
        self.answers.append(f"{self.step}\t{what}\t{canonical(answer)}\n")

    def shown(self, actor: gr.Actor, at: datetime, case: str) -> None:
        """Writes down what the actor is shown of a case."""
        acting = self.desk.by(actor, at)
        for look in (acting.case, acting.progress, acting.options):
            try:
                answer: Any = look(case)
            except gr.GrievanceError as problem:
                answer = refusal(problem)
            self.told(look.__name__, answer)

    def looks(self, step: dict[str, Any], at: datetime, place: str) -> None:
        acting, case, sees = self.desk.by(self.actor(step["by"]), at), self.cases[step["case"]], step["sees"]
        for look in (acting.case, acting.history, acting.progress, acting.options):
            answer = failure(look, case)
            assert (answer is None) == sees, f"{place}: {answer}"
            if answer is not None:
                nobody = failure(look, f"grv_{'0' * 32}")
                told = (answer.code, str(answer))
                assert nobody is not None and told == (nobody.code, str(nobody)), f"{place}: not theirs is not there"
        assert any(row.id == case for row in acting.search().cases) == sees, f"{place}: listed"
        self.shown(self.actor(step["by"]), at, case)

    def measures(self, step: dict[str, Any], at: datetime, place: str) -> None:
        """By the method of the desk's measures, and by the function that has the measure's name where there is one; days
        are told as texts, as in JSON."""
        question = dict(step["measure"])
        what = question.pop("what")
        for day in ("as_of", "since", "until"):
            if day in question:
                question[day] = date.fromisoformat(question[day])
        acting = self.desk.by(self.actor(step["by"]), at)
        method: Callable[..., gr.Table] = getattr(acting.measures, what)
        rows = method(**question).rows_as_dicts()
        if what in MEASURES:
            assert MEASURES[what](acting, **question).rows_as_dicts() == rows, place
        assert len(rows) == len(step["rows"]), f"{place}: {rows}"
        for wanted, found in zip(step["rows"], rows, strict=True):
            told = {name: cell.isoformat() if isinstance(cell, date) else cell for name, cell in found.items()}
            compare(wanted, told, place)
        self.told("measure", rows)

    def sweep(self, wanted: dict[str, Any], at: datetime, place: str) -> None:
        def once() -> dict[str, int]:
            swept = self.desk.sweep(at, 1000)
            assert not swept.failed and not swept.more, place
            self.told("swept", swept)
            return {count: getattr(swept, count) for count in COUNTS} | {"jobs": len(swept.jobs)}

        compare(wanted, once(), place)
        assert not any(once().values()), f"{place}: once"

    def take(self, step: dict[str, Any], at: datetime, place: str) -> None:
        actor, label, command = self.actor(step["by"]), step.get("case"), step.get("command")
        fresh = action_of(step) == "lodge" and (command is not None or label not in self.cases)
        case = None if fresh or label is None else self.cases[label]
        before = self.whole(case) if case else None
        looks = self.desk.by(actor, at)
        offered = looks.options(case) if case and failure(looks.options, case) is None else None
        try:
            done = self.ask(step, actor, at, case)
        except gr.GrievanceError as refused:
            wanted = step["then"]
            assert refused.code == wanted.get("refused"), f"{place}: {refused}"
            if "field" in wanted:
                assert refused.where == wanted["field"], f"{place}: {refused}"
            assert case is None or self.whole(case) == before, f"{place}: a refusal changes nothing"
            self.told("refused", refusal(refused))
            if case is not None:
                self.shown(actor, at, case)
            return
        assert "ok" in step["then"], f"{place}: was done, and should be refused"
        if offered is not None and command is None:
            action = step["do"]["action"]
            assert any(offer.action == action and offer.allowed for offer in offered), f"{place}: was not offered"
        if label is not None:
            assert self.cases.setdefault(label, done.case) == done.case, f"{place}: the label is taken"
        if parts := step.get("parts"):
            self.cases.update(zip(parts, self.desk.facts(done.case)["parts"][-len(parts) :], strict=True))
        found = self.facts(done.case)
        found |= {"tracking_code": done.tracking_code is not None, "version": done.version}
        compare(step["then"]["ok"], found, place)
        self.told("done", done)
        self.shown(actor, at, done.case)

    def ask(self, step: dict[str, Any], actor: gr.Actor, at: datetime, case: str | None) -> gr.Done:
        request = self.fill(step["do"])
        is_object = isinstance(request, dict)
        mobile = step.get("verified")
        command = step.get("command")
        acting = self.desk.by(
            actor,
            at,
            command=f"cmd_{uuid_of('command', command)}" if command else None,
            expecting=step.get("expecting"),
            verified=self.verify(mobile, at) if mobile else None,
        )
        nothing: tuple[str, dict[str, str], set[str]] = ("", {}, set())
        method, kinds, must = VERBS.get(request.get("action"), nothing) if is_object else nothing
        given = {field: value for field, value in request.items() if field != "action"} if is_object else {}
        sayable = all(field in kinds and fits(kinds[field], value) for field, value in given.items())
        if not method or not sayable or not must <= given.keys() or (case is None) != (method == "lodge"):
            # What a typed method cannot even be asked, the flat form must refuse.
            return acting.submit(json.dumps(request), case)
        self.typed += 1
        verb: Callable[..., gr.Done] = getattr(acting, method)
        return verb(**given) if case is None else verb(case, **given)

    def verify(self, mobile: str, at: datetime) -> gr.VerifiedMobile:
        codes = self.desk.otp(gr.MacKeys("scenario", bytes([1] * 32)))
        sent = codes.request_code("lodge", mobile, request="form", at=at)
        return codes.verify_code(sent.challenge, "lodge", mobile, request="form", code=sent.code, at=at)

    def fill(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self.fill(field) for key, field in value.items()}
        if isinstance(value, list):
            return [self.fill(item) for item in value]
        if isinstance(value, str) and value.startswith("$case:"):
            return self.cases[value.removeprefix("$case:")]
        if isinstance(value, str) and value.startswith("$number:"):
            return self.desk.facts(self.cases[value.removeprefix("$number:")])["number"]
        if isinstance(value, str) and value.startswith("$person:"):
            return person(value.removeprefix("$person:"))
        return value

    def whole(self, case: str) -> tuple[dict[str, Any], str]:
        return self.desk.facts(case), self.desk.stored_history(case).head

    def facts(self, case: str) -> dict[str, Any]:
        """Everything that a file may ask of a case, with labels for identities."""
        found = self.desk.facts(case)
        labels = {own: label for label, own in sorted(self.cases.items(), reverse=True)}
        for field in ("part_of", "merged_into"):
            found[field] = labels.get(found[field])
        for field in ("parts", "members"):
            found[field] = [labels.get(one) for one in found[field]]
        return found

    def digests(self) -> dict[str, str]:
        """SHA-256 over what was stored, answered and posted, as `scenario-digests.json` says it."""
        events, notices = [], []
        for label, case in sorted(self.cases.items()):
            stored = self.desk.stored_history(case).events
            events += [f"{label}\t{it.version}\t{it.at}\t{it.actor}\t{it.event}\n" for it in stored]
            notices.append(f"{label}\t{canonical(self.desk.notices(case))}\n")
        texts = {"answers": self.answers, "events": events, "notices": notices}
        return {what: hashlib.sha256("".join(lines).encode()).hexdigest() for what, lines in texts.items()}


def refusal(problem: gr.GrievanceError) -> dict[str, Any]:
    fields = {name: getattr(problem, name) for name in ("code", "remedy", "where", "hint")}
    return fields | {"problem": str(problem)}


def canonical(answer: Any) -> str:
    """RFC 8785, without the versions of rulebooks, which change with every sentence of a preset."""
    return json.dumps(plain(answer), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def plain(value: Any) -> Any:
    if hasattr(value, "to_dict"):
        return plain(value.to_dict())
    if isinstance(value, dict):
        return {field: plain(one) for field, one in value.items() if field != "rulebook"}
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, datetime):
        assert value.utcoffset() == timedelta(0)
        return re.sub(r"\.000$", "", value.replace(tzinfo=None).isoformat(timespec="milliseconds")) + "Z"
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if isinstance(value, float) and value.is_integer() else value


def failure(look: Any, case: str) -> gr.GrievanceError | None:
    try:
        look(case)
    except gr.GrievanceError as problem:
        return problem
    return None


def compare(wanted: dict[str, Any], found: dict[str, Any], place: str) -> None:
    for fact, value in wanted.items():
        assert found[fact] == value, f"{place}: {fact} is {found[fact]!r}, not {value!r}"
