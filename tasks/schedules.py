"""The schedule and the compliance report as Word documents: pictures and tables of plain values.

Each `..._document` returns what `desk.write` takes: a context, the blocks of the body and the pictures they name. The
document and its pictures are in the language of `words`. `keep_if_new` puts them into the ledger, version by version.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, TypeVar

from tasks.adapters.ledger import DocumentRow
from tasks.adapters.plots.compliance import Lateness, Outcome, OutcomeLabels, draw_lateness, draw_outcomes
from tasks.adapters.plots.gantt import STATES, Bar, GanttLabels, Mark, State, draw_edition, draw_session
from tasks.adapters.word.contexts import Overview
from tasks.adapters.wording import Wording
from tasks.desk import Desk
from tasks.domain.locale import format_date, format_number, format_percent, format_weekday
from tasks.domain.text import Block, Figure, Heading, Paragraph, Table, Text

#: Of the edition as a whole.
_STAGE: Final = "forum"
#: Rows of one picture that can still be read on a page; more sessions or bodies get more pictures.
_ROWS_PER_PICTURE: Final = 16
#: Of more sessions the picture of all has to do: a page for each would bury the tables.
_DRAWN_EACH: Final = 4
_Row = TypeVar("_Row")
Grouping = Literal["session", "stage", "body", "language"]
_DRAWN: Final[tuple[Grouping, ...]] = ("stage", "body")


@dataclass(frozen=True)
class Laid:
    """A document before it is rendered."""

    context: Overview
    blocks: tuple[Block, ...]
    images: dict[str, bytes]


@dataclass(frozen=True)
class ScheduleRow:
    """One deadline of a session, in words of the document's language.

    `since` is the day it is or will be the mover's move; `kind` the id of its stage; `baseline` the day first planned;
    `time` the time of day, if there is one; `actual` the day it was met; `reason` why its day is another than its rule
    alone would give, if it is.
    """

    name: str
    kind: str
    since: dt.date
    due: dt.date
    mover: str
    state: State
    baseline: dt.date | None = None
    actual: dt.date | None = None
    reason: str = ""
    critical: bool = False
    time: str = ""

    @property
    def end(self) -> dt.date:
        """The day that counts for the picture: when it was met, else when it is due."""
        return self.actual or self.due


@dataclass(frozen=True)
class SessionSchedule:
    """One session's deadlines by day. `slack_days`: working days that its critical path has to spare."""

    number: str
    title: str
    rows: tuple[ScheduleRow, ...]
    slack_days: int | None = None


@dataclass(frozen=True)
class Count:
    """Submissions on time, late, and missing past their day."""

    on_time: int = 0
    late: int = 0
    missing: int = 0

    @property
    def total(self) -> int:
        return self.on_time + self.late + self.missing


@dataclass(frozen=True)
class ComplianceRow:
    """How one session, stage, body or language did against the plan that holds now and against the first one."""

    name: str
    plan: Count
    baseline: Count
    extensions: int = 0


def schedule_document(
    words: Wording, page: Mapping[str, Any], *, title: str, sessions: Sequence[SessionSchedule], marks: Sequence[Mark],
    today: dt.date, subtitle: str = "",
) -> Laid:  # fmt: skip
    """The plan of one or more sessions. `page` is `desk.page(language)`, `marks` are the meetings in their order.

    Of several sessions there is a picture of all first; then each has its table, and of a few each its picture.
    """
    blocks: list[Block] = []
    images: dict[str, bytes] = {}
    if marks:
        blocks.append(_heading(words("schedule.meetings")))
        columns = [words("columns.meeting"), words("columns.date")]
        blocks.append(_table(columns, [[mark.label, format_weekday(mark.date, words.locale)] for mark in marks]))
    if len(sessions) > 1:
        for number, part in enumerate(_parts(sessions), start=1):
            name = f"schedule-{number}.png"
            images[name] = edition_picture(words, part, marks, today)
            blocks.append(Figure(name, words("schedule.picture_all")))
    for number, session in enumerate(sessions, start=1):
        blocks.append(_heading(_session_title(words, session)))
        # A picture is for planning: where all has come there is nothing to plan.
        if len(sessions) <= _DRAWN_EACH and any(row.state != "met" for row in session.rows):
            name = f"session-{number}.png"
            images[name] = session_picture(words, session, marks, today)
            blocks.append(Figure(name, words("schedule.picture_session", number=session.number)))
        if session.slack_days is not None:
            slack = words("schedule.slack", days=format_number(session.slack_days, words.locale))
            blocks.append(Paragraph((Text(slack),)))
        if session.rows:
            blocks.append(_deadlines(words, session.rows))
    context = Overview(
        **page,
        kind=words("documents.schedule"),
        title=title,
        subtitle=subtitle,
        intro=[words("schedule.intro", date=format_date(today, words.locale)), words("schedule.how_to_read")],
    )
    return Laid(context, tuple(blocks), images)


