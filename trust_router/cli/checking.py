"""The command `check`: what is in the files, what is missing, and how many outcomes it takes."""

from __future__ import annotations

from typing import Any

import numpy as np

from trust_router.basics.characters import escaped
from trust_router.basics.checks import listed
from trust_router.basics.words import percent
from trust_router.cli import inputs as cli_inputs
from trust_router.cli.inputs import Files, takes_files
from trust_router.cli.options import (
    AsJson,
    CostsFile,
)
from trust_router.cli.output import print_json, show
from trust_router.evaluation.enough import outcomes_needed
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.outcomes import Outcomes
from trust_router.inputs.panel import Panel
from trust_router.inputs.periods import Periods

__all__ = ["check"]

_WIDE = 13  # of a column
_FEW = 10  # outcomes of a category; with fewer its need is that of the others


@takes_files
def check(
    files: Files,
    costs_file: CostsFile = None,
    as_json: AsJson = False,
) -> None:
    """Tell what is in your files, what is missing, and how many outcomes it takes."""
    read = files.read()
    costs = cli_inputs.stated_costs(costs_file, files.panel, None)
    found = described(*read)
    found["costs"] = None if costs is None else {"threshold": costs.threshold}
    found["missing"] = missing(*read, costs=costs is not None)
    if as_json:
        print_json(found)
    else:
        _print(found, outcomes_needed(read[2]))


def described(panel: Panel, beliefs: Beliefs, outcomes: Outcomes) -> dict[str, Any]:
    """Count what was read."""
    enough = outcomes_needed(outcomes)
    least, most = enough.missing
    return {
        "panel": {"routers": list(panel.router_names), "judges": list(panel.judge_names)},
        "tickets": {
            "number": int((outcomes.trials + outcomes.missing).sum()),
            "known": int(outcomes.trials.sum()),
            "needs": int(outcomes.needs.sum()),
            "complex_alone": int(outcomes.untried.sum()),
            "period": _period(outcomes),
        },
        "beliefs": {
            "about": beliefs.about,
            "number": len(beliefs),
            "matched": _matched(beliefs, outcomes),
        },
        "judges": _judges(panel, beliefs),
        "categories": _categories(outcomes),
        "enough": {
            "rarer": enough.rarer,
            "takes": [enough.few_least, enough.few_most],
            "more": [least, most],
        },
    }


def missing(panel: Panel, beliefs: Beliefs, outcomes: Outcomes, *, costs: bool) -> list[str]:
    """Say what is not there, and what cannot be done without it."""
    said = [
        f"judge {judge['judge']!r} of the panel says nothing in the beliefs: no fit before "
        "it does, or is taken out of the panel"
        for judge in _judges(panel, beliefs)
        if judge["spoke"] == 0
    ]
    log = outcomes.log
    if log is None:
        said.append("outcomes have no column `ticket`: beliefs about tickets cannot be joined")
    elif np.isnat(log.time).all():
        said.append("outcomes have no column `time`: no alarm, no drift, no periods")
    if not outcomes.untried.any():
        said.append(
            "outcomes do not say in a column `answered_by` which tickets only the complex model "
            "answered: right if the simple model was tried on all of them"
        )
    if beliefs.about == "ticket" and _matched(beliefs, outcomes) < outcomes.trials.sum():
        lost = int(outcomes.trials.sum()) - _matched(beliefs, outcomes)
        said.append(f"{lost:,} tickets with an outcome have no beliefs: do their names agree?")
    if outcomes.untried.any() and outcomes_needed(outcomes).missing[0]:
        said.append(
            "outcomes are few, and tickets that were escalated have none: until there are more, "
            "decisions may be no better than always doing the same; give some such tickets, drawn "
            "by lot, to the simple model first"
        )
    if few := [name for name, row in _by_name(outcomes) if row["known"] < _FEW]:
        said.append(
            f"fewer than {_FEW} outcomes are known of {listed(few)}: their need is mostly that of "
            "the other categories"
        )
    if not costs:
        said.append("no costs are stated: need can be told, but nothing decided; give --costs FILE")
    return said


def _matched(beliefs: Beliefs, outcomes: Outcomes) -> int:
    """Count the outcomes about whose ticket, or category, a judge spoke."""
    if beliefs.about == "category":
        return int(outcomes.trials.sum())
    if outcomes.log is None:
        return 0
    spoken = ~np.isnan(beliefs.alpha).all(axis=1)
    heard = {label for label, spoke in zip(beliefs.labels, spoken, strict=True) if spoke}
    known = outcomes.log.outcome >= 0
    return sum(t in heard for t, k in zip(outcomes.log.tickets, known, strict=True) if k)


