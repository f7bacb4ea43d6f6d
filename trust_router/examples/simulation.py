"""Simulated panels whose judges are known, to see whether models find them out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import special

from trust_router.basics.arrays import Array
from trust_router.basics.checks import whole_number
from trust_router.basics.shown import Shown
from trust_router.defaults import CONCENTRATION, PROBABILITY_FLOOR
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.outcomes import Outcomes
from trust_router.inputs.panel import Panel
from trust_router.inputs.routers import Router
from trust_router.inputs.ticket_log import TicketLog

__all__ = ["SimulatedJudge", "Simulation", "simulate_panel", "stated"]


@dataclass(frozen=True, repr=False)
class SimulatedJudge(Shown):
    r"""What is wrong with a judge.

    Parameters
    ----------
    bias, slope : float
        What calibration has to do to its log odds: :math:`\mathrm{bias} + \mathrm{slope} \times`
        stated log odds are what the judge sees. A positive bias is that of a judge that states too
        little, a slope below 1 that of an overconfident one, a negative slope that of one that
        says the opposite.
    noise : float
        Standard deviation of what it sees around the log odds of the true need.
    silent : float
        Share of tickets on which it says nothing.
    """

    bias: float = 0.0
    slope: float = 1.0
    noise: float = 0.0
    silent: float = 0.0

    def __post_init__(self) -> None:
        for name, right, rule in (
            ("bias", np.isfinite(self.bias), "be finite"),
            ("slope", 0 < abs(self.slope) < np.inf, "be finite and not 0"),
            ("noise", 0 <= self.noise < np.inf, "be 0 or more"),
            ("silent", 0 <= self.silent < 1, "be a share below 1"),
        ):
            if not right:
                raise ValueError(f"`{name}` of a judge must {rule}; got {getattr(self, name)!r}")


@dataclass(frozen=True, eq=False, repr=False)
class Simulation(Shown):
    """Tickets, what judges said of them and what happened, with the truth.

    Attributes
    ----------
    panel : Panel
    beliefs : Beliefs
    outcomes : Outcomes
    need : ndarray, shape (ticket,)
        True need of each ticket.
    judges : mapping of str to SimulatedJudge
    """

    panel: Panel
    beliefs: Beliefs
    outcomes: Outcomes
    need: Array
    judges: Mapping[str, SimulatedJudge]


def simulate_panel(
    judges: Mapping[str, SimulatedJudge],
    *,
    panel: Panel | None = None,
    tickets: int = 200,
    categories: int = 1,
    base: float = -0.5,
    spread: float = 1.5,
    random_seed: int | None = None,
) -> Simulation:
    r"""Simulate tickets, the beliefs of judges about them, and outcomes.

    Parameters
    ----------
    judges : mapping of str to SimulatedJudge
        By name.
    panel : Panel, optional
        Seats these judges; by default every judge is a router of its own.
    tickets, categories : int
        How many; tickets fall into categories at random.
    base, spread : float
        Mean and standard deviation of the log odds of need. With several categories, half of the
        variance lies between them.
    random_seed : int, optional

    Returns
    -------
    Simulation

    Notes
    -----
    With :math:`\eta_i` the log odds of the true need of ticket :math:`i`, judge :math:`j` sees
    :math:`\eta_i + \mathrm{noise}_j \varepsilon_{ij}` and states the probability whose log odds are
    :math:`(\eta_i + \mathrm{noise}_j \varepsilon_{ij} - \mathrm{bias}_j) / \mathrm{slope}_j`.
    Statements below 0.01 or above 0.99 are cut there, as they are when a table is read.

    Examples
    --------
    >>> simulate_panel({"low": SimulatedJudge(bias=1.0)}, tickets=50, random_seed=1).beliefs
    Beliefs(50 tickets, 1 judge, 0 beliefs missing)
    """
    whole_number("tickets", tickets, 1)
    whole_number("categories", categories, 1)
    rng = np.random.default_rng(random_seed)
    panel = panel or Panel([Router(name, {name: 1.0}) for name in judges])
    if set(panel.judge_names) != set(judges):
        raise ValueError(
            f"`judges` must be those of the panel, {', '.join(panel.judge_names)}; "
            f"got {', '.join(judges)}"
        )
    code = rng.integers(categories, size=tickets).astype(np.int32)
    between = rng.standard_normal(categories)[code]
    inside = rng.standard_normal(tickets)
    mixed = inside if categories == 1 else (between + inside) / np.sqrt(2)
    eta = base + spread * mixed
    mean = np.stack([stated(judge, eta, rng) for judge in judges.values()], axis=-1)
    outcome = (rng.random(tickets) < special.expit(eta)).astype(np.int8)
    names = tuple(f"ticket {i + 1}" for i in range(tickets))
    labels = tuple(f"category {c + 1}" for c in range(categories))
    trials = np.bincount(code, minlength=categories)
    needs = np.bincount(code[outcome == 1], minlength=categories)
    return Simulation(
        panel,
        Beliefs(
            names,
            tuple(judges),
            CONCENTRATION * mean,
            CONCENTRATION * (1 - mean),
            about="ticket",
            category=[labels[c] for c in code],
        ),
        Outcomes(labels, trials, needs, log=TicketLog(names, code, outcome)),
        special.expit(eta),
        dict(judges),
    )


def stated(judge: SimulatedJudge, eta: Array, rng: np.random.Generator) -> Array:
    """Give what a judge says of tickets with these log odds of need; NaN where it is silent."""
    seen = eta + judge.noise * rng.standard_normal(eta.size)
    mean = special.expit((seen - judge.bias) / judge.slope)
    mean = mean.clip(PROBABILITY_FLOOR, 1 - PROBABILITY_FLOOR)
    return np.where(rng.random(eta.size) < judge.silent, np.nan, mean)
