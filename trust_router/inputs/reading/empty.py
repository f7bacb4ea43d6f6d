"""Tables without a row: wrong where something is to be learned, and nothing new on a quiet day."""

from __future__ import annotations

__all__ = ["NoRowsError"]


class NoRowsError(ValueError):
    """A table has its columns, and no row."""
