"""Past tickets on three topics, and categories found in them."""

from __future__ import annotations

import pytest
from support.texts import topical_tickets

import trust_router as tr


@pytest.fixture(scope="session")
def past():
    return topical_tickets()


@pytest.fixture(scope="session")
def fitted(past):
    return tr.fit_categories(past[0], 12, random_seed=1)
