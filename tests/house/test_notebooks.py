"""Stored outputs of notebooks are those of the code."""

from __future__ import annotations

import nbformat
import pytest
from support.house import ROOT

from trust_router.examples import load_seed
from trust_router.inputs.matching import match
from trust_router.learning.provenance import input_hash

NOTEBOOKS = sorted(ROOT.joinpath("notebooks").glob("*.ipynb"))


def outputs(notebook) -> list[nbformat.NotebookNode]:
    return [out for cell in notebook.cells for out in cell.get("outputs", [])]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_cell_was_executed_in_order_and_without_an_error(path):
    notebook = nbformat.read(path, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert [out for out in outputs(notebook) if out.output_type == "error"] == []
    assert "application/vnd.jupyter.widget-view+json" not in str(outputs(notebook))


def test_the_inputs_of_the_first_notebook_are_today_s():
    notebook = nbformat.read(ROOT / "notebooks" / "01_bayesian_trust_learning.ipynb", as_version=4)
    shown = str([out.get("data", {}).get("text/plain") for out in outputs(notebook)])
    panel, beliefs, outcomes = load_seed()
    assert f"'input_hash': '{input_hash(panel, match(panel, beliefs, outcomes))}'" in shown
