"""Stage 3, the panel: invitations in each person's language, answers, replacements, the panel list."""

from __future__ import annotations

from tasks import decisions
from tasks.adapters.ledger import Record
from tasks.adapters.word.contexts import Letter, Line, ListDocument, ListTable
from tasks.decisions import Correction
from tasks.desk import Desk, Drafted
from tasks.domain import letter
from tasks.domain import panel as rules
from tasks.domain.edition import Session
from tasks.domain.errors import Invalid, Unknown
from tasks.pages import balances, holders, person_cells
from tasks.steps import step, take

STAGE = rules.STAGE


def advance(desk: Desk, session: Session) -> list[str]:
    """Do what is due for the panel of `session`."""
    return take(desk, session, rules.due, {"invite": invite, "complete": complete, "reopen": reopen})


@step("Invite a person to a seat")
def invite(desk: Desk, session: Session, key: str) -> str:
    """Write the invitation in the person's language, as a Word letter and as a draft in the ledger."""
    record = desk.record("seat", key)
    person = desk.edition.person(record.facts["person"])
    recipient = desk.recipient(person.id, person.id)
    language, invitation = recipient.language.id, record.facts["invitation"] + 1
    role = desk.edition.role(record.facts["role"]).names[language]
    drafted = desk.draft(
        letter.PanelInvitation(
            edition=desk.edition.names[language],
            deadline=desk.day(desk.answer_by("panel-complete", session.id), language),
            session=session.id,
            session_title=session.title[language],
            role=role,
            place=desk.edition.place[language],
            dates=desk.forum_dates(language),
        ),
        recipient,
        session,
    )
    made = desk.write(
        _letter_page(desk, drafted, f"{key}/{invitation}"),
        stage=STAGE,
        kind="invitation",
        key=key,
        session=session.id,
        language=language,
        number=desk.next_number("invitation", key, language),
        title=drafted.subject,
        party=person.id,
    )
    with desk.change(f"the invitation for {key} is due") as change:
        desk.move(change, record, "invited", invitation=invitation)
        desk.add(change, made)
        desk.post(change, f"panel-invitation/{key}/{invitation}", drafted, [made.sha256])
    return f"{key}: invitation to {person.id} in {language}"


def _letter_page(desk: Desk, drafted: Drafted, reference: str) -> Letter:
    """The letter as a Word page, signed as its mail is."""
    language = drafted.recipient.language.id
    words = desk.words(language)
    page = desk.page(language)
    # A letter says whose it is and when; which language it is in, one sees.
    page["reference"] = [
        Line(label=words("labels.reference"), value=reference),
        Line(label=words("labels.date"), value=desk.day(desk.today, language)),
    ]
    return Letter(
        **page,
        recipient=drafted.recipient.address,
        subject_label=words("labels.subject"),
        subject=drafted.subject,
        salutation=drafted.recipient.salutation,
        paragraphs=drafted.paragraphs,
        closing=drafted.recipient.closing,
        signatory_name=drafted.signatory.name,
        signatory_title=drafted.signatory.title,
    )


