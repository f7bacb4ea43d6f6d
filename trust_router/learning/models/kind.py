"""What a model must be able to say and do; a new one is a class of these in one file."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import fields
from typing import TYPE_CHECKING, Any, ClassVar, cast

import numpy as np

from trust_router.basics.arrays import Array
from trust_router.basics.shown import Shown
from trust_router.inputs.panel import Panel
from trust_router.inputs.periods import Clock
from trust_router.inputs.rows import Rows
from trust_router.learning.facts import Facts
from trust_router.learning.noise import Noise

if TYPE_CHECKING:
    import pymc as pm
    import xarray as xr

    from trust_router.learning.models.vector import Vector

__all__ = ["MODELS", "Model"]

MODELS: dict[str, type[Model]] = {}  # by name; files of results hold the name


class Model(Shown, ABC):
    """Options of a model, and what it does with them.

    Subclass it as a frozen dataclass whose fields are options that JSON can hold. The class gets
    known by its ``name`` to `fit` and, once its module is imported, to `load`.

    Notes
    -----
    Arrays are those of `Rows`, draws those of ArviZ's ``posterior`` group with the dims ``chain``
    and ``draw``. What is summed out of the graph is recovered from its draws: ``trust`` (router,)
    or (category, router), ``seat_posterior`` the same with seat, and ``need`` (category,).
    """

    name: ClassVar[str]
    gaussian: ClassVar[bool] = False  # whether the posterior is nearly that

    def __init_subclass__(cls) -> None:
        """Make the model known by its name."""
        super().__init_subclass__()
        held = MODELS.get(cls.name)
        if held is not None and held.__qualname__ != cls.__qualname__:
            raise ValueError(f"there is a model named {cls.name!r} already; choose another name")
        MODELS[cls.name] = cls

    def options(self) -> dict[str, Any]:
        """Give the options as plain data, from which the model can be made again."""
        held = {field.name: getattr(self, field.name) for field in fields(cast("Any", self))}
        return {k: x.to_dict() if isinstance(x, Noise) else x for k, x in held.items()}

    @abstractmethod
    def facts(self, rows: Rows) -> Facts:
        """State what the model is, for some input."""

    @abstractmethod
    def data(self, panel: Panel, rows: Rows) -> dict[str, Any]:
        """Arrays that change between fits; each is a `pm.Data` of the graph, or not used by it.

        ``observed`` holds what is observed.
        """

    @abstractmethod
    def build(self, panel: Panel, rows: Rows) -> pm.Model:
        """Build the graph of some rows, with an observed random variable; sample nothing."""

    def sampled(self, panel: Panel, rows: Rows) -> pm.Model:
        """Build the graph that is sampled: as a rule that of `build`, or one of the same meaning.

        Whatever `build` calls free it holds as a variable, too.
        """
        return self.build(panel, rows)

    @abstractmethod
    def recover(self, draws: xr.Dataset, panel: Panel, rows: Rows) -> xr.Dataset:
        """Add ``trust``, ``seat_posterior`` and ``need`` to draws."""

    def clock(self) -> Clock | None:
        """Give the periods that tickets must be told apart by; None: they need no time."""
        return None

    def coords(self, panel: Panel, rows: Rows) -> dict[str, Any]:
        """Labels of the dims of parameters."""
        return {
            "router": list(panel.router_names),
            "seat": list(panel.seats.labels),
            "judge": list(panel.judge_names),
            "category": list(rows.categories),
        }

    def need(self, draws: xr.Dataset, panel: Panel, reference: Rows, rows: Rows) -> Array:
        """Need of rows under each draw, given the outcomes of the reference, (sample, row)."""
        raise ValueError(
            f"the {self.name} model has no need beyond that of its categories; see `Posterior.need`"
        )

    def shapes(self, draws: xr.Dataset, panel: Panel, rows: Rows) -> tuple[Array, Array]:
        """Shapes of need given the seat after the outcomes, each (sample, category, seat)."""
        raise ValueError(f"in the {self.name} model need is no mixture of Betas")

    def ticket_log_likelihood(
        self, draws: xr.Dataset, panel: Panel, reference: Rows, rows: Rows
    ) -> Array:
        """Log probability of outcomes 0 and 1 of one ticket given all others, (sample, row, 2)."""
        return _log_chances(self.need(draws, panel, reference, rows))

    def log_likelihood(self, draws: xr.Dataset, panel: Panel, rows: Rows) -> Array:
        """Log probability of all outcomes under each draw of the parameters, (sample,)."""
        return self.likelihood(panel, rows)(draws)

    def likelihood(self, panel: Panel, rows: Rows) -> Callable[[xr.Dataset], Array]:
        """Prepare `log_likelihood` of some rows, for many looks at them."""
        known = rows.known()

        def likelihood(draws: xr.Dataset) -> Array:
            chance = self.ticket_log_likelihood(draws, panel, rows, known)
            resolved = known.trials - known.needs
            return np.asarray(chance[..., 1] @ known.needs + chance[..., 0] @ resolved)

        return likelihood

    def vector(self, panel: Panel, rows: Rows) -> Vector | None:
        """Give the free parameters as a vector, in which draws may be moved; None: they may not."""
        return None

    def exported(self, draws: xr.Dataset, panel: Panel, rows: Rows) -> dict[str, Any] | None:
        """Give what decides tickets without PyMC; None: nothing does.

        The ``draws`` of parameters by name, each (sample, ...), and the ``scale`` of scores, as
        `PoolDraws` takes them.
        """
        return None

    def predictive(
        self, draws: xr.Dataset, panel: Panel, rows: Rows, random_seed: int
    ) -> dict[str, xr.Dataset] | None:
        """Give ``posterior_predictive`` and ``log_likelihood``; None: PyMC can do it."""
        return None


def _log_chances(need: Array) -> Array:
    """Log probability of outcomes 0 and 1 given need, one dim more."""
    with np.errstate(divide="ignore"):
        return np.stack([np.log1p(-need), np.log(need)], axis=-1)
