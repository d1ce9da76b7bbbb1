"""The notebook of `examples/notebook-first-review`, every cell in its order."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars
import pytest

NOTEBOOK = Path(__file__).parents[2] / "examples" / "notebook-first-review" / "first-review.ipynb"


def run() -> dict[str, Any]:
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    names: dict[str, Any] = {"__name__": "__main__"}
    for number, cell in enumerate(cells):
        assert cell.get("outputs", []) == [], "a notebook is kept without its answers"
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), f"cell {number}", "exec"), names)
    return names


def test_a_made_up_year(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("FIRST_REVIEW_CSV", raising=False)
    monkeypatch.setenv("FIRST_REVIEW_CHART", str(tmp_path / "chart.png"))
    ran = run()
    assert len(ran["cases"]) + len(ran["cases"].rejected) == 4_000
    assert all(row.problem == "the instant lies before the case was received" for row in ran["cases"].rejected)
    assert ran["pendency"].to_dict()["unit"] == ["Electricity", "Land records", "Roads", "Water"]
    assert ran["rank"].to_dict()["rank"] == [1, 2, 2, 4]
    assert ran["rank"].to_dict()["unit"][-1] == "Land records"
    # The backlog makes the slow office look faster than it is.
    slow = ran["lengths"].row(by_predicate=polars.col("unit") == "Land records", named=True)
    assert slow["kaplan_meier_median"] > slow["median_days"]
    assert (tmp_path / "chart.png").read_bytes().startswith(b"\x89PNG")
    assert "rejected" in capsys.readouterr().out


def test_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "mine.csv"
    file.write_text(
        "Opened,Closed,Office,Subject\n2026-03-01,2026-03-09,Roads,Pothole\n2026-03-01,,Water,Leak\n,,Water,Leak\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("FIRST_REVIEW_CSV", str(file))
    monkeypatch.setenv("FIRST_REVIEW_CHART", str(tmp_path / "chart.png"))
    ran = run()
    assert (len(ran["cases"]), [row.row for row in ran["cases"].rejected]) == (2, [2])
    assert ran["pendency"].to_dict()["pending"] == [0, 1]
