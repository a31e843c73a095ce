"""A letter as the mail it will be: who it is from, who it goes to, what is in it."""

from __future__ import annotations

from tasks.adapters.contents import mime_of
from tasks.adapters.ledger import LetterRow
from tasks.adapters.ports import Address, Attachment, Message
from tasks.desk import Desk
from tasks.domain.correspondence import signatory_of
from tasks.domain.outbox import Act, Addressee, Share


def compose(desk: Desk, letter: LetterRow) -> Message:
    """The mail of a letter, dated now, with the files it carries.

    Raises:
        Unknown: a file is gone from the store, or was changed.
        Invalid: no mail can be made of it, such as with an address that is none.
    """
    attachments = [Attachment(name, desk.store.get(sha), sha, mime_of(name)) for name, sha in _files(desk, letter)]
    return Message(
        key=letter.key,
        sender=sender_of(desk, letter),
        to=tuple(Address(each.name, each.email or "") for each in letter.recipients),
        cc=tuple(Address(each.name, each.email or "") for each in letter.cc),
        subject=letter.subject,
        text=sent_text(desk, letter),
        language=desk.edition.language(letter.language).locale,
        attachments=tuple(attachments),
        date=desk.now,
        in_reply_to=letter.in_reply_to,
    )


def sent_text(desk: Desk, letter: LetterRow) -> str:
    """The words that go out: the letter's, in a rehearsal below its notice, which is no part of what is approved."""
    return "\n\n".join(filter(None, [desk.notice(letter.language), letter.text]))


def written(desk: Desk, letter: LetterRow) -> str:
    """Exactly what will go out, or went out, as text: headers, body, attachments with their hashes; then its state.

    Of an act what will be done, for whom, and our words that go with what the provider tells them.
    """
    if letter.act:
        return _written_act(desk, letter, letter.act)
    sender = sender_of(desk, letter)
    speaks = [f"{each.party} for {each.body}" if each.body else each.party for each in letter.recipients]
    lines = [
        f"From: {sender.name} <{sender.email}>",
        f"To: {_shown(letter.recipients) or '(nobody)'}",
        *([f"Cc: {_shown(letter.cc)}"] if letter.cc else []),
        f"Subject: {letter.subject}",
        f"Date: {letter.sent_at:%a, %-d %b %Y %H:%M} UTC" if letter.sent_at else "Date: when it is sent",
        f"Content-Language: {desk.edition.language(letter.language).locale}",
        *([f"In-Reply-To: {letter.in_reply_to}"] if letter.in_reply_to else []),
        "",
        sent_text(desk, letter),
        "",
        *(f"Attached: {name} (SHA-256 {sha})" for name, sha in _files(desk, letter)),
        *([] if letter.attachments else ["Attached: nothing"]),
        f"Recipients: {', '.join(speaks) or 'none'}",
        f"Status: {_status(letter)}",
    ]
    return "\n".join(lines)


def _written_act(desk: Desk, letter: LetterRow, act: Act) -> str:
    if isinstance(act, Share):
        said, whom = f"Share: the folder of {act.team}, as {act.role}", "With"
    else:
        said, whom = f"Invite: to “{letter.subject}” ({act.entry}), {act.due}", "Guests"
    lines = [
        said,
        f"{whom}: {_shown(letter.recipients) or '(nobody)'}",
        "",
        sent_text(desk, letter),
        "",
        f"Status: {_status(letter)}",
    ]
    return "\n".join(lines)


def sender_of(desk: Desk, letter: LetterRow) -> Address:
    """Who a letter is from: who signs it, or would, were it one drafted before letters were signed."""
    if letter.signatory:
        return Address(letter.signatory.name, letter.signatory.email)
    found = signatory_of(desk.edition, letter.kind, letter.session, letter.party)
    return Address(found.name, found.email)


def _shown(addressees: tuple[Addressee, ...]) -> str:
    return ", ".join(
        f"{each.name} <{each.email}>" if each.email else f"{each.name} (no address)" for each in addressees
    )


def _files(desk: Desk, letter: LetterRow) -> list[tuple[str, str]]:
    """(name, hash) of what a letter carries, in order; a file is known by the newest document that has its hash."""
    if not letter.attachments:
        return []
    rows = [row for sha in letter.attachments for row in desk.ledger.documents(desk.edition.id, sha256=sha)]
    names = {row.sha256: row.name for row in sorted(rows, key=lambda row: (row.session == letter.session, row.id))}
    return [(names.get(sha, sha[:12]), sha) for sha in letter.attachments]


def _status(letter: LetterRow) -> str:
    told = letter.status
    if letter.approved_digest and letter.approved_by and letter.approved_at:
        told += f", approved by {letter.approved_by} on {letter.approved_at:%-d %B %Y}"
    if letter.sent_at:
        told += f", sent on {letter.sent_at:%-d %B %Y} by way of {letter.backend or letter.how or 'other means'}"
    return told + "".join(f"; {text}" for text in (letter.error, letter.reason) if text)
