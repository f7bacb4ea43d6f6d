"""Count and join tables that stay in their engine: `python benchmarks/warehouse.py [TICKETS]`.

Six judges state probabilities on a grid of 0.1. The table is written once as Parquet; then every
engine counts it and joins a decision to each ticket in a process of its own, so that its peak
memory is its own. PySpark takes part where it and Java are installed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from scipy import special

TICKETS = 5_000_000
PART = 500_000
JUDGES = ("haiku", "mini", "sonnet", "gpt", "grok", "reason")
BIAS = np.array([-2.3, -2.6, -2.0, -2.3, -2.2, -2.9])
SLOPE = np.array([0.4, 0.3, 0.5, 0.5, 0.6, 0.7])
ENGINES = ("duckdb", "polars", "pyspark")


def write(path: Path, tickets: int) -> None:
    """Write tickets with biased judges; 5 % of the scores and 40 % of the outcomes are missing."""
    rng = np.random.default_rng(1)
    writer = None
    for start in range(0, tickets, PART):
        number = min(PART, tickets - start)
        difficulty = rng.normal(-0.5, 1.3, number)
        seen = difficulty[:, None] + rng.normal(0, 1.2, (number, 6))
        said = (special.expit(BIAS + SLOPE * seen) * 10).round() / 10
        said[rng.random(said.shape) < 0.05] = np.nan
        outcome = rng.binomial(1, special.expit(difficulty))
        columns: dict[str, Any] = {
            "ticket": pa.array(np.arange(start, start + number)),
            "category": pa.array(rng.choice([f"kind {i}" for i in range(8)], number)),
            **{j: pa.array(said[:, i], from_pandas=True) for i, j in enumerate(JUDGES)},
            "outcome": pa.array(outcome, mask=rng.random(number) < 0.4),
        }
        table = pa.table(columns)
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()


def opened(engine: str, path: str) -> Any:
    """Open the table lazily."""
    if engine == "duckdb":
        import duckdb

        return duckdb.connect().read_parquet(path)
    if engine == "polars":
        import polars as pl

        return pl.scan_parquet(path)
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.sql.shuffle.partitions", "8")
    builder = builder.config("spark.driver.memory", "3g")
    return builder.getOrCreate().read.parquet(path)


def measure(engine: str, path: str) -> dict[str, Any]:
    """Count, decide by row, join and count what was decided."""
    import narwhals as nw
    import pandas as pd

    from trust_router.inputs import count_tickets

    source = opened(engine, path)
    clock = [time.perf_counter()]
    counted = count_tickets(source, judges=JUDGES)
    clock.append(time.perf_counter())
    beliefs = counted.beliefs
    mean = np.nanmean(np.c_[beliefs.mean, np.full(len(beliefs), 0.15)], axis=1)
    actions = pd.DataFrame(
        {"action": np.where(mean > 0.2, "escalate", "simple first")}, index=list(beliefs.labels)
    )
    joined: nw.LazyFrame[Any] = nw.from_native(counted.join(source, actions)).lazy()
    found = joined.group_by("action").agg(nw.len().alias("number")).collect()
    clock.append(time.perf_counter())
    digest = hashlib.sha256()
    for values in (beliefs.alpha, beliefs.number, beliefs.trials, beliefs.needs):
        digest.update(np.nan_to_num(values).tobytes())
    digest.update("\n".join(beliefs.category).encode())
    peak, java = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, _java()
    return {
        "engine": engine,
        "tickets": int(beliefs.number.sum()),
        "rows": len(beliefs),
        "count s": round(clock[1] - clock[0], 1),
        "join s": round(clock[2] - clock[1], 1),
        "peak GiB": round(peak, 2),
        **({"and Java GiB": round(java, 2)} if java else {}),
        "actions": dict(
            sorted(zip(found["action"].to_list(), map(int, found["number"]), strict=True))
        ),
        "counts": digest.hexdigest()[:12],
    }


def _java() -> float:
    """Give the peak memory of the processes that this one has started, in GiB (Linux)."""
    found = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError):  # it has ended
            lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
            if int(lines["PPid"]) == os.getpid():
                found += int(lines.get("VmHWM", "0 kB").split()[0])
    return found / 2**20


def main(tickets: int) -> None:
    """Print a line for each engine, and whether all counted the same."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tickets.parquet"
        write(path, tickets)
        print(f"{tickets:,} tickets x {len(JUDGES)} judges, {path.stat().st_size / 2**20:.0f} MiB")
        lines = []
        for engine in ENGINES:
            if find_spec(engine) is None:
                print(f"{engine}: not installed")
                continue
            command = [sys.executable, __file__, "--one", engine, str(path)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                print(f"{engine}: {(done.stderr.splitlines() or ['failed'])[-1]}")
                continue
            lines.append(json.loads(done.stdout.splitlines()[-1]))
            print(lines[-1], flush=True)
    same = len({(line["counts"], str(line["actions"])) for line in lines}) == 1
    print("identical counts and decisions" if same else "COUNTS DIFFER")


if __name__ == "__main__":
    if "--one" in sys.argv:
        print(json.dumps(measure(*sys.argv[2:])))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else TICKETS)
