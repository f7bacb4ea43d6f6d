"""Stacking: models averaged with the weights that foretell left-out tickets best."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trust_router.basics.arrays import Array
from trust_router.basics.checks import listed
from trust_router.basics.draws import NeedDraws
from trust_router.basics.shown import Shown
from trust_router.defaults import PREDICTION_DRAWS
from trust_router.evaluation.comparing import check_posteriors, compare
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.outcomes import Outcomes
from trust_router.learning.posterior import Posterior
from trust_router.learning.prediction import Prediction

__all__ = ["Stack", "stack"]

_LITTLE = 4.0  # a smaller difference in elpd says little, whatever its error


@dataclass(frozen=True, eq=False)
class Stack(Shown):
    """Models averaged with the weights that foretell left-out tickets best.

    Weights are no probabilities of models. After few outcomes they are mostly chance, see `stack`;
    ``undecided`` names the models that outcomes do not tell from the best one.

    Attributes
    ----------
    posteriors : mapping of str to Posterior
    comparison : pandas.DataFrame
        As `compare` gives it.
    """

    posteriors: Mapping[str, Posterior]
    comparison: pd.DataFrame

    def table(self) -> pd.DataFrame:
        """Tabulate the comparison that weights come from, see `compare`."""
        return self.comparison.copy()

    @property
    def weights(self) -> pd.Series[float]:
        """Weight of each model; they add up to 1."""
        positive = self.comparison["weight"].clip(lower=0)
        return positive / positive.sum()

    @property
    def undecided(self) -> tuple[str, ...]:
        """Models whose ``elpd`` is below the best one's by less than 4, or than two errors."""
        behind = self.comparison["elpd_diff"].abs().iloc[1:]
        alike = behind < np.maximum(2 * self.comparison["dse"].iloc[1:], _LITTLE)
        return tuple(str(name) for name in behind.index[alike])

    def predict(self, beliefs: Beliefs, *, draws: int = PREDICTION_DRAWS) -> Prediction:
        """Predict need from beliefs with all models, each by its weight.

        Parameters
        ----------
        beliefs : Beliefs
            Of all judges of all models.
        draws : int
            How many draws of need are kept for each ticket; models share them out by weight, and
            weights are kept to one part in so many.
        """
        counts = _shared_out(np.asarray(self.weights, dtype=float), draws)
        parts = [
            (self.posteriors[str(name)].predict(beliefs, allow_unconverged=True), int(count))
            for name, count in zip(self.comparison.index, counts, strict=True)
            if count
        ]
        keys = np.stack([part.row for part, _ in parts], axis=1)
        _, first, inverse = np.unique(keys, axis=0, return_index=True, return_inverse=True)
        values = [_stretched(part.need.values, count)[:, part.row[first]] for part, count in parts]
        like = parts[0][0]
        return Prediction(
            tickets=like.tickets,
            category=like.category,
            need=NeedDraws(np.concatenate(values)),
            row=inverse.reshape(-1),
            unseen=like.unseen,
            speaking=np.stack([part.speaking for part, _ in parts]).max(axis=0),
            converged=all(part.converged for part, _ in parts),
        )

    def __repr__(self) -> str:
        inside = ", ".join(f"{name} {weight:.0%}" for name, weight in self.weights.items())
        best, unsure = self.comparison.index[0], self.undecided
        told = f"; outcomes do not tell {listed(unsure)} from {best}" if unsure else ""
        return f"Stack({inside}{told})"


def stack(
    posteriors: Mapping[str, Posterior],
    *,
    beliefs: Beliefs | None = None,
    outcomes: Outcomes | None = None,
    allow_unconverged: bool = False,
) -> Stack:
    """Average models instead of choosing one, weighted by stacking.

    Parameters
    ----------
    posteriors, beliefs, outcomes
        As in `compare`; models that predict tickets, or all of them categories.
    allow_unconverged : bool
        Go on also with draws that may not be trusted.

    Returns
    -------
    Stack
        With ``weights`` and ``predict``.

    Raises
    ------
    ValueError
        As in `compare`, or if a model cannot predict, or some know tickets and others categories.

    Notes
    -----
    Weights maximise the mean log of the averaged probability of each left-out ticket [1]_. Few
    outcomes do not determine them: after 100 they put most on one model, and on another one each
    time, and predict no better than the best model of the comparison. They are not drawn towards
    equal weights: a Dirichlet prior on them made held-out log loss worse where one of the models is
    much worse than the others, and better by less than .001 where they are alike (figures in
    "Choosing a model" of the documentation). So choose one model unless thousands of outcomes say
    that two are better, and read ``undecided``.

    References
    ----------
    .. [1] Y. Yao et al., "Using stacking to average Bayesian predictive distributions", Bayesian
       Analysis 13(3), 2018.

    Examples
    --------
    >>> averaged = stack({"pool": pool, "rates": rates})  # doctest: +SKIP
    >>> averaged.weights  # doctest: +SKIP
    >>> averaged.predict(beliefs)  # doctest: +SKIP
    """
    check_posteriors(posteriors, allow_unconverged)
    for name, posterior in posteriors.items():
        if not posterior.facts.predicts:
            raise ValueError(
                f"a stack predicts, and the {posterior.model} model {name!r} cannot; leave it out"
            )
    if len({posterior.rows.about for posterior in posteriors.values()}) > 1:
        raise ValueError(
            "a stack takes models of one kind of beliefs; some of these know beliefs about "
            "categories and others beliefs about tickets"
        )
    table = compare(posteriors, beliefs=beliefs, outcomes=outcomes, allow_unconverged=True)
    return Stack(dict(posteriors), table)


def _shared_out(weights: Array, draws: int) -> NDArray[np.int64]:
    """Share out draws by weight: largest remainders first."""
    exact = weights * draws
    counts = np.floor(exact).astype(np.int64)
    most = np.argsort(counts - exact, kind="stable")[: draws - int(counts.sum())]
    counts[most] += 1
    return counts


def _stretched(values: Array, number: int) -> Array:
    """Draws spread evenly over those there are, repeated if there are fewer."""
    return values[np.floor((np.arange(number) + 0.5) * len(values) / number).astype(np.intp)]
