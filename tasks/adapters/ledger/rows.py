"""What the ledger hands out: frozen rows, one class per table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tasks.adapters.ledger.columns import utc
from tasks.domain.errors import Invalid
from tasks.domain.outbox import Act, Addressee, Signatory, signed


@dataclass(frozen=True)
class Who:
    """Who changes the ledger, why, in which run, and when (aware). None of them may be blank."""

    by: str
    why: str
    run: str
    at: datetime

    def __post_init__(self) -> None:
        for what, value in (("who makes it", self.by), ("why", self.why), ("its run", self.run)):
            if not value.strip():
                raise Invalid(
                    f"a change by {self.by or '(nobody)'} does not say {what}; every change in the ledger does"
                )
        object.__setattr__(self, "at", utc(self.at))


@dataclass(frozen=True)
class EditionRow:
    edition: str
    config: Mapping[str, Any] = field(hash=False)
    config_sha: str
    started_at: datetime
    started_by: str
    rehearsal: bool
    version: int  # 1 at the start, one more with each configuration applied


@dataclass(frozen=True)
class Record:
    """A thing with a state. `version` grows by one with each change: a stale copy can't be moved."""

    edition: str
    kind: str
    key: str
    session: str | None
    state: str
    version: int
    facts: Mapping[str, Any] = field(hash=False)
    changed_at: datetime


@dataclass(frozen=True)
class DocumentRow:
    id: int
    edition: str
    session: str | None
    stage: str
    kind: str
    key: str
    language: str
    number: int
    name: str
    sha256: str
    size: int
    party: str | None
    status: str  # current | superseded | received
    made_at: datetime
    made_by: str
    run: str
    quotes: tuple[str, ...]  # ISO days of the calendar that its text names


@dataclass(frozen=True)
class ArrivalRow:
    edition: str
    sha256: str
    file_name: str
    received_at: datetime
    received_by: str
    outcome: str  # accepted | refused | unplaced
    message: str
    identity: Mapping[str, Any] | None = field(hash=False)
    run: str


@dataclass(frozen=True)
class DecisionRow:
    """One answer to one question. `before`: {"state", "facts"} of the record it was decided on.

    `history_seq` is its own line in the history; what followed from it has higher numbers.
    """

    edition: str
    key: str
    number: int
    subject_kind: str
    subject_key: str
    answer: Mapping[str, Any] = field(hash=False)
    reason: str | None
    decided_by: str
    decided_at: datetime
    before: Mapping[str, Any] = field(hash=False)
    history_seq: int
    run: str
    current: bool


@dataclass(frozen=True)
class LetterRow:
    """A letter, its approval, and what became of it. `version` grows by one with each change.

    `digest` is of what it says now, `approved_digest` of what was approved. `reserved`, `reference` and `thread` are
    the names a backend gives it.
    """

    edition: str
    key: str
    kind: str
    session: str | None
    party: str | None
    person: str | None
    language: str
    subject: str
    body: str
    status: str  # the states of kind "letter" in tasks.domain.machines
    attachments: tuple[str, ...]  # sha256 of documents
    reason: str | None  # why it was cancelled
    drafted_at: datetime
    run: str
    quotes: tuple[str, ...]  # ISO days of the calendar that its text names
    recipients: tuple[Addressee, ...]
    digest: str
    version: int
    approved_digest: str | None
    approved_by: str | None
    approved_at: datetime | None
    reserved: str | None
    backend: str | None
    reference: str | None
    thread: str | None
    sent_at: datetime | None
    error: str | None  # why it was not sent, or why nobody can tell
    cc: tuple[Addressee, ...]
    signatory: Signatory | None  # None of one drafted before letters were signed
    in_reply_to: str | None  # the thread of the mail it answers, as its backend calls it
    how: str | None  # how it was delivered where not by mail
    act: Act | None  # what it does where it is not mailed

    @property
    def text(self) -> str:
        """The letter from salutation to signature, as it goes out."""
        return signed(self.body, self.signatory)


@dataclass(frozen=True)
class ActionRow:
    edition: str
    id: str
    session: str | None
    title: str
    leads: tuple[str, ...]
    partners: str
    reporting_point: str
    horizontal: tuple[str, ...]
    source_document: int | None


@dataclass(frozen=True)
class MemoryRow:
    """A passage of the translation memory: a segment of a paper, or of a file that was read in, and its translation.

    Languages are those of a locale without region, so that all editions share them. Codes are numbered as they appear
    in the source; `source_key`, `before` and `after` are as in `tasks.domain.memory`.
    """

    edition: str
    source_language: str
    target_language: str
    paper: str  # or the name of the file
    segment: str
    source_key: str
    session: str | None
    source: str
    target: str
    before: str
    after: str
    origin: str  # reviewed, translated, imported
    superseded: bool  # the segment has another source by now
    by: str
    at: datetime
    run: str


@dataclass(frozen=True)
class HistoryRow:
    """One change: {field: [old, new]} (facts as "facts.<name>"; of an edition by place) or {"event": ..., details}."""

    seq: int
    edition: str
    subject: str  # the table
    kind: str
    key: str
    change: Mapping[str, Any] = field(hash=False)
    by: str
    at: datetime
    why: str
    run: str


@dataclass(frozen=True)
class LetterFilter:
    """Which letters: those that match every part that is given."""

    kind: str | None = None
    session: str | None = None
    party: str | None = None
    person: str | None = None
