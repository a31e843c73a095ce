"""TMX: what is written is read back, other programs read it, and theirs is read; what is hostile is refused."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from translate.storage.tmx import tmxfile

from tasks.adapters.tmx import Unit, read, write
from tasks.domain.errors import Invalid

NOON = dt.datetime(2031, 3, 3, 12, tzinfo=dt.UTC)
DOCTYPE = '<!DOCTYPE tmx SYSTEM "tmx14.dtd">'


def written(*units: Unit, source_language: str = "en-GB") -> bytes:
    made = io.BytesIO()
    write(made, units, source_language=source_language, version="1")
    return made.getvalue()


def read_all(data: bytes | str, name: str = "old.tmx") -> list[Unit]:
    return list(read(io.BytesIO(data.encode() if isinstance(data, str) else data), name))


def tmx(body: str, head: str = DOCTYPE, srclang: str = "EN-GB") -> str:
    return f'{head}<tmx version="1.4"><header srclang="{srclang}"/><body>{body}</body></tmx>'


def tu(source: str, target: str = "Un", more: str = "") -> str:
    return (
        f'<tu {more}><tuv xml:lang="EN-GB"><seg>{source}</seg></tuv><tuv xml:lang="fr"><seg>{target}</seg></tuv></tu>'
    )


#: Every character that XML holds, brackets that are none of ours doubled.
TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters=[*map(chr, range(32)), "\ufffe", "\uffff"])
    | st.sampled_from("⟦⟧\t\n\r\u00a0<&"),
    max_size=8,
).map(lambda text: text.replace("⟦", "⟦⟦").replace("⟧", "⟧⟧"))
SEGMENT = st.lists(
    TEXT | st.sampled_from(["a⟦1⟧b⟦/1⟧", "⟦2/⟧", "⟦3⟧⟦4⟧x⟦/4⟧⟦5/⟧⟦/3⟧", "⟦999999/⟧"]), max_size=6, unique=True
).map("".join)
UNITS = st.builds(
    Unit,
    st.fixed_dictionaries({"en-GB": SEGMENT, "zh-Hans-CN": SEGMENT}),
    st.just("en-GB"),
    st.dictionaries(st.sampled_from(["x-a", "x-b"]), TEXT.filter(str.strip)),
    TEXT.map(str.strip),
    st.none() | st.just(NOON),
)


@given(st.lists(UNITS, max_size=4))
def test_what_is_written_is_read_back(units: list[Unit]) -> None:
    data = written(*units)
    assert read_all(data) == units
    assert written(*units) == data


@given(SEGMENT, SEGMENT)
def test_another_program_reads_the_texts(source: str, target: str) -> None:
    data = written(Unit({"en-GB": f"a{source}", "fr": f"b{target}"}, "en-GB"))
    [unit] = tmxfile.parsestring(data).units
    # Its texts are bare: without codes, white space as it likes it.
    segs: list[Any] = etree.fromstring(data).findall(".//seg")
    ours = ["".join(seg.itertext()).replace("\r", "\n") for seg in segs]
    assert ["".join(str(text).split()) for text in (unit.source, unit.target)] == ["".join(t.split()) for t in ours]


def test_what_another_program_writes_is_read() -> None:
    made: Any = tmxfile(sourcelanguage="en", targetlanguage="fr")
    made.addtranslation("Two & <three> ⟦", "en", "Deux", "fr", "a remark")
    [unit] = read_all(bytes(made))
    assert dict(unit.texts) == {"en": "Two & <three> ⟦⟦", "fr": "Deux"}
    assert unit.source_language == "en"


def test_a_unit_as_other_programs_have_them() -> None:
    body = (
        '<tu tuid="7" srclang="FR" creationid="me" changedate="20310303T120000Z"><note>n</note><prop type="x">y</prop>'
        '<tuv xml:lang="en-US"><seg>A</seg></tuv><tuv lang="FR"><prop type="z">z</prop><seg>B</seg></tuv>'
        '<tuv xml:lang="de"><seg/></tuv></tu><tu><tuv xml:lang="en"><seg>alone</seg></tuv></tu>'
    )
    [unit] = read_all(tmx(body))
    assert unit == Unit({"en-US": "A", "FR": "B", "de": ""}, "FR", {"x": "y"}, "me", NOON)
    assert [each.source_language for each in read_all(tmx(tu("A"), srclang="*all*"))] == [""]
    assert [each.source_language for each in read_all(tmx(tu("A", more='changedate="soon"')))] == ["EN-GB"]


@pytest.mark.parametrize(
    ("seg", "text"),
    [
        ('<bpt i="1" x="4">{\\b </bpt>a<ept i="1">}</ept>', "⟦4⟧a⟦/4⟧"),
        ('<bpt i="1">x</bpt>a<ept i="1"/> <bpt i="2"/>b<ept i="2"/>', "⟦1⟧a⟦/1⟧ ⟦2⟧b⟦/2⟧"),
        ('<ph>&lt;br/></ph>a<it pos="begin" x="1"/><ut/>', "⟦1/⟧a⟦2/⟧⟦3/⟧"),
        ('<ph x="2"/><ph x="2"/><ph x="0"/><ph x="1234567"/>', "⟦2/⟧⟦1/⟧⟦3/⟧⟦4/⟧"),
        ('a <hi type="x">b<ph x="9"/></hi> c<ph>alt: <sub>told apart</sub></ph>', "a b⟦9/⟧ c⟦1/⟧"),
        ('a<ept i="3"/>', "a⟦1/⟧"),
        ("a<!-- remark --> b<?pi?>⟦1⟧", "a b⟦⟦1⟧⟧"),
    ],
)
def test_codes_of_other_programs_are_ours(seg: str, text: str) -> None:
    assert [dict(unit.texts) for unit in read_all(tmx(tu(seg)))] == [{"EN-GB": text, "fr": "Un"}]


BILLION = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("", "is no whole XML file"),
        (tmx(tu("A"))[:-20], "is no whole XML file"),
        ("PK\x03\x04 a Word file", "is no whole XML file"),
        ("<xliff/>", "is no TMX file, it begins with <xliff>"),
        (tmx(tu("A &l;"), '<!DOCTYPE tmx [<!ENTITY l "x">]>'), "defines entities"),
        (tmx(tu("A"), '<!DOCTYPE tmx SYSTEM "tmx14.dtd" [<!ENTITY % l SYSTEM "file:///etc/passwd"> %l;]>'), "entities"),
        (tmx(tu("A"), f'<!DOCTYPE tmx [<!ENTITY l0 "x">{BILLION}]>'), "defines entities"),
        (tmx(tu("A &nbsp; B")), "unit 1: the entity &nbsp; stands for nothing"),
        (tmx(tu("A") + tu("<b>B</b>")), "unit 2: <b> is nothing that TMX 1.4 has"),
        (tmx("<x>" * 400 + "</x>" * 400), "is no whole XML file"),
        (tmx("<x/>" * 10_001), "more than 10,000 elements in unit 1"),
        (tmx(tu("<ph/>" * 10_001)), "more than 10,000 elements in unit 1"),
    ],
)
def test_what_is_hostile_or_damaged_is_one_message(data: str, told: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_all(data)
    assert str(refused.value).startswith("old.tmx: ")
    assert told in str(refused.value)
    assert "\n" not in str(refused.value)


def test_entities_in_the_very_first_tag_do_no_harm() -> None:
    data = f'<!DOCTYPE tmx [<!ENTITY l0 "x">{BILLION}]><tmx version="&l9;"/>'
    with pytest.raises(Invalid, match=r"old.tmx: "):
        read_all(data)


def test_what_was_read_is_let_go() -> None:
    units: Any = read(io.BytesIO(tmx(tu("A") * 50).encode()), "old.tmx")
    for _ in units:
        element = units.gi_yieldfrom.gi_frame.f_locals["element"]
        before = list(element.itersiblings(preceding=True))
        assert len(before) <= 1
        assert [len(each) for each in before] == [0] * len(before)
