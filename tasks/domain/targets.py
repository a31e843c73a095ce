"""The targets of a translation while it is made: what stands for each segment, where it came from, how far it is.

A target knows the source it was made for. So when the source changes, what is stale is seen by looking, and nothing has
to be marked. All functions here leave their arguments as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any, Final, Protocol, TypeVar

from rapidfuzz import fuzz

from tasks.domain.checks.finding import visible

#: Of two versions of a paragraph at least so much (0 to 100) is the same; below, one is not a version of the other.
_SAME_PARAGRAPH: Final = 50


class Segmented(Protocol):
    """A segment: its id in this file, and its text."""

    @property
    def id(self) -> str: ...

    @property
    def text(self) -> str: ...


S = TypeVar("S", bound=Segmented)


class Origin(StrEnum):
    """Where the words of a target come from."""

    TRANSLATOR = "translator"
    REVIEWER = "reviewer"
    MEMORY = "memory"
    MACHINE = "machine"


@dataclass(frozen=True)
class Target:
    """What stands for one segment.

    `source` is the text it translates; `by` whose words it is: a person, a body, an entry of the memory, a program.
    `proposed` until somebody took it over; `reader` is who has read it as a reviewer; `instead_of` are the words a
    reviewer replaced.
    """

    source: str
    text: str
    origin: Origin
    by: str
    proposed: bool = False
    reader: str = ""
    instead_of: str = ""


@dataclass(frozen=True)
class Remark:
    """What a reviewer said of a target, and of which wording: with another wording it is settled."""

    segment: str
    about: str
    by: str
    text: str


@dataclass(frozen=True)
class Translated:
    """A translation as it stands: targets by segment, and the remarks of its reviewers."""

    targets: Mapping[str, Target]
    remarks: tuple[Remark, ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Translated:
        targets = {
            id: Target(**{**facts, "origin": Origin(facts["origin"])}) for id, facts in data.get("targets", {}).items()
        }
        return cls(targets, tuple(Remark(**remark) for remark in data.get("remarks", ())))

    def to_json(self) -> dict[str, Any]:
        return {
            "targets": {id: asdict(target) for id, target in self.targets.items()},
            "remarks": [asdict(remark) for remark in self.remarks],
        }

    def open(self, segments: Iterable[Segmented]) -> list[str]:
        """The segments somebody must still translate: without target, with a proposed one, or with a stale one."""
        return [each.id for each in segments if self.standing(each) is not Standing.DONE]

    def standing(self, segment: Segmented) -> Standing:
        target = self.targets.get(segment.id)
        if target is None:
            return Standing.MISSING
        if target.proposed:
            return Standing.PROPOSED
        return Standing.DONE if target.source == segment.text else Standing.STALE

    def in_force(self, segments: Iterable[Segmented]) -> dict[str, str]:
        """The words that stand, stale ones too; of a proposal nobody has taken over none."""
        held = {each.id: self.targets.get(each.id) for each in segments}
        return {id: target.text for id, target in held.items() if target is not None and not target.proposed}

    def unread_machine(self, segments: Iterable[Segmented]) -> list[str]:
        """The segments in words of a machine that somebody has taken over and no reviewer has read."""
        held = [(each.id, self.targets.get(each.id)) for each in segments]
        return [
            id
            for id, target in held
            if target and target.origin is Origin.MACHINE and not target.proposed and not target.reader
        ]

    def live_remarks(self, segments: Iterable[Segmented]) -> list[Remark]:
        """The remarks on words that still stand."""
        words = self.in_force(segments)
        return [remark for remark in self.remarks if words.get(remark.segment) == remark.about]


class Standing(StrEnum):
    """How far one segment is."""

    MISSING = "missing"
    PROPOSED = "proposed"
    STALE = "stale"
    DONE = "done"


@dataclass(frozen=True)
class Progress:
    """How far a translation is, in segments and in words of the source; `read` by a reviewer."""

    segments: int
    words: int
    done: int
    words_left: int
    stale: int
    read: int


def progress(segments: Sequence[Segmented], translated: Translated) -> Progress:
    """How far a translation of `segments` is."""
    standings = [translated.standing(each) for each in segments]
    left = sum(_words(each) for each, how in zip(segments, standings, strict=True) if how is not Standing.DONE)
    return Progress(
        segments=len(segments),
        words=sum(map(_words, segments)),
        done=standings.count(Standing.DONE),
        words_left=left,
        stale=standings.count(Standing.STALE),
        read=sum(bool((held := translated.targets.get(each.id)) and held.reader) for each in segments),
    )


def propose(translated: Translated, segments: Iterable[Segmented], proposals: Mapping[str, Target]) -> Translated:
    """With a proposal for each segment that has no target yet; an earlier proposal gives way."""
    waiting = {each.id for each in segments if translated.standing(each) in (Standing.MISSING, Standing.PROPOSED)}
    fresh = {id: replace(target, proposed=True) for id, target in proposals.items() if id in waiting}
    return replace(translated, targets={**translated.targets, **fresh})


def take(translated: Translated, segments: Sequence[Segmented], returned: Mapping[str, str], by: str) -> Translated:
    """With the targets that came back from a translator; rows left empty and rows of no segment change nothing.

    A proposal that comes back as it was has been taken over, and stays what it is: a machine's words stay a machine's.
    A stale target that comes back as it was is still stale, and what a reviewer replaced is not put back by a file from
    before. What repeats a segment that was translated is so too, and changes with it.
    """
    targets, mended, again = dict(translated.targets), dict[tuple[str, str], Target](), repeats(segments)
    for each in segments:
        text, had = returned.get(each.id, "").strip(), targets.get(each.id)
        if not text or (had is not None and had.source == each.text and text == had.instead_of):
            continue
        if had is None or had.text != text:
            targets[each.id] = Target(each.text, text, Origin.TRANSLATOR, by)
            if had is not None and each.id not in again:
                mended[each.text, had.text] = targets[each.id]
        elif had.proposed:
            targets[each.id] = replace(had, proposed=False)
    for each in segments:
        had = targets.get(each.id)
        if had is not None and not returned.get(each.id, "").strip():
            targets[each.id] = mended.get((each.text, had.text), had)
    return spread(replace(translated, targets=targets), segments)


def review(translated: Translated, segments: Sequence[Segmented], corrected: Mapping[str, str], by: str) -> Translated:
    """With a reviewer's wording where it differs."""
    targets = dict(translated.targets)
    for each in segments:
        text = corrected.get(each.id, "").strip()
        if text and each.id in targets and targets[each.id].text != text:
            replaced = targets[each.id].text
            targets[each.id] = Target(each.text, text, Origin.REVIEWER, by, reader=by, instead_of=replaced)
    return replace(translated, targets=targets)


