"""Judges, routers and the panel they form, declared in Python or in TOML."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trust_router.basics.arrays import Array
from trust_router.basics.beta import Beta
from trust_router.basics.characters import unprintable
from trust_router.basics.checks import is_number, listed, shown
from trust_router.inputs.llm import LLM

__all__ = ["Judge", "Panel", "Router", "Seats", "read_panel"]

_SUM_TOLERANCE = 1e-6
_BELIEF_FORMS = (
    ("alpha", "beta"),
    ("mean", "concentration"),
    ("probability", "concentration"),
)


@dataclass(frozen=True)
class Judge:
    """An LLM or other scorer, with the beliefs about need it states beforehand.

    Parameters
    ----------
    name : str
        Unique within a panel.
    belief : Beta, optional
        What the judge believes about need in any category.
    category_beliefs : mapping of str to Beta, optional
        What it believes about single categories; goes before ``belief`` there.
    by_ticket : bool
        The judge speaks about single tickets; its beliefs come in a table, not here.
    llm : LLM, optional
        The judge is an LLM that `ask` can ask about single tickets, and how it is asked; then it
        is one ``by_ticket``.
    """

    name: str
    belief: Beta | None = None
    category_beliefs: Mapping[str, Beta] = field(default_factory=dict)
    by_ticket: bool = False
    llm: LLM | None = None

    def __post_init__(self) -> None:
        _check_name("judge", self.name)
        if self.llm is not None:
            if not isinstance(self.llm, LLM):
                raise ValueError(f"`llm` of judge {self.name!r} must be an LLM; got {self.llm!r}")
            object.__setattr__(self, "by_ticket", True)
        if not isinstance(self.category_beliefs, Mapping):
            raise ValueError(
                f"`category_beliefs` of judge {self.name!r} must map categories to beliefs; "
                f"got {shown(self.category_beliefs)}"
            )
        stated: list[tuple[str, Any]] = [("", self.belief), *self.category_beliefs.items()]
        for category in self.category_beliefs:
            _check_name(f"a category of judge {self.name!r}", category)
        for category, belief in stated:
            if belief is not None and not isinstance(belief, Beta):
                where = f" in category {category!r}" if category else ""
                raise ValueError(
                    f"belief of judge {self.name!r}{where} must be a Beta; got {belief!r}"
                )
        if not isinstance(self.by_ticket, bool):
            raise ValueError(
                f"`by_ticket` of judge {self.name!r} must be true or false; got {self.by_ticket!r}"
            )
        object.__setattr__(self, "category_beliefs", MappingProxyType(dict(self.category_beliefs)))

    @property
    def speaks(self) -> bool:
        """Whether the judge states any belief of its own."""
        return self.belief is not None or bool(self.category_beliefs)


@dataclass(frozen=True)
class Router:
    """A named committee of judges with weights.

    Parameters
    ----------
    name : str
        Unique within a panel.
    judges : mapping of str to float
        Weight of each judge inside the router ("within"); positive, summing to 1.
    nickname : str, optional
        How people call it.
    price : float, optional
        Price of one request handled by the router's model, in the panel's currency.
    """

    name: str
    judges: Mapping[str, float]
    nickname: str = ""
    price: float | None = None

    def __post_init__(self) -> None:
        _check_name("router", self.name)
        if not isinstance(self.judges, Mapping):
            raise ValueError(
                f"`judges` of router {self.name!r} must map judges to weights; got {self.judges!r}"
            )
        if not self.judges:
            raise ValueError(f"router {self.name!r} has no judges; name at least one")
        if not isinstance(self.nickname, str):
            raise ValueError(
                f"`nickname` of router {self.name!r} must be text; got {self.nickname!r}"
            )
        if unprintable(self.nickname):
            raise ValueError(
                f"`nickname` of router {self.name!r} must not hold control characters; "
                f"got {shown(self.nickname)}"
            )
        if self.price is not None and not (is_number(self.price) and 0 <= self.price < np.inf):
            raise ValueError(
                f"`price` of router {self.name!r} must be a number of 0 or more; "
                f"got {shown(self.price)}"
            )
        weights = _checked_weights(self.judges, f"judge weights of router {self.name!r}")
        object.__setattr__(self, "judges", MappingProxyType(weights))


@dataclass(frozen=True, eq=False)
class Seats:
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


@dataclass(frozen=True, eq=False)
class Panel:
    """All routers together, and the judges that sit in them.

    Parameters
    ----------
    routers : iterable of Router
        In the order in which they are tried and shown.
    judges : iterable of Judge, optional
        Judges that state beliefs here. Judges only named by a router are added without any. A
        panel states beliefs for all its judges or for none.
    initial_trust : mapping of str to float, optional
        Prior probability that each router is the right one; default: all alike.

    Raises
    ------
    ValueError
        If a name is used twice, weights do not sum to 1, a declared judge sits nowhere, only some
        judges state beliefs, or ``initial_trust`` does not name exactly the routers.

    Examples
    --------
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
        _check_unique("router", [r.name for r in routers])
        _check_unique("judge", [j.name for j in declared])
        seated = {name: r.name for r in routers for name in r.judges}
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
        routers = {
            r.name: {"judges": dict(r.judges), "initial_trust": self.initial_trust[r.name]}
            | ({"nickname": r.nickname} if r.nickname else {})
            | ({"price": r.price} if r.price is not None else {})
            for r in self.routers
        }
        judges: dict[str, Any] = {
            j.name: ({"belief": _belief_dict(j.belief)} if j.belief else {})
            | (
                {"category_beliefs": {c: _belief_dict(b) for c, b in j.category_beliefs.items()}}
                if j.category_beliefs
                else {}
            )
            | ({"by_ticket": True} if j.by_ticket and j.llm is None else {})
            | ({"llm": j.llm.to_dict()} if j.llm is not None else {})
            for j in self.judges
            if j.speaks or j.by_ticket
        }
        return {"routers": routers} | ({"judges": judges} if judges else {})

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], folder: str = "") -> Panel:
        """Build a panel from plain data, as `to_dict` gives it and TOML files hold it.

        Files that it names by relative paths lie in ``folder``.
        """
        _check_keys(data, {"routers", "judges", "costs", "prices"}, "panel")
        tables = _table(data.get("routers", {}), "[routers]")
        routers, trust = [], {}
        for name, entry in tables.items():
            place = f"[routers.{name}]"
            table = _table(entry, place)
            _check_keys(table, {"judges", "nickname", "price", "initial_trust"}, place)
            if "initial_trust" in table:
                trust[name] = table["initial_trust"]
            rest = {k: v for k, v in table.items() if k != "initial_trust"}
            routers.append(Router(name, **({"judges": {}} | rest)))
        tables = _table(data.get("judges", {}), "[judges]")
        judges = [_judge_from(name, entry, folder) for name, entry in tables.items()]
        return cls(routers, judges, trust or None)


