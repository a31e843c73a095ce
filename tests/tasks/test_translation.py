"""Stage 4 on a real ledger: bilingual files sent, checked, returned with the figures, issued in their language."""

from __future__ import annotations

import pytest

from tasks.adapters.word.bilingual import fill_targets
from tasks.adapters.word.ingest import open_safely
from tasks.adapters.word.markup import read_markup
from tasks.adapters.word.segments import extract
from tasks.domain.errors import Invalid, NotNow, Unknown
from tasks.domain.rights import NotYours
from tasks.domain.stand_in import stand_in
from tasks.mailroom import receipt_for
from tasks.steps import Received
from tasks.translation import checked_translation, receive, shortened, waive
from tests.proof.returned import alarms_of_home
from tests.tasks.conftest import Opening
from tests.tasks.office_help import Office


def segments(office: Office, key: str):
    return extract(office.desk.open(office.record("translation", key).facts["final"]))


def test_each_translator_is_asked_in_its_language_and_nobody_else(at: Opening):
    office = at("issued")
    assert office.recipients("translation-request") == [
        ("translator-es", "es"),
        ("translator-fr", "fr"),
        ("translator-nl", "nl"),
    ]
    for language in ("es", "fr", "nl"):
        file = office.bilingual(f"1.3:{language}")
        letter = office.letters()[f"translation-request/1.3:{language}/4"]
        assert (letter.attachments, letter.person) == ((file.sha256,), f"translator-{language}")
        identity = office.identity(file)
        assert (identity.kind, identity.key, identity.version) == ("bilingual", f"1.3:{language}", 4)


def test_the_file_has_every_segment(at: Opening):
    office = at("issued")
    text = office.text(office.document("bilingual", "1.3:fr", "fr"))
    assert all(segment.text in text for segment in segments(office, "1.3:fr"))


def test_an_incomplete_file_goes_back_with_the_rows(at: Opening):
    office = at("issued")
    first, second = segments(office, "1.3:fr")[:2]
    total = len(segments(office, "1.3:fr"))
    message = office.send_translation("1.3:fr", {first.id: "", second.id: "  "})
    assert message == (
        f"1.3:fr: {total - 2} of {total} segments translated; without translation: {first.id}, {second.id}"
    )
    record = office.record("translation", "1.3:fr")
    assert (record.state, record.facts["attempt"], record.facts["progress"]["done"]) == ("sent", 1, total - 2)
    assert office.advance("1.3") == []
    # Part of a paper is welcome: nobody is told off, the receipt of a file that comes by mail says what is left.
    assert office.recipients("translation-returned") == []


def test_the_receipt_of_a_part_says_which_rows_are_left(at: Opening):
    office = at("issued")
    first = segments(office, "1.3:fr")[0]
    row = office.document("bilingual", "1.3:fr", "fr")
    data = fill_targets(office.store.get(row.sha256), office.translated("1.3:fr") | {first.id: ""})
    identity = office.identity(row)
    receipt = receipt_for(office.desk, "a.docx", identity, office.record("translation", "1.3:fr"), "translator-fr")
    file = Received("a.docx", data, "0" * 64, open_safely(data, "a.docx"), identity, receipt=receipt)
    receive(office.desk, file)
    [letter] = [each for each in office.letters().values() if each.kind == "acknowledgement"]
    assert f"1 lignes n’ont pas de traduction : {first.id}" in letter.body


def test_parts_add_up_and_later_rows_take_the_place_of_earlier_ones(at: Opening):
    office = at("issued")
    ids = [each.id for each in segments(office, "1.3:fr")]
    half = len(ids) // 2
    office.send_translation("1.3:fr", dict.fromkeys(ids[half:], ""))
    assert office.record("translation", "1.3:fr").facts["progress"]["done"] == half
    office.send_translation("1.3:fr", {ids[0]: "mot mot mot word1", **dict.fromkeys(ids[1:half], "")})
    assert office.state("translation", "1.3:fr") == "received"
    office.send_translation("1.3:nl")
    office.send_translation("1.3:es")


def test_broken_codes_are_told_by_row(at: Opening):
    office = at("issued")
    first = segments(office, "1.3:fr")[0]
    message = office.send_translation("1.3:fr", {first.id: "⟦7⟧mot⟦/7⟧"})
    assert message.endswith(f"codes that differ: {first.id}")
    assert office.state("translation", "1.3:fr") == "sent"
    assert "⟦7⟧" in office.letters()["translation-returned/1.3:fr/4/1"].body


