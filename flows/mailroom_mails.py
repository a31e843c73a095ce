"""How a mail is taken in: each of its files by itself, then its text; and how what can't be taken in is laid aside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from flows.mailroom_taking import Outcome, belongs_elsewhere, take
from tasks import mailroom
from tasks.adapters.ports import Arrived, Attachment, Incoming
from tasks.desk import Desk
from tasks.domain.edition import Edition
from tasks.mailroom import Came


def take_mail(desk: Desk, mail: Incoming) -> list[Outcome]:
    """Take in every file of a mail, then the mail itself; one bad file holds up none of the others.

    The covering text stays with each file; comments in it that name their paragraphs are taken in as well. A mail that
    brings neither, such as a short "no comments", goes to the tray.
    A fault of ours with a file is raised once the others are taken.
    """
    files, outcomes, faults = _files(mail), [], []
    for file in files:
        if belongs_elsewhere(desk, file.name, file.data):
            continue
        try:
            outcomes.append(take(desk, _came_with(mail, file)))
        except Exception as fault:  # noqa: BLE001  a fault of ours with one file: first the others
            faults.append(fault)
    if faults:
        raise faults[0]
    _keep_beside(desk, mail)
    if said := mailroom.take_words(desk, mail):
        outcomes.append(Outcome("taken", said))
    elif not files:
        outcomes.append(_text_only(desk, mail, mail.defect or "it brings no file"))
    answers = _answers(desk, files) + ([said] if said else [])
    mailroom.keep_mail(desk, mail, answers or [outcome.message for outcome in outcomes])
    return outcomes


def _answers(desk: Desk, files: Sequence[Attachment]) -> list[str]:
    """What the ledger says became of each file: the same when a mail that was taken in by half comes again."""
    rows = [desk.ledger.arrival(desk.edition.id, file.sha256) for file in files]
    return [row.message for row in rows if row is not None]


def lay_aside(desk: Desk, one: Incoming | Arrived, reason: str) -> list[Outcome]:
    """Put what can't be taken in into the tray as it came, for a person; nothing of it is opened.

    Of a mail's files, those of which the ledger knows already what became of them stay as they are.
    """
    if isinstance(one, Arrived):
        return [_unopened(desk, Came(one.name, one.data, one.sender or "", note=one.defect), reason)]
    untouched = [file for file in _files(one) if desk.ledger.arrival(desk.edition.id, file.sha256) is None]
    outcomes = [_unopened(desk, _came_with(one, file), reason) for file in untouched]
    outcomes = outcomes or [_text_only(desk, one, reason)]
    _keep_beside(desk, one)
    try:
        mailroom.keep_mail(desk, one, [outcome.message for outcome in outcomes])
    except Exception as fault:  # noqa: BLE001  what lies in the tray holds nobody up, should this be the fault
        outcomes.append(Outcome("tray", f"{called(desk.edition, one)} was not recorded: {fault!r}"))
    return outcomes


def called(edition: Edition, mail: Incoming) -> str:
    """A mail by its party and its hour: what is said of it is kept where neither address nor name may stand."""
    senders, _ = mailroom.senders_of(edition, mail.sender.email)
    whose = " or ".join(sorted(senders)) or "somebody unknown"
    return f"a mail from {whose}, {mail.date.astimezone(dt.UTC):%-d %B %Y %H:%M} UTC"


def _unopened(desk: Desk, came: Came, reason: str) -> Outcome:
    sha256 = desk.store.put(came.data)
    return Outcome("tray", mailroom.put_in_tray(desk, came, sha256, reason, (), what="file"))


def _files(mail: Incoming) -> list[Attachment]:
    """What of a mail may be an answer."""
    return [attachment for attachment in mail.attachments if not mailroom.is_beside(attachment)]


def _came_with(mail: Incoming, file: Attachment) -> Came:
    note = f"{mail.subject}\n\n{mail.text}"
    return Came(file.name, file.data, mail.sender.email, mail.thread, note, mail.subject)


def _keep_beside(desk: Desk, mail: Incoming) -> None:
    for attachment in mail.attachments:
        if mailroom.is_beside(attachment):
            desk.store.put(attachment.data)


def _text_only(desk: Desk, mail: Incoming, reason: str) -> Outcome:
    """A mail whose text is for a person to read."""
    text = f"{mail.reference}\n{mail.subject}\n\n{mail.text}".encode()
    sha256 = desk.store.put(text)
    name = mail.subject or "a mail without subject"
    came = Came(name, text, mail.sender.email, mail.thread, mail.text, called=called(desk.edition, mail))
    return Outcome("tray", mailroom.put_in_tray(desk, came, sha256, reason, (), what="mail"))
