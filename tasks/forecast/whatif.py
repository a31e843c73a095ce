"""The forecast with and without what might be done: a meeting on another day, more translators, a draft earlier."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field

from tasks.adapters.ledger import Record
from tasks.desk import Desk
from tasks.domain.errors import Invalid, Unknown
from tasks.domain.forecast import Difference, Forecast, Inputs, compare, earlier, forecast, with_translators
from tasks.domain.forecast.outcome import SEASONS
from tasks.forecast.inputs import inputs_of


@dataclass(frozen=True)
class WhatIf:
    """What is different, all at once.

    `moves`: events and their days, as `tasks.meetings.check` lets them pass. `translators`: by language how many there
    would be. `earlier`: by key of an activity the working days by which it comes earlier.
    """

    moves: Mapping[str, dt.date] = field(default_factory=dict)
    translators: Mapping[str, int] = field(default_factory=dict)
    earlier: Mapping[str, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.moves or self.translators or self.earlier)


@dataclass(frozen=True)
class Outlook:
    """The forecast as things are, and what is different under `what_if`: nothing where none was asked."""

    now: Forecast
    what_if: WhatIf
    then: Forecast | None = None
    differences: tuple[Difference, ...] = ()


def suppose(desk: Desk, what_if: WhatIf, records: list[Record] | None = None) -> Inputs:
    """The season with what is different.

    Raises:
        Unknown: a language without translators, or no such activity.
        Invalid: fewer than one translator, or an activity that is over or can't come earlier.
    """
    inputs = inputs_of(desk, records, desk.edition.with_dates(what_if.moves))
    for language, count in what_if.translators.items():
        if count < 1:
            raise Invalid(f"{language}: {count} translators can't translate; give 1 or more")
        capacity = inputs.capacities.get(language)
        inputs = with_translators(inputs, language, count - capacity.translators if capacity else 1)
    to_come = [one.key for one in inputs.activities if one.kind and one.ended is None]
    for key, days in what_if.earlier.items():
        if key not in inputs.by_key:
            near = ", ".join(difflib.get_close_matches(key, to_come, n=4, cutoff=0.5) or to_come[:4]) or "nothing"
            raise Unknown(f"{key}: the forecast of {desk.edition.id} knows nothing of this name; still to come: {near}")
        inputs = earlier(inputs, key, days)
    return inputs


def look_ahead(desk: Desk, what_if: WhatIf | None = None, *, seed: int, seasons: int = SEASONS) -> Outlook:
    """Forecast the rest of the season, and once more with what is different.

    Raises:
        Unknown, Invalid: see `suppose`; or the edition has no papers to forecast.
    """
    what_if, records = what_if or WhatIf(), desk.records()
    # What can't be is refused before anything is played.
    other = suppose(desk, what_if, records) if what_if else None
    now = forecast(inputs_of(desk, records), seed=seed, seasons=seasons)
    if other is None:
        return Outlook(now, what_if)
    then = forecast(other, seed=seed, seasons=seasons)
    return Outlook(now, what_if, then, compare(now, then))
