"""Every template names exactly what its context has, and says no word of its own."""

from __future__ import annotations

import dataclasses
import re

import pytest

from tasks.adapters.word.contexts import CONTEXTS, Page
from tasks.adapters.word.ooxml import child, val, w
from tasks.adapters.word.opc import unpack
from tasks.adapters.word.render import names_in
from tasks.adapters.word.stylenames import StyleNames
from tests.adapters.word.samples import CONTEXTS as SAMPLES
from tests.adapters.word.samples import TEMPLATES

every_context = pytest.mark.parametrize("context", CONTEXTS, ids=lambda context: context.__name__)

STYLES = {
    "Title", "Subtitle", "heading 1", "heading 2", "heading 3", "Body Text", "Numbered Paragraph", "List Bullet",
    "List Number", "caption", "footnote text", "footnote reference", "Roundtable Table", "Quote", "Guidance", "Figure",
    "Hyperlink", "Table Text", "Table Heading", "header", "footer",
}  # fmt: skip


def test_every_template_has_a_context_and_a_sample():
    files = {path.name for path in TEMPLATES.glob("*.docx")}
    assert files == {context.template for context in CONTEXTS} == {sample.template for sample in SAMPLES}


@every_context
def test_a_template_names_the_fields_of_its_context(context: type[Page]):
    assert names_in(TEMPLATES / context.template) == {field.name for field in dataclasses.fields(context)}


@every_context
def test_a_template_has_no_words_of_its_own(context: type[Page]):
    docx = unpack((TEMPLATES / context.template).read_bytes())
    parts = [docx.main, *(r.target for r in docx.relationships(docx.main) if r.kind in ("header", "footer"))]
    for part in parts:
        said = "".join(text.text or "" for text in docx.tree(part).iter(w("t")))
        assert not re.search(r"\w", re.sub(r"\{[{%].*?[}%]\}", "", said)), part


@every_context
def test_a_template_has_the_styles_of_the_house(context: type[Page]):
    docx = unpack((TEMPLATES / context.template).read_bytes())
    names = StyleNames(docx)
    assert {name for name in STYLES if names.find(name) is None} == set()
    assert all(names.numbering(name) for name in ("Numbered Paragraph", "List Bullet", "List Number"))


@every_context
def test_a_page_is_a4_with_the_notice_in_every_header(context: type[Page]):
    docx = unpack((TEMPLATES / context.template).read_bytes())
    section = child(docx.tree(docx.main), "body", "sectPr")
    size = child(section, "pgSz")
    assert {val(size, "w"), val(size, "h")} == {"11906", "16838"}
    headers = [r.target for r in docx.relationships(docx.main) if r.kind == "header"]
    assert len(headers) == 2
    assert all(b"{{ rehearsal_notice }}" in docx.parts[part] for part in headers)


@every_context
def test_headings_stay_with_what_follows(context: type[Page]):
    docx = unpack((TEMPLATES / context.template).read_bytes())
    styles = docx.tree("word/styles.xml")
    kept = {val(child(s, "name")) for s in styles.iter(w("style")) if child(s, "pPr", "keepNext") is not None}
    assert {"heading 1", "heading 2", "heading 3", "caption", "Title"} <= kept
    assert child(styles, "style", "pPr", "widowControl") is not None
