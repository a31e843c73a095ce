"""Letters to whom e-mail does not reach: printed as Word letters when they are approved, delivered by other means."""

from __future__ import annotations

import re
from typing import Final

from tasks.adapters.ledger import Change, LetterRow
from tasks.adapters.word.contexts import Letter, Line
from tasks.desk import Desk, Made
from tasks.domain import rights
from tasks.domain.errors import Invalid, NotNow
from tasks.domain.outbox import is_on_paper
from tasks.domain.rights import Subject

STAGE: Final = "outbox"
KIND: Final = "letter"


def printed(desk: Desk, letter: LetterRow) -> Made:
    """The letter as a Word page, named by its key and language; its enclosures are documents of their own."""
    language = letter.language
    words = desk.words(language)
    page = desk.page(language)
    page["reference"] = [
        Line(label=words("labels.reference"), value=letter.key),
        Line(label=words("labels.date"), value=desk.day(desk.today, language)),
    ]
    salutation, *paragraphs = letter.body.split("\n\n")
    closing = paragraphs.pop() if paragraphs else ""
    signatory = letter.signatory
    context = Letter(
        **page,
        recipient=desk.recipient(letter.party, letter.person).address if letter.party else [],
        subject_label=words("labels.subject"),
        subject=letter.subject,
        salutation=salutation,
        paragraphs=paragraphs,
        closing=closing,
        signatory_name=signatory.name if signatory else "",
        signatory_title=signatory.title if signatory else "",
    )
    number = desk.next_number(KIND, letter.key, language)
    # A key may have signs that shells and links read as something else, such as `=` and `+`.
    plain = re.sub(r"[^\w.-]+", "-", letter.key)
    return desk.write(
        context, stage=STAGE, kind=KIND, key=letter.key, session=letter.session, language=language, number=number,
        title=letter.subject, party=letter.party, name=f"{plain}-v{number}-{language}",
    )  # fmt: skip


def keep_printed(desk: Desk, change: Change, pages: list[Made]) -> None:
    """Name the printed letters in the ledger, within the change that approves them."""
    for made in pages:
        desk.add(change, made)


def deliver(desk: Desk, letter: LetterRow, how: str) -> str:
    """Record that an approved letter was delivered by other means than mail; `how` says by which, such as "post".

    Raises:
        NotNow: it is not approved, on its way, or at its end.
        Invalid: it is not said how, or it is no letter that could be delivered so.
    """
    rights.allow(desk.edition, desk.by, "approve", Subject(letter.kind, letter.session))
    how = " ".join(how.split())
    if not how:
        raise Invalid(f"{letter.key}: say how it was delivered, such as: post, by hand, through the embassy")
    if letter.act:
        raise Invalid(f"{letter.key}: is no letter; a folder is shared and a guest invited by `roundtable outbox send`")
    if letter.status == "draft":
        paper = "; it is printed then" if is_on_paper(letter.recipients) else ""
        raise NotNow(f"{letter.key}: is not approved yet; approve it by its key{paper}, and deliver what was approved")
    with desk.change(f"delivered otherwise: {how}") as change:
        change.record_delivered(letter.key, how)
    return f"{letter.key}: delivered ({how}), says {desk.by}"
