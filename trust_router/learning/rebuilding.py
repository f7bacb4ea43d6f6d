"""A result made again from its inputs, as its provenance says that it was made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.matching import match
from trust_router.inputs.outcomes import Outcomes
from trust_router.inputs.panel import Panel
from trust_router.inputs.rows import Rows
from trust_router.learning.models.known import restore
from trust_router.learning.noise import Noise
from trust_router.learning.posterior import Posterior
from trust_router.learning.settings import Settings
from trust_router.learning.solving import solve_rows

__all__ = ["rebuilt", "rows_again"]

_SETTINGS = ("draws", "tune", "chains", "cores", "target_accept", "nuts_sampler")


def rows_again(
    provenance: Mapping[str, Any], panel: Panel, beliefs: Beliefs, outcomes: Outcomes
) -> Rows:
    """Bring inputs together as they were."""
    options = restore(provenance["model"], _options(provenance))
    return match(panel, beliefs, outcomes, warn=False, clock=options.clock())


def rebuilt(provenance: Mapping[str, Any], panel: Panel, rows: Rows) -> Posterior:
    """Solve or fit again, with the same model, options, settings and seed.

    What later outcomes were brought into by weights is fitted anew, to all of them.
    """
    if "random_seed" not in provenance:
        noise = _options(provenance).get("noise")
        return solve_rows(panel, rows, None if noise is None else Noise.from_dict(noise))
    from trust_router.learning.compiled import compile_rows

    options = restore(provenance["model"], _options(provenance))
    settings = Settings.of({name: provenance[name] for name in _SETTINGS if name in provenance})
    compiled = compile_rows(panel, rows, options, settings)
    return compiled.fit_rows(rows, provenance["random_seed"], on_failure="warn")


def _options(provenance: Mapping[str, Any]) -> dict[str, Any]:
    options = dict(provenance.get("options", {}))
    if provenance["model"] == "seed":
        options.setdefault("noise", None)
    return options
