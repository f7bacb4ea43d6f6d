"""What commands read: panel, beliefs, outcomes, costs and saved posteriors from files."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_type_hints

from trust_router.basics.checks import shown_path
from trust_router.basics.files import check_writable
from trust_router.cli.options import (
    BeliefColumns,
    BeliefsFile,
    CategoriesFile,
    Columns,
    HighMeans,
    NeedValues,
    OutcomesFile,
    PanelFile,
    ResolvedValues,
    Scales,
)
from trust_router.cli.output import notes, say, say_matches
from trust_router.cli.scales import stated_meaning, stated_scale
from trust_router.examples.bundled import example_path
from trust_router.inputs.beliefs import Beliefs, stated_beliefs
from trust_router.inputs.outcomes import Outcomes
from trust_router.inputs.panel import Panel
from trust_router.inputs.reading.beliefs import read_beliefs
from trust_router.inputs.reading.outcomes import read_outcomes
from trust_router.inputs.reading.panels import read_panel

if TYPE_CHECKING:
    from trust_router.cli.modelling import Traits
    from trust_router.decisions.costs import Costs
    from trust_router.inputs.beliefs import Beliefs
    from trust_router.learning.posterior import Posterior

__all__ = [
    "Files",
    "check_folder",
    "check_no_table",
    "chosen_categories",
    "column_names",
    "counted",
    "required_costs",
    "saved_or_solved",
    "stated_costs",
    "table_of_beliefs",
    "takes_files",
]


@dataclass(frozen=True)
class Files:
    """The files that a command was given, with the names of their columns.

    Each field is an option of every command that `takes_files`.
    """

    panel: PanelFile = None
    outcomes: OutcomesFile = None
    column: Columns = None
    need: NeedValues = None
    resolved: ResolvedValues = None
    beliefs: BeliefsFile = None
    belief_column: BeliefColumns = None
    scale: Scales = None
    high_means: HighMeans = None
    categories_file: CategoriesFile = None

    def about_categories(self) -> tuple[Panel, Beliefs, Outcomes]:
        """Read them for the closed form, which takes no beliefs about tickets."""
        panel, beliefs, outcomes = self.read()
        if beliefs.about == "ticket":
            raise ValueError(
                "the closed form takes beliefs about categories; for beliefs about tickets use "
                "`trust-router fit`"
            )
        return panel, beliefs, outcomes

    def read(self) -> tuple[Panel, Beliefs, Outcomes]:
        """Read them; what is not given comes from the bundled example, and a note says so."""
        if self.beliefs is not None and self.panel is None:
            raise ValueError("--beliefs needs --panel FILE, which says who the judges are")
        given = {"panel": self.panel, "outcomes": self.outcomes}
        bundled = [name for name, path in given.items() if path is None]
        if bundled:
            say(f"using the bundled {' and '.join(bundled)}")
        panel = read_panel(self.panel or example_path("panel.toml"))
        with notes():
            outcomes = read_outcomes(
                self.outcomes or example_path("outcomes.csv"),
                columns=column_names(self.column),
                need=self.need or None,
                resolved=self.resolved or None,
                categories=self.categories_file,
            )
        say(counted(outcomes))
        if self.beliefs is not None:
            beliefs = table_of_beliefs(
                self.beliefs,
                self.belief_column,
                panel,
                self.scale,
                self.high_means,
                self.categories_file,
            )
            return panel, beliefs, outcomes
        check_no_table(self.belief_column, self.scale, self.high_means)
        silent = [judge.name for judge in panel.judges if not judge.speaks]
        if silent:
            raise ValueError(
                f"judge {silent[0]!r} states no belief in the panel; give a table of beliefs with "
                "--beliefs FILE"
            )
        return panel, stated_beliefs(panel, outcomes.categories), outcomes


def takes_files(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of `Files`, in place of its argument ``files``."""
    own = inspect.signature(command, eval_str=True)
    hints = get_type_hints(Files, include_extras=True)
    shared = {
        field.name: inspect.Parameter(
            field.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=field.default,
            annotation=hints[field.name],
        )
        for field in fields(Files)
    }
    rest = [p.replace(kind=p.KEYWORD_ONLY) for n, p in own.parameters.items() if n != "files"]

    @functools.wraps(command)
    def called(**values: Any) -> None:
        files = Files(**{name: values.pop(name) for name in shared})
        command(files=files, **values)

    parameters = sorted([*shared.values(), *rest], key=lambda p: p.default is not p.empty)
    called.__signature__ = own.replace(parameters=parameters)  # type: ignore[attr-defined]
    called.__annotations__ = {p.name: p.annotation for p in parameters}
    return called


