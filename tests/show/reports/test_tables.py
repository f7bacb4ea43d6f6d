"""What a model has learned, with its meaning."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest
import xarray as xr

from trust_router.show.reports.tables import learned_parameters


def test_parameters_of_the_pool_come_with_their_meaning(pool_posterior):
    table = learned_parameters(pool_posterior)
    gain = table[table["parameter"] == "gain"].iloc[0]
    assert gain["mean"] == pool_posterior.parameter("gain")["mean"].iloc[0]
    assert gain["meaning"] == pool_posterior.facts.parameters["gain"]
    assert gain["label"] == ""
    order = [name for name in pool_posterior.facts.parameters if name in set(table["parameter"])]
    assert list(table["parameter"].unique()) == order


@pytest.mark.parametrize("kind", ["exact_posterior", "nuts_posterior"])
def test_the_seed_learns_nothing_beside_trust(kind, request):
    assert learned_parameters(request.getfixturevalue(kind)).empty


def test_parameters_of_several_things_are_labelled_by_all_of_them():
    several = pd.MultiIndex.from_product([["login"], ["a", "b"]], names=["category", "judge"])
    table = pd.DataFrame({"mean": [1.0, 2.0], "lower": 0.0, "upper": 3.0}, index=several)
    posterior = SimpleNamespace(
        has_draws=True,
        data={"posterior": xr.Dataset({"drift": ("x", [0.0])})},
        facts=SimpleNamespace(parameters={"drift": "how fast", "absent": "not drawn"}),
        parameter=lambda _: table,
    )
    learned = learned_parameters(posterior)
    assert learned["label"].tolist() == ["login, a", "login, b"]
    assert learned["meaning"].tolist() == ["how fast", "how fast"]
