"""Saved results come back whole; damaged files are refused in one sentence."""

from __future__ import annotations

import json
import re

import h5py
import numpy as np
import pytest
import xarray as xr
from support.drawn import drawn
from support.hostile import hostile_posterior

import trust_router as tr
from trust_router.learning.posterior import Posterior
from trust_router.learning.storage import assemble, digest


@pytest.mark.parametrize("kind", ["exact_posterior", "nuts_posterior"])
def test_a_saved_posterior_comes_back_whole(kind, request, tmp_path):
    posterior = request.getfixturevalue(kind)
    again = tr.load(posterior.save(tmp_path / "p.nc"))
    for name in ("trust", "need", "seats"):
        assert getattr(again, name)().equals(getattr(posterior, name)())
    assert again.provenance == posterior.provenance
    assert again.diagnostics == posterior.diagnostics
    assert again.panel.to_dict() == posterior.panel.to_dict()
    assert [p.name for p in tmp_path.iterdir()] == ["p.nc"]


def test_hostile_names_survive_saving(tmp_path):
    posterior = hostile_posterior()
    again = tr.load(posterior.save(tmp_path / "p.nc"))
    assert again.outcomes.categories == posterior.outcomes.categories
    assert again.panel.router_names == posterior.panel.router_names


def test_saving_into_no_folder_says_so(exact_posterior, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"there is no folder .*nowhere"):
        exact_posterior.save(tmp_path / "nowhere" / "p.nc")


def test_a_failed_save_leaves_the_old_file(exact_posterior, tmp_path, monkeypatch):
    path = exact_posterior.save(tmp_path / "p.nc")
    before = path.read_bytes()

    def fail(*_args, **_kwargs):
        raise OSError("disk full")

    monkeypatch.setattr(xr.DataTree, "to_netcdf", fail)
    with pytest.raises(OSError, match="disk full"):
        exact_posterior.save(path)
    assert path.read_bytes() == before


def test_what_cannot_be_written_is_said_of_the_file_that_was_named(exact_posterior, tmp_path):
    for name in (tmp_path / ("p" * 300), tmp_path):
        with pytest.raises(OSError, match=f"^'{name}' cannot be written: ") as caught:
            exact_posterior.save(name)
        assert "partial" not in str(caught.value)


def test_loading_refuses_what_is_not_ours(tmp_path, exact_posterior):
    with pytest.raises(FileNotFoundError, match=r"there is no posterior file .*none\.nc"):
        tr.load(tmp_path / "none.nc")
    (tmp_path / "text.nc").write_text("hello")
    with pytest.raises(ValueError, match=r"text\.nc is not a readable netCDF file"):
        tr.load(tmp_path / "text.nc")
    xr.Dataset({"a": 1}).to_netcdf(tmp_path / "other.nc", engine="h5netcdf")
    with pytest.raises(ValueError, match=r"other\.nc was not saved by trust_router"):
        tr.load(tmp_path / "other.nc")
    later = exact_posterior.data.copy()
    later.attrs = exact_posterior.data.attrs | {"format": 99}
    later.to_netcdf(tmp_path / "later.nc", engine="h5netcdf")
    with pytest.raises(ValueError, match=r"later\.nc has format 99 .*this version reads format 3"):
        tr.load(tmp_path / "later.nc")


def damaged(posterior, change):
    tree = posterior.data.copy(deep=True)
    changed = change(tree)
    tree = tree if changed is None else changed
    tree.attrs["digest"] = digest(tree)  # by hand, and well done: the other checks must find it
    return tree


def without(group, variable):
    def change(tree):
        tree[group] = xr.DataTree(tree[group].to_dataset().drop_vars(variable))

    return change


def setting(group, variable, value):
    def change(tree):
        values = tree[group].to_dataset()
        held = values[variable].copy()
        held.values = held.values.astype(type(value))
        held[dict.fromkeys(held.dims, 0)] = value
        tree[group] = xr.DataTree(values.assign({variable: held}))

    return change


