"""A named person decides on what the checks found: lets findings pass, or vouches for words of a machine."""

from __future__ import annotations

from collections.abc import Sequence

from tasks.adapters.ledger import Change, Record
from tasks.desk import Desk
from tasks.domain import rights
from tasks.domain.checks import Check
from tasks.domain.errors import Invalid, NotNow, Unknown
from tasks.domain.rights import Subject
from tasks.domain.targets import read_by
from tasks.domain.translation import STAGE
from tasks.translation.checking import MUST_MEND, Checked, check, find_translation
from tasks.translation.knowing import learn
from tasks.translation.returning import void_letters
from tasks.translation.working import facts_of, keep, load


def waive(desk: Desk, key: str, numbers: Sequence[int], reason: str) -> str:
    """Let findings (by number, as the report has them) pass; with the last one waived the translation goes on.

    Raises:
        Invalid: no reason, no such finding, or one that nobody can let pass.
        NotNow: nothing of this translation has come back, or it is past its checks.
        NotYours: the edition's rights do not let the desk's person decide about it.
        Unknown: there is no such translation.
    """
    record, checked = _to_decide(desk, key, "waive")
    if not reason.strip():
        raise Invalid(f"{key}: waiving a finding needs a reason; give it with --reason")
    count = len(checked.findings)
    wrong = [number for number in numbers if not 1 <= number <= count]
    if wrong or not numbers:
        named_ = ", ".join(map(str, wrong)) or "none"
        raise Invalid(
            f"{key}: the findings are numbered 1 to {count}, given: {named_}; see `roundtable translation show`"
        )
    chosen = [checked.findings[number - 1] for number in numbers]
    for number, finding in zip(numbers, chosen, strict=True):
        if finding.check in MUST_MEND:
            raise Invalid(
                f"{key}: finding {number} ({finding.segment}: {finding.check}) cannot be waived, the paper cannot be "
                "built with it; the translator mends it in the bilingual file"
            )
        if finding.check is Check.UNREAD:
            raise Invalid(
                f"{key}: finding {number} ({finding.segment}) cannot be waived, nobody has read these words of a "
                f"machine; who reads and vouches for them says so with `roundtable translation confirm`"
            )
    waived = {**record.facts.get("waived", {}), **{each.key: {"by": desk.by, "reason": reason} for each in chosen}}
    left = [each for each in checked.blocking if each.key not in waived]
    with desk.change(reason) as change:
        if left:
            change.note(record, waived=waived)
        else:
            _go_on(desk, change, record, waived=waived)
    told = f"{key}: {len(chosen)} of {count} findings waived"
    return told + (f", {len(left)} still to mend or waive" if left else "; the translation goes on")


def confirm(desk: Desk, key: str, segments: Sequence[str]) -> str:
    """Vouch for the words of a machine in some segments, or in all of them where none is named.

    Raises:
        NotNow, NotYours, Unknown: as of `waive`; Unknown also for a segment that has no such words.
    """
    record, checked = _to_decide(desk, key, "confirm")
    translated = load(desk, record)
    unread = translated.unread_machine(checked.segments)
    unknown = [each for each in segments if each not in unread]
    if unknown or not unread:
        there = ", ".join(unread) or "none"
        raise Unknown(
            f"{key}: {', '.join(unknown) or 'nothing'} to confirm; rows in unread words of a machine: {there}"
        )
    chosen = set(segments or unread)
    read = read_by(translated, [each for each in checked.segments if each.id in chosen], desk.by)
    left = check(desk, record, read).blocking
    text = keep(desk, record, read)
    with desk.change(f"{len(chosen)} rows of a machine read") as change:
        facts = facts_of(text, checked.segments, read)
        if left:
            change.note(record, **facts)
        else:
            _go_on(desk, change, record, **facts)
        if text:
            desk.add(change, text)
        learn(desk, change, record, checked.segments, read)
    told = f"{key}: {len(chosen)} rows read and confirmed by {desk.by}"
    return told + (f", {len(left)} findings still to mend or waive" if left else "; the translation goes on")


def _to_decide(desk: Desk, key: str, verb: str) -> tuple[Record, Checked]:
    record = find_translation(desk, key)
    rights.allow(desk.edition, desk.by, "decide", Subject(STAGE, record.session))
    if not record.facts.get("attempt"):
        raise NotNow(f"{key}: no translation has come back yet, it is {record.state}")
    if record.state != "sent":
        raise NotNow(f"{key}: nothing is left to {verb}, the translation is {record.state}")
    return record, check(desk, record, load(desk, record))


def _go_on(desk: Desk, change: Change, record: Record, **facts: object) -> None:
    """Nothing holds the translation up any more, and what the translator was to mend need not be mended."""
    desk.move(change, record, "received", **facts)
    void_letters(desk, change, record, ("translation-returned",), "what was found has been decided")
