"""The peers of `benches/calendar.rs`: numpy's busday_offset and PyPI's businesstimedelta.

Reads one line of JSON with the paths and the calendar, then does one timed piece of work for each
line it is sent (`days` or `minutes`) and answers with its nanoseconds. Results go to files, where
the bench compares them with its own.
"""

import datetime
import json
import sys
import time

import businesstimedelta
import numpy
import pytz

job = json.loads(sys.stdin.readline())

days = numpy.fromfile(job["days"], dtype="<i4").astype("datetime64[D]")
week = numpy.busdaycalendar(weekmask="1111100", holidays=job["holidays"])

zone = pytz.timezone(job["zone"])
holidays = {datetime.date.fromisoformat(day) for day in job["holidays"]}
work = businesstimedelta.WorkDayRule(
    start_time=datetime.time(10), end_time=datetime.time(17, 30), working_days=[0, 1, 2, 3, 4], tz=zone
)
rules = businesstimedelta.Rules([work, businesstimedelta.HolidayRule(holidays, tz=zone)])
pairs = numpy.fromfile(job["pairs"], dtype="<i8").reshape(-1, 2)[: job["peer_pairs"]]
starts = [datetime.datetime.fromtimestamp(int(ms) // 1000, pytz.utc) for ms in pairs[:, 0]]
amounts = [businesstimedelta.BusinessTimeDelta(rules, seconds=int(ms) // 1000) for ms in pairs[:, 1]]

print("ready", flush=True)
for line in sys.stdin:
    if line.strip() == "days":
        began = time.perf_counter_ns()
        moved = numpy.busday_offset(days, job["n"], roll="backward", busdaycal=week)
        took = time.perf_counter_ns() - began
        moved.astype("<i8").astype("<i4").tofile(job["days"] + ".peer")
    else:
        began = time.perf_counter_ns()
        due = [start + amount for start, amount in zip(starts, amounts)]
        took = time.perf_counter_ns() - began
        numpy.array([round(at.timestamp()) * 1000 for at in due], dtype="<i8").tofile(job["pairs"] + ".peer")
    print(took, flush=True)
