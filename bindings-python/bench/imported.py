"""How long a fresh process takes to import the package, beside one that imports nothing.

The processes take turns. The first imports, which write what Python compiles, are not counted.

`scripts/python-bench` builds the extension and runs this.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time

ROUNDS = 25
#: As where a package is installed: what Python compiles is kept.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
PROGRAMS = {"grievance": "import grievance", "nothing": "pass"}


def took(program: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", program], check=True, env=ENVIRONMENT)
    return (time.perf_counter() - began) * 1_000


def main() -> None:
    for program in PROGRAMS.values():
        took(program)
    times: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for _ in range(ROUNDS):
        for name, program in PROGRAMS.items():
            times[name].append(took(program))
    medians = {name: statistics.median(own) for name, own in times.items()}
    more = medians["grievance"] - medians["nothing"]
    print(f"import: {more:.1f} ms more than a bare interpreter's {medians['nothing']:.1f} ms, medians of {ROUNDS} processes")


if __name__ == "__main__":
    sys.exit(main())
