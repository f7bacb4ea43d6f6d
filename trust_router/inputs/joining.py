"""Rows of an earlier and a later day as one: a ticket is known again, and what is later holds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trust_router.inputs.changes import Changes, placed
from trust_router.inputs.keyed import UNCHECKED, Keyed
from trust_router.inputs.matches import Matches
from trust_router.inputs.observed import Observed
from trust_router.inputs.periods import joined_periods
from trust_router.inputs.rows import Rows

__all__ = ["joined_rows"]

_NONE = Keyed.of((), (), ())


def joined_rows(old: Rows, new: Rows) -> tuple[Rows, Changes]:
    """Bring later rows in.

    Parameters
    ----------
    old, new : Rows
        About the same, of the same judges.

    Returns
    -------
    rows : Rows
        A ticket that stands in both counts once: judge by judge, and as to outcome and category,
        with what the later rows say, or the earlier ones where the later say nothing.
    changes : Changes

    Raises
    ------
    ValueError
        If beliefs about a category are no longer what they were.
    """
    names, at = placed(old.categories, new.categories)
    new = replace(new, categories=names, category=_moved(new.category, at))
    old = replace(old, categories=names)
    if old.about == "category":
        _check_beliefs(old, new)
    old, new = _of_one_calendar(old, new)
    before, after = old.tickets or _NONE, new.tickets or _NONE
    _, again, anew = np.intersect1d(before.key, after.key, return_indices=True)
    first, last = before.take(again), after.take(anew)
    earlier, later = old.take(first.row), new.take(last.row)
    both = _restated(earlier, later, holds=(first.said >= 0) & (last.said < 0))
    same = _known_again(first, last)
    shared = replace(
        both,
        tickets=same,
        number=np.ones(len(both), dtype=np.int64),
        trials=(same.outcome >= 0).astype(np.int64),
        needs=(same.outcome == 1).astype(np.int64),
        checked=same.found(len(both)),
    )
    parts = [_without(old, before, again), _without(new, after, anew), shared]
    rows = _stacked(parts).merged()
    if rows.about == "ticket":
        rows = rows.keep(rows.number > 0)
    filled, replaced = _changed(earlier, both, first, same)
    added = int(new.number.sum()) - len(again) + filled
    changes = Changes(added, replaced, len(again) - filled - replaced)
    return replace(rows, matches=_matches(old, new, rows, len(again))), changes


def _of_one_calendar(old: Rows, new: Rows) -> tuple[Rows, Rows]:
    """Give the periods of both the same numbers; rows that know no time stay as they are."""
    if old.period is None or new.period is None:
        return old, new
    labels, *starts = joined_periods(old.periods, new.periods)
    moved = [
        replace(rows, periods=labels, period=np.where(at < 0, at, at + start))
        for rows, at, start in zip((old, new), (old.period, new.period), starts, strict=True)
    ]
    return moved[0], moved[1]


def _known_again(first: Keyed, last: Keyed) -> Keyed:
    """Say of the same tickets what is later; what was found of one holds whatever was logged."""
    kept, known = first.outcome, last.outcome
    outcome = np.where(known >= 0, known, np.where(kept >= 0, kept, np.minimum(kept, known)))
    outcome = np.where(first.checked & ~last.checked, kept, outcome)
    said = np.where(last.said >= 0, last.said, first.said)
    logged = np.where(first.checked | last.checked, said, UNCHECKED)
    return Keyed(first.key, np.arange(len(first)), outcome.astype(np.int8), logged.astype(np.int8))


def _moved(category: NDArray[np.intp], place: NDArray[np.intp]) -> NDArray[np.intp]:
    return np.append(place, -1)[np.maximum(category, -1)]


def _check_beliefs(old: Rows, new: Rows) -> None:
    shared, i, j = np.intersect1d(old.category, new.category, return_indices=True)
    same = (old.alpha[i] == new.alpha[j]) & (old.beta[i] == new.beta[j])
    if not same.all():
        c, judge = np.argwhere(~same)[0]
        raise ValueError(
            f"an update brings outcomes, not other beliefs; judge {old.judges[judge]!r} states "
            f"something else about category {old.categories[shared[c]]!r} than it did; fit again"
        )


def _restated(old: Rows, new: Rows, holds: NDArray[np.bool_]) -> Rows:
    """Say of the same tickets what is later; a known outcome holds its ticket's category."""
    silent = np.isnan(new.alpha)
    holds = (new.category < 0) | (holds & (old.category >= 0))
    period = None
    if old.period is not None and new.period is not None:  # a ticket happened at its first time
        unknown = len(new.periods)
        period = np.minimum(*(np.where(x < 0, unknown, x) for x in (old.period, new.period)))
        period = np.where(period == unknown, -1, period)
    return replace(
        new,
        period=period,
        category=np.where(holds, old.category, new.category),
        alpha=np.where(silent, old.alpha, new.alpha),
        beta=np.where(silent, old.beta, new.beta),
    )


