"""Asking: tickets and judges in, beliefs out; nothing is paid for twice, and nobody is fooled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from trust_router import defaults
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.texts import TicketTexts
from trust_router.judges.answers import Answers, Tally
from trust_router.judges.calls.cache import AnswerCache
from trust_router.judges.calls.connecting import needs_llm_extra
from trust_router.judges.calls.prices import Prices
from trust_router.judges.calls.runner import Effort, Runner, run_now
from trust_router.judges.flags import unusual
from trust_router.judges.inquiries import Inquiry
from trust_router.judges.kinds import TicketJudge
from trust_router.judges.plans import Plan, make_plan
from trust_router.judges.prompts import cleaned
from trust_router.judges.sanitising import Belief, from_probability, from_shapes, missing, sanitise

__all__ = ["ask"]


def ask(
    judges: Any,
    tickets: Any,
    *,
    using: Mapping[str, Any] | None = None,
    cache: str | Path | None = None,
    limit: float | None = None,
    prices: Prices | str | Path | None = None,
    **settings: Any,
) -> Answers:
    """Ask judges about tickets.

    Parameters
    ----------
    judges : Panel, mapping of str to judge, or sequence of judges
        Of a panel, those judges are asked that speak of single tickets. A judge is anything with
        ``name`` and ``beliefs`` (`TicketJudge`); in a mapping also an `LLM`, the name of a column,
        a function of the texts, or a fitted scikit-learn classifier of texts.
    tickets : mapping, sequence, Series, DataFrame or TicketTexts
        Texts by ticket, or alone; see `trust_router.inputs.texts.as_texts`.
    using : mapping of str to judge, optional
        How to ask judges that the panel only names. A model of pydantic-ai takes the place of the
        one that a judge's ``llm`` names.
    cache : path, optional
        SQLite file of answers. What stands there is not asked for again.
    limit : float, optional
        Most USD to spend now. Set aside before each call, so it is kept also with many at a time.
    prices : Prices or path, optional
        Your own prices; see `read_prices`.
    **settings
        ``concurrency`` (8 calls at a time), ``retries`` (5, of calls that failed for a reason that
        may pass), ``cap`` (30, most concentration of one answer), ``keep_texts`` (False: only
        hashes of texts are kept in the cache), ``examples`` (past tickets with outcomes that LLMs
        without their own are shown), ``columns`` (names of a frame's columns), ``progressbar``.

    Returns
    -------
    Answers
        ``answers.beliefs`` is for `fit`. A judge that failed on a ticket is missing there.

    Raises
    ------
    ModuleNotFoundError
        If an LLM is to be asked and the extra ``llm`` is not installed.
    TypeError, ValueError
        If an argument is invalid, a key is not set, or ``limit`` is given where a price is unknown.

    Notes
    -----
    It works in Jupyter and anywhere else an event loop runs. Answers are kept as they come: after
    an interruption, ask again with the same ``cache`` and only the rest is asked for. What becomes
    of odd answers is in `trust_router.judges.sanitising`.

    Examples
    --------
    >>> answers = ask(
    ...     {"length": lambda texts: [min(len(t) / 100, 1) for t in texts]},
    ...     {"t1": "My card is lost", "t2": ""},
    ... )
    >>> answers.beliefs.mean.ravel().tolist()
    [0.15, 0.01]
    """
    plan = make_plan(judges, tickets, using, prices, settings)
    plan.check_limit(limit)
    # These first: what is wrong with them should show before anything is paid.
    stated = {
        judge.name: _stated(judge, plan) for judge in plan.judges if not isinstance(judge, Inquiry)
    }
    chosen = plan.settings
    with AnswerCache(cache, keep_texts=chosen.keep_texts) as held:
        runner = Runner(held, plan.prices, limit, chosen.concurrency, chosen.retries)
        for inquiry in plan.inquiries:
            runner.answers |= held.get(plan.asked(inquiry.name))
        jobs = plan.jobs(runner.answers)
        if jobs:
            needs_llm_extra()
            with _progress(len(jobs), chosen.progressbar) as runner.progress:
                run_now(runner.run(jobs))
    columns = [
        _heard(judge, plan, runner) if isinstance(judge, Inquiry) else stated[judge.name]
        for judge in plan.judges
    ]
    return _answers(columns, plan.tickets, [_tally(judge, plan, runner) for judge in plan.judges])


def _answers(
    columns: Sequence[Sequence[Belief]], read: TicketTexts, tallies: Sequence[Tally]
) -> Answers:
    shape = (len(read), len(columns))
    alpha, beta = (
        np.array([[getattr(b, name) for b in column] for column in columns]).T.reshape(shape)
        for name in ("alpha", "beta")
    )
    names = [tally.judge for tally in tallies]
    beliefs = Beliefs(read.tickets, names, alpha, beta, about="ticket", category=read.category)
    return Answers(
        beliefs,
        np.array([[b.status for b in column] for column in columns]).T,
        np.array([[", ".join(b.adjusted) for b in column] for column in columns]).T,
        unusual(beliefs.mean, beliefs.category),
        tuple(cleaned(text, defaults.JUDGE_CHARACTERS)[1] for text in read.texts),
        tuple(tallies),
    )


def _heard(inquiry: Inquiry, plan: Plan, runner: Runner) -> list[Belief]:
    beliefs: dict[str, Belief] = {"": missing("no text")}
    keys = plan.keys[inquiry.name]
    for key, text in zip(keys, plan.tickets.texts, strict=True):
        if key in beliefs:
            continue
        raw = runner.answers.get(key)
        if raw is None:
            beliefs[key] = missing(runner.reasons.get(key, "failed"))
            continue
        belief = sanitise(raw, inquiry.llm, inquiry.prompt, plan.settings.cap)
        if len(text) > inquiry.llm.characters:
            belief = replace(belief, adjusted=(*belief.adjusted, "cut"))
        beliefs[key] = belief
    return [beliefs[key] for key in keys]


def _stated(judge: TicketJudge, plan: Plan) -> list[Belief]:
    read, cap = plan.tickets, plan.settings.cap
    given = np.asarray(judge.beliefs(read), dtype=float)
    if given.shape not in ((len(read),), (len(read), 2)):
        raise ValueError(
            f"judge {judge.name!r} must give shape ({len(read)},) or ({len(read)}, 2); "
            f"got {given.shape}"
        )
    if given.ndim == 2:
        return [
            missing("empty") if np.isnan(a) or np.isnan(b) else from_shapes(a, b, cap)
            for a, b in given.tolist()
        ]
    nu = float(getattr(judge, "concentration", defaults.CONCENTRATION))
    return [
        missing("empty") if np.isnan(p) else from_probability(p, nu, cap) for p in given.tolist()
    ]


def _tally(judge: Inquiry | TicketJudge, plan: Plan, runner: Runner) -> Tally:
    if not isinstance(judge, Inquiry):
        return Tally(judge.name)
    effort = runner.efforts.get(judge.name, Effort())
    heard = sum(key in runner.answers for key in plan.keys[judge.name])
    cost = effort.cost
    return Tally(
        judge.name,
        judge.model_name,
        judge.llm.way,
        judge.prompt.version,
        heard - effort.answered,
        effort.calls,
        effort.retries,
        effort.input_tokens,
        effort.output_tokens,
        cost,
        None if cost is None else cost + effort.uncertain,
        effort.problem,
    )


@contextmanager
def _progress(total: int, wanted: bool) -> Iterator[Any]:
    if not wanted:
        yield None
        return
    from tqdm import tqdm

    with tqdm(total=total, unit="call", desc="asking", dynamic_ncols=True) as bar:
        yield bar
