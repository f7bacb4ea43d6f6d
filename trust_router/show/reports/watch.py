"""Watch: what a manager has to look at, shortest first, and which judges to ask."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from trust_router.basics.words import number, percent
from trust_router.inputs.matches import Matches
from trust_router.inputs.outcomes import Outcomes
from trust_router.insight.selection import Selection
from trust_router.insight.worth import JudgeWorth
from trust_router.learning.findings import Finding
from trust_router.show.reports.advice import names

if TYPE_CHECKING:
    from trust_router.insight.drifting import Drift

__all__ = ["judges_sentences", "watch_sentences"]

_FEW = 20  # outcomes, with which a rate is known to some 20 points
_LITTLE = 0.0005  # of log loss per ticket, that nobody would miss
_USELESS = ("coin", "constant")


def judges_sentences(
    judges: Sequence[str], findings: Sequence[Finding], worth: JudgeWorth | None
) -> tuple[str, ...]:
    """Say whom to ask and who can be left out, where judges speak about tickets."""
    spare = _spare(findings)
    if worth is not None:
        change = worth.judges["change"]
        spare |= {
            str(name): "adds next to nothing" for name in change.index[change < _LITTLE]
        } | spare
    ask = [name for name in judges if name not in spare]
    if worth is not None:
        order = worth.judges["change"]
        ask.sort(key=lambda name: -float(order[name]))
    if not ask:
        return ("No judge tells tickets apart that need the complex model from others.",)
    best = " (in this order of what each adds)" if len(ask) > 1 and worth is not None else ""
    said = [f"Ask {names(ask)}{best}."]
    if spare:
        told = ", ".join(f"{names([name])} ({why})" for name, why in spare.items())
        one = "any one of " if len(spare) > 1 else ""  # of two that say the same one is needed
        said.append(f"Next to nothing would be lost without {one}{told}.")
    return tuple(said)


def _spare(findings: Sequence[Finding]) -> dict[str, str]:
    spare: dict[str, str] = {}
    for found in findings:
        if found.kind in _USELESS:
            why = "cannot be told from a coin" if found.kind == "coin" else "always says the same"
            spare |= dict.fromkeys(found.judges, why)
        if found.kind == "copies":
            spare |= dict.fromkeys(found.judges[1:], f"says what {names(found.judges[:1])} says")
    return spare


def watch_sentences(
    findings: Sequence[Finding],
    outcomes: Outcomes,
    matches: Matches | None,
    selection: Selection | None,
    changes: Drift | None,
    *,
    whole: Sequence[str],
    pooled: bool,
) -> tuple[str, ...]:
    """Say what to watch, nothing if there is nothing; ``whole`` kinds are decided as such."""
    return (
        *_judges(findings, pooled=pooled),
        *_changes(changes),
        *_few(outcomes),
        *_one_sided(matches, selection, whole),
    )


def _judges(findings: Sequence[Finding], *, pooled: bool) -> Iterator[str]:
    backwards = [name for found in findings if found.kind == "reversed" for name in found.judges]
    if backwards:
        one = len(backwards) == 1
        what = (
            f"the model turns {'it' if one else 'them'} round, so {'it' if one else 'they'} can be "
            "asked all the same"
            if pooled
            else f"turn {'its score' if one else 'their scores'} round before you use "
            f"{'it' if one else 'them'}"
        )
        yield f"{names(backwards)} {'ranks' if one else 'rank'} tickets backwards; {what}."
    for found in findings:
        if found.kind == "panel":
            yield found.sentence


def _changes(changes: Drift | None) -> Iterator[str]:
    if changes is None:
        return
    alarm = changes.alarm
    if alarm.raised is not None:
        yield f"{repr(alarm)[:1].upper()}{repr(alarm)[1:]}."
    for sentence in changes.sentences()[:2]:
        yield f"{sentence[:1].upper()}{sentence[1:]}."


def _few(outcomes: Outcomes) -> Iterator[str]:
    few = [
        name
        for name, trials in zip(outcomes.categories, outcomes.trials.tolist(), strict=True)
        if trials < _FEW
    ]
    if few:
        yield f"Fewer than {_FEW} outcomes are known for {names(few)}: check some by hand."


def _one_sided(
    matches: Matches | None, selection: Selection | None, whole: Sequence[str]
) -> Iterator[str]:
    observed = None if matches is None else matches.observed
    if observed is None or not observed.untried:
        return
    said = (
        f"{number(observed.untried, 0)} of {number(observed.tickets, 0)} tickets "
        f"({percent(observed.untried / observed.tickets, 0)}) were answered by the complex model "
        "alone, so nobody saw whether the simple one would have done"
    )
    nearest = None if selection is None else _nearest(selection.tipping.loc[list(whole)])
    if nearest is None:
        yield f"{said}; send some of them to the simple model by lot, to know."
    else:
        yield f"{said}. {nearest}"


def _nearest(tipping: pd.DataFrame) -> str | None:
    there = tipping[(tipping["unseen"] > 0) & tipping["shift"].notna()]
    if there.empty:
        return "No decision for a whole kind of ticket hangs on them."
    at = int(there["shift"].abs().to_numpy().argmin())
    name, row = str(there.index[at]), there.iloc[at]
    return (
        f"The decision that hangs on them most is that for {names([name])}: it would turn if "
        f"{percent(row['need_then'], 0)} of its tickets without an outcome needed the complex "
        f"model instead of {percent(row['need_unseen'], 0)}, as it looks."
    )
