"""What a model has learned, with its meaning."""

from __future__ import annotations

import pytest

from trust_router.show.reports.tables import learned_parameters


def test_parameters_of_the_pool_come_with_their_meaning(pool_posterior):
    table = learned_parameters(pool_posterior)
    gain = table[table["parameter"] == "gain"].iloc[0]
    assert gain["mean"] == pool_posterior.parameter("gain")["mean"].iloc[0]
    assert gain["meaning"] == pool_posterior.facts.parameters["gain"]
    assert gain["judge"] == ""
    order = [name for name in pool_posterior.facts.parameters if name in set(table["parameter"])]
    assert list(table["parameter"].unique()) == order


@pytest.mark.parametrize("kind", ["exact_posterior", "nuts_posterior"])
def test_the_seed_learns_nothing_beside_trust(kind, request):
    assert learned_parameters(request.getfixturevalue(kind)).empty
