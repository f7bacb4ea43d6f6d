"""The command `logs`: the export of a tool as tables of beliefs and outcomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trust_router.basics.checks import listed
from trust_router.cli.inputs import check_folder, column_names
from trust_router.cli.options import AsJson
from trust_router.cli.output import notes, print_json, show
from trust_router.cli.scales import stated_meaning, stated_scale
from trust_router.cli.tables import write_csv

if TYPE_CHECKING:
    from trust_router.inputs.reading.logs.answering import Answered
    from trust_router.inputs.reading.logs.calls import Calls
    from trust_router.inputs.reading.logs.tool_log import ToolLog

__all__ = ["logs"]

_TOOLS = ("langfuse", "mlflow", "phoenix", "langsmith", "opentelemetry", "inspect", "scores")
_CALLS = ("litellm", "langfuse")


def logs(
    tool: Annotated[
        str, typer.Argument(help=f"{', '.join(_TOOLS)} (of any tool).", show_default=False)
    ],
    source: Annotated[str, typer.Argument(help="What the tool exports.", show_default=False)],
    panel: Annotated[
        Path | None, typer.Option("--panel", help="Panel (TOML), whose judges' scores are read.")
    ] = None,
    judge: Annotated[
        list[str] | None, typer.Option("--judge", help="A score that is a judge; may be repeated.")
    ] = None,
    outcome: Annotated[
        str | None, typer.Option("--outcome", help="The score that says what became of a ticket.")
    ] = None,
    need: Annotated[
        list[str] | None,
        typer.Option("--need", help="Value of it that means that the complex model was needed."),
    ] = None,
    resolved: Annotated[
        list[str] | None,
        typer.Option("--resolved", help="Value of it that means that the simple model resolved."),
    ] = None,
    category: Annotated[
        str | None, typer.Option("--category", help="The score whose label is the category.")
    ] = None,
    scale: Annotated[
        list[str] | None,
        typer.Option(
            "--scale",
            help="Lowest and highest score, as 1..5, or percent; of one judge as helpful=1..5. "
            "For words their probabilities of need, as verdict=pass:0.1,fail:0.9.",
        ),
    ] = None,
    high_means: Annotated[
        list[str] | None,
        typer.Option(
            "--high-means",
            help="What a high score says: need or resolved; of one judge as helpful=resolved.",
        ),
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(
            "--column",
            help="Where something stands that the tool keeps elsewhere, as ticket=session_id.",
        ),
    ] = None,
    calls: Annotated[
        str | None, typer.Option("--calls", help="Log that says which model was called.")
    ] = None,
    calls_of: Annotated[
        str, typer.Option("--calls-of", help=f"Whose log that is: {' or '.join(_CALLS)}.")
    ] = "litellm",
    simple: Annotated[
        list[str] | None, typer.Option("--simple", help="Name of the simple model there.")
    ] = None,
    complex_: Annotated[
        list[str] | None, typer.Option("--complex", help="Name of the complex model there.")
    ] = None,
    both: Annotated[
        str | None,
        typer.Option("--both", help="What feedback says where both were called: need or feedback."),
    ] = None,
    beliefs: Annotated[
        Path | None, typer.Option("--beliefs", help="Write beliefs to this CSV.")
    ] = None,
    outcomes: Annotated[
        Path | None, typer.Option("--outcomes", help="Write outcomes to this CSV.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make beliefs and outcomes of what Langfuse, MLflow and other tools export.

    Alone it says what the export holds. For example:
    trust-router logs langfuse scores.parquet --panel panel.toml --outcome thumbs --resolved 1
    --beliefs beliefs.csv --outcomes outcomes.csv
    """
    _check_tool(tool, source)
    for path, option, given, advice in (
        (beliefs, "--beliefs", panel or judge, "--panel FILE or --judge NAME names the judges"),
        (outcomes, "--outcomes", outcome, "--outcome NAME names the score that is the outcome"),
    ):
        check_folder(path, option)
        if path is not None and not given:
            raise ValueError(f"{option} would be empty: {advice}")
    with notes():
        log = _reader(tool)(
            source,
            _judges(panel, judge),
            outcome=outcome,
            need=need or None,
            resolved=resolved or None,
            category=category,
            scale=stated_scale(scale),
            high_means=stated_meaning(high_means),
            answered=_answered(calls, calls_of, simple, complex_, both),
            columns=column_names(column, example="ticket=session_id") or None,
        )
    _tell(log, as_json)
    if beliefs is not None:
        write_csv(log.beliefs_table(), beliefs, None)
    if outcomes is not None:
        write_csv(log.outcomes_table(), outcomes, None)


def _tell(log: ToolLog, as_json: bool) -> None:
    if not as_json:
        show(log)
        return
    held = ("title", "rows", "taken", "left_out")
    print_json(
        {name: getattr(log, name) for name in held}
        | {"tickets": len(log.tickets), "price": dict(log.price)}
    )


def _check_tool(tool: str, source: str) -> None:
    if tool == "litellm":
        raise ValueError(
            "LiteLLM's spend logs hold models and costs, and neither scores nor feedback; read "
            "those of the tool that keeps them, with these beside them: trust-router logs langfuse "
            f"scores.parquet --calls {source} --simple MODEL --complex MODEL"
        )
    if tool not in _TOOLS:
        raise ValueError(
            f"the tool must be {listed(_TOOLS)}; got {tool!r}; `scores` reads those of any other"
        )


def _reader(tool: str) -> Any:
    from trust_router.inputs.reading.logs import tools

    return getattr(tools, tool)


def _judges(panel: Path | None, judge: Sequence[str] | None) -> Any:
    from trust_router.inputs.reading.panels import read_panel

    if panel is not None and judge:
        raise ValueError("give --panel or --judge, not both; a panel names its judges")
    return judge or None if panel is None else read_panel(panel)


def _answered(
    calls: str | None,
    calls_of: str,
    simple: Sequence[str] | None,
    complex_: Sequence[str] | None,
    both: Any,
) -> Answered | None:
    if not simple and not complex_:
        if calls is not None or both is not None:
            raise ValueError(
                "--calls and --both need --simple MODEL and --complex MODEL, as the log names them"
            )
        return None
    from trust_router.inputs.reading.logs.answering import Answered

    return Answered(simple or (), complex_ or (), calls=_called(calls, calls_of), both=both)


def _called(calls: str | None, calls_of: str) -> Calls | None:
    from trust_router.inputs.reading.logs.calls import langfuse_observations, litellm

    readers: Mapping[str, Any] = {"litellm": litellm, "langfuse": langfuse_observations}
    if calls_of not in readers:
        raise ValueError(f"--calls-of must be {' or '.join(_CALLS)}; got {calls_of!r}")
    return None if calls is None else readers[calls_of](calls)
