"""A document cut into segments for translation, and built again from their targets.

A segment is a paragraph: of the body, of a table's cell, of a text box, of a footnote or endnote. Its text carries
inline codes (see codes) for everything that is not text; what they stand for stays in the document.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tasks.adapters.word.body import split
from tasks.adapters.word.direction import own_runs, set_default, set_language, turn
from tasks.adapters.word.ooxml import MC, Element, child, elements, is_on, remove, val, w
from tasks.adapters.word.opc import Docx, unpack
from tasks.adapters.word.skeleton import Skeleton
from tasks.adapters.word.styles import Styles
from tasks.domain.codes import check_codes
from tasks.domain.errors import Invalid


@dataclass(frozen=True)
class Segment:
    """A piece of text to translate. `id` is the same whenever the same file is cut; `place` says where it stands.

    `notes` are the codes that are marks of footnotes or endnotes.
    """

    id: str
    place: str
    text: str
    notes: frozenset[int] = frozenset()


@dataclass(frozen=True)
class _Unit:
    """A paragraph with words, and the same one in other branches of a text box."""

    segment: Segment
    skeleton: Skeleton
    paragraph: Element
    mirrors: list[Element]


@dataclass
class _Copies:
    """Text boxes stand twice in a file, for new programs and old: which paragraphs repeat which."""

    repeated: set[Element] = field(default_factory=set)
    of: dict[Element, list[Element]] = field(default_factory=dict)


def extract(docx: Docx) -> list[Segment]:
    """The segments from the start of the body on, in reading order, then its footnotes and endnotes by their marks.

    Paragraphs without a letter or digit are none.
    """
    return [unit.segment for unit in _Cut(docx).units()]


def rebuild(data: bytes, targets: Mapping[str, str], language: str, rtl: bool) -> bytes:
    """The file with each segment's text replaced by its target, in `language`; segments without target stay.

    `data` is the file that was cut. Raises Invalid naming every segment whose target has other codes than its source
    (see check_codes) and every id that is none of the file's. The source as its own target changes nothing but the
    marks of language and direction.
    """
    docx = unpack(data)
    cut = _Cut(docx)
    units = [unit for unit in cut.units() if unit.segment.id in targets]
    known = {unit.segment.id for unit in units}
    problems = [
        f"segment {id_}: not in this document; take the file it came from" for id_ in targets if id_ not in known
    ]
    for unit in units:
        found = check_codes(unit.segment.text, targets[unit.segment.id])
        problems += [f"segment {unit.segment.id} ({unit.segment.place}): {problem}" for problem in found]
    if problems:
        raise Invalid("\n".join([*problems, "mend the targets named and build again"]))
    turned = rtl if rtl or cut.is_rtl else None
    for unit in units:
        _fill(unit, targets[unit.segment.id], language, turned)
    cut.finish(language, turned)
    return docx.to_bytes()


class _Cut:
    """One file with its trees open."""

    def __init__(self, docx: Docx) -> None:
        self._docx = docx
        self._styles = Styles(docx)
        self._trees = {docx.main: docx.tree(docx.main)}
        self._story = split(docx, self._trees[docx.main], self._styles)
        for kind in ("footnotes", "endnotes"):
            part = docx.related(docx.main, kind)
            if part is not None:
                self._trees[part] = docx.tree(part)

    def units(self) -> Iterator[_Unit]:
        """Everything there is to translate."""
        copies = _copies(self._story.body)
        number = 0
        tables = [table for node in self._story.body for table in node.iter(w("tbl"))]
        numbers = {table: index for index, table in enumerate(tables, start=1)}
        for node in self._story.body:
            for paragraph in node.iter(w("p")):
                if paragraph not in copies.repeated:
                    number += 1
                    place = f"{self._kind(paragraph)} {number}{_cell(paragraph, numbers)}"
                    yield from _unit(paragraph, f"p{number}", place, copies)
        for kind, short, name in (("footnotes", "fn", "footnote"), ("endnotes", "en", "endnote")):
            for note_id, note in self._notes(kind, name):
                copies = _copies([note])
                paragraphs = [p for p in note.iter(w("p")) if p not in copies.repeated]
                for index, paragraph in enumerate(paragraphs, start=1):
                    yield from _unit(paragraph, f"{short}{note_id}.{index}", f"{name} {note_id}", copies)

    def finish(self, language: str, rtl: bool | None) -> None:
        """Set direction (None: as it is) and default language, and put the trees back."""
        for part, root in self._trees.items():
            if rtl is not None:
                turn([*self._story.body, *root.iter(w("sectPr"))] if part == self._docx.main else [root], rtl)
            self._docx.write(part, root)
        set_default(self._docx, language, rtl)

    @property
    def is_rtl(self) -> bool:
        """Whether the file is one written from right to left, by its last section or most of its paragraphs."""
        if is_on(child(self._story.section, "bidi")):
            return True
        paragraphs = [p for node in self._story.body for p in node.iter(w("p"))]
        return 2 * sum(is_on(child(p, "pPr", "bidi")) is True for p in paragraphs) > len(paragraphs)

    def _kind(self, paragraph: Element) -> str:
        if any(above.tag == w("txbxContent") for above in paragraph.iterancestors()):
            return "text box, paragraph"
        return "heading, paragraph" if self._styles.look(paragraph).role == "heading" else "paragraph"

    def _notes(self, kind: str, name: str) -> Iterator[tuple[str, Element]]:
        """The notes the body refers to, in the order of their marks, each once."""
        part = self._docx.related(self._docx.main, kind)
        if part is None:
            return
        notes = {val(note, "id") or "": note for note in elements(self._trees[part])}
        seen: set[str] = set()
        for node in self._story.body:
            for reference in node.iter(w(name + "Reference")):
                note_id = val(reference, "id") or ""
                if note_id in notes and note_id not in seen and not _is_deleted(reference):
                    seen.add(note_id)
                    yield note_id, notes[note_id]


def _unit(paragraph: Element, id_: str, place: str, copies: _Copies) -> Iterator[_Unit]:
    skeleton = Skeleton(paragraph)
    if skeleton.has_words:
        yield _Unit(
            Segment(id_, place, skeleton.text, frozenset(skeleton.notes)),
            skeleton,
            paragraph,
            copies.of.get(paragraph, []),
        )


def _fill(unit: _Unit, target: str, language: str, rtl: bool | None) -> None:
    source = unit.segment.text
    for mirror in unit.mirrors:
        skeleton = Skeleton(mirror)
        if not check_codes(skeleton.text, target):
            skeleton.fill(target)
            _mark(mirror, language, rtl)
        elif target != source:
            _drop_branch(mirror)
    unit.skeleton.fill(target)
    _mark(unit.paragraph, language, rtl)


def _mark(paragraph: Element, language: str, rtl: bool | None) -> None:
    for run in own_runs(paragraph):
        set_language(run, language, rtl)


def _drop_branch(mirror: Element) -> None:
    """Take away an old program's copy of a text box that cannot be given the new text: better none than the old one."""
    for above in mirror.iterancestors(f"{{{MC}}}Fallback"):
        remove(above)
        return


