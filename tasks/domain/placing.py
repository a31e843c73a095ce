"""Which paragraph of a draft each paragraph of a returned file comes from, and which place a place comes from.

Paragraphs are compared by their original text, all tracked changes rejected. A paragraph that a reader split with
tracking on is one still; what was split, joined, moved, put in or taken out with tracking off is found here. Paragraphs
that are the same stand first; between them the best order-keeping match by likeness; last those that were moved.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise, zip_longest
from typing import Final

from rapidfuzz import fuzz

from tasks.domain.markup import PARAGRAPH, At, Markup, Paragraph, Story
from tasks.domain.wordwise import Op, word_opcodes

#: Two paragraphs less alike than this are two different ones.
_ALIKE: Final = 0.5
#: Moved out of order, a paragraph must be this like, and this long, to be known again.
_ALIKE_MOVED: Final = 0.75
_LONG_ENOUGH: Final = 20
#: A stretch without a single known paragraph is compared as a whole up to this many pairs.
_PAIRS: Final = 250_000
#: From here on a place is sure.
SURE: Final = 0.6
#: Spaces of every width are one to a reader, and programs change one for the other.
_SPACES: Final = str.maketrans(dict.fromkeys("\u00a0\u202f\u2007\u2009", " "))


@dataclass(frozen=True)
class Unit:
    """A paragraph as it was before it was changed: the paragraphs that are its pieces now, and its text.

    `starts` are the offsets in the text at which each of its paragraphs begins.
    """

    paragraphs: tuple[Paragraph, ...]
    starts: tuple[int, ...]
    text: str

    @property
    def plain(self) -> str:
        """Its text as it is compared: every space alike."""
        return self.text.translate(_SPACES)

    @property
    def index(self) -> int:
        """Its index in a draft, where it is one paragraph."""
        return self.paragraphs[-1].index


@dataclass(frozen=True)
class Link:
    """Draft units that became returned units; where one side is empty, something was put in or taken out untracked."""

    draft: tuple[Unit, ...]
    returned: tuple[Unit, ...]
    likeness: float
    is_moved: bool = False

    @cached_property
    def draft_text(self) -> str:
        return PARAGRAPH.join(unit.text for unit in self.draft)

    @cached_property
    def returned_text(self) -> str:
        return PARAGRAPH.join(unit.text for unit in self.returned)

    @cached_property
    def opcodes(self) -> tuple[Op, ...]:
        """How the draft's text became the returned one, word by word; spaces of another width are no change."""
        return word_opcodes(self.draft_text.translate(_SPACES), self.returned_text.translate(_SPACES))

    def in_draft(self, offset: int, *, is_end: bool = False) -> At:
        """The position in the draft of an offset in `returned_text`; within what was replaced, its beginning or end."""
        for op in self.opcodes:
            if offset < op.dest_end or (offset == op.dest_end and (is_end or op.tag == "equal")):
                if op.tag == "equal":
                    return self.at(op.src_start + max(offset - op.dest_start, 0))
                return self.at(op.src_end if is_end else op.src_start)
        return self.at(len(self.draft_text))

    def at(self, offset: int) -> At:
        """The position of an offset in `draft_text`."""
        for unit in self.draft[:-1]:
            if offset <= len(unit.text):
                return At(unit.index, offset)
            offset -= len(unit.text) + 1
        return At(self.draft[-1].index, offset)


