"""The results object: the same tables for closed form and NUTS, kept and found again."""

from __future__ import annotations

import h5py
import numpy as np
import pytest
import xarray as xr

import trust_router as tr
from trust_router.learning.exact import closed_form

STATISTICS = ["mean", "sd", "lower", "upper", "mcse", "ess_bulk", "ess_tail", "r_hat"]


def hostile_posterior():
    name = "<script>alert(1)</script>"
    panel = tr.Panel(
        [tr.Router(name, {"j": 1.0}, nickname="$x_1$ & co"), tr.Router("b", {"k": 1.0})],
        [tr.Judge("j", tr.Beta(2, 2)), tr.Judge("k", tr.Beta(1, 4))],
    )
    outcomes = tr.Outcomes([name, "refund $5 to $10"], [5, 7], [2, 3], missing=[1, 0])
    return tr.solve(panel, tr.stated_beliefs(panel, outcomes.categories), outcomes)


def test_exact_trust_is_the_closed_form_without_error(exact_posterior, seed):
    table = exact_posterior.trust()
    np.testing.assert_array_equal(table["mean"], closed_form(*seed).trust[0])
    assert (table["mcse"] == 0).all()
    assert table[["sd", "ess_bulk", "r_hat"]].isna().all(axis=None)
    assert exact_posterior.diagnostics is None


def test_exact_need_has_the_interval_of_its_mixture(exact_posterior):
    row = exact_posterior.need(0.8, "hdi").loc["transfer failed"]
    low, high = exact_posterior.mixture("transfer failed").interval(0.8, "hdi")
    assert (row["lower"], row["upper"]) == (low, high)


def test_tables_have_the_same_shape_however_they_were_computed(exact_posterior, request):
    sampled = request.getfixturevalue("nuts_posterior")
    for name in ("trust", "need", "seats"):
        exact, drawn = (getattr(p, name)() for p in (exact_posterior, sampled))
        assert exact.columns.equals(drawn.columns)
        assert exact.index.equals(drawn.index)
    assert list(sampled.trust().columns) == ["initial", *STATISTICS]


def test_order_of_routers_and_categories_is_kept():
    panel = tr.Panel(
        [tr.Router("z", {"j": 1.0}), tr.Router("a", {"k": 1.0})],
        [tr.Judge("j", tr.Beta(2, 2)), tr.Judge("k", tr.Beta(1, 4))],
    )
    outcomes = tr.Outcomes(["y", "x"], [5, 7], [2, 3])
    posterior = tr.solve(panel, tr.stated_beliefs(panel, ["y", "x"]), outcomes)
    assert posterior.trust().index.to_list() == [("y", "z"), ("y", "a"), ("x", "z"), ("x", "a")]
    assert posterior.need().index.to_list() == ["y", "x"]


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
    with pytest.raises(ValueError, match=r"later\.nc has format 99 .*this version reads format 2"):
        tr.load(tmp_path / "later.nc")


def damaged(posterior, change):
    tree = posterior.data.copy(deep=True)
    changed = change(tree)
    return tree if changed is None else changed


def without(group, variable):
    def change(tree):
        tree[group] = xr.DataTree(tree[group].to_dataset().drop_vars(variable))

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
    tree = nuts_posterior.data.filter(lambda node: node.name != "sample_stats")
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


@pytest.mark.parametrize("kind", ["exact_posterior", "nuts_posterior"])
@pytest.mark.parametrize("table", ["trust", "need"])
@pytest.mark.parametrize(
    ("interval", "message"),
    [
        ({"ci_prob": 3}, "`ci_prob` must lie strictly between 0 and 1; got 3"),
        ({"ci_prob": "0.9"}, "`ci_prob` must lie strictly between 0 and 1; got '0.9'"),
        ({"ci_kind": "x"}, "`ci_kind` must be 'eti' or 'hdi'; got 'x'"),
    ],
)
def test_an_interval_that_is_none_is_refused(kind, table, interval, message, request):
    posterior = request.getfixturevalue(kind)
    with pytest.raises(ValueError, match=message):
        getattr(posterior, table)(**interval)


def test_provenance_names_inputs_and_versions(nuts_posterior, exact_posterior):
    run = nuts_posterior.provenance
    assert run["random_seed"] == 1
    assert {"trust_router", "pymc", "nutpie", "arviz", "numpy", "draws", "chains"} <= set(run)
    assert run["input_hash"] == exact_posterior.provenance["input_hash"]


