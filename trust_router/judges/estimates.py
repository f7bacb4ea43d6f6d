"""Estimates: what asking would take, before anybody is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from trust_router.basics.shown import Shown
from trust_router.judges.calls.cache import AnswerCache, check_path
from trust_router.judges.calls.prices import Prices
from trust_router.judges.inquiries import Inquiry
from trust_router.judges.kinds import TicketJudge
from trust_router.judges.plans import Plan, Question, make_plan
from trust_router.judges.tallies import Tally, opened, total_calls, total_cost

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Estimate", "estimate_cost"]

_COLUMNS = (
    *("model", "way", "prompt", "prompt_file", "host", "key", "cached", "calls"),
    *("input_tokens", "output_tokens", "cost", "cost_at_most", "problem"),
)
_LIKELY_OUTPUT = {"shapes": 25, "probability": 25, "logprob": 2}  # tokens, without reasoning


@dataclass(frozen=True, repr=False)
class Estimate(Shown):
    """What asking would take, and who would be told, judge by judge; see `estimate_cost`.

    Attributes
    ----------
    tallies : tuple of Tally
        With the calls that remain to be made, their likely tokens and cost.
    """

    tallies: tuple[Tally, ...]

    @property
    def calls(self) -> int:
        """Calls that would be made."""
        return total_calls(self.tallies)

    @property
    def cost(self) -> float | None:
        """Likely cost in USD; None if a price is unknown."""
        return total_cost(self.tallies)

    def table(self) -> pd.DataFrame:
        """Tabulate judges: how and where each would be asked, calls, tokens, cost, problem."""
        import pandas as pd

        rows = {
            t.judge: {
                name: np.nan if getattr(t, name) is None else getattr(t, name) for name in _COLUMNS
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
        aside for the calls, without retries. The table also says which host would be asked, the
        name of the environment variable with the key, and whether that would be refused.

    Examples
    --------
    >>> import trust_router as tr
    >>> judge = tr.judges.CallableJudge("long", lambda text: min(len(text) / 500, 1.0))
    >>> estimate_cost([judge], ["Where is my parcel?"]).calls
    0
    """
    plan = make_plan(judges, tickets, using, prices, settings)
    if cache is not None:
        check_path(cache)
    exists = cache is not None and Path(cache).exists()
    with AnswerCache(cache if exists else None) as held:
        questions = plan.questions(plan.known(held))
        return Estimate(tuple(_estimated(judge, plan, questions, held) for judge in plan.judges))


def _estimated(
    judge: Inquiry | TicketJudge, plan: Plan, questions: Sequence[Question], cache: AnswerCache
) -> Tally:
    tally = opened(judge)
    if not isinstance(judge, Inquiry):
        return tally
    own = [question for question in questions if question.inquiry is judge]
    seen = cache.mean_usage(judge.model_name, judge.llm.way, judge.prompt.version)
    tokens, most = [], 0.0
    for question in own:
        conversation = question.conversation()
        tokens.append(seen or (conversation.likely_tokens, _LIKELY_OUTPUT[judge.llm.way]))
        most += question.most_cost(conversation) or 0.0
    costs = [plan.prices.cost(judge.llm, round(i), round(o)) for i, o in tokens]
    known = [cost for cost in costs if cost is not None]
    return replace(
        tally,
        cached=sum(bool(key) for key in plan.keys[judge.name]) - len(own),
        calls=len(own),
        input_tokens=round(sum(i for i, _ in tokens)),
        output_tokens=round(sum(o for _, o in tokens)),
        cost=sum(known) if len(known) == len(costs) else None,
        cost_at_most=most if len(known) == len(costs) else None,
        problem=plan.refusal(judge),
    )
