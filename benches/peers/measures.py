"""The peers of `benches/measures.rs`: Polars and DuckDB, each in the better of its formulations.

Reads one line of JSON with the paths and the day, builds the same columns from raw little-endian
files in the order in which the bench holds them, then answers each question it is sent with its
nanoseconds. Results go to files, where the bench compares them with its own. Loading is not timed.
"""

import json
import sys
import time

import duckdb
import numpy
import polars
import pyarrow

job = json.loads(sys.stdin.readline())
day, at, cuts, within = job["day"], job["at"], job["cuts"], job["within"]
MS = 86_400_000

TYPES = {
    "unit": "<u4", "received_on": "<i4", "ended_on": "<i4", "received_at": "<i8", "ended_at": "<i8",
    "rating": "u1", "reopened": "<u2", "appealed": "<u2",
}


def column(name):
    """A column as Arrow has it: what is absent is null, as it would be in a table."""
    raw = numpy.fromfile(f"{job['folder']}/{name}", dtype=TYPES[name])
    if name in ("ended_on", "ended_at", "rating"):
        return pyarrow.array(raw, mask=raw == numpy.iinfo(raw.dtype).max)
    return pyarrow.array(raw)


table = pyarrow.table({name: column(name) for name in TYPES})
frame = polars.from_arrow(table, rechunk=True)
connection = duckdb.connect()
connection.register("arrow", table)
connection.execute("create table cases as select * from arrow")

BANDS_SQL = ", ".join(
    f"count(*) filter (where open and age >= {low}" + (f" and age < {high}" if high else "") + f") as band{at}"
    for at, (low, high) in enumerate(zip([-(10**6), *cuts], [*cuts, None]))
)


def sql_head(whole):
    age = f"({day} - received_on)" if whole else f"(({at} - received_at) // {MS})"
    ended = f"ended_on < {day}" if whole else f"ended_at < {at}"
    length = "(ended_on - received_on)" if whole else "(ended_at - received_at)"
    came = f"received_on < {day}" if whole else f"received_at < {at}"
    return f"""with seen as (
        select unit, {age} as age, coalesce({ended}, false) as done, not done as open,
            {length} as length, rating, reopened, appealed
        from cases where {came})"""


def sql_plain(whole):
    limit = within if whole else (within + 1) * MS - 1
    return f"""{sql_head(whole)}
        select unit, count(*) as received, count(*) filter (where done) as disposed, {BANDS_SQL},
            sum(length) filter (where done) as total, quantile_cont(length, [0.5, 0.9]) filter (where done) as q,
            count(*) filter (where done and length <= {limit}) as within,
            count(rating) filter (where done) as rated, sum(rating) filter (where done) as rating_sum,
            count(*) filter (where reopened > 0) as reopened, count(*) filter (where appealed > 0) as appealed
        from seen group by unit order by unit"""


def sql_histogram():
    """By unit and length first, then quantiles from the running counts."""
    return f"""{sql_head(True)},
        cell as (
            select unit, case when done then length end as days, count(*) as n, {BANDS_SQL},
                count(rating) filter (where done) as rated, sum(rating) filter (where done) as rating_sum,
                count(*) filter (where reopened > 0) as reopened, count(*) filter (where appealed > 0) as appealed
            from seen group by 1, 2),
        run as (
            select unit, days, n, sum(n) over (partition by unit order by days) as upto,
                sum(n) over (partition by unit) as of_all
            from cell where days is not null),
        place as (
            select unit, p, floor((of_all - 1) * p)::bigint as low, ((of_all - 1) * p) - floor((of_all - 1) * p) as part
            from (select distinct unit, of_all from run), (values (0.5::double), (0.9::double)) as it(p)),
        found as (
            select unit, p, part, min(days) filter (where upto > low) as one,
                min(days) filter (where upto > low + 1) as two
            from run join place using (unit) group by all),
        quantiles as (
            select unit, list(one + (coalesce(two, one) - one) * part order by p) as q from found group by unit),
        head as (
            select unit, sum(n)::bigint as received, sum(n) filter (where days is not null)::bigint as disposed,
                {", ".join(f"sum(band{at})::bigint as band{at}" for at in range(len(cuts) + 1))},
                sum(days * n) as total, sum(n) filter (where days <= {within}) as within,
                sum(rated) as rated, sum(rating_sum) as rating_sum, sum(reopened) as reopened,
                sum(appealed) as appealed
            from cell group by unit)
        select unit, received, disposed, {", ".join(f"band{at}" for at in range(len(cuts) + 1))}, total, q, within,
            rated, rating_sum, reopened, appealed
        from head left join quantiles using (unit) order by unit"""


