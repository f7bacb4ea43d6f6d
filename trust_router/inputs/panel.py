"""The panel: all routers together, and the seats of their judges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trust_router.basics.arrays import Array
from trust_router.basics.checks import check_keys, check_names, check_table, listed
from trust_router.basics.frozen import Frozen
from trust_router.basics.shown import Shown, Table
from trust_router.basics.words import many
from trust_router.inputs.overviews import table_of_seats
from trust_router.inputs.routers import Judge, Router, checked_weights

__all__ = ["Panel", "Seats"]


@dataclass(frozen=True, eq=False, repr=False)
class Seats(Shown, Frozen):
    """All (router, judge) pairs of a panel as arrays, one entry a seat.

    Attributes
    ----------
    router, judge : ndarray of int, shape (seat,)
        Positions in ``Panel.routers`` and ``Panel.judges``.
    within : ndarray, shape (seat,)
        Weight of the judge inside its router.
    weight : ndarray, shape (seat,)
        Prior probability of the seat: initial trust of its router times ``within``.
    labels : tuple of str
        ``"router/judge"``.
    """

    router: NDArray[np.intp]
    judge: NDArray[np.intp]
    within: Array
    weight: Array
    labels: tuple[str, ...]

    def sum_by_router(self, values: Array) -> Array:
        """Sum ``values`` of shape (..., seat) within routers, giving (..., router)."""
        starts = np.flatnonzero(np.r_[True, np.diff(self.router) > 0])
        return np.add.reduceat(values, starts, axis=-1)


@dataclass(frozen=True, eq=False, repr=False)
class Panel(Shown, Frozen):
    """All routers together, and the judges that sit in them.

    Parameters
    ----------
    routers : iterable of Router
        In the order in which they are tried and shown.
    judges : iterable of Judge, optional
        Judges that state beliefs here. Judges only named by a router are added without any. A
        panel states beliefs for all its judges or for none.
    initial_trust : mapping of str to float, optional
        Trust before any outcome: the prior probability that each router is the right one or, in
        the pool, the share of what the judges know that it is expected to carry; default: all
        alike.

    Raises
    ------
    ValueError
        If a name is used twice, weights do not sum to 1, a declared judge sits nowhere, only some
        judges state beliefs, or ``initial_trust`` does not name exactly the routers.

    Examples
    --------
    >>> from trust_router import Beta, Judge, Router
    >>> panel = Panel(
    ...     [Router("simple", {"haiku": 1.0}), Router("complex", {"haiku": 0.3, "gpt": 0.7})],
    ...     [Judge("haiku", Beta(3, 3)), Judge("gpt", Beta(8, 2))],
    ... )
    >>> panel.seats.labels
    ('simple/haiku', 'complex/haiku', 'complex/gpt')
    """

    routers: tuple[Router, ...]
    judges: tuple[Judge, ...]
    initial_trust: Mapping[str, float]

    def __init__(
        self,
        routers: Iterable[Router],
        judges: Iterable[Judge] = (),
        initial_trust: Mapping[str, float] | None = None,
    ) -> None:
        routers, declared = tuple(routers), tuple(judges)
        for kind, entries in ((Router, routers), (Judge, declared)):
            for entry in entries:
                if not isinstance(entry, kind):
                    raise ValueError(f"every entry must be a {kind.__name__}; got {entry!r}")
        if not routers:
            raise ValueError("a panel needs at least one router; got none")
        check_names("routers", "router", [r.name for r in routers])
        check_names("judges", "judge", [j.name for j in declared])
        _check_seats(routers)
        seated = {name: r.name for r in routers for name in r.judges}
        check_names("judges", "judge", list(seated))
        for judge in declared:
            if judge.name not in seated:
                raise ValueError(
                    f"judge {judge.name!r} is declared but sits in no router; "
                    f"routers seat {listed(seated)}"
                )
        heard = {j.name for j in declared if j.speaks or j.by_ticket}
        silent = [n for n in seated if n not in heard]
        if silent and len(silent) < len(seated):
            raise ValueError(
                f"judge {silent[0]!r} of router {seated[silent[0]]!r} has no belief; "
                "state one for every judge, or for none and give beliefs separately; "
                "`by_ticket` marks a judge whose beliefs come in a table, `llm` one that is asked"
            )
        known = {j.name: j for j in declared}
        trust = dict.fromkeys((r.name for r in routers), 1 / len(routers))
        if initial_trust is not None:
            trust = _checked_trust(initial_trust, trust)
        object.__setattr__(self, "routers", routers)
        object.__setattr__(self, "judges", tuple(known.get(n) or Judge(n) for n in seated))
        object.__setattr__(self, "initial_trust", MappingProxyType(trust))

    def _headline(self) -> str:
        routers, judges = many(len(self.routers), "router"), many(len(self.judges), "judge")
        return f"Panel({routers}, {judges})"

    def _shown(self) -> Table:
        return table_of_seats(self.routers, self.judges, self.initial_trust)

    @property
    def router_names(self) -> tuple[str, ...]:
        """Names of the routers, in order."""
        return tuple(r.name for r in self.routers)

    @property
    def judge_names(self) -> tuple[str, ...]:
        """Names of the judges, in the order in which routers first seat them."""
        return tuple(j.name for j in self.judges)

    @property
    def share(self) -> Array:
        """Initial trust as an array, shape (router,)."""
        return np.array([self.initial_trust[name] for name in self.router_names])

    @cached_property
    def seats(self) -> Seats:
        """The panel's seats, grouped by router."""
        position = {name: i for i, name in enumerate(self.judge_names)}
        rows = [
            (i, position[j], w) for i, r in enumerate(self.routers) for j, w in r.judges.items()
        ]
        router, judge, within = (np.array(column) for column in zip(*rows, strict=True))
        return Seats(
            router,
            judge,
            within,
            self.share[router] * within,
            tuple(f"{r.name}/{name}" for r in self.routers for name in r.judges),
        )

    def router_position(self, router: str) -> int:
        """Position of a router; an unknown one is a ValueError that lists the known."""
        if router not in self.router_names:
            raise ValueError(
                f"unknown router {router!r}; the panel has {', '.join(self.router_names)}"
            )
        return self.router_names.index(router)

    def router_seats(self, router: str) -> NDArray[np.intp]:
        """Positions of a router's seats."""
        return np.flatnonzero(self.seats.router == self.router_position(router))

    def to_dict(self) -> dict[str, Any]:
        """Plain data with the structure of the TOML file."""
        trust = self.initial_trust
        routers = {r.name: r.to_dict() | {"initial_trust": trust[r.name]} for r in self.routers}
        judges = {j.name: j.to_dict() for j in self.judges if j.speaks or j.by_ticket}
        return {"routers": routers} | ({"judges": judges} if judges else {})

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], folder: str = "") -> Panel:
        """Build a panel from plain data, as `to_dict` gives it and TOML files hold it.

        Files that it names by relative paths lie in ``folder``.
        """
        check_keys(data, ("routers", "judges", "costs", "prices"), "panel")
        tables = check_table(data.get("routers", {}), "[routers]")
        routers = [Router.from_dict(name, table) for name, table in tables.items()]
        trust = {
            name: table["initial_trust"]
            for name, table in tables.items()
            if "initial_trust" in table
        }
        stated = check_table(data.get("judges", {}), "[judges]")
        judges = [Judge.from_dict(name, entry, folder) for name, entry in stated.items()]
        return cls(routers, judges, trust or None)


def _check_seats(routers: Iterable[Router]) -> None:
    """Refuse two seats of one label, as "a/b" with judge "c" beside "a" with "b/c"."""
    held: dict[str, str] = {}
    for router in routers:
        for judge in router.judges:
            label = f"{router.name}/{judge}"
            other = held.setdefault(label, router.name)
            if other != router.name:
                raise ValueError(
                    f"routers {other!r} and {router.name!r} have seats of one name, {label!r}; "
                    "call a router or a judge otherwise"
                )


def _checked_trust(given: Mapping[str, Any], routers: Iterable[str]) -> dict[str, float]:
    routers = list(routers)
    for name in routers:
        if name not in given:
            raise ValueError(
                f"`initial_trust` must be given for every router or for none; "
                f"got none for router {name!r}"
            )
    for name in given:
        if name not in routers:
            raise ValueError(
                f"`initial_trust` names the unknown router {name!r}; routers are {listed(routers)}"
            )
    return checked_weights({name: given[name] for name in routers}, "`initial_trust` of routers")