DAMAGES = {
    "no format": lambda tree: tree.attrs.pop("format") and None,
    "format in words": lambda tree: tree.attrs.update(format="x"),
    "many formats": lambda tree: tree.attrs.update(format=[1, 2]),
    "later, by nobody": lambda tree: tree.attrs.update(format=99, provenance="?"),
    "no provenance": lambda tree: tree.attrs.pop("provenance") and None,
    "provenance is no JSON": lambda tree: tree.attrs.update(provenance="{"),
    "provenance is a list": lambda tree: tree.attrs.update(provenance="[1]"),
    "no inputs": lambda tree: tree.filter(lambda node: node.name != "inputs"),
    "no result": lambda tree: tree.filter(lambda node: node.name != "closed_form"),
    "no groups": lambda tree: xr.DataTree(xr.Dataset(attrs=tree.attrs)),
    "no panel": without("inputs", "panel"),
    "no beliefs": without("inputs", "alpha"),
    "no counts": without("inputs", "trials"),
    "no trust": without("closed_form", "trust"),
    "trust of fewer routers": lambda tree: tree.isel(router=slice(2)),
    "trust of other seats": lambda tree: tree.isel(seat=slice(2)),
    "trust is 7": setting("closed_form", "trust", 7.0),
    "trust is NaN": setting("closed_form", "trust", np.nan),
    "more needs than trials": setting("inputs", "needs", 99),
    "fewer than none": setting("inputs", "needs", -3),
    "a belief below 0": setting("inputs", "alpha", -1.0),
    "a row of no category": setting("inputs", "row_category", 5),
    "routers in another order": lambda tree: tree.isel(router=[2, 1, 0]),
    "options that are no table": lambda tree: tree.attrs.update(
        provenance=json.dumps(json.loads(tree.attrs["provenance"]) | {"options": [1]})
    ),
    "a model that nobody knows": lambda tree: tree.attrs.update(
        provenance=tree.attrs["provenance"].replace('"seed"', '"nonsense"')
    ),
}


