"""PyMC without its running commentary, and without the warnings that our models bring about."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import pymc as pm

from trust_router.learning.models.generated import passing_sources

__all__ = ["quiet_pymc"]


@contextmanager
def quiet_pymc() -> Iterator[None]:
    """Mute PyMC's running commentary, and warnings that are to be expected of our models."""
    logger = logging.getLogger("pymc")
    level = logger.level
    logger.setLevel(logging.WARNING)
    try:
        with warnings.catch_warnings(), passing_sources():
            # Prior draws are our own functions, called in numba's object mode; fast enough.
            warnings.filterwarnings("ignore", message=".*object mode", category=UserWarning)
            warnings.filterwarnings("ignore", category=pm.exceptions.ImplicitFreezeWarning)
            yield
    finally:
        logger.setLevel(level)