def keep_if_new(
    desk: Desk, lay: Callable[[int], Laid], rows: object, *, kind: str, key: str, session: str | None, language: str,
    title: str, days: Iterable[dt.date] = (),
) -> tuple[DocumentRow, bool]:  # fmt: skip
    """Make the next version of a document and name it in the ledger, unless its `rows` are those of the last one.

    `lay` is given the number of the version. `days` are those it names in tables, where a search for days written out
    does not find them. The answer is the current document, and whether it was made now.
    """
    said = hashlib.sha256(repr(rows).encode()).hexdigest()
    name = f"{key}|{language}"
    record = desk.ledger.record(desk.edition.id, kind, name)
    if record is not None and record.facts["rows"] == said:
        return desk.current(kind, key, language), False
    number = desk.next_number(kind, key, language)
    laid = lay(number)
    made = desk.write(
        laid.context, stage=_STAGE, kind=kind, key=key, session=session, language=language, number=number, title=title,
        blocks=laid.blocks, images=laid.images,
    )  # fmt: skip
    made = replace(made, quotes=tuple(sorted({*made.quotes, *(day.isoformat() for day in days)})))
    with desk.change(f"a {kind} is wanted of things as they stand") as change:
        # Of the edition, not of the session: what a team's records say of its stages does not hang on it.
        if not change.add_record(kind, name, "issued", None, {"rows": said}):
            before = change.record(kind, name)
            assert before is not None
            change.note(before, rows=said)
        return desk.add(change, made), True


def edition_picture(
    words: Wording, sessions: Sequence[SessionSchedule], marks: Sequence[Mark], today: dt.date | None, title: str = ""
) -> bytes:
    """The PNG of all plans, a row per session; without a title for a document that names it."""
    bars = [_bar(words, row, f"{s.number} {s.title}") for s in sessions for row in s.rows]
    return draw_edition(bars, marks, today, title=title, labels=gantt_labels(words), language=words.locale)


def session_picture(
    words: Wording, session: SessionSchedule, marks: Sequence[Mark], today: dt.date | None, title: str = ""
) -> bytes:
    """The PNG of one session's plan, a row per deadline."""
    bars = [_bar(words, row, row.name) for row in session.rows]
    return draw_session(bars, marks, today, title=title, labels=gantt_labels(words), language=words.locale)


def gantt_labels(words: Wording) -> GanttLabels:
    """The legend in the language of `words`."""
    return GanttLabels(
        kinds=words.group("stages"),
        states={state: words(f"schedule.{state}") for state in STATES},
        baseline=words("schedule.baseline"),
        critical=words("schedule.critical"),
        today=words("schedule.today"),
    )


def compliance_document(
    words: Wording, page: Mapping[str, Any], *, title: str, sections: Mapping[Grouping, Sequence[ComplianceRow]],
    lateness: Sequence[Lateness], today: dt.date, subtitle: str = "",
) -> Laid:  # fmt: skip
    """How deadlines were kept until `today`, by session, stage, body and language, and who was how late.

    Sections come in the order given; empty ones are left out. `lateness` comes in the order of the report.
    """
    blocks: list[Block] = []
    images: dict[str, bytes] = {}
    for by, rows in sections.items():
        if not rows:
            continue
        heading = words(f"schedule.by_{by}")
        blocks.append(_heading(heading))
        if by in _DRAWN:
            longest = max(row.plan.total for row in rows)
            for number, part in enumerate(_parts(rows), start=1):
                name = f"{by}-{number}.png"
                images[name] = outcome_picture(words, part, longest=longest)
                blocks.append(Figure(name, words("schedule.picture_outcomes", by=heading)))
        blocks.append(_outcomes(words, words(f"columns.{by}"), rows))
    blocks.append(_heading(words("schedule.by_party")))
    late = [party for party in lateness if party.days]
    caption = words("label_value", label=words("schedule.by_party"), value=words("columns.days_late"))
    for number, laggards in enumerate(_parts(late), start=1):
        name = f"party-{number}.png"
        images[name] = lateness_picture(words, laggards, longest=max(sum(party.days) for party in late))
        blocks.append(Figure(name, caption))
    blocks.append(_delays(words, late) if late else Paragraph((Text(words("schedule.nothing_late")),)))
    context = Overview(
        **page,
        kind=words("documents.compliance"),
        title=title,
        subtitle=subtitle,
        intro=[
            words("schedule.compliance_intro", date=format_date(today, words.locale)),
            words("schedule.compliance_counts"),
        ],
    )
    return Laid(context, tuple(blocks), images)


