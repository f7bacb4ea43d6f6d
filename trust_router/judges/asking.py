"""Asking: tickets and judges in, beliefs out; nothing is paid for twice, and nobody is fooled."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from trust_router import defaults
from trust_router.inputs.beliefs import Beliefs
from trust_router.judges.answers import Answers
from trust_router.judges.calls.cache import AnswerCache
from trust_router.judges.calls.connecting import needs_llm_extra
from trust_router.judges.calls.prices import Prices
from trust_router.judges.calls.runner import Effort, Runner, run_now
from trust_router.judges.cleaning import cleaned
from trust_router.judges.flags import unusual
from trust_router.judges.inquiries import Inquiry
from trust_router.judges.kinds import TicketJudge, stated
from trust_router.judges.plans import Plan, make_plan
from trust_router.judges.sanitising import (
    Statement,
    from_probability,
    from_shapes,
    missing,
    sanitise,
)
from trust_router.judges.tallies import Tally, opened

__all__ = ["ask", "carry_out"]

_LOG = logging.getLogger("trust_router")


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
        Texts by ticket, or alone; see `trust_router.inputs.reading.texts.as_texts`.
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
        without their own are shown), ``columns`` (names of a frame's columns), ``progressbar``,
        ``allow_keys`` (a mapping of hosts to the environment variables with keys that a panel from
        a file may send them; see the guide to privacy).

    Returns
    -------
    Answers
        ``answers.beliefs`` is for `fit`. A judge that failed on a ticket is missing there.

    Raises
    ------
    ModuleNotFoundError
        If an LLM is to be asked and the extra ``llm`` is not installed.
    TypeError, ValueError
        If an argument is invalid, a key is not set or not allowed, or ``limit`` is given where a
        price is unknown.

    Notes
    -----
    It works in Jupyter and anywhere else an event loop runs. Answers are kept as they come: after
    an interruption, ask again with the same ``cache`` and only the rest is asked for. What becomes
    of odd answers is in `trust_router.judges.sanitising`. Which host is asked, with which key, is
    logged before the first call (logger ``trust_router``), and printed with ``progressbar``.

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
    return carry_out(plan, cache, limit, _print if plan.settings.progressbar else _LOG.info)


def carry_out(
    plan: Plan, cache: str | Path | None, limit: float | None, tell: Callable[[str], None]
) -> Answers:
    """Ask as planned, as `ask` does; ``tell`` is told whom, where, before the first call."""
    plan.check_limit(limit)
    plan.check_keys()
    # These first: what is wrong with them should show before anything is paid.
    others = {
        judge.name: _stated(judge, plan) for judge in plan.judges if not isinstance(judge, Inquiry)
    }
    chosen = plan.settings
    with AnswerCache(cache) as held:
        runner = Runner(held, limit, chosen.concurrency, chosen.retries)
        runner.answers |= plan.known(held)
        questions = plan.questions(runner.answers)
        if questions:
            needs_llm_extra()
            callers = plan.callers(questions)
            for inquiry in plan.inquiries:
                if inquiry.name in callers:
                    tell(f"asking {opened(inquiry).told}")
            with _progress(len(questions), chosen.progressbar) as runner.progress:
                run_now(partial(runner.run, questions, callers))
    columns = [
        _heard(judge, plan, runner) if isinstance(judge, Inquiry) else others[judge.name]
        for judge in plan.judges
    ]
    return _answers(columns, plan, [_tally(judge, plan, runner) for judge in plan.judges])


def _answers(
    columns: Sequence[Sequence[Statement]], plan: Plan, tallies: Sequence[Tally]
) -> Answers:
    read = plan.tickets
    shape = (len(read), len(columns))
    alpha, beta = (
        np.array([[getattr(s, name) for s in column] for column in columns]).T.reshape(shape)
        for name in ("alpha", "beta")
    )
    names = [tally.judge for tally in tallies]
    beliefs = Beliefs(read.tickets, names, alpha, beta, about="ticket", category=read.category)
    return Answers(
        beliefs,
        np.array([[s.status for s in column] for column in columns]).T,
        np.array([[", ".join(s.adjusted) for s in column] for column in columns]).T,
        unusual(beliefs.mean, beliefs.category),
        tuple(cleaned(text, defaults.JUDGE_CHARACTERS)[1] for text in read.texts),
        tuple(tallies),
        plan.settings.cap,
    )


def _heard(inquiry: Inquiry, plan: Plan, runner: Runner) -> list[Statement]:
    statements: dict[str, Statement] = {"": missing("no text")}
    keys = plan.keys[inquiry.name]
    for key, text in zip(keys, plan.tickets.texts, strict=True):
        if key in statements:
            continue
        raw = runner.answers.get(key)
        if raw is None:
            statements[key] = missing(runner.reasons.get(key, "failed"))
            continue
        statement = sanitise(raw, inquiry.llm, inquiry.prompt, plan.settings.cap)
        if len(text) > inquiry.llm.characters:
            statement = replace(statement, adjusted=(*statement.adjusted, "cut"))
        statements[key] = statement
    return [statements[key] for key in keys]


def _stated(judge: TicketJudge, plan: Plan) -> list[Statement]:
    given, cap = stated(judge, plan.tickets), plan.settings.cap
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
        return opened(judge)
    effort = runner.efforts.get(judge.name, Effort())
    heard = sum(key in runner.answers for key in plan.keys[judge.name])
    return replace(
        opened(judge),
        cached=heard - effort.answered,
        calls=effort.calls,
        retries=effort.retries,
        input_tokens=effort.input_tokens,
        output_tokens=effort.output_tokens,
        cost=effort.cost,
        cost_at_most=None if effort.cost is None else effort.cost + effort.uncertain,
        problem=effort.problem,
    )


@contextmanager
def _progress(total: int, wanted: bool) -> Iterator[Callable[[float], None] | None]:
    """Show a bar; what it gives is told of each call, and of the USD spent so far."""
    if not wanted:
        yield None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    spent = TextColumn("{task.fields[spent]:.4f} USD")
    columns = ("asking", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), spent)
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("asking", total=total, spent=0.0)
        yield lambda spent: progress.update(task, advance=1, spent=spent)


def _print(line: str) -> None:
    sys.stderr.write(f"{line}\n")
