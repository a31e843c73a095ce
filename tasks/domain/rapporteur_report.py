"""Summaries and rapporteur reports (docs/process.md, 5), and the Chatham House Rule as a check."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from tasks.domain.edition import Edition, Session, text_in
from tasks.domain.locale import territories_of
from tasks.domain.text import Block, Inline, Table, plain, text_of
from tasks.domain.view import Standing, Step, TeamView, Wait, milestone_key

STAGE = "rapporteur-report"


def has_report(session: Session) -> bool:
    return bool(session.report_parts)


def rapporteur_of(view: TeamView) -> str | None:
    """Id of the confirmed holder of the reporting seat, or whoever is nominated for it."""
    for seat in view.session.seats:
        if view.edition.role(seat.role).reports:
            record = view.find("seat", seat.id)
            return record.facts.get("person") if record else None
    return None


def panel_of(view: TeamView) -> list[str]:
    """Who sits on the panel, as what was made of it remembers it."""
    return sorted(f"{seat.key}={seat.facts['person']}" for seat in view.of_kind("seat") if seat.state == "confirmed")


def outdated_templates(view: TeamView) -> list[str]:
    """Of summary and report those whose template shows a panel that has changed, and that nobody has returned yet."""
    panel, id = panel_of(view), view.session.id
    records = [record for kind in ("summary", "report") if (record := view.find(kind, id))]
    return [r.kind for r in records if r.state == "prepared" and r.facts.get("panel", panel) != panel]


def due(view: TeamView, today: dt.date) -> list[Step]:
    """The steps of summary and report that can be taken today."""
    session = view.session
    if not has_report(session):
        return []
    steps = []
    if view.state("summary", session.id) == "planned" and today >= view.due("report-templates"):
        steps.append(Step(STAGE, "prepare", session.id))
    if view.state("panel", session.id) == "complete" and outdated_templates(view):
        steps.append(Step(STAGE, "remake", session.id))
    summary = view.find("summary", session.id)
    if summary and (summary.state == "accepted" or (summary.state == "received" and not is_held(summary))):
        steps.append(Step(STAGE, "issue_summary", session.id))
    if view.state("report", session.id) == "accepted":
        steps.append(Step(STAGE, "issue_report", session.id))
    return steps


def is_held(record: Standing) -> bool:
    """Whether a received text has sentences to clear: a summary is issued without a decision only if it has none."""
    return bool(record.facts.get("attributions"))


def waits(view: TeamView, today: dt.date) -> list[Wait]:
    """Who must act on summary and report."""
    session = view.session
    found = []
    rapporteur = rapporteur_of(view)
    coordinator = view.edition.coordinator_of(session).id
    parties = (rapporteur or coordinator,)
    for kind, milestone in (("summary", "summary-due"), ("report", "report-due")):
        record = view.find(kind, session.id)
        if record is None:
            continue
        since, until = record.changed_at.date(), view.due_for(parties[0], milestone)
        key = milestone_key(session.id, milestone)
        match record.state:
            case "planned":
                if kind == "summary":
                    templates = view.due("report-templates")
                    found.append(Wait(STAGE, kind, session.id, "templates for the report", (), templates, since))
            case "prepared":
                found.append(
                    Wait(STAGE, kind, session.id, f"{kind} of the session", parties, until, since, key, milestone)
                )
            case "returned":
                found.append(
                    Wait(STAGE, kind, session.id, f"corrected {kind}", parties, until, since, key, f"{kind}-corrected")
                )
            case "received" if kind == "report" or is_held(record):
                what = f"decision on the {kind}"
                found.append(Wait(STAGE, kind, session.id, what, (coordinator,), until, since, key, f"{kind}-decision"))
    return found


# Chinese and Japanese put no space after the full stop.
_SENTENCE = re.compile(r"(?<=[.!?؟])\s+|(?<=[。！？])\s*|\n+")
#: Apostrophes are written in several ways: a name is the same in each.
_APOSTROPHES = str.maketrans(dict.fromkeys("’ʼ‘`´", "'"))


def attributions(
    blocks: Iterable[Block], names: Collection[str], roles: Collection[str], verbs: Collection[str]
) -> list[str]:
    """Sentences that may say who said something: a known name or the role of one speaker, and a verb of saying.

    A person clears each (a matter of record stays, the rest goes back). `names` are looked for as they are written,
    `roles` and `verbs` in small letters and capitals. A role is that of one person or delegation ("the delegate said"):
    so the adjective of a country needs no list. What it does not see: such an adjective alone or with a plural
    ("the Norvanian delegates said"), a pronoun, and who is described without a name or a role. Tables are left out: a
    lead named for an action is a matter of record. Source: the Chatham House Rule of the Forum.
    """
    name, role, verb = _any_of(names), _any_of(roles, re.IGNORECASE), _any_of(verbs, re.IGNORECASE)
    return [
        sentence.strip()
        for block in blocks
        if not isinstance(block, Table)
        for sentence in _SENTENCE.split(text_of(block))
        if verb.search(alike := _alike(sentence)) and (name.search(alike) or role.search(alike))
    ]


#: What stands around a word of its own, by script. Arabic writes "and", "so", "by", "to" and "as" in one with the word
#: that follows; scripts from U+2E80 on part no words.
_AROUND = {"": (r"(?<!\w)", r"(?!\w)"), "arabic": (r"(?<!\w)[وفبلك]?", r"(?!\w)"), "unparted": ("", "")}


def _any_of(texts: Collection[str], flags: int = 0) -> re.Pattern[str]:
    """A pattern for each of `texts` as words of their own: one group a script, which is many times faster than each."""
    groups: dict[str, list[str]] = {}
    for text in sorted(map(_alike, texts), key=len, reverse=True):
        script = "unparted" if ord(text[0]) >= 0x2E80 else "arabic" if "\u0600" <= text[0] <= "\u06ff" else ""
        groups.setdefault(script, []).append(r"\s+".join(map(re.escape, text.split())))
    forms = [f"{_AROUND[script][0]}(?:{'|'.join(group)}){_AROUND[script][1]}" for script, group in groups.items()]
    return re.compile("|".join(forms) or r"(?!)", flags)


def _alike(text: str) -> str:
    return unicodedata.normalize("NFC", text).translate(_APOSTROPHES)


def names_that_speak(edition: Edition) -> set[str]:
    """Names a report must not attribute a statement to, in every language of the edition.

    They are the bodies and the organisations of people, long and short; all countries, for who takes the floor need
    not be a body of the edition; and the surnames of people. A surname of one or two characters stands in too many
    words: such a person is known by the whole name.
    """
    names = {name for body in edition.bodies for name in body.names.values()}
    for language in edition.languages:
        names |= territories_of(language.locale)
        names |= {text_in(person.organisation, language.id) for person in edition.people}
    people = {person.surname if len(person.surname) > 2 else person.name for person in edition.people}
    return people | {form for name in names for form in _long_and_short(name)}


#: What parts the names of one body: "World Bank (WB)", "Congo - Kinshasa", "Ministry / Taskforce".
_NAMES_APART = re.compile(r"[()（）]|\s[-–/]\s")


def _long_and_short(name: str) -> Iterator[str]:
    """The names a body goes by: what stands before, in and after brackets, and the initials of its capitals."""
    for part in _NAMES_APART.split(name):
        form = part.strip(" ,;")
        initials = "".join(word[0] for word in re.findall(r"\w+", form) if word[0].isupper())
        yield from (each for each in (form, initials) if len(each) > 1)


@dataclass(frozen=True)
class ActionRow:
    """A proposed action as the report's table has it: names as written, not yet ids."""

    number: str
    title: str
    leads: tuple[str, ...]
    partners: str
    reporting_point: str
    horizontal: tuple[str, ...]


