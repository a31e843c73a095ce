"""A translator who works in a tool: XLIFF goes out, comes back by the inbox or a mail, and the paper is issued."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from flows.board import place_documents
from flows.mailroom_mails import take_mail
from flows.mailroom_taking import Outcome, assign, take
from tasks import mailroom
from tasks.adapters.contents import XliffFile, open_content
from tasks.adapters.ledger import DocumentRow
from tasks.adapters.mail_in import read_mail
from tasks.adapters.word.bilingual import fill_targets
from tasks.adapters.word.markup.comments import read_comments
from tasks.adapters.word.ooxml import val, w
from tasks.adapters.word.reader import read_body
from tasks.adapters.word.segments import Segment
from tasks.adapters.xliff import read, write_1_2, write_2_0
from tasks.desk import Made
from tasks.domain.checks import Unit
from tasks.domain.edition import FileForm
from tasks.domain.errors import Unsafe
from tasks.domain.stand_in import stand_in
from tasks.domain.targets import Translated
from tasks.domain.text import Table, plain, text_of
from tasks.domain.translation import KINDS
from tasks.mailroom import Came
from tasks.memory import passages_of, remember
from tasks.outbox.composing import compose
from tasks.translation.forms import Share, bilingual_files, rows_to_translate
from tasks.translation.knowing import matches_for
from tasks.translation.reading import targets_in
from tasks.translation.working import load
from tests.tasks.conftest import Opening
from tests.tasks.mailroom_help import mail, sent_in_threads
from tests.tasks.office_help import Office
from tests.tasks.test_mailroom_tray import AT

KEY = "1.3:fr"


@pytest.fixture
def office(at: Opening) -> Office:
    """The paper of 1.3 goes to a French translator who gets every form there is."""
    return wanting(at("submitted"), ["word", "xliff-1.2", "xliff-2.0", "omegat"])


def wanting(office: Office, forms: list[FileForm]) -> Office:
    """The office where the French translator gets these forms, once the paper is issued."""
    edition = office.edition
    languages = [each.model_copy(update={"files": forms}) if each.id == "fr" else each for each in edition.languages]
    fields = {name: getattr(edition, name) for name in type(edition).model_fields}
    office._edition = type(edition).model_construct(**{**fields, "languages": languages})
    office.decide_paper("1.3", "1.3")
    office.advance("1.3")
    return office


def sent(office: Office, form: FileForm) -> DocumentRow:
    return office.document(KINDS[form], KEY, "fr")


def file_of(office: Office, form: FileForm) -> XliffFile:
    row = sent(office, form)
    return read(office.store.get(row.sha256), row.name)


def translated(office: Office, file: XliffFile, **changes: str) -> XliffFile:
    """The file with a stand-in for every row, but for `changes`."""
    translate = stand_in(office.edition, "en", "fr")
    return file.filled({row.id: translate(row.source) for row in file.rows} | changes)


def test_every_form_goes_out_with_one_letter_under_readable_names(office: Office):
    letter = office.letters()[f"translation-request/{KEY}/4"]
    message = compose(office.desk, letter)
    xliff = "application/xliff+xml"
    assert [(each.name, each.mime) for each in message.attachments] == [
        ("1.3-bilingual-v1-fr.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("1.3-bilingual-v1-fr.xlf", xliff),
        ("1.3-bilingual-v1-fr.xliff", xliff),
        ("1.3-bilingual-omegat-v1-fr.xlf", xliff),
    ]
    assert office.desk.words("fr")("translation_files.both") in letter.body
    place_documents(office.desk)
    folder = office.store.home / "documents" / office.name / "1.3" / "translation"
    assert {each.name for each in message.attachments} <= {path.name for path in folder.iterdir()}


def test_all_forms_hold_the_same_rows_and_are_known_as_the_same_file(office: Office):
    one, two, three = (file_of(office, form) for form in ("xliff-1.2", "xliff-2.0", "omegat"))
    assert one == two == three
    word = office.identity(sent(office, "word"))
    assert one.identity == word
    assert (word.kind, word.key, word.version) == ("bilingual", KEY, 4)
    assert (one.source_locale, one.target_locale) == ("en-GB", "fr-BE")
    assert one.notice == office.desk.words("fr")("rehearsal_notice")


def test_a_language_that_wants_no_word_file_gets_none(at: Opening):
    office = wanting(at("submitted"), ["xliff-2.0"])
    letter = office.letters()[f"translation-request/{KEY}/4"]
    assert letter.attachments == (sent(office, "xliff-2.0").sha256,)
    assert office.desk.words("fr")("translation_files.xliff") in letter.body


@pytest.mark.parametrize("form", ["xliff-1.2", "xliff-2.0"])
def test_what_comes_back_is_taken_checked_acknowledged_and_issued(office: Office, form: FileForm):
    write = {"xliff-1.2": write_1_2, "xliff-2.0": write_2_0}[form]
    file = file_of(office, form)
    first = file.rows[0]
    data = write(translated(office, file, **{first.id: ""}))
    total = len(file.rows)
    told = f"{KEY}: {total - 1} of {total} segments translated; without translation: {first.id}"
    assert take(office.desk, Came("traduction finale.xlf", data)) == Outcome("taken", told)
    part = office.letters()[f"acknowledgement/{hashlib.sha256(data).hexdigest()[:16]}"]
    assert first.id in part.body, "the receipt says what is left"
    again = write(translated(office, file))
    assert take(office.desk, Came("traduction finale (2).xlf", again)).kind == "taken"
    receipt = office.letters()[f"acknowledgement/{hashlib.sha256(again).hexdigest()[:16]}"]
    assert receipt.party == "translator-fr"
    names = [row.name for row in office.ledger.documents(office.name, kind="bilingual-received", key=KEY)]
    assert names == ["1.3-bilingual-received-v1-fr.xlf", "1.3-bilingual-received-v2-fr.xlf"]
    held = load(office.desk, office.record("translation", KEY)).targets
    assert held[first.id].text == stand_in(office.edition, "en", "fr")(first.source)


def test_whoever_got_every_form_may_return_the_one_in_word(office: Office):
    translate = stand_in(office.edition, "en", "fr")
    data = office.store.get(sent(office, "word").sha256)
    targets = {row.id: translate(row.source) for row in file_of(office, "omegat").rows}
    assert take(office.desk, Came("x.docx", fill_targets(data, targets))).kind == "taken"
    assert office.state("translation", KEY) == "received"


def test_a_mail_brings_it_in(office: Office):
    data = write_1_2(translated(office, file_of(office, "xliff-1.2")))
    threads = sent_in_threads(office)
    sender = office.edition.person("translator-fr").email
    assert sender is not None
    posted = mail(sender, [("1.3 fr.xlf", data)], reply_to=threads[f"translation-request/{KEY}/4"])
    [outcome] = take_mail(office.desk, read_mail(posted, "<1@x>", AT))
    assert (outcome.kind, office.state("translation", KEY)) == ("taken", "received")


def test_a_file_without_identity_waits_in_the_tray_with_the_right_suggestion(office: Office):
    file = translated(office, file_of(office, "xliff-1.2"))
    bare = write_1_2(replace(file, identity=None))
    assert take(office.desk, Came("sans nom.xlf", bare)).kind == "tray"
    [record] = mailroom.waiting(office.desk)
    assert [(each["kind"], each["key"]) for each in record.facts["suggestions"]][:1] == [("bilingual", KEY)]
    assert "segments translated" in assign(office.desk, record.key, "1")
    assert office.state("translation", KEY) == "received"


def files_of(office: Office, segment: Segment) -> list[Made]:
    """The files of a paper that is one segment."""
    record, share = office.record("translation", KEY), Share([segment], office.today)
    return bilingual_files(
        office.desk, office.session("1.3"), record, 4, share, Translated({}), matches_for(office.desk, "fr", [segment])
    )


def test_the_translator_sees_the_terms_of_the_paper(office: Office):
    """In Word as a table after the rows, in XLIFF as notes of the row."""
    source = "Remittances from the Netherlands, and remittances again"
    targets = {"remittances": "envois de fonds · ", "Netherlands": "Pays-Bas"}
    segment = Segment("p1", "paragraph 1", source)
    [row] = rows_to_translate(office.desk, "fr", [segment], Translated({}), {})
    assert [note.partition(": ")[0] for note in row.notes] == ["Netherlands", "remittances"]
    made = files_of(office, segment)
    docx = office.desk.open(made[0].sha256)
    *_, heading, last = (block for block in read_body(docx).blocks if text_of(block).strip())
    assert isinstance(last, Table)
    assert text_of(heading) == office.desk.words("fr")("instructions.glossary-heading")
    assert [plain(term) for term, _ in last.rows[1:]] == ["Netherlands", "remittances"]
    assert all(plain(called).startswith(targets[plain(term)]) for term, called in last.rows[1:])
    assert targets_in(docx)["p1"] == ""
    tables = list(docx.tree(docx.main).iter(w("tbl")))
    assert tables[-1].find(f".//{w('tblHeader')}") is not None
    assert val(tables[-1].find(f".//{w('tblStyle')}")) == "RoundtableTable"


def test_a_paper_without_terms_has_no_table_of_them(office: Office):
    made = files_of(office, Segment("p1", "paragraph 1", "Nothing of the kind"))
    heading = office.desk.words("fr")("instructions.glossary-heading")
    docx = office.desk.open(made[0].sha256)
    assert heading not in [text_of(block) for block in read_body(docx).blocks]


def test_a_term_put_otherwise_is_told_and_holds_nothing_up(office: Office):
    file = translated(office, file_of(office, "xliff-1.2"))
    row = next(row for row in file.rows if row.notes)
    data = write_1_2(file.filled({row.id: "Tout autre chose"}))
    assert take(office.desk, Came("x.xlf", data)).message.endswith("segments translated")
    report = office.text(office.document("translation-report", KEY, "fr"))
    assert "n’est pas traduit comme le veut le glossaire" in report
    assert office.state("translation", KEY) == "received"


@pytest.mark.parametrize(("locale", "kind"), [("FR_be", "taken"), ("fr", "taken"), ("", "taken"), ("nl-BE", "refused")])
def test_the_language_a_tool_names_must_be_the_one_that_is_awaited(office: Office, locale: str, kind: str):
    file = replace(translated(office, file_of(office, "xliff-1.2")), target_locale=locale)
    assert take(office.desk, Came("x.xlf", write_1_2(file))).kind == kind


def test_what_is_broken_or_another_s_is_refused_and_its_sender_told(office: Office):
    file = translated(office, file_of(office, "xliff-1.2"))
    identity = file.identity
    assert identity is not None
    old, elsewhere, paper = (
        write_1_2(replace(file, identity=replace(identity, **other)))
        for other in ({"version": 3}, {"edition": "atlantis"}, {"kind": "background-paper", "key": "1.3"})
    )
    whole = write_1_2(file)
    for name, data, told in (
        ("a.xlf", whole[: len(whole) // 2], "not well-formed XML"),
        ("b.xlf", whole.replace(b"<source>", b"<source><b/>", 1), "none of our inline codes"),
        ("c.xlf", old, "it translates version 3 of the paper, version 4 is in force"),
        ("d.xlf", elsewhere, "belongs to the edition atlantis, not to brussels-2007"),
        ("e.xlf", paper, "it is XLIFF and cannot be the background paper 1.3 in fr; ask for it as a Word file"),
    ):
        outcome = take(office.desk, Came(name, data))
        assert (outcome.kind, outcome.message[:5]) == ("refused", name)
        assert told in outcome.message
    with pytest.raises(Unsafe) as refused:
        open_content(whole[:-9], "a.xlf")
    assert mailroom.advice_on(refused.value) == "save_xliff"
    assert office.state("translation", KEY) == "sent"


def test_what_the_memory_has_that_is_nearly_the_same_is_shown_beside_the_row(office: Office):
    """A comment in Word, a match in XLIFF, and in neither the translation: that is for the translator to write."""
    segment = Segment("p1", "paragraph 1", "Snow reservoirs feed the rivers of the whole valley")
    desk = office.desk
    with desk.change("another paper came back") as change:
        known = [Unit("x", "Snow reservoirs feed the rivers of the upper valley", "")]
        passages = passages_of(known, {"x": "Les neiges nourrissent les rivières de la haute vallée"})
        remember(desk, change, "en", "fr", passages, paper="1.1", session="1.1", origin="reviewed")
    word, tool, *_ = files_of(office, segment)
    row = next(row for row in read(office.store.get(tool.sha256), tool.name).rows)
    assert (row.target, row.status) == ("", "open")
    assert [match.text for match in row.matches] == ["Les neiges nourrissent les rivières de la haute vallée"]
    docx = office.desk.open(word.sha256)
    assert targets_in(docx)["p1"] == ""
    [comment] = read_comments(docx)
    assert "brussels-2007 1.1" in comment.text and row.matches[0].text in comment.text
    assert f"{row.matches[0].score}" in comment.text
