"""What each comment is tied to: its range may cross paragraphs, or be missing with only a reference left."""

from __future__ import annotations

from collections import defaultdict

from tasks.adapters.word.ooxml import Element, local, val, w


def comment_key(id: str) -> str:
    """The id of a comment's mark."""
    return f"comments/comment/{id}"


class Anchors:
    """The paragraphs and the text of each comment, by Word's id; of one part at a time."""

    def __init__(self) -> None:
        self._open: dict[str, None] = {}
        self._closed: set[str] = set()
        self._paragraphs: defaultdict[str, dict[int, None]] = defaultdict(dict)
        self._quotes: defaultdict[str, list[tuple[str, bool]]] = defaultdict(list)
        self._said = 0
        self._starts: dict[str, int] = {}
        self._spans: dict[str, tuple[int, int]] = {}
        self.keys: tuple[str, ...] = ()

    def begin(self, root: Element) -> None:
        """Start on a part. A range without an end ties its comment to the place where it starts, and no further."""
        self._open, self._closed, self.keys = {}, set(), ()
        started: set[str] = set()
        for node in root.iter(w("commentRangeStart"), w("commentRangeEnd")):
            id = val(node, "id") or ""
            if local(node) == "commentRangeStart":
                started.add(id)
            elif id in started:
                self._closed.add(id)

    def range(self, node: Element, index: int | None) -> None:
        """A range starts or ends, in paragraph `index` (None: between paragraphs)."""
        id = val(node, "id") or ""
        if local(node) == "commentRangeStart" and id in self._closed:
            self._open[id] = None
            self._starts[id] = self._said
        else:
            if id in self._open:
                del self._open[id]
                self._spans[id] = (self._starts[id], self._said)
            if index is not None:
                self.refer(id, index)
        self.keys = tuple(map(comment_key, self._open))

    def refer(self, id: str, index: int) -> None:
        """Where a comment is shown: what it is tied to if it has no range with text in it."""
        if not self._paragraphs[id]:
            self._paragraphs[id][index] = None

    def say(self, text: str, index: int, *, is_deleted: bool) -> None:
        """Text that stands in the ranges open now."""
        self._said += 1
        for id in self._open:
            self._paragraphs[id][index] = None
            self._quotes[id].append((text, is_deleted))

    def end_paragraph(self, index: int) -> None:
        """A paragraph ends: its mark is in the ranges that go on."""
        self.say("\n", index, is_deleted=False)

    def paragraphs(self, id: str) -> tuple[int, ...]:
        """The paragraphs a comment is tied to."""
        return tuple(self._paragraphs.get(id, ()))

    def span(self, id: str) -> tuple[int, int] | None:
        """What a comment's range covers, the same for two that cover the same; None where that is nothing."""
        begins, ends = self._spans.get(id, (0, 0))
        return (begins, ends) if begins != ends else None

    def quote(self, id: str) -> str:
        """The text a comment is tied to, without what was taken out unless that is all there was."""
        said = self._quotes.get(id, [])
        kept = "".join(text for text, is_deleted in said if not is_deleted).strip("\n")
        return kept or "".join(text for text, _ in said).strip("\n")
