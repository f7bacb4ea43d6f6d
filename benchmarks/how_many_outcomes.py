"""How many outcomes it takes, on the bundled support desk, where the truth is known.

    python benchmarks/how_many_outcomes.py [REPEATS]

Learns from some of the desk's outcomes, drawn at random and nested, and measures decisions about
all 3,000 tickets by their true need: as the desk escalates, and as if the simple model had been
tried on every ticket. Prints two tables; 4 repeats take five minutes on one core.
"""

from __future__ import annotations

import sys
import warnings

import numpy as np
import pandas as pd
from scipy import special

import trust_router as tr

SIZES = (25, 50, 100, 200, 400, 800, 1600)


def main(repeats: int = 4) -> None:
    """Fit to more and more outcomes, and print what that was worth."""
    warnings.simplefilter("ignore")
    desk = tr.examples.simulate_support_desk()
    panel, beliefs, outcomes = tr.examples.load_support_desk()
    costs = tr.read_costs(tr.examples.example_path("desk/costs.toml"))
    need = desk.need.loc[list(beliefs.labels)].to_numpy()
    drawn = (np.random.default_rng(0).random(len(need)) < need).astype(int)
    tried = desk.tickets.drop(columns="answered_by").assign(outcome=pd.array(drawn, dtype="Int64"))
    compiled = tr.compile_model(panel, beliefs, outcomes, draws=250, tune=300)
    for name, table in {"as the desk escalates": desk.tickets, "all tried": tried}.items():
        found = []
        for repeat in range(repeats):
            for size, some in nested(table, repeat):
                posterior = compiled.fit(
                    beliefs, tr.read_outcomes(some), random_seed=1, on_failure="warn"
                )
                told = posterior.predict(beliefs, allow_unconverged=True).mean
                found.append({"outcomes": size, **measured(told, need, costs)})
                print(found[-1], file=sys.stderr, flush=True)
        print(name)
        print(pd.DataFrame(found).groupby("outcomes").agg(["mean", "std"]).round(3).to_string())
    rate = desk.tickets.outcome.mean()
    print("rate alone", measured(np.full(len(need), rate), need, costs))
    print("the truth ", measured(need, need, costs))


def nested(table: pd.DataFrame, repeat: int):
    """Give tables in which more and more of the outcomes are known."""
    known = np.flatnonzero(table.outcome.notna())
    order = np.random.default_rng(repeat).permutation(known)
    for size in SIZES:
        some = table.copy()
        some.loc[np.setdiff1d(known, order[:size]), "outcome"] = pd.NA
        yield size, some


def measured(told: np.ndarray, need: np.ndarray, costs: tr.Costs) -> dict[str, float]:
    """Give expected log loss, and cost of 100 tickets, by their true need."""
    loss = -(special.xlogy(need, told) + special.xlogy(1 - need, 1 - told)).mean()
    chosen = costs.escalates(told)
    paid = np.where(chosen, costs.escalate(need), costs.simple_first(need)).mean()
    return {"loss": float(loss), "cost": float(100 * paid)}


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
