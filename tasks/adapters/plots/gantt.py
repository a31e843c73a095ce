"""The plan as a Gantt picture: one session with a row per milestone, or an edition with a row per session.

What a colour says is said by place, hatching or a mark as well, so that the picture can be read in grey print.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from tasks.adapters.plots.canvas import (
    ALARM,
    GREY,
    INK,
    PALETTE,
    WIDTH_CM,
    day_number,
    draw_legend,
    finish,
    font,
    set_days,
    set_rows,
    set_title,
    shorten,
    shown,
    start,
)
from tasks.domain.locale import is_rtl

State = Literal["met", "late", "open", "planned"]
STATES: Final[tuple[State, ...]] = ("met", "late", "open", "planned")
#: How the end of a bar is marked: shape, filling.
_MARKS: Final[Mapping[State, tuple[str, str]]] = {
    "met": ("o", INK), "late": ("^", ALARM), "open": ("o", "white"), "planned": ("|", INK),
}  # fmt: skip
_HATCH: Final = "/////"
_FEWEST_DAYS: Final = 14


@dataclass(frozen=True)
class Bar:
    """One milestone: from the day it is its mover's move to the day it is due or came in, both included.

    `row` names the row it stands in; `kind` is the id of its stage; `label` stands beside it in a session's picture.
    `baseline_end` is the day first planned, drawn where it is another than `end`.
    """

    row: str
    start: dt.date
    end: dt.date
    label: str
    kind: str
    state: State
    baseline_end: dt.date | None = None
    critical: bool = False


@dataclass(frozen=True)
class Mark:
    """An event that the plan is made for: a meeting or the Forum."""

    date: dt.date
    label: str


@dataclass(frozen=True)
class GanttLabels:
    """The words of the legend. `kinds` has the name of every stage by its id, in the order of the process."""

    kinds: Mapping[str, str]
    states: Mapping[State, str]
    baseline: str
    critical: str
    today: str


def draw_session(
    bars: Sequence[Bar], marks: Sequence[Mark], today: dt.date | None, *, title: str, labels: GanttLabels, language: str
) -> bytes:
    """The PNG of one session's plan: a row per milestone, in the order given. `language` is a tag such as `fr`."""
    rows = list(dict.fromkeys(bar.row for bar in bars))
    critical = {bar.row for bar in bars if bar.critical}
    figure, axes = start(3.2 + max(0.42, min(0.62, 11 / max(len(rows), 1))) * max(len(rows), 3))
    _set_axes(axes, bars, marks, today, title, language)
    set_rows(axes, rows, [row in critical for row in rows], 8, language)
    colours = _colours(bars, labels)
    side = -1 if is_rtl(language) else 1
    for bar in bars:
        place = rows.index(bar.row)
        _draw_bar(axes, bar, place, 0.52, colours[bar.kind])
        _draw_baseline(axes, bar, place)
        shape, filling = _MARKS[bar.state]
        axes.plot(
            [day_number(bar.end) + 0.5], [place], marker=shape, markersize=6, markerfacecolor=filling,
            markeredgecolor=INK, zorder=6,
        )  # fmt: skip
        last = max(bar.end, bar.baseline_end or bar.end)
        axes.annotate(
            shown(shorten(bar.label, 30)), (day_number(last) + 1, place), xytext=(6 * side, 0),
            textcoords="offset points", ha="left" if side > 0 else "right", va="center", color=INK,
            fontproperties=font(7.5), parse_math=False, annotation_clip=False, zorder=7,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.85},
        ).set_in_layout(False)  # fmt: skip
    _legend(figure, bars, labels, colours, language, today)
    return finish(figure)


