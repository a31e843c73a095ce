"""A translation of one text made to fit another that is nearly the same."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from tasks.domain.codes import check_codes, escape, tokens
from tasks.domain.memory.normal import (
    FIGURE,
    normalised,
    numbering,
    plain,
    renumbered,
    shape,
    without_codes,
)
from tasks.domain.memory.passage import Passage

#: A figure that every language writes alike; longer ones are grouped, each language in its own way.
_ALIKE: Final = re.compile(r"\d{1,4}")
#: What a suggestion loses that is another text, that had codes the segment has none of, that lacks those it has.
_OTHER, _CODES_GONE, _CODES_LACKING = 1, 2, 5


def carried(source: str, target: str, other: str) -> str | None:
    """`target`, the translation of `source`, as that of `other`, the same text but for the numbers of its codes.

    None where it is another text.
    """
    if normalised(source) != normalised(other):
        return None
    return renumbered(target, _numbers(source, other))


def fit(passage: Passage, source: str, likeness: int) -> tuple[str, int, bool]:
    """The target of a passage for a source that is not the same: text, score and whether it has the source's codes.

    `likeness` is that of the two texts, 0 to 100. Codes are taken over where they follow each other as in the source,
    figures where both languages write them alike and each stands as often in the target as in the source.
    """
    changed = _with_figures(passage, source)
    target = passage.target if changed is None else changed
    score = min(100 if changed is not None else likeness, 100 - _OTHER)
    if shape(passage.source) == shape(source):
        text = renumbered(target, _numbers(passage.source, source))
        if not check_codes(source, text):
            return text, score, True
    text = without_codes(target)
    if numbering(source):
        return text, score - _CODES_LACKING, False
    return text, score - _CODES_GONE, not check_codes(source, text)


def _numbers(source: str, other: str) -> dict[int, int]:
    """From the numbers of the codes of one text to those of another that has the same codes."""
    return dict(zip(numbering(source), numbering(other), strict=True))


def _with_figures(passage: Passage, source: str) -> str | None:
    """The target of a passage with the figures of `source`; None where it is not certain which is which."""
    old, new = (FIGURE.findall(plain(text)) for text in (passage.source, source))
    if FIGURE.split(plain(passage.source)) != FIGURE.split(plain(source)):
        return None
    becomes = dict(zip(old, new, strict=True))
    changed = {was: now for was, now in becomes.items() if was != now}
    if [becomes[was] for was in old] != new or not all(
        _ALIKE.fullmatch(figure) for pair in changed.items() for figure in pair
    ):
        return None
    parts = tokens(passage.target)
    standing = Counter(figure for part in parts if part.kind == "text" for figure in FIGURE.findall(part.text))
    if any(standing[was] != old.count(was) for was in changed):
        return None
    return "".join(
        escape(FIGURE.sub(lambda figure: changed.get(figure[0], figure[0]), part.text))
        if part.kind == "text"
        else str(part)
        for part in parts
    )
