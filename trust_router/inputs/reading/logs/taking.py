"""From the columns of an export to beliefs and outcomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from trust_router.basics.checks import listed
from trust_router.basics.words import many
from trust_router.inputs.reading.logs.asking import Asked
from trust_router.inputs.reading.logs.entries import Entries, read_entries, read_wide
from trust_router.inputs.reading.logs.exports import Export
from trust_router.inputs.reading.logs.feedback import feedback_outcomes
from trust_router.inputs.reading.logs.fields import field
from trust_router.inputs.reading.logs.judged import judge_scores, last_of_each
from trust_router.inputs.reading.logs.naming import left_over, renamed
from trust_router.inputs.reading.logs.tool_log import ToolLog
from trust_router.inputs.texts import Table

__all__ = ["take"]


def take(export: Export, asked: Asked, table: Table) -> ToolLog:
    """Take what is asked for, and say what is left out."""
    entries = _entries(export, asked, table)
    known = dict.fromkeys(entries.name)
    judges = (
        asked.judges.among([n for n in known if n != asked.outcome], "score")
        if (asked.judges)
        else []
    )
    if asked.outcome is not None and asked.outcome not in known:
        raise ValueError(_no_outcome(asked.outcome, entries))
    category, told = _category(entries, asked)
    wanted = {*judges, *([asked.outcome] if asked.outcome is not None else [])}
    mine = entries.take(np.flatnonzero([name in wanted for name in entries.name]))
    judged = judge_scores(mine, judges, asked.scales, category) if judges else None
    fed = (
        feedback_outcomes(mine, asked.outcome, asked.meaning, category, asked.answered)
        if asked.outcome is not None
        else None
    )
    taken, left_out = [*told], [*entries.notes]
    for part in (judged, fed):
        if part is not None:
            taken += part.taken
            left_out += part.left_out
    left_out += _silent(asked, judges)
    named = {*wanted, asked.category} if isinstance(asked.category, str) else wanted
    return ToolLog(
        title=export.title,
        rows=entries.rows,
        tickets=tuple(dict.fromkeys(entries.ticket)),
        time=entries.time,
        taken=tuple(taken),
        left_out=(*left_out, *left_over(entries, named)),
        answered_by=fed.answered_by if fed else None,
        price=asked.answered.prices() if asked.answered else {},
        held_beliefs=judged.beliefs if judged else None,
        held_outcomes=fed.outcomes if fed else None,
    )


def _entries(export: Export, asked: Asked, table: Table) -> Entries:
    if not table:
        raise ValueError("there are no columns; an export of scores has at least three")
    name = asked.columns.get("name", next(iter(export.name), ""))
    wide = export.wide or (export.title == "scores" and name and field(table, name) is None)
    if wide and "name" not in asked.columns:
        entries = read_wide(table, export, asked.columns, asked.own_names)
    else:
        entries = read_entries(table, export, asked.columns)
    if not entries.rows:
        raise ValueError("there are no rows; an export of scores has at least one")
    if not len(entries):
        raise ValueError(f"no score is left: {'; '.join(entries.notes)}")
    return renamed(entries, asked.names)


def _no_outcome(outcome: str, entries: Entries) -> str:
    names = dict.fromkeys(entries.name)
    people = dict.fromkeys(
        n for n, source in zip(entries.name, entries.source, strict=True) if source == "human"
    )
    if people:
        advice = f"people gave {listed(people)}"
    else:
        advice = (
            "none is told to be given by people: where the feedback is kept elsewhere, read it "
            "with `tr.read_outcomes`, by the same tickets"
        )
    return f"there is no score {outcome!r} for the outcome; scores are {listed(names)}; {advice}"


def _category(entries: Entries, asked: Asked) -> tuple[Mapping[str, str] | None, Sequence[str]]:
    if not isinstance(asked.category, str):
        return asked.category, ()
    at = entries.named(asked.category)
    if not len(at):
        names = listed(dict.fromkeys(entries.name))
        raise ValueError(
            f"there is no score {asked.category!r} for the category; scores are {names}"
        )
    mine = entries.take(at)
    words = [text or f"{number:g}" for text, number in zip(mine.text, mine.number, strict=True)]
    last, _ = last_of_each(mine.ticket, mine.time, np.array(words, dtype=object))
    found = {mine.ticket[i]: words[i] for i in last.tolist()}
    kinds = len(set(found.values()))
    said = f"{kinds:,} categor{'y' if kinds == 1 else 'ies'}"
    return found, (f"category {asked.category!r}: {many(len(found), 'ticket')}, {said}",)


def _silent(asked: Asked, judges: Sequence[str]) -> list[str]:
    """Tell of judges of the panel that have no score."""
    absent = [name for name in (asked.judges.names if asked.judges else ()) if name not in judges]
    return [f"no score has the name of judge {name!r} of the panel" for name in absent]
