"""Whether every mark that was left in returned files stands in the matrix, once, by whom and when, where it belongs."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path

from tasks.adapters.word.markup import read_markup
from tasks.adapters.word.opc import unpack
from tasks.domain import comment_matrix
from tasks.domain.comment_matrix import Row, compile_matrix
from tasks.domain.markup import Edit, Mark, Markup
from tests.returned.papers import Draft
from tests.returned.partner import Left
from tests.returned.programs import through_libreoffice
from tests.returned.returns import Returned, round_of
from tests.returned.seeds import FILES

#: Words up to this length may happen to stand where they are put in again.
_SHORT = 3


@dataclass
class Verdict:
    """Counts over files, and a line for each fault.

    `right`, `to_place` and `wrong` part the marks by where they stand; `lost` stand in no row, `twice` in several. A
    `misread` mark has another author, time or passage. `unknown` marks were read and not left by anybody.
    """

    files: int = 0
    marks: int = 0
    silent: int = 0
    right: int = 0
    to_place: int = 0
    wrong: int = 0
    lost: int = 0
    twice: int = 0
    misread: int = 0
    unknown: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def share_right(self) -> float:
        """Of all marks that are placed or to be placed, those on the right paragraph."""
        return self.right / max(1, self.right + self.to_place + self.wrong)

    def add(self, other: Verdict) -> None:
        """Count another verdict in."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))

    def fault(self, kind: str, where: str, left: Left, why: str = "") -> None:
        """Count a fault and say whose."""
        setattr(self, kind, getattr(self, kind) + 1)
        self.faults.append(f"{where}: {kind}: {left.element} {left.id} at {sorted(left.lines)} {why}".rstrip())

    def __str__(self) -> str:
        told = ", ".join(f"{getattr(self, each.name)} {each.name.replace('_', ' ')}" for each in fields(self)[:-1])
        return f"{told}; {self.share_right:.2%} on the right paragraph"


def judge(paper: Draft, files: Sequence[Returned], where: str = "") -> Verdict:
    """Compile what came back in a round, and hold the matrix against what the partners did."""
    draft, before = read(paper.data), read(paper.before)
    read_files = {file.name: read(file.data) for file in files}
    returned = [
        comment_matrix.Returned(f"body-{number}", file.name, read_files[file.name]) for number, file in enumerate(files)
    ]
    return judge_rows(compile_matrix(draft, returned, earlier=before), read_files, files, where)


def judge_rounds(seeds: Iterable[int], files: int = FILES, *, in_word: bool = True) -> Verdict:
    """All rounds of these seeds, `files` in each; those that are not `in_word` were saved by LibreOffice."""
    total = Verdict()
    for seed in seeds:
        paper, returned = round_of(seed, files, in_word=in_word)
        if not in_word:
            with tempfile.TemporaryDirectory() as folder:
                returned = through_libreoffice(returned, Path(folder))
        total.add(judge(paper, returned, str(seed)))
    return total


def judge_rows(
    rows: Sequence[Row], read_files: Mapping[str, Markup], files: Sequence[Returned], where: str = ""
) -> Verdict:
    """Hold the rows of a matrix against what the partners did to `files`."""
    verdict = Verdict(files=len(files))
    standing: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        for ref in row.marks:
            standing[ref.source, ref.mark].append(row)
    for file in files:
        marks, known = read_files[file.name].marks, set()
        for left in file.left:
            verdict.marks += 1
            place = f"{where} {file.name}"
            if not left.id:
                verdict.silent += 1
                _judge_silent(verdict, place, left, [row for row in rows if _has_file(row, file.name)])
                continue
            found = list(_marks_of(left, marks, file.through_libreoffice))
            if not found:
                verdict.fault("lost", place, left, "not read")
            new = [mark for mark in found if mark.id not in known]  # an act of several marks has one time
            known |= {mark.id for mark in new}
            for mark in new:
                _judge_mark(verdict, place, left, mark, standing[file.name, mark.id], file)
        extra = [mark for mark in marks if mark.is_tracked and mark.id not in known]
        verdict.unknown += len(extra)
        verdict.faults += [f"{where} {file.name}: unknown: {mark.id} {mark.author} {mark.at}" for mark in extra]
    return verdict


