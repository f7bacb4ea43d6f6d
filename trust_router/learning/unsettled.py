"""Unsettled: what the outcomes have not yet said about whom to trust, in plain sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from trust_router.basics.arrays import Array
from trust_router.basics.words import isolated, percent, plain
from trust_router.defaults import CI_PROB
from trust_router.learning.chains import flat
from trust_router.learning.noise_rates import Noisy, noise_sentences

if TYPE_CHECKING:
    from trust_router.inputs.panel import Panel

__all__ = ["Known", "unsettled"]

_HARDLY_NARROWER = 0.8  # sd of trust against that before the outcomes


class _Before(Protocol):
    @property
    def trust(self) -> Array: ...


class Known(Noisy, Protocol):
    """As much of a posterior as is asked."""

    @property
    def panel(self) -> Panel: ...  # noqa: D102
    @property
    def converged(self) -> bool: ...  # noqa: D102
    def prior(self) -> _Before: ...  # noqa: D102


def unsettled(posterior: Known) -> tuple[str, ...]:
    """Say what is not known about trust; these are no faults, and nothing warns of them.

    First, where outcomes are taken as noisy, how often they are wrong. Of draws of trust over all
    categories that have converged: that the intervals of the two most trusted routers overlap; and
    that trust is still the prior's doing, if its spread has hardly shrunk, or else that the
    outcomes do not speak against what was stated, if the initial trust of every router lies in its
    interval.
    """
    return *noise_sentences(posterior), *_about_trust(posterior)


def _about_trust(posterior: Known) -> tuple[str, ...]:
    if not (posterior.has_draws and posterior.converged and posterior.rows.trials.sum()):
        return ()
    draws = posterior.data["posterior"].to_dataset()
    names, initial = posterior.panel.router_names, posterior.panel.share
    if "share" not in draws or len(names) < 2:
        return ()
    trust = flat(draws["share"], "router")
    if np.ptp(trust, axis=0).max() == 0:
        return ()
    tails = (1 - CI_PROB) / 2, (1 + CI_PROB) / 2
    lower, upper = np.quantile(trust, tails, axis=0)
    mean = trust.mean(axis=0)
    told = [
        f"{isolated(plain(name))} {percent(mean[r])} [{percent(lower[r])}, {percent(upper[r])}]"
        for r, name in enumerate(names)
    ]
    best, second = np.argsort(-mean, kind="stable")[:2].tolist()
    found = []
    if lower[best] < upper[second]:
        found.append(
            f"Which router is most trusted is not yet known: {told[best]}, {told[second]}."
        )
    spread = _spread_before(posterior)
    if spread is not None and (trust.std(axis=0) > _HARDLY_NARROWER * spread).all():
        found.append(
            "Trust is still the prior's doing: its standard deviation is "
            f"{percent(trust.std(axis=0)[best])} for {isolated(plain(names[best]))}, and was "
            f"{percent(spread[best])} before the outcomes."
        )
    elif ((lower <= initial) & (initial <= upper)).all():
        found.append(
            "Nothing was learned about whom to trust that speaks against the panel: the initial "
            "trust of every router lies in its interval."
        )
    return tuple(found)


def _spread_before(posterior: Known) -> Array | None:
    """Give the standard deviation of trust before the outcomes; None if it was not kept."""
    if "prior" not in posterior.data.children:
        return None
    spread = posterior.prior().trust.std(axis=0)
    return spread if spread.min() > 0 else None
