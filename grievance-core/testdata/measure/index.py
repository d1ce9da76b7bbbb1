"""Applies an index to offices, written from docs/guide/indexes.md and not from the library.

Reads lines of JSON, each {"definition": ..., "offices": [{"unit": ..., "counts": {...}}]}, and writes for
each a line: a list of {"unit", "group", "score", "rank", "scores"}, sorted by unit.
"""

import json
import sys
from fractions import Fraction


def value_of(term, counts):
    count = counts.get(term["count"])
    if "of" not in term:
        return None if count is None else float(count)
    of = counts.get(term["of"])
    if count is None or of is None or of == 0:
        return None
    return count / of


def is_empty(term, counts):
    return "of" in term and counts.get(term["of"]) == 0 and term["count"] in counts


def between(worst, best, value):
    return min(1.0, max(0.0, (value - worst) / (best - worst)))


def score_of(term, counts, peers):
    value = value_of(term, counts)
    if value is None:
        if not is_empty(term, counts):
            return None
        return {"no_data": None, "worst": 0.0, "best": 1.0}[term.get("when_empty", "no_data")]
    how = term["normalise"]
    if how == "min_max":
        values = [v for v in (value_of(term, other) for other in peers) if v is not None]
        low, high = min(values), max(values)
        if low == high:
            return 1.0
        return between(low, high, value) if term["better"] == "higher" else between(high, low, value)
    if "target" in how:
        return between(how["target"]["worst"], how["target"]["best"], value)
    for band in how["bands"]:
        if "up_to" not in band or value <= band["up_to"]:
            return band["score"]
    raise AssertionError("the last band has no limit")


def rounded(value, decimals, mode):
    # Exact on the binary value, times a power of ten that is rounded to a double, as any float code does.
    scaled = Fraction(value * 10.0**decimals)
    whole = int(scaled)  # towards zero
    rest = abs(scaled - whole)
    if mode != "down" and (rest > Fraction(1, 2) or (rest == Fraction(1, 2) and (mode == "half_up" or whole % 2))):
        whole += 1 if scaled > 0 else -1
    return whole / 10.0**decimals


def graded(definition, offices):
    def group_of(office):
        groups = definition.get("groups")
        if groups is None or groups["by"] not in office["counts"]:
            return None
        size = office["counts"][groups["by"]]
        return [g["code"] for g in groups["groups"] if g["from"] <= size][-1]

    rows = []
    for office in offices:
        group = group_of(office)
        peers = [other["counts"] for other in offices if group_of(other) == group]
        scores = [score_of(term, office["counts"], peers) for term in definition["terms"]]
        weights = [term["weight"] for term in definition["terms"]]
        score = None
        if None not in scores:
            score = sum(s * w for s, w in zip(scores, weights))
        elif definition["missing"] == "leave_out":
            known = sum(w for s, w in zip(scores, weights) if s is not None)
            if known > 0:
                score = sum(s * (w / known) for s, w in zip(scores, weights) if s is not None)
        if score is not None:
            rounding = definition["rounding"]
            score = rounded(
                score * definition.get("scale", 100.0), rounding["decimals"], rounding.get("mode", "half_even")
            )
        rows.append({"unit": office["unit"], "group": group, "score": score, "scores": scores})
    for row in rows:
        better = [o for o in rows if o["group"] == row["group"] and o["score"] is not None]
        row["rank"] = (
            None if row["score"] is None else 1 + sum(1 for o in better if o["score"] > row["score"])
        )
    return sorted(rows, key=lambda row: row["unit"])


for line in sys.stdin:
    question = json.loads(line)
    print(json.dumps(graded(question["definition"], question["offices"])))
