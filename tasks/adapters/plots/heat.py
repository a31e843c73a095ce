"""Where the comments on a paper gather: one strip of the paper, a row for each numbered paragraph."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle

from tasks.adapters.plots.canvas import INK, PALE, PALETTE, finish, font, set_title, shorten, shown, start
from tasks.domain.locale import format_number, is_rtl

#: From none to most; the darker, the more, in grey print too.
_COLOURS: Final = LinearSegmentedColormap.from_list("comments", ["#ffffff", "#ead595", "#c9782c", "#7a1f1f"])
#: Paragraphs in one column; a longer paper gets more columns side by side.
_IN_A_COLUMN: Final = 30
_ROW_CM: Final = 0.5


@dataclass(frozen=True)
class Heat:
    """One paragraph of a paper: its number, how it begins, how many comments it has. A heading has no number."""

    number: int | None
    beginning: str
    comments: int


@lru_cache(maxsize=32)
def draw_heat(paragraphs: tuple[Heat, ...], *, title: str, language: str) -> bytes:
    """The PNG of the paper from its first paragraph to its last, each as dark as it has comments.

    A matrix is made once for its comments and once more for the decisions on them, with the same picture.
    """
    columns = max(1, -(-len(paragraphs) // _IN_A_COLUMN))
    rows = -(-len(paragraphs) // columns) if paragraphs else 1
    figure, axes = start(1.6 + _ROW_CM * max(rows, 4))
    set_title(axes, title, language)
    axes.set_axis_off()
    # Nothing stands around the strip but the title: to measure every text for a layout would take as long as to draw.
    figure.set_layout_engine("none")
    axes.set_position((0.005, 0.01, 0.99, 0.92 if title else 0.98))
    rtl = is_rtl(language)
    axes.set_xlim((columns, 0) if rtl else (0, columns))
    axes.set_ylim(rows, 0)
    most = max((each.comments for each in paragraphs), default=0)
    side, other = ("right", "left") if rtl else ("left", "right")
    for place, each in enumerate(paragraphs):
        column, row = divmod(place, rows)
        share = each.comments / most if most else 0.0
        axes.add_patch(
            Rectangle((column + 0.06, row + 0.08), 0.1, 0.84, facecolor=_COLOURS(share), edgecolor=PALE, linewidth=0.6)
        )
        heading = each.number is None
        if each.number is not None:
            axes.text(
                column + 0.05, row + 0.5, format_number(each.number, language), ha=other, va="center",
                fontproperties=font(8), color=INK,
            )  # fmt: skip
        beginning = shorten(each.beginning, (120 if heading else 140) // columns)
        axes.text(
            column + 0.17, row + 0.5, shown(beginning, bold=heading), ha=side,
            va="center",
            fontproperties=font(7.5, bold=heading), color=PALETTE[0] if heading else INK, parse_math=False,
        )  # fmt: skip
        if each.comments:
            axes.text(
                column + 0.11, row + 0.5, format_number(each.comments, language), ha="center", va="center",
                fontproperties=font(8, bold=True), color="white" if share > 0.55 else INK,
            )  # fmt: skip
    return finish(figure)
