"""What was read of a tool's export: beliefs, outcomes, and what was left out and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from trust_router.basics.characters import escaped
from trust_router.basics.frozen import Frozen
from trust_router.basics.instants import Instants
from trust_router.basics.shown import Shown
from trust_router.basics.words import many
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.outcomes import Outcomes
from trust_router.inputs.reading.logs.wording import plain_number
from trust_router.inputs.ticket_log import UNKNOWN, TicketLog

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ToolLog"]


@dataclass(frozen=True, eq=False)
class ToolLog(Shown, Frozen):
    """Beliefs and outcomes of a tool's export, as `trust_router.logs` reads it.

    Printed, it says what was taken and what was left out and why.

    Attributes
    ----------
    title : str
        The tool.
    rows : int
        Scores in the export.
    tickets : tuple of str
        Those with a score.
    time : ndarray of datetime64
        Of the scores.
    taken, left_out : tuple of str
        Sentences.
    answered_by : tuple of str or None
        Who answered each ticket of the outcomes: ``simple``, ``complex``, ``both``, or "" where
        nobody knows; None if it was not asked.
    price : mapping of str to float
        What the calls of the ``simple`` and of the ``complex`` model for a ticket cost on average,
        if calls were given: ``tr.Costs(**log.price, failure=...)``.
    """

    title: str
    rows: int
    tickets: tuple[str, ...]
    time: Instants
    taken: tuple[str, ...]
    left_out: tuple[str, ...]
    answered_by: tuple[str, ...] | None
    price: Mapping[str, float]
    held_beliefs: Beliefs | None
    held_outcomes: Outcomes | None

    @property
    def beliefs(self) -> Beliefs:
        """Of the judges that were named, about tickets.

        Raises
        ------
        ValueError
            If none was named.
        """
        if self.held_beliefs is None:
            raise ValueError(
                "there are no beliefs, for no score was named as a judge; give "
                "judges=panel, or names of scores"
            )
        return self.held_beliefs

    @property
    def outcomes(self) -> Outcomes:
        """Of the feedback that was named; tickets without it have no outcome yet.

        Raises
        ------
        ValueError
            If none was named.
        """
        if self.held_outcomes is None:
            raise ValueError(
                "there are no outcomes, for no score was named as the outcome; give "
                "outcome='...', a score that people gave, or read what happened from another table "
                "with `tr.read_outcomes`"
            )
        return self.held_outcomes

    def __repr__(self) -> str:
        lines = [f"{self.title}: {many(self.rows, 'score')}, {self._scope}"]
        for head, said in (("taken", self.taken), ("left out", self.left_out)):
            lines.append(f"{head}:" if said else f"{head}: nothing")
            lines += [f"  {escaped(text)}" for text in said]
        if self.held_beliefs is None and self.held_outcomes is None:
            lines.append("judges=... names the scores that are judges, outcome=... the outcome")
        if self.price:
            told = ", ".join(f"{who} {plain_number(p)}" for who, p in self.price.items())
            lines.append(f"calls for a ticket cost on average: {told}")
        return "\n".join(lines)

    @property
    def _scope(self) -> str:
        known = self.time[~np.isnat(self.time)]
        period = f", {str(known.min())[:10]} to {str(known.max())[:10]}" if len(known) else ""
        return f"{many(len(self.tickets), 'ticket')}{period}"

    def beliefs_table(self) -> pd.DataFrame:
        """Tabulate beliefs as `read_beliefs` reads them: one row for each.

        Returns
        -------
        DataFrame
            Columns ``ticket``, ``category`` (if one is known), ``judge`` and ``probability``.
        """
        import pandas as pd

        held = self.beliefs
        at = np.argwhere(~np.isnan(held.alpha))
        table = pd.DataFrame(
            {
                "ticket": [held.labels[i] for i in at[:, 0]],
                "category": [held.category[i] for i in at[:, 0]],
                "judge": [held.judges[j] for j in at[:, 1]],
                "probability": held.mean[at[:, 0], at[:, 1]],
            }
        )
        return table if any(held.category) else table.drop(columns="category")

    def outcomes_table(self) -> pd.DataFrame:
        """Tabulate outcomes as `read_outcomes` reads them: one row for each ticket.

        Returns
        -------
        DataFrame
            Columns ``ticket``, ``category``, ``outcome`` (1 is need, missing where nobody knows),
            and, where it is known, ``time`` (in UTC) and ``answered_by``.
        """
        import pandas as pd

        held = self.outcomes
        log = held.log or TicketLog((), [], [])
        outcome = pd.Series(log.outcome, dtype="Int64")
        table = pd.DataFrame(
            {
                "ticket": log.tickets,
                "category": [held.categories[i] for i in log.category],
                "outcome": outcome.mask(outcome == UNKNOWN),
            }
        )
        if not np.isnat(log.time).all():
            table["time"] = [
                "" if np.isnat(t) else f"{np.datetime_as_string(t)}Z" for t in log.time
            ]
        if self.answered_by is not None:
            table["answered_by"] = list(self.answered_by)
        return table
