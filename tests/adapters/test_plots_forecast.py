"""The picture of the forecast: the same bytes every time, legible for many rows, in any language."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from tasks.adapters.plots.forecast import ForecastLabels, draw_forecast
from tasks.domain.forecast import IssueForecast

TODAY = dt.date(2007, 3, 9)
ISSUE = IssueForecast(
    "1.1/en", "1.1", "1.1", "en", dt.date(2007, 4, 2), 0.6, dt.date(2007, 3, 20), dt.date(2007, 3, 28),
    dt.date(2007, 4, 20), 2.5,
)  # fmt: skip
LABELS = ForecastLabels("10 to 90 % sure", "median", "planned", "issued", "today", "on time", "90 % by")
ARABIC = ForecastLabels("من 10 إلى 90٪", "الوسيط", "المخطط", "صدر", "اليوم", "في الموعد", "90٪ بحلول")


def draw(*issues: IssueForecast, labels: ForecastLabels = LABELS, language: str = "en") -> bytes:
    rows = [(f"{issue.paper} {issue.language}", issue) for issue in issues]
    return draw_forecast(rows, today=TODAY, title="Forecast", labels=labels, language=language)


def pixels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)


def coloured(png: bytes) -> tuple[int, int]:
    """How many pixels are rather red, and rather blue."""
    red, blue = pixels(png)[..., 0], pixels(png)[..., 2]
    return int((red - blue > 80).sum()), int((blue - red > 80).sum())


def test_the_same_forecast_is_the_same_picture_without_a_date_in_it() -> None:
    png = draw(ISSUE)
    assert png == draw(ISSUE)
    assert b"tEXt" not in png and b"tIME" not in png
    assert png != draw(replace(ISSUE, planned=dt.date(2007, 4, 3)))


def test_every_row_has_room() -> None:
    few, many = pixels(draw(*[ISSUE] * 8)), pixels(draw(*[ISSUE] * 48))
    # 40 rows more, each half a centimetre at least, at 150 dots an inch.
    assert many.shape[0] - few.shape[0] > 40 * 0.5 / 2.54 * 150
    assert many.shape[1] == pytest.approx(few.shape[1], abs=2)


def test_the_colour_tells_what_is_unlikely() -> None:
    unlikely, likely = draw(replace(ISSUE, on_time=0.02)), draw(replace(ISSUE, on_time=0.98))
    assert coloured(unlikely)[0] > 5_000 > coloured(likely)[0]
    # The legend has a little blue of its own.
    assert coloured(likely)[1] > coloured(unlikely)[1] + 5_000


def test_a_bar_of_years_does_not_squeeze_the_others() -> None:
    long = replace(ISSUE, day_90=dt.date(2012, 1, 1))
    alone, beside = draw(long), draw(replace(long, day_90=dt.date(2030, 1, 1)))
    # The axis ends in the same place, so the plots differ by the day that is written beside them and no more.
    differs = (pixels(alone) != pixels(beside)).any(axis=2)
    assert differs[:, : int(differs.shape[1] * 0.85)].sum() == 0
    assert differs.any()


@pytest.mark.parametrize("language", ["ar", "fr", "zh"])
def test_every_language_can_be_written(language: str) -> None:
    issued = replace(ISSUE, done=dt.date(2007, 3, 5), on_time=1.0, day_10=dt.date(2007, 3, 5))
    assert draw(ISSUE, issued, labels=ARABIC if language == "ar" else LABELS, language=language)[:4] == b"\x89PNG"


def test_nothing_to_show_is_an_empty_picture() -> None:
    assert draw()[:4] == b"\x89PNG"
