"""The forecast in words: sentences for whoever asks, and a Word document of chart, tables and what holds things up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tasks.adapters.plots.forecast import ForecastLabels, draw_forecast
from tasks.adapters.word.contexts import Overview
from tasks.adapters.wording import Wording
from tasks.asks import name_of_milestone, name_of_party
from tasks.desk import Desk, Made
from tasks.domain.errors import Unknown
from tasks.domain.forecast import HoldUp, IssueForecast
from tasks.domain.locale import format_date, format_number, format_percent, format_weekday
from tasks.domain.text import Block, Figure, Heading, Item, Paragraph, Table, Text
from tasks.forecast.whatif import Outlook
from tasks.schedules import Laid

KIND: Final = "forecast"
#: Under which stage and key the ledger keeps it.
_STAGE, _KEY = "forum", "papers"
#: Rows of one picture that can still be read on a landscape page.
_ROWS_PER_PICTURE: Final = 20
#: So many parties and weeks are told, the costliest first.
_HOLD_UPS: Final = 10
_LABELS = ("bar", "median", "planned", "issued", "today", "on_time", "sure_by")
_WHERE: Final = "docs/forecast.md"


def forecast_document(desk: Desk, outlook: Outlook, language: str) -> Laid:
    """The forecast as a document in a language of the edition."""
    words = desk.words(language)
    rows, images = issue_rows(desk, outlook.now.issues, language), dict[str, bytes]()
    share = said_share(outlook.now.all_on_time, certain=is_over(outlook.now.issues), language=words.locale)
    blocks: list[Block] = [_line(words("forecast.all_on_time", share=share)), _heading(words("forecast.hold_ups"))]
    blocks += [*_hold_ups(desk, outlook.now.hold_ups[:_HOLD_UPS], language), _heading(words("forecast.issues"))]
    for number, part in enumerate(_parts(rows), start=1):
        name = f"forecast-{number}.png"
        images[name] = _picture(desk, outlook, part, language, "")
        blocks.append(Figure(name, words("forecast.picture")))
    blocks.append(_issues(words, rows))
    if outlook.then is not None:
        blocks.append(_heading(words("forecast.what_if")))
        blocks += [
            Item((Text(line),), first=number == 0) for number, line in enumerate(what_if_lines(desk, outlook, language))
        ]
        blocks.append(_differences(desk, outlook, language) or _line(words("forecast.no_difference")))
    blocks.append(_heading(words("forecast.method")))
    blocks.append(_line(" ".join(words.strings("forecast.method_text"))))
    blocks.append(_line(words("forecast.described", where=_WHERE)))
    seasons = format_number(outlook.now.seasons, words.locale)
    context = Overview(
        **desk.page(language),
        kind=words("documents.forecast"),
        title=desk.edition.names[language],
        intro=[
            words("forecast.intro", date=format_date(outlook.now.today, words.locale), seasons=seasons),
            words("forecast.how_to_read"),
        ],
    )
    return Laid(context, tuple(blocks), images)


def write(desk: Desk, laid: Laid, language: str) -> bytes:
    """The bytes of the Word file, which the ledger does not name."""
    return desk.render(
        laid.context, kind=KIND, key=_KEY, session=None, language=language, title=laid.context.title,
        version=desk.next_number(KIND, _KEY, language), blocks=laid.blocks, images=laid.images,
    )  # fmt: skip


def keep(desk: Desk, laid: Laid, language: str) -> Made:
    """Keep the document in the ledger as its next version; an earlier one is superseded."""
    made = desk.write(
        laid.context, stage=_STAGE, kind=KIND, key=_KEY, session=None, language=language,
        number=desk.next_number(KIND, _KEY, language), title=laid.context.title, blocks=laid.blocks,
        images=laid.images,
    )  # fmt: skip
    with desk.change("the rest of the season is forecast") as change:
        desk.add(change, made)
    return made


def picture(desk: Desk, outlook: Outlook, language: str) -> bytes:
    """The PNG of all papers and languages, with a title."""
    rows = issue_rows(desk, outlook.now.issues, language)
    return _picture(desk, outlook, rows, language, desk.marked(desk.words(language)("documents.forecast"), language))


def issue_rows(desk: Desk, issues: Sequence[IssueForecast], language: str) -> list[tuple[str, IssueForecast]]:
    """Each issue with its paper's number and its language by name."""
    return [(f"{issue.paper} · {desk.language_name(issue.language, language)}", issue) for issue in issues]


def said_share(share: float, *, certain: bool = False, language: str) -> str:
    """A probability in per cent; what is not over yet is neither certain nor impossible, whatever the seasons say."""
    return format_percent(round(share if certain else min(max(share, 0.01), 0.99), 2), language)


