"""Who may do what, and who somebody is by the name that was given."""

from __future__ import annotations

import unicodedata

import pytest

from tasks.domain.edition import Edition, Right, RoleRights
from tasks.domain.errors import Invalid
from tasks.domain.process import records_of
from tasks.domain.rights import (
    DECISIONS,
    ISSUED,
    Action,
    NotYours,
    Subject,
    allow,
    choices,
    id_called,
    may_read,
    person_called,
    protection_of,
)
from tests.domain.domain_help import edition as load

BRUSSELS = load("brussels-2007")


def with_rights(**roles: RoleRights) -> Edition:
    return BRUSSELS.model_copy(update={"rights": roles})


@pytest.mark.parametrize("by", ["irena-omelaniuk", "Irena Omelaniuk", "I. Omelaniuk", "i.omelaniuk", " I.  OMELANIUK "])
def test_a_name_is_an_id_a_full_name_or_initial_and_surname(by: str) -> None:
    assert person_called(BRUSSELS, by).id == "irena-omelaniuk"


def test_a_name_in_another_form_of_unicode_is_the_same() -> None:
    name = unicodedata.normalize("NFD", "Régine De Clercq")
    assert name != "Régine De Clercq"
    assert person_called(BRUSSELS, name).id == "director"


def test_a_name_of_two_is_nobody_s() -> None:
    member = BRUSSELS.staff_member("irena-omelaniuk")
    twin = member.model_copy(update={"id": "ilse", "name": "Ilse Omelaniuk"})
    two = BRUSSELS.model_copy(update={"staff": [*BRUSSELS.staff, twin]})
    with pytest.raises(Invalid, match=r"I\. Omelaniuk: may be irena-omelaniuk or ilse; give the id"):
        person_called(two, "I. Omelaniuk")
    assert person_called(two, "Ilse Omelaniuk").id == "ilse"


def test_nobody_of_the_taskforce_is_told_who_is() -> None:
    with pytest.raises(NotYours, match=r"A\. Coordinator: is nobody of the Taskforce of brussels-2007; there are dir"):
        allow(BRUSSELS, "A. Coordinator", "decide", Subject("seat", "1.1"))


@pytest.mark.parametrize(
    ("by", "id"),
    [("I. Omelaniuk", "irena-omelaniuk"), ("director", "director"), ("roundtable", "roundtable"), ("A. Nobody",) * 2],
)
def test_who_acts_is_known_by_id_where_there_are_rights(by: str, id: str) -> None:
    assert id_called(BRUSSELS, by) == id
    assert id_called(with_rights(), by) == by


def test_a_name_of_two_is_left_for_the_rights_to_refuse() -> None:
    twin = BRUSSELS.staff_member("irena-omelaniuk").model_copy(update={"id": "ilse", "name": "Ilse Omelaniuk"})
    two = BRUSSELS.model_copy(update={"staff": [*BRUSSELS.staff, twin]})
    assert id_called(two, "I. Omelaniuk") == "I. Omelaniuk"


def test_without_a_table_everybody_may_everything() -> None:
    actions: tuple[Action, ...] = ("approve", "decide", "read")
    for action in actions:
        allow(with_rights(), "whoever", action, Subject("anything", "1.1"))


@pytest.mark.parametrize("action", ["approve", "decide"])
def test_a_coordinator_has_the_sessions_of_their_roundtable(action: Action) -> None:
    what = choices(action)[1]
    allow(BRUSSELS, "I. Omelaniuk", action, Subject(what, "1.2"))
    with pytest.raises(
        NotYours, match=rf"irena-omelaniuk \(coordinator\) may not {action} {what} of session 3\.1; ask "
    ):
        allow(BRUSSELS, "I. Omelaniuk", action, Subject(what, "3.1"))
    with pytest.raises(NotYours):
        allow(BRUSSELS, "I. Omelaniuk", action, Subject(what))
    allow(BRUSSELS, "director", action, Subject(what))


def test_the_message_says_who_may() -> None:
    with pytest.raises(NotYours) as refused:
        allow(BRUSSELS, "operator", "decide", Subject("seat", "2.1"))
    assert str(refused.value).endswith("; ask director, romeo-matsas")
    only_reading = with_rights(member=RoleRights(read=Right()))
    with pytest.raises(NotYours, match="nobody may: see `rights` in the edition"):
        allow(only_reading, "director", "decide", Subject("seat", "2.1"))


