"""What is asked of an export, checked before it is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trust_router.basics.characters import canonical
from trust_router.basics.checks import shown
from trust_router.inputs.panel import Panel
from trust_router.inputs.reading.chosen import Chosen
from trust_router.inputs.reading.logs.answering import Answered
from trust_router.inputs.reading.logs.entries import FIELDS
from trust_router.inputs.reading.meaning import Meaning
from trust_router.inputs.reading.scales import Scales
from trust_router.inputs.reading.tables import column_map

__all__ = ["Asked"]


@dataclass(frozen=True)
class Asked:
    """Which scores are judges, which one is the outcome, and what their values mean.

    Attributes
    ----------
    judges : Chosen or None
    outcome : str or None
    meaning : Meaning or None
        Of the outcome's values.
    category : str, mapping of str to str, or None
        Name of the score that is the category, or the category of each ticket.
    scales : Scales
    answered : Answered or None
    columns : mapping of str to str
        Where the fields of a score stand, by `FIELDS`.
    names : mapping of str to str
        What the export calls scores that have another name here.
    """

    judges: Chosen | None
    outcome: str | None
    meaning: Meaning | None
    category: str | Mapping[str, str] | None
    scales: Scales
    answered: Answered | None
    columns: Mapping[str, str]
    names: Mapping[str, str]

    @classmethod
    def of(
        cls,
        judges: Sequence[str] | Panel | None,
        outcome: str | None,
        values: tuple[Any, Any],
        category: str | Mapping[str, str] | None,
        scales: tuple[Any, Any],
        answered: Answered | None,
        columns: Mapping[str, str] | None,
    ) -> Asked:
        """Check what users state.

        ``values`` are those that mean need, and resolved; ``scales`` what scores go from and to,
        and what a high one means.
        """
        chosen = Chosen.of(judges)
        names = list(chosen.names) if chosen else []
        outcome = _name("outcome", outcome)
        category = dict(category) if isinstance(category, Mapping) else _name("category", category)
        if outcome in names:
            raise ValueError(f"a score is a judge or the outcome; {outcome!r} is named as both")
        _check_used(outcome, values, answered)
        own = [*names, *(name for name in (outcome, category) if isinstance(name, str))]
        mapped = column_map(columns, [*FIELDS, *own])
        stated = values != (None, None)
        return cls(
            chosen,
            outcome,
            Meaning.of(*values) if stated else None,
            category,
            _scales(scales, names),
            answered,
            {key: name for key, name in mapped.items() if key in FIELDS and key not in own},
            {key: name for key, name in mapped.items() if key in own},
        )

    @property
    def own_names(self) -> list[str]:
        """Names of scores that are asked for, as the export writes them."""
        ours = [*(self.judges.names if self.judges else ())]
        ours += [name for name in (self.outcome, self.category) if isinstance(name, str)]
        return [self.names.get(name, name) for name in ours]


def _name(argument: str, given: Any) -> str | None:
    if given is not None and not (isinstance(given, str) and given.strip()):
        raise ValueError(f"`{argument}` must be the name of a score; got {shown(given)}")
    return None if given is None else canonical(given)


def _scales(stated: tuple[Any, Any], judges: Sequence[str]) -> Scales:
    for argument, value in zip(("scale", "high_means"), stated, strict=True):
        if value is not None and not judges:
            raise ValueError(f"`{argument}` is about scores of judges, and none is named")
    scales = Scales.of(*stated)
    scales.check(judges)
    for judge in judges:
        scales.judged(judge)
    return scales


def _check_used(outcome: str | None, values: tuple[Any, Any], answered: Any) -> None:
    """Refuse what says something of outcomes where none are asked for."""
    if answered is not None and not isinstance(answered, Answered):
        raise TypeError(f"`answered` must be a tr.logs.Answered; got {shown(answered)}")
    given = {"need": values[0], "resolved": values[1], "answered": answered}
    for argument, value in given.items():
        if value is not None and outcome is None:
            raise ValueError(
                f"`{argument}` is about outcomes, and no score is named as the outcome; give "
                "outcome='...'"
            )