@pytest.mark.parametrize("change", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_file_is_refused_in_one_sentence(exact_posterior, tmp_path, change):
    damaged(exact_posterior, change).to_netcdf(tmp_path / "d.nc", engine="h5netcdf")
    with pytest.raises(
        ValueError, match=r"^d\.nc (is damaged \(.+\)|has format .+); fit"
    ) as caught:
        tr.load(tmp_path / "d.nc")
    assert "\n" not in str(caught.value)


def test_a_file_of_draws_without_their_statistics_is_damaged(nuts_posterior, tmp_path):
    tree = damaged(
        nuts_posterior, lambda tree: tree.filter(lambda node: node.name != "sample_stats")
    )
    tree.to_netcdf(tmp_path / "d.nc", engine="h5netcdf")
    with pytest.raises(ValueError, match=r"d\.nc is damaged .*sample_stats"):
        tr.load(tmp_path / "d.nc")


@pytest.mark.parametrize("creator", ["", "trust_router"])
def test_plain_hdf5_is_refused_without_a_warning(tmp_path, creator):
    with h5py.File(tmp_path / "h.nc", "w") as file:
        file["numbers"] = np.arange(3)
        file.attrs["creator"] = creator
    with pytest.raises(ValueError, match=r"^h\.nc (was not saved by|has format unknown)"):
        tr.load(tmp_path / "h.nc")


@pytest.mark.parametrize("kind", ["pool_posterior", "switch_posterior"])
def test_other_models_come_back_whole_too(kind, request, tmp_path):
    posterior = request.getfixturevalue(kind)
    again = tr.load(posterior.save(tmp_path / "p.nc"))
    for name in ("trust", "need", "seats"):
        assert getattr(again, name)().equals(getattr(posterior, name)())
    assert again.options == posterior.options
    assert again.rows.about == posterior.rows.about


def test_every_changed_value_is_found(exact_posterior, tmp_path):
    path = exact_posterior.save(tmp_path / "p.nc")
    tree = xr.open_datatree(path, engine="h5netcdf").load()
    tree.close()
    names = [(g, n) for g in ("closed_form", "inputs") for n in tree[g].to_dataset().variables]
    assert len(names) > 10
    for group, name in names:
        changed = tree.copy(deep=True)
        values = changed[group].to_dataset()
        old = values[name].values
        kind = old.dtype.kind
        if kind in "fi":
            new = old + (1e-12 if kind == "f" else 1)
        else:
            new = np.array(np.asarray(old, dtype=object) + "x", dtype=object)
        changed[group] = xr.DataTree(values.assign({name: (values[name].dims, new)}))
        changed.to_netcdf(tmp_path / "changed.nc", engine="h5netcdf")
        with pytest.raises(ValueError, match=r"changed\.nc is damaged"):
            tr.load(tmp_path / "changed.nc")


def as_of_version_0_1(posterior, path):
    old = posterior.data.copy()
    old.attrs = {k: v for k, v in posterior.data.attrs.items() if k != "digest"}
    old.attrs |= {"format": 2}
    old.to_netcdf(path, engine="h5netcdf")
    return path


# What the pool could be asked for when weights were on a simplex.
OLD_OPTIONS = {
    "scale": "rank",
    "bend": True,
    "category_effects": True,
    "trust_by_category": False,
    "lapses": False,
    "concentration": 1.0,
    "gain_median": 1.65,
    "lapse_beta": [1.0, 30.0],
}


def of_the_old_pool(posterior):
    """The same result as an earlier version would have written it."""
    old = posterior.data.copy()
    provenance = posterior.provenance | {"model": "pool", "options": OLD_OPTIONS}
    old.attrs = posterior.data.attrs | {"provenance": json.dumps(provenance)}
    old.attrs["digest"] = digest(old)
    return Posterior(old)


@pytest.fixture
def switched(categories):
    """A result of the switch, without a fit."""
    calm = {"diverging": (("chain", "draw"), np.zeros((2, 5), dtype=bool))}
    made = drawn(*categories, tr.Switch(weights="fixed", calibration=False), silent_logit=SILENT)
    groups = {"posterior": made.data["posterior"].to_dataset(), "sample_stats": xr.Dataset(calm)}
    return assemble(groups, made.panel, made.rows, made.provenance)


SILENT = np.zeros((2, 5))


@pytest.mark.parametrize("kind", ["exact_posterior", "switched"])
def test_files_of_version_0_1_load_as_before(kind, request, tmp_path):
    posterior = request.getfixturevalue(kind)
    again = tr.load(as_of_version_0_1(posterior, tmp_path / "old.nc"))
    np.testing.assert_array_equal(again.trust_mean, posterior.trust_mean)
    assert again.options == posterior.options


@pytest.mark.parametrize("version", ["0.1", "with a digest"])
def test_a_result_of_the_old_pool_is_refused_and_says_what_to_do(switched, tmp_path, version):
    old = of_the_old_pool(switched)
    path = tmp_path / "old.nc"
    if version == "0.1":
        as_of_version_0_1(old, path)
    else:
        old.save(path)
    with pytest.raises(ValueError, match=r"^old\.nc holds") as caught:
        tr.load(path)
    assert re.fullmatch(
        r"old\.nc holds a result of an earlier pool model \(trust_router [\w.+]+\), whose options "
        "bend, trust_by_category, lapses, concentration, gain_median, lapse_beta this version does "
        "not know; fit again from the same panel, beliefs and outcomes, or install that version",
        str(caught.value),
    )


def test_a_changed_result_of_the_old_pool_is_damaged_first_of_all(switched, tmp_path):
    old = of_the_old_pool(switched)
    old.data.attrs["digest"] = "other"
    with pytest.raises(ValueError, match=r"^old\.nc is damaged \(its values are not those"):
        tr.load(old.save(tmp_path / "old.nc"))
