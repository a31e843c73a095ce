"""Documents from templates: nothing lost, nothing run, the right language and direction, the same bytes each time."""

from __future__ import annotations

import dataclasses
import io
from pathlib import Path
from typing import Any

import docx as python_docx
import pytest
from markupsafe import Markup

from tasks.adapters.word.contexts import (
    BackgroundPaper,
    ConceptNote,
    Letter,
    ListDocument,
    ListTable,
    Overview,
    Page,
    Report,
)
from tasks.adapters.word.identity import read
from tasks.adapters.word.ooxml import Element, child, local, val, w
from tasks.adapters.word.opc import Docx, unpack
from tasks.adapters.word.package import core_title
from tasks.adapters.word.render import fill_template, render
from tasks.adapters.word.rows import Row, Rows
from tasks.domain.errors import Invalid, Unknown, Unsafe
from tasks.domain.text import Footnote, Item, Paragraph, Table, Text
from tests.adapters.word.samples import (
    BODY,
    CONTEXTS,
    EXTRAS,
    IDENTITY,
    IMAGES,
    NOW,
    ROWS,
    TEMPLATES,
    opened,
    page,
    rendered,
)
from tests.tools import validator

every_context = pytest.mark.parametrize("context", CONTEXTS, ids=lambda context: type(context).__name__)
LETTER = next(context for context in CONTEXTS if isinstance(context, Letter))
PAPER = next(context for context in CONTEXTS if isinstance(context, BackgroundPaper))
LIST = next(context for context in CONTEXTS if isinstance(context, ListDocument))
BILINGUAL = CONTEXTS[-1]
WITH_BODY = (ConceptNote, BackgroundPaper, Report, Overview)


def words(element: Element) -> str:
    return "".join(text.text or "" for text in element.iter(w("t")))


def stories(docx: Docx, *kinds: str) -> dict[str, Element]:
    return {r.target: docx.tree(r.target) for r in docx.relationships(docx.main) if r.kind in kinds}


def with_body(context: Page) -> dict[str, Any]:
    return {"blocks": [*BODY, *EXTRAS], "images": IMAGES} if isinstance(context, WITH_BODY) else {}


@every_context
def test_every_value_is_on_the_page(context: Page):
    docx = opened(context)
    said = words(docx.tree(docx.main)) + "".join(words(root) for root in stories(docx, "header", "footer").values())

    def values(value: object) -> list[str]:
        if isinstance(value, str):
            return [value]
        return [text for part in (value.values() if isinstance(value, dict) else value) for text in values(part)]  # type: ignore[attr-defined]

    wanted = {f.name: values(getattr(context, f.name)) for f in dataclasses.fields(context) if f.name != "page_of"}
    assert {name: [v for v in some if v not in said] for name, some in wanted.items()} == {name: [] for name in wanted}
    assert "{" not in said


@every_context
def test_same_arguments_same_bytes(context: Page):
    assert rendered(context, **with_body(context)) == rendered(context, **with_body(context))


@every_context
def test_python_docx_opens_it(context: Page):
    document = python_docx.Document(io.BytesIO(rendered(context, **with_body(context))))
    assert document.core_properties.title == "T"


def test_identity_and_title_are_in_the_file():
    docx = opened(PAPER)
    assert read(docx) == IDENTITY
    assert core_title(docx) == "T"


def test_a_name_with_markup_characters_loses_nothing():
    letter = dataclasses.replace(LETTER, recipient=["R&D <team>", "{{ 7 * 6 }}", "]]>"], subject="a & b < c")
    said = words(opened(letter).tree("word/document.xml"))
    assert all(text in said for text in ("R&D <team>", "{{ 7 * 6 }}", "]]>", "a & b < c"))


def test_markup_is_a_text_like_any_other():
    letter = dataclasses.replace(LETTER, subject=Markup("<w:b/>bold"))
    assert "<w:b/>bold" in words(opened(letter).tree("word/document.xml"))


def test_line_ends_tabs_and_control_characters():
    letter = dataclasses.replace(LETTER, paragraphs=["one\r\ntwo\tthree\x0b\x00four"])
    root = opened(letter).tree("word/document.xml")
    run = next(t for t in root.iter(w("t")) if t.text == "one").getparent()
    assert run is not None
    assert [local(e) for e in run if local(e) != "rPr"] == ["t", "br", "t", "tab", "t"]
    assert words(run) == "onetwothreefour"


def test_values_that_are_no_text_are_a_fault_of_the_caller():
    with pytest.raises(TypeError, match="subject"):
        opened(dataclasses.replace(LETTER, subject=12))  # type: ignore[arg-type]


