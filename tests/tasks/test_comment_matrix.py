"""A comment round from the files that come back to the replies: real Word files, a real ledger."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections import Counter
from collections.abc import Callable

import docx
import openpyxl
import pytest
from lxml import etree

from flows.board import session_markdown
from flows.mailroom_taking import take
from tasks import background_paper, comment_matrix
from tasks.adapters.word import reader
from tasks.adapters.word.markup import accept_all, read_markup
from tasks.adapters.word.ooxml import W, w
from tasks.adapters.word.opc import unpack
from tasks.comment_matrix.reading import shown_key
from tasks.domain.comment_matrix import Disposition
from tasks.domain.errors import Conflict, Invalid, NotNow, Unknown
from tasks.domain.markup import MarkKind
from tasks.domain.text import Table, plain
from tasks.mailroom import Came
from tests.tasks.office_help import Office
from tests.tasks.test_background_paper import PARTNERS, after_round, circulated

Opening = Callable[[str], Office]


def copy_of(office: Office, body: str) -> bytes:
    return office.store.get(office.document("circulation", "1.3", "en", party=body).sha256)


def with_change(data: bytes, new: str, author: str) -> bytes:
    """The first word of the first numbered paragraph struck out, and another put in its place, tracked."""
    opened = unpack(data)
    root = opened.tree(opened.main)
    number = next(p.index for p in read_markup(opened).paragraphs if p.number == 1)
    paragraph = list(root.iter(w("p")))[number]
    run = next(run for run in paragraph.iter(w("r")) if run.find(w("t")) is not None)
    text = run.find(w("t"))
    assert text is not None and text.text
    first, _, rest = text.text.partition(" ")
    text.text, text.attrib["{http://www.w3.org/XML/1998/namespace}space"] = f" {rest}", "preserve"
    when = f'w:author="{author}" w:date="2007-04-20T10:00:00Z"'
    for xml in (
        f'<w:del xmlns:w="{W}" w:id="901" {when}><w:r><w:delText>{first}</w:delText></w:r></w:del>',
        f'<w:ins xmlns:w="{W}" w:id="902" {when}><w:r><w:t>{new}</w:t></w:r></w:ins>',
    ):
        run.addprevious(etree.fromstring(xml))
    opened.write(opened.main, root)
    return opened.to_bytes()


def with_comment(data: bytes, text: str) -> bytes:
    document = docx.Document(io.BytesIO(data))
    target = [p for p in document.paragraphs if p.runs and p.text.startswith("word")][-1]
    document.add_comment(target.runs, text=text, author="A. Person", initials="AP")
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def changed(office: Office, body: str, **change: str) -> bytes:
    return with_change(copy_of(office, body), change.get("new", "sentence"), change.get("author", body))


@pytest.fixture
def office(at: Opening) -> Office:
    """Three have answered on draft 1 of paper 1.3: two with the same change, one with another and a comment."""
    office = circulated(at("writing"))
    office.send(changed(office, "canada"), "canada.docx")
    office.send(changed(office, "norvania"), "norvania.docx")
    other = with_comment(changed(office, "iom", new="clause"), "Which countries?")
    office.send(other, "iom.docx")
    after_round(office)
    return office


def matrix_of(office: Office) -> comment_matrix.Matrix:
    return comment_matrix.matrix_of(office.desk, "1.3")


def test_what_came_back_is_compiled_when_the_round_is_over(office: Office):
    assert office.state("background-paper", "1.3") == "deciding"
    matrix = matrix_of(office)
    found = {(row.bodies, row.number, "".join(p.text for p in row.proposal if p.is_inserted)) for row in matrix.rows}
    assert found == {(("canada", "norvania"), 1, "sentence"), (("iom",), 1, "clause"), (("iom",), 5, "")}
    first, second, comment = matrix.rows
    assert (first.conflicts, second.conflicts) == ((second.id,), (first.id,))
    assert comment.comments[0].author == "A. Person"
    marks = Counter((mark.source, mark.mark) for row in matrix.rows for mark in row.marks)
    assert set(marks.values()) == {1}
    kinds = {row.kind: row for row in office.ledger.documents(office.name, key="1.3|1", status="current")}
    assert set(kinds) == {"comment-rows", "comment-matrix", "comment-sheet"}
    assert [row["bodies"] for row in json.loads(office.store.get(kinds["comment-rows"].sha256))["rows"]] == [
        list(row.bodies) for row in matrix.rows
    ]
    sheet = kinds["comment-sheet"]
    for page in openpyxl.load_workbook(io.BytesIO(office.store.get(sheet.sha256))).worksheets:
        assert page["A1"].value == office.desk.words(sheet.language)("rehearsal_notice")
        assert page.max_row >= 2 + len(matrix.rows)


def test_the_writer_is_asked_for_the_next_text_when_all_is_decided_and_each_body_is_answered(office: Office):
    assert office.advance("1.3") == []
    first, second, comment = matrix_of(office).rows
    decide = lambda row, answer, reason="": comment_matrix.decide(office.desk, "1.3|1", [row.id], answer, reason)  # noqa: E731
    assert decide(first, "accepted") == "1.3: 1 comment on draft 1 accepted, 2 left to decide"
    assert decide(first, "accepted") == "1.3: 0 comments on draft 1 accepted, 2 left to decide"
    with pytest.raises(Conflict, match="was decided otherwise"):
        decide(first, "noted")
    with pytest.raises(Invalid, match="a comment that is not accepted needs a reason"):
        decide(second, "not-accepted")
    with pytest.raises(Invalid, match="'perhaps' is no decision on a comment"):
        decide(second, "perhaps")
    with pytest.raises(Unknown, match=r"there is no such comment on 1\.3, draft 1"):
        comment_matrix.decide(office.desk, "1.3|1", ["000000"], "noted")
    decide(second, "not-accepted", "The other wording was taken.")
    with pytest.raises(NotNow, match=r"no text of 1\.3 is awaited"):
        office.send_paper("1.3", words=33)
    assert decide(comment, "noted") == "1.3: 1 comment on draft 1 noted, 0 left to decide"
    assert office.advance("1.3") == [
        "1.3: comments on draft 1 are answered, 3 replies", "1.3: the next text is asked for",
    ]  # fmt: skip
    assert office.state("background-paper", "1.3") == "writing"
    letters = office.letters()
    assert {key for key in letters if key.startswith("comment-replies")} == {
        f"comment-replies/1.3/1/{body}/1" for body in ("canada", "iom", "norvania")
    }
    enclosed = [row.name for row in office.ledger.documents(office.name, key="1.3|1", status="current")]
    assert len(letters["next-draft/1.3/1"].attachments) == len(enclosed) - 1
    reply = office.document("comment-replies", "1.3|1|iom", office.edition.body("iom").language, party="iom")
    blocks = reader.read_blocks(unpack(office.store.get(reply.sha256)))
    (table,) = [block for block in blocks if isinstance(block, Table)]
    said = " ".join(plain(cell) for row in table.rows[1:] for cell in row)
    assert "Which countries?" in said
    assert "canada" not in said.casefold()


def test_the_matrix_comes_back_filled_in_and_what_cannot_be_taken_is_named(office: Office):
    first, second, comment = matrix_of(office).rows
    row = office.document("comment-matrix", "1.3|1", "en")
    document = docx.Document(io.BytesIO(office.store.get(row.sha256)))
    table = next(table for table in document.tables if len(table.columns) == 9)
    answers = {first.id: ("", "Accepted"), second.id: ("", "not accepted"), comment.id: ("We ask.", "maybe")}
    for line in table.rows[1:]:
        observation, decision = answers[line.cells[0].text.rpartition("·")[2]]
        line.cells[7].text = observation
        cell = line.cells[8]._tc
        for old in list(cell.iter(w("p"))):
            cell.remove(old)
        cell.append(etree.fromstring(f'<w:p xmlns:w="{W}"><w:r><w:t>{decision}</w:t></w:r></w:p>'))
    written = io.BytesIO()
    document.save(written)
    told = office.send(written.getvalue(), "matrix (2) final.docx").splitlines()
    assert told[0] == "1.3: 1 decision on the comments on draft 1, 2 left"
    assert "a comment that is not accepted needs a reason" in told[1]
    assert "“maybe” is no decision; it is one of accepted, accepted with changes" in told[2]
    assert matrix_of(office).dispositions == {first.id: Disposition.ACCEPTED}


def test_an_untouched_matrix_decides_nothing(office: Office):
    row = office.document("comment-matrix", "1.3|1", "en")
    assert office.send(office.store.get(row.sha256)) == "1.3: 0 decisions on the comments on draft 1, 3 left"


def test_a_late_comment_opens_the_matrix_again_and_decisions_stay(office: Office):
    office.decide_comments("1.3", "noted")
    office.advance("1.3")
    office.send(changed(office, "guatemala"), "guatemala.docx")
    assert office.advance("1.3") == [
        "1.3: 3 comments on draft 1 from 4 partners", "1.3: comments on draft 1 are answered, 1 replies",
    ]  # fmt: skip
    assert office.state("background-paper", "1.3") == "writing"
    office.send(changed(office, "valdoria", new="new"), "valdoria.docx")
    assert office.advance("1.3") == ["1.3: 4 comments on draft 1 from 5 partners"]
    with pytest.raises(NotNow, match=r"1 comment on draft 1 of 1\.3 is not decided yet: 001·.*; decide on it with"):
        office.send_paper("1.3", words=33)
    office.decide_comments("1.3", "noted")
    office.advance("1.3")
    office.send_paper("1.3", words=33)
    assert office.state("background-paper", "1.3") == "drafted"


def test_comments_that_came_as_text_are_rows_too(office: Office):
    session = office.edition.session("1.3")
    text = "Dear colleagues,\n\nPara 2: who says so?\n\nKind regards"
    told = comment_matrix.add_text(office.desk, session, "1.3", "valdoria", text)
    assert told == "1.3: comments of valdoria on draft 1 in words"
    assert comment_matrix.add_text(office.desk, session, "1.3", "valdoria", text) == f"{told}: registered already"
    office.advance("1.3")
    (row,) = [row for row in matrix_of(office).rows if row.bodies == ("valdoria",)]
    assert (row.number, row.comments[0].text, row.comments[0].source) == (2, "Para 2: who says so?", "mail")
    with pytest.raises(Unknown, match="spain was not asked for comments"):
        comment_matrix.add_text(office.desk, session, "1.3", "spain", text)
    with pytest.raises(Invalid, match="without a word"):
        comment_matrix.add_text(office.desk, session, "1.3", "valdoria", " \n")


def test_a_decision_is_corrected_and_only_who_it_concerns_is_answered_again(office: Office):
    office.decide_comments("1.3", "noted")
    office.advance("1.3")
    (row,) = [row for row in matrix_of(office).rows if row.bodies == ("canada", "norvania")]
    told = comment_matrix.correct(office.desk, f"comment/1.3|1/{row.id}", "accepted", "It was meant to be taken.")
    assert told.endswith("accepted instead")
    assert office.advance("1.3") == ["1.3: comments on draft 1 are answered, 2 replies"]
    assert {key for key in office.letters() if key.endswith("/2")} == {
        "comment-replies/1.3/1/canada/2", "comment-replies/1.3/1/norvania/2",
    }  # fmt: skip


def test_a_file_that_cannot_be_read_is_named_and_holds_up_no_other(office: Office, monkeypatch: pytest.MonkeyPatch):
    """A file of the store is damaged: the matrix says whose, and has what the others said."""
    damage(office, "iom")
    assert office.advance("1.3")[0].startswith("1.3: 1 comment on draft 1 from 3 partners; could not be read: ")
    (unread,) = matrix_of(office).unread
    assert unread[0] == office.edition.body("iom").names["en"]
    assert "is not readable XML" in unread[1]


def test_one_damaged_file_among_twenty_holds_up_none_of_the_others(at: Opening):
    office = at("tabled")
    office.stages = (background_paper,)
    team = office.session("1.3").team
    assert team is not None
    others = [body.id for body in office.edition.bodies if body.id not in team.bodies]
    office.outcome("1.3", "supported", others[: 20 - len(team.bodies) + 1])
    office.on("call-for-input")
    office.advance("1.3")
    circulated(office)
    asked = [record for record in office.ledger.records(office.name, "comments") if record.state == "asked"]
    bodies = [record.facts["body"] for record in asked]
    assert len(bodies) == 20
    for number, body in enumerate(bodies):
        office.send(changed(office, body, new=f"word {number}"), f"{body}.docx")
    damage(office, bodies[7])
    after_round(office)
    assert office.state("background-paper", "1.3") == "deciding"
    matrix = matrix_of(office)
    assert {body for row in matrix.rows for body in row.bodies} == set(bodies) - {bodies[7]}
    ((culprit, reason),) = matrix.unread
    assert culprit == office.edition.body(bodies[7]).names["en"]
    assert "is not readable XML" in reason


def damage(office: Office, body: str) -> None:
    """The file of a body is no longer what it was when it came in."""
    record = office.record("comments", f"1.3|1|{body}")
    with zipfile.ZipFile(io.BytesIO(office.store.get(record.facts["file"]))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["word/document.xml"] = parts["word/document.xml"][:400]
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    damaged = office.store.put(written.getvalue())
    with office.desk.change("a disk went bad") as change:
        office.desk.move(change, record, "answered", file=damaged)


def test_everybody_asked_is_a_partner():
    assert {"canada", "norvania", "iom", "guatemala", "valdoria"} <= set(PARTNERS)


def decided(office: Office) -> comment_matrix.Matrix:
    """All is decided: the first change is accepted with a reason, the other not, the comment left to the editor."""
    first, second, comment = matrix_of(office).rows
    comment_matrix.decide(office.desk, "1.3|1", [first.id], "accepted", "It says more.")
    comment_matrix.decide(office.desk, "1.3|1", [second.id], "not-accepted", "The other wording was taken.")
    comment_matrix.decide(office.desk, "1.3|1", [comment.id], "partly", "Two are named.")
    office.advance("1.3")
    return matrix_of(office)


def redrafts(office: Office) -> dict[str, bytes]:
    kinds = ("redraft-tracked", "redraft-clean")
    return {kind: office.store.get(office.document(kind, "1.3|1", "en").sha256) for kind in kinds}


def test_the_writer_gets_the_draft_with_what_was_accepted(office: Office):
    first, _, comment = decided(office).rows
    tracked, clean = redrafts(office).values()
    attached = office.letters()["next-draft/1.3/1"].attachments
    for kind in ("redraft-tracked", "redraft-clean", "comment-matrix", "comment-sheet"):
        assert office.document(kind, "1.3|1", "en").sha256 in attached
    marked, plainly = read_markup(unpack(tracked)), read_markup(unpack(clean))
    made = [
        (mark.kind, mark.text, mark.author, mark.at and mark.at.date())
        for mark in marked.marks
        if mark.kind is not MarkKind.COMMENT
    ]
    assert made == [
        (MarkKind.DELETION, "word", "Taskforce", office.today),
        (MarkKind.INSERTION, "sentence", "Taskforce", office.today),
    ]
    notes = [mark.text for mark in marked.marks if mark.kind is MarkKind.COMMENT]
    by_hand = f"Accepted, to be made by hand:\n{shown_key(comment)} · {office.edition.body('iom').names['en']} · "
    assert sorted(notes) == sorted(
        [by_hand + "Which countries?\npartly accepted: Two are named.", f"{shown_key(first)}: It says more."]
    )
    assert [(mark.kind, mark.text) for mark in plainly.marks] == [
        (MarkKind.COMMENT, notes[-1] if "hand" in notes[-1] else notes[0])
    ]
    sent = read_markup(unpack(office.store.get(comment_matrix.version_of(office.desk, "1.3", 1))))
    assert [p.original for p in marked.paragraphs] == [p.original for p in sent.paragraphs]
    assert [p.final for p in marked.paragraphs] == [p.original for p in plainly.paragraphs]


def test_conflicts_are_left_to_the_editor_and_marked(office: Office):
    first, second, _ = matrix_of(office).rows
    office.decide_comments("1.3", "accepted")
    office.advance("1.3")
    for data in redrafts(office).values():
        marks = read_markup(unpack(data)).marks
        assert {mark.kind for mark in marks} == {MarkKind.COMMENT}
        told = next(mark.text for mark in marks if mark.text.startswith("The team accepted proposals here"))
        assert [line.partition(" ")[0] for line in told.splitlines()[1:]] == [shown_key(first), shown_key(second)]


def test_the_tracked_draft_comes_back_as_the_next_text_and_is_read_as_it_would_read(office: Office):
    decided(office)
    data = redrafts(office)["redraft-tracked"]
    told = take(office.desk, Came("next.docx", data)).message
    receipt = office.letters()[f"acknowledgement/{hashlib.sha256(data).hexdigest()[:16]}"]
    for remark in ("tracked", "comments"):
        assert office.desk.words(receipt.language)(f"mailroom.remarks.{remark}") in receipt.body
    assert told.endswith("version 2; its 2 tracked changes were accepted; its 2 comments were taken out")
    text = read_markup(unpack(office.store.get(comment_matrix.version_of(office.desk, "1.3", 2))))
    assert text.marks == ()
    assert next(p.original for p in text.paragraphs if p.number == 1).startswith("sentence ")
    assert office.record("background-paper", "1.3").facts["differences"] == []


def test_a_text_of_the_writers_own_is_held_against_the_decisions(office: Office):
    matrix = decided(office)
    first, second, _ = matrix.rows
    master = office.store.get(comment_matrix.version_of(office.desk, "1.3", 1))
    told = office.send(accept_all(with_change(master, "clause", "writer")), "own.docx")
    one, other = shown_key(first), shown_key(second)
    assert told.endswith(
        f"2 differences from the decisions: {one} was accepted and is missing, {other} was not accepted and is there"
    )
    assert office.state("background-paper", "1.3") == "drafted"
    shown = comment_matrix.shown_differences(office.desk, office.edition.session("1.3"))
    assert [(paper, key, how) for paper, key, _, _, how in shown] == [
        ("1.3", one, "was accepted and is missing"), ("1.3", other, "was not accepted and is there"),
    ]  # fmt: skip
    page = session_markdown(office.desk, office.edition.session("1.3"))
    assert f"| 1.3 | {one} | Canada; Norvania | " in page.partition("## Differences from the decisions")[2]


def test_a_paragraph_is_known_by_its_number_in_the_draft_before(office: Office):
    """The writer puts a paragraph before the others; the comments on draft 2 name both numbers."""
    decided(office)
    opened = unpack(redrafts(office)["redraft-clean"])
    root = opened.tree(opened.main)
    number = next(p.index for p in read_markup(opened).paragraphs if p.number == 1)
    first = list(root.iter(w("p")))[number]
    new = etree.fromstring(etree.tostring(first))
    for text in new.iter(w("t")):
        text.text = "An altogether new beginning of the paper, about fees."
    first.addprevious(new)
    opened.write(opened.main, root)
    office.send(opened.to_bytes(), "next.docx")
    office.advance("1.3")
    office.send(changed(office, "canada", new="Fresh"), "canada-2.docx")
    office.send(with_comment(copy_of(office, "iom"), "Which countries?"), "iom-2.docx")
    after_round(office)
    matrix = matrix_of(office)
    assert matrix.formerly == {2: 1, 3: 2, 4: 3, 5: 4, 6: 5}
    table = comment_matrix.table_rows(office.desk, matrix, "en")
    assert [row["¶"] for row in table] == ["1", "6 (¶5 of draft 1)"]
