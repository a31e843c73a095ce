"""Letters are drafted and cancelled, and the register of proposed actions is kept; `outbox` has the way of a letter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, insert, select, update

from tasks.adapters.ledger import schema
from tasks.adapters.ledger.rows import ActionRow, LetterFilter, LetterRow
from tasks.adapters.ledger.writing import Writing, fetch
from tasks.domain.errors import Conflict, Unknown
from tasks.domain.outbox import OPEN, Act, Addressee, Signatory, digest


class Letters(Writing):
    """The part of a change that drafts letters and keeps the register of actions."""

    def draft_letter(
        self,
        key: str,
        *,
        kind: str,
        language: str,
        subject: str,
        body: str,
        session: str | None = None,
        party: str | None = None,
        person: str | None = None,
        attachments: Sequence[str] = (),
        drafted_at: datetime | None = None,
        quotes: Sequence[str] = (),
        recipients: Sequence[Addressee] = (),
        cc: Sequence[Addressee] = (),
        signatory: Signatory | None = None,
        in_reply_to: str | None = None,
        act: Act | None = None,
    ) -> bool:
        """Keep a letter as a draft; False, and nothing changed, when `key` exists, be it cancelled.

        `in_reply_to` is the thread of the mail it answers, as the backend calls it.
        """
        self._require_edition()
        table = schema.letter
        if self._connection.execute(select(table.c.key).where(self._letter(key))).first() is not None:
            return False
        row = insert(table).values(
            edition=self.edition,
            key=key,
            kind=kind,
            session=session,
            party=party,
            person=person,
            language=language,
            subject=subject,
            body=body,
            status="draft",
            attachments=tuple(attachments),
            drafted_at=drafted_at or self.who.at,
            run=self.who.run,
            quotes=tuple(quotes),
            recipients=tuple(recipients),
            digest=digest(recipients, subject, body, attachments, cc, signatory, in_reply_to, act),
            version=1,
            cc=tuple(cc),
            signatory=signatory,
            in_reply_to=in_reply_to,
            act=act,
        )
        self._connection.execute(row)
        event = {"event": "drafted", "session": session, "party": party, "person": person, "language": language}
        self._log("letter", kind, key, event)
        return True

    def cancel_letters(self, which: Iterable[str] | LetterFilter, reason: str) -> list[str]:
        """Cancel letters by key or by filter, approved or not, but none on its way or sent; the keys it cancelled.

        One of which nobody knows whether it was sent stays for a person. `Unknown` for a key of no letter.
        """
        self._require_edition()
        table = schema.letter
        query = select(table).where(table.c.edition == self.edition)
        if isinstance(which, LetterFilter):
            parts = {name: value for name, value in vars(which).items() if value is not None}
            if not parts:
                raise ValueError("a filter of letters that matches every letter")
            found = fetch(self._connection, query.filter_by(**parts), LetterRow)
        else:
            keys = {which} if isinstance(which, str) else set(which)
            found = fetch(self._connection, query.where(table.c.key.in_(keys)), LetterRow)
            missing = keys - {letter.key for letter in found}
            if missing:
                raise Unknown(f"{self.edition} has no letter {', '.join(sorted(missing))}; nothing was cancelled")
        pointless = sorted((letter for letter in found if letter.status in OPEN), key=lambda letter: letter.key)
        for letter in pointless:
            # Its approval goes with it: nothing of this letter may be sent any more.
            values = {"status": "cancelled", "reason": reason, "version": letter.version + 1, "approved_digest": None}
            self._connection.execute(update(table).where(self._letter(letter.key)).values(**values))
            event = {"event": "cancelled", "status": [letter.status, "cancelled"]}
            self._log("letter", letter.kind, letter.key, event, why=reason)
        return [letter.key for letter in pointless]

    def add_action(
        self,
        id: str,
        *,
        title: str,
        leads: Sequence[str] = (),
        partners: str = "",
        reporting_point: str = "",
        horizontal: Sequence[str] = (),
        session: str | None = None,
        source_document: int | None = None,
    ) -> bool:
        """Enter a proposed action; False when it is there with the same content, `Conflict` with another."""
        self._require_edition()
        table = schema.action
        action = ActionRow(
            edition=self.edition,
            id=id,
            session=session,
            title=title,
            leads=tuple(leads),
            partners=partners,
            reporting_point=reporting_point,
            horizontal=tuple(horizontal),
            source_document=source_document,
        )
        same = select(table).where(table.c.edition == self.edition, table.c.id == id)
        found = next(iter(fetch(self._connection, same, ActionRow)), None)
        if found is not None:
            if found == action:
                return False
            raise Conflict(
                f"proposed action {id} is in the register otherwise: {found.title!r}; "
                "take the session's actions out first, then enter the new ones"
            )
        source = self._source(source_document)
        self._connection.execute(insert(table).values(**vars(action)))
        # The source by its content: a document's number says nothing outside this database.
        told = {name: value for name, value in vars(action).items() if name not in ("edition", "id", "source_document")}
        self._log("action", "action", id, {"event": "entered", **told, "source": source})
        return True

    def remove_actions(self, session: str | None) -> list[str]:
        """Take the proposed actions of a session out of the register, to enter them anew; their ids."""
        self._require_edition()
        table = schema.action
        query = select(table).where(table.c.edition == self.edition, table.c.session == session)
        found = sorted(action.id for action in fetch(self._connection, query, ActionRow))
        for action_id in found:
            self._connection.execute(delete(table).where(table.c.edition == self.edition, table.c.id == action_id))
            self._log("action", "action", action_id, {"event": "removed", "session": session})
        return found

    def _letter(self, key: str) -> ColumnElement[bool]:
        table = schema.letter
        return and_(table.c.edition == self.edition, table.c.key == key)

    def _source(self, document_id: int | None) -> str | None:
        if document_id is None:
            return None
        table = schema.document
        query = select(table.c.sha256).where(table.c.edition == self.edition, table.c.id == document_id)
        sha256: str | None = self._connection.execute(query).scalar()
        if sha256 is None:
            raise Unknown(f"{self.edition} has no document {document_id} to take an action from")
        return sha256
