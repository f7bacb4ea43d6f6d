"""How long the package and its closed form take from a cold start, beside import pymc."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

ROUNDS = 7
MOST = 0.6  # of import pymc
COMMANDS = {
    "bare interpreter": [sys.executable, "-c", "pass"],
    "import trust_router": [sys.executable, "-c", "import trust_router"],
    "trust-router solve --json": [
        str(Path(sys.executable).with_name("trust-router")),
        "solve",
        "--json",
    ],
    "import pymc": [sys.executable, "-c", "import pymc"],
}


def main() -> None:
    """Time all commands in turn, so that a busy machine slows them alike, and print medians."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(ROUNDS):
        for name, command in COMMANDS.items():
            start = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True)
            times[name].append(time.perf_counter() - start)
    medians = {name: statistics.median(values) for name, values in times.items()}
    pymc = medians["import pymc"]
    for name, seconds in medians.items():
        print(f"{name:28} {seconds:6.2f} s  {seconds / pymc:5.2f} of import pymc")
    assert medians["import trust_router"] < MOST * pymc


if __name__ == "__main__":
    main()