#: Columns of the table of proposed actions, as the template has them.
ACTION_COLUMNS = ("number", "action", "lead", "partners", "reporting_point", "horizontal_issues")


@dataclass(frozen=True)
class ProposedActions:
    """The proposed actions of a report, and what of them can't be read: pairs as in `concept_note.problems`."""

    rows: list[ActionRow]
    problems: list[tuple[str, int | str]]


def proposed_actions(
    blocks: Sequence[Block], closing: Sequence[Block], headings: Collection[str], none: Collection[str]
) -> ProposedActions:
    """The rows of every table of actions in `blocks`; nothing a rapporteur wrote into one is passed over in silence.

    A table of actions has the template's columns and at least two of its `headings`, in any language; where none has,
    it is the last of so many columns. A table with such headings and other columns, and any other table of `closing`,
    the part that the template's table closes, can't be read. A report without actions says so: `none` are the words
    for it. Problems: actions_missing (no table), actions_empty, actions_unreadable (the table's headings),
    actions_row (the row's text).
    """
    known, nothing = {_folded(heading) for heading in headings}, {_folded(word) for word in none}
    tables = [block for block in blocks if isinstance(block, Table) and block.rows]
    headed = [table for table in tables if len(known & {_folded(plain(cell)) for cell in table.rows[0]}) > 1]
    wide = [table for table in tables if len(table.rows[0]) == len(ACTION_COLUMNS)]
    ours = [table for table in wide if table in headed] or wide[-1:]
    problems: list[tuple[str, int | str]] = [
        ("actions_unreadable", _spoken_row(table.rows[0]))
        for table in tables
        if table not in ours and (table in headed or table in closing)
    ]
    rows, says_none = [], False
    for row in (row for table in ours for row in table.rows[1:]):
        cells = [plain(cell).strip() for cell in row]
        written = {_folded(cell) for cell in cells if cell}
        if written and written <= nothing:
            says_none = True
        elif len(cells) == len(ACTION_COLUMNS) and cells[1]:
            number, title, leads, partners, point, horizontal = cells
            rows.append(ActionRow(number, title, split_names(leads), partners, point, split_names(horizontal)))
        elif any(cells[1:]):  # a number alone is a line that was not used
            problems.append(("actions_row", _spoken_row(row)))
    if not problems and not ours:
        problems.append(("actions_missing", ""))
    elif not problems and not rows and not says_none:
        problems.append(("actions_empty", ""))
    return ProposedActions(rows, problems)


def _folded(text: str) -> str:
    return " ".join(text.split()).strip(" .:").casefold()


def _spoken_row(row: Iterable[Sequence[Inline]]) -> str:
    return " | ".join(text for cell in row if (text := " ".join(plain(cell).split())))


def split_names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(";") if name.strip())
