"""The text of a translation at work: kept in the store as a version of a file, named by the translation's record."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import lru_cache
from typing import Any

from tasks.adapters.ledger import Record
from tasks.adapters.word.opc import unpack
from tasks.adapters.word.segments import Segment, extract
from tasks.desk import Desk, Made
from tasks.domain.targets import Translated, progress
from tasks.domain.translation import STAGE

KIND = "translation-text"


def segments_of(desk: Desk, final: str) -> tuple[Segment, ...]:
    """The segments of a final text, by its hash."""
    return _segments(desk.store.get(final))


@lru_cache(maxsize=16)
def _segments(data: bytes) -> tuple[Segment, ...]:
    return tuple(extract(unpack(data)))


def load(desk: Desk, record: Record) -> Translated:
    """The translation as it stands; nothing before it was sent."""
    text = record.facts.get("text")
    return Translated.from_json(json.loads(desk.store.get(text))) if text else Translated({})


def keep(desk: Desk, record: Record, translated: Translated) -> Made | None:
    """Put a translation into the store, as long as there is any; the ledger does not name it yet."""
    if not translated.targets:
        return None
    language = record.facts["language"]
    data = json.dumps(translated.to_json(), ensure_ascii=False, sort_keys=True, indent=1).encode()
    return desk.keep(
        data, stage=STAGE, kind=KIND, key=record.key, session=record.session, language=language,
        number=desk.next_number(KIND, record.key, language), extension="json",
    )  # fmt: skip


def facts_of(made: Made | None, segments: tuple[Segment, ...], translated: Translated) -> dict[str, Any]:
    """The facts a translation's record is to have: the text that was kept, and how far it is."""
    return {"text": made.sha256 if made else None, "progress": asdict(progress(segments, translated))}
