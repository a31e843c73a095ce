"""What partners do to a copy by chance: where they read, what they change, and in what order."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from tests.returned.package import NoCut, Node, cut, is_end_marked, name_of, text_of, w
from tests.returned.paragraphs import Editor

AUTHORS = ("Anna Writer", "Bao Editor", "Chidi Reader", "Délégation", "E. Óbó")
WORDS = (
    "subject to national law", "as far as possible", "et les collectivités locales", "including women and children",
    "de manière volontaire", "y sus familias", "in both directions", "within two years",
)  # fmt: skip
REMARKS = (
    "What is the source of this figure?", "Cette phrase n’est pas claire.", "Please add a reference to the region.",
    "No podemos aceptar este párrafo.", "We welcome this proposal.", "À supprimer ?",
)  # fmt: skip


class Reading:
    """One partner's reading of the paper from beginning to end."""

    def __init__(self, editor: Editor, chance: random.Random, in_word: bool) -> None:
        self.editor, self.chance, self.in_word = editor, chance, in_word
        self.authors = chance.sample(AUTHORS, chance.randint(1, 3))
        lines = editor.lines
        self.running = [
            index for index, node in enumerate(lines)
            if len(text_of(node)) > 80 and name_of(node.getparent()) == "body" and index > 12
        ]  # fmt: skip
        self.notes = [index for index, node in enumerate(lines) if name_of(node.getparent()) == "footnote"]
        #: Paragraphs that can be moved or taken out: nothing hangs on them.
        self.plain = [
            index for index in self.running
            if not list(lines[index].iter(w("footnoteReference"), w("drawing"), w("bookmarkStart"), w("hyperlink")))
        ]  # fmt: skip
        self.in_tables = [
            index for index, node in enumerate(lines)
            if index > 12 and name_of(node.getparent()) == "tc" and text_of(node).strip()
        ]  # fmt: skip
        #: Stretches of each paragraph that something was done to: nobody edits the same words twice.
        self.taken: dict[int, list[tuple[int, int]]] = {}
        #: Paragraphs that were cut, moved, taken out: they and their neighbours are let alone from then on.
        self.closed: set[int] = set()
        #: Tables from which a row was struck out.
        self.tables: list[Node] = []

    def work(self, acts: int, is_silent: bool) -> None:
        """So many acts; those on whole paragraphs come last, so that places can be told by the former letters."""
        self.editor.act(self.chance.choice(self.authors))
        whole = acts // 4
        for _ in range(acts - whole):
            self._try(self.chance.choice((
                self._comment, self._comment, self._comment, self._thread, self._point, self._long_comment,
                self._insert, self._insert, self._delete, self._replace, self._replace, self._embolden, self._align,
                self._move_words, self._struck, self._in_note, self._comment_note, self._in_cell,
            )))  # fmt: skip
        for _ in range(whole):
            self._try(self.chance.choice((
                self._split, self._join, self._add, self._paste, self._remove, self._move, self._add_row,
                self._remove_row,
            )))  # fmt: skip
        for _ in range(self.chance.randint(1, 5) if is_silent else 0):
            self._try(self.chance.choice((
                self._reword, self._reword, self._reword, self._add_silently, self._remove_silently,
                self._move_silently,
            )))  # fmt: skip

    def _try(self, act: object) -> None:
        self.editor.act(self.chance.choice(self.authors))
        assert callable(act)
        before = len(self.editor.left)
        try:
            act()
        except NoCut:  # no such place, or one in a link: this partner thinks better of it
            assert len(self.editor.left) == before

    # Where

    def _stretch(self, among: Sequence[int], words: int, *, untouched: bool = True) -> tuple[int, int, int]:
        """A paragraph and some whole words of it; `untouched`: nothing was done to them, and nothing else will be."""
        for _ in range(30):
            if not among:
                break
            line = self.chance.choice(among)
            text = text_of(self.editor.lines[line])
            gaps = [0, *(place + 1 for place, letter in enumerate(text) if letter == " "), len(text) + 1]
            first = self.chance.randrange(max(1, len(gaps) - words))
            start, stop = gaps[first], gaps[min(first + words, len(gaps) - 1)] - 1
            taken = self.taken.setdefault(line, [])
            is_free = line not in self.closed and all(stop < a - 1 or start > b + 1 for a, b in taken)
            if start < stop and (is_free or not untouched):
                cut_both(self.editor, line, start, stop)
                taken += [(start, stop)] if untouched else []
                return line, start, stop
        raise NoCut

    def _whole(self, among: Sequence[int], *, fresh: bool = True) -> int:
        """A paragraph that nothing was done to as a whole; `fresh`: nor to any of its words."""
        open_ = [
            line for line in among
            if not self.closed & {line - 1, line, line + 1} and not (fresh and self.taken.get(line))
            and not is_end_marked(self.editor.lines[line])
        ]  # fmt: skip
        if not open_:
            raise NoCut
        line = self.chance.choice(open_)
        self.closed.add(line)
        return line

    def _words(self) -> str:
        return f"{self.chance.choice(WORDS)} {self.chance.randrange(100, 999)}"

    def _remark(self) -> str:
        return f"{self.chance.choice(REMARKS)} [{self.chance.randrange(1000, 9999)}]"

    # What

    def _comment(self) -> None:
        line, start, stop = self._stretch(self.running, self.chance.randint(1, 8), untouched=False)
        self.editor.comment(line, start, stop, self._remark())

    def _comment_note(self) -> None:
        if not self.in_word:
            raise NoCut  # LibreOffice refuses a file with a comment in a note
        line, start, stop = self._stretch(self.notes, 2, untouched=False)
        self.editor.comment(line, start, stop, self._remark())

    def _thread(self) -> None:
        line, start, stop = self._stretch(self.running, self.chance.randint(1, 8), untouched=False)
        id = self.editor.comment(line, start, stop, self._remark())
        for _ in range(self.chance.randint(1, 2)):
            self.editor.act(self.chance.choice(self.authors))
            self.editor.reply(id, line, self._remark())
        if self.chance.randrange(2):
            self.editor.resolve(id)

    def _point(self) -> None:
        self.editor.point(self.chance.choice(self.running), self._remark())

    def _long_comment(self) -> None:
        """From some words of a paragraph to some of the next."""
        following = [line for line in self.running if line + 1 in self.running]
        line, start, _ = self._stretch(following, 2, untouched=False)
        text = text_of(self.editor.lines[line + 1])
        stop = text.find(" ")
        cut_both(self.editor, line + 1, stop, stop)
        self.editor.comment(line, start, stop, self._remark(), to=line + 1)
        if not self.in_word:  # where a change overlaps with the range, LibreOffice keeps its end only
            left = self.editor.left
            left[-1] = replace(left[-1], lines=left[-1].lines | {line + 1})

    def _insert(self) -> None:
        line, start, _ = self._stretch(self.running, 1)
        self.editor.insert(line, start, f"{self._words()} ")

    def _delete(self) -> None:
        self.editor.delete(*self._going(self.chance.randint(1, 12)))

    def _replace(self) -> None:
        self.editor.replace(*self._going(self.chance.randint(1, 4)), self._words())

    def _going(self, words: int) -> tuple[int, int, int]:
        """Words that go, and the notes that go with them."""
        line, start, stop = self._stretch(self.running, words)
        notes = self.editor.notes_between(line, start, stop)
        if any(self.taken.get(note) for note in notes):
            raise NoCut  # what was put into a note that goes would be in neither text
        self.closed.update(notes)
        return line, start, stop

    def _in_note(self) -> None:
        self.editor.replace(*self._stretch(self.notes, 1), self._words())

    def _in_cell(self) -> None:
        self.editor.replace(*self._stretch(self.in_tables, 1), self._words())

    def _struck(self) -> None:
        line, start, _ = self._stretch(self.running, 1)
        self.editor.insert_and_strike(line, start, self._words(), "and so on", self.chance.choice(self.authors))

    def _embolden(self) -> None:
        self.editor.embolden(*self._stretch(self.running, 2))

    def _align(self) -> None:
        line = self.chance.choice(self.running)
        if not any(name_of(n) == "pPrChange" for n in self.editor.lines[line].iter(w("pPrChange"))):
            self.editor.align(line)

    def _move_words(self) -> None:
        line, start, stop = self._stretch(self.plain, self.chance.randint(3, 9))
        to, at, _ = self._stretch([other for other in self.running if other != line], 1)
        self.editor.move_words(line, start, stop, to, at)

    def _split(self) -> None:
        line = self._whole(self.plain)
        text = text_of(self.editor.lines[line])
        at = text.find(". ") + 2
        if at < 2:
            raise NoCut
        cut_both(self.editor, line, at, at)
        self.editor.split(line, at)

    def _join(self) -> None:
        following = [line for line in self.plain if line + 1 in self.plain]
        line = self._whole(following, fresh=False)
        self.closed.add(line + 1)
        self.editor.join(line)

    def _add(self) -> None:
        self.editor.add_after(self._whole(self.running, fresh=False), f"We propose to add: {self._words()}.")

    def _paste(self) -> None:
        self.editor.add_before_next(self._whole(self.running, fresh=False), f"A new paragraph: {self._words()}.")

    def _remove(self) -> None:
        self.editor.remove(self._whole(self.plain))

    def _move(self) -> None:
        line = self._whole(self.plain)
        self.editor.move(line, self._whole(self.running, fresh=False))

    def _add_row(self) -> None:
        self.editor.add_row(self._whole(self.in_tables), self._words())

    def _remove_row(self) -> None:
        line = self._whole(self.in_tables)
        row = next(node for node in self.editor.lines[line].iterancestors() if name_of(node) == "tr")
        held = {index for index, node in enumerate(self.editor.lines) if row in node.iterancestors()}
        if any(self.taken.get(index) for index in held) or held & (self.closed - {line}):
            raise NoCut
        table = next(row.iterancestors(w("tbl")))
        if not self.in_word and table in self.tables:
            raise NoCut  # LibreOffice makes one change of two rows, with the time of one
        self.tables.append(table)
        self.closed |= held
        self.editor.remove_row(line)

    def _reword(self) -> None:
        line, start, stop = self._stretch(self.running, self.chance.randint(1, 3))
        self.closed.add(line)  # its former letters can't be counted any more
        self.editor.replace_silently(line, start, stop, self._words())

    def _add_silently(self) -> None:
        line = self._whole(self.running, fresh=False)
        self.editor.add_silently(line, f"Also to be said: {self._words()}.")

    def _remove_silently(self) -> None:
        self.editor.remove_silently(self._whole(self._unmarked()))

    def _unmarked(self) -> list[int]:
        """Paragraphs without comments and changes, which Word would take out with the paragraph."""
        tied = ("commentRangeStart", "commentRangeEnd", "commentReference", "pPrChange")
        return [line for line in self.plain if not list(self.editor.lines[line].iter(*map(w, tied)))]

    def _move_silently(self) -> None:
        line = self._whole(self._unmarked())
        # Of two neighbours that changed places nobody can say which was moved.
        far = [other for other in self.running if abs(other - line) > 5]
        self.editor.move_silently(line, self._whole(far, fresh=False))


def cut_both(editor: Editor, line: int, start: int, stop: int) -> None:
    """See that a paragraph can be cut at both places, before anything is noted."""
    cut(editor.lines[line], start)
    cut(editor.lines[line], stop)
