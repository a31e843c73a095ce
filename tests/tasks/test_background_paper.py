"""Stage 2 on a real ledger: the skeleton, drafts in rounds, silence, late comments, the frozen text."""

from __future__ import annotations

import datetime as dt

import pytest

from tasks import background_paper, forum
from tasks.decisions import Correction
from tasks.domain.errors import Conflict, Invalid, NotNow, Unknown
from tests.tasks.conftest import Opening
from tests.tasks.office_help import Office

# The team of 1.3 in a rehearsal, less its writer Bangladesh, with Norvania that joined at the meeting.
PARTNERS = {
    "canada": "en",
    "ferme": "fr",
    "guatemala": "es",
    "iom": "en",
    "manpower-resources-of-asia": "en",
    "norvania": "fr",
    "uc-davis": "en",
    "united-states": "en",
    "valdoria": "en",
}


def circulated(office: Office) -> Office:
    office.on("draft-1")
    office.send_paper("1.3")
    office.advance("1.3")
    return office


def after_round(office: Office) -> list[str]:
    until = dt.date.fromisoformat(office.record("background-paper", "1.3").facts["until"])
    office.today = until + dt.timedelta(days=1)
    return office.advance("1.3")


def test_the_team_is_as_these_tests_say(at: Opening):
    office = at("writing")
    team = office.session("1.3").team
    assert team is not None
    assert set(team.bodies) - {"bangladesh"} | {"norvania"} == set(PARTNERS)
    assert {body: office.edition.body(body).language for body in PARTNERS} == PARTNERS


def test_the_writer_alone_gets_the_skeleton(at: Opening):
    office = at("writing")
    assert office.recipients("paper-invitation") == [("bangladesh", "en")]
    skeleton = office.document("paper-skeleton", "1.3", "en")
    assert office.letters()["paper-invitation/1.3"].attachments == (skeleton.sha256,)
    identity = office.identity(skeleton)
    assert (identity.kind, identity.key, identity.version) == ("background-paper", "1.3", 0)
    assert "Norvania" in office.text(skeleton)


def test_every_focal_point_is_called_on_for_input_once(at: Opening):
    office = at("writing")
    assert [s.name for s in forum.due(office.desk)] == ["call_for_input"]
    forum.call_for_input(office.desk, key="call-for-input")
    expected = sorted((body.id, body.language) for body in office.edition.bodies)
    assert office.recipients("call-for-input") == expected
    assert forum.due(office.desk) == []


def test_a_draft_goes_to_every_partner_and_to_nobody_else(at: Opening):
    office = circulated(at("writing"))
    assert office.state("background-paper", "1.3") == "circulated"
    assert office.recipients("circulation") == sorted(PARTNERS.items())
    assert office.recipients("paper-returned") == []
    for body in PARTNERS:
        copy = office.document("circulation", "1.3", "en", party=body)
        letter = office.letters()[f"circulation/1.3/1/{body}"]
        assert letter.attachments == (copy.sha256,)
        identity = office.identity(copy)
        assert (identity.kind, identity.key, identity.version) == ("comments", f"1.3|{body}", 1)
    asked = {r.facts["body"] for r in office.ledger.records(office.name, "comments") if r.state == "asked"}
    assert asked == set(PARTNERS)


def test_a_draft_that_comes_late_leaves_partners_their_days(at: Opening):
    office = at("writing")
    office.on("comments-1", days=-1)
    office.send_paper("1.3")
    office.advance("1.3")
    until = dt.date.fromisoformat(office.record("background-paper", "1.3").facts["until"])
    assert (until - office.today).days >= 7
    assert until > office.day_of("comments-1")


@pytest.mark.parametrize(
    "words, leave_out, told",
    [
        (1300, (), "words, the limit is 6,000; return it to bangladesh to cut"),
        (5, ("origin",), "the part 'origin' is missing"),
    ],
)
def test_a_text_that_cannot_be_taken_goes_back_to_its_writer(
    at: Opening, words: int, leave_out: tuple[str, ...], told: str
):
    office = at("writing")
    assert told in office.send_paper("1.3", words=words, leave_out=leave_out)
    record = office.record("background-paper", "1.3")
    assert (record.state, record.facts["attempt"], record.facts["version"]) == ("writing", 1, 0)
    assert office.recipients("paper-returned") == [("bangladesh", "en")]
    assert office.letters().keys() >= {"paper-returned/1.3/1"}
    assert "draft 1 from bangladesh" in office.send_paper("1.3")
    assert office.record("background-paper", "1.3").facts["attempt"] == 2


