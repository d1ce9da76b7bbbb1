"""Ten million cases in a polars frame, asked through the Python package, beside polars and DuckDB.

The question, for each of two thousand offices as of a day: received, disposed, pending in four bands, date of the oldest
pending; mean, median and ninetieth percentile of days to disposal, and how many within 30; the graded index with its place.
Offices are a categorical, instants are microseconds of UTC: each side turns them into days of the office's zone.
Each round asks the three one after the other; what each needs to read the frame is part of its time. The answers are compared.

`scripts/python-bench` builds the extension and runs this.
"""

from __future__ import annotations

import gc
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date, datetime, timezone
from typing import Any

import duckdb
import numpy
import polars

import grievance as gr

CASES = int(os.environ.get("CASES", "10000000"))
ROUNDS = int(os.environ.get("ROUNDS", "5"))
UNITS = 2_000
ZONE = "Asia/Kolkata"
AS_OF = date(2025, 12, 15)
DAY = 86_400_000_000
FIRST = 1_672_511_400_000_000  # 1 January 2023 in the offices' zone


def made() -> polars.DataFrame:
    """Three years; lengths of twenty days in the mean, three in a hundred eight times as long; a fifth of them open."""
    dice = numpy.random.default_rng(20261123)
    received = FIRST + dice.integers(0, 1_060 * DAY, CASES)
    lengths = dice.exponential(20.0, CASES) * numpy.where(dice.random(CASES) < 0.03, 8.0, 1.0)
    ended = received + (lengths * DAY).astype(numpy.int64)
    open_still = (dice.random(CASES) < 0.02) | (ended >= FIRST + 1_100 * DAY)
    unit = (dice.random(CASES) ** 2 * UNITS).astype(numpy.uint32)
    names = polars.Series("unit", [f"office_{place:04}" for place in range(UNITS)], polars.Categorical)
    frame = polars.DataFrame({"received_at": received, "ended_at": ended, "open": open_still, "place": unit})
    instants = [polars.col(name).cast(polars.Datetime("us", "UTC")) for name in ("received_at", "ended_at")]
    return frame.with_columns(instants).select(
        polars.col("received_at"),
        polars.when("open").then(None).otherwise(polars.col("ended_at")).alias("ended_at"),
        names.gather(frame["place"]).alias("unit"),
    ).rechunk()


def ours(frame: polars.DataFrame) -> list[dict[str, Any]]:
    cases = gr.Cases.read(frame, zone=ZONE)
    assert cases.rejected == []
    pendency = gr.pendency(cases, as_of=AS_OF).to_dict()
    durations = gr.durations(cases, as_of=AS_OF).to_dict()
    index = gr.disposal_index(cases, as_of=AS_OF).to_dict()
    by_unit = dict(zip(index["unit"], zip(index["score"], index["rank"], strict=True), strict=True))
    rows = []
    for place, unit in enumerate(pendency["unit"]):
        bands = [pendency[band][place] for band in ("under 7", "7 to 14", "15 to 30", "more than 30")]
        took = [durations[name][place] for name in ("mean_days", "median_days", "p90_days", "within_30")]
        head = [pendency[name][place] for name in ("received", "disposed", "oldest_received_on")]
        rows.append({"unit": unit, "row": [*head, *bands, *took, *by_unit[unit]]})
    return rows


