"""How pictures look: colours, fonts, names cut to size, legends; shared by all that draw."""

from __future__ import annotations

import base64
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.text import Text
from matplotlib.ticker import PercentFormatter

from trust_router.basics.words import isolated, plain

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "COLOURS",
    "GREY",
    "INK",
    "LEGEND_ROW",
    "SIDE_LENGTH",
    "STYLE",
    "WIDTH",
    "axes_or_new",
    "colours",
    "inline_picture",
    "legend_below",
    "legend_columns",
    "percent_axis",
    "short",
    "shortened",
    "style",
    "take_literally",
]

# Okabe and Ito's palette: told apart by colour-blind readers, and by luminance in grey.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442")
STYLE: dict[Any, Any] = {
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": "medium",
    "figure.constrained_layout.use": True,
    "font.size": 10.0,
    "legend.frameon": False,
    "text.parse_math": False,  # names are people's: a "$" in one is a dollar
}
# Tried in this order for characters that Matplotlib's own font lacks, as far as installed.
_FONTS = (
    "Noto Sans CJK JP",
    "Noto Sans CJK SC",
    "Source Han Sans",
    "Hiragino Sans",
    "PingFang SC",
    "Yu Gothic",
    "Microsoft YaHei",
    "Malgun Gothic",
    "WenQuanYi Zen Hei",
    "Arial Unicode MS",
    "Noto Sans Devanagari",
    "Noto Sans Thai",
    "Nirmala UI",
    "Noto Emoji",
    "Segoe UI Emoji",
    "Symbola",
    "Unifont",
)
INK, GREY = "#222222", "#8a8a8a"
WIDTH, LEGEND_ROW = 6.4, 0.22  # inches
_DPI = 160  # of pictures inside pages
NAME_LENGTH, SIDE_LENGTH = 28, 18  # characters, beside a picture and along its side


@contextmanager
def style(settings: dict[Any, Any] = STYLE) -> Iterator[None]:
    """Draw in our style for a while."""
    plt.install_repl_displayhook()  # else leaving the context would turn off display in notebooks
    with plt.rc_context(settings | {"font.family": _font_family()}):
        yield


def _font_family() -> list[str]:
    installed = set(font_manager.get_font_names())
    return [*plt.rcParams["font.family"], *(name for name in _FONTS if name in installed)]


def take_literally(*texts: Text) -> None:
    """Keep a "$" a dollar, also in axes that were made outside our style."""
    for text in texts:
        text.set_parse_math(False)


def axes_or_new(ax: Axes | None, size: tuple[float, float]) -> Axes:
    """Give the axes, or new ones of a size in inches."""
    return plt.subplots(figsize=size)[1] if ax is None else ax


def legend_below(ax: Axes, handles: list[Any], own: int = 1) -> None:
    """Put a legend below the figure; in somebody else's figure, inside the axes."""
    if len(ax.figure.axes) == own:
        columns = legend_columns([handle.get_label() for handle in handles])
        ax.figure.legend(handles=handles, loc="outside lower center", ncols=columns)
    else:  # somebody else's figure: keep to our axes
        ax.legend(handles=handles, fontsize="small", ncols=1 + (len(handles) - 1) // 8)


def legend_columns(labels: Sequence[str]) -> int:
    """How many columns a legend has, so that it is no wider than a picture."""
    widest = 0.6 + 0.073 * max(len(label) for label in labels)  # inches, handle and gaps included
    return int(np.clip(WIDTH / widest, 1, min(3, len(labels))))


def colours(number: int) -> list[str]:
    """So many colours, in turn."""
    return [COLOURS[i % len(COLOURS)] for i in range(number)]


def short(name: str, length: int = NAME_LENGTH) -> str:
    """Cut a name to a length."""
    flat = plain(name)
    return isolated(flat if len(flat) <= length else flat[: length - 1] + "…")


def inline_picture(figure: Figure | Any) -> str:
    """Draw a figure into a data URL, and close it."""
    buffer = BytesIO()
    with warnings.catch_warnings():  # no font has every character; a box stands for it
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        figure.savefig(buffer, format="png", dpi=_DPI, metadata={"Software": None})
    plt.close(figure)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def shortened(names: Sequence[str]) -> list[str]:
    """Cut long names so that they can still be told apart, in their middle if need be."""
    cut = [short(name) for name in names]
    count = Counter(cut)
    head = NAME_LENGTH // 2
    for i, name in enumerate(names):
        flat = plain(name)
        if count[cut[i]] > 1 and len(flat) > NAME_LENGTH:
            cut[i] = isolated(f"{flat[:head]}…{flat[head + 1 - NAME_LENGTH :]}")
    return cut


def percent_axis(ax: Axes, reach: float = 1.0) -> None:
    """Write whole percentages below, from 0 to how far is drawn, but no further than 100 %."""
    ax.set_xlim(0, min(1.0, reach))
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