c = polars.col


def seen(whole):
    came = c("received_on") < day if whole else c("received_at") < at
    done = (c("ended_on") < day if whole else c("ended_at") < at).fill_null(False)
    age = (day - c("received_on")) if whole else (at - c("received_at")) // MS
    length = (c("ended_on") - c("received_on")) if whole else (c("ended_at") - c("received_at"))
    return frame.lazy().filter(came).select(
        c("unit"), age.alias("age"), done.alias("done"), polars.when(done).then(length).alias("length"),
        polars.when(done).then(c("rating")).alias("rating"),
        (c("reopened") > 0).alias("reopened"), (c("appealed") > 0).alias("appealed"),
    )


def bands():
    lows, highs = [None, *cuts], [*cuts, None]
    for place, (low, high) in enumerate(zip(lows, highs)):
        own = ~c("done")
        own = own if low is None else own & (c("age") >= low)
        own = own if high is None else own & (c("age") < high)
        yield own.sum().alias(f"band{place}")


def counts():
    return [
        polars.len().alias("received"), c("done").sum().alias("disposed"), *bands(),
        c("length").cast(polars.Int64).sum().alias("total"), c("rating").count().alias("rated"),
        c("rating").cast(polars.Int64).sum().alias("rating_sum"), c("reopened").sum(), c("appealed").sum(),
    ]


def polars_plain(whole):
    limit = within if whole else (within + 1) * MS - 1
    grouped = seen(whole).group_by("unit").agg(
        *counts(), (c("length") <= limit).sum().alias("within"),
        c("length").quantile(0.5, "linear").alias("median"), c("length").quantile(0.9, "linear").alias("p90"),
    )
    return grouped.sort("unit").collect()


def polars_histogram():
    cell = seen(True).group_by("unit", "length").agg(*counts()).collect().lazy()
    totals = [f"band{at}" for at in range(len(cuts) + 1)]
    head = cell.group_by("unit").agg(
        c("received").sum(), c("disposed").sum(), *(c(name).sum() for name in totals), c("total").sum(),
        c("rated").sum(), c("rating_sum").sum(), c("reopened").sum(), c("appealed").sum(),
        c("disposed").filter(c("length") <= within).sum().alias("within"),
    )
    run = cell.filter(c("length").is_not_null()).sort("unit", "length").with_columns(
        c("received").cum_sum().over("unit").alias("upto"), c("received").sum().over("unit").alias("of_all"),
    )
    found = []
    for share in (0.5, 0.9):
        place = (c("of_all") - 1) * share
        low = c("length").filter(c("upto") > place.floor()).min()
        high = c("length").filter(c("upto") > (place.floor() + 1)).min()
        part = (place - place.floor()).first()
        found.append((low + (high.fill_null(low) - low) * part).alias("median" if share == 0.5 else "p90"))
    return head.join(run.group_by("unit").agg(*found), on="unit", how="left").sort("unit").collect()


QUESTIONS = {
    "duckdb plain days": lambda: connection.sql(sql_plain(True)).to_arrow_table(),
    "duckdb histogram days": lambda: connection.sql(sql_histogram()).to_arrow_table(),
    "duckdb plain millis": lambda: connection.sql(sql_plain(False)).to_arrow_table(),
    "polars plain days": lambda: polars_plain(True),
    "polars histogram days": lambda: polars_histogram(),
    "polars plain millis": lambda: polars_plain(False),
}

NAMES = ["unit", "received", "disposed", *(f"band{at}" for at in range(len(cuts) + 1)), "total", "within", "rated",
         "rating_sum", "reopened", "appealed"]


def write(answer, path):
    """Whole numbers as i64, then the two quantiles as f64, column after column."""
    answer = polars.from_arrow(answer) if isinstance(answer, pyarrow.Table) else answer
    if "q" in answer.columns:
        answer = answer.with_columns(c("q").list.get(0).alias("median"), c("q").list.get(1).alias("p90"))
    with open(path, "wb") as to:
        for name in NAMES:
            answer[name].fill_null(0).cast(polars.Int64).to_numpy().astype("<i8").tofile(to)
        for name in ("median", "p90"):
            answer[name].cast(polars.Float64).to_numpy().astype("<f8").tofile(to)


print("ready", flush=True)
for line in sys.stdin:
    question = line.strip()
    began = time.perf_counter_ns()
    answer = QUESTIONS[question]()
    took = time.perf_counter_ns() - began
    write(answer, f"{job['folder']}/answer")
    print(took, flush=True)
