"""A support desk, simulated: half a year of tickets, judges of all kinds, and the truth.

``python -m trust_router.examples.support_desk`` writes the bundled files anew.
"""

from __future__ import annotations

import gzip
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import special

from trust_router.basics.arrays import Array
from trust_router.basics.files import write_whole
from trust_router.basics.shown import Shown
from trust_router.examples.desk_texts import ticket_text
from trust_router.examples.simulation import SimulatedJudge, stated

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FILES", "SupportDesk", "simulate_support_desk", "write_support_desk"]

FILES = ("tickets.csv.gz", "beliefs.csv.gz", "open_tickets.csv.gz", "open_beliefs.csv.gz")

_TICKETS, _OPEN = 3000, 120
_SEED = 7
# Share of tickets, and log odds of need of a middling ticket.
_KINDS = {
    "password": (0.20, -3.0),
    "invoice": (0.18, -1.6),
    "delivery": (0.17, -2.3),
    "refund": (0.13, -0.7),
    "setup": (0.12, -1.2),
    "outage": (0.09, -0.1),
    "contract": (0.07, 0.2),
    "privacy": (0.04, 0.9),
}
_SPREAD = 1.3  # of log odds, inside a kind
_SHARED = 0.4  # of what the LLMs get wrong together
_JUDGES = {
    "small-llm": SimulatedJudge(bias=1.3, slope=0.9, noise=0.9),  # states too little
    "mid-llm": SimulatedJudge(bias=0.1, slope=0.9, noise=0.7, silent=0.02),
    "large-llm": SimulatedJudge(slope=0.6, noise=0.4, silent=0.3),  # too sure; asked of 70 %
    "similar-tickets": SimulatedJudge(slope=1.5, noise=1.0, silent=0.45),  # timid
    "bot-confidence": SimulatedJudge(bias=-0.3, slope=-1.0, noise=0.8),  # reversed
    "mood": SimulatedJudge(slope=40.0, noise=40.0),  # a coin
    "keywords": SimulatedJudge(bias=-0.3, slope=1.0, noise=1.4),
}
_LLMS = ("small-llm", "mid-llm", "large-llm")
_ESCALATED_ABOVE = 0.4  # the desk's rule, of what mid-llm says
_TRIED_ANYWAY = 0.1  # share of those that are tried by lot
_NEVER_KNOWN = 0.2  # share of tried tickets of whose answer nobody heard again
_FIRST, _WEEKS = "2026-01-05", 26
_WEEKDAYS = (0.22, 0.19, 0.18, 0.17, 0.16, 0.05, 0.03)


@dataclass(frozen=True, eq=False, repr=False)
class SupportDesk(Shown):
    """What the desk's tables hold, and what nobody at the desk knows.

    Attributes
    ----------
    tickets : pandas.DataFrame
        3,000 tickets of half a year: ``ticket``, ``time``, ``category``, ``text``, ``answered_by``
        and ``outcome``. The desk escalates where ``mid-llm`` says more than 0.4, all but one in ten
        of them, drawn by lot; those have no outcome, nor has one in five of the others.
    beliefs : pandas.DataFrame
        ``ticket`` and what each judge says, blank where it is silent.
    open_tickets, open_beliefs : pandas.DataFrame
        The same of 120 tickets of the next morning, which nobody has answered.
    need : pandas.Series
        True need of every ticket, open ones too; index ticket.
    kinds : pandas.Series
        True need of each kind, averaged over its tickets; index category.
    judges : mapping of str to SimulatedJudge
        What is wrong with each judge: ``small-llm`` states too little, ``large-llm`` is too sure,
        ``similar-tickets`` too timid and often silent, ``bot-confidence`` is reversed, and ``mood``
        a coin.
    """

    tickets: pd.DataFrame
    beliefs: pd.DataFrame
    open_tickets: pd.DataFrame
    open_beliefs: pd.DataFrame
    need: pd.Series
    kinds: pd.Series
    judges: Mapping[str, SimulatedJudge]


