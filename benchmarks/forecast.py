"""The forecast at 12, 120 and 1,200 sessions, against drawing as many lognormal random numbers and nothing else.

python -m benchmarks.forecast                    12, 120 and 1,200 sessions
python -m benchmarks.forecast --sessions 12 --picture
"""

from __future__ import annotations

import argparse
import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from benchmarks.seasons import made_up
from tasks.adapters.plots.forecast import ForecastLabels, draw_forecast
from tasks.domain.forecast import Forecast, Inputs, forecast
from tasks.domain.forecast.calibration import show
from tasks.domain.forecast.outcome import simulate

START, TODAY = dt.date(2007, 1, 8), dt.date(2007, 2, 9)
#: Sessions, and the seasons simulated of them: 1,200 sessions of 10,000 seasons would not fit into 4 GB of memory.
SIZES = {12: 10_000, 120: 10_000, 1_200: 1_000}
_Made = TypeVar("_Made")
_LABELS = ForecastLabels("10 to 90 % sure", "median", "planned", "issued", "today", "on time", "90 % by")


@dataclass(frozen=True)
class Measured:
    """Seconds that the forecast took, the picture (0 where none was drawn), and the floor."""

    sessions: int
    activities: int
    issues: int
    seasons: int
    forecast: float
    picture: float
    floor: float


def mid_season(sessions: int) -> Inputs:
    """A made-up season of one paper a session in four languages, at the end of its fifth week."""
    plan = made_up(sessions, start=START, today=START)
    return show(TODAY, plan, simulate(plan, seed=1, seasons=1), 0)


def measure(sessions: int, *, picture: bool) -> Measured:
    """Forecast so many sessions once, then draw as many random numbers as there are activities and seasons."""
    inputs, seasons = mid_season(sessions), SIZES.get(sessions, 10_000)
    still = sum(activity.ended is None for activity in inputs.activities)
    took, found = _timed(lambda: forecast(inputs, seed=1, seasons=seasons))
    drawing = _timed(lambda: _draw(found))[0] if picture else 0.0
    rng = np.random.default_rng(1)

    def floor() -> None:
        for _ in range(still):
            rng.lognormal(2.5, 0.6, seasons)

    return Measured(sessions, len(inputs.activities), len(found.issues), seasons, took, drawing, _timed(floor)[0])


def _draw(found: Forecast) -> bytes:
    rows = [(f"{issue.paper} {issue.language}", issue) for issue in found.issues]
    return draw_forecast(rows, today=found.today, title="Forecast", labels=_LABELS, language="en")


def _timed(do: Callable[[], _Made]) -> tuple[float, _Made]:
    began = time.perf_counter()
    made = do()
    return time.perf_counter() - began, made


def report(sizes: list[int], *, picture: bool) -> None:
    """Print a line for each number of sessions; the picture is drawn of the smallest only."""
    print("Forecast (goal: 12 sessions, 10,000 seasons, picture included, under 5 s)")
    print("  sessions  activities  issues  seasons  forecast s  picture s  random numbers alone s  ratio")
    for sessions in sizes:
        m = measure(sessions, picture=picture and sessions == min(sizes))
        print(
            f"  {m.sessions:8,}  {m.activities:10,}  {m.issues:6,}  {m.seasons:7,}  {m.forecast:10.2f}"
            f"  {m.picture:9.2f}  {m.floor:22.3f}  {m.forecast / m.floor:5.1f}",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--picture", action=argparse.BooleanOptionalAction, default=True)
    options = parser.parse_args()
    report(options.sessions, picture=options.picture)


if __name__ == "__main__":
    main()
