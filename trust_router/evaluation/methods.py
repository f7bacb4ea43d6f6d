"""Methods that a backtest compares: models that are fitted again, and baselines."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trust_router import defaults
from trust_router.basics.arrays import Array, blocks
from trust_router.evaluation.baselines import Baseline, Tickets
from trust_router.evaluation.coverage import group_places, grouped
from trust_router.inputs.rows import Rows
from trust_router.learning.compiled import CompiledModel
from trust_router.learning.posterior import Posterior

__all__ = ["Index", "Method", "Predicted", "learned", "refitted"]

Index = NDArray[np.intp]


class Predicted(NamedTuple):
    """Need of the tickets asked for, whether it may be trusted, and how groups were foretold."""

    need: Array
    converged: bool = True
    groups: pd.DataFrame | None = None


# Predictions of the tickets asked for, learned from those fed, in a split.
Method = Callable[[Tickets, Index, Index, int], Predicted]


def learned(baseline: Baseline) -> Method:
    """Let a baseline learn; it has no draws, so that no groups are foretold."""
    return lambda tickets, fed, asked, _: Predicted(baseline(tickets, fed, asked))


def refitted(model: CompiledModel, random_seed: int, apart: Array) -> Method:
    """Fit a model again; ``apart`` says how far judges disagree about each ticket."""

    def predicted(tickets: Tickets, fed: Index, asked: Index, split: int) -> Predicted:
        rows = tickets.rows
        seen = _seen(rows, fed, asked).merged()
        with warnings.catch_warnings():  # counted in `Backtest.converged`
            warnings.simplefilter("ignore", UserWarning)
            posterior = model.fit_rows(seen, random_seed=random_seed + split, on_failure="warn")
        diagnosed = posterior.diagnostics
        need = _predict(posterior, rows, asked)
        rng = np.random.default_rng([random_seed, split, len(fed)])
        places = group_places(
            lambda: _draws(posterior, rows, asked, random_seed + split),
            grouped(rows.category[asked], need, apart[asked]),
            tickets.outcome[asked],
            rng,
        )
        return Predicted(need, bool(diagnosed and diagnosed.converged), places)

    return predicted


def _seen(rows: Rows, fed: Index, asked: Index) -> Rows:
    """Leave what a model may see: outcomes of ``fed``, and no belief about tickets asked for."""
    hidden = np.ones(len(rows), dtype=bool)
    hidden[fed] = False
    seen = rows.hiding(hidden)
    return seen if rows.about == "category" else seen.take(np.delete(np.arange(len(rows)), asked))


def _predict(posterior: Posterior, rows: Rows, asked: Index) -> Array:
    if posterior.facts.has_mixtures:
        return np.asarray(posterior.need_distribution().mean[rows.category[asked]])
    return np.concatenate([need.mean(axis=0) for _, need in _draws(posterior, rows, asked)])


def _draws(
    posterior: Posterior, rows: Rows, asked: Index, random_seed: int = 0
) -> Iterator[tuple[slice, Array]]:
    """Draws of the need of the tickets asked for, a few at a time, each (sample, ticket)."""
    number, by_category = defaults.PREDICTION_DRAWS, posterior.facts.has_mixtures
    if by_category:
        need = posterior.need_distribution().sample(number, random_seed)
    for part in blocks(len(asked), number, defaults.POINTWISE_VALUES):
        at = asked[part]
        yield (
            part,
            need[:, rows.category[at]] if by_category else posterior.need_draws(rows.take(at)),
        )