def test_a_text_based_on_an_older_version_is_refused(at: Opening):
    office = at("writing")
    skeleton = office.document("paper-skeleton", "1.3", "en")
    circulated(office)
    after_round(office)
    with pytest.raises(NotNow, match=r"based on version 0 of 1\.3, version 1 is in force"):
        office.send_paper("1.3", words=14, based_on=skeleton)


@pytest.mark.parametrize("moment", ["submitted", "issued"])
def test_a_text_nobody_awaits_is_refused(at: Opening, moment: str):
    with pytest.raises(NotNow, match=r"no text of 1\.3 is awaited"):
        at(moment).send_paper("1.3", words=33)


def test_a_text_is_not_taken_while_its_draft_goes_round(at: Opening):
    with pytest.raises(NotNow, match="the paper is circulated at version 1; keep the file until the round is over"):
        circulated(at("writing")).send_paper("1.3", words=33)


def test_the_round_is_over_when_everybody_has_answered(at: Opening):
    office = circulated(at("writing"))
    for body in PARTNERS:
        assert office.advance("1.3") == []
        assert office.send_comments("1.3", body) == f"1.3: comments of {body} on draft 1"
    assert office.advance("1.3") == [
        "1.3: round 1 closed, 9 answered, 0 silent",
        "1.3: 9 comments on draft 1 from 9 partners",
    ]
    assert office.state("background-paper", "1.3") == "deciding"
    office.decide_comments("1.3")
    assert office.advance("1.3") == [
        "1.3: comments on draft 1 are answered, 9 replies",
        "1.3: the next text is asked for",
    ]
    assert office.recipients("next-draft") == [("bangladesh", "en")]
    record = office.record("background-paper", "1.3")
    assert (record.state, record.facts["round"], record.facts.get("until")) == ("writing", 2, None)


def test_who_is_silent_is_named_to_the_writer_and_the_round_goes_on_without(at: Opening):
    office = circulated(at("writing"))
    office.send_comments("1.3", "canada")
    assert after_round(office)[0] == "1.3: round 1 closed, 1 answered, 8 silent"
    office.decide_comments("1.3")
    office.advance("1.3")
    letter = office.letters()["next-draft/1.3/1"].body
    names = {body: office.edition.body(body).names["en"] for body in PARTNERS}
    assert all(name in letter for name in names.values())
    states = {r.facts["body"]: r.state for r in office.ledger.records(office.name, "comments")}
    assert states == {body: "answered" if body == "canada" else "silent" for body in PARTNERS}


def test_a_nil_return_is_corrected_while_the_draft_circulates(at: Opening):
    office = circulated(at("writing"))
    background_paper.nil_return(office.desk, office.session("1.3"), "1.3", "iom")
    asked, mended = "1.3|1|iom", Correction("comments/1.3|1|iom/1", "It was about another paper.")
    assert background_paper.correct_nil_return(office.desk, asked, "awaited", mended).splitlines() == [
        "1.3: iom is awaited again with comments on draft 1",
        "1.3|1|iom comments: nil back to asked",
    ]
    assert office.state("comments", asked) == "asked"
    for to, reason, problem in [("accept", "x", "correct it to 'awaited' or 'nil'"), ("nil", " ", "needs a reason")]:
        with pytest.raises(Invalid, match=problem):
            background_paper.correct_nil_return(office.desk, asked, to, Correction(mended.key, reason))
    told = background_paper.correct_nil_return(office.desk, asked, "nil", mended)
    assert (told, office.state("comments", asked)) == ("1.3: iom has no comments on draft 1", "nil")
    answers = [row.answer["answer"] for row in office.ledger.decisions(office.name, key=mended.key)]
    assert answers == ["nil", "awaited", "nil"]


def test_a_partner_may_have_nothing_to_say_again_when_another_draft_goes_round_in_the_same_round(at: Opening):
    office = circulated(at("writing"))
    session = office.session("1.3")
    background_paper.nil_return(office.desk, session, "1.3", "iom")
    office.outcome("1.3", "supported", ["norvania"], reason="Misheard.", correct="outcome/1.3/fof-2")
    assert office.state("comments", "1.3|1|iom") == "silent"
    office.advance("1.3")
    circulated(office)
    assert office.state("comments", "1.3|1|iom") == "asked"
    told = background_paper.nil_return(office.desk, session, "1.3", "iom")
    assert (told, office.state("comments", "1.3|1|iom")) == ("1.3: iom has no comments on draft 1", "nil")


