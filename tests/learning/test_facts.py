"""Facts say in words and in truth values what a model is."""

from __future__ import annotations

import pytest
from support.three_routers import CATEGORY_ROWS, PANEL, TICKET_ROWS, TWO

from trust_router.learning.facts import SEED_FACTS, Facts
from trust_router.learning.models.pool import Pool
from trust_router.learning.models.seed import Seed
from trust_router.learning.models.switch import Switch


def test_trust_is_a_share_where_routers_are_pooled_and_else_a_probability():
    assert Facts("x", pooled=True).trust_is == "share of what the judges know"
    assert Facts("x", pooled=True).trust_meaning == (
        "trust: share of what the judges know that the router carries"
    )
    assert SEED_FACTS.trust_is == "probability of being right"
    assert SEED_FACTS.trust_meaning == "trust: probability that the router is the right one"


@pytest.mark.parametrize(
    ("model", "rows", "expected"),
    [
        (Seed(), CATEGORY_ROWS, {"has_mixtures": True, "closed_form": True, "predicts": False}),
        (Switch(), CATEGORY_ROWS, {"has_mixtures": True, "corrects": True, "borrows": True}),
        (Switch(calibration=False), TICKET_ROWS, {"has_mixtures": False, "corrects": False}),
        (Pool(), TICKET_ROWS, {"pooled": True, "trust_varies": False, "predicts": True}),
        (Switch(), TICKET_ROWS, {"trust_varies": True}),
    ],
)
def test_models_state_what_they_are(model, rows, expected):
    facts = model.facts(rows)
    assert facts.name == model.name
    assert {name: getattr(facts, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("model", "panel", "rows"),
    [(Pool(), TWO, TICKET_ROWS), (Switch(), PANEL, CATEGORY_ROWS)],
)
def test_what_parameters_mean_is_said_of_those_that_the_graph_has(model, panel, rows):
    graph = {variable.name for variable in model.build(panel, rows).unobserved_RVs}
    told = set(model.facts(rows).parameters)
    assert told - graph <= {"category_sd"}
    by_structure = {"share", "within", "need", "silent_logit"}
    free = {n for n in graph if not n.endswith(("_z", "_mean", "_sd")) and "within" not in n}
    assert free - told - by_structure == set()