@dataclass(frozen=True)
class Alignment:
    """Every paragraph of a returned file against the draft, in the returned file's order of each story."""

    draft: Markup
    returned: Markup
    links: tuple[Link, ...]

    @cached_property
    def _by_returned(self) -> dict[int, tuple[Link, int]]:
        """Link, and offset of the paragraph's beginning in its `returned_text`, by index of a returned paragraph."""
        found = {}
        for link in self.links:
            begins = 0
            for unit in link.returned:
                for paragraph, start in zip(unit.paragraphs, unit.starts, strict=True):
                    found[paragraph.index] = link, begins + start
                begins += len(unit.text) + 1
        return found

    def link_of(self, paragraph: int) -> tuple[Link, int]:
        """The link of a returned paragraph, and where its original text begins in the link's."""
        return self._by_returned[paragraph]

    @cached_property
    def likeness(self) -> float:
        """The share of the draft's running text that is in the returned file, 0 to 1."""
        whole = sum(len(p.original) for p in self.draft.paragraphs if p.story is Story.BODY)
        kept = sum(
            len(unit.text) * link.likeness
            for link in self.links
            if link.returned
            for unit in link.draft
            if unit.paragraphs[0].story is Story.BODY
        )
        return kept / whole if whole else 1.0

    def certainty(self, link: Link) -> float:
        """How sure it is that a returned paragraph is this one of the draft, 0 to 1.

        Between neighbours that are known, a paragraph is known by its place.
        """
        if not link.draft:
            return 0.0
        if link.likeness == 1 or (link.returned and self._is_between(link)):
            return max(link.likeness, 0.9)
        return link.likeness

    def _is_between(self, link: Link) -> bool:
        if link.is_moved:
            return False
        around = []
        first, last = link.returned[0].paragraphs[0].index - 1, link.returned[-1].paragraphs[-1].index + 1
        for index, wanted in ((first, link.draft[0].index - 1), (last, link.draft[-1].index + 1)):
            if index in self._by_returned:
                other = self._by_returned[index][0]
                around.append(other.likeness >= _ALIKE_MOVED and wanted in (unit.index for unit in other.draft))
            else:
                around.append(not 0 <= wanted < len(self.draft.paragraphs))
        return all(around)

    @cached_property
    def became(self) -> dict[int, tuple[int, ...]]:
        """What each paragraph of the draft became: its indices in the returned file; empty where it went."""
        return {
            unit.index: tuple(p.index for returned in link.returned for p in returned.paragraphs)
            for link in self.links
            for unit in link.draft
        }

    @cached_property
    def exact(self) -> int:
        """How many of the draft's paragraphs came back as they were."""
        return sum(1 for link in self.links if link.likeness == 1 and link.returned and link.draft)

    def before(self, paragraph: int) -> Paragraph | None:
        """The draft's paragraph after which a returned paragraph that is not in the draft stands."""
        here = self.returned.paragraphs[paragraph]
        for index in range(paragraph - 1, -1, -1):
            other = self.returned.paragraphs[index]
            if other.story is here.story and index in self._by_returned:
                link, _ = self._by_returned[index]
                if link.draft and not link.is_moved:
                    return link.draft[-1].paragraphs[-1]
        return None


def align(draft: Markup, returned: Markup) -> Alignment:
    """The returned file's paragraphs against the draft's; every paragraph of both is in exactly one link."""
    ours, theirs = _by_story(draft), _by_story(returned)
    links = [link for story in Story for link in _align_story(ours[story], theirs[story])]
    return Alignment(draft, returned, tuple(links))


def paragraph_map(old: Markup, new: Markup) -> dict[int, tuple[int, ...]]:
    """What each paragraph of a version became in the next: its indices there; empty where it went.

    Of "¶14 of draft 1 is ¶16 of draft 2" this is the 14 and the 16, by index.
    """
    return align(old, new).became


def former_numbers(old: Markup, new: Markup) -> dict[int, int]:
    """The number that each numbered paragraph of a version had in the one before, by its number now.

    A paragraph that was put in has none; of several that are one now, the first tells.
    """
    found: dict[int, int] = {}
    for index, became in paragraph_map(old, new).items():
        former = old.paragraphs[index].number
        for number in (new.paragraphs[each].number for each in became):
            if former is not None and number is not None:
                found[number] = min(former, found.get(number, former))
    return dict(sorted(found.items()))