def outcome_picture(words: Wording, rows: Sequence[ComplianceRow], title: str = "", *, longest: int = 0) -> bytes:
    """The PNG of what came on time, late or not at all against the plan that holds now.

    `longest` is the total up to which the axis runs at least, so that several pictures can be compared.
    """
    labels = OutcomeLabels(
        on_time=words("columns.on_time"), late=words("columns.late"), missing=words("columns.missing"),
        axis=words("schedule.submissions"),
    )  # fmt: skip
    outcomes = [Outcome(row.name, row.plan.on_time, row.plan.late, row.plan.missing) for row in rows]
    return draw_outcomes(outcomes, title=title, labels=labels, language=words.locale, longest=longest)


def lateness_picture(words: Wording, lateness: Sequence[Lateness], title: str = "", *, longest: int = 0) -> bytes:
    """The PNG of the working days that each party was late, on an axis that runs to `longest` at least."""
    axis = words("columns.days_late")
    return draw_lateness(lateness, title=title, axis=axis, language=words.locale, longest=longest)


def _parts(rows: Sequence[_Row]) -> list[Sequence[_Row]]:
    """`rows` in as few parts of the same size as give pictures that can be read."""
    count = -(-len(rows) // _ROWS_PER_PICTURE)
    size = -(-len(rows) // max(count, 1))
    return [rows[first : first + size] for first in range(0, len(rows), size or 1)]


def _bar(words: Wording, row: ScheduleRow, place: str) -> Bar:
    label = format_weekday(row.end, words.locale, year=False)
    return Bar(place, min(row.since, row.end), row.end, label, row.kind, row.state, row.baseline, row.critical)


def _session_title(words: Wording, session: SessionSchedule) -> str:
    return words("session_title", number=session.number, title=session.title)


def _deadlines(words: Wording, rows: Sequence[ScheduleRow]) -> Table:
    columns = ("milestone", "due", "mover", "reason", "baseline", "status")

    def status(row: ScheduleRow) -> str:
        state = words(f"schedule.{row.state}")
        if row.actual is None:
            return state
        return words("label_value", label=state, value=format_weekday(row.actual, words.locale, year=False))

    lines = []
    for row in rows:
        baseline = format_weekday(row.baseline, words.locale) if row.baseline else ""
        due = " ".join(filter(None, (format_weekday(row.due, words.locale), row.time)))
        lines.append([row.name, due, row.mover, row.reason, baseline, status(row)])
    return _table([words(f"columns.{column}") for column in columns], lines, [row.critical for row in rows])


def _outcomes(words: Wording, first: str, rows: Sequence[ComplianceRow]) -> Table:
    columns = ("on_time", "late", "missing", "share_on_time", "baseline_share", "extensions")

    def share(count: Count) -> str:
        return format_percent(count.on_time / count.total, words.locale) if count.total else ""

    lines = [
        [
            row.name,
            *(format_number(n, words.locale) for n in (row.plan.on_time, row.plan.late, row.plan.missing)),
            share(row.plan),
            share(row.baseline),
            format_number(row.extensions, words.locale),
        ]
        for row in rows
    ]
    return _table([first, *(words(f"columns.{column}") for column in columns)], lines)


def _delays(words: Wording, lateness: Sequence[Lateness]) -> Table:
    columns = ("body", "times_late", "days_late", "longest")
    lines = [
        [late.party, *(format_number(n, words.locale) for n in (len(late.days), sum(late.days), max(late.days)))]
        for late in lateness
    ]
    return _table([words(f"columns.{column}") for column in columns], lines)


def _heading(text: str) -> Heading:
    return Heading(1, (Text(text),))


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]], bold: Sequence[bool] = ()) -> Table:
    """A table with its heading row; in a row marked `bold` the first cell is."""
    marked = [False, *bold] if bold else [False] * (len(rows) + 1)
    return Table(
        tuple(
            tuple((Text(cell, bold=strong and place == 0),) if cell else () for place, cell in enumerate(row))
            for strong, row in zip(marked, (columns, *rows), strict=True)
        )
    )
