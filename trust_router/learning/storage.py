"""Results put together, saved and loaded."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import xarray as xr

from trust_router.inputs.panel import Panel
from trust_router.inputs.rows import Rows
from trust_router.learning.need import seat_shapes
from trust_router.learning.posterior import Posterior

__all__ = ["assemble", "load"]

_CREATOR = "trust_router"
_FORMAT = 2  # of saved files; raise it when their groups or variables change meaning


def assemble(
    groups: Mapping[str, xr.Dataset], panel: Panel, rows: Rows, provenance: Mapping[str, Any]
) -> Posterior:
    """Put result groups and the inputs they came from into one `Posterior`."""
    inputs = xr.Dataset(
        {
            "panel": ((), json.dumps(panel.to_dict())),
            "row_category": ("row", rows.category),
            "alpha": (("row", "judge"), rows.alpha),
            "beta": (("row", "judge"), rows.beta),
            "trials": ("row", rows.trials),
            "needs": ("row", rows.needs),
            "tickets": ("row", rows.number),
        },
        coords={"category": list(rows.categories), "judge": list(rows.judges)},
        attrs={"level": rows.about},
    )
    tree = xr.DataTree.from_dict({**groups, "inputs": inputs})
    for node in tree.subtree:
        node.attrs.pop("created_at", None)  # the same input gives equal content
    tree.attrs = {
        "creator": _CREATOR,
        "format": _FORMAT,
        "provenance": json.dumps(dict(provenance)),
    }
    return Posterior(tree)


def load(path: str | Path) -> Posterior:
    """Read a posterior that `Posterior.save` wrote.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is not netCDF, was not written by this package, or is of another format.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"there is no posterior file {str(path)!r}")
    try:
        # Plain HDF5 has dimensions without names; asking for made-up ones spares a warning.
        with xr.open_datatree(path, engine="h5netcdf", phony_dims="access") as opened:
            tree = opened.load()
    except (KeyError, OSError, RuntimeError, TypeError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise ValueError(f"{path.name} is not a readable netCDF file: {reason}") from None
    if tree.attrs.get("creator") != _CREATOR:
        raise ValueError(
            f"{path.name} was not saved by trust_router; write one with `Posterior.save`"
        )
    posterior = Posterior(tree)
    written = tree.attrs.get("format", "unknown")
    if str(written) != str(_FORMAT):
        raise ValueError(
            f"{path.name} has format {written} (trust_router {_writer(posterior)}), this version "
            f"reads format {_FORMAT}; fit again or install that version"
        )
    try:
        _check_whole(posterior)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise ValueError(f"{path.name} is damaged ({reason}); fit and save again") from None
    return posterior


def _writer(posterior: Posterior) -> str:
    try:
        return str(posterior.provenance["trust_router"])
    except (KeyError, TypeError, ValueError):
        return "of an unknown version"


def _check_whole(posterior: Posterior) -> None:
    """Read what every use needs, so that a damaged file is refused at the door."""
    panel, cells = posterior.panel, len(posterior.outcomes.categories)
    if "trust_router" not in posterior.provenance:
        raise ValueError("its provenance names no version")
    if posterior.has_draws:
        posterior.data["sample_stats"]
    for name, columns in (("trust_mean", panel.routers), ("seat_posterior", panel.seats.labels)):
        found, expected = getattr(posterior, name).shape, (cells, len(columns))
        if found != expected:
            raise ValueError(f"{name} has shape {found} instead of {expected}")
    if seat_shapes(panel, posterior.rows)[0].shape != (
        len(posterior.rows),
        len(panel.seats.labels),
    ):
        raise ValueError("beliefs do not fit the panel")
