"""What every picture is drawn on: the width of a landscape page, fonts for every script, a PNG at the end.

Nothing here is global: each picture has its own Figure, so that several may be drawn at once. matplotlib shapes Arabic
and turns it from right to left itself (since 3.11). The same values give the same bytes on one machine; with other
fonts installed the letters differ.
"""

from __future__ import annotations

import datetime as dt
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import date2num
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font

from tasks.domain.locale import format_date, is_rtl

#: The width of the text on a landscape A4 page of the templates, in centimetres.
WIDTH_CM: Final = 25.7
#: The highest picture; more rows than that leave room for are drawn closer.
_HIGHEST_CM: Final = 100.0
_DOTS_PER_INCH: Final = 150
_CM_PER_INCH: Final = 2.54
INK, GREY, PALE, ALARM = "#1a1a1a", "#595959", "#d5dae3", "#9c1c1c"
#: Stages and outcomes: each as much lighter than the one before that they differ in grey print too.
PALETTE: Final = ("#1f3864", "#2e7f7b", "#c9782c", "#83b4dd", "#ead595", "#8d8d8d")
#: What the Word templates use comes first; DejaVu Sans comes with matplotlib and has Arabic; the last ones are Chinese.
_FAMILIES: Final = (
    "Calibri", "Carlito", "DejaVu Sans", "Noto Sans Arabic", "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC",
    "WenQuanYi Zen Hei", "SimSun",
)  # fmt: skip
#: Shown for a character that no font here has; a blank would hide that something is missing.
_NO_GLYPH: Final = "\u25a1"
#: Accents, vowel signs and marks of direction: no letters of their own.
_JOINING: Final = ("Mn", "Mc", "Me", "Cf")


def start(height_cm: float) -> tuple[Figure, Axes]:
    """An empty picture of `height_cm`."""
    size = (WIDTH_CM / _CM_PER_INCH, min(height_cm, _HIGHEST_CM) / _CM_PER_INCH)
    figure = Figure(figsize=size, dpi=_DOTS_PER_INCH, layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    axes: Axes = figure.add_subplot()
    for side in ("top", "left", "right"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(GREY)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, colors=INK)
    return figure, axes


def set_title(axes: Axes, title: str, language: str, *, lines_between: int = 0) -> None:
    """The picture's title, on the side where the language begins, above so many lines of names.

    Without one nothing is drawn.
    """
    if not title:
        return
    axes.set_title(
        shown(shorten(title, 110), bold=True), loc="right" if is_rtl(language) else "left", color=PALETTE[0],
        fontproperties=font(11, bold=True), parse_math=False, pad=8 + 10 * lines_between,
    )  # fmt: skip


def finish(figure: Figure) -> bytes:
    """The picture as PNG, without the name of the program that drew it: same picture, same bytes."""
    written = io.BytesIO()
    figure.savefig(written, format="png", dpi=_DOTS_PER_INCH, metadata={"Software": None})
    return written.getvalue()


def font(points: float, *, bold: bool = False) -> FontProperties:
    """A font that takes from each family installed here what the ones before it lack."""
    return FontProperties(family=list(_families()), size=points, weight="bold" if bold else "normal")


def shown(text: str, *, bold: bool = False) -> str:
    """`text` on one line, what no font here can show replaced by a box; matplotlib would warn of it.

    A mark that joins the letter before it must come from that letter's font; where none has both it is left out.
    """
    fonts = _fonts(bold)
    made: list[str] = []
    letter = ""  # with the marks that have joined it
    for sign in " ".join(text.split()):
        if unicodedata.category(sign) in _JOINING:
            if letter and any(known.issuperset(map(ord, letter + sign)) for known in fonts):
                made.append(sign)
                letter += sign
        elif any(ord(sign) in known for known in fonts):
            made.append(sign)
            letter = sign
        elif unicodedata.category(sign) != "Cc":
            made.append(_NO_GLYPH)
            letter = _NO_GLYPH
    return "".join(made)


def shorten(text: str, room: int) -> str:
    """`text` in the room of so many Latin letters; East Asian signs take two. What is cut off ends with an ellipsis."""
    taken = 0
    for place, sign in enumerate(text):
        taken += 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        if taken > room:
            return f"{text[:place].rstrip()}…"
    return text


def day_number(day: dt.date) -> float:
    """A day as a place on the axis."""
    return float(date2num(day))  # type: ignore[no-untyped-call]


def set_days(axes: Axes, first: dt.date, last: dt.date, language: str) -> None:
    """Let the horizontal axis run over these days, from right to left where the language does."""
    ends = (day_number(first), day_number(last))
    axes.set_xlim(ends[::-1] if is_rtl(language) else ends)
    short = (last - first).days <= 80
    ticks = list(_weeks(first, last) if short else _months(first, last))
    step = max(1, -(-len(ticks) // 16))
    # Not LLL, a month standing alone: Babel (2.18) then gives one language the names of another, asked for before.
    form = "d MMM" if short else "MMM y"
    axes.set_xticks([day_number(tick) for tick in ticks[::step]])
    axes.set_xticklabels([shown(format_date(tick, language, form)) for tick in ticks[::step]], fontproperties=font(8))
    axes.grid(axis="x", color=PALE, linewidth=0.6)


def set_rows(axes: Axes, names: Iterable[str], bold: Iterable[bool], points: float, language: str) -> None:
    """Name the rows of the vertical axis, the first one on top, on the side where the language begins."""
    rows, weights = list(names), list(bold)
    axes.set_ylim(max(len(rows), 1) - 0.4, -0.6)
    if is_rtl(language):
        axes.yaxis.tick_right()  # the names made below are those of the side the ticks stand on
        axes.tick_params(length=0)
    axes.set_yticks(range(len(rows)))
    axes.set_yticklabels([shown(shorten(name, 46), bold=strong) for name, strong in zip(rows, weights, strict=True)])
    for label, strong in zip(axes.get_yticklabels(), weights, strict=True):
        label.set(fontproperties=font(points, bold=strong), parse_math=False)


def draw_legend(figure: Figure, named: Sequence[tuple[Artist, str]], language: str) -> None:
    """A legend below the picture, its marks on the side where the language begins."""
    rtl = is_rtl(language)
    legend = figure.legend(
        [mark for mark, _ in named], [shown(shorten(name, 34)) for _, name in named], loc="outside lower center",
        ncols=min(len(named), 6), frameon=False, prop=font(8), markerfirst=not rtl, reverse=False, handlelength=1.8,
    )  # fmt: skip
    for text in legend.get_texts():
        text.set_parse_math(False)


def _weeks(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    day = first + dt.timedelta(days=-first.weekday() % 7)
    while day <= last:
        yield day
        day += dt.timedelta(days=7)


def _months(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    year, month = first.year, first.month
    while (day := dt.date(year, month, 1)) <= last:
        if day >= first:
            yield day
        year, month = year + month // 12, month % 12 + 1


@lru_cache(maxsize=1)
def _families() -> tuple[str, ...]:
    """The families that are installed; asked for another one matplotlib would complain."""
    there = set(fontManager.get_font_names())
    return tuple(family for family in _FAMILIES if family in there)


@lru_cache(maxsize=2)
def _fonts(bold: bool) -> tuple[frozenset[int], ...]:
    """The characters that each family has in this weight."""
    weight = "bold" if bold else "normal"
    files = [findfont(FontProperties(family=[family], weight=weight)) for family in _families()]
    return tuple(frozenset(get_font(file).get_charmap()) for file in files)
