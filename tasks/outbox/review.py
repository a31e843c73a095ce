"""What people do with letters before they go out: look, approve, edit, reject; and settle what nobody could tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tasks.adapters.ledger import LetterRow
from tasks.desk import Desk
from tasks.domain import rights
from tasks.domain.errors import Conflict, Invalid, Mistakes, Refusal, Unknown
from tasks.domain.locale import some_of
from tasks.domain.outbox import Addressee, Share, Signatory, code_of, is_on_paper, why_not_approved
from tasks.domain.rights import Subject
from tasks.outbox.composing import compose
from tasks.outbox.paper import keep_printed, printed

#: More keys than this are not spelt out in a message.
_SPELT = 12


@dataclass(frozen=True)
class Shown:
    """Drafts that would be approved, why others would not, and a code that changes when any of them does."""

    letters: tuple[LetterRow, ...]
    others: tuple[str, ...]
    code: str

    def __str__(self) -> str:
        keys = [letter.key for letter in self.letters]
        heading = f"{len(keys)} letters{': ' if keys else ''}{some_of(keys, _SPELT)}"
        return "\n".join([heading, *(f"not {line}" for line in self.others)])


def listed(
    desk: Desk, session: str | None = None, kind: str | None = None, status: str | None = None
) -> list[LetterRow]:
    """The letters of the edition by key, all or those of a session, kind and state."""
    return desk.ledger.letters(desk.edition.id, session=session, kind=kind, status=status)


def seen_by(desk: Desk, by: str, letters: Sequence[LetterRow]) -> list[LetterRow]:
    """Those of `letters` that the person called `by` may read: all where nobody is named.

    Letters are for the Friends of the Forum. Whoever may approve one reads it, and everybody what is written to them.

    Raises:
        NotYours: nobody of the Taskforce is called so.
        Invalid: more than one is.
    """
    edition = desk.edition
    if not by or not edition.rights:
        return list(letters)
    who = rights.person_called(edition, by)
    return [
        letter
        for letter in letters
        if rights.may_read(edition, who.id, "fof", letter.session)
        or rights.may(edition, who, "approve", Subject(letter.kind, letter.session))
        or who.id in (letter.party, *(each.party for each in letter.recipients))
    ]


def letter_for(desk: Desk, by: str, key: str) -> LetterRow:
    """The letter of this key, to be read by the person called `by`.

    Raises:
        Unknown: there is none.
        NotYours: it is not theirs to read; the message says who may.
    """
    letter = the_letter(desk, key)
    if not seen_by(desk, by, [letter]):
        rights.allow(desk.edition, by, "read", Subject("fof", letter.session))
    return letter


def the_letter(desk: Desk, key: str) -> LetterRow:
    """The letter of this key; Unknown where there is none."""
    found = desk.ledger.letters(desk.edition.id, key=key)
    if not found:
        raise Unknown(f"{key}: no such letter; `roundtable outbox list {desk.edition.id}` lists them")
    return found[0]


def shown(
    desk: Desk, keys: Sequence[str] = (), session: str | None = None, kind: str | None = None, every: bool = False
) -> Shown:
    """What this desk's person would approve: the letters of `keys`, or the drafts of a session, of a kind, or all.

    Of drafts chosen together, those without an address or not this person's to approve are left out, and told.

    Raises:
        Unknown: no letter of one of the keys.
        Mistakes: one that is named can't be approved.
        Invalid: nothing is chosen, or in two ways.
    """
    if bool(keys) + bool(session or kind) + every != 1:
        raise Invalid("say which letters: by key, or those of a session or kind, or all")
    drafts = [] if keys else listed(desk, session, kind, "draft")
    letters = [the_letter(desk, key) for key in dict.fromkeys(keys)] or drafts
    problems = [(letter, _problem(desk, letter, is_named=bool(keys))) for letter in letters]
    mistakes = tuple(problem for _, problem in problems if problem)
    if keys and mistakes:
        raise Mistakes("nothing was approved:", mistakes)
    good = tuple(letter for letter, problem in problems if not problem)
    return Shown(good, mistakes, code_of((letter.key, letter.digest) for letter in good))


def _problem(desk: Desk, letter: LetterRow, *, is_named: bool) -> str | None:
    """Why this letter can't be approved by this desk's person; None where it can.

    One that has to be delivered otherwise is approved by its name only, so that nobody takes it for sent.
    """
    try:
        _allow(desk, letter)
        if is_named and letter.act is None and is_on_paper(letter.recipients):
            return None
        if letter.status == "draft" and (lacking := why_not_approved(letter.key, letter.recipients)):
            return lacking
        if letter.act is None:
            compose(desk, letter)
    except Refusal as refusal:
        return str(refusal)
    return None


def approve(desk: Desk, found: Shown) -> str:
    """Approve what was shown, all or none, in the name of the desk's person; how many.

    Raises:
        Mistakes: one of them is another by now, or no draft any more.
    """
    if not found.letters:
        return "\n".join(["no letter to approve", *(f"not {line}" for line in found.others)])
    for letter in found.letters:
        _allow(desk, letter)
    on_paper = [letter for letter in found.letters if letter.status == "draft" and is_on_paper(letter.recipients)]
    pages = [printed(desk, letter) for letter in on_paper]
    with desk.change("approved to be sent") as change:
        approved = change.approve_letters({letter.key: letter.digest for letter in found.letters})
        keep_printed(desk, change, pages)
    done = f"{len(approved)} letters approved by {desk.by}"
    if pages:
        done += f", {len(pages)} of them printed: {', '.join(page.name for page in pages)}"
    before = len(found.letters) - len(approved)
    return "\n".join([done + (f", {before} before" if before else ""), *(f"not {line}" for line in found.others)])


def approve_as_shown(desk: Desk, found: Shown, code: str) -> str:
    """The same, for a `code` that was shown before.

    Raises:
        Conflict: the letters are no longer those that were shown under this code.
    """
    if code != found.code:
        raise Conflict(
            f"{desk.edition.id}: the letters are not those that were shown as {code}; now there are {found} \n"
            f"Look at them; their code is {found.code}"
        )
    return approve(desk, found)


def edit(
    desk: Desk,
    key: str,
    *,
    subject: str | None = None,
    body: str | None = None,
    to: Sequence[str] = (),
    readdress: bool = False,
) -> str:
    """Change a letter that is not on its way; it is a draft again, whatever it was.

    Args:
        to: Ids of bodies, people or staff it goes to instead, at the addresses the edition has.
        readdress: Take the addresses and the signature from the edition as it is now.

    Raises:
        NotNow: it is on its way, sent or cancelled.
        Unknown: nobody of the edition has such an id.
        Invalid: nothing is to be changed, or what the edition and the calendar say of a share or an invitation.
    """
    letter = the_letter(desk, key)
    _allow(desk, letter)
    if letter.act and (subject is not None or to or readdress or not isinstance(letter.act, Share)):
        raise Invalid(
            f"{key}: whom a folder is shared with and who is invited to what follow from the edition; change it there, "
            "or reject this with a reason"
        )
    if subject is None and body is None and not to and not readdress:
        raise Invalid(f"{key}: say what is to be changed: the subject, the text, or to whom it goes")
    recipients: list[Addressee] | None = None
    cc: list[Addressee] | None = None
    signatory: Signatory | None = None
    if readdress:
        recipients = [desk.addressee(letter.party or "", letter.person)]
        signatory = desk.signatory(letter.kind, letter.session, letter.party, letter.language)
    if to:
        recipients = [_addressed(desk, key, party) for party in to]
    if recipients:
        cc = desk.copies(letter.kind, letter.session, recipients[0].party, recipients)
    quotes = None if body is None else desk.quoted(body, letter.language)
    with desk.change("edited before it is sent") as change:
        after = change.edit_letter(
            key, subject=subject, body=body, recipients=recipients, quotes=quotes, cc=cc, signatory=signatory
        )
    if after.version == letter.version:
        return f"{key}: says so already; nothing changed"
    was = f"; the approval of {letter.approved_by} is void" if letter.status == "approved" else ""
    return f"{key}: edited{was}"


def _addressed(desk: Desk, key: str, party: str) -> Addressee:
    if not any(desk.edition.has(collection, party) for collection in ("bodies", "people", "staff")):
        raise Unknown(f"{key}: {party!r} is nobody of this edition; add them first, `roundtable edition apply`")
    return desk.addressee(party)


def reject(desk: Desk, key: str, reason: str) -> str:
    """Cancel a letter that is not on its way, with the reason.

    Raises:
        NotNow: it is on its way, sent or cancelled already.
        Invalid: no reason is given.
    """
    _allow(desk, the_letter(desk, key))
    with desk.change(reason.strip() or "rejected") as change:
        change.reject_letter(key, reason)
    return f"{key}: rejected by {desk.by} ({reason})"


def settle(desk: Desk, key: str, outcome: Literal["sent", "not-sent", "cancelled"], reason: str) -> str:
    """Say what became of a letter nobody could tell of: `not-sent` is approved as before and goes out the next time.

    Raises:
        NotNow: it is certain what became of it.
        Invalid: no reason is given.
    """
    _allow(desk, the_letter(desk, key))
    with desk.change(reason.strip() or "settled") as change:
        after = change.settle_unknown(key, "approved" if outcome == "not-sent" else outcome, reason)
    return f"{key}: {after.status}, says {desk.by} ({reason})"


def _allow(desk: Desk, letter: LetterRow) -> None:
    rights.allow(desk.edition, desk.by, "approve", Subject(letter.kind, letter.session))