def test_a_nil_return_is_not_corrected_once_comments_have_come_or_the_round_is_over(at: Opening):
    office = circulated(at("writing"))
    for body in ("iom", "canada"):
        background_paper.nil_return(office.desk, office.session("1.3"), "1.3", body)
    office.send_comments("1.3", "iom")
    with pytest.raises(NotNow, match="iom has sent comments on draft 1 since, and they count"):
        background_paper.correct_nil_return(
            office.desk, "1.3|1|iom", "awaited", Correction("comments/1.3|1|iom/1", "Wrong.")
        )
    after_round(office)
    with pytest.raises(NotNow, match="draft 1 circulates no more; have the comments of canada sent in"):
        background_paper.correct_nil_return(
            office.desk, "1.3|1|canada", "awaited", Correction("comments/1.3|1|canada/1", "Wrong.")
        )
    office.send_comments("1.3", "canada")
    assert office.state("comments", "1.3|1|canada") == "answered", "what the refusal advises is possible"


def test_late_comments_are_registered_with_their_round(at: Opening):
    office = circulated(at("writing"))
    after_round(office)
    assert office.send_comments("1.3", "iom") == "1.3: comments of iom on draft 1, after the round was closed"
    record = office.record("comments", "1.3|1|iom")
    assert (record.state, record.facts["late"], record.facts["round"]) == ("answered", True, 1)
    assert office.state("background-paper", "1.3") == "writing"


def test_late_comments_stay_when_the_decision_on_the_text_is_corrected(at: Opening):
    office = at("issued")
    office.send_comments("1.3", "iom", version=1)
    told = office.decide_paper("1.3", "1.3", "return", "A table is wrong.", correct="paper/1.3/3")
    assert "comments" not in told
    assert office.state("comments", "1.3|1|iom") == "answered"


def test_of_two_files_of_one_partner_for_one_round_the_newest_holds_and_both_are_kept(at: Opening):
    office = circulated(at("writing"))
    office.send_comments("1.3", "iom")
    first = office.record("comments", "1.3|1|iom").facts["file"]
    told = office.send_comments("1.3", "iom", mark="other")
    assert told == f"1.3: comments of iom on draft 1; they take the place of those of {office.today:%-d %B %Y}"
    record = office.record("comments", "1.3|1|iom")
    rows = office.ledger.documents(office.name, kind="comments-received", key="1.3", party="iom")
    assert [(row.sha256, row.status) for row in rows] == [(first, "superseded"), (record.facts["file"], "received")]
    lines = office.ledger.history(office.name, kind="comments-received")
    assert [line.change["sha256"] for line in lines if line.why.startswith("a newer file of iom")] == [first]


def test_a_copy_of_somebody_who_was_not_asked_is_refused(at: Opening):
    office = circulated(at("writing"))
    copy = office.document("circulation", "1.3", "en", party="iom")
    foreign = office.desk.stamp(office.store.get(copy.sha256), "comments", "1.3|spain", "1.3", "en", 1)
    with pytest.raises(Unknown, match=r"spain was not asked for comments on version 1 of 1\.3"):
        office.send(foreign)


def test_after_the_last_round_the_text_is_the_final_one(at: Opening):
    office = at("submitted")
    record = office.record("background-paper", "1.3")
    assert (record.state, record.facts["round"], record.facts["version"]) == ("submitted", 3, 3)
    assert office.advance("1.3") == []
    assert sorted(office.letters()) == sorted(
        [
            "note-invitation/1.2", "note-invitation/1.3", "note-accepted/1.3/1", "paper-invitation/1.3",
            *(f"circulation/1.3/2/{body}" for body in PARTNERS), "next-draft/1.3/1", "next-draft/1.3/2",
        ]
    )  # fmt: skip
    # Nobody sent the first draft round before there was a second: those letters carried what no longer holds.
    gone = office.letters("cancelled")
    assert sorted(gone) == sorted(f"circulation/1.3/1/{body}" for body in PARTNERS)
    assert {row.reason for row in gone.values()} == {"circulation 1.3: version 2 takes its place"}


def test_the_frozen_text_is_issued_as_its_last_version(at: Opening):
    office = at("issued")
    assert office.state("background-paper", "1.3") == "issued"
    versions = [(1, "superseded"), (2, "superseded"), (3, "superseded"), (4, "current")]
    assert [(n, s) for _, n, s in office.statuses("background-paper", "1.3")] == versions
    final = office.document("background-paper", "1.3", "en")
    assert office.desk.words("en")("labels.final") in office.text(final)
    assert office.identity(final).version == 4


def test_a_final_text_returned_with_a_reason_comes_again(at: Opening):
    office = at("submitted")
    office.decide_paper("1.3", "1.3", "return", "The table lacks a source.")
    assert office.recipients("paper-returned") == [("bangladesh", "en")]
    assert "The table lacks a source." in office.letters()["paper-returned/1.3/3/decision"].body
    assert "final text from bangladesh" in office.send_paper("1.3", words=25)
    office.decide_paper("1.3", "1.3")
    assert office.state("background-paper", "1.3") == "frozen"


