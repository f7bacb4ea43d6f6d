"""Pictures: they show the numbers, cut nothing and take any name as text."""

from __future__ import annotations

import string

import matplotlib.pyplot as plt
import numpy as np
import pytest
import xarray as xr
from matplotlib import font_manager
from matplotlib.figure import Figure

import trust_router as tr
from trust_router.learning.models.prior import sample_prior
from trust_router.show.plots import drawing


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


def solved(names, trials, needs, routers=3):
    letters = string.ascii_letters[:routers]
    panel = tr.Panel(
        [tr.Router(f"router {x}", {x: 1.0}, nickname=f"nick {x}") for x in letters],
        [tr.Judge(x, tr.Beta(1 + i % 7, 4)) for i, x in enumerate(letters)],
    )
    outcomes = tr.Outcomes(names, trials, needs)
    return tr.solve(panel, tr.stated_beliefs(panel, names), outcomes)


def is_cut(figure: Figure) -> bool:
    """Whether anything drawn sticks out of the figure."""
    figure.canvas.draw()
    box, (width, height) = figure.get_tightbbox(), figure.get_size_inches()
    return min(box.x0, box.y0) < -0.02 or box.x1 > width + 0.02 or box.y1 > height + 0.02


def test_trust_bars_are_as_long_as_trust_and_say_so(exact_posterior):
    ax = tr.plots.trust(exact_posterior)
    np.testing.assert_allclose(
        [bar.get_width() for bar in ax.patches], exact_posterior.trust_mean[0]
    )
    assert {"34.2%", "47.9%", "17.9%"} <= {text.get_text() for text in ax.texts}
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert labels[0] == "simple\nthe optimist"
    assert not is_cut(ax.figure)


def test_sampled_trust_has_its_interval(nuts_posterior):
    ax = tr.plots.trust(nuts_posterior, ci_prob=0.5)
    lines = ax.collections[-1].get_segments()
    table = nuts_posterior.trust(0.5)
    np.testing.assert_allclose([s[0][0] for s in lines], table["lower"])
    np.testing.assert_allclose([s[1][0] for s in lines], table["upper"])
    assert not is_cut(ax.figure)


def test_mixture_panels_hold_the_density_before_and_after(exact_posterior):
    axes = tr.plots.mixtures(exact_posterior)
    assert len(axes) == 3
    x, after = axes[1].lines[0].get_data()
    np.testing.assert_allclose(after, exact_posterior.mixture("transfer failed", "medium").pdf(x))
    before = axes[1].lines[1].get_ydata()
    prior = exact_posterior.mixture("transfer failed", "medium", prior=True)
    np.testing.assert_allclose(before, prior.pdf(x))
    assert not is_cut(axes[0].figure)


def test_need_shows_mean_interval_rate_and_threshold(exact_posterior, costs):
    ax = tr.plots.need(exact_posterior, costs=costs)
    assert ax.lines[0].get_xdata()[0] == pytest.approx(exact_posterior.need()["mean"].iloc[0])
    assert ax.lines[1].get_xdata()[0] == pytest.approx(3 / 22)
    assert ax.lines[2].get_xdata()[0] == pytest.approx(costs.threshold)
    assert not is_cut(ax.figure)


def test_cost_bars_are_the_expected_costs(exact_posterior, costs):
    saved = tr.savings(exact_posterior, costs, random_seed=1)
    ax = tr.plots.costs(saved)
    np.testing.assert_allclose([bar.get_width() for bar in ax.patches], saved.expected)
    assert not is_cut(ax.figure)


def test_many_categories_are_cut_to_the_busiest_and_said_so():
    names = [f"category {i}" for i in range(57)]
    posterior = solved(names, np.arange(57), np.zeros(57))
    for ax in (tr.plots.trust(posterior), tr.plots.need(posterior)):
        assert len(ax.get_yticklabels()) == 20
        assert ax.get_yticklabels()[0].get_text().startswith("category 56")
        assert "20 of 57 categories" in ax.get_xlabel()
        assert not is_cut(ax.figure)


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "costs $5 to $10", r"\frac{", "a" * 300, "línea\n二"]
)
@pytest.mark.filterwarnings("ignore:Glyph .* missing from font")
def test_any_name_is_drawn_as_text(name, costs):
    posterior = solved([name, "other"], [5, 3], [1, 1])
    axes = [
        tr.plots.trust(posterior, name),
        tr.plots.trust(posterior),
        tr.plots.mixtures(posterior, name)[0],
        tr.plots.need(posterior, costs=costs),
    ]
    for ax in axes:
        assert not is_cut(ax.figure)


