"""A report has the pictures that its model has numbers for."""

from __future__ import annotations

import pytest

from trust_router.show.reports.brief import brief
from trust_router.show.reports.pictures import pictures

OF_TICKETS = ("calibration", "worth", "reliability", "pit")


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("exact_posterior", ["trust", "need", "mixtures", "costs"]),
        ("nuts_posterior", ["trust", "need", "mixtures", "costs", "diagnostics"]),
        ("pool_posterior", ["trust", "need", "seats", "costs", "diagnostics", *OF_TICKETS]),
        (
            "switch_posterior",
            ["trust", "need", "mixtures", "seats", "costs", "diagnostics", "calibration", "pit"],
        ),
    ],
)
def test_pictures_are_those_of_the_model(kind, shown, costs, request):
    found = pictures(brief(request.getfixturevalue(kind), costs))
    assert list(found) == shown
    assert all(each.url.startswith("data:image/png;base64,") for each in found.values())


def test_without_costs_none_are_drawn(exact_posterior):
    assert list(pictures(brief(exact_posterior))) == ["trust", "need", "mixtures"]