def test_the_paper_is_issued_in_the_language_under_the_version_of_its_source(at: Opening):
    office = at("issued")
    office.send_translation("1.3:fr", {segments(office, "1.3:fr")[0].id: ""})
    total = len(segments(office, "1.3:fr"))
    assert office.send_translation("1.3:fr") == f"1.3:fr: {total} of {total} segments translated"
    assert office.advance("1.3") == [], "all languages are issued together"
    office.send_translation("1.3:nl")
    office.send_translation("1.3:es")
    office.review("1.3:es")
    assert office.advance("1.3") == ["1.3:es: read by mexico", "1.3: issued in fr, nl, es"]
    paper = office.document("background-paper", "1.3", "fr")
    assert (paper.number, office.identity(paper).language, office.identity(paper).version) == (4, "fr", 4)
    text = office.text(paper)
    assert stand_in(office.edition, "en", "fr")("word word word") in text
    assert office.session("1.3").title["fr"] in text
    assert office.desk.words("fr")("labels.final") in text
    with pytest.raises(NotNow, match=r"no translation of 1.3:fr is awaited, it is issued"):
        office.send_translation("1.3:fr", {segments(office, "1.3:fr")[0].id: "autre"})


def test_rows_a_translator_added_do_no_harm(at: Opening):
    office = at("issued")
    row = office.document("bilingual", "1.3:fr", "fr")
    sent = fill_targets(office.store.get(row.sha256), office.translated("1.3:fr"))
    # The last row gets another number, as when somebody copies a row for a remark.
    import io
    from copy import deepcopy

    import docx

    document = docx.Document(io.BytesIO(sent))
    table = document.tables[-1]._tbl
    extra = deepcopy(table.tr_lst[-1])
    texts = [node for node in extra.iter() if node.tag.endswith("}t")]
    for node in texts:
        node.text = ""
    texts[0].text = "remark"
    table.append(extra)
    out = io.BytesIO()
    document.save(out)
    office.send(out.getvalue())
    assert office.state("translation", "1.3:fr") == "received"


def test_a_file_for_an_older_version_is_refused(at: Opening):
    office = at("issued")
    row = office.document("bilingual", "1.3:fr", "fr")
    old = office.desk.stamp(office.store.get(row.sha256), "bilingual", "1.3:fr", "1.3", "fr", 3)
    with pytest.raises(NotNow, match="it translates version 3 of the paper, version 4 is in force"):
        office.send(old)


@pytest.mark.parametrize("language", ["arabe", "chinois", "russe"])
def test_a_paper_drafted_in_french_is_issued_in_each_language(at: Opening, language: str):
    office = at("six_issued")
    office.send_translation(f"A1:{language}")
    if language == "arabe":
        office.review("A1:arabe")
        assert office.advance("A1") == ["A1:arabe: read by gardiennes-de-l-eau, qimma", "A1: issued in arabe"]
    else:
        assert office.advance("A1") == [f"A1: issued in {language}"], "each as it is ready, says this edition"
    paper = office.document("background-paper", "A1", language)
    assert office.session("A1").title[language] in office.text(paper)
    assert (office.identity(paper).language, paper.number) == (language, 5)


def test_the_six_translators(at: Opening):
    office = at("six_issued")
    languages = ("anglais", "arabe", "chinois", "espagnol", "russe")
    assert office.recipients("translation-request") == [(f"traduction-{name}", name) for name in languages]


def test_a_long_list_of_rows_is_shortened():
    assert shortened(["1", "2"]) == "1, 2"
    assert shortened([str(n) for n in range(10)]) == "0, 1, 2, 3, 4, 5, 6, 7 ... (2 more)"


def test_a_finding_goes_back_with_a_report_and_can_be_waived(at: Opening):
    office = at("issued")
    numbered = next(s for s in segments(office, "1.3:fr") if s.text.count("word") > 3)
    source = numbered.text
    assert office.send_translation("1.3:fr", {numbered.id: source}).endswith(
        f"to mend or waive: {numbered.id} untranslated"
    )
    report = office.document("translation-report", "1.3:fr", "fr")
    letter = office.letters()["translation-returned/1.3:fr/4/1"]
    marked = office.document("bilingual-remarks", "1.3:fr", "fr")
    assert letter.attachments == (report.sha256, marked.sha256)
    assert "La ligne répète la source." in office.text(report)
    with pytest.raises(Invalid, match=r"1.3:fr: the findings are numbered 1 to 1, given: 4"):
        waive(office.desk, "1.3:fr", [4], "quoted")
    with pytest.raises(Invalid, match="waiving a finding needs a reason"):
        waive(office.desk, "1.3:fr", [1], " ")
    assert waive(office.desk, "1.3:fr", [1], "quoted as it stands") == (
        "1.3:fr: 1 of 1 findings waived; the translation goes on"
    )
    [(key, waived)] = office.record("translation", "1.3:fr").facts["waived"].items()
    assert key == f"{numbered.id}|untranslated"
    assert (waived["by"], waived["reason"]) == (office.desk.by, "quoted as it stands")
    assert "translation-returned/1.3:fr/4/1" in office.letters("cancelled")
    with pytest.raises(NotNow, match="nothing is left to waive, the translation is received"):
        waive(office.desk, "1.3:fr", [1], "again")


