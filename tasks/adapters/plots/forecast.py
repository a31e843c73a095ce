"""The forecast as a picture: a bar for every paper and language, from its 10 % day to its 90 % day.

Beside each bar stand the probability of being in time, which is also its colour, and the day that is 90 % sure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.typing import ColorType

from tasks.adapters.plots.canvas import (
    GREY,
    INK,
    day_number,
    draw_legend,
    finish,
    font,
    set_days,
    set_rows,
    set_title,
    shown,
    start,
)
from tasks.domain.forecast import IssueForecast
from tasks.domain.locale import format_date, format_percent, is_rtl

#: The height of a row and of everything else, in centimetres.
_ROW_CM: Final = 0.56
_REST_CM: Final = 3.4
#: The axis ends at most so many days after the last planned day: a bar that goes on gets an arrow instead.
_BEYOND_DAYS: Final = 120
#: From red, unlikely, over yellow to blue, likely: told apart by the colour-blind too.
_COLOURS: Final = mpl.colormaps["RdYlBu"]
#: Where the two columns of figures end, in widths of the axes.
_ON_TIME, _SURE_BY = 1.07, 1.17


@dataclass(frozen=True)
class ForecastLabels:
    """The words of the legend, and the heads of the two columns: the probability, and the day that is 90 % sure."""

    bar: str
    median: str
    planned: str
    issued: str
    today: str
    on_time: str
    sure_by: str


def draw_forecast(
    rows: Sequence[tuple[str, IssueForecast]],
    *,
    today: dt.date,
    title: str,
    labels: ForecastLabels,
    language: str,
) -> bytes:
    """The PNG of the forecast made at the end of `today`, a row for every (name, issue), the first on top.

    `language` is a tag such as `fr`; the axis runs from right to left where the language does.
    """
    figure, axes = start(_REST_CM + _ROW_CM * max(len(rows), 2))
    set_title(axes, title, language, lines_between=1)
    issues = [issue for _, issue in rows]
    first = min([today, *(min(issue.day_10, issue.planned) for issue in issues)])
    planned = max([today, *(issue.planned for issue in issues)])
    last = min(max([planned, *(issue.day_90 for issue in issues)]), planned + dt.timedelta(days=_BEYOND_DAYS))
    set_days(axes, first - dt.timedelta(days=2), last + dt.timedelta(days=2), language)
    set_rows(axes, [name for name, _ in rows], [False] * len(rows), 8, language)
    axes.axvline(day_number(today), color=GREY, linewidth=0.9, linestyle=(0, (4, 3)))
    _write(axes, _ON_TIME, -0.7, labels.on_time, language, head=True)
    _write(axes, _SURE_BY, -0.7, labels.sure_by, language, head=True)
    for place, issue in enumerate(issues):
        if place % 2:
            axes.axhspan(place - 0.5, place + 0.5, color="#f5f5f5", linewidth=0, zorder=0)
        _draw_issue(axes, place, issue, last)
        # What is not issued yet is neither certain nor impossible, even if no season said otherwise.
        share = issue.on_time if issue.done else min(max(issue.on_time, 0.01), 0.99)
        _write(axes, _ON_TIME, place, format_percent(round(share, 2), language), language)
        _write(axes, _SURE_BY, place, format_date(issue.day_90, language, "medium"), language)
    marks = [
        (Patch(facecolor=_colour(0.8), edgecolor=INK, linewidth=0.6), labels.bar),
        (Line2D([], [], color=INK, linewidth=1.6), labels.median),
        (_mark("D", "white", 4.5), labels.planned),
        (_mark("o", _colour(1), 6), labels.issued),
        (Line2D([], [], color=GREY, linewidth=0.9, linestyle=(0, (4, 3))), labels.today),
    ]
    draw_legend(figure, marks, language)
    return finish(figure)


def _draw_issue(axes: Axes, place: int, issue: IssueForecast, last: dt.date) -> None:
    colour = _colour(issue.on_time)
    if issue.done is not None:
        axes.add_line(_mark("o", colour, 6, day_number(issue.done), place))
    else:
        end = min(issue.day_90, last)
        # From the morning of the first day to the evening of the last: one day is a bar too.
        begun, width = day_number(issue.day_10) - 0.5, max((end - issue.day_10).days, 0) + 1
        axes.barh(place, width, left=begun, height=0.62, color=colour, edgecolor=INK, linewidth=0.5)
        if issue.day_50 <= last:
            middle = day_number(issue.day_50)
            axes.plot([middle, middle], [place - 0.31, place + 0.31], color=INK, linewidth=1.6)
        if issue.day_90 > last:
            arrow = "<" if axes.xaxis_inverted() else ">"
            axes.add_line(_mark(arrow, INK, 5, day_number(last) + 1.5, place))
    axes.add_line(_mark("D", "white", 4.5, day_number(issue.planned), place))


def _colour(share: float) -> ColorType:
    """The colour of a probability; the ends of the scale are left out, a black line on them would not be seen."""
    return _COLOURS(0.12 + 0.76 * share)


def _mark(shape: str, colour: ColorType, size: float, across: float | None = None, place: float = 0) -> Line2D:
    """A mark in the picture, or without a place for the legend."""
    at: tuple[list[float], list[float]] = ([], []) if across is None else ([across], [place])
    return Line2D(
        *at, linestyle="none", marker=shape, markerfacecolor=colour, markeredgecolor=INK, markersize=size,
        markeredgewidth=0.8, zorder=4,
    )  # fmt: skip


def _write(axes: Axes, across: float, place: float, text: str, language: str, *, head: bool = False) -> None:
    """A figure beside the axes, on the side where the language ends."""
    rtl = is_rtl(language)
    axes.text(
        1 - across if rtl else across, place, shown(text, bold=head), transform=axes.get_yaxis_transform(),
        ha="left" if rtl else "right", va="bottom" if head else "center", fontproperties=font(8, bold=head),
        parse_math=False,
    )  # fmt: skip
