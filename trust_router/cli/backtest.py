"""The command `backtest`: how models would have predicted tickets they had not seen."""

from __future__ import annotations

import shlex
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trust_router import defaults
from trust_router.basics.checks import listed, shown_path
from trust_router.basics.files import write_whole
from trust_router.cli import inputs as cli_inputs
from trust_router.cli.inputs import Files, check_folder, takes_files
from trust_router.cli.modelling import FalseNeeded, FalseResolved, NoiseFlag, Traits
from trust_router.cli.options import (
    AsJson,
    Chains,
    CostsFile,
    RandomSeed,
)
from trust_router.cli.output import notes, print_json, say, show
from trust_router.cli.tables import write_csv
from trust_router.inputs.reading.places import without_secrets

if TYPE_CHECKING:
    import pandas as pd

    from trust_router.evaluation.backtests import Backtest
    from trust_router.inputs.beliefs import About

__all__ = ["backtest"]

_PICTURES = (".png", ".svg", ".pdf")
_PRINTED = ("log_loss", "brier", "ece", "apgr", "cost")


class Data(StrEnum):
    """Data sets that have a loader."""

    MMLUPRO_FAILS = "mmlupro-fails"
    MMLUPRO_NEEDS = "mmlupro-needs"
    ROUTELLM = "routellm"


@takes_files
def backtest(
    files: Files,
    facts: Annotated[
        Path | None,
        typer.Option(
            "--facts",
            help="Table with ticket and any of simple_quality, complex_quality, length, text.",
        ),
    ] = None,
    data: Annotated[
        Data | None, typer.Option("--data", help="A real data set, instead of files.")
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option("--folder", help="Where it lies.", show_default="$TRUST_ROUTER_DATA"),
    ] = None,
    model: Annotated[
        list[str] | None,
        typer.Option("--model", help="seed, switch or pool; may be given more than once."),
    ] = None,
    noise: NoiseFlag = False,
    false_needed: FalseNeeded = None,
    false_resolved: FalseResolved = None,
    feedbacks: Annotated[
        str | None,
        typer.Option(
            "--feedbacks",
            help="Numbers of outcomes to learn from, as 25,100,400.",
            show_default="25, 100, 400, 1000 and all",
        ),
    ] = None,
    held_out: Annotated[
        float, typer.Option("--held-out", help="Share, or number, of tickets to predict.")
    ] = defaults.HELD_OUT,
    splits: Annotated[
        int, typer.Option("--splits", min=1, help="How often tickets are held out anew.")
    ] = defaults.SPLITS,
    costs_file: CostsFile = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Every metric and coverage, tidy (CSV).")
    ] = None,
    picture: Annotated[
        Path | None, typer.Option("--picture", help="Learning curves (.png, .svg, .pdf).")
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", help="Self-contained HTML page.")
    ] = None,
    random_seed: RandomSeed = defaults.COMMAND_SEED,
    draws: Annotated[
        int, typer.Option("--draws", min=1, help="Draws per chain.")
    ] = defaults.REFIT_DRAWS,
    tune: Annotated[
        int, typer.Option("--tune", min=1, help="Tuning steps per chain.")
    ] = defaults.REFIT_TUNE,
    chains: Chains = defaults.CHAINS,
    as_json: AsJson = False,
) -> None:
    """Measure models and baselines on held-out tickets: learning curves, every metric.

    Outcomes need a column ticket.
    """
    for path, option in ((out, "--out"), (picture, "--picture"), (report, "--report")):
        check_folder(path, option)
    if picture is not None and picture.suffix.lower() not in _PICTURES:
        raise ValueError(f"--picture must end in {listed(_PICTURES)}; got {shown_path(picture)}")
    traits = Traits.of(noise, false_needed, false_resolved)
    inputs = _inputs(files, facts, data, folder)
    costs = cli_inputs.stated_costs(costs_file, files.panel, None)
    from trust_router.evaluation.backtesting import backtest as run

    with notes():
        result = run(
            *inputs[:3],
            facts=inputs[3],
            models=_models(model, traits, inputs[1].about),
            feedbacks=_whole_numbers(feedbacks),
            held_out=held_out if held_out < 1 else _whole(held_out),
            splits=splits,
            costs=costs,
            random_seed=random_seed,
            progressbar=sys.stderr.isatty(),
            draws=draws,
            tune=tune,
            chains=chains,
        )
    # Printed first: a file that cannot be written then loses nothing.
    if as_json:
        print_json(_rows(result).to_dict("records"))
    else:
        _print(result)
    _write(result, out, picture, report)


