"""The command `alarm`: whether need still follows the judges as it did, for a schedule."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from trust_router import defaults
from trust_router.cli.codes import ALARM
from trust_router.cli.inputs import Files, takes_files
from trust_router.cli.options import (
    AsJson,
)
from trust_router.cli.output import notes, print_json

__all__ = ["alarm"]


@takes_files
def alarm(
    files: Files,
    every: Annotated[
        str, typer.Option("--every", help="Periods after which it is looked at: day, week, month.")
    ] = "week",
    time_zone: Annotated[
        str, typer.Option("--time-zone", help="Whose midnight a day begins with.")
    ] = "UTC",
    rate: Annotated[
        float, typer.Option("--rate", help="Probability of a false alarm, however long it runs.")
    ] = defaults.ALARM_RATE,
    as_json: AsJson = False,
) -> None:
    """Tell whether something has changed over time; exit code 5 if so.

    Outcomes need a column `time`. Give all of them, not only the last day's.
    """
    inputs = files.read()
    from trust_router.insight.alarm import drift_alarm

    with notes():
        found = drift_alarm(*inputs, every=every, time_zone=time_zone, rate=rate)  # type: ignore[arg-type]
    if as_json:
        said: dict[str, Any] = {"raised": found.raised, "about": found.about}
        print_json(said | {"p_value": found.p_value, "rate": found.rate})
    else:
        print(found)
    if found.raised is not None:
        raise typer.Exit(ALARM)
