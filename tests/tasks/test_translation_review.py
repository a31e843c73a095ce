"""Reviewers of a translation on a real ledger: real Word files with tracked changes and comments come back."""

from __future__ import annotations

import pytest

from tasks.adapters.word.annotate import annotate
from tasks.adapters.word.bilingual import fill_targets
from tasks.decisions import Correction
from tasks.domain import process
from tasks.domain.errors import Conflict, Invalid, NotNow, Unknown
from tasks.domain.readers import ReaderMark, Reading
from tasks.domain.rights import NotYours
from tasks.translation import answer_review, checked_translation, correct_review, waive
from tasks.translation.working import load
from tests.tasks.conftest import Opening
from tests.tasks.office_help import Office

KEY = "1.3:es"
REVIEWER = "mexico"


def translated(at: Opening) -> Office:
    """A paper whose translations are all with us; the Spanish one has a reviewer."""
    office = at("issued")
    for language in ("fr", "nl", "es"):
        office.send_translation(f"1.3:{language}")
    return office


def target(office: Office, ending: str):
    """The target that ends with some words, and its segment."""
    targets = load(office.desk, office.record("translation", KEY)).targets
    return next((id, held) for id, held in targets.items() if held.text.endswith(ending))


def test_the_reviewer_gets_the_paper_in_the_language_and_a_letter_in_their_own(at: Opening):
    office = translated(at)
    assert office.advance("1.3") == [f"{KEY}: for review to {REVIEWER} until 5 July 2007"]
    paper = office.document("translation-review", KEY, "es", REVIEWER)
    who = office.identity(paper)
    assert (who.kind, who.key, who.language) == ("translation-review", f"{KEY}|{REVIEWER}", "es")
    assert office.desk.words("es")("labels.for_review") in office.text(paper)
    letter = office.letters()[f"translation-review/{KEY}/4/{REVIEWER}"]
    assert (letter.party, letter.attachments) == (REVIEWER, (paper.sha256,))
    view = office.desk.view(office.session("1.3"))
    [wait] = [each for each in process.waits(view, office.today) if each.kind == "translation-review"]
    assert (wait.parties, wait.until.isoformat()) == ((REVIEWER,), "2007-07-05")
    assert office.advance("1.3") == []


@pytest.mark.parametrize("tracking", [True, False])
def test_a_correction_tracked_or_not_goes_into_the_paper(at: Opening, tracking: bool):
    office = translated(at)
    id, before = target(office, "1")
    words = before.text.split()[-1]
    reading = Reading(tracking=tracking, marks=(ReaderMark(words=words, instead="mejor1"),))
    said = office.review(KEY, {REVIEWER: reading})
    assert said[-1] == f"{KEY}: 1 rows corrected and 0 remarks by {REVIEWER}"
    held = load(office.desk, office.record("translation", KEY)).targets
    assert held[id].text == before.text.replace(words, "mejor1")
    assert (held[id].origin, held[id].by, held[id].reader) == ("reviewer", REVIEWER, REVIEWER)
    assert office.advance("1.3") == [f"{KEY}: read by {REVIEWER}", "1.3: issued in fr, nl, es"]
    assert "mejor1" in office.text(office.document("background-paper", "1.3", "es"))
    held = load(office.desk, office.record("translation", KEY)).targets
    assert {each.reader for each in held.values()} == {REVIEWER}


def test_a_comment_goes_to_the_translator_whose_new_words_settle_it(at: Opening):
    office = translated(at)
    id, before = target(office, "1")
    words = before.text.split()[-1]
    marks = (ReaderMark(words=words, comment="¿Es este el término oficial?"),)
    office.review(KEY, {REVIEWER: Reading(marks=marks)})
    assert office.advance("1.3") == [f"{KEY}: read by {REVIEWER}; 1 findings go to the translator"]
    letter = office.letters()[f"translation-returned/{KEY}/4/review/translator-es"]
    assert "¿Es este el término oficial?" in letter.body
    assert letter.party == "translator-es"
    [finding] = checked_translation(office.desk, KEY).blocking
    assert (finding.segment, finding.check) == (id, "remark")
    office.send_translation(KEY, {id: before.text.replace(words, "otro1")})
    assert office.advance("1.3") == ["1.3: issued in fr, nl, es"], "who mends a remark is not reviewed again"


def test_a_remark_may_be_waived_by_somebody_with_a_reason(at: Opening):
    office = translated(at)
    words = target(office, "1")[1].text.split()[-1]
    marks = (ReaderMark(words=words, comment="¿Seguro?"),)
    office.review(KEY, {REVIEWER: Reading(marks=marks)})
    office.advance("1.3")
    office.send_translation(KEY)
    assert waive(office.desk, KEY, [1], "it is the term of the glossary").endswith("the translation goes on")
    assert office.advance("1.3") == ["1.3: issued in fr, nl, es"]


def test_a_paragraph_a_reviewer_adds_or_strikes_out_is_a_remark_and_not_made(at: Opening):
    office = translated(at)
    first, second = (target(office, number)[1].text for number in "12")
    marks = (ReaderMark(words=first, paragraph="Un párrafo nuevo."), ReaderMark(words=second, instead=""))
    said = office.review(KEY, {REVIEWER: Reading(marks=marks)})
    assert said[-1] == f"{KEY}: 0 rows corrected and 2 remarks by {REVIEWER}"
    office.advance("1.3")
    found = [dict(each.values)["said"] for each in checked_translation(office.desk, KEY).blocking]
    assert any("Un párrafo nuevo." in said for said in found)


