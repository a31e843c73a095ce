"""A glossary as TBX, CSV and YAML: what is written is read back; what is broken or made to do harm is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from translate.storage.tbx import tbxfile as Toolkit

from tasks.adapters.edition_yaml import read_files
from tasks.adapters.glossary import read, with_terms, write
from tasks.adapters.glossary.tbx import NAMESPACE
from tasks.domain.edition import Term
from tasks.domain.errors import Invalid
from tasks.domain.glossary import Entry, taken_in
from tests.domain.domain_help import EDITIONS, edition

SIX = edition("six-languages")
LANGUAGES = edition("brussels-2007").languages
#: What a name may hold: anything that a person would write in one line, and marks that file formats live by.
signs = st.characters(categories=["L", "N", "P", "S"], exclude_characters="|") | st.sampled_from(" \u00a0\u202f")
names = st.text(signs, min_size=1).filter(lambda name: name == name.strip() and "  " not in name)
ids = st.from_regex(r"[a-z][a-z0-9.-]{0,12}", fullmatch=True)


@st.composite
def terms(draw: st.DrawFn) -> Term:
    called = {language.id: draw(st.lists(names, min_size=1, max_size=3)) for language in LANGUAGES}
    kind = draw(st.sampled_from(["term", "title", "meeting", "body", "abbreviation"]))
    return Term(id=draw(ids), kind=kind, names=called, note=draw(st.none() | names))  # type: ignore[arg-type]


def entry_of(term: Term) -> Entry:
    return Entry(term.id, term.names, term.kind, term.note or "")


def refusal(data: bytes, name: str) -> str:
    with pytest.raises(Invalid) as refused:
        read(data, name, LANGUAGES)
    assert name in str(refused.value)
    return str(refused.value)


@pytest.mark.parametrize("name", ["terms.tbx", "Terms.CSV"])
@given(given=st.lists(terms(), max_size=3))
def test_every_term_is_read_back(name: str, given: list[Term]):
    assert read(write(name, given, LANGUAGES), name, LANGUAGES) == ([entry_of(term) for term in given], [])


def test_a_whole_glossary_of_other_scripts_goes_out_and_changes_nothing_when_it_comes_in():
    for name in ("terms.tbx", "terms.csv"):
        entries, strangers = read(write(name, SIX.terms, SIX.languages), name, SIX.languages)
        assert (taken_in(SIX, entries), strangers) == (([], []), [])


def test_tbx_is_that_of_2019():
    root = etree.fromstring(write("x.tbx", SIX.terms, SIX.languages))
    assert (root.tag, root.get("type"), root.get("style")) == (f"{{{NAMESPACE}}}tbx", "TBX-Basic", "dca")
    first = root.find(f".//{{{NAMESPACE}}}conceptEntry")
    assert first is not None
    assert [etree.QName(node).localname for node in first] == ["descrip", *["langSec"] * 6]


def test_tbx_of_before_is_read_with_its_dtd_passed_over():
    theirs = Toolkit(sourcelanguage="en", targetlanguage="fr")
    theirs.addsourceunit("brain drain").target = "fuite des cerveaux"
    data = bytes(theirs)
    assert b"<!DOCTYPE martif" in data
    [entry], strangers = read(data, "old.tbx", LANGUAGES)
    assert (entry.names, strangers) == ({"en": ["brain drain"], "fr": ["fuite des cerveaux"]}, [])


OLD = """<martif type="TBX" xml:lang="en"><text><body><termEntry id="c1">
  <descrip type="subjectField">people</descrip><note>Not the seat.</note>
  <langSet xml:lang="en"><ntig><termGrp><term>old chair</term>
    <termNote type="administrativeStatus">supersededTerm-admn-sts</termNote></termGrp></ntig>
    <tig><term>chairman</term><termNote type="administrativeStatus">admittedTerm-admn-sts</termNote></tig>
    <tig><term>the
      <hi>chair</hi></term><termNote type="administrativeStatus">preferredTerm-admn-sts</termNote></tig></langSet>
  <langSet xml:lang="es-MX"><tig><term>presidencia</term></tig></langSet>
  <langSet xml:lang="de"><tig><term>Vorsitz</term></tig></langSet>
