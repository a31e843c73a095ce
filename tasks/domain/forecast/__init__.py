"""The forecast of the rest of a season (docs/forecast.md): which papers are issued in time, and what holds them up."""

from tasks.domain.forecast.calibration import Calibration, Population, calibrate, render_lines
from tasks.domain.forecast.holdups import HoldUp
from tasks.domain.forecast.inputs import Activity, AnswerTime, Capacity, Inputs
from tasks.domain.forecast.outcome import Forecast, IssueForecast, forecast
from tasks.domain.forecast.whatif import Dates, Difference, compare, earlier, replanned, with_translators

__all__ = [
    "Activity", "AnswerTime", "Calibration", "Capacity", "Dates", "Difference", "Forecast", "HoldUp", "Inputs",
    "IssueForecast", "Population", "calibrate", "compare", "earlier", "forecast", "render_lines", "replanned",
    "with_translators",
]  # fmt: skip
