"""A paper that is changed after it was translated: what is stale, who is asked, what is issued under which symbol."""

from __future__ import annotations

import io
from typing import Literal

import docx
import pytest

from tasks import background_paper
from tasks.adapters.word.annotate import annotate
from tasks.domain.errors import Invalid, NotNow, Unknown
from tasks.domain.readers import ReaderMark, Reading
from tasks.domain.rights import NotYours
from tasks.translation import assign, checked_translation, waive
from tasks.translation.working import load
from tests.tasks.conftest import Opening
from tests.tasks.office_help import Office

PAPER = "1.3"
LANGUAGES = ("fr", "nl", "es")


def amended(office: Office, *marks: ReaderMark) -> bytes:
    """The text in force with tracked changes, as somebody in the capital would send it."""
    final = office.record("background-paper", PAPER).facts["final"]
    return annotate(office.store.get(final), Reading(marks=marks), "ministry", office.now, "late.docx")


def amend(office: Office, *marks: ReaderMark, how: Literal["correction", "revision"] = "correction") -> str:
    data = amended(office, *marks)
    return background_paper.amend(office.desk, PAPER, "late.docx", data, how, "the ministry's new figure")


def issued(at: Opening) -> Office:
    """A paper issued in all its languages."""
    office = at("issued")
    for language in LANGUAGES:
        office.send_translation(f"{PAPER}:{language}")
    office.review(f"{PAPER}:es")
    assert office.advance(PAPER)[-1] == f"{PAPER}: issued in fr, nl, es"
    return office


def left(office: Office, language: str) -> int:
    facts = office.record("translation", f"{PAPER}:{language}").facts["progress"]
    return int(facts["segments"]) - int(facts["done"])


def test_one_paragraph_changed_is_one_row_for_each_translator_with_the_change_marked(at: Opening):
    office = issued(at)
    assert amend(office, ReaderMark(words="word2", instead="figure2")) == (
        f"{PAPER}: 1 paragraph changed, version 5 as correction 1"
    )
    assert office.advance(PAPER) == [
        f"{PAPER}:{language}: 1 segments to translator-{language}" for language in LANGUAGES
    ]
    for language in LANGUAGES:
        assert (office.state("translation", f"{PAPER}:{language}"), left(office, language)) == ("sent", 1)
    file = docx.Document(io.BytesIO(office.store.get(office.document("bilingual", f"{PAPER}:fr", "fr").sha256)))
    [_, row] = file.tables[-1].rows
    marked = {run.text: run.font.strike for run in row.cells[1].paragraphs[0].runs if run.text.strip()}
    assert marked["word2"] is True and marked["figure2"] is not True, "old and new words of the source"
    assert row.cells[2].text.endswith("wôrd2"), "the old translation is offered"
    letter = office.letters()[f"translation-request/{PAPER}:fr/5"]
    assert "a été modifié après sa traduction" in letter.body


def test_a_stale_row_that_comes_back_as_it_was_is_held_up_and_may_be_waived(at: Opening):
    office = issued(at)
    amend(office, ReaderMark(words="word2", instead="figure2"))
    office.advance(PAPER)
    old = {id: held.text for id, held in load(office.desk, office.record("translation", f"{PAPER}:fr")).targets.items()}
    office.send_translation(f"{PAPER}:fr", old)
    [finding] = checked_translation(office.desk, f"{PAPER}:fr").blocking
    assert finding.check == "stale" and "word2" in dict(finding.values)["before"]
    assert office.state("translation", f"{PAPER}:fr") == "sent"
    assert waive(office.desk, f"{PAPER}:fr", [1], "the French says both").endswith("the translation goes on")


