"""Scores of judges as beliefs about tickets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from trust_router.basics.arrays import Array
from trust_router.basics.words import many
from trust_router.defaults import CONCENTRATION
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.reading.logs.entries import Entries
from trust_router.inputs.reading.logs.scales import logged_need
from trust_router.inputs.reading.scales import Scales, shapes_of

__all__ = ["Judged", "judge_scores", "last_of_each"]


class Judged(NamedTuple):
    """Beliefs, and what is told of them."""

    beliefs: Beliefs
    taken: list[str]
    left_out: list[str]


def judge_scores(
    entries: Entries,
    judges: Sequence[str],
    scales: Scales,
    category: Mapping[str, str] | None,
) -> Judged:
    """Make beliefs of the scores that bear the names of judges.

    What a person gave under such a name is no belief of the judge. Of several scores of a judge on
    one ticket the latest counts.
    """
    taken: list[str] = []
    left_out: list[str] = []
    stated: dict[str, tuple[list[str], Array]] = {}
    for judge in judges:
        at = entries.named(judge)
        by_people = np.array([entries.source[i] == "human" for i in at.tolist()], dtype=bool)
        if by_people.all():
            raise ValueError(
                f"{judge!r} is no judge: only people gave it ({many(len(at), 'score')}); name it "
                "as the outcome, or name other judges"
            )
        if by_people.any():
            left_out.append(
                f"{many(int(by_people.sum()), 'score')} {judge!r} given by people, which are no "
                "beliefs of that judge"
            )
        mine = entries.take(at[~by_people])
        scale = scales.judged(judge)
        need = logged_need(judge, scale, mine.number, mine.text, bool(mine.boolean.any()))
        last, several = last_of_each(mine.ticket, mine.time, need)
        if several:
            left_out.append(f"earlier scores of judge {judge!r} {several}")
        stated[judge] = ([mine.ticket[i] for i in last.tolist()], need[last])
        taken.append(f"judge {judge!r}: {many(len(last), 'ticket')}, {scale}")
    return Judged(_beliefs(entries.ticket, stated, category), taken, left_out)


def last_of_each(
    ticket: Sequence[str], time: NDArray[np.datetime64], value: NDArray[np.generic]
) -> tuple[NDArray[np.intp], str]:
    """Give the positions of the latest row of each ticket, and say so where there were several.

    Without a time, or at the same one, the later row counts.
    """
    first = np.where(np.isnat(time), np.iinfo(np.int64).min, time.astype(np.int64))
    order = np.lexsort((np.arange(len(ticket)), first))
    held = {ticket[i]: i for i in order.tolist()}
    last = np.sort(np.fromiter(held.values(), dtype=np.intp, count=len(held)))
    twice = {name for name, count in Counter(ticket).items() if count > 1}
    if not twice:
        return last, ""
    differs, untold = set[str](), set[str]()
    for i, name in enumerate(ticket):
        if name in twice and i != held[name] and value[i] != value[held[name]]:
            differs.add(name)
            if np.isnat(time[i]) or time[i] == time[held[name]]:
                untold.add(name)
    said = (
        f"on {many(len(twice), 'ticket')} with several: the latest counts"
        f"{f', which differs on {len(differs):,}' if differs else ', and all say the same'}"
    )
    if untold:
        said += f" (on {len(untold):,} no time tells which is later, so the last row does)"
    return last, said


def _beliefs(
    order: Sequence[str],
    stated: Mapping[str, tuple[list[str], Array]],
    category: Mapping[str, str] | None,
) -> Beliefs:
    judged = set().union(*(tickets for tickets, _ in stated.values()))
    labels = [ticket for ticket in dict.fromkeys(order) if ticket in judged]
    place = {ticket: i for i, ticket in enumerate(labels)}
    mean = np.full((len(labels), len(stated)), np.nan)
    for column, (tickets, need) in enumerate(stated.values()):
        mean[[place[ticket] for ticket in tickets], column] = need
    return Beliefs(
        labels,
        list(stated),
        *shapes_of(mean, CONCENTRATION),
        about="ticket",
        category=None if category is None else [category.get(t, "") for t in labels],
    )
