"""What the README and the guide show is run, and does what they say."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlite_store import SqliteStore

import grievance as gr

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
GUIDE = (Path(__file__).parents[2] / "docs" / "guide" / "python.md").read_text(encoding="utf-8")
FIRST, SECOND = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def test_the_first_lines_work(capsys: pytest.CaptureFixture[str]) -> None:
    assert README.index("```python") < 40, "the README begins with them"
    assert sum(bool(line) for line in FIRST.splitlines()) <= 10
    exec(FIRST, {})
    first, second = capsys.readouterr().out.splitlines()
    assert first == "CITY-2026-000001 registered"
    assert "'15 to 30': [1]" in second


def test_the_dataframe_lines_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    rows = "opened,closed,department\n2026-03-01 10:00:00,2026-03-04 10:00:00,Works\n2026-03-20 10:00:00,,Works\n"
    (tmp_path / "cases.csv").write_text(rows, encoding="utf-8")
    said: dict[str, Any] = {}
    exec("import grievance as gr\nfrom datetime import date\n" + SECOND, said)
    assert said["found"].to_dict()["pending"] == [1]
    assert said["found"].rejected == []


class Carrier:
    """What a program sends short messages by."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []

    def send(self, address: str, text: str, *, once: str) -> str:
        self.sent.append((address, text, once))
        return "carrier-17"


def test_the_guide_is_one_program_that_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    shown = re.findall(r"^```(\w*)\n(.*?)^```$", GUIDE, re.DOTALL | re.MULTILINE)
    blocks = [block for language, block in shown if language == "python"]
    carrier = Carrier()
    # The program's own: by what messages are sent and where a store's cases are kept.
    said: dict[str, Any] = {"carrier": carrier, "make": lambda: cache(lambda tenant: SqliteStore())}
    for number, block in enumerate(blocks):
        exec(compile(block, f"block {number} of python.md", "exec", dont_inherit=True), said)
    with capsys.disabled():
        print(f"python.md: {len(blocks)} blocks were run, {len(shown) - len(blocks)} were not")
    assert len(blocks) == 6
    assert said["acting"].case(said["lodged"].case).row.phase == "disposed"
    assert said["told"].sent == len(carrier.sent) == 2
    assert isinstance(said["drawn"], gr.Table)
    said["test_my_store"]("serials_never_repeat")
    said["desk"].close()