def test_empty_parts_leave_no_trace():
    note = ConceptNote(**page(), kind="Note", title="Water", session="")
    docx = opened(note)
    root = docx.tree(docx.main)
    assert len(list(root.iter(w("tbl")))) == 1  # the letterhead
    full = opened(CONTEXTS[0])
    assert len(list(full.tree(full.main).iter(w("tbl")))) == 3


def test_the_page_number_stands_where_the_language_wants_it():
    docx = opened(dataclasses.replace(LETTER, page_of="第 {page} 页，共 {pages} 页"))
    for footer in stories(docx, "footer").values():
        fields = [(val(f, "instr") or "").strip() for f in footer.iter(w("fldSimple"))]
        assert fields == ["PAGE", "NUMPAGES"]
        assert words(footer).endswith("第 1 页，共 1 页")


def test_the_rehearsal_notice_is_on_every_page_or_on_none():
    notice = "Rehearsal, fictitious content"
    headers = stories(opened(LETTER), "header")
    assert len(headers) == 2 and all(notice in words(root) for root in headers.values())
    serious = opened(dataclasses.replace(LETTER, rehearsal_notice=""))
    assert not any(notice in words(root) for root in stories(serious, "header").values())


@every_context
@pytest.mark.parametrize(("language", "tag"), [("fr", "fr-FR"), ("en", "en-GB"), ("pt-BR", "pt-BR"), ("ru", "ru-RU")])
def test_the_proofing_language_is_the_documents(context: Page, language: str, tag: str):
    docx = opened(context, language=language, **with_body(context))
    styles = docx.tree("word/styles.xml")
    assert val(child(styles, "docDefaults", "rPrDefault", "rPr", "lang")) == tag
    assert val(child(docx.tree("word/settings.xml"), "themeFontLang")) == tag
    for root in [docx.tree(docx.main), *stories(docx, "header", "footer", "footnotes").values()]:
        assert not list(root.iter(w("lang")))


def test_the_language_of_a_restyled_template_does_not_stay():
    docx = unpack((TEMPLATES / "letter.docx").read_bytes())
    docx.parts[docx.main] = docx.parts[docx.main].replace(
        b"<w:t ", b'<w:rPr><w:lang w:val="de-DE"/></w:rPr><w:t '
    )  # as Word writes what was typed with another keyboard
    assert b"de-DE" in docx.parts[docx.main]
    made = unpack(_render(docx, LETTER))
    assert b"de-DE" not in made.parts[made.main]


@every_context
def test_right_to_left_turns_paragraphs_tables_sections_and_runs(context: Page):
    docx = opened(context, language="ar", rtl=True, **with_body(context))
    root = docx.tree(docx.main)
    bilingual = [p for p in root.iter(w("p")) if (val(child(p, "pPr", "pStyle")) or "").startswith("Bilingual")]
    assert all(child(p, "pPr", "bidi") is not None for p in root.iter(w("p")))
    assert all(val(child(p, "pPr", "bidi")) == "0" for p in bilingual)  # its columns are English and French
    assert all(child(t, "tblPr", "bidiVisual") is not None for t in root.iter(w("tbl")))
    assert child(root, "body", "sectPr", "bidi") is not None
    for part in stories(docx, "header", "footer", "footnotes").values():
        assert all(child(p, "pPr", "bidi") is not None for p in part.iter(w("p")))
    default = next(s for s in docx.tree("word/styles.xml").iter(w("style")) if val(s, "default"))
    assert child(default, "pPr", "bidi") is not None
    assert val(child(docx.tree("word/styles.xml"), "docDefaults", "rPrDefault", "rPr", "lang"), "bidi") == "ar-EG"


def test_latin_words_in_right_to_left_text_are_runs_of_their_own():
    letter = dataclasses.replace(LETTER, subject="الوثيقة FRV/2031/1 (النهائية)")
    root = opened(letter, language="ar", rtl=True).tree("word/document.xml")
    paragraph = next(p for p in root.iter(w("p")) if "الوثيقة" in words(p))
    runs = [(words(r), child(r, "rPr", "rtl") is not None) for r in paragraph.iter(w("r")) if words(r)]
    assert runs[-3:] == [("الوثيقة ", True), ("FRV/2031/1", False), (" (النهائية)", True)]


