"""Running backtests: models learn from a few outcomes and predict tickets held out."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trust_router import defaults
from trust_router.basics.arrays import Array, blocks
from trust_router.basics.checks import listed, number, shown, whole_number
from trust_router.decisions.costs import Costs
from trust_router.defaults import ModelName
from trust_router.evaluation.backtests import Backtest
from trust_router.evaluation.baselines import BASELINES, Baseline, Tickets
from trust_router.evaluation.coverage import disagreement, group_places, grouped, no_groups
from trust_router.evaluation.facts import TicketFacts
from trust_router.evaluation.held_out import HeldOut
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.expected import expect
from trust_router.inputs.matching import single_tickets
from trust_router.inputs.outcomes import Outcomes
from trust_router.inputs.panel import Panel
from trust_router.inputs.rows import Rows
from trust_router.learning.compiled import CompiledModel, compile_model
from trust_router.learning.models.kind import Model
from trust_router.learning.models.known import choose
from trust_router.learning.posterior import Posterior

__all__ = ["backtest"]

Index = NDArray[np.intp]
Models = Mapping[str, Model] | Sequence[Model | ModelName]


class Predicted(NamedTuple):
    """Need of the tickets asked for, whether it may be trusted, and how groups were foretold."""

    need: Array
    converged: bool = True
    groups: pd.DataFrame | None = None


# Predictions of the tickets asked for, learned from those fed.
Method = Callable[[Tickets, Index, Index, int], Predicted]


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
    lengths = {"draws": defaults.REFIT_DRAWS, "tune": defaults.REFIT_TUNE} | settings
    apart = disagreement(panel, tickets.rows)
    fitted = {
        label: _refitted(
            compile_model(panel, beliefs, outcomes, model=option, **lengths), random_seed, apart
        )
        for label, option in options.items()
    }
    methods = fitted | {name: _learned(baseline) for name, baseline in compared.items()}
    rng = np.random.default_rng(random_seed)
    orders = [rng.permutation(known) for _ in range(splits)]
    keys = [(name, size) for name in methods for size in sizes]
    predictions = {key: np.empty((splits, test), dtype=np.float32) for key in keys}
    good = {key: np.empty(splits, dtype=bool) for key in keys}
    places = []
    for split, order, size in _steps(orders, sizes, progressbar):
        asked, fed = order[:test], order[test : test + size]
        for name, method in methods.items():
            at, found = (name, size), method(tickets, fed, asked, split)
            predictions[at][split], good[at][split] = found.need, found.converged
            if found.groups is not None:
                places.append(found.groups.assign(method=name, feedbacks=size, split=split))
    return Backtest(
        methods=tuple(methods),
        feedbacks=sizes,
        held_out=tuple(order[:test] for order in orders),
        tickets=what_happened,
        predictions=predictions,
        converged={key: float(good[key].mean()) for key in keys if key[0] in fitted},
        costs=costs,
        settings={"random_seed": random_seed, "splits": splits, "held_out": test} | lengths,
        groups=pd.concat(places, ignore_index=True)[no_groups().columns] if places else no_groups(),
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


def _learned(baseline: Baseline) -> Method:
    return lambda tickets, fed, asked, _: Predicted(baseline(tickets, fed, asked))


def _refitted(model: CompiledModel, random_seed: int, apart: Array) -> Method:
    def predicted(tickets: Tickets, fed: Index, asked: Index, split: int) -> Predicted:
        rows = tickets.rows
        seen = _seen(rows, fed, asked).merged()
        with warnings.catch_warnings():  # counted in `Backtest.converged`
            warnings.simplefilter("ignore", UserWarning)
            posterior = model.fit_rows(seen, random_seed=random_seed + split, on_failure="warn")
        diagnosed = posterior.diagnostics
        need = _predict(posterior, rows, asked)
        rng = np.random.default_rng([random_seed, split, len(fed)])
        places = group_places(
            lambda: _draws(posterior, rows, asked, random_seed + split),
            grouped(rows.category[asked], need, apart[asked]),
            tickets.outcome[asked],
            rng,
        )
        return Predicted(need, bool(diagnosed and diagnosed.converged), places)

    return predicted


def _seen(rows: Rows, fed: Index, asked: Index) -> Rows:
    """Leave what a model may see: outcomes of ``fed``, and no belief about tickets asked for."""
    hidden = np.ones(len(rows), dtype=bool)
    hidden[fed] = False
    seen = rows.hiding(hidden)
    return seen if rows.about == "category" else seen.take(np.delete(np.arange(len(rows)), asked))


def _predict(posterior: Posterior, rows: Rows, asked: Index) -> Array:
    if posterior.facts.has_mixtures:
        return np.asarray(posterior.need_distribution().mean[rows.category[asked]])
    return np.concatenate([need.mean(axis=0) for _, need in _draws(posterior, rows, asked)])


def _draws(
    posterior: Posterior, rows: Rows, asked: Index, random_seed: int = 0
) -> Iterator[tuple[slice, Array]]:
    """Draws of the need of the tickets asked for, a few at a time, each (sample, ticket)."""
    number, by_category = defaults.PREDICTION_DRAWS, posterior.facts.has_mixtures
    if by_category:
        need = posterior.need_distribution().sample(number, random_seed)
    for part in blocks(len(asked), number, defaults.POINTWISE_VALUES):
        at = asked[part]
        yield (
            part,
            need[:, rows.category[at]] if by_category else posterior.need_draws(rows.take(at)),
        )


def _steps(
    orders: list[Index], sizes: Sequence[int], progressbar: bool
) -> Iterator[tuple[int, Index, int]]:
    from rich.progress import track

    steps = [(split, order, n) for split, order in enumerate(orders) for n in sizes]
    yield from track(steps, "backtest", disable=not progressbar, transient=True)
