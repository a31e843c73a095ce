"""Documents cut into segments and built again: what differs when nothing was translated, what is lost when all was."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tasks.adapters.word.ingest import open_safely
from tasks.adapters.word.ooxml import child, is_on, val, w
from tasks.adapters.word.opc import unpack
from tasks.adapters.word.segments import extract, rebuild
from tasks.domain.codes import escape, tokens
from tests.adapters.word.word_help import CORPUS, canonical
from tests.tools import libreoffice

_TEXT = re.compile(r"word/(document|footnotes|endnotes|header\d*|footer\d*)\.xml")
_STYLES = "word/styles.xml"


@dataclass
class Trip:
    """Counts over files. `differing` are the parts that came back otherwise, left to right and right to left;
    `lost` the segments whose text is not found again when every letter was changed."""

    files: int = 0
    segments: int = 0
    differing: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


def corpus() -> dict[str, bytes]:
    """The real files there are, as they are after the door."""
    return {path.name: open_safely(path.read_bytes(), path.name).to_bytes() for path in sorted(CORPUS.glob("*.docx"))}


def identity(data: bytes, language: str = "fr-BE", *, rtl: bool = False) -> bytes:
    """The file with its source as its own translation."""
    return rebuild(data, {segment.id: segment.text for segment in extract(unpack(data))}, language, rtl)


def own_language(data: bytes) -> tuple[str, bool]:
    """The language a file's styles name for its text, and whether that is written from right to left."""
    docx = unpack(data)
    *_, section = docx.tree(docx.main).iter(w("sectPr"))
    rtl = is_on(child(section, "bidi")) is True
    styles = docx.related(docx.main, "styles")
    mark = child(docx.tree(styles), "docDefaults", "rPrDefault", "rPr", "lang") if styles else None
    return val(mark, "bidi" if rtl else "val") or "en-US", rtl


def round_trip(files: Mapping[str, bytes]) -> Trip:
    """Take every file there and back."""
    told = Trip()
    for name, data in files.items():
        told.files += 1
        for rtl in (False, True):
            told.differing += [f"{name}: {part}" for part in differences(data, identity(data, rtl=rtl))]
        targets = {segment.id: pseudo(segment.text) for segment in extract(unpack(data))}
        again = {each.id: letters(each.text) for each in extract(unpack(rebuild(data, targets, "fr-BE", False)))}
        told.segments += len(targets)
        told.lost += [f"{name}: {id_}" for id_, text in targets.items() if again.get(id_) != letters(text)]
    return told


def differences(before: bytes, after: bytes) -> list[str]:
    """The parts that differ, marks of language and direction aside."""
    ours, theirs = unpack(before).parts, unpack(after).parts
    found = sorted(ours.keys() ^ theirs.keys())
    for part in ours.keys() & theirs.keys():
        if _TEXT.fullmatch(part) or part == _STYLES:
            is_same = canonical(ours[part]) == canonical(theirs[part])
        else:
            is_same = ours[part] == theirs[part]
        found += [] if is_same else [part]
    return found


def pages(files: Mapping[str, bytes]) -> dict[str, tuple[int, int]]:
    """The pages LibreOffice sets of each file, and of it with its source as its own translation.

    In its own language and direction: another one is hyphenated and set in type otherwise.
    """
    with tempfile.TemporaryDirectory(prefix="roundtable-proof-") as folder:
        here = Path(folder)
        paths = {}
        for number, (name, data) in enumerate(files.items()):
            paths[name] = (here / f"{number}-source.docx", here / f"{number}-identity.docx")
            paths[name][0].write_bytes(data)
            language, rtl = own_language(data)
            paths[name][1].write_bytes(identity(data, language, rtl=rtl))
        made = libreoffice.to_pdf([path for pair in paths.values() for path in pair], here / "pdf")
        return {name: (libreoffice.pages(made[a]), libreoffice.pages(made[b])) for name, (a, b) in paths.items()}


def pseudo(text: str) -> str:
    """A segment with every letter changed and every code kept."""
    return "".join(escape(each.text.swapcase()) if each.kind == "text" else str(each) for each in tokens(text))


def letters(text: str) -> str:
    """A segment without its codes."""
    return "".join(each.text for each in tokens(text))
