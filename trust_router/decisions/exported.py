"""What was exported, read and asked without PyMC, ArviZ, xarray, pandas and SciPy."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

import numpy as np

from trust_router.basics.beta import Beta
from trust_router.basics.checks import is_number, listed, shown, shown_path
from trust_router.basics.shown import Shown
from trust_router.basics.warned import warn_of
from trust_router.basics.words import plain
from trust_router.decisions.constant import worse_than_constant
from trust_router.decisions.costs import Costs
from trust_router.decisions.decision import Action, Decision, TicketDecision, told_of
from trust_router.defaults import CONCENTRATION, PREDICTION_DRAWS, PROBABILITY_FLOOR
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.expected import expect
from trust_router.learning.diagnostics import ConvergenceError, Diagnostics
from trust_router.learning.portable import TicketSource, tickets_of_data
from trust_router.learning.prediction import Prediction, predict

__all__ = ["FORMAT", "Export", "as_text", "read_export"]

FORMAT = 1  # raise it when what an export holds changes meaning
_CREATOR = "trust_router export"
_PARTS = {"format", "provenance", "diagnostics", "costs", "warning", "decisions", "tickets"}
_ROUNDING = 1e-9

_said = lru_cache(maxsize=64)(worse_than_constant)


@dataclass(frozen=True, eq=False, repr=False)
class Export(Shown):
    """Decisions of a posterior, from the file that `export` wrote.

    Attributes
    ----------
    costs : Costs
        For which categories are decided.
    decisions : mapping of str to Decision
        By category.
    warning : str
        What is to be said with these decisions; mostly nothing.
    provenance : mapping
        Of the posterior.
    diagnostics : Diagnostics or None
        Of its draws.
    tickets : TicketSource or None
        What decides single tickets.
    """

    costs: Costs
    decisions: Mapping[str, Decision]
    warning: str
    provenance: Mapping[str, Any] = field(repr=False)
    diagnostics: Diagnostics | None
    tickets: TicketSource | None = field(repr=False)

    @property
    def converged(self) -> bool:
        """Whether the numbers may be trusted, as far as diagnostics can tell."""
        return self.diagnostics is None or self.diagnostics.converged

    def decide(self, category: str, *, allow_unconverged: bool = False) -> Decision:
        """Give the decision for a category; the same as `trust_router.decide`.

        Raises
        ------
        ValueError
            If the category is unknown.
        ConvergenceError
            If it comes from draws that may not be trusted, unless that is allowed in this call.
        """
        self._check(allow_unconverged)
        if category not in self.decisions:
            raise ValueError(
                f"unknown category {shown(category)}; the export knows {listed(self.decisions)}"
            )
        warn_of([self.warning])
        return self.decisions[category]

    def decide_ticket(
        self,
        beliefs: Mapping[str, Beta | float | None],
        *,
        category: str = "",
        costs: Costs | None = None,
        allow_unconverged: bool = False,
    ) -> TicketDecision:
        """Decide for a single ticket; the same as `trust_router.decide_tickets`.

        Parameters
        ----------
        beliefs : mapping of str to Beta or float
            What each judge believes: a `Beta`, or a probability, which counts as in
            `trust_router.read_beliefs`; None where it is silent.
        category : str
            Of the ticket; blank where it has none.
        costs : Costs, optional
            Of the ticket; by default those of the export.
        allow_unconverged : bool
            Go on also with draws that may not be trusted.

        Raises
        ------
        ValueError
            If a judge is unknown, a value is no belief, or the export decides no tickets.
        ConvergenceError
            If it comes from draws that may not be trusted, unless that is allowed in this call.
        """
        expect(beliefs, Mapping, "beliefs")
        costs = self.costs if costs is None else costs
        expect(costs, Costs, "costs")
        stated = _beliefs(beliefs, category, self._source.panel.judge_names)
        prediction = self.predict(stated, allow_unconverged=allow_unconverged)
        warn_of([_said(prediction.past, costs, by_category=False)])
        need = prediction.need.given(costs.threshold)
        told = told_of(need, costs, {}, costs.escalates(prediction.mean))
        row = {name: np.ravel(values)[0].item() for name, values in told.items()}
        errors = {name: row.pop(f"{name}_mcse") for name in list(row) if f"{name}_mcse" in row}
        return TicketDecision(
            category=category,
            judges=int(prediction.speaking[0]),
            unseen=bool(prediction.unseen[0]),
            mcse=errors,
            **row,
        )

    def predict(self, beliefs: Beliefs, *, allow_unconverged: bool = False) -> Prediction:
        """Predict the need of tickets; the same as `Posterior.predict`.

        Raises
        ------
        ValueError
            If the export decides no tickets.
        ConvergenceError
            If it comes from draws that may not be trusted, unless that is allowed in this call.
        """
        self._check(allow_unconverged)
        source = self._source
        return predict(source, beliefs, PREDICTION_DRAWS, self.converged, source.past)

    def _check(self, allow_unconverged: bool) -> None:
        if self.diagnostics is not None and not (allow_unconverged or self.converged):
            raise ConvergenceError(None, self.diagnostics)

    @property
    def _source(self) -> TicketSource:
        if self.tickets is None:
            raise ValueError(
                "the export decides categories alone; it decides tickets where the pool model was "
                "fitted to beliefs about tickets"
            )
        return self.tickets


def read_export(path: str | Path) -> Export:
    """Read what `export` wrote.

    It takes neither PyMC, ArviZ, xarray, pandas nor SciPy, and checks a digest of all values.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it is no export, of another format, is damaged or was changed.

    Examples
    --------
    >>> export = read_export("posterior.npz")  # doctest: +SKIP
    >>> export.decide({"haiku": 0.2, "gpt": 0.4}, category="refund")  # doctest: +SKIP
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"there is no export {shown_path(path)}")
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        held = None
    if not isinstance(held, dict) or held.get("creator") != _CREATOR:
        raise ValueError(
            f"{path.name} is no export of trust_router; write one with "
            "`trust_router.decisions.export`"
        )
    if held.get("format") != FORMAT:
        raise ValueError(
            f"{path.name} has format {shown(held.get('format'))}, this version reads {FORMAT}; "
            "export again"
        )
    try:
        return _read({name: held[name] for name in _PARTS}, held["digest"])
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path.name} is damaged ({plain(str(error))}); export again") from None


