"""Feedback of people as outcomes of tickets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from trust_router.basics.instants import Instants
from trust_router.basics.words import many
from trust_router.defaults import ONE_CATEGORY
from trust_router.inputs.outcomes import Outcomes
from trust_router.inputs.reading.logs.answering import Answered
from trust_router.inputs.reading.logs.entries import Entries
from trust_router.inputs.reading.logs.judged import last_of_each
from trust_router.inputs.reading.meaning import Meaning
from trust_router.inputs.ticket_log import UNKNOWN, TicketLog

__all__ = ["Fed", "feedback_outcomes"]

NO_CATEGORY = "no category stated"


class Fed(NamedTuple):
    """Outcomes, who answered each ticket, and what is told of them."""

    outcomes: Outcomes
    answered_by: tuple[str, ...] | None
    taken: list[str]
    left_out: list[str]


class _Known(NamedTuple):
    """Who answered each ticket: by the calls for it, or by the models of its feedback."""

    word: dict[str, str]
    left_out: list[str]


def feedback_outcomes(
    entries: Entries,
    outcome: str,
    meaning: Meaning | None,
    category: Mapping[str, str] | None,
    answered: Answered | None,
) -> Fed:
    """Make outcomes of the scores that bear the name of the outcome.

    What a language model gave is no outcome. Of several on one ticket the latest counts. All other
    tickets are there without an outcome.
    """
    mine, left_out = _by_people(entries, outcome)
    if meaning is None:
        raise ValueError(_ask_meaning(outcome, mine))
    tickets = list(dict.fromkeys(entries.ticket))
    codes = _codes(mine, outcome, meaning)
    known = None if answered is None else _who(entries, mine, tickets, answered)
    if known is not None:
        left_out += known.left_out
    if answered is not None and answered.calls is None:
        about = np.array([answered.role(model) == "simple" for model in mine.model], dtype=bool)
        mine, codes = mine.take(np.flatnonzero(about)), codes[about]
    result, several = _latest(mine, codes)
    if several:
        left_out += [f"earlier outcomes {text}" for text in several]
    found = np.array([result.get(ticket, UNKNOWN) for ticket in tickets], dtype=np.int8)
    words = None if known is None else [known.word.get(ticket, "") for ticket in tickets]
    untried = np.zeros(len(tickets), dtype=bool)
    if words is not None and answered is not None:
        found, untried, said = _tried(found, words, answered)
        left_out += said
    outcomes = _outcomes(tickets, found, untried, category, _happened(entries, tickets, answered))
    given = int((found != UNKNOWN).sum())
    taken = [
        f"outcome {outcome!r}: {many(given, 'ticket')}, of which "
        f"{int((found == 1).sum()):,} needed the complex model"
    ]
    if words is None and given:
        taken.append(
            "who answered is not stated, so each outcome counts as one of the simple model"
        )
    return Fed(outcomes, None if words is None else tuple(words), taken, left_out)


def _by_people(entries: Entries, outcome: str) -> tuple[Entries, list[str]]:
    at = entries.named(outcome)
    graded = np.array([entries.source[i] == "llm" for i in at.tolist()], dtype=bool)
    if len(at) and graded.all():
        raise ValueError(
            f"{outcome!r} cannot be the outcome: only a language model gave it "
            f"({many(len(at), 'score')} by {entries.said[at[0]]}), and what a model thinks of an "
            "answer is no outcome; name a score that people gave, or a program that saw what "
            "happened"
        )
    left_out = []
    if graded.any():
        left_out.append(
            f"{many(int(graded.sum()), 'score')} {outcome!r} given by a language model, which are "
            "no outcomes"
        )
    return entries.take(at[~graded]), left_out


def _ask_meaning(outcome: str, mine: Entries) -> str:
    held = Counter(str(_written(value)) for value in _values(mine, words=True))
    shown = ", ".join(f"{value} ({many(count, 'score')})" for value, count in held.most_common(6))
    first = max(held)
    return (
        f"`need` or `resolved` must say what the values of {outcome!r} mean, which are {shown}: "
        f"write `resolved={first}` (--resolved {first}) if {first} says that the simple model "
        f"resolved the ticket, `need={first}` (--need {first}) if it says that the complex model "
        "was needed"
    )


def _written(value: Any) -> Any:
    return f"{value:g}" if isinstance(value, float) else repr(value)


def _values(mine: Entries, *, words: bool) -> list[Any]:
    """Give labels or numbers, whichever was meant, and the other where a score has only that."""
    return [
        text if text and (words or np.isnan(number)) else float(number)
        for number, text in zip(mine.number, mine.text, strict=True)
    ]


def _codes(mine: Entries, outcome: str, meaning: Meaning) -> NDArray[np.int8]:
    words = any(isinstance(key, str) for key in meaning.need | meaning.resolved)
    values = _values(mine, words=words)
    known: dict[Any, int] = {}
    for value, ticket in zip(values, mine.ticket, strict=True):
        if value not in known:
            try:
                known[value] = int(meaning.codes([value], outcome)[0])
            except ValueError as error:
                place = f" in row 1 (column {outcome!r})"
                raise ValueError(
                    str(error).replace(place, f" on ticket {ticket!r} (score {outcome!r})")
                ) from None
    return np.array([known[value] for value in values], dtype=np.int8)


def _latest(mine: Entries, codes: NDArray[np.int8]) -> tuple[dict[str, int], list[str]]:
    """Give the latest outcome of each ticket; where no time tells which that is, none counts."""
    last, several = last_of_each(mine.ticket, mine.time, codes)
    result = {mine.ticket[i]: int(codes[i]) for i in last.tolist()}
    when = {mine.ticket[i]: mine.time[i] for i in last.tolist()}
    doubtful = {
        ticket
        for ticket, code, time in zip(mine.ticket, codes.tolist(), mine.time, strict=True)
        if code != result[ticket] and (np.isnat(time) or time == when[ticket])
    }
    for ticket in doubtful:
        del result[ticket]
    said = [several.partition(" (on")[0]] if several else []
    if doubtful:
        said.append(
            f"of {many(len(doubtful), 'ticket')} that differ, where no time tells which is the "
            "latest: all of them"
        )
    return result, said


def _who(entries: Entries, mine: Entries, tickets: Sequence[str], answered: Answered) -> _Known:
    if answered.calls is not None:
        return _Known(dict(zip(tickets, answered.by_ticket(tickets), strict=True)), [])
    if not any(entries.model):
        raise ValueError(
            "the export does not say which model answered; give calls=tr.logs.litellm(...), or "
            "another log that does, to `tr.logs.Answered`"
        )
    roles: dict[str, set[str]] = {}
    for ticket, model in zip(mine.ticket, mine.model, strict=True):
        roles.setdefault(ticket, set()).add(answered.role(model))
    strange = sorted({model for model in mine.model if not answered.role(model)})
    left_out = []
    if strange:
        number = sum(model in strange for model in mine.model)
        left_out.append(
            f"{many(number, 'outcome')} of {', '.join(map(repr, strange[:3]))}, neither the simple "
            "model nor the complex one"
        )
    word = {t: "both" if len(r - {""}) > 1 else next(iter(r - {""}), "") for t, r in roles.items()}
    return _Known(word, left_out)


def _tried(
    found: NDArray[np.int8], words: Sequence[str], answered: Answered
) -> tuple[NDArray[np.int8], NDArray[np.bool_], list[str]]:
    """Take away outcomes that say nothing of the simple model."""
    who = np.array(words, dtype=object)
    known, left_out = found != UNKNOWN, []
    both = known & (who == "both") & (answered.calls is not None)
    if both.any() and answered.both is None:
        raise ValueError(
            f"{many(int(both.sum()), 'ticket')} with an outcome had calls of both models; state "
            "both='need' if the complex model is called because the simple one has failed, "
            "both='feedback' if the feedback is about the answer of the simple model"
        )
    if answered.both == "need":
        found = np.where(both, 1, found).astype(np.int8)
    alone, nobody = known & (who == "complex"), known & (who == "")
    if alone.any():
        left_out.append(
            f"{many(int(alone.sum()), 'outcome')} of tickets that the complex model alone answered:"
            " nobody saw whether the simple one would have resolved them"
        )
    if nobody.any():
        left_out.append(
            f"{many(int(nobody.sum()), 'outcome')} of tickets for which neither model is known to "
            "have been called"
        )
    return np.where(alone | nobody, UNKNOWN, found).astype(np.int8), who == "complex", left_out


def _happened(entries: Entries, tickets: Sequence[str], answered: Answered | None) -> Instants:
    """Give the earliest time that is known of each ticket: of its calls, or else of its scores."""
    place = {ticket: i for i, ticket in enumerate(tickets)}
    scored = _earliest(place, entries.ticket, entries.time)
    if answered is None or answered.calls is None:
        return scored
    called = _earliest(place, answered.calls.ticket, answered.calls.time)
    return np.where(np.isnat(called), scored, called)


def _earliest(place: Mapping[str, int], ticket: Sequence[str], time: Instants) -> Instants:
    at = [(place[t], i) for i, t in enumerate(ticket) if t in place]
    first = np.full(len(place), "NaT", dtype=time.dtype)
    if at:
        to, rows = (np.array(each) for each in zip(*at, strict=True))
        np.fmin.at(first, to, time[rows])
    return first


def _outcomes(
    tickets: Sequence[str],
    found: NDArray[np.int8],
    untried: NDArray[np.bool_],
    category: Mapping[str, str] | None,
    time: Instants,
) -> Outcomes:
    names = [
        ONE_CATEGORY if category is None else category.get(ticket) or NO_CATEGORY
        for ticket in tickets
    ]
    position = {name: i for i, name in enumerate(dict.fromkeys(names))}
    codes = np.array([position[name] for name in names], dtype=np.int32)
    log = TicketLog(tickets, codes, found, time=time, untried=untried)
    trials, needs, missing, apart = log.counts(len(position))
    return Outcomes(list(position), trials, needs, missing, untried=apart, log=log)
