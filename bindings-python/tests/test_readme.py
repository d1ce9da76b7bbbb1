"""What the README shows is run, and prints what it says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
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
