"""Provenance: what a result was computed from and with."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable
from importlib.metadata import version
from typing import Any

import numpy as np

from trust_router.inputs.panel import Panel
from trust_router.inputs.rows import Rows

__all__ = ["describe_run", "input_hash"]


def input_hash(panel: Panel, rows: Rows) -> str:
    """Hash panel, beliefs and counts; equal inputs give equal hashes on any machine."""
    digest = hashlib.sha256()
    for part in (panel.to_dict(), rows.about, rows.categories):
        digest.update(json.dumps(part, sort_keys=True).encode())
    for shapes in (rows.alpha, rows.beta):
        digest.update(np.ascontiguousarray(shapes, dtype="<f8").tobytes())
    counted = (rows.category, rows.trials, rows.needs, rows.number)
    for counts in counted if rows.checked is None else (*counted, rows.checked):
        digest.update(np.ascontiguousarray(counts, dtype="<i8").tobytes())
    if rows.period is not None:
        digest.update(json.dumps(rows.periods).encode())
        digest.update(np.ascontiguousarray(rows.period, dtype="<i8").tobytes())
    return digest.hexdigest()[:16]


def describe_run(
    panel: Panel,
    rows: Rows,
    *,
    method: str,
    libraries: Iterable[str],
    model: str = "seed",
    settings: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Collect what is needed to get the same numbers again; holds no dates."""
    return {
        "trust_router": version("trust_router"),
        "model": model,
        "method": method,
        "input_hash": input_hash(panel, rows),
        **({} if rows.matches is None else {"matching": rows.matches.to_dict()}),
        **(settings or {}),
        "python": platform.python_version(),
        **{library: version(library) for library in libraries},
    }
