"""Returned files by seed: which copy, who worked on it, and what they did to it."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from tests.returned.chance import Reading
from tests.returned.papers import Draft, draft
from tests.returned.paragraphs import Editor
from tests.returned.partner import Left

#: One file in so many is made of the version before; has changes made with tracking off.
_ON_BEFORE, _SILENT = 9, 4


@dataclass(frozen=True)
class Returned:
    """A returned file, and every mark in it. `left` names the paragraphs of the draft that went round; a mark on one
    that the draft no longer has names none."""

    name: str
    data: bytes
    left: tuple[Left, ...]
    is_on_before: bool
    through_libreoffice: bool = False


def round_of(seed: int, files: int, *, in_word: bool = True) -> tuple[Draft, list[Returned]]:
    """A draft and what came back: the same for the same seed. `in_word`: with what only Word can open."""
    chance = random.Random(seed)
    paper = draft(chance.randrange(1000))
    return paper, [_returned(paper, random.Random(f"{seed}/{number}"), number, in_word) for number in range(files)]


def _returned(paper: Draft, chance: random.Random, number: int, in_word: bool) -> Returned:
    is_on_before = chance.randrange(_ON_BEFORE) == 0
    is_silent = chance.randrange(_SILENT) == 0
    editor = Editor(paper.before if is_on_before else paper.data)
    Reading(editor, chance, in_word).work(chance.randint(4, 24), is_silent)
    left = [_carried(each, paper) for each in editor.left] if is_on_before else editor.left
    name = chance.choice(("{}.docx", "copy of draft ({}).docx", "FINAL comments {} rev.docx")).format(number)
    return Returned(name, editor.file(), tuple(left), is_on_before)


def _carried(left: Left, paper: Draft) -> Left:
    """What was left in a copy of the version before, by the paragraphs of the draft, and without a reworded passage."""
    lines = frozenset(paper.kept[line] for line in left.lines if line in paper.kept)
    return replace(left, lines=lines, passage="" if lines & paper.reworded else left.passage)
