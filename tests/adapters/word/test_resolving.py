"""All changes accepted, and all rejected: what is left of each construct, and that Word finds nothing wrong with it."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tasks.adapters.word.contexts import BackgroundPaper
from tasks.adapters.word.markup import accept_all, reject_all
from tasks.adapters.word.ooxml import Element, ensure, w
from tasks.adapters.word.opc import unpack
from tasks.domain.markup import MarkKind
from tests.adapters.word import samples
from tests.adapters.word.markup_help import (
    ANNA,
    BEN,
    comment,
    count,
    dele,
    end,
    gone,
    ins,
    lines,
    marked,
    read,
    refer,
    start,
    stop,
)
from tests.adapters.word.word_help import as_strict, box, corpus, field, note, note_mark, p, r
from tests.tools import validator

CELL = "<w:tc><w:tcPr>{}</w:tcPr>{}</w:tc>"
GRID = "<w:tblPr><w:tblW w:w='0' w:type='auto'/></w:tblPr><w:tblGrid><w:gridCol w:w='100'/></w:tblGrid>"


def row(cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{cells}</w:tr>"


def tbl(*rows: str) -> str:
    return f"<w:tbl>{GRID}{''.join(rows)}</w:tbl>"


def cell(text: str) -> str:
    return CELL.format("", text if text.startswith("<") else p(text))


def held(content: str) -> str:
    """Paragraphs in a content control."""
    return f"<w:sdt><w:sdtPr/><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def both(body: str, **parts: str) -> tuple[list[str], list[str]]:
    """The paragraphs with all changes accepted, and with all rejected; nothing is marked in either."""
    found = []
    for resolved in (accept_all(marked(body, **parts)), reject_all(marked(body, **parts))):  # type: ignore[arg-type]
        markup = read(resolved)
        assert markup.marks == ()
        found.append(lines(markup))
    return found[0], found[1]


@pytest.mark.parametrize(
    ("body", "accepted", "rejected"),
    [
        (p(r("a ") + dele("old") + ins(r("new")) + r(" b")), ["a new b"], ["a old b"]),
        (p(ins(r("b") + dele("c") + r("d"))), ["bd"], [""]),
        (p(dele("a") + f'<w:moveFrom w:id="7" {ANNA}>{r("b")}</w:moveFrom>'), [""], ["ab"]),
        (p(f'<w:moveTo w:id="7" {ANNA}>{r("b")}</w:moveTo>'), ["b"], [""]),
        # Ends put in: cut in two, a new paragraph before and after.
        (p("a", properties=end("ins")) + p("b"), ["a", "b"], ["ab"]),
        (p(ins(r("new")), properties=end("ins")) + p("b"), ["new", "b"], ["b"]),
        (p("a", properties=end("ins")) + p(ins(r("new"))), ["a", "new"], ["a"]),
        # Ends taken out: joined, gone, several in a row, up to a table, the last one.
        (p("a", properties=end("del")) + p("b"), ["ab"], ["a", "b"]),
        (p(dele("a"), properties=end("del")) + p("b"), ["b"], ["a", "b"]),
        (p("a", properties=end("del")) + p("b", properties=end("moveFrom")) + p("c"), ["abc"], ["a", "b", "c"]),
        (p(dele("a"), properties=end("del")) + tbl(row(cell("t"))) + p("b"), ["t", "b"], ["a", "t", "b"]),
        (p("a", properties=end("del")) + tbl(row(cell("t"))) + p("b"), ["a", "t", "b"], ["a", "t", "b"]),
        (p("a") + p(dele("b"), properties=end("del")), ["a"], ["a", "b"]),
        (p(dele("a"), properties=end("del")), [""], ["a"]),
        (p("a", properties=end("ins", "del")) + p("b"), ["ab"], ["ab"]),
        (
            p("a", properties=end("del")) + '<w:bookmarkStart w:id="1" w:name="x"/><w:bookmarkEnd w:id="1"/>' + p("b"),
            ["ab"],
            ["a", "b"],
        ),
        # Out of a control, into one, and one of which nothing is left.
        (held(p("a", properties=end("del"))) + p("b"), ["ab"], ["a", "b"]),
        (p("a", properties=end("del")) + held(p("b")), ["ab"], ["a", "b"]),
        (held(p("x") + p("a", properties=end("del"))) + held(held(p("b"))), ["x", "ab"], ["x", "a", "b"]),
        (held(p("a", properties=end("del"))) + tbl(row(cell("t"))) + p(""), ["a", "t", ""], ["a", "t", ""]),
        # Rows, cells, and what is left of a table.
        (
            tbl(
                row(cell("a")),
                row(cell("b"), f'<w:ins w:id="1" {ANNA}/>'),
                row(cell("c"), f'<w:del w:id="2" {BEN}/>'),
            ),
            ["a", "b"],
            ["a", "c"],
        ),
        (p("a") + tbl(row(cell("b"), f'<w:ins w:id="1" {ANNA}/>')) + p("c"), ["a", "b", "c"], ["a", "c"]),
        (p("a") + tbl(row(cell("b"), f'<w:ins w:id="1" {ANNA}/><w:del w:id="2" {BEN}/>')), ["a"], ["a"]),
        (
            p("a", properties=end("del")) + tbl(row(cell("b"), f'<w:del w:id="2" {BEN}/>')) + p("c"),
            ["ac"],
            ["a", "b", "c"],
        ),
        (
            tbl(
                row(
                    CELL.format(f'<w:cellIns w:id="1" {ANNA}/>', p("a"))
                    + CELL.format(f'<w:cellDel w:id="2" {BEN}/>', p("b"))
                    + cell("c")
                )
            ),
            ["a", "c"],
            ["b", "c"],
        ),
        (tbl(row(cell(p(dele("a"), properties=end("del")) + p(dele("b"))))) + p(""), ["", ""], ["a", "b", ""]),
        (tbl(row(cell(tbl(row(cell("in"), f'<w:del w:id="2" {BEN}/>')) + p("x")))), ["x"], ["in", "x"]),
        # What is drawn, and what only wraps.
        (p(r("a") + dele(box(p("b")))), ["a"], ["a\ufffc", "b"]),
        (p(f'<w:sdt><w:sdtPr/><w:sdtContent>{ins(r("a"))}{dele("b")}</w:sdtContent></w:sdt>'), ["a"], ["b"]),
        (p(dele(field(" REF x ", r("4")).replace("w:t", "w:delText"))), [""], ["4"]),
    ],
)  # fmt: skip
def test_what_is_left(body: str, accepted: list[str], rejected: list[str]) -> None:
    assert both(body) == (accepted, rejected)


def test_a_note_goes_with_its_mark() -> None:
    body = p(r("a") + ins(note_mark(1)) + dele(note_mark(2)) + note_mark(3))
    notes = note(1, "new") + note(2, "old") + note(3, r("kept ") + dele("out"))
    accepted, rejected = both(body, footnotes=notes)
    assert accepted == ["a\ufffc\ufffc", " new", " kept "]
    assert rejected == ["a\ufffc\ufffc", " old", " kept out"]


def test_the_following_paragraphs_properties_hold_for_both() -> None:
    body = p("a", "Kop1", end("del")) + p("b", "ListBullet")
    root = unpack(accept_all(marked(body))).tree("word/document.xml")
    assert [node.get(w("val")) for node in root.iter(w("pStyle"))] == ["ListBullet"]


def test_a_control_of_which_nothing_is_left_goes() -> None:
    data = marked(held(p("a", properties=end("del"))) + p("b"))
    assert names(accept_all(data)) == "document body p r t r t"


def test_former_properties_come_back() -> None:
    run = f'<w:b/><w:sz w:val="30"/><w:rPrChange w:id="1" {ANNA}><w:rPr><w:i/></w:rPr></w:rPrChange>'
    # The end of the first was put in and made bold: what marks it must outlive what its look was.
    mark = f'<w:rPr><w:ins w:id="8" {ANNA}/><w:b/><w:rPrChange w:id="2" {ANNA}><w:rPr><w:u w:val="single"/></w:rPr>'
    mark += "</w:rPrChange></w:rPr>"
    own = f'<w:jc w:val="center"/>{mark}<w:pPrChange w:id="3" {ANNA}><w:pPr><w:keepNext/></w:pPr></w:pPrChange>'
    page = (
        '<w:sectPr><w:headerReference w:type="default" r:id="rId1"/><w:pgSz w:w="2" w:h="1"/>'
        f'<w:sectPrChange w:id="4" {ANNA}><w:sectPr><w:pgSz w:w="1" w:h="2"/><w:cols w:space="3"/></w:sectPr>'
        "</w:sectPrChange></w:sectPr>"
    )
    data = marked(p(r("a", run), properties=own) + p("b") + page)
    assert names(accept_all(data)) == ("document body p pPr jc rPr b r rPr b sz t p r t sectPr headerReference pgSz")
    assert names(reject_all(data)) == "document body p r rPr i t r t sectPr headerReference pgSz cols"
    kept = marked(p("a", properties=own.replace(f'<w:ins w:id="8" {ANNA}/>', "")) + p("b"))
    assert names(reject_all(kept)) == "document body p pPr keepNext rPr u r t p r t"


def test_a_change_without_former_properties_had_none() -> None:
    """LibreOffice leaves the empty element out, and writes a paragraph's change before the look of its end."""
    run = f'<w:b/><w:rPrChange w:id="0" {ANNA}></w:rPrChange>'
    own = f'<w:jc w:val="center"/><w:pPrChange w:id="0" {BEN}></w:pPrChange><w:rPr></w:rPr>'
    data = marked(p(r("a", run), properties=own))
    assert names(reject_all(data)) == "document body p pPr rPr r rPr t"
    assert names(accept_all(data)) == "document body p pPr jc rPr r rPr b t"