def read_panel(path: str | Path) -> Panel:
    """Read a panel from a TOML file.

    Parameters
    ----------
    path : path
        File with a table ``[routers.NAME]`` for each router (``judges``, and optionally
        ``nickname``, ``initial_trust``, ``price``) and ``[judges]`` with what each judge believes:
        ``NAME.belief = { alpha = 3, beta = 9 }``, or ``{ mean = 0.25, concentration = 12 }``, or
        ``{ probability = 0.25, concentration = 12 }``; per category in ``NAME.category_beliefs``.
        ``NAME.by_ticket = true`` marks a judge whose beliefs about tickets come in a table, and
        ``NAME.llm = { model = "openai:gpt-4o-mini", way = "probability" }`` one that `ask` asks;
        its keys are the parameters of `LLM`. A table ``[prices]`` is for `read_prices`.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is not TOML, or declares no valid panel; the message says what and where.

    Examples
    --------
    >>> from trust_router.examples import example_path
    >>> read_panel(example_path("panel.toml")).router_names
    ('simple', 'medium', 'complex')
    """
    data = read_toml(path)
    try:
        return Panel.from_dict(data, str(Path(path).parent))
    except ValueError as error:
        raise ValueError(f"{Path(path).name}: {error}") from None


def read_toml(path: str | Path, what: str = "panel") -> dict[str, Any]:
    """Parse a TOML file; what is wrong with it is said in one sentence."""
    path = Path(path)
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise FileNotFoundError(f"there is no {what} file {str(path)!r}") from None
    except IsADirectoryError:
        raise ValueError(f"{str(path)!r} is a folder; name a TOML file") from None
    except RecursionError:
        raise ValueError(f"{path.name} is not valid TOML: it nests too deeply") from None
    except ValueError as error:  # also one of a number with thousands of digits
        raise ValueError(f"{path.name} is not valid TOML: {error}") from None


