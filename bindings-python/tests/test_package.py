"""What the package says of itself."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Final

from conftest import NOW

import grievance as gr
from grievance import _native, words


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
        assert measured.mis(as_of=day, rule=enum).about == measured.mis(as_of=day, rule="elapsed").about
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


def test_every_verb_tells_its_fields() -> None:
    for method, about, fields in _native.verb_table():
        told = getattr(gr.Acting, method).__doc__
        assert told.startswith(about)
        for field, _, _, sentence in fields:
            assert f"\n{field}" in told
            assert sentence in told


def test_every_measure_tells_its_fields() -> None:
    for method, about, fields in _native.measure_table():
        told = getattr(gr.Measures, method).__doc__
        assert told.startswith(about)
        assert all(f"\n{field}" in told and sentence in told for field, _, _, sentence in fields)


def test_the_import_needs_no_other_package() -> None:
    listed = "import sys, grievance; print([m for m in ('pyarrow', 'polars', 'pandas', 'numpy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", listed], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
