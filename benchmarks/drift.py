"""What a change does to the pool, and to one that drifts: `python benchmarks/drift.py FOLDER`.

FOLDER holds `mmlupro_judges`. A year of 52 weeks; after week 24 the simple model or a judge is
another one, a judge is reversed, the mix of categories changes, or nothing does. Models learn
from all weeks so far, `since` only from those after the change, and predict the next month: the
first one after the change, and that half a year later. `python benchmarks/drift.py FOLDER
alarms` counts false alarms, and the weeks until a change is noticed, of simulated years.
"""

from __future__ import annotations

import sys
import time
import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd

import trust_router as tr
from trust_router.basics.arrays import Array
from trust_router.basics.changing import log_evidence_of_change
from trust_router.examples.datasets import Dataset, load_mmlupro
from trust_router.learning.compiled import CompiledModel

WEEKS, SHIFT, MONTH = 52, 24, 4
MONDAY = np.datetime64("2026-01-05", "us")
WEEK = np.timedelta64(7, "D")
REVERSED, SWAPPED = "o4-mini-2025-04-16", "claude-3-7-sonnet-20250219"
WEAK = "Meta-Llama-3.1-8B-Instruct-Turbo"
SIMPLE = {"weaker": WEAK, "stronger": SWAPPED}  # what takes the simple model's place
SAMPLER = {"draws": 350, "tune": 400, "chains": 2}
CHANGES = {  # of level and slope
    "need .40 to .57": (0.7, 0.0),
    "need .40 to .50": (0.4, 0.0),
    "the score says nothing any more": (0.0, -0.8),
    "the score turns round": (0.0, -1.6),
}
KINDS = ("nothing", "weaker", "stronger", "reversed", "swapped", "mix")


@dataclass(frozen=True, eq=False)
class Stream:
    """Tickets in the order of time.

    Attributes
    ----------
    panel : Panel
    beliefs : Beliefs
    table : DataFrame
        Columns ``ticket``, ``category``, ``outcome``, ``time`` and ``week``.
    """

    panel: tr.Panel
    beliefs: tr.Beliefs
    table: pd.DataFrame

    def between(self, first: int, end: int) -> tuple[tr.Beliefs, tr.Outcomes, Array]:
        """Give beliefs and outcomes of some weeks, and the outcomes in the order of beliefs."""
        at = np.flatnonzero(self.table["week"].between(first, end - 1))
        held = self.beliefs
        labels, category = ([x[i] for i in at] for x in (held.labels, held.category))
        shapes = held.alpha[at], held.beta[at]
        beliefs = tr.Beliefs(labels, held.judges, *shapes, category=category, about="ticket")
        known = self.table.iloc[at]
        return beliefs, tr.read_outcomes(known.drop(columns="week")), known["outcome"].to_numpy()


def stream(folder: str, kind: str, seed: int = 0) -> Stream:
    """Put the questions into a year, and change something after week 24."""
    base = load_mmlupro(folder)
    rng, number = np.random.default_rng(seed), len(base.beliefs)
    order = rng.permutation(number)
    week = np.sort(rng.integers(0, WEEKS, number))
    late = week >= SHIFT
    outcome = _outcomes(base)[order]
    shapes = np.stack([base.beliefs.alpha, base.beliefs.beta])[:, order]
    category = np.array(base.beliefs.category)[order]
    if kind in SIMPLE:
        outcome = np.where(
            late, _outcomes(load_mmlupro(folder, simple=SIMPLE[kind]))[order], outcome
        )
    if kind == "reversed":
        j = base.beliefs.judges.index(REVERSED)
        shapes[:, late, j] = shapes[::-1, late, j]
    if kind == "swapped":
        other = load_mmlupro(folder, line_up={"other": (WEAK,)}).beliefs
        j = base.beliefs.judges.index(SWAPPED)
        shapes[:, late, j] = np.stack([other.alpha, other.beta])[:, order][:, late, 0]
    if kind == "mix":
        names, code = np.unique(category, return_inverse=True)
        weight = np.exp(rng.normal(0, 1.2, len(names)))[code] * late
        drawn = rng.choice(number, late.sum(), p=weight / weight.sum())
        at = np.concatenate([np.flatnonzero(~late), drawn])
        outcome, shapes, category = outcome[at], shapes[:, at], category[at]
    names = [f"t{i}" for i in range(number)]
    beliefs = tr.Beliefs(names, base.beliefs.judges, *shapes, category=category, about="ticket")
    happened = MONDAY + week * WEEK + rng.integers(0, 7, number) * np.timedelta64(1, "D")
    columns = {"ticket": names, "category": category, "outcome": outcome.astype(int)}
    return Stream(base.panel, beliefs, pd.DataFrame(columns | {"time": happened, "week": week}))


