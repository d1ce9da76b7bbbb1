"""What the package says of itself."""

from __future__ import annotations

import email
import inspect
import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from datetime import date, timedelta
from enum import Enum
from pathlib import Path
from typing import Any, Final

import pyarrow
import pytest
from conftest import NOW

import grievance as gr
from grievance import _native, testing, words


def test_every_word_of_the_core_is_there_and_equal_to_what_answers_say() -> None:
    for name, about, values in _native.closed_lists():
        made: type[Enum] = getattr(words, name)
        assert [value.value for value in made] == [word for _, word, _ in values]
        assert made.__doc__ == about
    said: str = "in_progress"
    assert words.Phase.IN_PROGRESS == said


def test_every_public_name_is_listed_and_has_a_sentence() -> None:
    public = {name for name in vars(gr) if not name.startswith("_")} - {"words", "store", "testing"}
    assert public == set(gr.__all__)
    for name in gr.__all__:
        assert getattr(gr, name).__doc__, name


def test_a_closed_word_is_taken_as_text_and_as_a_member_of_its_enum(desk: gr.Desk, officer: gr.Actor) -> None:
    """That mypy takes both is its part of this test."""
    auditor, day = gr.Actor(f"per_{3:032x}", "auditor"), date(2026, 12, 1)
    office = gr.Actor(f"per_{2:032x}", "cell_officer", unit="desk", tenure=words.Tenure.ACTING)
    assert gr.Actor(f"per_{2:032x}", "cell_officer", unit="desk", tenure="acting").post == office.post
    acting = desk.by(auditor, NOW)
    cases = acting.cases(as_of=day)
    enum: Final = words.AgeRule.ELAPSED
    for measured in (acting.measures, cases):
        assert measured.pendency(as_of=day, rule=enum).to_dict() == measured.pendency(as_of=day, rule="elapsed").to_dict()
        assert measured.durations(as_of=day, rule=enum).to_dict() == measured.durations(as_of=day, rule="elapsed").to_dict()
        assert measured.board(as_of=day, index="average_days", rule=enum).about["rule"] == enum
    for stated in (acting, acting.measures):
        assert stated.mis(as_of=day, rule=enum).about == stated.mis(as_of=day, rule="elapsed").about
    assert gr.pendency(cases, as_of=day, rule=enum).about == gr.pendency(cases, as_of=day, rule="elapsed").about
    assert gr.rank(cases, as_of=day, rule=enum).about == gr.rank(cases, as_of=day, rule="elapsed").about
    assert acting.mis_json(as_of=day, rule=enum) == acting.mis_json(as_of=day, rule="elapsed")
    lodged = desk.by(gr.Actor(f"per_{1:032x}", "complainant"), NOW).lodge(
        narrative="No water.", refuses=[words.MessageChannel.SMS, "email"], reference_from=words.ReferenceFrom.COURT
    )
    found = desk.by(officer, NOW).search(phases=[words.Phase.REGISTERED, "disposed"])
    assert [row.id for row in found.cases] == [lodged.case]


def test_no_word_of_the_stub_is_said_twice() -> None:
    stub = (Path(gr.__file__).parent / "_native.pyi").read_text(encoding="utf-8")
    said = [re.split(r",\s*", inside) for inside in re.findall(r"Literal\[([^\]]*)\]", stub)]
    assert len(said) > 10
    assert all(len(set(one)) == len(one) for one in said)


#: How the documentation names the types of the tables.
KINDS = {
    "String": "str",
    "bool": "bool",
    "u32": "int",
    "f64": "float",
    "Day": "date",
    "Vec<String>": "list of str",
    "Vec<u32>": "list of int",
    "Vec<f64>": "list of float",
    "BTreeMap<String,String>": "dict of str to str",
}


def test_every_verb_measure_and_paper_tells_its_fields() -> None:
    tables = (
        (gr.Acting, _native.verb_table(), "Done"),
        (gr.Measures, _native.measure_table(), "Table"),
        (gr.Papers, _native.paper_table(), "str"),
    )
    for own, table, answer in tables:
        for method, about, fields in table:
            told = getattr(own, method).__doc__
            assert told.startswith(about)
            assert f"Returns\n-------\n{answer}\n" in told
            for field, kind, needed, sentence in fields:
                said = KINDS[kind.replace(" ", "")] + ("" if needed else ", optional")
                assert f"\n{field} : {said}\n    {sentence}\n" in told, (method, field)


def callables() -> Iterator[tuple[str, Any]]:
    """Every public function of the package, and of its classes what is no property."""
    records = {name for name, _, _ in _native.record_table()}
    for module in (gr, testing):
        for name in module.__all__:
            thing = getattr(module, name)
            if not isinstance(thing, type):
                yield name, thing
            elif thing.__module__ in ("grievance", "grievance._native") and name not in records:
                if not inspect.signature(thing, eval_str=False).parameters.keys() <= {"args", "kwargs"}:
                    yield name, thing
                parts = (part for part in vars(thing) if not part.startswith("_"))
                yield from ((f"{name}.{part}", getattr(thing, part)) for part in parts if callable(getattr(thing, part)))


