"""What of a posterior is shown, and what cannot be."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from support.pictures import is_cut, solved

import trust_router as tr


def test_many_categories_are_cut_to_the_busiest_and_said_so():
    names = [f"category {i}" for i in range(57)]
    posterior = solved(names, np.arange(57), np.zeros(57))
    for ax in (tr.plots.trust(posterior), tr.plots.need(posterior)):
        assert len(ax.get_yticklabels()) == 20
        assert ax.get_yticklabels()[0].get_text().startswith("category 56")
        assert "20 of 57 categories" in ax.get_xlabel()
        assert not is_cut(ax.figure)


def test_what_cannot_be_drawn_is_said(exact_posterior):
    with pytest.raises(ValueError, match="unknown category 'x'"):
        tr.plots.trust(exact_posterior, "x")
    with pytest.raises(ValueError, match="`category` must be given, there are 2: 'a', 'b'"):
        tr.plots.mixtures(solved(["a", "b"], [1, 1], [0, 0]))
    with pytest.raises(ValueError, match="`axes` must be one a router, 3; got 1"):
        tr.plots.mixtures(exact_posterior, axes=[plt.subplots()[1]])
    with pytest.raises(ValueError, match="a closed form has no draws"):
        tr.plots.diagnostics(exact_posterior)