def _models(names: list[str] | None, traits: Traits, about: About) -> list[Any] | None:
    """Give the models that were named, each with its noise; what has no such name is refused."""
    if traits.noise is None:
        return names
    return [traits.model(name, about) for name in names or (None,)]  # type: ignore[arg-type]


def _inputs(
    files: Files, facts: Path | None, data: Data | None, folder: Path | None
) -> tuple[Any, Any, Any, Any]:
    from trust_router.evaluation.facts import read_facts

    if data is None:
        if folder is not None:
            raise ValueError("--folder says where --data lies; give both")
        return (*files.read(), None if facts is None else read_facts(facts))
    if files.panel or files.outcomes or files.beliefs or facts:
        raise ValueError("give --data or files, not both; a data set brings everything")
    from trust_router.examples.datasets import load_mmlupro, load_routellm

    if data is Data.ROUTELLM:
        loaded = load_routellm(folder)
    else:
        target = "needs" if data is Data.MMLUPRO_NEEDS else "fails"
        loaded = load_mmlupro(folder, target=target)  # type: ignore[arg-type]
    return loaded.panel, loaded.beliefs, loaded.outcomes, loaded.facts


def _whole_numbers(text: str | None) -> list[int] | None:
    if text is None:
        return None
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise ValueError(f"--feedbacks must read like 25,100,400; got {text!r}") from None


def _whole(value: float) -> float | int:
    return int(value) if value.is_integer() else value


def _write(result: Backtest, out: Path | None, picture: Path | None, report: Path | None) -> None:
    if out is not None:
        write_csv(_rows(result), out)
    if picture is not None:
        from trust_router.show.plots.backtest import learning

        figure, ending = learning(result)[0].get_figure(root=True), picture.suffix.lower()[1:]
        write_whole(
            picture,
            lambda file: figure.savefig(file, format=ending, dpi=150),  # type: ignore[union-attr]
        )
        say(f"wrote {picture}")
    if report is not None:
        from trust_router.show.reports.backtest import write_backtest

        write_backtest(
            result,
            report,
            command=shlex.join(["trust-router", *map(without_secrets, sys.argv[1:])]),
        )
        say(f"wrote {report}")


def _rows(result: Backtest) -> pd.DataFrame:
    """Every metric, and coverage as one more, of groups and intervals that columns of it name."""
    import pandas as pd

    coverage = result.coverage().rename(columns={"covered": "mean"}).assign(metric="coverage")
    table = result.table()
    return table if coverage.empty else pd.concat([table, coverage], ignore_index=True)


def _print(result: Backtest) -> None:
    from trust_router.evaluation.coverage import side_by_side

    table = result.table()
    shown = [name for name in _PRINTED if name in set(table["metric"])]
    for size in result.feedbacks:
        rows = table[table["feedbacks"] == size].pivot_table(
            index="method", columns="metric", values="mean"
        )
        show(f"\nafter {size:,} outcome{'s' * (size != 1)}:")
        show(rows.loc[list(result.methods), shown].round(4).to_string())
    coverage = result.coverage()
    if len(coverage):
        said = " / ".join(f"{nominal:.0%}" for nominal in coverage["nominal"].unique())
        show(f"\nhow often {said} intervals of the rate in groups of tickets hold what happened:")
        show(side_by_side(coverage).to_string())
    show(f"\n{result}")