def sections(thing: Any) -> dict[str, str]:
    """The sections of a docstring as numpydoc has them."""
    parts = re.split(r"^([A-Z][a-z]+)\n-+\n", inspect.getdoc(thing) or "", flags=re.MULTILINE)
    return dict(zip(["", *parts[1::2]], parts[::2], strict=True))


#: What cannot fail and what answers nothing.
NEVER = {"Rulebook.presets", "Rulebook.lint", "Rulebook.to_dict", "KeyRing.for_tests", "Desk.close", "Table.to_dict", "Table.rows_as_dicts", "Cases.indexes"}
NOTHING = {"Desk.close", "Desk.appoint", "CodeDesk.unlock", "examine", "Actor", "KeyRing", "MacKeys"}


def test_every_call_tells_its_arguments_what_it_answers_and_how_it_fails() -> None:
    seen = 0
    for name, thing in callables():
        told = sections(thing)
        assert told[""].strip().endswith("."), name
        taken = [it for it in inspect.signature(thing).parameters if it != "self"]
        listed = [one for line in re.findall(r"^(\w[\w, ]*)(?: : .*)?$", told.get("Parameters", ""), re.M) for one in line.split(", ")]
        assert sorted(listed) == sorted(taken), name
        assert ("Returns" in told) == (name not in NOTHING), name
        assert ("Raises" in told) == (name not in NEVER), name
        for code in re.findall(r"``([a-z]+(?:_[a-z]+)+)``", told.get("Raises", "")):
            assert code in {it.value for it in words.ErrorCode}, (name, code)
        seen += 1
    assert seen > 130


def test_the_columns_of_every_measure_are_told_with_their_types() -> None:
    """Names, types and order are those of the answer."""
    cases = [(NOW - timedelta(days=at), "works") for at in range(400) for _ in range(1 + 20 * (at < 7))]
    frame = pyarrow.table(
        {
            "received_at": [at for at, _ in cases],
            "ended_at": [at + timedelta(days=3) for at, _ in cases],
            "unit": [unit for _, unit in cases],
            "category": ["lamps"] * len(cases),
            "reason": ["done"] * len(cases),
        }
    )
    day = date(2026, 12, 1)
    until: dict[str, Any] = {"since": date(2026, 1, 1), "until": day}
    for name in set(gr._measures.__all__) - {"ArrowStream"}:
        asked = until if name == "flow" else {"until": day} if name == "trends" else {"as_of": day}
        answer = pyarrow.table(getattr(gr, name)(frame, zone="UTC", **asked))
        found = [(field.name, str(field.type).replace("double", "float64").replace("[day]", "")) for field in answer.schema]
        told = sections(getattr(gr, name))["Returns"]
        assert re.findall(r"``([\w ]+)``\s+\((string|int64|float64|date32)\)", told) == found, name


def test_the_import_needs_no_other_package() -> None:
    listed = "import sys, grievance; print([m for m in ('pyarrow', 'polars', 'pandas', 'numpy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", listed], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_is_packed_is_whole_and_says_whose_it_is(tmp_path: Path) -> None:
    """The metadata of a wheel and the sources of one: neither compiles anything."""
    if shutil.which("cargo") is None:
        pytest.skip("there is no cargo here, which says what belongs to the sources")
    home = Path(__file__).parents[1]

    def pack(*asked: str) -> None:
        command = [sys.executable, "-m", "maturin", "pep517", *asked]
        done = subprocess.run(command, cwd=home, env=os.environ | {"CARGO_NET_OFFLINE": "true"}, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    pack("write-dist-info", "--metadata-directory", str(tmp_path), "--interpreter", sys.executable)
    (info,) = tmp_path.glob("grievance-*.dist-info")
    said = email.message_from_string((info / "METADATA").read_text(encoding="utf-8"))
    licences = ["LICENSE", "LICENSE-APACHE", "LICENSE-MIT"]
    assert (said["Name"], said["Author"]) == ("grievance", "The Grievance authors")
    assert (said["License-Expression"], said["Requires-Python"]) == ("Apache-2.0 OR MIT", ">=3.10")
    assert said.get_all("License-File") == licences
    assert said.get_all("Requires-Dist") is None
    for name in licences:
        text = (home.parent / name).read_bytes()
        assert (home / name).read_bytes() == (info / "licenses" / name).read_bytes() == text, name

    pack("write-sdist", "--sdist-directory", str(tmp_path))
    (sources,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(sources) as packed:
        names = {name.partition("/")[2] for name in packed.getnames()}
    own = {f"python/grievance/{it.name}" for it in (home / "python" / "grievance").iterdir() if it.suffix in (".py", ".pyi", ".typed")}
    assert own | {"python/grievance/py.typed", "pyproject.toml", "README.md", "Cargo.lock", *licences} <= names
    assert {f"bindings-python/src/{it.name}" for it in (home / "src").iterdir()} <= names
    settings = (home / "pyproject.toml").read_text(encoding="utf-8")
    assert 'profile = "release"\nstrip = true' in settings