def test_input_hash_changes_with_any_input(seed):
    panel, beliefs, outcomes = seed
    hashes = {
        tr.solve(p, b, o).provenance["input_hash"]
        for p, b, o in (
            (panel, beliefs, outcomes),
            (panel, beliefs, outcomes + tr.Outcomes(outcomes.categories, [1], [0])),
            (
                panel,
                tr.Beliefs(beliefs.labels, beliefs.judges, beliefs.alpha * 2, beliefs.beta),
                outcomes,
            ),
            (
                tr.Panel(
                    panel.routers, panel.judges, {"simple": 0.5, "medium": 0.25, "complex": 0.25}
                ),
                beliefs,
                outcomes,
            ),
        )
    }
    assert len(hashes) == 4


def test_html_shows_trust_and_escapes_names(exact_posterior):
    assert "47.9%" in exact_posterior._repr_html_()
    html = hostile_posterior()._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_unknown_names_are_listed(exact_posterior):
    with pytest.raises(ValueError, match=r"unknown category 'x'.*'transfer failed'"):
        exact_posterior.mixture("x")
    with pytest.raises(ValueError, match="unknown router 'x'; the panel has simple, medium"):
        exact_posterior.mixture("transfer failed", "x")


def test_prior_mixture_is_what_the_panel_says(exact_posterior):
    prior = exact_posterior.mixture("transfer failed", "simple", prior=True)
    np.testing.assert_allclose(prior.weights, [0.6, 0.4])
    np.testing.assert_allclose(prior.alpha, [3, 1])


def test_ten_thousand_categories_are_solved_at_once(seed):
    panel = seed[0]
    names = [f"c{i}" for i in range(10_000)]
    rng = np.random.default_rng(1)
    trials = rng.integers(0, 50, 10_000)
    outcomes = tr.Outcomes(names, trials, rng.binomial(trials, 0.2))
    posterior = tr.solve(panel, tr.stated_beliefs(panel, names), outcomes)
    assert posterior.trust_mean.shape == (10_000, 3)
    np.testing.assert_allclose(posterior.trust_mean.sum(axis=1), 1)


@pytest.mark.parametrize("kind", ["pool_posterior", "switch_posterior"])
def test_other_models_come_back_whole_too(kind, request, tmp_path):
    posterior = request.getfixturevalue(kind)
    again = tr.load(posterior.save(tmp_path / "p.nc"))
    for name in ("trust", "need", "seats"):
        assert getattr(again, name)().equals(getattr(posterior, name)())
    assert again.options == posterior.options
    assert again.rows.about == posterior.rows.about


def test_pooled_seats_are_weights_that_add_up(pool_posterior):
    seats = pool_posterior.seats().loc["all categories"]
    assert seats["probability"].sum() == pytest.approx(1)
    trust = pool_posterior.trust().loc["all categories"]["mean"]
    by_router = seats["probability"].groupby("router").sum()
    np.testing.assert_allclose(by_router[trust.index], trust)
    np.testing.assert_allclose(seats["weight"].groupby("router").sum(), 1)
    assert (seats["lower"] <= seats["probability"]).all()
    assert (seats["probability"] <= seats["upper"]).all()
    assert "alpha" not in seats


def test_need_of_the_switch_is_as_uncertain_as_its_mixture(switch_posterior):
    """Draws of need include who is right, and the need of that judge."""
    need, mixture = switch_posterior.need(), switch_posterior.mixtures()
    error = 5 * need["mcse"] + 5 * mixture.sd / np.sqrt(200)
    assert (np.abs(need["mean"] - mixture.mean) < error).all()
    np.testing.assert_allclose(need["sd"], mixture.sd, rtol=0.15)


def test_a_notebook_shows_what_trust_is(pool_posterior, switch_posterior):
    page = pool_posterior._repr_html_()
    assert "Trust: weight of the router in the pool (pool model)" in page
    assert "all categories" in page
    page = switch_posterior._repr_html_()
    assert "5 more categories" in page


def test_parameters_are_tabulated_by_name(pool_posterior, exact_posterior):
    table = pool_posterior.parameter("gain", 0.5)
    draws = pool_posterior.data["posterior"]["gain"]
    assert table["mean"].item() == pytest.approx(float(draws.mean()))
    assert table["lower"].item() == pytest.approx(float(draws.quantile(0.25)))
    with pytest.raises(ValueError, match="there are no draws of 'slope'"):
        pool_posterior.parameter("slope")
    with pytest.raises(ValueError, match="there are no draws of 'gain'"):
        exact_posterior.parameter("gain")


def test_beliefs_of_the_other_kind_are_refused(pool_posterior, seed):
    with pytest.raises(ValueError, match=r"fitted to beliefs about tickets; got .* categories"):
        pool_posterior.predict(seed[1])
