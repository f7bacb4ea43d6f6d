"""Pictures: they show the numbers, cut nothing and take any name as text."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure

import trust_router as tr


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


def solved(names, trials, needs, routers=3):
    letters = "abcdefgh"[:routers]
    panel = tr.Panel(
        [tr.Router(f"router {x}", {x: 1.0}, nickname=f"nick {x}") for x in letters],
        [tr.Judge(x, tr.Beta(1 + i, 4)) for i, x in enumerate(letters)],
    )
    outcomes = tr.Outcomes(names, trials, needs)
    return tr.solve(panel, tr.stated_beliefs(panel, names), outcomes)


def is_cut(figure: Figure) -> bool:
    """Whether anything drawn sticks out of the figure."""
    figure.canvas.draw()
    box, (width, height) = figure.get_tightbbox(), figure.get_size_inches()
    return min(box.x0, box.y0) < -0.02 or box.x1 > width + 0.02 or box.y1 > height + 0.02


def test_trust_bars_are_as_long_as_trust_and_say_so(exact_posterior):
    ax = tr.plot_trust(exact_posterior)
    np.testing.assert_allclose(
        [bar.get_width() for bar in ax.patches], exact_posterior.trust_mean[0]
    )
    assert {"34.2%", "47.9%", "17.9%"} <= {text.get_text() for text in ax.texts}
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert labels[0] == "simple\nthe optimist"
    assert not is_cut(ax.figure)


def test_sampled_trust_has_its_interval(nuts_posterior):
    ax = tr.plot_trust(nuts_posterior, ci_prob=0.5)
    lines = ax.collections[-1].get_segments()
    table = nuts_posterior.trust(0.5)
    np.testing.assert_allclose([s[0][0] for s in lines], table["lower"])
    np.testing.assert_allclose([s[1][0] for s in lines], table["upper"])
    assert not is_cut(ax.figure)


def test_mixture_panels_hold_the_density_before_and_after(exact_posterior):
    axes = tr.plot_mixtures(exact_posterior)
    assert len(axes) == 3
    x, after = axes[1].lines[0].get_data()
    np.testing.assert_allclose(after, exact_posterior.mixture("transfer failed", "medium").pdf(x))
    before = axes[1].lines[1].get_ydata()
    prior = exact_posterior.mixture("transfer failed", "medium", prior=True)
    np.testing.assert_allclose(before, prior.pdf(x))
    assert not is_cut(axes[0].figure)


def test_need_shows_mean_interval_rate_and_threshold(exact_posterior, costs):
    ax = tr.plot_need(exact_posterior, costs=costs)
    assert ax.lines[0].get_xdata()[0] == pytest.approx(exact_posterior.need()["mean"].iloc[0])
    assert ax.lines[1].get_xdata()[0] == pytest.approx(3 / 22)
    assert ax.lines[2].get_xdata()[0] == pytest.approx(costs.threshold)
    assert not is_cut(ax.figure)


def test_cost_bars_are_the_expected_costs(exact_posterior, costs):
    saved = tr.savings(exact_posterior, costs, random_seed=1)
    ax = tr.plot_costs(saved)
    np.testing.assert_allclose([bar.get_width() for bar in ax.patches], saved.expected)
    assert not is_cut(ax.figure)


def test_many_categories_are_cut_to_the_busiest_and_said_so():
    names = [f"category {i}" for i in range(57)]
    posterior = solved(names, np.arange(57), np.zeros(57))
    for ax in (tr.plot_trust(posterior), tr.plot_need(posterior)):
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
        tr.plot_trust(posterior, name),
        tr.plot_trust(posterior),
        tr.plot_mixtures(posterior, name)[0],
        tr.plot_need(posterior, costs=costs),
    ]
    for ax in axes:
        assert not is_cut(ax.figure)


def test_eight_routers_fit():
    posterior = solved(["c"], [9], [2], routers=8)
    for ax in (tr.plot_trust(posterior), tr.plot_mixtures(posterior)[0]):
        assert not is_cut(ax.figure)


def test_pictures_draw_into_given_axes(exact_posterior, costs):
    figure, (left, right) = plt.subplots(1, 2)
    assert tr.plot_trust(exact_posterior, ax=left) is left
    assert tr.plot_need(exact_posterior, costs=costs, ax=right) is right
    assert len(figure.axes) == 2


def test_what_cannot_be_drawn_is_said(exact_posterior):
    with pytest.raises(ValueError, match="unknown category 'x'"):
        tr.plot_trust(exact_posterior, "x")
    with pytest.raises(ValueError, match=r"`category` must be given, there are 2; e\.g\. 'a'"):
        tr.plot_mixtures(solved(["a", "b"], [1, 1], [0, 0]))
    with pytest.raises(ValueError, match="`axes` must be one a router, 3; got 1"):
        tr.plot_mixtures(exact_posterior, axes=[plt.subplots()[1]])
    with pytest.raises(ValueError, match="a closed form has no draws"):
        tr.plot_diagnostics(exact_posterior)


def test_diagnostics_are_arviz_plots(nuts_posterior):
    collection = tr.plot_diagnostics(nuts_posterior)
    assert type(collection).__module__.startswith("arviz")
    assert isinstance(collection.viz["figure"].item(), Figure)
