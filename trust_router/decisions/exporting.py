"""An export: decisions of a posterior in one small file, for where PyMC is not."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from trust_router.basics.files import write_text
from trust_router.decisions.constant import worse_than_constant
from trust_router.decisions.costs import Costs
from trust_router.decisions.deciding import decided
from trust_router.decisions.exported import FORMAT, as_text
from trust_router.inputs.expected import expect
from trust_router.learning.gate import check_posterior
from trust_router.learning.portable import tickets_as_data
from trust_router.learning.posterior import Posterior

__all__ = ["export"]


def export(
    posterior: Posterior, costs: Costs, path: str | Path, *, allow_unconverged: bool = False
) -> Path:
    """Write the decisions of a posterior to a small JSON file, which `read_export` reads.

    Parameters
    ----------
    posterior : Posterior
    costs : Costs
        For which categories are decided; single tickets may have others.
    path : path
        File to be written; an older one is replaced whole or not at all.
    allow_unconverged : bool
        Go on also with draws that may not be trusted. Each decision from the file has to allow it
        again.

    Returns
    -------
    Path
        ``path``.

    Raises
    ------
    ConvergenceError
        If the draws may not be trusted, unless that is allowed in this call.
    OSError
        If the file cannot be written.

    Notes
    -----
    For each category the file holds what `trust_router.decide` says, from all draws: a reader in
    any language finds it under ``decisions``. For single tickets (the pool model) it holds the
    parameters' draws that `Posterior.predict` takes, and the distinct rows that were fitted,
    against which the pool ranks a belief; the file grows with their number. It holds no code, no
    texts and no identifiers of tickets, and a digest of all that.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from trust_router import Costs, solve
    >>> from trust_router.decisions import read_export
    >>> from trust_router.examples import load_seed
    >>> with TemporaryDirectory() as folder:
    ...     path = export(solve(*load_seed()), Costs(0.03, 3.0, failure=5.0), f"{folder}/e.json")
    ...     read_export(path).decide("transfer failed").action
    'simple first'
    """
    check_posterior(posterior, allow_unconverged)
    expect(costs, Costs, "costs")
    content = _content(posterior, costs)
    return write_text(path, as_text(content))


def _content(posterior: Posterior, costs: Costs) -> dict[str, Any]:
    found = posterior.diagnostics
    return {
        "format": FORMAT,
        "provenance": posterior.provenance,
        "diagnostics": None if found is None else asdict(found),
        "costs": asdict(costs),
        "warning": worse_than_constant(posterior.foretold, costs, by_category=True),
        "decisions": {
            str(name): {key: _plain(value) for key, value in row.items()}
            for name, row in decided(posterior, costs).to_dict("index").items()
        },
        "tickets": tickets_as_data(posterior),
    }


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and value != value else value