def test_numbering_tables_and_cells_as_they_were() -> None:
    numbering = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/><w:ins w:id="1" {ANNA}/></w:numPr>'
    assert names(accept_all(marked(p("a", properties=numbering)))) == "document body p pPr numPr ilvl numId r t"
    assert names(reject_all(marked(p("a", properties=numbering)))) == "document body p pPr r t"
    merge = f'<w:gridSpan w:val="2"/><w:shd w:val="clear"/><w:cellMerge w:id="1" {ANNA} w:vMerge="cont" {{}}/>'
    table = tbl(
        row(CELL.format(merge.replace("{}", ""), p("a")) + CELL.format(merge.format('w:vMergeOrig="rest"'), p("b")))
    )
    accepted = unpack(accept_all(marked(table))).tree("word/document.xml")
    assert [node.get(w("val")) for node in accepted.iter(w("vMerge"))] == ["continue", "continue"]
    rejected = unpack(reject_all(marked(table))).tree("word/document.xml")
    assert [node.get(w("val")) for node in rejected.iter(w("vMerge"))] == ["restart"]
    assert "tcPr gridSpan vMerge shd" in names(reject_all(marked(table)))
    grid = "<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w='5'/><w:tblGridChange w:id='3'><w:tblGrid><w:gridCol w:w='9'/>"
    grid += f"</w:tblGrid></w:tblGridChange></w:tblGrid>{row(cell('a'))}</w:tbl>"
    column = next(unpack(reject_all(marked(grid))).tree("word/document.xml").iter(w("gridCol")))
    assert column.get(w("w")) == "9"


