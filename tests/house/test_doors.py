"""What users see: the story at the front door, the rest in namespaces, nothing loaded early."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys

import pytest
from support.house import NAME, PACKAGE

import trust_router as tr

STORY = [
    "Beta",
    "LLM",
    "Judge",
    "Router",
    "Panel",
    "read_panel",
    "Beliefs",
    "read_beliefs",
    "scores_to_beliefs",
    "stated_beliefs",
    "Outcomes",
    "read_outcomes",
    "solve",
    "fit",
    "compile_model",
    "load",
    "Posterior",
    "ConvergenceError",
    "JudgeWarning",
    "Seed",
    "Switch",
    "Pool",
    "Rates",
    "Noise",
    "ask",
    "estimate_cost",
    "fit_categories",
    "Costs",
    "read_costs",
    "decide",
    "decide_all",
    "decide_tickets",
    "route",
    "savings",
    "backtest",
    "compare",
    "write_report",
]
NAMESPACES = [
    "categories",
    "decisions",
    "evaluation",
    "examples",
    "insight",
    "judges",
    "logs",
    "models",
    "plots",
    "reports",
]
DOORS = [
    ".".join((NAME, *path.parent.relative_to(PACKAGE).parts))
    for path in sorted(PACKAGE.rglob("__init__.pyi"))
]
HEAVY = [
    "arviz",
    "h5py",
    "IPython",
    "jinja2",
    "matplotlib",
    "nutpie",
    "pandas",
    "pyarrow",
    "pydantic_ai",
    "pymc",
    "pytensor",
    "scipy.optimize",
    "scipy.stats",
    "sklearn",
    "xarray",
]


def loaded(code: str) -> set[str]:
    """Modules that are loaded after the code has run in an interpreter of its own."""
    code = f"import json, sys\n{code}\nprint(json.dumps(list(sys.modules)))"
    lazily = {name: value for name, value in os.environ.items() if name != "EAGER_IMPORT"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=lazily, capture_output=True, text=True, check=True
    )
    return set(json.loads(done.stdout))


def test_the_front_door_shows_the_story_and_the_namespaces():
    assert len(STORY) == 37
    assert [name for name in dir(tr) if not name.startswith("__")] == sorted(STORY + NAMESPACES)


@pytest.mark.parametrize("door", DOORS)
def test_every_name_of_a_door_is_there(door):
    module = importlib.import_module(door)
    assert module.__doc__
    for name in dir(module):
        assert getattr(module, name) is not None


@pytest.mark.parametrize("door", DOORS)
def test_a_submodule_that_is_imported_does_not_hide_a_name(door):
    """`import trust_router.x.fit` would set the attribute `fit` of the package to the module."""
    module = importlib.import_module(door)
    files = {path.stem for path in PACKAGE.joinpath(*door.split(".")[1:]).glob("*.py")}
    hidden = [name for name in files & set(dir(module)) if callable(getattr(module, name))]
    assert [name for name in hidden if getattr(module, name).__module__ != f"{door}.{name}"] == []


def test_a_name_is_where_two_doors_show_it_the_same():
    assert tr.evaluation.backtest is tr.backtest
    assert tr.judges.ask is tr.ask
    assert tr.models.Seed is tr.Seed
    assert tr.categories.fit_categories is tr.fit_categories


def test_an_unknown_name_is_refused():
    with pytest.raises(AttributeError, match="fit_model"):
        tr.fit_model  # noqa: B018


def test_the_package_itself_loads_nothing_but_its_doors():
    modules = loaded("import trust_router")
    assert sorted(modules & {*HEAVY, "numpy", "scipy"}) == []
    assert [name for name in modules if name.startswith(f"{NAME}.")] == []


def test_the_closed_form_loads_nothing_heavy():
    code = (
        "from trust_router.examples.bundled import load_seed\n"
        "from trust_router.learning.exact import closed_form\nclosed_form(*load_seed())"
    )
    assert sorted(loaded(code) & set(HEAVY)) == ["pyarrow"]  # reads the outcomes


def test_namespaces_load_when_a_name_is_used():
    code = "import trust_router as tr\nassert 'trust' in dir(tr.plots)"
    assert sorted(loaded(code) & set(HEAVY)) == []