def test_a_review_that_does_not_come_is_gone_on_without_with_a_name_and_a_reason(at: Opening):
    office = translated(at)
    office.advance("1.3")
    with pytest.raises(Invalid, match="needs a reason"):
        answer_review(office.desk, KEY, REVIEWER, "unanswered")
    with pytest.raises(Unknown, match=rf"has no review {KEY}\|peru; it has {KEY}\|{REVIEWER}"):
        answer_review(office.desk, KEY, "peru", "nil")
    told = answer_review(office.desk, KEY, REVIEWER, "unanswered", "the Forum opens on Monday")
    assert told == f"{KEY}: goes on without {REVIEWER}"
    assert answer_review(office.desk, KEY, REVIEWER, "unanswered", "the Forum opens on Monday").startswith(
        f"{KEY}|{REVIEWER}: already decided so by {office.by}"
    )
    with pytest.raises(Conflict, match="was decided otherwise: 'unanswered' by"):
        answer_review(office.desk, KEY, REVIEWER, "nil")
    assert office.advance("1.3") == [f"{KEY}: read by nobody", "1.3: issued in fr, nl, es"]
    with pytest.raises(NotNow, match=r"no review of 1\.3:es is awaited, the translation is issued"):
        answer_review(office.desk, KEY, REVIEWER, "nil")


def test_a_reviewers_answer_is_corrected_while_the_review_lasts(at: Opening):
    office = translated(at)
    office.advance("1.3")
    answer_review(office.desk, KEY, REVIEWER, "nil")
    review, mended = f"{KEY}|{REVIEWER}", Correction(f"review/{KEY}|{REVIEWER}/4", "It was another paper.")
    assert correct_review(office.desk, review, "awaited", mended).splitlines() == [
        f"{KEY}: the review of {REVIEWER} is awaited again",
        f"{review} translation review: nil back to asked",
    ]
    assert office.record("translation-review", review).state == "asked"
    assert office.advance("1.3") == [], "the paper waits for the reviewer"
    with pytest.raises(Invalid, match="needs a reason"):
        correct_review(office.desk, review, "unanswered", Correction(mended.key, " "))
    with pytest.raises(Invalid, match="'maybe' is no answer of a reviewer; correct it to nil, unanswered, awaited"):
        correct_review(office.desk, review, "maybe", mended)
    assert correct_review(office.desk, review, "unanswered", mended) == f"{KEY}: goes on without {REVIEWER}"
    assert office.advance("1.3") == [f"{KEY}: read by nobody", "1.3: issued in fr, nl, es"]
    with pytest.raises(NotNow, match="the review is over, the translation is issued; tell the translator"):
        correct_review(office.desk, review, "awaited", mended)


def test_a_reading_that_came_in_is_not_taken_back_with_the_answer_before_it(at: Opening):
    office = translated(at)
    office.advance("1.3")
    answer_review(office.desk, KEY, REVIEWER, "nil")
    document = office.record("translation-review", f"{KEY}|{REVIEWER}").facts["document"]
    words = target(office, "1")[1].text.split()[-1]
    reading = Reading(marks=(ReaderMark(words=words, instead="mejor1"),))
    office.send(annotate(office.store.get(document), reading, REVIEWER, office.now, REVIEWER), "reading.docx")
    before = office.ledger.snapshot(office.name)
    with pytest.raises(NotNow, match=f"{REVIEWER} was asked anew or has answered since"):
        correct_review(office.desk, f"{KEY}|{REVIEWER}", "awaited", Correction(f"review/{KEY}|{REVIEWER}/4", "Wrong."))
    assert office.ledger.snapshot(office.name) == before


def test_only_whom_the_rights_let_decide_goes_on_without_a_review(at: Opening):
    office = translated(at)
    office.advance("1.3")
    office.by = "nobody-we-know"
    with pytest.raises(NotYours, match="nobody-we-know"):
        answer_review(office.desk, KEY, REVIEWER, "nil")


def test_a_correction_stays_when_the_translator_mends_something_else_in_the_file_from_before(at: Opening):
    office = translated(at)
    corrected, before = target(office, "1")
    remarked, other = target(office, "2")
    marks = (
        ReaderMark(words=before.text.split()[-1], instead="mejor1"),
        ReaderMark(words=other.text.split()[-1], comment="¿Seguro?"),
    )
    old = office.bilingual(KEY)
    office.review(KEY, {REVIEWER: Reading(marks=marks)})
    office.advance("1.3")
    assert office.bilingual(KEY).number == old.number + 1, "the translator gets the row remarked on as it stands"
    mended = {**office.translated(KEY), remarked: other.text.replace(other.text.split()[-1], "otro2")}
    office.send(fill_targets(office.store.get(old.sha256), mended))
    held = load(office.desk, office.record("translation", KEY)).targets
    assert held[corrected].text.endswith("mejor1") and held[corrected].reader == REVIEWER
    assert office.advance("1.3") == ["1.3: issued in fr, nl, es"]
    assert "mejor1" in office.text(office.document("background-paper", "1.3", "es"))