def units_of(paragraphs: Sequence[Paragraph]) -> list[Unit]:
    """The paragraphs as they were: those whose end was put in are one with the next, where it stands in the same place.

    Before a table there is none: a new paragraph there is one by itself.
    """
    found: list[Unit] = []
    together: list[Paragraph] = []
    for paragraph, following in zip_longest(paragraphs, paragraphs[1:]):
        together.append(paragraph)
        if paragraph.mark_inserted is None or following is None or _place(following) != _place(paragraph):
            found.append(_unit(together))
            together = []
    return found


def _place(paragraph: Paragraph) -> tuple[Story, str, int | None]:
    return paragraph.story, paragraph.place, paragraph.anchor


def _unit(paragraphs: Sequence[Paragraph]) -> Unit:
    starts, length = [], 0
    for paragraph in paragraphs:
        starts.append(length)
        length += len(paragraph.original)
    return Unit(tuple(paragraphs), tuple(starts), "".join(paragraph.original for paragraph in paragraphs))


def _by_story(markup: Markup) -> Mapping[Story, list[Unit]]:
    found: dict[Story, list[Paragraph]] = {story: [] for story in Story}
    for paragraph in markup.paragraphs:
        found[paragraph.story].append(paragraph)
    return {story: units_of(paragraphs) for story, paragraphs in found.items()}


@dataclass
class _Story:
    """The units of one story, and the links found so far."""

    ours: Sequence[Unit]
    theirs: Sequence[Unit]
    links: list[tuple[tuple[int, ...], tuple[int, ...], float, bool]] = field(default_factory=list)

    def free(self) -> tuple[list[int], list[int]]:
        """The units of each side that are in no link yet."""
        left = {index for link in self.links for index in link[0]}
        right = {index for link in self.links for index in link[1]}
        return (
            [index for index in range(len(self.ours)) if index not in left],
            [index for index in range(len(self.theirs)) if index not in right],
        )


def _align_story(ours: Sequence[Unit], theirs: Sequence[Unit]) -> Iterator[Link]:
    story = _Story(ours, theirs)
    anchors = [(-1, -1), *_anchors(ours, theirs), (len(ours), len(theirs))]
    for (left, right), (next_left, next_right) in pairwise(anchors):
        if left >= 0:
            story.links.append(((left,), (right,), 1.0, False))
        _between(story, range(left + 1, next_left), range(right + 1, next_right))
    _moved(story)
    _same_cell(story)
    gone, come = story.free()
    story.links += [((), (index,), 0.0, False) for index in come]
    story.links += [((index,), (), 0.0, False) for index in gone]
    for left_ids, right_ids, likeness, is_moved in sorted(
        story.links, key=lambda link: (link[1] or (len(theirs),), link[0])
    ):
        yield Link(
            tuple(ours[index] for index in left_ids), tuple(theirs[index] for index in right_ids), likeness, is_moved
        )


def _anchors(ours: Sequence[Unit], theirs: Sequence[Unit]) -> list[tuple[int, int]]:
    """Pairs of paragraphs that are alike to the letter and stand once on each side, in the longest common order."""
    left, right = Counter(unit.plain for unit in ours), Counter(unit.plain for unit in theirs)
    places = {unit.plain: index for index, unit in enumerate(theirs) if right[unit.plain] == 1}
    pairs = [
        (index, places[unit.plain])
        for index, unit in enumerate(ours)
        if unit.plain.strip() and left[unit.plain] == 1 and unit.plain in places
    ]
    # The longest chain that rises on both sides (patience sorting).
    tails: list[int] = []
    chain: list[int] = []
    before: list[int | None] = []
    for number, (_, place) in enumerate(pairs):
        spot = bisect_right(tails, place)
        if spot == len(tails):
            tails.append(place)
            chain.append(number)
        else:
            tails[spot] = place
            chain[spot] = number
        before.append(chain[spot - 1] if spot else None)
    found = []
    at: int | None = chain[-1] if chain else None
    while at is not None:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]


