"""Every kind of model, in its turn."""

from __future__ import annotations

import pytest
from support.kinds import KINDS, made


@pytest.fixture(params=KINDS)
def kind(request):
    """What is tested of one model is tested of all."""
    return made(request.param)