def test_eight_routers_fit():
    posterior = solved(["c"], [9], [2], routers=8)
    for ax in (tr.plots.trust(posterior), tr.plots.mixtures(posterior)[0]):
        assert not is_cut(ax.figure)


def test_pictures_draw_into_given_axes(exact_posterior, costs):
    figure, (left, right) = plt.subplots(1, 2)
    assert tr.plots.trust(exact_posterior, ax=left) is left
    assert tr.plots.need(exact_posterior, costs=costs, ax=right) is right
    assert len(figure.axes) == 2


def test_what_cannot_be_drawn_is_said(exact_posterior):
    with pytest.raises(ValueError, match="unknown category 'x'"):
        tr.plots.trust(exact_posterior, "x")
    with pytest.raises(ValueError, match=r"`category` must be given, there are 2; e\.g\. 'a'"):
        tr.plots.mixtures(solved(["a", "b"], [1, 1], [0, 0]))
    with pytest.raises(ValueError, match="`axes` must be one a router, 3; got 1"):
        tr.plots.mixtures(exact_posterior, axes=[plt.subplots()[1]])
    with pytest.raises(ValueError, match="a closed form has no draws"):
        tr.plots.diagnostics(exact_posterior)


def test_diagnostics_are_arviz_plots(nuts_posterior):
    collection = tr.plots.diagnostics(nuts_posterior)
    assert type(collection).__module__.startswith("arviz")
    assert isinstance(collection.viz["figure"].item(), Figure)


def with_categories(posterior, names):
    """Give a sampled posterior of one category others with the same draws."""
    draws = posterior.data["posterior"].to_dataset()[["need"]]
    repeated = draws.isel(category=[0] * len(names)).assign_coords(category=names)
    several = tr.Posterior(xr.DataTree.from_dict({"posterior": repeated}))
    several.__dict__["outcomes"] = tr.Outcomes(names, [9] * len(names), [2] * len(names))
    return several


@pytest.mark.parametrize("names", [["refund"], ["a", "b", "c", "d", "e"], ["x" * 300, "$1 $2"]])
def test_diagnostics_are_whole_and_have_a_row_for_each_of_four_categories(nuts_posterior, names):
    posterior = with_categories(nuts_posterior, names)
    figure = tr.plots.diagnostics(posterior).viz["figure"].item()
    assert len(figure.axes) == 2 * min(len(names), 4)
    assert not is_cut(figure)
    top, bottom = (figure.axes[i].get_tightbbox() for i in (0, -1))
    assert top.y1 > 0.9 * figure.bbox.height
    assert bottom.y0 < 0.1 * figure.bbox.height


def test_small_prices_are_not_shown_as_nothing(exact_posterior):
    costs = tr.Costs(0.0003, 0.004, 0.002, currency="$ or $")
    ax = tr.plots.costs(tr.savings(exact_posterior, costs, tickets=1, random_seed=1))
    assert ax.texts[0].get_text() == "0.004"
    assert ax.texts[1].get_text().startswith("0.0013")
    assert ax.get_xlabel() == "$ or $ per 1 tickets, failures included"