</termEntry></body></text></martif>"""


def test_what_terminology_tools_write_beside_the_names():
    entries, strangers = read(OLD.encode(), "old.tbx", LANGUAGES)
    assert entries == [Entry("c1", {"en": ["the chair", "chairman"], "es": ["presidencia"]}, None, "Not the seat.")]
    assert strangers == ["de"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encode", [lambda text: text.encode("utf-8-sig"), str.encode])
def test_a_table_as_spreadsheets_save_it(separator: str, encode: Callable[[str], bytes]):
    lines = [
        ["note", "fr", "id", "EN_gb", "pt"], ["", "table ronde|panel", "roundtable", "roundtable", "mesa"], [""] * 5,
    ]  # fmt: skip
    data = encode("\r\n".join(separator.join(line) for line in lines))
    assert read(data, "x.csv", LANGUAGES) == (
        [Entry("roundtable", {"fr": ["table ronde", "panel"], "en": ["roundtable"]})],
        ["pt"],
    )


@pytest.mark.parametrize(
    ("data", "name", "problem"),
    [
        (b"", "x.docx", "a glossary is a file that ends in .tbx or .csv"),
        (b"", "x.csv", "the first line has no column `id`; begin with an export"),
        (b"a,b\n1,2", "x.csv", "the first line has no column `id`"),
        ("id;fr\nx;é".encode("latin-1"), "x.csv", "not text in UTF-8; in Excel, save it as “CSV UTF-8”"),
        (b'id,fr\n"x', "x.csv", "not readable as CSV"),
        (b"id,fr\nx,y,z", "x.csv, line 2", "3 cells, the first line has 2"),
        (b"id,fr\na b,y", "x.csv, line 2", "id 'a b' is not one word"),
        (b"id,kind\na,thing", "x.csv, line 2", "kind 'thing' is none of term, title, meeting, body, abbreviation"),
        (b"", "x.tbx", "not well-formed XML"),
        (b"<tmx/>", "x.tbx", "<tmx> is not TBX; export it as TBX-Basic from your terminology tool"),
        (b"<!DOCTYPE martif [<!ENTITY a 'b'>]><martif/>", "x.tbx", "it has a DOCTYPE, which may hide entities"),
        (b"<martif>" + b"<x>" * 200, "x.tbx", "nested deeper than 100 levels"),
    ],
)
def test_what_is_broken_is_refused_with_what_to_do(data: bytes, name: str, problem: str):
    with pytest.raises(Invalid) as refused:
        read(data, name.partition(",")[0], LANGUAGES)
    assert str(refused.value).startswith(name)
    assert problem in str(refused.value)


# The edition's own file


OWN = """# Ours.

terms:
  # Seats
  - id: chair
    kind: title  # where they sit
    names: {en: [chair], fr: ["président", présidente], nl: [voorzitter], es: [presidente]}
"""


def test_terms_are_put_in_and_all_else_stays():
    chair, floor = (
        Term(id=id, kind="title", names={"en": [id], "fr": [fr], "nl": ["x"], "es": ["y: z"]})
        for id, fr in (("chair", "présidence"), ("floor", "salle"))
    )
    assert with_terms(OWN, []) == OWN
    assert with_terms(OWN, [chair.model_copy(update={"names": {"fr": ["présidence"]}}), floor]) == OWN.replace(
        '["président", présidente]', "[présidence]"
    ) + ("  - id: floor\n    kind: title\n    names: {en: [floor], fr: [salle], nl: [x], es: ['y: z']}\n")


@pytest.mark.parametrize("name", EDITIONS)
def test_the_glossaries_there_are_stay_as_they_are(name: str):
    text = (EDITIONS[name] / name / "glossary.yaml").read_text("utf-8")
    assert with_terms(text, edition(name).terms) == text


@given(st.lists(terms(), max_size=3, unique_by=lambda term: term.id))
def test_a_new_file_says_what_was_put_in(given: list[Term]):
    source = read_files({"glossary.yaml": with_terms("", given)}, [])
    assert source.mistakes == []
    found = [Term.model_validate(entry) for entry in source.config["terms"]]
    assert found == given


@pytest.mark.parametrize("text", ["- a", "terms: 3", "terms: [", "a"])
def test_a_file_that_holds_no_terms_is_left_alone(text: str):
    with pytest.raises(Invalid, match=r"glossary\.yaml: .*see `roundtable check`"):
        with_terms(text, [])
