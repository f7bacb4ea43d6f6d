"""Provenance names inputs and versions."""

from __future__ import annotations

import trust_router as tr


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
