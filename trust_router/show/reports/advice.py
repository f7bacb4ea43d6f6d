"""Advice: what a manager reads first, in sentences, from the numbers alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trust_router.basics.words import (
    isolated,
    number,
    percent,
    plain,
    probability,
    rounded,
)
from trust_router.decisions.gains import Gain
from trust_router.decisions.policies import TODAY
from trust_router.defaults import CI_PROB, ONE_CATEGORY
from trust_router.show.reports.money import Money
from trust_router.show.reports.volume import Volume

__all__ = ["Kinds", "do_sentences", "kinds_of", "saving_sentence", "sure_sentence"]

_NEARLY = 0.05  # share of a category's tickets that is decided the other way
_MOST = 6  # names in a sentence


@dataclass(frozen=True)
class Kinds:
    """Categories by what to do with their tickets.

    Attributes
    ----------
    first, straight, mixed : tuple of str
        Those to be tried with the simple model, to be given to the complex one, and of which each
        ticket is decided by itself.
    """

    first: tuple[str, ...]
    straight: tuple[str, ...]
    mixed: tuple[str, ...]


def kinds_of(categories: Sequence[str], escalated: Sequence[float]) -> Kinds:
    """Sort categories by the share of their tickets that is escalated, in their order."""
    pairs = list(zip(categories, escalated, strict=True))
    return Kinds(
        tuple(name for name, share in pairs if share <= _NEARLY),
        tuple(name for name, share in pairs if share >= 1 - _NEARLY),
        tuple(name for name, share in pairs if _NEARLY < share < 1 - _NEARLY),
    )


def do_sentences(kinds: Kinds) -> tuple[str, ...]:
    """Say what to do, one sentence for each kind of ticket that there is."""
    said = []
    first, straight, mixed = (_all_or_names(kinds, each) for each in _groups(kinds))
    if first:
        said.append(f"Try the simple model first for {first}.")
    if straight:
        said.append(f"Give {straight} to the complex model straight away.")
    if mixed:
        said.append(f"Decide ticket by ticket, as the judges say, for {mixed}.")
    return tuple(said)


def _groups(kinds: Kinds) -> tuple[tuple[str, ...], ...]:
    return kinds.first, kinds.straight, kinds.mixed


def _all_or_names(kinds: Kinds, group: tuple[str, ...]) -> str:
    """Name kinds; if they are all of them, and many, say so."""
    if len(group) == sum(map(len, _groups(kinds))) > _MOST:
        return f"all {number(len(group), 0)} kinds of tickets"
    if group == sum(_groups(kinds), ()) == (ONE_CATEGORY,):
        return "all tickets"
    return names(group) if group else ""


def saving_sentence(money: Money, volume: Volume) -> str:
    """Say what the advised policy saves or costs against the one it is compared with."""
    if not money.stated.holds:
        return "What that saves is not told by a model that was wrong about the past: see below."
    gain, currency = money.stated.gain, isolated(plain(money.costs.currency))
    share = float(money.policies["escalated"][money.base])
    against = (
        f"what is done today ({percent(share, 0)} of tickets go straight to the complex model)"
        if money.base == TODAY
        else "giving every ticket to the complex model (who answers today is not in the data)"
    )
    if money.stated.policy == money.base or rounded(gain.mean) == "0":
        return f"That costs the same as {against}."
    verb = "saves" if gain.mean > 0 else "costs"
    more = "" if gain.mean > 0 else " more"
    amount = f"{rounded(abs(gain.mean) * volume.tickets)} {currency}{more} {volume.per}"
    part = f", {percent(abs(gain.share), 0)}{more or ' of the cost'}"
    told = "" if np.isnan(gain.share) else part
    return f"That {verb} {amount}{told} ({interval(gain, volume)}), against {against}."


def interval(gain: Gain, volume: Volume) -> str:
    """Write the interval of what is saved, of so many tickets."""
    low, high = (value * volume.tickets for value in (gain.lower, gain.upper))
    said = f"{CI_PROB:.0%} interval "
    if low >= 0:
        return f"{said}{rounded(low)} to {rounded(high)}"
    if high <= 0:
        return f"{said}{rounded(-high)} to {rounded(-low)} more"
    return f"{said}from {rounded(-low)} more to {rounded(high)} less"


def sure_sentence(money: Money, certainty: pd.Series[float]) -> str:
    """Say how sure it is that this saves, and of which kind's decision one is least sure."""
    stated = money.stated
    if not stated.holds:
        return ""
    said = []
    if stated.policy != money.base:
        said.append(f"it saves money with a probability of {probability(stated.gain.probability)}")
    if len(certainty):
        least = str(certainty.idxmin())
        told = f"for {names([least])}"
        which = (
            f"the decision {told}" if len(certainty) == 1 else f"the least sure decision, {told},"
        )
        said.append(f"{which} is right with {probability(float(certainty.min()))}")
    return _sentence("; ".join(said))


def names(listed: Sequence[str], most: int = _MOST) -> str:
    """List names in a sentence, the first few of many."""
    told = [isolated(plain(name)) for name in listed]
    rest = len(told) - most
    if rest > 1:
        return f"{', '.join(told[:most])} and {number(rest, 0)} more"
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}." if text else ""
