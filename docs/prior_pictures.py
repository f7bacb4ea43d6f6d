"""Draw the prior predictive pictures of docs/model.md: `python docs/prior_pictures.py`."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import trust_router as tr
from trust_router.examples import load_seed
from trust_router.inputs.beliefs import Beliefs
from trust_router.learning.models.prior import sample_prior

HERE = Path(__file__).parent


def main() -> None:
    """Draw one picture for each model, from the bundled panel."""
    panel, stated, _ = load_seed()
    kinds = ["transfer failed", "refund", "login", "invoice"]
    repeated = (np.repeat(shape, len(kinds), axis=0) for shape in (stated.alpha, stated.beta))
    categories = tr.Beliefs(kinds, stated.judges, *repeated)
    rng = np.random.default_rng(1)
    tickets = 200
    said = rng.beta(2, 3, (tickets, len(stated.judges)))
    single = Beliefs(
        [f"t{i}" for i in range(tickets)],
        stated.judges,
        10 * said,
        10 * (1 - said),
        about="ticket",
        category=rng.choice(kinds, tickets).tolist(),
    )
    for model, beliefs in (("seed", stated), ("switch", categories), ("pool", single)):
        prior = sample_prior(panel, beliefs, model=model, draws=4000)
        figure = tr.plots.prior(prior)[0].figure
        figure.savefig(HERE / "images" / f"prior_{model}.png", dpi=110)


if __name__ == "__main__":
    main()
