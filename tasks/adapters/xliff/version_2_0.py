"""XLIFF 2.0: rows are `unit`, which tools may cut into several `segment`, codes `pc` and `ph`, suggestions `match`."""

from __future__ import annotations

from typing import Final

from lxml import etree

from tasks.adapters.word.ooxml import XML_SPACE, Element, elements, new_root, serialise
from tasks.adapters.xliff.inline import (
    Meaning,
    closing,
    marker,
    opening,
    pair,
    read_text,
    reading,
    single,
    write_text,
    writing,
)
from tasks.adapters.xliff.rows import (
    IDENTITY,
    OURS,
    PLACE,
    STATUSES,
    Match,
    Row,
    Status,
    XliffFile,
    find_identity,
    notice_in,
    placed,
    score_of,
    to_address,
)

NAMESPACE: Final = "urn:oasis:names:tc:xliff:document:2.0"
_MATCHES: Final = "urn:oasis:names:tc:xliff:matches:2.0"
#: The state a row of each status has, and the sub-state that tells a suggestion from a row nobody has begun.
_WRITTEN: Final[dict[Status, str]] = {"suggested": "initial", "translated": "translated", "reviewed": "reviewed"}
_SUGGESTED: Final = "roundtable:suggested"
_DONE: Final = ("reviewed", "final")


def _name(tag: str) -> str:
    return f"{{{NAMESPACE}}}{tag}"


def _match_name(tag: str) -> str:
    return f"{{{_MATCHES}}}{tag}"


def _nothing(element: Element, inside: str) -> str:
    """Where a tool's remark on a stretch begins or ends."""
    return ""


_PC, _PH = _name("pc"), _name("ph")
_MEANINGS: Final[dict[str, Meaning]] = {
    "pc": pair, "ph": single, "sc": opening, "ec": closing, "mrk": marker, "sm": _nothing, "em": _nothing,
}  # fmt: skip


def write_2_0(file: XliffFile) -> bytes:
    """The file as XLIFF 2.0. An open row has no target, so that tools show it as untranslated.

    Raises:
        Invalid: a text whose codes do not nest, or with a character that XML has not.
    """
    root = new_root(NAMESPACE, "xliff", {None: NAMESPACE, "mtc": _MATCHES})
    root.set("version", "2.0")
    root.set("srcLang", file.source_locale)
    root.set("trgLang", file.target_locale)
    inside = etree.SubElement(root, _name("file"), id="f1", original=to_address(file.identity))
    inside.set(XML_SPACE, "preserve")
    notes = etree.SubElement(inside, _name("notes"))
    _note(notes, to_address(file.identity), IDENTITY)
    if file.notice:
        _note(notes, file.notice, OURS)
    for row in file.rows:
        with writing(row.id):
            _unit(inside, row)
    return serialise(root)


def _unit(file: Element, row: Row) -> None:
    unit = etree.SubElement(file, _name("unit"), id=row.id)
    if row.matches:
        matches = etree.SubElement(unit, _match_name("matches"))
        for match in row.matches:
            other = etree.SubElement(matches, _match_name("match"), ref="#s1", origin=match.origin)
            other.set("matchQuality", f"{match.score}.0")
            write_text(etree.SubElement(other, _name("source")), row.source, _PC, _PH)
            write_text(etree.SubElement(other, _name("target")), match.text, _PC, _PH)
    notes = etree.SubElement(unit, _name("notes"))
    _note(notes, row.place, PLACE)
    for note in row.notes:
        _note(notes, note, OURS)
    segment = etree.SubElement(unit, _name("segment"), id="s1")
    write_text(etree.SubElement(segment, _name("source")), row.source, _PC, _PH)
    if row.status != "open":
        segment.set("state", _WRITTEN[row.status])
        if row.status == "suggested":
            segment.set("subState", _SUGGESTED)
        write_text(etree.SubElement(segment, _name("target")), row.target, _PC, _PH)


def _note(notes: Element, text: str, category: str) -> None:
    etree.SubElement(notes, _name("note"), category=category).text = text


def read_file(file: Element) -> XliffFile:
    """The one `file` of a document. Raises NotOurs (see inline); what else a tool added is passed over."""
    root = file.getparent()
    assert root is not None
    notes = [(note.get("category"), note.text or "") for note in file.iterfind(f"{_name('notes')}/{_name('note')}")]
    return XliffFile(
        find_identity([file.get("original"), *(text for _, text in notes)]),
        root.get("srcLang") or "",
        root.get("trgLang") or "",
        tuple(_read_row(unit) for unit in file.iter(_name("unit"))),
        notice_in(notes),
    )


def _read_row(unit: Element) -> Row:
    with reading(unit.get("id") or ""):
        return _row(unit)


def _row(unit: Element) -> Row:
    parts = [part for part in elements(unit) if part.tag in (_name("segment"), _name("ignorable"))]
    found = [_part(part) for part in parts]
    # A row is as far as the least advanced of the segments a tool has cut it into.
    status = min((status for _, _, status in found), key=STATUSES.index, default=STATUSES[0])
    written = unit.iterfind(f"{_name('notes')}/{_name('note')}")
    place, notes = placed((note.get("category"), note.text or "") for note in written)
    return Row(
        id=unit.get("id") or "",
        place=place,
        source="".join(source for source, _, _ in found),
        target="" if status == "open" else "".join(target for _, target, _ in found),
        status=status,
        notes=notes,
        matches=tuple(_match(match) for match in unit.iterfind(f"{_match_name('matches')}/{_match_name('match')}")),
    )


def _part(part: Element) -> tuple[str, str, Status]:
    """Source, target and status of a segment; what stands between segments is as in the source and counts as done."""
    source, target = _text(part, "source"), _text(part, "target")
    if part.tag == _name("ignorable"):
        return source, target or source, STATUSES[-1]
    return source, target, _status(part, source, target)


def _status(segment: Element, source: str, target: str) -> Status:
    state = segment.get("state") or "initial"
    is_suggested = state == "initial" and segment.get("subState") == _SUGGESTED
    if not target.strip() or (state == "initial" and target == source and not is_suggested):
        return "open"
    if is_suggested:
        return "suggested"
    return "reviewed" if state in _DONE else "translated"


def _match(match: Element) -> Match:
    return Match(_text(match, "target"), score_of(match.get("matchQuality")), match.get("origin") or "")


def _text(parent: Element, tag: str) -> str:
    found = parent.find(_name(tag))
    return "" if found is None else read_text(found, _MEANINGS)
