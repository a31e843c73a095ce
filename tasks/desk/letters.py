"""Letters at the desk: in the recipient's language, as drafts in the ledger."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tasks.adapters.ledger import Change, LetterRow
from tasks.adapters.letters import templates_in
from tasks.desk.base import Base
from tasks.domain.correspondence import copies_of, signatory_of
from tasks.domain.edition import Language, Session, text_in
from tasks.domain.letter import Letter
from tasks.domain.outbox import OPEN, Act, Addressee, Answered, Signatory


@dataclass(frozen=True)
class Recipient:
    """Whom a letter is for. `party` is a body or a person, `addressee` where it goes, with the body they speak for."""

    party: str
    person: str | None
    language: Language
    address: list[str]
    salutation: str
    closing: str
    addressee: Addressee


@dataclass(frozen=True)
class Drafted:
    """A letter in all its words, before it is a row."""

    letter: Letter
    recipient: Recipient
    subject: str
    paragraphs: list[str]
    session: str | None
    signatory: Signatory

    @property
    def text(self) -> str:
        """The letter from salutation to closing, without the signature."""
        return "\n\n".join([self.recipient.salutation, *self.paragraphs, self.recipient.closing])


class Letters(Base):
    """What a desk does with letters."""

    def recipient(self, party: str, person: str | None = None) -> Recipient:
        """The address, salutation and language for a person, a body's focal point, or one of the Taskforce."""
        edition = self.edition
        if edition.has("staff", party):
            member, language = edition.staff_member(party), edition.drafting_language.id
            form = edition.courtesy(member.courtesy).forms[language]
            name, surname, lines = member.name, member.surname, [text_in(member.title, language)]
        elif edition.has("people", person or party):
            someone = edition.person(person or party)
            form = edition.courtesy(someone.courtesy).forms[someone.language]
            body = edition.body(someone.body).names[someone.language] if someone.body else None
            name, surname, language = someone.name, someone.surname, someone.language
            lines = [text_in(someone.position, language), text_in(someone.organisation, language), body or ""]
        else:
            institution = edition.body(party)
            contact, language = institution.focal_point, institution.language
            form = edition.courtesy(contact.courtesy).forms[language]
            lines = [self.words(language)("labels.focal_point"), institution.names[language]]
            name, surname = contact.name or "", contact.surname or contact.name or ""
        address = [form.address.format(name=name, surname=surname).strip() if name else "", *lines]
        salutation = " ".join(form.salutation.format(name=name, surname=surname).split())
        return Recipient(
            party=party,
            person=person,
            language=edition.language(language),
            address=[line for line in dict.fromkeys(address) if line],
            salutation=salutation,
            closing=form.closing,
            addressee=self.addressee(party, person),
        )

    def addressee(self, party: str, person: str | None = None) -> Addressee:
        """Where a letter to a party goes, as the edition knows it now; without an address where e-mail does not reach.

        A person without an address of their own is written to by way of the focal point of their body.
        """
        edition = self.edition
        if edition.has("staff", party):
            member = edition.staff_member(party)
            return Addressee(party, None, member.name, member.email or None)
        someone = edition.person(person or party) if edition.has("people", person or party) else None
        name, speaks_for = (someone.name, someone.body) if someone else ("", party)
        email = someone.email if someone else None
        if speaks_for:
            body = edition.body(speaks_for)
            name = name or body.focal_point.name or body.names[body.language]
            email = email or (body.focal_point.email if body.reached_by_email else None)
        return Addressee(person or party, speaks_for, name, email or None)

    def draft(self, letter: Letter, recipient: Recipient, session: Session | None = None) -> Drafted:
        """The letter in its recipient's language."""
        folders = tuple(folder / "letters" for folder in reversed(self.folders))
        written = templates_in(folders).write(letter, recipient.language.locale)
        about = session.id if session else None
        signatory = self.signatory(letter.kind, about, recipient.party, recipient.language.id)
        return Drafted(letter, recipient, written.subject, written.paragraphs, about, signatory)

    def signatory(self, kind: str, session: str | None, party: str | None, language: str) -> Signatory:
        """Who signs a letter, as the edition has it now, with the title in the letter's language."""
        member = signatory_of(self.edition, kind, session, party)
        return Signatory(member.id, member.name, text_in(member.title, language), member.email)

    def copies(
        self, kind: str, session: str | None, party: str | None, recipients: Sequence[Addressee]
    ) -> list[Addressee]:
        """Who gets a copy of a letter, as the edition has it now; none where e-mail does not reach, nor a recipient."""
        found = [self.addressee(id) for id in copies_of(self.edition, kind, session, party or "")]
        taken = {each.email.casefold() for each in recipients if each.email}
        copies = []
        for each in found:
            if each.email and each.email.casefold() not in taken:
                taken.add(each.email.casefold())
                copies.append(each)
        return copies

    def post(
        self,
        change: Change,
        key: str,
        drafted: Drafted,
        attachments: Sequence[str] = (),
        answered: Answered | None = None,
        act: Act | None = None,
    ) -> bool:
        """Put a letter into the ledger as a draft; False when this letter (by key) is there already.

        A letter cancelled by a correction may be drafted anew: it gets the key with a number. One that answers a mail
        of whom it goes to continues its thread.
        """
        taken = self.ledger.letter_states(self.edition.id) if self._repeats(key) else {}
        name, number = key, 1
        while taken.get(name) == "cancelled":
            number += 1
            name = f"{key}~{number}"
        recipients = [drafted.recipient.addressee]
        thread = answered if answered and answered.is_from(recipients) else None
        return change.draft_letter(
            name,
            kind=drafted.letter.kind,
            language=drafted.recipient.language.id,
            subject=(thread.reply if thread else "") or drafted.subject,
            body=drafted.text,
            session=drafted.session,
            party=drafted.recipient.party,
            person=drafted.recipient.person,
            attachments=list(attachments),
            quotes=self.quoted(drafted.text, drafted.recipient.language.id),
            recipients=recipients,
            cc=self.copies(drafted.letter.kind, drafted.session, drafted.recipient.party, recipients),
            signatory=drafted.signatory,
            in_reply_to=thread.thread if thread else None,
            act=act,
        )

    def void(self, change: Change, key: str, reason: str) -> None:
        """Cancel a letter that has become pointless, also where it was drafted anew after a correction."""
        found = [name for name in self.ledger.letter_keys(self.edition.id, OPEN) if name.partition("~")[0] == key]
        change.cancel_letters(found, reason)

    def void_with(self, change: Change, documents: Collection[str], reason: str) -> list[str]:
        """Cancel the letters that carry one of these documents (hashes), which no longer holds; their keys."""
        gone = set(documents)
        carried = self.ledger.letter_attachments(self.edition.id, OPEN) if gone else {}
        found = [key for key, attachments in carried.items() if not gone.isdisjoint(attachments)]
        return change.cancel_letters(found, reason) if found else []

    def open_letters(self, session: str | None = None) -> list[LetterRow]:
        """Letters that are not on their way yet, approved or not: what becomes pointless among them is cancelled."""
        return self.letters_in(OPEN, session)

    def letters_in(self, statuses: Collection[str], session: str | None = None) -> list[LetterRow]:
        """The letters in one of these states, by key; asked state by state, so that the many sent ones are not read."""
        found = [row for status in statuses for row in self.ledger.letters(self.edition.id, session, status=status)]
        return sorted(found, key=lambda row: row.key)

    def _repeats(self, key: str) -> bool:
        return bool(self.ledger.letters(self.edition.id, key=key))