def _between(story: _Story, left: range, right: range) -> None:
    """The best match of two stretches that keeps their order: pairs, one that became two, two that became one."""
    if not left or not right:
        return
    if len(left) * len(right) > _PAIRS:
        # Nothing in so long a stretch is as it was: it is another text, and moved pieces are found later.
        return
    width = len(right) + 1
    best = [0.0] * ((len(left) + 1) * width)
    step: list[tuple[int, int, float]] = [(0, 0, 0.0)] * len(best)
    ours = [story.ours[index].plain for index in left]
    theirs = [story.theirs[index].plain for index in right]
    for i in range(len(left) + 1):
        for j in range(len(right) + 1):
            here = i * width + j
            options = []
            if i:
                options.append((best[here - width], (1, 0, 0.0)))
            if j:
                options.append((best[here - 1], (0, 1, 0.0)))
            for di, dj in ((1, 1), (1, 2), (2, 1)):
                if i >= di and j >= dj:
                    one, other = " ".join(ours[i - di : i]), " ".join(theirs[j - dj : j])
                    likeness = _likeness(one, other)
                    if likeness >= (_ALIKE if di == dj else 0.8):
                        # Long paragraphs count for more; a split must be better than one half alone.
                        gain = likeness * (1 + min(len(one), len(other))) ** 0.5 - (0.2 if di != dj else 0.0)
                        options.append((best[(i - di) * width + j - dj] + gain, (di, dj, likeness)))
            if options:
                best[here], step[here] = max(options, key=lambda option: option[0])
    i, j = len(left), len(right)
    while i or j:
        di, dj, likeness = step[i * width + j]
        if di and dj:
            ids = tuple(left[i - di : i]), tuple(right[j - dj : j])
            story.links.append((*ids, likeness, False))
        i, j = i - di, j - dj


def _moved(story: _Story) -> None:
    """Paragraphs that stand elsewhere now; the most alike first."""
    gone, come = story.free()
    left = {i for i in gone if len(story.ours[i].text) >= _LONG_ENOUGH}
    right = {j for j in come if len(story.theirs[j].text) >= _LONG_ENOUGH}
    if len(left) * len(right) > _PAIRS:
        return
    pairs = sorted(
        ((_likeness(story.ours[i].plain, story.theirs[j].plain), i, j) for i in left for j in right),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    for likeness, i, j in pairs:
        if likeness < _ALIKE_MOVED:
            break
        if i in left and j in right:
            left.remove(i)
            right.remove(j)
            story.links.append(((i,), (j,), likeness, True))


def _same_cell(story: _Story) -> None:
    """Cells whose text is another one altogether: what stands in the same cell of the same table took its place."""
    gone, come = story.free()
    cells = {story.theirs[j].paragraphs[0].place: j for j in come}
    for i in gone:
        unit = story.ours[i]
        place = unit.paragraphs[0].place
        if place.startswith("table") and place in cells:
            j = cells.pop(place)
            story.links.append(((i,), (j,), _likeness(unit.plain, story.theirs[j].plain), False))


def _likeness(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if not one.strip() or not other.strip():
        return 0.0
    return fuzz.ratio(one, other, score_cutoff=100 * _ALIKE) / 100


def carried(alignment: Alignment, at: At) -> At | None:
    """A position of the draft in the returned file; None where its paragraph went, or what it stood in did."""
    for link in alignment.links:
        if not link.returned or all(unit.index != at.paragraph for unit in link.draft):
            continue
        offset = at.offset
        for unit in link.draft:
            if unit.index == at.paragraph:
                break
            offset += len(unit.text) + 1
        for op in link.opcodes:
            if op.tag == "equal" and op.src_start <= offset <= op.src_end:
                return _in_returned(link, op.dest_start + offset - op.src_start)
        return _in_returned(link, 0) if not offset and not link.opcodes else None
    return None


def _in_returned(link: Link, offset: int) -> At:
    for unit in link.returned[:-1]:
        if offset <= len(unit.text):
            return At(unit.index, offset)
        offset -= len(unit.text) + 1
    return At(link.returned[-1].index, offset)