def is_over(issues: Sequence[IssueForecast]) -> bool:
    """Whether everything is issued: nothing is left to chance."""
    return all(issue.done is not None for issue in issues)


def hold_up_lines(desk: Desk, hold_ups: Sequence[HoldUp], language: str, most: int = _HOLD_UPS) -> list[str]:
    """Who costs how many working days in which week, a sentence each; a single one where nothing holds anything up."""
    words = desk.words(language)
    lines = [
        words(
            "forecast.hold_up",
            party=name_of_party(desk, each.party, language),
            week=format_date(each.week, words.locale),
            days=words.count("calendar.working_days", max(round(each.days), 1)),
        )
        for each in hold_ups[:most]
    ]
    return lines or [words("forecast.nothing_held")]


def what_if_lines(desk: Desk, outlook: Outlook, language: str) -> list[str]:
    """What is different, a line each."""
    words, what_if = desk.words(language), outlook.what_if
    lines = [
        words("forecast.if_moved", event=desk.edition.event(id).names[language], date=desk.day(date, language))
        for id, date in what_if.moves.items()
    ]
    for target, count in what_if.translators.items():
        name = desk.language_name(target, language)
        lines.append(words("forecast.if_translators", language=name, count=format_number(count, words.locale)))
    for key, days in what_if.earlier.items():
        told = words.count("calendar.working_days", days)
        lines.append(words("forecast.if_earlier", what=_name_of_move(desk, key, language), days=told))
    return lines


def _name_of_move(desk: Desk, key: str, language: str) -> str:
    """A move in words, with the party where a milestone is several parties' move."""
    milestone, _, party = key.partition("|")
    try:
        name = name_of_milestone(desk, milestone, language)
    except Unknown:
        name = milestone  # the outcome of a meeting is no deadline, so it has no wording
    return f"{name} ({name_of_party(desk, party, language)})" if party else name


def _picture(
    desk: Desk, outlook: Outlook, rows: Sequence[tuple[str, IssueForecast]], language: str, title: str
) -> bytes:
    words = desk.words(language)
    labels = ForecastLabels(*(words(f"forecast.{label}") for label in _LABELS))
    return draw_forecast(rows, today=outlook.now.today, title=title, labels=labels, language=words.locale)


def _parts(rows: Sequence[tuple[str, IssueForecast]]) -> list[Sequence[tuple[str, IssueForecast]]]:
    count = -(-len(rows) // _ROWS_PER_PICTURE)
    size = -(-len(rows) // max(count, 1))
    return [rows[first : first + size] for first in range(0, len(rows), size or 1)]


def _issues(words: Wording, rows: Sequence[tuple[str, IssueForecast]]) -> Table:
    columns = [words(f"forecast.{column}") for column in ("paper", "planned", "on_time", "sure_by")]
    lines = [
        [
            name,
            format_weekday(issue.planned, words.locale),
            said_share(issue.on_time, certain=issue.done is not None, language=words.locale),
            format_weekday(issue.day_90, words.locale)
            if issue.done is None
            else words("label_value", label=words("forecast.issued"), value=format_weekday(issue.done, words.locale)),
        ]
        for name, issue in rows
    ]
    return _table(columns, lines)


def _hold_ups(desk: Desk, hold_ups: Sequence[HoldUp], language: str) -> list[Block]:
    words = desk.words(language)
    if not hold_ups:
        return [_line(words("forecast.nothing_held"))]
    columns = [words("columns.mover"), words("forecast.week"), words("forecast.days_lost")]
    lines = [
        [
            name_of_party(desk, each.party, language),
            format_date(each.week, words.locale),
            format_number(max(round(each.days), 1), words.locale),
        ]
        for each in hold_ups
    ]
    return [_line(words("forecast.hold_ups_note")), _table(columns, lines)]


def _differences(desk: Desk, outlook: Outlook, language: str) -> Table | None:
    words = desk.words(language)
    issues = {issue.key: name for name, issue in issue_rows(desk, outlook.now.issues, language)}
    heads = ("paper", "on_time", "on_time_then", "sure_by", "sure_by_then")
    columns = [words(f"forecast.{column}") for column in heads]
    lines = [
        [
            issues[each.key],
            *(said_share(share, language=words.locale) for share in (each.on_time, each.on_time_then)),
            *(format_weekday(day, words.locale) for day in (each.day_90, each.day_90_then)),
        ]
        for each in outlook.differences
        if each.gained or each.sooner_days
    ]
    return _table(columns, lines) if lines else None


def _heading(text: str) -> Heading:
    return Heading(1, (Text(text),))


def _line(text: str) -> Paragraph:
    return Paragraph((Text(text),))


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    return Table(tuple(tuple((Text(cell),) if cell else () for cell in row) for row in (columns, *rows)))
