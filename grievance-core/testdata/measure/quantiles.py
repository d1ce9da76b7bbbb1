"""Writes quantiles.json beside itself: random lengths and numpy's quantiles of them, to the last bit.

numpy.quantile with its default, which is type 7 of Hyndman and Fan. Lengths of `calendar` are days, of `elapsed`
milliseconds, which are divided by those of a day first; shares and quantiles are the bits of a double in hexadecimal.
Made with the numpy that the file names: `python3 quantiles.py`.
"""

import json
import random
import struct
from pathlib import Path

import numpy

DAY = 86_400_000
SHARES = [0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1.0]


def bits(number):
    return struct.pack(">d", number).hex()


def drawn(rng, rule):
    count = rng.choice([1, 2, 3, 4, 5, 10, 11, rng.randint(1, 40), rng.randint(1, 40)])
    longest = rng.choice([3, 40, 3_000])
    lengths = [rng.randint(0, longest if rule == "calendar" else longest * DAY) for _ in range(count)]
    of = numpy.array(lengths, dtype=numpy.float64) / (1 if rule == "calendar" else DAY)
    shares = rng.sample(SHARES, 3) + [rng.random(), rng.random()]
    return {
        "rule": rule,
        "lengths": lengths,
        "quantiles": [[bits(share), bits(float(numpy.quantile(of, share)))] for share in shares],
    }


def main():
    rng = random.Random(7)
    sets = [drawn(rng, rule) for _ in range(200) for rule in ("calendar", "elapsed")]
    lines = ",\n".join(json.dumps(one) for one in sets)
    made_with = json.dumps(f"numpy {numpy.__version__}, numpy.quantile, of synthetic data, by quantiles.py")
    text = f'{{"made_with": {made_with}, "sets": [\n{lines}\n]}}\n'
    Path(__file__).with_name("quantiles.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