def draw_edition(
    bars: Sequence[Bar], marks: Sequence[Mark], today: dt.date | None, *, title: str, labels: GanttLabels, language: str
) -> bytes:
    """The PNG of all plans: a row per session with a line per stage, each milestone a small tick at its day.

    Meant for some twenty rows; an edition with more sessions is better drawn in parts.
    """
    rows = list(dict.fromkeys(bar.row for bar in bars))
    figure, axes = start(3.2 + max(0.45, min(0.95, 11 / max(len(rows), 1))) * max(len(rows), 3))
    _set_axes(axes, bars, marks, today, title, language)
    set_rows(axes, rows, [False] * len(rows), 8, language)
    colours = _colours(bars, labels)
    lane = 0.84 / max(len(colours), 1)
    for number, row in enumerate(rows):
        if number % 2 == 0:
            axes.axhspan(number - 0.5, number + 0.5, color="#f3f5f9", zorder=0)
        own = [bar for bar in bars if bar.row == row]
        for position, kind in enumerate(colours):
            stage = [bar for bar in own if bar.kind == kind]
            place = number - 0.42 + lane * (position + 0.5)
            if stage:
                first, last = min(bar.start for bar in stage), max(bar.end for bar in stage)
                axes.add_patch(_rectangle(first, last, place, lane * 0.5, facecolor=colours[kind], zorder=3))
            for bar in sorted(stage, key=lambda bar: bar.state == "late"):
                if bar.critical:
                    _draw_line(axes, bar, place + lane * 0.38, 1.6)
                _draw_tick(axes, bar, place, lane)
    _legend(figure, bars, labels, colours, language, today, ticks=True)
    return finish(figure)


