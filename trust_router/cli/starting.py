"""The command `init`: a folder to start from, which the other commands find their way in."""

from __future__ import annotations

import gzip
import shlex
from pathlib import Path
from typing import Annotated

import typer

from trust_router.basics.checks import shown_path
from trust_router.basics.files import check_writable, write_text
from trust_router.cli.config import CONFIG
from trust_router.cli.output import show
from trust_router.examples.bundled import example_path

__all__ = ["STARTED", "init"]

STARTED = (
    "panel.toml",
    "tickets.csv",
    "beliefs.csv",
    "open_tickets.csv",
    "open_beliefs.csv",
    "costs.toml",
    CONFIG,
)
_NEXT = """\
It is half a year of a made-up support desk: 3,000 tickets, seven judges, and 120 open tickets.

  panel.toml         who is asked: four routers and their judges
  tickets.csv        what happened: ticket, time, category, text, answered_by, outcome
  beliefs.csv        what each judge said of each ticket
  open_tickets.csv   tickets of this morning; open_beliefs.csv: what the judges say of them
  costs.toml         what an answer, and a failed one, costs
  trust_router.toml  which of these files the commands read

Next{where}:

  trust-router check     what is in the files, what is missing, how many outcomes it takes
  trust-router fit       learn whom to trust (about a minute); writes posterior.nc
  trust-router judges    who is reversed, who is a coin, what each is worth
  trust-router predict   what to do with each open ticket
  trust-router savings   what that is worth, in money
  trust-router report    a page of it: report.html

For your own desk replace the tables, name your judges in panel.toml, and check again."""


def init(
    folder: Annotated[Path, typer.Argument(help="Where to; made if it is not there.")] = Path(),
) -> None:
    """Write a support desk to start from: panel, tables, costs and settings of the commands.

    Nothing that is there is written over.
    """
    if folder.exists() and not folder.is_dir():
        raise ValueError(f"{shown_path(folder)} is a file; name a folder, new or not")
    there = [name for name in STARTED if (folder / name).exists()]
    if there:
        raise ValueError(
            f"{shown_path(folder / there[0])} is there already, and nothing was written; name "
            "another folder"
        )
    folder.mkdir(parents=True, exist_ok=True)
    check_writable(folder / CONFIG)
    for name in STARTED:
        write_text(folder / name, _text_of(name))
    show(f"wrote {len(STARTED)} files into {folder}\n")
    show(_NEXT.format(where=_where(folder)))


def _where(folder: Path) -> str:
    return (
        ""
        if folder.resolve() == Path.cwd()
        else f", in that folder (cd {shlex.quote(str(folder))})"
    )


def _text_of(name: str) -> str:
    bundled = example_path(f"desk/{name}")
    if bundled.exists():
        return bundled.read_text(encoding="utf-8")
    packed = bundled.with_name(f"{name}.gz").read_bytes()
    return gzip.decompress(packed).decode("utf-8")
