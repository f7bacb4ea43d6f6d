"""Exit codes."""

from __future__ import annotations

from typing import Final

__all__ = ["ALARM", "BAD_INPUT", "DIFFERS", "INCOMPLETE", "INTERRUPTED", "NOT_CONVERGED"]

BAD_INPUT: Final = 2
NOT_CONVERGED: Final = 3
INCOMPLETE: Final = 4
ALARM: Final = 5
DIFFERS: Final = 6
INTERRUPTED: Final = 130