@pytest.mark.parametrize(
    ("subject", "latin"),
    [
        ("التعليق 475550·001، 75e3f4·002", ["475550·001", "75e3f4·002"]),
        ("في 12 مايو 2031 (WHO)", ["WHO"]),
        ("12 من 40", []),
    ],
)
def test_keys_and_symbols_are_not_turned_round(subject: str, latin: list[str]):
    root = opened(dataclasses.replace(LETTER, subject=subject), language="ar", rtl=True).tree("word/document.xml")
    paragraph = next(p for p in root.iter(w("p")) if subject in words(p))
    runs = [r for r in paragraph.iter(w("r")) if words(r) and words(r) in subject]
    assert [words(r) for r in runs if child(r, "rPr", "rtl") is None] == latin


def test_letters_are_not_spaced_out_from_right_to_left():
    spaced = [
        s for s in opened(PAPER).tree("word/styles.xml").iter(w("style")) if child(s, "rPr", "spacing") is not None
    ]
    assert spaced
    turned = opened(PAPER, language="ar", rtl=True).tree("word/styles.xml")
    assert not [s for s in turned.iter(w("style")) if child(s, "rPr", "spacing") is not None]


def test_a_list_has_a_grid_for_its_columns_and_repeats_its_headings():
    docx = opened(LIST)
    tables = [t for t in docx.tree(docx.main).iter(w("tbl")) if val(child(t, "tblPr", "tblStyle")) == "RoundtableTable"]
    assert [len(list(t[1])) for t in tables] == [2, 7]
    for table in tables:
        rows = list(table.iterchildren(w("tr")))
        assert child(rows[0], "trPr", "tblHeader") is not None
        assert sum(int(val(c, "w") or 0) for c in table[1]) == 14570
        assert {len(list(row.iterchildren(w("tc")))) for row in rows} == {len(table[1])}


def test_tables_with_the_same_headings_line_up():
    tables = [
        ListTable(heading="", columns=["Name", "Body"], rows=[[name, body]])
        for name, body in (("A", "A very long name of a body"), ("A very long name of a person", "B"))
    ]
    docx = opened(dataclasses.replace(LIST, tables=tables))
    grids = [
        [val(column, "w") for column in table[1]]
        for table in docx.tree(docx.main).iter(w("tbl"))
        if val(child(table, "tblPr", "tblStyle")) == "RoundtableTable"
    ]
    assert len(grids) == 2 and grids[0] == grids[1]


def test_balances_are_tables_in_as_many_columns_as_there_are():
    docx = opened(LIST)
    outer = next(
        t for t in docx.tree(docx.main).iter(w("tbl")) if val(child(t, "tblPr", "tblStyle")) == "RoundtableApart"
    )
    assert len(outer[1]) == len(LIST.balances) == len(list(outer.iterdescendants(w("tbl"))))


def test_bilingual_rows_have_each_its_language_and_direction():
    rows = Rows([Row("1", "⟦1⟧bold⟦/1⟧ text⟦2/⟧", "نص ⟦1⟧عريض⟦/1⟧⟦2/⟧"), Row("2", "Two", "")], "en", False, "ar", True)
    docx = opened(BILINGUAL, language="ar", rtl=True, rows=rows)
    table = list(docx.tree(docx.main).iter(w("tbl")))[-1]
    lines = list(table.iterchildren(w("tr")))
    assert [[words(c) for c in line.iterchildren(w("tc"))] for line in lines[1:]] == [
        [row.number, row.source, row.target] for row in rows.rows
    ]
    assert child(lines[0], "trPr", "tblHeader") is not None
    source, target = list(lines[1].iterchildren(w("tc")))[1:]
    assert val(child(source, "p", "pPr", "bidi")) == "0"
    assert val(child(target, "p", "pPr", "bidi")) is None and child(target, "p", "pPr", "bidi") is not None
    codes = [words(r) for r in source.iter(w("r")) if val(child(r, "rPr", "rStyle")) == "InlineCode"]
    assert codes == ["⟦1⟧", "⟦/1⟧", "⟦2/⟧"]
    turned = [words(r) for r in target.iter(w("r")) if child(r, "rPr", "rtl") is not None]
    assert turned == ["نص ", "عريض"], "a code turned round looks like another"
    styles = {val(s, "styleId"): s for s in docx.tree("word/styles.xml").iter(w("style"))}
    assert val(child(styles["BilingualSource"], "rPr", "lang")) == "en-GB"
    assert val(child(styles["BilingualTarget"], "rPr", "lang")) == "ar-EG"


def test_rows_need_their_place():
    with pytest.raises(Invalid, match="roundtable_rows"):
        opened(LETTER, rows=ROWS)


