"""After the Forum: everybody who helped is thanked, once."""

from __future__ import annotations

from tasks.desk import Desk
from tasks.domain import letter
from tasks.domain import thanks as rules
from tasks.domain.thanks import Part
from tasks.steps import step


@step("Thank those who helped")
def thank(desk: Desk, key: str) -> str:
    """One letter to each person or body whose every part is done, with all its parts."""
    edition = desk.edition
    drafts = []
    for party, done in rules.due(edition, desk.records(), desk.today).items():
        recipient = desk.recipient(party, party if edition.has("people", party) else None)
        to = recipient.language.id
        thanks = letter.Thanks(
            edition=edition.names[to],
            place=edition.place[to],
            dates=desk.forum_dates(to),
            parts=[_spoken(desk, part, to) for part in done],
        )
        session = rules.session_of(edition, done)
        drafts.append((party, desk.draft(thanks, recipient, session)))
    with desk.change("all they had a part in is done") as change:
        for party, drafted in drafts:
            if change.add_record(rules.KIND, party, "drafted"):
                desk.post(change, f"thanks/{party}", drafted)
    return f"thanks to {len(drafts)} people and bodies"


def _spoken(desk: Desk, part: Part, language: str) -> str:
    """A part in words: "1.1 Title – Rapporteur"."""
    edition, words = desk.edition, desk.words(language)
    role = edition.role(part.role).names[language] if part.role else words(f"labels.{part.label}")
    if part.roundtable:
        title = edition.roundtable(part.roundtable).title[language]
        return f"{words('labels.roundtable')} {part.roundtable} {title} – {role}"
    session = edition.session(part.session or "")
    return f"{session.id} {session.title[language]} – {role}"
