"""A named person lets findings of the checks pass, with a reason."""

from __future__ import annotations

from collections.abc import Sequence

from tasks.desk import Desk
from tasks.domain import rights
from tasks.domain.errors import Invalid, NotNow
from tasks.domain.rights import Subject
from tasks.domain.translation import STAGE
from tasks.translation.checking import MUST_MEND, check_file, find_translation, last_returned


def waive(desk: Desk, key: str, numbers: Sequence[int], reason: str) -> str:
    """Let findings (by number, as the report has them) pass; with the last one waived the paper can be issued.

    Raises:
        Invalid: no reason, no such finding, or one without whose mending the paper cannot be built.
        NotNow: no file of this translation has come back, or it is issued.
        NotYours: the edition's rights do not let the desk's person decide about it.
        Unknown: there is no such translation.
    """
    record = find_translation(desk, key)
    rights.allow(desk.edition, desk.by, "decide", Subject(STAGE, record.session))
    returned = last_returned(desk, record)
    checked = check_file(desk, record, desk.content(returned.sha256))
    if record.state != "sent":
        raise NotNow(f"{key}: nothing is left to waive, the translation is {record.state}")
    if not reason.strip():
        raise Invalid(f"{key}: waiving a finding needs a reason; give it with --reason")
    count = len(checked.findings)
    wrong = [number for number in numbers if not 1 <= number <= count]
    if wrong or not numbers:
        named = ", ".join(map(str, wrong)) or "none"
        raise Invalid(
            f"{key}: the findings are numbered 1 to {count}, given: {named}; see `roundtable translation show`"
        )
    chosen = [checked.findings[number - 1] for number in numbers]
    for number, finding in zip(numbers, chosen, strict=True):
        if finding.check in MUST_MEND:
            raise Invalid(
                f"{key}: finding {number} ({finding.segment}: {finding.check}) cannot be waived, the paper cannot be "
                "built with it; the translator mends it in the bilingual file"
            )
    waived = {**record.facts.get("waived", {}), **{each.key: {"by": desk.by, "reason": reason} for each in chosen}}
    left = [each for each in checked.blocking if each.key not in waived]
    with desk.change(reason) as change:
        if left:
            change.note(record, waived=waived)
        else:
            desk.move(change, record, "received", waived=waived, returned=returned.sha256)
            desk.void(change, f"translation-returned/{key}/{record.facts['attempt']}", "what was found has been waived")
    told = f"{key}: {len(chosen)} of {count} findings waived"
    return told + (f", {len(left)} still to mend or waive" if left else "; the paper can be issued")
