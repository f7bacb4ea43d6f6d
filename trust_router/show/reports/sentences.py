"""What happened to trust, in two sentences of plain words, from the numbers alone."""

from __future__ import annotations

import pandas as pd

from trust_router.basics.words import isolated, number, percent, plain
from trust_router.defaults import CI_PROB
from trust_router.insight.effective import EffectiveJudges
from trust_router.show.reports.standing import Share, Standing

__all__ = ["effective_sentence", "knowledge_sentence", "trust_sentences"]

# Kass and Raftery, "Bayes Factors", JASA 90, 1995: how much a Bayes factor says.
_STRENGTH = ((3, "hardly evidence"), (20, "positive evidence"), (150, "strong evidence"))
_CERTAIN = 0.995


def trust_sentences(stands: Standing) -> tuple[str, str]:
    """Say in two sentences what happened to trust in a category.

    Where routers are pooled trust is a share, and the same in all categories unless told
    otherwise.
    """
    if len(stands.routers) == 1:
        return (
            f"Router {_name(stands.routers[0])} is the only one, so all trust is with it.",
            f"{stands.needs:,} of {stands.trials:,} tickets with a known outcome needed the "
            "complex model.",
        )
    if stands.facts.pooled:
        return _about_weights(stands)
    worst = stands.worst
    least = f"Router {_name(stands.routers[worst])} is trusted least, "
    least += percent(stands.after[worst])
    if stands.facts.borrows:
        return _about_trust(stands), f"{least}. {_about_share(stands.share)}"
    return _about_trust(stands), least + _about_evidence(stands)


def knowledge_sentence(knowledge: pd.DataFrame) -> str:
    """Say how much all judges know together, from the table of `panel_knowledge`."""
    row = knowledge.loc["explained", ["mean", "lower", "upper"]]
    mean, lower, upper = (percent(value) for value in row.to_numpy(float).clip(0).tolist())
    return (
        f"All judges together save {mean} ({CI_PROB:.0%} interval {lower} to {upper}) of the log "
        "loss that is left when the need of each category is known."
    )


def effective_sentence(effective: EffectiveJudges) -> str:
    """Say how many independent judges they count as, and which were left out."""
    return f"{'; '.join(effective.sentences())}."


def _about_trust(stands: Standing) -> str:
    best = stands.best
    name, after = _name(stands.routers[best]), stands.after[best]
    if stands.trials == 0:
        none = f"There are no outcomes for {_name(stands.category)} yet, so trust is "
        if not stands.facts.borrows:
            return f"{none}still the initial trust."
        return f"{none}what other categories suggest: {percent(after)} for router {name}."
    return (
        f"{_after(stands)}, router {name} is trusted most: the probability that it is the right "
        f"router {_move(stands.before[best], after)}."
    )


def _about_evidence(stands: Standing) -> str:
    best, worst = (_name(stands.routers[at]) for at in (stands.best, stands.worst))
    factor = stands.bayes_factor
    if stands.trials == 0 or factor <= 1:
        initial = percent(stands.before[stands.worst])
        return f", as its initial trust was {initial}; no outcome speaks against it."
    written = number(factor, 1) if factor < 1e4 else "over 10,000"
    strength = next((word for limit, word in _STRENGTH if factor < limit), "very strong evidence")
    return (
        f"; the outcomes speak for {best} against {worst} with a Bayes factor of {written}, which "
        f"is {strength}."
    )


def _about_share(share: Share | None) -> str:
    """Say who leads over all categories, where that is learned."""
    if share is None:
        return "The weights of routers over all categories were not learned, but taken as stated."
    return (
        f"Over all categories router {_name(share.router)} leads: it is the right one in "
        f"{percent(share.mean)} of categories "
        f"({CI_PROB:.0%} interval {percent(share.lower)} to {percent(share.upper)})."
    )


def _about_weights(stands: Standing) -> tuple[str, str]:
    if stands.trials == 0:
        return (
            "There are no outcomes yet, so trust in the routers is still what was stated.",
            "Trust is the share of what all judges know that a router carries.",
        )
    best = stands.best
    first = (
        f"{_after(stands)}, router {_name(stands.routers[best])} carries the largest share of what "
        f"the judges know: it {_move(stands.before[best], stands.after[best])} "
        f"({CI_PROB:.0%} interval {percent(stands.lower[best])} to {percent(stands.upper[best])})."
    )
    leads = stands.leads
    sure = "Almost surely" if leads > _CERTAIN else f"With probability {percent(leads, 0)}"
    sure += " its share is the largest of all"
    return first, f"{sure}; a share of knowledge is no probability of being right."


def _after(stands: Standing) -> str:
    number = f"{stands.trials:,} outcome{'s' * (stands.trials != 1)}"
    about = "" if stands.alone else f" for {_name(stands.category)}"
    return f"After {number}{about}, of which {stands.needs:,} needed the complex model"


def _move(before: float, after: float) -> str:
    if percent(after) == percent(before):
        return f"stayed at {percent(after)}"
    return f"{'rose' if after > before else 'fell'} from {percent(before)} to {percent(after)}"


def _name(name: str) -> str:
    return isolated(plain(name))
