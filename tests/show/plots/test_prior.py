"""Priors beside the initial trust."""

from __future__ import annotations

import numpy as np
import pytest
from support.pictures import is_cut

import trust_router as tr
from trust_router.learning.models.prior import sample_prior


@pytest.mark.parametrize("model", ["seed", "switch", "pool"])
def test_priors_are_drawn_with_initial_trust(seed, model):
    panel, beliefs, _ = seed
    prior = sample_prior(panel, beliefs, model=model, draws=300)
    need, trust = tr.plots.prior(prior)
    assert need.get_title(loc="left") == f"{model} model, before any outcome"
    dashed = [line.get_xdata()[0] for line in trust.lines]
    np.testing.assert_allclose(dashed, panel.share)
    assert not is_cut(need.figure)
    with pytest.raises(ValueError, match="`axes` must be two"):
        tr.plots.prior(prior, axes=[need])
