"""Draw the pictures of docs/gallery.md and of the how-tos: `python docs/gallery_pictures.py`.

All are of the bundled support desk, except for the mixtures (the source's example) and drift. Takes
some minutes on one core, for it fits models, a backtest among them.
"""

from __future__ import annotations

import re
import sys
import warnings
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

import trust_router as tr
from trust_router.examples import load_seed, load_support_desk

HERE = Path(__file__).parent
LINE = re.compile(r"^`(tr\.plots\.(\w+)\(.*\))`$", re.MULTILINE)


def main(*wanted: str) -> None:
    """Draw each picture by the line that stands beside it in the gallery."""
    warnings.simplefilter("ignore")
    text = (HERE / "gallery.md").read_text(encoding="utf-8")
    held = {"tr": tr, **drawn_from(wanted)}
    for line, name in LINE.findall(text):
        if not wanted or name in wanted:
            found = eval(line, held)  # noqa: S307 - our own page
            save(figure_of(found), HERE / "images" / "gallery" / f"{name}.png")
    if not wanted or "outcomes" in wanted:
        save(how_many(), HERE / "images" / "how_many.png")


def drawn_from(wanted: tuple[str, ...]) -> dict[str, object]:
    """Give what the lines of the gallery name."""
    panel, beliefs, outcomes = load_support_desk()
    costs = tr.read_costs(tr.examples.example_path("desk/costs.toml"))
    held: dict[str, object] = {"panel": panel, "beliefs": beliefs, "outcomes": outcomes}
    held |= {"costs": costs, "seed": tr.solve(*load_seed())}
    if wanted != ("outcomes",):
        held["posterior"] = tr.fit(panel, beliefs, outcomes, random_seed=1)
    if not wanted or "drift" in wanted:
        held["drifting"] = tr.fit(*turning(), model=tr.Pool(drift="month"), random_seed=1)
    if not wanted or {"learning", "held_out"} & {*wanted}:
        held["backtest"] = tr.backtest(
            panel, beliefs, outcomes, models=["pool"], feedbacks=[50, 200, 800], splits=3,
            costs=costs, draws=250, tune=300,
        )  # fmt: skip
    return held


def turning() -> tuple[tr.Panel, tr.Beliefs, tr.Outcomes]:
    """Make up a desk of two judges, of which one turns round after 20 weeks, as docs/drift.md."""
    rng = np.random.default_rng(1)
    week = np.repeat(np.arange(30), 60)
    score = rng.normal(size=(len(week), 2))
    turned = np.where(week >= 20, -1, 1)
    chance = 1 / (1 + np.exp(0.5 - score[:, 0] - turned * score[:, 1]))
    tickets = [f"t{i}" for i in range(len(week))]
    time = (np.datetime64("2026-01-05") + 7 * week).astype(str)
    table = pd.DataFrame({"ticket": tickets, "category": "billing", "time": time})
    outcomes = tr.read_outcomes(table.assign(outcome=(rng.random(len(week)) < chance).astype(int)))
    stated = 1 / (1 + np.exp(-score))
    beliefs = tr.Beliefs(tickets, ["a", "b"], 9 * stated, 9 - 9 * stated, about="ticket")
    panel = tr.Panel([tr.Router("first", {"a": 1.0}), tr.Router("second", {"b": 1.0})])
    return panel, beliefs, outcomes


def figure_of(found: object) -> Figure:
    """Give the figure of what a function of `tr.plots` returns."""
    if hasattr(found, "viz"):  # ArviZ's collection of plots
        return plt.gcf()
    first = np.atleast_1d(np.asarray(found, dtype=object)).ravel()[0]
    return first.figure


def save(figure: Figure, path: Path) -> None:
    """Write a picture, as few colours as a page needs."""
    path.parent.mkdir(exist_ok=True)
    figure.savefig(path, dpi=80, bbox_inches="tight", metadata={"Software": None})
    plt.close(figure)
    print(path.name, path.stat().st_size // 1000, "kB", file=sys.stderr)


def how_many() -> Figure:
    """Draw log loss after more and more outcomes, by the tables of docs/evaluation.md."""
    page = (HERE / "evaluation.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([\d,]+) \| (\.\d+) ± (\.\d+) .*\| (\.\d+) ± \.\d+ \|.*$", page, re.M)
    table = pd.DataFrame(rows, columns=["outcomes", "loss", "sd", "tried"])
    table = table.replace(",", "", regex=True).astype(float)
    figure, ax = plt.subplots(figsize=(7.2, 3.8))
    spread = {"color": "#4477aa", "alpha": 0.15, "linewidth": 0}
    ax.fill_between(table.outcomes, table.loss - table.sd, table.loss + table.sd, **spread)
    for column, colour, said in (
        ("loss", "#4477aa", "support desk, hard tickets escalated untried"),
        ("tried", "#228833", "support desk, had all been tried"),
    ):
        ax.plot(table.outcomes, table[column], "o-", color=colour, label=said)
    for data, most, colour in (("fails", 1000, "#ee6677"), ("needs", 5743, "#ccbb44")):
        row = re.search(rf"MMLU-Pro `{data}` \| [^|]+\| ([.\d /]+)\(", page)
        losses = [float(each) for each in row[1].split("/")]
        sizes = [25, 100, 400, most]
        ax.plot(sizes, losses, "s--", color=colour, label=f"MMLU-Pro, {data}")
    ax.set(xscale="log", xlabel="outcomes", ylabel="log loss of tickets not seen")
    ax.set_xticks([25, 100, 400, 1600, 5743], ["25", "100", "400", "1,600", "5,743"])
    ax.minorticks_off()
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.18), ncols=2)
    return figure


if __name__ == "__main__":
    main(*sys.argv[1:])
