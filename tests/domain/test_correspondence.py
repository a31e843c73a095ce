"""Who signs a letter and who gets a copy of it."""

from __future__ import annotations

import pytest

from tasks.domain.correspondence import copies_of, signatory_of
from tasks.domain.edition import Copies, Edition
from tasks.domain.edition_check import cross_check
from tests.domain.domain_help import edition as load

BRUSSELS = load("brussels-2007")


def saying(**tables: object) -> Edition:
    return BRUSSELS.model_copy(update=tables)


@pytest.mark.parametrize(
    ("kind", "session", "party", "signs"),
    [
        ("circulation", "1.1", "ghana", "irena-omelaniuk"),
        ("circulation", "2.1", "ghana", "romeo-matsas"),
        ("call-for-input", None, "ghana", "director"),
        ("reminder", None, "ghana", "director"),
        ("thanks", "1.1", "ghana", "director"),
        ("overdue", "1.1", "irena-omelaniuk", "director"),
        ("overdue", None, "director", "irena-omelaniuk"),
    ],
)
def test_a_letter_is_signed_by_the_table_and_never_by_whom_it_goes_to(
    kind: str, session: str | None, party: str, signs: str
) -> None:
    assert signatory_of(BRUSSELS, kind, session, party).id == signs


def test_the_rule_for_all_others_is_the_coordinator_unless_said_otherwise() -> None:
    assert signatory_of(saying(signs={}), "circulation", "1.1", "ghana").id == "irena-omelaniuk"
    all_director = saying(signs={"*": "director", "circulation": "coordinator"})
    assert signatory_of(all_director, "note-invitation", "1.1", "ghana").id == "director"
    assert signatory_of(all_director, "circulation", "1.1", "ghana").id == "irena-omelaniuk"


def test_without_a_director_somebody_signs() -> None:
    staff = [member for member in BRUSSELS.staff if member.role in ("operator", "member")]
    assert signatory_of(saying(staff=staff), "call-for-input", None, "ghana").role == "operator"
    assert signatory_of(saying(staff=staff[:1]), "call-task", None, staff[0].id).id == staff[0].id


def team(session: str) -> tuple[str, str | None]:
    found = BRUSSELS.session(session).team
    assert found is not None
    return found.lead, found.co_lead


def test_copies_go_by_kind_by_body_and_by_part() -> None:
    session = next(s.id for s in BRUSSELS.sessions if s.team and s.team.co_lead)
    lead, co_lead = team(session)
    rules = [
        Copies(letters=["next-draft"], cc=["lead", "co-lead", "coordinator"]),
        Copies(to=["ghana"], cc=["operator", "director"]),
    ]
    edition = saying(copies=rules)
    coordinator = BRUSSELS.coordinator_of(BRUSSELS.session(session)).id
    assert copies_of(edition, "next-draft", session, lead) == [co_lead, coordinator]
    assert copies_of(edition, "reminder", None, "ghana") == ["operator", "director"]
    assert copies_of(edition, "next-draft", None, lead) == [], "no session, no parts"
    assert copies_of(edition, "reminder", session, lead) == []
    person = BRUSSELS.people[0].id
    assert copies_of(edition, "next-draft", session, person) == [], "letters to bodies are copied"
    assert copies_of(BRUSSELS, "next-draft", session, lead) == [], "none without the table"


def test_a_session_without_a_team_has_no_parts() -> None:
    session = next(s.id for s in BRUSSELS.sessions if s.team is None)
    edition = saying(copies=[Copies(cc=["lead", "co-lead", "coordinator"])])
    assert copies_of(edition, "panel-list", session, "ghana") == [BRUSSELS.coordinator_of(BRUSSELS.session(session)).id]


def test_what_the_tables_name_is_there() -> None:
    rules = [Copies(letters=["letter"], to=["operator"], cc=["nobody", "malawi", "co-lead"])]
    wrong = saying(signs={"thank": "director"}, copies=rules)
    found = {mistake.path: mistake.problem for mistake in cross_check(wrong)}
    assert found == {
        ("signs", "thank"): "is no kind of letter",
        ("copies", 0, "letters", 0): "is no kind of letter",
        ("copies", 0, "to", 0): "is not a body",
        ("copies", 0, "cc", 0): "is nobody of this edition",
        ("copies", 0, "cc", 1): "has no e-mail address, so no copy reaches it",
    }


def test_nobody_gets_a_copy_of_what_is_no_mail() -> None:
    edition = saying(copies=[Copies(cc=["director"])])
    assert copies_of(edition, "reminder", None, "ghana") == ["director"]
    assert (
        copies_of(edition, "folder-share", None, "ghana")
        == copies_of(edition, "agenda-invitation", None, "ghana")
        == []
    )


def test_invitations_are_to_what_has_a_day_for_those_it_is_for() -> None:
    assert cross_check(saying(invites={"fof-1": "bodies", "fof-2": "friends", "draft-1": "team"})) == []
    found = cross_check(saying(invites={"fof-1": "team", "draft-1": "friends", "nothing": "bodies"}))
    assert [(mistake.path, mistake.problem) for mistake in found] == [
        (("invites", "fof-1"), "is no milestone of a team"),
        (("invites", "draft-1"), "is no event with an exact day"),
        (("invites", "nothing"), "is no event with an exact day"),
    ]
