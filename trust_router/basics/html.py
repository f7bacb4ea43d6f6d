"""HTML from templates, autoescaped: names and ticket text are never trusted."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from trust_router.basics.words import money, number, percent, plain, significant
from trust_router.defaults import CI_PROB

if TYPE_CHECKING:
    from trust_router.learning.posterior import Posterior

__all__ = ["page_path", "posterior_html", "render"]


def render(template: str, **values: Any) -> str:
    """Fill a template of the package."""
    return _environment().get_template(template).render(**values)


def page_path(path: str | Path) -> Path:
    """Refuse a file in a folder that is not there, before a page is built for it."""
    path = Path(path)
    if not path.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {str(path.parent)!r} for the page")
    return path


def posterior_html(posterior: Posterior, most_categories: int = 20) -> str:
    """Show a posterior in a notebook: trust as a table, counts and verdict below."""
    trust = posterior.trust()
    every = posterior.trust_categories
    shown = every[:most_categories]
    diagnostics = posterior.diagnostics
    return render(
        "posterior.html.j2",
        routers=posterior.panel.routers,
        ci_prob=CI_PROB,
        model=posterior.model,
        meaning=posterior.facts.trust_meaning,
        rows=[(name, trust.loc[name]) for name in shown],
        sampled=posterior.has_draws,
        hidden=len(every) - len(shown),
        outcomes=posterior.outcomes,
        verdict="exact (closed form)" if diagnostics is None else diagnostics.verdict,
    )


def named(name: str) -> Markup:
    """Mark up a name so that its direction of writing keeps to itself."""
    return Markup("<bdi>{}</bdi>").format(plain(name))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("trust_router.show.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters = (money, named, number, percent, significant)
    environment.filters.update({f.__name__: f for f in filters})
    return environment
