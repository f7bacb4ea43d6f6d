"""Posteriors to draw, and what every picture must keep to."""

from __future__ import annotations

import string

from matplotlib.figure import Figure

import trust_router as tr


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