def read_by(translated: Translated, segments: Iterable[Segmented], by: str) -> Translated:
    """With each of `segments` that has a current target noted as read by a reviewer; who read it first stays."""
    targets = dict(translated.targets)
    for each in segments:
        if translated.standing(each) is Standing.DONE and not targets[each.id].reader:
            targets[each.id] = replace(targets[each.id], reader=by)
    return replace(translated, targets=targets)


def carry(old: Sequence[Segmented], new: Sequence[Segmented], translated: Translated) -> Translated:
    """The translation of `old` as one of `new`, by then another text of the same paper.

    What is the same keeps its target, wherever it now stands. A paragraph that was changed keeps its old target, which
    is thereby stale. What is new has none.
    """
    now = moved(old, new)
    targets = {id: translated.targets[before] for before, id in now.items() if before in translated.targets}
    remarks = [replace(each, segment=now[each.segment]) for each in translated.remarks if each.segment in now]
    return Translated(targets, tuple(remarks))


def moved(old: Sequence[Segmented], new: Sequence[Segmented]) -> dict[str, str]:
    """What the segments of one text are called in another of the same paper, as far as they are still there."""
    came_from = pairs([each.text for each in old], [each.text for each in new])
    return {old[here].id: new[there].id for here, there in came_from}


def changed(old: Sequence[S], new: Sequence[S]) -> list[tuple[S | None, S | None]]:
    """What differs between two texts of a paper: (before, after), None where a segment was not there."""
    there = dict(pairs([each.text for each in old], [each.text for each in new]))
    kept = set(there.values())
    both = [(each, new[there[number]] if number in there else None) for number, each in enumerate(old)]
    found: list[tuple[S | None, S | None]] = [(a, b) for a, b in both if b is None or a.text != b.text]
    return found + [(None, each) for number, each in enumerate(new) if number not in kept]


def pairs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Places (in old, in new) of the same paragraph: in order and alike first, then word for word anywhere."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    free_old, free_new = set(range(len(old))), set(range(len(new)))
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            found = list(zip(range(i1, i2), range(j1, j2), strict=True))
        elif tag == "replace":
            found = list(_alike(old, new, range(i1, i2), range(j1, j2)))
        else:
            continue
        for here, there in found:
            free_old.discard(here)
            free_new.discard(there)
            yield here, there
    places: dict[str, list[int]] = {}
    for here in sorted(free_old):
        places.setdefault(old[here], []).append(here)
    for there in sorted(free_new):
        if places.get(new[there]):
            yield places[new[there]].pop(0), there


def _alike(old: Sequence[str], new: Sequence[str], before: range, after: range) -> Iterator[tuple[int, int]]:
    """The best pairs in order within a stretch that was rewritten."""
    rows, columns = len(before), len(after)
    likeness = [[fuzz.ratio(old[i], new[j]) for j in after] for i in before]
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for i in reversed(range(rows)):
        for j in reversed(range(columns)):
            paired = likeness[i][j] + best[i + 1][j + 1] if likeness[i][j] >= _SAME_PARAGRAPH else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    i = j = 0
    while i < rows and j < columns:
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            yield before[i], after[j]
            i, j = i + 1, j + 1


def spread(translated: Translated, segments: Sequence[Segmented]) -> Translated:
    """With the target of the first of several equal segments for those that have none."""
    first: dict[str, Target] = {}
    targets = translated.targets
    for each in segments:
        held = targets.get(each.id)
        if held is not None and not held.proposed and held.source == each.text:
            first.setdefault(each.text, held)
    missing = [
        each for each in segments if each.text in first and (each.id not in targets or targets[each.id].proposed)
    ]
    return replace(
        translated, targets={**targets, **{each.id: replace(first[each.text], reader="") for each in missing}}
    )


def repeats(segments: Iterable[Segmented]) -> set[str]:
    """The segments that say what an earlier one says: nobody need translate them."""
    seen: set[str] = set()
    found = set()
    for each in segments:
        if each.text in seen:
            found.add(each.id)
        seen.add(each.text)
    return found


def _words(segment: Segmented) -> int:
    return len(visible(segment.text).split())