def as_text(content: Mapping[str, Any]) -> str:
    """Write the parts of an export, one a line, with a digest of them."""
    signed = {"creator": _CREATOR, "digest": _digest(content), **content}
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in signed.items()]
    return "{" + ",\n".join(lines) + "}\n"


def _digest(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _read(content: Mapping[str, Any], digest: Any) -> Export:
    if digest != _digest(content):
        raise ValueError("its values are not those that were written")
    found, tickets = content["diagnostics"], content["tickets"]
    costs = Costs(**content["costs"])
    if found is not None:
        found = Diagnostics(**found | {"problems": tuple(found["problems"])})
    decisions = {name: _decision(name, row, costs) for name, row in content["decisions"].items()}
    return Export(
        costs,
        decisions,
        str(content["warning"]),
        dict(content["provenance"]),
        found,
        None if tickets is None else tickets_of_data(tickets),
    )


def _decision(category: str, row: Mapping[str, Any], costs: Costs) -> Decision:
    numbers = {
        name: float("nan") if value is None else float(value)
        for name, value in row.items()
        if name != "action"
    }
    errors = {name: numbers.pop(f"{name}_mcse") for name in list(numbers) if f"{name}_mcse" in row}
    decision = Decision(category=category, action=row["action"], mcse=errors, **numbers)
    for each in fields(Decision):
        value = numbers.get(each.name, 0.0)
        most = 1 + _ROUNDING if each.name in ("need", "certainty") else np.inf
        # Where routers are pooled, none is the right one, and knowing it is worth nothing.
        unknown = each.name == "value_of_router" and value != value
        if each.name != "threshold" and not (unknown or -_ROUNDING <= value <= most):
            raise ValueError(f"{each.name} of {category!r} is {value:g}")
    if decision.action not in get_args(Action) or decision.threshold != costs.threshold:
        raise ValueError(f"the decision for {category!r} is not one of these costs")
    return decision


def _beliefs(
    stated: Mapping[str, Beta | float | None], category: str, judges: tuple[str, ...]
) -> Beliefs:
    for name in stated:
        if name not in judges:
            raise ValueError(f"unknown judge {shown(name)}; the panel has {listed(judges)}")
    shapes = [_shapes(name, value) for name, value in stated.items()]
    alpha, beta = ([shape[i] for shape in shapes] for i in range(2))
    return Beliefs(["ticket"], list(stated), [alpha], [beta], about="ticket", category=[category])


def _shapes(judge: str, value: Beta | float | None) -> tuple[float, float]:
    if value is None:
        return np.nan, np.nan
    if isinstance(value, Beta):
        return value.alpha, value.beta
    if not (is_number(value) and 0 <= value <= 1):
        raise ValueError(
            f"judge {judge!r} must state a probability from 0 to 1, a Beta or None; "
            f"got {shown(value)}"
        )
    mean = min(max(float(value), PROBABILITY_FLOOR), 1 - PROBABILITY_FLOOR)
    return mean * CONCENTRATION, (1 - mean) * CONCENTRATION
