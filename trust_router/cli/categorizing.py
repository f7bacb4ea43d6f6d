"""The command `categorize`: categories found in texts of tickets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trust_router import defaults
from trust_router.cli import inputs as cli_inputs
from trust_router.cli.inputs import check_folder
from trust_router.cli.options import AsJson, Columns, RandomSeed
from trust_router.cli.output import print_json, say, show
from trust_router.cli.tables import SpreadsheetSafe, write_csv

if TYPE_CHECKING:
    from trust_router.categories.categorizer import Categorizer

__all__ = ["categorize"]

_OF_OUTCOMES = ("time", "answered_by", "verified")


def categorize(
    tickets: Annotated[
        str, typer.Argument(help="Tickets with the columns ticket and text.", show_default=False)
    ],
    column: Columns = None,
    categories: Annotated[
        int | None,
        typer.Option("--categories", min=1, help="How many.", show_default="suggested"),
    ] = None,
    embedding: Annotated[str, typer.Option(help="tfidf or wordllama.")] = defaults.EMBEDDING,
    save: Annotated[Path | None, typer.Option("--save", help="Save the categories.")] = None,
    using: Annotated[
        Path | None, typer.Option("--using", help="Assign to categories that --save wrote.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="CSV with ticket, category, confidence.")
    ] = None,
    spreadsheet_safe: SpreadsheetSafe = False,
    random_seed: RandomSeed = defaults.COMMAND_SEED,
    as_json: AsJson = False,
) -> None:
    """Find categories in the texts of tickets, or assign tickets to saved ones."""
    from trust_router.categories.assigned import assign_tickets, count_categories
    from trust_router.inputs.reading.texts import read_texts

    for path, option in ((out, "--out"), (save, "--save")):
        check_folder(path, option)
    columns = cli_inputs.column_names(column)
    read = read_texts(tickets, columns=columns)
    categorizer = _categorizer(read.texts, categories, embedding, using, random_seed)
    assigned = assign_tickets(categorizer, read)
    # Outcomes without them would be taken for those of tickets that were all tried.
    for name in [name for name in _OF_OUTCOMES if name in read.table]:
        assigned[name] = read.table[name]()
    counts = count_categories(categorizer, assigned)
    if as_json:
        held = {"categories": counts.reset_index(), "tickets": assigned}
        described = {name: table.to_dict("records") for name, table in held.items()}
        print_json(described | {"provenance": dict(categorizer.provenance)})
    else:
        show(counts.to_string(float_format=lambda share: f"{share:.1%}"))
    # Printed first: a file that cannot be written then loses nothing.
    if save is not None:
        categorizer.save(save)
        say(f"saved {save}")
    if out is not None:
        write_csv(assigned, out, 4, safe=spreadsheet_safe)


def _categorizer(
    texts: Sequence[str], number: int | None, embedding: str, using: Path | None, random_seed: int
) -> Categorizer:
    from trust_router.categories.categorizer import load_categories
    from trust_router.categories.embedding import check_embedding
    from trust_router.categories.finding import fit_categories
    from trust_router.categories.suggesting import suggest_categories

    try:
        if using is not None:
            if number is not None:
                raise ValueError("give --categories or --using, not both; a saved one has its own")
            return load_categories(using)
        name = check_embedding(embedding)
        if number is None:
            say("comparing numbers of categories")
            suggestion = suggest_categories(texts, embedding=name, random_seed=random_seed)
            say(suggestion.reason)
            number = suggestion.n_categories
        say(f"finding {number} categories in {len(texts)} tickets")
        return fit_categories(texts, number, embedding=name, random_seed=random_seed)
    except ModuleNotFoundError as error:
        raise ValueError(str(error)) from None
