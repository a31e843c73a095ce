"""A new front on a document: cover, letterhead, headers and footers replaced, the body untouched."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from itertools import count
from typing import Final

from lxml import etree

from tasks.adapters.word.body import BODY_MARK, Story, split
from tasks.adapters.word.imports import Importer
from tasks.adapters.word.ooxml import WP, Element, child, elements, is_on, number_of, remove, switch, val, w
from tasks.adapters.word.opc import Docx, unpack
from tasks.adapters.word.styles import Styles

_REFERENCES: Final = (w("headerReference"), w("footerReference"))
#: Relationships that nothing keeps but a reference in the text.
_REFERRED: Final = ("header", "footer", "image", "hyperlink", "chart")
_COMMENTS: Final = (w("commentRangeStart"), w("commentRangeEnd"), w("commentReference"))
#: Attributes of newer Words: ids that must be unique, and prefixes the other file may not declare as ignorable.
_NEWER: Final = "{http://schemas.microsoft.com/office/word/"


def replace_front(master: bytes, front: bytes) -> bytes:
    """`master` with everything before its body mark, and all headers and footers, taken from `front`.

    The body of `master` keeps its text, notes, pictures, lists, sections and properties; one without a mark gets it.
    Comments and notes of its old front go with that front. Repeating it with the same `front` changes nothing.
    """
    target, source = unpack(master, "master"), unpack(front, "front")
    root, page = target.tree(target.main), source.tree(source.main)
    ours, theirs = split(target, root, Styles(target)), split(source, page, Styles(source))
    _drop_front(target, ours)
    _mark_body(ours)
    _drop_references(target, root)
    made = [copy.deepcopy(node) for node in theirs.front]
    _clean(made, ours)
    importer = Importer(source, target)
    for name in ("footnote", "endnote"):
        importer.notes(made, name)
    importer.lists(made, {val(use) or "" for node in ours.body for use in node.iter(w("numId"))})
    importer.relationships([*made, *_copy_headers(ours, theirs)], source.main, target.main)
    importer.styles([*made, *_headers(target)])
    for position, node in enumerate(made):
        ours.holder.insert(position, node)
    target.write(target.main, root)
    _copy_setting(source, target, "evenAndOddHeaders")
    target.sweep()
    return target.to_bytes()


def _drop_front(target: Docx, ours: Story) -> None:
    """Take the old front out, with the notes only it refers to and the ends of places that began in it."""
    for name in ("footnote", "endnote"):
        used = {val(use, "id") for node in ours.body for use in node.iter(w(name + "Reference"))}
        gone = {val(use, "id") for node in ours.front for use in node.iter(w(name + "Reference"))} - used
        part = target.related(target.main, name + "s")
        if part is not None and gone:
            notes = target.tree(part)
            for note in [note for note in elements(notes) if val(note, "id") in gone]:
                remove(note)
            target.write(part, notes)
    for node in ours.front:
        remove(node)
    for section in _sections(ours):
        for reference in [node for node in elements(section) if node.tag in _REFERENCES]:
            remove(reference)
    for start, end in (("bookmarkStart", "bookmarkEnd"), ("commentRangeStart", "commentRangeEnd")):
        begun = {val(node, "id") for node in ours.holder.iter(w(start))}
        for node in [node for node in ours.holder.iter(w(end)) if val(node, "id") not in begun]:
            remove(node)


def _mark_body(ours: Story) -> None:
    """Put the body mark where the body was found to start, so that it is found there again."""
    if any(val(mark, "name") == BODY_MARK for mark in ours.holder.iter(w("bookmarkStart"))):
        return
    paragraph = next((p for node in ours.body[:1] for p in node.iter(w("p"))), None)
    if paragraph is None:
        return
    number = 1 + max(_numbers(ours.holder.iter(w("bookmarkStart"))), default=0)
    position = 1 if child(paragraph, "pPr") is not None else 0
    for tag in ("bookmarkEnd", "bookmarkStart"):
        made = etree.Element(w(tag))
        made.set(w("id"), str(number))
        if tag == "bookmarkStart":
            made.set(w("name"), BODY_MARK)
        paragraph.insert(position, made)


def _drop_references(target: Docx, root: Element) -> None:
    """Drop the relationships and parts that only the old front and headers needed."""
    used = {str(value) for element in root.iter() for value in element.attrib.values()}
    relationships = target.relationships(target.main)
    target.unrelate(target.main, {r.id for r in relationships if r.kind in _REFERRED and r.id not in used})
    target.sweep()


def _clean(made: list[Element], ours: Story) -> None:
    """Give the new front's places and drawings ids and names that the body does not have."""
    names = {val(mark, "name") for mark in ours.holder.iter(w("bookmarkStart"))}
    numbers = count(1 + max(_numbers(ours.holder.iter(w("bookmarkStart"), w("bookmarkEnd"))), default=0))
    drawings = count(1 + max((number_of(d.get("id")) for d in ours.holder.iter(f"{{{WP}}}docPr")), default=0))
    ends = {val(end, "id"): end for node in made for end in node.iter(w("bookmarkEnd"))}
    for node in made:
        for start in list(node.iter(w("bookmarkStart"))):
            end = ends.pop(val(start, "id"), None)
            if end is None or val(start, "name") in names:
                _remove_all([start] if end is None else [start, end])
                continue
            number = str(next(numbers))
            start.set(w("id"), number)
            end.set(w("id"), number)
        _remove_all(list(node.iter(*_COMMENTS)))
        for drawing in node.iter(f"{{{WP}}}docPr"):
            drawing.set("id", str(next(drawings)))
        for element in node.iter():
            for name in [str(name) for name in element.attrib if str(name).startswith(_NEWER)]:
                del element.attrib[name]
    _remove_all(ends.values())


def _copy_headers(ours: Story, theirs: Story) -> list[Element]:
    """Give the section in which the body starts the headers of its counterpart; later ones follow it without own.

    The references given still lead to the parts of the counterpart.
    """
    section, model = next(_sections(ours), None), next(_sections(theirs), None)
    if section is None or model is None:
        return []
    references = [copy.deepcopy(node) for node in elements(model) if node.tag in _REFERENCES]
    for position, reference in enumerate(references):
        section.insert(position, reference)
    switch(section, "titlePg", is_on(child(model, "titlePg")) is True)
    return references


def _sections(story: Story) -> Iterator[Element]:
    """The sections of the body in order, beginning with the one it starts in."""
    for node in story.body:
        yield from node.iter(w("sectPr"))
    if story.section is not None:
        yield story.section


def _headers(target: Docx) -> list[Element]:
    found = [r.target for r in target.relationships(target.main) if r.kind in ("header", "footer")]
    return [target.tree(part) for part in found if part in target.parts]


def _copy_setting(source: Docx, target: Docx, name: str) -> None:
    """Make a switch of the settings (different headers on even pages) what the source says."""
    theirs, ours = source.related(source.main, "settings"), target.related(target.main, "settings")
    if theirs is None or ours is None:
        return
    wanted = is_on(child(source.tree(theirs), name)) is True
    root = target.tree(ours)
    if (is_on(child(root, name)) is True) != wanted:
        switch(root, name, wanted)
        target.write(ours, root)


def _remove_all(nodes: Iterable[Element]) -> None:
    for node in nodes:
        remove(node)


def _numbers(nodes: Iterable[Element]) -> list[int]:
    return [number_of(val(node, "id")) for node in nodes]
