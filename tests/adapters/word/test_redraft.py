"""The next draft made from changes: what it says, clean and tracked, and that nothing else in the file is another."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tasks.adapters.word.contexts import BackgroundPaper
from tasks.adapters.word.markup import accept_all, reject_all
from tasks.adapters.word.ooxml import MC, Element, child, w
from tasks.adapters.word.opc import unpack
from tasks.adapters.word.redraft import Note, Redraft, redraft
from tasks.domain.errors import Invalid
from tasks.domain.markup import OBJECT, PARAGRAPH, At, Change, Edit, Formatting, MarkKind, Markup, RowEdit, Story
from tasks.domain.redraft import row_of, texts_after
from tests.adapters.word import samples
from tests.adapters.word.markup_help import ins, lines, marked, read
from tests.adapters.word.word_help import box, corpus, field, note, note_mark, p, r
from tests.tools import validator

AT_TEN = dt.datetime(2031, 5, 2, 10, 0, tzinfo=dt.UTC)
NUMBERED = "NumberedParagraph"


def made(master: bytes, changes: Sequence[Change], *, tracked: bool, notes: Sequence[Note] = ()) -> Redraft:
    return redraft(master, changes, author="The Office", at=AT_TEN, tracked=tracked, notes=notes)


def both(master: bytes, *changes: Change) -> tuple[list[str], list[str]]:
    """The paragraphs of the tracked version and those of the clean one."""
    tracked, clean = made(master, changes, tracked=True), made(master, changes, tracked=False)
    assert tracked.left == clean.left == ()
    check(master, changes, tracked, clean)
    return lines(read(tracked.data)), lines(read(clean.data))


def check(master: bytes, changes: Sequence[Change], tracked: Redraft, clean: Redraft) -> None:
    """What holds for every redraft."""
    before = read(master)
    done = [change for change in changes if change not in tracked.left]
    expected = texts_after(before, done)
    accepted, rejected, new = read(accept_all(tracked.data)), read(reject_all(tracked.data)), read(clean.data)
    assert lines(rejected) == lines(before)
    # Notes and text boxes go with their marks, and what is said of the texts does not know whose each is.
    hanging = {Story.FOOTNOTE, Story.ENDNOTE, Story.TEXT_BOX}
    stories = set(Story) - (hanging if objects_of(new) != objects_of(before) else set())
    for story in stories:
        assert texts(new, story) == texts(accepted, story) == expected[story]
    assert {mark.kind for mark in new.marks} <= {MarkKind.COMMENT}
    for mark in {*read(tracked.data).marks} - {*before.marks}:
        assert (mark.author, mark.at) == ("The Office", AT_TEN)
    for data in (tracked.data, clean.data):
        assert repeated_ids(data) == []
        references(data)
    untouched(master, done, before, tracked.data, clean.data)


def texts(markup: Markup, story: Story) -> tuple[str, ...]:
    return tuple(paragraph.final for paragraph in markup.paragraphs if paragraph.story is story)


def objects_of(markup: Markup) -> int:
    return sum(paragraph.final.count(OBJECT) for paragraph in markup.paragraphs if paragraph.story is Story.BODY)


def repeated_ids(data: bytes) -> list[str]:
    """Ids that two marks, bookmarks or comments have, or two paragraphs; text boxes stand twice in a file."""
    docx = unpack(data)
    found: Counter[str] = Counter()
    for name in docx.parts:
        if not name.endswith(".xml") or not name.startswith("word/"):
            continue
        for node in docx.tree(name).iter("{*}*"):
            if next(node.iterancestors(f"{{{MC}}}Fallback"), None) is not None:
                continue
            if node.get(w("author")) is not None or str(node.tag) in (w("bookmarkStart"), w("commentRangeStart")):
                kind = "comment" if str(node.tag) in (w("comment"), w("commentRangeStart")) else "mark"
                found[f"{kind} {node.get(w('id'))} {name if kind == 'comment' else ''}"] += 1
            for key, value in node.attrib.items():
                if str(key).endswith("}paraId") and node.tag == w("p"):
                    found[f"paragraph {value!s}"] += 1
    return [id for id, count in found.items() if count > 1]


def references(data: bytes) -> None:
    """Every mark of a note or comment has its note or comment, every note its mark."""
    docx = unpack(data)
    for kind in ("footnote", "endnote", "comment"):
        part = docx.related(docx.main, kind + "s")
        used = {node.get(w("id")) for node in docx.tree(docx.main).iter(w(f"{kind}Reference"))}
        notes = docx.tree(part).iter(w(kind)) if part else iter(())
        own = {node.get(w("id")) for node in notes if node.get(w("type")) in (None, "normal")}
        assert used == own


def untouched(master: bytes, changes: Iterable[Change], before: Markup, *made_of: bytes) -> None:
    """Parts without changes are the same bytes, paragraphs without changes the same XML."""
    touched: set[int] = set()
    for change in changes:
        if isinstance(change, RowEdit):
            place = before.paragraphs[change.row].place.rpartition(", cell ")[0]
            touched |= {p.index for p in before.paragraphs if p.place.startswith(f"{place}, cell ")}
        else:
            touched |= set(range(change.start.paragraph, change.end.paragraph + 1))
    stories = {before.paragraphs[index].story for index in touched}
    old = unpack(master)
    kept = Counter(
        canonical(node)
        for index, node in enumerate(paragraphs_of(old.tree(old.main)))
        if touched.isdisjoint({index, before.paragraphs[index].anchor} | anchored(before, index))
    )
    for data in made_of:
        new = unpack(data)
        for part in set(old.parts) - {old.main, "[Content_Types].xml", "word/_rels/document.xml.rels"}:
            if "notes" not in part or stories <= {Story.BODY}:
                if part.endswith("notes.xml") and objects_of(read(data)) != objects_of(before):
                    continue
                assert new.parts[part] == old.parts[part], part
        assert not kept - Counter(canonical(node) for node in paragraphs_of(new.tree(new.main)))


def paragraphs_of(root: Element) -> list[Element]:
    """The paragraphs of the body in the order of the reader: text boxes after what they hang on."""
    return [node for node in root.iter(w("p")) if next(node.iterancestors(f"{{{MC}}}Fallback"), None) is None]


def anchored(markup: Markup, index: int) -> set[int]:
    """The text boxes in a paragraph."""
    return {p.index for p in markup.paragraphs if p.anchor == index}


def canonical(node: Element) -> bytes:
    alone = etree.fromstring(etree.tostring(node, with_tail=False))
    return etree.tostring(alone, method="c14n", exclusive=True)


# One change after the other


BODY = p("A heading", "Kop1") + "".join(
    p(text, NUMBERED) for text in ("One paragraph here.", "Another one there.", "And a last.")
)


@pytest.mark.parametrize(
    ("change", "tracked", "clean"),
    [
        (
            Edit(At(1, 4), At(1, 13), "sentence"),
            ["A heading", "One [-paragraph-][+sentence+] here.", "Another one there.", "And a last."],
            ["A heading", "One sentence here.", "Another one there.", "And a last."],
        ),
        (
            Edit(At(1, 19), At(1, 19), PARAGRAPH + "A new one."),
            ["A heading", "One paragraph here.", "[+A new one.+]¶+", "Another one there.", "And a last."],
            ["A heading", "One paragraph here.", "A new one.", "Another one there.", "And a last."],
        ),
        (
            Edit(At(0, 9), At(0, 9), PARAGRAPH + "A new one."),
            ["A heading", "[+A new one.+]¶+", "One paragraph here.", "Another one there.", "And a last."],
            ["A heading", "A new one.", "One paragraph here.", "Another one there.", "And a last."],
        ),
        (
            Edit(At(3, 11), At(3, 11), PARAGRAPH + "A new end."),
            ["A heading", "One paragraph here.", "Another one there.", "And a last.¶+", "[+A new end.+]"],
            ["A heading", "One paragraph here.", "Another one there.", "And a last.", "A new end."],
        ),
        (
            Edit(At(1, 0), At(1, 0), "First." + PARAGRAPH),
            ["A heading", "[+First.+]¶+", "One paragraph here.", "Another one there.", "And a last."],
            ["A heading", "First.", "One paragraph here.", "Another one there.", "And a last."],
        ),
        (
            Edit(At(2, 0), At(3, 0), ""),
            ["A heading", "One paragraph here.", "[-Another one there.-]¶-", "And a last."],
            ["A heading", "One paragraph here.", "And a last."],
        ),
        (
            Edit(At(0, 9), At(1, 19), ""),  # taken out behind the heading: what follows is no heading
            ["A heading", "[-One paragraph here.-]¶-", "Another one there.", "And a last."],
            ["A heading", "Another one there.", "And a last."],
        ),
        (
            Edit(At(1, 3), At(1, 4), PARAGRAPH),
            ["A heading", "One[- -]¶+", "paragraph here.", "Another one there.", "And a last."],
            ["A heading", "One", "paragraph here.", "Another one there.", "And a last."],
        ),
        (
            Edit(At(1, 19), At(2, 0), " "),
            ["A heading", "One paragraph here.[+ +]¶-", "Another one there.", "And a last."],
            ["A heading", "One paragraph here. Another one there.", "And a last."],
        ),
        (
            Edit(At(1, 4), At(2, 8), "a" + PARAGRAPH + "b\tc"),
            ["A heading", "One [-paragraph here.-][+a+]¶+", "[+b\tc+]¶-", "[-Another -]one there.", "And a last."],
            ["A heading", "One a", "b\tcone there.", "And a last."],
        ),
    ],
)
def test_an_edit_is_made_tracked_and_clean(change: Change, tracked: list[str], clean: list[str]) -> None:
    assert both(marked(BODY), change) == (tracked, clean)


def test_styles_and_numbers_are_those_of_the_neighbours() -> None:
    changes = [
        Edit(At(0, 9), At(0, 9), PARAGRAPH + "New."), Edit(At(1, 3), At(1, 4), PARAGRAPH), Edit(At(2, 0), At(3, 0), ""),
    ]  # fmt: skip
    clean = read(made(marked(BODY), changes, tracked=False).data)
    assert [(each.final, each.number, each.level) for each in clean.paragraphs] == [
        ("A heading", None, 1), ("New.", 1, 0), ("One", 2, 0), ("paragraph here.", 3, 0), ("And a last.", 4, 0),
    ]  # fmt: skip


def test_new_text_looks_like_what_stands_around_it() -> None:
    underlined = r("the link", '<w:u w:val="single"/>')
    link = f'<w:hyperlink w:anchor="x">{underlined}</w:hyperlink>'
    master = marked(p(r("Plain ") + r("bold", "<w:b/>") + note_mark(1) + link), footnotes=note(1, "n"))
    changes = [
        Edit(At(0, 8), At(0, 8), "X"), Edit(At(0, 11), At(0, 11), "Y"), Edit(At(0, 15), At(0, 19), "Z"),
        Edit(At(0, 19), At(0, 19), "!"),
    ]  # fmt: skip
    both(master, *changes)
    root = unpack(made(master, changes, tracked=False).data).tree("word/document.xml")
    found = {
        text.text: (
            {str(node.tag).rpartition("}")[2] for node in look}
            if (look := child(text.getparent(), "rPr")) is not None
            else set(),
            next(text.iterancestors(w("hyperlink")), None) is not None,
        )
        for text in root.iter(w("t"))
    }
    assert found["X"] == ({"b"}, False)
    assert found["Y"] == ({"b"}, False)  # before the link, behind the mark of the note
    assert found["Z"] == ({"u"}, True)
    assert found["!"] == ({"b"}, False)


def test_formatting_keeps_what_was_before() -> None:
    master = marked(p(r("one two ", "<w:i/>") + r("three")) + p("four"))
    change = Formatting(At(0, 4), At(1, 2), bold=True, italic=False)
    tracked, clean = made(master, [change], tracked=True), made(master, [change], tracked=False)
    check(master, [change], tracked, clean)
    assert [(m.kind, m.text, m.quote) for m in read(tracked.data).marks] == [
        (MarkKind.FORMATTING, "bold: on; italic: on → off", "two "),
        (MarkKind.FORMATTING, "bold: on; italic: off", "three"),
        (MarkKind.FORMATTING, "bold: on; italic: off", "fo"),
    ]


CELL = "<w:tc><w:tcPr><w:tcW w:w='100' w:type='dxa'/></w:tcPr>{}</w:tc>"
TABLE = (
    "<w:tbl><w:tblPr><w:tblW w:w='0' w:type='auto'/></w:tblPr><w:tblGrid><w:gridCol w:w='100'/><w:gridCol w:w='100'/>"
    "</w:tblGrid>{}</w:tbl>"
)


def rows(*texts: tuple[str, str]) -> str:
    return TABLE.format("".join(f"<w:tr>{''.join(CELL.format(p(text)) for text in row)}</w:tr>" for row in texts))


def test_rows_come_and_go() -> None:
    master = marked(p("Before.") + rows(("a", "b"), ("c", "d"), ("e", "f")) + p("After."))
    changes: list[Change] = [
        RowEdit(3, None), RowEdit(1, ("g", "h" + PARAGRAPH + "i")), RowEdit(2, ("j", "")),
        RowEdit(1, ("k", "l"), is_before=True), Edit(At(5, 0), At(5, 1), "E"), Edit(At(4, 0), At(4, 0), "not shown"),
    ]  # fmt: skip
    tracked, clean = both(master, *changes)
    assert clean == ["Before.", "k", "l", "a", "b", "g", "h", "i", "j", "", "E", "f", "After."]
    assert tracked[3:] == [
        "a",
        "b",
        "[+g+]",
        "[+h+]",
        "[+i+]",
        "[+j+]",
        "",
        "[-c-]",
        "[-d-]",
        "[-e-][+E+]",
        "f",
        "After.",
    ]


def test_notes_are_comments_at_their_passage() -> None:
    master = marked(p("One two three.") + p("Four.") + p(r("x") + note_mark(1)), footnotes=note(1, "in a note"))
    changes = [Edit(At(0, 4), At(0, 7), "zwei")]
    notes = [
        Note(At(0, 4), At(0, 7), "Better.\nSaid by two."), Note(At(1, 5), At(1, 5), "The whole."),
        Note(At(3, 1), At(3, 3), "At the note."), Note(At(0, 8), At(1, 4), "Over an end."),
    ]  # fmt: skip
    tracked = made(master, changes, tracked=True, notes=notes)
    assert [(m.text, m.quote, m.author, m.initials, m.at) for m in read(tracked.data).marks if m.kind == "comment"] == [
        ("Better.\nSaid by two.", "zwei", "The Office", "TO", AT_TEN),
        ("The whole.", "Four.", "The Office", "TO", AT_TEN),
        ("At the note.", f"x{OBJECT}", "The Office", "TO", AT_TEN),
        ("Over an end.", "three.\nFour", "The Office", "TO", AT_TEN),
    ]
    again = made(made(master, changes, tracked=False, notes=notes).data, [], tracked=True, notes=notes[:1])
    assert sum(mark.kind is MarkKind.COMMENT for mark in read(again.data).marks) == 5


def test_what_would_cut_something_in_two_is_left_to_a_person() -> None:
    master = marked(p(r("see ") + field("REF x", r("chapter 2")) + r(" end")) + rows(("a", "b")) + p("last"))
    whole, half = Edit(At(0, 3), At(0, 14), ":"), Edit(At(0, 6), At(0, 17), "")
    parted = Edit(At(0, 8), At(0, 8), PARAGRAPH)
    across, thing = Edit(At(0, 17), At(3, 0), ""), Edit(At(3, 0), At(3, 0), f"a {OBJECT}")
    assert both(master, whole)[1][0] == "see:end"
    for change in (half, parted, across, thing):
        for tracked in (True, False):
            made_of = made(master, [change], tracked=tracked)
            assert made_of.left == (change,)
            assert lines(read(made_of.data)) == lines(read(master))
    assert both(master, Edit(At(0, 5), At(0, 5), "H"))[1][0] == "see cHhapter 2 end"
    assert both(master, Edit(At(0, 13), At(0, 13), "1"))[0][0] == "see chapter 2[+1+] end"


def test_a_text_box_says_the_same_in_both_of_its_copies() -> None:
    master = marked(p(r("Anchor") + box(p("In the box."))) + p("Next."))
    both(master, Edit(At(1, 3), At(1, 6), "a"))
    root = unpack(made(master, [Edit(At(1, 3), At(1, 6), "a")], tracked=True).data).tree("word/document.xml")
    one, other = (canonical(node) for node in root.iter(w("txbxContent")))
    assert one == other


def test_a_draft_with_changes_of_its_own_is_refused() -> None:
    with pytest.raises(Invalid, match="the draft has tracked changes"):
        made(marked(p(ins(r("a")))), [], tracked=True)


# Many at once


PIECES = (
    "{}",
    '<w:hyperlink w:anchor="x">{}</w:hyperlink>',
    '<w:smartTag w:uri="x" w:element="y">{}</w:smartTag>',
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>REF y</w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r>{}<w:r><w:fldChar w:fldCharType="end"/></w:r>',
    "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>",
    '<w:bookmarkStart w:id="{{}}" w:name="b{{}}"/>{}<w:bookmarkEnd w:id="{{}}"/>',
    '<w:fldSimple w:instr=" REF z ">{}</w:fldSimple>',
    "{}<w:r><w:tab/><w:br/></w:r>",
)


@st.composite
def papers(draw: st.DrawFn) -> bytes:
    """Papers of a few paragraphs, some in a table, with whatever Word puts around text."""
    ids, notes = iter(range(50, 500)), list[str]()

    def paragraph() -> str:
        content = ""
        for text in draw(st.lists(st.text("abc de", min_size=1, max_size=6), max_size=4)):
            how = draw(st.integers(0, len(PIECES) + 1))
            if how < len(PIECES):
                id = next(ids)
                content += PIECES[how].format(r(text, draw(st.sampled_from(("", "<w:b/>"))))).replace("{}", str(id))
            elif how == len(PIECES):
                notes.append(note(len(notes) + 1, text))
                content += note_mark(len(notes)) + r(text)
            else:
                content += box(p(text)) + r(text)
        return p(content, draw(st.sampled_from((NUMBERED, "Kop1", "ListBullet"))))

    blocks = [
        rows(("1", "2"), ("3", "4")) if draw(st.integers(0, 4)) == 0 else paragraph()
        for _ in range(draw(st.integers(1, 5)))
    ]
    return marked("".join(blocks) + p("the end"), footnotes="".join(notes))


@st.composite
def edits(draw: st.DrawFn, draft: Markup) -> list[Change]:
    """Edits that do not overlap, anywhere in the draft."""
    found: list[Change] = []
    places = [At(p.index, offset) for p in draft.paragraphs for offset in range(len(p.original) + 1)]
    last = 0
    while last < len(places) and len(found) < 6:
        first = draw(st.integers(last, len(places)))
        if first >= len(places):
            break
        start = places[first]
        here = draft.paragraphs[start.paragraph]
        ends = [
            number
            for number in range(first, min(first + 12, len(places)))
            if (other := draft.paragraphs[places[number].paragraph]).story is here.story
            and (other.place, other.anchor) == (here.place, here.anchor)
        ]
        chosen = draw(st.sampled_from(ends))
        text = draw(st.text(f"xy {PARAGRAPH}", max_size=5))
        if chosen != first or text:
            if chosen == first and draw(st.booleans()):
                text = PARAGRAPH + text
            found.append(Edit(start, places[chosen], text))
        last = chosen + 1
    return found


@pytest.mark.soak
@given(st.data())
def test_all_rejected_is_the_master_and_all_accepted_the_clean_version(data: st.DataObject) -> None:
    master = data.draw(papers())
    changes = data.draw(edits(read(master)))
    tracked, clean = made(master, changes, tracked=True), made(master, changes, tracked=False)
    assert tracked.left == clean.left
    check(master, changes, tracked, clean)


# Real papers

PAPER = next(context for context in samples.CONTEXTS if isinstance(context, BackgroundPaper))


def some_changes(draft: Markup, seed: int) -> list[Change]:
    """Words replaced, paragraphs put in, taken out, split and joined, rows, formatting: a few of each."""
    chance = random.Random(seed)
    found: list[Change] = []
    long = [p for p in draft.paragraphs if p.story is Story.BODY and not p.place and p.original.count(" ") > 3]
    for here in chance.sample(long, min(len(long), 12)):
        blanks = [number for number, sign in enumerate(here.original) if sign == " "]
        first, second = sorted(chance.sample(blanks, 2))
        end = len(here.original)
        possible: list[Change] = [
            Edit(At(here.index, first), At(here.index, second), " other words"),
            Edit(At(here.index, end), At(here.index, end), PARAGRAPH + "A new paragraph."),
            Edit(At(here.index, first), At(here.index, first + 1), PARAGRAPH),
            Edit(At(here.index, 0), At(here.index + 1, 0), ""),
            Edit(At(here.index, second), At(here.index + 1, 0), " "),
            Formatting(At(here.index, first), At(here.index, second), bold=True, underline=True),
        ]
        found.append(chance.choice(possible))
    for here in [q for q in draft.paragraphs if q.place.endswith("cell 1") and q.story is Story.BODY][1:6:2]:
        cells = {p.place for p in draft.paragraphs if p.index in row_of(draft, here.index)}
        found.append(RowEdit(here.index, chance.choice((None, tuple(f"cell {n}" for n, _ in enumerate(cells))))))
    taken: set[int] = set()
    apart = []
    for change in found:
        span = {change.row} if isinstance(change, RowEdit) else {change.start.paragraph, change.end.paragraph}
        if taken.isdisjoint(span) and max(span) < len(draft.paragraphs):
            apart.append(change)
            taken |= span
    return apart


@pytest.fixture(scope="module")
def papers_made(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    """Real files without marks of their own, and one of ours: the file, a redraft with notes, and the clean one."""
    folder = tmp_path_factory.mktemp("redrafts")
    found: dict[tuple[str, str], Path] = {}
    masters = {"ours": samples.rendered(PAPER, blocks=samples.BODY, images=samples.IMAGES)}
    files = [file for each in corpus() if isinstance(file := each.values[0], Path)]
    masters |= {file.stem: file.read_bytes() for file in files[::3] if file.stat().st_size < 100_000}
    for stem, master in masters.items():
        draft = read(master)
        changes = some_changes(draft, len(master))
        if not changes or any(mark.kind is not MarkKind.COMMENT for mark in draft.marks):
            continue
        notes = [
            Note(c.start, c.end, "Why so:\nit was decided.") for c in changes if isinstance(c, Edit) and len(c.text) > 1
        ]
        tracked = made(master, changes, tracked=True, notes=notes)
        clean = made(master, changes, tracked=False)
        check(master, changes, made(master, changes, tracked=True), clean)
        for way, data in (("as it is", unpack(master).to_bytes()), ("tracked", tracked.data), ("clean", clean.data)):
            references(data)
            found[stem, way] = folder / f"{stem}-{way.replace(' ', '-')}.docx"
            found[stem, way].write_bytes(data)
    return found


def test_real_papers_are_changed(papers_made: dict[tuple[str, str], Path]) -> None:
    assert ("ours", "tracked") in papers_made


@pytest.mark.skipif(validator.missing() is not None, reason=str(validator.missing()))
def test_word_finds_nothing_wrong_that_was_not_before(papers_made: dict[tuple[str, str], Path]) -> None:
    found = validator.validate(papers_made.values())
    for (stem, way), path in papers_made.items():
        before = Counter(finding.message for finding in found[papers_made[stem, "as it is"]])
        new = Counter(finding.message for finding in found[path]) - before
        assert not new, f"{stem}, {way}: {[str(finding) for finding in found[path] if finding.message in new]}"
