"""What a partner does to whole paragraphs and rows, and what it does with tracking off."""

from __future__ import annotations

import copy

from tests.returned.package import Node, cut, make, mark_end, name_of, properties_like, run, text_of, w
from tests.returned.partner import Partner


class Editor(Partner):
    """A partner who also splits, joins, adds, removes and moves paragraphs, and works with tracking off.

    `lines` keeps the paragraphs of the file as it came; each is best done one such thing to, after all else.
    """

    def split(self, line: int, at: int) -> None:
        """Press Enter within a paragraph: the first half gets the new end."""
        paragraph = self.lines[line]
        place = cut(paragraph, at)
        first = make("p", properties_like(paragraph))
        for node in list(paragraph)[1:place]:
            first.append(node)
        mark_end(first, self._mark("ins", line))
        paragraph.addprevious(first)

    def join(self, line: int) -> None:
        """Delete the end of a paragraph."""
        mark_end(self.lines[line], self._mark("del", line))

    def add_after(self, line: int, text: str) -> None:
        """Press Enter at the end of a paragraph and type: the old paragraph has the new end."""
        paragraph = self.lines[line]
        new = make("p", properties_like(paragraph))
        mark_end(paragraph, self._mark("ins", line))
        self._fill(new, line, text)
        paragraph.addnext(new)

    def add_before_next(self, line: int, text: str) -> None:
        """Paste a whole paragraph, end and all, after this one: between it and the next."""
        new = make("p", properties_like(self.lines[line]))
        mark_end(new, self._mark("ins", line, also=[line + 1]))
        self._fill(new, line, text, line + 1)
        self.lines[line].addnext(new)

    def _fill(self, new: Node, line: int, text: str, *also: int) -> None:
        mark = self._mark("ins", line, text=text, also=also)
        mark.append(run(text))
        new.append(mark)

    def remove(self, line: int) -> None:
        """Strike out a whole paragraph with its end."""
        self._wrap(line, 0, len(text_of(self.lines[line])), "del")
        mark_end(self.lines[line], self._mark("del", line))

    def move(self, line: int, to: int) -> None:
        """Move a whole paragraph behind another, tracked as a move."""
        paragraph = self.lines[line]
        words = text_of(paragraph)
        new = make("p", properties_like(paragraph))
        name = f"move{next(self._numbers)}"
        self._wrap(line, 0, len(words), "moveFrom")
        moved = list(paragraph.iter(w("moveFrom")))
        self._ranges("moveFrom", name, moved[0], moved[-1])
        mark_end(paragraph, self._mark("moveFrom", line))
        mark = self._mark("moveTo", to, text=words, also=[to + 1])
        mark.append(run(words))
        new.append(mark)
        self._ranges("moveTo", name, mark, mark)
        mark_end(new, self._mark("moveTo", to, also=[to + 1]))
        self.lines[to].addnext(new)

    # Rows

    def add_row(self, line: int, text: str) -> None:
        """Put a row in after the one that holds a paragraph."""
        row = next(node for node in self.lines[line].iterancestors() if name_of(node) == "tr")
        following = row.getnext()
        near = [i for i, p in enumerate(self.lines) if row in p.iterancestors() or following in p.iterancestors()]
        new = copy.deepcopy(row)
        head = new.find(w("trPr"))
        if head is None:
            head = make("trPr")
            new.insert(1 if name_of(new[0]) == "tblPrEx" else 0, head)
        head.append(self._mark("ins", near[0], also=near))
        for paragraph in new.iter(w("p")):
            for node in list(paragraph):
                if name_of(node) != "pPr":
                    paragraph.remove(node)
            mark_end(paragraph, self._mark("ins", near[0], also=near))
            mark = self._mark("ins", near[0], text=text, also=near)
            mark.append(run(text))
            paragraph.append(mark)
        row.addnext(new)

    def remove_row(self, line: int) -> None:
        """Strike out the row that holds a paragraph: one thing, so any of its cells is the right place."""
        row = next(node for node in self.lines[line].iterancestors() if name_of(node) == "tr")
        held = [i for i, p in enumerate(self.lines) if row in p.iterancestors()]
        head = row.find(w("trPr"))
        if head is None:
            head = make("trPr")
            row.insert(1 if name_of(row[0]) == "tblPrEx" else 0, head)
        head.append(self._mark("del", held[0], also=held))
        for index in held:
            self._wrap(index, 0, len(text_of(self.lines[index])), "del", held)
            mark_end(self.lines[index], self._mark("del", index, also=held))

    # With tracking off

    def replace_silently(self, line: int, start: int, stop: int, text: str) -> None:
        """Put other words in the place of some."""
        paragraph = self.lines[line]
        first = cut(paragraph, start)
        like = None
        for node in list(paragraph)[first : cut(paragraph, stop)]:
            if name_of(node) == "r" and node.find(w("t")) is not None:
                like = node
                paragraph.remove(node)
        paragraph.insert(first, run(text, like))
        self._silent(line, text, "")

    def add_silently(self, line: int, text: str) -> None:
        """Type a new paragraph after this one."""
        new = make("p", properties_like(self.lines[line]), run(text))
        self.lines[line].addnext(new)
        self._silent(line, text, "", also=[line + 1])

    def remove_silently(self, line: int) -> None:
        """Take a whole paragraph out."""
        words = text_of(self.lines[line])
        self.lines[line].getparent().remove(self.lines[line])
        self._silent(line, "", words)

    def move_silently(self, line: int, to: int) -> None:
        """Move a whole paragraph behind another: one thing, shown where it was or where it is."""
        words = text_of(self.lines[line])
        self.lines[to].addnext(self.lines[line])
        self._silent(line, words, words, also=[to, to + 1])
