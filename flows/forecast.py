"""The forecast of an edition, kept for everybody to see; and reading what people write as a what-if."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from prefect.artifacts import acreate_markdown_artifact, acreate_table_artifact
from prefect.client.schemas.objects import State

from flows.board import artifact_key, rehearsal_notice
from flows.office import answer, desk_for, flow
from tasks import forecast, meetings
from tasks.desk import Desk
from tasks.domain.errors import Invalid
from tasks.domain.forecast import calibrate, render_lines
from tasks.domain.forecast.outcome import SEASONS
from tasks.forecast import Outlook, WhatIf

#: Where the random numbers begin unless said otherwise: two forecasts of one day are the same.
SEED = 1


@flow(name="forecast-edition", flow_run_name="{edition} forecast")
async def forecast_edition(
    edition: str,
    moves: dict[str, dt.date] | None = None,
    translators: dict[str, int] | None = None,
    earlier: dict[str, int] | None = None,
    seasons: int = SEASONS,
    seed: int = SEED,
    keep: bool = False,
    language: str | None = None,
    by: str = "",
    today: dt.date | None = None,
) -> State[Any]:
    """Forecast which papers are issued in time; the table and what holds them up are kept as artifacts.

    Args:
        edition: The edition.
        moves: What if events were on other days, such as a meeting by its id.
        translators: What if so many translated into a language.
        earlier: What if something came so many working days earlier, such as 1.1/draft-2.
        seasons: How many seasons are simulated.
        seed: Where the random numbers begin; the same number gives the same forecast.
        keep: Keep it as a Word document in the ledger, too.
        language: The language of that document; without it, the one papers are written in.
        by: Your name; needed to keep it.
        today: A simulated date, in a rehearsal only.
    """
    shown: list[tuple[Desk, Outlook]] = []

    def work() -> str:
        desk = desk_for(edition, by=by, today=today) if keep else desk_for(edition, today=today)
        what_if = WhatIf(moves or {}, translators or {}, earlier or {})
        outlook = look_ahead(desk, what_if, seasons=seasons, seed=seed)
        shown.append((desk, outlook))
        kept = f"\nkept as {keep_document(desk, outlook, language)}" if keep else ""
        return f"{summary(desk, outlook)}{kept}"

    state = answer(work)
    for desk, outlook in shown[-1:]:
        await acreate_table_artifact(
            key=artifact_key("forecast", edition),
            table=rows(desk, outlook),
            description=f"{rehearsal_notice(desk)}{summary(desk, outlook)}",
        )
        await acreate_markdown_artifact(
            key=artifact_key("forecast", edition, "hold-ups"), markdown=markdown(desk, outlook)
        )
    return state


def look_ahead(desk: Desk, what_if: WhatIf, *, seasons: int, seed: int) -> Outlook:
    """The forecast with its what-ifs, which are refused where they can't be.

    Raises:
        Unknown, NotNow, Invalid: an event, language or activity that is not there, a day that is past, and the like.
    """
    meetings.check(desk, what_if.moves)
    return forecast.look_ahead(desk, what_if, seasons=seasons, seed=seed)


def calibration(desk: Desk, what_if: WhatIf, *, histories: int, seed: int) -> list[str]:
    """How often the forecast of this plan on this day comes true, on `histories` made-up histories: lines of figures.

    Raises:
        Unknown, NotNow, Invalid: see `look_ahead`; or everything is issued by today.
    """
    meetings.check(desk, what_if.moves)
    return render_lines(calibrate(forecast.suppose(desk, what_if), seed=seed, histories=histories))


def keep_document(desk: Desk, outlook: Outlook, language: str | None) -> str:
    """Keep the forecast as the next version of its Word document; the name of the file."""
    wanted = language_of(desk, language)
    return forecast.keep(desk, forecast.forecast_document(desk, outlook, wanted), wanted).name


def language_of(desk: Desk, language: str | None) -> str:
    """The language asked for, else the one papers are written in.

    Raises:
        Invalid: the edition has no such language.
    """
    known = [each.id for each in desk.edition.languages]
    if language and language not in known:
        raise Invalid(f"{language}: no language of {desk.edition.id}; there are {', '.join(known)}")
    return language or desk.edition.drafting_language.id


def rows(desk: Desk, outlook: Outlook) -> list[dict[str, str]]:
    """The forecast as rows: every paper and language, and with a what-if the figures as they would be then."""
    language = desk.edition.drafting_language
    then = {each.key: each for each in outlook.differences}
    found = []
    for _, issue in forecast.issue_rows(desk, outlook.now.issues, language.id):
        is_out = issue.done is not None
        row = {
            "paper": issue.paper,
            "language": issue.language,
            "planned": issue.planned.isoformat(),
            "on time": forecast.said_share(issue.on_time, certain=is_out, language=language.locale),
            "90% sure by": f"issued {issue.done}" if is_out else issue.day_90.isoformat(),
        }
        if outlook.then is not None:
            other = then.get(issue.key)
            row["on time then"] = forecast.said_share(other.on_time_then, language=language.locale) if other else ""
            row["90% sure by then"] = other.day_90_then.isoformat() if other else ""
        found.append(row)
    return found


def summary(desk: Desk, outlook: Outlook) -> str:
    """The forecast in one line."""
    now, locale = outlook.now, desk.edition.drafting_language.locale
    out = sum(issue.done is not None for issue in now.issues)
    share = forecast.said_share(now.all_on_time, certain=forecast.is_over(now.issues), language=locale)
    return (
        f"{desk.edition.id} at the end of {now.today:%-d %B %Y}: {out} of {len(now.issues)} issued; all on time with a "
        f"probability of {share}; from {now.seasons:,} simulated seasons, seed {now.seed}"
    )


def hold_ups(desk: Desk, outlook: Outlook) -> list[str]:
    """What holds the season up most, in sentences."""
    return forecast.hold_up_lines(desk, outlook.now.hold_ups, desk.edition.drafting_language.id)


def markdown(desk: Desk, outlook: Outlook) -> str:
    """What holds the season up and what was supposed, in Markdown."""
    words = desk.words(desk.edition.drafting_language.id)
    head = f"{rehearsal_notice(desk)}{summary(desk, outlook)}"
    lines = [head, "", f"## {words('forecast.hold_ups')}", "", words("forecast.hold_ups_note"), ""]
    lines += [f"- {line}" for line in hold_ups(desk, outlook)]
    if outlook.then is not None:
        lines += ["", f"## {words('forecast.what_if')}", ""]
        lines += [f"- {line}" for line in what_ifs(desk, outlook)]
    return "\n".join(lines)


def what_ifs(desk: Desk, outlook: Outlook) -> list[str]:
    """What was supposed, and what it changes, in sentences; nothing where nothing was supposed."""
    if outlook.then is None:
        return []
    language = desk.edition.drafting_language
    gained = sum(each.gained for each in outlook.differences)
    now, then = (
        forecast.said_share(each.all_on_time, certain=forecast.is_over(each.issues), language=language.locale)
        for each in (outlook.now, outlook.then)
    )
    change = f"papers on time, on average: {gained:+.1f}; all on time: {then} instead of {now}"
    return [*forecast.what_if_lines(desk, outlook, language.id), change]


def read_what_if(moves: Sequence[str], translators: Sequence[str], earlier: Sequence[str]) -> WhatIf:
    """What-ifs as people write them: `fof-3=2007-06-15`, `fr=2`, `1.1/draft-2=5`.

    Raises:
        Invalid: one that can't be read; the message has it and how it is written.
    """
    return WhatIf(
        {name: _day(name, value) for name, value in _pairs(moves, "--move", "EVENT=DATE").items()},
        {name: _number(name, value) for name, value in _pairs(translators, "--translators", "LANGUAGE=2").items()},
        {name: _number(name, value) for name, value in _pairs(earlier, "--earlier", "1.1/draft-2=5").items()},
    )


def _pairs(texts: Sequence[str], option: str, written: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        name, equals, value = (part.strip() for part in text.rpartition("="))
        if not (name and equals and value):
            raise Invalid(f"{option} {text}: can't be read; write it as {option} {written}")
        if name in found:
            raise Invalid(f"{option} {name}: is given twice, as {found[name]} and as {value}; give one of them")
        found[name] = value
    return found


def _day(name: str, text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Invalid(f"{name}={text}: is no day; write year, month and day as in {name}=2007-06-15") from None


def _number(name: str, text: str) -> int:
    if not text.isdecimal():
        raise Invalid(f"{name}={text}: is no whole number; write it as {name}=2")
    return int(text)
