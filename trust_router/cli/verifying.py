"""The command `verify`: a report made again, and whether the numbers agree."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from trust_router.cli.codes import DIFFERS
from trust_router.cli.inputs import Files
from trust_router.cli.options import AsJson
from trust_router.cli.origin import changed, files_again
from trust_router.cli.output import notes, print_json, say, show

__all__ = ["verify"]


def verify(
    file: Annotated[
        Path, typer.Argument(help="A report (HTML), or a saved posterior.", show_default=False)
    ],
    panel: Annotated[Path | None, typer.Option("--panel", help="Where the panel is now.")] = None,
    outcomes: Annotated[
        str | None, typer.Option("--outcomes", help="Where the outcomes are now.")
    ] = None,
    beliefs: Annotated[
        str | None, typer.Option("--beliefs", help="Where the table of beliefs is now.")
    ] = None,
    categories: Annotated[
        Path | None, typer.Option("--categories", help="Where the table of categories is now.")
    ] = None,
    posterior: Annotated[
        Path | None,
        typer.Option("--posterior", help="The posterior of the report, which holds its inputs."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Rebuild a report, or a posterior, and say whether its numbers agree.

    Files are found where they were, from here or beside FILE. Exit code 0: all numbers agree, but
    for Monte Carlo error; 6: they do not, or the inputs are others.
    """
    from trust_router.show.reports.verifying import recorded, verified

    held, own = recorded(file)
    given = {
        "panel": panel,
        "outcomes": outcomes,
        "beliefs": beliefs,
        "categories_file": categories,
    }
    if posterior is not None and any(given.values()):
        raise ValueError("give --posterior or the tables, not both; a posterior holds its inputs")
    files = _files(held.provenance, file, given, inside=own is not None)
    other: list[str] = []
    if posterior is not None or files is None:
        kept = own if posterior is None else recorded(posterior)[1]
        if kept is None:
            raise ValueError(
                f"{file.name} names no files that it was made from; give --panel, --outcomes and "
                "--beliefs, or --posterior FILE"
            )
        say("rebuilding from the inputs that the posterior holds")
        inputs = kept.panel, kept.rows
    else:
        from trust_router.learning.rebuilding import rows_again

        other = changed(held.provenance.get("files", {}), files)
        read = files.read()
        with notes():
            inputs = read[0], rows_again(held.provenance, *read)
    with notes():
        found = verified(file.name, held, *inputs)
    _print(found, other, as_json)
    if not found.agrees:
        raise typer.Exit(DIFFERS)


def _files(provenance: Any, file: Path, given: dict[str, Any], *, inside: bool) -> Files | None:
    """Find the tables; a posterior whose tables are gone, or were not all, has its own."""
    told = provenance.get("files", {})
    asked = any(given.values())
    if not asked and provenance["method"] == "updated":
        return None
    try:
        return files_again(told, file, given)
    except ValueError:
        if inside and not asked:
            return None
        raise


def _print(found: Any, other: list[str], as_json: bool) -> None:
    if as_json:
        told = found.table().reset_index().to_dict("records")
        print_json(
            {
                "agrees": found.agrees,
                "same_inputs": found.same_inputs,
                "changed_files": other,
                "versions": list(found.versions),
                "sentences": found.sentences(),
                "numbers": told,
            }
        )
        return
    for sentence in [*found.sentences(), *other]:
        show(sentence)