def test_a_correction_is_issued_in_all_languages_together_as_corr_1(at: Opening):
    office = issued(at)
    amend(office, ReaderMark(words="word2", instead="figure2"))
    office.advance(PAPER)
    office.send_translation(f"{PAPER}:fr")
    office.send_translation(f"{PAPER}:nl")
    assert office.advance(PAPER) == []
    office.send_translation(f"{PAPER}:es")
    office.review(f"{PAPER}:es")
    assert office.advance(PAPER) == [
        f"{PAPER}:es: read by mexico", f"{PAPER}: issued in fr, nl, es, corrigendum in en, fr, nl, es",
    ]  # fmt: skip
    symbol = office.edition.rules.symbols["background-paper"].format(session=PAPER, suffix="", roundtable="1")
    for language in ("en", *LANGUAGES):
        text = office.text(office.document("corrigendum", PAPER, language))
        assert f"{symbol}/Corr.1" in text
        names = [office.desk.language_name(each, language) for each in ("en", *LANGUAGES)]
        assert all(name in text for name in names), "which languages it concerns"
    english = office.text(office.document("corrigendum", PAPER, "en"))
    assert "word2" in english and "figure2" in english and "word3" not in english
    assert "fîgûré2" in office.text(office.document("background-paper", PAPER, "fr"))
    versions = {
        office.identity(office.document("background-paper", PAPER, each)).version for each in ("en", *LANGUAGES)
    }
    assert versions == {5}
    assert amend(office, ReaderMark(words="word3", instead="figure3")).endswith("as correction 2")


def test_a_correction_that_leaves_a_translation_as_it_is_does_not_concern_its_language(at: Opening):
    office = issued(at)
    amend(office, ReaderMark(words="word2", instead="figure2"))
    office.advance(PAPER)
    for language in LANGUAGES:
        key = f"{PAPER}:{language}"
        old = {id: held.text for id, held in load(office.desk, office.record("translation", key)).targets.items()}
        office.send_translation(key, old)
        waive(office.desk, key, [1], "says both")
    office.review(f"{PAPER}:es")
    assert office.advance(PAPER)[-1].endswith("corrigendum in en")


def test_a_revision_is_issued_whole_under_rev_1(at: Opening):
    office = issued(at)
    assert amend(office, ReaderMark(words="word2", instead="figure2"), how="revision").endswith("as revision 1")
    office.advance(PAPER)
    for language in LANGUAGES:
        office.send_translation(f"{PAPER}:{language}")
    office.review(f"{PAPER}:es")
    assert office.advance(PAPER)[-1] == f"{PAPER}: issued in fr, nl, es"
    for language in ("en", *LANGUAGES):
        assert "/Rev.1" in office.text(office.document("background-paper", PAPER, language))
    assert office.statuses("corrigendum", PAPER) == []


def test_before_it_is_published_a_changed_paper_is_simply_the_next_version(at: Opening):
    office = at("issued")
    office.send_translation(f"{PAPER}:fr")
    assert amend(office, ReaderMark(words="word2", instead="figure2")) == f"{PAPER}: 1 paragraph changed, version 5"
    assert office.advance(PAPER)[0] == f"{PAPER}:fr: 1 segments to translator-fr"
    assert office.state("translation", f"{PAPER}:fr") == "sent"
    assert left(office, "nl") == len(office.translated(f"{PAPER}:nl")), "nothing had come back yet"


def test_a_review_that_is_under_way_ends_with_the_change(at: Opening):
    office = at("issued")
    for language in LANGUAGES:
        office.send_translation(f"{PAPER}:{language}")
    office.advance(PAPER)
    review = office.record("translation-review", f"{PAPER}:es|mexico")
    early = annotate(office.store.get(review.facts["document"]), Reading(marks=()), "mexico", office.now, "m")
    amend(office, ReaderMark(words="word2", instead="figure2"))
    office.advance(PAPER)
    assert office.state("translation-review", f"{PAPER}:es|mexico") == "closed"
    with pytest.raises(NotNow, match=r"no review of 1\.3:es is awaited, the translation is sent"):
        office.send(early)
    office.send_translation(f"{PAPER}:es")
    assert office.review(f"{PAPER}:es")[0].startswith(f"{PAPER}:es: for review to mexico")
    with pytest.raises(NotNow, match=r"no review of|it reviews version 4"):
        office.send(early)


