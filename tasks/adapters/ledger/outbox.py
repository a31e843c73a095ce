"""The way of a letter: edited, approved, sent. Every step is conditional on what was read, whoever else is at work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from sqlalchemy import select, update

from tasks.adapters.ledger import schema
from tasks.adapters.ledger.rows import LetterRow
from tasks.adapters.ledger.writing import Writing, day, fetch
from tasks.domain import machines
from tasks.domain.errors import Invalid, Mistakes, NotNow, Overtaken, Refusal, Unknown
from tasks.domain.outbox import LETTER, Addressee, Signatory, digest, is_on_paper, why_not_approved

#: What of a letter may be changed, and is part of what is approved.
_PARTS = ("recipients", "cc", "subject", "body", "signatory")


class Outbox(Writing):
    """The part of a change that moves letters."""

    def letter(self, key: str) -> LetterRow:
        """The letter as it is inside this change; `Unknown` where there is none."""
        table = schema.letter
        query = select(table).where(table.c.edition == self.edition, table.c.key == key)
        found = fetch(self._connection, query, LetterRow)
        if not found:
            raise Unknown(f"{key}: no such letter; `roundtable outbox list {self.edition}` lists them")
        return found[0]

    def edit_letter(
        self,
        key: str,
        *,
        subject: str | None = None,
        body: str | None = None,
        recipients: Sequence[Addressee] | None = None,
        quotes: Sequence[str] | None = None,
        cc: Sequence[Addressee] | None = None,
        signatory: Signatory | None = None,
    ) -> LetterRow:
        """The letter with other words, recipients or signature, a draft again: an approval or a failure is void.

        `quotes` are the days the new body names. Nothing is changed where nothing differs. `NotNow` once it is on its
        way or at its end.
        """
        letter = self._open(key)
        after = replace(
            letter,
            subject=letter.subject if subject is None else subject,
            body=letter.body if body is None else body,
            recipients=letter.recipients if recipients is None else tuple(recipients),
            quotes=letter.quotes if quotes is None else tuple(quotes),
            cc=letter.cc if cc is None else tuple(cc),
            signatory=signatory or letter.signatory,
        )
        if after == letter:
            return letter
        seal = _seal(after)
        event: dict[str, Any] = {
            "event": "edited",
            "parts": [name for name in _PARTS if vars(after)[name] != vars(letter)[name]],
            "digest": [letter.digest, seal],
        }
        if letter.approved_by:
            event["void"] = f"the approval of {letter.approved_by}"
        return self._step(
            letter, "draft", event,
            subject=after.subject, body=after.body, recipients=after.recipients, quotes=after.quotes, cc=after.cc,
            signatory=after.signatory, digest=seal, approved_digest=None, approved_by=None, approved_at=None,
            error=None,
        )  # fmt: skip

    def approve_letters(self, seen: Mapping[str, str]) -> list[LetterRow]:
        """Approve letters, all or none, in the name of who makes this change; those that were not yet approved.

        `seen` has the digest of each letter as the approver saw it, by key.

        Raises:
            Mistakes: one is no draft, has no address, or reads otherwise by now; every such one is told.
        """
        mistakes: list[str] = []
        letters = []
        for key in sorted(seen):
            try:
                letter = self.letter(key)
                if letter.status == "approved" and letter.approved_digest == seen[key]:
                    continue
                machines.check(LETTER, key, letter.status, "approved")
            except Refusal as refusal:
                mistakes.append(str(refusal))
                continue
            if letter.status != "draft":
                mistakes.append(f"{key}: is {letter.status}; say what became of it with `roundtable outbox settle`")
            elif letter.digest != seen[key]:
                mistakes.append(f"{key}: was changed since it was shown; read it again")
            elif (problem := why_not_approved(key, letter.recipients)) and not (
                is_on_paper(letter.recipients) and letter.act is None
            ):
                mistakes.append(problem)
            letters.append(letter)
        if mistakes:
            raise Mistakes("nothing was approved:", mistakes)
        return [
            self._step(
                letter, "approved", {"event": "approved", "digest": letter.digest},
                approved_digest=letter.digest, approved_by=self.who.by, approved_at=self.who.at,
            )
            for letter in letters
        ]  # fmt: skip

    def void_approvals(self, keys: Iterable[str], reason: str) -> list[str]:
        """Make approved letters drafts again, because what they rest on has changed; the keys of those that were."""
        found = [self.letter(key) for key in sorted(keys)]
        void = [letter for letter in found if letter.status == "approved"]
        for letter in void:
            event = {"event": "void", "approved_by": letter.approved_by}
            self._step(
                letter, "draft", event, why=reason, approved_digest=None, approved_by=None, approved_at=None
            )  # fmt: skip
        return [letter.key for letter in void]

    def begin_sending(self, letter: LetterRow, reserved: str, backend: str) -> LetterRow:
        """The letter in the hands of a sender, under the id that `backend` reserved for it.

        `Overtaken` unless it is still as it was read, approved as it stands, by a digest counted anew.
        """
        now = self._still_is(letter)
        if now.approved_digest is None or not now.approved_digest == now.digest == _seal(now):
            raise Overtaken(f"{letter.key}: what was approved is not what it says; it has to be approved again")
        return self._step(
            now, "sending", {"event": "sending", "backend": backend}, reserved=reserved, backend=backend, error=None
        )

    def record_sent(self, letter: LetterRow, reference: str, thread: str) -> LetterRow:
        """The letter at its end: it went out, as `reference` of its backend."""
        return self._step(
            self._still_is(letter), "sent", {"event": "sent"}, reference=reference, thread=thread, sent_at=self.who.at,
            error=None,
        )  # fmt: skip

    def record_failed(self, letter: LetterRow, error: str) -> LetterRow:
        """The letter certainly did not go out, for this reason; a sender may take it up again."""
        return self._step(self._still_is(letter), "failed", {"event": "failed", "error": error}, error=error)

    def record_unknown(self, letter: LetterRow, error: str) -> LetterRow:
        """Nobody can tell whether the letter went out; a person has to."""
        return self._step(self._still_is(letter), "unknown", {"event": "unknown", "error": error}, error=error)

    def record_delivered(self, key: str, how: str) -> LetterRow:
        """An approved letter at its end, delivered by other means. `NotNow` unless it is approved, as it stands."""
        self._require_edition()
        letter = self.letter(key)
        if letter.status != "approved" or letter.approved_digest != _seal(letter):
            raise NotNow(f"{key}: is {letter.status}; only a letter that is approved as it stands can be delivered")
        return self._step(letter, "sent", {"event": "delivered", "how": how}, how=how, sent_at=self.who.at)

    def record_unsent(self, letter: LetterRow) -> LetterRow:
        """A sender that died had not sent the letter: it is approved, as before."""
        return self._step(self._still_is(letter), "approved", {"event": "not sent"}, reserved=None, backend=None)

    def settle_unknown(self, key: str, outcome: Literal["sent", "approved", "cancelled"], reason: str) -> LetterRow:
        """What a person found out about a letter nobody could tell of; `approved` means it did not go out.

        `NotNow` when it is not unknown, `Invalid` without a reason.
        """
        letter = self.letter(key)
        if letter.status != "unknown":
            raise NotNow(f"{key}: is {letter.status}, which is certain; only a letter that is unknown can be settled")
        if not reason.strip():
            raise Invalid(f"{key}: say how you know that it is {outcome}; it is kept with the letter")
        values: dict[str, Any] = {"sent_at": self.who.at} if outcome == "sent" else {}
        if outcome == "cancelled":
            values["reason"] = reason
        return self._step(letter, outcome, {"event": "settled"}, why=reason, **values)

    def reject_letter(self, key: str, reason: str) -> LetterRow:
        """Cancel one letter on a person's word. `NotNow` once it is on its way or at its end."""
        letter = self._open(key)
        if not reason.strip():
            raise Invalid(f"{key}: say why the letter is not to be sent; it is kept with it")
        return self._step(letter, "cancelled", {"event": "rejected"}, why=reason, reason=reason, approved_digest=None)

    def _open(self, key: str) -> LetterRow:
        self._require_edition()
        letter = self.letter(key)
        if letter.status != "draft":
            machines.check(LETTER, key, letter.status, "draft")
        return letter

    def _still_is(self, letter: LetterRow) -> LetterRow:
        """The letter as it is inside this change; `Overtaken` unless that is as it was read."""
        self._require_edition()
        found = self.letter(letter.key)
        if (found.status, found.version) != (letter.status, letter.version):
            since = f", by {found.approved_by} on {day(found.approved_at)}" if found.approved_at else ""
            raise Overtaken(
                f"{letter.key}: read as {letter.status} (version {letter.version}), but is now {found.status} "
                f"(version {found.version}{since}); read it again"
            )
        return found

    def _step(
        self, letter: LetterRow, to: str, event: dict[str, Any], *, why: str | None = None, **values: Any
    ) -> LetterRow:
        """`letter` in state `to`, one version on; conditional, as the moves of records are."""
        if not to == letter.status == "draft":  # a draft that is edited stays one; nothing else stays what it is
            machines.check(LETTER, letter.key, letter.status, to)
        after = replace(letter, status=to, version=letter.version + 1, **values)
        table = schema.letter
        result = self._connection.execute(
            update(table)
            .where(table.c.edition == self.edition, table.c.key == letter.key)
            .where(table.c.status == letter.status, table.c.version == letter.version)
            .values(status=to, version=after.version, **values)
        )
        if result.rowcount == 0:
            raise Overtaken(f"{letter.key}: somebody else moved this letter; read it again")
        if to != letter.status:
            event["status"] = [letter.status, to]
        self._log("letter", letter.kind, letter.key, event, why=why)
        return after


def _seal(letter: LetterRow) -> str:
    """The digest of a letter as it stands, counted anew."""
    return digest(
        letter.recipients,
        letter.subject,
        letter.body,
        letter.attachments,
        letter.cc,
        letter.signatory,
        letter.in_reply_to,
        letter.act,
    )
