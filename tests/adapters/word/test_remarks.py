"""Our comments on the rows of a bilingual file: put in, taken out again, and nobody else's touched."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tasks.adapters.word.bilingual import fill_targets, read_targets
from tasks.adapters.word.ooxml import child, val, w
from tasks.adapters.word.opc import unpack
from tasks.adapters.word.redraft.pen import Pen
from tasks.adapters.word.remarks import put_remarks
from tests.adapters.word.markup_help import BEN, comment, marked, read, start, stop
from tests.adapters.word.samples import CONTEXTS, rendered
from tests.adapters.word.word_help import canonical, p, r, table
from tests.tools import validator

PEN = Pen("Roundtable", dt.datetime(2007, 5, 3, 9, tzinfo=dt.UTC))


def remarked(data: bytes, remarks: dict[str, list[str]], language: str = "fr-FR", *, rtl: bool = False) -> bytes:
    docx = unpack(data)
    put_remarks(docx, remarks, PEN, language, rtl)
    return docx.to_bytes()


def comments(data: bytes) -> list[tuple[str, str, str]]:
    """(author, what it says, what it stands on) of every comment."""
    return [(mark.author, mark.text, mark.quote) for mark in read(data).marks]


BODY = table(["p1", "One", "Un"], ["p2", "Two", p("Deux") + p("bis")], ["p3", "Three", ""])
FILE = marked(BODY)


def test_each_remark_stands_on_the_target_of_its_row():
    data = remarked(FILE, {"p1": ["a", "b"], "p2": ["c"], "p3": ["d"], "p9": ["nowhere"]})
    assert comments(data) == [
        ("Roundtable", "a", "Un"),
        ("Roundtable", "b", "Un"),
        ("Roundtable", "c", "Deux\nbis"),
        ("Roundtable", "d", ""),
    ]
    assert read_targets(unpack(data)) == read_targets(unpack(FILE))


def test_new_remarks_take_the_place_of_the_old_and_none_leave_nothing():
    once = remarked(FILE, {"p1": ["a"], "p3": ["d"]})
    assert comments(remarked(once, {"p2": ["c"]})) == [("Roundtable", "c", "Deux\nbis")]
    without, before = (unpack(data).parts["word/document.xml"] for data in (remarked(once, {}), FILE))
    assert canonical(without) == canonical(before)
    assert remarked(once, {"p1": ["a"], "p3": ["d"]}) == once


def test_what_others_commented_stays_also_an_answer_to_us():
    theirs = comment(4, "Is that right?", BEN, "0000000A")
    ours = comment(5, "old", 'w:author="Roundtable"', "0000000B")
    answer = comment(6, "It is quoted.", BEN, "0000000C")
    cell = p(start(4) + start(5) + start(6) + r("Un") + stop(4) + stop(5) + stop(6))
    beside = {
        "commentsExtended": '<w15:commentEx w15:paraId="0000000A" w15:done="0"/><w15:commentEx w15:paraId="0000000B"/>'
        '<w15:commentEx w15:paraId="0000000C" w15:paraIdParent="0000000B"/>',
        "commentsIds": '<w16cid:commentId w16cid:paraId="0000000B" w16cid:durableId="1"/>',
    }
    data = marked(table(["p1", "One", cell]), comments=theirs + ours + answer, beside=beside)
    assert [(mark.text, mark.reply_to is None) for mark in read(data).marks][2] == ("It is quoted.", False)
    back = remarked(data, {"p1": ["new"]})
    assert comments(back) == [
        ("Ben", "Is that right?", "Un"),
        ("Ben", "It is quoted.", "Un"),
        ("Roundtable", "new", "Un"),
    ]
    assert [mark.reply_to for mark in read(back).marks if mark.text == "It is quoted."] == [None]
    assert b"0000000B" not in b"".join(unpack(back).parts.values())


def test_a_remark_is_in_the_language_of_who_reads_it():
    docx = unpack(remarked(FILE, {"p1": ["الرقم 14 ناقص: WHO"]}, "ar-EG", rtl=True))
    (said,) = docx.tree("word/comments.xml").iter(w("comment"))
    assert all(child(paragraph, "pPr", "bidi") is not None for paragraph in said.iter(w("p")))
    runs = [run for run in said.iter(w("r")) if child(run, "t") is not None]
    assert [(val(child(run, "rPr", "lang"), "bidi"), child(run, "rPr", "rtl") is not None) for run in runs] == [
        ("ar-EG", True),
        ("ar-EG", False),
    ]


@pytest.mark.skipif(validator.missing() is not None, reason=validator.missing() or "")
def test_word_finds_no_fault_in_it(tmp_path: Path):
    filled = fill_targets(rendered(CONTEXTS[-1]), {"1": "Un", "2": "Deux"})
    (tmp_path / "fr.docx").write_bytes(once := remarked(filled, {"1": ["a"], "2": ["b", "c"]}))
    (tmp_path / "ar.docx").write_bytes(remarked(once, {"2": ["الرقم 14 ناقص: WHO"]}, "ar-EG", rtl=True))
    found = validator.validate([tmp_path / "fr.docx", tmp_path / "ar.docx"])
    assert {path.stem: faults for path, faults in found.items() if faults} == {}
