"""The graph of a model is text that notebooks draw."""

from __future__ import annotations

import pytest
from support.pretended import COUNTS, SEATS, STATED

import trust_router as tr


@pytest.fixture(scope="module")
def graph():
    return tr.solve(SEATS, STATED, COUNTS).graph()


def test_the_graph_names_variables_and_arrows(graph):
    assert str(graph).startswith("graph TD\n")
    assert "need_logit" in str(graph)
    assert "-->" in str(graph)


def test_a_notebook_gets_a_fence_that_it_draws(graph):
    assert graph._repr_markdown_() == f"```mermaid\n{graph.mermaid}\n```\n"


def test_the_graph_is_that_of_the_options_with_which_was_fitted():
    noisy = tr.solve(SEATS, STATED, COUNTS, noise=tr.Noise()).graph()
    assert "false" in str(noisy)
    assert "false" not in str(tr.solve(SEATS, STATED, COUNTS).graph())
