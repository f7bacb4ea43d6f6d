"""Judges and the routers in which they sit."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np

from trust_router.basics.beta import Beta
from trust_router.basics.characters import unprintable
from trust_router.basics.checks import (
    check_amount,
    check_keys,
    check_name,
    check_table,
    is_number,
    shown,
)
from trust_router.basics.frozen import Frozen
from trust_router.basics.shown import Shown
from trust_router.inputs.llm import LLM

__all__ = ["Judge", "Router", "checked_weights"]

_SUM_TOLERANCE = 1e-6
_JUDGE_KEYS = ("belief", "category_beliefs", "by_ticket", "llm")
_ROUTER_KEYS = ("judges", "nickname", "price", "initial_trust")
_BELIEF_FORMS = (
    ("alpha", "beta"),
    ("mean", "concentration"),
    ("probability", "concentration"),
)


@dataclass(frozen=True, repr=False)
class Judge(Shown, Frozen):
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
        check_name("judge", self.name)
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
            check_name(f"a category of judge {self.name!r}", category)
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

    def to_dict(self) -> dict[str, Any]:
        """Plain data with the structure of the TOML file, without the name."""
        data: dict[str, Any] = {}
        if self.belief is not None:
            data["belief"] = asdict(self.belief)
        if self.category_beliefs:
            data["category_beliefs"] = {c: asdict(b) for c, b in self.category_beliefs.items()}
        if self.llm is not None:
            return data | {"llm": self.llm.to_dict()}
        return data | ({"by_ticket": True} if self.by_ticket else {})

    @classmethod
    def from_dict(cls, name: str, data: Any, folder: str = "") -> Judge:
        """Build from a table of the TOML file; files that it names lie in ``folder``."""
        place = f"[judges.{name}]"
        table = check_table(data, place)
        _check_parts(name, table, _JUDGE_KEYS, place)
        llm = None
        if "llm" in table:
            try:
                llm = LLM.from_dict(table["llm"], folder)
            except ValueError as error:
                raise ValueError(f"`llm` of judge {name!r}: {error}") from None
        belief = _belief_from(table["belief"], f"judge {name!r}") if "belief" in table else None
        given = check_table(table.get("category_beliefs", {}), f"[judges.{name}.category_beliefs]")
        by_category = {
            category: _belief_from(entry, f"judge {name!r} in category {category!r}")
            for category, entry in given.items()
        }
        return cls(name, belief, by_category, table.get("by_ticket", False), llm)


@dataclass(frozen=True, repr=False)
class Router(Shown, Frozen):
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
        check_name("router", self.name)
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
        if self.price is not None:
            check_amount(f"`price` of router {self.name!r}", self.price)
        weights = checked_weights(self.judges, f"judge weights of router {self.name!r}")
        object.__setattr__(self, "judges", MappingProxyType(weights))

    def to_dict(self) -> dict[str, Any]:
        """Plain data with the structure of the TOML file, without the name."""
        return (
            {"judges": dict(self.judges)}
            | ({"nickname": self.nickname} if self.nickname else {})
            | ({"price": self.price} if self.price is not None else {})
        )

    @classmethod
    def from_dict(cls, name: str, data: Any) -> Router:
        """Build from a table of the TOML file; its initial trust is for the panel."""
        place = f"[routers.{name}]"
        table = check_table(data, place)
        _check_parts(name, table, _ROUTER_KEYS, place)
        given = {key: value for key, value in table.items() if key != "initial_trust"}
        return cls(name, **({"judges": {}} | given))


def _check_parts(name: str, table: Mapping[str, Any], known: Sequence[str], place: str) -> None:
    """Refuse unknown keys; where TOML has cut a name at its dot, say that it must be quoted."""
    try:
        check_keys(table, known, place)
    except ValueError as error:
        key = next(key for key in table if key not in known)
        raise ValueError(f"{error}{_dotted(name, {key: table[key]}, known)}") from None


def _dotted(name: str, value: Any, ends: Collection[str] = ()) -> str:
    """Give the hint for a name that TOML has cut into tables, or nothing where it has not."""
    whole, held = name, value
    while isinstance(held, Mapping) and held:
        key = next(iter(held))
        if key in ends:
            break
        whole, held = f"{whole}.{key}", held[key]
        if not isinstance(held, Mapping) and ends:  # no table: a key that is only misspelt
            return ""
    return "" if whole == name else f'; a name with a dot must be quoted in TOML: "{whole}"'


def _belief_from(entry: Any, place: str) -> Beta:
    table = check_table(entry, f"belief of {place}")
    for form in _BELIEF_FORMS:
        if set(table) == set(form):
            first, second = (table[key] for key in form)
            try:
                return Beta(first, second) if form[0] == "alpha" else Beta.from_mean(first, second)
            except ValueError as error:
                message = str(error).replace("`mean`", f"`{form[0]}`")
                raise ValueError(f"{message} for {place}") from None
    forms = " or ".join("{" + ", ".join(form) + "}" for form in _BELIEF_FORMS)
    hint = "; a name with a dot must be quoted in TOML" * any(
        isinstance(entry, Mapping) for entry in table.values()
    )
    raise ValueError(f"belief of {place} must have the keys {forms}; got {sorted(table)}{hint}")


def _belief_dict(belief: Beta) -> dict[str, float]:
    return {"alpha": belief.alpha, "beta": belief.beta}


def checked_weights(weights: Mapping[str, Any], what: str) -> dict[str, float]:
    """Give positive weights that sum to 1, exactly; refuse those that do not nearly."""
    for name, weight in weights.items():
        check_name(f"each of the {what}", name)
        if not (is_number(weight) and 0 < weight < np.inf):
            raise ValueError(
                f"{what} must be positive numbers; got {shown(weight)} for {name!r}"
                f"{_dotted(name, weight)}"
            )
    total = float(sum(weights.values()))
    if abs(total - 1) > _SUM_TOLERANCE:
        listed = ", ".join(f"{name} {weight:g}" for name, weight in weights.items())
        raise ValueError(f"{what} must sum to 1; got {total:g} ({listed})")
    return {name: float(weight) / total for name, weight in weights.items()}
