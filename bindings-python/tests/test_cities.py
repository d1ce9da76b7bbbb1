"""Three cities' records, read with polars: `mis.json` has the bytes that Rust's has.

The data are not part of the package: without them these tests skip.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from datetime import date
from pathlib import Path

import polars
import pytest

import grievance as gr

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("GRIEVANCE_DATA", ROOT.parent / "shared" / "data"))
DIGESTS = json.loads((ROOT / "grievance-core" / "testdata" / "city-digests.json").read_text(encoding="utf-8"))
CLOCK = "%m/%d/%Y %I:%M:%S %p"
CITIES = {
    "boston311": ("Department", "OPEN_DT", "CLOSED_DT", CLOCK),
    "baltimore311": ("Agency", "CreatedDate", "CloseDate", CLOCK),
    "nyc-council": ("account", "opendate", "closedate", "%Y-%m-%d"),
}


@pytest.mark.parametrize("city", CITIES)
def test_the_statement_of_a_city_has_the_bytes_that_rust_leaves(city: str) -> None:
    if not (DATA / city / "dev.csv.gz").is_file():
        pytest.skip("no public data sets beside the repository")
    unit, lodged, disposed, clock = CITIES[city]
    file = gzip.decompress((DATA / city / "dev.csv.gz").read_bytes())
    frame = polars.read_csv(file, infer_schema=False)
    instants = [
        polars.col(column).str.strptime(polars.Datetime("us"), clock, strict=False) for column in (lodged, disposed)
    ]
    day, digest = DIGESTS[city]
    columns = {"received_at": lodged, "ended_at": disposed, "unit": unit}
    cases = gr.Cases.read(frame.with_columns(instants), columns, zone="UTC", naive="UTC")
    told = cases.mis_json(as_of=date.fromisoformat(day))
    assert json.loads(told) == cases.mis(as_of=date.fromisoformat(day)).about
    assert hashlib.sha256(told.encode()).hexdigest() == digest
