"""What learned trust adds: `python benchmarks/frozen_weights.py FOLDER [OUT [SPLITS]]`.

FOLDER holds `mmlupro_judges`. The pool beside one whose judges and routers keep the weights that
the panel states: level, slope, bend, what disagreement means and categories are learned, trust is
not. Prints held-out log loss of both on the same tickets, and their difference with its interval;
with OUT also writes them there as CSV.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from trust_router import Panel, Pool, backtest
from trust_router.examples.datasets import load_mmlupro
from trust_router.inputs.rows import Rows
from trust_router.learning.models.vector import Vector

HOW = {"feedbacks": [25, 100, 400, 1000], "held_out": 4000, "baselines": []}


_DEVIATIONS = {"judge_gain", "router_gain"}


@dataclass(frozen=True)
class Frozen(Pool):
    """The pool without deviations of judges and routers from the weights that were stated."""

    name = "frozen pool"

    def vector(self, panel: Panel, rows: Rows) -> Vector:
        """Leave the deviations of judges and routers out."""
        free = super().vector(panel, rows)
        kept = {n: prior for n, prior in free.normals.items() if n not in _DEVIATIONS}
        return replace(free, normals=kept)


def main(folder: str, out: str | None = None, splits: str = "10") -> None:
    """Run both targets."""
    for target in ("fails", "needs"):
        data = load_mmlupro(folder, target=target)
        models = {"learned": Pool(), "frozen": Frozen()}
        result = backtest(*data, models=models, splits=int(splits), progressbar=True, **HOW)
        table = result.table().query("metric == 'log_loss'")
        wide = table.pivot_table(index="method", columns="feedbacks", values="mean", sort=False)
        rest = result.differences().query("metric == 'log_loss'")
        columns = ["feedbacks", "difference", "lower", "upper"]
        print(f"\n== {target}: {result}\n{wide.round(4).to_string()}")
        print(
            f"-- frozen minus learned\n{rest[columns].round(4).to_string(index=False)}", flush=True
        )
        if out:
            Path(out).mkdir(parents=True, exist_ok=True)
            pd.concat([table, rest]).to_csv(Path(out) / f"frozen_{target}.csv", index=False)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(*sys.argv[1:])
    else:
        print("frozen_weights: skipped, give the folder that holds mmlupro_judges")
