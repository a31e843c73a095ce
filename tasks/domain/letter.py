"""Letters: what each kind says and to whom, as plain values for the templates in `templates/letters/`.

A template is `KIND.LANGUAGE.j2`: its first line `Subject: ...`, then paragraphs with blank lines between. Address,
salutation and closing come from the courtesy forms of the edition, so no template holds them. Every template may use
the fields of its context and no other; all values are texts in the letter's language.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import ClassVar


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What every letter knows: the edition's name."""

    kind: ClassVar[str] = ""
    edition: str


@dataclass(frozen=True, kw_only=True)
class DatedLetter(Letter):
    """A letter that names the day the answer is due, in words."""

    deadline: str


@dataclass(frozen=True, kw_only=True)
class SessionLetter(DatedLetter):
    """A letter about one session: its number and title."""

    session: str
    session_title: str


@dataclass(frozen=True, kw_only=True)
class NoteInvitation(SessionLetter):
    """To the lead: write the concept note in the attached form. `word_limit` in figures."""

    kind: ClassVar[str] = "note-invitation"
    word_limit: str


@dataclass(frozen=True, kw_only=True)
class NoteReturned(SessionLetter):
    """To the lead: the note can't be taken yet, for these reasons (sentences)."""

    kind: ClassVar[str] = "note-returned"
    reasons: list[str]


@dataclass(frozen=True, kw_only=True)
class NoteAccepted(SessionLetter):
    """To the lead: the note is accepted under this symbol and will be tabled at `meeting` on the deadline's day."""

    kind: ClassVar[str] = "note-accepted"
    symbol: str
    meeting: str


@dataclass(frozen=True, kw_only=True)
class PaperInvitation(SessionLetter):
    """To the writer: the attached skeleton awaits the first draft of the background paper."""

    kind: ClassVar[str] = "paper-invitation"
    paper_title: str


@dataclass(frozen=True, kw_only=True)
class CallForInput(DatedLetter):
    """To every focal point: experience and figures are welcome for these papers ("1.1 Title", one each)."""

    kind: ClassVar[str] = "call-for-input"
    papers: list[str]


@dataclass(frozen=True, kw_only=True)
class Circulation(SessionLetter):
    """To a partner: draft `round` is attached for comments in the file itself (tracked changes, comments)."""

    kind: ClassVar[str] = "circulation"
    paper_title: str
    round: str


@dataclass(frozen=True, kw_only=True)
class NextDraft(SessionLetter):
    """To the writer: the comment round is over; who answered, who did not; what is awaited next (`awaited`)."""

    kind: ClassVar[str] = "next-draft"
    paper_title: str
    round: str
    answered: list[str]
    silent: list[str]
    awaited: str


@dataclass(frozen=True, kw_only=True)
class CommentReplies(SessionLetter):
    """To a body that commented on draft `round`: what became of each comment is attached; when the next text is due."""

    kind: ClassVar[str] = "comment-replies"
    paper_title: str
    round: str


@dataclass(frozen=True, kw_only=True)
class PaperReturned(SessionLetter):
    """To the writer: the text can't be taken yet, for these reasons."""

    kind: ClassVar[str] = "paper-returned"
    paper_title: str
    reasons: list[str]


@dataclass(frozen=True, kw_only=True)
class PanelInvitation(SessionLetter):
    """To a person: take this role on the panel of the session; place and dates of the Forum."""

    kind: ClassVar[str] = "panel-invitation"
    role: str
    place: str
    dates: str


@dataclass(frozen=True, kw_only=True)
class TranslationRequest(SessionLetter):
    """To a translator: translate in the attached file or files, as the instructions say."""

    kind: ClassVar[str] = "translation-request"
    paper_title: str
    source_language: str
    target_language: str
    instructions: str
    #: How many rows the paper's change leaves to translate; "" for the whole paper.
    changed: str = ""


@dataclass(frozen=True, kw_only=True)
class TranslationReview(SessionLetter):
    """To a reviewer: correct the attached translation with tracked changes."""

    kind: ClassVar[str] = "translation-review"
    paper_title: str
    target_language: str


@dataclass(frozen=True, kw_only=True)
class TranslationReturned(SessionLetter):
    """To a translator: the file is not complete, for these reasons."""

    kind: ClassVar[str] = "translation-returned"
    paper_title: str
    target_language: str
    reasons: list[str]


@dataclass(frozen=True, kw_only=True)
class NoteTakerTemplate(SessionLetter):
    """To a note taker: the attached template for the notes of the session; they go to the rapporteur."""

    kind: ClassVar[str] = "note-taker-template"


@dataclass(frozen=True, kw_only=True)
class RapporteurTemplate(SessionLetter):
    """To the rapporteur: templates of the one-page summary (due `deadline`) and the report (due `report_deadline`)."""

    kind: ClassVar[str] = "rapporteur-template"
    report_deadline: str


