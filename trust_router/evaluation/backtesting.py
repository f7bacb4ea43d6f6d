"""Running backtests: models learn from a few outcomes and predict tickets held out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trust_router import defaults
from trust_router.basics.checks import listed, number, shown, whole_number
from trust_router.decisions.costs import Costs
from trust_router.defaults import ModelName
from trust_router.evaluation.backtests import Backtest
from trust_router.evaluation.baselines import BASELINES, Baseline, Tickets
from trust_router.evaluation.coverage import disagreement, no_groups
from trust_router.evaluation.facts import TicketFacts
from trust_router.evaluation.held_out import HeldOut
from trust_router.evaluation.methods import Index, Method, learned, refitted
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.expected import expect
from trust_router.inputs.matching import single_tickets
from trust_router.inputs.outcomes import Outcomes
from trust_router.inputs.panel import Panel
from trust_router.inputs.rows import Rows
from trust_router.learning.compiled import compile_model
from trust_router.learning.models.kind import Model
from trust_router.learning.models.known import choose

__all__ = ["backtest"]

Key = tuple[str, int]  # method and number of outcomes
Models = Mapping[str, Model] | Sequence[Model | ModelName]


def backtest(
    panel: Panel,
    beliefs: Beliefs,
    outcomes: Outcomes,
    *,
    models: Models | None = None,
    baselines: Sequence[str] | None = None,
    feedbacks: Sequence[int] | None = None,
    held_out: float | int = defaults.HELD_OUT,
    splits: int = defaults.SPLITS,
    facts: TicketFacts | None = None,
    costs: Costs | None = None,
    random_seed: int = defaults.COMMAND_SEED,
    progressbar: bool = False,
    **settings: Any,
) -> Backtest:
    """Measure learning curves: learn from a few outcomes, predict tickets that were held out.

    Parameters
    ----------
    panel, beliefs, outcomes
        As in `trust_router.fit`; outcomes with single tickets.
    models : sequence of names or options, or mapping of label to options, optional
        Default: the default model of the kind of beliefs.
    baselines : sequence of str, optional
        Names of `trust_router.evaluation.baselines.BASELINES`; default: all that the input allows.
    feedbacks : sequence of int, optional
        Numbers of outcomes to learn from; default: 25, 100, 400 and 1,000 as far as they are there,
        and all that are not held out.
    held_out : float or int
        Share (below 1) or number of the tickets with an outcome that are predicted.
    splits : int
        How often tickets are held out anew, at random.
    facts : TicketFacts, optional
        Quality of both models' answers and length of texts.
    costs : Costs, optional
        Adds the metrics in money.
    random_seed : int
    progressbar : bool
    **settings
        Of the sampler, as in `trust_router.fit`; by default shorter than there.

    Returns
    -------
    Backtest

    Raises
    ------
    ValueError
        If an argument is invalid, before anything is compiled.

    Notes
    -----
    In every split, learning sets of different size are nested, and the held-out tickets the same.
    Models see the beliefs about tickets that are neither learned from nor held out, without their
    outcomes, as they would in production; of held-out tickets they see nothing before they
    predict. All models and baselines get the same outcomes.

    Examples
    --------
    >>> result = backtest(panel, beliefs, outcomes, feedbacks=[25, 100])  # doctest: +SKIP
    >>> result.table().query("metric == 'log_loss'")  # doctest: +SKIP
    """
    for name, value, kind in (("facts", facts, TicketFacts), ("costs", costs, Costs)):
        if value is not None:
            expect(value, kind, name)
    tickets, what_happened = _tickets(panel, beliefs, outcomes, facts, random_seed)
    known = np.flatnonzero(tickets.rows.trials > 0)
    sizes, test = _sizes(len(known), feedbacks, held_out, splits)
    options, compared = _options(models, tickets.rows), _baselines(baselines, tickets)
    clash = set(options) & set(compared)
    if clash:
        raise ValueError(f"`models` may not be named like a baseline; got {min(clash)!r}")
    _check_still(options)
    lengths = {"draws": defaults.REFIT_DRAWS, "tune": defaults.REFIT_TUNE} | settings
    apart = disagreement(panel, tickets.rows)
    fitted = {
        label: refitted(
            compile_model(panel, beliefs, outcomes, model=option, **lengths), random_seed, apart
        )
        for label, option in options.items()
    }
    methods = fitted | {name: learned(baseline) for name, baseline in compared.items()}
    rng = np.random.default_rng(random_seed)
    orders = [rng.permutation(known) for _ in range(splits)]
    predictions, converged, groups = _compared(
        methods, tickets, _steps(orders, sizes, progressbar), test
    )
    return Backtest(
        methods=tuple(methods),
        feedbacks=sizes,
        held_out=tuple(order[:test] for order in orders),
        tickets=what_happened,
        predictions=predictions,
        converged={key: good for key, good in converged.items() if key[0] in fitted},
        costs=costs,
        settings={"random_seed": random_seed, "splits": splits, "held_out": test} | lengths,
        groups=groups,
    )


def _tickets(
    panel: Panel,
    beliefs: Beliefs,
    outcomes: Outcomes,
    facts: TicketFacts | None,
    random_seed: int,
) -> tuple[Tickets, HeldOut]:
    rows, names = single_tickets(panel, beliefs, outcomes)
    known = facts.aligned(names, rows.trials > 0) if facts else {}
    happened = HeldOut.from_outcome(
        rows.needs, known.get("simple_quality"), known.get("complex_quality"), random_seed
    )
    return Tickets(rows, names, known.get("length")), happened


def _sizes(
    known: int, feedbacks: Sequence[int] | None, held_out: float | int, splits: int
) -> tuple[tuple[int, ...], int]:
    whole_number("splits", splits, 1, 10_000)
    share = number("held_out", held_out)
    test = round(share * known) if 0 < share < 1 else share
    if test != int(test) or not 1 <= test < known:
        raise ValueError(
            "`held_out` must be a share between 0 and 1, or a number that leaves something to "
            f"learn from the {known} tickets with an outcome; got {shown(held_out)}"
        )
    left = known - int(test)
    if feedbacks is None:
        sizes = [n for n in defaults.FEEDBACKS if n < left] + [left]
    else:
        sizes = sorted({whole_number("feedbacks", n, 1) for n in feedbacks})
    if not sizes or sizes[-1] > left:
        raise ValueError(
            f"`feedbacks` must be numbers from 1 to {left}, the tickets with an outcome that are "
            f"not held out; got {list(feedbacks or [])}"
        )
    return tuple(sizes), int(test)


def _options(models: Models | None, rows: Rows) -> dict[str, Model]:
    _check_list("models", models)
    if isinstance(models, Mapping):
        return {label: choose(model, rows.about) for label, model in models.items()}
    chosen = [choose(model, rows.about) for model in models or (None,)]
    names = [model.name for model in chosen]
    if len(set(names)) < len(names):
        raise ValueError(
            "`models` of the same kind need labels, as in {'pool': Pool(), 'plain': Pool(...)}; "
            f"got {listed(names)}"
        )
    return dict(zip(names, chosen, strict=True))


def _check_still(options: Mapping[str, Model]) -> None:
    moving = [label for label, option in options.items() if option.clock() is not None]
    if moving:
        raise ValueError(
            f"a backtest holds out tickets of any time, and a model with drift learns from their "
            f"order; got {moving[0]!r} among `models`"
        )


def _baselines(chosen: Sequence[str] | None, tickets: Tickets) -> dict[str, Baseline]:
    allowed = {
        n: b for n, b in BASELINES.items() if n != "text length" or tickets.length is not None
    }
    _check_list("baselines", chosen)
    for name in chosen or ():
        if name not in allowed:
            raise ValueError(
                f"`baselines` may name {listed(allowed)}; got {name!r}"
                + (" (facts hold no `length`)" if name in BASELINES else "")
            )
    return allowed if chosen is None else {name: allowed[name] for name in chosen}


def _check_list(name: str, value: object) -> None:
    if (value is not None and not isinstance(value, (Mapping, Sequence))) or isinstance(value, str):
        raise TypeError(f"`{name}` must be a list; got {shown(value)}; write [{shown(value)}]")


def _compared(
    methods: Mapping[str, Method],
    tickets: Tickets,
    steps: Iterable[tuple[int, Index, int]],
    test: int,
) -> tuple[dict[Key, NDArray[np.float32]], dict[Key, float], pd.DataFrame]:
    """Predict held-out tickets by all methods: need, share of good fits, and groups."""
    predictions: dict[Key, list[NDArray[np.float32]]] = {}
    good: dict[Key, list[bool]] = {}
    groups = [no_groups()]
    for split, order, size in steps:
        asked, fed = order[:test], order[test : test + size]
        for name, method in methods.items():
            found = method(tickets, fed, asked, split)
            predictions.setdefault((name, size), []).append(found.need.astype(np.float32))
            good.setdefault((name, size), []).append(found.converged)
            if found.groups is not None:
                groups.append(found.groups.assign(method=name, feedbacks=size, split=split))
    return (
        {key: np.stack(each) for key, each in predictions.items()},
        {key: float(np.mean(each)) for key, each in good.items()},
        pd.concat(groups[1:] or groups, ignore_index=True)[groups[0].columns],
    )


def _steps(
    orders: list[Index], sizes: Sequence[int], progressbar: bool
) -> Iterator[tuple[int, Index, int]]:
    from rich.progress import track

    steps = [(split, order, n) for split, order in enumerate(orders) for n in sizes]
    yield from track(steps, "backtest", disable=not progressbar, transient=True)