def test_a_content_control_that_came_goes_and_leaves_its_content() -> None:
    def control(kind: str) -> str:
        return (
            f'<w:customXml{kind}RangeStart w:id="2" {ANNA}/><w:sdt><w:sdtPr/><w:sdtContent>'
            f'<w:customXml{kind}RangeEnd w:id="2"/>{r("a")}<w:customXml{kind}RangeStart w:id="3" {ANNA}/>'
            f'</w:sdtContent></w:sdt><w:customXml{kind}RangeEnd w:id="3"/>'
        )

    held, freed = "document body p sdt sdtPr sdtContent r t", "document body p r t"
    for kind, accepted, rejected in (("Ins", held, freed), ("Del", freed, held)):
        data = marked(p(control(kind)))
        assert (names(accept_all(data)), names(reject_all(data))) == (accepted, rejected)


def test_bookmarks_and_ranges_stay_in_pairs() -> None:
    def bookmark(half: str, id: int) -> str:
        return f'<w:bookmark{half} w:id="{id}"' + (' w:name="x"/>' if half == "Start" else "/>")

    # One around what goes, one in it, one into it, one into a row that goes.
    body = p(bookmark("Start", 1) + dele(bookmark("Start", 2) + gone("x") + bookmark("End", 2) + bookmark("End", 1)))
    body += p(bookmark("Start", 3) + r("a"))
    body += tbl(row(cell(p(r("b") + bookmark("End", 3))), f'<w:del w:id="9" {BEN}/>')) + p("c")
    accepted = accept_all(marked(body))
    assert (count(accepted, "bookmarkStart"), count(accepted, "bookmarkEnd")) == (2, 2)
    assert (count(reject_all(marked(body)), "bookmarkStart"), count(reject_all(marked(body)), "bookmarkEnd")) == (3, 3)