def _judge_from(name: str, entry: Any, folder: str) -> Judge:
    place = f"[judges.{name}]"
    table = _table(entry, place)
    _check_keys(table, {"belief", "category_beliefs", "by_ticket", "llm"}, place)
    llm = None
    if "llm" in table:
        try:
            llm = LLM.from_dict(table["llm"], folder)
        except ValueError as error:
            raise ValueError(f"`llm` of judge {name!r}: {error}") from None
    belief = _belief_from(table["belief"], f"judge {name!r}") if "belief" in table else None
    by_category = _table(table.get("category_beliefs", {}), f"[judges.{name}.category_beliefs]")
    return Judge(
        name,
        belief,
        {c: _belief_from(b, f"judge {name!r} in category {c!r}") for c, b in by_category.items()},
        table.get("by_ticket", False),
        llm,
    )


def _belief_from(entry: Any, place: str) -> Beta:
    table = _table(entry, f"belief of {place}")
    for form in _BELIEF_FORMS:
        if set(table) == set(form):
            first, second = (table[key] for key in form)
            try:
                return Beta(first, second) if form[0] == "alpha" else Beta.from_mean(first, second)
            except ValueError as error:
                message = str(error).replace("`mean`", f"`{form[0]}`")
                raise ValueError(f"{message} for {place}") from None
    forms = " or ".join("{" + ", ".join(form) + "}" for form in _BELIEF_FORMS)
    raise ValueError(f"belief of {place} must have the keys {forms}; got {sorted(table)}")


def _belief_dict(belief: Beta) -> dict[str, float]:
    return {"alpha": belief.alpha, "beta": belief.beta}


def _checked_weights(weights: Mapping[str, Any], what: str) -> dict[str, float]:
    for name, weight in weights.items():
        _check_name(f"each of the {what}", name)
        if not (is_number(weight) and 0 < weight < np.inf):
            raise ValueError(f"{what} must be positive numbers; got {shown(weight)} for {name!r}")
    total = float(sum(weights.values()))
    if abs(total - 1) > _SUM_TOLERANCE:
        listed = ", ".join(f"{name} {weight:g}" for name, weight in weights.items())
        raise ValueError(f"{what} must sum to 1; got {total:g} ({listed})")
    return {name: float(weight) / total for name, weight in weights.items()}


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
    return _checked_weights({name: given[name] for name in routers}, "`initial_trust` of routers")


def _check_name(kind: str, name: Any) -> None:
    if not isinstance(name, str) or not name.strip():
        raise ValueError(f"{kind} must have a non-empty name; got {shown(name)}")
    if unprintable(name):
        raise ValueError(f"{kind} must have a name without control characters; got {shown(name)}")


def _check_unique(kind: str, names: list[str]) -> None:
    for i, name in enumerate(names):
        if name in names[:i]:
            raise ValueError(f"{kind} names must be unique; {name!r} is used twice")


def _check_keys(table: Mapping[str, Any], allowed: set[str], place: str) -> None:
    for key in table:
        if key not in allowed:
            raise ValueError(f"unknown key {key!r} in {place}; allowed are {listed(allowed)}")


def _table(value: Any, place: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(f"{place} must be a table; got {shown(value)}")
    return value