def _outcomes(data: Dataset) -> Array:
    held = dict(zip(data.outcomes.log.tickets, data.outcomes.log.outcome, strict=True))
    return np.array([held[ticket] for ticket in data.beliefs.labels])


def main(folder: str, *kinds: str) -> None:
    """Print a line for each stream and time."""
    for end in (SHIFT + MONTH, WEEKS - MONTH):
        first = stream(folder, "nothing")
        models = {
            "all past": (0, compiled(first, 0, end, tr.Pool())),
            "drift": (0, compiled(first, 0, end, tr.Pool(drift="week"))),
        }
        models["since"] = (SHIFT, models["all past"][1])
        for kind in kinds or KINDS:
            held = stream(folder, kind)
            asked, _, outcome = held.between(end, end + MONTH)
            line = f"{kind:10} week {end}:"
            for name, (start, model) in models.items():
                began = time.perf_counter()
                beliefs, outcomes, _ = held.between(start, end)
                fitted = model.fit(beliefs, outcomes, random_seed=1, on_failure="warn")
                need = fitted.predict(asked, allow_unconverged=True).mean
                loss = -np.log(np.where(outcome == 1, need, 1 - need)).mean()
                took = time.perf_counter() - began
                line += (
                    f"  {name} {loss:.4f} ({took:.0f} s, R-hat {fitted.diagnostics.max_rhat:.3f})"
                )
                if name == "drift":
                    found = tr.insight.drift(fitted, allow_unconverged=True)
            print(line, flush=True)
            print("\n".join(f"    {text}" for text in repr(found).splitlines()), flush=True)


def compiled(held: Stream, first: int, end: int, model: tr.Pool) -> CompiledModel:
    """Compile a model for some weeks of any stream."""
    beliefs, outcomes, _ = held.between(first, end)
    return tr.compile_model(held.panel, beliefs, outcomes, model=model, **SAMPLER)


def alarms(years: int = 400, changed: int = 50) -> None:
    """Count alarms of simulated years, quiet ones and such with a change after week 24."""
    for number in (20, 140):
        rng = np.random.default_rng(number)
        prior = rng.normal((-0.5, 0.8), (1.0, 0.8), (years, 2))
        quiet = np.mean([_first_alarm(rng, number, a, b) < WEEKS for a, b in prior])
        print(f"{number} tickets a week, {years} quiet years: {quiet:.2%} of false alarms")
        for name, change in CHANGES.items():
            first = np.array(
                [_first_alarm(rng, number, -0.4, 0.8, *change) for _ in range(changed)]
            )
            noticed = first[first < WEEKS] - SHIFT + 1
            print(
                f"  {name}: noticed in {len(noticed)} of {changed} years, after "
                f"{np.median(noticed) if len(noticed) else np.nan:.0f} weeks"
            )


def _first_alarm(
    rng: np.random.Generator, number: int, a: float, b: float, level: float = 0, slope: float = 0
) -> int:
    week = np.repeat(np.arange(WEEKS), number)
    late, score = week >= SHIFT, rng.normal(size=len(week))
    log_odds = a + level * late + (b + slope * late) * score
    needs = (rng.random(len(week)) < 1 / (1 + np.exp(-log_odds))).astype(int)
    evidence = log_evidence_of_change(score, needs, np.ones_like(needs), week, WEEKS)
    over = np.flatnonzero(evidence >= np.log(100))
    return int(over[0]) if len(over) else WEEKS


if __name__ == "__main__":
    warnings.simplefilter("ignore", UserWarning)
    alarms() if sys.argv[2:] == ["alarms"] else main(*sys.argv[1:])
