"""Posteriors from draws made by hand, so that tests need no sampling and no compiling."""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr

import trust_router as tr
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.matching import match
from trust_router.learning.diagnostics import Diagnostics
from trust_router.learning.models.known import choose
from trust_router.learning.posterior import Posterior
from trust_router.learning.provenance import describe_run
from trust_router.learning.storage import assemble


def drawn(panel, beliefs, outcomes, model, **draws) -> Posterior:
    """Wrap draws, each of shape (chain, draw, ...), as if a fit had made them."""
    rows = match(panel, beliefs, outcomes)
    options = choose(model, rows.about)
    dims = {
        "share": ["router"],
        "within": ["seat"],
        "router_gain": ["router"],
        "category_z": ["category"],
        "level": ["category"],
        **{name: ["judge"] for name in ("bias", "slope", "sharpness", "judge_gain")},
    }
    held = {dim for name in draws for dim in dims.get(name, [])}
    sampled = xr.Dataset(
        {name: (("chain", "draw", *dims.get(name, [])), values) for name, values in draws.items()},
        {dim: labels for dim, labels in options.coords(panel, rows).items() if dim in held},
    )
    recovered = options.recover(sampled, panel, rows)
    recovered = recovered.assign_coords(options.coords(panel, rows))
    settings = {"options": vars(options)}
    run = describe_run(
        panel, rows, method="nuts", model=options.name, libraries=("numpy",), settings=settings
    )
    posterior = assemble({"posterior": recovered}, panel, rows, run)
    # Made by hand, draws are as they are meant to be: nothing is to be diagnosed.
    posterior.__dict__["diagnostics"] = Diagnostics(0, 1.0, 1e4, 1e4, 1.0, 0)
    return posterior


def tickets(stated, outcome, category="all", concentration=10.0):
    """Beliefs and outcomes of tickets from what each judge states about them."""
    frame = pd.DataFrame(stated)
    names = [f"t{i}" for i in range(len(frame))]
    mean = frame.to_numpy()
    kind = [category] * len(frame) if isinstance(category, str) else list(category)
    beliefs = Beliefs(
        names,
        list(frame),
        concentration * mean,
        concentration * (1 - mean),
        about="ticket",
        category=kind,
    )
    table = pd.DataFrame({"ticket": names, "category": kind, "outcome": np.asarray(outcome)})
    return beliefs, tr.read_outcomes(table, need=1)
