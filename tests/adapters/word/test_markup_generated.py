"""Files changed at random, against what the changes mean letter by letter, and against another reader.

A paper is a row of letters and paragraph ends, each with who put it in and who took it out. Rejecting all changes
leaves what nobody put in, accepting all what nobody took out. That is all this oracle knows; it shares no rule with
the code, which works on trees of runs and wrappers.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.adapters.word.markup import accept_all, reject_all
from tasks.adapters.word.ooxml import remove
from tasks.adapters.word.opc import unpack
from tasks.domain.markup import Mark, MarkKind, Markup, Story
from tests.adapters.word.markup_help import ANNA, BEN, comment, end, gone, lines, marked, read, start, stop
from tests.adapters.word.pandoc_help import Seen, see, squeezed
from tests.adapters.word.word_help import box, corpus, note, note_mark, p, r

NUMBERED = "NumberedParagraph"
WRAPPERS = (
    "{}",
    '<w:hyperlink w:anchor="x">{}</w:hyperlink>',
    "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>",
    '<w:smartTag w:uri="x" w:element="y">{}</w:smartTag>',
)


@dataclass(frozen=True)
class Stretch:
    """Letters in one state; `how` chooses among the ways that Word has to write it."""

    text: str
    is_inserted: bool
    is_deleted: bool
    how: int


@dataclass(frozen=True)
class Line:
    """Stretches and the end of their paragraph."""

    stretches: tuple[Stretch, ...]
    is_numbered: bool
    is_end_inserted: bool
    is_end_deleted: bool


STRETCHES = st.builds(
    Stretch, st.text("abc de", min_size=1, max_size=6), st.booleans(), st.booleans(), st.integers(0, len(WRAPPERS) - 1)
)
LINES = st.builds(Line, st.lists(STRETCHES, max_size=4).map(tuple), st.booleans(), st.booleans(), st.booleans())
PAPERS = st.lists(LINES, min_size=1, max_size=6)


def xml(paper: list[Line], ids: Iterator[int], tied: tuple[int, int] | None = None) -> str:
    """The paragraphs as Word writes them; the last end stays, as Word's own always does.

    `tied` are two counts of stretches between which a comment's range lies.
    """
    found, at = "", 0
    for line in paper:
        content = ""
        for stretch in line.stretches:
            content += start(1) if tied and at == tied[0] else ""
            content += written(stretch, ids)
            at += 1
            content += stop(1) if tied and at == tied[1] else ""
        is_last = line is paper[-1]
        tags = (("ins", ANNA),) * (line.is_end_inserted and not is_last)
        tags += (("del", BEN),) * (line.is_end_deleted and not is_last)
        marks = "".join(f'<w:{tag} w:id="{next(ids)}" {who}/>' for tag, who in tags)
        found += p(content or "", NUMBERED if line.is_numbered else "Normal", f"<w:rPr>{marks}</w:rPr>")
    return found


def written(stretch: Stretch, ids: Iterator[int]) -> str:
    is_move = stretch.how == 1
    run = gone(stretch.text) if stretch.is_deleted and not is_move else r(stretch.text)
    if stretch.how == 2:  # in two runs
        half = len(stretch.text) // 2
        make = gone if stretch.is_deleted else r
        run = make(stretch.text[:half]) + make(stretch.text[half:])
    if stretch.is_deleted:
        tag = "moveFrom" if is_move else "del"
        run = f'<w:{tag} w:id="{next(ids)}" {BEN}>{run}</w:{tag}>'
    if stretch.is_inserted:
        tag = "moveTo" if is_move else "ins"
        run = f'<w:{tag} w:id="{next(ids)}" {ANNA}>{run}</w:{tag}>'
    return WRAPPERS[stretch.how].format(run)


def left(paper: list[Line], *, accepted: bool) -> list[tuple[str, bool]]:
    """Each paragraph that is left: its letters, and whether the end it has is that of a numbered one."""
    found: list[tuple[str, bool]] = []
    text = ""
    for line in paper:
        text += "".join(
            stretch.text for stretch in line.stretches if not (stretch.is_deleted if accepted else stretch.is_inserted)
        )
        if line is paper[-1] or not (line.is_end_deleted if accepted else line.is_end_inserted):
            found.append((text, line.is_numbered))
            text = ""
    return found


@pytest.mark.soak
@given(PAPERS)
def test_what_is_read_accepted_and_rejected_is_what_the_changes_mean(paper: list[Line]) -> None:
    data = marked(xml(paper, itertools.count(1)))
    markup = read(data)
    assert [paragraph.final for paragraph in markup.paragraphs] == [
        "".join(stretch.text for stretch in line.stretches if not stretch.is_deleted) for line in paper
    ]
    for resolve, accepted in ((accept_all, True), (reject_all, False)):
        resolved = read(resolve(data))
        expected = left(paper, accepted=accepted)
        assert resolved.marks == ()
        assert lines(resolved) == [text for text, _ in expected]
        # As many numbers as there are numbered ends, one after the other.
        numbers = itertools.count(1)
        assert [each.number for each in resolved.paragraphs] == [
            next(numbers) if is_it else None for _, is_it in expected
        ]
        if not accepted:
            assert shown_numbers(markup) == {
                each.number: text for each, (text, _) in zip(resolved.paragraphs, expected, strict=True) if each.number
            }
    stretches = [stretch for line in paper for stretch in line.stretches]
    by_kind: defaultdict[bool, list[str]] = defaultdict(list)
    for mark in markup.marks:
        if mark.kind in (MarkKind.INSERTION, MarkKind.MOVED_TO, MarkKind.DELETION, MarkKind.MOVED_FROM):
            by_kind[mark.author == "Anna"].append(mark.text)
    assert by_kind[True] == [stretch.text for stretch in stretches if stretch.is_inserted]
    assert by_kind[False] == [stretch.text for stretch in stretches if stretch.is_deleted]


def shown_numbers(markup: Markup) -> dict[int | None, str]:
    """The original text under each number."""
    found: defaultdict[int | None, str] = defaultdict(str)
    for paragraph in markup.paragraphs:
        if paragraph.number is not None:
            found[paragraph.number] += paragraph.original
    return dict(found)


@pytest.mark.soak
@given(PAPERS, st.data())
def test_a_comment_quotes_what_lies_in_its_range(paper: list[Line], data: st.DataObject) -> None:
    count = sum(len(line.stretches) for line in paper)
    if not count:
        return
    first = data.draw(st.integers(0, count - 1))
    last = data.draw(st.integers(first + 1, count))
    mark = read(marked(xml(paper, itertools.count(10), (first, last)), comments=comment(1, "x"))).marks[-1]
    numbered = [(index, each) for index, line in enumerate(paper) for each in line.stretches][first:last]
    quote, whole, before = "", "", numbered[0][0]
    for index, stretch in numbered:
        ends = "\n" * (index - before)
        quote, whole, before = quote + ends, whole + ends + stretch.text, index
        quote += "" if stretch.is_deleted else stretch.text
    assert mark.quote == (quote.strip("\n") or whole.strip("\n"))
    # Empty lines within the range are in it, too.
    assert mark.paragraphs == tuple(range(numbered[0][0], numbered[-1][0] + 1))


#: The real files with marks but one, of 1,800 paragraphs with one comment: pandoc takes seconds for it.
MARKED = (
    "oxsdk-Comment025", "oxsdk-Comment035", "oxsdk-Comment042", "oxsdk-Strict01", "oxsdk-comment", "pandoc-comments",
    "pandoc-track_changes_move",
)  # fmt: skip


CELL = "<w:tbl><w:tblPr/><w:tblGrid/><w:tr>{}<w:tc>{}</w:tc></w:tr></w:tbl>"
HELD = "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>"
#: Where else text stands: the rest of the file around some paragraphs, and which of all that are read are those.
PLACES: dict[str, Callable[[str], bytes]] = {
    "table 1, row 1, cell 2": lambda xml: marked(p("x") + CELL.format(f"<w:tc>{p('y')}</w:tc>", xml) + p("z")),
    "text box 1": lambda xml: marked(p(r("x") + box(xml)) + p("z")),
    "footnote 1": lambda xml: marked(p(note_mark(1)), footnotes=f'<w:footnote w:id="1">{xml}</w:footnote>'),
    "header 1": lambda xml: marked(p("x"), headers=(xml,)),
    "": lambda xml: marked(HELD.format(xml.replace("</w:p>", "</w:p>" + HELD.format(""), 1))),
}


@pytest.mark.soak
@given(PAPERS, st.sampled_from(sorted(PLACES)))
def test_it_is_the_same_in_every_part_of_a_file(paper: list[Line], place: str) -> None:
    data = PLACES[place](xml(paper, itertools.count(1)))
    for resolve, accepted in ((accept_all, True), (reject_all, False)):
        resolved = read(resolve(data))
        there = [paragraph.final for paragraph in resolved.paragraphs if paragraph.place == place]
        assert resolved.marks == ()
        assert there == [text for text, _ in left(paper, accepted=accepted)]


@pytest.mark.soak
@given(PAPERS, st.data())
def test_a_damaged_file_is_read_and_resolved_all_the_same(paper: list[Line], data: st.DataObject) -> None:
    """Whatever elements and attributes are missing, no mark is left; what is read then is what was read before."""
    body = xml(paper, itertools.count(1)) + p(start(1) + r("a") + box(p("b") + p("c")) + stop(1) + note_mark(1))
    body += CELL.format(f"<w:tc>{p('d', properties=end('del'))}</w:tc>", xml(paper, itertools.count(100))) + p("")
    docx = unpack(marked(body, comments=comment(1, "x"), footnotes=note(1, "n")))
    root = docx.tree(docx.main)
    nodes = list(root.iter())[2:]
    for node in data.draw(st.lists(st.sampled_from(nodes), max_size=6, unique_by=id)):
        attributes = sorted(map(str, node.attrib))
        how = data.draw(st.sampled_from(["attribute", "wrapper", "whole"]))
        if attributes and how == "attribute":
            del node.attrib[data.draw(st.sampled_from(attributes))]
            continue
        for inner in list(node) if how == "wrapper" else ():
            node.addprevious(inner)
        remove(node)
    docx.write(docx.main, root)
    before = read(docx.to_bytes())
    for resolve, text in ((accept_all, "final"), (reject_all, "original")):
        after = read(resolve(docx.to_bytes()))
        assert after.marks == ()
        assert squeezed("".join(each.final for each in after.paragraphs)) == squeezed(
            "".join(getattr(each, text) for each in before.paragraphs)
        )


# Against pandoc. It reads Word's changes into a model of its own, and leaves out what that has no place for:
#
#   headers and footers                   not read, nor the changes in them
#   text boxes                            some are, without their changes; so ranges over them are not compared
#   a paragraph without text              not kept, nor is its end
#   an end both put in and taken out      put in only
#   a change with nothing in it           not kept
#   formatting, rows, cells, sections     their text is read, their changes are not
#   moves                                 told as an insertion and a deletion
#   a comment that says nothing,          sometimes kept, sometimes not
#   or that has no range                  not kept
#   several spaces, tabs                  one space

_STORIES = (Story.BODY, Story.FOOTNOTE, Story.ENDNOTE)
_CHANGES = {
    MarkKind.INSERTION: "insertion",
    MarkKind.MOVED_TO: "insertion",
    MarkKind.DELETION: "deletion",
    MarkKind.MOVED_FROM: "deletion",
}


def as_pandoc(markup: Markup) -> Seen:
    """What pandoc should see in a file that we read."""
    seen = Seen()
    for mark in markup.marks:
        if mark.kind is MarkKind.COMMENT:
            seen.comments[mark.id.rpartition("/")[2]] = (*_who(mark), squeezed(mark.text))
    for paragraph in markup.paragraphs:
        if paragraph.story not in _STORIES or not "".join(piece.text for piece in paragraph.pieces).strip(" "):
            continue
        if paragraph.mark_inserted:
            seen.ends["paragraph-insertion", *_who(markup.by_id[paragraph.mark_inserted])] += 1
        elif paragraph.mark_deleted:
            seen.ends["paragraph-deletion", *_who(markup.by_id[paragraph.mark_deleted])] += 1
        for piece in paragraph.pieces:
            for mark in map(markup.by_id.__getitem__, piece.marks):
                if mark.kind in _CHANGES:
                    seen.changes[_CHANGES[mark.kind], *_who(mark)] += squeezed(piece.text)
                elif mark.kind is MarkKind.COMMENT and not piece.is_deleted:
                    seen.quotes[mark.id.rpartition("/")[2]] += squeezed(piece.text)
    return seen


def _who(mark: Mark) -> tuple[str, str]:
    return mark.author, f"{mark.at:%Y-%m-%dT%H:%M:%SZ}" if mark.at else ""


def compare(path: Path) -> Seen:
    """Hold what we read of a file against what pandoc does; what pandoc saw."""
    markup = read(path.read_bytes())
    ours, theirs = as_pandoc(markup), see(str(path))
    # Notes stand where their marks are for pandoc, and by themselves for us: so letters are counted.
    assert {key: sorted(text) for key, text in theirs.changes.items() if text} == {
        key: sorted(text) for key, text in ours.changes.items() if text
    }
    assert theirs.ends == ours.ends
    unseen = ours.comments.keys() - theirs.comments.keys()
    assert theirs.comments == {id: told for id, told in ours.comments.items() if id not in unseen}
    for id in ours.comments:
        mark = markup.by_id[f"comments/comment/{id}"]
        if id in unseen:
            assert not mark.text or not mark.quote
        elif not any(markup.paragraphs[index].story is Story.TEXT_BOX for index in mark.paragraphs):
            assert theirs.quotes[id] == ours.quotes[id]
    return theirs


@pytest.mark.parametrize("file", [file for file in corpus() if file.id in (*MARKED, "none")])
def test_pandoc_sees_the_same_marks_in_real_files(file: Path) -> None:
    compare(file)


@pytest.mark.soak
def test_pandoc_sees_the_same_marks_in_a_file_made_at_random(tmp_path: Path) -> None:
    papers: list[list[Line]] = []

    @given(PAPERS)
    def collect(paper: list[Line]) -> None:
        # Without spaces: whether pandoc keeps a paragraph of nothing else depends on what is around them.
        papers.append([replace(line, stretches=tuple(map(_spaceless, line.stretches))) for line in paper])

    collect()
    ids = itertools.count(1)
    path = tmp_path / "random.docx"
    path.write_bytes(marked("".join(xml(paper, ids) for paper in papers)))
    seen = compare(path)
    assert len(seen.changes) == 2 and len(seen.ends) == 2


def _spaceless(stretch: Stretch) -> Stretch:
    return replace(stretch, text=stretch.text.replace(" ", "f"))
