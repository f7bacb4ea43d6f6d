"""The pictures of a report, from its brief, drawn into the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from trust_router.show.plots.costs import draw_costs
from trust_router.show.plots.diagnostics import draw_chains
from trust_router.show.plots.drawing import inline_picture, short
from trust_router.show.plots.drift import drift as draw_drift
from trust_router.show.plots.judges import calibration as draw_calibration
from trust_router.show.plots.judges import dropped as draw_dropped
from trust_router.show.plots.judges import reliability as draw_reliability
from trust_router.show.plots.mixtures import draw_mixtures
from trust_router.show.plots.need import draw_need
from trust_router.show.plots.pit import pit as draw_pit
from trust_router.show.plots.seats import draw_seats
from trust_router.show.plots.selection import draw_selection
from trust_router.show.plots.trust import draw_stacked_trust, draw_trust
from trust_router.show.reports.brief import Brief
from trust_router.show.reports.insights import Insights

__all__ = ["Picture", "pictures"]

_HIGH, _TALL = 0.8, 1.3  # height over width


@dataclass(frozen=True)
class Picture:
    """A picture inside a page.

    Attributes
    ----------
    url : str
        The picture itself.
    shape : {"", "high", "tall"}
        How much of a sheet of paper it may take.
    """

    url: str
    shape: str

    @classmethod
    def of(cls, figure: Any) -> Picture:
        """Draw a figure, and close it."""
        width, height = figure.get_size_inches()
        high = "high" if height > _HIGH * width else ""
        return cls(inline_picture(figure), "tall" if height > _TALL * width else high)


def pictures(brief: Brief) -> dict[str, Picture]:
    """Draw what a brief holds: trust and need always, the rest where it is known."""
    panel, facts, money = brief.panel, brief.facts, brief.money
    figures: dict[str, Any] = {
        "trust": _trust(brief),
        "need": draw_need(brief.need, None if money is None else money.costs.threshold).figure,
    }
    if brief.densities:
        trust = brief.trust.loc[brief.main]["mean"].to_numpy()
        axes = draw_mixtures(brief.densities, panel, trust, category=brief.main)
        figures["mixtures"] = axes[0].figure
    if not facts.closed_form:
        ax = draw_seats(brief.seats, panel, facts, title=brief.stands.category)
        figures["seats"] = ax.figure
    if money is not None:
        per = f"{short(money.costs.currency)} per {money.tickets} tickets"
        figures["costs"] = draw_costs(money.policies, per=per).figure
    if brief.chains is not None:
        collection = draw_chains(brief.chains, brief.outcomes)
        figures["diagnostics"] = collection.viz["figure"].item()
    figures |= _of_insights(brief.insights)
    return {name: Picture.of(figure) for name, figure in figures.items()}


def _of_insights(found: Insights) -> dict[str, Any]:
    """Draw what is told beside trust, need and money."""
    figures: dict[str, Any] = {}
    if found.calibration is not None:
        figures["calibration"] = draw_calibration(found.calibration)[0].figure
    if found.worth is not None:
        figures["worth"] = draw_dropped(found.worth).figure
    if found.reliability is not None:
        figures["reliability"] = draw_reliability(found.reliability)[0].figure
    if found.pit is not None:
        figures["pit"] = draw_pit(found.pit).figure
    if found.selection is not None:
        figures["selection"] = draw_selection(
            found.selection.table(), True, found.selection.trust_varies
        ).figure
    if found.drift is not None:
        figures["drift"] = draw_drift(found.drift).figure
        figures["drifting judges"] = draw_drift(found.drift, of="judges").figure
    return figures


def _trust(brief: Brief) -> Any:
    panel, facts = brief.panel, brief.facts
    if len(brief.trusted) > 1:
        trust = brief.trust["mean"].to_numpy().reshape(-1, len(panel.routers))
        return draw_stacked_trust(trust, panel, brief.outcomes, facts).figure
    label = brief.stands.category
    rows = brief.trust.loc[[label]].droplevel("category")
    return draw_trust(rows, panel, facts, title=label).figure
