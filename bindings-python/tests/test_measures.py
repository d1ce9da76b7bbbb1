"""Measures over dataframes: what is counted, what is rejected, what is refused."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Any

import duckdb
import pandas
import polars
import pyarrow
import pytest
from conftest import NOW

import grievance as gr
from grievance import _native

UTC = timezone.utc
AS_OF = date(2026, 4, 1)
ZONE = "Asia/Kolkata"


def cases(rows: int = 500, seed: int = 1) -> list[dict[str, Any]]:
    """A made-up year: received any time of day, half of it closed within forty days."""
    dice = random.Random(seed)
    made = []
    for _ in range(rows):
        received = datetime(2025, 4, 1, tzinfo=UTC) + timedelta(minutes=dice.randrange(525_000))
        closed = received + timedelta(minutes=dice.randrange(57_000))
        open_still = dice.random() < 0.5 or closed >= datetime(2026, 3, 31, tzinfo=UTC)
        made.append(
            {
                "received_at": received,
                "ended_at": None if open_still else closed,
                "unit": dice.choice(["Works & Roads", "Health", "Water"]),
            }
        )
    return made


def naive_pendency(rows: list[dict[str, Any]]) -> dict[str, list[int]]:
    """The same by hand: whole calendar days in the zone, cuts at 7, 15 and 31."""
    offset = timedelta(hours=5, minutes=30)
    at = datetime(2026, 3, 31, 18, 30, tzinfo=UTC)
    counted: dict[str, list[int]] = {}
    for row in rows:
        if row["received_at"] >= at:
            continue
        bands = counted.setdefault(row["unit"], [0, 0, 0, 0])
        if row["ended_at"] is not None and row["ended_at"] < at:
            continue
        days = (AS_OF - (row["received_at"] + offset).date()).days
        bands[sum(days >= cut for cut in (7, 15, 31))] += 1
    return counted


def tables() -> list[Callable[[list[dict[str, Any]]], Any]]:
    def arrow(rows: list[dict[str, Any]]) -> pyarrow.Table:
        kind = pyarrow.timestamp("us", tz="UTC")
        return pyarrow.table(
            {
                "received_at": pyarrow.array([row["received_at"] for row in rows], kind),
                "ended_at": pyarrow.array([row["ended_at"] for row in rows], kind),
                "unit": [row["unit"] for row in rows],
            }
        )

    def coded(rows: list[dict[str, Any]]) -> pyarrow.Table:
        table = arrow(rows)
        return table.set_column(2, "unit", table["unit"].dictionary_encode())

    def frame(rows: list[dict[str, Any]]) -> polars.DataFrame:
        return polars.DataFrame(rows).with_columns(polars.col("unit").cast(polars.Categorical))

    def milliseconds(rows: list[dict[str, Any]]) -> polars.DataFrame:
        return polars.DataFrame(rows).with_columns(polars.selectors.datetime().dt.cast_time_unit("ms"))

    def chunks(rows: list[dict[str, Any]]) -> pyarrow.Table:
        return pyarrow.concat_tables([arrow(rows[:7]), arrow(rows).slice(7, 0), arrow(rows[7:])])

    def duck(rows: list[dict[str, Any]]) -> Any:
        return duckdb.from_arrow(arrow(rows))

    def panda(rows: list[dict[str, Any]]) -> pandas.DataFrame:
        frame = pandas.DataFrame(rows)
        frame["ended_at"] = pandas.to_datetime(frame["ended_at"], utc=True)
        return frame.assign(unit=frame["unit"].astype("category"))

    return [arrow, coded, frame, milliseconds, chunks, duck, panda]


@pytest.mark.parametrize("make", tables(), ids=lambda make: make.__name__)
def test_every_kind_of_table_gives_what_a_count_by_hand_gives(make: Callable[[list[dict[str, Any]]], Any]) -> None:
    rows = cases()
    found = gr.pendency(make(rows), as_of=AS_OF, zone=ZONE)
    bands = ["under 7", "7 to 14", "15 to 30", "more than 30"]
    own = {row["unit"]: [row[band] for band in bands] for row in found.rows_as_dicts()}
    assert own == naive_pendency(rows)
    assert found.rejected == []


def test_durations_are_those_of_polars() -> None:
    rows = cases()
    found = gr.durations(polars.DataFrame(rows), as_of=AS_OF, zone=ZONE)
    days = polars.col("ended_at").dt.convert_time_zone(ZONE).dt.date() - polars.col("received_at").dt.convert_time_zone(
        ZONE
    ).dt.date()
    hand = (
        polars.DataFrame(rows)
        .filter(polars.col("ended_at").is_not_null())
        .with_columns(days.dt.total_days().alias("days"))
        .group_by("unit")
        .agg(polars.col("days").median().alias("median"), polars.col("days").mean().alias("mean"))
        .sort("unit")
    )
    assert found.to_dict()["unit"] == hand["unit"].to_list()
    assert found.to_dict()["median_days"] == pytest.approx(hand["median"].to_list())
    assert found.to_dict()["mean_days"] == pytest.approx(hand["mean"].to_list())


def test_a_dataframe_is_grouped_by_any_column_of_texts() -> None:
    rows = [row | {"ward": [None, "north", "south"][place % 3]} for place, row in enumerate(cases(300))]
    found = gr.pendency(polars.DataFrame(rows), as_of=AS_OF, zone=ZONE, by="ward")
    assert (found.columns[0], found.to_dict()["ward"]) == ("ward", ["north", "south", None])
    by_hand = [sum(naive_pendency([row for row in rows if row["ward"] == ward]).get(unit, [0])[0] for unit in (
        "Health", "Water", "Works & Roads")) for ward in ("north", "south", None)]
    assert found.to_dict()["under 7"] == by_hand
    kept = gr.Cases.read(polars.DataFrame(rows), zone=ZONE, groups=["ward"])
    assert kept.durations(as_of=AS_OF, by="ward").to_dict()["ward"] == ["north", "south", None]
    with pytest.raises(gr.AmendError) as unknown:
        gr.pendency(polars.DataFrame(rows), as_of=AS_OF, zone=ZONE, by="wart")
    assert (unknown.value.code, unknown.value.hint) == ("map_invalid", 'did you mean "ward"?')
    with pytest.raises(gr.AmendError) as later:
        kept.pendency(as_of=AS_OF, by="wart")
    assert (later.value.where, later.value.hint) == ("by", 'did you mean "ward"?')


def test_columns_are_read_where_they_lie() -> None:
    frame = polars.DataFrame(cases())
    own = frame["received_at"].to_arrow().buffers()[1].address
    assert _native.addresses(frame, "received_at") == [own]
    table = pyarrow.table({"received_at": pyarrow.array([NOW, NOW], pyarrow.timestamp("us", tz="UTC"))})
    assert _native.addresses(table, "received_at") == [table["received_at"].chunk(0).buffers()[1].address]


def test_an_answer_goes_back_into_any_dataframe() -> None:
    found = gr.pendency(polars.DataFrame(cases()), as_of=AS_OF, zone=ZONE)
    frame, arrow = polars.DataFrame(found), pyarrow.table(found)
    assert frame.columns == found.columns == arrow.column_names
    assert frame.to_dict(as_series=False) == found.to_dict()
    assert arrow.schema.field("oldest_received_on").type == pyarrow.date32()
    assert len(found) == 3


def test_a_page_for_a_notebook_escapes_names() -> None:
    rows = [{"received_at": NOW, "unit": "<script>alert(1)</script>"}]
    page = gr.pendency(polars.DataFrame(rows), as_of=date(2027, 1, 1), zone=ZONE)._repr_html_()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_columns_of_any_name_are_mapped_and_the_nearest_is_suggested() -> None:
    frame = polars.DataFrame(cases()).rename({"received_at": "opened", "unit": "department"})
    columns = {"received_at": "opened", "unit": "department"}
    assert len(gr.pendency(frame, as_of=AS_OF, zone=ZONE, columns=columns)) == 3
    with pytest.raises(gr.AmendError) as missing:
        gr.pendency(frame, as_of=AS_OF, zone=ZONE, columns={"received_at": "openned", "unit": "department"})
    assert (missing.value.code, missing.value.where) == ("map_invalid", "openned")
    assert missing.value.hint == 'did you mean "opened"?'
    with pytest.raises(gr.AmendError) as unknown:
        gr.pendency(frame, as_of=AS_OF, zone=ZONE, columns={"recieved_at": "opened"})
    assert unknown.value.hint == 'did you mean "received_at"?'
    with pytest.raises(gr.AmendError) as unmapped:
        gr.pendency(frame, as_of=AS_OF, zone=ZONE)
    assert unmapped.value.where == "received_at"


def test_a_table_without_rows_is_held_to_its_columns() -> None:
    instants, texts = pyarrow.timestamp("us", "UTC"), pyarrow.string()
    right = pyarrow.schema([("received_at", instants), ("unit", texts), ("ward", texts), ("reopened", pyarrow.int64())])

    def without_batches(schema: pyarrow.Schema) -> pyarrow.RecordBatchReader:
        return pyarrow.RecordBatchReader.from_batches(schema, [])

    for make in (without_batches, pyarrow.Schema.empty_table, lambda schema: polars.DataFrame(schema.empty_table())):
        for by in ("unit", "ward"):
            assert len(gr.pendency(make(right), as_of=AS_OF, zone=ZONE, by=by)) == 0
        wrong: list[tuple[pyarrow.Schema, dict[str, Any], str]] = [
            (right, {"columns": {"received_at": "nope"}}, "nope"),
            (right, {"columns": {"recieved_at": "ward"}}, "recieved_at"),
            (right, {"by": "wart"}, "wart"),
            (right, {"by": "reopened"}, "reopened"),
            (right.remove(0), {}, "received_at"),
            (right.set(0, pyarrow.field("received_at", texts)), {}, "received_at"),
            (right.set(0, pyarrow.field("received_at", pyarrow.timestamp("us"))), {}, "received_at"),
            (right.set(3, pyarrow.field("reopened", texts)), {}, "reopened"),
        ]
        for schema, given, where in wrong:
            with pytest.raises(gr.AmendError) as refused:
                gr.pendency(make(schema), as_of=AS_OF, zone=ZONE, **given)
            assert (refused.value.code, refused.value.where) == ("map_invalid", where)


def test_two_columns_of_one_name_are_not_guessed_between() -> None:
    instants = pyarrow.array([NOW], pyarrow.timestamp("us", "UTC"))
    table = pyarrow.Table.from_arrays([instants, instants, pyarrow.array(["works"])], ["received_at", "received_at", "unit"])
    with pytest.raises(gr.AmendError) as refused:
        gr.pendency(table, as_of=AS_OF, zone=ZONE)
    assert (refused.value.code, refused.value.where) == ("map_invalid", "received_at")


def test_a_datetime_is_no_day() -> None:
    read = gr.Cases.read(polars.DataFrame(cases(3)), zone=ZONE)
    late = datetime(2026, 4, 1, 20, tzinfo=UTC)  # the second of April in the offices' zone
    for ask in (gr.pendency, gr.durations, gr.kaplan_meier, gr.disposal_index, gr.rank, gr.mis):
        with pytest.raises(gr.WrongTypeError) as refused:
            ask(read, as_of=late)
        assert refused.value.where == "as_of"
    with pytest.raises(gr.WrongTypeError) as since:
        gr.flow(read, since=late, until=AS_OF)
    assert since.value.where == "since"


def test_how_a_dataframe_is_read_is_refused_beside_cases() -> None:
    read = gr.Cases.read(polars.DataFrame(cases(3)), zone=ZONE)
    ways: list[dict[str, Any]] = [{"columns": {}}, {"zone": "Mars/Olympus"}, {"naive": "UTC"}, {"until": NOW}]
    for given in ways:
        with pytest.raises(gr.AmendError) as refused:
            gr.pendency(read, as_of=AS_OF, **given)
        assert [refused.value.where] == list(given)


def test_what_is_no_table_says_so() -> None:
    with pytest.raises(gr.WrongTypeError) as refused:
        gr.pendency(42, as_of=AS_OF, zone=ZONE)  # type: ignore[arg-type]
    assert refused.value.where == "data"
    with pytest.raises(gr.AmendError) as zoneless:
        gr.pendency(polars.DataFrame(cases(3)), as_of=AS_OF)
    assert zoneless.value.where == "zone"
    with pytest.raises(gr.AmendError) as negative:
        gr.pendency(polars.DataFrame(cases(3)), as_of=AS_OF, zone=ZONE, cuts=[-1])
    assert negative.value.where == "cuts"


def test_datetimes_with_and_without_a_zone_in_one_column_are_refused() -> None:
    mixed = [datetime(2026, 3, 2, 10), datetime(2026, 3, 2, 10, tzinfo=UTC)]
    frame = pandas.DataFrame({"received_at": pandas.Series(mixed, dtype=object), "unit": ["works", "works"]})
    with pytest.raises(gr.AmendError) as refused:
        gr.pendency(frame, as_of=AS_OF, zone=ZONE, naive=ZONE)
    assert (refused.value.code, refused.value.where) == ("map_invalid", "received_at")
    zones = [datetime(2026, 3, 2, 10, tzinfo=UTC), datetime(2026, 3, 2, 10, tzinfo=timezone(timedelta(hours=5, minutes=30)))]
    frame["received_at"] = pandas.Series(zones, dtype=object)
    try:
        told = gr.pendency(frame, as_of=AS_OF, zone=ZONE)
    except gr.AmendError as problem:
        assert problem.where in ("received_at", "data")
    else:
        assert told.to_dict()["received"] == [2]
    days = pandas.DataFrame({"received_at": [date(2026, 3, 2)], "unit": ["works"]})
    assert gr.pendency(days, as_of=AS_OF, zone=ZONE).to_dict()["received"] == [1]


def test_what_a_tables_own_library_raises_is_the_cause() -> None:
    class Broken:
        def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
            raise OSError("the disk is gone")

    with pytest.raises(gr.AmendError) as refused:
        gr.pendency(Broken(), as_of=AS_OF, zone=ZONE)
    assert refused.value.where == "data"
    assert isinstance(refused.value.__cause__, OSError)


def test_rows_that_cannot_be_counted_are_told_each_at_its_place() -> None:
    good = {"received_at": NOW, "ended_at": NOW + timedelta(days=1), "unit": "works", "phase": "disposed", "reopened": 0}
    rows = [good] * 9
    rows[1] = good | {"received_at": None}
    rows[2] = good | {"ended_at": NOW - timedelta(days=1)}
    rows[3] = good | {"unit": None}
    rows[5] = good | {"phase": "finished"}
    rows[6] = good | {"ended_at": None}
    rows[7] = good | {"reopened": -1}
    read = gr.Cases.read(polars.DataFrame(rows), zone=ZONE)
    assert len(read) == 3
    assert [(it.row, it.column, it.code) for it in read.rejected] == [
        (1, "received_at", "row_invalid"),
        (2, "ended_at", "dates_contradict"),
        (3, "unit", "row_invalid"),
        (5, "phase", "row_invalid"),
        (6, "ended_at", "row_invalid"),
        (7, "reopened", "row_invalid"),
    ]
    answer = gr.durations(read, as_of=date(2027, 1, 1))
    assert (len(answer.rejected), answer.to_dict()["disposed"]) == (6, [3])


def test_timestamps_without_a_zone_are_read_only_in_one_that_is_named() -> None:
    frame = polars.DataFrame({"received_at": [datetime(2026, 3, 31, 20, 0)], "unit": ["works"]})
    with pytest.raises(gr.AmendError) as naive:
        gr.pendency(frame, as_of=AS_OF, zone=ZONE)
    assert (naive.value.code, naive.value.where) == ("map_invalid", "received_at")
    # Eight in the evening in Kolkata is before midnight there; of UTC it is half past one on the day itself.
    assert gr.pendency(frame, as_of=AS_OF, zone=ZONE, naive=ZONE).to_dict()["received"] == [1]
    assert gr.pendency(frame, as_of=AS_OF, zone=ZONE, naive="UTC").to_dict()["received"] == []


def test_a_wall_clock_that_showed_a_time_twice_or_never_is_read_all_the_same() -> None:
    walls = [datetime(2026, 3, 8, 2, 30), datetime(2026, 11, 1, 1, 30)]
    frame = polars.DataFrame({"received_at": walls, "unit": ["skipped", "twice"]})
    read = gr.Cases.read(frame, zone="America/New_York", naive="America/New_York")
    assert (len(read), read.rejected) == (2, [])


@pytest.mark.parametrize(
    ("column", "values"), [("received_at", ["2026-03-01"]), ("unit", [1]), ("received_at", [1.5])]
)
def test_a_column_of_another_type_is_named(column: str, values: list[Any]) -> None:
    frame = polars.DataFrame({"received_at": [NOW], "unit": ["works"]} | {column: values})
    with pytest.raises(gr.AmendError) as other:
        gr.pendency(frame, as_of=AS_OF, zone=ZONE)
    assert (other.value.code, other.value.where) == ("map_invalid", column)


def test_days_of_either_length_and_counts_with_gaps_are_read() -> None:
    days = pyarrow.array([date(2026, 3, 2), None, date(1969, 12, 31)])
    for kind in (pyarrow.date32(), pyarrow.date64()):
        read = gr.Cases.read(pyarrow.table({"received_at": days.cast(kind), "unit": ["works"] * 3}), zone=ZONE)
        assert [row.row for row in read.rejected] == [1]
        assert read.pendency(as_of=AS_OF).to_dict()["oldest_received_on"] == [date(1969, 12, 31)]
    counts = pandas.DataFrame({"received_at": [NOW] * 3, "unit": ["works"] * 3, "reopened": [2, None, 0]})
    assert counts["reopened"].dtype == "float64"
    read = gr.Cases.read(counts, zone=ZONE)
    assert (len(read), read.rejected) == (3, [])
    assert read.rates(as_of=date(2027, 1, 1)).to_dict()["reopened"] == [1]
    for wrong in (1.5, -1.0, 2.0**32, float("inf")):
        for kind in (pyarrow.float64(), pyarrow.float32()):
            column = pyarrow.array([1.0, wrong, float("nan")]).cast(kind)
            table = pyarrow.table({"received_at": [NOW] * 3, "unit": ["works"] * 3, "reopened": column})
            assert [(row.row, row.column) for row in gr.Cases.read(table, zone=ZONE).rejected] == [(1, "reopened")]
    with pytest.raises(gr.AmendError, match="whole numbers"):
        gr.Cases.read(counts.assign(reopened=["2", "1", "0"]), zone=ZONE)


def test_cases_that_were_read_are_not_read_again() -> None:
    read = gr.Cases.read(polars.DataFrame(cases(3)), zone=ZONE)
    with pytest.raises(gr.WrongTypeError, match="ask it for its measures") as refused:
        gr.Cases.read(read, zone=ZONE)
    assert refused.value.where == "data"
    with pytest.raises(gr.WrongTypeError, match="give a polars"):
        gr.Cases.read(object(), zone=ZONE)


def test_open_cases_count_as_far_as_they_go() -> None:
    day = datetime(2026, 3, 1, 6, tzinfo=UTC)
    rows = [(day, day + timedelta(days=3)), (day, None), (day, day + timedelta(days=8))]
    frame = polars.DataFrame({"received_at": [r for r, _ in rows], "ended_at": [e for _, e in rows], "unit": ["w"] * 3})
    curve = gr.kaplan_meier(frame, as_of=AS_OF, zone=ZONE)
    assert curve.to_dict()["days"] == [3, 8, 31]
    assert curve.to_dict()["share"] == pytest.approx([2 / 3, 1 / 3, 1 / 3])
    assert curve.about["median"]["days"] == 8


def test_what_came_in_and_went_out_adds_up() -> None:
    ledger = gr.flow(polars.DataFrame(cases()), since=date(2025, 4, 1), until=date(2026, 3, 1), zone=ZONE)
    lines = ledger.rows_as_dicts()
    assert len(lines) == 12
    for line, following in zip(lines, lines[1:], strict=False):
        assert line["brought_forward"] + line["received"] - line["disposed"] == line["pending"]
        assert following["brought_forward"] == line["pending"]


def test_offices_are_ranked_and_equal_ones_share_a_place() -> None:
    day = datetime(2026, 3, 1, 6, tzinfo=UTC)
    took = {"Alpha": 2, "Beta": 9, "Gamma": 9, "Zeta": 40, "Nothing closed": None}
    frame = polars.DataFrame(
        {
            "received_at": [day - timedelta(days=30)] * 50,
            "ended_at": [None if days is None else day - timedelta(days=30 - days) for days in took.values()] * 10,
            "unit": list(took) * 10,
        }
    )
    ranked = gr.rank(frame, as_of=date(2026, 5, 1), zone=ZONE, index="average_days")
    assert ranked.columns == ["unit", "group", "score", "rank"]
    places = {line["unit"]: line["rank"] for line in ranked.rows_as_dicts()}
    assert places["Alpha"] == 1
    assert places["Beta"] == places["Gamma"]
    assert places["Nothing closed"] is None
    whole = gr.disposal_index(frame, as_of=date(2026, 5, 1), zone=ZONE, index="average_days")
    counted = {line["unit"]: (line["days_count"], line["days_of"]) for line in whole.rows_as_dicts()}
    assert counted["Zeta"] == (400, 10)
    few = gr.disposal_index(frame.head(5), as_of=date(2026, 5, 1), zone=ZONE, index="average_days").to_dict()
    assert (few["rank"], few["standing"][:4], few["standing"][4]) == ([None] * 5, ["too_few"] * 4, None)
    definition = whole.about["definition"]
    again = gr.disposal_index(frame, as_of=date(2026, 5, 1), zone=ZONE, index=definition)
    assert again.to_dict() == whole.to_dict()
    with pytest.raises(gr.AmendError) as unknown:
        gr.rank(frame, as_of=AS_OF, zone=ZONE, index="average_day")
    assert unknown.value.hint == 'did you mean "average_days"?'


def test_the_statement_of_a_dataframe_says_what_pendency_says() -> None:
    rows = cases() + [{"received_at": None, "ended_at": None, "unit": "Water"}]
    frame = polars.DataFrame(rows)
    statement, pending = (measure(frame, as_of=AS_OF, zone=ZONE) for measure in (gr.mis, gr.pendency))
    bands = ["received", "disposed", "pending", "under 7", "7 to 14", "15 to 30", "more than 30"]
    assert statement.select(bands).to_dict() == pending.select(bands).to_dict()
    assert statement.to_dict()["unit"] == ["Health", "Water", "Works & Roads"]
    assert (statement.about["rejected"], statement.rejected[0].row) == (1, 500)
    assert statement.about["flow"]["difference"] == 0


def test_a_desk_is_measured_like_a_dataframe(desk: gr.Desk, citizen: gr.Actor, officer: gr.Actor) -> None:
    for _ in range(3):
        desk.by(citizen, NOW).lodge(narrative="No water.")
    acting = desk.by(officer, NOW + timedelta(days=20))
    found = gr.pendency(acting, as_of=date(2026, 12, 13))
    assert (found.to_dict()["pending"], found.to_dict()["15 to 30"]) == ([3], [3])
    statement = gr.mis(acting, as_of=date(2026, 12, 13))
    assert statement.about["received"] == 3
    assert statement.to_dict()["pending"] == [3]


def test_every_measure_of_a_desk_is_a_method(desk: gr.Desk, citizen: gr.Actor, officer: gr.Actor) -> None:
    case = desk.by(citizen, NOW).lodge(narrative="No water.").case
    acting = desk.by(officer, NOW + timedelta(days=20))
    measures, day = acting.measures, date(2026, 12, 13)
    waits = measures.waiting(as_of=day)
    assert (waits.to_dict()["pending"], waits.to_dict()["with the office: 15 to 30"]) == ([1], [1])
    assert measures.stays(as_of=day).to_dict()["still"] == [1, 1, 1]
    moved = measures.movements(since=date(2026, 11, 1), until=day, period="week", begins="fri", cut_off="17:00")
    assert sum(moved.to_dict()["received"]) == 1 and set(moved.to_dict()["difference"]) == {0}
    assert measures.pendency(as_of=day, by="unit_0").to_dict()["pending"] == [1]
    review = measures.review(as_of=day, index="average_days")
    assert review.about["all"]["lines"]["pending"]["week"] == 1
    assert (review.to_dict()["unit"][0], review.to_dict()["line"][0]) == (None, "brought_forward")
    behind = measures.behind(as_of=day, of="pending", unit=review.about["unit"], span="below")
    assert (behind.to_dict(), behind.about["count"]) == ({"case": [case], "times": [1]}, 1)
    page = measures.review_html(as_of=day, index="average_days", title="Haldia <1>", language="bn", lists="?{unit}&{span}&{of}")
    assert 'lang="bn"' in page and "Haldia &lt;1&gt;" in page and "<script" not in page
    assert 'href="?city&amp;below&amp;pending"' in page
    assert gr.rates(acting, as_of=day).to_dict() == measures.rates(as_of=day).to_dict()
    assert len(measures.causes(as_of=day)) == len(measures.suspicions(since=day, until=day)) == 0
    drawn = measures.sample(since=date(2026, 11, 1), until=day, seed="5f" * 32)
    assert (len(drawn), drawn.about["disposals"]) == (0, 0), case
    refused: dict[str, Callable[[], object]] = {
        "unit": lambda: measures.waiting(as_of=day, unit="atlantis"),
        "language": lambda: measures.review_html(as_of=day, language="la"),  # type: ignore[arg-type]
        "of": lambda: measures.behind(as_of=day, of="pendency"),
        "seed": lambda: measures.sample(since=day, until=day, seed="dice"),
        "begins": lambda: measures.movements(since=day, until=day, period="week", begins="payday"),
        "cut_off": lambda: measures.movements(since=day, until=day, cut_off="tea time"),
        "since": lambda: measures.suspicions(since=day, until=date(2026, 1, 1)),
        "at_most": lambda: measures.trends(until=day, at_most=2.0),
        "span": lambda: measures.changes(as_of=day, span=-1),
        "as_of": lambda: measures.causes(as_of="2026-12-13"),  # type: ignore[arg-type]
        "percentiles": lambda: measures.durations(as_of=day, percentiles=[150.0]),
    }
    for place, ask in refused.items():
        with pytest.raises(gr.AmendError) as wrong:
            ask()
        assert wrong.value.where == place, place


def test_rates_closures_and_lengths_of_a_dataframe() -> None:
    frame = polars.DataFrame(cases())
    rates = gr.rates(frame, as_of=AS_OF, zone=ZONE)
    pending = gr.pendency(frame, as_of=AS_OF, zone=ZONE)
    assert rates.select(["unit", "received", "disposed"]).to_dict() == pending.select(["unit", "received", "disposed"]).to_dict()
    mix = gr.closures(frame, as_of=AS_OF, zone=ZONE).to_dict()
    assert sum(mix["count"]) == 2 * sum(pending.to_dict()["disposed"])  # once by class, once by reason
    lengths = gr.durations(frame, as_of=AS_OF, zone=ZONE, percentiles=[0, 50, 99.5], within=[0, 7]).to_dict()
    assert list(lengths)[3:] == ["p0_days", "median_days", "p99.5_days", "within_0", "within_7"]
    assert lengths["median_days"] == gr.durations(frame, as_of=AS_OF, zone=ZONE).to_dict()["median_days"]
    curve = gr.kaplan_meier(frame, as_of=AS_OF, zone=ZONE, percentiles=[25, 50])
    quarter, half = curve.about["percentiles"]
    assert half["days"] == curve.about["median"]["days"] and quarter["days"] <= half["days"]
    assert gr.trends(frame, until=AS_OF, by="unit", zone=ZONE).about["weeks"] == 13