def test_decisions_on_a_paper_once_and_only_on_a_final_text(at: Opening):
    office = at("submitted")
    office.decide_paper("1.3", "1.3")
    assert "already decided so by R. De Clercq" in office.decide_paper("1.3", "1.3")
    with pytest.raises(Conflict, match=r"freeze.*by R. De Clercq"):
        office.decide_paper("1.3", "1.3", "return", "no")
    with pytest.raises(Invalid, match="'thaw' is no decision"):
        office.decide_paper("1.3", "1.3", "thaw")
    with pytest.raises(Invalid, match="with a reason"):
        office.decide_paper("1.3", "1.3", "return")
    with pytest.raises(Unknown, match="no such paper"):
        office.decide_paper("1.3", "9.9")


@pytest.mark.parametrize("answer", ["freeze", "return"])
def test_a_draft_that_goes_round_is_not_decided_on(at: Opening, answer: str):
    office = circulated(at("writing"))
    with pytest.raises(NotNow, match=r"is circulated, no final text awaits a decision; awaiting one now: none"):
        office.decide_paper("1.3", "1.3", answer, "because")
    assert office.state("background-paper", "1.3") == "circulated"
    assert office.recipients("paper-returned") == []


def test_a_corrected_freeze_takes_the_final_text_and_its_translations_back(at: Opening):
    office = at("issued")
    told = office.decide_paper("1.3", "1.3", "return", "Wrong annex.", correct="paper/1.3/3").splitlines()
    assert told[0] == "1.3 background paper: return by R. De Clercq"
    assert set(told[1:]) == {
        "1.3 background paper: issued back to submitted",
        *(f"1.3:{language} translation: sent back to planned" for language in ("fr", "nl", "es")),
        "1.3-background-paper-v4-en.docx is superseded",
        *(f"1.3-bilingual-v1-{file} is superseded" for file in ("fr.docx", "nl.xlf", "es.docx")),
        *(f"1.3-translation-text-v1-{language}.json is superseded" for language in ("fr", "nl", "es")),
        *(f"letter translation-request/1.3:{language}/4 is cancelled" for language in ("fr", "nl", "es")),
    }
    assert office.recipients("translation-request") == []
    assert office.state("background-paper", "1.3") == "writing"


def test_after_a_corrected_freeze_the_next_text_goes_the_whole_way_again(at: Opening):
    office = at("issued")
    office.decide_paper("1.3", "1.3", "return", "Wrong annex.", correct="paper/1.3/3")
    received = office.ledger.documents(office.name, kind="background-paper", key="1.3", language="en")[2]
    office.send_paper("1.3", words=26, based_on=received)
    office.decide_paper("1.3", "1.3")
    office.advance("1.3")
    assert office.state("background-paper", "1.3") == "issued"
    languages = [("translator-es", "es"), ("translator-fr", "fr"), ("translator-nl", "nl")]
    assert office.recipients("translation-request") == languages


def test_a_corrected_return_freezes_the_text_that_was_returned(at: Opening):
    office = at("submitted")
    office.decide_paper("1.3", "1.3", "return", "no")
    office.send_paper("1.3", words=27)
    office.decide_paper("1.3", "1.3", "freeze", "It was right after all.", correct="paper/1.3/3")
    assert office.advance("1.3")[0] == "1.3: final text issued as version 5"
    final = office.document("background-paper", "1.3", "en")
    assert "word " * 19 in office.text(final)
    assert "word " * 26 not in office.text(final)


def test_a_correction_to_the_same_answer_does_what_follows_again(at: Opening):
    office = at("issued")
    office.decide_paper("1.3", "1.3", "freeze", "Once more.", correct="paper/1.3/3")
    assert office.advance("1.3")[0] == "1.3: final text issued as version 5"
    assert office.state("background-paper", "1.3") == "issued"


def test_papers_of_one_session_go_their_own_ways(at: Opening):
    office = at("six")
    office.stages = (background_paper,)
    desk = office.desk
    with desk.change("a shortcut") as change:
        change.move(desk.record("concept-note", "A2"), "adopted", joined=[])
    office.on("call-for-input")
    office.advance("A2")
    assert office.recipients("paper-invitation") == [("highmoor", "anglais"), ("qimma", "arabe")]
    office.send_paper("A2-aval")
    office.advance("A2")
    assert (office.state("background-paper", "A2-aval"), office.state("background-paper", "A2-amont")) == (
        "circulated",
        "writing",
    )
    assert office.recipients("circulation") == [
        ("banque-des-hautes-terres", "chinois"),
        ("gardiennes-de-l-eau", "arabe"),
        ("qimma", "arabe"),
    ]