# What a template may not do


def _render(docx: Docx, context: Page | dict[str, Any], name: str = "changed.docx") -> bytes:
    class InMemory(type(Path())):  # type: ignore[misc]
        def read_bytes(self) -> bytes:
            return docx.to_bytes()

    return render(InMemory(name), context, language="en", rtl=False, identity=IDENTITY, title="", now=NOW)


def _changed(code: str) -> Docx:
    docx = unpack((TEMPLATES / "letter.docx").read_bytes())
    docx.parts[docx.main] = docx.parts[docx.main].replace(b"{{ closing }}", code.encode())
    return docx


def test_an_unknown_name_is_refused_and_named():
    with pytest.raises(Invalid, match=r"changed\.docx: 'klosing' is undefined"):
        _render(_changed("{{ klosing }}"), LETTER)


def test_a_missing_value_is_refused():
    with pytest.raises(Invalid, match="is undefined"):
        fill_template(TEMPLATES / "letter.docx", {"subject": "x"})


@pytest.mark.parametrize("code", ["{{ ''.__class__.__mro__ }}", "{{ closing.format.__globals__ }}"])
def test_a_template_reaches_nothing_outside(code: str):
    with pytest.raises((Unsafe, Invalid)):
        _render(_changed(code), LETTER)


@pytest.mark.parametrize(
    "code", ["{{ closing|safe }}", "{{ closing|tojson }}", "{% if %}", "{% include 'x' %}", "{{ closing + 1 }}"]
)
def test_what_is_no_good_template_is_refused(code: str):
    with pytest.raises(Invalid, match=r"changed\.docx: "):
        _render(_changed(code), LETTER)


def test_a_template_cannot_switch_escaping_off():
    with pytest.raises(Unsafe, match="autoescape"):
        _render(_changed("{% autoescape false %}{{ closing }}{% endautoescape %}"), LETTER)


def test_a_template_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(Unknown, match=r"lettre\.docx"):
        fill_template(tmp_path / "lettre.docx", LETTER)


def test_a_restyled_template_is_taken_at_once():
    assert "{{" not in words(unpack(_render(_changed("-- {{ closing }} --"), LETTER)).tree("word/document.xml"))
    assert "++ Yours, ++" in words(unpack(_render(_changed("++ {{ closing }} ++"), LETTER)).tree("word/document.xml"))


@pytest.mark.skipif(validator.missing() is not None, reason=str(validator.missing()))
def test_word_finds_nothing_wrong(tmp_path: Path):
    paths = []
    for language, rtl in (("en", False), ("ar", True)):
        for context in CONTEXTS:
            path = tmp_path / f"{type(context).__name__}-{language}.docx"
            path.write_bytes(rendered(context, language=language, rtl=rtl, **with_body(context)))
            paths.append(path)
    found = validator.validate(paths)
    assert {path.name: [str(f) for f in some] for path, some in found.items() if some} == {}


@pytest.mark.parametrize("name", sorted(path.name for path in TEMPLATES.glob("*.docx")))
def test_no_template_opens_with_a_table_above_which_libreoffice_puts_a_line(name: str):
    root = unpack((TEMPLATES / name).read_bytes()).tree("word/document.xml")
    body = child(root, "body")
    assert body is not None
    assert body[0].tag == w("p")


def test_blocks_in_other_languages_are_marked_and_turned_with_their_notes_and_nothing_else():
    table = Table((((Text("Tabla"),),),))
    blocks = [
        table,
        Paragraph((Text("English"),)),
        Paragraph((Text("Español"), Footnote((Text("Nota"),)))),
        table,
        Item((Text("قال Excel"),), first=True),
    ]
    context = next(context for context in CONTEXTS if isinstance(context, Report))
    docx = opened(context, blocks=blocks, languages={0: "es", 2: "es", 3: "es", 4: "ar"})
    found = {
        words(run): mark
        for part in (docx.main, docx.related(docx.main, "footnotes") or "")
        for run in docx.tree(part).iter(w("r"))
        if (mark := child(run, "rPr", "lang")) is not None and words(run).strip()
    }
    tags = {text: val(mark) for text, mark in found.items()}
    assert tags == {"Tabla": "es-ES", "Español": "es-ES", "Nota": "es-ES", "قال ": "ar-EG", "Excel": "ar-EG"}
    assert found["قال "].get(w("bidi")) == "ar-EG"
    turned = [words(p) for p in docx.tree(docx.main).iter(w("p")) if child(p, "pPr", "bidi") is not None]
    assert turned == ["قال Excel"]
