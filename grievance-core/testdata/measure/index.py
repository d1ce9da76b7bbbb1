"""Applies an index to offices, written from docs/guide/indexes.md and not from the library, in fractions.

Reads lines of JSON, each {"definition": ..., "offices": [{"unit": ..., "counts": {...}, "looks": [...]}]}, and
writes for each a line: a list of {"unit", "group", "score", "rank", "standing", "scores", "shares"}, sorted by
unit.
"""

import json
import math
import sys
from fractions import Fraction

# What is counted by the first is always among what is counted by the second.
PARTS = {
    "disposed_on_time": {"disposed_with_target", "disposed"},
    "disposed_with_target": {"disposed"},
    "disposed_within_30": {"disposed"},
    "disposed_with_class": {"disposed"},
    "benefit_provided": {"disposed_with_class", "disposed"},
    "special_closed": {"disposed"},
    "classified": {"disposed"},
    "outcomes_overdue": {"outcomes_owed"},
    "acknowledged_on_time": {"acknowledged_with_target"},
    "pending_over_30": {"pending"},
    "pending_overdue": {"pending"},
    "feedback_satisfied": {"feedback_given"},
    "verified_sound": {"verified"},
}
LIMITS = [(Fraction("3.090232"), "very_"), (Fraction("1.959964"), "")]


def looks_of(office):
    looks = office.get("looks")
    if looks is None:
        counts = office["counts"]
        own = [counts.get(name) for name in ("disposed", "verified", "verified_sound")]
        if None in own or not own[0] >= own[1] >= own[2]:
            return []
        looks = [dict(zip(("closings", "looked", "sound"), own))]
    return [(own["closings"], own["looked"], own["sound"]) for own in looks if own["looked"] > 0]


def decimal(number):
    return Fraction(repr(number))


def limits_of(term, office):
    """The share of sound closings and its limits, where enough looked."""
    looks = looks_of(office)
    if not looks or sum(m for _, m, _ in looks) < term["corrected"].get("at_least", 1):
        return None
    every = sum(n for n, _, _ in looks)
    share = sum(n * Fraction(s, m) for n, m, s in looks) / every
    spread = sum(Fraction(n, every) ** 2 * (1 - Fraction(m, n)) / m for n, m, _ in looks)
    q, v, z = float(share), float(spread), 1.959963984540054
    if v == 0:
        return share, decimal(q), decimal(q)
    middle = q + z * z * v / 2
    off = z * math.sqrt(q * (1 - q) * v + z * z * v * v / 4)
    low, high = ((middle + way * off) / (1 + z * z * v) for way in (-1, 1))
    low, high = min(max(low, 0.0), q), max(min(high, 1.0), q)
    return share, decimal(low), decimal(high)


def value_of(term, office):
    value = counted(term, office["counts"])
    if value is None or term.get("corrected") is None:
        return value
    limits = limits_of(term, office)
    if limits is None:
        factor = {"no_data": None, "as_counted": 1, "worst": 0}[term["corrected"]["unverified"]]
    else:
        factor = limits[("estimate", "low", "high").index(term["corrected"].get("take", "estimate"))]
    return None if factor is None else value * factor


def counted(term, counts):
    count = counts.get(term["count"])
    if "of" not in term:
        return None if count is None else Fraction(count)
    of = counts.get(term["of"])
    if count is None or of is None or of == 0:
        return None
    return Fraction(count, of)


def is_empty(term, counts):
    return "of" in term and counts.get(term["of"]) == 0 and term["count"] in counts


def between(worst, best, value):
    return min(Fraction(1), max(Fraction(0), (value - worst) / (best - worst)))


def score_of(term, office, peers):
    value = value_of(term, office)
    if value is None:
        if not is_empty(term, office["counts"]):
            return None
        return {"no_data": None, "worst": Fraction(0), "best": Fraction(1)}[term.get("when_empty", "no_data")]
    how = term["normalise"]
    if how == "min_max":
        values = [v for v in (value_of(term, other) for other in peers) if v is not None]
        low, high = min(values), max(values)
        if low == high:
            return Fraction(1)
        return between(low, high, value) if term["better"] == "higher" else between(high, low, value)
    if "target" in how:
        return between(how["target"]["worst"], how["target"]["best"], value)
    for band in how["bands"]:
        if "up_to" not in band or value <= band["up_to"]:
            return Fraction(band["score"])
    raise AssertionError("the last band has no limit")


def rounded(value, decimals, mode):
    scaled = value * 10**decimals
    whole = scaled.numerator // scaled.denominator  # scores are not negative
    rest = scaled - whole
    half = Fraction(1, 2)
    if mode != "down" and (rest > half or (rest == half and (mode == "half_up" or whole % 2))):
        whole += 1
    return Fraction(whole, 10**decimals)


def standing_of(definition, office, peers, scores):
    counts = office["counts"]
    terms = definition["terms"]
    volumes = [
        counts[term["of"]]
        for term, score in zip(terms, scores)
        if score is not None and "of" in term and term["of"] in counts
    ]
    if not volumes:
        return None
    if max(volumes) < definition.get("fewest", 10):
        return "too_few"
    only = terms[0]
    if len(terms) > 1 or "corrected" in only or only.get("of") not in PARTS.get(only["count"], set()):
        return None
    pairs = [(p["counts"].get(only["count"]), p["counts"].get(only["of"])) for p in peers]
    pairs = [(count, of) for count, of in pairs if count is not None and of is not None]
    own, of = counts.get(only["count"]), counts.get(only["of"])
    every = sum(of for _, of in pairs)
    if every == 0 or any(count > of for count, of in pairs) or own is None or not of:
        return None
    share = Fraction(sum(count for count, _ in pairs), every)
    if of * share < 5 or of * (1 - share) < 5:
        return None
    off = Fraction(own, of) - share
    for limit, very in LIMITS:
        if off * off > limit * limit * share * (1 - share) / of:
            return very + ("low" if off < 0 else "high")
    return "within"


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
        peers = [other for other in offices if group_of(other) == group]
        scores = [score_of(term, office, peers) for term in definition["terms"]]
        weights = [Fraction(term["weight"]) for term in definition["terms"]]
        known = sum(w for s, w in zip(scores, weights) if s is not None)
        score = standing = None
        if (None not in scores or definition["missing"] == "leave_out") and known > 0:
            score = sum(s * w for s, w in zip(scores, weights) if s is not None) / known
            rounding = definition["rounding"]
            score = rounded(
                score * definition.get("scale", 100), rounding["decimals"], rounding.get("mode", "half_even")
            )
            standing = standing_of(definition, office, peers, scores)
        shares = [
            (limits_of(term, office) if "corrected" in term else None) or (None, None, None)
            for term in definition["terms"]
        ]
        rows.append(
            {"unit": office["unit"], "group": group, "score": score, "standing": standing, "scores": scores, "shares": shares}
        )
    for row in rows:
        ranked = [o for o in rows if o["score"] is not None and o["standing"] != "too_few"]
        peers = [o["score"] for o in ranked if o["group"] == row["group"]]
        row["rank"] = 1 + sum(1 for o in peers if o > row["score"]) if row in ranked else None
    return sorted(rows, key=lambda row: row["unit"])


for line in sys.stdin:
    question = json.loads(line, parse_float=Fraction)
    print(json.dumps(graded(question["definition"], question["offices"]), default=float))
