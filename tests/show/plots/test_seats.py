"""Seats show how much each judge counts."""

from __future__ import annotations

import numpy as np
import pytest
from support.pictures import is_cut

import trust_router as tr


@pytest.mark.parametrize(
    ("kind", "category"),
    [
        ("exact_posterior", None),
        ("nuts_posterior", None),
        ("pool_posterior", None),
        ("switch_posterior", "kind of ticket 3"),
    ],
)
def test_seats_show_how_much_each_judge_counts(kind, category, request):
    posterior = request.getfixturevalue(kind)
    ax = tr.plots.seats(posterior, category)
    rows = posterior.seats().loc[category or posterior.trust_categories[0]]
    np.testing.assert_allclose(ax.collections[-1].get_offsets()[:, 0], rows["probability"])
    router, judge = rows.index[0]
    assert ax.get_yticklabels()[0].get_text() == f"{router}: {judge}"
    assert not is_cut(ax.figure)


def test_seats_of_several_categories_ask_for_one(switch_posterior):
    with pytest.raises(ValueError, match="`category` must be given, there are 25"):
        tr.plots.seats(switch_posterior)
