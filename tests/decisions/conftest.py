"""A closed form over categories that differ in what is known of their need."""

from __future__ import annotations

import pytest
from support.decided import posterior_of


@pytest.fixture(scope="session")
def three():  # categories where need is rare, common and unknown
    return posterior_of([22, 20, 0], [3, 15, 0], [0, 10, 4])
