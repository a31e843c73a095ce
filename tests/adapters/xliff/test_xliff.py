"""XLIFF of both versions: what is written is read back, by us and by an independent library; harm is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from translate.storage.xliff import xlifffile as Toolkit12
from translate.storage.xliff2 import Xliff2File as Toolkit20

from tasks.adapters.word.identity import Identity
from tasks.adapters.xliff import Match, Row, Status, XliffFile, looks_like_xliff, read, write_1_2, write_2_0
from tasks.adapters.xliff.rows import to_address
from tasks.domain.codes import check_codes, escape
from tasks.domain.errors import Invalid
from tests.domain.domain_help import ROOT

IDENTITY = Identity("six-languages", "1.1", "bilingual", "1.1:fr", 4, "fr")
WRITERS: dict[str, Callable[[XliffFile], bytes]] = {"1.2": write_1_2, "2.0": write_2_0}
both = pytest.mark.parametrize("version", WRITERS)

# Everything XML can hold; a carriage return too, which a careless writer would lose.
letters = st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff").filter(
    lambda sign: sign >= " " or sign in "\t\n\r"
)
plain = st.text(letters, max_size=12) | st.sampled_from(
    ["⟦", "⟧", "⟦1⟧", "<g id='1'>&amp;", "]]>", " ", "مرحبا", "会议"]
)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A segment's text: stretches, single codes, pairs in pairs."""
    numbers = iter(range(1, 1000))

    def stretch(depth: int) -> str:
        parts = []
        for kind in draw(st.lists(st.sampled_from(["text", "single", "pair"]), max_size=3)):
            number = next(numbers)
            if kind == "pair" and depth < 3:
                parts.append(f"⟦{number}⟧{stretch(depth + 1)}⟦/{number}⟧")
            else:
                parts.append(f"⟦{number}/⟧" if kind == "single" else escape(draw(plain)))
        return "".join(parts)

    return stretch(0)


@st.composite
def rows(draw: st.DrawFn, id: str) -> Row:
    target = draw(texts())
    status: Status = draw(st.sampled_from(["suggested", "translated", "reviewed"])) if target.strip() else "open"
    return Row(
        id,
        draw(plain),
        draw(texts()),
        target if status != "open" else "",
        status,
        tuple(draw(st.lists(plain, max_size=2))),
        tuple(Match(draw(texts()), draw(st.integers(0, 100)), draw(plain)) for _ in range(draw(st.integers(0, 2)))),
    )


@st.composite
def files(draw: st.DrawFn) -> XliffFile:
    ids = draw(st.lists(st.from_regex(r"(p|fn|en)[1-9]\d{0,2}(\.\d)?", fullmatch=True), unique=True, max_size=4))
    words = st.text(letters, min_size=1, max_size=8)
    identity = draw(
        st.builds(Identity, words, st.text(letters, max_size=4), words, words, st.integers(0, 10**6), words)
    )
    return XliffFile(identity, "en-GB", "fr-BE", tuple(draw(rows(id)) for id in ids), draw(plain))


def of(*rows: Row) -> XliffFile:
    return XliffFile(IDENTITY, "en-GB", "fr-BE", rows)


def refusal(data: bytes, name: str = "1.1 fr.xlf") -> str:
    with pytest.raises(Invalid) as refused:
        read(data, name)
    assert name in str(refused.value)
    return str(refused.value)


@both
@given(file=files())
def test_every_file_is_read_back_as_it_was(version: str, file: XliffFile):
    assert read(WRITERS[version](file), "x.xlf") == file


@both
def test_a_notice_is_a_note_of_the_file_beside_its_identity(version: str):
    root = etree.fromstring(WRITERS[version](replace(of(Row("p1", "heading", "One")), notice="Made up")))
    path = "{*}file/{*}header/{*}note" if version == "1.2" else "{*}file/{*}notes/{*}note"
    assert [note.text for note in root.iterfind(path)] == [to_address(IDENTITY), "Made up"]


@both
def test_an_open_row_has_no_target(version: str):
    root = etree.fromstring(WRITERS[version](of(Row("p1", "heading", "One"))))
    assert [element.tag for element in root.iter("{*}target")] == []


def test_for_omegat_an_open_row_has_its_source_as_target_and_still_is_open():
    file = of(Row("p1", "", "A ⟦1⟧b⟦/1⟧"), Row("p2", "", "C", "D", "translated"))
    data = write_1_2(file, for_omegat=True)
    assert [target.get("state") for target in etree.fromstring(data).iter("{*}target")] == [
        "needs-translation",
        "translated",
    ]
    assert read(data, "x.xlf") == file