def read(data: bytes) -> Markup:
    """A file as the project reads it."""
    return read_markup(unpack(data))


def _marks_of(left: Left, marks: Sequence[Mark], by_time: bool) -> Iterator[Mark]:
    """The marks read that are the one left: by id, or by author and time where a program has given ids anew."""
    for mark in marks:
        if mark.id == left.id if not by_time else (mark.author, mark.at) == (left.author, left.at):
            yield mark


def _judge_mark(verdict: Verdict, where: str, left: Left, mark: Mark, rows: list[Row], file: Returned) -> None:
    if len(rows) != 1:
        verdict.fault("twice" if rows else "lost", where, left, f"in {len(rows)} rows")
        return
    (row,) = rows
    told = f"{mark.author} {mark.at} {row.passage[:60]!r} {left.passage[:60]!r}"
    said = [*(comment.text for comment in row.comments), "".join(p.text for p in row.proposal)]
    texts = squeezed("".join((row.passage, *said)))
    if not file.through_libreoffice and (
        (mark.author, mark.at) != (left.author, left.at)
        or squeezed(left.passage) not in texts
        or squeezed(left.text) not in texts
    ):
        verdict.fault("misread", where, left, told)
    _judge_place(verdict, where, left, row)


def _judge_place(verdict: Verdict, where: str, left: Left, row: Row) -> None:
    if not left.lines:  # the draft no longer has the paragraph
        if row.paragraph is None:
            verdict.right += 1
        else:
            verdict.fault("wrong", where, left, f"placed on {row.paragraph}, of which the draft has no more")
    elif row.paragraph is None:
        verdict.fault("to_place", where, left, f"guess {row.guess}")
    elif left.lines & _touched(row):
        verdict.right += 1
    else:
        verdict.fault("wrong", where, left, f"on {sorted(_touched(row))}, {row.passage[:60]!r}")


def _touched(row: Row) -> set[int]:
    """The paragraphs that a row is shown at and changes."""
    touched = set() if row.paragraph is None else {row.paragraph}
    for change in row.changes:
        if isinstance(change, Edit):
            touched |= set(range(change.start.paragraph, change.end.paragraph + 1))
    return touched


def _judge_silent(verdict: Verdict, where: str, left: Left, rows: Sequence[Row]) -> None:
    """A change made with tracking off is shown as such, where it was made; by several rows where short words stayed."""
    silent = [row for row in rows if not row.is_tracked]
    here = [row for row in silent if left.lines & _touched(row)]
    if _shows(here, left):
        verdict.right += 1
    elif found := [row for row in silent if _shows([row], left)]:
        best = min(found, key=lambda row: row.paragraph is not None)
        _judge_place(verdict, where, left, best)
    elif not left.lines and not left.text:
        verdict.right += 1  # taken out of the version before, and the draft has it no more: it asks for nothing
    else:
        verdict.fault("lost", where, left, f"no row shows {left.text[:50]!r} {left.passage[:50]!r}")


def _shows(rows: Sequence[Row], left: Left) -> bool:
    come = "".join(piece.text for row in rows for piece in row.proposal if piece.is_inserted)
    gone = "".join(piece.text for row in rows for piece in row.proposal if piece.is_deleted)
    return all(
        word in text for words, text in ((left.text, come), (left.passage, gone))
        for word in words.split() if len(word) > _SHORT or word.isdigit()
    )  # fmt: skip


def _has_file(row: Row, name: str) -> bool:
    return any(mark.source == name for mark in row.marks)


def squeezed(text: str) -> str:
    """A text without space and without what is no text."""
    return "".join(text.replace("\ufffc", "").split())
