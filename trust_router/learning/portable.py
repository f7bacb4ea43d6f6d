"""What predicts tickets, as plain data and back, without the libraries that made it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from trust_router.basics.arrays import Array, floats
from trust_router.defaults import PREDICTION_DRAWS
from trust_router.inputs.panel import Panel
from trust_router.inputs.rows import Rows
from trust_router.learning.chains import thinned
from trust_router.learning.checking import check_rows
from trust_router.learning.models.pool_draws import PARAMETERS, PoolDraws
from trust_router.learning.models.pooling import Pooling
from trust_router.learning.past import Foretold, outcomes_of

if TYPE_CHECKING:
    from trust_router.learning.posterior import Posterior

__all__ = ["TicketSource", "tickets_as_data", "tickets_of_data"]

_COUNTS = ("category", "trials", "needs", "number")


@dataclass(frozen=True, eq=False)
class TicketSource:
    """Draws of the pool's parameters, as many as `Posterior.predict` takes, and what was fitted.

    Attributes
    ----------
    panel : Panel
    rows : Rows
    draws : PoolDraws
    chains : int
    past : Foretold or None
        What was known of each ticket with an outcome from all others.
    """

    panel: Panel
    rows: Rows
    draws: PoolDraws
    chains: int
    past: Foretold | None
    _silent: dict[int, Array] = field(default_factory=dict, repr=False)

    def need_draws(self, rows: Rows, draws: int) -> Array:  # noqa: ARG002  # all are few
        """Need of rows under all draws, shape (sample, row)."""
        if not (len(rows) == 1 and rows.category[0] >= -1 and np.isnan(rows.alpha).all()):
            return self.draws.prediction(self.rows, rows)
        # Such a ticket stands for all others, which takes a while, and is the same each time.
        place = int(rows.category[0])
        if place not in self._silent:
            self._silent[place] = self.draws.prediction(self.rows, rows)
        return self._silent[place]


def tickets_as_data(posterior: Posterior) -> dict[str, Any] | None:
    """Give what predicts tickets as plain data; None where the model cannot be given so."""
    rows, panel = posterior.rows, posterior.panel
    if rows.about == "category" or not posterior.has_draws:
        return None
    draws = posterior.data["posterior"].to_dataset()
    held = posterior.options.exported(thinned(draws, PREDICTION_DRAWS), panel, rows)
    if held is None:
        return None
    past = posterior.foretold
    return {
        "panel": panel.to_dict(),
        "categories": list(rows.categories),
        "rows": {name: _plain(getattr(rows, name)) for name in (*_COUNTS, "alpha", "beta")},
        "chains": draws.sizes["chain"],
        "scale": held["scale"],
        "draws": {name: _plain(values) for name, values in held["draws"].items()},
        "past": None
        if past is None
        else {"need": _plain(past.need), "of_category": _plain(past.of_category)},
    }


def tickets_of_data(data: Mapping[str, Any]) -> TicketSource:
    """Take what `tickets_as_data` gave.

    Raises
    ------
    KeyError, TypeError, ValueError
        If something is absent, of the wrong shape, or out of its range.
    """
    panel, held = Panel.from_dict(data["panel"]), data["rows"]
    category, *counts = (np.array(held[name], dtype=np.int64) for name in _COUNTS)
    shape = (-1, len(panel.judges))
    rows = Rows(
        "ticket",
        tuple(data["categories"]),
        panel.judge_names,
        category,
        floats(held["alpha"]).reshape(shape),
        floats(held["beta"]).reshape(shape),
        trials=counts[0],
        needs=counts[1],
        number=counts[2],
    )
    check_rows(panel, rows)
    values = {name: floats(drawn) for name, drawn in data["draws"].items()}
    chains = _checked(values, panel, rows, data["chains"])
    draws = PoolDraws(Pooling.of(panel, rows, data["scale"]), values)
    return TicketSource(panel, rows, draws, chains, _past(data["past"], rows))


def _past(data: Mapping[str, Any] | None, rows: Rows) -> Foretold | None:
    if data is None:
        return None
    known = rows.known()
    past = Foretold(known, outcomes_of(known), floats(data["need"]), floats(data["of_category"]))
    if past.need.shape != past.tickets.shape or past.of_category.shape != (len(known),):
        raise ValueError("what was foretold belongs to other rows")
    if not np.isnan(past.need[past.tickets == 0]).all():
        raise ValueError("something is foretold of no ticket")
    for each in (past.need[past.tickets > 0], past.of_category):
        if not ((each >= 0) & (each <= 1)).all():
            raise ValueError("what was foretold is no probability")
    return past


def _checked(values: Mapping[str, Array], panel: Panel, rows: Rows, chains: Any) -> int:
    """Refuse draws that no fit of the pool could have given."""
    inner = {
        "router_gain": (len(panel.routers),),
        "judge_gain": (len(panel.judges),),
        "category_z": (len(rows.categories),),
    }
    number = len(values["gain"])
    if not (isinstance(chains, int) and chains >= 1 and number >= 1 and number % chains == 0):
        raise ValueError(f"its {number} draws are not those of {chains!r} chains")
    for name, drawn in values.items():
        if name not in PARAMETERS:
            raise ValueError(f"{name!r} is no parameter")
        shape = (number, *inner.get(name, ()))
        if drawn.shape != shape or not np.isfinite(drawn).all():
            raise ValueError(f"draws of {name} are not finite numbers of shape {shape}")
        if name.endswith("_sd") and (drawn < 0).any():
            raise ValueError(f"a draw of {name} is below 0")
    together = [("category_sd", "category_z"), ("discord", "damping"), ("intercept", "bend")]
    if "intercept" not in values or any((a in values) != (b in values) for a, b in together):
        raise ValueError("a parameter is absent")
    return chains


def _plain(values: Array) -> list[Any]:
    """Write an array as lists, None where it is NaN, which JSON does not know."""
    if values.dtype.kind != "f":
        return list(values.tolist())
    written = values.astype(object)
    written[np.isnan(values)] = None
    return list(written.tolist())