def _copies(nodes: list[Element]) -> _Copies:
    found = _Copies()
    for node in nodes:
        for alternate in node.iter(f"{{{MC}}}AlternateContent"):
            first, *others = list(elements(alternate)) or [alternate]
            originals = list(first.iter(w("p")))
            for other in others:
                repeated = list(other.iter(w("p")))
                found.repeated.update(repeated)
                if len(repeated) == len(originals):
                    for original, repeat in zip(originals, repeated, strict=True):
                        found.of.setdefault(original, []).append(repeat)
    return found


def _cell(paragraph: Element, numbers: dict[Element, int]) -> str:
    """Where in a table a paragraph stands: `, table 1, row 2, cell 3`."""
    row = cell = None
    for above in paragraph.iterancestors():
        if above.tag == w("tc") and cell is None:
            cell = above
        elif above.tag == w("tr") and row is None:
            row = above
        elif above.tag == w("tbl") and row is not None and cell is not None:
            return f", table {numbers.get(above, 0)}, row {_index(row)}, cell {_index(cell)}"
    return ""


def _index(element: Element) -> int:
    return 1 + sum(1 for _ in element.itersiblings(str(element.tag), preceding=True))


def _is_deleted(node: Element) -> bool:
    return any(above.tag in (w("del"), w("moveFrom")) for above in node.iterancestors())