def simulate_support_desk() -> SupportDesk:
    """Simulate the bundled support desk; the same every time.

    Examples
    --------
    >>> desk = simulate_support_desk()
    >>> desk.kinds.round(2).nlargest(3).to_dict()
    {'privacy': 0.68, 'contract': 0.53, 'outage': 0.5}
    """
    import pandas as pd

    rng = np.random.default_rng(_SEED)
    number = _TICKETS + _OPEN
    share, level = np.array(list(_KINDS.values())).T
    kind = rng.choice(len(_KINDS), size=number, p=share)
    hardness = rng.standard_normal(number)
    eta = level[kind] + _SPREAD * hardness
    said = _said(eta, rng)
    answered, outcome = _answered(said["mid-llm"], special.expit(eta), rng)
    names = list(_KINDS)
    tickets = pd.DataFrame(
        {
            "ticket": [f"SD-{10_001 + i}" for i in range(number)],
            "time": _times(rng),
            "category": [names[code] for code in kind],
            "text": [ticket_text(names[c], h, rng) for c, h in zip(kind, hardness, strict=True)],
            "answered_by": answered,
            "outcome": pd.array(outcome, dtype="Int64"),
        }
    )
    need = pd.Series(special.expit(eta), index=tickets["ticket"], name="need")
    beliefs = pd.DataFrame({"ticket": tickets["ticket"], **said})
    past = need.iloc[:_TICKETS].groupby(tickets["category"].to_numpy()[:_TICKETS])
    return SupportDesk(
        tickets.iloc[:_TICKETS],
        beliefs.iloc[:_TICKETS],
        tickets.iloc[_TICKETS:].drop(columns=["answered_by", "outcome"]).reset_index(drop=True),
        beliefs.iloc[_TICKETS:].reset_index(drop=True),
        need,
        past.mean().reindex(names).rename_axis("category"),
        dict(_JUDGES),
    )


def write_support_desk(folder: str | Path) -> None:
    """Write the tables of the bundled support desk, compressed, into a folder."""
    desk = simulate_support_desk()
    tables = (desk.tickets, desk.beliefs, desk.open_tickets, desk.open_beliefs)
    for name, table in zip(FILES, tables, strict=True):
        text = table.to_csv(index=False, lineterminator="\n").encode()
        # Without the time, so that the same table is the same file.
        write_whole(Path(folder) / name, partial(_write, gzip.compress(text, mtime=0)))


def _write(data: bytes, path: Path) -> None:
    path.write_bytes(data)


def _said(eta: Array, rng: np.random.Generator) -> dict[str, Array]:
    """Give what judges state; LLMs have part of their error in common."""
    together = eta + _SHARED * rng.standard_normal(eta.size)
    return {
        name: stated(judge, together if name in _LLMS else eta, rng).round(2)
        for name, judge in _JUDGES.items()
    }


def _answered(
    said: Array, need: Array, rng: np.random.Generator
) -> tuple[NDArray[np.str_], list[int | None]]:
    """Who answered by the desk's rule, and what is known of it."""
    needed = rng.random(need.size) < need
    tried = ~(said > _ESCALATED_ABOVE) | (rng.random(need.size) < _TRIED_ANYWAY)
    known = tried & (rng.random(need.size) >= _NEVER_KNOWN)
    answered = np.where(~tried, "complex", np.where(known & needed, "both", "simple"))
    return answered, [int(n) if k else None for n, k in zip(needed, known, strict=True)]


def _times(rng: np.random.Generator) -> list[str]:
    """When tickets came, in order; open ones on the morning after."""
    day = 7 * rng.integers(_WEEKS, size=_TICKETS) + rng.choice(7, size=_TICKETS, p=_WEEKDAYS)
    minute = (60 * rng.triangular(7, 10, 20, size=_TICKETS)).astype(int)
    late = (60 * rng.uniform(7, 10, size=_OPEN)).astype(int)
    at = np.sort(np.r_[1440 * day + minute, 1440 * 7 * _WEEKS + late])
    return [str(each) for each in np.datetime64(_FIRST, "m") + at]


if __name__ == "__main__":
    write_support_desk(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent / "desk")
