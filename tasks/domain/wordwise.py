"""How one text became another, in whole words: what a reader would say was put in and taken out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from rapidfuzz.distance import Indel

#: A word, one space of any kind, or one other sign; of scripts without spaces every sign by itself.
_TOKEN: Final = re.compile(
    "[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|[^\\W_\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+|\\s|[\\W_]"
)


@dataclass(frozen=True)
class Op:
    """A stretch of a text and what became of it, in characters of the text before and after."""

    tag: Literal["equal", "replace"]
    src_start: int
    src_end: int
    dest_start: int
    dest_end: int


def word_opcodes(before: str, after: str) -> tuple[Op, ...]:
    """How `before` became `after`, stretch by stretch, none of which cuts a word in two.

    What stands between two changes and is but spaces belongs to them: "the old way" to "a new way" is one change of two
    words, not two of one.
    """
    ours, theirs = _TOKEN.findall(before), _TOKEN.findall(after)
    codes: dict[str, int] = {}
    numbers = [[codes.setdefault(token, len(codes)) for token in tokens] for tokens in (ours, theirs)]
    found = Indel.opcodes(numbers[0], numbers[1])
    left, right = _offsets(ours), _offsets(theirs)
    ops: list[Op] = []
    for place, op in enumerate(found):
        is_equal = op.tag == "equal"
        if is_equal and 0 < place < len(found) - 1 and not "".join(ours[op.src_start : op.src_end]).strip(" "):
            is_equal = False
        tag: Literal["equal", "replace"] = "equal" if is_equal else "replace"
        src_end, dest_end = left[op.src_end], right[op.dest_end]
        if ops and ops[-1].tag == tag:
            ops[-1] = Op(tag, ops[-1].src_start, src_end, ops[-1].dest_start, dest_end)
        else:
            ops.append(Op(tag, left[op.src_start], src_end, right[op.dest_start], dest_end))
    return tuple(ops)


def _offsets(tokens: list[str]) -> list[int]:
    found = [0]
    for token in tokens:
        found.append(found[-1] + len(token))
    return found
