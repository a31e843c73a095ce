"""The tail of the normal distribution, from tables: what is left of it beyond a point, and points drawn from there."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

# Lines at equal distances, so that a value is found by its place. Straight lines between them are off by less than
# 1e-5, in the logarithm of the probability and in the point alike. Beyond 37 a double can't hold the probability.
_STEP, _LOWEST, _HIGHEST = 0.005, -9.0, 37.0
_POINTS = np.arange(_LOWEST, _HIGHEST + _STEP / 2, _STEP)


def _logarithm_left(point: float) -> float:
    share = math.erfc(abs(point) / math.sqrt(2)) / 2
    return math.log(share) if point >= 0 else math.log1p(-share)


_LOG_LEFT = np.array([_logarithm_left(point) for point in _POINTS])
# The inverse by the logarithm of minus that logarithm, of which the point is a smooth function from end to end.
_LOG_LOG = np.log(-_LOG_LEFT)
_LOG_STEP = 0.002
_POINT_OF = np.interp(np.arange(_LOG_LOG[0], _LOG_LOG[-1], _LOG_STEP), _LOG_LOG, _POINTS)


def log_left(point: Values) -> Values:
    """The logarithm of the probability that a standard normal value is more than `point`."""
    return _look_up(_LOG_LEFT, (point - _LOWEST) / _STEP)


def draw_beyond(point: Values, rng: np.random.Generator) -> Values:
    """Standard normal values, each drawn from what is left of the distribution beyond its `point`.

    The inverse of the distribution function: a uniform share of what is left has an exponential logarithm.
    """
    left = rng.standard_exponential(point.shape) - log_left(point)
    drawn: Values = np.maximum(_look_up(_POINT_OF, (np.log(left) - _LOG_LOG[0]) / _LOG_STEP), point)
    return drawn


def _look_up(table: Values, place: Values) -> Values:
    place = np.clip(place, 0, len(table) - 1.001)
    line = place.astype(np.int32)
    below = table[line]
    found: Values = below + (table[line + 1] - below) * (place - line)
    return found
