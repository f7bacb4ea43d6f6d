"""Provenance: what a result was computed from and with."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable
from importlib.metadata import version
from typing import Any

import numpy as np

from trust_router.beliefs import Beliefs
from trust_router.outcomes import Outcomes
from trust_router.panel import Panel

__all__ = ["describe_run", "input_hash"]


def input_hash(panel: Panel, beliefs: Beliefs, outcomes: Outcomes) -> str:
    """Hash panel, beliefs and counts; equal inputs give equal hashes on any machine."""
    digest = hashlib.sha256()
    held = beliefs.select(outcomes.categories, panel.judge_names)
    for part in (panel.to_dict(), outcomes.to_dict()):
        digest.update(json.dumps(part, sort_keys=True).encode())
    for shapes in (held.alpha, held.beta):
        digest.update(np.ascontiguousarray(shapes, dtype="<f8").tobytes())
    return digest.hexdigest()[:16]


def describe_run(
    panel: Panel,
    beliefs: Beliefs,
    outcomes: Outcomes,
    *,
    method: str,
    libraries: Iterable[str],
    settings: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Collect what is needed to get the same numbers again; holds no dates."""
    return {
        "trust_router": version("trust_router"),
        "model": "seed",
        "method": method,
        "input_hash": input_hash(panel, beliefs, outcomes),
        **(settings or {}),
        "python": platform.python_version(),
        **{library: version(library) for library in libraries},
    }
