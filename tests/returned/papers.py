"""The papers that partners get: those of the rehearsal, rendered by the project, each with the version before it."""

from __future__ import annotations

import copy
import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from tasks.adapters import materials
from tasks.adapters.word.build import fill_body
from tasks.adapters.word.contexts import BackgroundPaper
from tasks.adapters.word.numbered import number_paragraphs
from tests.adapters.word.samples import ROSTER, page, rendered
from tests.domain.domain_help import ROOT
from tests.returned.package import Package, name_of, properties, run, text_of, w

_MATERIALS = ROOT / "config" / "editions" / "brussels-2007" / "rehearsal" / "materials"
#: Every paper of the rehearsal in every language it was written in: folder, stem, language.
PAPERS = sorted(
    (path.parent.name, path.name.split(".")[0], path.name.split(".")[1])
    for path in _MATERIALS.glob("*/background-paper*.md")
)


@dataclass(frozen=True)
class Draft:
    """A draft as it went round, and the version before.

    `kept`: from the index of a paragraph of the version before to that of the same paragraph of the draft. Indices
    count all paragraphs in reading order, the body first, then the footnotes. `reworded` are those of the draft that
    were worded otherwise before.
    """

    data: bytes
    before: bytes
    kept: Mapping[int, int]
    reworded: frozenset[int]


@lru_cache(maxsize=4)
def draft(number: int) -> Draft:
    """One of PAPERS as a draft; the version before had some paragraphs more, some fewer, and other words in some."""
    folder, stem, language = PAPERS[number % len(PAPERS)]
    body = materials.load(_MATERIALS / folder, stem, language)
    context = BackgroundPaper(
        **page(), kind="Background paper", status="Draft", title=body.title, session=f"Session {folder}",
        roundtable="Roundtable 1", roster_heading="Team", roster=ROSTER,
    )  # fmt: skip
    front = rendered(context, language=language)
    before = number_paragraphs(fill_body(front, body.blocks, body.images, {"table": "Table", "figure": "Figure"}))
    return _revised(before, random.Random(number))


def _revised(before: bytes, chance: random.Random) -> Draft:
    """The next version as a writer makes it: two paragraphs less, two new ones, others with other words."""
    package = Package(before)
    lines = package.lines()
    running = [
        node for node in lines
        if name_of(node.getparent()) == "body" and len(text_of(node)) > 150
        and not list(node.iter(w("footnoteReference"), w("drawing"), w("bookmarkStart"), w("hyperlink")))
    ]  # fmt: skip
    chosen = chance.sample(running, min(9, len(running) // 2))
    for node in chosen[:2]:
        node.getparent().remove(node)
    for node in chosen[2:4]:
        new = copy.deepcopy(node)
        for child in list(new)[1:]:
            new.remove(child)
        assert new[0] is properties(new)
        new.append(run(f"Since the last draft the team has looked into point {chance.randrange(10, 99)} once more."))
        node.addnext(new)
    for node in chosen[4:]:
        words = max(node.iter(w("t")), key=lambda each: len(each.text or ""))
        parts = str(words.text).split(" ")
        parts[chance.randrange(len(parts))] = "reworded"
        words.text = " ".join(parts)
    places = {id(node): index for index, node in enumerate(package.lines())}
    kept = {index: places[id(node)] for index, node in enumerate(lines) if id(node) in places}
    reworded = frozenset(places[id(node)] for node in chosen[4:])
    return Draft(package.to_bytes(), before, kept, reworded)
