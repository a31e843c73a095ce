"""Pictures: PNG of the width of a page, the same bytes each time, whatever the words; nothing to show is no mistake."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import random
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from tasks.adapters.plots import canvas
from tasks.adapters.plots.compliance import Lateness, Outcome, OutcomeLabels, draw_lateness, draw_outcomes
from tasks.adapters.plots.gantt import STATES, Bar, GanttLabels, Mark, draw_edition, draw_session

ROOT = Path(__file__).parents[2]
DAY = dt.date(2031, 3, 3)
LABELS = GanttLabels(
    {"note": "Note", "paper": "Paper"}, {state: state.title() for state in STATES}, "First planned", "Critical", "Today"
)
OUTCOMES = OutcomeLabels("On time", "Late", "Missing", "Submissions")
MARKS = [Mark(DAY + dt.timedelta(days=20), "Meeting"), Mark(DAY + dt.timedelta(days=22), "Another meeting")]


def bars(count: int = 20, row: str = "") -> list[Bar]:
    return [
        Bar(
            row or f"Deadline {n}", DAY + dt.timedelta(days=5 * n), DAY + dt.timedelta(days=5 * n + 7), f"Day {n}",
            "note" if n < 5 else "paper", STATES[n % 4], DAY + dt.timedelta(days=5 * n + n % 3), n % 2 == 0,
        )
        for n in range(count)
    ]  # fmt: skip


def session(of: list[Bar], marks: list[Mark] = MARKS, today: dt.date | None = DAY, language: str = "en") -> bytes:
    return draw_session(of, marks, today, title="Session 1.1", labels=LABELS, language=language)


def edition(of: list[Bar], marks: list[Mark] = MARKS, today: dt.date | None = DAY, language: str = "en") -> bytes:
    return draw_edition(of, marks, today, title="All", labels=LABELS, language=language)


def outcomes(of: list[Outcome], language: str = "en", longest: int = 0) -> bytes:
    return draw_outcomes(of, title="By stage", labels=OUTCOMES, language=language, longest=longest)


def lateness(of: list[Lateness], language: str = "en") -> bytes:
    return draw_lateness(of, title="Late", axis="Working days", language=language)


def opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    assert picture.format == "PNG"
    return picture.convert("RGB")


def grey_of(colour: str) -> int:
    """How light a colour is in grey print, of 255."""
    return Image.new("RGB", (1, 1), colour).convert("L").tobytes()[0]


def drawn(data: bytes) -> int:
    """How many points of a picture are not white."""
    picture = opened(data)
    inked = ImageChops.difference(picture, Image.new("RGB", picture.size, "white")).convert("L")
    return sum(inked.histogram()[1:])


THREE = [Outcome("Note", 9, 3, 0), Outcome("Paper", 0, 0, 0), Outcome("Panel", 1, 20, 2)]
DRAW: dict[str, Callable[[], bytes]] = {
    "session": lambda: session(bars()),
    "edition": lambda: edition([bar for n in range(12) for bar in bars(20, f"1.{n}")]),
    "outcomes": lambda: outcomes(THREE),
    "lateness": lambda: lateness([Lateness("Upland", (12, 3, 1)), Lateness("Lowland", ())]),
}


@pytest.mark.parametrize("kind", DRAW)
def test_a_picture_is_as_wide_as_a_landscape_page_and_the_same_bytes_each_time(kind: str):
    data = DRAW[kind]()
    assert data == DRAW[kind]()
    picture = Image.open(io.BytesIO(data))
    dots_per_cm = picture.info["dpi"][0] / 2.54
    assert picture.width / dots_per_cm == pytest.approx(canvas.WIDTH_CM, abs=0.1)
    assert picture.height / dots_per_cm < 15
    assert "Software" not in picture.info


def test_pictures_drawn_at_once_are_those_drawn_alone():
    alone, made = session(bars()), dict[int, bytes]()
    threads = [threading.Thread(target=lambda n=n: made.update({n: session(bars())})) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [made[n] == alone for n in range(3)] == [True] * 3


def test_nothing_to_show_is_a_picture_all_the_same():
    empty = [session([], [], None), edition([], [], None), outcomes([]), lateness([])]
    assert all(0 < drawn(data) < drawn(outcomes(THREE)) for data in empty)
    assert drawn(session([], MARKS)) > drawn(empty[0]), "meetings alone are shown"


@pytest.mark.parametrize(
    "change",
    [
        {"state": "late"},
        {"critical": True},
        {"baseline_end": DAY},
        {"kind": "note"},
        {"label": "Other"},
        {"end": DAY + dt.timedelta(days=9)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_is_told_of_a_milestone_can_be_seen(change: dict[str, object]):
    plain = {"row": "Draft", "start": DAY, "end": DAY + dt.timedelta(days=7), "label": "Day", "kind": "paper"}
    before = Bar(**plain, state="planned")  # type: ignore[arg-type]
    other = Bar(**{**plain, "kind": "note", "row": "Note"}, state="met")  # type: ignore[arg-type]
    after = Bar(**{**plain, "state": "planned", **change})  # type: ignore[arg-type]
    grey = [opened(session([other, bar])).convert("L") for bar in (before, after)]
    assert grey[0].tobytes() != grey[1].tobytes(), "not even in grey print"


def test_stages_differ_in_grey_print():
    shades = [grey_of(colour) for colour in canvas.PALETTE[:5]]
    assert all(lighter - darker >= 20 for darker, lighter in itertools.pairwise(shades))


def test_several_pictures_can_share_an_axis():
    few = [Outcome("Note", 2, 0, 0)]
    assert drawn(outcomes(few, longest=40)) < drawn(outcomes(few))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ar", "تسليم المذكرة المفاهيمية (1.1)"),
        ("zh", "概念说明截止日期"),
        ("ru", "Представление записки"),
        ("en", "$5_a^b$ 𓀀 \u200f\t&<"),
    ],
)
def test_words_of_every_script_are_drawn_without_a_warning(language: str, words: str):
    labels = GanttLabels({"paper": words}, dict.fromkeys(STATES, words), words, words, words)
    bar = Bar(words, DAY, DAY + dt.timedelta(days=30), words, "paper", "late", DAY, True)
    for draw in (draw_session, draw_edition):
        assert drawn(draw([bar], [Mark(DAY, words)], DAY, title=words, labels=labels, language=language)) > 0
    assert drawn(outcomes([Outcome(words, 1, 1, 1)], language)) > 0
    assert drawn(lateness([Lateness(words, (2, 1))], language)) > 0


def test_arabic_runs_from_right_to_left():
    early = [Bar("D", DAY, DAY + dt.timedelta(days=2), "", "paper", "met"), *bars(1)]
    halves = []
    for language in ("en", "ar"):
        picture = opened(draw_session(early[:1], [Mark(DAY + dt.timedelta(days=200), "")], None, title="",
                                      labels=LABELS, language=language))  # fmt: skip
        colour = tuple(int(canvas.PALETTE[1][at : at + 2], 16) for at in (1, 3, 5))
        top = picture.crop((0, 0, picture.width, picture.height // 2))
        places = [n % top.width for n, point in enumerate(top.get_flattened_data()) if point == colour]
        halves.append(sum(places) / len(places) > picture.width / 2)
    assert halves == [False, True]


def test_each_language_has_its_own_months():
    said = {}
    for language in ("zh", "fr", "ru", "ar"):
        _, axes = canvas.start(5)
        canvas.set_days(axes, DAY, DAY + dt.timedelta(days=100), language)
        said[language] = axes.get_xticklabels()[0].get_text()
    assert said == {"zh": "4月 2031", "fr": "avr. 2031", "ru": "апр. 2031", "ar": "أبريل 2031"}


def test_a_long_name_is_cut_where_its_letters_take_the_room():
    assert canvas.shorten("abcdef", 6) == "abcdef"
    assert canvas.shorten("abc defg", 5) == "abc d…"
    assert canvas.shorten("概念说明", 4) == "概念…"


@pytest.mark.soak
def test_any_plan_can_be_drawn(rounds: Callable[[int, int], int]):
    chance = random.Random(8)
    signs = "".join(map(chr, [*range(32, 1600), *range(0x2000, 0x2070), *range(0x4E00, 0x4E40), 0x1F600, 0xE000]))
    for _ in range(rounds(3, 40)):
        words = ["".join(chance.choices(signs, k=chance.randint(0, 90))) for _ in range(4)]
        made = [
            Bar(row, day, day + dt.timedelta(days=chance.randint(-5, 90)), row, row[:1], STATES[chance.randint(0, 3)],
                DAY + dt.timedelta(days=chance.randint(-300, 300)), chance.random() < 0.5)
            for row in words
            for day in [DAY + dt.timedelta(days=chance.randint(-40, 1800))] * chance.randint(0, 3)
        ]  # fmt: skip
        language = chance.choice(["en", "ar", "zh"])
        assert drawn(session(made, [Mark(DAY, row) for row in words], language=language)) > 0
        assert drawn(edition(made, [], language=language)) > 0


def test_no_state_of_pyplot_is_loaded():
    code = "import sys, tasks.adapters.plots.gantt; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
