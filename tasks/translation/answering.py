"""What is recorded of a reviewer who sends no file: nothing to correct, no answer; and the correction of that."""

from __future__ import annotations

from collections.abc import Mapping

from tasks import decisions
from tasks.decisions import Correction
from tasks.desk import Desk
from tasks.domain.errors import Invalid, NotNow
from tasks.domain.translation import REVIEW, STAGE, review_key
from tasks.translation.reviewing import asked_review

#: What may be recorded of a reviewer, and what it means in words; `awaited` is for corrections alone.
_TOLD: Mapping[str, str] = {
    "nil": "{} has nothing to correct",
    "unanswered": "goes on without {}",
    "awaited": "the review of {} is awaited again",
}


def answer_review(
    desk: Desk, key: str, body: str, answer: str, reason: str = "", correction: Correction | None = None
) -> str:
    """Record that a reviewer has nothing to correct, or that the paper is not to wait for one who does not answer.

    `answer` is nil or unanswered; a correction may also say that the reviewer is awaited again.

    Raises:
        Invalid: nobody answered, and no reason is given for going on.
        NotNow: the translation is not being reviewed, or this reviewer has answered.
        NotYours: the edition's rights do not let the desk's person decide about it.
        Unknown: there is no such translation, or this body was not asked.
    """
    if answer == "unanswered" and not reason.strip():
        raise Invalid(f"{key}: to go on without the review of {body} needs a reason; it is kept with your name")
    review_record, record = asked_review(desk, review_key(key, body), key)
    name = f"review/{review_record.key}/{record.facts['version']}"
    if correction and (correction.key != name or review_record.state == "answered"):
        raise NotNow(f"{correction.key}: {body} was asked anew or has answered since, and that counts")
    with desk.change(reason or f"nothing to correct, says {body}") as change:
        taken = decisions.take(
            desk, change, key=name, kind=REVIEW, subject=review_record.key, answer={"answer": answer}, reason=reason,
            correction=correction,
        )  # fmt: skip
        if taken.record is None:
            return taken.message
        if answer != "awaited":
            desk.move(change, taken.record, "nil" if answer == "nil" else "closed", reason=reason)
    return "\n".join([f"{key}: {_TOLD[answer].format(body)}", *taken.undone])


def correct_review(desk: Desk, review: str, to: str, correction: Correction) -> str:
    """Correct what was recorded of a reviewer: nil, unanswered, or awaited again.

    Raises:
        Invalid: `to` is none of them, or no reason is given.
        NotNow: the review is over, or the reviewer was asked anew or has answered since.
    """
    if to not in _TOLD:
        raise Invalid(f"{correction.key}: {to!r} is no answer of a reviewer; correct it to {', '.join(_TOLD)}")
    facts = desk.record(REVIEW, review).facts
    record = desk.record(STAGE, facts["translation"])
    if record.state != "reviewing":
        raise NotNow(
            f"{correction.key}: the review is over, the translation is {record.state}; tell the translator while it is "
            "with them, else amend the paper, `roundtable translation amend`"
        )
    return answer_review(desk, record.key, facts["body"], to, correction.reason, correction)
