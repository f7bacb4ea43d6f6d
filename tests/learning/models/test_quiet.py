"""PyMC's commentary is muted inside, and only there."""

from __future__ import annotations

import logging
import warnings

import pytest

from trust_router.learning.models.quiet import quiet_pymc


def test_the_logger_gets_its_level_back_also_after_an_error():
    logger = logging.getLogger("pymc")
    before = logger.level
    seen = []

    def fail():
        with quiet_pymc():
            seen.append(logger.level)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert seen == [logging.WARNING]
    assert logger.level == before


def test_expected_warnings_are_muted_and_no_others():
    with quiet_pymc():
        warnings.warn("this runs in object mode", UserWarning, stacklevel=1)
        with pytest.raises(UserWarning, match="something else"):
            warnings.warn("something else", UserWarning, stacklevel=1)
