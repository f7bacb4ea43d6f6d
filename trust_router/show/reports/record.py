"""What a report carries to be verified by: provenance, costs and numbers, unseen in the page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trust_router.basics.checks import shown_path
from trust_router.decisions.costs import Costs
from trust_router.show.reports.numbers import Number, stated_numbers

if TYPE_CHECKING:
    from trust_router.show.reports.brief import Brief

__all__ = ["ReportRecord", "read_record", "record_text"]

_FORMAT = 1
_ID = "trust-router-record"  # as in templates/report/record.html.j2


@dataclass(frozen=True, eq=False)
class ReportRecord:
    """What a report, or a posterior, says of itself.

    Attributes
    ----------
    provenance : mapping
        Of the posterior: hash of the inputs, model, options, settings, seed and versions, and, from
        a shell, ``files`` with their names and hashes.
    costs : Costs or None
    numbers : tuple of Number
    """

    provenance: Mapping[str, Any]
    costs: Costs | None
    numbers: tuple[Number, ...]


def record_text(told: Brief) -> str:
    """Write the record of a page that says so much."""
    money = told.money
    numbers = stated_numbers(
        told.trust, told.need, None if money is None else (money.decisions, money.policies)
    )
    return json.dumps(
        {
            "format": _FORMAT,
            "provenance": dict(told.provenance),
            "costs": None if money is None else asdict(money.costs),
            "numbers": [[each.name, each.value, each.error] for each in numbers],
        }
    )


def read_record(path: Path) -> ReportRecord:
    """Read what a report carries.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it is no report, one of a version that did not carry it, or damaged.
    """
    if not path.is_file():
        raise FileNotFoundError(f"there is no report {shown_path(path)}")
    finder = _Finder()
    try:
        finder.feed(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        finder.found = None
    if finder.found is None:
        raise ValueError(
            f"{path.name} carries nothing to verify it by; it is no report of trust_router, or one "
            "of a version before reports could be verified"
        )
    try:
        held = json.loads(finder.found)
        costs = None if held["costs"] is None else Costs(**held["costs"])
        numbers = tuple(Number(name, float(v), float(e)) for name, v, e in held["numbers"])
        provenance = dict(held["provenance"])
        written, missing = held["format"], {"model", "method", "input_hash"} - set(provenance)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"what {path.name} carries to be verified is damaged: {error}") from None
    if written != _FORMAT or missing:
        raise ValueError(
            f"what {path.name} carries to be verified has format {written!r}; this version of "
            f"trust_router reads {_FORMAT}"
        )
    return ReportRecord(provenance, costs, numbers)


class _Finder(HTMLParser):
    """Finds the element of the record."""

    found: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        held = dict(attrs)
        if held.get("id") == _ID:
            self.found = held.get("data-record")
