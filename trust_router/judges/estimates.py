"""Estimates: what asking would take, before anybody is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from trust_router.judges.answers import Tally
from trust_router.judges.calls.cache import AnswerCache
from trust_router.judges.calls.prices import Prices
from trust_router.judges.inquiries import Inquiry
from trust_router.judges.kinds import TicketJudge
from trust_router.judges.plans import Job, Plan, make_plan

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Estimate", "estimate_cost"]

_LIKELY_OUTPUT = {"shapes": 25, "probability": 25, "logprob": 2}  # tokens, without reasoning


@dataclass(frozen=True)
class Estimate:
    """What asking would take, judge by judge; see `estimate_cost`.

    Attributes
    ----------
    tallies : tuple of Tally
        With the calls that remain to be made, their likely tokens and cost.
    """

    tallies: tuple[Tally, ...]

    @property
    def calls(self) -> int:
        """Calls that would be made."""
        return sum(tally.calls for tally in self.tallies)

    @property
    def cost(self) -> float | None:
        """Likely cost in USD; None if a price is unknown."""
        known = [tally.cost for tally in self.tallies]
        return None if None in known else float(sum(cost or 0.0 for cost in known))

    def table(self) -> pd.DataFrame:
        """Tabulate judges: how each would be asked, calls, tokens, cost."""
        import pandas as pd

        names = ("model", "way", "prompt", "cached", "calls", "input_tokens", "output_tokens")
        rows = {
            t.judge: {name: getattr(t, name) for name in names}
            | {
                name: np.nan if getattr(t, name) is None else getattr(t, name)
                for name in ("cost", "cost_at_most")
            }
            for t in self.tallies
        }
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("judge")


def estimate_cost(
    judges: Any,
    tickets: Any,
    *,
    using: Mapping[str, Any] | None = None,
    cache: str | Path | None = None,
    prices: Prices | str | Path | None = None,
    **settings: Any,
) -> Estimate:
    """Say what `ask` with the same arguments would take, without asking anybody.

    Returns
    -------
    Estimate
        Calls that are not in the cache, and their likely tokens and cost. Where the cache holds
        answers of the same model, way and prompt, their mean usage is taken; otherwise four bytes
        count as a token, and reasoning is not counted. ``cost_at_most`` is a bound that `ask` sets
        aside for the calls, without retries.
    """
    plan = make_plan(judges, tickets, using, prices, settings)
    exists = cache is not None and Path(cache).exists()
    with AnswerCache(cache if exists else None) as held:
        known = {
            key: raw for i in plan.inquiries for key, raw in held.get(plan.asked(i.name)).items()
        }
        jobs = plan.jobs(known)
        return Estimate(tuple(_estimated(judge, plan, jobs, held) for judge in plan.judges))


def _estimated(
    judge: Inquiry | TicketJudge, plan: Plan, jobs: Sequence[Job], cache: AnswerCache
) -> Tally:
    if not isinstance(judge, Inquiry):
        return Tally(judge.name)
    inquiry, llm, prices = judge, judge.llm, plan.prices
    jobs = [job for job in jobs if job.inquiry is inquiry]
    seen = cache.mean_usage(inquiry.model_name, llm.way, inquiry.prompt.version)
    tokens, most = [], 0.0
    for job in jobs:
        conversation = inquiry.conversation(job.text)
        likely = (inquiry.likely_input_tokens(conversation), _LIKELY_OUTPUT[llm.way])
        tokens.append(seen or likely)
        most += inquiry.most_cost(conversation, prices) or 0.0
    costs = [prices.cost(llm, round(i), round(o)) for i, o in tokens]
    known = [cost for cost in costs if cost is not None]
    return Tally(
        inquiry.name,
        inquiry.model_name,
        llm.way,
        inquiry.prompt.version,
        sum(bool(key) for key in plan.keys[inquiry.name]) - len(jobs),
        len(jobs),
        input_tokens=round(sum(i for i, _ in tokens)),
        output_tokens=round(sum(o for _, o in tokens)),
        cost=sum(known) if len(known) == len(costs) else None,
        cost_at_most=most if len(known) == len(costs) else None,
    )
