"""A document cut into segments for translation, and built again from their targets.

A segment is a paragraph: of the body, of a table's cell, of a text box, of a footnote or endnote; in a file whose front
is not ours also of its front, headers and footers, and its title. Its text carries inline codes (see codes) for
everything that is not text; what they stand for stays in the document.

Ids: `p3` the third paragraph of the body, `c3` of the front before it, `fn2.1` and `en2.1` the first of a note,
`h2.1` of the second header or footer, `prop.title` a property.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tasks.adapters.word.body import split
from tasks.adapters.word.copies import Copies, drop_branch, find_copies
from tasks.adapters.word.direction import own_runs, set_default, set_language, turn
from tasks.adapters.word.labels import references, relabel, retitle
from tasks.adapters.word.language import set_run_direction
from tasks.adapters.word.ooxml import Element, child, elements, is_on, val, w
from tasks.adapters.word.opc import Docx, unpack
from tasks.adapters.word.skeleton import Skeleton
from tasks.adapters.word.stylenames import StyleNames
from tasks.adapters.word.styles import Styles
from tasks.adapters.word.surroundings import is_ours, margins, properties, put_properties
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


def extract(docx: Docx) -> list[Segment]:
    """The segments of the front and the body in reading order, of its notes by their marks, of headers, of properties.

    In a file with a front of ours those of the body and its notes. Paragraphs without a letter or digit are none.
    """
    cut = _Cut(docx)
    return [*(unit.segment for unit in cut.units()), *cut.properties]


def rebuild(
    data: bytes, targets: Mapping[str, str], language: str, rtl: bool, labels: Mapping[str, str] | None = None
) -> bytes:
    """The file with each segment's text replaced by its target, in `language`; segments without target stay.

    `data` is the file that was cut. `labels` are the edition's words for `table`, `figure` and `contents`, which go
    before the numbers of captions and over the table of contents whatever their targets say. Raises Invalid naming
    every segment whose target has other codes than its source (see check_codes) and every id that is none of the
    file's. The source as its own target, without labels, changes nothing but the marks of language and direction.
    """
    docx = unpack(data)
    cut = _Cut(docx)
    units = list(cut.units())
    segments = {each.id: each for each in (*(unit.segment for unit in units), *cut.properties)}
    problems = [
        f"segment {id_}: not in this document; take the file it came from" for id_ in targets if id_ not in segments
    ]
    for segment in segments.values():
        if segment.id in targets:
            found = check_codes(segment.text, targets[segment.id])
            problems += [f"segment {segment.id} ({segment.place}): {problem}" for problem in found]
    if problems:
        raise Invalid("\n".join([*problems, "mend the targets named and build again"]))
    turned = rtl if rtl or cut.is_rtl else None
    for unit in units:
        if unit.segment.id in targets:
            _fill(unit, targets[unit.segment.id], language, turned)
    for paragraph in cut.wordless:
        _mark(paragraph, language, turned)
    if labels:
        cut.relabel(labels)
    cut.finish(language, turned)
    put_properties(
        docx, {each.id: target for each in cut.properties if (target := targets.get(each.id, each.text)) != each.text}
    )
    return docx.to_bytes()


class _Cut:
    """One file with its trees open. `properties` are the segments of no paragraph, `wordless` paragraphs of none."""

    def __init__(self, docx: Docx) -> None:
        self._docx = docx
        self._styles = Styles(docx)
        main = docx.main
        self._trees = {main: docx.tree(main)}
        self._story = split(docx, self._trees[main], self._styles)
        is_whole = not is_ours(docx, self._story)
        self._front = self._story.front if is_whole else []
        self._margins = list(margins(docx, self._trees[main])) if is_whole else []
        found = properties(docx) if is_whole else {}
        self.properties = [Segment(id_, f"property, {id_.partition('.')[2]}", text) for id_, text in found.items()]
        self.wordless: list[Element] = []
        for part in [*(docx.related(main, kind) for kind in ("footnotes", "endnotes")), *(p for p, _ in self._margins)]:
            if part is not None:
                self._trees[part] = docx.tree(part)

    def units(self) -> Iterator[_Unit]:
        """Every paragraph to translate."""
        yield from self._in_story(self._front, "c")
        yield from self._in_story(self._story.body, "p")
        for kind, short, name in (("footnotes", "fn", "footnote"), ("endnotes", "en", "endnote")):
            for note_id, note in self._notes(kind, name):
                yield from self._in_part(note, f"{short}{note_id}", f"{name} {note_id}")
        for number, (part, kind) in enumerate(self._margins, start=1):
            yield from self._in_part(self._trees[part], f"h{number}", kind)

    def _in_story(self, nodes: list[Element], short: str) -> Iterator[_Unit]:
        copies = find_copies(nodes)
        tables = [table for node in nodes for table in node.iter(w("tbl"))]
        numbers = {table: index for index, table in enumerate(tables, start=1)}
        paragraphs = (p for node in nodes for p in node.iter(w("p")) if p not in copies.repeated)
        for number, paragraph in enumerate(paragraphs, start=1):
            place = f"{self._kind(paragraph)} {number}{_cell(paragraph, numbers)}"
            yield from self._unit(paragraph, f"{short}{number}", f"front, {place}" if short == "c" else place, copies)

    def _in_part(self, root: Element, short: str, place: str) -> Iterator[_Unit]:
        copies = find_copies([root])
        paragraphs = (p for p in root.iter(w("p")) if p not in copies.repeated)
        for number, paragraph in enumerate(paragraphs, start=1):
            yield from self._unit(paragraph, f"{short}.{number}", place, copies)

    def _unit(self, paragraph: Element, id_: str, place: str, copies: Copies) -> Iterator[_Unit]:
        skeleton = Skeleton(paragraph)
        if not skeleton.has_words:
            self.wordless.append(paragraph)
            return
        segment = Segment(id_, place, skeleton.text, frozenset(skeleton.notes))
        yield _Unit(segment, skeleton, paragraph, copies.of.get(paragraph, []))

    def relabel(self, labels: Mapping[str, str]) -> None:
        """Put the edition's words before the numbers of captions, in references to them and over the contents."""
        contents = StyleNames(self._docx).find("TOC Heading")
        for node in (*self._front, *self._story.body):
            for paragraph in node.iter(w("p")):
                if contents and val(child(paragraph, "pPr", "pStyle")) == contents and "contents" in labels:
                    retitle(paragraph, labels["contents"])
                elif self._styles.look(paragraph).role == "caption":
                    relabel(paragraph, labels)
        references(list(self._trees.values()))

    def finish(self, language: str, rtl: bool | None) -> None:
        """Set direction (None: as it is) and default language, and put the trees back."""
        for part, root in self._trees.items():
            if rtl is not None:
                is_main = part == self._docx.main
                turn([*self._front, *self._story.body, *root.iter(w("sectPr"))] if is_main else [root], rtl)
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
        """The notes the text refers to, in the order of their marks, each once."""
        part = self._docx.related(self._docx.main, kind)
        if part is None:
            return
        notes = {val(note, "id") or "": note for note in elements(self._trees[part])}
        seen: set[str] = set()
        for node in (*self._front, *self._story.body):
            for reference in node.iter(w(name + "Reference")):
                note_id = val(reference, "id") or ""
                if note_id in notes and note_id not in seen and not _is_deleted(reference):
                    seen.add(note_id)
                    yield note_id, notes[note_id]


def _fill(unit: _Unit, target: str, language: str, rtl: bool | None) -> None:
    is_new = target != unit.segment.text
    for mirror in unit.mirrors:
        skeleton = Skeleton(mirror)
        if not check_codes(skeleton.text, target):
            skeleton.fill(target)
            _mark(mirror, language, rtl, is_new=is_new)
        elif is_new:
            drop_branch(mirror)
    unit.skeleton.fill(target)
    _mark(unit.paragraph, language, rtl, is_new=is_new)


def _mark(paragraph: Element, language: str, rtl: bool | None, *, is_new: bool = False) -> None:
    """Mark the runs of a paragraph; in new text from right to left Latin words become runs of their own."""
    for run in list(own_runs(paragraph)):
        set_language(run, language, rtl)
        if rtl and is_new and all(node.tag in (w("rPr"), w("t")) for node in elements(run)):
            set_run_direction(run, True)


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