def test_every_kind_of_decision_is_somebody_s_in_the_editions() -> None:
    for name, director in (("brussels-2007", "director"), ("six-languages", "secretaire")):
        found = load(name)
        for what in DECISIONS:
            allow(found, director, "decide", Subject(what))


@pytest.mark.parametrize(
    ("kind", "state", "is_current", "protection"),
    [
        ("background-paper", "issued", True, "public"),
        ("background-paper", "issued", False, "fof"),
        ("background-paper", "frozen", True, "fof"),
        ("background-paper", None, True, "public"),
        ("annex", None, True, "public"),
        ("report", "issued", True, "fof"),
        ("circulation", None, True, "fof"),
    ],
)
def test_a_document_is_public_once_it_is_final_if_the_edition_says_so(
    kind: str, state: str | None, is_current: bool, protection: str
) -> None:
    assert protection_of(BRUSSELS, kind, state, is_current=is_current) == protection


def test_a_note_is_final_when_it_is_adopted() -> None:
    open_notes = BRUSSELS.model_copy(update={"protection": {"concept-note": "public"}})
    assert [protection_of(open_notes, "concept-note", state) for state in ("tabled", "adopted")] == ["fof", "public"]


def test_whatever_the_table_says_what_is_not_issued_is_for_the_friends() -> None:
    rash = BRUSSELS.model_copy(update={"protection": {"comments-received": "public"}})
    assert protection_of(rash, "comments-received") == "fof"


def test_every_record_that_is_issued_has_its_document_in_the_table() -> None:
    kinds = {r.kind for session in BRUSSELS.sessions for r in records_of(BRUSSELS, session)}
    own = {"concept-note", "background-paper", "summary", "report"}
    assert own <= kinds and own <= set(ISSUED)


def test_staff_read_by_the_table() -> None:
    six = load("six-languages")
    assert may_read(six, "secretaire", "fof") and may_read(six, "secretariat-amont", "fof", "B1")
    assert may_read(six, "greffe", "public", "A1") and not may_read(six, "greffe", "fof", "A1")
    own = with_rights(coordinator=RoleRights(read=Right(sessions="own")))
    assert may_read(own, "irena-omelaniuk", "fof", "1.1")
    assert not any(may_read(own, "irena-omelaniuk", "fof", session) for session in ("2.1", None))
    assert may_read(with_rights(), "operator", "fof")


def test_partners_read_what_their_body_is_a_friend_for() -> None:
    civil = next(body for body in BRUSSELS.bodies if body.kind == "civil-society")
    government = next(body for body in BRUSSELS.bodies if body.kind == "government")
    assert may_read(BRUSSELS, government.id, "fof", "1.1")
    assert may_read(BRUSSELS, civil.id, "public") and not may_read(BRUSSELS, civil.id, "fof", None)
    session = next(s for s in BRUSSELS.sessions if s.team and civil.id not in s.team.bodies)
    assert not may_read(BRUSSELS, civil.id, "fof", session.id)
    assert may_read(BRUSSELS, civil.id, "fof", session.id, partners={civil.id})
    assert session.team is not None
    team = session.team.model_copy(update={"observers": [civil.id]})
    inside = BRUSSELS.model_copy(update={"sessions": [session.model_copy(update={"team": team})]})
    inside.__dict__.pop("_index")  # a copy keeps what was worked out before
    assert may_read(inside, civil.id, "fof", session.id)
    six = load("six-languages")
    assert {body.kind for body in six.bodies if may_read(six, body.id, "fof")} == {"government"}


def test_a_person_reads_for_the_body_they_speak_for_and_strangers_nothing() -> None:
    for person in BRUSSELS.people:
        assert may_read(BRUSSELS, person.id, "fof") == (
            person.body is not None and BRUSSELS.body(person.body).kind in BRUSSELS.friends
        )
        assert may_read(BRUSSELS, person.id, "public")
    assert not may_read(BRUSSELS, "atlantis", "fof")
