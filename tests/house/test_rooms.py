"""Who may know whom: rooms import one way, and heavy or dangerous libraries have their places."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter

import pytest
from support.house import (
    NAME,
    PACKAGE,
    imports,
    inner_imports,
    layers,
    level,
    modules,
    names,
    room_of,
)

NETWORK = [
    "aiohttp",
    "http",
    "httpx",
    "httpx2",
    "openai",
    "pydantic_ai",
    "requests",
    "socket",
    "urllib.request",
    "websockets",
]
PYMC = ["pymc", "pytensor", "nutpie"]
# All others get a posterior, or draws, and ask nothing of PyMC.
MAY_KNOW_PYMC = (
    "trust_router.learning.compiled",
    "trust_router.learning.sampling",
    "trust_router.learning.fitting",
    "trust_router.learning.models",
    "trust_router.insight.sensitivity",
    "trust_router.evaluation.loo",
    "trust_router.examples.sbc",
)


def is_in(name: str, packages) -> bool:
    return any(name == each or name.startswith(f"{each}.") for each in packages)


def test_every_room_stands_in_the_order_of_the_import_rules():
    rooms = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    files = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__"}
    assert rooms | files == set().union(*layers())


def test_rooms_import_from_rooms_below_alone():
    wrong = [
        str(each)
        for each in inner_imports()
        if (source := room_of(each.source)) != (target := room_of(each.target))
        and source
        and level(source) <= level(target)
    ]
    assert wrong == []


def test_judges_do_not_learn():
    assert [
        str(each)
        for each in inner_imports()
        if room_of(each.source) == "judges" and room_of(each.target) == "learning"
    ] == []


def test_values_know_no_file():
    reading = f"{NAME}.inputs.reading"
    assert [
        str(each)
        for each in inner_imports()
        if room_of(each.source) == "inputs"
        and not each.source.startswith(reading)
        and each.target.startswith(reading)
    ] == []


def test_no_module_is_imported_in_a_circle():
    graph: dict[str, set[str]] = {}
    for each in inner_imports():
        graph.setdefault(each.source, set()).add(each.target)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_inside_the_package_names_come_from_files_and_not_from_doors():
    doors = {each.name for each in modules() if each.path.stem == "__init__"}
    assert [
        str(each)
        for each in imports()
        if each.target in doors and each.target in names() and each.target != NAME
    ] == []


def test_the_network_is_in_the_judges_calls_alone():
    calls = [f"{NAME}.judges.calls"]
    assert [
        str(each)
        for each in imports()
        if is_in(each.target, NETWORK) and not is_in(each.source, calls)
    ] == []


def test_pymc_is_where_models_are_built_and_sampled_alone():
    assert [
        str(each)
        for each in imports()
        if is_in(each.target, PYMC) and not is_in(each.source, MAY_KNOW_PYMC)
    ] == []


def test_modules_that_do_not_sample_load_without_pymc():
    light = [
        each.name
        for each in modules()
        if each.room
        in ("defaults", "basics", "inputs", "categories", "judges", "decisions", "show")
        or each.name in (f"{NAME}.learning.solving", f"{NAME}.learning.storage")
    ]
    code = (
        f"import importlib, sys\nfor name in {light}: importlib.import_module(name)\n"
        f"print([name for name in {PYMC} if name in sys.modules])"
    )
    lazily = {name: value for name, value in os.environ.items() if name != "EAGER_IMPORT"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=lazily, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_pictures_compute_no_statistic():
    plots = [each for each in modules() if each.name.startswith(f"{NAME}.show.plots")]
    assert [
        str(each)
        for module in plots
        for each in module.imports
        if is_in(each.target, ["scipy.stats"])
    ] == []
    sampling = re.compile(r"default_rng|\.sample\(|\.rvs\(|from scipy import stats")
    assert [each.name for each in plots if sampling.search(each.text)] == []
