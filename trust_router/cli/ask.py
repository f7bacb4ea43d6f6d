"""The command `ask`: asks the judges of a panel about tickets and writes their beliefs."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trust_router import defaults
from trust_router.basics.checks import listed
from trust_router.basics.words import money
from trust_router.cli.codes import INCOMPLETE
from trust_router.cli.inputs import check_folder, column_names
from trust_router.cli.options import CategoriesFile
from trust_router.cli.output import print_json, say, show
from trust_router.cli.tables import SpreadsheetSafe, write_csv
from trust_router.inputs.panel import Panel
from trust_router.inputs.reading.panels import read_panel, read_toml

if TYPE_CHECKING:
    import pandas as pd

    from trust_router.inputs.texts import TicketTexts
    from trust_router.judges.answers import Answers
    from trust_router.judges.calls.prices import Prices
    from trust_router.judges.estimates import Estimate

__all__ = ["ask"]

_SHOWN_FLAGS = 10


def ask(
    tickets: Annotated[
        str, typer.Argument(help="Tickets with the columns ticket and text.", show_default=False)
    ],
    panel: Annotated[
        Path, typer.Option("--panel", help="Panel (TOML) that says how to ask.", show_default=False)
    ],
    out: Annotated[Path | None, typer.Option("--out", help="Table of beliefs (CSV).")] = None,
    column: Annotated[
        list[str] | None,
        typer.Option("--column", help="Name of a column where it differs, as text=body."),
    ] = None,
    categories_file: CategoriesFile = None,
    using: Annotated[
        list[str] | None,
        typer.Option("--using", help="Column of a judge that is no LLM, as length=score."),
    ] = None,
    cache: Annotated[
        Path, typer.Option("--cache", help="SQLite file of answers; none is paid for twice.")
    ] = Path(defaults.CACHE),
    limit: Annotated[
        float | None, typer.Option("--limit", help="Most USD to spend now.", show_default="none")
    ] = None,
    prices: Annotated[
        Path | None,
        typer.Option("--prices", help="TOML with a table [prices].", show_default="the panel"),
    ] = None,
    examples: Annotated[
        Path | None, typer.Option("--examples", help="Past tickets with text and outcome to show.")
    ] = None,
    concurrency: Annotated[
        int, typer.Option("--concurrency", min=1, help="Calls at a time.")
    ] = defaults.CONCURRENCY,
    allow_key: Annotated[
        list[str] | None,
        typer.Option(
            "--allow-key", help="Key that the panel may send a host, as api.example.com=MY_KEY."
        ),
    ] = None,
    keep_texts: Annotated[
        bool, typer.Option("--keep-texts", help="Keep texts in the cache, not only hashes.")
    ] = False,
    drop_flagged: Annotated[
        bool, typer.Option("--drop-flagged", help="Leave out beliefs that are flagged.")
    ] = False,
    spreadsheet_safe: SpreadsheetSafe = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say how many calls, and what they cost.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Ask the judges of a panel about tickets; the table feeds `fit --beliefs`."""
    from trust_router.inputs.reading.texts import read_texts

    if out is None and not dry_run:
        raise ValueError("--out FILE is needed for the beliefs; or give --dry-run")
    check_folder(out)
    read = read_texts(tickets, columns=column_names(column, example="text=body"))
    if categories_file is not None:
        read = _joined(read, categories_file)
    given: dict[str, Any] = {
        "judges": _judges(read_panel(panel), read, column_names(using, "--using", "length=score")),
        "tickets": read,
        "prices": _prices(prices or panel),
        "examples": examples,
        "allow_keys": _allowed(allow_key),
    }
    if dry_run:
        _estimate(given, cache, as_json=as_json)
        return
    say(f"answers are kept in {cache}")
    answers = _ask(given, cache, limit, concurrency=concurrency, keep_texts=keep_texts)
    # Printed first: a file that cannot be written then loses nothing.
    _print(answers, as_json=as_json)
    if out is not None:
        write_csv(answers.table(drop_flagged=drop_flagged), out, None, safe=spreadsheet_safe)
    if answers.incomplete:
        say(
            f"not all tickets have an answer: {listed(answers.incomplete)}; run it again for the "
            "rest"
        )
        raise typer.Exit(INCOMPLETE)


def _joined(read: TicketTexts, categories: Path) -> TicketTexts:
    """Give each ticket the category that a table of its own states."""
    from trust_router.inputs.reading.categories import categories_of, read_categories

    category = categories_of(read.tickets, read_categories(categories), "texts")
    return replace(read, category=category)


