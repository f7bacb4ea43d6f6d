"""What went into a result: panel, beliefs, outcomes, model and provenance in one `DataTree`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from trust_router.basics.files import write_whole
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.keyed import UNCHECKED, Keyed
from trust_router.inputs.matches import Matches
from trust_router.inputs.outcomes import Outcomes
from trust_router.inputs.panel import Panel
from trust_router.inputs.rows import Rows
from trust_router.learning.diagnostics import (
    ConvergenceError,
    Diagnostics,
    beside_exact,
    diagnose,
)
from trust_router.learning.exact import closed_form
from trust_router.learning.noise import Noise

if TYPE_CHECKING:
    from trust_router.learning.models.graph import Graph
    from trust_router.learning.models.kind import Model
    from trust_router.learning.models.prior import Prior

__all__ = ["Record"]


@dataclass(frozen=True, eq=False)
class Record:
    """One `DataTree` and what went into it.

    Attributes
    ----------
    data : xarray.DataTree
        Group ``inputs`` holds panel, beliefs and outcomes.
    """

    data: xr.DataTree

    @property
    def has_draws(self) -> bool:
        """Whether there are draws of a sampler; a closed form has none."""
        return "posterior" in self.data.children

    @property
    def method(self) -> str:
        """``"exact"``, ``"nuts"``, or ``"updated"`` if outcomes were brought in afterwards."""
        return str(self.provenance["method"])

    @property
    def model(self) -> str:
        """Name of the model: ``"seed"``, ``"switch"``, ``"pool"``, or one of your own."""
        return str(self.provenance["model"])

    @cached_property
    def options(self) -> Model:
        """The model with its options.

        Raises
        ------
        ValueError
            If it is a model of your own whose module has not been imported.
        """
        from trust_router.learning.models.known import restore

        return restore(self.model, self.provenance.get("options", {}))

    @property
    def noise(self) -> Noise | None:
        """How often outcomes may be wrong, as it was stated; None: they were taken as true."""
        held = self.provenance.get("options", {}).get("noise")
        return None if held is None else Noise.from_dict(held)

    @cached_property
    def panel(self) -> Panel:
        """The panel that was asked."""
        return Panel.from_dict(json.loads(self._inputs["panel"].item()))

    @cached_property
    def rows(self) -> Rows:
        """Beliefs and outcomes that went in, tickets that look alike merged."""
        held = self._inputs
        return Rows(
            held.attrs["level"],
            tuple(held["category"].values.tolist()),
            tuple(held["judge"].values.tolist()),
            category=held["row_category"].values,
            alpha=held["alpha"].values,
            beta=held["beta"].values,
            trials=held["trials"].values,
            needs=held["needs"].values,
            number=held["tickets"].values,
            matches=Matches.from_dict(self.provenance.get("matching")),
            tickets=self._tickets,
            checked=held["checked"].values if "checked" in held else None,
            period=held["row_period"].values if "row_period" in held else None,
            periods=tuple(held["period"].values.tolist()) if "row_period" in held else (),
        )

    @property
    def beliefs(self) -> Beliefs:
        """The beliefs about categories that went in.

        Raises
        ------
        ValueError
            If beliefs were about single tickets; those are in `rows`.
        """
        rows = self.rows
        if rows.about == "ticket":
            raise ValueError("beliefs are about single tickets; they are in `rows`")
        return Beliefs(rows.categories, rows.judges, rows.alpha, rows.beta)

    @cached_property
    def outcomes(self) -> Outcomes:
        """The outcomes that went in, counted by category (tickets no longer told apart)."""
        return self.rows.counts()

    @cached_property
    def diagnostics(self) -> Diagnostics | None:
        """Convergence of the draws; None for a closed form, which has none."""
        if not self.has_draws:
            return None
        found = diagnose(self.data)
        if not self.options.facts(self.rows).closed_form:
            return found
        exact = closed_form(self.panel, self.beliefs, self.outcomes)
        return beside_exact(found, self.data["posterior"].to_dataset()["trust"], exact.trust)

    def prior(self) -> Prior:
        """Need and trust before any outcome, from the draws of the prior that were kept.

        Raises
        ------
        ValueError
            If there are none: it is a closed form, or was fitted without predictions.
        """
        from trust_router.learning.models.prior import recovered_prior

        if "prior" not in self.data.children:
            raise ValueError("the posterior holds no draws of its prior; use `models.sample_prior`")
        drawn = self.data["prior"].to_dataset()
        return recovered_prior(drawn, self.options, self.panel, self.rows)

    def graph(self) -> Graph:
        """Draw the graph of the model: which variables there are, and which depend on which.

        Returns
        -------
        Graph
            Mermaid's text, which JupyterLab, VS Code and GitHub draw; no Graphviz has to be there.
            Who has it calls `pymc.model_to_graphviz` on what `trust_router.models.build` gives.

        Examples
        --------
        >>> from trust_router import solve
        >>> from trust_router.examples import load_seed
        >>> print(solve(*load_seed()).graph())  # doctest: +ELLIPSIS
        graph TD
        ...
        """
        from trust_router.learning.models.graph import graph_of

        return graph_of(self.options, self.panel, self.rows)

    @property
    def converged(self) -> bool:
        """Whether the numbers may be trusted, as far as diagnostics can tell."""
        return self.diagnostics is None or self.diagnostics.converged

    def refuse_unconverged(self, allow: bool) -> None:
        """Let pass only what has converged, or what is explicitly allowed.

        Raises
        ------
        ConvergenceError
            If the draws may not be trusted and ``allow`` is not set.
        """
        if self.diagnostics is not None and not (allow or self.converged):
            raise ConvergenceError(self, self.diagnostics)

    @property
    def updates(self) -> tuple[dict[str, Any], ...]:
        """What was brought in since the fit, an entry each time.

        Tickets ``added``, ``corrected`` and the ``same``, ``by`` what they were brought in (closed
        form, weights or NUTS), and how well that went.
        """
        return tuple(self.provenance.get("updates", ()))

    @property
    def provenance(self) -> dict[str, Any]:
        """Package, model, input hash, counts of matches, seed, sampler and library versions."""
        return dict(json.loads(self.data.attrs["provenance"]))

    def save(self, path: str | Path) -> Path:
        """Write everything to a netCDF file; an older one is replaced whole or not at all."""
        # In memory first: HDF5 ends the process when a disk is full and its file is collected.
        content = BytesIO()
        self.data.to_netcdf(content, engine="h5netcdf")
        return write_whole(path, lambda file: file.write_bytes(content.getvalue()))

    @property
    def _lost(self) -> str:
        matches = self.rows.matches
        return "" if matches is None or matches.complete else f", {matches}"

    @property
    def _tickets(self) -> Keyed | None:
        held = self._inputs
        if "ticket_key" not in held:
            return None
        key, row, outcome = (held[f"ticket_{n}"].values for n in ("key", "row", "outcome"))
        nobody = np.full(len(key), UNCHECKED, dtype=np.int8)
        logged = held["ticket_logged"].values if "ticket_logged" in held else nobody
        return Keyed(key, row, outcome, logged)

    @property
    def _inputs(self) -> xr.Dataset:
        return self.data["inputs"].to_dataset()
