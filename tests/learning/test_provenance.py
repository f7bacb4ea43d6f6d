"""Provenance names inputs and versions."""

from __future__ import annotations

import platform
from dataclasses import replace
from importlib.metadata import version

from support.exported import pool

import trust_router as tr
from trust_router.learning.provenance import describe_run, input_hash


def test_provenance_names_inputs_and_versions(nuts_posterior, exact_posterior):
    run = nuts_posterior.provenance
    assert run["random_seed"] == 1
    assert {"trust_router", "pymc", "nutpie", "arviz", "numpy", "draws", "chains"} <= set(run)
    assert run["input_hash"] == exact_posterior.provenance["input_hash"]


def test_input_hash_changes_with_any_input(seed):
    panel, beliefs, outcomes = seed
    hashes = {
        tr.solve(p, b, o).provenance["input_hash"]
        for p, b, o in (
            (panel, beliefs, outcomes),
            (panel, beliefs, outcomes + tr.Outcomes(outcomes.categories, [1], [0])),
            (
                panel,
                tr.Beliefs(beliefs.labels, beliefs.judges, beliefs.alpha * 2, beliefs.beta),
                outcomes,
            ),
            (
                tr.Panel(
                    panel.routers, panel.judges, {"simple": 0.5, "medium": 0.25, "complex": 0.25}
                ),
                beliefs,
                outcomes,
            ),
        )
    }
    assert len(hashes) == 4


def test_provenance_says_how_beliefs_and_outcomes_matched():
    posterior = pool()
    matches = posterior.rows.matches
    assert matches is not None
    assert describe_run(
        posterior.panel, posterior.rows, method="nuts", libraries=("numpy",), settings={"a": 1}
    ) == {
        "trust_router": version("trust_router"),
        "model": "seed",
        "method": "nuts",
        "input_hash": input_hash(posterior.panel, posterior.rows),
        "matching": matches.to_dict(),
        "a": 1,
        "python": platform.python_version(),
        "numpy": version("numpy"),
    }
    unknown = replace(posterior.rows, matches=None)
    run = describe_run(posterior.panel, unknown, method="exact", libraries=())
    assert "matching" not in run
