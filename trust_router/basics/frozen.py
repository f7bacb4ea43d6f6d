"""Values that nobody can change, and whose copies nobody can change either."""

from __future__ import annotations

from dataclasses import fields
from types import MappingProxyType
from typing import Any, cast

import numpy as np

__all__ = ["Frozen"]


class Frozen:
    """Base of frozen dataclasses that hold arrays and mappings.

    Mappings that cannot be changed cannot be pickled, and arrays come back writeable. A copied or
    unpickled value has the very numbers of the first, read-only again.
    """

    def __getstate__(self) -> dict[str, tuple[bool, Any]]:
        """Give the fields, each with whether it is a mapping that nobody can change."""
        held = {field.name: getattr(self, field.name) for field in fields(cast("Any", self))}
        return {
            name: (True, dict(value)) if isinstance(value, MappingProxyType) else (False, value)
            for name, value in held.items()
        }

    def __setstate__(self, state: dict[str, tuple[bool, Any]]) -> None:
        for name, (proxied, value) in state.items():
            if isinstance(value, np.ndarray):
                value.setflags(write=False)
            object.__setattr__(self, name, MappingProxyType(value) if proxied else value)
