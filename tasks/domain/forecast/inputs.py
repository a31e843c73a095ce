"""What a forecast starts from: the activities of a season, how long people take, what the translators can do.

An activity is one move of one party on the way of a paper: a draft, one partner's comments, a translation. It begins
when those before it are done and the calendar has opened it, and ends when its party has answered. An activity without
a kind is nobody's move and takes no time: a meeting, or the end of a round of comments.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from tasks.domain.errors import Invalid


@dataclass(frozen=True)
class Activity:
    """One move. Days that are `None` are not known, or do not bind."""

    key: str
    party: str
    #: The kind of mover, whose answer time is assumed; "" is nobody's move and takes no time.
    kind: str
    planned: dt.date
    after: tuple[str, ...] = ()
    #: "all" of `after` must be done before it begins, or "any".
    wait_for: Literal["all", "any"] = "all"
    session: str = ""
    paper: str = ""
    #: When this is done the paper is issued in that language; the drafting language is one of them.
    language: str | None = None
    #: It doesn't begin before: the day of a meeting, or the day the calendar opens the round.
    opens: dt.date | None = None
    #: The round is over on this day, whoever has answered; for an activity without a kind.
    closes: dt.date | None = None
    #: Working days a round stays open at least, should the draft have come late.
    open_at_least: int = 0
    #: It has been its party's move since.
    started: dt.date | None = None
    done: dt.date | None = None
    #: Nobody waits for it any more since, though no answer came: the round was closed without it.
    lapsed: dt.date | None = None
    #: Words to be translated: it goes through the translators of `language`. Else its party answers in its own time.
    words: int | None = None
    #: What if it came that many working days earlier than it would.
    sooner: int = 0

    @property
    def ended(self) -> dt.date | None:
        """The day from which nobody waits for it."""
        return self.done or self.lapsed


@dataclass(frozen=True)
class AnswerTime:
    """Working days within which half of the answers of a kind come, and nine in ten."""

    half: float
    nine_in_ten: float


@dataclass(frozen=True)
class Capacity:
    """The translators of one language. The norms are the United Nations': words a day translated, and revised."""

    translators: int = 1
    words_per_day: float = 1650
    #: None: nothing is revised.
    revised_per_day: float | None = 3960
    revisers: int = 1


@dataclass(frozen=True)
class Inputs:
    """A season as it is known at the end of `today`.

    Raises:
        Invalid: two activities of one key, one that comes after an unknown one, a kind without an answer time, or
            a figure that can't be.
    """

    today: dt.date
    activities: tuple[Activity, ...]
    answers: Mapping[str, AnswerTime]
    #: Whether nobody works on a day.
    free: Callable[[dt.date], bool]
    #: By language. A translation into another language takes its party's answer time.
    capacities: Mapping[str, Capacity] = field(default_factory=dict)

    def __post_init__(self) -> None:
        known = self.by_key
        if len(known) < len(self.activities):
            keys = [activity.key for activity in self.activities]
            twice = sorted({key for key in keys if keys.count(key) > 1})
            raise Invalid(f"two activities of the forecast have the same key: {', '.join(twice)}")
        for activity in self.activities:
            for before in activity.after:
                if before not in known:
                    raise Invalid(f"{activity.key} comes after {before}, which is no activity of the forecast")
            if activity.kind and activity.kind not in self.answers and self.queue_of(activity) is None:
                raise Invalid(
                    f"{activity.key}: no answer time is assumed for {activity.kind}; write in how many working days "
                    "half and nine in ten of them answer"
                )
            if activity.words is not None and activity.words < 1:
                raise Invalid(f"{activity.key}: {activity.words} words can't be translated; write 1 or more")
        for kind, answer in self.answers.items():
            if not 0 < answer.half < answer.nine_in_ten:
                raise Invalid(
                    f"answer time of {kind}: half in {answer.half:g} working days, nine in ten in "
                    f"{answer.nine_in_ten:g}; the second must be longer than the first, and both more than 0"
                )
        for language, capacity in self.capacities.items():
            figures = (capacity.translators, capacity.words_per_day, capacity.revised_per_day or 1, capacity.revisers)
            if min(figures) <= 0:
                raise Invalid(f"translators into {language}: {capacity}; every figure must be more than 0")

    @property
    def by_key(self) -> dict[str, Activity]:
        """The activities by key."""
        return {activity.key: activity for activity in self.activities}

    def queue_of(self, activity: Activity) -> str | None:
        """The language of the translators whom `activity` goes through, if any."""
        if activity.kind and activity.words is not None and activity.language in self.capacities:
            return activity.language
        return None
