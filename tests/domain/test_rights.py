"""Who may do what, and who somebody is by the name that was given."""

from __future__ import annotations

import unicodedata

import pytest

from tasks.domain.edition import Edition, Right, RoleRights
from tasks.domain.errors import Invalid
from tasks.domain.rights import DECISIONS, Action, NotYours, Subject, allow, choices, person_called
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
    with pytest.raises(NotYours, match=r"A\. Coordinator: is nobody of the Taskforce of brussels-2007; there are Rég"):
        allow(BRUSSELS, "A. Coordinator", "decide", Subject("seat", "1.1"))


def test_without_a_table_everybody_may_everything() -> None:
    actions: tuple[Action, ...] = ("approve", "decide", "read")
    for action in actions:
        allow(with_rights(), "whoever", action, Subject("anything", "1.1"))


@pytest.mark.parametrize("action", ["approve", "decide"])
def test_a_coordinator_has_the_sessions_of_their_roundtable(action: Action) -> None:
    what = choices(action)[1]
    allow(BRUSSELS, "I. Omelaniuk", action, Subject(what, "1.2"))
    with pytest.raises(
        NotYours, match=rf"Irena Omelaniuk \(coordinator\) may not {action} {what} of session 3\.1; ask "
    ):
        allow(BRUSSELS, "I. Omelaniuk", action, Subject(what, "3.1"))
    with pytest.raises(NotYours):
        allow(BRUSSELS, "I. Omelaniuk", action, Subject(what))
    allow(BRUSSELS, "director", action, Subject(what))


def test_the_message_says_who_may() -> None:
    with pytest.raises(NotYours) as refused:
        allow(BRUSSELS, "operator", "decide", Subject("seat", "2.1"))
    assert str(refused.value).endswith("; ask Régine De Clercq, Romeo Matsas")
    only_reading = with_rights(member=RoleRights(read=Right()))
    with pytest.raises(NotYours, match="nobody may: see `rights` in the edition"):
        allow(only_reading, "director", "decide", Subject("seat", "2.1"))


def test_every_kind_of_decision_is_somebody_s_in_the_editions() -> None:
    for name, director in (("brussels-2007", "director"), ("six-languages", "secretaire")):
        found = load(name)
        for what in DECISIONS:
            allow(found, director, "decide", Subject(what))
