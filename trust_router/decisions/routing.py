"""Routing: tickets one by one, with exploration by Thompson sampling."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from trust_router.basics.chance import generator_of
from trust_router.basics.checks import whole_number
from trust_router.basics.draws import NeedDraws
from trust_router.basics.shown import Shown
from trust_router.decisions.costs import Costs
from trust_router.defaults import PREDICTION_DRAWS
from trust_router.inputs.expected import expect
from trust_router.learning.gate import check_posterior
from trust_router.learning.posterior import Posterior
from trust_router.learning.sources import NeedDistribution

__all__ = ["Routing", "route"]

_MOST_TICKETS = 1_000_000  # one after the other, in a minute


@dataclass(frozen=True, repr=False)
class Routing(Shown):
    """One ticket, routed by Thompson sampling.

    Attributes
    ----------
    category : str
    router : str
        The router drawn in proportion to trust.
    need : float
        Need drawn from that router's mixture.
    threshold : float
        Need above which the ticket is escalated.
    escalate : bool
    probability : float
        With which that was chosen; it belongs into the log, for `off_policy`.
    """

    category: str
    router: str
    need: float
    threshold: float
    escalate: bool
    probability: float


def route(
    posterior: Posterior,
    category: str,
    costs: Costs,
    *,
    tickets: int = 1,
    key: str | None = None,
    random_seed: int | np.random.Generator | None = None,
    allow_unconverged: bool = False,
) -> list[Routing]:
    """Route tickets of a category by Thompson sampling.

    For each ticket a router is drawn by trust, need from its mixture (from the common posterior if
    routers are pooled), and the ticket is escalated if that need exceeds the threshold. Uncertain
    categories are thereby explored; `decide` is the rule of least expected cost.

    Parameters
    ----------
    posterior : Posterior
    category : str
        Category of the tickets.
    costs : Costs
        For the threshold.
    tickets : int
        How many to route.
    key : str, optional
        Of a conversation or a user: while the posterior stays as it is, the same key is routed the
        same way in every call and every process, whatever is routed before it.
    random_seed : int or Generator, optional
        The same seed routes the same way again. With a ``key`` a whole number, which deals all keys
        their draws anew.
    allow_unconverged : bool
        Go on also with draws that may not be trusted.

    Raises
    ------
    ValueError
        If the category is unknown, ``tickets`` is not a whole number from 1 to a million, or a
        ``key`` is given with several tickets, with a generator, or is no text.
    ConvergenceError
        If the draws may not be trusted, unless that is allowed in this call.

    References
    ----------
    .. [1] W. R. Thompson, "On the likelihood that one unknown probability exceeds another",
       Biometrika 25, 1933.

    Examples
    --------
    >>> import trust_router as tr
    >>> posterior = tr.solve(*tr.examples.load_seed())
    >>> costs = tr.Costs(simple=0.03, complex=3.0, failure=5.0)
    >>> route(posterior, "transfer failed", costs, random_seed=1)[0].escalate
    False
    """
    check_posterior(posterior, allow_unconverged)
    expect(costs, Costs, "costs")
    whole_number("tickets", tickets, 1, _MOST_TICKETS)
    rng = _generator(key, tickets, random_seed)
    trust = posterior.trust_mean[posterior.outcomes.position(category)]
    names = posterior.panel.router_names
    opinions = _opinions(posterior, category)
    threshold = costs.threshold
    above = [float(np.ravel(opinion.sf(threshold))[0]) for opinion in opinions]
    escalated = float(np.clip(trust @ above / trust.sum(), 0, 1))
    routed = []
    for _ in range(tickets):  # one after the other: more tickets leave the first ones as they were
        pick = rng.choice(len(names), p=trust / trust.sum())
        need = float(np.ravel(opinions[pick].sample(1, rng))[0])
        escalate = need > threshold
        chance = escalated if escalate else 1 - escalated
        routed.append(Routing(category, names[pick], need, threshold, escalate, chance))
    return routed


def _generator(
    key: str | None, tickets: int, random_seed: int | np.random.Generator | None
) -> np.random.Generator:
    if key is None:
        return np.random.default_rng(random_seed)
    if not (isinstance(key, str) and key):
        raise ValueError(f"`key` must be text, such as the id of a conversation; got {key!r}")
    if tickets != 1:
        raise ValueError(f"a `key` has one draw; leave `tickets` at 1, got {tickets}")
    if isinstance(random_seed, np.random.Generator):
        raise ValueError("with a `key`, `random_seed` must be a whole number; got a generator")
    return generator_of("route", key, 0 if random_seed is None else random_seed)


def _opinions(posterior: Posterior, category: str) -> list[NeedDistribution]:
    """Need in a category if each router is right; where routers are pooled, the same for all."""
    names = posterior.panel.router_names
    if posterior.facts.has_mixtures:
        return [posterior.mixture(category, name) for name in names]
    at = posterior.outcomes.position(category)
    need = posterior.need_distribution()
    return [NeedDraws(need.sample(PREDICTION_DRAWS, 0)[:, at])] * len(names)
