"""Results put together, saved and loaded; what was changed on the way is refused."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from trust_router.basics.checks import listed, shown_path
from trust_router.basics.words import plain
from trust_router.inputs.keyed import Keyed
from trust_router.inputs.panel import Panel
from trust_router.inputs.rows import Rows
from trust_router.learning.checking import check_result
from trust_router.learning.posterior import Posterior

__all__ = ["assemble", "digest", "load", "noted"]

_CREATOR = "trust_router"
_FORMAT = 3  # of saved files; raise it when their groups or variables change meaning
_WITHOUT_DIGEST = 2  # format of version 0.1, which is read as well


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
            **({} if rows.tickets is None else _keyed(rows.tickets)),
        },
        coords={"category": list(rows.categories), "judge": list(rows.judges)},
        attrs={"level": rows.about},
    )
    if rows.checked is not None:
        inputs["checked"] = (("row", "found", "logged"), rows.checked)
    if rows.period is not None:
        inputs = inputs.assign(row_period=("row", rows.period)).assign_coords(
            period=list(rows.periods)
        )
    tree = xr.DataTree.from_dict({**groups, "inputs": inputs})
    for node in tree.subtree:
        node.attrs.pop("created_at", None)  # the same input gives equal content
    tree.attrs = {
        "creator": _CREATOR,
        "format": _FORMAT,
        "provenance": json.dumps(dict(provenance)),
    }
    tree.attrs["digest"] = digest(tree)
    return Posterior(tree)


def noted(posterior: Posterior, **notes: Any) -> Posterior:
    """Give the same result with something more in its provenance."""
    tree = posterior.data.copy()
    tree.attrs = posterior.data.attrs | {"provenance": json.dumps(posterior.provenance | notes)}
    tree.attrs["digest"] = digest(tree)
    return Posterior(tree)


def _keyed(tickets: Keyed) -> dict[str, tuple[str, NDArray[Any]]]:
    return {
        "ticket_key": ("ticket", tickets.key),
        "ticket_row": ("ticket", tickets.row),
        "ticket_outcome": ("ticket", tickets.outcome),
        **({"ticket_logged": ("ticket", tickets.logged)} if tickets.checked.any() else {}),
    }


def load(path: str | Path) -> Posterior:
    """Read a posterior that `Posterior.save` wrote.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is not netCDF, was not written by this package, is of another format, is
        damaged or was changed, or is one of a model that is not known here, or not any more.

    Examples
    --------
    >>> import trust_router as tr
    >>> file = tr.solve(*tr.examples.load_seed()).save("posterior.nc")  # doctest: +SKIP
    >>> load(file)  # doctest: +SKIP
    Posterior(exact, 3 routers, Outcomes(1 category, 22 trials, 3 needs, 0 missing))
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"there is no posterior file {shown_path(path)}")
    try:
        # Plain HDF5 has dimensions without names; asking for made-up ones spares a warning.
        with xr.open_datatree(path, engine="h5netcdf", phony_dims="access") as opened:
            tree = opened.load()
    except (AttributeError, KeyError, OSError, RuntimeError, TypeError, ValueError) as error:
        reason = plain(str(error))
        raise ValueError(f"{path.name} is not a readable netCDF file: {reason}") from None
    if tree.attrs.get("creator") != _CREATOR:
        raise ValueError(
            f"{path.name} was not saved by trust_router; write one with `Posterior.save`"
        )
    posterior = Posterior(tree)
    written = str(tree.attrs.get("format", "unknown"))
    if written not in (str(_FORMAT), str(_WITHOUT_DIGEST)):
        raise ValueError(
            f"{path.name} has format {plain(written)} (trust_router {_writer(posterior)}), "
            f"this version reads format {_FORMAT}; fit again or install that version"
        )
    from trust_router.learning.models.known import gone_options

    with _damage_said(path):
        if written == str(_FORMAT):
            _check_digest(tree)
        gone = gone_options(posterior.model, posterior.provenance.get("options", {}))
    if gone:
        raise ValueError(
            f"{path.name} holds a result of an earlier {posterior.model} model (trust_router "
            f"{_writer(posterior)}), whose options {listed(gone)} this version does not know; fit "
            "again from the same panel, beliefs and outcomes, or install that version"
        )
    with _damage_said(path):
        check_result(posterior)
    return posterior


@contextmanager
def _damage_said(path: Path) -> Iterator[None]:
    """Say of whatever goes wrong inside that the file is damaged."""
    try:
        yield
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        reason = plain(str(error))
        raise ValueError(f"{path.name} is damaged ({reason}); fit and save again") from None


def _check_digest(tree: xr.DataTree) -> None:
    if tree.attrs.get("digest") != digest(tree):
        raise ValueError("its values are not those that were saved")


def digest(tree: xr.DataTree) -> str:
    """Hash all values of a result, with their names and places."""
    found = hashlib.sha256()
    for node in tree.subtree:
        dataset = node.to_dataset(inherit=False)
        stated = [str(node.attrs.get(name)) for name in ("format", "level", "provenance")]
        found.update(json.dumps([node.path, stated]).encode())
        for name in sorted(map(str, dataset.variables)):
            variable = dataset.variables[name]
            found.update(json.dumps([name, variable.dims, variable.shape]).encode())
            found.update(_plain_bytes(variable.values))
    return found.hexdigest()


def _plain_bytes(values: NDArray[Any]) -> bytes:
    """Bytes that are the same before saving and after loading."""
    if values.dtype.kind in "biu":
        return np.ascontiguousarray(values, dtype="<i8").tobytes()
    if values.dtype.kind == "f":
        return np.ascontiguousarray(values, dtype="<f8").tobytes()
    return json.dumps(np.asarray(values, dtype=str).tolist()).encode()


def _writer(posterior: Posterior) -> str:
    try:
        return plain(str(posterior.provenance["trust_router"]))
    except (KeyError, TypeError, ValueError):
        return "of an unknown version"
