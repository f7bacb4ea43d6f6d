"""HTML from templates, autoescaped: names and ticket text are never trusted."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

if TYPE_CHECKING:
    from trust_router.posterior import Posterior

__all__ = ["posterior_html", "render"]

_NONE = "\N{EN DASH}"


def render(template: str, **values: Any) -> str:
    """Fill a template of the package."""
    return _environment().get_template(template).render(**values)


def posterior_html(posterior: Posterior, most_categories: int = 20) -> str:
    """Show a posterior in a notebook: trust as a table, counts and verdict below."""
    trust = posterior.trust()
    shown = posterior.outcomes.categories[:most_categories]
    diagnostics = posterior.diagnostics
    return render(
        "posterior.html.j2",
        routers=posterior.panel.routers,
        rows=[(name, trust.loc[name]) for name in shown],
        sampled=posterior.method == "nuts",
        hidden=len(posterior.outcomes.categories) - len(shown),
        outcomes=posterior.outcomes,
        verdict="exact (closed form)" if diagnostics is None else diagnostics.verdict,
    )


def percent(value: float, digits: int = 1) -> str:
    """Write a share as a percentage; an en dash where there is none."""
    return _NONE if not math.isfinite(value) else f"{value:.{digits}%}"


def number(value: float, digits: int = 2) -> str:
    """Write a number with thousands separators; an en dash where there is none."""
    return _NONE if not math.isfinite(value) else f"{value:,.{digits}f}"


def significant(value: float, digits: int = 3) -> str:
    """Write a number of any size with some significant digits."""
    return _NONE if not math.isfinite(value) else f"{value:,.{digits}g}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("trust_router"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(percent=percent, number=number, significant=significant)
    return environment
