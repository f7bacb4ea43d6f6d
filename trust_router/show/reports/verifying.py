"""`verify`: a report, or a saved posterior, made again from its inputs and compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from trust_router.basics.shown import Shown
from trust_router.basics.words import many
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.outcomes import Outcomes
from trust_router.inputs.panel import Panel
from trust_router.inputs.rows import Rows
from trust_router.learning.posterior import Posterior
from trust_router.learning.provenance import input_hash
from trust_router.learning.storage import load
from trust_router.show.reports.numbers import Number, agree, numbers_of
from trust_router.show.reports.record import ReportRecord, read_record

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Verification", "recorded", "verify"]

# Whose versions may move numbers; which of them a result rests on, its provenance says.
_LIBRARIES = ("trust_router", "python", "numpy", "scipy", "pymc", "pytensor", "nutpie", "arviz")
_MOST_SAID = 5  # numbers that differ are named


@dataclass(frozen=True, eq=False, repr=False)
class Verification(Shown):
    """Whether a report is what its inputs give.

    Attributes
    ----------
    name : str
        Of the file that was verified.
    inputs : str
        Hash of the inputs that it was rebuilt from.
    recorded_inputs : str
        The one that it states.
    versions : tuple of str
        Of what is installed here and was not the same then: ``"numpy 2.5.5, 2.4.0 then"``.
    then, now : tuple of Number
        What it states, and what came out now; nothing where the inputs are others.
    """

    name: str
    inputs: str
    recorded_inputs: str
    versions: tuple[str, ...]
    then: tuple[Number, ...]
    now: tuple[Number, ...]

    @property
    def same_inputs(self) -> bool:
        """Whether it was rebuilt from the inputs that it states."""
        return self.inputs == self.recorded_inputs

    @property
    def agrees(self) -> bool:
        """Whether inputs are the same, and all numbers but for Monte Carlo error."""
        return self.same_inputs and not self.differing

    @property
    def identical(self) -> int:
        """How many numbers are the same to the last digit, but for rounding."""
        pairs = zip(self.then, self._beside(), strict=True)
        return sum(agree(Number("", a.value, 0), Number("", b.value, 0)) for a, b in pairs)

    @property
    def differing(self) -> tuple[str, ...]:
        """Names of the numbers that are not the same; also of those that are in one only."""
        if not self.same_inputs:
            return ()
        names = {each.name for each in self.then}
        pairs = zip(self.then, self._beside(), strict=True)
        lost = [each.name for each in self.now if each.name not in names]
        return (*(a.name for a, b in pairs if not agree(a, b)), *lost)

    def table(self) -> pd.DataFrame:
        """Tabulate the numbers: then, now, their difference in Monte Carlo errors, and verdict."""
        import pandas as pd

        beside = self._beside() if self.same_inputs else ()
        rows = [
            (a.name, a.value, b.value, _in_errors(a, b), agree(a, b))
            for a, b in zip(self.then if beside else (), beside, strict=True)
        ]
        columns = ["number", "then", "now", "errors", "agrees"]
        return pd.DataFrame(rows, columns=columns).set_index("number")

    def sentences(self) -> list[str]:
        """Say what was found, the verdict first."""
        if not self.same_inputs:
            return [
                f"{self.name} was made from other inputs: their hash was {self.recorded_inputs}, "
                f"that of these is {self.inputs}; nothing was compared"
            ]
        number, differing = len(self.then), self.differing
        said = [f"{self.name} was rebuilt from the same inputs ({self.inputs})"]
        if differing:
            more = f" and {len(differing) - _MOST_SAID} more" * (len(differing) > _MOST_SAID)
            said.append(
                f"{len(differing)} of {many(number, 'number')} differ by more than Monte Carlo "
                f"error: {'; '.join(differing[:_MOST_SAID])}{more}"
            )
        elif self.identical == number:
            said.append(f"all {many(number, 'number')} are the same")
        else:
            near = number - self.identical
            said.append(
                f"all {many(number, 'number')} agree: {self.identical} are the same, {near} lie "
                "within Monte Carlo error"
            )
        if self.versions:
            said.append(f"versions are others: {'; '.join(self.versions)}")
        return said

    def __repr__(self) -> str:
        return "\n".join(self.sentences())

    def _beside(self) -> tuple[Number, ...]:
        """Numbers of now in the order of then; NaN where there is none."""
        now = {each.name: each for each in self.now}
        return tuple(now.get(each.name, Number(each.name, np.nan, 0.0)) for each in self.then)


def verify(
    path: str | Path,
    panel: Panel | None = None,
    beliefs: Beliefs | None = None,
    outcomes: Outcomes | None = None,
) -> Verification:
    """Make a report, or a saved posterior, again and say whether the numbers agree.

    Parameters
    ----------
    path : path
        A report (``.html``), or a posterior that `Posterior.save` wrote.
    panel, beliefs, outcomes : optional
        What it was made from. A posterior holds its inputs: without these it is rebuilt from those.

    Returns
    -------
    Verification
        Its ``agrees`` is the verdict.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file carries nothing to verify it by, or the inputs of a report are not given.

    Notes
    -----
    The same model is fitted with the same options, settings and seed. Numbers of a closed form have
    to be the same; sampled ones to lie within five Monte Carlo errors of each other, which they
    need only where versions or machines differ. Compared are trust and need of up to 100 categories
    and, where costs were stated, decisions and what policies cost.

    Examples
    --------
    >>> import trust_router as tr
    >>> inputs = tr.examples.load_seed()
    >>> path = tr.write_report(tr.solve(*inputs), "report.html")  # doctest: +SKIP
    >>> tr.reports.verify(path, *inputs)  # doctest: +SKIP
    report.html was rebuilt from the same inputs (9059de6ab340d188)
    all 6 numbers are the same
    """
    path = Path(path)
    held, posterior = recorded(path)
    given = (panel, beliefs, outcomes)
    if all(each is not None for each in given):
        from trust_router.learning.rebuilding import rows_again

        rows = rows_again(held.provenance, *given)  # type: ignore[arg-type]  # none is None
        return verified(path.name, held, panel, rows)  # type: ignore[arg-type]
    if any(each is not None for each in given):
        raise ValueError("give `panel`, `beliefs` and `outcomes` together, or none of them")
    if posterior is None:
        raise ValueError(
            f"{path.name} does not hold its inputs; give `panel`, `beliefs` and `outcomes` (in a "
            "shell `trust-router verify` reads the files that it names)"
        )
    return verified(path.name, held, posterior.panel, posterior.rows)


def recorded(path: Path) -> tuple[ReportRecord, Posterior | None]:
    """Read what a file says of itself; and the posterior, if it is one."""
    if path.suffix.lower() in {".html", ".htm"}:
        return read_record(path), None
    posterior = load(path)
    return ReportRecord(posterior.provenance, None, numbers_of(posterior, None)), posterior


def verified(name: str, held: ReportRecord, panel: Panel, rows: Rows) -> Verification:
    """Rebuild from rows, unless they are others than those that were recorded."""
    stated, found = str(held.provenance["input_hash"]), input_hash(panel, rows)
    now: tuple[Number, ...] = ()
    if found == stated:
        from trust_router.learning.rebuilding import rebuilt

        now = numbers_of(rebuilt(held.provenance, panel, rows), held.costs)
    return Verification(name, found, stated, _versions(held.provenance), held.numbers, now)


def _versions(provenance: Mapping[str, Any]) -> tuple[str, ...]:
    """Say which versions are not those of then."""
    import platform
    from importlib.metadata import version

    here = {"python": platform.python_version()}
    stated = [name for name in _LIBRARIES if name in provenance]
    here |= {name: version(name) for name in stated if name != "python"}
    return tuple(
        f"{name} {here[name]}, {provenance[name]} then"
        for name in stated
        if here[name] != provenance[name]
    )


def _in_errors(one: Number, other: Number) -> float:
    error = float(np.hypot(one.error, other.error))
    return (other.value - one.value) / error if error else float("nan")
