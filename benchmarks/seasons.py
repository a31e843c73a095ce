"""Made-up seasons of any size for the forecast: what is measured, and what its tests are tried on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace

from tasks.domain.forecast import Activity, AnswerTime, Capacity, Inputs

ANSWERS = {
    "lead": AnswerTime(12, 25),
    "partners": AnswerTime(8, 20),
    "coordinator": AnswerTime(2, 6),
}


def weekends(day: dt.date) -> bool:
    """Nobody works on Saturdays and Sundays."""
    return day.weekday() >= 5


def made_up(
    sessions: int,
    *,
    start: dt.date,
    today: dt.date,
    papers: int = 1,
    partners: int = 4,
    languages: Sequence[str] = ("en", "fr", "nl", "es"),
    words: int = 6000,
    free: Callable[[dt.date], bool] = weekends,
) -> Inputs:
    """A season with nothing done yet, drafted in the first of `languages`; capacity grows with the sessions.

    A draft, a round of comments and the final text of every paper, which the coordinator accepts before it is issued.
    """
    activities: list[Activity] = []
    for session in range(sessions):
        team = [f"party-{(session * 5 + number) % (5 * sessions)}" for number in range(partners + 1)]
        for paper in range(papers):
            activities += _paper(f"{session + 1}", f"{session + 1}-{paper + 1}", team, start, languages, words)
    crowd = max(sessions * papers // 12, 1)
    capacities = {language: Capacity(translators=crowd, revisers=crowd) for language in languages[1:]}
    return Inputs(today, tuple(activities), ANSWERS, free, capacities)


def _paper(
    session: str, paper: str, team: Sequence[str], start: dt.date, languages: Sequence[str], words: int
) -> list[Activity]:
    def day(weeks: int) -> dt.date:
        return start + dt.timedelta(weeks=weeks)

    def key(name: str) -> str:
        return f"{paper}/{name}"

    lead, partners = team[0], team[1:]
    made = [Activity(key("draft"), lead, "lead", day(4), opens=start)]
    made += [Activity(key(f"comments/{partner}"), partner, "partners", day(7), (key("draft"),)) for partner in partners]
    asked = tuple(one.key for one in made[1:])
    first, *others = languages
    made += [
        Activity(key("round"), "", "", day(7), asked, closes=day(7), open_at_least=5),
        Activity(key("final"), lead, "lead", day(10), (key("round"),)),
        Activity(key(first), "coordinator", "coordinator", day(11), (key("final"),), language=first),
    ]
    made += [
        Activity(key(to), f"translators:{to}", "translator", day(14), (key(first),), language=to, words=words)
        for to in others
    ]
    return [replace(one, session=session, paper=paper) for one in made]
