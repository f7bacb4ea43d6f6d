"""Put faults into the mathematics, drawn at random, and see which the quick tests find; a script.

mutmut makes the mutants and tries each on the quick tests that it saw reach the function. Of tests
that share what is made once it sees the first alone; so what survives is tried again on all quick
tests of its room, in a process in which the fault is there from the first import on.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
from scipy.stats import binomtest

MUTMUT = Path(sys.executable).with_name("mutmut")
RUN = [MUTMUT, "run", "--max-children", "1"]
ARGUMENTS = tomllib.loads(Path("pyproject.toml").read_text())["tool"]["mutmut"]
SURVIVED = {0, 5, 33}  # codes of tests that pass, and of no tests
FAILED = 1


def codes() -> dict[str, int | None]:
    """Give the code that the tests of each mutant ended with; None of those not tried."""
    known: dict[str, int | None] = {}
    for path in Path("mutants").rglob("*.meta"):
        known |= json.loads(path.read_text())["exit_code_by_key"]
    return known


def found_in_its_room(mutant: str) -> bool:
    """Run all quick tests of the room that a mutant is in."""
    room = f"tests/{mutant.split('.')[1]}"
    options = ["-x", "-q", "-n", "0", "--rootdir=.", *ARGUMENTS["pytest_add_cli_args"]]
    there = {"MUTANT_UNDER_TEST": mutant, "PYTHONPATH": str(Path("mutants").resolve())}
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *options, room],
        cwd="mutants",
        env=os.environ | there,
        capture_output=True,
        check=False,
    )
    return run.returncode == FAILED


def main() -> None:
    """Draw, try and print what was not found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--without", type=Path, nargs="*", default=[], help="names looked at before"
    )
    given = parser.parse_args()
    subprocess.run([*RUN, "trust_router.learning.past.*"], check=True)  # makes all there are
    before = {name for path in given.without for name in path.read_text().split()}
    every = sorted(codes().keys() - before)
    names = np.random.default_rng(given.seed).choice(every, given.number, replace=False).tolist()
    Path("mutants/drawn.txt").write_text("\n".join(names))
    subprocess.run([*RUN, *names], check=True)
    first = codes()
    left = [name for name in names if first[name] in SURVIVED]
    survived = [name for name in left if not found_in_its_room(name)]
    for name in survived:
        subprocess.run([MUTMUT, "show", name], check=True)
    number = len(names)
    found = binomtest(number - len(survived), number)
    low, high = found.proportion_ci(0.9, "wilson")
    print(
        f"{found.k} of {number} found, {found.statistic:.0%}; 90 % interval {low:.0%} to {high:.0%}"
    )


if __name__ == "__main__":
    main()
