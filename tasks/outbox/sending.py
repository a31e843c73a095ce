"""Sending what is approved: each letter once, a transaction before and one after it, by one sender at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from tasks.adapters.ledger import LetterRow
from tasks.adapters.ports import (
    Conflict,
    Delivery,
    DeliveryError,
    Denied,
    Found,
    Gone,
    NotSent,
    Quota,
    Sent,
    Transient,
    Unsure,
)
from tasks.desk import Desk
from tasks.domain.errors import Overtaken
from tasks.domain.outbox import READY, is_on_paper
from tasks.outbox.errands import Errand, errand_for

#: The backend itself can't send now, so the next letter would fare no better.
_NO_USE_GOING_ON = (Quota, Denied)
#: By the definition of these errors nothing went out.
_NOTHING_WENT_OUT = (Transient, Quota, Denied, Gone, Conflict)


@dataclass
class Report:
    """What one round of sending did, by key; `recovered` was found on its way, left by a sender that died."""

    sent: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)
    #: Not touched in this round, and why.
    left: dict[str, str] = field(default_factory=dict)
    recovered: dict[str, str] = field(default_factory=dict)
    stopped: str = ""

    def __str__(self) -> str:
        lines = [f"{len(self.sent)} letters sent, {len(self.failed)} failed, {len(self.unknown)} unknown"]
        lines += [f"{key}: was on its way when a sender ended; {state}" for key, state in self.recovered.items()]
        lines += [f"{key}: failed, {why}" for key, why in self.failed.items()]
        lines += [
            f"{key}: unknown, {why}; find out and say so with `roundtable outbox settle`"
            for key, why in self.unknown.items()
        ]
        lines += [f"{key}: not sent now, {why}" for key, why in self.left.items()]
        return "\n".join([*lines, *([f"stopped: {self.stopped}"] if self.stopped else [])])


def send(desk: Desk, delivery: Delivery) -> Report:
    """Send every approved letter, and those that failed before once more; first settle what a dead sender left.

    A letter that can't be sent stops no other, but where the backend refuses altogether the rest waits, approved.

    Raises:
        NotNow: another process is sending.
    """
    report = Report()
    with desk.ledger.only_sender() as still:
        for letter in desk.ledger.letters(desk.edition.id, status="sending"):
            still()
            _recover(desk, delivery, letter, report)
        tried: set[str] = set()
        while batch := [row for row in _ready(desk) if row.key not in tried]:
            for letter in batch:
                still()
                tried.add(letter.key)
                _send(desk, delivery, letter, report)
                if report.stopped:
                    return report
    return report


def _ready(desk: Desk) -> list[LetterRow]:
    """What may go out, the oldest first; what e-mail does not reach is not ours to send."""
    found = [row for row in desk.letters_in(READY) if not is_on_paper(row.recipients)]
    return sorted(found, key=lambda row: (row.drafted_at, row.key))


def _recover(desk: Desk, delivery: Delivery, letter: LetterRow, report: Report) -> None:
    """Find out what became of a letter whose sender died; its lock is ours, so nobody is sending it any more."""
    errand = errand_for(desk, delivery, letter)
    if letter.backend != delivery.name or not letter.reserved:
        found: Found = Unsure(f"it was on its way by {letter.backend}, which {delivery.name} can't ask")
    else:
        try:
            found = errand.find(letter.reserved)
        except DeliveryError as error:
            report.left[letter.key] = f"what became of it can't be asked now: {error}"
            return
    match found:
        case Sent():
            with desk.change("a sender ended after it was sent") as change:
                change.record_sent(letter, found.reference, found.thread)
            report.recovered[letter.key] = "it was sent"
        case NotSent():
            with desk.change("a sender ended before it was sent") as change:
                change.record_unsent(letter)
            _discard(errand, letter.reserved or "")
            report.recovered[letter.key] = "it was not sent"
        case Unsure():
            _unknown(desk, letter, found.reason, report)
            report.recovered[letter.key] = "nobody can tell"


def _send(desk: Desk, delivery: Delivery, letter: LetterRow, report: Report) -> None:
    errand = errand_for(desk, delivery, letter)
    try:
        reserved = errand.reserve()
    except _NO_USE_GOING_ON as error:
        report.stopped = str(error)
        return
    except Exception as error:  # noqa: BLE001  whatever is wrong with this letter, the others are sent
        with _unless_overtaken(letter, report), desk.change("it can't be sent") as change:
            change.record_failed(change.begin_sending(letter, "", delivery.name), _said(error))
            report.failed[letter.key] = _said(error)
        return
    begun = letter
    with _unless_overtaken(letter, report), desk.change("it is sent") as change:
        begun = change.begin_sending(letter, reserved, delivery.name)
    if letter.key in report.left:
        _discard(errand, reserved)
        return
    error_said = ""
    try:
        found: Found = errand.carry_out(reserved)
    except _NOTHING_WENT_OUT as error:
        found, error_said = NotSent(), _said(error)
        report.stopped = str(error) if isinstance(error, _NO_USE_GOING_ON) else ""
    except Exception as error:  # noqa: BLE001  a lost answer, or one that nobody foresaw: it may have gone out
        found, error_said = _ask(errand, reserved), _said(error)
    match found:
        case Sent():
            with desk.change("it was sent") as change:
                change.record_sent(begun, found.reference, found.thread)
            report.sent.append(letter.key)
        case NotSent():
            with desk.change("it was not sent") as change:
                change.record_failed(begun, error_said)
            report.failed[letter.key] = error_said
            _discard(errand, reserved)
        case Unsure():
            _unknown(desk, begun, f"{error_said}; {found.reason}", report)


def _ask(errand: Errand, reserved: str) -> Found:
    try:
        return errand.find(reserved)
    except Exception as error:  # noqa: BLE001  nothing is known, which is an answer too
        return Unsure(f"and the backend can't be asked: {_said(error)}")


def _unknown(desk: Desk, letter: LetterRow, why: str, report: Report) -> None:
    with desk.change("nobody can tell whether it was sent") as change:
        change.record_unknown(letter, why)
    report.unknown[letter.key] = why


def _discard(errand: Errand, reserved: str) -> None:
    """Drop an unsent draft where that is possible; one left over is never sent."""
    with suppress(DeliveryError):
        errand.discard(reserved)


def _said(error: Exception) -> str:
    return str(error) or type(error).__name__


@contextmanager
def _unless_overtaken(letter: LetterRow, report: Report) -> Iterator[None]:
    """Go on where somebody changed the letter in the meantime: it is left as it is now."""
    try:
        yield
    except Overtaken:
        report.left[letter.key] = "it was changed in the meantime"
