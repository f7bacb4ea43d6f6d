"""Fits that neither compile nor sample."""

from __future__ import annotations

import nutpie
import pytensor
import pytest
from support.pretended import Pretended


@pytest.fixture
def sampler(monkeypatch):
    """A sampler that pretends, and graphs that are evaluated without compiling them."""
    pretended = Pretended()
    for name in ("sample", "compile_pymc_model"):
        monkeypatch.setattr(nutpie, name, getattr(pretended, name))
    with pytensor.config.change_flags(mode="FAST_COMPILE"):
        yield pretended