def _changed(old: Rows, now: Rows, before: Keyed, after: Keyed) -> tuple[int, int]:
    """Count tickets of which more is said than before, and those of which something else is."""
    silent, told = np.isnan(old.alpha), before.outcome >= 0
    other = (old.alpha != now.alpha) | (old.beta != now.beta)
    other &= old.about == "ticket"  # what is said of a category, no ticket changes
    replaced = (~silent & other).any(axis=1)
    replaced |= told & ((before.outcome != after.outcome) | (old.category != now.category))
    filled = (silent & ~np.isnan(now.alpha)).any(axis=1) | (~told & (after.outcome >= 0))
    filled |= after.checked & ~before.checked
    return int((filled & ~replaced).sum()), int(replaced.sum())


def _without(rows: Rows, tickets: Keyed, dropped: NDArray[np.intp]) -> Rows:
    """Take some tickets out of rows."""
    out = tickets.take(dropped)
    less = [np.bincount(out.row, each, minlength=len(rows)).astype(int) for each in out.counts]
    stays = np.ones(len(tickets), dtype=bool)
    stays[dropped] = False
    return replace(
        rows,
        trials=rows.trials - less[0],
        needs=rows.needs - less[1],
        number=rows.number - less[2],
        checked=None if rows.checked is None else rows.checked - out.found(len(rows)),
        tickets=tickets.take(stays),
    )


def _stacked(parts: list[Rows]) -> Rows:
    starts = np.cumsum([0, *(len(part) for part in parts)])
    held = [part.tickets or _NONE for part in parts]
    tickets = Keyed(
        np.concatenate([each.key for each in held]),
        np.concatenate([each.row + start for each, start in zip(held, starts[:-1], strict=True)]),
        np.concatenate([each.outcome for each in held]),
        np.concatenate([each.logged for each in held]),
    )
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in ("category", "alpha", "beta", "trials", "needs", "number")
    }
    if parts[0].period is not None:
        columns["period"] = np.concatenate([part.period for part in parts])
    checked = None
    if tickets.checked.any():
        none = [np.zeros((len(part), 2, 3), dtype=np.int64) for part in parts]
        found = [part.checked for part in parts]
        checked = np.concatenate([n if f is None else f for n, f in zip(none, found, strict=True)])
    return replace(parts[0], **columns, tickets=tickets, checked=checked)


def _matches(old: Rows, new: Rows, rows: Rows, again: int) -> Matches | None:
    """Count the join of all days as one."""
    if old.matches is None or new.matches is None:
        return None
    heard = ~np.isnan(rows.alpha).all(axis=1)
    untried = 0 if rows.tickets is None else rows.tickets.untried
    for part, matches in ((old, old.matches), (new, new.matches)):  # and those without a name
        untried += matches.observed.untried - (part.tickets or _NONE).untried
    unseen = int((rows.counts().trials == 0).sum())
    earlier, later = old.matches.span, new.matches.span
    span = later if earlier is None else earlier.joined(later, again)
    whole = Matches(
        rows.about,
        outcomes=int(rows.trials.sum()),
        matched=int(rows.trials[heard].sum()),
        beliefs=int(rows.number[heard].sum()),
        without_outcome=int((rows.number - rows.trials)[heard].sum()),
        silent=int(rows.number[~heard].sum()),
        unseen=unseen,
        observed=Observed(int(rows.number.sum()), untried),
        span=span,
    )
    if rows.about == "ticket":
        return whole
    counts: dict[str, Any] = {
        "matched": whole.outcomes,
        "beliefs": len(rows),
        "without_outcome": unseen,
    }
    return replace(whole, **counts, silent=0)