@pytest.mark.parametrize("name", ["costs $5 to $10", r"$\frac{$"])
def test_names_are_no_formulas_in_axes_made_elsewhere(name):
    posterior = solved([name, "other"], [5, 3], [1, 1])
    costs = tr.Costs(1, 3, currency=name)
    with plt.rc_context({"text.parse_math": True}):
        _, axes = plt.subplots(7, figsize=(6, 30))
        for ax in axes:
            ax.set_yticks([0], ["made before"])
        plt.gcf().canvas.draw()
        drawn = [
            tr.plots.trust(posterior, name, ax=axes[0]),
            tr.plots.trust(posterior, ax=axes[1]),
            tr.plots.need(posterior, ax=axes[2]),
            tr.plots.costs(tr.savings(posterior, costs), ax=axes[3]),
            *tr.plots.mixtures(posterior, name, axes=axes[4:]),
        ]
        plt.gcf().canvas.draw()
    ours = [
        text
        for ax in drawn
        for text in ax.findobj(plt.Text)
        if "$" in text.get_text() and text.get_visible()
    ]
    assert len(ours) >= 5
    assert not any(text.get_parse_math() for text in ours)


def test_thirty_routers_are_told_apart_and_leave_room_for_bars():
    ax = tr.plots.trust(solved(["a", "b"], [9, 3], [2, 1], routers=30))
    looks = {(bar[0].get_facecolor(), bar[0].get_hatch()) for bar in ax.containers}
    assert len(looks) == 30
    assert not is_cut(ax.figure)
    height = ax.get_window_extent().height / ax.figure.dpi
    few = tr.plots.trust(solved(["a", "b"], [9, 3], [2, 1]))
    few.figure.canvas.draw()
    assert height > 0.9 * few.get_window_extent().height / few.figure.dpi


def test_long_router_names_fit_below_the_bars():
    letters = "abcdef"
    names = [letter + " very long name of a router" for letter in letters]
    panel = tr.Panel(
        [tr.Router(name, {"j": 1.0}) for name in names], [tr.Judge("j", tr.Beta(1, 2))]
    )
    outcomes = tr.Outcomes(["a", "b"], [3, 4], [1, 1])
    posterior = tr.solve(panel, tr.stated_beliefs(panel, ["a", "b"]), outcomes)
    assert not is_cut(tr.plots.trust(posterior).figure)


def test_observed_rates_of_none_and_all_are_whole_crosses():
    ax = tr.plots.need(solved(["none", "all"], [5, 5], [0, 5]))
    crosses = ax.lines[1]
    assert crosses.get_xdata().tolist() == [0, 1]
    assert not crosses.get_clip_on()


@pytest.mark.parametrize("needs", [0, 100, 2 * 10**8, 10**9])
def test_a_density_like_a_needle_is_seen(needs):
    posterior = solved(["c"], [10**9], [needs])
    for ax, name in zip(tr.plots.mixtures(posterior), posterior.panel.router_names, strict=True):
        density = ax.lines[0].get_ydata()
        mixture = posterior.mixture("c", name)
        peak = mixture.pdf((mixture.alpha[0] - 1) / (mixture.alpha[0] + mixture.beta[0] - 2))
        assert density.max() > 0.9 * peak
        assert ax.get_ylim()[1] > density.max()


def test_a_density_without_bound_is_cut_and_the_rest_seen():
    panel = tr.Panel([tr.Router("r", {"j": 1.0})], [tr.Judge("j", tr.Beta(0.3, 3))])
    posterior = tr.solve(panel, tr.stated_beliefs(panel, ["c"]), tr.Outcomes(["c"], [0], [0]))
    ax = tr.plots.mixtures(posterior)[0]
    assert ax.get_ylim()[1] < 1000


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("\u202eabc", "abc (1 of 5)"),
        ("a\u2069b\u200e", "ab (1 of 5)"),
        ("\N{HEBREW LETTER ALEF}", "\u2068\N{HEBREW LETTER ALEF}\u2069 (1 of 5)"),
    ],
    ids=["override", "stray isolate", "right to left"],
)
def test_counts_keep_their_order_after_any_name(name, label):
    ax = tr.plots.need(solved([name], [5], [1]))
    assert ax.get_yticklabels()[0].get_text() == label


def test_fonts_that_are_installed_help_out(monkeypatch, exact_posterior):
    monkeypatch.setattr(drawing, "_FONTS", ("No Such Font", "STIXGeneral"))
    ax = tr.plots.trust(exact_posterior)
    assert ax.title.get_fontfamily() == [*plt.rcParams["font.family"], "STIXGeneral"]
    assert set(drawing._FONTS) - set(font_manager.get_font_names()) == {"No Such Font"}