def _period(outcomes: Outcomes) -> dict[str, Any] | None:
    if outcomes.log is None or np.isnat(outcomes.log.time).all():
        return None
    time = outcomes.log.time[~np.isnat(outcomes.log.time)]
    weeks = Periods.of(time, "week")
    days = [str(each.astype("datetime64[D]")) for each in (time.min(), time.max())]
    return {"first": days[0], "last": days[1], "weeks": len(weeks.labels)}


def _judges(panel: Panel, beliefs: Beliefs) -> list[dict[str, Any]]:
    spoke = dict(zip(beliefs.judges, (~np.isnan(beliefs.alpha)).sum(axis=0).tolist(), strict=True))
    table = []
    for judge in panel.judges:
        routers = [router.name for router in panel.routers if judge.name in router.judges]
        number = spoke.get(judge.name, len(beliefs) if judge.speaks else 0)
        table.append({"judge": judge.name, "routers": routers, "spoke": int(number)})
    return table


def _by_name(outcomes: Outcomes) -> list[tuple[str, dict[str, int]]]:
    columns = (
        outcomes.trials + outcomes.missing,
        outcomes.trials,
        outcomes.needs,
        outcomes.untried,
    )
    names = ("tickets", "known", "needs", "complex_alone")
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return [
        (category, dict(zip(names, row, strict=True)))
        for category, row in zip(outcomes.categories, rows, strict=True)
    ]


def _categories(outcomes: Outcomes) -> list[dict[str, Any]]:
    return [{"category": name, **row} for name, row in _by_name(outcomes)]


def _print(found: dict[str, Any], enough: object) -> None:
    panel, said = found["panel"], found["beliefs"]
    show(f"panel       {len(panel['routers'])} routers, {len(panel['judges'])} judges")
    _print_tickets(found["tickets"])
    if said["about"] == "ticket":
        matched = f"{said['matched']:,} of {found['tickets']['known']:,} outcomes have some"
        show(f"beliefs     about {said['number']:,} tickets; {matched}")
    else:
        show("beliefs     about categories, as the panel or a table states them")
    if found["costs"]:
        threshold = percent(found["costs"]["threshold"])
        show(f"costs       escalating pays where need is above {threshold}")
    show(f"how many    {enough}")
    _print_judges(found["judges"], said)
    _print_categories(found["categories"])
    show("\nmissing" + ("     nothing" if not found["missing"] else ""))
    for sentence in found["missing"]:
        show(f"  - {sentence}")


def _print_tickets(tickets: dict[str, Any]) -> None:
    number, known, period = tickets["number"], tickets["known"], tickets["period"]
    when = ""
    if period is not None:
        when = f", {period['first']} to {period['last']} ({period['weeks']} weeks)"
    show(f"tickets     {number:,}{when}")
    share = known / number if number else 0.0
    rate = f"; {percent(tickets['needs'] / known)} needed the complex model" if known else ""
    show(f"outcomes    {known:,} known ({percent(share)}){rate}")
    if alone := tickets["complex_alone"]:
        show(
            f"one-sided   {alone:,} tickets ({percent(alone / number)}) that only the complex "
            "model answered have no outcome, as it should be"
        )


def _print_judges(judges: list[dict[str, Any]], said: dict[str, Any]) -> None:
    width = max(len(escaped(judge["judge"])) for judge in judges)
    what = "tickets" if said["about"] == "ticket" else "categories"
    show(f"\n{'judge':<{width}}  {'speaks of':>10}  in routers")
    for judge in judges:
        share = judge["spoke"] / said["number"] if said["number"] else 0.0
        routers = ", ".join(map(escaped, judge["routers"]))
        show(f"{escaped(judge['judge']):<{width}}  {percent(share):>10}  {routers}")
    show(f"(of {said['number']:,} {what})")


def _print_categories(categories: list[dict[str, Any]]) -> None:
    names = [escaped(row["category"]) for row in categories]
    width = max(len("category"), *map(len, names))
    heads = ("tickets", "known", "needed", "complex alone")
    show(f"\n{'category':<{width}}" + "".join(f"  {head:>{_WIDE}}" for head in heads))
    for name, row in zip(names, categories, strict=True):
        rate = percent(row["needs"] / row["known"] if row["known"] else float("nan"))
        cells = (f"{row['tickets']:,}", f"{row['known']:,}", rate, f"{row['complex_alone']:,}")
        show(f"{name:<{width}}" + "".join(f"  {cell:>{_WIDE}}" for cell in cells))
