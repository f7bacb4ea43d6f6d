"""What is said when a frame, a path or another object is given in place of one of ours."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from trust_router.basics.checks import shown

__all__ = ["expect"]


class _Ways(NamedTuple):
    """What a kind is called in a sentence, and the calls that make one, from what."""

    name: str
    otherwise: str = ""
    path: str = ""
    frame: str = ""
    mapping: str = ""


# By name, for some of these classes stand in rooms above; in the order of arguments.
_WAYS: Final = {
    "Panel": _Ways(
        "a Panel",
        "Panel(routers, judges)",
        path="read_panel(path)",
        mapping="Panel.from_dict(data)",
    ),
    "Beliefs": _Ways(
        "Beliefs",
        "Beliefs(labels, judges, alpha, beta)",
        path="read_beliefs(path)",
        frame="read_beliefs(frame)",
    ),
    "Outcomes": _Ways(
        "Outcomes",
        "Outcomes(categories, trials, needs)",
        path="read_outcomes(path)",
        frame="read_outcomes(frame)",
    ),
    "Posterior": _Ways("a Posterior", "solve(panel, beliefs, outcomes)", path="load(path)"),
    "Costs": _Ways("Costs", "Costs(simple, complex)", path="read_costs(path)"),
    "TicketFacts": _Ways("TicketFacts", "TicketFacts(tickets, ...)", path="read_facts(path)"),
    "Prediction": _Ways("a Prediction", "posterior.predict(beliefs)"),
}
_ORDER: Final = ("Panel", "Beliefs", "Outcomes", "Posterior", "Costs")


def expect(value: object, kind: type, name: str) -> None:
    """Refuse an argument that is of another kind, and say what gives the one that is meant.

    Call it first thing in what users call, once for each argument that is an object of ours, so
    that a frame, a path, a dict or swapped arguments end in one sentence and no AttributeError.

    Parameters
    ----------
    value : object
        What was given.
    kind : type
        What is meant: `Panel`, `Beliefs`, `Outcomes`, `Posterior`, `Costs` or `Prediction`; of
        others it is only said what they are not.
    name : str
        Of the argument.

    Raises
    ------
    TypeError
        If ``value`` is no ``kind``.

    Examples
    --------
    >>> from trust_router import Outcomes
    >>> expect("o.csv", Outcomes, "outcomes")
    Traceback (most recent call last):
        ...
    TypeError: `outcomes` must be Outcomes; got 'o.csv'; read it with `read_outcomes(path)`
    """
    if isinstance(value, kind):
        return
    ways = _WAYS.get(kind.__name__, _Ways(f"of kind {kind.__name__}"))
    given = _ours(value)
    if given:
        got, call = _WAYS[given].name, ways.otherwise
        if {given, kind.__name__} <= set(_ORDER):
            number = 3 if {given, kind.__name__} <= set(_ORDER[:3]) else len(_ORDER)
            order = ", ".join(each.lower() for each in _ORDER[:number])
            raise TypeError(f"`{name}` must be {ways.name}; got {got}: the order is {order}")
    elif isinstance(value, (str, Path)):
        got, call = shown(str(value)), ways.path or ways.otherwise
    elif isinstance(value, Mapping):
        got, call = f"a {type(value).__name__}", ways.mapping or ways.otherwise
    elif _is_frame(value):
        got, call = f"a {type(value).__name__}", ways.frame or ways.otherwise
    else:
        got, call = shown(value), ways.otherwise
    verb = "read" if call in (ways.path, ways.frame) else "make"
    hint = f"; {verb} it with `{call}`" if call else ""
    raise TypeError(f"`{name}` must be {ways.name}; got {got}{hint}")


def _ours(value: object) -> str:
    """Give the name of a kind of the table, or nothing where the value is of none."""
    package = __name__.partition(".")[0]
    kind = type(value)
    ours = kind.__module__.partition(".")[0] == package and kind.__name__ in _WAYS
    return kind.__name__ if ours else ""


def _is_frame(value: Any) -> bool:
    import narwhals as nw

    try:
        nw.from_native(value)
    except TypeError:
        return False
    return True
