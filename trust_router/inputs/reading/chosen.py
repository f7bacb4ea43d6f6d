"""Whose beliefs are read of a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from trust_router.basics.characters import canonical
from trust_router.basics.checks import check_names, listed, shown
from trust_router.inputs.panel import Panel

__all__ = ["Chosen"]


@dataclass(frozen=True)
class Chosen:
    """Judges that are asked for: all of them must be there, or those that are."""

    names: tuple[str, ...]
    all_there: bool

    @classmethod
    def of(cls, judges: Sequence[str] | Panel | None) -> Chosen | None:
        """Take what users state; None asks for all."""
        if judges is None:
            return None
        if isinstance(judges, Panel):
            return cls(judges.judge_names, all_there=False)
        if isinstance(judges, str) or not isinstance(judges, Iterable):
            raise TypeError(f"`judges` must be names of judges, or a Panel; got {shown(judges)}")
        names = tuple(canonical(name) if isinstance(name, str) else name for name in judges)
        check_names("judges", "judge", names)
        if not names:
            raise ValueError("`judges` must name at least one; leave it out to read all")
        return cls(names, all_there=True)

    def among(self, known: Iterable[str], places: str) -> list[str]:
        """Give those that are known, in the order asked for."""
        known = list(dict.fromkeys(known))
        found = [name for name in self.names if name in known]
        if self.all_there and len(found) < len(self.names):
            absent = next(name for name in self.names if name not in known)
            raise ValueError(
                f"there is no {places} {absent!r} of a judge; the table knows {listed(known)}"
            )
        if not found:
            raise ValueError(
                f"no judge of the panel has a belief; the table knows {listed(known)}, the panel "
                f"{listed(self.names)}"
            )
        return found