def _judges(panel: Panel, read: TicketTexts, columns: dict[str, str]) -> dict[str, Any]:
    for name in columns:
        if name not in panel.judge_names:
            raise ValueError(
                f"--using names the unknown judge {name!r}; judges are {listed(panel.judge_names)}"
            )
    chosen: dict[str, Any] = {}
    for each in panel.judges:
        if each.name in columns:
            chosen[each.name] = columns[each.name]
        elif each.llm is not None:
            chosen[each.name] = each.llm
        elif each.by_ticket and each.name in read.table:
            chosen[each.name] = each.name
        elif each.by_ticket:
            say(
                f"judge {each.name!r} is not asked: no `llm` in the panel and no column of its name"
            )
    if not chosen:
        raise ValueError(
            "no judge of the panel can be asked; give one an `llm`, as "
            '[judges] NAME.llm = { model = "openai:gpt-4o-mini" }, or name its column in --using'
        )
    return chosen


def _prices(path: Path) -> Prices:
    from trust_router.judges.calls.prices import prices_from

    return prices_from(read_toml(path, "price"), path.name)


def _allowed(pairs: list[str] | None) -> dict[str, list[str]]:
    allowed: dict[str, list[str]] = {}
    for pair in pairs or ():
        host, _, name = pair.rpartition("=")
        if not (host and name):
            raise ValueError(
                f"--allow-key must read HOST=NAME, as api.example.com=MY_KEY; got {pair!r}"
            )
        allowed.setdefault(host, []).append(name)
    return allowed


def _ask(given: dict[str, Any], cache: Path, limit: float | None, **settings: Any) -> Answers:
    from trust_router.judges.asking import carry_out
    from trust_router.judges.plans import make_plan

    judges, tickets, prices = (given.pop(name) for name in ("judges", "tickets", "prices"))
    settings |= given | {"progressbar": sys.stderr.isatty()}
    try:
        return carry_out(make_plan(judges, tickets, None, prices, settings), cache, limit, say)
    except ModuleNotFoundError as error:
        raise ValueError(str(error)) from None
    except KeyboardInterrupt:
        kept = f"; what was answered is in {cache}, run it again for the rest"
        raise KeyboardInterrupt(kept) from None


def _estimate(given: dict[str, Any], cache: Path, *, as_json: bool) -> None:
    from trust_router.judges.estimates import estimate_cost

    estimate: Estimate = estimate_cost(**given, cache=cache)
    table = estimate.table()
    if as_json:
        total = {"calls": estimate.calls, "cost": estimate.cost}
        print_json({"judges": table.reset_index().to_dict("records")} | total)
        return
    for tally in estimate.tallies:
        if tally.told:
            show(f"{tally.told}{f'; {tally.problem}' if tally.problem else ''}")
    columns = ["cached", "calls", "input_tokens", "output_tokens", "cost", "cost_at_most"]
    show(f"\n{_shown(table[columns]).to_string()}")
    show(f"\n{_calls(estimate.calls)}, about {_dollars(estimate.cost)}")


def _print(answers: Answers, *, as_json: bool) -> None:
    report, counts, flags = answers.report(), answers.counts(), answers.flags()
    if as_json:
        tables = {"judges": report.reset_index(), "counts": counts, "flags": flags}
        described = {name: table.to_dict("records") for name, table in tables.items()}
        print_json(described | {"calls": answers.calls, "cost": answers.cost})
        return
    columns = ["tickets", "beliefs", "missing", "adjusted", "flagged", "cached", "calls", "cost"]
    show(_shown(report[columns]).to_string())
    for judge_, what, kind, number, meaning in counts.itertuples(index=False):
        show(f"{judge_}: {number} {kind}, {what}: {meaning}")
    for row in flags.head(_SHOWN_FLAGS).itertuples():
        show(f"look at ticket {row.ticket!r}: {row.judge} says {row.need:.1%}, {row.reason}")
    if len(flags) > _SHOWN_FLAGS:
        show(f"and {len(flags) - _SHOWN_FLAGS} more that are flagged in the table")
    show(f"\n{_calls(answers.calls)}, {_dollars(answers.cost)}")
    for tally in answers.tallies:
        if tally.problem:
            say(f"{tally.judge}: {tally.problem}")


def _shown(table: pd.DataFrame) -> pd.DataFrame:
    costs = [name for name in ("cost", "cost_at_most") if name in table]
    written = {name: [_amount(cost) for cost in table[name]] for name in costs}
    return table.assign(**written)


def _amount(cost: float | None) -> str:
    return "unknown" if cost is None or cost != cost else money(cost)


def _dollars(cost: float | None) -> str:
    return "cost unknown" if cost is None else f"{money(cost)} USD"


def _calls(number: int) -> str:
    return f"{number} call{'s' * (number != 1)}"
