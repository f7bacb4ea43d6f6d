"""Single flight: what is being asked for in this process is waited for and not asked again."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any, Final

__all__ = ["FLIGHTS", "Flights"]


class Flights:
    """Which answers are being asked for, by any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way: dict[str, Future[Mapping[str, Any] | None]] = {}

    def claim(self, key: str) -> tuple[bool, Future[Mapping[str, Any] | None]]:
        """Give (True, mine to land) or (False, somebody else's to wait for)."""
        with self._lock:
            if key in self._under_way:
                return False, self._under_way[key]
            self._under_way[key] = Future()
            return True, self._under_way[key]

    def land(self, key: str, raw: Mapping[str, Any] | None) -> None:
        """Say what the answer is; None if there is none."""
        with self._lock:
            self._under_way.pop(key).set_result(raw)


FLIGHTS: Final = Flights()