def test_what_cannot_be_amended_is_refused_with_why(at: Opening):
    office = at("issued")
    same = amended(office)
    desk = office.desk
    with pytest.raises(Invalid, match=r"late\.docx: it reads as version 4 of 1\.3, which is in force"):
        background_paper.amend(desk, PAPER, "late.docx", same, "correction", "why")
    with pytest.raises(Invalid, match="needs a reason"):
        background_paper.amend(desk, PAPER, "late.docx", same, "correction", " ")
    with pytest.raises(Unknown, match=r"9\.9: no such paper"):
        background_paper.amend(desk, "9.9", "late.docx", same, "correction", "why")
    with pytest.raises(NotNow, match="only an issued paper is amended"):
        background_paper.amend(desk, "1.1", "late.docx", same, "correction", "why")
    office.by = "nobody-we-know"
    with pytest.raises(NotYours):
        background_paper.amend(office.desk, PAPER, "late.docx", same, "correction", "why")


def test_rows_are_shared_out_among_translators_and_come_back_as_one_paper(at: Opening):
    office = at("issued")
    key = f"{PAPER}:fr"
    ids = list(office.translated(key))
    with pytest.raises(Unknown, match="nobody of this id"):
        assign(office.desk, key, "who", ids[0], ids[1])
    with pytest.raises(Unknown, match=f"no row p999; its rows are {ids[0]} to {ids[-1]}"):
        assign(office.desk, key, "translator-nl", ids[0], "p999")
    told = assign(office.desk, key, "translator-nl", ids[-2], ids[-1])
    assert told == f"{key}: 2 rows from {ids[-2]} to {ids[-1]} for translator-nl"
    share = office.document("bilingual", f"{key}|translator-nl", "fr")
    assert office.identity(share).key == f"{key}|translator-nl"
    assert len(docx.Document(io.BytesIO(office.store.get(share.sha256))).tables[-2].rows) == 3
    assert sorted(office.record("translation", key).facts["with"]) == ["translator-fr", "translator-nl"]
    office.send_translation(key, dict.fromkeys(ids[-2:], ""))
    assert office.record("translation", key).facts["with"] == ["translator-nl"]
    office.send_share(share)
    assert office.state("translation", key) == "received"
    by = {held.by for held in load(office.desk, office.record("translation", key)).targets.values()}
    assert by == {"translator-fr", "translator-nl"}


def test_where_each_language_is_issued_by_itself_the_corrigendum_waits_for_the_last(at: Opening):
    office = at("six_issued")
    others = [language.id for language in office.edition.languages if not language.drafting]

    def back(language: str) -> list[str]:
        office.send_translation(f"A1:{language}")
        if office.edition.language(language).reviewers:
            office.review(f"A1:{language}")
        return office.advance("A1")

    for language in others:
        assert back(language)[-1] == f"A1: issued in {language}"
    final = office.record("background-paper", "A1").facts["final"]
    marks = (ReaderMark(words="word2", instead="figure2"),)
    data = annotate(office.store.get(final), Reading(marks=marks), "ministry", office.now, "late.docx")
    background_paper.amend(office.desk, "A1", "late.docx", data, "correction", "a new figure")
    office.advance("A1")
    for language in others[:-1]:
        assert back(language)[-1] == f"A1: issued in {language}"
    assert office.statuses("corrigendum", "A1") == []
    assert back(others[-1])[-1].startswith(f"A1: issued in {others[-1]}, corrigendum in ")
    assert {language for language, _, _ in office.statuses("corrigendum", "A1")} == {*others, "francais"}


def test_what_was_to_be_mended_is_still_to_be_mended_after_a_change_elsewhere(at: Opening):
    office = at("issued")
    key = f"{PAPER}:fr"
    ids = texts(office)
    office.send_translation(key, {ids[0]: "Rien du tout"})
    assert [each.segment for each in checked_translation(office.desk, key).blocking] == [ids[0]]
    amend(office, ReaderMark(words=office.segment(key, ids[-1]), instead=""))
    office.advance(PAPER)
    assert office.state("translation", key) == "sent"
    letter = office.letters()[f"translation-returned/{key}/5/0/translator-fr"]
    assert ids[0] in letter.body
    office.send_translation(key)
    assert office.state("translation", key) == "received"