def test_comments_are_kept_where_asked_also_those_on_what_goes() -> None:
    body = p(start(1) + r("a") + stop(1)) + p(r("b") + dele(start(2) + gone("x") + stop(2)))
    data = marked(body, comments=comment(1, "one") + comment(2, "two"))
    for resolve in (accept_all, reject_all):
        kept = read(resolve(data, comments=True))
        assert [(mark.text, mark.paragraphs) for mark in kept.marks] == [("one", (0,)), ("two", (1,))]
        without = resolve(data)
        assert not any("comment" in name for name in unpack(without).parts)
        assert not any("comment" in name for name in names(without).split())
    assert [mark.quote for mark in read(accept_all(data, comments=True)).marks] == ["a", ""]
    on_row = tbl(row(cell(p(start(1) + r("a") + stop(1))), f'<w:del w:id="9" {BEN}/>')) + p(start(2) + r("b") + stop(2))
    without_row = accept_all(marked(on_row, comments=comment(1, "one") + comment(2, "two")), comments=True)
    assert [mark.text for mark in read(without_row).marks] == ["two"]
    inside = f'<w:comment w:id="1" {ANNA}><w:p>{ins(r("new"))}{dele("old")}</w:p></w:comment>'
    changed = accept_all(marked(p(r("a") + refer(1)), comments=inside), comments=True)
    assert [mark.text for mark in read(changed).marks] == ["new"]


def test_a_file_without_marks_keeps_its_parts_as_they_are() -> None:
    data = marked(p("a") + tbl(row(cell("b"))) + p(note_mark(1)), footnotes=note(1, "n"), headers=(p("h"),))
    assert unpack(accept_all(data)).parts == unpack(data).parts == unpack(reject_all(data)).parts


def test_changes_in_styles_and_headers_and_of_strict_files() -> None:
    style = '<w:style w:type="paragraph" w:styleId="X"><w:name w:val="X"/><w:rPr><w:b/>'
    style += f'<w:rPrChange w:id="5" {ANNA}><w:rPr><w:i/></w:rPr></w:rPrChange></w:rPr></w:style>'
    data = marked(p(r("a") + ins(r("b"))), styles=style, headers=(p(ins(r("new")) + dele("old")),))
    for given in (data, as_strict(unpack(data))):
        rejected = reject_all(given)
        assert lines(read(rejected)) == ["a", "old"]
        assert read(rejected).marks == ()
        assert names(rejected, "word/styles.xml") == "styles style name rPr i"


def names(data: bytes, part: str = "word/document.xml") -> str:
    """The elements of a part by their names."""
    return " ".join(str(node.tag).rpartition("}")[2] for node in unpack(data).tree(part).iter())