def test_pooled_trust_is_one_picture_for_all_categories(pool_posterior):
    for category in (None, "login"):
        ax = tr.plots.trust(pool_posterior, category)
        np.testing.assert_allclose(
            [bar.get_width() for bar in ax.patches], pool_posterior.trust()["mean"]
        )
        assert ax.get_title(loc="left") == "all categories"
        assert ax.get_xlabel() == "trust: weight of the router in the pool"
        assert not is_cut(ax.figure)
    with pytest.raises(ValueError, match="unknown category 'x'"):
        tr.plots.trust(pool_posterior, "x")


@pytest.mark.parametrize(
    ("kind", "category"),
    [
        ("exact_posterior", None),
        ("nuts_posterior", None),
        ("pool_posterior", None),
        ("switch_posterior", "kind of ticket 3"),
    ],
)
def test_seats_show_how_much_each_judge_counts(kind, category, request):
    posterior = request.getfixturevalue(kind)
    ax = tr.plots.seats(posterior, category)
    rows = posterior.seats().loc[category or posterior.trust_categories[0]]
    np.testing.assert_allclose(ax.collections[-1].get_offsets()[:, 0], rows["probability"])
    router, judge = rows.index[0]
    assert ax.get_yticklabels()[0].get_text() == f"{router}: {judge}"
    assert not is_cut(ax.figure)


def test_seats_of_several_categories_ask_for_one(switch_posterior):
    with pytest.raises(ValueError, match="`category` must be given, there are 25"):
        tr.plots.seats(switch_posterior)


def test_where_no_router_has_a_mixture_need_itself_is_drawn(pool_posterior):
    axes = tr.plots.mixtures(pool_posterior, "login")
    assert len(axes) == 1
    legend = [text.get_text() for text in axes[0].figure.legends[0].get_texts()]
    assert legend == ["after the outcomes", "before"]
    assert not is_cut(axes[0].figure)
    with pytest.raises(ValueError, match="`axes` must be one"):
        tr.plots.mixtures(pool_posterior, "login", axes=[axes[0], axes[0]])


def test_need_costs_and_diagnostics_of_other_models(pool_posterior, switch_posterior, costs):
    for posterior in (pool_posterior, switch_posterior):
        saved = tr.savings(posterior, costs, random_seed=1)
        for ax in (tr.plots.need(posterior, costs=costs), tr.plots.costs(saved)):
            assert not is_cut(ax.figure)
        assert not is_cut(tr.plots.diagnostics(posterior).viz["figure"].item())
    assert len(tr.plots.mixtures(switch_posterior, "kind of ticket 3")) == 2


def test_long_names_can_be_told_apart():
    names = [f"a rather long name of a category, number {i}" for i in range(3)]
    ax = tr.plots.need(solved(names, [3, 4, 5], [1, 1, 1]))
    shown = [label.get_text() for label in ax.get_yticklabels()]
    assert len(set(shown)) == 3
    assert shown[0] == "a rather long …ory, number 0 (1 of 3)"


def test_without_outcomes_there_is_no_observed_rate():
    ax = tr.plots.need(solved(["a", "b"], [0, 0], [0, 0]))
    assert [text.get_text() for text in ax.figure.legends[0].get_texts()] == ["need, 89% interval"]
    assert not is_cut(ax.figure)


@pytest.mark.parametrize("model", ["seed", "switch", "pool"])
def test_priors_are_drawn_with_initial_trust(seed, model):
    panel, beliefs, _ = seed
    prior = sample_prior(panel, beliefs, model=model, draws=300)
    need, trust = tr.plots.prior(prior)
    assert need.get_title(loc="left") == f"{model} model, before any outcome"
    dashed = [line.get_xdata()[0] for line in trust.lines]
    np.testing.assert_allclose(dashed, panel.share)
    assert not is_cut(need.figure)
    with pytest.raises(ValueError, match="`axes` must be two"):
        tr.plots.prior(prior, axes=[need])