def remarks(office: Office) -> dict[str, str]:
    """What is remarked in the file that went back last, by the words remarked on."""
    file = office.document("bilingual-remarks", "1.3:fr", "fr")
    markup = read_markup(office.desk.open(file.sha256))
    assert {mark.author for mark in markup.marks} == {"Roundtable"}
    return {mark.quote: mark.text for mark in markup.marks}


def test_the_file_goes_back_with_each_finding_on_its_row_and_is_mended_there(at: Opening):
    office = at("issued")
    first, second = [s for s in segments(office, "1.3:fr") if s.text.count("word") > 3][:2]
    found = "à corriger\u00a0: La ligne répète la source."
    office.send_translation("1.3:fr", {first.id: first.text, second.id: second.text})
    assert remarks(office) == {first.text: found, second.text: found}
    for mended, left in ((second, {first.text: found}), (first, None)):
        back = office.store.get(office.document("bilingual-remarks", "1.3:fr", "fr").sha256)
        office.send(fill_targets(back, {mended.id: stand_in(office.edition, "en", "fr")(mended.text)}))
        assert left is None or remarks(office) == left
    assert office.state("translation", "1.3:fr") == "received"


def test_what_the_paper_cannot_be_built_with_cannot_be_waived(at: Opening):
    office = at("issued")
    with pytest.raises(NotNow, match="no translation has come back yet"):
        waive(office.desk, "1.3:fr", [1], "why not")
    office.send_translation("1.3:fr", {segments(office, "1.3:fr")[0].id: ""})
    with pytest.raises(Invalid, match="cannot be waived"):
        waive(office.desk, "1.3:fr", [1], "why not")


def test_a_waiver_holds_for_the_next_file(at: Opening):
    office = at("issued")
    first, second = [s for s in segments(office, "1.3:fr") if s.text.count("word") > 3][:2]
    office.send_translation("1.3:fr", {first.id: first.text, second.id: second.text})
    assert waive(office.desk, "1.3:fr", [1], "quoted").endswith("1 still to mend or waive")
    assert office.send_translation("1.3:fr", {first.id: first.text}).endswith("segments translated")
    assert office.state("translation", "1.3:fr") == "received"


def test_only_whom_the_rights_let_decide_may_waive(at: Opening):
    office = at("issued")
    first = segments(office, "1.3:fr")[0]
    office.send_translation("1.3:fr", {first.id: ""})
    office.by = "nobody-we-know"
    with pytest.raises(NotYours, match="nobody-we-know: is nobody of the Taskforce"):
        waive(office.desk, "1.3:fr", [1], "why not")


def test_a_translation_that_is_not_there_is_told_with_those_that_are(at: Opening):
    office = at("issued")
    for asked in (
        lambda: waive(office.desk, "9.9:fr", [1], "why not"),
        lambda: checked_translation(office.desk, "9.9:fr"),
    ):
        with pytest.raises(Unknown, match=r"9\.9:fr: brussels-2007 has no such translation; it has .*1\.3:fr"):
            asked()


def test_the_translations_of_a_home_are_proved_again(at: Opening):
    office = at("issued")
    quoted = next(s for s in segments(office, "1.3:fr") if s.text.count("word") > 3)
    office.send_translation("1.3:fr", {quoted.id: quoted.text})
    office.send_translation("1.3:es")
    # Offices of the tests share a store.
    (office.home / "store").symlink_to(office.store.home / "store")
    told = alarms_of_home(office.home)["brussels-2007"]
    assert (dict(told.segments), told.share) == ({"es": len(segments(office, "1.3:es"))}, 0.0), "fr is at work"
    waive(office.desk, "1.3:fr", [1], "quoted")
    assert alarms_of_home(office.home)["brussels-2007"].blocking == {"es": 0, "fr": 1}