def table_of_beliefs(
    path: str,
    columns: Sequence[str] | None,
    panel: Panel,
    scale: Sequence[str] | None = None,
    high_means: Sequence[str] | None = None,
    categories: Path | None = None,
) -> Beliefs:
    """Read beliefs of the panel's judges; a table that knows none of them is refused."""
    return read_beliefs(
        path,
        columns=column_names(columns, "--belief-column", "ticket=id"),
        judges=panel,
        scale=stated_scale(scale),
        high_means=stated_meaning(high_means),
        categories=categories,
    )


def check_no_table(
    columns: Sequence[str] | None, scale: Sequence[str] | None, high_means: Sequence[str] | None
) -> None:
    """Refuse what is said of a table of beliefs where none is given."""
    for option, given in (
        ("--belief-column", columns),
        ("--scale", scale),
        ("--high-means", high_means),
    ):
        if given:
            raise ValueError(f"{option} is about the table that --beliefs gives")


def column_names(
    pairs: Sequence[str] | None, option: str = "--column", example: str = "outcome=needed_complex"
) -> dict[str, str]:
    """Split ``ours=theirs`` pairs."""
    names = {}
    for text in pairs or ():
        key, equals, name = text.partition("=")
        if not equals:
            raise ValueError(f"{option} must read ours=theirs, as {example}; got {text!r}")
        names[key] = name
    return names


def stated_costs(costs: Path | None, panel: Path | None, posterior: Path | None) -> Costs | None:
    """Read costs from their own file or from the panel's, if they are stated there."""
    from trust_router.decisions.costs import read_costs
    from trust_router.inputs.reading.panels import read_toml

    if costs is None and panel is not None and "costs" not in read_toml(panel):
        return None
    if costs is None and panel is None:
        return None if posterior is not None else read_costs(example_path("panel.toml"))
    return read_costs(costs or panel)  # type: ignore[arg-type]  # one of the two is given


def required_costs(costs: Path | None, panel: Path | None, posterior: Path | None) -> Costs:
    """Read costs; none are an error."""
    stated = stated_costs(costs, panel, posterior)
    if stated is None:
        raise ValueError("no costs are stated; give --costs FILE, a TOML file with a table [costs]")
    return stated


def saved_or_solved(files: Files, saved: Path | None, traits: Traits | None = None) -> Posterior:
    """Load a saved posterior, or solve the files in closed form."""
    from trust_router.learning.solving import solve
    from trust_router.learning.storage import load

    noise, clock = (None, None) if traits is None else (traits.noise, traits.clock)
    if clock is not None:
        raise ValueError(
            "--drift is for a new fit; a closed form knows none, and a posterior says itself "
            "whether it drifts"
        )
    if saved is None:
        inputs = files.about_categories()
        with notes():
            posterior = solve(*inputs, noise=noise)
        say_matches(posterior.rows.matches)
        return posterior
    if files.panel is not None:
        raise ValueError(
            "give --posterior or --panel, not both; a posterior holds its panel, and costs come "
            "from --costs FILE"
        )
    for option, given in (
        ("--outcomes", files.outcomes),
        ("--beliefs", files.beliefs),
        ("--column", files.column),
        ("--belief-column", files.belief_column),
        ("--need", files.need),
        ("--resolved", files.resolved),
        ("--scale", files.scale),
        ("--high-means", files.high_means),
        ("--categories", files.categories_file),
        ("--noise", noise),
    ):
        if given:
            raise ValueError(
                f"give --posterior or {option}, not both; a posterior holds its beliefs, outcomes "
                "and noise"
            )
    return load(saved)


def check_folder(out: Path | None, option: str = "--out") -> None:
    """Refuse a file that could not be written, before time is spent on what goes into it."""
    if out is None:
        return
    if out.is_dir():
        raise ValueError(f"{option} must name a file; {shown_path(out)} is a folder")
    try:
        check_writable(out)
    except OSError as error:
        raise ValueError(f"{option}: {error}") from None


def chosen_categories(outcomes: Outcomes, category: str | None) -> tuple[str, ...]:
    """Give all categories, or the one that was asked for."""
    if category is None:
        return outcomes.categories
    return (outcomes.categories[outcomes.position(category)],)


def counted(outcomes: Outcomes) -> str:
    """Say how many outcomes there are."""
    known, missing = int(outcomes.trials.sum()), int(outcomes.missing.sum())
    categories = len(outcomes.categories)
    text = (
        f"{known:,} ticket{'s' * (known != 1)} with a known outcome in {categories} "
        f"categor{'y' if categories == 1 else 'ies'}"
    )
    if missing:
        text += f"; {missing:,} more with an unknown one"
    if outcomes.checked is not None:
        text += f"; {outcomes.checked.sum()} of them checked"
    if outcomes.corrected:
        text += f"; {outcomes.corrected} with several, of which the latest holds"
    return text