def graded(rows: list[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """The index over the means of a peer: a few thousand rows, the same for both."""
    definition = gr.disposal_index(gr.Cases.read(polars.DataFrame({"received_at": [datetime(2025, 1, 1, tzinfo=timezone.utc)],
        "unit": ["x"]}), zone=ZONE), as_of=AS_OF).about["definition"]
    bands = definition["terms"][0]["bands"]

    def score(mean: float | None) -> float | None:
        if mean is None:
            return None
        held = [band for band in bands if mean >= band.get("from", float("-inf"))]
        return held[-1]["score"] * definition["scale"]

    scores = [score(row[8]) for row in rows]
    known = [one for one in scores if one is not None]
    places = {one: 1 + sum(other > one for other in known) for one in set(known)}
    return [
        {"unit": row[0], "row": [*row[1:], one, places.get(one) if one is not None else None]}
        for row, one in zip(rows, scores, strict=True)
    ]


def with_polars(frame: polars.DataFrame) -> list[dict[str, Any]]:
    col, at = polars.col, datetime(AS_OF.year, AS_OF.month, AS_OF.day)
    local = [col(name).dt.convert_time_zone(ZONE).dt.date().alias(day) for name, day in (("received_at", "on"), ("ended_at", "ended"))]
    disposed = col("ended").is_not_null() & (col("ended") < AS_OF)
    age = (polars.lit(AS_OF) - col("on")).dt.total_days()
    took = (col("ended") - col("on")).dt.total_days()
    pending = col("gone").not_()
    query = (
        frame.lazy()
        .select("unit", *local)
        .filter(col("on") < AS_OF)
        .with_columns(gone=disposed, age=age)
        .with_columns(took=polars.when("gone").then(took))
        .group_by("unit")
        .agg(
            polars.len(),
            col("gone").sum(),
            col("on").filter(pending).min(),
            (pending & (col("age") < 7)).sum().alias("b0"),
            (pending & col("age").is_between(7, 14)).sum().alias("b1"),
            (pending & col("age").is_between(15, 30)).sum().alias("b2"),
            (pending & (col("age") > 30)).sum().alias("b3"),
            col("took").mean().alias("mean"),
            col("took").median().alias("median"),
            col("took").quantile(0.9, "linear").alias("p90"),
            (col("took") <= 30).sum().alias("within"),
        )
        .with_columns(col("unit").cast(polars.String))
        .sort("unit")
    )
    del at
    return graded(query.collect().rows())


SQL = f"""
SELECT unit, count(*), count(*) FILTER (gone), min(day) FILTER (NOT gone),
    count(*) FILTER (NOT gone AND age < 7), count(*) FILTER (NOT gone AND age BETWEEN 7 AND 14),
    count(*) FILTER (NOT gone AND age BETWEEN 15 AND 30), count(*) FILTER (NOT gone AND age > 30),
    avg(took), quantile_cont(took, [0.5, 0.9]), count(*) FILTER (took <= 30)
FROM (
    SELECT unit, day, DATE '{AS_OF}' - day AS age, ended IS NOT NULL AND ended < DATE '{AS_OF}' AS gone,
        CASE WHEN ended < DATE '{AS_OF}' THEN ended - day END AS took
    FROM (
        SELECT unit, CAST(timezone('{ZONE}', received_at) AS DATE) AS day, CAST(timezone('{ZONE}', ended_at) AS DATE) AS ended
        FROM frame
    ) WHERE day < DATE '{AS_OF}'
) GROUP BY unit ORDER BY unit
"""


def with_duckdb(frame: polars.DataFrame) -> list[dict[str, Any]]:
    connection = duckdb.connect()
    connection.register("frame", frame.to_arrow())
    rows = connection.execute(SQL).fetchall()
    # The names of a categorical come in the order of its codes, which here is that of the names.
    flat = [(str(row[0]), *row[1:9], *(row[9] or [None, None]), row[10]) for row in rows]
    return graded(sorted(flat))


def same(one: list[dict[str, Any]], other: list[dict[str, Any]], who: str) -> None:
    assert [row["unit"] for row in one] == [row["unit"] for row in other], who
    for left, right in zip(one, other, strict=True):
        for a, b in zip(left["row"], right["row"], strict=True):
            close = isinstance(a, float) and b is not None and abs(a - b) <= 1e-9 * max(1.0, abs(a))
            assert a == b or close, (who, left, right)


def main() -> None:
    frame = made()
    print(f"{CASES:,} rows in polars, {UNITS:,} offices, {frame.estimated_size() / 1e6:,.0f} MB; {os.cpu_count()} cores")
    sides: dict[str, Callable[[polars.DataFrame], list[dict[str, Any]]]] = {
        "grievance": ours,
        "polars": with_polars,
        "duckdb": with_duckdb,
    }
    answers = {name: ask(frame) for name, ask in sides.items()}
    same(answers["grievance"], answers["polars"], "polars")
    same(answers["grievance"], answers["duckdb"], "duckdb")
    times: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(ROUNDS):
        for name, ask in sides.items():
            gc.collect()
            began = time.perf_counter()
            ask(frame)
            times[name].append(time.perf_counter() - began)
    medians = {name: statistics.median(took) for name, took in times.items()}
    for name, took in times.items():
        print(f"  {name:10} {medians[name]:7.3f} s in the median of {ROUNDS}, {min(took):.3f} at best")
    faster = min(medians["polars"], medians["duckdb"])
    print(f"  {faster / medians['grievance']:.1f} times the faster peer (target 4); answers equal")
    began = time.perf_counter()
    cases = gr.Cases.read(frame, zone=ZONE)
    read = time.perf_counter() - began
    began = time.perf_counter()
    gr.pendency(cases, as_of=AS_OF)
    print(f"  of ours: reading {read:.3f} s, a question then {time.perf_counter() - began:.3f} s")
    print(f"  most memory of the process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.1f} GB")


if __name__ == "__main__":
    sys.exit(main())