@dataclass(frozen=True, kw_only=True)
class ReportReturned(SessionLetter):
    """To the rapporteur: `document` (summary or report, in words) can't be taken yet, for these reasons."""

    kind: ClassVar[str] = "report-returned"
    document: str
    reasons: list[str]


@dataclass(frozen=True, kw_only=True)
class SummariesForGeneralRapporteur(DatedLetter):
    """To the general rapporteur: the attached summaries of these sessions, for the closing plenary."""

    kind: ClassVar[str] = "summaries-for-general-rapporteur"
    roundtable_title: str
    sessions: list[str]


@dataclass(frozen=True, kw_only=True)
class Reminder(DatedLetter):
    """To the one party whose move it is: what is asked of it (sentences), the earliest due on `deadline`."""

    kind: ClassVar[str] = "reminder"
    asks: list[str]


@dataclass(frozen=True, kw_only=True)
class Overdue(DatedLetter):
    """To the coordinator, later to the executive director: `party` owes `what` since `deadline`.

    `days` is the delay in words ("5 working days"), `reminded` the days reminders were drafted on, in words,
    `consequences` what the delay puts at risk (sentences).
    """

    kind: ClassVar[str] = "overdue"
    party: str
    what: str
    days: str
    reminded: list[str]
    consequences: list[str]


@dataclass(frozen=True, kw_only=True)
class DateChanged(DatedLetter):
    """To a party affected by a moved `meeting`: its dates, and the deadlines of the party that change with it.

    `changes` are lines ("Draft 2 of ...: 20 May 2007 instead of 13 May 2007"), `deadline` the party's nearest due day.
    """

    kind: ClassVar[str] = "date-changed"
    meeting: str
    old_date: str
    new_date: str
    changes: list[str]


@dataclass(frozen=True, kw_only=True)
class ExtensionGranted(SessionLetter):
    """To the party that has more time for `what`: until `deadline`, the new day, instead of `old_date`."""

    kind: ClassVar[str] = "extension-granted"
    what: str
    old_date: str


@dataclass(frozen=True, kw_only=True)
class CallTask(DatedLetter):
    """To the coordinator: a `party` that e-mail does not reach is called, or asked through an embassy (`contact`).

    `asks` are the sentences of the reminder it would have had, the earliest due on `deadline`.
    """

    kind: ClassVar[str] = "call-task"
    party: str
    contact: str
    asks: list[str]


@dataclass(frozen=True, kw_only=True)
class Acknowledgement(SessionLetter):
    """To whoever sent a file that was taken: `file_name` came in on `received` as `what`, asked for by `deadline`.

    `remarks` say what was done to it, and where it differs from what was decided.
    """

    kind: ClassVar[str] = "acknowledgement"
    file_name: str
    received: str
    what: str
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class FileRefused(DatedLetter):
    """To whoever sent a file that can't be taken: `file_name`, come in on `received`, and what to do (`advice`).

    `deadline` is the day by which the party owes its nearest answer; empty where it owes none.
    """

    kind: ClassVar[str] = "file-refused"
    file_name: str
    received: str
    advice: str


@dataclass(frozen=True, kw_only=True)
class SilenceResult(SessionLetter):
    """To the writer and everybody asked: what came of the silence procedure on draft `round`, which ran to `deadline`.

    `result` is a sentence; `deadline` here names the time of day and its zone, too.
    """

    kind: ClassVar[str] = "silence-result"
    paper_title: str
    round: str
    result: str


@dataclass(frozen=True, kw_only=True)
class Thanks(Letter):
    """To whoever helped, once it is all over: for these parts ("1.1 Title – Rapporteur", one each)."""

    kind: ClassVar[str] = "thanks"
    place: str
    dates: str
    parts: list[str]


@dataclass(frozen=True, kw_only=True)
class FolderShare(Letter):
    """To a body of a team, with the mail by which it is told that it sees the team's folder: what it may do there.

    `access` is a sentence.
    """

    kind: ClassVar[str] = "folder-share"
    session: str
    session_title: str
    access: str


LETTERS: tuple[type[Letter], ...] = (
    NoteInvitation, NoteReturned, NoteAccepted, PaperInvitation, CallForInput, Circulation, NextDraft, CommentReplies,
    PaperReturned,
    PanelInvitation, TranslationRequest, TranslationReview,
    TranslationReturned, NoteTakerTemplate, RapporteurTemplate, ReportReturned,
    SummariesForGeneralRapporteur, Reminder, Overdue, DateChanged, ExtensionGranted, CallTask,
    Acknowledgement, FileRefused, SilenceResult, Thanks, FolderShare,
)  # fmt: skip


def field_names(kind: type[Letter]) -> set[str]:
    """The variables a template of this letter must use, no more and no less."""
    return {field.name for field in fields(kind)}
