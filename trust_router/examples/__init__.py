"""The bundled example: the panel and the 22 outcomes of the source."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from trust_router.beliefs import Beliefs, stated_beliefs
from trust_router.outcomes import Outcomes, read_outcomes
from trust_router.panel import Panel, read_panel

__all__ = ["example_path", "load_seed"]


def example_path(name: str) -> Path:
    """Path of a bundled file: ``panel.toml`` or ``outcomes.csv``."""
    return Path(str(files(__name__) / name))


def load_seed() -> tuple[Panel, Beliefs, Outcomes]:
    """Load the seed: three routers, six judges, one category, 22 outcomes with 3 ones.

    Examples
    --------
    >>> panel, beliefs, outcomes = load_seed()
    >>> outcomes
    Outcomes(1 category, 22 trials, 3 needs, 0 missing)
    """
    panel = read_panel(example_path("panel.toml"))
    outcomes = read_outcomes(example_path("outcomes.csv"))
    return panel, stated_beliefs(panel, outcomes.categories), outcomes
