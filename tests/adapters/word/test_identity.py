"""Which document a file is, through other programs too."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tasks.adapters.word.identity import Identity, read, stamp, without_identity
from tasks.adapters.word.ingest import open_safely
from tasks.adapters.word.opc import OFFICE_REL, unpack
from tests.adapters.word.word_help import MARK, made, needs_libreoffice, note, note_mark, p, r, raw, through_libreoffice

NOTE = Identity("spring-2031", "2.3", "concept-note", "2.3", 4, "fr")
FMTID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"


def properties(data: bytes) -> dict[str, tuple[str, str]]:
    """Of each custom property: its number and its text; numbers and formats are checked on the way."""
    root = etree.fromstring(unpack(data).parts["docProps/custom.xml"])
    assert [e.get("pid") for e in root] == [str(n) for n in range(2, 2 + len(root))]
    assert {e.get("fmtid") for e in root} == {FMTID}
    return {str(e.get("name")): (etree.QName(e[0]).localname, e[0].text or "") for e in root}


def test_what_is_stamped_is_read() -> None:
    data = stamp(made(lambda d: d.add_paragraph("x")), NOTE)
    assert read(unpack(data)) == NOTE
    assert read(open_safely(data, "any name.docx")) == NOTE
    assert docx.Document(io.BytesIO(data)).paragraphs[0].text == "x"


def test_it_is_kept_in_custom_properties() -> None:
    data = stamp(raw(p("x")), NOTE)
    assert properties(data) == {
        "Roundtable.Edition": ("lpwstr", "spring-2031"),
        "Roundtable.Session": ("lpwstr", "2.3"),
        "Roundtable.Kind": ("lpwstr", "concept-note"),
        "Roundtable.Key": ("lpwstr", "2.3"),
        "Roundtable.Version": ("lpwstr", "4"),
        "Roundtable.Language": ("lpwstr", "fr"),
    }
    assert unpack(data).content_type("docProps/custom.xml") == TYPE
    assert [r.type for r in unpack(data).relationships("") if r.kind == "custom-properties"] == [
        OFFICE_REL + "custom-properties"
    ]


def test_a_new_identity_replaces_the_old_one() -> None:
    other = Identity("spring-2031", "", "outcome-report", "all", 12, "")
    data = stamp(stamp(raw(p("x")), NOTE), other)
    assert read(unpack(data)) == other
    assert len(properties(data)) == 6
    assert stamp(data, other) == data == stamp(raw(p("x")), other)


def test_properties_of_others_stay() -> None:
    docx_ = unpack(raw(p("x")))
    foreign = (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
        'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
        f'<property fmtid="{FMTID}" pid="2" name="Department"><vt:lpwstr>Migration</vt:lpwstr></property>'
        f'<property fmtid="{FMTID}" pid="9" name="Copies"><vt:i4>3</vt:i4></property></Properties>'
    )
    docx_.add("docProps/custom.xml", foreign.encode(), TYPE)
    docx_.relate("", OFFICE_REL + "custom-properties", "docProps/custom.xml")
    data = stamp(stamp(docx_.to_bytes(), NOTE), NOTE)
    assert read(unpack(data)) == NOTE
    found = properties(data)
    assert (found["Department"], found["Copies"]) == (("lpwstr", "Migration"), ("i4", "3"))
    assert len(found) == 8


@pytest.mark.parametrize("name", ["Edition", "Kind", "Key", "Version"])
def test_a_file_without_a_whole_identity_has_none(name: str) -> None:
    docx_ = unpack(stamp(raw(p("x")), NOTE))
    docx_.parts["docProps/custom.xml"] = docx_.parts["docProps/custom.xml"].replace(f".{name}".encode(), b".Other")
    assert read(docx_) is None
    assert read(unpack(raw(p("x")))) is None


def test_a_file_may_lose_its_identity_and_nothing_else() -> None:
    data = stamp(raw(p("x")), NOTE)
    bare = without_identity(data)
    assert read(unpack(bare)) is None
    assert stamp(bare, NOTE) == data
    assert without_identity(PLAIN) == unpack(PLAIN).to_bytes()


@pytest.mark.parametrize("version", ["", "4.5", "-1", "four", "²"])
def test_a_version_that_is_no_number_is_no_identity(version: str) -> None:
    docx_ = unpack(stamp(raw(p("x")), NOTE))
    docx_.parts["docProps/custom.xml"] = docx_.parts["docProps/custom.xml"].replace(b">4<", f">{version}<".encode())
    assert read(docx_) is None


#: What XML can hold; space at the ends does not count.
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")).map(str.strip)


@given(st.tuples(texts.filter(bool), texts, texts.filter(bool), texts.filter(bool), st.integers(0, 10**9), texts))
def test_any_identity_is_read_as_stamped(values: tuple[str, str, str, str, int, str]) -> None:
    identity = Identity(*values)
    assert read(unpack(stamp(PLAIN, identity))) == identity


PLAIN = raw(p("x"))


@needs_libreoffice
def test_it_survives_libreoffice(tmp_path: Path) -> None:
    body = p(MARK + r("Remittances") + note_mark(2)) + p("More")
    sent = Identity("été-2031", "", "kind", "k", 10, "")
    name = "renamed by somebody.docx"
    returned = through_libreoffice(stamp(raw(body, footnotes=note(2, "See annex.")), sent), tmp_path, name)
    opened = open_safely(returned, name)
    assert read(opened) == sent
    assert b"roundtable_body" in opened.parts["word/document.xml"]
    # Stamped again, nothing of the round trip is in the way.
    assert read(unpack(stamp(returned, NOTE))) == NOTE