def answer(
    desk: Desk,
    session: Session,
    seat: str,
    reply: str,
    replacement: str | None = None,
    reason: str = "",
    correction: Correction | None = None,
) -> str:
    """Record what a person answered for a seat: confirmed, declined or withdrawn; or name a candidate (`nominated`).

    `replacement` is the person who is asked next.

    Raises:
        Unknown: there is no such seat in the session, or no such person in the edition.
        NotNow: the seat is not in a state that this answers.
    """
    known = [entry.id for entry in session.seats]
    if seat not in known:
        raise Unknown(f"{seat}: session {session.id} has no such seat; it has {', '.join(known) or 'none'}")
    if reply not in ("confirmed", "declined", "withdrawn", "nominated"):
        raise Invalid(f"{seat}: {reply!r} is no answer; it is confirmed, declined, withdrawn or nominated")
    if replacement is not None and not desk.edition.has("people", replacement):
        raise Unknown(
            f"{seat}: {replacement!r} is no person of this edition; add them first, `roundtable edition apply`"
        )
    if reply == "nominated" and replacement is None:
        raise Invalid(f"{seat}: name the person who is nominated")
    record = desk.record("seat", seat)
    key = correction.key if correction else _key(record, reply, replacement)
    content = {"answer": reply} | ({"replacement": replacement} if replacement else {})
    with desk.change(f"answer for {seat}: {reply}") as change:
        taken = decisions.take(
            desk, change, key=key, kind="seat", subject=seat, answer=content, reason=reason, correction=correction
        )
        if taken.record is None:
            return taken.message
        current = taken.record
        if reply == "nominated":
            desk.move(change, current, "nominated", person=replacement)
        else:
            current = desk.move(change, current, reply, reason=reason or None)
            asked = current.facts["person"]
            if reply != "confirmed":
                desk.void(change, f"panel-invitation/{seat}/{current.facts['invitation']}", f"{asked} has {reply}")
                if replacement:
                    desk.move(change, current, "nominated", person=replacement)
    who = record.facts.get("person", "nobody")
    return "\n".join([f"{seat}: {who} {reply}{f', {replacement} is asked next' if replacement else ''}", *taken.undone])


def _key(record: Record, reply: str, replacement: str | None) -> str:
    """One question, one key: the answer to an invitation, a later withdrawal, a nomination."""
    invitation = record.facts["invitation"]
    if reply in ("declined", "withdrawn") and replacement == record.facts.get("person") and record.state == "invited":
        # The same answer once more, after the replacement it names was invited: no answer of the replacement.
        invitation -= 1
    base = f"seat/{record.key}/{invitation}"
    if reply == "nominated":
        return f"{base}/nomination"
    if reply == "withdrawn":
        return f"{base}/withdrawal"
    # An invitation that was declined with a replacement has moved on to `nominated`; the question is still the same.
    return base


@step("Issue the panel list")
def complete(desk: Desk, session: Session, key: str) -> str:
    """Every required seat is confirmed: make the panel list in all the edition's languages."""
    record = desk.record(STAGE, session.id)
    made = []
    for language in desk.edition.languages:
        number = desk.next_number("panel-list", session.id, language.id)
        made.append(
            desk.write(
                panel_list(desk, session, language.id, number),
                stage=STAGE,
                kind="panel-list",
                key=session.id,
                session=session.id,
                language=language.id,
                number=number,
                title=session.title[language.id],
            )
        )
    with desk.change("every required seat is confirmed") as change:
        desk.move(change, record, "complete")
        for document in made:
            desk.add(change, document)
    return f"{session.id}: panel complete, list in {len(made)} languages"


@step("Reopen the panel")
def reopen(desk: Desk, session: Session, key: str) -> str:
    """A required seat is no longer confirmed: the panel list no longer holds."""
    record = desk.record(STAGE, session.id)
    lists = desk.ledger.documents(desk.edition.id, kind="panel-list", key=session.id, status="current")
    with desk.change("a required seat is no longer confirmed") as change:
        desk.move(change, record, "incomplete")
        change.supersede_documents([row.id for row in lists], "the panel is open again")
    return f"{session.id}: panel open again"


def panel_list(desk: Desk, session: Session, language: str, number: int) -> ListDocument:
    """The panel of a session with its balance, as stated."""
    words, found = desk.words(language), holders(desk, session)
    columns = [words(f"columns.{label}") for label in ("role", "name", "position", "body", "region")]
    rows = [[desk.edition.role(seat.role).names[language], *person_cells(desk, who, language)] for seat, who in found]
    table = ListTable(heading="", columns=columns, rows=rows)
    return ListDocument(
        **desk.page(language, version=str(number)),
        kind=words("documents.panel-list"),
        title=session.title[language],
        subtitle=f"{words('labels.session')} {session.id}",
        tables=[table],
        balances_heading=words("balance.heading"),
        balances=balances(desk, [person for _, person in found], language),
    )
