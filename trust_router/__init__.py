"""Teach LLM routers to learn from their mistakes."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version as _version
from typing import TYPE_CHECKING, Any

from trust_router.belief_tables import beliefs_from_frame, read_beliefs
from trust_router.beliefs import Beliefs, stated_beliefs
from trust_router.beta import Beta, BetaMixture
from trust_router.exact import ClosedForm, closed_form
from trust_router.llm import LLM
from trust_router.outcomes import Outcomes, outcomes_from_frame, read_outcomes
from trust_router.panel import Judge, Panel, Router, read_panel
from trust_router.tickets import TicketBeliefs

if TYPE_CHECKING:
    from trust_router.answers import Answers
    from trust_router.asking import ask
    from trust_router.backtest_plots import plot_held_out, plot_learning
    from trust_router.backtest_report import backtest_section, write_backtest
    from trust_router.backtesting import Backtest, backtest
    from trust_router.calibration import JudgeCalibration, fitted_calibration, judge_calibration
    from trust_router.categories import fit_categories
    from trust_router.categorizer import Categorizer, load_categories
    from trust_router.category_trust import trust_by_category
    from trust_router.committee import ErrorCorrelation, error_correlation
    from trust_router.comparison import Stack, compare, stack
    from trust_router.convergence import ConvergenceError, Diagnostics
    from trust_router.datasets import load_mmlupro, load_routellm
    from trust_router.decisions import (
        Costs,
        Decision,
        Routing,
        Savings,
        decide,
        decide_tickets,
        decision_table,
        read_costs,
        route,
        savings,
        source_costs,
    )
    from trust_router.dropping import DroppedJudges, drop_judge, without_judge
    from trust_router.estimates import Estimate, estimate_cost
    from trust_router.facts import TicketFacts, read_facts
    from trust_router.judge_plots import (
        plot_calibration,
        plot_drop,
        plot_error_correlation,
        plot_reliability,
    )
    from trust_router.judges import (
        CallableJudge,
        ClassifierJudge,
        ColumnJudge,
        NeighbourJudge,
        TicketJudge,
    )
    from trust_router.loo import TicketLoo, ticket_loo
    from trust_router.models import Pool, Seed, Switch, pool_model, seed_model, switch_model
    from trust_router.plots import (
        plot_costs,
        plot_diagnostics,
        plot_mixtures,
        plot_need,
        plot_seats,
        plot_trust,
    )
    from trust_router.posterior import Posterior, load, solve
    from trust_router.prediction import Prediction
    from trust_router.prices import Price, Prices, read_prices
    from trust_router.prior import Prior, sample_prior
    from trust_router.prior_plots import plot_prior
    from trust_router.reliability import judge_reliability, prediction_reliability
    from trust_router.report import write_report
    from trust_router.sampling import CompiledModel, compile_model, fit
    from trust_router.sensitivity import PriorSensitivity, prior_sensitivity
    from trust_router.simulation import SimulatedJudge, Simulation, simulate_panel
    from trust_router.suggestions import Suggestion, suggest_categories

__version__ = _version("trust_router")

# Names whose modules need pandas, PyMC or Matplotlib are imported when first used.
_LAZY = {
    "answers": ("Answers",),
    "asking": ("ask",),
    "backtest_plots": (
        "plot_held_out",
        "plot_learning",
    ),
    "backtest_report": (
        "backtest_section",
        "write_backtest",
    ),
    "backtesting": (
        "Backtest",
        "backtest",
    ),
    "calibration": (
        "JudgeCalibration",
        "fitted_calibration",
        "judge_calibration",
    ),
    "categories": ("fit_categories",),
    "categorizer": (
        "Categorizer",
        "load_categories",
    ),
    "category_trust": ("trust_by_category",),
    "committee": (
        "ErrorCorrelation",
        "error_correlation",
    ),
    "comparison": (
        "Stack",
        "compare",
        "stack",
    ),
    "convergence": (
        "ConvergenceError",
        "Diagnostics",
    ),
    "datasets": (
        "load_mmlupro",
        "load_routellm",
    ),
    "decisions": (
        "Costs",
        "Decision",
        "Routing",
        "Savings",
        "decide",
        "decide_tickets",
        "decision_table",
        "read_costs",
        "route",
        "savings",
        "source_costs",
    ),
    "dropping": (
        "DroppedJudges",
        "drop_judge",
        "without_judge",
    ),
    "estimates": (
        "Estimate",
        "estimate_cost",
    ),
    "facts": (
        "TicketFacts",
        "read_facts",
    ),
    "judge_plots": (
        "plot_calibration",
        "plot_drop",
        "plot_error_correlation",
        "plot_reliability",
    ),
    "judges": (
        "CallableJudge",
        "ClassifierJudge",
        "ColumnJudge",
        "NeighbourJudge",
        "TicketJudge",
    ),
    "loo": (
        "TicketLoo",
        "ticket_loo",
    ),
    "models": (
        "Pool",
        "Seed",
        "Switch",
        "pool_model",
        "seed_model",
        "switch_model",
    ),
    "plots": (
        "plot_costs",
        "plot_diagnostics",
        "plot_mixtures",
        "plot_need",
        "plot_seats",
        "plot_trust",
    ),
    "posterior": (
        "Posterior",
        "load",
        "solve",
    ),
    "prediction": ("Prediction",),
    "prices": (
        "Price",
        "Prices",
        "read_prices",
    ),
    "prior": (
        "Prior",
        "sample_prior",
    ),
    "prior_plots": ("plot_prior",),
    "reliability": (
        "judge_reliability",
        "prediction_reliability",
    ),
    "report": ("write_report",),
    "sampling": (
        "CompiledModel",
        "compile_model",
        "fit",
    ),
    "sensitivity": (
        "PriorSensitivity",
        "prior_sensitivity",
    ),
    "simulation": (
        "SimulatedJudge",
        "Simulation",
        "simulate_panel",
    ),
    "suggestions": (
        "Suggestion",
        "suggest_categories",
    ),
}
_MODULE_OF = {name: module for module, names in _LAZY.items() for name in names}

__all__ = [
    "LLM",
    "Answers",
    "Backtest",
    "Beliefs",
    "Beta",
    "BetaMixture",
    "CallableJudge",
    "Categorizer",
    "ClassifierJudge",
    "ClosedForm",
    "ColumnJudge",
    "CompiledModel",
    "ConvergenceError",
    "Costs",
    "Decision",
    "Diagnostics",
    "DroppedJudges",
    "ErrorCorrelation",
    "Estimate",
    "Judge",
    "JudgeCalibration",
    "NeighbourJudge",
    "Outcomes",
    "Panel",
    "Pool",
    "Posterior",
    "Prediction",
    "Price",
    "Prices",
    "Prior",
    "PriorSensitivity",
    "Router",
    "Routing",
    "Savings",
    "Seed",
    "SimulatedJudge",
    "Simulation",
    "Stack",
    "Suggestion",
    "Switch",
    "TicketBeliefs",
    "TicketFacts",
    "TicketJudge",
    "TicketLoo",
    "ask",
    "backtest",
    "backtest_section",
    "beliefs_from_frame",
    "closed_form",
    "compare",
    "compile_model",
    "decide",
    "decide_tickets",
    "decision_table",
    "drop_judge",
    "error_correlation",
    "estimate_cost",
    "fit",
    "fit_categories",
    "fitted_calibration",
    "judge_calibration",
    "judge_reliability",
    "load",
    "load_categories",
    "load_mmlupro",
    "load_routellm",
    "outcomes_from_frame",
    "plot_calibration",
    "plot_costs",
    "plot_diagnostics",
    "plot_drop",
    "plot_error_correlation",
    "plot_held_out",
    "plot_learning",
    "plot_mixtures",
    "plot_need",
    "plot_prior",
    "plot_reliability",
    "plot_seats",
    "plot_trust",
    "pool_model",
    "prediction_reliability",
    "prior_sensitivity",
    "read_beliefs",
    "read_costs",
    "read_facts",
    "read_outcomes",
    "read_panel",
    "read_prices",
    "route",
    "sample_prior",
    "savings",
    "seed_model",
    "simulate_panel",
    "solve",
    "source_costs",
    "stack",
    "stated_beliefs",
    "suggest_categories",
    "switch_model",
    "ticket_loo",
    "trust_by_category",
    "without_judge",
    "write_backtest",
    "write_report",
]


def __getattr__(name: str) -> Any:
    if name in _MODULE_OF:
        return getattr(import_module(f"trust_router.{_MODULE_OF[name]}"), name)
    raise AttributeError(f"module 'trust_router' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULE_OF})
