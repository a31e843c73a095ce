"""Comments in the text of a mail: a part that names its paragraph is a comment on the draft that the mail is about."""

from __future__ import annotations

from tasks import comment_matrix
from tasks.adapters.ports import Incoming
from tasks.desk import Desk
from tasks.domain.mail_comments import numbered_part
from tasks.mailroom.evidence import senders_of

#: The letter that brings a draft to a partner; its key names paper, round and body.
_CIRCULATION = "circulation"


def take_words(desk: Desk, mail: Incoming) -> str | None:
    """Register the comments in a mail that name their paragraphs; what was registered, None where there are none.

    Only what is certain: a known address of the body answers the letter that brought it the draft, and that round is
    its newest. All other words stay with the mail, and a mail that brings nothing else is for a person. Safe to repeat.
    """
    words = numbered_part(mail.text)
    senders, _ = senders_of(desk.edition, mail.sender.email)
    answers = bool(words and mail.thread)
    letters = desk.ledger.letters(desk.edition.id, kind=_CIRCULATION, thread=mail.thread) if answers else []
    answered = [row for row in letters if row.party in senders]
    if len(answered) != 1 or not answered[0].session:
        return None
    _, paper, round, body = answered[0].key.partition("~")[0].split("/")
    rounds = [
        record.facts["round"]
        for record in desk.ledger.records(desk.edition.id, "comments", answered[0].session)
        if (record.facts["paper"], record.facts["body"]) == (paper, body)
    ]
    if max(rounds, default=0) != int(round):
        return None
    return comment_matrix.add_text(desk, desk.edition.session(answered[0].session), paper, body, words)
