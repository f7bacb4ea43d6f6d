"""Pictures of chains, by ArviZ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trust_router.learning.posterior import Posterior
from trust_router.show.plots.choice import busiest
from trust_router.show.plots.drawing import (
    SIDE_LENGTH,
    STYLE,
    short,
    style,
)

if TYPE_CHECKING:
    from xarray import DataTree

    from trust_router.inputs.outcomes import Outcomes

__all__ = ["diagnostics", "draw_chains"]

_DIAGNOSED = 4  # categories and other variables, at most


def diagnostics(posterior: Posterior) -> Any:
    """Draw traces and distributions of need by chain, with ArviZ.

    In the pool model also of ``gain``, how strongly need follows the pooled judges.

    Returns
    -------
    arviz.PlotCollection

    Raises
    ------
    ValueError
        If the posterior is a closed form, which has no draws.

    Examples
    --------
    >>> collection = diagnostics(posterior)  # doctest: +SKIP
    """
    if not posterior.has_draws:
        raise ValueError("a closed form has no draws to diagnose; use `fit`")
    return draw_chains(posterior.data, posterior.outcomes)


def draw_chains(data: DataTree, outcomes: Outcomes) -> Any:
    """Draw the chains of need in the busiest categories, and of what else matters most."""
    import arviz as az

    names = [name for name in ("gain", "need") if name in data["posterior"]]
    number = _DIAGNOSED - (len(names) - 1)
    shown = [outcomes.categories[i] for i in busiest(outcomes.trials)[0][:number]]
    keys = ("text.parse_math", "figure.constrained_layout.use")
    with style({key: STYLE[key] for key in keys}):
        collection = az.plot_trace_dist(
            data,
            var_names=names,
            coords={"category": shown},
            compact=False,  # else all categories lie on top of each other
            backend="matplotlib",
            figure_kwargs={"figsize": (7.5, 0.6 + 2.2 * (len(shown) + len(names) - 1))},
        )
    for ax in collection.viz["figure"].item().axes:
        for label in (ax.xaxis.label, ax.yaxis.label):
            variable, _, name = label.get_text().partition("\n")
            label.set_text(f"{variable}\n{short(name, SIDE_LENGTH)}".strip())
    return collection
