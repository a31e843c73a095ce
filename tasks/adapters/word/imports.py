"""Pieces of one Word file taken into another: what they lean on comes along, under names and numbers still free."""

from __future__ import annotations

import copy
import posixpath
from collections.abc import Iterable
from typing import Final

from lxml import etree

from tasks.adapters.word.ooxml import Element, R, child, elements, number_of, remove, val, w
from tasks.adapters.word.opc import OFFICE_REL, Docx, rels_name

_STYLE_USES: Final = (w("pStyle"), w("rStyle"), w("tblStyle"), w("basedOn"), w("next"), w("link"))


class Importer:
    """Takes pieces of `source` into `target`; each part, style, list and note once."""

    def __init__(self, source: Docx, target: Docx) -> None:
        self._source = source
        self._target = target
        self._parts: dict[str, str] = {}
        self._ids: dict[tuple[str, str], str] = {}

    def relationships(self, nodes: Iterable[Element], source_part: str, target_part: str) -> None:
        """Make the relationships these nodes name those of `target_part`, and bring the parts they lead to."""
        theirs = {r.id: r for r in self._source.relationships(source_part)}
        for node in nodes:
            for element in node.iter():
                for name, value in list(element.attrib.items()):
                    found = theirs.get(str(value))
                    if not str(name).startswith(f"{{{R}}}") or found is None:
                        continue
                    key = (target_part, found.id)
                    if key not in self._ids:
                        to = found.target if found.external else self.part(found.target)
                        self._ids[key] = self._target.relate(target_part, found.type, to, external=found.external)
                    element.set(str(name), self._ids[key])

    def part(self, name: str) -> str:
        """The name a part of the source has in the target, with everything it relates to."""
        if name in self._parts or name not in self._source.parts:
            return self._parts.get(name, name)
        made = self._target.free_name(name)
        self._parts[name] = made
        self._target.add(made, self._source.parts[name], self._source.content_type(name))
        if rels_name(name) in self._source.parts:
            root = self._source.tree(rels_name(name))
            known = {r.id: r for r in self._source.relationships(name)}
            for element in elements(root):
                relationship = known[element.get("Id") or ""]
                if not relationship.external:
                    folder = posixpath.dirname(made) or "."
                    element.set("Target", posixpath.relpath(self.part(relationship.target), folder))
            self._target.write(rels_name(made), root)
        return made

    def styles(self, nodes: Iterable[Element]) -> None:
        """Bring the styles these nodes use and the target lacks; those it has keep its look."""
        theirs, ours = self._related("styles")
        if theirs is None or ours is None:
            return
        source, target = self._source.tree(theirs), self._target.tree(ours)
        known = {val(style, "styleId") for style in target.iterfind(w("style"))}
        defined = {val(style, "styleId"): style for style in source.iterfind(w("style"))}
        waiting = list(nodes)
        while waiting:
            for use in waiting.pop().iter(*_STYLE_USES):
                style_id = val(use)
                if style_id in defined and style_id not in known:
                    known.add(style_id)
                    made = copy.deepcopy(defined[style_id])
                    for numbering in list(made.iter(w("numPr"))):
                        remove(numbering)  # its list is another file's
                    made.attrib.pop(w("default"), "")
                    target.append(made)
                    waiting.append(made)
        self._target.write(ours, target)

    def lists(self, nodes: Iterable[Element], taken: set[str]) -> None:
        """Give the lists of these nodes numbers of the target's; `taken` are in use and not to be continued.

        Nor are those of the target's styles.
        """
        uses = [use for node in nodes for use in node.iter(w("numId")) if val(use) != "0"]
        theirs, ours = self._related("numbering")
        if not uses or theirs is None:
            return
        if ours is None:
            self._target.relate(self._target.main, OFFICE_REL + "numbering", self.part(theirs))
            return
        source, target = self._source.tree(theirs), self._target.tree(ours)
        styles = self._related("styles")[1]
        taken = taken | {val(use) or "" for use in (self._target.tree(styles).iter(w("numId")) if styles else ())}
        made: dict[str, str] = {}
        for use in uses:
            list_id = val(use) or ""
            if list_id not in made:
                made[list_id] = _list(source, target, list_id, taken)
            use.set(w("val"), made[list_id])
        self._target.write(ours, target)

    def notes(self, nodes: Iterable[Element], name: str) -> None:
        """Bring the notes (`footnote` or `endnote`) these nodes refer to, numbered after the target's own."""
        uses = [use for node in nodes for use in node.iter(w(name + "Reference"))]
        theirs, ours = self._related(name + "s")
        if not uses or theirs is None:
            return
        if ours is None:
            self._target.relate(self._target.main, OFFICE_REL + name + "s", self.part(theirs))
            return
        root = self._target.tree(ours)
        found = {val(note, "id"): note for note in elements(self._source.tree(theirs))}
        number = max((number_of(val(note, "id")) for note in elements(root)), default=0)
        for use in uses:
            note = found.get(val(use, "id"))
            if note is not None:
                number += 1
                note = copy.deepcopy(note)
                note.set(w("id"), str(number))
                use.set(w("id"), str(number))
                self.relationships([note], theirs, ours)
                root.append(note)
        self._target.write(ours, root)

    def _related(self, kind: str) -> tuple[str | None, str | None]:
        return (
            self._source.related(self._source.main, kind),
            self._target.related(self._target.main, kind),
        )


def _list(source: Element, target: Element, list_id: str, taken: set[str]) -> str:
    """The number in `target` of a list like this of `source`: one there already that nobody uses, else a new one."""
    num = next((n for n in source.iterfind(w("num")) if val(n, "numId") == list_id), None)
    abstract_id = val(child(num, "abstractNumId"))
    abstract = next((a for a in source.iterfind(w("abstractNum")) if val(a, "abstractNumId") == abstract_id), None)
    if num is None or abstract is None:
        return list_id
    ours = {val(a, "abstractNumId"): a for a in target.iterfind(w("abstractNum"))}
    nums = list(target.iterfind(w("num")))
    # Lists of one definition count on where another stopped.
    counting = {val(child(other, "abstractNumId")) for other in nums if val(other, "numId") in taken}
    for other in nums:
        like = ours.get(val(child(other, "abstractNumId")))
        free = val(child(other, "abstractNumId")) not in counting
        if free and like is not None and _same(like, abstract) and _same(other, num):
            return val(other, "numId") or ""
    new_abstract, new_num = copy.deepcopy(abstract), copy.deepcopy(num)
    new_abstract.set(w("abstractNumId"), str(1 + max(map(number_of, ours), default=0)))
    new_num.set(w("numId"), str(1 + max((number_of(val(n, "numId")) for n in nums), default=0)))
    link = child(new_num, "abstractNumId")
    if link is not None:
        link.set(w("val"), str(new_abstract.get(w("abstractNumId"))))
    # The schema wants every definition before the first list.
    target.insert(target.index(nums[0]) if nums else len(target), new_abstract)
    target.insert(target.index(nums[-1]) + 1 if nums else len(target), new_num)
    return str(new_num.get(w("numId")))


def _same(one: Element, other: Element) -> bool:
    """Whether two lists look the same, whatever their numbers."""
    sides = []
    for side in (one, other):
        bare = copy.deepcopy(side)
        for name in ("numId", "abstractNumId"):
            bare.attrib.pop(w(name), "")
        for link in bare.findall(w("abstractNumId")):
            bare.remove(link)
        sides.append(etree.tostring(bare, method="c14n", with_tail=False))
    return sides[0] == sides[1]
