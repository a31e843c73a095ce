"""The figures of the compliance report as pictures: what came on time, late or not at all, and who was how late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from tasks.adapters.plots.canvas import (
    GREY,
    INK,
    PALE,
    PALETTE,
    draw_legend,
    finish,
    font,
    set_rows,
    set_title,
    shorten,
    shown,
    start,
)
from tasks.domain.locale import format_number, is_rtl

Part = Literal["on_time", "late", "missing"]
#: Dark, light and hatched: told apart without their colours.
_LOOKS: Final[dict[Part, tuple[str, str]]] = {
    "on_time": (PALETTE[0], ""), "late": ("#e0a35c", ""), "missing": ("#ffffff", "////"),
}  # fmt: skip
_ROW_CM: Final = 0.72


@dataclass(frozen=True)
class Outcome:
    """How many submissions of one stage, body or language came on time, late, or are missing past their day."""

    row: str
    on_time: int
    late: int
    missing: int


@dataclass(frozen=True)
class Lateness:
    """Working days by which one party's submissions were late, one figure for each of those."""

    party: str
    days: tuple[int, ...]


@dataclass(frozen=True)
class OutcomeLabels:
    """The words of the legend and of the axis, which counts submissions."""

    on_time: str
    late: str
    missing: str
    axis: str


def draw_outcomes(
    outcomes: Sequence[Outcome], *, title: str, labels: OutcomeLabels, language: str, longest: int = 0
) -> bytes:
    """The PNG of stacked bars, a row each in the order given, their figures inside.

    `language` is a tag such as `fr`; the axis runs to `longest` at least, so that several pictures can be compared.
    """
    figure, axes = start(3.2 + _ROW_CM * max(len(outcomes), 2))
    most = max((o.on_time + o.late + o.missing for o in outcomes), default=0)
    most = max(most, longest)
    _set_axes(axes, [o.row for o in outcomes], most, labels.axis, title, language)
    for place, outcome in enumerate(outcomes):
        begun = 0
        for part, (colour, hatch) in _LOOKS.items():
            count = int(getattr(outcome, part))
            if count:
                axes.barh(place, count, left=begun, height=0.6, color=colour, hatch=hatch, edgecolor=INK, linewidth=0.6)
                _write(axes, begun + count / 2, place, format_number(count, language), colour)
            begun += count
    named = [
        (Patch(facecolor=colour, hatch=hatch, edgecolor=INK, linewidth=0.6), str(getattr(labels, part)))
        for part, (colour, hatch) in _LOOKS.items()
    ]
    draw_legend(figure, named, language)
    return finish(figure)


def draw_lateness(lateness: Sequence[Lateness], *, title: str, axis: str, language: str, longest: int = 0) -> bytes:
    """The PNG of the days each party was late in all, one piece for each submission, the longest first."""
    figure, axes = start(2.6 + _ROW_CM * max(len(lateness), 2))
    most = max((sum(late.days) for late in lateness), default=0)
    most = max(most, longest)
    _set_axes(axes, [late.party for late in lateness], most, axis, title, language)
    for place, late in enumerate(lateness):
        begun = 0
        for number, days in enumerate(sorted(late.days, reverse=True)):
            colour = PALETTE[1] if number % 2 == 0 else "#9fc7c4"
            axes.barh(place, days, left=begun, height=0.6, color=colour, edgecolor="white", linewidth=1)
            if days * 25 >= most:  # else the figure is wider than its piece
                _write(axes, begun + days / 2, place, format_number(days, language), colour)
            begun += days
    return finish(figure)


def _set_axes(axes: Axes, rows: Sequence[str], most: int, axis: str, title: str, language: str) -> None:
    set_title(axes, title, language)
    if not rows:
        axes.set_axis_off()
        return
    set_rows(axes, rows, [False] * len(rows), 8.5, language)
    end = max(most, 1) * 1.02
    axes.set_xlim((end, 0) if is_rtl(language) else (0, end))
    ticks = [tick for tick in MaxNLocator(integer=True, nbins=10).tick_values(0, max(most, 1)) if tick <= end]
    axes.set_xticks(ticks)
    axes.set_xticklabels([format_number(int(tick), language) for tick in ticks], fontproperties=font(8))
    axes.set_xlabel(shown(shorten(axis, 80)), fontproperties=font(8.5), color=GREY, parse_math=False)
    axes.grid(axis="x", color=PALE, linewidth=0.6)


def _write(axes: Axes, across: float, place: int, text: str, colour: str) -> None:
    """A figure on its bar, dark on light or light on dark."""
    red, green, blue = to_rgb(colour)
    light = 0.3 * red + 0.59 * green + 0.11 * blue > 0.5
    axes.text(
        across, place, text, ha="center", va="center", color=INK if light else "white", fontproperties=font(8),
        parse_math=False, bbox={"facecolor": colour, "edgecolor": "none", "pad": 1},
    ).set_in_layout(False)  # fmt: skip