def test_a_new_paragraph_that_repeats_another_is_translated_like_it(at: Opening):
    office = issued(at)
    first = office.segment(f"{PAPER}:fr", texts(office)[0])
    amend(office, ReaderMark(words=office.segment(f"{PAPER}:fr", texts(office)[1]), paragraph=first))
    office.advance(PAPER)
    for language in LANGUAGES:
        assert office.state("translation", f"{PAPER}:{language}") in ("received", "reviewing", "issued")
        assert checked_translation(office.desk, f"{PAPER}:{language}").blocking == []


def test_a_file_with_mistakes_is_answered_again_after_a_change(at: Opening):
    office = at("issued")
    key, first = f"{PAPER}:fr", texts(office)[0]
    office.send_translation(key, {first: "Rien du tout"})
    assert f"translation-returned/{key}/4/1" in office.letters()
    amend(office, ReaderMark(words="word2", instead="figure2"))
    office.advance(PAPER)
    assert f"translation-returned/{key}/4/1" in office.letters("cancelled"), "it is about a text no longer in force"
    office.send_translation(key, {texts(office)[1]: "Rien non plus"})
    assert f"translation-returned/{key}/5/1" in office.letters()


def test_requests_to_reviewers_end_with_the_change(at: Opening):
    office = at("issued")
    for language in LANGUAGES:
        office.send_translation(f"{PAPER}:{language}")
    office.advance(PAPER)
    assert f"translation-review/{PAPER}:es/4/mexico" in office.letters()
    amend(office, ReaderMark(words="word2", instead="figure2"))
    office.advance(PAPER)
    assert f"translation-review/{PAPER}:es/4/mexico" in office.letters("cancelled")


def test_waivers_and_shares_go_with_their_rows(at: Opening):
    office = at("issued")
    key, (first, second, *_) = f"{PAPER}:fr", texts(office)
    assign(office.desk, key, "translator-nl", second, second)
    source = office.segment(key, second)
    office.send_translation(key, {second: source, first: "Rien du tout"})
    numbers = [each.segment for each in checked_translation(office.desk, key).findings]
    waive(office.desk, key, [numbers.index(second) + 1], "quoted")
    amend(office, ReaderMark(words=office.segment(key, first), paragraph="Something wholly new and different."))
    office.advance(PAPER)
    facts = office.record("translation", key).facts
    there = next(each.id for each in office.segments(key) if each.text == source)
    assert there != second, "the row has another number now"
    assert list(facts["waived"]) == [f"{there}|untranslated"]
    assert facts["assigned"] == {there: "translator-nl"}
    assert [
        each.segment for each in checked_translation(office.desk, key).blocking if each.check == "untranslated"
    ] == []


def test_each_translator_mends_their_own_rows(at: Opening):
    office = at("issued")
    key = f"{PAPER}:fr"
    second = texts(office)[1]
    assign(office.desk, key, "translator-nl", second, second)
    share = office.document("bilingual", f"{key}|translator-nl", "fr")
    office.send_share(share, {second: "Rien du tout"})
    assert [letter.party for letter in office.letters().values() if letter.kind == "translation-returned"] == [
        "translator-nl"
    ]
    office.send_translation(key, {second: ""})
    assert office.record("translation", key).facts["with"] == ["translator-nl"]
    returned = [letter.party for letter in office.letters().values() if letter.kind == "translation-returned"]
    assert returned == ["translator-nl"], "another translator's file settles nothing of theirs"
    office.send_share(share)
    assert office.state("translation", key) == "received"


def test_a_text_made_from_another_version_is_not_put_in_its_place(at: Opening):
    office = at("issued")
    old = amended(office, ReaderMark(words="word3", instead="figure3"))
    amend(office, ReaderMark(words="word2", instead="figure2"))
    with pytest.raises(Invalid, match=r"it is made from the background paper 1\.3, version 4 in en; version 5 of 1\.3"):
        background_paper.amend(office.desk, PAPER, "late.docx", old, "correction", "why")


def texts(office: Office) -> list[str]:
    """The rows that are no heading of a form."""
    return [each.id for each in office.segments(f"{PAPER}:fr") if "heading" not in each.place]