@pytest.fixture(scope="module")
def resolved(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    """Every real file that was changed, as it is, accepted, rejected, and accepted with its comments."""
    folder = tmp_path_factory.mktemp("resolved")
    made = {}
    for parameter in corpus():
        file = parameter.values[0]
        if not isinstance(file, Path):
            continue
        data = file.read_bytes()
        if all(mark.kind is MarkKind.COMMENT for mark in read(data).marks):
            continue
        ways = {
            "as it is": unpack(data).to_bytes(),
            "accepted": accept_all(data),
            "rejected": reject_all(data),
            "commented": accept_all(data, comments=True),
        }
        for way, content in ways.items():
            made[file.stem, way] = folder / f"{file.stem}-{way.replace(' ', '-')}.docx"
            made[file.stem, way].write_bytes(content)
    if not made:
        pytest.skip("no folder of real Word files beside the project (../shared/word-corpus)")
    return made


def test_real_files_have_no_mark_left_and_their_texts(resolved: dict[tuple[str, str], Path]) -> None:
    for (stem, way), path in resolved.items():
        markup, before = read(path.read_bytes()), read(resolved[stem, "as it is"].read_bytes())
        after = "".join(paragraph.final for paragraph in markup.paragraphs)
        if way in ("accepted", "commented"):
            assert after == "".join(paragraph.final for paragraph in before.paragraphs)
        if way == "rejected":
            assert after == "".join(paragraph.original for paragraph in before.paragraphs)
        if way != "as it is":
            assert {mark.kind.value for mark in markup.marks} <= ({"comment"} if way == "commented" else set())
        references(path.read_bytes())


def references(data: bytes) -> None:
    """Every mark of a note has its note, every note its mark; the validator does not look."""
    docx = unpack(data)
    for kind in ("footnote", "endnote"):
        part = docx.related(docx.main, kind + "s")
        used = {node.get(w("id")) for node in docx.tree(docx.main).iter(w(f"{kind}Reference"))}
        notes = docx.tree(part).iter(w(kind)) if part else iter(())
        own = {node.get(w("id")) for node in notes if node.get(w("type")) in (None, "normal")}
        assert used == own


@pytest.mark.skipif(validator.missing() is not None, reason=str(validator.missing()))
def test_word_finds_nothing_wrong_that_was_not_before(resolved: dict[tuple[str, str], Path]) -> None:
    found = validator.validate(resolved.values())
    for (stem, way), path in resolved.items():
        before = Counter(finding.message for finding in found[resolved[stem, "as it is"]])
        assert Counter(finding.message for finding in found[path]) - before == Counter(), (stem, way)


def changed_at_random(data: bytes, seed: int) -> bytes:
    """A paper in which runs, ends of paragraphs and rows were put in and taken out, looks changed and comments made."""
    chance = random.Random(seed)
    ids = itertools.count(1_000)
    docx = unpack(data)
    root = docx.tree(docx.main)

    def change(tag: str) -> Element:
        made = root.makeelement(
            w(tag), {w("id"): str(next(ids)), w("author"): "Anna", w("date"): "2007-05-01T10:00:00Z"}
        )
        return made

    for run in [
        run for run in root.iter(w("r")) if next(run.iterancestors(w("txbxContent"), w("drawing")), None) is None
    ]:
        if next(run.iter(w("fldChar"), w("instrText")), None) is not None or chance.random() > 0.4:
            continue
        what = chance.choice(["ins", "del", "both", "look"])
        if what == "look":
            properties = ensure(run, "rPr")
            if properties.find(w("rPrChange")) is None:
                holder = change("rPrChange")
                holder.append(holder.makeelement(w("rPr")))
                properties.append(holder)
            continue
        for text in run.iter(w("t")) if what != "ins" else ():
            text.tag = w("delText")
        inner = run
        for tag in {"ins": ["ins"], "del": ["del"], "both": ["del", "ins"]}[what]:
            holder = change(tag)
            inner.addprevious(holder)
            holder.append(inner)
            inner = holder
    for paragraph in root.iter(w("p")):
        if chance.random() < 0.3 and paragraph.getnext() is not None:
            properties = ensure(ensure(paragraph, "pPr"), "rPr")
            properties.insert(0, change(chance.choice(["ins", "del"])))
    for row in root.iter(w("tr")):
        if chance.random() < 0.3:
            ensure(row, "trPr").append(change(chance.choice(["ins", "del"])))
    docx.write(docx.main, root)
    return docx.to_bytes()


PAPER = next(context for context in samples.CONTEXTS if isinstance(context, BackgroundPaper))


@pytest.mark.soak
@pytest.mark.skipif(validator.missing() is not None, reason=str(validator.missing()))
def test_a_paper_changed_at_random_is_whole_again(tmp_path: Path, rounds: Callable[[int, int], int]) -> None:
    files = {}
    for seed in range(rounds(1, 40)):
        data = changed_at_random(samples.rendered(PAPER, blocks=samples.BODY, images=samples.IMAGES), seed)
        before = read(data)
        for resolve, text in ((accept_all, "final"), (reject_all, "original")):
            made = resolve(data)
            after = read(made)
            assert after.marks == ()
            assert "".join(each.final for each in after.paragraphs) == "".join(
                getattr(each, text) for each in before.paragraphs
            )
            references(made)
            files[seed, text] = tmp_path / f"{seed}-{text}.docx"
            files[seed, text].write_bytes(made)
    found = validator.validate(files.values())
    assert {which: list(map(str, found[path])) for which, path in files.items() if found[path]} == {}