@pytest.mark.parametrize(("version", "store"), [("1.2", Toolkit12), ("2.0", Toolkit20)])
def test_an_independent_library_reads_what_is_written_and_its_answer_is_read(version: str, store: Any):
    file = of(
        Row("p1", "heading, paragraph 1", "Migration & <development>"),
        Row("p2", "paragraph 2", "A ⟦1⟧bold ⟦2/⟧⟦/1⟧ word", "Un mot ⟦1⟧gras ⟦2/⟧⟦/1⟧", "translated"),
    )
    theirs = store.parsestring(WRITERS[version](file))
    assert [str(unit.source) for unit in theirs.units] == ["Migration & <development>", "A bold  word"]
    assert [bool(unit.target) for unit in theirs.units] == [False, True]
    theirs.units[0].target = "Migrations & <développement>"
    returned = read(bytes(theirs), "1.1 fr.xlf")
    assert returned.identity == IDENTITY
    assert (returned.source_locale, returned.target_locale) == ("en-GB", "fr-BE")
    assert [(row.id, row.place, row.target) for row in returned.rows] == [
        ("p1", "heading, paragraph 1", "Migrations & <développement>"),
        ("p2", "paragraph 2", "Un mot ⟦1⟧gras ⟦2/⟧⟦/1⟧"),
    ]
    assert all(check_codes(row.source, row.target) == [] for row in returned.rows)


def test_an_independent_library_reads_notes_and_suggestions():
    file = of(Row("p1", "heading", "One", notes=("“one”: un",), matches=(Match("Un", 87, "memory"),)))
    [unit] = Toolkit12.parsestring(write_1_2(file)).units
    assert unit.getnotes() == "heading\n“one”: un"
    [found] = unit.getalttrans()
    assert (str(found.target), found.xmlelement.get("match-quality")) == ("Un", "87%")


@both
def test_the_identity_is_found_where_a_tool_wrote_its_own_file_name(version: str):
    data = WRITERS[version](of())
    moved = data.replace(b'original="roundtable:', b'original="C:\\work\\', 1)
    assert moved != data
    assert read(moved, "x.xlf").identity == IDENTITY
    assert read(data.replace(b"roundtable:", b"").replace(b"six-languages", b"six"), "x.xlf").identity is None


# What tools do


def unit_1_2(inside: str) -> bytes:
    return (
        '<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2" xmlns:t="urn:tool">'
        '<file original="x" source-language="en" target-language="fr" datatype="plaintext"><body><group>'
        f'<trans-unit id="p1" t:own="1">{inside}</trans-unit></group></body></file></xliff>'
    ).encode()


def unit_2_0(inside: str) -> bytes:
    return (
        '<xliff version="2.0" xmlns="urn:oasis:names:tc:xliff:document:2.0" srcLang="en" trgLang="fr">'
        f'<file id="f1"><group id="g1"><unit id="p1">{inside}</unit></group></file></xliff>'
    ).encode()


@pytest.mark.parametrize(
    ("data", "status", "target"),
    [
        (unit_1_2("<source>One</source><target/>"), "open", ""),
        (unit_1_2('<source>One</source><target state="new">One</target>'), "open", ""),
        (unit_1_2('<source>One</source><target state="needs-translation">One</target>'), "open", ""),
        (unit_1_2('<source>One</source><target state="new">Un</target>'), "translated", "Un"),
        (unit_1_2("<source>One</source><target>Un</target>"), "translated", "Un"),
        (unit_1_2('<source>One</source><target state="needs-adaptation">Un</target>'), "suggested", "Un"),
        (unit_1_2('<source>One</source><target state="final">Un</target>'), "reviewed", "Un"),
        (unit_2_0("<segment><source>One</source></segment>"), "open", ""),
        (unit_2_0("<segment><source>One</source><target>One</target></segment>"), "open", ""),
        (unit_2_0("<segment><source>One</source><target>Un</target></segment>"), "translated", "Un"),
        (unit_2_0('<segment state="final"><source>One</source><target>Un</target></segment>'), "reviewed", "Un"),
    ],
)
def test_how_far_a_row_is_by_what_its_tool_wrote(data: bytes, status: str, target: str):
    [row] = read(data, "x.xlf").rows
    assert (row.source, row.status, row.target) == ("One", status, target)


@pytest.mark.parametrize(
    ("data", "target"),
    [
        (
            unit_1_2(
                '<source>x</source><seg-source><mrk mtype="seg" mid="0">x</mrk></seg-source>'
                '<target><mrk mtype="seg" mid="0">Un <bpt id="1">{b}</bpt>mot<ept id="1">{/b}</ept></mrk>'
                '<ph id="2">{br}</ph><it id="3" pos="open"/><it id="3" pos="close"/></target>'
            ),
            "Un ⟦1⟧mot⟦/1⟧⟦2/⟧⟦3⟧⟦/3⟧",
        ),
        (
            unit_2_0(
                '<segment><source>x</source><target><mrk id="m1">Un</mrk> <sm id="m2"/><sc id="1"/>mot'
                '<ec startRef="1"/><em startRef="m2"/><ph id="2"/></target></segment>'
            ),
            "Un ⟦1⟧mot⟦/1⟧⟦2/⟧",
        ),
        (
            unit_2_0(
                "<segment><source>One. </source><target>Un. </target></segment>"
                "<ignorable><source> </source></ignorable>"
                '<segment><source><pc id="1">Two.</pc></source><target><pc id="1">Deux.</pc></target></segment>'
            ),
            "Un.  ⟦1⟧Deux.⟦/1⟧",
        ),
    ],
)
def test_the_forms_that_tools_give_to_codes_and_segments(data: bytes, target: str):
    [row] = read(data, "x.xlf").rows
    assert row.target == target


