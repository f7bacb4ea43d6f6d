"""Asking: tickets and judges in, beliefs out; nothing is paid for twice, and nobody is fooled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from trust_router import defaults
from trust_router.answer_cache import AnswerCache
from trust_router.answers import Answers, Tally
from trust_router.calling import needs_llm_extra
from trust_router.flags import unusual
from trust_router.inquiries import Inquiry, gather_judges, past_examples
from trust_router.judges import TicketJudge
from trust_router.prices import Prices, read_prices
from trust_router.prompting import cleaned, text_hash
from trust_router.running import Effort, Job, Runner, run_now
from trust_router.sanitising import (
    Belief,
    from_probability,
    from_shapes,
    missing,
    sanitise,
)
from trust_router.ticket_texts import TicketTexts, as_texts
from trust_router.tickets import TicketBeliefs
from trust_router.validate import is_number, listed, shown, whole_number

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Estimate", "ask", "estimate_cost"]

_LIKELY_OUTPUT = {"shapes": 25, "probability": 25, "logprob": 2}  # tokens, without reasoning


@dataclass(frozen=True)
class _Settings:
    concurrency: int = defaults.CONCURRENCY
    retries: int = defaults.RETRIES
    cap: float = defaults.CONCENTRATION_CAP
    keep_texts: bool = False
    examples: Any = None
    columns: Mapping[str, str] | None = None
    progressbar: bool = False

    def __post_init__(self) -> None:
        whole_number("concurrency", self.concurrency, 1)
        whole_number("retries", self.retries, 0)
        least = defaults.CONCENTRATION_LEAST
        if not (is_number(self.cap) and least <= self.cap < np.inf):
            raise ValueError(f"`cap` must be a number of {least:g} or more; got {shown(self.cap)}")


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
        Texts by ticket, or alone; see `trust_router.ticket_texts.as_texts`.
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
    of odd answers is in `trust_router.sanitising`.

    Examples
    --------
    >>> answers = ask(
    ...     {"length": lambda texts: [min(len(t) / 100, 1) for t in texts]},
    ...     {"t1": "My card is lost", "t2": ""},
    ... )
    >>> answers.beliefs.mean.ravel().tolist()
    [0.15, 0.01]
    """
    chosen = _chosen_settings(settings)
    read = as_texts(tickets, columns=chosen.columns)
    asked = gather_judges(judges, using, past_examples(chosen.examples))
    priced = _prices(prices)
    _check_limit(limit, asked, priced)
    # These first: what is wrong with them should show before anything is paid.
    stated = {
        judge.name: _stated(judge, read, chosen.cap)
        for judge in asked
        if not isinstance(judge, Inquiry)
    }
    with AnswerCache(cache, keep_texts=chosen.keep_texts) as held:
        inquiries = [judge for judge in asked if isinstance(judge, Inquiry)]
        keys = _keys(inquiries, read)
        runner = Runner(held, priced, limit, chosen.concurrency, chosen.retries)
        for inquiry in inquiries:
            runner.answers |= held.get(_asked(keys[inquiry.name]))
        jobs = _jobs(inquiries, keys, read, runner.answers)
        if jobs:
            needs_llm_extra()
            with _progress(len(jobs), chosen.progressbar) as runner.progress:
                run_now(runner.run(jobs))
    columns = [
        _heard(judge, keys[judge.name], read, runner, chosen.cap)
        if isinstance(judge, Inquiry)
        else stated[judge.name]
        for judge in asked
    ]
    return _answers(columns, read, [_tally(judge, keys, runner) for judge in asked])


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
    chosen = _chosen_settings(settings)
    read = as_texts(tickets, columns=chosen.columns)
    asked = gather_judges(judges, using, past_examples(chosen.examples))
    priced = _prices(prices)
    exists = cache is not None and Path(cache).exists()
    tallies = []
    with AnswerCache(cache if exists else None) as held:
        for judge in asked:
            if not isinstance(judge, Inquiry):
                tallies.append(Tally(judge.name))
                continue
            keys = _keys([judge], read)
            known = held.get(_asked(keys[judge.name]))
            jobs = _jobs([judge], keys, read, known)
            tallies.append(_estimated(judge, jobs, sum(map(bool, keys[judge.name])), priced, held))
    return Estimate(tuple(tallies))


