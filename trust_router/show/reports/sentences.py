"""What happened to trust, in two sentences of plain words, from the numbers alone."""

from __future__ import annotations

import numpy as np

from trust_router.basics.words import isolated, number, percent, plain
from trust_router.defaults import ALL_CATEGORIES, CI_PROB
from trust_router.learning.posterior import Posterior

__all__ = ["trust_sentences"]

# Kass and Raftery, "Bayes Factors", JASA 90, 1995: how much a Bayes factor says.
_STRENGTH = ((3, "hardly evidence"), (20, "positive evidence"), (150, "strong evidence"))
_CERTAIN, _SURE = 0.995, 0.8  # less than this, and the order of weights is an open question


def trust_sentences(posterior: Posterior, category: str) -> tuple[str, str]:
    """Say in two sentences what happened to trust in a category, from the numbers alone.

    In the pool model trust is a weight, and the same in all categories unless told otherwise.

    Raises
    ------
    ValueError
        If the category is unknown.
    """
    at = posterior.outcomes.position(category)
    outcomes, panel = posterior.outcomes, posterior.panel
    pooled = not posterior.facts.trust_varies
    trials, needs = (
        int(counts.sum() if pooled else counts[at]) for counts in (outcomes.trials, outcomes.needs)
    )
    if len(panel.routers) == 1:
        return (
            f"Router {_name(panel.router_names[0])} is the only one, so all trust is with it.",
            f"{needs} of {trials} tickets with a known outcome needed the complex model.",
        )
    said = "" if pooled else isolated(plain(category))
    if posterior.facts.pooled:
        return _pool_sentences(posterior, ALL_CATEGORIES if pooled else category, trials, needs)
    first, least = _trust_moved(posterior, at, said, trials, needs)
    if posterior.facts.borrows:
        return first, f"{least}. {_common_share(posterior)}"
    return first, least + _bayes_factor(posterior, at, trials)


def _trust_moved(
    posterior: Posterior, at: int, said: str, trials: int, needs: int
) -> tuple[str, str]:
    names, before = posterior.panel.router_names, posterior.panel.share
    after = posterior.trust_mean[at]
    best, worst = _best_and_worst(posterior, at)
    if trials == 0 and not posterior.facts.borrows:
        first = f"There are no outcomes for {said} yet, so trust is still the initial trust."
    elif trials == 0:
        first = (
            f"There are no outcomes for {said} yet, so trust is what other categories suggest: "
            f"{percent(after[best])} for router {_name(names[best])}."
        )
    else:
        first = (
            f"After {trials} outcomes, of which {needs} needed the complex model, router "
            f"{_name(names[best])} is trusted most: the probability that it is the right router "
            f"{_move(before[best], after[best])}."
        )
    return first, f"Router {_name(names[worst])} is trusted least, {percent(after[worst])}"


def _bayes_factor(posterior: Posterior, at: int, trials: int) -> str:
    names, before = posterior.panel.router_names, posterior.panel.share
    after, (best, worst) = posterior.trust_mean[at], _best_and_worst(posterior, at)
    with np.errstate(divide="ignore"):
        factor = float(after[best] / before[best] * before[worst] / after[worst])
    if trials == 0 or factor <= 1:
        return f", as its initial trust was {percent(before[worst])}; no outcome speaks against it."
    written = number(factor, 1) if factor < 1e4 else "over 10,000"
    strength = next((word for limit, word in _STRENGTH if factor < limit), "very strong evidence")
    return (
        f"; the outcomes speak for {_name(names[best])} against {_name(names[worst])} with a Bayes "
        f"factor of {written}, which is {strength}."
    )


def _common_share(posterior: Posterior) -> str:
    """Say who leads over all categories, where that is learned."""
    draws = posterior.data["posterior"].to_dataset()
    if "share" not in draws:
        return "The weights of routers over all categories were not learned, but taken as stated."
    share = draws["share"].mean(("chain", "draw")).values
    best = int(share.argmax())
    low, high = draws["share"].quantile(_tails(), ("chain", "draw")).values[:, best]
    return (
        f"Over all categories router {_name(posterior.panel.router_names[best])} leads: it is the "
        f"right one in {percent(share[best])} of categories "
        f"({CI_PROB:.0%} interval {percent(low)} to {percent(high)})."
    )


def _pool_sentences(posterior: Posterior, label: str, trials: int, needs: int) -> tuple[str, str]:
    rows = posterior.trust().loc[label]
    names, before = posterior.panel.router_names, posterior.panel.share
    best = int(rows["mean"].to_numpy().argmax())
    name, row = _name(names[best]), rows.iloc[best]
    if trials == 0:
        return (
            "There are no outcomes yet, so the routers' weights in the pool are still those that "
            "were stated.",
            "A weight says how much a router's judges count when all beliefs about a ticket are "
            "averaged.",
        )
    draws = posterior.data["posterior"].to_dataset()["trust"]
    if "category" in draws.dims:
        draws = draws.sel(category=label)
    largest = float((draws.argmax("router") == best).mean())
    first = (
        f"After {trials} outcomes, of which {needs} needed the complex model, router {name} has "
        f"the largest weight in the pool: it {_move(before[best], row['mean'])} "
        f"({CI_PROB:.0%} interval {percent(row['lower'])} to {percent(row['upper'])})."
    )
    sure = "Almost surely" if largest > _CERTAIN else f"With probability {percent(largest, 0)}"
    sure += " its weight is the largest of all"
    if largest < _SURE:
        sure += ", so the outcomes hardly tell the routers apart"
    return first, f"{sure}; a weight is how much a router counts, not how probably it is right."


def _move(before: float, after: float) -> str:
    if percent(after) == percent(before):
        return f"stayed at {percent(after)}"
    return f"{'rose' if after > before else 'fell'} from {percent(before)} to {percent(after)}"


def _best_and_worst(posterior: Posterior, at: int) -> tuple[int, int]:
    after = posterior.trust_mean[at]
    return int(after.argmax()), len(after) - 1 - int(after[::-1].argmin())


def _tails() -> list[float]:
    return [(1 - CI_PROB) / 2, (1 + CI_PROB) / 2]


def _name(name: str) -> str:
    return isolated(plain(name))
