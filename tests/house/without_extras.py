"""What must work where the package is installed without extras; run by that installation's Python.

It is a script and no test: pytest would bring the extras along.
"""

from __future__ import annotations

import importlib
import pkgutil
import tempfile
from importlib.util import find_spec
from pathlib import Path

import trust_router as tr

EXTRAS = (
    "adbc_driver_postgresql",
    "duckdb",
    "genai_prices",
    "hypothesis",
    "polars",
    "pydantic_ai",
    "pytest",
    "python_calamine",
    "wordllama",
)


def check_that_no_extra_is_there() -> None:
    """The check is worth nothing where an extra is installed all the same."""
    assert [name for name in EXTRAS if find_spec(name)] == []


def check_that_every_module_loads() -> None:
    """Extras are imported where they are used, never before."""
    for module in pkgutil.walk_packages(tr.__path__, "trust_router."):
        importlib.import_module(module.name)


def check_solving_and_reading(folder: Path) -> None:
    """Files and frames are read, and the closed form gives the reference values."""
    import pandas as pd

    panel = tr.read_panel(tr.examples.example_path("panel.toml"))
    frame = pd.read_csv(tr.examples.example_path("outcomes.csv"))
    frame.to_parquet(folder / "outcomes.parquet")
    frame.to_json(folder / "outcomes.jsonl", orient="records", lines=True)
    given = [frame, *(folder / f"outcomes.{ending}" for ending in ("parquet", "jsonl"))]
    for source in given:
        outcomes = tr.read_outcomes(source)
        beliefs = tr.stated_beliefs(panel, outcomes.categories)
        trust = tr.solve(panel, beliefs, outcomes).trust()["mean"].to_list()
        assert abs(trust[0] - 0.3420062143831) < 1e-12, trust


def check_fitting_and_showing(folder: Path) -> None:
    """A fit, its file, a decision, a picture and a report."""
    inputs = tr.examples.load_seed()
    posterior = tr.fit(*inputs, draws=500, tune=300, random_seed=1)
    again = tr.load(posterior.save(folder / "posterior.nc"))
    costs = tr.read_costs(tr.examples.example_path("panel.toml"))
    category = inputs[2].categories[0]
    assert tr.decide(again, category, costs).action == "simple first"
    assert tr.plots.trust(again).patches
    tr.write_report(again, folder / "report.html", costs=costs)
    assert "simple first" in (folder / "report.html").read_text(encoding="utf-8")


def check_categories_and_judges() -> None:
    """Categories from word counts, judges that are no LLM; a sentence says what LLMs need."""
    texts = tr.examples.load_tickets()
    assert len(tr.fit_categories(texts.text, 4, random_seed=1).table()) >= 4
    judge = tr.judges.CallableJudge("length", lambda texts: [0.5 for _ in texts])
    assert len(tr.ask([judge], texts).beliefs) == len(texts)
    for needs, missing in (
        (lambda: tr.fit_categories(texts.text, 4, embedding="wordllama"), "embed"),
        (lambda: tr.ask({"gpt": tr.LLM("openai:gpt-4o-mini")}, texts), "llm"),
    ):
        try:
            needs()
        except ModuleNotFoundError as error:
            assert f"[{missing}]" in str(error), error  # noqa: PT017  # there is no pytest
        else:
            raise AssertionError(missing)


def main() -> None:
    """Run all checks."""
    check_that_no_extra_is_there()
    check_that_every_module_loads()
    with tempfile.TemporaryDirectory() as folder:
        check_solving_and_reading(Path(folder))
        check_fitting_and_showing(Path(folder))
    check_categories_and_judges()
    print("all that needs no extra works without extras")


if __name__ == "__main__":
    main()