def _set_axes(
    axes: Axes, bars: Sequence[Bar], marks: Sequence[Mark], today: dt.date | None, title: str, language: str
) -> None:
    days = [day for bar in bars for day in (bar.start, bar.end, bar.baseline_end or bar.end)]
    days += [mark.date for mark in marks]
    if not days and today:
        days = [today]
    if not days:
        axes.set_axis_off()
        set_title(axes, title, language)
        return
    first = min(days) - dt.timedelta(days=3)
    last = max(max(days), first + dt.timedelta(days=_FEWEST_DAYS))
    # Room for what stands beside the last bars.
    last += dt.timedelta(days=3 + (last - first).days // 12)
    set_days(axes, first, last, language)
    levels = _draw_marks(axes, marks, (last - first).days)
    set_title(axes, title, language, lines_between=levels)
    if today and first <= today <= last:
        axes.axvline(day_number(today) + 0.5, color=ALARM, linewidth=1.1, linestyle=(0, (4, 2)), zorder=2)


def _draw_marks(axes: Axes, marks: Sequence[Mark], days: int) -> int:
    """Events as lines over all rows, names above. How many levels these take: near ones stand above each other."""
    ends: list[float] = []  # of the last name on each level, in days
    days_per_letter = days / (WIDTH_CM * 0.75) * 0.17
    for mark in sorted(marks, key=lambda mark: mark.date):
        name = shorten(mark.label, 30)
        half = max(len(name), 4) * days_per_letter / 2 * (1.7 if not name.isascii() else 1)
        day = day_number(mark.date) + 0.5
        level = next((at for at, end in enumerate(ends) if day - half > end), len(ends))
        ends[level : level + 1] = [day + half]
        axes.axvline(day, color=GREY, linewidth=1.2, zorder=1)
        axes.annotate(
            shown(name, bold=True), (day, 1), xycoords=("data", "axes fraction"), xytext=(0, 3 + 10 * level),
            textcoords="offset points", ha="center", va="bottom", color=GREY, fontproperties=font(7.5, bold=True),
            parse_math=False,
        )  # fmt: skip
    return len(ends)


def _draw_bar(axes: Axes, bar: Bar, place: float, height: float, colour: str) -> None:
    pale = tuple(0.3 * part + 0.7 for part in to_rgb(colour))
    axes.add_patch(
        _rectangle(
            bar.start, bar.end, place, height, facecolor=pale if bar.state == "planned" else colour, edgecolor=colour,
            linewidth=0.8, zorder=3,
        )
    )  # fmt: skip
    if bar.state == "late":
        axes.add_patch(
            _rectangle(bar.start, bar.end, place, height, fill=False, hatch=_HATCH, edgecolor="white", linewidth=0,
                       zorder=4)
        )  # fmt: skip
    if bar.critical:
        _draw_line(axes, bar, place + height / 2 + 0.09, 2.2)


def _draw_line(axes: Axes, bar: Bar, place: float, points: float) -> None:
    """The mark of the critical path: a dark line along the bar."""
    ends = [day_number(bar.start), day_number(bar.end) + 1]
    axes.plot(ends, [place, place], color=INK, linewidth=points, solid_capstyle="butt", zorder=5)


def _draw_baseline(axes: Axes, bar: Bar, place: float) -> None:
    """Where the milestone was first planned, tied to where it is now."""
    if bar.baseline_end is None or bar.baseline_end == bar.end:
        return
    was, now = day_number(bar.baseline_end) + 0.5, day_number(bar.end) + 0.5
    axes.plot([was, now], [place, place], color=GREY, linewidth=1, linestyle=":", zorder=5)
    axes.plot([was], [place], color=GREY, marker="D", markersize=4.5, markerfacecolor="white", zorder=5)


def _draw_tick(axes: Axes, bar: Bar, place: float, lane: float) -> None:
    day = day_number(bar.end) + 0.5
    if bar.state in ("planned", "open"):
        length = 0.42 if bar.state == "open" else 0.3
        axes.plot([day, day], [place - lane * length, place + lane * length], color=INK, zorder=6,
                  linewidth=1.6 if bar.state == "open" else 0.7)  # fmt: skip
        return
    shape, filling = _MARKS[bar.state]
    axes.plot([day], [place], marker=shape, markersize=3 if bar.state == "met" else 5, markerfacecolor=filling,
              markeredgecolor=INK, markeredgewidth=0.5, zorder=7 if bar.state == "late" else 6)  # fmt: skip


def _rectangle(first: dt.date, last: dt.date, place: float, height: float, **look: object) -> Rectangle:
    """A box over whole days, the last one included."""
    days = max((last - first).days, 0) + 1
    return Rectangle((day_number(first), place - height / 2), days, height, **look)  # type: ignore[arg-type]


def _colours(bars: Iterable[Bar], labels: GanttLabels) -> dict[str, str]:
    """The colour of each stage that the picture shows, by its place in the process."""
    used = {bar.kind for bar in bars}
    kinds = [*labels.kinds, *sorted(used - labels.kinds.keys())]
    return {kind: PALETTE[place % len(PALETTE)] for place, kind in enumerate(kinds) if kind in used}


def _legend(
    figure: Figure, bars: Sequence[Bar], labels: GanttLabels, colours: Mapping[str, str], language: str,
    today: dt.date | None, *, ticks: bool = False,
) -> None:  # fmt: skip
    """What the picture shows and nothing else, below it."""
    named: list[tuple[Artist, str]] = [(Patch(facecolor=c), labels.kinds.get(k, k)) for k, c in colours.items()]
    for state in STATES:
        if not any(bar.state == state for bar in bars):
            continue
        shape, filling = _MARKS[state]
        shape = "|" if ticks and state == "open" else shape
        width = 1.8 if ticks and state == "open" else 0.8
        named.append((
            Line2D([], [], linestyle="", marker=shape, markersize=7, markerfacecolor=filling, markeredgecolor=INK,
                   markeredgewidth=width),
            labels.states[state],
        ))  # fmt: skip
    if not ticks and any(bar.baseline_end not in (None, bar.end) for bar in bars):
        line = Line2D([], [], color=GREY, linestyle=":", marker="D", markersize=5, markerfacecolor="white")
        named.append((line, labels.baseline))
    if any(bar.critical for bar in bars):
        named.append((Line2D([], [], color=INK, linewidth=2.4), labels.critical))
    if today and bars:
        named.append((Line2D([], [], color=ALARM, linestyle=(0, (4, 2))), labels.today))
    if named:
        draw_legend(figure, named, language)
