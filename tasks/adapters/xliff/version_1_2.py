"""XLIFF 1.2: rows are `trans-unit`, codes `g` and `x`, suggestions `alt-trans`."""

from __future__ import annotations

from typing import Final

from lxml import etree

from tasks.adapters.word.ooxml import XML_SPACE, Element, new_root, serialise
from tasks.adapters.xliff.inline import (
    Meaning,
    closing,
    half,
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

NAMESPACE: Final = "urn:oasis:names:tc:xliff:document:1.2"
_WRITTEN: Final[dict[Status, str]] = {
    "open": "needs-translation",
    "suggested": "needs-review-translation",
    "translated": "translated",
    "reviewed": "signed-off",
}
_DONE: Final = ("final", "signed-off")
#: States of a row nobody has begun: some tools put the source into its target all the same.
_NOT_BEGUN: Final = ("new", "needs-translation")
_MEANINGS: Final[dict[str, Meaning]] = {
    "g": pair, "x": single, "bx": opening, "ex": closing, "bpt": opening, "ept": closing, "ph": single, "it": half,
    "mrk": marker,
}  # fmt: skip


def _name(tag: str) -> str:
    return f"{{{NAMESPACE}}}{tag}"


_G, _X = _name("g"), _name("x")


def write_1_2(file: XliffFile, *, for_omegat: bool = False) -> bytes:
    """The file as XLIFF 1.2. An open row has no target, so that tools show it as untranslated.

    OmegaT (seen with 3.6) only ever fills targets that are there: `for_omegat` puts an open row's source into its
    target, in the state of one that is to be translated.

    Raises:
        Invalid: a text whose codes do not nest, or with a character that XML has not.
    """
    root = new_root(NAMESPACE, "xliff", {None: NAMESPACE})
    root.set("version", "1.2")
    inside = etree.SubElement(root, _name("file"))
    inside.set("original", to_address(file.identity))
    inside.set("source-language", file.source_locale)
    inside.set("target-language", file.target_locale)
    inside.set("datatype", "plaintext")
    header = etree.SubElement(inside, _name("header"))
    _note(header, to_address(file.identity), IDENTITY)
    if file.notice:
        _note(header, file.notice, OURS)
    body = etree.SubElement(inside, _name("body"))
    for row in file.rows:
        with writing(row.id):
            _unit(body, row, row.source if for_omegat else "")
    return serialise(root)


def _unit(body: Element, row: Row, placeholder: str) -> None:
    unit = etree.SubElement(body, _name("trans-unit"), id=row.id)
    unit.set(XML_SPACE, "preserve")
    write_text(etree.SubElement(unit, _name("source")), row.source, _G, _X)
    text = placeholder if row.status == "open" else row.target
    if text:
        target = etree.SubElement(unit, _name("target"), state=_WRITTEN[row.status])
        write_text(target, text, _G, _X)
    for match in row.matches:
        other = etree.SubElement(unit, _name("alt-trans"))
        other.set("match-quality", f"{match.score}%")
        other.set("origin", match.origin)
        write_text(etree.SubElement(other, _name("target")), match.text, _G, _X)
    _note(unit, row.place, PLACE)
    for note in row.notes:
        _note(unit, note, OURS)


def _note(parent: Element, text: str, whose: str) -> None:
    etree.SubElement(parent, _name("note")).text = text
    parent[-1].set("from", whose)


def read_file(file: Element) -> XliffFile:
    """The one `file` of a document. Raises NotOurs (see inline); what else a tool added is passed over."""
    notes = [(note.get("from"), note.text or "") for note in file.iterfind(f"{_name('header')}/{_name('note')}")]
    return XliffFile(
        find_identity([file.get("original"), *(text for _, text in notes)]),
        file.get("source-language") or "",
        file.get("target-language") or "",
        tuple(_read_row(unit) for unit in file.iter(_name("trans-unit"))),
        notice_in(notes),
    )


def _read_row(unit: Element) -> Row:
    with reading(unit.get("id") or ""):
        return _row(unit)


def _row(unit: Element) -> Row:
    source = _text(unit, "source")
    target = _text(unit, "target")
    status = _status(unit, source, target)
    place, notes = placed((note.get("from"), note.text or "") for note in unit.iterchildren(_name("note")))
    return Row(
        id=unit.get("id") or "",
        place=place,
        source=source,
        target="" if status == "open" else target,
        status=status,
        notes=notes,
        matches=tuple(_match(other) for other in unit.iterchildren(_name("alt-trans"))),
    )


def _status(unit: Element, source: str, target: str) -> Status:
    found = unit.find(_name("target"))
    state = "" if found is None else found.get("state") or ""
    if not target.strip() or (state in _NOT_BEGUN and target == source):
        return "open"
    if state in _DONE or unit.get("approved") == "yes":
        return "reviewed"
    return "suggested" if state.startswith("needs-") and state not in _NOT_BEGUN else "translated"


def _match(other: Element) -> Match:
    return Match(_text(other, "target"), score_of(other.get("match-quality")), other.get("origin") or "")


def _text(parent: Element, tag: str) -> str:
    found = parent.find(_name(tag))
    return "" if found is None else read_text(found, _MEANINGS)