def test_a_row_of_which_a_tool_left_a_part_open_is_open():
    two = "<segment><source>A</source><target>B</target></segment><segment><source>C</source></segment>"
    [row] = read(unit_2_0(two), "x.xlf").rows
    assert (row.source, row.status, row.target) == ("AC", "open", "")


# What is refused

LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><xliff>&b;</xliff>'
FILE_1_2 = write_1_2(of(Row("p1", "", "One")))


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (LAUGHS, "it has a DOCTYPE, which may hide entities"),
        (b"<xliff", "not well-formed XML"),
        (b"", "not well-formed XML"),
        (b"<xliff>" + b"<g>" * 200, "nested deeper than 100 levels"),
        (b" " * (25 * 1024 * 1024 + 1), "25.0 MB, the limit is 25 MB"),
        (b"<html/>", "<html> of “” is not XLIFF 1.2 or 2.0"),
        (FILE_1_2.replace(b"document:1.2", b"document:2.1"), "of “urn:oasis:names:tc:xliff:document:2.1” is not"),
        (FILE_1_2.replace(b"<file ", b"<phile ").replace(b"/file>", b"/phile>"), "it holds 0 files, one is expected"),
        (FILE_1_2.replace(b"</file>", b"</file><file><body/></file>"), "it holds 2 files, one is expected"),
        (
            FILE_1_2.replace(b"</body>", b'<trans-unit id="p1"><source/></trans-unit></body>'),
            "segment p1 stands more than once",
        ),
        (FILE_1_2.replace(b' id="p1"', b""), None),
        (unit_1_2("<source>x</source><target><b>x</b></target>"), "segment p1 holds <b>, which is none of our"),
        (unit_1_2('<source>x</source><target><g id="b1">x</g></target>'), 'segment p1 holds <g id="b1">, which is'),
        (unit_1_2("<source>x</source><target><x/></target>"), 'segment p1 holds <x id="">, which is none'),
        (unit_2_0('<segment><source>x</source><target><cp hex="0001"/></target></segment>'), "p1 holds <cp>, which"),
        (unit_2_0('<segment><source>x</source><target><h:b xmlns:h="h"/></target></segment>'), "p1 holds <b>, which"),
    ],
)
def test_what_is_broken_or_made_to_do_harm_is_refused_with_what_to_do(data: bytes, problem: str | None):
    if problem is None:
        assert read(data, "x.xlf").rows[0].id == "", "one row without a name is no row of ours, and does no harm"
        return
    told = refusal(data)
    assert problem in told
    assert told.endswith("save it again as XLIFF from your translation tool, from the file you were given")


@given(st.binary(max_size=80) | st.integers(0, len(FILE_1_2)).map(lambda cut: FILE_1_2[:cut]))
def test_no_bytes_end_in_anything_but_a_refusal(data: bytes):
    try:
        read(data, "x.xlf")
    except Invalid as error:
        assert str(error).startswith("x.xlf: ")


@both
@pytest.mark.parametrize("text", ["\x01", "a ⟦1⟧b", "⟦/1⟧", "⟦1⟧⟦2⟧⟦/1⟧⟦/2⟧", "a ⟧ b", "\ud800"])
def test_what_cannot_be_written_is_refused(version: str, text: str):
    with pytest.raises(Invalid):
        WRITERS[version](of(Row("p1", "", text)))


@pytest.mark.parametrize(
    ("data", "name", "is_one"),
    [
        (b"<?xml version='1.0'?><xliff/>", "a.txt", True),
        ("<?xml version='1.0' encoding='UTF-16'?><xliff/>".encode("utf-16"), "a", True),
        (b"broken", "A.XLF", True),
        (b"broken", "a.docx", False),
        (b"PK\x03\x04 xliff", "a.xlf", False),
    ],
)
def test_what_means_to_be_xliff(data: bytes, name: str, is_one: bool):
    assert looks_like_xliff(data, name) is is_one


def test_only_tests_use_the_independent_library():
    """Its licence is not ours."""
    code = [path for floor in ("tasks", "flows", "config") for path in (ROOT / floor).rglob("*.py")]
    assert [path.name for path in code if "translate.storage" in path.read_text("utf-8")] == []
