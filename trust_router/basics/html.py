"""HTML from templates, autoescaped: names and ticket text are never trusted."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from trust_router.basics.words import (
    change,
    money,
    number,
    percent,
    plain,
    probability,
    rounded,
    saving,
    significant,
)

__all__ = ["named", "render"]


def render(room: str, template: str, /, **values: Any) -> str:
    """Fill a template.

    Parameters
    ----------
    room : str
        Name of the package whose folder ``templates`` holds it, and what it includes.
    template : str
        Path inside that folder.
    **values
        What the template shows.
    """
    return _environment(room).get_template(template).render(**values)


def named(name: str) -> Markup:
    """Mark up a name so that its direction of writing keeps to itself."""
    return Markup("<bdi>{}</bdi>").format(plain(name))


@cache
def _environment(room: str) -> Environment:
    environment = Environment(
        loader=PackageLoader(room),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters = (
        change,
        money,
        named,
        number,
        percent,
        plain,
        probability,
        rounded,
        saving,
        significant,
    )
    environment.filters.update({f.__name__: f for f in filters})
    return environment
