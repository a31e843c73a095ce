"""One paragraph between its Word form and the text a translator sees, and back.

The paragraph is laid flat and cut at its codes. Between two codes lies a gap: text, and marks of places in it. Each
gap follows one code (or the start), so in a target with the same codes every gap has its one counterpart. A gap whose
text is unchanged keeps its runs as they were; a changed one becomes a single run in the formatting of its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from tasks.adapters.word.atoms import (
    Atom,
    Form,
    Holder,
    Item,
    emphasis,
    field_end,
    field_result,
    flatten,
    form,
    instruction,
    mark,
)
from tasks.adapters.word.ooxml import Element, w
from tasks.adapters.word.refill import Gap, Level, Pair, Single, refill
from tasks.domain.codes import escape, tokens

_NOTES: Final = {w("footnoteReference"), w("endnoteReference")}


class Skeleton:
    """A paragraph cut at its codes. `text` is what a translator sees; nothing changes before `fill`.

    `notes` are the codes that are marks of notes.
    """

    def __init__(self, paragraph: Element) -> None:
        self._paragraph = paragraph
        self._count = 0
        self.notes: set[int] = set()
        self._forms: dict[Element, Form] = {}
        self._root = self._cut(flatten(paragraph))
        whole = "".join(_texts(self._root))
        self.text = whole.strip()
        # Space at the ends is the paragraph's, as the one after a footnote's number: no translator need type it.
        self._before = whole[: len(whole) - len(whole.lstrip())] if self.text else ""
        self._after = whole[len(whole.rstrip()) :] if self.text else whole

    @property
    def has_words(self) -> bool:
        """Whether there is anything to translate: a letter or a digit outside the codes."""
        return any(t.kind == "text" and any(map(str.isalnum, t.text)) for t in tokens(self.text))

    def fill(self, target: str) -> None:
        """Put a target with the same codes (see check_codes) in the paragraph's place. Once only."""
        refill(self._paragraph, self._root, tokens(self._before + target.strip() + self._after))

    def _next(self) -> int:
        self._count += 1
        return self._count

    def _form(self, run: Element | None) -> Form:
        if run is None:
            return ()
        if run not in self._forms:
            self._forms[run] = form(run)
        return self._forms[run]

    def _cut(self, items: Sequence[Item], *, one_form: bool = False) -> Level:
        level = Level(self._base(items))
        base = self._form(level.run)
        gap = Gap(level)
        level.parts.append(gap)
        at = 0
        while at < len(items):
            item = items[at]
            end = at + 1
            if isinstance(item, Atom) and self._is_plain(item, base, one_form):
                gap.atoms.append(item)
            else:
                part, end = self._code(items, at)
                gap = Gap(level)
                level.parts += [part, gap]
            at = end
        return level

    def _code(self, items: Sequence[Item], at: int) -> tuple[Single | Pair, int]:
        """The code that starts at `at`, and where what follows it starts."""
        item = items[at]
        number = self._next()
        if isinstance(item, Holder):
            return Pair(number, self._cut(item.items), holder=item), at + 1
        if item.kind == "text":
            end = self._stretch(items, at)
            return Pair(number, self._cut(items[at:end], one_form=True)), end
        if item.kind != "field":
            if item.node.tag in _NOTES:
                self.notes.add(number)
            return Single(number, [item]), at + 1
        last = field_end(items, at) if mark(item) == "begin" else None
        if last is None:  # a field that goes on in another paragraph: its marks stay together
            end = at + 1
            while end < len(items) and _is_field(items[end]) and mark(items[end]) != "begin":
                end += 1
            return Single(number, items[at:end]), end
        whole = items[at : last + 1]
        result = field_result(whole)
        if result is not None and instruction(whole).upper().startswith("HYPERLINK"):
            inner = self._cut(whole[result + 1 : -1])
            return Pair(number, inner, opening=whole[: result + 1], closing=whole[-1:]), last + 1
        return Single(number, whole), last + 1

    def _stretch(self, items: Sequence[Item], at: int) -> int:
        """Where the stretch in one formatting that starts at `at` ends: after its last text, breaks in it included."""
        first = items[at]
        wanted = self._form(first.run) if isinstance(first, Atom) else ()
        end = at + 1
        for index in range(at + 1, len(items)):
            item = items[index]
            if not isinstance(item, Atom) or item.kind == "field":
                break
            same = self._form(item.run) == wanted
            if item.kind == "text" and same:
                end = index + 1
            elif not same and (item.kind == "code" or item.text.strip()):
                break
        return end

    def _is_plain(self, atom: Atom, base: Form, one_form: bool) -> bool:
        """Whether an atom needs no code: a mark of a place, or text in the formatting of its level."""
        if atom.kind != "text":
            return atom.kind in ("mark", "stale")
        # The formatting of a space alone is not seen, and a code for it would only be in the way.
        return one_form or not atom.text.strip() or self._form(atom.run) == base

    def _base(self, items: Sequence[Item]) -> Element | None:
        """A run in the formatting that needs no code here: the plainest, and of those what most of the text has."""
        lengths: dict[Form, int] = {}
        runs: dict[Form, Element] = {}
        for item in items:
            if isinstance(item, Atom) and item.run is not None and item.text.strip():
                key = self._form(item.run)
                lengths[key] = lengths.get(key, 0) + len(item.text)
                runs.setdefault(key, item.run)
        if runs:
            return runs[min(lengths, key=lambda key: (emphasis(key), -lengths[key]))]
        return next((item.run for item in items if isinstance(item, Atom) and item.run is not None), None)


def _texts(level: Level) -> Iterator[str]:
    for part in level.parts:
        if isinstance(part, Gap):
            yield escape(part.text)
        elif isinstance(part, Single):
            yield f"⟦{part.number}/⟧"
        else:
            yield f"⟦{part.number}⟧"
            yield from _texts(part.level)
            yield f"⟦/{part.number}⟧"


def _is_field(item: Item) -> bool:
    return isinstance(item, Atom) and item.kind == "field"