def _estimated(
    inquiry: Inquiry, jobs: Sequence[Job], tickets: int, prices: Prices, cache: AnswerCache
) -> Tally:
    llm = inquiry.llm
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
        tickets - len(jobs),
        len(jobs),
        input_tokens=round(sum(i for i, _ in tokens)),
        output_tokens=round(sum(o for _, o in tokens)),
        cost=sum(known) if len(known) == len(costs) else None,
        cost_at_most=most if len(known) == len(costs) else None,
    )


def _chosen_settings(settings: Mapping[str, Any]) -> _Settings:
    allowed = [f.name for f in fields(_Settings)]
    for name in settings:
        if name not in allowed:
            raise TypeError(f"unknown setting {name!r}; settings are {listed(allowed)}")
    return _Settings(**settings)


def _prices(prices: Prices | str | Path | None) -> Prices:
    if prices is None:
        return Prices()
    return prices if isinstance(prices, Prices) else read_prices(prices)


def _check_limit(
    limit: float | None, asked: Sequence[Inquiry | TicketJudge], prices: Prices
) -> None:
    if limit is None:
        return
    if not (is_number(limit) and 0 <= limit < np.inf):
        raise ValueError(f"`limit` must be an amount of USD of 0 or more; got {shown(limit)}")
    for judge in asked:
        if isinstance(judge, Inquiry) and prices.cost(judge.llm, 1, 1) is None:
            raise ValueError(
                f"`limit` cannot be kept: nobody knows the price of {judge.llm.model!r} (judge "
                f"{judge.name!r}); state it in a table [prices] and give that as `prices`"
            )


def _keys(inquiries: Sequence[Inquiry], read: TicketTexts) -> dict[str, list[str]]:
    """Key of each answer by judge; "" for a ticket without text, which is not asked about."""
    hashes = [text_hash(text) if text.strip() else "" for text in read.texts]
    return {i.name: [h and i.key(h) for h in hashes] for i in inquiries}


def _asked(keys: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(key for key in keys if key))


def _jobs(
    inquiries: Sequence[Inquiry],
    keys: Mapping[str, Sequence[str]],
    read: TicketTexts,
    known: Mapping[str, Any],
) -> list[Job]:
    """List what is not known yet, each once; all judges about a ticket before the next one."""
    jobs: dict[str, Job] = {}
    for row, text in enumerate(read.texts):
        for inquiry in inquiries:
            key = keys[inquiry.name][row]
            if key and key not in known and key not in jobs:
                jobs[key] = Job(inquiry, key, text)
    return list(jobs.values())


def _answers(
    columns: Sequence[Sequence[Belief]], read: TicketTexts, tallies: Sequence[Tally]
) -> Answers:
    shape = (len(read), len(columns))
    alpha, beta = (
        np.array([[getattr(b, name) for b in column] for column in columns]).T.reshape(shape)
        for name in ("alpha", "beta")
    )
    names = [tally.judge for tally in tallies]
    beliefs = TicketBeliefs(read.tickets, names, alpha, beta, category=read.category)
    return Answers(
        beliefs,
        np.array([[b.status for b in column] for column in columns]).T,
        np.array([[", ".join(b.adjusted) for b in column] for column in columns]).T,
        unusual(beliefs.mean, beliefs.category),
        tuple(cleaned(text, defaults.JUDGE_CHARACTERS)[1] for text in read.texts),
        tuple(tallies),
    )


def _heard(
    inquiry: Inquiry, keys: Sequence[str], read: TicketTexts, runner: Runner, cap: float
) -> list[Belief]:
    beliefs: dict[str, Belief] = {"": missing("no text")}
    for key, text in zip(keys, read.texts, strict=True):
        if key in beliefs:
            continue
        raw = runner.answers.get(key)
        if raw is None:
            beliefs[key] = missing(runner.reasons.get(key, "failed"))
            continue
        belief = sanitise(raw, inquiry.llm, inquiry.prompt, cap)
        if len(text) > inquiry.llm.characters:
            belief = replace(belief, adjusted=(*belief.adjusted, "cut"))
        beliefs[key] = belief
    return [beliefs[key] for key in keys]


def _stated(judge: TicketJudge, read: TicketTexts, cap: float) -> list[Belief]:
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


def _tally(
    judge: Inquiry | TicketJudge,
    keys: Mapping[str, Sequence[str]],
    runner: Runner,
) -> Tally:
    if not isinstance(judge, Inquiry):
        return Tally(judge.name)
    effort = runner.efforts.get(judge.name, Effort())
    heard = sum(key in runner.answers for key in keys[judge.name])
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
