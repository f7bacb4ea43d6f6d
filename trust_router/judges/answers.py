"""Answers: the beliefs that judges stated about tickets, and what became of each answer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trust_router.basics.arrays import Array
from trust_router.basics.shown import Shown
from trust_router.defaults import CONCENTRATION_CAP
from trust_router.inputs.beliefs import Beliefs
from trust_router.judges.flags import flagged
from trust_router.judges.sanitising import MISSING, adjustments
from trust_router.judges.tallies import Tally, total_calls, total_cost

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Answers"]

_LEFT = ("failed", "given up", "limit")  # statuses of tickets to be asked about again
_SUSPECT = ("invisible characters", "chat markup")  # of the notes about a ticket's text


@dataclass(frozen=True, eq=False)
class Answers(Shown):
    """What judges said about tickets.

    Attributes
    ----------
    beliefs : Beliefs
        For `fit`; NaN where a judge is missing.
    status : ndarray of str, shape (ticket, judge)
        ``"ok"``, or why the judge is missing.
    adjusted : ndarray of str, shape (ticket, judge)
        What was changed in an answer, separated by ``", "``.
    scores : ndarray, shape (ticket, judge)
        How unusual the answer is for this judge; see `trust_router.judges.flags.unusual`.
    notes : tuple of tuple of str
        What had to be done to each ticket's text before an LLM saw it.
    tallies : tuple of Tally
        One a judge.
    cap : float
        Most concentration of one answer.
    """

    beliefs: Beliefs
    status: NDArray[np.str_]
    adjusted: NDArray[np.str_]
    scores: Array
    notes: tuple[tuple[str, ...], ...]
    tallies: tuple[Tally, ...]
    cap: float = CONCENTRATION_CAP

    def __repr__(self) -> str:
        return f"Answers({self.beliefs!r}, {self.calls} calls, {self.n_flagged} flagged)"

    @property
    def calls(self) -> int:
        """Calls made."""
        return total_calls(self.tallies)

    @property
    def cost(self) -> float | None:
        """What the answers cost in USD; None if a price is unknown."""
        return total_cost(self.tallies)

    @property
    def flagged(self) -> NDArray[np.bool_]:
        """Which answers a person should look at, shape (ticket, judge)."""
        return flagged(self.scores) | self._suspect

    @property
    def n_flagged(self) -> int:
        """How many answers are flagged."""
        return int(self.flagged.sum())

    @property
    def incomplete(self) -> tuple[str, ...]:
        """Judges that were not asked about all tickets, or whose calls failed; ask again."""
        left = np.isin(self.status, _LEFT).any(axis=0)
        return tuple(name for name, at in zip(self.beliefs.judges, left, strict=True) if at)

    def unflagged(self) -> Beliefs:
        """Give the beliefs without those that are flagged; they are missing then."""
        held = self.beliefs
        alpha, beta = (np.where(self.flagged, np.nan, v) for v in (held.alpha, held.beta))
        return Beliefs(
            held.labels, held.judges, alpha, beta, about="ticket", category=held.category
        )

    def report(self) -> pd.DataFrame:
        """Tabulate judges: tickets, beliefs, missing, adjusted, flagged, calls, tokens, cost."""
        import pandas as pd

        ok = self.status == "ok"
        rows = {
            tally.judge: {
                "tickets": len(self.beliefs),
                "beliefs": int(ok[:, j].sum()),
                "missing": int((~ok[:, j]).sum()),
                "adjusted": int((self.adjusted[:, j] != "").sum()),
                "flagged": int(self.flagged[:, j].sum()),
                "cached": tally.cached,
                "calls": tally.calls,
                "retries": tally.retries,
                "input_tokens": tally.input_tokens,
                "output_tokens": tally.output_tokens,
                "cost": np.nan if tally.cost is None else tally.cost,
                "cost_at_most": np.nan if tally.cost_at_most is None else tally.cost_at_most,
                "problem": tally.problem,
            }
            for j, tally in enumerate(self.tallies)
        }
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("judge")

    def counts(self) -> pd.DataFrame:
        """Tabulate what was missing or adjusted: ``judge, what, kind, tickets, meaning``."""
        import pandas as pd

        rows = []
        for j, judge in enumerate(self.beliefs.judges):
            reasons = Counter(self.status[:, j].tolist())
            changes = Counter(c for cell in self.adjusted[:, j] for c in str(cell).split(", ") if c)
            for kind, rules, counted in (
                ("missing", MISSING, reasons),
                ("adjusted", adjustments(self.cap), changes),
            ):
                rows += [(judge, what, kind, counted[what], rules[what]) for what in rules]
        table = pd.DataFrame(rows, columns=["judge", "what", "kind", "tickets", "meaning"])
        return table[table["tickets"] > 0].reset_index(drop=True)

    def flags(self) -> pd.DataFrame:
        """Tabulate flagged answers: ``ticket, category, judge, need, score, reason``."""
        import pandas as pd

        held, unusual = self.beliefs, flagged(self.scores)
        rows = []
        for i, j in np.argwhere(self.flagged):
            reasons = ["unusual answer"] if unusual[i, j] else []
            if self._suspect[i, j]:
                reasons += [note for note in self.notes[i] if note in _SUSPECT]
            rows.append(
                {
                    "ticket": held.labels[i],
                    "category": held.category[i],
                    "judge": held.judges[j],
                    "need": held.mean[i, j],
                    "score": self.scores[i, j],
                    "reason": ", ".join(reasons),
                }
            )
        columns = ["ticket", "category", "judge", "need", "score", "reason"]
        return pd.DataFrame(rows, columns=columns)

    def table(self, *, drop_flagged: bool = False) -> pd.DataFrame:
        """Tabulate every answer: ``ticket, category, judge, alpha, beta, status``, and so on.

        `read_beliefs` and `fit` read it, as a frame or from a file. With ``drop_flagged`` beliefs
        that are flagged are missing, as in `unflagged`.
        """
        import pandas as pd

        held = self.unflagged() if drop_flagged else self.beliefs
        judges = len(held.judges)
        return pd.DataFrame(
            {
                "ticket": np.repeat(np.array(held.labels, dtype=object), judges),
                "category": np.repeat(np.array(held.category, dtype=object), judges),
                "judge": np.tile(np.array(held.judges, dtype=object), len(held)),
                "alpha": held.alpha.ravel(),
                "beta": held.beta.ravel(),
                "status": self.status.ravel(),
                "adjusted": self.adjusted.ravel(),
                "flagged": self.flagged.ravel(),
            }
        )

    @property
    def _suspect(self) -> NDArray[np.bool_]:
        texts = np.array([any(note in _SUSPECT for note in notes) for notes in self.notes])
        llms = np.array([bool(tally.model) for tally in self.tallies])
        suspect: NDArray[np.bool_] = np.logical_and.outer(texts, llms) & (self.status == "ok")
        return suspect
