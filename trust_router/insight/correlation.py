"""Committees: how much judges repeat each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trust_router.basics.arrays import Array
from trust_router.basics.bootstrap import percentiles, replicates
from trust_router.basics.checks import check_interval, listed, whole_number
from trust_router.defaults import BOOTSTRAP_DRAWS, CI_PROB, COMMAND_SEED
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.matching import match
from trust_router.inputs.outcomes import Outcomes
from trust_router.inputs.panel import Panel
from trust_router.inputs.rows import Rows

__all__ = ["ErrorCorrelation", "error_correlation"]


@dataclass(frozen=True, eq=False)
class ErrorCorrelation:
    """How far judges err together, and how many independent ones they are worth.

    Attributes
    ----------
    matrix, lower, upper : pandas.DataFrame
        Correlation of errors, judge by judge, with its interval; NaN where one of the two always
        says the same.
    mean : tuple of float
        Mean correlation over pairs, and its interval.
    size : tuple of float
        Effective committee size, and its interval.
    tickets : int
        How many (or categories) it was computed from.
    ci_prob : float
        Probability inside the intervals.
    """

    matrix: pd.DataFrame
    lower: pd.DataFrame
    upper: pd.DataFrame
    mean: tuple[float, float, float]
    size: tuple[float, float, float]
    tickets: int
    ci_prob: float

    def table(self) -> pd.DataFrame:
        """Tabulate the pairs of judges.

        Returns
        -------
        pandas.DataFrame
            Index (judge, other); columns ``correlation``, ``lower`` and ``upper``.
        """
        names = self.matrix.index
        at = np.triu_indices(len(names), 1)
        columns = {
            name: square.to_numpy()[at]
            for name, square in (
                ("correlation", self.matrix),
                ("lower", self.lower),
                ("upper", self.upper),
            )
        }
        index = pd.MultiIndex.from_arrays([names[i] for i in at], names=["judge", "other"])
        return pd.DataFrame(columns, index=index)

    def sentence(self) -> str:
        """Say what the committee is worth."""
        (mean, low, high), (size, least, most) = self.mean, self.size
        return (
            f"{len(self.matrix)} judges count as {size:.1f} [{least:.1f}, {most:.1f}] independent "
            f"ones: their errors correlate {mean:.2f} [{low:.2f}, {high:.2f}] on average"
        )

    def __repr__(self) -> str:
        return self.sentence()


def error_correlation(
    panel: Panel,
    beliefs: Beliefs,
    outcomes: Outcomes,
    *,
    ci_prob: float = CI_PROB,
    resamples: int = BOOTSTRAP_DRAWS,
    random_seed: int = COMMAND_SEED,
) -> ErrorCorrelation:
    r"""Correlate the errors of judges, and count how many independent ones they are worth.

    Parameters
    ----------
    panel, beliefs, outcomes
        As in `trust_router.fit`; weights play no part.
    ci_prob : float
        Probability inside the equal-tailed bootstrap intervals.
    resamples : int
        Bootstrap samples of tickets; of categories, if beliefs are about them.
    random_seed : int

    Returns
    -------
    ErrorCorrelation

    Raises
    ------
    ValueError
        If there are fewer than two judges or three outcomes, or beliefs and outcomes do not match.

    Notes
    -----
    The error of a judge on a ticket is what it states less what it states on average of tickets
    with the same outcome: what it says beyond what the outcome explains. (Stated probability less
    outcome would correlate perfectly between any two judges who hardly ever change their minds,
    through the outcome that both are compared with.) Of beliefs about categories it is the stated
    mean less the observed rate. With :math:`\rho` the mean correlation over pairs of :math:`k`
    judges, the mean of their opinions is as noisy as that of :math:`k / (1 + (k - 1) \rho)`
    independent ones. Pairs are compared on the tickets about which both speak.
    """
    check_interval(ci_prob, "eti")
    whole_number("resamples", resamples, 1)
    rows = match(panel, beliefs, outcomes).known()
    if len(rows.judges) < 2:
        raise ValueError(f"errors correlate between two judges or more; got {listed(rows.judges)}")
    values, outcome, weight = _statements(rows)
    if weight.sum() < 3:
        what = "outcomes" if rows.about == "ticket" else "categories with outcomes"
        raise ValueError(f"correlations need 3 {what} or more; got {weight.sum()}")
    first, second = np.triu_indices(len(rows.judges), 1)
    features = [
        _moments(values[:, a], values[:, b], outcome) for a, b in zip(first, second, strict=True)
    ]
    found = _correlations(weight[None].astype(float), features)
    rng, total = np.random.default_rng(random_seed), int(weight.sum())

    def draw(number: int) -> Array:
        return rng.multinomial(total, weight / total, size=number).astype(float)

    drawn = replicates(draw, lambda w: _correlations(w, features), resamples, len(weight))
    lower, upper = (_square(end, rows.judges) for end in percentiles(drawn, ci_prob))
    mean = float(_mean(found)[0])
    low, high = (float(end) for end in percentiles(_mean(drawn), ci_prob))
    size, most, least = (_effective_size(len(rows.judges), rho) for rho in (mean, low, high))
    matrix = _square(found[0], rows.judges)
    return ErrorCorrelation(
        matrix, lower, upper, (mean, low, high), (size, least, most), int(weight.sum()), ci_prob
    )


def _statements(rows: Rows) -> tuple[Array, NDArray[np.int64], NDArray[np.int64]]:
    """Give what was stated, shape (case, judge), the outcome and the number of each case."""
    if rows.about == "category":
        error = rows.mean - (rows.needs / rows.trials)[:, None]
        return error, np.zeros(len(rows), dtype=np.int64), np.ones(len(rows), dtype=np.int64)
    counts = np.concatenate([rows.trials - rows.needs, rows.needs])
    outcome = np.repeat([0, 1], len(rows))
    kept = counts > 0
    return np.tile(rows.mean, (2, 1))[kept], outcome[kept], counts[kept]


def _moments(a: Array, b: Array, outcome: NDArray[np.int64]) -> Array:
    """Features of two judges whose weighted sums give their correlation, (case, 2 x 6)."""
    both = ~(np.isnan(a) | np.isnan(b))
    a, b = (np.where(both, x - np.nanmean(x), 0.0) for x in (a, b))
    each = np.stack([both, a, b, a * a, b * b, a * b], axis=1)
    return np.concatenate([each * (outcome == y)[:, None] for y in (0, 1)], axis=1)


def _correlations(weight: Array, features: list[Array]) -> Array:
    """Correlation within outcomes for each sample of weights and pair, (sample, pair)."""
    result = []
    for pair in features:
        n, a, b, aa, bb, ab = np.moveaxis((weight @ pair).reshape(-1, 2, 6), 2, 0)
        n = np.maximum(n, 1)
        cov, var_a, var_b = (
            (total - x * y / n).sum(axis=1) for total, x, y in ((ab, a, b), (aa, a, a), (bb, b, b))
        )
        scale = np.sqrt(np.maximum(var_a, 0) * np.maximum(var_b, 0))
        result.append(np.where(scale > 1e-12, cov / np.maximum(scale, 1e-12), np.nan))
    return np.stack(result, axis=1)


def _mean(pairs: Array) -> Array:
    known = ~np.isnan(pairs)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.nansum(pairs, axis=1) / known.sum(axis=1))


def _effective_size(judges: int, rho: float) -> float:
    inflation = 1 + (judges - 1) * rho
    return float(judges / inflation) if inflation > 0 else float("inf")


def _square(pairs: Array, judges: Sequence[str]) -> pd.DataFrame:
    full = np.eye(len(judges))
    full[np.triu_indices(len(judges), 1)] = pairs
    full = full + np.triu(full, 1).T
    return pd.DataFrame(full, index=pd.Index(judges, name="judge"), columns=list(judges))
