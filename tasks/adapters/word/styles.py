"""What a paragraph is, told by its style and numbering whatever language Word showed their names in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from tasks.adapters.word.ooxml import Element, child, is_on, val, w
from tasks.adapters.word.opc import Docx

Role = Literal["heading", "numbered", "item", "caption", "contents", "title", "plain"]

_ROLES: Final[tuple[tuple[str, Role], ...]] = (
    (r"numberedparagraph", "numbered"),
    (r"list(bullet|number)\d*", "item"),
    (r"(figure|table)?caption", "caption"),
    (r"toc(\d|heading)", "contents"),
    (r"title", "title"),
)
_HEADING: Final = re.compile(r"heading(\d)")


@dataclass(frozen=True)
class _Style:
    names: tuple[str, str]
    based_on: str | None
    outline: int | None
    numbering: tuple[str | None, int] | None
    properties: Element | None


@dataclass(frozen=True)
class Look:
    """What a paragraph is: its role, a heading's level, a list item's list and whether that counts.

    Lists with one `counter` go on counting where another stopped, unless one `restarts` at its first item.
    """

    role: Role
    level: int = 0
    list_id: str = ""
    ordered: bool = False
    counter: str = ""
    restarts: bool = False


@dataclass(frozen=True)
class _List:
    counter: str
    restarts: bool
    levels: dict[int, bool]


class Styles:
    """The styles and lists of one file."""

    def __init__(self, docx: Docx) -> None:
        self._styles: dict[str, _Style] = {}
        self._default = ""
        part = docx.related(docx.main, "styles")
        for element in docx.tree(part).iterfind(w("style")) if part else ():
            style_id = val(element, "styleId") or ""
            self._styles[style_id] = _style(element, style_id)
            if val(element, "type") == "paragraph" and val(element, "default") in ("1", "true", "on"):
                self._default = style_id
        self._lists = _lists(docx)
        self._lineages: dict[str, list[_Style]] = {}
        self._roles: dict[str, tuple[Role, int]] = {}

    def look(self, paragraph: Element) -> Look:
        """What this paragraph is; its own settings win over its style's, a style's over those it is based on."""
        properties = child(paragraph, "pPr")
        own = _numbering(properties)
        level = _number(val(child(properties, "outlineLvl")))
        if level is not None and level < 9:
            return Look("heading", level + 1)
        style_id = val(child(properties, "pStyle")) or self._default
        numbering = own or next((s.numbering for s in self._lineage(style_id) if s.numbering), None)
        list_id, depth = numbering or (None, 0)
        role, heading_level = self._role(style_id)
        if level == 9 and role == "heading":
            role, heading_level = "plain", 0  # made body text by hand
        if own is not None and own[0] == "0" and role in ("numbered", "item"):
            return Look("plain")  # numbering taken away by hand
        if role == "item" or (role == "plain" and list_id not in (None, "0")):
            named = self._named_order(style_id) if own is None or list_id is None else None
            its = self._lists.get(list_id or "", _List(list_id or style_id, False, {}))
            ordered = its.levels.get(depth, False) if named is None else named
            return Look("item", 0, list_id or style_id, ordered, its.counter, its.restarts)
        return Look(role, heading_level)

    def emphasis(self, run: Element) -> tuple[bool, bool]:
        """Whether a run is bold and whether it is italic, by itself or by its character style."""
        properties = child(run, "rPr")
        if properties is None:
            return False, False
        rtl = is_on(child(properties, "rtl"))
        style_id = val(child(properties, "rStyle"))
        return self._switch(properties, "b", rtl, style_id), self._switch(properties, "i", rtl, style_id)

    def _switch(self, properties: Element, tag: str, rtl: bool | None, style_id: str | None) -> bool:
        own = is_on(child(properties, tag))
        if own is None and rtl:
            own = is_on(child(properties, tag + "Cs"))
        if own is not None:
            return own
        return next((on for s in self._lineage(style_id) if (on := is_on(child(s.properties, tag))) is not None), False)

    def _lineage(self, style_id: str | None) -> list[_Style]:
        """A style and those it is based on."""
        if not style_id:
            return []
        if style_id not in self._lineages:
            found: list[_Style] = []
            seen: set[str] = set()
            above: str | None = style_id
            while above and above not in seen:
                seen.add(above)
                # A style that is named but not defined still says what its writer meant.
                style = self._styles.get(above) or _Style((_fold(above), ""), None, None, None, None)
                found.append(style)
                above = style.based_on
            self._lineages[style_id] = found
        return self._lineages[style_id]

    def _role(self, style_id: str) -> tuple[Role, int]:
        if style_id not in self._roles:
            self._roles[style_id] = self._find_role(style_id)
        return self._roles[style_id]

    def _find_role(self, style_id: str) -> tuple[Role, int]:
        for style in self._lineage(style_id):
            for name in style.names:
                if match := _HEADING.fullmatch(name):
                    return "heading", int(match[1])
                for pattern, role in _ROLES:
                    if re.fullmatch(pattern, name):
                        return role, 0
            if style.outline is not None:
                return ("heading", style.outline + 1) if style.outline < 9 else ("plain", 0)
        return "plain", 0

    def _named_order(self, style_id: str | None) -> bool | None:
        names = [name for style in self._lineage(style_id) for name in style.names]
        return next((name.startswith("listnumber") for name in names if name.startswith(("listb", "listn"))), None)


def _style(element: Element, style_id: str) -> _Style:
    properties = child(element, "pPr")
    return _Style(
        names=(_fold(style_id), _fold(val(child(element, "name")) or "")),
        based_on=val(child(element, "basedOn")),
        outline=_number(val(child(properties, "outlineLvl"))),
        numbering=_numbering(properties),
        properties=child(element, "rPr"),
    )


def _numbering(properties: Element | None) -> tuple[str | None, int] | None:
    found = child(properties, "numPr")
    if found is None:
        return None
    return val(child(found, "numId")), _number(val(child(found, "ilvl"))) or 0


def _lists(docx: Docx) -> dict[str, _List]:
    """Each list by its number, with whether each level counts (1, a, i) rather than showing a mark."""
    part = docx.related(docx.main, "numbering")
    if part is None:
        return {}
    root = docx.tree(part)
    abstract = {val(a, "abstractNumId"): _levels(a) for a in root.iterfind(w("abstractNum"))}
    found: dict[str, _List] = {}
    for num in root.iterfind(w("num")):
        counter = val(child(num, "abstractNumId")) or ""
        levels = dict(abstract.get(counter, {}))
        restarts = False
        for override in num.iterfind(w("lvlOverride")):
            levels |= _levels(override)
            restarts |= child(override, "startOverride") is not None and val(override, "ilvl") == "0"
        found[val(num, "numId") or ""] = _List(counter, restarts, levels)
    return found


def _levels(parent: Element) -> dict[int, bool]:
    levels = ((_number(val(level, "ilvl")), val(child(level, "numFmt"))) for level in parent.iterfind(w("lvl")))
    return {number: form not in ("bullet", "none") for number, form in levels if number is not None}


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() else None


def _fold(name: str) -> str:
    return "".join(name.split()).replace("-", "").lower()
