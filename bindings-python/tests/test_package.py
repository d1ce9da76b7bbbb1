"""What the package says of itself."""

from __future__ import annotations

import subprocess
import sys
from enum import Enum

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
