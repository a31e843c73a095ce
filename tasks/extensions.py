"""Extensions: more time for one party and one milestone, granted by a named person with a reason."""

from __future__ import annotations

import datetime as dt

from tasks import decisions
from tasks.asks import name_of_milestone
from tasks.decisions import Correction
from tasks.desk import Desk, Drafted
from tasks.domain import calendar_records, letter
from tasks.domain.edition import Session
from tasks.domain.errors import Invalid, NotNow, Unknown
from tasks.domain.movers import movers_of
from tasks.domain.view import TeamView


def grant(
    desk: Desk, milestone: str, party: str, until: dt.date, reason: str, correction: Correction | None = None
) -> str:
    """Give `party` until `until` for a milestone: no reminder and no lateness before, for this party only.

    Raises:
        Unknown: no such milestone, or one that asks nothing of the party.
        NotNow: the milestone is met, or nobody waits for it any more.
        Invalid: the day is past, or no later than the one in force; or no reason is given.
    """
    record = desk.ledger.record(desk.edition.id, calendar_records.MILESTONE, milestone)
    if record is None or record.session is None:
        raise Unknown(
            f"{milestone}: {desk.edition.id} has no such deadline; `roundtable calendar` shows each with its key"
        )
    session = desk.edition.session(record.session)
    view = desk.view(session)
    movers = movers_of(view, milestone)
    if party not in movers:
        raise Unknown(f"{milestone}: asks nothing of {party}; it is the move of {', '.join(movers) or 'nobody'}")
    due = dt.date.fromisoformat(record.facts["due"])
    if record.state != "planned":
        raise NotNow(f"{milestone}: is {record.state}, there is nothing to extend; it was due on {due:%-d %B %Y}")
    _require_later(desk, view, milestone, party, until, due, corrected=correction is not None)
    if not reason.strip():
        raise Invalid(f"{milestone}: an extension needs a reason; say why {party} gets until {until:%-d %B %Y}")
    key = f"{milestone}|{party}"
    facts = {"milestone": milestone, "party": party, "until": due.isoformat()}
    drafted = _letter(desk, session, milestone, party, until, view.extensions.get((milestone, party), due))
    with desk.change(f"{party} asked for more time") as change:
        change.add_record(calendar_records.EXTENSION, key, "withdrawn", session.id, facts)
        taken = decisions.take(
            desk, change, key=f"extension/{key}/{until.isoformat()}", kind=calendar_records.EXTENSION, subject=key,
            answer={"until": until.isoformat()}, reason=reason, correction=correction,
        )  # fmt: skip
        if taken.record is None:
            return taken.message
        desk.move(change, taken.record, "granted", until=until.isoformat(), reason=reason, by=desk.by)
        if drafted:
            desk.post(change, f"extension-granted/{key}/{until.isoformat()}", drafted)
    return "\n".join([f"{milestone}: {party} has until {until:%-d %B %Y} ({desk.by}: {reason})", *taken.undone])


def _require_later(
    desk: Desk, view: TeamView, milestone: str, party: str, until: dt.date, due: dt.date, *, corrected: bool
) -> None:
    in_force = view.extensions.get((milestone, party), due)
    if until < desk.today:
        late = (desk.today - until).days
        raise Invalid(f"{milestone}: {until:%-d %B %Y} is {late} days past; give {party} a day from today on")
    # The day already granted passes: the decision is known, and says who took it.
    if until <= due or (until < in_force and not corrected):
        raise Invalid(
            f"{milestone}: {party} has until {in_force:%-d %B %Y} already, {until:%-d %B %Y} gives no more time; "
            "give a later day"
        )


def _letter(desk: Desk, session: Session, milestone: str, party: str, until: dt.date, due: dt.date) -> Drafted | None:
    """The letter that tells a body or a panellist; the Taskforce's own know."""
    if desk.edition.has("staff", party):
        return None
    recipient = desk.recipient(party)
    to = recipient.language.id
    granted = letter.ExtensionGranted(
        edition=desk.edition.names[to],
        deadline=desk.day(until, to),
        session=session.id,
        session_title=session.title[to],
        what=name_of_milestone(desk, milestone, to),
        old_date=desk.day(due, to),
    )
    return desk.draft(granted, recipient, session)
