"""Pictures show any name as text, whole, in axes of their own or of others."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pytest
from matplotlib import font_manager
from support.pictures import is_cut, solved

import trust_router as tr
from trust_router.show.plots import drawing


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


def test_fonts_that_are_installed_help_out(monkeypatch, exact_posterior):
    monkeypatch.setattr(drawing, "_FONTS", ("No Such Font", "STIXGeneral"))
    ax = tr.plots.trust(exact_posterior)
    assert ax.title.get_fontfamily() == [*plt.rcParams["font.family"], "STIXGeneral"]
    assert set(drawing._FONTS) - set(font_manager.get_font_names()) == {"No Such Font"}


def test_need_costs_and_diagnostics_of_other_models(pool_posterior, switch_posterior, costs):
    for posterior in (pool_posterior, switch_posterior):
        saved = tr.savings(posterior, costs, random_seed=1)
        for ax in (tr.plots.need(posterior, costs=costs), tr.plots.costs(saved)):
            assert not is_cut(ax.figure)
        assert not is_cut(tr.plots.diagnostics(posterior).viz["figure"].item())
    assert len(tr.plots.mixtures(switch_posterior, "kind of ticket 3")) == 2
